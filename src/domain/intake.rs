//! The request as it arrived: who, by which way, on which day, wanting what.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::arrival::Arrival;
use super::calendar::Calendar;
use super::case::Case;
use super::event::Event;
use super::ids::{ClerkId, FileId, MessageId};
use super::lang::Lang;
use super::matter::Matter;
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;

/// The way by which a request came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// The public form.
    Form,
    /// An e-mail.
    Email,
    /// A letter.
    Letter,
    /// A fax.
    Fax,
    /// A call, noted down.
    Phone,
    /// Said or handed over in person.
    InPerson,
    /// A text message or messenger text that somebody handed over.
    Messenger,
    /// A ticket of the helpdesk.
    Helpdesk,
}

impl Channel {
    /// Every way, in the order of a choice list.
    pub const ALL: [Channel; 8] = [
        Channel::Form,
        Channel::Email,
        Channel::Letter,
        Channel::Fax,
        Channel::Phone,
        Channel::InPerson,
        Channel::Messenger,
        Channel::Helpdesk,
    ];

    /// Its name in storage and forms.
    pub fn code(self) -> &'static str {
        match self {
            Channel::Form => "form",
            Channel::Email => "email",
            Channel::Letter => "letter",
            Channel::Fax => "fax",
            Channel::Phone => "phone",
            Channel::InPerson => "in-person",
            Channel::Messenger => "messenger",
            Channel::Helpdesk => "helpdesk",
        }
    }

    /// The way of that name.
    pub fn from_code(code: &str) -> Option<Channel> {
        Channel::ALL
            .into_iter()
            .find(|channel| channel.code() == code)
    }
}

/// For whom the requester writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnBehalf {
    /// For herself or himself.
    #[default]
    Own,
    /// As a parent for a child.
    Child,
    /// As agent, lawyer or guardian.
    Represented,
}

impl OnBehalf {
    /// Its name in storage and forms.
    pub fn code(self) -> &'static str {
        match self {
            OnBehalf::Own => "own",
            OnBehalf::Child => "child",
            OnBehalf::Represented => "represented",
        }
    }

    /// The one of that name.
    pub fn from_code(code: &str) -> Option<OnBehalf> {
        [OnBehalf::Own, OnBehalf::Child, OnBehalf::Represented]
            .into_iter()
            .find(|it| it.code() == code)
    }
}

/// How the person wants to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReplyBy {
    /// By a page that is opened with a code sent to the mailbox.
    Portal,
    /// By letter.
    Post,
}

/// What a party is in the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartyRole {
    /// Who wrote.
    #[default]
    Requester,
    /// Whose data it is about.
    DataSubject,
    /// Who acts for the data subject.
    Representative,
}

/// A person of the case with what is known of her; sealed under the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// What she is in the case.
    pub role: PartyRole,
    /// Her name.
    pub name: Private<String>,
    /// E-mail address, if given.
    pub email: Option<Private<String>>,
    /// Postal address, lines separated by line breaks.
    pub address: Option<Private<String>>,
    /// Other names, numbers and handles that help to find her.
    pub hints: Option<Private<String>>,
}

/// What was received, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// The day of receipt in Europe/Berlin; the clock starts here.
    pub received: NaiveDate,
    /// When it was entered in this book.
    pub recorded_at: DateTime<Utc>,
    /// By which way.
    pub channel: Channel,
    /// The language of the answer.
    pub lang: Lang,
    /// For whom.
    pub on_behalf: OnBehalf,
    /// Her own words.
    pub text: Private<String>,
    /// First the copy, then the erasure (`true`), or erase without a copy (`false`); only asked when both are wanted.
    pub copy_first: Option<bool>,
    /// Whether somebody else reads the mailbox.
    pub shared_mailbox: Option<bool>,
    /// How the person wants to be answered.
    pub reply_by: ReplyBy,
    /// Marks of a robot; sorts the request apart, never rejects it.
    pub suspicious: bool,
    /// Where it first touched the house.
    #[serde(default)]
    pub arrival: Arrival,
    /// What kind of letter it is.
    #[serde(default)]
    pub matter: Matter,
}

/// What control of the given mailbox is worth so far. It proves a mailbox and nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Mailbox {
    /// No address was given.
    None,
    /// An address was given; nobody has opened the link yet.
    Unproven,
    /// The link was opened and the button pressed.
    Confirmed {
        /// When.
        at: DateTime<Utc>,
    },
    /// The owner of the mailbox says that it was somebody else.
    Disowned {
        /// When.
        at: DateTime<Utc>,
    },
}

impl Case {
    /// The button behind the link in the first mail. Pressing it twice changes nothing.
    pub fn confirm_mailbox(&self) -> Result<Vec<Event>, Obstacle> {
        match self.mailbox {
            Mailbox::Unproven => Ok(vec![Event::MailboxConfirmed]),
            Mailbox::Confirmed { .. } => Ok(vec![]),
            Mailbox::None | Mailbox::Disowned { .. } => Err(Obstacle::LinkSpent),
        }
    }

    /// "That wasn't me". Nothing is deleted; a person looks at it.
    pub fn disown(&self) -> Result<Vec<Event>, Obstacle> {
        match self.mailbox {
            Mailbox::Unproven => Ok(vec![Event::Disowned]),
            Mailbox::Disowned { .. } => Ok(vec![]),
            Mailbox::None | Mailbox::Confirmed { .. } => Err(Obstacle::LinkSpent),
        }
    }

    /// Into the separate list, or back.
    pub fn sort_apart(&self, apart: bool) -> Result<Vec<Event>, Obstacle> {
        if self.apart == apart {
            Ok(vec![])
        } else {
            Ok(vec![Event::SortedApart { apart }])
        }
    }

    /// Puts right how the request is understood. What is already decided stays.
    pub fn understand(
        &self,
        rights: &[Right],
        calendar: &Calendar,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if rights.is_empty()
            || !rights
                .iter()
                .all(|right| self.intake.matter.may_ask(*right))
        {
            return Err(Obstacle::NoRight);
        }
        if let Some(item) = self
            .items
            .iter()
            .find(|item| item.decision().is_some() && !rights.contains(&item.right))
        {
            return Err(Obstacle::NotInState { right: item.right });
        }
        let mut wanted = rights.to_vec();
        wanted.sort();
        wanted.dedup();
        let mut present = self.rights();
        present.sort();
        if wanted == present {
            Ok(vec![])
        } else {
            let joining = wanted.iter().filter(|right| !present.contains(right));
            let terms = joining
                .map(|right| Ok((*right, self.joining(*right, calendar)?)))
                .collect::<Result<_, Obstacle>>()?;
            Ok(vec![Event::RightsUnderstood {
                rights: wanted,
                terms,
            }])
        }
    }

    /// Hands the case to a clerk, or back to all.
    pub fn assign(&self, to: Option<ClerkId>) -> Result<Vec<Event>, Obstacle> {
        if self.assignee == to {
            Ok(vec![])
        } else {
            Ok(vec![Event::Assigned { to }])
        }
    }

    /// It was said where a letter reaches who wrote, or the person whose data it is about.
    pub fn set_address(&self, of: PartyRole, address: &str) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let address = address.trim().replace("\r\n", "\n");
        if address.is_empty() {
            return Err(Obstacle::Empty("address"));
        }
        if !self.parties.iter().any(|party| party.role == of) {
            return Err(Obstacle::Empty("address"));
        }
        Ok(vec![Event::ContactSet {
            of,
            address: address.into(),
        }])
    }

    /// Only deciders see the case from now on, as with applicants and staff; or all again.
    pub fn set_confidential(&self, confidential: bool) -> Vec<Event> {
        match self.confidential == confidential {
            true => vec![],
            false => vec![Event::ConfidentialSet { confidential }],
        }
    }

    /// A note of the office.
    pub fn note(&self, text: &str, files: Vec<FileId>) -> Result<Vec<Event>, Obstacle> {
        if text.trim().is_empty() && files.is_empty() {
            return Err(Obstacle::Empty("note"));
        }
        Ok(vec![Event::Noted {
            text: text.trim().into(),
            files,
        }])
    }

    /// The person wrote. A closed case is taken up again; its first clock stands.
    pub fn hear(&self, message: MessageId, files: Vec<FileId>, reopened: &str) -> Vec<Event> {
        let mut events = vec![Event::Heard { message, files }];
        if self.closed.is_some() {
            events.push(Event::Reopened {
                because: reopened.into(),
            });
        }
        events
    }
}
