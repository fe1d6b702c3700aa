//! The archive as it is written: a ZIP that goes, piece by piece, straight into a sealed file. Memory stays flat whatever
//! its size; of every entry the hash is kept for the list that comes last.

use std::io::{self, Read, Write};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Timelike, Utc};
use chrono_tz::Europe::Berlin;
use ring::digest;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use zeroize::Zeroizing;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::bridge::{Inlet, PIECE, bridge};
use crate::casework::error::Error;
use crate::casework::outbox::hex;
use crate::seal::Key;
use crate::storage::files::{FileError, Files, Stored};

/// Orders that wait for the packer.
const WAITING: usize = 4;
/// From this size on an entry is written in the larger form of the format.
const LARGE: u64 = 3_500_000_000;

/// An entry as the list names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its path.
    pub path: String,
    /// Its bytes.
    pub size: u64,
    /// Their SHA-256, in hex.
    pub sha256: String,
    /// What is told about it, as data.
    pub about: Option<serde_json::Value>,
}

/// What is made of all entries before it.
type Made = Box<dyn FnOnce(&[Entry]) -> Vec<u8> + Send>;

/// What is to be put into the archive.
enum Order {
    Begin {
        path: String,
        packed: bool,
        large: bool,
        about: Option<serde_json::Value>,
    },
    Bytes(Vec<u8>),
    Copy(Box<dyn Read + Send>),
    /// The last entry, made of all that were before.
    Last {
        path: String,
        made: Made,
    },
}

/// An archive that is being written.
pub(super) struct Bundle {
    orders: mpsc::Sender<Order>,
    packing: JoinHandle<io::Result<()>>,
    storing: JoinHandle<Result<Stored, FileError>>,
}

impl Bundle {
    /// Begins one; its entries carry this time.
    pub(super) fn begin(files: Arc<Files>, key: Key, at: DateTime<Utc>) -> Bundle {
        let (orders, waiting) = mpsc::channel(WAITING);
        let (inlet, outlet) = bridge();
        let storing = tokio::task::spawn_blocking(move || files.put(&key, outlet));
        let packing = tokio::task::spawn_blocking(move || pack(waiting, inlet, at));
        Bundle {
            orders,
            packing,
            storing,
        }
    }

    async fn order(&self, order: Order) -> Result<(), Error> {
        let gone = |_| Error::Fault("the package cannot be written");
        self.orders.send(order).await.map_err(gone)
    }

    /// Begins an entry. `media_type` says whether it is packed already; `size` is what is known of its size.
    pub(super) async fn entry(
        &self,
        path: &str,
        (media_type, size): (&str, u64),
        about: Option<serde_json::Value>,
    ) -> Result<(), Error> {
        self.order(Order::Begin {
            path: path.to_owned(),
            packed: is_packed(media_type),
            large: size >= LARGE,
            about,
        })
        .await
    }

    /// Adds to the entry that was begun last.
    pub(super) async fn bytes(&self, bytes: impl Into<Vec<u8>>) -> Result<(), Error> {
        self.order(Order::Bytes(bytes.into())).await
    }

    /// Adds all that a reader gives.
    pub(super) async fn copy(&self, reader: impl Read + Send + 'static) -> Result<(), Error> {
        self.order(Order::Copy(Box::new(reader))).await
    }

    /// A whole entry.
    pub(super) async fn whole(
        &self,
        path: &str,
        media_type: &str,
        bytes: impl Into<Vec<u8>>,
        about: Option<serde_json::Value>,
    ) -> Result<(), Error> {
        self.entry(path, (media_type, 0), about).await?;
        self.bytes(bytes).await
    }

    /// Ends it with an entry that lists all others; says where it lies.
    pub(super) async fn finish(
        self,
        path: &str,
        made: impl FnOnce(&[Entry]) -> Vec<u8> + Send + 'static,
    ) -> Result<Stored, Error> {
        let last = Order::Last {
            path: path.to_owned(),
            made: Box::new(made),
        };
        // A packer that is gone says itself why.
        let _ = self.orders.send(last).await;
        let Bundle {
            orders,
            packing,
            storing,
        } = self;
        drop(orders);
        let packed = packing.await.map_err(|_| Error::Fault("a worker died"))?;
        let stored = storing.await.map_err(|_| Error::Fault("a worker died"))?;
        match (packed, stored) {
            (Ok(()), stored) => Ok(stored?),
            (Err(error), Ok(_)) => Err(FileError::Io(error).into()),
            // The disk's own word is the cause, the broken bridge what follows.
            (Err(error), Err(cause)) => {
                tracing::warn!(%error, "the package was not written");
                Err(cause.into())
            }
        }
    }
}

fn is_packed(media_type: &str) -> bool {
    let kind = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let office = kind.contains("openxmlformats") || kind.contains("opendocument");
    let moving = kind.starts_with("video/") || kind.starts_with("audio/");
    office
        || moving
        || matches!(
            kind.as_str(),
            "image/jpeg"
                | "image/png"
                | "image/gif"
                | "image/webp"
                | "application/zip"
                | "application/gzip"
                | "application/pdf"
                | "application/x-7z-compressed"
        )
}

/// The entry that is being written.
struct Begun {
    entry: Entry,
    so_far: digest::Context,
}

struct Packer {
    zip: zip::ZipWriter<zip::write::StreamWriter<Inlet>>,
    options: SimpleFileOptions,
    entries: Vec<Entry>,
    begun: Option<Begun>,
}

impl Packer {
    fn begin(
        &mut self,
        path: String,
        form: (bool, bool),
        about: Option<serde_json::Value>,
    ) -> io::Result<()> {
        self.end();
        let (packed, large) = form;
        // Never merely stored: some programs cannot tell where such an entry ends when its size stands behind it.
        let options = self
            .options
            .compression_method(CompressionMethod::Deflated)
            .compression_level(packed.then_some(1))
            .large_file(large);
        self.zip.start_file(path.as_str(), options)?;
        self.begun = Some(Begun {
            entry: Entry {
                path,
                size: 0,
                sha256: String::new(),
                about,
            },
            so_far: digest::Context::new(&digest::SHA256),
        });
        Ok(())
    }

    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(begun) = &mut self.begun {
            begun.so_far.update(bytes);
            begun.entry.size += u64::try_from(bytes.len()).unwrap_or(0);
        }
        self.zip.write_all(bytes)
    }

    fn end(&mut self) {
        if let Some(Begun { mut entry, so_far }) = self.begun.take() {
            entry.sha256 = hex(so_far.finish().as_ref());
            self.entries.push(entry);
        }
    }

    fn copy(&mut self, mut reader: impl Read) -> io::Result<()> {
        let mut buffer = Zeroizing::new(vec![0; PIECE]);
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => self.add(buffer.get(..read).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Works off the orders. Without the last one there is no archive.
fn pack(mut orders: mpsc::Receiver<Order>, inlet: Inlet, at: DateTime<Utc>) -> io::Result<()> {
    let local = at.with_timezone(&Berlin);
    let small = |value: u32| u8::try_from(value).unwrap_or(0);
    let time = zip::DateTime::from_date_and_time(
        u16::try_from(local.year()).unwrap_or(1980),
        small(local.month()),
        small(local.day()),
        small(local.hour()),
        small(local.minute()),
        small(local.second()),
    );
    let mut packer = Packer {
        zip: zip::ZipWriter::new_stream(inlet),
        options: SimpleFileOptions::default().last_modified_time(time.unwrap_or_default()),
        entries: Vec::new(),
        begun: None,
    };
    while let Some(order) = orders.blocking_recv() {
        match order {
            Order::Begin {
                path,
                packed,
                large,
                about,
            } => packer.begin(path, (packed, large), about)?,
            Order::Bytes(bytes) => packer.add(&bytes)?,
            Order::Copy(reader) => packer.copy(reader)?,
            Order::Last { path, made } => {
                packer.end();
                let bytes = made(&packer.entries);
                packer.begin(path, (false, false), None)?;
                packer.add(&bytes)?;
                return packer.zip.finish()?.into_inner().finish();
            }
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    const NOON: &str = "2026-03-02T11:00:00Z";

    /// Bytes that do not pack well, counted as they are taken.
    struct Endless {
        state: u64,
        left: u64,
        given: Arc<AtomicU64>,
    }

    impl Read for Endless {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            let many = to.len().min(usize::try_from(self.left).unwrap());
            for eight in to[..many].chunks_mut(8) {
                self.state = self
                    .state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let bytes = self.state.to_be_bytes();
                eight.copy_from_slice(&bytes[..eight.len()]);
            }
            self.left -= many as u64;
            self.given.fetch_add(many as u64, Ordering::SeqCst);
            Ok(many)
        }
    }

    #[tokio::test]
    async fn three_hundred_megabytes_pass_with_less_than_one_in_memory() {
        const ALL: u64 = 300 * 1024 * 1024;
        let given = Arc::new(AtomicU64::new(0));
        let (orders, waiting) = mpsc::channel(WAITING);
        let (inlet, mut outlet) = bridge();
        let packing =
            tokio::task::spawn_blocking(move || pack(waiting, inlet, NOON.parse().unwrap()));
        let counted = Arc::clone(&given);
        // Who takes the archive away is slow now and then: nothing may pile up before him.
        let taking = tokio::task::spawn_blocking(move || {
            let (mut taken, mut most) = (0_u64, 0_u64);
            let mut buffer = vec![0; 256 * 1024];
            loop {
                let read = outlet.read(&mut buffer).unwrap() as u64;
                if read == 0 {
                    return (taken, most);
                }
                taken += read;
                if taken % (16 * 1024 * 1024) < 64 * 1024 {
                    std::thread::yield_now();
                }
                most = most.max(counted.load(Ordering::SeqCst).saturating_sub(taken));
            }
        });
        let begin = Order::Begin {
            path: "film.mp4".into(),
            packed: true,
            large: false,
            about: None,
        };
        let reader = Endless {
            state: 7,
            left: ALL,
            given: Arc::clone(&given),
        };
        let last = Order::Last {
            path: "index.json".into(),
            made: Box::new(|entries| format!("{} {}", entries.len(), entries[0].size).into_bytes()),
        };
        for order in [begin, Order::Copy(Box::new(reader)), last] {
            assert!(orders.send(order).await.is_ok());
        }
        packing.await.unwrap().unwrap();
        let (taken, most) = taking.await.unwrap();
        assert!(taken > ALL, "{taken}");
        assert!(most < 1024 * 1024, "{most} bytes were in between");
    }

    #[tokio::test]
    async fn the_list_names_every_entry_with_its_hash_and_the_archive_opens() {
        let folder = tempfile::tempdir().unwrap();
        let files = Arc::new(Files::open(folder.path()).unwrap());
        let key = Key::generate(1);
        let bundle = Bundle::begin(Arc::clone(&files), key.clone(), NOON.parse().unwrap());
        bundle
            .entry("Häuser/a.txt", ("text/plain", 3), None)
            .await
            .unwrap();
        bundle.bytes("ab").await.unwrap();
        bundle.copy(Cursor::new(b"c")).await.unwrap();
        bundle.whole("b.png", "image/png", "x", None).await.unwrap();
        let list = |entries: &[Entry]| {
            let lines = entries
                .iter()
                .map(|it| format!("{} {} {}\n", it.path, it.size, it.sha256));
            lines.collect::<String>().into_bytes()
        };
        let stored = bundle.finish("list.txt", list).await.unwrap();
        let reader = files.open_reader(&key, &stored.name).unwrap();
        let mut zip = zip::ZipArchive::new(reader).unwrap();
        let mut text = String::new();
        zip.by_name("list.txt")
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert!(
            text.starts_with(
                "Häuser/a.txt 3 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\nb.png 1 "
            ),
            "{text}"
        );
        assert_eq!(
            zip.by_name("b.png").unwrap().compression(),
            CompressionMethod::Deflated
        );
        assert_eq!(
            zip.by_name("Häuser/a.txt")
                .unwrap()
                .last_modified()
                .unwrap()
                .hour(),
            12
        );
    }

    #[tokio::test]
    async fn an_archive_that_is_given_up_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let files = Arc::new(Files::open(folder.path()).unwrap());
        let bundle = Bundle::begin(Arc::clone(&files), Key::generate(1), NOON.parse().unwrap());
        bundle.whole("a", "text/plain", "a", None).await.unwrap();
        let Bundle {
            orders,
            packing,
            storing,
        } = bundle;
        drop(orders);
        assert!(packing.await.unwrap().is_err());
        assert!(storing.await.unwrap().is_err());
    }
}
