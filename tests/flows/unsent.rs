//! A question that has not left stops no clock: it waits in the outbox, lies on a desk, or was refused.

use rechtzeitig::casework::Token;
use rechtzeitig::casework::intake::Entry;
use rechtzeitig::domain::arrival::Arrival;
use rechtzeitig::domain::deadline::PauseKind;
use rechtzeitig::domain::event::Event;
use rechtzeitig::domain::identity::Knowledge;
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::intake::Channel;
use rechtzeitig::domain::matter::Matter;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::stage::Turn;

use crate::support::office::{Office, after, day};
use crate::support::people::Clerk;
use crate::support::smtp::Behaviour;

/// A letter without a mail address came in.
async fn by_letter(office: &Office, clerk: &Clerk, name: &str) -> CaseId {
    let person = office.subject(name, "ohne@post-u0.example");
    let mut wish = person.wish(&[Right::Access]);
    wish.email = None;
    wish.address = Some("Musterweg 1\n12345 Musterort".to_owned().into());
    let entry = Entry {
        form: Token::generate(),
        controller: office.company(),
        channel: Channel::Letter,
        received: office.today(),
        arrival: Arrival::default(),
        matter: Matter::Request,
        confidential: false,
        wish,
        files: vec![],
    };
    office.enter(&clerk.scope, entry).await.unwrap().case
}

#[tokio::test]
async fn art_12_6_the_clock_rests_from_the_day_on_which_the_question_left() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Warteschlange", Role::Decider).await;
    let uwe = office.subject("Uwe Unterwegs", "uwe@post-u1.example");
    let receipt = uwe.asks_and_confirms(&office, &[Right::Access]).await;
    let asked = vera
        .asks_for_proof(&office, receipt.case, true)
        .await
        .unwrap();
    assert!(asked.case.waiting(None).next().is_none(), "only queued");
    assert!(asked.case.unsent(PauseKind::Identity).is_some());

    office.days_pass(2);
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, receipt.case).await;
    let rests: Vec<_> = known.waiting(None).map(|pause| pause.asked).collect();
    assert_eq!(rests, [day("2026-03-04")]);
    assert!(known.unsent.is_empty());
    let turn = known.turn();
    assert_eq!(known.proof.asked.unwrap().on, day("2026-03-04"));
    assert_eq!(turn, Turn::Person);
}

#[tokio::test]
async fn art_12_6_a_question_that_left_too_late_or_never_stops_no_clock() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Unzustellbar", Role::Decider).await;
    let ute = office.subject("Ute Unerreicht", "ute@post-u2.example");
    let case = ute.asks_and_confirms(&office, &[Right::Access]).await.case;
    vera.asks_for_proof(&office, case, true).await.unwrap();
    office.sink.behave_next([Behaviour::NotAtAll]);
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert!(known.waiting(None).next().is_none());
    assert_eq!(known.turn(), Turn::Office, "she does not know of it");
    office.days_pass(20);
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.proof.reminded, None, "of what never left");

    let file = office.case_file(&vera.scope, case).await.unwrap();
    let failed = file
        .timeline
        .iter()
        .rev()
        .find_map(|happened| match happened.event {
            Event::MailFailed { message } => Some(message),
            _ => None,
        });
    office
        .send_again(&vera.scope, failed.unwrap())
        .await
        .unwrap();
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert!(known.unsent.is_empty() && known.waiting(None).next().is_none());
    let timeline = office.case_file(&vera.scope, case).await.unwrap().timeline;
    let noted = timeline
        .iter()
        .any(|it| matches!(&it.event, Event::Noted { text, .. } if text.reveal().contains("ruht aber nicht")));
    assert!(noted, "too late to rest, and the case says so");
}

#[tokio::test]
async fn art_12_6_a_printed_question_rests_the_clock_from_its_posting() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Briefschlitz", Role::Decider).await;
    for (name, lies, rests) in [("Paula Papier", 3, true), ("Peter Papier", 9, false)] {
        let case = by_letter(&office, &vera, name).await;
        let printed = office.today();
        let asked = vera.asks_for_proof(&office, case, true).await.unwrap().case;
        assert!(asked.waiting(None).next().is_none(), "only printed");
        assert_eq!(asked.turn(), Turn::Office);

        office.days_pass(lies);
        let (_, seen) = vera.sees(&office, case).await;
        let before = printed.pred_opt().unwrap();
        let early = office
            .question_posted(&vera.scope, case, seen, before)
            .await;
        assert!(early.is_err(), "{early:?}");
        let known = office
            .question_posted(&vera.scope, case, seen, office.today())
            .await
            .unwrap()
            .case;
        let asked: Vec<_> = known.waiting(None).map(|pause| pause.asked).collect();
        let expected: &[_] = &[after(printed, lies)];
        assert_eq!(asked, if rests { expected } else { &[] }, "{name}");
        assert_eq!(known.turn(), Turn::Person);
    }
    office.jobs_run().await;
}

#[tokio::test]
async fn art_12_6_a_second_question_that_is_refused_lets_the_clock_run_since_the_answer() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Rückläufer", Role::Decider).await;
    let una = office.subject("Una Unvollständig", "una@post-u3.example");
    let receipt = una.asks_and_confirms(&office, &[Right::Access]).await;
    vera.asks_for_proof(&office, receipt.case, true)
        .await
        .unwrap();
    office.jobs_run().await;
    office.days_pass(3);
    let answers = [(Knowledge::TicketNumber, "47".to_owned())];
    office
        .give_answers(&receipt.status, &Token::generate(), &answers)
        .await
        .unwrap();
    // The note to the clerk leaves first.
    office.jobs_run().await;
    let answered = office.today();
    office.days_pass(1);
    let (_, seen) = vera.sees(&office, receipt.case).await;
    let again = office
        .ask_again(
            &vera.scope,
            receipt.case,
            seen,
            "Zwei Ziffern fehlen.",
            None,
        )
        .await
        .unwrap();
    assert!(again.case.waiting(None).next().is_some(), "asked at once");
    office.sink.behave_next([Behaviour::NotAtAll]);
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, receipt.case).await;
    assert!(known.waiting(None).next().is_none());
    let pause = &known.term.period.pauses[0];
    assert_eq!(pause.answered, Some(answered));
}
