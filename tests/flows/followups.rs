//! What had to stay comes back on its day, also when its case is long closed.

use chrono::{NaiveDate, TimeDelta};
use rechtzeitig::casework::Error;
use rechtzeitig::casework::decision::Verdict;
use rechtzeitig::casework::followup::Finding;
use rechtzeitig::domain::decision::{Decision, Ground, Remainder};
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::followup::{Errand, Followed, FreshCheck};
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::judgement::{End, Treatment};
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::weighing::Weighing;

use crate::support::office::Office;
use crate::support::people::{Clerk, Subject};

/// The last day on which it stays, and the day on which it comes back.
const LAST_DAY: &str = "2032-12-31";
const COMES_BACK: &str = "2033-01-01";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An erasure that leaves an invoice until the law lets it go; answered and closed.
async fn partly_erased(office: &Office, vera: &Clerk, karla: &Subject, last: &str) -> CaseId {
    let case = karla
        .asks_and_confirms(office, &[Right::Erasure])
        .await
        .case;
    vera.confirms_identity(office, case).await;
    vera.finds(office, case, "Warenwirtschaft", "Rechnung")
        .await;
    vera.finds_nothing_else(office, case).await;
    let ground = Ground::new("§ 147 AO", "Rechnung vom Mai 2024").unwrap();
    let mut rest = Remainder::new("Warenwirtschaft: Rechnung", ground.clone(), Some(day(last)));
    rest.record = "Kundennummer 4711".to_owned().into();
    let partly = Decision::partly("", vec![ground], vec![rest]).unwrap();
    vera.decides(office, case, Right::Erasure, partly).await;
    vera.carries_out(
        office,
        case,
        Right::Erasure,
        "Warenwirtschaft",
        "Konto entfernt",
    )
    .await;
    vera.releases(office, case, Way::Portal).await;
    office.jobs_run().await;
    let link = karla.link(office, "answer");
    let letter = office.answer_page(&link).await.unwrap().letter;
    office.fetched(case, letter).await.unwrap();
    case
}

fn done(check: FreshCheck, on: NaiveDate) -> Finding {
    Finding::Done {
        check,
        on,
        proof: "Löschlauf 17".to_owned().into(),
        told_on: None,
    }
}

const CLEAR: FreshCheck = FreshCheck {
    no_hold: true,
    no_newer_contract: true,
    no_open_tax_year: true,
};

#[tokio::test]
async fn sec_35_3_bdsg_what_stayed_comes_back_on_its_day_and_runs_only_after_a_fresh_look() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Wiedervorlage", Role::Decider).await;
    let karla = office.subject("Karla Nochnicht", "karla@post-f1.example");
    let case = partly_erased(&office, &vera, &karla, LAST_DAY).await;
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.item(Right::Erasure).unwrap().state_code(), "followup");
    assert!(known.closed.is_some());
    assert!(
        office.follow_ups(&vera.scope).await.unwrap().is_empty(),
        "it is years away"
    );

    // A fortnight before, the digest tells of it.
    let ahead = day("2032-12-18") - office.today();
    office.clock.advance(ahead);
    office.jobs_run().await;
    let all = office.follow_ups(&vera.scope).await.unwrap();
    let (_, due) = all.first().expect("it comes back");
    assert_eq!((due.on, due.what.errand), (day(COMES_BACK), Errand::Erase));
    assert_eq!(
        due.what.record.reveal(),
        "Kundennummer 4711",
        "whose it is can be told without the file"
    );
    let told = office.mails_to("buero@kontor.example");
    let told = told
        .iter()
        .any(|mail| mail.text.contains("/desk/followups/"));
    assert!(told, "the digest of the day names it");
    let file = office.open(&vera.scope, case).await;
    assert!(file.is_err(), "the case file itself is long destroyed");

    let seen = |finding| office.follow_up_seen(&vera.scope, due.id, finding);
    let early = seen(done(CLEAR, office.today())).await;
    assert!(
        matches!(
            early,
            Err(Error::Obstacle(Obstacle::Empty("followed-early")))
        ),
        "{early:?}"
    );
    office.clock.advance(TimeDelta::days(14));
    let taxed = FreshCheck {
        no_open_tax_year: false,
        ..CLEAR
    };
    let open = seen(done(taxed, office.today())).await;
    assert!(
        matches!(open, Err(Error::Obstacle(Obstacle::FreshCheckOpen))),
        "{open:?}"
    );
    let later = Finding::Later {
        to: day("2033-12-31"),
        because: "Betriebsprüfung für 2024 läuft".to_owned().into(),
    };
    assert!(matches!(
        seen(later).await.unwrap(),
        Followed::Postponed { .. }
    ));

    office.clock.advance(TimeDelta::days(365));
    seen(done(CLEAR, office.today())).await.unwrap();
    assert!(office.follow_ups(&vera.scope).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_decided_anew_promises_anew() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Neupromise", Role::Decider).await;
    let karla = office.subject("Karla Dochnicht", "karla@post-f2.example");
    let case = partly_erased(&office, &vera, &karla, LAST_DAY).await;
    let (_, seen) = vera.sees(&office, case).await;
    let reopened = office
        .reopen(&vera.scope, case, seen, "Rechnung ist storniert")
        .await;
    let seen = reopened.unwrap().revision;
    office
        .reconsider(&vera.scope, case, seen, Right::Erasure)
        .await
        .unwrap();
    office.clock.advance(day(COMES_BACK) - office.today());
    assert!(office.follow_ups(&vera.scope).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_review_that_the_register_asks_for_comes_by_itself_once_and_again_after_it_was_done() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Nachschau", Role::Admin).await;
    let company = office.company();
    let mut entries = office.systems(&vera.scope, company).await.unwrap();
    let system = entries.first_mut().unwrap();
    system.categories.first_mut().unwrap().period = "review:2y".parse().ok();
    let scope = rechtzeitig::domain::scope::Scope::of_house(company);
    office
        .import_register(&scope, company, entries)
        .await
        .unwrap();
    for _ in 0..2 {
        office.clock.advance(TimeDelta::days(1));
        office.jobs_run().await;
    }
    office.clock.advance(TimeDelta::days(730));
    let all = office.follow_ups(&vera.scope).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    let (_, due) = all.first().unwrap();
    assert_eq!(due.what.errand, Errand::Review);
    let finding = done(FreshCheck::default(), office.today());
    office
        .follow_up_seen(&vera.scope, due.id, finding)
        .await
        .unwrap();
    // The next one comes when the register says, not after a year.
    office.clock.advance(TimeDelta::days(1));
    office.jobs_run().await;
    office.clock.advance(TimeDelta::days(363));
    assert!(office.follow_ups(&vera.scope).await.unwrap().is_empty());
    office.clock.advance(TimeDelta::days(30));
    let all = office.follow_ups(&vera.scope).await.unwrap();
    let next = office.today() + TimeDelta::days(730 - 393);
    assert!(
        matches!(all.as_slice(), [(_, due)] if due.on >= next),
        "{all:?}"
    );
}

#[tokio::test]
async fn art_17_3_a_no_that_ends_on_a_day_comes_back_on_it() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Neinbis", Role::Decider).await;
    let karla = office.subject("Karla Späterdoch", "karla@post-f4.example");
    let case = karla
        .asks_and_confirms(&office, &[Right::Erasure])
        .await
        .case;
    vera.confirms_identity(&office, case).await;
    vera.finds(&office, case, "Warenwirtschaft", "Rechnung")
        .await;
    vera.finds_nothing_else(&office, case).await;
    let (known, seen) = vera.sees(&office, case).await;
    let mut weighing = Weighing::as_wished(&known, Right::Erasure);
    for judged in &mut weighing.judgements {
        judged.treatment = Treatment::Keep;
        judged.ground = Ground::new("Art. 17(3)(e)", "offene Forderung").ok();
        judged.end = Some(End::Day(day("2027-12-31")));
    }
    weighing.officer = Some("gehört".to_owned().into());
    let decision = weighing.outcome("").unwrap();
    assert!(matches!(decision, Decision::Refused { .. }));
    let verdict = Verdict {
        right: Right::Erasure,
        decision,
        weighing,
        done: vec![],
    };
    office
        .decide(&vera.scope, case, seen, vec![verdict])
        .await
        .unwrap();
    vera.releases(&office, case, Way::Portal).await;
    office.clock.advance(day("2028-01-01") - office.today());
    let all = office.follow_ups(&vera.scope).await.unwrap();
    let (_, due) = all.first().expect("what was promised comes back");
    assert_eq!(
        (due.on, due.what.errand),
        (day("2028-01-01"), Errand::Erase)
    );

    // A dispute keeps it from being erased, and a reason may put it off.
    let (_, seen) = vera.sees(&office, case).await;
    office
        .hold(&vera.scope, case, seen, "Klage angekündigt")
        .await
        .unwrap();
    let tried = office
        .follow_up_seen(&vera.scope, due.id, done(CLEAR, office.today()))
        .await;
    assert!(
        matches!(tried, Err(Error::Obstacle(Obstacle::ErasureHeld))),
        "{tried:?}"
    );
    let later = Finding::Later {
        to: day("2028-06-30"),
        because: "Klage angekündigt".to_owned().into(),
    };
    office
        .follow_up_seen(&vera.scope, due.id, later)
        .await
        .unwrap();
}

#[tokio::test]
async fn while_the_case_is_there_it_tells_what_came_of_its_rest() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Jahresende", Role::Decider).await;
    let karla = office.subject("Karla Baldweg", "karla@post-f3.example");
    let case = partly_erased(&office, &vera, &karla, "2026-12-31").await;
    let state = async || {
        let (known, _) = vera.sees(&office, case).await;
        known.item(Right::Erasure).unwrap().state_code()
    };
    office.clock.advance(day("2027-01-02") - office.today());
    let all = office.follow_ups(&vera.scope).await.unwrap();
    let (_, due) = all.first().expect("it came back");
    let later = Finding::Later {
        to: day("2027-06-30"),
        because: "Betriebsprüfung läuft".to_owned().into(),
    };
    office
        .follow_up_seen(&vera.scope, due.id, later)
        .await
        .unwrap();
    assert_eq!(state().await, "followup");
    office.clock.advance(day("2027-07-01") - office.today());
    let finding = done(CLEAR, office.today());
    office
        .follow_up_seen(&vera.scope, due.id, finding)
        .await
        .unwrap();
    assert_eq!(state().await, "done");
}
