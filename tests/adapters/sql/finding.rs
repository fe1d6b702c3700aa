//! Looking for a person in the three databases.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use rechtzeitig::adapters::Limits;
use rechtzeitig::adapters::sql::Sql;
use rechtzeitig::domain::identifier::{Identifier, SearchKey, Window};
use rechtzeitig::ports::source::{Basket, Fault, Mishap, Record, Source, Tie};

use super::super::conformance::{self, ANNA, NAME, PHONE, email, find, name, phone};
use super::benches::{Bench, limits};

super::on_each!(
    she_is_found_and_nobody_else,
    what_hangs_on_her_account_comes_with_it,
    she_is_found_by_number_and_telephone_and_a_namesake_is_no_proof,
    values_keep_their_kinds_and_what_is_not_there_is_left_out,
    a_file_is_copied_whole,
    many_rows_pass_one_after_the_other,
    rows_of_others_without_end_are_told,
    a_statement_that_takes_too_long_ends,
    a_letter_with_an_accent_is_another_letter,
    a_column_that_is_missing_is_told,
    a_search_cannot_write,
    rows_that_hang_on_others_are_not_hers,
    an_ip_address_is_hers_for_its_time_only,
    a_mention_in_a_text_is_for_a_person_to_look_at,
);

fn of<'r>(records: &'r [Record], kind: &str) -> Vec<&'r Record> {
    records
        .iter()
        .filter(|it| it.reference.kind == kind)
        .collect()
}

async fn she_is_found_and_nobody_else(bench: Bench) {
    let source = bench.source();
    let records = conformance::finds_her_and_nobody_else(&source).await;
    assert_eq!(of(&records, "customers").len(), 1);
    assert_eq!(of(&records, "newsletter").len(), 1);
    conformance::takes_wildcards_as_letters(&source).await;
    conformance::says_that_there_is_nothing(&source).await;
    conformance::asks_nothing_without_an_identifier(&source).await;
}

async fn what_hangs_on_her_account_comes_with_it(bench: Bench) {
    let (records, search) = find(&bench.source(), &[email(ANNA)]).await.unwrap();
    let orders = of(&records, "orders");
    assert_eq!(orders.len(), 2);
    for order in orders {
        assert!(
            matches!(&order.tie, Tie::Linked { kind, id } if kind == "customers" && id.reveal() == "1")
        );
    }
    assert!(
        search
            .asked
            .iter()
            .any(|asked| asked.place == "orders" && asked.by.is_none() && asked.hits == 2)
    );
    // Nothing was found to follow: nothing is claimed about it.
    let (_, search) = find(&bench.source(), &[email("niemand@example.org")])
        .await
        .unwrap();
    assert!(search.asked.iter().all(|asked| asked.place != "orders"));
    let numbers: Vec<_> = search.proposals.iter().collect();
    assert!(numbers.is_empty());
}

async fn she_is_found_by_number_and_telephone_and_a_namesake_is_no_proof(bench: Bench) {
    let source = bench.source();
    let number = Identifier::new(SearchKey::Number, "k-1").unwrap();
    for wanted in [number, phone(PHONE.0)] {
        let (records, search) = find(&source, std::slice::from_ref(&wanted)).await.unwrap();
        let accounts = of(&records, "customers");
        assert_eq!(accounts.len(), 1, "{:?}", wanted.kind);
        assert!(matches!(accounts[0].tie, Tie::Exact { by, .. } if by == wanted.kind));
        // A statement by another kind of identifier was not run.
        assert!(
            search
                .asked
                .iter()
                .all(|asked| asked.by.is_none_or(|by| by == wanted.kind))
        );
        let proposed = search
            .proposals
            .iter()
            .find(|it| it.identifier.kind == SearchKey::Email);
        assert!(proposed.is_some_and(|it| it.identifier.is(ANNA)));
    }
    let (records, _) = find(&source, &[name(NAME)]).await.unwrap();
    let accounts = of(&records, "customers");
    assert!(matches!(accounts[0].tie, Tie::Candidate { .. }));
    assert!(
        of(&records, "orders").is_empty(),
        "orders of somebody who may be another"
    );
    // Told both, the proof counts.
    let (records, _) = find(&source, &[name(NAME), email(ANNA)]).await.unwrap();
    assert!(matches!(
        of(&records, "customers")[0].tie,
        Tie::Exact {
            by: SearchKey::Email,
            ..
        }
    ));
}

async fn values_keep_their_kinds_and_what_is_not_there_is_left_out(bench: Bench) {
    let (records, _) = find(&bench.source(), &[email(ANNA)]).await.unwrap();
    let account = of(&records, "customers")[0];
    let value = |name: &str| {
        account
            .fields
            .iter()
            .find(|it| it.name == name)
            .map(|it| it.value.reveal().clone())
    };
    assert!(matches!(
        value("balance").as_deref(),
        Some("12.50" | "12.5")
    ));
    assert_eq!(value("id").as_deref(), Some("1"));
    assert_eq!(value("notes"), None);
    assert_eq!(
        account.at.unwrap().to_rfc3339(),
        "2026-03-01T10:00:00+00:00"
    );
    assert_eq!(account.title.reveal(), NAME);
    assert!(account.files.is_empty());
}

async fn a_file_is_copied_whole(bench: Bench) {
    let photo: Vec<u8> = (0..2_500_000_u32)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0])
        .collect();
    let hex: String = photo.iter().map(|byte| format!("{byte:02x}")).collect();
    let bytes = match bench {
        Bench::Postgres { .. } => format!("'\\x{hex}'"),
        _ => format!("X'{hex}'"),
    };
    bench
        .execute(&format!(
            "UPDATE customers SET photo = {bytes} WHERE id = 1"
        ))
        .await;
    let source = bench.source();
    let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
    let account = of(&records, "customers")[0];
    let [file] = account.files.as_slice() else {
        panic!("{:?}", account.files);
    };
    assert_eq!(
        (file.size, file.media_type.as_str()),
        (Some(2_500_000), "image/png")
    );
    let mut pieces = source.copies().unwrap().fetch(&account.reference, file);
    let mut copy = Vec::new();
    while let Some(piece) = pieces.next().await {
        copy.extend(piece.unwrap());
    }
    assert!(copy == photo, "{} bytes", copy.len());
    drop(pieces);
    // The name of another column is no file.
    let mut other = file.clone();
    other.id = "email".to_owned();
    let mut pieces = source.copies().unwrap().fetch(&account.reference, &other);
    assert_eq!(
        pieces.next().await.unwrap().unwrap_err().fault,
        Fault::Missing
    );
}

/// Counts what is laid and keeps nothing.
struct Counted(u64);

impl Basket for Counted {
    fn lay(&mut self, _: Record) -> BoxFuture<'_, Result<(), Mishap>> {
        self.0 += 1;
        Box::pin(std::future::ready(Ok(())))
    }
}

fn many(bench: &Bench, rows: u32, address: &str) -> String {
    match bench {
        Bench::MariaDb { .. } => {
            format!("INSERT INTO newsletter SELECT seq + 1000, {address} FROM seq_1_to_{rows}")
                .replace("|n|", "seq")
        }
        Bench::Postgres { .. } => format!(
            "INSERT INTO newsletter SELECT n + 1000, {address} FROM generate_series(1, {rows}) AS n"
        )
        .replace("|n|", "n"),
        Bench::Sqlite(_) => format!(
            "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {rows}) \
             INSERT INTO newsletter SELECT n + 1000, {address} FROM s"
        )
        .replace("|n|", "n"),
    }
}

async fn many_rows_pass_one_after_the_other(bench: Bench) {
    bench
        .execute(&many(&bench, 100_000, &format!("'{ANNA}'")))
        .await;
    let mut settings = bench.settings(&bench.statements());
    settings.most = 200_000;
    // Long, for the machine of a test has other work.
    let patient = Limits {
        patience: Duration::from_secs(60),
        ..limits()
    };
    let source = Sql::new(&settings, &patient).unwrap();
    let mut counted = Counted(0);
    source
        .finds()
        .unwrap()
        .find(&[email(ANNA)], &mut counted)
        .await
        .unwrap();
    assert_eq!(counted.0, 100_004);
    // More than are taken are no person's.
    let source = Sql::new(&bench.settings(&bench.statements()), &patient).unwrap();
    let found = source
        .finds()
        .unwrap()
        .find(&[email(ANNA)], &mut Counted(0))
        .await;
    assert_eq!(found.unwrap_err().fault, Fault::TooLarge);
}

async fn rows_of_others_without_end_are_told(bench: Bench) {
    let joined = match bench.is_mariadb() {
        true => format!("CONCAT('x', |n|, '{ANNA}')"),
        false => format!("'x' || |n| || '{ANNA}'"),
    };
    bench.execute(&many(&bench, 5_000, &joined)).await;
    let found = find(&bench.source(), &[email(ANNA)]).await;
    let mishap = found.unwrap_err();
    assert_eq!(mishap.fault, Fault::Flooded);
    assert!(!mishap.detail.contains('@'), "{mishap:?}");
}

async fn a_statement_that_takes_too_long_ends(bench: Bench) {
    let slow = match bench {
        Bench::Postgres { .. } => {
            "SELECT 1 AS id, email FROM newsletter, (SELECT pg_sleep(20)) AS s WHERE email = :email"
        }
        Bench::MariaDb { .. } => "SELECT SLEEP(20) AS id, email FROM newsletter WHERE :email <> ''",
        Bench::Sqlite(_) => {
            "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n > 0) \
             SELECT max(n) AS id, :email AS email FROM s"
        }
    };
    let place = "[[place]]\nname = \"newsletter\"\ncategory = \"newsletter\"\nid = \"id\"\nexact = { email = \"email\" }\n";
    let source = bench.with(&format!("{place}find = [{slow:?}]")).unwrap();
    let begun = std::time::Instant::now();
    let found = find(&source, &[email(ANNA)]).await;
    assert_eq!(found.unwrap_err().fault, Fault::Slow);
    assert!(begun.elapsed().as_secs() < 10);
}

async fn a_letter_with_an_accent_is_another_letter(bench: Bench) {
    // MariaDB finds both here.
    for (wanted, mine, other) in [
        ("müller@example.org", "3", "4"),
        ("muller@example.org", "4", "3"),
        ("mu\u{308}ller@example.org", "3", "4"),
    ] {
        let (records, _) = find(&bench.source(), &[email(wanted)]).await.unwrap();
        let accounts: Vec<_> = of(&records, "customers")
            .iter()
            .map(|it| it.reference.id.reveal().clone())
            .collect();
        assert_eq!(accounts, [mine], "{wanted} found {other}");
    }
    // A domain with such a letter may be stored as the wire knows it.
    bench
        .execute("UPDATE customers SET email = 'post@xn--mller-kva.example' WHERE id = 3")
        .await;
    let (records, _) = find(&bench.source(), &[email("post@Müller.example")])
        .await
        .unwrap();
    assert_eq!(of(&records, "customers").len(), 1);
}

async fn rows_that_hang_on_others_are_not_hers(bench: Bench) {
    let statements = bench.statements().replace(
        "WHERE customer_id = :id\"]\nread",
        "WHERE customer_id >= :id\"]\nread",
    );
    assert_ne!(statements, bench.statements());
    let (records, search) = find(&bench.with(&statements).unwrap(), &[email(ANNA)])
        .await
        .unwrap();
    let mut orders: Vec<_> = of(&records, "orders")
        .iter()
        .map(|it| it.reference.id.reveal().clone())
        .collect();
    orders.sort();
    assert_eq!(orders, ["10", "11"]);
    assert!(
        search
            .asked
            .iter()
            .any(|asked| asked.place == "orders" && asked.hits == 2)
    );
}

async fn an_ip_address_is_hers_for_its_time_only(bench: Bench) {
    bench
        .execute(
            "CREATE TABLE visits (id INTEGER PRIMARY KEY, ip VARCHAR(45), at VARCHAR(30));\n\
             INSERT INTO visits VALUES (1, '203.0.113.7', '2026-03-01 12:00:00');\n\
             INSERT INTO visits VALUES (2, '203.0.113.7', '2026-04-01 12:00:00');\n\
             INSERT INTO visits VALUES (3, '203.0.113.70', '2026-03-01 12:00:00');\n\
             INSERT INTO visits VALUES (4, '203.0.113.7', NULL)",
        )
        .await;
    if let Bench::Postgres { .. } = bench {
        bench.execute("GRANT SELECT ON visits TO shop_reader").await;
    }
    // The statement forgets the time; the comparison does not.
    let source = bench
        .with(
            "[[place]]\nname = \"visits\"\ncategory = \"log\"\nid = \"id\"\nat = \"at\"\nexact = { ip = \"ip\" }\n\
             find = [\"SELECT id, ip, at FROM visits WHERE ip = :ip\"]",
        )
        .unwrap();
    let address = Identifier::new(SearchKey::Ip, "::ffff:203.0.113.7").unwrap();
    let (records, search) = find(&source, std::slice::from_ref(&address)).await.unwrap();
    assert!(
        records.is_empty() && search.asked.is_empty(),
        "asked without a time"
    );
    let hers = address.within(Window {
        from: "2026-03-01T00:00:00Z".parse().unwrap(),
        to: "2026-03-02T00:00:00Z".parse().unwrap(),
    });
    let (records, _) = find(&source, std::slice::from_ref(&hers)).await.unwrap();
    let found: Vec<_> = records
        .iter()
        .map(|it| it.reference.id.reveal().as_str())
        .collect();
    assert_eq!(found, ["1"]);
    in_the_time_of_its_zone(&bench, &hers).await;
}

/// A column with the time on the office's clock: her window is asked for in UTC and must not lose its edges.
async fn in_the_time_of_its_zone(bench: &Bench, hers: &Identifier) {
    // 23:30 on the first of March in UTC; 23:30 on the last of February; and more than a thousand soon after.
    let mut rows = vec![
        "(5, '203.0.113.7', '2026-03-02 00:30:00')".to_owned(),
        "(6, '203.0.113.7', '2026-03-01 00:30:00')".to_owned(),
    ];
    rows.extend((100..1_300).map(|id| format!("({id}, '203.0.113.7', '2026-03-02 05:00:00')")));
    let insert = format!("INSERT INTO visits VALUES {}", rows.join(", "));
    bench.execute(&insert).await;
    let mut settings = bench.settings(
        "[[place]]\nname = \"visits\"\ncategory = \"log\"\nid = \"id\"\nat = \"at\"\nexact = { ip = \"ip\" }\n\
         find = [\"SELECT id, ip, at FROM visits WHERE ip = :ip AND at >= :from AND at <= :to\"]",
    );
    settings.zone = Some("Europe/Berlin".into());
    let source = Sql::new(&settings, &limits()).unwrap();
    // Others had her address in the hours around: that is no statement that was not understood.
    let (records, _) = find(&source, std::slice::from_ref(hers)).await.unwrap();
    let mut found: Vec<_> = records
        .iter()
        .map(|it| it.reference.id.reveal().as_str())
        .collect();
    found.sort_unstable();
    assert_eq!(found, ["1", "5"]);
}

async fn a_mention_in_a_text_is_for_a_person_to_look_at(bench: Bench) {
    bench
        .execute(
            "UPDATE customers SET notes = 'Schwester von Anna.Beispiel@Example.org.' WHERE id = 2",
        )
        .await;
    bench
        .execute("UPDATE customers SET notes = 'von johanna.beispiel@example.org' WHERE id = 5")
        .await;
    let place = format!(
        "[[place]]\nname = \"notes\"\ncategory = \"note\"\nid = \"id\"\nmentions = {{ email = \"notes\" }}\n\
         find = [\"SELECT id, notes FROM customers WHERE lower(notes) LIKE {}\"]",
        bench.around(":email")
    );
    let (records, _) = find(&bench.with(&place).unwrap(), &[email(ANNA)])
        .await
        .unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].reference.id.reveal(), "2");
    assert!(
        matches!(&records[0].tie, Tie::Candidate { by: SearchKey::Email, field } if field == "notes")
    );
}

async fn a_column_that_is_missing_is_told(bench: Bench) {
    let place = "[[place]]\nname = \"customers\"\ncategory = \"account\"\nid = \"id\"\nexact = { email = \"email\" }\n";
    // The statement does not give the column by which it would be compared.
    let source = bench
        .with(&format!(
            "{place}find = [\"SELECT id FROM customers WHERE email = :email\"]"
        ))
        .unwrap();
    assert_eq!(
        find(&source, &[email(ANNA)]).await.unwrap_err().fault,
        Fault::Unknown
    );
    let source = bench
        .with(&format!(
            "{place}find = [\"SELECT id, email FROM clients WHERE email = :email\"]"
        ))
        .unwrap();
    assert_eq!(
        find(&source, &[email(ANNA)]).await.unwrap_err().fault,
        Fault::Unknown
    );
}

async fn a_search_cannot_write(bench: Bench) {
    let place = "[[place]]\nname = \"customers\"\ncategory = \"account\"\nid = \"id\"\nexact = { email = \"email\" }\n";
    assert!(
        bench
            .with(&format!(
                "{place}find = [\"DELETE FROM customers WHERE email = :email\"]"
            ))
            .is_err()
    );
    if let Bench::Postgres { .. } = bench {
        // Hidden in a function, and with rights for it.
        bench
            .execute(
                "CREATE FUNCTION look(text) RETURNS SETOF customers SECURITY DEFINER LANGUAGE sql \
                 AS 'DELETE FROM customers RETURNING *'",
            )
            .await;
        let source = bench
            .with(&format!("{place}find = [\"SELECT * FROM look(:email)\"]"))
            .unwrap();
        assert_eq!(
            find(&source, &[email(ANNA)]).await.unwrap_err().fault,
            Fault::Misconfigured
        );
        assert_eq!(bench.people().await, 9);
    }
}
