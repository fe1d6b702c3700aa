//! How a holiday table is written down, and on which day each of its rows falls.

use chrono::{Datelike, Days, NaiveDate, TimeDelta};

use super::{Calendar, CalendarError, Holiday, Place};

/// When a holiday falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// The same month and day each year.
    Fixed { month: u32, day: u32 },
    /// So many days after Easter Sunday.
    Easter(i64),
    /// The last Wednesday before a month and day.
    WednesdayBefore { month: u32, day: u32 },
    /// One day in one year.
    Once(NaiveDate),
}

/// One row: when, where and in which years.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    when: When,
    places: Vec<Place>,
    from: i32,
    to: i32,
    holiday: Holiday,
}

impl Rule {
    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    pub(super) fn holiday(&self) -> &Holiday {
        &self.holiday
    }

    pub(super) fn holds(&self, day: NaiveDate, at: &Place) -> bool {
        (self.from..=self.to).contains(&day.year())
            && self.when.falls_on(day)
            && self.places.iter().any(|place| place.covers(at))
    }
}

impl When {
    fn falls_on(self, on: NaiveDate) -> bool {
        match self {
            When::Fixed { month, day } => on.month() == month && on.day() == day,
            When::Easter(offset) => {
                easter(on.year()).is_some_and(|easter| on - easter == TimeDelta::days(offset))
            }
            When::WednesdayBefore { month, day } => {
                wednesday_before(on.year(), month, day) == Some(on)
            }
            When::Once(day) => on == day,
        }
    }
}

/// Easter Sunday in the Gregorian calendar: the Sunday after the first full moon of spring,
/// with the moon taken from the 19-year cycle (epact) as the Church reckons it.
fn easter(year: i32) -> Option<NaiveDate> {
    let century = year / 100;
    let golden = year % 19;
    let leap_correction = century / 4;
    let moon_correction = (8 * century + 13) / 25;
    let epact = (19 * golden + century - leap_correction - moon_correction + 15) % 30;
    // Two late moons are moved a day earlier, so that no cycle holds the same full moon twice.
    let moon = epact - i32::from(epact == 29 || (epact == 28 && golden > 10));
    let weekday = (year + year / 4 + moon + 2 - century + leap_correction) % 7;
    let after_21_march = u64::try_from(moon - weekday + 7).ok()?;
    NaiveDate::from_ymd_opt(year, 3, 21)?.checked_add_days(Days::new(after_21_march))
}

fn wednesday_before(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let anchor = NaiveDate::from_ymd_opt(year, month, day)?;
    let back = (anchor.weekday().num_days_from_monday() + 4) % 7 + 1;
    anchor.checked_sub_days(Days::new(u64::from(back)))
}

pub(super) fn read(text: &str) -> Result<Calendar, CalendarError> {
    let mut rows = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = rows
        .headers()
        .map_err(|error| unreadable(&error))?
        .iter()
        .collect::<Vec<_>>()
        .join(",");
    if header != "rule,when,places,from,to,de,en" {
        return Err(CalendarError::Line {
            line: 1,
            what: String::from("columns must be rule,when,places,from,to,de,en"),
        });
    }

    let mut version = None;
    let mut years = None;
    let mut drafts: Vec<(u64, [String; 7])> = Vec::new();
    let mut digest = Digest::new();
    for row in rows.records() {
        let row = row.map_err(|error| unreadable(&error))?;
        let line = row.position().map_or(0, csv::Position::line);
        let wrong = |what: &str| CalendarError::Line {
            line,
            what: what.to_owned(),
        };
        if row.len() != 7 {
            return Err(wrong("a row has seven columns"));
        }
        let cells: [String; 7] =
            std::array::from_fn(|column| row.get(column).unwrap_or_default().to_owned());
        digest.add(&cells);
        let [rule, when, _, from, to, _, _] = &cells;
        match rule.as_str() {
            "version" if when.is_empty() => return Err(wrong("the version is empty")),
            "version" => version = Some(when.clone()),
            "valid" => match (from.parse::<i32>(), to.parse::<i32>()) {
                (Ok(from), Ok(to)) if (1900..=9000).contains(&from) && from <= to && to <= 9000 => {
                    years = Some((from, to));
                }
                _ => return Err(wrong("valid needs a first and a last year")),
            },
            _ => drafts.push((line, cells)),
        }
    }

    let version = version.ok_or(CalendarError::Missing("version"))?;
    let (from, to) = years.ok_or(CalendarError::Missing("valid"))?;
    let rules = drafts
        .iter()
        .map(|(line, cells)| rule(*line, cells, from, to))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Calendar {
        version: format!("{version}+{:08x}", digest.short()),
        first: NaiveDate::from_ymd_opt(from, 1, 1).ok_or(CalendarError::Missing("valid"))?,
        last: NaiveDate::from_ymd_opt(to, 12, 31).ok_or(CalendarError::Missing("valid"))?,
        rules,
    })
}

fn rule(line: u64, cells: &[String; 7], first: i32, last: i32) -> Result<Rule, CalendarError> {
    let wrong = |what: String| CalendarError::Line { line, what };
    let [kind, when, places, from, to, de, en] = cells;
    let month_day = || {
        // A leap year, so that 29 February may be named.
        NaiveDate::parse_from_str(&format!("2000-{when}"), "%Y-%m-%d")
            .map(|day| (day.month(), day.day()))
            .map_err(|_| wrong(format!("'{when}' is no month-day such as 05-01")))
    };
    let when = match kind.as_str() {
        "fixed" => month_day().map(|(month, day)| When::Fixed { month, day })?,
        "wednesday-before" => {
            month_day().map(|(month, day)| When::WednesdayBefore { month, day })?
        }
        "easter" => match when.parse::<i64>() {
            Ok(days) if (-80..=250).contains(&days) => When::Easter(days),
            _ => {
                return Err(wrong(format!(
                    "'{when}' is no number of days from Easter Sunday"
                )));
            }
        },
        "once" => When::Once(
            NaiveDate::parse_from_str(when, "%Y-%m-%d")
                .map_err(|_| wrong(format!("'{when}' is no date such as 2025-05-08")))?,
        ),
        _ => {
            return Err(wrong(format!(
                "unknown rule '{kind}': fixed, easter, wednesday-before or once"
            )));
        }
    };
    let year = |cell: &str, otherwise: i32| match cell {
        "" => Ok(otherwise),
        cell => cell
            .parse::<i32>()
            .map_err(|_| wrong(format!("'{cell}' is no year"))),
    };
    let places: Vec<Place> = places
        .split_whitespace()
        .map(|place| Place::written(place).map_err(|error| wrong(error.to_string())))
        .collect::<Result<_, _>>()?;
    if places.is_empty() || de.is_empty() || en.is_empty() {
        return Err(wrong(String::from(
            "a holiday needs a place and a name in both languages",
        )));
    }
    let (from, to) = (year(from, first)?, year(to, last)?);
    if from > to {
        return Err(wrong(format!(
            "the first year {from} lies after the last year {to}"
        )));
    }
    Ok(Rule {
        when,
        places,
        from,
        to,
        holiday: Holiday {
            de: de.clone(),
            en: en.clone(),
        },
    })
}

fn unreadable(error: &csv::Error) -> CalendarError {
    CalendarError::Line {
        line: error.position().map_or(1, csv::Position::line),
        what: error.to_string(),
    }
}

/// FNV-1a over the cells. It tells two tables apart and proves nothing; comments do not count.
struct Digest(u64);

impl Digest {
    fn new() -> Digest {
        Digest(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, cells: &[String; 7]) {
        for cell in cells {
            for byte in cell.bytes().chain([0]) {
                self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
    }

    fn short(&self) -> u64 {
        (self.0 ^ (self.0 >> 32)) & 0xffff_ffff
    }
}
