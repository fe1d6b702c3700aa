//! How fast a system is asked: its calls stand in one line, whichever case they are for, and whoever asks to be left
//! alone is left alone.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The line in which the calls to one system stand.
#[derive(Debug)]
pub struct Pace {
    gap: Duration,
    next: Mutex<Option<Instant>>,
    /// Until when it asked to be left alone.
    quiet: Mutex<Option<Instant>>,
}

impl Pace {
    /// So many calls in a minute, evenly; none: as fast as it answers.
    #[must_use]
    pub fn per_minute(calls: Option<u32>) -> Pace {
        let gap = calls.map_or(Duration::ZERO, |calls| {
            Duration::from_secs(60) / calls.max(1)
        });
        Pace {
            gap,
            next: Mutex::new(None),
            quiet: Mutex::new(None),
        }
    }

    /// Waits for one's turn.
    pub async fn turn(&self) {
        let mine = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let mine = next.unwrap_or_else(Instant::now).max(Instant::now());
            *next = Some(mine + self.gap);
            mine
        };
        sleep_until(mine).await;
    }

    /// Nobody's turn comes before this time is over.
    pub fn leave_alone(&self, wait: Duration) {
        let until = Instant::now() + wait;
        for place in [&self.next, &self.quiet] {
            let mut held = place.lock().unwrap_or_else(PoisonError::into_inner);
            *held = Some(held.map_or(until, |held| held.max(until)));
        }
    }

    /// How long it still wants to be left alone.
    #[must_use]
    pub fn quiet_for(&self) -> Duration {
        let quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        quiet.map_or(Duration::ZERO, |until| {
            until.saturating_duration_since(Instant::now())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn calls_stand_in_line_and_wait_while_the_system_wants_to_be_left_alone() {
        let pace = Pace::per_minute(Some(60));
        let begun = Instant::now();
        for _ in 0..4 {
            pace.turn().await;
        }
        assert_eq!(begun.elapsed(), Duration::from_secs(3));
        assert_eq!(pace.quiet_for(), Duration::ZERO, "a line is no wish");
        pace.leave_alone(Duration::from_secs(30));
        assert_eq!(pace.quiet_for(), Duration::from_secs(30));
        pace.turn().await;
        assert_eq!(begun.elapsed(), Duration::from_secs(33));
        assert_eq!(pace.quiet_for(), Duration::ZERO);
    }
}
