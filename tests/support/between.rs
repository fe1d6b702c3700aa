//! Somebody between the program and a server: hangs up when told to, changes words, and remembers what was said.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
    time::timeout,
};

/// Passes bytes on between those who connect to it and a server on this machine. Ends when it is dropped.
pub struct Between {
    port: u16,
    board: Arc<Board>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Board {
    state: Mutex<State>,
    bell: Notify,
}

#[derive(Default)]
struct State {
    lines: usize,
    said: String,
    cut_after: Option<usize>,
    cut_at: Option<&'static str>,
    changes: Vec<(&'static str, &'static str)>,
}

impl Board {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Between {
    /// Before the server on this port.
    pub async fn before(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let board = Arc::new(Board::default());
        let kept = board.clone();
        let task = tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                kept.state().lines += 1;
                tokio::spawn(pass_on(client, port, kept.clone()));
            }
        });
        Self {
            port: own,
            board,
            task,
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Each line that is opened from now on breaks when so many bytes have come from the server.
    pub fn cut_after(&self, bytes: Option<usize>) {
        self.board.state().cut_after = bytes;
    }

    /// Each line breaks when the server says this word.
    pub fn cut_at(&self, word: &'static str) {
        self.board.state().cut_at = Some(word);
    }

    /// What the server says reads so from now on; both words have the same length.
    pub fn change(&self, word: &'static str, other: &'static str) {
        assert_eq!(word.len(), other.len());
        self.board.state().changes.push((word, other));
    }

    /// How many lines were opened.
    pub fn lines(&self) -> usize {
        self.board.state().lines
    }

    /// Whether the program has said this.
    pub fn heard(&self, word: &str) -> bool {
        self.board.state().said.contains(word)
    }

    /// Waits until the program has said this.
    pub async fn wait_for(&self, word: &str) {
        let said = async {
            loop {
                // Registered before looking, so that no word falls between look and wait.
                let bell = self.board.bell.notified();
                if self.heard(word) {
                    return;
                }
                bell.await;
            }
        };
        let waited = timeout(Duration::from_secs(30), said).await;
        assert!(waited.is_ok(), "{word} was never said");
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass_on(client: TcpStream, port: u16, board: Arc<Board>) -> Option<()> {
    let server = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .await
        .ok()?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let cut_after = board.state().cut_after;
    let kept = board.clone();
    let there = async move {
        let mut bytes = [0; 4096];
        loop {
            let read = from_client.read(&mut bytes).await.ok()?;
            if read == 0 {
                return None::<()>;
            }
            kept.state()
                .said
                .push_str(&String::from_utf8_lossy(&bytes[..read]));
            kept.bell.notify_waiters();
            to_server.write_all(&bytes[..read]).await.ok()?;
        }
    };
    let back = async move {
        let mut bytes = vec![0; 16 * 1024];
        let mut passed = 0;
        loop {
            let read = from_server.read(&mut bytes).await.ok()?;
            if read == 0 {
                return None::<()>;
            }
            let mut told = bytes[..read].to_vec();
            for (word, other) in &board.state().changes {
                while let Some(at) = told.windows(word.len()).position(|w| w == word.as_bytes()) {
                    told[at..at + word.len()].copy_from_slice(other.as_bytes());
                }
            }
            let cut_at = board.state().cut_at;
            if cut_at.is_some_and(|word| told.windows(word.len()).any(|w| w == word.as_bytes())) {
                return None;
            }
            let left = cut_after.map_or(read, |cut| read.min(cut - passed));
            to_client.write_all(&told[..left]).await.ok()?;
            passed += left;
            if cut_after == Some(passed) {
                return None;
            }
        }
    };
    // Whichever side ends takes the other with it.
    tokio::select! {
        _ = there => None,
        _ = back => None,
    }
}
