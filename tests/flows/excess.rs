//! A request that is abused (Art. 12(5) GDPR): a fee that is told before, or a no with both elements.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::decision::Verdict;
use rechtzeitig::casework::desk::Outcome;
use rechtzeitig::casework::letter::{By, Draft};
use rechtzeitig::domain::decision::{Decision, Ground};
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::fee::{Charge, Consent, Fee, FeeAnswer};
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::letter::About;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::weighing::{Excess, Weighing};
use rechtzeitig::letters::Kind;

use crate::support::office::{Office, day};
use crate::support::people::{Clerk, weighed};

fn fee() -> Draft {
    let text = |text: &str| text.to_owned().into();
    let fee = Fee {
        right: Right::Access,
        amount: text("18,40 Euro"),
        costs: text("46 Seiten Papier und Porto."),
        charge: Charge::Excess {
            objective: text("Dieselbe Auskunft haben Sie dreimal bekommen."),
            subjective: text("Sie kündigen an, damit fortzufahren, bis wir zahlen."),
            evidence: text("Ihr Schreiben vom 1. März 2026."),
        },
        free: text(""),
        until: day("2026-03-16"),
        answer: None,
    };
    Draft {
        about: About::Fee(fee),
        by: Some(By::Mail),
    }
}

/// Grants the access, and charges for it.
async fn charges(office: &Office, vera: &Clerk, case: CaseId) -> Result<Outcome, Error> {
    let (known, seen) = vera.sees(office, case).await;
    let yes = Decision::granted("Eine Kopie liegt bei.");
    let text = |text: &str| text.to_owned().into();
    let excess = Some(Excess {
        objective: text("dreimal dieselbe Auskunft"),
        subjective: text("angekündigt"),
        evidence: text("Schreiben vom 1. März 2026"),
        fee: Some(text("18,40 Euro")),
    });
    let weighing = Weighing {
        excess,
        officer: Some(text("gehört, keine Bedenken")),
        ..weighed(&known, Right::Access, &yes)
    };
    let verdict = Verdict {
        right: Right::Access,
        decision: yes,
        weighing,
        done: vec![],
    };
    office.decide(&vera.scope, case, seen, vec![verdict]).await
}

#[tokio::test]
async fn art_12_5_a_fee_is_charged_only_after_it_was_told_and_agreed_to_and_the_clock_runs_on() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Gebühr", Role::Decider).await;
    let karla = office.subject("Karla Nocheinmal", "karla@post-g1.example");
    let case = karla.asks_and_confirms(&office, &[Right::Access]).await;
    let case = case.case;
    vera.confirms_identity(&office, case).await;
    vera.finds(&office, case, "Ladenkonto", "Konto").await;
    vera.finds_nothing_else(&office, case).await;
    let right = Right::Access;
    let untold = |done: &Result<Outcome, Error>| {
        matches!(done, Err(Error::Obstacle(Obstacle::FeeUntold { .. })))
    };
    assert!(untold(&charges(&office, &vera, case).await));

    let (known, seen) = vera.sees(&office, case).await;
    let due = known.due();
    let letter = office.see_letter(&vera.scope, case, &fee()).await.unwrap();
    assert_eq!(letter.gaps, Vec::<String>::new());
    office
        .release_letter(&vera.scope, case, seen, &fee(), &letter.mark)
        .await
        .expect("released");
    assert!(untold(&charges(&office, &vera, case).await), "not sent yet");
    office.jobs_run().await;
    let mails = karla.mails(&office);
    let mail = mails.last().expect("the notice");
    let words: Vec<&str> = mail.text.split_whitespace().collect();
    let words = words.join(" ");
    for said in [
        "18,40 Euro",
        "dreimal bekommen",
        "bis wir zahlen",
        "vor Gericht",
    ] {
        assert!(words.contains(said), "{said} is missing in {words}");
    }
    let open = charges(&office, &vera, case).await;
    assert!(
        matches!(&open, Err(Error::Obstacle(Obstacle::FeeNotAgreed { .. }))),
        "{open:?}"
    );

    office.days_pass(3);
    let (_, seen) = vera.sees(&office, case).await;
    let agrees = FeeAnswer {
        consent: Consent::Agrees,
        on: office.today(),
        note: "E-Mail von heute".to_owned().into(),
    };
    office
        .answer_fee(&vera.scope, case, seen, (right, agrees))
        .await
        .expect("an answer");
    charges(&office, &vera, case).await.expect("a decision");
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.due(), due, "waiting for a fee moves no date");
}

#[tokio::test]
async fn art_12_5_who_does_not_want_to_pay_takes_the_request_back() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Rückzug", Role::Decider).await;
    let karla = office.subject("Karla Dannnicht", "karla@post-g2.example");
    let rights = [Right::Access, Right::Rectification];
    let case = karla.asks_and_confirms(&office, &rights).await.case;
    let (_, seen) = vera.sees(&office, case).await;
    let mark = office.see_letter(&vera.scope, case, &fee()).await.unwrap();
    office
        .release_letter(&vera.scope, case, seen, &fee(), &mark.mark)
        .await
        .expect("released");
    office.jobs_run().await;
    let (_, seen) = vera.sees(&office, case).await;
    let no = FeeAnswer {
        consent: Consent::Withdraws,
        on: office.today(),
        note: "am Telefon".to_owned().into(),
    };
    office
        .answer_fee(&vera.scope, case, seen, (Right::Access, no))
        .await
        .expect("an answer");
    let (known, _) = vera.sees(&office, case).await;
    let state = |right| known.item(right).unwrap().state_code();
    assert_eq!(state(Right::Access), "withdrawn");
    assert_ne!(state(Right::Rectification), "withdrawn");
}

#[tokio::test]
async fn art_12_5_a_no_as_excessive_has_a_letter_of_its_own_with_both_elements() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Ablehnung", Role::Decider).await;
    let karla = office.subject("Karla Lästig", "karla@post-g3.example");
    let rights = [Right::Access, Right::Erasure];
    let case = karla.asks_and_confirms(&office, &rights).await.case;
    vera.confirms_identity(&office, case).await;
    vera.finds_nothing_else(&office, case).await;
    let ground = Ground::new("Art. 12 Abs. 5 DSGVO", "zum zehnten Mal").unwrap();
    let no = Decision::refused("Die Anmeldung haben wir beendet.", vec![ground]).unwrap();
    vera.decides(&office, case, Right::Access, no).await;
    let nothing = Decision::nothing_held("");
    vera.decides(&office, case, Right::Erasure, nothing).await;

    let preview = office.preview(&vera.scope, case).await.unwrap();
    assert_eq!(preview.gaps, Vec::<String>::new());
    assert_eq!(preview.printed.kind, Kind::ExcessRefusal);
    let words: Vec<&str> = preview.printed.text.split_whitespace().collect();
    let words = words.join(" ");
    for said in [
        "Einen Teil lehnen wir ab: Auskunft",
        "zum zehnten Mal dieselbe Kopie",
        "kündigt an, nur lästig sein zu wollen",
        "zehn Schreiben in zwei Monaten",
        "Die Anmeldung haben wir beendet.",
        "Aufsicht für den Datenschutz im Musterland",
        "vor Gericht",
    ] {
        assert!(words.contains(said), "{said} is missing in {words}");
    }
    // Who decided looks again on the next morning, as before every letter.
    let own = office
        .release(
            &vera.scope,
            case,
            preview.revision,
            Way::Portal,
            &rechtzeitig::domain::look::Point::BEFORE_SENDING,
        )
        .await;
    assert!(
        matches!(own, Err(Error::Obstacle(Obstacle::NextMorning))),
        "{own:?}"
    );
    vera.releases(&office, case, Way::Portal).await;
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    let state = |right| known.item(right).unwrap().state_code();
    assert_eq!(
        (state(Right::Access), state(Right::Erasure)),
        ("sent", "review")
    );
    let rest = office.preview(&vera.scope, case).await.unwrap();
    assert_eq!(rest.printed.kind, Kind::Answer);
}
