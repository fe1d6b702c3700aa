//! Zammad, against a server of our own that behaves as badly as the real one does.

mod play;

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::json;

use rechtzeitig::adapters::Limits;
use rechtzeitig::adapters::zammad::{Settings, Zammad};
use rechtzeitig::domain::identifier::{Identifier, SearchKey};
use rechtzeitig::ports::source::{
    Caution, Change, Doubt, Fate, Fault, FileRef, LeftoverKind, Manner, Means, Need, Record,
    RecordRef, SideEffect, Source, Tie,
};

use self::play::{ERASING, Engine, READING, Shared, World, article, customer, open, ticket};
use super::conformance::{self, ANNA, NAME, NEAR, email, find, holds, name, phone};
use super::theatre::Theatre;

struct Keys(tempfile::TempDir);

fn limits() -> Limits {
    Limits {
        patience: Duration::from_secs(1),
        largest: 4 * 1024 * 1024,
        ..Limits::default()
    }
}

fn settings(theatre: &Theatre, keys: &Keys, more: &str) -> Settings {
    let dir = keys.0.path();
    std::fs::write(dir.join("reading"), format!("{READING}\n")).unwrap();
    std::fs::write(dir.join("erasing"), ERASING).unwrap();
    toml::from_str(&format!(
        "address = \"{}\"\ntoken = {{ file = \"{}\" }}\n{more}",
        theatre.url(),
        dir.join("reading").display()
    ))
    .unwrap()
}

fn all_rights(keys: &Keys) -> String {
    format!(
        "erasing_token = {{ file = \"{}\" }}\nwrites = true\nrestriction_tag = \"art-18\"\n",
        keys.0.path().join("erasing").display()
    )
}

/// Anna with two tickets, her near misses with one each, and a canary.
fn cast() -> World {
    let mut world = World::new();
    let mut anna = customer(20, ANNA, "Anna", "Beispiel");
    anna["mobile"] = json!("0170 555 01 23");
    anna["organization_id"] = json!(7);
    anna["organization"] = json!("Beispiel GmbH");
    anna["kundenstufe"] = json!("gold");
    world.users.push(anna);
    for (at, other) in NEAR.iter().enumerate() {
        let id = 30 + at as u64;
        world
            .users
            .push(customer(id, other, "Johanna", "Beispielmann"));
        world
            .tickets
            .push(ticket(300 + id, id, "Support", "Etwas anderes"));
        world.articles.push(article(
            3_000 + id,
            300 + id,
            other,
            &format!("Ich bin {other}"),
        ));
    }
    world
        .users
        .push(customer(60, conformance::CANARY, "Kanarie", "Vogel"));
    world.organizations.push(json!({
        "id": 7, "name": "Beispiel GmbH", "shared": true, "member_ids": [20, 21], "members": ["chef@beispiel.test"],
    }));
    world.tickets.push(ticket(200, 20, "Support", "Drucker"));
    world.tickets.push(ticket(201, 20, "Vertrieb", "Angebot"));
    world.articles.push(article(
        2_000,
        200,
        "Anna Beispiel <anna.beispiel@example.org>",
        "Er druckt nicht.",
    ));
    world.articles.push(article(
        2_001,
        201,
        "Anna Beispiel <anna.beispiel@example.org>",
        "Was kostet es?",
    ));
    world
}

async fn stage(world: World, more: &str) -> (Theatre, Shared, Zammad) {
    let keys = Keys(tempfile::tempdir().unwrap());
    let (theatre, shared) = open(world).await;
    let more = more.replace("ALL", &all_rights(&keys));
    let zammad = Zammad::new(&settings(&theatre, &keys, &more), &limits()).unwrap();
    (theatre, shared, zammad)
}

fn of<'a>(records: &'a [Record], kind: &str) -> Vec<&'a Record> {
    records
        .iter()
        .filter(|it| it.reference.kind == kind)
        .collect()
}

fn value<'a>(record: &'a Record, field: &str) -> &'a str {
    let mut found = record.fields.iter().filter(|it| it.name == field);
    found.next().map_or("", |it| it.value.reveal())
}

async fn anna(zammad: &Zammad) -> RecordRef {
    let (records, _) = find(zammad, &[email(ANNA)]).await.unwrap();
    of(&records, "user")[0].reference.clone()
}

fn change(field: &str, before: &str, after: &str) -> Change {
    Change {
        field: field.into(),
        before: Some(before.into()),
        after: after.into(),
    }
}

#[tokio::test]
async fn she_is_found_with_all_her_tickets_and_nobody_else_is() {
    let (theatre, _, zammad) = stage(cast(), "").await;
    let records = conformance::finds_her_and_nobody_else(&zammad).await;
    assert_eq!(of(&records, "user").len(), 1);
    assert_eq!(of(&records, "ticket").len(), 2);
    assert_eq!(of(&records, "article").len(), 2);
    assert_eq!(of(&records, "organization").len(), 1);
    let user = of(&records, "user")[0];
    assert_eq!(value(user, "kundenstufe"), "gold");
    assert!(
        !holds(user, "argon2") && !holds(user, "de-de"),
        "machinery was laid down"
    );
    assert!(
        of(&records, "organization")[0]
            .cautions
            .contains(&Caution::Shared)
    );
    assert!(
        !holds(of(&records, "organization")[0], "chef@"),
        "other members are not hers"
    );
    assert!(
        of(&records, "ticket")
            .iter()
            .all(|it| it.cautions.contains(&Caution::Open))
    );
    conformance::takes_wildcards_as_letters(&zammad).await;
    conformance::says_that_there_is_nothing(&zammad).await;
    theatre.forget();
    conformance::asks_nothing_without_an_identifier(&zammad).await;
    assert!(theatre.heard().is_empty());
}

#[tokio::test]
async fn every_mood_is_told_apart() {
    let (theatre, _, zammad) = stage(cast(), "").await;
    conformance::bears_every_mood(&theatre, &zammad).await;
}

#[tokio::test]
async fn no_call_ever_acts_as_somebody_else() {
    let (theatre, _, zammad) = stage(cast(), "ALL").await;
    zammad.check().await.unwrap();
    let anna = anna(&zammad).await;
    let erases = zammad.erases().unwrap();
    let _ = erases.preview(&anna, Manner::Erase).await.unwrap();
    let _ = erases.erase(&anna, Manner::Erase).await;
    for heard in theatre.heard() {
        assert!(
            !heard.headers.contains_key("from"),
            "{} {}",
            heard.method,
            heard.path
        );
        let says = heard
            .header("authorization")
            .strip_prefix("Token token=")
            .unwrap();
        // The second key serves for the tasks, and to know whose it is; for nothing else.
        assert!(
            says == READING
                || heard.path.contains("data_privacy_tasks")
                || heard.path.ends_with("users/me")
        );
    }
}

#[tokio::test]
async fn the_statuses_that_mislead_are_understood() {
    let (_theatre, shared, zammad) = stage(cast(), "").await;
    let says = [
        (
            403,
            json!({"error": "Authentication required"}),
            Fault::Unauthorized,
            "",
        ),
        (
            401,
            json!({"error": "Can't find User for Token"}),
            Fault::Unauthorized,
            "",
        ),
        (
            401,
            json!({"error": "Not authorized (token expired)!"}),
            Fault::Unauthorized,
            "expired",
        ),
        (
            403,
            json!({"error": "API token access disabled!"}),
            Fault::SwitchedOff,
            "",
        ),
        (
            403,
            json!({"error": "Maintenance mode is on"}),
            Fault::Busy,
            "",
        ),
        (
            403,
            json!({"error": "Not authorized"}),
            Fault::Forbidden,
            "",
        ),
        (
            422,
            json!({"error": "Error ID 4fG8x: Please contact your administrator."}),
            Fault::Refused,
            "Error ID 4fG8x",
        ),
    ];
    for (status, body, fault, detail) in says {
        shared.lock().unwrap().error = Some((status, body));
        let mishap = find(&zammad, &[email(ANNA)]).await.unwrap_err();
        assert_eq!(mishap.fault, fault, "{mishap:?}");
        assert!(mishap.detail.contains(detail), "{mishap:?}");
    }
    // Whatever else stands in an error may be a name.
    let error = json!({"error": "Error ID: Anna Beispiel <anna.beispiel@example.org>"});
    shared.lock().unwrap().error = Some((422, error));
    let mishap = find(&zammad, &[email(ANNA)]).await.unwrap_err();
    assert!(
        !mishap.to_string().to_lowercase().contains("anna"),
        "{mishap}"
    );
}

#[tokio::test]
async fn an_old_one_that_ignores_conditions_is_searched_by_text_and_called_uncertain() {
    for (engine, counts) in [
        (Engine::Sql, true),
        (Engine::Sql, false),
        (Engine::Elastic, false),
        (Engine::Stale, false),
    ] {
        let mut world = cast();
        world.conditions = false;
        world.engine = engine;
        world.counts = counts;
        world
            .users
            .push(customer(70, "erika+shop@example.org", "Erika", "Plus"));
        let (_theatre, _, zammad) = stage(world, "").await;
        let records = conformance::finds_her_and_nobody_else(&zammad).await;
        assert_eq!(of(&records, "ticket").len(), 2);
        let (records, search) = find(&zammad, &[email("erika+shop@example.org")])
            .await
            .unwrap();
        if engine != Engine::Stale {
            assert_eq!(
                of(&records, "user").len(),
                1,
                "a plus was read as an operator"
            );
        }
        assert!(search.doubts.contains(&Doubt::Engine));
        let (records, search) = find(&zammad, &[email("niemand@example.org")])
            .await
            .unwrap();
        assert!(records.is_empty() && search.doubts.contains(&Doubt::Engine));
        conformance::takes_wildcards_as_letters(&zammad).await;
    }
}

#[tokio::test]
async fn with_conditions_the_index_is_not_asked_and_not_doubted() {
    for engine in [Engine::Sql, Engine::Stale] {
        let mut world = cast();
        world.engine = engine;
        let (theatre, _, zammad) = stage(world, "").await;
        let (records, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
        assert_eq!(of(&records, "user").len(), 1);
        assert!(!search.doubts.contains(&Doubt::Engine));
        assert!(theatre.heard().iter().all(|it| it.asked("query").is_none()));
    }
}

#[tokio::test]
async fn several_users_with_one_address_are_all_found_and_called_shared() {
    let mut world = cast();
    world.users.push(customer(21, ANNA, "Bernd", "Beispiel"));
    world.tickets.push(ticket(210, 21, "Support", "Von Bernd"));
    let (_theatre, _, zammad) = stage(world, "").await;
    let (records, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
    let users = of(&records, "user");
    assert_eq!(users.len(), 2);
    assert!(
        users
            .iter()
            .all(|it| it.cautions.contains(&Caution::Shared))
    );
    assert_eq!(of(&records, "ticket").len(), 3);
    assert!(
        search.proposals.is_empty(),
        "what two share leads to nobody"
    );
}

#[tokio::test]
async fn a_user_without_an_address_is_found_by_number_in_any_spelling_and_by_handle() {
    let mut world = cast();
    let mut auto = customer(22, "", "Anna", "Beispiel");
    auto["login"] = json!("auto-5d1c");
    auto["phone"] = json!("+49 (0) 170 / 555 01 23");
    world.users.push(auto);
    let handle = Identifier::new(SearchKey::Handle, "auto-5d1c").unwrap();
    let (_theatre, shared, zammad) = stage(world, "").await;
    let (records, _) = find(&zammad, &[phone("+491705550123")]).await.unwrap();
    let ids: Vec<&str> = of(&records, "user")
        .iter()
        .map(|it| it.reference.id.reveal().as_str())
        .collect();
    assert_eq!(ids, ["20", "22"]);
    let (records, _) = find(&zammad, &[handle]).await.unwrap();
    assert_eq!(of(&records, "user").len(), 1);
    // The number of her fax machine is hers too; where nobody knows the field, the others are asked all the same.
    {
        let mut world = shared.lock().unwrap();
        let user = world.user(22).unwrap();
        user["fax"] = user["phone"].take();
        user["phone"] = json!("");
    }
    let (records, search) = find(&zammad, &[phone("+491705550123")]).await.unwrap();
    assert_eq!(of(&records, "user").len(), 2);
    assert!(!search.doubts.contains(&Doubt::LowerBound));
    shared.lock().unwrap().without_fax = true;
    let (records, search) = find(&zammad, &[phone("+491705550123")]).await.unwrap();
    assert_eq!(of(&records, "user").len(), 1);
    assert!(search.doubts.contains(&Doubt::LowerBound));
    shared.lock().unwrap().without_fax = false;
    // A database that knows no patterns: fewer may be found, and that is said.
    shared.lock().unwrap().regex = false;
    let (records, search) = find(&zammad, &[phone("0170 555 01 23")]).await.unwrap();
    assert_eq!(of(&records, "user").len(), 1);
    assert!(search.doubts.contains(&Doubt::LowerBound));
}

#[tokio::test]
async fn a_name_is_a_candidate_and_its_tickets_stay_untouched() {
    let mut world = cast();
    world
        .users
        .push(customer(23, "a.b@woanders.test", "anna", "BEISPIEL"));
    let (_theatre, _, zammad) = stage(world, "").await;
    let (records, _) = find(&zammad, &[name(NAME)]).await.unwrap();
    assert_eq!(of(&records, "user").len(), 2);
    assert!(
        records
            .iter()
            .all(|it| matches!(it.tie, Tie::Candidate { .. }))
    );
    assert!(of(&records, "ticket").is_empty());
}

#[tokio::test]
async fn zammad_itself_is_nobody_and_staff_is_flagged() {
    let mut world = cast();
    world.user(1).unwrap()["email"] = json!(ANNA.to_lowercase());
    world.user(20).unwrap()["roles"] = json!(["Customer", "Agent"]);
    let (_theatre, _, zammad) = stage(world, "ALL").await;
    let (records, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
    let users = of(&records, "user");
    assert_eq!(users.len(), 1);
    assert!(users[0].cautions.contains(&Caution::Staff));
    assert!(search.proposals.is_empty());
    let preview = zammad
        .erases()
        .unwrap()
        .preview(&users[0].reference, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(preview.fate, Fate::Kept);
}

#[tokio::test]
async fn a_group_out_of_sight_is_said() {
    let mut world = cast();
    world.groups = vec!["Support"];
    let (_theatre, shared, zammad) = stage(world, "").await;
    let (records, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
    assert_eq!(
        of(&records, "ticket").len(),
        1,
        "the server hides it without a word"
    );
    assert!(
        search
            .doubts
            .contains(&Doubt::Unseen(vec!["Vertrieb".into()]))
    );
    assert!(
        zammad
            .check()
            .await
            .unwrap()
            .needs
            .contains(&Need::Group("Vertrieb".into()))
    );
    shared.lock().unwrap().groups = vec!["Support", "Vertrieb"];
    let (_, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
    assert!(
        !search
            .doubts
            .iter()
            .any(|it| matches!(it, Doubt::Unseen(_)))
    );
}

#[tokio::test]
async fn a_group_that_is_seen_by_a_role_is_no_group_out_of_sight() {
    let mut world = cast();
    world.groups = vec!["Support"];
    world.groups_of_role = vec!["Vertrieb"];
    let (_theatre, shared, zammad) = stage(world, "").await;
    let unseen = |doubts: &[Doubt]| doubts.iter().any(|it| matches!(it, Doubt::Unseen(_)));
    let (records, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
    assert_eq!(of(&records, "ticket").len(), 2);
    assert!(!unseen(&search.doubts), "{:?}", search.doubts);
    // What another role sees is nothing to this account.
    shared.lock().unwrap().groups_of_role = Vec::new();
    let (_, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
    assert!(unseen(&search.doubts));
}

#[tokio::test]
async fn groups_named_in_the_settings_are_expected_whatever_zammad_lists() {
    let (_theatre, _, zammad) = stage(cast(), "groups = [\"Support\", \"Recht\"]").await;
    let (_, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
    assert!(search.doubts.contains(&Doubt::Unseen(vec!["Recht".into()])));
}

#[tokio::test]
async fn where_nobody_says_which_groups_there_are_nothing_is_called_complete() {
    let mut world = cast();
    world.groups_closed = true;
    let (_theatre, _, zammad) = stage(world, "").await;
    let (_, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
    assert!(search.doubts.contains(&Doubt::Closed("groups".into())));
}

#[tokio::test]
async fn many_tickets_come_to_the_last_one_and_a_hidden_maximum_is_noticed() {
    for (cap, counts, all) in [(50, true, true), (50, false, true), (20, true, false)] {
        let mut world = cast();
        world.counts = counts;
        world
            .tickets
            .extend((1_000..1_123).map(|id| ticket(id, 20, "Support", "Noch eins")));
        world.cap = cap;
        let (_theatre, _, zammad) = stage(world, "mentions = false").await;
        let (records, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
        let capped = search.doubts.contains(&Doubt::Capped("tickets".into()));
        assert_eq!(of(&records, "ticket").len() == 125, all);
        assert_eq!(capped, !all);
    }
}

#[tokio::test]
async fn a_page_that_comes_for_ever_ends_in_a_fault() {
    let mut world = cast();
    world.counts = false;
    world.same_page_for_ever = true;
    let (theatre, _, zammad) = stage(world, "").await;
    let mishap = find(&zammad, &[email(ANNA)]).await.unwrap_err();
    assert_eq!(mishap.fault, Fault::Flooded);
    assert!(theatre.heard().len() < 20);
}

#[tokio::test]
async fn tickets_of_other_people_are_never_taken_for_hers() {
    let mut world = cast();
    world.ignores_ticket_condition = true;
    let (_theatre, _, zammad) = stage(world, "").await;
    let mishap = find(&zammad, &[email(ANNA)]).await.unwrap_err();
    assert_eq!(mishap.fault, Fault::Flooded);
}

#[tokio::test]
async fn an_old_one_that_hides_tickets_behind_its_index_is_noticed() {
    let mut world = cast();
    world.conditions = false;
    world.engine = Engine::Elastic;
    world.ignores_ticket_condition = true;
    let (_theatre, _, zammad) = stage(world, "").await;
    let (records, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
    assert!(of(&records, "ticket").is_empty());
    assert!(search.doubts.contains(&Doubt::Capped("tickets".into())));
}

#[tokio::test]
async fn her_address_in_other_peoples_tickets_is_shown_also_where_she_only_got_a_copy() {
    let mut world = cast();
    world.tickets.push(ticket(400, 60, "Support", "Fremd"));
    let mut copy = article(4_000, 400, "kanarie@example.org", "Guten Tag");
    copy["cc"] = json!("Anna Beispiel <ANNA.Beispiel@example.org>, wer@anders.test");
    world.articles.push(copy);
    world.articles.push(article(
        4_001,
        400,
        "kanarie@example.org",
        "Fragen Sie anna.beispiel@example.org.",
    ));
    world.articles.push(article(
        4_002,
        400,
        "kanarie@example.org",
        "Oder xanna.beispiel@example.org",
    ));
    let (_theatre, _, zammad) = stage(world, "").await;
    let (records, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
    let of_id = |id: &str| {
        records
            .iter()
            .find(|it| it.reference.kind == "article" && it.reference.id.reveal() == id)
    };
    let copy = of_id("4000").unwrap();
    assert_eq!(
        copy.tie,
        Tie::Exact {
            by: SearchKey::Email,
            field: "cc".into()
        }
    );
    assert!(copy.cautions.contains(&Caution::Others));
    assert!(matches!(of_id("4001").unwrap().tie, Tie::Candidate { .. }));
    assert!(of_id("4002").is_none());
    assert!(
        !records
            .iter()
            .any(|it| it.reference.kind == "ticket" && it.reference.id.reveal() == "400")
    );
    assert!(
        search
            .asked
            .iter()
            .any(|it| it.place == "article.cc" && it.hits == 2)
    );
}

#[tokio::test]
async fn internal_notes_are_for_review_and_merged_tickets_are_called_so() {
    let mut world = cast();
    world.tickets[NEAR.len()]["state"] = json!("merged");
    let mut note = article(2_002, 201, "Agent", "Schwierige Kundin");
    note["internal"] = json!(true);
    note["sender"] = json!("Agent");
    note["type"] = json!("note");
    world.articles.push(note);
    world.tags.insert(201, vec!["vip".into()]);
    let (_theatre, _, zammad) = stage(world, "").await;
    let (records, _) = find(&zammad, &[email(ANNA)]).await.unwrap();
    let note = records.iter().find(|it| it.category == "note").unwrap();
    assert!(note.cautions.contains(&Caution::Others) && note.files.is_empty());
    assert!(
        of(&records, "ticket")
            .iter()
            .any(|it| it.cautions.contains(&Caution::Merged))
    );
    assert!(
        of(&records, "ticket")
            .iter()
            .any(|it| value(it, "tags") == "vip")
    );
}

#[tokio::test]
async fn files_inline_pictures_and_the_mail_as_it_came_are_copied() {
    let mut world = cast();
    let article = world
        .articles
        .iter_mut()
        .find(|it| it["id"] == 2_000)
        .unwrap();
    article["content_type"] = json!("text/html");
    article["body"] = json!(
        "<p>Hier: <img src=\"/api/v1/ticket_attachment/200/2000/91?view=inline\"> und \
         <img src='/api/v1/ticket_attachment/333/3033/66'></p>"
    );
    article["attachments"] = json!([{"id": 90, "filename": "a.pdf", "size": "4", "preferences": {"Content-Type": "application/pdf"}}]);
    world.files.insert("200/2000/90".into(), b"%PDF".to_vec());
    world
        .files
        .insert("200/2000/91".into(), b"\x89PNG".to_vec());
    world
        .files
        .insert("plain/2000".into(), b"From: a\r\n\r\nx".to_vec());
    let (theatre, _, zammad) = stage(world, "").await;
    let (records, _) = find(&zammad, &[email(ANNA)]).await.unwrap();
    let record = records
        .iter()
        .find(|it| it.reference.id.reveal() == "2000")
        .unwrap();
    let ids: Vec<&str> = record.files.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(
        ids,
        ["200-2000-90", "200-2000-91", "plain-2000"],
        "a link to another's file is no file of hers"
    );
    assert_eq!(record.files[0].size, Some(4));
    assert!(value(record, "body").contains("src=\"cid:200-2000-91\">"));
    let copies = zammad.copies().unwrap();
    let mut got = Vec::new();
    for file in &record.files {
        let mut bytes = Vec::new();
        let mut pieces = copies.fetch(&record.reference, file);
        while let Some(piece) = pieces.next().await {
            bytes.extend(piece.unwrap());
        }
        got.push(bytes);
    }
    assert_eq!(
        got,
        [
            b"%PDF".to_vec(),
            b"\x89PNG".to_vec(),
            b"From: a\r\n\r\nx".to_vec()
        ]
    );
    // An outgoing mail has no original: an empty body is no mail.
    let other = records
        .iter()
        .find(|it| it.reference.id.reveal() == "2001")
        .unwrap();
    let mut pieces = copies.fetch(&other.reference, &other.files[0]);
    assert_eq!(
        pieces.next().await.unwrap().unwrap_err().fault,
        Fault::Missing
    );
    assert!(pieces.next().await.is_none());
    // What hangs on another record is not fetched by way of this one.
    theatre.forget();
    for id in [
        "333-3033-66",
        "200-2000-",
        "plain-2001",
        "200-2000-../../users/me",
        "",
    ] {
        let file = FileRef {
            id: id.into(),
            name: "x".into(),
            media_type: String::new(),
            size: None,
        };
        let mut pieces = copies.fetch(&record.reference, &file);
        assert_eq!(
            pieces.next().await.unwrap().unwrap_err().fault,
            Fault::Missing,
            "{id}"
        );
    }
    assert!(theatre.heard().is_empty());
}

#[tokio::test]
async fn a_ticket_is_found_by_its_number_and_another_ones_never() {
    let (_theatre, _, zammad) = stage(cast(), "number_fields = [\"kundennummer\"]").await;
    let number = Identifier::new(SearchKey::Number, "88200").unwrap();
    let (records, search) = find(&zammad, &[number]).await.unwrap();
    assert_eq!(of(&records, "ticket").len(), 1);
    assert!(
        search
            .asked
            .iter()
            .any(|it| it.place == "users" && it.hits == 0)
    );
    let number = Identifier::new(SearchKey::Number, "8820").unwrap();
    let (records, _) = find(&zammad, &[number]).await.unwrap();
    assert!(records.is_empty());
}

#[tokio::test]
async fn what_else_is_known_of_her_is_proposed() {
    let (_theatre, _, zammad) = stage(cast(), "").await;
    let (_, search) = find(&zammad, &[email(ANNA)]).await.unwrap();
    let kinds: Vec<SearchKey> = search
        .proposals
        .iter()
        .map(|it| it.identifier.kind)
        .collect();
    assert_eq!(kinds, [SearchKey::Phone, SearchKey::Name]);
}

#[tokio::test]
async fn without_the_setting_nothing_is_written_though_the_token_could() {
    let (_theatre, _, zammad) = stage(cast(), "").await;
    assert!(
        zammad.rectifies().is_none() && zammad.restricts().is_none() && zammad.erases().is_none()
    );
    let abilities = zammad.profile().abilities;
    assert_eq!(
        (abilities.rectify, abilities.erase, abilities.suppress),
        (Means::Hand, Means::Hand, Means::Not)
    );
}

#[tokio::test]
async fn a_user_is_put_right_once_and_read_back() {
    let (theatre, shared, zammad) = stage(cast(), "ALL").await;
    let anna = anna(&zammad).await;
    let rectifies = zammad.rectifies().unwrap();
    let marry = [change("lastname", "Beispiel", "Muster")];
    assert_eq!(
        rectifies.rectify(&anna, &marry).await.unwrap().fate,
        Fate::Changed
    );
    assert_eq!(
        shared.lock().unwrap().user(20).unwrap()["lastname"],
        "Muster"
    );
    let puts = || {
        theatre
            .heard()
            .into_iter()
            .filter(|it| it.method == "PUT")
            .collect::<Vec<_>>()
    };
    assert_eq!(
        puts()[0].json(),
        json!({"lastname": "Muster"}),
        "only what changes is sent"
    );
    rectifies.rectify(&anna, &marry).await.unwrap();
    assert_eq!(puts().len(), 1, "done twice it is done once");
    // An address comes back in small letters, and is the same.
    rectifies
        .rectify(&anna, &[change("email", ANNA, "Anna.Muster@Example.org")])
        .await
        .unwrap();
}

#[tokio::test]
async fn what_zammad_makes_of_a_name_is_not_called_done() {
    let (_theatre, shared, zammad) = stage(cast(), "ALL").await;
    let anna = anna(&zammad).await;
    let rectifies = zammad.rectifies().unwrap();
    let loud = rectifies
        .rectify(&anna, &[change("lastname", "Beispiel", "VAN")])
        .await
        .unwrap_err();
    assert_eq!(loud.fault, Fault::NotWritten);
    assert!(!loud.detail.contains("VAN"));
    shared.lock().unwrap().user(20).unwrap()["lastname"] = json!("");
    let split = rectifies
        .rectify(&anna, &[change("firstname", "Anna", "Anna Lena")])
        .await
        .unwrap_err();
    assert_eq!(split.fault, Fault::NotWritten);
    shared.lock().unwrap().forgets_writes = true;
    let lost = rectifies
        .rectify(&anna, &[change("mobile", "0170 555 01 23", "0171 1")])
        .await
        .unwrap_err();
    assert_eq!(lost.fault, Fault::NotWritten);
}

#[tokio::test]
async fn nothing_is_written_over_what_changed_meanwhile_nor_to_rights_staff_or_messages() {
    let (theatre, shared, zammad) = stage(cast(), "ALL").await;
    let anna = anna(&zammad).await;
    let rectifies = zammad.rectifies().unwrap();
    theatre.forget();
    let stale = rectifies
        .rectify(&anna, &[change("lastname", "Früher", "Muster")])
        .await
        .unwrap_err();
    assert_eq!(stale.fault, Fault::Conflict);
    for field in ["roles", "password", "active", "id", "organization_id"] {
        let fault = rectifies
            .rectify(&anna, &[change(field, "", "1")])
            .await
            .unwrap_err()
            .fault;
        assert_eq!(fault, Fault::Refused, "{field}");
    }
    for record in [
        RecordRef::new("article", "2000"),
        RecordRef::new("user", ""),
        RecordRef::new("user", "5"),
    ] {
        let fault = rectifies
            .rectify(&record, &[change("lastname", "", "x")])
            .await
            .unwrap_err()
            .fault;
        assert_eq!(fault, Fault::Refused);
    }
    let writes = theatre
        .writes()
        .into_iter()
        .filter(|it| it.method == "PUT")
        .count();
    assert_eq!(writes, 0);
    let taken = rectifies
        .rectify(&anna, &[change("email", ANNA, conformance::CANARY)])
        .await
        .unwrap_err();
    assert_eq!(taken.fault, Fault::Refused);
    assert!(
        taken.detail.contains("another user") && !taken.detail.contains('@'),
        "{taken}"
    );
    drop(shared);
}

#[tokio::test]
async fn users_and_tickets_are_marked_and_freed_and_it_is_read_back() {
    let (theatre, shared, zammad) = stage(cast(), "ALL").await;
    let anna = anna(&zammad).await;
    let restricts = zammad.restricts().unwrap();
    let ticket = RecordRef::new("ticket", "200");
    for _ in 0..2 {
        assert_eq!(
            restricts.restrict(&anna, true).await.unwrap().fate,
            Fate::Restricted
        );
        assert_eq!(
            restricts.restrict(&ticket, true).await.unwrap().fate,
            Fate::Restricted
        );
    }
    assert_eq!(shared.lock().unwrap().tags[&200], ["art-18"]);
    assert_eq!(shared.lock().unwrap().user(20).unwrap()["active"], false);
    assert_eq!(
        restricts.restrict(&ticket, false).await.unwrap().fate,
        Fate::Free
    );
    let removed = theatre
        .writes()
        .into_iter()
        .find(|it| it.method == "DELETE")
        .unwrap();
    assert_eq!(removed.json()["o_id"], 200, "a DELETE with a body");
    shared.lock().unwrap().forgets_writes = true;
    let lost = restricts.restrict(&ticket, true).await.unwrap_err();
    assert_eq!(lost.fault, Fault::NotWritten);
    assert!(
        restricts
            .restrict(&RecordRef::new("article", "2000"), true)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn she_is_erased_once_with_all_her_tickets_and_it_is_read_back() {
    let mut world = cast();
    world.job = "completed";
    world.tickets.push(ticket(400, 60, "Support", "Fremd"));
    world
        .articles
        .push(article(4_000, 400, ANNA, "In einem fremden Ticket"));
    let (theatre, shared, zammad) = stage(world, "ALL").await;
    let anna = anna(&zammad).await;
    theatre.forget();
    let preview = zammad
        .erases()
        .unwrap()
        .preview(&anna, Manner::Erase)
        .await
        .unwrap();
    assert!(preview.effects.contains(&SideEffect::Takes {
        kind: "ticket".into(),
        count: 2
    }));
    assert!(preview.effects.contains(&SideEffect::Final));
    let changing = |it: &super::theatre::Heard| !it.path.ends_with("/search");
    assert!(
        !theatre.writes().iter().any(changing),
        "a preview changes nothing"
    );
    conformance::erases_once(&zammad, &anna, Manner::Erase).await;
    let tasks = theatre
        .writes()
        .into_iter()
        .filter(changing)
        .collect::<Vec<_>>();
    assert_eq!(tasks.len(), 1, "done twice it is done once");
    assert_eq!(
        tasks[0].json(),
        json!({"deletable_type": "User", "deletable_id": 20})
    );
    assert_eq!(tasks[0].path, "/api/v1/data_privacy_tasks");
    assert!(shared.lock().unwrap().user(20).is_none());
    assert_eq!(
        zammad
            .erases()
            .unwrap()
            .erase(&RecordRef::new("ticket", "200"), Manner::Erase)
            .await
            .unwrap()
            .fate,
        Fate::Gone
    );
    // The message in somebody else's ticket stays, and is a task.
    let stays = zammad
        .erases()
        .unwrap()
        .erase(&RecordRef::new("article", "4000"), Manner::Erase)
        .await
        .unwrap();
    assert_eq!(stays.fate, Fate::Kept);
    let mentions = preview
        .leftovers
        .iter()
        .find(|it| it.kind == LeftoverKind::Mentions)
        .unwrap();
    assert_eq!(mentions.count, Some(1));
    for kind in [LeftoverKind::Log, LeftoverKind::Index, LeftoverKind::Backup] {
        assert!(preview.leftovers.iter().any(|it| it.kind == kind));
    }
}

#[tokio::test]
async fn a_task_in_process_is_waited_for_and_never_made_twice() {
    let (theatre, shared, zammad) = stage(cast(), "ALL").await;
    let anna = anna(&zammad).await;
    let erases = zammad.erases().unwrap();
    for _ in 0..3 {
        let mishap = erases.erase(&anna, Manner::Erase).await.unwrap_err();
        assert_eq!(
            (mishap.fault, mishap.wait),
            (Fault::UnderWay, Some(Duration::from_secs(60)))
        );
        // The job's first step: the account is switched off.
        shared.lock().unwrap().user(20).unwrap()["active"] = json!(false);
    }
    shared.lock().unwrap().job_runs();
    assert_eq!(
        erases.erase(&anna, Manner::Erase).await.unwrap().fate,
        Fate::Gone
    );
    let made = theatre
        .writes()
        .into_iter()
        .filter(|it| it.path.ends_with("tasks"))
        .count();
    assert_eq!(made, 1);
}

#[tokio::test]
async fn a_failed_task_is_told_and_a_repeat_makes_a_new_one() {
    let (_theatre, shared, zammad) = stage(cast(), "ALL").await;
    let anna = anna(&zammad).await;
    let erases = zammad.erases().unwrap();
    assert_eq!(
        erases.erase(&anna, Manner::Erase).await.unwrap_err().fault,
        Fault::UnderWay
    );
    shared.lock().unwrap().tasks[0]["state"] = json!("failed");
    shared.lock().unwrap().tasks[0]["preferences"]["error"] =
        json!("ERROR: Anna Beispiel has references");
    let told = erases.erase(&anna, Manner::Erase).await.unwrap_err();
    assert_eq!(told.fault, Fault::Refused);
    assert!(!told.detail.contains("Anna"));
    shared.lock().unwrap().job = "completed";
    assert_eq!(
        erases.erase(&anna, Manner::Erase).await.unwrap().fate,
        Fate::Gone
    );
    assert_eq!(shared.lock().unwrap().tasks.len(), 2);
}

#[tokio::test]
async fn a_failure_of_long_ago_does_not_stop_a_repeat() {
    let mut world = cast();
    world.job = "completed";
    world.tasks.push(json!({
        "id": 1, "deletable_type": "User", "deletable_id": 20, "state": "failed", "updated_at": "2026-11-20T09:00:00.000Z",
    }));
    let (_theatre, _, zammad) = stage(world, "ALL").await;
    let anna = anna(&zammad).await;
    assert_eq!(
        zammad
            .erases()
            .unwrap()
            .erase(&anna, Manner::Erase)
            .await
            .unwrap()
            .fate,
        Fate::Gone
    );
}

#[tokio::test]
async fn a_task_that_says_done_is_not_believed() {
    let mut world = cast();
    world
        .tasks
        .push(json!({"id": 1, "deletable_type": "User", "deletable_id": 20, "state": "completed"}));
    let (_theatre, _, zammad) = stage(world, "ALL").await;
    let anna = anna(&zammad).await;
    let mishap = zammad
        .erases()
        .unwrap()
        .erase(&anna, Manner::Erase)
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::NotWritten);
}

#[tokio::test]
async fn staff_zammad_itself_and_the_tokens_own_accounts_are_never_erased() {
    let mut world = cast();
    world.user(6).unwrap()["roles"] = json!(["Customer"]);
    world.user(6).unwrap()["groups"] = json!({});
    world.user(20).unwrap()["roles"] = json!([]);
    let (theatre, shared, zammad) = stage(world, "ALL").await;
    let erases = zammad.erases().unwrap();
    for id in ["1", "5", "6", "20"] {
        let record = RecordRef::new("user", id);
        assert_eq!(
            erases.preview(&record, Manner::Erase).await.unwrap().fate,
            Fate::Kept,
            "{id}"
        );
        assert_eq!(
            erases
                .erase(&record, Manner::Erase)
                .await
                .unwrap_err()
                .fault,
            Fault::Refused,
            "{id}"
        );
    }
    for id in ["", "0", "-1", "20/../21", "me", "search"] {
        assert!(
            erases
                .erase(&RecordRef::new("user", id), Manner::Erase)
                .await
                .is_err(),
            "{id}"
        );
    }
    assert!(
        !theatre
            .heard()
            .iter()
            .any(|it| it.method == "POST" && it.path.contains("privacy"))
    );
    assert!(shared.lock().unwrap().tasks.is_empty());
}

#[tokio::test]
async fn whoever_is_no_longer_the_one_who_was_found_is_not_erased() {
    let (_theatre, shared, zammad) = stage(cast(), "ALL").await;
    let anna = anna(&zammad).await;
    shared.lock().unwrap().user(20).unwrap()["email"] = json!("nachfolger@example.org");
    let erases = zammad.erases().unwrap();
    assert_eq!(
        erases.erase(&anna, Manner::Erase).await.unwrap_err().fault,
        Fault::Conflict
    );
    let unseen = RecordRef::new("user", "20");
    assert_eq!(
        erases
            .erase(&unseen, Manner::Erase)
            .await
            .unwrap_err()
            .fault,
        Fault::Conflict
    );
    assert!(shared.lock().unwrap().tasks.is_empty());
}

#[tokio::test]
async fn the_check_reads_nobody_and_says_what_is_missing_and_what_is_too_much() {
    let (theatre, _, zammad) = stage(cast(), "").await;
    let health = zammad.check().await.unwrap();
    assert_eq!(health.needs, [Need::SecondCredential]);
    assert_eq!(health.in_sight, [("groups".to_owned(), 2)]);
    for heard in theatre.heard() {
        assert!(!heard.text().contains("example.org") && !heard.target.contains("example.org"));
    }
    let mut world = cast();
    world.conditions = false;
    let (_theatre, _, zammad) = stage(world, "ALL").await;
    let health = zammad.check().await.unwrap();
    assert_eq!(health.needs, [Need::Module("condition".into())]);
}

#[tokio::test]
async fn keys_are_never_shown_and_settings_that_cannot_work_are_refused() {
    let keys = Keys(tempfile::tempdir().unwrap());
    let (theatre, _) = open(cast()).await;
    let made = settings(&theatre, &keys, &all_rights(&keys));
    let shown = format!("{made:?} {:?}", Zammad::new(&made, &limits()).unwrap());
    assert!(
        !shown.contains(READING) && !shown.contains(ERASING),
        "{shown}"
    );
    let odd = settings(&theatre, &keys, "number_fields = [\"a\\\"b\"]");
    assert_eq!(
        Zammad::new(&odd, &limits()).unwrap_err().fault,
        Fault::Misconfigured
    );
    assert!(
        toml::from_str::<Settings>(
            "address = \"https://a.test\"\ntoken = { env = \"A\" }\ntoken2 = 1"
        )
        .is_err()
    );
}
