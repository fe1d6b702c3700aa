//! Bookkeeping exports: read with their own headings and descriptions, and never written to.

use rechtzeitig::domain::identifier::SearchKey;
use rechtzeitig::domain::source::{Caution, Doubt, Fate, Manner, Tie};
use rechtzeitig::ports::source::Source;

use super::super::conformance::{self, email, name};
use super::{House, candidate, exact, garbled, of, said};

const DATEV: &str = "[[datev]]\nname = \"datev\"\npath = \"datev/EXTF_*.csv\"\n";

fn debtors(owner: &str) -> String {
    format!(
        "\"EXTF\";700;16;\"Debitoren/Kreditoren\";5;20260105101500000;;\"RE\";\"x\";\"\";{owner};20260101;4;;;\"\"\r\n\
        Konto;Name (Adressattyp Unternehmen);Name (Adressattyp natürl. Person);Vorname (Adressattyp natürl. Person);Telefon;E-Mail\r\n\
        10001;\"\";\"Beispiel\";\"Anna\";\"0170 5550123\";\"anna@example.org\"\r\n\
        10002;\"\";\"Beispiel\";\"Johanna\";\"\";\"johanna@example.org\"\r\n"
    )
}

fn postings(owner: &str) -> String {
    format!(
        "\"EXTF\";700;21;\"Buchungsstapel\";12;20260105101500000;;\"RE\";\"x\";\"\";{owner};20251201;4;20251201;20260131;\"D\"\r\n\
        Umsatz (ohne Soll/Haben-Kz);Konto;Gegenkonto (ohne BU-Schlüssel);Belegdatum;Belegfeld 1;Buchungstext\r\n\
        119,00;10001;4400;2412;\"RE-77\";\"Müsli\"\r\n\
        119,00;10001;4400;2412;\"RE-77\";\"Müsli\"\r\n\
        238,00;10002;4400;0301;\"RE-78\";\"Gutschrift Anna Beispiel\"\r\n\
        5,00;4400;1800;0301;\"10001\";\"x\"\r\n"
    )
}

#[tokio::test]
async fn her_account_leads_to_her_postings_and_a_mention_is_a_guess() {
    let house = House::of(DATEV);
    let windows = |text: String| encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
    // Read before the debtors in the order of names; another client's account of the same number is somebody else's.
    house.put("datev/EXTF_Buchungen.csv", windows(postings("1001;20")));
    house.put(
        "datev/EXTF_Debitoren.csv",
        [b"\xef\xbb\xbf".as_slice(), debtors("1001;20").as_bytes()].concat(),
    );
    house.put("datev/EXTF_Mandant21.csv", windows(postings("1001;21")));
    let (records, search) = house.find(&[email("Anna@example.org")]).await;
    assert_eq!(records.len(), 3);
    assert!(exact(&records[0]) && records[0].category == "contact");
    for posting in &records[1..] {
        assert_eq!(
            posting.tie,
            Tie::Linked {
                kind: "datev".into(),
                id: records[0].reference.id.clone()
            }
        );
        assert_eq!(said(posting, "Buchungstext"), "Müsli");
        assert_eq!(
            posting.at.unwrap().to_rfc3339(),
            "2025-12-24T00:00:00+00:00"
        );
    }
    assert!(
        records
            .iter()
            .all(|it| it.cautions.contains(&Caution::Retained))
    );
    assert_eq!((garbled(&search), search.doubts.len()), (0, 0));
    assert!(
        search
            .asked
            .iter()
            .any(|it| it.by.is_none() && it.hits == 2)
    );
    let (records, _) = house.find(&[name("Anna Beispiel")]).await;
    assert!(
        records.len() == 3 && records.iter().all(candidate),
        "a name leads to no account"
    );
}

#[tokio::test]
async fn a_customers_number_is_no_account_of_the_ledger() {
    let house = House::of(DATEV);
    house.put("datev/EXTF_a.csv", postings("1001;20"));
    assert!(
        house
            .find(&[of(SearchKey::Number, "4400")])
            .await
            .0
            .is_empty()
    );
    assert_eq!(
        house.find(&[of(SearchKey::Number, "10001")]).await.0.len(),
        3
    );
    assert_eq!(
        house.find(&[of(SearchKey::Number, "re-78")]).await.0.len(),
        1
    );
}

#[tokio::test]
async fn a_file_that_is_no_datev_export_is_not_read_over() {
    let house = House::of(DATEV);
    house
        .put("datev/EXTF_a.csv", "Konto;E-Mail\n10001;anna@example.org\n")
        .put("datev/EXTF_b.csv", "");
    let (records, search) = house.find(&[email("anna@example.org")]).await;
    assert_eq!(
        (records.len(), search.doubts),
        (0, vec![Doubt::Closed("datev".into())])
    );
}

const GOBD: &str = r#"
[[gobd]]
name = "books"
path = "gobd/*/index.xml"
identity = [{ table = "Kunden", column = "EMail", by = "email" }, { table = "Kunden", column = "Name", by = "name" }]
categories = { Rechnungen = "invoice" }
"#;

fn described(kunden: &str) -> String {
    let column =
        |name: &str| format!("<VariableColumn><Name>{name}</Name><AlphaNumeric/></VariableColumn>");
    let key = |name: &str| {
        format!("<VariablePrimaryKey><Name>{name}</Name><AlphaNumeric/></VariablePrimaryKey>")
    };
    let link = |name: &str, to: &str| {
        format!("<ForeignKey><Name>{name}</Name><References>{to}</References></ForeignKey>")
    };
    let table = |file: &str, name: &str, letters: &str, body: String| {
        format!(
            "<Table><URL>{file}</URL><Name>{name}</Name><Validity><Range><From>01.01.2024</From><To>31.12.2024</To></Range></Validity>\
            {letters}<Range><From>2</From></Range><VariableLength><ColumnDelimiter>;</ColumnDelimiter><RecordDelimiter>&#13;&#10;</RecordDelimiter>\
            <TextEncapsulator>\"</TextEncapsulator>{body}</VariableLength></Table>"
        )
    };
    let tables = [
        table(
            "pos.csv",
            "Positionen",
            "<UTF8/>",
            key("Pos") + &column("RgNr") + &link("RgNr", "Rechnungen"),
        ),
        table(
            "rg.csv",
            "Rechnungen",
            "<ANSI/>",
            key("RgNr") + &column("KdNr") + &column("Betrag") + &link("KdNr", "Kunden"),
        ),
        table(
            kunden,
            "Kunden",
            "<UTF8/>",
            key("KdNr") + &column("Name") + &column("EMail"),
        ),
    ];
    format!(
        "<?xml version=\"1.0\"?><!DOCTYPE DataSet SYSTEM \"gdpdu-01-09-2004.dtd\"><DataSet><Version>1.0</Version><Media><Name>1</Name>{}</Media></DataSet>",
        tables.concat()
    )
}

fn exported() -> House {
    let house = House::of(GOBD);
    house
        .put("gobd/2024/index.xml", described("kunden.csv"))
        .put("gobd/2024/kunden.csv", "KdNr;Name;EMail\r\n7;Anna Beispiel;anna@example.org\r\n77;Anna Beispiel;x@example.org\r\n")
        .put("gobd/2024/rg.csv", b"RgNr;KdNr;Betrag\r\nR1;7;1,00\r\nR2;77;2,00\r\nR3;7;3,00\r\nkaputt\r\n")
        .put("gobd/2024/pos.csv", "Pos;RgNr\r\n1;R1\r\n2;R2\r\n3;R3\r\n3;R3\r\n");
    house
}

#[tokio::test]
async fn what_hangs_on_her_row_is_found_over_any_number_of_tables() {
    let house = exported();
    let (records, search) = house.find(&[email("anna@example.org")]).await;
    let kinds: Vec<_> = records.iter().map(|it| it.category.as_str()).collect();
    assert_eq!(
        kinds,
        ["other", "invoice", "invoice", "other", "other", "other"]
    );
    assert!(
        exact(&records[0])
            && records[1..]
                .iter()
                .all(|it| matches!(it.tie, Tie::Linked { .. }))
    );
    assert_eq!((garbled(&search), search.doubts.len()), (1, 1));
    let (records, _) = house.find(&[name("Anna Beispiel")]).await;
    assert!(records.len() == 2 && records.iter().all(candidate));
}

#[tokio::test]
async fn a_description_leads_nowhere_else_and_what_is_missing_is_said() {
    for kunden in [
        "../../geheim.csv",
        "/etc/passwd",
        "weg.csv",
        "http://192.0.2.1/kunden.csv",
    ] {
        let house = exported();
        house
            .put("gobd/2024/index.xml", described(kunden))
            .put("geheim.csv", "KdNr;Name;EMail\r\n7;A;anna@example.org\r\n");
        let (records, search) = house.find(&[email("anna@example.org")]).await;
        assert!(
            records.is_empty() && search.doubts.contains(&Doubt::Closed("books".into())),
            "{kunden}"
        );
    }
}

#[tokio::test]
async fn sec_147_ao_books_are_kept_to_the_end_of_their_time() {
    let mut house = exported();
    house.says.push_str(DATEV);
    house.put("datev/EXTF_Debitoren.csv", debtors("1001;20"));
    let files = house.files();
    let (records, _) = conformance::find(&files, &[email("anna@example.org")])
        .await
        .unwrap();
    let seen = |path: &str| std::fs::read(house.path(path)).unwrap();
    let before = (
        seen("gobd/2024/kunden.csv"),
        seen("datev/EXTF_Debitoren.csv"),
    );
    for (place, until) in [
        ("books", "retained until 2034-12-31"),
        ("datev", "retained until 2036-12-31"),
    ] {
        let record = records
            .iter()
            .find(|it| it.reference.kind == place)
            .unwrap();
        let erases = files.erases().unwrap();
        for manner in [Manner::Erase, Manner::Anonymise] {
            let preview = erases.preview(&record.reference, manner).await.unwrap();
            assert_eq!((preview.fate, preview.why.as_str()), (Fate::Kept, until));
            assert_eq!(
                erases.erase(&record.reference, manner).await.unwrap().fate,
                Fate::Kept
            );
        }
    }
    assert_eq!(
        before,
        (
            seen("gobd/2024/kunden.csv"),
            seen("datev/EXTF_Debitoren.csv")
        )
    );
}
