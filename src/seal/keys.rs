//! The keys of the house and how they hang on each other.
//!
//! A master key locks the keys of each controller; a controller's wrapping key locks the key of
//! each case, message and file. Every key carries its version, so that each can be renewed while
//! what was locked with the older one still opens.

use std::fmt;

use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

use super::chance;
use super::error::SealError;
use super::master::MasterKeys;
use super::value::{self, Place};

/// A key of 256 bits with its version. Wiped from memory when dropped; prints as `…`.
#[derive(Clone)]
pub struct Key {
    version: u16,
    bytes: Zeroizing<[u8; 32]>,
}

/// The key of one case, or of one message or file. Destroying it destroys what it locked.
pub type CaseKey = Key;

impl Key {
    /// Draws a new key.
    #[must_use]
    pub fn generate(version: u16) -> Self {
        Self {
            version,
            bytes: Zeroizing::new(chance::bytes()),
        }
    }

    /// A key from bytes that were kept elsewhere.
    #[must_use]
    pub fn from_bytes(version: u16, bytes: [u8; 32]) -> Self {
        Self {
            version,
            bytes: Zeroizing::new(bytes),
        }
    }

    /// Its version, counted from 1.
    #[must_use]
    pub fn version(&self) -> u16 {
        self.version
    }

    /// The bare bytes, for a signer or a keyed hash. Never store or print them.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Locks this key under an outer one, for the place where it will lie.
    #[must_use]
    pub fn wrap(&self, outer: &Key, place: Place<'_>) -> Vec<u8> {
        let mut inner = Zeroizing::new([0; 34]);
        let [high, low, bytes @ ..] = &mut *inner;
        [*high, *low] = self.version.to_be_bytes();
        *bytes = *self.bytes;
        value::seal_key(outer, place, &*inner)
    }

    /// Opens a key that [`Key::wrap`] locked, with whichever key of the ring it needs.
    ///
    /// # Errors
    /// [`SealError::KeyVersion`] if that one is not on the ring, [`SealError::Damaged`] if bytes or
    /// place differ.
    pub fn from_wrapped(
        wrapped: &[u8],
        outers: &Keyring,
        place: Place<'_>,
    ) -> Result<Self, SealError> {
        let inner = value::open_key(outers.key_for(wrapped)?, place, wrapped)?;
        let [high, low, bytes @ ..] = inner.first_chunk::<34>().ok_or(SealError::Content)?;
        if inner.len() != 34 {
            return Err(SealError::Content);
        }
        Ok(Self::from_bytes(u16::from_be_bytes([*high, *low]), *bytes))
    }

    pub(super) fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.bytes).into())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key(v{}, …)", self.version)
    }
}

/// Locks a wrapped key anew under the newest key of its ring. What the key itself has sealed
/// stays untouched, and so do all hashes of it in the ledger.
///
/// # Errors
/// As [`Key::from_wrapped`].
pub fn rewrap(wrapped: &[u8], place: Place<'_>, ring: &Keyring) -> Result<Vec<u8>, SealError> {
    Ok(Key::from_wrapped(wrapped, ring, place)?.wrap(ring.newest(), place))
}

/// All versions of one key. The newest locks, each opens. Never empty.
#[derive(Debug, Clone)]
pub struct Keyring {
    newest: Key,
    older: Vec<Key>,
}

impl Keyring {
    /// A ring with its first key.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self {
            newest: key,
            older: Vec::new(),
        }
    }

    /// Hangs a further version on the ring, in any order.
    ///
    /// # Errors
    /// [`SealError::TwiceOnRing`]: two keys of one version could not be told apart.
    pub fn add(&mut self, key: Key) -> Result<(), SealError> {
        if self.with_version(key.version).is_ok() {
            return Err(SealError::TwiceOnRing(key.version));
        }
        if key.version > self.newest.version {
            self.older.push(std::mem::replace(&mut self.newest, key));
        } else {
            self.older.push(key);
        }
        Ok(())
    }

    /// Draws the next version, which locks from now on.
    ///
    /// # Errors
    /// [`SealError::TooLong`] after 65,535 versions.
    pub fn renew(&mut self) -> Result<&Key, SealError> {
        let version = self
            .newest
            .version
            .checked_add(1)
            .ok_or(SealError::TooLong)?;
        self.add(Key::generate(version))?;
        Ok(&self.newest)
    }

    /// The key that locks.
    #[must_use]
    pub fn newest(&self) -> &Key {
        &self.newest
    }

    /// The key of this version.
    ///
    /// # Errors
    /// [`SealError::KeyVersion`] if it does not hang here.
    pub fn with_version(&self, version: u16) -> Result<&Key, SealError> {
        self.iter()
            .find(|key| key.version == version)
            .ok_or(SealError::KeyVersion(version))
    }

    /// The key that a sealed value or a wrapped key needs.
    ///
    /// # Errors
    /// [`SealError::KeyVersion`], or [`SealError::Format`] for bytes that were never sealed.
    pub fn key_for(&self, sealed: &[u8]) -> Result<&Key, SealError> {
        self.with_version(value::key_version(sealed)?)
    }

    /// All versions, the newest first.
    pub fn iter(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.newest).chain(&self.older)
    }
}

/// What a key of a controller is for. One key, one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Wraps the keys of cases, messages and files.
    Wrap,
    /// Blind index over names, addresses and numbers.
    Index,
    /// Digests of those who want no advertising; outlives the cases, hence a key of its own.
    Suppression,
    /// Seed of the Ed25519 key that signs the ledger's checkpoints.
    Sign,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Wrap, Self::Index, Self::Suppression, Self::Sign];

    /// The term that is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Wrap => "wrap",
            Self::Index => "index",
            Self::Suppression => "suppression",
            Self::Sign => "sign",
        }
    }

    /// Reads the stored term.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.code() == code)
    }

    /// Purpose and controller are part of the lock: keys of two controllers cannot be exchanged.
    fn place(self, controller: i64) -> Place<'static> {
        Place {
            table: "controller_keys",
            column: self.code(),
            id: controller,
        }
    }
}

/// A controller's key as the database keeps it: one row per purpose and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// What for.
    pub purpose: Purpose,
    /// Version of the key inside.
    pub version: u16,
    /// The key, locked under a master key.
    pub wrapped: Vec<u8>,
}

impl WrappedKey {
    /// Locks it anew under the newest of the master keys.
    ///
    /// # Errors
    /// As [`Key::from_wrapped`].
    pub fn rewrap(&self, controller: i64, masters: &MasterKeys) -> Result<Self, SealError> {
        let place = self.purpose.place(controller);
        Ok(Self {
            wrapped: rewrap(&self.wrapped, place, masters.ring())?,
            ..self.clone()
        })
    }
}

/// The open keys of one controller.
#[derive(Debug, Clone)]
pub struct ControllerKeys {
    /// Wraps the keys of its cases, messages and files.
    pub wrap: Keyring,
    /// Its blind index.
    pub index: Keyring,
    /// Its suppression list.
    pub suppression: Keyring,
    /// Signs its ledger's checkpoints.
    pub sign: Keyring,
}

impl ControllerKeys {
    /// Draws the keys of a new controller.
    #[must_use]
    pub fn generate() -> Self {
        let first = || Keyring::new(Key::generate(1));
        Self {
            wrap: first(),
            index: first(),
            suppression: first(),
            sign: first(),
        }
    }

    /// The rows to store, all locked under the newest master key.
    #[must_use]
    pub fn wrapped(&self, controller: i64, masters: &MasterKeys) -> Vec<WrappedKey> {
        let rows = |purpose: Purpose| {
            self.ring(purpose).iter().map(move |key| WrappedKey {
                purpose,
                version: key.version(),
                wrapped: key.wrap(masters.ring().newest(), purpose.place(controller)),
            })
        };
        Purpose::ALL.into_iter().flat_map(rows).collect()
    }

    /// Opens the stored rows of one controller.
    ///
    /// # Errors
    /// [`SealError::Content`] if a purpose has no key or a row names another version than it holds;
    /// else as [`Key::from_wrapped`].
    pub fn open(
        controller: i64,
        rows: &[WrappedKey],
        masters: &MasterKeys,
    ) -> Result<Self, SealError> {
        let ring = |purpose: Purpose| {
            let mut ring: Option<Keyring> = None;
            for row in rows.iter().filter(|row| row.purpose == purpose) {
                let key =
                    Key::from_wrapped(&row.wrapped, masters.ring(), purpose.place(controller))?;
                if key.version != row.version {
                    return Err(SealError::Content);
                }
                match &mut ring {
                    Some(ring) => ring.add(key)?,
                    None => ring = Some(Keyring::new(key)),
                }
            }
            ring.ok_or(SealError::Content)
        };
        Ok(Self {
            wrap: ring(Purpose::Wrap)?,
            index: ring(Purpose::Index)?,
            suppression: ring(Purpose::Suppression)?,
            sign: ring(Purpose::Sign)?,
        })
    }

    /// The ring for a purpose.
    #[must_use]
    pub fn ring(&self, purpose: Purpose) -> &Keyring {
        match purpose {
            Purpose::Wrap => &self.wrap,
            Purpose::Index => &self.index,
            Purpose::Suppression => &self.suppression,
            Purpose::Sign => &self.sign,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: Place<'_> = Place {
        table: "cases",
        column: "key",
        id: 12,
    };

    fn masters() -> MasterKeys {
        MasterKeys::parse(&MasterKeys::generate_file_text()).unwrap()
    }

    #[test]
    fn a_case_key_opens_under_its_controller_and_nowhere_else() {
        let keys = ControllerKeys::generate();
        let case = CaseKey::generate(1);
        let wrapped = case.wrap(keys.wrap.newest(), CASE);
        assert_eq!(
            Key::from_wrapped(&wrapped, &keys.wrap, CASE)
                .unwrap()
                .expose(),
            case.expose()
        );
        let elsewhere = Place { id: 13, ..CASE };
        assert!(Key::from_wrapped(&wrapped, &keys.wrap, elsewhere).is_err());
        assert!(Key::from_wrapped(&wrapped, &ControllerKeys::generate().wrap, CASE).is_err());
    }

    #[test]
    fn controller_keys_survive_storing_and_cannot_be_exchanged() {
        let masters = masters();
        let keys = ControllerKeys::generate();
        let rows = keys.wrapped(5, &masters);
        let opened = ControllerKeys::open(5, &rows, &masters).unwrap();
        for purpose in Purpose::ALL {
            assert_eq!(
                opened.ring(purpose).newest().expose(),
                keys.ring(purpose).newest().expose()
            );
            assert_eq!(Purpose::parse(purpose.code()), Some(purpose));
        }
        assert!(ControllerKeys::open(6, &rows, &masters).is_err());
        assert!(ControllerKeys::open(5, &rows[..3], &masters).is_err());
        let mut swapped = rows.clone();
        (swapped[0].wrapped, swapped[1].wrapped) =
            (rows[1].wrapped.clone(), rows[0].wrapped.clone());
        assert!(ControllerKeys::open(5, &swapped, &masters).is_err());
        let mut renumbered = rows;
        renumbered[0].version = 2;
        assert!(ControllerKeys::open(5, &renumbered, &masters).is_err());
    }

    #[test]
    fn an_exchanged_master_key_leaves_the_keys_below_it_as_they_were() {
        let old = masters();
        let keys = ControllerKeys::generate();
        let rows = keys.wrapped(5, &old);
        let both =
            MasterKeys::parse(&MasterKeys::with_next_version(&old.file_text()).unwrap()).unwrap();
        let moved: Vec<_> = rows
            .iter()
            .map(|row| row.rewrap(5, &both).unwrap())
            .collect();
        assert!(
            moved
                .iter()
                .all(|row| value::key_version(&row.wrapped).unwrap() == 2)
        );
        let opened = ControllerKeys::open(5, &moved, &both).unwrap();
        assert_eq!(opened.sign.newest().expose(), keys.sign.newest().expose());
        assert!(matches!(
            ControllerKeys::open(5, &moved, &old),
            Err(SealError::KeyVersion(2))
        ));
    }

    #[test]
    fn a_renewed_controller_key_still_opens_what_the_older_locked() {
        let masters = masters();
        let mut keys = ControllerKeys::generate();
        let early = CaseKey::generate(1);
        let wrapped = early.wrap(keys.wrap.newest(), CASE);
        assert_eq!(keys.wrap.renew().unwrap().version(), 2);
        let keys = ControllerKeys::open(5, &keys.wrapped(5, &masters), &masters).unwrap();
        assert_eq!(keys.wrap.newest().version(), 2);
        assert_eq!(
            Key::from_wrapped(&wrapped, &keys.wrap, CASE)
                .unwrap()
                .expose(),
            early.expose()
        );
        let anew = rewrap(&wrapped, CASE, &keys.wrap).unwrap();
        assert_eq!(value::key_version(&anew).unwrap(), 2);
        assert_eq!(
            Key::from_wrapped(&anew, &keys.wrap, CASE).unwrap().expose(),
            early.expose()
        );
    }

    #[test]
    fn a_ring_refuses_twins_and_a_key_keeps_quiet() {
        let mut ring = Keyring::new(Key::generate(4));
        ring.add(Key::generate(2)).unwrap();
        assert_eq!(ring.newest().version(), 4);
        assert!(matches!(
            ring.add(Key::generate(2)),
            Err(SealError::TwiceOnRing(2))
        ));
        assert_eq!(format!("{:?}", Key::from_bytes(1, [7; 32])), "Key(v1, …)");
    }
}
