//! What a person has typed so far; the form is stateless, so every step carries all of it along.

use std::fmt;

use validator::{Validate, ValidateEmail};

use crate::domain::intake::{OnBehalf, ReplyBy};
use crate::domain::right::Right;
use crate::web::public::fault::{ADDRESS_MAX, ALSO_MAX, Fault, Faults, NAME_MAX, WORDS_MAX};

/// The steps of the form, in order; `Order` comes only when copy and erasure are both wished for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Step {
    #[default]
    Wish,
    Order,
    Person,
    Check,
    /// Everything on one page.
    All,
}

/// What a person has typed so far. How long a text may be stands beside it; what depends on an answer given
/// elsewhere stands in [`Draft::faults`].
#[derive(Clone, PartialEq, Eq, Validate)]
pub struct Draft {
    /// Makes a second click the same request, and ties uploads to it.
    pub form_key: String,
    pub wishes: Vec<Right>,
    #[validate(length(max = WORDS_MAX))]
    pub words: String,
    /// Copy first, then erasure; or erasure at once.
    pub copy_first: Option<bool>,
    pub on_behalf: OnBehalf,
    #[validate(length(max = NAME_MAX))]
    pub name: String,
    /// The person concerned, where that is not the one who writes.
    #[validate(length(max = NAME_MAX))]
    pub other_name: String,
    pub reply: ReplyBy,
    #[validate(length(max = NAME_MAX))]
    pub email: String,
    #[validate(length(max = ADDRESS_MAX))]
    pub address: String,
    /// Someone else reads this mailbox: mails then say nothing of the matter.
    pub shared: bool,
    /// Earlier names, customer numbers, old addresses.
    #[validate(length(max = ALSO_MAX))]
    pub also: String,
    /// Files were uploaded with an earlier step.
    pub kept: bool,
    /// Filled in by machines alone.
    pub trap: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            form_key: String::new(),
            wishes: Vec::new(),
            words: String::new(),
            copy_first: None,
            on_behalf: OnBehalf::Own,
            name: String::new(),
            other_name: String::new(),
            reply: ReplyBy::Portal,
            email: String::new(),
            address: String::new(),
            shared: false,
            also: String::new(),
            kept: false,
            trap: String::new(),
        }
    }
}

/// A log may hold which rights are asked for, and nothing of who asks.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("wishes", &self.wishes)
            .finish_non_exhaustive()
    }
}

impl Draft {
    /// Reads the fields of a posted form, in any order; unknown ones are left aside.
    pub fn read<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut draft = Self::default();
        for (name, value) in fields {
            match name {
                "form_key" => draft.form_key = line(value),
                "wish" => {
                    if let Some(right) = Right::from_code(value)
                        && !draft.wishes.contains(&right)
                    {
                        draft.wishes.push(right);
                    }
                }
                "words" => draft.words = text(value),
                "order" => {
                    draft.copy_first = match value {
                        "copy" => Some(true),
                        "now" => Some(false),
                        _ => None,
                    }
                }
                "whom" => draft.on_behalf = OnBehalf::from_code(value).unwrap_or_default(),
                "name" => draft.name = line(value),
                "other_name" => draft.other_name = line(value),
                "reply" if value == "post" => draft.reply = ReplyBy::Post,
                "email" => draft.email = line(value),
                "address" => draft.address = text(value),
                "shared" => draft.shared = value == "yes",
                "also" => draft.also = text(value),
                "kept" => draft.kept = value == "yes",
                "homepage" => draft.trap = line(value),
                _ => {}
            }
        }
        draft.wishes.sort();
        draft
    }

    /// Is this wish ticked? The template names it by its article.
    #[must_use]
    pub fn wants(&self, code: &str) -> bool {
        self.wishes.iter().any(|right| right.code() == code)
    }

    /// Is one of the rarer wishes ticked? Then their list stands open.
    #[must_use]
    pub fn wants_rarer(&self) -> bool {
        ["18", "20", "21(1)", "22", "7(3)"]
            .into_iter()
            .any(|code| self.wants(code))
    }

    /// Copy and erasure together: the order must be asked.
    #[must_use]
    pub fn order_matters(&self) -> bool {
        self.wants("15") && self.wants("17")
    }

    /// The chosen order as the form writes it; empty if none is chosen.
    #[must_use]
    pub fn order_code(&self) -> &'static str {
        match self.copy_first {
            Some(true) => "copy",
            Some(false) => "now",
            None => "",
        }
    }

    /// The way of the answer as the form writes it.
    #[must_use]
    pub fn reply_code(&self) -> &'static str {
        match self.reply {
            ReplyBy::Portal => "portal",
            ReplyBy::Post => "post",
        }
    }

    /// A machine filled in what no person sees.
    #[must_use]
    pub fn trapped(&self) -> bool {
        !self.trap.is_empty()
    }

    /// What is wrong with the fields of this step, in the order in which they stand.
    #[must_use]
    pub fn faults(&self, step: Step) -> Faults {
        let broken = self.validate().err();
        let too_long = |field: &str| {
            broken
                .as_ref()
                .is_some_and(|broken| broken.errors().contains_key(field))
        };
        let mut found = Vec::new();
        if matches!(step, Step::Wish | Step::Check | Step::All) {
            if self.wishes.is_empty() && self.words.is_empty() {
                found.push(Fault::NothingAsked);
            }
            if too_long("words") {
                found.push(Fault::WordsTooLong);
            }
        }
        if matches!(step, Step::Order | Step::Check)
            && self.order_matters()
            && self.copy_first.is_none()
        {
            found.push(Fault::OrderMissing);
        }
        if matches!(step, Step::Person | Step::Check | Step::All) {
            self.person_faults(&too_long, &mut found);
        }
        Faults(found)
    }

    fn person_faults(&self, too_long: &impl Fn(&str) -> bool, found: &mut Vec<Fault>) {
        if self.on_behalf != OnBehalf::Own {
            if self.other_name.is_empty() {
                found.push(Fault::OtherNameMissing);
            } else if too_long("other_name") {
                found.push(Fault::OtherNameTooLong);
            }
        }
        if self.name.is_empty() {
            found.push(Fault::NameMissing);
        } else if too_long("name") {
            found.push(Fault::NameTooLong);
        }
        match self.reply {
            ReplyBy::Portal if self.email.is_empty() => found.push(Fault::EmailMissing),
            ReplyBy::Portal if too_long("email") || !self.email.validate_email() => {
                found.push(Fault::EmailWrong);
            }
            ReplyBy::Post if self.address.is_empty() => found.push(Fault::AddressMissing),
            ReplyBy::Portal | ReplyBy::Post => {}
        }
        if self.reply == ReplyBy::Post && too_long("address") {
            found.push(Fault::AddressTooLong);
        }
        if too_long("also") {
            found.push(Fault::AlsoTooLong);
        }
    }
}

impl Step {
    /// The step a form says it comes from; an unknown one is the first.
    #[must_use]
    pub fn parse(code: &str) -> Self {
        match code {
            "order" => Self::Order,
            "person" => Self::Person,
            "check" => Self::Check,
            "all" => Self::All,
            _ => Self::Wish,
        }
    }

    /// As the form writes it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Wish => "wish",
            Self::Order => "order",
            Self::Person => "person",
            Self::Check => "check",
            Self::All => "all",
        }
    }
}

/// One line: what cannot be seen is dropped, breaks become spaces.
fn line(value: &str) -> String {
    let spaced: String = value
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    spaced
        .chars()
        .filter(|c| !turns(*c))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Several lines: as typed, with plain line ends.
pub(crate) fn text(value: &str) -> String {
    value
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| (*c == '\n' || *c == '\t' || !c.is_control()) && !turns(*c))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Marks that turn the direction of writing could make one name look like another at the desk.
pub(crate) fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
