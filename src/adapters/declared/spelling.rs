//! In which spellings a described request asks for an identifier.

use super::description::Request;
use crate::adapters::spelling::Spelling;
use crate::domain::identifier::Identifier;

/// Each spelling that is declared, once; without any, the usual one.
pub(super) fn spellings(rule: &Request, identifier: &Identifier) -> Vec<String> {
    let usual = [Spelling::usual(identifier.kind)];
    let asked = match rule.spelling.is_empty() {
        true => &usual[..],
        false => &rule.spelling,
    };
    let mut texts = Vec::new();
    for spelling in asked {
        let text = spelling.of(identifier);
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}
