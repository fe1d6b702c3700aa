//! The log across the store: chained in order, extended by every checkpoint, and telling when a row was touched.

use rechtzeitig::casework::Format;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::{Actor, Role};
use rechtzeitig::ledger::{Checkpoint, Report, verify};
use rechtzeitig::storage::ledgers;

use crate::support::Store;
use crate::support::office::Office;
use crate::support::smtp::Behaviour;

async fn checkpoint(office: &Office) -> Checkpoint {
    office.jobs_run().await;
    office
        .checkpoint(office.company())
        .await
        .unwrap()
        .expect("something new to sign")
}

async fn judged(office: &Office, earlier: &[Checkpoint]) -> Report {
    let (bytes, key) = office.handed_out(office.company()).await;
    verify(bytes.as_slice(), &key, earlier).unwrap()
}

#[tokio::test]
async fn every_act_is_chained_in_order_and_every_checkpoint_extends_the_ones_before() {
    let mut office = Office::open().await;
    let vera = office.clerk("Vera Kettenglied", Role::Decider).await;
    let lea = office.subject("Lea Logbuch", "lea@post-b1.example");
    let mut signed = vec![];
    for number in 0..3 {
        let case = lea.asks(&office, &[Right::Access]).await.case;
        office
            .note(&vera.scope, case, 0, &format!("Notiz {number}"), vec![])
            .await
            .unwrap();
        signed.push(checkpoint(&office).await);
        office.restart().await;
    }
    assert!(
        signed
            .windows(2)
            .all(|pair| pair[0].size() < pair[1].size())
    );
    assert!(
        office.checkpoint(office.company()).await.unwrap().is_none(),
        "nothing new, nothing to sign"
    );
    let Report::Intact(intact) = judged(&office, &signed).await else {
        panic!("broken")
    };
    assert_eq!(
        intact.earlier,
        signed.iter().map(Checkpoint::size).collect::<Vec<_>>()
    );

    let company = office.company();
    let chained = format!(
        "SELECT count(*) AS count FROM event a JOIN event b ON a.ledger_id = b.ledger_id AND a.seq < b.seq AND a.id > b.id WHERE a.ledger_id = {company}"
    );
    assert_eq!(
        office.number_of(chained).await,
        0,
        "in the order in which it happened"
    );
    assert_eq!(
        office
            .number_of("SELECT count(*) AS count FROM event WHERE seq IS NULL AND ledger_id = 1")
            .await,
        0
    );

    // The other form says the same.
    let (_, key) = office.handed_out(company).await;
    let rows = office
        .export_ledger(company, &Actor::house(), Format::Csv, Vec::new())
        .await
        .unwrap();
    assert!(matches!(
        verify(rows.as_slice(), &key, &signed).unwrap(),
        Report::Intact(_)
    ));
}

#[tokio::test]
async fn checkpoints_leave_the_house_as_files_that_the_log_still_extends() {
    let office = Office::open().await;
    let lou = office.subject("Lou Lagerfeuer", "lou@post-b2.example");
    lou.asks(&office, &[Right::Access]).await;
    office.jobs_run().await;
    office.checkpoints_leave().await;
    lou.asks(&office, &[Right::Erasure]).await;
    office.jobs_run().await;
    office.checkpoints_leave().await;
    let mut notes = vec![];
    let mut open = vec![office.folder().join("checkpoints")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(note) = Checkpoint::parse(&std::fs::read_to_string(path).unwrap()) {
                notes.push(note);
            }
        }
    }
    let origin = office.standing(office.company()).await.unwrap().origin;
    notes.retain(|note| note.origin() == origin);
    notes.sort_by_key(Checkpoint::size);
    assert_eq!(notes.len(), 2);
    assert!(matches!(judged(&office, &notes).await, Report::Intact(_)));
}

#[tokio::test]
async fn forgetting_a_case_leaves_the_log_whole() {
    let office = Office::open().await;
    let leo = office.subject("Leo Löschfall", "leo@post-b3.example");
    let case = leo.asks(&office, &[Right::Erasure]).await.case;
    let before = checkpoint(&office).await;
    office
        .behind_its_back(format!(
            "UPDATE event SET payload = NULL WHERE case_id = {case}"
        ))
        .await;
    assert!(matches!(
        judged(&office, &[before]).await,
        Report::Intact(_)
    ));
}

#[tokio::test]
async fn a_row_that_was_changed_or_taken_out_is_found_without_an_earlier_checkpoint() {
    let touches = [
        "UPDATE event SET kind = 'case.noted' WHERE ledger_id = 1 AND seq = 2",
        "UPDATE event SET payload_hash = (SELECT payload_hash FROM event WHERE ledger_id = 1 AND seq = 0) WHERE ledger_id = 1 AND seq = 3",
        "UPDATE event SET actor = 'nobody' WHERE ledger_id = 1 AND seq = 0",
        "DELETE FROM event WHERE ledger_id = 1 AND seq = 1",
        "DELETE FROM event WHERE ledger_id = 1 AND seq = (SELECT max(seq) FROM event WHERE ledger_id = 1)",
    ];
    for touch in touches {
        let office = Office::open().await;
        office
            .record(office.company(), "test.first", "1", b"", &Actor::public())
            .await
            .unwrap();
        let lisa = office.subject("Lisa Lügenfrei", "lisa@post-b4.example");
        lisa.asks(&office, &[Right::Access]).await;
        office.jobs_run().await;
        assert!(matches!(judged(&office, &[]).await, Report::Intact(_)));
        office.behind_its_back(touch).await;
        office.ledger_is_broken_on_purpose();
        match judged(&office, &[]).await {
            Report::Broken(finding) => assert!(!finding.message.is_empty()),
            Report::Intact(_) => panic!("{touch} was not found"),
        }
    }
}

#[tokio::test]
async fn links_that_end_codes_and_letters_sent_again_stand_in_the_log_too() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Vollständig", Role::Decider).await;
    let lore = office.subject("Lore Lückenlos", "lore@post-b9.example");
    let receipt = lore.asks_and_confirms(&office, &[Right::Access]).await;
    vera.answers_access(&office, receipt.case).await;
    office.jobs_run().await;
    let answer = lore.link(&office, "answer");
    office.sink.behave_next([Behaviour::NotAtAll]);
    office.send_code(&answer).await.unwrap();
    office.jobs_run().await;
    let failed = office.troubled(&vera.scope, 9).await.unwrap();
    let code = failed.iter().find(|(shown, _)| shown.kind == "code");
    office
        .send_again(&vera.scope, code.expect("the refused code").0.id)
        .await
        .unwrap();
    office.jobs_run().await;
    let code = office.last_mail_to(&lore.email).code();
    office.try_code(&answer, &code).await.unwrap();
    office.renew_answer(&answer).await.unwrap();
    office.revoke_status(&receipt.status).await.unwrap();
    office
        .revoke_links(&vera.scope, receipt.case)
        .await
        .unwrap();
    office.give_feed(&vera.scope).await.unwrap();
    office.end_feed(&vera.scope).await.unwrap();

    let (bytes, _) = office.handed_out(office.company()).await;
    let log = String::from_utf8(bytes).unwrap();
    for kind in [
        "answer.code",
        "message.again",
        "answer.opened",
        "answer.renewed",
        "status.revoked",
        "links.revoked",
    ] {
        assert!(log.contains(&format!("\"{kind}\"")), "{kind} in {log}");
    }
    let (bytes, _) = office
        .handed_out(rechtzeitig::casework::office::INSTALLATION)
        .await;
    let log = String::from_utf8(bytes).unwrap();
    assert!(
        log.contains("\"feed.given\"") && log.contains("\"feed.ended\""),
        "{log}"
    );
}

#[tokio::test]
async fn chaining_keeps_nobody_at_the_counter_waiting() {
    // On SQLite there is one writer for all, and portions are small for that reason.
    if Store::chosen() == Store::Sqlite {
        return;
    }
    let office = Office::open().await;
    let company = office.company();
    let node = office.another_node().await;
    let karl = office.subject("Karl Kettenfrei", "karl@post-b10.example");
    let (tell, told) = std::sync::mpsc::channel::<()>();
    let told = std::sync::Mutex::new(told);
    let (begin, mut begun) = tokio::sync::mpsc::unbounded_channel::<()>();
    let chaining = node.office.store.write(move |conn| {
        let chained = ledgers::chain_tail(conn, company, 100)?;
        begin.send(()).unwrap();
        let waited = told
            .lock()
            .unwrap()
            .recv_timeout(std::time::Duration::from_secs(20));
        Ok((chained, waited.is_ok()))
    });
    let asking = async {
        begun.recv().await.expect("the chain holds its lock");
        karl.asks(&office, &[Right::Access]).await;
        tell.send(()).unwrap();
    };
    let (chained, ()) = tokio::join!(chaining, asking);
    let (chained, in_time) = chained.unwrap();
    assert!(chained > 0 && in_time, "the request waited for the chain");
    drop(node);
}
