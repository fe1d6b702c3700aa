//! Why a date is the date: the steps of the counting in full sentences, with day, rule and holiday.

mod refused;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use chrono_tz::Europe::Berlin;

use super::dates::long_date;
use super::places::place_with_in;
use crate::domain::calendar::{DayOff, WhyOff};
use crate::domain::deadline::{Deadline, PauseKind, Step};
use crate::domain::lang::Lang;
pub use refused::clock_obstacle;

/// The reasons for the date that is valid now, in sentences on one line.
pub fn because(deadline: &Deadline, lang: Lang) -> String {
    let sentences: Vec<String> = deadline
        .because
        .iter()
        .map(|step| match lang {
            Lang::De => german(step, deadline),
            Lang::En => english(step, deadline),
        })
        .collect();
    sentences.join(" ")
}

/// Until when the period could be extended, and the earliest reading; one sentence or two.
pub fn because_extension(deadline: &Deadline, lang: Lang) -> String {
    let extended = &deadline.extended;
    let last = long_date(deadline.paused_due.unwrap_or(deadline.due), lang);
    let used = long_date(extended.used, lang);
    let earliest = long_date(extended.earliest, lang);
    let passed = days_off(&extended.rolled.over, deadline, lang);
    match lang {
        Lang::De => {
            let moved = if passed.is_empty() {
                String::new()
            } else {
                format!(" ({passed})")
            };
            let mut text = format!(
                "Mit einer begründeten Mitteilung bis {last} lässt sich die Frist auf drei Monate ab Eingang verlängern, \
                 bis {used}{moved} (Art. 12 Abs. 3 Satz 2 und 3 DSGVO)."
            );
            if extended.earliest < extended.used {
                text.push_str(&format!(
                    " Nach der strengsten Lesart endete sie dann schon am {earliest}."
                ));
            }
            text
        }
        Lang::En => {
            let moved = if passed.is_empty() {
                String::new()
            } else {
                format!(" ({passed})")
            };
            let mut text = format!(
                "With a reasoned notice by {last} the period can be extended to three months from receipt, \
                 until {used}{moved} (Art. 12(3) sentences 2 and 3 GDPR)."
            );
            if extended.earliest < extended.used {
                text.push_str(&format!(
                    " By the strictest reading it would then end on {earliest}."
                ));
            }
            text
        }
    }
}

fn german(step: &Step, deadline: &Deadline) -> String {
    let date = |day: &NaiveDate| long_date(*day, Lang::De);
    match step {
        Step::Received { day, at: None } => format!("Eingegangen am {}.", date(day)),
        Step::Received {
            day,
            at: Some(instant),
        } => format!(
            "Eingegangen am {} um {} Uhr deutscher Zeit.",
            date(day),
            instant.with_timezone(&Berlin).format("%H:%M")
        ),
        Step::MonthsAdded { months: 1, to, .. } => format!(
            "Der Tag des Eingangs zählt nicht mit; ein Monat später ist {} (Art. 12 Abs. 3 DSGVO, Art. 3 Abs. 1 und \
             Abs. 2 Buchst. c VO 1182/71).",
            date(to)
        ),
        Step::MonthsAdded { months, to, .. } => {
            format!(
                "{months} Monate nach dem Eingang ist {} (Art. 3 Abs. 2 Buchst. c VO 1182/71).",
                date(to)
            )
        }
        Step::Clamped { missing, .. } => format!(
            "Einen {missing}. hat dieser Monat nicht, darum zählt sein letzter Tag (Art. 3 Abs. 2 Buchst. c VO 1182/71)."
        ),
        Step::Stands { day } => format!("Die Frist endet mit Ablauf von {}.", date(day)),
        Step::Rolled { over, to } => format!(
            "{}; darum endet die Frist erst mit Ablauf des nächsten Arbeitstags, {} (Art. 3 Abs. 4 VO 1182/71).",
            days_off(over, deadline, Lang::De),
            date(to)
        ),
        Step::PauseCounted {
            kind,
            asked,
            answered,
            days,
            to,
        } => format!(
            "Am {} wurde {} und am {} ausreichend geantwortet: {} {} hinzu, das ergibt {} ({}).",
            date(asked),
            match kind {
                PauseKind::Identity => "nach der Identität gefragt",
                PauseKind::Scope => "gefragt, welche Daten gemeint sind,",
            },
            date(answered),
            if *days == 1 {
                String::from("1 Tag")
            } else {
                format!("{days} Tage")
            },
            if *days == 1 { "kommt" } else { "kommen" },
            date(to),
            match kind {
                PauseKind::Identity => "Art. 12 Abs. 6 DSGVO",
                PauseKind::Scope => "Erwägungsgrund 63 DSGVO",
            }
        ),
        Step::PauseAfterEnd { asked, due } => format!(
            "Die Rückfrage vom {} hält die Frist nicht an, denn diese war am {} schon abgelaufen.",
            date(asked),
            date(due)
        ),
        Step::Waiting { asked } => format!(
            "Die Rückfrage vom {} ist noch offen; bis eine ausreichende Antwort da ist, gilt das Datum ohne diese Pause.",
            date(asked)
        ),
        Step::Extended { notice } => format!(
            "Die Verlängerung wurde am {} mit Gründen mitgeteilt (Art. 12 Abs. 3 Satz 2 und 3 DSGVO).",
            date(notice)
        ),
        Step::DaysAdded { days, to } => {
            let counted = if *days == 1 {
                String::from("dem Tag")
            } else {
                format!("den {days} Tagen")
            };
            format!("Mit {counted} Pause ergibt das {}.", date(to))
        }
        Step::Cautious {
            day,
            unpaused,
            nationwide,
            strictest,
        } => {
            let grounds = [
                (*unpaused, "ohne die Pause"),
                (*nationwide, "nur mit bundesweiten Feiertagen"),
                (*strictest, "nach der strengsten Lesart der Verlängerung"),
            ];
            format!(
                "Vorsichtiger Termin: {}, {} gerechnet.",
                date(day),
                listed(&grounds, " und ")
            )
        }
    }
}

fn english(step: &Step, deadline: &Deadline) -> String {
    let date = |day: &NaiveDate| long_date(*day, Lang::En);
    match step {
        Step::Received { day, at: None } => format!("Received on {}.", date(day)),
        Step::Received {
            day,
            at: Some(instant),
        } => {
            format!(
                "Received on {} at {} German time.",
                date(day),
                instant.with_timezone(&Berlin).format("%H:%M")
            )
        }
        Step::MonthsAdded { months: 1, to, .. } => format!(
            "The day of receipt is not counted; one month later is {} (Art. 12(3) GDPR, Art. 3(1) and 3(2)(c) \
             Reg. 1182/71).",
            date(to)
        ),
        Step::MonthsAdded { months, to, .. } => {
            format!(
                "{months} months after receipt is {} (Art. 3(2)(c) Reg. 1182/71).",
                date(to)
            )
        }
        Step::Clamped { missing, .. } => {
            format!(
                "This month has no day {missing}, so its last day counts (Art. 3(2)(c) Reg. 1182/71)."
            )
        }
        Step::Stands { day } => format!("The period ends at the end of {}.", date(day)),
        Step::Rolled { over, to } => format!(
            "{}; so the period ends at the end of the next working day, {} (Art. 3(4) Reg. 1182/71).",
            days_off(over, deadline, Lang::En),
            date(to)
        ),
        Step::PauseCounted {
            kind,
            asked,
            answered,
            days,
            to,
        } => format!(
            "On {} {}; a sufficient answer came on {}: {} added, which gives {} ({}).",
            date(asked),
            match kind {
                PauseKind::Identity => "proof of identity was asked for",
                PauseKind::Scope => "it was asked which data are meant",
            },
            date(answered),
            if *days == 1 {
                String::from("1 day is")
            } else {
                format!("{days} days are")
            },
            date(to),
            match kind {
                PauseKind::Identity => "Art. 12(6) GDPR",
                PauseKind::Scope => "Recital 63 GDPR",
            }
        ),
        Step::PauseAfterEnd { asked, due } => format!(
            "The question of {} does not stop the clock, for the period had already ended on {}.",
            date(asked),
            date(due)
        ),
        Step::Waiting { asked } => format!(
            "The question of {} is still open; until a sufficient answer comes, the date without this pause is valid.",
            date(asked)
        ),
        Step::Extended { notice } => format!(
            "The extension was notified with reasons on {} (Art. 12(3) sentences 2 and 3 GDPR).",
            date(notice)
        ),
        Step::DaysAdded { days, to } => {
            let counted = if *days == 1 {
                String::from("day")
            } else {
                format!("{days} days")
            };
            format!("With the {counted} of pause that gives {}.", date(to))
        }
        Step::Cautious {
            day,
            unpaused,
            nationwide,
            strictest,
        } => {
            let grounds = [
                (*unpaused, "without the pause"),
                (*nationwide, "with nationwide holidays only"),
                (*strictest, "by the strictest reading of the extension"),
            ];
            format!(
                "Cautious date: {}, counted {}.",
                date(day),
                listed(&grounds, " and ")
            )
        }
    }
}

/// The days passed over: holidays by name and place, the days of a weekend together.
fn days_off(over: &[DayOff], deadline: &Deadline, lang: Lang) -> String {
    let place = place_with_in(&deadline.place, lang);
    let clauses: Vec<String> = over
        .chunk_by(|one, next| weekend(one) && weekend(next))
        .map(|run| {
            let dates: Vec<String> = run.iter().map(|off| long_date(off.day, lang)).collect();
            let holiday = run.iter().find_map(|off| match &off.why {
                WhyOff::Holiday(holiday) => Some(holiday),
                WhyOff::Saturday | WhyOff::Sunday => None,
            });
            match (holiday, dates.as_slice(), lang) {
                (Some(holiday), dates, Lang::De) => {
                    format!(
                        "{} ist Feiertag {place}: „{}“",
                        dates.join(" und "),
                        holiday.de
                    )
                }
                (Some(holiday), dates, Lang::En) => {
                    format!(
                        "{} is a public holiday {place}: “{}”",
                        dates.join(" and "),
                        holiday.en
                    )
                }
                (None, [day], Lang::De) => format!("{day} ist kein Arbeitstag"),
                (None, [day], Lang::En) => format!("{day} is no working day"),
                (None, days, Lang::De) => format!("{} sind keine Arbeitstage", days.join(" und ")),
                (None, days, Lang::En) => format!("{} are no working days", days.join(" and ")),
            }
        })
        .collect();
    clauses.join("; ")
}

fn weekend(off: &DayOff) -> bool {
    matches!(off.why, WhyOff::Saturday | WhyOff::Sunday)
}

fn listed(grounds: &[(bool, &str)], and: &str) -> String {
    let named: Vec<&str> = grounds
        .iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, ground)| *ground)
        .collect();
    match named.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{}{and}{last}", before.join(", ")),
        None => String::new(),
    }
}
