//! Somebody wants to be forgotten, or no advertising.

use rechtzeitig::casework::Error;
use rechtzeitig::domain::decision::{Decision, Done};
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::look::Point;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::stage::Stage;

use crate::support::office::Office;

#[tokio::test]
async fn copy_first_then_delete_makes_two_answers_in_that_order() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Zuerstkopie", Role::Decider).await;
    let konrad = office.subject("Konrad Kopievor", "konrad@post-e1.example");
    let mut wish = konrad.wish(&[Right::Access, Right::Erasure]);
    wish.copy_first = Some(true);
    let case = konrad.sends(&office, wish).await.case;
    office.jobs_run().await;
    konrad.confirms(&office).await;

    vera.confirms_identity(&office, case).await;
    vera.finds(&office, case, "Ladenkonto", "Konto seit 2021")
        .await;
    vera.finds_nothing_else(&office, case).await;
    vera.decides(
        &office,
        case,
        Right::Access,
        Decision::granted("Eine Kopie liegt bei."),
    )
    .await;
    vera.decides(
        &office,
        case,
        Right::Erasure,
        Decision::granted("Ihr Konto wird entfernt."),
    )
    .await;
    let (_, seen) = vera.sees(&office, case).await;
    let done = Done {
        system: "Ladenkonto".into(),
        what: "Konto entfernt".to_owned().into(),
        on: office.today(),
    };
    let second = crate::support::people::colleague(&office);
    let looked = office.look(&second, case, seen, Right::Erasure, &Point::BEFORE_ERASURE);
    let seen = looked.await.unwrap().revision;
    let early = office
        .carry_out(&vera.scope, case, seen, Right::Erasure, vec![done])
        .await;
    assert!(
        matches!(early, Err(Error::Obstacle(Obstacle::CopyFirst))),
        "{early:?}"
    );

    let first = vera.releases(&office, case, Way::Portal).await;
    assert_eq!(first.case.answers[0].released().rights, [Right::Access]);
    office.jobs_run().await;
    let copy = konrad.link(&office, "answer");
    let page = office.answer_page(&copy).await.unwrap();
    assert!(page.package.is_some());
    konrad.opens_answer(&office, &copy).await;
    office.fetched(case, page.letter).await.unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.stage(), Stage::Act, "the erasure is still owed");

    vera.carries_out(
        &office,
        case,
        Right::Erasure,
        "Ladenkonto",
        "Konto und Anschriften entfernt",
    )
    .await;
    vera.tells_recipients(&office, case).await;
    let preview = office.preview(&vera.scope, case).await.unwrap();
    assert!(
        preview
            .printed
            .text
            .contains("Konto und Anschriften entfernt"),
        "{}",
        preview.printed.text
    );
    assert!(preview.package.is_none(), "the copy is not sent twice");
    vera.releases(&office, case, Way::Portal).await;
    office.jobs_run().await;
    let last = konrad.link(&office, "answer");
    assert_ne!(last.digest(), copy.digest());
    let letter = office.answer_page(&last).await.unwrap().letter;
    office.fetched(case, letter).await.unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!((known.stage(), known.answers.len()), (Stage::Done, 2));
}

#[tokio::test]
async fn nothing_held_is_said_with_what_was_searched() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Leerfund", Role::Decider).await;
    let nora = office.subject("Nora Niegesehen", "nora@post-e2.example");
    let case = nora.asks_and_confirms(&office, &[Right::Access]).await.case;
    vera.confirms_identity(&office, case).await;

    // The paper files cannot be searched by what is known; the meter holds nothing and was never asked.
    let (known, seen) = vera.sees(&office, case).await;
    assert_eq!(known.collection.tasks.len(), 4);
    let closed = office
        .close_unsearchable(&vera.scope, case, seen)
        .await
        .unwrap();
    assert_eq!(closed.case.collection.open(), 3);
    let (_, seen) = vera.sees(&office, case).await;
    let verdict = rechtzeitig::casework::decision::Verdict {
        right: Right::Access,
        decision: Decision::nothing_held("Wir haben nichts gefunden."),
        weighing: rechtzeitig::domain::weighing::Weighing::default(),
        done: vec![],
    };
    let early = office.decide(&vera.scope, case, seen, vec![verdict]).await;
    assert!(
        matches!(early, Err(Error::Obstacle(Obstacle::TasksOpen { open: 3 }))),
        "{early:?}"
    );

    vera.finds_nothing_else(&office, case).await;
    vera.decides(
        &office,
        case,
        Right::Access,
        Decision::nothing_held("Wir haben nichts gefunden."),
    )
    .await;
    let preview = office.preview(&vera.scope, case).await.unwrap();
    assert!(
        preview.printed.text.contains("Warenwirtschaft"),
        "{}",
        preview.printed.text
    );
    let searched = preview
        .printed
        .text
        .lines()
        .find(|line| line.starts_with("Gesucht haben wir in"))
        .unwrap();
    assert!(!searched.contains("Papierakten"), "{searched}");
    assert!(
        preview
            .printed
            .text
            .contains("Nicht gesucht haben wir hier")
            && preview
                .printed
                .text
                .contains("mit den bekannten Angaben nicht durchsuchbar"),
        "{}",
        preview.printed.text
    );
    assert!(preview.package.is_none());
    vera.releases(&office, case, Way::Portal).await;
    office.jobs_run().await;
    let page = office
        .answer_page(&nora.link(&office, "answer"))
        .await
        .unwrap();
    assert!(page.good && page.package.is_none());
}

#[tokio::test]
async fn an_objection_to_advertising_never_waits_for_a_proof() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Werbestopp", Role::Decider).await;
    let willi = office.subject("Willi Werbefrei", "willi@post-e3.example");
    let case = willi
        .asks_and_confirms(&office, &[Right::MarketingObjection])
        .await
        .case;
    let asked = vera.asks_for_proof(&office, case, true).await;
    assert!(
        matches!(asked, Err(Error::Obstacle(Obstacle::NeverWaits(_)))),
        "{asked:?}"
    );

    let (_, seen) = vera.sees(&office, case).await;
    office.begin_search(&vera.scope, case, seen).await.unwrap();
    vera.decides(
        &office,
        case,
        Right::MarketingObjection,
        Decision::granted("Sie bekommen keine Werbung mehr."),
    )
    .await;
    vera.carries_out(
        &office,
        case,
        Right::MarketingObjection,
        "Rundbrief",
        "Adresse gesperrt",
    )
    .await;
    let released = vera.releases(&office, case, Way::Portal).await;
    assert!(
        released.case.identity.confirmed().is_err(),
        "without a proof"
    );
    office.jobs_run().await;
    assert!(
        office
            .answer_page(&willi.link(&office, "answer"))
            .await
            .unwrap()
            .good
    );

    // What gives data out does wait.
    let other = willi.wish(&[Right::Access]);
    let case = willi.sends(&office, other).await.case;
    let (_, seen) = vera.sees(&office, case).await;
    let early = office.begin_search(&vera.scope, case, seen).await;
    assert!(
        matches!(early, Err(Error::Obstacle(Obstacle::IdentityOpen))),
        "{early:?}"
    );
    office.jobs_run().await;
}
