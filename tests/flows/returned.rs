//! An answer that did not arrive, and one that was not enough.

use rechtzeitig::casework::Error;
use rechtzeitig::domain::delivery::{Delivery, Way};
use rechtzeitig::domain::ids::{CaseId, MessageId};
use rechtzeitig::domain::intake::PartyRole;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::stage::{Stage, Turn};

use crate::support::office::Office;
use crate::support::people::{Clerk, Subject};
use crate::support::smtp::Behaviour;

async fn released(office: &Office, clerk: &Clerk, person: &Subject) -> CaseId {
    let case = person
        .asks_and_confirms(office, &[Right::Access])
        .await
        .case;
    clerk.answers_access(office, case).await;
    case
}

#[tokio::test]
async fn a_mail_that_fails_for_good_leaves_the_answer_to_the_post() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Zweitweg", Role::Decider).await;
    let tina = office.subject("Tina Totbrief", "tina@post-z1.example");
    let case = released(&office, &vera, &tina).await;
    office.sink.behave_next([Behaviour::NotAtAll]);
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    assert!(matches!(known.answers[0], Delivery::Bounced { .. }));
    assert_eq!((known.stage(), known.turn()), (Stage::Review, Turn::Office));

    office
        .set_address(
            &vera.scope,
            case,
            seen,
            (PartyRole::Requester, "Nebenweg 3\n35037 Marburg"),
        )
        .await
        .unwrap();
    vera.releases(&office, case, Way::Post).await;
    let (_, seen) = vera.sees(&office, case).await;
    office
        .posted(&vera.scope, case, seen, office.today())
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert!(matches!(known.answers[1], Delivery::Sent { .. }));
    office.days_pass(4);
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert!(known.closed.is_some());
}

#[tokio::test]
async fn a_letter_that_comes_back_is_not_closed_over() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Rücklauf", Role::Decider).await;
    let rita = office.subject("Rita Retour", "rita@post-z2.example");
    let case = released(&office, &vera, &rita).await;
    office.jobs_run().await;
    office.days_pass(1);
    let (_, seen) = vera.sees(&office, case).await;
    office
        .returned(&vera.scope, case, seen, 1, office.today())
        .await
        .unwrap();
    office.days_pass(5);
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!((known.stage(), known.closed), (Stage::Review, None));
    vera.releases(&office, case, Way::Portal).await;
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert!(matches!(known.answers[1], Delivery::Sent { .. }));
}

#[tokio::test]
async fn a_download_does_not_close_over_what_she_wrote_and_a_second_answer_is_possible() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Nachschlag", Role::Decider).await;
    let hella = office.subject("Hella Halbvoll", "hella@post-z3.example");
    let receipt = hella.asks_and_confirms(&office, &[Right::Access]).await;
    vera.answers_access(&office, receipt.case).await;
    office.jobs_run().await;
    office
        .hear(&receipt.status, "Die Hälfte fehlt.", vec![])
        .await
        .unwrap();
    let link = hella.link(&office, "answer");
    let letter = office.answer_page(&link).await.unwrap().letter;
    office.fetched(receipt.case, letter).await.unwrap();
    let (known, seen) = vera.sees(&office, receipt.case).await;
    assert!(known.closed.is_none() && known.unread);

    office
        .reconsider(&vera.scope, receipt.case, seen, Right::Access)
        .await
        .unwrap();
    vera.finds(
        &office,
        receipt.case,
        "Ladenkonto",
        "Konto seit 2021, vergessen",
    )
    .await;
    vera.decides(
        &office,
        receipt.case,
        Right::Access,
        rechtzeitig::domain::decision::Decision::granted("Hier ist der Rest."),
    )
    .await;
    vera.releases(&office, receipt.case, Way::Portal).await;
    office.jobs_run().await;
    let next = hella.link(&office, "answer");
    assert_ne!(next.digest(), link.digest());
    let letter = office.answer_page(&next).await.unwrap().letter;
    office.fetched(receipt.case, letter).await.unwrap();
    let (known, _) = vera.sees(&office, receipt.case).await;
    assert_eq!((known.stage(), known.answers.len()), (Stage::Done, 2));
}

#[tokio::test]
async fn a_case_that_will_not_close_stops_none_behind_it() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Reihenfolge", Role::Decider).await;
    let (first, second) = (
        office.subject("Ida Immeroffen", "ida@post-z4.example"),
        office.subject("Jule Jetztzu", "jule@post-z4.example"),
    );
    let open = released(&office, &vera, &first).await;
    let quiet = released(&office, &vera, &second).await;
    office.jobs_run().await;
    office
        .sort_apart(&vera.scope, quiet, None, true)
        .await
        .unwrap();
    let (_, seen) = vera.sees(&office, open).await;
    office
        .understand(&vera.scope, open, seen, &[Right::Access, Right::Erasure])
        .await
        .unwrap();
    office.days_pass(4);
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, open).await;
    assert_eq!(known.closed, None);
    let (known, _) = vera.sees(&office, quiet).await;
    assert!(known.closed.is_some(), "sorted apart ends like the rest");
}

#[tokio::test]
async fn a_released_answer_is_called_back_before_it_leaves() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Widerruf", Role::Decider).await;
    let hans = office.clerk("Hans Helfend", Role::Handler).await;
    let rosa = office.subject("Rosa Rückruf", "rosa@post-z5.example");
    let case = released(&office, &vera, &rosa).await;
    let before = rosa.mails(&office).len();
    let (known, seen) = vera.sees(&office, case).await;
    assert_eq!(known.stage(), Stage::Delivery);
    let lesser = office
        .recall(&hans.scope, case, seen, 1, "Anlage fehlt")
        .await;
    assert!(lesser.is_err(), "{lesser:?}");
    let mute = office.recall(&vera.scope, case, seen, 1, " ").await;
    assert!(mute.is_err(), "{mute:?}");
    let known = office
        .recall(&vera.scope, case, seen, 1, "Anlage fehlt")
        .await
        .unwrap()
        .case;
    assert!(matches!(known.answers[0], Delivery::Recalled { .. }));
    assert_eq!((known.stage(), known.turn()), (Stage::Review, Turn::Office));
    let good = format!(
        "SELECT count(*) AS count FROM link WHERE case_id = {case} AND purpose = 'answer' AND revoked_at IS NULL"
    );
    assert_eq!(office.number_of(good).await, 0, "its link opens nothing");

    office.jobs_run().await;
    assert_eq!(rosa.mails(&office).len(), before, "nothing left");
    // Nor does it leave by hand.
    let file = office.case_file(&vera.scope, case).await.unwrap();
    let stopped =
        format!("SELECT id AS count FROM message WHERE case_id = {case} AND kind = 'answer-ready'");
    let message = MessageId(office.number_of(stopped).await);
    assert!(file.case.quiet_since().is_none());
    office.send_again(&vera.scope, message).await.unwrap();
    office.jobs_run().await;
    assert_eq!(rosa.mails(&office).len(), before);

    vera.releases(&office, case, Way::Portal).await;
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    assert!(matches!(known.answers[1], Delivery::Sent { .. }));
    let late = office
        .recall(&vera.scope, case, seen, 2, "doch nicht")
        .await;
    assert!(
        matches!(late, Err(Error::Obstacle(Obstacle::NothingUnderway))),
        "{late:?}"
    );
}
