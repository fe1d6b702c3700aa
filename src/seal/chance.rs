//! The dice of the house: everything that must not be guessed is drawn here and nowhere else.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore;
use rand::rngs::OsRng;
use ring::digest;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::number;

/// Draws `N` bytes from the operating system.
///
/// # Panics
/// If the operating system has no chance to give. An office that cannot draw keys must not go on.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut drawn = [0; N];
    rand::RngCore::fill_bytes(&mut OsRng.unwrap_err(), &mut drawn);
    drawn
}

/// A number from 0 up to, but without, `end`; each equally likely. 0 if `end` is 0.
#[must_use]
pub fn below(end: u32) -> u32 {
    // Draws past the last full round are thrown again, else small numbers came up more often.
    let rounds = u32::MAX.checked_div(end).unwrap_or(0).saturating_mul(end);
    loop {
        let drawn = u32::from_be_bytes(bytes());
        if end == 0 {
            return 0;
        }
        if drawn < rounds {
            return drawn % end;
        }
    }
}

/// A code of six digits for a second channel. Only fit where attempts are counted.
#[must_use]
pub fn code6() -> String {
    format!("{:06}", below(1_000_000))
}

/// The random part of a case number for this year with its check character, as in `7K3QF-M`.
/// The year takes part in the check, so tail and year belong together.
#[must_use]
pub fn case_number_tail(year: i32) -> String {
    let tail: String = std::iter::repeat_with(|| number::letter(below(number::LETTERS)))
        .take(number::TAIL)
        .collect();
    let check = number::check_character(year, &tail).unwrap_or('?');
    format!("{tail}-{check}")
}

/// A whole case number, as in `2026-7K3QF-M`. Unlikely to repeat, not impossible: the table's
/// unique key decides, and the caller draws again.
#[must_use]
pub fn case_number(year: i32) -> String {
    format!("{year:04}-{}", case_number_tail(year))
}

/// The secret in a link: 128 bits that nobody guesses. Who holds the text may walk in, so only
/// [`Token::digest`] is ever stored.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Token([u8; 16]);

impl Token {
    /// Draws a new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(bytes())
    }

    /// A token from bytes that nobody else can know, such as ones made from a key.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Reads the text of a link; `None` for anything that [`Token::text`] never writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let read = URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(read.try_into().ok()?))
    }

    /// 22 characters that need no escaping in an address.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the database keeps: enough to recognise the token, useless to forge it. Needs no salt
    /// and no slow hash, since there is no dictionary of 128-bit numbers.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(b"rechtzeitig/token/1\0");
        context.update(&self.0);
        let mut out = [0; 32];
        out.copy_from_slice(context.finish().as_ref());
        out
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_link_and_hides_in_logs() {
        let token = Token::generate();
        let text = token.text();
        assert_eq!(text.len(), 22);
        assert_eq!(Token::parse(&text).unwrap().digest(), token.digest());
        assert_ne!(Token::generate().text(), text);
        assert_eq!(format!("{token:?}"), "Token(…)");
        // Links that were sent stay good: this digest must not change.
        let sent = Token::parse("AAECAwQFBgcICQoLDA0ODw").unwrap();
        assert_eq!(sent.digest()[..4], [0x01, 0x62, 0x30, 0x2c]);
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let text = Token::generate().text();
        for wrong in [
            "",
            "abc",
            "!!!!!!!!!!!!!!!!!!!!!!",
            &text[..21],
            &format!("{text}A"),
            &format!("{text}="),
        ] {
            assert!(Token::parse(wrong).is_none(), "{wrong}");
        }
        // 22 characters carry 132 bits; the spare four must be zero, else one token had 16 texts.
        assert!(Token::parse("AAAAAAAAAAAAAAAAAAAAAB").is_none());
    }

    #[test]
    fn codes_have_six_digits_and_draws_stay_below_their_end() {
        for _ in 0..2_000 {
            let code = code6();
            assert!(
                code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()),
                "{code}"
            );
            assert!(below(7) < 7);
        }
        assert_eq!((below(0), below(1)), (0, 0));
        let seen: std::collections::HashSet<u32> = (0..500).map(|_| below(7)).collect();
        assert_eq!(seen.len(), 7);
    }
}
