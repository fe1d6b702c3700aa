//! The desk: the only way to change a case. State, events, mails, links and index commit together or
//! not at all; ledger, outbox and sealing are consequences of passing it.

use chrono::{DateTime, NaiveDate, Utc};

use super::error::Error;
use super::findings::Sifting;
use super::followup;
use super::office::{House, Office, blocking};
use super::outbox;
use super::outliving;
use super::owners;
use crate::domain::case::Case;
use crate::domain::event::Event;
use crate::domain::ids::{CaseId, ControllerId, FileId, IncomingId, MessageId};
use crate::domain::job::{Promise, follow_ups};
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::{Role, Scope};
use crate::seal::Key;
use crate::seal::index::Token;
use crate::storage::cases::{self, CaseRow};
use crate::storage::events::{self, EventRow};
use crate::storage::filing::{self, FilePurpose, FileRow};
use crate::storage::followups::{self, FollowUpRow};
use crate::storage::links::{self, LinkRow, NewCode, Purpose};
use crate::storage::messages::{self, MessageRow, MessageState};
use crate::storage::runs::{self, Ended};
use crate::storage::{StoreError, breaches, findings, incoming, recipients, retention, search};

/// How often an act of the house is repeated when somebody else was quicker.
const TRIES: usize = 8;

/// What an act sees of the world.
pub struct Moment<'a> {
    /// The office.
    pub office: &'a Office,
    /// The controller.
    pub house: &'a House,
    /// The case's key, for what is sealed under it.
    pub key: &'a Key,
    /// Now.
    pub now: DateTime<Utc>,
    /// Today in Europe/Berlin.
    pub today: NaiveDate,
}

/// What an act does beside its events.
#[derive(Default)]
pub struct Deed {
    /// What happened.
    pub events: Vec<Event>,
    /// Messages that came in or go out, beyond those that the events promise.
    pub messages: Vec<MessageRow>,
    /// Links that are given out.
    pub links: Vec<LinkRow>,
    /// Files that were stored before.
    pub files: Vec<FileRow>,
    /// The fate of a message that the act is about.
    pub settled: Option<Settlement>,
    /// The form by which it was done, as its digest: what was uploaded with it goes into the case, and done
    /// twice it is [`StoreError::Taken`].
    pub form: Option<[u8; 32]>,
    /// A mail that is laid into the case, with its raw message; if it lies in one already, all of it is
    /// [`StoreError::Taken`].
    pub mail: Option<IncomingId>,
    /// A fresh code for a link; if one was sent just now, all of it is [`StoreError::Taken`].
    pub code: Option<NewCode>,
    /// A case that is opened beside this one.
    pub founded: Option<Founding>,
    /// Something that had come back on its day, and the day to which it is put off, if it is.
    pub follow_up: Option<(FollowUpRow, Option<NaiveDate>)>,
    /// What the ledger says of an act that is no event of the case.
    pub noted: Option<&'static str>,
    /// What is taken away.
    pub undone: Undone,
    /// Where the run at a connected system ended that brought it.
    pub run: Option<(i64, Ended)>,
    /// What is said of findings.
    pub sifting: Option<Sifting>,
}

/// What an act takes away.
#[derive(Debug, Clone, Default)]
pub struct Undone {
    /// Files whose rows go, and with them their keys.
    pub files: Vec<FileId>,
    /// Events that are emptied; their hashes stay.
    pub events: Vec<i64>,
    /// Links of the case that open nothing any more.
    pub links: Vec<Purpose>,
    /// One link, and all that hang on it.
    pub link: Option<[u8; 32]>,
    /// Whether what lies in the outbox for the person stays there.
    pub mails: bool,
    /// One promised mail that stays there.
    pub promise: Option<String>,
    /// Whether what connected systems brought goes.
    pub findings: bool,
}

impl Undone {
    fn write(
        &self,
        conn: &mut crate::storage::Conn,
        controller: ControllerId,
        case: CaseId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        if !self.files.is_empty() {
            retention::shred_files(conn, controller, case, &self.files)?;
        }
        if !self.events.is_empty() {
            retention::empty_events(conn, case, &self.events)?;
        }
        for purpose in &self.links {
            links::revoke_of_case(conn, case, *purpose, now)?;
        }
        if let Some(digest) = &self.link {
            links::revoke(conn, digest, now)?;
        }
        if let Some(promise) = &self.promise {
            messages::stop_promised(conn, controller, promise, now, STOPPED)?;
        }
        if self.findings {
            findings::forget(conn, case)?;
        }
        if self.mails {
            messages::stop_of_case(conn, case, now, STOPPED)?;
        }
        Ok(())
    }
}

/// Why a message was stopped in the outbox; a code.
pub const STOPPED: &str = "stopped";

/// Where a message ended.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// Which message.
    pub id: MessageId,
    /// How far it is.
    pub state: MessageState,
    /// When it is tried again.
    pub next_at: Option<DateTime<Utc>>,
    /// What went wrong; no personal data.
    pub trouble: String,
}

impl From<Vec<Event>> for Deed {
    fn from(events: Vec<Event>) -> Self {
        Deed {
            events,
            ..Deed::default()
        }
    }
}

/// The case after an act.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// As it is now.
    pub case: Case,
    /// How often it was changed.
    pub revision: i64,
    /// Whether the act changed anything.
    pub changed: bool,
}

impl Office {
    /// Opens a case for looking at it.
    pub async fn open(&self, scope: &Scope, id: CaseId) -> Result<(Case, i64), Error> {
        let (case, revision, _) = self.open_with_key(scope, id).await?;
        Ok((case, revision))
    }

    /// Opens a case together with its key.
    pub(super) async fn open_with_key(
        &self,
        scope: &Scope,
        id: CaseId,
    ) -> Result<(Case, i64, Key), Error> {
        let reach = scope.clone();
        let row = self
            .store
            .read(move |conn| cases::load(conn, &reach, id))
            .await?;
        let (case, key) = row.open(&self.house(row.controller())?.keys)?;
        Ok((case, row.revision(), key))
    }

    /// Lets somebody act on a case. `seen` is the revision that a clerk had before her eyes: if somebody
    /// changed the case since, she is told, and nothing is written.
    pub async fn act<F>(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: Option<i64>,
        least: Role,
        act: F,
    ) -> Result<Outcome, Error>
    where
        F: Fn(&Case, &Moment<'_>) -> Result<Deed, Error>,
    {
        for _ in 0..TRIES {
            let reach = scope.clone();
            let row = self
                .store
                .read(move |conn| cases::load(conn, &reach, id))
                .await?;
            scope.demand(row.controller(), least)?;
            if seen.is_some_and(|seen| seen != row.revision()) {
                return Err(Obstacle::ChangedMeanwhile {
                    revision: row.revision(),
                }
                .into());
            }
            let house = self.house(row.controller())?;
            let (case, key) = row.open(&house.keys)?;
            let moment = Moment {
                office: self,
                house,
                key: &key,
                now: self.now(),
                today: self.today(),
            };
            let deed = act(&case, &moment)?;
            if deed.events.is_empty()
                && deed.messages.is_empty()
                && deed.links.is_empty()
                && deed.files.is_empty()
            {
                return Ok(Outcome {
                    case,
                    revision: row.revision(),
                    changed: false,
                });
            }
            // On the heap: every act carries this, and a stack is small.
            let commit = Box::pin(self.commit(scope, &row, case, &moment, deed, seen.is_some()));
            match commit.await {
                Err(Error::Store(StoreError::Stale)) if seen.is_none() => {}
                Err(Error::Store(StoreError::Stale)) => {
                    let (_, revision) = self.open(scope, id).await?;
                    return Err(Obstacle::ChangedMeanwhile { revision }.into());
                }
                done => return done,
            }
        }
        Err(Error::Store(StoreError::Stale))
    }

    async fn commit(
        &self,
        scope: &Scope,
        row: &CaseRow,
        mut case: Case,
        moment: &Moment<'_>,
        mut deed: Deed,
        looked: bool,
    ) -> Result<Outcome, Error> {
        let seen = row.revision();
        let before = case.clone();
        // What the person does is new to the office. Who did not look at the case as it stands has read
        // nothing; a note says that one has.
        let noted = |event: &Event| matches!(event, Event::Noted { .. });
        let read = looked || deed.events.iter().any(noted);
        if scope.clerk().is_some() && read {
            case.seen_by_office();
        }
        deed.events = owners::with_questions(moment, &case, deed.events);
        let mut happened = Vec::with_capacity(deed.events.len());
        let mut promised = Vec::new();
        let mut questions = owners::Follows::default();
        let mut comes_back = Vec::new();
        let mut keepsakes = Vec::new();
        let mut asked = Vec::new();
        for event in &deed.events {
            case.apply(event, moment.now, scope.actor());
            comes_back.extend(followup::promised(moment, &case, event)?);
            keepsakes.extend(outliving::keepsakes(moment, &case, event)?);
            questions.extend(owners::promised(moment, &case, event)?);
            asked.extend(super::search::promised(moment, &case, event));
            asked.extend(super::copying::promised(moment, &case, event));
            for promise in follow_ups(event, &case) {
                promised.extend(outbox::promise(moment, &case, promise)?);
            }
            happened.push(EventRow::seal(
                self.next_id(),
                case.controller,
                case.id,
                event,
                moment.key,
                moment.now,
                scope.actor(),
            )?);
        }
        if let Some(kind) = deed.noted {
            happened.push(self.noted(scope, case.controller, kind, &case.id.to_string()));
        }
        let index = &moment.house.index;
        let (old_tokens, tokens) = (
            super::reading::tokens(index, &before),
            super::reading::tokens(index, &case),
        );
        // A mail that left or a note changes nothing of the case itself: who works on it is not disturbed.
        // What was said to the person, or by her, is news to whoever wants to act as well, and so is what was sifted.
        let news = |event: &Event| matches!(event, Event::Said { .. } | Event::Heard { .. });
        let changed = case != before || deed.sifting.is_some() || deed.events.iter().any(news);
        let revision = if changed { seen + 1 } else { seen };
        let wrapped = (moment.key, row.wrapped_key());
        let sealed = CaseRow::seal(&case, revision, wrapped, moment.now)?;
        let (old_due, new_due) = (row.due(), sealed.due());
        let (reach, id, controller) = (scope.clone(), case.id, case.controller);
        let destroyed: Vec<FileId> = deed.events.iter().flat_map(Event::destroys).collect();
        let proof = |event: &Event| matches!(event, Event::ProofGiven { .. });
        let purpose = match (deed.events.iter().any(proof), scope.actor().owned()) {
            (true, _) => FilePurpose::Proof,
            (_, Some(_)) => FilePurpose::Finding,
            _ => FilePurpose::Attachment,
        };
        let Deed {
            messages: own,
            links: given,
            files: filed,
            settled,
            follow_up,
            form,
            code,
            founded,
            undone,
            mail,
            run,
            sifting,
            ..
        } = deed;
        let over = owners::ended(&before, &case, moment.key);
        let wakes = !asked.is_empty();
        let days = moment.house.controller.copy_days;
        let next = case.next_over(days);
        let expected = (before.next_over(days) != next).then_some(next);
        let breached = (before.aftermath.breaches != case.aftermath.breaches)
            .then(|| case.aftermath.breaches.clone());
        let owed = |case: &Case| Some((case.tell_next_by()?, case.untold()));
        let untold = (owed(&before) != owed(&case)).then(|| owed(&case));
        let now = moment.now;
        let gone = self
            .store
            .write(move |conn| {
                if revision != seen {
                    cases::update(conn, &reach, &sealed, seen)?;
                }
                if let Some(new) = &code {
                    links::set_code(conn, new)?;
                }
                events::insert(conn, &happened)?;
                for promised in &comes_back {
                    promised.write(conn)?;
                }
                if let Some((row, again)) = &follow_up {
                    followups::settle(conn, row, *again)?;
                }
                if old_due != new_due || old_tokens != tokens {
                    search::leave(conn, controller, id, old_due, &old_tokens)?;
                    search::enter(conn, controller, id, new_due, &tokens)?;
                }
                if let Some(Settlement {
                    id,
                    state,
                    next_at,
                    trouble,
                }) = &settled
                {
                    messages::settle(conn, *id, *state, *next_at, trouble, now)?;
                }
                if let Some(founding) = &founded {
                    founding.write(conn, &reach)?;
                }
                for row in &own {
                    messages::insert(conn, row)?;
                }
                for row in &promised {
                    messages::promise(conn, row)?;
                }
                for row in &given {
                    links::renew(conn, row)?;
                }
                for digest in &over {
                    links::revoke(conn, digest, now)?;
                }
                questions.write(conn)?;
                for row in &filed {
                    filing::insert(conn, row)?;
                }
                if let Some(form) = &form {
                    links::submitted(conn, form, controller, id, now)?;
                    filing::adopt(conn, controller, form, id, purpose)?;
                }
                if let Some(mail) = mail {
                    incoming::join(conn, mail, id, now)?;
                }
                undone.write(conn, controller, id, now)?;
                if let Some(sifting) = &sifting {
                    sifting.write(conn, id)?;
                }
                for row in &asked {
                    runs::promise(conn, row)?;
                }
                if let Some((run, ended)) = &run {
                    runs::settle(conn, *run, ended, now)?;
                }
                for keepsake in &keepsakes {
                    keepsake.write(conn)?;
                }
                if let Some(next) = expected {
                    retention::expect(conn, controller, id, next)?;
                }
                if let Some(owed) = untold {
                    recipients::keep(conn, controller, id, owed)?;
                }
                if let Some(all) = &breached {
                    breaches::keep(conn, controller, id, all)?;
                }
                let mut gone = Vec::new();
                for file in &destroyed {
                    gone.extend(filing::destroy(conn, controller, id, *file)?);
                }
                Ok(gone)
            })
            .await?;
        if wakes {
            self.wake.notify_one();
        }
        self.remove_bytes(gone).await?;
        Ok(Outcome {
            case,
            revision,
            changed: true,
        })
    }

    /// Bytes follow the row and the key that went before them. What the disk refuses now is taken by the sweep:
    /// without its key nobody reads it.
    pub(super) async fn remove_bytes(&self, stored: Vec<String>) -> Result<(), Error> {
        if stored.is_empty() {
            return Ok(());
        }
        let files = std::sync::Arc::clone(&self.files);
        blocking(move || {
            for name in &stored {
                if let Err(error) = files.remove(name) {
                    tracing::error!(%error, "a destroyed file still lies on the disk");
                }
            }
        })
        .await
    }

    /// Opens a new case from its first event.
    pub(super) fn found(
        &self,
        scope: &Scope,
        house: &House,
        event: Event,
        extra: Vec<Event>,
    ) -> Result<Founding, Error> {
        let (now, today) = (self.now(), self.today());
        let id = CaseId(self.next_id());
        let number = crate::seal::chance::case_number(chrono::Datelike::year(&today));
        let mut case = Case::open(id, house.controller.id, number, &event)
            .ok_or(Error::Fault("not an opening"))?;
        let (key, wrapped) = cases::new_key(id, &house.keys);
        let moment = Moment {
            office: self,
            house,
            key: &key,
            now,
            today,
        };
        let mut happened = Vec::with_capacity(1 + extra.len());
        let mut promised = Vec::new();
        let mut keepsakes = Vec::new();
        for event in std::iter::once(&event).chain(&extra) {
            case.apply(event, now, scope.actor());
            keepsakes.extend(outliving::keepsakes(&moment, &case, event)?);
            for promise in follow_ups(event, &case) {
                promised
                    .extend(outbox::promise(&moment, &case, promise)?.map(|row| (promise, row)));
            }
            happened.push(EventRow::seal(
                self.next_id(),
                case.controller,
                id,
                event,
                &key,
                now,
                scope.actor(),
            )?);
        }
        if case.only_stops_advertising() {
            promised.retain(|(promise, _)| *promise != Promise::Confirm);
        }
        let tokens = super::reading::tokens(&house.index, &case);
        let row = CaseRow::seal(&case, 1, (&key, wrapped), now)?;
        Ok(Founding {
            case,
            key,
            row,
            events: happened,
            messages: promised,
            keepsakes,
            tokens,
        })
    }
}

/// A new case, ready sealed, that only has to be written.
pub struct Founding {
    /// The case.
    pub case: Case,
    /// Its key.
    pub key: Key,
    /// Its row.
    pub row: CaseRow,
    /// Its first events.
    pub events: Vec<EventRow>,
    /// The mails that they promise.
    pub messages: Vec<(Promise, MessageRow)>,
    /// What of it outlives the case.
    keepsakes: Vec<outliving::Keepsake>,
    /// The tokens under which it is found.
    pub tokens: Vec<Token>,
}

impl Founding {
    /// Writes it.
    pub fn write(&self, conn: &mut crate::storage::Conn, scope: &Scope) -> Result<(), StoreError> {
        cases::insert(conn, scope, &self.row)?;
        events::insert(conn, &self.events)?;
        search::enter(
            conn,
            self.case.controller,
            self.case.id,
            self.row.due(),
            &self.tokens,
        )?;
        let breached = &self.case.aftermath.breaches;
        if !breached.is_empty() {
            breaches::keep(conn, self.case.controller, self.case.id, breached)?;
        }
        for keepsake in &self.keepsakes {
            keepsake.write(conn)?;
        }
        for (promise, row) in &self.messages {
            let written = messages::promise(conn, row)?;
            if !written && *promise == Promise::Confirm {
                // This address got its one mail today; the clerk sees that it was not sent.
                messages::insert(conn, &row.clone().withheld())?;
            }
        }
        Ok(())
    }
}
