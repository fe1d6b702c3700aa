//! What must be weighed before a yes, a part and a no.

use super::*;
use crate::domain::case::tests::{case as opened, clerk, now};
use crate::domain::collection::{Outcome, TaskState};
use crate::domain::decision::Ground;
use crate::domain::event::Event;
use crate::domain::ids::SystemId;
use crate::domain::judgement::End;

/// A case in which the books found invoices and notes.
fn case(right: Right) -> Case {
    let mut case = opened(&[right], None);
    let task = Task {
        system: SystemId(3),
        name: "Buchhaltung".into(),
        keys: vec![],
        categories: vec!["Rechnungen".into(), "Notizen".into()],
        marketing: false,
        state: TaskState::Open,
    };
    case.apply(&Event::SearchBegun { tasks: vec![task] }, now(), &clerk());
    let outcome = Outcome::Found {
        text: "zwei Rechnungen".to_owned().into(),
        files: vec![],
    };
    let system = SystemId(3);
    case.apply(&Event::TaskAnswered { system, outcome }, now(), &clerk());
    case
}

fn ground(law: &str) -> Ground {
    Ground::new(law, "Sachverhalt").unwrap()
}

#[test]
fn art_17_each_category_is_judged_and_the_three_questions_are_answered() {
    let case = case(Right::Erasure);
    let yes = Decision::granted("");
    let weigh = |weighing: &Weighing, decision: &Decision| {
        case.weighed(Right::Erasure, decision, weighing, false)
    };
    let mut weighing = Weighing::as_wished(&case, Right::Erasure);
    assert_eq!(weigh(&weighing, &yes), Ok(()));
    let dropped = weighing.judgements.pop().unwrap();
    let open = Obstacle::CategoryOpen {
        what: "Buchhaltung: Notizen".into(),
    };
    assert_eq!(weigh(&weighing, &yes), Err(open));
    weighing.judgements.push(dropped);
    weighing.three_way = None;
    assert_eq!(weigh(&weighing, &yes), Err(Obstacle::ChecksOpen));
    weighing.three_way = Some(ThreeWay::default());

    // A duty to keep, and yet all is to go; then the invoices stay.
    if let Some(check) = &mut weighing.three_way {
        check.duty.stands = true;
    }
    assert_eq!(weigh(&weighing, &yes), Err(Obstacle::ChecksIgnored));
    let invoices = weighing.judgements.first_mut().unwrap();
    invoices.treatment = Treatment::Restrict;
    invoices.ground = Some(ground("§ 147 AO"));
    invoices.end = Some(End::Day("2034-12-31".parse().unwrap()));
    let in_full = Obstacle::NotInFull {
        right: Right::Erasure,
    };
    assert_eq!(weigh(&weighing, &yes), Err(in_full));
    let rests: Vec<_> = weighing
        .judgements
        .iter()
        .filter_map(Judgement::remainder)
        .collect();
    let partly = Decision::partly("", vec![], rests).unwrap();
    assert_eq!(weigh(&weighing, &partly), Ok(()));
    if let Some(check) = &mut weighing.three_way {
        check.duty.stands = false;
    }
    assert_eq!(weigh(&weighing, &partly), Err(Obstacle::ChecksOpen));
}

#[test]
fn art_21_1_a_no_needs_grounds_that_compel() {
    let case = case(Right::Objection);
    let no = Decision::refused("", vec![ground("Art. 21 Abs. 1 DSGVO")]).unwrap();
    let mut weighing = Weighing::default();
    let weigh = |weighing: &Weighing| case.weighed(Right::Objection, &no, weighing, false);
    assert_eq!(weigh(&weighing), Err(Obstacle::BalanceLacking));
    weighing.balance = Some(Balance {
        situation: "Umzug wegen Bedrohung".to_owned().into(),
        grounds: " ".to_owned().into(),
    });
    assert_eq!(weigh(&weighing), Err(Obstacle::BalanceLacking));
    if let Some(balance) = &mut weighing.balance {
        balance.grounds = "Abwehr eines laufenden Angriffs".to_owned().into();
    }
    assert_eq!(weigh(&weighing), Ok(()));
}

#[test]
fn art_21_3_and_7_3_cannot_be_refused() {
    for right in [Right::MarketingObjection, Right::Withdrawal] {
        let case = case(right);
        let no = Decision::refused("", vec![ground("Art. 6")]).unwrap();
        assert_eq!(
            case.weighed(right, &no, &Weighing::default(), false),
            Err(Obstacle::Absolute(right))
        );
    }
}

#[test]
fn art_12_5_abuse_needs_both_elements_and_evidence() {
    let case = case(Right::Access);
    for law in ["Art. 12 Abs. 5 DSGVO", "Art. 12(5) GDPR"] {
        let no = Decision::refused("", vec![ground(law)]).unwrap();
        let mut excess = Excess {
            objective: "fordert Geld statt Auskunft".to_owned().into(),
            subjective: "kündigt es an".to_owned().into(),
            evidence: "Schreiben vom 3. März".to_owned().into(),
            fee: None,
        };
        let weigh = |excess: Option<Excess>| {
            let weighing = Weighing {
                excess,
                ..Weighing::default()
            };
            case.weighed(Right::Access, &no, &weighing, false)
        };
        assert_eq!(weigh(None), Err(Obstacle::ExcessUnproven));
        assert_eq!(weigh(Some(excess.clone())), Ok(()));
        excess.subjective = String::new().into();
        assert_eq!(weigh(Some(excess)), Err(Obstacle::ExcessUnproven));
    }
}

#[test]
fn art_38_1_the_officer_is_heard_before_a_no() {
    let case = case(Right::Rectification);
    let no = Decision::refused("", vec![ground("Art. 16 DSGVO")]).unwrap();
    let heard = Weighing {
        officer: Some("gehört".to_owned().into()),
        ..Weighing::default()
    };
    let weigh =
        |weighing: &Weighing, officer| case.weighed(Right::Rectification, &no, weighing, officer);
    assert_eq!(weigh(&Weighing::default(), false), Ok(()));
    assert_eq!(
        weigh(&Weighing::default(), true),
        Err(Obstacle::OfficerUnheard)
    );
    assert_eq!(weigh(&heard, true), Ok(()));
}

#[test]
fn art_15_4_what_is_redacted_makes_the_answer_a_part() {
    let case = case(Right::Access);
    let mut weighing = Weighing::as_wished(&case, Right::Access);
    let first = weighing.judgements.first_mut().unwrap();
    first.treatment = Treatment::Redact;
    first.ground = Some(ground("Art. 15 Abs. 4 DSGVO"));
    let full = case.weighed(Right::Access, &Decision::granted(""), &weighing, false);
    assert_eq!(
        full,
        Err(Obstacle::NotInFull {
            right: Right::Access
        })
    );
    let part = Decision::partly("", vec![ground("Art. 15 Abs. 4 DSGVO")], vec![]).unwrap();
    assert_eq!(case.weighed(Right::Access, &part, &weighing, false), Ok(()));
}
