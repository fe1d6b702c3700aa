//! The file for the authority: what it holds, who may take it, and that its letters are the ones that left.

use std::io::{Cursor, Read};

use rechtzeitig::casework::Error;
use rechtzeitig::casework::recipients::Telling;
use rechtzeitig::domain::notice::Told;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::Office;
use crate::support::people::bytes;

fn part(zip: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip.to_vec())).unwrap();
    let mut bytes = Vec::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

#[tokio::test]
async fn art_58_1_the_authority_gets_one_file_with_the_letters_as_they_were_sent() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Aktenlage", Role::Decider).await;
    let paul = office.clerk("Paul Prüfblick", Role::Auditor).await;
    let hans = office.clerk("Hans Ohneakte", Role::Handler).await;
    let gesa = office.subject("Gesa Geprüft", "gesa@post-d1.example");
    let case = gesa.asks_and_confirms(&office, &[Right::Access]).await.case;
    vera.answers_access(&office, case).await;
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    let letter = known.answers[0].released().letter;
    let sent = bytes(office.open_file(&vera.scope, letter).await.unwrap());
    assert!(matches!(
        office.dossier(&hans.scope, case).await.map(|_| ()),
        Err(Error::Obstacle(_))
    ));

    office.days_pass(40);
    let dossier = office.dossier(&paul.scope, case).await.unwrap();
    assert_eq!(dossier.name, format!("akte-{}.zip", known.number));
    let letters = part(&dossier.zip, &format!("schreiben/{}.pdf", known.number));
    assert!(letters == sent, "never printed anew");
    assert!(part(&dossier.zip, "akte.pdf").starts_with(b"%PDF"));
    let data: serde_json::Value = serde_json::from_slice(&part(&dossier.zip, "akte.json")).unwrap();
    assert_eq!(data["case"]["number"], known.number.as_str());
    let timeline = data["timeline"].as_array().unwrap();
    assert_eq!(timeline[0]["event"]["event"], "opened");
    assert!(timeline.iter().any(|it| it["name"] == "Vera Aktenlage"));
    let entries = data["ledger"]["entries"].as_array().unwrap();
    assert!(entries.len() >= timeline.len());
    assert!(entries.iter().all(|entry| entry["seq"].is_number()));
    let note = data["ledger"]["checkpoint"].as_str().unwrap();
    assert!(note.contains("kontor"), "{note}");
    let files = data["files"].as_array().unwrap();
    assert!(
        files
            .iter()
            .all(|file| file["sha256"].as_str().unwrap().len() == 64)
    );
    // Sent mails are there without the secrets of their links.
    let text = String::from_utf8(part(&dossier.zip, "akte.json")).unwrap();
    assert!(!text.contains(&gesa.link(&office, "answer").text()));

    let (ledger, _) = office.handed_out(office.company()).await;
    let ledger = String::from_utf8(ledger).unwrap();
    assert_eq!(
        ledger.matches("case.exported").count(),
        1,
        "every export is logged"
    );
}

#[tokio::test]
async fn art_19_the_dossier_says_which_recipient_was_told_when_and_how_that_is_proven() {
    let office = super::recipients::data_house().await;
    let vera = office.clerk("Vera Nachweis", Role::Decider).await;
    let ina = office.subject("Ina Empfangen", "ina@post-d5.example");
    let case = super::recipients::erased(&office, &vera, &ina).await;
    let cards = super::recipients::number_of(&office, &vera, case, "Würfelwerk").await;
    let chat = super::recipients::number_of(&office, &vera, case, "Plaudergeist").await;
    let (_, seen) = vera.sees(&office, case).await;
    let tellings = vec![
        (cards, Telling::Mail(super::recipients::CARDS.into())),
        (
            chat,
            Telling::Settled(Told::Disproportionate {
                because: "Die Gespräche sind dort keinem Namen zugeordnet.".into(),
            }),
        ),
    ];
    office
        .tell_recipients(&vera.scope, case, seen, tellings)
        .await
        .unwrap();
    office.jobs_run().await;
    let mail = office.last_mail_to(super::recipients::CARDS);
    let dossier = office.dossier(&vera.scope, case).await.unwrap();
    let data: serde_json::Value = serde_json::from_slice(&part(&dossier.zip, "akte.json")).unwrap();
    let told = data["recipients"].as_array().unwrap();
    assert_eq!(told.len(), 2);
    let by_mail = &told[cards - 1];
    assert_eq!(by_mail["told"]["is"], "mailed");
    assert_eq!(by_mail["settled"], true);
    let proof = by_mail["proof"].as_str().unwrap();
    assert!(proof.contains(&mail.message_id), "{proof}");
    assert!(proof.contains("vom Mailserver angenommen"), "{proof}");
    let left_out = &told[chat - 1];
    assert_eq!(left_out["told"]["is"], "disproportionate");
    assert!(left_out["proof"].as_str().unwrap().contains("keinem Namen"));
}
