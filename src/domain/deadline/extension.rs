//! The extension by two further months (Art. 12(3) sentence 2 and 3 GDPR): once, in time, with reasons.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{ClockObstacle, Deadline, Period};
use crate::domain::calendar::{Calendar, CalendarError};

/// An extension of which the person was notified: the notice was posted, or taken by the mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The day on which the notice was sent.
    pub notice_sent_on: NaiveDate,
    /// The day on which the extension was recorded.
    pub recorded_on: NaiveDate,
    /// The reasons that the notice gave: how complex, how many requests.
    pub reasons: String,
    /// The notice came after the date without pauses: it is in time only if the pause was justified.
    #[serde(default)]
    pub leans_on_pause: bool,
}

/// Extends a period. What counts is the day of the notice: it must lie within the first month,
/// ended pauses included. The result belongs into [`super::Period::extension`].
///
/// # Errors
/// No reasons, a notice too late or not sent, or a period that was extended before.
pub fn extend(
    deadline: &Deadline,
    today: NaiveDate,
    reasons: &str,
    notice_sent_on: NaiveDate,
) -> Result<Extension, ClockObstacle> {
    if deadline.extension.is_some() {
        return Err(ClockObstacle::AlreadyExtended);
    }
    if reasons.trim().is_empty() {
        return Err(ClockObstacle::NoReasons);
    }
    let last = deadline.paused_due.unwrap_or(deadline.due);
    if notice_sent_on > last {
        return Err(ClockObstacle::NoticeTooLate {
            notice: notice_sent_on,
            last,
        });
    }
    if notice_sent_on > today || notice_sent_on < deadline.received {
        return Err(ClockObstacle::NoticeNotSent(notice_sent_on));
    }
    Ok(Extension {
        notice_sent_on,
        recorded_on: today,
        reasons: reasons.trim().to_owned(),
        leans_on_pause: notice_sent_on > deadline.due,
    })
}

impl Period {
    /// The period without its extension, if that does not hold any more: what it rests on changed, and its notice
    /// lies outside of the first month now, ended pauses included (Art. 12(3) sentence 3 GDPR).
    ///
    /// # Errors
    /// A date lies outside the years of the holiday table.
    pub fn as_extended_in_time(mut self, calendar: &Calendar) -> Result<Period, CalendarError> {
        let Some(mut extension) = self.extension.take() else {
            return Ok(self);
        };
        let plain = self.deadline(calendar)?;
        let (sent, last) = (
            extension.notice_sent_on,
            plain.paused_due.unwrap_or(plain.due),
        );
        if sent >= self.received && sent <= last {
            extension.leans_on_pause = sent > plain.due;
            self.extension = Some(extension);
        }
        Ok(self)
    }
}
