//! The files adapter: what naive readers of logs, tables and folders get wrong, on real files; nginx where it is there.

mod books;
mod conforms;
mod erasing;
mod folders;
mod logs;
mod nginx;
mod roots;
mod tables;

use std::io::Write;
use std::path::PathBuf;

use flate2::{Compression, write::GzEncoder};
use tempfile::TempDir;

use rechtzeitig::adapters::Limits;
use rechtzeitig::adapters::files::{Files, Settings};
use rechtzeitig::domain::identifier::{Identifier, SearchKey, Window};
use rechtzeitig::domain::source::{Doubt, Record, Search, Tie};

/// A folder of a firm, and what its operator says about it.
pub struct House {
    pub root: TempDir,
    pub says: String,
}

impl House {
    pub fn of(says: &str) -> House {
        House {
            root: TempDir::new().unwrap(),
            says: says.to_owned(),
        }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub fn put(&self, path: &str, bytes: impl AsRef<[u8]>) -> &House {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    pub fn files(&self) -> Files {
        self.files_within(&Limits::default())
    }

    pub fn files_within(&self, limits: &Limits) -> Files {
        let root = self.root.path().display();
        let settings: Settings =
            toml::from_str(&format!("root = \"{root}\"\n{}", self.says)).unwrap();
        Files::new(&settings, limits).unwrap()
    }

    pub async fn find(&self, wanted: &[Identifier]) -> (Vec<Record>, Search) {
        super::conformance::find(&self.files(), wanted)
            .await
            .unwrap()
    }
}

pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

pub fn of(kind: SearchKey, text: &str) -> Identifier {
    Identifier::new(kind, text).unwrap()
}

pub fn ip(text: &str, from: &str, to: &str) -> Identifier {
    of(SearchKey::Ip, text).within(Window {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
    })
}

/// The value of a field.
pub fn said<'a>(record: &'a Record, field: &str) -> &'a str {
    let found = record.fields.iter().find(|it| it.name == field);
    found.map_or("", |it| it.value.reveal())
}

pub fn exact(record: &Record) -> bool {
    matches!(record.tie, Tie::Exact { .. })
}

pub fn candidate(record: &Record) -> bool {
    matches!(record.tie, Tie::Candidate { .. })
}

pub fn garbled(search: &Search) -> u64 {
    let counts = search.doubts.iter().map(|it| match it {
        Doubt::Garbled { count, .. } => *count,
        _ => 0,
    });
    counts.sum()
}
