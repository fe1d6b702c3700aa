//! Classes of words under the names that the files give them.

use std::collections::HashMap;

use super::class::{ClassId, Classes};
use super::fold::fold;

/// Collects the classes while patterns are read.
#[derive(Default)]
pub(super) struct Maker {
    pub(super) ids: HashMap<String, ClassId>,
    pub(super) named: HashMap<String, String>,
    pub(super) classes: Classes,
}

impl Maker {
    /// The class of a list of words and names of classes.
    pub(super) fn class_of(&mut self, language: &str, item: &str) -> Result<ClassId, String> {
        let mut words = Vec::new();
        self.spell(language, item, 0, &mut words)?;
        words.sort();
        words.dedup();
        let key = words.join("|");
        if let Some(id) = self.ids.get(&key) {
            return Ok(*id);
        }
        let id = ClassId::try_from(self.ids.len()).map_err(|_| "too many classes".to_owned())?;
        for word in &words {
            if word == "#" {
                self.classes.add_number(id);
                continue;
            }
            let (head_open, rest) = word
                .strip_prefix('*')
                .map_or((false, word.as_str()), |rest| (true, rest));
            let (tail_open, core) = rest
                .strip_suffix('*')
                .map_or((false, rest), |core| (true, core));
            self.classes.add(head_open, core, tail_open, id);
        }
        self.ids.insert(key, id);
        Ok(id)
    }

    fn spell(
        &self,
        language: &str,
        item: &str,
        depth: usize,
        out: &mut Vec<String>,
    ) -> Result<(), String> {
        for word in item.split(['|', ' ', '\n']).filter(|word| !word.is_empty()) {
            if let Some(name) = word.strip_prefix('@') {
                let list = self
                    .named
                    .get(&format!("{language}@{name}"))
                    .filter(|_| depth < 4)
                    .ok_or_else(|| format!("no class '@{name}'"))?;
                self.spell(language, list, depth + 1, out)?;
                continue;
            }
            if word == "#" {
                out.push(word.to_owned());
                continue;
            }
            let core = fold(word);
            if core.is_empty() {
                return Err(format!("no word in '{word}'"));
            }
            let head = if word.starts_with('*') { "*" } else { "" };
            let tail = if word.ends_with('*') { "*" } else { "" };
            out.push(format!("{head}{core}{tail}"));
        }
        if out.is_empty() {
            Err(format!("nothing in '{item}'"))
        } else {
            Ok(())
        }
    }
}
