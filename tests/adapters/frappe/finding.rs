//! Finding in Frappe CRM.

use futures_util::StreamExt;
use rechtzeitig::domain::identifier::SearchKey;
use rechtzeitig::domain::source::{Caution, Doubt, Need, Tie};
use rechtzeitig::ports::source::{Fault, Source};
use serde_json::json;

use super::super::conformance::{self, ANNA, NAME, PHONE, email, find, name, phone};
use super::super::theatre::Mood;
use super::*;

async fn does_what_every_adapter_does(version: u8) {
    let stage = full(version).await;
    let records = conformance::finds_her_and_nobody_else(&stage.frappe).await;
    assert!(records.iter().any(|it| it.files.len() == 1));
    conformance::takes_wildcards_as_letters(&stage.frappe).await;
    conformance::says_that_there_is_nothing(&stage.frappe).await;
    conformance::asks_nothing_without_an_identifier(&stage.frappe).await;
    conformance::bears_every_mood(&stage.theatre, &stage.frappe).await;
}

#[tokio::test]
async fn on_frappe_15_it_does_what_every_adapter_does() {
    does_what_every_adapter_does(15).await;
}

#[tokio::test]
async fn on_frappe_16_it_does_what_every_adapter_does() {
    does_what_every_adapter_does(16).await;
}

#[tokio::test]
async fn everything_that_the_crm_has_of_her_is_found_and_why_it_is_hers() {
    for version in BOTH {
        let stage = full(version).await;
        let (records, search) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
        let exact = |kind, id, place: &str| {
            let tie = Tie::Exact {
                by: SearchKey::Email,
                field: place.into(),
            };
            assert_eq!(of(&records, kind, id).tie, tie, "{kind} {id}");
        };
        let linked = |kind, id, to: &str, name: &str| {
            let tie = Tie::Linked {
                kind: to.into(),
                id: name.into(),
            };
            assert_eq!(of(&records, kind, id).tie, tie, "{kind} {id}");
        };
        exact("CRM Lead", LEAD, "email");
        exact("Contact", "Anna Beispiel", "email_ids.email_id");
        exact("CRM Deal", DEAL, "email");
        exact("Communication", "mail1", "sender");
        exact("Communication", "mail2", "cc");
        exact("Email Group Member", "member1", "email");
        exact("Email Queue", "queue1", "recipients.recipient");
        exact("Deleted Document", "del1", "data");
        linked("Communication", "mail3", "Contact", "Anna Beispiel");
        linked("Comment", "com1", "CRM Lead", LEAD);
        linked("FCRM Note", "note1", "CRM Deal", DEAL);
        linked("CRM Task", "7", "CRM Lead", LEAD);
        linked(
            "Address",
            "Anna Beispiel-Billing",
            "Contact",
            "Anna Beispiel",
        );
        linked("Event", "event1", "Contact", "Anna Beispiel");
        linked("ToDo", "todo1", "CRM Lead", LEAD);
        linked("File", "file1", "CRM Lead", LEAD);
        linked("File", "file2", "CRM Lead", LEAD);
        linked("Version", "ver1", "CRM Lead", LEAD);
        linked("Deleted Document", "del2", "CRM Lead", LEAD);
        // A firm that bears her name is for a person to judge.
        let firm = of(&records, "CRM Organization", "Beispiel Gartenbau");
        assert!(matches!(firm.tie, Tie::Candidate { .. }));
        assert_eq!(
            records.len(),
            21 + 1,
            "{:?}",
            records
                .iter()
                .map(|it| &it.reference.kind)
                .collect::<Vec<_>>()
        );
        assert_eq!(search.doubts, []);
        let proposed: Vec<_> = search
            .proposals
            .iter()
            .map(|it| it.identifier.canonical())
            .collect();
        assert_eq!(
            proposed,
            ["+491705550123", "anna beispiel", "anna@privat.example"]
        );
    }
}

#[tokio::test]
async fn who_sees_his_own_leads_alone_is_not_taken_for_who_sees_all() {
    for version in BOTH {
        let stage = stage(version, "eigene", None).await;
        plant_anna(&stage.site);
        plant_others(&stage.site);
        // There is a lead in sight: his own. The number says nothing then, and the role says it.
        let (records, search) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
        assert_eq!(ids(&records, "CRM Lead"), [LEAD]);
        assert!(ids(&records, "CRM Deal").is_empty());
        let role = Doubt::Unseen(vec!["Sales Manager".into()]);
        assert!(search.doubts.contains(&role), "{:?}", search.doubts);
        assert!(search.doubts.iter().any(Doubt::forbids_all));
    }
}

#[tokio::test]
async fn an_account_without_the_right_role_is_never_taken_for_an_empty_crm() {
    for version in BOTH {
        for user in ["verkaeufer", "rolle"] {
            let stage = stage(version, user, None).await;
            plant_anna(&stage.site);
            let (records, search) = find(&stage.frappe, &[email("niemand@example.org")])
                .await
                .unwrap();
            assert!(records.is_empty());
            assert!(
                search
                    .doubts
                    .contains(&Doubt::Unseen(vec!["CRM Lead".into()])),
                "{user}: {:?}",
                search.doubts
            );
            let health = stage.frappe.check().await.unwrap();
            assert!(health.in_sight.contains(&("CRM Lead".into(), 0)), "{user}");
            assert!(
                health.needs.contains(&Need::Group("Sales Manager".into())),
                "{user}: {:?}",
                health.needs
            );
        }
        // Who sees some and not all is known by the number alone.
        let site = Site::new(version);
        plant_anna(&site);
        let theatre = site.open().await;
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(&theatre, &folder, "leser", None);
        settings.at_least = [("CRM Lead".to_owned(), 201)].into();
        let frappe = Frappe::new(&settings, &limits()).unwrap();
        let (_, search) = find(&frappe, &[email(ANNA)]).await.unwrap();
        assert!(
            search
                .doubts
                .contains(&Doubt::Unseen(vec!["CRM Lead".into()]))
        );
        assert!(
            frappe
                .check()
                .await
                .unwrap()
                .needs
                .contains(&Need::Group("CRM Lead: 201".into()))
        );
    }
}

#[tokio::test]
async fn what_is_closed_to_the_account_is_a_doubt_and_a_need() {
    let stage = stage(16, "chef", None).await;
    plant_anna(&stage.site);
    let (records, search) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
    assert_eq!(ids(&records, "CRM Lead"), [LEAD]);
    let health = stage.frappe.check().await.unwrap();
    for place in [
        "Comment",
        "Version",
        "Deleted Document",
        "Email Group Member",
        "User",
    ] {
        assert!(
            search.doubts.contains(&Doubt::Closed(place.into())),
            "{place}"
        );
        assert!(
            !search.asked.iter().any(|it| it.place == place),
            "{place} was not answered"
        );
        assert!(health.needs.contains(&Need::Read(place.into())), "{place}");
    }
    assert!(health.needs.contains(&Need::SecondCredential));
}

#[tokio::test]
async fn lists_are_read_past_twenty_and_past_every_page_in_both_versions() {
    for version in BOTH {
        let stage = alone(version).await;
        for count in 0..450 {
            // Upper and lower case mixed: the site's order is its own.
            let id = format!("{}{count:04}", if count % 2 == 0 { "Post" } else { "pOST" });
            stage.site.plant(
                "Communication",
                id,
                json!({"sender": ANNA, "recipients": "verkauf@firma.example"}),
            );
            stage.site.plant(
                "CRM Task",
                count + 100,
                json!({
                    "title": "Anruf", "reference_doctype": "CRM Lead", "reference_docname": LEAD,
                }),
            );
        }
        let (records, _) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
        assert_eq!(ids(&records, "Communication").len(), 453);
        assert_eq!(ids(&records, "CRM Task").len(), 451);
        // Version 2 of the interface pages differently in each version, and drops what it does not know.
        assert!(
            stage
                .theatre
                .heard()
                .iter()
                .all(|it| !it.path.starts_with("/api/v2"))
        );
    }
}

#[tokio::test]
async fn a_page_that_is_too_large_is_asked_for_in_smaller_ones() {
    let site = Site::new(16);
    plant_anna(&site);
    for count in 0..40 {
        let content = "x".repeat(10_000);
        site.plant(
            "Communication",
            format!("gross{count}"),
            json!({"sender": ANNA, "content": content}),
        );
    }
    let theatre = site.open().await;
    let folder = tempfile::tempdir().unwrap();
    let small = Limits {
        largest: 64 * 1024,
        patience: Duration::from_secs(20),
        ..limits()
    };
    let frappe = Frappe::new(&settings(&theatre, &folder, "leser", None), &small).unwrap();
    let (records, _) = find(&frappe, &[email(ANNA)]).await.unwrap();
    assert_eq!(ids(&records, "Communication").len(), 43);
    // One that is too large for itself is an error and not skipped.
    site.plant(
        "Communication",
        "riesig",
        json!({"sender": ANNA, "content": "x".repeat(100_000)}),
    );
    assert_eq!(
        find(&frappe, &[email(ANNA)]).await.unwrap_err().fault,
        Fault::TooLarge
    );
}

#[tokio::test]
async fn a_list_that_never_ends_or_answers_with_everybody_is_no_answer() {
    for version in BOTH {
        let stage = full(version).await;
        stage.site.held().stuck = true;
        let mishap = find(&stage.frappe, &[email(ANNA)]).await.unwrap_err();
        assert_eq!(mishap.fault, Fault::Flooded);
        stage.site.held().stuck = false;
        stage.site.held().deaf = true;
        for count in 0..120 {
            let address = format!("kunde{count}@example.org");
            stage.site.plant(
                "CRM Lead",
                format!("CRM-LEAD-2025-{count:05}"),
                json!({"first_name": "K", "email": address}),
            );
        }
        let mishap = find(&stage.frappe, &[email(ANNA)]).await.unwrap_err();
        assert_eq!(mishap.fault, Fault::Flooded);
        silent(&mishap);
        assert_eq!(
            stage.frappe.check().await.unwrap_err().fault,
            Fault::Flooded
        );
    }
}

#[tokio::test]
async fn fields_that_somebody_added_are_in_the_copy_without_being_named() {
    for version in BOTH {
        let stage = full(version).await;
        let (records, _) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
        let lead = of(&records, "CRM Lead", LEAD);
        assert_eq!(field(lead, "custom_birth_name"), "Muster");
        // Neither those who work there nor the system's bookkeeping.
        assert!(
            records
                .iter()
                .all(|it| !conformance::holds(it, "anna.admin@firma.example"))
        );
        let contact = of(&records, "Contact", "Anna Beispiel");
        assert_eq!(field(contact, "email_ids.2.email_id"), ANNA);
    }
}

#[tokio::test]
async fn a_key_with_any_letter_in_it_is_read_and_two_of_the_same_name_are_two() {
    for version in BOTH {
        let stage = full(version).await;
        let odd = "Zoë O'Brien / Ärger 100%?#";
        stage.site.plant("Contact", odd, json!({
            "first_name": "Zoë", "email_ids": [{"email_id": "zoe@example.org", "is_primary": 1}],
        }));
        stage.site.plant(
            "Comment",
            "zoe1",
            json!({"content": "x", "reference_doctype": "Contact", "reference_name": odd}),
        );
        let (records, _) = find(&stage.frappe, &[email("zoe@example.org")])
            .await
            .unwrap();
        assert_eq!(
            (ids(&records, "Contact"), ids(&records, "Comment")),
            (vec![odd.to_owned()], vec!["zoe1".to_owned()])
        );
        let (records, _) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
        assert_eq!(ids(&records, "Contact"), ["Anna Beispiel"]);
        assert_eq!(ids(&records, "Comment"), ["com1"]);
    }
}

#[tokio::test]
async fn a_number_is_found_however_it_was_typed_and_a_near_one_is_not() {
    for version in BOTH {
        let stage = full(version).await;
        let (records, search) = find(&stage.frappe, &[phone(PHONE.0)]).await.unwrap();
        assert_eq!(ids(&records, "CRM Lead"), [LEAD]);
        assert_eq!(ids(&records, "Contact"), ["Anna Beispiel"]);
        assert_eq!(ids(&records, "CRM Call Log"), ["call1"]);
        assert!(ids(&records, "CRM Deal").contains(&DEAL.to_owned()));
        assert!(search.proposals.iter().any(|it| it.identifier.is(ANNA)));
    }
}

#[tokio::test]
async fn a_name_makes_candidates_and_follows_nothing() {
    for version in BOTH {
        let stage = full(version).await;
        let (records, search) = find(&stage.frappe, &[name(NAME)]).await.unwrap();
        assert!(records.iter().all(|it| matches!(
            it.tie,
            Tie::Candidate {
                by: SearchKey::Name,
                ..
            }
        )));
        assert_eq!(ids(&records, "Contact"), ["Anna Beispiel"]);
        assert_eq!(ids(&records, "Comment"), [""; 0]);
        assert_eq!(search.proposals, []);
        // A mention in a text is no more than that.
        stage.site.plant(
            "FCRM Note",
            "note2",
            json!({"title": "Frage", "content": format!("bitte {ANNA} fragen")}),
        );
        let (records, _) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
        assert!(matches!(
            of(&records, "FCRM Note", "note2").tie,
            Tie::Candidate {
                by: SearchKey::Email,
                ..
            }
        ));
    }
}

#[tokio::test]
async fn in_a_deal_of_others_only_her_row_is_hers() {
    for version in BOTH {
        let stage = full(version).await;
        let (records, _) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
        assert_eq!(ids(&records, "CRM Deal"), [DEAL]);
        let rows: Vec<_> = records
            .iter()
            .filter(|it| it.reference.kind == "CRM Contacts")
            .collect();
        assert_eq!(rows.len(), 1);
        assert_eq!(
            rows[0].tie,
            Tie::Linked {
                kind: "Contact".into(),
                id: "Anna Beispiel".into()
            }
        );
        assert_eq!(field(rows[0], "deal"), SHARED);
        assert!(!conformance::holds(rows[0], "bernd"));
    }
}

#[tokio::test]
async fn a_conversion_is_followed_from_any_of_the_three() {
    for version in BOTH {
        let stage = full(version).await;
        for (kind, table) in [("CRM Lead", None), ("Contact", Some("email_ids"))] {
            let address = format!("{}@weg.example", kind.replace(' ', ""));
            let (lead, person) = (format!("L-{kind}"), format!("P-{kind}"));
            let mail = |it: bool| if it { address.clone() } else { String::new() };
            stage.site.plant(
                "CRM Lead",
                lead.as_str(),
                json!({"first_name": "W", "email": mail(table.is_none())}),
            );
            let rows = json!([{"email_id": mail(table.is_some()), "is_primary": 1}]);
            stage.site.plant(
                "Contact",
                person.as_str(),
                json!({"first_name": "W", "email_ids": rows}),
            );
            stage.site.plant(
                "CRM Deal",
                format!("D-{kind}"),
                json!({"lead": lead, "contacts": [{"contact": person}]}),
            );
            let (records, _) = find(&stage.frappe, &[email(&address)]).await.unwrap();
            assert_eq!(ids(&records, "CRM Deal").len(), 1, "{kind}");
        }
    }
}

#[tokio::test]
async fn an_address_of_several_contacts_is_a_caution() {
    let stage = alone(16).await;
    for person in ["Eva Info", "Udo Info"] {
        stage.site.plant("Contact", person, json!({
            "first_name": person, "email_ids": [{"email_id": "info@kunde.example", "is_primary": 1}],
        }));
    }
    let (records, _) = find(&stage.frappe, &[email("info@kunde.example")])
        .await
        .unwrap();
    assert_eq!(records.len(), 2);
    assert!(
        records
            .iter()
            .all(|it| it.cautions.contains(&Caution::Shared))
    );
}

#[tokio::test]
async fn a_built_in_request_is_shown_and_never_set_off() {
    let stage = alone(16).await;
    let (records, _) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
    assert_eq!(
        of(&records, "Personal Data Deletion Request", "PDR-1").cautions,
        [Caution::Acts]
    );
    for record in &records {
        let _ = stage
            .frappe
            .erases()
            .unwrap()
            .erase(
                &record.reference,
                rechtzeitig::domain::source::Manner::Erase,
            )
            .await;
    }
    let touched =
        |it: &super::super::theatre::Heard| it.path.contains("Personal Data") && it.method != "GET";
    assert!(!stage.theatre.heard().iter().any(touched));
    assert!(
        stage
            .theatre
            .heard()
            .iter()
            .all(|it| !it.path.contains("trigger"))
    );
}

#[tokio::test]
async fn times_are_those_of_the_site_and_none_where_its_zone_is_unknown() {
    for (zone, moment) in [
        ("Asia/Kolkata", Some("2026-01-15T06:30:00Z")),
        ("Europe/Berlin", Some("2026-01-15T11:00:00Z")),
        ("", None),
    ] {
        let stage = alone(15).await;
        stage.site.held().time_zone = zone.into();
        let (records, _) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
        let at = of(&records, "Communication", "mail1")
            .at
            .map(|it| it.format("%FT%TZ").to_string());
        assert_eq!(at.as_deref(), moment, "{zone}");
        let needs = stage.frappe.check().await.unwrap().needs;
        assert_eq!(
            needs.contains(&Need::Setting("time_zone".into())),
            moment.is_none()
        );
    }
}

#[tokio::test]
async fn accents_and_blanks_are_the_sites_affair_and_the_comparison_ours() {
    for mariadb in [true, false] {
        let stage = full(15).await;
        stage.site.held().mariadb = mariadb;
        stage.site.plant(
            "CRM Lead",
            "CRM-LEAD-2026-00900",
            json!({"first_name": "A", "email": format!(" {} ", ANNA.to_uppercase())}),
        );
        let (records, _) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
        assert_eq!(ids(&records, "CRM Lead"), [LEAD, "CRM-LEAD-2026-00900"]);
    }
}

#[tokio::test]
async fn the_address_of_nobody_stands_in_an_address_line_and_no_cookie_is_kept() {
    let stage = alone(16).await;
    find(&stage.frappe, &[email(ANNA), phone(PHONE.0), name(NAME)])
        .await
        .unwrap();
    for heard in stage.theatre.heard() {
        assert!(
            !heard.target.to_lowercase().contains("example.org"),
            "{}",
            heard.target
        );
        assert_eq!(heard.header("cookie"), "");
        assert_eq!(heard.header("x-frappe-site-name"), "crm.firma.example");
        assert!(!heard.path.contains("generate_keys"));
    }
}

#[tokio::test]
async fn errors_are_known_by_their_name_and_say_nothing_else() {
    for version in BOTH {
        let stage = stage(version, "leser", None).await;
        plant_anna(&stage.site);
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(&stage.theatre, &folder, "leser", None);
        std::fs::write(folder.path().join("leser"), "leser:falsch").unwrap();
        let wrong = Frappe::new(&settings, &limits()).unwrap();
        let mishap = find(&wrong, &[email(ANNA)]).await.unwrap_err();
        assert_eq!(
            (mishap.fault, mishap.detail.as_str()),
            (Fault::Unauthorized, "status 401, AuthenticationError")
        );
        std::fs::write(folder.path().join("leser"), "nur-ein-teil").unwrap();
        assert_eq!(
            Frappe::new(&settings, &limits()).unwrap_err().fault,
            Fault::Misconfigured
        );
        settings.without = vec!["Contact".into()];
        std::fs::write(folder.path().join("leser"), "leser:geheim").unwrap();
        assert_eq!(
            Frappe::new(&settings, &limits()).unwrap_err().fault,
            Fault::Misconfigured
        );
        // Without the CRM there is nothing to search, and that is said.
        stage.site.held().missing.push("CRM Lead".into());
        let mishap = find(&stage.frappe, &[email(ANNA)]).await.unwrap_err();
        assert_eq!(mishap.fault, Fault::Unknown);
        silent(&mishap);
        assert!(
            stage
                .frappe
                .check()
                .await
                .unwrap()
                .needs
                .contains(&Need::Module("CRM Lead".into()))
        );
        stage.theatre.mood(Mood::Busy(39));
        assert_eq!(
            stage.frappe.check().await.unwrap_err().wait,
            Some(Duration::from_secs(39))
        );
    }
}

#[tokio::test]
async fn what_is_left_out_is_not_asked_and_said_as_a_leftover() {
    let site = Site::new(16);
    plant_anna(&site);
    let theatre = site.open().await;
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(&theatre, &folder, "leser", None);
    settings.without = vec!["Email Queue".into()];
    let frappe = Frappe::new(&settings, &limits()).unwrap();
    let (records, search) = find(&frappe, &[email(ANNA)]).await.unwrap();
    assert_eq!(ids(&records, "Email Queue"), [""; 0]);
    assert!(
        search
            .asked
            .iter()
            .all(|it| !it.place.starts_with("Email Queue"))
    );
    assert!(
        frappe
            .profile()
            .leftovers
            .iter()
            .any(|it| it.place == "Email Queue")
    );
    assert!(
        frappe.erases().is_none() && frappe.rectifies().is_none() && frappe.suppresses().is_none()
    );
}

#[tokio::test]
async fn a_check_says_what_is_in_sight_and_reads_nobody() {
    for version in BOTH {
        let stage = full(version).await;
        let health = stage.frappe.check().await.unwrap();
        let frappe = if version == 15 {
            "15.55.1"
        } else {
            "16.0.0-dev"
        };
        assert_eq!(health.version, format!("Frappe {frappe}, CRM 1.73.1"));
        assert!(health.in_sight.contains(&("CRM Lead".into(), 8)));
        assert_eq!(health.needs, []);
        for heard in stage
            .theatre
            .heard()
            .iter()
            .filter(|it| it.path.ends_with("get_list"))
        {
            assert!(
                heard.json()["filters"]
                    .as_array()
                    .unwrap()
                    .contains(&json!(["name", "=", "-"]))
            );
        }
        stage.site.held().history_right = false;
        let needs = stage.frappe.check().await.unwrap().needs;
        assert_eq!(needs, [Need::Write("Version".into())]);
    }
    // An account that reads and could delete is told.
    let stage = stage(16, "system", Some("rolle")).await;
    plant_anna(&stage.site);
    let needs = stage.frappe.check().await.unwrap().needs;
    assert!(needs.contains(&Need::TooMighty("Contact".into())));
    assert!(needs.contains(&Need::Write("CRM Lead".into())));
}

#[tokio::test]
async fn private_files_are_copied_with_any_letter_in_their_names_and_none_from_elsewhere() {
    for version in BOTH {
        let stage = full(version).await;
        let (records, _) = find(&stage.frappe, &[email(ANNA)]).await.unwrap();
        let copies = stage.frappe.copies().unwrap();
        let fetch = async |id: &str| {
            let record = of(&records, "File", id);
            let pieces: Vec<_> = copies
                .fetch(&record.reference, &record.files[0])
                .collect()
                .await;
            pieces
                .into_iter()
                .collect::<Result<Vec<_>, _>>()
                .map(|it| it.concat())
        };
        assert_eq!(fetch("file1").await.unwrap(), b"%PDF-1.4\n");
        assert_eq!(fetch("file2").await.unwrap(), b"\x89PNG");
        for elsewhere in [
            "https://fremd.example/x.pdf",
            "//fremd.example/files/x",
            "/private/files/../../site_config.json",
        ] {
            stage.site.plant(
                "File",
                "file1",
                json!({"file_name": "x", "file_url": elsewhere}),
            );
            stage.theatre.forget();
            fetch("file1").await.unwrap_err();
            assert_eq!(stage.theatre.heard().len(), 1, "{elsewhere}");
        }
        stage.site.plant(
            "File",
            "file1",
            json!({"file_name": "x", "file_url": "/private/files/weg.pdf"}),
        );
        assert_eq!(fetch("file1").await.unwrap_err().fault, Fault::Forbidden);
    }
}
