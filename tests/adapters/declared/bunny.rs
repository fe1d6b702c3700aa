//! bunny.net: cut addresses are candidates, dropped ones nobody's, and an address without its time is asked nowhere.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use rechtzeitig::adapters::declared::Settings;
use rechtzeitig::domain::identifier::{Identifier, SearchKey, Window};
use rechtzeitig::ports::source::{Doubt, Fault, Means, Source, Tie};

use super::conformance::{self, ANNA, email};
use super::{Heard, Said, Theatre, many, open, shipped, value};

#[derive(Clone, Copy, PartialEq)]
enum Cut {
    Nothing,
    LastOctet,
    All,
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn lines(cut: Cut) -> Vec<Value> {
    let line = |id: usize, ip: &str, time: &str| {
        let shown = match cut {
            Cut::Nothing => ip.to_owned(),
            Cut::LastOctet => format!("{}.0", ip.rsplit_once('.').unwrap().0),
            Cut::All => "0.0.0.0".to_owned(),
        };
        json!({"requestId": format!("r{id}"), "timestamp": time, "remoteIp": shown, "url": "https://cdn.muster.example/a", "authorizationHeader": "x"})
    };
    let mut all = vec![
        line(1, "192.0.2.77", "2026-03-01T10:00:00Z"),
        line(2, "192.0.2.70", "2026-03-01T10:01:00Z"),
        line(3, "192.0.2.77", "2026-03-01T18:00:00Z"),
    ];
    all.extend((4..30).map(|id| line(id, "198.51.100.9", "2026-03-01T10:02:00Z")));
    all
}

fn play(cut: Cut, heard: &Heard) -> Said {
    if heard.header("accesskey") != "r-key" {
        return Said::json(401, json!({"code": "unauthorized"}));
    }
    match heard.pieces().as_slice() {
        ["v2", "pullzones", "9", "logs"] => {
            return Said::json(404, json!({"code": "logging_disabled"}));
        }
        ["v2", "pullzones", _, "logs"] => {}
        _ => return Said::html(404, "no"),
    }
    if heard.asked("from").is_some_and(|it| it < "2026-02-27") {
        return Said::json(400, json!({"code": "invalid_request"}));
    }
    let asked = heard.asked("remoteIp").unwrap_or_default().to_owned();
    let network = |ip: &str| ip.rsplit_once('.').map(|it| it.0.to_owned());
    let offset: usize = heard.asked("offset").unwrap_or("0").parse().unwrap();
    let hits = lines(cut).into_iter().filter(|it| {
        let shown = it["remoteIp"].as_str().unwrap();
        match cut {
            _ if heard.asked("status") == Some("599") => false,
            Cut::Nothing => shown == asked,
            Cut::LastOctet => network(shown) == network(&asked),
            // The filter is ignored where nothing is left to compare.
            Cut::All => true,
        }
    });
    let found: Vec<Value> = hits.skip(offset).take(1).collect();
    let more = !found.is_empty();
    Said::json(200, json!({"data": found, "pagination": {"hasMore": more}}))
}

async fn stage(cut: Cut) -> (Theatre, Arc<Mutex<()>>, Settings) {
    let theatre = Theatre::open(move |heard| play(cut, heard)).await;
    let mut settings = shipped(
        "bunny-logs",
        &theatre,
        "",
        &[("pull_zones", many(&["1337"]))],
    );
    settings.destructive = None;
    (theatre, Arc::default(), settings)
}

fn hers() -> Identifier {
    let window = Window {
        from: at("2026-03-01T09:30:00Z"),
        to: at("2026-03-01T11:00:00Z"),
    };
    Identifier::new(SearchKey::Ip, "192.0.2.77")
        .unwrap()
        .within(window)
}

#[tokio::test]
async fn a_whole_address_in_its_time_is_hers() {
    let (_theatre, _, settings) = stage(Cut::Nothing).await;
    let (records, search) = conformance::find(&open(&settings), &[hers()])
        .await
        .unwrap();
    assert_eq!(records.len(), 1, "not the one in the evening");
    assert!(matches!(
        records[0].tie,
        Tie::Exact {
            by: SearchKey::Ip,
            ..
        }
    ));
    assert_eq!(value(&records[0], "authorizationHeader"), "");
    assert!(search.doubts.is_empty(), "{search:?}");
}

#[tokio::test]
async fn a_cut_address_is_a_candidate_and_the_doubt_is_said() {
    let (_theatre, _, settings) = stage(Cut::LastOctet).await;
    let (records, search) = conformance::find(&open(&settings), &[hers()])
        .await
        .unwrap();
    assert_eq!(records.len(), 2, "two machines of one network in that time");
    assert!(records.iter().all(|it| matches!(
        it.tie,
        Tie::Candidate {
            by: SearchKey::Ip,
            ..
        }
    )));
    assert_eq!(search.doubts, [Doubt::Masked("access-log".into())]);
}

#[tokio::test]
async fn dropped_addresses_are_nobodys_and_no_flood() {
    let (theatre, _, settings) = stage(Cut::All).await;
    let (records, search) = conformance::find(&open(&settings), &[hers()])
        .await
        .unwrap();
    assert!(records.is_empty());
    assert_eq!(search.doubts, [Doubt::Masked("access-log".into())]);
    assert_eq!(
        theatre.heard().len(),
        1,
        "the rest of other people's lines is not fetched"
    );
}

#[tokio::test]
async fn an_address_without_its_time_is_asked_nowhere() {
    let (theatre, _, settings) = stage(Cut::Nothing).await;
    let source = open(&settings);
    for wanted in [
        Identifier::new(SearchKey::Ip, "192.0.2.77").unwrap(),
        email(ANNA),
    ] {
        let (records, search) = conformance::find(&source, &[wanted]).await.unwrap();
        assert!(records.is_empty() && search.asked.is_empty());
    }
    assert!(theatre.heard().is_empty());
}

#[tokio::test]
async fn a_time_before_the_last_three_days_is_a_doubt_and_no_answer() {
    let (_theatre, _, settings) = stage(Cut::Nothing).await;
    let window = Window {
        from: at("2026-01-01T00:00:00Z"),
        to: at("2026-01-02T00:00:00Z"),
    };
    let wanted = Identifier::new(SearchKey::Ip, "192.0.2.77")
        .unwrap()
        .within(window);
    let (records, search) = conformance::find(&open(&settings), &[wanted])
        .await
        .unwrap();
    assert!(records.is_empty());
    assert_eq!(search.doubts, [Doubt::Capped("access-log".into())]);
}

#[tokio::test]
async fn a_zone_without_logs_is_said() {
    let (_theatre, _, mut settings) = stage(Cut::Nothing).await;
    settings
        .values
        .insert("pull_zones".into(), many(&["1337", "9"]));
    let mishap = conformance::find(&open(&settings), &[hers()])
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::SwitchedOff);
}

#[tokio::test]
async fn nothing_is_ever_changed_here() {
    let (_theatre, _, settings) = stage(Cut::Nothing).await;
    let source = open(&settings);
    let profile = source.profile();
    assert_eq!(
        (profile.abilities.erase, profile.abilities.restrict),
        (Means::Not, Means::Not)
    );
    assert_eq!(profile.leftovers[0].days, Some(3));
    source.check().await.unwrap();
}
