//! One sealed value: a name, an address, a note, locked for one column of one row.
//!
//! Format byte, key version, nonce, then XChaCha20-Poly1305. Table, column and id are part of the
//! seal, so that a value that was moved to another row does not open there.

use chacha20poly1305::{AeadInOut, Tag};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::chance;
use super::error::SealError;
use super::keys::Key;

/// Format byte of a sealed value.
const VALUE: u8 = 1;
/// Format byte of a wrapped key: a value can never be passed off as a key.
const KEY: u8 = 2;
const HEADER: usize = 1 + 2 + 24;
const TAG: usize = 16;

/// Where a sealed value lies. It opens there and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Name of the table.
    pub table: &'a str,
    /// Name of the column.
    pub column: &'a str,
    /// Id of the row; known before sealing.
    pub id: i64,
}

/// Seals bytes for their place. Costs about a microsecond and 43 bytes.
#[must_use]
pub fn seal(key: &Key, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
    seal_as(VALUE, key, place, plain)
}

/// Opens what [`seal`] made, in the same place.
///
/// # Errors
/// [`SealError::KeyVersion`] if another version of the key is needed, [`SealError::Damaged`] if a
/// byte, the place or the key differs.
pub fn open(key: &Key, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    open_as(VALUE, key, place, sealed)
}

/// Seals a value as JSON.
///
/// # Errors
/// [`SealError::Content`] if it has no JSON form.
pub fn seal_json<T: Serialize + ?Sized>(
    key: &Key,
    place: Place<'_>,
    value: &T,
) -> Result<Vec<u8>, SealError> {
    let mut out = begin(VALUE, key, 512);
    serde_json::to_writer(&mut out, value).map_err(|_| SealError::Content)?;
    finish(VALUE, key, place, &mut out);
    Ok(out)
}

/// Opens what [`seal_json`] made.
///
/// # Errors
/// As [`open`]; [`SealError::Content`] if the JSON is not a `T`.
pub fn open_json<T: DeserializeOwned>(
    key: &Key,
    place: Place<'_>,
    sealed: &[u8],
) -> Result<T, SealError> {
    serde_json::from_slice(&open(key, place, sealed)?).map_err(|_| SealError::Content)
}

/// Which version of the key a sealed value needs.
///
/// # Errors
/// [`SealError::Short`], [`SealError::Format`].
pub fn key_version(sealed: &[u8]) -> Result<u16, SealError> {
    match sealed {
        [VALUE | KEY, high, low, ..] => Ok(u16::from_be_bytes([*high, *low])),
        [format, _, _, ..] => Err(SealError::Format(*format)),
        _ => Err(SealError::Short),
    }
}

/// Seals a key: same lock, other format byte.
pub(super) fn seal_key(outer: &Key, place: Place<'_>, inner: &[u8]) -> Vec<u8> {
    seal_as(KEY, outer, place, inner)
}

/// Opens a sealed key.
pub(super) fn open_key(
    outer: &Key,
    place: Place<'_>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    open_as(KEY, outer, place, sealed)
}

fn seal_as(format: u8, key: &Key, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
    let mut out = begin(format, key, plain.len());
    out.extend_from_slice(plain);
    finish(format, key, place, &mut out);
    out
}

/// The header with a fresh nonce; the plain bytes are written behind it and sealed where they lie.
fn begin(format: u8, key: &Key, expected: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER + expected + TAG);
    out.push(format);
    out.extend_from_slice(&key.version().to_be_bytes());
    out.extend_from_slice(&chance::bytes::<24>());
    out
}

#[expect(
    clippy::expect_used,
    reason = "the cipher refuses only texts of 256 GiB, which no memory holds"
)]
fn finish(format: u8, key: &Key, place: Place<'_>, out: &mut Vec<u8>) {
    let tag = out
        .split_first_chunk_mut::<HEADER>()
        .and_then(|(header, text)| {
            let [_, _, _, nonce @ ..] = &*header;
            let bound = bound_to(format, key.version(), place);
            key.cipher()
                .encrypt_inout_detached(nonce.into(), &bound, text.into())
                .ok()
        })
        .expect("a header and a text below the cipher's limit");
    out.extend_from_slice(&tag);
}

fn open_as(
    format: u8,
    key: &Key,
    place: Place<'_>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let ([found, high, low, nonce @ ..], rest) = sealed
        .split_first_chunk::<HEADER>()
        .ok_or(SealError::Short)?;
    let (text, tag) = rest.split_last_chunk::<TAG>().ok_or(SealError::Short)?;
    if *found != format {
        return Err(SealError::Format(*found));
    }
    let version = u16::from_be_bytes([*high, *low]);
    if version != key.version() {
        return Err(SealError::KeyVersion(version));
    }
    let mut plain = Zeroizing::new(text.to_vec());
    key.cipher()
        .decrypt_inout_detached(
            nonce.into(),
            &bound_to(format, version, place),
            plain.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .map_err(|_| SealError::Damaged)?;
    Ok(plain)
}

/// What the seal covers besides the text. The lengths stand in front, so that no table and column
/// can be read as another pair.
fn bound_to(format: u8, version: u16, place: Place<'_>) -> Vec<u8> {
    let mut bound = Vec::with_capacity(32 + place.table.len() + place.column.len());
    bound.push(format);
    bound.extend_from_slice(&version.to_be_bytes());
    for name in [place.table, place.column] {
        bound.extend_from_slice(&(name.len() as u64).to_be_bytes());
        bound.extend_from_slice(name.as_bytes());
    }
    bound.extend_from_slice(&place.id.to_be_bytes());
    bound
}

#[cfg(test)]
mod tests {
    use super::super::keys::Keyring;
    use super::*;

    const HERE: Place<'_> = Place {
        table: "parties",
        column: "name",
        id: 7,
    };

    #[test]
    fn what_is_sealed_opens_in_its_place() {
        let key = Key::generate(3);
        for plain in [&b""[..], b"x", &[9; 5_000]] {
            let sealed = seal(&key, HERE, plain);
            assert_eq!(sealed.len(), plain.len() + 43);
            assert_eq!(key_version(&sealed).unwrap(), 3);
            assert_eq!(&*open(&key, HERE, &sealed).unwrap(), plain);
            assert_ne!(seal(&key, HERE, plain), sealed);
        }
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let key = Key::generate(1);
        let sealed = seal(&key, HERE, b"Beispielstrasse 1");
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed[at] ^= 1 << bit;
                assert!(open(&key, HERE, &changed).is_err(), "byte {at}, bit {bit}");
            }
            assert!(open(&key, HERE, &sealed[..at]).is_err(), "cut at {at}");
        }
        assert!(open(&key, HERE, &[&sealed[..], &[0]].concat()).is_err());
    }

    #[test]
    fn a_value_does_not_open_in_another_row_column_or_table() {
        let key = Key::generate(1);
        let sealed = seal(&key, HERE, b"Muster");
        for elsewhere in [
            Place { id: 8, ..HERE },
            Place {
                column: "email",
                ..HERE
            },
            Place {
                table: "clerks",
                ..HERE
            },
            Place {
                table: "partiesn",
                column: "ame",
                ..HERE
            },
        ] {
            assert!(
                matches!(open(&key, elsewhere, &sealed), Err(SealError::Damaged)),
                "{elsewhere:?}"
            );
        }
    }

    #[test]
    fn another_key_another_version_and_a_wrapped_key_are_told_apart() {
        let key = Key::generate(1);
        let sealed = seal(&key, HERE, b"Muster");
        assert!(matches!(
            open(&Key::generate(1), HERE, &sealed),
            Err(SealError::Damaged)
        ));
        assert!(matches!(
            open(&Key::generate(2), HERE, &sealed),
            Err(SealError::KeyVersion(1))
        ));
        assert!(matches!(
            open_key(&key, HERE, &sealed),
            Err(SealError::Format(VALUE))
        ));
        let mut passed_off = seal_key(&key, HERE, b"Muster");
        passed_off[0] = VALUE;
        assert!(matches!(
            open(&key, HERE, &passed_off),
            Err(SealError::Damaged)
        ));
    }

    #[test]
    fn json_goes_in_and_out_and_its_errors_quote_nothing() {
        let key = Key::generate(1);
        let sealed = seal_json(&key, HERE, &("Erika Muster", 3)).unwrap();
        assert_eq!(
            open_json::<(String, u8)>(&key, HERE, &sealed).unwrap(),
            ("Erika Muster".to_owned(), 3)
        );
        let error = open_json::<Vec<u8>>(&key, HERE, &sealed).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("Erika"));
    }

    /// Bytes from the first version. If this fails, stored values have become unreadable: a changed
    /// form needs a new format byte beside the old one.
    #[test]
    fn what_the_first_version_sealed_still_opens() {
        let key = Key::from_bytes(3, [7; 32]);
        let read = |hex: &str| -> Vec<u8> {
            (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
                .collect()
        };
        let value = "010003305e9d4141534e4659e826a8e0b1e21c934656ecd36ace3d4d5f4ebb64e4\
                     12b1ab340643a9e14de93d33d4256503";
        assert_eq!(&**open(&key, HERE, &read(value)).unwrap(), b"Muster");
        let wrapped = "020003023873b075b952677077adfeaf178d1b5e105714bc92551f40ff832775c3\
                       1779930736cb6831ef2735cd196337e94a658b863623c4246f54f04eec037196a9\
                       7f6e559ca815cd1248e459";
        let inner = Key::from_wrapped(&read(wrapped), &Keyring::new(key), HERE).unwrap();
        assert_eq!((inner.version(), inner.expose()), (2, &[9; 32]));
    }
}
