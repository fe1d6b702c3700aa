//! The pages of connected systems in a real browser: what a person with an aid would stumble over, at both widths, in
//! light and dark.

use std::io::Cursor;

use fantoccini::Locator;
use image::{ImageFormat, Rgb, RgbImage};
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::ids::{CaseId, FindingId};
use rechtzeitig::domain::look::Point;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::sifting::Heap;

use super::desk::Door;
use super::desk_browser::{open, sit_down};
use super::owner;
use crate::support::axe::assert_accessible;
use crate::support::browser::{self, Browser, Session};
use crate::support::office::Office;
use crate::support::people::{Clerk, colleague};
use crate::support::shop;

/// Scans that lie in the same database, and a second connection that nobody reaches.
const MORE: &str = r#"
[[controller.source.sql.place]]
name = "contracts"
category = "contract"
id = "id"
label = "scan_name"
follows = { place = "customers", column = "customer" }
find = ["SELECT id, customer, scan_name, words, scan FROM contracts WHERE customer = :id"]
read = "SELECT id, customer, scan_name, words, scan FROM contracts WHERE id = :id"
files = { scan = { name = "scan_name", media_type = "image/png" } }

[[controller.source]]
name = "newsletter-der-langen-namen"
system = "newsletter"

[controller.source.sql]
database = { engine = "sqlite", path = "{folder}/away.db" }

[[controller.source.sql.place]]
name = "readers"
category = "contact"
id = "id"
exact = { email = "email" }
find = ["SELECT id, email FROM readers WHERE email = :email"]
"#;

const LONG: &str = "donaudampfschifffahrtsgesellschaftskapitaensmuetze-vorderansicht.png";

fn scan() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_fn(420, 594, |x, y| {
        let ink = (y / 12) % 3 == 0 && (40..380).contains(&x);
        if ink {
            Rgb([40, 40, 60])
        } else {
            Rgb([250, 250, 245])
        }
    })
    .write_to(&mut bytes, ImageFormat::Png)
    .expect("a picture");
    bytes.into_inner()
}

async fn connected() -> (Office, rusqlite::Connection) {
    let office =
        Office::open_with(|plan| plan.sources = format!("{}{MORE}", shop::CONNECTED)).await;
    let shop = shop::found(&office);
    shop.execute_batch(
        "CREATE TABLE contracts (id INTEGER PRIMARY KEY, customer INTEGER, scan_name TEXT, words TEXT, scan BLOB);",
    )
    .expect("a table");
    let words = "Abgeschlossen mit Bert Nachbar, bert.nachbar@sehr-lange-domain-donaudampfschifffahrt.example, \
                 der auch unterschrieben hat.\nTelefon 0170 5550199.";
    shop.execute(
        "INSERT INTO contracts VALUES (77, 47, ?1, ?2, ?3)",
        rusqlite::params![LONG, words, scan()],
    )
    .expect("a row");
    (office, shop)
}

/// A case of somebody's whom the systems were asked about.
async fn searched(office: &Office, vera: &Clerk, right: Right) -> CaseId {
    let anna = office.subject("Anna Beispiel", "anna.beispiel@post-a2.example");
    let case = anna.asks_and_confirms(office, &[right]).await.case;
    vera.confirms_identity(office, case).await;
    office.jobs_run().await;
    case
}

async fn first(office: &Office, vera: &Clerk, case: CaseId, category: &str) -> (Heap, FindingId) {
    let heaps = office.heaps(&vera.scope, case).await.expect("heaps");
    let heap = heaps.iter().find(|heap| heap.category == category);
    let heap = Heap {
        system: heap.expect("a heap").system,
        category: category.to_owned(),
    };
    let leaf = office.leaf(&vera.scope, case, &heap, None).await;
    (heap, leaf.expect("a list").shown[0].id)
}

async fn press(window: &Session, css: &str) {
    let button = window.find(Locator::Css(css)).await;
    let button = button.unwrap_or_else(|_| panic!("no {css}"));
    button.click().await.expect("a click");
}

async fn waits_for(window: &Session, css: &str) {
    let there = window.wait().for_element(Locator::Css(css)).await;
    if there.is_err() {
        panic!("no {css} in\n{}", window.source().await.expect("a page"));
    }
}

/// What stands in the window is in nobody's way.
async fn passes(window: &Session, name: &str) {
    window.picture(&format!("sources-{name}")).await;
    assert!(!window.overflows().await, "{name} can be scrolled sideways");
    assert_accessible(window, name).await;
}

#[actix_web::test]
async fn no_page_of_a_connected_system_stands_in_anybodys_way() {
    if !browser::available() {
        return;
    }
    let (office, _shop) = connected().await;
    let vera = office.clerk("Vera Sachkundig", Role::Decider).await;
    let planned = office
        .subject("Ida Nochnicht", "ida@post-d9.example")
        .asks_and_confirms(&office, &[Right::Access])
        .await
        .case;
    let case = searched(&office, &vera, Right::Access).await;
    let (orders, order) = first(&office, &vera, case, "order").await;
    let (_, contract) = first(&office, &vera, case, "contract").await;
    let door = Door::of(&office).await;
    let desk = door.clerk(&office, &vera).await;
    let at = format!("/desk/cases/{case}/findings/{contract}");
    desk.acts(&at, &[("do", "fetch:0")]).await;

    // A case whose erasure was decided, so that machines may begin.
    let erased = searched(&office, &vera, Right::Erasure).await;
    vera.finds_nothing_else(&office, erased).await;
    vera.decides(&office, erased, Right::Erasure, Decision::granted(""))
        .await;
    let (_, seen) = vera.sees(&office, erased).await;
    let points = &Point::BEFORE_ERASURE;
    office
        .look(&colleague(&office), erased, seen, Right::Erasure, points)
        .await
        .expect("a second look");

    let (serve, cookie) = open(&office).await;
    let base = format!("http://localhost:{}", serve.addr().port());
    let home = format!("/desk/cases/{case}");
    let heap = format!(
        "{home}/findings?system={}&category={}",
        orders.system, orders.category
    );
    let pages = [
        ("planned", format!("/desk/cases/{planned}/systems")),
        ("systems", format!("{home}/systems")),
        ("findings", format!("{home}/findings")),
        ("heap", heap.clone()),
        ("finding", format!("{home}/findings/{order}")),
        ("finding-long", at.clone()),
        ("file", format!("{at}/files/0")),
        ("connections", "/desk/sources".to_owned()),
        ("execution", format!("/desk/cases/{erased}/execution")),
    ];
    for (mode, browser) in [
        ("wide-light", Browser::desk()),
        ("wide-dark", Browser::desk().dark()),
        ("narrow-light", Browser::phone()),
        ("narrow-dark", Browser::phone().dark()),
    ] {
        let window = browser.open().await;
        sit_down(&window, &base, &cookie).await;
        for (name, path) in &pages {
            window.goto(&format!("{base}{path}")).await.expect("a page");
            passes(&window, &format!("{name}-{mode}")).await;
        }
        // What machines would do, on the last of these pages.
        press(&window, "button[value='preview:17']").await;
        waits_for(&window, "button[value='act:17']").await;
        passes(&window, &format!("preview-{mode}")).await;

        // Nothing ticked, nothing chosen.
        window.goto(&format!("{base}{heap}")).await.expect("a page");
        press(&window, "#form .go button").await;
        waits_for(&window, ".errors").await;
        passes(&window, &format!("heap-fault-{mode}")).await;
        press(&window, "label[for=treatment-disclose]").await;
        press(&window, "#form .go button").await;
        waits_for(&window, "#which-error").await;
        passes(&window, &format!("heap-none-{mode}")).await;

        let systems = format!("{base}{home}/systems");
        window.goto(&systems).await.expect("a page");
        press(&window, "details summary").await;
        press(&window, "#form .go button").await;
        waits_for(&window, "#new-value-error").await;
        passes(&window, &format!("systems-fault-{mode}")).await;

        let connections = format!("{base}/desk/sources");
        window.goto(&connections).await.expect("a page");
        press(&window, "button[value=find]").await;
        waits_for(&window, "#email-error").await;
        passes(&window, &format!("connections-fault-{mode}")).await;
        for (name, css) in [
            ("check", "button[value='check:kundenbereich']"),
            (
                "check-away",
                "button[value='check:newsletter-der-langen-namen']",
            ),
        ] {
            window.goto(&connections).await.expect("a page");
            press(&window, css).await;
            waits_for(&window, "#said").await;
            passes(&window, &format!("connections-{name}-{mode}")).await;
        }
        window.goto(&connections).await.expect("a page");
        let email = window.find(Locator::Id("email")).await.expect("a field");
        email
            .send_keys("anna.beispiel@post-a2.example")
            .await
            .expect("keys");
        press(&window, "button[value=find]").await;
        waits_for(&window, "#said").await;
        passes(&window, &format!("connections-found-{mode}")).await;
    }
    serve.stop().await;
}

#[tokio::test]
async fn no_page_of_an_owner_stands_in_anybodys_way() {
    if !browser::available() {
        return;
    }
    for (mode, browser) in [
        ("wide-light", Browser::desk()),
        ("wide-dark", Browser::desk().dark()),
        ("narrow-light", Browser::phone()),
        ("narrow-dark", Browser::phone().dark()),
    ] {
        let office = Office::open().await;
        let path = owner::asked(&office).await;
        let door = crate::support::door::Door::open(&office);
        let window = browser.open().await;
        let look = async |name: &str| passes(&window, &format!("owner-{name}-{mode}")).await;
        window.goto(&door.url(&path)).await.expect("a page");
        look("door").await;
        press(&window, "main button[value=code]").await;
        waits_for(&window, "#code").await;
        look("code").await;
        office.jobs_run().await;
        press(&window, "main button[value=open]").await;
        waits_for(&window, "#code-error").await;
        look("code-fault").await;
        let code = office.last_mail_to(owner::KARLA).code();
        let field = window.find(Locator::Id("code")).await.expect("a field");
        field.send_keys(&code).await.expect("keys");
        press(&window, "main button[value=open]").await;
        waits_for(&window, "#message").await;
        look("task").await;
        press(&window, "main .go button[value=answer]").await;
        waits_for(&window, "#outcome-error").await;
        look("task-fault").await;
        press(&window, "label[for=outcome-nothing]").await;
        let words = window.find(Locator::Id("message")).await.expect("a field");
        words.send_keys("Im Konto gesucht").await.expect("keys");
        press(&window, "main .go button[value=answer]").await;
        waits_for(&window, "main .notice.good").await;
        look("thanks").await;
        window.goto(&door.url(&path)).await.expect("a page");
        look("gone").await;
    }
}
