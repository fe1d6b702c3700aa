//! What becomes of each category of data that was found, why, and until when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::decision::{Ground, Remainder};
use super::ids::SystemId;
use super::obstacle::Obstacle;
use super::private::Private;
use super::retention::purge_day;
use super::right::Right;

/// What happens to a category of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// The person gets it (Art. 15(3) GDPR).
    Disclose,
    /// The person gets it without what belongs to others (Art. 15(4) GDPR).
    Redact,
    /// The person does not get it (Art. 15(4) GDPR, § 34 BDSG).
    Withhold,
    /// It goes.
    Erase,
    /// What remains can be tied to nobody any more.
    Anonymise,
    /// It is only stored, until a day or an event (Art. 18 GDPR, § 35(3) BDSG).
    Restrict,
    /// It stays as it is (Art. 17(3) GDPR).
    Keep,
}

impl Treatment {
    /// Every treatment, in the order of a choice list.
    pub const ALL: [Treatment; 7] = [
        Treatment::Disclose,
        Treatment::Redact,
        Treatment::Withhold,
        Treatment::Erase,
        Treatment::Anonymise,
        Treatment::Restrict,
        Treatment::Keep,
    ];

    /// Its name in storage and forms.
    pub fn code(self) -> &'static str {
        match self {
            Treatment::Disclose => "disclose",
            Treatment::Redact => "redact",
            Treatment::Withhold => "withhold",
            Treatment::Erase => "erase",
            Treatment::Anonymise => "anonymise",
            Treatment::Restrict => "restrict",
            Treatment::Keep => "keep",
        }
    }

    /// The treatment of that name.
    pub fn from_code(code: &str) -> Option<Treatment> {
        Treatment::ALL.into_iter().find(|it| it.code() == code)
    }

    /// What can become of a category under this right; the first is the wish met in full.
    pub fn open_to(right: Right) -> &'static [Treatment] {
        match right {
            Right::Access | Right::Portability => {
                &[Treatment::Disclose, Treatment::Redact, Treatment::Withhold]
            }
            Right::Erasure => &[
                Treatment::Erase,
                Treatment::Anonymise,
                Treatment::Restrict,
                Treatment::Keep,
            ],
            _ => &[],
        }
    }

    /// Whether it says what she is given; else how the data end over there.
    pub fn gives(self) -> bool {
        matches!(
            self,
            Treatment::Disclose | Treatment::Redact | Treatment::Withhold
        )
    }

    /// Whether the person is denied something by it, so that it needs a ground (Art. 12(4) GDPR).
    pub fn denies(self) -> bool {
        matches!(
            self,
            Treatment::Redact | Treatment::Withhold | Treatment::Restrict | Treatment::Keep
        )
    }

    /// Whether the data stay, so that a day or an event must end it.
    pub fn stays(self) -> bool {
        matches!(self, Treatment::Restrict | Treatment::Keep)
    }
}

/// What ends it that data stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "ends", content = "with")]
pub enum End {
    /// The last day on which they stay.
    Day(NaiveDate),
    /// An event, in words: "until the invoice is booked".
    Event(String),
}

impl End {
    /// The day, if it is one.
    pub fn day(&self) -> Option<NaiveDate> {
        match self {
            End::Day(day) => Some(*day),
            End::Event(_) => None,
        }
    }
}

/// What becomes of one category of data in one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// In which system.
    pub system: SystemId,
    /// The system's name when it was judged.
    pub name: String,
    /// Which data; empty means all that the system holds.
    pub category: String,
    /// What happens to them.
    pub treatment: Treatment,
    /// Why, where something is denied.
    pub ground: Option<Ground>,
    /// What ends it, where data stay.
    pub end: Option<End>,
    /// How: the way of anonymising and why nobody can be singled out, or who may use restricted data for what.
    pub how: Private<String>,
    /// Where data stay: by which the record is found there again, such as a customer number.
    #[serde(default)]
    pub record: Private<String>,
}

impl Judgement {
    /// What it is about, as lists and letters name it.
    pub fn what(&self) -> String {
        match self.category.trim() {
            "" => self.name.clone(),
            category => format!("{}: {category}", self.name),
        }
    }

    /// What must be written for it to hold.
    ///
    /// # Errors
    /// Nothing explains a no; nothing ends what stays; nothing says how it was made anonymous.
    pub fn complete(&self) -> Result<(), Obstacle> {
        if self.treatment.denies() && self.ground.is_none() {
            return Err(Obstacle::CategoryUngrounded { what: self.what() });
        }
        if self.treatment.stays() && self.end.is_none() {
            return Err(Obstacle::EndLacking { what: self.what() });
        }
        if self.treatment == Treatment::Anonymise && self.how.reveal().trim().is_empty() {
            return Err(Obstacle::HowLacking { what: self.what() });
        }
        Ok(())
    }

    /// Whether the record will be found again once the case file is gone, which is decided on this day and closed
    /// on it at the earliest.
    ///
    /// # Errors
    /// It stays longer than the file, and nothing says whose it is.
    pub fn findable(&self, today: NaiveDate) -> Result<(), Obstacle> {
        let last = self.end.as_ref().and_then(End::day);
        let outlives = last
            .zip(purge_day(today))
            .is_some_and(|(last, gone)| last >= gone);
        match self.treatment.stays() && outlives && self.record.reveal().trim().is_empty() {
            true => Err(Obstacle::RecordLacking { what: self.what() }),
            false => Ok(()),
        }
    }

    /// What stays because of it.
    pub fn remainder(&self) -> Option<Remainder> {
        let ground = self.ground.clone().filter(|_| self.treatment.stays())?;
        Some(Remainder {
            what: self.what(),
            ground,
            until: self.end.as_ref().and_then(End::day),
            event: match &self.end {
                Some(End::Event(event)) => Some(event.clone()),
                _ => None,
            },
            system: Some(self.system),
            restricted: self.treatment == Treatment::Restrict,
            uses: self.how.clone(),
            record: self.record.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(treatment: Treatment) -> Judgement {
        Judgement {
            system: SystemId(7),
            name: "Warenwirtschaft".into(),
            category: "Rechnungen".into(),
            treatment,
            ground: None,
            end: None,
            how: String::new().into(),
            record: String::new().into(),
        }
    }

    #[test]
    fn art_12_4_what_is_denied_of_a_category_needs_its_ground_and_what_stays_its_end() {
        let what = || "Warenwirtschaft: Rechnungen".to_owned();
        for treatment in Treatment::ALL.into_iter().filter(|it| it.denies()) {
            assert_eq!(
                judged(treatment).complete(),
                Err(Obstacle::CategoryUngrounded { what: what() })
            );
        }
        let mut kept = judged(Treatment::Restrict);
        kept.ground = Ground::new("§ 147 AO", "Rechnung vom Mai 2024").ok();
        assert_eq!(kept.complete(), Err(Obstacle::EndLacking { what: what() }));
        kept.end = Some(End::Event("bis gebucht ist".into()));
        assert_eq!(kept.complete(), Ok(()));
        assert_eq!(judged(Treatment::Erase).complete(), Ok(()));
    }

    #[test]
    fn art_17_1_masking_is_not_anonymous_until_somebody_says_how() {
        let mut masked = judged(Treatment::Anonymise);
        assert!(matches!(
            masked.complete(),
            Err(Obstacle::HowLacking { .. })
        ));
        masked.how = "Kennung gelöscht, nur Summen je Monat".to_owned().into();
        assert_eq!(masked.complete(), Ok(()));
    }

    #[test]
    fn art_5_1_e_what_stays_longer_than_the_case_file_says_whose_it_is() {
        let today = "2026-03-02".parse().unwrap();
        let mut kept = judged(Treatment::Restrict);
        let mut until = |day: &str, record: &str| {
            kept.end = Some(End::Day(day.parse().unwrap()));
            kept.record = record.into();
            kept.findable(today)
        };
        let what = "Warenwirtschaft: Rechnungen".to_owned();
        assert_eq!(until("2029-12-31", ""), Ok(()));
        let lacking = Err(Obstacle::RecordLacking { what });
        assert_eq!(until("2030-01-01", ""), lacking);
        assert_eq!(until("2034-12-31", " "), lacking);
        assert_eq!(until("2034-12-31", "Kundennummer 4711"), Ok(()));
        let ground = Ground::new("§ 147 AO", "Rechnung vom Mai 2024");
        kept.ground = ground.ok();
        let rest = kept.remainder().unwrap();
        assert_eq!(rest.record.reveal(), "Kundennummer 4711");
    }

    #[test]
    fn what_stays_is_told_with_its_day_or_its_event() {
        let mut kept = judged(Treatment::Keep);
        kept.ground = Ground::new("Art. 17 Abs. 3 lit. e DSGVO", "offene Klage").ok();
        kept.end = Some(End::Event("bis das Verfahren endet".into()));
        let rest = kept.remainder().unwrap();
        assert_eq!(
            (rest.until, rest.event.as_deref()),
            (None, Some("bis das Verfahren endet"))
        );
        assert_eq!(judged(Treatment::Erase).remainder(), None);
    }
}
