//! A mailbox on a real IMAP server, read, settled and watched; and servers that are not what they should be.

mod doors;
mod office;
mod reading;
mod settling;
mod trouble;
mod watching;

use std::{sync::Arc, time::Duration};

use rechtzeitig::{
    mail::{ImapMailbox, MailboxSettings, Password, Patience, Security},
    ports::{Fetched, FixedClock, Mailbox, Portion, Stand},
};

use crate::support::dovecot::{Dovecot, PASSWORD};

/// The moment at which these stories are told: noon in Berlin.
const NOW: &str = "2026-03-02T11:00:00Z";
/// The same day as a mail server writes it.
const TODAY: &str = "02-Mar-2026 08:00:00 +0100";
/// The very first reading.
const BEGINNING: Stand = Stand {
    validity: 0,
    next: 0,
};

/// In clear to this machine itself, all else as it is when unset, and patient only as long as a test may last.
fn settings(port: u16, user: &str) -> MailboxSettings {
    let mut settings = MailboxSettings::of("requests", "127.0.0.1", user);
    settings.port = Some(port);
    settings.security = Security::None;
    settings.password = Some(Password::new(PASSWORD));
    settings.patience = Patience {
        connect: Duration::from_secs(10),
        command: Duration::from_secs(20),
        content: Duration::from_secs(20),
    };
    settings
}

fn open(settings: &MailboxSettings) -> ImapMailbox {
    let clock = FixedClock::at(NOW.parse().unwrap());
    ImapMailbox::new(settings, Arc::new(clock)).unwrap()
}

fn usual(dovecot: &Dovecot, user: &str) -> ImapMailbox {
    open(&settings(dovecot.port(), user))
}

fn letter(subject: &str) -> Vec<u8> {
    format!(
        "From: Ida <ida@post.example>\r\nSubject: {subject}\r\nMessage-ID: <{subject}@post.example>\r\n\r\n\
         Guten Tag\r\n"
    )
    .into_bytes()
}

fn subjects(messages: &[Fetched]) -> Vec<String> {
    let subject = |message: &Fetched| {
        let text = String::from_utf8_lossy(&message.raw).into_owned();
        let line = text.lines().find_map(|line| line.strip_prefix("Subject: "));
        line.unwrap_or("none").to_owned()
    };
    messages.iter().map(subject).collect()
}

/// Reads on until nothing more waits; all messages, and where the mailbox stands then.
async fn read_out(mailbox: &ImapMailbox, from: Stand) -> (Vec<Fetched>, Stand) {
    let mut all = Vec::new();
    let mut stand = from;
    loop {
        let Portion {
            stand: after,
            messages,
            more,
        } = mailbox.fetch(stand).await.unwrap();
        all.extend(messages);
        stand = after;
        if !more {
            return (all, stand);
        }
    }
}
