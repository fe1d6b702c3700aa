//! By what the person of a case is searched: what she wrote, what the office added, and what was found on the way and
//! accepted.

use serde::{Deserialize, Serialize};

use super::case::Case;
use super::event::Event;
use super::identifier::{Identifier, SearchKey, e164, ip_address, mail_address};
use super::ids::SystemId;
use super::obstacle::Obstacle;
use super::private::Private;

/// Where an identifier comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "from")]
pub enum Whence {
    /// From the request.
    Request,
    /// A clerk added it; why it is hers.
    Office {
        /// Why.
        because: Private<String>,
    },
    /// It stands in a record that is hers.
    Record {
        /// In which system.
        system: SystemId,
        /// The record that ties it to her, as the system names it.
        kind: String,
        /// Its key over there.
        id: Private<String>,
    },
}

/// Whether it may be searched by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// A person says so.
    Accepted,
    /// Nobody has said anything yet.
    Proposed,
    /// It is not hers, or not hers alone.
    Declined,
}

/// An identifier of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// What it is.
    pub identifier: Identifier,
    /// Where it comes from.
    pub whence: Whence,
    /// Whether it may be searched by.
    pub standing: Standing,
}

/// The mailbox names under which nobody in particular reads: an address of that kind is no key alone.
const ROLES: [&str; 24] = [
    "abuse",
    "admin",
    "accounting",
    "billing",
    "bewerbung",
    "buchhaltung",
    "buero",
    "contact",
    "datenschutz",
    "einkauf",
    "hello",
    "hallo",
    "hr",
    "info",
    "jobs",
    "kontakt",
    "mail",
    "marketing",
    "office",
    "post",
    "rechnung",
    "sales",
    "service",
    "support",
];

/// Whether an address is a mailbox of several people: a key for nobody.
pub fn is_role(identifier: &Identifier) -> bool {
    identifier.kind == SearchKey::Email
        && mail_address(identifier.value.reveal())
            .and_then(|address| Some(address.split_once('@')?.0.to_owned()))
            .is_some_and(|local| {
                let local = local.split('+').next().unwrap_or_default().to_owned();
                ROLES.contains(&local.as_str())
            })
}

/// What a line of free text can be searched as.
fn of_hint(line: &str) -> Option<Identifier> {
    let line = line.trim().trim_end_matches(['.', ';']);
    let bare = line
        .rsplit_once(':')
        .map_or(line, |(_, after)| after.trim());
    let kind = if mail_address(bare).is_some() {
        SearchKey::Email
    } else if ip_address(bare).is_some() {
        SearchKey::Ip
    } else if e164(bare).is_some() {
        SearchKey::Phone
    } else if bare.starts_with('@') {
        SearchKey::Handle
    } else if bare.chars().any(|letter| letter.is_ascii_digit())
        && bare.split_whitespace().count() <= 3
    {
        SearchKey::Number
    } else {
        return None;
    };
    let value = match kind {
        SearchKey::Number => without_its_name(bare),
        _ => bare,
    };
    Identifier::new(kind, value)
}

/// A number without the word that says what kind of number it is: "Kundennummer KN-1047" is `KN-1047` to every system.
fn without_its_name(text: &str) -> &str {
    const NAMES: [&str; 14] = [
        "kunde",
        "kunden",
        "vertrag",
        "lizenz",
        "rechnung",
        "bestellung",
        "auftrag",
        "ticket",
        "customer",
        "contract",
        "licence",
        "license",
        "invoice",
        "order",
    ];
    const ENDS: [&str; 5] = ["nummer", "nr", "number", "no", "id"];
    let mut rest = text;
    while let Some((first, after)) = rest.split_once(char::is_whitespace) {
        let word = first.trim_end_matches(['.', '-', '#']).to_lowercase();
        let names = NAMES.contains(&word.as_str()) || ENDS.iter().any(|end| word.ends_with(end));
        if first.chars().any(|letter| letter.is_ascii_digit()) || !names {
            break;
        }
        rest = after.trim_start();
    }
    rest
}

impl Case {
    /// Everything that the person may be searched by, each once: her name and addresses, and what was accepted since. What was
    /// declined is not among it, wherever it comes from.
    pub fn identifiers(&self) -> Vec<Identifier> {
        let mut all: Vec<Identifier> = Vec::new();
        let written = self.written();
        let accepted = self
            .identifiers
            .iter()
            .filter(|known| known.standing == Standing::Accepted)
            .map(|known| known.identifier.clone());
        for identifier in written.into_iter().chain(accepted) {
            let same = |other: &Identifier| {
                other.kind == identifier.kind
                    && other.window == identifier.window
                    && other.canonical() == identifier.canonical()
            };
            let declined = self
                .identifiers
                .iter()
                .any(|known| known.standing == Standing::Declined && same(&known.identifier));
            if !declined && !all.iter().any(same) {
                all.push(identifier);
            }
        }
        all
    }

    /// What the request itself says of her.
    fn written(&self) -> Vec<Identifier> {
        let mut all = Vec::new();
        let Some(person) = self.data_subject() else {
            return all;
        };
        all.extend(Identifier::new(SearchKey::Name, person.name.reveal()));
        let email = person.email.as_ref();
        all.extend(email.and_then(|it| Identifier::new(SearchKey::Email, it.reveal())));
        let address = person.address.as_ref();
        all.extend(address.and_then(|it| Identifier::new(SearchKey::Address, it.reveal())));
        all
    }

    /// What she wrote beside name and address: anybody can write down anybody's number, so a person says first that it
    /// is hers.
    pub(super) fn hinted(&self) -> Vec<Known> {
        let person = self.data_subject();
        let hints = person.and_then(|person| person.hints.as_ref());
        hints
            .into_iter()
            .flat_map(|hints| hints.reveal().split(['\n', ',', ';']))
            .filter_map(of_hint)
            .map(|identifier| Known {
                identifier,
                whence: Whence::Request,
                standing: Standing::Proposed,
            })
            .collect()
    }

    /// What was found on the way and waits for somebody's word.
    pub fn proposed(&self) -> impl Iterator<Item = &Known> {
        self.identifiers
            .iter()
            .filter(|known| known.standing == Standing::Proposed)
    }

    fn knows(&self, identifier: &Identifier) -> bool {
        let same = |other: &Identifier| {
            other.kind == identifier.kind && other.canonical() == identifier.canonical()
        };
        self.identifiers.iter().any(|known| same(&known.identifier))
            || self.written().iter().any(same)
    }

    /// A clerk names something more to search by, and says why it is hers.
    ///
    /// # Errors
    /// Nothing says why, it is known already, or nobody in particular is behind it.
    pub fn name_identifier(
        &self,
        identifier: Identifier,
        because: &str,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if because.trim().is_empty() {
            return Err(Obstacle::Empty("because"));
        }
        if is_role(&identifier) {
            return Err(Obstacle::NobodysKey);
        }
        if identifier.kind == SearchKey::Ip && identifier.window.is_none() {
            return Err(Obstacle::Empty("window"));
        }
        if self.knows(&identifier) && identifier.window.is_none() {
            return Err(Obstacle::KnownAlready);
        }
        Ok(vec![Event::IdentifierNamed {
            known: Box::new(Known {
                identifier,
                whence: Whence::Office {
                    because: because.trim().into(),
                },
                standing: Standing::Accepted,
            }),
        }])
    }

    /// What a search saw beside what it was asked for. What is known, and what belongs to nobody in particular, is not
    /// proposed.
    pub fn propose_identifiers(&self, seen: Vec<Known>) -> Vec<Event> {
        let mut events = Vec::new();
        let mut fresh: Vec<Identifier> = Vec::new();
        for known in seen {
            let same = |other: &Identifier| {
                other.kind == known.identifier.kind
                    && other.canonical() == known.identifier.canonical()
            };
            if self.knows(&known.identifier) || is_role(&known.identifier) || fresh.iter().any(same)
            {
                continue;
            }
            fresh.push(known.identifier.clone());
            events.push(Event::IdentifierNamed {
                known: Box::new(Known {
                    standing: Standing::Proposed,
                    ..known
                }),
            });
        }
        events
    }

    /// Somebody says whether what was found on the way is hers.
    ///
    /// # Errors
    /// It was never proposed.
    pub fn settle_identifier(
        &self,
        kind: SearchKey,
        value: &str,
        accepted: bool,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let known = self
            .identifiers
            .iter()
            .find(|known| known.identifier.kind == kind && known.identifier.value.reveal() == value)
            .ok_or(Obstacle::Empty("identifier"))?;
        let standing = match accepted {
            true => Standing::Accepted,
            false => Standing::Declined,
        };
        if known.standing == standing {
            return Ok(vec![]);
        }
        Ok(vec![Event::IdentifierSettled {
            kind,
            value: value.into(),
            accepted,
        }])
    }

    pub(super) fn apply_known(&mut self, event: &Event) {
        match event {
            Event::IdentifierNamed { known } => self.identifiers.push((**known).clone()),
            Event::IdentifierSettled {
                kind,
                value,
                accepted,
            } => {
                let standing = match accepted {
                    true => Standing::Accepted,
                    false => Standing::Declined,
                };
                for known in &mut self.identifiers {
                    if known.identifier.kind == *kind && known.identifier.value == *value {
                        known.standing = standing;
                    }
                }
            }
            Event::SourceSearched { searched } => {
                self.collection
                    .searched
                    .retain(|it| it.source != searched.source || it.system != searched.system);
                self.collection.searched.push((**searched).clone());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_searched_without_the_word_for_it() {
        for (line, kind, value) in [
            ("Kundennummer KN-1047", SearchKey::Number, "KN-1047"),
            ("Kunden-Nr. 4711", SearchKey::Number, "4711"),
            ("Ticket #4711", SearchKey::Number, "#4711"),
            ("Lizenz: ABC 123", SearchKey::Number, "ABC 123"),
            ("Modell 7 Nord", SearchKey::Number, "Modell 7 Nord"),
            ("K-4711", SearchKey::Number, "K-4711"),
            ("Tel. 0170 5550123", SearchKey::Number, "Tel. 0170 5550123"),
            ("0170 5550123", SearchKey::Phone, "0170 5550123"),
        ] {
            let found = of_hint(line).unwrap();
            assert_eq!(
                (found.kind, found.value.reveal().as_str()),
                (kind, value),
                "{line}"
            );
        }
        assert_eq!(of_hint("Kundennummer weiß ich nicht"), None);
    }
}
