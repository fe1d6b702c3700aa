//! Where a case stands as a whole, and whose turn it is; what the queue shows.

use serde::{Deserialize, Serialize};

/// The stage of a case; the columns of the house in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Just arrived.
    New,
    /// Who is it?
    Identity,
    /// The systems are asked.
    Search,
    /// To be decided.
    Decide,
    /// To be carried out.
    Act,
    /// To be read once more and released.
    Review,
    /// The answer is on its way.
    Delivery,
    /// Finished.
    Done,
}

impl Stage {
    /// Every stage in order.
    pub const ALL: [Stage; 8] = [
        Stage::New,
        Stage::Identity,
        Stage::Search,
        Stage::Decide,
        Stage::Act,
        Stage::Review,
        Stage::Delivery,
        Stage::Done,
    ];

    /// Its name in storage and in the queue's address.
    pub fn code(self) -> &'static str {
        match self {
            Stage::New => "new",
            Stage::Identity => "identity",
            Stage::Search => "search",
            Stage::Decide => "decide",
            Stage::Act => "act",
            Stage::Review => "review",
            Stage::Delivery => "delivery",
            Stage::Done => "done",
        }
    }

    /// The stage of that name.
    pub fn from_code(code: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.code() == code)
    }
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Turn {
    /// The office.
    Office,
    /// The person who asked.
    Person,
    /// The outbox or the post.
    Post,
    /// Nobody; it is finished.
    Nobody,
}

impl Turn {
    /// Its name in storage and in the queue's address.
    pub fn code(self) -> &'static str {
        match self {
            Turn::Office => "office",
            Turn::Person => "person",
            Turn::Post => "post",
            Turn::Nobody => "nobody",
        }
    }

    /// The turn of that name.
    pub fn from_code(code: &str) -> Option<Turn> {
        [Turn::Office, Turn::Person, Turn::Post, Turn::Nobody]
            .into_iter()
            .find(|turn| turn.code() == code)
    }
}
