//! How the database answers what is asked often: by its indexes, at a cost that does not grow.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use diesel::RunQueryDsl;
use diesel::connection::{Connection, InstrumentationEvent};
use rechtzeitig::domain::ids::{CaseId, ClerkId, ControllerId, MessageId};
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Scope;
use rechtzeitig::domain::stage::{Stage, Turn};
use rechtzeitig::seal::index::Token;
use rechtzeitig::storage::cases::{self, Cursor, Filter};
use rechtzeitig::storage::{
    Conn, StoreError, events, filing, findings, jobs, ledgers, links, messages, search,
};

use super::{Fresh, promises};

#[derive(diesel::QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

/// The steps by which SQLite would answer every statement of this look.
#[cfg_attr(
    not(feature = "postgres"),
    expect(irrefutable_let_patterns, reason = "a build for SQLite alone")
)]
fn plans(conn: &mut Conn, look: impl FnOnce(&mut Conn)) -> Vec<(String, Vec<String>)> {
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let (heard, kept) = (Arc::clone(&asked), asked);
    if let Conn::Sqlite(inner) = conn {
        inner.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                heard.lock().unwrap().push(query.to_string());
            }
        });
    }
    look(conn);
    let statements: Vec<String> = kept.lock().unwrap().drain(..).collect();
    let explain = |conn: &mut Conn, sql: &str| -> Vec<String> {
        let Conn::Sqlite(inner) = conn else {
            return vec![];
        };
        let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"))
            .load(inner)
            .unwrap();
        steps.into_iter().map(|step| step.detail).collect()
    };
    let statements = statements
        .iter()
        .map(|sql| sql.split(" -- binds").next().unwrap_or_default().to_owned());
    let told = statements.filter(|sql| {
        sql.starts_with("SELECT") || sql.starts_with("UPDATE") || sql.starts_with("DELETE")
    });
    told.collect::<Vec<_>>()
        .into_iter()
        .map(|sql| {
            let steps = explain(conn, &sql);
            (sql, steps)
        })
        .collect()
}

#[tokio::test]
async fn queue_search_and_outbox_are_answered_by_an_index_in_its_order() {
    let fresh = Fresh::database();
    if matches!(fresh.settings, rechtzeitig::storage::Settings::Postgres(_)) {
        return;
    }
    let store = promises::with_controller(&fresh).await;
    store
        .write(|conn| {
            messages::insert(conn, &promises::message(1, None))?;
            jobs::promise(conn, 1, "sweep", "", "sweep", DateTime::UNIX_EPOCH)
        })
        .await
        .unwrap();
    let found = store
        .read(|conn| {
            let day = "2026-03-02".parse().unwrap();
            let (scope, one) = (Scope::of_house(ControllerId(1)), ControllerId(1));
            let after = Some(Cursor {
                due: day,
                id: CaseId(7),
            });
            let filters = [
                Filter::default(),
                Filter {
                    closed: true,
                    ..Filter::default()
                },
                Filter {
                    turn: Some(Turn::Office),
                    stage: Some(Stage::New),
                    ..Filter::default()
                },
                Filter {
                    right: Some(Right::Erasure),
                    due_by: Some(day),
                    ..Filter::default()
                },
                Filter {
                    assignee: Some(Some(ClerkId(3))),
                    ..Filter::default()
                },
                Filter {
                    assignee: Some(None),
                    apart: true,
                    ..Filter::default()
                },
            ];
            let tokens = ["", "00000001", "00000002"].map(|longer| Token {
                hash: 1,
                longer: longer.to_owned(),
            });
            let mut all = plans(conn, |conn| {
                for filter in &filters {
                    cases::page(conn, &scope, filter, after, 50).unwrap();
                    cases::count(conn, &scope, filter, 1000).unwrap();
                }
                search::find(conn, &scope, one, &tokens[..1], after, 50).unwrap();
                search::find(conn, &scope, one, &tokens, after, 50).unwrap();
                let start = (i32::MIN, 0);
                findings::to_correct(conn, CaseId(1), "crm", start, 50).unwrap();
                findings::count_to_correct(conn, CaseId(1), "crm").unwrap();
                findings::corrected(conn, CaseId(1), "crm").unwrap();
            });
            let ordered = all.len();
            all.extend(plans(conn, |conn| {
                let _ = cases::load(conn, &scope, CaseId(1));
                cases::by_number(conn, &scope, "2026-AAAAA-A").unwrap();
                cases::lines(conn, &scope, &[CaseId(1), CaseId(2)]).unwrap();
                events::timeline(conn, &scope, CaseId(1)).unwrap();
                messages::of_case(conn, &scope, CaseId(1)).unwrap();
                messages::in_trouble(conn, &scope, 20).unwrap();
                messages::count_in_trouble(conn, &scope, 100).unwrap();
                messages::count_since(conn, CaseId(1), "code", DateTime::UNIX_EPOCH).unwrap();
                let _ = messages::load(conn, &scope, MessageId(1));
                filing::of_case(conn, &scope, CaseId(1)).unwrap();
                let _ = links::find(conn, &[0; 32], links::Purpose::Status);
                let _ = links::case_of_form(conn, &[0; 32]);
                ledgers::unchained(conn, one, 10).unwrap();
                ledgers::entries(conn, one, 0, 10).unwrap();
            }));
            Ok::<_, StoreError>((all, ordered))
        })
        .await
        .unwrap();
    let (mut all, ordered) = found;
    let written = store
        .write(|conn| {
            let now: DateTime<Utc> = "2026-03-03T00:00:00Z".parse().unwrap();
            Ok(plans(conn, |conn| {
                messages::claim(conn, now, now, 10).unwrap();
                jobs::claim(conn, now, now, 10).unwrap();
                links::revoke_of_case(conn, CaseId(1), links::Purpose::Status, now).unwrap();
                links::revoke_of_clerk(conn, ClerkId(1), links::Purpose::Feed, now).unwrap();
            }))
        })
        .await
        .unwrap();
    assert!(
        ordered >= 14 && all.len() >= ordered + 13 && written.len() >= 6,
        "{ordered} {} {}",
        all.len(),
        written.len()
    );
    all.extend(written);
    for (at, (sql, steps)) in all.iter().enumerate() {
        for step in steps {
            assert!(!step.starts_with("SCAN"), "{step}\n{sql}");
            if sql.contains("correction <> ''") {
                assert!(step.contains("finding_correction"), "{step}\n{sql}");
            }
            assert!(
                at >= ordered || !step.contains("TEMP B-TREE"),
                "{step}\n{sql}"
            );
        }
    }
}
