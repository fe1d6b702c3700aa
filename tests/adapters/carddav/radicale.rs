//! A real Radicale on loopback with its books in a folder of its own.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use base64::Engine;
use rechtzeitig::adapters::http::{Answer, Call, Http, Line};
use reqwest::Method;
use tempfile::TempDir;

use crate::support::{leave_out, program};

/// The password of everybody.
pub const PASSWORD: &str = "geheim";
/// Who may only read, and everything.
pub const READER: &str = "reader";

/// Whether a Radicale can be started here.
pub fn available() -> bool {
    let there = program("radicale").is_some();
    if !there {
        leave_out("Radicale");
    }
    there
}

/// Stopped when the last test that uses it lets go.
pub struct Radicale {
    port: u16,
    process: Child,
    _folder: TempDir,
}

impl Radicale {
    /// The one server of this run. Each test takes users of its own, whose names begin with `u-`.
    pub fn shared() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Radicale>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(radicale) = running.upgrade() {
            return radicale;
        }
        let radicale = Arc::new(Self::start());
        *running = Arc::downgrade(&radicale);
        radicale
    }

    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let here = folder.path().display();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let users: String = ["find", "phones", "end", "right", "group", "read", "etag"]
            .map(|it| format!("u-{it}:{PASSWORD}\n"))
            .concat();
        std::fs::write(
            folder.path().join("users"),
            format!("{users}{READER}:{PASSWORD}\n"),
        )
        .unwrap();
        let rights = "[root]\nuser: .*\ncollection:\npermissions: R\n\n[principal]\nuser: .+\ncollection: {user}\n\
            permissions: RW\n\n[own]\nuser: .+\ncollection: {user}/[^/]+\npermissions: rw\n\n\
            [all]\nuser: reader\ncollection: .+\npermissions: Rr\n";
        std::fs::write(folder.path().join("rights"), rights).unwrap();
        let configuration = format!(
            "[server]\nhosts = 127.0.0.1:{port}\nmax_connections = 50\n[auth]\ntype = htpasswd\nhtpasswd_filename = {here}/users\n\
             htpasswd_encryption = plain\ndelay = 0\n[rights]\ntype = from_file\nfile = {here}/rights\n[storage]\n\
             filesystem_folder = {here}/books\n[web]\ntype = none\n"
        );
        std::fs::write(folder.path().join("config"), configuration).unwrap();
        let mut process = Command::new(program("radicale").unwrap())
            .arg("-C")
            .arg(folder.path().join("config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                process.try_wait().unwrap().is_none(),
                "Radicale did not start"
            );
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "Radicale does not answer"
            );
            // A socket tells nobody that it opens; one can only knock.
            std::thread::sleep(Duration::from_millis(50));
        }
        Self {
            port,
            process,
            _folder: folder,
        }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Somebody at his mail program.
    pub async fn does(&self, user: &str, method: &str, path: &str, body: &str) -> Answer {
        let proof = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{PASSWORD}"));
        let line = Line {
            headers: vec![("authorization", format!("Basic {proof}"))],
            ..Line::to(self.url())
        };
        let pieces: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
        let call = Call::new(Method::from_bytes(method.as_bytes()).unwrap(), &pieces);
        let call = if path.ends_with('/') {
            call.folder()
        } else {
            call
        };
        let kind = if method == "PUT" {
            "text/vcard; charset=utf-8"
        } else {
            "application/xml"
        };
        Http::new(&line)
            .unwrap()
            .send(&call.body(kind, body.as_bytes().to_vec()))
            .await
            .unwrap()
    }

    /// A new address book.
    pub async fn book(&self, user: &str, book: &str) {
        let body = format!(
            "<d:mkcol xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:carddav\"><d:set><d:prop><d:resourcetype><d:collection/>\
             <c:addressbook/></d:resourcetype><d:displayname>{book}</d:displayname></d:prop></d:set></d:mkcol>"
        );
        let made = self
            .does(user, "MKCOL", &format!("/{user}/{book}/"), &body)
            .await;
        assert_eq!(made.status, 201);
    }

    /// A card in it; `lines` without frame and UID.
    pub async fn card(&self, user: &str, path: &str, lines: &str) {
        let uid = path.rsplit('/').next().unwrap().trim_end_matches(".vcf");
        let card = format!("BEGIN:VCARD\nVERSION:3.0\nUID:{uid}\n{lines}\nEND:VCARD\n")
            .replace('\n', "\r\n");
        let put = self
            .does(user, "PUT", &format!("/{user}/{path}"), &card)
            .await;
        assert_eq!(put.status, 201, "{path}");
    }
}

impl Drop for Radicale {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
