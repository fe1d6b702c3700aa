//! The key that every form at the counter carries: drawn by us, good for some days, and the mark by
//! which a form that is sent twice is filed once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;

use super::office::Office;
use crate::domain::ids::ControllerId;
use crate::seal::Key;
use crate::seal::chance::Token;

/// A form may lie open so long; what was uploaded with it is kept as long.
const GOOD_HOURS: i64 = 48;
/// A page shown by another node may be a little ahead.
const AHEAD_MINUTES: i64 = 5;

/// A form's key that is good.
#[derive(Debug, Clone)]
pub struct FormKey {
    /// What the form is known by.
    pub form: Token,
    /// When its first page was shown.
    pub since: DateTime<Utc>,
}

impl Office {
    /// A fresh key for a form of this controller. Nothing is written down for it.
    pub fn form_key(&self, controller: ControllerId) -> String {
        let form: [u8; 16] = crate::seal::chance::bytes();
        let key = self.own_keys.index.newest();
        write_key(key, controller, form, self.now().timestamp_millis())
    }

    /// The key as the form sent it back; `None` if it is not ours or too old.
    pub fn check_form_key(&self, controller: ControllerId, text: &str) -> Option<FormKey> {
        let read = self
            .own_keys
            .index
            .iter()
            .find_map(|key| read_key(key, controller, text))?;
        let since = DateTime::from_timestamp_millis(read.1)?;
        let age = self.now() - since;
        let good = age <= TimeDelta::hours(GOOD_HOURS) && age >= -TimeDelta::minutes(AHEAD_MINUTES);
        good.then(|| FormKey {
            form: Token::from_bytes(read.0),
            since,
        })
    }
}

fn mac_key(key: &Key) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, key.expose())
}

fn mac_text(controller: ControllerId, body: &[u8]) -> Vec<u8> {
    [
        b"rechtzeitig/form-key/1\0".as_slice(),
        &controller.0.to_be_bytes(),
        body,
    ]
    .concat()
}

fn write_key(key: &Key, controller: ControllerId, form: [u8; 16], millis: i64) -> String {
    let mut body = form.to_vec();
    body.extend_from_slice(&millis.to_be_bytes());
    let mac = hmac::sign(&mac_key(key), &mac_text(controller, &body));
    body.extend_from_slice(mac.as_ref());
    URL_SAFE_NO_PAD.encode(body)
}

fn read_key(key: &Key, controller: ControllerId, text: &str) -> Option<([u8; 16], i64)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (body, mac) = bytes.split_at_checked(24)?;
    hmac::verify(&mac_key(key), &mac_text(controller, body), mac).ok()?;
    let (form, millis) = body.split_first_chunk::<16>()?;
    Some((*form, i64::from_be_bytes(millis.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_and_a_forged_one_is_not() {
        let (key, controller) = (Key::generate(1), ControllerId(1));
        let text = write_key(&key, controller, [7; 16], 1_800_000_000_000);
        assert_eq!(
            read_key(&key, controller, &text),
            Some(([7; 16], 1_800_000_000_000))
        );
        assert_eq!(read_key(&key, ControllerId(2), &text), None);
        assert_eq!(read_key(&Key::generate(1), controller, &text), None);
        let changed = text.replacen(text.chars().next().unwrap(), "-", 1);
        assert_eq!(read_key(&key, controller, &changed), None);
        for wrong in ["", "abc", &text[..40]] {
            assert_eq!(read_key(&key, controller, wrong), None, "{wrong}");
        }
    }
}
