//! Where one person's objects lie: a prefix with her identifier in it, to the slash at its end.

use std::collections::HashSet;

use super::settings::PrefixSettings;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{Fault, Mishap, Origin};

/// A prefix that is made of an identifier.
#[derive(Clone, Debug)]
pub struct Place {
    /// As it is declared.
    pub pattern: String,
    before: String,
    after: String,
    /// What stands in the braces.
    pub by: SearchKey,
    /// The category of the data.
    pub category: String,
    /// Where they come from.
    pub origin: Origin,
}

impl Place {
    /// Reads a pattern.
    pub fn new(settings: &PrefixSettings) -> Result<Place, Mishap> {
        let wrong = |what: &str| {
            Mishap::new(
                Fault::Misconfigured,
                format!("prefix {}: {what}", settings.pattern),
            )
        };
        let parts = settings.pattern.split_once('{').and_then(|(before, rest)| {
            let (name, after) = rest.split_once('}')?;
            Some((before, name, after))
        });
        let (before, name, after) = parts
            .ok_or_else(|| wrong("whose objects lie there? {email} or {number} is missing"))?;
        // Without the slash `erika` is `erikason` as well.
        if !after.ends_with('/') {
            return Err(wrong("it must end with a slash"));
        }
        if after.contains(['{', '}']) || before.contains('}') || before.starts_with('/') {
            return Err(wrong(
                "it holds one identifier, and does not begin with a slash",
            ));
        }
        let by = SearchKey::from_code(name)
            .filter(|key| !matches!(key, SearchKey::Ip | SearchKey::Address));
        Ok(Place {
            pattern: settings.pattern.clone(),
            before: before.to_owned(),
            after: after.to_owned(),
            by: by.ok_or_else(|| wrong("nobody knows this identifier"))?,
            category: settings.category.clone(),
            origin: settings.origin,
        })
    }

    /// The prefixes of an identifier, one for each spelling; none, if it cannot be a part of a name.
    pub fn prefixes(&self, identifier: &Identifier) -> Vec<String> {
        if identifier.kind != self.by {
            return Vec::new();
        }
        let given = identifier.value.reveal().trim().to_owned();
        // To a storage every letter counts.
        let spellings = match self.by {
            SearchKey::Email | SearchKey::Phone => vec![identifier.canonical(), given],
            SearchKey::Name => vec![given],
            _ => vec![given.to_uppercase(), given.to_lowercase(), given],
        };
        let mut seen = HashSet::new();
        let sound = |text: &String| {
            let steps = text == "." || text == "..";
            !text.is_empty() && !steps && !text.contains('/') && !text.chars().any(char::is_control)
        };
        let prefixes = spellings
            .into_iter()
            .filter(sound)
            .map(|text| format!("{}{text}{}", self.before, self.after));
        prefixes
            .filter(|prefix| seen.insert(prefix.clone()))
            .collect()
    }

    /// Whether the key lies below this prefix of somebody.
    pub fn holds(&self, key: &str) -> bool {
        let Some(rest) = key.strip_prefix(&self.before) else {
            return false;
        };
        match rest.split_once(&self.after) {
            Some((who, rest)) => !who.is_empty() && !who.contains('/') && !rest.is_empty(),
            None => false,
        }
    }
}
