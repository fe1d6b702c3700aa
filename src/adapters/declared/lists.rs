//! Lists of a system over which a search walks: groups, folders, mailboxes. No persons; what is expected among them and
//! not seen is said.

use std::collections::{HashMap, HashSet, VecDeque};

use super::Declared;
use super::description::{List, Request};
use super::pages::Pages;
use super::pointer;
use super::template::{self, Values};
use crate::ports::source::{Fault, Mishap};

/// Nobody has more groups or folders.
const MOST: usize = 20_000;

/// What was listed already in one search.
#[derive(Default)]
pub(super) struct Shelf {
    known: HashMap<String, Vec<String>>,
    seen: HashMap<String, HashSet<String>>,
}

impl Declared {
    /// The blanks once for every entry of the lists, and of each list for every entry of the one before.
    pub(super) async fn scopes(
        &self,
        each: &[String],
        values: &Values,
        shelf: &mut Shelf,
    ) -> Result<Vec<Values>, Mishap> {
        let mut scopes = vec![values.clone()];
        for name in each {
            let mut wider = Vec::new();
            for scope in &scopes {
                for key in self.entries(name, scope, shelf).await? {
                    wider.push(scope.with(name, key));
                }
            }
            if wider.len() > MOST {
                return Err(Mishap::new(Fault::Flooded, format!("{name}: too many")));
            }
            scopes = wider;
        }
        Ok(scopes)
    }

    /// The keys of one list.
    pub(super) async fn entries(
        &self,
        name: &str,
        values: &Values,
        shelf: &mut Shelf,
    ) -> Result<Vec<String>, Mishap> {
        if let Some(own) = self.many.get(name) {
            return Ok(own.clone());
        }
        let list = self.description.lists.get(name);
        let list = list.ok_or_else(|| {
            Mishap::new(Fault::Misconfigured, format!("lists.{name} is not there"))
        })?;
        let asked = format!("{name} {}", asked(&list.ask, values)?);
        if let Some(known) = shelf.known.get(&asked) {
            return Ok(known.clone());
        }
        let keys = self.listed(name, list, values, shelf).await?;
        shelf.known.insert(asked, keys.clone());
        Ok(keys)
    }

    /// How many there are, over all lists that this one hangs on.
    pub(super) async fn listed_all(&self, name: &str, shelf: &mut Shelf) -> Result<u64, Mishap> {
        let each = self
            .description
            .lists
            .get(name)
            .map(|it| it.ask.each.clone())
            .unwrap_or_default();
        let mut count = 0;
        for scope in self.scopes(&each, &self.values, shelf).await? {
            count += self.entries(name, &scope, shelf).await?.len() as u64;
        }
        Ok(count)
    }

    async fn listed(
        &self,
        name: &str,
        list: &List,
        values: &Values,
        shelf: &mut Shelf,
    ) -> Result<Vec<String>, Mishap> {
        let mut keys = Vec::new();
        let mut known = HashSet::new();
        let mut above: VecDeque<Option<String>> = VecDeque::from([None]);
        while let Some(key) = above.pop_front() {
            let (rule, values) = match (key, &list.below) {
                (None, _) => (&list.ask, values.clone()),
                (Some(key), Some(below)) => (below, values.with("above", key)),
                (Some(_), None) => continue,
            };
            let mut pages = Pages::new(&self.reading, rule, &values);
            while let Some(page) = pages.next().await? {
                for entry in &page {
                    let Some(key) = pointer::texts(&list.id, entry).into_iter().next() else {
                        return Err(Mishap::new(
                            Fault::Unreadable,
                            format!("{name}: no key at {}", list.id),
                        ));
                    };
                    let seen = shelf.seen.entry(name.to_owned()).or_default();
                    seen.insert(key.clone());
                    if !list.name.is_empty() {
                        seen.extend(pointer::texts(&list.name, entry));
                    }
                    if known.insert(key.clone()) {
                        keys.push(key.clone());
                        above.push_back(Some(key));
                    }
                }
                if keys.len() > MOST {
                    return Err(Mishap::new(Fault::Flooded, format!("{name}: too many")));
                }
            }
        }
        Ok(keys)
    }

    /// What was expected in the lists that were walked over, and is not there.
    pub(super) fn unseen(&self, shelf: &Shelf) -> Vec<String> {
        let mut unseen = Vec::new();
        for (name, expected) in &self.expected {
            let Some(seen) = shelf.seen.get(name) else {
                continue;
            };
            unseen.extend(expected.iter().filter(|it| !seen.contains(*it)).cloned());
        }
        unseen
    }
}

fn asked(rule: &Request, values: &Values) -> Result<String, Mishap> {
    let mut text = template::path(&rule.path, values)?.join("/");
    for (name, value) in &rule.query {
        if let Some(value) = template::line(value, values)? {
            text.push_str(&format!("&{name}={value}"));
        }
    }
    Ok(text)
}
