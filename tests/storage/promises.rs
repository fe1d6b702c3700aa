//! What was promised: once only, and taken by one node only.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use rechtzeitig::domain::ids::{ControllerId, MessageId};
use rechtzeitig::seal::Key;
use rechtzeitig::storage::controllers::{self, Known};
use rechtzeitig::storage::messages::{self, Body, Draft, MessageRow, MessageState};
use rechtzeitig::storage::{Store, StoreError, jobs};

use super::Fresh;

fn now() -> DateTime<Utc> {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

pub(super) async fn with_controller(fresh: &Fresh) -> Store {
    let store = fresh.store();
    let known = Known {
        id: ControllerId(1),
        slug: "kontor".into(),
        place: "DE-HE".into(),
        calendar_version: "1".into(),
    };
    store
        .write(move |conn| controllers::insert(conn, &known, now()))
        .await
        .unwrap();
    store
}

pub(super) fn message(id: i64, promise: Option<String>) -> MessageRow {
    let draft = Draft {
        id: MessageId(id),
        controller: ControllerId(1),
        case: None,
        clerk: None,
        kind: "letter".into(),
        state: MessageState::Queued,
        next_at: Some(now()),
        promise,
        message_id: format!("<{id}@kontor.example>"),
    };
    MessageRow::seal(draft, &Body::default(), &Key::generate(1), now()).unwrap()
}

#[tokio::test]
async fn a_promise_is_made_once_whoever_makes_it() {
    let fresh = Fresh::database();
    let (one, other) = (with_controller(&fresh).await, fresh.store());
    let promised = async |store: &Store, id| {
        let key = "digest:2026-03-02";
        let made = store
            .write(move |conn| jobs::promise(conn, id, "digest", "", key, now()))
            .await;
        made.unwrap()
    };
    assert!(promised(&one, 1).await);
    assert!(!promised(&other, 2).await);
    assert!(!promised(&one, 3).await);
    let written = async |store: &Store, id| {
        let row = message(id, Some("confirm:1:x".into()));
        store
            .write(move |conn| messages::promise(conn, &row))
            .await
            .unwrap()
    };
    let (first, second) = tokio::join!(written(&one, 1), written(&other, 2));
    assert_ne!(first, second);
    let row = message(3, Some("confirm:1:x".into()));
    assert!(matches!(
        one.write(move |conn| messages::insert(conn, &row)).await,
        Err(StoreError::Taken)
    ));
    // A promise that was kept is still a promise.
    let claimed = one
        .write(|conn| jobs::claim(conn, now(), now() + TimeDelta::minutes(30), 8))
        .await
        .unwrap();
    let id = claimed[0].id;
    one.write(move |conn| jobs::done(conn, id)).await.unwrap();
    assert!(!promised(&other, 9).await);
}

#[tokio::test]
async fn two_nodes_take_each_message_and_each_job_once() {
    let fresh = Fresh::database();
    let (one, other) = (with_controller(&fresh).await, fresh.store());
    one.write(|conn| {
        for id in 1..=40 {
            messages::insert(conn, &message(id, None))?;
            jobs::promise(conn, id, "sweep", "", &format!("sweep:{id}"), now())?;
        }
        Ok(())
    })
    .await
    .unwrap();
    let lease = now() + TimeDelta::minutes(10);
    let takes = async |store: &Store| {
        let mut taken = vec![];
        loop {
            let (letters, works) = store
                .write(move |conn| {
                    Ok((
                        messages::claim(conn, now(), lease, 3)?,
                        jobs::claim(conn, now(), lease, 3)?,
                    ))
                })
                .await
                .unwrap();
            if letters.is_empty() && works.is_empty() {
                return taken;
            }
            taken.extend(letters.iter().map(|row| ("message", row.id().0)));
            taken.extend(works.iter().map(|row| ("job", row.id)));
        }
    };
    let (mut first, second) = tokio::join!(takes(&one), takes(&other));
    first.extend(second);
    assert_eq!(first.len(), 80);
    assert_eq!(
        first.into_iter().collect::<BTreeSet<_>>().len(),
        80,
        "none twice"
    );
    // A node that died gives free when its lease ends, and not before.
    let again = |at: DateTime<Utc>| {
        one.write(move |conn| messages::claim(conn, at, at + TimeDelta::minutes(10), 100))
    };
    assert_eq!(again(lease - TimeDelta::seconds(1)).await.unwrap().len(), 0);
    assert_eq!(
        again(lease + TimeDelta::seconds(1)).await.unwrap().len(),
        40
    );
}
