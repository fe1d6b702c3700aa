//! What a person says of a mail that waited: a request, part of a case, nothing for us. And what becomes of the last.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::looked::MailContents;
use super::understanding::once;
use crate::casework::error::Error;
use crate::casework::intake::Entry;
use crate::casework::office::Office;
use crate::domain::deadline::received_day;
use crate::domain::example::Judged;
use crate::domain::ids::{CaseId, ControllerId, FileId, IncomingId};
use crate::domain::incoming::{Belongs, IncomingState, KEPT, Thread, Understood, Verdict};
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::scope::{Role, Scope};
use crate::reading::message::Place;
use crate::storage::StoreError;
use crate::storage::incoming::{self, IncomingRow};

/// More waiting mails than this are not counted.
const COUNTED: i64 = 1000;
/// So many mails are shredded at a time.
const PORTION: i64 = 200;

/// A mail as a list shows it.
#[derive(Debug, Clone)]
pub struct MailLine {
    /// Its id.
    pub id: IncomingId,
    /// Whose it is.
    pub controller: ControllerId,
    /// When the mailbox had it.
    pub arrived: DateTime<Utc>,
    /// How far it is.
    pub state: IncomingState,
    /// The case it lies in.
    pub case: Option<CaseId>,
    /// What was understood; nothing before it was read.
    pub understood: Understood,
}

/// A mail opened for looking at it.
#[derive(Debug, Clone)]
pub struct MailFile {
    /// Its line.
    pub line: MailLine,
    /// Its words as plain text.
    pub text: Private<String>,
    /// Its words as they stand in its formatted part, where that says something else.
    pub formatted: Option<Private<String>>,
    /// The texts of its attachments, by name.
    pub attached: Vec<(Private<String>, Private<String>)>,
    /// Attachments that cannot be read, by name.
    pub opaque: Vec<Private<String>>,
    /// Its files, and whether it has a formatted text.
    pub contents: MailContents,
    /// What was odd about it; codes.
    pub troubles: Vec<String>,
    /// The raw message; nothing, when it was shredded.
    pub original: Option<FileId>,
    /// Its bytes.
    pub size: u64,
    /// What it would be entered as; nothing, if it could not be read.
    pub proposal: Option<Entry>,
}

/// What a person made of a mail.
#[derive(Debug, Clone)]
pub enum Accepted {
    /// A request: what is asked, by whom, since when.
    Request(Box<Entry>),
    /// Part of a case that runs, by its number.
    Part(String),
    /// Nothing is asked of us.
    Nothing,
}

impl Accepted {
    fn judged(&self) -> Judged {
        let (verdict, rights) = match self {
            Accepted::Request(entry) => (Verdict::Yes, entry.wish.rights.clone()),
            Accepted::Part(_) => (Verdict::Yes, vec![]),
            Accepted::Nothing => (Verdict::No, vec![]),
        };
        Judged {
            verdict,
            kind: String::new(),
            rights,
        }
    }
}

impl Office {
    /// The mails of a state, at most so many.
    pub async fn mails(
        &self,
        scope: &Scope,
        state: IncomingState,
        limit: i64,
    ) -> Result<Vec<MailLine>, Error> {
        let reach = scope.clone();
        let rows = self
            .store
            .read(move |conn| incoming::of_state(conn, &reach, state, limit))
            .await?;
        rows.iter().map(|row| self.mail_line(row)).collect()
    }

    /// How many mails wait for a person, at most `cap`.
    pub async fn mails_waiting(&self, scope: &Scope, cap: i64) -> Result<usize, Error> {
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| incoming::waiting(conn, &reach, cap))
            .await?)
    }

    /// Since which day the oldest mail waits for a person, and how many do; nothing, if none does.
    pub async fn mails_waiting_since(
        &self,
        scope: &Scope,
    ) -> Result<Option<(NaiveDate, usize)>, Error> {
        let mut oldest: Option<DateTime<Utc>> = None;
        for state in [IncomingState::Unclear, IncomingState::Unreadable] {
            let first = self.mails(scope, state, 1).await?;
            for mail in first {
                oldest = Some(oldest.map_or(mail.arrived, |known| known.min(mail.arrived)));
            }
        }
        let Some(oldest) = oldest else {
            return Ok(None);
        };
        let count = self.mails_waiting(scope, COUNTED).await?;
        Ok(Some((received_day(oldest), count)))
    }

    pub(super) fn mail_line(&self, row: &IncomingRow) -> Result<MailLine, Error> {
        let house = self.house(row.controller())?;
        Ok(MailLine {
            id: row.id(),
            controller: row.controller(),
            arrived: row.arrived_at(),
            state: row.state()?,
            case: row.case(),
            understood: row.understood(&house.keys)?.unwrap_or_default(),
        })
    }

    /// Opens a mail.
    pub async fn mail(&self, scope: &Scope, id: IncomingId) -> Result<MailFile, Error> {
        let row = self.mail_row(scope, id).await?;
        let line = self.mail_line(&row)?;
        let opened = self.take_apart(&row).await?;
        let house = self.house(row.controller())?;
        let proposal = opened.as_ref().map(|it| {
            let once = once(house, &it.message);
            self.entry(once, &row, &it.message, &line.understood)
        });
        let message = opened.map(|it| it.message).unwrap_or_default();
        let of = |place: Place| {
            let text = message.texts.iter().find(|it| it.place == place);
            text.map(|it| Private::from(it.text.clone()))
        };
        let differs = message.troubles.contains(&"plain-and-html-differ");
        let plain = of(Place::Plain).filter(|it| !it.reveal().trim().is_empty());
        let attached = message.texts.iter().filter_map(|it| match &it.place {
            Place::Attachment(name) => Some((name.clone().into(), it.text.clone().into())),
            _ => None,
        });
        Ok(MailFile {
            text: plain
                .clone()
                .or_else(|| of(Place::Html))
                .unwrap_or_default(),
            formatted: of(Place::Html).filter(|_| differs && plain.is_some()),
            attached: attached.collect(),
            opaque: message.opaque.iter().cloned().map(Private::from).collect(),
            contents: self.mail_contents(&row).await?,
            troubles: message.troubles.iter().map(|it| (*it).to_owned()).collect(),
            original: row.file(),
            size: row.size(),
            line,
            proposal,
        })
    }

    pub(super) async fn mail_row(
        &self,
        scope: &Scope,
        id: IncomingId,
    ) -> Result<IncomingRow, Error> {
        let reach = scope.clone();
        let row = self
            .store
            .read(move |conn| incoming::load(conn, &reach, id))
            .await?;
        // Once it lies in a case, who may see the case may see it.
        if let Some(case) = row.case() {
            self.open(scope, case).await?;
        }
        Ok(row)
    }

    /// A person says what a mail is. Said twice, it is done once; what lies in a case stays there.
    pub async fn say_of_mail(
        &self,
        scope: &Scope,
        id: IncomingId,
        said: Accepted,
    ) -> Result<Option<CaseId>, Error> {
        let row = self.mail_row(scope, id).await?;
        scope.demand(row.controller(), Role::Handler)?;
        if let Some(case) = row.case() {
            return Ok(Some(case));
        }
        if row.file().is_none() {
            return Err(Obstacle::MailShredded.into());
        }
        match self.do_as_said(scope, &row, said).await {
            // Somebody else was quicker; what became of it counts.
            Err(Error::Store(StoreError::Taken)) => {
                let now = self.mail_row(scope, id).await?;
                match now.file() {
                    Some(_) => Ok(now.case()),
                    None => Err(Obstacle::MailShredded.into()),
                }
            }
            done => done,
        }
    }

    async fn do_as_said(
        &self,
        scope: &Scope,
        row: &IncomingRow,
        said: Accepted,
    ) -> Result<Option<CaseId>, Error> {
        let id = row.id();
        let house = self.house(row.controller())?;
        let message = self.take_apart(row).await?.map(|it| it.message);
        let understood = row.understood(&house.keys)?.unwrap_or_default();
        let judged = said.judged();
        let case = match said {
            Accepted::Request(entry) => {
                let message = message.clone().unwrap_or_default();
                let entry = Entry {
                    form: once(house, &message),
                    controller: row.controller(),
                    ..*entry
                };
                // A person said so: what is asked, and by whom.
                let said = Understood {
                    verdict: Verdict::Yes,
                    rights: entry.wish.rights.clone(),
                    email: entry.wish.email.clone().unwrap_or_default(),
                    data_subject: entry.wish.data_subject.clone(),
                    ..Understood::default()
                };
                let stop = self.stop_of(&message, &said);
                Some(self.enter_mail(scope, id, entry, stop).await?)
            }
            Accepted::Part(number) => {
                let case = self.numbered(scope, row.controller(), &number).await?;
                let belongs = self.known_by_hand(scope, case, message.as_ref()).await?;
                let message = message.clone().unwrap_or_default();
                self.hear_mail(scope, row, &message, &belongs).await?;
                Some(case)
            }
            Accepted::Nothing => {
                let now = self.now();
                self.store
                    .write(move |conn| incoming::judge(conn, id, IncomingState::No, now))
                    .await?;
                None
            }
        };
        if let Some(message) = &message {
            self.keep_example(row.controller(), &understood, judged, message)
                .await?;
        }
        Ok(case)
    }

    /// Shreds mails that asked for nothing, two weeks after they were judged so; says how many.
    pub async fn shred_mail(&self) -> Result<usize, Error> {
        let before = self.now() - TimeDelta::days(KEPT);
        let mut count = 0;
        loop {
            let rows = self
                .store
                .read(move |conn| incoming::to_shred(conn, before, PORTION))
                .await?;
            if rows.is_empty() {
                return Ok(count);
            }
            let mut gone = Vec::new();
            for row in &rows {
                let house = self.house(row.controller())?;
                let left = row.understood(&house.keys)?.map(Understood::stripped);
                let key = house.keys.wrap.newest();
                let left = left.map(|it| incoming::seal(row.id(), &it, key));
                gone.push((row.id(), left.transpose()?));
            }
            count += gone.len();
            let stored = self
                .store
                .write(move |conn| {
                    let mut stored = Vec::new();
                    for (id, left) in &gone {
                        stored.extend(incoming::shred(conn, *id, left.clone())?);
                    }
                    Ok(stored)
                })
                .await?;
            self.remove_bytes(stored).await?;
            self.store.cut_journal().await?;
        }
    }

    async fn known_by_hand(
        &self,
        scope: &Scope,
        case: CaseId,
        message: Option<&crate::reading::message::Message>,
    ) -> Result<Belongs, Error> {
        let (open, _) = self.open(scope, case).await?;
        Ok(Belongs {
            case,
            by: Thread::Number,
            differs: message.is_some_and(|it| !super::belonging::is_of(&open, it)),
            closed: open.closed.is_some(),
            adds: vec![],
        })
    }
}
