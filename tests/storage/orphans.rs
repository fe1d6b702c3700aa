//! Sealed files come before the rows that name them: a crash between leaves an orphan and never a gap.

use chrono::TimeDelta;
use rechtzeitig::casework::filing::Upload;
use rechtzeitig::casework::{Error, FilePurpose};
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::ports::{Clock, SystemClock};

use crate::support::office::Office;

fn sealed_files(office: &Office) -> usize {
    let mut open = vec![office.folder().join("files")];
    let mut count = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                count += 1;
            }
        }
    }
    count
}

#[tokio::test]
async fn a_file_whose_row_was_never_written_is_swept_away_and_no_other() {
    let mut office = Office::open().await;
    let vera = office.clerk("Vera Waisenhaus", Role::Handler).await;
    let ida = office.subject("Ida Inventar", "ida@post-o1.example");
    let receipt = ida.asks(&office, &[Right::Access]).await;
    let (_, seen) = vera.sees(&office, receipt.case).await;
    office
        .understand(&vera.scope, receipt.case, seen, &[Right::Erasure])
        .await
        .unwrap();
    let upload = |text: &str| Upload {
        name: "fund.txt".to_owned().into(),
        media_type: "text/plain".into(),
        bytes: text.into(),
    };

    // The row goes with an act that the office refuses: the file stays behind.
    let files = office
        .file_for_case(
            office.company(),
            Some(receipt.case),
            FilePurpose::Finding,
            &[upload("verwaist")],
        )
        .await
        .unwrap();
    let refused = office
        .answer_tasks(&vera.scope, receipt.case, seen, vec![], files)
        .await;
    assert!(
        matches!(refused, Err(Error::Obstacle(Obstacle::Empty(_)))),
        "{refused:?}"
    );
    let kept = office
        .file_for_case(
            office.company(),
            Some(receipt.case),
            FilePurpose::Note,
            &[upload("bleibt")],
        )
        .await
        .unwrap();
    let id = kept[0].id();
    office
        .note(&vera.scope, receipt.case, 0, "mit Anlage", kept)
        .await
        .unwrap();
    assert_eq!(sealed_files(&office), 2);

    // Younger than a day nobody can tell it from one that is about to be named. Files carry the machine's time.
    office.clock.set(SystemClock.now() + TimeDelta::hours(20));
    office.sweep().await.unwrap();
    assert_eq!(sealed_files(&office), 2);
    office.clock.set(SystemClock.now() + TimeDelta::hours(26));
    office.sweep().await.unwrap();
    assert_eq!(sealed_files(&office), 1);
    assert!(office.open_file(&vera.scope, id).await.is_ok());
    office.restart().await;
    office.jobs_run().await;
}

#[tokio::test]
async fn uploads_of_a_form_that_was_never_sent_go_after_two_days() {
    let office = Office::open().await;
    let form = rechtzeitig::casework::Token::generate();
    let upload = |name: &str| Upload {
        name: name.to_owned().into(),
        media_type: "text/plain".into(),
        bytes: name.into(),
    };
    office
        .keep_uploads(
            "kontor",
            &form,
            vec![upload("eins.txt"), upload("zwei.txt")],
        )
        .await
        .unwrap();
    let held = office.uploads_of("kontor", &form).await.unwrap();
    assert_eq!(held.len(), 2);
    assert!(
        office
            .uploads_of("fliesen", &form)
            .await
            .unwrap()
            .is_empty(),
        "another controller's form"
    );
    office
        .drop_upload("kontor", &form, held[0].0)
        .await
        .unwrap();
    assert_eq!(
        (
            office.uploads_of("kontor", &form).await.unwrap().len(),
            sealed_files(&office)
        ),
        (1, 1)
    );
    office.days_pass(3);
    office.jobs_run().await;
    assert_eq!(
        (
            office.uploads_of("kontor", &form).await.unwrap().len(),
            sealed_files(&office)
        ),
        (0, 0)
    );
}

#[tokio::test]
async fn forms_that_were_never_sent_are_forgotten_however_many_they_are() {
    let office = Office::open().await;
    let before = sealed_files(&office);
    let uploads: Vec<Upload> = (0..210)
        .map(|number| Upload {
            name: format!("{number}.txt").into(),
            media_type: "text/plain".into(),
            bytes: vec![7],
        })
        .collect();
    let form = rechtzeitig::casework::Token::generate();
    office.keep_uploads("kontor", &form, uploads).await.unwrap();
    office.days_pass(3);
    office.sweep().await.unwrap();
    assert_eq!(sealed_files(&office), before);
}
