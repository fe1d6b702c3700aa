//! Whom the register names as recipients, and how a mail to one of them fares.

use super::*;
use crate::domain::case::tests::{case, now, system};
use crate::domain::decision::Done;
use crate::domain::register::{SubProcessor, System, SystemRole};
use crate::domain::scope::Actor;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn done(system: &System) -> Done {
    Done {
        system: system.name.clone(),
        what: "erledigt".to_owned().into(),
        on: day("2026-03-04"),
    }
}

fn helper(name: &str) -> SubProcessor {
    SubProcessor {
        name: name.into(),
        ..SubProcessor::default()
    }
}

/// What is owed after something was done in the first system.
fn owed(right: Right, systems: &[System]) -> Vec<Notice> {
    let done: Vec<Done> = systems.iter().take(1).map(done).collect();
    case(&[right], None).notices_owed(right, &done, systems, day("2026-03-04"))
}

fn named(notices: &[Notice]) -> Vec<(&str, &str, Expected)> {
    notices
        .iter()
        .map(|it| (it.recipient.as_str(), it.through.as_str(), it.expected))
        .collect()
}

#[test]
fn art_28_4_who_works_for_a_processor_is_instructed_through_it() {
    let books = System {
        role: SystemRole::Processor,
        operator: "Rechenwerk GmbH".into(),
        contact: "Datenschutz, dsb@rechenwerk.example".into(),
        sub_processors: vec![helper("Serverhof KG")],
        ..system(1)
    };
    let told = owed(Right::Rectification, &[books]);
    assert_eq!(
        named(&told),
        [
            ("Rechenwerk GmbH", "", Expected::Instruct),
            ("Serverhof KG", "Rechenwerk GmbH", Expected::Instruct),
        ]
    );
    assert_eq!(told[1].mailbox(), Some("dsb@rechenwerk.example"));
    assert_eq!(told[1].due, day("2026-03-11"));
}

#[test]
fn art_19_the_host_of_our_own_system_is_instructed_and_another_controllers_helper_is_his_business()
{
    let own = System {
        sub_processors: vec![helper("Serverhof KG")],
        ..system(1)
    };
    assert_eq!(
        named(&owed(Right::Restriction, &[own])),
        [("Serverhof KG", "", Expected::Instruct)]
    );
    for role in [SystemRole::IndependentController, SystemRole::Joint] {
        let theirs = System {
            role,
            sub_processors: vec![helper("Serverhof KG")],
            ..system(1)
        };
        assert_eq!(
            named(&owed(Right::Restriction, &[theirs])),
            [("System 1", "", Expected::Notify)]
        );
    }
}

#[test]
fn art_19_who_gets_copies_is_told_however_many_steps_away_unless_it_holds_nothing() {
    let from = System {
        copies_to: vec!["s2".into(), "s4".into()],
        ..system(1)
    };
    let between = System {
        copies_to: vec!["s1".into(), "s3".into()],
        ..system(2)
    };
    let backup = System {
        role: SystemRole::Processor,
        ..system(3)
    };
    let empty = System {
        role: SystemRole::Processor,
        holds_nothing: Some("nur Zahlen".into()),
        ..system(4)
    };
    let elsewhere = System {
        role: SystemRole::Processor,
        ..system(5)
    };
    let systems = [from, between, backup, empty, elsewhere];
    assert_eq!(
        named(&owed(Right::Erasure, &systems)),
        [("System 3", "", Expected::Instruct)]
    );
    assert!(owed(Right::Access, &systems).is_empty());
}

#[test]
fn art_17_2_every_place_where_erased_data_were_public_and_search_engines_once() {
    let site = System {
        public: vec!["Newsroom".into(), "Infoschirme".into()],
        ..system(1)
    };
    let told = owed(Right::Erasure, std::slice::from_ref(&site));
    assert_eq!(
        named(&told),
        [
            ("Newsroom", "", Expected::TakeDown),
            ("Infoschirme", "", Expected::TakeDown),
            ("", "", Expected::TakeDown),
        ]
    );
    assert_eq!(told[2].public, ["Newsroom", "Infoschirme"]);
    assert!(owed(Right::Restriction, &[site]).is_empty());
}

#[test]
fn a_mailbox_is_found_in_what_the_register_says_of_a_contact() {
    let reached = |contact: &str| {
        let notice = Notice {
            contact: contact.into(),
            ..owed(
                Right::Erasure,
                &[System {
                    role: SystemRole::Processor,
                    ..system(1)
                }],
            )
            .remove(0)
        };
        notice.mailbox().map(str::to_owned)
    };
    for (contact, mailbox) in [
        ("dsb@werk.example", Some("dsb@werk.example")),
        ("Datenschutz (dsb@werk.example).", Some("dsb@werk.example")),
        (
            "Frau Muster <dsb@werk.example>, Telefon 1",
            Some("dsb@werk.example"),
        ),
        ("Weg 1, 12345 Ort", None),
        ("dsb@werk", None),
        ("@werk.example", None),
        ("", None),
    ] {
        assert_eq!(reached(contact).as_deref(), mailbox, "{contact}");
    }
}

#[test]
fn art_19_a_task_is_announced_three_days_before_on_its_day_and_daily_when_overdue() {
    let told = |today: &str, since: &str| announced(day("2026-03-11"), day(since), day(today));
    assert!(!told("2026-03-07", "2026-03-06"));
    assert!(told("2026-03-08", "2026-03-07"));
    assert!(!told("2026-03-09", "2026-03-08"));
    assert!(
        told("2026-03-09", "2026-03-06"),
        "a missed day is made up for"
    );
    assert!(told("2026-03-11", "2026-03-10"));
    assert!(told("2026-04-01", "2026-03-31"));
}

/// A case with one recipient who is to be told, by address.
fn telling() -> Case {
    let systems = [System {
        role: SystemRole::Processor,
        ..system(1)
    }];
    let mut case = case(&[Right::Restriction], None);
    case.notices = owed(Right::Restriction, &systems);
    case
}

fn then(case: &mut Case, events: Vec<Event>) {
    for event in events {
        case.apply(&event, now(), &Actor::house());
    }
}

#[test]
fn art_19_the_server_that_takes_the_mail_is_the_proof_and_a_bounce_opens_the_task_again() {
    let mut case = telling();
    let mail = MessageId(7);
    assert_eq!(
        case.may_mail(1, "kein Postfach", false),
        Err(Obstacle::Empty("told-to"))
    );
    assert_eq!(
        case.may_mail(1, "dsb@werk.example", true),
        Err(Obstacle::SpecialByMail)
    );
    assert!(case.may_mail(1, "dsb@werk.example", false).is_ok());
    let sent = case.mails(1, "dsb@werk.example", mail);
    then(&mut case, sent);
    assert_eq!(case.untold(), 1, "on its way is not told");
    assert_eq!(
        case.may_mail(1, "dsb@werk.example", false),
        Err(Obstacle::UnknownTask)
    );
    assert!(
        case.recipient_reached(MessageId(8), day("2026-03-05"))
            .is_empty()
    );
    let reached = case.recipient_reached(mail, day("2026-03-05"));
    then(&mut case, reached);
    assert_eq!((case.untold(), case.notices[0].knows()), (0, true));
    let by_hand = Told::Impossible {
        because: "nichts".into(),
    };
    assert_eq!(
        case.tell(1, by_hand, day("2026-03-06")),
        Err(Obstacle::UnknownTask),
        "a proof is not overwritten"
    );
    let back = case.recipient_bounced(1, day("2026-03-06")).unwrap();
    then(&mut case, back);
    assert_eq!((case.untold(), case.notices[0].knows()), (1, false));
    assert_eq!(
        case.close(day("2026-03-06")).unwrap_err(),
        Obstacle::ItemsUndecided { open: 1 }
    );
    assert!(case.may_mail(1, "neu@werk.example", false).is_ok());
    // Sent again from the list of messages, the same mail may arrive after all.
    let late = case.recipient_reached(mail, day("2026-03-07"));
    then(&mut case, late);
    assert_eq!(case.untold(), 0);
}

#[test]
fn art_19_of_a_second_act_recipients_are_told_again_and_of_one_act_once() {
    let theirs = |id| System {
        role: SystemRole::Processor,
        ..system(id)
    };
    let systems = [theirs(1), theirs(2)];
    let right = Right::Rectification;
    let all: Vec<Done> = systems.iter().map(done).collect();
    let mut case = case(&[right], None);
    let owed = |case: &Case, done: &[Done]| {
        let today = day("2026-03-04");
        let owed = case.notices_owed(right, done, &systems, today);
        owed.iter().map(|it| it.system.0).collect::<Vec<_>>()
    };
    case.notices = case.notices_owed(right, &all, &systems, day("2026-03-04"));
    assert_eq!(owed(&case, &all), [0; 0], "still to be told");
    for notice in &mut case.notices {
        notice.told = Told::Told {
            on: day("2026-03-05"),
            proof: "Ticket 17".to_owned().into(),
        };
    }
    assert_eq!(owed(&case, &[]), [0; 0], "nothing was done anew");
    assert_eq!(owed(&case, &all[..1]), [1], "where it was done anew");
    assert_eq!(owed(&case, &all), [1, 2]);
}
