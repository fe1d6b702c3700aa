//! A message read by itself, before its neighbours in the mailbox are looked at.

use std::cell::OnceCell;

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::arrival::{House, received_day};
use super::balance::Asked;
use super::fold::words;
use super::judge::{DOUBT, Judgement, Passage, SURE, Where, judge};
use super::letter::{Letter, Way, letter};
use super::machine::machine;
use super::mark::Mark;
use super::message::Message;
use super::tongue::{KNOWN, tongue};
use super::verdict::{Kind, Requester};

/// A message read by itself.
#[derive(Debug, Default)]
pub struct Draft {
    /// Its file.
    pub file: String,
    /// What the person wrote.
    pub letter: Letter,
    /// What that asks for.
    pub own: Judgement,
    /// What the message asks for that an outsider sends on.
    pub carried: Option<Judgement>,
    /// The house that got it.
    pub house: House,
    /// What no person wrote.
    pub machine: Option<(Kind, String)>,
    /// The house wrote it to the outside.
    pub outgoing: bool,
    /// Who asks.
    pub requester: Requester,
    /// Whose data it is about.
    pub data_subject: Option<String>,
    /// Their sign.
    pub reference: Option<String>,
    /// The day of receipt.
    pub day: Option<NaiveDate>,
    /// What the day rests on.
    pub day_because: String,
    /// For the order of the mailbox.
    pub at: Option<DateTime<FixedOffset>>,
    /// The language.
    pub language: Option<String>,
    /// Its id, and the ids that it answers, the nearest first.
    pub id: Option<String>,
    /// The ids that it answers, the nearest first.
    pub answers: Vec<String>,
    /// The words, folded, to find the same again.
    pub digest: String,
    /// Mail to many.
    pub bulk: bool,
    /// Mail to many, and not even addressed to the house.
    pub foreign: bool,
    /// The house's server takes it for spam.
    pub spam: bool,
    /// What could not be read.
    pub unread: Vec<String>,
    below_ours: OnceCell<Judgement>,
    below_others: OnceCell<Judgement>,
    /// What it asks for and its kind, once that was weighed.
    pub(super) weighed_kept: OnceCell<(Asked, Option<Mark>)>,
    /// What the message inside asks for, once that was weighed.
    pub(super) inside_kept: OnceCell<Asked>,
}

/// Reads one message.
pub fn draft(file: &str, message: &Message, house: &House) -> Draft {
    let house = &house.given_or_of(message);
    let letter = letter(message, house);
    let own = judge(&letter.passages);
    let carried = letter.carried.as_ref().map(|inner| judge(&inner.passages));
    let machine = machine(message, &letter, &own);
    let sender = message.from.first().cloned().unwrap_or_default();
    let to_house = message
        .to
        .iter()
        .chain(&message.cc)
        .any(|address| house.has_address(&address.email));
    let outgoing = letter.way == Way::Direct
        && house.has_address(&sender.email)
        && !message.to.is_empty()
        && !message
            .to
            .iter()
            .any(|address| house.has_address(&address.email));
    let outer_day = received_day(message, house);
    let (day, day_because) = match (letter.way, letter.day, &outer_day) {
        // nobody has a message before it was written to the house, nor after he sent it on
        (Way::Colleague | Way::Form, Some((day, because)), outer)
            if outer.as_ref().is_none_or(|(outer, _)| day <= *outer) =>
        {
            (Some(day), because.to_owned())
        }
        (_, _, Some((day, _))) => (
            Some(*day),
            "the first server of the house that took it".to_owned(),
        ),
        (_, _, None) => (None, String::new()),
    };
    let at = message
        .received
        .first()
        .and_then(|line| line.at)
        .or(message.date);
    let mut draft = Draft {
        file: file.to_owned(),
        house: house.clone(),
        machine,
        outgoing,
        day,
        day_because,
        at,
        id: message.message_id.clone(),
        answers: answers(message),
        bulk: message.machine.list
            || message.machine.list_unsubscribe
            || message.machine.feedback_id
            || message
                .machine
                .precedence
                .as_deref()
                .is_some_and(|word| matches!(word, "bulk" | "list" | "junk")),
        foreign: (message.machine.list || message.machine.list_unsubscribe) && !to_house,
        spam: message.machine.spam,
        unread: unread(message),
        own,
        carried,
        letter,
        ..Draft::default()
    };
    draft.persons();
    draft.language = draft.tongue();
    draft.digest = digest(&draft.letter.text);
    draft
}

fn answers(message: &Message) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for id in message
        .in_reply_to
        .iter()
        .chain(message.references.iter().rev())
    {
        if !out.contains(id) {
            out.push(id.clone());
        }
    }
    out
}

/// What a person has to open: pictures, scans, locked files, encrypted mail.
fn unread(message: &Message) -> Vec<String> {
    let mut out: Vec<String> = message.opaque.clone();
    out.extend(
        message
            .troubles
            .iter()
            .filter(|trouble| trouble.contains("encrypt") || trouble.contains("locked"))
            .map(|trouble| (*trouble).to_owned()),
    );
    out
}

/// The words of a text in comparable form.
pub fn digest(text: &str) -> String {
    let words = words(text);
    let keys: Vec<&str> = words.keys().collect();
    keys.join(" ")
}

impl Draft {
    /// The letter whose writer asks: the one that an outsider carries, if that is what matters.
    pub(super) fn inner(&self) -> &Letter {
        match (&self.letter.carried, &self.carried) {
            (Some(inner), Some(judgement))
                if judgement.best() >= DOUBT && self.own.best() < SURE =>
            {
                inner
            }
            _ => &self.letter,
        }
    }

    /// The language of what the person wrote; the phrases that were found decide where there are few words.
    fn tongue(&self) -> Option<String> {
        let letter = self.inner();
        let judgement = if std::ptr::eq(letter, &self.letter) {
            Some(&self.own)
        } else {
            self.carried.as_ref()
        };
        let text = if letter.text.chars().any(char::is_alphabetic) {
            letter.text.as_str()
        } else {
            letter.subject.as_str()
        };
        let strongest = judgement
            .into_iter()
            .flat_map(|judgement| &judgement.signs)
            .filter(|sign| {
                sign.mark.is_right()
                    && sign.weight >= SURE
                    && matches!(sign.place, Where::Body | Where::Subject)
            })
            .filter_map(|sign| Some((sign.weight, sign.language?)))
            .max_by_key(|(weight, _)| *weight);
        let told = tongue(text).or_else(|| tongue(&letter.subject));
        match (strongest, told) {
            // a few words are told better by the phrase than by counting
            (Some((_, language)), Some(told)) if told != language && words(text).len() < 12 => {
                Some(language.to_owned())
            }
            (_, Some(told)) => Some(told.to_owned()),
            (Some((_, language)), None) => Some(language.to_owned()),
            (None, None) => {
                let attached = self
                    .letter
                    .passages
                    .iter()
                    .find(|passage| matches!(passage.place, Where::Attachment(_)));
                let below = self.letter.below.first();
                attached
                    .and_then(|passage| tongue(&passage.text))
                    .or_else(|| below.and_then(|layer| tongue(&layer.text)))
                    .map(str::to_owned)
            }
        }
    }

    /// Whether the language is one of those with phrases.
    pub fn understood(&self) -> bool {
        self.language
            .as_deref()
            .is_none_or(|code| KNOWN.contains(&code))
    }

    /// Whether the house wrote a quoted text: by its address, or in an answer by not being the person.
    pub fn ours(&self, layer: &super::layers::Layer) -> bool {
        match &layer.head {
            Some(head) if !head.from.email.is_empty() => self.house.has_address(&head.from.email),
            Some(head) => {
                self.letter.is_reply
                    && !head.from.name.is_empty()
                    && !self.requester.name.contains(head.from.name.as_str())
            }
            None => false,
        }
    }

    /// What is quoted below the person's words, judged; what the house wrote is left out.
    pub fn below(&self, by_house: bool) -> &Judgement {
        let kept = if by_house {
            &self.below_ours
        } else {
            &self.below_others
        };
        kept.get_or_init(|| self.judge_below(by_house))
    }

    fn judge_below(&self, by_house: bool) -> Judgement {
        judge(&self.passages_below(by_house))
    }

    /// The texts below the person's words.
    pub(super) fn passages_below(&self, by_house: bool) -> Vec<Passage> {
        self.letter
            .below
            .iter()
            .filter(|layer| self.ours(layer) == by_house)
            .map(|layer| Passage {
                place: Where::Quoted,
                text: layer.text.clone(),
            })
            .collect()
    }
}
