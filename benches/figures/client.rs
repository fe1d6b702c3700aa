//! The load tool: one line to the server that stays open, as little work as possible on our side.

use std::fmt::Write;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Failure;

/// What came back.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The head, as it stands on the wire.
    pub head: String,
    /// The page.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// An open line.
pub struct Client {
    line: TcpStream,
    host: String,
    held: Vec<u8>,
}

impl Client {
    /// Opens a line.
    pub async fn open(address: SocketAddr) -> Result<Client, Failure> {
        let line = TcpStream::connect(address).await?;
        line.set_nodelay(true)?;
        Ok(Client {
            line,
            host: address.to_string(),
            held: Vec::with_capacity(64 * 1024),
        })
    }

    /// Asks for a page.
    pub async fn get(&mut self, path: &str, cookie: &str) -> Result<Answer, Failure> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n\r\n",
            self.host
        );
        self.send(&request).await
    }

    /// Posts a form. `from` is the address of the person, as the proxy before us would tell it.
    pub async fn post(
        &mut self,
        path: &str,
        from: &str,
        headers: &str,
        fields: &[(&str, &str)],
    ) -> Result<Answer, Failure> {
        let body = packed(fields);
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nx-forwarded-for: {from}\r\nsec-fetch-site: same-origin\r\n{headers}\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.host,
            body.len(),
        );
        self.send(&request).await
    }

    async fn send(&mut self, request: &str) -> Result<Answer, Failure> {
        self.line.write_all(request.as_bytes()).await?;
        self.held.clear();
        let end = loop {
            if let Some(end) = self.held.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.read_on().await?;
        };
        let head = String::from_utf8_lossy(self.held.get(..end).unwrap_or_default()).into_owned();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .ok_or("no status")?;
        let mut answer = Answer {
            status,
            head,
            body: vec![],
        };
        let length: usize = match answer.header("content-length") {
            Some(length) => length.parse()?,
            None if matches!(status, 204 | 304) => 0,
            None => return Err("an answer without a length".into()),
        };
        while self.held.len() < end + length {
            self.read_on().await?;
        }
        answer.body = self
            .held
            .get(end..end + length)
            .unwrap_or_default()
            .to_vec();
        Ok(answer)
    }

    async fn read_on(&mut self) -> Result<(), Failure> {
        match self.line.read_buf(&mut self.held).await? {
            0 => Err("the server hung up".into()),
            _ => Ok(()),
        }
    }
}

fn packed(fields: &[(&str, &str)]) -> String {
    let mut body = String::with_capacity(1024);
    for (name, value) in fields {
        if !body.is_empty() {
            body.push('&');
        }
        body.push_str(name);
        body.push('=');
        for byte in value.bytes() {
            match byte {
                b' ' => body.push('+'),
                plain if plain.is_ascii_alphanumeric() || b"-._~".contains(&plain) => {
                    body.push(char::from(plain))
                }
                other => {
                    let _ = write!(body, "%{other:02X}");
                }
            }
        }
    }
    body
}
