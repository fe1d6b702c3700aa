//! Looks for files that are hers: by the folder or the name they carry, by a list that says so, by what stands in them.

use std::fs::File;

use super::hers::Hers;
use super::hunt::{Hunt, Place};
use super::layout::{opened, position};
use super::lines::{Line, Lines};
use super::media::{UNKNOWN, media_type};
use super::pattern::Pattern;
use super::root::{State, failed};
use super::settings::{Folder, Index, Table};
use super::trail::{Trail, shown};
use super::walk::{Visit, Walk};
use crate::domain::identifier::{Identifier, SearchKey, name_words};
use crate::domain::private::Private;
use crate::ports::source::{
    Caution, Doubt, Field, FileRef, Mishap, Origin, Record, RecordRef, Tie,
};

/// What may stand in a file's name or text: whole words of it, for a person to look at.
const MENTIONED: [SearchKey; 5] = [
    SearchKey::Email,
    SearchKey::Name,
    SearchKey::Phone,
    SearchKey::Number,
    SearchKey::Handle,
];
/// So many letters of a number make it rare enough to be looked for in a text.
const RARE: usize = 5;

/// By what a folder can be searched.
#[must_use]
pub fn keys(folder: &Folder, pattern: &Pattern) -> Vec<SearchKey> {
    let listed = folder
        .index
        .iter()
        .flat_map(|index| index.identity.iter().map(|it| it.by));
    let mut keys: Vec<SearchKey> = pattern
        .holes()
        .into_iter()
        .chain(listed)
        .chain(MENTIONED)
        .collect();
    keys.sort_by_key(|it| it.code());
    keys.dedup();
    keys
}

/// Searches one place.
///
/// # Errors
/// [`Mishap`], if nothing can be read at all or nobody waits any more.
pub fn search(
    hunt: &mut Hunt<'_>,
    folder: &Folder,
    pattern: &Pattern,
    most: usize,
    largest: u64,
    mut place: Place<'_>,
) -> Result<(), Mishap> {
    let keys = hunt.keys(&keys(folder, pattern));
    if keys.is_empty() {
        return Ok(());
    }
    let listed = match &folder.index {
        None => Vec::new(),
        Some(index) => listed(hunt, &mut place, index)?,
    };
    if folder.content {
        // What is in pictures, packed or encrypted is not found.
        hunt.search.doubt(Doubt::LowerBound);
    }
    let hers = Hers::of(hunt.wanted);
    let mut walk = Walk::along(hunt.root, pattern, most);
    walk.go(&mut Reader {
        hunt,
        place: &mut place,
        folder,
        pattern,
        hers,
        listed: &listed,
        largest,
    })?;
    if walk.met.gaps() {
        hunt.search.doubt(Doubt::Closed(folder.name.clone()));
    }
    if walk.met.capped {
        hunt.search.doubt(Doubt::Capped(folder.name.clone()));
    }
    hunt.close(place, &keys);
    Ok(())
}

/// What the list says: which file or folder is hers, and by what.
fn listed(
    hunt: &mut Hunt<'_>,
    place: &mut Place<'_>,
    index: &Index,
) -> Result<Vec<(Trail, Tie)>, Mishap> {
    let table = Table {
        name: String::new(),
        path: String::new(),
        category: String::new(),
        encoding: None,
        separator: None,
        header: index.header,
        identity: index.identity.clone(),
        key: None,
        title: None,
        date: None,
        area_code: None,
        bare_country: false,
        erase: None,
    };
    let hers = Hers::of(hunt.wanted);
    let mut found = Vec::new();
    let Some(trail) = Trail::read(&index.path) else {
        return Ok(found);
    };
    let (mut file, _) = hunt.root.file(&trail).map_err(|error| failed(&error))?;
    let Some(bytes) = hunt
        .bytes(place, &mut file)
        .map_err(|error| failed(&error))?
    else {
        return Ok(found);
    };
    let closed = Doubt::Closed(place.name.to_owned());
    let Some(mut opened) = opened(bytes, &table).map_err(|error| failed(&error))? else {
        hunt.search.doubt(closed);
        return Ok(found);
    };
    let Some(at) = position(&index.file, &opened.layout.names) else {
        hunt.search.doubt(closed);
        return Ok(found);
    };
    while let Some(row) = opened.rows.next().map_err(|error| failed(&error))? {
        let Some(texts) = opened.layout.texts(row) else {
            place.garbled(1);
            continue;
        };
        let Some((tie, ..)) = opened.layout.tie(&hers, &texts) else {
            continue;
        };
        match texts
            .get(at)
            .and_then(|it| Trail::below(&trail.folder(), it))
        {
            Some(hers) => found.push((hers, tie)),
            // A row of hers that leads nowhere we may go.
            None => hunt.search.doubt(closed.clone()),
        }
    }
    place.garbled(opened.rows.garbled);
    Ok(found)
}

struct Reader<'r, 'h, 'p> {
    hunt: &'r mut Hunt<'h>,
    place: &'r mut Place<'p>,
    folder: &'r Folder,
    pattern: &'r Pattern,
    hers: Hers<'r>,
    listed: &'r [(Trail, Tie)],
    largest: u64,
}

impl Visit for Reader<'_, '_, '_> {
    fn file(&mut self, trail: &Trail, file: File, state: State) -> Result<(), Mishap> {
        self.hunt
            .pulse
            .beat(0)
            .or_else(|error| self.hunt.stumbled(self.place, &error))?;
        let sure = |tie: &Tie| matches!(tie, Tie::Exact { .. });
        let mut tie = self
            .by_list(trail)
            .filter(sure)
            .or_else(|| self.by_path(trail));
        let mut others = false;
        if tie.is_none() && self.folder.content && state.size <= self.largest {
            tie = self.by_content(file)?;
            others = tie.is_some();
        } else if tie.is_none() && self.folder.content {
            self.hunt
                .search
                .doubt(Doubt::Capped(self.place.name.to_owned()));
        }
        let Some(tie) = tie.or_else(|| self.by_list(trail)) else {
            return Ok(());
        };
        let (Tie::Exact { by, .. } | Tie::Candidate { by, .. }) = tie else {
            return Ok(());
        };
        let record = record(self.folder, trail, &state, tie, others);
        self.hunt.lay(self.place, Some(by), record)
    }
}

impl Reader<'_, '_, '_> {
    fn by_list(&self, trail: &Trail) -> Option<Tie> {
        self.listed
            .iter()
            .find(|(hers, _)| trail.lies_below(hers))
            .map(|(_, tie)| tie.clone())
    }

    fn by_path(&self, trail: &Trail) -> Option<Tie> {
        let mut perhaps = None;
        for (by, value) in self.pattern.filled(trail) {
            match self.hers.tie(by, &value, "path", None) {
                Some(tie @ Tie::Exact { .. }) => return Some(tie),
                tie => perhaps = perhaps.or(tie),
            }
        }
        let path = trail
            .steps()
            .iter()
            .map(|step| shown(step))
            .collect::<Vec<_>>()
            .join("/");
        // The ending of a file is no part of the address before it.
        let bare = match media_type(&path) {
            UNKNOWN => path.as_str(),
            _ => path
                .rsplit_once('.')
                .map_or(path.as_str(), |(bare, _)| bare),
        };
        perhaps
            .or_else(|| self.mention(bare, "path"))
            .or_else(|| self.mention(&path, "path"))
    }

    fn by_content(&mut self, mut file: File) -> Result<Option<Tie>, Mishap> {
        let bytes = match self.hunt.bytes(self.place, &mut file) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(None),
            Err(error) => return self.hunt.stumbled(self.place, &error).map(|()| None),
        };
        let (plain, _) = match super::text::Plain::of(bytes) {
            Ok(plain) => plain,
            Err(error) => return self.hunt.stumbled(self.place, &error).map(|()| None),
        };
        let mut lines = Lines::of(plain);
        let mut read = 0;
        let found = loop {
            match lines.next() {
                Ok(None) => break None,
                Err(error) => {
                    self.hunt.stumbled(self.place, &error)?;
                    break None;
                }
                Ok(Some(Line::TooLong)) => {}
                Ok(Some(Line::Whole(line, _))) => {
                    read += line.len() as u64 + 1;
                    // Zeros do not stand in texts: a picture, a program, a packed document.
                    if line.contains(&0) {
                        break None;
                    }
                    let text = super::text::Letters::Guessed.text(line).unwrap_or_default();
                    if let Some(tie) = self.mention(&text, "content") {
                        break Some(tie);
                    }
                }
            }
        };
        self.place.took(read);
        Ok(found)
    }

    fn mention(&self, text: &str, field: &str) -> Option<Tie> {
        let rare = |it: &&Identifier| match it.kind {
            SearchKey::Number | SearchKey::Handle => it.canonical().chars().count() >= RARE,
            kind => MENTIONED.contains(&kind),
        };
        let hit = self
            .hers
            .wanted
            .iter()
            .filter(rare)
            .find(|it| match it.kind {
                SearchKey::Name => named(it, text),
                _ => it.mentioned_in(text),
            })?;
        Some(Tie::Candidate {
            by: hit.kind,
            field: field.to_owned(),
        })
    }
}

/// Whether all words of a name of two words or more stand side by side in a text, in either order.
fn named(name: &Identifier, text: &str) -> bool {
    let mut mine = name_words(name.value.reveal());
    if mine.len() < 2 {
        return false;
    }
    mine.sort_unstable();
    let words = name_words(text);
    words.windows(mine.len()).any(|some| {
        let mut some = some.to_vec();
        some.sort_unstable();
        some == mine
    })
}

fn record(folder: &Folder, trail: &Trail, state: &State, tie: Tie, others: bool) -> Record {
    let name = shown(trail.name());
    let id = trail.written();
    let (seconds, _) = state.changed;
    let changed = chrono::DateTime::from_timestamp(seconds, 0);
    let path: Vec<String> = trail.steps().iter().map(|step| shown(step)).collect();
    let mut fields = vec![
        Field::plain("path", path.join("/")),
        Field::plain("size", state.size.to_string()),
    ];
    fields.extend(changed.map(|it| Field::plain("modified", it.to_rfc3339())));
    let mut reference = RecordRef::new(&folder.name, &id);
    reference.version = Some(state.version());
    Record {
        reference,
        category: folder.category.clone(),
        title: Private::new(name.clone()),
        at: changed,
        tie,
        origin: Origin::Unknown,
        fields,
        files: vec![FileRef {
            id,
            media_type: media_type(&name).to_owned(),
            name: Private::new(name),
            size: Some(state.size),
        }],
        cautions: others.then_some(Caution::Others).into_iter().collect(),
        rank: 0,
    }
}
