//! Graph: quotes in a filter, folders below folders, pages by a link on this host only, 429 with a time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use rechtzeitig::adapters::declared::Settings;
use rechtzeitig::ports::source::{Doubt, Fate, Fault, Manner, Source, Tie};

use super::conformance::{self, ANNA, CANARY, NEAR, email};
use super::{Heard, Said, Theatre, many, one, open, reference, shipped, token};

const ODD: &str = "o'hara@example.org";

#[derive(Default)]
struct World {
    /// Mailbox, folder (none: the usual one), key, address.
    contacts: Vec<(&'static str, Option<&'static str>, String, String)>,
    here: String,
    /// Sends to another host for the next page.
    lures: bool,
    busy: Option<u64>,
}

type Shared = Arc<Mutex<World>>;

fn world() -> World {
    let mut world = World::default();
    for (count, address) in [ANNA, CANARY, ODD].into_iter().chain(NEAR).enumerate() {
        world.contacts.push((
            "vertrieb@firma.example",
            None,
            format!("A{count}="),
            address.to_owned(),
        ));
    }
    world.contacts.push((
        "vertrieb@firma.example",
        Some("f2/x="),
        "B1=".into(),
        ANNA.to_lowercase(),
    ));
    for count in 0..3 {
        world.contacts.push((
            "office@firma.example",
            None,
            format!("C{count}="),
            ANNA.to_owned(),
        ));
    }
    world
}

/// What stands between the quotes of the filter, as OData reads it.
fn filtered(filter: &str) -> Option<String> {
    let inner = filter
        .strip_prefix("emailAddresses/any(a:a/address eq '")?
        .strip_suffix("')")?;
    let bare = inner.replace("''", "\u{0}");
    (!bare.contains('\'')).then(|| bare.replace('\u{0}', "'"))
}

fn play(shared: &Shared, heard: &Heard) -> Said {
    if let Some(said) = token(heard, 3600) {
        assert!(heard.text().contains("grant_type=client_credentials"));
        return said;
    }
    let mut world = shared.lock().unwrap();
    if let Some(seconds) = world.busy.take() {
        return Said::json(429, json!({"error": {"code": "TooManyRequests"}}))
            .with("retry-after", &seconds.to_string());
    }
    if !heard.header("authorization").ends_with("-token") {
        return Said::json(
            401,
            json!({"error": {"code": "InvalidAuthenticationToken"}}),
        );
    }
    let bad = |code: &str| Said::json(400, json!({"error": {"code": code}}));
    let list = |value: Vec<Value>| Said::json(200, json!({"value": value}));
    let pieces = heard.pieces();
    let ["v1.0", "users", mailbox, rest @ ..] = pieces.as_slice() else {
        return bad("Request_BadRequest");
    };
    let folder = |id: &str, name: &str| json!({"id": id, "displayName": name});
    let person = |id: &str, address: &str| {
        json!({"id": id, "displayName": "Anna", "mobilePhone": "0170 5550123",
               "emailAddresses": [{"name": "A", "address": address}]})
    };
    match (heard.method.as_str(), rest) {
        ("GET", ["contactFolders"]) => match *mailbox {
            "vertrieb@firma.example" => list(vec![folder("f1", "Partner")]),
            _ => list(vec![]),
        },
        ("GET", ["contactFolders", "f1", "childFolders"]) => {
            list(vec![folder("f2/x=", "Alte Kontakte")])
        }
        ("GET", ["contactFolders", _, "childFolders"]) => list(vec![]),
        ("GET", ["contacts"]) | ("GET", ["contactFolders", _, "contacts"]) => {
            let Some(wanted) = filtered(heard.asked("$filter").unwrap_or_default()) else {
                return bad("BadRequest");
            };
            // A path in our server has lost its %2F: `f2/x=` came as two pieces otherwise.
            let inside = heard.target.contains("f2%2Fx");
            let other = heard.target.contains("contactFolders/f1");
            let skip: usize = heard.asked("$skip").unwrap_or("0").parse().unwrap();
            let all: Vec<Value> = world
                .contacts
                .iter()
                .filter(|it| {
                    it.0 == *mailbox
                        && !other
                        && it.1.is_some() == inside
                        && it.3.eq_ignore_ascii_case(&wanted)
                })
                .map(|it| person(&it.2, &it.3))
                .collect();
            let mut said = json!({"value": all.iter().skip(skip).take(1).collect::<Vec<_>>()});
            if skip + 1 < all.len() {
                let host = if world.lures {
                    "http://127.0.0.2:1".to_owned()
                } else {
                    world.here.clone()
                };
                let filter = heard
                    .asked("$filter")
                    .unwrap()
                    .replace(' ', "%20")
                    .replace('\'', "%27");
                said["@odata.nextLink"] = json!(format!(
                    "{host}/v1.0/users/{mailbox}/contacts?$filter={filter}&$skip={}",
                    skip + 1
                ));
            }
            Said::json(200, said)
        }
        ("GET", ["contactFolders", "f2", "x=", "contacts"]) => {
            let found = world.contacts.iter().filter(|it| it.1.is_some());
            let wanted = filtered(heard.asked("$filter").unwrap_or_default()).unwrap_or_default();
            list(
                found
                    .filter(|it| it.3.eq_ignore_ascii_case(&wanted))
                    .map(|it| person(&it.2, &it.3))
                    .collect(),
            )
        }
        ("GET", ["contactFolders", "f2", "x=", "childFolders"]) => list(vec![]),
        ("GET", ["contacts", id]) => match world.contacts.iter().find(|it| it.2 == *id) {
            Some(it) => Said::json(200, person(&it.2, &it.3)),
            None => Said::json(404, json!({"error": {"code": "ErrorItemNotFound"}})),
        },
        // Into the deleted items, where it stays a contact.
        ("DELETE", ["contacts", _]) => Said::of(204, "text/plain", Vec::new()),
        ("POST", ["contacts", id, "permanentDelete"]) => {
            if heard.header("authorization") != "Bearer writer-token" {
                return Said::json(403, json!({"error": {"code": "ErrorAccessDenied"}}));
            }
            let before = world.contacts.len();
            world.contacts.retain(|it| it.2 != *id);
            if world.contacts.len() == before {
                return Said::json(404, json!({"error": {"code": "ErrorItemNotFound"}}));
            }
            Said::of(204, "text/plain", Vec::new())
        }
        ("GET", ["messages"]) => {
            let search = heard.asked("$search").unwrap_or_default();
            assert!(
                search.starts_with("\"participants:") && search.ends_with('"'),
                "{search}"
            );
            let mail = |id: &str, from: &str, to: &str| {
                json!({"id": id, "subject": "Angebot", "receivedDateTime": "2026-01-05T08:00:00Z",
                       "from": {"emailAddress": {"address": from}}, "toRecipients": [{"emailAddress": {"address": to}}],
                       "body": {"contentType": "html", "content": "<p>Hallo</p>"}})
            };
            match search.contains("anna.beispiel@example.org") {
                // A search over words finds johanna as well.
                true => list(vec![
                    mail("m1", ANNA, "x@firma.example"),
                    mail("m2", NEAR[0], "y@firma.example"),
                ]),
                false => list(vec![]),
            }
        }
        _ => bad("Request_ResourceNotFound"),
    }
}

async fn stage() -> (Theatre, Shared, Settings) {
    let shared: Shared = Arc::new(Mutex::new(world()));
    let playing = Arc::clone(&shared);
    let theatre = Theatre::open(move |heard| play(&playing, heard)).await;
    shared.lock().unwrap().here = theatre.url();
    let values = [
        ("tenant", one("muster.example")),
        (
            "mailboxes",
            many(&["vertrieb@firma.example", "office@firma.example"]),
        ),
    ];
    let settings = shipped("graph", &theatre, "/v1.0", &values);
    (theatre, shared, settings)
}

#[tokio::test]
async fn all_folders_and_all_pages_of_all_mailboxes_are_asked() {
    let (_theatre, _, settings) = stage().await;
    let source = open(&settings);
    let records = conformance::finds_her_and_nobody_else(&source).await;
    let ids: Vec<&str> = records
        .iter()
        .map(|it| it.reference.id.reveal().as_str())
        .collect();
    assert_eq!(
        records
            .iter()
            .filter(|it| it.reference.kind == "contacts")
            .count(),
        5,
        "{ids:?}"
    );
    assert_eq!(
        records
            .iter()
            .filter(|it| it.reference.kind == "messages")
            .count(),
        2,
        "once in each mailbox"
    );
    assert!(records.iter().all(|it| matches!(it.tie, Tie::Exact { .. })));
    conformance::takes_wildcards_as_letters(&source).await;
    conformance::says_that_there_is_nothing(&source).await;
    conformance::asks_nothing_without_an_identifier(&source).await;
}

#[tokio::test]
async fn a_quote_in_an_address_stays_within_its_quotes() {
    let (theatre, _, settings) = stage().await;
    let (records, _) = conformance::find(&open(&settings), &[email(ODD)])
        .await
        .unwrap();
    assert_eq!(records.len(), 1);
    let filter = "emailAddresses/any(a:a/address eq 'o''hara@example.org')";
    assert!(
        theatre
            .heard()
            .iter()
            .any(|it| it.asked("$filter") == Some(filter))
    );
}

#[tokio::test]
async fn it_bears_every_mood_and_leaves_alone_who_wants_to_be_left_alone() {
    let (theatre, shared, settings) = stage().await;
    conformance::bears_every_mood(&theatre, &open(&settings)).await;
    let source = open(&settings);
    shared.lock().unwrap().busy = Some(17);
    let mishap = conformance::find(&source, &[email(ANNA)])
        .await
        .unwrap_err();
    assert_eq!(
        (mishap.fault, mishap.wait),
        (Fault::Busy, Some(Duration::from_secs(17)))
    );
    // Longer than anybody is patient: nobody sleeps through it, and nobody is asked.
    theatre.forget();
    let begun = std::time::Instant::now();
    let mishap = conformance::find(&source, &[email(ANNA)])
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Busy, "{mishap}");
    let left = mishap.wait.unwrap();
    assert!(left > Duration::from_secs(2) && left <= Duration::from_secs(17));
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(theatre.heard().is_empty());
}

#[tokio::test]
async fn a_next_page_on_another_host_is_not_fetched() {
    let (_theatre, shared, settings) = stage().await;
    shared.lock().unwrap().lures = true;
    let mishap = conformance::find(&open(&settings), &[email(ANNA)])
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Redirected);
}

#[tokio::test]
async fn a_contact_goes_and_its_copy_in_the_mailbox_is_named() {
    let (theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let (records, _) = conformance::find(&source, &[email(CANARY)]).await.unwrap();
    let found = reference(&records, "contacts");
    conformance::erases_once(&source, &found, Manner::Erase).await;
    assert_eq!(shared.lock().unwrap().contacts.len(), 11);
    let paths: Vec<String> = theatre.writes().iter().map(|it| it.path.clone()).collect();
    let paths: Vec<&String> = paths.iter().filter(|it| !it.ends_with("token")).collect();
    assert!(
        paths.len() == 1 && paths[0].ends_with("/permanentDelete"),
        "{paths:?}"
    );
    let outcome = source
        .erases()
        .unwrap()
        .erase(&found, Manner::Erase)
        .await
        .unwrap();
    assert!(
        outcome.leftovers.iter().any(|it| it.days == Some(14)),
        "{outcome:?}"
    );
    assert_eq!(outcome.fate, Fate::Gone);
}

#[tokio::test]
async fn a_tenant_that_is_no_name_is_refused_and_a_missing_folder_is_said() {
    let (_theatre, _, mut settings) = stage().await;
    settings.expected.insert(
        "folders".into(),
        vec!["Alte Kontakte".into(), "Presse".into()],
    );
    let (_, search) = conformance::find(&open(&settings), &[email(ANNA)])
        .await
        .unwrap();
    assert_eq!(search.doubts, [Doubt::Unseen(vec!["Presse".into()])]);
    let health = open(&settings).check().await.unwrap();
    assert_eq!(health.in_sight, [("folders".to_owned(), 2)]);
    settings.token_address = None;
    settings.values.insert("tenant".into(), one("a/../b"));
    let mishap = rechtzeitig::adapters::declared::Declared::new(&settings, &super::limits())
        .err()
        .unwrap();
    assert_eq!(mishap.fault, Fault::Misconfigured);
}
