//! What letters about the period say.

use serde::{Deserialize, Serialize};

/// A longer period (Art. 12(3) GDPR).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExtensionFacts {
    /// The new date.
    pub until: String,
    /// The concrete reasons, as full sentences.
    pub reasons: Vec<String>,
    /// The rights that take longer, by name; empty: all.
    pub rights: Vec<String>,
    /// What comes earlier.
    pub sooner: Option<String>,
}

/// How far the work is, before there is an answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InterimFacts {
    /// What is done already, one sentence or phrase each.
    pub done: Vec<String>,
    /// What is still to be done.
    pub open: Vec<String>,
    /// When the answer is expected; never later than the day on which it is due.
    pub by: Option<String>,
}
