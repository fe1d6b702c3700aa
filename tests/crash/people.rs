//! People who file requests while the power goes, and who do not give up: whoever got no answer sends
//! the same form again.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{Condvar, Mutex, MutexGuard},
    time::Duration,
};

/// What the people know of the house.
#[derive(Default)]
pub struct Street {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Whether the doors are open, as far as anybody knows.
    open: bool,
    /// Nobody begins a new form any more; those begun are finished.
    closing: bool,
    /// How many forms may still be begun until the doors are next closed.
    allowance: usize,
    begun: usize,
    accepted: Vec<Accepted>,
}

/// A request that was accepted: its sender saw the page that says so.
#[derive(Debug, Clone)]
pub struct Accepted {
    pub email: String,
    pub number: String,
    /// How often the form was posted until the answer came through.
    pub posts: usize,
}

impl Street {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The doors are open, for at most so many new forms.
    pub fn open(&self, forms: usize) {
        let mut state = self.state();
        (state.open, state.allowance) = (true, forms);
        self.changed.notify_all();
    }

    pub fn shut(&self) {
        self.state().open = false;
    }

    /// Lets those who have begun finish.
    pub fn last_round(&self) {
        self.state().closing = true;
        self.changed.notify_all();
    }

    pub fn accepted(&self) -> Vec<Accepted> {
        self.state().accepted.clone()
    }

    fn wait_until_open(&self) {
        drop(
            self.changed
                .wait_while(self.state(), |state| !state.open)
                .unwrap(),
        );
    }

    /// The number of the next person, or `None` if nobody comes any more.
    fn next(&self) -> Option<usize> {
        let waiting = |state: &mut State| !(state.closing || (state.open && state.allowance > 0));
        let mut state = self.changed.wait_while(self.state(), waiting).unwrap();
        if state.closing {
            return None;
        }
        state.allowance -= 1;
        state.begun += 1;
        Some(state.begun)
    }

    /// One after the other comes to the counter until it closes for good.
    pub fn come(&self, port: u16) {
        while let Some(person) = self.next() {
            let accepted = self.file(port, person);
            self.state().accepted.push(accepted);
        }
    }

    fn file(&self, port: u16, person: usize) -> Accepted {
        let email = format!("person.{person}@post.example");
        let form = self
            .insist(|| fetch(port, "GET", "/kontor/request", "", None))
            .1;
        let key = between(&form, "name=\"form_key\" value=\"", "\"").expect("the form has a key");
        let fields = format!(
            "form_key={key}&step=check&do=send&wish=15&words=Ausk%C3%BCnfte+bitte&whom=own&name=Ida+Person+{person}\
             &reply=portal&email={}",
            email.replace('@', "%40"),
        );
        let mut posts = 0;
        let from = format!("198.51.{}.{}", person / 250 % 250, person % 250);
        let (head, page) = self.insist(|| {
            posts += 1;
            fetch(port, "POST", "/kontor/request", &fields, Some(&from))
        });
        assert!(head.starts_with("HTTP/1.1 303"), "{head}\n{page}");
        let sent = head
            .lines()
            .find_map(|line| line.strip_prefix("location: "))
            .map(|location| location.trim().to_owned())
            .expect("a place to go to");
        let path = sent.split_once("://").map_or(sent.as_str(), |(_, rest)| {
            rest.find('/').map_or("/", |at| &rest[at..])
        });
        let (head, page) = self.insist(|| fetch(port, "GET", path, "", None));
        assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{page}");
        let number = page
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
            .find_map(rechtzeitig::seal::number::tidy)
            .expect("the page tells the number");
        Accepted {
            email,
            number,
            posts,
        }
    }

    /// Again and again, as long as nobody answers.
    fn insist(&self, mut ask: impl FnMut() -> Option<(String, String)>) -> (String, String) {
        loop {
            self.wait_until_open();
            if let Some(answer) = ask() {
                return answer;
            }
            // Nobody answered: the doors are closed, whatever else is said. They open with a new start.
            self.shut();
        }
    }
}

/// One request on a line of its own; `None` if no whole answer came.
fn fetch(
    port: u16,
    method: &str,
    path: &str,
    body: &str,
    from: Option<&str>,
) -> Option<(String, String)> {
    let mut line = TcpStream::connect(("127.0.0.1", port)).ok()?;
    line.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let from = from
        .map(|from| format!("x-forwarded-for: {from}\r\n"))
        .unwrap_or_default();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n{from}\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    line.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, page) = answer.split_once("\r\n\r\n")?;
    let told = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length: ")?
            .trim()
            .parse()
            .ok()
    });
    let told: usize = told.unwrap_or(0);
    (page.len() >= told).then(|| (head.to_owned(), page.to_owned()))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?
        .1
        .split_once(end)
        .map(|(found, _)| found)
}
