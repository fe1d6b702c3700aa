//! What became of a message of ours, as others tell: it came back for good, it waits, an absent person's program answered.
//! Only who names the message is believed: by its id, or by the address that it alone was sent from.

use super::belonging::{answered, bracketed, tokens};
use crate::casework::desk::Settlement;
use crate::casework::error::Error;
use crate::casework::office::{House, Office};
use crate::casework::outbox::About;
use crate::domain::event::Event;
use crate::domain::ids::CaseId;
use crate::domain::scope::Scope;
use crate::reading::message::Message;
use crate::storage::messages::{self, MessageRow, MessageState};

/// Before the status code of a report; what stands in the way of a message that came back.
const CAME_BACK: &str = "came back";
/// What is said of a message that left and lies with a server on the way, which tries on.
pub const DELAYED: &str = "delayed";
/// What is said of a message that left and was answered by a program: somebody is away, or a ticket was drawn.
pub const ANSWERED: &str = "answered-by-machine";

/// What a report says.
enum Said {
    /// It came back; the status code.
    Failed(String),
    /// It waits on the way.
    Waits,
    /// It arrived, or nothing of weight.
    Nothing,
}

fn said(report: &Message) -> Said {
    let of = |action: &str| report.reports.iter().find(|it| it.action == action);
    let code = |status: &str| -> String {
        let plain = status
            .chars()
            .filter(|it| it.is_ascii_digit() || *it == '.');
        plain.take(12).collect()
    };
    match (of("failed"), of("delayed")) {
        (Some(failed), _) => Said::Failed(code(&failed.status)),
        (None, Some(_)) => Said::Waits,
        // Old servers tell it in words alone.
        (None, None) if report.reports.iter().all(|it| it.action.is_empty()) => {
            Said::Failed(String::new())
        }
        (None, None) => Said::Nothing,
    }
}

impl Office {
    /// Notes in the case what a report says of one of our messages; the case, if there is one.
    pub(super) async fn fate(
        &self,
        house: &House,
        report: &Message,
    ) -> Result<Option<CaseId>, Error> {
        let about = report.reports.iter().filter_map(|it| it.about.as_ref());
        let returned = report
            .returned
            .iter()
            .filter_map(|it| it.message_id.as_ref());
        let mut ids: Vec<String> = about.chain(returned).map(|id| bracketed(id)).collect();
        ids.extend(tokens(report));
        let Some(row) = self.ours(house, ids).await? else {
            return Ok(None);
        };
        // What did not leave cannot have come back; a second report is no news.
        if row.state()? != MessageState::Sent {
            return Ok(row.case());
        }
        match said(report) {
            Said::Failed(code) => self.came_back(house, &row, &code).await?,
            Said::Waits => self.remark(&row, DELAYED).await?,
            Said::Nothing => {}
        }
        Ok(row.case())
    }

    /// Notes that a program answered one of our messages; the case, if there is one.
    pub(super) async fn machine_answered(
        &self,
        house: &House,
        answer: &Message,
    ) -> Result<Option<CaseId>, Error> {
        let mut ids = tokens(answer);
        ids.extend(answered(answer));
        let Some(row) = self.ours(house, ids).await? else {
            return Ok(None);
        };
        if row.state()? == MessageState::Sent {
            self.remark(&row, ANSWERED).await?;
        }
        Ok(row.case())
    }

    async fn remark(&self, row: &MessageRow, what: &'static str) -> Result<(), Error> {
        let id = row.id();
        Ok(self
            .store
            .write(move |conn| messages::remark(conn, id, what))
            .await?)
    }

    async fn came_back(&self, house: &House, row: &MessageRow, code: &str) -> Result<(), Error> {
        let key = match row.case() {
            Some(case) => {
                let scope = Scope::of_house(house.controller.id);
                self.open_with_key(&scope, case).await?.2
            }
            None => row.house_key(&house.keys)?,
        };
        let settled = Settlement {
            id: row.id(),
            state: MessageState::Failed,
            next_at: None,
            trouble: format!("{CAME_BACK} {code}").trim_end().to_owned(),
        };
        let about = About::of(row, &row.open(&key)?);
        let event = Event::MailFailed { message: row.id() };
        self.tell_case(&about, settled, event).await
    }
}
