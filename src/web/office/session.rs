//! Who sits at the desk: read from the cookie, good only while the office still knows the session.

use std::future::Future;
use std::pin::Pin;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::uri::PathAndQuery;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError, web};

use crate::casework::{Clerk, Error, Office, Token};
use crate::domain::ids::ControllerId;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::{Role, Scope};
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::voice::Voice;

/// The tab of the inbox counts no further.
const WAITING: usize = 100;

/// A clerk who is signed in.
pub struct Session {
    /// Who it is.
    pub clerk: Clerk,
    /// What she may.
    pub scope: Scope,
    /// The session's own token.
    pub token: Token,
    /// The token that her forms carry.
    pub csrf: String,
}

impl Session {
    /// The frame of a page in this room.
    pub async fn desk(&self, office: &Office, here: Room) -> Result<Desk, Problem> {
        let waiting = office
            .waiting(&self.scope, i64::try_from(WAITING).unwrap_or(i64::MAX))
            .await?;
        Ok(Desk {
            voice: Voice {
                lang: Lang::De,
                du: false,
            },
            clerk: self.clerk.name.clone(),
            csrf: self.csrf.clone(),
            here,
            manages: self.scope.anywhere(Role::Admin),
            audits: self.scope.anywhere(Role::Auditor),
            connected: office
                .connections
                .iter()
                .any(|it| self.may(it.controller, Role::Handler)),
            waiting: match waiting {
                0 => String::new(),
                WAITING.. => format!("{}+", WAITING - 1),
                some => some.to_string(),
            },
        })
    }

    /// The role for a controller; pages ask before they offer an act.
    pub fn may(&self, controller: ControllerId, least: Role) -> bool {
        self.scope.demand(controller, least).is_ok()
    }

    /// An obstacle, unless the role is held for some controller.
    pub fn demand_anywhere(&self, least: Role) -> Result<(), Error> {
        if self.scope.anywhere(least) {
            Ok(())
        } else {
            Err(Obstacle::RoleLacking { least }.into())
        }
    }
}

impl FromRequest for Session {
    type Error = Stranger;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Stranger>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let stranger = || Stranger::before(&request);
            let office = request
                .app_data::<web::Data<Office>>()
                .ok_or_else(stranger)?;
            let cookie = request.cookie(cookie_name(office)).ok_or_else(stranger)?;
            let token = Token::parse(cookie.value()).ok_or_else(stranger)?;
            let (clerk, scope) = office.session(&token).await.map_err(|_| stranger())?;
            let csrf = office.form_token(&token);
            Ok(Session {
                clerk,
                scope,
                token,
                csrf,
            })
        })
    }
}

/// Somebody without a session: shown the way to the sign-in page, or told to sign in.
#[derive(Debug, thiserror::Error)]
#[error("not signed in")]
pub struct Stranger {
    to: Option<String>,
}

impl Stranger {
    fn before(request: &HttpRequest) -> Stranger {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        Stranger {
            to: reads.then(|| {
                // What was searched for is a name, and names do not belong into addresses twice.
                let searched = request
                    .query_string()
                    .split('&')
                    .any(|pair| pair.starts_with("q="));
                let asked = request.uri().path_and_query().map(PathAndQuery::as_str);
                let path = if searched {
                    request.path()
                } else {
                    asked.unwrap_or("/desk")
                };
                format!("/sign-in?to={}", encoded(path))
            }),
        }
    }
}

impl ResponseError for Stranger {
    fn status_code(&self) -> StatusCode {
        if self.to.is_some() {
            StatusCode::SEE_OTHER
        } else {
            StatusCode::UNAUTHORIZED
        }
    }

    fn error_response(&self) -> HttpResponse {
        match &self.to {
            Some(to) => HttpResponse::SeeOther()
                .insert_header((header::LOCATION, to.as_str()))
                .finish(),
            None => crate::web::account::signed_out(),
        }
    }
}

/// Text inside an address.
pub fn encoded(text: &str) -> String {
    use std::fmt::Write;
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut out, byte| {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                    out.push(char::from(byte));
                }
                _ => {
                    let _ = write!(out, "%{byte:02X}");
                }
            }
            out
        })
}

/// A path of the desk to go to after signing in; everything else leads to the queue. What comes from
/// outside must not lead out of the house.
pub fn local(path: &str) -> &str {
    let inside = path.starts_with("/desk") || path.starts_with("/account");
    let plain = path
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if inside && plain && !path.contains("//") {
        path
    } else {
        "/desk"
    }
}

fn secure(office: &Office) -> bool {
    office
        .houses()
        .iter()
        .all(|house| house.controller.public_url.starts_with("https://"))
        && !office.houses().is_empty()
}

/// The cookie's name; a browser takes the one with the prefix only over TLS and from this host.
pub fn cookie_name(office: &Office) -> &'static str {
    if secure(office) {
        "__Host-desk"
    } else {
        "desk"
    }
}

/// The cookie of a new session, or one that ends it.
pub fn cookie(office: &Office, token: Option<&Token>) -> Cookie<'static> {
    let built = Cookie::build(
        cookie_name(office),
        token.map(Token::text).unwrap_or_default(),
    )
    .path("/")
    .http_only(true)
    .secure(secure(office))
    // Strict would sign out whoever follows a link from a reminder.
    .same_site(SameSite::Lax);
    match token {
        Some(_) => built.finish(),
        None => built
            .max_age(actix_web::cookie::time::Duration::ZERO)
            .finish(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_desk_are_followed_after_signing_in() {
        assert_eq!(local("/desk/cases/5?x=1"), "/desk/cases/5?x=1");
        for outside in [
            "//evil.example",
            "/desk//evil",
            "https://evil.example/desk",
            "/desk\\..",
            "/sign-out",
            "",
        ] {
            assert_eq!(local(outside), "/desk", "{outside}");
        }
    }

    #[test]
    fn an_address_inside_an_address_keeps_its_marks() {
        assert_eq!(encoded("/desk?a=b&c=ä"), "/desk%3Fa%3Db%26c%3D%C3%A4");
    }
}
