//! Cases that belong together: likely repetitions, another person in the same message, a new right in an old thread.

use std::io::Read;

use chrono::NaiveDate;

use super::desk::{Deed, Outcome};
use super::error::Error;
use super::filing::Upload;
use super::office::Office;
use crate::domain::arrival::Arrival;
use crate::domain::case::Case;
use crate::domain::deadline::Period;
use crate::domain::event::Event;
use crate::domain::ids::{CaseId, ControllerId};
use crate::domain::intake::{Intake, Mailbox, OnBehalf, Party, PartyRole, ReplyBy};
use crate::domain::matter::Matter;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::domain::ties::Tie;
use crate::seal::index::Kind;
use crate::storage::cases::{self, Line};
use crate::storage::filing::{self, FilePurpose};
use crate::storage::search;

/// More likely repetitions than this help nobody.
const LIKELY: i64 = 8;
/// Larger letters stay with the first case alone, which the other names.
const COPY_LIMIT: u64 = 64 * 1024 * 1024;

/// Another person in the same message.
#[derive(Debug, Clone)]
pub struct OtherPerson {
    /// Her name.
    pub name: Private<String>,
    /// Her e-mail address, if she has one of her own.
    pub email: Option<Private<String>>,
    /// Her postal address.
    pub address: Option<Private<String>>,
    /// What she asks for.
    pub rights: Vec<Right>,
}

/// What was asked anew in an old thread.
#[derive(Debug, Clone)]
pub struct Anew {
    /// The day on which that came.
    pub received: NaiveDate,
    /// What is asked for now.
    pub rights: Vec<Right>,
    /// In her words.
    pub text: Private<String>,
}

impl Office {
    /// Cases of this controller under the same name or address. They are proposals: only a person ties cases.
    pub async fn likely(
        &self,
        scope: &Scope,
        controller: ControllerId,
        name: &str,
        email: &str,
    ) -> Result<Vec<Line>, Error> {
        let house = self.house(controller)?;
        let sought: Vec<_> = [(Kind::Email, email), (Kind::Name, name)]
            .into_iter()
            .map(|(kind, text)| house.index.sought(kind, text))
            .filter(|tokens| !tokens.is_empty())
            .collect();
        let reach = scope.clone();
        let rows = self
            .store
            .read(move |conn| {
                let mut ids = Vec::new();
                for tokens in &sought {
                    let found = search::find(conn, &reach, controller, tokens, None, LIKELY)?;
                    ids.extend(found.into_iter().map(|(_, id)| id));
                }
                ids.sort_unstable();
                ids.dedup();
                cases::lines(conn, &reach, &ids)
            })
            .await?;
        rows.into_iter()
            .map(|row| Ok(row.open(&house.keys)?))
            .collect()
    }

    /// The likely repetitions of a case about which nobody has said anything yet.
    pub async fn likely_of(&self, scope: &Scope, case: &Case) -> Result<Vec<Line>, Error> {
        let mut found: Vec<Line> = Vec::new();
        for party in &case.parties {
            let email = party.email.as_ref().map_or("", |email| email.reveal());
            let lines = self
                .likely(scope, case.controller, party.name.reveal(), email)
                .await?;
            found.extend(lines);
        }
        found.sort_by_key(|line| line.id);
        found.dedup_by_key(|line| line.id);
        found.retain(|line| line.id != case.id && case.ties.unknown(line.id));
        Ok(found)
    }

    /// The cases tied to one, as far as they may be seen.
    pub async fn tied(&self, scope: &Scope, case: &Case) -> Result<Vec<(Line, Tie)>, Error> {
        let house = self.house(case.controller)?;
        let ids: Vec<CaseId> = case.ties.iter().map(|(id, _)| id).collect();
        if ids.is_empty() {
            return Ok(vec![]);
        }
        let reach = scope.clone();
        let rows = self
            .store
            .read(move |conn| cases::lines(conn, &reach, &ids))
            .await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let line = row.open(&house.keys)?;
            for (_, tie) in case.ties.iter().filter(|(id, _)| *id == line.id) {
                lines.push((line.clone(), tie));
            }
        }
        Ok(lines)
    }

    /// A person says what another case is to this one; the other one learns it as well.
    pub async fn tie(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        other: CaseId,
        tie: Tie,
    ) -> Result<Outcome, Error> {
        let (there, _) = self.open(scope, other).await?;
        let controller = self.controller_of(scope, case).await?;
        scope.demand(controller, Role::Handler)?;
        if there.controller != controller || other == case {
            return Err(Obstacle::NoOtherCase.into());
        }
        let done = self
            .act(scope, case, Some(seen), Role::Handler, |case, _| {
                Ok(case.tie(other, tie)?.into())
            })
            .await?;
        self.act(scope, other, None, Role::Handler, |there, _| {
            Ok(there.tie(case, tie)?.into())
        })
        .await?;
        Ok(done)
    }

    /// Ends a case as the same request once more; the clock of the first stands, and the first one says so.
    pub async fn end_as_repeat(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        first: CaseId,
        confirmed: &str,
    ) -> Result<Outcome, Error> {
        let (earlier, _) = self.open(scope, first).await?;
        scope.demand(earlier.controller, Role::Handler)?;
        let done = self
            .act(scope, case, Some(seen), Role::Handler, |case, moment| {
                Ok(case.repeats(&earlier, confirmed, moment.today)?.into())
            })
            .await?;
        self.act(scope, first, None, Role::Handler, |earlier, _| {
            Ok(earlier.tie(case, Tie::Repeat)?.into())
        })
        .await?;
        Ok(done)
    }

    /// Opens a case of her own for another person in the same message: same day, same way, the message and its
    /// files beside it, and a receipt of her own.
    pub async fn split(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        other: OtherPerson,
    ) -> Result<(Outcome, CaseId), Error> {
        if other.name.reveal().trim().is_empty() {
            return Err(Obstacle::Empty("name").into());
        }
        let uploads = self.copies(scope, id).await?;
        self.open_beside(scope, id, seen, uploads, Tie::Other, |case| {
            let party = Party {
                role: PartyRole::Requester,
                name: other.name.clone(),
                email: other.email.clone(),
                address: other.address.clone(),
                hints: None,
            };
            let intake = Intake {
                on_behalf: OnBehalf::Own,
                reply_by: match (&other.email, &other.address) {
                    (Some(_), None) => ReplyBy::Portal,
                    _ => ReplyBy::Post,
                },
                copy_first: None,
                shared_mailbox: None,
                arrival: Arrival {
                    proven: None,
                    ..case.intake.arrival.clone()
                },
                ..case.intake.clone()
            };
            Ok((intake, vec![party], other.rights.clone()))
        })
        .await
    }

    /// Opens a new case for what was asked anew in an old thread: the same persons, a clock of its own.
    pub async fn take_anew(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        anew: Anew,
    ) -> Result<(Outcome, CaseId), Error> {
        let today = self.today();
        self.open_beside(scope, id, seen, vec![], Tie::Next, |case| {
            if anew.rights.is_empty() && anew.text.reveal().trim().is_empty() {
                return Err(Obstacle::NoRight);
            }
            if anew.received > today {
                return Err(Obstacle::ReceivedInFuture);
            }
            if anew.received < case.intake.received {
                return Err(Obstacle::Empty("received"));
            }
            let intake = Intake {
                received: anew.received,
                text: anew.text.clone(),
                copy_first: None,
                arrival: Arrival {
                    // Who wrote in the old thread has the old mailbox.
                    proven: match case.mailbox {
                        Mailbox::Confirmed { at } => Some(at),
                        _ => None,
                    },
                    ..Arrival::default()
                },
                matter: Matter::Request,
                ..case.intake.clone()
            };
            Ok((intake, case.parties.clone(), anew.rights.clone()))
        })
        .await
    }

    /// Opens a case beside another in the same breath as the tie between them.
    async fn open_beside<F>(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        uploads: Vec<Upload>,
        tie: Tie,
        draft: F,
    ) -> Result<(Outcome, CaseId), Error>
    where
        F: Fn(&Case) -> Result<(Intake, Vec<Party>, Vec<Right>), Obstacle>,
    {
        let controller = self.controller_of(scope, id).await?;
        let files = self
            .file_for_case(controller, None, FilePurpose::Attachment, &uploads)
            .await?;
        let born = std::sync::Mutex::new(None);
        let done = self
            .act(scope, id, Some(seen), Role::Handler, |case, moment| {
                let (intake, parties, mut rights) = draft(case)?;
                rights.sort();
                rights.dedup();
                let intake = Intake {
                    recorded_at: moment.now,
                    ..intake
                };
                let period = Period::on(intake.received, moment.house.controller.place.clone());
                let opened = Event::Opened {
                    term: Box::new(intake.matter.term(period, &moment.office.calendar)?),
                    intake: Box::new(intake),
                    parties,
                    rights,
                    files: files.iter().map(filing::FileRow::id).collect(),
                };
                let mut extra = vec![Event::Tied {
                    case: case.id,
                    tie: Tie::From,
                }];
                if case.confidential {
                    extra.push(Event::ConfidentialSet { confidential: true });
                }
                extra.extend(
                    case.assignee
                        .map(|clerk| Event::Assigned { to: Some(clerk) }),
                );
                let founding = self.found(scope, moment.house, opened, extra)?;
                let other = founding.case.id;
                if let Ok(mut born) = born.lock() {
                    *born = Some(other);
                }
                Ok(Deed {
                    links: self.public_links(moment.house, &founding),
                    files: files.iter().map(|row| row.clone().of_case(other)).collect(),
                    founded: Some(founding),
                    ..Deed::from(vec![Event::Tied { case: other, tie }])
                })
            })
            .await?;
        let other = born.into_inner().ok().flatten();
        Ok((
            done,
            other.ok_or(Error::Fault("a case that was not opened"))?,
        ))
    }

    /// The files that came with a message, read so that the other case keeps them when the first one goes.
    async fn copies(&self, scope: &Scope, id: CaseId) -> Result<Vec<Upload>, Error> {
        let reach = scope.clone();
        let rows = self
            .store
            .read(move |conn| filing::of_case(conn, &reach, id))
            .await?;
        let mut uploads = Vec::new();
        let mut size = 0;
        for row in rows {
            size += row.size();
            if row.purpose() != FilePurpose::Attachment.code() || size > COPY_LIMIT {
                continue;
            }
            let media_type = row.media_type().to_owned();
            let mut file = self.open_row(row)?;
            let mut bytes = Vec::new();
            file.reader
                .read_to_end(&mut bytes)
                .map_err(|_| Error::Fault("a file that cannot be read"))?;
            uploads.push(Upload {
                name: file.name,
                media_type,
                bytes,
            });
        }
        Ok(uploads)
    }

    /// The case behind a number that a clerk typed, within one controller.
    pub async fn numbered(
        &self,
        scope: &Scope,
        controller: ControllerId,
        typed: &str,
    ) -> Result<CaseId, Error> {
        for id in self.by_number(scope, typed).await? {
            let (case, _) = self.open(scope, id).await?;
            if case.controller == controller {
                return Ok(id);
            }
        }
        Err(Obstacle::Empty("first").into())
    }
}
