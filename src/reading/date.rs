//! A date as people and programs write it: RFC 5322, ISO 8601, ctime, and the heads that Outlook and others put above a quoted text.

use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Europe::Berlin;
use serde::Deserialize;

/// Longer than any date with its comments; the rest is not looked at.
const LONGEST: usize = 200;

/// A date of a header. Without a zone it is taken as UTC.
pub fn header_date(text: &str) -> Option<DateTime<FixedOffset>> {
    let (local, zone) = written_date(text)?;
    let zone = zone.or_else(|| FixedOffset::east_opt(0))?;
    zone.from_local_datetime(&local).single()
}

/// A date of a quoted or forwarded head ("Gesendet: Donnerstag, 1. Oktober 2026 10:04"). Without a zone it is Berlin's time.
pub fn quoted_date(text: &str) -> Option<DateTime<FixedOffset>> {
    let (local, zone) = written_date(text)?;
    match zone {
        Some(zone) => zone.from_local_datetime(&local).single(),
        None => Berlin
            .from_local_datetime(&local)
            .earliest()
            .map(|at| at.fixed_offset()),
    }
}

/// What is written, with the zone if one is named. Day before month unless the month is a name or the order is ISO's.
pub fn written_date(text: &str) -> Option<(NaiveDateTime, Option<FixedOffset>)> {
    let mut found = Found::default();
    for token in tokens(text) {
        found.take(&token);
    }
    found.finish()
}

/// A run of digits with its inner punctuation, a word, or a signed offset.
fn tokens(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut depth = 0_u32;
    let mut word = String::new();
    let push = |word: &mut String, out: &mut Vec<String>| {
        if !word.is_empty() {
            out.push(std::mem::take(word));
        }
    };
    for c in text.chars().take(LONGEST) {
        match c {
            '(' => {
                push(&mut word, &mut out);
                depth = depth.saturating_add(1);
            }
            ')' => {
                push(&mut word, &mut out);
                depth = depth.saturating_sub(1);
            }
            _ if depth > 0 => {}
            c if c.is_whitespace()
                || c == ','
                || c == ';'
                || c == '\u{200e}'
                || c == '\u{200f}' =>
            {
                push(&mut word, &mut out)
            }
            c => {
                // `10:00:00+02:00`, `2026-10-01T10:00`, `8Uhr`: a new kind of sign begins a new token
                let turn = word.chars().next_back().is_some_and(|last| {
                    last.is_ascii_digit() && (c == '+' || c.is_alphabetic())
                        || last.is_alphabetic() && c.is_ascii_digit()
                });
                let offset = c == '-' && word.contains(':') || c == '+';
                if turn || offset {
                    push(&mut word, &mut out);
                }
                word.push(c);
            }
        }
    }
    push(&mut word, &mut out);
    out
}

#[derive(Default)]
struct Found {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    time: Option<NaiveTime>,
    zone: Option<FixedOffset>,
    afternoon: Option<bool>,
    slashed: bool,
    /// `mar` is March in English and Tuesday in French, Spanish and Romanian: a later name of a month overrides it.
    doubtful: bool,
}

impl Found {
    fn take(&mut self, token: &str) {
        let first = token.chars().next().unwrap_or(' ');
        if (first == '+' || first == '-') && self.time.is_some() {
            if self.zone.is_none() {
                self.zone = offset(token);
            }
        } else if first.is_ascii_digit() {
            self.take_digits(token);
        } else {
            // `1-Oct-2026` comes as 1-, Oct, -2026
            let word = token.trim_matches(|c: char| !c.is_alphanumeric());
            if word.chars().all(|c| c.is_ascii_digit()) && !word.is_empty() {
                self.take_digits(word);
            } else {
                self.take_word(word);
            }
        }
    }

    fn take_digits(&mut self, token: &str) {
        let token = token.trim_end_matches(['.', '-', '/', ':', 'º']);
        self.slashed |= token.contains('/');
        if token.contains(':')
            || (token.contains('.')
                && self.day.is_some()
                && self.year.is_some()
                && token.len() <= 5)
        {
            if self.time.is_none() {
                self.time = time(token);
            }
            return;
        }
        let parts: Vec<&str> = token
            .split(['-', '.', '/'])
            .filter(|part| !part.is_empty())
            .collect();
        match parts.as_slice() {
            [y, m, d] if y.len() == 4 => self.set_all(y, m, d),
            [d, m, y] => self.set_all(y, m, d),
            [one] => self.take_number(one),
            _ => {}
        }
    }

    fn set_all(&mut self, y: &str, m: &str, d: &str) {
        if self.day.is_some() && self.month.is_some() {
            return;
        }
        let (Some(year), Ok(mut day)) = (year(y), d.parse::<u32>()) else {
            return;
        };
        let Some(mut month) = m.parse().ok().or_else(|| month_named(&m.to_lowercase())) else {
            return;
        };
        // 10/27/2026 can only be the American order
        if month > 12 && day <= 12 {
            std::mem::swap(&mut month, &mut day);
        }
        (self.year, self.month, self.day) = (Some(year), Some(month), Some(day));
    }

    fn take_number(&mut self, one: &str) {
        match one.len() {
            1 | 2 if self.day.is_none() => self.day = one.parse().ok(),
            2 | 4 if self.year.is_none() && self.day.is_some() => self.year = year(one),
            4 if self.year.is_none() => self.year = year(one),
            // an hour alone: `um 10 Uhr`
            1 | 2 if self.time.is_none() && self.year.is_some() => {
                self.time = one
                    .parse()
                    .ok()
                    .and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
            }
            // 1000 after a sign that was cut off, 20261001
            8 if self.day.is_none() => {
                if let (Some(y), Some(m), Some(d)) = (one.get(..4), one.get(4..6), one.get(6..)) {
                    self.set_all(y, m, d);
                }
            }
            _ => {}
        }
    }

    fn take_word(&mut self, word: &str) {
        let word = word.to_lowercase();
        match word.as_str() {
            "am" | "a.m" if self.time.is_some() => self.afternoon = Some(false),
            "pm" | "p.m" if self.time.is_some() => self.afternoon = Some(true),
            _ => {}
        }
        if self.time.is_some() && self.zone.is_none() {
            self.zone = named_zone(&word);
        }
        if (self.month.is_none() || self.doubtful)
            && let Some(month) = month_named(&word)
        {
            self.month = Some(month);
            self.doubtful = word == "mar";
        }
    }

    fn finish(mut self) -> Option<(NaiveDateTime, Option<FixedOffset>)> {
        // 10/1/2026 3:04 PM: who writes PM writes the month first
        if let (true, Some(_), Some(day), Some(month)) =
            (self.slashed, self.afternoon, self.day, self.month)
            && day <= 12
        {
            (self.day, self.month) = (Some(month), Some(day));
        }
        let date = NaiveDate::from_ymd_opt(self.year?, self.month?, self.day?)?;
        let mut time = self.time.unwrap_or(NaiveTime::MIN);
        use chrono::Timelike;
        if let Some(afternoon) = self.afternoon
            && let hour @ 1..=12 = time.hour()
        {
            time = time
                .with_hour(hour % 12 + if afternoon { 12 } else { 0 })
                .unwrap_or(time);
        }
        Some((date.and_time(time), self.zone))
    }
}

fn year(text: &str) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    match text.len() {
        2 if year < 70 => Some(2000 + year),
        2 => Some(1900 + year),
        // programs of the nineties wrote 126 for 2026
        3 => Some(1900 + year),
        4 => Some(year),
        _ => None,
    }
}

fn time(text: &str) -> Option<NaiveTime> {
    let mut parts = text.split([':', '.']);
    let hour: u32 = parts.next()?.parse().ok()?;
    let minute: u32 = parts.next()?.parse().ok()?;
    let second: u32 = parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
    // a leap second and 24:00 are times that somebody wrote
    NaiveTime::from_hms_opt(hour.min(23), minute, second.min(59)).filter(|_| hour <= 24)
}

fn offset(text: &str) -> Option<FixedOffset> {
    let east = text.starts_with('+');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes): (i32, i32) = match digits.len() {
        1 | 2 => (digits.parse().ok()?, 0),
        3 => (
            digits.get(..1)?.parse().ok()?,
            digits.get(1..)?.parse().ok()?,
        ),
        4.. => (
            digits.get(..2)?.parse().ok()?,
            digits.get(2..4)?.parse().ok()?,
        ),
        _ => return None,
    };
    if hours > 14 || minutes > 59 {
        return None;
    }
    let seconds = hours * 3600 + minutes * 60;
    if east {
        FixedOffset::east_opt(seconds)
    } else {
        FixedOffset::west_opt(seconds)
    }
}

fn named_zone(word: &str) -> Option<FixedOffset> {
    let hours = match word {
        "z" | "ut" | "utc" | "gmt" | "wet" => 0,
        "cet" | "mez" | "met" | "bst" | "west" => 1,
        "cest" | "mesz" | "mest" | "eet" => 2,
        "eest" | "msk" => 3,
        "edt" => -4,
        "est" | "cdt" => -5,
        "cst" | "mdt" => -6,
        "mst" | "pdt" => -7,
        "pst" => -8,
        _ => return None,
    };
    FixedOffset::east_opt(hours * 3600)
}

/// The words of `config/reading/months.toml`.
#[derive(Default, Deserialize)]
struct Words {
    /// How the names begin, month by month.
    months: Vec<Vec<String>>,
    days: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/config/reading/months.toml"
    )))
    .unwrap_or_default()
});

fn month_named(word: &str) -> Option<u32> {
    if WORDS.days.iter().any(|day| day == word) {
        return None;
    }
    let all = (1..)
        .zip(&WORDS.months)
        .flat_map(|(number, names)| names.iter().map(move |name| (name.as_str(), number)));
    all.filter(|(name, _)| word.starts_with(name))
        .max_by_key(|(name, _)| name.len())
        .map(|(_, number)| number)
}
