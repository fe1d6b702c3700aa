//! Pictures as files: PNG, JPEG, GIF, BMP, TIFF and WebP. What leaves is a new picture of its points alone, turned as it
//! is seen; the small picture of itself that a camera lays into its file, place and time go.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::POINTS;
use super::area::Area;
use super::raster::Raster;
use crate::redaction::Withheld;

/// Bytes of a picture.
pub const BYTES: usize = 50 * 1024 * 1024;
/// Bytes that its decoder may take.
const ROOM: u64 = 512 * 1024 * 1024;

/// A picture that was redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// `image/png` or `image/jpeg`.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The picture anew, with the areas black; a JPEG stays one, all others become PNG.
///
/// # Errors
/// When it is no picture that is known, holds several, is too large, or a mark lies outside of it.
pub fn redacted(bytes: &[u8], areas: &[Area]) -> Result<Redacted, Withheld> {
    let (mut raster, format) = decoded(bytes)?;
    for area in areas {
        raster.black(*area)?;
    }
    Ok(match format {
        ImageFormat::Jpeg => Redacted {
            media_type: "image/jpeg",
            bytes: raster.jpeg()?,
        },
        _ => Redacted {
            media_type: "image/png",
            bytes: raster.png()?,
        },
    })
}

/// The picture as PNG, at most so many points wide and high, for the eyes of a clerk.
///
/// # Errors
/// As [`redacted`].
pub fn preview(bytes: &[u8], most: u16, areas: &[Area]) -> Result<Vec<u8>, Withheld> {
    let (mut raster, _) = decoded(bytes)?;
    for area in areas {
        raster.black(*area)?;
    }
    let most = u32::from(most.max(16));
    let side = |value: usize| u32::try_from(value).map_err(|_| Withheld::TooLarge);
    let (width, height) = (side(raster.width)?, side(raster.height)?);
    if width <= most && height <= most {
        return raster.png();
    }
    let picture =
        image::RgbImage::from_raw(width, height, raster.points).ok_or(Withheld::Unreadable)?;
    let small = DynamicImage::ImageRgb8(picture)
        .thumbnail(most, most)
        .into_rgb8();
    let size = |value: u32| usize::try_from(value).map_err(|_| Withheld::TooLarge);
    Raster {
        width: size(small.width())?,
        height: size(small.height())?,
        points: small.into_raw(),
    }
    .png()
}

fn decoded(bytes: &[u8]) -> Result<(Raster, ImageFormat), Withheld> {
    // a decoder that falls over takes no more with it than this picture
    std::panic::catch_unwind(|| raster(bytes)).unwrap_or(Err(Withheld::Unreadable))
}

/// Whether it is a picture that can be shown, by its head alone: nothing is unpacked.
///
/// # Errors
/// As [`redacted`], as far as the head tells.
pub fn fits(bytes: &[u8]) -> Result<(), Withheld> {
    let looked = std::panic::catch_unwind(|| opened(bytes).map(|_| ()));
    looked.unwrap_or(Err(Withheld::Unreadable))
}

fn opened(bytes: &[u8]) -> Result<(impl ImageDecoder + '_, ImageFormat), Withheld> {
    if bytes.len() > BYTES {
        return Err(Withheld::TooLarge);
    }
    let format = image::guess_format(bytes).map_err(|_| Withheld::Unreadable)?;
    if !matches!(
        format,
        ImageFormat::Png
            | ImageFormat::Jpeg
            | ImageFormat::Gif
            | ImageFormat::Bmp
            | ImageFormat::Tiff
            | ImageFormat::WebP
    ) {
        return Err(Withheld::Unreadable);
    }
    if holds_several(bytes, format) {
        return Err(Withheld::Frames);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(ROOM);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|_| Withheld::Unreadable)?;
    let (width, height) = decoder.dimensions();
    // before anything is unpacked
    if u64::from(width) * u64::from(height) > POINTS || decoder.total_bytes() > ROOM {
        return Err(Withheld::TooLarge);
    }
    Ok((decoder, format))
}

fn raster(bytes: &[u8]) -> Result<(Raster, ImageFormat), Withheld> {
    let (mut decoder, format) = opened(bytes)?;
    let orientation = decoder.orientation().map_err(|_| Withheld::Unreadable)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| Withheld::Unreadable)?;
    // To the few bytes of a point first: turning makes a second picture of the same kind.
    let mut picture = DynamicImage::ImageRgba8(picture.into_rgba8());
    picture.apply_orientation(orientation);
    let covering = picture.into_rgba8();
    let side = |value: u32| usize::try_from(value).map_err(|_| Withheld::TooLarge);
    let (width, height) = (side(covering.width())?, side(covering.height())?);
    Ok((Raster::on_white(width, height, covering.as_raw()), format))
}

/// Whether a file holds more pictures than the one that would be seen: those behind it would be lost without a word.
fn holds_several(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Png => chunk(bytes, b"acTL"),
        ImageFormat::WebP => bytes
            .get(12..)
            .is_some_and(|rest| memchr::memmem::find(rest, b"ANMF").is_some()),
        ImageFormat::Gif => gif_frames(bytes) > 1,
        ImageFormat::Tiff => tiff_pages(bytes) > 1,
        _ => false,
    }
}

/// Whether a PNG has a chunk of this name.
fn chunk(bytes: &[u8], name: &[u8]) -> bool {
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let (length, kind) = head.split_at(4);
        if kind == name {
            return true;
        }
        let length = length
            .iter()
            .fold(0_usize, |value, byte| value << 8 | usize::from(*byte));
        at = at.saturating_add(length).saturating_add(12);
    }
    false
}

/// Pictures in a GIF, two at most.
fn gif_frames(bytes: &[u8]) -> usize {
    let table = |flags: u8| {
        if flags & 0x80 == 0 {
            0
        } else {
            3 << ((flags & 7) + 1)
        }
    };
    let mut at = 13 + bytes.get(10).map_or(0, |flags| table(*flags));
    let mut frames = 0;
    let blocks = |mut at: usize| {
        while let Some(length) = bytes.get(at) {
            at += 1 + usize::from(*length);
            if *length == 0 {
                break;
            }
        }
        at
    };
    while let Some(kind) = bytes.get(at) {
        at = match kind {
            0x21 => blocks(at + 2),
            0x2c => {
                frames += 1;
                if frames > 1 {
                    return frames;
                }
                blocks(at + 11 + bytes.get(at + 9).map_or(0, |flags| table(*flags)))
            }
            _ => return frames,
        };
    }
    frames
}

/// Pages in a TIFF, two at most.
fn tiff_pages(bytes: &[u8]) -> usize {
    let little = bytes.starts_with(b"II");
    let number = |at: usize, count: usize| -> Option<usize> {
        let mut list = bytes.get(at..at.checked_add(count)?)?.to_vec();
        if little {
            list.reverse();
        }
        list.iter().try_fold(0_usize, |value, byte| {
            value.checked_mul(256)?.checked_add(usize::from(*byte))
        })
    };
    let big = number(2, 2) == Some(43);
    let (first, count, entry, link) = if big { (8, 8, 20, 8) } else { (4, 2, 12, 4) };
    let next = || -> Option<usize> {
        let start = number(first, link)?;
        let entries = number(start, count)?;
        number(
            start
                .checked_add(count)?
                .checked_add(entries.checked_mul(entry)?)?,
            link,
        )
    };
    if next().is_some_and(|next| next != 0) {
        2
    } else {
        1
    }
}
