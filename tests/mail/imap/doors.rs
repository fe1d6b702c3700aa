//! Passwords and letters go over encrypted lines only, to servers that prove who they are.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rechtzeitig::{
    mail::{ImapMailbox, MailboxSettings, MailboxSettingsError, Security},
    ports::{Mailbox, SystemClock},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

use super::{BEGINNING, TODAY, letter, open, read_out, settings, subjects};
use crate::support::authority::Authority;
use crate::support::dovecot::{Dovecot, available};

fn protected(dovecot: &Dovecot, security: Security, user: &str) -> MailboxSettings {
    let port = match security {
        Security::Tls => dovecot.tls_port(),
        Security::StartTls | Security::None => dovecot.port(),
    };
    let mut settings = settings(port, user);
    settings.security = security;
    // The name on the certificate.
    settings.host = "localhost".into();
    settings.ca_file = Some(dovecot.ca_file().to_owned());
    settings
}

#[tokio::test]
async fn letters_come_over_tls_and_starttls() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    for (security, user) in [(Security::Tls, "tls"), (Security::StartTls, "starttls")] {
        dovecot
            .person(user)
            .receives("INBOX", TODAY, &letter("safe"));
        let mailbox = open(&protected(&dovecot, security, user));
        mailbox.check().await.unwrap();
        let (messages, _) = read_out(&mailbox, BEGINNING).await;
        assert_eq!(subjects(&messages), ["safe"]);
    }
}

#[tokio::test]
async fn a_certificate_of_a_strange_authority_or_another_name_is_refused() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let stranger = Authority::new();
    for security in [Security::Tls, Security::StartTls] {
        let mut strange = protected(&dovecot, security, "strange");
        strange.ca_file = Some(stranger.file().to_owned());
        let mut public = protected(&dovecot, security, "strange");
        public.ca_file = None;
        let mut other_name = protected(&dovecot, security, "strange");
        other_name.host = "127.0.0.1".into();
        for settings in [strange, public, other_name] {
            let mailbox = open(&settings);
            let trouble = mailbox.fetch(BEGINNING).await.unwrap_err();
            assert!(
                trouble.may_heal() && trouble.why().contains("certificate"),
                "{trouble}"
            );
            let defect = mailbox.check().await.unwrap_err();
            assert_eq!(defect.code, "mailbox-certificate");
        }
    }
}

#[tokio::test]
async fn the_wrong_door_is_named() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut settings = protected(&dovecot, Security::Tls, "wrong-door");
    settings.port = Some(dovecot.port());
    let defect = open(&settings).check().await.unwrap_err();
    assert_eq!(defect.code, "mailbox-encryption", "{defect}");
}

/// A server of a few lines; says whether anybody tried to log in.
async fn pretender(greeting: &'static str, offers: &'static str) -> (u16, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let tried = Arc::new(AtomicBool::new(false));
    let seen = tried.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            let _ = stream.write_all(greeting.as_bytes()).await;
            let mut line = String::new();
            while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                let said = line.to_uppercase();
                let (tag, command) = said.trim_end().split_once(' ').unwrap_or_default();
                let answer = if command.starts_with("CAPABILITY") {
                    format!("* CAPABILITY IMAP4rev1 {offers}\r\n{tag} OK done\r\n")
                } else {
                    seen.fetch_or(
                        command.starts_with("LOGIN") || command.starts_with("AUTH"),
                        Ordering::SeqCst,
                    );
                    format!("{tag} OK as you like\r\n")
                };
                let _ = stream.write_all(answer.as_bytes()).await;
                line.clear();
            }
        }
    });
    (port, tried)
}

#[tokio::test]
async fn a_server_that_does_not_offer_starttls_hears_no_password() {
    let (port, tried) = pretender("* OK hello\r\n", "AUTH=PLAIN").await;
    let mut settings = settings(port, "downgrade");
    settings.security = Security::StartTls;
    let mailbox = open(&settings);
    let trouble = mailbox.fetch(BEGINNING).await.unwrap_err();
    assert!(
        trouble.may_heal() && trouble.why().contains("STARTTLS"),
        "{trouble}"
    );
    assert_eq!(
        mailbox.check().await.unwrap_err().code,
        "mailbox-encryption"
    );
    assert!(!tried.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_server_that_takes_us_for_logged_in_is_left() {
    let (port, tried) = pretender("* PREAUTH welcome\r\n", "STARTTLS AUTH=PLAIN").await;
    for security in [Security::StartTls, Security::None] {
        let mut settings = settings(port, "preauth");
        settings.security = security;
        let trouble = open(&settings).fetch(BEGINNING).await.unwrap_err();
        assert!(
            trouble.may_heal() && trouble.why().contains("already"),
            "{trouble}"
        );
    }
    assert!(!tried.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_server_without_a_login_that_we_know_hears_no_password() {
    let (port, tried) = pretender("* OK hello\r\n", "LOGINDISABLED AUTH=GSSAPI").await;
    let defect = open(&settings(port, "nobody")).check().await.unwrap_err();
    assert_eq!(defect.code, "mailbox-login");
    assert!(!tried.load(Ordering::SeqCst));
}

#[tokio::test]
async fn something_that_is_no_mail_server_is_trouble_and_no_more() {
    // The second of these makes the library that reads it fall over.
    for greeting in [
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "* OK [ALERT]ü\r\n",
        "* BYE too many\r\n",
    ] {
        let (port, _) = pretender(greeting, "").await;
        let trouble = open(&settings(port, "no-server"))
            .fetch(BEGINNING)
            .await
            .unwrap_err();
        assert!(trouble.may_heal(), "{trouble}");
    }
}

#[test]
fn settings_that_cannot_work_are_refused_before_any_line() {
    let with = |change: fn(&mut MailboxSettings)| {
        let mut settings = settings(143, "privacy");
        change(&mut settings);
        let opened = ImapMailbox::new(&settings, Arc::new(SystemClock));
        opened.map(drop).unwrap_err()
    };
    assert!(matches!(
        with(|s| s.host = "imap.kontor.example".into()),
        MailboxSettingsError::InClear
    ));
    assert!(matches!(
        with(|s| s.password = None),
        MailboxSettingsError::Login
    ));
    assert!(matches!(
        with(|s| s.token_file = Some("token".into())),
        MailboxSettingsError::Login
    ));
    let said = |change| with(change).to_string();
    assert!(said(|s| s.name = "Datenschutz".into()).contains("name"));
    assert!(said(|s| s.host = " ".into()).contains("host"));
    assert!(said(|s| s.user = "a\r\nb".into()).contains("user"));
    assert!(said(|s| s.folder = "a\r\nb".into()).contains("folder"));
    assert!(said(|s| s.sent_folder = Some(String::new())).contains("sent_folder"));
    assert!(said(|s| s.max_bytes = 10).contains("max_bytes"));
    assert!(said(|s| s.after = rechtzeitig::mail::After::Move).contains("done_folder"));
    assert!(
        said(|s| {
            s.security = Security::Tls;
            s.ca_file = Some("not/there.pem".into());
        })
        .contains("not/there.pem")
    );
}
