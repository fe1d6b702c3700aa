//! The small markup of letter texts, and the guard that keeps values from being read as markup.

use crate::letters::block::{Block, Run};

/// Signs of the markup, and where they hide while they are part of a value.
///
/// Values are moved into the private use area before a template sees them and moved back when the blocks are built, so that no
/// value can begin a heading, a table, a button or a paragraph, whatever a template does with it.
const HIDDEN: u32 = 0xE000;

fn hides(sign: char) -> bool {
    matches!(sign, '*' | '#' | '|' | '[' | ']' | '\n' | '~' | '{' | '}')
}

fn hidden(sign: char) -> char {
    char::from_u32(HIDDEN + u32::from(sign)).unwrap_or(' ')
}

fn found(sign: char) -> Option<char> {
    let code = u32::from(sign).checked_sub(HIDDEN)?;
    (code < 0x80).then(|| char::from_u32(code)).flatten()
}

/// Makes a value harmless: signs of the markup hidden, control and direction marks taken out, line ends unified.
pub(super) fn guard(value: &str) -> String {
    let mut guarded = String::with_capacity(value.len());
    let mut opens = true;
    let mut previous = ' ';
    for letter in value.trim().chars() {
        let kept = match letter {
            '\n' if previous == '\r' => None,
            '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some(' '),
            '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{FEFF}' => None,
            '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}' => Some('\u{FFFD}'),
            _ if letter.is_control() => None,
            _ => Some(letter),
        };
        previous = letter;
        let Some(kept) = kept else { continue };
        // A dash opens a list only at the start of a line.
        guarded.push(if hides(kept) || opens && kept == '-' {
            hidden(kept)
        } else {
            kept
        });
        opens = kept == '\n';
    }
    guarded
}

/// Parts a guarded value into paragraphs where it has blank lines; single line ends stay line ends.
pub(super) fn paragraphs(guarded: &str) -> String {
    let end = hidden('\n');
    let mut parted = String::with_capacity(guarded.len());
    let mut blank = 0;
    for line in guarded.split(end) {
        if line.trim().is_empty() {
            blank += 1;
            continue;
        }
        if !parted.is_empty() {
            if blank > 0 {
                parted.push_str("\n\n");
            } else {
                parted.push(end);
            }
        }
        blank = 0;
        parted.push_str(line);
    }
    parted
}

/// The value as it was, without the markup's own signs.
pub(super) fn reveal(text: &str) -> String {
    text.chars()
        .map(|letter| found(letter).unwrap_or(letter))
        .collect()
}

/// Reads the text below the subject line.
pub(super) fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut list: Vec<String> = Vec::new();
    let mut in_item = false;
    let mut table: Vec<Vec<Vec<Run>>> = Vec::new();
    let mut closing: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).chain(std::iter::once("")) {
        let (is_item, is_row, is_closing) = (
            line.starts_with("- "),
            line.starts_with('|') && line.len() > 1,
            line.starts_with("~ "),
        );
        let other = line.is_empty()
            || line.starts_with('#')
            || line.starts_with("[[") && line.ends_with("]]");
        if !paragraph.is_empty() && (other || is_item || is_row || is_closing) {
            blocks.push(Block::Paragraph(runs(
                &std::mem::take(&mut paragraph).join("\n"),
            )));
        }
        // A line under an item belongs to it, as long as no blank line stands between.
        if in_item && !(other || is_item || is_row || is_closing) {
            if let Some(item) = list.last_mut() {
                item.push('\n');
                item.push_str(line);
            }
            continue;
        }
        in_item = is_item;
        if !list.is_empty() && !is_item && !line.is_empty() {
            blocks.push(build_list(std::mem::take(&mut list)));
        }
        if !table.is_empty() && !is_row {
            blocks.extend(build_table(std::mem::take(&mut table)));
        }
        if !closing.is_empty() && !is_closing {
            blocks.push(Block::Signature(std::mem::take(&mut closing)));
        }
        if line.is_empty() {
            continue;
        } else if is_item {
            list.push(line.get(2..).unwrap_or("").trim().to_owned());
        } else if is_row {
            let inner = line.trim_matches('|');
            if inner
                .chars()
                .any(|sign| !matches!(sign, '-' | '|' | ' ' | ':'))
            {
                table.push(inner.split('|').map(|cell| runs(cell.trim())).collect());
            }
        } else if is_closing {
            closing.push(reveal(line.get(2..).unwrap_or("").trim()));
        } else if let Some(heading) = line.strip_prefix('#') {
            let (level, heading) = heading
                .strip_prefix('#')
                .map_or((1, heading), |rest| (2, rest));
            blocks.push(Block::Heading {
                level,
                text: one_line(heading),
            });
        } else if let Some(block) = special(line) {
            blocks.push(block);
        } else {
            paragraph.push(line);
        }
    }
    if !list.is_empty() {
        blocks.push(build_list(list));
    }
    blocks
}

/// A value or heading on one line.
pub(super) fn one_line(text: &str) -> String {
    reveal(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn build_list(items: Vec<String>) -> Block {
    Block::List(items.iter().map(|item| runs(item)).collect())
}

fn build_table(mut rows: Vec<Vec<Vec<Run>>>) -> Option<Block> {
    if rows.is_empty() {
        return None;
    }
    let head = rows.remove(0);
    for row in &mut rows {
        row.resize(head.len(), Vec::new());
    }
    // A head without rows would be a table about nothing.
    (!rows.is_empty()).then_some(Block::Table {
        head,
        rows,
        widths: Vec::new(),
    })
}

fn special(line: &str) -> Option<Block> {
    let inner = line.strip_prefix("[[")?.strip_suffix("]]")?;
    let mut parts = inner.split('|');
    match (parts.next()?, parts.next(), parts.next()) {
        ("button", Some(label), Some(url)) => Some(Block::Button {
            label: one_line(label),
            url: one_line(url),
        }),
        ("verbatim", Some(text), None) => Some(Block::Verbatim(reveal(text))),
        ("space", None, None) => Some(Block::Space),
        _ => None,
    }
}

/// Where an address leads: a page on the web, or the mail program.
fn target(address: &str) -> Option<String> {
    if super::web_address(address) {
        return Some(address.to_owned());
    }
    let mail = format!("mailto:{address}");
    (address.split('@').count() == 2 && super::web_address(&mail)).then_some(mail)
}

/// Reads `**bold**` and `[[address]]`.
fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut bold = false;
    let mut rest = text;
    let mut push = |text: &str, bold: bool, link: bool| {
        let text = reveal(text);
        if !text.is_empty() {
            let link = if link { target(&text) } else { None };
            runs.push(Run { text, bold, link });
        }
    };
    while !rest.is_empty() {
        let star = rest.find("**");
        let bracket = rest.find("[[");
        match (star, bracket) {
            (Some(star), bracket) if bracket.is_none_or(|bracket| star < bracket) => {
                let (head, tail) = rest.split_at(star);
                push(head, bold, false);
                bold = !bold;
                rest = tail.get(2..).unwrap_or("");
            }
            (_, Some(bracket)) => {
                let (head, tail) = rest.split_at(bracket);
                push(head, bold, false);
                let tail = tail.get(2..).unwrap_or("");
                let (url, tail) = tail.split_once("]]").unwrap_or((tail, ""));
                push(url, bold, true);
                rest = tail;
            }
            _ => {
                push(rest, bold, false);
                break;
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::block::words;

    #[test]
    fn each_sign_makes_its_block() {
        let blocks = parse(
            "Eins\nzwei\n\n# Kopf\n- a\n- **b** c\n\n| x | y |\n|---|---|\n| 1 | 2 |\n[[button|Los|https://a.example/b]]\n~ Gruß\n~ Name",
        );
        let kinds: Vec<&str> = blocks
            .iter()
            .map(|block| match block {
                Block::Paragraph(_) => "p",
                Block::Heading { .. } => "h",
                Block::List(_) => "l",
                Block::Table { .. } => "t",
                Block::Button { .. } => "b",
                Block::Signature(_) => "s",
                Block::Verbatim(_) | Block::Space => "?",
            })
            .collect();
        assert_eq!(kinds, ["p", "h", "l", "t", "b", "s"]);
        assert!(matches!(&blocks[0], Block::Paragraph(runs) if words(runs) == "Eins\nzwei"));
        assert!(matches!(&blocks[2], Block::List(items) if items.len() == 2 && items[1][0].bold));
    }

    #[test]
    fn addresses_lead_to_the_web_or_to_the_mail_program() {
        let link = |text: &str| runs(text).into_iter().find_map(|run| run.link);
        assert_eq!(
            link("an [[a@b.example]]."),
            Some("mailto:a@b.example".into())
        );
        assert_eq!(
            link("[[https://a.example/?b]]"),
            Some("https://a.example/?b".into())
        );
        assert_eq!(link("[[javascript:a(1)]]"), None);
        assert_eq!(link("[[a b@c.example]]"), None);
    }

    #[test]
    fn a_value_cannot_begin_a_block() {
        for hostile in [
            "# Kopf",
            "- Punkt",
            "| a | b |",
            "a\n\n# b",
            "**fett**",
            "[[button|x|https://y.example]]",
            "~ Name",
            "a\r\n- b",
        ] {
            let blocks = parse(&guard(hostile));
            assert_eq!(blocks.len(), 1, "{hostile}");
            let Block::Paragraph(runs) = &blocks[0] else {
                panic!("{hostile} became {blocks:?}")
            };
            assert_eq!(words(runs), hostile.replace('\r', ""));
            assert!(runs.iter().all(|run| !run.bold && run.link.is_none()));
        }
    }

    #[test]
    fn private_and_direction_marks_do_not_pass() {
        assert_eq!(guard("a\u{E023}b\u{202E}c\u{0}d"), "a\u{FFFD}bcd");
    }

    #[test]
    fn paragraphs_of_a_value_stay_paragraphs() {
        let blocks = parse(&paragraphs(&guard(
            "Eins.\nnoch eins\n\n\n- zwei\n\n# drei",
        )));
        assert_eq!(blocks.len(), 3);
        assert!(
            blocks
                .iter()
                .all(|block| matches!(block, Block::Paragraph(_)))
        );
    }
}
