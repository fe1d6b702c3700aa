//! The place whose public holidays count: a Land, and in it the municipality where that matters.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Calendar;

/// One of the sixteen Länder; holidays are their law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Land {
    /// DE-BB
    Brandenburg,
    /// DE-BE
    Berlin,
    /// DE-BW
    BadenWuerttemberg,
    /// DE-BY
    Bavaria,
    /// DE-HB
    Bremen,
    /// DE-HE
    Hesse,
    /// DE-HH
    Hamburg,
    /// DE-MV
    MecklenburgVorpommern,
    /// DE-NI
    LowerSaxony,
    /// DE-NW
    NorthRhineWestphalia,
    /// DE-RP
    RhinelandPalatinate,
    /// DE-SH
    SchleswigHolstein,
    /// DE-SL
    Saarland,
    /// DE-SN
    Saxony,
    /// DE-ST
    SaxonyAnhalt,
    /// DE-TH
    Thuringia,
}

impl Land {
    /// All Länder in the order of their codes.
    pub const ALL: [Land; 16] = [
        Land::Brandenburg,
        Land::Berlin,
        Land::BadenWuerttemberg,
        Land::Bavaria,
        Land::Bremen,
        Land::Hesse,
        Land::Hamburg,
        Land::MecklenburgVorpommern,
        Land::LowerSaxony,
        Land::NorthRhineWestphalia,
        Land::RhinelandPalatinate,
        Land::SchleswigHolstein,
        Land::Saarland,
        Land::Saxony,
        Land::SaxonyAnhalt,
        Land::Thuringia,
    ];

    /// The two letters of ISO 3166-2 after `DE-`.
    pub fn code(self) -> &'static str {
        match self {
            Land::Brandenburg => "BB",
            Land::Berlin => "BE",
            Land::BadenWuerttemberg => "BW",
            Land::Bavaria => "BY",
            Land::Bremen => "HB",
            Land::Hesse => "HE",
            Land::Hamburg => "HH",
            Land::MecklenburgVorpommern => "MV",
            Land::LowerSaxony => "NI",
            Land::NorthRhineWestphalia => "NW",
            Land::RhinelandPalatinate => "RP",
            Land::SchleswigHolstein => "SH",
            Land::Saarland => "SL",
            Land::Saxony => "SN",
            Land::SaxonyAnhalt => "ST",
            Land::Thuringia => "TH",
        }
    }
}

/// Where the answer is owed: all of Germany (`DE`), a Land (`DE-BY`) or municipalities in it
/// (`DE-BY+mariae-himmelfahrt`). Stored and shown in this spelling.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Place {
    land: Option<Land>,
    parts: Vec<String>,
}

/// Why a place cannot be used; says what exists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// The spelling is none of `DE`, `DE-XX`, `DE-XX+name`.
    #[error("place '{0}' is not written like DE, DE-BY or DE-BY+augsburg")]
    Malformed(String),
    /// No such Land.
    #[error("unknown Land '{given}'; there are {known}")]
    UnknownLand {
        /// What was written.
        given: String,
        /// All that would be understood.
        known: String,
    },
    /// The table has no holidays of its own for this municipality.
    #[error("unknown municipality '{given}' in DE-{land}; {known}")]
    UnknownPart {
        /// The code of the Land.
        land: &'static str,
        /// What was written.
        given: String,
        /// All that would be understood there.
        known: String,
    },
}

impl Place {
    /// Reads a place and checks it against the table that is shipped. A place of an own table is
    /// read with [`Calendar::place`].
    ///
    /// # Errors
    /// A spelling, Land or municipality that is not known, with a list of those that are.
    pub fn parse(text: &str) -> Result<Place, PlaceError> {
        Calendar::shipped().place(text)
    }

    /// All of Germany: only the days that are holidays everywhere count.
    pub fn nationwide() -> Place {
        Place {
            land: None,
            parts: Vec::new(),
        }
    }

    /// A whole Land without municipal days.
    pub fn of(land: Land) -> Place {
        Place {
            land: Some(land),
            parts: Vec::new(),
        }
    }

    /// The Land, unless the place is all of Germany.
    pub fn land(&self) -> Option<Land> {
        self.land
    }

    /// The municipal additions, sorted.
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// Whether a holiday of `self` is kept at `at`: `DE` covers all, a Land its municipalities.
    pub(super) fn covers(&self, at: &Place) -> bool {
        match self.land {
            None => true,
            land => land == at.land && self.parts.iter().all(|part| at.parts.contains(part)),
        }
    }

    /// Reads the spelling and the Land; municipalities are left to a table.
    pub(super) fn written(text: &str) -> Result<Place, PlaceError> {
        let malformed = || PlaceError::Malformed(text.to_owned());
        let (head, tail) = match text.trim().split_once('+') {
            Some((head, tail)) => (head, Some(tail)),
            None => (text.trim(), None),
        };
        let head = head.trim().to_ascii_uppercase();
        let land = match head.strip_prefix("DE") {
            Some("") => None,
            Some(rest) => {
                let code = rest.strip_prefix('-').ok_or_else(malformed)?;
                let land = Land::ALL.into_iter().find(|land| land.code() == code);
                Some(land.ok_or_else(|| PlaceError::UnknownLand {
                    given: head.clone(),
                    known: known_lands(),
                })?)
            }
            None => return Err(malformed()),
        };
        let mut parts = Vec::new();
        for part in tail.into_iter().flat_map(|tail| tail.split('+')) {
            let part = part.trim().to_ascii_lowercase();
            let plain = part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            if part.is_empty() || !plain || land.is_none() {
                return Err(malformed());
            }
            parts.push(part);
        }
        parts.sort();
        parts.dedup();
        Ok(Place { land, parts })
    }
}

fn known_lands() -> String {
    let codes: Vec<String> = Land::ALL
        .iter()
        .map(|land| format!("DE-{}", land.code()))
        .collect();
    format!("DE, {}", codes.join(", "))
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DE")?;
        if let Some(land) = self.land {
            write!(f, "-{}", land.code())?;
        }
        for part in &self.parts {
            write!(f, "+{part}")?;
        }
        Ok(())
    }
}

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Place::parse(text)
    }
}

/// For stored places: these were checked by the table of their day, which may have been another.
impl TryFrom<String> for Place {
    type Error = PlaceError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Place::written(&text)
    }
}

impl From<Place> for String {
    fn from(place: Place) -> String {
        place.to_string()
    }
}
