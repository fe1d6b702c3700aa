//! Walks through the parts of a message and lays out what they hold: texts, inner messages, reports, files that stay closed.

use super::{
    armour, attached, bounds, bounds::Budget, head::Head, html, inline, part::Part, plain, report,
    text,
};
use crate::reading::message::{Message, Place, Report, Text};

#[derive(Default)]
pub struct Gathered {
    plain: String,
    html: String,
    /// A plain text and an HTML text were offered as the same.
    twofold: bool,
    pub attached: Vec<Text>,
    pub inner: Vec<Message>,
    pub returned: Option<Message>,
    pub reports: Vec<Report>,
    /// A server's report of delivery was among the parts.
    pub status: bool,
    pub opaque: Vec<String>,
    pub troubles: Vec<&'static str>,
}

impl Gathered {
    pub fn trouble(&mut self, what: &'static str) {
        if !self.troubles.contains(&what) {
            self.troubles.push(what);
        }
    }

    pub fn closed(&mut self, name: String) {
        if self.opaque.len() < bounds::OPAQUE {
            self.opaque.push(name);
        }
    }

    /// The texts in their order: body, then attachments.
    pub fn texts(&mut self) -> Vec<Text> {
        if self.twofold && differ(&self.plain, &self.html) {
            self.trouble("plain-and-html-differ");
        }
        let mut texts = Vec::new();
        texts.extend(text(Place::Plain, std::mem::take(&mut self.plain)));
        texts.extend(text(Place::Html, std::mem::take(&mut self.html)));
        texts.append(&mut self.attached);
        texts
    }

    pub fn attach(&mut self, name: String, content: &str, budget: &mut Budget) {
        let content = plain::tidy(content, budget.chars_left());
        budget.take_chars(content.len());
        if content.len() >= bounds::TEXT_CHARS {
            self.trouble("text-cut");
        }
        self.attached.extend(text(Place::Attachment(name), content));
    }
}

pub fn gather(part: &Part<'_>, depth: usize, out: &mut Gathered, budget: &mut Budget) {
    if depth > bounds::DEPTH || !budget.take_part() {
        out.trouble("too-many-parts");
        out.closed(part.title());
        return;
    }
    match (part.kind.main(), part.kind.sub()) {
        ("multipart", sub) => multipart(part, sub, depth, out, budget),
        ("message", "rfc822" | "global" | "news") => {
            inner(&part.bytes(bounds::ATTACHMENT_BYTES), depth, out, budget)
        }
        ("message", "delivery-status" | "global-delivery-status") => {
            out.status = true;
            report::delivery_status(&part.bytes(bounds::TEXT_BYTES), &mut out.reports);
        }
        ("message", "disposition-notification" | "global-disposition-notification") => {
            report::disposition(&part.bytes(bounds::TEXT_BYTES), &mut out.reports)
        }
        ("text", "rfc822-headers") | ("message", "global-headers") => {
            returned_head(&part.bytes(bounds::TEXT_BYTES), out)
        }
        ("message", "feedback-report" | "external-body" | "tracking-status") => {}
        ("text", "plain" | "html" | "enriched" | "richtext" | "") if !is_file(part) => {
            body(part, out, budget)
        }
        _ => attached::open(part, depth, out, budget),
    }
}

/// A text with a name, or laid in as a file, is an attachment.
pub fn is_file(part: &Part<'_>) -> bool {
    part.is_attachment() || part.file_name().is_some_and(|name| name.contains('.'))
}

fn multipart(part: &Part<'_>, sub: &str, depth: usize, out: &mut Gathered, budget: &mut Budget) {
    let pieces = part.pieces();
    if pieces.is_empty() {
        if !part.head.body.trim_ascii().is_empty() {
            out.trouble("broken-multipart");
            body(part, out, budget);
        }
        return;
    }
    let assumed = if sub == "digest" {
        "message/rfc822"
    } else {
        "text/plain"
    };
    let parts = pieces.into_iter().map(|raw| Part::read(raw, assumed));
    match sub {
        "encrypted" => {
            out.trouble("encrypted");
            for part in parts {
                if part.kind.value != "application/pgp-encrypted"
                    && out.opaque.len() < bounds::OPAQUE
                {
                    out.closed(part.title());
                }
            }
        }
        "alternative" => alternative(parts, depth, out, budget),
        "report" => {
            let (had, mut own) = (out.inner.len(), 0);
            for part in parts {
                let original =
                    part.kind.main() == "message" && matches!(part.kind.sub(), "rfc822" | "global");
                gather(&part, depth + 1, out, budget);
                own += usize::from(original);
            }
            if own > 0 && out.returned.is_none() && out.inner.len() > had {
                out.returned = Some(out.inner.remove(had));
            }
        }
        _ => {
            for part in parts {
                gather(&part, depth + 1, out, budget);
            }
        }
    }
}

/// Alternatives are one text in several forms: the plain one and the readable HTML are both kept.
fn alternative<'a>(
    parts: impl Iterator<Item = Part<'a>>,
    depth: usize,
    out: &mut Gathered,
    budget: &mut Budget,
) {
    let (plain, html) = (out.plain.len(), out.html.len());
    for part in parts {
        gather(&part, depth + 1, out, budget);
    }
    out.twofold |= out.plain.len() > plain && out.html.len() > html;
}

fn body(part: &Part<'_>, out: &mut Gathered, budget: &mut Budget) {
    let source = part.text();
    let (target, content) = if is_page(part, &source) {
        let readable = html::readable(&source, budget.chars_left());
        if readable.hidden {
            out.trouble("html-hidden-text");
        }
        (
            &mut out.html,
            plain::tidy(&readable.text, budget.chars_left()),
        )
    } else {
        let flowed = part
            .kind
            .get("format")
            .is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
        let delsp = part
            .kind
            .get("delsp")
            .is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
        let source = if flowed {
            plain::unflowed(&source, delsp)
        } else {
            source
        };
        let source = inline::taken_out(source, out, budget);
        let source = armour::without(&source).unwrap_or(source);
        (&mut out.plain, plain::tidy(&source, budget.chars_left()))
    };
    if content.is_empty() {
        return;
    }
    budget.take_chars(content.len());
    if !target.is_empty() {
        target.push_str("\n\n");
    }
    target.push_str(&content);
    if content.contains("-----BEGIN PGP MESSAGE-----") {
        out.trouble("encrypted");
    }
    if content.len() >= bounds::TEXT_CHARS {
        out.trouble("text-cut");
    }
}

/// HTML, whatever it is called.
pub fn is_page(part: &Part<'_>, source: &str) -> bool {
    part.kind.sub() == "html"
        || part.kind.value != "text/plain"
            && part.kind.main() == "text"
            && part.kind.sub() != "plain"
        || html_in_disguise(source)
}

/// HTML that is called plain text.
fn html_in_disguise(source: &str) -> bool {
    let start = source.trim_start();
    let begins = |tag: &str| {
        start
            .get(..tag.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(tag))
    };
    begins("<!doctype html")
        || begins("<html")
        || (["<p>", "<p ", "<div", "<body", "<table", "<span"]
            .iter()
            .any(|tag| begins(tag))
            && start.contains("</"))
}

fn inner(raw: &[u8], depth: usize, out: &mut Gathered, budget: &mut Budget) {
    let raw = raw.trim_ascii_start();
    let head = Head::read(super::entry::without_mbox_line(raw));
    if head.fields.is_empty() {
        out.attach(String::new(), &super::charset::guess(raw), budget);
        return;
    }
    out.inner.push(super::message(head, depth + 1, budget));
}

pub fn inner_message(raw: &[u8], depth: usize, out: &mut Gathered, budget: &mut Budget) {
    inner(raw, depth, out, budget);
}

fn returned_head(raw: &[u8], out: &mut Gathered) {
    let head = Head::read(raw.trim_ascii_start());
    if !head.fields.is_empty() && out.returned.is_none() {
        out.returned = Some(super::addressed(&head));
    }
}

/// Two forms of one letter share most of their words.
fn differ(plain: &str, html: &str) -> bool {
    let (a, b) = (words(plain), words(html));
    if a.is_empty() || b.is_empty() {
        return a.len() + b.len() > 3;
    }
    let only = |these: &[u64], those: &[u64]| {
        these
            .iter()
            .filter(|word| those.binary_search(word).is_err())
            .count()
    };
    // links and image texts may stand in one of them only
    let far = |only: usize, all: usize| only > 3 && only * 2 > all;
    far(only(&a, &b), a.len()) || far(only(&b, &a), b.len())
}

/// The words of a text as numbers, each once, in the order of the numbers.
fn words(text: &str) -> Vec<u64> {
    let mut list: Vec<u64> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| (3..40).contains(&word.len()))
        .take(4_000)
        .map(number)
        .collect();
    list.sort_unstable();
    list.dedup();
    list
}

/// FNV-1a over the lower-case letters.
fn number(word: &str) -> u64 {
    word.chars().fold(0xcbf2_9ce4_8422_2325, |hash, c| {
        (hash ^ u64::from(u32::from(lower(c)))).wrapping_mul(0x0100_0000_01b3)
    })
}

fn lower(c: char) -> char {
    if c.is_ascii() {
        c.to_ascii_lowercase()
    } else {
        c.to_lowercase().next().unwrap_or(c)
    }
}
