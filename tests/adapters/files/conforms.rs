//! What every adapter must do, over all kinds of places at once.

use rechtzeitig::adapters::files::Settings;
use rechtzeitig::adapters::{Limits, files::Files};
use rechtzeitig::ports::source::{Fault, Means, Need, Source};

use super::super::conformance::{self, ANNA, NEAR, email};
use super::House;

const SAYS: &str = r#"
[[logs]]
name = "web"
path = "logs/access.log*"
days = 14
[[tables]]
name = "customers"
path = "export/*.csv"
category = "contact"
identity = [{ column = "E-Mail", by = "email" }]
[[datev]]
name = "datev"
path = "datev/*.csv"
[[gobd]]
name = "gobd"
path = "gobd/index.xml"
identity = [{ table = "Kunden", column = "Mail", by = "email" }]
[[folders]]
name = "cards"
path = "cards/{email}.vcf"
"#;

fn planted() -> House {
    let house = House::of(SAYS);
    let everybody = || NEAR.into_iter().chain([ANNA]);
    let lines = everybody().map(|it| format!("203.0.113.9 - - [22/Nov/2026:10:00:00 +0100] \"GET /x?m={it} HTTP/1.1\" 200 5 \"-\" \"-\"\n"));
    let rows = everybody().map(|it| format!("1;{it}\r\n"));
    let debtors = everybody()
        .enumerate()
        .map(|(at, it)| format!("1000{at};\"{it}\"\r\n"));
    let clients = everybody().map(|it| format!("7;{it}\r\n"));
    let head = "\"EXTF\";700;16;\"Debitoren/Kreditoren\";5;20260105101500000;;;;;1001;20;20260101;4;;;\r\nKonto;E-Mail\r\n";
    let index = r#"<DataSet><Version>1</Version><Media><Name>a</Name><Table><URL>k.csv</URL><Name>Kunden</Name><UTF8/>
        <VariableLength><VariableColumn><Name>Nr</Name><AlphaNumeric/></VariableColumn>
        <VariableColumn><Name>Mail</Name><AlphaNumeric/></VariableColumn></VariableLength></Table></Media></DataSet>"#;
    house
        .put("logs/access.log", lines.collect::<String>())
        .put(
            "export/all.csv",
            format!("Nr;E-Mail\r\n{}", rows.collect::<String>()),
        )
        .put(
            "datev/EXTF_k.csv",
            format!("{head}{}", debtors.collect::<String>()),
        )
        .put("gobd/index.xml", index)
        .put("gobd/k.csv", clients.collect::<String>());
    for it in everybody() {
        house.put(&format!("cards/{it}.vcf"), "BEGIN:VCARD");
    }
    house
}

#[tokio::test]
async fn she_is_found_in_every_place_and_nobody_else() {
    let house = planted();
    let files = house.files();
    let records = conformance::finds_her_and_nobody_else(&files).await;
    let mut kinds: Vec<_> = records
        .iter()
        .map(|it| it.reference.kind.as_str())
        .collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["cards", "customers", "datev", "gobd", "web"]);
    conformance::takes_wildcards_as_letters(&files).await;
    conformance::says_that_there_is_nothing(&files).await;
    conformance::asks_nothing_without_an_identifier(&files).await;
}

#[tokio::test]
async fn every_place_says_that_it_was_asked_and_a_key_that_none_knows_is_not_asked() {
    let house = planted();
    let (_, search) = house.find(&[email("niemand@example.org")]).await;
    let mut places: Vec<_> = search.asked.iter().map(|it| it.place.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["cards", "customers", "datev", "gobd", "web"]);
    assert!(search.doubts.is_empty(), "{:?}", search.doubts);
    let address = super::of(
        rechtzeitig::domain::identifier::SearchKey::Address,
        "Weg 1, 12345 Ort",
    );
    let (records, search) = house.find(&[address]).await;
    assert!(records.is_empty() && search.asked.is_empty());
}

#[tokio::test]
async fn the_check_counts_files_and_says_what_is_missing() {
    let house = planted();
    let health = house.files().check().await.unwrap();
    assert!(health.in_sight.contains(&("cards".to_owned(), 6)));
    // The table and the folder have no declared erasing.
    assert_eq!(health.needs, [Need::SecondCredential]);
    house.put("export/other.csv", "a;b\n1;2\n");
    std::fs::remove_file(house.path("logs/access.log")).unwrap();
    let needs = house.files().check().await.unwrap().needs;
    assert!(
        needs.contains(&Need::Module("customers".into()))
            && needs.contains(&Need::Read("web".into())),
        "{needs:?}"
    );
}

#[tokio::test]
async fn a_root_that_is_not_there_is_no_empty_root() {
    let mut house = planted();
    let files = house.files();
    house.root = tempfile::TempDir::new().unwrap();
    let mishap = files.check().await.unwrap_err();
    assert_eq!(mishap.fault, Fault::Unreachable);
    let mishap = conformance::find(&files, &[email(ANNA)]).await.unwrap_err();
    assert_eq!(mishap.fault, Fault::Unreachable);
    assert!(mishap.trouble().to_string().contains("root"));
}

#[test]
fn what_is_not_declared_is_by_hand() {
    let profile = planted().files().profile();
    assert_eq!(profile.abilities.erase, Means::Machine);
    let only = House::of("[[folders]]\nname = \"a\"\npath = \"{email}.txt\"\n");
    let files = only.files();
    assert_eq!(files.profile().abilities.erase, Means::Hand);
    assert!(files.erases().is_none() && files.rectifies().is_none() && files.restricts().is_none());
    assert!(
        planted()
            .files()
            .profile()
            .leftovers
            .iter()
            .any(|it| it.days == Some(14))
    );
}

#[test]
fn settings_that_cannot_work_are_refused_by_name() {
    let table = "[[tables]]\nname = \"t\"\npath = \"t.csv\"\ncategory = \"call\"\n";
    let bad = [
        String::new(),
        "[[logs]]\nname = \"a\"\npath = \"../a\"\ndays = 1\n".to_owned(),
        "[[logs]]\nname = \"a\"\npath = \"{name}.log\"\ndays = 1\n".to_owned(),
        "[[logs]]\nname = \"a\"\npath = \"a\"\ndays = 1\n".repeat(2),
        "[[folders]]\nname = \"a\"\npath = \"a/**\"\n".to_owned(),
        format!("{table}identity = []\n"),
        format!("{table}header = false\nidentity = [{{ column = \"a\", by = \"email\" }}]\n"),
        format!("{table}identity = [{{ column = 0, by = \"email\" }}]\n"),
        format!("{table}encoding = \"klingon\"\nidentity = [{{ column = 1, by = \"email\" }}]\n"),
        format!("{table}identity = [{{ column = 1, by = \"email\" }}]\nerase = {{ rows = 0 }}\n"),
        format!(
            "{table}identity = [{{ column = 1, by = \"email\" }}]\ndate = {{ column = 2, format = \"%d\", zone = \"Mars\" }}\n"
        ),
    ];
    for text in bad {
        let settings: Settings = toml::from_str(&format!("root = \"/srv\"\n{text}")).unwrap();
        let mishap = Files::new(&settings, &Limits::default()).unwrap_err();
        assert_eq!(mishap.fault, Fault::Misconfigured, "{text}");
    }
    assert!(toml::from_str::<Settings>("root = \"/srv\"\nerase = true\n").is_err());
    let relative: Settings =
        toml::from_str("root = \"srv\"\n[[logs]]\nname = \"a\"\npath = \"a\"\ndays = 1\n").unwrap();
    assert!(Files::new(&relative, &Limits::default()).is_err());
}
