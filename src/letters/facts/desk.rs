//! What mail to staff says.

use serde::{Deserialize, Serialize};

/// What mail to staff says; no personal data.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeskFacts {
    /// What happened: "Neuer Antrag", "Antwort der Person", "Unzustellbar".
    pub event: String,
    /// The page to go to.
    pub link: String,
    /// The cases concerned.
    pub lines: Vec<DeskLine>,
    /// A signed log checkpoint, verbatim.
    pub checkpoint: Option<String>,
}

/// What mail to the owner of a system says; no personal data.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnerFacts {
    /// The system that is asked about.
    pub system: String,
    /// Until when an answer is expected.
    pub due: String,
    /// "noch 3 Tage".
    pub left: String,
}

/// One case in staff mail.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeskLine {
    /// The case number.
    pub number: String,
    /// The rights as short labels.
    pub right: String,
    /// The date.
    pub due: String,
    /// "noch 3 Tage", "seit 2 Tagen überfällig".
    pub left: String,
    /// The page of the case.
    pub link: String,
}
