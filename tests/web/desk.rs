//! The desk as a browser meets it: requests through the real routes, with cookie, form token and redirects.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::http::Method;
use actix_web::http::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use rechtzeitig::casework::clerks::Introduction;
use rechtzeitig::web::office::session::cookie_name;
use rechtzeitig::web::{Gate, Settings, server};

use crate::support::office::Office;
use crate::support::people::{Clerk, totp_code};

/// The office's own address, as the configuration of the tests has it.
const HERE: &str = "https://anfragen.kontor.example";
/// What the clerks of the tests choose.
pub const PASSWORD: &str = "leise Wolke fährt Rad";

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub to: String,
    pub text: String,
    pub cookie: Option<String>,
    pub kind: String,
    headers: Vec<(String, String)>,
}

impl Answer {
    /// # Panics
    /// If it is no page, or does not say this.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(
            self.text.contains(words),
            "{words:?} is not on the page ({}):\n{}",
            self.status,
            self.text
        );
        self
    }

    /// # Panics
    /// If it says this.
    #[track_caller]
    pub fn never_says(&self, words: &str) -> &Self {
        assert!(
            !self.text.contains(words),
            "{words:?} is on the page:\n{}",
            self.text
        );
        self
    }

    /// # Panics
    /// If the status is another one.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "to {:?}:\n{}", self.to, self.text);
        self
    }

    /// A header of the answer; empty if it has none of this name.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// The value of a hidden field.
    ///
    /// # Panics
    /// If there is none of this name.
    #[track_caller]
    pub fn hidden(&self, name: &str) -> String {
        let begin = format!("name=\"{name}\" value=\"");
        let (_, rest) = self
            .text
            .split_once(&begin)
            .unwrap_or_else(|| panic!("no field {name}:\n{}", self.text));
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

type Answering = Pin<Box<dyn Future<Output = Answer>>>;

/// All pages of an office.
pub struct Door {
    ask: Box<dyn Fn(TestRequest) -> Answering>,
}

impl Door {
    /// Opens the door of this office.
    pub async fn of(office: &Office) -> Door {
        let gate = Data::new(Gate::new(office, &Settings::default()));
        let service = Rc::new(init_service(server::app(Data::from(office.shared()), gate)).await);
        Door {
            ask: Box::new(move |request| {
                let service = service.clone();
                Box::pin(async move {
                    let answer = call_service(&*service, request.to_request()).await;
                    let header = |name| {
                        let value = answer.headers().get(name);
                        value
                            .and_then(|value| value.to_str().ok())
                            .unwrap_or_default()
                            .to_owned()
                    };
                    let cookie = header(SET_COOKIE).split(';').next().map(str::to_owned);
                    Answer {
                        status: answer.status().as_u16(),
                        to: header(LOCATION),
                        cookie: cookie.filter(|cookie| !cookie.is_empty()),
                        kind: header(CONTENT_TYPE),
                        headers: answer
                            .headers()
                            .iter()
                            .map(|(name, value)| {
                                (
                                    name.to_string(),
                                    value.to_str().unwrap_or_default().to_owned(),
                                )
                            })
                            .collect(),
                        text: String::from_utf8_lossy(&read_body(answer).await).into_owned(),
                    }
                })
            }),
        }
    }

    /// Somebody without a session.
    pub fn stranger(&self) -> Visitor<'_> {
        Visitor {
            door: self,
            cookie: String::new(),
            csrf: String::new(),
        }
    }

    /// Somebody who takes up her welcome link and is in.
    pub async fn clerk(&self, office: &Office, clerk: &Clerk) -> Visitor<'_> {
        let secret = office
            .welcome(&clerk.welcome)
            .await
            .expect("a good link")
            .secret;
        let given = Introduction {
            name: String::new(),
            email: String::new(),
            password: PASSWORD.into(),
            code: secret
                .map(|secret| totp_code(&secret, office.now()))
                .unwrap_or_default(),
        };
        let token = office
            .introduce(&clerk.welcome, given)
            .await
            .expect("a session");
        Visitor {
            door: self,
            cookie: format!("{}={}", cookie_name(office), token.text()),
            csrf: office.form_token(&token),
        }
    }
}

/// Somebody with a browser.
pub struct Visitor<'a> {
    door: &'a Door,
    pub cookie: String,
    pub csrf: String,
}

impl Visitor<'_> {
    fn request(&self, method: Method, path: &str) -> TestRequest {
        let request = TestRequest::with_uri(path)
            .method(method)
            .insert_header((ORIGIN, HERE));
        if self.cookie.is_empty() {
            request
        } else {
            request.insert_header((COOKIE, self.cookie.as_str()))
        }
    }

    /// Looks at a page.
    pub async fn looks(&self, path: &str) -> Answer {
        (self.door.ask)(self.request(Method::GET, path)).await
    }

    /// Sends a form without any of the fields that the page would add.
    pub async fn sends_bare(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        (self.door.ask)(self.request(Method::POST, path).set_form(fields)).await
    }

    /// Sends a form of her session.
    pub async fn sends(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.sends_bare(path, &all).await
    }

    /// Opens the page of an act and sends its form, filled in like this.
    pub async fn acts(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.looks(path).await;
        page.is(200);
        let (seen, told) = (page.hidden("seen"), page.hidden("told"));
        let mut all = vec![("seen", seen.as_str()), ("told", told.as_str())];
        all.extend_from_slice(fields);
        self.sends(path, &all).await
    }
}
