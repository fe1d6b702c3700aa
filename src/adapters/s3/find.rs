//! Lists what lies below a person's prefixes, and copies versions of it by ranges.

use std::collections::{BTreeMap, HashSet};

use futures_util::future::BoxFuture;
use futures_util::stream;
use reqwest::Method;

use super::list::{Version, mark, versions};
use super::place::Place;
use super::wire::Request;
use super::{OBJECT, S3};
use crate::domain::identifier::{Identifier, SearchKey};
use crate::domain::private::Private;
use crate::ports::source::{
    Basket, Caution, Copies, Fault, Field, FileRef, Find, Mishap, Pieces, Record, RecordRef,
    Search, Tie,
};

/// Bytes that are asked for at once.
const PIECE: u64 = 4 * 1024 * 1024;

impl S3 {
    async fn search(
        &self,
        wanted: &[Identifier],
        basket: &mut dyn Basket,
    ) -> Result<Search, Mishap> {
        let mut search = Search::default();
        let mut seen: HashSet<String> = HashSet::new();
        // What proves comes before what only looks like it.
        let mut questions: Vec<(&Place, &Identifier)> = Vec::new();
        for place in &self.places {
            let askable = wanted.iter().filter(|it| !place.prefixes(it).is_empty());
            questions.extend(askable.map(|identifier| (place, identifier)));
        }
        questions.sort_by_key(|(place, _)| place.by == SearchKey::Name);
        for (place, identifier) in questions {
            let mut hits: HashSet<String> = HashSet::new();
            for prefix in place.prefixes(identifier) {
                let mut objects: BTreeMap<String, Vec<Version>> = BTreeMap::new();
                for version in versions(&self.reading, &prefix, self.most).await? {
                    objects
                        .entry(version.key.clone())
                        .or_default()
                        .push(version);
                }
                for (key, versions) in objects {
                    hits.insert(key.clone());
                    if seen.insert(key.clone()) {
                        basket.lay(record(place, &key, &versions)).await?;
                    }
                }
            }
            search.asked(&place.pattern, Some(identifier.kind), hits.len() as u64);
        }
        Ok(search)
    }
}

fn record(place: &Place, key: &str, versions: &[Version]) -> Record {
    let newest = versions.iter().find(|it| it.latest).or(versions.first());
    let count = |markers: bool| {
        versions
            .iter()
            .filter(|it| it.marker == markers)
            .count()
            .to_string()
    };
    let name = key.rsplit('/').find(|part| !part.is_empty()).unwrap_or(key);
    let tie = match place.by {
        SearchKey::Name => Tie::Candidate {
            by: place.by,
            field: "key".into(),
        },
        by => Tie::Exact {
            by,
            field: "key".into(),
        },
    };
    let mut fields = vec![
        Field::plain("key", key),
        Field::plain("versions", count(false)),
        Field::plain("delete-markers", count(true)),
    ];
    let class = newest
        .map(|it| it.class.as_str())
        .filter(|it| !it.is_empty());
    fields.extend(class.map(|class| Field::plain("storage-class", class)));
    let files = versions
        .iter()
        .filter(|version| !version.marker)
        .map(|version| FileRef {
            id: version.id.clone(),
            name: Private::new(name.to_owned()),
            media_type: media_type(name).to_owned(),
            size: Some(version.size),
        });
    Record {
        reference: RecordRef {
            version: Some(mark(versions)),
            ..RecordRef::new(OBJECT, key)
        },
        category: place.category.clone(),
        title: Private::new(name.to_owned()),
        at: newest.and_then(|it| it.changed),
        tie,
        origin: place.origin,
        fields,
        files: files.collect(),
        // Whoever deleted it believes it is gone.
        cautions: newest
            .filter(|it| it.marker)
            .map(|_| Caution::Archived)
            .into_iter()
            .collect(),
        rank: 0,
    }
}

fn media_type(name: &str) -> &'static str {
    match name
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_lowercase()
        .as_str()
    {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "txt" | "log" => "text/plain",
        "csv" => "text/csv",
        "json" => "application/json",
        "eml" => "message/rfc822",
        "html" | "htm" => "text/html",
        _ => "application/octet-stream",
    }
}

impl Find for S3 {
    fn find<'a>(
        &'a self,
        wanted: &'a [Identifier],
        basket: &'a mut dyn Basket,
    ) -> BoxFuture<'a, Result<Search, Mishap>> {
        Box::pin(self.search(wanted, basket))
    }
}

impl Copies for S3 {
    fn fetch<'a>(&'a self, record: &'a RecordRef, file: &'a FileRef) -> Pieces<'a> {
        Box::pin(stream::try_unfold(0_u64, move |from| async move {
            let size = file.size.unwrap_or_default();
            if from >= size {
                return Ok(None);
            }
            let piece = self.piece(record, file, from, size).await?;
            let next = from + piece.len() as u64;
            Ok(Some((piece, next)))
        }))
    }
}

impl S3 {
    /// Bytes of exactly this version: so a file that changes meanwhile is never mixed.
    async fn piece(
        &self,
        record: &RecordRef,
        file: &FileRef,
        from: u64,
        size: u64,
    ) -> Result<Vec<u8>, Mishap> {
        if size > self.limits.largest_file {
            return Err(Mishap::new(Fault::TooLarge, format!("{size} bytes")));
        }
        let key = record.id.reveal();
        if record.kind != OBJECT || !self.places.iter().any(|place| place.holds(key)) {
            return Err(Mishap::new(
                Fault::Missing,
                "no object below a declared prefix",
            ));
        }
        let last = (from + PIECE.min(self.limits.largest)).min(size) - 1;
        let mut query = Vec::new();
        if !file.id.is_empty() {
            query.push(("versionId", file.id.as_str()));
        }
        let request = Request {
            method: Method::GET,
            key,
            query,
            range: Some((from, last)),
            ..Request::default()
        };
        let answer = self.reading.ask(&request).await?;
        let range = format!("bytes {from}-{last}/{size}");
        let whole = from == 0 && last + 1 == size && answer.status == 200;
        if !whole && answer.header("content-range") != Some(range.as_str()) {
            return Err(Mishap::new(
                Fault::Conflict,
                "another range, or another file by now",
            ));
        }
        match answer.bytes().len() as u64 == last + 1 - from {
            true => Ok(answer.bytes().to_vec()),
            false => Err(Mishap::new(
                Fault::HalfAnswer,
                "the file is shorter than it says",
            )),
        }
    }
}
