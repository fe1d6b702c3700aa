//! How large a picture inside of a PDF really is: its own head decides, not what the page says of it.

use hayro::hayro_syntax::object::Stream;
use hayro::hayro_syntax::object::dict::keys::{MASK, SMASK};

/// Points that a picture and its masks unfold to; the largest number there is, where its head cannot be read.
pub(super) fn points(stream: &Stream<'_>, told: (u32, u32)) -> u64 {
    let told = u64::from(told.0) * u64::from(told.1);
    let data = stream.raw_data();
    let own = [jpeg(&data), jpeg_2000(&data), jbig2(&data)]
        .into_iter()
        .flatten()
        .max()
        .unwrap_or(0);
    let dict = stream.dict();
    let masks = [dict.get::<Stream<'_>>(SMASK), dict.get::<Stream<'_>>(MASK)]
        .into_iter()
        .flatten()
        .map(|mask| {
            let side = |keys: [&[u8]; 2]| {
                keys.into_iter()
                    .find_map(|key| mask.dict().get::<u32>(key))
                    .unwrap_or(0)
            };
            let told = u64::from(side([b"Width", b"W"])) * u64::from(side([b"Height", b"H"]));
            let data = mask.raw_data();
            [jpeg(&data), jpeg_2000(&data), jbig2(&data), Some(told)]
                .into_iter()
                .flatten()
                .max()
                .unwrap_or(0)
        });
    told.max(own)
        .saturating_add(masks.fold(0, u64::saturating_add))
}

fn number(data: &[u8], at: usize, bytes: usize) -> Option<u64> {
    Some(
        data.get(at..at + bytes)?
            .iter()
            .fold(0, |value, byte| value << 8 | u64::from(*byte)),
    )
}

/// The frame of a JPEG.
fn jpeg(data: &[u8]) -> Option<u64> {
    let mut at = memchr::memmem::find(data.get(..data.len().min(1_024))?, b"\xff\xd8\xff")? + 2;
    for _ in 0..1_000 {
        if *data.get(at)? != 0xff {
            return None;
        }
        let mark = *data.get(at + 1)?;
        match mark {
            0xff => at += 1,
            0xc0..=0xcf if !matches!(mark, 0xc4 | 0xc8 | 0xcc) => {
                return Some(number(data, at + 5, 2)? * number(data, at + 7, 2)?);
            }
            0xda | 0xd9 => return None,
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => at = at + 2 + usize::try_from(number(data, at + 2, 2)?).ok()?,
        }
    }
    None
}

/// The size of a JPEG 2000, wherever its stream begins.
fn jpeg_2000(data: &[u8]) -> Option<u64> {
    let near = data.get(..data.len().min(256 * 1024))?;
    let at = memchr::memmem::find(near, b"\xff\x4f\xff\x51")?;
    let side = |place: usize| -> Option<u64> {
        number(data, at + place, 4)?.checked_sub(number(data, at + place + 8, 4)?)
    };
    Some(side(8)?.saturating_mul(side(12)?))
}

/// The page of a JBIG2 stream as PDF embeds it: its first segments are few and small.
fn jbig2(data: &[u8]) -> Option<u64> {
    let mut at = 0;
    for _ in 0..64 {
        let flags = *data.get(at + 4)?;
        let referred = usize::from(*data.get(at + 5)? >> 5);
        if referred > 4 {
            return None;
        }
        let wide = match number(data, at, 4)? {
            0..=256 => 1,
            257..=65_536 => 2,
            _ => 4,
        };
        let page = if flags & 0x40 == 0 { 1 } else { 4 };
        let body = at + 6 + referred * wide + page;
        let length = usize::try_from(number(data, body, 4)?).ok()?;
        if flags & 0x3f == 48 {
            let height = number(data, body + 8, 4)?;
            // a height that is not known yet grows with its stripes
            let height = if height == 0xffff_ffff {
                65_535
            } else {
                height
            };
            return Some(number(data, body + 4, 4)?.saturating_mul(height));
        }
        at = body + 4 + length;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_stands_in_the_head_of_each_kind() {
        let jpeg_head = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\x10\0\x20\0\x03";
        assert_eq!(jpeg(jpeg_head), Some(0x1000 * 0x2000));
        let mut wide = b"....\xff\x4f\xff\x51\0\0\0\0".to_vec();
        for side in [5_000_u32, 7_000, 0, 0] {
            wide.extend(side.to_be_bytes());
        }
        assert_eq!(jpeg_2000(&wide), Some(35_000_000));
        let mut page = b"\0\0\0\0\x30\0\x01\0\0\0\x13".to_vec();
        page.extend(
            [60_000_u32, 50_000]
                .iter()
                .flat_map(|side| side.to_be_bytes()),
        );
        assert_eq!(jbig2(&page), Some(3_000_000_000));
        for cut in 0..wide.len() {
            let _ = (
                jpeg(&jpeg_head[..cut.min(jpeg_head.len())]),
                jpeg_2000(&wide[..cut]),
                jbig2(&page[..cut.min(page.len())]),
            );
        }
    }
}
