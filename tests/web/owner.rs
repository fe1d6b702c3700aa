//! The page of a system's owner: a code, what to look for, one answer. Without a script, and nothing is read back.

use rechtzeitig::casework::RegisterEntry;
use rechtzeitig::domain::register::System;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::{Role, Scope};

use crate::support::door::{Answer, Door};
use crate::support::office::Office;

pub(super) const KARLA: &str = "karla.keller@post-o9.example";

/// The office in which the owner of the shop was asked, and the path of her link.
pub(super) async fn asked(office: &Office) -> String {
    office.keep_secret(KARLA);
    let house = Scope::of_house(office.company());
    let register = office.register(&house, office.company()).await.unwrap();
    let entry = register
        .into_iter()
        .find(|it| it.system.slug == "shop")
        .unwrap();
    let system = System {
        owner: KARLA.into(),
        ..entry.system.clone()
    };
    let entry = RegisterEntry { system, ..entry };
    office
        .put_system(&house, office.company(), entry)
        .await
        .unwrap();
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-o8.example");
    let case = johanna
        .asks_and_confirms(office, &[Right::Access])
        .await
        .case;
    vera.confirms_identity(office, case).await;
    office.jobs_run().await;
    let token = office.last_mail_to(KARLA).token("task").text();
    office.keep_secret(&token);
    format!("/task/{token}")
}

/// What the form of the task carries, with an answer in it.
fn said<'a>(
    page: &(String, String),
    outcome: &'a str,
    words: &'a str,
    press: &'a str,
) -> Vec<(String, String)> {
    [
        ("pass", page.0.as_str()),
        ("form_key", page.1.as_str()),
        ("outcome", outcome),
        ("message", words),
        ("do", press),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn send(door: &Door, path: &str, fields: &[(String, String)], files: &[(&str, &[u8])]) -> Answer {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    door.post_files(path, &fields, files)
}

#[tokio::test]
async fn the_owner_of_a_system_answers_without_an_account_and_without_a_script() {
    let office = Office::open().await;
    let path = asked(&office).await;
    let door = Door::open(&office);

    // A mail program that looks behind the link changes nothing.
    let links = "SELECT count(*) AS count FROM link WHERE code_digest IS NOT NULL";
    for _ in 0..2 {
        let look = door.get(&path);
        assert_eq!(look.status, 200);
        let text = look.text();
        assert!(
            text.contains("Ladenkonto") && text.contains("k…@post-o9.example"),
            "{text}"
        );
        assert!(
            !text.contains("johanna") && !text.contains("<script"),
            "{text}"
        );
    }
    assert_eq!(office.number_of(links).await, 0);

    let sent = door.post(&path, &[("do", "code")]);
    assert_eq!(sent.location(), format!("{path}?code=1"));
    office.jobs_run().await;
    let code = office.last_mail_to(KARLA).code();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for (typed, words) in [
        ("", "Geben Sie den Code ein"),
        (wrong, "Der Code stimmt nicht"),
    ] {
        let page = door.post(&path, &[("do", "open"), ("code", typed)]);
        assert!(
            page.status == 422 && page.text().contains(words),
            "{}",
            page.text()
        );
    }
    let open = door.post(&path, &[("do", "open"), ("code", &code)]);
    let text = open.text();
    assert_eq!(open.status, 200, "{text}");
    assert!(
        text.contains("johanna@post-o8.example") && text.contains("Zugangsdaten und Anschriften")
    );
    // The account is searched by the address; the name is none of its owner's business.
    assert!(
        !text.contains("Beispielhuber") && !text.contains("<script"),
        "{text}"
    );
    let keys = (open.field("pass"), open.field("form_key"));

    let nothing_chosen = send(&door, &path, &said(&keys, "", "", "answer"), &[]);
    assert_eq!(nothing_chosen.status, 422);
    assert!(nothing_chosen.text().contains("Wählen Sie, was herauskam."));
    let why = send(
        &door,
        &path,
        &said(&keys, "not-possible", "", "answer"),
        &[],
    );
    assert!(why.status == 422 && why.text().contains("warum es nicht möglich ist"));

    let files: &[(&str, &[u8])] = &[("konto-johanna.txt", b"Konto 4711")];
    let kept = send(
        &door,
        &path,
        &said(&keys, "nothing", "gesucht", "attach"),
        files,
    );
    let text = kept.text();
    assert!(
        text.contains("Eine Datei ist hochgeladen.") && text.contains("gesucht"),
        "{text}"
    );
    assert!(
        !text.contains("konto-johanna"),
        "a name is not read back: {text}"
    );
    let both = send(
        &door,
        &path,
        &said(&keys, "nothing", "gesucht", "answer"),
        &[],
    );
    assert!(both.status == 422 && both.text().contains("Sie haben Dateien hochgeladen."));
    let none = send(
        &door,
        &path,
        &said(&keys, "nothing", "gesucht", "remove:all"),
        &[],
    );
    assert!(!none.text().contains("hochgeladen."), "{}", none.text());

    let found = said(&keys, "found", "ein Konto", "answer");
    for _ in 0..2 {
        let thanks = send(&door, &path, &found, files);
        assert!(
            thanks.status == 200 && thanks.text().contains("Danke"),
            "{}",
            thanks.text()
        );
    }
    let answered = "SELECT count(*) AS count FROM event WHERE kind = 'collection.answered'";
    assert_eq!(office.number_of(answered).await, 1);
    let files = "SELECT count(*) AS count FROM file WHERE purpose = 'finding'";
    assert_eq!(office.number_of(files).await, 1);
    assert_eq!(door.get(&path).status, 410);
    assert_eq!(door.post(&path, &[("do", "code")]).status, 410);
}

#[tokio::test]
async fn without_a_pass_nothing_is_taken_in() {
    let office = Office::open().await;
    let path = asked(&office).await;
    let door = Door::open(&office);
    let page = door.get(&path);
    let keys = ("AAAAAAAAAAAAAAAAAAAAAA".to_owned(), String::new());
    let files: &[(&str, &[u8])] = &[("a.txt", b"x")];
    let tried = send(&door, &path, &said(&keys, "found", "x", "answer"), files);
    assert_eq!(tried.status, 200);
    assert!(tried.text().contains("Code anfordern") && page.text().contains("Code anfordern"));
    assert_eq!(
        office.number_of("SELECT count(*) AS count FROM file").await,
        0
    );
    for dead in ["/task/AAECAwQFBgcICQoLDA0ODw", "/task/x"] {
        assert_eq!(door.get(dead).status, 410, "{dead}");
    }
}
