//! What every page carries around its own matter: one frame for the counter, one for the desk.
//!
//! A page's view holds its frame in a field `p`; the templates then say `p.say("…", "…")`.

use std::ops::Deref;

use crate::domain::controller::{AddressForm, Controller};
use crate::domain::lang::Lang;
use crate::web::assets;
use crate::web::voice::Voice;

/// The frame of a public page.
#[derive(Debug, Clone, Default)]
pub struct Counter {
    /// Language and form of address.
    pub voice: Voice,
    /// The reader chose this language; links then carry the choice, for there is no cookie.
    pub chosen: bool,
    /// The other language, if the controller offers it.
    pub other: Option<Lang>,
    /// The controller as it calls itself before the public.
    pub controller: String,
    /// The controller's part of the path.
    pub slug: String,
    /// Path of this page, for the language switch.
    pub path: String,
    /// The page answers a POST: the switch must then be a button of the form `request`.
    pub posted: bool,
    /// The path holds a token: no search engine, no trace.
    pub secret: bool,
    /// The controller's own colour as six hexadecimal digits, if it has one.
    pub accent: Option<String>,
    /// The controller's imprint.
    pub imprint: Option<String>,
    /// Where the controller can be reached without this form.
    pub contact: Contact,
}

/// How to reach the controller by other ways than the form; none of them may be closed.
#[derive(Debug, Clone, Default)]
pub struct Contact {
    /// Name in law and postal address, line by line.
    pub post: Vec<String>,
    /// E-mail address for such requests.
    pub email: Option<String>,
    /// Telephone number as people dial it.
    pub phone: Option<String>,
}

impl Counter {
    /// The frame of a page at this controller's counter. `asked` is the language that the reader
    /// chose, in the address or the form; `understood` what the browser says it can read.
    #[must_use]
    pub fn of(
        controller: &Controller,
        path: &str,
        asked: Option<Lang>,
        understood: &[Lang],
    ) -> Self {
        let offered = |lang: &Lang| controller.languages.contains(lang);
        let chosen = asked.filter(offered);
        let lang = chosen
            .or_else(|| understood.iter().copied().find(offered))
            .or_else(|| controller.languages.first().copied())
            .unwrap_or_default();
        Self {
            voice: Voice {
                lang,
                du: controller.form == AddressForm::Du,
            },
            chosen: chosen.is_some(),
            other: controller
                .languages
                .iter()
                .copied()
                .find(|other| *other != lang),
            controller: controller.name.clone(),
            slug: controller.slug.clone(),
            path: path.to_owned(),
            accent: controller.colour.clone(),
            imprint: controller.imprint.clone(),
            contact: Contact {
                post: std::iter::once(&controller.name)
                    .chain(&controller.address)
                    .cloned()
                    .collect(),
                email: Some(controller.email.clone()).filter(|email| !email.is_empty()),
                phone: controller.phone.clone(),
            },
            ..Self::default()
        }
    }

    /// The same frame for a page that answers a POST of the form.
    #[must_use]
    pub fn posted(self) -> Self {
        Self {
            posted: true,
            ..self
        }
    }

    /// The same frame for a page whose path holds a token.
    #[must_use]
    pub fn secret(self) -> Self {
        Self {
            secret: true,
            ..self
        }
    }

    /// A path at this controller's counter, keeping the chosen language: `to("privacy")`.
    #[must_use]
    pub fn to(&self, place: &str) -> String {
        let lang = if self.chosen {
            format!(
                "{}lang={}",
                if place.contains('?') { '&' } else { '?' },
                self.code()
            )
        } else {
            String::new()
        };
        match place {
            "" => format!("/{}/{lang}", self.slug),
            place => format!("/{}/{place}{lang}", self.slug),
        }
    }

    /// Address of the style sheet with the controller's own colour.
    #[must_use]
    pub fn brand(&self) -> Option<String> {
        let accent = self.accent.as_deref()?.trim_start_matches('#');
        Some(format!("/brand/{}.css?{accent}", self.slug))
    }

    /// Address of the style sheet.
    #[must_use]
    pub fn style(&self) -> &'static str {
        assets::style()
    }

    /// Address of the icon.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        assets::icon()
    }
}

impl Deref for Counter {
    type Target = Voice;

    fn deref(&self) -> &Voice {
        &self.voice
    }
}

/// The rooms of the desk, as the navigation names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Room {
    /// The queue and the cases.
    #[default]
    Cases,
    /// What came in and belongs to no case yet, and what could not be sent.
    Inbox,
    /// What comes back on its day.
    FollowUps,
    /// Systems and recipients.
    Register,
    /// The connected systems.
    Sources,
    /// The what-if page of the deadline.
    Deadline,
    /// The log and its export.
    Ledger,
    /// Controllers, clerks, settings.
    House,
    /// One's own account.
    Account,
}

/// The frame of a page at the desk.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// Language; the desk says "Sie".
    pub voice: Voice,
    /// The clerk's name.
    pub clerk: String,
    /// Token that every form of this session carries.
    pub csrf: String,
    /// The room one is in.
    pub here: Room,
    /// May change the register, the people and the settings.
    pub manages: bool,
    /// May read and export the log.
    pub audits: bool,
    /// Works on cases of somebody to whom systems are connected.
    pub connected: bool,
    /// Waiting in the inbox, as the tab says it ("3", "999+"); empty for none.
    pub waiting: String,
}

impl Desk {
    /// Address of the style sheet.
    #[must_use]
    pub fn style(&self) -> &'static str {
        assets::style()
    }

    /// Address of the script that adds keys.
    #[must_use]
    pub fn script(&self) -> &'static str {
        assets::script()
    }

    /// Address of the icon.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        assets::icon()
    }
}

impl Deref for Desk {
    type Target = Voice;

    fn deref(&self) -> &Voice {
        &self.voice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_language_travels_with_every_link() {
        let mut counter = Counter {
            slug: "muster".into(),
            ..Counter::default()
        };
        assert_eq!(counter.to("privacy"), "/muster/privacy");
        assert_eq!(counter.to(""), "/muster/");
        counter.voice.lang = Lang::En;
        counter.chosen = true;
        assert_eq!(counter.to("privacy"), "/muster/privacy?lang=en");
        assert_eq!(
            counter.to("request?wish=know"),
            "/muster/request?wish=know&lang=en"
        );
    }
}
