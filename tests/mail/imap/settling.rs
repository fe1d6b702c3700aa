//! What becomes of a message on the server once it is kept here, and of copies of what we sent.

use rechtzeitig::{
    mail::{After, ImapMailbox},
    ports::{Mailbox, Trouble},
};

use super::{BEGINNING, TODAY, letter, open, read_out, settings};
use crate::support::between::Between;
use crate::support::dovecot::{Dovecot, Person, available};

async fn uids(mailbox: &ImapMailbox) -> (u32, Vec<u32>) {
    let (messages, stand) = read_out(mailbox, BEGINNING).await;
    let uids = messages.iter().map(|message| message.uid).collect();
    (stand.validity, uids)
}

fn three_letters(dovecot: &Dovecot, user: &str) -> Person {
    let mut person = dovecot.person(user);
    for name in ["a", "b", "c"] {
        person.receives("INBOX", TODAY, &letter(name));
    }
    person
}

#[tokio::test]
async fn a_kept_message_is_marked_and_the_others_are_not() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = three_letters(&dovecot, "mark");
    let mut settings = settings(dovecot.port(), "mark");
    settings.after = After::Mark;
    let mailbox = open(&settings);
    mailbox.check().await.unwrap();
    let (validity, uids) = uids(&mailbox).await;
    for _ in 0..2 {
        mailbox.settle(validity, &uids[..2]).await.unwrap();
        let flags = person.flags("INBOX");
        for (flags, settled) in flags.iter().zip([true, true, false]) {
            assert_eq!(flags.contains("\\Seen"), settled, "{flags}");
            assert_eq!(flags.contains("$Rechtzeitig"), settled, "{flags}");
        }
    }
    // Numbers that are gone, or none, are settled.
    mailbox.settle(validity, &[900, 901]).await.unwrap();
    mailbox.settle(validity, &[]).await.unwrap();
}

#[tokio::test]
async fn where_nothing_is_to_be_changed_nothing_is() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = three_letters(&dovecot, "leave");
    let keep = settings(dovecot.port(), "leave");
    let mut read_only = settings(dovecot.port(), "leave");
    read_only.after = After::Move;
    read_only.done_folder = Some("Erledigt".into());
    read_only.read_only = true;
    for settings in [keep, read_only] {
        let mailbox = open(&settings);
        mailbox.check().await.unwrap();
        let (validity, uids) = uids(&mailbox).await;
        mailbox.settle(validity, &uids).await.unwrap();
        let flags = person.flags("INBOX").concat();
        assert!(
            !flags.contains("Seen") && !flags.contains("$Recht"),
            "{flags}"
        );
        assert_eq!(person.count("INBOX"), 3);
    }
}

#[tokio::test]
async fn a_kept_message_is_moved_and_what_others_marked_stays() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    // With MOVE, and on a server that has none.
    for (user, able) in [("move", true), ("copy", false)] {
        let mut person = three_letters(&dovecot, user);
        person.says("SELECT INBOX");
        person.says("UID STORE 3 +FLAGS (\\Deleted)");
        let between = Between::before(dovecot.port()).await;
        if !able {
            between.change(" MOVE ", " XOVE ");
        }
        let mut settings = settings(between.port(), user);
        settings.after = After::Move;
        settings.done_folder = Some("Erledigt für uns".into());
        let mailbox = open(&settings);
        let (validity, uids) = uids(&mailbox).await;
        assert_eq!(uids, [1, 2, 3]);
        // A person took one away meanwhile; and a repeat changes nothing.
        person.says("UID MOVE 2 Sent");
        for _ in 0..2 {
            mailbox.settle(validity, &[1, 2]).await.unwrap();
        }
        assert_eq!(person.count("Erledigt f&APw-r uns"), 1);
        assert_eq!(person.count("INBOX"), 1, "the one that is marked stays");
        assert_eq!(between.heard("UID MOVE"), able);
        assert_eq!(between.heard("UID EXPUNGE 1\r\n"), !able);
        assert_eq!(between.lines(), 1, "all of it over one line");
    }
}

#[tokio::test]
async fn without_a_way_to_remove_single_messages_nothing_is_moved() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = three_letters(&dovecot, "unable");
    let between = Between::before(dovecot.port()).await;
    between.change(" MOVE ", " XOVE ");
    between.change(" UIDPLUS ", " XIDPLUS ");
    let mut settings = settings(between.port(), "unable");
    settings.after = After::Move;
    settings.done_folder = Some("Erledigt".into());
    let mailbox = open(&settings);
    let (validity, uids) = uids(&mailbox).await;
    let trouble = mailbox.settle(validity, &uids).await.unwrap_err();
    assert!(
        matches!(&trouble, Trouble::Never { why } if why.contains("UIDPLUS")),
        "{trouble}"
    );
    assert_eq!(person.count("INBOX"), 3);
}

#[tokio::test]
async fn a_yes_without_a_change_is_no_yes() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    three_letters(&dovecot, "pretend");
    let between = Between::before(dovecot.port()).await;
    between.change("\\Seen", "\\Sean");
    let mut settings = settings(between.port(), "pretend");
    settings.after = After::Mark;
    let mailbox = open(&settings);
    let (validity, uids) = uids(&mailbox).await;
    let trouble = mailbox.settle(validity, &uids).await.unwrap_err();
    assert!(
        trouble.may_heal() && trouble.why().contains("changed nothing"),
        "{trouble}"
    );
}

#[tokio::test]
async fn a_copy_of_what_was_sent_is_filed_once() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("sent");
    // The server's own folder, one that is there, and one that is not there yet.
    for (folder, written) in [
        ("auto", "Sent"),
        ("Sent/Büro", "Sent/B&APw-ro"),
        ("Gesendet \"neu\"", "Gesendet \\\"neu\\\""),
    ] {
        let mut settings = settings(dovecot.port(), "sent");
        settings.sent_folder = Some(folder.into());
        let mailbox = open(&settings);
        // One whose id only contains the other is another letter.
        for id in ["11", "1", "1", "1"] {
            let raw = letter(id);
            let id = format!("<{id}@post.example>");
            mailbox.file_copy(&id, &raw).await.unwrap();
        }
        assert_eq!(person.count(written), 2, "{folder}");
        assert!(
            person
                .flags(written)
                .iter()
                .all(|flags| flags.contains("\\Seen"))
        );
        for id in ["", "<a\r\nt LOGOUT@post.example>", "<ü@post.example>"] {
            let trouble = mailbox.file_copy(id, b"x").await.unwrap_err();
            assert!(!trouble.may_heal(), "{trouble}");
        }
    }
    // Where no folder is set, nothing is asked of the server.
    let nowhere = settings(1, "sent");
    open(&nowhere)
        .file_copy("<1@post.example>", b"x")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_server_that_names_no_folder_for_sent_mail_makes_that_known() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let between = Between::before(dovecot.port()).await;
    between.change("\\Sent", "\\Tent");
    let mut settings = settings(between.port(), "unnamed");
    settings.sent_folder = Some("auto".into());
    let trouble = open(&settings)
        .file_copy("<1@post.example>", b"x")
        .await
        .unwrap_err();
    assert!(
        !trouble.may_heal() && trouble.why().contains("sent_folder"),
        "{trouble}"
    );
}
