//! Third persons in texts and messages: addresses, telephone numbers, accounts and names that are neither hers nor of
//! the house. A help for the eye of the clerk and no judgement: she adds what was missed and takes back what was too much.

mod lists;
mod names;
mod numbers;
mod tokens;

use serde::{Deserialize, Serialize};

use super::spans::Span;
use crate::domain::identifier::{Identifier, SearchKey, mail_address, name_words};
use names::Names;

/// Letters that are looked through; what stands behind them is not highlighted.
pub const BYTES: usize = 4 * 1024 * 1024;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An account (IBAN).
    Account,
    /// A street with its number, or a town with its post code.
    Street,
    /// A name.
    Name,
}

/// A third person's mark in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Other {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// Who is no third person.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// All that is known of the person whose data it is.
    pub hers: Vec<Identifier>,
    /// The mail domains of the controller; what lies below them is the controller's as well.
    pub house: Vec<String>,
}

impl Known {
    /// Whether a text is an identifier of hers, whole.
    fn is_hers(&self, key: SearchKey, text: &str) -> bool {
        self.hers.iter().any(|it| it.kind == key && it.is(text))
    }

    /// Whether a number in a text is any of hers, whatever kind it was said to be.
    fn is_her_number(&self, text: &str) -> bool {
        [SearchKey::Phone, SearchKey::Number, SearchKey::Handle]
            .iter()
            .any(|key| self.is_hers(*key, text))
    }

    fn is_of_the_house(&self, address: &str) -> bool {
        let Some(domain) = mail_address(address)
            .and_then(|it| it.rsplit_once('@').map(|(_, domain)| domain.to_owned()))
        else {
            return false;
        };
        self.house
            .iter()
            .map(|it| it.trim().trim_start_matches('@').to_lowercase())
            .filter(|it| !it.is_empty())
            .any(|own| {
                domain == own
                    || domain
                        .strip_suffix(own.as_str())
                        .is_some_and(|before| before.ends_with('.'))
            })
    }

    /// Whether all words of a name are words of her names: her family name alone is hers too.
    fn is_her_name(&self, name: &str) -> bool {
        let words = name_words(name);
        !words.is_empty()
            && self
                .hers
                .iter()
                .filter(|it| it.kind == SearchKey::Name)
                .any(|it| {
                    let hers = name_words(it.value.reveal());
                    words.iter().all(|word| hers.contains(word))
                })
    }

    /// Whether a line of an address stands in one of hers.
    fn is_her_street(&self, text: &str) -> bool {
        let folded = |text: &str| name_words(text).join(" ");
        let needle = folded(text);
        self.hers
            .iter()
            .filter(|it| it.kind == SearchKey::Address)
            .any(|it| format!(" {} ", folded(it.value.reveal())).contains(&format!(" {needle} ")))
    }
}

/// The marks of third persons in a text, in their order, none meeting another.
#[must_use]
pub fn others(text: &str, known: &Known) -> Vec<Other> {
    let mut end = text.len().min(BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let mut taken: Vec<Other> = Vec::new();
    // numbers first: what is one of them is no name, also where it is hers and so not told
    let mut hidden: Vec<Span> = Vec::new();
    for (kind, spans) in [
        (Kind::Email, numbers::addresses(text)),
        (Kind::Account, numbers::accounts(text)),
        (Kind::Phone, numbers::telephones(text)),
        (Kind::Street, numbers::streets(text)),
    ] {
        for span in spans {
            if hidden.iter().any(|other| other.meets(span)) {
                continue;
            }
            hidden.push(span);
            let words = span.of(text).unwrap_or_default();
            let ours = match kind {
                Kind::Email => {
                    known.is_hers(SearchKey::Email, words)
                        || known.is_of_the_house(words)
                        || numbers::is_robot(words)
                }
                Kind::Account | Kind::Phone => known.is_her_number(words),
                Kind::Street => known.is_her_street(words),
                Kind::Name => false,
            };
            if !ours {
                taken.push(Other { span, kind });
            }
        }
    }
    hidden.sort_unstable();
    for span in Names::of(text, &hidden).found() {
        if !known.is_her_name(span.of(text).unwrap_or_default()) {
            taken.push(Other {
                span,
                kind: Kind::Name,
            });
        }
    }
    taken.sort_unstable();
    apart(taken)
}

/// Marks that meet are one, so that nothing between them stays in sight.
fn apart(taken: Vec<Other>) -> Vec<Other> {
    let mut apart: Vec<Other> = Vec::with_capacity(taken.len());
    for other in taken {
        match apart.last_mut() {
            Some(last) if last.span.meets(other.span) => {
                last.span.to = last.span.to.max(other.span.to);
            }
            _ => apart.push(other),
        }
    }
    apart
}
