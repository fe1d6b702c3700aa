//! Documents of office programs and archives: none of them is written anew, but what is black is looked for in them. One
//! that says it, or in which nobody could be sure, stays here.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{name_parts, occurrences, says};
use crate::redaction::Withheld;

/// Entries of an archive.
const ENTRIES: usize = 2_000;
/// Bytes of its entries with words, unpacked, and of an old document as a whole.
const BYTES: u64 = 16 * 1024 * 1024;

/// How an archive begins; the documents of today are archives.
pub const ARCHIVE: &[u8] = b"PK\x03\x04";
/// How the documents and messages of older office programs begin.
pub const OLD: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// Looks through a document for words.
///
/// # Errors
/// When it says any of them, or cannot be looked through.
pub fn looked_through(bytes: &[u8], words: &[&str]) -> Result<(), Withheld> {
    if bytes.starts_with(ARCHIVE) {
        return archive(bytes, words);
    }
    if bytes.starts_with(OLD) {
        return old(bytes, words);
    }
    Ok(())
}

fn archive(bytes: &[u8], words: &[&str]) -> Result<(), Withheld> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Withheld::Unreadable)?;
    if archive.len() > ENTRIES {
        return Err(Withheld::TooLarge);
    }
    let mut room = BYTES;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_| Withheld::Encrypted)?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        let mut content = Vec::new();
        let mut entry = entry.take(room + 1);
        let read = entry.read_to_end(&mut content);
        let read = read.map_err(|_| Withheld::Unreadable)?;
        room = u64::try_from(read)
            .ok()
            .and_then(|read| room.checked_sub(read))
            .ok_or(Withheld::TooLarge)?;
        if content.starts_with(ARCHIVE) || content.starts_with(OLD) {
            return Err(Withheld::Form);
        }
        let (bare, apart) = without_tags(&String::from_utf8_lossy(&content));
        if says(&bare, words) || says(&name, words) || names_all(&apart, words) {
            return Err(Withheld::Misfit);
        }
    }
    Ok(())
}

/// Letters of two bytes each, from an even or an odd place on, or of one.
fn old(bytes: &[u8], words: &[&str]) -> Result<(), Withheld> {
    if u64::try_from(bytes.len()).map_or(true, |many| many > BYTES) {
        return Err(Withheld::TooLarge);
    }
    let wide = |bytes: &[u8]| {
        encoding_rs::UTF_16LE
            .decode_without_bom_handling(bytes)
            .0
            .into_owned()
    };
    let narrow = encoding_rs::WINDOWS_1252
        .decode_without_bom_handling(bytes)
        .0;
    let said = says(&narrow, words)
        || says(&wide(bytes), words)
        || says(&wide(bytes.get(1..).unwrap_or_default()), words);
    match said {
        true => Err(Withheld::Misfit),
        false => Ok(()),
    }
}

/// The words without their tags, once with nothing in the place of each and once with a blank: a name can run over
/// several of them, and words of two cells are not one.
fn without_tags(source: &str) -> (String, String) {
    let (mut bare, mut apart) = (String::new(), String::new());
    for (at, piece) in source.split('<').enumerate() {
        let words = match at {
            0 => piece,
            _ => piece.split_once('>').map_or(piece, |(_, words)| words),
        };
        let words = words.replace("&amp;", "&").replace("&apos;", "'");
        bare.push_str(&words);
        apart.push_str(&words);
        apart.push(' ');
    }
    (bare, apart)
}

/// Whether all words of a name stand somewhere, though not side by side: a table has a column for each.
fn names_all(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        let parts = name_parts(word);
        !parts.is_empty()
            && parts
                .iter()
                .all(|part| !occurrences(text, &[part]).is_empty())
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn document(name: &str, words: &[u8]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(words).unwrap();
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn art_15_4_a_document_that_says_what_is_black_stays_here() {
        for words in [
            &b"<w:t>Mit Ka</w:t></w:r><w:r><w:t>rl Muster</w:t>"[..],
            b"<si><t>Karl</t></si><si><t>1980</t></si><si><t>Muster</t></si>",
        ] {
            let bytes = document("word/document.xml", words);
            assert_eq!(
                looked_through(&bytes, &["Karl Muster"]),
                Err(Withheld::Misfit)
            );
            assert_eq!(looked_through(&bytes, &["Bert Nachbar"]), Ok(()));
        }
        let inner = document("a.xml", b"x");
        let outer = document("b.docx", &inner);
        assert_eq!(looked_through(&outer, &["Karl"]), Err(Withheld::Form));
        let mut old = OLD.to_vec();
        old.extend("xKarl Muster".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(
            looked_through(&old, &["Karl Muster"]),
            Err(Withheld::Misfit)
        );
        assert_eq!(looked_through(&old, &["Bert Nachbar"]), Ok(()));
        assert_eq!(
            looked_through(b"PK\x03\x04", &["x"]),
            Err(Withheld::Unreadable)
        );
    }
}
