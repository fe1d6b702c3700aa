//! `AW:`, `Fwd:` and their kin before a subject.

use super::heads::folded;
use super::headwords::HEADWORDS;

/// How a subject begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prefix {
    /// `AW:`, `Re:`
    pub reply: bool,
    /// `WG:`, `Fwd:`
    pub forward: bool,
}

/// The subject without `AW:`, `Fwd:` and their kin, and which of them stood there; the outermost decides.
pub fn bare_subject(subject: &str) -> (Prefix, &str) {
    let mut prefix = Prefix::default();
    let mut rest = subject.trim();
    for _ in 0..12 {
        // a mark of the house's gateway: [EXTERN], [Ticket#12]
        if let Some(inner) = rest.strip_prefix('[')
            && let Some(end) = inner.find(']')
            && inner
                .get(end + 1..)
                .is_some_and(|tail| tail.contains(':') && tail.find(':').is_some_and(|at| at < 8))
        {
            rest = inner.get(end + 1..).unwrap_or_default().trim_start();
            continue;
        }
        let Some(colon) = rest.find([':', '：']) else {
            break;
        };
        let word = folded(
            rest.get(..colon)
                .unwrap_or_default()
                .trim_end_matches(|c: char| {
                    c == ']' || c == '[' || c.is_ascii_digit() || c == '(' || c == ')'
                }),
        );
        let first = prefix == Prefix::default();
        if HEADWORDS.reply.contains(&word) {
            prefix.reply |= first;
        } else if HEADWORDS.forward.contains(&word) {
            prefix.forward |= first;
        } else {
            break;
        }
        let next = rest
            .get(colon..)
            .and_then(|tail| tail.char_indices().nth(1))
            .map_or(rest.len(), |(at, _)| colon + at);
        rest = rest.get(next..).unwrap_or_default().trim_start();
    }
    (prefix, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_bared() {
        assert_eq!(
            bare_subject("AW: WG: Auskunft"),
            (
                Prefix {
                    reply: true,
                    forward: false
                },
                "Auskunft"
            )
        );
        assert_eq!(
            bare_subject("Fwd: Löschung: alles"),
            (
                Prefix {
                    reply: false,
                    forward: true
                },
                "Löschung: alles"
            )
        );
        assert_eq!(
            bare_subject("Re[2]: x"),
            (
                Prefix {
                    reply: true,
                    forward: false
                },
                "x"
            )
        );
        assert_eq!(bare_subject("Auskunft"), (Prefix::default(), "Auskunft"));
    }
}
