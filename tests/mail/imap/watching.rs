//! Waiting for mail: woken by the server, never deaf to what came in between, and out of the way of others.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rechtzeitig::ports::Mailbox;

use super::{BEGINNING, TODAY, letter, open, read_out, settings, subjects};
use crate::support::between::Between;
use crate::support::dovecot::{Dovecot, available};

/// Longer than any of these stories may take.
const LONG: Duration = Duration::from_secs(300);
const SOON: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_new_message_wakes_who_waits() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let between = Between::before(dovecot.port()).await;
    let mailbox = Arc::new(open(&settings(between.port(), "woken")));
    let (_, stand) = read_out(&mailbox, BEGINNING).await;
    let begun = Instant::now();
    let waiting = tokio::spawn({
        let mailbox = mailbox.clone();
        async move { mailbox.wait(LONG).await }
    });
    between.wait_for("IDLE").await;
    dovecot
        .person("woken")
        .receives("INBOX", TODAY, &letter("hello"));
    waiting.await.unwrap().unwrap();
    assert!(begun.elapsed() < SOON);
    let portion = mailbox.fetch(stand).await.unwrap();
    assert_eq!(subjects(&portion.messages), ["hello"]);
    assert_eq!(between.lines(), 1);
}

#[tokio::test]
async fn what_came_between_reading_and_waiting_is_not_slept_through() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mailbox = open(&settings(dovecot.port(), "between"));
    let begun = Instant::now();
    // Never read so far: there may be anything.
    mailbox.wait(LONG).await.unwrap();
    read_out(&mailbox, BEGINNING).await;
    dovecot
        .person("between")
        .receives("INBOX", TODAY, &letter("hello"));
    mailbox.wait(LONG).await.unwrap();
    assert!(begun.elapsed() < SOON);
}

#[tokio::test]
async fn waiting_ends_with_its_time() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    // Also where the server cannot speak of itself.
    for able in [true, false] {
        let between = Between::before(dovecot.port()).await;
        if !able {
            between.change(" IDLE ", " XDLE ");
        }
        let mailbox = open(&settings(between.port(), "patient"));
        read_out(&mailbox, BEGINNING).await;
        let begun = Instant::now();
        mailbox.wait(Duration::from_millis(300)).await.unwrap();
        assert!((Duration::from_millis(300)..SOON).contains(&begun.elapsed()));
        assert_eq!(between.heard("IDLE"), able);
        assert_eq!(between.heard("NOOP"), !able);
    }
}

#[tokio::test]
async fn who_waits_makes_room_for_who_has_work() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let between = Between::before(dovecot.port()).await;
    let mut settings = settings(between.port(), "room");
    settings.sent_folder = Some("auto".into());
    let mailbox = Arc::new(open(&settings));
    read_out(&mailbox, BEGINNING).await;
    let begun = Instant::now();
    let waiting = tokio::spawn({
        let mailbox = mailbox.clone();
        async move { mailbox.wait(LONG).await }
    });
    between.wait_for("IDLE").await;
    mailbox
        .file_copy("<1@post.example>", &letter("1"))
        .await
        .unwrap();
    waiting.await.unwrap().unwrap();
    assert!(begun.elapsed() < SOON);
    assert_eq!(dovecot.person("room").count("Sent"), 1);
    assert_eq!(between.lines(), 1);
}

#[tokio::test]
async fn who_gives_up_waiting_leaves_no_half_heard_line() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let between = Between::before(dovecot.port()).await;
    let mailbox = open(&settings(between.port(), "given-up"));
    let (_, stand) = read_out(&mailbox, BEGINNING).await;
    tokio::select! {
        _ = mailbox.wait(LONG) => panic!("nothing has come"),
        () = between.wait_for("IDLE") => {}
    }
    dovecot
        .person("given-up")
        .receives("INBOX", TODAY, &letter("hello"));
    let portion = mailbox.fetch(stand).await.unwrap();
    assert_eq!(subjects(&portion.messages), ["hello"]);
    assert_eq!(between.lines(), 2);
}
