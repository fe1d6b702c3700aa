//! Erasing and putting aside: one message and no other, read back, and never on a message that is another one by now.

use rechtzeitig::ports::source::{Fate, Fault, Manner, Record, Source};

use super::super::conformance::{self, email};
use super::{DAY, archive, copied, found, letter, makes, subjects, usual};
use crate::support::between::Between;
use crate::support::dovecot::{Dovecot, Person, available};

fn plant(person: &mut Person, folder: &str, subject: &str) {
    person.receives(
        folder,
        DAY,
        &letter(&format!("From: anna@post.example\nSubject: {subject}"), "x"),
    );
}

async fn hers(source: &dyn Source) -> Vec<Record> {
    found(source, &[email("anna@post.example")]).await
}

async fn erase(source: &dyn Source, record: &Record) -> Result<Fate, Fault> {
    let done = source
        .erases()
        .unwrap()
        .erase(&record.reference, Manner::Erase)
        .await;
    done.map(|it| it.fate).map_err(|it| it.fault)
}

#[tokio::test]
async fn one_message_goes_and_what_others_marked_stays() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-erase");
    for subject in ["one", "two", "three"] {
        plant(&mut person, "INBOX", subject);
    }
    person.says("SELECT INBOX");
    person.says("STORE 3 +FLAGS (\\Deleted)");
    let source = usual(&dovecot, "archive-erase");
    let records = hers(&source).await;
    let one = records
        .iter()
        .find(|it| it.title.reveal() == "one")
        .unwrap();
    conformance::erases_once(&source, &one.reference, Manner::Erase).await;
    assert_eq!(subjects(&hers(&source).await), ["three", "two"]);
    let outcome = source
        .erases()
        .unwrap()
        .erase(&one.reference, Manner::Erase)
        .await
        .unwrap();
    assert!(
        !outcome.leftovers.is_empty() && !outcome.seen.contains("anna"),
        "{outcome:?}"
    );
    let refused = source
        .erases()
        .unwrap()
        .erase(&one.reference, Manner::Anonymise)
        .await;
    assert_eq!(refused.unwrap_err().fault, Fault::Refused);
}

#[tokio::test]
async fn copies_in_other_folders_are_records_of_their_own_and_are_told() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-copies");
    makes(&mut person, &["Customers"]);
    plant(&mut person, "INBOX", "twice");
    person.says("SELECT INBOX");
    person.says("COPY 1 Customers");
    let source = usual(&dovecot, "archive-copies");
    let records = hers(&source).await;
    assert_eq!(records.len(), 2);
    let told = |outcome: &rechtzeitig::ports::source::Outcome| {
        outcome.leftovers.iter().find_map(|it| it.count)
    };
    let first = source
        .erases()
        .unwrap()
        .erase(&records[0].reference, Manner::Erase)
        .await
        .unwrap();
    assert_eq!((first.fate, told(&first)), (Fate::Gone, Some(1)));
    let second = source
        .erases()
        .unwrap()
        .erase(&records[1].reference, Manner::Erase)
        .await
        .unwrap();
    assert_eq!((second.fate, told(&second)), (Fate::Gone, None));
    assert!(hers(&source).await.is_empty());
}

#[tokio::test]
async fn a_folder_that_counts_anew_or_is_away_says_nothing_of_her_message() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-anew");
    makes(&mut person, &["Orders"]);
    plant(&mut person, "Orders", "old");
    let source = usual(&dovecot, "archive-anew");
    let records = hers(&source).await;
    person.says("DELETE Orders");
    assert_eq!(erase(&source, &records[0]).await, Err(Fault::Conflict));
    makes(&mut person, &["Orders"]);
    plant(&mut person, "Orders", "new");
    assert_eq!(erase(&source, &records[0]).await, Err(Fault::Conflict));
    assert_eq!(
        copied(&source, &records[0]).await.unwrap_err().fault,
        Fault::Conflict
    );
    assert_eq!(subjects(&hers(&source).await), ["new"]);
}

#[tokio::test]
async fn another_message_at_the_same_place_is_not_touched() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-other");
    plant(&mut person, "INBOX", "one");
    plant(&mut person, "INBOX", "two");
    let source = usual(&dovecot, "archive-other");
    let records = hers(&source).await;
    // The place of one with the look of the other.
    let mut mixed = records[0].clone();
    mixed.reference.version = records[1].reference.version.clone();
    assert_eq!(erase(&source, &mixed).await, Err(Fault::Conflict));
    mixed.reference.version = None;
    assert_eq!(erase(&source, &mixed).await, Err(Fault::Missing));
    assert_eq!(hers(&source).await.len(), 2);
}

#[tokio::test]
async fn a_folder_that_can_only_be_read_answers_yes_and_is_not_believed() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    plant(&mut dovecot.person("archive-read-only"), "INBOX", "kept");
    let between = Between::before(dovecot.port()).await;
    let source = archive(between.port(), "archive-read-only", "").unwrap();
    let records = hers(&source).await;
    between.change("[READ-WRITE]", "[READ-ONLY] ");
    assert_eq!(erase(&source, &records[0]).await, Err(Fault::Forbidden));
    assert_eq!(hers(&source).await.len(), 1);
}

#[tokio::test]
async fn without_uidplus_a_message_goes_with_a_folder_of_its_own() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-scratch");
    plant(&mut person, "INBOX", "one");
    plant(&mut person, "INBOX", "two");
    person.says("SELECT INBOX");
    person.says("STORE 2 +FLAGS (\\Deleted)");
    let between = Between::before(dovecot.port()).await;
    between.change(" UIDPLUS ", " XIDPLUS ");
    let source = archive(between.port(), "archive-scratch", "").unwrap();
    let records = hers(&source).await;
    let one = records
        .iter()
        .find(|it| it.title.reveal() == "one")
        .unwrap();
    assert_eq!(erase(&source, one).await, Ok(Fate::Gone));
    assert!(!between.heard("EXPUNGE"));
    assert_eq!(subjects(&hers(&source).await), ["two"]);
    assert!(!person.says("LIST \"\" \"*\"").contains("Rechtzeitig"));
    between.change(" MOVE ", " XOVE ");
    let source = archive(between.port(), "archive-scratch", "").unwrap();
    assert_eq!(
        erase(&source, &hers(&source).await[0]).await,
        Err(Fault::Forbidden)
    );
    assert_eq!(hers(&source).await.len(), 1);
}

#[tokio::test]
async fn a_restricted_message_lies_aside_and_comes_back_and_can_be_erased_from_there() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-aside");
    plant(&mut person, "INBOX", "aside");
    let source = archive(
        dovecot.port(),
        "archive-aside",
        "restricted_folder = 'Restricted/Art 18'",
    )
    .unwrap();
    let record = hers(&source).await.remove(0);
    let restrict = async |restricted: bool| {
        let done = source
            .restricts()
            .unwrap()
            .restrict(&record.reference, restricted)
            .await;
        done.map(|it| it.fate).map_err(|it| it.fault)
    };
    assert_eq!(restrict(true).await, Ok(Fate::Restricted));
    assert_eq!(
        (person.count("INBOX"), person.count("Restricted/Art 18")),
        (0, 1)
    );
    assert_eq!(restrict(true).await, Ok(Fate::Restricted), "twice is once");
    assert_eq!(restrict(false).await, Ok(Fate::Free));
    assert_eq!(restrict(false).await, Ok(Fate::Free), "twice is once");
    assert_eq!(
        (person.count("INBOX"), person.count("Restricted/Art 18")),
        (1, 0)
    );
    let record = hers(&source).await.remove(0);
    source
        .restricts()
        .unwrap()
        .restrict(&record.reference, true)
        .await
        .unwrap();
    assert_eq!(erase(&source, &record).await, Ok(Fate::Gone));
    assert!(
        hers(&source).await.is_empty(),
        "it was only put aside, and goes from there"
    );
    let lost = source
        .restricts()
        .unwrap()
        .restrict(&record.reference, true)
        .await;
    assert_eq!(lost.unwrap_err().fault, Fault::Missing);
}
