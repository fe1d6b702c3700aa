//! meetergo: no search by address, so a time is listed and we pick; erasing is for a person.

use serde_json::{Value, json};

use rechtzeitig::adapters::declared::Settings;
use rechtzeitig::ports::source::{Caution, Doubt, Means, Source, Tie};

use super::conformance::{self, ANNA, CANARY, NAME, NEAR, email, name};
use super::{Heard, Said, Theatre, of_kind, one, open, shipped};

fn appointments() -> Vec<Value> {
    let mut list: Vec<Value> = (0..230)
        .map(|count| {
            json!({"id": format!("x{count}"), "start": "2026-02-01T09:00:00Z", "end": "2026-02-01T09:30:00Z",
                   "attendees": [{"email": format!("gast{count}@example.org"), "fullname": "Gast"}]})
        })
        .collect();
    for (count, address) in NEAR.into_iter().chain([CANARY]).enumerate() {
        list.push(json!({"id": format!("n{count}"), "start": "2026-02-02T09:00:00Z", "attendees": [{"email": address}]}));
    }
    list.push(json!({"id": "hers", "start": "2026-02-03T09:00:00Z", "isCancelled": true, "notes": "bringt ihre Kollegin mit",
                     "attendees": [{"email": "kollegin@example.org"}, {"email": ANNA, "fullname": NAME}]}));
    list.push(json!({"id": "named", "start": "2026-02-04T09:00:00Z", "attendees": [{"email": "a.b@example.org", "fullname": "Beispiel, Anna"}]}));
    list.push(json!({"id": "told", "start": "2026-02-05T09:00:00Z", "notes": "Rückruf an anna.beispiel@example.org.",
                     "attendees": [{"email": "chef@example.org"}]}));
    list
}

fn play(heard: &Heard, short: bool) -> Said {
    if heard.header("authorization") != "Bearer r-key" {
        return Said::json(401, json!({"message": "Unauthorized"}));
    }
    match heard.path.as_str() {
        "/v4/meeting-type" => Said::json(200, json!([{"id": "t1"}])),
        "/v4/appointments" => {
            assert_eq!(heard.asked("startDate"), Some("2020-01-01"));
            let page: usize = heard.asked("page").unwrap().parse().unwrap();
            // Asked for 100 it gives 50, as if that were a full page.
            let list: Vec<Value> = appointments()
                .into_iter()
                .skip((page - 1) * 50)
                .take(50)
                .collect();
            let all = appointments().len();
            let total = if short { all + 7 } else { all };
            Said::json(200, json!({"appointments": list, "total": total}))
        }
        _ => Said::json(404, json!({"message": "Not Found"})),
    }
}

async fn stage(short: bool) -> (Theatre, Settings) {
    let theatre = Theatre::open(move |heard| play(heard, short)).await;
    let values = [("since", one("2020-01-01")), ("until", one("2100-01-01"))];
    let settings = shipped("meetergo", &theatre, "/v4", &values);
    (theatre, settings)
}

#[tokio::test]
async fn it_picks_hers_out_of_all_pages_though_a_page_is_smaller_than_asked() {
    let (theatre, settings) = stage(false).await;
    let source = open(&settings);
    let records = conformance::finds_her_and_nobody_else(&source).await;
    let ids: Vec<&str> = records
        .iter()
        .map(|it| it.reference.id.reveal().as_str())
        .collect();
    assert_eq!(ids, ["hers", "told"]);
    let hers = of_kind(&records, "appointments");
    assert_eq!(
        hers.cautions,
        [Caution::Others, Caution::Acts, Caution::Archived]
    );
    assert!(matches!(&records[1].tie, Tie::Candidate { field, .. } if field == "notes"));
    assert_eq!(
        theatre
            .heard()
            .iter()
            .filter(|it| it.asked("page").is_some())
            .count(),
        5
    );
    conformance::takes_wildcards_as_letters(&source).await;
    conformance::says_that_there_is_nothing(&source).await;
    conformance::asks_nothing_without_an_identifier(&source).await;
}

#[tokio::test]
async fn a_name_alone_is_for_a_person_to_see() {
    let (_theatre, settings) = stage(false).await;
    let (records, search) = conformance::find(&open(&settings), &[name(NAME)])
        .await
        .unwrap();
    assert_eq!(records.len(), 2);
    assert!(
        records
            .iter()
            .all(|it| matches!(it.tie, Tie::Candidate { .. }))
    );
    assert!(search.doubts.contains(&Doubt::LowerBound));
}

#[tokio::test]
async fn fewer_than_it_says_there_are_is_a_doubt() {
    let (_theatre, settings) = stage(true).await;
    let (_, search) = conformance::find(&open(&settings), &[email(ANNA)])
        .await
        .unwrap();
    assert!(
        search
            .doubts
            .contains(&Doubt::Capped("appointments".into())),
        "{search:?}"
    );
}

#[tokio::test]
async fn it_bears_every_mood() {
    let (theatre, settings) = stage(false).await;
    conformance::bears_every_mood(&theatre, &open(&settings)).await;
}

#[tokio::test]
async fn erasing_is_for_a_person_even_with_a_second_credential() {
    let (_theatre, settings) = stage(false).await;
    let source = open(&settings);
    let abilities = source.profile().abilities;
    assert_eq!(
        (abilities.erase, abilities.suppress),
        (Means::Hand, Means::Not)
    );
    assert!(source.erases().is_none());
    assert!(source.check().await.unwrap().needs.is_empty());
}
