//! Why a page cannot be shown: the only place where an error of the office becomes a page.

use std::fmt;

use actix_web::http::{StatusCode, header::ContentType};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use crate::casework::{Error, Token};
use crate::domain::obstacle::Obstacle;
use crate::web::public::error::ErrorPage;
use crate::words::obstacles;

/// What a handler answers with when it has no page of its own for it.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    what: What,
}

enum What {
    /// The page for this status says all.
    Plain,
    /// A rule of the office, as a sentence.
    Sentence(String),
    /// A fault of ours; by this it is found in the log.
    Reference(String),
    /// A whole page.
    Page(String),
}

impl fmt::Debug for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Pages hold personal data.
        f.write_str(match self {
            Self::Plain => "Plain",
            Self::Sentence(_) => "Sentence",
            Self::Reference(_) => "Reference",
            Self::Page(_) => "Page",
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)
    }
}

impl Problem {
    /// The page that belongs to this status.
    #[must_use]
    pub fn of(status: StatusCode) -> Self {
        Self {
            status,
            what: What::Plain,
        }
    }

    /// There is no such page, or not for this reader.
    #[must_use]
    pub fn not_found() -> Self {
        Self::of(StatusCode::NOT_FOUND)
    }

    /// Not for this reader, and she may know that.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::of(StatusCode::FORBIDDEN)
    }

    /// What was sent cannot be read.
    #[must_use]
    pub fn unreadable() -> Self {
        Self::of(StatusCode::BAD_REQUEST)
    }

    /// More was sent than is taken.
    #[must_use]
    pub fn too_large() -> Self {
        Self::of(StatusCode::PAYLOAD_TOO_LARGE)
    }

    /// Too many tries.
    #[must_use]
    pub fn too_often() -> Self {
        Self::of(StatusCode::TOO_MANY_REQUESTS)
    }

    /// A link that opens nothing.
    #[must_use]
    pub fn link() -> Self {
        Self::of(StatusCode::GONE)
    }

    /// A fault of ours: logged here, once, with the reference that the page shows.
    #[must_use]
    pub fn fault(what: impl fmt::Display) -> Self {
        let reference: String = Token::generate()
            .text()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(8)
            .collect();
        tracing::error!(reference, error = %what, "a page could not be shown");
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            what: What::Reference(reference),
        }
    }

    /// A page of the handler's own in place of the usual one.
    #[must_use]
    pub fn page(status: StatusCode, page: &impl Template) -> Self {
        match page.render() {
            Ok(text) => Self {
                status,
                what: What::Page(text),
            },
            Err(_) => Self::fault("a page cannot be written"),
        }
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Obstacle(obstacle) => Self::from(obstacle),
            Error::NotFound => Self::not_found(),
            Error::Link => Self::link(),
            Error::Code => Self::of(StatusCode::UNPROCESSABLE_ENTITY),
            Error::TooOften => Self::too_often(),
            Error::Store(_) | Error::File(_) | Error::Press(_) | Error::Fault(_) => {
                Self::fault(error)
            }
        }
    }
}

impl From<Obstacle> for Problem {
    fn from(obstacle: Obstacle) -> Self {
        let status = match obstacle {
            Obstacle::ChangedMeanwhile { .. } => StatusCode::CONFLICT,
            Obstacle::RoleLacking { .. } => StatusCode::FORBIDDEN,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self {
            status,
            what: What::Sentence(obstacles::obstacle(&obstacle)),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let (sentence, reference) = match &self.what {
            What::Plain => (String::new(), String::new()),
            What::Sentence(sentence) => (sentence.clone(), String::new()),
            What::Reference(reference) => (String::new(), reference.clone()),
            What::Page(page) => return html(self.status, page.clone()),
        };
        let page = ErrorPage {
            status: self.status.as_u16(),
            sentence,
            reference,
        };
        html(self.status, page.render().unwrap_or_default())
    }
}

fn html(status: StatusCode, text: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type(ContentType::html())
        .body(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_error_has_its_status() {
        let status = |error: Error| Problem::from(error).status().as_u16();
        assert_eq!(status(Error::NotFound), 404);
        assert_eq!(status(Error::Link), 410);
        assert_eq!(status(Error::TooOften), 429);
        assert_eq!(status(Error::Fault("x")), 500);
        assert_eq!(
            status(Obstacle::ChangedMeanwhile { revision: 2 }.into()),
            409
        );
        assert_eq!(status(Obstacle::FourEyes.into()), 422);
    }

    #[actix_web::test]
    async fn an_obstacle_is_told_as_a_sentence_and_a_fault_by_its_reference_alone() {
        let text = async |problem: Problem| {
            let body = problem.error_response().into_body();
            String::from_utf8(actix_web::body::to_bytes(body).await.unwrap().to_vec()).unwrap()
        };
        assert!(text(Obstacle::FourEyes.into()).await.contains("Vier Augen"));
        assert!(
            !text(Problem::fault("secret place"))
                .await
                .contains("secret")
        );
    }
}
