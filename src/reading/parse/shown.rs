//! The formatted text of a message, made fit to be shown: words and their order, and nothing that loads, runs, looks like
//! a form of ours, or leads elsewhere than it says.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::sync::LazyLock;

use ammonia::{Builder, Url, UrlRelative};

use super::{
    bounds,
    html::{entities, tidied},
};

/// A formatted text that can be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// Well-formed HTML that stands inside of a body.
    pub html: String,
    /// It was too long; the end is missing.
    pub cut: bool,
}

/// Elements that order words. All others go; the words in them stay.
const ORDER: [&str; 54] = [
    "a",
    "abbr",
    "address",
    "article",
    "b",
    "bdi",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];
/// These go with all that is in them: their words are none that anybody was to read.
const WORDLESS: [&str; 16] = [
    "applet", "audio", "canvas", "frameset", "head", "iframe", "math", "noembed", "noframes",
    "noscript", "object", "script", "style", "svg", "template", "video",
];
/// Cells that one cell may span; more is a trick or a mistake.
const SPAN: u16 = 100;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from(ORDER))
        .clean_content_tags(HashSet::from(WORDLESS))
        .add_clean_content_tags(["title", "select", "datalist", "progress", "meter"])
        .generic_attributes(HashSet::from(["dir"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("td", HashSet::from(["colspan", "rowspan"])),
            ("th", HashSet::from(["colspan", "rowspan"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .attribute_filter(|_, name, value| attribute(name, value).map(Cow::Owned))
        .set_tag_attribute_value("a", "target", "_blank")
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true);
    cleaner
});

/// Makes the source of a formatted text fit to be shown.
pub fn shown(source: &str) -> Shown {
    let mut end = source.len().min(bounds::PAGE_BYTES);
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let kept = source.get(..end).unwrap_or_default();
    Shown {
        html: with_targets(&CLEANER.clean(&tidied(kept, &ORDER)).to_string()),
        cut: end < source.len(),
    }
}

/// The value of an attribute that may stay, written anew so that nothing hides in it.
fn attribute(name: &str, value: &str) -> Option<String> {
    match name {
        "href" => Target::read(value).map(|target| target.href),
        "dir" => ["ltr", "rtl", "auto"]
            .into_iter()
            .find(|known| value.trim().eq_ignore_ascii_case(known))
            .map(str::to_owned),
        "colspan" | "rowspan" => {
            let span: u16 = value.trim().parse().ok()?;
            (1..=SPAN).contains(&span).then(|| span.to_string())
        }
        // what the cleaner sets itself
        "target" | "rel" => Some(value.to_owned()),
        _ => None,
    }
}

/// Where a link leads.
struct Target {
    href: String,
    /// The host, or the address of a mailbox: what a person can judge.
    place: String,
}

impl Target {
    fn read(value: &str) -> Option<Self> {
        let url = Url::parse(value.trim()).ok()?;
        match url.scheme() {
            "http" | "https" => Some(Self {
                place: url.host_str().filter(|host| !host.is_empty())?.to_owned(),
                href: url.to_string(),
            }),
            "mailto" => {
                let address = url.path();
                let fits = |c: char| {
                    c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '-' | '_' | '+' | '%')
                };
                let plain = address.contains('@') && address.chars().all(fits);
                // what the mail would say is not for the link to choose
                plain.then(|| Self {
                    href: format!("mailto:{address}"),
                    place: address.to_owned(),
                })
            }
            _ => None,
        }
    }

    /// Whether the words of the link name the very place to which it leads.
    fn is_named_by(&self, words: &str) -> bool {
        let words = words.trim();
        if self.href.starts_with("mailto:") {
            return words.eq_ignore_ascii_case(&self.place);
        }
        if words.contains(char::is_whitespace) {
            return false;
        }
        let full = match words.contains("://") {
            true => Url::parse(words),
            false => Url::parse(&format!("http://{words}")),
        };
        full.is_ok_and(|url| {
            url.username().is_empty() && url.host_str() == Some(self.place.as_str())
        })
    }
}

/// Puts the place behind the words of every link that do not name it. The text was just written by the cleaner: a tag
/// begins at each `<`, and nowhere else is one.
fn with_targets(clean: &str) -> String {
    let mut out = String::with_capacity(clean.len() + clean.len() / 8);
    let mut rest = clean;
    while let Some(at) = rest.find("<a ") {
        let (before, link) = rest.split_at(at);
        out.push_str(before);
        let Some((tag, after)) = link.split_once('>') else {
            rest = link;
            break;
        };
        let end = after.find("</a>").unwrap_or(after.len());
        let (inner, after) = after.split_at(end);
        out.push_str(tag);
        out.push('>');
        out.push_str(inner);
        if let Some(target) = href(tag).and_then(|href| Target::read(&entities::decoded(href)))
            && !target.is_named_by(&words(inner))
        {
            // the cleaner's own letters: a host or an address has none that mean anything in HTML
            let place: String = target
                .place
                .chars()
                .filter(|c| !matches!(c, '<' | '>' | '&' | '"'))
                .collect();
            let _ = write!(out, " <span class=\"to\">[{place}]</span>");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn href(tag: &str) -> Option<&str> {
    let (_, value) = tag.split_once(" href=\"")?;
    value.split('"').next()
}

/// The words between tags.
fn words(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some((text, tag)) = rest.split_once('<') {
        words.push_str(text);
        rest = tag.split_once('>').map_or("", |(_, rest)| rest);
    }
    words.push_str(rest);
    entities::decoded(&words).into_owned()
}

/// Whether an element of this name may come out.
#[cfg(test)]
pub fn may_stand(name: &str) -> bool {
    name == "span" || ORDER.contains(&name)
}
