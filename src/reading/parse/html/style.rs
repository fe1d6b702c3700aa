//! What an element's looks say: whether it is seen, whether it quotes, whether older mail begins with it.

use super::{
    colour::{Colour, WHITE, colour, same},
    sheet::Sheet,
    tags::Tag,
};

/// Declarations of one rule that are looked at.
const DECLARATIONS: usize = 80;

/// How text inside an element looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    hidden: bool,
    ink: Colour,
    /// `None`: a picture, or a colour that is not known.
    ground: Option<Colour>,
    /// Writing of the size nothing; a child may be larger again.
    tiny: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            hidden: false,
            ink: (0, 0, 0),
            ground: Some(WHITE),
            tiny: false,
        }
    }
}

impl Seen {
    pub fn of(tag: &Tag<'_>, parent: Option<&Self>, sheet: &Sheet) -> Self {
        let mut seen = parent.copied().unwrap_or_default();
        if seen.hidden {
            return seen;
        }
        seen.hidden = tag.get("hidden").is_some()
            || matches!(tag.name.as_str(), "head" | "noembed" | "noframes");
        if let Some(value) = tag.get("bgcolor") {
            seen.ground = colour(value);
        }
        if tag.get("background").is_some() {
            seen.ground = None;
        }
        if tag.name == "font"
            && let Some(ink) = tag.get("color").and_then(colour)
        {
            seen.ink = ink;
        }
        sheet.apply(tag, |look| seen.wear(look));
        if let Some(own) = tag.get("style") {
            looks(own, |look| seen.wear(look));
        }
        seen
    }

    pub fn is_hidden(&self) -> bool {
        self.hidden || self.tiny || self.ground.is_some_and(|ground| same(self.ink, ground))
    }

    fn wear(&mut self, look: Look) {
        match look {
            Look::Hidden => self.hidden = true,
            Look::Tiny(tiny) => self.tiny = tiny,
            Look::Ink(ink) => self.ink = ink,
            Look::Ground(ground) => self.ground = ground,
        }
    }
}

/// One thing that a declaration says about being seen.
#[derive(Debug, Clone, Copy)]
pub enum Look {
    Hidden,
    Tiny(bool),
    Ink(Colour),
    Ground(Option<Colour>),
}

/// What a list of declarations says, in order.
pub fn looks(rules: &str, mut with: impl FnMut(Look)) {
    let (mut shut, mut small) = (false, false);
    for (name, value) in declarations(rules) {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        // most declarations are about room and borders
        let said = match name.as_bytes().first().map(u8::to_ascii_lowercase) {
            Some(b'd') if is("display") && begins(value, "none") => Some(Look::Hidden),
            Some(b'v')
                if is("visibility") && (begins(value, "hidden") || begins(value, "collapse")) =>
            {
                Some(Look::Hidden)
            }
            Some(b'm') if is("mso-hide") && begins(value, "all") => Some(Look::Hidden),
            Some(b'o') if is("opacity") && number(value).is_some_and(|value| value < 0.05) => {
                Some(Look::Hidden)
            }
            Some(b't' | b'l' | b'm')
                if (is("text-indent") || is("left") || is("top") || is("margin-left"))
                    && number(value).is_some_and(|value| value <= -900.0) =>
            {
                Some(Look::Hidden)
            }
            Some(b'f') if is("font-size") => Some(Look::Tiny(is_tiny(value))),
            Some(b'f') if is("font") => font_size(value).map(|size| Look::Tiny(is_tiny(size))),
            Some(b'c') if is("color") && begins(value, "transparent") => Some(Look::Hidden),
            Some(b'c') if is("color") => colour(value).map(Look::Ink),
            Some(b'b') if is("background") || is("background-color") => ground(value),
            Some(b'b') if is("background-image") => {
                (!begins(value, "none")).then_some(Look::Ground(None))
            }
            Some(b'o') if is("overflow") => {
                shut |= begins(value, "hidden");
                None
            }
            Some(b'm' | b'h' | b'w')
                if is("max-height") || is("height") || is("max-width") || is("width") =>
            {
                small |= number(value).is_some_and(|value| value < 1.0);
                None
            }
            _ => None,
        };
        if let Some(look) = said {
            with(look);
        }
    }
    if shut && small {
        with(Look::Hidden);
    }
}

/// `name: value` pairs.
fn declarations(rules: &str) -> impl Iterator<Item = (&str, &str)> {
    rules.split(';').take(DECLARATIONS).filter_map(|rule| {
        let (name, value) = rule.split_once(':')?;
        Some((name.trim(), value.split('!').next().unwrap_or(value).trim()))
    })
}

fn begins(value: &str, word: &str) -> bool {
    value
        .get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn ground(value: &str) -> Option<Look> {
    let low = value.to_ascii_lowercase();
    if low.contains("url(") || low.contains("gradient") {
        return Some(Look::Ground(None));
    }
    if matches!(
        low.as_str(),
        "none" | "transparent" | "inherit" | "initial" | "unset"
    ) {
        return None;
    }
    Some(Look::Ground(
        colour(&low).or_else(|| low.split_whitespace().find_map(colour)),
    ))
}

/// The size in `bold 12px/1.5 Arial`.
fn font_size(value: &str) -> Option<&str> {
    value.split([' ', '/']).find(|word| {
        word.starts_with(|c: char| c.is_ascii_digit())
            && !word.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn number(value: &str) -> Option<f32> {
    let end = value
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-')))
        .unwrap_or(value.len());
    value.get(..end)?.parse().ok()
}

/// Nought, or a point of which nobody reads a letter.
fn is_tiny(value: &str) -> bool {
    let Some(size) = number(value) else {
        return false;
    };
    let unit = value
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'))
        .trim();
    match unit.to_ascii_lowercase().as_str() {
        "" | "px" | "pt" => size <= 1.0,
        "em" | "rem" => size < 0.1,
        "%" => size < 10.0,
        _ => size == 0.0,
    }
}

/// Encloses what somebody wrote before: a quotation, or a provider's box around it.
pub fn is_quotation(tag: &Tag<'_>) -> bool {
    match tag.name.as_str() {
        // Gmail's indent is no quotation
        "blockquote" => {
            !is_indent(tag.get("style").unwrap_or_default())
                || says(tag, "class", "quote")
                || tag
                    .get("type")
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("cite"))
        }
        "div" => {
            tag.get("name")
                .is_some_and(|name| name.eq_ignore_ascii_case("quote"))
                || says(tag, "class", "yahoo_quoted")
                || says(tag, "class", "protonmail_quote") && !says(tag, "class", "header")
                || tag.get("style").is_some_and(has_bar)
        }
        _ => false,
    }
}

fn says(tag: &Tag<'_>, attribute: &str, word: &str) -> bool {
    tag.get(attribute)
        .is_some_and(|value| value.to_ascii_lowercase().contains(word))
}

fn is_indent(style: &str) -> bool {
    let mut margin = false;
    let mut borderless = false;
    for (name, value) in declarations(style) {
        margin |= begins(name, "margin");
        borderless |= name.eq_ignore_ascii_case("border")
            && (begins(value, "none") || value.starts_with('0'));
    }
    margin && borderless && !has_bar(style)
}

/// A bar at the left with room behind it is how mail programs draw quotations.
fn has_bar(style: &str) -> bool {
    if memchr::memmem::find(style.as_bytes(), b"left").is_none() {
        return false;
    }
    let (mut bar, mut room) = (false, false);
    for (name, value) in declarations(style) {
        bar |= name.eq_ignore_ascii_case("border-left")
            && value.contains("solid")
            && !value.starts_with('0');
        room |= begins(name, "padding");
    }
    bar && room
}

/// Older mail follows from here on: Outlook's line above its head, and the like.
pub fn begins_history(tag: &Tag<'_>) -> bool {
    if let Some(id) = tag.get("id") {
        const ENDS: &[&str] = &[
            "divrplyfwdmsg",
            "appendonsend",
            "stopspelling",
            "mail-editor-reference-message-container",
            "ms-outlook-mobile-reference-message",
        ];
        let id = id.to_ascii_lowercase();
        if matches!(tag.name.as_str(), "div" | "hr" | "table")
            && ENDS.iter().any(|end| id.ends_with(end))
        {
            return true;
        }
    }
    let Some(style) = tag
        .get("style")
        .filter(|style| tag.name == "div" && style.contains("border"))
    else {
        return false;
    };
    let (mut top, mut bare) = (false, false);
    for (name, value) in declarations(style) {
        top |= name.eq_ignore_ascii_case("border-top") && value.contains("solid");
        bare |= name.eq_ignore_ascii_case("border") && begins(value, "none");
    }
    top && bare
}
