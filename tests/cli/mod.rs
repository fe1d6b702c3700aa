//! The program as an operator starts it: the real binary, in folders and on ports of its own.

mod advertising;
mod demo;
mod first_day;
mod keys;
mod letters;
mod log;
mod source;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Longer than this nothing here takes, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program in this folder, without what the environment of the tests may say to it.
pub fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rechtzeitig"));
    command
        .current_dir(folder)
        .args(words)
        .env_remove("RUST_BACKTRACE");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("RECHTZEITIG__")) {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end.
pub fn run(folder: &Path, words: &[&str]) -> Output {
    command(folder, words).output().unwrap()
}

/// Runs it to its end, which must be a good one; gives back what it said.
pub fn well(folder: &Path, words: &[&str]) -> String {
    let output = run(folder, words);
    assert!(
        output.status.success(),
        "{words:?}: {}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An address that nobody listens on.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

/// A running program; killed if a test ends before it is told to stop.
pub struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    /// What it says up to the line that holds this.
    pub fn says(&mut self, wanted: &str) -> String {
        let mut said = String::new();
        while !said.contains(wanted) {
            let read = self.out.read_line(&mut said).unwrap();
            assert!(read > 0, "ended without saying {wanted:?}: {said}");
        }
        said
    }

    /// SIGTERM, as a supervisor sends it; it must end well and in time.
    pub fn stop(mut self) {
        let told = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(told.success());
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return;
            }
            assert!(Instant::now() < until, "did not stop");
            // A process tells its end to nobody but who asks.
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The status with which a page answers; tries until somebody listens.
pub fn status(address: SocketAddr, page: &str) -> u16 {
    let until = Instant::now() + PATIENCE;
    let mut line = loop {
        match TcpStream::connect(address) {
            Ok(line) => break line,
            Err(error) => assert!(Instant::now() < until, "{address}: {error}"),
        }
        // A port tells nobody that it opens; one can only knock.
        std::thread::sleep(Duration::from_millis(10));
    };
    write!(
        line,
        "GET {page} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).unwrap();
    text(&answer).split(' ').nth(1).unwrap().parse().unwrap()
}
