//! Where no machine can be asked, the owner of a system is: a mail with a link of her own, a reminder, a word to the office
//! when nothing comes, and the end of the link with the task.

pub mod visit;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Berlin;

use super::desk::{Deed, Moment, Outcome};
use super::error::Error;
use super::links::CaseLink;
use super::office::{House, Office};
use super::outbox;
use crate::domain::case::Case;
use crate::domain::collection::Task;
use crate::domain::event::Event;
use crate::domain::ids::{CaseId, ControllerId, SystemId};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::owner::Asking;
use crate::domain::private::Private;
use crate::domain::scope::{Role, Scope};
use crate::letters::facts::OwnerFacts;
use crate::seal::Key;
use crate::storage::jobs;
use crate::storage::links::{self, LinkRow, Purpose};
use crate::storage::messages::{self, Body, MessageRow};
use crate::storage::{Conn, StoreError};
use crate::words::dates::{days_left, long_date};
use crate::words::owners as words;

/// The mail with the question.
pub(super) const TASK: &str = "owner_task";
/// The mail that reminds of it.
pub(super) const REMINDER: &str = "owner_reminder";
/// The mail with a code.
pub(super) const CODE: &str = "owner_code";
/// The word to the office when nothing came.
pub(super) const OVERDUE: &str = "notice-owner";

/// Work that is done on a day, if it is still to be done then.
#[derive(Debug, Clone)]
pub(super) struct Errand {
    id: i64,
    kind: &'static str,
    payload: String,
    key: String,
    at: DateTime<Utc>,
}

impl Errand {
    /// Writes it, once.
    pub fn write(&self, conn: &mut Conn) -> Result<(), StoreError> {
        jobs::promise(conn, self.id, self.kind, &self.payload, &self.key, self.at).map(|_| ())
    }
}

/// What follows from a step of a question.
#[derive(Default)]
pub(super) struct Follows {
    /// Mails.
    pub mails: Vec<MessageRow>,
    /// The link of a fresh question.
    pub links: Vec<LinkRow>,
    /// The reminder and the word to the office.
    pub errands: Vec<Errand>,
}

impl Follows {
    /// All of this, too.
    pub fn extend(&mut self, more: Follows) {
        self.mails.extend(more.mails);
        self.links.extend(more.links);
        self.errands.extend(more.errands);
    }

    /// Writes it; what is promised already stays as it is.
    pub fn write(&self, conn: &mut Conn) -> Result<(), StoreError> {
        for row in &self.mails {
            messages::promise(conn, row)?;
        }
        for row in &self.links {
            links::renew(conn, row)?;
        }
        self.errands
            .iter()
            .try_for_each(|errand| errand.write(conn))
    }
}

/// Which question of a case: what its mails, links and errands are known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Which {
    controller: ControllerId,
    case: CaseId,
    system: SystemId,
    number: u32,
}

impl Which {
    fn of(case: &Case, system: SystemId, asking: &Asking) -> Which {
        Which {
            controller: case.controller,
            case: case.id,
            system,
            number: asking.number,
        }
    }

    fn name(self) -> String {
        let Which {
            controller,
            case,
            system,
            number,
        } = self;
        format!("{controller}:{case}:{system}:{number}")
    }

    fn read(text: &str) -> Option<Which> {
        let mut parts = text.split(':');
        let which = Which {
            controller: parts.next()?.parse().ok()?,
            case: parts.next()?.parse().ok()?,
            system: parts.next()?.parse().ok()?,
            number: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(which)
    }
}

/// With the search the owners are asked of all systems that no machine answers for.
pub(super) fn with_questions(moment: &Moment<'_>, case: &Case, events: Vec<Event>) -> Vec<Event> {
    let begun = |event: &Event| matches!(event, Event::SearchBegun { .. });
    if !events.iter().any(begun) {
        return events;
    }
    // What the case knows when the search begins may have come with the same act.
    let (mut then, mut all) = (case.clone(), Vec::with_capacity(events.len()));
    for event in events {
        then.apply(&event, moment.now, &crate::domain::scope::Actor::house());
        let tasks = match &event {
            Event::SearchBegun { tasks } => tasks.clone(),
            _ => vec![],
        };
        all.push(event);
        for task in &tasks {
            if let Some(owner) = &task.owner
                && !moment.office.machine_answers(case.controller, &task.slug)
            {
                // What she cannot look for stays with the clerks.
                all.extend(
                    then.ask_owner(task.system, owner, moment.today)
                        .unwrap_or_default(),
                );
            }
        }
    }
    all
}

/// What must follow an event; `case` is the case after it.
pub(super) fn promised(moment: &Moment<'_>, case: &Case, event: &Event) -> Result<Follows, Error> {
    let mut follows = Follows::default();
    let (Event::OwnerAsked { system, .. }
    | Event::OwnerReminded { system, .. }
    | Event::OwnerOverdue { system, .. }) = event
    else {
        return Ok(follows);
    };
    let task = case.collection.tasks.iter().find(|it| it.system == *system);
    let Some((task, asking)) = task.and_then(|task| Some((task, task.asking.as_ref()?))) else {
        return Ok(follows);
    };
    let which = Which::of(case, *system, asking);
    match event {
        Event::OwnerAsked { .. } => {
            follows
                .mails
                .push(mail(moment, case, (task, asking), TASK, None)?);
            let token = CaseLink::Owner(*system, asking.number).token(moment.key);
            let link = LinkRow::new(
                token.digest(),
                Purpose::Owner,
                case.controller,
                moment.now,
                // It ends with the task; when that is at the latest, the case knows.
                None,
            );
            follows.links.push(link.for_case(case.id));
            let hour = moment.office.manners.digest_hour;
            let errands = [
                ("remind-owner", asking.reminder_on()),
                ("owner-overdue", asking.overdue_on()),
            ];
            follows.errands = errands
                .into_iter()
                .filter_map(|(kind, day)| {
                    Some(Errand {
                        id: moment.office.next_id(),
                        kind,
                        payload: which.name(),
                        key: format!("{kind}:{}", which.name()),
                        at: on_the_morning(day?, hour),
                    })
                })
                .collect();
        }
        Event::OwnerReminded { .. } => {
            follows
                .mails
                .push(mail(moment, case, (task, asking), REMINDER, None)?);
        }
        _ => {
            let mut body = Body::default();
            body.vars.insert("system".into(), system.to_string().into());
            let key = format!("{OVERDUE}:{}", which.name());
            follows
                .mails
                .push(outbox::to_clerk(moment, case, OVERDUE, key, &body)?);
        }
    }
    Ok(follows)
}

/// The links that end with what happened: answered, taken back, asked anew, or the case is over.
pub(super) fn ended(before: &Case, after: &Case, key: &Key) -> Vec<[u8; 32]> {
    let alive = |case: &Case, task: &Task, number: u32| case.asking(task.system, number).is_some();
    before
        .collection
        .tasks
        .iter()
        .filter_map(|task| Some((task, task.asking.as_ref()?.number)))
        .filter(|(task, number)| alive(before, task, *number) && !alive(after, task, *number))
        .map(|(task, number)| CaseLink::Owner(task.system, number).token(key).digest())
        .collect()
}

/// A mail to an owner; what it says stands in the case when it leaves.
fn mail(
    moment: &Moment<'_>,
    case: &Case,
    (task, asking): (&Task, &Asking),
    kind: &str,
    code: Option<&str>,
) -> Result<MessageRow, Error> {
    let mut body = Body {
        to: Some(asking.owner.email.clone()),
        to_name: Some(asking.owner.name.clone()),
        ..Body::default()
    };
    let mut var = |name: &str, text: String| body.vars.insert(name.into(), text.into());
    var("system", task.system.to_string());
    var("number", asking.number.to_string());
    if let Some(code) = code {
        var("code", code.to_owned());
    }
    // A code is asked for as often as it is needed; question and reminder go once.
    let once = code
        .is_none()
        .then(|| format!("{kind}:{}", Which::of(case, task.system, asking).name()));
    outbox::to_owner(moment, case, kind, once, &body)
}

/// The question that a mail to an owner is about, as long as it can be answered.
fn meant<'a>(case: &'a Case, body: &Body) -> Option<(&'a Task, &'a Asking)> {
    let var = |name: &str| body.vars.get(name).map(|text| text.reveal().as_str());
    let system: SystemId = var("system")?.parse().ok()?;
    let asking = case.asking(system, var("number")?.parse().ok()?)?;
    let task = case
        .collection
        .tasks
        .iter()
        .find(|it| it.system == system)?;
    Some((task, asking))
}

/// Whether a mail is one to an owner.
pub(super) fn is_mail(kind: &str) -> bool {
    matches!(kind, TASK | REMINDER | CODE)
}

/// Whether what it asks is settled meanwhile: then it stays in the house.
pub(super) fn is_over(case: Option<&Case>, body: &Body) -> bool {
    case.is_none_or(|case| meant(case, body).is_none())
}

/// What a mail to an owner says: the case's number, the system, the day, and the way in. Nothing of the person.
pub(super) fn facts(
    case: &Case,
    (house, key): (&House, &Key),
    body: &Body,
    today: NaiveDate,
) -> Result<(OwnerFacts, String), Error> {
    let (task, asking) = meant(case, body).ok_or(Error::Fault("a question that nobody asks"))?;
    let link = CaseLink::Owner(task.system, asking.number);
    let link = link.url(key, &house.controller.public_url);
    let facts = OwnerFacts {
        system: task.name.clone(),
        due: long_date(asking.due, Lang::De),
        left: days_left(today, asking.due, Lang::De),
    };
    Ok((facts, link.reveal().clone()))
}

/// What a notice that nothing came is headed by.
pub(super) fn silence(case: &Case, system: &str) -> Option<String> {
    let system: SystemId = system.parse().ok()?;
    let task = case
        .collection
        .tasks
        .iter()
        .find(|it| it.system == system)?;
    Some(words::silent(&task.name))
}

/// This hour of this day in Germany; where the clocks skip it, the hour as it stands.
fn on_the_morning(day: NaiveDate, hour: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour.min(23), 0, 0).unwrap_or_default();
    let local = day.and_time(time);
    match Berlin.from_local_datetime(&local).earliest() {
        Some(moment) => moment.with_timezone(&Utc),
        None => Utc.from_utc_datetime(&local),
    }
}

/// Who can be asked about a system of a case, for the page.
#[derive(Debug, Clone)]
pub struct Askable {
    /// Which system.
    pub system: SystemId,
    /// Whom.
    pub whom: Private<String>,
}

impl Office {
    /// Whether every connection to a system looks by itself, and there is one.
    pub(super) fn machine_answers(&self, controller: ControllerId, slug: &str) -> bool {
        let mut all = self
            .connected_to(controller)
            .filter(|connected| connected.system == slug)
            .peekable();
        all.peek().is_some() && all.all(super::connected::Connected::looks_by_itself)
    }

    /// The systems of a case for which the register names an owner now.
    ///
    /// # Errors
    /// Of the store.
    pub async fn askable(&self, scope: &Scope, case: &Case) -> Result<Vec<Askable>, Error> {
        let systems = self.systems(scope, case.controller).await?;
        let tasks = &case.collection.tasks;
        let owned = systems
            .iter()
            .filter(|system| tasks.iter().any(|task| task.system == system.id));
        Ok(owned
            .filter_map(|system| {
                Some(Askable {
                    system: system.id,
                    whom: words::whom(&system.who_answers()?).into(),
                })
            })
            .collect())
    }

    /// Asks the owner of a system, whom the register names now; asked before, she gets a fresh link.
    ///
    /// # Errors
    /// An [`Obstacle`]; the register names nobody.
    pub async fn ask_owner(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        system: SystemId,
    ) -> Result<Outcome, Error> {
        let controller = self.controller_of(scope, case).await?;
        scope.demand(controller, Role::Handler)?;
        let systems = self.systems(scope, controller).await?;
        let known = systems.iter().find(|it| it.id == system);
        let owner = known
            .and_then(crate::domain::register::System::who_answers)
            .ok_or(Obstacle::OwnerUnknown)?;
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            Ok(case.ask_owner(system, &owner, moment.today)?.into())
        })
        .await
    }

    /// Takes a question to an owner back; its link opens nothing any more.
    ///
    /// # Errors
    /// An [`Obstacle`].
    pub async fn end_question(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        system: SystemId,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, _| {
            Ok(case.end_question(system)?.into())
        })
        .await
    }

    /// Reminds an owner, as it was promised when she was asked; done twice it is done once.
    ///
    /// # Errors
    /// Of the store.
    pub async fn remind_owner(&self, payload: &str) -> Result<(), Error> {
        self.errand(payload, Case::remind_owner).await
    }

    /// Tells the office that an owner has not answered.
    ///
    /// # Errors
    /// Of the store.
    pub async fn tell_of_silence(&self, payload: &str) -> Result<(), Error> {
        self.errand(payload, Case::owner_overdue).await
    }

    async fn errand(
        &self,
        payload: &str,
        step: fn(&Case, SystemId, u32, NaiveDate) -> Vec<Event>,
    ) -> Result<(), Error> {
        let which = Which::read(payload).ok_or(Error::Fault("which question?"))?;
        let scope = Scope::of_house(which.controller);
        let done = self.act(&scope, which.case, None, Role::Handler, |case, moment| {
            Ok(Deed::from(step(
                case,
                which.system,
                which.number,
                moment.today,
            )))
        });
        match done.await {
            // The case is gone, or its controller is not served here any more.
            Err(Error::NotFound) => Ok(()),
            other => other.map(|_| ()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_known_by_its_name_and_nothing_else_is() {
        let which = Which {
            controller: ControllerId(1),
            case: CaseId(41),
            system: SystemId(7),
            number: 2,
        };
        assert_eq!(Which::read(&which.name()), Some(which));
        for wrong in ["", "1:41:7", "1:41:7:2:3", "1:a:7:2"] {
            assert_eq!(Which::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_morning_is_that_of_germany() {
        let winter = on_the_morning("2026-03-02".parse().unwrap(), 7);
        assert_eq!(winter.to_rfc3339(), "2026-03-02T06:00:00+00:00");
        let summer = on_the_morning("2026-07-02".parse().unwrap(), 7);
        assert_eq!(summer.to_rfc3339(), "2026-07-02T05:00:00+00:00");
    }
}
