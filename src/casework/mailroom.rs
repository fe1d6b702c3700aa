//! The mail room: takes a mail into safe keeping before anything else happens to it, has it read, and lays it where
//! it belongs. What is not plain waits for a person, with a proposal.

mod belonging;
mod examples;
mod fate;
mod judged;
mod looked;
mod understanding;

pub use judged::{Accepted, MailFile, MailLine};
pub use looked::{MailContents, MailPage, MailPart, MailPartOut};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future::try_join_all;

use super::error::Error;
use super::office::{House, Office, blocking};
use crate::domain::ids::{ControllerId, IncomingId};
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::scope::{Role, Scope};
use crate::ports::mailbox::{Portion, Stand};
use crate::reading::parse::split_mbox;
use crate::storage::filing::{self, FilePurpose, FileRow};
use crate::storage::incoming::{self, IncomingRow, Spot};

/// So many are marked at their server at a time.
const MARKED: i64 = 256;
/// Under this media type a raw message is filed.
const RAW: &str = "message/rfc822";
/// So many raw messages are sealed to disk side by side; each waits for the disk.
const ABREAST: usize = 8;

/// A message on its way into safe keeping.
struct Raw {
    spot: Spot,
    arrived: DateTime<Utc>,
    size: u64,
    whole: bool,
    bytes: Vec<u8>,
}

impl Office {
    /// The day from which a mailbox is read. The first call enters it.
    pub async fn mailbox_begun(
        &self,
        controller: ControllerId,
        mailbox: &str,
    ) -> Result<NaiveDate, Error> {
        Ok(self.mailbox_row(controller, mailbox).await?.1)
    }

    /// How far a mailbox was read.
    pub async fn mail_stand(
        &self,
        controller: ControllerId,
        mailbox: &str,
    ) -> Result<Stand, Error> {
        Ok(self.mailbox_row(controller, mailbox).await?.0)
    }

    async fn mailbox_row(
        &self,
        controller: ControllerId,
        mailbox: &str,
    ) -> Result<(Stand, NaiveDate), Error> {
        let (name, today) = (mailbox.to_owned(), self.today());
        let known = self
            .store
            .read(move |conn| incoming::stand(conn, controller, &name))
            .await?;
        if let Some(row) = known {
            let stand = Stand {
                validity: u32::try_from(row.validity).unwrap_or(0),
                next: u32::try_from(row.next_uid).unwrap_or(0),
            };
            return Ok((stand, row.begun_on));
        }
        let name = mailbox.to_owned();
        self.store
            .write(move |conn| incoming::begin(conn, controller, &name, today))
            .await?;
        Ok((Stand::default(), today))
    }

    /// Takes a portion of a mailbox into safe keeping. When this returns the messages survive the loss of power, and
    /// may be marked or moved at the server; what was taken before is not taken again.
    pub async fn take_mail(
        &self,
        controller: ControllerId,
        mailbox: &str,
        portion: Portion,
    ) -> Result<usize, Error> {
        let house = self.house(controller)?;
        let spot = |uid: u32| Spot {
            controller,
            mailbox: mailbox.to_owned(),
            validity: portion.stand.validity,
            uid: i64::from(uid),
        };
        let uids: Vec<i64> = portion
            .messages
            .iter()
            .map(|it| i64::from(it.uid))
            .collect();
        let at = spot(0);
        let known = self
            .store
            .read(move |conn| incoming::known(conn, &at, &uids))
            .await?;
        let fresh = portion
            .messages
            .into_iter()
            .filter(|it| !known.contains(&i64::from(it.uid)))
            .map(|it| Raw {
                spot: spot(it.uid),
                arrived: it.arrived,
                size: it.size,
                whole: it.whole,
                bytes: it.raw,
            })
            .collect();
        let rows = self.keep_mail(house, fresh).await?;
        let (name, stand, now) = (mailbox.to_owned(), portion.stand, self.now());
        let taken = self
            .store
            .write(move |conn| {
                let mut taken = 0;
                for (row, file) in &rows {
                    if incoming::take(conn, row)? {
                        filing::insert(conn, file)?;
                        taken += 1;
                    }
                }
                let next = (stand.validity, stand.next);
                incoming::advance(conn, controller, &name, next, now)?;
                Ok(taken)
            })
            .await?;
        Ok(taken)
    }

    /// What of a mailbox is kept and not marked at its server yet, of one numbering; nothing, if all is.
    pub async fn mail_unmarked(
        &self,
        controller: ControllerId,
        mailbox: &str,
    ) -> Result<(u32, Vec<u32>), Error> {
        let name = mailbox.to_owned();
        let rows = self
            .store
            .read(move |conn| incoming::unmarked(conn, controller, &name, MARKED))
            .await?;
        let Some((validity, _)) = rows.first().copied() else {
            return Ok((0, vec![]));
        };
        let same = rows.iter().filter(|(numbering, _)| *numbering == validity);
        let uids = same.filter_map(|(_, uid)| u32::try_from(*uid).ok());
        Ok((u32::try_from(validity).unwrap_or(0), uids.collect()))
    }

    /// These are marked at their server.
    pub async fn mail_marked(
        &self,
        controller: ControllerId,
        mailbox: &str,
        validity: u32,
        uids: &[u32],
    ) -> Result<(), Error> {
        let spot = Spot {
            controller,
            mailbox: mailbox.to_owned(),
            validity,
            uid: 0,
        };
        let uids: Vec<i64> = uids.iter().map(|uid| i64::from(*uid)).collect();
        Ok(self
            .store
            .write(move |conn| incoming::marked(conn, &spot, &uids))
            .await?)
    }

    /// Takes a message, or a whole mailbox, that was handed in as a file; it is read like any other.
    pub async fn hand_in_mail(
        &self,
        scope: &Scope,
        controller: ControllerId,
        file: Vec<u8>,
    ) -> Result<Vec<IncomingId>, Error> {
        scope.demand(controller, Role::Handler)?;
        let messages = blocking(move || split_mbox(&file)).await?;
        if messages.iter().all(Vec::is_empty) {
            return Err(Obstacle::Empty("mail").into());
        }
        let house = self.house(controller)?;
        let now = self.now();
        let raw = messages
            .into_iter()
            .filter(|bytes| !bytes.is_empty())
            .map(|bytes| Raw {
                spot: Spot {
                    controller,
                    mailbox: String::new(),
                    validity: 0,
                    uid: self.next_id(),
                },
                arrived: now,
                size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
                whole: true,
                bytes,
            })
            .collect();
        let rows = self.keep_mail(house, raw).await?;
        let ids = rows.iter().map(|(row, _)| row.id()).collect();
        self.store
            .write(move |conn| {
                for (row, file) in &rows {
                    incoming::take(conn, row)?;
                    filing::insert(conn, file)?;
                }
                Ok(())
            })
            .await?;
        Ok(ids)
    }

    /// Notes what stands in the way of a mailbox, so that the desk shows it.
    pub async fn mailbox_troubled(
        &self,
        controller: ControllerId,
        mailbox: &str,
        why: &str,
    ) -> Result<(), Error> {
        let (name, why) = (mailbox.to_owned(), why.to_owned());
        self.store
            .write(move |conn| incoming::troubled(conn, controller, &name, &why))
            .await?;
        Ok(())
    }

    /// What stands in the way of the mailboxes in reach: name and reason.
    pub async fn mailbox_troubles(&self, scope: &Scope) -> Result<Vec<(String, String)>, Error> {
        let reach = scope.clone();
        let stands = self
            .store
            .read(move |conn| incoming::stands(conn, &reach))
            .await?;
        let troubled = stands
            .into_iter()
            .map(|(_, name, stand)| (name, stand.trouble));
        Ok(troubled.filter(|(_, why)| !why.is_empty()).collect())
    }

    /// Seals raw messages to disk; nothing names them until their rows are written.
    async fn keep_mail(
        &self,
        house: &House,
        messages: Vec<Raw>,
    ) -> Result<Vec<(IncomingRow, FileRow)>, Error> {
        let mut rows = Vec::with_capacity(messages.len());
        let mut left = messages.into_iter().peekable();
        while left.peek().is_some() {
            let abreast = left.by_ref().take(ABREAST);
            rows.extend(try_join_all(abreast.map(|raw| self.keep_one(house, raw))).await?);
        }
        Ok(rows)
    }

    async fn keep_one(&self, house: &House, raw: Raw) -> Result<(IncomingRow, FileRow), Error> {
        let id = IncomingId(self.next_id());
        let name = Private::from(format!("{id}.eml"));
        let file = self
            .put_file(
                house,
                None,
                None,
                FilePurpose::Mail,
                (&name, RAW),
                raw.bytes,
            )
            .await?;
        let kept = (file.id(), raw.size, raw.whole);
        let row = IncomingRow::taken(id, &raw.spot, kept, raw.arrived, self.now());
        Ok((row, file))
    }
}
