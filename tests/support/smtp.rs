//! A real mail server on loopback: takes letters, counts and keeps them, and misbehaves on request.
//!
//! It runs on a thread of its own, so that plain tests, async tests and tests that kill the sender's
//! process can all use it.

use std::{
    collections::VecDeque,
    net::{Ipv4Addr, TcpListener as StdListener},
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread::JoinHandle,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    sync::{Notify, oneshot},
    time::{sleep, timeout},
};

use super::authority::Authority;

/// How long a test waits for letters before it says that they did not come.
const LONGEST: Duration = Duration::from_secs(30);
const SIZE: usize = 30 * 1024 * 1024;

/// What the server does with a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Takes it.
    Accept,
    /// 450 at the recipient: greylisting.
    NotNow,
    /// 550 at the recipient, with address and name in the reply, as servers do.
    NotAtAll,
    /// 550 at the sender.
    NotYou,
    /// Reads the whole letter, keeps nothing, and hangs up without a word.
    HangUp,
    /// Reads the whole letter, **keeps it**, and hangs up before it says so.
    LoseTheReply,
    /// Waits this long before each reply of the letter.
    Slow(Duration),
    /// Closes each new line before a greeting. Lines that stand stay.
    Away,
    /// Slips one more reply in behind the go-ahead for STARTTLS, as somebody in between would.
    Inject,
}

/// How the server is reached.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// How lines begin.
    pub door: Door,
    /// User and password, if a login is demanded.
    pub login: Option<(String, String)>,
}

/// How lines begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Door {
    #[default]
    Plain,
    StartTls,
    Tls,
}

/// A letter as it came in.
#[derive(Clone, Debug)]
pub struct Caught {
    pub from: String,
    pub to: Vec<String>,
    /// The content, dots unstuffed.
    pub raw: Vec<u8>,
    /// Came over TLS.
    pub encrypted: bool,
    /// Who was logged in.
    pub user: Option<String>,
    /// Number of the line it came on, from 1.
    pub line: usize,
}

impl Caught {
    /// A header's value, unfolded, as it stands on the wire.
    pub fn header(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.raw).into_owned();
        let head = text.split("\r\n\r\n").next()?.replace("\r\n ", " ");
        head.split("\r\n").find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    }
}

/// The server. Ends when it is dropped.
pub struct Sink {
    port: u16,
    board: Arc<Board>,
    authority: Arc<Authority>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Board {
    state: Mutex<State>,
    arrived: Condvar,
    bell: Notify,
}

#[derive(Default)]
struct State {
    caught: Vec<Caught>,
    standing: Option<Behaviour>,
    script: VecDeque<Behaviour>,
    attempts: usize,
    lines: usize,
}

impl Board {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn behaviour(&self) -> Behaviour {
        let mut state = self.state();
        state.attempts += 1;
        let next = state.script.pop_front();
        next.or(state.standing).unwrap_or(Behaviour::Accept)
    }

    fn keep(&self, letter: Caught) {
        self.state().caught.push(letter);
        self.arrived.notify_all();
        self.bell.notify_waiters();
    }
}

impl Sink {
    /// A server in clear that wants no login.
    pub async fn start() -> Self {
        Self::open(Manner::default())
    }

    /// A server of this manner; also outside of async tests.
    pub fn open(manner: Manner) -> Self {
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let board = Arc::new(Board::default());
        let authority = Arc::new(Authority::new());
        let (stop, stopped) = oneshot::channel();
        let house = House {
            manner,
            board: board.clone(),
            authority: authority.clone(),
        };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                tokio::select! {
                    () = house.serve(listener) => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            port,
            board,
            authority,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate authority that vouches for this server.
    pub fn ca_file(&self) -> &std::path::Path {
        self.authority.file()
    }

    /// Behaves so from now on.
    pub fn behave(&self, behaviour: Behaviour) {
        self.board.state().standing = Some(behaviour);
    }

    /// Behaves so for the next letters, one after the other, then as before.
    pub fn behave_next(&self, behaviours: impl IntoIterator<Item = Behaviour>) {
        self.board.state().script.extend(behaviours);
    }

    /// All letters so far, in the order in which they came.
    pub fn messages(&self) -> Vec<Caught> {
        self.board.state().caught.clone()
    }

    /// How many letters were begun, taken or not.
    pub fn attempts(&self) -> usize {
        self.board.state().attempts
    }

    /// How many lines were opened.
    pub fn lines(&self) -> usize {
        self.board.state().lines
    }

    /// Waits until so many letters are there.
    pub async fn wait_for(&self, count: usize) -> Vec<Caught> {
        let come = async {
            loop {
                // Registered before looking, so that no letter falls between look and wait.
                let bell = self.board.bell.notified();
                let caught = self.messages();
                if caught.len() >= count {
                    return caught;
                }
                bell.await;
            }
        };
        let waited = timeout(LONGEST, come).await;
        waited.unwrap_or_else(|_| panic!("{count} letters awaited, {} came", self.messages().len()))
    }

    /// The same without async.
    pub fn wait_blocking(&self, count: usize) -> Vec<Caught> {
        let state = self.board.state();
        let waited = self
            .board
            .arrived
            .wait_timeout_while(state, LONGEST, |s| s.caught.len() < count);
        let (state, time) = waited.unwrap();
        assert!(
            !time.timed_out(),
            "{count} letters awaited, {} came",
            state.caught.len()
        );
        state.caught.clone()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[derive(Clone)]
struct House {
    manner: Manner,
    board: Arc<Board>,
    authority: Arc<Authority>,
}

impl House {
    async fn serve(self, listener: StdListener) {
        let listener = TcpListener::from_std(listener).unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let line = {
                let mut state = self.board.state();
                state.lines += 1;
                if state.script.front().or(state.standing.as_ref()) == Some(&Behaviour::Away) {
                    state.script.pop_front();
                    continue;
                }
                state.lines
            };
            let house = self.clone();
            tokio::spawn(async move {
                if house.manner.door == Door::Tls {
                    if let Ok(stream) = house.authority.acceptor().accept(stream).await {
                        Talk::new(house, stream, line, true).run(true).await;
                    }
                    return;
                }
                let talk = Talk::new(house.clone(), stream, line, false);
                if let Some(stream) = talk.run(true).await
                    && let Ok(stream) = house.authority.acceptor().accept(stream).await
                {
                    Talk::new(house, stream, line, true).run(false).await;
                }
            });
        }
    }
}

struct Talk<S> {
    house: House,
    stream: BufReader<S>,
    line: usize,
    encrypted: bool,
    user: Option<String>,
    letter: Option<(Behaviour, Caught)>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<S> {
    fn new(house: House, stream: S, line: usize, encrypted: bool) -> Self {
        let stream = BufReader::new(stream);
        Self {
            house,
            stream,
            line,
            encrypted,
            user: None,
            letter: None,
        }
    }

    /// Talks until the other side leaves; gives the stream back if it is to be encrypted.
    async fn run(mut self, greeting: bool) -> Option<S> {
        if greeting {
            self.say("220 sink.example ESMTP").await?;
        }
        loop {
            let command = self.hear().await?;
            let verb = command
                .split([' ', ':'])
                .next()
                .unwrap_or_default()
                .to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => self.introduce().await?,
                "HELO" => self.say("250 sink.example").await?,
                "STARTTLS" if self.house.manner.door == Door::StartTls && !self.encrypted => {
                    let inject = self.house.board.state().standing == Some(Behaviour::Inject);
                    let more = if inject { "\r\n250 sink.example" } else { "" };
                    self.say(&format!("220 go ahead{more}")).await?;
                    return Some(self.stream.into_inner());
                }
                "AUTH" => self.log_in(&command).await?,
                "MAIL" => self.mail(&command).await?,
                "RCPT" => self.rcpt(&command).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.letter = None;
                    self.say("250 2.0.0 reset").await?;
                }
                "NOOP" => self.say("250 2.0.0 here").await?,
                "QUIT" => {
                    self.say("221 2.0.0 bye").await?;
                    return None;
                }
                _ => self.say("500 5.5.2 what?").await?,
            }
        }
    }

    async fn introduce(&mut self) -> Option<()> {
        self.letter = None;
        let mut offers = vec![
            "sink.example".to_owned(),
            "PIPELINING".into(),
            "8BITMIME".into(),
            format!("SIZE {SIZE}"),
        ];
        if self.house.manner.door == Door::StartTls && !self.encrypted {
            offers.push("STARTTLS".into());
        }
        if self.house.manner.login.is_some() {
            offers.push("AUTH PLAIN LOGIN".into());
        }
        let last = offers.pop()?;
        let lines: String = offers
            .iter()
            .map(|offer| format!("250-{offer}\r\n"))
            .collect();
        self.say(&format!("{lines}250 {last}")).await
    }

    async fn log_in(&mut self, command: &str) -> Option<()> {
        let mut words = command.split(' ').skip(1);
        let mechanism = words.next().unwrap_or_default().to_ascii_uppercase();
        let first = words.next().map(str::to_owned);
        let (user, password) = match mechanism.as_str() {
            "PLAIN" => {
                let said = match first {
                    Some(said) => said,
                    None => self.ask("").await?,
                };
                let said = decode(&said);
                let mut parts = said.split('\0').skip(1).map(str::to_owned);
                (
                    parts.next().unwrap_or_default(),
                    parts.next().unwrap_or_default(),
                )
            }
            "LOGIN" => {
                let user = match first {
                    Some(said) => said,
                    None => self.ask("VXNlcm5hbWU6").await?,
                };
                let password = self.ask("UGFzc3dvcmQ6").await?;
                (decode(&user), decode(&password))
            }
            _ => return self.say("504 5.5.4 unknown mechanism").await,
        };
        if self.house.manner.login == Some((user.clone(), password)) {
            self.user = Some(user);
            self.say("235 2.7.0 welcome").await
        } else {
            self.say(&format!("535 5.7.8 {user} is not let in")).await
        }
    }

    async fn mail(&mut self, command: &str) -> Option<()> {
        if self.house.manner.login.is_some() && self.user.is_none() {
            return self.say("530 5.7.0 log in first").await;
        }
        if self.letter.is_some() {
            return self.say("503 5.5.1 one letter at a time").await;
        }
        let behaviour = self.house.board.behaviour();
        let announced = command
            .split(' ')
            .find_map(|w| w.strip_prefix("SIZE=")?.parse::<usize>().ok());
        if announced.is_some_and(|size| size > SIZE) {
            return self.say("552 5.3.4 too large").await;
        }
        if behaviour == Behaviour::NotYou {
            return self.say("550 5.1.8 no such sender here").await;
        }
        let letter = Caught {
            from: path(command),
            to: vec![],
            raw: vec![],
            encrypted: self.encrypted,
            user: self.user.clone(),
            line: self.line,
        };
        self.letter = Some((behaviour, letter));
        self.dawdle().await;
        self.say("250 2.1.0 sender ok").await
    }

    async fn rcpt(&mut self, command: &str) -> Option<()> {
        self.dawdle().await;
        let to = path(command);
        let Some((behaviour, letter)) = &mut self.letter else {
            return self.say("503 5.5.1 MAIL first").await;
        };
        match behaviour {
            Behaviour::NotNow => self.say(&format!("450 4.2.0 <{to}>: greylisted")).await,
            Behaviour::NotAtAll => {
                let name = to.split('@').next().unwrap_or_default().to_owned();
                self.say(&format!(
                    "550-5.1.1 <{to}>: unknown\r\n550 5.1.1 no mailbox {name} here"
                ))
                .await
            }
            _ => {
                letter.to.push(to);
                self.say("250 2.1.5 recipient ok").await
            }
        }
    }

    async fn data(&mut self) -> Option<()> {
        self.dawdle().await;
        if self
            .letter
            .as_ref()
            .is_none_or(|(_, letter)| letter.to.is_empty())
        {
            return self.say("503 5.5.1 RCPT first").await;
        }
        self.say("354 end with a dot").await?;
        let mut raw = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.stream.read_until(b'\n', &mut line).await.ok()? == 0 {
                return None;
            }
            if line == b".\r\n" {
                break;
            }
            raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        let (behaviour, mut letter) = self.letter.take()?;
        if let Behaviour::Slow(time) = behaviour {
            sleep(time).await;
        }
        if raw.len() > SIZE {
            return self.say("552 5.3.4 too large").await;
        }
        letter.raw = raw;
        match behaviour {
            Behaviour::HangUp => None,
            Behaviour::LoseTheReply => {
                self.house.board.keep(letter);
                None
            }
            _ => {
                self.house.board.keep(letter);
                let number = self.house.board.state().caught.len();
                self.say(&format!("250 2.0.0 queued as SINK{number}")).await
            }
        }
    }

    async fn dawdle(&self) {
        if let Some((Behaviour::Slow(time), _)) = &self.letter {
            sleep(*time).await;
        }
    }

    async fn ask(&mut self, challenge: &str) -> Option<String> {
        self.say(&format!("334 {challenge}")).await?;
        self.hear().await
    }

    async fn hear(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).await {
            Ok(read) if read > 0 => Some(line.trim_end().to_owned()),
            _ => None,
        }
    }

    async fn say(&mut self, reply: &str) -> Option<()> {
        let stream = self.stream.get_mut();
        stream
            .write_all(format!("{reply}\r\n").as_bytes())
            .await
            .ok()?;
        stream.flush().await.ok()
    }
}

fn path(command: &str) -> String {
    let inner = command
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(path, _)| path.to_owned()).unwrap_or_default()
}

fn decode(said: &str) -> String {
    String::from_utf8(STANDARD.decode(said).unwrap_or_default()).unwrap_or_default()
}
