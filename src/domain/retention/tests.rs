//! When a copy goes, when the file goes, and what stops both.

use chrono::{DateTime, NaiveDate, Utc};

use super::*;
use crate::domain::aftermath::{Complaint, CopyOf, Destroyed, Forum};
use crate::domain::arrival::Arrival;
use crate::domain::calendar::{Calendar, Place};
use crate::domain::collection::{Held, Searched, Task, TaskState};
use crate::domain::deadline::Period;
use crate::domain::delivery::{Released, Way};
use crate::domain::enclosure::Version;
use crate::domain::ids::{CaseId, ControllerId, SystemId};
use crate::domain::intake::{Channel, Intake, OnBehalf, ReplyBy};
use crate::domain::item::ItemState;
use crate::domain::lang::Lang;
use crate::domain::matter::Matter;
use crate::domain::right::Right;
use crate::domain::scope::Actor;
use crate::domain::term::Term;
use crate::domain::weighing::Weighing;

const DAYS: u16 = 90;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}T09:00:00Z").parse().unwrap()
}

fn clerk() -> Actor {
    Actor("a1".into())
}

/// An access request of 2 March 2026 in which one system held something.
fn case() -> Case {
    let period = Period::on(day("2026-03-02"), Place::nationwide());
    let intake = Intake {
        received: day("2026-03-02"),
        recorded_at: at("2026-03-02"),
        channel: Channel::Form,
        lang: Lang::De,
        on_behalf: OnBehalf::Own,
        text: "".into(),
        copy_first: None,
        shared_mailbox: None,
        reply_by: ReplyBy::Portal,
        suspicious: false,
        arrival: Arrival::default(),
        matter: Matter::default(),
    };
    let opened = Event::Opened {
        intake: Box::new(intake),
        parties: vec![],
        rights: vec![Right::Access],
        term: Box::new(Term::reckon(period, Calendar::shipped()).unwrap()),
        files: vec![],
    };
    let mut case = Case::open(CaseId(1), ControllerId(1), "1".into(), &opened).unwrap();
    case.collection.begun = true;
    case.collection.tasks = vec![Task {
        slug: String::new(),
        system: SystemId(1),
        name: "Kasse".into(),
        keys: vec![],
        marketing: false,
        owner: None,
        asking: None,
        categories: vec![],
        state: TaskState::Answered {
            outcome: Outcome::Found {
                text: "drei Belege".into(),
                files: vec![FileId(7)],
            },
            at: at("2026-03-03"),
            by: clerk(),
        },
    }];
    case
}

fn released() -> Released {
    Released {
        rights: vec![Right::Access],
        at: at("2026-03-10"),
        by: clerk(),
        way: Way::Portal,
        recipient: "j@post.example".into(),
        letter: FileId(1),
        page: None,
        package: Some(FileId(2)),
        ticked: vec![],
        texts: String::new(),
        lacking: None,
        part: Default::default(),
    }
}

fn answered_on(sent: &str) -> Case {
    let mut case = case();
    case.answers = vec![Delivery::Sent {
        released: released(),
        on: day(sent),
    }];
    case
}

fn then(case: &mut Case, events: Result<Vec<Event>, Obstacle>, on: &str) {
    for event in events.unwrap() {
        case.apply(&event, at(on), &clerk());
    }
}

#[test]
fn sec_31_owig_the_file_goes_on_the_first_of_january_after_the_third_full_year() {
    for (closed, goes) in [
        ("2026-01-01", "2030-01-01"),
        ("2026-12-31", "2030-01-01"),
        ("2027-01-01", "2031-01-01"),
        ("2024-02-29", "2028-01-01"),
    ] {
        assert_eq!(purge_day(day(closed)), Some(day(goes)), "{closed}");
    }
    let mut case = answered_on("2026-03-10");
    case.closed = Some(day("2026-03-13"));
    assert!(!case.over(day("2029-12-31"), DAYS).all);
    assert!(case.over(day("2030-01-01"), DAYS).all);
}

#[test]
fn art_5_1_e_the_copy_goes_early_and_the_case_says_when() {
    let mut case = answered_on("2026-03-10");
    case.closed = Some(day("2026-03-13"));
    assert_eq!(case.next_over(DAYS), Some(day("2026-06-08")));
    assert_eq!(case.over(day("2026-06-07"), DAYS), Over::default());
    let over = case.over(day("2026-06-08"), DAYS);
    assert_eq!(
        (over.packages.clone(), over.findings, over.all),
        (vec![FileId(2)], true, false)
    );
    let gone = Event::CopiesDestroyed {
        destroyed: vec![Destroyed {
            on: day("2026-06-08"),
            what: CopyOf::Finding,
            system: "Kasse".into(),
            categories: vec!["Belege".into()],
            files: 1,
            size: 10,
            sha256: vec![],
        }],
        packages: vec![FileId(2)],
    };
    case.apply(&gone, at("2026-06-08"), &Actor::house());
    // Once is enough; what is left is the file itself.
    assert_eq!(case.over(day("2026-06-09"), DAYS), Over::default());
    assert_eq!(case.next_over(DAYS), Some(day("2030-01-01")));
    assert!(
        case.collection.tasks[0].found(),
        "that something was found stays"
    );
}

#[test]
fn what_an_open_case_found_is_kept_for_its_answer_though_an_old_package_goes() {
    let case = answered_on("2026-03-10");
    let over = case.over(day("2026-12-01"), DAYS);
    assert_eq!(
        (over.packages, over.findings, over.all),
        (vec![FileId(2)], false, false)
    );
}

#[test]
fn what_was_fetched_late_is_kept_from_that_day_on() {
    let mut case = case();
    case.answers = vec![Delivery::Arrived {
        released: released(),
        sent: day("2026-03-10"),
        on: day("2026-04-09"),
    }];
    assert_eq!(case.next_over(30), Some(day("2026-05-09")));
}

#[test]
fn a_hold_stops_everything_until_it_is_lifted() {
    let mut case = answered_on("2026-03-10");
    case.closed = Some(day("2026-03-13"));
    assert_eq!(
        case.hold(" ", day("2026-04-01"), &clerk()),
        Err(Obstacle::Empty("because"))
    );
    let events = case.hold("Klage angekündigt", day("2026-04-01"), &clerk());
    then(&mut case, events, "2026-04-01");
    assert_eq!(case.next_over(DAYS), None);
    assert_eq!(case.over(day("2035-01-01"), DAYS), Over::default());
    assert_eq!(
        case.lift(2, "vorbei", day("2026-05-01")),
        Err(Obstacle::NoHold)
    );
    let events = case.lift(1, "Klage zurückgenommen", day("2030-02-01"));
    then(&mut case, events, "2030-02-01");
    assert!(case.over(day("2030-02-01"), DAYS).all);
    assert_eq!(
        case.lift(1, "noch einmal", day("2030-02-01")),
        Err(Obstacle::NoHold)
    );
}

#[test]
fn art_77_a_complaint_opens_the_case_with_its_first_clock_and_holds_the_file() {
    let mut case = answered_on("2026-03-10");
    let due = case.due();
    case.closed = Some(day("2026-03-13"));
    let complaint = Complaint {
        on: day("2026-05-04"),
        to: Forum::Authority,
        text: "Die Auskunft sei unvollständig.".into(),
    };
    let events = case.complain(complaint, &clerk());
    then(&mut case, events, "2026-05-04");
    assert!(case.closed.is_none() && case.unread && case.held());
    assert_eq!(case.due(), due, "never reset");
}

#[test]
fn findings_that_were_destroyed_are_searched_again_before_they_are_given_out_again() {
    let mut case = answered_on("2026-03-10");
    case.closed = Some(day("2026-03-13"));
    let gone = Event::CopiesDestroyed {
        destroyed: vec![Destroyed {
            on: day("2026-06-08"),
            what: CopyOf::Finding,
            system: "Kasse".into(),
            categories: vec![],
            files: 1,
            size: 10,
            sha256: vec![],
        }],
        packages: vec![],
    };
    case.apply(&gone, at("2026-06-08"), &Actor::house());
    let events = case.reopen("complaint");
    then(&mut case, events, "2026-07-01");
    case.apply(
        &Event::Reconsidered {
            right: Right::Access,
        },
        at("2026-07-01"),
        &clerk(),
    );
    assert_eq!(case.collection.open(), 1);
    assert!(matches!(
        case.item(Right::Access).unwrap().state,
        ItemState::Search
    ));
}

#[test]
fn art_12_3_an_answer_after_its_day_says_why_and_the_day_stands() {
    let mut case = case();
    let due = case.due();
    assert!(!case.lateness_unexplained(due));
    let late = due.succ_opt().unwrap();
    assert!(case.lateness_unexplained(late));
    assert_eq!(case.explain_lateness(" "), Err(Obstacle::Empty("because")));
    let events = case.explain_lateness("Zwei Kolleginnen waren krank.");
    then(&mut case, events, "2026-05-01");
    assert!(!case.lateness_unexplained(late));
    assert_eq!(case.due(), due);
}

#[test]
fn art_5_1_e_what_was_secured_and_what_was_redacted_go_with_the_copy() {
    let destroyed = |files| Destroyed {
        on: day("2026-06-11"),
        what: CopyOf::Finding,
        system: "Kasse".into(),
        categories: vec![],
        files,
        size: 1,
        sha256: vec![],
    };
    let secured = |case: &mut Case| {
        let kept = Secured::Done {
            note: "Protokoll kopiert".into(),
            files: vec![FileId(8)],
        };
        case.secured.insert(SystemId(2), kept);
    };
    let redacted = |case: &mut Case| {
        let version = Version {
            system: SystemId(1),
            text: "ein Beleg".into(),
            files: vec![FileId(9)],
        };
        let weighing = Weighing {
            versions: vec![version],
            ..Weighing::default()
        };
        case.weighed.insert(Right::Access, weighing);
    };
    let both: [fn(&mut Case); 2] = [secured, redacted];
    for (lies, (system, file)) in both.into_iter().zip([(2, FileId(8)), (1, FileId(9))]) {
        // Nothing was found, or nobody was ever answered: it lies there all the same.
        let mut case = case();
        case.collection.tasks.clear();
        case.closed = Some(day("2026-03-13"));
        assert_eq!(case.findings_until(DAYS), None);
        lies(&mut case);
        assert_eq!(case.findings_until(DAYS), Some(day("2026-06-11")));
        let copied = case.copied();
        assert!(copied[&SystemId(system)].files.contains(&file));
        let gone = Event::CopiesDestroyed {
            destroyed: vec![destroyed(1)],
            packages: vec![],
        };
        case.apply(&gone, at("2026-06-11"), &Actor::house());
        assert!(case.copied().is_empty());
        assert_eq!(case.findings_until(DAYS), None);
    }
}

#[test]
fn art_5_1_e_what_machines_brought_goes_whatever_was_answered_for_their_system() {
    let mut case = case();
    case.collection.tasks.clear();
    case.closed = Some(day("2026-03-13"));
    let searched = |count| Searched {
        system: SystemId(1),
        source: "crm".into(),
        at: at("2026-03-03"),
        by: vec![],
        asked: vec![],
        doubts: vec![],
        held: vec![Held {
            category: "contact".into(),
            name: "Kontakte".into(),
            count,
        }],
    };
    case.collection.searched = vec![searched(0)];
    assert_eq!(case.findings_until(DAYS), None, "nothing lies there");
    case.collection.searched = vec![searched(5)];
    assert_eq!(case.findings_until(DAYS), Some(day("2026-06-11")));
    let gone = Event::CopiesDestroyed {
        destroyed: vec![Destroyed {
            on: day("2026-06-11"),
            what: CopyOf::Finding,
            system: String::new(),
            categories: vec![],
            files: 0,
            size: 0,
            sha256: vec![],
        }],
        packages: vec![],
    };
    case.apply(&gone, at("2026-06-11"), &Actor::house());
    assert_eq!(case.findings_until(DAYS), None);
}

#[test]
fn art_15_3_what_is_secured_after_its_system_was_answered_belongs_to_the_find() {
    let mut case = case();
    let kept = Secured::Done {
        note: "Protokoll kopiert".into(),
        files: vec![FileId(8)],
    };
    let events = case.preserve(SystemId(1), kept);
    then(&mut case, events, "2026-03-04");
    let found = case.collection.tasks[0].outcome();
    let Some(Outcome::Found { files, .. }) = found else {
        panic!("{found:?}");
    };
    assert_eq!(files, &[FileId(7), FileId(8)]);
}
