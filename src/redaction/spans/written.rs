//! A file that is made of words, as a clerk reads it and as it leaves: a message, a formatted text, a table or lines. What
//! is black is looked for in it, and looked for once more in what would leave; where a word is still said, it stays here.

mod packed;
mod sort;

use super::html::Page;
use super::mail::{self, Draft};
use super::text::{self, occurrences, says, squeezed, turned};
use super::{Span, table};
use crate::redaction::Withheld;
use sort::Sort;

/// Bytes of a text, a formatted text or a table; of a message its own bounds hold.
const BYTES: usize = 4 * 1024 * 1024;
/// Letters of what is black: longer ones are broken into lines elsewhere in each form of a text.
const LONG: usize = 120;
/// Words of a name that the cells of a row may hold one by one.
const NAME: usize = 4;

/// A file that is made of words.
#[derive(Debug, Clone)]
pub enum Written {
    /// A message with its head and its texts.
    Message(Box<Draft>),
    /// A formatted text.
    Page(Page),
    /// Rows of cells, with the text that they were read from.
    Table(Vec<Vec<String>>, String),
    /// Lines.
    Text(String),
}

/// A part of such a file as a clerk reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What it is: `from`, `reply-to`, `to`, `cc`, `subject`, `body`, `files`, `table` or `text`.
    pub part: &'static str,
    /// What it says.
    pub words: String,
}

impl Written {
    /// Reads a file; none where it is not made of words. What it says it is and is called is a hint only.
    ///
    /// # Errors
    /// [`Withheld::Form`], where it is made of words in a form that cannot be written anew here.
    pub fn read(bytes: &[u8], media_type: &str, name: &str) -> Result<Option<Written>, Withheld> {
        let sort = Sort::of(bytes, media_type, name);
        let bounded = matches!(sort, Sort::Page | Sort::Table | Sort::Text);
        if bounded && bytes.len() > BYTES {
            return Err(Withheld::TooLarge);
        }
        Ok(Some(match sort {
            Sort::Document | Sort::Other => return Ok(None),
            Sort::Closed | Sort::Coded => return Err(Withheld::Form),
            Sort::Message => Written::Message(Box::new(Draft::read(bytes)?)),
            Sort::Page => Written::Page(Page::read(&table::decoded(bytes)?)?),
            Sort::Table => Written::Table(table::rows(bytes)?, table::decoded(bytes)?.into_owned()),
            Sort::Text => Written::Text(table::decoded(bytes)?.into_owned()),
        }))
    }

    /// What a clerk reads of it.
    #[must_use]
    pub fn passages(&self) -> Vec<Passage> {
        let one = |part, words: &str| {
            vec![Passage {
                part,
                words: words.to_owned(),
            }]
        };
        match self {
            Written::Message(draft) => told(draft),
            Written::Page(page) => one("text", page.words()),
            Written::Table(_, words) => one("table", words),
            Written::Text(words) => one("text", words),
        }
    }

    /// The file anew without these words, each a line; none where nothing of it has to go. A message comes without its
    /// files in any case: nobody looked through them.
    ///
    /// # Errors
    /// When a word would still be said, or a long text is black: nobody could be sure of it.
    pub fn without(&self, raw: &[u8], words: &[String]) -> Result<Option<Vec<u8>>, Withheld> {
        let long = |word: &String| word.chars().count() > LONG || word.trim().contains('\n');
        if words.iter().any(long) {
            return Err(Withheld::TooMuch);
        }
        let wanted = wanted(words);
        let said: Vec<&str> = wanted.iter().map(String::as_str).collect();
        match self {
            Written::Message(draft) => message(draft, raw, &wanted).map(Some),
            Written::Page(page) => formatted(page, &said).map(Some),
            Written::Table(rows, whole) => cells(rows, raw, (whole, &said)),
            Written::Text(whole) => lines(whole, &said),
        }
    }
}

/// Whether a file may be made of words, by its beginning.
#[must_use]
pub fn may_be(head: &[u8], media_type: &str, name: &str) -> bool {
    Sort::of(head, media_type, name) != Sort::Other
}

/// Whether a file may carry other files, as a message does.
#[must_use]
pub fn may_carry(bytes: &[u8], media_type: &str, name: &str) -> bool {
    matches!(
        Sort::of(bytes, media_type, name),
        Sort::Message | Sort::Coded
    )
}

/// Looks through a file that is not written anew, as far as there is a way: a document of an office program, an archive.
///
/// # Errors
/// When it says any of these words, or nobody could be sure.
pub fn looked_through(bytes: &[u8], words: &[String]) -> Result<(), Withheld> {
    let wanted = wanted(words);
    let said: Vec<&str> = wanted.iter().map(String::as_str).collect();
    packed::looked_through(bytes, &said)
}

/// Where these words stand in a text, as they are or as a list turns a name round.
#[must_use]
pub fn places(text: &str, words: &[&str]) -> Vec<Span> {
    let mut all: Vec<String> = Vec::new();
    for word in words.iter().flat_map(|word| word.lines()) {
        if let Some((last, first)) = turned(word)
            .as_deref()
            .and_then(|turned| turned.split_once(' '))
        {
            all.extend([format!("{last} {first}"), format!("{last}, {first}")]);
        }
        all.push(word.to_owned());
    }
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    occurrences(text, &all)
}

/// The words, and of a head of mail the names and addresses in it as well.
fn wanted(words: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for word in words {
        all.push(word.trim().to_owned());
        if word.contains('@') && word.contains('<') {
            let parts = word.split(['<', '>', ',', ';', '"']).map(str::trim);
            all.extend(parts.filter(|it| it.chars().count() > 2).map(str::to_owned));
        }
    }
    all.retain(|word| !word.is_empty());
    all
}

fn told(draft: &Draft) -> Vec<Passage> {
    let mut all: Vec<Passage> = Vec::new();
    for (field, part) in [
        ("From", "from"),
        ("Reply-To", "reply-to"),
        ("To", "to"),
        ("Cc", "cc"),
    ] {
        let of_it = draft.parties.iter().filter(|party| party.field == field);
        let lines: Vec<String> = of_it
            .map(|party| match party.name.is_empty() {
                true => party.email.clone(),
                false => format!("{} <{}>", party.name, party.email),
            })
            .collect();
        all.push(Passage {
            part,
            words: lines.join("\n"),
        });
    }
    all.push(Passage {
        part: "subject",
        words: draft.subject.clone(),
    });
    all.extend(draft.bodies.iter().map(|body| Passage {
        part: "body",
        words: body.words().to_owned(),
    }));
    let files: Vec<&str> = draft
        .files
        .iter()
        .filter_map(|file| file.name.as_deref())
        .collect();
    all.push(Passage {
        part: "files",
        words: files.join("\n"),
    });
    all.retain(|passage| !passage.words.trim().is_empty());
    all
}

fn message(draft: &Draft, raw: &[u8], words: &[String]) -> Result<Vec<u8>, Withheld> {
    let said: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut marks = mail::Marks {
        parties: (0..draft.parties.len())
            .filter(|at| draft.parties.get(*at).is_some_and(|it| named(it, &said)))
            .collect(),
        subject: places(&draft.subject, &said),
        words: words.to_vec(),
        ..mail::Marks::default()
    };
    for (at, body) in draft.bodies.iter().enumerate() {
        marks.bodies.insert(at, places(body.words(), &said));
    }
    for file in &draft.files {
        marks.files.insert(file.number, mail::File::Dropped);
    }
    let out = draft.redacted(raw, &marks)?;
    let again = Draft::read(&out)?;
    let mut still = says(&again.subject, &said) || again.parties.iter().any(|it| named(it, &said));
    for body in &again.bodies {
        still |= says(body.words(), &said);
        if let mail::Body::Formatted(page) = body {
            still |= says(&page.redacted(&[])?, &said);
        }
    }
    match still {
        true => Err(Withheld::Misfit),
        false => Ok(out),
    }
}

/// Whether somebody in the head of a message is one whom the words name, or is named by them.
fn named(party: &mail::Party, words: &[&str]) -> bool {
    let whole = squeezed(&words.join("\n"));
    let stands = |text: &str| {
        let text = squeezed(text);
        !text.is_empty() && whole.contains(&text)
    };
    says(&format!("{} {}", party.name, party.email), words)
        || stands(&party.name)
        || stands(&party.email)
}

fn formatted(page: &Page, words: &[&str]) -> Result<Vec<u8>, Withheld> {
    let out = mail::page_of(&page.without(&places(page.words(), words), words)?);
    let again = Page::read(&out)?;
    match says(again.words(), words) || says(&out, words) {
        true => Err(Withheld::Misfit),
        false => Ok(out.into_bytes()),
    }
}

fn lines(whole: &str, words: &[&str]) -> Result<Option<Vec<u8>>, Withheld> {
    let spans = places(whole, words);
    let out = text::redacted(whole, &spans)?;
    match (says(&out, words), spans.is_empty()) {
        (true, _) => Err(Withheld::Misfit),
        (false, true) => Ok(None),
        (false, false) => Ok(Some(out.into_bytes())),
    }
}

fn cells(
    rows: &[Vec<String>],
    raw: &[u8],
    (whole, words): (&str, &[&str]),
) -> Result<Option<Vec<u8>>, Withheld> {
    let mut marks = table::Marks::default();
    for (at, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let spans = places(cell, words);
            if !spans.is_empty() {
                marks.cells.insert((at, column), spans);
            }
        }
        for word in words {
            for (column, spans) in apart(row, word) {
                marks.cells.entry((at, column)).or_default().extend(spans);
            }
        }
    }
    if marks.cells.is_empty() {
        return match says(whole, words) {
            true => Err(Withheld::Misfit),
            false => Ok(None),
        };
    }
    let out = table::redacted(raw, &marks)?;
    match says(&table::decoded(&out)?, words) {
        true => Err(Withheld::Misfit),
        false => Ok(Some(out)),
    }
}

/// The words of a name, where there are several and not so many that it is a sentence.
fn name_parts(name: &str) -> Vec<&str> {
    let parts: Vec<&str> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|part| part.chars().count() > 2)
        .collect();
    match (2..=NAME).contains(&parts.len()) {
        true => parts,
        false => Vec::new(),
    }
}

/// The words of a name, where the cells of a row hold all of them, each for itself: a table has a column for either.
fn apart(row: &[String], name: &str) -> Vec<(usize, Vec<Span>)> {
    let parts = name_parts(name);
    if parts.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for part in parts {
        let before = found.len();
        for (column, cell) in row.iter().enumerate() {
            let spans = occurrences(cell, &[part]);
            if !spans.is_empty() {
                found.push((column, spans));
            }
        }
        if found.len() == before {
            return Vec::new();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &[u8] =
        b"From: Johanna <johanna@post.example>\r\nTo: Karl Muster <karl@dritte.example>\r\n\
        Bcc: x@dritte.example\r\nSubject: Karl Muster kommt\r\n\r\nGestern war Karl Muster da.\r\n";

    fn out(bytes: &[u8], media_type: &str, words: &[&str]) -> Result<Option<String>, Withheld> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let Some(written) = Written::read(bytes, media_type, "x")? else {
            return Ok(None);
        };
        let out = written.without(bytes, &words)?;
        Ok(out.map(|bytes| String::from_utf8(bytes).unwrap()))
    }

    #[test]
    fn art_15_4_no_word_that_is_black_in_the_text_stands_in_the_raw_message() {
        for black in ["Karl Muster", "Karl Muster <karl@dritte.example>"] {
            let text = out(MAIL, "message/rfc822", &[black]).unwrap().unwrap();
            for word in ["Muster", "karl@", "Bcc", "dritte"] {
                assert!(!text.contains(word), "{word}: {text}");
            }
            assert!(
                text.contains("johanna@post.example") && text.contains("Gestern"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_message_is_one_whatever_it_says_it_is() {
        for said in ["application/octet-stream", "text/plain", ""] {
            let text = out(MAIL, said, &["Karl Muster"]).unwrap().unwrap();
            assert!(!text.contains("Bcc") && !text.contains("karl@"), "{text}");
        }
    }

    #[test]
    fn a_message_in_which_a_word_would_stay_is_withheld() {
        let mail = b"From: a@post.example\r\nSubject: x\r\n\r\nKarlMuster\r\n";
        assert_eq!(
            out(mail, "message/rfc822", &["Karl Muster"]),
            Err(Withheld::Misfit)
        );
        assert_eq!(
            out(MAIL, "message/rfc822", &["Gestern war\nKarl"]),
            Err(Withheld::TooMuch)
        );
        assert_eq!(
            out(b"no mail at all", "message/rfc822", &["da"]),
            Err(Withheld::Unreadable)
        );
    }

    #[test]
    fn art_15_4_lines_and_formatted_texts_leave_without_the_words_and_what_hid_them() {
        let text = "Am Montag rief KARL\nMU\u{ad}STER an.";
        assert_eq!(
            out(text.as_bytes(), "text/plain", &["Karl Muster"]),
            Ok(Some("Am Montag rief █████ an.".to_owned()))
        );
        assert_eq!(out(b"Nichts.", "text/plain", &["Karl Muster"]), Ok(None));
        let page = b"<p title=\"Karl Muster\">Von <b>Karl</b> Muster</p><!-- Karl Muster -->\
            <p style=\"display:none\">x</p><a href=\"https://a.example/karl-muster\">hier</a>";
        let text = out(page, "text/html", &["Karl Muster"]).unwrap().unwrap();
        assert!(!text.to_lowercase().contains("muster"), "{text}");
        assert!(text.contains("Von ") && text.contains("hier"), "{text}");
    }

    #[test]
    fn art_15_4_a_table_holds_a_name_in_one_cell_or_in_two_and_keeps_neither() {
        let table = "Vorname;Jahr;Name;Notiz\r\nKarl;1980;Muster;alt\r\nAnna;1990;Beispiel;von Muster, Karl\r\nKarl;1970;Andermann;x\r\n";
        let text = out(table.as_bytes(), "text/csv", &["Karl Muster"])
            .unwrap()
            .unwrap();
        assert_eq!(
            text,
            "Vorname;Jahr;Name;Notiz\r\n█████;1980;█████;alt\r\nAnna;1990;Beispiel;von █████\r\nKarl;1970;Andermann;x\r\n"
        );
    }

    #[test]
    fn what_is_no_file_of_words_is_left_to_others_and_what_is_one_of_a_strange_form_is_withheld() {
        for (bytes, said) in [
            (&b"%PDF-1.7\n..."[..], "application/octet-stream"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
            (b"PK\x03\x04\0\0", "application/zip"),
        ] {
            assert!(Written::read(bytes, said, "x").unwrap().is_none(), "{said}");
        }
        for (bytes, said) in [
            (&b"BEGIN:VCARD\r\nFN:Karl Muster\r\n"[..], "text/vcard"),
            (b"BEGIN:VCARD\r\nFN:Karl Muster\r\n", "text/plain"),
            (b"{\"name\": \"Karl\"}", "application/octet-stream"),
            (b"{\\rtf1 Karl}", "application/octet-stream"),
            (b"<?xml version=\"1.0\"?><a>Karl</a>", "application/xml"),
            (
                b"From x Mon\nFrom: a@b.example\nTo: c@d.example\n\n.",
                "application/mbox",
            ),
            (b"K\0a\0r\0l\0", "text/plain"),
        ] {
            let read = Written::read(bytes, said, "x").map(|_| ());
            assert!(read.is_err(), "{said}: {}", String::from_utf8_lossy(bytes));
        }
    }
}
