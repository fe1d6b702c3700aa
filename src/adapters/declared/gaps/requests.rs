//! What is missing in a single request: blanks that nothing fills, pages that cannot be asked for.

use super::Look;
use crate::adapters::declared::description::{Mark, PagingKind, Request};
use crate::adapters::declared::pointer::Pointer;
use crate::adapters::declared::template::{self, Template};
use crate::adapters::spelling::Spelling;
use crate::domain::identifier::SearchKey;

impl<'a> Look<'a> {
    pub(super) fn request(
        &mut self,
        key: &str,
        rule: &'a Request,
        known: &[&'a str],
        record: bool,
    ) {
        let mut names: Vec<&str> = known.to_vec();
        names.extend(self.description.values.iter().map(String::as_str));
        names.extend(rule.each.iter().map(String::as_str));
        for name in &rule.each {
            if !self.description.lists.contains_key(name) && !self.description.values.contains(name)
            {
                self.gap(
                    format!("{key}.each"),
                    format!("there is no list {name:?}"),
                    "Add it below [lists].",
                );
            }
        }
        if let Some(paging) = &rule.paging {
            names.extend(["page", "offset", "cursor"]);
            if paging.limit.is_some() {
                names.push("limit");
            }
        }
        for text in texts(rule) {
            let template = match Template::parse(text) {
                Ok(template) => template,
                Err(why) => {
                    self.gap(
                        key,
                        why,
                        "Blanks are {email}, {id}, {/field of the record}.",
                    );
                    continue;
                }
            };
            for blank in template.blanks() {
                let fits = match blank.name.starts_with('/') {
                    true => record && Pointer::parse(&blank.name).is_ok(),
                    false => names.contains(&blank.name.as_str()),
                };
                if !fits {
                    self.gap(
                        key,
                        format!("nothing fills {{{}}} here", blank.name),
                        "Name it in `values` or `each`, or use another blank.",
                    );
                }
            }
        }
        if rule.path.trim_matches('/').split('/').any(str::is_empty)
            && !rule.path.trim_matches('/').is_empty()
        {
            self.gap(
                format!("{key}.path"),
                "a piece of it is empty",
                "Write it without //.",
            );
        }
        if rule.path.contains('?') {
            self.gap(
                format!("{key}.path"),
                "parameters do not belong there",
                "Write them below `query`.",
            );
        }
        self.pointer(&format!("{key}.records"), &rule.records, false);
        if let Some(Mark { status, at, .. }) = &rule.nobody
            && (at.is_empty() || status.is_empty())
        {
            self.gap(
                format!("{key}.nobody"),
                "a status alone may mean a wrong address",
                "Add `at`: a place in the body that only the answer \"there is nobody\" has.",
            );
        }
        self.paging(key, rule);
        if let Some(job) = &rule.job {
            self.pointer(&format!("{key}.job.id"), &job.id, true);
            self.pointer(&format!("{key}.job.at"), &job.at, true);
            if job.done.is_empty() || job.path.is_empty() || job.tries == 0 {
                self.gap(
                    format!("{key}.job"),
                    "path, done and tries belong to it",
                    "Say where to look, and how often.",
                );
            }
        }
        if rule.spelling.contains(&Spelling::National) && !rule.by.contains(&SearchKey::Phone) {
            self.gap(
                format!("{key}.spelling"),
                "only numbers have a national spelling",
                "Use canonical or given.",
            );
        }
    }

    pub(super) fn paging(&mut self, key: &str, rule: &Request) {
        let Some(paging) = &rule.paging else {
            return;
        };
        let key = format!("{key}.paging");
        let wants = match paging.kind {
            PagingKind::Unsaid => {
                self.gap(
                    format!("{key}.kind"),
                    "it is not there",
                    "page, offset, cursor, next or header.",
                );
                return;
            }
            PagingKind::Page => "page",
            PagingKind::Offset => "offset",
            PagingKind::Cursor => "cursor",
            PagingKind::Next => "",
            PagingKind::Header if paging.header.is_empty() => "",
            PagingKind::Header => "cursor",
        };
        if !wants.is_empty() && !mentions(rule, &[wants]) {
            self.gap(
                key.clone(),
                "the next page cannot be asked for",
                format!("Put {{{wants}}} into the request."),
            );
        }
        if matches!(paging.kind, PagingKind::Cursor | PagingKind::Next) {
            self.pointer(&format!("{key}.at"), &paging.at, true);
        }
        if paging.short_ends && paging.limit.is_none() {
            self.gap(
                format!("{key}.limit"),
                "nobody says when a page is full",
                "Add limit, and {limit} to the request.",
            );
        }
    }
}

/// All texts of a request that may hold blanks.
fn texts(rule: &Request) -> Vec<&str> {
    let mut texts: Vec<&str> = template::pieces(&rule.path).collect();
    texts.extend(
        rule.query
            .values()
            .chain(rule.headers.values())
            .map(String::as_str),
    );
    let mut open: Vec<&serde_json::Value> = rule.body.iter().collect();
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::String(text) => texts.push(text),
            serde_json::Value::Array(list) => open.extend(list),
            serde_json::Value::Object(map) => open.extend(map.values()),
            _ => {}
        }
    }
    texts
}

/// The names of all blanks of a request.
pub(in crate::adapters::declared) fn blanks(rule: &Request) -> Vec<String> {
    let templates = texts(rule)
        .into_iter()
        .filter_map(|text| Template::parse(text).ok());
    templates
        .flat_map(|it| {
            it.blanks()
                .map(|blank| blank.name.clone())
                .collect::<Vec<_>>()
        })
        .collect()
}

pub(super) fn mentions(rule: &Request, names: &[&str]) -> bool {
    blanks(rule)
        .iter()
        .any(|blank| names.contains(&blank.as_str()))
}

/// Whether the path itself says below which record is asked.
pub(super) fn said_in_path(rule: &Request) -> bool {
    let mut pieces = template::pieces(&rule.path).filter_map(|piece| Template::parse(piece).ok());
    pieces.any(|it| {
        it.blanks()
            .any(|blank| blank.name == "parent" || blank.name.starts_with('/'))
    })
}

pub(super) fn record_blank(rule: &Request) -> bool {
    blanks(rule).iter().any(|blank| blank.starts_with('/'))
}
