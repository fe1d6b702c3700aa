//! A real Postfix on loopback that keeps every message; `postfix.sh` writes its configuration and knows its ways.

use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{leave_out, program};

/// Whether a Postfix can be started here: it is installed, and we are root.
pub fn available() -> bool {
    let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let there = root && (program("postfix").is_some() || Path::new("/usr/sbin/postfix").is_file());
    if !there {
        leave_out("Postfix (installed, and started by root)");
    }
    there
}

/// Stopped when dropped. Recipients at `refuse.test` are refused for good, those at `later.test` for now.
#[derive(Debug)]
pub struct Postfix {
    folder: TempDir,
    port: u16,
}

impl Postfix {
    /// Comes back when the port answers.
    ///
    /// # Panics
    /// If it does not start; ask [`available`] first.
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder for the mail server");
        // Free a moment ago; should somebody take it in between, the script says so.
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let postfix = Self { folder, port };
        let started = postfix.script(&["start", &port.to_string()]);
        assert!(started, "Postfix did not start");
        postfix
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The messages as they were delivered, oldest first; one per recipient, who stands in `X-Original-To`.
    ///
    /// # Panics
    /// If a delivered message cannot be read.
    pub fn messages(&self) -> Vec<String> {
        let delivered = std::fs::read_dir(self.folder.path().join("mail/new"))
            .into_iter()
            .flatten()
            .flatten();
        let mut messages: Vec<_> = delivered
            .map(|entry| {
                let message = std::fs::read(entry.path()).expect("a readable message");
                let at = entry
                    .metadata()
                    .and_then(|file| file.modified())
                    .expect("its time");
                (at, String::from_utf8_lossy(&message).into_owned())
            })
            .collect();
        messages.sort();
        messages.into_iter().map(|(_, message)| message).collect()
    }

    /// Waits until so many have been delivered; delivery is Postfix's own process, a moment after it took the message.
    ///
    /// # Panics
    /// After twenty seconds.
    pub fn await_messages(&self, count: usize) -> Vec<String> {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let messages = self.messages();
            if messages.len() >= count {
                return messages;
            }
            assert!(
                Instant::now() < deadline,
                "{} of {count} messages were delivered",
                messages.len()
            );
            // Postfix tells nobody that it delivered; one can only look into the box.
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn script(&self, words: &[&str]) -> bool {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/postfix.sh");
        Command::new("bash")
            .arg(script)
            .args(words)
            .arg(self.folder.path())
            .status()
            .is_ok_and(|status| status.success())
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.script(&["stop"]);
    }
}

#[test]
fn a_message_is_kept_and_a_refusal_is_given() {
    use std::io::{BufRead, BufReader, Write};
    if !available() {
        return;
    }
    let postfix = Postfix::start();
    let mut wire = std::net::TcpStream::connect(("127.0.0.1", postfix.port())).unwrap();
    let mut answers = BufReader::new(wire.try_clone().unwrap());
    let mut say = |line: &str| {
        wire.write_all(line.as_bytes()).unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        answer.get(..3).unwrap_or_default().to_owned()
    };
    assert_eq!(say(""), "220");
    assert_eq!(say("HELO localhost\r\n"), "250");
    assert_eq!(say("MAIL FROM:<amt@beispiel.test>\r\n"), "250");
    assert_eq!(say("RCPT TO:<nobody@refuse.test>\r\n"), "550");
    assert_eq!(say("RCPT TO:<nobody@later.test>\r\n"), "450");
    assert_eq!(say("RCPT TO:<erika@beispiel.test>\r\n"), "250");
    assert_eq!(say("DATA\r\n"), "354");
    assert_eq!(
        say("Message-ID: <1@beispiel.test>\r\n\r\nText\r\n.\r\n"),
        "250"
    );
    let messages = postfix.await_messages(1);
    assert_eq!(messages.len(), 1);
    assert!(
        messages[0].contains("X-Original-To: erika@beispiel.test"),
        "{}",
        messages[0]
    );
    assert!(
        messages[0].contains("Message-ID: <1@beispiel.test>"),
        "{}",
        messages[0]
    );
}
