//! Whose data it is about, where that is another than the writer: client, child, ward.

use super::fold::fold;
use super::people::people;
use super::prose::Prose;

/// The other person whose data it is about: the name behind "meine Mandantin", "our client", "Herrn".
pub fn data_subject(text: &str, asker: &str, on_behalf: bool) -> Option<String> {
    let people = people();
    let prose = Prose::of(text);
    let own = fold(asker);
    let other = |name: &String| fold(name) != own;
    let mut titled = None;
    for index in 0..prose.words.len() {
        let key = prose.words.key(index);
        if people.relations.contains(key) {
            // the name follows at once or behind a word or two: "unseres Mandanten, des Herrn Max Muster"
            for ahead in 1..5 {
                if let Some(name) = name_at(&prose, index + ahead).filter(|name| name.contains(' '))
                {
                    if other(&name) {
                        return Some(name);
                    }
                    break;
                }
                if ahead == 1
                    && !people.honorifics.contains(key)
                    && let Some(name) = single(&prose, index + 1).filter(other)
                {
                    return Some(name);
                }
                if breaks(&prose, index + ahead) {
                    break;
                }
            }
        } else if on_behalf
            && titled.is_none()
            && people.honorifics.contains(key)
            && !greeting(&prose, index)
        {
            titled = name_at(&prose, index).filter(|name| name.contains(' ') && other(name));
        }
    }
    titled
}

/// A first name alone: "meine Tochter Lena (10)", "our son Tim,".
fn single(prose: &Prose, index: usize) -> Option<String> {
    let name = name_at(prose, index)?;
    let behind = prose.text.get(prose.words.at(index).end..)?.trim_start();
    let told = behind.starts_with('(')
        || behind.starts_with(',')
        || matches!(
            prose.words.key(index + 1),
            "hat" | "ist" | "war" | "has" | "is" | "was"
        );
    (told && !name.contains(' ') && name.chars().count() > 2).then_some(name)
}

/// "Sehr geehrte Frau Muster".
fn greeting(prose: &Prose, index: usize) -> bool {
    (1..4).any(|back| {
        index.checked_sub(back).is_some_and(|before| {
            let key = prose.words.key(before);
            key.starts_with("geehrt")
                || matches!(
                    key,
                    "liebe" | "lieber" | "dear" | "hallo" | "chere" | "cher"
                )
        })
    })
}

/// A sentence or a line ends before this word.
fn breaks(prose: &Prose, index: usize) -> bool {
    let Some(before) = index.checked_sub(1) else {
        return true;
    };
    let between = prose
        .text
        .get(prose.words.at(before).end..prose.words.at(index).start)
        .unwrap_or_default();
    between.contains(". ") && !people().honorifics.contains(prose.words.key(before))
        || between.contains("\n\n")
        || index >= prose.words.len()
}

/// The name that begins at this word: forms of address left out, then words with capitals.
fn name_at(prose: &Prose, index: usize) -> Option<String> {
    let people = people();
    let mut at = index;
    while people.honorifics.contains(prose.words.key(at)) && !breaks(prose, at + 1) {
        at += 1;
    }
    let titled = at > index;
    let mut end = at;
    let mut parts: Vec<&str> = Vec::new();
    while end < prose.words.len() && parts.len() < 4 {
        let word = prose.text.get(prose.words.at(end)).unwrap_or_default();
        let key = prose.words.key(end);
        let big = word.chars().next().is_some_and(char::is_uppercase);
        let particle =
            !parts.is_empty() && people.particles.contains(key) && key.len() > 1 && key != "und";
        let known = !titled && super::lexicon::lexicon().knows(key)
            || people.unnamed.contains(key)
            || people.relations.contains(key)
            || word.chars().any(|c| c.is_ascii_digit());
        if known || !(big || particle) {
            break;
        }
        parts.push(word);
        end += 1;
        let gap = prose
            .text
            .get(prose.words.at(end - 1).end..prose.words.at(end).start)
            .unwrap_or_default();
        if gap.chars().any(|c| !matches!(c, ' ' | '\u{a0}' | '-')) {
            break;
        }
    }
    while parts
        .last()
        .is_some_and(|word| people.particles.contains(&fold(word)))
    {
        parts.pop();
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_principal_is_found() {
        let text = "Namens und in Vollmacht unserer Mandantin, Frau Erika Beispiel, verlangen wir Auskunft.";
        assert_eq!(
            data_subject(text, "Dr. Ina Probe", true).as_deref(),
            Some("Erika Beispiel")
        );
        assert_eq!(
            data_subject(
                "unser Sohn Mats Probe (12 Jahre) hat sich angemeldet",
                "Svenja Probe",
                false
            )
            .as_deref(),
            Some("Mats Probe")
        );
        assert_eq!(
            data_subject("Bitte löschen Sie meine Daten", "Svenja Probe", false),
            None
        );
    }
}
