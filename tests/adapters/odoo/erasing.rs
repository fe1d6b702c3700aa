//! Erasing: in the order that works, one by one, nothing that must be kept, and nothing claimed that was not read back.

use rechtzeitig::domain::source::{Fate, LeftoverKind, Manner, RecordRef, SideEffect};
use rechtzeitig::ports::source::{Fault, Source};
use serde_json::{Value, json};

use super::super::conformance::{ANNA, NAME, email, erases_once, find};
use super::world::No;
use super::{Stage, VERSIONS, With};

impl Stage {
    /// Takes away what keeps her contact: the invoice, and her account's hold on it.
    fn unbound(&self) {
        let cast = &self.cast;
        self.server.world(|world| {
            world.set("account.move", cast.invoice, "partner_id", json!(false));
            world.set("res.users", cast.user, "partner_id", json!(false));
            world.set("res.users", cast.user, "active", json!(false));
            world.set("sale.order", cast.order, "partner_id", json!(false));
        });
    }

    async fn ends(
        &self,
        model: &str,
        id: i64,
        manner: Manner,
    ) -> rechtzeitig::domain::source::Outcome {
        let record = self.reference(model, id);
        self.odoo
            .erases()
            .unwrap()
            .erase(&record, manner)
            .await
            .unwrap()
    }

    fn is_there(&self, model: &str, id: i64) -> bool {
        self.server.world(|world| world.exists(model, id))
    }

    fn text(&self, model: &str, id: i64, field: &str) -> Value {
        self.server.world(|world| world.value(model, id, field))
    }
}

#[tokio::test]
async fn every_kind_of_record_is_erased_once_as_the_preview_says() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Administrator).await;
        stage.unbound();
        let cast = &stage.cast;
        for (model, id) in [
            ("crm.lead", cast.lost),
            ("mail.message", cast.written),
            ("ir.attachment", cast.file),
            ("mailing.contact", cast.contact),
            ("calendar.event", cast.event),
            ("sale.order", cast.order),
            ("res.partner.bank", cast.bank),
            ("res.users", cast.user),
            ("res.partner", cast.delivery),
            ("res.partner", cast.anna),
        ] {
            erases_once(stage.source(), &stage.reference(model, id), Manner::Erase).await;
            assert!(!stage.is_there(model, id), "{version}: {model}");
        }
        for heard in stage
            .server
            .theatre
            .heard()
            .iter()
            .filter(|it| it.text().contains("unlink") || it.path.ends_with("unlink"))
        {
            let body = heard.json();
            let ids = if version == 19 {
                &body["ids"]
            } else {
                &body["params"]["args"][5][0]
            };
            assert_eq!(
                ids.as_array().unwrap().len(),
                1,
                "more than one record in a call"
            );
        }
    }
}

#[tokio::test]
async fn in_the_order_of_the_ranks_nothing_of_her_is_left_but_what_must_stay() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Administrator).await;
        stage.unbound();
        let (mut records, _) = find(stage.source(), &[email(ANNA)]).await.unwrap();
        records.retain(|record| !super::is_candidate(record));
        records.sort_by_key(|record| record.rank);
        let erases = stage.odoo.erases().unwrap();
        for record in &records {
            let outcome = erases
                .erase(&record.reference, Manner::Erase)
                .await
                .unwrap();
            let stays =
                ["helpdesk.ticket", "res.users.log"].contains(&record.reference.kind.as_str());
            assert_eq!(
                outcome.fate == Fate::Gone,
                !stays,
                "{version}: {} {}",
                record.reference.kind,
                outcome.seen
            );
        }
        let left = stage
            .server
            .world(|world| world.mentions("anna.beispiel@example.org", &[]));
        // The lead of somebody else that has her in copy, and the ticket that a person ends.
        let others: Vec<&str> = left.iter().map(String::as_str).collect();
        assert_eq!(others, ["crm.lead", "helpdesk.ticket"], "{version}");
        let (records, _) = find(stage.source(), &[email(ANNA)]).await.unwrap();
        assert!(
            records.iter().all(super::is_candidate),
            "{version}: found again"
        );
    }
}

#[tokio::test]
async fn a_posted_invoice_keeps_its_customer_until_the_invoices_lie_elsewhere() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Eraser).await;
        stage.unbound();
        stage.server.world(|world| {
            world.set(
                "account.move",
                stage.cast.invoice,
                "partner_id",
                json!(stage.cast.anna),
            )
        });
        for manner in [Manner::Erase, Manner::Anonymise] {
            let preview = stage
                .odoo
                .erases()
                .unwrap()
                .preview(&stage.reference("res.partner", stage.cast.anna), manner)
                .await;
            let preview = preview.unwrap();
            assert_eq!(preview.fate, Fate::Kept, "{version}");
            assert!(preview.why.contains("account.move"));
            assert_eq!(
                stage
                    .ends("res.partner", stage.cast.anna, manner)
                    .await
                    .fate,
                Fate::Kept
            );
        }
        assert_eq!(
            stage
                .ends("account.move", stage.cast.invoice, Manner::Erase)
                .await
                .fate,
            Fate::Kept
        );
        assert!(
            stage.server.changes().is_empty(),
            "{version}: tried all the same"
        );

        let stage = Stage::set(version, With::Eraser, "invoices_archived = true").await;
        stage.unbound();
        stage.server.world(|world| {
            world.set(
                "account.move",
                stage.cast.invoice,
                "partner_id",
                json!(stage.cast.anna),
            )
        });
        erases_once(
            stage.source(),
            &stage.reference("res.partner", stage.cast.anna),
            Manner::Erase,
        )
        .await;
        assert_eq!(
            stage.text("res.partner", stage.cast.anna, "email"),
            json!(false)
        );
        assert_eq!(
            stage.text("res.partner", stage.cast.anna, "name"),
            json!("[…]")
        );
    }
}

#[tokio::test]
async fn all_three_ways_to_refuse_end_in_an_anonymous_contact_or_a_kept_record() {
    for version in VERSIONS {
        for (name, status) in [
            ("odoo.exceptions.UserError", 422),
            ("odoo.exceptions.ValidationError", 422),
            ("odoo.exceptions.RedirectWarning", 500),
        ] {
            let stage = Stage::open(version, With::Administrator).await;
            stage.unbound();
            stage.server.world(|world| {
                world.quirks.refuses = Some(("res.partner".into(), No::named(name, status)))
            });
            let outcome = stage
                .ends("res.partner", stage.cast.anna, Manner::Erase)
                .await;
            assert_eq!(outcome.fate, Fate::Anonymous, "{version} {name}");
            let stage = Stage::open(version, With::Eraser).await;
            stage.server.world(|world| {
                world.quirks.refuses = Some(("mailing.contact".into(), No::named(name, status)))
            });
            let outcome = stage
                .ends("mailing.contact", stage.cast.contact, Manner::Erase)
                .await;
            assert_eq!((outcome.fate, outcome.seen.as_str()), (Fate::Kept, name));
        }
    }
}

#[tokio::test]
async fn a_draft_invoice_or_an_order_makes_a_contact_anonymous_instead() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Administrator).await;
        stage.unbound();
        let notes = |stage: &Stage| {
            stage
                .server
                .world(|world| world.mentions(NAME, &["res.partner", "crm.lead"]))
        };
        assert!(notes(&stage).contains("mail.tracking.value"));
        stage.server.world(|world| {
            world.plant(
                "account.move",
                json!({"state": "draft", "partner_id": stage.cast.anna}),
            )
        });
        let anna = stage.cast.anna;
        let preview = stage
            .odoo
            .erases()
            .unwrap()
            .preview(&stage.reference("res.partner", anna), Manner::Erase)
            .await
            .unwrap();
        assert_eq!(
            (preview.fate, preview.why.as_str()),
            (Fate::Anonymous, "account.move: 1")
        );
        erases_once(
            stage.source(),
            &stage.reference("res.partner", anna),
            Manner::Erase,
        )
        .await;
        for field in [
            "email",
            "phone",
            "street",
            "comment",
            "ref",
            "image_1920",
            "parent_id",
            "x_hobby",
            "email_normalized",
        ] {
            assert_eq!(
                stage.text("res.partner", anna, field),
                json!(false),
                "{version}: {field}"
            );
        }
        assert!(
            !notes(&stage).contains("mail.tracking.value"),
            "{version}: the history still knows her"
        );
    }
}

#[tokio::test]
async fn without_an_administrator_the_history_is_left_and_said() {
    let stage = Stage::open(19, With::Eraser).await;
    stage.unbound();
    let notes = stage
        .server
        .world(|world| world.count("mail.tracking.value"));
    let outcome = stage
        .ends("res.partner", stage.cast.anna, Manner::Anonymise)
        .await;
    assert_eq!(outcome.fate, Fate::Anonymous);
    assert!(
        outcome
            .leftovers
            .iter()
            .any(|left| left.kind == LeftoverKind::History && left.place == "mail.tracking.value")
    );
    // Only the bank account's holder is noted, whatever the call says.
    assert_eq!(
        stage
            .server
            .world(|world| world.count("mail.tracking.value")),
        notes + 1
    );
}

#[tokio::test]
async fn a_contact_of_an_active_account_stays_and_an_internal_account_too() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Eraser).await;
        let outcome = stage
            .ends("res.partner", stage.cast.anna, Manner::Erase)
            .await;
        assert_eq!(
            (outcome.fate, outcome.seen.as_str()),
            (Fate::Kept, "res.users: 1 active")
        );
        stage
            .server
            .world(|world| world.set("res.users", stage.cast.user, "share", json!(false)));
        assert_eq!(
            stage
                .ends("res.users", stage.cast.user, Manner::Erase)
                .await
                .fate,
            Fate::Kept
        );
        assert!(stage.server.changes().is_empty());
    }
}

#[tokio::test]
async fn what_goes_along_and_what_is_left_is_said_before() {
    let stage = Stage::open(19, With::Eraser).await;
    stage.unbound();
    let record = stage.reference("res.partner", stage.cast.anna);
    let preview = stage
        .odoo
        .erases()
        .unwrap()
        .preview(&record, Manner::Erase)
        .await
        .unwrap();
    let takes = |kind: &str, count| {
        preview.effects.contains(&SideEffect::Takes {
            kind: kind.into(),
            count,
        })
    };
    assert!(
        takes("mail.message", 1) && takes("ir.attachment", 1) && takes("res.partner.bank", 1),
        "{preview:?}"
    );
    let left = |kind, place: &str| {
        preview
            .leftovers
            .iter()
            .find(|left| left.kind == kind && left.place == place)
    };
    assert_eq!(
        left(LeftoverKind::Mentions, "mail.message").unwrap().count,
        Some(1),
        "written elsewhere"
    );
    assert_eq!(
        left(LeftoverKind::Other, "crm.lead").unwrap().count,
        Some(1),
        "a lead keeps its copies"
    );
    assert_eq!(
        left(LeftoverKind::Other, "res.partner.parent_id")
            .unwrap()
            .count,
        Some(1)
    );
    assert_eq!(
        left(LeftoverKind::Files, "filestore").unwrap().days,
        Some(1)
    );
    assert!(stage.server.changes().is_empty());
    let all = format!("{preview:?}");
    assert!(!all.contains("Anna") && !all.contains("Beispiel"));
}

#[tokio::test]
async fn a_message_and_a_lead_can_be_emptied_and_stay() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Administrator).await;
        let cast = &stage.cast;
        for (model, id) in [
            ("mail.message", cast.written),
            ("crm.lead", cast.by_link),
            ("sale.order", cast.order),
            ("calendar.event", cast.event),
        ] {
            erases_once(
                stage.source(),
                &stage.reference(model, id),
                Manner::Anonymise,
            )
            .await;
            assert!(stage.is_there(model, id));
        }
        assert_eq!(
            stage.text("mail.message", cast.written, "body"),
            json!("<p>[…]</p>")
        );
        assert_eq!(stage.text("crm.lead", cast.by_link, "phone"), json!(false));
        assert_eq!(
            stage.text("crm.lead", cast.by_link, "name"),
            json!("[…]"),
            "the title names her"
        );
    }
}

#[tokio::test]
async fn the_paper_of_an_invoice_is_kept_with_it() {
    let stage = Stage::open(19, With::Eraser).await;
    let paper = stage.server.world(|world| {
        world.plant("ir.attachment", json!({"name": "RE.pdf", "type": "binary", "res_model": "account.move", "res_id": stage.cast.invoice}))
    });
    assert_eq!(
        stage.ends("ir.attachment", paper, Manner::Erase).await.fate,
        Fate::Kept
    );
    assert!(stage.is_there("ir.attachment", paper));
}

#[tokio::test]
async fn a_confirmed_order_is_kept() {
    let stage = Stage::open(19, With::Eraser).await;
    stage
        .server
        .world(|world| world.set("sale.order", stage.cast.order, "state", json!("sale")));
    let outcome = stage
        .ends("sale.order", stage.cast.order, Manner::Erase)
        .await;
    assert_eq!(
        (outcome.fate, outcome.seen.as_str()),
        (Fate::Kept, "sale.order: state sale")
    );
}

#[tokio::test]
async fn an_objection_is_never_erased() {
    let stage = Stage::open(19, With::Eraser).await;
    let entry = stage.server.world(|world| {
        world.plant(
            "mail.blacklist",
            json!({"email": "anna.beispiel@example.org"}),
        )
    });
    let (records, _) = find(stage.source(), &[email(ANNA)]).await.unwrap();
    assert!(super::by_id(&records, "mail.blacklist", entry).is_some());
    assert_eq!(
        stage
            .ends("mail.blacklist", entry, Manner::Erase)
            .await
            .fate,
        Fate::Kept
    );
    assert!(stage.is_there("mail.blacklist", entry));
}

#[tokio::test]
async fn what_was_written_since_it_was_found_is_not_erased() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Eraser).await;
        stage.unbound();
        let found = stage.reference("res.partner", stage.cast.anna);
        stage.server.world(|world| {
            let values = json!({"name": "Ganz Andere", "email": "andere@example.org"});
            world
                .write(
                    "res.partner",
                    stage.cast.anna,
                    values.as_object().unwrap(),
                    true,
                )
                .unwrap();
        });
        let mishap = stage
            .odoo
            .erases()
            .unwrap()
            .erase(&found, Manner::Erase)
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::Conflict, "{version}");
        assert!(stage.is_there("res.partner", stage.cast.anna));
    }
}

#[tokio::test]
async fn what_odoo_says_it_deleted_is_looked_for_and_another_record_is_never_taken_for_it() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Eraser).await;
        stage.server.world(|world| world.quirks.forgets = true);
        let lead = stage.reference("crm.lead", stage.cast.lost);
        let erases = stage.odoo.erases().unwrap();
        assert_eq!(
            erases.erase(&lead, Manner::Erase).await.unwrap_err().fault,
            Fault::NotWritten
        );
        assert_eq!(
            erases
                .erase(&lead, Manner::Anonymise)
                .await
                .unwrap_err()
                .fault,
            Fault::NotWritten
        );
        stage.server.world(|world| {
            world.quirks.forgets = false;
            world.quirks.other_id = true;
        });
        assert_eq!(
            erases.erase(&lead, Manner::Erase).await.unwrap_err().fault,
            Fault::Unreadable
        );
        assert!(stage.is_there("crm.lead", stage.cast.lost), "{version}");
        stage.server.world(|world| {
            world.quirks.other_id = false;
            world.quirks.mute = true;
        });
        assert_eq!(
            erases.erase(&lead, Manner::Erase).await.unwrap().fate,
            Fate::Gone,
            "{version}: no answer, but gone"
        );
    }
}

#[tokio::test]
async fn nothing_is_erased_by_a_number_that_is_none_or_in_a_model_that_is_not_known() {
    let stage = Stage::open(19, With::Eraser).await;
    let erases = stage.odoo.erases().unwrap();
    for (kind, id, fault) in [
        ("res.partner", "", Fault::NoIdentifier),
        ("res.partner", "0", Fault::NoIdentifier),
        ("res.partner", "-1", Fault::NoIdentifier),
        ("res.partner", "1 or 2", Fault::NoIdentifier),
        ("res.partner,1", "1", Fault::Unknown),
        ("", "1", Fault::Unknown),
    ] {
        let mishap = erases
            .erase(&RecordRef::new(kind, id), Manner::Erase)
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, fault, "{kind} {id}");
    }
    for kind in ["ir.config_parameter", "res.company", "helpdesk.ticket"] {
        let outcome = erases
            .erase(&RecordRef::new(kind, "1"), Manner::Erase)
            .await
            .unwrap();
        assert_eq!(outcome.fate, Fate::Kept, "{kind}: only the site told of it");
    }
    assert_eq!(
        erases
            .erase(&RecordRef::new("crm.lead", "999999"), Manner::Erase)
            .await
            .unwrap()
            .fate,
        Fate::Gone
    );
    assert!(stage.server.changes().is_empty());
}

#[tokio::test]
async fn a_record_of_which_nobody_knows_how_it_was_found_stays() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Eraser).await;
        let mut record = stage.reference("crm.lead", stage.cast.lost);
        record.version = None;
        let erases = stage.odoo.erases().unwrap();
        let mishap = erases.erase(&record, Manner::Erase).await.unwrap_err();
        assert_eq!(mishap.fault, Fault::Conflict, "{version}");
        assert!(stage.server.changes().is_empty());
    }
}

#[tokio::test]
async fn a_record_of_another_company_is_forbidden_and_not_gone() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Eraser).await;
        let hidden = stage.server.world(|world| {
            let second = world.plant("res.company", json!({"name": "Zweite GmbH"}));
            world.plant(
                "res.partner",
                json!({"name": NAME, "email": ANNA, "company_id": second}),
            )
        });
        let record = RecordRef::new("res.partner", hidden.to_string());
        let mishap = stage
            .odoo
            .erases()
            .unwrap()
            .erase(&record, Manner::Erase)
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::Forbidden, "{version}");
        assert!(
            !mishap.to_string().contains("Anna"),
            "the text of the error came along"
        );
    }
}
