//! Who may ask for whom, and what nobody gets.

use chrono::NaiveDate;

use super::*;
use crate::domain::mandate::{AnswerTo, Certificate, Mandate, Trade};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn seen() -> Option<Seen> {
    Seen::noted("Elternkonto", day("2026-03-02"), "shown").ok()
}

fn parent(born: i32) -> Standing {
    Standing::Parent {
        born: Some(born),
        shown: seen(),
        view: None,
    }
}

fn agent(mandate: Mandate) -> Standing {
    Standing::Agent {
        by: Trade::Lawyer,
        mandate,
        answer_to: AnswerTo::Person,
    }
}

fn shown(covers: bool) -> Mandate {
    Mandate::Shown {
        on: day("2026-03-02"),
        original: false,
        covers,
        note: "Vollmacht vom 1. März".into(),
    }
}

#[test]
fn who_writes_for_herself_needs_nothing_more() {
    assert_eq!(Standing::Own.lacks(day("2026-03-02")), None);
    assert_eq!(Standing::claimed(OnBehalf::Own), Standing::Own);
}

#[test]
fn a_parent_needs_the_childs_year_and_something_that_shows_it() {
    let on = day("2026-03-02");
    let claimed = Standing::claimed(OnBehalf::Child);
    assert_eq!(claimed.lacks(on), Some(Lack::ChildsAge));
    let unshown = Standing::Parent {
        born: Some(2018),
        shown: None,
        view: None,
    };
    assert_eq!(unshown.lacks(on), Some(Lack::Parenthood));
    assert_eq!(parent(2018).lacks(on), None);
}

#[test]
fn from_fourteen_on_the_child_is_asked_and_the_cautious_year_counts() {
    let on = day("2026-03-02");
    assert_eq!(parent(2013).unheard(on), None);
    // Born in 2012 it may be thirteen or fourteen in March 2026.
    assert_eq!(parent(2012).unheard(on), Some(Lack::ChildsView));
    let heard = Standing::Parent {
        born: Some(2012),
        shown: seen(),
        view: seen(),
    };
    assert_eq!(heard.unheard(on), None);
}

#[test]
fn art_8_the_line_of_sixteen_takes_no_right_from_parents_or_child() {
    let on = day("2026-03-02");
    // Sixteen is about consent to online services alone: a parent may still write at seventeen.
    assert_eq!(parent(2009).lacks(on), None);
    // And who is grown up needs no parents.
    assert_eq!(parent(2007).lacks(on), Some(Lack::ChildGrown));
}

#[test]
fn an_agent_needs_a_mandate_that_covers_it_and_a_copy_may_do() {
    let on = day("2026-03-02");
    assert_eq!(agent(Mandate::Open).lacks(on), Some(Lack::Mandate));
    assert_eq!(agent(shown(false)).lacks(on), Some(Lack::MandateScope));
    assert_eq!(agent(shown(true)).lacks(on), None);
    assert!(agent(shown(true)).answers_person());
}

#[test]
fn sec_1815_bgb_a_guardians_task_area_must_cover_it() {
    let guardian = |covers| Standing::Guardian {
        certificate: Some(Certificate {
            on: day("2026-03-02"),
            tasks: "Vermögenssorge".into(),
            covers,
        }),
    };
    let on = day("2026-03-02");
    assert_eq!(guardian(false).lacks(on), Some(Lack::TaskArea));
    assert_eq!(guardian(true).lacks(on), None);
    let bare = Standing::Guardian { certificate: None };
    assert_eq!(bare.lacks(on), Some(Lack::Certificate));
}

#[test]
fn rec_27_the_dead_and_others_without_a_right_get_nothing() {
    let on = day("2026-03-02");
    for standing in [
        Standing::Bereaved,
        Standing::LegalPerson,
        Standing::InsolvencyAdministrator,
        Standing::ThirdParty,
        Standing::Authority,
    ] {
        let why = standing.no_right().unwrap();
        assert_eq!(standing.lacks(on), Some(Lack::NoRight(why)));
    }
}
