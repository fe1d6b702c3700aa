//! An IMAP server that plays those which cannot be had here: Gmail, the bridge of Proton, and some that are ill.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How it misbehaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quirk {
    #[default]
    None,
    /// Deleting outside of the bin only takes off a label.
    LabelsOnly,
    /// `OR` is BAD.
    NoOr,
    /// No letters beyond ASCII.
    AsciiOnly,
    /// Every search brings everything.
    FindsAll,
    /// STORE says yes and does nothing.
    StoreLies,
    /// A search is refused, in an empty folder too.
    NoSearch,
    /// Answers a search with a line that never ends.
    Endless,
    /// Answers a search with what is no IMAP.
    Garbage,
    /// Says nothing to a search.
    Hangs,
    /// Hangs up before it takes away what was moved.
    BreaksAfterMove,
    /// Gives a message in smaller pieces than it is asked for.
    SmallPieces,
}

#[derive(Clone)]
pub struct Mail {
    pub uid: u32,
    pub raw: Vec<u8>,
    pub number: u64,
    pub labels: &'static str,
    deleted: bool,
}

pub struct Folder {
    pub name: &'static str,
    pub flags: &'static str,
    pub mails: Vec<Mail>,
    next: u32,
}

#[derive(Default)]
pub struct State {
    pub quirk: Quirk,
    pub offers: String,
    pub folders: Vec<Folder>,
    pub said: Vec<String>,
}

impl State {
    pub fn folder(&mut self, name: &str) -> &mut Folder {
        self.folders.iter_mut().find(|it| it.name == name).unwrap()
    }
}

impl Folder {
    pub fn put(&mut self, raw: &[u8], number: u64, labels: &'static str) {
        self.mails.push(Mail {
            uid: self.next,
            raw: raw.to_vec(),
            number,
            labels,
            deleted: false,
        });
        self.next += 1;
    }
}

pub struct Server {
    pub port: u16,
    state: Arc<Mutex<State>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub async fn open(offers: &str, folders: &[(&'static str, &'static str)]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let folders = folders.iter().map(|&(name, flags)| Folder {
            name,
            flags,
            mails: Vec::new(),
            next: 1,
        });
        let state = State {
            offers: offers.into(),
            folders: folders.collect(),
            ..State::default()
        };
        let state = Arc::new(Mutex::new(state));
        let kept = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = kept.clone();
                tokio::spawn(async move { talk(stream, &state).await });
            }
        });
        Server { port, state, task }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn heard(&self, words: &str) -> bool {
        self.state().said.iter().any(|it| it.contains(words))
    }
}

async fn talk(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut line = BufReader::new(stream);
    line.write_all(b"* OK ready\r\n").await?;
    let mut open = None::<String>;
    loop {
        let mut said = String::new();
        if line.read_line(&mut said).await? == 0 {
            return Ok(());
        }
        while let Some(bytes) = said
            .trim_end()
            .strip_suffix("+}")
            .and_then(|it| it.rsplit_once('{'))
            .map(|it| it.1)
        {
            let mut literal = vec![0; bytes.parse().unwrap()];
            line.read_exact(&mut literal).await?;
            said.truncate(said.rfind('{').unwrap());
            said.push_str(&format!("\"{}\"", String::from_utf8_lossy(&literal)));
            line.read_line(&mut said).await?;
        }
        let said = said.trim_end().to_owned();
        let (tag, command) = said.split_once(' ').unwrap_or((&said, ""));
        if command.starts_with("AUTHENTICATE") {
            line.write_all(b"+ \r\n").await?;
            line.read_line(&mut String::new()).await?;
        }
        let quirk = {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.said.push(command.to_owned());
            state.quirk
        };
        if command.starts_with("UID SEARCH") {
            match quirk {
                Quirk::Hangs => std::future::pending().await,
                Quirk::Garbage => line.write_all(b"<html>no</html>\r\n").await?,
                Quirk::Endless => {
                    line.write_all(b"* SEARCH").await?;
                    while line.write_all(" 1".repeat(30_000).as_bytes()).await.is_ok() {}
                    return Ok(());
                }
                _ => {}
            }
        }
        let takes_away = command.starts_with("UID STORE") || command.starts_with("DELETE");
        if quirk == Quirk::BreaksAfterMove && takes_away {
            return Ok(());
        }
        let answer = {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            answer(&mut state, command, &mut open)
        };
        let (told, end) = answer;
        line.write_all(&told).await?;
        line.write_all(format!("{tag} {end}\r\n").as_bytes())
            .await?;
    }
}

fn quoted(text: &str) -> Vec<String> {
    text.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_lowercase)
        .collect()
}

fn answer(state: &mut State, command: &str, open: &mut Option<String>) -> (Vec<u8>, &'static str) {
    let mut told = Vec::new();
    let mut say = |text: String| told.extend(format!("* {text}\r\n").into_bytes());
    let quirk = state.quirk;
    let upper = command.to_uppercase();
    if upper == "CAPABILITY" {
        say(format!("CAPABILITY IMAP4rev1 AUTH=PLAIN {}", state.offers));
    } else if upper.starts_with("LIST") {
        for folder in &state.folders {
            say(format!("LIST ({}) \"/\" \"{}\"", folder.flags, folder.name));
        }
    } else if upper.starts_with("SELECT") || upper.starts_with("EXAMINE") {
        let name = command
            .split_once('"')
            .unwrap()
            .1
            .trim_end_matches('"')
            .to_owned();
        let Some(folder) = state.folders.iter().find(|it| it.name == name) else {
            return (told, "NO [NONEXISTENT] no such folder");
        };
        say(format!("{} EXISTS", folder.mails.len()));
        say("OK [UIDVALIDITY 7] valid".into());
        say(format!("OK [UIDNEXT {}] next", folder.next));
        *open = Some(name);
        return (
            told,
            if upper.starts_with("SELECT") {
                "OK [READ-WRITE] open"
            } else {
                "OK [READ-ONLY] open"
            },
        );
    } else if upper.starts_with("CREATE") || upper.starts_with("DELETE") {
        let name = command.split_once('"').unwrap().1.trim_end_matches('"');
        match state.folders.iter().position(|it| it.name == name) {
            Some(at) if upper.starts_with("DELETE") => drop(state.folders.remove(at)),
            Some(_) => return (told, "NO [ALREADYEXISTS] there"),
            None if upper.starts_with("DELETE") => {
                return (told, "NO [NONEXISTENT] no such folder");
            }
            None => state.folders.push(Folder {
                name: Box::leak(name.to_owned().into_boxed_str()),
                flags: "",
                mails: Vec::new(),
                next: 1,
            }),
        }
    } else if upper.starts_with("UID") {
        let name = open.clone().unwrap();
        return on_messages(state, &name, command, told);
    }
    let _ = quirk;
    (told, "OK done")
}

fn on_messages(
    state: &mut State,
    open: &str,
    command: &str,
    mut told: Vec<u8>,
) -> (Vec<u8>, &'static str) {
    let quirk = state.quirk;
    let words: Vec<&str> = command.split(' ').collect();
    let set = |uid: u32| {
        words[2].split(',').any(|run| {
            let (from, to) = run.split_once(':').unwrap_or((run, run));
            (from.parse().unwrap()..=to.parse().unwrap_or(u32::MAX)).contains(&uid)
        })
    };
    match words[1] {
        "SEARCH" => {
            if quirk == Quirk::NoSearch {
                return (told, "NO no search");
            }
            if quirk == Quirk::NoOr && words.contains(&"OR") {
                return (told, "BAD what is OR");
            }
            if quirk == Quirk::AsciiOnly && words.contains(&"CHARSET") {
                return (told, "NO [BADCHARSET (US-ASCII)] no");
            }
            let wanted = quoted(command);
            let size = words
                .iter()
                .position(|it| *it == "SMALLER")
                .map(|at| words[at + 1].parse::<usize>().unwrap());
            told.extend(b"* SEARCH");
            for mail in &state.folder(open).mails {
                let text = String::from_utf8_lossy(&mail.raw).to_lowercase();
                let fits = match size {
                    Some(size) => mail.raw.len() + 1 == size,
                    None => wanted.iter().any(|it| {
                        // What Gmail is asked in its own words.
                        let inner = it.trim_matches(['{', '}']).split(' ').next().unwrap();
                        text.contains(inner.trim_start_matches("from:"))
                    }),
                };
                if fits || quirk == Quirk::FindsAll {
                    told.extend(format!(" {}", mail.uid).into_bytes());
                }
            }
            told.extend(b"\r\n");
        }
        "FETCH" => {
            for (number, mail) in state
                .folder(open)
                .mails
                .iter()
                .enumerate()
                .filter(|(_, it)| set(it.uid))
            {
                let mut body = mail.raw.clone();
                let mut origin = 0;
                if command.contains("HEADER") {
                    let end = body
                        .windows(4)
                        .position(|it| it == b"\r\n\r\n")
                        .map_or(body.len(), |at| at + 4);
                    body.truncate(end);
                } else if let Some((_, piece)) = command.split_once("[]<") {
                    let (from, most) = piece.trim_end_matches(">)").split_once('.').unwrap();
                    origin = from.parse().unwrap();
                    let most: usize = most.parse().unwrap();
                    let most = if quirk == Quirk::SmallPieces {
                        most.min(100)
                    } else {
                        most
                    };
                    body = body.into_iter().skip(origin).take(most).collect();
                }
                let flags = if mail.deleted { "\\Deleted" } else { "" };
                let section = if command.contains("HEADER") {
                    "HEADER"
                } else {
                    ""
                };
                let mut items = format!(
                    "UID {} FLAGS ({flags}) INTERNALDATE \"02-Mar-2026 08:00:00 +0100\" RFC822.SIZE {}",
                    mail.uid,
                    mail.raw.len()
                );
                if command.contains("X-GM") {
                    items.push_str(&format!(
                        " X-GM-MSGID {} X-GM-LABELS ({})",
                        mail.number, mail.labels
                    ));
                }
                told.extend(format!("* {} FETCH ({items}", number + 1).into_bytes());
                if command.contains("BODY") {
                    told.extend(
                        format!(" BODY[{section}]<{origin}> {{{}}}\r\n", body.len()).into_bytes(),
                    );
                    told.extend(body);
                }
                told.extend(b")\r\n");
            }
        }
        "STORE" if quirk != Quirk::StoreLies => {
            for mail in state.folder(open).mails.iter_mut().filter(|it| set(it.uid)) {
                mail.deleted = true;
            }
        }
        "EXPUNGE"
            if quirk != Quirk::LabelsOnly
                || open.contains("Trash")
                || open.contains("Papierkorb") =>
        {
            state
                .folder(open)
                .mails
                .retain(|it| !(set(it.uid) && it.deleted));
        }
        "MOVE" => {
            let to = command
                .split_once('"')
                .unwrap()
                .1
                .trim_end_matches('"')
                .to_owned();
            if !state.folders.iter().any(|it| it.name == to) {
                return (told, "NO [TRYCREATE] no such folder");
            }
            let (moved, kept) = state
                .folder(open)
                .mails
                .clone()
                .into_iter()
                .partition(|it| set(it.uid));
            let moved: Vec<Mail> = moved;
            state.folder(open).mails = kept;
            for mail in moved {
                // With labels a message is one, and in the bin it is nowhere else.
                for folder in state
                    .folders
                    .iter_mut()
                    .filter(|_| quirk == Quirk::LabelsOnly)
                {
                    folder.mails.retain(|it| it.number != mail.number);
                }
                state.folder(&to).put(&mail.raw, mail.number, mail.labels);
            }
        }
        _ => {}
    }
    (told, "OK done")
}
