//! What must be weighed before a yes, a part and a no.

use super::*;
use crate::domain::case::tests::{case as opened, clerk, measured, now};
use crate::domain::collection::{Outcome, TaskState};
use crate::domain::decision::Ground;
use crate::domain::enclosure::{Enclosure, Version};
use crate::domain::event::Event;
use crate::domain::fee::{Charge, Consent, Fee, FeeAnswer};
use crate::domain::ids::{FileId, SystemId};
use crate::domain::judgement::End;
use crate::domain::letter::{About, Carrier, Letter};

/// A case in which the books found invoices and notes.
fn case(right: Right) -> Case {
    let mut case = opened(&[right], None);
    let task = Task {
        slug: String::new(),
        system: SystemId(3),
        name: "Buchhaltung".into(),
        keys: vec![],
        categories: vec!["Rechnungen".into(), "Notizen".into()],
        marketing: false,
        owner: None,
        asking: None,
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
    for law in [
        "Art. 12 Abs. 5 DSGVO",
        "Art. 12(5) GDPR",
        "Art. 12 Absatz 5 DSGVO",
        "Artikel 12 Abs. 5 Satz 2 Buchst. b DSGVO",
        "Art.12 Abs.5 lit. b DSGVO",
        "Article 12, paragraph 5 GDPR",
    ] {
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
        let part = Decision::partly("", vec![ground(law)], vec![]).unwrap();
        let weighed = case.weighed(Right::Access, &part, &Weighing::default(), false);
        assert_eq!(weighed, Err(Obstacle::ExcessUnproven), "a part of it, too");
    }
    for law in [
        "§ 312 Abs. 5 BGB",
        "Art. 12 Abs. 4 DSGVO",
        "Art. 15 Abs. 4 DSGVO",
    ] {
        let no = Decision::refused("", vec![ground(law)]).unwrap();
        let weighed = case.weighed(Right::Access, &no, &Weighing::default(), false);
        assert_eq!(weighed, Ok(()), "{law}");
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
    let part = weighing.outcome("").unwrap();
    assert!(matches!(part, Decision::Partly { .. }));
    // What was found does not leave as it is; something takes its place.
    let lacking = Obstacle::VersionLacking {
        system: "Buchhaltung".into(),
    };
    let weigh = |weighing: &Weighing| case.weighed(Right::Access, &part, weighing, false);
    assert_eq!(weigh(&weighing), Err(lacking));
    weighing.versions.push(Version {
        system: SystemId(3),
        text: "eine Rechnung".to_owned().into(),
        files: vec![],
    });
    assert_eq!(weigh(&weighing), Ok(()));
}

/// A copy is given after this was weighed.
fn given(treatments: [Treatment; 2], version: bool) -> Case {
    let mut case = case(Right::Access);
    let mut weighing = Weighing::as_wished(&case, Right::Access);
    for (judged, treatment) in weighing.judgements.iter_mut().zip(treatments) {
        judged.treatment = treatment;
        judged.ground = treatment.denies().then(|| ground("Art. 15 Abs. 4 DSGVO"));
    }
    if version {
        weighing.versions.push(Version {
            system: SystemId(3),
            text: "geschwärzt".to_owned().into(),
            files: vec![],
        });
    }
    let decided = Event::Decided {
        right: Right::Access,
        decision: weighing.outcome("").unwrap(),
        weighing: Box::new(weighing),
    };
    case.apply(&decided, now(), &clerk());
    case
}

#[test]
fn art_15_4_a_copy_never_holds_the_find_where_a_part_of_it_is_withheld() {
    use Treatment::{Disclose, Redact, Withhold};
    let whole = given([Disclose, Disclose], false);
    let enclosed = whole.enclosed();
    assert_eq!(enclosed.first().map(|it| it.1), Some(Enclosure::Original));
    for part in [[Disclose, Withhold], [Redact, Disclose], [Withhold, Redact]] {
        let case = given(part, true);
        let enclosed = case.enclosed();
        assert!(matches!(enclosed.as_slice(), [(_, Enclosure::Version(_))]));
        assert!(given(part, false).enclosed().is_empty());
    }
    assert!(given([Withhold, Withhold], true).enclosed().is_empty());
}

#[test]
fn art_17_the_outcome_follows_from_what_becomes_of_each_category() {
    let case = case(Right::Erasure);
    let mut weighing = Weighing::as_wished(&case, Right::Erasure);
    assert_eq!(
        weighing.outcome(" gern ").unwrap(),
        Decision::granted("gern")
    );
    let mut set = |at: usize, treatment| {
        let judged = weighing.judgements.get_mut(at).unwrap();
        judged.treatment = treatment;
        judged.ground = Some(ground("§ 147 AO"));
        judged.end = Some(End::Event("bis gebucht ist".into()));
        weighing.outcome("").unwrap()
    };
    // A restriction is less than was asked for, and more than nothing.
    for (at, treatment) in [(0, Treatment::Restrict), (1, Treatment::Keep)] {
        let Decision::Partly {
            grounds, remains, ..
        } = set(at, treatment)
        else {
            panic!("a part");
        };
        assert!(grounds.is_empty() && remains.len() == at + 1);
    }
    let Decision::Refused { grounds, .. } = set(0, Treatment::Keep) else {
        panic!("nothing of the wish is met");
    };
    assert_eq!(grounds, [ground("§ 147 AO")], "told once");
}

#[test]
fn art_18_1_a_restriction_without_its_case_is_no_yes() {
    for right in [Right::Rectification, Right::Restriction, Right::HumanReview] {
        let case = case(right);
        let mut weighing = Weighing::default();
        let yes = Decision::granted("");
        let lacking = Err(Obstacle::MeasureLacking { right });
        assert_eq!(case.weighed(right, &yes, &weighing, false), lacking);
        weighing.measure = measured(right);
        assert_eq!(case.weighed(right, &yes, &weighing, false), Ok(()));
    }
}

#[test]
fn art_12_5_who_charges_a_fee_proves_as_much_as_who_refuses() {
    let right = Right::Objection;
    let mut case = case(right);
    let mut weighing = Weighing {
        excess: Some(Excess {
            fee: Some("18,40 Euro, genannt am 3. März".to_owned().into()),
            ..Excess::default()
        }),
        ..Weighing::default()
    };
    let yes = Decision::granted("");
    let weigh = |case: &Case, weighing: &Weighing| case.weighed(right, &yes, weighing, false);
    assert_eq!(weigh(&case, &weighing), Err(Obstacle::ExcessUnproven));
    let text = |text: &str| text.to_owned().into();
    if let Some(excess) = &mut weighing.excess {
        excess.objective = text("zum zehnten Mal");
        excess.subjective = text("angekündigt");
        excess.evidence = text("zehn Schreiben");
    }
    // Proven alone does not suffice: the person knows the fee before and agrees.
    assert_eq!(weigh(&case, &weighing), Err(Obstacle::FeeUntold { right }));
    let letter = Box::new(Letter {
        about: About::Fee(Fee {
            right,
            amount: text("18,40 Euro"),
            costs: text("Porto"),
            charge: Charge::Copies { why: text("") },
            free: text(""),
            until: now().date_naive(),
            answer: None,
        }),
        at: now(),
        by: clerk(),
        to: text("Nina"),
        carrier: Carrier::Post { file: FileId(1) },
        texts: String::new(),
        left: Some(now().date_naive()),
    });
    case.apply(&Event::LetterReleased { letter }, now(), &clerk());
    let open = Err(Obstacle::FeeNotAgreed { right });
    assert_eq!(weigh(&case, &weighing), open);
    let answer = FeeAnswer {
        consent: Consent::Agrees,
        on: now().date_naive(),
        note: text("E-Mail"),
    };
    let letter = 1;
    case.apply(&Event::FeeAnswered { letter, answer }, now(), &clerk());
    assert_eq!(weigh(&case, &weighing), Ok(()));
    // Where there is an officer, she is heard before a fee as before a no.
    let unheard = case.weighed(right, &yes, &weighing, true);
    assert_eq!(unheard, Err(Obstacle::OfficerUnheard));
    weighing.officer = Some(text("gehört"));
    assert_eq!(case.weighed(right, &yes, &weighing, true), Ok(()));
}

#[test]
fn sec_147_ao_what_stays_until_a_day_comes_back_on_the_next() {
    let mut case = case(Right::Erasure);
    let mut weighing = Weighing::as_wished(&case, Right::Erasure);
    let invoices = weighing.judgements.first_mut().unwrap();
    invoices.treatment = Treatment::Restrict;
    invoices.ground = Some(ground("§ 147 AO"));
    invoices.end = Some(End::Day("2034-12-31".parse().unwrap()));
    let decided = Event::Decided {
        right: Right::Erasure,
        decision: weighing.outcome("").unwrap(),
        weighing: Box::new(weighing),
    };
    case.apply(&decided, now(), &clerk());
    let promised = case.follow_ups(Right::Erasure);
    let [(day, what)] = promised.as_slice() else {
        panic!("{promised:?}");
    };
    assert_eq!(day.to_string(), "2035-01-01");
    assert_eq!(what.what, "Buchhaltung: Rechnungen");
}
