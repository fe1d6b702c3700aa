//! How the book of law is written down, and what every book must hold.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;

use super::entry::{AuthorityEntry, Both, DutyEntry, GroundEntry, OutdatedEntry};
use super::period::Duty;
use super::{LawBook, plain};
use crate::domain::calendar::Land;

/// Why a book cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LawError {
    /// It cannot be read; the reader says where.
    #[error("book of law: {0}")]
    Unreadable(String),
    /// An entry that every book needs.
    #[error("book of law: {0} is missing")]
    Missing(String),
    /// Two entries of one name.
    #[error("book of law: '{0}' is there twice")]
    Twice(String),
    /// An entry without one of its texts.
    #[error("book of law: '{0}' lacks a text in German or English")]
    Wordless(String),
    /// A duty whose years make no sense.
    #[error("book of law: '{0}' has no years between 1 and 100")]
    Years(&'static str),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    version: String,
    as_of: NaiveDate,
    #[serde(default)]
    duty: Vec<DutyEntry>,
    #[serde(default)]
    ground: Vec<GroundEntry>,
    #[serde(default)]
    outdated: Vec<OutdatedEntry>,
    #[serde(default)]
    countries: Countries,
    #[serde(default)]
    authority: Vec<AuthorityEntry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Countries {
    #[serde(default)]
    eea: Vec<String>,
    #[serde(default)]
    adequate: Vec<String>,
    #[serde(default)]
    and: Vec<String>,
}

pub(super) fn read(text: &str) -> Result<LawBook, LawError> {
    let whole: Whole =
        toml::from_str(text).map_err(|error| LawError::Unreadable(error.to_string()))?;
    if whole.version.trim().is_empty() {
        return Err(LawError::Missing(String::from("the version")));
    }
    duties(&whole.duty)?;
    let mut codes = BTreeSet::new();
    for ground in &whole.ground {
        alone(&mut codes, &ground.code)?;
        worded(&ground.code, &[&ground.law, &ground.needs, &ground.text])?;
        if ground.rights.is_empty() {
            return Err(LawError::Missing(format!("a right for '{}'", ground.code)));
        }
    }
    let mut codes = BTreeSet::new();
    for entry in &whole.outdated {
        alone(&mut codes, &entry.code)?;
        worded(&entry.code, &[&entry.instead])?;
        if entry.find.is_empty() || entry.find.iter().any(|find| plain(find).is_empty()) {
            return Err(LawError::Missing(format!("a word for '{}'", entry.code)));
        }
    }
    for entry in &whole.authority {
        let known = entry.land.is_empty() || Land::ALL.iter().any(|land| land.code() == entry.land);
        if !known {
            return Err(LawError::Missing(format!("a Land called '{}'", entry.land)));
        }
        if entry.name.trim().is_empty() || entry.address.is_empty() {
            return Err(LawError::Missing(format!(
                "name or address of the authority of '{}'",
                entry.land
            )));
        }
    }
    Ok(LawBook {
        version: whole.version,
        as_of: whole.as_of,
        duties: whole.duty,
        grounds: whole.ground,
        outdated: whole.outdated,
        eea: whole.countries.eea,
        adequate: whole.countries.adequate,
        and: whole.countries.and,
        authorities: whole.authority,
    })
}

/// Every duty once, with years that make sense.
fn duties(entries: &[DutyEntry]) -> Result<(), LawError> {
    let mut codes = BTreeSet::new();
    for entry in entries {
        alone(&mut codes, entry.code.code())?;
        worded(entry.code.code(), &[&entry.name, &entry.law, &entry.heed])?;
        let earlier = entry.before.as_ref().map(|before| before.years);
        let sensible = [Some(entry.years), entry.bank, earlier]
            .into_iter()
            .flatten()
            .all(|years| (1..=100).contains(&years));
        if !sensible {
            return Err(LawError::Years(entry.code.code()));
        }
    }
    match Duty::ALL
        .into_iter()
        .find(|duty| !codes.contains(duty.code()))
    {
        Some(absent) => Err(LawError::Missing(format!("the duty '{}'", absent.code()))),
        None => Ok(()),
    }
}

fn alone(codes: &mut BTreeSet<String>, code: &str) -> Result<(), LawError> {
    if codes.insert(code.to_owned()) {
        Ok(())
    } else {
        Err(LawError::Twice(code.to_owned()))
    }
}

fn worded(code: &str, texts: &[&Both]) -> Result<(), LawError> {
    let whole = |text: &&Both| !text.de.trim().is_empty() && !text.en.trim().is_empty();
    if texts.iter().all(whole) {
        Ok(())
    } else {
        Err(LawError::Wordless(code.to_owned()))
    }
}
