//! What only one of the three databases does, what the settings refuse, and lines that break.

use rechtzeitig::adapters::sql::{Settings, Sql};
use rechtzeitig::domain::source::{Fate, Manner};
use rechtzeitig::ports::source::{Fault, Need, Source};

use super::super::conformance::{ANNA, email, find};
use super::benches::{Bench, limits};

super::on_each!(
    a_check_says_what_is_missing_and_reads_nobody,
    what_goes_wrong_names_nobody
);

async fn a_check_says_what_is_missing_and_reads_nobody(bench: Bench) {
    let health = bench.source().check().await.unwrap();
    assert_eq!(health.needs, []);
    assert_eq!(health.in_sight, [("customers".to_owned(), 9)]);
    assert!(!health.version.is_empty());
    let torn = bench
        .statements()
        .replace("FROM newsletter", "FROM letters");
    let health = bench.with(&torn).unwrap().check().await.unwrap();
    assert!(
        health.needs.contains(&Need::Module("newsletter".into())),
        "{:?}",
        health.needs
    );
    match &bench {
        Bench::Sqlite(_) => {}
        Bench::Postgres { .. } => {
            bench.execute("REVOKE SELECT ON orders FROM shop_reader; REVOKE DELETE ON orders FROM shop_eraser").await;
            let health = bench.source().check().await.unwrap();
            assert!(
                health.needs.contains(&Need::Read("orders".into())),
                "{:?}",
                health.needs
            );
            assert!(
                health.needs.contains(&Need::Write("orders".into())),
                "{:?}",
                health.needs
            );
            bench
                .execute(
                    "GRANT DELETE ON orders TO shop_reader; GRANT SELECT ON orders TO shop_reader",
                )
                .await;
            let health = bench.source().check().await.unwrap();
            assert!(
                health.needs.contains(&Need::TooMighty("orders".into())),
                "{:?}",
                health.needs
            );
        }
        Bench::MariaDb { name, .. } => {
            bench
                .execute(&format!(
                    "GRANT DELETE ON {name}.orders TO shop_reader@localhost"
                ))
                .await;
            let health = bench.source().check().await.unwrap();
            assert!(
                health.needs.contains(&Need::TooMighty("orders".into())),
                "{:?}",
                health.needs
            );
            bench
                .execute(&format!(
                    "REVOKE DELETE ON {name}.orders FROM shop_reader@localhost;\nREVOKE ALL ON {name}.* FROM shop_reader@localhost"
                ))
                .await;
            // Without any right to it the database is not even there.
            let found = bench.source().check().await;
            assert!(found.is_err_and(|mishap| mishap.fault == Fault::Forbidden));
        }
    }
}

async fn what_goes_wrong_names_nobody(bench: Bench) {
    bench
        .execute(&format!("INSERT INTO stopped VALUES ('{ANNA}')"))
        .await;
    let place = "[[place]]\nname = \"customers\"\ncategory = \"account\"\nid = \"id\"\nexact = { email = \"email\" }\n\
        read = \"SELECT id, email FROM customers WHERE id = :id\"\n\
        find = [\"SELECT id, email FROM customers WHERE lower(email) = lower(:email)\"]\n\
        erase = [{ sql = \"INSERT INTO stopped (email) SELECT email FROM customers WHERE id = :id\", rows = 1 }]";
    let source = bench.with(place).unwrap();
    let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
    let outcome = source
        .erases()
        .unwrap()
        .erase(&records[0].reference, Manner::Erase)
        .await
        .unwrap();
    // A rule of the database: its words would have held the address.
    assert_eq!(outcome.fate, Fate::Kept);
    assert!(
        !outcome.seen.to_lowercase().contains("beispiel"),
        "{}",
        outcome.seen
    );
    let shown = format!("{records:?}");
    assert!(!shown.to_lowercase().contains("anna.beispiel"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_takes_nothing_back_is_not_written() {
    let Some(bench) = Bench::mariadb().await else {
        return;
    };
    bench
        .execute("ALTER TABLE newsletter ENGINE = MyISAM")
        .await;
    let place = "[[place]]\nname = \"newsletter\"\ncategory = \"newsletter\"\nid = \"id\"\nexact = { email = \"email\" }\n\
        read = \"SELECT id, email FROM newsletter WHERE id = :id\"\n\
        find = [\"SELECT id, email FROM newsletter WHERE email = :email\"]\n\
        erase = [{ sql = \"DELETE FROM newsletter WHERE id = :id\", rows = 1 }]";
    let source = bench.with(place).unwrap();
    let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
    let preview = source
        .erases()
        .unwrap()
        .preview(&records[0].reference, Manner::Erase)
        .await;
    assert_eq!(preview.unwrap_err().fault, Fault::Misconfigured);
    assert_eq!(
        bench.number("SELECT COUNT(*) FROM newsletter").await,
        9,
        "a trial that was the act"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_of_values_of_postgresql_are_read_as_it_writes_them() {
    let Some(bench) = Bench::postgres().await else {
        return;
    };
    bench
        .execute(
            "CREATE TYPE mood AS ENUM ('heiter', 'trüb');
             CREATE TABLE kinds (id uuid PRIMARY KEY, email text, at timestamptz, day date, big numeric, list text[], data jsonb, \
               on_off boolean, net inet, mood mood, span interval, hash bytea, gone text);
             INSERT INTO kinds VALUES ('0190b3f0-0000-7000-8000-000000000001', 'Anna.Beispiel@Example.org', \
               '2026-07-01 12:00+02', '2026-07-02', 12345678901234567890.123456789, ARRAY['a, b', NULL, 'c'], \
               '{\"k\": [1, \"ü\"]}', true, '2001:db8::7/64', 'heiter', '1 day 2 hours', '\\xdeadbeef', NULL);
             GRANT SELECT ON kinds TO shop_reader",
        )
        .await;
    let place = "[[place]]\nname = \"kinds\"\ncategory = \"other\"\nid = \"id\"\nat = \"at\"\n\
        exact = { email = \"email\", number = \"id\" }\n\
        find = [\"SELECT * FROM kinds WHERE lower(email) = lower(:email) -- all\\n;\", \"SELECT * FROM kinds WHERE id = :number\"]";
    let source = bench.with(place).unwrap();
    let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
    let shown: Vec<(&str, &str)> = records[0]
        .fields
        .iter()
        .map(|it| (it.name.as_str(), it.value.reveal().as_str()))
        .collect();
    assert_eq!(
        shown[1..],
        [
            ("email", "Anna.Beispiel@Example.org"),
            ("at", "2026-07-01 10:00:00+00"),
            ("day", "2026-07-02"),
            ("big", "12345678901234567890.123456789"),
            ("list", "a, b, c"),
            ("data", "{\"k\": [1, \"ü\"]}"),
            ("on_off", "true"),
            ("net", "2001:db8::7/64"),
            ("mood", "heiter"),
            ("span", "P1DT2H"),
            ("hash", "deadbeef"),
        ]
    );
    assert_eq!(
        records[0].at.unwrap().to_rfc3339(),
        "2026-07-01T10:00:00+00:00"
    );
    // A number that can be no key of this table is in no row of it.
    let number = |text| {
        rechtzeitig::domain::identifier::Identifier::new(
            rechtzeitig::domain::identifier::SearchKey::Number,
            text,
        )
    };
    let (records, search) = find(&source, &[number("K-4711").unwrap()]).await.unwrap();
    assert!(records.is_empty() && search.asked.len() == 1);
    let (records, _) = find(
        &source,
        &[number("0190B3F0-0000-7000-8000-000000000001").unwrap()],
    )
    .await
    .unwrap();
    assert_eq!(records.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_of_values_of_mariadb_are_read_as_they_are() {
    let Some(bench) = Bench::mariadb().await else {
        return;
    };
    bench
        .execute(
            "SET sql_mode = '';\n\
             CREATE TABLE kinds (id BIGINT UNSIGNED PRIMARY KEY, email VARCHAR(99), at DATETIME(3), day DATE, none DATE, big DECIMAL(30,9), \
               data JSON, flag BIT(1), span TIME, hash BINARY(4), latin VARCHAR(20) CHARACTER SET latin1, ratio DOUBLE, kept YEAR);\n\
             INSERT INTO kinds VALUES (18446744073709551615, 'Anna.Beispiel@Example.org', '2026-07-01 10:00:00.250', '2026-07-02', \
               '0000-00-00', 123456789012345678901.123456789, '{\"k\": 1}', b'1', '-26:00:01', X'deadbeef', 'Grüße', 0.5, 2026)",
        )
        .await;
    let place = "[[place]]\nname = \"kinds\"\ncategory = \"other\"\nid = \"id\"\nat = \"at\"\nexact = { email = \"email\" }\n\
        find = [\"SELECT * FROM kinds WHERE email = :email # all\"]";
    let mut settings = bench.settings(place);
    settings.zone = Some("Europe/Berlin".into());
    let source = Sql::new(&settings, &limits()).unwrap();
    let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
    let shown: Vec<(&str, &str)> = records[0]
        .fields
        .iter()
        .map(|it| (it.name.as_str(), it.value.reveal().as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("id", "18446744073709551615"),
            ("email", "Anna.Beispiel@Example.org"),
            ("at", "2026-07-01 10:00:00.250000"),
            ("day", "2026-07-02"),
            ("big", "123456789012345678901.123456789"),
            ("data", "{\"k\": 1}"),
            ("flag", "1"),
            ("span", "-26:00:01"),
            ("hash", "deadbeef"),
            ("latin", "Grüße"),
            ("ratio", "0.5"),
            ("kept", "2026"),
        ]
    );
    assert_eq!(
        records[0].at.unwrap().to_rfc3339(),
        "2026-07-01T08:00:00.250+00:00"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_mautic_leaves_behind_is_found_and_goes() {
    let Some(bench) = Bench::mariadb().await else {
        return;
    };
    bench
        .execute(
            "CREATE TABLE leads (id INT PRIMARY KEY, email VARCHAR(191), firstname VARCHAR(191), lastname VARCHAR(191), date_added DATETIME);\n\
             CREATE TABLE ip_addresses (id INT PRIMARY KEY, ip_address VARCHAR(45));\n\
             CREATE TABLE email_stats (id INT PRIMARY KEY, lead_id INT, email_address VARCHAR(191), date_sent DATETIME, \
               date_read DATETIME, is_read TINYINT(1), is_failed TINYINT(1), open_count INT, open_details LONGTEXT, tokens LONGTEXT);\n\
             CREATE TABLE page_hits (id INT PRIMARY KEY, lead_id INT, ip_id INT, date_hit DATETIME, url LONGTEXT, url_title VARCHAR(191), \
               referer LONGTEXT, city VARCHAR(191), country VARCHAR(191));\n\
             CREATE TABLE asset_downloads (id INT PRIMARY KEY, lead_id INT, date_download DATETIME, referer LONGTEXT);\n\
             CREATE TABLE form_submissions (id INT PRIMARY KEY, lead_id INT, form_id INT, date_submitted DATETIME, referer LONGTEXT);\n\
             CREATE TABLE audit_log (id INT PRIMARY KEY, bundle VARCHAR(50), object VARCHAR(50), object_id INT, action VARCHAR(50), \
               details LONGTEXT, date_added DATETIME, ip_address VARCHAR(45));\n\
             INSERT INTO leads VALUES (47, 'anna.beispiel@example.org', 'Anna', 'Beispiel', '2025-01-02 03:04:05'), \
               (48, 'johanna.beispiel@example.org', 'Johanna', 'Beispiel', '2025-01-02 03:04:05');\n\
             INSERT INTO ip_addresses VALUES (5, '203.0.113.7');\n\
             INSERT INTO email_stats VALUES (1, NULL, 'Anna.Beispiel@example.org', '2025-02-03', NULL, 1, 0, 2, 'x', 'y'), \
               (2, 48, 'johanna.beispiel@example.org', '2025-02-03', NULL, 1, 0, 2, 'x', 'y');\n\
             INSERT INTO page_hits VALUES (1, 47, 5, '2025-02-03', 'https://shop.example', 'Shop', NULL, 'Ulm', 'Germany'), \
               (2, 48, 5, '2025-02-03', 'https://shop.example', 'Shop', NULL, 'Ulm', 'Germany');\n\
             INSERT INTO asset_downloads VALUES (1, 47, '2025-02-03', NULL);\n\
             INSERT INTO form_submissions VALUES (1, 47, 3, '2025-02-03', 'https://shop.example');\n\
             INSERT INTO audit_log VALUES (1, 'lead', 'lead', 47, 'update', 'a:1', '2025-02-03', '203.0.113.7'), \
               (2, 'user', 'user', 47, 'login', 'a:1', '2025-02-03', '203.0.113.7')",
        )
        .await;
    let shipped = include_str!("../../../config/sources/mautic-leftovers.toml");
    let shipped: Settings = toml::from_str(shipped).unwrap();
    let here = bench.settings(&bench.statements());
    let settings = Settings {
        database: here.database,
        writing: here.writing,
        ..shipped
    };
    let source = Sql::new(&settings, &limits()).unwrap();
    assert_eq!(source.check().await.unwrap().needs, []);
    let (mut records, _) = find(&source, &[email(ANNA)]).await.unwrap();
    let mut kinds: Vec<&str> = records
        .iter()
        .map(|it| it.reference.kind.as_str())
        .collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        [
            "asset_downloads",
            "audit_log",
            "email_stats",
            "form_submissions",
            "leads",
            "page_hits"
        ]
    );
    records.sort_by_key(|it| it.rank);
    for record in records.iter().filter(|it| it.reference.kind != "leads") {
        let outcome = source
            .erases()
            .unwrap()
            .erase(&record.reference, Manner::Erase)
            .await
            .unwrap();
        assert_eq!(outcome.fate, Fate::Gone);
        assert!(!outcome.leftovers.is_empty());
    }
    let left = "SELECT (SELECT COUNT(*) FROM email_stats) + (SELECT COUNT(*) FROM page_hits) + (SELECT COUNT(*) FROM audit_log)";
    assert_eq!(bench.number(left).await, 3);
    // The contact itself is the API's.
    let contact = &records.last().unwrap().reference;
    assert_eq!(
        source
            .erases()
            .unwrap()
            .erase(contact, Manner::Erase)
            .await
            .unwrap()
            .fate,
        Fate::Kept
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_neither_made_nor_taken_for_another() {
    let bench = Bench::sqlite().await.unwrap();
    let folder = bench.path().parent().unwrap().to_owned();
    let at = |path: &std::path::Path| {
        let text = format!(
            "[database]\nengine = \"sqlite\"\npath = {path:?}\n{}",
            bench.statements()
        );
        Sql::new(&toml::from_str(&text).unwrap(), &limits())
    };
    let missing = folder.join("other.db");
    assert_eq!(
        find(&at(&missing).unwrap(), &[email(ANNA)])
            .await
            .unwrap_err()
            .fault,
        Fault::Unreachable
    );
    assert!(!missing.exists(), "a file was made");
    let text = folder.join("text.db");
    std::fs::write(
        &text,
        "anna.beispiel@example.org ist kein Datenbankkopf ".repeat(99),
    )
    .unwrap();
    assert_eq!(
        find(&at(&text).unwrap(), &[email(ANNA)])
            .await
            .unwrap_err()
            .fault,
        Fault::Unreadable
    );
    assert!(
        at(std::path::Path::new("shop.db")).is_err(),
        "below which folder?"
    );
    let switched = format!("file:{}?mode=rwc", missing.display());
    assert!(at(std::path::Path::new(&switched)).is_err());
    // Somebody else writes for too long.
    let other = rusqlite::Connection::open(bench.path()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let source = bench.source();
    assert_eq!(
        find(&source, &[email(ANNA)]).await.unwrap_err().fault,
        Fault::Busy
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_is_told_apart() {
    let place = "[[place]]\nname = \"c\"\ncategory = \"account\"\nid = \"id\"\nexact = { email = \"email\" }\n\
        find = [\"SELECT id, email FROM c WHERE email = :email\"]";
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let silent = tokio::spawn(async move {
        // The first of each kind is hung up on, the next is left waiting.
        let mut held = Vec::new();
        for at in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            if at % 2 == 1 {
                held.push(stream);
            }
        }
    });
    for engine in ["postgres", "mysql"] {
        let source = |host: &str, port: u16| {
            let text = format!(
                "[database]\nengine = {engine:?}\nhost = {host:?}\nport = {port}\nname = \"shop\"\nuser = \"reader\"\n{place}"
            );
            Sql::new(&toml::from_str(&text).unwrap(), &limits()).unwrap()
        };
        let broken = find(&source("127.0.0.1", port), &[email(ANNA)])
            .await
            .unwrap_err();
        assert!(
            matches!(broken.fault, Fault::HalfAnswer | Fault::Unreachable),
            "{engine}: {broken:?}"
        );
        let hanging = find(&source("127.0.0.1", port), &[email(ANNA)])
            .await
            .unwrap_err();
        assert_eq!(hanging.fault, Fault::Slow, "{engine}");
        let nobody = find(&source("127.0.0.1", 1), &[email(ANNA)])
            .await
            .unwrap_err();
        assert_eq!(nobody.fault, Fault::Unreachable, "{engine}");
        let unknown = find(&source("db.invalid", port), &[email(ANNA)])
            .await
            .unwrap_err();
        assert_eq!(unknown.fault, Fault::Unreachable, "{engine}");
    }
    silent.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_wrong_is_told() {
    let Some(bench) = Bench::mariadb().await else {
        return;
    };
    let settings = bench.settings(&bench.statements());
    // As if somebody had changed it over there: keys are read when the source is made.
    let Bench::MariaDb { server, name } = &bench else {
        return;
    };
    let keys = server.socket().with_file_name(format!("keys_{name}"));
    std::fs::write(keys.join("reader"), "falsch").unwrap();
    let source = Sql::new(&settings, &limits()).unwrap();
    assert_eq!(
        find(&source, &[email(ANNA)]).await.unwrap_err().fault,
        Fault::Unauthorized
    );
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let head = "[database]\nengine = \"sqlite\"\npath = \"/srv/shop.db\"\n[writing]\n";
    let place = "[[place]]\nname = \"c\"\ncategory = \"account\"\nid = \"id\"\n";
    let exact = "exact = { email = \"email\" }\n";
    let find = "find = [\"SELECT id, email FROM c WHERE email = :email\"]\n";
    let read = "read = \"SELECT id, email FROM c WHERE id = :id\"\n";
    let sound = format!("{head}{place}{exact}{find}{read}");
    let of = |text: &str| {
        toml::from_str::<Settings>(text).map(|settings| Sql::new(&settings, &limits()).map(drop))
    };
    of(&sound).unwrap().unwrap();
    for (what, text) in [
        ("no comparison", format!("{head}{place}{find}{read}")),
        ("nothing finds", format!("{head}{place}{exact}{read}")),
        (
            "everybody",
            format!("{head}{place}{exact}find = [\"SELECT id, email FROM c\"]"),
        ),
        (
            "two kinds",
            format!(
                "{head}{place}{exact}find = [\"SELECT * FROM c WHERE email = :email OR phone = :phone\"]"
            ),
        ),
        (
            "no column to compare",
            format!("{head}{place}{exact}find = [\"SELECT * FROM c WHERE phone = :phone\"]"),
        ),
        (
            "unknown parameter",
            format!("{head}{place}{exact}find = [\"SELECT * FROM c WHERE email = :mail\"]"),
        ),
        (
            "two statements",
            format!(
                "{head}{place}{exact}find = [\"SELECT * FROM c WHERE email = :email; SELECT 1\"]"
            ),
        ),
        (
            "erases everybody",
            format!("{sound}erase = [{{ sql = \"DELETE FROM c\", rows = 1 }}]"),
        ),
        (
            "drops",
            format!("{sound}erase = [{{ sql = \"DROP TABLE c -- :id\", rows = 1 }}]"),
        ),
        (
            "no reading",
            format!(
                "{head}{place}{exact}{find}erase = [{{ sql = \"DELETE FROM c WHERE id = :id\", rows = 1 }}]"
            ),
        ),
        (
            "bounds",
            format!(
                "{sound}erase = [{{ sql = \"DELETE FROM c WHERE id = :id\", rows = {{ least = 3, most = 1 }} }}]"
            ),
        ),
        (
            "no value",
            format!(
                "{sound}[place.rectify]\nname = {{ sql = \"UPDATE c SET name = 'x' WHERE id = :id\", rows = 1 }}"
            ),
        ),
        (
            "follows nobody",
            format!(
                "{sound}[[place]]\nname = \"o\"\ncategory = \"order\"\nid = \"id\"\n\
            follows = {{ place = \"x\", column = \"c\" }}\nfind = [\"SELECT * FROM o WHERE c = :id\"]"
            ),
        ),
        (
            "an address without a time",
            format!(
                "{head}{place}exact = {{ ip = \"ip\" }}\nfind = [\"SELECT * FROM c WHERE ip = :ip\"]"
            ),
        ),
        ("a zone", format!("zone = \"Mars\"\n{sound}")),
    ] {
        let refused = of(&text).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(refused.unwrap_err().fault, Fault::Misconfigured, "{what}");
    }
    // What nobody knows is no setting; without a count nothing is changed.
    assert!(
        of(&format!(
            "{sound}erase = [{{ sql = \"DELETE FROM c WHERE id = :id\" }}]"
        ))
        .is_err()
    );
    assert!(of(&sound.replace("path =", "password = \"x\"\npath =")).is_err());
}
