//! Writes that share a commit: a bad one spoils no other, and `Ok` means that it is there.

use futures_util::future::join_all;
use rechtzeitig::storage::{StoreError, controllers, jobs};

use super::Fresh;

#[tokio::test]
async fn a_failing_write_in_a_group_spoils_no_other() {
    let fresh = Fresh::database();
    let store = fresh.store();
    let writes = (0..60).map(|number| {
        store.write(move |conn| {
            controllers::set(conn, &format!("word.{number}"), "there")?;
            match number % 3 {
                0 => Err(StoreError::Stale),
                // A statement that the database itself refuses.
                1 if number % 2 == 0 => {
                    jobs::promise(
                        conn,
                        1,
                        "a",
                        "",
                        &format!("job.{number}"),
                        chrono::DateTime::UNIX_EPOCH,
                    )?;
                    jobs::promise(
                        conn,
                        1,
                        "a",
                        "",
                        &format!("other.{number}"),
                        chrono::DateTime::UNIX_EPOCH,
                    )?;
                    Ok(())
                }
                _ => Ok(()),
            }
        })
    });
    let outcomes = join_all(writes).await;
    assert!(outcomes.iter().filter(|outcome| outcome.is_err()).count() >= 30);
    // A second door sees what the first one said.
    let second = fresh.store();
    for (number, outcome) in outcomes.iter().enumerate() {
        let kept = second
            .read(move |conn| controllers::setting(conn, &format!("word.{number}")))
            .await
            .unwrap();
        assert_eq!(kept.is_some(), outcome.is_ok(), "{number}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_write_whose_caller_went_away_stands() {
    let fresh = Fresh::database();
    let store = fresh.store();
    let begun = tokio::time::timeout(
        std::time::Duration::ZERO,
        store.write(|conn| controllers::set(conn, "alone", "yes")),
    )
    .await;
    // Another write behind it: what was asked before is done before.
    store
        .write(|conn| controllers::set(conn, "after", "yes"))
        .await
        .unwrap();
    drop(store);
    if begun.is_err() {
        let kept = fresh
            .store()
            .read(|conn| controllers::setting(conn, "after"))
            .await
            .unwrap();
        assert_eq!(kept.as_deref(), Some("yes"));
    }
}

#[tokio::test]
async fn a_look_cannot_write() {
    let fresh = Fresh::database();
    if matches!(fresh.settings, rechtzeitig::storage::Settings::Postgres(_)) {
        return;
    }
    let store = fresh.store();
    assert!(
        store
            .read(|conn| controllers::set(conn, "by", "mistake"))
            .await
            .is_err()
    );
    assert_eq!(
        store
            .read(|conn| controllers::setting(conn, "by"))
            .await
            .unwrap(),
        None
    );
}
