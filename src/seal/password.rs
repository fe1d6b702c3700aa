//! Passwords of clerks: kept as Argon2id, slow on purpose, the same slowness for names nobody bears.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::chance;
use super::error::SealError;

/// 19 MiB, two passes, one lane. Changing them leaves stored hashes valid: each names its own.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Past this many bytes nobody types.
const LONGEST: usize = 1024;

/// What is checked for a name that nobody bears: same parameters, no password fits.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes a password for storing. Takes tens of milliseconds: not on an async thread.
///
/// # Errors
/// [`SealError::TooLong`] past 1,024 bytes.
pub fn hash(password: &str) -> Result<String, SealError> {
    let password = prepared(password).ok_or(SealError::TooLong)?;
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| SealError::Content)?;
    let hash: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(password.as_bytes(), &chance::bytes::<16>())
        .map_err(|_| SealError::Content)?;
    Ok(hash.to_string())
}

/// Whether the password fits the stored hash. `None` stands for a name that nobody bears and takes
/// just as long, so that the clock does not tell who works here.
#[must_use]
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    let stored_hash = stored.and_then(|text| PasswordHash::new(text).ok());
    let known = stored_hash.is_some();
    let typed = prepared(password);
    let Some(hash) = stored_hash.or_else(|| PasswordHash::new(NOBODY).ok()) else {
        return false;
    };
    let candidate = typed.as_ref().map_or(&b""[..], |typed| typed.as_bytes());
    let fits = Argon2::default().verify_password(candidate, &hash).is_ok();
    fits && known && typed.is_some()
}

/// One byte form for what looks the same: keyboards differ in how they compose an umlaut.
fn prepared(password: &str) -> Option<Zeroizing<String>> {
    (password.len() <= LONGEST).then(|| Zeroizing::new(password.nfc().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let stored = hash("Käse & Brot 7").unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        assert!(verify("Käse & Brot 7", Some(&stored)));
        assert!(verify("Ka\u{308}se & Brot 7", Some(&stored)));
        assert!(!verify("Käse & Brot 8", Some(&stored)));
        assert_ne!(hash("Käse & Brot 7").unwrap(), stored);
    }

    #[test]
    fn nobody_and_rubbish_are_refused() {
        assert!(!verify("", None) && !verify("anything", None));
        assert!(!verify("", Some("")) && !verify("", Some("$argon2id$rubbish")));
        let endless = "x".repeat(LONGEST + 1);
        assert!(hash(&endless).is_err() && !verify(&endless, None));
    }

    #[test]
    fn nobodys_hash_is_checked_with_the_parameters_of_the_house() {
        let params = |text: &str| PasswordHash::new(text).unwrap().params.to_string();
        assert_eq!(params(NOBODY), params(&hash("a").unwrap()));
        let nobody = PasswordHash::new(NOBODY).unwrap();
        assert!(nobody.salt.is_some() && nobody.hash.is_some());
    }
}
