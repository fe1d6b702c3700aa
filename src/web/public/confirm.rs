//! Behind the two links of the first mail: "that was me" and "that was not me". Opening them does nothing yet.

use askama::Template;
use chrono::NaiveDate;

use crate::web::layout::Counter;

/// "Yes, that was me": proves control of a mailbox, nothing more.
#[derive(Template)]
#[template(path = "public/confirm.html")]
pub struct ConfirmPage {
    pub p: Counter,
    pub number: String,
    pub due: NaiveDate,
    /// The button has been pressed.
    pub done: bool,
    /// The status page, once confirmed.
    pub status: Option<String>,
}

/// "That was not me".
#[derive(Template)]
#[template(path = "public/disown.html")]
pub struct DisownPage {
    pub p: Counter,
    pub number: String,
    /// The button has been pressed.
    pub done: bool,
}
