//! The language of descriptions: ways of signing in, of paging, of waiting, of saying no; and what it makes impossible.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::TryStreamExt;
use serde_json::{Value, json};

use rechtzeitig::ports::source::{Change, Doubt, Fate, Fault, Manner, Source};

use super::conformance::{self, ANNA, email, phone};
use super::{Heard, Said, Theatre, described, reference, token, try_described};

const PLACE: &str = r#"
[check]
ask = { path = "/account" }
[[leftovers]]
kind = "backup"
place = "backups"
[[place]]
kind = "people"
category = "contact"
id = "/id"
match = { email = ["/email"], phone = ["/phone"] }
"#;

/// A description with this login and this way of asking.
fn text(login: &str, find: &str) -> String {
    format!(
        "title = 'T'\naddress = 'https://api.system.example'\nhosts = ['api.system.example']\n[login]\n{login}\n{PLACE}\n[[place.find]]\n{find}"
    )
}

fn asking(find: &str) -> String {
    text("kind = 'bearer'", find)
}

const PLAIN: &str =
    "by = ['email']\nclaims = 'exact'\npath = '/people'\nquery = { email = '{email}' }";

fn her(id: usize) -> Value {
    json!({"id": id, "email": ANNA, "phone": "0170 555 01 23"})
}

fn people(count: usize) -> Vec<Value> {
    (0..count).map(her).collect()
}

async fn found(source: &dyn Source) -> Result<usize, Fault> {
    conformance::find(source, &[email(ANNA)])
        .await
        .map(|it| it.0.len())
        .map_err(|it| it.fault)
}

#[tokio::test]
async fn every_way_of_signing_in_carries_its_key_and_no_other() {
    type Shows = fn(&Heard) -> bool;
    let cases: [(&str, Shows); 5] = [
        ("kind = 'bearer'", |it| {
            it.header("authorization") == "Bearer r-key"
        }),
        ("kind = 'basic'", |it| {
            it.header("authorization") == "Basic cmVhZGVyOnIta2V5"
        }),
        (
            "kind = 'header'\nheader = 'X-Key'\nprefix = 'Token '",
            |it| it.header("x-key") == "Token r-key",
        ),
        ("kind = 'query'\nquery = 'api_key'", |it| {
            it.asked("api_key") == Some("r-key")
        }),
        ("kind = 'none'", |it| {
            it.header("authorization").is_empty() && !it.target.contains("key")
        }),
    ];
    for (login, signed) in cases {
        let theatre = Theatre::open(move |heard| match signed(heard) {
            true => Said::json(200, json!(people(1))),
            false => Said::json(401, json!({})),
        })
        .await;
        assert_eq!(
            found(&described(&text(login, PLAIN), &theatre)).await,
            Ok(1),
            "{login}"
        );
    }
}

#[tokio::test]
async fn a_token_is_kept_as_long_as_it_holds_and_a_wrong_secret_is_said() {
    for (seconds, fetched) in [(3600, 1), (0, 2)] {
        let theatre = Theatre::open(move |heard| {
            token(heard, seconds).unwrap_or_else(|| Said::json(200, json!(people(1))))
        })
        .await;
        let login =
            "kind = 'oauth2'\ntoken_address = 'https://api.system.example/token'\nsend = 'body'";
        let source = described(&text(login, PLAIN), &theatre);
        found(&source).await.unwrap();
        found(&source).await.unwrap();
        let count = theatre
            .heard()
            .iter()
            .filter(|it| it.path == "/token")
            .count();
        assert_eq!(count, fetched, "{seconds}");
        let wrong = try_described(&text(login, PLAIN), &theatre, |settings| {
            settings.reading = settings.destructive.clone();
            settings.reading.as_mut().unwrap().user = "nobody".into();
        });
        let _ = wrong.unwrap();
    }
    let theatre = Theatre::open(|_| Said::json(401, json!({"error": "invalid_client"}))).await;
    let login = "kind = 'oauth2'\ntoken_address = 'https://api.system.example/token'";
    assert_eq!(
        found(&described(&text(login, PLAIN), &theatre)).await,
        Err(Fault::Unauthorized)
    );
}

/// A server with so many records, in every way of paging, never more than three at once.
async fn paged(count: usize) -> Theatre {
    Theatre::open(move |heard| {
        let number = |name: &str| heard.asked(name).and_then(|it| it.parse::<usize>().ok());
        let from = match (
            number("page"),
            number("offset"),
            number("cursor"),
            number("from"),
        ) {
            (Some(page), ..) => (page - 1) * 3,
            (_, Some(it), ..) | (_, _, Some(it), _) | (.., Some(it)) => it,
            _ => 0,
        };
        let list: Vec<Value> = people(count).into_iter().skip(from).take(3).collect();
        let next = from + 3;
        let more = next < count;
        let mut said = json!({"data": list, "more": more});
        if more {
            said["cursor"] = json!(next.to_string());
            said["next"] = json!(format!("/people?from={next}"));
        }
        let mut answer = Said::json(200, said);
        if more {
            answer = answer
                .with("link", &format!("</people?from={next}>; rel=\"next\""))
                .with("x-next", &next.to_string());
        }
        answer
    })
    .await
}

#[tokio::test]
async fn every_way_of_paging_comes_to_the_end() {
    let ways = [
        (
            "page = '{page}', n = '{limit}'",
            "kind = 'page', first = 1, limit = 100",
        ),
        ("offset = '{offset}'", "kind = 'offset'"),
        ("offset = '{offset}'", "kind = 'offset', more = '/more'"),
        ("cursor = '{cursor}'", "kind = 'cursor', at = '/cursor'"),
        ("a = 'b'", "kind = 'next', at = '/next'"),
        ("a = 'b'", "kind = 'header'"),
        ("cursor = '{cursor}'", "kind = 'header', header = 'x-next'"),
    ];
    for count in [0, 1, 3, 7] {
        for (query, paging) in ways {
            let theatre = paged(count).await;
            let find = format!(
                "by = ['email']\nclaims = 'exact'\npath = '/people'\nrecords = '/data'\nquery = {{ email = '{{email}}', {query} }}\npaging = {{ {paging} }}"
            );
            assert_eq!(
                found(&described(&asking(&find), &theatre)).await,
                Ok(count),
                "{paging} {count}"
            );
        }
    }
}

#[tokio::test]
async fn a_server_that_always_has_another_page_is_left() {
    let calls = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&calls);
    let theatre = Theatre::open(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Said::json(
            200,
            json!({"data": people(2), "next": "/people?from=1", "cursor": "same"}),
        )
    })
    .await;
    for (query, paging) in [
        ("page = '{page}'", "kind = 'page', first = 1"),
        ("offset = '{offset}'", "kind = 'offset'"),
        ("cursor = '{cursor}'", "kind = 'cursor', at = '/cursor'"),
        ("a = 'b'", "kind = 'next', at = '/next'"),
    ] {
        let find = format!(
            "by = ['email']\nclaims = 'exact'\npath = '/people'\nrecords = '/data'\nquery = {{ email = '{{email}}', {query} }}\npaging = {{ {paging} }}"
        );
        assert_eq!(
            found(&described(&asking(&find), &theatre)).await,
            Err(Fault::Flooded),
            "{paging}"
        );
    }
    assert!(calls.load(Ordering::Relaxed) < 20);
}

#[tokio::test]
async fn people_nobody_asked_for_end_the_search_where_the_server_promised_none() {
    let theatre = Theatre::open(|_| {
        let others = (0..50).map(|id| json!({"id": id, "email": format!("x{id}@example.org")}));
        Said::json(200, others.collect())
    })
    .await;
    for (claims, wanted) in [
        ("exact", Err(Fault::Flooded)),
        ("contains", Err(Fault::Flooded)),
        ("everything", Ok(0)),
    ] {
        let source = described(&asking(&PLAIN.replace("exact", claims)), &theatre);
        assert_eq!(found(&source).await, wanted, "{claims}");
    }
}

#[tokio::test]
async fn entries_that_cannot_be_read_are_counted_and_an_answer_of_another_shape_is_none() {
    let theatre = Theatre::open(|_| Said::json(200, json!([her(1), {"email": ANNA}, "x"]))).await;
    let source = described(&asking(PLAIN), &theatre);
    let (records, search) = conformance::find(&source, &[email(ANNA)]).await.unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(
        search.doubts,
        [Doubt::Garbled {
            place: "people".into(),
            count: 2
        }]
    );
    for odd in [
        json!([{"email": ANNA}]),
        json!({"data": []}),
        json!("[]"),
        json!(null),
    ] {
        let theatre = Theatre::open(move |_| Said::json(200, odd.clone())).await;
        assert_eq!(
            found(&described(&asking(PLAIN), &theatre)).await,
            Err(Fault::Unreadable)
        );
    }
}

#[tokio::test]
async fn a_number_is_asked_in_every_spelling_that_is_declared() {
    let theatre = Theatre::open(|heard| {
        Said::json(
            200,
            json!(if heard.asked("phone") == Some("01705550123") {
                people(1)
            } else {
                vec![]
            }),
        )
    })
    .await;
    let find = "by = ['phone']\nclaims = 'exact'\nspelling = ['canonical', 'national', 'digits']\npath = '/people'\nquery = { phone = '{phone}' }";
    let source = described(&asking(find), &theatre);
    let (records, search) = conformance::find(&source, &[phone("+49 170 5550123")])
        .await
        .unwrap();
    assert_eq!((records.len(), search.asked.len()), (1, 1));
    let asked: Vec<_> = theatre
        .heard()
        .iter()
        .map(|it| it.asked("phone").unwrap().to_owned())
        .collect();
    assert_eq!(asked, ["+491705550123", "01705550123", "491705550123"]);
}

#[tokio::test]
async fn what_an_answer_means_is_judged_by_its_body_too() {
    let answer = "\n[answer]\nneeds = ['/data']\nfails = ['/errors']\nfaults = [{ fault = 'busy', at = '/errors/*/code', holds = 'rate' }, { fault = 'switched-off', status = 402 }]\n";
    let text = asking("by = ['email']\nclaims = 'exact'\npath = '/people'\nrecords = '/data'\nquery = { email = '{email}' }")
        .replace("[check]", &format!("{answer}[check]"));
    for (status, body, wanted) in [
        (
            200,
            json!({"data": [], "errors": [{"code": "RATE_LIMIT"}]}),
            Err(Fault::Busy),
        ),
        (
            200,
            json!({"data": [], "errors": [{"code": "oops"}]}),
            Err(Fault::Refused),
        ),
        (200, json!({"rows": []}), Err(Fault::Unreadable)),
        (402, json!({}), Err(Fault::SwitchedOff)),
        (200, json!({"data": [], "errors": []}), Ok(0)),
    ] {
        let said = body.clone();
        let theatre = Theatre::open(move |_| Said::json(status, said.clone())).await;
        assert_eq!(found(&described(&text, &theatre)).await, wanted, "{body}");
    }
}

const ACTS: &str = r#"
read = { path = "/people/{id}", single = true, nobody = { status = [404], at = "/error" } }
[place.erase]
most = 2
[[place.erase.steps]]
method = "POST"
path = "/people/{id}/erasure"
"#;

#[tokio::test]
async fn work_that_goes_on_over_there_is_waited_for_and_left_for_later() {
    let text = |tries: u32| {
        let job = format!(
            "job = {{ id = '/task', path = '/tasks/{{job}}', at = '/state', done = ['done'], failed = ['failed'], tries = {tries}, seconds = 0 }}"
        );
        // The acts stand before the question, which begins a table of its own.
        let acts = format!("{ACTS}{job}\n");
        asking(PLAIN).replace("\n[[place.find]]", &format!("{acts}[[place.find]]"))
    };
    for (tries, end, wanted) in [
        (5, "done", Ok(Fate::Gone)),
        (2, "done", Err(Fault::UnderWay)),
        (5, "failed", Err(Fault::Refused)),
    ] {
        let looks = AtomicUsize::new(0);
        let theatre = Theatre::open(move |heard| {
            let seen = looks.load(Ordering::Relaxed);
            match heard.path.as_str() {
                "/people" => Said::json(200, json!(people(1))),
                "/people/0" if seen >= 3 => Said::json(404, json!({"error": "gone"})),
                "/people/0" => Said::json(200, her(0)),
                "/people/0/erasure" => Said::json(202, json!({"task": 77})),
                "/tasks/77" => {
                    looks.fetch_add(1, Ordering::Relaxed);
                    Said::json(
                        200,
                        json!({"state": if seen < 2 { "running" } else { end }}),
                    )
                }
                _ => Said::html(404, "no"),
            }
        })
        .await;
        let source = described(&text(tries), &theatre);
        let (records, _) = conformance::find(&source, &[email(ANNA)]).await.unwrap();
        let record = reference(&records, "people");
        let outcome = source.erases().unwrap().erase(&record, Manner::Erase).await;
        assert_eq!(
            outcome.map(|it| it.fate).map_err(|it| it.fault),
            wanted,
            "{tries} {end}"
        );
    }
}

#[tokio::test]
async fn more_requests_than_are_declared_are_not_sent() {
    let theatre = Theatre::open(|heard| match heard.path.as_str() {
        "/people" => Said::json(200, json!(people(1))),
        "/groups" => Said::json(200, json!([{"id": 1}, {"id": 2}, {"id": 3}])),
        _ => Said::json(200, her(0)),
    })
    .await;
    let acts = ACTS.replace("method = \"POST\"", "each = ['groups']\nmethod = \"POST\"");
    let text = asking(PLAIN)
        .replace("\n[[place.find]]", &format!("{acts}[[place.find]]"))
        .replace(
            "[check]",
            "[lists.groups]\nask = { path = '/groups' }\nid = '/id'\n[check]",
        );
    let source = described(&text, &theatre);
    let (records, _) = conformance::find(&source, &[email(ANNA)]).await.unwrap();
    let record = reference(&records, "people");
    let erases = source.erases().unwrap();
    assert_eq!(
        erases
            .preview(&record, Manner::Erase)
            .await
            .unwrap_err()
            .fault,
        Fault::TooMany
    );
    assert_eq!(
        erases
            .erase(&record, Manner::Erase)
            .await
            .unwrap_err()
            .fault,
        Fault::TooMany
    );
    assert!(theatre.writes().is_empty());
    assert_eq!(
        erases
            .erase(&record, Manner::Anonymise)
            .await
            .unwrap_err()
            .fault,
        Fault::Unknown
    );
}

#[tokio::test]
async fn a_record_is_made_anonymous_and_read_back() {
    let state = std::sync::Arc::new(std::sync::Mutex::new((her(0), true)));
    let playing = std::sync::Arc::clone(&state);
    let theatre = Theatre::open(move |heard| {
        let mut state = playing.lock().unwrap();
        match (heard.method.as_str(), heard.path.as_str()) {
            ("GET", "/people") => Said::json(200, json!([state.0])),
            ("POST", _) if state.1 => {
                state.0 = json!({"id": 0, "email": "", "phone": null});
                Said::json(200, json!({}))
            }
            ("POST", _) => Said::json(200, json!({})),
            _ => Said::json(200, state.0.clone()),
        }
    })
    .await;
    let acts = ACTS.replace(
        "most = 2",
        "most = 1\nmanner = 'anonymise'\nempty = ['/email', '/phone']",
    );
    let source = described(
        &asking(PLAIN).replace("\n[[place.find]]", &format!("{acts}[[place.find]]")),
        &theatre,
    );
    let (records, _) = conformance::find(&source, &[email(ANNA)]).await.unwrap();
    let record = reference(&records, "people");
    state.lock().unwrap().1 = false;
    let mishap = source
        .erases()
        .unwrap()
        .erase(&record, Manner::Anonymise)
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::NotWritten);
    state.lock().unwrap().1 = true;
    conformance::erases_once(&source, &record, Manner::Anonymise).await;
    let outcome = source
        .erases()
        .unwrap()
        .erase(&record, Manner::Anonymise)
        .await
        .unwrap();
    assert_eq!(outcome.fate, Fate::Anonymous);
}

#[tokio::test]
async fn files_are_fetched_with_the_key_and_no_larger_than_allowed() {
    let theatre = Theatre::open(|heard| match heard.path.as_str() {
        "/people" => Said::json(
            200,
            json!([{"id": 1, "email": ANNA, "files": [{"no": 5, "title": "Vertrag.pdf"}]}]),
        ),
        "/people/1" => Said::json(200, json!({"id": 1, "email": ANNA})),
        "/people/1/files/5" if heard.header("authorization") == "Bearer r-key" => {
            Said::of(200, "application/pdf", b"%PDF".to_vec())
        }
        _ => Said::json(404, json!({"error": "x"})),
    })
    .await;
    let files = "\nread = { path = '/people/{id}', single = true, nobody = { status = [404], at = '/error' } }\nfiles = { at = '/files', id = '/no', name = '/title', media_type = 'application/pdf', fetch = { path = '/people/{id}/files/{file}' } }\n[[place.find]]";
    let source = described(&asking(PLAIN).replace("\n[[place.find]]", files), &theatre);
    let (records, _) = conformance::find(&source, &[email(ANNA)]).await.unwrap();
    let copies = source.copies().unwrap();
    let mut file = records[0].files[0].clone();
    assert_eq!(file.name.reveal(), "Vertrag.pdf");
    assert_eq!(
        copies
            .fetch(&records[0].reference, &file)
            .try_concat()
            .await
            .unwrap(),
        b"%PDF"
    );
    file.id = "../../admin".into();
    let mishap = copies
        .fetch(&records[0].reference, &file)
        .try_concat()
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Missing);
    assert!(
        theatre
            .heard()
            .iter()
            .any(|it| it.target.contains("..%2F..%2Fadmin"))
    );
}

#[tokio::test]
async fn a_change_that_meets_another_value_is_not_written() {
    let theatre = Theatre::open(|heard| match heard.path.as_str() {
        "/people" => Said::json(200, json!(people(1))),
        _ => Said::json(200, her(0)),
    })
    .await;
    let acts = "\nread = { path = '/people/{id}', single = true }\nrectify = [{ fields = ['phone'], into = '/', write = { method = 'PATCH', path = '/people/{id}' } }]\n[[place.find]]";
    let source = described(&asking(PLAIN).replace("\n[[place.find]]", acts), &theatre);
    let (records, _) = conformance::find(&source, &[email(ANNA)]).await.unwrap();
    let change = |before: Option<&str>| {
        [Change {
            field: "phone".into(),
            before: before.map(Into::into),
            after: "030 1234567".into(),
        }]
    };
    let rectifies = source.rectifies().unwrap();
    for before in [None, Some("040 1234567")] {
        let mishap = rectifies
            .rectify(&records[0].reference, &change(before))
            .await
            .unwrap_err();
        assert_eq!(mishap.fault, Fault::Conflict);
        assert!(theatre.writes().is_empty());
    }
    // The server says yes and keeps the old one.
    let mishap = rectifies
        .rectify(&records[0].reference, &change(Some("0170 555 01 23")))
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::NotWritten);
    assert_eq!(theatre.writes()[0].json(), json!({"phone": "030 1234567"}));
}

#[tokio::test]
async fn a_mark_is_set_and_lifted_and_read_back() {
    let state = std::sync::Arc::new(std::sync::Mutex::new((false, true)));
    let playing = std::sync::Arc::clone(&state);
    let theatre = Theatre::open(move |heard| {
        let mut state = playing.lock().unwrap();
        if let (Some(blocked), true) = (heard.json()["blocked"].as_bool(), state.1) {
            state.0 = blocked;
        }
        let record = json!({"id": 0, "email": ANNA, "blocked": state.0});
        Said::json(
            200,
            if heard.path == "/people" {
                json!([record])
            } else {
                record
            },
        )
    })
    .await;
    let acts = "\nread = { path = '/people/{id}', single = true }\nrestrict = { at = '/blocked', is = true, on = { method = 'PATCH', path = '/people/{id}', body = { blocked = true } }, off = { method = 'PATCH', path = '/people/{id}', body = { blocked = false } } }\n[[place.find]]";
    let source = described(&asking(PLAIN).replace("\n[[place.find]]", acts), &theatre);
    let (records, _) = conformance::find(&source, &[email(ANNA)]).await.unwrap();
    let record = reference(&records, "people");
    let restricts = source.restricts().unwrap();
    assert_eq!(
        restricts.restrict(&record, true).await.unwrap().fate,
        Fate::Restricted
    );
    assert!(state.lock().unwrap().0);
    assert_eq!(
        restricts.restrict(&record, true).await.unwrap().fate,
        Fate::Restricted
    );
    assert_eq!(theatre.writes().len(), 1, "done twice it is done once");
    assert_eq!(
        restricts.restrict(&record, false).await.unwrap().fate,
        Fate::Free
    );
    state.lock().unwrap().1 = false;
    assert_eq!(
        restricts.restrict(&record, true).await.unwrap_err().fault,
        Fault::NotWritten
    );
}

#[tokio::test]
async fn a_short_page_is_the_last_one_only_where_that_is_declared() {
    for (ends, calls) in [("", 2), (", short_ends = true", 1)] {
        let theatre = Theatre::open(|heard| {
            Said::json(
                200,
                json!(if heard.asked("page") == Some("0") {
                    people(2)
                } else {
                    vec![]
                }),
            )
        })
        .await;
        let find = format!(
            "by = ['email']\nclaims = 'exact'\npath = '/people'\nquery = {{ email = '{{email}}', page = '{{page}}', n = '{{limit}}' }}\npaging = {{ kind = 'page', limit = 3{ends} }}"
        );
        assert_eq!(found(&described(&asking(&find), &theatre)).await, Ok(2));
        assert_eq!(theatre.heard().len(), calls, "{ends}");
    }
}

#[tokio::test]
async fn a_record_that_comes_by_two_identifiers_is_laid_once() {
    let theatre = Theatre::open(|_| Said::json(200, json!(people(2)))).await;
    let second = "[[place.find]]\nby = ['phone']\nclaims = 'exact'\npath = '/people'\nquery = { phone = '{phone}' }";
    let source = described(&asking(&format!("{PLAIN}\n{second}")), &theatre);
    let wanted = [email(ANNA), phone("0170 5550123")];
    let (records, search) = conformance::find(&source, &wanted).await.unwrap();
    assert_eq!(records.len(), 2);
    assert_eq!(
        search.asked.iter().map(|it| it.hits).collect::<Vec<_>>(),
        [2, 2]
    );
}
