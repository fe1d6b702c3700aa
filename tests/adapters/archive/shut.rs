//! What stays shut: personal mailboxes without a permission, folders that are nobody's business, certificates nobody knows.

use rechtzeitig::mail::archive::{ImapArchive, Settings};
use rechtzeitig::ports::source::{Doubt, Fault, Manner, Means, Need, Source};

use super::super::conformance::{email, find};
use super::{DAY, archive, letter, makes, subjects};
use crate::support::between::Between;
use crate::support::dovecot::{Dovecot, PASSWORD, available};

#[tokio::test]
async fn a_personal_mailbox_is_searched_by_a_program_only_where_somebody_allowed_it() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-personal");
    person.receives(
        "INBOX",
        DAY,
        &letter("From: anna@post.example\nSubject: hers", "x"),
    );
    let between = Between::before(dovecot.port()).await;
    for more in [
        "personal = true",
        "personal = true\npermission = { by = ' ', on = '2026-01-31' }",
    ] {
        let source = archive(between.port(), "archive-personal", more).unwrap();
        let abilities = source.profile().abilities;
        assert_eq!(
            (abilities.find, abilities.copy, abilities.erase),
            (Means::Hand, Means::Hand, Means::Hand)
        );
        assert!(source.finds().is_none() && source.copies().is_none() && source.erases().is_none());
        let health = source.check().await.unwrap();
        assert_eq!(health.needs, [Need::Setting("permission".into())]);
    }
    assert_eq!(
        between.lines(),
        0,
        "nobody knocks at a mailbox that is shut"
    );
    let allowed = "personal = true\npermission = { by = 'M. Vogt', on = '2026-01-31' }";
    let source = archive(between.port(), "archive-personal", allowed).unwrap();
    assert_eq!(source.profile().abilities.find, Means::Machine);
    assert_eq!(
        subjects(
            &find(&source, &[email("anna@post.example")])
                .await
                .unwrap()
                .0
        ),
        ["hers"]
    );
}

#[tokio::test]
async fn folders_of_the_works_council_and_private_ones_are_never_opened_and_are_named() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-shut");
    makes(
        &mut person,
        &["Betriebsrat 2024", "Privat/Briefe", "HR/Secret", "HR/Open"],
    );
    for folder in [
        "INBOX",
        "Betriebsrat 2024",
        "Privat/Briefe",
        "HR/Secret",
        "HR/Open",
    ] {
        person.receives(
            folder,
            DAY,
            &letter(&format!("From: anna@post.example\nSubject: {folder}"), "x"),
        );
    }
    let between = Between::before(dovecot.port()).await;
    let source = archive(
        between.port(),
        "archive-shut",
        "expected = ['HR/Open', 'Archive/2019']",
    )
    .unwrap();
    let (records, search) = find(&source, &[email("anna@post.example")]).await.unwrap();
    assert_eq!(subjects(&records), ["HR/Open", "HR/Secret", "INBOX"]);
    for folder in ["Betriebsrat 2024", "Privat/Briefe"] {
        assert!(
            search.doubts.contains(&Doubt::Closed(folder.into())),
            "{folder}: {:?}",
            search.doubts
        );
    }
    assert!(
        search
            .doubts
            .contains(&Doubt::Unseen(vec!["Archive/2019".into()]))
    );
    assert!(!between.heard("EXAMINE \"Privat") && !between.heard("EXAMINE \"Betriebsrat"));
    let health = source.check().await.unwrap();
    assert!(health.needs.contains(&Need::Group("Archive/2019".into())));
    assert!(
        health.in_sight.contains(&("messages".into(), 3)),
        "{:?}",
        health.in_sight
    );
    assert!(health.version.contains("Dovecot"), "{}", health.version);
    // Whoever shuts a folder later shuts it for what was found before, too.
    let secret = records
        .iter()
        .find(|it| it.title.reveal() == "HR/Secret")
        .unwrap();
    let stricter = archive(between.port(), "archive-shut", "closed = ['Secret']").unwrap();
    let refused = stricter
        .erases()
        .unwrap()
        .erase(&secret.reference, Manner::Erase)
        .await;
    assert_eq!(refused.unwrap_err().fault, Fault::Forbidden);
    assert!(!between.heard("SELECT"));
}

#[tokio::test]
async fn a_line_is_protected_or_nothing_is_said_on_it() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), PASSWORD).unwrap();
    let with = |more: &str| {
        let text = format!(
            "{more}\nreader = {{ user = 'archive-tls', key = {{ file = '{}' }} }}",
            key.path().display()
        );
        let settings: Settings = toml::from_str(&text).unwrap();
        ImapArchive::new(&settings, std::time::Duration::from_secs(10), 1000)
    };
    let ca = dovecot.ca_file().display();
    let trusted = format!(
        "host = 'localhost'\nport = {}\nca_file = '{ca}'",
        dovecot.tls_port()
    );
    assert!(with(&trusted).unwrap().check().await.is_ok());
    let upgraded = format!(
        "host = 'localhost'\nport = {}\nca_file = '{ca}'\nsecurity = 'starttls'",
        dovecot.port()
    );
    assert!(with(&upgraded).unwrap().check().await.is_ok());
    let unknown = format!("host = 'localhost'\nport = {}", dovecot.tls_port());
    assert_eq!(
        with(&unknown).unwrap().check().await.unwrap_err().fault,
        Fault::Insecure
    );
    let other_name = format!(
        "host = '127.0.0.1'\nport = {}\nca_file = '{ca}'",
        dovecot.tls_port()
    );
    assert_eq!(
        with(&other_name).unwrap().check().await.unwrap_err().fault,
        Fault::Insecure
    );
    let in_clear = with("host = 'imap.kontor.example'\nsecurity = 'none'");
    assert_eq!(in_clear.err().unwrap().fault, Fault::Misconfigured);
}
