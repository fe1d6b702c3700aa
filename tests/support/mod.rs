//! What the tests stand on: the store they run against, a browser, and the word for what had to be left out.

use std::path::PathBuf;

pub mod authority;
pub mod axe;
pub mod between;
pub mod browser;
pub mod clamd;
pub mod door;
pub mod dovecot;
pub mod letterbox;
pub mod mariadb;
pub mod office;
pub mod people;
pub mod postfix;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod shop;
pub mod smtp;

/// The database this run is about; `RECHTZEITIG_TEST_STORE` says which, SQLite if it says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    Sqlite,
    Postgres,
}

impl Store {
    /// # Panics
    /// At any other word, so that a typing error does not run the wrong suite.
    pub fn chosen() -> Self {
        Self::named(std::env::var("RECHTZEITIG_TEST_STORE").ok().as_deref())
    }

    /// Whether this store can be had here; says what is missing otherwise.
    pub fn available(self) -> bool {
        #[cfg(feature = "postgres")]
        let served = postgres::admin_url().is_some();
        #[cfg(not(feature = "postgres"))]
        let served = false;
        let there = self == Self::Sqlite || served;
        if !there {
            leave_out(
                "PostgreSQL (the feature postgres and a server in RECHTZEITIG_TEST_POSTGRES)",
            );
        }
        there
    }

    fn named(word: Option<&str>) -> Self {
        match word {
            None | Some("" | "sqlite") => Self::Sqlite,
            Some("postgres") => Self::Postgres,
            Some(other) => {
                panic!("RECHTZEITIG_TEST_STORE is {other:?}; it may be sqlite or postgres")
            }
        }
    }
}

/// For a test that needs something that is not on this machine: it ends early with a line that says so.
/// Where everything should be there (`tests/run` as root sets `RECHTZEITIG_TEST_STRICT=1`) it is a failure.
///
/// # Panics
/// In a strict run.
pub fn leave_out(what: &str) {
    assert!(
        std::env::var("RECHTZEITIG_TEST_STRICT").as_deref() != Ok("1"),
        "{what}: missing, but nothing may be left out in this run"
    );
    eprintln!("left out, {what} is missing");
}

/// Where a program lies in `PATH`.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

#[test]
fn the_store_is_sqlite_unless_told_otherwise() {
    assert_eq!(Store::named(None), Store::Sqlite);
    assert_eq!(Store::named(Some("sqlite")), Store::Sqlite);
    assert_eq!(Store::named(Some("postgres")), Store::Postgres);
    assert!(std::panic::catch_unwind(|| Store::named(Some("postgre"))).is_err());
}

#[test]
fn the_embedded_store_is_always_there() {
    assert!(Store::Sqlite.available());
}

#[test]
fn the_chosen_store_can_be_had() {
    assert!(
        Store::chosen().available(),
        "{:?} was chosen for this run",
        Store::chosen()
    );
}
