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
    fn one_in_a_hundred_bears_the_frequent_name_and_nobody_else_does() {
        let (given, surnames) = &*NAMES;
        assert!(given.len() > 60 && surnames.len() > 40);
        assert!(!given.contains(&FREQUENT));
        let bearers = (0..20_000).filter(|_| name().starts_with(FREQUENT)).count();
        assert!((120..300).contains(&bearers), "{bearers}");
    }
}
