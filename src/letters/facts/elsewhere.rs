//! What letters say about requests that belong elsewhere or came by an unwanted way.

use serde::{Deserialize, Serialize};

/// Why a letter is no case of data subject rights with us.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MisdirectedFacts {
    /// What the letter is about, or how the matter lies, as full sentences; says nothing of anybody's data.
    pub about: Option<String>,
    /// To whom in the house it was passed on: "unseren Kundendienst".
    pub passed_to: Option<String>,
    /// To whom the writer can turn instead, one phrase each.
    pub instead: Vec<String>,
}

/// A request that came to us as a processor and was passed on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForwardingFacts {
    /// Who is responsible; none if the contract does not allow us to name them.
    pub to: Option<String>,
    /// On which day it was passed on.
    pub on: String,
    /// How the person reaches them.
    pub contact: Option<String>,
    /// How the request identifies the person, for the customer: no more than that.
    pub record: Option<String>,
    /// When the customer's period ends, counted from the receipt with us.
    pub due: Option<String>,
    /// What we offer to help the customer with, one phrase each.
    pub help: Vec<String>,
    /// What is enclosed, one phrase each.
    pub enclosures: Vec<String>,
}

/// A customer's instruction that we doubt (Art. 28(3) subpara. 2 GDPR).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InstructionFacts {
    /// The day it was given.
    pub given_on: String,
    /// What we were told to do.
    pub what: String,
    /// The provision that it may infringe.
    pub law: String,
    /// Why we doubt it, as full sentences.
    pub doubt: String,
    /// By when we ask for an answer.
    pub until: Option<String>,
}

/// A channel on which the controller does not want requests.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChannelFacts {
    /// The channel: "Direktnachrichten in sozialen Netzen".
    pub name: String,
    /// The controller's own sentence about it.
    pub sentence: String,
    /// The channels that are open, one phrase each.
    pub instead: Vec<String>,
}
