//! CleverReach: all groups are walked, the blacklist comes before erasing, and no path without its last piece is ever sent.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use rechtzeitig::adapters::declared::{Declared, Settings};
use rechtzeitig::ports::source::{
    Change, Doubt, Fate, Fault, Manner, Means, Need, Preview, SideEffect, Source, Tie,
};

use super::conformance::{self, ANNA, CANARY, NEAR, email};
use super::{Heard, Said, Theatre, of_kind, open, reference, shipped, token, value};

#[derive(Default)]
struct World {
    /// Key, address, first name.
    receivers: Vec<(u64, String, String)>,
    /// Key, name, receivers, inactive ones.
    groups: Vec<(u64, String, Vec<u64>, Vec<u64>)>,
    blacklist: Vec<String>,
    /// Erasing takes the entry in the blacklist with it.
    forgets: bool,
    /// Says that it was done, and does nothing.
    lies: bool,
    /// Keeps the old address.
    deaf: bool,
    /// All tokens end once.
    revoked: bool,
}

type Shared = Arc<Mutex<World>>;

fn world() -> World {
    let mut world = World::default();
    let people = [ANNA, CANARY].into_iter().chain(NEAR);
    for (key, address) in (1..).zip(people) {
        world
            .receivers
            .push((key, address.to_owned(), "Anna".to_owned()));
    }
    world.groups = vec![
        (11, "Kunden".into(), vec![1, 2, 3], vec![]),
        (12, "Messe".into(), vec![4, 5], vec![]),
        (13, "Gewinnspiel 2019".into(), vec![1, 6], vec![]),
    ];
    world
}

fn unknown() -> Said {
    Said::json(
        404,
        json!({"error": {"code": 404, "message": "Not Found: invalid receiver"}}),
    )
}

fn person(world: &World, wanted: &str) -> Option<(u64, String, String)> {
    let like = |address: &str| {
        // What looks for text finds more than was asked for: `_` and `%` are wildcards.
        address.len() == wanted.len()
            && address
                .chars()
                .zip(wanted.chars())
                .all(|(a, b)| b == '_' || a.eq_ignore_ascii_case(&b))
    };
    let mut found = world
        .receivers
        .iter()
        .filter(|(key, address, _)| key.to_string() == wanted || like(address));
    found.next().cloned()
}

fn play(shared: &Shared, heard: &Heard) -> Said {
    if let Some(said) = token(heard, 3600) {
        return said;
    }
    let mut world = shared.lock().unwrap();
    let bearer = heard.header("authorization").to_owned();
    if world.revoked || !bearer.ends_with("-token") {
        world.revoked = false;
        return Said::json(
            401,
            json!({"error": {"code": 401, "message": "Unauthorized: token invalid"}}),
        );
    }
    let writes = heard.method != "GET";
    if writes && bearer != "Bearer writer-token" {
        return Said::json(
            403,
            json!({"error": {"code": 403, "message": "Forbidden: scope"}}),
        );
    }
    let pieces = heard.pieces();
    let receiver = |it: &(u64, String, String)| {
        json!({"id": it.0.to_string(), "email": it.1, "registered": 1_600_000_000, "bounced": 0,
               "global_attributes": {"firstname": it.2, "lastname": ""}})
    };
    let ok = |value: Value| Said::json(200, value);
    match (heard.method.as_str(), pieces.as_slice()) {
        ("GET", ["v3", "debug", "whoami"]) => ok(json!({"id": "100", "company": "Muster"})),
        ("GET", ["v3", "groups"]) => ok(world
            .groups
            .iter()
            .map(|it| json!({"id": it.0.to_string(), "name": it.1}))
            .collect()),
        ("GET", ["v3", "receivers", wanted]) => {
            person(&world, wanted).map_or_else(unknown, |it| ok(receiver(&it)))
        }
        ("GET", ["v3", "receivers", wanted, "groups"]) => {
            let key = wanted.parse::<u64>().unwrap_or(0);
            ok(world
                .groups
                .iter()
                .filter(|it| it.2.contains(&key))
                .map(|it| json!({"id": it.0.to_string()}))
                .collect())
        }
        ("GET", ["v3", "receivers", _, "orders"]) => {
            ok(json!([{"order_id": "B-1", "product": "Abo", "stamp": 1_650_000_000}]))
        }
        ("GET", ["v3", "groups", group, "receivers", wanted]) => {
            let group = group.parse::<u64>().unwrap_or(0);
            let group = world.groups.iter().find(|it| it.0 == group).cloned();
            let found = group
                .zip(person(&world, wanted))
                .filter(|(group, it)| group.2.contains(&it.0));
            let Some((group, it)) = found else {
                return unknown();
            };
            let mut seen = receiver(&it);
            seen["source"] = json!("Formular 3");
            seen["activated"] = json!(1_600_000_100);
            seen["deactivated"] = json!(if group.3.contains(&it.0) {
                1_700_000_000
            } else {
                0
            });
            ok(seen)
        }
        ("GET", ["v3", "groups", _, "receivers", _, "events"]) => {
            ok(json!([{"id": "e1", "type": "optin", "stamp": 1_600_000_050, "ip": "192.0.2.7"}]))
        }
        ("GET", ["v3", "blacklist", wanted]) => match world
            .blacklist
            .iter()
            .find(|it| it.eq_ignore_ascii_case(wanted))
        {
            Some(address) => ok(json!({"email": address, "comment": "objection"})),
            None => Said::json(404, json!({"error": {"code": 404, "message": "Not Found"}})),
        },
        ("POST", ["v3", "blacklist"]) => {
            let address = heard.json()["email"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            if !world.lies {
                world.blacklist.push(address);
            }
            ok(json!(true))
        }
        ("PUT", ["v3", "receivers", wanted, "email"]) => {
            let new = heard.json()["email"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            let deaf = world.deaf;
            for it in world
                .receivers
                .iter_mut()
                .filter(|it| !deaf && it.0.to_string() == *wanted)
            {
                it.1 = new.clone();
            }
            ok(json!(true))
        }
        ("PUT", ["v3", "receivers", wanted]) => {
            let new = heard.json()["global_attributes"]["firstname"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            for it in world
                .receivers
                .iter_mut()
                .filter(|it| it.0.to_string() == *wanted)
            {
                it.2 = new.clone();
            }
            ok(json!(true))
        }
        ("PUT", ["v3", "groups", group, "receivers", wanted, "setinactive"]) => {
            let (group, key) = (
                group.parse::<u64>().unwrap_or(0),
                wanted.parse::<u64>().unwrap_or(0),
            );
            for it in world.groups.iter_mut().filter(|it| it.0 == group) {
                it.3.push(key);
            }
            ok(json!(true))
        }
        // The trap: nobody is named, everybody goes.
        ("DELETE", ["v3", "groups", group, "receivers"]) => {
            let group = group.parse::<u64>().unwrap_or(0);
            for it in world.groups.iter_mut().filter(|it| it.0 == group) {
                it.2.clear();
            }
            ok(json!(true))
        }
        ("DELETE", ["v3", "groups", group, "receivers", wanted]) => {
            let (group, key) = (
                group.parse::<u64>().unwrap_or(0),
                wanted.parse::<u64>().unwrap_or(0),
            );
            for it in world.groups.iter_mut().filter(|it| it.0 == group) {
                it.2.retain(|it| *it != key);
            }
            ok(json!(true))
        }
        ("DELETE", ["v3", "receivers", wanted]) => {
            if world.lies {
                return ok(json!(true));
            }
            let key = wanted.parse::<u64>().unwrap_or(0);
            let gone: Vec<String> = world
                .receivers
                .iter()
                .filter(|it| it.0 == key)
                .map(|it| it.1.clone())
                .collect();
            world.receivers.retain(|it| it.0 != key);
            if world.forgets {
                world
                    .blacklist
                    .retain(|it| !gone.iter().any(|gone| gone.eq_ignore_ascii_case(it)));
            }
            ok(json!(true))
        }
        _ => Said::json(404, json!({"message": "no such route"})),
    }
}

async fn stage() -> (Theatre, Shared, Settings) {
    let shared: Shared = Arc::new(Mutex::new(world()));
    let playing = Arc::clone(&shared);
    let theatre = Theatre::open(move |heard| play(&playing, heard)).await;
    let settings = shipped("cleverreach", &theatre, "/v3", &[]);
    (theatre, shared, settings)
}

async fn hers(source: &Declared) -> Vec<rechtzeitig::ports::source::Record> {
    conformance::find(source, &[email(ANNA)]).await.unwrap().0
}

#[tokio::test]
async fn it_finds_her_in_every_group_and_nobody_else() {
    let (theatre, _, mut settings) = stage().await;
    settings
        .expected
        .insert("groups".into(), vec!["Kunden".into(), "Partner".into()]);
    let source = open(&settings);
    let records = conformance::finds_her_and_nobody_else(&source).await;
    let kinds: Vec<&str> = records
        .iter()
        .map(|it| it.reference.kind.as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "receivers",
            "group-receivers",
            "group-receivers",
            "orders",
            "events",
            "events"
        ]
    );
    let consent = of_kind(&records, "group-receivers");
    assert_eq!(value(consent, "source"), "Formular 3");
    assert!(matches!(&consent.tie, Tie::Linked { kind, .. } if kind == "receivers"));
    let (_, search) = conformance::find(&source, &[email(ANNA)]).await.unwrap();
    assert!(
        search
            .doubts
            .contains(&Doubt::Unseen(vec!["Partner".into()])),
        "{search:?}"
    );
    let asked: Vec<_> = search
        .asked
        .iter()
        .map(|it| (it.place.as_str(), it.hits))
        .collect();
    assert_eq!(
        asked,
        [
            ("receivers", 1),
            ("group-receivers", 2),
            ("events", 2),
            ("orders", 1)
        ]
    );
    // All three groups were asked, also the one where she is not.
    for group in ["11", "12", "13"] {
        assert!(
            theatre
                .heard()
                .iter()
                .any(|it| it.path == format!("/v3/groups/{group}/receivers/1"))
        );
    }
    assert!(
        theatre.writes().iter().all(|it| it.path == "/token"),
        "a search writes nothing"
    );
    conformance::takes_wildcards_as_letters(&source).await;
    conformance::says_that_there_is_nothing(&source).await;
    conformance::asks_nothing_without_an_identifier(&source).await;
    conformance::find(&source, &[email(CANARY)]).await.unwrap();
}

#[tokio::test]
async fn it_bears_every_mood() {
    let (theatre, _, settings) = stage().await;
    let source = open(&settings);
    // With a token that holds already: the moods are those of the system, not of where tokens are fetched.
    hers(&source).await;
    conformance::bears_every_mood(&theatre, &source).await;
}

#[tokio::test]
async fn a_404_that_is_not_in_the_words_of_the_system_is_no_empty_answer() {
    let (_theatre, _, mut settings) = stage().await;
    settings.address = settings.address.map(|it| it.replace("/v3", "/v2"));
    let mishap = conformance::find(&open(&settings), &[email(ANNA)])
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Missing);
}

#[tokio::test]
async fn a_token_is_fetched_once_and_anew_when_it_is_refused() {
    let (theatre, shared, settings) = stage().await;
    let source = open(&settings);
    hers(&source).await;
    let fetched = |theatre: &Theatre| {
        theatre
            .heard()
            .iter()
            .filter(|it| it.path == "/token")
            .count()
    };
    assert_eq!(fetched(&theatre), 1);
    shared.lock().unwrap().revoked = true;
    assert_eq!(hers(&source).await.len(), 6);
    assert_eq!(fetched(&theatre), 2);
}

#[tokio::test]
async fn the_blacklist_comes_before_erasing_and_no_group_is_emptied() {
    let (theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let records = hers(&source).await;
    theatre.forget();
    let preview: Preview = source
        .erases()
        .unwrap()
        .preview(&reference(&records, "receivers"), Manner::Erase)
        .await
        .unwrap();
    assert_eq!(preview.fate, Fate::Gone);
    assert!(preview.effects.contains(&SideEffect::Final));
    assert!(preview.effects.contains(&SideEffect::Takes {
        kind: "group-receivers".into(),
        count: 2
    }));
    assert!(
        theatre.writes().iter().all(|it| it.path == "/token"),
        "a preview changes nothing"
    );
    conformance::erases_once(&source, &reference(&records, "receivers"), Manner::Erase).await;
    let writes: Vec<String> = theatre
        .writes()
        .iter()
        .filter(|it| it.path != "/token")
        .map(|it| format!("{} {}", it.method, it.path))
        .collect();
    assert_eq!(
        writes,
        [
            "POST /v3/blacklist",
            "DELETE /v3/groups/11/receivers/1",
            "DELETE /v3/groups/13/receivers/1",
            "DELETE /v3/receivers/1"
        ]
    );
    let world = shared.lock().unwrap();
    assert_eq!(world.blacklist, ["anna.beispiel@example.org"]);
    assert_eq!(world.groups[0].2, [2, 3], "others stay");
    assert_eq!(world.receivers.len(), 6);
}

#[tokio::test]
async fn an_empty_key_is_refused_before_anything_is_sent() {
    let (theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let mut empty = reference(&hers(&source).await, "receivers");
    theatre.forget();
    for id in ["", " ", ".", ".."] {
        empty.id = id.into();
        let mishap = source
            .erases()
            .unwrap()
            .erase(&empty, Manner::Erase)
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::NoIdentifier, "{id:?}");
    }
    assert!(theatre.heard().is_empty());
    assert_eq!(shared.lock().unwrap().groups[0].2.len(), 3);
}

#[tokio::test]
async fn what_is_somebody_elses_by_now_is_not_erased() {
    let (theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let found = reference(&hers(&source).await, "receivers");
    shared.lock().unwrap().receivers[0].1 = "johanna.beispiel@example.org".into();
    theatre.forget();
    let mishap = source
        .erases()
        .unwrap()
        .erase(&found, Manner::Erase)
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Conflict);
    assert!(theatre.writes().is_empty());
}

#[tokio::test]
async fn what_only_claims_to_be_done_is_not_said_to_be_done() {
    let (_theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let found = reference(&hers(&source).await, "receivers");
    shared.lock().unwrap().lies = true;
    let mishap = source
        .suppresses()
        .unwrap()
        .suppress(&email(ANNA))
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::NotWritten);
    let mishap = source
        .erases()
        .unwrap()
        .erase(&found, Manner::Erase)
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::NotWritten);
    assert_eq!(
        shared.lock().unwrap().groups[0].2.len(),
        3,
        "nothing is erased before the blacklist stands"
    );
}

#[tokio::test]
async fn a_suppression_that_goes_with_the_record_is_noticed() {
    let (_theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let found = reference(&hers(&source).await, "receivers");
    shared.lock().unwrap().forgets = true;
    let mishap = source
        .erases()
        .unwrap()
        .erase(&found, Manner::Erase)
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::NotWritten);
    // What is missing is mended by entering it again.
    let outcome = source
        .suppresses()
        .unwrap()
        .suppress(&email(ANNA))
        .await
        .unwrap();
    assert_eq!(outcome.fate, Fate::Suppressed);
    let again = source
        .erases()
        .unwrap()
        .erase(&found, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(again.fate, Fate::Gone);
}

#[tokio::test]
async fn an_address_is_put_right_once_and_read_back() {
    let (theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let found = reference(&hers(&source).await, "receivers");
    let changes = [
        Change {
            field: "email".into(),
            before: Some(ANNA.into()),
            after: "anna.neu@example.org".into(),
        },
        Change {
            field: "global_attributes.firstname".into(),
            before: Some("Anna".into()),
            after: "Anna {id}".into(),
        },
    ];
    let rectifies = source.rectifies().unwrap();
    assert_eq!(
        rectifies.rectify(&found, &changes).await.unwrap().fate,
        Fate::Changed
    );
    assert_eq!(
        shared.lock().unwrap().receivers[0].2,
        "Anna {id}",
        "a value is no template"
    );
    theatre.forget();
    assert_eq!(
        rectifies.rectify(&found, &changes).await.unwrap().fate,
        Fate::Changed
    );
    assert!(theatre.writes().is_empty(), "done twice it is done once");
    let late = [Change {
        field: "global_attributes.firstname".into(),
        before: Some("Anne".into()),
        after: "Anna".into(),
    }];
    assert_eq!(
        rectifies.rectify(&found, &late).await.unwrap_err().fault,
        Fault::Conflict
    );
    assert!(theatre.writes().is_empty());
}

#[tokio::test]
async fn a_change_that_was_not_heard_and_a_field_nobody_writes_are_said() {
    let (_theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let found = reference(&hers(&source).await, "receivers");
    shared.lock().unwrap().deaf = true;
    let change = |field: &str, before: &str| {
        [Change {
            field: field.into(),
            before: Some(before.into()),
            after: "x@example.org".into(),
        }]
    };
    let rectifies = source.rectifies().unwrap();
    let mishap = rectifies
        .rectify(&found, &change("email", ANNA))
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::NotWritten);
    let mishap = rectifies
        .rectify(&found, &change("registered", "1600000000"))
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Unknown);
}

#[tokio::test]
async fn a_group_is_restricted_and_lifted_by_hand() {
    let (_theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let found = reference(&hers(&source).await, "group-receivers");
    let restricts = source.restricts().unwrap();
    assert_eq!(
        restricts.restrict(&found, true).await.unwrap().fate,
        Fate::Restricted
    );
    assert_eq!(shared.lock().unwrap().groups[0].3, [1]);
    assert_eq!(
        restricts.restrict(&found, true).await.unwrap().fate,
        Fate::Restricted
    );
    assert_eq!(shared.lock().unwrap().groups[0].3, [1], "once");
    // Writing 0 may start sending again: that is a person's to do.
    assert_eq!(
        restricts.restrict(&found, false).await.unwrap().fate,
        Fate::Kept
    );
}

#[tokio::test]
async fn without_a_second_credential_erasing_is_for_a_person() {
    let (theatre, _, mut settings) = stage().await;
    settings.destructive = None;
    let source = open(&settings);
    assert_eq!(source.profile().abilities.erase, Means::Hand);
    assert!(source.erases().is_none() && source.suppresses().is_none());
    let health = source.check().await.unwrap();
    assert_eq!(health.needs, [Need::SecondCredential]);
    assert_eq!(health.in_sight, [("groups".to_owned(), 3)]);
    assert!(
        theatre
            .heard()
            .iter()
            .all(|it| !it.path.contains("receivers")),
        "a check reads nobody"
    );
}

#[tokio::test]
async fn a_dry_run_looks_and_writes_nothing() {
    let (theatre, _, mut settings) = stage().await;
    settings.dry_run = true;
    let source = open(&settings);
    let found = reference(&hers(&source).await, "receivers");
    let outcome = source
        .erases()
        .unwrap()
        .erase(&found, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(
        (outcome.fate, outcome.seen.as_str()),
        (Fate::Kept, "dry run: 3 requests not sent")
    );
    assert_eq!(
        source
            .suppresses()
            .unwrap()
            .suppress(&email(ANNA))
            .await
            .unwrap()
            .fate,
        Fate::Kept
    );
    assert!(theatre.writes().iter().all(|it| it.path == "/token"));
}
