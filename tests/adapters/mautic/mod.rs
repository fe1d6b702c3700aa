//! Mautic, against a server of our own that behaves as badly as the real one does.

mod play;

use serde_json::json;

use rechtzeitig::adapters::Limits;
use rechtzeitig::adapters::mautic::{Mautic, Settings};
use rechtzeitig::domain::identifier::{Identifier, SearchKey};
use rechtzeitig::ports::source::{
    Caution, Change, Doubt, Fate, Fault, LeftoverKind, Manner, Means, Need, Record, RecordRef,
    SideEffect, Source, Tie,
};

use self::play::{ERASING, PASSWORD, SECRET, Shared, Shut, World, contact, open};
use super::conformance::{self, ANNA, NAME, NEAR, email, find, holds, name, phone};
use super::theatre::{Heard, Theatre};

fn limits() -> Limits {
    Limits {
        patience: std::time::Duration::from_secs(1),
        largest: 4 * 1024 * 1024,
        ..Limits::default()
    }
}

const ALL: &str = "ALL";

fn mautic(theatre: &Theatre, login: &str, more: &str) -> Mautic {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (reading, erasing) = (
        file("reading", &format!("{PASSWORD}\n")),
        file("erasing", ERASING),
    );
    let secret = file("secret", SECRET);
    let login = match login {
        "client" => {
            format!("login.client = {{ id = \"rechte\", secret = {{ file = \"{secret}\" }} }}")
        }
        _ => format!("login.basic = {{ user = \"leser\", password = {{ file = \"{reading}\" }} }}"),
    };
    let all = format!(
        "erasing_login.basic = {{ user = \"löscher\", password = {{ file = \"{erasing}\" }} }}\nwrites = true\n\
         restriction_tag = \"art-18\"\n"
    );
    let text = format!(
        "address = \"{}\"\n{login}\n{}",
        theatre.url(),
        more.replace(ALL, &all)
    );
    Mautic::new(&toml::from_str::<Settings>(&text).unwrap(), &limits()).unwrap()
}

/// Anna with all that Mautic collects, her near misses, and a canary.
fn cast() -> World {
    let mut world = World::new();
    let mut anna = contact(47, ANNA, "Anna", "Beispiel");
    anna["fields"]["all"]["mobile"] = json!("0170 555 01 23");
    anna["fields"]["all"]["kundennummer"] = json!("K-4711");
    world.add(anna);
    for (at, other) in NEAR.iter().enumerate() {
        world.add(contact(50 + at as u64, other, "Johanna", "Beispielmann"));
    }
    world.add(contact(60, conformance::CANARY, "Kanarie", "Vogel"));
    world.events.insert(
        47,
        vec![
            json!({"event": "lead.create", "eventId": "lead.create47", "eventLabel": "Angelegt", "eventType": "Kontakt",
                   "timestamp": "2024-01-02T03:04:05+00:00", "contactId": "47"}),
            json!({"event": "email.sent", "eventId": "email.sent12", "eventLabel": {"label": "Rundbrief", "href": "/s/e/1"},
                   "timestamp": "2024-02-02T03:04:05+00:00", "contactId": 47,
                   "details": {"stat": {"emailAddress": ANNA, "openDetails": [{"userAgent": "Fuchs"}]}}}),
            json!({"event": "email.read", "eventId": "email.read12", "eventLabel": "Rundbrief",
                   "timestamp": "2024-02-02T04:04:05+00:00", "contactId": 47}),
            json!({"event": "page.hit", "eventId": "page.hit33", "eventLabel": "Preise",
                   "timestamp": "2024-02-03T03:04:05+00:00", "contactId": 47, "details": {"hit": {"url": "https://a.test"}}}),
            json!({"event": "page.hit", "eventLabel": "Ohne Nummer", "timestamp": "2024-02-04T03:04:05+00:00"}),
        ],
    );
    world.parts.insert(
        (47, "notes"),
        vec![json!({"id": 3, "text": "<p>ruft an</p>", "type": "general", "lead": {"id": 47}})],
    );
    world.parts.insert(
        (47, "devices"),
        vec![json!({"id": 4, "device": "smartphone", "deviceBrand": "X"})],
    );
    world.parts.insert(
        (47, "segments"),
        vec![json!({"id": 5, "name": "Kunden", "alias": "kunden", "manuallyAdded": false})],
    );
    world.parts.insert(
        (47, "companies"),
        vec![json!({"company_id": "6", "companyname": "Beispiel GmbH"})],
    );
    world.forms = vec![
        json!({"id": 3, "name": "Kontakt", "alias": "kontakt"}),
        json!({"id": 4, "name": "Leer", "alias": "leer"}),
    ];
    let filled = |id: u64, lead: u64| {
        json!({"id": id, "form": {"id": 3, "name": "Kontakt"}, "lead": {"id": lead}, "dateSubmitted": "2024-02-05T03:04:05+00:00",
               "ipAddress": {"ip": "203.0.113.9"}, "results": {"nachricht": "Bitte um Rückruf"}})
    };
    world.submissions = vec![
        filled(21, 47),
        filled(22, 47),
        filled(23, 50),
        filled(25, 47),
    ];
    world.email_stats = vec![(ANNA.to_owned(), Some(47)), (NEAR[0].to_owned(), Some(50))];
    world
}

async fn stage(world: World, more: &str) -> (Theatre, Shared, Mautic) {
    let (theatre, shared) = open(world).await;
    let mautic = mautic(&theatre, "basic", more);
    (theatre, shared, mautic)
}

fn of<'a>(records: &'a [Record], kind: &str) -> Vec<&'a Record> {
    records
        .iter()
        .filter(|it| it.reference.kind == kind)
        .collect()
}

async fn anna(mautic: &Mautic) -> RecordRef {
    let (records, _) = find(mautic, &[email(ANNA)]).await.unwrap();
    of(&records, "contact")[0].reference.clone()
}

fn change(field: &str, before: &str, after: &str) -> Change {
    Change {
        field: field.into(),
        before: Some(before.into()),
        after: after.into(),
    }
}

fn entry(shared: &Shared, id: u64) -> serde_json::Value {
    shared.lock().unwrap().contacts[&id]["doNotContact"].clone()
}

#[tokio::test]
async fn she_is_found_with_everything_and_nobody_else_is_whatever_shape_the_lists_have() {
    for arrays in [false, true] {
        let mut world = cast();
        world.arrays = arrays;
        let (theatre, _, mautic) = stage(world, "").await;
        let records = conformance::finds_her_and_nobody_else(&mautic).await;
        for (kind, count) in [
            ("contact", 1),
            ("note", 1),
            ("device", 1),
            ("segment", 1),
            ("company", 1),
            ("activity", 5),
            ("submission", 3),
        ] {
            assert_eq!(of(&records, kind).len(), count, "{kind}");
        }
        let anna = of(&records, "contact")[0];
        assert!(holds(anna, "203.0.113.9") && holds(anna, "K-4711") && !holds(anna, "Geheim"));
        assert!(
            anna.fields
                .iter()
                .any(|it| it.label.as_deref() == Some("E-Mail-Adresse"))
        );
        assert!(
            of(&records, "activity").iter().any(|it| holds(it, "Fuchs")),
            "what lies deep is hers too"
        );
        assert!(
            of(&records, "submission")
                .iter()
                .all(|it| holds(it, "Rückruf"))
        );
        assert!(of(&records, "note")[0].cautions.contains(&Caution::Others));
        conformance::takes_wildcards_as_letters(&mautic).await;
        conformance::says_that_there_is_nothing(&mautic).await;
        theatre.forget();
        conformance::asks_nothing_without_an_identifier(&mautic).await;
        assert!(theatre.heard().is_empty());
    }
}

#[tokio::test]
async fn every_mood_is_told_apart() {
    let (theatre, _, mautic) = stage(cast(), "").await;
    conformance::bears_every_mood(&theatre, &mautic).await;
}

#[tokio::test]
async fn a_switched_off_interface_is_no_missing_right_and_no_message_is_read() {
    let (_theatre, shared, mautic) = stage(cast(), "").await;
    let error = |code: u16, kind: serde_json::Value| json!({"errors": [{"code": code, "message": "Zugriff verweigert: Anna Beispiel", "type": kind}]});
    let says = [
        (
            403,
            error(403, json!("api_disabled")),
            Fault::SwitchedOff,
            "api_enabled",
        ),
        (
            403,
            error(403, json!("access_denied")),
            Fault::SwitchedOff,
            "basic",
        ),
        (403, error(403, json!(null)), Fault::Forbidden, ""),
        // A success that carries errors is none.
        (200, error(403, json!(null)), Fault::Forbidden, ""),
        (
            200,
            json!({"errors": {"0": {"code": 400, "message": "x"}}, "contacts": []}),
            Fault::Refused,
            "",
        ),
    ];
    for (status, body, fault, detail) in says {
        shared.lock().unwrap().error = Some((status, body));
        let mishap = find(&mautic, &[email(ANNA)]).await.unwrap_err();
        assert_eq!(mishap.fault, fault, "{mishap:?}");
        assert!(
            mishap.detail.contains(detail) && !mishap.detail.contains("Anna"),
            "{mishap:?}"
        );
    }
    shared.lock().unwrap().error = None;
    shared.lock().unwrap().cache_not_cleared = true;
    assert_eq!(
        find(&mautic, &[email(ANNA)]).await.unwrap_err().fault,
        Fault::Misconfigured
    );
}

#[tokio::test]
async fn with_client_credentials_a_token_is_fetched_once_kept_and_renewed() {
    let (theatre, shared) = open(cast()).await;
    let mautic = mautic(&theatre, "client", "");
    for _ in 0..2 {
        let (records, _) = find(&mautic, &[email(ANNA)]).await.unwrap();
        assert_eq!(of(&records, "contact").len(), 1);
    }
    assert_eq!(shared.lock().unwrap().logins, 1);
    // Ended over there before its time.
    shared.lock().unwrap().tokens.clear();
    find(&mautic, &[email(ANNA)]).await.unwrap();
    assert_eq!(shared.lock().unwrap().logins, 2);
    // A token without an end worth the name is taken anew for each call, and never in vain twice.
    shared.lock().unwrap().lives = 1;
    shared.lock().unwrap().tokens.clear();
    find(&mautic, &[email(ANNA)]).await.unwrap();
    assert!(shared.lock().unwrap().logins > 3);
    for heard in theatre.heard() {
        assert!(!heard.target.contains("secret") && !heard.target.contains("token-"));
    }
    let bad = play_with_wrong_secret(&theatre).await;
    assert_eq!(bad, Fault::Unauthorized);
}

async fn play_with_wrong_secret(theatre: &Theatre) -> Fault {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("k"), "falsch").unwrap();
    let text = format!(
        "address = \"{}\"\nlogin.client = {{ id = \"rechte\", secret = {{ file = \"{}\" }} }}",
        theatre.url(),
        dir.path().join("k").display()
    );
    let mautic = Mautic::new(&toml::from_str::<Settings>(&text).unwrap(), &limits()).unwrap();
    find(&mautic, &[email(ANNA)]).await.unwrap_err().fault
}

#[tokio::test]
async fn an_answer_with_everybody_is_a_fault_and_not_a_find() {
    let mut world = cast();
    world.everything = true;
    let (_theatre, _, mautic) = stage(world, "").await;
    for wanted in [
        email(ANNA),
        email("niemand@example.org"),
        phone(conformance::PHONE.0),
        name(NAME),
    ] {
        let mut basket = Vec::new();
        let mishap = mautic
            .finds()
            .unwrap()
            .find(&[wanted], &mut basket)
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::Flooded);
        assert!(basket.is_empty(), "strangers were laid down");
    }
    assert_eq!(
        mautic.check().await.unwrap().needs[0],
        Need::Module("where".into())
    );
}

#[tokio::test]
async fn what_a_database_takes_for_the_same_is_not_the_same_to_us() {
    let mut world = cast();
    world.add(contact(70, "jorg@example.org", "Jorg", "Muster"));
    world.add(contact(71, "jörg@example.org", "Jörg", "Muster"));
    let (_theatre, _, mautic) = stage(world, "").await;
    let (records, _) = find(&mautic, &[email("jörg@example.org")]).await.unwrap();
    let contacts = of(&records, "contact");
    assert_eq!(contacts.len(), 1);
    assert_eq!(contacts[0].reference.id.reveal(), "71");
    assert!(!contacts[0].cautions.contains(&Caution::Shared));
}

#[tokio::test]
async fn an_address_with_a_plus_goes_over_the_wire_whole() {
    let (theatre, _, mautic) = stage(cast(), "").await;
    let (records, _) = find(&mautic, &[email("anna.beispiel+shop@example.org")])
        .await
        .unwrap();
    assert_eq!(of(&records, "contact").len(), 1);
    assert!(
        theatre
            .heard()
            .iter()
            .any(|it| it.target.contains("%2Bshop"))
    );
    assert!(
        theatre
            .heard()
            .iter()
            .all(|it| it.asked("search").is_none()),
        "the search language is translated"
    );
}

#[tokio::test]
async fn duplicates_are_all_found_and_many_pages_come_to_the_last_row() {
    for cap in [100, 30] {
        let mut world = cast();
        for id in 1_000..1_120 {
            world.add(contact(id, ANNA, "Anna", "Beispiel"));
        }
        world.cap = cap;
        let (_theatre, _, mautic) = stage(world, "").await;
        let (records, search) = find(&mautic, &[email(ANNA)]).await.unwrap();
        assert_eq!(of(&records, "contact").len(), 121);
        assert!(
            of(&records, "contact")
                .iter()
                .all(|it| it.cautions.contains(&Caution::Shared))
        );
        assert!(search.proposals.is_empty());
    }
}

#[tokio::test]
async fn a_count_that_is_more_than_what_comes_is_not_called_complete() {
    let mut world = cast();
    world.counts_too_many = true;
    let (_theatre, _, mautic) = stage(world, "").await;
    assert_eq!(
        find(&mautic, &[email("niemand@example.org")])
            .await
            .unwrap_err()
            .fault,
        Fault::Conflict
    );
}

#[tokio::test]
async fn a_page_that_comes_for_ever_ends_in_a_fault() {
    let mut world = cast();
    for id in 1_000..1_120 {
        world.add(contact(id, ANNA, "Anna", "Beispiel"));
    }
    world.same_page_for_ever = true;
    let (theatre, shared, mautic) = stage(world, "").await;
    assert_eq!(
        find(&mautic, &[email(ANNA)]).await.unwrap_err().fault,
        Fault::Flooded
    );
    // The same in the timeline.
    shared.lock().unwrap().contacts.retain(|id, _| *id < 1_000);
    shared.lock().unwrap().events.insert(47, hits(250));
    assert_eq!(
        find(&mautic, &[email(ANNA)]).await.unwrap_err().fault,
        Fault::Flooded
    );
    assert!(theatre.heard().len() < 40);
}

fn hits(count: u64) -> Vec<serde_json::Value> {
    let hit = |id| json!({"event": "page.hit", "eventId": format!("page.hit{id}"), "contactId": 47, "timestamp": "2024-02-03T03:04:05+00:00"});
    let created = json!({"event": "lead.create", "eventId": "lead.create47", "contactId": 47});
    (0..count).map(hit).chain([created]).collect()
}

#[tokio::test]
async fn the_timeline_is_read_to_its_end_though_some_kinds_come_again_on_each_page() {
    let mut world = cast();
    world.events.insert(47, hits(333));
    let (_theatre, shared, mautic) = stage(world, "").await;
    let (records, search) = find(&mautic, &[email(ANNA)]).await.unwrap();
    assert_eq!(of(&records, "activity").len(), 334);
    assert!(!search.doubts.contains(&Doubt::Capped("activity".into())));
    // Events of somebody else in her timeline.
    shared.lock().unwrap().events.get_mut(&47).unwrap()[0]["contactId"] = json!(50);
    assert_eq!(
        find(&mautic, &[email(ANNA)]).await.unwrap_err().fault,
        Fault::Flooded
    );
}

#[tokio::test]
async fn a_number_is_found_in_any_spelling_and_a_name_is_a_candidate() {
    let mut world = cast();
    let mut other = contact(80, "a.b@woanders.test", "Anna", "Beispiel");
    other["fields"]["all"]["phone"] = json!("+49 (0) 170 / 555-0123");
    world.add(other);
    let mut near = contact(81, "c.d@woanders.test", "X", "Y");
    near["fields"]["all"]["phone"] = json!("0170 555 01 234");
    world.add(near);
    let (_theatre, _, mautic) = stage(world, "number_fields = [\"kundennummer\"]").await;
    let (records, search) = find(&mautic, &[phone(conformance::PHONE.0)]).await.unwrap();
    assert_eq!(of(&records, "contact").len(), 2);
    assert!(
        of(&records, "contact")
            .iter()
            .all(|it| it.cautions.contains(&Caution::Shared))
    );
    assert!(search.doubts.contains(&Doubt::LowerBound));
    let (records, _) = find(&mautic, &[name("Beispiel, Anna")]).await.unwrap();
    assert_eq!(records.len(), 2);
    assert!(
        records
            .iter()
            .all(|it| matches!(it.tie, Tie::Candidate { .. }))
    );
    let number = Identifier::new(SearchKey::Number, "k-4711").unwrap();
    let (records, _) = find(&mautic, &[number]).await.unwrap();
    assert_eq!(of(&records, "contact").len(), 1);
}

#[tokio::test]
async fn forms_that_may_not_be_seen_are_said() {
    let mut world = cast();
    world.forms_closed = true;
    let (_theatre, _, mautic) = stage(world, "").await;
    let (records, search) = find(&mautic, &[email(ANNA)]).await.unwrap();
    assert!(of(&records, "submission").is_empty() && of(&records, "contact").len() == 1);
    assert!(search.doubts.contains(&Doubt::Closed("forms".into())));
    assert!(
        mautic
            .check()
            .await
            .unwrap()
            .needs
            .contains(&Need::Read("form:forms".into()))
    );
}

#[tokio::test]
async fn an_objection_is_entered_with_its_reason_in_the_body_once_and_read_back() {
    let (theatre, shared, mautic) = stage(cast(), "ALL\nchannels = [\"email\", \"sms\"]").await;
    let suppresses = mautic.suppresses().unwrap();
    for _ in 0..2 {
        assert_eq!(
            suppresses.suppress(&email(ANNA)).await.unwrap().fate,
            Fate::Suppressed
        );
    }
    let writes = theatre.writes();
    assert_eq!(writes.len(), 2, "one for each channel, and none again");
    for write in &writes {
        assert_eq!(
            write.json(),
            json!({"reason": 1, "comments": "Art. 21 GDPR"})
        );
        assert!(
            write.query.is_empty(),
            "a reason in the query becomes another one"
        );
    }
    assert_eq!(entry(&shared, 47).as_array().unwrap().len(), 2);
    assert_eq!(entry(&shared, 50), json!([]));
    // Nobody has the address: nothing is entered, and that is not called done.
    let nobody = suppresses
        .suppress(&email("niemand@example.org"))
        .await
        .unwrap();
    assert_eq!(nobody.fate, Fate::Kept);
    assert!(suppresses.suppress(&name(NAME)).await.is_err());
}

#[tokio::test]
async fn an_objection_that_did_not_stay_is_not_called_done() {
    for (ignored, forgets) in [(true, false), (false, true)] {
        let mut world = cast();
        world.reason_ignored = ignored;
        world.forgets_writes = forgets;
        let (_theatre, _, mautic) = stage(world, "ALL").await;
        let mishap = mautic
            .suppresses()
            .unwrap()
            .suppress(&email(ANNA))
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::NotWritten);
    }
}

#[tokio::test]
async fn a_contact_is_put_right_by_patch_alone_once_and_read_back() {
    let (theatre, shared, mautic) = stage(cast(), "ALL").await;
    let anna = anna(&mautic).await;
    let rectifies = mautic.rectifies().unwrap();
    let changes = [
        change("lastname", "Beispiel", "Muster"),
        change("mobile", "0170 555 01 23", ""),
    ];
    for _ in 0..2 {
        assert_eq!(
            rectifies.rectify(&anna, &changes).await.unwrap().fate,
            Fate::Changed
        );
    }
    let writes = theatre.writes();
    assert_eq!(writes.len(), 1);
    assert_eq!(writes[0].method, "PATCH");
    assert_eq!(
        writes[0].json(),
        json!({"lastname": "Muster", "mobile": "", "overwriteWithBlank": true})
    );
    let stale = rectifies
        .rectify(&anna, &[change("firstname", "Hanna", "Johanna")])
        .await
        .unwrap_err();
    assert_eq!(stale.fault, Fault::Conflict);
    // An address that another contact has would make one of two.
    let taken = rectifies
        .rectify(&anna, &[change("email", ANNA, NEAR[0])])
        .await
        .unwrap_err();
    assert_eq!(taken.fault, Fault::Refused);
    for field in ["id", "points", "owner", "gibtsnicht"] {
        assert_eq!(
            rectifies
                .rectify(&anna, &[change(field, "", "1")])
                .await
                .unwrap_err()
                .fault,
            Fault::Refused
        );
    }
    assert_eq!(theatre.writes().len(), 1);
    shared.lock().unwrap().forgets_writes = true;
    let lost = rectifies
        .rectify(&anna, &[change("firstname", "Anna", "Anne")])
        .await
        .unwrap_err();
    assert_eq!(lost.fault, Fault::NotWritten);
}

#[tokio::test]
async fn what_is_gone_is_not_made_by_putting_it_right() {
    let (theatre, _, mautic) = stage(cast(), "ALL").await;
    let rectifies = mautic.rectifies().unwrap();
    let gone = rectifies
        .rectify(
            &RecordRef::new("contact", "999"),
            &[change("lastname", "", "x")],
        )
        .await
        .unwrap_err();
    assert_eq!(gone.fault, Fault::Missing);
    assert!(theatre.writes().is_empty());
}

#[tokio::test]
async fn a_restriction_is_marked_and_lifted_and_her_own_objection_stays() {
    let (_theatre, shared, mautic) = stage(cast(), "ALL\nchannels = [\"email\", \"sms\"]").await;
    let anna = anna(&mautic).await;
    shared.lock().unwrap().contacts.get_mut(&47).unwrap()["doNotContact"] =
        json!([{"id": 9, "reason": 1, "comments": "selbst", "channel": "email"}]);
    let restricts = mautic.restricts().unwrap();
    for _ in 0..2 {
        assert_eq!(
            restricts.restrict(&anna, true).await.unwrap().fate,
            Fate::Restricted
        );
    }
    assert_eq!(entry(&shared, 47).as_array().unwrap().len(), 2);
    assert_eq!(
        restricts.restrict(&anna, false).await.unwrap().fate,
        Fate::Free
    );
    let left = entry(&shared, 47);
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(left[0]["comments"], "selbst");
    shared.lock().unwrap().forgets_writes = true;
    assert_eq!(
        restricts.restrict(&anna, true).await.unwrap_err().fault,
        Fault::NotWritten
    );
}

#[tokio::test]
async fn an_objection_during_a_restriction_outlives_it() {
    let (_theatre, shared, mautic) = stage(cast(), "ALL").await;
    let anna = anna(&mautic).await;
    let restricts = mautic.restricts().unwrap();
    restricts.restrict(&anna, true).await.unwrap();
    assert_eq!(entry(&shared, 47)[0]["reason"], 3);
    let done = mautic.suppresses().unwrap().suppress(&email(ANNA)).await;
    assert_eq!(done.unwrap().fate, Fate::Suppressed);
    assert_eq!(
        restricts.restrict(&anna, false).await.unwrap().fate,
        Fate::Free
    );
    let left = entry(&shared, 47);
    assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
    assert_eq!(
        (left[0]["reason"].as_u64(), left[0]["comments"].as_str()),
        (Some(1), Some("Art. 21 GDPR"))
    );
}

#[tokio::test]
async fn who_sees_only_his_own_contacts_is_never_told_that_this_is_all() {
    let own = Doubt::Unseen(vec!["contacts".into()]);
    // The list of a role with "own" alone holds seven of hundreds, and no error.
    for (least, doubted) in [(7, false), (8, true)] {
        let more = format!("at_least = {{ contacts = {least} }}");
        let (_theatre, _, mautic) = stage(cast(), &more).await;
        let (records, search) = find(&mautic, &[email(ANNA)]).await.unwrap();
        assert_eq!(of(&records, "contact").len(), 1);
        assert_eq!(search.doubts.contains(&own), doubted);
        let needs = mautic.check().await.unwrap().needs;
        assert_eq!(needs.contains(&Need::Group("contacts".into())), doubted);
    }
    let (_theatre, _, mautic) = stage(cast(), "at_least = { contacts = 8 }").await;
    conformance::asks_nothing_without_an_identifier(&mautic).await;
}

#[tokio::test]
async fn which_rows_stay_is_told_though_the_line_breaks_after_she_is_deleted() {
    let rows = "form_submissions id=21-22,25";
    let told = |outcome: &rechtzeitig::ports::source::Outcome, place: &str| {
        outcome
            .leftovers
            .iter()
            .find(|it| it.place == place)
            .cloned()
    };
    // The list is shut after the deletion: how many have her address is not known, and all else is.
    let (_theatre, shared, mautic_) = stage(cast(), "ALL").await;
    let hers = anna(&mautic_).await;
    shared.lock().unwrap().shuts_after_deleting = Shut::List;
    let erases = mautic_.erases().unwrap();
    let outcome = erases.erase(&hers, Manner::Erase).await.unwrap();
    assert_eq!(outcome.fate, Fate::Gone);
    assert_eq!(told(&outcome, rows).unwrap().count, Some(3));
    let anew = told(&outcome, "contacts").unwrap();
    assert_eq!((anew.kind, anew.count), (LeftoverKind::Downstream, None));
    // Nothing at all is heard after it: nothing is claimed, and the repeat tells the rows.
    let (_theatre, shared, mautic_) = stage(cast(), "ALL").await;
    let hers = anna(&mautic_).await;
    shared.lock().unwrap().shuts_after_deleting = Shut::Everything;
    let erases = mautic_.erases().unwrap();
    let broken = erases.erase(&hers, Manner::Erase).await.unwrap_err();
    assert_eq!(broken.fault, Fault::Broken);
    shared.lock().unwrap().shuts_after_deleting = Shut::Nothing;
    shared.lock().unwrap().deleted = false;
    let outcome = erases.erase(&hers, Manner::Erase).await.unwrap();
    assert_eq!(outcome.fate, Fate::Gone);
    assert_eq!(told(&outcome, rows).unwrap().count, Some(3));
}

#[tokio::test]
async fn she_is_erased_once_and_what_stays_in_the_tables_is_named_by_its_rows() {
    let (theatre, shared, mautic) = stage(cast(), "ALL").await;
    let anna = anna(&mautic).await;
    let preview = mautic
        .erases()
        .unwrap()
        .preview(&anna, Manner::Erase)
        .await
        .unwrap();
    assert!(preview.effects.contains(&SideEffect::Final));
    assert!(theatre.writes().is_empty(), "a preview changes nothing");
    let outcome = mautic
        .erases()
        .unwrap()
        .erase(&anna, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(
        (outcome.fate, outcome.seen.as_str()),
        (Fate::Gone, "contacts 404, same address 0")
    );
    assert_eq!(outcome.leftovers, preview.leftovers);
    let place = |text: &str| {
        outcome
            .leftovers
            .iter()
            .find(|it| it.place == text)
            .unwrap_or_else(|| panic!("{text}"))
    };
    assert_eq!(
        place("email_stats id=12").count,
        Some(1),
        "sent and read is one row"
    );
    let unnumbered = |place: &str| outcome.leftovers.iter().any(|it| it.place == place);
    assert!(
        !unnumbered("email_stats lead_id"),
        "a row was counted twice"
    );
    assert_eq!(place("page_hits id=33").count, Some(1));
    assert_eq!(
        place("page_hits lead_id").count,
        Some(1),
        "a row without a number is a row"
    );
    assert_eq!(place("form_submissions id=21-22,25").count, Some(3));
    assert_eq!(
        place("form_results_3_kontakt submission_id=21-22,25").count,
        Some(3)
    );
    assert_eq!(place("ip_addresses").count, Some(1));
    for kind in [
        LeftoverKind::History,
        LeftoverKind::Log,
        LeftoverKind::Queue,
        LeftoverKind::Backup,
    ] {
        assert!(outcome.leftovers.iter().any(|it| it.kind == kind));
    }
    let told = format!("{outcome:?}").to_lowercase();
    assert!(
        !told.contains("anna") && !told.contains('@') && !told.contains("203.0"),
        "{told}"
    );
    // The rows really stay.
    assert_eq!(
        shared.lock().unwrap().email_stats[0],
        (ANNA.to_owned(), None)
    );
    assert_eq!(
        mautic
            .erases()
            .unwrap()
            .erase(&anna, Manner::Erase)
            .await
            .unwrap()
            .fate,
        Fate::Gone
    );
    let deleted: Vec<Heard> = theatre.writes();
    assert_eq!(deleted.len(), 1, "done twice it is done once");
    assert_eq!(deleted[0].path, "/api/contacts/47/delete");
    assert!(shared.lock().unwrap().contacts.len() == 6);
}

#[tokio::test]
async fn it_passes_what_every_adapter_passes() {
    let (_theatre, _, mautic) = stage(cast(), "ALL").await;
    let anna = anna(&mautic).await;
    conformance::erases_once(&mautic, &anna, Manner::Erase).await;
}

#[tokio::test]
async fn what_hangs_on_a_contact_is_gone_with_it_and_not_before() {
    let (_theatre, _, mautic) = stage(cast(), "ALL").await;
    let (records, _) = find(&mautic, &[email(ANNA)]).await.unwrap();
    let erases = mautic.erases().unwrap();
    let (note, form) = (of(&records, "note")[0], of(&records, "submission")[0]);
    assert_eq!(
        erases
            .erase(&note.reference, Manner::Erase)
            .await
            .unwrap()
            .fate,
        Fate::Kept
    );
    erases
        .erase(&of(&records, "contact")[0].reference, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(
        erases
            .erase(&note.reference, Manner::Erase)
            .await
            .unwrap()
            .fate,
        Fate::Gone
    );
    assert_eq!(
        erases
            .erase(&form.reference, Manner::Erase)
            .await
            .unwrap()
            .fate,
        Fate::Kept
    );
}

#[tokio::test]
async fn a_contact_that_is_still_there_or_made_anew_is_noticed() {
    let (_theatre, shared, mautic) = stage(cast(), "ALL").await;
    let anna = anna(&mautic).await;
    let erases = mautic.erases().unwrap();
    shared.lock().unwrap().forgets_writes = true;
    assert_eq!(
        erases.erase(&anna, Manner::Erase).await.unwrap_err().fault,
        Fault::NotWritten
    );
    shared.lock().unwrap().forgets_writes = false;
    shared.lock().unwrap().recreates = true;
    let outcome = erases.erase(&anna, Manner::Erase).await.unwrap();
    assert_eq!(outcome.seen, "contacts 404, same address 1");
}

#[tokio::test]
async fn nobody_is_erased_by_an_empty_number_nor_one_who_is_no_longer_who_was_found() {
    let (theatre, shared, mautic) = stage(cast(), "ALL").await;
    let anna = anna(&mautic).await;
    let erases = mautic.erases().unwrap();
    for id in ["", " ", "0", "..", "47/../50", "batch"] {
        let record = RecordRef::new("contact", id);
        assert_eq!(
            erases
                .erase(&record, Manner::Erase)
                .await
                .unwrap_err()
                .fault,
            Fault::NoIdentifier,
            "{id}"
        );
        assert!(erases.preview(&record, Manner::Erase).await.is_err());
        assert!(
            mautic
                .rectifies()
                .unwrap()
                .rectify(&record, &[])
                .await
                .is_err()
        );
    }
    shared.lock().unwrap().contacts.get_mut(&47).unwrap()["fields"]["all"]["email"] =
        json!("wer@anders.test");
    assert_eq!(
        erases.erase(&anna, Manner::Erase).await.unwrap_err().fault,
        Fault::Conflict
    );
    assert_eq!(
        erases
            .erase(&RecordRef::new("contact", "50"), Manner::Erase)
            .await
            .unwrap_err()
            .fault,
        Fault::Conflict
    );
    assert!(theatre.writes().is_empty());
}

#[tokio::test]
async fn without_the_second_login_and_the_setting_all_is_by_hand() {
    let (_theatre, _, mautic) = stage(cast(), "").await;
    assert!(
        mautic.erases().is_none() && mautic.suppresses().is_none() && mautic.rectifies().is_none()
    );
    let abilities = mautic.profile().abilities;
    assert_eq!(
        (abilities.erase, abilities.suppress, abilities.find),
        (Means::Hand, Means::Hand, Means::Machine)
    );
}

#[tokio::test]
async fn the_check_reads_nobody() {
    let (theatre, _, mautic) = stage(cast(), "ALL").await;
    let health = mautic.check().await.unwrap();
    assert!(health.needs.is_empty(), "{health:?}");
    assert_eq!(health.in_sight, [("forms".to_owned(), 2)]);
    for heard in theatre.heard() {
        assert!(
            heard.path == "/api/forms" || heard.asked("where[0][val]") == Some("0"),
            "{}",
            heard.target
        );
    }
}

#[tokio::test]
async fn keys_are_never_shown_and_settings_that_cannot_work_are_refused() {
    let (theatre, _) = open(cast()).await;
    let shown = format!("{:?}", mautic(&theatre, "client", ALL));
    assert!(!shown.contains(SECRET) && !shown.contains(PASSWORD) && !shown.contains(ERASING));
    for odd in [
        "channels = []",
        "comment = \"Art. 18 GDPR\"",
        "at_least = { leads = 5 }",
        "number_fields = [\"a b\"]",
        "restriction_tag = \"-weg\"",
    ] {
        let text = format!(
            "address = \"https://a.test\"\nlogin.basic = {{ user = \"a\", password = {{ env = \"PATH\" }} }}\n{odd}"
        );
        let made = Mautic::new(&toml::from_str::<Settings>(&text).unwrap(), &limits());
        assert_eq!(made.unwrap_err().fault, Fault::Misconfigured, "{odd}");
    }
}
