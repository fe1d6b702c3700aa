//! Working days and public holidays: read from a dated table that an operator may edit.

mod place;
mod table;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

pub use place::{Land, Place, PlaceError};
use table::Rule;

/// The names of a public holiday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// The German name.
    pub de: String,
    /// The English name.
    pub en: String,
}

/// Why a day is no working day (Art. 2(2) Reg. 1182/71). A holiday's name goes before the weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyOff {
    /// A Saturday.
    Saturday,
    /// A Sunday.
    Sunday,
    /// A public holiday at the place.
    Holiday(Holiday),
}

/// A day that is no working day, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOff {
    /// The day.
    pub day: NaiveDate,
    /// The reason.
    pub why: WhyOff,
}

/// Where a period ends when its last day may be no working day (Art. 3(4) Reg. 1182/71).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rolled {
    /// The day before moving.
    pub from: NaiveDate,
    /// The days that were passed over; empty if `from` is a working day.
    pub over: Vec<DayOff>,
    /// The working day on which the period ends.
    pub to: NaiveDate,
}

/// Why a table cannot be read, or a day cannot be judged by it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A row that is not understood.
    #[error("holiday table, line {line}: {what}")]
    Line {
        /// The line, counted from 1.
        line: u64,
        /// What is wrong in it.
        what: String,
    },
    /// A row that every table needs.
    #[error("holiday table: the row '{0}' is missing")]
    Missing(&'static str),
    /// A day for which the table says nothing; a guess would be a wrong date.
    #[error("{day} lies outside the holiday table, which is valid from {first} to {last}")]
    OutsideTable {
        /// The day asked for.
        day: NaiveDate,
        /// The table's first day.
        first: NaiveDate,
        /// The table's last day.
        last: NaiveDate,
    },
}

/// A table of public holidays with its version and the years for which it is valid.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    version: String,
    first: NaiveDate,
    last: NaiveDate,
    rules: Vec<Rule>,
}

static SHIPPED: LazyLock<Calendar> = LazyLock::new(|| {
    // A test reads the embedded table, so the other arm is never taken. If it were, a table that is
    // valid for no day answers every question with an error, never with a wrong date.
    Calendar::parse(include_str!("../../config/holidays.csv")).unwrap_or(Calendar {
        version: String::from("none"),
        first: NaiveDate::MAX,
        last: NaiveDate::MIN,
        rules: Vec::new(),
    })
});

impl Calendar {
    /// The table that is built into the program, valid 2015 to 2040.
    pub fn shipped() -> &'static Calendar {
        &SHIPPED
    }

    /// Reads a table; `config/holidays.csv` explains its columns.
    ///
    /// # Errors
    /// The first line that is not understood, or a row that is missing.
    pub fn parse(text: &str) -> Result<Calendar, CalendarError> {
        table::read(text)
    }

    /// The version stated in the table and a short digest of its rows, such as `2026-1+5be1c0de`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// First and last day for which the table is valid.
    pub fn validity(&self) -> (NaiveDate, NaiveDate) {
        (self.first, self.last)
    }

    /// Every place that this table tells apart: Germany, each Land, each municipal addition.
    pub fn places(&self) -> Vec<Place> {
        let mut places = vec![Place::nationwide()];
        places.extend(Land::ALL.into_iter().map(Place::of));
        places.extend(
            self.rules
                .iter()
                .flat_map(|rule| rule.places().iter().cloned()),
        );
        places.sort();
        places.dedup();
        places
    }

    /// Reads a place and checks that this table knows its municipalities.
    ///
    /// # Errors
    /// A spelling, Land or municipality that is not known, with a list of those that are.
    pub fn place(&self, text: &str) -> Result<Place, PlaceError> {
        let place = Place::written(text)?;
        let Some(land) = place.land() else {
            return Ok(place);
        };
        let mut known: Vec<String> = Vec::new();
        for row in self
            .places()
            .into_iter()
            .filter(|row| row.land() == Some(land))
        {
            known.extend(row.parts().iter().cloned());
        }
        known.sort();
        known.dedup();
        match place.parts().iter().find(|part| !known.contains(part)) {
            None => Ok(place),
            Some(part) => Err(PlaceError::UnknownPart {
                land: land.code(),
                given: part.clone(),
                known: match known.is_empty() {
                    true => String::from("there are none"),
                    false => format!("there are {}", known.join(", ")),
                },
            }),
        }
    }

    /// The public holiday on this day at this place, if it is one.
    ///
    /// # Errors
    /// The day lies outside the years of the table.
    pub fn holiday(
        &self,
        day: NaiveDate,
        place: &Place,
    ) -> Result<Option<&Holiday>, CalendarError> {
        if day < self.first || day > self.last {
            return Err(CalendarError::OutsideTable {
                day,
                first: self.first,
                last: self.last,
            });
        }
        Ok(self
            .rules
            .iter()
            .find(|rule| rule.holds(day, place))
            .map(Rule::holiday))
    }

    /// All holidays from one day to another, both included, in order.
    ///
    /// # Errors
    /// One of the days lies outside the years of the table.
    pub fn holidays(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        place: &Place,
    ) -> Result<Vec<DayOff>, CalendarError> {
        let mut found = Vec::new();
        for day in from.iter_days().take_while(|day| *day <= to) {
            if let Some(holiday) = self.holiday(day, place)? {
                found.push(DayOff {
                    day,
                    why: WhyOff::Holiday(holiday.clone()),
                });
            }
        }
        Ok(found)
    }

    /// Why this day is no working day at this place; nothing if it is one.
    ///
    /// # Errors
    /// The day lies outside the years of the table.
    pub fn day_off(&self, day: NaiveDate, place: &Place) -> Result<Option<WhyOff>, CalendarError> {
        let holiday = self.holiday(day, place)?;
        Ok(match (holiday, day.weekday()) {
            (Some(holiday), _) => Some(WhyOff::Holiday(holiday.clone())),
            (None, Weekday::Sat) => Some(WhyOff::Saturday),
            (None, Weekday::Sun) => Some(WhyOff::Sunday),
            (None, _) => None,
        })
    }

    /// Whether people work on this day: no Saturday, no Sunday, no holiday.
    ///
    /// # Errors
    /// The day lies outside the years of the table.
    pub fn is_working_day(&self, day: NaiveDate, place: &Place) -> Result<bool, CalendarError> {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        Ok(self.holiday(day, place)?.is_none() && !weekend)
    }

    /// Moves a last day off Saturdays, Sundays and holidays (Art. 3(4) Reg. 1182/71).
    ///
    /// # Errors
    /// A day on the way lies outside the years of the table.
    pub fn roll(&self, from: NaiveDate, place: &Place) -> Result<Rolled, CalendarError> {
        let mut over = Vec::new();
        let mut day = from;
        while let Some(why) = self.day_off(day, place)? {
            over.push(DayOff { day, why });
            day = day.succ_opt().unwrap_or(NaiveDate::MAX);
        }
        Ok(Rolled {
            from,
            over,
            to: day,
        })
    }

    /// The first working day after this day.
    ///
    /// # Errors
    /// A day on the way lies outside the years of the table.
    pub fn next_working_day(
        &self,
        day: NaiveDate,
        place: &Place,
    ) -> Result<NaiveDate, CalendarError> {
        self.working_days_after(day, place, 1)
    }

    /// The working day that comes `count` working days after this day; the day itself is not counted.
    ///
    /// # Errors
    /// A day on the way lies outside the years of the table.
    pub fn working_days_after(
        &self,
        day: NaiveDate,
        place: &Place,
        count: u32,
    ) -> Result<NaiveDate, CalendarError> {
        self.walk(day, place, count, NaiveDate::succ_opt)
    }

    /// The working day that lies `count` working days before this day; the day itself is not counted.
    ///
    /// # Errors
    /// A day on the way lies outside the years of the table.
    pub fn working_days_before(
        &self,
        day: NaiveDate,
        place: &Place,
        count: u32,
    ) -> Result<NaiveDate, CalendarError> {
        self.walk(day, place, count, NaiveDate::pred_opt)
    }

    fn walk(
        &self,
        start: NaiveDate,
        place: &Place,
        count: u32,
        step: fn(&NaiveDate) -> Option<NaiveDate>,
    ) -> Result<NaiveDate, CalendarError> {
        let outside = CalendarError::OutsideTable {
            day: start,
            first: self.first,
            last: self.last,
        };
        let mut day = start;
        let mut left = count;
        while left > 0 {
            day = step(&day).ok_or_else(|| outside.clone())?;
            if self.is_working_day(day, place)? {
                left -= 1;
            }
        }
        Ok(day)
    }
}
