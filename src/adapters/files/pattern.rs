//! Where files lie, as the operator writes it: `bewerber/{name}/**`, `logs/access.log*`.

use std::ffi::OsStr;

use super::shape::{Part, Piece, filled, shape};
use super::trail::Trail;
use crate::domain::identifier::SearchKey;

/// A pattern for whole paths.
#[derive(Clone, Debug)]
pub struct Pattern {
    pieces: Vec<Piece>,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// In words, what is wrong with it.
    pub fn read(text: &str) -> Result<Pattern, String> {
        let mut pieces = Vec::new();
        for piece in text.split('/') {
            pieces.push(match piece {
                "" | "." | ".." => {
                    return Err(
                        "a path below the root, without `..` and without `/` at its ends".into(),
                    );
                }
                "**" => Piece::Deep,
                _ => shape(piece)?,
            });
        }
        if pieces.iter().filter(|it| matches!(it, Piece::Deep)).count() > 1 {
            return Err("`**` may stand once".into());
        }
        Ok(Pattern { pieces })
    }

    /// The steps.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// By what its holes ask.
    #[must_use]
    pub fn holes(&self) -> Vec<SearchKey> {
        let parts = self.pieces.iter().flat_map(|piece| match piece {
            Piece::Shaped(parts) => parts.as_slice(),
            _ => &[],
        });
        let mut keys = Vec::new();
        for part in parts {
            match part {
                Part::Hole(key) if !keys.contains(key) => keys.push(*key),
                _ => {}
            }
        }
        keys
    }

    /// Whether the path is one of this shape.
    #[must_use]
    pub fn fits(&self, trail: &Trail) -> bool {
        self.aligned(trail)
            .is_some_and(|pairs| pairs.iter().all(|(piece, name)| piece.fits(name)))
    }

    /// What may stand in the holes, each possibility by itself.
    #[must_use]
    pub fn filled(&self, trail: &Trail) -> Vec<(SearchKey, String)> {
        let mut found = Vec::new();
        for (piece, name) in self.aligned(trail).unwrap_or_default() {
            if let Piece::Shaped(parts) = piece {
                filled(parts, name, &mut found);
            }
        }
        found.sort_by(|one, other| one.1.cmp(&other.1));
        found.dedup();
        found
    }

    /// The first folder from the root whose name says whose files are in it.
    #[must_use]
    pub fn persons_folder(&self, trail: &Trail) -> Option<usize> {
        let pairs = self.aligned(trail)?;
        let holds = |piece: &Piece| matches!(piece, Piece::Shaped(parts) if parts.iter().any(|it| matches!(it, Part::Hole(_))));
        let deep = self.pieces.iter().position(|it| matches!(it, Piece::Deep));
        let at = pairs.iter().position(|(piece, _)| holds(piece))?;
        // Behind `**` the count is from the end.
        let at = match deep {
            Some(deep) if at >= deep => trail.steps().len() - (pairs.len() - at),
            _ => at,
        };
        (at + 1 < trail.steps().len()).then_some(at)
    }

    fn aligned<'a>(&'a self, trail: &'a Trail) -> Option<Vec<(&'a Piece, &'a OsStr)>> {
        let steps = trail.steps();
        let deep = self.pieces.iter().position(|it| matches!(it, Piece::Deep));
        let names = || steps.iter().map(|step| step.as_os_str());
        let Some(deep) = deep else {
            return (steps.len() == self.pieces.len())
                .then(|| self.pieces.iter().zip(names()).collect());
        };
        let behind = self.pieces.len() - deep - 1;
        // What ends in `**` are the files below it: at least one step.
        if steps.len() < deep + behind.max(1) {
            return None;
        }
        let front = self.pieces.iter().take(deep).zip(names());
        let back = self
            .pieces
            .iter()
            .skip(deep + 1)
            .zip(names().skip(steps.len() - behind));
        Some(front.chain(back).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(pattern: &str, path: &str) -> Vec<(SearchKey, String)> {
        Pattern::read(pattern)
            .unwrap()
            .filled(&Trail::read(path).unwrap())
    }

    #[test]
    fn a_hole_holds_what_stands_between_its_neighbours() {
        assert_eq!(
            filled("kunden/{number}_*.pdf", "kunden/K-1_Vertrag.pdf"),
            [(SearchKey::Number, "K-1".into())]
        );
        assert_eq!(
            filled("b/{name}/**", "b/Anna Beispiel/x/y.txt"),
            [(SearchKey::Name, "Anna Beispiel".into())]
        );
        assert_eq!(
            filled("**/{email}.vcf", "a/b/anna@example.org.vcf"),
            [(SearchKey::Email, "anna@example.org".into())]
        );
        let two = filled("{number}_{name}.txt", "7_Anna_Beispiel.txt");
        assert!(
            two.contains(&(SearchKey::Name, "Anna_Beispiel".into())),
            "{two:?}"
        );
        assert!(two.contains(&(SearchKey::Number, "7".into())), "{two:?}");
    }

    #[test]
    fn a_pattern_fits_whole_paths_only() {
        let logs = Pattern::read("logs/access.log*").unwrap();
        let fits = |path: &str| logs.fits(&Trail::read(path).unwrap());
        assert!(fits("logs/access.log") && fits("logs/access.log.2.gz"));
        assert!(!fits("logs/error.log") && !fits("logs/old/access.log") && !fits("access.log"));
        let deep = Pattern::read("a/**").unwrap();
        assert!(
            deep.fits(&Trail::read("a/b/c/d").unwrap()) && !deep.fits(&Trail::read("a").unwrap())
        );
    }

    #[test]
    fn a_pattern_that_leads_out_or_says_nothing_is_refused() {
        for text in [
            "/etc/*",
            "../x",
            "a/../b",
            "",
            "a//b",
            "{",
            "{shoe}",
            "*{name}",
            "{name}{number}",
            "**/a/**",
            "a/",
        ] {
            assert!(Pattern::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_made_to_be_slow_is_not() {
        let pattern = Pattern::read("*a*a*a*b").unwrap();
        let path = "a".repeat(250);
        assert!(!pattern.fits(&Trail::read(&path).unwrap()));
    }

    #[test]
    fn the_folder_that_carries_the_name_is_known() {
        let at = |pattern: &str, path: &str| {
            Pattern::read(pattern)
                .unwrap()
                .persons_folder(&Trail::read(path).unwrap())
        };
        assert_eq!(at("b/{name}/**", "b/Anna/x/y"), Some(1));
        assert_eq!(at("**/{name}/*", "q/r/Anna/y"), Some(2));
        assert_eq!(at("b/{name}.txt", "b/Anna.txt"), None);
    }
}
