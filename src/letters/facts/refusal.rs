//! What letters under Art. 12(5) GDPR say.

use serde::{Deserialize, Serialize};

/// A fee that would be asked; told before anything is done.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeeFacts {
    /// How much: "18,40 Euro".
    pub amount: String,
    /// How it comes about, as full sentences: administrative costs only.
    pub costs: String,
    /// Why a fee is due here, as full sentences; the facts of this case.
    pub why: String,
    /// Whether it is for further copies (Art. 15(3) GDPR), not for an excessive request.
    pub copies: bool,
    /// What the person gets without a fee, if anything.
    pub free: Option<String>,
    /// Until when the person may say whether to go on.
    pub until: Option<String>,
}

/// A request that is manifestly unfounded or excessive; the controller bears the burden of showing it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExcessFacts {
    /// The rights that are refused, by name; empty: all that was asked for.
    pub rights: Vec<String>,
    /// The first element, from the outside: what shows it, as full sentences.
    pub objective: String,
    /// The second element: what shows the intention, as full sentences.
    pub intention: String,
    /// The evidence, one phrase each.
    pub evidence: Vec<String>,
    /// What is done all the same, if anything.
    pub instead: Option<String>,
}
