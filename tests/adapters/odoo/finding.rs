//! She is found wherever she lies, and nobody else is.

use rechtzeitig::adapters::Limits;
use rechtzeitig::domain::identifier::{Identifier, SearchKey};
use rechtzeitig::domain::source::{Caution, Doubt, Need, Origin, Tie};
use rechtzeitig::ports::source::Fault;
use serde_json::json;

use super::super::conformance::{
    ANNA, NAME, NEAR, PHONE, asks_nothing_without_an_identifier, email, find,
    finds_her_and_nobody_else, holds, name, phone, says_that_there_is_nothing,
    takes_wildcards_as_letters,
};
use super::{Stage, VERSIONS, With, by_id, is_candidate, limits, of};

#[tokio::test]
async fn every_version_passes_what_every_adapter_must() {
    for version in VERSIONS {
        for with in [With::Reader, With::Administrator] {
            let stage = Stage::open(version, with).await;
            finds_her_and_nobody_else(stage.source()).await;
            takes_wildcards_as_letters(stage.source()).await;
            says_that_there_is_nothing(stage.source()).await;
            stage.server.theatre.forget();
            asks_nothing_without_an_identifier(stage.source()).await;
            assert!(stage.server.theatre.heard().is_empty());
            assert!(
                stage.server.changes().is_empty(),
                "a search changed something"
            );
        }
    }
}

#[tokio::test]
async fn all_that_is_hers_comes_in_every_version_archived_or_not() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Administrator).await;
        let cast = &stage.cast;
        let (records, search) = find(stage.source(), &[email(ANNA)]).await.unwrap();
        for (model, id) in [
            ("res.partner", cast.anna),
            ("res.partner", cast.old),
            ("res.partner", cast.delivery),
            ("crm.lead", cast.lost),
            ("crm.lead", cast.by_link),
            ("mailing.contact", cast.contact),
            ("mail.message", cast.on_her),
            ("mail.message", cast.written),
            ("mail.message", cast.mailed),
            ("ir.attachment", cast.file),
            ("ir.attachment", cast.sent_file),
            ("calendar.event", cast.event),
            ("res.partner.bank", cast.bank),
            ("account.move", cast.invoice),
            ("sale.order", cast.order),
            ("res.users", cast.user),
        ] {
            assert!(
                by_id(&records, model, id).is_some(),
                "{version}: {model} {id} is missing"
            );
        }
        for model in [
            "mail.activity",
            "calendar.attendee",
            "mailing.trace",
            "mail.tracking.value",
        ] {
            assert_eq!(of(&records, model).len(), 1, "{version}: {model}");
        }
        let subscription = if version >= 17 {
            "mailing.subscription"
        } else {
            "mailing.contact.subscription"
        };
        assert_eq!(of(&records, subscription).len(), 1);
        for id in &cast.near {
            assert!(
                by_id(&records, "res.partner", *id).is_none(),
                "{version}: somebody else"
            );
        }
        assert!(
            by_id(&records, "res.partner", cast.old)
                .unwrap()
                .cautions
                .contains(&Caution::Archived)
        );
        assert!(
            by_id(&records, "account.move", cast.invoice)
                .unwrap()
                .cautions
                .contains(&Caution::Retained)
        );
        assert!(
            by_id(&records, "crm.lead", cast.by_phone).is_none(),
            "nobody asked for the number"
        );
        assert!(
            search.proposals.iter().any(|it| it.identifier.is(PHONE.0)),
            "her number is proposed"
        );
        assert!(
            search.proposals.iter().any(|it| it.identifier.is("k-4711")),
            "her customer number is proposed"
        );
    }
}

#[tokio::test]
async fn a_record_says_what_it_is_in_fields_that_a_clerk_can_read() {
    let stage = Stage::open(19, With::Reader).await;
    let (records, _) = find(stage.source(), &[email(ANNA)]).await.unwrap();
    let anna = by_id(&records, "res.partner", stage.cast.anna).unwrap();
    let value = |name: &str| {
        anna.fields
            .iter()
            .find(|field| field.name == name)
            .map(|field| field.value.reveal().as_str())
    };
    assert_eq!(
        (anna.category.as_str(), anna.title.reveal().as_str()),
        ("contact", NAME)
    );
    assert_eq!(value("category_id"), Some("VIP"));
    assert_eq!(value("country_id"), Some("Deutschland"));
    assert_eq!(
        value("x_hobby"),
        Some("Segeln"),
        "a field that this site added itself"
    );
    assert_eq!(anna.fields[0].label.as_deref(), Some("The name"));
    assert!(anna.files.iter().any(|file| file.id == "image_1920"));
    assert!(
        !holds(anna, "picture"),
        "the picture's bytes came with the search"
    );
    assert!(matches!(
        anna.tie,
        Tie::Exact {
            by: SearchKey::Email,
            ..
        }
    ));
    assert_eq!(anna.origin, Origin::Provided);
    let written = by_id(&records, "mail.message", stage.cast.written).unwrap();
    assert_eq!(
        (written.category.as_str(), written.origin),
        ("mail", Origin::Provided)
    );
    let note = by_id(&records, "mail.message", stage.cast.on_her).unwrap();
    assert_eq!(
        (note.category.as_str(), note.origin),
        ("note", Origin::Others)
    );
    assert_eq!(note.at.unwrap().to_rfc3339(), "2026-03-01T09:30:00+00:00");
    let rank = |model: &str, id| by_id(&records, model, id).unwrap().rank;
    let (cast, partner) = (&stage.cast, "res.partner");
    assert!(rank("crm.lead", cast.lost) < rank("mail.message", cast.written));
    assert!(rank("sale.order", cast.order) < rank(partner, cast.delivery));
    assert!(rank(partner, cast.delivery) < rank(partner, cast.old));
}

#[tokio::test]
async fn an_address_that_odoo_cannot_parse_is_found_all_the_same() {
    let stage = Stage::open(19, With::Reader).await;
    let odd = stage.server.world(|world| {
        let odd = world.plant("res.partner", json!({"name": "Roh", "email": "x"}));
        world.set("res.partner", odd, "email", json!(ANNA));
        world.set("res.partner", odd, "email_normalized", json!(false));
        odd
    });
    let (records, _) = find(stage.source(), &[email(ANNA)]).await.unwrap();
    assert!(by_id(&records, "res.partner", odd).is_some());
}

#[tokio::test]
async fn who_only_gets_a_copy_is_for_a_person_to_see() {
    let stage = Stage::open(19, With::Reader).await;
    let (records, _) = find(stage.source(), &[email(ANNA)]).await.unwrap();
    assert!(is_candidate(
        by_id(&records, "crm.lead", stage.cast.in_copy).unwrap()
    ));
}

#[tokio::test]
async fn a_number_is_found_in_every_spelling_with_or_without_the_library_for_it() {
    for version in VERSIONS {
        for library in ["there", "missing", "and its module are missing"] {
            let stage = Stage::open(version, With::Reader).await;
            let (national, plain) = stage.server.world(|world| {
                world.quirks.no_phone_library = library != "there";
                if library.contains("module") {
                    for model in ["res.partner", "crm.lead"] {
                        world.drop_field(model, "phone_sanitized");
                        world.drop_field(model, "phone_mobile_search");
                    }
                }
                let national = world.plant(
                    "res.partner",
                    json!({"name": "Anna B.", "phone": "0170/5550123"}),
                );
                let plain = world.plant(
                    "res.partner",
                    json!({"name": "Anna B.", "phone": "+491705550123"}),
                );
                world.plant(
                    "res.partner",
                    json!({"name": "Fremd", "phone": "+4917055501230"}),
                );
                (national, plain)
            });
            let (records, _) = find(stage.source(), &[phone(PHONE.0)]).await.unwrap();
            for id in [stage.cast.anna, national, plain] {
                let record = by_id(&records, "res.partner", id)
                    .unwrap_or_else(|| panic!("{version} {library} {id}"));
                assert!(matches!(
                    record.tie,
                    Tie::Exact {
                        by: SearchKey::Phone,
                        ..
                    }
                ));
            }
            assert!(by_id(&records, "crm.lead", stage.cast.by_phone).is_some());
            let exact = of(&records, "res.partner").len();
            assert_eq!(exact, 4, "three, and the address below her: {version}");
        }
    }
}

#[tokio::test]
async fn a_mention_in_a_text_is_a_candidate_and_a_longer_number_is_none() {
    let stage = Stage::open(19, With::Reader).await;
    let (records, search) = find(stage.source(), &[phone(PHONE.1)]).await.unwrap();
    assert!(is_candidate(
        by_id(&records, "mail.message", stage.cast.mention).unwrap()
    ));
    assert_eq!(
        of(&records, "mail.message")
            .iter()
            .filter(|it| is_candidate(it))
            .count(),
        1
    );
    assert!(search.doubts.contains(&Doubt::LowerBound));
    let stage = Stage::set(19, With::Reader, "search_texts = false").await;
    let (records, search) = find(stage.source(), &[phone(PHONE.1)]).await.unwrap();
    assert!(by_id(&records, "mail.message", stage.cast.mention).is_none());
    assert!(!search.doubts.contains(&Doubt::LowerBound));
}

#[tokio::test]
async fn a_name_alone_makes_candidates_and_leads_nowhere() {
    let stage = Stage::open(18, With::Reader).await;
    stage.server.world(|world| {
        world.plant(
            "res.partner",
            json!({"name": "Beispiel, Anna", "email": "a.b@fremd.example"}),
        );
        world.plant("res.partner", json!({"name": "Annabell Beispielhaft"}));
    });
    let (records, search) = find(stage.source(), &[name(NAME)]).await.unwrap();
    assert_eq!(of(&records, "res.partner").len(), 3);
    assert!(records.iter().all(is_candidate));
    assert!(of(&records, "account.move").is_empty());
    assert!(search.proposals.is_empty(), "a name ties no address to her");
    let (records, search) = find(stage.source(), &[name("An%"), name("A")])
        .await
        .unwrap();
    assert!(records.is_empty() && !search.asked.is_empty());
}

#[tokio::test]
async fn numbers_and_accounts_are_found_whole() {
    let stage = Stage::open(19, With::Reader).await;
    let wanted = [Identifier::new(SearchKey::Number, "k-4711").unwrap()];
    let (records, _) = find(stage.source(), &wanted).await.unwrap();
    assert!(by_id(&records, "res.partner", stage.cast.anna).is_some());
    let wanted = [Identifier::new(SearchKey::Number, "K-47_1").unwrap()];
    assert!(find(stage.source(), &wanted).await.unwrap().0.is_empty());
    let wanted = [Identifier::new(SearchKey::Handle, ANNA).unwrap()];
    let (records, _) = find(stage.source(), &wanted).await.unwrap();
    assert!(
        by_id(&records, "res.partner", stage.cast.anna).is_some(),
        "the contact behind the account"
    );
}

#[tokio::test]
async fn a_number_of_several_people_is_said_to_be_shared() {
    let stage = Stage::open(19, With::Reader).await;
    stage.server.world(|world| {
        world.plant(
            "res.partner",
            json!({"name": "Bert Muster", "phone": "+49 170 5550123", "email": "bert@example.org"}),
        );
    });
    let (records, search) = find(stage.source(), &[phone(PHONE.0)]).await.unwrap();
    let anna = by_id(&records, "res.partner", stage.cast.anna).unwrap();
    assert!(anna.cautions.contains(&Caution::Shared));
    assert!(
        !search
            .proposals
            .iter()
            .any(|it| it.identifier.is("bert@example.org"))
    );
}

#[tokio::test]
async fn people_below_a_company_are_other_people() {
    let stage = Stage::open(19, With::Reader).await;
    let (shop, worker, billing) = stage.server.world(|world| {
        let shop = world.plant(
            "res.partner",
            json!({"name": "Laden", "email": "laden@example.org", "is_company": true}),
        );
        let worker = world.plant(
            "res.partner",
            json!({"name": "Kurt", "parent_id": shop, "type": "contact"}),
        );
        let billing = world.plant(
            "res.partner",
            json!({"name": "Rechnung", "parent_id": shop, "type": "invoice"}),
        );
        (shop, worker, billing)
    });
    let (records, _) = find(stage.source(), &[email("laden@example.org")])
        .await
        .unwrap();
    assert!(
        by_id(&records, "res.partner", shop).is_some()
            && by_id(&records, "res.partner", billing).is_some()
    );
    assert!(by_id(&records, "res.partner", worker).is_none());
}

#[tokio::test]
async fn what_a_site_does_not_have_is_not_asked_for() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Reader).await;
        stage.server.world(|world| {
            for model in [
                "crm.lead",
                "sale.order",
                "account.move",
                "mailing.contact",
                "mailing.trace",
            ] {
                world.drop_model(model);
            }
        });
        let (records, search) = find(stage.source(), &[email(ANNA)]).await.unwrap();
        assert!(by_id(&records, "res.partner", stage.cast.anna).is_some());
        assert!(!search.asked.iter().any(|asked| asked.place == "crm.lead"));
    }
}

#[tokio::test]
async fn a_place_that_may_not_be_read_is_a_doubt() {
    let stage = Stage::open(19, With::Reader).await;
    let (_, search) = find(stage.source(), &[email(ANNA)]).await.unwrap();
    for place in ["mail.tracking.value", "mail.mail", "ir.model.fields"] {
        assert!(
            search.doubts.contains(&Doubt::Closed(place.into())),
            "{place}"
        );
    }
    let stage = Stage::open(19, With::Administrator).await;
    let (records, search) = find(stage.source(), &[email(ANNA)]).await.unwrap();
    assert!(
        !search
            .doubts
            .iter()
            .any(|doubt| matches!(doubt, Doubt::Closed(_))),
        "{:?}",
        search.doubts
    );
    assert_eq!(
        of(&records, "helpdesk.ticket").len(),
        1,
        "the site itself said that tickets lead to contacts"
    );
}

#[tokio::test]
async fn further_models_can_be_named() {
    let more = "[[also]]\nmodel = \"helpdesk.ticket\"\ncategory = \"ticket\"\npartner = [\"partner_id\"]\n\
        email = [\"partner_email\"]\nfields = [\"name\", \"description\"]\n";
    let stage = Stage::set(18, With::Reader, more).await;
    let (records, _) = find(stage.source(), &[email(ANNA)]).await.unwrap();
    let tickets = of(&records, "helpdesk.ticket");
    assert_eq!(tickets.len(), 2);
    assert!(
        tickets.iter().all(|ticket| ticket.category == "ticket")
            && tickets.iter().any(|it| holds(it, "geht nicht"))
    );
}

#[tokio::test]
async fn companies_out_of_sight_are_said() {
    for version in VERSIONS {
        let stage = Stage::set(
            version,
            With::Reader,
            "companies = [\"muster gmbh\", \"Dritte GmbH\"]",
        )
        .await;
        let hidden = stage.server.world(|world| {
            let second = world.plant("res.company", json!({"name": "Zweite GmbH"}));
            world.plant(
                "res.partner",
                json!({"name": NAME, "email": ANNA, "company_id": second}),
            )
        });
        let (records, search) = find(stage.source(), &[email(ANNA)]).await.unwrap();
        assert!(
            by_id(&records, "res.partner", hidden).is_none(),
            "{version}: Odoo hides it without a word"
        );
        let unseen = Doubt::Unseen(vec!["Zweite GmbH".into(), "Dritte GmbH".into()]);
        assert!(
            search.doubts.contains(&unseen),
            "{version}: {:?}",
            search.doubts
        );
    }
    let stage = Stage::set(19, With::Reader, "companies = [\"Muster GmbH\"]").await;
    let (_, search) = find(stage.source(), &[email(ANNA)]).await.unwrap();
    assert!(
        !search
            .doubts
            .iter()
            .any(|doubt| matches!(doubt, Doubt::Unseen(_)))
    );
}

#[tokio::test]
async fn who_sees_only_his_own_documents_is_never_told_that_this_is_all() {
    for version in VERSIONS {
        // Five leads are in sight, archived ones too. Whether there are more, only the office can say.
        for (least, doubted) in [(5, false), (6, true)] {
            let more = format!("at_least = {{ \"crm.lead\" = {least}, \"res.partner\" = 1 }}");
            let stage = Stage::set(version, With::Reader, &more).await;
            let (records, search) = find(stage.source(), &[email(ANNA)]).await.unwrap();
            assert!(by_id(&records, "crm.lead", stage.cast.lost).is_some());
            let unseen = Doubt::Unseen(vec!["crm.lead".into()]);
            assert_eq!(search.doubts.contains(&unseen), doubted, "{version}");
            let needs = stage.source().check().await.unwrap().needs;
            assert_eq!(needs.contains(&Need::Group("crm.lead".into())), doubted);
        }
    }
}

#[tokio::test]
async fn pages_are_turned_to_the_end_and_a_limit_that_nobody_mentions_is_none() {
    for most in [None, Some(7)] {
        let stage = Stage::open(19, With::Reader).await;
        stage.server.world(|world| {
            world.quirks.most = most;
            for at in 0..230 {
                let body = format!("<p>Nachricht {at}</p>");
                world.plant(
                    "mail.message",
                    json!({"email_from": ANNA, "body": body, "message_type": "email"}),
                );
            }
        });
        let (records, _) = find(stage.source(), &[email(ANNA)]).await.unwrap();
        assert_eq!(of(&records, "mail.message").len(), 233, "{most:?}");
    }
}

#[tokio::test]
async fn an_empty_page_of_messages_is_no_end_while_odoo_counts_more() {
    for version in [16, 19] {
        let stage = Stage::open(version, With::Reader).await;
        let seen = stage.server.world(|world| {
            let mut plant = |_| {
                world.plant(
                    "mail.message",
                    json!({"email_from": ANNA, "body": "<p>x</p>"}),
                )
            };
            let late: Vec<i64> = (0..150).map(&mut plant).collect();
            let seen = plant(0);
            world.quirks.late = late;
            seen
        });
        let (records, _) = find(stage.source(), &[email(ANNA)]).await.unwrap();
        assert!(
            by_id(&records, "mail.message", seen).is_some(),
            "{version}: hidden behind what may not be seen"
        );
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_asked_for_in_smaller_pieces() {
    let small = Limits {
        largest: 200_000,
        ..limits()
    };
    let stage = Stage::within(19, With::Reader, "search_texts = false", &small).await;
    stage.server.world(|world| {
        for _ in 0..12 {
            let body = format!("<p>{}</p>", "x".repeat(60_000));
            world.plant("mail.message", json!({"email_from": ANNA, "body": body}));
        }
    });
    let (records, _) = find(stage.source(), &[email(ANNA)]).await.unwrap();
    assert_eq!(of(&records, "mail.message").len(), 15);
}

#[tokio::test]
async fn a_server_that_does_not_hear_the_question_or_never_ends_is_a_flood() {
    let stage = Stage::open(19, With::Reader).await;
    stage
        .server
        .world(|world| world.quirks.ignores_filter = true);
    assert_eq!(
        find(stage.source(), &[email(ANNA)])
            .await
            .unwrap_err()
            .fault,
        Fault::Flooded
    );
    let stage = Stage::open(18, With::Reader).await;
    stage.server.world(|world| world.quirks.always_next = true);
    assert_eq!(
        find(stage.source(), &[email(ANNA)])
            .await
            .unwrap_err()
            .fault,
        Fault::Flooded
    );
}

#[tokio::test]
async fn a_near_miss_in_a_link_is_nobody() {
    let stage = Stage::open(19, With::Reader).await;
    let (records, _) = find(stage.source(), &[email(NEAR[0])]).await.unwrap();
    assert!(by_id(&records, "res.partner", stage.cast.near[0]).is_some());
    assert!(by_id(&records, "res.partner", stage.cast.anna).is_none());
}
