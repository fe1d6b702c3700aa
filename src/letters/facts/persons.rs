//! What letters say about people who act for others.

use serde::{Deserialize, Serialize};

/// Somebody acts for the person, and the mandate is not shown as it has to be.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MandateFacts {
    /// For whom the writer claims to act, as the writer named that person.
    pub principal: String,
    /// What is missing or does not cover the request, as full sentences.
    pub lacks: String,
    /// What would suffice; one of them is enough.
    pub suffices: Vec<String>,
    /// By when we ask for it.
    pub until: Option<String>,
}

/// A child whose data a parent asks for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChildFacts {
    /// The child's name, as the parent gave it.
    pub name: String,
    /// The parent's name.
    pub parent: String,
    /// What would show that the parent may act; one of them is enough. Empty: nothing is asked.
    pub means: Vec<String>,
    /// Whether the child is old enough to be asked itself.
    pub asked: bool,
    /// By when we ask for an answer.
    pub until: Option<String>,
}
