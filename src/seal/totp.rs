//! The second factor of a clerk: six digits that change every half minute (RFC 6238).

use std::fmt;

use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

use super::chance;
use super::error::SealError;

/// Seconds for which one code stands.
pub const STEP_SECONDS: i64 = 30;

/// The secret that a clerk's phone and the house share. Stored sealed; prints as `…`.
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<[u8; 20]>);

impl TotpSecret {
    /// Draws a new one of 160 bits.
    #[must_use]
    pub fn generate() -> Self {
        Self(Zeroizing::new(chance::bytes()))
    }

    /// Reads the stored bytes.
    ///
    /// # Errors
    /// [`SealError::Content`] if there are not 20 of them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let bytes = bytes.try_into().map_err(|_| SealError::Content)?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// The bytes to seal and store.
    #[must_use]
    pub fn expose(&self) -> &[u8; 20] {
        &self.0
    }

    /// The secret for typing it in where no picture can be taken.
    #[must_use]
    pub fn base32(&self) -> String {
        Secret::from(*self.0).to_base32()
    }

    /// The address that an authenticator app reads from the square, see [`super::qr`].
    ///
    /// # Errors
    /// [`SealError::Content`] if no account is named.
    pub fn uri(&self, issuer: &str, account: &str) -> Result<Zeroizing<String>, SealError> {
        // The colon separates the two names in the address and may stand in neither.
        let named = |name: &str| name.replace(':', " ");
        let totp = self
            .builder()
            .with_issuer(Some(named(issuer)))
            .with_account_name(named(account))
            .build()
            .map_err(|_| SealError::Content)?;
        totp.to_url()
            .map(Zeroizing::new)
            .map_err(|_| SealError::Content)
    }

    /// Checks a code at a time (Unix seconds), one step early or late allowed. The step that it
    /// belongs to is handed back and must be stored: a step that is not later than `last` was used
    /// before and is refused.
    #[must_use]
    pub fn verify(&self, code: &str, unix: i64, last: Option<i64>) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let totp: Totp = self.builder().build().ok()?;
        let step = i64::try_from(totp.check(&code, u64::try_from(unix).ok()?)?).ok()?;
        last.is_none_or(|last| step > last).then_some(step)
    }

    fn builder(&self) -> Builder {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(STEP_SECONDS.unsigned_abs())
            .with_secret(*self.0)
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret and two results of RFC 6238, appendix B, cut to six digits.
    fn published() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn the_published_codes_are_right() {
        assert_eq!(published().verify("287082", 59, None), Some(1));
        assert_eq!(
            published().verify("081 804", 1_111_111_109, None),
            Some(37_037_036)
        );
        assert_eq!(published().verify("287083", 59, None), None);
    }

    #[test]
    fn a_code_holds_one_step_to_either_side_and_only_once() {
        let secret = published();
        for (unix, fits) in [(0, true), (30, true), (89, true), (90, false), (-1, false)] {
            assert_eq!(
                secret.verify("287082", unix, None).is_some(),
                fits,
                "{unix}"
            );
        }
        assert_eq!(secret.verify("287082", 59, Some(0)), Some(1));
        assert_eq!(secret.verify("287082", 59, Some(1)), None);
        assert_eq!(secret.verify("287082", 59, Some(2)), None);
    }

    #[test]
    fn the_address_names_house_and_account() {
        let secret = TotpSecret::generate();
        let uri = secret.uri("Muster: GmbH", "anna@example.org").unwrap();
        assert!(uri.starts_with("otpauth://totp/Muster"), "{}", *uri);
        assert!(
            uri.contains(&format!("secret={}", secret.base32())),
            "{}",
            *uri
        );
        assert!(secret.uri("Muster", "").is_err());
        assert_eq!(
            TotpSecret::from_bytes(secret.expose()).unwrap().base32(),
            secret.base32()
        );
        assert!(TotpSecret::from_bytes(&[1; 19]).is_err());
        assert_eq!(format!("{secret:?}"), "TotpSecret(…)");
    }
}
