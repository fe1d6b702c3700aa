//! Who writes for whom, when it really came, and who may see it.

use chrono::NaiveDate;

use super::desk::{Deed, Outcome};
use super::error::Error;
use super::office::Office;
use super::slips::{self, How, Slip};
use crate::domain::event::Event;
use crate::domain::ids::CaseId;
use crate::domain::misdirection::WhyNot;
use crate::domain::scope::{Role, Scope};
use crate::domain::standing::Standing;

impl Office {
    /// Records by what right somebody writes, or what shows it.
    pub async fn set_standing(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        standing: Standing,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, _| {
            Ok(case.set_standing(standing.clone())?.into())
        })
        .await
    }

    /// Puts the day of receipt right; the old one stays visible.
    pub async fn correct_receipt(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        received: NaiveDate,
        because: &str,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Decider, |case, moment| {
            let calendar = &moment.office.calendar;
            Ok(case
                .correct_receipt(received, because, moment.today, calendar)?
                .into())
        })
        .await
    }

    /// Closes the case to all but who decides, or opens it to all again. Who may not see it gives it back.
    pub async fn set_confidential(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        confidential: bool,
    ) -> Result<Outcome, Error> {
        let controller = self.controller_of(scope, id).await?;
        let deciders = self.assignable(scope, controller, Role::Decider).await?;
        self.act(scope, id, Some(seen), Role::Decider, |case, _| {
            let mut events = case.set_confidential(confidential);
            let blind = |clerk: &_| !deciders.iter().any(|decider| decider.id == *clerk);
            if confidential && case.assignee.as_ref().is_some_and(blind) {
                events.push(Event::Assigned { to: None });
            }
            Ok(events.into())
        })
        .await
    }

    /// Closes what is not for us. A short letter says so without telling anything, unless there is a reason against.
    pub async fn misdirected(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        (why, note): (WhyNot, &str),
        how: How,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Decider, |case, moment| {
            let (told, row) = slips::tell(moment, case, &Slip::NotForUs(why), &how)?;
            let mut events = case.misdirected(why, note, told, moment.today)?;
            events.splice(0..0, slips::said(row.as_ref()));
            Ok(Deed {
                messages: row.into_iter().collect(),
                ..Deed::from(events)
            })
        })
        .await
    }

    /// Rejects a power of attorney without its original, at once and with a reason; the clock runs on.
    pub async fn reject_mandate(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        because: &str,
        cause: NaiveDate,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Decider, |case, moment| {
            let calendar = &moment.office.calendar;
            let mut events = case.reject_mandate(because, cause, moment.today, calendar)?;
            // Where no mail may go, the sheet is printed and posted the same day.
            let row = match slips::writable(case) {
                true => {
                    let slip = Slip::MandateRejected(because.trim().to_owned());
                    Some(slips::mail(moment, case, &slip)?)
                }
                false => None,
            };
            events.extend(slips::said(row.as_ref()));
            Ok(Deed {
                messages: row.into_iter().collect(),
                ..Deed::from(events)
            })
        })
        .await
    }

    /// The data protection officer was asked about an authority's letter.
    pub async fn ask_officer(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        on: NaiveDate,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            Ok(case.ask_officer(on, moment.today)?.into())
        })
        .await
    }

    /// An authority was answered; what was sent lies with the case.
    pub async fn answer_authority(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        (on, note): (NaiveDate, &str),
        files: Vec<super::FileRow>,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Decider, |case, moment| {
            let officer = moment.house.controller.officer.is_some();
            let mut events = case.answer_authority(on, note, officer, moment.today)?;
            if !files.is_empty() {
                let ids = files.iter().map(super::FileRow::id).collect();
                let at = events.len().saturating_sub(1);
                events.splice(at..at, case.note("", ids)?);
            }
            Ok(Deed {
                files: files.clone(),
                ..Deed::from(events)
            })
        })
        .await
    }
}
