//! Odoo, as it is in 16, 18 and 19: played by a server of our own that is as unpleasant as the real one.

mod acts;
mod cast;
mod domain;
mod erasing;
mod files;
mod finding;
mod line;
mod server;
mod world;

use std::time::Duration;

use rechtzeitig::adapters::Limits;
use rechtzeitig::adapters::odoo::{Odoo, Settings};
use rechtzeitig::domain::source::{Record, RecordRef, Tie};
use rechtzeitig::ports::source::Source;

use cast::Cast;
use server::{Server, key_of};
use world::Role;

/// The versions that differ.
const VERSIONS: [u32; 3] = [16, 18, 19];

/// An Odoo, everybody in it, and our adapter before it.
struct Stage {
    server: Server,
    cast: Cast,
    odoo: Odoo,
    _keys: tempfile::TempDir,
}

/// With which accounts.
#[derive(Clone, Copy, PartialEq)]
enum With {
    Reader,
    Eraser,
    Administrator,
}

fn limits() -> Limits {
    Limits {
        patience: Duration::from_secs(1),
        largest: 4 * 1024 * 1024,
        ..Limits::default()
    }
}

impl Stage {
    async fn open(version: u32, with: With) -> Stage {
        Stage::set(version, with, "").await
    }

    /// With more settings, as TOML.
    async fn set(version: u32, with: With, more: &str) -> Stage {
        Stage::within(version, with, more, &limits()).await
    }

    /// Within other limits.
    async fn within(version: u32, with: With, more: &str, limits: &Limits) -> Stage {
        let server = Server::open(version).await;
        let cast = server.world(cast::everybody);
        let keys = tempfile::tempdir().unwrap();
        let account = |role| {
            let (login, key) = key_of(role);
            let path = keys.path().join(login);
            std::fs::write(&path, format!("{key}\n")).unwrap();
            format!(
                "{{ login = \"{login}\", key = {{ file = \"{}\" }} }}",
                path.display()
            )
        };
        let mut text = format!(
            "address = \"{}\"\ndatabase = \"firma\"\n",
            server.theatre.url()
        );
        text += &format!("reader = {}\n", account(Role::Reader));
        if with != With::Reader {
            text += &format!("eraser = {}\n", account(Role::Sales));
        }
        if with == With::Administrator {
            text += &format!("administrator = {}\n", account(Role::Admin));
        }
        let settings: Settings = toml::from_str(&format!("{text}{more}\n")).unwrap();
        let odoo = Odoo::new(&settings, limits).unwrap();
        Stage {
            server,
            cast,
            odoo,
            _keys: keys,
        }
    }

    fn source(&self) -> &dyn Source {
        &self.odoo
    }

    /// The record as it is found now, with its state.
    fn reference(&self, model: &str, id: i64) -> RecordRef {
        let mut reference = RecordRef::new(model, id.to_string());
        let written = self
            .server
            .world(|world| world.value(model, id, "write_date"));
        reference.version = written.as_str().map(str::to_owned);
        reference
    }
}

fn of<'a>(records: &'a [Record], model: &str) -> Vec<&'a Record> {
    records
        .iter()
        .filter(|record| record.reference.kind == model)
        .collect()
}

fn by_id<'a>(records: &'a [Record], model: &str, id: i64) -> Option<&'a Record> {
    of(records, model)
        .into_iter()
        .find(|record| *record.reference.id.reveal() == id.to_string())
}

fn is_candidate(record: &Record) -> bool {
    matches!(record.tie, Tie::Candidate { .. })
}
