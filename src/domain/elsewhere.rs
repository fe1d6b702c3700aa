//! A person whose data came from elsewhere is told of it within a month (Art. 14 GDPR): from where, what for, for how
//! long. It may be noted as owed; then it comes back on its day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::event::Event;
use super::ids::SystemId;
use super::lang::Lang;
use super::letter::{About, Letter};
use super::obstacle::Obstacle;
use super::private::Private;

/// What such a person is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// What was noted as owed, in the words of the note; none if nothing was.
    pub owed: Option<String>,
    /// Who is told; not who asked.
    pub name: Private<String>,
    /// Her postal address, if it goes by post.
    pub address: Private<String>,
    /// Her mailbox, if it goes by mail.
    pub email: Private<String>,
    /// In which language.
    pub lang: Lang,
    /// When the data came.
    pub obtained: NaiveDate,
    /// How that came about.
    pub occasion: Private<String>,
    /// From whom, and whether the source is public.
    pub source: Private<String>,
    /// In which systems they lie: categories, purposes, periods and recipients are those of the register.
    pub systems: Vec<SystemId>,
    /// The legitimate interests, where they are the basis.
    pub interests: Private<String>,
}

/// A notice that is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// By what it is met again; no name.
    pub what: String,
    /// Whom it is owed to, and where she is reached.
    pub whom: Private<String>,
    /// When the data came.
    pub obtained: NaiveDate,
    /// By when she is told at the latest.
    pub due: NaiveDate,
}

fn blank(text: &Private<String>) -> bool {
    text.reveal().trim().is_empty()
}

impl Case {
    /// Whether a person may be told so.
    ///
    /// # Errors
    /// The notice does not say to whom, from where, or about which data.
    pub fn may_inform(&self, notice: &Elsewhere, today: NaiveDate) -> Result<(), Obstacle> {
        if blank(&notice.name) {
            return Err(Obstacle::Empty("art14-name"));
        }
        if blank(&notice.address) && blank(&notice.email) {
            return Err(Obstacle::Empty("art14-address"));
        }
        if !blank(&notice.email) && !notice.email.reveal().contains('@') {
            return Err(Obstacle::Empty("art14-email"));
        }
        if notice.obtained > today {
            return Err(Obstacle::Empty("art14-obtained"));
        }
        if blank(&notice.occasion) {
            return Err(Obstacle::Empty("art14-occasion"));
        }
        if blank(&notice.source) {
            return Err(Obstacle::Empty("art14-source"));
        }
        match notice.systems.is_empty() {
            true => Err(Obstacle::Empty("art14-systems")),
            false => Ok(()),
        }
    }

    /// Notes that such a notice is owed.
    ///
    /// # Errors
    /// Nobody is named, or the day lies ahead.
    pub fn owe(&self, owed: Owed, today: NaiveDate) -> Result<Vec<Event>, Obstacle> {
        if blank(&owed.whom) {
            return Err(Obstacle::Empty("owed-whom"));
        }
        if owed.obtained > today {
            return Err(Obstacle::Empty("owed-obtained"));
        }
        Ok(vec![Event::InformationOwed {
            owed: Box::new(owed),
        }])
    }

    /// The letters by which somebody was told who had been noted.
    pub fn informing_letters(&self, what: &str) -> impl Iterator<Item = &Letter> {
        let of = move |letter: &&Letter| match &letter.about {
            About::Elsewhere(notice) => notice.owed.as_deref() == Some(what),
            _ => false,
        };
        self.letters.iter().filter(of)
    }

    /// The day on which the last of them left.
    pub fn informed(&self, what: &str) -> Option<NaiveDate> {
        let letters = self.informing_letters(what);
        letters.filter_map(|letter| letter.left).last()
    }

    /// What is owed and not sent yet.
    pub fn still_owed(&self) -> impl Iterator<Item = &Owed> {
        let open = |owed: &&Owed| self.informed(&owed.what).is_none();
        self.owed.iter().filter(open)
    }
}

/// Whether what was owed is done: a notice left, from here or from elsewhere.
///
/// # Errors
/// Neither did.
pub fn may_settle(informed: Option<NaiveDate>, on: NaiveDate) -> Result<(), Obstacle> {
    match informed {
        Some(left) if left <= on => Ok(()),
        _ => Err(Obstacle::Empty("informed-before")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::tests::case as opened;
    use crate::domain::right::Right;

    #[test]
    fn art_14_who_is_told_and_from_where_the_data_came_are_named() {
        let case = opened(&[Right::Access], None);
        let today: NaiveDate = "2026-03-04".parse().unwrap();
        let text = |text: &str| Private::from(text.to_owned());
        let whole = Elsewhere {
            owed: None,
            name: text("Nora Nebenan"),
            address: text("Steg 3\n20459 Hamburg"),
            email: text(""),
            lang: Lang::De,
            obtained: today,
            occasion: text("Ein Schreiben nennt Sie."),
            source: text("eine Kundin"),
            systems: vec![SystemId(1)],
            interests: text(""),
        };
        assert_eq!(case.may_inform(&whole, today), Ok(()));
        type Spoil = fn(&mut Elsewhere);
        let spoils: [(Spoil, &str); 5] = [
            (|it| it.name = String::new().into(), "art14-name"),
            (|it| it.address = String::new().into(), "art14-address"),
            (|it| it.source = " ".to_owned().into(), "art14-source"),
            (|it| it.systems.clear(), "art14-systems"),
            (|it| it.email = "nora".to_owned().into(), "art14-email"),
        ];
        for (spoil, field) in spoils {
            let mut notice = whole.clone();
            spoil(&mut notice);
            let lacking = case.may_inform(&notice, today);
            assert_eq!(lacking, Err(Obstacle::Empty(field)));
        }
    }

    #[test]
    fn art_14_what_is_owed_is_settled_only_after_a_notice_left() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let open = Err(Obstacle::Empty("informed-before"));
        assert_eq!(may_settle(None, day("2026-04-01")), open);
        let later = Some(day("2026-04-02"));
        assert_eq!(may_settle(later, day("2026-04-01")), open);
        assert_eq!(may_settle(later, day("2026-04-02")), Ok(()));
    }
}
