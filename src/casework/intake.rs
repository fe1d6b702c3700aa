//! Taking a request in: from the public form, or entered at the desk with its real day of receipt.

use chrono::{NaiveDate, TimeDelta};

use super::desk::{Deed, Founding, Outcome};
use super::error::Error;
use super::links::CaseLink;
use super::office::{House, Office};
use crate::domain::arrival::Arrival;
use crate::domain::deadline::{Period, received_day};
use crate::domain::event::Event;
use crate::domain::ids::{CaseId, ControllerId, FileId, IncomingId};
use crate::domain::intake::{Channel, Intake, OnBehalf, Party, PartyRole, ReplyBy};
use crate::domain::lang::Lang;
use crate::domain::matter::Matter;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::domain::term::Term;
use crate::seal::Key;
use crate::seal::chance::Token;
use crate::storage::filing::{self, FilePurpose};
use crate::storage::links::{self, LinkRow, Purpose};
use crate::storage::{StoreError, cases, incoming};

/// How long the link in the first mail can be pressed.
const MAILBOX_DAYS: i64 = 60;
/// How often a new case draws another number when one is taken.
const TRIES: usize = 4;

/// What a person or a clerk says about a request.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What is asked for; may be empty when the text says it.
    pub rights: Vec<Right>,
    /// In her own words.
    pub text: Private<String>,
    /// The language of the answer.
    pub lang: Lang,
    /// For whom.
    pub on_behalf: OnBehalf,
    /// The name of who writes.
    pub name: Private<String>,
    /// The name of whose data it is about, if that is somebody else.
    pub data_subject: Option<Private<String>>,
    /// E-mail address.
    pub email: Option<Private<String>>,
    /// Postal address.
    pub address: Option<Private<String>>,
    /// Earlier names, numbers, handles.
    pub hints: Option<Private<String>>,
    /// How the answer is wanted.
    pub reply_by: ReplyBy,
    /// First the copy, then the erasure?
    pub copy_first: Option<bool>,
    /// Does somebody else read the mailbox?
    pub shared_mailbox: Option<bool>,
}

/// A form as it was sent.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The form's own key; sent twice, it files once.
    pub form: Token,
    /// What it says.
    pub wish: Wish,
    /// Whether files were uploaded with it before.
    pub with_files: bool,
    /// Marks of a robot.
    pub suspicious: bool,
}

/// A request that came by another way and is entered at the desk.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The form's own key; sent twice, it files once.
    pub form: Token,
    /// Whose it is.
    pub controller: ControllerId,
    /// By which way it came.
    pub channel: Channel,
    /// The day it reached the house.
    pub received: NaiveDate,
    /// Who had it first, and through whose hands it came.
    pub arrival: Arrival,
    /// What kind of letter it is.
    pub matter: Matter,
    /// Whether only deciders shall see it.
    pub confidential: bool,
    /// What it says.
    pub wish: Wish,
    /// A scan, stored before.
    pub files: Vec<filing::FileRow>,
}

/// What the person is told after sending.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// By when she hears from us.
    pub due: NaiveDate,
    /// Opens the status page.
    pub status: Token,
    /// Whether a first mail is on its way.
    pub mailed: bool,
}

impl Wish {
    fn parties(&self, matter: &Matter) -> Vec<Party> {
        let requester = Party {
            role: PartyRole::Requester,
            name: self.name.clone(),
            email: self.email.clone(),
            address: self.address.clone(),
            hints: self.hints.clone(),
        };
        let mut parties = vec![requester];
        let other = self.on_behalf != OnBehalf::Own || *matter != Matter::Request;
        if other && let Some(name) = &self.data_subject {
            parties.push(Party {
                role: PartyRole::DataSubject,
                name: name.clone(),
                email: None,
                address: None,
                hints: None,
            });
        }
        parties
    }

    fn rights(&self) -> Vec<Right> {
        let mut rights = self.rights.clone();
        rights.sort();
        rights.dedup();
        rights
    }
}

fn receipt(case: &crate::domain::case::Case, key: &Key) -> Receipt {
    Receipt {
        case: case.id,
        number: case.number.clone(),
        due: case.due(),
        status: CaseLink::Status.token(key),
        mailed: case.requester().is_some_and(|party| party.email.is_some()),
    }
}

impl Office {
    /// Files a form. When this returns, the request survives the loss of power. Nothing about known
    /// persons is looked up: answer and timing are the same for all.
    pub async fn submit(&self, path: &str, submission: Submission) -> Result<Receipt, Error> {
        let house = self.house_at(path).ok_or(Error::NotFound)?;
        let scope = Scope::of_public(house.controller.id);
        let form = submission.form.digest();
        let files = self.uploads(&submission, house).await?;
        for _ in 0..TRIES {
            let founding = self.founding(&scope, house, &submission, files.clone())?;
            let told = receipt(&founding.case, &founding.key);
            let links = self.public_links(house, &founding);
            let (reach, controller, now) = (scope.clone(), house.controller.id, self.now());
            let with_files = !files.is_empty();
            let written = self
                .store
                .write(move |conn| {
                    links::submitted(conn, &form, controller, founding.case.id, now)?;
                    founding.write(conn, &reach)?;
                    for row in &links {
                        links::insert(conn, row)?;
                    }
                    if with_files {
                        filing::adopt(
                            conn,
                            controller,
                            &form,
                            founding.case.id,
                            FilePurpose::Attachment,
                        )?;
                    }
                    Ok(())
                })
                .await;
            match written {
                Ok(()) => return Ok(told),
                Err(StoreError::Taken) => {
                    // Either this form was sent before, or the number is taken: the one is the answer,
                    // the other is drawn again.
                    if let Some(told) = self.sent_before(&form).await? {
                        return Ok(told);
                    }
                }
                Err(other) => return Err(other.into()),
            }
        }
        Err(Error::Fault("no free case number"))
    }

    async fn uploads(&self, submission: &Submission, house: &House) -> Result<Vec<FileId>, Error> {
        if !submission.with_files {
            return Ok(vec![]);
        }
        let (controller, form) = (house.controller.id, submission.form.digest());
        let rows = self
            .store
            .read(move |conn| filing::of_form(conn, controller, &form))
            .await?;
        Ok(rows.iter().map(filing::FileRow::id).collect())
    }

    fn founding(
        &self,
        scope: &Scope,
        house: &House,
        submission: &Submission,
        files: Vec<FileId>,
    ) -> Result<Founding, Error> {
        let now = self.now();
        let wish = &submission.wish;
        let term = Term::reckon(
            Period::at(now, house.controller.place.clone()),
            &self.calendar,
        )?;
        let intake = Intake {
            received: received_day(now),
            recorded_at: now,
            channel: Channel::Form,
            lang: wish.lang,
            on_behalf: wish.on_behalf,
            text: wish.text.clone(),
            copy_first: wish.copy_first,
            shared_mailbox: wish.shared_mailbox,
            reply_by: wish.reply_by,
            suspicious: submission.suspicious,
            arrival: Arrival::default(),
            matter: Matter::Request,
        };
        let opened = Event::Opened {
            intake: Box::new(intake),
            parties: wish.parties(&Matter::Request),
            rights: wish.rights(),
            term: Box::new(term),
            files,
        };
        self.found(scope, house, opened, vec![])
    }

    pub(super) fn public_links(&self, house: &House, founding: &Founding) -> Vec<LinkRow> {
        let now = self.now();
        let link = |kind: CaseLink, purpose, until| {
            LinkRow::new(
                kind.token(&founding.key).digest(),
                purpose,
                house.controller.id,
                now,
                until,
            )
            .for_case(founding.case.id)
        };
        let mut given = vec![link(CaseLink::Status, Purpose::Status, None)];
        if founding
            .case
            .requester()
            .is_some_and(|party| party.email.is_some())
        {
            let until = now + TimeDelta::days(MAILBOX_DAYS);
            given.push(link(CaseLink::Mailbox, Purpose::Mailbox, Some(until)));
        }
        given
    }

    /// What the form of this key became, if it was sent.
    pub async fn sent_before(&self, form: &[u8; 32]) -> Result<Option<Receipt>, Error> {
        let form = *form;
        let Some((controller, case)) = self
            .store
            .read(move |conn| links::case_of_form(conn, &form))
            .await?
        else {
            return Ok(None);
        };
        let (case, _, key) = self
            .open_with_key(&Scope::of_public(controller), case)
            .await?;
        Ok(Some(receipt(&case, &key)))
    }

    /// Enters a request that came by another way.
    pub async fn enter(&self, scope: &Scope, entry: Entry) -> Result<Receipt, Error> {
        self.enter_with(scope, entry, None).await
    }

    /// Enters what came, together with what it brings to light.
    pub(super) async fn enter_with(
        &self,
        scope: &Scope,
        entry: Entry,
        brought: Option<Event>,
    ) -> Result<Receipt, Error> {
        self.enter_from(scope, entry, brought, None).await
    }

    /// Enters what came by a mail, which then lies in the case.
    pub(super) async fn enter_from(
        &self,
        scope: &Scope,
        entry: Entry,
        brought: Option<Event>,
        mail: Option<IncomingId>,
    ) -> Result<Receipt, Error> {
        scope.demand(entry.controller, Role::Handler)?;
        entry.arrival.check(entry.received, self.today())?;
        let house = self.house(entry.controller)?;
        let wished = entry.wish.rights();
        if !wished.iter().all(|right| entry.matter.may_ask(*right)) {
            return Err(Obstacle::NoRight.into());
        }
        if matches!(entry.matter, Matter::Recipient { .. }) {
            if wished.is_empty() {
                return Err(Obstacle::NoRight.into());
            }
            if entry.wish.data_subject.is_none() {
                return Err(Obstacle::Empty("data-subject").into());
            }
        }
        if entry.wish.name.reveal().trim().is_empty() {
            return Err(Obstacle::Empty("name").into());
        }
        let term = entry.matter.term(
            Period::on(entry.received, house.controller.place.clone()),
            &self.calendar,
        )?;
        let form = entry.form.digest();
        for _ in 0..TRIES {
            let wish = &entry.wish;
            let intake = Intake {
                received: entry.received,
                recorded_at: self.now(),
                channel: entry.channel,
                lang: wish.lang,
                on_behalf: wish.on_behalf,
                text: wish.text.clone(),
                copy_first: wish.copy_first,
                shared_mailbox: wish.shared_mailbox,
                reply_by: wish.reply_by,
                suspicious: false,
                arrival: Arrival {
                    excluded: house.controller.channels.excludes(entry.channel),
                    ..entry.arrival.clone()
                },
                matter: entry.matter.clone(),
            };
            let opened = Event::Opened {
                intake: Box::new(intake),
                parties: wish.parties(&entry.matter),
                rights: wish.rights(),
                term: Box::new(term.clone()),
                files: entry.files.iter().map(filing::FileRow::id).collect(),
            };
            // Who may not see it cannot work on it either.
            let sees = !entry.confidential || scope.sees_confidential(entry.controller);
            let mine = scope.clerk().filter(|_| sees);
            let mine = mine.map(|clerk| Event::Assigned { to: Some(clerk) });
            let closed_off = entry
                .confidential
                .then_some(Event::ConfidentialSet { confidential: true });
            let founding = self.found(
                scope,
                house,
                opened,
                closed_off
                    .into_iter()
                    .chain(mine)
                    .chain(brought.clone())
                    .collect(),
            )?;
            let told = receipt(&founding.case, &founding.key);
            let links = self.public_links(house, &founding);
            let files: Vec<_> = entry
                .files
                .iter()
                .map(|row| row.clone().of_case(founding.case.id))
                .collect();
            let (reach, controller, now) = (scope.clone(), entry.controller, self.now());
            let written = self
                .store
                .write(move |conn| {
                    links::submitted(conn, &form, controller, founding.case.id, now)?;
                    founding.write(conn, &reach)?;
                    for row in &links {
                        links::insert(conn, row)?;
                    }
                    for row in &files {
                        filing::insert(conn, row)?;
                    }
                    if let Some(mail) = mail {
                        incoming::join(conn, mail, founding.case.id, now)?;
                    }
                    Ok(())
                })
                .await;
            match written {
                Ok(()) => return Ok(told),
                Err(StoreError::Taken) => {
                    if let Some(told) = self.sent_before(&form).await? {
                        return Ok(told);
                    }
                }
                Err(other) => return Err(other.into()),
            }
        }
        Err(Error::Fault("no free case number"))
    }

    /// Puts right how a request is understood.
    pub async fn understand(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        rights: &[Right],
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            Ok(case.understand(rights, &moment.office.calendar)?.into())
        })
        .await
    }

    /// Hands a case to a clerk, or back to all.
    pub async fn assign(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: Option<i64>,
        to: Option<crate::domain::ids::ClerkId>,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, seen, Role::Handler, |case, _| {
            Ok(case.assign(to)?.into())
        })
        .await
    }

    /// Sorts a case apart, or puts it back among the others.
    pub async fn sort_apart(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: Option<i64>,
        apart: bool,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, seen, Role::Handler, |case, _| {
            Ok(case.sort_apart(apart)?.into())
        })
        .await
    }

    /// The page behind the link in the first mail: which case and in which language, without changing anything.
    pub async fn mailbox_link(&self, token: &Token) -> Result<(CaseId, Scope), Error> {
        self.case_link(token, Purpose::Mailbox).await
    }

    /// The button "yes, that was me".
    pub async fn confirm_mailbox(&self, token: &Token) -> Result<Outcome, Error> {
        let (case, scope) = self.case_link(token, Purpose::Mailbox).await?;
        self.act(&scope, case, None, Role::Handler, |case, _| {
            Ok(Deed {
                ..Deed::from(case.confirm_mailbox()?)
            })
        })
        .await
    }

    /// The button "that wasn't me".
    pub async fn disown(&self, token: &Token) -> Result<Outcome, Error> {
        let (case, scope) = self.case_link(token, Purpose::Mailbox).await?;
        self.act(&scope, case, None, Role::Handler, |case, _| {
            Ok(Deed {
                ..Deed::from(case.disown()?)
            })
        })
        .await
    }

    /// The case behind a link that is good now.
    pub(super) async fn case_link(
        &self,
        token: &Token,
        purpose: Purpose,
    ) -> Result<(CaseId, Scope), Error> {
        let digest = token.digest();
        let link = match self
            .store
            .read(move |conn| links::find(conn, &digest, purpose))
            .await
        {
            Err(StoreError::NotFound) => return Err(Error::Link),
            other => other?,
        };
        match link.case() {
            Some(case) if link.good_at(self.now()) => {
                Ok((case, Scope::of_public(link.controller())))
            }
            _ => Err(Error::Link),
        }
    }

    /// A case number as a person types it, if there is such a case in reach.
    pub async fn by_number(&self, scope: &Scope, typed: &str) -> Result<Vec<CaseId>, Error> {
        let Some(number) = crate::seal::number::tidy(typed) else {
            return Ok(vec![]);
        };
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| cases::by_number(conn, &reach, &number))
            .await?)
    }
}
