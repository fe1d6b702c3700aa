//! The story of a case: what happened, what was said and what was filed, in one order of time.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Berlin;

use crate::casework::MessageState;
use crate::casework::reading::Shown;
use crate::domain::event::Event;
use crate::domain::ids::{FileId, IncomingId, MessageId};
use crate::domain::lang::Lang;
use crate::domain::letter::Carrier;
use crate::domain::scope::Actor;
use crate::web::office::act::Act;
use crate::words::{aftermath, dates, day, desk, mailroom, timeline};

/// A file as the story and the list show it.
pub struct FileLink {
    /// Which one.
    pub id: FileId,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// What it is for.
    pub purpose: &'static str,
    /// The mail of which it is the original.
    pub mail: Option<IncomingId>,
}

/// One thing in the story.
pub struct Entry {
    /// When, for machines.
    pub at: DateTime<Utc>,
    /// Who; empty for the program.
    pub who: String,
    /// Whether it was the person herself.
    pub by_person: bool,
    /// What happened.
    pub what: String,
    /// How the words below are set: `in`, `out` or `note`.
    pub side: &'static str,
    /// The words that belong to it.
    pub text: String,
    /// How far a message is.
    pub state: &'static str,
    /// Whether that state wants a person.
    pub trouble: bool,
    /// Files that came along.
    pub files: Vec<FileLink>,
    /// Whether the person sees it, too.
    pub shown: bool,
}

impl Entry {
    /// The day and the minute in Germany.
    pub fn when(&self) -> String {
        let local = self.at.with_timezone(&Berlin);
        format!(
            "{}, {}",
            day::short(Lang::De, local.date_naive()),
            local.format("%H:%M")
        )
    }

    /// Whether the words are folded away: the mails that the program writes always say the same.
    pub fn long(&self) -> bool {
        self.side == "out" && self.text.len() > 400
    }

    /// The instant for machines.
    pub fn iso(&self) -> String {
        self.at.to_rfc3339()
    }
}

impl Act {
    /// All files of the case.
    pub fn files(&self) -> Vec<FileLink> {
        self.file
            .files
            .iter()
            .map(|file| FileLink {
                id: file.id,
                name: file.name.reveal().clone(),
                size: file.size,
                purpose: desk::file_purpose(&file.purpose),
                mail: file.mail,
            })
            .collect()
    }

    fn files_of(&self, ids: &[FileId]) -> Vec<FileLink> {
        self.files()
            .into_iter()
            .filter(|file| ids.contains(&file.id))
            .collect()
    }

    fn message(&self, id: MessageId) -> Option<&Shown> {
        self.file.messages.iter().find(|message| message.id == id)
    }

    /// The story, the newest first.
    pub fn story(&self) -> Vec<Entry> {
        let mut told: Vec<MessageId> = Vec::new();
        let mut story: Vec<Entry> = Vec::new();
        let mut together: Option<(DateTime<Utc>, Actor)> = None;
        for happened in &self.file.timeline {
            let mut entry = Entry {
                at: happened.at,
                who: self.names.actor(&happened.actor).to_owned(),
                by_person: happened.actor == Actor::public(),
                what: timeline::sentence(&happened.event, &self.names),
                side: "",
                text: timeline::detail(&happened.event).unwrap_or_default(),
                state: "",
                trouble: false,
                files: vec![],
                shown: false,
            };
            match &happened.event {
                // The message tells it itself, with its state.
                Event::MailSent { .. } | Event::MailFailed { .. } => continue,
                Event::Opened { files, .. } => {
                    entry.files = self.files_of(files);
                    (entry.side, entry.shown) = ("in", true);
                }
                Event::Noted { files, .. } => {
                    entry.files = self.files_of(files);
                    entry.side = "note";
                }
                Event::Heard { message, files } => {
                    told.push(*message);
                    entry.files = self.files_of(files);
                    (entry.side, entry.shown) = ("in", true);
                    let message = self.message(*message);
                    entry.text = message.map(words).unwrap_or_default();
                    if let Some(from) = message.and_then(|it| it.body.from.as_ref()) {
                        entry.what = mailroom::from_somebody_else(from.reveal());
                    }
                }
                Event::Said { message } => {
                    told.push(*message);
                    entry.shown = true;
                    if let Some(message) = self.message(*message) {
                        self.tell(message, &mut entry);
                        entry.files = self.files_of(&message.body.files);
                    }
                }
                Event::Released { released } => {
                    entry.shown = true;
                    entry.files = self.files_of(
                        &[Some(released.letter), released.package]
                            .into_iter()
                            .flatten()
                            .collect::<Vec<_>>(),
                    );
                }
                Event::LetterReleased { letter } => match letter.carrier {
                    Carrier::Mail { message } => {
                        told.push(message);
                        if let Some(message) = self.message(message) {
                            let what = std::mem::take(&mut entry.what);
                            self.tell(message, &mut entry);
                            entry.what = what;
                        }
                        entry.shown = true;
                    }
                    Carrier::Post { file } => {
                        entry.files = self.files_of(&[file]);
                        entry.shown = true;
                    }
                },
                Event::ProofGiven { .. } => (entry.side, entry.shown) = ("in", true),
                Event::LetterMade { file, .. } => {
                    entry.files = self.files_of(&[*file]);
                    entry.shown = true;
                }
                Event::IdentityReminded { .. } | Event::NotIdentified { .. } => entry.shown = true,
                Event::MailboxConfirmed | Event::AnswerSent { .. } | Event::Fetched { .. } => {
                    entry.shown = true
                }
                Event::Extended { .. } | Event::IdentityAsked { .. } => entry.shown = true,
                _ => {}
            }
            // Systems that were answered for together stand together.
            let answered = matches!(happened.event, Event::TaskAnswered { .. });
            if answered
                && let Some(before) = together
                    .filter(|at| *at == (entry.at, happened.actor.clone()))
                    .and_then(|_| story.last_mut())
            {
                let text = if entry.text.is_empty() {
                    String::new()
                } else {
                    format!(" {}", entry.text)
                };
                before.text.push_str(&format!("\n{}{text}", entry.what));
                together = Some((entry.at, happened.actor.clone()));
                continue;
            }
            together = answered.then(|| (entry.at, happened.actor.clone()));
            if answered {
                let text = if entry.text.is_empty() {
                    String::new()
                } else {
                    format!(" {}", entry.text)
                };
                entry.text = format!("{}{text}", entry.what);
                entry.what = desk::systems_answered().to_owned();
            }
            story.push(entry);
        }
        for message in &self.file.messages {
            let quiet = message.to_staff && !in_trouble(message.state);
            if told.contains(&message.id) || quiet || message.state == MessageState::Received {
                continue;
            }
            let mut entry = Entry {
                at: message.at,
                who: String::new(),
                by_person: false,
                what: String::new(),
                side: "out",
                text: String::new(),
                state: "",
                trouble: false,
                files: vec![],
                shown: !message.to_staff,
            };
            self.tell(message, &mut entry);
            story.push(entry);
        }
        story.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        story
    }

    fn tell(&self, message: &Shown, entry: &mut Entry) {
        entry.what = format!("E-Mail: {}.", desk::message(&message.kind));
        entry.side = "out";
        // The code is for the person alone.
        entry.text = if matches!(message.kind.as_str(), "code" | "proof-code") {
            String::new()
        } else {
            words(message)
        };
        entry.state = match message.trouble.as_str() {
            crate::casework::desk::STOPPED => aftermath::stopped(),
            _ => desk::message_state(message.state.code(), &message.trouble),
        };
        entry.trouble = in_trouble(message.state);
    }
}

/// Whether a message waits for a person.
pub fn in_trouble(state: MessageState) -> bool {
    matches!(state, MessageState::Failed | MessageState::Held)
}

/// The words of a message: its text, or what it will be printed from.
fn words(message: &Shown) -> String {
    let text = message.body.text.reveal().trim();
    if !text.is_empty() {
        return text.to_owned();
    }
    let parts = ["words", "doubt", "means", "reasons", "because"]
        .iter()
        .filter_map(|name| message.body.vars.get(*name));
    parts
        .map(|part| part.reveal().clone())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The day of an instant in Germany, in words.
pub fn day_of(at: DateTime<Utc>) -> String {
    dates::long_date(at.with_timezone(&Berlin).date_naive(), Lang::De)
}
