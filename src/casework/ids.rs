//! Ids in the order of time, made without asking the database.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};

use crate::seal::chance;

/// Bits for telling apart what is made within one millisecond.
const TAIL: u32 = 23;
/// 2020-01-01T00:00:00Z in milliseconds; forty bits from there last until 2054.
const BEGINNING: i64 = 1_577_836_800_000;

/// Makes ids. Each starts its tail at a random place, so that two nodes hardly ever meet; where they
/// do, the unique key refuses the second and the act is repeated.
#[derive(Debug)]
pub struct Ids {
    tail: AtomicI64,
}

impl Ids {
    /// A maker with its own place to start from.
    pub fn new() -> Ids {
        Ids {
            tail: AtomicI64::new(i64::from(chance::below(1 << TAIL))),
        }
    }

    /// The next id. Within a millisecond the order is that of the calls, but for one turn of the tail.
    pub fn next(&self, now: DateTime<Utc>) -> i64 {
        let tail = self.tail.fetch_add(1, Ordering::Relaxed) & ((1 << TAIL) - 1);
        ((now.timestamp_millis() - BEGINNING).max(0) << TAIL) | tail
    }
}

impl Default for Ids {
    fn default() -> Self {
        Ids::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_within_a_millisecond_and_grow_with_time() {
        let ids = Ids::new();
        let now = DateTime::from_timestamp_millis(1_800_000_000_000).unwrap();
        let made: std::collections::HashSet<i64> = (0..10_000).map(|_| ids.next(now)).collect();
        assert_eq!(made.len(), 10_000);
        assert!(made.iter().max() < Some(&ids.next(now + chrono::TimeDelta::milliseconds(1))));
    }
}
