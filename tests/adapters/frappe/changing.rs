//! Putting right, restricting, unsubscribing in Frappe CRM.

use rechtzeitig::domain::source::{Change, Fate, LeftoverKind};
use rechtzeitig::ports::source::{Fault, Source};
use serde_json::json;

use super::super::conformance::{ANNA, email, phone};
use super::*;

fn change(field: &str, before: &str, after: &str) -> Change {
    Change {
        field: field.into(),
        before: Some(before.into()),
        after: after.into(),
    }
}

#[tokio::test]
async fn a_lead_is_put_right_once_and_its_old_value_in_the_history_is_said() {
    for version in BOTH {
        let stage = alone(version).await;
        let record = now(&stage.site, "CRM Lead", LEAD);
        let changes = [
            change("email", ANNA, "anna.neu@example.org"),
            change("custom_birth_name", "Muster", "Mustermann"),
        ];
        let rectifies = stage.frappe.rectifies().unwrap();
        let outcome = rectifies.rectify(&record, &changes).await.unwrap();
        assert_eq!(outcome.fate, Fate::Changed);
        assert_eq!(
            (outcome.leftovers[0].kind, outcome.leftovers[0].count),
            (LeftoverKind::History, Some(2))
        );
        assert_eq!(
            stage.site.get("CRM Lead", LEAD).unwrap()["email"],
            "anna.neu@example.org"
        );
        stage.theatre.forget();
        rectifies.rectify(&record, &changes).await.unwrap();
        assert!(
            stage.theatre.heard().iter().all(|it| it.method != "PUT"),
            "what stands there is not written again"
        );
    }
}

#[tokio::test]
async fn what_the_site_takes_and_does_not_write_is_no_success() {
    for version in BOTH {
        let stage = alone(version).await;
        let rectifies = stage.frappe.rectifies().unwrap();
        for (kind, id, field) in [
            ("CRM Lead", LEAD, "no_such_field"),
            ("CRM Lead", LEAD, "lead_name"),
            ("Contact", "Anna Beispiel", "full_name"),
        ] {
            let changes = [Change {
                field: field.into(),
                before: None,
                after: "Anna Neu".into(),
            }];
            let mishap = rectifies
                .rectify(&now(&stage.site, kind, id), &changes)
                .await
                .unwrap_err();
            assert_eq!(
                (mishap.fault, mishap.detail.as_str()),
                (Fault::NotWritten, format!("{kind}.{field}").as_str())
            );
        }
    }
}

#[tokio::test]
async fn nobody_writes_over_what_was_not_seen_and_refusals_are_named() {
    for version in BOTH {
        let stage = alone(version).await;
        let rectifies = stage.frappe.rectifies().unwrap();
        let lead = now(&stage.site, "CRM Lead", LEAD);
        for (changed, fault, detail) in [
            (
                change("email", "x@example.org", "y@example.org"),
                Fault::Conflict,
                "email: something else stands there now",
            ),
            (
                change("email", ANNA, "keine Adresse"),
                Fault::Refused,
                "status 417, InvalidEmailAddressError",
            ),
            (
                change("first_name", "Anna", ""),
                Fault::Refused,
                "status 417, MandatoryError",
            ),
            (
                change("name", LEAD, "x"),
                Fault::Refused,
                "name: cannot be written",
            ),
        ] {
            let mishap = rectifies.rectify(&lead, &[changed]).await.unwrap_err();
            assert_eq!((mishap.fault, mishap.detail.as_str()), (fault, detail));
        }
        assert_eq!(stage.site.get("CRM Lead", LEAD).unwrap()["email"], ANNA);
        let mishap = rectifies
            .rectify(
                &now(&stage.site, "Version", "ver1"),
                &[change("data", "", "x")],
            )
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::Refused);
    }
}

#[tokio::test]
async fn the_address_of_a_contact_is_put_right_in_its_table_and_deals_follow() {
    for version in BOTH {
        let stage = alone(version).await;
        let record = now(&stage.site, "Contact", "Anna Beispiel");
        let changes = [
            change("email_id", "anna@privat.example", "anna@neu.example"),
            change("email_ids.2.email_id", ANNA, "anna.zwei@neu.example"),
            change("last_name", "Beispiel", "Neumann"),
        ];
        let outcome = stage
            .frappe
            .rectifies()
            .unwrap()
            .rectify(&record, &changes)
            .await
            .unwrap();
        let row = stage.site.get("Contact", "Anna Beispiel").unwrap();
        let addresses: Vec<_> = row["email_ids"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["email_id"].clone())
            .collect();
        assert_eq!(addresses, ["anna@neu.example", "anna.zwei@neu.example"]);
        assert_eq!(
            (&row["email_id"], &row["email_ids"][0]["is_primary"]),
            (&json!("anna@neu.example"), &json!(1))
        );
        for deal in [DEAL, SHARED] {
            let rows = stage.site.get("CRM Deal", deal).unwrap()["contacts"].to_string();
            assert!(
                rows.contains("Anna Neumann") && rows.contains("anna@neu.example"),
                "{rows}"
            );
        }
        // The key is the old name, and the deal's own fields never follow: a person is told.
        let places: Vec<_> = outcome
            .leftovers
            .iter()
            .map(|it| it.place.as_str())
            .collect();
        assert_eq!(places, ["CRM Deal, its own fields", "Contact, its key"]);
        assert_eq!(stage.site.get("CRM Deal", DEAL).unwrap()["email"], ANNA);
        // A number, by the name under which it is shown.
        let changes = [change("mobile_no", "0170/555 01 23", "0170 5550999")];
        stage
            .frappe
            .rectifies()
            .unwrap()
            .rectify(&record, &changes)
            .await
            .unwrap();
        assert_eq!(
            stage.site.get("Contact", "Anna Beispiel").unwrap()["phone_nos"][0]["phone"],
            "0170 5550999"
        );
    }
}

#[tokio::test]
async fn whoever_objects_stands_on_the_list_for_everything_and_once() {
    for version in BOTH {
        let stage = alone(version).await;
        let suppresses = stage.frappe.suppresses().unwrap();
        for _ in 0..2 {
            let outcome = suppresses.suppress(&email(ANNA)).await.unwrap();
            assert_eq!(outcome.fate, Fate::Suppressed);
            assert_eq!(
                outcome.seen,
                "Email Unsubscribe 1, Contact 1, Email Group Member 1"
            );
            assert_eq!(outcome.leftovers, []);
        }
        let list = stage.site.all("Email Unsubscribe");
        assert_eq!((list.len(), &list[0]["global_unsubscribe"]), (1, &json!(1)));
        assert_eq!(
            stage.site.get("Contact", "Anna Beispiel").unwrap()["unsubscribed"],
            1
        );
        assert_eq!(
            stage.site.get("Email Group Member", "member1").unwrap()["unsubscribed"],
            1
        );
        let mishap = suppresses
            .suppress(&phone("+491705550123"))
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::NoIdentifier);
    }
}

#[tokio::test]
async fn an_entry_that_exists_is_a_success_and_a_list_that_is_closed_is_said() {
    for version in BOTH {
        // A System Manager enters, and may not write to the members of a list.
        let stage = stage(version, "leser", Some("system")).await;
        plant_anna(&stage.site);
        stage.site.plant(
            "Email Unsubscribe",
            "old",
            json!({"email": ANNA.to_uppercase(), "global_unsubscribe": 1}),
        );
        let outcome = stage
            .frappe
            .suppresses()
            .unwrap()
            .suppress(&email(ANNA))
            .await
            .unwrap();
        assert_eq!(outcome.fate, Fate::Suppressed);
        assert_eq!(
            (
                outcome.leftovers[0].place.as_str(),
                outcome.leftovers[0].count
            ),
            ("Email Group Member", Some(1))
        );
        assert_eq!(stage.site.all("Email Unsubscribe").len(), 1);
    }
}

#[tokio::test]
async fn a_restriction_is_a_mark_that_is_read_back_and_lifted() {
    for version in BOTH {
        let stage = alone(version).await;
        let restricts = stage.frappe.restricts().unwrap();
        for (kind, id) in [("CRM Lead", LEAD), ("Contact", "Anna Beispiel")] {
            let record = now(&stage.site, kind, id);
            assert_eq!(
                restricts.restrict(&record, true).await.unwrap().fate,
                Fate::Restricted
            );
            assert_eq!(
                restricts.restrict(&record, true).await.unwrap().fate,
                Fate::Restricted
            );
            assert_eq!(stage.site.get(kind, id).unwrap()["custom_restricted"], 1);
            assert_eq!(
                restricts.restrict(&record, false).await.unwrap().fate,
                Fate::Free
            );
        }
        // The deal has no such field: 200, and nothing is written.
        let mishap = restricts
            .restrict(&now(&stage.site, "CRM Deal", DEAL), true)
            .await
            .unwrap_err();
        assert_eq!(
            (mishap.fault, mishap.detail.as_str()),
            (Fault::NotWritten, "CRM Deal.custom_restricted")
        );
        let mishap = restricts
            .restrict(&now(&stage.site, "Communication", "mail1"), true)
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::Refused);
    }
}
