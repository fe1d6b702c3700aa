//! What letters about identity and the scope of a request say.

use serde::{Deserialize, Serialize};

/// A doubt about identity and what would settle it (Art. 12(6) GDPR).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdentityFacts {
    /// The concrete reason for the doubt, as full sentences.
    pub doubt: String,
    /// What would suffice; one of them is enough.
    pub means: Vec<String>,
    /// Whether the period rests until the answer.
    pub paused: bool,
    /// Whether a blackened copy of an identity document is among the means; then the letter says how to blacken it.
    pub copy: bool,
    /// When the question was asked first; for the reminder and for closing.
    pub asked_on: Option<String>,
    /// After this day the case is closed as not identifiable, if there was no answer.
    pub until: Option<String>,
}

/// What is asked to narrow a large request (Rec. 63 GDPR).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClarificationFacts {
    /// That and why it is much, as full sentences.
    pub amount: String,
    /// The areas to choose from.
    pub areas: Vec<String>,
    /// Whether the period rests until the answer.
    pub paused: bool,
    /// After this day everything is searched, if there was no answer.
    pub until: Option<String>,
}
