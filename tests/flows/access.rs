//! Somebody wants to know: from the form to the answer in her hands.

use std::io::{Cursor, Read};

use rechtzeitig::domain::item::ItemState;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::stage::Stage;

use crate::support::office::{Office, day};
use crate::support::people::bytes;

#[tokio::test]
async fn access_by_form_from_the_confirming_mail_to_the_downloaded_answer() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-a1.example");

    let receipt = johanna.asks(&office, &[Right::Access]).await;
    assert_eq!(receipt.due, day("2026-04-02"));
    office.jobs_run().await;
    let first = johanna.mails(&office);
    assert_eq!(first.len(), 1, "one mail before the mailbox is proven");
    assert!(
        first[0].text.contains(&receipt.number) && !first[0].raw.contains("Beispielhuber"),
        "{}",
        first[0].text
    );

    johanna.confirms(&office).await;
    let mails = johanna.mails(&office);
    assert_eq!(mails.len(), 2, "then the full receipt");

    vera.answers_access(&office, receipt.case).await;
    office.jobs_run().await;
    let answer = johanna.link(&office, "answer");
    let page = office.answer_page(&answer).await.unwrap();
    assert!(page.good && page.number == receipt.number);
    let (package, size) = page.package.expect("data are enclosed");
    assert!(size > 0);

    let pass = johanna.opens_answer(&office, &answer).await;
    let (letter, case) = office
        .answer_file(&answer, &pass, page.letter)
        .await
        .unwrap();
    assert!(bytes(letter).starts_with(b"%PDF"));
    let (packed, _) = office.answer_file(&answer, &pass, package).await.unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes(packed))).unwrap();
    let mut index = String::new();
    zip.by_name("index.json")
        .unwrap()
        .read_to_string(&mut index)
        .unwrap();
    assert!(
        index.contains("Warenwirtschaft") && index.contains(&receipt.number),
        "{index}"
    );
    let mut found = String::new();
    zip.by_name("Warenwirtschaft/daten.txt")
        .unwrap()
        .read_to_string(&mut found)
        .unwrap();
    assert!(found.contains("Leuchte Modell 7"), "{found}");

    office.fetched(case, page.letter).await.unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.stage(), Stage::Done);
    assert!(
        matches!(known.item(Right::Access).unwrap().state, ItemState::Done { on, .. } if on == day("2026-03-02"))
    );
}
