//! The end of a case, and taking it up again.

use chrono::NaiveDate;

use super::case::Case;
use super::event::Event;
use super::obstacle::Obstacle;

impl Case {
    /// Closes a case whose items have all ended.
    pub fn close(&self, on: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        // Who wrote only in her own words asked for something all the same.
        if self.items.is_empty() {
            return Err(Obstacle::NoRight);
        }
        let open = self.items.iter().filter(|item| !item.ended()).count();
        if open > 0 {
            return Err(Obstacle::ItemsUndecided { open });
        }
        Ok(vec![Event::Closed { on }])
    }

    /// Takes a closed case up again.
    pub fn reopen(&self, because: &str) -> Result<Vec<Event>, Obstacle> {
        if self.closed.is_none() {
            return Err(Obstacle::StillOpen);
        }
        if because.trim().is_empty() {
            return Err(Obstacle::Empty("because"));
        }
        Ok(vec![Event::Reopened {
            because: because.trim().into(),
        }])
    }
}
