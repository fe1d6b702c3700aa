//! What a mail server reports of a message of ours: that it came back for good, or waits. Only a report that names the
//! Message-ID is believed, and only of a message that had left.

use super::belonging::bracketed;
use crate::casework::desk::Settlement;
use crate::casework::error::Error;
use crate::casework::office::{House, Office};
use crate::casework::outbox::About;
use crate::domain::event::Event;
use crate::domain::ids::CaseId;
use crate::reading::message::Message;
use crate::storage::messages::{self, MessageState};

/// Before the status code of a report; what stands in the way of a message that came back.
const CAME_BACK: &str = "came back";

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
        let ids: Vec<String> = about.chain(returned).map(|id| bracketed(id)).collect();
        let controller = house.controller.id;
        let found = self
            .store
            .read(move |conn| messages::named(conn, controller, &ids))
            .await?;
        let Some(row) = found else {
            return Ok(None);
        };
        let failed = report.reports.iter().find(|it| it.action == "failed");
        // A report that says only that it waits changes nothing: the server tries on and reports again.
        let Some(failed) = failed.filter(|_| row.state().ok() == Some(MessageState::Sent)) else {
            return Ok(row.case());
        };
        let code: String = failed
            .status
            .chars()
            .filter(|it| it.is_ascii_digit() || *it == '.')
            .take(12)
            .collect();
        let key = match row.case() {
            Some(case) => {
                let scope = crate::domain::scope::Scope::of_house(controller);
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
        let about = About::of(&row, &row.open(&key)?);
        let event = Event::MailFailed { message: row.id() };
        self.tell_case(&about, settled, event).await?;
        Ok(row.case())
    }
}
