//! Lines that break, servers that fall silent, passwords that are wrong: nothing is lost, nothing is tried to death.

use std::{collections::BTreeSet, time::Duration};

use rechtzeitig::{
    mail::Password,
    ports::{Mailbox, Trouble},
};

use super::{BEGINNING, TODAY, letter, open, read_out, settings, subjects};
use crate::support::between::Between;
use crate::support::dovecot::{Dovecot, available};

#[tokio::test]
async fn a_line_that_breaks_anywhere_loses_and_doubles_nothing() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("broken");
    let all = (0..100).map(|number| letter(&format!("m{number:02}")));
    person.pours("INBOX", TODAY, all);
    let between = Between::before(dovecot.port()).await;
    let settings = settings(between.port(), "broken");
    // So much passes in one undisturbed reading of the first portion.
    let mut broken = BTreeSet::new();
    for cut in (50..24_000).step_by(397) {
        between.cut_after(Some(cut));
        let mut stand = BEGINNING;
        let mut got = Vec::new();
        match open(&settings).fetch(stand).await {
            Ok(portion) => {
                stand = portion.stand;
                got.extend(portion.messages);
            }
            Err(trouble) => {
                assert!(trouble.may_heal(), "{cut}: {trouble}");
                broken.insert(cut);
            }
        }
        between.cut_after(None);
        let (rest, end) = read_out(&open(&settings), stand).await;
        got.extend(rest);
        let wanted: Vec<String> = (0..100).map(|number| format!("m{number:02}")).collect();
        assert_eq!(subjects(&got), wanted, "cut after {cut}");
        assert_eq!(end.next, 101);
    }
    assert!(broken.len() > 20, "{} readings broke", broken.len());
}

#[tokio::test]
async fn a_wrong_password_is_said_once_and_not_again() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let between = Between::before(dovecot.port()).await;
    let mut settings = settings(between.port(), "wrong-password");
    settings.password = Some(Password::new("falsch"));
    let mailbox = open(&settings);
    for _ in 0..3 {
        let trouble = mailbox.fetch(BEGINNING).await.unwrap_err();
        assert!(matches!(trouble, Trouble::Never { .. }), "{trouble}");
        let shown = format!("{trouble} {trouble:?}");
        assert!(
            !shown.contains("falsch") && !shown.contains("wrong-password"),
            "{shown}"
        );
    }
    let defect = mailbox.check().await.unwrap_err();
    assert_eq!(defect.code, "mailbox-login");
    assert_eq!(between.lines(), 1, "the account is not to be locked");
}

#[tokio::test]
async fn a_server_that_is_unwell_has_not_judged_the_password() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let between = Between::before(dovecot.port()).await;
    between.change(
        "[AUTHENTICATIONFAILED] Authentication failed.",
        "[UNAVAILABLE] Temporarily out of order, sorry",
    );
    let mut settings = settings(between.port(), "unwell");
    settings.password = Some(Password::new("falsch"));
    let mailbox = open(&settings);
    for _ in 0..2 {
        let trouble = mailbox.fetch(BEGINNING).await.unwrap_err();
        assert!(trouble.may_heal(), "{trouble}");
    }
    assert_eq!(between.lines(), 2);
}

#[tokio::test]
async fn a_token_is_read_anew_and_a_stale_one_does_not_hang() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let between = Between::before(dovecot.port()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let mut settings = settings(between.port(), "token");
    settings.password = None;
    settings.token_file = Some(file.clone());
    let mailbox = open(&settings);

    let trouble = mailbox.fetch(BEGINNING).await.unwrap_err();
    assert!(
        trouble.may_heal() && trouble.why().contains("token_file"),
        "{trouble}"
    );
    std::fs::write(&file, Dovecot::token("token", 1_000)).unwrap();
    for _ in 0..2 {
        let trouble = mailbox.fetch(BEGINNING).await.unwrap_err();
        assert!(
            trouble.may_heal() && trouble.why().contains("token"),
            "{trouble}"
        );
        assert!(!trouble.why().contains("eyJ"), "{trouble}");
    }
    assert_eq!(between.lines(), 1, "the same token is not tried again");
    assert_eq!(mailbox.check().await.unwrap_err().code, "mailbox-login");
    // The helper has been there.
    std::fs::write(&file, Dovecot::token("token", 4_000_000_000) + "\n").unwrap();
    dovecot
        .person("token")
        .receives("INBOX", TODAY, &letter("hello"));
    let (messages, _) = read_out(&mailbox, BEGINNING).await;
    assert_eq!(subjects(&messages), ["hello"]);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named_and_may_be_made() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut settings = settings(dovecot.port(), "no-folder");
    settings.folder = "Anträge".into();
    let mailbox = open(&settings);
    let trouble = mailbox.fetch(BEGINNING).await.unwrap_err();
    assert!(
        trouble.may_heal() && trouble.why().contains("folder"),
        "{trouble}"
    );
    assert_eq!(mailbox.check().await.unwrap_err().code, "mailbox-folder");
    dovecot.person("no-folder").says("CREATE \"Antr&AOQ-ge\"");
    mailbox.fetch(BEGINNING).await.unwrap();
}

#[tokio::test]
async fn a_silent_server_is_not_waited_for_for_ever() {
    // Takes lines and says nothing.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = settings(silent.local_addr().unwrap().port(), "silent");
    settings.patience.command = Duration::from_millis(200);
    let trouble = open(&settings).fetch(BEGINNING).await.unwrap_err();
    assert!(
        trouble.may_heal() && trouble.why().contains("in time"),
        "{trouble}"
    );
}

#[tokio::test]
async fn a_closed_port_is_for_later() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    drop(taken);
    let mailbox = open(&settings(port, "closed"));
    assert!(mailbox.fetch(BEGINNING).await.unwrap_err().may_heal());
    assert!(
        mailbox
            .wait(Duration::from_secs(60))
            .await
            .unwrap_err()
            .may_heal()
    );
    assert_eq!(
        mailbox.check().await.unwrap_err().code,
        "mailbox-unreachable"
    );
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_ends_the_line_and_is_not_repeated() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let between = Between::before(dovecot.port()).await;
    let mailbox = open(&settings(between.port(), "unreadable"));
    let (_, stand) = read_out(&mailbox, BEGINNING).await;
    between.change("EXISTS", "EXI\r\n\r");
    let trouble = mailbox.fetch(stand).await.unwrap_err();
    // What cannot be read may be a person's letter.
    assert!(
        trouble.may_heal() && !trouble.why().contains("EXI"),
        "{trouble}"
    );
    between.change("EXI\r\n\r", "EXISTS");
    assert_eq!(mailbox.fetch(stand).await.unwrap().stand, stand);
    assert_eq!(between.lines(), 2);
}

#[tokio::test]
async fn a_message_that_the_server_cannot_give_does_not_keep_the_others_back() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("spoilt");
    for number in 0..6 {
        let mut raw = letter(&format!("m{number}"));
        if number == 2 {
            raw.extend_from_slice(b"spoilt\r\n");
        }
        if number == 4 {
            raw = b"Subject: m4\r\nX-Head: spoilt\r\n\r\nText\r\n".to_vec();
        }
        person.receives("INBOX", TODAY, &raw);
    }
    let between = Between::before(dovecot.port()).await;
    between.cut_at("spoilt\r\n");
    let mailbox = open(&settings(between.port(), "spoilt"));
    let (mut stand, mut got, mut troubles) = (BEGINNING, Vec::new(), 0);
    while stand.next < 7 {
        match mailbox.fetch(stand).await {
            Ok(portion) => {
                stand = portion.stand;
                got.extend(portion.messages);
            }
            Err(trouble) => {
                assert!(trouble.may_heal(), "{trouble}");
                troubles += 1;
                assert!(troubles < 20, "{} were read", got.len());
            }
        }
    }
    let uids: Vec<u32> = got.iter().map(|one| one.uid).collect();
    assert_eq!(uids, [1, 2, 3, 4, 5, 6]);
    let whole: Vec<bool> = got.iter().map(|one| one.whole).collect();
    assert_eq!(whole, [true, true, false, true, false, true]);
    // Of the one the head can be had, of the other not even that.
    assert_eq!(subjects(&got)[2], "m2");
    assert!(got[4].raw.is_empty());
}
