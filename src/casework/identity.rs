//! Who is it? Recording the proof, asking for one, reminding, and ending what nobody can be told.

mod code;
mod papers;
mod shown;

use chrono::{Days, NaiveDate, TimeDelta};

pub use papers::Brought;
pub(super) use papers::{end, ending, reminder};
pub use shown::{Means, ProofPage};

use super::desk::{Deed, Moment, Outcome};
use super::error::Error;
use super::office::Office;
use super::outbox;
use super::reading::COPY_ASKED;
use crate::domain::case::Case;
use crate::domain::deadline::{ASK_WITHIN_DAYS, Demand, PauseKind};
use crate::domain::event::Event;
use crate::domain::identity::{
    Ask, Finding, Fit, Gravity, Habit, KEEP_DAYS, Method, Proposal, Unidentified,
};
use crate::domain::ids::{CaseId, ControllerId, FileId};
use crate::domain::obstacle::Obstacle;
use crate::domain::register::System;
use crate::domain::right::Right;
use crate::domain::scope::{Actor, Role, Scope};
use crate::domain::stage::Stage;
use crate::domain::unsent::Unsent;
use crate::seal::index::Token as Sought;
use crate::storage::cases::{self, Cursor, Filter};
use crate::storage::filing::FileRow;
use crate::storage::{filing, search};
use crate::words::{obstacles, proof};

/// Cases that are due since so many days, or later, are recent.
const RECENT_DAYS: u64 = 60;
/// So many cases are looked through at a time.
const PORTION: i64 = 200;
const KIND: Option<PauseKind> = Some(PauseKind::Identity);

/// A question for a proof.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// What is asked, and why.
    pub ask: Ask,
    /// What would suffice, in words of the clerk's own beside the usual ones.
    pub suffices: String,
}

/// What the page of a proof needs beside the case.
#[derive(Debug, Clone)]
pub struct Advice {
    /// The weakest method that suffices, to recognise her by.
    pub proposal: Proposal,
    /// The weakest that a question can ask for.
    pub question: Proposal,
    /// Every offered method, and what it is here.
    pub ladder: Vec<(Method, Fit)>,
    /// Whether a question today is late.
    pub late: bool,
    /// Whether a question today can still stop the clock.
    pub may_pause: bool,
    /// The names of the systems in which an address can stand.
    pub systems: Vec<String>,
}

impl Office {
    /// What is in proportion in this case.
    pub async fn advise(
        &self,
        scope: &Scope,
        case: &Case,
        gravity: Gravity,
    ) -> Result<Advice, Error> {
        let systems = self.systems(scope, case.controller).await?;
        let offered = &self.house(case.controller)?.controller.proof.methods;
        let today = self.today();
        let last = case
            .intake
            .received
            .checked_add_days(Days::new(ASK_WITHIN_DAYS));
        Ok(Advice {
            proposal: case.propose(&systems, offered, gravity),
            question: case.propose_question(&systems, offered, gravity),
            ladder: case.ladder(&systems, offered, gravity),
            late: case.asks_late(today, &self.calendar).unwrap_or(true),
            may_pause: last.is_some_and(|last| today <= last),
            systems: systems
                .iter()
                .filter(|system| system.holds_nothing.is_none())
                .map(|system| system.name.clone())
                .collect(),
        })
    }

    /// Whether a question to the person goes by mail; else it is printed.
    pub fn asks_by_mail(&self, case: &Case) -> bool {
        self.house(case.controller)
            .is_ok_and(|house| outbox::may_mail(house, case) == Ok(true))
    }

    /// Records what was found out about the person's identity; the search begins when it is she. The clock runs
    /// from the day on which the proof came, and runs as well when it did not suffice and nothing more is asked.
    pub async fn weigh_identity(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        finding: Finding,
    ) -> Result<Outcome, Error> {
        let controller = self.controller_of(scope, case).await?;
        let systems = self.systems(scope, controller).await?;
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let events = case.weigh_identity(finding.clone(), &systems, moment.today)?;
            let arrived = finding.arrived.or_else(|| first_given(case));
            let on = arrived.unwrap_or(moment.today);
            Ok(and_on_it_runs(case, moment, events, on)?.into())
        })
        .await
    }

    /// Asks the person for a proof, by mail where there is an address, else by a letter that is printed here; the
    /// clock rests from the day on which it leaves, if all guards hold.
    pub async fn ask_identity(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        question: Question,
    ) -> Result<Outcome, Error> {
        let (known, _, key) = self.open_with_key(scope, case).await?;
        let systems = self.systems(scope, known.controller).await?;
        let house = self.house(known.controller)?;
        let habit = self.habit(scope, &known, &question.ask.doubt).await?;
        let means = proof::means(
            &question.ask.means,
            &question.ask.keys,
            known.intake.lang,
            house.controller.form,
            &question.suffices,
        );
        let by_mail = outbox::may_mail(house, &known)?;
        let paper = match by_mail {
            true => None,
            false => {
                let facts = papers::demand(house, &known, &key, self.today(), &question, &means);
                Some(self.paper(house, &known, "identity_demand", &facts).await?)
            }
        };
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let (today, calendar) = (moment.today, &moment.office.calendar);
            let offered = &moment.house.controller.proof.methods;
            let mut deed = Deed::from(case.ask_identity(
                &question.ask,
                &systems,
                offered,
                habit,
                (today, calendar),
            )?);
            let demand = demand(case, &question.ask, &means, case.intake.received);
            // Said now, not when it has left: that a guard does not hold.
            if let Some(demand) = &demand {
                case.pause(demand.clone().on(today), today, calendar)?;
                if by_mail && !moment.house.has_post {
                    return Err(Obstacle::NoMailServer.into());
                }
            }
            let written = Written {
                ask: &question.ask,
                means: &means,
                demand,
                answered: None,
            };
            put(&mut deed, moment, case, written, paper.as_ref())?;
            Ok(deed)
        })
        .await
    }

    /// What came is not enough, and what is missing is asked for at once: the clock goes on resting only then.
    pub async fn ask_again(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        missing: &str,
        arrived: Option<NaiveDate>,
    ) -> Result<Outcome, Error> {
        let (known, _, key) = self.open_with_key(scope, case).await?;
        let house = self.house(known.controller)?;
        let (lang, form) = (known.intake.lang, house.controller.form);
        let asked = known.question().cloned();
        let (methods, keys) = asked
            .map(|asked| (asked.means, asked.keys))
            .unwrap_or_default();
        let means = proof::means(&methods, &keys, lang, form, "");
        let question = Question {
            ask: Ask {
                means: methods,
                keys,
                doubt: missing.trim().to_owned(),
                pause: known.waiting(KIND).next().is_some(),
                ..Ask::default()
            },
            suffices: String::new(),
        };
        let by_mail = outbox::may_mail(house, &known)?;
        let paper = match by_mail || missing.trim().is_empty() {
            true => None,
            false => {
                let facts = papers::demand(house, &known, &key, self.today(), &question, &means);
                Some(self.paper(house, &known, "identity_demand", &facts).await?)
            }
        };
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let events = case.ask_again(missing, moment.today)?;
            let on = arrived
                .or_else(|| first_given(case))
                .unwrap_or(moment.today);
            // Left lying for a week it was no question at once any more: the clock runs since the answer came.
            let at_once = on.checked_add_days(Days::new(ASK_WITHIN_DAYS)) >= Some(moment.today);
            // Nor does it rest on for a letter that nobody has posted yet: it rests again from its posting.
            let leaves = by_mail && moment.house.has_post;
            let events = match at_once && leaves {
                true => events,
                false => and_on_it_runs(case, moment, events, on)?,
            };
            let mut deed = Deed::from(events);
            let mut ask = question.ask.clone();
            ask.pause &= at_once;
            let written = Written {
                demand: demand(case, &ask, &means, on),
                ask: &ask,
                means: &means,
                answered: (ask.pause && leaves).then_some(on),
            };
            put(&mut deed, moment, case, written, paper.as_ref())?;
            Ok(deed)
        })
        .await
    }

    /// The printed question was posted on this day; if it was to stop the clock, the clock rests from there.
    pub async fn question_posted(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        on: NaiveDate,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let mut events = case.question_posted(on, moment.today)?;
            if let Some(question) = case.question_to_post() {
                events.extend(rested(case, moment, question, on)?);
            }
            Ok(events.into())
        })
        .await
    }

    /// Reminds the person of the question, once.
    pub async fn remind_identity(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: Option<i64>,
    ) -> Result<Outcome, Error> {
        let (known, _, key) = self.open_with_key(scope, case).await?;
        let house = self.house(known.controller)?;
        let by_mail = outbox::may_mail(house, &known)?;
        let paper = match by_mail || known.remind(None, self.today()).is_err() {
            true => None,
            false => {
                let facts = reminder(house, &known, &key, self.today());
                Some(
                    self.paper(house, &known, "identity_reminder", &facts)
                        .await?,
                )
            }
        };
        self.act(scope, case, seen, Role::Handler, |case, moment| {
            let row = match by_mail {
                true => Some(outbox::to_asker(moment, case, "identity-reminder")?),
                false => None,
            };
            let message = row.as_ref().map(|row| row.id());
            let mut deed = Deed::from(case.remind(message, moment.today)?);
            deed.messages.extend(row);
            if let Some(paper) = &paper {
                deed.events.push(made("identity_reminder", paper.id()));
                deed.files.push(paper.clone());
            }
            Ok(deed)
        })
        .await
    }

    /// Ends what cannot be answered because nobody knows who it is; the letter with reasons and remedies leaves with it.
    pub async fn not_identified(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        (cause, because): (Unidentified, &str),
    ) -> Result<Outcome, Error> {
        let (known, _, key) = self.open_with_key(scope, case).await?;
        let house = self.house(known.controller)?;
        let by_mail = outbox::may_mail(house, &known)?;
        let stem = ending(cause);
        // Before anything is printed: whether it may end at all.
        known.not_identified(cause, because, None, self.today())?;
        let paper = match by_mail {
            true => None,
            false => {
                let facts = end(house, &known, &key, self.today(), because);
                Some(self.paper(house, &known, stem, &facts).await?)
            }
        };
        self.act(scope, case, Some(seen), Role::Decider, |case, moment| {
            let row = match by_mail {
                true => Some(outbox::not_identified(moment, case, cause, because)?),
                false => None,
            };
            if row.is_some() && !moment.house.has_post {
                return Err(Obstacle::NoMailServer.into());
            }
            let message = row.as_ref().map(|row| row.id());
            let mut deed =
                Deed::from(case.not_identified(cause, because, message, moment.today)?);
            deed.messages.extend(row);
            if let Some(paper) = &paper {
                deed.events.push(made(stem, paper.id()));
                deed.files.push(paper.clone());
            }
            Ok(deed)
        })
        .await
    }

    /// Begins the search without a proof; only where no right of the case waits for one.
    pub async fn begin_search(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
    ) -> Result<Outcome, Error> {
        let controller = self.controller_of(scope, case).await?;
        let systems = self.systems(scope, controller).await?;
        self.act(scope, case, Some(seen), Role::Handler, |case, _| {
            if case
                .rights()
                .into_iter()
                .any(|right| !Right::never_waits(right))
            {
                case.may_be_searched()?;
            }
            Ok(case.begin_search(&systems)?.into())
        })
        .await
    }

    /// Destroys one file of the person that nobody asked for and nobody needs.
    pub async fn destroy_file(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        (file, because): (FileId, &str),
    ) -> Result<Outcome, Error> {
        let reach = scope.clone();
        let row = self
            .store
            .read(move |conn| filing::load(conn, &reach, file))
            .await?;
        // What the office itself printed or found is no paper of the person.
        if row.case() != Some(case) || !["attachment", "note", "proof"].contains(&row.purpose()) {
            return Err(Error::NotFound);
        }
        self.act(scope, case, Some(seen), Role::Handler, |case, _| {
            Ok(case.destroy_file(file, because)?.into())
        })
        .await
    }

    // ---- what comes by itself

    /// Reminds everybody who was asked two weeks ago and gave no answer. Whom no mail reaches, a clerk is told of.
    pub async fn remind_of_proofs(&self) -> Result<usize, Error> {
        let mut reminded = 0;
        for (controller, id) in self.waiting_for_proof().await? {
            let scope = Scope::of_house(controller);
            let house = self.house(controller)?;
            let (case, _) = self.open(&scope, id).await?;
            let after = house.controller.proof.remind_after;
            let mail = house.has_post && matches!(outbox::may_mail(house, &case), Ok(true));
            if !mail || !case.reminder_due(after, self.today()) {
                continue;
            }
            match self.remind_identity(&scope, id, None).await {
                Ok(_) => reminded += 1,
                Err(Error::Obstacle(why)) => {
                    tracing::warn!(case = %id, why = why.code(), "nobody could be reminded of a proof");
                }
                Err(other) => return Err(other),
            }
        }
        Ok(reminded)
    }

    /// Whether a clerk has to look: what has to be closed, or reminded of by letter.
    pub(super) async fn proof_wants_a_clerk(
        &self,
        controller: ControllerId,
        id: CaseId,
    ) -> Result<bool, Error> {
        let (case, _) = self.open(&Scope::of_house(controller), id).await?;
        let house = self.house(controller)?;
        let mail = house.has_post && matches!(outbox::may_mail(house, &case), Ok(true));
        let after = house.controller.proof.remind_after;
        let today = self.today();
        Ok(case.closing_due(today) || (!mail && case.reminder_due(after, today)))
    }

    async fn waiting_for_proof(&self) -> Result<Vec<(ControllerId, CaseId)>, Error> {
        let mut found = Vec::new();
        let lists = self
            .houses()
            .iter()
            .flat_map(|house| [false, true].map(|apart| (house, apart)));
        for (house, apart) in lists {
            let scope = Scope::of_house(house.controller.id);
            let mut after: Option<Cursor> = None;
            loop {
                let reach = scope.clone();
                let filter = Filter {
                    stage: Some(Stage::Identity),
                    apart,
                    ..Filter::default()
                };
                let lines = self
                    .store
                    .read(move |conn| cases::page(conn, &reach, &filter, after, PORTION))
                    .await?;
                if lines.is_empty() {
                    break;
                }
                for line in lines {
                    let line = line.unopened()?;
                    after = Some(Cursor {
                        due: line.due,
                        id: line.id,
                    });
                    found.push((line.controller, line.id));
                }
            }
        }
        Ok(found)
    }

    /// Destroys what persons brought and nobody weighed within two weeks.
    pub async fn clear_proofs(&self) -> Result<usize, Error> {
        let mut cleared = 0;
        let days = TimeDelta::days(i64::try_from(KEEP_DAYS).unwrap_or(14));
        // A day more is looked at than is cleared: the domain counts days, the rows count hours.
        let before = self.now() - days + TimeDelta::days(1);
        for house in self.houses() {
            let (scope, controller) = (Scope::of_house(house.controller.id), house.controller.id);
            let ids = self
                .store
                .read(move |conn| filing::with_proofs_before(conn, controller, before))
                .await?;
            for id in ids {
                let done = self
                    .act(&scope, id, None, Role::Admin, |case, moment| {
                        Ok(case.clear_proofs(moment.today).into())
                    })
                    .await?;
                cleared += usize::from(done.changed);
            }
        }
        Ok(cleared)
    }

    /// What the office did in its other cases of late.
    async fn habit(&self, scope: &Scope, case: &Case, doubt: &str) -> Result<Habit, Error> {
        let index = &self.house(case.controller)?.index;
        let since = self.today().checked_sub_days(Days::new(RECENT_DAYS));
        let others = async |sought: Sought| -> Result<usize, Error> {
            let (reach, controller) = (scope.clone(), case.controller);
            let after = since.map(|due| Cursor { due, id: CaseId(0) });
            let found = self
                .store
                .read(move |conn| search::find(conn, &reach, controller, &[sought], after, PORTION))
                .await?;
            Ok(found.iter().filter(|(_, id)| *id != case.id).count())
        };
        Ok(Habit {
            same_doubt: others(index.words_token(doubt)).await?,
            copies: others(index.words_token(COPY_ASKED)).await?,
        })
    }
}

fn made(letter: &str, file: FileId) -> Event {
    Event::LetterMade {
        letter: letter.to_owned(),
        file,
    }
}

/// A question as it was written.
struct Written<'a> {
    ask: &'a Ask,
    means: &'a [String],
    demand: Option<Demand>,
    answered: Option<NaiveDate>,
}

/// What stops the clock once the question leaves, if it shall.
fn demand(case: &Case, ask: &Ask, means: &[String], cause: NaiveDate) -> Option<Demand> {
    ask.pause.then(|| Demand {
        kind: PauseKind::Identity,
        asked: cause,
        cause,
        doubt: ask.doubt.clone(),
        suffices: means.join("\n"),
        // The ladder has said so, or the clerk gave a reason.
        proportionate: true,
        never_waits: case.items.iter().all(|item| item.right.never_waits()),
    })
}

/// Puts a question into the outbox, or on the desk as a letter. Until it leaves it stops no clock.
fn put(
    deed: &mut Deed,
    moment: &Moment<'_>,
    case: &Case,
    written: Written<'_>,
    paper: Option<&FileRow>,
) -> Result<(), Error> {
    let (kind, today) = (PauseKind::Identity, moment.today);
    let unsent = match paper {
        Some(paper) => {
            deed.events.push(made("identity_demand", paper.id()));
            deed.files.push(paper.clone());
            Unsent::printed(kind, paper.id(), today)
        }
        None => {
            let copy = written.ask.means.contains(&Method::BlackenedCopy);
            let row = outbox::identity_demand(moment, case, written.ask, written.means, copy)?;
            deed.events.push(Event::Said { message: row.id() });
            let has_post = moment.house.has_post;
            let unsent = Unsent::mailed(kind, row.id(), today, has_post);
            deed.messages.push(row);
            unsent
        }
    };
    deed.events.push(Event::QuestionWritten {
        question: Box::new(Unsent {
            demand: written.demand,
            answered: written.answered,
            ..unsent
        }),
    });
    Ok(())
}

/// The clock rests from the day on which a question left. If a guard does not hold after all, a note says so.
pub(super) fn rested(
    case: &Case,
    moment: &Moment<'_>,
    question: &Unsent,
    on: NaiveDate,
) -> Result<Vec<Event>, Error> {
    match case.rest_for(question, on, moment.today, &moment.office.calendar) {
        Ok(events) => Ok(events),
        Err(why) => Ok(case.note(&obstacles::not_paused(&why), vec![])?),
    }
}

/// The day on which the first of what lies here came: the office's own delay is no part of a pause.
fn first_given(case: &Case) -> Option<NaiveDate> {
    case.proof.given.iter().map(|given| given.on).min()
}

/// The clock runs on from this day, if it stood for a proof.
fn and_on_it_runs(
    case: &Case,
    moment: &Moment<'_>,
    mut events: Vec<Event>,
    on: NaiveDate,
) -> Result<Vec<Event>, Error> {
    let mut then = case.clone();
    for event in &events {
        then.apply(event, moment.now, &Actor::house());
    }
    if then.closed.is_none() && then.waiting(KIND).next().is_some() {
        events.extend(then.resume(KIND, on, moment.today, &moment.office.calendar)?);
    }
    Ok(events)
}

/// The systems that a code or a proof starts the search in.
async fn systems_of(
    office: &Office,
    scope: &Scope,
    controller: ControllerId,
) -> Result<Vec<System>, Error> {
    office.systems(scope, controller).await
}
