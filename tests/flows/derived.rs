//! A system that holds the hash of a number and not the number: its recipe makes the hash anew, and nobody is found by
//! a hash alone.

use rechtzeitig::domain::identifier::{Identifier, SearchKey};
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::source::Tie;

use crate::support::office::Office;
use crate::support::people::Subject;

const ANNA: &str = "anna.beispiel@post-a2.example";
/// HMAC-SHA-256 of `491705550123` and of `491705550124` by the key `schluessel`.
const HERS: &str = "b0526815ae2a25f5da1197206efa446d3a3c58139dc54c97c38acb0d53e98165";
const ANOTHERS: &str = "779703758973a30ff6f5bafa86259ef96ad18213a48151b951c9638af8ddf013";

/// A telephone system that keeps the results of its lookups under the hash of the number.
const LOOKUPS: &str = r#"
[[controller.source]]
name = "rufnummern"
system = "shop"

[[controller.source.derived]]
from = "phone"
spelling = "digits"
digest = "hmac-sha256"
secret = { file = "{keys}/lookups.key" }

[controller.source.sql]
database = { engine = "sqlite", path = "{folder}/lookups.db" }
writing = {}

[[controller.source.sql.place]]
name = "lookups"
category = "call"
id = "id"
label = "result"
exact = { derived = "number_hash" }
find = ["SELECT id, number_hash, result FROM lookups WHERE number_hash = :derived"]
read = "SELECT id, number_hash, result FROM lookups WHERE id = :id"
erase = [{ sql = "DELETE FROM lookups WHERE id = :id", rows = 1 }]
"#;

async fn connected() -> (tempfile::TempDir, Office, rusqlite::Connection, Subject) {
    // The key is read each time the office opens, and lies there as long as it does.
    let keys = tempfile::tempdir().unwrap();
    std::fs::write(keys.path().join("lookups.key"), "schluessel\n").unwrap();
    let place = keys.path().to_string_lossy().into_owned();
    let office = Office::open_with(|plan| plan.sources = LOOKUPS.replace("{keys}", &place)).await;
    let lookups = rusqlite::Connection::open(office.folder().join("lookups.db")).unwrap();
    lookups
        .execute_batch(
            "CREATE TABLE lookups (id INTEGER PRIMARY KEY, number_hash TEXT, result TEXT)",
        )
        .unwrap();
    for (hash, result) in [
        (HERS, "Beispiel, Anna, Berlin"),
        (ANOTHERS, "Nachbar, Bert"),
    ] {
        lookups
            .execute(
                "INSERT INTO lookups (number_hash, result) VALUES (?1, ?2)",
                [hash, result],
            )
            .unwrap();
    }
    let anna = office.subject("Anna Beispiel", ANNA);
    (keys, office, lookups, anna)
}

#[tokio::test]
async fn a_hashed_number_is_found_once_her_number_is_known() {
    let (_keys, office, lookups, anna) = connected().await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let case = anna.asks_and_confirms(&office, &[Right::Access]).await.case;
    vera.confirms_identity(&office, case).await;
    office.jobs_run().await;

    // By her address alone nothing could be asked there, and nothing is claimed.
    let (known, seen) = vera.sees(&office, case).await;
    let searched = &known.collection.searched[0];
    assert!(
        searched.asked.is_empty() && !searched.suffices(),
        "{searched:?}"
    );

    let number = Identifier::new(SearchKey::Phone, "0170 / 555 01 23").unwrap();
    office
        .name_identifier(
            &vera.scope,
            case,
            seen,
            (number, "steht in ihrer Unterschrift"),
        )
        .await
        .unwrap();
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    let searched = &known.collection.searched[0];
    let by: Vec<_> = searched.asked.iter().map(|it| (it.by, it.hits)).collect();
    assert_eq!(by, [(Some(SearchKey::Derived), 1)]);
    assert_eq!(known.proposed().count(), 0, "a hash is nobody's key");

    let heaps = office.heaps(&vera.scope, case).await.unwrap();
    let heap = rechtzeitig::domain::sifting::Heap {
        system: heaps[0].system,
        category: heaps[0].category.clone(),
    };
    let leaf = office.leaf(&vera.scope, case, &heap, None).await.unwrap();
    let [found] = leaf.shown.as_slice() else {
        panic!("hers alone: {}", leaf.shown.len());
    };
    assert_eq!(found.heading.title.reveal(), "Beispiel, Anna, Berlin");
    assert!(
        matches!(&found.heading.tie, Tie::Exact { by: SearchKey::Derived, field } if field == "number_hash")
    );
    let rows: i64 = lookups
        .query_row("SELECT count(*) FROM lookups", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 2, "looking changes nothing");
}
