//! What time it is, and which day the law counts: asked here and nowhere else.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};
use chrono_tz::Europe::Berlin;

/// Tells the time. Every act takes its moment from here, so that tests and the demo can set it.
pub trait Clock: Send + Sync {
    /// The moment, cut to microseconds: both databases keep exactly that much, so what was
    /// stored compares equal to what was handed in.
    fn now(&self) -> DateTime<Utc>;

    /// The calendar day in Berlin, which is the one that legal periods count by.
    fn today(&self) -> NaiveDate {
        self.now().with_timezone(&Berlin).date_naive()
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> DateTime<Utc> {
        (**self).now()
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the machine is asked for the time"
    )]
    fn now(&self) -> DateTime<Utc> {
        cut(Utc::now())
    }
}

/// A clock that stands until it is told otherwise: for tests, and for filling a demo with the past.
#[derive(Debug)]
pub struct FixedClock(Mutex<DateTime<Utc>>);

impl FixedClock {
    /// A clock that stands at this moment.
    #[must_use]
    pub fn at(moment: DateTime<Utc>) -> Self {
        Self(Mutex::new(cut(moment)))
    }

    /// Puts the clock to this moment, forward or back.
    pub fn set(&self, moment: DateTime<Utc>) {
        *self.hand() = cut(moment);
    }

    /// Lets this much time pass. A moment beyond the calendar's end leaves the clock where it was.
    pub fn advance(&self, by: TimeDelta) {
        let mut hand = self.hand();
        if let Some(moved) = hand.checked_add_signed(by) {
            *hand = cut(moved);
        }
    }

    fn hand(&self) -> MutexGuard<'_, DateTime<Utc>> {
        // A moment is whole at any time, so a thread that fell over while holding it spoilt nothing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.hand()
    }
}

fn cut(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.trunc_subsecs(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_turns_at_midnight_in_berlin() {
        let clock = FixedClock::at(moment("2026-03-31T21:59:59Z"));
        assert_eq!(clock.today().to_string(), "2026-03-31");
        clock.advance(TimeDelta::seconds(1));
        assert_eq!(clock.today().to_string(), "2026-04-01");
        clock.set(moment("2026-12-31T22:59:59Z"));
        assert_eq!(clock.today().to_string(), "2026-12-31");
        clock.set(moment("2026-12-31T23:00:00Z"));
        assert_eq!(clock.today().to_string(), "2027-01-01");
    }

    #[test]
    fn moments_are_cut_to_microseconds() {
        let clock = FixedClock::at(moment("2026-01-01T00:00:00.123456789Z"));
        assert_eq!(clock.now(), moment("2026-01-01T00:00:00.123456Z"));
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1000, 0);
    }

    #[test]
    fn time_beyond_the_calendar_does_not_move_the_clock() {
        let clock = Arc::new(FixedClock::at(moment("2026-01-01T00:00:00Z")));
        clock.advance(TimeDelta::MAX);
        assert_eq!(clock.now(), moment("2026-01-01T00:00:00Z"));
    }
}
