//! A restriction that ends on a day: first the person is told, then the data are used again.

use chrono::{NaiveDate, TimeDelta};
use rechtzeitig::casework::Error;
use rechtzeitig::casework::decision::Verdict;
use rechtzeitig::casework::desk::Outcome;
use rechtzeitig::casework::followup::Finding;
use rechtzeitig::casework::letter::{By, Draft};
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::followup::{Due, Errand, Followed, FreshCheck};
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::intake::PartyRole;
use rechtzeitig::domain::judgement::End;
use rechtzeitig::domain::letter::About;
use rechtzeitig::domain::lifting::Lifting;
use rechtzeitig::domain::measure::{Measure, Occasion};
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::{Office, day};
use crate::support::people::{Clerk, Subject, weighed};

/// The last day of the restriction; on the next one it comes back.
const LAST_DAY: &str = "2026-06-30";

/// Restricted until a day; answered, fetched and closed.
async fn restricted(office: &Office, vera: &Clerk, karla: &Subject) -> CaseId {
    let case = karla
        .asks_and_confirms(office, &[Right::Restriction])
        .await
        .case;
    vera.confirms_identity(office, case).await;
    vera.finds(office, case, "Ladenkonto", "Konto").await;
    vera.finds_nothing_else(office, case).await;
    let (known, seen) = vera.sees(office, case).await;
    let yes = Decision::granted("");
    let mut weighing = weighed(&known, Right::Restriction, &yes);
    weighing.measure = Some(Measure::Restrict {
        occasion: Occasion::Disputed,
        effect: "Die Daten werden nur noch gespeichert.".to_owned().into(),
        end: End::Day(day(LAST_DAY)),
    });
    let verdict = Verdict {
        right: Right::Restriction,
        decision: yes,
        weighing,
        done: vec![],
    };
    let decided = office.decide(&vera.scope, case, seen, vec![verdict]).await;
    decided.expect("a decision");
    vera.carries_out(office, case, Right::Restriction, "Ladenkonto", "gesperrt")
        .await;
    vera.tells_recipients(office, case).await;
    vera.releases(office, case, Way::Portal).await;
    office.jobs_run().await;
    let link = karla.link(office, "answer");
    let letter = office.answer_page(&link).await.unwrap().letter;
    office.fetched(case, letter).await.unwrap();
    case
}

async fn comes_back(office: &Office, vera: &Clerk) -> Due {
    let all = office.follow_ups(&vera.scope).await.unwrap();
    let (_, due) = all.into_iter().next().expect("it comes back");
    assert_eq!(due.what.errand, Errand::Lift);
    due
}

fn notice(due: &Due, from: NaiveDate, by: By) -> Draft {
    Draft {
        about: About::Lifting(Lifting {
            promised: Some(due.what.what.clone()),
            data: "Ihr Kundenkonto im Laden".to_owned().into(),
            since: day("2026-03-02"),
            from,
            why: "Ihre neue Anschrift ist geprüft und richtig."
                .to_owned()
                .into(),
            then: String::new().into(),
            outdated: false,
        }),
        by: Some(by),
    }
}

async fn sends(
    office: &Office,
    vera: &Clerk,
    case: CaseId,
    draft: &Draft,
) -> Result<Outcome, Error> {
    let (_, seen) = vera.sees(office, case).await;
    let mark = office.see_letter(&vera.scope, case, draft).await?.mark;
    office
        .release_letter(&vera.scope, case, seen, draft, &mark)
        .await
}

fn lifted(on: NaiveDate, told_on: Option<NaiveDate>) -> Finding {
    Finding::Done {
        check: FreshCheck::default(),
        on,
        proof: "Sperre im Ladenkonto entfernt".to_owned().into(),
        told_on,
    }
}

fn stands<T: std::fmt::Debug>(done: Result<T, Error>, what: &str) {
    assert!(
        matches!(&done, Err(Error::Obstacle(Obstacle::Empty(it))) if *it == what),
        "{what}: {done:?}"
    );
}

#[tokio::test]
async fn art_18_3_a_restriction_ends_only_after_the_notice_was_accepted() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Aufhebung", Role::Decider).await;
    let karla = office.subject("Karla Wiederfrei", "karla@post-l1.example");
    let case = restricted(&office, &vera, &karla).await;
    office.it_becomes(day("2026-06-22"));
    let due = comes_back(&office, &vera).await;
    assert_eq!(due.on, day("2026-07-01"));

    // On the day itself it would be too late to say it before.
    let at_once = notice(&due, office.today(), By::Mail);
    stands(sends(&office, &vera, case, &at_once).await, "lifting-from");
    // What was not looked at does not leave.
    let draft = notice(&due, due.on, By::Mail);
    let (_, seen) = vera.sees(&office, case).await;
    let blind = office.release_letter(&vera.scope, case, seen, &draft, "");
    let blind = blind.await;
    assert!(
        matches!(blind, Err(Error::Obstacle(Obstacle::LetterUnseen))),
        "{blind:?}"
    );
    // Nobody posts a letter without an address.
    let paper = notice(&due, due.on, By::Post);
    let nowhere = sends(&office, &vera, case, &paper).await;
    assert!(
        matches!(nowhere, Err(Error::Obstacle(Obstacle::NoWayOfDelivery))),
        "{nowhere:?}"
    );

    sends(&office, &vera, case, &draft).await.expect("released");
    office.it_becomes(due.on);
    let seen = |finding| office.follow_up_seen(&vera.scope, due.id, finding);
    // Released is not sent: it still lies in the outbox.
    stands(seen(lifted(office.today(), None)).await, "told-before");
    office.jobs_run().await;
    let mails = karla.mails(&office);
    let mail = mails.last().expect("the notice");
    assert!(mail.subject.contains("Die Einschränkung endet"), "{mail:?}");
    let words: Vec<&str> = mail.text.split_whitespace().collect();
    let words = words.join(" ");
    for said in ["1. Juli 2026", "Ihr Kundenkonto im Laden", "2. März 2026"] {
        assert!(words.contains(said), "{said} is missing in {words}");
    }
    // Not before the day that it names.
    let early = due.on - TimeDelta::days(1);
    stands(seen(lifted(early, None)).await, "lifted-early");
    let done = seen(lifted(office.today(), None)).await.expect("lifted");
    assert!(matches!(done, Followed::Done { told_on: None, .. }));
    let (known, _) = vera.sees(&office, case).await;
    let item = known.item(Right::Restriction).unwrap();
    assert_eq!(item.state_code(), "done");
}

#[tokio::test]
async fn art_18_3_a_printed_notice_counts_from_its_posting_and_an_end_put_off_is_told_anew() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Briefweg", Role::Decider).await;
    let karla = office.subject("Karla Postweg", "karla@post-l2.example");
    let case = restricted(&office, &vera, &karla).await;
    let (_, seen) = vera.sees(&office, case).await;
    let reopened = office.reopen(&vera.scope, case, seen, "Anschrift").await;
    let seen = reopened.unwrap().revision;
    let to = (PartyRole::Requester, "Steg 3\n20459 Hamburg");
    let known = office.set_address(&vera.scope, case, seen, to).await;
    known.expect("an address");
    office.it_becomes(day("2026-06-22"));
    let due = comes_back(&office, &vera).await;
    let draft = notice(&due, due.on, By::Post);
    let printed = sends(&office, &vera, case, &draft).await;
    let seen = printed.expect("printed").revision;
    let today = office.today();
    let judged = |finding| office.follow_up_seen(&vera.scope, due.id, finding);
    stands(judged(lifted(today, None)).await, "told-before");
    let tomorrow = today + TimeDelta::days(1);
    let early = office.letter_posted(&vera.scope, case, seen, (1, tomorrow));
    stands(early.await, "letter-posted");
    let posted = office.letter_posted(&vera.scope, case, seen, (1, today));
    posted.await.expect("posted");

    // The restriction goes on after all: what the letter said is no notice of the later end.
    let later = Finding::Later {
        to: day("2026-08-01"),
        because: "Ein neuer Einwand wird geprüft".to_owned().into(),
    };
    judged(later).await.expect("put off");
    office.it_becomes(day("2026-08-03"));
    stands(judged(lifted(office.today(), None)).await, "told-before");
    // A letter that was written elsewhere counts from the day of its posting, and the file keeps that day.
    let told = Some(day("2026-07-20"));
    let done = judged(lifted(office.today(), told)).await.expect("lifted");
    assert!(matches!(done, Followed::Done { told_on, .. } if told_on == told));
}
