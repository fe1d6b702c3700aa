//! Whatever the bytes are, redaction ends, says something, and never lets out what was marked.

use std::collections::BTreeMap;
use std::io::Cursor;

use proptest::prelude::*;
use rechtzeitig::redaction::others::{Known, others};
use rechtzeitig::redaction::pages::{Area, layer, picture, redacted};
use rechtzeitig::redaction::spans::html::Page;
use rechtzeitig::redaction::spans::mail::{Draft, File, Marks};
use rechtzeitig::redaction::spans::written::Written;
use rechtzeitig::redaction::spans::{Span, table, text};

use super::paper::{SECRET, full_of_secrets, speaks, unpacked};

/// What is done to one byte of a file.
type Cut = (prop::sample::Index, u8, u8);

fn cuts(most: usize) -> impl Strategy<Value = Vec<Cut>> {
    proptest::collection::vec(
        (any::<prop::sample::Index>(), any::<u8>(), 0..5_u8),
        0..most,
    )
}

fn mutated(seed: &[u8], cuts: &[Cut]) -> Vec<u8> {
    let mut raw = seed.to_vec();
    for (at, byte, how) in cuts {
        if raw.is_empty() {
            break;
        }
        let at = at.index(raw.len());
        match how {
            0 => raw[at] = *byte,
            1 => drop(raw.drain(at..(at + usize::from(*byte)).min(raw.len()))),
            2 => {
                let piece = raw[at..(at + 40).min(raw.len())].to_vec();
                raw.splice(at..at, piece);
            }
            3 => raw[at] ^= 1 << (byte % 8),
            _ => raw.truncate(raw.len() - (raw.len() - at) / 8),
        }
    }
    raw
}

const MAIL: &str = "From: Quastenflosser <q@dritte.example>\r\nTo: Anna <anna@post.example>\r\nSubject: =?utf-8?Q?An_Quastenflosser?=\r\n\
X-Note: Quastenflosser\r\nContent-Type: multipart/alternative; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nGuten Tag Quastenflosser\r\n\
--B\r\nContent-Type: text/html\r\n\r\n<p title='Quastenflosser'>Guten Tag <b>Quasten</b>flosser <a href='https://x.example/Quastenflosser'>da</a><!--Quastenflosser--></p>\r\n--B--\r\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 50, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_document_never_lets_out_words(cuts in cuts(12)) {
        let bytes = mutated(&full_of_secrets(), &cuts);
        let _ = layer(&bytes, 0);
        let mut out = Vec::new();
        if redacted(&bytes, &BTreeMap::from([(0, vec![Area::PAGE])]), &mut out).is_ok() {
            prop_assert!(!speaks(&unpacked(&out)));
        }
    }

    #[test]
    fn a_mutated_picture_does_no_harm(cuts in cuts(12), kind in 0..6_usize) {
        let kinds = [image::ImageFormat::Png, image::ImageFormat::Jpeg, image::ImageFormat::Gif, image::ImageFormat::Bmp, image::ImageFormat::Tiff, image::ImageFormat::WebP];
        let mut seed = Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(20, 20).write_to(&mut seed, kinds[kind]).unwrap();
        let _ = picture::redacted(&mutated(&seed.into_inner(), &cuts), &[Area::PAGE]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_message_never_lets_out_what_was_marked(cuts in cuts(10)) {
        let raw = mutated(MAIL.as_bytes(), &cuts);
        let Ok(draft) = Draft::read(&raw) else { return Ok(()) };
        let all = |words: &str| match words.trim().is_empty() {
            true => Vec::new(),
            false => vec![Span::new(0, words.len())],
        };
        let marks = Marks {
            parties: (0..draft.parties.len()).collect(),
            subject: all(&draft.subject),
            bodies: draft.bodies.iter().enumerate().map(|(at, body)| (at, all(body.words()))).collect(),
            files: draft.files.iter().map(|file| (file.number, File::Dropped)).collect(),
            ..Marks::default()
        };
        let out = draft.redacted(&raw, &marks).unwrap();
        prop_assert!(!speaks(&out), "{}", String::from_utf8_lossy(&out));
        if let Ok(again) = Draft::read(&out) {
            prop_assert!(again.bodies.iter().all(|body| !speaks(body.words().as_bytes())));
        }
    }

    #[test]
    fn a_file_of_words_that_leaves_says_no_word_that_is_black(
        cuts in cuts(10),
        kind in 0..5_usize,
        words in "(Quasten|flosser|Quastenflosser|[a-z;,\"<>&/= \n\u{ad}ä]{0,6}){0,12}",
    ) {
        let said = ["message/rfc822", "text/html", "text/csv", "text/plain", "application/octet-stream"][kind];
        let seed = match kind {
            0 => MAIL.to_owned(),
            _ => words,
        };
        let raw = mutated(seed.as_bytes(), &cuts);
        let hidden = [SECRET.to_owned()];
        let Ok(Some(written)) = Written::read(&raw, said, "x") else { return Ok(()) };
        let Ok(left) = written.without(&raw, &hidden) else { return Ok(()) };
        let out = left.unwrap_or(raw);
        prop_assert!(!speaks(&out), "{}", String::from_utf8_lossy(&out));
        if let Ok(Some(again)) = Written::read(&out, said, "x") {
            prop_assert!(again.passages().iter().all(|it| !text::says(&it.words, &[SECRET])));
        }
    }

    #[test]
    fn any_spans_of_any_text_end_in_a_text_without_them(words in "[a-zäöü€ \n\u{300}]{0,60}", at in 0..80_usize, length in 0..80_usize) {
        let span = Span::new(at, at + length);
        match text::redacted(&words, &[span]) {
            Ok(out) => {
                let gone = words.get(at..at + length).unwrap();
                prop_assert_eq!(out.replacen("█████", gone, 1), words);
            }
            Err(_) => prop_assert!(words.get(at..at + length).is_none_or(str::is_empty)),
        }
    }

    #[test]
    fn any_page_is_written_well_and_without_what_was_marked(source in "(<[a-z/!\"'= -]{0,12}>|Quasten|flosser|<b>|</b>|&[a-z#0-9]{1,5};|[ -~äö]{0,8}){0,14}") {
        let Ok(page) = Page::read(&source) else { return Ok(()) };
        let spans = text::occurrences(page.words(), &[SECRET]);
        let out = page.redacted(&spans).unwrap();
        let again = Page::read(&out).unwrap();
        prop_assert!(text::occurrences(again.words(), &[SECRET]).is_empty());
        let marks: Vec<(Span, &'static str)> = spans.iter().map(|span| (*span, "name")).collect();
        page.marked(&marks).unwrap();
    }

    #[test]
    fn any_table_ends(bytes in proptest::collection::vec(any::<u8>(), 0..300), row in 0..4_usize, column in 0..4_usize) {
        let marks = table::Marks { cells: [((row, column), Vec::new())].into(), rows: [row].into(), ..table::Marks::default() };
        let _ = table::redacted(&bytes, &marks);
        let _ = table::rows(&bytes);
    }

    #[test]
    fn third_persons_of_any_text_stand_at_letters_and_apart(words in "(Herr|Frau|Dr\\.|Karl|von|der|Muster|[A-Za-zäöüß]{1,6}|@|[a-z]\\.example|\\+?[0-9]{1,6}|[ ,.;:/<>()\n-]){0,40}") {
        let found = others(&words, &Known::default());
        let mut last = 0;
        for other in found {
            prop_assert!(other.span.from >= last && words.get(other.span.from..other.span.to).is_some_and(|it| !it.is_empty()));
            last = other.span.to;
        }
    }
}
