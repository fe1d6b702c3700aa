//! Files as they leave: as they are, with areas black, or a message without what belongs to others. What cannot be made
//! illegible for sure stays here, and the list says so.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use super::bridge::bridge;
use super::given::Fate;
use crate::casework::error::Error;
use crate::casework::filing::OpenFile;
use crate::casework::office::{Office, blocking};
use crate::domain::finding;
use crate::domain::ids::FileId;
use crate::domain::scope::Scope;
use crate::redaction::Withheld;
use crate::redaction::pages::{self, Trouble, picture};
use crate::redaction::spans::Span;
use crate::redaction::spans::mail::{self, Draft};
use crate::redaction::spans::text::occurrences;
use crate::seal::Key;
use crate::storage::StoreError;

/// No file larger than this is made black: all of it is in memory then.
const MOST: u64 = 100 * 1024 * 1024;

/// Letters of what is black in a text: longer ones are not looked for in its raw message.
const LONG: usize = 120;

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
        fate: &Fate,
    ) -> Result<Result<Copy, Told>, Error> {
        let id = match fate {
            Fate::LeftOut => return Ok(Err(Told::LeftOut)),
            Fate::Missing => return Ok(Err(Told::Missing)),
            Fate::Whole(id) | Fate::Message(id, _) | Fate::Areas(id, _) => *id,
        };
        let Some(open) = self.opened(scope, id).await? else {
            return Ok(Err(Told::Missing));
        };
        match fate {
            Fate::Areas(_, areas) => self.areas_black(open, areas.clone()).await,
            Fate::Message(_, words) => message_black(open, words.clone()).await,
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

async fn message_black(open: OpenFile, words: Vec<String>) -> Result<Result<Copy, Told>, Error> {
    let Some(raw) = whole(open).await? else {
        return Ok(Err(Told::Withheld(Withheld::TooLarge)));
    };
    let done = blocking(move || without(&raw, &words)).await?;
    Ok(done.map_err(Told::Withheld).map(|bytes| Copy {
        size: u64::try_from(bytes.len()).unwrap_or(0),
        reader: Box::new(std::io::Cursor::new(bytes)),
        media_type: None,
        told: Some(Told::Stripped),
    }))
}

/// The message without these words, and without its files: nobody looked through them for the words.
///
/// # Errors
/// A long text is black: in the message its lines are broken elsewhere, and nobody could be sure of it.
fn without(raw: &[u8], words: &[String]) -> Result<Vec<u8>, Withheld> {
    let long = |word: &String| word.chars().count() > LONG || word.trim().contains('\n');
    if words.iter().any(long) {
        return Err(Withheld::TooMuch);
    }
    let draft = Draft::read(raw)?;
    let mut marks = mail::Marks {
        parties: (0..draft.parties.len())
            .filter(|at| {
                let party = draft.parties.get(*at);
                party.is_some_and(|it| named(it, words))
            })
            .collect(),
        subject: spans(&draft.subject, words),
        ..mail::Marks::default()
    };
    for (at, body) in draft.bodies.iter().enumerate() {
        marks.bodies.insert(at, spans(body.words(), words));
    }
    for file in &draft.files {
        marks.files.insert(file.number, mail::File::Dropped);
    }
    let out = draft.redacted(raw, &marks)?;
    // Looked at once more: a word that was too short or broken over lines would still stand there.
    let again = Draft::read(&out)?;
    let clean = !says(&again.subject, words)
        && again.bodies.iter().all(|body| !says(body.words(), words))
        && again.parties.iter().all(|it| !named(it, words));
    match clean {
        true => Ok(out),
        false => Err(Withheld::Misfit),
    }
}

/// Where the words stand, each line of them for itself: a text of several lines is seldom set the same twice.
fn spans(text: &str, words: &[String]) -> Vec<Span> {
    let lines: Vec<&str> = words.iter().flat_map(|word| word.lines()).collect();
    occurrences(text, &lines)
}

/// Whether somebody in the head of a message is one whom the words name, or is named by them.
fn named(party: &mail::Party, words: &[String]) -> bool {
    let whole = words.join("\n").to_lowercase();
    let stands =
        |text: &str| !text.trim().is_empty() && whole.contains(&text.trim().to_lowercase());
    says(&format!("{} {}", party.name, party.email), words)
        || stands(&party.name)
        || stands(&party.email)
}

fn says(text: &str, words: &[String]) -> bool {
    let text = text.to_lowercase();
    words
        .iter()
        .flat_map(|word| word.lines())
        .map(|word| word.trim().to_lowercase())
        .any(|word| !word.is_empty() && text.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &[u8] =
        b"From: Johanna <johanna@post.example>\r\nTo: Karl Muster <karl@dritte.example>\r\n\
        Bcc: x@dritte.example\r\nSubject: Karl Muster kommt\r\n\r\nGestern war Karl Muster da.\r\n";

    #[test]
    fn art_15_4_no_word_that_is_black_in_the_text_stands_in_the_raw_message() {
        let out = without(MAIL, &["Karl Muster".into()]).unwrap();
        let text = String::from_utf8(out).unwrap();
        for word in ["Muster", "karl@", "Bcc", "dritte"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
        assert!(
            text.contains("johanna@post.example") && text.contains("Gestern"),
            "{text}"
        );
        let field = "Karl Muster <karl@dritte.example>".to_owned();
        let out = String::from_utf8(without(MAIL, &[field]).unwrap()).unwrap();
        assert!(!out.contains("karl@"), "{out}");
    }

    #[test]
    fn a_message_in_which_a_word_would_stay_is_withheld() {
        assert_eq!(without(MAIL, &["da".into()]), Err(Withheld::Misfit));
        assert_eq!(
            without(MAIL, &["Gestern war\nKarl".into()]),
            Err(Withheld::TooMuch)
        );
        assert_eq!(
            without(b"no mail at all", &["da".into()]),
            Err(Withheld::Unreadable)
        );
    }

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
