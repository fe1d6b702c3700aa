//! What a page says when it cannot be shown: in both languages, for the reader's is not always known.

use askama::Template;

use crate::web::assets;

/// An error page; it stands alone, without a controller.
#[derive(Template)]
#[template(path = "public/error.html")]
pub struct ErrorPage {
    /// The HTTP status: 400, 403, 404, 405, 408, 409, 410, 413, 415, 422, 429 or 500; any other reads like 500.
    pub status: u16,
    /// A rule of the office that stands against it, and what helps; empty if there is none.
    pub sentence: String,
    /// By which the operator finds it in the log; empty if there is nothing to find.
    pub reference: String,
}

impl ErrorPage {
    fn style(&self) -> &'static str {
        assets::style()
    }

    fn icon(&self) -> &'static str {
        assets::icon()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_says_in_both_languages_what_helps() {
        let mut seen = std::collections::HashSet::new();
        for status in [400, 403, 404, 405, 408, 409, 410, 413, 422, 429, 500] {
            let page = ErrorPage {
                status,
                sentence: String::new(),
                reference: "7F3K".into(),
            }
            .render()
            .unwrap();
            assert!(page.contains("lang=\"de\"") && page.contains("lang=\"en\""));
            assert!(page.contains("7F3K") && page.contains(&status.to_string()));
            let title = page
                .split("<title>")
                .nth(1)
                .unwrap()
                .split("</title>")
                .next()
                .unwrap();
            assert!(seen.insert(title.to_owned()), "{title}");
        }
    }
}
