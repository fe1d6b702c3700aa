//! Looking things up: the queue, the search, a case with its timeline. Each list opens only what it shows.

use chrono::{DateTime, Utc};

use super::error::Error;
use super::links::CaseLink;
use super::office::Office;
use crate::domain::case::Case;
use crate::domain::delivery::Way;
use crate::domain::ids::{CaseId, ControllerId, FileId, IncomingId, MessageId};
use crate::domain::intake::{Mailbox, ReplyBy};
use crate::domain::item::ItemState;
use crate::domain::lang::Lang;
use crate::domain::private::Private;
use crate::domain::scope::Scope;
use crate::domain::stage::{Stage, Turn};
use crate::seal::chance;
use crate::seal::index::{Index, Kind, Token};
use crate::storage::cases::{self, Cursor, Filter, Line};
use crate::storage::clerks::{self, Clerk, Look};
use crate::storage::events::{self, Happened};
use crate::storage::filing;
use crate::storage::incoming;
use crate::storage::links::{self, Purpose};
use crate::storage::messages::{self, Body, MessageRow, MessageState};
use crate::storage::search;

/// More mails of one case are not linked from it; each can be found on the pile.
const MAILS: i64 = 500;

/// The tokens under which a case is found: names with their beginnings, addresses. Its number stands in
/// a column of its own.
pub(super) fn tokens(index: &Index, case: &Case) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(8);
    for party in &case.parties {
        tokens.extend(index.name_tokens(party.name.reveal()));
        tokens.extend(
            party
                .email
                .as_ref()
                .map(|email| index.email_token(email.reveal())),
        );
    }
    // By its words a doubt is met again in another case: a routine is no doubt (Art. 5(1)(c) GDPR).
    let proof = &case.proof;
    tokens.extend(
        proof
            .doubts
            .iter()
            .map(|doubt| index.words_token(doubt.reveal())),
    );
    tokens.extend(proof.copy.then(|| index.words_token(COPY_ASKED)));
    Token::merge(tokens)
}

/// Under these words the cases stand in which a copy of a document was asked for.
pub(super) const COPY_ASKED: &str = "proof copy asked";

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// A message as the case shows it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Which one.
    pub id: MessageId,
    /// What it is.
    pub kind: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// How far it is.
    pub state: MessageState,
    /// What went wrong last; a short text without personal data.
    pub trouble: String,
    /// When it is tried next.
    pub next_at: Option<DateTime<Utc>>,
    /// Whether it goes to staff.
    pub to_staff: bool,
    /// What it says.
    pub body: Body,
}

/// A file as the case shows it.
#[derive(Debug, Clone)]
pub struct Filed {
    /// Which one.
    pub id: FileId,
    /// Its name.
    pub name: Private<String>,
    /// Bytes.
    pub size: u64,
    /// What it is for; a code.
    pub purpose: String,
    /// Its media type, as claimed.
    pub media_type: String,
    /// The mail of which it is the original.
    pub mail: Option<IncomingId>,
}

/// Everything that the page of a case shows.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// The case.
    pub case: Case,
    /// How often it was changed.
    pub revision: i64,
    /// What happened, the oldest first.
    pub timeline: Vec<Happened>,
    /// What was said.
    pub messages: Vec<Shown>,
    /// What lies with it.
    pub files: Vec<Filed>,
}

/// The four stages that the person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicStage {
    /// It is here.
    Received,
    /// Somebody works on it.
    InProgress,
    /// We wait for the person.
    NeedsYou,
    /// The answer was given.
    Answered,
}

/// What the status page shows, and nothing more.
#[derive(Debug, Clone)]
pub struct Status {
    /// Whose.
    pub controller: ControllerId,
    /// The case's number.
    pub number: String,
    /// The language of the case.
    pub lang: Lang,
    /// Day of receipt.
    pub received: chrono::NaiveDate,
    /// By when the person hears from us.
    pub due: chrono::NaiveDate,
    /// Where it stands.
    pub stage: PublicStage,
    /// Whether it ended because nobody knew who wrote; an answer takes it up again.
    pub ended: bool,
    /// When it was answered.
    pub answered: Option<chrono::NaiveDate>,
    /// Whether the mailbox waits to be confirmed.
    pub unproven: bool,
    /// The date that held before it was extended.
    pub extended_from: Option<chrono::NaiveDate>,
    /// What we ask the person: since when, and why.
    pub question: Option<(chrono::NaiveDate, Private<String>)>,
    /// The path of the latest answer that lies ready.
    pub answer: Option<String>,
    /// The mailbox that the person gave: whole within the first hour, so that a slip of the pen is seen, and
    /// nearly hidden from then on.
    pub mailbox: Option<Private<String>>,
}

/// So long after sending the person sees her whole address again.
const JUST_SENT: i64 = 60;

/// An address of which only its owner knows the whole: `m…@example.org`.
pub fn masked(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((name, domain)) => {
            format!("{}…@{domain}", name.chars().take(1).collect::<String>())
        }
        None => "…".to_owned(),
    }
}

impl Office {
    /// A page of the queue.
    pub async fn queue(
        &self,
        scope: &Scope,
        filter: Filter,
        after: Option<Cursor>,
        size: usize,
    ) -> Result<Page, Error> {
        let reach = scope.clone();
        let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
        let rows = self
            .store
            .read(move |conn| cases::page(conn, &reach, &filter, after, limit))
            .await?;
        self.page_of(rows, size)
    }

    fn page_of(&self, rows: Vec<cases::LineRow>, size: usize) -> Result<Page, Error> {
        let more = rows.len() > size;
        let mut lines = Vec::with_capacity(size.min(rows.len()));
        for row in rows.into_iter().take(size) {
            let house = self.house(row.controller())?;
            lines.push(row.open(&house.keys)?);
        }
        let next = lines.last().filter(|_| more).map(|line| Cursor {
            due: line.due,
            id: line.id,
        });
        Ok(Page { lines, next })
    }

    /// How many lines a filter has, at most `cap`.
    pub async fn count(&self, scope: &Scope, filter: Filter, cap: i64) -> Result<i64, Error> {
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| cases::count(conn, &reach, &filter, cap))
            .await?)
    }

    /// How many lines each of these filters has, at most `cap` each.
    pub async fn counts(
        &self,
        scope: &Scope,
        filters: Vec<Filter>,
        cap: i64,
    ) -> Result<Vec<i64>, Error> {
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| {
                filters
                    .iter()
                    .map(|filter| cases::count(conn, &reach, filter, cap))
                    .collect()
            })
            .await?)
    }

    /// How many messages lie with a person, come in or not sent, at most `cap` of each.
    pub async fn waiting(&self, scope: &Scope, cap: i64) -> Result<usize, Error> {
        let reach = scope.clone();
        let unsent = self
            .store
            .read(move |conn| messages::count_in_trouble(conn, &reach, cap))
            .await?;
        Ok(unsent + self.mails_waiting(scope, cap).await?)
    }

    /// Finds cases by name or its beginning, by e-mail address, or by number; by date due.
    pub async fn find(
        &self,
        scope: &Scope,
        typed: &str,
        after: Option<Cursor>,
        size: usize,
    ) -> Result<Page, Error> {
        let typed = typed.trim().to_owned();
        if let Some(number) = crate::seal::number::tidy(&typed) {
            let reach = scope.clone();
            let rows = self
                .store
                .read(move |conn| {
                    let ids = cases::by_number(conn, &reach, &number)?;
                    cases::lines(conn, &reach, &ids)
                })
                .await?;
            return self.page_of(rows, size);
        }
        let kind = if typed.contains('@') {
            Kind::Email
        } else {
            Kind::Name
        };
        let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
        let mut wanted = Vec::new();
        for house in self
            .houses()
            .iter()
            .filter(|house| scope.covers(house.controller.id))
        {
            wanted.push((house.controller.id, house.index.sought(kind, &typed)));
        }
        let reach = scope.clone();
        let rows = self
            .store
            .read(move |conn| {
                let mut found = Vec::new();
                for (controller, sought) in &wanted {
                    found.extend(search::find(
                        conn,
                        &reach,
                        *controller,
                        sought,
                        after,
                        limit,
                    )?);
                }
                found.sort_unstable();
                found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
                let ids: Vec<CaseId> = found.into_iter().map(|(_, id)| id).collect();
                cases::lines(conn, &reach, &ids)
            })
            .await?;
        self.page_of(rows, size)
    }

    /// Everything that the page of a case shows.
    pub async fn case_file(&self, scope: &Scope, id: CaseId) -> Result<CaseFile, Error> {
        let (case, revision, key) = self.open_with_key(scope, id).await?;
        let house = self.house(case.controller)?;
        let reach = scope.clone();
        let (happened, said, filed, mails) = self
            .store
            .read(move |conn| {
                Ok((
                    events::timeline(conn, &reach, id)?,
                    messages::of_case(conn, &reach, id)?,
                    filing::of_case(conn, &reach, id)?,
                    incoming::of_case(conn, id, MAILS)?,
                ))
            })
            .await?;
        let mut timeline = Vec::with_capacity(happened.len());
        for row in happened {
            timeline.extend(row.open(&key)?);
        }
        let mut shown = Vec::with_capacity(said.len());
        for row in said {
            let mut body = row.open(&key)?;
            // What waits for a mail server can be read all the same.
            if let Err(error) = self
                .print_into(&mut body, &row, house, Some(&case), &key)
                .await
            {
                tracing::error!(message = %row.id(), %error, "a message cannot be printed");
            }
            shown.push(shown_message(&row, body)?);
        }
        let mut files = Vec::with_capacity(filed.len());
        for row in filed {
            files.push(Filed {
                id: row.id(),
                name: row.name(&house.keys)?,
                size: row.size(),
                purpose: row.purpose().to_owned(),
                media_type: row.media_type().to_owned(),
                mail: mails
                    .iter()
                    .find(|mail| mail.file() == Some(row.id()))
                    .map(|mail| mail.id()),
            });
        }
        Ok(CaseFile {
            case,
            revision,
            timeline,
            messages: shown,
            files,
        })
    }

    /// What the status page shows.
    pub async fn status(&self, token: &chance::Token) -> Result<Status, Error> {
        let (id, scope) = self.case_link(token, Purpose::Status).await?;
        let (case, _, key) = self.open_with_key(&scope, id).await?;
        let answered = case.items.iter().find_map(|item| match &item.state {
            ItemState::Sent { on, .. } | ItemState::Done { on, .. } => Some(*on),
            _ => None,
        });
        let ended = case.closed.is_some() && case.question().is_some();
        let stage = match (case.stage(), case.turn()) {
            _ if ended => PublicStage::NeedsYou,
            (Stage::Done, _) => PublicStage::Answered,
            (Stage::Delivery, _) if answered.is_some() => PublicStage::Answered,
            (Stage::Identity, Turn::Person) => PublicStage::NeedsYou,
            (Stage::New, _) if case.assignee.is_none() => PublicStage::Received,
            _ => PublicStage::InProgress,
        };
        Ok(Status {
            controller: case.controller,
            number: case.number.clone(),
            lang: case.intake.lang,
            received: case.intake.received,
            due: case.due(),
            stage,
            ended,
            answered,
            unproven: matches!(case.mailbox, Mailbox::Unproven),
            extended_from: {
                let deadline = &case.clock().deadline;
                let first = deadline.paused_due.unwrap_or(deadline.due);
                deadline.extension.is_some().then_some(first)
            },
            question: case
                .question()
                .filter(|_| stage == PublicStage::NeedsYou)
                .map(|asked| (asked.on, asked.doubt.clone())),
            answer: case
                .answers
                .iter()
                .enumerate()
                .rev()
                .filter(|_| stage == PublicStage::Answered)
                .find(|(_, answer)| answer.released().way == Way::Portal)
                .map(|(at, _)| CaseLink::Answer(at + 1).path(&key)),
            mailbox: case
                .requester()
                .and_then(|party| party.email.as_ref())
                .filter(|_| case.intake.reply_by == ReplyBy::Portal)
                .map(|email| {
                    let fresh = self.now() - case.intake.recorded_at
                        < chrono::TimeDelta::minutes(JUST_SENT);
                    if fresh {
                        email.clone()
                    } else {
                        masked(email.reveal()).into()
                    }
                }),
        })
    }

    /// The person ends the status link.
    pub async fn revoke_status(&self, token: &chance::Token) -> Result<(), Error> {
        let (case, scope) = self.case_link(token, Purpose::Status).await?;
        let controller = *scope.controllers().first().ok_or(Error::NotFound)?;
        let noted = self.noted(&scope, controller, "status.revoked", &case.to_string());
        let (digest, now) = (token.digest(), self.now());
        Ok(self
            .store
            .write(move |conn| {
                links::revoke(conn, &digest, now)?;
                events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?)
    }

    /// The clerk ends all links of a case, for instance after something went to the wrong person.
    pub async fn revoke_links(&self, scope: &Scope, id: CaseId) -> Result<(), Error> {
        let (case, _) = self.open(scope, id).await?;
        scope.demand(case.controller, crate::domain::scope::Role::Handler)?;
        let now = self.now();
        let noted = self.noted(scope, case.controller, "links.revoked", &id.to_string());
        Ok(self
            .store
            .write(move |conn| {
                for purpose in [
                    Purpose::Status,
                    Purpose::Answer,
                    Purpose::Mailbox,
                    Purpose::Proof,
                    Purpose::Pass,
                ] {
                    links::revoke_of_case(conn, id, purpose, now)?;
                }
                events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?)
    }

    /// The address of the status page, for a clerk who writes a letter; none once it was ended.
    pub async fn status_url(
        &self,
        scope: &Scope,
        id: CaseId,
    ) -> Result<Option<Private<String>>, Error> {
        let (case, _, key) = self.open_with_key(scope, id).await?;
        let digest = CaseLink::Status.token(&key).digest();
        let link = self
            .store
            .read(move |conn| links::find(conn, &digest, Purpose::Status))
            .await?;
        let base = &self.house(case.controller)?.controller.public_url;
        Ok(link
            .good_at(self.now())
            .then(|| CaseLink::Status.url(&key, base)))
    }

    /// Messages that lie with a person: failed for good, or held because there is no mail server.
    pub async fn troubled(
        &self,
        scope: &Scope,
        limit: i64,
    ) -> Result<Vec<(Shown, Option<CaseId>)>, Error> {
        let reach = scope.clone();
        let rows = self
            .store
            .read(move |conn| messages::in_trouble(conn, &reach, limit))
            .await?;
        let mut troubled = Vec::with_capacity(rows.len());
        for row in rows {
            troubled.push((shown_message(&row, Body::default())?, row.case()));
        }
        Ok(troubled)
    }

    /// The names behind clerks and actors, for showing.
    pub async fn colleagues(&self) -> Result<Vec<Clerk>, Error> {
        Ok(self.store.read(clerks::all).await?)
    }

    /// Notes in the access log that a clerk saw a page with personal data.
    pub async fn note_look(
        &self,
        scope: &Scope,
        case: Option<&Case>,
        page: &str,
    ) -> Result<(), Error> {
        let controller = match case {
            Some(case) => case.controller,
            None => match scope.controllers().first() {
                Some(controller) => *controller,
                None => return Ok(()),
            },
        };
        let case = case.map(|case| case.id);
        self.note_look_at(scope, (controller, case), page).await
    }

    /// The same for what may lie in no case: it is noted with the controller that it belongs to.
    pub async fn note_look_at(
        &self,
        scope: &Scope,
        (controller, case): (ControllerId, Option<CaseId>),
        page: &str,
    ) -> Result<(), Error> {
        let Some(clerk) = scope.clerk() else {
            return Ok(());
        };
        let look = Look {
            at: self.now(),
            clerk,
            controller,
            case,
            page: page.to_owned(),
        };
        let id = self.next_id();
        Ok(self
            .store
            .write(move |conn| clerks::note_look(conn, id, &look))
            .await?)
    }
}

fn shown_message(row: &MessageRow, mut body: Body) -> Result<Shown, Error> {
    if row.state()? != MessageState::Received {
        body.text = without_tokens(body.text.reveal()).into();
    }
    if matches!(row.state()?, MessageState::Sent | MessageState::InFlight) {
        body.html = None;
        body.vars.clear();
    }
    Ok(Shown {
        id: row.id(),
        kind: row.kind().to_owned(),
        at: row.created_at(),
        state: row.state()?,
        trouble: row.trouble().to_owned(),
        next_at: row.next_at(),
        to_staff: row.kind().starts_with("notice-")
            || super::owners::is_mail(row.kind())
            || row.kind() == "digest",
        body,
    })
}

/// The text without the secrets of its links: what proves the person's mailbox is for her eyes alone.
fn without_tokens(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = [
        "/confirm/",
        "/disown/",
        "/advertising/",
        "/status/",
        "/answer/",
        "/task/",
    ]
    .into_iter()
    .filter_map(|page| rest.find(page).map(|at| at + page.len()))
    .min()
    {
        let (before, after) = rest.split_at(at);
        let end = after
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
            .unwrap_or(after.len());
        masked.push_str(before);
        masked.push('…');
        rest = after.split_at(end).1;
    }
    masked.push_str(rest);
    masked
}

#[cfg(test)]
mod tests {
    use super::without_tokens;

    #[test]
    fn a_sent_mail_is_shown_without_the_secrets_of_its_links() {
        let text = "Hier: https://a.example/confirm/Lc8zRAsclIf6wnhmBL7N4Q\nund https://a.example/status/x-_9.\n";
        assert_eq!(
            without_tokens(text),
            "Hier: https://a.example/confirm/…\nund https://a.example/status/….\n"
        );
        assert_eq!(without_tokens("ohne Link"), "ohne Link");
    }
}
