//! The entries of the book of law.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::period::{Duty, Sector};
use crate::domain::controller::Authority;
use crate::domain::lang::Lang;
use crate::domain::right::Right;

/// A text in both languages of the house.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

impl Both {
    /// The text in this language.
    pub fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::De => &self.de,
            Lang::En => &self.en,
        }
    }
}

/// A period that the law counts from the end of a calendar year.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyEntry {
    /// Its stable name.
    pub code: Duty,
    /// What is kept.
    pub name: Both,
    /// The provision.
    pub law: Both,
    /// How many calendar years.
    pub years: u8,
    /// How many for banks, insurers and investment firms, where that differs.
    #[serde(default)]
    pub bank: Option<u8>,
    /// What stands in the way even after the last day.
    pub heed: Both,
    /// An older rule that still decides over older records.
    #[serde(default)]
    pub before: Option<Earlier>,
}

/// The rule that was shortened: what was free by its last day stays free; the rest follows the new rule,
/// and nothing becomes free by that before the day after.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// How many calendar years it had.
    pub years: u8,
    /// Its last day.
    pub until: NaiveDate,
    /// The provision on the transition.
    pub law: Both,
}

impl DutyEntry {
    /// How many years count for a sector.
    pub fn years_for(&self, sector: Sector) -> u8 {
        match sector {
            Sector::Bank => self.bank.unwrap_or(self.years),
            Sector::General => self.years,
        }
    }

    /// The older rule, if the sector ever came under the newer one.
    pub fn earlier(&self, sector: Sector) -> Option<&Earlier> {
        self.before
            .as_ref()
            .filter(|before| self.years_for(sector) < before.years)
    }
}

/// What a ground leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The data stay.
    Keep,
    /// The data stay, but are used for nothing else.
    Restrict,
    /// Passages are made illegible.
    Redact,
    /// The wish is not met.
    Refuse,
    /// A fee is charged.
    Fee,
    /// A use that is allowed in spite of a restriction (Art. 18(2) GDPR).
    Use,
}

impl Effect {
    /// Its name in files and forms.
    pub fn code(self) -> &'static str {
        match self {
            Effect::Keep => "keep",
            Effect::Restrict => "restrict",
            Effect::Redact => "redact",
            Effect::Refuse => "refuse",
            Effect::Fee => "fee",
            Effect::Use => "use",
        }
    }
}

/// A ground for a no, for keeping, for a redaction: the provision, for which rights, what must be written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroundEntry {
    /// Its stable name.
    pub code: String,
    /// What the desk calls it, for people who know no provisions by heart.
    #[serde(default)]
    pub short: String,
    /// The provision.
    pub law: Both,
    /// For which rights it can be named.
    pub rights: Vec<Right>,
    /// What it leads to.
    pub effect: Effect,
    /// The period that gives the last day, where one does.
    #[serde(default)]
    pub duty: Option<Duty>,
    /// Whether only public bodies may name it.
    #[serde(default)]
    pub public_bodies: bool,
    /// What must be written down for it.
    pub needs: Both,
    /// A neutral beginning, which the clerk makes into the facts of the case.
    pub text: Both,
}

/// Words by which a text shows its age, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutdatedEntry {
    /// Its stable name.
    pub code: String,
    /// The words, without regard to case.
    pub find: Vec<String>,
    /// What to write instead, and since when.
    pub instead: Both,
}

/// For which controllers an authority is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bodies {
    /// For all of its Land.
    #[default]
    All,
    /// For companies, associations, the self-employed.
    Private,
    /// For public bodies.
    Public,
}

/// A supervisory authority (Art. 51 GDPR, § 40 BDSG).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityEntry {
    /// The two letters of its Land; empty for that of the Federation.
    pub land: String,
    /// For whom it is there.
    #[serde(default)]
    pub bodies: Bodies,
    /// Its name.
    pub name: String,
    /// Its postal address, one line each.
    pub address: Vec<String>,
    /// Its web address.
    pub web: String,
}

impl AuthorityEntry {
    /// As a controller's letters name it.
    pub fn named(&self) -> Authority {
        Authority {
            name: self.name.clone(),
            address: self.address.clone(),
            web: self.web.clone(),
        }
    }
}
