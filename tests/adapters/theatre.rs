//! A server that plays another system on a real socket: it answers by a play, remembers every call, and can be put into
//! a bad mood.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A call as it came over the wire.
#[derive(Clone, Debug)]
pub struct Heard {
    pub method: String,
    /// Decoded, without the query.
    pub path: String,
    /// As it came.
    pub target: String,
    pub query: Vec<(String, String)>,
    /// Names in small letters.
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Heard {
    pub fn asked(&self, name: &str) -> Option<&str> {
        let mut found = self.query.iter().filter(|(key, _)| key == name);
        found.next().map(|(_, value)| value.as_str())
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The pieces of the path.
    pub fn pieces(&self) -> Vec<&str> {
        self.path.split('/').filter(|it| !it.is_empty()).collect()
    }
}

/// What is said to a call.
#[derive(Clone, Debug)]
pub struct Said {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Said {
    pub fn json(status: u16, value: Value) -> Said {
        Said::of(status, "application/json", value.to_string().into_bytes())
    }

    pub fn html(status: u16, text: &str) -> Said {
        Said::of(status, "text/html; charset=utf-8", text.as_bytes().to_vec())
    }

    pub fn of(status: u16, media_type: &str, body: Vec<u8>) -> Said {
        Said {
            status,
            headers: vec![("content-type".into(), media_type.into())],
            body,
        }
    }

    pub fn with(mut self, name: &str, value: &str) -> Said {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// How a system behaves when it does not behave.
#[derive(Clone, Debug, PartialEq)]
pub enum Mood {
    Good,
    /// Every call gets this status and a body in HTML.
    Status(u16),
    /// 429 with a time.
    Busy(u64),
    /// Sends elsewhere.
    Redirect,
    /// 200 and a page to sign in.
    LoginPage,
    /// Says a length and hangs up half way.
    Half,
    /// Never ends.
    Endless,
    /// Takes the call and says nothing.
    Hang,
    /// 200 and nothing.
    Nothing,
    /// 200 and JSON that means nothing.
    Nonsense,
}

type Play = dyn Fn(&Heard) -> Said + Send + Sync;

struct Stage {
    play: Box<Play>,
    mood: Mutex<Mood>,
    heard: Mutex<Vec<Heard>>,
}

/// The server; it closes when it is dropped.
pub struct Theatre {
    pub address: SocketAddr,
    stage: Arc<Stage>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Theatre {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Theatre {
    pub async fn open(play: impl Fn(&Heard) -> Said + Send + Sync + 'static) -> Theatre {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stage = Arc::new(Stage {
            play: Box::new(play),
            mood: Mutex::new(Mood::Good),
            heard: Mutex::default(),
        });
        let playing = Arc::clone(&stage);
        let task = tokio::spawn(async move {
            let mut guests = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                // Head and body go in two pieces: without this the second waits 40 ms for the first to be acknowledged.
                let _ = stream.set_nodelay(true);
                let stage = Arc::clone(&playing);
                guests.spawn(async move {
                    let _ = serve(stream, &stage).await;
                });
            }
        });
        Theatre {
            address,
            stage,
            task,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn mood(&self, mood: Mood) {
        *held(&self.stage.mood) = mood;
    }

    pub fn heard(&self) -> Vec<Heard> {
        held(&self.stage.heard).clone()
    }

    pub fn forget(&self) {
        held(&self.stage.heard).clear();
    }

    /// The calls that change something.
    pub fn writes(&self) -> Vec<Heard> {
        let reads = |heard: &Heard| matches!(heard.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        self.heard().into_iter().filter(|it| !reads(it)).collect()
    }
}

async fn serve(stream: TcpStream, stage: &Stage) -> std::io::Result<()> {
    let mut line = BufReader::new(stream);
    while let Some(heard) = hear(&mut line).await? {
        let mood = held(&stage.mood).clone();
        held(&stage.heard).push(heard.clone());
        let said = match mood {
            Mood::Good => (stage.play)(&heard),
            Mood::Status(status) => Said::html(status, "<h1>no</h1>"),
            Mood::Busy(seconds) => {
                Said::html(429, "slowly").with("retry-after", &seconds.to_string())
            }
            Mood::Redirect => {
                Said::html(303, "elsewhere").with("location", "http://192.0.2.1/web/login")
            }
            Mood::LoginPage => Said::html(200, "<html><form action=/login></form></html>"),
            Mood::Nothing => Said::of(200, "application/json", Vec::new()),
            Mood::Nonsense => Said::json(200, serde_json::json!({"hello": ["world", 7]})),
            Mood::Half => {
                line.write_all(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n[{\"id\": 1,",
                )
                .await?;
                return line.flush().await;
            }
            Mood::Endless => {
                line.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[")
                    .await?;
                let piece = vec![b' '; 65_536];
                while line.write_all(&piece).await.is_ok() {}
                return Ok(());
            }
            Mood::Hang => {
                // To say nothing is what it plays; whoever asked gives up long before.
                tokio::time::sleep(Duration::from_secs(3600)).await;
                return Ok(());
            }
        };
        let mut head = format!(
            "HTTP/1.1 {} X\r\ncontent-length: {}\r\n",
            said.status,
            said.body.len()
        );
        for (name, value) in &said.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        // In one piece: two small ones wait for each other on the line.
        let mut whole = head.into_bytes();
        if heard.method != "HEAD" {
            whole.extend_from_slice(&said.body);
        }
        line.write_all(&whole).await?;
        line.flush().await?;
    }
    Ok(())
}

async fn hear(line: &mut BufReader<TcpStream>) -> std::io::Result<Option<Heard>> {
    let mut first = String::new();
    if line.read_line(&mut first).await? == 0 {
        return Ok(None);
    }
    let mut words = first.split_whitespace();
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default().to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut text = String::new();
        line.read_line(&mut text).await?;
        let text = text.trim_end();
        if text.is_empty() {
            break;
        }
        if let Some((name, value)) = text.split_once(':') {
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
    }
    let length = headers.get("content-length").and_then(|it| it.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    line.read_exact(&mut body).await?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let pairs = query.split('&').filter(|it| !it.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name, true), decoded(value, true))
    });
    Ok(Some(Heard {
        method,
        path: decoded(path, false),
        query: pairs.collect(),
        target: target.clone(),
        headers,
        body,
    }))
}

/// Percent signs undone; in a query a plus is a blank.
pub fn decoded(text: &str, query: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = || u8::from_str_radix(text.get(at + 1..at + 3)?, 16).ok();
        match bytes[at] {
            b'%' if hex().is_some() => {
                out.extend(hex());
                at += 2;
            }
            b'+' if query => out.push(b' '),
            other => out.push(other),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}
