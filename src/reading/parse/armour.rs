//! Signed text: what stands inside the armour of PGP, or in the envelope of an S/MIME signature.

/// The text of `-----BEGIN PGP SIGNED MESSAGE-----` without its armour, with whatever stands around it.
pub fn without(text: &str) -> Option<String> {
    let (before, rest) = text.split_once("-----BEGIN PGP SIGNED MESSAGE-----")?;
    // `Hash: SHA256`, then an empty line
    let rest = rest.trim_start_matches([' ', '\r']).strip_prefix('\n')?;
    let rest = rest.replace("\r\n", "\n");
    let (_, body) = rest.split_once("\n\n")?;
    let (body, after) = body
        .split_once("-----BEGIN PGP SIGNATURE-----")
        .unwrap_or((body, ""));
    let after = after
        .split_once("-----END PGP SIGNATURE-----")
        .map_or("", |(_, after)| after);
    let mut out = String::with_capacity(text.len());
    out.push_str(before);
    for line in body.split_inclusive('\n') {
        // lines that begin with a dash are written `- -`
        out.push_str(line.strip_prefix("- ").unwrap_or(line));
    }
    out.push_str(after);
    Some(out)
}

const SIGNED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
const DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";

/// The message inside a signature that encloses it (CMS signed-data, DER or BER); `None` for anything else.
pub fn signed_content(bytes: &[u8]) -> Option<Vec<u8>> {
    let start = bytes.get(..bytes.len().min(64))?;
    memchr::memmem::find(start, SIGNED)?;
    let data = memchr::memmem::find(bytes.get(..bytes.len().min(4_096))?, DATA)?;
    let (tag, content, _) = element(bytes.get(data + DATA.len()..)?)?;
    if tag != 0xa0 {
        return None;
    }
    let (tag, content, _) = element(content)?;
    match tag {
        0x04 => Some(content.to_vec()),
        // in pieces
        0x24 => {
            let mut out = Vec::with_capacity(content.len());
            let mut rest = content;
            while let Some((0x04, piece, after)) = element(rest) {
                out.extend_from_slice(piece);
                rest = after;
            }
            Some(out)
        }
        _ => None,
    }
}

/// Tag, content and what follows. Without a length the content goes to the end: the pieces inside know theirs.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let length = match first {
        0x80 => return Some((*tag, rest, &[])),
        0..=0x7f => usize::from(*first),
        more => {
            let count = usize::from(more & 0x7f);
            let digits = rest.get(..count).filter(|digits| digits.len() <= 4)?;
            let length = digits
                .iter()
                .fold(0_usize, |length, digit| length << 8 | usize::from(*digit));
            let rest = rest.get(count..)?;
            return Some((
                *tag,
                rest.get(..length).unwrap_or(rest),
                rest.get(length..).unwrap_or_default(),
            ));
        }
    };
    Some((
        *tag,
        rest.get(..length).unwrap_or(rest),
        rest.get(length..).unwrap_or_default(),
    ))
}
