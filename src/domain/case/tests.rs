//! What the case lets happen, and what it does not, on the way from receipt to answer.

use chrono::{DateTime, NaiveDate, Utc};

use super::*;
use crate::domain::calendar::{Calendar, Place};
use crate::domain::collection::{Outcome, Task};
use crate::domain::deadline::{ClockObstacle, Demand, PauseKind, Period};
use crate::domain::decision::{Decision, Done, Ground};
use crate::domain::delivery::Released;
use crate::domain::identity::{Ask, Finding, Habit, Knowledge, Method};
use crate::domain::ids::{FileId, SystemId};
use crate::domain::intake::{Channel, OnBehalf, ReplyBy};
use crate::domain::judgement::End;
use crate::domain::lang::Lang;
use crate::domain::look::{Looker, Point, Second};
use crate::domain::measure::{Correction, Measure, Occasion};
use crate::domain::notice::{Expected, Told};
use crate::domain::obstacle::Obstacle;
use crate::domain::register::{System, SystemRole};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(in crate::domain) fn now() -> DateTime<Utc> {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

pub(in crate::domain) fn clerk() -> Actor {
    Actor("a1".into())
}

pub(in crate::domain) fn system(id: i64) -> System {
    System {
        id: SystemId(id),
        slug: format!("s{id}"),
        name: format!("System {id}"),
        ..System::default()
    }
}

/// What is ordered for a right where a yes has to say so.
pub(in crate::domain) fn measured(right: Right) -> Option<Measure> {
    let text = |text: &str| text.to_owned().into();
    match right {
        Right::Rectification => Some(Measure::Correct {
            corrections: vec![Correction {
                what: "Anschrift".into(),
                old: text("Weg 1"),
                new: text("Steg 3"),
            }],
            counter_note: text(""),
        }),
        Right::Restriction => Some(Measure::Restrict {
            occasion: Occasion::Disputed,
            effect: text("nur gespeichert"),
            end: End::Event("bis geprüft ist".into()),
        }),
        Right::HumanReview => Some(Measure::Review {
            reviewer: text("Leiterin"),
            view: text("neue Stelle"),
            result: text("aufgehoben"),
        }),
        _ => None,
    }
}

pub(in crate::domain) fn case(rights: &[Right], copy_first: Option<bool>) -> Case {
    let term = Term::reckon(
        Period::on(day("2026-03-02"), Place::parse("DE-HE").unwrap()),
        Calendar::shipped(),
    );
    let intake = Intake {
        received: day("2026-03-02"),
        recorded_at: now(),
        channel: Channel::Form,
        lang: Lang::De,
        on_behalf: OnBehalf::Own,
        text: "".into(),
        copy_first,
        shared_mailbox: None,
        reply_by: ReplyBy::Portal,
        suspicious: false,
        arrival: Default::default(),
        matter: Default::default(),
    };
    let party = Party {
        role: PartyRole::Requester,
        name: "Johanna Beispiel".into(),
        email: Some("johanna@example.org".into()),
        address: None,
        hints: None,
    };
    let opened = Event::Opened {
        intake: Box::new(intake),
        parties: vec![party],
        rights: rights.to_vec(),
        term: Box::new(term.unwrap()),
        files: vec![],
    };
    Case::open(CaseId(1), ControllerId(1), "2026-ABCDE-F".into(), &opened).unwrap()
}

fn then(case: &mut Case, events: Result<Vec<Event>, Obstacle>) {
    for event in events.unwrap() {
        case.apply(&event, now(), &clerk());
    }
}

fn proof() -> Finding {
    Finding {
        doubt: "andere Anschrift".into(),
        ..Finding::sufficient(Method::SignedLetter)
    }
}

fn ask(case: &Case, today: NaiveDate) -> Result<Vec<Event>, Obstacle> {
    let ask = Ask {
        means: vec![Method::Knowledge],
        keys: vec![Knowledge::CustomerNumber],
        doubt: "Die Adresse steht bei zwei Kundinnen.".into(),
        ..Ask::default()
    };
    let at = (today, Calendar::shipped());
    case.ask_identity(&ask, &[system(1)], &Method::USUAL, Habit::default(), at)
}

fn searched(case: &mut Case, systems: &[System]) {
    let events = case.weigh_identity(proof(), systems, day("2026-03-03"));
    then(case, events);
    for system in systems {
        let events = case.answer_task(
            system.id,
            Outcome::Found {
                text: "Stammdaten".into(),
                files: vec![],
            },
        );
        then(case, events);
    }
}

fn released(case: &Case) -> Released {
    Released {
        rights: case.answerable().iter().map(|item| item.right).collect(),
        at: now(),
        by: clerk(),
        way: Way::Portal,
        recipient: "johanna@example.org".into(),
        letter: FileId(1),
        page: None,
        package: None,
        part: case.answers_in_part(),
        ticked: Point::BEFORE_SENDING.to_vec(),
        texts: String::new(),
        lacking: None,
    }
}

/// Decides after a careful look at everything.
fn decide(case: &Case, right: Right, decision: Decision) -> Result<Vec<Event>, Obstacle> {
    let weighing = Weighing {
        measure: measured(right),
        ..Weighing::as_wished(case, right)
    };
    case.decide(right, decision, weighing, false)
}

/// Carries out, after the second look where one stands before it.
fn carry_out(case: &Case, right: Right, done: Vec<Done>) -> Result<Vec<Event>, Obstacle> {
    let mut case = case.clone();
    let actor = Actor("second".into());
    let mut events = match case.item(right).map(|item| &item.state) {
        Some(ItemState::Look { .. }) => {
            case.look(right, &Point::BEFORE_ERASURE, &looker(&actor, true))?
        }
        _ => vec![],
    };
    for event in &events {
        case.apply(event, now(), &actor);
    }
    events.extend(case.carry_out(right, done, vec![])?);
    Ok(events)
}

/// Who looks on a day on which nothing presses, long after every decision.
fn looker(actor: &Actor, four_eyes: bool) -> Looker<'_> {
    Looker {
        actor,
        rule: if four_eyes {
            Second::Another
        } else {
            Second::Oneself
        },
        today: day("2026-03-20"),
    }
}

fn may(case: &Case, way: Way, actor: &Actor, four_eyes: bool) -> Result<(), Obstacle> {
    case.may_release(way, &looker(actor, four_eyes))
}

fn release(case: &Case, released: Released) -> Result<Vec<Event>, Obstacle> {
    case.release(released, Second::Oneself, day("2026-03-20"))
}

fn done() -> Vec<Done> {
    vec![Done {
        system: "System 1".into(),
        what: "gelöscht".into(),
        on: day("2026-03-04"),
    }]
}

#[test]
fn art_15_access_goes_from_receipt_to_answer() {
    let mut case = case(&[Right::Access], None);
    assert_eq!((case.stage(), case.turn()), (Stage::New, Turn::Office));
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    searched(&mut case, &[system(1), system(2)]);
    assert_eq!(case.stage(), Stage::Decide);
    let events = decide(&case, Right::Access, Decision::granted("Kopie liegt bei"));
    then(&mut case, events);
    assert_eq!(case.stage(), Stage::Review);
    let events = release(&case, released(&case));
    then(&mut case, events);
    assert_eq!((case.stage(), case.turn()), (Stage::Delivery, Turn::Post));
    let events = Ok(case.sent(1, day("2026-03-05")));
    then(&mut case, events);
    assert_eq!(case.turn(), Turn::Person);
    let events = Ok(case.fetched(FileId(1), day("2026-03-06")));
    then(&mut case, events);
    assert_eq!(
        (case.stage(), case.closed),
        (Stage::Done, Some(day("2026-03-06")))
    );
}

#[test]
fn art_12_6_nothing_is_granted_or_said_to_be_held_without_a_proof() {
    let mut case = case(&[Right::Access, Right::Erasure], None);
    let events = case.begin_search(&[]);
    then(&mut case, events);
    for decision in [Decision::granted("ja"), Decision::nothing_held("nichts")] {
        assert_eq!(
            decide(&case, Right::Access, decision.clone()),
            Err(Obstacle::IdentityOpen)
        );
        assert_eq!(
            decide(&case, Right::Erasure, decision),
            Err(Obstacle::IdentityOpen)
        );
    }
}

#[test]
fn a_case_with_an_open_source_is_not_decided_without_a_person_saying_why() {
    let mut case = case(&[Right::Access], None);
    let events = case.weigh_identity(proof(), &[system(1)], day("2026-03-03"));
    then(&mut case, events);
    assert_eq!(
        decide(&case, Right::Access, Decision::granted("")),
        Err(Obstacle::TasksOpen { open: 1 })
    );
    assert_eq!(case.cut_short(" "), Err(Obstacle::Empty("because")));
    let events = case.cut_short("Anbieter antwortet nicht");
    then(&mut case, events);
    assert!(decide(&case, Right::Access, Decision::granted("")).is_ok());
}

#[test]
fn first_the_copy_then_the_erasure_is_enforced() {
    let mut case = case(&[Right::Access, Right::Erasure], Some(true));
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    searched(&mut case, &[system(1)]);
    let events = decide(&case, Right::Access, Decision::granted(""));
    then(&mut case, events);
    let events = decide(&case, Right::Erasure, Decision::granted(""));
    then(&mut case, events);
    assert_eq!(
        carry_out(&case, Right::Erasure, done()),
        Err(Obstacle::CopyFirst)
    );
    let first = released(&case);
    assert_eq!(first.rights, [Right::Access]);
    let events = release(&case, first);
    then(&mut case, events);
    let events = Ok(case.sent(1, day("2026-03-05")));
    then(&mut case, events);
    assert_eq!(case.stage(), Stage::Act);
    let events = carry_out(&case, Right::Erasure, done());
    then(&mut case, events);
    let second = released(&case);
    assert_eq!(second.rights, [Right::Erasure]);
    let events = release(&case, second);
    then(&mut case, events);
    let events = Ok(case.sent(2, day("2026-03-06")));
    then(&mut case, events);
    assert_eq!(case.close(day("2026-03-07")).unwrap().len(), 1);
}

#[test]
fn art_21_2_an_objection_to_marketing_waits_for_nothing_and_nobody() {
    let mut case = case(&[Right::Access, Right::MarketingObjection], None);
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    let events = decide(
        &case,
        Right::MarketingObjection,
        Decision::granted("keine Werbung mehr"),
    );
    then(&mut case, events);
    let events = carry_out(&case, Right::MarketingObjection, done());
    then(&mut case, events);
    assert_eq!(may(&case, Way::Portal, &clerk(), false), Ok(()));
    assert_eq!(released(&case).rights, [Right::MarketingObjection]);
}

#[test]
fn an_erasure_is_answered_only_after_it_was_carried_out() {
    let mut case = case(&[Right::Erasure], None);
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    searched(&mut case, &[system(1)]);
    let events = decide(&case, Right::Erasure, Decision::granted(""));
    then(&mut case, events);
    let refused = may(&case, Way::Portal, &clerk(), false);
    assert_eq!(
        refused,
        Err(Obstacle::SecondLookOpen {
            right: Right::Erasure
        })
    );
    assert_eq!(
        carry_out(&case, Right::Erasure, vec![]),
        Err(Obstacle::NotCarriedOut {
            right: Right::Erasure
        })
    );
}

#[test]
fn an_answer_goes_to_a_proven_mailbox_or_a_known_address_only() {
    let mut case = case(&[Right::Access], None);
    searched(&mut case, &[]);
    let ground = Ground::new("Art. 15 Abs. 4 DSGVO", "Rechte anderer").unwrap();
    let events = decide(
        &case,
        Right::Access,
        Decision::refused("", vec![ground]).unwrap(),
    );
    then(&mut case, events);
    assert_eq!(
        may(&case, Way::Portal, &clerk(), false),
        Err(Obstacle::MailboxUnproven)
    );
    assert_eq!(
        may(&case, Way::Post, &clerk(), false),
        Err(Obstacle::NoWayOfDelivery)
    );
    assert_eq!(case.proposed_way(), None);
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    assert_eq!(
        may(&case, Way::Portal, &clerk(), true),
        Err(Obstacle::FourEyes)
    );
    assert_eq!(may(&case, Way::Portal, &Actor("a2".into()), true), Ok(()));
}

#[test]
fn a_system_that_holds_nothing_is_never_asked_and_unsearchable_ones_close_together() {
    let mut case = case(&[Right::Access], None);
    let empty = System {
        holds_nothing: Some("keine Protokolle".into()),
        ..system(1)
    };
    let by_licence = System {
        keys: vec![SearchKey::Number],
        ..system(2)
    };
    let events = case.weigh_identity(proof(), &[empty, by_licence, system(3)], day("2026-03-03"));
    then(&mut case, events);
    let asked: Vec<SystemId> = case
        .collection
        .tasks
        .iter()
        .map(|task: &Task| task.system)
        .collect();
    assert_eq!(asked, [SystemId(2), SystemId(3)]);
    let events = case.close_unsearchable();
    then(&mut case, events);
    assert_eq!(case.collection.open(), 1);
}

#[test]
fn art_12_3_an_extension_comes_inside_the_month_with_reasons_and_once() {
    let mut case = case(&[Right::Access], None);
    let calendar = Calendar::shipped();
    let (sent, late) = (day("2026-03-20"), day("2026-04-03"));
    assert!(case.extend(&[], "", sent, sent, calendar).is_err());
    assert!(
        case.extend(&[], "viele Systeme", late, late, calendar)
            .is_err()
    );
    let events = case.extend(&[], "viele Systeme", sent, sent, calendar);
    then(&mut case, events);
    assert_eq!(case.due(), day("2026-06-02"));
    assert!(case.extend(&[], "noch mehr", sent, sent, calendar).is_err());
}

#[test]
fn a_reply_opens_a_closed_case_again_and_its_first_clock_stands() {
    let mut case = case(&[Right::Access], None);
    let due = case.due();
    then(
        &mut case,
        Ok(vec![Event::Closed {
            on: day("2026-03-10"),
        }]),
    );
    let heard = case.hear(crate::domain::ids::MessageId(7), vec![], "replied");
    then(&mut case, Ok(heard));
    assert_eq!(
        (case.closed, case.due(), case.turn()),
        (None, due, Turn::Office)
    );
}

#[test]
fn that_was_not_me_after_a_confirmation_changes_nothing() {
    let mut case = case(&[Right::Access], None);
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    assert_eq!(case.disown(), Err(Obstacle::LinkSpent));
    assert_eq!(case.confirm_mailbox(), Ok(vec![]));
}

/// A case whose access answer was released with this letter, by this way.
fn answered(rights: &[Right], way: Way) -> Case {
    let mut case = case(rights, None);
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    case.parties[0].address = Some("Feldweg 1".into());
    searched(&mut case, &[system(1)]);
    for right in rights {
        let events = decide(&case, *right, Decision::granted(""));
        then(&mut case, events);
    }
    let events = release(&case, of(&case, 1, way));
    then(&mut case, events);
    case
}

fn of(case: &Case, letter: i64, way: Way) -> Released {
    Released {
        letter: FileId(letter),
        way,
        ..released(case)
    }
}

#[test]
fn a_download_ends_no_case_over_an_unread_message_or_one_taken_up_again() {
    let mut unread = answered(&[Right::Access], Way::Portal);
    let events = Ok(unread.sent(1, day("2026-03-05")));
    then(&mut unread, events);
    let heard = unread.hear(crate::domain::ids::MessageId(7), vec![], "replied");
    then(&mut unread, Ok(heard));
    let events = Ok(unread.fetched(FileId(1), day("2026-03-06")));
    then(&mut unread, events);
    assert_eq!((unread.closed, unread.unread), (None, true));
    assert_eq!(unread.quiet_since(), None);
    unread.seen_by_office();
    assert_eq!(unread.quiet_since(), Some(day("2026-03-05")));

    let mut again = answered(&[Right::Access], Way::Portal);
    for _ in 0..2 {
        let events = Ok(again.fetched(FileId(1), day("2026-03-06")));
        then(&mut again, events);
        if again.closed.is_some() {
            let events = again.reopen("es fehlt etwas");
            then(&mut again, events);
        }
        assert_eq!((again.closed, again.turn()), (None, Turn::Office));
    }
    assert_eq!(again.quiet_since(), None, "a person ends it");
}

#[test]
fn each_answer_goes_its_own_way() {
    let mut case = case(&[Right::Access, Right::MarketingObjection], None);
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    case.parties[0].address = Some("Feldweg 1".into());
    let events = decide(&case, Right::MarketingObjection, Decision::granted(""));
    then(&mut case, events);
    let events = carry_out(&case, Right::MarketingObjection, done());
    then(&mut case, events);
    let events = release(&case, of(&case, 1, Way::Post));
    then(&mut case, events);
    searched(&mut case, &[]);
    let events = decide(&case, Right::Access, Decision::granted(""));
    then(&mut case, events);
    let events = release(&case, of(&case, 2, Way::Portal));
    then(&mut case, events);

    // The mail of the second leaves and is read, while the first still lies on the desk.
    let events = Ok(case.sent(2, day("2026-03-05")));
    then(&mut case, events);
    let events = Ok(case.fetched(FileId(2), day("2026-03-06")));
    then(&mut case, events);
    assert!(matches!(case.answers[0], Delivery::Underway { .. }));
    assert!(matches!(case.answers[1], Delivery::Arrived { .. }));
    assert_eq!(case.closed, None);
    let events = case.posted(day("2026-03-07"), day("2026-03-07"));
    then(&mut case, events);
    assert!(matches!(case.answers[0], Delivery::Sent { .. }));
    assert_eq!(case.quiet_since(), Some(day("2026-03-07")));
    assert!(case.close(day("2026-03-09")).is_ok());
    assert_eq!(
        case.posted(day("2026-03-08"), day("2026-03-08")),
        Ok(vec![])
    );
}

#[test]
fn an_answer_that_came_back_is_released_again_by_another_way() {
    let mut case = answered(&[Right::Access], Way::Portal);
    let events = Ok(case.sent(1, day("2026-03-05")));
    then(&mut case, events);
    assert_eq!(
        case.returned(1, day("2026-03-04")),
        Err(Obstacle::Empty("returned-on"))
    );
    let events = case.returned(1, day("2026-03-06"));
    then(&mut case, events);
    assert_eq!((case.stage(), case.turn()), (Stage::Review, Turn::Office));
    assert_eq!(case.quiet_since(), None);
    let events = release(&case, of(&case, 2, Way::Post));
    then(&mut case, events);
    // The first mail, sent once more, no longer is the answer.
    assert_eq!(case.sent(1, day("2026-03-07")), []);
    let events = case.posted(day("2026-03-07"), day("2026-03-07"));
    then(&mut case, events);
    assert!(case.close(day("2026-03-08")).is_ok());
}

#[test]
fn what_came_back_counts_when_it_leaves_after_all() {
    let mut case = answered(&[Right::Access], Way::Portal);
    let events = Ok(case.came_back(1, day("2026-03-05")));
    then(&mut case, events);
    assert!(case.unread && !case.answerable().is_empty());
    let events = Ok(case.sent(1, day("2026-03-06")));
    then(&mut case, events);
    assert!(matches!(case.answers[0], Delivery::Sent { .. }));
    assert_eq!(case.came_back(2, day("2026-03-07")), []);
}

#[test]
fn an_answered_item_is_decided_again_and_what_was_done_stays_done() {
    let mut case = case(&[Right::Erasure], None);
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    searched(&mut case, &[system(1)]);
    let events = decide(&case, Right::Erasure, Decision::granted(""));
    then(&mut case, events);
    assert_eq!(
        decide(&case, Right::Erasure, Decision::granted("")),
        Err(Obstacle::NotInState {
            right: Right::Erasure
        }),
        "a decision is not overwritten by the way"
    );
    let events = carry_out(&case, Right::Erasure, done());
    then(&mut case, events);
    let events = release(&case, of(&case, 1, Way::Portal));
    then(&mut case, events);
    assert!(case.reconsider(Right::Erasure).is_err(), "it is underway");
    let events = Ok(case.fetched(FileId(1), day("2026-03-06")));
    then(&mut case, events);
    let events = case.reopen("ein Konto war noch da");
    then(&mut case, events);
    let events = case.reconsider(Right::Erasure);
    then(&mut case, events);
    let ground = Ground::new("Art. 17 Abs. 3 DSGVO", "Rechnungen").unwrap();
    assert_eq!(
        decide(
            &case,
            Right::Erasure,
            Decision::refused("", vec![ground]).unwrap()
        ),
        Err(Obstacle::DoneAlready {
            right: Right::Erasure
        })
    );
    let events = decide(&case, Right::Erasure, Decision::granted(""));
    then(&mut case, events);
    let events = carry_out(&case, Right::Erasure, done());
    then(&mut case, events);
    assert_eq!(case.item(Right::Erasure).unwrap().done().len(), 2);
    assert!(may(&case, Way::Portal, &clerk(), false).is_ok());
}

#[test]
fn nothing_held_cannot_be_said_beside_a_find() {
    let nothing = || Decision::nothing_held("nichts");
    let mut found = case(&[Right::Access], None);
    searched(&mut found, &[system(1)]);
    assert_eq!(
        decide(&found, Right::Access, nothing()),
        Err(Obstacle::DataFound)
    );

    let mut late = case(&[Right::Access], None);
    then(&mut late, Ok(vec![Event::MailboxConfirmed]));
    let events = late.weigh_identity(proof(), &[system(1)], day("2026-03-03"));
    then(&mut late, events);
    let answers = [
        Outcome::Nothing {
            text: "leer".into(),
        },
        Outcome::Found {
            text: "doch ein Konto".into(),
            files: vec![],
        },
    ];
    for (answer, expected) in answers.into_iter().zip([Ok(()), Err(Obstacle::DataFound)]) {
        let events = late.answer_task(SystemId(1), answer);
        then(&mut late, events);
        if late.item(Right::Access).unwrap().decision().is_none() {
            let events = decide(&late, Right::Access, nothing());
            then(&mut late, events);
        }
        assert_eq!(may(&late, Way::Portal, &clerk(), false), expected);
    }
}

#[test]
fn art_17_nothing_held_is_not_released_beside_a_find_that_came_later() {
    for (right, expected) in [
        (Right::Erasure, Err(Obstacle::DataFound)),
        (Right::Rectification, Err(Obstacle::DataFound)),
        (Right::Objection, Err(Obstacle::DataFound)),
        // Of this one the letter says only that no computer decided alone.
        (Right::HumanReview, Ok(())),
    ] {
        let mut case = case(&[right], None);
        then(&mut case, Ok(vec![Event::MailboxConfirmed]));
        let events = case.weigh_identity(proof(), &[system(1)], day("2026-03-03"));
        then(&mut case, events);
        let text = Private::from("leer");
        let events = case.answer_task(SystemId(1), Outcome::Nothing { text });
        then(&mut case, events);
        let events = decide(&case, right, Decision::nothing_held("nichts"));
        then(&mut case, events);
        assert_eq!(may(&case, Way::Portal, &clerk(), false), Ok(()));
        let (text, files) = (Private::from("doch ein Konto"), vec![]);
        let events = case.answer_task(SystemId(1), Outcome::Found { text, files });
        then(&mut case, events);
        let released = may(&case, Way::Portal, &clerk(), false);
        assert_eq!(released, expected, "{right:?}");
    }
}

#[test]
fn art_12_3_an_extension_falls_when_its_notice_lies_outside_of_the_corrected_month() {
    let another = case;
    let calendar = Calendar::shipped();
    let mut case = case(&[Right::Access, Right::Erasure], None);
    let (today, both) = (day("2026-03-30"), vec![Right::Access, Right::Erasure]);
    let events = case.extend(&[Right::Access], "zwölf Jahre", today, today, calendar);
    then(&mut case, events);
    let extended = |case: &Case| case.item(Right::Access).unwrap().term.clone();
    assert_eq!(extended(&case).due(), day("2026-06-02"));
    let corrected = |case: &Case, received: &str| {
        let events = case.correct_receipt(day(received), "Stempel", today, calendar);
        let event = events.unwrap().pop().unwrap();
        let Event::ReceiptCorrected { lost, .. } = &event else {
            panic!("{event:?}");
        };
        (lost.clone(), event)
    };

    // The month that begins on 28 February ends on a Saturday, so on 30 March; that of the 27th on a Friday.
    let (lost, event) = corrected(&case, "2026-02-28");
    assert_eq!(lost, []);
    let mut earlier = case.clone();
    then(&mut earlier, Ok(vec![event]));
    assert_eq!(extended(&earlier).due(), day("2026-05-28"));
    let (lost, event) = corrected(&case, "2026-02-27");
    assert_eq!(lost, [Right::Access]);
    then(&mut case, Ok(vec![event]));
    assert_eq!(extended(&case).due(), day("2026-03-27"));
    assert_eq!(case.extendable(), both, "nothing hides that it is late");

    // Ended pauses lengthen the month in which the notice counts.
    let mut paused = another(&[Right::Access], None);
    let demand = Demand {
        never_waits: false,
        ..Demand::supposed(PauseKind::Identity, day("2026-03-03"), day("2026-03-02"))
    };
    let events = paused.pause(demand, today, calendar);
    then(&mut paused, events);
    let events = paused.resume(None, day("2026-03-13"), today, calendar);
    then(&mut paused, events);
    let events = paused.extend(&[], "zwölf Jahre", today, today, calendar);
    then(&mut paused, events);
    assert_eq!(corrected(&paused, "2026-02-27").0, []);
}

#[test]
fn a_letter_was_not_posted_before_it_was_released() {
    let mut case = answered(&[Right::Access], Way::Portal);
    let events = Ok(case.came_back(1, day("2026-03-02")));
    then(&mut case, events);
    let released = Released {
        at: "2026-03-06T23:30:00Z".parse().unwrap(),
        ..of(&case, 2, Way::Post)
    };
    let events = release(&case, released);
    then(&mut case, events);
    let today = day("2026-03-09");
    // Half past eleven in the evening in Greenwich is the next day in Germany.
    for wrong in ["2026-03-05", "2026-03-06", "2026-03-10"] {
        let posted = case.posted(day(wrong), today);
        assert_eq!(posted, Err(Obstacle::Empty("letter-posted")), "{wrong}");
    }
    assert!(case.posted(day("2026-03-07"), today).is_ok());
}

#[test]
fn what_ended_as_passed_on_or_as_the_same_is_taken_up_again_after_all() {
    let ends = [
        ItemState::Forwarded {
            on: day("2026-03-05"),
            to: "Kunde".into(),
        },
        ItemState::Duplicate { of: CaseId(7) },
    ];
    for state in ends {
        let mut case = case(&[Right::Access], None);
        case.items[0].state = state;
        then(
            &mut case,
            Ok(vec![Event::Closed {
                on: day("2026-03-05"),
            }]),
        );
        assert_eq!(case.reconsider(Right::Access), Err(Obstacle::Closed));
        let because = Private::from("Beschwerde");
        then(&mut case, Ok(vec![Event::Reopened { because }]));
        let due = case.items[0].term.due();
        let events = case.reconsider(Right::Access);
        then(&mut case, events);
        let item = &case.items[0];
        assert_eq!((&item.state, item.term.due()), (&ItemState::Triage, due));
        assert_eq!(case.unanswered().len(), 1);
    }
}

#[test]
fn a_search_that_was_cut_short_is_whole_again_once_all_have_answered() {
    let mut case = case(&[Right::Access], None);
    let events = case.weigh_identity(proof(), &[system(1)], day("2026-03-03"));
    then(&mut case, events);
    let events = case.cut_short("Anbieter antwortet nicht");
    then(&mut case, events);
    assert!(case.collection.cut_short.is_some());
    let events = case.answer_task(
        SystemId(1),
        Outcome::Nothing {
            text: "leer".into(),
        },
    );
    then(&mut case, events);
    assert_eq!(case.collection.cut_short, None);
}

#[test]
fn a_case_in_which_nothing_was_chosen_is_not_closed_unanswered() {
    assert_eq!(
        case(&[], None).close(day("2026-03-03")),
        Err(Obstacle::NoRight)
    );
}

#[test]
fn art_21_3_an_objection_is_not_held_up_by_a_question_of_identity_or_a_copy() {
    let mut case = case(
        &[Right::Access, Right::Erasure, Right::MarketingObjection],
        Some(true),
    );
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    let events = ask(&case, day("2026-03-02"));
    then(&mut case, events);
    assert_eq!((case.stage(), case.turn()), (Stage::New, Turn::Office));
    let events = decide(&case, Right::MarketingObjection, Decision::granted(""));
    then(&mut case, events);
    assert_eq!((case.stage(), case.turn()), (Stage::Act, Turn::Office));
    let events = carry_out(&case, Right::MarketingObjection, done());
    then(&mut case, events);
    assert_eq!(case.stage(), Stage::Review);
    assert_eq!(may(&case, Way::Portal, &clerk(), false), Ok(()));
    let events = release(&case, released(&case));
    then(&mut case, events);
    assert_eq!((case.stage(), case.turn()), (Stage::Identity, Turn::Person));
}

#[test]
fn art_18_a_restriction_is_done_at_once_and_answered_to_a_proven_person_only() {
    let mut case = case(&[Right::Restriction, Right::Withdrawal], None);
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    for right in [Right::Restriction, Right::Withdrawal] {
        let events = decide(&case, right, Decision::granted(""));
        then(&mut case, events);
        let events = carry_out(&case, right, done());
        then(&mut case, events);
    }
    // The withdrawal does not wait for the proof that the other answer needs.
    assert_eq!(released(&case).rights, [Right::Withdrawal]);
    let events = release(&case, released(&case));
    then(&mut case, events);
    let refused = may(&case, Way::Portal, &clerk(), false);
    assert_eq!(refused, Err(Obstacle::IdentityOpen));
    let events = ask(&case, day("2026-03-04"));
    then(&mut case, events);
    assert_eq!(case.turn(), Turn::Person);
    let events = case.weigh_identity(proof(), &[], day("2026-03-05"));
    then(&mut case, events);
    assert_eq!(may(&case, Way::Portal, &clerk(), false), Ok(()));
}

#[test]
fn four_eyes_look_at_every_decision_of_the_letter() {
    let mut case = case(&[Right::Access, Right::Portability], None);
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    searched(&mut case, &[]);
    for (right, by) in [(Right::Access, "a1"), (Right::Portability, "a2")] {
        for event in decide(&case, right, Decision::granted("")).unwrap() {
            case.apply(&event, now(), &Actor(by.into()));
        }
    }
    for (by, expected) in [
        ("a1", Err(Obstacle::FourEyes)),
        ("a2", Err(Obstacle::FourEyes)),
        ("a3", Ok(())),
    ] {
        assert_eq!(may(&case, Way::Portal, &Actor(by.into()), true), expected);
    }
}

fn demand(kind: PauseKind, asked: &str, cause: &str) -> Demand {
    Demand::supposed(kind, day(asked), day(cause))
}

#[test]
fn a_pause_takes_no_impossible_days_and_one_question_of_a_kind_at_a_time() {
    let mut case = case(&[Right::Access], None);
    let (calendar, today) = (Calendar::shipped(), day("2026-03-04"));
    let ask = |case: &Case, asked, cause| {
        case.pause(demand(PauseKind::Identity, asked, cause), today, calendar)
    };
    let refused = |why: ClockObstacle| Err(Obstacle::Clock(why));
    assert_eq!(
        ask(&case, "2026-02-02", "2026-02-02"),
        refused(ClockObstacle::CauseBeforeReceipt {
            cause: day("2026-02-02"),
            received: day("2026-03-02")
        })
    );
    assert_eq!(
        ask(&case, "2026-03-05", "2026-03-02"),
        refused(ClockObstacle::InFuture(day("2026-03-05")))
    );
    let events = ask(&case, "2026-03-03", "2026-03-02");
    then(&mut case, events);
    assert_eq!(
        ask(&case, "2026-03-04", "2026-03-02"),
        refused(ClockObstacle::AskedAlready(day("2026-03-03")))
    );
    let next_year = day("2027-03-04");
    assert_eq!(
        case.resume(None, next_year, today, calendar),
        refused(ClockObstacle::InFuture(next_year))
    );
    let late = day("2026-04-20");
    assert!(matches!(
        case.pause(
            demand(PauseKind::Scope, "2026-04-20", "2026-04-20"),
            late,
            calendar
        ),
        Err(Obstacle::Clock(ClockObstacle::AskedAfterEnd { .. }))
    ));
}

#[test]
fn a_proof_ends_the_question_of_identity_and_leaves_that_of_scope_open() {
    let mut case = case(&[Right::Access], None);
    let (calendar, today) = (Calendar::shipped(), day("2026-03-09"));
    for kind in [PauseKind::Scope, PauseKind::Identity] {
        let events = case.pause(demand(kind, "2026-03-03", "2026-03-02"), today, calendar);
        then(&mut case, events);
    }
    let events = case.resume(
        Some(PauseKind::Identity),
        day("2026-03-06"),
        today,
        calendar,
    );
    then(&mut case, events);
    let open: Vec<PauseKind> = case.waiting(None).map(|pause| pause.kind).collect();
    assert_eq!(open, [PauseKind::Scope]);
    assert_eq!(
        case.resume(Some(PauseKind::Identity), today, today, calendar),
        Err(Obstacle::NoPauseOpen)
    );
}

#[test]
fn art_12_3_the_clock_of_the_others_does_not_move_what_never_waits() {
    let mut case = case(&[Right::Access, Right::MarketingObjection], None);
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    let (calendar, today) = (Calendar::shipped(), day("2026-03-04"));
    let first = case.due();
    let due = |case: &Case, right| case.item(right).unwrap().term.due();
    assert_eq!(
        case.extend(
            &[Right::MarketingObjection],
            "viele Systeme",
            today,
            today,
            calendar
        ),
        Err(Obstacle::Clock(ClockObstacle::NeverWaits))
    );
    let events = case.extend(&[], "viele Systeme", today, today, calendar);
    then(&mut case, events);
    assert_eq!(due(&case, Right::Access), day("2026-06-02"));
    assert_eq!(
        (due(&case, Right::MarketingObjection), case.due()),
        (first, first)
    );

    let demand = demand(PauseKind::Scope, "2026-03-03", "2026-03-02");
    let events = case.pause(demand, today, calendar);
    then(&mut case, events);
    let answered = day("2026-03-13");
    let events = case.resume(None, answered, answered, calendar);
    then(&mut case, events);
    assert_eq!(due(&case, Right::Access), day("2026-06-12"));
    assert_eq!(due(&case, Right::MarketingObjection), first);
    assert_eq!(
        case.extend(&[Right::Access], "noch mehr", answered, answered, calendar),
        Err(Obstacle::Clock(ClockObstacle::AlreadyExtended))
    );
}

#[test]
fn art_21_3_an_objection_that_joins_late_waits_for_no_question() {
    let mut case = case(&[Right::Access], None);
    let (calendar, today) = (Calendar::shipped(), day("2026-03-04"));
    let first = case.due();
    let events = case.pause(
        demand(PauseKind::Identity, "2026-03-03", "2026-03-02"),
        today,
        calendar,
    );
    then(&mut case, events);
    let wanted = [Right::Access, Right::Portability, Right::MarketingObjection];
    let events = case.understand(&wanted, calendar);
    then(&mut case, events);
    let waits = |case: &Case, right| case.item(right).unwrap().term.deadline.waiting_since;
    assert_eq!(waits(&case, Right::MarketingObjection), None);
    assert_eq!(waits(&case, Right::Portability), Some(day("2026-03-03")));
    let answered = day("2026-03-13");
    let events = case.resume(None, answered, answered, calendar);
    then(&mut case, events);
    let due = |right| case.item(right).unwrap().term.due();
    assert_eq!(due(Right::MarketingObjection), first);
    assert_eq!(due(Right::Portability), due(Right::Access));
    assert!(due(Right::Access) > first);
}

#[test]
fn art_21_3_a_question_stops_no_clock_where_nothing_waits() {
    let case = case(&[Right::MarketingObjection, Right::Withdrawal], None);
    let asked = case.pause(
        demand(PauseKind::Identity, "2026-03-03", "2026-03-02"),
        day("2026-03-04"),
        Calendar::shipped(),
    );
    assert_eq!(asked, Err(Obstacle::Clock(ClockObstacle::NeverWaits)));
}

#[test]
fn before_an_erasure_somebody_else_looks_or_oneself_after_a_night() {
    let mut case = case(&[Right::Erasure], None);
    searched(&mut case, &[system(1)]);
    let events = decide(&case, Right::Erasure, Decision::granted(""));
    then(&mut case, events);
    assert_eq!(
        case.item(Right::Erasure).unwrap().state_code(),
        "second-look"
    );
    assert_eq!(
        case.carry_out(Right::Erasure, done(), vec![]),
        Err(Obstacle::SecondLookOpen {
            right: Right::Erasure
        })
    );
    let (me, other) = (clerk(), Actor("a2".into()));
    let look = |actor: &Actor, rule, today: &str| {
        let looker = Looker {
            actor,
            rule,
            today: day(today),
        };
        case.look(Right::Erasure, &Point::BEFORE_ERASURE, &looker)
            .map(|_| ())
    };
    let (decided, next) = ("2026-03-02", "2026-03-03");
    assert_eq!(look(&me, Second::Another, next), Err(Obstacle::FourEyes));
    assert_eq!(
        look(&me, Second::Oneself, decided),
        Err(Obstacle::NextMorning)
    );
    assert_eq!(look(&me, Second::Oneself, next), Ok(()));
    assert_eq!(look(&other, Second::Another, decided), Ok(()));
    assert_eq!(look(&other, Second::Oneself, decided), Ok(()));
    let unticked = case.look(
        Right::Erasure,
        &[Point::OnlyThisPerson],
        &looker(&other, true),
    );
    assert_eq!(unticked, Err(Obstacle::ChecklistOpen));
}

#[test]
fn art_21_3_what_never_waits_is_released_at_once_even_alone() {
    let mut case = case(&[Right::MarketingObjection], None);
    then(&mut case, Ok(vec![Event::MailboxConfirmed]));
    let events = decide(&case, Right::MarketingObjection, Decision::granted(""));
    then(&mut case, events);
    let events = carry_out(&case, Right::MarketingObjection, done());
    then(&mut case, events);
    let at_once = case.release(released(&case), Second::Oneself, day("2026-03-02"));
    assert!(at_once.is_ok());
}

#[test]
fn art_19_recipients_are_told_before_the_answer_leaves() {
    let mut case = case(&[Right::Erasure], None);
    let books = System {
        role: SystemRole::Processor,
        operator: "Rechenwerk GmbH".into(),
        ..system(1)
    };
    let bank = System {
        role: SystemRole::IndependentController,
        ..system(2)
    };
    let systems = [books, bank, system(3)];
    searched(&mut case, &systems);
    let events = decide(&case, Right::Erasure, Decision::granted(""));
    then(&mut case, events);
    let looked = case.look(
        Right::Erasure,
        &Point::BEFORE_ERASURE,
        &looker(&clerk(), false),
    );
    then(&mut case, looked);
    let today = day("2026-03-04");
    let owed = case.notices_owed(Right::Erasure, &[], &systems, today);
    let expected: Vec<Expected> = owed.iter().map(|notice| notice.expected).collect();
    // A processor is instructed, another controller is notified; the controller's own system tells nobody.
    assert_eq!(expected, [Expected::Instruct, Expected::Notify]);
    let events = case.carry_out(Right::Erasure, done(), owed);
    then(&mut case, events);
    assert_eq!(case.item(Right::Erasure).unwrap().state_code(), "notify");
    assert_eq!(
        may(&case, Way::Portal, &clerk(), false),
        Err(Obstacle::NoticesOpen { open: 2 })
    );
    let tell = |case: &Case, number, told| case.tell(number, told, today);
    let unproven = Told::Told {
        on: today,
        proof: String::new().into(),
    };
    assert_eq!(tell(&case, 1, unproven), Err(Obstacle::Empty("told-words")));
    let events = tell(
        &case,
        1,
        Told::Told {
            on: today,
            proof: "Ticket 17".to_owned().into(),
        },
    );
    then(&mut case, events);
    let events = tell(
        &case,
        2,
        Told::Disproportionate {
            because: "Anschrift unbekannt".to_owned().into(),
        },
    );
    then(&mut case, events);
    assert_eq!(case.item(Right::Erasure).unwrap().state_code(), "review");
    assert!(
        case.notices_owed(Right::Erasure, &[], &systems, today)
            .is_empty()
    );
}

#[test]
fn rec_63_a_question_about_the_scope_holds_up_only_what_gives_out_data() {
    let mut case = case(&[Right::Access, Right::Erasure], None);
    searched(&mut case, &[]);
    case.set_item(Right::Access, |_| ItemState::Triage);
    let (calendar, today) = (Calendar::shipped(), day("2026-03-04"));
    let events = case.pause(
        demand(PauseKind::Scope, "2026-03-04", "2026-03-03"),
        today,
        calendar,
    );
    then(&mut case, events);
    assert_eq!(case.item(Right::Access).unwrap().state_code(), "clarify");
    let events = case.resume(
        Some(PauseKind::Scope),
        day("2026-03-14"),
        day("2026-03-14"),
        calendar,
    );
    then(&mut case, events);
    assert_eq!(case.item(Right::Access).unwrap().state_code(), "decide");
    let due = |right| case.item(right).unwrap().term.due();
    assert_eq!(
        (due(Right::Access), due(Right::Erasure)),
        (day("2026-04-13"), day("2026-04-02"))
    );
}
