//! The counter's front page: what one can do here, and by when one hears.

use askama::Template;
use chrono::NaiveDate;

use crate::web::layout::Counter;

/// The front page of one controller's counter.
#[derive(Template)]
#[template(path = "public/home.html")]
pub struct HomePage {
    pub p: Counter,
    /// The last day of the answer, if one asks today.
    pub due: NaiveDate,
}
