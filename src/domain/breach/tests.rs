//! The 72 hours and what must be known before they are over.

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn breach(aware: &str) -> Breach {
    Breach::new(
        at(aware),
        at("2027-01-01T00:00:00Z"),
        Origin::Message,
        "Ein Brief lag im falschen Umschlag.",
    )
    .unwrap()
}

fn whole() -> Report {
    Report {
        nature: "Ein Brief lag im falschen Umschlag.".into(),
        categories: "Kunden; Bestelldaten".into(),
        numbers: "eine Person, drei Datensätze".into(),
        contact: "Datenschutz, 0611 1".into(),
        consequences: "Ein Fremder kennt eine Bestellung.".into(),
        measures: "Brief zurückgeholt, Ablauf geändert.".into(),
    }
}

fn yes(when: &str, late: Option<&str>) -> Told {
    Told::Yes {
        at: at(when),
        how: "Online-Meldung 17".into(),
        late: late.map(Private::from),
    }
}

#[test]
fn art_33_1_the_72_hours_run_over_weekends_holidays_and_the_change_of_clocks() {
    // aware, due, latest reading
    let table = [
        (
            "2026-03-02T09:20:00Z",
            "2026-03-05T09:20:00Z",
            "2026-03-05T10:00:00Z",
        ),
        // Good Friday until Easter Monday.
        (
            "2026-04-03T07:00:00Z",
            "2026-04-06T07:00:00Z",
            "2026-04-06T08:00:00Z",
        ),
        // 29 March 2026: summer time begins; hours are hours.
        (
            "2026-03-27T22:30:00Z",
            "2026-03-30T22:30:00Z",
            "2026-03-30T23:00:00Z",
        ),
        (
            "2026-12-31T23:59:00Z",
            "2027-01-03T23:59:00Z",
            "2027-01-04T00:00:00Z",
        ),
    ];
    for (aware, due, latest) in table {
        assert_eq!(breach(aware).due(), at(due), "{aware}");
        assert_eq!(breach(aware).latest(), at(latest), "{aware}");
    }
}

#[test]
fn art_33_1_hours_left_are_never_rounded_up() {
    let breach = breach("2026-03-02T09:00:00Z");
    for (now, left) in [
        ("2026-03-02T09:00:00Z", 72),
        ("2026-03-02T09:00:01Z", 71),
        ("2026-03-05T08:30:00Z", 0),
        ("2026-03-05T09:00:00Z", 0),
        ("2026-03-05T09:00:01Z", -1),
    ] {
        assert_eq!(breach.hours_left(at(now)), left, "{now}");
    }
}

#[test]
fn art_33_1_deciders_are_reminded_at_once_and_ever_closer_to_the_end() {
    let mut breach = breach("2026-03-02T09:00:00Z");
    for (now, step) in [
        ("2026-03-02T09:00:00Z", Some(72)),
        ("2026-03-03T08:00:00Z", Some(72)),
        ("2026-03-03T09:00:00Z", Some(48)),
        ("2026-03-04T09:00:00Z", Some(24)),
        ("2026-03-05T03:00:00Z", Some(6)),
        ("2026-03-05T10:00:00Z", Some(0)),
        ("2026-03-09T10:00:00Z", Some(0)),
    ] {
        assert_eq!(breach.reminder(at(now)), step, "{now}");
    }
    breach.apply(&BreachStep::Authority {
        told: yes("2026-03-03T09:00:00Z", None),
    });
    assert_eq!(breach.reminder(at("2026-03-05T03:00:00Z")), None);
}

#[test]
fn art_33_1_a_late_notice_needs_its_reason_and_no_notice_needs_the_whole_record() {
    let mut breach = breach("2026-03-02T09:00:00Z");
    assert_eq!(
        breach.may_tell_authority(&yes("2026-03-05T09:00:01Z", None)),
        Err(Obstacle::BreachLate)
    );
    assert!(
        breach
            .may_tell_authority(&yes("2026-03-05T09:00:01Z", Some("erst am Abend klar")))
            .is_ok()
    );
    // In phases (Art. 33(4)): told in time, with gaps.
    assert!(
        breach
            .may_tell_authority(&yes("2026-03-03T09:00:00Z", None))
            .is_ok()
    );
    assert_eq!(
        breach.may_tell_authority(&yes("2026-03-01T09:00:00Z", None)),
        Err(Obstacle::Empty("told-at"))
    );
    let no = Told::No {
        because: "kein Risiko: Der Umschlag kam ungeöffnet zurück".into(),
    };
    assert_eq!(
        breach.may_tell_authority(&no),
        Err(Obstacle::BreachIncomplete {
            missing: vec![
                "categories",
                "numbers",
                "contact",
                "consequences",
                "measures"
            ]
        })
    );
    breach.apply(&BreachStep::Described {
        report: Box::new(whole()),
    });
    assert!(breach.may_tell_authority(&no).is_ok());
    assert_eq!(
        breach.may_tell_authority(&Told::No {
            because: " ".into()
        }),
        Err(Obstacle::Empty("because"))
    );
}

#[test]
fn art_33_3_every_part_of_the_notice_is_asked_for() {
    let full = whole();
    assert_eq!(full.missing(), Vec::<&str>::new());
    for (at, (name, _)) in full.parts().into_iter().enumerate() {
        let mut report = whole();
        match at {
            0 => report.nature = " ".into(),
            1 => report.categories = "".into(),
            2 => report.numbers = "".into(),
            3 => report.contact = "".into(),
            4 => report.consequences = "".into(),
            _ => report.measures = "".into(),
        }
        assert_eq!(report.missing(), [name]);
    }
}

#[test]
fn art_34_nothing_is_closed_before_it_is_decided_whether_the_persons_are_told() {
    let mut breach = breach("2026-03-02T09:00:00Z");
    breach.apply(&BreachStep::Described {
        report: Box::new(whole()),
    });
    breach.apply(&BreachStep::Authority {
        told: yes("2026-03-03T09:00:00Z", None),
    });
    assert_eq!(
        breach.may_close(),
        Err(Obstacle::BreachIncomplete {
            missing: vec!["persons"]
        })
    );
    assert_eq!(
        breach.may_tell_persons(&Told::No { because: "".into() }),
        Err(Obstacle::Empty("because"))
    );
    breach.apply(&BreachStep::Persons {
        told: Told::No {
            because: "kein hohes Risiko".into(),
        },
    });
    assert!(breach.may_close().is_ok());
    breach.apply(&BreachStep::Closed {
        at: at("2026-03-04T09:00:00Z"),
    });
    assert_eq!(breach.may_close(), Err(Obstacle::NoBreach));
}

#[test]
fn art_33_5_a_breach_without_its_facts_or_from_tomorrow_cannot_be_opened() {
    let now = at("2026-03-02T09:00:00Z");
    assert_eq!(
        Breach::new(now, now, Origin::Office, "  "),
        Err(Obstacle::Empty("note"))
    );
    let later = at("2026-03-02T09:00:01Z");
    assert_eq!(
        Breach::new(later, now, Origin::Office, "x"),
        Err(Obstacle::Empty("aware"))
    );
}
