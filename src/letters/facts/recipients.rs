//! What letters to recipients of data and to authorities say.

use serde::{Deserialize, Serialize};

/// What somebody who received data has to do or know.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoticeFacts {
    /// Who is written to, by name.
    pub recipient: String,
    /// What we did, as a noun: "Löschung".
    pub act: String,
    /// Which data, one phrase each; for a rectification the new value.
    pub data: Vec<String>,
    /// What finds the record: a customer number, an address. No more than that.
    pub record: String,
    /// Since when it holds with us.
    pub on: String,
    /// The provision: "Art. 17 Abs. 1 lit. b DSGVO".
    pub basis: String,
    /// What we expect, as full sentences.
    pub expected: String,
    /// By when we ask for a confirmation.
    pub until: String,
    /// Where it was public (Art. 17(2) GDPR), one address each.
    pub links: Vec<String>,
}

/// A reply to a supervisory authority.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReplyFacts {
    /// The authority's reference.
    pub reference: String,
    /// The day of its letter.
    pub letter_of: String,
    /// What we say to it, as full sentences; blank lines part paragraphs.
    pub statement: String,
    /// What is enclosed, one phrase each.
    pub enclosures: Vec<String>,
    /// Whom to ask.
    pub contact: Option<String>,
}
