//! A letter to the person that leaves beside the answer and on which something else waits: it was seen before it was
//! released, and it counts from the day on which it left.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::elsewhere::Elsewhere;
use super::event::Event;
use super::fee::Fee;
use super::followup::Followed;
use super::ids::{FileId, MessageId};
use super::interim::Interim;
use super::lifting::Lifting;
use super::obstacle::Obstacle;
use super::private::Private;
use super::right::Right;
use super::scope::Actor;

/// What a letter is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum About {
    /// A restriction will end (Art. 18(3) GDPR).
    Lifting(Lifting),
    /// A fee that would be charged (Art. 12(5), 15(3) GDPR).
    Fee(Fee),
    /// Where the work stands.
    Interim(Interim),
    /// To a person whose data came from elsewhere (Art. 14 GDPR).
    Elsewhere(Elsewhere),
}

impl About {
    /// Its name in forms and in words.
    pub fn code(&self) -> &'static str {
        match self {
            About::Lifting(_) => "lifting",
            About::Fee(_) => "fee",
            About::Interim(_) => "interim",
            About::Elsewhere(_) => "elsewhere",
        }
    }
}

/// The way that a letter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Carrier {
    /// A mail of the outbox.
    Mail {
        /// Which one.
        message: MessageId,
    },
    /// Paper, which a person posts.
    Post {
        /// The letter as printed.
        file: FileId,
    },
}

/// A letter that was released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What it says.
    pub about: About,
    /// When it was released.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// To whom it goes: a mailbox, or a name and an address.
    pub to: Private<String>,
    /// How it goes there.
    pub carrier: Carrier,
    /// The version of the wording that it was printed with.
    pub texts: String,
    /// The day on which it left the house: the mail server took it, or it was posted.
    pub left: Option<NaiveDate>,
}

impl Letter {
    /// What it says of the end of a restriction, if it is about that.
    pub fn lifting(&self) -> Option<&Lifting> {
        match &self.about {
            About::Lifting(it) => Some(it),
            _ => None,
        }
    }

    /// Whether it lies printed on a desk.
    pub fn to_post(&self) -> bool {
        self.left.is_none() && matches!(self.carrier, Carrier::Post { .. })
    }
}

impl Case {
    /// Releases a letter.
    ///
    /// # Errors
    /// What the letter says is not to be said, or not yet.
    pub fn release_letter(&self, letter: Letter, today: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        self.may_say(&letter.about, today)?;
        Ok(vec![Event::LetterReleased {
            letter: Box::new(letter),
        }])
    }

    /// Whether a letter of this content may leave.
    ///
    /// # Errors
    /// What the letter says is not to be said, or not yet.
    pub fn may_say(&self, about: &About, today: NaiveDate) -> Result<(), Obstacle> {
        match about {
            About::Lifting(lifting) => self.may_announce(lifting, today),
            About::Fee(fee) => self.may_tell_fee(fee, today),
            About::Interim(interim) => self.may_report(interim, today),
            About::Elsewhere(notice) => self.may_inform(notice, today),
        }
    }

    /// A printed letter was posted.
    ///
    /// # Errors
    /// No such letter lies on a desk, or the day cannot be.
    pub fn letter_posted(
        &self,
        number: usize,
        on: NaiveDate,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        let letter = number.checked_sub(1).and_then(|at| self.letters.get(at));
        let letter = letter.filter(|it| it.to_post());
        let printed = letter.ok_or(Obstacle::NothingSent)?.at;
        if on > today || on < super::deadline::received_day(printed) {
            return Err(Obstacle::Empty("letter-posted"));
        }
        Ok(vec![Event::LetterPosted { letter: number, on }])
    }

    /// The letters that lie printed, with their numbers from one.
    pub fn letters_to_post(&self) -> impl Iterator<Item = (usize, &Letter)> {
        let numbered = self.letters.iter().enumerate();
        numbered
            .filter(|(_, letter)| letter.to_post())
            .map(|(at, letter)| (at + 1, letter))
    }

    pub(super) fn apply_letter(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::LetterReleased { letter } => self.letters.push((**letter).clone()),
            Event::LetterPosted { letter, on } => {
                let meant = letter
                    .checked_sub(1)
                    .and_then(|at| self.letters.get_mut(at));
                if let Some(letter) = meant {
                    letter.left = Some(*on);
                }
            }
            Event::FeeAnswered { letter, answer } => {
                let meant = letter
                    .checked_sub(1)
                    .and_then(|at| self.letters.get_mut(at));
                if let Some(About::Fee(fee)) = meant.map(|letter| &mut letter.about) {
                    fee.answer = Some(answer.clone());
                }
            }
            Event::MailSent { message } => {
                let mut mailed = self.letters.iter_mut();
                let meant = mailed.find(|it| it.carrier == Carrier::Mail { message: *message });
                if let Some(letter) = meant {
                    let day = super::deadline::received_day(at);
                    letter.left.get_or_insert(day);
                }
            }
            // What came back has told nobody anything.
            Event::MailFailed { message } => {
                let mut mailed = self.letters.iter_mut();
                let meant = mailed.find(|it| it.carrier == Carrier::Mail { message: *message });
                if let Some(letter) = meant {
                    letter.left = None;
                }
            }
            // What was put off is told anew with its new day.
            Event::FollowedUp {
                what,
                followed: Followed::Postponed { .. },
                ..
            } => self.outdate(|it| it.promised.as_ref() == Some(what)),
            Event::Reconsidered {
                right: Right::Restriction,
            } => self.outdate(|_| true),
            _ => {}
        }
    }

    fn outdate(&mut self, which: impl Fn(&Lifting) -> bool) {
        for letter in &mut self.letters {
            if let About::Lifting(lifting) = &mut letter.about {
                lifting.outdated |= which(lifting);
            }
        }
    }
}
