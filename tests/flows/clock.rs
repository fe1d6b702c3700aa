//! The clock of a case: stopped, started, extended, and reckoned anew.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::deadline::ScopeQuestion;
use rechtzeitig::casework::reading::PublicStage;
use rechtzeitig::casework::slips::How;
use rechtzeitig::domain::deadline::{ClockObstacle, PauseKind, Step};
use rechtzeitig::domain::event::Event;
use rechtzeitig::domain::identity::Finding;
use rechtzeitig::domain::misdirection::WhyNot;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::{Office, day};
use crate::support::people::known_address;
use crate::support::smtp::Behaviour;

#[tokio::test]
async fn a_question_of_identity_stops_the_clock_and_the_answer_starts_it() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Stoppuhr", Role::Decider).await;
    let pia = office.subject("Pia Pausenhof", "pia@post-k1.example");
    let receipt = pia.asks(&office, &[Right::Access]).await;
    office.jobs_run().await;
    let unproven = vera.asks_for_proof(&office, receipt.case, true).await;
    assert!(
        matches!(unproven, Err(Error::Obstacle(Obstacle::MailboxUnproven))),
        "{unproven:?}"
    );
    pia.confirms(&office).await;

    vera.asks_for_proof(&office, receipt.case, true)
        .await
        .unwrap();
    office.jobs_run().await;
    let mail = office.last_mail_to(&pia.email);
    assert!(
        mail.text.contains("steht bei zwei Kundinnen")
            && mail.text.contains("Nummer einer Ihrer Rechnungen"),
        "{}",
        mail.text
    );
    assert_eq!(
        office.status(&receipt.status).await.unwrap().stage,
        PublicStage::NeedsYou
    );

    office.days_pass(10);
    office
        .hear(&receipt.status, "Rechnung 2025-11", vec![])
        .await
        .unwrap();
    let outcome = vera.confirms_identity(&office, receipt.case).await;
    let term = &outcome.case.term;
    // Ten days after 2 April is a Sunday.
    assert_eq!(term.due(), day("2026-04-13"));
    assert_eq!(
        term.earliest(),
        day("2026-04-02"),
        "reminders trust no pause"
    );
    let counted = |step: &Step| {
        matches!(step, Step::PauseCounted { asked, answered, days: 10, .. }
        if *asked == day("2026-03-02") && *answered == day("2026-03-12"))
    };
    assert!(
        term.deadline.because.iter().any(counted),
        "{:?}",
        term.deadline.because
    );
    office.jobs_run().await;
    let found = office
        .find(&vera.scope, "Pausenhof", None, 10)
        .await
        .unwrap();
    assert_eq!(
        found.lines[0].due,
        day("2026-04-13"),
        "found under its new date"
    );
}

#[tokio::test]
async fn an_extension_tells_its_reasons_in_time_and_once() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Mehrzeit", Role::Decider).await;
    let hilde = office.clerk("Hilde Hilfreich", Role::Handler).await;
    let lars = office.subject("Lars Langsamen", "lars@post-k2.example");
    let case = lars.asks_and_confirms(&office, &[Right::Access]).await.case;
    let (_, seen) = vera.sees(&office, case).await;
    let reasons = "Ihre Anfrage betrifft zwölf Jahre Schriftwechsel.";
    let lesser = office
        .extend(&hilde.scope, case, seen, &[], reasons, None)
        .await;
    assert!(
        matches!(lesser, Err(Error::Obstacle(Obstacle::RoleLacking { .. }))),
        "{lesser:?}"
    );
    let silent = office
        .extend(&vera.scope, case, seen, &[], "  ", None)
        .await;
    assert!(
        matches!(
            silent,
            Err(Error::Obstacle(Obstacle::Clock(ClockObstacle::NoReasons)))
        ),
        "{silent:?}"
    );

    let extended = office
        .extend(&vera.scope, case, seen, &[], reasons, None)
        .await
        .unwrap();
    assert_eq!(
        extended.case.due(),
        day("2026-04-02"),
        "a notice that nobody has taken extends nothing"
    );
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.due(), day("2026-06-02"));
    let mail = office.last_mail_to(&lars.email);
    assert!(
        mail.text.contains(reasons) && mail.text.contains("2. Juni 2026"),
        "{}",
        mail.text
    );
    let (_, seen) = vera.sees(&office, case).await;
    let again = office
        .extend(&vera.scope, case, seen, &[], reasons, None)
        .await;
    assert!(
        matches!(
            again,
            Err(Error::Obstacle(Obstacle::Clock(
                ClockObstacle::AlreadyExtended
            )))
        ),
        "{again:?}"
    );

    let jana = office.subject("Jana Jahrzehnt", "jana@post-k2.example");
    // The clerk who acts does not know yet that the notice is refused for good.
    let refused = jana.asks_and_confirms(&office, &[Right::Access]).await.case;
    let (_, seen) = vera.sees(&office, refused).await;
    office
        .extend(&vera.scope, refused, seen, &[], reasons, None)
        .await
        .unwrap();
    office.sink.behave_next([Behaviour::NotAtAll]);
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, refused).await;
    assert_eq!(known.due(), day("2026-04-02"));

    let late = lars.asks(&office, &[Right::Access]).await.case;
    office.days_pass(32);
    let (_, seen) = vera.sees(&office, late).await;
    let missed = office
        .extend(&vera.scope, late, seen, &[], reasons, None)
        .await;
    assert!(
        matches!(
            missed,
            Err(Error::Obstacle(Obstacle::Clock(
                ClockObstacle::NoticeTooLate { .. }
            )))
        ),
        "{missed:?}"
    );
    office.jobs_run().await;
}

#[tokio::test]
async fn another_place_or_table_moves_open_cases_by_an_event_that_names_both_dates() {
    let mut office = Office::open().await;
    let vera = office.clerk("Vera Umzug", Role::Decider).await;
    let fred = office.subject("Fred Fronleich", "fred@post-k3.example");
    office.it_becomes(day("2026-05-04"));
    let open = fred.asks(&office, &[Right::Access]).await;
    let closed = fred.asks(&office, &[Right::Access]).await;
    let (_, seen) = vera.sees(&office, closed.case).await;
    let told = How::Waived("mündlich geklärt".into());
    office
        .misdirected(
            &vera.scope,
            closed.case,
            seen,
            (WhyNot::Elsewhere, "gehört zur Schwester"),
            told,
        )
        .await
        .unwrap();
    office.jobs_run().await;
    // Corpus Christi falls on 4 June, and is none in Hamburg.
    assert_eq!(open.due, day("2026-06-05"));

    let moved = async |office: &Office, case| {
        let timeline = office.case_file(&vera.scope, case).await.unwrap().timeline;
        let dates = timeline
            .into_iter()
            .filter_map(|happened| match happened.event {
                Event::Recomputed { old, new, .. } => Some((old, new)),
                _ => None,
            });
        dates.collect::<Vec<_>>()
    };
    office.restart_with(|plan| plan.place = "DE-HH").await;
    office.jobs_run().await;
    assert_eq!(
        moved(&office, open.case).await,
        [(day("2026-06-05"), day("2026-06-04"))]
    );
    assert_eq!(
        office
            .find(&vera.scope, "fronleich", None, 10)
            .await
            .unwrap()
            .lines
            .len(),
        2
    );
    office.restart().await;
    office.jobs_run().await;
    assert_eq!(moved(&office, open.case).await.len(), 1, "once");

    let table = include_str!("../../config/holidays.csv")
        .replace("version,2026-1,", "version,2026-test,")
        + "once,2026-06-04,DE-HH,,,Hafentag,Harbour Day\n";
    office
        .restart_with(|plan| plan.holidays = Some(table))
        .await;
    office.jobs_run().await;
    assert_eq!(
        moved(&office, open.case).await.last(),
        Some(&(day("2026-06-04"), day("2026-06-05")))
    );
    assert!(
        moved(&office, closed.case).await.is_empty(),
        "what is closed stays"
    );
    assert_eq!(
        office
            .queue(&vera.scope, Default::default(), None, 10)
            .await
            .unwrap()
            .lines[0]
            .due,
        day("2026-06-05")
    );
}

#[tokio::test]
async fn without_a_mail_server_an_extension_goes_by_letter() {
    let office = Office::open_with(|plan| plan.mail = false).await;
    let vera = office.clerk("Vera Papierweg", Role::Decider).await;
    let olga = office.subject("Olga Offline", "olga@post-k4.example");
    let case = olga.asks(&office, &[Right::Access]).await.case;
    let (_, seen) = vera.sees(&office, case).await;
    let (reasons, today) = ("Zwölf Jahre Schriftwechsel.", office.today());
    let by_mail = office
        .extend(&vera.scope, case, seen, &[], reasons, None)
        .await;
    assert!(
        matches!(by_mail, Err(Error::Obstacle(Obstacle::NoMailServer))),
        "{by_mail:?}"
    );
    let posted = office
        .extend(&vera.scope, case, seen, &[], reasons, Some(today))
        .await
        .unwrap();
    assert_eq!(posted.case.due(), day("2026-06-02"));
    office.jobs_run().await;
}

#[tokio::test]
async fn the_clock_runs_from_the_day_on_which_the_proof_came() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Liegezeit", Role::Decider).await;
    let nele = office.subject("Nele Nachweis", "nele@post-k5.example");
    let receipt = nele.asks_and_confirms(&office, &[Right::Access]).await;
    vera.asks_for_proof(&office, receipt.case, true)
        .await
        .unwrap();
    office.jobs_run().await;
    office.days_pass(4);
    office
        .hear(&receipt.status, "Rechnung 2025-12", vec![])
        .await
        .unwrap();
    let arrived = Some(office.today());
    office.days_pass(6);
    let (_, seen) = vera.sees(&office, receipt.case).await;
    let finding = Finding {
        arrived,
        ..known_address()
    };
    let outcome = office
        .weigh_identity(&vera.scope, receipt.case, seen, finding)
        .await
        .unwrap();
    // Four days, and not ten; 6 April is Easter Monday.
    assert_eq!(outcome.case.due(), day("2026-04-07"));
    office.jobs_run().await;
}

#[tokio::test]
async fn rec_63_a_question_about_the_scope_leaves_as_a_letter_and_rests_the_clock_of_the_copy() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Umfang", Role::Decider).await;
    let much = office.subject("Malte Vieldaten", "malte@post-k9.example");
    let rights = [Right::Access, Right::Rectification];
    let case = much.asks_and_confirms(&office, &rights).await.case;
    vera.confirms_identity(&office, case).await;
    let (known, seen) = vera.sees(&office, case).await;
    let first = known.due();
    let asked = ScopeQuestion {
        amount: "Zu Ihnen liegen rund 40.000 Einträge vor.".into(),
        areas: "Bestellungen\nSchriftwechsel".into(),
        pause: true,
    };
    office
        .ask_scope(&vera.scope, case, seen, asked)
        .await
        .unwrap();
    office.jobs_run().await;
    let mail = office.mails_to("malte@post-k9.example").pop().unwrap();
    let text = mail.text.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in ["40.000", "Schriftwechsel", "Sie müssen nichts auswählen"] {
        assert!(text.contains(words), "{text}");
    }
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.item(Right::Access).unwrap().state_code(), "clarify");

    office.days_pass(10);
    let (_, seen) = vera.sees(&office, case).await;
    let kind = Some(PauseKind::Scope);
    let on = office.today();
    let known = office
        .resume(&vera.scope, case, seen, kind, on)
        .await
        .unwrap()
        .case;
    let due = |right| known.item(right).unwrap().term.due();
    assert_eq!(due(Right::Rectification), first);
    assert!(due(Right::Access) > first);
    assert_eq!(known.item(Right::Access).unwrap().state_code(), "search");
}
