//! The answer: a fresh code first, then the letter as page and PDF, below it the package.

use askama::Template;
use chrono::NaiveDate;

use crate::web::layout::Counter;
use crate::web::public::fault::Faults;

/// Asks for a code, or for the code that was sent.
#[derive(Template)]
#[template(path = "public/answer/code.html")]
pub struct CodePage {
    pub p: Counter,
    pub number: String,
    /// Where the code goes, partly hidden: `m…@example.org`.
    pub mailbox: String,
    /// A code is on its way; show the field for it.
    pub sent: bool,
    /// How long a code counts, in minutes.
    pub minutes: u32,
    pub faults: Faults,
    /// Until when the answer can be fetched.
    pub until: NaiveDate,
}

/// The package with the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub href: String,
    /// In bytes.
    pub size: u64,
    /// How many files it holds.
    pub files: usize,
}

/// The answer itself.
#[derive(Template)]
#[template(path = "public/answer/open.html")]
pub struct AnswerPage {
    pub p: Counter,
    pub number: String,
    pub subject: String,
    /// The letter's words, as it was sent.
    pub letter: String,
    /// The letter as PDF.
    pub pdf: String,
    /// In bytes.
    pub pdf_size: u64,
    pub package: Option<Package>,
    pub until: NaiveDate,
}

/// The time to fetch it is over; it can be had again as long as the package is kept.
#[derive(Template)]
#[template(path = "public/answer/over.html")]
pub struct OverPage {
    pub p: Counter,
    pub number: String,
    /// Until when it can still be renewed; `None`: the package is deleted.
    pub renewable_until: Option<NaiveDate>,
}
