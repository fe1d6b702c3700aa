//! Transfer encodings, read as liberally as mail readers do.

const SKIP: u8 = 0xff;
const PAD: u8 = 0xfe;

const ALPHABET: [u8; 256] = {
    let mut table = [SKIP; 256];
    let signs = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0_u8;
    while (value as usize) < signs.len() {
        #[expect(
            clippy::indexing_slicing,
            reason = "worked out while compiling: a wrong index does not compile"
        )]
        {
            table[signs[value as usize] as usize] = value;
        }
        value += 1;
    }
    #[expect(
        clippy::indexing_slicing,
        reason = "worked out while compiling: a wrong index does not compile"
    )]
    {
        table[b'-' as usize] = 62;
        table[b'_' as usize] = 63;
        table[b'=' as usize] = PAD;
    }
    table
};

/// Base64 with whatever stands between the signs left out; padding in the middle begins a new piece.
pub fn base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut bits = 0_u32;
    let mut held = 0_u8;
    for byte in text {
        let value = ALPHABET.get(usize::from(*byte)).copied().unwrap_or(SKIP);
        match value {
            SKIP => {}
            PAD => {
                flush(bits, held, &mut out);
                (bits, held) = (0, 0);
            }
            value => {
                bits = bits << 6 | u32::from(value);
                held += 1;
                if held == 4 {
                    let [_, a, b, c] = bits.to_be_bytes();
                    out.extend_from_slice(&[a, b, c]);
                    (bits, held) = (0, 0);
                }
            }
        }
    }
    flush(bits, held, &mut out);
    out
}

fn flush(bits: u32, held: u8, out: &mut Vec<u8>) {
    match held {
        2 => {
            let [.., a] = (bits >> 4).to_be_bytes();
            out.push(a);
        }
        3 => {
            let [.., a, b] = (bits >> 2).to_be_bytes();
            out.extend_from_slice(&[a, b]);
        }
        _ => {}
    }
}

/// How many signs of Base64 stand in a piece.
pub fn base64_signs(text: &[u8]) -> usize {
    text.iter()
        .filter(|byte| {
            ALPHABET
                .get(usize::from(**byte))
                .is_some_and(|value| *value < PAD)
        })
        .count()
}

/// Quoted-printable; what is no valid code stays as it stands.
pub fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'=', b'\n', rest) {
        let (before, from) = rest.split_at(at);
        out.extend_from_slice(before);
        if from.first() == Some(&b'\n') {
            // blanks at a line's end were added on the way
            let cr = out.last() == Some(&b'\r');
            if cr {
                out.pop();
            }
            while matches!(out.last(), Some(b' ' | b'\t')) {
                out.pop();
            }
            out.push(b'\n');
            rest = from.get(1..).unwrap_or_default();
            continue;
        }
        if let [_, high, low, after @ ..] = from
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            out.push(high << 4 | low);
            rest = after;
            continue;
        }
        // a soft break, possibly with blanks behind it
        let after = from.get(1..).unwrap_or_default();
        let blanks = after
            .iter()
            .position(|byte| !matches!(byte, b' ' | b'\t' | b'\r'))
            .unwrap_or(after.len());
        match after.get(blanks) {
            Some(b'\n') => rest = after.get(blanks + 1..).unwrap_or_default(),
            None => rest = &[],
            Some(_) => {
                out.push(b'=');
                rest = after;
            }
        }
    }
    out.extend_from_slice(rest);
    out
}

/// The Q encoding of header words.
pub fn q_word(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'_' => out.push(b' '),
            b'=' => match bytes.as_slice() {
                [high, low, ..] if hex(*high).is_some() && hex(*low).is_some() => {
                    out.push(hex(*high).unwrap_or_default() << 4 | hex(*low).unwrap_or_default());
                    bytes.nth(1);
                }
                _ => out.push(b'='),
            },
            byte => out.push(*byte),
        }
    }
    out
}

/// Percent codes of RFC 2231.
pub fn percent(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match (byte, bytes.as_slice()) {
            (b'%', [high, low, ..]) if hex(*high).is_some() && hex(*low).is_some() => {
                out.push(hex(*high).unwrap_or_default() << 4 | hex(*low).unwrap_or_default());
                bytes.nth(1);
            }
            _ => out.push(*byte),
        }
    }
    out
}

/// The lines between `begin` and `end` of a uuencoded file.
pub fn uu(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for line in text.split(|byte| *byte == b'\n') {
        let Some((length, codes)) = line.trim_ascii_end().split_first() else {
            continue;
        };
        let length = usize::from(length.wrapping_sub(32) & 63);
        let start = out.len();
        for group in codes.chunks(4) {
            let value =
                |at: usize| u32::from(group.get(at).copied().unwrap_or(b' ').wrapping_sub(32) & 63);
            let bits = value(0) << 18 | value(1) << 12 | value(2) << 6 | value(3);
            let [_, a, b, c] = bits.to_be_bytes();
            out.extend_from_slice(&[a, b, c]);
        }
        out.truncate(start + length);
    }
    out
}

pub fn hex(sign: u8) -> Option<u8> {
    match sign {
        b'0'..=b'9' => Some(sign - b'0'),
        b'A'..=b'F' => Some(sign - b'A' + 10),
        b'a'..=b'f' => Some(sign - b'a' + 10),
        _ => None,
    }
}
