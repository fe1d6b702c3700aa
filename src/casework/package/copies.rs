//! Files as they leave: as they are, with areas black, or without the words that are black. What cannot be made
//! illegible for sure stays here, and the list says so.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::bridge::bridge;
use super::given::{Attached, Fate};
use crate::casework::error::Error;
use crate::casework::filing::OpenFile;
use crate::casework::office::{Office, blocking};
use crate::domain::finding;
use crate::domain::ids::FileId;
use crate::domain::scope::Scope;
use crate::redaction::Withheld;
use crate::redaction::pages::{self, Trouble, picture};
use crate::redaction::spans::written::{self, Written};
use crate::seal::Key;
use crate::storage::StoreError;

/// No file larger than this is made black: all of it is in memory then.
const MOST: u64 = 100 * 1024 * 1024;

/// As much of a file tells whether it is made of words.
const HEAD: u64 = 64 * 1024;

/// So many files are painted at a time: a page or a picture takes tens of megabytes while it is worked on.
static PAINTERS: Semaphore = Semaphore::const_new(2);

/// Waits for a painter.
pub(super) async fn painter() -> Result<SemaphorePermit<'static>, Error> {
    let gone = |_| Error::Fault("no painter is left");
    PAINTERS.acquire().await.map_err(gone)
}

/// Why a file does not lie in the package, or not as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// A person left it out.
    LeftOut,
    /// It was not fetched.
    Missing,
    /// It could not be made black for sure.
    Withheld(Withheld),
    /// It lies there with black areas.
    Black,
    /// It lies there with black areas, and so many of its pages are black as a whole.
    Pages(usize),
    /// It lies there with black words.
    Words,
    /// It is a message without its files.
    Stripped,
}

/// A file that goes along.
pub(super) struct Copy {
    /// Its bytes.
    pub reader: Box<dyn Read + Send>,
    /// How many there are.
    pub size: u64,
    /// What it is now, where it is something else than before.
    pub media_type: Option<&'static str>,
    /// What is to be told about it.
    pub told: Option<Told>,
}

impl Office {
    /// The file as it leaves, or why it does not.
    pub(super) async fn leaving(
        &self,
        scope: &Scope,
        file: &Attached,
    ) -> Result<Result<Copy, Told>, Error> {
        let fate = &file.fate;
        let id = match fate {
            Fate::LeftOut => return Ok(Err(Told::LeftOut)),
            Fate::Missing => return Ok(Err(Told::Missing)),
            Fate::Whole(id) | Fate::Words(id, _) | Fate::Areas(id, _) => *id,
        };
        let Some(open) = self.opened(scope, id).await? else {
            return Ok(Err(Told::Missing));
        };
        match fate {
            Fate::Areas(_, areas) => self.areas_black(open, areas.clone()).await,
            Fate::Words(_, words) => {
                let said = (file.media_type.clone(), file.name.clone());
                words_black(open, said, words.clone()).await
            }
            _ => Ok(Ok(Copy {
                size: open.row.size(),
                reader: Box::new(open.reader),
                media_type: None,
                told: None,
            })),
        }
    }

    /// A file that may be gone by now.
    pub(super) async fn opened(
        &self,
        scope: &Scope,
        id: FileId,
    ) -> Result<Option<OpenFile>, Error> {
        match self.open_file(scope, id).await {
            Ok(open) => Ok(Some(open)),
            Err(Error::NotFound | Error::Store(StoreError::NotFound)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    async fn areas_black(
        &self,
        open: OpenFile,
        areas: Vec<finding::Area>,
    ) -> Result<Result<Copy, Told>, Error> {
        let _painter = painter().await?;
        let Some(bytes) = whole(open).await? else {
            return Ok(Err(Told::Withheld(Withheld::TooLarge)));
        };
        if !is_pdf(&bytes) {
            let redacted =
                blocking(move || picture::redacted(&bytes, &of_page(&areas, 0)?)).await?;
            return Ok(redacted.map_err(Told::Withheld).map(|picture| Copy {
                size: u64::try_from(picture.bytes.len()).unwrap_or(0),
                media_type: Some(picture.media_type),
                reader: Box::new(std::io::Cursor::new(picture.bytes)),
                told: Some(Told::Black),
            }));
        }
        // Pages as pictures are larger than the pages were: they go through the disk, sealed.
        let (key, files) = (Key::generate(1), Arc::clone(&self.files));
        let (mut inlet, outlet) = bridge();
        let own = key.clone();
        let storing = blocking(move || files.put(&own, outlet));
        let painting = blocking(move || {
            let mut marks: BTreeMap<usize, Vec<pages::Area>> = BTreeMap::new();
            for area in &areas {
                let page = usize::try_from(area.page).map_err(|_| Withheld::Misfit)?;
                marks.entry(page).or_default().push(placed(area)?);
            }
            let done = pages::redacted(&bytes, &marks, &mut inlet)?;
            inlet.finish().map_err(Trouble::Write)?;
            Ok::<_, Trouble>(done)
        });
        let (stored, painted) = tokio::join!(storing, painting);
        let outcome = match painted? {
            Ok(outcome) => outcome,
            Err(Trouble::Withheld(why)) => return Ok(Err(Told::Withheld(why))),
            Err(Trouble::Write(_)) => {
                stored??;
                return Err(Error::Fault("the pages cannot be kept"));
            }
        };
        let stored = stored??;
        let reader = self.files.open_reader(&key, &stored.name)?;
        // It is open and read to its end; its name is not needed any more.
        self.files.remove(&stored.name)?;
        Ok(Ok(Copy {
            reader: Box::new(reader),
            size: stored.plain_size,
            media_type: Some("application/pdf"),
            told: Some(match outcome.withheld.len() {
                0 => Told::Black,
                many => Told::Pages(many),
            }),
        }))
    }
}

/// The bytes of a file, unless there are too many.
pub(super) async fn whole(mut open: OpenFile) -> Result<Option<Vec<u8>>, Error> {
    if open.row.size() > MOST {
        return Ok(None);
    }
    let bytes = blocking(move || {
        let mut bytes = Vec::new();
        open.reader.read_to_end(&mut bytes).map(|_| bytes)
    });
    let cannot = |_| Error::Fault("a copy cannot be read");
    bytes.await?.map(Some).map_err(cannot)
}

/// Whether it is a PDF, whatever it says it is.
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(1_024)).unwrap_or_default();
    start.windows(5).any(|five| five == b"%PDF-")
}

/// An area as the painter counts it.
pub(super) fn placed(area: &finding::Area) -> Result<pages::Area, Withheld> {
    let right = area.left.checked_add(area.width).ok_or(Withheld::Misfit)?;
    let bottom = area.top.checked_add(area.height).ok_or(Withheld::Misfit)?;
    pages::Area::new(area.left, area.top, right, bottom).ok_or(Withheld::Misfit)
}

/// The areas of one page.
///
/// # Errors
/// One of them lies on another page of what has one only, or on none.
fn of_page(areas: &[finding::Area], page: u32) -> Result<Vec<pages::Area>, Withheld> {
    areas
        .iter()
        .map(|area| match area.page == page {
            true => placed(area),
            false => Err(Withheld::Misfit),
        })
        .collect()
}

/// The file without these words where it is made of words; else as it is: what is no text is blackened by area.
async fn words_black(
    mut open: OpenFile,
    (media_type, name): (String, String),
    words: Vec<String>,
) -> Result<Result<Copy, Told>, Error> {
    let (size, said) = (open.row.size(), (media_type.clone(), name.clone()));
    let begun = blocking(move || {
        let mut head = Vec::new();
        (&mut open.reader).take(HEAD).read_to_end(&mut head)?;
        Ok::<_, std::io::Error>((written::may_be(&head, &said.0, &said.1), head, open))
    });
    let cannot = |_| Error::Fault("a copy cannot be read");
    let (made_of_words, head, open) = begun.await?.map_err(cannot)?;
    let all = std::io::Cursor::new(head).chain(open.reader);
    // A film is as large as it likes: nobody looks for words in it.
    if !made_of_words {
        return Ok(Ok(Copy {
            reader: Box::new(all),
            size,
            media_type: None,
            told: None,
        }));
    }
    if size > MOST {
        return Ok(Err(Told::Withheld(Withheld::TooLarge)));
    }
    let reading = blocking(move || {
        let (mut all, mut raw) = (all, Vec::new());
        all.read_to_end(&mut raw).map(|_| raw)
    });
    let raw = reading.await?.map_err(cannot)?;
    let done = blocking(move || {
        // Without any word that is black, only what carries files has something to lose.
        if words.is_empty() && !written::may_carry(&raw, &media_type, &name) {
            return Ok((raw, None));
        }
        let Some(written) = Written::read(&raw, &media_type, &name)? else {
            written::looked_through(&raw, &words)?;
            return Ok((raw, None));
        };
        let told = match matches!(written, Written::Message(_)) {
            true => Told::Stripped,
            false => Told::Words,
        };
        Ok::<_, Withheld>(match written.without(&raw, &words)? {
            Some(out) => (out, Some(told)),
            None => (raw, None),
        })
    });
    Ok(done
        .await?
        .map_err(Told::Withheld)
        .map(|(bytes, told)| Copy {
            size: u64::try_from(bytes.len()).unwrap_or(0),
            reader: Box::new(std::io::Cursor::new(bytes)),
            media_type: None,
            told,
        }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_outside_of_the_page_fits_nowhere() {
        let area = finding::Area {
            page: 0,
            left: 9_000,
            top: 0,
            width: 2_000,
            height: 10,
        };
        assert_eq!(placed(&area), Err(Withheld::Misfit));
        assert_eq!(
            of_page(&[finding::Area { page: 1, ..area }], 0),
            Err(Withheld::Misfit)
        );
    }
}
