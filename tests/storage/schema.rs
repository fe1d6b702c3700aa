//! One set of tables on both databases, and the program's own list of them.

use std::collections::BTreeMap;

use rechtzeitig::storage::{Conn, Store};

use super::Fresh;
use crate::support::office::select;

/// Column to kind and whether it may be empty, by table.
type Tables = BTreeMap<String, BTreeMap<String, (String, bool)>>;

#[derive(diesel::QueryableByName)]
struct Column {
    #[diesel(sql_type = diesel::sql_types::Text)]
    owner: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    kind: String,
    #[diesel(sql_type = diesel::sql_types::Integer)]
    empty: i32,
}

/// As the database itself tells.
async fn told(store: &Store) -> (Tables, Vec<String>) {
    let sql = match store.engine() {
        "SQLite" => {
            "SELECT m.name AS owner, p.name AS name, p.type AS kind, 1 - p.\"notnull\" AS empty \
             FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'"
        }
        _ => {
            "SELECT table_name::text AS owner, column_name::text AS name, data_type::text AS kind, \
             CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END AS empty \
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let indexes = match store.engine() {
        "SQLite" => {
            "SELECT tbl_name AS owner, name, 'index' AS kind, 0 AS empty FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        }
        _ => {
            "SELECT tablename::text AS owner, indexname::text AS name, 'index' AS kind, 0 AS empty FROM pg_indexes \
             WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key'"
        }
    };
    let rows =
        |sql: &'static str| store.read(move |conn: &mut Conn| Ok(select::<Column>(conn, sql)));
    let mut tables = Tables::new();
    for column in rows(sql).await.unwrap() {
        if !column.owner.starts_with("__diesel") && !column.owner.starts_with("sqlite_") {
            let kind = plain(&column.kind).to_owned();
            tables
                .entry(column.owner)
                .or_default()
                .insert(column.name, (kind, column.empty == 1));
        }
    }
    let mut names: Vec<String> = rows(indexes)
        .await
        .unwrap()
        .into_iter()
        .map(|row| format!("{}.{}", row.owner, row.name))
        .collect();
    names.sort();
    (tables, names)
}

/// The six kinds that both databases have, in one spelling.
fn plain(kind: &str) -> &'static str {
    match kind.to_ascii_lowercase().as_str() {
        "text" => "Text",
        "bigint" => "BigInt",
        "integer" => "Integer",
        "blob" | "bytea" | "binary" => "Binary",
        "boolean" | "bool" => "Bool",
        "date" => "Date",
        "timestamp" | "timestamp without time zone" => "Timestamp",
        other => panic!("{other} is not portable"),
    }
}

/// As the program has written it down for diesel.
fn written_down() -> Tables {
    let text = include_str!("../../src/storage/schema.rs");
    let mut tables = Tables::new();
    for block in text.split("table! {").skip(1) {
        let block = block.trim_start();
        let (name, rest) = block.split_once(' ').unwrap();
        let columns = rest.split_once('{').unwrap().1.split_once('}').unwrap().0;
        let columns = columns
            .lines()
            .filter_map(|line| line.trim().trim_end_matches(',').split_once(" -> "));
        let columns = columns.map(|(name, kind)| {
            let inner = kind
                .strip_prefix("Nullable<")
                .and_then(|kind| kind.strip_suffix('>'));
            (
                name.to_owned(),
                (plain(inner.unwrap_or(kind)).to_owned(), inner.is_some()),
            )
        });
        tables.insert(name.to_owned(), columns.collect());
    }
    tables
}

#[tokio::test]
async fn the_database_has_the_tables_that_the_program_has_written_down() {
    let fresh = Fresh::database();
    let (tables, _) = told(&fresh.store()).await;
    let listed = written_down();
    assert!(listed.len() > 15);
    assert_eq!(tables, listed);
}

/// Needs no server: the two texts differ in the name of one kind and in one clause.
#[test]
fn both_migrations_say_the_same() {
    let folder = |name: &str| {
        std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("migrations")
            .join(name)
    };
    let names = |name: &str| {
        let mut names: Vec<_> = std::fs::read_dir(folder(name))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    for migration in names("sqlite") {
        for direction in ["up.sql", "down.sql"] {
            let read = |name: &str| {
                std::fs::read_to_string(folder(name).join(&migration).join(direction)).unwrap()
            };
            let sqlite = read("sqlite")
                .replace(" WITHOUT ROWID", "")
                .replace("BLOB", "BYTEA");
            assert_eq!(sqlite, read("postgres"), "{migration:?}/{direction}");
        }
    }
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn sqlite_and_postgres_have_the_same_columns_and_indexes() {
    if !crate::support::Store::Postgres.available() {
        return;
    }
    use rechtzeitig::storage::Settings;
    let folder = tempfile::tempdir().unwrap();
    let embedded = Store::open(&Settings::Sqlite(folder.path().join("store.db"))).unwrap();
    let database = crate::support::postgres::Database::empty();
    let served = Store::open(&Settings::Postgres(database.url().to_owned())).unwrap();
    let (one, other) = (told(&embedded).await, told(&served).await);
    assert_eq!(one.0, other.0);
    assert_eq!(one.1, other.1);
}
