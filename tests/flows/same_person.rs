//! Cases that belong together, or only look so.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::ties::{Anew, OtherPerson};
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::ties::Tie;

use crate::support::office::{Office, day};

#[tokio::test]
async fn the_same_wish_once_more_ends_into_the_first_whose_clock_stands() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Doppel", Role::Handler).await;
    let uwe = office.subject("Uwe Ungeduld", "uwe@post-s1.example");
    let first = uwe.asks(&office, &[Right::Access]).await;
    office.days_pass(9);
    let second = uwe.asks(&office, &[Right::Access]).await;
    let (case, seen) = vera.sees(&office, second.case).await;
    let likely = office.likely_of(&vera.scope, &case).await.unwrap();
    assert_eq!(likely.len(), 1);
    assert_eq!(likely[0].id, first.case);
    office
        .end_as_repeat(&vera.scope, second.case, seen, first.case, "")
        .await
        .unwrap();
    let (case, _) = vera.sees(&office, second.case).await;
    assert!(case.closed.is_some());
    let (kept, _) = vera.sees(&office, first.case).await;
    assert_eq!((kept.closed, kept.due()), (None, first.due));
    assert_eq!(kept.ties.of(second.case), Some(Tie::Repeat));
    office.jobs_run().await;
}

#[tokio::test]
async fn the_same_name_is_not_the_same_person() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Namens", Role::Handler).await;
    let one = office.subject("Anna Müller", "anna@post-s2.example");
    let two = office.subject("Anna Müller", "anna.mueller@post-s3.example");
    let first = one.asks(&office, &[Right::Access]).await.case;
    let second = two.asks(&office, &[Right::Access]).await.case;
    let (case, seen) = vera.sees(&office, second).await;
    assert_eq!(office.likely_of(&vera.scope, &case).await.unwrap().len(), 1);
    let untold = office
        .end_as_repeat(&vera.scope, second, seen, first, " ")
        .await;
    assert!(
        matches!(untold, Err(Error::Obstacle(Obstacle::Empty("confirmed")))),
        "{untold:?}"
    );
    office
        .tie(&vera.scope, second, seen, first, Tie::Different)
        .await
        .unwrap();
    let (case, _) = vera.sees(&office, second).await;
    assert!(
        office
            .likely_of(&vera.scope, &case)
            .await
            .unwrap()
            .is_empty()
    );
    let (other, _) = vera.sees(&office, first).await;
    assert_eq!(other.ties.of(second), Some(Tie::Different));
    office.jobs_run().await;
}

#[tokio::test]
async fn two_persons_in_one_message_get_a_case_and_a_receipt_each() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Zweier", Role::Handler).await;
    let kai = office.subject("Kai Paarweise", "kai@post-s4.example");
    let lea = office.subject("Lea Paarweise", "lea@post-s5.example");
    let first = kai.asks(&office, &[Right::Access]).await.case;
    office.jobs_run().await;
    office.days_pass(3);
    let (_, seen) = vera.sees(&office, first).await;
    let other = OtherPerson {
        name: lea.name.clone().into(),
        email: Some(lea.email.clone().into()),
        address: None,
        rights: vec![Right::Erasure],
    };
    let (_, born) = office.split(&vera.scope, first, seen, other).await.unwrap();
    let (case, _) = vera.sees(&office, born).await;
    assert_eq!(case.intake.received, day("2026-03-02"));
    assert_eq!(case.rights(), vec![Right::Erasure]);
    assert_eq!(case.ties.of(first), Some(Tie::From));
    office.jobs_run().await;
    assert_eq!(lea.mails(&office).len(), 1, "a first mail of her own");
    lea.confirms(&office).await;
    assert_eq!(lea.mails(&office).len(), 2, "and a receipt");
}

#[tokio::test]
async fn a_new_right_in_an_old_thread_has_a_clock_of_its_own() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Neuanfang", Role::Handler).await;
    let ole = office.subject("Ole Nachtrag", "ole@post-s6.example");
    let first = ole.asks_and_confirms(&office, &[Right::Access]).await.case;
    let before = ole.mails(&office).len();
    office.days_pass(10);
    let (_, seen) = vera.sees(&office, first).await;
    let anew = Anew {
        received: day("2026-03-12"),
        rights: vec![Right::Erasure],
        text: "Löschen Sie bitte auch.".into(),
    };
    let (_, next) = office
        .take_anew(&vera.scope, first, seen, anew)
        .await
        .unwrap();
    let (case, _) = vera.sees(&office, next).await;
    assert_eq!(case.due(), day("2026-04-13"));
    office.jobs_run().await;
    // The mailbox was proven in the thread: no button to press again, a receipt at once.
    assert_eq!(ole.mails(&office).len(), before + 1);
}
