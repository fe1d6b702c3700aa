//! A deadline that is only asked about: for the command line and the what-if page.

use chrono::NaiveDate;

use super::{ClockObstacle, Deadline, Demand, Pause, PauseKind, Period};
use crate::domain::calendar::Calendar;

/// The dates of a supposed case.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIf {
    /// The dates; without the pause if that was refused.
    pub deadline: Deadline,
    /// Why the question would not stop the clock.
    pub refused: Option<ClockObstacle>,
}

/// Counts the dates of a supposed case with at most one question to the person.
/// A question that came too late is told, and the dates are given without it.
///
/// # Errors
/// Days in an impossible order, or outside the holiday table.
pub fn what_if(
    mut period: Period,
    asked: Option<NaiveDate>,
    answered: Option<NaiveDate>,
    calendar: &Calendar,
) -> Result<WhatIf, ClockObstacle> {
    let mut refused = None;
    match (asked, answered) {
        (None, Some(_)) => return Err(ClockObstacle::NothingAsked),
        (None, None) => {}
        (Some(asked), Some(answered)) if answered < asked => {
            return Err(ClockObstacle::AnsweredBeforeAsked { asked, answered });
        }
        (Some(asked), answered) => {
            let demand = Demand::supposed(PauseKind::Identity, asked, period.received);
            match Pause::ask(demand, calendar, &period.place) {
                Ok(pause) => period.pauses.push(match answered {
                    Some(answered) => pause.answer(answered)?,
                    None => pause,
                }),
                Err(late @ ClockObstacle::AskedTooLate { .. }) => refused = Some(late),
                Err(obstacle) => return Err(obstacle),
            }
        }
    }
    Ok(WhatIf {
        deadline: period.deadline(calendar)?,
        refused,
    })
}
