//! What she is given of a finding: its values with what is black in them, and what becomes of its files.

use crate::casework::error::Error;
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
    /// It is a message, and these words are made black in it.
    Message(FileId, Vec<String>),
    /// A person left it out.
    LeftOut,
    /// It was not fetched.
    Missing,
}

/// A file of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attached {
    /// Its name; one of ours, where its own would tell what is black.
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
}

impl Given {
    /// Opens a row and makes black what is marked in it.
    pub(super) fn of(row: &FindingRow, key: &Key) -> Result<Given, Error> {
        Ok(Given::from(row.id(), row.record(key)?, &row.mark(key)?))
    }

    fn from(id: FindingId, record: Record, mark: &Mark) -> Given {
        let mut hidden = Vec::new();
        let values: Vec<Value> = record
            .fields
            .iter()
            .enumerate()
            .map(|(at, field)| value(field, &black_of(mark, at), &mut hidden))
            .collect();
        let whole = values.iter().all(|value| !value.black);
        let files = record.files.iter().enumerate();
        let files = files
            .map(|(at, file)| {
                let name = file.name.reveal();
                Attached {
                    name: match tells(name, &hidden) {
                        true => anonymous(name),
                        false => name.clone(),
                    },
                    media_type: file.media_type.clone(),
                    fate: fate(mark, at, &file.media_type, &hidden),
                }
            })
            .collect();
        Given {
            id,
            kind: record.reference.kind,
            key: whole.then(|| record.reference.id.reveal().clone()),
            title: whole.then(|| record.title.reveal().clone()),
            at: record.at,
            origin: record.origin,
            values,
            files,
        }
    }
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

/// A value with what is black in it. A mark that fits nowhere makes all of it black: it covered something once.
fn value(field: &Field, black: &Black, hidden: &mut Vec<String>) -> Value {
    let source = field.value.reveal();
    let page = match field.nature {
        Nature::Html => Page::read(source).ok(),
        Nature::Plain | Nature::Text => None,
    };
    let unreadable = field.nature == Nature::Html && page.is_none();
    let words = page.as_ref().map_or(source.as_str(), Page::words);
    let all = |hidden: &mut Vec<String>| {
        hidden.push(words.to_owned());
        (BLOCK.to_owned(), BLOCK.to_owned())
    };
    let (value, shown, black) = match black {
        Black::Nothing if unreadable => (source.clone(), String::new(), false),
        Black::Nothing => (source.clone(), words.to_owned(), false),
        Black::All => {
            let (value, shown) = all(hidden);
            (value, shown, true)
        }
        Black::Parts(parts) => {
            let spans: Vec<Span> = parts.iter().map(|it| Span::new(it.from, it.to)).collect();
            let shown = text::redacted(words, &spans);
            let value = match &page {
                Some(page) => page.redacted(&spans),
                None => shown.clone(),
            };
            match (value, shown) {
                (Ok(value), Ok(shown)) if !unreadable => {
                    hidden.extend(
                        spans
                            .iter()
                            .filter_map(|span| span.of(words))
                            .map(str::to_owned),
                    );
                    (value, shown, true)
                }
                _ => {
                    let (value, shown) = all(hidden);
                    (value, shown, true)
                }
            }
        }
    };
    Value {
        name: field.name.clone(),
        label: field.label.clone(),
        value,
        words: shown,
        black,
    }
}

/// Whether a message: such a file says once more what the values say.
pub(super) fn is_message(media_type: &str) -> bool {
    media_type
        .trim()
        .to_ascii_lowercase()
        .starts_with("message/")
}

fn fate(mark: &Mark, at: usize, media_type: &str, hidden: &[String]) -> Fate {
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
    match (
        areas.is_empty(),
        is_message(media_type) && !hidden.is_empty(),
    ) {
        (false, _) => Fate::Areas(copy, areas),
        (true, true) => Fate::Message(copy, hidden.to_vec()),
        (true, false) => Fate::Whole(copy),
    }
}

/// Whether a name says any word of what is black.
fn tells(name: &str, hidden: &[String]) -> bool {
    let name = name.to_lowercase();
    let word = |word: &str| word.chars().count() > 2 && name.contains(&word.to_lowercase());
    hidden
        .iter()
        .flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()))
        .any(word)
}

fn anonymous(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, ending))
            if ending.len() <= 5 && ending.chars().all(|c| c.is_ascii_alphanumeric()) =>
        {
            format!("_.{ending}")
        }
        _ => "_".to_owned(),
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
        assert_eq!(names, ["_.pdf", "Agenda.pdf"]);
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
    fn the_raw_message_of_a_blackened_text_is_blackened_too() {
        let fields = vec![Field::plain("body", "Karl war da")];
        let out = given(
            record(fields, &[("m.eml", "message/rfc822")]),
            vec![parts(0, 0, 4)],
        );
        assert_eq!(
            out.files[0].fate,
            Fate::Message(FileId(1), vec!["Karl".into()])
        );
    }
}
