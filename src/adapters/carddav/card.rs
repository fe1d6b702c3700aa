//! A card of an address book (vCard 2.1 to 4.0) line by line, so that what is not put right stays as it was.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};

/// More lines are no card.
const LINES: usize = 5_000;
/// Properties whose values have parts, which are shown and written as they stand.
const IN_PARTS: [&str; 6] = ["N", "ADR", "ORG", "CATEGORIES", "GENDER", "CLIENTPIDMAP"];
/// Properties that hold pictures and keys: they are in the file, not among the fields.
const BINARY: [&str; 4] = ["PHOTO", "LOGO", "SOUND", "KEY"];

/// A card, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Card(Vec<Line>);

/// A property.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    /// As it came, with its folds and without its end.
    raw: String,
    /// In large letters, without its group.
    name: String,
    /// What stands before the colon.
    before: String,
    /// What stands behind it.
    value: String,
}

impl Line {
    fn read(raw: &str) -> Line {
        let quoted_printable = raw.to_ascii_uppercase().contains("QUOTED-PRINTABLE");
        let mut text = String::new();
        for (number, piece) in raw.split('\n').enumerate() {
            let piece = piece.trim_end_matches('\r');
            match number {
                0 => text.push_str(piece),
                _ if quoted_printable && text.ends_with('=') => {
                    text.pop();
                    text.push_str(piece);
                }
                _ => text.push_str(piece.get(1..).unwrap_or_default()),
            }
        }
        let (before, value) = parted(&text);
        let name = before.split(';').next().unwrap_or_default();
        Line {
            raw: raw.to_owned(),
            name: name
                .rsplit('.')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_uppercase(),
            before: before.to_owned(),
            value: value.to_owned(),
        }
    }

    fn has(&self, word: &str) -> bool {
        self.before
            .to_ascii_uppercase()
            .split([';', '=', ','])
            .any(|it| it.trim_matches('"') == word)
    }

    /// As people read it.
    fn shown(&self) -> String {
        let value = match self.has("QUOTED-PRINTABLE") {
            true => undone(&self.value),
            false => self.value.clone(),
        };
        match IN_PARTS.contains(&self.name.as_str()) {
            true => value,
            false => plain(&value),
        }
    }
}

/// At the first colon that stands in no quotes.
fn parted(text: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            ':' if !quoted => {
                return (
                    text.get(..at).unwrap_or_default(),
                    text.get(at + 1..).unwrap_or_default(),
                );
            }
            _ => {}
        }
    }
    (text, "")
}

fn plain(value: &str) -> String {
    let mut out = String::new();
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            other => out.push(other),
        }
    }
    out
}

fn undone(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        let hex = behind.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        match hex
            .filter(|_| byte == b'=')
            .and_then(|it| u8::from_str_radix(it, 16).ok())
        {
            Some(decoded) => {
                bytes.push(decoded);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => bytes.push(byte),
        }
    }
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => encoding_rs::WINDOWS_1252
            .decode(error.as_bytes())
            .0
            .into_owned(),
    }
}

impl Card {
    /// Reads a card; none, if it is none.
    pub fn read(text: &str) -> Option<Card> {
        let mut raws: Vec<String> = Vec::new();
        let mut soft = false;
        for piece in text.trim().split('\n') {
            let piece = piece.trim_end_matches('\r');
            match raws.last_mut() {
                Some(last) if soft || piece.starts_with([' ', '\t']) => {
                    last.push('\n');
                    last.push_str(piece);
                }
                _ if piece.is_empty() => continue,
                _ => raws.push(piece.to_owned()),
            }
            soft = piece.ends_with('=')
                && raws
                    .last()
                    .is_some_and(|it| it.to_ascii_uppercase().contains("QUOTED-PRINTABLE"));
            if raws.len() > LINES {
                return None;
            }
        }
        let lines: Vec<Line> = raws.iter().map(|it| Line::read(it)).collect();
        let marks = |name: &str| {
            lines
                .iter()
                .filter(|it| it.name == name && it.value.trim().eq_ignore_ascii_case("vcard"))
                .count()
        };
        let framed = lines.first().is_some_and(|it| it.name == "BEGIN")
            && lines.last().is_some_and(|it| it.name == "END");
        (framed && marks("BEGIN") == 1 && marks("END") == 1).then_some(Card(lines))
    }

    /// All values of a property, as people read them.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|it| it.name == name)
            .map(Line::shown)
            .filter(|it| !it.is_empty())
            .collect()
    }

    /// The first value.
    pub fn one(&self, name: &str) -> Option<String> {
        self.all(name).into_iter().next()
    }

    /// Everything that can be read, in its order.
    pub fn fields(&self) -> Vec<(String, String)> {
        let silent = ["BEGIN", "END", "VERSION", "PRODID", "UID"];
        let told = |line: &&Line| {
            !silent.contains(&line.name.as_str()) && !BINARY.contains(&line.name.as_str())
        };
        self.0
            .iter()
            .filter(told)
            .map(|it| (it.name.clone(), it.shown()))
            .filter(|it| !it.1.is_empty())
            .collect()
    }

    /// Whether it stands for several people.
    pub fn is_group(&self) -> bool {
        let kind = self
            .one("KIND")
            .or_else(|| self.one("X-ADDRESSBOOKSERVER-KIND"));
        kind.is_some_and(|it| it.eq_ignore_ascii_case("group"))
    }

    /// Those who belong to the group, by the names of their cards.
    pub fn members(&self) -> Vec<String> {
        let mut members = self.all("MEMBER");
        members.extend(self.all("X-ADDRESSBOOKSERVER-MEMBER"));
        members.iter().map(|it| bare(it)).collect()
    }

    /// Takes somebody out of a group.
    pub fn without(&self, uid: &str) -> Card {
        let hers = |line: &Line| {
            matches!(line.name.as_str(), "MEMBER" | "X-ADDRESSBOOKSERVER-MEMBER")
                && bare(&line.shown()) == uid
        };
        Card(self.0.iter().filter(|it| !hers(it)).cloned().collect())
    }

    /// Her names as one text: the one for show, and the parts in their usual order.
    pub fn names(&self) -> Vec<String> {
        let mut names = self.all("FN");
        names.extend(self.all("N").iter().map(|it| {
            let parts: Vec<String> = split(it).into_iter().map(|it| plain(&it)).collect();
            let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
            format!("{} {} {}", part(1), part(2), part(0))
        }));
        names
    }

    /// Puts one value right: the one line that says `before` says `after`. An empty `after` takes the line away.
    /// None, if there is no such line, or more than one.
    pub fn changed(&self, name: &str, before: Option<&str>, after: &str) -> Option<Card> {
        let name = name.to_ascii_uppercase();
        let mut lines = self.0.clone();
        let Some(before) = before.filter(|it| !it.is_empty()) else {
            // Only what is not there yet is added.
            if lines
                .iter()
                .any(|it| it.name == name && it.shown() == after)
            {
                return Some(self.clone());
            }
            let end = lines.len().checked_sub(1)?;
            lines.insert(end, written(&name, &name, after));
            return Some(Card(lines));
        };
        let mut at = lines
            .iter()
            .enumerate()
            .filter(|(_, it)| it.name == name && it.shown() == before)
            .map(|(at, _)| at);
        let (Some(first), None) = (at.next(), at.next()) else {
            return None;
        };
        if after.is_empty() {
            lines.remove(first);
        } else {
            let line = lines.get_mut(first)?;
            *line = written(&name, &line.before.clone(), after);
        }
        Some(Card(lines))
    }

    /// The whole as it is sent.
    pub fn text(&self) -> String {
        self.0
            .iter()
            .map(|it| format!("{}\r\n", it.raw.replace('\n', "\r\n")))
            .collect()
    }

    /// What is compared where a server has no marks of its own: the same lines in any order.
    pub fn mark(&self) -> String {
        let mut lines: Vec<String> = self
            .0
            .iter()
            .map(|it| format!("{}:{}", it.before, it.value))
            .collect();
        lines.sort_unstable();
        format!(
            "sha256:{}",
            STANDARD.encode(digest(&SHA256, lines.join("\n").as_bytes()))
        )
    }
}

/// The name of a card, without what is written before it.
pub(super) fn bare(uid: &str) -> String {
    let uid = uid.trim();
    let uid = uid.strip_prefix("urn:uuid:").unwrap_or(uid);
    uid.to_owned()
}

/// The parts between semicolons that are no letters.
fn split(value: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for letter in value.chars() {
        match letter {
            ';' if !escaped => parts.push(String::new()),
            other => {
                if let Some(part) = parts.last_mut() {
                    part.push(other);
                }
            }
        }
        escaped = letter == '\\' && !escaped;
    }
    parts
}

/// A line with a new value. How the old one was encoded does not hold for it.
fn written(name: &str, before: &str, after: &str) -> Line {
    let mut kept: Vec<&str> = Vec::new();
    for parameter in before.split(';') {
        let upper = parameter.to_ascii_uppercase();
        let encoding = upper.contains("QUOTED-PRINTABLE")
            || upper.starts_with("CHARSET")
            || upper.starts_with("ENCODING");
        if !encoding {
            kept.push(parameter);
        }
    }
    let mut value = String::new();
    let in_parts = IN_PARTS.contains(&name);
    for letter in after.chars() {
        match letter {
            '\r' => {}
            '\n' => value.push_str("\\n"),
            '\\' | ',' | ';' if !in_parts => {
                value.push('\\');
                value.push(letter);
            }
            other => value.push(other),
        }
    }
    let whole = format!("{}:{value}", kept.join(";"));
    // Folded at 70 letters, which are at most 75 bytes of the usual ones.
    let mut raw = String::new();
    for (at, letter) in whole.chars().enumerate() {
        if at > 0 && at % 70 == 0 {
            raw.push_str("\n ");
        }
        raw.push(letter);
    }
    Line::read(&raw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ERIKA: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u-1\r\nFN:Erika Muster\r\nN:Muster;Erika;;Dr.;\r\n\
        item1.EMAIL;TYPE=\"home,x:y\":Erika@Person.example\r\nEMAIL:e2@person.example\r\nTEL;TYPE=CELL:0170 5550123\r\n\
        NOTE:one\\, two\\nthree and a long line that is folded\r\n  here\r\nX-OWN;A=b:c:d\r\nEND:VCARD\r\n";

    #[test]
    fn a_card_is_read_with_groups_quotes_folds_and_escapes() {
        let card = Card::read(ERIKA).unwrap();
        assert_eq!(
            card.all("EMAIL"),
            ["Erika@Person.example", "e2@person.example"]
        );
        assert_eq!(
            card.one("NOTE").unwrap(),
            "one, two\nthree and a long line that is folded here"
        );
        assert_eq!(card.one("X-OWN").unwrap(), "c:d");
        assert_eq!(card.names(), ["Erika Muster", "Erika  Muster"]);
        assert_eq!(card.text(), ERIKA);
    }

    #[test]
    fn old_cards_in_quoted_printable_are_read() {
        let card = "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg=20M=\r\n=C3=BCller\r\nTEL;HOME:1\r\nEND:VCARD";
        let card = Card::read(card).unwrap();
        assert_eq!(card.one("FN").unwrap(), "J\u{f6}rg M\u{fc}ller");
        assert_eq!(card.one("TEL").unwrap(), "1");
        let card = card
            .changed("FN", Some("J\u{f6}rg M\u{fc}ller"), "J. M.")
            .unwrap();
        assert!(card.text().contains("\r\nFN:J. M.\r\n"), "{}", card.text());
    }

    #[test]
    fn only_the_line_that_is_meant_changes() {
        let card = Card::read(ERIKA).unwrap();
        let new = card
            .changed("EMAIL", Some("Erika@Person.example"), "new@person.example")
            .unwrap();
        assert_eq!(
            new.text(),
            ERIKA.replace("Erika@Person.example", "new@person.example")
        );
        assert_eq!(
            card.changed("EMAIL", Some("nobody@person.example"), "x"),
            None
        );
        let added = card.changed("TITLE", None, "a;b\r\nEND:VCARD").unwrap();
        assert_eq!(
            Card::read(&added.text()).unwrap().one("TITLE").unwrap(),
            "a;b\nEND:VCARD"
        );
        let gone = card.changed("TEL", Some("0170 5550123"), "").unwrap();
        assert!(gone.all("TEL").is_empty());
    }

    #[test]
    fn what_is_no_single_card_is_none() {
        for text in [
            "",
            "hello",
            "BEGIN:VCARD",
            "BEGIN:VCALENDAR\r\nEND:VCALENDAR",
            &format!("{ERIKA}{ERIKA}"),
        ] {
            assert_eq!(Card::read(text), None, "{text}");
        }
    }

    #[test]
    fn who_leaves_a_group_leaves_the_others_in_it() {
        let group = "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:Choir\r\nMEMBER:urn:uuid:u-1\r\nMEMBER:urn:uuid:u-2\r\nEND:VCARD\r\n";
        let group = Card::read(group).unwrap();
        assert!(group.is_group());
        assert_eq!(group.without("u-1").members(), ["u-2"]);
    }

    proptest! {
        #[test]
        fn a_value_that_was_written_is_read_back(value in "[ -~\u{e4}\u{20ac}\n]{1,200}") {
            let card = Card::read(ERIKA).unwrap().changed("NOTE", None, &value).unwrap();
            let back = Card::read(&card.text()).unwrap();
            prop_assert!(back.all("NOTE").contains(&value), "{}", card.text());
            prop_assert_eq!(back.0.len(), card.0.len());
        }
    }
}
