//! Tables: every spelling of spreadsheets, and lists of calls in which she is one end.

use rechtzeitig::domain::identifier::SearchKey;
use rechtzeitig::domain::source::{Caution, Doubt};

use super::super::conformance::{PHONE, email, name, phone};
use super::{House, candidate, exact, garbled, gz, of, said};

const CUSTOMERS: &str = r#"
[[tables]]
name = "customers"
path = "*.csv"
category = "contact"
title = "Name"
identity = [{ column = "e-mail", by = "email" }, { column = "Name", by = "name" }, { column = "Nr", by = "number" }]
"#;

const CALLS: &str = r#"
[[tables]]
name = "calls"
path = "calls.csv"
category = "call"
area_code = "030"
date = { column = "Zeit", format = "%d.%m.%Y %H:%M" }
identity = [
  { column = "Von", by = "phone", end = true },
  { column = "An", by = "phone", end = true },
]
"#;

#[tokio::test]
async fn a_table_is_read_however_it_was_saved() {
    let text = "Nr;Name;E-Mail;Umsatz\r\nK-1;\"Müller; Jörg \"\"JM\"\"\";joerg@example.org;1.234,50\r\nK-2;Johanna;x-joerg@example.org;0,00\r\n";
    let windows = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let comma =
        "Nr,Name,E-Mail,Umsatz\nK-1,\"Müller; Jörg \"\"JM\"\"\",joerg@example.org,\"1.234,50\"\n";
    let saved: [(&str, Vec<u8>); 8] = [
        ("utf-8", text.as_bytes().to_vec()),
        ("windows", windows),
        (
            "marked",
            [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat(),
        ),
        ("two-byte", utf16),
        (
            "tab",
            text.replace(';', "\t")
                .replace("Müller\t", "Müller;")
                .into_bytes(),
        ),
        ("comma", comma.as_bytes().to_vec()),
        ("said", [b"sep=;\r\n".as_slice(), text.as_bytes()].concat()),
        ("packed", gz(text.as_bytes())),
    ];
    for (how, bytes) in saved {
        let house = House::of(CUSTOMERS);
        house.put("a.csv", bytes);
        let (records, search) = house.find(&[email("Joerg@example.org")]).await;
        assert_eq!(records.len(), 1, "{how}");
        assert_eq!(said(&records[0], "Name"), "Müller; Jörg \"JM\"", "{how}");
        assert_eq!(said(&records[0], "Umsatz"), "1.234,50", "{how}");
        assert!(
            exact(&records[0]) && search.doubts.is_empty(),
            "{how}: {:?}",
            search.doubts
        );
    }
}

#[tokio::test]
async fn a_declared_encoding_is_held_to() {
    let house = House::of(&format!("{CUSTOMERS}encoding = \"utf-8\"\n"));
    house.put(
        "a.csv",
        b"Nr;Name;E-Mail\nK-1;M\xfcller;anna@example.org\nK-2;A;anna@example.org\n",
    );
    let (records, search) = house.find(&[email("anna@example.org")]).await;
    assert_eq!((records.len(), garbled(&search)), (1, 1));
}

#[tokio::test]
async fn what_a_sure_row_says_further_is_proposed_and_a_name_alone_is_a_guess() {
    let house = House::of(CUSTOMERS);
    house.put("a.csv", "Nr;Name;E-Mail\nK-1;Anna Beispiel;anna@example.org\nK-2;\"Beispiel, Anna\";anna.zwei@example.org\n");
    let (records, search) = house.find(&[email("anna@example.org")]).await;
    assert_eq!(records.len(), 1);
    let proposed: Vec<_> = search
        .proposals
        .iter()
        .map(|it| (it.identifier.kind, it.identifier.value.reveal().as_str()))
        .collect();
    assert_eq!(
        proposed,
        [
            (SearchKey::Name, "Anna Beispiel"),
            (SearchKey::Number, "K-1")
        ]
    );
    let (records, search) = house.find(&[name("Anna Beispiel")]).await;
    assert!(records.len() == 2 && records.iter().all(candidate));
    assert!(
        search.proposals.is_empty(),
        "somebody of the same name was taken for her"
    );
}

#[tokio::test]
async fn in_a_call_she_is_one_end_and_the_other_is_somebody_else() {
    let house = House::of(CALLS);
    house.put("calls.csv", "Zeit;Von;An;Dauer\n22.11.2026 10:00;0170 5550123;030 5559999;60\n22.11.2026 10:05;5559999;+49 (0)170 5550123;1,5\n\
        22.11.2026 10:06;01705550124;030 5559999;9\n22.11.2026 10:07;anonymous;+491705550123;9\n22.11.2026 10:08;4,91706E+11;030 5559999;9\n");
    let (records, search) = house.find(&[phone(PHONE.1)]).await;
    assert_eq!(records.len(), 3);
    assert!(
        records
            .iter()
            .all(|it| exact(it) && it.cautions.contains(&Caution::Others))
    );
    assert!(
        search.proposals.is_empty(),
        "the other end was proposed as hers"
    );
    assert_eq!(
        garbled(&search),
        1,
        "a number that a spreadsheet rounded finds nobody, and that is said"
    );
    assert_eq!(
        records[0].at.unwrap().to_rfc3339(),
        "2026-11-22T09:00:00+00:00"
    );
    // A local number lacks its area code.
    assert_eq!(house.find(&[phone("030 5559999")]).await.0.len(), 4);
}

#[tokio::test]
async fn a_number_that_was_hers_for_a_time_counts_for_that_time() {
    let house = House::of(CALLS);
    house.put("calls.csv", "Zeit;Von;An\n22.11.2026 10:00;01705550123;1\n22.11.2025 10:00;01705550123;1\nirgendwann;01705550123;1\n");
    let window = super::ip("192.0.2.1", "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z")
        .window
        .unwrap();
    let (records, _) = house.find(&[phone(PHONE.0).within(window)]).await;
    assert_eq!(records.len(), 2);
    assert!(exact(&records[0]) && candidate(&records[1]));
}

#[tokio::test]
async fn columns_may_have_places_instead_of_names() {
    let house = House::of(
        "[[tables]]\nname = \"t\"\npath = \"t.csv\"\ncategory = \"order\"\nheader = false\nseparator = \"|\"\nidentity = [{ column = 2, by = \"email\" }]\n",
    );
    house.put("t.csv", "1|anna@example.org\n2|otto@example.org\n3\n");
    let (records, search) = house.find(&[email("anna@example.org")]).await;
    assert_eq!((records.len(), garbled(&search)), (1, 1));
    assert_eq!(said(&records[0], "2"), "anna@example.org");
}

#[tokio::test]
async fn another_export_than_was_declared_is_not_read_over() {
    let house = House::of(CUSTOMERS);
    house
        .put("a.csv", "Nummer;Mailadresse\n1;anna@example.org\n")
        .put("b.csv", "");
    house.put("c.csv", "Nr;Name;E-Mail\nK-1;Anna;anna@example.org\n");
    let (records, search) = house.find(&[email("anna@example.org")]).await;
    assert_eq!(
        (records.len(), search.doubts),
        (1, vec![Doubt::Closed("customers".into())])
    );
}

#[tokio::test]
async fn a_quote_that_is_never_closed_hides_nobody_behind_it() {
    let house = House::of(CUSTOMERS);
    house.put(
        "a.csv",
        format!(
            "Nr;Name;E-Mail\nK-1;\"offen;x@example.org\n{}K-9;Anna;anna@example.org\n",
            "K-2;B;b@example.org\n".repeat(100_000)
        ),
    );
    let (records, search) = house.find(&[email("anna@example.org")]).await;
    assert_eq!((records.len(), garbled(&search)), (1, 1));
}

#[tokio::test]
async fn equal_rows_are_one_finding_and_numbers_are_whole() {
    let house = House::of(CUSTOMERS);
    house.put("a.csv", "Nr;Name;E-Mail\n4711;A;a@example.org\n4711;A;a@example.org\n47110;B;b@example.org\n=\"4711\";C;c@example.org\n");
    let (records, _) = house.find(&[of(SearchKey::Number, "4711")]).await;
    assert_eq!(records.len(), 2);
}
