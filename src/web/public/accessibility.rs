//! The statement on accessibility: what was aimed at, and whom to tell what does not work.

use askama::Template;

use crate::web::layout::Counter;

/// The statement.
#[derive(Template)]
#[template(path = "public/accessibility.html")]
pub struct AccessibilityPage {
    pub p: Counter,
}
