//! Putting right, restricting, ending advertising: written, read back, and not done twice.

use rechtzeitig::domain::source::{Change, Fate, LeftoverKind, RecordRef};
use rechtzeitig::ports::source::{Fault, Source};
use serde_json::{Value, json};

use super::super::conformance::{ANNA, PHONE, email, name, phone};
use super::{Stage, VERSIONS, With};

fn change(field: &str, before: Option<&str>, after: &str) -> Change {
    Change {
        field: field.into(),
        before: before.map(Into::into),
        after: after.into(),
    }
}

fn partner(id: i64) -> RecordRef {
    RecordRef::new("res.partner", id.to_string())
}

impl Stage {
    fn value(&self, model: &str, id: i64, field: &str) -> Value {
        self.server.world(|world| world.value(model, id, field))
    }

    fn notes(&self) -> usize {
        self.server
            .world(|world| world.count("mail.tracking.value"))
    }
}

#[tokio::test]
async fn a_value_is_put_right_in_leads_too_and_without_a_note_of_the_old_one() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Administrator).await;
        let cast = &stage.cast;
        stage.server.world(|world| {
            let bank = cast.bank;
            world.set("res.partner.bank", bank, "partner_id", json!(false));
        });
        let notes = stage.notes();
        let changes = [
            change("name", Some("Anna Beispiel"), "Anna Neumann"),
            change("street", Some("Lindenweg 7"), "Ahornweg 1"),
            change("comment", Some("ruft gern an"), "schreibt lieber"),
            change("city", None, "Köln"),
        ];
        let rectifies = stage.odoo.rectifies().unwrap();
        for round in 0..2 {
            let outcome = rectifies
                .rectify(&partner(cast.anna), &changes)
                .await
                .unwrap();
            assert_eq!(outcome.fate, Fate::Changed, "{version} {round}");
        }
        assert_eq!(
            stage.value("res.partner", cast.anna, "name"),
            json!("Anna Neumann")
        );
        assert_eq!(
            stage.value("crm.lead", cast.by_link, "contact_name"),
            json!("Anna Neumann")
        );
        assert_eq!(
            stage.value("crm.lead", cast.by_link, "street"),
            json!("Ahornweg 1")
        );
        assert_eq!(stage.notes(), notes, "{version}: the old value was noted");
        let changes = stage.server.changes();
        assert_eq!(
            changes
                .iter()
                .filter(|it| *it == "res.partner.write")
                .count(),
            1,
            "written again"
        );
    }
}

#[tokio::test]
async fn the_old_name_of_an_accounts_holder_stays_in_the_history_and_that_is_said() {
    for with in [With::Eraser, With::Administrator] {
        let stage = Stage::open(19, with).await;
        let changes = [change("name", Some("Anna Beispiel"), "Anna Neumann")];
        let outcome = stage
            .odoo
            .rectifies()
            .unwrap()
            .rectify(&partner(stage.cast.anna), &changes)
            .await
            .unwrap();
        let history = outcome
            .leftovers
            .iter()
            .find(|left| left.kind == LeftoverKind::History)
            .unwrap();
        let count = (with == With::Administrator).then_some(2);
        assert_eq!(history.count, count, "one from before, one of the holder");
    }
}

#[tokio::test]
async fn who_changed_it_meanwhile_is_not_written_over() {
    let stage = Stage::open(19, With::Eraser).await;
    let rectifies = stage.odoo.rectifies().unwrap();
    let anna = partner(stage.cast.anna);
    let changes = [change("street", Some("Bergstraße 2"), "Ahornweg 1")];
    assert_eq!(
        rectifies.rectify(&anna, &changes).await.unwrap_err().fault,
        Fault::Conflict
    );
    let changes = [change("street", None, "Ahornweg 1")];
    assert_eq!(
        rectifies.rectify(&anna, &changes).await.unwrap_err().fault,
        Fault::Conflict
    );
    for (field, fault) in [
        ("nickname", Fault::Unknown),
        ("parent_id", Fault::Refused),
        ("active", Fault::Refused),
    ] {
        let mishap = rectifies
            .rectify(&anna, &[change(field, None, "x")])
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, fault, "{field}");
    }
    let mishap = rectifies
        .rectify(&partner(999_999), &[change("street", None, "x")])
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Missing);
    assert!(stage.server.changes().is_empty());
}

#[tokio::test]
async fn what_odoo_says_it_wrote_is_read_back() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Eraser).await;
        stage.server.world(|world| {
            world.set("res.users", stage.cast.user, "active", json!(false));
            world.quirks.forgets = true;
        });
        let anna = partner(stage.cast.anna);
        let changes = [change("street", Some("Lindenweg 7"), "Ahornweg 1")];
        let mishap = stage
            .odoo
            .rectifies()
            .unwrap()
            .rectify(&anna, &changes)
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::NotWritten);
        let mishap = stage
            .odoo
            .restricts()
            .unwrap()
            .restrict(&anna, true)
            .await
            .unwrap_err();
        assert!(matches!(mishap.fault, Fault::NotWritten), "{mishap:?}");
    }
}

#[tokio::test]
async fn an_answer_with_neither_result_nor_error_is_no_failure_once_it_is_read_back() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Eraser).await;
        stage.server.world(|world| world.quirks.mute = true);
        let anna = partner(stage.cast.anna);
        let changes = [change("street", Some("Lindenweg 7"), "Ahornweg 1")];
        let outcome = stage
            .odoo
            .rectifies()
            .unwrap()
            .rectify(&anna, &changes)
            .await
            .unwrap();
        assert_eq!(outcome.fate, Fate::Changed, "{version}");
    }
}

#[tokio::test]
async fn a_restriction_archives_and_tags_and_ends_as_it_was_before() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Eraser).await;
        let cast = &stage.cast;
        stage
            .server
            .world(|world| world.set("res.users", cast.user, "active", json!(false)));
        let restricts = stage.odoo.restricts().unwrap();
        for (model, id, archived) in [
            ("res.partner", cast.anna, false),
            ("res.partner", cast.old, true),
            ("crm.lead", cast.by_link, false),
            ("crm.lead", cast.lost, true),
        ] {
            let record = RecordRef::new(model, id.to_string());
            for _ in 0..2 {
                let outcome = restricts.restrict(&record, true).await.unwrap();
                assert_eq!(outcome.fate, Fate::Restricted);
                assert!(outcome.seen.contains("not locked"));
            }
            assert_eq!(
                stage.value(model, id, "active"),
                json!(false),
                "{version} {model}"
            );
            for _ in 0..2 {
                assert_eq!(
                    restricts.restrict(&record, false).await.unwrap().fate,
                    Fate::Free
                );
            }
            assert_eq!(
                stage.value(model, id, "active"),
                json!(!archived),
                "{version} {model}"
            );
        }
        let tags = stage
            .server
            .world(|world| world.count("res.partner.category"));
        assert_eq!(tags, 3, "VIP and two of ours");
        assert_eq!(
            stage
                .value("res.partner", cast.anna, "category_id")
                .as_array()
                .unwrap()
                .len(),
            1,
            "VIP stays"
        );
    }
}

#[tokio::test]
async fn a_contact_with_an_active_account_cannot_be_archived_and_that_is_said() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Eraser).await;
        let outcome = stage
            .odoo
            .restricts()
            .unwrap()
            .restrict(&partner(stage.cast.anna), true)
            .await
            .unwrap();
        assert_eq!(
            (outcome.fate, outcome.seen.as_str()),
            (Fate::Kept, "odoo.exceptions.RedirectWarning")
        );
        let message = RecordRef::new("mail.message", stage.cast.written.to_string());
        let mishap = stage
            .odoo
            .restricts()
            .unwrap()
            .restrict(&message, true)
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::Refused);
    }
}

#[tokio::test]
async fn an_archived_entry_of_the_blacklist_is_no_objection_until_it_is_active() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Eraser).await;
        let entry = stage.server.world(|world| {
            world.plant(
                "mail.blacklist",
                json!({"email": "anna.beispiel@example.org", "active": false}),
            )
        });
        let suppresses = stage.odoo.suppresses().unwrap();
        for _ in 0..2 {
            let outcome = suppresses.suppress(&email(ANNA)).await.unwrap();
            assert_eq!(outcome.fate, Fate::Suppressed);
            assert!(!outcome.seen.contains("anna"));
        }
        assert_eq!(
            stage.value("mail.blacklist", entry, "active"),
            json!(true),
            "{version}"
        );
        assert_eq!(stage.server.world(|world| world.count("mail.blacklist")), 1);
        let list = if version >= 17 {
            "mailing.subscription"
        } else {
            "mailing.contact.subscription"
        };
        let left = stage.server.world(|world| {
            world
                .ids(list)
                .iter()
                .all(|id| world.value(list, *id, "opt_out") == json!(true))
        });
        assert!(left, "{version}: still on a list");
    }
}

#[tokio::test]
async fn an_entry_that_does_not_become_active_is_no_objection() {
    let stage = Stage::open(19, With::Eraser).await;
    stage.server.world(|world| {
        world.plant(
            "mail.blacklist",
            json!({"email": "anna.beispiel@example.org", "active": false}),
        );
        world.quirks.forgets = true;
    });
    let mishap = stage
        .odoo
        .suppresses()
        .unwrap()
        .suppress(&email(ANNA))
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::NotWritten);
}

#[tokio::test]
async fn a_number_objects_with_an_administrators_key_alone() {
    let stage = Stage::open(19, With::Eraser).await;
    let mishap = stage
        .odoo
        .suppresses()
        .unwrap()
        .suppress(&phone(PHONE.1))
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Forbidden);
    let stage = Stage::open(18, With::Administrator).await;
    let outcome = stage
        .odoo
        .suppresses()
        .unwrap()
        .suppress(&phone(PHONE.1))
        .await
        .unwrap();
    assert_eq!(outcome.fate, Fate::Suppressed);
    let mishap = stage
        .odoo
        .suppresses()
        .unwrap()
        .suppress(&name("Anna Beispiel"))
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::NoIdentifier);
}
