//! The style sheets of a page, as far as they hide or colour: rules for one class, one id or one element.

use std::collections::HashMap;

use super::{
    style::{Look, looks},
    tags::Tag,
};

const RULES: usize = 400;
/// Classes of one element.
const CLASSES: usize = 20;
const LOOKS: usize = 20;

#[derive(Debug, Default)]
pub struct Sheet {
    rules: Vec<Vec<Look>>,
    /// Which rules an element, a class or an id has, in their order.
    elements: Index,
    classes: Index,
    ids: Index,
}

type Index = HashMap<String, Vec<usize>>;

impl Sheet {
    pub fn add(&mut self, text: &str) {
        let text = without_comments(text);
        let mut rest = text.as_str();
        while let Some(open) = rest.find('{') {
            let (selectors, after) = rest.split_at(open);
            let after = after.get(1..).unwrap_or_default();
            let selectors = selectors
                .rsplit(['}', ';'])
                .next()
                .unwrap_or_default()
                .trim();
            if selectors.starts_with('@') {
                // rules for print or for small screens: what they hide is seen elsewhere
                rest = after_block(after);
                continue;
            }
            let end = after.find('}').unwrap_or(after.len());
            let (body, next) = after.split_at(end);
            rest = next.get(1..).unwrap_or_default();
            let mut list = Vec::new();
            looks(body, |look| list.push(look));
            list.truncate(LOOKS);
            if !list.is_empty() {
                selectors
                    .split(',')
                    .for_each(|selector| self.push(selector.trim(), &list));
            }
        }
    }

    fn push(&mut self, selector: &str, list: &[Look]) {
        if self.rules.len() >= RULES || selector.is_empty() || selector.len() > 80 {
            return;
        }
        let simple = |text: &str| {
            !text.is_empty()
                && text
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
        };
        let (index, name) = match selector.split_once('.') {
            Some((element, class)) if simple(class) && (element.is_empty() || simple(element)) => {
                (&mut self.classes, class.to_owned())
            }
            _ => match selector.strip_prefix('#') {
                Some(id) if simple(id) => (&mut self.ids, id.to_owned()),
                _ if simple(selector) => (&mut self.elements, selector.to_ascii_lowercase()),
                _ => return,
            },
        };
        index.entry(name).or_default().push(self.rules.len());
        self.rules.push(list.to_vec());
    }

    pub fn apply(&self, tag: &Tag<'_>, with: impl FnMut(Look)) {
        if self.rules.is_empty() {
            return;
        }
        let classes = tag
            .get("class")
            .into_iter()
            .flat_map(|list| list.split_ascii_whitespace().take(CLASSES))
            .filter_map(|class| self.classes.get(class));
        let id = tag.get("id").and_then(|id| self.ids.get(id));
        let mut found: Vec<usize> = self
            .elements
            .get(tag.name.as_str())
            .into_iter()
            .chain(id)
            .chain(classes)
            .flatten()
            .copied()
            .take(RULES)
            .collect();
        found.sort_unstable();
        found
            .iter()
            .filter_map(|rule| self.rules.get(*rule))
            .flatten()
            .copied()
            .for_each(with);
    }
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out.replace("<!--", " ").replace("-->", " ")
}

fn after_block(text: &str) -> &str {
    let mut depth = 1_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return text.get(at + 1..).unwrap_or_default();
                }
            }
            _ => {}
        }
    }
    ""
}
