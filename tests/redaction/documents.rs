//! PDFs: what was blacked is gone, what could not be shown is withheld, and the rest is still there to be seen.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use rechtzeitig::reading::parse::parse;
use rechtzeitig::redaction::Withheld;
use rechtzeitig::redaction::pages::{Area, DPI, Outcome, Trouble, layer, preview, redacted, size};
use rechtzeitig::redaction::spans::text::occurrences;

use super::paper::{
    PLAIN, Paper, SECRET, full_of_secrets, letter, page, speaks, swapped, text, unpacked,
};

/// The areas in which the secret stands, as a clerk would take them over from the proposal.
fn areas(bytes: &[u8], at: usize) -> Vec<Area> {
    let words = layer(bytes, at).unwrap();
    occurrences(words.text(), &[SECRET])
        .into_iter()
        .flat_map(|span| words.areas(span))
        .collect()
}

fn written(bytes: &[u8], marks: &BTreeMap<usize, Vec<Area>>) -> (Vec<u8>, Outcome) {
    let mut out = Vec::new();
    let outcome = redacted(bytes, marks, &mut out).unwrap();
    (out, outcome)
}

fn withheld(bytes: &[u8]) -> Withheld {
    let (out, outcome) = written(bytes, &BTreeMap::new());
    let [(0, why)] = outcome.withheld.as_slice() else {
        panic!("{outcome:?}")
    };
    assert!(
        is_black(&out, 0, Area::PAGE),
        "a withheld page is black as a whole: {why}"
    );
    *why
}

/// Whether an area is black in the points of what leaves.
fn is_black(bytes: &[u8], at: usize, area: Area) -> bool {
    let picture = image::load_from_memory(&preview(bytes, at, DPI, &[]).unwrap())
        .unwrap()
        .into_rgb8();
    let part = |share: u16, whole: u32| u32::from(share) * whole / 10_000;
    let (left, right) = (
        part(area.left, picture.width()),
        part(area.right, picture.width()),
    );
    let (top, bottom) = (
        part(area.top, picture.height()),
        part(area.bottom, picture.height()),
    );
    assert!(right > left && bottom > top);
    (left..right).all(|x| (top..bottom).all(|y| picture.get_pixel(x, y).0 == [0, 0, 0]))
}

/// The share of points of an area that are not white.
fn ink(bytes: &[u8], at: usize, area: Area) -> f64 {
    let picture = image::load_from_memory(&preview(bytes, at, 100, &[]).unwrap())
        .unwrap()
        .into_luma8();
    let part = |share: u16, whole: u32| u32::from(share) * whole / 10_000;
    let (left, right) = (
        part(area.left, picture.width()),
        part(area.right, picture.width()),
    );
    let (top, bottom) = (
        part(area.top, picture.height()),
        part(area.bottom, picture.height()),
    );
    let dark = (left..right)
        .flat_map(|x| (top..bottom).map(move |y| (x, y)))
        .filter(|(x, y)| picture.get_pixel(*x, *y).0[0] < 128)
        .count();
    dark as f64 / f64::from((right - left) * (bottom - top))
}

/// What another program reads from the file, where it is installed.
fn read_by_poppler(bytes: &[u8]) -> Option<Vec<u8>> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.pdf");
    std::fs::write(&file, bytes).unwrap();
    let out = Command::new("pdftotext")
        .arg(&file)
        .arg("-")
        .stderr(Stdio::null())
        .output()
        .ok()?;
    Some(out.stdout)
}

#[test]
fn a_secret_in_every_place_of_a_document_is_nowhere_in_what_leaves() {
    let bytes = full_of_secrets();
    assert!(
        speaks(&bytes) && speaks(&unpacked(&bytes)),
        "the search can find it"
    );
    assert!(format!("{:?}", parse(&bytes).unwrap().texts).contains(SECRET));
    let marks = areas(&bytes, 0);
    assert_eq!(
        marks.len(),
        6,
        "in the line, pale, invisible, on the layer that is shown, in the note and the field"
    );
    let (out, outcome) = written(&bytes, &[(0, marks.clone())].into());
    assert_eq!(
        outcome,
        Outcome {
            pages: 1,
            withheld: Vec::new()
        }
    );
    assert!(!speaks(&out) && !speaks(&unpacked(&out)));
    let read = parse(&out).unwrap();
    assert!(
        read.texts.is_empty() && read.troubles.contains(&"pdf-without-text"),
        "no words at all: {read:?}"
    );
    if let Some(text) = read_by_poppler(&out) {
        assert!(String::from_utf8_lossy(&text).trim().is_empty());
    }
    for area in &marks {
        assert!(is_black(&out, 0, *area), "{area:?}");
    }
    assert!(layer(&out, 0).unwrap().text().is_empty());
    for name in [
        "/Info",
        "/Metadata",
        "/Annots",
        "/AcroForm",
        "/OCG",
        "/OCProperties",
        "/EmbeddedFile",
        "/Names",
        "/Prev",
        "/Font",
        "/ID",
        "Date",
    ] {
        assert!(
            memchr::memmem::find(&out, name.as_bytes()).is_none(),
            "{name}"
        );
    }
    assert_eq!(memchr::memmem::find_iter(&out, b"%%EOF").count(), 1);
}

#[test]
fn what_was_not_marked_is_still_there_to_be_seen() {
    let bytes = full_of_secrets();
    let words = layer(&bytes, 0).unwrap();
    let plain: Vec<Area> = occurrences(words.text(), &[PLAIN])
        .into_iter()
        .flat_map(|span| words.areas(span))
        .collect();
    assert_eq!(plain.len(), 2);
    let (out, _) = written(&bytes, &[(0, areas(&bytes, 0))].into());
    for area in plain {
        let ink = ink(&out, 0, area);
        assert!((0.05..0.6).contains(&ink), "{ink}");
    }
}

#[test]
fn without_the_mark_the_area_is_not_black() {
    let bytes = full_of_secrets();
    let (out, _) = written(&bytes, &BTreeMap::new());
    assert!(!is_black(&out, 0, areas(&bytes, 0)[0]));
}

#[test]
fn pages_without_a_mark_are_pictures_too_and_the_same_input_makes_the_same_file() {
    let bytes = letter(3);
    let marks: BTreeMap<usize, Vec<Area>> = [(1, vec![Area::PAGE])].into();
    let (out, outcome) = written(&bytes, &marks);
    assert_eq!(outcome.pages, 3);
    assert!(!speaks(&unpacked(&out)));
    assert!(is_black(&out, 1, Area::PAGE) && !is_black(&out, 0, Area::PAGE));
    assert_eq!(out, written(&bytes, &marks).0);
    assert_eq!(size(&out), Ok(3));
}

#[test]
fn a_preview_shows_what_will_leave() {
    let bytes = full_of_secrets();
    let marks = areas(&bytes, 0);
    let before = image::load_from_memory(&preview(&bytes, 0, DPI, &marks).unwrap())
        .unwrap()
        .into_rgb8();
    let (out, _) = written(&bytes, &[(0, marks)].into());
    let after = image::load_from_memory(&preview(&out, 0, DPI, &[]).unwrap())
        .unwrap()
        .into_rgb8();
    assert_eq!(before.dimensions(), after.dimensions());
    let apart = before
        .pixels()
        .zip(after.pixels())
        .filter(|(one, other)| one.0[0].abs_diff(other.0[0]) > 8)
        .count();
    assert!(apart * 1_000 < before.pixels().len(), "{apart}");
}

#[test]
fn a_turned_and_cut_page_is_blacked_where_it_is_seen() {
    let content = text(300, 400, SECRET);
    let bytes = page(
        &content,
        "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>",
        &[],
    );
    let turned = swapped(
        &bytes,
        "/MediaBox[0 0 595 842]",
        "/MediaBox[0 0 595 842]/CropBox[200 300 500 500]/Rotate 90",
    );
    let marks = areas(&turned, 0);
    assert_eq!(marks.len(), 1, "{marks:?}");
    let (out, outcome) = written(&turned, &[(0, marks.clone())].into());
    assert!(outcome.withheld.is_empty());
    assert!(is_black(&out, 0, marks[0]));
    assert!(
        ink(&turned, 0, marks[0]) > 0.03,
        "the proposal lies upon the word"
    );
    let whole = ink(&out, 0, Area::PAGE);
    let area = marks[0];
    let share = f64::from(area.right - area.left) * f64::from(area.bottom - area.top) / 1e8;
    assert!(
        (whole - share).abs() < 0.02,
        "nothing of the word stands outside of it: {whole} {share}"
    );
}

#[test]
fn a_mark_on_no_page_lets_nothing_out() {
    let bytes = letter(1);
    for marks in [
        BTreeMap::from([(1, vec![Area::PAGE])]),
        BTreeMap::from([(
            0,
            vec![Area {
                left: 5,
                top: 5,
                right: 4,
                bottom: 6,
            }],
        )]),
    ] {
        let result = redacted(&bytes, &marks, &mut Vec::new());
        assert!(
            matches!(result, Err(Trouble::Withheld(Withheld::Misfit))),
            "{marks:?}"
        );
    }
    assert_eq!(preview(&bytes, 7, 72, &[]), Err(Withheld::Misfit));
}

#[test]
fn what_is_encrypted_broken_or_no_document_is_withheld_as_a_whole() {
    let secret = swapped(&letter(1), "trailer\n<<", "trailer\n<</Encrypt 9 0 R");
    let none = |bytes: &[u8]| match redacted(bytes, &BTreeMap::new(), &mut Vec::new()) {
        Err(Trouble::Withheld(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(none(&secret), Withheld::Encrypted);
    assert_eq!(none(b"%PDF-1.7\nnothing"), Withheld::Unreadable);
    assert_eq!(none(b"no document"), Withheld::Unreadable);
    assert_eq!(none(&vec![b'%'; 21 << 20]), Withheld::TooLarge);
    assert_eq!(none(&letter(501)), Withheld::TooManyPages);
}

#[test]
fn a_page_whose_font_has_no_letters_for_its_words_is_withheld() {
    // no font of the file, and none of the house has these letters
    let content = "BT /F1 20 Tf 72 700 Td <0416043704480430044f0436> Tj ET";
    let font = "/Font<</F1<</Type/Font/Subtype/Type0/BaseFont/Fern/Encoding/Identity-H/ToUnicode 5 0 R/DescendantFonts[<</Type/Font\
                /Subtype/CIDFontType2/BaseFont/Fern/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>>>";
    let map = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <0000><ffff> endcodespacerange 1 beginbfrange <0400><04ff><0400> endbfrange endcmap end end";
    let why = withheld(&page(content, font, &[(5, "", map)]));
    assert!(matches!(why, Withheld::Font | Withheld::Blank), "{why:?}");
}

#[test]
fn a_page_with_a_picture_that_cannot_be_shown_is_withheld() {
    let draw = "q 300 0 0 300 50 50 cm /P Do Q";
    let head =
        "/Type/XObject/Subtype/Image/Width 10/Height 10/ColorSpace/DeviceRGB/BitsPerComponent 8";
    let resources = "/XObject<</P 5 0 R>>";
    assert_eq!(
        withheld(&page(
            draw,
            resources,
            &[(
                5,
                &format!("{head}/Filter/DCTDecode"),
                b"\xff\xd8\xff\xe0broken"
            )]
        )),
        Withheld::Picture
    );
    let huge = head.replace("Width 10/Height 10", "Width 60000/Height 60000");
    assert_eq!(
        withheld(&page(draw, resources, &[(5, &huge, &[0; 300])])),
        Withheld::TooLarge
    );
    // its own head says more than the page does
    let mut lying = b"\xff\xd8\xff\xc0\0\x11\x08".to_vec();
    lying.extend([
        0xea, 0x60, 0xea, 0x60, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0,
    ]);
    assert_eq!(
        withheld(&page(
            draw,
            resources,
            &[(5, &format!("{head}/Filter/DCTDecode"), &lying)]
        )),
        Withheld::TooLarge
    );
}

#[test]
fn a_field_whose_words_no_look_shows_is_withheld() {
    let bare = swapped(&full_of_secrets(), "/P 3 0 R/AP<</N 14 0 R>>", "/P 3 0 R");
    assert_eq!(withheld(&bare), Withheld::Field);
}

#[test]
fn work_without_end_is_withheld() {
    // forms that draw the next one ten times each
    let form = |next: usize| {
        format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 600 850]/Resources<</XObject<</F {next} 0 R>>>>"
        )
    };
    let heads: Vec<String> = (6..16).map(form).collect();
    let own = "/F Do ".repeat(10) + "0 0 1 1 re f";
    let more: Vec<(usize, &str, &[u8])> = heads
        .iter()
        .enumerate()
        .map(|(at, head)| (at + 5, head.as_str(), own.as_bytes()))
        .collect();
    let why = withheld(&page("/F Do", "/XObject<</F 5 0 R>>", &more));
    assert!(
        matches!(why, Withheld::TooMuch | Withheld::TooSlow),
        "{why:?}"
    );
    // tiles that lie a hair's breadth apart
    let tiles = "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 500 500]/XStep 0.01/YStep 0.01/Resources<<>>";
    let fill = "/Pattern cs /T scn 0 0 500 500 re f";
    assert_eq!(
        withheld(&page(
            fill,
            "/Pattern<</T 5 0 R>>",
            &[(5, tiles, b"0 0 1 1 re f")]
        )),
        Withheld::TooMuch
    );
    // the whole page painted again and again
    let covers = "0 0 595 842 re f\n".repeat(3_000);
    assert_eq!(withheld(&page(&covers, "", &[])), Withheld::TooMuch);
}

#[test]
fn a_page_without_end_in_its_size_is_withheld() {
    let bytes = page("0 0 1 1 re f", "", &[]);
    assert_eq!(
        withheld(&swapped(&bytes, "0 0 595 842", "0 0 200000 200000")),
        Withheld::TooLarge
    );
}

#[test]
fn a_document_with_one_bad_page_keeps_its_number_of_pages() {
    let mut paper = Paper::new();
    paper
        .object(1, "<</Type/Catalog/Pages 2 0 R>>")
        .object(2, "<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>")
        .object(
            3,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 6 0 R>>",
        )
        .object(
            4,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 7 0 R>>",
        )
        .object(
            5,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 6 0 R>>",
        )
        .stream(6, "", b"0 0 100 100 re f")
        .stream(7, "", "0 0 300 300 re f\n".repeat(3_000).as_bytes())
        .end("/Size 8/Root 1 0 R");
    let (out, outcome) = written(&paper.bytes(), &BTreeMap::new());
    assert_eq!(
        outcome,
        Outcome {
            pages: 3,
            withheld: vec![(1, Withheld::TooMuch)]
        }
    );
    assert_eq!(size(&out), Ok(3));
    assert!(
        is_black(&out, 1, Area::PAGE)
            && !is_black(&out, 0, Area::PAGE)
            && !is_black(&out, 2, Area::PAGE)
    );
}

#[test]
fn other_programs_can_read_what_leaves() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.pdf");
    std::fs::write(&file, written(&letter(2), &BTreeMap::new()).0).unwrap();
    let Ok(out) = Command::new("qpdf").arg("--check").arg(&file).output() else {
        return;
    };
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stdout)
    );
}
