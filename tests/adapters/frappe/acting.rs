//! Erasing in Frappe CRM.

use rechtzeitig::domain::source::{Fate, LeftoverKind, Manner, SideEffect, Tie};
use rechtzeitig::ports::source::{Fault, Source};
use serde_json::json;

use super::super::conformance::{self, ANNA, PHONE, email, find, phone};
use super::site::Worker;
use super::*;

#[tokio::test]
async fn everything_of_her_goes_in_its_order_and_no_copy_stays() {
    for version in BOTH {
        let stage = alone(version).await;
        let suppresses = stage.frappe.suppresses().unwrap();
        assert_eq!(
            suppresses.suppress(&email(ANNA)).await.unwrap().fate,
            Fate::Suppressed
        );
        stage.site.plant(
            "CRM Organization",
            "Beispiel Gartenbau",
            json!({"organization_name": "Garten"}),
        );
        let (mut records, _) = find(&stage.frappe, &[email(ANNA), phone(PHONE.0)])
            .await
            .unwrap();
        records.sort_by_key(|it| it.rank);
        let erases = stage.frappe.erases().unwrap();
        for record in records
            .iter()
            .filter(|it| !matches!(it.tie, Tie::Candidate { .. }))
        {
            let kind = &record.reference.kind;
            let mut outcome = erases.erase(&record.reference, Manner::Erase).await;
            while let Err(mishap) = &outcome {
                assert_eq!(mishap.fault, Fault::UnderWay, "{kind}: {mishap}");
                outcome = erases.erase(&record.reference, Manner::Erase).await;
            }
            let kept =
                ["Personal Data Deletion Request", "Email Unsubscribe"].contains(&kind.as_str());
            assert_eq!(
                outcome.unwrap().fate,
                if kept { Fate::Kept } else { Fate::Gone },
                "{kind}"
            );
        }
        stage.site.work_off();
        let request = "Personal Data Deletion Request PDR-1".to_owned();
        let list = stage
            .site
            .all("Email Unsubscribe")
            .iter()
            .map(|row| format!("Email Unsubscribe {}", row["name"].as_str().unwrap()))
            .collect::<Vec<_>>();
        assert_eq!(stage.site.mentions(ANNA), [list, vec![request]].concat());
        for word in [
            "Anna Beispiel",
            "0170",
            "5550123",
            "anna@privat",
            "Ausweis",
            LEAD,
            DEAL,
            "ruft gern",
            "Garten<",
        ] {
            assert_eq!(stage.site.mentions(word), [""; 0], "{word}");
        }
        assert_eq!(stage.site.held().bytes.len(), 0);
        // Bernd's deal stands, with him in it.
        let deal = stage.site.get("CRM Deal", SHARED).unwrap();
        assert_eq!(deal["contacts"].as_array().unwrap().len(), 1);
        assert_eq!(deal["contacts"][0]["contact"], "Bernd Muster");
        let (records, _) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
        assert_eq!(records.len(), 2);
    }
}

#[tokio::test]
async fn each_is_erased_once_as_previewed() {
    for version in BOTH {
        let stage = alone(version).await;
        for (kind, id) in [
            ("CRM Task", "7"),
            ("FCRM Note", "note1"),
            ("Address", "Anna Beispiel-Billing"),
            ("CRM Call Log", "call1"),
            ("CRM Deal", DEAL),
            ("Communication", "mail1"),
            ("Comment", "com1"),
            ("File", "file1"),
            ("File", "file2"),
            ("Version", "ver1"),
            ("Deleted Document", "del1"),
        ] {
            let record = now(&stage.site, kind, id);
            conformance::erases_once(&stage.frappe, &record, Manner::Erase).await;
            assert!(stage.site.get(kind, id).is_none(), "{kind}");
            assert!(
                stage
                    .theatre
                    .writes()
                    .iter()
                    .all(|it| it.json().get("modified").is_none())
            );
        }
        // The file left a comment with its name where it hung, and a copy.
        assert_eq!(stage.site.mentions("Ausweis"), [""; 0]);
        let row = stage.site.get("CRM Deal", SHARED).unwrap()["contacts"][1].clone();
        let mut record = RecordRef::new("CRM Contacts", row["name"].as_str().unwrap());
        // Without a word of how it was found it may be anybody's.
        let blind = stage.frappe.erases().unwrap();
        let blind = blind.erase(&record, Manner::Erase).await.unwrap_err();
        assert_eq!(blind.fault, Fault::Conflict);
        record.version = row["modified"].as_str().map(str::to_owned);
        conformance::erases_once(&stage.frappe, &record, Manner::Erase).await;
    }
}

#[tokio::test]
async fn a_preview_changes_nothing_and_names_what_goes_and_what_blocks() {
    for version in BOTH {
        let stage = alone(version).await;
        let erases = stage.frappe.erases().unwrap();
        let before = format!("{:?}", stage.site.held().docs);
        let preview = erases
            .preview(&now(&stage.site, "CRM Lead", LEAD), Manner::Erase)
            .await
            .unwrap();
        assert_eq!(
            (preview.fate, preview.why.as_str()),
            (Fate::Kept, "LinkExistsError: CRM Task 1, CRM Deal 1")
        );
        for kind in ["Comment", "Version", "ToDo", "File"] {
            assert!(
                preview.effects.contains(&SideEffect::Takes {
                    kind: kind.into(),
                    count: 1
                }),
                "{kind}"
            );
        }
        assert!(
            preview
                .leftovers
                .iter()
                .any(|it| it.place == "Communication" && it.count == Some(1))
        );
        let preview = erases
            .preview(&now(&stage.site, "Contact", "Anna Beispiel"), Manner::Erase)
            .await
            .unwrap();
        assert_eq!(preview.why, "LinkExistsError: CRM Deal 2, Address 1");
        let preview = erases
            .preview(&now(&stage.site, "CRM Call Log", "call1"), Manner::Erase)
            .await
            .unwrap();
        assert_eq!(preview.leftovers[0].kind, LeftoverKind::Downstream);
        let preview = erases
            .preview(&now(&stage.site, "CRM Task", "7"), Manner::Anonymise)
            .await
            .unwrap();
        assert_eq!(preview.fate, Fate::Kept);
        assert_eq!(format!("{:?}", stage.site.held().docs), before);
    }
}

#[tokio::test]
async fn what_a_refusal_names_is_not_deleted_because_it_was_named() {
    for version in BOTH {
        let stage = alone(version).await;
        let record = now(&stage.site, "CRM Lead", LEAD);
        let mishap = stage
            .frappe
            .erases()
            .unwrap()
            .erase(&record, Manner::Erase)
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::Refused);
        assert_eq!(
            mishap.detail,
            "status 417, LinkExistsError: CRM Task 1, CRM Deal 1"
        );
        silent(&mishap);
        let deleted: Vec<_> = stage
            .theatre
            .heard()
            .into_iter()
            .filter(|it| it.method == "DELETE")
            .collect();
        assert_eq!(deleted.len(), 1);
        for (kind, id) in [
            ("CRM Lead", LEAD),
            ("CRM Task", "7"),
            ("Comment", "com1"),
            ("Version", "ver1"),
        ] {
            assert!(stage.site.get(kind, id).is_some(), "{kind}");
        }
    }
}

#[tokio::test]
async fn a_deletion_is_done_when_the_background_job_is_and_its_copies_are_gone() {
    for version in BOTH {
        let stage = alone(version).await;
        stage.site.plant(
            "Comment",
            "com9",
            json!({
                "content": "am Geschäft", "reference_doctype": "CRM Deal", "reference_name": DEAL,
            }),
        );
        for (kind, id) in [("FCRM Note", "note1")] {
            stage
                .frappe
                .erases()
                .unwrap()
                .erase(&now(&stage.site, kind, id), Manner::Erase)
                .await
                .unwrap();
        }
        stage.site.held().worker = Worker::Down;
        let record = now(&stage.site, "CRM Deal", DEAL);
        for _ in 0..3 {
            let mishap = stage
                .frappe
                .erases()
                .unwrap()
                .erase(&record, Manner::Erase)
                .await
                .unwrap_err();
            assert_eq!(mishap.fault, Fault::UnderWay);
            assert_eq!(
                mishap.detail,
                "the background job has not taken yet: Comment 1"
            );
            assert!(mishap.wait.is_some() && mishap.fault.may_heal());
        }
        assert!(!stage.site.mentions("am Geschäft").is_empty());
        stage.site.work_off();
        assert!(
            !stage.site.mentions("am Geschäft").is_empty(),
            "the job has made a copy of the comment"
        );
        let outcome = stage
            .frappe
            .erases()
            .unwrap()
            .erase(&record, Manner::Erase)
            .await
            .unwrap();
        assert_eq!((outcome.fate, outcome.leftovers), (Fate::Gone, vec![]));
        assert_eq!(stage.site.mentions("am Geschäft"), [""; 0]);
    }
}

#[tokio::test]
async fn what_changed_since_it_was_found_is_not_erased_unless_we_changed_it() {
    for version in BOTH {
        let stage = alone(version).await;
        let record = now(&stage.site, "Communication", "mail1");
        stage.site.plant(
            "Communication",
            "mail1",
            json!({"sender": "bernd@muster.example"}),
        );
        let mishap = stage
            .frappe
            .erases()
            .unwrap()
            .erase(&record, Manner::Erase)
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::Conflict);
        assert!(stage.site.get("Communication", "mail1").is_some());
        // Unsubscribing comes before erasing and is ours.
        let record = now(&stage.site, "Contact", "Anna Beispiel");
        stage
            .frappe
            .suppresses()
            .unwrap()
            .suppress(&email(ANNA))
            .await
            .unwrap();
        assert_ne!(
            now(&stage.site, "Contact", "Anna Beispiel").version,
            record.version
        );
        let outcome = stage
            .frappe
            .erases()
            .unwrap()
            .erase(&record, Manner::Anonymise)
            .await
            .unwrap();
        assert_eq!(outcome.fate, Fate::Anonymous);
    }
}

#[tokio::test]
async fn a_contact_made_anonymous_loses_its_key_and_the_comment_on_that() {
    for version in BOTH {
        let stage = alone(version).await;
        stage.site.plant(
            "Contact",
            "Anna Beispiel-1",
            json!({"first_name": "Anna", "last_name": "Beispiel"}),
        );
        stage.site.plant("Comment", "other", json!({
            "comment_type": "Edit", "content": "renamed from <b>Anna Beispiel-1</b>", "reference_doctype": "Contact",
            "reference_name": "erased-9",
        }));
        let record = now(&stage.site, "Contact", "Anna Beispiel");
        let outcome = stage
            .frappe
            .erases()
            .unwrap()
            .erase(&record, Manner::Anonymise)
            .await
            .unwrap();
        assert_eq!(outcome.fate, Fate::Anonymous);
        assert!(stage.site.get("Contact", "Anna Beispiel").is_none());
        let name = stage
            .site
            .all("Contact")
            .iter()
            .find_map(|it| {
                it["name"]
                    .as_str()?
                    .strip_prefix("erased-")
                    .map(str::to_owned)
            })
            .unwrap();
        let row = stage
            .site
            .get("Contact", &format!("erased-{name}"))
            .unwrap();
        assert_eq!(
            (&row["full_name"], &row["email_ids"], &row["phone_nos"]),
            (&json!("Erased"), &json!([]), &json!([]))
        );
        let comments = stage.site.all("Comment");
        let left: Vec<_> = comments
            .iter()
            .filter(|it| it["comment_type"] == "Edit")
            .map(|it| &it["name"])
            .collect();
        assert_eq!(left, ["other"]);
        // Rows in deals follow once they are saved; the deal's own fields never do, and that is said.
        for deal in [DEAL, SHARED] {
            let text = stage.site.get("CRM Deal", deal).unwrap()["contacts"].to_string();
            assert!(
                text.contains("Erased") && !text.contains("Beispiel") && !text.contains("privat"),
                "{text}"
            );
        }
        assert!(
            outcome
                .leftovers
                .iter()
                .any(|it| it.place == "CRM Deal, its own fields" && it.count == Some(1))
        );
        assert!(
            stage
                .site
                .mentions("anna@privat")
                .iter()
                .all(|it| it.starts_with("Communication"))
        );
        let again = stage
            .frappe
            .erases()
            .unwrap()
            .erase(&record, Manner::Anonymise)
            .await
            .unwrap();
        assert!(matches!(again.fate, Fate::Gone | Fate::Anonymous));
    }
}

#[tokio::test]
async fn a_rename_that_was_cut_off_is_finished_by_the_repeat() {
    for version in BOTH {
        let stage = alone(version).await;
        let record = now(&stage.site, "Contact", "Anna Beispiel");
        // Emptied and renamed, and then the line broke.
        let mut row = stage.site.get("Contact", "Anna Beispiel").unwrap();
        for (field, value) in [
            ("first_name", json!("Erased")),
            ("last_name", json!("")),
            ("full_name", json!("Erased")),
            ("email_ids", json!([])),
            ("phone_nos", json!([])),
            ("email_id", json!("")),
            ("mobile_no", json!("")),
            ("phone", json!("")),
        ] {
            row.insert(field.into(), value);
        }
        stage
            .site
            .held()
            .docs
            .get_mut("Contact")
            .unwrap()
            .remove("Anna Beispiel");
        stage.site.plant(
            "Contact",
            "erased-20261121100000",
            serde_json::Value::Object(row),
        );
        for deal in [DEAL, SHARED] {
            let row = stage.site.get("CRM Deal", deal).unwrap();
            let text = json!(row).to_string().replace(
                "\"contact\":\"Anna Beispiel\"",
                "\"contact\":\"erased-20261121100000\"",
            );
            stage
                .site
                .held()
                .docs
                .get_mut("CRM Deal")
                .unwrap()
                .insert(deal.into(), serde_json::from_str(&text).unwrap());
        }
        stage.site.plant("Comment", "ren", json!({
            "comment_type": "Edit", "content": "renamed from <b>Anna Beispiel</b> to <b>erased-20261121100000</b>",
            "reference_doctype": "Contact", "reference_name": "erased-20261121100000",
        }));
        let outcome = stage
            .frappe
            .erases()
            .unwrap()
            .erase(&record, Manner::Anonymise)
            .await
            .unwrap();
        assert_eq!(outcome.fate, Fate::Anonymous);
        assert!(stage.site.get("Comment", "ren").is_none());
        assert!(
            !stage.site.get("CRM Deal", SHARED).unwrap()["contacts"]
                .to_string()
                .contains("Anna")
        );
    }
}

#[tokio::test]
async fn a_lead_and_a_deal_made_anonymous_keep_nothing_not_even_in_their_versions() {
    for version in BOTH {
        let stage = alone(version).await;
        for (kind, id) in [("CRM Lead", LEAD), ("CRM Deal", DEAL)] {
            conformance::erases_once(
                &stage.frappe,
                &now(&stage.site, kind, id),
                Manner::Anonymise,
            )
            .await;
            let row = json!(stage.site.get(kind, id).unwrap()).to_string();
            for word in ["Beispiel\"", "5550123", "Example.org", "Muster"] {
                assert!(!row.contains(word), "{kind}: {word} in {row}");
            }
            assert_eq!(
                stage
                    .site
                    .all("Version")
                    .iter()
                    .filter(|it| it["docname"] == id)
                    .count(),
                0
            );
        }
        assert_eq!(
            stage.site.get("CRM Deal", DEAL).unwrap()["status"],
            "Qualification"
        );
        assert!(
            stage
                .site
                .all("Deleted Document")
                .iter()
                .all(|it| it["deleted_doctype"] != "Version")
        );
        // Without the right on versions, what is left is said.
        let stage = alone(version).await;
        stage.site.held().history_right = false;
        let outcome = stage
            .frappe
            .erases()
            .unwrap()
            .erase(&now(&stage.site, "CRM Lead", LEAD), Manner::Anonymise)
            .await
            .unwrap();
        assert_eq!(outcome.leftovers.len(), 1);
        assert_eq!(
            (outcome.leftovers[0].kind, outcome.leftovers[0].count),
            (LeftoverKind::History, Some(2))
        );
    }
}

#[tokio::test]
async fn others_in_a_deal_stay_in_it_when_she_is_made_anonymous() {
    for version in BOTH {
        let stage = alone(version).await;
        stage.site.plant("CRM Deal", "D3", json!({
            "first_name": "Anna", "email": "anna@privat.example", "lead_name": "Anna Beispiel",
            "contacts": [{"contact": "Anna Beispiel", "is_primary": 1}, {"contact": "Bernd Muster"}],
        }));
        let bernd = stage.site.get("CRM Deal", "D3").unwrap()["contacts"][1]["name"].clone();
        let outcome = stage
            .frappe
            .erases()
            .unwrap()
            .erase(&now(&stage.site, "CRM Deal", "D3"), Manner::Anonymise)
            .await
            .unwrap();
        assert_eq!(outcome.fate, Fate::Anonymous);
        let rows = stage.site.get("CRM Deal", "D3").unwrap()["contacts"].clone();
        assert_eq!(
            (
                rows.as_array().unwrap().len(),
                &rows[0]["name"],
                &rows[0]["contact"]
            ),
            (1, &bernd, &json!("Bernd Muster"))
        );
    }
}

#[tokio::test]
async fn without_rights_an_erasure_fails_and_says_why() {
    for version in BOTH {
        let stage = stage(version, "leser", Some("chef")).await;
        plant_anna(&stage.site);
        for (kind, id) in [("Communication", "mail1"), ("Version", "ver1")] {
            let mishap = stage
                .frappe
                .erases()
                .unwrap()
                .erase(&now(&stage.site, kind, id), Manner::Erase)
                .await
                .unwrap_err();
            assert_eq!(mishap.fault, Fault::Forbidden, "{kind}");
            silent(&mishap);
        }
        // What it may delete it does, and says which copies it cannot reach.
        let outcome = stage
            .frappe
            .erases()
            .unwrap()
            .erase(&now(&stage.site, "FCRM Note", "note1"), Manner::Erase)
            .await
            .unwrap();
        let places: Vec<_> = outcome
            .leftovers
            .iter()
            .map(|it| it.place.as_str())
            .collect();
        assert_eq!(
            (outcome.fate, places),
            (Fate::Gone, vec!["Comment", "Version", "Deleted Document"])
        );
        let mishap = stage
            .frappe
            .erases()
            .unwrap()
            .erase(&RecordRef::new("Server Script", "x"), Manner::Erase)
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::Unknown);
    }
}

#[tokio::test]
async fn a_missing_doctype_is_not_taken_for_an_erased_record() {
    let stage = alone(16).await;
    let record = now(&stage.site, "CRM Task", "7");
    stage.site.held().missing.push("CRM Task".into());
    let mishap = stage
        .frappe
        .erases()
        .unwrap()
        .erase(&record, Manner::Erase)
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Unknown);
}
