//! The two halves of an Ed25519 key under the name of the log that they belong to.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use super::{Checkpoint, Error, Hash, entry::hex, tree::hash};

/// The byte by which signed notes tell Ed25519 from other ways to sign.
const ED25519_NOTE: u8 = 1;

/// The public half: who holds it can check a log. As text it is a C2SP verifier key,
/// `origin+hash+base64`, which is what [`fmt::Display`] writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyKey {
    origin: String,
    public: [u8; 32],
    id: [u8; 4],
}

impl VerifyKey {
    fn new(origin: &str, public: [u8; 32]) -> Result<Self, Error> {
        if !is_origin(origin) {
            return Err(Error::Origin);
        }
        let [a, b, c, d, ..] = hash(&[origin.as_bytes(), b"\n", &[ED25519_NOTE], &public]);
        Ok(Self {
            origin: origin.to_owned(),
            public,
            id: [a, b, c, d],
        })
    }

    /// Reads the text form; nothing may stand before or after it.
    ///
    /// # Errors
    /// [`Error::Key`] or [`Error::Origin`] if it is not that, or the hash is not that of the key.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut parts = text.splitn(3, '+');
        let (Some(origin), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::Key);
        };
        let bytes = STANDARD.decode(key).map_err(|_| Error::Key)?;
        let Some((&ED25519_NOTE, public)) = bytes.split_first() else {
            return Err(Error::Key);
        };
        let key = Self::new(origin, public.try_into().map_err(|_| Error::Key)?)?;
        // One key, one text: this compares the hash too.
        if key.to_string() == text {
            Ok(key)
        } else {
            Err(Error::Key)
        }
    }

    /// Name of the log that the key belongs to.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The four bytes by which a signature says which key made it.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    pub(super) fn accepts(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public)
            .verify(message, signature)
            .is_ok()
    }
}

impl fmt::Display for VerifyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519_NOTE], self.public.as_slice()].concat();
        write!(
            f,
            "{}+{}+{}",
            self.origin,
            hex(&self.id),
            STANDARD.encode(key)
        )
    }
}

/// The secret half: who holds it speaks for the log.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    verify_key: VerifyKey,
}

impl SigningKey {
    /// The key that grows out of 32 random bytes, for the log of this name.
    ///
    /// # Errors
    /// [`Error::Origin`] if the name is not fit; [`Error::Key`] if the bytes are not.
    pub fn from_seed(origin: &str, seed: &[u8; 32]) -> Result<Self, Error> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| Error::Key)?;
        let public = pair
            .public_key()
            .as_ref()
            .try_into()
            .map_err(|_| Error::Key)?;
        Ok(Self {
            pair,
            verify_key: VerifyKey::new(origin, public)?,
        })
    }

    /// The public half.
    #[must_use]
    pub fn verify_key(&self) -> &VerifyKey {
        &self.verify_key
    }

    /// States by signature that the log has this many entries and this root.
    #[must_use]
    pub fn sign(&self, size: u64, root: Hash) -> Checkpoint {
        let mut checkpoint = Checkpoint {
            origin: self.verify_key.origin.clone(),
            size,
            root,
            key: self.verify_key.id,
            signature: [0; 64],
        };
        let signature = self.pair.sign(checkpoint.body().as_bytes());
        checkpoint.signature.copy_from_slice(signature.as_ref());
        checkpoint
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, …)", self.verify_key.origin)
    }
}

/// Whether the text can name a log: no blanks and no plus, as signed notes demand, and nothing that
/// an export would have to escape.
pub(super) fn is_origin(text: &str) -> bool {
    (1..=200).contains(&text.len())
        && text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'/' | b'-')
        })
}
