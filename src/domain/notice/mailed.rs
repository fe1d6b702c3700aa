//! Telling a recipient by mail: whether that may be, and how the mail fares.

use chrono::NaiveDate;

use super::{Notice, Told, mailable, told_event};
use crate::domain::aftermath::reopened;
use crate::domain::case::Case;
use crate::domain::event::Event;
use crate::domain::ids::MessageId;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;

impl Case {
    /// Whether a recipient can be told by mail now. `special` says that special categories of data are meant
    /// (Art. 9 GDPR): of those an open mail says nothing.
    pub fn may_mail(&self, number: usize, to: &str, special: bool) -> Result<&Notice, Obstacle> {
        self.must_be_open()?;
        let notice = self.notice(number)?;
        if !notice.open() || notice.underway() {
            return Err(Obstacle::UnknownTask);
        }
        match (special, mailable(to.trim())) {
            (true, _) => Err(Obstacle::SpecialByMail),
            (false, false) => Err(Obstacle::Empty("told-to")),
            (false, true) => Ok(notice),
        }
    }

    /// A mail to a recipient was put into the outbox.
    pub fn mails(&self, number: usize, to: &str, message: MessageId) -> Vec<Event> {
        let to = to.trim().into();
        told_event(number, Told::Underway { message, to })
    }

    /// A mail left the house; if it was one to a recipient, that one is told.
    pub fn recipient_reached(&self, message: MessageId, on: NaiveDate) -> Vec<Event> {
        self.fared(message, |to| Told::Mailed { on, message, to })
    }

    /// A mail failed for good; if it was one to a recipient, that one has to be told in another way.
    pub fn recipient_missed(&self, message: MessageId, on: NaiveDate) -> Vec<Event> {
        self.fared(message, |to| Told::Returned { on, message, to })
    }

    fn fared(&self, mail: MessageId, told: impl Fn(Private<String>) -> Told) -> Vec<Event> {
        let found = self.notices.iter().enumerate().find_map(|(at, notice)| {
            let (Told::Underway { message, to } | Told::Returned { message, to, .. }) =
                &notice.told
            else {
                return None;
            };
            (*message == mail).then(|| (at + 1, told(to.clone())))
        });
        match found {
            // What could not be delivered a second time is no news.
            Some((number, told))
                if self.notices.get(number - 1).map(|it| &it.told) != Some(&told) =>
            {
                told_event(number, told)
            }
            _ => vec![],
        }
    }

    /// A mail to a recipient came back after the mail server had taken it.
    ///
    /// # Errors
    /// There is no such task.
    pub fn recipient_returned(
        &self,
        mail: MessageId,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        let of = |it: &Notice| matches!(&it.told, Told::Mailed { message, .. } if *message == mail);
        match self.notices.iter().position(of) {
            Some(at) => self.recipient_bounced(at + 1, today),
            None => Ok(vec![]),
        }
    }

    /// A clerk says that a mail to a recipient came back. A closed case is taken up again by it.
    pub fn recipient_bounced(
        &self,
        number: usize,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        let Told::Mailed { message, to, .. } = &self.notice(number)?.told else {
            return Err(Obstacle::UnknownTask);
        };
        let mut events = self.opened_again(reopened::RECIPIENT);
        events.extend(told_event(
            number,
            Told::Returned {
                on: today,
                message: *message,
                to: to.clone(),
            },
        ));
        Ok(events)
    }
}
