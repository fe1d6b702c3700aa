//! The rules on proofs, on whole cases.

use chrono::NaiveDate;

use super::*;
use crate::domain::calendar::{Calendar, Place};
use crate::domain::deadline::Period;
use crate::domain::ids::{CaseId, ControllerId, FileId, SystemId};
use crate::domain::intake::{Intake, OnBehalf, Party, PartyRole, ReplyBy};
use crate::domain::item::ItemState;
use crate::domain::lang::Lang;
use crate::domain::register::SearchKey;
use crate::domain::right::Right;
use crate::domain::scope::Actor;
use crate::domain::term::Term;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn asked_for(rights: &[Right], channel: Channel, email: Option<&str>) -> Case {
    let received = day("2026-03-02");
    let term = Term::reckon(
        Period::on(received, Place::nationwide()),
        Calendar::shipped(),
    )
    .unwrap();
    let opened = Event::Opened {
        intake: Box::new(Intake {
            received,
            recorded_at: "2026-03-02T09:00:00Z".parse().unwrap(),
            channel,
            lang: Lang::De,
            on_behalf: OnBehalf::Own,
            text: "".into(),
            copy_first: None,
            shared_mailbox: None,
            reply_by: ReplyBy::Portal,
            suspicious: false,
            arrival: Default::default(),
            matter: Default::default(),
        }),
        parties: vec![Party {
            role: PartyRole::Requester,
            name: "Johanna Beispiel".into(),
            email: email.map(Into::into),
            address: None,
            hints: None,
        }],
        rights: rights.to_vec(),
        term: Box::new(term),
        files: vec![],
    };
    Case::open(CaseId(1), ControllerId(1), "2026-ABCDE-F".into(), &opened).unwrap()
}

fn by_form(rights: &[Right]) -> Case {
    let mut case = asked_for(rights, Channel::Form, Some("johanna@example.org"));
    then(&mut case, vec![Event::MailboxConfirmed]);
    case
}

fn then(case: &mut Case, events: Vec<Event>) {
    for event in events {
        case.apply(
            &event,
            "2026-03-03T09:00:00Z".parse().unwrap(),
            &Actor("a1".into()),
        );
    }
}

fn system(keys: &[SearchKey]) -> System {
    let text = "slug = \"erp\"\nname = \"Warenwirtschaft\"\nrole = \"internal\"";
    let mut system: System = toml::from_str(text).unwrap();
    system.id = SystemId(1);
    system.keys = keys.to_vec();
    system
}

fn record() -> OnFile {
    OnFile {
        kind: AddressKind::Mailbox,
        system: "Warenwirtschaft".into(),
        since: day("2024-05-03"),
        owner: Owner::Person,
        made_by_request: false,
        address: None,
    }
}

fn known(method: Method) -> Finding {
    Finding {
        on_file: Some(record()),
        ..Finding::sufficient(method)
    }
}

fn weigh(case: &Case, finding: Finding) -> Result<Vec<Event>, Obstacle> {
    case.weigh_identity(finding, &[], day("2026-03-03"))
}

fn refused(case: &Case, finding: Finding) -> ProofObstacle {
    match weigh(case, finding) {
        Err(Obstacle::Proof(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn ask(means: &[Method]) -> Ask {
    Ask {
        means: means.to_vec(),
        keys: vec![Knowledge::CustomerNumber],
        doubt: "Die Adresse steht bei zwei Kundinnen.".into(),
        ..Ask::default()
    }
}

fn put(case: &Case, ask: &Ask, habit: Habit) -> Result<Vec<Event>, Obstacle> {
    let systems = [system(&[SearchKey::Number, SearchKey::Name])];
    let at = (day("2026-03-03"), Calendar::shipped());
    case.ask_identity(ask, &systems, &Method::USUAL, habit, at)
}

fn waiting() -> Case {
    let mut case = by_form(&[Right::Access]);
    let events = put(&case, &ask(&[Method::Knowledge]), Habit::default()).unwrap();
    then(&mut case, events);
    case
}

#[test]
fn art_12_6_a_confirmed_link_proves_nothing_without_where_the_address_stands_on_file() {
    let case = by_form(&[Right::Access]);
    let bare = Finding::sufficient(Method::ConfirmedLink);
    assert_eq!(refused(&case, bare), ProofObstacle::NotOnFile);
    let mut proven = case.clone();
    then(
        &mut proven,
        weigh(&case, known(Method::ConfirmedLink)).unwrap(),
    );
    assert_eq!(
        proven.identity.confirmed().unwrap().method(),
        Method::ConfirmedLink
    );
    assert_eq!(proven.proof.on_file, Some(record()));
}

#[test]
fn art_12_6_nor_does_an_address_that_is_not_hers_alone() {
    let case = by_form(&[Right::Access]);
    for owner in [Owner::Role, Owner::Shared, Owner::Several, Owner::Employer] {
        let finding = Finding {
            on_file: Some(OnFile { owner, ..record() }),
            ..known(Method::ConfirmedLink)
        };
        assert_eq!(refused(&case, finding), ProofObstacle::NeverAlone(owner));
    }
    let mut post = asked_for(&[Right::Access], Channel::Email, Some("info@firma.example"));
    then(&mut post, vec![Event::MailboxConfirmed]);
    assert_eq!(
        refused(&post, known(Method::AddressOnFile)),
        ProofObstacle::NeverAlone(Owner::Role)
    );
    let mut family = by_form(&[Right::Access]);
    family.intake.shared_mailbox = Some(true);
    assert_eq!(
        refused(&family, known(Method::ConfirmedLink)),
        ProofObstacle::NeverAlone(Owner::Shared)
    );
}

#[test]
fn art_12_6_what_somebody_typed_into_a_form_was_not_written_from_that_address() {
    let silent = asked_for(
        &[Right::Erasure],
        Channel::Form,
        Some("johanna@example.org"),
    );
    for method in [Method::AddressOnFile, Method::ConfirmedLink] {
        assert_eq!(
            refused(&silent, known(method)),
            ProofObstacle::MailboxSilent
        );
    }
    let wrote = asked_for(
        &[Right::Erasure],
        Channel::Email,
        Some("johanna@example.org"),
    );
    assert!(weigh(&wrote, known(Method::AddressOnFile)).is_ok());
    // Another address than the one on file wrote.
    let other = OnFile {
        address: Some("johanna@alt.example".into()),
        ..record()
    };
    let finding = Finding {
        on_file: Some(other),
        ..known(Method::AddressOnFile)
    };
    assert_eq!(refused(&wrote, finding), ProofObstacle::MailboxSilent);
}

#[test]
fn art_12_6_less_than_the_harm_demands_needs_its_reason() {
    let wrote = asked_for(
        &[Right::Access],
        Channel::Email,
        Some("johanna@example.org"),
    );
    let why = refused(&wrote, known(Method::AddressOnFile));
    assert!(
        matches!(why, ProofObstacle::DepartureUnexplained { .. }),
        "{why:?}"
    );
    let explained = Finding {
        because: "es geht nur um die letzte Rechnung".into(),
        ..known(Method::AddressOnFile)
    };
    assert!(weigh(&wrote, explained).is_ok());
    let mut sensitive = by_form(&[Right::Access]);
    sensitive.intake.channel = Channel::Email;
    let grave = Finding {
        gravity: Gravity {
            sensitive: true,
            moved: false,
        },
        ..known(Method::ConfirmedLink)
    };
    let why = refused(&sensitive, grave);
    assert!(
        matches!(why, ProofObstacle::DepartureUnexplained { .. }),
        "{why:?}"
    );
}

#[test]
fn art_12_6_the_weakest_method_that_suffices_is_proposed() {
    let numbers = [system(&[SearchKey::Number])];
    let names = [system(&[SearchKey::Name])];
    let plain = Gravity::default();
    let proposed = |case: &Case, systems: &[System], gravity| {
        case.propose(systems, &Method::USUAL, gravity).method
    };
    let form = by_form(&[Right::Access]);
    assert_eq!(proposed(&form, &numbers, plain), Method::ConfirmedLink);
    let sensitive = Gravity {
        sensitive: true,
        moved: false,
    };
    assert_eq!(proposed(&form, &numbers, sensitive), Method::Knowledge);
    assert_eq!(proposed(&form, &names, sensitive), Method::CodeByPost);
    let mail = asked_for(
        &[Right::Erasure],
        Channel::Email,
        Some("johanna@example.org"),
    );
    assert_eq!(proposed(&mail, &numbers, plain), Method::AddressOnFile);
    let role = asked_for(
        &[Right::Erasure],
        Channel::Email,
        Some("info@firma.example"),
    );
    let proposal = role.propose(&numbers, &Method::USUAL, plain);
    assert_eq!(proposal.method, Method::Knowledge);
    assert!(proposal.because.contains(&Because::NotHersAlone));
    let letter = asked_for(&[Right::Access], Channel::Letter, None);
    assert_eq!(proposed(&letter, &numbers, plain), Method::AddressOnFile);
    let called = asked_for(&[Right::Access], Channel::Phone, None);
    assert_eq!(proposed(&called, &[], plain), Method::SignedLetter);
}

#[test]
fn art_12_6_asking_harder_than_proposed_needs_its_reason_and_a_copy_more_than_that() {
    let case = by_form(&[Right::Access]);
    let card = ask(&[Method::CardSeen]);
    let why = put(&case, &card, Habit::default());
    let proposed = Method::Knowledge;
    assert_eq!(
        why,
        Err(ProofObstacle::DepartureUnexplained { proposed }.into())
    );
    let explained = Ask {
        because: "sie kommt ohnehin ins Geschäft".into(),
        ..card
    };
    let events = put(&case, &explained, Habit::default()).unwrap();
    let Some(Event::IdentityAsked { cautions, .. }) = events.first() else {
        panic!("{events:?}")
    };
    assert_eq!(cautions, &[Caution::Harder]);

    let offered = [Method::Knowledge, Method::BlackenedCopy];
    let copy = |gravity, habit| {
        let ask = Ask {
            gravity,
            because: "keine Nummern, keine Anschrift".into(),
            ..ask(&[Method::BlackenedCopy])
        };
        let at = (day("2026-03-03"), Calendar::shipped());
        case.ask_identity(&ask, &[], &offered, habit, at)
    };
    let sensitive = Gravity {
        sensitive: true,
        moved: false,
    };
    let never = Err(ProofObstacle::CopyOutOfProportion.into());
    assert_eq!(copy(Gravity::default(), Habit::default()), never);
    assert!(copy(sensitive, Habit::default()).is_ok());
    let often = Habit {
        same_doubt: 0,
        copies: ROUTINE_FROM,
    };
    assert_eq!(copy(sensitive, often), never, "not as a habit");
}

#[test]
fn art_5_1_c_a_routine_stops_no_clock_and_is_told_before_it_is_put() {
    let case = by_form(&[Right::Access]);
    let often = Habit {
        same_doubt: ROUTINE_FROM,
        copies: 0,
    };
    let pausing = |anyway| Ask {
        pause: true,
        anyway,
        ..ask(&[Method::Knowledge])
    };
    let routine = Err(ProofObstacle::Routine {
        others: ROUTINE_FROM,
    }
    .into());
    assert_eq!(put(&case, &pausing(false), often), routine);
    assert_eq!(put(&case, &pausing(true), often), routine);
    let told = Ask {
        pause: false,
        ..pausing(true)
    };
    assert!(put(&case, &told, often).is_ok());
    let vague = Ask {
        doubt: "Zur Sicherheit.".into(),
        ..pausing(true)
    };
    assert_eq!(
        put(&case, &vague, Habit::default()),
        Err(ProofObstacle::Vague.into())
    );
}

#[test]
fn art_12_6_a_code_goes_to_the_address_on_file_only_and_counts_once() {
    let mut case = waiting();
    let address = Some("Feldweg 1\n65183 Wiesbaden".into());
    let postal = OnFile {
        kind: AddressKind::Postal,
        address,
        ..record()
    };
    let today = day("2026-03-04");
    let without = OnFile {
        address: None,
        ..postal.clone()
    };
    assert_eq!(
        case.make_code(without, None, today),
        Err(ProofObstacle::CodeNeedsAddress.into())
    );
    let young = OnFile {
        since: day("2026-03-02"),
        ..postal.clone()
    };
    assert!(matches!(
        case.make_code(young, None, today),
        Err(Obstacle::Proof(ProofObstacle::RecordTooYoung { .. }))
    ));
    let events = case.make_code(postal, Some(FileId(7)), today).unwrap();
    then(&mut case, events);
    let posted = case.code_posted(today, today).unwrap();
    assert_eq!(
        posted.iter().flat_map(Event::destroys).collect::<Vec<_>>(),
        [FileId(7)]
    );
    then(&mut case, posted);
    assert_eq!(
        refused(
            &case,
            Finding {
                doubt: "zwei".into(),
                ..Finding::sufficient(Method::CodeByPost)
            }
        ),
        ProofObstacle::NoCodeEntered
    );
    let late = case.code_fits(&[], day("2026-03-26"));
    assert_eq!(late, Err(ProofObstacle::NoCodeOut.into()));
    let events = case.code_fits(&[], day("2026-03-25")).unwrap();
    then(&mut case, events);
    assert_eq!(
        case.identity.confirmed().unwrap().method(),
        Method::CodeByPost
    );
    assert!(
        case.code_fits(&[], day("2026-03-25")).is_err(),
        "a second time"
    );
}

#[test]
fn art_5_1_c_what_was_shown_goes_with_the_weighing_and_at_the_latest_after_two_weeks() {
    let mut case = waiting();
    let given = case
        .give_proof(Method::Knowledge, vec![FileId(3)], day("2026-03-05"))
        .unwrap();
    then(&mut case, given);
    let gone = |events: &[Event]| events.iter().flat_map(Event::destroys).collect::<Vec<_>>();
    let no = Finding {
        sufficient: false,
        note: "andere Nummer".into(),
        ..Finding::sufficient(Method::Knowledge)
    };
    for finding in [Finding::sufficient(Method::Knowledge), no] {
        assert_eq!(gone(&weigh(&case, finding).unwrap()), [FileId(3)]);
    }
    assert_eq!(
        gone(
            &case
                .ask_again("Es fehlt die letzte Ziffer.", day("2026-03-06"))
                .unwrap()
        ),
        [FileId(3)]
    );
    assert_eq!(gone(&case.clear_proofs(day("2026-03-18"))), []);
    assert_eq!(gone(&case.clear_proofs(day("2026-03-19"))), [FileId(3)]);
    let carded = Finding {
        note: "L01X00T47 gesehen".into(),
        because: "kommt vorbei".into(),
        ..Finding::sufficient(Method::CardSeen)
    };
    assert_eq!(refused(&case, carded), ProofObstacle::DocumentNumber);
}

#[test]
fn art_12_4_without_an_answer_it_ends_after_one_reminder_and_goes_on_when_one_comes() {
    let mut case = waiting();
    let end =
        |case: &Case, on| case.not_identified(Unidentified::Silent, "keine Antwort", None, day(on));
    assert_eq!(
        end(&case, "2026-03-20"),
        Err(ProofObstacle::RemindFirst.into())
    );
    assert!(!case.reminder_due(14, day("2026-03-16")));
    assert!(case.reminder_due(14, day("2026-03-17")));
    let reminded = case.remind(None, day("2026-03-17")).unwrap();
    then(&mut case, reminded);
    assert_eq!(
        case.remind(None, day("2026-03-18")),
        Err(ProofObstacle::RemindedAlready.into())
    );
    // Two weeks later is the 31st, a day before the date without a pause on 2 April.
    assert_eq!(
        end(&case, "2026-03-30"),
        Err(ProofObstacle::StillTime(day("2026-03-31")).into())
    );
    assert!(case.closing_due(day("2026-03-31")));
    let ended = end(&case, "2026-03-31").unwrap();
    then(&mut case, ended);
    assert!(case.closed.is_some());
    assert!(matches!(
        case.items[0].state,
        ItemState::NotIdentified { .. }
    ));
    let due = case.due();
    let came = case
        .give_proof(Method::Knowledge, vec![FileId(4)], day("2026-04-20"))
        .unwrap();
    then(&mut case, came);
    assert!(case.closed.is_none() && case.unread);
    assert_eq!(
        (&case.items[0].state, case.due()),
        (&ItemState::Identity, due),
        "the first clock"
    );
    let proven = weigh(&case, Finding::sufficient(Method::Knowledge)).unwrap();
    then(&mut case, proven);
    assert!(case.collection.begun);
}

#[test]
fn art_11_2_what_cannot_be_matched_ends_15_to_20_and_nothing_else() {
    let mut case = by_form(&[Right::Access, Right::MarketingObjection]);
    let ended = case
        .not_identified(
            Unidentified::Unidentifiable,
            "nur eine IP-Adresse",
            None,
            day("2026-03-04"),
        )
        .unwrap();
    then(&mut case, ended);
    assert!(case.closed.is_none(), "the objection is open");
    let state = |right| case.item(right).unwrap().state_code();
    assert_eq!(state(Right::Access), "not-identified");
    assert_eq!(state(Right::MarketingObjection), "new");
    assert_eq!(
        by_form(&[Right::MarketingObjection]).not_identified(
            Unidentified::Unidentifiable,
            "nur eine IP-Adresse",
            None,
            day("2026-03-04")
        ),
        Err(ProofObstacle::NothingEnds.into())
    );
}

#[test]
fn art_12_6_more_than_a_reply_needs_a_written_doubt() {
    let case = by_form(&[Right::Erasure]);
    for doubt in ["", " "] {
        let finding = Finding {
            doubt: doubt.into(),
            ..Finding::sufficient(Method::CardSeen)
        };
        assert_eq!(weigh(&case, finding), Err(Obstacle::ReasonLacking));
    }
    let finding = Finding {
        doubt: "andere Anschrift".into(),
        ..Finding::sufficient(Method::CardSeen)
    };
    assert!(weigh(&case, finding).is_ok());
    // What was asked with a doubt is weighed with it.
    assert!(weigh(&waiting(), Finding::sufficient(Method::Knowledge)).is_ok());
}

#[test]
fn a_failed_proof_confirms_nothing() {
    let mut case = waiting();
    let failed = Finding {
        sufficient: false,
        note: "andere Nummer".into(),
        ..Finding::sufficient(Method::Knowledge)
    };
    let events = weigh(&case, failed).unwrap();
    then(&mut case, events);
    assert_eq!(case.identity.confirmed(), Err(Obstacle::IdentityOpen));
}
