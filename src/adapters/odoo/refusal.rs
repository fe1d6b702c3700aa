//! What Odoo says when it says no: told by the name of the error and the status, never by its text, which is in the
//! language of the account. The traceback that comes along holds values and is dropped unread.

use serde::Deserialize;

use crate::adapters::http::{Answer, of_status};
use crate::ports::source::{Fault, Mishap};

/// A no, with the name of the error where Odoo itself said it and not something before it.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// As the office knows it.
    pub mishap: Mishap,
    /// Such as `odoo.exceptions.UserError`; empty, if it was not Odoo that spoke.
    pub name: String,
}

/// The only part of an error that is read.
#[derive(Deserialize)]
struct Said {
    name: String,
}

impl From<Mishap> for Refusal {
    fn from(mishap: Mishap) -> Refusal {
        Refusal {
            mishap,
            name: String::new(),
        }
    }
}

impl From<Refusal> for Mishap {
    fn from(refusal: Refusal) -> Mishap {
        refusal.mishap
    }
}

impl Refusal {
    /// From the name of an error, which is shortened to what a name can be: the other side may put anything there.
    pub fn named(name: &str, status: u16) -> Refusal {
        let name: String = name
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_'))
            .take(80)
            .collect();
        Refusal {
            mishap: Mishap::new(fault_of(&name, status), format!("status {status}, {name}")),
            name,
        }
    }

    /// From an answer of JSON-2 that is no success. What is no error of Odoo's comes from a proxy, or from a host name
    /// that serves no such database.
    pub fn of(answer: &Answer) -> Refusal {
        match serde_json::from_slice::<Said>(answer.bytes()) {
            Ok(said) if !said.name.is_empty() => {
                let mut refusal = Refusal::named(&said.name, answer.status);
                refusal.mishap.wait = answer.wait();
                refusal
            }
            _ if answer.status == 404 => Mishap::new(
                Fault::Misconfigured,
                "status 404: no Odoo at this address, or no such database",
            )
            .into(),
            _ => of_status(answer.status, answer.wait()).into(),
        }
    }

    /// Whether Odoo itself says that the account may not.
    pub fn is_access(&self) -> bool {
        self.mishap.fault == Fault::Forbidden && !self.name.is_empty()
    }

    /// Whether a rule over there keeps it: one of the three ways in which Odoo refuses to delete.
    pub fn is_rule(&self) -> bool {
        self.mishap.fault == Fault::Refused && !self.name.is_empty()
    }
}

fn fault_of(name: &str, status: u16) -> Fault {
    match name.rsplit('.').next().unwrap_or_default() {
        "AccessDenied" | "Unauthorized" | "SessionExpiredException" => Fault::Unauthorized,
        "AccessError" | "Forbidden" => Fault::Forbidden,
        "MissingError" => Fault::Missing,
        // A model or a method that is not there: a module is missing.
        "NotFound" => Fault::Unknown,
        // A partner with an active user is refused with a status 500.
        "UserError" | "ValidationError" | "RedirectWarning" => Fault::Refused,
        "IntegrityError" | "ForeignKeyViolation" | "RestrictViolation" | "NotNullViolation" => {
            Fault::Refused
        }
        // A parameter, a field or a type that this version does not know: no failure of the server's, no repeat.
        "UnprocessableEntity"
        | "BadRequest"
        | "ValueError"
        | "KeyError"
        | "TypeError"
        | "AttributeError" => Fault::Unknown,
        "SerializationFailure" | "LockNotAvailable" | "DeadlockDetected" => Fault::Conflict,
        _ if (400..=599).contains(&status) => of_status(status, None).fault,
        _ => Fault::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ways_to_refuse_a_deletion_are_one_and_a_wrong_field_is_no_failure_of_the_server() {
        for (name, status, fault) in [
            ("odoo.exceptions.UserError", 422, Fault::Refused),
            ("odoo.exceptions.ValidationError", 422, Fault::Refused),
            ("odoo.exceptions.RedirectWarning", 500, Fault::Refused),
            ("builtins.ValueError", 500, Fault::Unknown),
            ("builtins.KeyError", 200, Fault::Unknown),
            ("odoo.exceptions.AccessError", 403, Fault::Forbidden),
            ("werkzeug.exceptions.Unauthorized", 401, Fault::Unauthorized),
            ("odoo.exceptions.AccessDenied", 200, Fault::Unauthorized),
            ("odoo.exceptions.MissingError", 404, Fault::Missing),
            ("werkzeug.exceptions.NotFound", 404, Fault::Unknown),
            ("psycopg2.errors.SerializationFailure", 500, Fault::Conflict),
            ("some.thing.Else", 500, Fault::Broken),
            ("some.thing.Else", 200, Fault::Broken),
        ] {
            assert_eq!(Refusal::named(name, status).mishap.fault, fault, "{name}");
        }
    }

    #[test]
    fn a_name_cannot_carry_a_sentence_about_somebody() {
        let refusal = Refusal::named("Anna Beispiel <anna@example.org>", 422);
        assert!(!refusal.mishap.detail.contains('@') && !refusal.mishap.detail.contains("Anna "));
    }
}
