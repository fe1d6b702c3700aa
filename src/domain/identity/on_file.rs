//! An address is on file only if a record that is older than the request, and was not made by it, holds it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ProofObstacle;
use crate::domain::case::Case;
use crate::domain::private::Private;

/// What kind of address stands on file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressKind {
    /// An e-mail address, or the account behind it.
    Mailbox,
    /// A postal address.
    Postal,
    /// A telephone number.
    Phone,
}

impl AddressKind {
    /// Every kind, in the order of a choice list.
    pub const ALL: [AddressKind; 3] = [
        AddressKind::Mailbox,
        AddressKind::Postal,
        AddressKind::Phone,
    ];

    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            AddressKind::Mailbox => "mailbox",
            AddressKind::Postal => "postal",
            AddressKind::Phone => "phone",
        }
    }

    /// The kind of that name.
    pub fn from_code(code: &str) -> Option<AddressKind> {
        AddressKind::ALL
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// Whose address it is. Only one person's own proves anything alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// One person reads it.
    Person,
    /// A post rather than a person: `info@`, `kontakt@`.
    Role,
    /// Several people read it: a family, a team.
    Shared,
    /// It stands at several persons in the systems.
    Several,
    /// An employer's, and the person may have left.
    Employer,
}

impl Owner {
    /// Every one, in the order of a choice list.
    pub const ALL: [Owner; 5] = [
        Owner::Person,
        Owner::Role,
        Owner::Shared,
        Owner::Several,
        Owner::Employer,
    ];

    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Owner::Person => "person",
            Owner::Role => "role",
            Owner::Shared => "shared",
            Owner::Several => "several",
            Owner::Employer => "employer",
        }
    }

    /// The one of that name.
    pub fn from_code(code: &str) -> Option<Owner> {
        Owner::ALL.into_iter().find(|owner| owner.code() == code)
    }
}

/// Where an address stands on file, as a clerk looked it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnFile {
    /// What kind of address.
    pub kind: AddressKind,
    /// The system whose record holds it, by name.
    pub system: String,
    /// Since when the record holds it.
    pub since: NaiveDate,
    /// Whose it is.
    pub owner: Owner,
    /// Whether the record came from this very request: its mail, ticket, form or booking.
    pub made_by_request: bool,
    /// The address as it stands there, where it is another one than the request names.
    #[serde(default)]
    pub address: Option<Private<String>>,
}

impl OnFile {
    /// Whether the record proves an address at all: older than the request, and not made by it.
    ///
    /// # Errors
    /// What stands against it.
    pub fn counts(&self, received: NaiveDate) -> Result<(), ProofObstacle> {
        if self.system.trim().is_empty() {
            return Err(ProofObstacle::RecordUnnamed);
        }
        if self.since >= received {
            return Err(ProofObstacle::RecordTooYoung {
                since: self.since,
                received,
            });
        }
        if self.made_by_request {
            return Err(ProofObstacle::RecordOfRequest);
        }
        Ok(())
    }

    /// Whether the address proves who it is without anything beside it.
    ///
    /// # Errors
    /// What stands against it.
    pub fn suffices_alone(&self, case: &Case) -> Result<(), ProofObstacle> {
        self.counts(case.intake.received)?;
        if self.owner != Owner::Person {
            return Err(ProofObstacle::NeverAlone(self.owner));
        }
        if self.kind == AddressKind::Mailbox {
            let given = case.requester().and_then(|party| party.email.as_ref());
            let address = self.address.as_ref().or(given);
            if address.is_some_and(|address| is_role(address.reveal())) {
                return Err(ProofObstacle::NeverAlone(Owner::Role));
            }
            if self.address.is_none() && case.intake.shared_mailbox == Some(true) {
                return Err(ProofObstacle::NeverAlone(Owner::Shared));
            }
        }
        Ok(())
    }
}

/// Names before the `@` behind which a post sits and not a person, one a line.
const ROLES: &str = include_str!("../../../config/identity/role-mailboxes.txt");

/// Whether a post and not a person sits behind this address.
#[must_use]
pub fn is_role(email: &str) -> bool {
    let name = email.rsplit_once('@').map_or(email, |(name, _)| name);
    let name = name.trim().to_lowercase();
    // `info+antrag@`, `info-berlin@`, `info2@` are the same post.
    let first = name.split(['+', '.', '-', '_']).next().unwrap_or_default();
    let first = first.trim_end_matches(|c: char| c.is_ascii_digit());
    super::listed(ROLES).any(|role| role == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn record() -> OnFile {
        OnFile {
            kind: AddressKind::Mailbox,
            system: "Warenwirtschaft".into(),
            since: day("2024-05-03"),
            owner: Owner::Person,
            made_by_request: false,
            address: None,
        }
    }

    #[test]
    fn art_12_6_an_address_is_on_file_when_its_record_is_older_than_the_request_and_not_its_own() {
        let received = day("2026-03-02");
        assert_eq!(record().counts(received), Ok(()));
        for since in ["2026-03-02", "2026-03-05"] {
            let since = day(since);
            let young = OnFile { since, ..record() };
            assert_eq!(
                young.counts(received),
                Err(ProofObstacle::RecordTooYoung { since, received })
            );
        }
        let own = OnFile {
            made_by_request: true,
            ..record()
        };
        assert_eq!(own.counts(received), Err(ProofObstacle::RecordOfRequest));
        let nowhere = OnFile {
            system: " ".into(),
            ..record()
        };
        assert_eq!(nowhere.counts(received), Err(ProofObstacle::RecordUnnamed));
    }

    #[test]
    fn a_post_is_told_from_a_person() {
        for role in [
            "info@firma.example",
            "Kontakt@firma.example",
            "info2@x.example",
            "service+dsgvo@x.example",
            "buchhaltung-nord@x.example",
        ] {
            assert!(is_role(role), "{role}");
        }
        for person in [
            "johanna.beispiel@post.example",
            "infante@post.example",
            "teamo.kaya@post.example",
        ] {
            assert!(!is_role(person), "{person}");
        }
    }
}
