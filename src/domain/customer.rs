//! A customer for whom we process: whoever asks us about such data is passed on (Art. 28(3)(e) GDPR).

use serde::{Deserialize, Serialize};

use super::ids::CustomerId;
use super::obstacle::Obstacle;

/// A customer with where it can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// Its number; given when it is stored.
    #[serde(skip, default = "Customer::unnumbered")]
    pub id: CustomerId,
    /// The legal name.
    pub name: String,
    /// Where requests are passed on to.
    #[serde(default)]
    pub email: String,
    /// Postal address, lines separated by line breaks.
    #[serde(default)]
    pub address: String,
    /// The contract, and what we process for it.
    #[serde(default)]
    pub contract: String,
    /// Whether the contract lets us name it to the person.
    #[serde(default)]
    pub named: bool,
}

impl Customer {
    fn unnumbered() -> CustomerId {
        CustomerId(0)
    }

    /// An empty entry for the form.
    pub fn blank() -> Customer {
        Customer {
            id: Customer::unnumbered(),
            name: String::new(),
            email: String::new(),
            address: String::new(),
            contract: String::new(),
            named: false,
        }
    }

    /// A name and one way to reach it: without, nothing could be passed on.
    pub fn check(&self) -> Result<(), Obstacle> {
        if self.name.trim().is_empty() {
            return Err(Obstacle::Empty("name"));
        }
        if !self.email.trim().is_empty() && !self.email.contains('@') {
            return Err(Obstacle::Empty("email"));
        }
        if self.email.trim().is_empty() && self.address.trim().is_empty() {
            return Err(Obstacle::Empty("address"));
        }
        Ok(())
    }
}
