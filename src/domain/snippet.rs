//! Words that an office writes often, kept by name, with gaps for what differs from case to case.

use super::ids::SnippetId;
use super::lang::Lang;
use super::obstacle::Obstacle;

/// Longest name.
pub const NAME: usize = 80;
/// Longest text.
pub const WORDS: usize = 4_000;

/// Some words by name; their gaps are filled by `words::snippets`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// Its id; none for the words that come with the program.
    pub id: Option<SnippetId>,
    /// In which language they are.
    pub lang: Lang,
    /// Under which name they are found.
    pub name: String,
    /// The words.
    pub words: String,
}

impl Snippet {
    /// Whether it can be kept.
    ///
    /// # Errors
    /// Name or words lack, or are longer than anybody reads.
    pub fn check(&self) -> Result<(), Obstacle> {
        let fits = |text: &str, most: usize| {
            let count = text.trim().chars().count();
            (1..=most).contains(&count)
        };
        if !fits(&self.name, NAME) {
            return Err(Obstacle::Empty("snippet-name"));
        }
        match fits(&self.words, WORDS) {
            true => Ok(()),
            false => Err(Obstacle::Empty("snippet-words")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snippet(name: &str, words: &str) -> Snippet {
        Snippet {
            id: None,
            lang: Lang::De,
            name: name.to_owned(),
            words: words.to_owned(),
        }
    }

    #[test]
    fn words_without_a_name_and_names_without_words_are_not_kept() {
        assert!(snippet("Frist", "Bald.").check().is_ok());
        assert_eq!(
            snippet(" ", "Bald.").check(),
            Err(Obstacle::Empty("snippet-name"))
        );
        assert_eq!(
            snippet("Frist", &"x".repeat(WORDS + 1)).check(),
            Err(Obstacle::Empty("snippet-words"))
        );
    }
}
