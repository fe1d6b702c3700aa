//! What comes in by other ways and from other senders: processors, controllers, authorities, applicants.

use rechtzeitig::casework::intake::Entry;
use rechtzeitig::casework::{Error, Filter, Token};
use rechtzeitig::domain::arrival::{Arrival, AtProcessor};
use rechtzeitig::domain::calendar::Calendar;
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::intake::Channel;
use rechtzeitig::domain::matter::Matter;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::{Office, day};
use crate::support::people::Clerk;

async fn entered(office: &Office, by: &Clerk, change: impl FnOnce(&mut Entry)) -> CaseId {
    let person = office.subject("Erik Eingang", "erik@post-i1.example");
    let mut wish = person.wish(&[Right::Access]);
    wish.email = None;
    let mut entry = Entry {
        form: Token::generate(),
        controller: office.company(),
        channel: Channel::Helpdesk,
        received: office.today(),
        arrival: Arrival::default(),
        matter: Matter::Request,
        confidential: false,
        wish,
        files: vec![],
    };
    change(&mut entry);
    office.enter(&by.scope, entry).await.unwrap().case
}

#[tokio::test]
async fn a_request_at_a_processor_counts_from_the_day_it_reached_him() {
    let office = Office::open().await;
    office.it_becomes(day("2026-03-10"));
    let vera = office.clerk("Vera Umweg", Role::Handler).await;
    let case = entered(&office, &vera, |entry| {
        entry.received = day("2026-03-02");
        entry.arrival.taken_in_by = "Kundendienst".into();
        entry.arrival.processor = Some(AtProcessor {
            name: "Rechenzentrum Beispiel".into(),
            reached: day("2026-03-02"),
            passed_on: day("2026-03-09"),
        });
    })
    .await;
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.due(), day("2026-04-02"));
    let both = known.intake.arrival.processor.unwrap();
    assert_eq!(both.passed_on, day("2026-03-09"));
    office.jobs_run().await;
}

#[tokio::test]
async fn the_day_of_receipt_is_put_right_by_a_decider_with_a_reason_and_the_old_one_stays() {
    let office = Office::open().await;
    office.it_becomes(day("2026-03-10"));
    let vera = office.clerk("Vera Stempel", Role::Decider).await;
    let hans = office.clerk("Hans Handwerk", Role::Handler).await;
    let case = entered(&office, &hans, |_| {}).await;
    let (_, seen) = hans.sees(&office, case).await;
    let (before, earlier) = (day("2026-03-10"), day("2026-03-03"));
    let handled = office
        .correct_receipt(&hans.scope, case, seen, earlier, "Stempel")
        .await;
    assert!(matches!(
        handled,
        Err(Error::Obstacle(Obstacle::RoleLacking { .. }))
    ));
    let mute = office
        .correct_receipt(&vera.scope, case, seen, earlier, " ")
        .await;
    assert!(matches!(
        mute,
        Err(Error::Obstacle(Obstacle::Empty("because")))
    ));
    office
        .correct_receipt(&vera.scope, case, seen, earlier, "Stempel")
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(
        (known.intake.received, known.due()),
        (earlier, day("2026-04-07"))
    );
    assert_eq!(known.intake.arrival.corrections[0].old, before);
    office.jobs_run().await;
}

#[tokio::test]
async fn art_19_a_notice_of_another_controller_asks_nobody_who_she_is() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Empfang", Role::Decider).await;
    let case = entered(&office, &vera, |entry| {
        entry.matter = Matter::Recipient {
            reference: "AZ 7".into(),
        };
        entry.wish.rights = vec![Right::Erasure];
        entry.wish.name = "Partner GmbH".into();
        entry.wish.data_subject = Some("Nina Notiz".into());
    })
    .await;
    let (known, seen) = vera.sees(&office, case).await;
    assert_eq!(known.display_name().reveal(), "Nina Notiz");
    assert_eq!(
        known.understand(&[Right::Access], Calendar::shipped()),
        Err(Obstacle::NoRight)
    );
    office.begin_search(&vera.scope, case, seen).await.unwrap();
    office.jobs_run().await;
}

#[tokio::test]
async fn art_31_a_letter_of_an_authority_has_the_date_that_it_sets() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Behörde", Role::Decider).await;
    let case = entered(&office, &vera, |entry| {
        entry.matter = Matter::Authority {
            reference: "III-4".into(),
            due: day("2026-03-16"),
        };
        entry.wish.rights = vec![];
        entry.wish.name = "Aufsicht Musterland".into();
    })
    .await;
    let (known, seen) = vera.sees(&office, case).await;
    assert_eq!(known.due(), day("2026-03-16"));
    let answer = (office.today(), "Akte als PDF, per Post");
    let alone = office
        .answer_authority(&vera.scope, case, seen, answer, vec![])
        .await;
    assert!(
        matches!(alone, Err(Error::Obstacle(Obstacle::OfficerUnasked))),
        "{alone:?}"
    );
    office
        .ask_officer(&vera.scope, case, seen, office.today())
        .await
        .unwrap();
    let (_, seen) = vera.sees(&office, case).await;
    office
        .answer_authority(&vera.scope, case, seen, answer, vec![])
        .await
        .unwrap();
    assert!(vera.sees(&office, case).await.0.closed.is_some());
    office.jobs_run().await;
}

#[tokio::test]
async fn an_applicants_case_is_seen_by_deciders_alone() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Personal", Role::Decider).await;
    let hans = office.clerk("Hans Schalter", Role::Handler).await;
    let case = entered(&office, &hans, |entry| entry.confidential = true).await;
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.assignee, None, "who entered it sees it no more");

    let shut = office.open(&hans.scope, case).await;
    assert!(matches!(shut, Err(Error::NotFound)), "{shut:?}");
    let listed = async |scope| {
        let page = office.queue(scope, Filter::default(), None, 9).await;
        let count = office.count(scope, Filter::default(), 9).await.unwrap();
        let found = office.find(scope, "Erik Eingang", None, 9).await.unwrap();
        let number = office.by_number(scope, &known.number).await.unwrap();
        (
            page.unwrap().lines.len(),
            count,
            found.lines.len(),
            number.len(),
        )
    };
    assert_eq!(listed(&hans.scope).await, (0, 0, 0, 0));
    assert_eq!(listed(&vera.scope).await, (1, 1, 1, 1));
    office.jobs_run().await;
}
