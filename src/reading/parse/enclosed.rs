//! The files of a message one by one, and its formatted text as it was sent: the same walk and the same numbers,
//! whether they are listed or one of them is taken out. Archives and other people's containers stay closed.

use std::borrow::Cow;

use super::{
    armour, attached, bounds, bounds::Budget, entry, gather, head::Head, inline, part::Part,
};

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosed {
    /// Counted from 1, in the order of the message.
    pub number: usize,
    /// As the sender calls it, without path, tricks and signs that cannot be seen; nothing, if he does not say.
    pub name: Option<String>,
    /// The media type as told by the sender, who may be wrong or lie.
    pub media_type: String,
    /// Its bytes; of one that is too large, about so many.
    pub size: usize,
    /// Larger than what is taken out here; it can still be had from the message as a whole.
    pub too_large: bool,
    /// A picture that stands in the formatted text.
    pub in_text: bool,
}

/// What a message holds beside its plain words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Its files, the first ones of very many.
    pub files: Vec<Enclosed>,
    /// There are more, or what lies deeper was not looked at.
    pub more: bool,
    /// The source of its formatted text, as it was sent: never to be shown as it stands.
    pub page: Option<String>,
}

/// Lists the files of a message and finds its formatted text. Nothing, if the bytes are no message.
pub fn contents(raw: &[u8]) -> Contents {
    let mut walk = Walk::new(None);
    walk.message(raw);
    Contents {
        files: walk.files,
        more: walk.more,
        page: (!walk.pages.trim().is_empty()).then_some(walk.pages),
    }
}

/// Takes out the file of this number, if there is one and it is not too large.
pub fn taken_out(raw: &[u8], number: usize) -> Option<(Enclosed, Vec<u8>)> {
    let mut walk = Walk::new(Some(number));
    walk.message(raw);
    walk.taken
}

struct Walk {
    budget: Budget,
    /// The one that is to be taken out; nothing, if all are to be listed.
    wanted: Option<usize>,
    count: usize,
    files: Vec<Enclosed>,
    taken: Option<(Enclosed, Vec<u8>)>,
    pages: String,
    more: bool,
}

/// What is known of a file before its bytes are decoded.
struct Told {
    name: Option<String>,
    media_type: String,
    in_text: bool,
    /// Bytes as they stand in the message, encoded or not.
    length: usize,
}

impl Walk {
    fn new(wanted: Option<usize>) -> Self {
        Self {
            budget: Budget::new(),
            wanted,
            count: 0,
            files: Vec::new(),
            taken: None,
            pages: String::new(),
            more: false,
        }
    }

    fn message(&mut self, raw: &[u8]) {
        let entered = entry::enter(raw);
        let head = Head::read(&entered);
        if head.is_mail() {
            self.part(&Part::of(head, "text/plain"), 0);
        }
    }

    fn part(&mut self, part: &Part<'_>, depth: usize) {
        if self.taken.is_some() {
            return;
        }
        if depth > bounds::DEPTH || !self.budget.take_part() {
            self.more = true;
            return;
        }
        match (part.kind.main(), part.kind.sub()) {
            ("multipart", sub) => self.pieces(part, sub, depth),
            ("message", "rfc822" | "global" | "news") => self.mail(part),
            // what machines say of other mail is read elsewhere and no file
            (
                "message",
                "delivery-status"
                | "global-delivery-status"
                | "disposition-notification"
                | "global-disposition-notification"
                | "feedback-report"
                | "external-body"
                | "tracking-status"
                | "global-headers",
            )
            | ("text", "rfc822-headers")
            | ("application", "pgp-encrypted") => {}
            ("text", "plain" | "html" | "enriched" | "richtext" | "") if !gather::is_file(part) => {
                self.body(part)
            }
            _ => self.file_or_signed(part, depth),
        }
    }

    fn pieces(&mut self, part: &Part<'_>, sub: &str, depth: usize) {
        let pieces = part.pieces();
        if pieces.is_empty() && !part.head.body.trim_ascii().is_empty() {
            self.body(part);
        }
        let assumed = match sub {
            "digest" => "message/rfc822",
            _ => "text/plain",
        };
        for raw in pieces {
            self.part(&Part::read(raw, assumed), depth + 1);
        }
    }

    /// A formatted text is kept; files that old programs laid into a plain one are files.
    fn body(&mut self, part: &Part<'_>) {
        let source = part.text();
        if gather::is_page(part, &source) {
            if self.wanted.is_none() && self.pages.len() < bounds::PAGE_BYTES {
                if !self.pages.is_empty() {
                    self.pages.push_str("<hr>");
                }
                self.pages.push_str(&source);
            }
            return;
        }
        for (name, bytes) in inline::files(&source) {
            let told = Told {
                name: Some(name),
                media_type: String::new(),
                in_text: false,
                length: bytes.len(),
            };
            self.file(told, |_| Cow::Owned(bytes));
        }
    }

    /// A message inside is a file of its own; what lies in it is found when it is opened.
    fn mail(&mut self, part: &Part<'_>) {
        let subject = || {
            let bytes = part.bytes(bounds::HEAD_BYTES);
            let inner = bytes.trim_ascii_start();
            Head::read(entry::without_mbox_line(inner)).text("subject")
        };
        let name = part.file_name().or_else(subject).map(|name| {
            let named = name.to_ascii_lowercase().ends_with(".eml");
            if named { name } else { format!("{name}.eml") }
        });
        let told = Told {
            name,
            ..Told::of(part)
        };
        self.file(told, |most| part.bytes(most));
    }

    /// What a signature encloses is looked into; everything else stays as it is.
    fn file_or_signed(&mut self, part: &Part<'_>, depth: usize) {
        if attached::is_sealed(part, &part.title())
            && let Some(content) = armour::signed_content(&part.bytes(bounds::ATTACHMENT_BYTES))
        {
            return self.part(&Part::read(&content, "text/plain"), depth + 1);
        }
        self.file(Told::of(part), |most| part.bytes(most));
    }

    fn file<'a>(&mut self, told: Told, bytes: impl FnOnce(usize) -> Cow<'a, [u8]>) {
        self.count += 1;
        if self.count > bounds::FILES {
            self.more = true;
            return;
        }
        if self.wanted.is_some_and(|wanted| wanted != self.count) {
            return;
        }
        let bytes = bytes(bounds::ATTACHMENT_BYTES + 1);
        let too_large = bytes.len() > bounds::ATTACHMENT_BYTES;
        let file = Enclosed {
            number: self.count,
            name: told.name.as_deref().and_then(clean),
            media_type: told.media_type,
            size: if too_large {
                (told.length / 4 * 3).max(bytes.len())
            } else {
                bytes.len()
            },
            too_large,
            in_text: told.in_text,
        };
        match self.wanted {
            Some(_) if too_large => {}
            Some(_) => self.taken = Some((file, bytes.into_owned())),
            None => self.files.push(file),
        }
    }
}

impl Told {
    fn of(part: &Part<'_>) -> Self {
        let picture = part.kind.main() == "image" && part.head.has("content-id");
        Self {
            name: part.file_name(),
            media_type: part.kind.value.chars().take(100).collect(),
            in_text: picture && !part.is_attachment(),
            length: part.head.body.len(),
        }
    }
}

/// Letters of a file's name; what is longer loses its middle and not its ending.
const NAME: usize = 120;
/// Letters of an ending that is one.
const ENDING: usize = 12;

/// A name that says what it says: no path, no sign that cannot be seen or turns the line around, none that a system
/// takes for its own.
fn clean(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = name
        .chars()
        .filter(|c| !c.is_control() && !is_unseen(*c))
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    let plain = plain.trim_matches([' ', '.']);
    if plain.is_empty() {
        return None;
    }
    if plain.chars().count() <= NAME {
        return Some(plain.to_owned());
    }
    let ending = plain
        .rsplit_once('.')
        .map(|(_, ending)| ending)
        .filter(|ending| ending.chars().count() <= ENDING);
    let kept: String = plain.chars().take(NAME - ENDING - 2).collect();
    Some(match ending {
        Some(ending) => format!("{}….{ending}", kept.trim_end()),
        None => format!("{}…", kept.trim_end()),
    })
}

/// Signs that have no width or change the direction in which the rest is read.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffc}' | '\u{e0000}'..='\u{e007f}')
}
