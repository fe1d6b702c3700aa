//! The rules of the house, each a function from a file to the faults in it.

use super::source::{Source, Token};

/// A room of `src`, a folder or a file of that name.
#[derive(Debug)]
pub struct Room {
    pub name: &'static str,
    pub floor: u8,
    pub may: May,
}

/// What a room may import from others.
#[derive(Debug)]
pub enum May {
    Import(&'static [&'static str]),
    ImportAllBelow,
}

impl Room {
    const fn new(floor: u8, name: &'static str, may: May) -> Self {
        Self { name, floor, may }
    }

    pub fn named(name: &str) -> Option<&'static Self> {
        ROOMS.iter().find(|room| room.name == name)
    }

    pub fn may_import(&self, other: &Self) -> bool {
        match self.may {
            May::Import(names) => names.contains(&other.name),
            May::ImportAllBelow => other.floor < self.floor,
        }
    }
}

/// The house, from the ground up; `src/lib.rs` tells it in the same order of floors.
pub static ROOMS: [Room; 18] = [
    Room::new(1, "domain", May::Import(&[])),
    Room::new(1, "ledger", May::Import(&[])),
    Room::new(1, "seal", May::Import(&[])),
    Room::new(2, "words", May::Import(&["domain"])),
    Room::new(2, "reading", May::Import(&["domain"])),
    Room::new(2, "ports", May::Import(&["domain", "ledger"])),
    Room::new(2, "storage", May::Import(&["domain", "ledger", "seal"])),
    Room::new(3, "letters", May::Import(&["domain", "words"])),
    Room::new(3, "redaction", May::Import(&["domain", "reading"])),
    Room::new(3, "mail", May::Import(&["domain", "ports"])),
    Room::new(3, "adapters", May::Import(&["domain", "ports"])),
    Room::new(3, "clamav", May::Import(&["ports"])),
    // Never mail: what is to be sent is promised as a row and leaves by the port.
    Room::new(
        4,
        "casework",
        May::Import(&[
            "letters",
            "words",
            "redaction",
            "reading",
            "ports",
            "storage",
            "domain",
            "ledger",
            "seal",
        ]),
    ),
    Room::new(
        5,
        "jobs",
        May::Import(&["casework", "ports", "storage", "domain"]),
    ),
    // Never storage: what a page shows or does goes through the office.
    Room::new(5, "web", May::Import(&["casework", "words", "domain"])),
    // The rooms' own `Settings`.
    Room::new(6, "settings", May::ImportAllBelow),
    Room::new(7, "app", May::ImportAllBelow),
    Room::new(8, "cli", May::ImportAllBelow),
];

/// A crate that is a wall's business, and the rooms that may name it.
const CRATES: [(&str, &[&str]); 19] = [
    ("diesel", &["storage"]),
    ("diesel_migrations", &["storage"]),
    ("libsqlite3_sys", &["storage"]),
    ("lettre", &["mail"]),
    ("async_imap", &["mail"]),
    ("ammonia", &["reading"]),
    ("tokio_rustls", &["mail", "adapters"]),
    ("reqwest", &["adapters"]),
    ("tokio_postgres", &["adapters"]),
    ("mysql_async", &["adapters"]),
    ("rusqlite", &["adapters"]),
    ("hayro", &["redaction"]),
    ("image", &["redaction"]),
    ("actix_web", &["web", "app", "cli"]),
    ("actix_multipart", &["web"]),
    ("krilla", &["letters"]),
    ("rustybuzz", &["letters"]),
    ("minijinja", &["letters"]),
    // Chance is taken in one place.
    ("rand", &["seal"]),
];

/// Names that say nothing.
const EMPTY_NAMES: [&str; 9] = [
    "util", "utils", "common", "helper", "helpers", "misc", "manager", "data", "stuff",
];

/// The path below `src`, with `/` between its parts.
#[derive(Debug, Clone)]
pub struct File {
    pub path: String,
    pub code: String,
}

impl File {
    fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// The module's names from the crate's root on.
    fn module(&self) -> Vec<&str> {
        let path = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        path.split('/')
            .filter(|part| !matches!(*part, "mod" | "lib" | "main"))
            .collect()
    }

    pub fn is_test(&self) -> bool {
        self.path
            .split('/')
            .any(|part| matches!(part, "tests" | "tests.rs"))
    }

    fn fault(&self, line: usize, what: &str) -> String {
        format!("src/{}:{line}: {what}", self.path)
    }
}

/// Which rooms the file names, with the line.
pub fn imports(file: &File, source: &Source) -> Vec<(usize, String)> {
    let tokens = &source.tokens;
    let word = |at: usize| match tokens.get(at).map(|placed| &placed.token) {
        Some(Token::Word(word)) => Some(word.as_str()),
        _ => None,
    };
    let sign = |at: usize, sign: char| {
        tokens
            .get(at)
            .is_some_and(|placed| placed.token.is_sign(sign))
    };
    let colons = |at: usize| sign(at, ':') && sign(at + 1, ':');
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let follows_path = at >= 2 && colons(at - 2);
        let mut root = match word(at) {
            Some("crate" | "rechtzeitig") if !follows_path && colons(at + 1) => at + 3,
            Some("super") if !follows_path => {
                let mut end = at;
                let mut climbed = 0;
                while word(end) == Some("super") && colons(end + 1) {
                    climbed += 1;
                    end += 3;
                }
                if climbed < file.module().len() {
                    continue;
                }
                end
            }
            _ => continue,
        };
        if let Some(room) = word(root) {
            found.push((tokens[root].line, room.to_owned()));
            continue;
        }
        // `crate::{a::b, c}`: the first word behind the brace and behind each comma that is not in a deeper one.
        let mut depth = 0_usize;
        let mut first = true;
        while let Some(placed) = tokens.get(root) {
            match &placed.token {
                Token::Sign('{') => depth += 1,
                Token::Sign('}') if depth <= 1 => break,
                Token::Sign('}') => depth -= 1,
                Token::Sign(',') if depth == 1 => first = true,
                Token::Word(room) if depth == 1 && first => {
                    found.push((placed.line, room.clone()));
                    first = false;
                }
                _ => {}
            }
            root += 1;
        }
    }
    found
}

/// Imports only fall, and only to the rooms of the table.
pub fn floors(file: &File, source: &Source) -> Vec<String> {
    let own = file.room();
    if own == "lib" || own == "main" {
        return Vec::new();
    }
    let Some(room) = Room::named(own) else {
        return vec![file.fault(1, "stands in no room of the house")];
    };
    imports(file, source)
        .into_iter()
        .filter_map(|(line, name)| Some((line, Room::named(&name)?)))
        .filter(|(_, other)| other.name != own && !room.may_import(other))
        .map(|(line, other)| file.fault(line, &format!("{own} may not import {}", other.name)))
        .collect()
}

/// Each of these crates is known to its rooms alone.
pub fn walls(file: &File, source: &Source) -> Vec<String> {
    let tokens = &source.tokens;
    let is_sign = |at: usize, sign: char| {
        tokens
            .get(at)
            .is_some_and(|placed| placed.token.is_sign(sign))
    };
    let mut faults = Vec::new();
    for (at, placed) in tokens.iter().enumerate() {
        let Token::Word(word) = &placed.token else {
            continue;
        };
        let Some((_, rooms)) = CRATES.iter().find(|(name, _)| name == word) else {
            continue;
        };
        let within_path = at >= 2
            && is_sign(at - 1, ':')
            && is_sign(at - 2, ':')
            && at >= 3
            && matches!(tokens[at - 3].token, Token::Word(_));
        let begins_path = is_sign(at + 1, ':') && is_sign(at + 2, ':');
        let used_whole = at >= 1 && tokens[at - 1].token.is_word("use");
        if !within_path && (begins_path || used_whole) && !rooms.contains(&file.room()) {
            faults.push(file.fault(
                placed.line,
                &format!("{word} belongs to {} alone", rooms.join(", ")),
            ));
        }
    }
    faults
}

/// What may stand nowhere, and the clock in one place only.
pub fn calls(file: &File, source: &Source) -> Vec<String> {
    let tokens = &source.tokens;
    let mut faults = Vec::new();
    for (at, placed) in tokens.iter().enumerate() {
        let Token::Word(word) = &placed.token else {
            continue;
        };
        let sign = |ahead: usize, sign: char| {
            tokens
                .get(at + ahead)
                .is_some_and(|placed| placed.token.is_sign(sign))
        };
        let clock = matches!(word.as_str(), "Utc" | "Local" | "SystemTime");
        if clock
            && sign(1, ':')
            && sign(2, ':')
            && tokens
                .get(at + 3)
                .is_some_and(|placed| placed.token.is_word("now"))
            && file.path != "ports/clock.rs"
        {
            faults.push(file.fault(
                placed.line,
                "time is handed in; only ports/clock.rs asks for it",
            ));
        }
        if matches!(word.as_str(), "todo" | "unimplemented" | "dbg") && sign(1, '!') {
            faults.push(file.fault(placed.line, &format!("{word}! is not for the main branch")));
        }
        let attribute = at >= 2
            && tokens[at - 1].token.is_sign('[')
            && (tokens[at - 2].token.is_sign('#') || tokens[at - 2].token.is_sign('!'));
        if word == "allow" && attribute {
            faults.push(file.fault(placed.line, "a lint is expected with a reason, not allowed"));
        }
    }
    faults
}

/// German stands in `words`, in the pages and in the letters' texts; a Rust file elsewhere holds none. What reads mail
/// knows some words of every language by name.
pub fn german(file: &File, source: &Source) -> Vec<String> {
    if matches!(file.room(), "words" | "reading") {
        return Vec::new();
    }
    let texts = source
        .tokens
        .iter()
        .filter_map(|placed| match &placed.token {
            Token::Text(text) => Some((placed.line, text)),
            Token::Word(_) | Token::Sign(_) => None,
        });
    texts
        .filter(|(_, text)| is_german(text))
        .map(|(line, text)| file.fault(line, &format!("German outside words and pages: {text:?}")))
        .collect()
}

/// A word with an umlaut, or one of the small words without which hardly a sentence is made. A letter alone is no
/// word: folding tables have them.
fn is_german(text: &str) -> bool {
    const SMALL: [&str; 16] = [
        "und", "oder", "nicht", "ist", "sind", "wird", "werden", "wurde", "kein", "keine", "eine",
        "einen", "bitte", "vom", "zum", "Sie",
    ];
    text.split(|c: char| !c.is_alphabetic()).any(|word| {
        let umlaut = word.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü', 'ß']);
        (umlaut && word.chars().count() >= 3) || SMALL.contains(&word)
    })
}

/// Each file opens with what it is, and has a name that says something.
pub fn openings(file: &File) -> Vec<String> {
    let mut faults = Vec::new();
    if !file.code.starts_with("//! ") {
        faults.push(file.fault(1, "opens without saying what it is (//!)"));
    }
    let empty = |part: &str| EMPTY_NAMES.contains(&part.strip_suffix(".rs").unwrap_or(part));
    if file.path.split('/').any(empty) {
        faults.push(file.fault(1, "has a name that says nothing"));
    }
    faults
}
