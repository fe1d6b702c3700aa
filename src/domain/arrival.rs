//! Where a request first touched the house: who took it in, and through whose hands it came.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::case::Case;
use super::event::Event;
use super::obstacle::Obstacle;
use super::private::Private;

/// How a request came into the house, beyond way and day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Arrival {
    /// Who had it first; empty: who entered it.
    #[serde(default)]
    pub taken_in_by: Private<String>,
    /// A processor had it first.
    #[serde(default)]
    pub processor: Option<AtProcessor>,
    /// It came by a way that the controller does not offer. It counts all the same.
    #[serde(default)]
    pub excluded: bool,
    /// The mailbox was proven in the case before, from which this request was taken.
    #[serde(default)]
    pub proven: Option<DateTime<Utc>>,
    /// Days of receipt that were put right, the oldest first.
    #[serde(default)]
    pub corrections: Vec<Correction>,
}

/// A request that was sent to a processor first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtProcessor {
    /// Which one.
    pub name: String,
    /// The day it reached him: the cautious reading, and the one that counts.
    pub reached: NaiveDate,
    /// The day on which he passed it on: the liberal reading.
    pub passed_on: NaiveDate,
}

/// A day of receipt that was put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// As it stood before.
    pub old: NaiveDate,
    /// As it stands since.
    pub new: NaiveDate,
    /// Why.
    pub because: Private<String>,
    /// The day of the correction.
    pub on: NaiveDate,
}

impl Arrival {
    /// The days must be possible ones: first at the processor, then on to us, nothing in the future.
    pub fn check(&self, received: NaiveDate, today: NaiveDate) -> Result<(), Obstacle> {
        if received > today {
            return Err(Obstacle::ReceivedInFuture);
        }
        match &self.processor {
            Some(at) if at.name.trim().is_empty() => Err(Obstacle::Empty("processor")),
            Some(at) if at.passed_on < at.reached || at.passed_on > today => {
                Err(Obstacle::Empty("passed-on"))
            }
            Some(at) if at.reached != received => Err(Obstacle::Empty("received")),
            _ => Ok(()),
        }
    }
}

impl Case {
    /// Puts the day of receipt right, with a reason; the old day stays visible and every date is reckoned anew. An
    /// extension falls whose notice came after the month that begins with the new day.
    pub fn correct_receipt(
        &self,
        received: NaiveDate,
        because: &str,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if received > today {
            return Err(Obstacle::ReceivedInFuture);
        }
        if because.trim().is_empty() {
            return Err(Obstacle::Empty("because"));
        }
        if received == self.intake.received || self.intake.matter.own_date().is_some() {
            return Ok(vec![]);
        }
        // What was answered was answered by its own clock.
        let rights: Vec<_> = self.unanswered().iter().map(|item| item.right).collect();
        let terms = self.reckoned(&rights, calendar, |period| {
            period.received = received;
            period.received_at = None;
            Ok(())
        })?;
        Ok(vec![Event::ReceiptCorrected {
            correction: Correction {
                old: self.intake.received,
                new: received,
                because: because.trim().into(),
                on: today,
            },
            lost: self.extension_lost(&terms),
            terms,
        }])
    }
}
