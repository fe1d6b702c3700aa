//! What would be gone before the answer is due is secured at once, and reaches nobody before the proof.

use rechtzeitig::casework::FilePurpose;
use rechtzeitig::casework::filing::Upload;
use rechtzeitig::domain::collection::Outcome;
use rechtzeitig::domain::preserve::Secured;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::{Role, Scope};

use crate::support::office::Office;

#[tokio::test]
async fn art_15_3_a_log_that_rolls_off_is_secured_and_belongs_to_the_copy() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Sicherung", Role::Decider).await;
    let company = office.company();
    let mut systems = office.systems(&vera.scope, company).await.unwrap();
    let shop = systems
        .iter_mut()
        .find(|system| system.name == "Ladenkonto")
        .unwrap();
    shop.categories.first_mut().unwrap().period = "log:7".parse().ok();
    let id = shop.id;
    office
        .import_register(&Scope::of_house(company), company, systems)
        .await
        .unwrap();
    let lea = office.subject("Lea Logbuch", "lea@post-p1.example");
    let case = lea.asks_and_confirms(&office, &[Right::Access]).await.case;
    let (known, seen) = vera.sees(&office, case).await;
    let at_risk = office.to_preserve(&vera.scope, &known).await.unwrap();
    assert_eq!(at_risk.iter().map(|it| it.system).collect::<Vec<_>>(), [id]);

    let upload = Upload {
        name: "protokoll.txt".to_owned().into(),
        media_type: "text/plain".into(),
        bytes: b"2026-03-01 Anmeldung".to_vec(),
    };
    let files = office
        .file_for_case(company, Some(case), FilePurpose::Finding, &[upload])
        .await
        .unwrap();
    let secured = Secured::Done {
        note: "Auszug der letzten sieben Tage".to_owned().into(),
        files: files
            .iter()
            .map(rechtzeitig::casework::FileRow::id)
            .collect(),
    };
    let kept = vec![(id, secured)];
    office
        .preserve(&vera.scope, case, seen, kept, files)
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert!(
        office
            .to_preserve(&vera.scope, &known)
            .await
            .unwrap()
            .is_empty()
    );

    vera.confirms_identity(&office, case).await;
    let found = vera.finds(&office, case, "Ladenkonto", "Anmeldungen").await;
    let task = found
        .case
        .collection
        .tasks
        .iter()
        .find(|task| task.system == id)
        .unwrap();
    let Some(Outcome::Found { files, .. }) = task.outcome() else {
        panic!("{task:?}");
    };
    assert_eq!(
        files.len(),
        1,
        "what was secured is a part of what was found"
    );
}

#[tokio::test]
async fn art_5_1_e_what_was_secured_goes_with_the_copies_though_its_system_found_nothing() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Aufgeräumt", Role::Decider).await;
    let company = office.company();
    let lea = office.subject("Lea Leerfund", "lea@post-p2.example");
    let case = lea.asks_and_confirms(&office, &[Right::Access]).await.case;
    vera.confirms_identity(&office, case).await;
    let upload = Upload {
        name: "protokoll.txt".to_owned().into(),
        media_type: "text/plain".into(),
        bytes: b"2026-03-01 Anmeldung".to_vec(),
    };
    let files = office
        .file_for_case(company, Some(case), FilePurpose::Finding, &[upload])
        .await
        .unwrap();
    let ids: Vec<_> = files
        .iter()
        .map(rechtzeitig::casework::FileRow::id)
        .collect();
    let (known, seen) = vera.sees(&office, case).await;
    let secured = Secured::Done {
        note: "Auszug".to_owned().into(),
        files: ids.clone(),
    };
    let kept = vec![(known.collection.tasks[0].system, secured)];
    office
        .preserve(&vera.scope, case, seen, kept, files)
        .await
        .unwrap();
    vera.finds_nothing_else(&office, case).await;
    let (_, seen) = vera.sees(&office, case).await;
    office
        .withdraw(&vera.scope, case, seen, &[Right::Access], "per Telefon")
        .await
        .unwrap();
    let (_, seen) = vera.sees(&office, case).await;
    office.close(&vera.scope, case, seen).await.unwrap();

    let lies = async || {
        let sql = format!("SELECT count(*) AS count FROM file WHERE id = {}", ids[0]);
        office.number_of(sql).await
    };
    office.days_pass(89);
    office.jobs_run().await;
    assert_eq!(lies().await, 1);
    office.days_pass(1);
    office.jobs_run().await;
    assert_eq!(lies().await, 0);
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.aftermath.destroyed.len(), 1);
    assert_eq!(known.aftermath.destroyed[0].files, 1);
}
