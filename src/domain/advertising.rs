//! The one thing that happens without a person at the desk: no more advertising to the very address that asked
//! (Art. 21(3) GDPR). Whose address it is can undo it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::event::Event;
use super::incoming::{Understood, Verdict};
use super::intake::Mailbox;
use super::obstacle::Obstacle;
use super::right::Right;

/// Advertising that was stopped by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvertisingStop {
    /// Since when.
    pub since: NaiveDate,
    /// The day on which the owner of the address took it back.
    #[serde(default)]
    pub undone: Option<NaiveDate>,
}

/// Whether a mail stops advertising by itself: it plainly asks for that, and it came from the very address that is meant.
pub fn stops_by_itself(understood: &Understood, wrote: &[&str]) -> bool {
    let email = understood.email.reveal().trim();
    let same = |it: &&str| it.trim().eq_ignore_ascii_case(email);
    understood.verdict == Verdict::Yes
        && understood.rights.contains(&Right::MarketingObjection)
        && understood.data_subject.is_none()
        && wrote.len() == 1
        && wrote.iter().any(same)
}

impl Case {
    /// Stops advertising to the address of the requester; done before, nothing happens.
    pub fn stop_advertising(&self, today: NaiveDate) -> Vec<Event> {
        let asked = self.item(Right::MarketingObjection).is_some();
        let address = self.requester().is_some_and(|it| it.email.is_some());
        match asked && address && self.advertising.is_none() {
            true => vec![Event::AdvertisingStopped { since: today }],
            false => vec![],
        }
    }

    /// The owner of the address wants it undone. Pressed twice it is done once.
    ///
    /// # Errors
    /// Nothing was stopped by itself here.
    pub fn resume_advertising(&self, today: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        match self.advertising {
            None => Err(Obstacle::LinkSpent),
            Some(AdvertisingStop {
                undone: Some(_), ..
            }) => Ok(vec![]),
            Some(_) => Ok(vec![Event::AdvertisingResumed { on: today }]),
        }
    }

    /// Whether the mailbox may get what is said in this case: it is proven, or the case is about nothing but
    /// advertising to that very address.
    pub fn mailbox_serves(&self) -> bool {
        match self.mailbox {
            Mailbox::Confirmed { .. } => true,
            Mailbox::Unproven => self.only_stops_advertising(),
            Mailbox::None | Mailbox::Disowned { .. } => false,
        }
    }

    /// Whether all that was asked for is no advertising, and that was done by itself: nobody is asked to confirm anything.
    pub fn only_stops_advertising(&self) -> bool {
        let stops = |right: &Right| *right == Right::MarketingObjection;
        self.advertising.is_some() && self.rights().iter().all(stops)
    }

    pub(super) fn apply_advertising(&mut self, event: &Event) {
        match (event, &mut self.advertising) {
            (Event::AdvertisingStopped { since }, stop) => {
                *stop = Some(AdvertisingStop {
                    since: *since,
                    undone: None,
                });
            }
            (Event::AdvertisingResumed { on }, Some(stop)) => {
                stop.undone = Some(*on);
                self.unread = true;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::tests::{case, now};
    use crate::domain::scope::Actor;

    #[test]
    fn art_21_3_only_the_address_that_wrote_is_taken_off_by_itself() {
        let mail = Understood {
            verdict: Verdict::Yes,
            rights: vec![Right::MarketingObjection],
            email: "ida@post.example".to_owned().into(),
            ..Understood::default()
        };
        assert!(stops_by_itself(&mail, &["Ida@Post.example"]));
        assert!(!stops_by_itself(&mail, &["other@post.example"]));
        assert!(!stops_by_itself(
            &mail,
            &["ida@post.example", "other@post.example"]
        ));
        for (doubt, verdict) in [("unclear", Verdict::Unclear), ("no", Verdict::No)] {
            let mail = Understood {
                verdict,
                ..mail.clone()
            };
            assert!(!stops_by_itself(&mail, &["ida@post.example"]), "{doubt}");
        }
        let consent = Understood {
            rights: vec![Right::Withdrawal],
            ..mail.clone()
        };
        assert!(!stops_by_itself(&consent, &["ida@post.example"]));
        let for_another = Understood {
            data_subject: Some("Kind".to_owned().into()),
            ..mail
        };
        assert!(!stops_by_itself(&for_another, &["ida@post.example"]));
    }

    #[test]
    fn art_21_3_a_stop_is_made_once_and_undone_once() {
        let today = now().date_naive();
        let mut lone = case(&[Right::MarketingObjection], None);
        assert!(!lone.mailbox_serves());
        assert!(matches!(
            lone.resume_advertising(today),
            Err(Obstacle::LinkSpent)
        ));
        for event in lone.stop_advertising(today) {
            lone.apply(&event, now(), &Actor::public());
        }
        assert!(lone.mailbox_serves(), "an answer can be sent there");
        assert_eq!(lone.stop_advertising(today), vec![]);
        for event in lone.resume_advertising(today).unwrap() {
            lone.apply(&event, now(), &Actor::public());
        }
        assert_eq!(lone.resume_advertising(today).unwrap(), vec![]);
        assert!(lone.unread);
        let mut both = case(&[Right::MarketingObjection, Right::Access], None);
        for event in both.stop_advertising(today) {
            both.apply(&event, now(), &Actor::public());
        }
        assert!(!both.mailbox_serves(), "the copy needs a proven mailbox");
        assert_eq!(case(&[Right::Access], None).stop_advertising(today), vec![]);
    }
}
