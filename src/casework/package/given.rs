//! What she is given of a finding: its values with what is black in them, and what becomes of its files. What is black in
//! a value is black in every file of the finding that is made of words: such a file says once more what the values say.

use crate::casework::error::Error;
use crate::domain::decision::Ground;
use crate::domain::finding::{Area, Blackening, Mark, Stretch};
use crate::domain::ids::{FileId, FindingId};
use crate::domain::source::{Field, Nature, Origin, Record};
use crate::redaction::spans::html::Page;
use crate::redaction::spans::{BLOCK, Span, text};
use crate::seal::Key;
use crate::storage::findings::FindingRow;

/// A value as it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    /// The name of its field over there.
    pub name: String,
    /// What the other system calls it.
    pub label: Option<String>,
    /// The value: a formatted text as its source.
    pub value: String,
    /// Its words, as a person reads them.
    pub words: String,
    /// Whether something of it is black.
    pub black: bool,
}

/// What becomes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes along as it is.
    Whole(FileId),
    /// It goes along with these areas black.
    Areas(FileId, Vec<Area>),
    /// Something of the finding is black: where it is made of words, these leave it, and a message loses its files.
    Words(FileId, Vec<String>),
    /// A person left it out.
    LeftOut,
    /// It was not fetched.
    Missing,
}

/// A file of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attached {
    /// Its name; one of ours, where its own would tell what is black or it is black itself.
    pub name: String,
    /// What it says it is.
    pub media_type: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// A finding as she is given it.
#[derive(Debug, Clone)]
pub(super) struct Given {
    /// Which one.
    pub id: FindingId,
    /// What it is over there, and its key; none where something of it is black, since a key can be an address.
    pub kind: String,
    /// Its key over there.
    pub key: Option<String>,
    /// What a list calls it; none where that could tell what is black.
    pub title: Option<String>,
    /// When it is from.
    pub at: Option<chrono::DateTime<chrono::Utc>>,
    /// Where the data come from.
    pub origin: Origin,
    /// Its values.
    pub values: Vec<Value>,
    /// Its files.
    pub files: Vec<Attached>,
    /// Whether anything of it is black or left out.
    pub black: bool,
    /// Why, where that was said for this finding.
    pub ground: Option<Ground>,
}

impl Given {
    /// Opens a row and makes black what is marked in it.
    pub(super) fn of(row: &FindingRow, key: &Key) -> Result<Given, Error> {
        Ok(Given::from(row.id(), row.record(key)?, &row.mark(key)?))
    }

    fn from(id: FindingId, record: Record, mark: &Mark) -> Given {
        let black = !mark.black.is_empty();
        let hidden = hidden(&record, mark);
        let fields = record.fields.iter().enumerate();
        let values = fields
            .map(|(at, field)| value(field, &black_of(mark, at), black.then_some(&hidden)))
            .collect();
        let files = record.files.iter().enumerate();
        let files = files
            .map(|(at, file)| {
                let name = file.name.reveal();
                Attached {
                    name: match is_touched(mark, at) || tells(name, &hidden) {
                        true => anonymous(name, at),
                        false => name.clone(),
                    },
                    media_type: file.media_type.clone(),
                    fate: fate(mark, at, &hidden),
                }
            })
            .collect();
        Given {
            id,
            kind: record.reference.kind,
            // A key can be an address or the name of a file, and a title is made of what stands in both.
            key: (!black).then(|| record.reference.id.reveal().clone()),
            title: (!black).then(|| record.title.reveal().clone()),
            at: record.at,
            origin: record.origin,
            values,
            files,
            black,
            ground: mark.giving.ground.clone().filter(|_| black),
        }
    }
}

/// What is black in the values of a finding and in its files of words.
pub(super) fn hidden(record: &Record, mark: &Mark) -> Vec<String> {
    let mut all = Vec::new();
    if mark.black.is_empty() {
        return all;
    }
    for (at, field) in record.fields.iter().enumerate() {
        let read = Read::of(field);
        match read.black(&black_of(mark, at)) {
            Cover::Nothing => {}
            Cover::All => all.push(read.words().to_owned()),
            Cover::Parts(spans) => {
                let parts = spans.iter().filter_map(|span| span.of(read.words()));
                all.extend(parts.map(str::to_owned));
            }
        }
    }
    for black in &mark.black {
        if let Blackening::Words { words, .. } = black {
            all.extend(words.iter().map(|word| word.reveal().clone()));
        }
    }
    all.retain(|text| !text.trim().is_empty());
    all
}

enum Black {
    Nothing,
    All,
    Parts(Vec<Stretch>),
}

fn black_of(mark: &Mark, at: usize) -> Black {
    let mut parts = Vec::new();
    for black in &mark.black {
        match black {
            Blackening::Field { field } if *field == at => return Black::All,
            Blackening::Parts { field, parts: more } if *field == at => {
                parts.extend(more.iter().copied())
            }
            _ => {}
        }
    }
    match parts.is_empty() {
        true => Black::Nothing,
        false => Black::Parts(parts),
    }
}

/// A field as it is read: a formatted text as its words.
struct Read<'a> {
    source: &'a str,
    page: Option<Page>,
    /// It is a formatted text that could not be read.
    shut: bool,
}

/// What of a field is black. A mark that fits nowhere makes all of it black: it covered something once.
enum Cover {
    Nothing,
    All,
    Parts(Vec<Span>),
}

impl Read<'_> {
    fn of(field: &Field) -> Read<'_> {
        let source = field.value.reveal();
        let page = match field.nature {
            Nature::Html => Page::read(source).ok(),
            Nature::Plain | Nature::Text => None,
        };
        Read {
            source,
            shut: field.nature == Nature::Html && page.is_none(),
            page,
        }
    }

    fn words(&self) -> &str {
        self.page.as_ref().map_or(self.source, Page::words)
    }

    fn black(&self, black: &Black) -> Cover {
        match black {
            Black::Nothing => Cover::Nothing,
            Black::All => Cover::All,
            Black::Parts(_) if self.shut => Cover::All,
            Black::Parts(parts) => {
                let spans: Vec<Span> = parts.iter().map(|it| Span::new(it.from, it.to)).collect();
                match text::redacted(self.words(), &spans) {
                    Ok(_) => Cover::Parts(spans),
                    Err(_) => Cover::All,
                }
            }
        }
    }

    /// The value as it leaves, and its words.
    fn without(&self, spans: &[Span], hidden: &[String]) -> Option<(String, String)> {
        let shown = text::redacted(self.words(), spans).ok()?;
        let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
        let value = match &self.page {
            Some(page) => page.without(spans, &hidden).ok()?,
            None => shown.clone(),
        };
        Some((value, shown))
    }
}

/// A value with what is black in it. `hidden` is what is black anywhere in the finding, where anything is: then the source
/// of a formatted text, with notes and addresses that nobody saw, does not leave either.
fn value(field: &Field, black: &Black, hidden: Option<&Vec<String>>) -> Value {
    let read = Read::of(field);
    let cover = match (read.black(black), hidden) {
        (Cover::Nothing, Some(_)) if read.shut => Cover::All,
        (cover, _) => cover,
    };
    let left = match (&cover, hidden) {
        (Cover::All, _) => None,
        (Cover::Nothing, None) => {
            let words = if read.shut { "" } else { read.words() };
            Some((read.source.to_owned(), words.to_owned()))
        }
        (Cover::Nothing, Some(_)) if read.page.is_none() => {
            Some((read.source.to_owned(), read.words().to_owned()))
        }
        (Cover::Nothing, Some(hidden)) => read.without(&[], hidden),
        (Cover::Parts(spans), hidden) => {
            read.without(spans, hidden.map(Vec::as_slice).unwrap_or_default())
        }
    };
    let black = left.is_none() || matches!(cover, Cover::Parts(_));
    let (value, words) = left.unwrap_or_else(|| (BLOCK.to_owned(), BLOCK.to_owned()));
    Value {
        name: field.name.clone(),
        label: field.label.clone(),
        value,
        words,
        black,
    }
}

/// Whether it says it is a message.
pub(super) fn is_message(media_type: &str) -> bool {
    media_type
        .trim()
        .to_ascii_lowercase()
        .starts_with("message/")
}

/// Whether something of this very file is black.
fn is_touched(mark: &Mark, at: usize) -> bool {
    mark.black.iter().any(|it| match it {
        Blackening::File { file } | Blackening::Areas { file, .. } => *file == at,
        Blackening::Field { .. } | Blackening::Parts { .. } | Blackening::Words { .. } => false,
    })
}

fn fate(mark: &Mark, at: usize, hidden: &[String]) -> Fate {
    let left_out = |it: &Blackening| matches!(it, Blackening::File { file } if *file == at);
    if mark.black.iter().any(left_out) {
        return Fate::LeftOut;
    }
    let Some(copy) = mark.copies.get(at).copied().flatten() else {
        return Fate::Missing;
    };
    let mut areas = Vec::new();
    for black in &mark.black {
        if let Blackening::Areas { file, areas: more } = black
            && *file == at
        {
            areas.extend(more.iter().copied());
        }
    }
    match (areas.is_empty(), mark.black.is_empty()) {
        (false, _) => Fate::Areas(copy, areas),
        // Also where no word is black: a message carries the file that was left out.
        (true, false) => Fate::Words(copy, hidden.to_vec()),
        (true, true) => Fate::Whole(copy),
    }
}

/// Whether a name says any word of what is black.
fn tells(name: &str, hidden: &[String]) -> bool {
    let name = text::squeezed(name);
    hidden
        .iter()
        .flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()))
        .map(text::squeezed)
        .any(|word| word.chars().count() > 2 && name.contains(&word))
}

/// A file by its place alone, where its own name could tell what is black.
fn anonymous(name: &str, at: usize) -> String {
    let number = at + 1;
    match name.rsplit_once('.') {
        Some((_, ending))
            if ending.len() <= 5 && ending.chars().all(|c| c.is_ascii_alphanumeric()) =>
        {
            format!("{number}.{ending}")
        }
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::SearchKey;
    use crate::domain::source::{FileRef, RecordRef, Tie};

    fn record(fields: Vec<Field>, files: &[(&str, &str)]) -> Record {
        Record {
            reference: RecordRef::new("mail", "johanna@post.example"),
            category: "mail".into(),
            title: "Ihr Treffen mit Karl Muster".into(),
            at: None,
            tie: Tie::Exact {
                by: SearchKey::Email,
                field: "from".into(),
            },
            origin: Origin::Unknown,
            fields,
            files: files
                .iter()
                .map(|(name, media_type)| FileRef {
                    id: "1".into(),
                    name: (*name).into(),
                    media_type: (*media_type).to_owned(),
                    size: None,
                })
                .collect(),
            cautions: vec![],
            rank: 0,
        }
    }

    fn given(record: Record, black: Vec<Blackening>) -> Given {
        let copies = vec![Some(FileId(1)); record.files.len()];
        let mark = Mark {
            black,
            copies,
            ..Mark::default()
        };
        Given::from(FindingId(1), record, &mark)
    }

    fn parts(field: usize, from: usize, to: usize) -> Blackening {
        Blackening::Parts {
            field,
            parts: vec![Stretch { from, to }],
        }
    }

    #[test]
    fn art_15_4_a_block_tells_no_length_and_neither_title_nor_key_nor_name_of_a_file_tells_what_it_covers()
     {
        let fields = || {
            vec![
                Field::plain("subject", "Treffen mit Karl Muster"),
                Field::plain("from", "Johanna"),
            ]
        };
        let files = [
            ("Karl_Muster.pdf", "application/pdf"),
            ("Agenda.pdf", "application/pdf"),
        ];
        let out = given(record(fields(), &files), vec![parts(0, 12, 23)]);
        assert_eq!(out.values[0].value, "Treffen mit █████");
        assert_eq!((out.title, out.key), (None, None));
        let names: Vec<&str> = out.files.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["1.pdf", "Agenda.pdf"]);
        let all = given(record(fields(), &[]), vec![Blackening::Field { field: 0 }]);
        assert_eq!(all.values[0].words, "█████");
        let whole = given(record(fields(), &[]), vec![]);
        assert!(whole.title.is_some() && whole.key.is_some());
    }

    #[test]
    fn a_mark_that_fits_nowhere_makes_the_whole_value_black() {
        for (from, to) in [(0, 99), (1, 2), (3, 3)] {
            let out = given(
                record(vec![Field::plain("name", "Änne")], &[]),
                vec![parts(0, from, to)],
            );
            assert_eq!(out.values[0].value, "█████", "{from}..{to}");
        }
    }

    #[test]
    fn in_a_formatted_text_the_words_are_counted_and_no_tag_tells_them() {
        let html = "<p title=\"Karl Muster\">Mit <b>Karl</b> Muster</p><!-- Karl -->";
        let field = Field::plain("body", html).as_nature(Nature::Html);
        let out = given(record(vec![field], &[]), vec![parts(0, 4, 15)]);
        let value = &out.values[0];
        assert!(
            !value.value.contains("Karl") && !value.value.contains("Muster"),
            "{}",
            value.value
        );
        assert_eq!(value.words.trim(), "Mit █████");
    }

    #[test]
    fn every_file_of_a_finding_with_something_black_is_looked_through() {
        let fields = || vec![Field::plain("body", "Karl war da")];
        let files = [("m.eml", "message/rfc822"), ("card.vcf", "text/vcard")];
        let out = given(record(fields(), &files), vec![parts(0, 0, 4)]);
        for file in &out.files {
            assert_eq!(file.fate, Fate::Words(FileId(1), vec!["Karl".into()]));
        }
        let whole = given(record(fields(), &files), vec![]);
        assert!(
            whole
                .files
                .iter()
                .all(|it| it.fate == Fate::Whole(FileId(1)))
        );
    }

    #[test]
    fn art_15_4_of_a_file_that_is_left_out_neither_name_nor_title_nor_the_message_with_it_tells() {
        let files = [("Karl.pdf", "application/pdf"), ("m.eml", "message/rfc822")];
        let area = Area {
            page: 0,
            left: 0,
            top: 0,
            width: 10,
            height: 10,
        };
        let areas = vec![area];
        for black in [
            Blackening::File { file: 0 },
            Blackening::Areas { file: 0, areas },
        ] {
            let fields = vec![Field::plain("subject", "Treffen")];
            let out = given(record(fields, &files), vec![black]);
            assert_eq!(out.files[0].name, "1.pdf");
            assert_eq!(out.files[1].name, "m.eml");
            assert_eq!((out.title, out.key), (None, None));
            assert_eq!(out.files[1].fate, Fate::Words(FileId(1), vec![]));
        }
    }

    #[test]
    fn art_15_4_the_source_of_a_formatted_text_does_not_leave_beside_something_black() {
        let html = "<p title=\"Karl\">Gruß</p><!-- Karl --><img src=\"https://x.example/1\">\
            <a href=\"https://x.example/karl-muster\">hier</a>";
        let fields = || {
            vec![
                Field::plain("subject", "Mit Karl Muster"),
                Field::plain("body", html).as_nature(Nature::Html),
            ]
        };
        let out = given(record(fields(), &[]), vec![parts(0, 4, 15)]);
        let value = &out.values[1].value;
        assert!(
            !value.to_lowercase().contains("karl") && !value.contains("img"),
            "{value}"
        );
        assert!(value.contains("Gruß") && !out.values[1].black, "{value}");
        let whole = given(record(fields(), &[]), vec![]);
        assert_eq!(whole.values[1].value, html);
    }

    #[test]
    fn a_name_of_a_file_is_compared_in_all_spellings() {
        let fields = vec![Field::plain("name", "Jörg Groß")];
        let files = [
            ("JO\u{308}RG.pdf", "application/pdf"),
            ("a.pdf", "application/pdf"),
        ];
        let out = given(record(fields, &files), vec![Blackening::Field { field: 0 }]);
        assert_eq!(out.files[0].name, "1.pdf");
        assert_eq!(out.files[1].name, "a.pdf");
    }
}
