//! A mailbox and the office together: what lies there becomes cases, is marked only when it is kept, and comes once.

use std::sync::Arc;

use rechtzeitig::domain::incoming::IncomingState;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::jobs::runner::{Exits, LetterBox, run_once};
use rechtzeitig::mail::After;

use super::{TODAY, open, settings};
use crate::support::between::Between;
use crate::support::dovecot::{Dovecot, available};
use crate::support::office::Office;

fn letter(number: u8, from: &str, subject: &str, body: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: datenschutz@kontor.example\r\nSubject: {subject}\r\nMessage-ID: <{number}@post.example>\r\n\
         Date: Mon, 2 Mar 2026 08:00:00 +0100\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

fn boxes(office: &Office, dovecot: &Dovecot, user: &str, folder: &str) -> Exits {
    boxes_at(office, dovecot.port(), user, folder)
}

fn boxes_at(office: &Office, port: u16, user: &str, folder: &str) -> Exits {
    let mut settings = settings(port, user);
    settings.after = After::Mark;
    settings.folder = folder.to_owned();
    Exits {
        posts: office.exits().posts.clone(),
        anchor: None,
        mailboxes: vec![LetterBox {
            controller: office.company(),
            mailbox: Arc::new(open(&settings)),
        }],
    }
}

const ASKS: &str = "Guten Tag,\r\n\r\nbitte senden Sie mir eine Kopie aller Daten, die Sie über mich gespeichert haben (Art. 15 DSGVO).\r\n\r\nIda Inbox";

#[tokio::test]
async fn art_12_3_a_mailbox_is_read_once_whoever_reads_it_and_how_often() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("office");
    person.says("CREATE Anfragen");
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    office.keep_secret("Ida Inbox");
    let ida = "Ida Inbox <ida@post.example>";
    person.receives("Anfragen", TODAY, &letter(1, ida, "Auskunft", ASKS));
    let bill = "Anbei die Rechnung 4711 über 59,50 Euro. Bitte überweisen Sie bis Ende März.";
    let firm = "Blatt KG <rechnung@blatt.example>";
    person.receives("Anfragen", TODAY, &letter(2, firm, "Rechnung 4711", bill));
    let hej = "Jag vill veta vad ni har om mig i era system.";
    let sven = "Sven Utland <sven@post.example>";
    person.receives("Anfragen", TODAY, &letter(3, sven, "Hej", hej));

    // Two nodes at the same time.
    let other = office.another_node().await;
    let (here, there) = (
        boxes(&office, &dovecot, "office", "Anfragen"),
        boxes(&office, &dovecot, "office", "Anfragen"),
    );
    let (one, two) = tokio::join!(run_once(&office, &here), run_once(&other.office, &there));
    one.unwrap();
    two.unwrap();
    run_once(&office, &here).await.unwrap();
    let pile = async |state| office.mails(&vera.scope, state, 10).await.unwrap();
    assert_eq!(pile(IncomingState::Case).await.len(), 1);
    assert_eq!(pile(IncomingState::No).await.len(), 1);
    assert_eq!(pile(IncomingState::Unclear).await.len(), 1);
    assert!(pile(IncomingState::New).await.is_empty());
    let cases = office
        .number_of("SELECT count(*) AS count FROM cases")
        .await;
    assert_eq!(cases, 1);
    let seen = person.flags("Anfragen");
    assert!(seen.iter().all(|it| it.contains("\\Seen")), "{seen:?}");
    assert_eq!(office.mails_to("ida@post.example").len(), 1);

    // The server forgets its numbers: the same mail is known again by what it says.
    person.says("SELECT INBOX");
    person.says("DELETE Anfragen");
    person.says("CREATE Anfragen");
    person.receives("Anfragen", TODAY, &letter(1, ida, "Auskunft", ASKS));
    run_once(&office, &here).await.unwrap();
    let cases = office
        .number_of("SELECT count(*) AS count FROM cases")
        .await;
    assert_eq!(cases, 1);
}

#[tokio::test]
async fn a_copy_of_what_left_lies_with_the_sent_mail() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("copies");
    let office = Office::open().await;
    let mut settings = settings(dovecot.port(), "copies");
    settings.sent_folder = Some("Gesendet".to_owned());
    let mailbox = Arc::new(open(&settings));
    let exits = Exits {
        posts: office.exits().posts.clone(),
        anchor: None,
        mailboxes: vec![LetterBox {
            controller: office.company(),
            mailbox,
        }],
    };
    let ida = "Ida Inbox <ida@post.example>";
    person.receives("INBOX", TODAY, &letter(1, ida, "Auskunft", ASKS));
    run_once(&office, &exits).await.unwrap();
    let left = office.last_mail_to("ida@post.example");
    // Filed beside the sending, so that a slow mailbox holds up no letter.
    let filed = format!("SEARCH HEADER Message-ID {}", left.message_id);
    let there = async {
        loop {
            if person.says("LIST \"\" Gesendet").contains("Gesendet")
                && person.count("Gesendet") == 1
            {
                person.says("EXAMINE Gesendet");
                return person.says(&filed);
            }
            tokio::task::yield_now().await;
        }
    };
    let found = tokio::time::timeout(std::time::Duration::from_secs(30), there).await;
    assert!(found.unwrap().contains("SEARCH 1"));
}

#[tokio::test]
async fn a_mailbox_that_cannot_be_read_says_so_and_is_read_on_when_it_can() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("later");
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let mut wrong = settings(dovecot.port(), "later");
    wrong.port = Some(9);
    let broken = Exits {
        posts: office.exits().posts.clone(),
        anchor: None,
        mailboxes: vec![LetterBox {
            controller: office.company(),
            mailbox: Arc::new(open(&wrong)),
        }],
    };
    run_once(&office, &broken).await.unwrap();
    let troubles = office.mailbox_troubles(&vera.scope).await.unwrap();
    assert_eq!(troubles.len(), 1, "{troubles:?}");
    assert_eq!(troubles[0].0, "requests");

    let ida = "Ida Inbox <ida@post.example>";
    person.receives("INBOX", TODAY, &letter(1, ida, "Auskunft", ASKS));
    let exits = boxes(&office, &dovecot, "later", "INBOX");
    run_once(&office, &exits).await.unwrap();
    assert!(
        office
            .mailbox_troubles(&vera.scope)
            .await
            .unwrap()
            .is_empty()
    );
    let laid = office.mails(&vera.scope, IncomingState::Case, 10).await;
    assert_eq!(laid.unwrap().len(), 1);
}

#[tokio::test]
async fn a_line_that_is_cut_at_any_step_loses_nothing_doubles_nothing_and_all_is_marked_in_the_end()
{
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("steps");
    let between = Between::before(dovecot.port()).await;
    let mut office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let firm = "Blatt KG <rechnung@blatt.example>";
    let bill = "Anbei die Rechnung 4711 über 59,50 Euro. Bitte überweisen Sie bis Ende März.";
    let mut broken = 0;
    for (number, cut) in (1_u8..).zip((60..4_000).step_by(190)) {
        person.receives("INBOX", TODAY, &letter(number, firm, "Rechnung", bill));
        let exits = boxes_at(&office, between.port(), "steps", "INBOX");
        between.cut_after(Some(cut));
        run_once(&office, &exits).await.unwrap();
        broken += usize::from(
            !office
                .mailbox_troubles(&vera.scope)
                .await
                .unwrap()
                .is_empty(),
        );
        between.cut_after(None);
        if number % 4 == 0 {
            // The program ends as well, wherever it was.
            office.restart().await;
        }
        let exits = boxes_at(&office, between.port(), "steps", "INBOX");
        run_once(&office, &exits).await.unwrap();
        let kept = office
            .number_of("SELECT count(*) AS count FROM incoming")
            .await;
        assert_eq!(kept, i64::from(number), "cut after {cut}");
        let flags = person.flags("INBOX");
        assert!(
            flags.iter().all(|it| it.contains("\\Seen")),
            "cut after {cut}: {flags:?}"
        );
    }
    assert!(broken > 5, "{broken} readings broke");
}

#[tokio::test]
async fn what_was_kept_and_not_marked_when_the_program_ended_is_marked_after_its_start() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("unmarked");
    let between = Between::before(dovecot.port()).await;
    let mut office = Office::open().await;
    person.receives(
        "INBOX",
        TODAY,
        &letter(1, "Ida Inbox <ida@post.example>", "Auskunft", ASKS),
    );
    // The line in which it would be marked breaks when the folder opens.
    between.cut_at("READ-WRITE");
    let exits = boxes_at(&office, between.port(), "unmarked", "INBOX");
    run_once(&office, &exits).await.unwrap();
    assert!(
        person
            .flags("INBOX")
            .iter()
            .all(|it| !it.contains("\\Seen"))
    );
    let kept = "SELECT count(*) AS count FROM incoming";
    assert_eq!(office.number_of(kept).await, 1);
    office.restart().await;
    let exits = boxes(&office, &dovecot, "unmarked", "INBOX");
    run_once(&office, &exits).await.unwrap();
    assert!(person.flags("INBOX").iter().all(|it| it.contains("\\Seen")));
    assert_eq!(office.number_of(kept).await, 1);
}
