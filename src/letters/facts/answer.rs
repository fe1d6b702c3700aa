//! What an answer says: what was found, who received it, what was decided and done.

use serde::{Deserialize, Serialize};

/// What one system held.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SystemFacts {
    /// Its name.
    pub name: String,
    /// Who runs it, if not the controller.
    pub operator: Option<String>,
    /// What the operator is: "Auftragsverarbeiter".
    pub role: String,
    /// Where the data lie.
    pub place: String,
    /// Whether data go to a third country (Art. 44 GDPR).
    pub third_country: bool,
    /// The guarantee for a third country (Art. 15(2), 46 GDPR).
    pub guarantee: Option<String>,
    /// Whether anything was held.
    pub held: bool,
    /// Whether it holds nothing on any person, so that nobody searches there; the remark says why.
    pub never_searched: bool,
    /// What was held, by category.
    pub categories: Vec<CategoryFacts>,
    /// Where the data came from (Art. 15(1)(g) GDPR).
    pub source: String,
    /// The outcome in words: "keine Daten gefunden".
    pub outcome: String,
    /// A remark.
    pub note: Option<String>,
}

/// A category of data with what Art. 15(1) GDPR asks about it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CategoryFacts {
    /// Its name.
    pub name: String,
    /// What it is used for.
    pub purposes: String,
    /// On what legal basis.
    pub basis: String,
    /// How long it is kept, or by what criteria.
    pub retention: String,
}

/// Someone who received data.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecipientFacts {
    /// The name.
    pub name: String,
    /// What they are: "Auftragsverarbeiter".
    pub role: String,
    /// The country.
    pub country: String,
    /// Whether it is a third country (Art. 44 GDPR).
    pub third_country: bool,
    /// The guarantee for a third country.
    pub guarantee: Option<String>,
}

/// What came of one right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Done as asked.
    #[default]
    Granted,
    /// Done in part.
    Partly,
    /// Not done.
    Refused,
    /// There was nothing to do it with.
    Nothing,
}

/// What was decided on one right.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DecisionFacts {
    /// The article, as in `RightFacts::code`.
    pub code: String,
    /// The right's name.
    pub name: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What the office wrote to it; blank lines part paragraphs.
    pub text: String,
    /// The grounds of a no.
    pub grounds: Vec<GroundFacts>,
    /// What was done, where and when.
    pub done: Vec<DoneFacts>,
    /// What remains, why, until when.
    pub remains: Vec<RemainFacts>,
    /// Recipients who were told (Art. 19 GDPR).
    pub told: Vec<String>,
    /// Recipients who were not told by us, and why; named where the person asks for all of them.
    pub untold: Vec<RemainFacts>,
    /// When copies in backups are gone.
    pub backups: Option<String>,
    /// From when it holds (restriction, objection, withdrawal).
    pub from: Option<String>,
    /// Whether the person's own view was noted beside the data (rectification).
    pub noted: bool,
    /// How and when it ends (restriction), or how a transfer went (portability).
    pub ends: Option<String>,
}

/// A ground for a no.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GroundFacts {
    /// The provision: "Art. 17 Abs. 3 lit. b DSGVO".
    pub law: String,
    /// Why it applies here.
    pub text: String,
}

/// Something that was done.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DoneFacts {
    /// In which system.
    pub system: String,
    /// What.
    pub what: String,
    /// When.
    pub when: String,
}

/// Something that remains or was left out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RemainFacts {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
    /// Until when: a date, or what has to happen first.
    pub until: Option<String>,
    /// Who may use it for what meanwhile: "nur die Buchhaltung, für die Steuerprüfung".
    pub uses: Option<String>,
}

/// The data package that lies beside the letter.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PackageFacts {
    /// What of her lies in it: "48 Einträge und 14 Dateien".
    pub contents: String,
    /// What does not lie in it as it is held, in a sentence or two.
    pub gaps: Option<String>,
    /// The formats in it: "JSON und PDF".
    pub format: Option<String>,
    /// SHA-256 of the package.
    pub checksum: Option<String>,
}
