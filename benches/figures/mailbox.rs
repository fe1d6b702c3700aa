//! A mailbox with years in it, read for the first time: how many messages a second reach safe keeping, and how much
//! memory that takes. The mail server is a real Dovecot on the same cores.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rechtzeitig::domain::incoming::IncomingState;
use rechtzeitig::domain::scope::Scope;

use crate::Failure;
use crate::equipment::{install, office};
use crate::start::memory;
use crate::table::Table;

/// So many of these are very large.
const LARGE: u64 = 20;
/// Bytes of a very large one.
const LARGE_BYTES: usize = 25_000_000;
/// Bytes of the others, in turn: 40 kB in the mean.
const BYTES: [usize; 8] = [4_000, 6_000, 8_000, 12_000, 20_000, 40_000, 80_000, 150_000];
/// What they say, in turn.
const WORDS: [&str; 5] = [
    "Guten Tag,\r\n\r\nanbei unsere Rechnung ueber 59,50 Euro. Bitte ueberweisen Sie bis Monatsende.",
    "Hallo zusammen,\r\n\r\ndie Besprechung am Donnerstag faellt aus. Neuer Termin folgt.",
    "Unsere Neuigkeiten im Maerz: Leuchten zum halben Preis, solange der Vorrat reicht.",
    "Guten Tag,\r\n\r\nwann kommt meine Bestellung an? Die Nummer steht auf der Rechnung.",
    "Sehr geehrte Damen und Herren,\r\n\r\nich bewerbe mich um die Stelle in Ihrem Lager.",
];
/// What one in a hundred says.
const REQUEST: &str = "Guten Tag,\r\n\r\nbitte teilen Sie mir mit, welche Daten Sie ueber mich gespeichert haben (Art. 15 DSGVO).";
/// One message in so many asks for something.
const ASKS: u64 = 100;
/// Reading that has come no further for so long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// A Dovecot of our own in a folder.
struct Dovecot {
    folder: PathBuf,
    port: u16,
}

impl Dovecot {
    /// None, where it is not installed or may not be started.
    fn start(folder: &Path) -> Result<Option<Dovecot>, Failure> {
        fs::create_dir_all(folder)?;
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])?;
        fs::write(folder.join("cert.pem"), made.cert.pem())?;
        fs::write(folder.join("key.pem"), made.signing_key.serialize_pem())?;
        fs::write(folder.join("token.key"), [7; 32])?;
        let (clear, tls) = (
            TcpListener::bind("127.0.0.1:0")?,
            TcpListener::bind("127.0.0.1:0")?,
        );
        let (port, tls_port) = (clear.local_addr()?.port(), tls.local_addr()?.port());
        drop((clear, tls));
        let dovecot = Dovecot {
            folder: folder.to_owned(),
            port,
        };
        let started = dovecot.script(&["start", &port.to_string(), &tls_port.to_string()])?;
        Ok(started.then_some(dovecot))
    }

    fn script(&self, words: &[&str]) -> Result<bool, Failure> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/dovecot.sh");
        let mut command = Command::new("bash");
        command.arg(script).args(words).arg(&self.folder);
        Ok(command.stderr(Stdio::null()).status()?.success())
    }

    /// Lays messages into the mailbox, as a delivering server does.
    fn fill(&self, user: &str, count: u64) -> Result<(), Failure> {
        let root = self.folder.join("mail").join(user);
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(root.join(part))?;
        }
        let noise: Vec<u8> = (0..=250).cycle().step_by(31).take(LARGE_BYTES).collect();
        let wide = STANDARD.encode(noise);
        let in_turn = BYTES.into_iter().cycle().zip(WORDS.into_iter().cycle());
        for (at, (bytes, words)) in (0..count).zip(in_turn) {
            let large = at % (count / LARGE).max(1) == 7;
            let bytes = if large { LARGE_BYTES } else { bytes };
            let words = if at % ASKS == 0 { REQUEST } else { words };
            let file = root.join("new").join(format!("{at:08}.bench.localhost"));
            fs::write(file, message(at, words, &wide, bytes))?;
        }
        let owned = Command::new("chown")
            .arg("-R")
            .arg("mail:mail")
            .arg(root)
            .status()?;
        match owned.success() {
            true => Ok(()),
            false => Err("the mailbox cannot be given to Dovecot".into()),
        }
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        drop(self.script(&["stop"]));
    }
}

fn message(at: u64, words: &str, wide: &str, bytes: usize) -> String {
    let mut text = format!(
        "Received: from mx.post.example by mail.kontor.example for <datenschutz@kontor.example>; Mon, 2 Mar 2026 08:00:00 +0100\r\n\
         From: Person {at} <person{at}@post.example>\r\nTo: datenschutz@kontor.example\r\nSubject: Nachricht {at}\r\n\
         Message-ID: <{at}@post.example>\r\nDate: Mon, 2 Mar 2026 08:00:00 +0100\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"B\"\r\n\r\n--B\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n\r\n\
         Person {at}\r\n--B\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"bild.jpg\"\r\n\r\n"
    );
    let mut rest = wide;
    while text.len() + 78 < bytes {
        let (line, more) = rest.split_at(76.min(rest.len()));
        text.push_str(line);
        text.push_str("\r\n");
        rest = more;
    }
    text.push_str("--B--\r\n");
    text
}

/// The server, ended when it is let go.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Fills a mailbox, starts the program on it and waits until all of it is kept and laid down.
pub fn measure(table: &mut Table, folder: &Path, count: u64) -> Result<(), Failure> {
    let folder = folder.join("mailbox");
    let Some(dovecot) = Dovecot::start(&folder.join("dovecot"))? else {
        println!("left out: the mailbox, for want of a Dovecot 2.3 that may be started here");
        return Ok(());
    };
    dovecot.fill("bench", count)?;
    let home = folder.join("office");
    install(&home)?;
    let config = home.join("rechtzeitig.toml");
    let more = format!(
        "\n[[controller.mailbox]]\nname = \"bench\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nuser = \"bench\"\npassword_file = \"keys/imap\"\n",
        dovecot.port
    );
    fs::write(home.join("keys/imap"), "geheim")?;
    fs::write(&config, fs::read_to_string(&config)? + &more)?;

    let begun = Instant::now();
    let server = Server(
        Command::new(env!("CARGO_BIN_EXE_rechtzeitig"))
            .arg("--config")
            .arg(&config)
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?,
    );
    let (kept, laid, most) = crate::here(watch(&home, server.0.id(), count, begun))?;
    drop(server);
    drop(dovecot);
    table.at_least(
        "mailbox: messages kept a second, 40 kB in the mean, twenty of 25 MB",
        300.0,
        count as f64 / kept.as_secs_f64(),
        "/s",
    );
    table.note(
        "  until all were read and laid where they belong",
        count as f64 / laid.as_secs_f64(),
        "/s",
    );
    table.below("  the most memory meanwhile (VmRSS)", 150.0, most, " MB");
    Ok(())
}

/// Looks at the store from beside until all is kept, and then until all is laid down.
async fn watch(
    home: &Path,
    process: u32,
    count: u64,
    begun: Instant,
) -> Result<(Duration, Duration, f64), Failure> {
    // It opens the store that the server has just made.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (office, _) = office(home).await?;
    let controller = office.first_house().ok_or("no controller")?.controller.id;
    let scope = Scope::of_house(controller);
    let (mut kept, mut most, mut before) = (None, 0.0_f64, (0, Instant::now()));
    loop {
        most = most.max(memory(process)?);
        let stand = office.mail_stand(controller, "bench").await?;
        if stand.next != before.0 {
            before = (stand.next, Instant::now());
        }
        if kept.is_none() && u64::from(stand.next) > count {
            kept = Some(begun.elapsed());
            before.1 = Instant::now();
        }
        let waiting = office.mails(&scope, IncomingState::New, 1).await?;
        if let Some(kept) = kept.filter(|_| waiting.is_empty()) {
            return Ok((kept, begun.elapsed(), most));
        }
        if before.1.elapsed() > PATIENCE && kept.is_none() {
            return Err("the mailbox is not read any further".into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
