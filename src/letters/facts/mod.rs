//! What a letter may say: plain facts in the letter's language, filled from the case, free of the case's own types.

mod answer;
mod desk;
mod elsewhere;
mod identity;
mod partial;
mod period;
mod persons;
mod recipients;
mod refusal;

use serde::{Deserialize, Serialize};

pub use answer::{
    CategoryFacts, DecisionFacts, DoneFacts, GroundFacts, Outcome, PackageFacts, RecipientFacts,
    RemainFacts, SystemFacts,
};
pub use desk::{DeskFacts, DeskLine, OwnerFacts};
pub use elsewhere::{ChannelFacts, ForwardingFacts, InstructionFacts, MisdirectedFacts};
pub use identity::{ClarificationFacts, IdentityFacts};
pub use partial::{Art14Facts, LiftingFacts, PartialFacts};
pub use period::{ExtensionFacts, InterimFacts};
pub use persons::{ChildFacts, MandateFacts};
pub use recipients::{NoticeFacts, ReplyFacts};
pub use refusal::{ExcessFacts, FeeFacts};

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
    /// What is asked to narrow a large request (Rec. 63 GDPR).
    pub clarification: Option<ClarificationFacts>,
    /// Who acts for the person, and what of the mandate lacks.
    pub mandate: Option<MandateFacts>,
    /// The child whose data a parent asks for.
    pub child: Option<ChildFacts>,
    /// Why a letter is no case of data subject rights with us.
    pub misdirected: Option<MisdirectedFacts>,
    /// To whom a request was passed on that came to us as a processor (Art. 28(3)(e) GDPR).
    pub forwarding: Option<ForwardingFacts>,
    /// A customer's instruction that we doubt (Art. 28(3) GDPR).
    pub instruction: Option<InstructionFacts>,
    /// A channel on which the controller does not want requests; what came by it counts all the same.
    pub channel: Option<ChannelFacts>,
    /// A longer period, and why (Art. 12(3) GDPR).
    pub extension: Option<ExtensionFacts>,
    /// How far the work is.
    pub interim: Option<InterimFacts>,
    /// What a clerk wrote in her own words.
    pub written: Option<WrittenFacts>,
    /// What a part of an answer holds and what is missing.
    pub partial: Option<PartialFacts>,
    /// What a person is told whose data came from elsewhere (Art. 14 GDPR).
    pub art14: Option<Art14Facts>,
    /// A restriction that will be lifted (Art. 18(3) GDPR).
    pub lifting: Option<LiftingFacts>,
    /// What somebody who received data has to do or know (Art. 19, 17(2), 28(3) GDPR).
    pub notice: Option<NoticeFacts>,
    /// A fee that would be asked (Art. 12(5), 15(3) GDPR).
    pub fee: Option<FeeFacts>,
    /// Why a request is manifestly unfounded or excessive (Art. 12(5) GDPR).
    pub excess: Option<ExcessFacts>,
    /// A reply to a supervisory authority (Art. 31, 58 GDPR).
    pub reply: Option<ReplyFacts>,
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
    /// Why the answer comes after its day, in a clerk's words; none if it comes in time.
    pub late: Option<String>,
    /// Automated decisions that take place, in plain words (Art. 15(1)(h) GDPR); none: there are none.
    pub automated: Option<String>,
    /// The data package that lies beside the letter.
    pub package: Option<PackageFacts>,
    /// What staff mail says; none for mail to the public.
    pub desk: Option<DeskFacts>,
    /// What the owner of a system is asked; none for all other mail.
    pub owner: Option<OwnerFacts>,
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

/// A message in a clerk's own words.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WrittenFacts {
    /// The words; blank lines part paragraphs.
    pub words: String,
    /// The names of the files that go along.
    pub enclosed: Vec<String>,
    /// The day of the message that is quoted.
    pub quoted_on: Option<String>,
    /// What the person wrote.
    pub quoted: Option<String>,
}

impl Facts {
    /// Invented facts in which everything occurs, for previews and for proving templates.
    ///
    /// # Errors
    /// If the sample that is built in does not fit the shape; a test forbids that.
    pub fn sample(lang: Lang) -> Result<Self, serde_json::Error> {
        serde_json::from_str(match lang {
            Lang::De => include_str!("../texts/de/sample.json"),
            Lang::En => include_str!("../texts/en/sample.json"),
        })
    }
}
