//! The message that matters inside a message: the person's own words, the person inside a colleague's forward, a form or a ticket.

use chrono::{DateTime, FixedOffset, NaiveDate};
use chrono_tz::Europe::Berlin;

use super::arrival::{House, received_day};
use super::body::{body, cut_signature, passages};
use super::form::Form;
use super::heads::email_in;
use super::judge::{Passage, Where};
use super::layers::{Layer, layers};
use super::message::{Address, Message};
use super::prefix::bare_subject;
use super::written::{form_in, is_robot, written_by_form};

/// How the words of the person came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// The person wrote.
    #[default]
    Direct,
    /// Somebody of the house sent the person's message on.
    Colleague,
    /// A form or a helpdesk of the house wrote it down.
    Form,
}

/// What is to be understood, with who wrote it.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    /// How it came.
    pub way: Way,
    /// Who wrote it, as heads and forms say.
    pub from: Address,
    /// The subject without its prefixes.
    pub subject: String,
    /// The writer's own words, signature cut off.
    pub text: String,
    /// What stood below the line of the signature.
    pub signature: String,
    /// Subject, body and attachments, to be judged.
    pub passages: Vec<Passage>,
    /// What is quoted below the writer's words.
    pub below: Vec<Layer>,
    /// Another's message that an outsider sends on.
    pub carried: Option<Box<Letter>>,
    /// What the colleague wrote above it.
    pub note: String,
    /// The inner day of arrival, and what it rests on.
    pub day: Option<(NaiveDate, &'static str)>,
    /// The customer's number of a form.
    pub number: String,
    /// A machine sent it.
    pub automatic: bool,
    /// The subject began as an answer does.
    pub is_reply: bool,
    /// The subject began as a forward does.
    pub is_forward: bool,
}

/// A forward of a forward of a forward ends somewhere.
const DEEPEST: usize = 6;

/// Finds the letter in a message.
pub fn letter(message: &Message, house: &House) -> Letter {
    open(message, house, 0)
}

fn open(message: &Message, house: &House, depth: usize) -> Letter {
    let sender = sender(message, house);
    let body = body(message);
    let mut stack = layers(&body).into_iter();
    let (top, signature) = cut_signature(stack.next().map(|layer| layer.text).unwrap_or_default());
    let below: Vec<Layer> = stack.collect();
    let (prefix, subject) = bare_subject(&message.subject);
    let ours = house.has_address(&sender.email);
    let mut letter = Letter {
        from: sender.clone(),
        subject: subject.to_owned(),
        text: top.clone(),
        signature,
        below,
        is_reply: prefix.reply,
        is_forward: prefix.forward,
        automatic: message
            .machine
            .auto_submitted
            .as_deref()
            .is_some_and(|token| token != "no"),
        ..Letter::default()
    };
    // a colleague's forward has a head with labels too
    let headed = letter.below.iter().any(|layer| layer.head.is_some());
    if let Some(written) = written_by_form(message, house, &sender, &body)
        .filter(|_| !headed || is_robot(&sender.email) || letter.automatic)
    {
        fill_from_form(&mut letter, written, message);
        return letter;
    }
    let inner = message
        .inner
        .iter()
        .find(|inner| !house_wrote(inner, house));
    if let Some(inner) = inner.filter(|_| depth < DEEPEST) {
        let mut carried = open(inner, house, depth + 1);
        if ours {
            carried.way = Way::Colleague;
            carried.note = top;
            carried.day = carried.day.or_else(|| inner_day(inner, house));
            return carried;
        }
        letter.carried = Some(Box::new(carried));
    } else if ours && meant_for_house(message, house) {
        // the outermost writer who is not of the house
        let found = letter.below.iter().position(|layer| {
            layer
                .head
                .as_ref()
                .is_some_and(|head| stranger(&head.from, house))
        });
        if let Some(place) = found {
            return from_layer(&letter, place, &top, house, message);
        }
    } else if !ours {
        let sent_on = letter
            .below
            .iter()
            .position(|layer| layer.forwarded || prefix.forward && layer.head.is_some());
        if let Some(place) = sent_on {
            let foreign = letter
                .below
                .get(place)
                .and_then(|layer| layer.head.as_ref())
                .is_none_or(|head| !house.has_address(&head.from.email));
            if foreign {
                letter.carried = Some(Box::new(from_layer(&letter, place, "", house, message)));
            }
        }
    }
    passages(&mut letter, message);
    letter
}

/// Who wrote: From, or Reply-To where a list or a form of the house put itself into From.
fn sender(message: &Message, house: &House) -> Address {
    let from = message
        .from
        .first()
        .or(message.sender.as_ref())
        .cloned()
        .unwrap_or_default();
    let reply = message
        .reply_to
        .iter()
        .find(|address| !address.email.is_empty());
    match reply {
        Some(reply)
            if !house.has_address(&reply.email)
                && (house.has_address(&from.email) || is_robot(&from.email))
                && reply.email != from.email =>
        {
            let name = from
                .name
                .split(" via ")
                .next()
                .filter(|_| from.name.contains(" via "))
                .unwrap_or_default();
            let name = if reply.name.is_empty() {
                name.trim_matches('\'').to_owned()
            } else {
                reply.name.clone()
            };
            Address {
                name,
                email: reply.email.clone(),
            }
        }
        _ => from,
    }
}

fn house_wrote(message: &Message, house: &House) -> bool {
    message
        .from
        .first()
        .is_some_and(|from| house.has_address(&from.email))
}

fn stranger(from: &Address, house: &House) -> bool {
    if from.email.is_empty() {
        !from.name.is_empty()
    } else {
        !house.has_address(&from.email)
    }
}

/// Somebody of the house gets it; otherwise it is our own answer to the outside.
fn meant_for_house(message: &Message, house: &House) -> bool {
    let mut to = message
        .to
        .iter()
        .chain(&message.cc)
        .filter(|address| !address.email.is_empty())
        .peekable();
    if to.peek().is_none() {
        return true;
    }
    message
        .to
        .iter()
        .any(|address| house.has_address(&address.email))
}

/// The letter that a quoted layer is, with what stands below it.
fn from_layer(
    outer: &Letter,
    place: usize,
    note: &str,
    house: &House,
    message: &Message,
) -> Letter {
    let Some(layer) = outer.below.get(place) else {
        return Letter::default();
    };
    let head = layer.head.clone().unwrap_or_default();
    let (prefix, subject) = bare_subject(&head.subject);
    let (text, signature) = cut_signature(layer.text.clone());
    let mut letter = Letter {
        way: if note.is_empty() && !house.has_address(&outer.from.email) {
            Way::Direct
        } else {
            Way::Colleague
        },
        from: head.from.clone(),
        subject: subject.to_owned(),
        text,
        signature,
        below: outer.below.get(place + 1..).unwrap_or_default().to_vec(),
        note: note.to_owned(),
        day: head
            .at
            .map(|at| (berlin(at), "the head of the forwarded message")),
        is_reply: prefix.reply,
        ..Letter::default()
    };
    if head.from.email.is_empty() && letter.from.name.contains('@') {
        letter.from.email = email_in(&letter.from.name).unwrap_or_default();
    }
    if let Some(written) = form_in(&letter.text, house)
        && (is_robot(&letter.from.email) || letter.from.email.is_empty())
    {
        fill_from_form(&mut letter, written, message);
        return letter;
    }
    passages(&mut letter, message);
    letter
}

fn fill_from_form(letter: &mut Letter, found: Form, message: &Message) {
    letter.way = Way::Form;
    letter.from = Address {
        name: if found.name.contains('@') {
            String::new()
        } else {
            found.name
        },
        email: found.email,
    };
    letter.number = found.number;
    letter.day = found.at.map(|at| (berlin(at), "the form or ticket"));
    let (own, below) = {
        let mut stack = layers(&found.message).into_iter();
        let top = stack.next().map(|layer| layer.text).unwrap_or_default();
        (top, stack.collect::<Vec<_>>())
    };
    letter.text = if own.trim().is_empty() {
        found.message
    } else {
        own
    };
    letter.below = below;
    letter.passages.clear();
    if !found.subject.is_empty() {
        letter.passages.push(Passage {
            place: Where::Subject,
            text: found.subject,
        });
    }
    passages(letter, message);
}

fn inner_day(inner: &Message, house: &House) -> Option<(NaiveDate, &'static str)> {
    received_day(inner, house).map(|(day, _)| (day, "the attached message"))
}

fn berlin(at: DateTime<FixedOffset>) -> NaiveDate {
    at.with_timezone(&Berlin).date_naive()
}
