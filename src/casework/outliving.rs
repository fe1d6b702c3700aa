//! What outlives a case: who wants no advertising (Art. 21(3), 7(3) GDPR), and what must be erased again when a
//! backup brings it back. Both lists know people by keyed digests alone.

use chrono::NaiveDate;

use super::acted::proven;
use super::desk::Moment;
use super::error::Error;
use super::office::{House, Office};
use crate::domain::case::Case;
use crate::domain::decision::Done;
use crate::domain::event::Event;
use crate::domain::identifier::SearchKey;
use crate::domain::ids::ControllerId;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::retention::purge_day;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::domain::source::{Fate, RecordRef};
use crate::domain::ties::letters_and_digits;
use crate::seal::Index;
use crate::storage::outliving::{self, Digest, ErasureRow, Note};
use crate::storage::{Conn, StoreError};

/// What an act leaves behind that outlives its case; written together with it.
pub(super) enum Keepsake {
    /// No advertising to this address.
    Suppressed {
        controller: ControllerId,
        digest: [u8; 32],
        kind: &'static str,
        since: NaiveDate,
    },
    /// Advertising to this address again, since its owner wants it so.
    Resumed {
        controller: ControllerId,
        digests: Vec<Vec<u8>>,
        kind: &'static str,
    },
    /// Erased here; for whom the digests say.
    Erased {
        row: ErasureRow,
        digests: Vec<Digest>,
    },
}

impl Keepsake {
    pub(super) fn write(&self, conn: &mut Conn) -> Result<(), StoreError> {
        match self {
            Keepsake::Suppressed {
                controller,
                digest,
                kind,
                since,
            } => outliving::suppress(conn, *controller, digest, kind, *since),
            Keepsake::Resumed {
                controller,
                digests,
                kind,
            } => outliving::resume(conn, *controller, digests, kind),
            Keepsake::Erased { row, digests } => outliving::remember(conn, row, digests),
        }
    }
}

/// The index of the lists: under keys of their own, which no purge touches.
pub(super) fn index(house: &House) -> Index {
    Index::new(house.keys.suppression.newest(), house.controller.id.0)
}

/// What an event leaves behind.
pub(super) fn keepsakes(
    moment: &Moment<'_>,
    case: &Case,
    event: &Event,
) -> Result<Vec<Keepsake>, Error> {
    let (right, done) = match event {
        Event::AdvertisingStopped { .. } | Event::AdvertisingResumed { .. } => {
            return Ok(by_itself(moment, case, event).into_iter().collect());
        }
        Event::CarriedOut { right, done, .. } => (right, done.as_slice()),
        // Where nobody wrote to her so far, nobody may begin to.
        Event::Decided {
            right: right @ (Right::MarketingObjection | Right::Withdrawal),
            decision,
            ..
        } if !decision.to_carry_out() => (right, [].as_slice()),
        _ => return Ok(vec![]),
    };
    let Some(person) = case.data_subject() else {
        return Ok(vec![]);
    };
    let index = index(moment.house);
    match right {
        Right::MarketingObjection | Right::Withdrawal => {
            let email = person.email.as_ref();
            let mail = email.map(|email| index.address_digest(email.reveal()));
            let address = person.address.as_ref();
            let post = address.map(|address| {
                index.identifier_digest(&postal(person.name.reveal(), address.reveal()))
            });
            let entry = |digest| Keepsake::Suppressed {
                controller: case.controller,
                digest,
                kind: right.code(),
                since: moment.today,
            };
            Ok(mail.into_iter().chain(post).map(entry).collect())
        }
        Right::Erasure => {
            let digests = digests_of(case, &index);
            // What machines did is remembered record by record already.
            let by_machine = |done: &Done| {
                let tasks = case.collection.tasks.iter();
                let of_it = tasks.filter(|task| task.name == done.system);
                of_it
                    .filter_map(|task| proven(case, *right, task.system))
                    .any(|told| told == *done.what.reveal())
            };
            done.iter()
                .filter(|done| !by_machine(done))
                .map(|done| {
                    let note = Note {
                        case: case.number.clone(),
                        system: done.system.clone(),
                        what: done.what.clone(),
                        source: String::new(),
                        records: Vec::new(),
                        fate: None,
                    };
                    let until = purge_day(done.on).unwrap_or(done.on);
                    let row = ErasureRow::seal(
                        moment.office.next_id(),
                        case.controller,
                        (done.on, until),
                        &note,
                        moment.house.keys.wrap.newest(),
                    )?;
                    Ok(Keepsake::Erased {
                        row,
                        digests: digests.clone(),
                    })
                })
                .collect()
        }
        _ => Ok(vec![]),
    }
}

/// What the stop that happens by itself leaves behind, or takes back: for the very address that wrote and no other.
fn by_itself(moment: &Moment<'_>, case: &Case, event: &Event) -> Option<Keepsake> {
    let party = case.requester()?;
    let email = party.email.as_ref()?.reveal();
    let (controller, kind) = (case.controller, Right::MarketingObjection.code());
    Some(match event {
        Event::AdvertisingStopped { since } => Keepsake::Suppressed {
            controller,
            digest: index(moment.house).address_digest(email),
            kind,
            since: *since,
        },
        _ => Keepsake::Resumed {
            controller,
            // Entered under whichever version of the key.
            digests: moment
                .house
                .keys
                .suppression
                .iter()
                .map(|key| Index::new(key, controller.0).address_digest(email).to_vec())
                .collect(),
            kind,
        },
    })
}

/// A line of what must be erased again.
#[derive(Debug, Clone)]
pub struct Erased {
    /// When it was erased.
    pub done: NaiveDate,
    /// The case's number.
    pub case: String,
    /// In which system.
    pub system: String,
    /// What was done there.
    pub what: Private<String>,
    /// By which connection a machine did it; empty: a person did.
    pub source: String,
    /// The records that went there.
    pub records: Vec<RecordRef>,
    /// What became of them, if a machine read it back.
    pub fate: Option<Fate>,
    digests: Vec<Vec<u8>>,
}

impl Office {
    /// Enters an address for mail, or a name with its postal address, that wants no advertising. `kind` is the right: `21(2)` or `7(3)`.
    pub async fn suppress(
        &self,
        scope: &Scope,
        controller: ControllerId,
        address: &str,
        kind: Right,
    ) -> Result<(), Error> {
        scope.demand(controller, Role::Handler)?;
        let digest = reached(&index(self.house(controller)?), address)?;
        let since = self.today();
        // Nothing in the ledger says which address it was.
        let noted = self.noted(
            scope,
            controller,
            "suppression.entered",
            &controller.to_string(),
        );
        Ok(self
            .store
            .write(move |conn| {
                outliving::suppress(conn, controller, &digest, kind.code(), since)?;
                crate::storage::events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?)
    }

    /// Whether an address for mail, or a name with its postal address, wants no advertising: under which rights it stands on the list, and since when.
    pub async fn suppressed(
        &self,
        scope: &Scope,
        controller: ControllerId,
        address: &str,
    ) -> Result<Vec<(Right, NaiveDate)>, Error> {
        scope.demand(controller, Role::Auditor)?;
        let house = self.house(controller)?;
        // Entered under whichever version of the key.
        let digests = house
            .keys
            .suppression
            .iter()
            .map(|key| Ok(reached(&Index::new(key, controller.0), address)?.to_vec()))
            .collect::<Result<Vec<Vec<u8>>, Obstacle>>()?;
        let reach = scope.clone();
        let rows = self
            .store
            .read(move |conn| outliving::suppressed(conn, &reach, controller, &digests))
            .await?;
        Ok(rows
            .into_iter()
            .filter_map(|(kind, since)| Some((Right::from_code(&kind)?, since)))
            .collect())
    }

    /// How many entries the list has, up to a cap.
    pub async fn count_suppressed(
        &self,
        scope: &Scope,
        controller: ControllerId,
        cap: i64,
    ) -> Result<usize, Error> {
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| outliving::count_suppressed(conn, &reach, controller, cap))
            .await?)
    }

    /// What was erased since this day: after a restore of a backup from then it must be erased again.
    pub async fn erased_since(
        &self,
        scope: &Scope,
        controller: ControllerId,
        since: NaiveDate,
    ) -> Result<Vec<Erased>, Error> {
        scope.demand(controller, Role::Handler)?;
        let reach = scope.clone();
        let rows = self
            .store
            .read(move |conn| outliving::erased_since(conn, &reach, controller, since))
            .await?;
        let keys = &self.house(controller)?.keys;
        rows.into_iter()
            .map(|(row, digests)| {
                let note = row.open(keys)?;
                Ok(Erased {
                    done: row.done(),
                    case: note.case,
                    system: note.system,
                    what: note.what,
                    source: note.source,
                    records: note.records,
                    fate: note.fate,
                    digests,
                })
            })
            .collect()
    }

    /// Whether an identifier out of a restored system belongs to somebody whose data were erased in this line.
    pub fn was_erased(
        &self,
        controller: ControllerId,
        erased: &Erased,
        identifier: &str,
    ) -> Result<bool, Error> {
        let house = self.house(controller)?;
        Ok(house.keys.suppression.iter().any(|key| {
            let index = Index::new(key, controller.0);
            let sought = match identifier.contains('@') {
                true => index.address_digest(identifier),
                false => index.identifier_digest(identifier),
            };
            erased
                .digests
                .iter()
                .any(|digest| digest.as_slice() == sought.as_slice())
        }))
    }
}

/// Name and postal address in one, as nobody writes them twice alike; the address may begin with the name.
fn postal(name: &str, address: &str) -> String {
    let (name, address) = (letters_and_digits(name), letters_and_digits(address));
    match address.starts_with(&name) {
        true => address,
        false => name + &address,
    }
}

/// The digest of what somebody is reached by: an address for mail, or a name with its postal address, which has
/// a number in it.
fn reached(index: &Index, address: &str) -> Result<[u8; 32], Obstacle> {
    let address = address.trim();
    if address.contains('@') {
        return Ok(index.address_digest(address));
    }
    match address.contains(|letter: char| letter.is_ascii_digit()) {
        true => Ok(index.identifier_digest(&postal("", address))),
        false => Err(Obstacle::Empty("email")),
    }
}

/// The keyed digests of everything by which the person of a case is known.
pub(super) fn digests_of(case: &Case, index: &Index) -> Vec<Digest> {
    let Some(person) = case.data_subject() else {
        return vec![];
    };
    let mut digests = vec![Digest {
        bytes: index.identifier_digest(person.name.reveal()),
        kind: "name",
    }];
    digests.extend(person.email.iter().map(|email| Digest {
        bytes: index.address_digest(email.reveal()),
        kind: "email",
    }));
    let hints = person.hints.iter().flat_map(|hints| hints.reveal().lines());
    digests.extend(
        hints
            .filter(|line| !line.trim().is_empty())
            .map(|line| Digest {
                bytes: index.identifier_digest(line),
                kind: "hint",
            }),
    );
    for identifier in case.identifiers() {
        let bytes = match identifier.kind {
            SearchKey::Email => index.address_digest(identifier.value.reveal()),
            SearchKey::Name | SearchKey::Address => continue,
            _ => index.identifier_digest(&identifier.canonical()),
        };
        if !digests.iter().any(|known| known.bytes == bytes) {
            digests.push(Digest {
                bytes,
                kind: identifier.kind.code(),
            });
        }
    }
    digests
}
