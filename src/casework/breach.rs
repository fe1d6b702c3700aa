//! A breach of security: opened from a case or without one, described, decided and closed; the deciders hear of it at once
//! and ever more urgently (Art. 33, 34 GDPR).

use chrono::{DateTime, Utc};

use super::desk::Outcome;
use super::error::Error;
use super::intake::{Entry, Receipt, Wish};
use super::office::Office;
use super::outbox;
use crate::domain::arrival::Arrival;
use crate::domain::breach::{Breach, BreachStep, Origin};
use crate::domain::deadline::received_day;
use crate::domain::event::Event;
use crate::domain::ids::{CaseId, ClerkId, ControllerId};
use crate::domain::intake::{Channel, OnBehalf, ReplyBy};
use crate::domain::lang::Lang;
use crate::domain::matter::Matter;
use crate::domain::private::Private;
use crate::domain::scope::{Role, Scope};
use crate::seal::chance::Token;
use crate::storage::breaches::{self, BreachLine};
use crate::storage::filing::FileRow;
use crate::storage::{clerks, messages};

/// So many open breaches are looked at; who has more has another worry.
const MOST: i64 = 200;

/// A breach that is reported or found outside of any case.
#[derive(Debug, Clone)]
pub struct Report {
    /// The form's own key; sent twice, it opens once.
    pub form: Token,
    /// Whose breach it is.
    pub controller: ControllerId,
    /// By which way the message came; none: found in the house.
    pub channel: Option<Channel>,
    /// When the house learnt of it.
    pub aware: DateTime<Utc>,
    /// Who reported or found it.
    pub reporter: Private<String>,
    /// Where that one is reached for questions.
    pub contact: Option<Private<String>>,
    /// What happened, as far as it is known.
    pub nature: Private<String>,
    /// What came along.
    pub files: Vec<FileRow>,
}

impl Office {
    /// Opens a breach without a case: somebody reports one, or a clerk found one, and nobody asks for anything. It
    /// becomes a case of its own, whose date is the end of the 72 hours.
    pub async fn open_breach(&self, scope: &Scope, report: Report) -> Result<Receipt, Error> {
        let origin = match report.channel {
            Some(_) => Origin::Message,
            None => Origin::Office,
        };
        let breach = Breach::new(report.aware, self.now(), origin, report.nature.reveal())?;
        let entry = Entry {
            form: report.form,
            controller: report.controller,
            channel: report.channel.unwrap_or(Channel::InPerson),
            received: received_day(report.aware),
            arrival: Arrival::default(),
            matter: Matter::Breach {
                due: received_day(breach.due()),
            },
            confidential: false,
            wish: Wish {
                rights: vec![],
                text: report.nature.reveal().trim().into(),
                lang: Lang::De,
                on_behalf: OnBehalf::Own,
                name: report.reporter,
                data_subject: None,
                email: None,
                address: None,
                hints: report.contact,
                reply_by: ReplyBy::Post,
                copy_first: None,
                shared_mailbox: None,
            },
            files: report.files,
        };
        let opened = Event::Breach {
            number: 1,
            step: BreachStep::Opened {
                breach: Box::new(breach),
            },
        };
        let receipt = self.enter_with(scope, entry, Some(opened)).await?;
        self.remind_of_breaches().await?;
        Ok(receipt)
    }

    /// A message reports a breach, or a clerk noticed one. The 72 hours run from the moment of awareness.
    pub async fn report_breach(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        (aware, origin): (DateTime<Utc>, Origin),
        nature: &str,
    ) -> Result<Outcome, Error> {
        let outcome = self
            .act(scope, case, Some(seen), Role::Handler, |case, moment| {
                let breach = Breach::new(aware, moment.now, origin, nature)?;
                Ok(case.report_breach(breach).into())
            })
            .await?;
        self.remind_of_breaches().await?;
        Ok(outcome)
    }

    /// Writes down what is known of a breach; every clerk may.
    pub async fn describe_breach(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        number: usize,
        report: crate::domain::breach::Report,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, _| {
            let step = BreachStep::Described {
                report: Box::new(report.clone()),
            };
            Ok(case.breach_step(number, step)?.into())
        })
        .await
    }

    /// Decides who is told of a breach, and closes it.
    pub async fn decide_breach(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        number: usize,
        step: BreachStep,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Decider, |case, moment| {
            use crate::domain::breach::Told;
            if let BreachStep::Authority {
                told: Told::Yes { at, .. },
            }
            | BreachStep::Persons {
                told: Told::Yes { at, .. },
            } = &step
                && *at > moment.now
            {
                return Err(crate::domain::obstacle::Obstacle::Empty("told-at").into());
            }
            Ok(case.breach_step(number, step.clone())?.into())
        })
        .await
    }

    /// The open breaches in reach, the most urgent first.
    pub async fn open_breaches(&self, scope: &Scope) -> Result<Vec<BreachLine>, Error> {
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| breaches::open(conn, &reach, MOST))
            .await?)
    }

    /// Promises what the deciders have to be told of now; each step once to each of them.
    pub async fn remind_of_breaches(&self) -> Result<usize, Error> {
        let mut rows = Vec::new();
        for house in self.houses() {
            let scope = Scope::of_house(house.controller.id);
            for line in self.open_breaches(&scope).await? {
                let (case, _, key) = self.open_with_key(&scope, line.case).await?;
                let at = line.which.saturating_sub(1);
                let Some(step) = case
                    .aftermath
                    .breaches
                    .get(at)
                    .and_then(|breach| breach.reminder(self.now()))
                else {
                    continue;
                };
                let id = house.controller.id;
                let staff = self
                    .store
                    .read(move |conn| clerks::present(conn, &[id]))
                    .await?;
                let mut deciders: Vec<Option<ClerkId>> = staff
                    .into_iter()
                    .filter(|(_, _, role)| *role >= Role::Decider)
                    .map(|(clerk, _, _)| Some(clerk.id))
                    .collect();
                if deciders.is_empty() {
                    // Then the fallback address hears it.
                    deciders.push(None);
                }
                for clerk in deciders {
                    let which = (line.which, step);
                    rows.push(outbox::breach_notice(
                        self, house, &case, &key, which, clerk,
                    )?);
                }
            }
        }
        if rows.is_empty() {
            return Ok(0);
        }
        Ok(self
            .store
            .write(move |conn| {
                let mut new = 0;
                for row in &rows {
                    new += usize::from(messages::promise(conn, row)?);
                }
                Ok(new)
            })
            .await?)
    }
}
