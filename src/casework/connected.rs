//! The systems that are connected: which connection belongs to which system of the register, how many questions it bears
//! at once, and by whom it shows that it sees everybody.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use crate::domain::identifier::Identifier;
use crate::domain::ids::ControllerId;
use crate::ports::source::{Means, Source};

/// A connection to a system.
#[derive(Clone)]
pub struct Connected {
    /// For whom.
    pub controller: ControllerId,
    /// Its stable name.
    pub name: String,
    /// The system of the register that it speaks for, by its stable name.
    pub system: String,
    /// The line.
    pub source: Arc<dyn Source>,
    /// Which category of the register each category of its findings is, so that purposes and periods are known.
    pub categories: BTreeMap<String, String>,
    /// Whom it must find before it may say "that is all".
    pub canary: Option<Identifier>,
    /// When it found the canary last. Whoever looks holds it, so that of many searches at once one looks.
    pub canary_seen: Arc<Mutex<Option<DateTime<Utc>>>>,
    /// How many questions it bears at once.
    pub at_once: usize,
    /// How long one question may take in all.
    pub patience: Duration,
}

impl Connected {
    /// Whether a machine looks there.
    #[must_use]
    pub fn looks_by_itself(&self) -> bool {
        self.source.profile().abilities.find == Means::Machine && self.source.finds().is_some()
    }
}
