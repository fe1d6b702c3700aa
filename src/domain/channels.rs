//! The ways a controller invites and those it does not offer, with what it says about them.

use serde::{Deserialize, Serialize};

use super::intake::Channel;
use super::lang::Lang;

/// Ways to ask, as the controller wants them. A request by any other way counts all the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channels {
    /// The ways that are named when somebody asks how to write.
    #[serde(default)]
    pub invited: Vec<Channel>,
    /// The ways that are not offered.
    #[serde(default)]
    pub excluded: Vec<Channel>,
    /// What is said to who wrote by such a way, in German.
    #[serde(default)]
    pub sentence: String,
    /// The same in English.
    #[serde(default)]
    pub sentence_en: String,
    /// What is said to a caller.
    #[serde(default)]
    pub on_the_phone: String,
}

impl Channels {
    /// Whether this way is not offered.
    pub fn excludes(&self, channel: Channel) -> bool {
        self.excluded.contains(&channel)
    }

    /// What is said to who wrote by a way that is not offered.
    pub fn sentence(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.sentence_en.trim().is_empty() => &self.sentence_en,
            _ => &self.sentence,
        }
    }
}
