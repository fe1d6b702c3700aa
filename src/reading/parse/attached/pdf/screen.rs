//! Looks at a PDF before it is opened: whatever it packs must unfold to a bearable size. When in doubt the file stays closed.

use super::tokens::{Token, Tokens};
use flate2::{Decompress, FlushDecompress, Status};

/// All streams together, unfolded.
const UNFOLDED: usize = 128 * 1024 * 1024;
/// Old compressions unfold further than anyone measures here; small ones do no harm.
const LZW_BYTES: usize = 24 * 1024;
const RUN_LENGTH_BYTES: usize = 512 * 1024;

const UNREADABLE: &str = "pdf-unreadable";

pub fn screen(bytes: &[u8]) -> Result<(), &'static str> {
    // what is encrypted cannot be measured, and its password is not known
    if memchr::memmem::find(bytes, b"/Encrypt").is_some() {
        return Err("encrypted");
    }
    let mut left = UNFOLDED;
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        let before = bytes.get(..at).unwrap_or_default();
        if before.ends_with(b"end") {
            continue;
        }
        let data = after_break(bytes.get(at + 6..).unwrap_or_default());
        let Some(filters) = dictionary(before).map(filters) else {
            // the word stands in a text or inside of data: only after a dictionary does it begin a stream
            if before.trim_ascii_end().ends_with(b">>") {
                return Err(UNREADABLE);
            } else {
                continue;
            }
        };
        measure(&filters?, data, &mut left)?;
    }
    Ok(())
}

fn after_break(data: &[u8]) -> &[u8] {
    let data = data.strip_prefix(b"\r").unwrap_or(data);
    data.strip_prefix(b"\n").unwrap_or(data)
}

/// The dictionary that ends here: from `N G obj` at the beginning of a line.
fn dictionary(before: &[u8]) -> Option<&[u8]> {
    let before = before.trim_ascii_end();
    if !before.ends_with(b">>") {
        return None;
    }
    // dictionaries of streams are short; a long search over a large file again and again is an attack of its own
    let near = before.get(before.len().saturating_sub(16 * 1024)..)?;
    let obj = memchr::memmem::rfind(near, b"obj")?;
    let head = near.get(..obj)?;
    let line = head.rsplit(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let numbers = line
        .iter()
        .all(|byte| byte.is_ascii_digit() || byte.is_ascii_whitespace())
        && line.iter().any(u8::is_ascii_digit);
    let dictionary = near.get(obj + 3..)?.trim_ascii();
    // a comment could hide what the reader sees
    (numbers
        && dictionary.starts_with(b"<<")
        && !dictionary.contains(&b'%')
        && is_whole(dictionary))
    .then_some(dictionary)
}

/// Opened and closed once, with nothing behind it.
fn is_whole(dictionary: &[u8]) -> bool {
    let mut tokens = Tokens { rest: dictionary };
    let mut depth = 0_u32;
    while let Some(token) = tokens.next() {
        match token {
            Token::Open => depth += 1,
            Token::Close if depth == 0 => return false,
            Token::Close => {
                depth -= 1;
                if depth == 0 {
                    return tokens.next().is_none();
                }
            }
            Token::Broken => return false,
            _ => {}
        }
    }
    false
}

/// The filters of a stream, in their order; an error when they are not plainly named.
fn filters(dictionary: &[u8]) -> Result<Vec<Vec<u8>>, &'static str> {
    let mut tokens = Tokens { rest: dictionary };
    let mut depth = 0_u32;
    let mut found: Option<Vec<Vec<u8>>> = None;
    while let Some(token) = tokens.next() {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::Name(name) if depth == 1 && (name == b"Filter" || name == b"F") => {
                let list = match tokens.next() {
                    Some(Token::Name(filter)) => vec![filter],
                    Some(Token::Array(true)) => {
                        let mut list = Vec::new();
                        loop {
                            match tokens.next() {
                                Some(Token::Name(filter)) => list.push(filter),
                                Some(Token::Array(false)) => break list,
                                _ => return Err(UNREADABLE),
                            }
                        }
                    }
                    _ => return Err(UNREADABLE),
                };
                if found.replace(list).is_some() {
                    return Err(UNREADABLE);
                }
            }
            _ => {}
        }
    }
    Ok(found.unwrap_or_default())
}

fn measure(filters: &[Vec<u8>], data: &[u8], left: &mut usize) -> Result<(), &'static str> {
    let mut packed = 0;
    let mut decoded: Option<Vec<u8>> = None;
    for filter in filters {
        let data = decoded.as_deref().unwrap_or(data);
        match filter.as_slice() {
            b"FlateDecode" | b"Fl" => {
                packed += 1;
                inflate(data, left)?;
            }
            b"ASCIIHexDecode" | b"AHx" if packed == 0 => decoded = Some(ascii_hex(data)),
            b"ASCII85Decode" | b"A85" if packed == 0 => decoded = Some(ascii_85(data)),
            b"LZWDecode" | b"LZW" => {
                packed += 1;
                if length(data) > LZW_BYTES {
                    return Err("pdf-unreadable");
                }
            }
            b"RunLengthDecode" | b"RL" => {
                packed += 1;
                if length(data) > RUN_LENGTH_BYTES {
                    return Err("pdf-unreadable");
                }
            }
            // pictures are never opened
            b"DCTDecode" | b"DCT" | b"JPXDecode" | b"JBIG2Decode" | b"CCITTFaxDecode" | b"CCF" => {
                return Ok(());
            }
            _ => return Err(UNREADABLE),
        }
        if packed > 1 {
            return Err(UNREADABLE);
        }
    }
    Ok(())
}

fn length(data: &[u8]) -> usize {
    memchr::memmem::find(data, b"endstream").unwrap_or(data.len())
}

/// Unfolds without keeping anything. A stream that is broken may look harmless here and not to another reader.
fn inflate(data: &[u8], left: &mut usize) -> Result<(), &'static str> {
    let mut state = Decompress::new(true);
    let mut sink = [0_u8; 32 * 1024];
    loop {
        let (read, written) = (state.total_in(), state.total_out());
        let rest = usize::try_from(read)
            .ok()
            .and_then(|read| data.get(read..))
            .unwrap_or_default();
        let status = state
            .decompress(rest, &mut sink, FlushDecompress::None)
            .map_err(|_| UNREADABLE)?;
        let grown = usize::try_from(state.total_out() - written).unwrap_or(usize::MAX);
        *left = left.checked_sub(grown).ok_or("pdf-too-large")?;
        if status == Status::StreamEnd || (state.total_in() == read && grown == 0) {
            return Ok(());
        }
    }
}

fn ascii_hex(data: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = data
        .iter()
        .take_while(|byte| **byte != b'>')
        .filter_map(|byte| crate::reading::parse::transfer::hex(*byte))
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |value, digit| value << 4 | digit))
        .collect()
}

fn ascii_85(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len().min(1024 * 1024));
    let (mut value, mut held) = (0_u32, 0_usize);
    for byte in data.iter().take_while(|byte| **byte != b'~') {
        match byte {
            b'z' if held == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                value = value.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                held += 1;
                if held == 5 {
                    out.extend_from_slice(&value.to_be_bytes());
                    (value, held) = (0, 0);
                }
            }
            _ => {}
        }
    }
    if held > 1 {
        for _ in held..5 {
            value = value.wrapping_mul(85).wrapping_add(84);
        }
        out.extend(value.to_be_bytes().into_iter().take(held - 1));
    }
    out
}
