//! What a letter may say: plain facts in the letter's language, filled from the case, free of the case's own types.

use serde::{Deserialize, Serialize};

use crate::domain::lang::Lang;

/// Everything a template can name. Words are in the letter's language; dates are long dates with their weekday.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// Who answers.
    pub controller: ControllerFacts,
    /// The case.
    pub case: CaseFacts,
    /// The person who is written to.
    pub person: PersonFacts,
    /// The day the letter is written.
    pub today: String,
    /// The page that the letter leads to: confirm, status, download.
    pub link: Option<String>,
    /// The page for "that was not me" (first mail only).
    pub disown_link: Option<String>,
    /// A fresh code for the download.
    pub code: Option<String>,
    /// Until when link or code hold.
    pub expiry: Option<String>,
    /// What is asked for when there is doubt about identity.
    pub identity: Option<IdentityFacts>,
    /// A longer period, and why (Art. 12(3) GDPR).
    pub extension: Option<ExtensionFacts>,
    /// What each system held, by name (Art. 15(1) GDPR).
    pub findings: Vec<SystemFacts>,
    /// Who received data, by name (Art. 15(1)(c) GDPR).
    pub recipients: Vec<RecipientFacts>,
    /// What was decided, one entry per right.
    pub decisions: Vec<DecisionFacts>,
    /// What was searched with: only identifiers that the person proved.
    pub searched_with: Vec<String>,
    /// What was left out of the copy and why (Art. 15(4), 12(4) GDPR).
    pub left_out: Vec<RemainFacts>,
    /// Whether the access answer is declared complete.
    pub complete: bool,
    /// Whether it is a part on purpose: a person said why the rest is not there yet.
    pub part: bool,
    /// Automated decisions that take place, in plain words (Art. 15(1)(h) GDPR); none: there are none.
    pub automated: Option<String>,
    /// The data package that lies beside the letter.
    pub package: Option<PackageFacts>,
    /// What staff mail says; none for mail to the public.
    pub desk: Option<DeskFacts>,
}

/// The controller as a letter names it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ControllerFacts {
    /// The legal name.
    pub name: String,
    /// The short name for subjects.
    pub short: String,
    /// Street, postcode and town, country; one line each, without the name.
    pub address: Vec<String>,
    /// Where to write about data protection.
    pub email: String,
    /// A telephone number.
    pub phone: Option<String>,
    /// The data protection officer or another contact.
    pub privacy_contact: Option<String>,
    /// The supervisory authority.
    pub authority: AuthorityFacts,
    /// The public pages, without a slash at the end.
    pub public_url: String,
    /// The information on how requests are processed (Art. 13 GDPR).
    pub art13_url: String,
}

/// The supervisory authority (Art. 77 GDPR).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthorityFacts {
    /// Its full name.
    pub name: String,
    /// Its postal address, one line each.
    pub address: Vec<String>,
    /// Its web address.
    pub web: String,
}

/// The case as a letter names it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CaseFacts {
    /// The case number; never a credential.
    pub number: String,
    /// The day of receipt.
    pub received_on: String,
    /// How it came, to follow "received": "über unser Formular", "by letter".
    pub channel: String,
    /// When the answer is due.
    pub due: String,
    /// Why it is due then, as one sentence.
    pub because: String,
    /// What was understood.
    pub rights: Vec<RightFacts>,
    /// How long the case file is kept, as a date or a rule.
    pub kept_until: Option<String>,
}

/// One right that was asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RightFacts {
    /// The article: `15`, `21(2)`, `7(3)`.
    pub code: String,
    /// Its name: "Auskunft", "erasure".
    pub name: String,
    /// The wish in plain words, as we understood it.
    pub wish: String,
}

/// The person who is written to; no salutation is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PersonFacts {
    /// The name.
    pub name: String,
    /// Postal address without the name; empty if the letter does not go by post.
    pub address: Vec<String>,
}

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
    /// When the question was or is asked for the second time, if it is a reminder.
    pub reminder: bool,
    /// After this day the case is closed as not identifiable, if there was no answer.
    pub until: Option<String>,
}

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
    /// The guarantee for a third country (Art. 15(2), 46 GDPR).
    pub guarantee: Option<String>,
    /// Whether anything was held.
    pub held: bool,
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
    /// The article, as in [`RightFacts::code`].
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
    /// When copies in backups are gone.
    pub backups: Option<String>,
    /// From when it holds (restriction, objection, withdrawal).
    pub from: Option<String>,
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
    /// Until when.
    pub until: Option<String>,
}

/// The data package that lies beside the letter.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PackageFacts {
    /// How many files.
    pub files: usize,
    /// Its size in words: "2,4 MB".
    pub size: String,
    /// The formats in it: "JSON und PDF".
    pub format: Option<String>,
    /// SHA-256 of the package.
    pub checksum: Option<String>,
}

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

impl Facts {
    /// Invented facts in which everything occurs, for previews and for proving templates.
    ///
    /// # Errors
    /// If the sample that is built in does not fit the shape; a test forbids that.
    pub fn sample(lang: Lang) -> Result<Self, serde_json::Error> {
        serde_json::from_str(match lang {
            Lang::De => include_str!("texts/de/sample.json"),
            Lang::En => include_str!("texts/en/sample.json"),
        })
    }
}
