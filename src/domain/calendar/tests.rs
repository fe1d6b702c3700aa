//! The shipped table against a list computed elsewhere, and what a table may not say.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn place(text: &str) -> Place {
    Place::parse(text).unwrap()
}

#[test]
fn every_holiday_from_2015_to_2040_is_that_of_the_other_reckoning() {
    let calendar = Calendar::shipped();
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(include_str!("../../../tests/data/holidays.csv").as_bytes());
    let rows: Vec<(Place, i32, Vec<NaiveDate>)> = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            let year = row[1].parse().unwrap();
            let days = row[2]
                .split_whitespace()
                .map(|text| day(&format!("{year}-{text}")))
                .collect();
            (place(&row[0]), year, days)
        })
        .collect();
    for (place, year, own) in &rows {
        let mut expected = own.clone();
        if *place != Place::nationwide() {
            let (.., all) = rows
                .iter()
                .find(|(place, y, _)| *place == Place::nationwide() && y == year)
                .unwrap();
            expected.extend(all);
        }
        expected.sort();
        let (first, last) = (day(&format!("{year}-01-01")), day(&format!("{year}-12-31")));
        let found: Vec<NaiveDate> = calendar
            .holidays(first, last, place)
            .unwrap()
            .into_iter()
            .map(|off| off.day)
            .collect();
        assert_eq!(found, expected, "{place} {year}");
    }
    assert_eq!(rows.len(), calendar.places().len() * 26);
}

#[test]
fn the_version_tells_tables_apart_and_ignores_comments() {
    let shipped = include_str!("../../../config/holidays.csv");
    let version = Calendar::shipped().version();
    assert!(
        version.starts_with("2026-1+") && version.len() == 15,
        "{version}"
    );
    let commented = Calendar::parse(&format!("# ours\n{}", shipped.replace('\n', "\r\n"))).unwrap();
    assert_eq!(commented.version(), version);
    let edited = Calendar::parse(&format!(
        "{shipped}once,2027-06-01,DE-HH,,,Hafentag,Harbour Day\n"
    ))
    .unwrap();
    assert_ne!(edited.version(), version);
    assert_eq!(
        edited
            .holiday(day("2027-06-01"), &place("DE-HH"))
            .unwrap()
            .unwrap()
            .en,
        "Harbour Day"
    );
}

#[test]
fn outside_its_years_the_table_does_not_guess() {
    let calendar = Calendar::shipped();
    for outside in ["2014-12-31", "2041-01-01"] {
        let answer = calendar.is_working_day(day(outside), &Place::nationwide());
        assert!(
            matches!(answer, Err(CalendarError::OutsideTable { .. })),
            "{answer:?}"
        );
    }
    // Saturday 29 December 2040 would roll to Monday the 31st; Tuesday is in no table.
    assert_eq!(
        calendar
            .roll(day("2040-12-29"), &Place::nationwide())
            .unwrap()
            .to,
        day("2040-12-31")
    );
    assert!(
        calendar
            .next_working_day(day("2040-12-31"), &Place::nationwide())
            .is_err()
    );
    assert!(
        calendar
            .working_days_before(day("2015-01-02"), &Place::nationwide(), 1)
            .is_err()
    );
}

#[test]
fn a_bad_table_names_its_line() {
    let head = "rule,when,places,from,to,de,en\nversion,1,,,,,\nvalid,,,2020,2030,,\n";
    for (row, what) in [
        ("fixed,13-01,DE,,,A,B", "'13-01' is no month-day"),
        ("fixed,01-01,DE-XX,,,A,B", "unknown Land 'DE-XX'"),
        ("fixed,01-01,DE,,,A,", "a name in both languages"),
        ("fixed,01-01,DE,2025,2020,A,B", "lies after"),
        ("easter,soon,DE,,,A,B", "no number of days"),
        ("sometimes,01-01,DE,,,A,B", "unknown rule 'sometimes'"),
        ("fixed,01-01,DE", "seven columns"),
    ] {
        let error = Calendar::parse(&format!("{head}{row}\n"))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("holiday table, line 4: ") && error.contains(what),
            "{error}"
        );
    }
    assert_eq!(
        Calendar::parse("rule,when,places,from,to,de,en\nversion,1,,,,,\n"),
        Err(CalendarError::Missing("valid"))
    );
    assert!(matches!(
        Calendar::parse("a,b\n"),
        Err(CalendarError::Line { line: 1, .. })
    ));
}

#[test]
fn places_are_read_back_as_written() {
    for place in Calendar::shipped().places() {
        assert_eq!(Place::parse(&place.to_string()), Ok(place.clone()));
        let json = serde_json::to_string(&place).unwrap();
        assert_eq!(json, format!("\"{place}\""));
        assert_eq!(serde_json::from_str::<Place>(&json).unwrap(), place);
    }
    assert_eq!(
        place(" de-by+Mariae-Himmelfahrt+augsburg ").to_string(),
        "DE-BY+augsburg+mariae-himmelfahrt"
    );
}

#[test]
fn an_unknown_place_says_what_exists() {
    let told = |text: &str| Place::parse(text).unwrap_err().to_string();
    assert!(told("DE-XX").contains("DE, DE-BB, DE-BE, DE-BW, DE-BY"));
    assert_eq!(
        told("DE-BY+munich"),
        "unknown municipality 'munich' in DE-BY; there are augsburg, mariae-himmelfahrt"
    );
    assert_eq!(
        told("DE-HH+altona"),
        "unknown municipality 'altona' in DE-HH; there are none"
    );
    for text in [
        "",
        "BY",
        "DE-",
        "DEBY",
        "DE+augsburg",
        "DE-BY+",
        "DE-BY+a b",
        "FR",
    ] {
        assert!(Place::parse(text).is_err(), "{text}");
    }
}

#[test]
fn an_own_table_brings_its_own_municipalities() {
    let own = "rule,when,places,from,to,de,en\nversion,1,,,,,\nvalid,,,2020,2030,,\n\
               fixed,08-08,DE-HH+altona,,,Fest,Feast\n";
    let own = Calendar::parse(own).unwrap();
    let altona = own.place("DE-HH+altona").unwrap();
    assert!(own.holiday(day("2025-08-08"), &altona).unwrap().is_some());
    assert!(
        own.holiday(day("2025-08-08"), &place("DE-HH"))
            .unwrap()
            .is_none()
    );
}

#[test]
fn working_days_are_counted_around_easter() {
    let (calendar, all) = (Calendar::shipped(), Place::nationwide());
    assert_eq!(
        calendar.next_working_day(day("2026-04-02"), &all).unwrap(),
        day("2026-04-07")
    );
    assert_eq!(
        calendar
            .working_days_before(day("2026-04-07"), &all, 4)
            .unwrap(),
        day("2026-03-30")
    );
    assert_eq!(
        calendar
            .working_days_after(day("2026-04-02"), &all, 3)
            .unwrap(),
        day("2026-04-09")
    );
    assert_eq!(
        calendar.day_off(day("2026-10-03"), &all).unwrap(),
        calendar.day_off(day("2025-10-03"), &all).unwrap()
    );
    assert_eq!(
        calendar.day_off(day("2026-10-04"), &all).unwrap(),
        Some(WhyOff::Sunday)
    );
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_fall_over(text in "\\PC{0,80}", rows in "[a-z0-9,\\-\n\"]{0,200}") {
        let _ = Place::parse(&text);
        let _ = Calendar::parse(&format!("rule,when,places,from,to,de,en\nversion,1,,,,,\nvalid,,,2020,2030,,\n{rows}"));
    }

    #[test]
    fn walking_back_undoes_walking_on(start in 0u64..8000, count in 1u32..20, at in 0usize..21) {
        let calendar = Calendar::shipped();
        let place = &calendar.places()[at];
        let start = day("2016-01-01").checked_add_days(chrono::Days::new(start)).unwrap();
        let start = calendar.roll(start, place).unwrap().to;
        let on = calendar.working_days_after(start, place, count).unwrap();
        prop_assert_eq!(calendar.working_days_before(on, place, count).unwrap(), start);
    }
}
