//! Acts in the three databases: counted, taken back where something is not as declared, read back.

use rechtzeitig::domain::private::Private;
use rechtzeitig::domain::source::{Change, Fate, LeftoverKind, Manner, RecordRef, SideEffect};
use rechtzeitig::ports::source::{Fault, Source};

use super::super::conformance::{self, ANNA, NAME, email, find};
use super::benches::{Bench, limits};

super::on_each!(
    what_is_erased_is_gone_and_a_repeat_harms_nobody,
    what_is_made_anonymous_says_nothing_of_her_and_a_repeat_sees_it,
    a_preview_changes_nothing_and_says_what_goes_with_it,
    more_rows_than_declared_are_taken_back,
    fewer_rows_than_declared_are_taken_back,
    a_row_that_is_somebody_elses_by_now_stays,
    what_the_database_keeps_is_kept_and_said,
    a_value_is_put_right_once_and_nobody_elses_change_is_overwritten,
    what_comes_out_differently_is_taken_back,
    a_row_is_restricted_and_freed,
    an_address_is_entered_once_into_the_list,
    without_a_second_role_nothing_is_changed,
);

async fn hers(bench: &Bench, kind: &str) -> RecordRef {
    let (records, _) = find(&bench.source(), &[email(ANNA)]).await.unwrap();
    records
        .into_iter()
        .find(|it| it.reference.kind == kind)
        .unwrap()
        .reference
}

async fn what_is_erased_is_gone_and_a_repeat_harms_nobody(bench: Bench) {
    let record = hers(&bench, "customers").await;
    conformance::erases_once(&bench.source(), &record, Manner::Erase).await;
    assert_eq!(bench.people().await, 8);
    assert_eq!(bench.number("SELECT COUNT(*) FROM orders").await, 16);
    let (records, _) = find(&bench.source(), &[email(ANNA)]).await.unwrap();
    assert!(records.iter().all(|it| it.reference.kind == "newsletter"));
}

async fn what_is_made_anonymous_says_nothing_of_her_and_a_repeat_sees_it(bench: Bench) {
    let record = hers(&bench, "customers").await;
    conformance::erases_once(&bench.source(), &record, Manner::Anonymise).await;
    assert_eq!(
        bench
            .number("SELECT COUNT(*) FROM customers WHERE name = 'anonym' AND email IS NULL")
            .await,
        1
    );
    assert_eq!(bench.people().await, 9);
    // A statement that forgets the address makes nobody anonymous.
    let statements = bench.statements().replace(
        "SET email = NULL, name = 'anonym', phone",
        "SET name = 'anonym', phone",
    );
    bench.execute("UPDATE customers SET email = 'eva@example.org', name = 'Eva', customer_no = 'K-1' WHERE id = 1").await;
    let source = bench.with(&statements).unwrap();
    let (records, _) = find(&source, &[email("eva@example.org")]).await.unwrap();
    let record = &records
        .iter()
        .find(|it| it.reference.kind == "customers")
        .unwrap()
        .reference;
    let erased = source
        .erases()
        .unwrap()
        .erase(record, Manner::Anonymise)
        .await;
    assert_eq!(erased.unwrap_err().fault, Fault::NotWritten);
    assert_eq!(
        bench
            .number("SELECT COUNT(*) FROM customers WHERE name = 'Eva'")
            .await,
        1
    );
}

async fn a_preview_changes_nothing_and_says_what_goes_with_it(bench: Bench) {
    let record = hers(&bench, "customers").await;
    let statements = format!(
        "{}\n[[leftover]]\nkind = \"backup\"\nplace = \"nightly dump\"\ndays = 30\n",
        bench.statements()
    );
    let source = bench.with(&statements).unwrap();
    let preview = source
        .erases()
        .unwrap()
        .preview(&record, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(preview.fate, Fate::Gone);
    let takes = SideEffect::Takes {
        kind: "orders".into(),
        count: 2,
    };
    assert_eq!(preview.effects, [takes, SideEffect::Final]);
    assert_eq!(preview.leftovers[0].kind, LeftoverKind::Backup);
    assert_eq!(bench.people().await, 9);
    assert_eq!(bench.number("SELECT COUNT(*) FROM orders").await, 18);
}

async fn more_rows_than_declared_are_taken_back(bench: Bench) {
    let record = hers(&bench, "customers").await;
    let statements = bench
        .statements()
        .replace("rows = { most = 10 }", "rows = 1");
    let source = bench.with(&statements).unwrap();
    for erased in [
        source
            .erases()
            .unwrap()
            .erase(&record, Manner::Erase)
            .await
            .map(drop),
        source
            .erases()
            .unwrap()
            .preview(&record, Manner::Erase)
            .await
            .map(drop),
    ] {
        assert_eq!(erased.unwrap_err().fault, Fault::TooMany);
    }
    assert_eq!(bench.number("SELECT COUNT(*) FROM orders").await, 18);
}

async fn fewer_rows_than_declared_are_taken_back(bench: Bench) {
    let record = hers(&bench, "customers").await;
    let statements = bench
        .statements()
        .replace("rows = { most = 10 }", "rows = { least = 3, most = 10 }");
    let source = bench.with(&statements).unwrap();
    let erased = source.erases().unwrap().erase(&record, Manner::Erase).await;
    assert_eq!(erased.unwrap_err().fault, Fault::NotWritten);
    assert_eq!(bench.number("SELECT COUNT(*) FROM orders").await, 18);
    assert_eq!(bench.people().await, 9);
}

async fn a_row_that_is_somebody_elses_by_now_stays(bench: Bench) {
    let record = hers(&bench, "customers").await;
    bench
        .execute("UPDATE customers SET email = 'eva@example.org' WHERE id = 1")
        .await;
    let source = bench.source();
    for manner in [Manner::Erase, Manner::Anonymise] {
        let erased = source.erases().unwrap().erase(&record, manner).await;
        assert_eq!(erased.unwrap_err().fault, Fault::Conflict, "{manner:?}");
    }
    let restricted = source.restricts().unwrap().restrict(&record, true).await;
    assert_eq!(restricted.unwrap_err().fault, Fault::Conflict);
    assert_eq!(
        bench
            .number("SELECT COUNT(*) FROM customers WHERE email = 'eva@example.org' AND locked = 0")
            .await,
        1
    );
    // Nobody said whose it was when it was found.
    let mut unseen = record.clone();
    unseen.version = None;
    let erased = source.erases().unwrap().erase(&unseen, Manner::Erase).await;
    assert_eq!(erased.unwrap_err().fault, Fault::Conflict);
    // A key that a database takes for the same is another one.
    let mut other = record;
    other.id = Private::new("1 ".into());
    let erased = source.erases().unwrap().erase(&other, Manner::Erase).await;
    if let Ok(outcome) = &erased {
        assert_eq!((outcome.fate, bench.people().await), (Fate::Gone, 9));
    }
    assert_eq!(bench.people().await, 9);
}

async fn what_the_database_keeps_is_kept_and_said(bench: Bench) {
    let record = hers(&bench, "customers").await;
    let orders = "{ sql = \"DELETE FROM orders WHERE customer_id = :id\", rows = { most = 10 }, takes = \"orders\" },";
    let source = bench.with(&bench.statements().replace(orders, "")).unwrap();
    let preview = source
        .erases()
        .unwrap()
        .preview(&record, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(preview.fate, Fate::Kept);
    assert!(!preview.why.is_empty());
    let outcome = source
        .erases()
        .unwrap()
        .erase(&record, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(outcome.fate, Fate::Kept);
    assert_eq!(bench.people().await, 9);
    if !matches!(bench, Bench::Sqlite(_)) {
        assert!(outcome.seen.contains("constraint"), "{}", outcome.seen);
    }
}

fn change(field: &str, before: &str, after: &str) -> Change {
    Change {
        field: field.into(),
        before: Some(Private::new(before.into())),
        after: Private::new(after.into()),
    }
}

async fn a_value_is_put_right_once_and_nobody_elses_change_is_overwritten(bench: Bench) {
    let record = hers(&bench, "customers").await;
    let source = bench.source();
    let rectifies = source.rectifies().unwrap();
    let right = [
        change("name", NAME, "Anna Bei'spiel; --"),
        change("email", ANNA, "anna@neu.example"),
    ];
    for _ in 0..2 {
        let outcome = rectifies.rectify(&record, &right).await.unwrap();
        assert_eq!(outcome.fate, Fate::Changed);
    }
    assert_eq!(
        bench
            .number("SELECT COUNT(*) FROM customers WHERE email = 'anna@neu.example'")
            .await,
        1
    );
    let (records, _) = find(&source, &[email("anna@neu.example")]).await.unwrap();
    let record = &records[0].reference;
    assert!(
        records[0]
            .fields
            .iter()
            .any(|it| it.value.reveal() == "Anna Bei'spiel; --")
    );
    let late = rectifies
        .rectify(record, &[change("name", NAME, "Anna Muster")])
        .await;
    assert_eq!(late.unwrap_err().fault, Fault::Conflict);
    let unknown = rectifies
        .rectify(record, &[change("locked", "0", "1")])
        .await;
    assert_eq!(unknown.unwrap_err().fault, Fault::Unknown);
}

async fn what_comes_out_differently_is_taken_back(bench: Bench) {
    let record = hers(&bench, "customers").await;
    let source = bench.source();
    // The column keeps two places.
    let before = if matches!(bench, Bench::Sqlite(_)) {
        "12.5"
    } else {
        "12.50"
    };
    let change = [change("balance", before, "13.999")];
    let put = source.rectifies().unwrap().rectify(&record, &change).await;
    if matches!(bench, Bench::Sqlite(_)) {
        put.unwrap();
        return;
    }
    assert!(matches!(
        put.unwrap_err().fault,
        Fault::NotWritten | Fault::Unreadable
    ));
    assert_eq!(
        bench
            .number("SELECT COUNT(*) FROM customers WHERE id = 1 AND balance = 12.50")
            .await,
        1
    );
    let text = [super::acting::change("balance", before, "viel")];
    let put = source.rectifies().unwrap().rectify(&record, &text).await;
    assert!(matches!(
        put.unwrap_err().fault,
        Fault::NotWritten | Fault::Unreadable
    ));
}

async fn a_row_is_restricted_and_freed(bench: Bench) {
    let record = hers(&bench, "customers").await;
    let source = bench.source();
    for (restricted, fate, locked) in [
        (true, Fate::Restricted, 1),
        (true, Fate::Restricted, 1),
        (false, Fate::Free, 0),
    ] {
        let outcome = source
            .restricts()
            .unwrap()
            .restrict(&record, restricted)
            .await
            .unwrap();
        assert_eq!(outcome.fate, fate);
        assert_eq!(
            bench
                .number("SELECT COUNT(*) FROM customers WHERE locked = 1")
                .await,
            locked
        );
    }
    let statements = bench
        .statements()
        .replace("SET locked = 1", "SET locked = 0");
    let source = bench.with(&statements).unwrap();
    let restricted = source.restricts().unwrap().restrict(&record, true).await;
    assert_eq!(restricted.unwrap_err().fault, Fault::NotWritten);
}

async fn an_address_is_entered_once_into_the_list(bench: Bench) {
    let source = bench.source();
    for _ in 0..2 {
        let outcome = source
            .suppresses()
            .unwrap()
            .suppress(&email(ANNA))
            .await
            .unwrap();
        assert_eq!(outcome.fate, Fate::Suppressed);
        assert_eq!(bench.number("SELECT COUNT(*) FROM stopped").await, 1);
    }
    let name = source
        .suppresses()
        .unwrap()
        .suppress(&conformance::name(NAME))
        .await;
    assert_eq!(name.unwrap_err().fault, Fault::NoIdentifier);
}

async fn without_a_second_role_nothing_is_changed(bench: Bench) {
    use rechtzeitig::ports::source::Means;
    let source = rechtzeitig::adapters::sql::Sql::new(&bench.read_only(), &limits()).unwrap();
    assert!(source.erases().is_none() && source.rectifies().is_none());
    assert!(source.restricts().is_none() && source.suppresses().is_none());
    assert_eq!(source.profile().abilities.erase, Means::Hand);
    conformance::finds_her_and_nobody_else(&source).await;
    let health = source.check().await.unwrap();
    assert!(
        health
            .needs
            .contains(&rechtzeitig::ports::source::Need::SecondCredential)
    );
}
