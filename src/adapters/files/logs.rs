//! Looks through access logs: an address counts with its time, a user by the name the server took down, a mail address
//! where somebody put it into a link.

use std::fs::File;

use super::caller::{Caller, Tally, text};
use super::entry::{Entry, entry, moment};
use super::hunt::{Hunt, Place, Repeats};
use super::lines::{Line, Lines};
use super::pattern::Pattern;
use super::root::State;
use super::settings::Log;
use super::trail::Trail;
use super::walk::{Visit, Walk};
use crate::domain::identifier::SearchKey;
use crate::domain::private::Private;
use crate::ports::source::{Caution, Doubt, Field, Mishap, Nature, Origin, Record, RecordRef, Tie};

/// By what logs can be searched.
pub const KEYS: [SearchKey; 3] = [SearchKey::Ip, SearchKey::Handle, SearchKey::Email];

/// So often a place is looked over again, while its files are being rotated.
const ROUNDS: u8 = 4;

/// Searches one place.
///
/// # Errors
/// [`Mishap`], if nothing can be read at all or nobody waits any more.
pub fn search(
    hunt: &mut Hunt<'_>,
    log: &Log,
    pattern: &Pattern,
    most: usize,
    mut place: Place<'_>,
) -> Result<(), Mishap> {
    let mut keys = hunt.keys(&KEYS);
    let caller = Caller::of(hunt.wanted);
    keys.retain(|key| *key != SearchKey::Ip || caller.by_address());
    if keys.is_empty() {
        return Ok(());
    }
    let mut walk = Walk::along(hunt.root, pattern, most);
    let mut reader = Reader {
        hunt,
        place: &mut place,
        caller: &caller,
        tally: Tally::default(),
    };
    // A file that is rotated while we read turns up under another name, or packed under another number.
    for round in 1..=ROUNDS {
        let before = walk.met.files;
        walk.go(&mut reader)?;
        if walk.met.files == before {
            break;
        }
        walk.met.closed |= round == ROUNDS;
    }
    let tally = reader.tally;
    place.garbled(tally.undated);
    if caller.by_address() && (log.masked || tally.odd * 2 > tally.entries) {
        hunt.search.doubt(Doubt::Masked(log.name.clone()));
    }
    if walk.met.gaps() {
        hunt.search.doubt(Doubt::Closed(log.name.clone()));
    }
    if walk.met.capped {
        hunt.search.doubt(Doubt::Capped(log.name.clone()));
    }
    hunt.close(place, &keys);
    Ok(())
}

struct Reader<'r, 'h, 'p> {
    hunt: &'r mut Hunt<'h>,
    place: &'r mut Place<'p>,
    caller: &'r Caller,
    tally: Tally,
}

impl Visit for Reader<'_, '_, '_> {
    fn file(&mut self, _: &Trail, mut file: File, _: State) -> Result<(), Mishap> {
        let bytes = match self.hunt.bytes(self.place, &mut file) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(()),
            Err(error) => return self.hunt.stumbled(self.place, &error),
        };
        let capped = bytes.capped();
        let mut lines = Lines::of(bytes).over_holes();
        let mut repeats = Repeats::default();
        let mut read = 0;
        loop {
            let line = match lines.next() {
                Ok(None) => break,
                Ok(Some(line)) => line,
                Err(error) => {
                    self.hunt.stumbled(self.place, &error)?;
                    break;
                }
            };
            match line {
                Line::TooLong => self.place.garbled(1),
                Line::Whole(line, ended) => {
                    read += line.len() as u64 + 1;
                    self.line(line, ended, &mut repeats)?;
                }
            }
        }
        self.place.took(read);
        if capped.get() {
            self.hunt
                .search
                .doubt(Doubt::Capped(self.place.name.to_owned()));
        }
        Ok(())
    }
}

impl Reader<'_, '_, '_> {
    fn line(&mut self, line: &[u8], ended: bool, repeats: &mut Repeats) -> Result<(), Mishap> {
        let Some(entry) = entry(line) else {
            // The last line of a log may be one that is being written.
            let begun = ended && !line.iter().all(u8::is_ascii_whitespace);
            self.place.garbled(u64::from(begun));
            return Ok(());
        };
        let Some((tie, by)) = self.caller.tie(&entry, &mut self.tally) else {
            return Ok(());
        };
        let record = record(
            self.place.name,
            &entry,
            &tie,
            repeats.next(line),
            self.caller.hers(&entry),
        );
        self.hunt.lay(self.place, Some(by), record)
    }
}

fn record(place: &str, entry: &Entry<'_>, tie: &Tie, id: String, hers: bool) -> Record {
    let named = [
        ("time_local", entry.time),
        ("remote_addr", entry.host),
        ("remote_user", entry.user),
        ("request", entry.request),
        ("status", entry.status),
        ("body_bytes_sent", entry.bytes),
        ("http_referer", entry.referer),
        ("http_user_agent", entry.agent),
        ("host", entry.vhost),
        ("other", entry.rest),
    ];
    let told = named
        .into_iter()
        .filter(|(_, value)| !value.is_empty() && *value != b"-");
    let fields = told.map(|(name, value)| {
        let field = Field::plain(name, text(value));
        match name {
            "request" | "http_referer" | "http_user_agent" | "other" => {
                field.as_nature(Nature::Text)
            }
            _ => field,
        }
    });
    let mut cautions = Vec::new();
    if matches!(
        tie,
        Tie::Exact {
            by: SearchKey::Ip,
            ..
        }
    ) {
        // A household, an office, a mobile network stand behind one address.
        cautions.push(Caution::Shared);
    }
    if !hers {
        cautions.push(Caution::Others);
    }
    Record {
        reference: RecordRef::new(place, id),
        category: "log".to_owned(),
        title: Private::new(text(entry.request).chars().take(120).collect()),
        at: moment(entry.time),
        tie: tie.clone(),
        origin: Origin::Observed,
        fields: fields.collect(),
        files: Vec::new(),
        cautions,
        rank: 0,
    }
}
