//! Pictures: what a camera hid in the file is gone, what was blacked is black, and bombs are not opened.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use rechtzeitig::redaction::Withheld;
use rechtzeitig::redaction::pages::Area;
use rechtzeitig::redaction::pages::picture::{fits, preview, redacted};

use super::paper::{SECRET, speaks};

/// Red on the left, green on the right, blue below.
fn coloured(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        match (x < width / 2, y < height / 2) {
            (true, true) => Rgb([220, 20, 20]),
            (false, true) => Rgb([20, 220, 20]),
            _ => Rgb([20, 20, 220]),
        }
    })
}

fn file(picture: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn four(number: usize) -> u32 {
    u32::try_from(number).unwrap()
}

fn two(number: usize) -> u16 {
    u16::try_from(number).unwrap()
}

/// A JPEG with what cameras write: where it was, a small picture of itself, a note, and how it was held.
fn from_a_camera(turn: u8) -> Vec<u8> {
    let plain = file(coloured(80, 40).into(), ImageFormat::Jpeg);
    let small = file(coloured(16, 8).into(), ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    let note = format!("{SECRET}\0");
    // two entries: how it was held, and a note behind them; then a second list with the small picture
    let notes_at = 8 + 2 + 2 * 12 + 4;
    let second_at = notes_at + note.len();
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [
            tag.to_le_bytes().to_vec(),
            kind.to_le_bytes().to_vec(),
            count.to_le_bytes().to_vec(),
            value.to_le_bytes().to_vec(),
        ]
        .concat()
    };
    exif.extend(2_u16.to_le_bytes());
    exif.extend(entry(0x010e, 2, four(note.len()), four(notes_at)));
    exif.extend(entry(0x0112, 3, 1, u32::from(turn)));
    exif.extend(four(second_at).to_le_bytes());
    exif.extend(note.bytes());
    exif.extend(2_u16.to_le_bytes());
    exif.extend(entry(0x0201, 4, 1, four(second_at + 30)));
    exif.extend(entry(0x0202, 4, 1, four(small.len())));
    exif.extend(0_u32.to_le_bytes());
    exif.extend(&small);
    let mut out = vec![0xff, 0xd8, 0xff, 0xe1];
    out.extend(two(exif.len() + 2).to_be_bytes());
    out.extend(exif);
    let remark = SECRET.as_bytes();
    out.extend([0xff, 0xfe]);
    out.extend(two(remark.len() + 2).to_be_bytes());
    out.extend(remark);
    out.extend(&plain[2..]);
    // and something behind the end
    out.extend(SECRET.bytes());
    out
}

fn frames_in(bytes: &[u8]) -> usize {
    memchr::memmem::find_iter(bytes, b"\xff\xd8\xff").count()
}

#[test]
fn what_a_camera_hid_in_a_picture_is_gone_and_it_stands_upright() {
    let bytes = from_a_camera(6);
    assert!(
        speaks(&bytes) && frames_in(&bytes) == 2,
        "a small picture lies inside"
    );
    let upper = Area::new(0, 0, 10_000, 5_000).unwrap();
    let out = redacted(&bytes, &[upper]).unwrap();
    assert_eq!(out.media_type, "image/jpeg");
    assert!(!speaks(&out.bytes) && frames_in(&out.bytes) == 1);
    for mark in [b"Exif".as_slice(), b"ICC_PROFILE", b"http://ns.adobe"] {
        assert!(memchr::memmem::find(&out.bytes, mark).is_none());
    }
    let seen = image::load_from_memory(&out.bytes).unwrap().into_rgb8();
    assert_eq!(seen.dimensions(), (40, 80), "turned as it was held");
    // away from the edge, where the kind of file makes everything soft
    assert!((0..40).all(|x| (0..34).all(|y| seen.get_pixel(x, y).0 == [0, 0, 0])));
    assert!(
        seen.get_pixel(10, 70).0.iter().any(|value| *value > 150),
        "the rest is there"
    );
}

#[test]
fn each_kind_of_picture_is_read_and_its_area_is_black_in_its_points() {
    let area = Area::new(2_000, 2_000, 8_000, 8_000).unwrap();
    for format in [
        ImageFormat::Png,
        ImageFormat::Gif,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
        ImageFormat::WebP,
    ] {
        let out = redacted(&file(coloured(50, 50).into(), format), &[area]).unwrap();
        assert_eq!(out.media_type, "image/png");
        let seen = image::load_from_memory(&out.bytes).unwrap().into_rgb8();
        for (x, y, point) in seen.enumerate_pixels() {
            let inside = (9..41).contains(&x) && (9..41).contains(&y);
            assert_eq!(point.0 == [0, 0, 0], inside, "{format:?} {x} {y}");
        }
    }
}

#[test]
fn what_lies_in_points_that_nobody_sees_is_gone() {
    let hidden = RgbaImage::from_fn(20, 20, |x, y| {
        if (x + y) % 2 == 0 {
            Rgba([200, 10, 10, 0])
        } else {
            Rgba([255, 255, 255, 0])
        }
    });
    let out = redacted(&file(hidden.into(), ImageFormat::Png), &[]).unwrap();
    let seen = image::load_from_memory(&out.bytes).unwrap().into_rgba8();
    assert!(seen.pixels().all(|point| point.0 == [255, 255, 255, 255]));
}

#[test]
fn words_in_the_chunks_of_a_png_are_gone() {
    let plain = file(coloured(10, 10).into(), ImageFormat::Png);
    let mut chunk = b"tEXtComment\0".to_vec();
    chunk.extend(SECRET.bytes());
    let mut bytes = plain[..33].to_vec();
    bytes.extend(four(chunk.len() - 4).to_be_bytes());
    bytes.extend(&chunk);
    let mut sum = flate2::Crc::new();
    sum.update(&chunk);
    bytes.extend(sum.sum().to_be_bytes());
    bytes.extend(&plain[33..]);
    assert!(speaks(&bytes));
    let out = redacted(&bytes, &[]).unwrap();
    assert!(!speaks(&out.bytes));
}

#[test]
fn a_file_with_several_pictures_waits_for_a_person() {
    let mut moving = Vec::new();
    {
        let mut encoder = GifEncoder::new(&mut moving);
        for _ in 0..2 {
            encoder
                .encode_frame(Frame::new(DynamicImage::from(coloured(8, 8)).into_rgba8()))
                .unwrap();
        }
    }
    assert_eq!(redacted(&moving, &[]), Err(Withheld::Frames));
    // the link to the next page of a TIFF stands behind the entries of the first
    let mut pages = file(coloured(8, 8).into(), ImageFormat::Tiff);
    let start = usize::try_from(u32::from_le_bytes(pages[4..8].try_into().unwrap())).unwrap();
    let entries = usize::from(u16::from_le_bytes(
        pages[start..start + 2].try_into().unwrap(),
    ));
    pages[start + 2 + entries * 12..][..4].copy_from_slice(&8_u32.to_le_bytes());
    assert_eq!(redacted(&pages, &[]), Err(Withheld::Frames));
}

#[test]
fn a_bomb_is_known_by_its_head() {
    let mut bomb = file(coloured(8, 8).into(), ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let mut sum = flate2::Crc::new();
    sum.update(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    assert_eq!(redacted(&bomb, &[]), Err(Withheld::TooLarge));
    let mut bomb = file(coloured(8, 8).into(), ImageFormat::Gif);
    bomb[6..10].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert!(matches!(
        redacted(&bomb, &[]),
        Err(Withheld::TooLarge | Withheld::Unreadable)
    ));
}

#[test]
fn what_is_no_picture_is_withheld() {
    for bytes in [
        b"".as_slice(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\nbroken",
    ] {
        assert_eq!(redacted(bytes, &[]), Err(Withheld::Unreadable));
    }
    let picture = file(coloured(8, 8).into(), ImageFormat::Png);
    let turned = Area {
        left: 9,
        top: 0,
        right: 3,
        bottom: 5,
    };
    assert_eq!(redacted(&picture, &[turned]), Err(Withheld::Misfit));
}

#[test]
fn a_preview_is_small_and_black_where_it_will_be() {
    let bytes = file(coloured(400, 200).into(), ImageFormat::Png);
    let seen = image::load_from_memory(
        &preview(&bytes, 100, &[Area::new(0, 0, 5_000, 5_000).unwrap()]).unwrap(),
    )
    .unwrap()
    .into_rgb8();
    assert_eq!(seen.dimensions(), (100, 50));
    assert_eq!(seen.get_pixel(10, 10).0, [0, 0, 0]);
    assert_ne!(seen.get_pixel(90, 10).0, [0, 0, 0]);
}

#[test]
fn whether_a_picture_fits_is_told_by_its_head_without_its_points() {
    let whole = file(coloured(400, 200).into(), ImageFormat::Png);
    assert_eq!(fits(&whole), Ok(()));
    // Its points are broken off, which only who unpacks it can know.
    let head = &whole[..whole.len() / 2];
    assert_eq!(
        (fits(head), preview(head, 100, &[]).is_err()),
        (Ok(()), true)
    );
    assert_eq!(fits(b"no picture"), Err(Withheld::Unreadable));
}
