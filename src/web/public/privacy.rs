//! The notice of Art. 13 GDPR for the request itself, made from the controller's settings.

use askama::Template;

use crate::domain::controller::Authority;
use crate::web::layout::Counter;

/// The notice.
#[derive(Template)]
#[template(path = "public/privacy.html")]
pub struct PrivacyPage {
    pub p: Counter,
    pub authority: Authority,
    /// How to reach the data protection officer, if there is one.
    pub officer: Option<String>,
    /// How long a closed case is kept, in months.
    pub kept_months: u32,
    /// Who runs the server for the controller, if someone else does.
    pub host: Option<String>,
}

impl PrivacyPage {
    /// Whole years, where the months make such.
    fn kept_years(&self) -> Option<u32> {
        (self.kept_months > 0 && self.kept_months.is_multiple_of(12))
            .then_some(self.kept_months / 12)
    }
}
