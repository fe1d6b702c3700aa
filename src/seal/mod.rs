//! The strong room: what is locked away, with which key, and how it is found again without opening it.
//!
//! Master -> controller -> case or file: each key lies wrapped under the one above it. Whoever
//! destroys a case's key has destroyed the case, wherever copies of its rows may still lie.

/// The only place where chance is taken: keys, nonces, tokens, codes.
pub mod chance;
/// Why something could not be sealed or opened.
pub mod error;
/// Blind index: finding people without opening their cases.
pub mod index;
/// Keys and how they wrap each other.
pub mod keys;
/// The key file of the installation.
pub mod master;
/// Case numbers: random part and check character.
pub mod number;
/// Passwords of clerks.
pub mod password;
/// Links and keys as a square to photograph.
pub mod qr;
/// Sealed files, readable from any byte on.
pub mod stream;
/// Second factor of clerks.
pub mod totp;
/// One sealed value in one column of one row.
pub mod value;

pub use error::SealError;
pub use index::{Index, Kind};
pub use keys::{CaseKey, ControllerKeys, Key, Keyring, Purpose, WrappedKey};
pub use master::MasterKeys;
pub use value::{Place, open, open_json, seal, seal_json};
