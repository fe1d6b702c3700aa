//! Invented people: a given name and a surname, put together by chance.

use std::sync::LazyLock;

use crate::seal::chance;

/// Borne by one in a hundred, so that a search for it finds many.
const FREQUENT: &str = "Friederun";

static NAMES: LazyLock<(Vec<&str>, Vec<&str>)> = LazyLock::new(|| {
    let text = include_str!("../../../config/demo/names.txt");
    let (given, surnames) = text.split_once("---\n").unwrap_or((text, text));
    let lines = |text: &'static str| {
        text.lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .collect()
    };
    (lines(given), lines(surnames))
});

static TEXTS: LazyLock<toml::Table> = LazyLock::new(|| {
    // A test reads the embedded file, so it can be read.
    toml::from_str(include_str!("../../../config/demo/texts.toml")).unwrap_or_default()
});

/// What stands under this key of the demo's texts, as in `hedda.name`.
pub(super) fn say(key: &str) -> &'static str {
    let found = key
        .split_once('.')
        .and_then(|(who, what)| TEXTS.get(who)?.get(what)?.as_str());
    // A test looks up every key, so nobody ever reads this.
    found.unwrap_or_default()
}

/// A number below this end.
pub(super) fn below(end: usize) -> usize {
    let end = u32::try_from(end).unwrap_or(u32::MAX);
    usize::try_from(chance::below(end)).unwrap_or(0)
}

/// One of these.
pub(super) fn one_of<'a, T: ?Sized>(these: &[&'a T], otherwise: &'a T) -> &'a T {
    these.get(below(these.len())).copied().unwrap_or(otherwise)
}

/// Somebody.
pub(super) fn name() -> String {
    let (given, surnames) = &*NAMES;
    let given = if below(100) == 0 {
        FREQUENT
    } else {
        one_of(given, FREQUENT)
    };
    format!("{given} {}", one_of(surnames, "Muster"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_said_is_written_down() {
        let stories = [
            include_str!("stories.rs"),
            include_str!("stories/musterwolle.rs"),
            include_str!("stories/schreinerei.rs"),
            include_str!("fill.rs"),
        ];
        let mut keys = Vec::new();
        for story in stories {
            let quoted = |begin: &str| -> Vec<String> {
                let pieces = story.split(begin).skip(1);
                pieces
                    .filter_map(|rest| {
                        Some(
                            rest.trim_start()
                                .strip_prefix('"')?
                                .split('"')
                                .next()?
                                .to_owned(),
                        )
                    })
                    .collect()
            };
            keys.extend(quoted("say("));
            for key in quoted("person(") {
                keys.extend([format!("{key}.name"), format!("{key}.text")]);
            }
        }
        keys.extend(["many.what", "many.erase", "many.whence", "many.moved"].map(str::to_owned));
        for key in ["shop", "books", "letters", "photos", "bills"] {
            keys.extend([format!("{key}.system"), format!("{key}.text")]);
        }
        assert!(keys.len() > 80, "{keys:?}");
        for key in keys {
            assert!(
                !say(&key).is_empty(),
                "config/demo/texts.toml does not know {key}"
            );
        }
    }

    #[test]
    fn one_in_a_hundred_bears_the_frequent_name_and_nobody_else_does() {
        let (given, surnames) = &*NAMES;
        assert!(given.len() > 60 && surnames.len() > 40);
        assert!(!given.contains(&FREQUENT));
        let bearers = (0..20_000).filter(|_| name().starts_with(FREQUENT)).count();
        assert!((120..300).contains(&bearers), "{bearers}");
    }
}
