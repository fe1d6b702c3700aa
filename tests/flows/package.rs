//! The copy that she gets: what machines found, without what belongs to others, readable and checkable.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use rechtzeitig::casework::Error;
use rechtzeitig::casework::decision::Verdict;
use rechtzeitig::casework::findings::{Sheet, Which};
use rechtzeitig::casework::package::sheets::Sight;
use rechtzeitig::domain::decision::{Decision, Ground};
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::finding::{Area, Blackening, Reason, Stretch};
use rechtzeitig::domain::ids::{CaseId, FindingId};
use rechtzeitig::domain::judgement::Treatment;
use rechtzeitig::domain::look::Point;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::sifting::Heap;
use rechtzeitig::domain::weighing::Weighing;
use rechtzeitig::redaction::spans::mail::Draft;
use ring::digest;

use crate::support::office::Office;
use crate::support::people::{Clerk, Subject, bytes, colleague};
use crate::support::shop;

const ANNA: &str = "anna.beispiel@post-a2.example";

fn ground(facts: &str) -> Reason {
    Reason {
        ground: Some(Ground::new("Art. 15 Abs. 4 DSGVO", facts).unwrap()),
        ..Reason::default()
    }
}

async fn searched(
    sources: &str,
    right: Right,
) -> (Office, rusqlite::Connection, Clerk, Subject, CaseId) {
    let office = Office::open_with(|plan| plan.sources = sources.to_owned()).await;
    let shop = shop::found(&office);
    if sources.contains("message/rfc822") {
        shop::hang_files(&shop);
    }
    shop.execute(
        "UPDATE orders SET what = '=2+5 Leuchten' WHERE id = 901",
        [],
    )
    .unwrap();
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let anna = office.subject("Anna Beispiel", ANNA);
    let case = shop::searched(&office, &vera, &anna, &[right]).await;
    (office, shop, vera, anna, case)
}

async fn laid(
    office: &Office,
    vera: &Clerk,
    case: CaseId,
    category: &str,
) -> (Heap, Vec<FindingId>) {
    let heaps = office.heaps(&vera.scope, case).await.unwrap();
    let heap = heaps.iter().find(|heap| heap.category == category).unwrap();
    let heap = Heap {
        system: heap.system,
        category: category.to_owned(),
    };
    let leaf = office.leaf(&vera.scope, case, &heap, None).await.unwrap();
    (heap, leaf.shown.iter().map(|it| it.id).collect())
}

/// Every entry of the package that she fetches.
async fn package(office: &Office, anna: &Subject) -> BTreeMap<String, Vec<u8>> {
    office.jobs_run().await;
    let answer = anna.link(office, "answer");
    let page = office.answer_page(&answer).await.unwrap();
    let (package, _) = page.package.expect("data are enclosed");
    let pass = anna.opens_answer(office, &answer).await;
    let (packed, _) = office.answer_file(&answer, &pass, package).await.unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes(packed))).unwrap();
    let mut all = BTreeMap::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        all.insert(entry.name().unwrap().into_owned(), content);
    }
    all
}

fn text(all: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    let known: Vec<&String> = all.keys().collect();
    let content = all
        .get(path)
        .unwrap_or_else(|| panic!("{path} is not in {known:?}"));
    String::from_utf8(content.clone()).unwrap()
}

/// Decides that she is given a copy with what is black in it.
async fn gives_redacted(office: &Office, vera: &Clerk, case: CaseId) {
    let (known, seen) = vera.sees(office, case).await;
    let mut weighing = Weighing::as_wished(&known, Right::Access);
    for judged in weighing
        .judgements
        .iter_mut()
        .filter(|it| it.name == "Ladenkonto")
    {
        judged.treatment = Treatment::Redact;
        judged.ground = ground("Angaben zu anderen").ground;
    }
    let decision = weighing.outcome("Eine Kopie liegt bei.").unwrap();
    let verdict = Verdict {
        right: Right::Access,
        decision,
        weighing,
        done: vec![],
    };
    office
        .decide(&vera.scope, case, seen, vec![verdict])
        .await
        .unwrap();
}

/// Says of the orders that she is given them, and lets the answer go.
async fn lets_go(office: &Office, vera: &Clerk, case: CaseId) {
    let (heap, _) = laid(office, vera, case, "order").await;
    let (_, seen) = vera.sees(office, case).await;
    let rest = (Treatment::Disclose, Reason::default());
    office
        .sift(&vera.scope, case, seen, heap, Which::All, rest)
        .await
        .unwrap();
    vera.releases(office, case, Way::Portal).await;
}

/// The finding with Anna's account, with all of its files fetched, and which of them has which name.
async fn account(office: &Office, vera: &Clerk, case: CaseId) -> (Sheet, Vec<String>) {
    let (_, accounts) = laid(office, vera, case, "account").await;
    let sheet = office.sheet(&vera.scope, case, accounts[0]).await.unwrap();
    for at in 0..sheet.record.files.len() {
        let fetched = office.copy_of(&vera.scope, case, (accounts[0], at)).await;
        fetched.unwrap().unwrap();
    }
    let names = sheet.record.files.iter();
    let names = names.map(|file| file.name.reveal().clone()).collect();
    let sheet = office.sheet(&vera.scope, case, accounts[0]).await.unwrap();
    (sheet, names)
}

async fn blackened(
    office: &Office,
    vera: &Clerk,
    (case, sheet): (CaseId, &Sheet),
    black: Vec<Blackening>,
) {
    let (_, seen) = vera.sees(office, case).await;
    let why = ground("Name eines anderen");
    office
        .blacken(&vera.scope, case, seen, sheet.shown.id, black, why)
        .await
        .unwrap();
}

/// The only entry whose path ends like this.
fn ending<'a>(all: &'a BTreeMap<String, Vec<u8>>, end: &str) -> Option<&'a Vec<u8>> {
    all.iter()
        .find(|(path, _)| path.ends_with(end))
        .map(|(_, content)| content)
}

#[tokio::test]
async fn art_15_4_what_is_black_in_a_value_or_a_mail_stands_in_no_file_of_the_finding() {
    let (office, _shop, vera, anna, case) = searched(&shop::with_files(), Right::Access).await;
    let (sheet, names) = account(&office, &vera, case).await;
    let at = |name: &str| names.iter().position(|it| it == name).unwrap();

    // The clerk reads the body of the mail, and who in it is somebody else.
    let seen = office.sight(&vera.scope, (case, &sheet), at("mail")).await;
    let Ok(Sight::Words(words)) = seen.unwrap() else {
        panic!("the mail has words");
    };
    let (_, body, _) = words.parts.iter().find(|it| it.0 == "body").unwrap();
    let others: Vec<&str> = body
        .others
        .iter()
        .map(|(it, _)| &body.words[it.from..it.to])
        .collect();
    assert!(others.iter().any(|it| it.contains("Groß")), "{others:?}");
    assert!(words.says("jörg GROSS") && !words.says("Jörn Groß"));
    assert_eq!(words.stays, None);

    let readings = office.readings(&vera.scope, case, &sheet).await.unwrap();
    let mut fields = readings.iter().enumerate();
    let (field, reading) = fields
        .find(|(_, reading)| reading.words.contains("Bert Nachbar"))
        .unwrap();
    let from = reading.words.find("Bert").unwrap();
    let part = Stretch {
        from,
        to: from + "Bert Nachbar".len(),
    };
    let black = vec![
        Blackening::Parts {
            field,
            parts: vec![part],
        },
        Blackening::Words {
            file: at("mail"),
            words: vec!["Jörg Groß".into()],
        },
    ];
    blackened(&office, &vera, (case, &sheet), black).await;
    vera.finds_nothing_else(&office, case).await;
    gives_redacted(&office, &vera, case).await;
    lets_go(&office, &vera, case).await;
    let all = package(&office, &anna).await;

    for (path, content) in &all {
        let shown = String::from_utf8_lossy(content);
        for word in [
            "Bert",
            "BERT",
            "bert\u{a0}",
            "bert@",
            "Nachbar",
            "NACHBAR",
            "Nach\u{ad}",
            "Groß",
            "Gro=",
            "Jörg",
            "Geheimliste",
        ] {
            assert!(!shown.contains(word), "{word} in {path}: {shown}");
        }
    }
    let mail = Draft::read(ending(&all, "-mail").unwrap()).unwrap();
    assert!(mail.files.is_empty(), "{:?}", mail.files);
    let body = mail.bodies[0].words();
    assert!(
        body.contains("Hallo, Herr █████ und █████ kommen mit."),
        "{body}"
    );
    assert!(mail.parties.iter().any(|it| it.email == ANNA));
    assert!(mail.parties.iter().all(|it| !it.email.contains("dritte")));
    let letter = String::from_utf8(ending(&all, "-letter").unwrap().clone()).unwrap();
    assert!(
        letter.starts_with("Anna wohnt neben █████. Ihr Rad"),
        "{letter}"
    );
    let people = String::from_utf8(ending(&all, "-people").unwrap().clone()).unwrap();
    let rows = "Vorname;Jahr;Name\r\n█████;1980;█████\r\nAnna;1990;Beispiel\r\n";
    assert!(people.starts_with(rows), "{people}");
    assert!(
        ending(&all, "-card").is_none(),
        "a card is not written anew"
    );
    let list: serde_json::Value = serde_json::from_str(&text(&all, "index.json")).unwrap();
    assert_eq!(list["not_enclosed"][0]["name"], "card");
    let page = text(&all, "Ladenkonto/Benutzerkonto.html");
    assert!(
        page.contains("Art. 15 Abs. 4 DSGVO: Name eines anderen"),
        "{page}"
    );
}

#[tokio::test]
async fn art_15_4_a_file_that_is_left_out_does_not_come_along_in_the_mail_and_is_not_named() {
    let (office, _shop, vera, anna, case) = searched(&shop::with_files(), Right::Access).await;
    let (sheet, names) = account(&office, &vera, case).await;
    let file = names.iter().position(|it| it == "letter").unwrap();
    let black = vec![Blackening::File { file }];
    blackened(&office, &vera, (case, &sheet), black).await;
    vera.finds_nothing_else(&office, case).await;
    gives_redacted(&office, &vera, case).await;
    lets_go(&office, &vera, case).await;
    let all = package(&office, &anna).await;
    let mail = Draft::read(ending(&all, "-mail").unwrap()).unwrap();
    assert!(mail.files.is_empty(), "{:?}", mail.files);
    // Nothing of it is a word that is black: it says what it said.
    assert!(mail.bodies[0].words().contains("Jörg Groß"));
    let people = ending(&all, "-people").unwrap();
    assert!(String::from_utf8_lossy(people).contains("Bert;1980;Nachbar"));
    assert!(ending(&all, "-card").is_some());
    for (path, content) in &all {
        let shown = String::from_utf8_lossy(content);
        let told = !path.ends_with(".pdf") && shown.contains("letter");
        assert!(!path.contains("letter") && !told, "{path}: {shown}");
    }
}

#[tokio::test]
async fn art_15_3_the_copy_holds_what_was_found_without_what_belongs_to_others() {
    let (office, _shop, vera, anna, case) = searched(shop::CONNECTED, Right::Access).await;
    let (_, accounts) = laid(&office, &vera, case, "account").await;
    let sheet = office.sheet(&vera.scope, case, accounts[0]).await.unwrap();
    let readings = office.readings(&vera.scope, case, &sheet).await.unwrap();
    let (field, reading) = readings
        .iter()
        .enumerate()
        .find(|(_, reading)| reading.words.contains("Bert Nachbar"))
        .unwrap();
    let from = reading.words.find("Bert").unwrap();
    let black = vec![Blackening::Parts {
        field,
        parts: vec![Stretch {
            from,
            to: from + "Bert Nachbar".len(),
        }],
    }];
    let (_, seen) = vera.sees(&office, case).await;
    office
        .blacken(
            &vera.scope,
            case,
            seen,
            accounts[0],
            black,
            ground("Name eines anderen"),
        )
        .await
        .unwrap();
    let (heap, orders) = laid(&office, &vera, case, "order").await;
    let (_, seen) = vera.sees(&office, case).await;
    let withheld = (Treatment::Withhold, ground("Geschäftsgeheimnis"));
    office
        .sift(
            &vera.scope,
            case,
            seen,
            heap,
            Which::These(vec![orders[0]]),
            withheld,
        )
        .await
        .unwrap();
    vera.finds(&office, case, "Warenwirtschaft", "Rechnung 4711")
        .await;
    vera.finds_nothing_else(&office, case).await;

    gives_redacted(&office, &vera, case).await;
    // That it leaves with black parts says of none of them that somebody has looked at it.
    let (_, seen) = vera.sees(&office, case).await;
    let ticked = &Point::BEFORE_SENDING;
    let other = colleague(&office);
    let early = office.release(&other, case, seen, Way::Portal, ticked);
    assert!(matches!(
        early.await,
        Err(Error::Obstacle(Obstacle::FindingsOpen { open: 1 }))
    ));
    lets_go(&office, &vera, case).await;
    let all = package(&office, &anna).await;

    for (path, content) in &all {
        let shown = String::from_utf8_lossy(content);
        assert!(
            !shown.contains("Bert") && !shown.contains("Stehleuchte"),
            "{path}: {shown}"
        );
    }
    let data: serde_json::Value =
        serde_json::from_str(&text(&all, "Ladenkonto/daten.json")).unwrap();
    let note = data["categories"][0]["entries"][0]["fields"].to_string();
    assert!(note.contains("empfohlen von █████"), "{data:#}");
    let table = text(&all, "Ladenkonto/Bestellungen.csv");
    assert!(table.contains("'=2+5 Leuchten"), "{table}");
    assert!(text(&all, "Warenwirtschaft/daten.txt").contains("Rechnung 4711"));
    let page = text(&all, "Ladenkonto/Benutzerkonto.html");
    assert!(
        page.contains("E-Mail-Adresse") && page.contains("Anna.Beispiel@"),
        "{page}"
    );
    let front = text(&all, "index.html");
    for words in [
        "Ladenkonto",
        "Bestellungen",
        "1 Eintrag",
        "Geschäftsgeheimnis",
        "lang=\"de\"",
    ] {
        assert!(front.contains(words), "{words}: {front}");
    }
    for (at, _) in front.match_indices("href=\"") {
        let link = front[at + 6..].split('"').next().unwrap();
        assert!(all.contains_key(link), "{link} leads nowhere");
    }

    let list: serde_json::Value = serde_json::from_str(&text(&all, "index.json")).unwrap();
    let files = list["files"].as_array().unwrap();
    assert_eq!(files.len() + 1, all.len(), "all but the list itself");
    for file in files {
        let content = &all[file["file"].as_str().unwrap()];
        let hash: String = digest::digest(&digest::SHA256, content)
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            (file["sha256"].as_str(), file["size"].as_u64()),
            (Some(hash.as_str()), Some(content.len() as u64))
        );
    }
    assert_eq!(list["withheld"][0]["count"], 1);
}

#[tokio::test]
async fn art_20_1_what_is_taken_elsewhere_is_only_what_she_provided() {
    let provided = shop::CONNECTED.replacen("rank = 2", "rank = 2\norigin = \"provided\"", 1);
    let (office, _shop, vera, anna, case) = searched(&provided, Right::Portability).await;
    vera.finds_nothing_else(&office, case).await;
    let granted = Decision::granted("Die Daten liegen bei.");
    vera.decides(&office, case, Right::Portability, granted)
        .await;
    vera.releases(&office, case, Way::Portal).await;
    let all = package(&office, &anna).await;
    let data: serde_json::Value =
        serde_json::from_str(&text(&all, "Ladenkonto/daten.json")).unwrap();
    assert_eq!(data["categories"].as_array().unwrap().len(), 1, "{data:#}");
    assert_eq!(data["categories"][0]["entries"][0]["origin"], "provided");
    let schema: serde_json::Value = serde_json::from_str(&text(&all, "schema.json")).unwrap();
    assert_eq!(schema["tables"][0]["path"], "Ladenkonto/Benutzerkonto.csv");
    assert!(text(&all, "index.html").contains("Daten zum Mitnehmen"));
}

#[tokio::test]
async fn an_area_that_leaves_the_page_is_refused() {
    let (office, _shop, vera, _anna, case) = searched(shop::CONNECTED, Right::Access).await;
    let (_, accounts) = laid(&office, &vera, case, "account").await;
    let area = Area {
        page: 0,
        left: 9_000,
        top: 0,
        width: 1_001,
        height: 10,
    };
    let black = vec![Blackening::Areas {
        file: 0,
        areas: vec![area],
    }];
    let (_, seen) = vera.sees(&office, case).await;
    let tried = office
        .blacken(
            &vera.scope,
            case,
            seen,
            accounts[0],
            black,
            ground("Name eines anderen"),
        )
        .await;
    assert!(matches!(
        tried,
        Err(Error::Obstacle(Obstacle::Empty("area")))
    ));
}
