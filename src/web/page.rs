//! Small things every handler needs: showing a page, sending elsewhere, reading the reader's languages.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, LOCATION};
use actix_web::{HttpRequest, HttpResponse, Route, guard, web};
use askama::Template;

use crate::casework::Token;
use crate::domain::lang::Lang;
use crate::web::error::Problem;

/// The page with this status.
///
/// # Errors
/// If it cannot be written, which is a fault of ours.
pub fn show(status: StatusCode, page: &impl Template) -> Result<HttpResponse, Problem> {
    let text = page
        .render()
        .map_err(|_| Problem::fault("a page cannot be written"))?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .body(text))
}

/// Sends the browser on by GET, so that a reload repeats nothing.
#[must_use]
pub fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, to))
        .finish()
}

/// A route for looking: GET, and HEAD, of which the same is true.
#[must_use]
pub fn get() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// The languages that the browser says its reader understands, in its order.
#[must_use]
pub fn understood(request: &HttpRequest) -> Vec<Lang> {
    let header = request
        .headers()
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    header
        .unwrap_or_default()
        .split(',')
        .filter_map(|choice| {
            choice
                .split([';', '-'])
                .next()?
                .trim()
                .to_ascii_lowercase()
                .parse()
                .ok()
        })
        .collect()
}

/// The language that the reader chose in the address.
#[must_use]
pub fn asked(request: &HttpRequest) -> Option<Lang> {
    query(request, "lang").next()?.parse().ok()
}

/// The values of this name in the query, as they stand; the few that we read need no decoding but for
/// brackets.
pub fn query<'a>(request: &'a HttpRequest, name: &'a str) -> impl Iterator<Item = String> + 'a {
    request
        .query_string()
        .split('&')
        .filter_map(move |pair| pair.split_once('=').filter(|(key, _)| *key == name))
        .map(|(_, value)| value.replace("%28", "(").replace("%29", ")"))
}

/// The secret in the path; anything that never was one opens what a used one opens.
///
/// # Errors
/// As for a link that opens nothing.
pub fn token(text: &str) -> Result<Token, Problem> {
    Token::parse(text).ok_or_else(Problem::link)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn languages_are_read_in_the_browsers_order() {
        let request = |value: &str| {
            TestRequest::get()
                .insert_header((ACCEPT_LANGUAGE, value))
                .to_http_request()
        };
        assert_eq!(
            understood(&request("en-GB,en;q=0.9,de;q=0.5")),
            [Lang::En, Lang::En, Lang::De]
        );
        assert_eq!(understood(&request("fr, DE-at;q=0.3")), [Lang::De]);
        assert!(understood(&request(";;,,")).is_empty());
    }

    #[test]
    fn a_query_is_read_by_name() {
        let request = TestRequest::get()
            .uri("/x?wish=15&lang=en&wish=21%282%29&y")
            .to_http_request();
        assert_eq!(query(&request, "wish").collect::<Vec<_>>(), ["15", "21(2)"]);
        assert_eq!(asked(&request), Some(Lang::En));
    }
}
