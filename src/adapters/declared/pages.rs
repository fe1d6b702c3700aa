//! Pages to the end: a page that is not full is not taken for the last one, and one that comes again ends the search.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use serde_json::Value;

use super::description::{Paging, PagingKind, Request};
use super::pointer::{self, Pointer};
use super::template::Values;
use super::wire::{Said, Wire};
use crate::adapters::http::Answer;
use crate::ports::source::{Fault, Mishap};

/// Nobody has more pages, or more records, of one person.
const MOST_PAGES: u32 = 5_000;
const MOST_RECORDS: u64 = 500_000;

/// The answers to one request, page by page.
pub(super) struct Pages<'a> {
    wire: &'a Wire,
    rule: &'a Request,
    values: Values,
    turn: Turn,
    seen: HashSet<u64>,
    pages: u32,
    /// Records that came so far.
    pub count: u64,
    /// How many the other side says there are.
    pub total: Option<u64>,
    /// Whether it does not reach that far back.
    pub capped: bool,
}

enum Turn {
    Ask,
    Follow(String),
    End,
}

impl<'a> Pages<'a> {
    pub fn new(wire: &'a Wire, rule: &'a Request, values: &Values) -> Pages<'a> {
        let mut values = values.clone();
        if let Some(paging) = &rule.paging {
            values.set("page", paging.first.to_string());
            values.set("offset", paging.first.to_string());
            if let Some(limit) = paging.limit {
                values.set("limit", limit.to_string());
            }
        }
        Pages {
            wire,
            rule,
            values,
            turn: Turn::Ask,
            seen: HashSet::new(),
            pages: 0,
            count: 0,
            total: None,
            capped: false,
        }
    }

    /// The records of the next page; none after the last one.
    pub async fn next(&mut self) -> Result<Option<Vec<Value>>, Mishap> {
        let said = match &self.turn {
            Turn::End => return Ok(None),
            Turn::Ask => self.wire.send(self.rule, &self.values).await?,
            Turn::Follow(address) => self.wire.follow(self.rule, address).await?,
        };
        let (body, answer) = match said {
            Said::Something(body, answer) => (body, answer),
            Said::Nobody => {
                self.turn = Turn::End;
                return Ok(None);
            }
            Said::Capped => {
                self.turn = Turn::End;
                self.capped = true;
                return Ok(None);
            }
        };
        let records = records(self.rule, &body)?;
        self.pages += 1;
        self.count += records.len() as u64;
        if self.pages > MOST_PAGES || self.count > MOST_RECORDS {
            return Err(Mishap::new(Fault::Flooded, "it always has another page"));
        }
        self.turn = match &self.rule.paging {
            None => Turn::End,
            Some(paging) => self.turn_after(paging, &records, &body, answer.as_ref())?,
        };
        Ok(Some(records))
    }

    /// Whether fewer came than the other side says there are, or just as many as it gives at most.
    pub fn falls_short(&self) -> bool {
        let cap = self.rule.paging.as_ref().and_then(|it| it.cap);
        self.capped
            || self.total.is_some_and(|total| self.count < total)
            || cap.is_some_and(|cap| self.count >= cap)
    }

    fn turn_after(
        &mut self,
        paging: &Paging,
        records: &[Value],
        body: &Value,
        answer: Option<&Answer>,
    ) -> Result<Turn, Mishap> {
        let again = || Mishap::new(Fault::Flooded, "the same page came again");
        let mut new = |what: &str| {
            let mut hasher = DefaultHasher::new();
            what.hash(&mut hasher);
            self.seen.insert(hasher.finish())
        };
        let at = |place: &str| match place.is_empty() {
            true => None,
            false => pointer::texts(place, body).into_iter().next(),
        };
        if let Some(total) = at(&paging.total).and_then(|it| it.parse().ok()) {
            self.total = Some(total);
        }
        let said_end =
            !paging.more.is_empty() && at(&paging.more).is_none_or(|it| it == "false" || it == "0");
        let next = match paging.kind {
            PagingKind::Page | PagingKind::Offset => {
                let short = paging
                    .limit
                    .is_some_and(|limit| (records.len() as u64) < limit);
                let all = self.total.is_some_and(|total| self.count >= total);
                if records.is_empty() || said_end || all || (short && paging.short_ends) {
                    return Ok(Turn::End);
                }
                if !new(&serde_json::to_string(records).unwrap_or_default()) {
                    return Err(again());
                }
                // Who gives fewer than was asked for must not make us leap over the rest.
                self.values
                    .set("page", (paging.first + u64::from(self.pages)).to_string());
                self.values
                    .set("offset", (paging.first + self.count).to_string());
                return Ok(Turn::Ask);
            }
            PagingKind::Cursor | PagingKind::Next => at(&paging.at),
            PagingKind::Header if paging.header.is_empty() => answer
                .and_then(|it| it.header("link"))
                .and_then(next_link)
                .map(str::to_owned),
            PagingKind::Header => answer
                .and_then(|it| it.header(&paging.header))
                .map(str::to_owned)
                .filter(|it| !it.trim().is_empty()),
            PagingKind::Unsaid => None,
        };
        let Some(next) = next.filter(|_| !said_end) else {
            return Ok(Turn::End);
        };
        if !new(&next) {
            return Err(again());
        }
        let cursor = paging.kind == PagingKind::Cursor || !paging.header.is_empty();
        if cursor {
            self.values.set("cursor", next);
            return Ok(Turn::Ask);
        }
        Ok(Turn::Follow(next))
    }
}

/// The records of an answer, where the description says that they lie.
pub(super) fn records(rule: &Request, body: &Value) -> Result<Vec<Value>, Mishap> {
    let odd = |what: &str| Mishap::new(Fault::Unreadable, format!("{what} at {:?}", rule.records));
    let place =
        Pointer::parse(&rule.records).map_err(|why| Mishap::new(Fault::Misconfigured, why))?;
    if let Some((before, _)) = rule.records.split_once("/*") {
        // The list itself must be there: an answer of another shape is not an empty one.
        let list = Pointer::parse(before)
            .ok()
            .and_then(|it| it.one(body).cloned());
        return match list {
            Some(Value::Array(_)) => Ok(place.all(body).into_iter().cloned().collect()),
            _ => Err(odd("no list")),
        };
    }
    let found = place.one(body).ok_or_else(|| odd("nothing"))?;
    match (found, rule.single) {
        (Value::Array(list), false) => Ok(list.clone()),
        (Value::Object(_), true) => Ok(vec![found.clone()]),
        (_, false) => Err(odd("no list")),
        (_, true) => Err(odd("no record")),
    }
}

/// `rel="next"` of a `Link` header (RFC 8288).
fn next_link(header: &str) -> Option<&str> {
    header.split(',').find_map(|link| {
        let (address, about) = link.split_once(';')?;
        let next = about.split(';').any(|it| {
            let it = it.trim().to_ascii_lowercase();
            it == "rel=next" || it == "rel=\"next\""
        });
        let address = address.trim().strip_prefix('<')?.strip_suffix('>')?;
        next.then_some(address)
    })
}

#[cfg(test)]
mod tests {
    use super::next_link;

    #[test]
    fn the_next_page_is_found_among_the_links() {
        let header = "<https://a.example/x?page=1>; rel=\"prev\", <https://a.example/x?page=3>; rel=\"next\"";
        assert_eq!(next_link(header), Some("https://a.example/x?page=3"));
        assert_eq!(next_link("<https://a.example/x>; rel=\"last\""), None);
    }
}
