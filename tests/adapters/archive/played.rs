//! Gmail, the bridge of Proton, and servers that are ill, each as it would be met.

use rechtzeitig::ports::source::{Doubt, Fate, Fault, Manner, Source};

use super::super::conformance::{email, find};
use super::server::{Quirk, Server};
use super::{archive, copied, found, letter, subjects};

const OFFERS: &str = "UIDPLUS MOVE LITERAL+ SPECIAL-USE LIST-EXTENDED";
const GMAIL: &str = "UIDPLUS MOVE LITERAL- SPECIAL-USE X-GM-EXT-1";
const LABELS: [(&str, &str); 6] = [
    ("INBOX", ""),
    ("Customers", ""),
    ("Private", ""),
    ("[Gmail]/Alle Nachrichten", "\\All"),
    ("[Gmail]/Papierkorb", "\\Trash"),
    ("[Gmail]/Spam", "\\Junk"),
];
const SHELVES: [(&str, &str); 8] = [
    ("INBOX", ""),
    ("Trash", "\\Trash"),
    ("All Mail", "\\All"),
    ("Starred", "\\Flagged"),
    ("Folders", "\\Noselect"),
    ("Folders/Orders", ""),
    ("Labels", "\\Noselect"),
    ("Labels/Urgent", ""),
];

fn hers(subject: &str) -> Vec<u8> {
    letter(
        &format!(
            "From: anna@post.example\nMessage-ID: <{subject}@post.example>\nSubject: {subject}"
        ),
        "Hello",
    )
}

async fn plain(quirk: Quirk) -> Server {
    let server = Server::open(OFFERS, &[("INBOX", ""), ("Empty", "")]).await;
    let mut state = server.state();
    state.quirk = quirk;
    state.folder("INBOX").put(&hers("hers"), 1, "");
    state
        .folder("INBOX")
        .put(&letter("From: otto@post.example\nSubject: his", "x"), 2, "");
    drop(state);
    server
}

#[tokio::test]
async fn in_gmail_a_message_with_many_labels_is_one_and_goes_through_the_bin() {
    let server = Server::open(GMAIL, &LABELS).await;
    {
        let mut state = server.state();
        state.quirk = Quirk::LabelsOnly;
        for folder in ["INBOX", "Customers", "[Gmail]/Alle Nachrichten"] {
            state
                .folder(folder)
                .put(&hers("one"), 11, "\\Inbox Customers");
        }
        state.folder("[Gmail]/Spam").put(&hers("junk"), 12, "");
        let forged = letter(
            "From: \"anna@post.example\" <mallory@fremd.example>\nSubject: forged",
            "x",
        );
        state.folder("[Gmail]/Papierkorb").put(&forged, 14, "");
        for folder in ["Private", "[Gmail]/Alle Nachrichten"] {
            state.folder(folder).put(&hers("shut"), 13, "Private");
        }
    }
    let source = archive(server.port, "u", "").unwrap();
    let (records, search) = find(&source, &[email("anna@post.example")]).await.unwrap();
    // What is not hers by its address may still mention her.
    assert_eq!(subjects(&records), ["forged", "junk", "one"]);
    assert!(search.doubts.contains(&Doubt::Closed("Private".into())));
    assert!(server.heard("X-GM-RAW \"{from:anna@post.example to:"));
    assert!(!server.heard("EXAMINE \"INBOX\"") && !server.heard("EXAMINE \"Private\""));
    // Not even the head of what a shut label hides was read: its number in the folder of all messages is 2.
    assert!(
        !server
            .state()
            .said
            .iter()
            .any(|it| it.contains("HEADER]") && it.starts_with("UID FETCH 2"))
    );
    let one = records
        .iter()
        .find(|it| it.title.reveal() == "one")
        .unwrap();
    let done = source
        .erases()
        .unwrap()
        .erase(&one.reference, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(done.fate, Fate::Gone);
    for folder in server.state().folders.iter() {
        assert!(
            !folder.mails.iter().any(|it| it.number == 11),
            "{}",
            folder.name
        );
    }
    assert!(server.heard("UID MOVE") && server.heard("SELECT \"[Gmail]/Papierkorb\""));
    assert_eq!(found(&source, &[email("anna@post.example")]).await.len(), 2);
}

#[tokio::test]
async fn what_lies_in_the_bin_because_the_line_broke_is_not_called_gone() {
    let server = Server::open(GMAIL, &LABELS).await;
    {
        let mut state = server.state();
        state.quirk = Quirk::LabelsOnly;
        for folder in ["INBOX", "[Gmail]/Alle Nachrichten"] {
            state.folder(folder).put(&hers("one"), 11, "\\Inbox");
        }
        let other = hers("two");
        state.folder("[Gmail]/Papierkorb").put(&other, 12, "");
    }
    let source = archive(server.port, "u", "").unwrap();
    let records = found(&source, &[email("anna@post.example")]).await;
    let one = records
        .iter()
        .find(|it| it.title.reveal() == "one")
        .unwrap();
    let erases = source.erases().unwrap();
    server.state().quirk = Quirk::BreaksAfterMove;
    erases
        .erase(&one.reference, Manner::Erase)
        .await
        .unwrap_err();
    let in_bin = |server: &Server| -> Vec<u64> {
        let mut state = server.state();
        let bin = state.folder("[Gmail]/Papierkorb");
        bin.mails.iter().map(|it| it.number).collect()
    };
    assert_eq!(in_bin(&server), [12, 11], "moved, and not taken away");
    server.state().quirk = Quirk::LabelsOnly;
    let preview = erases.preview(&one.reference, Manner::Erase).await.unwrap();
    assert!(preview.there);
    assert_eq!(in_bin(&server), [12, 11], "a preview changes nothing");
    for _ in 0..2 {
        let done = erases.erase(&one.reference, Manner::Erase).await.unwrap();
        assert_eq!(done.fate, Fate::Gone);
        assert_eq!(in_bin(&server), [12], "and nobody else's");
    }
}

#[tokio::test]
async fn what_lies_in_a_folder_of_ours_because_the_line_broke_is_not_called_gone() {
    let server = Server::open("MOVE LITERAL+", &[("INBOX", "")]).await;
    for subject in ["one", "two"] {
        server.state().folder("INBOX").put(&hers(subject), 1, "");
    }
    let source = archive(server.port, "u", "").unwrap();
    let records = found(&source, &[email("anna@post.example")]).await;
    let one = records
        .iter()
        .find(|it| it.title.reveal() == "one")
        .unwrap();
    let erases = source.erases().unwrap();
    server.state().quirk = Quirk::BreaksAfterMove;
    erases
        .erase(&one.reference, Manner::Erase)
        .await
        .unwrap_err();
    assert_eq!(server.state().folders.len(), 2, "in a folder of ours");
    server.state().quirk = Quirk::None;
    for _ in 0..2 {
        let done = erases.erase(&one.reference, Manner::Erase).await.unwrap();
        assert_eq!(done.fate, Fate::Gone);
        let state = server.state();
        assert_eq!(state.folders.len(), 1);
        assert_eq!(state.folders[0].mails.len(), 1);
    }
}

#[tokio::test]
async fn a_gmail_that_hides_its_folder_of_all_messages_is_searched_by_label_each_message_once() {
    let shown: Vec<_> = LABELS.into_iter().filter(|it| it.1 != "\\All").collect();
    let server = Server::open(GMAIL, &shown).await;
    for folder in ["INBOX", "Customers"] {
        server
            .state()
            .folder(folder)
            .put(&hers("one"), 11, "\\Inbox Customers");
    }
    let source = archive(server.port, "u", "").unwrap();
    let (records, search) = find(&source, &[email("anna@post.example")]).await.unwrap();
    assert_eq!(subjects(&records), ["one"]);
    assert!(search.doubts.contains(&Doubt::Unseen(vec!["\\All".into()])));
}

#[tokio::test]
async fn only_who_says_so_is_asked_in_the_words_of_gmail() {
    let server = plain(Quirk::None).await;
    let source = archive(server.port, "u", "").unwrap();
    assert_eq!(
        subjects(&found(&source, &[email("anna@post.example")]).await),
        ["hers"]
    );
    assert!(!server.heard("X-GM"));
}

#[tokio::test]
async fn labels_of_proton_show_no_second_message_unless_it_is_one() {
    let server = Server::open(OFFERS, &SHELVES).await;
    {
        let mut state = server.state();
        state.quirk = Quirk::LabelsOnly;
        for folder in ["Folders/Orders", "Labels/Urgent", "All Mail", "Starred"] {
            state.folder(folder).put(&hers("one"), 21, "");
        }
        // The same Message-ID and the same size, and another text.
        let mut other = hers("one");
        let at = other.len() - 3;
        other[at] = b'!';
        state.folder("Labels/Urgent").put(&other, 22, "");
    }
    let source = archive(server.port, "u", "").unwrap();
    let records = found(&source, &[email("anna@post.example")]).await;
    assert_eq!(records.len(), 2);
    let one = records
        .iter()
        .find(|it| it.reference.id.reveal().starts_with("Folders/Orders;"))
        .unwrap();
    let done = source
        .erases()
        .unwrap()
        .erase(&one.reference, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(done.fate, Fate::Gone);
    assert!(
        server
            .state()
            .folders
            .iter()
            .all(|it| it.mails.iter().all(|it| it.number != 21))
    );
    assert!(server.heard("UID MOVE 1 \"Trash\""));
}

#[tokio::test]
async fn two_messages_that_are_equal_in_two_folders_are_two() {
    let server = Server::open(OFFERS, &[("INBOX", ""), ("Customers", "")]).await;
    for folder in ["INBOX", "Customers"] {
        server.state().folder(folder).put(&hers("one"), 1, "");
    }
    let source = archive(server.port, "u", "").unwrap();
    assert_eq!(found(&source, &[email("anna@post.example")]).await.len(), 2);
}

#[tokio::test]
async fn servers_that_know_no_or_and_no_umlauts_are_asked_in_simpler_words() {
    let server = plain(Quirk::NoOr).await;
    let source = archive(server.port, "u", "").unwrap();
    assert_eq!(
        subjects(&found(&source, &[email("anna@post.example")]).await),
        ["hers"]
    );
    assert!(server.heard("UID SEARCH FROM \"anna@post.example\""));
    let server = plain(Quirk::AsciiOnly).await;
    let umlaut = letter("From: j\u{f6}rg@post.example\nSubject: umlaut", "x");
    server.state().folder("INBOX").put(&umlaut, 3, "");
    let source = archive(server.port, "u", "").unwrap();
    assert_eq!(
        subjects(&found(&source, &[email("j\u{f6}rg@post.example")]).await),
        ["umlaut"]
    );
    assert!(
        server.heard("CHARSET UTF-8")
            && server.heard("UID SEARCH OR OR OR OR OR FROM \"rg@post.example\"")
    );
}

#[tokio::test]
async fn a_server_that_does_not_search_is_told_from_one_that_finds_much() {
    let server = plain(Quirk::FindsAll).await;
    let source = archive(server.port, "u", "").unwrap();
    // A few are passed over.
    assert_eq!(
        subjects(&found(&source, &[email("anna@post.example")]).await),
        ["hers"]
    );
    for number in 0..200 {
        let head = format!("From: p{number}@post.example\nSubject: foreign");
        server
            .state()
            .folder("INBOX")
            .put(&letter(&head, "x"), 100 + number, "");
    }
    let mishap = find(&source, &[email("anna@post.example")])
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Flooded);
}

#[tokio::test]
async fn a_folder_that_cannot_be_searched_is_said_and_all_of_them_are_no_answer() {
    let server = plain(Quirk::NoSearch).await;
    let source = archive(server.port, "u", "").unwrap();
    let (records, search) = find(&source, &[email("anna@post.example")]).await.unwrap();
    // The empty one was not asked: some refuse there what they would find nothing by.
    assert!(records.is_empty() && search.doubts.contains(&Doubt::Closed("INBOX".into())));
    assert!(!search.asked.iter().any(|it| it.place == "INBOX"));
    server.state().folders.retain(|it| it.name == "INBOX");
    let mishap = find(&source, &[email("anna@post.example")])
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Forbidden);
}

#[tokio::test]
async fn what_is_no_answer_is_taken_for_none() {
    for (quirk, faults) in [
        (Quirk::Endless, &[Fault::TooLarge, Fault::Slow][..]),
        (Quirk::Garbage, &[Fault::Unreadable]),
        (Quirk::Hangs, &[Fault::Slow]),
    ] {
        let server = plain(quirk).await;
        let mut settings = format!(
            "host = '127.0.0.1'\nport = {}\nsecurity = 'none'\n",
            server.port
        );
        let key = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(key.path(), "x").unwrap();
        settings.push_str(&format!(
            "reader = {{ user = 'u', key = {{ file = '{}' }} }}",
            key.path().display()
        ));
        let patience = std::time::Duration::from_secs(2);
        let source = rechtzeitig::mail::archive::ImapArchive::new(
            &toml::from_str(&settings).unwrap(),
            patience,
            1000,
        )
        .unwrap();
        let mishap = find(&source, &[email("anna@post.example")])
            .await
            .unwrap_err();
        assert!(faults.contains(&mishap.fault), "{quirk:?}: {mishap}");
        assert!(!mishap.to_string().contains("anna"));
    }
}

#[tokio::test]
async fn a_mark_that_was_not_set_is_seen() {
    let server = plain(Quirk::StoreLies).await;
    let source = archive(server.port, "u", "").unwrap();
    let records = found(&source, &[email("anna@post.example")]).await;
    let mishap = source
        .erases()
        .unwrap()
        .erase(&records[0].reference, Manner::Erase)
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::NotWritten);
    assert!(!server.heard("UID EXPUNGE"));
}

#[tokio::test]
async fn after_the_last_message_is_erased_the_empty_folder_is_not_searched() {
    let server = plain(Quirk::None).await;
    server.state().folder("INBOX").mails.truncate(1);
    let source = archive(server.port, "u", "").unwrap();
    let records = found(&source, &[email("anna@post.example")]).await;
    server.state().quirk = Quirk::NoSearch;
    let done = source
        .erases()
        .unwrap()
        .erase(&records[0].reference, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(done.fate, Fate::Gone);
    assert!(server.state().folder("INBOX").mails.is_empty());
}

#[tokio::test]
async fn a_server_that_gives_small_pieces_gives_the_whole_all_the_same() {
    let server = plain(Quirk::SmallPieces).await;
    let long = letter(
        "From: anna@post.example\nSubject: long",
        &"word ".repeat(300),
    );
    server.state().folder("INBOX").put(&long, 4, "");
    let source = archive(server.port, "u", "texts = false").unwrap();
    let records = found(&source, &[email("anna@post.example")]).await;
    let record = records
        .iter()
        .find(|it| it.title.reveal() == "long")
        .unwrap();
    assert!(copied(&source, record).await.unwrap() == long);
}
