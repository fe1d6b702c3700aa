//! Asks clamd, the daemon of ClamAV, whether a file does harm: over its socket, with limits of time, believing only what
//! it plainly says.

mod answer;
mod settings;

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use crate::ports::Defect;
use crate::ports::scanner::{Pieces, Scanner, Seen, Unseen};
pub use settings::{Address, Settings, SettingsError, WhenAway};

/// A line to the daemon must stand in this time.
const CONNECT: Duration = Duration::from_secs(5);
/// Whether somebody is there at all is known sooner.
const GREETING: Duration = Duration::from_secs(2);
/// Bytes of an answer; what is longer is none.
const ANSWER: u64 = 4096;
/// Bytes that are sent at once.
const CHUNK: usize = 64 * 1024;

/// A clamd.
#[derive(Debug, Clone)]
pub struct Clamd {
    address: Address,
    patience: Duration,
}

/// Both kinds of sockets.
trait Line: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Line for T {}

impl Clamd {
    /// The daemon of these settings.
    ///
    /// # Errors
    /// [`SettingsError`], if the address is none.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        Ok(Self {
            address: settings.address()?,
            patience: settings.patience()?,
        })
    }

    async fn line(&self) -> Result<Box<dyn Line>, Unseen> {
        let opened = async {
            let line: Box<dyn Line> = match &self.address {
                Address::Socket(path) => Box::new(UnixStream::connect(path).await?),
                Address::Tcp(place) => Box::new(TcpStream::connect(place).await?),
            };
            Ok(line)
        };
        match timeout(CONNECT.min(self.patience), opened).await {
            Ok(Ok(line)) => Ok(line),
            Ok(Err(error)) => {
                let error: std::io::Error = error;
                Err(Unseen::Away(error.to_string()))
            }
            Err(_) => Err(Unseen::Away("no line in time".to_owned())),
        }
    }

    async fn ask(&self, pieces: Pieces<'_>) -> Result<Seen, Unseen> {
        let mut line = self.line().await?;
        let told = tell(&mut line, pieces).await;
        if told == Err(Told::Unreadable) {
            return Err(Unseen::Unreadable);
        }
        // It may have hung up because it has said already what it had to say: that the file is too large.
        let said = hear(&mut line).await;
        match (told, said) {
            (_, Ok(said)) if !said.is_empty() => answer::read(&said),
            (Err(Told::Broken(why)), _) => Err(Unseen::Away(why)),
            (_, Err(error)) => Err(Unseen::Away(error.to_string())),
            (_, Ok(_)) => Err(Unseen::Away("it hung up without an answer".to_owned())),
        }
    }

    async fn greeted(&self) -> Result<(), Unseen> {
        let mut line = self.line().await?;
        let away = |error: std::io::Error| Unseen::Away(error.to_string());
        line.write_all(b"zPING\0").await.map_err(away)?;
        line.flush().await.map_err(away)?;
        match hear(&mut line).await.map_err(away)?.as_slice() {
            b"PONG" => Ok(()),
            other => Err(Unseen::Unclear(answer::shown(other))),
        }
    }
}

#[derive(PartialEq, Eq)]
enum Told {
    /// The file cannot be read.
    Unreadable,
    /// The daemon hung up.
    Broken(String),
}

/// `INSTREAM`: pieces with their lengths before them, and a length of nothing at the end.
async fn tell(line: &mut Box<dyn Line>, mut pieces: Pieces<'_>) -> Result<(), Told> {
    let broken = |error: std::io::Error| Told::Broken(error.to_string());
    line.write_all(b"zINSTREAM\0").await.map_err(broken)?;
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Told::Unreadable)?;
        for chunk in piece.chunks(CHUNK) {
            let length = u32::try_from(chunk.len()).unwrap_or(0);
            line.write_all(&length.to_be_bytes())
                .await
                .map_err(broken)?;
            line.write_all(chunk).await.map_err(broken)?;
        }
    }
    line.write_all(&[0; 4]).await.map_err(broken)?;
    line.flush().await.map_err(broken)
}

/// What it says, up to the zero byte that ends it.
async fn hear(line: &mut Box<dyn Line>) -> std::io::Result<Vec<u8>> {
    let mut said = Vec::new();
    let mut limited = line.take(ANSWER);
    let mut piece = [0; 512];
    loop {
        let read = match limited.read(&mut piece).await {
            Ok(read) => read,
            // Cut off behind the answer.
            Err(_) if !said.is_empty() => 0,
            Err(error) => return Err(error),
        };
        let piece = piece.get(..read).unwrap_or_default();
        if let Some(end) = piece.iter().position(|byte| *byte == 0) {
            said.extend_from_slice(piece.get(..end).unwrap_or_default());
            return Ok(said);
        }
        if read == 0 {
            return Ok(said);
        }
        said.extend_from_slice(piece);
    }
}

impl Scanner for Clamd {
    fn look<'a>(&'a self, pieces: Pieces<'a>) -> BoxFuture<'a, Result<Seen, Unseen>> {
        Box::pin(async move {
            timeout(self.patience, self.ask(pieces))
                .await
                .unwrap_or(Err(Unseen::Slow))
        })
    }

    fn is_there(&self) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            let greeted = timeout(GREETING.min(self.patience), self.greeted()).await;
            matches!(greeted, Ok(Ok(())))
        })
    }

    fn check(&self) -> BoxFuture<'_, Result<(), Defect>> {
        Box::pin(async move {
            let away = |why: Unseen| Defect {
                code: "scanner-away",
                what: why.to_string(),
                remedy: "is clamd running, and may this account write to its socket?",
            };
            match timeout(self.patience, self.greeted()).await {
                Ok(greeted) => greeted.map_err(away)?,
                Err(_) => return Err(away(Unseen::Slow)),
            }
            let known = stream::iter([Ok(answer::test_pattern())]);
            match self.look(Box::pin(known)).await.map_err(away)? {
                Seen::Malware(_) => Ok(()),
                Seen::Nothing => Err(Defect {
                    code: "scanner-blind",
                    what: "it did not know the pattern that every scanner knows (EICAR)".to_owned(),
                    remedy: "has it signatures? freshclam fetches them",
                }),
            }
        })
    }
}

#[cfg(test)]
mod tests;
