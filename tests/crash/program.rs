//! The real program in a folder of its own, started and killed as a machine without power would.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use rechtzeitig::seal::MasterKeys;
use tempfile::TempDir;

/// What the program is run with.
pub struct Program {
    folder: TempDir,
    pub port: u16,
    running: Option<Child>,
}

impl Program {
    /// A fresh installation with one controller, whose mail goes to this port.
    pub fn installed(mail: u16) -> Program {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind(("127.0.0.1", 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        std::fs::create_dir(folder.path().join("keys")).unwrap();
        std::fs::write(
            folder.path().join("keys/master.key"),
            MasterKeys::generate_file_text().as_bytes(),
        )
        .unwrap();
        std::fs::write(
            folder.path().join("rechtzeitig.toml"),
            format!(
                r#"
[server]
listen = "127.0.0.1:{port}"
trusted_proxies = ["127.0.0.1"]
[mail]
host = "127.0.0.1"
port = {mail}
security = "none"
[[controller]]
slug = "kontor"
name = "Kontor Nordlicht GmbH"
address = ["Hafenweg 1", "20000 Hamburg"]
email = "datenschutz@kontor.example"
public_url = "http://127.0.0.1:{port}"
place = "DE-HH"
fallback_email = "team@kontor.example"
[controller.authority]
name = "Aufsicht"
address = ["Amtsweg 1", "20000 Hamburg"]
web = "https://aufsicht.example"
"#
            ),
        )
        .unwrap();
        Program {
            folder,
            port,
            running: None,
        }
    }

    /// Connects systems; `{folder}` in the text is where it lies.
    pub fn connects(&self, sources: &str) {
        let folder = self.folder.path().display().to_string();
        let mut config = std::fs::read_to_string(self.config()).unwrap();
        config.push_str(&sources.replace("{folder}", &folder));
        std::fs::write(self.config(), config).unwrap();
    }

    /// Its configuration.
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("rechtzeitig.toml")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn spawn(&mut self) -> &mut Child {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_rechtzeitig"))
            .args(["serve", "--config"])
            .arg(self.config())
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        self.running.insert(child)
    }

    /// Starts it, and comes back when it says that its doors are open.
    pub fn start(&mut self) {
        let said = self.spawn().stdout.take().unwrap();
        let mut lines = BufReader::new(said).lines();
        let open = lines.any(|line| line.is_ok_and(|line| line.starts_with("listening on ")));
        assert!(open, "the program ended at its start: {}", self.log());
        // Whatever it says later must not stop it at a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
    }

    /// Starts it, and waits for nothing.
    pub fn start_blindly(&mut self) {
        let said = self.spawn().stdout.take().unwrap();
        std::thread::spawn(move || BufReader::new(said).lines().for_each(drop));
    }

    /// SIGKILL: no farewell, nothing is tidied up.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.running.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// A verb of the same binary on the same folder; its exit must be good.
    pub fn verb(&self, words: &[&str]) -> String {
        let done = Command::new(env!("CARGO_BIN_EXE_rechtzeitig"))
            .args(words)
            .arg("--config")
            .arg(self.config())
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        );
        assert!(done.status.success(), "{words:?}: {text}");
        text
    }

    /// The end of what it wrote to its log.
    pub fn log(&self) -> String {
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        log.lines().rev().take(20).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}
