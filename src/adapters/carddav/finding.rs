//! Looks for a person in every address book: the server filters, the card is compared by ourselves.

use std::collections::BTreeSet;

use super::books::Book;
use super::card::{Card, bare};
use super::dav::{Dav, Href, Told, filter};
use super::record;
use super::xml::CARD;
use crate::domain::identifier::{Identifier, SearchKey, e164};
use crate::ports::source::{Basket, Doubt, Fault, Mishap, RecordRef, Search, Tie};

/// So many cards without any trace of what was asked for, and more than half: the server did not filter.
const FOREIGN: usize = 25;
/// Filters in one question.
const FILTERS: usize = 40;
const CASEMAPS: [&str; 2] = ["i;unicode-casemap", "i;ascii-casemap"];

/// Looks through all address books.
pub(super) async fn find(
    dav: &Dav,
    books: &[Book],
    wanted: &[Identifier],
    basket: &mut dyn Basket,
) -> Result<Search, Mishap> {
    let mut hunt = Hunt {
        dav,
        wanted,
        basket,
        search: Search::default(),
    };
    let mut refused = None;
    for book in books {
        match hunt.in_book(book).await {
            Err(mishap)
                if matches!(
                    mishap.fault,
                    Fault::Forbidden | Fault::Missing | Fault::Refused
                ) =>
            {
                hunt.search.doubt(Doubt::Closed(book.name.clone()));
                refused = Some(mishap);
            }
            done => done?,
        }
    }
    match refused {
        // None could be read: that is no answer.
        Some(mishap) if hunt.search.asked.is_empty() => Err(mishap),
        _ => Ok(hunt.search),
    }
}

struct Hunt<'a> {
    dav: &'a Dav,
    wanted: &'a [Identifier],
    basket: &'a mut dyn Basket,
    search: Search,
}

/// A card with its place and state.
struct Found {
    href: Href,
    etag: Option<String>,
    card: Card,
}

impl Hunt<'_> {
    async fn in_book(&mut self, book: &Book) -> Result<(), Mishap> {
        let mut laid: BTreeSet<Href> = BTreeSet::new();
        let mut uids = Vec::new();
        for kind in [SearchKey::Email, SearchKey::Phone, SearchKey::Name] {
            let wanted: Vec<&Identifier> =
                self.wanted.iter().filter(|it| it.kind == kind).collect();
            if wanted.is_empty() {
                continue;
            }
            let texts: Vec<(&str, &str, String)> =
                wanted.iter().flat_map(|it| questions(it)).collect();
            let mut found = self.ask(book, &texts).await?;
            if kind == SearchKey::Name {
                // Some servers fall over their own names in parts.
                let parts: Vec<_> = texts
                    .iter()
                    .map(|(_, how, text)| ("N", *how, text.clone()))
                    .collect();
                match self.ask(book, &parts).await {
                    Ok(more) => found.extend(more),
                    Err(mishap)
                        if matches!(
                            mishap.fault,
                            Fault::Broken | Fault::Refused | Fault::Forbidden
                        ) =>
                    {
                        self.search.doubt(Doubt::LowerBound);
                    }
                    Err(mishap) => return Err(mishap),
                }
            }
            self.filtered(kind, &texts, &found)?;
            if kind == SearchKey::Phone {
                // Whoever writes its last two digits apart is not found by them.
                self.search.doubt(Doubt::LowerBound);
            }
            let mut hits = 0;
            for one in found {
                let Some(tie) = tie(&one.card, kind, &wanted) else {
                    continue;
                };
                if one.card.is_group() || !laid.insert(one.href.clone()) {
                    continue;
                }
                hits += 1;
                uids.extend(one.card.one("UID").map(|it| (bare(&it), one.href.clone())));
                self.lay(book, &one, tie).await?;
            }
            self.search.asked(&book.name, Some(kind), hits);
        }
        if !uids.is_empty() {
            self.groups(book, &uids).await?;
        }
        Ok(())
    }

    async fn lay(&mut self, book: &Book, one: &Found, tie: Tie) -> Result<(), Mishap> {
        let exact = matches!(tie, Tie::Exact { .. });
        let reference = reference(&one.href, one.etag.as_ref(), &one.card);
        if exact {
            for identifier in record::seen(&one.card) {
                self.search.propose(self.wanted, identifier, &reference);
            }
        }
        self.basket
            .lay(record::of(book, reference, &one.card, tie))
            .await
    }

    /// Lists in which her card is named: they are others' too, and only her place in them is hers.
    async fn groups(&mut self, book: &Book, uids: &[(String, Href)]) -> Result<(), Mishap> {
        let mut texts = Vec::new();
        for (uid, _) in uids {
            for property in ["MEMBER", "X-ADDRESSBOOKSERVER-MEMBER"] {
                texts.push((property, "contains", uid.clone()));
            }
        }
        let found = self.ask(book, &texts).await?;
        let mut hits = 0;
        for one in found.iter().filter(|it| it.card.is_group()) {
            let members = one.card.members();
            for (uid, card) in uids.iter().filter(|(uid, _)| members.contains(uid)) {
                hits += 1;
                let reference = reference(&one.href, one.etag.as_ref(), &one.card);
                self.basket
                    .lay(record::of_group(
                        book,
                        reference,
                        &one.card,
                        uid,
                        card.as_str(),
                    ))
                    .await?;
            }
        }
        self.search.asked(&book.name, None, hits);
        Ok(())
    }

    async fn ask(
        &mut self,
        book: &Book,
        texts: &[(&str, &str, String)],
    ) -> Result<Vec<Found>, Mishap> {
        let mut found: Vec<Found> = Vec::new();
        for some in texts.chunks(FILTERS) {
            let filters = |casemap: &str| -> String {
                some.iter()
                    .map(|(name, how, text)| filter(name, how, casemap, text))
                    .collect()
            };
            let told = match self.dav.query(&book.href, &filters(CASEMAPS[0])).await {
                // Not every server knows letters beyond ASCII in other cases.
                Err(mishap)
                    if matches!(
                        mishap.fault,
                        Fault::Forbidden | Fault::Refused | Fault::Conflict
                    ) =>
                {
                    self.dav.query(&book.href, &filters(CASEMAPS[1])).await?
                }
                told => told?,
            };
            for one in told {
                let known = found.iter().any(|it| it.href.is(&one.href));
                if !known && let Some(one) = self.read(book, one).await? {
                    found.push(one);
                }
            }
        }
        Ok(found)
    }

    async fn read(&mut self, book: &Book, told: Told) -> Result<Option<Found>, Mishap> {
        if told.status == Some(507) {
            self.search.doubt(Doubt::Capped(book.name.clone()));
            return Ok(None);
        }
        // The book itself, or a place of somebody else's.
        if told.status.is_some_and(|it| it >= 300) || !told.href.is_in(&book.href) {
            return Ok(None);
        }
        let (etag, text) = match told.prop(CARD, "address-data") {
            Some(data) => (told.etag(), data.text.clone()),
            // Some name only the places.
            None => match self.dav.get(&told.href).await? {
                Some((etag, text)) => (told.etag().or(etag), text),
                None => return Ok(None),
            },
        };
        let Some(card) = Card::read(&text) else {
            let place = book.name.clone();
            self.search.doubt(Doubt::Garbled { place, count: 1 });
            return Ok(None);
        };
        Ok(Some(Found {
            href: told.href,
            etag,
            card,
        }))
    }

    /// Cards in which nothing of what was asked for stands are no hits of any filter.
    fn filtered(
        &self,
        kind: SearchKey,
        texts: &[(&str, &str, String)],
        found: &[Found],
    ) -> Result<(), Mishap> {
        let of = match kind {
            SearchKey::Phone => return Ok(()),
            SearchKey::Email => &["EMAIL"][..],
            _ => &["FN", "N", "NICKNAME"],
        };
        let needles: Vec<String> = texts.iter().map(|it| it.2.to_lowercase()).collect();
        let foreign = found.iter().filter(|one| {
            let mut values = of
                .iter()
                .flat_map(|name| one.card.all(name))
                .map(|it| it.to_lowercase());
            !values.any(|value| needles.iter().any(|it| value.contains(it)))
        });
        let foreign = foreign.count();
        match foreign > FOREIGN && foreign * 2 > found.len() {
            true => Err(Mishap::new(
                Fault::Flooded,
                format!("{foreign} cards that nobody asked for"),
            )),
            false => Ok(()),
        }
    }
}

/// Which property says what.
fn questions(wanted: &Identifier) -> Vec<(&'static str, &'static str, String)> {
    let text = wanted.value.reveal();
    match wanted.kind {
        SearchKey::Email => {
            let canonical = wanted.canonical();
            let mut texts = vec![text.clone(), canonical.clone()];
            if let Some((local, domain)) = canonical.rsplit_once('@') {
                texts.extend(
                    idna::domain_to_ascii(domain)
                        .ok()
                        .map(|domain| format!("{local}@{domain}")),
                );
            }
            texts.sort_unstable();
            texts.dedup();
            texts
                .into_iter()
                .map(|it| ("EMAIL", "equals", it))
                .collect()
        }
        SearchKey::Phone => {
            // However it is written, it ends so; mostly.
            let digits = e164(text).unwrap_or_default();
            let end = digits
                .get(digits.len().saturating_sub(2)..)
                .unwrap_or_default();
            vec![("TEL", "contains", end.to_owned())]
        }
        _ => {
            let word = text
                .split_whitespace()
                .max_by_key(|it| it.len())
                .unwrap_or_default()
                .to_owned();
            let pairs = [
                ("\u{e4}", "ae"),
                ("\u{f6}", "oe"),
                ("\u{fc}", "ue"),
                ("\u{df}", "ss"),
            ];
            let plain = pairs
                .iter()
                .fold(word.to_lowercase(), |it, (letter, pair)| {
                    it.replace(letter, pair)
                });
            let umlauts = pairs
                .iter()
                .fold(word.to_lowercase(), |it, (letter, pair)| {
                    it.replace(pair, letter)
                });
            let mut words = vec![word, plain, umlauts];
            words.sort_unstable();
            words.dedup();
            words.into_iter().map(|it| ("FN", "contains", it)).collect()
        }
    }
}

/// Why a card is hers.
fn tie(card: &Card, by: SearchKey, wanted: &[&Identifier]) -> Option<Tie> {
    let is = |value: &String| wanted.iter().any(|it| it.is(value));
    let exact = |field: &str| Tie::Exact {
        by,
        field: field.into(),
    };
    match by {
        SearchKey::Email => {
            let bare = |it: String| it.strip_prefix("mailto:").map(str::to_owned).unwrap_or(it);
            card.all("EMAIL")
                .into_iter()
                .map(bare)
                .any(|it| is(&it))
                .then(|| exact("EMAIL"))
        }
        SearchKey::Phone => card.all("TEL").iter().any(is).then(|| exact("TEL")),
        // Two people may share a name.
        _ => card.names().iter().any(is).then(|| Tie::Candidate {
            by,
            field: "FN".into(),
        }),
    }
}

fn reference(href: &Href, etag: Option<&String>, card: &Card) -> RecordRef {
    RecordRef {
        version: Some(etag.cloned().unwrap_or_else(|| card.mark())),
        ..RecordRef::new(record::CARD, href.as_str())
    }
}
