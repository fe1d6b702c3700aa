//! A request for data that we hold for a customer: passed on, told to both, and never answered by us.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::forwarding::{Obeying, Passing};
use rechtzeitig::casework::slips::How;
use rechtzeitig::domain::forwarding::{Obeyed, Side};
use rechtzeitig::domain::misdirection::WhyNot;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::Office;
use crate::support::smtp::Behaviour;

fn passing(holds: &str, person: How) -> Passing {
    Passing {
        to: "kunde".into(),
        holds: holds.into(),
        wholly: true,
        customer: How::Mail,
        person,
    }
}

#[tokio::test]
async fn art_28_3_a_request_is_passed_on_with_both_notices_and_a_doubted_instruction_asks_back() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Weiterleit", Role::Handler).await;
    let jan = office.subject("Jan Fremddaten", "jan@post-f1.example");
    let case = jan.asks_and_confirms(&office, &[Right::Erasure]).await.case;
    let before = jan.mails(&office).len();
    let (_, seen) = vera.sees(&office, case).await;
    let unsaid = office
        .forward(&vera.scope, case, seen, passing(" ", How::Mail))
        .await;
    assert!(
        matches!(unsaid, Err(Error::Obstacle(Obstacle::Empty("holds")))),
        "{unsaid:?}"
    );
    let held = "sein Kundenportal";
    office
        .forward(&vera.scope, case, seen, passing(held, How::Mail))
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert_ne!(
        known.items[0].state_code(),
        "forwarded",
        "both lie in the outbox"
    );
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    assert_eq!(known.items[0].state_code(), "forwarded");
    let told = office.last_mail_to("datenschutz@musterbau.example");
    assert!(told.text.contains("Jan Fremddaten"), "{}", told.text);
    let mail = office.last_mail_to(&jan.email);
    assert_eq!(jan.mails(&office).len(), before + 1);
    assert!(mail.text.contains("Musterbau"), "{}", mail.text);

    let today = office.today();
    office
        .instructed(&vera.scope, case, seen, "kunde", ("Alles löschen.", today))
        .await
        .unwrap();
    let (_, seen) = vera.sees(&office, case).await;
    let doubted = Obeying::Doubted(
        "Art. 17 Abs. 3 lit. b DSGVO".into(),
        "Rechnungen sind noch aufzubewahren.".into(),
        How::Mail,
    );
    office
        .settle_instruction(&vera.scope, case, seen, "kunde", doubted)
        .await
        .unwrap();
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    let outcome = &known.forwarded[0].instructions[0].outcome;
    assert!(matches!(outcome, Obeyed::Doubted { .. }), "{outcome:?}");
    let asked = office.last_mail_to("datenschutz@musterbau.example");
    assert!(asked.text.contains("Rechnungen"), "{}", asked.text);
}

#[tokio::test]
async fn it_is_forwarded_only_when_the_letter_to_the_person_was_posted() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Papierweg", Role::Handler).await;
    let ida = office.subject("Ida Papier", "ida@post-f2.example");
    let case = ida.asks(&office, &[Right::Access]).await.case;
    let (_, seen) = vera.sees(&office, case).await;
    office
        .forward(&vera.scope, case, seen, passing("Portal", How::Paper))
        .await
        .unwrap();
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    assert_ne!(known.items[0].state_code(), "forwarded");
    let side = Side::Person;
    office
        .forwarding_posted(&vera.scope, case, seen, ("kunde", side), office.today())
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.items[0].state_code(), "forwarded");
    office.jobs_run().await;
}

#[tokio::test]
async fn art_28_3_a_notice_that_the_mail_server_refuses_is_owed_as_a_letter() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Abgewiesen", Role::Handler).await;
    let kai = office.subject("Kai Kundendaten", "kai@post-f3.example");
    let case = kai.asks_and_confirms(&office, &[Right::Access]).await.case;
    office.jobs_run().await;
    let (_, seen) = vera.sees(&office, case).await;
    office
        .forward(&vera.scope, case, seen, passing("Portal", How::Mail))
        .await
        .unwrap();
    // The customer's is refused, the person's is taken.
    office.sink.behave_next([Behaviour::NotAtAll]);
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    let one = &known.forwarded[0];
    assert!(one.to_post() && !one.told(), "{one:?}");
    assert_ne!(known.items[0].state_code(), "forwarded");
    assert!(known.unread, "somebody has to see to it");
    for side in [Side::Customer, Side::Person] {
        let (_, seen) = vera.sees(&office, case).await;
        office
            .forwarding_posted(&vera.scope, case, seen, ("kunde", side), office.today())
            .await
            .unwrap();
    }
    let (known, later) = vera.sees(&office, case).await;
    assert_eq!(known.items[0].state_code(), "forwarded");
    assert!(later > seen);
    office.jobs_run().await;
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_passed_on_by_mail() {
    let office = Office::open_with(|plan| plan.mail = false).await;
    let vera = office.clerk("Vera Postlos", Role::Decider).await;
    let ole = office.subject("Ole Offline", "ole@post-f4.example");
    let case = ole.asks(&office, &[Right::Access]).await.case;
    let (_, seen) = vera.sees(&office, case).await;
    let passed = office
        .forward(&vera.scope, case, seen, passing("Portal", How::Paper))
        .await;
    assert!(
        matches!(passed, Err(Error::Obstacle(Obstacle::NoMailServer))),
        "{passed:?}"
    );
    let why = (WhyNot::Elsewhere, "gehört zur Schwester");
    let ended = office
        .misdirected(&vera.scope, case, seen, why, How::Mail)
        .await;
    assert!(
        matches!(ended, Err(Error::Obstacle(Obstacle::NoMailServer))),
        "{ended:?}"
    );
    office.jobs_run().await;
}

#[tokio::test]
async fn what_is_not_for_us_ends_when_the_short_letter_has_left() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Irrläufer", Role::Decider).await;
    let why = || (WhyNot::Elsewhere, "gehört zur Schwester");
    let gus = office.subject("Gus Gutangekommen", "gus@post-f5.example");
    let case = gus.asks_and_confirms(&office, &[Right::Access]).await.case;
    office.jobs_run().await;
    let (_, seen) = vera.sees(&office, case).await;
    let written = office
        .misdirected(&vera.scope, case, seen, why(), How::Mail)
        .await
        .unwrap();
    assert_eq!(written.case.closed, None, "it lies in the outbox");
    office.days_pass(1);
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.items[0].state_code(), "misdirected");
    assert_eq!(known.closed, Some(office.today()));

    let gil = office.subject("Gil Gegenstandslos", "gil@post-f5.example");
    let case = gil.asks_and_confirms(&office, &[Right::Access]).await.case;
    office.jobs_run().await;
    let (_, seen) = vera.sees(&office, case).await;
    office
        .misdirected(&vera.scope, case, seen, why(), How::Mail)
        .await
        .unwrap();
    office.sink.behave_next([Behaviour::NotAtAll]);
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    assert!(known.closed.is_none() && known.unread);
    let posted = office
        .misdirected(&vera.scope, case, seen, why(), How::Posted(office.today()))
        .await
        .unwrap();
    assert!(posted.case.closed.is_some() && posted.case.misdirection.is_none());
    office.jobs_run().await;
}
