//! The key file of the installation: what an operator keeps apart from the database.
//!
//! One line per version, `v1 = …`, 32 bytes in hex or base64. The highest locks, all open; a line
//! may go once nothing is locked with it any more. A file with one bare key counts as version 1.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::error::SealError;
use super::keys::{Key, Keyring};

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

const PREFACE: &str = "\
# Master keys. Whoever has this file and the database can read every case;
# without this file nobody can, ever. Keep a copy apart from the backups.
# The highest version locks, every version listed opens.
";

/// Why a key file could not be read. Names the line, never what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// Nothing but comments.
    #[error("the key file holds no key")]
    Empty,
    /// Neither `v1 = key` nor a single bare key.
    #[error("key file, line {0}: expected `v1 = ` and a key")]
    Form(usize),
    /// Not 32 bytes in hex or base64, or 32 times zero.
    #[error("key file, line {0}: the key must be 32 random bytes in hex or base64")]
    Key(usize),
    /// A version that an earlier line has already.
    #[error("key file, line {0}: this version is there twice")]
    Twice(usize),
    /// No version is left to number.
    #[error("the key file has no version left")]
    Full,
}

/// The master keys of the installation.
#[derive(Debug, Clone)]
pub struct MasterKeys(Keyring);

impl MasterKeys {
    /// Reads a key file or a secret.
    ///
    /// # Errors
    /// [`KeyFileError`], which names the line.
    pub fn parse(text: &str) -> Result<Self, KeyFileError> {
        let lines = text
            .trim_start_matches('\u{feff}')
            .lines()
            .zip(1..)
            .map(|(line, number)| (line.trim(), number))
            .filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
        let mut ring: Option<Keyring> = None;
        let mut bare = None;
        for (line, number) in lines {
            // base64 may end in `=`, hence the version is looked for, not the sign.
            let (version, key) = match versioned(line) {
                Some(pair) => pair,
                None if ring.is_none() => {
                    bare = Some(number);
                    (1, line)
                }
                None => return Err(KeyFileError::Form(number)),
            };
            if let (Some(first), true) = (bare, ring.is_some()) {
                return Err(KeyFileError::Form(first));
            }
            let key = Key::from_bytes(version, *read_key(key).ok_or(KeyFileError::Key(number))?);
            match &mut ring {
                Some(ring) => ring
                    .add(key)
                    .map_err(|_: SealError| KeyFileError::Twice(number))?,
                None => ring = Some(Keyring::new(key)),
            }
        }
        ring.map(Self).ok_or(KeyFileError::Empty)
    }

    /// Text of a new key file with one key.
    #[must_use]
    pub fn generate_file_text() -> Zeroizing<String> {
        Self(Keyring::new(Key::generate(1))).file_text()
    }

    /// The same file with a new version added, for exchanging the master key: put it in place, lock
    /// all controllers' keys anew, then take the older line out.
    ///
    /// # Errors
    /// As [`MasterKeys::parse`]; [`KeyFileError::Full`] after 65,535 versions.
    pub fn with_next_version(text: &str) -> Result<Zeroizing<String>, KeyFileError> {
        let mut keys = Self::parse(text)?;
        keys.0.renew().map_err(|_: SealError| KeyFileError::Full)?;
        Ok(keys.file_text())
    }

    /// These keys as the text of a key file, the lowest version first.
    #[must_use]
    pub fn file_text(&self) -> Zeroizing<String> {
        let mut keys: Vec<&Key> = self.0.iter().collect();
        keys.sort_by_key(|key| key.version());
        let mut text = Zeroizing::new(String::with_capacity(PREFACE.len() + 80 * keys.len()));
        text.push_str(PREFACE);
        for key in keys {
            text.push_str(&format!("v{} = ", key.version()));
            STANDARD.encode_string(key.expose(), &mut text);
            text.push('\n');
        }
        text
    }

    /// The ring to open and to lock with.
    #[must_use]
    pub fn ring(&self) -> &Keyring {
        &self.0
    }
}

/// Splits `v3 = key`; `None` if the line does not begin like that or numbers from zero.
fn versioned(line: &str) -> Option<(u16, &str)> {
    let (version, key) = line.strip_prefix(['v', 'V'])?.split_once('=')?;
    let version = version.trim().parse().ok().filter(|version| *version > 0)?;
    Some((version, key.trim()))
}

fn read_key(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let text = text.trim_matches(['"', '\'']);
    let bytes = if text.len() == 64 {
        read_hex(text)?
    } else {
        Zeroizing::new(
            STANDARD
                .decode(text)
                .or_else(|_| URL_SAFE.decode(text))
                .ok()?,
        )
    };
    let key = Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).ok()?);
    (*key != [0; 32]).then_some(key)
}

fn read_hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(32));
    let mut digits = text.chars().map(|digit| {
        digit
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok())
    });
    while let Some(high) = digits.next() {
        bytes.push(high? << 4 | digits.next()??);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1B1C1D1E1F";
    const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn hex_base64_and_a_bare_key_are_read_alike() {
        let expected: Vec<u8> = (0..32).collect();
        for text in [
            HEX.to_owned(),
            format!("{BASE64}\n"),
            BASE64.trim_end_matches('=').to_owned(),
            format!("# from the safe\r\n\r\n v1 = \"{HEX}\"\r\n"),
            format!("\u{feff}V1={BASE64}"),
        ] {
            let keys = MasterKeys::parse(&text).unwrap();
            assert_eq!(keys.ring().newest().expose()[..], expected, "{text}");
            assert_eq!(keys.ring().newest().version(), 1);
        }
    }

    #[test]
    fn the_highest_version_locks_wherever_it_stands() {
        let text = format!("v3 = {HEX}\nv1 = {BASE64}\n");
        let keys = MasterKeys::parse(&text).unwrap();
        assert_eq!(keys.ring().newest().version(), 3);
        assert_eq!(keys.ring().iter().count(), 2);
    }

    #[test]
    fn a_faulty_file_names_the_line_and_not_its_content() {
        let zeros = "00".repeat(32);
        for (text, expected) in [
            (String::new(), KeyFileError::Empty),
            ("# nothing\n".to_owned(), KeyFileError::Empty),
            ("v1 = abc".to_owned(), KeyFileError::Key(1)),
            (format!("v1 = {zeros}"), KeyFileError::Key(1)),
            (format!("{HEX}\n{HEX}"), KeyFileError::Form(2)),
            (format!("{HEX}\nv2 = {HEX}"), KeyFileError::Form(1)),
            (format!("v1 = {HEX}\nv2 : {HEX}"), KeyFileError::Form(2)),
            (
                format!("v1 = {HEX}\n\nv1 = {BASE64}"),
                KeyFileError::Twice(3),
            ),
            (format!("v0 = {HEX}"), KeyFileError::Key(1)),
        ] {
            assert_eq!(MasterKeys::parse(&text).unwrap_err(), expected, "{text}");
        }
    }

    #[test]
    fn a_generated_file_is_read_back_and_can_grow() {
        let first = MasterKeys::generate_file_text();
        let second = MasterKeys::with_next_version(&first).unwrap();
        let keys = MasterKeys::parse(&second).unwrap();
        assert_eq!(keys.ring().newest().version(), 2);
        let kept = MasterKeys::parse(&first).unwrap();
        assert_eq!(
            keys.ring().with_version(1).unwrap().expose(),
            kept.ring().newest().expose()
        );
        assert_ne!(*MasterKeys::generate_file_text(), *first);
        assert!(!format!("{keys:?}").contains(&*STANDARD.encode(keys.ring().newest().expose())));
    }
}
