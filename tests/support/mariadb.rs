//! A real MariaDB on a socket in a temporary folder, as another user where the tests run as root. Tests that run at the
//! same time share it; each has a database of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{leave_out, program};

fn named(names: [&str; 2]) -> Option<PathBuf> {
    names.iter().find_map(|name| {
        program(name).or_else(|| {
            let usual = Path::new("/usr/sbin").join(name);
            usual.is_file().then_some(usual)
        })
    })
}

fn server() -> Option<PathBuf> {
    named(["mariadbd", "mysqld"])
}

fn installer() -> Option<PathBuf> {
    named(["mariadb-install-db", "mysql_install_db"])
}

/// Whether a MariaDB can be started here.
pub fn available() -> bool {
    let there = server().is_some() && installer().is_some();
    if !there {
        leave_out("MariaDB (mariadb-server)");
    }
    there
}

/// Stopped when the last test lets it go.
pub struct MariaDb {
    folder: TempDir,
    process: Child,
}

impl MariaDb {
    /// The server that runs already, or a new one.
    ///
    /// # Panics
    /// If it does not start; ask [`available`] first.
    pub fn shared() -> Arc<MariaDb> {
        static RUNNING: Mutex<Weak<MariaDb>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let started = Arc::new(MariaDb::start());
            *running = Arc::downgrade(&started);
            started
        })
    }

    fn start() -> MariaDb {
        let folder = TempDir::new().expect("a folder for the server");
        let data = folder.path().join("data");
        std::fs::create_dir(&data).expect("a folder for its data");
        // It refuses to run as root, and its own user must be able to walk in.
        let root = is_root();
        if root {
            std::os::unix::fs::chown(folder.path(), Some(user_id("mysql")), None)
                .expect("the folder is its user's");
            std::os::unix::fs::chown(&data, Some(user_id("mysql")), None)
                .expect("the folder is its user's");
        }
        let as_user = |command: &mut Command| {
            if root {
                command.arg("--user=mysql");
            }
        };
        let mut install = Command::new(installer().expect("mariadb-install-db"));
        install
            .args([
                "--no-defaults",
                "--skip-test-db",
                "--auth-root-authentication-method=normal",
            ])
            .arg(format!("--datadir={}", data.display()));
        as_user(&mut install);
        let installed = install.output().expect("mariadb-install-db starts");
        assert!(
            installed.status.success(),
            "mariadb-install-db: {}",
            String::from_utf8_lossy(&installed.stderr)
        );
        let mut command = Command::new(server().expect("mariadbd"));
        command
            .args([
                "--no-defaults",
                "--skip-networking",
                "--innodb-flush-log-at-trx-commit=0",
            ])
            .args(["--innodb-buffer-pool-size=64M", "--max-connections=100"])
            .arg(format!("--datadir={}", data.display()))
            .arg(format!(
                "--socket={}",
                folder.path().join("socket").display()
            ))
            .arg(format!(
                "--pid-file={}",
                folder.path().join("pid").display()
            ))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.path().join("log")).expect("its log"));
        as_user(&mut command);
        let mut process = command.spawn().expect("mariadbd starts");
        let begun = Instant::now();
        let socket = folder.path().join("socket");
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            let log = || std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            let ended = process.try_wait().expect("its state");
            assert!(ended.is_none(), "mariadbd ended at once: {}", log());
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "mariadbd does not listen: {}",
                log()
            );
            // A socket tells nobody that it opens; one can only knock.
            std::thread::sleep(Duration::from_millis(20));
        }
        MariaDb { folder, process }
    }

    /// Where it listens.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// A name for a database that no other test uses.
    pub fn database_name() -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        format!("shop_{}", COUNT.fetch_add(1, Ordering::Relaxed))
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn is_root() -> bool {
    user_id_of("id", &["-u"]) == Some(0)
}

fn user_id(name: &str) -> u32 {
    user_id_of("id", &["-u", name]).expect("the user of the server")
}

fn user_id_of(program: &str, arguments: &[&str]) -> Option<u32> {
    let told = Command::new(program).args(arguments).output().ok()?;
    String::from_utf8_lossy(&told.stdout).trim().parse().ok()
}
