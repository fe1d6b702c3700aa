//! The links of a person: opening one changes nothing, its button does, and a dead one tells nothing.

use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::{filled, send};
use crate::support::door::Door;
use crate::support::office::Office;

/// Whatever a look could have changed.
async fn traces(office: &Office) -> Vec<i64> {
    let mut rows = Vec::new();
    for table in [
        "cases",
        "event",
        "message",
        "link",
        "file",
        "submission",
        "job",
    ] {
        rows.push(
            office
                .number_of(format!("SELECT count(*) AS count FROM {table}"))
                .await,
        );
    }
    rows.push(office.number_of("SELECT count(*) AS count FROM link WHERE revoked_at IS NULL AND code_digest IS NULL").await);
    rows
}

#[tokio::test]
async fn looking_changes_nothing_whoever_looks() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-b1.example");
    let receipt = johanna.asks(&office, &[Right::Access]).await;
    office.jobs_run().await;
    let mailbox = johanna.link(&office, "confirm").text();
    office.keep_secret(&mailbox);
    office.keep_secret(&receipt.status.text());
    let before = traces(&office).await;
    let status = receipt.status.text();
    for path in [
        "/",
        "/kontor",
        "/kontor/",
        "/leuchten",
        "/fliesen/",
        "/kontor/request",
        "/kontor/request?wish=15&wish=21(2)",
        "/kontor/request/all",
        "/kontor/privacy",
        "/kontor/accessibility",
        "/robots.txt",
        "/healthz",
        "/readyz",
        &format!("/confirm/{mailbox}"),
        &format!("/disown/{mailbox}"),
        &format!("/status/{status}"),
        &format!("/status/{status}?lang=en"),
        &format!("/status/{status}/revoke"),
        &format!("/kontor/sent/{status}"),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = door.ask(method, path, "", b"");
            assert_eq!(answer.status, 200, "{method} {path}\n{}", answer.head);
            assert_eq!(answer.body.is_empty(), method == "HEAD", "{method} {path}");
        }
    }
    assert_eq!(traces(&office).await, before);
}

#[tokio::test]
async fn the_buttons_of_the_first_mail_confirm_or_disown_once() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let vera = office.clerk("Vera Aktenberg", Role::Handler).await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-b2.example");
    let receipt = johanna.asks(&office, &[Right::Access]).await;
    office.jobs_run().await;
    let token = johanna.link(&office, "confirm").text();
    let (confirm, disown) = (format!("/confirm/{token}"), format!("/disown/{token}"));

    assert!(
        door.get(&confirm)
            .text()
            .contains("Kommt dieser Antrag von Ihnen?")
    );
    for _ in 0..2 {
        assert_eq!(door.post(&confirm, &[]).location(), confirm);
        let done = door.get(&confirm).text();
        assert!(
            done.contains("Danke, bestätigt")
                && done.contains(&receipt.number)
                && done.contains("/status/")
        );
    }
    assert_eq!(door.get(&disown).status, 410, "it was she");
    assert_eq!(door.post(&disown, &[]).status, 410);
    office.jobs_run().await;
    assert_eq!(johanna.mails(&office).len(), 2);
    drop(vera);

    let other = office.subject("Otto Fremdmann", "otto@post-b2.example");
    other.asks(&office, &[Right::Erasure]).await;
    office.jobs_run().await;
    let token = other.link(&office, "confirm").text();
    let (confirm, disown) = (format!("/confirm/{token}"), format!("/disown/{token}"));
    door.post(&disown, &[]).location();
    assert!(door.get(&disown).text().contains("Danke für Ihren Hinweis"));
    assert_eq!(door.post(&confirm, &[]).status, 410);
    assert_eq!(door.get(&confirm).status, 410);
}

#[tokio::test]
async fn a_dead_link_looks_like_one_that_never_was() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-b3.example");
    let receipt = johanna.asks(&office, &[Right::Access]).await;
    let status = format!("/status/{}", receipt.status.text());
    assert!(
        door.get(&format!("{status}/revoke"))
            .text()
            .contains("Diesen Link abschalten?")
    );
    assert_eq!(door.get(&status).status, 200);
    assert!(
        door.post(&format!("{status}/revoke"), &[])
            .text()
            .contains("Der Link ist abgeschaltet")
    );
    let dead = door.get(&status);
    assert_eq!(dead.status, 410);
    for path in [
        "/status/AAECAwQFBgcICQoLDA0ODw",
        "/status/x",
        "/confirm/AAECAwQFBgcICQoLDA0ODw",
        "/disown/%00",
        "/answer/AAECAwQFBgcICQoLDA0ODw",
        "/kontor/sent/x",
    ] {
        let never = door.get(path);
        assert_eq!((never.status, never.text()), (410, dead.text()), "{path}");
    }
    assert_eq!(door.get("/nobody/request").status, 404);
}

#[tokio::test]
async fn a_message_with_a_file_is_heard_once() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let vera = office.clerk("Vera Aktenberg", Role::Handler).await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-b4.example");
    let receipt = johanna.asks(&office, &[Right::Access]).await;
    let status = format!("/status/{}", receipt.status.text());
    let post = format!("{status}/message");

    let page = door.get(&status);
    assert!(page.text().contains("Eingegangen") && page.text().contains("noch nicht bestätigt"));
    let empty = send(&door, &post, &page, &[], "send");
    assert!(empty.status == 422 && empty.text().contains("<a href=\"#message\">"));
    let typed = filled(
        &empty,
        &[("message", "Meine Kundennummer ist 4711.")],
        "attach",
    );
    let typed: Vec<(&str, &str)> = typed
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let kept = door.post_files(&post, &typed, &[("beleg.txt", b"Beleg")]);
    assert!(kept.text().contains("beleg.txt") && kept.field("message").contains("4711"));
    for _ in 0..2 {
        let sent = send(&door, &post, &kept, &[], "send");
        assert!(
            door.get(sent.location())
                .text()
                .contains("Ihre Nachricht ist bei uns.")
        );
    }
    let file = office.case_file(&vera.scope, receipt.case).await.unwrap();
    let replies: Vec<_> = file
        .messages
        .iter()
        .filter(|message| message.kind == "reply")
        .collect();
    assert_eq!(replies.len(), 1);
    assert_eq!(replies[0].body.files.len(), 1);
    assert_eq!(file.files.len(), 1);
}

#[tokio::test]
async fn one_click_stops_advertising_and_the_button_in_the_mail_undoes_it() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let url = office
        .stop_url(&vera.scope, office.company(), "klara@post-b9.example")
        .unwrap();
    let path = format!("/stop/{}", url.reveal().rsplit('/').next().unwrap());
    let before = traces(&office).await;
    assert!(door.get(&path).text().contains("Keine Werbung mehr"));
    assert_eq!(
        traces(&office).await,
        before,
        "looking does nothing: mail scanners look"
    );
    // As a mail program does it: no cookie, no page before (RFC 8058).
    let done = door.post(&path, &[("List-Unsubscribe", "One-Click")]);
    assert_eq!(done.status, 200, "{}", done.head);
    assert!(done.text().contains("Erledigt"), "{}", done.text());
    assert_eq!(
        door.post(&path, &[("List-Unsubscribe", "One-Click")])
            .status,
        200
    );
    office.jobs_run().await;
    let mails = office.mails_to("klara@post-b9.example");
    assert_eq!(mails.len(), 1);
    let undo = format!("/advertising/{}", mails[0].token("advertising").text());
    assert!(door.get(&undo).text().contains("Rückgängig machen"));
    let pressed = door.post(&undo, &[]);
    assert!(
        door.get(pressed.location())
            .text()
            .contains("nicht mehr auf der Sperrliste")
    );
    assert_eq!(door.get("/stop/1.AAAA").status, 410);
    assert_eq!(door.post("/stop/nothing", &[]).status, 410);
}
