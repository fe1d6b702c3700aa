//! What is said in confidence stays on encrypted lines, to servers that prove who they are.

use rechtzeitig::{
    mail::{Password, Security, SettingsError, SmtpPost, SmtpSettings},
    ports::{Post, Trouble},
};

use super::{parcel, settings};
use crate::support::smtp::{Behaviour, Door, Manner, Sink};

fn sink(door: Door) -> Sink {
    Sink::open(Manner { door, login: None })
}

#[tokio::test]
async fn letters_go_over_tls_and_starttls() {
    for (door, security) in [
        (Door::StartTls, Security::StartTls),
        (Door::Tls, Security::Tls),
    ] {
        let sink = sink(door);
        let post = SmtpPost::new(&settings(&sink, security)).unwrap();
        post.check().await.unwrap();
        post.send(&parcel("safe")).await.unwrap();
        assert!(sink.wait_for(1).await[0].encrypted);
    }
}

#[tokio::test]
async fn a_server_that_does_not_offer_starttls_gets_nothing() {
    let login = Some(("kontor".to_owned(), "geheim".to_owned()));
    let sink = Sink::open(Manner {
        door: Door::Plain,
        login,
    });
    let mut settings = settings(&sink, Security::StartTls);
    settings.user = Some("kontor".into());
    settings.password = Some(Password::new("geheim"));
    let post = SmtpPost::new(&settings).unwrap();
    let trouble = post.send(&parcel("downgrade")).await.unwrap_err();
    assert!(
        matches!(&trouble, Trouble::Later { why } if why.contains("STARTTLS")),
        "{trouble}"
    );
    assert_eq!(post.check().await.unwrap_err().code, "mail-encryption");
    assert_eq!((sink.attempts(), sink.messages().len()), (0, 0));
}

#[tokio::test]
async fn a_certificate_of_a_strange_authority_is_refused() {
    for (door, security) in [
        (Door::StartTls, Security::StartTls),
        (Door::Tls, Security::Tls),
    ] {
        let (sink, stranger) = (sink(door), sink(door));
        let mut strange = settings(&sink, security);
        strange.ca_file = Some(stranger.ca_file().to_owned());
        let mut public = settings(&sink, security);
        public.ca_file = None;
        for settings in [strange, public] {
            let post = SmtpPost::new(&settings).unwrap();
            let trouble = post.send(&parcel("strange")).await.unwrap_err();
            assert!(
                trouble.may_heal() && trouble.why().contains("certificate"),
                "{trouble}"
            );
            let defect = post.check().await.unwrap_err();
            assert_eq!(defect.code, "mail-certificate");
            assert!(defect.remedy.contains("mail.ca_file"));
        }
        assert_eq!(sink.attempts(), 0);
    }
}

#[tokio::test]
async fn a_certificate_made_out_to_another_name_is_refused() {
    let sink = sink(Door::Tls);
    let mut settings = settings(&sink, Security::Tls);
    // The same machine, but not what the certificate says.
    settings.host = "127.0.0.1".into();
    let post = SmtpPost::new(&settings).unwrap();
    let defect = post.check().await.unwrap_err();
    assert_eq!(defect.code, "mail-certificate", "{defect}");
    assert_eq!(sink.attempts(), 0);
}

#[tokio::test]
async fn the_wrong_door_is_named() {
    let sink = sink(Door::StartTls);
    let post = SmtpPost::new(&settings(&sink, Security::Tls)).unwrap();
    let defect = post.check().await.unwrap_err();
    assert_eq!(defect.code, "mail-encryption", "{defect}");
    assert!(defect.remedy.contains("starttls"), "{defect}");
}

#[tokio::test]
async fn a_reply_slipped_in_before_the_encryption_makes_no_letter_accepted() {
    let sink = sink(Door::StartTls);
    sink.behave(Behaviour::Inject);
    let post = SmtpPost::new(&settings(&sink, Security::StartTls)).unwrap();
    let trouble = post.send(&parcel("inject")).await.unwrap_err();
    assert!(
        trouble.may_heal() && trouble.why().contains("out of step"),
        "{trouble}"
    );
    assert_eq!(sink.messages().len(), 0);
}

#[test]
fn clear_text_to_another_machine_must_be_meant() {
    let mut settings = SmtpSettings::to("mail.kontor.example");
    settings.security = Security::None;
    assert!(matches!(
        SmtpPost::new(&settings),
        Err(SettingsError::InClear)
    ));
    settings.allow_plaintext = true;
    assert!(SmtpPost::new(&settings).is_ok());
}

#[test]
fn settings_that_cannot_work_are_refused_before_any_line() {
    let with = |change: fn(&mut SmtpSettings)| {
        let mut settings = SmtpSettings::to("mail.kontor.example");
        change(&mut settings);
        SmtpPost::new(&settings).map(drop).unwrap_err().to_string()
    };
    assert!(with(|s| s.host = " ".into()).contains("mail.host"));
    assert!(with(|s| s.user = Some("kontor".into())).contains("password"));
    assert!(with(|s| s.hello_name = Some("a\r\nMAIL FROM:<x@y>".into())).contains("hello_name"));
    assert!(with(|s| s.ca_file = Some("not/there.pem".into())).contains("not/there.pem"));
    assert!(with(|s| s.ca_file = Some("Cargo.toml".into())).contains("no certificate"));
}
