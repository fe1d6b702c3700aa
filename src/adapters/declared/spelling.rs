//! In which spellings a system is asked for an identifier; what comes is compared by ourselves in any case.

use super::description::{Request, Spelling};
use crate::domain::identifier::{Identifier, SearchKey};

/// Each spelling that is declared, once; without any, the one that is compared, or for free texts the one that was given.
pub(super) fn spellings(rule: &Request, identifier: &Identifier) -> Vec<String> {
    let canonical = identifier.canonical();
    let usual = match identifier.kind {
        SearchKey::Email | SearchKey::Phone | SearchKey::Ip => Spelling::Canonical,
        _ => Spelling::Given,
    };
    let asked = match rule.spelling.is_empty() {
        true => &[usual][..],
        false => &rule.spelling,
    };
    let mut texts = Vec::new();
    for spelling in asked {
        let text = match spelling {
            Spelling::Canonical => canonical.clone(),
            Spelling::Given => identifier.value.reveal().clone(),
            Spelling::Ascii => match canonical.rsplit_once('@') {
                Some((local, domain)) => {
                    format!(
                        "{local}@{}",
                        idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned())
                    )
                }
                None => canonical.clone(),
            },
            Spelling::National => match canonical.strip_prefix("+49") {
                Some(rest) => format!("0{rest}"),
                None => canonical.clone(),
            },
            Spelling::Digits => canonical.trim_start_matches('+').to_owned(),
        };
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}
