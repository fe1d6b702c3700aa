//! A letter arrives as it was written, over one line after the other or the same.

use rechtzeitig::{
    mail::{Password, Security, SmtpPost},
    ports::{Attachment, Post},
};

use super::{parcel, plain, settings};
use crate::support::smtp::{Behaviour, Door, Manner, Sink};

#[tokio::test]
async fn a_letter_arrives_as_it_was_written() {
    let sink = Sink::start().await;
    let mut parcel = parcel("one");
    parcel.envelope_from = Some("ruecklauf@kontor.example".into());
    parcel.attachments = vec![Attachment {
        name: "Auskunft.pdf".into(),
        media_type: "application/pdf".into(),
        bytes: vec![7; 3000],
    }];
    let accepted = plain(&sink).send(&parcel).await.unwrap();
    assert!(
        accepted.response.starts_with("250 2.0.0 queued as SINK1"),
        "{}",
        accepted.response
    );

    let letters = sink.wait_for(1).await;
    assert_eq!(letters[0].from, "ruecklauf@kontor.example");
    assert_eq!(letters[0].to, ["ida.froehlich@post.example"]);
    assert_eq!(
        letters[0].header("Message-ID").unwrap(),
        "<one@kontor.example>"
    );
    let text = String::from_utf8(letters[0].raw.clone()).unwrap();
    assert!(
        text.contains("Guten Tag,\r\n.\r\nwir pr=C3=BCfen"),
        "the lone dot survives: {text}"
    );
    let bytes = rechtzeitig::mail::compose(&parcel).unwrap().formatted();
    assert_eq!(
        text.trim_end(),
        String::from_utf8(bytes).unwrap().trim_end()
    );
}

#[tokio::test]
async fn letters_follow_each_other_on_one_line() {
    let sink = Sink::start().await;
    let post = plain(&sink);
    for number in 1..=5 {
        post.send(&parcel(&format!("n{number}"))).await.unwrap();
    }
    let letters = sink.wait_for(5).await;
    assert!(letters.iter().all(|letter| letter.line == 1));
    let ids: Vec<_> = letters
        .iter()
        .filter_map(|l| l.header("Message-ID"))
        .collect();
    assert_eq!(ids.first().unwrap(), "<n1@kontor.example>");
    assert_eq!(ids.last().unwrap(), "<n5@kontor.example>");
}

#[tokio::test]
async fn a_no_does_not_spoil_the_line_for_the_next_letter() {
    let sink = Sink::start().await;
    let post = plain(&sink);
    sink.behave_next([Behaviour::NotAtAll, Behaviour::NotNow]);
    assert!(!post.send(&parcel("a")).await.unwrap_err().may_heal());
    assert!(post.send(&parcel("b")).await.unwrap_err().may_heal());
    post.send(&parcel("c")).await.unwrap();
    let letters = sink.wait_for(1).await;
    assert_eq!((letters.len(), letters[0].line), (1, 1));
    assert_eq!(
        letters[0].header("Message-ID").unwrap(),
        "<c@kontor.example>"
    );
}

#[tokio::test]
async fn many_letters_at_once_take_few_lines() {
    let sink = Sink::start().await;
    let post = plain(&sink);
    let parcels: Vec<_> = (0..40)
        .map(|number| parcel(&format!("m{number}")))
        .collect();
    let sent = futures_util::future::join_all(parcels.iter().map(|p| post.send(p))).await;
    assert!(sent.iter().all(Result::is_ok));
    let mut ids: Vec<_> = sink
        .messages()
        .iter()
        .filter_map(|l| l.header("Message-ID"))
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 40);
    assert!(sink.lines() <= 4, "{} lines", sink.lines());
}

#[tokio::test]
async fn a_login_is_used_when_it_is_set() {
    for door in [Door::Plain, Door::StartTls, Door::Tls] {
        let login = Some(("büro".to_owned(), "geheim, \"sehr\"".to_owned()));
        let sink = Sink::open(Manner { door, login });
        let security = match door {
            Door::Plain => Security::None,
            Door::StartTls => Security::StartTls,
            Door::Tls => Security::Tls,
        };
        let mut settings = settings(&sink, security);
        settings.user = Some("büro".into());
        settings.password = Some(Password::new("geheim, \"sehr\"\n"));
        let post = SmtpPost::new(&settings).unwrap();
        post.check().await.unwrap();
        post.send(&parcel("login")).await.unwrap();
        let letters = sink.wait_for(1).await;
        assert_eq!(letters[0].user.as_deref(), Some("büro"));
        assert_eq!(letters[0].encrypted, door != Door::Plain);

        settings.password = Some(Password::new("falsch"));
        let post = SmtpPost::new(&settings).unwrap();
        let trouble = post.send(&parcel("login2")).await.unwrap_err();
        assert!(
            trouble.may_heal(),
            "a wrong password is put right by the operator: {trouble}"
        );
        let defect = post.check().await.unwrap_err();
        assert_eq!(defect.code, "mail-login");
        assert!(!defect.to_string().contains("falsch"));
    }
}

#[test]
fn the_server_serves_plain_tests_too() {
    let sink = Sink::open(Manner::default());
    let post = plain(&sink);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let letter = parcel("blocking");
    runtime.block_on(post.send(&letter)).unwrap();
    assert_eq!(sink.wait_blocking(1).len(), 1);
    assert_eq!(sink.attempts(), 1);
}
