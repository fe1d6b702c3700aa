//! The words of a mail without what tells who wrote it, for examples that are kept to learn from.

/// So much of a text is kept.
const TEXT: usize = 4_000;
/// In the place of what tells who it was.
const BLANK: &str = "…";
/// Before a name.
const BEFORE_NAMES: [&str; 22] = [
    "herr",
    "herrn",
    "frau",
    "familie",
    "dr",
    "prof",
    "mr",
    "mrs",
    "ms",
    "mx",
    "hallo",
    "liebe",
    "lieber",
    "hi",
    "dear",
    "hello",
    "name",
    "heiße",
    "bin",
    "tochter",
    "sohn",
    "mandantin",
];

/// The words without what tells who it was: what is known of the person, addresses, links, numbers, what follows a form of
/// address, and all below the closing formula.
pub fn redacted(text: &str, known: &[&str]) -> String {
    let parts = |it: &&str| -> Vec<String> {
        it.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 1)
            .map(str::to_lowercase)
            .collect()
    };
    let known: Vec<String> = known.iter().flat_map(parts).collect();
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if !out.is_empty() {
            out.push('\n');
        }
        let mut after_title = false;
        for word in line.split(' ') {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push(' ');
            }
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let low = bare.to_lowercase();
            let name = after_title && bare.chars().next().is_some_and(char::is_uppercase);
            let digits = bare.chars().filter(char::is_ascii_digit).count();
            let tells = word.contains('@')
                || word.contains("://")
                || low.starts_with("www.")
                || digits > 2
                || name
                || parts(&bare).iter().any(|part| known.contains(part));
            match tells {
                true => out.push_str(BLANK),
                false => out.push_str(word),
            }
            after_title = name || BEFORE_NAMES.contains(&low.as_str());
        }
        if closes(line) {
            break;
        }
    }
    out.chars().take(TEXT).collect()
}

/// Whether a line says goodbye; below it stands who wrote.
fn closes(line: &str) -> bool {
    let low = line.trim().to_lowercase();
    [
        "mit freundlichen",
        "freundliche grüße",
        "viele grüße",
        "liebe grüße",
        "beste grüße",
        "mfg",
        "gruß",
        "hochachtungsvoll",
        "kind regards",
        "best regards",
        "regards",
        "sincerely",
        "yours",
        "cordialement",
        "saludos",
        "cordiali saluti",
        "met vriendelijke groet",
        "--",
    ]
    .iter()
    .any(|it| low.starts_with(it))
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn what_tells_who_it_was_is_left_out() {
        let text = "Hallo Herr Meister,\nich, Nora Nebenan (nora@post.example, Kunde 4711-22), will wissen, was Sie von mir haben.\n\
                    Siehe https://a.example/x\nMit freundlichen Grüßen\nN. Nebenan\nWeg 3";
        let left = redacted(text, &["Nora Nebenan", "nora@post.example"]);
        for secret in [
            "Nora",
            "Nebenan",
            "post.example",
            "4711",
            "Meister",
            "a.example",
            "Weg",
        ] {
            assert!(!left.contains(secret), "{secret} in {left}");
        }
        assert!(
            left.contains("will wissen, was Sie von mir haben."),
            "{left}"
        );
    }
}
