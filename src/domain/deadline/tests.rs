//! The table `tests/data/deadlines.csv`, what holds for every date, and the guards.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn place(text: &str) -> Place {
    Place::parse(text).unwrap()
}

fn period(received: &str, at: &str) -> Period {
    Period::on(day(received), place(at))
}

fn counted(period: &Period) -> Deadline {
    period.deadline(Calendar::shipped()).unwrap()
}

fn demand(asked: &str, cause: &str) -> Demand {
    Demand {
        kind: PauseKind::Identity,
        asked: day(asked),
        cause: day(cause),
        doubt: "new address".into(),
        suffices: "customer number".into(),
        proportionate: true,
        never_waits: false,
    }
}

fn ask(demand: Demand) -> Result<Pause, ClockObstacle> {
    Pause::ask(demand, Calendar::shipped(), &Place::nationwide())
}

fn pause(asked: &str, answered: &str) -> Pause {
    ask(demand(asked, asked))
        .unwrap()
        .answer(day(answered))
        .unwrap()
}

#[test]
fn every_row_of_the_table_is_counted_alike() {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(include_str!("../../../tests/data/deadlines.csv").as_bytes());
    let mut rows = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let maybe = |cell: &str| (!cell.is_empty()).then(|| day(cell));
        let (asked, answered) = (maybe(&row[2]), maybe(&row[3]));
        let told = what_if(
            period(&row[0], &row[1]),
            asked,
            answered,
            Calendar::shipped(),
        )
        .unwrap();
        assert_eq!(told.refused, None);
        let deadline = told.deadline;
        let extended = &deadline.extended;
        let found = [
            deadline.due,
            extended.used,
            deadline.nominal_due,
            extended.a,
            extended.b,
            extended.earliest,
        ];
        let expected: Vec<NaiveDate> = (4..10).map(|column| day(&row[column])).collect();
        assert_eq!(found[..], expected, "{row:?}");
        assert_eq!(deadline.paused_due, maybe(&row[10]), "{row:?}");
        assert_eq!(deadline.cautious_due, day(&row[11]), "{row:?}");
        rows += 1;
    }
    assert!(rows > 700, "{rows}");
}

#[test]
fn the_worked_examples_hold() {
    for (received, at, due, three_months) in [
        ("2024-01-31", "DE-BY", "2024-02-29", "2024-04-30"),
        ("2025-01-31", "DE-HE", "2025-02-28", "2025-04-30"),
        ("2024-02-29", "DE", "2024-04-02", "2024-05-29"),
        ("2026-02-28", "DE-BW", "2026-03-30", "2026-05-28"),
        ("2025-08-30", "DE-SN", "2025-09-30", "2025-12-01"),
        ("2025-08-31", "DE-SN", "2025-09-30", "2025-12-01"),
        ("2025-03-18", "DE-NI", "2025-04-22", "2025-06-18"),
        (
            "2025-07-15",
            "DE-BY+mariae-himmelfahrt",
            "2025-08-18",
            "2025-10-15",
        ),
        ("2025-07-15", "DE-BY", "2025-08-15", "2025-10-15"),
        ("2025-07-08", "DE-BY+augsburg", "2025-08-11", "2025-10-08"),
        ("2025-04-08", "DE-BE", "2025-05-09", "2025-07-08"),
        ("2025-04-08", "DE-BB", "2025-05-08", "2025-07-08"),
        ("2026-10-18", "DE-SN", "2026-11-19", "2027-01-18"),
        ("2026-10-18", "DE-ST", "2026-11-18", "2027-01-18"),
        ("2025-12-31", "DE", "2026-02-02", "2026-03-31"),
        ("2026-11-24", "DE", "2026-12-24", "2027-02-24"),
    ] {
        let deadline = counted(&period(received, at));
        assert_eq!(
            (deadline.due, deadline.extended.used),
            (day(due), day(three_months)),
            "{received} {at}"
        );
    }
    let march = counted(&period("2025-03-05", "DE-HE")).extended;
    assert_eq!(
        (march.used, march.a, march.b),
        (day("2025-06-05"), day("2025-06-05"), day("2025-06-10"))
    );
}

#[test]
fn the_day_is_a_german_calendar_day() {
    for (instant, received) in [
        ("2026-03-31T22:30:00Z", "2026-04-01"),
        ("2026-03-31T21:59:59Z", "2026-03-31"),
        ("2026-01-31T22:59:59Z", "2026-01-31"),
        ("2026-01-31T23:00:00Z", "2026-02-01"),
        // The night in which the clocks go forward, and the one in which they go back.
        ("2026-03-28T23:00:00Z", "2026-03-29"),
        ("2026-10-24T22:00:00Z", "2026-10-25"),
        ("2026-10-25T22:59:59Z", "2026-10-25"),
    ] {
        assert_eq!(
            received_day(instant.parse().unwrap()),
            day(received),
            "{instant}"
        );
    }
}

#[test]
fn a_deadline_is_read_back_as_stored() {
    let mut period = Period::at(
        "2025-01-31T08:00:00Z".parse().unwrap(),
        place("DE-BY+augsburg"),
    );
    period.pauses.push(pause("2025-02-03", "2025-02-10"));
    let stored = serde_json::to_string(&period).unwrap();
    assert_eq!(serde_json::from_str::<Period>(&stored).unwrap(), period);
    let deadline = counted(&period);
    let stored = serde_json::to_string(&deadline).unwrap();
    assert_eq!(serde_json::from_str::<Deadline>(&stored).unwrap(), deadline);
    assert_eq!(
        (deadline.rule.as_str(), deadline.calendar.as_str()),
        (RULE, Calendar::shipped().version())
    );
}

#[test]
fn days_of_two_pauses_at_once_count_once() {
    let mut period = period("2026-05-04", "DE");
    assert_eq!(counted(&period).due, day("2026-06-04"));
    period.pauses = vec![
        pause("2026-05-05", "2026-05-15"),
        pause("2026-05-08", "2026-05-18"),
    ];
    // 13 days from the 5th to the 18th: 17 June, a Wednesday.
    let deadline = counted(&period);
    assert_eq!(deadline.paused_due, Some(day("2026-06-17")));
    assert_eq!(
        (deadline.current_due, deadline.cautious_due),
        (day("2026-06-17"), day("2026-06-04"))
    );
    // One within the other adds nothing.
    period.pauses = vec![
        pause("2026-05-05", "2026-05-15"),
        pause("2026-05-06", "2026-05-07"),
    ];
    assert_eq!(counted(&period).paused_due, Some(day("2026-06-15")));
}

#[test]
fn an_open_pause_moves_nothing_yet_and_a_late_one_nothing_at_all() {
    let mut period = period("2026-05-04", "DE");
    period.pauses = vec![ask(demand("2026-05-05", "2026-05-04")).unwrap()];
    let deadline = counted(&period);
    assert_eq!(
        (deadline.paused_due, deadline.waiting_since),
        (None, Some(day("2026-05-05")))
    );
    assert_eq!(deadline.current_due, day("2026-06-04"));
    assert!(deadline.because.contains(&Step::Waiting {
        asked: day("2026-05-05")
    }));

    period.pauses = vec![pause("2026-06-08", "2026-06-20")];
    let deadline = counted(&period);
    assert_eq!(
        (deadline.paused_due, deadline.current_due),
        (None, day("2026-06-04"))
    );
    assert!(
        deadline
            .because
            .iter()
            .any(|step| matches!(step, Step::PauseAfterEnd { .. }))
    );
}

#[test]
fn a_question_stops_the_clock_only_behind_its_five_guards() {
    let good = demand("2026-05-05", "2026-05-04");
    assert_eq!(
        ask(Demand {
            doubt: " ".into(),
            ..good.clone()
        }),
        Err(ClockObstacle::NoDoubt)
    );
    assert_eq!(
        ask(Demand {
            proportionate: false,
            ..good.clone()
        }),
        Err(ClockObstacle::Disproportionate)
    );
    assert_eq!(
        ask(Demand {
            suffices: String::new(),
            ..good.clone()
        }),
        Err(ClockObstacle::NothingWouldSuffice)
    );
    assert_eq!(
        ask(Demand {
            never_waits: true,
            ..good.clone()
        }),
        Err(ClockObstacle::NeverWaits)
    );
    let late = |asked| ask(demand(asked, "2026-05-04")).map(|pause| pause.late);
    assert_eq!(late("2026-05-07"), Ok(false));
    assert_eq!(late("2026-05-08"), Ok(true));
    assert_eq!(late("2026-05-11"), Ok(true));
    assert_eq!(
        late("2026-05-12"),
        Err(ClockObstacle::AskedTooLate {
            asked: day("2026-05-12"),
            last: day("2026-05-11")
        })
    );
    assert!(matches!(
        late("2026-05-03"),
        Err(ClockObstacle::AskedBeforeCause { .. })
    ));
    // Three working days over Easter are seven days in all: still at once.
    assert_eq!(
        ask(demand("2026-04-09", "2026-04-02")).map(|pause| pause.late),
        Ok(false)
    );
}

#[test]
fn a_pause_lasts_until_the_answer_suffices() {
    let open = ask(demand("2026-05-05", "2026-05-04")).unwrap();
    assert!(matches!(
        open.clone().answer(day("2026-05-04")),
        Err(ClockObstacle::AnsweredBeforeAsked { .. })
    ));
    let ended = open.answer(day("2026-05-30")).unwrap();
    assert_eq!(
        ended.clone().answer(day("2026-05-31")),
        Err(ClockObstacle::AlreadyAnswered)
    );
    let mut period = period("2026-05-04", "DE");
    period.pauses.push(ended);
    assert_eq!(counted(&period).paused_due, Some(day("2026-06-29")));
}

#[test]
fn a_period_is_extended_once_in_time_and_with_reasons() {
    let mut period = period("2025-01-31", "DE-HE");
    let deadline = counted(&period);
    let due = deadline.due;
    assert_eq!(
        extend(&deadline, due, "  ", due),
        Err(ClockObstacle::NoReasons)
    );
    let after = due.succ_opt().unwrap();
    assert_eq!(
        extend(&deadline, after, "three requests", after),
        Err(ClockObstacle::NoticeTooLate {
            notice: after,
            last: due
        })
    );
    assert!(matches!(
        extend(&deadline, day("2025-02-03"), "x", due),
        Err(ClockObstacle::NoticeNotSent(_))
    ));
    let extension = extend(&deadline, due, "three requests", due).unwrap();

    period.extension = Some(extension);
    let extended = counted(&period);
    assert_eq!(
        (extended.due, extended.current_due),
        (due, day("2025-04-30"))
    );
    assert_eq!(extended.cautious_due, day("2025-04-28"));
    assert_eq!(
        extend(&extended, due, "again", due),
        Err(ClockObstacle::AlreadyExtended)
    );

    period.pauses.push(pause("2025-02-03", "2025-02-10"));
    assert_eq!(counted(&period).current_due, day("2025-05-07"));
}

#[test]
fn a_notice_within_a_pause_extends_and_says_on_what_it_leans() {
    let mut period = period("2026-05-04", "DE");
    period.pauses.push(pause("2026-05-05", "2026-05-15"));
    let deadline = counted(&period);
    assert_eq!(
        (deadline.due, deadline.paused_due),
        (day("2026-06-04"), Some(day("2026-06-15")))
    );
    let on = |notice| {
        extend(&deadline, day(notice), "four mailboxes", day(notice)).map(|it| it.leans_on_pause)
    };
    assert_eq!(on("2026-06-04"), Ok(false));
    assert_eq!(on("2026-06-10"), Ok(true));
    assert!(on("2026-06-16").is_err());
}

#[test]
fn the_cautious_date_trusts_no_extension_that_leans_on_a_pause() {
    let mut period = period("2026-05-04", "DE");
    period.pauses.push(pause("2026-05-05", "2026-05-15"));
    let notice = day("2026-06-10");
    let leaning = extend(&counted(&period), notice, "four mailboxes", notice).unwrap();
    period.extension = Some(leaning);
    let deadline = counted(&period);
    assert_eq!(
        (deadline.current_due, deadline.cautious_due),
        (day("2026-08-14"), day("2026-06-04"))
    );
    assert!(deadline.because.iter().any(|step| matches!(
        step,
        Step::Cautious { unpaused: true, strictest: false, day: on, .. } if *on == day("2026-06-04")
    )));
}

#[test]
fn a_question_in_the_extended_period_stops_the_clock_there() {
    let mut period = period("2026-03-02", "DE");
    let notice = day("2026-03-20");
    period.extension = Some(extend(&counted(&period), notice, "many", notice).unwrap());
    assert_eq!(counted(&period).current_due, day("2026-06-02"));
    period.pauses.push(pause("2026-04-20", "2026-04-27"));
    let deadline = counted(&period);
    assert_eq!(
        (deadline.paused_due, deadline.current_due),
        (None, day("2026-06-09"))
    );
    assert!(deadline.because.iter().any(|step| matches!(
        step,
        Step::PauseCounted { days: 7, to, .. } if *to == day("2026-06-09")
    )));
    // After that end it adds nothing, and says which end it missed.
    period.pauses.push(pause("2026-06-15", "2026-06-20"));
    let deadline = counted(&period);
    assert_eq!(deadline.current_due, day("2026-06-09"));
    assert!(deadline.because.contains(&Step::PauseAfterEnd {
        asked: day("2026-06-15"),
        due: day("2026-06-09")
    }));
}

#[test]
fn a_letter_leaves_four_working_days_before() {
    assert_eq!(
        counted(&period("2026-03-05", "DE")).post_by,
        day("2026-03-30")
    );
}

#[test]
fn beyond_the_table_there_is_no_date() {
    for received in ["2014-12-15", "2041-01-02", "2040-12-20", "9999-12-31"] {
        let told = period(received, "DE").deadline(Calendar::shipped());
        assert!(
            matches!(told, Err(CalendarError::OutsideTable { .. })),
            "{received}: {told:?}"
        );
    }
    assert_eq!(counted(&period("2015-01-01", "DE")).due, day("2015-02-02"));
    assert_eq!(
        counted(&period("2040-09-28", "DE")).extended.used,
        day("2040-12-28")
    );
}

proptest! {
    #[test]
    fn what_holds_for_every_date(start in 0u64..9300, at in 0usize..21, asked in 0u64..7, waited in 0u64..60, paused: bool) {
        let calendar = Calendar::shipped();
        let at = calendar.places()[at].clone();
        let received = day("2015-01-01").checked_add_days(Days::new(start)).unwrap();
        let asked = plus(received, asked);
        let (asked, answered) = (paused.then_some(asked), paused.then_some(plus(asked, waited)));
        let deadline = what_if(Period::on(received, at.clone()), asked, answered, calendar).unwrap().deadline;

        let extended = &deadline.extended;
        let mut ends = vec![deadline.due, extended.used, extended.a, extended.b, deadline.current_due, deadline.post_by];
        ends.extend(deadline.paused_due);
        for end in ends {
            prop_assert!(calendar.is_working_day(end, &at).unwrap());
        }
        prop_assert!(deadline.due >= deadline.nominal_due);
        prop_assert!((deadline.due - deadline.nominal_due).num_days() <= 5);
        prop_assert!((28..=31).contains(&(deadline.nominal_due - received).num_days()));
        for reading in [extended.used, extended.a, extended.b] {
            prop_assert!(extended.earliest <= reading);
            prop_assert!(reading > deadline.due);
        }
        prop_assert!(deadline.cautious_due <= deadline.due && deadline.cautious_due >= deadline.nominal_due);
        prop_assert!(deadline.paused_due.is_none_or(|paused| paused >= deadline.due));
        prop_assert_eq!(deadline.paused_due.is_some(), paused);
        // A narrower place never gives a later date.
        let narrow = Period::on(received, Place::nationwide()).deadline(calendar).unwrap();
        prop_assert!(narrow.due <= deadline.due);
        prop_assert_eq!(narrow.cautious_due, deadline.cautious_due);
    }
}
