//! Who the person is, proven in writing and no harder than the doubt demands (Art. 12(6) GDPR).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::event::Event;
use super::obstacle::Obstacle;
use super::private::Private;
use super::register::System;

/// A way of proof; the weakest that suffices is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Written from the address or account on file; the answer goes back there.
    AddressOnFile,
    /// Link opened from the mailbox on file.
    ConfirmedLink,
    /// Customer, ticket or licence number, date of contract.
    Knowledge,
    /// Code by letter to the address on file.
    CodeByPost,
    /// Signature compared.
    SignedLetter,
    /// Identity card seen, not copied.
    CardSeen,
    /// Blackened copy, destroyed after the check; the last step.
    BlackenedCopy,
}

impl Method {
    /// Every method, the weakest first.
    pub const ALL: [Method; 7] = [
        Method::AddressOnFile,
        Method::ConfirmedLink,
        Method::Knowledge,
        Method::CodeByPost,
        Method::SignedLetter,
        Method::CardSeen,
        Method::BlackenedCopy,
    ];

    /// Its name in storage and forms.
    pub fn code(self) -> &'static str {
        match self {
            Method::AddressOnFile => "address-on-file",
            Method::ConfirmedLink => "confirmed-link",
            Method::Knowledge => "knowledge",
            Method::CodeByPost => "code-by-post",
            Method::SignedLetter => "signed-letter",
            Method::CardSeen => "card-seen",
            Method::BlackenedCopy => "blackened-copy",
        }
    }

    /// The method of that name.
    pub fn from_code(code: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.code() == code)
    }

    /// Whether it is more than a link or the address on file and so needs a written doubt before it.
    pub fn needs_doubt(self) -> bool {
        !matches!(self, Method::AddressOnFile | Method::ConfirmedLink)
    }
}

/// How far the proof is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Identity {
    /// Nobody has looked at it yet.
    Open,
    /// A question was put to the person.
    Asked {
        /// The day of the question.
        on: NaiveDate,
        /// Why there is a reasonable doubt.
        doubt: Private<String>,
        /// What would suffice.
        method: Method,
    },
    /// It is she.
    Confirmed {
        /// The day of the proof.
        on: NaiveDate,
        /// How it was proven.
        method: Method,
        /// The doubt that demanded more than a reply, if any.
        doubt: Option<Private<String>>,
        /// What was seen; never the document, never its number.
        note: Private<String>,
    },
    /// It could not be proven.
    Failed {
        /// The day.
        on: NaiveDate,
        /// How it was tried.
        method: Method,
        /// Why it did not suffice.
        reason: Private<String>,
    },
}

/// That the person is who she says, and how that was proven. Acts which disclose or destroy ask for it first;
/// it can be made here only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    method: Method,
    on: NaiveDate,
}

impl Confirmed {
    /// How it was proven.
    pub fn method(&self) -> Method {
        self.method
    }

    /// When it was proven.
    pub fn on(&self) -> NaiveDate {
        self.on
    }
}

impl Identity {
    /// The proof, or the obstacle that it is missing.
    pub fn confirmed(&self) -> Result<Confirmed, Obstacle> {
        match self {
            Identity::Confirmed { on, method, .. } => Ok(Confirmed {
                method: *method,
                on: *on,
            }),
            _ => Err(Obstacle::IdentityOpen),
        }
    }
}

/// What a clerk found out about the person's identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The day on which the proof arrived, if that was before it was weighed; the clock runs from there.
    pub arrived: Option<NaiveDate>,
    /// How it was checked.
    pub method: Method,
    /// Whether it is she.
    pub sufficient: bool,
    /// The reason of doubt; needed from the third rung of the ladder on.
    pub doubt: String,
    /// What was seen, or why it did not suffice.
    pub note: String,
}

impl Finding {
    /// The finding as a state, or what is missing.
    pub fn weigh(self, today: NaiveDate) -> Result<Identity, Obstacle> {
        let doubt = self.doubt.trim().to_owned();
        let note = self.note.trim().to_owned();
        if self.method.needs_doubt() && doubt.is_empty() {
            return Err(Obstacle::ReasonLacking);
        }
        if !self.sufficient {
            if note.is_empty() {
                return Err(Obstacle::Empty("note"));
            }
            return Ok(Identity::Failed {
                on: today,
                method: self.method,
                reason: note.into(),
            });
        }
        Ok(Identity::Confirmed {
            on: today,
            method: self.method,
            doubt: (!doubt.is_empty()).then(|| doubt.into()),
            note: note.into(),
        })
    }
}

impl Case {
    /// Asks for a proof; needs a concrete doubt, and never where not even the answer needs one.
    pub fn ask_identity(
        &self,
        method: Method,
        doubt: &str,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if doubt.trim().is_empty() {
            return Err(Obstacle::ReasonLacking);
        }
        if let Some(item) = self.items.first()
            && self.items.iter().all(|item| item.right.answered_unproven())
        {
            return Err(Obstacle::NeverWaits(item.right));
        }
        Ok(vec![Event::IdentityAsked {
            on: today,
            doubt: doubt.trim().into(),
            method,
        }])
    }

    /// Records what was found out, and begins the search when it is she.
    pub fn weigh_identity(
        &self,
        finding: Finding,
        systems: &[System],
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let identity = finding.weigh(today)?;
        let proven = identity.confirmed().is_ok();
        let mut events = vec![Event::IdentityWeighed { identity }];
        if proven && !self.collection.begun && !self.items.is_empty() {
            events.extend(self.begin_search(systems)?);
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(method: Method, doubt: &str) -> Finding {
        Finding {
            arrived: None,
            method,
            sufficient: true,
            doubt: doubt.into(),
            note: "stimmt".into(),
        }
    }

    #[test]
    fn art_12_6_more_than_a_reply_needs_a_written_doubt() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        assert_eq!(
            finding(Method::CardSeen, " ").weigh(day),
            Err(Obstacle::ReasonLacking)
        );
        let proven = finding(Method::CardSeen, "andere Anschrift")
            .weigh(day)
            .unwrap();
        assert_eq!(proven.confirmed().unwrap().method(), Method::CardSeen);
        assert!(
            finding(Method::AddressOnFile, "")
                .weigh(day)
                .unwrap()
                .confirmed()
                .is_ok()
        );
    }

    #[test]
    fn a_failed_proof_confirms_nothing() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let failed = Finding {
            sufficient: false,
            ..finding(Method::Knowledge, "Zweifel")
        }
        .weigh(day)
        .unwrap();
        assert_eq!(failed.confirmed(), Err(Obstacle::IdentityOpen));
    }
}
