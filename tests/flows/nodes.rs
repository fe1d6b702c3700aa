//! Two nodes on one store ask connected systems and act in them at once: each question is put once, each act done once.

use std::sync::Arc;

use rechtzeitig::casework;
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::source::Fate;
use rechtzeitig::jobs::sources::ask_all;

use crate::support::office::Office;
use crate::support::shop::{self, agreed_to_erase};

const PEOPLE: u32 = 8;

/// Both nodes do all that is due, each on a thread of its own.
async fn both_work(nodes: &[Arc<casework::Office>; 2]) {
    let work = nodes.clone().map(|node| {
        tokio::spawn(async move { ask_all(&node).await.expect("work that goes through") })
    });
    for node in work {
        node.await.expect("a node that goes on");
    }
}

async fn runs(office: &Office, and: &str) -> i64 {
    office
        .number_of(format!(
            "SELECT count(*) AS count FROM source_run WHERE {and}"
        ))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_nodes_each_question_is_put_by_one_and_each_act_done_by_one() {
    let office = Office::open_with(|plan| plan.sources = shop::CONNECTED.into()).await;
    let shop = shop::found(&office);
    shop.execute_batch(
        "CREATE TABLE gone (id INTEGER);
         CREATE TRIGGER going AFTER DELETE ON customers BEGIN INSERT INTO gone VALUES (old.id); END;",
    )
    .unwrap();
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let nodes = [office.shared(), office.another_node().await.office.clone()];
    let mut cases: Vec<CaseId> = Vec::new();
    for number in 0..PEOPLE {
        let (name, mail) = (
            format!("Vielzahl Nummer{number}"),
            format!("viele{number}@post-n1.example"),
        );
        shop.execute(
            "INSERT INTO customers VALUES (?1, ?2, ?3, NULL, NULL, '2024-05-01 10:00:00')",
            rusqlite::params![500 + number, name, mail],
        )
        .unwrap();
        let subject = office.subject(&name, &mail);
        let asked = subject.asks_and_confirms(&office, &[Right::Erasure]).await;
        cases.push(asked.case);
    }
    for case in &cases {
        vera.confirms_identity(&office, *case).await;
    }
    let people = i64::from(PEOPLE);
    assert_eq!(
        runs(&office, "kind = 'find' AND state = 'waiting'").await,
        people
    );
    both_work(&nodes).await;
    let once = "kind = 'find' AND state = 'done' AND attempts = 1 AND laid = 1";
    assert_eq!(runs(&office, once).await, people);
    assert_eq!(runs(&office, "kind = 'find'").await, people);

    for case in &cases {
        agreed_to_erase(&office, &vera, *case).await;
    }
    for case in &cases {
        // The button is pressed on both nodes at the same instant.
        let (_, seen) = vera.sees(&office, *case).await;
        let pressed = nodes
            .each_ref()
            .map(|node| node.act_there(&vera.scope, *case, seen, Right::Erasure));
        let [one, other] = pressed;
        let (one, other) = tokio::join!(one, other);
        assert!(one.is_ok() || other.is_ok(), "{one:?} {other:?}");
    }
    assert_eq!(runs(&office, "kind = 'act'").await, people);
    both_work(&nodes).await;
    let once = "kind = 'act' AND state = 'done' AND attempts = 1";
    assert_eq!(runs(&office, once).await, people);
    let gone: (i64, i64) = shop
        .query_row("SELECT count(*), count(DISTINCT id) FROM gone", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(gone, (people, people));
    for case in &cases {
        let (known, _) = vera.sees(&office, *case).await;
        let [acted] = known.acted.as_slice() else {
            panic!("told once: {:?}", known.acted);
        };
        assert_eq!(
            (acted.fates.as_slice(), acted.failed),
            (&[(Fate::Gone, 1)][..], 0)
        );
    }
}
