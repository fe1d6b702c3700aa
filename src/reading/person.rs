//! The name of who asks: what the header says or what stands below the text, whichever says more.

use super::fold::fold;
use super::people::people;
use super::signature::name_of;

/// A display name that is rather a handle: one word, small letters or figures.
pub fn is_handle(name: &str) -> bool {
    !name.contains(' ')
        && (name.chars().any(|c| c.is_ascii_digit())
            || name.chars().all(|c| c.is_lowercase() || !c.is_alphabetic()))
}

/// Whether a display name is a person's whole name.
pub fn is_whole(name: &str) -> bool {
    name_of(name).is_some_and(|name| {
        let words: Vec<&str> = name
            .split(' ')
            .filter(|word| !people().honorifics.contains(&fold(word)))
            .collect();
        words.len() > 1
            && words
                .first()
                .is_some_and(|first| first.chars().filter(|c| c.is_alphabetic()).count() > 1)
    })
}

/// The name of who asks: the header's if it is whole, else the signature's if that says more.
pub fn best_name(header: &str, signature: Option<String>) -> String {
    let header = turned(header.trim());
    let signature = signature.map(|name| calmed(&name));
    if header.contains('@') || header.is_empty() {
        return signature.unwrap_or_default();
    }
    if is_whole(&header) {
        // "Max Muster" in the header and "Max Muster Lobo" below
        return signature
            .filter(|name| name.starts_with(&format!("{header} ")))
            .unwrap_or(header);
    }
    match signature {
        Some(signature)
            if signature.contains(' ')
                || is_handle(&header) && fold(&signature) != fold(&header) =>
        {
            signature
        }
        _ => header,
    }
}

/// "MAX MUSTER" as one writes it.
fn calmed(name: &str) -> String {
    if name.chars().filter(|c| c.is_alphabetic()).count() < 4
        || name.chars().any(char::is_lowercase)
    {
        return name.to_owned();
    }
    let words: Vec<String> = name
        .split(' ')
        .map(|word| {
            let mut chars = word.chars();
            chars
                .next()
                .map(|first| first.to_string() + &chars.as_str().to_lowercase())
                .unwrap_or_default()
        })
        .collect();
    words.join(" ")
}

/// "Muster, Max" as one says it.
fn turned(name: &str) -> String {
    let name = name.trim_matches(['"', '\'']);
    match name.split_once(',') {
        Some((last, first))
            if !first.contains(',')
                && name_of(last).is_some()
                && name_of(first).is_some()
                && first.split_whitespace().count() < 4 =>
        {
            format!("{} {}", first.trim(), last.trim())
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_name_is_taken() {
        assert_eq!(best_name("Muster, Max", None), "Max Muster");
        assert_eq!(
            best_name("Kanzlei Probe & Partner", Some("Dr. Ina Probe".into())),
            "Dr. Ina Probe"
        );
        assert_eq!(best_name("Gerda Utz", Some("G. Utz".into())), "Gerda Utz");
        assert_eq!(best_name("lilly", Some("Lilly".into())), "lilly");
    }
}
