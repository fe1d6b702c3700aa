//! The desk in a real browser: the keyboard alone, and what a person with an aid would stumble over.

use fantoccini::Locator;
use fantoccini::key::Key;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::web::office::acts::Kind;
use rechtzeitig::web::{Gate, Settings, server};

use super::desk::Door;
use crate::support::axe::assert_accessible;
use crate::support::browser::{self, Browser, Session};
use crate::support::office::Office;

/// An office behind a real door, and the session cookie of a clerk who may do everything.
pub(super) async fn open(office: &Office) -> (actix_test::TestServer, String) {
    let gate = actix_web::web::Data::new(Gate::new(office, &Settings::default()));
    let shared = actix_web::web::Data::from(office.shared());
    let serve = actix_test::start(move || server::app(shared.clone(), gate.clone()));
    let vera = office.clerk("Vera Aktenberg", Role::Admin).await;
    let door = Door::of(office).await;
    let visitor = door.clerk(office, &vera).await;
    (serve, visitor.cookie)
}

/// Sits down at the desk: the cookie that signing in would have set.
pub(super) async fn sit_down(window: &Session, base: &str, cookie: &str) {
    window
        .goto(&format!("{base}/sign-in"))
        .await
        .expect("the door");
    let (name, value) = cookie.split_once('=').expect("a cookie");
    let set = serde_json::json!({ "name": name, "value": value, "url": base, "path": "/", "secure": true, "httpOnly": true });
    window.devtools("Network.setCookie", &set);
}

#[actix_web::test]
async fn no_page_of_the_desk_stands_in_anybodys_way() {
    if !browser::available() {
        return;
    }
    let office = Office::open().await;
    let johanna = office.subject(
        "Johanna Beispielhuber-Donaudampfschifffahrt",
        "johanna.von.beispielhuber-donaudampf@sehr-lange-domain.example",
    );
    let case = johanna
        .asks_and_confirms(&office, &[Right::Access, Right::Erasure])
        .await
        .case;
    let searched = office.subject("Max Suchbeispiel", "max@post-d2.example");
    let search = searched
        .asks_and_confirms(&office, &[Right::Erasure])
        .await
        .case;
    let clerk = office.clerk("Kim Ablage", Role::Decider).await;
    clerk.confirms_identity(&office, search).await;
    let decided = office.subject("Ida Entschieden", "ida@post-d3.example");
    let decide = decided
        .asks_and_confirms(&office, &[Right::Erasure])
        .await
        .case;
    clerk.confirms_identity(&office, decide).await;
    clerk
        .finds(&office, decide, "Warenwirtschaft", "Stammdaten")
        .await;
    clerk.finds_nothing_else(&office, decide).await;
    let (serve, cookie) = open(&office).await;
    let base = format!("http://localhost:{}", serve.addr().port());
    let system = office
        .systems(&clerk.scope, office.company())
        .await
        .expect("a register")[0]
        .id;

    let raw = b"From: Sven Utland-Donaudampfschifffahrt <sven@sehr-lange-domain.example>\r\nSubject: Hej\r\n\
        Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: multipart/alternative; boundary=A\r\n\r\n\
        --A\r\n\r\nJag vill veta vad ni har om mig.\r\n--A\r\nContent-Type: text/html\r\n\r\n<p>Skicka ingenting alls till <a href=https://annan.example>mig</a>, jag har allting jag beh\xc3\xb6ver.\r\n--A--\r\n\
        --B\r\nContent-Type: image/png; name=donaudampfschifffahrtsgesellschaftskapitaensmuetze-vorderansicht.png\r\n\r\nx\r\n\
        --B\r\nContent-Type: application/octet-stream; name=rechnung.exe\r\n\r\nx\r\n--B--\r\n";
    let taken = office
        .hand_in_mail(&clerk.scope, office.company(), raw.to_vec())
        .await
        .expect("a mail that is kept");
    let mail = taken[0];
    office.jobs_run().await;

    let mut pages: Vec<(String, String)> = [
        ("queue", "/desk".to_owned()),
        ("queue-empty", "/desk?tab=overdue".to_owned()),
        ("queue-found", "/desk?q=Beisp".to_owned()),
        ("new", "/desk/new".to_owned()),
        ("inbox", "/desk/inbox".to_owned()),
        ("mails", "/desk/mail".to_owned()),
        ("mails-no", "/desk/mail?pile=no".to_owned()),
        ("mail", format!("/desk/mail/{mail}")),
        ("register", "/desk/register".to_owned()),
        ("questions", "/desk/questions".to_owned()),
        ("law", "/desk/law".to_owned()),
        (
            "system",
            format!("/desk/register/{}/{system}", office.company()),
        ),
        (
            "import",
            format!("/desk/register/{}/import", office.company()),
        ),
        (
            "remove",
            format!("/desk/register/{}/{system}/remove", office.company()),
        ),
        ("ledger", "/desk/ledger".to_owned()),
        ("house", "/desk/house".to_owned()),
        ("clerk-new", "/desk/house/new".to_owned()),
        ("clerk", format!("/desk/house/clerks/{}", clerk.id)),
        (
            "clerk-leave",
            format!("/desk/house/clerks/{}/leave", clerk.id),
        ),
        ("settings", format!("/desk/house/{}", office.company())),
        (
            "deadline",
            "/desk/deadline?place=DE-BY&received=2026-01-31&asked=2026-02-02&answered=2026-02-09"
                .to_owned(),
        ),
        ("account", "/account".to_owned()),
        ("case", format!("/desk/cases/{case}")),
        ("tasks-open", format!("/desk/cases/{search}/tasks")),
        ("decision-open", format!("/desk/cases/{decide}/decision")),
    ]
    .map(|(name, path)| (name.to_owned(), path))
    .to_vec();
    pages.extend(Kind::ALL.map(|kind| {
        (
            format!("act-{}", kind.code()),
            format!("/desk/cases/{case}/{}", kind.code()),
        )
    }));

    let newcomer = office.clerk("Neu Dabei", Role::Handler).await;
    let welcome = format!("/welcome/{}", newcomer.welcome.text());
    let windows = [
        ("wide-light", Browser::desk()),
        ("wide-dark", Browser::desk().dark()),
        ("narrow-light", Browser::phone()),
        ("narrow-dark", Browser::phone().dark()),
    ];
    for (window_name, browser) in windows {
        let window = browser.open().await;
        for (name, path) in [("sign-in", "/sign-in"), ("welcome", &welcome)] {
            assert_accessible_at(&window, &base, path, &format!("{name}-{window_name}")).await;
        }
        sit_down(&window, &base, &cookie).await;
        for (name, path) in &pages {
            assert_accessible_at(&window, &base, path, &format!("{name}-{window_name}")).await;
        }
    }
    serve.stop().await;
}

#[actix_web::test]
async fn the_page_of_decisions_unfolds_what_is_needed_and_no_more() {
    if !browser::available() {
        return;
    }
    let office = Office::open().await;
    let clerk = office.clerk("Kim Ablage", Role::Decider).await;
    let ida = office.subject("Ida Allesaufeinmal", "ida@post-d4.example");
    let case = ida.asks_and_confirms(&office, &Right::ALL).await.case;
    clerk.confirms_identity(&office, case).await;
    clerk
        .finds(&office, case, "Warenwirtschaft", "Rechnung vom 5. Mai 2024")
        .await;
    clerk
        .finds(&office, case, "Rundbrief", "Adresse im Verteiler")
        .await;
    clerk.finds_nothing_else(&office, case).await;
    let (serve, cookie) = open(&office).await;
    let base = format!("http://localhost:{}", serve.addr().port());
    for (name, browser) in [
        ("wide", Browser::desk()),
        ("narrow", Browser::phone()),
        ("dark", Browser::desk().dark()),
    ] {
        let window = browser.open().await;
        sit_down(&window, &base, &cookie).await;
        let page = format!("{base}/desk/cases/{case}/decision");
        window.goto(&page).await.expect("the page");
        let shown = async |id: &str| {
            let field = window.find(Locator::Id(id)).await.expect(id);
            field.is_displayed().await.expect(id)
        };
        assert!(!shown("17-c0-do").await && !shown("17-c0-facts").await);
        window.picture(&format!("decision-folded-{name}")).await;
        for right in ["15", "17"] {
            let each = format!("{right}-is-partly");
            let each = window.find(Locator::Id(&each)).await.expect("a choice");
            each.click().await.expect("a click");
        }
        for (field, value) in [("15-c0-do", "redact"), ("17-c0-do", "restrict")] {
            let field = window.find(Locator::Id(field)).await.expect(field);
            field.select_by_value(value).await.expect(value);
        }
        for right in ["16", "18", "20", "22"] {
            let yes = format!("{right}-is-granted");
            let yes = window.find(Locator::Id(&yes)).await.expect("a choice");
            yes.click().await.expect("a click");
        }
        let no = window.find(Locator::Id("21-1-is-refused")).await;
        no.expect("a choice").click().await.expect("a click");
        assert!(shown("17-c0-facts").await && shown("17-c0-dated").await);
        assert!(!shown("17-c1-facts").await && shown("18-effect").await);
        assert!(shown("21-1-compelling").await && shown("16-entry-0").await);
        window.picture(&format!("decision-open-{name}")).await;
        assert!(!window.overflows().await, "{name} can be scrolled sideways");
        assert_accessible(&window, &format!("decision-{name}")).await;
    }
    serve.stop().await;
}

async fn assert_accessible_at(window: &Session, base: &str, path: &str, name: &str) {
    window.goto(&format!("{base}{path}")).await.expect("a page");
    let at = window.current_url().await.expect("an address");
    assert_eq!(
        at.path(),
        path.split('?').next().unwrap_or_default(),
        "{name} leads elsewhere"
    );
    window.picture(&format!("desk-{name}")).await;
    assert!(!window.overflows().await, "{name} can be scrolled sideways");
    assert_accessible(window, name).await;
}

#[actix_web::test]
async fn the_keyboard_alone_leads_from_the_queue_to_the_proof() {
    if !browser::available() {
        return;
    }
    let office = Office::open().await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-k1.example");
    let case = johanna
        .asks_and_confirms(&office, &[Right::Access])
        .await
        .case;
    let (serve, cookie) = open(&office).await;
    let base = format!("http://localhost:{}", serve.addr().port());
    let window = Browser::desk().open().await;
    sit_down(&window, &base, &cookie).await;
    window
        .goto(&format!("{base}/desk"))
        .await
        .expect("the queue");

    let press = async |keys: &str| {
        let focused = window.active_element().await.expect("something in focus");
        focused.send_keys(keys).await.expect("keys");
    };
    press("j").await;
    press("o").await;
    window
        .wait()
        .for_url(
            &format!("{base}/desk/cases/{case}")
                .parse()
                .expect("an address"),
        )
        .await
        .expect("the case");

    // On to the one next act, by Tab and Enter alone.
    let enter = char::from(Key::Enter).to_string();
    let tab = char::from(Key::Tab).to_string();
    let space = " ";
    let mut found = false;
    for _ in 0..40 {
        press(&tab).await;
        let focused = window.active_element().await.expect("something in focus");
        if focused.text().await.expect("its text") == "Identität prüfen" {
            found = true;
            break;
        }
    }
    assert!(found, "the next act cannot be reached by Tab");
    press(&enter).await;
    window
        .wait()
        .for_element(Locator::Id("method-address-on-file"))
        .await
        .expect("the page of the proof");

    for (id, keys) in [
        ("method-address-on-file", space),
        ("system", "Warenwirtschaft"),
        ("since", "03052024"),
        ("result-yes", space),
    ] {
        let mut at = String::new();
        for _ in 0..60 {
            press(&tab).await;
            let focused = window.active_element().await.expect("something in focus");
            at = focused
                .attr("id")
                .await
                .expect("an attribute")
                .unwrap_or_default();
            if at == id {
                focused.send_keys(keys).await.expect("keys");
                break;
            }
        }
        assert_eq!(at, id, "cannot be reached by Tab");
    }
    press(&tab).await;
    press("Adresse im System").await;
    press(&tab).await;
    press(&enter).await;
    window
        .wait()
        .for_element(Locator::Css("fieldset.sheet"))
        .await
        .expect("the systems, straight after");
    serve.stop().await;
}
