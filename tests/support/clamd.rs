//! A real clamd on a socket of its own, with two signatures of ours: the pattern that all scanners know (EICAR), and a
//! sentence. It needs no network and no one's rights.

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{leave_out, program};

/// What the scanner of the tests takes for malware.
pub const MALWARE: &[u8] = b"Dieser Satz ist die Probe der Tests auf ein Schadprogramm.";
/// Its name for that.
pub const MALWARE_NAME: &str = "Rechtzeitig.Probe.UNOFFICIAL";
/// The largest file that it takes.
pub const LARGEST: usize = 1_000_000;

fn clamd() -> Option<PathBuf> {
    program("clamd").or_else(|| {
        let usual = Path::new("/usr/sbin/clamd");
        usual.is_file().then(|| usual.to_owned())
    })
}

/// Whether a clamd can be started here.
pub fn available() -> bool {
    let there = clamd().is_some();
    if !there {
        leave_out("clamd (clamav-daemon)");
    }
    there
}

/// Stopped when dropped.
pub struct Clamd {
    folder: TempDir,
    process: Child,
}

impl Clamd {
    /// # Panics
    /// If it does not start; ask [`available`] first.
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder for the scanner");
        let here = folder.path().display();
        let eicar: Vec<u8> =
            br"*H+H$!ELIF-TSET-SURIVITNA-DRADNATS-RACIE$}7)CC7)^P(45XZP\4[PA@%P!O5X"
                .iter()
                .rev()
                .copied()
                .collect();
        let hex = |bytes: &[u8]| -> String { bytes.iter().map(|it| format!("{it:02x}")).collect() };
        // name : any kind of file : anywhere in it : these bytes
        let signatures = format!(
            "Eicar.Probe:0:*:{}\nRechtzeitig.Probe:0:*:{}\n",
            hex(&eicar),
            hex(MALWARE)
        );
        std::fs::create_dir(folder.path().join("signatures")).expect("a folder for signatures");
        std::fs::write(folder.path().join("signatures/tests.ndb"), signatures).expect("signatures");
        let configuration = format!(
            "LocalSocket {here}/ctl\nDatabaseDirectory {here}/signatures\nTemporaryDirectory {here}\nForeground yes\n\
             StreamMaxLength {LARGEST}\nMaxThreads 2\nSelfCheck 0\n"
        );
        std::fs::write(folder.path().join("clamd.conf"), configuration).expect("its configuration");
        let mut process = Command::new(clamd().expect("clamd"))
            .arg("--config-file")
            .arg(folder.path().join("clamd.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("clamd starts");
        for output in [
            process
                .stdout
                .take()
                .map(|it| Box::new(it) as Box<dyn std::io::Read + Send>),
            process
                .stderr
                .take()
                .map(|it| Box::new(it) as Box<dyn std::io::Read + Send>),
        ] {
            let output = output.expect("its output");
            // Read to the end, so that it never waits for us; shown where a test fails.
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    eprintln!("clamd: {line}");
                }
            });
        }
        let mut clamd = Self { folder, process };
        let begun = Instant::now();
        while UnixStream::connect(clamd.socket()).is_err() {
            let ended = clamd.process.try_wait().expect("its state");
            assert!(ended.is_none(), "clamd ended at once: {ended:?}");
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "clamd does not listen"
            );
            // A socket tells nobody that it opens; one can only knock.
            std::thread::sleep(Duration::from_millis(20));
        }
        clamd
    }

    /// Where it listens.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("ctl")
    }

    /// Ends it, as when it crashes; the socket's file may stay.
    pub fn stop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        self.stop();
    }
}
