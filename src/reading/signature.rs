//! The name with which a text is signed, or with which its writer introduces himself.

use super::fold::fold;
use super::heads::folded;
use super::people::people;
use super::prose::Prose;

/// The name below a closing formula, or the last line if it is a name.
pub fn signature(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let closing = lines.iter().rposition(|line| is_closing(line));
    if let Some(closing) = closing {
        let below = lines.get(closing + 1..).unwrap_or_default();
        if let Some(name) = below
            .iter()
            .filter(|line| !line.is_empty())
            .take(3)
            .find_map(|line| name_of(line))
        {
            return Some(name);
        }
        // "Mit freundlichen Grüßen Max Muster" and "LG Max" on one line
        return lines.get(closing).and_then(|line| behind_closing(line));
    }
    if let Some(name) = lines
        .iter()
        .rev()
        .filter(|line| !line.is_empty())
        .take(3)
        .find_map(|line| at_the_end(line))
    {
        return Some(name);
    }
    let last: Vec<&str> = lines
        .iter()
        .rev()
        .copied()
        .filter(|line| !line.is_empty())
        .take(3)
        .collect();
    last.iter()
        .find_map(|line| name_of(line).filter(|name| name.contains(' ')))
}

fn is_closing(line: &str) -> bool {
    if line.is_empty() || line.len() > 90 {
        return false;
    }
    let text = folded(line);
    people().closings.contains(&text) || behind_closing(line).is_some()
}

fn behind_closing(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    (1..words.len().min(7)).rev().find_map(|count| {
        let head = words.get(..count)?.join(" ");
        if !people().closings.contains(&folded(&head)) {
            return None;
        }
        name_of(words.get(count..)?.join(" ").as_str())
    })
}

/// "… jetzt wegmachen. Danke Max Muster" at the end of a line.
fn at_the_end(line: &str) -> Option<String> {
    let words: Vec<&str> = line
        .trim_matches(['"', '“', '”', ' '])
        .split_whitespace()
        .collect();
    let most = words.len().min(5);
    (1..most).rev().find_map(|count| {
        let name = name_of(words.get(words.len() - count..)?.join(" ").as_str())?;
        let before = words.get(..words.len() - count)?;
        (1..5).find_map(|length| {
            let closing = before.get(before.len().checked_sub(length)?..)?.join(" ");
            people()
                .closings
                .contains(&folded(&closing))
                .then(|| name.clone())
        })
    })
}

/// "mein Name ist Max Muster", also in small letters.
pub fn introduced(text: &str) -> Option<String> {
    const SAID: [&str; 16] = [
        "mein name ist",
        "ich heisse",
        "my name is",
        "je mappelle",
        "je m appelle",
        "me llamo",
        "mi nombre es",
        "mi chiamo",
        "mijn naam is",
        "ik heet",
        "o meu nome e",
        "chamome",
        "nazywam sie",
        "jmenuji se",
        "ma numesc",
        "numele meu este",
    ];
    let prose = Prose::of(text);
    let said: Vec<Vec<String>> = SAID
        .iter()
        .map(|phrase| phrase.split(' ').map(fold).collect())
        .collect();
    for index in 0..prose.words.len() {
        for phrase in &said {
            if !phrase
                .iter()
                .enumerate()
                .all(|(at, word)| prose.words.key(index + at) == word)
            {
                continue;
            }
            let start = index + phrase.len();
            let mut parts = Vec::new();
            for at in start..start + 3 {
                let key = prose.words.key(at);
                let word = prose.text.get(prose.words.at(at)).unwrap_or_default();
                let joined = at == start
                    || prose
                        .text
                        .get(prose.words.at(at - 1).end..prose.words.at(at).start)
                        .is_some_and(|gap| gap == " ");
                if key.len() < 2
                    || !joined
                    || people().unnamed.contains(key)
                    || FILLERS.contains(&key)
                    || super::lexicon::lexicon().knows(key)
                    || word.chars().any(|c| c.is_ascii_digit())
                {
                    break;
                }
                parts.push(capital(word));
            }
            if !parts.is_empty() {
                return Some(parts.join(" "));
            }
        }
    }
    None
}

/// Words that end a name in spoken text.
const FILLERS: [&str; 26] = [
    "ahm", "ah", "und", "ich", "and", "i", "et", "je", "y", "e", "a", "bin", "aus", "from",
    "wohne", "seit", "nicht", "not", "jetzt", "mit", "kunde", "kundin", "hab", "habe", "der",
    "die",
];

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// A name at the end of the text that fits the address: "danke max muster" and max.mus@…, "Muster, Malermeister" and …@maler-muster….
pub fn fitting(text: &str, email: &str) -> Option<String> {
    let (local, domain) = email.split_once('@')?;
    let tokens = |part: &str| -> Vec<String> {
        part.split(|c: char| !c.is_alphabetic())
            .map(fold)
            .filter(|token| token.len() > 2)
            .collect()
    };
    let (own, firm) = (
        tokens(local),
        tokens(domain.split('.').next().unwrap_or_default()),
    );
    let line = text.lines().rev().find(|line| !line.trim().is_empty())?;
    let words: Vec<&str> = line
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphabetic()))
        .filter(|word| !word.is_empty())
        .collect();
    let from = words.len().saturating_sub(4);
    let exact = |word: &str| own.iter().chain(&firm).any(|token| *token == fold(word));
    let near = |word: &str| {
        let key = fold(word);
        key.len() > 2
            && own.iter().any(|token| {
                key.starts_with(token.as_str())
                    || token.starts_with(key.as_str())
                    || common(&key, token) > 2
            })
    };
    let last = (from..words.len())
        .rev()
        .find(|at| words.get(*at).is_some_and(|word| exact(word)))
        .or_else(|| {
            words
                .len()
                .checked_sub(1)
                .filter(|at| words.get(*at).is_some_and(|word| near(word)))
        })?;
    let name = words.get(last).filter(|word| word.chars().count() > 2)?;
    let before = last
        .checked_sub(1)
        .and_then(|at| words.get(at))
        .filter(|word| {
            let known = people().closings.contains(&fold(word))
                || super::lexicon::lexicon().knows(&fold(word));
            word.chars().count() > 2
                && (near(word)
                    || !known
                        && word.chars().all(char::is_alphabetic)
                        && line.contains(&format!("{word} {name}")))
        });
    Some(match before {
        Some(first) => format!("{} {}", capital(first), capital(name)),
        None => capital(name),
    })
}

fn common(one: &str, other: &str) -> usize {
    one.chars()
        .zip(other.chars())
        .take_while(|(a, b)| a == b)
        .count()
}

/// The line as a name, if it is one: one to five words with capitals, without signs of a firm.
pub fn name_of(line: &str) -> Option<String> {
    let people = people();
    let mut line = line
        .trim()
        .trim_matches(['*', ',', '-', '–', '_', '.', ' '])
        .trim();
    if line.len() > 60 {
        return None;
    }
    // "Max Muster, Rechtsanwalt", "Max Muster (geb. 1970)"
    if let Some(cut) = line.find([',', '(', '|', '/', '<']) {
        line = line.get(..cut).unwrap_or_default().trim();
    }
    let mut words: Vec<&str> = line.split_whitespace().collect();
    while words.first().is_some_and(|word| {
        people.before.contains(&fold(word)) || people.before.contains(&word.to_lowercase())
    }) {
        words.remove(0);
    }
    if words.is_empty() || words.len() > 6 {
        return None;
    }
    let fits = words.iter().all(|word| {
        let key = fold(word);
        let first = word.chars().next();
        let letters = word
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'));
        letters
            && !people.unnamed.contains(&key)
            && (first.is_some_and(char::is_uppercase) || people.particles.contains(&key))
    });
    let big = words.first().is_some_and(|word| {
        word.chars().next().is_some_and(char::is_uppercase)
            || people.particles.contains(&fold(word))
    });
    let closing = people.closings.contains(&folded(line));
    (fits && big && !closing).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_below_closings() {
        assert_eq!(
            signature("Text.\n\nMit freundlichen Grüßen\n\nMax Muster\nMusterweg 1").as_deref(),
            Some("Max Muster")
        );
        assert_eq!(signature("Bitte löschen. LG\nTom").as_deref(), None);
        assert_eq!(signature("Bitte löschen.\nLG Tom").as_deref(), Some("Tom"));
        assert_eq!(
            signature("Best regards,\nJohn A. Doe\nLondon").as_deref(),
            Some("John A. Doe")
        );
        assert_eq!(
            signature("Text.\ni.A. Yvonne Probe\nSekretariat").as_deref(),
            Some("Yvonne Probe")
        );
    }
}
