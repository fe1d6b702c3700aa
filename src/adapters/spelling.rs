//! In which spellings a system may be asked for an identifier; what comes is compared by ourselves in any case.

use serde::Deserialize;

use crate::domain::identifier::{Identifier, SearchKey};

/// One way of writing an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Spelling {
    /// The one that is compared: addresses in small letters, numbers as `+49…`.
    Canonical,
    /// As it was given.
    Given,
    /// An address with its domain in ASCII (`xn--…`).
    Ascii,
    /// A German number as `0170…`.
    National,
    /// A number as `49170…`.
    Digits,
}

impl Spelling {
    /// What most systems hold: for free texts the spelling that was given.
    #[must_use]
    pub fn usual(kind: SearchKey) -> Spelling {
        match kind {
            SearchKey::Email | SearchKey::Phone | SearchKey::Ip => Spelling::Canonical,
            _ => Spelling::Given,
        }
    }

    /// The identifier written so; where there is no such way for it, the one that is compared.
    #[must_use]
    pub fn of(self, identifier: &Identifier) -> String {
        let canonical = identifier.canonical();
        match self {
            Spelling::Canonical => canonical,
            Spelling::Given => identifier.value.reveal().clone(),
            Spelling::Ascii => match canonical.rsplit_once('@') {
                Some((local, domain)) => {
                    let ascii = idna::domain_to_ascii(domain);
                    format!("{local}@{}", ascii.unwrap_or_else(|_| domain.to_owned()))
                }
                None => canonical,
            },
            Spelling::National => match canonical.strip_prefix("+49") {
                Some(rest) => format!("0{rest}"),
                None => canonical,
            },
            Spelling::Digits => canonical.trim_start_matches('+').to_owned(),
        }
    }
}
