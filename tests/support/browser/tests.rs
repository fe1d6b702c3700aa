//! That the browser is what its name says: small, dark, without script; and that axe sees what is wrong.

use fantoccini::Locator;
use serde_json::json;

use super::super::axe::{assert_accessible, axe};
use super::{Browser, Session, available};

const GOOD: &str = r#"<!doctype html><html lang="en"><head><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root { color-scheme: light dark } @media (prefers-color-scheme: dark) { body { background: rgb(1, 2, 3); color: white } }
</style></head><body><main><h1>A page</h1><p id="script">off</p><form method="get" action="next">
<label for="name">Name</label> <input id="name" name="name"> <button>Send</button></form></main>
<script>document.getElementById("script").textContent = "on"</script></body></html>"#;

const BAD: &str = r#"<!doctype html><html><head><title>A page</title></head><body><main><h1>A page</h1>
<input name="name"><p style="color: #ccc; background: #fff">hardly to be read</p><p style="width: 3000px">wide</p></main></body></html>"#;

/// A page served on loopback, so that the browser treats it as any other page of ours.
fn served(html: &'static str) -> (actix_test::TestServer, String) {
    use actix_web::{App, HttpResponse, http::header, web};
    let server = actix_test::start(move || {
        App::new().default_service(web::to(move |request: actix_web::HttpRequest| async move {
            let languages = request
                .headers()
                .get(header::ACCEPT_LANGUAGE)
                .and_then(|value| value.to_str().ok());
            HttpResponse::Ok()
                .content_type("text/html; charset=utf-8")
                .insert_header((
                    "Content-Security-Policy",
                    "default-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'",
                ))
                .body(html.replace(
                    "</main>",
                    &format!(
                        "<p id=\"languages\">{}</p></main>",
                        languages.unwrap_or_default()
                    ),
                ))
        }))
    });
    let url = server.url("/");
    (server, url)
}

async fn text(session: &Session, css: &str) -> String {
    session
        .find(Locator::Css(css))
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
}

async fn look(session: &Session, script: &str) -> serde_json::Value {
    session.execute(script, vec![]).await.unwrap()
}

#[actix_web::test]
async fn a_phone_is_narrow_and_the_setting_outlives_a_navigation() {
    if !available() {
        return;
    }
    let (_server, url) = served(GOOD);
    let phone = Browser::phone().dark().open().await;
    phone.goto(&url).await.unwrap();
    phone
        .find(Locator::Id("name"))
        .await
        .unwrap()
        .send_keys("Ada")
        .await
        .unwrap();
    phone
        .find(Locator::Css("button"))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    // The click comes back before the page has gone.
    let sent = async { while phone.current_url().await.unwrap().query() != Some("name=Ada") {} };
    let sent = tokio::time::timeout(std::time::Duration::from_secs(30), sent);
    sent.await.expect("the form is sent");
    assert_eq!(
        look(&phone, "return [innerWidth, innerHeight]").await,
        json!([360, 800])
    );
    assert_eq!(
        look(
            &phone,
            "return getComputedStyle(document.body).backgroundColor"
        )
        .await,
        json!("rgb(1, 2, 3)")
    );
    assert!(!phone.overflows().await);
    assert!(text(&phone, "#languages").await.starts_with("de-DE,de"));
    phone.picture("support-phone-dark").await;
}

#[actix_web::test]
async fn a_desk_is_wide_light_and_runs_scripts() {
    if !available() {
        return;
    }
    let (_server, url) = served(GOOD);
    let desk = Browser::desk().in_english().open().await;
    desk.goto(&url).await.unwrap();
    assert_eq!(look(&desk, "return innerWidth").await, json!(1280));
    assert_eq!(
        look(
            &desk,
            "return matchMedia('(prefers-color-scheme: light)').matches"
        )
        .await,
        json!(true)
    );
    assert_eq!(text(&desk, "#script").await, "on");
    assert!(text(&desk, "#languages").await.starts_with("en-GB,en"));
    desk.picture("support-desk-light").await;
}

#[actix_web::test]
async fn without_script_the_page_stands_alone() {
    if !available() {
        return;
    }
    let (_server, url) = served(GOOD);
    let phone = Browser::phone().without_script().open().await;
    phone.goto(&url).await.unwrap();
    assert_eq!(text(&phone, "#script").await, "off");
    phone
        .find(Locator::Id("name"))
        .await
        .unwrap()
        .send_keys("Ada")
        .await
        .unwrap();
    phone
        .find(Locator::Css("button"))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    assert_eq!(phone.current_url().await.unwrap().query(), Some("name=Ada"));
    assert!(!phone.overflows().await);
    phone.picture("support-phone-no-script").await;
}

#[actix_web::test]
async fn axe_names_what_is_wrong() {
    if !available() {
        return;
    }
    let (_server, url) = served(GOOD);
    let desk = Browser::desk().open().await;
    desk.goto(&url).await.unwrap();
    assert_accessible(&desk, "the good page").await;

    let (_server, url) = served(BAD);
    desk.goto(&url).await.unwrap();
    let violations = axe(&desk).await;
    let found: Vec<&str> = violations
        .iter()
        .map(|violation| violation.id.as_str())
        .collect();
    for expected in ["color-contrast", "html-has-lang", "label"] {
        assert!(
            found.contains(&expected),
            "{expected} is missing in {found:?}"
        );
    }
    assert!(
        violations
            .iter()
            .any(|violation| violation.to_string().contains("hardly to be read"))
    );
    assert!(desk.overflows().await);
}
