//! A customer area of the company's own: a real SQLite database with Anna, her orders and her neighbours in it.

use std::path::{Path, PathBuf};

use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::look::Point;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::sifting::Heap;

use super::office::Office;
use super::people::{Clerk, Subject, colleague};

/// The address under which Anna is a customer.
pub const ANNA: &str = "anna.beispiel@post-a2.example";

/// The section of the configuration that connects it, with all that may be done there.
pub const CONNECTED: &str = r#"
[[controller.source]]
name = "kundenbereich"
system = "shop"
canary = "kanarie@kontor.example"
categories = { account = "Zugangsdaten und Anschriften" }

[controller.source.sql]
database = { engine = "sqlite", path = "{folder}/shop.db" }
writing = {}

[[controller.source.sql.leftover]]
kind = "backup"
place = "nightly dump"
days = 14

[[controller.source.sql.place]]
name = "customers"
category = "account"
id = "id"
label = "name"
at = "created"
exact = { email = "email" }
mentions = { name = "name" }
find = ["SELECT id, name, email, phone, note, created FROM customers WHERE lower(email) = lower(:email)"]
read = "SELECT id, name, email, phone, note, created FROM customers WHERE id = :id"
count = "SELECT count(*) FROM customers"
erase = [{ sql = "DELETE FROM customers WHERE id = :id", rows = 1 }]
rectify = { phone = { sql = "UPDATE customers SET phone = :value WHERE id = :id", rows = 1 } }
rank = 2

[[controller.source.sql.place]]
name = "orders"
category = "order"
id = "id"
label = "what"
at = "ordered"
follows = { place = "customers", column = "customer" }
find = ["SELECT id, customer, what, ordered FROM orders WHERE customer = :id"]
read = "SELECT id, customer, what, ordered FROM orders WHERE id = :id"
erase = [{ sql = "DELETE FROM orders WHERE id = :id", rows = 1 }]
rank = 1
"#;

/// The database in the folder of the office.
pub fn path(office: &Office) -> PathBuf {
    office.folder().join("shop.db")
}

/// Lays the database down, as it was on the day before the story begins.
pub fn found(office: &Office) -> rusqlite::Connection {
    found_at(&path(office))
}

/// The same in a file of that name.
pub fn found_at(path: &Path) -> rusqlite::Connection {
    let shop = rusqlite::Connection::open(path).expect("a database");
    shop.execute_batch(
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT, note TEXT, created TEXT);
         CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, what TEXT, ordered TEXT);
         INSERT INTO customers VALUES
           (1, 'Kanarie', 'kanarie@kontor.example', NULL, NULL, '2020-01-01 08:00:00'),
           (47, 'Anna Beispiel', 'Anna.Beispiel@post-a2.example', '+491705550123', 'empfohlen von Bert Nachbar', '2024-05-01 10:00:00'),
           (48, 'Johanna Beispiel', 'johanna.beispiel@post-a2.example', NULL, NULL, '2024-05-02 10:00:00');
         INSERT INTO orders VALUES
           (900, 47, 'Stehleuchte Modell 7', '2024-06-01 12:00:00'),
           (901, 47, 'Leuchtmittel, vier Stück', '2025-01-05 12:00:00'),
           (902, 48, 'Tischleuchte', '2025-02-01 12:00:00');",
    )
    .expect("tables");
    shop
}

/// An office to which the customer area is connected, with Vera who works there, and Anna who will ask.
pub async fn connected() -> (Office, rusqlite::Connection, Clerk, Subject) {
    let office = Office::open_with(|plan| plan.sources = CONNECTED.into()).await;
    let shop = found(&office);
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let anna = office.subject("Anna Beispiel", ANNA);
    (office, shop, vera, anna)
}

/// Anna's request is in and it is known that it is she: the search has been made.
pub async fn searched(office: &Office, vera: &Clerk, anna: &Subject, rights: &[Right]) -> CaseId {
    let case = anna.asks_and_confirms(office, rights).await.case;
    vera.confirms_identity(office, case).await;
    office.jobs_run().await;
    case
}

/// The heap of findings of that category.
pub async fn heap(office: &Office, vera: &Clerk, case: CaseId, category: &str) -> Heap {
    let heaps = office.heaps(&vera.scope, case).await.expect("heaps");
    let heap = heaps.iter().find(|heap| heap.category == category);
    Heap {
        system: heap.expect("such a heap").system,
        category: category.to_owned(),
    }
}

/// The other systems hold nothing, the erasure is granted, and a colleague has looked a second time.
pub async fn agreed_to_erase(office: &Office, vera: &Clerk, case: CaseId) {
    vera.finds_nothing_else(office, case).await;
    vera.decides(office, case, Right::Erasure, Decision::granted(""))
        .await;
    let (_, seen) = vera.sees(office, case).await;
    let points = &Point::BEFORE_ERASURE;
    office
        .look(&colleague(office), case, seen, Right::Erasure, points)
        .await
        .expect("a second look");
}

/// What stands as the telephone of a customer.
pub fn phone(shop: &rusqlite::Connection, id: i64) -> Option<String> {
    let asked = "SELECT phone FROM customers WHERE id = ?1";
    shop.query_row(asked, [id], |row| row.get(0))
        .expect("a customer")
}

/// How many rows a table has.
pub fn rows(shop: &rusqlite::Connection, table: &str) -> i64 {
    shop.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
        row.get(0)
    })
    .expect("a count")
}

/// A mail of Anna's in which two others are named, one of them only in its body, with a list attached.
pub const MAIL: &str = "From: Anna Beispiel <anna.beispiel@post-a2.example>\r\nTo: Laden <laden@kontor.example>\r\n\
    Cc: Bert Nachbar <bert@dritte.example>\r\nSubject: Bestellung\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Content-Transfer-Encoding: quoted-printable\r\n\r\n\
    Hallo, Herr J=C3=B6rg Gro=C3=9F und BERT\r\nNACHBAR kommen mit.\r\n--x\r\n\
    Content-Type: text/plain; name=liste.txt\r\nContent-Disposition: attachment; filename=liste.txt\r\n\r\n\
    Geheimliste\r\n--x--\r\n";

/// The same customer area, where files hang on each customer.
pub fn with_files() -> String {
    CONNECTED
        .replace("note, created FROM customers", "note, created, mail, letter, people, card FROM customers")
        .replacen(
            "rank = 2",
            "rank = 2\nfiles = { mail = { media_type = \"message/rfc822\" }, letter = { media_type = \"text/plain\" }, \
             people = { media_type = \"text/csv\" }, card = { media_type = \"text/vcard\" } }",
            1,
        )
}

/// Hangs files on Anna.
pub fn hang_files(shop: &rusqlite::Connection) {
    for column in ["mail", "letter", "people", "card"] {
        shop.execute(
            &format!("ALTER TABLE customers ADD COLUMN {column} BLOB"),
            [],
        )
        .expect("a column");
    }
    shop.execute(
        "UPDATE customers SET mail = ?1, letter = ?2, people = ?3, card = ?4 WHERE id = 47",
        [
            MAIL.as_bytes(),
            "Anna wohnt neben bert\u{a0}Nach\u{ad}bar. Ihr Rad steht seit dem Sommer im Hof hinter dem Laden, zweiter Ständer.".as_bytes(),
            "Vorname;Jahr;Name\r\nBert;1980;Nachbar\r\nAnna;1990;Beispiel\r\nVera;1970;Aktenberg\r\nIda;2001;Andermann\r\n".as_bytes(),
            "BEGIN:VCARD\r\nFN:Anna Beispiel\r\nNOTE:Bert Nach\r\n bar\r\nORG:Kontor und Laden am Platz\r\nTITLE:Kundin seit 2019\r\nEND:VCARD\r\n".as_bytes(),
        ],
    )
    .expect("files");
}
