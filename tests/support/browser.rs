//! A person at a screen: headless Chromium, phone or desk, light or dark, with or without JavaScript.
//!
//! One chromedriver serves all sessions of this process and ends with the last of them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak, mpsc};
use std::time::Duration;

use fantoccini::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{leave_out, program};

/// Whether there are a browser and its driver; says so otherwise.
pub fn available() -> bool {
    let there = program("chromedriver").is_some() && chromium().is_some();
    if !there {
        leave_out("the browser (chromium and chromedriver)");
    }
    there
}

fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(program)
}

/// The window a story is told in. Default: a desk, light, German, with JavaScript.
#[derive(Debug, Clone)]
pub struct Browser {
    width: u32,
    height: u32,
    phone: bool,
    dark: bool,
    script: bool,
    language: &'static str,
}

impl Browser {
    pub fn desk() -> Self {
        Self {
            width: 1280,
            height: 900,
            phone: false,
            dark: false,
            script: true,
            language: "de-DE,de",
        }
    }

    pub fn phone() -> Self {
        Self {
            width: 360,
            height: 800,
            phone: true,
            ..Self::desk()
        }
    }

    pub fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    /// The pages' own scripts do not run; the driver's still do.
    pub fn without_script(self) -> Self {
        Self {
            script: false,
            ..self
        }
    }

    pub fn in_english(self) -> Self {
        Self {
            language: "en-GB,en",
            ..self
        }
    }

    /// # Panics
    /// If the browser does not start; ask [`available`] first.
    pub async fn open(self) -> Session {
        let profile = TempDir::new().expect("a folder for the browser's profile");
        let driver = Driver::shared();
        let capabilities = self.capabilities(profile.path());
        let address = format!("http://127.0.0.1:{}", driver.port);
        let client =
            Client::with_capabilities_and_connector(&address, &capabilities, HttpConnector::new())
                .await
                .expect("a browser session");
        let id = client
            .session_id()
            .await
            .expect("the session's answer")
            .expect("the session's name");
        // Closed by `Session::drop`, also when the test's runtime is gone.
        client
            .persist()
            .await
            .expect("a session that is ours to close");
        let session = Session {
            client,
            id,
            driver,
            _profile: profile,
        };
        session.devtools("Emulation.setDeviceMetricsOverride", &json!({
            "width": self.width, "height": self.height, "deviceScaleFactor": 1, "mobile": self.phone,
        }));
        let scheme = if self.dark { "dark" } else { "light" };
        session.devtools(
            "Emulation.setEmulatedMedia",
            &json!({
                "features": [{ "name": "prefers-color-scheme", "value": scheme }],
            }),
        );
        session
    }

    fn capabilities(&self, profile: &Path) -> serde_json::Map<String, Value> {
        let script = if self.script { 1 } else { 2 };
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {
                "binary": chromium(),
                "args": [
                    "--headless",
                    // Chromium's own sandbox does not start for root, as whom a build machine runs.
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--no-first-run",
                    "--hide-scrollbars",
                    format!("--user-data-dir={}", profile.display()),
                    format!("--window-size={},{}", self.width.max(500), self.height),
                ],
                "prefs": {
                    "intl.accept_languages": self.language,
                    "profile.managed_default_content_settings.javascript": script,
                    "profile.default_content_setting_values.javascript": script,
                },
            },
        });
        let Value::Object(capabilities) = capabilities else {
            unreachable!("written as an object above")
        };
        capabilities
    }
}

/// A window; closed when dropped. Everything that the driver's client can do, it can.
#[derive(Debug)]
pub struct Session {
    client: Client,
    id: String,
    driver: Arc<Driver>,
    _profile: TempDir,
}

impl Deref for Session {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Session {
    /// A command of Chromium's own protocol.
    ///
    /// # Panics
    /// If the browser refuses it.
    pub fn devtools(&self, command: &str, params: &Value) -> Value {
        let body = json!({ "cmd": command, "params": params });
        let path = format!("/session/{}/goog/cdp/execute", self.id);
        self.driver
            .call("POST", &path, &body)
            .unwrap_or_else(|trouble| panic!("{command}: {trouble}"))
    }

    /// A picture of the whole page, laid into the folder that `RECHTZEITIG_TEST_PICTURES` names; without it, nothing.
    ///
    /// # Panics
    /// If there is no picture, or no place for it.
    pub async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("RECHTZEITIG_TEST_PICTURES").map(PathBuf::from) else {
            return;
        };
        let size = self
            .execute(
                "const e = document.documentElement; return [e.clientWidth, e.scrollHeight]",
                vec![],
            )
            .await;
        let size = size.expect("the page's size");
        let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1 });
        let shot = self.devtools(
            "Page.captureScreenshot",
            &json!({ "captureBeyondViewport": true, "clip": clip }),
        );
        let data = shot["data"].as_str().expect("a picture");
        let data = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, data)
            .expect("a picture in base64");
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        std::fs::write(folder.join(name).with_extension("png"), data)
            .expect("the picture laid down");
    }

    /// Whether the page can be scrolled sideways, as no page may at any width.
    ///
    /// # Panics
    /// If the page does not answer.
    pub async fn overflows(&self) -> bool {
        let ask = "const e = document.documentElement; return e.scrollWidth > e.clientWidth";
        self.execute(ask, vec![]).await.expect("the page's width") == json!(true)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let closed = self
            .driver
            .call("DELETE", &format!("/session/{}", self.id), &Value::Null);
        if let Err(trouble) = closed {
            eprintln!("the browser session was not closed: {trouble}");
        }
    }
}

/// The running chromedriver.
#[derive(Debug)]
struct Driver {
    process: Mutex<Child>,
    port: u16,
}

impl Driver {
    fn shared() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
        let mut running = RUNNING
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let driver = Arc::new(Self::start());
            *running = Arc::downgrade(&driver);
            driver
        })
    }

    /// It chooses a free port itself and prints it when it listens; that line is what is waited for.
    fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let output = BufReader::new(process.stdout.take().expect("its output"));
        let (tell, told) = mpsc::channel();
        // Reads on to the end, so that the driver never blocks on a full pipe.
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let port = line
                    .strip_suffix('.')
                    .and_then(|line| line.rsplit(' ').next())
                    .and_then(|word| word.parse().ok());
                if let Some(port) = port.filter(|_| line.contains("on port")) {
                    tell.send(port).ok();
                }
            }
        });
        match told.recv_timeout(Duration::from_secs(20)) {
            Ok(port) => Self {
                process: Mutex::new(process),
                port,
            },
            Err(_) => {
                process.kill().ok();
                process.wait().ok();
                panic!("chromedriver did not say its port");
            }
        }
    }

    /// One plain request; for what the client does not offer, and for closing when no runtime is left.
    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        );
        let (status, mut answer) =
            exchange(self.port, &request).map_err(|trouble| trouble.to_string())?;
        let value = answer["value"].take();
        if status.contains(" 200 ") {
            Ok(value)
        } else {
            Err(value.to_string())
        }
    }
}

/// The first line of the answer, and its body. The driver keeps the connection open, so its length is what ends it.
fn exchange(port: u16, request: &str) -> std::io::Result<(String, Value)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = BufReader::new(stream);
    let mut status = String::new();
    answer.read_line(&mut status)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        answer.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().map_err(std::io::Error::other)?;
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    answer.read_exact(&mut body)?;
    Ok((status, serde_json::from_slice(&body)?))
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Ok(mut process) = self.process.lock() {
            process.kill().ok();
            process.wait().ok();
        }
    }
}

mod tests;
