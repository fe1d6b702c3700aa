//! Servers that are away, say no, or fall silent: each has one clear outcome.

use std::{net::TcpListener, time::Duration};

use rechtzeitig::{
    mail::{Security, SmtpPost},
    ports::{Post, Trouble},
};

use super::{parcel, plain, settings};
use crate::support::smtp::{Behaviour, Sink};

async fn outcome(behaviour: Behaviour) -> (Trouble, Sink) {
    let sink = Sink::start().await;
    sink.behave(behaviour);
    let trouble = plain(&sink).send(&parcel("t")).await.unwrap_err();
    (trouble, sink)
}

#[tokio::test]
async fn not_now_is_for_later_and_not_at_all_is_never() {
    let (trouble, sink) = outcome(Behaviour::NotNow).await;
    assert!(
        trouble.may_heal() && trouble.why().contains("450 4.2.0"),
        "{trouble}"
    );
    assert_eq!(sink.messages().len(), 0);
    let (trouble, sink) = outcome(Behaviour::NotAtAll).await;
    assert!(
        !trouble.may_heal() && trouble.why().contains("550 5.1.1"),
        "{trouble}"
    );
    assert_eq!(sink.messages().len(), 0);
}

#[tokio::test]
async fn a_refused_sender_waits_for_the_settings_to_be_put_right() {
    let (trouble, _) = outcome(Behaviour::NotYou).await;
    assert!(
        trouble.may_heal() && trouble.why().starts_with("sender refused: 550"),
        "{trouble}"
    );
}

#[tokio::test]
async fn no_reply_names_the_person() {
    for behaviour in [Behaviour::NotNow, Behaviour::NotAtAll] {
        let (trouble, _) = outcome(behaviour).await;
        let shown = format!("{trouble} {trouble:?}").to_lowercase();
        for word in ["ida", "froehlich", "fröhlich", "post.example", "@"] {
            assert!(!shown.contains(word), "{word} in {shown}");
        }
    }
}

#[tokio::test]
async fn a_lost_reply_is_for_later_and_the_repeat_is_known_by_its_id() {
    let sink = Sink::start().await;
    let post = plain(&sink);
    sink.behave_next([Behaviour::LoseTheReply]);
    let letter = parcel("twice");
    let trouble = post.send(&letter).await.unwrap_err();
    assert!(
        trouble.may_heal() && trouble.why().contains("not known"),
        "{trouble}"
    );
    post.send(&letter).await.unwrap();

    let copies = sink.wait_for(2).await;
    assert_eq!(copies.len(), 2, "the server kept both");
    assert_eq!(
        copies[0].header("Message-ID").unwrap(),
        "<twice@kontor.example>"
    );
    assert_eq!(copies[0].raw, copies[1].raw);
}

#[tokio::test]
async fn a_server_that_hangs_up_is_for_later() {
    let (trouble, sink) = outcome(Behaviour::HangUp).await;
    assert!(trouble.may_heal(), "{trouble}");
    assert_eq!((sink.attempts(), sink.messages().len()), (1, 0));
    let (trouble, sink) = outcome(Behaviour::Away).await;
    assert!(trouble.may_heal(), "{trouble}");
    assert_eq!(sink.attempts(), 0);
}

#[tokio::test]
async fn a_closed_port_is_for_later_and_check_says_where_to_look() {
    let sink = Sink::start().await;
    let mut closed = settings(&sink, Security::None);
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    closed.port = Some(port);
    let post = SmtpPost::new(&closed).unwrap();
    assert!(post.send(&parcel("closed")).await.unwrap_err().may_heal());
    let defect = post.check().await.unwrap_err();
    assert_eq!(defect.code, "mail-unreachable");
    assert!(defect.remedy.contains("mail.port"), "{defect}");
}

#[tokio::test]
async fn a_slow_server_is_waited_for_and_a_silent_one_is_not() {
    let sink = Sink::start().await;
    sink.behave_next([Behaviour::Slow(Duration::from_millis(50))]);
    plain(&sink).send(&parcel("slow")).await.unwrap();

    sink.behave_next([Behaviour::Slow(Duration::from_secs(600))]);
    let mut hasty = settings(&sink, Security::None);
    hasty.patience.command = Duration::from_millis(200);
    let post = SmtpPost::new(&hasty).unwrap();
    let trouble = post.send(&parcel("silent")).await.unwrap_err();
    assert!(
        trouble.may_heal() && trouble.why().contains("no reply in time (MAIL FROM)"),
        "{trouble}"
    );
    post.send(&parcel("after")).await.unwrap();
    let letters = sink.wait_for(2).await;
    assert_eq!(
        letters[1].header("Message-ID").unwrap(),
        "<after@kontor.example>"
    );
    assert_ne!(letters[1].line, letters[0].line);
}

#[tokio::test]
async fn a_line_that_died_while_waiting_is_replaced_unseen() {
    let sink = Sink::start().await;
    let post = plain(&sink);
    post.send(&parcel("first")).await.unwrap();
    let mut moved = settings(&sink, Security::None);
    drop(sink);
    // The line on the bench is dead now; the next letter must notice before it says anything.
    let trouble = post.send(&parcel("second")).await.unwrap_err();
    assert!(
        trouble.may_heal() && trouble.why().starts_with("mail server not reached"),
        "{trouble}"
    );
    let fresh = Sink::start().await;
    moved.port = Some(fresh.port());
    SmtpPost::new(&moved)
        .unwrap()
        .send(&parcel("second"))
        .await
        .unwrap();
    assert_eq!(fresh.wait_for(1).await.len(), 1);
}

#[tokio::test]
async fn a_sender_who_gives_up_leaves_no_half_letter_on_the_bench() {
    let sink = Sink::start().await;
    let post = plain(&sink);
    sink.behave_next([Behaviour::Slow(Duration::from_secs(600))]);
    let given_up = parcel("given-up");
    let tried = tokio::time::timeout(Duration::from_millis(200), post.send(&given_up)).await;
    assert!(tried.is_err(), "still waiting when the sender gave up");
    post.send(&parcel("next")).await.unwrap();
    let letters = sink.wait_for(1).await;
    assert_eq!(
        letters[0].header("Message-ID").unwrap(),
        "<next@kontor.example>"
    );
}
