//! What is read, and that reading leaves no trace.

use std::time::Instant;

use chrono::NaiveDate;
use rechtzeitig::ports::{Mailbox, Stand};

use super::{BEGINNING, TODAY, letter, open, read_out, settings, subjects, usual};
use crate::support::between::Between;
use crate::support::dovecot::{Dovecot, available};

#[tokio::test]
async fn messages_are_read_from_a_day_on_as_they_arrived_and_nothing_is_marked() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("from-a-day");
    // Days are those of Berlin, whatever the sender's clock and the server's zone say.
    person.receives("INBOX", "30-Jan-2026 23:59:59 +0100", &letter("too-old"));
    person.receives("INBOX", "30-Jan-2026 23:00:00 +0000", &letter("first"));
    person.receives("INBOX", "01-Jan-2026 08:00:00 +0100", &letter("late-copy"));
    person.receives("INBOX", TODAY, &letter("second"));

    let mut settings = settings(dovecot.port(), "from-a-day");
    settings.from = NaiveDate::from_ymd_opt(2026, 1, 31);
    let mailbox = open(&settings);
    let portion = mailbox.fetch(BEGINNING).await.unwrap();
    assert_eq!(subjects(&portion.messages), ["first", "second"]);
    assert!(!portion.more);
    let first = &portion.messages[0];
    assert_eq!(first.arrived.to_rfc3339(), "2026-01-30T23:00:00+00:00");
    assert_eq!(first.raw, letter("first"), "byte for byte");
    assert_eq!(first.size, first.raw.len() as u64);
    assert!(first.whole);

    // The same again from the beginning: the same keys. From where it stood: nothing, not even the last again.
    let again = mailbox.fetch(BEGINNING).await.unwrap();
    assert_eq!(again, portion);
    let after = mailbox.fetch(portion.stand).await.unwrap();
    assert_eq!((after.messages.len(), after.stand), (0, portion.stand));

    let flags = person.flags("INBOX");
    assert_eq!(flags.len(), 4);
    assert!(!flags.concat().contains("Seen"), "{flags:?}");
    person.receives("INBOX", TODAY, &letter("third"));
    let after = mailbox.fetch(portion.stand).await.unwrap();
    assert_eq!(subjects(&after.messages), ["third"]);
}

#[tokio::test]
async fn without_a_day_reading_begins_today_and_misses_nothing_later() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("from-today");
    for number in 0..5 {
        person.receives(
            "INBOX",
            "01-Mar-2026 23:59:59 +0100",
            &letter(&format!("old{number}")),
        );
    }
    let mailbox = usual(&dovecot, "from-today");
    let portion = mailbox.fetch(BEGINNING).await.unwrap();
    assert_eq!((portion.messages.len(), portion.more), (0, false));
    assert_eq!(portion.stand.next, 6);
    person.receives("INBOX", TODAY, &letter("new"));
    let portion = mailbox.fetch(portion.stand).await.unwrap();
    assert_eq!(subjects(&portion.messages), ["new"]);

    // A program that is started anew knows the stand alone, and an old letter moved here is a new one to us.
    person.receives("INBOX", "05-Feb-2026 08:00:00 +0100", &letter("moved-here"));
    let portion = usual(&dovecot, "from-today")
        .fetch(portion.stand)
        .await
        .unwrap();
    assert_eq!(subjects(&portion.messages), ["moved-here"]);
}

#[tokio::test]
async fn a_folder_that_counts_anew_is_read_from_its_beginning() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("anew");
    person.says("CREATE \"Antr&AOQ-ge\"");
    person.receives("Antr&AOQ-ge", TODAY, &letter("before"));
    let mut settings = settings(dovecot.port(), "anew");
    settings.folder = "Anträge".into();
    let mailbox = open(&settings);
    let (messages, stand) = read_out(&mailbox, BEGINNING).await;
    assert_eq!(subjects(&messages), ["before"]);

    person.says("DELETE \"Antr&AOQ-ge\"");
    // Restored from a backup: what nobody can have open any more stays out, the rest comes once more.
    person.says("CREATE \"Antr&AOQ-ge\"");
    person.receives(
        "Antr&AOQ-ge",
        "01-Jun-2025 08:00:00 +0200",
        &letter("long-ago"),
    );
    person.receives(
        "Antr&AOQ-ge",
        "10-Feb-2026 08:00:00 +0100",
        &letter("before"),
    );
    let (messages, anew) = read_out(&mailbox, stand).await;
    assert_ne!(anew.validity, stand.validity);
    assert_eq!(subjects(&messages), ["before"]);
    assert!(messages.iter().all(|one| one.validity == anew.validity));
    // What was to be settled in the old numbering touches nothing in the new one.
    mailbox.settle(stand.validity, &[1]).await.unwrap();
}

#[tokio::test]
async fn of_a_very_large_message_the_head_is_taken() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("large");
    let mut large = letter("large");
    large.extend_from_slice("x".repeat(78).as_bytes());
    large.extend_from_slice(b"\r\n".repeat(100_000).as_slice());
    person.receives("INBOX", TODAY, &letter("before"));
    person.receives("INBOX", TODAY, &large);
    person.receives("INBOX", TODAY, &letter("after"));
    let mut settings = settings(dovecot.port(), "large");
    settings.max_bytes = 100_000;
    let (messages, _) = read_out(&open(&settings), BEGINNING).await;
    assert_eq!(subjects(&messages), ["before", "large", "after"]);
    let capped = &messages[1];
    assert_eq!((capped.whole, capped.size), (false, large.len() as u64));
    let head = String::from_utf8(capped.raw.clone()).unwrap();
    assert!(head.contains("Message-ID: <large@post.example>") && !head.contains("Guten Tag"));
    assert!(messages[0].whole && messages[2].whole);
    assert!(!person.flags("INBOX").concat().contains("Seen"));
}

#[tokio::test]
async fn a_large_message_comes_in_pieces_and_whole() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("pieces");
    // Below, at and above the seams of the pieces of one mebibyte.
    let mut wanted = Vec::new();
    for (number, more) in [0, 1, 2, 1 << 20, (1 << 21) + 7].into_iter().enumerate() {
        let mut large = letter(&format!("large-{number}"));
        let fill = (1 << 20) - large.len() + more;
        let line = "0123456789abcdefghijklmnopqrstuvwxyz.,-+ABCDEFGHIJKLMNOPQRSTUVWXYZ()\r\n";
        large.extend(line.bytes().cycle().take(fill - 2));
        large.extend_from_slice(b"\r\n");
        person.receives("INBOX", TODAY, &large);
        wanted.push(large);
    }
    let settings = settings(dovecot.port(), "pieces");
    let (messages, _) = read_out(&open(&settings), BEGINNING).await;
    assert_eq!(messages.len(), wanted.len());
    for (got, wanted) in messages.iter().zip(&wanted) {
        assert!(
            got.whole && got.raw == *wanted,
            "{} of {}",
            got.raw.len(),
            wanted.len()
        );
    }
    assert!(!person.flags("INBOX").concat().contains("Seen"));
}

#[tokio::test]
async fn many_messages_come_in_portions_and_each_once() {
    if !available() {
        return;
    }
    // A larger number tells how fast reading is: RECHTZEITIG_TEST_MANY=20000 cargo test --release many_messages -- --nocapture
    let many = std::env::var("RECHTZEITIG_TEST_MANY").ok();
    let many: usize = many.map_or(150, |many| many.parse().unwrap());
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("many");
    let text = "Ich bitte um Auskunft nach Art. 15 DSGVO.\r\n".repeat(100);
    let all = (0..many).map(|number| {
        let mut raw = letter(&format!("m{number}"));
        raw.extend_from_slice(text.as_bytes());
        raw
    });
    person.pours("INBOX", TODAY, all);
    // Numbers need not follow each other.
    person.says("SELECT INBOX");
    person.says("UID STORE 3,70:80 +FLAGS (\\Deleted)");
    person.says("UID EXPUNGE 3,70:80");

    let mut settings = settings(dovecot.port(), "many");
    settings.from = NaiveDate::from_ymd_opt(2026, 1, 1);
    let mailbox = open(&settings);
    let begun = Instant::now();
    let mut stand = BEGINNING;
    let (mut uids, mut largest) = (Vec::new(), 0);
    loop {
        let portion = mailbox.fetch(stand).await.unwrap();
        largest = largest.max(portion.messages.len());
        uids.extend(portion.messages.iter().map(|one| one.uid));
        assert!(portion.stand.next > stand.next || !portion.more);
        stand = portion.stand;
        if !portion.more {
            break;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = memory.lines().find(|line| line.starts_with("VmHWM"));
    eprintln!(
        "{} messages in {seconds:.1} s, {:.0} a second, {}",
        uids.len(),
        uids.len() as f64 / seconds,
        memory.unwrap_or_default()
    );
    let wanted: Vec<u32> = (1..=u32::try_from(many).unwrap())
        .filter(|uid| *uid != 3 && !(70..=80).contains(uid))
        .collect();
    assert_eq!(uids, wanted);
    assert_eq!(largest, 64);
    assert_eq!(stand.next as usize, many + 1);
}

#[tokio::test]
async fn a_folder_that_is_empty_or_read_out_says_so() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mailbox = usual(&dovecot, "empty");
    let portion = mailbox.fetch(BEGINNING).await.unwrap();
    assert_eq!((portion.messages.len(), portion.more), (0, false));
    assert_eq!(portion.stand.next, 1);
    assert_ne!(portion.stand.validity, 0);
    // A stand beyond the end, as after a restore of the server alone: it is not set back, or all would come twice.
    let beyond = Stand {
        next: 900,
        ..portion.stand
    };
    assert_eq!(mailbox.fetch(beyond).await.unwrap().stand, beyond);
    assert_eq!(mailbox.name(), "requests");
}

#[tokio::test]
async fn a_server_that_does_not_say_what_comes_next_is_read_from_today_too() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("no-next");
    person.receives("INBOX", "01-Mar-2026 23:59:59 +0100", &letter("old"));
    let between = Between::before(dovecot.port()).await;
    between.change("[UIDNEXT ", "[XIDNEXT ");
    let stand = open(&settings(between.port(), "no-next"))
        .fetch(BEGINNING)
        .await
        .unwrap()
        .stand;
    assert_eq!(stand.next, 2);
    person.receives("INBOX", TODAY, &letter("new"));
    // Started anew in between; and what came is not missed by who waits.
    let mailbox = open(&settings(between.port(), "no-next"));
    let portion = mailbox.fetch(stand).await.unwrap();
    assert_eq!(subjects(&portion.messages), ["new"]);
    assert_eq!((portion.stand.next, portion.more), (3, false));
    assert_eq!(
        mailbox.fetch(portion.stand).await.unwrap().messages.len(),
        0
    );
}
