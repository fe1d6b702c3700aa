//! What is over goes: the copy early, the file on its day, and what proves both stays as long as it may.

use rechtzeitig::casework::Error;
use rechtzeitig::domain::aftermath::CopyOf;
use rechtzeitig::domain::collection::Outcome as Answer;
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::{Role, Scope};

use crate::support::Store;
use crate::support::office::{Office, day, select};
use crate::support::people::{Clerk, Subject};

/// An access request, answered and fetched on 2 March 2026.
async fn fetched(office: &Office, clerk: &Clerk, person: &Subject) -> CaseId {
    let case = person
        .asks_and_confirms(office, &[Right::Access])
        .await
        .case;
    clerk.answers_access(office, case).await;
    office.jobs_run().await;
    let link = person.link(office, "answer");
    let letter = office.answer_page(&link).await.unwrap().letter;
    office.fetched(case, letter).await.unwrap();
    assert!(clerk.sees(office, case).await.0.closed.is_some());
    case
}

async fn rows(office: &Office, table: &str, case: CaseId) -> i64 {
    office
        .number_of(format!(
            "SELECT count(*) AS count FROM {table} WHERE case_id = {case}"
        ))
        .await
}

/// Every table that knows cases by their ids, as the program has written them down.
fn tables_with_cases() -> Vec<String> {
    let text = include_str!("../../src/storage/schema.rs");
    let tables = text.split("table! {").skip(1);
    tables
        .filter(|block| {
            let columns = block
                .split_once("\n}")
                .map_or(*block, |(columns, _)| columns);
            columns.contains("case_id ->")
        })
        .map(|block| block.trim_start().split_once(' ').unwrap().0.to_owned())
        .collect()
}

#[tokio::test]
async fn art_5_1_e_the_copy_goes_after_ninety_days_and_what_proves_it_stays() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Frühlöscher", Role::Decider).await;
    let kira = office.subject("Kira Kopienfrei", "kira@post-r1.example");
    let case = fetched(&office, &vera, &kira).await;
    let link = kira.link(&office, "answer");
    assert!(office.answer_page(&link).await.unwrap().package.is_some());
    let disk = || {
        let folder = office.folder().join("files");
        walk(&folder)
    };
    let before = disk();

    office.days_pass(89);
    office.jobs_run().await;
    assert_eq!(disk(), before, "not a day too early");
    office.days_pass(1);
    office.jobs_run().await;

    let (known, _) = vera.sees(&office, case).await;
    let destroyed = &known.aftermath.destroyed;
    assert_eq!(destroyed.len(), 2, "the package and one find");
    let find = destroyed
        .iter()
        .find(|one| one.what == CopyOf::Finding)
        .unwrap();
    assert_eq!(find.system, "Warenwirtschaft");
    assert!(!find.categories.is_empty() && find.size > 0);
    let package = destroyed
        .iter()
        .find(|one| one.what == CopyOf::Package)
        .unwrap();
    assert_eq!(package.sha256[0].len(), 64);
    assert_eq!(disk(), before - 1, "its bytes are off the disk");
    let file = office.case_file(&vera.scope, case).await.unwrap();
    let told = serde_json::to_string(&file.timeline.iter().map(|it| &it.event).collect::<Vec<_>>());
    assert!(
        !told.unwrap().contains("Leuchte Modell 7"),
        "nor in the story"
    );
    assert!(
        !serde_json::to_string(&known)
            .unwrap()
            .contains("Leuchte Modell 7")
    );

    office.renew_answer(&link).await.unwrap();
    let page = office.answer_page(&link).await.unwrap();
    assert!(page.good && page.package.is_none() && page.package_gone);
    assert!(page.letter_size.is_some(), "the letter is the proof");

    // She asks again: what was destroyed has to be searched anew.
    let (_, seen) = vera.sees(&office, case).await;
    office
        .reopen(
            &vera.scope,
            case,
            seen,
            "Sie bittet noch einmal um die Kopie.",
        )
        .await
        .unwrap();
    let (_, seen) = vera.sees(&office, case).await;
    office
        .reconsider(&vera.scope, case, seen, Right::Access)
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.collection.open(), 1);
}

fn walk(folder: &std::path::Path) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => walk(&path),
                false => 1,
            }
        })
        .sum()
}

#[derive(diesel::QueryableByName)]
struct Wrapped {
    #[diesel(sql_type = diesel::sql_types::Binary)]
    key_wrapped: Vec<u8>,
}

#[tokio::test]
async fn a_case_is_purged_on_its_day_and_the_ledger_still_verifies() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Jahresanfang", Role::Decider).await;
    let (uwe, iris) = (
        office.subject("Uwe Unvergessen", "uwe@post-r2.example"),
        office.subject("Iris Immernochda", "iris@post-r2.example"),
    );
    let case = fetched(&office, &vera, &uwe).await;
    office.days_pass(310);
    // Of the next year, so she stays a year longer.
    let other = fetched(&office, &vera, &iris).await;
    let sql = format!("SELECT key_wrapped FROM cases WHERE id = {case}");
    let key = office
        .store
        .read(move |conn| Ok(select::<Wrapped>(conn, &sql)))
        .await
        .unwrap()
        .remove(0)
        .key_wrapped;
    let events = rows(&office, "event", case).await;

    office.it_becomes(day("2029-12-31"));
    office.jobs_run().await;
    assert_eq!(
        rows(&office, "event", case).await,
        events,
        "not a day early"
    );
    office.it_becomes(day("2030-01-01"));
    office.jobs_run().await;

    assert!(matches!(
        office.open(&vera.scope, case).await,
        Err(Error::NotFound)
    ));
    let tables = tables_with_cases();
    assert!(tables.len() > 5, "{tables:?}");
    for table in tables {
        let left = rows(&office, &table, case).await;
        match table.as_str() {
            "event" => assert_eq!(left, events),
            // Who looked at which page has an end of its own, twelve months.
            "access" => {}
            _ => assert_eq!(left, 0, "{table} still knows the case"),
        }
    }
    let open = format!(
        "SELECT count(*) AS count FROM event WHERE case_id = {case} AND payload IS NOT NULL"
    );
    assert_eq!(
        office.number_of(open).await,
        0,
        "nothing of it can be opened"
    );
    let found = office.find(&vera.scope, "Unvergessen", None, 5).await;
    assert!(found.unwrap().lines.is_empty());
    let (ledger, key_line) = office.handed_out(office.company()).await;
    let report = rechtzeitig::ledger::verify(ledger.as_slice(), &key_line, &[]).unwrap();
    assert!(matches!(report, rechtzeitig::ledger::Report::Intact(_)));
    let text = String::from_utf8(ledger).unwrap();
    assert!(text.contains("case.purged") && text.contains(&case.to_string()));
    assert!(vera.sees(&office, other).await.0.closed.is_some());

    if Store::chosen() == Store::Sqlite {
        for name in ["office.db", "office.db-wal"] {
            let bytes = std::fs::read(office.folder().join(name)).unwrap_or_default();
            assert!(
                !bytes.windows(key.len()).any(|part| part == key),
                "the wrapped key is still in {name}"
            );
        }
    }
}

#[tokio::test]
async fn a_hold_keeps_the_file_beyond_its_day_until_a_decider_lifts_it() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Sperrhalter", Role::Decider).await;
    let hans = office.clerk("Hans Handlanger", Role::Handler).await;
    let nora = office.subject("Nora Nochnicht", "nora@post-r3.example");
    let case = fetched(&office, &vera, &nora).await;
    let (_, seen) = vera.sees(&office, case).await;
    let tried = office.hold(&hans.scope, case, seen, "Streit").await;
    assert!(matches!(
        tried,
        Err(Error::Obstacle(Obstacle::RoleLacking { .. }))
    ));
    office
        .hold(&vera.scope, case, seen, "Klage angekündigt am 1. März.")
        .await
        .unwrap();
    office.it_becomes(day("2031-05-02"));
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    assert!(known.aftermath.destroyed.is_empty(), "nor the copy");

    office
        .lift(&vera.scope, case, seen, 1, "Klage zurückgenommen.")
        .await
        .unwrap();
    office.days_pass(1);
    office.jobs_run().await;
    assert!(matches!(
        office.open(&vera.scope, case).await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_keeps_no_other_from_going() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Dennoch", Role::Decider).await;
    let (ada, bea) = (
        office.subject("Ada Angekratzt", "ada@post-r4.example"),
        office.subject("Bea Beiseite", "bea@post-r4.example"),
    );
    let broken = fetched(&office, &vera, &ada).await;
    let whole = fetched(&office, &vera, &bea).await;
    office
        .behind_its_back(format!(
            "UPDATE cases SET state = summary WHERE id = {broken}"
        ))
        .await;
    office.it_becomes(day("2030-01-01"));
    office.jobs_run().await;
    assert_eq!(
        rows(&office, "retention", broken).await,
        1,
        "tried again tomorrow"
    );
    assert!(matches!(
        office.open(&vera.scope, whole).await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn a_stop_between_the_write_and_the_disk_leaves_nothing_that_opens() {
    let mut office = Office::open().await;
    let vera = office.clerk("Vera Stromlos", Role::Decider).await;
    let olga = office.subject("Olga Ohnestrom", "olga@post-r5.example");
    let case = fetched(&office, &vera, &olga).await;
    let folder = office.folder().join("files");
    // As if the power went after the write: the rows are gone, the bytes are not.
    let kept = office.folder().join("kept");
    copy(&folder, &kept);
    office.it_becomes(day("2030-01-01"));
    office.jobs_run().await;
    std::fs::remove_dir_all(&folder).unwrap();
    copy(&kept, &folder);
    assert_eq!(rows(&office, "file", case).await, 0);
    assert!(walk(&folder) > 0);
    office.restart().await;
    // The sweeper goes by when a file was written, and that was in the machine's own time: now.
    let written = std::fs::metadata(&folder).unwrap().modified().unwrap();
    let written = chrono::DateTime::<chrono::Utc>::from(written);
    // At ten in the morning, whatever the hour is now: at night nothing is swept.
    office.it_becomes((written + chrono::TimeDelta::days(1500)).date_naive());
    office.jobs_run().await;
    assert_eq!(walk(&folder), 0, "swept up");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

#[tokio::test]
async fn art_21_3_the_suppression_outlives_the_case_and_knows_no_address() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Werbefrei", Role::Decider).await;
    let lars = office.subject("Lars Lieberkeine", "Lars.L@post-r6.example");
    let company = office.company();
    let case = lars
        .asks_and_confirms(&office, &[Right::MarketingObjection])
        .await
        .case;
    vera.decides(
        &office,
        case,
        Right::MarketingObjection,
        Decision::granted(""),
    )
    .await;
    let listed = |email: &'static str| office.suppressed(&vera.scope, company, email);
    assert!(listed("lars.l@post-r6.example").await.unwrap().is_empty());
    vera.carries_out(
        &office,
        case,
        Right::MarketingObjection,
        "Newsletter",
        "ausgetragen",
    )
    .await;
    assert_eq!(
        listed(" LARS.L@post-r6.example ").await.unwrap(),
        [(Right::MarketingObjection, day("2026-03-02"))]
    );
    vera.releases(&office, case, Way::Portal).await;
    office.jobs_run().await;
    office.days_pass(4);
    office.jobs_run().await;
    office.it_becomes(day("2030-01-01"));
    office.jobs_run().await;
    assert!(matches!(
        office.open(&vera.scope, case).await,
        Err(Error::NotFound)
    ));
    assert_eq!(listed("lars.l@post-r6.example").await.unwrap().len(), 1);
    assert!(listed("lara.l@post-r6.example").await.unwrap().is_empty());
    assert!(matches!(
        listed("kein Postfach").await,
        Err(Error::Obstacle(Obstacle::Empty("email")))
    ));
    // Another controller's list is another one.
    let elsewhere = Scope::of_house(office.trader());
    let there = office.suppressed(&elsewhere, office.trader(), "lars.l@post-r6.example");
    assert!(there.await.unwrap().is_empty());
    let across = office.suppressed(&elsewhere, company, "lars.l@post-r6.example");
    assert!(across.await.is_err());
}

#[tokio::test]
async fn art_17_what_a_backup_brings_back_is_found_and_erased_again() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Nocheinmal", Role::Decider).await;
    let emil = office.subject("Emil Entfernt", "emil@post-r7.example");
    let company = office.company();
    let case = emil
        .asks_and_confirms(&office, &[Right::Erasure])
        .await
        .case;
    vera.confirms_identity(&office, case).await;
    vera.answers(
        &office,
        case,
        "Warenwirtschaft",
        Answer::Found {
            text: "Kundenkonto 4711".to_owned().into(),
            files: vec![],
        },
    )
    .await;
    vera.finds_nothing_else(&office, case).await;
    vera.decides(
        &office,
        case,
        Right::Erasure,
        Decision::granted("Gelöscht."),
    )
    .await;
    office.days_pass(3);
    vera.carries_out(
        &office,
        case,
        Right::Erasure,
        "Warenwirtschaft",
        "Konto 4711 gelöscht",
    )
    .await;
    let since = |on: &str| office.erased_since(&vera.scope, company, day(on));
    assert!(since("2026-03-06").await.unwrap().is_empty());
    let list = since("2026-03-05").await.unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(
        (list[0].system.as_str(), list[0].what.reveal().as_str()),
        ("Warenwirtschaft", "Konto 4711 gelöscht")
    );
    for (identifier, hit) in [
        ("EMIL@post-r7.example", true),
        ("emil  entfernt", true),
        ("emilia@post-r7.example", false),
        ("Kundenkonto 4711", false),
    ] {
        let known = office.was_erased(company, &list[0], identifier).unwrap();
        assert_eq!(known, hit, "{identifier}");
    }
    // Once no backup can bring it back, it is forgotten as well.
    office.it_becomes(day("2030-01-01"));
    office.jobs_run().await;
    assert!(since("2026-01-01").await.unwrap().is_empty());
}

#[tokio::test]
async fn art_21_3_who_is_reached_by_letter_or_was_never_written_to_stands_on_the_list_too() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Briefkasten", Role::Decider).await;
    let paul = office.subject("Paul Ohnepost", "paul@post-r8.example");
    let company = office.company();
    let mut wish = paul.wish(&[Right::MarketingObjection]);
    wish.address = Some("Weg 3\n12345 Musterort".to_owned().into());
    let case = paul.sends(&office, wish).await.case;
    office.jobs_run().await;
    paul.confirms(&office).await;
    vera.decides(
        &office,
        case,
        Right::MarketingObjection,
        Decision::nothing_held(""),
    )
    .await;
    let listed = |address: &'static str| office.suppressed(&vera.scope, company, address);
    let since = [(Right::MarketingObjection, day("2026-03-02"))];
    for address in [
        "paul@post-r8.example",
        "Paul Ohnepost, Weg 3, 12345 Musterort",
        "PAUL OHNEPOST\nWeg 3\n12345 Musterort",
    ] {
        assert_eq!(listed(address).await.unwrap(), since, "{address}");
    }
    for other in [
        "Paula Ohnepost, Weg 3, 12345 Musterort",
        "Weg 3, 12345 Musterort",
    ] {
        assert!(listed(other).await.unwrap().is_empty(), "{other}");
    }
}
