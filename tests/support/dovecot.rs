//! A real Dovecot on loopback, and a person's mail program to fill its folders; `dovecot.sh` writes its configuration.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::MetadataExt,
    path::Path,
    process::Command,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;
use tempfile::TempDir;

use super::{authority::Authority, leave_out, program};

/// The password of everybody.
pub const PASSWORD: &str = "geheim";

/// With what the server's tokens are signed.
const TOKEN_KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

/// Whether a Dovecot can be started here: it is installed, of the version whose configuration we write, and we are root.
pub fn available() -> bool {
    let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let found = program("dovecot").or_else(|| {
        let usual = Path::new("/usr/sbin/dovecot");
        usual.is_file().then(|| usual.to_owned())
    });
    let version = found
        .filter(|_| Path::new("/usr/lib/dovecot/imap").is_file())
        .and_then(|dovecot| Command::new(dovecot).arg("--version").output().ok())
        .map(|said| String::from_utf8_lossy(&said.stdout).into_owned());
    let there = root && version.is_some_and(|version| version.starts_with("2.3."));
    if !there {
        leave_out("Dovecot 2.3 with IMAP (installed, and started by root)");
    }
    there
}

/// Stopped when the last test that uses it lets go.
pub struct Dovecot {
    folder: TempDir,
    port: u16,
    tls_port: u16,
    authority: Authority,
}

impl Dovecot {
    /// The one server of this run. Every user exists, so each test takes one of its own.
    ///
    /// # Panics
    /// If it does not start; ask [`available`] first.
    pub fn shared() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Dovecot>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(dovecot) = running.upgrade() {
            return dovecot;
        }
        let dovecot = Arc::new(Self::start());
        *running = Arc::downgrade(&dovecot);
        dovecot
    }

    fn start() -> Self {
        let folder = TempDir::new().expect("a folder for the IMAP server");
        let authority = Authority::new();
        let (certificate, key) = authority.server();
        for (name, content) in [
            ("cert.pem", certificate.as_bytes()),
            ("key.pem", key.as_bytes()),
            ("token.key", TOKEN_KEY),
        ] {
            std::fs::write(folder.path().join(name), content).expect("a file for the server");
        }
        // Free a moment ago; should somebody take them in between, the script says so.
        let listeners = [0; 2].map(|port| TcpListener::bind(("127.0.0.1", port)).expect("a port"));
        let [port, tls_port] = listeners.map(|one| one.local_addr().expect("its number").port());
        let dovecot = Self {
            folder,
            port,
            tls_port,
            authority,
        };
        let started = dovecot.script(&["start", &port.to_string(), &tls_port.to_string()]);
        assert!(started, "Dovecot did not start");
        dovecot
    }

    /// Here lines begin in clear and may become TLS.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Here lines are TLS from the first byte.
    pub fn tls_port(&self) -> u16 {
        self.tls_port
    }

    /// The certificate authority that vouches for `localhost`.
    pub fn ca_file(&self) -> &Path {
        self.authority.file()
    }

    /// A token for XOAUTH2 that the server takes until this moment, in seconds since 1970.
    pub fn token(user: &str, until: i64) -> String {
        let part = |text: String| URL_SAFE_NO_PAD.encode(text);
        let head = part(String::from(r#"{"alg":"HS256","typ":"JWT"}"#));
        let said = part(format!(r#"{{"sub":"{user}","iat":1,"exp":{until}}}"#));
        let key = hmac::Key::new(hmac::HMAC_SHA256, TOKEN_KEY);
        let signed = hmac::sign(&key, format!("{head}.{said}").as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signed.as_ref());
        format!("{head}.{said}.{signature}")
    }

    /// A mail program that is logged in as this user.
    pub fn person(&self, user: &str) -> Person {
        let wire = TcpStream::connect(("127.0.0.1", self.port)).expect("a line to the server");
        let mut person = Person {
            answers: BufReader::new(wire.try_clone().expect("a second handle")),
            wire,
        };
        person.hear_line();
        person.says(&format!("LOGIN {user} {PASSWORD}"));
        person
    }

    fn script(&self, words: &[&str]) -> bool {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/dovecot.sh");
        Command::new("bash")
            .arg(script)
            .args(words)
            .arg(self.folder.path())
            .status()
            .is_ok_and(|status| status.success())
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.script(&["stop"]);
    }
}

/// A person with a mail program of her own.
pub struct Person {
    wire: TcpStream,
    answers: BufReader<TcpStream>,
}

impl Person {
    /// Puts a message into a folder as if it had arrived at this moment (`01-Mar-2026 08:00:00 +0100`).
    pub fn receives(&mut self, folder: &str, arrived: &str, raw: &[u8]) {
        self.pours(folder, arrived, std::iter::once(raw.to_vec()));
    }

    /// Many of them, without waiting in between.
    pub fn pours(&mut self, folder: &str, arrived: &str, all: impl Iterator<Item = Vec<u8>>) {
        let mut sent = 0;
        for raw in all {
            let command = format!("t APPEND \"{folder}\" \"{arrived}\" {{{}+}}\r\n", raw.len());
            self.wire.write_all(command.as_bytes()).unwrap();
            self.wire.write_all(&raw).unwrap();
            self.wire.write_all(b"\r\n").unwrap();
            sent += 1;
            if sent % 50 == 0 {
                (0..50).for_each(|_| drop(self.hear()));
            }
        }
        (0..sent % 50).for_each(|_| drop(self.hear()));
    }

    /// Says a command and hears all that comes back, up to the server's yes.
    ///
    /// # Panics
    /// At a no.
    pub fn says(&mut self, command: &str) -> String {
        self.wire
            .write_all(format!("t {command}\r\n").as_bytes())
            .unwrap();
        self.hear()
    }

    /// The flags of all messages in a folder, by number.
    pub fn flags(&mut self, folder: &str) -> Vec<String> {
        self.says(&format!("EXAMINE \"{folder}\""));
        let told = self.says("UID FETCH 1:* (UID FLAGS)");
        told.lines()
            .filter(|line| line.contains("FETCH"))
            .map(str::to_owned)
            .collect()
    }

    /// How many messages are in a folder.
    pub fn count(&mut self, folder: &str) -> usize {
        // Of a folder that is open only the old count is known before this.
        self.says("NOOP");
        let told = self.says(&format!("STATUS \"{folder}\" (MESSAGES)"));
        let (_, number) = told.split_once("MESSAGES ").expect("a number");
        number.split(')').next().unwrap().parse().unwrap()
    }

    fn hear(&mut self) -> String {
        let mut all = String::new();
        loop {
            let line = self.hear_line();
            assert!(!line.is_empty(), "the server hung up after {all}");
            if let Some(said) = line.strip_prefix("t ") {
                assert!(said.starts_with("OK"), "{said}");
                return all;
            }
            let literal = line
                .trim_end()
                .strip_suffix('}')
                .and_then(|line| line.rsplit_once('{'))
                .and_then(|(_, size)| size.parse::<usize>().ok());
            all.push_str(&line);
            if let Some(size) = literal {
                let mut bytes = vec![0; size];
                self.answers.read_exact(&mut bytes).unwrap();
                all.push_str(&String::from_utf8_lossy(&bytes));
            }
        }
    }

    fn hear_line(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line
    }
}

#[test]
fn a_message_is_kept_with_its_day_of_arrival() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("self-test");
    person.receives(
        "INBOX",
        "01-Mar-2026 08:00:00 +0100",
        b"Subject: a\r\n\r\nText\r\n",
    );
    person.says("EXAMINE INBOX");
    let told = person.says("FETCH 1 (INTERNALDATE BODY.PEEK[])");
    assert!(
        told.contains("01-Mar-2026") && told.contains("Text"),
        "{told}"
    );
    assert_eq!(person.count("INBOX"), 1);
}
