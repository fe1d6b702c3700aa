//! Style, script, fonts and icon: inside the binary, under names that change with their content.
//!
//! The fonts are cuts of Inter (SIL Open Font License 1.1, the text lies in `src/letters/fonts`).

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpResponse, web};
use ring::digest;

const STYLE: &str = include_str!("assets/style.css");
const SCRIPT: &[u8] = include_bytes!("assets/desk.js");
const ICON: &[u8] = include_bytes!("assets/favicon.svg");
const REGULAR: &[u8] = include_bytes!("assets/inter-400.woff2");
const SEMIBOLD: &[u8] = include_bytes!("assets/inter-600.woff2");

/// One embedded file as it is served.
struct Asset {
    path: String,
    kind: &'static str,
    body: web::Bytes,
}

/// All of them; the style names the fonts by their hashed names, so it is made last.
struct Shelf {
    style: Asset,
    script: Asset,
    icon: Asset,
    regular: Asset,
    semibold: Asset,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(Shelf::fill);

impl Shelf {
    fn fill() -> Self {
        let regular = Asset::new("inter-400", "woff2", "font/woff2", REGULAR.into());
        let semibold = Asset::new("inter-600", "woff2", "font/woff2", SEMIBOLD.into());
        let style = slim(STYLE)
            .replace("inter-400.woff2", &regular.path)
            .replace("inter-600.woff2", &semibold.path);
        Self {
            style: Asset::new("style", "css", "text/css; charset=utf-8", style.into()),
            script: Asset::new(
                "desk",
                "js",
                "text/javascript; charset=utf-8",
                SCRIPT.into(),
            ),
            icon: Asset::new("favicon", "svg", "image/svg+xml", ICON.into()),
            regular,
            semibold,
        }
    }

    fn find(&self, path: &str) -> Option<&Asset> {
        [
            &self.style,
            &self.script,
            &self.icon,
            &self.regular,
            &self.semibold,
        ]
        .into_iter()
        .find(|asset| asset.path == path)
    }
}

impl Asset {
    fn new(name: &str, ending: &str, kind: &'static str, body: Vec<u8>) -> Self {
        let sum = digest::digest(&digest::SHA256, &body);
        let mark: String = sum
            .as_ref()
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            path: format!("/assets/{name}-{mark}.{ending}"),
            kind,
            body: body.into(),
        }
    }
}

/// The sheet without comments and indentation; what people read in the repository is longer than
/// what a phone must fetch.
fn slim(sheet: &str) -> String {
    let mut kept = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, beyond)| beyond);
    }
    kept.push_str(rest);
    kept.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Address of the style sheet.
#[must_use]
pub fn style() -> &'static str {
    &SHELF.style.path
}

/// Address of the script that adds keys at the desk.
#[must_use]
pub fn script() -> &'static str {
    &SHELF.script.path
}

/// Address of the icon.
#[must_use]
pub fn icon() -> &'static str {
    &SHELF.icon.path
}

/// Serves `/assets/…`; a name that is not current is not found, for its content would be wrong.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes.route("/assets/{name}", web::get().to(fetch));
}

async fn fetch(name: web::Path<String>) -> HttpResponse {
    match SHELF.find(&format!("/assets/{name}")) {
        Some(asset) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, HeaderValue::from_static(asset.kind)))
            .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(asset.body.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, http::StatusCode, test as calls};

    #[test]
    fn the_sheet_names_the_fonts_as_they_are_served_and_nothing_from_elsewhere() {
        let sheet = std::str::from_utf8(&SHELF.style.body).unwrap();
        assert!(sheet.contains(&SHELF.regular.path) && sheet.contains(&SHELF.semibold.path));
        assert!(!sheet.contains("://") && !sheet.contains("/*") && !sheet.contains("@import"));
        assert_eq!(sheet.matches('{').count(), sheet.matches('}').count());
    }

    #[actix_web::test]
    async fn what_the_pages_name_is_served_for_ever_and_nothing_else_is() {
        let app = calls::init_service(App::new().configure(configure)).await;
        for path in [style(), script(), icon(), SHELF.regular.path.as_str()] {
            let request = calls::TestRequest::get().uri(path).to_request();
            let answer = calls::call_service(&app, request).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            let cache = answer.headers().get(CACHE_CONTROL).unwrap();
            assert!(cache.to_str().unwrap().contains("immutable"));
        }
        for path in [
            "/assets/style.css",
            "/assets/style-000000000000.css",
            "/assets/..%2fmain.rs",
        ] {
            let request = calls::TestRequest::get().uri(path).to_request();
            let answer = calls::call_service(&app, request).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
