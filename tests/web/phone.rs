//! The counter in a browser: a phone without JavaScript, and every page under the eyes of axe.

use fantoccini::Locator;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::axe::assert_accessible;
use crate::support::browser::{self, Browser, Session};
use crate::support::door::Door;
use crate::support::office::Office;

async fn press(page: &Session, css: &str) {
    let button = page
        .find(Locator::Css(css))
        .await
        .unwrap_or_else(|_| panic!("no {css}"));
    button.click().await.unwrap();
}

async fn type_in(page: &Session, css: &str, text: &str) {
    page.find(Locator::Css(css))
        .await
        .unwrap_or_else(|_| panic!("no {css}"))
        .send_keys(text)
        .await
        .unwrap();
}

/// Waits for a page with these words, which fits its window.
async fn shows(page: &Session, words: &str, picture: &str) {
    let body = format!("//body[contains(., '{words}')]");
    let there = page.wait().for_element(Locator::XPath(&body)).await;
    page.picture(picture).await;
    if there.is_err() {
        panic!("{words} is not in\n{}", page.source().await.unwrap());
    }
    assert!(
        !page.overflows().await,
        "{picture} can be scrolled sideways"
    );
}

async fn waits_for(page: &Session, css: &str) {
    page.wait()
        .for_element(Locator::Css(css))
        .await
        .unwrap_or_else(|_| panic!("no {css}"));
}

const NEXT: &str = "main button[value=next]";

#[tokio::test]
async fn a_phone_without_javascript_files_a_request() {
    if !browser::available() {
        return;
    }
    let office = Office::open().await;
    let door = Door::open(&office);
    let page = Browser::phone().without_script().open().await;
    page.goto(&door.url("/kontor/")).await.unwrap();
    shows(&page, "Ihre Daten bei uns", "phone-1-home").await;
    press(&page, "main a.button").await;

    waits_for(&page, NEXT).await;
    press(&page, NEXT).await;
    shows(&page, "Bitte sehen Sie noch einmal hin", "phone-2-fault").await;
    assert!(page.title().await.unwrap().starts_with("Fehler: "));
    let focus = page.active_element().await.unwrap();
    assert_eq!(
        focus.attr("class").await.unwrap().as_deref(),
        Some("errors"),
        "the summary has the focus"
    );
    press(&page, ".errors a").await;
    assert!(page.current_url().await.unwrap().fragment() == Some("wish"));

    press(&page, "label[for=wish-know]").await;
    press(&page, "label[for=wish-delete]").await;
    type_in(&page, "#words", "Es geht um mein altes Kundenkonto.").await;
    press(&page, NEXT).await;
    shows(&page, "Erst die Kopie, dann löschen?", "phone-3-order").await;
    press(&page, "label[for=order-copy]").await;
    press(&page, NEXT).await;
    waits_for(&page, "#email").await;

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vertrag.txt");
    std::fs::write(&file, "Vertrag").unwrap();
    type_in(&page, "#name", "Johanna Beispielhuber").await;
    type_in(&page, "#email", "johanna@").await;
    type_in(&page, "#files", file.to_str().unwrap()).await;
    press(&page, NEXT).await;
    shows(
        &page,
        "Geben Sie eine vollständige E-Mail-Adresse ein",
        "phone-4-fault",
    )
    .await;
    shows(&page, "vertrag.txt", "phone-4-fault").await;
    // Enter in a field goes on; it must not press the button that changes the language.
    let email = page.find(Locator::Css("#email")).await.unwrap();
    email.clear().await.unwrap();
    email
        .send_keys("johanna@post-e1.example\u{e007}")
        .await
        .unwrap();
    shows(&page, "Stimmt alles?", "phone-5-check").await;
    press(&page, "main button[value=send]").await;
    shows(&page, "Ihr Antrag ist bei uns", "phone-6-sent").await;
    shows(&page, "Donnerstag, 2. April 2026", "phone-6-sent").await;
    page.refresh().await.unwrap();
    shows(&page, "Ihr Antrag ist bei uns", "phone-6-sent").await;
    assert_eq!(
        office
            .number_of("SELECT count(*) AS count FROM cases")
            .await,
        1
    );
    assert_eq!(
        office
            .number_of("SELECT count(*) AS count FROM file WHERE case_id IS NOT NULL")
            .await,
        1
    );
}

#[tokio::test]
async fn every_public_page_passes_axe_in_light_and_dark() {
    if !browser::available() {
        return;
    }
    let office = Office::open().await;
    let door = Door::open(&office);
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-e2.example");
    let waiting = johanna
        .asks(&office, &[Right::Access, Right::Erasure])
        .await;
    office.jobs_run().await;
    let mailbox = johanna.link(&office, "confirm").text();
    let klara = office.subject("Klara Musterfeld", "klara@post-e2.example");
    let answered = klara.asks_and_confirms(&office, &[Right::Access]).await;
    vera.answers_access(&office, answered.case).await;
    office.jobs_run().await;
    let answer = klara.link(&office, "answer").text();

    let stop = office
        .stop_url(&vera.scope, office.company(), "willi@post-e2.example")
        .unwrap();
    let stop = stop.reveal().rsplit('/').next().unwrap().to_owned();
    let other = office
        .stop_url(&vera.scope, office.company(), "wilma@post-e2.example")
        .unwrap();
    let other = other.reveal().rsplit('/').next().unwrap().to_owned();
    office.stop_by_click(&other).await.unwrap();
    office.jobs_run().await;
    let told = office.last_mail_to("wilma@post-e2.example");
    let undo = told.token("advertising").text();

    let (status, done) = (waiting.status.text(), answered.status.text());
    let pages = [
        ("houses", "/".to_owned()),
        ("home", "/kontor/".into()),
        ("home-du", "/fliesen/".into()),
        ("wish", "/kontor/request".into()),
        ("all", "/kontor/request/all".into()),
        ("privacy", "/kontor/privacy".into()),
        ("accessibility", "/kontor/accessibility".into()),
        ("confirm", format!("/confirm/{mailbox}")),
        ("disown", format!("/disown/{mailbox}")),
        ("advertising", format!("/advertising/{undo}")),
        ("stop", format!("/stop/{stop}")),
        ("status", format!("/status/{status}")),
        ("status-answered", format!("/status/{done}")),
        ("revoke", format!("/status/{status}/revoke")),
        ("sent", format!("/kontor/sent/{status}")),
        ("answer", format!("/answer/{answer}")),
        ("answer-code", format!("/answer/{answer}?code=1")),
        ("gone", "/status/x".into()),
        ("not-found", "/nowhere".into()),
    ];
    for (mode, window) in [
        ("light", Browser::desk()),
        ("dark", Browser::phone().dark().in_english()),
    ] {
        let page = window.open().await;
        for (name, path) in &pages {
            page.goto(&door.url(path)).await.unwrap();
            let name = format!("{name}-{mode}");
            page.picture(&name).await;
            assert_accessible(&page, &name).await;
            assert!(!page.overflows().await, "{name} can be scrolled sideways");
        }
        // The steps that answer a POST.
        page.goto(&door.url("/kontor/request")).await.unwrap();
        press(&page, NEXT).await;
        waits_for(&page, ".errors").await;
        assert_accessible(&page, "wish with a fault").await;
        press(&page, "label[for=wish-know]").await;
        press(&page, NEXT).await;
        waits_for(&page, "#email").await;
        press(&page, NEXT).await;
        waits_for(&page, "#email-error").await;
        page.picture(&format!("person-fault-{mode}")).await;
        assert_accessible(&page, "person with faults").await;
        type_in(&page, "#name", "Johanna Beispielhuber-Schmalkaldenberger").await;
        type_in(
            &page,
            "#email",
            "johanna.beispielhuber-schmalkaldenberger@post-von-unterwegs-e2.example",
        )
        .await;
        press(&page, NEXT).await;
        waits_for(&page, "button[value=send]").await;
        page.picture(&format!("check-{mode}")).await;
        assert_accessible(&page, "check").await;
        assert!(!page.overflows().await, "check can be scrolled sideways");
    }

    // The answer itself, once, after the code.
    let page = Browser::phone().open().await;
    page.goto(&door.url(&format!("/answer/{answer}")))
        .await
        .unwrap();
    press(&page, "main button[value=code]").await;
    waits_for(&page, "#code").await;
    office.jobs_run().await;
    type_in(&page, "#code", &klara.mails(&office).last().unwrap().code()).await;
    press(&page, "main button[value=open]").await;
    shows(&page, "Leuchte Modell 7", "answer-open").await;
    assert_accessible(&page, "the answer").await;
}
