//! The findings as a clerk blackens them: the words of each field with the third persons in them, and the pages of files.

use super::copies::{is_pdf, placed, whole};
use crate::casework::error::Error;
use crate::casework::findings::Sheet;
use crate::casework::office::{Office, blocking};
use crate::domain::finding::{Area, Blackening, Stretch};
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::{Role, Scope};
use crate::domain::source::Nature;
use crate::redaction::Withheld;
use crate::redaction::others::{Kind, Known, others};
use crate::redaction::pages::{self, picture};
use crate::redaction::spans::html::Page;
use crate::storage::runs::{self, NewRun, RunKind};

/// Points per inch of a page on the screen.
const DPI: u16 = 110;
/// Points of the longer side of a picture on the screen.
const MOST: u16 = 1_400;

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
pub struct Sight {
    /// Its name.
    pub name: String,
    /// How many pages it has.
    pub pages: u32,
    /// What is black on its pages.
    pub areas: Vec<Area>,
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
        let house = self.house(case.controller)?;
        let own = [house.controller.email.as_str()];
        let addresses = own
            .into_iter()
            .chain(house.mailboxes.iter().map(String::as_str));
        let known = Known {
            hers: case.identifiers(),
            house: addresses
                .filter_map(|address| Some(address.rsplit_once('@')?.1.to_owned()))
                .collect(),
        };
        let fields = sheet.record.fields.clone();
        blocking(move || {
            let reading = |field: &crate::domain::source::Field| {
                let words = words(field);
                let others = others(&words, &known);
                Reading {
                    others: others
                        .into_iter()
                        .map(|it| {
                            (
                                Stretch {
                                    from: it.span.from,
                                    to: it.span.to,
                                },
                                kind(it.kind),
                            )
                        })
                        .collect(),
                    words,
                }
            };
            fields.iter().map(reading).collect()
        })
        .await
    }

    /// Whether the pages of a file can be shown, and what is black on them; else why not, as a code.
    ///
    /// # Errors
    /// [`Error::NotFound`], where it was not fetched.
    pub async fn sight(
        &self,
        scope: &Scope,
        (case, sheet): (CaseId, &Sheet),
        at: usize,
    ) -> Result<Result<Sight, &'static str>, Error> {
        let bytes = match self.copied(scope, case, sheet, at).await? {
            Ok(bytes) => bytes,
            Err(why) => return Ok(Err(why)),
        };
        let counted = blocking(move || match is_pdf(&bytes) {
            true => pages::size(&bytes),
            false => picture::preview(&bytes, 16, &[]).map(|_| 1),
        })
        .await?;
        let pages = match counted {
            Ok(pages) => u32::try_from(pages).unwrap_or(u32::MAX),
            Err(why) => return Ok(Err(why.code())),
        };
        let name = sheet
            .record
            .files
            .get(at)
            .map(|file| file.name.reveal().clone());
        Ok(Ok(Sight {
            name: name.unwrap_or_default(),
            pages,
            areas: areas(sheet, at),
        }))
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
