//! The memory of the office on both databases: tables, groups, promises, plans, the log.

mod groups;
mod ledger;
mod orphans;
mod plans;
mod promises;
mod schema;

use rechtzeitig::storage::{Settings, Store};

/// A fresh database, gone when dropped.
struct Fresh {
    settings: Settings,
    _folder: tempfile::TempDir,
    #[cfg(feature = "postgres")]
    _database: Option<crate::support::postgres::Database>,
}

impl Fresh {
    fn database() -> Self {
        let folder = tempfile::tempdir().unwrap();
        #[cfg(feature = "postgres")]
        if crate::support::Store::chosen() == crate::support::Store::Postgres {
            let database = crate::support::postgres::Database::empty();
            let settings = Settings::Postgres(database.url().to_owned());
            return Self {
                settings,
                _folder: folder,
                _database: Some(database),
            };
        }
        Self {
            settings: Settings::Sqlite(folder.path().join("store.db")),
            _folder: folder,
            #[cfg(feature = "postgres")]
            _database: None,
        }
    }

    /// One node's door to it; there may be several.
    fn store(&self) -> Store {
        Store::open(&self.settings).unwrap()
    }
}
