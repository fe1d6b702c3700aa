//! The real server of an office on a free port, and somebody who speaks HTTP with it, well or badly.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use rechtzeitig::web::{Settings, server};

use super::office::Office;

/// An open door; closed when dropped.
pub struct Door {
    port: u16,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Door {
    /// Opens the office's pages to callers.
    pub fn open(office: &Office) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its number").port();
        let (office, (tell, told)) = (office.shared(), mpsc::channel());
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let settings = Settings {
                    workers: 1,
                    ..Settings::default()
                };
                let server = server::listen(office, &settings, listener).expect("an open door");
                tell.send(server.handle())
                    .expect("somebody who waits for it");
                server.await.expect("a server that ends well");
            });
        });
        Self {
            port,
            handle: told.recv().expect("a server"),
            thread: Some(thread),
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Looks at a page.
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", b"")
    }

    /// Posts plain fields, as a page of ours would.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", percent(name), percent(value)))
            .collect();
        let kind =
            "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n";
        self.ask("POST", path, kind, body.join("&").as_bytes())
    }

    /// Posts fields and files: of a file the name is `field/file name`.
    pub fn post_files(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!(
                    "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .bytes(),
            );
        }
        for (name, bytes) in files {
            let head = format!(
                "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n"
            );
            body.extend(head.bytes());
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--x--\r\n");
        let kind =
            "Content-Type: multipart/form-data; boundary=x\r\nSec-Fetch-Site: same-origin\r\n";
        self.ask("POST", path, kind, &body)
    }

    /// One request with these header lines.
    pub fn ask(&self, method: &str, path: &str, lines: &str, body: &[u8]) -> Answer {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n{lines}Content-Length: {}\r\n\r\n",
            self.port,
            body.len()
        );
        self.say(&[head.as_bytes(), body].concat())
    }

    /// These bytes and no others; then listens to the end.
    pub fn say(&self, bytes: &[u8]) -> Answer {
        let mut line = self.line();
        // A server that has heard enough may hang up while we still speak.
        let _ = line.write_all(bytes);
        let mut answer = Vec::new();
        let _ = line.read_to_end(&mut answer);
        Answer::read(&answer)
    }

    /// An open line to the server.
    pub fn line(&self) -> TcpStream {
        let line = TcpStream::connect(("127.0.0.1", self.port)).expect("an open door");
        line.set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a limit");
        line
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let stop = self.handle.stop(false);
        std::thread::scope(|scope| {
            scope.spawn(|| runtime.map(|runtime| runtime.block_on(stop)));
        });
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let end = bytes
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .unwrap_or(0);
        Self {
            status,
            head,
            body: bytes.get(end + 4..).unwrap_or_default().to_vec(),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Where it sends the browser.
    ///
    /// # Panics
    /// If it stays here.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{}\n{}", self.head, self.text());
        self.header("location").expect("a place to go to")
    }

    /// The fields of the form on this page as a browser without script would send them, files aside.
    pub fn fields(&self) -> Vec<(String, String)> {
        let text = self.text();
        let of = |tag: &str, name: &str| -> Option<String> {
            let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
            tag[at..].split('"').next().map(unescaped)
        };
        let mut fields = Vec::new();
        for piece in text.split("<input ").skip(1) {
            let tag = format!(" {}", piece.split('>').next().unwrap_or_default());
            let ticks = tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"");
            if !tag.contains("type=\"file\"") && (!ticks || tag.contains(" checked")) {
                fields.extend(
                    of(&tag, "name").map(|name| (name, of(&tag, "value").unwrap_or_default())),
                );
            }
        }
        for piece in text.split("<textarea ").skip(1) {
            let (tag, rest) = piece.split_once('>').unwrap_or_default();
            let value = rest.split("</textarea>").next().unwrap_or_default();
            let value = unescaped(value.strip_prefix('\n').unwrap_or(value));
            fields.extend(of(&format!(" {tag}"), "name").map(|name| (name, value)));
        }
        fields
    }

    /// The value of one of them.
    ///
    /// # Panics
    /// If the page has no such field.
    pub fn field(&self, name: &str) -> String {
        let fields = self.fields();
        let found = fields.iter().find(|(key, _)| key == name);
        found
            .unwrap_or_else(|| panic!("no field {name} in\n{}", self.text()))
            .1
            .clone()
    }
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

fn unescaped(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
}
