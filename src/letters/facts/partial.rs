//! What letters say that tell a person something apart from an answer: a part, a notice, a restriction's end.

use serde::{Deserialize, Serialize};

use super::answer::{CategoryFacts, RemainFacts};

/// A part of an answer; the rest is underway.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PartialFacts {
    /// What is enclosed, one phrase each.
    pub enclosed: Vec<String>,
    /// What is missing, why, and until when it comes.
    pub missing: Vec<RemainFacts>,
}

/// What a person is told whose data came from elsewhere (Art. 14 GDPR).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Art14Facts {
    /// How it came about, as full sentences.
    pub occasion: String,
    /// From whom the data came, and whether the source is public.
    pub source: String,
    /// What was received, with purposes, basis and period.
    pub categories: Vec<CategoryFacts>,
    /// The legitimate interests, where Art. 6(1)(f) GDPR is the basis.
    pub interests: Option<String>,
}

/// A restriction that will be lifted (Art. 18(3) GDPR).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LiftingFacts {
    /// Which data.
    pub data: Vec<String>,
    /// Since when they are restricted.
    pub since: String,
    /// From when they no longer are; lies ahead.
    pub from: String,
    /// Why, as full sentences.
    pub why: String,
    /// What happens to the data then: used again, or erased.
    pub then: Option<String>,
}
