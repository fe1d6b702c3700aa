//! The findings as a clerk blackens them: the words of each field with the third persons in them, and of files the pages
//! or the words.

use super::copies::{is_pdf, painter, placed, whole};
use super::given::hidden;
use crate::casework::error::Error;
use crate::casework::findings::Sheet;
use crate::casework::office::{Office, blocking};
use crate::domain::case::Case;
use crate::domain::finding::{Area, Blackening, Stretch};
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::{Role, Scope};
use crate::domain::source::Nature;
use crate::redaction::Withheld;
use crate::redaction::others::{Kind, Known, others};
use crate::redaction::pages::{self, picture};
use crate::redaction::spans::Span;
use crate::redaction::spans::html::Page;
use crate::redaction::spans::text::occurrences;
use crate::redaction::spans::written::{Passage, Written, places};
use crate::storage::runs::{self, NewRun, RunKind};

/// Points per inch of a page on the screen.
const DPI: u16 = 110;
/// Points of the longer side of a picture on the screen.
const MOST: u16 = 1_400;
/// Letters of a file of words that one page shows.
const SHOWN: usize = 300_000;

/// A field as it is read: stretches count the bytes of these words.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Its words; of a formatted text what a person sees of it.
    pub words: String,
    /// Where others seem to be meant, and by what: `email`, `phone`, `account`, `street`, `name`.
    pub others: Vec<(Stretch, &'static str)>,
}

/// A file of a finding as a clerk looks at it.
#[derive(Debug, Clone)]
pub enum Sight {
    /// Page by page.
    Pages(Pages),
    /// By its words.
    Words(Box<Wording>),
}

/// A file that has pages.
#[derive(Debug, Clone)]
pub struct Pages {
    /// How many.
    pub pages: u32,
    /// What is black on them.
    pub areas: Vec<Area>,
}

/// A file that is made of words.
#[derive(Debug, Clone)]
pub struct Wording {
    /// What a clerk reads of it: what each part is, its words, and what is black in them or seems to belong to others.
    pub parts: Vec<(&'static str, Reading, Vec<Stretch>)>,
    /// The words that were made black in it.
    pub words: Vec<String>,
    /// It is longer than what is shown.
    pub cut: bool,
    /// It would stay here as it is marked now, and why, as a code.
    pub stays: Option<&'static str>,
}

impl Wording {
    /// Whether it says this anywhere, in whatever spelling.
    #[must_use]
    pub fn says(&self, word: &str) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|(_, reading, _)| !standing(&reading.words, word).is_empty())
    }
}

/// All words that are black somewhere in a finding, each a line; long ones stand nowhere else as they are.
#[must_use]
pub fn black_words(sheet: &Sheet) -> Vec<String> {
    let all = hidden(&sheet.record, &sheet.mark);
    let mut lines: Vec<String> = all
        .iter()
        .flat_map(|text| text.lines())
        .map(|line| line.trim().to_owned())
        .filter(|line| (3..=120).contains(&line.chars().count()))
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// Where any of these words stand in a text outside of what is black there.
#[must_use]
pub fn left(text: &str, words: &[String], black: &[Stretch]) -> Vec<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut found: Vec<String> = Vec::new();
    for span in places(text, &words) {
        let covered = black
            .iter()
            .any(|it| it.from < span.to && span.from < it.to);
        let said = span.of(text).map(one_line).unwrap_or_default();
        if !covered && !found.contains(&said) {
            found.push(said);
        }
    }
    found
}

/// Words in a row, as one line of a form holds them.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where a word that was typed stands in a text: as it is, also as a part of another word, or in another spelling as a
/// whole one.
#[must_use]
pub fn standing(text: &str, word: &str) -> Vec<Stretch> {
    let word = word.trim();
    if word.is_empty() {
        return Vec::new();
    }
    let exact = text.match_indices(word).map(|(from, part)| Stretch {
        from,
        to: from + part.len(),
    });
    let spelt = occurrences(text, &[word]);
    exact.chain(spelt.into_iter().map(stretch)).collect()
}

impl Office {
    /// The words of each field, with what in them seems to belong to others.
    ///
    /// # Errors
    /// Of the store.
    pub async fn readings(
        &self,
        scope: &Scope,
        case: CaseId,
        sheet: &Sheet,
    ) -> Result<Vec<Reading>, Error> {
        let (case, _) = self.open(scope, case).await?;
        let known = self.known(&case)?;
        let fields = sheet.record.fields.clone();
        blocking(move || fields.iter().map(|it| read(words(it), &known)).collect()).await
    }

    /// Who is no third person in the findings of a case.
    fn known(&self, case: &Case) -> Result<Known, Error> {
        let house = self.house(case.controller)?;
        let own = [house.controller.email.as_str()];
        let addresses = own
            .into_iter()
            .chain(house.mailboxes.iter().map(String::as_str));
        Ok(Known {
            hers: case.identifiers(),
            house: addresses
                .filter_map(|address| Some(address.rsplit_once('@')?.1.to_owned()))
                .collect(),
        })
    }

    /// The pages or the words of a file, and what is black in them; else why it cannot be shown, as a code.
    ///
    /// # Errors
    /// [`Error::NotFound`], where it was not fetched.
    pub async fn sight(
        &self,
        scope: &Scope,
        (case, sheet): (CaseId, &Sheet),
        at: usize,
    ) -> Result<Result<Sight, &'static str>, Error> {
        let _painter = painter().await?;
        let bytes = match self.copied(scope, case, sheet, at).await? {
            Ok(bytes) => bytes,
            Err(why) => return Ok(Err(why)),
        };
        let (opened, _) = self.open(scope, case).await?;
        let known = self.known(&opened)?;
        let file = sheet.record.files.get(at).ok_or(Error::NotFound)?.clone();
        let (black, hidden) = (typed(sheet, at), hidden(&sheet.record, &sheet.mark));
        let areas = areas(sheet, at);
        let seen = blocking(move || {
            if let Some(written) = Written::read(&bytes, &file.media_type, file.name.reveal())? {
                let wording = wording(&written, (bytes.as_slice(), hidden.as_slice()), &known);
                return Ok(Sight::Words(Box::new(Wording {
                    words: black,
                    ..wording
                })));
            }
            let pages = match is_pdf(&bytes) {
                true => u32::try_from(pages::size(&bytes)?).unwrap_or(u32::MAX),
                false => picture::fits(&bytes).map(|()| 1)?,
            };
            Ok::<_, Withheld>(Sight::Pages(Pages { pages, areas }))
        });
        Ok(seen.await?.map_err(Withheld::code))
    }

    /// One page as PNG, counted from nought, as it would leave; else why not, as a code.
    ///
    /// # Errors
    /// [`Error::NotFound`], where it was not fetched.
    pub async fn page_picture(
        &self,
        scope: &Scope,
        (case, sheet): (CaseId, &Sheet),
        (at, page): (usize, u32),
        black: bool,
    ) -> Result<Result<Vec<u8>, &'static str>, Error> {
        let _painter = painter().await?;
        let bytes = match self.copied(scope, case, sheet, at).await? {
            Ok(bytes) => bytes,
            Err(why) => return Ok(Err(why)),
        };
        let areas = areas(sheet, at);
        let drawn = blocking(move || {
            let here = areas.iter().filter(|area| black && area.page == page);
            let here = here.map(placed).collect::<Result<Vec<_>, _>>()?;
            match is_pdf(&bytes) {
                true => {
                    let page = usize::try_from(page).map_err(|_| Withheld::Misfit)?;
                    pages::preview(&bytes, page, DPI, &here)
                }
                false if page == 0 => picture::preview(&bytes, MOST, &here),
                false => Err(Withheld::Misfit),
            }
        });
        Ok(drawn.await?.map_err(Withheld::code))
    }

    async fn copied(
        &self,
        scope: &Scope,
        case: CaseId,
        sheet: &Sheet,
        at: usize,
    ) -> Result<Result<Vec<u8>, &'static str>, Error> {
        let copy = sheet
            .mark
            .copies
            .get(at)
            .copied()
            .flatten()
            .ok_or(Error::NotFound)?;
        let open = self.opened(scope, copy).await?.ok_or(Error::NotFound)?;
        if open.row.case() != Some(case) {
            return Err(Error::NotFound);
        }
        Ok(whole(open).await?.ok_or(Withheld::TooLarge.code()))
    }

    /// Fetches again what belongs to the copy and is not here yet.
    ///
    /// # Errors
    /// An [`Obstacle`].
    pub async fn fetch_copies_again(&self, scope: &Scope, id: CaseId) -> Result<(), Error> {
        let (case, _) = self.open(scope, id).await?;
        scope.demand(case.controller, Role::Handler)?;
        case.must_be_open()?;
        let now = self.now();
        let mut fresh = Vec::new();
        for searched in case.collection.searched.iter().filter(|it| it.laid() > 0) {
            let Ok(connected) = self.connection(case.controller, &searched.source) else {
                continue;
            };
            if connected.source.copies().is_none() {
                continue;
            }
            fresh.push(NewRun {
                id: self.next_id(),
                controller: case.controller,
                case: id,
                system: searched.system,
                source: searched.source.clone(),
                kind: RunKind::Copy,
                promise: format!("copy:{id}:{}:{}", searched.source, now.timestamp_millis()),
                run_at: now,
                body_sealed: None,
            });
        }
        if fresh.is_empty() {
            return Err(Obstacle::NotConnected.into());
        }
        let reach = scope.clone();
        self.store
            .write(move |conn| {
                let known = runs::of_case(conn, &reach, id)?;
                for new in &fresh {
                    let mut again = false;
                    for run in known.iter().filter(|run| run.source() == new.source) {
                        let waits =
                            run.kind()? == RunKind::Copy && run.state()? != runs::RunState::Done;
                        if waits && run.state()? != runs::RunState::Stopped {
                            runs::again(conn, run.id(), now)?;
                            again = true;
                        }
                    }
                    if !again {
                        runs::promise(conn, &new.clone().into())?;
                    }
                }
                Ok(())
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }

    /// How many files belong to the next answer's package and are not here yet.
    ///
    /// # Errors
    /// Of the store.
    pub async fn copies_missing(&self, scope: &Scope, id: CaseId) -> Result<usize, Error> {
        let (case, _, key) = self.open_with_key(scope, id).await?;
        let extent = self.package_extent((scope, &case, &key)).await?;
        Ok(extent.map_or(0, |extent| extent.missing))
    }
}

/// What of a field is read: a formatted text as its words.
fn words(field: &crate::domain::source::Field) -> String {
    let source = field.value.reveal();
    match field.nature {
        Nature::Html => {
            Page::read(source).map_or_else(|_| source.clone(), |page| page.words().to_owned())
        }
        Nature::Plain | Nature::Text => source.clone(),
    }
}

fn stretch(span: Span) -> Stretch {
    Stretch {
        from: span.from,
        to: span.to,
    }
}

fn read(words: String, known: &Known) -> Reading {
    let others = others(&words, known).into_iter();
    Reading {
        others: others.map(|it| (stretch(it.span), kind(it.kind))).collect(),
        words,
    }
}

/// What a clerk reads of a file of words, as it would leave.
fn wording(written: &Written, (raw, hidden): (&[u8], &[String]), known: &Known) -> Wording {
    let (mut room, mut cut) = (SHOWN, false);
    let black: Vec<&str> = hidden.iter().map(String::as_str).collect();
    let shown = written
        .passages()
        .into_iter()
        .map(|Passage { part, mut words }| {
            if words.len() > room {
                cut = true;
                while !words.is_char_boundary(room) {
                    room -= 1;
                }
                words.truncate(room);
            }
            room -= words.len();
            let spans = places(&words, &black).into_iter().map(stretch).collect();
            (part, read(words, known), merged(spans))
        });
    Wording {
        parts: shown.collect(),
        words: Vec::new(),
        cut,
        stays: match hidden.is_empty() {
            true => None,
            false => written.without(raw, hidden).err().map(Withheld::code),
        },
    }
}

/// Stretches in their order, with those that meet as one.
#[must_use]
pub fn merged(mut found: Vec<Stretch>) -> Vec<Stretch> {
    found.sort_unstable();
    let mut merged: Vec<Stretch> = Vec::new();
    for stretch in found {
        match merged.last_mut() {
            Some(last) if stretch.from <= last.to => last.to = last.to.max(stretch.to),
            _ => merged.push(stretch),
        }
    }
    merged
}

/// The words that were made black in a file.
fn typed(sheet: &Sheet, at: usize) -> Vec<String> {
    let of_it = sheet.mark.black.iter().filter_map(|it| match it {
        Blackening::Words { file, words } if *file == at => Some(words),
        _ => None,
    });
    of_it.flatten().map(|it| it.reveal().clone()).collect()
}

fn areas(sheet: &Sheet, at: usize) -> Vec<Area> {
    let mut all = Vec::new();
    for black in &sheet.mark.black {
        if let Blackening::Areas { file, areas } = black
            && *file == at
        {
            all.extend(areas.iter().copied());
        }
    }
    all
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Email => "email",
        Kind::Phone => "phone",
        Kind::Account => "account",
        Kind::Street => "street",
        Kind::Name => "name",
    }
}
