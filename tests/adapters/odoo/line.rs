//! The two tongues, and everything that can go wrong on the line.

use rechtzeitig::adapters::odoo::{Odoo, Settings};
use rechtzeitig::domain::source::Need;
use rechtzeitig::ports::source::{Fault, Means, Source};
use serde_json::json;

use super::super::conformance::{ANNA, bears_every_mood, email, find};
use super::super::theatre::Mood;
use super::{Stage, VERSIONS, With, limits};

#[tokio::test]
async fn every_mood_is_borne_before_and_after_the_site_is_known() {
    for version in [18, 19] {
        let stage = Stage::open(version, With::Administrator).await;
        bears_every_mood(&stage.server.theatre, stage.source()).await;
        // After an error the site is asked anew; here it stays known until the mood has turned.
        for mood in [
            Mood::Status(403),
            Mood::LoginPage,
            Mood::Nonsense,
            Mood::Redirect,
            Mood::Status(422),
        ] {
            stage.server.theatre.mood(Mood::Good);
            find(stage.source(), &[email(ANNA)]).await.unwrap();
            stage.server.theatre.mood(mood.clone());
            let mishap = find(stage.source(), &[email(ANNA)]).await.unwrap_err();
            assert!(!mishap.fault.may_heal(), "{mood:?} became {mishap:?}");
        }
    }
}

#[tokio::test]
async fn the_tongue_is_asked_for_and_nobody_follows_to_the_page_to_sign_in() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Reader).await;
        find(stage.source(), &[email(ANNA)]).await.unwrap();
        let heard = stage.server.theatre.heard();
        let new = heard
            .iter()
            .filter(|it| it.path.starts_with("/json/2/"))
            .count();
        let old = heard.iter().filter(|it| it.path == "/jsonrpc").count();
        match version {
            19 => assert!(new > 0 && old == 0),
            _ => assert!(new == 0 && old > 0),
        }
        assert!(
            !heard.iter().any(|it| it.path.starts_with("/web")),
            "{version}: a redirect was followed"
        );
        let key = "key-of-the-reader";
        assert!(
            !heard.iter().any(|it| it.target.contains(key)),
            "a key in an address"
        );
    }
}

#[tokio::test]
async fn a_wrong_key_a_missing_login_and_a_wrong_database_are_told_apart() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Reader).await;
        let keys = tempfile::tempdir().unwrap();
        let file = keys.path().join("key");
        let open = |key: &str, more: &str| {
            std::fs::write(&file, key).unwrap();
            let text = format!(
                "address = \"{}\"\nreader = {{ login = \"dsgvo\", key = {{ file = \"{}\" }} }}\n{more}",
                stage.server.theatre.url(),
                file.display()
            );
            Odoo::new(&toml::from_str::<Settings>(&text).unwrap(), &limits()).unwrap()
        };
        let wrong = open("nonsense", "database = \"firma\"");
        assert_eq!(
            find(&wrong, &[email(ANNA)]).await.unwrap_err().fault,
            Fault::Unauthorized,
            "{version}"
        );
        let elsewhere = open("key-of-the-reader", "database = \"andere\"");
        let fault = find(&elsewhere, &[email(ANNA)]).await.unwrap_err().fault;
        let nameless = open("key-of-the-reader", "");
        let found = find(&nameless, &[email(ANNA)]).await;
        match version {
            19 => assert!(fault == Fault::Misconfigured && found.is_ok()),
            _ => assert!(
                fault == Fault::Unauthorized && found.unwrap_err().fault == Fault::Misconfigured
            ),
        }
    }
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_at_once() {
    let keys = tempfile::tempdir().unwrap();
    let file = keys.path().join("key");
    std::fs::write(&file, "k").unwrap();
    let reader = format!("reader = {{ key = {{ file = \"{}\" }} }}\n", file.display());
    let open = |more: &str| {
        let text = format!("address = \"https://odoo.example\"\n{reader}{more}");
        toml::from_str::<Settings>(&text).map(|settings| Odoo::new(&settings, &limits()).map(drop))
    };
    assert!(open("").unwrap().is_ok());
    for more in [
        "database = \" \"",
        "restricted_tag = \"\"",
        "[[also]]\nmodel = \"helpdesk ticket\"\nemail = [\"x\"]\nfields = []",
        "[[also]]\nmodel = \"helpdesk.ticket\"\nfields = [\"name\"]",
    ] {
        assert_eq!(
            open(more).unwrap().unwrap_err().fault,
            Fault::Misconfigured,
            "{more}"
        );
    }
    assert!(
        open("databse = \"x\"").is_err(),
        "a key that does not exist"
    );
}

#[tokio::test]
async fn without_a_second_account_acting_is_for_people() {
    let stage = Stage::open(19, With::Reader).await;
    let profile = stage.odoo.profile();
    assert_eq!(
        (profile.abilities.find, profile.abilities.erase),
        (Means::Machine, Means::Hand)
    );
    assert!(
        stage.odoo.erases().is_none()
            && stage.odoo.rectifies().is_none()
            && stage.odoo.restricts().is_none()
    );
    let stage = Stage::open(19, With::Eraser).await;
    assert_eq!(stage.odoo.profile().abilities.erase, Means::Machine);
    assert!(stage.odoo.erases().is_some() && stage.odoo.suppresses().is_some());
}

#[tokio::test]
async fn the_check_counts_and_reads_nobody() {
    for version in VERSIONS {
        let stage = Stage::set(version, With::Eraser, "companies = [\"Dritte GmbH\"]").await;
        stage.server.theatre.forget();
        let health = stage.odoo.check().await.unwrap();
        assert_eq!(health.version, format!("{version}.0"));
        assert!(
            health
                .in_sight
                .iter()
                .any(|(place, count)| place == "res.partner" && *count > 8)
        );
        assert!(
            health.needs.contains(&Need::Group("Dritte GmbH".into())),
            "{:?}",
            health.needs
        );
        assert!(
            health
                .needs
                .contains(&Need::Read("mail.tracking.value".into()))
        );
        assert!(
            !health
                .needs
                .iter()
                .any(|need| matches!(need, Need::TooMighty(_) | Need::SecondCredential))
        );
        for heard in stage.server.theatre.heard() {
            let text = heard.text();
            let reads = text.contains("search_read") || heard.path.ends_with("search_read");
            let people = ["res.partner\"", "crm.lead", "mail.message"]
                .iter()
                .any(|it| text.contains(it) || heard.path.contains(it));
            assert!(!(reads && people), "{version}: somebody's record was read");
        }
    }
    let stage = Stage::open(19, With::Reader).await;
    let needs = stage.odoo.check().await.unwrap().needs;
    assert!(needs.contains(&Need::SecondCredential));
}

#[tokio::test]
async fn a_key_that_ends_soon_is_named_before() {
    let stage = Stage::open(19, With::Reader).await;
    stage.server.world(|world| {
        world.plant(
            "res.users.apikeys",
            json!({"user_id": 101, "expiration_date": "2026-11-12 00:00:00"}),
        );
        world.plant(
            "res.users.apikeys",
            json!({"user_id": 102, "expiration_date": "2026-11-02 00:00:00"}),
        );
    });
    let needs = stage.odoo.check().await.unwrap().needs;
    assert!(
        needs.contains(&Need::Expires("2026-11-12".into())),
        "{needs:?}"
    );
}

#[tokio::test]
async fn an_account_that_may_delete_and_should_not_is_named() {
    let keys = tempfile::tempdir().unwrap();
    let file = keys.path().join("key");
    std::fs::write(&file, "key-of-the-administrator").unwrap();
    for version in VERSIONS {
        let stage = Stage::open(version, With::Reader).await;
        let text = format!(
            "address = \"{}\"\ndatabase = \"firma\"\nreader = {{ login = \"admin\", key = {{ file = \"{}\" }} }}",
            stage.server.theatre.url(),
            file.display()
        );
        let odoo = Odoo::new(&toml::from_str::<Settings>(&text).unwrap(), &limits()).unwrap();
        let needs = odoo.check().await.unwrap().needs;
        assert!(
            needs.contains(&Need::TooMighty("res.partner".into())),
            "{version}: {needs:?}"
        );
    }
}
