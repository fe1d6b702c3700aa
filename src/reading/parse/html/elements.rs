//! The elements of a page: which make blocks, and which end where another begins.

use super::{entities, style::Seen};

/// An element that is open.
pub struct Element {
    pub name: String,
    pub seen: Seen,
    pub quote: bool,
    pub block: bool,
    /// The number of the next item; `None` for bullets.
    pub list: Option<Option<u32>>,
    pub pre: bool,
    /// The address of a `mailto:` link and where its text began.
    pub mailto: Option<(String, usize)>,
}

pub fn mail_address(href: &str) -> Option<String> {
    let href = entities::decoded(href.trim());
    let rest = href
        .get(..7)
        .filter(|start| start.eq_ignore_ascii_case("mailto:"))
        .and(href.get(7..))?;
    let address = rest.split('?').next().unwrap_or_default();
    let address = String::from_utf8_lossy(&crate::reading::parse::transfer::percent(
        address.as_bytes(),
    ))
    .into_owned();
    (address.contains('@') && address.len() < 300).then_some(address)
}

pub fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "table"
            | "tr"
            | "td"
            | "th"
            | "tbody"
            | "thead"
            | "tfoot"
            | "caption"
            | "ul"
            | "ol"
            | "li"
            | "menu"
            | "dir"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "pre"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "nav"
            | "aside"
            | "address"
            | "center"
            | "form"
            | "fieldset"
            | "legend"
            | "figure"
            | "figcaption"
            | "details"
            | "summary"
            | "body"
            | "html"
            | "option"
            | "textarea"
            | "listing"
            | "xmp"
            | "title"
            | "optgroup"
    ) && !matches!(name, "td" | "th")
}

type Names = &'static [&'static str];

/// Tags that are open deeper than this below another are not looked at: who nests so deep wants to keep us busy.
const REACH: usize = 60;

/// From which open tag on all are ended by the opening of this one, which does not say so.
pub fn ended_by_opening<'a, Open>(open: Open, name: &str) -> Option<usize>
where
    Open: DoubleEndedIterator<Item = &'a str> + ExactSizeIterator,
{
    let (ends, walls) = implied(name)?;
    let (index, found) = open
        .enumerate()
        .rev()
        .take(REACH)
        .find(|(_, it)| walls.contains(it) || ends.contains(it))?;
    (!walls.contains(&found)).then_some(index)
}

/// From which open tag on all are ended by the end of this one; an inline tag does not close the block it stands in.
pub fn ended_by_closing<'a, Open>(open: Open, name: &str) -> Option<usize>
where
    Open: DoubleEndedIterator<Item = &'a str> + ExactSizeIterator,
{
    let inline = !is_block(name);
    let wall = |it: &str| inline && matches!(it, "td" | "th" | "table" | "blockquote");
    let (index, found) = open
        .enumerate()
        .rev()
        .find(|(_, it)| *it == name || wall(it))?;
    (found == name).then_some(index)
}

/// What a tag ends without saying so, and what it does not reach beyond.
fn implied(name: &str) -> Option<(Names, Names)> {
    let (ends, walls): (Names, Names) = match name {
        "li" => (&["li"], &["ul", "ol", "menu", "dir"]),
        "td" | "th" => (&["td", "th"], &["tr", "table"]),
        "tr" => (&["tr"], &["table"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl"]),
        "option" => (&["option"], &["select"]),
        _ if is_block(name) => (&["p"], &["td", "th", "li", "blockquote", "div", "table"]),
        _ => return None,
    };
    Some((ends, walls))
}
