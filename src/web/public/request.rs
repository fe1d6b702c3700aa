//! The form: what, who, check, sent; or everything on one page. The views, one per step.

pub mod sent;
pub mod steps;

use askama::Template;
use chrono::NaiveDate;

use crate::web::layout::Counter;
use crate::web::public::draft::{Draft, Step};
use crate::web::public::fault::Faults;

/// A file that waits for the form to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Names it among the uploads of this form key.
    pub id: String,
    /// As the person's device calls it.
    pub name: String,
    /// In bytes.
    pub size: u64,
}

/// How much may be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most files of one form.
    pub files: usize,
    /// Most bytes of one file.
    pub bytes: u64,
}

/// Step 1: what the person would like.
#[derive(Template)]
#[template(path = "public/request/wish.html")]
pub struct WishPage<'a> {
    pub p: Counter,
    pub step: Step,
    pub draft: &'a Draft,
    pub faults: Faults,
}

/// Asked between steps 1 and 2, if both a copy and erasure are wished for.
#[derive(Template)]
#[template(path = "public/request/order.html")]
pub struct OrderPage<'a> {
    pub p: Counter,
    pub step: Step,
    pub draft: &'a Draft,
    pub faults: Faults,
}

/// Step 2: who the person is, and how to answer.
#[derive(Template)]
#[template(path = "public/request/person.html")]
pub struct PersonPage<'a> {
    pub p: Counter,
    pub step: Step,
    pub draft: &'a Draft,
    pub faults: Faults,
    pub files: &'a [Upload],
    pub limits: Limits,
}

/// Step 3: everything once more, each with its way back.
#[derive(Template)]
#[template(path = "public/request/check.html")]
pub struct CheckPage<'a> {
    pub p: Counter,
    pub step: Step,
    pub draft: &'a Draft,
    pub faults: Faults,
    pub files: &'a [Upload],
    /// The last day of the answer, if the request is sent today.
    pub due: NaiveDate,
}

/// The same on one page, to fill in or to print.
#[derive(Template)]
#[template(path = "public/request/all.html")]
pub struct AllPage<'a> {
    pub p: Counter,
    pub step: Step,
    pub draft: &'a Draft,
    pub faults: Faults,
    pub files: &'a [Upload],
    pub limits: Limits,
    /// The last day of the answer, if the request is sent today.
    pub due: NaiveDate,
}

/// Step 4: number, date, what comes next. The same page whether or not the person is known here.
#[derive(Template)]
#[template(path = "public/request/sent.html")]
pub struct SentPage {
    pub p: Counter,
    pub number: String,
    pub received: NaiveDate,
    pub due: NaiveDate,
    /// The address to be confirmed; `None` where the answer goes by post.
    pub email: Option<String>,
    /// Whole address of the status page, so that it can be read on paper.
    pub status: Option<String>,
}

#[cfg(test)]
mod tests;
