//! The letter as plain text, wrapped for mail.

use crate::letters::block::{Block, Run, words};

const WIDTH: usize = 72;

/// Writes blocks as plain text.
pub(super) fn write(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Paragraph(runs) => wrap(&mut text, &shown(runs), "", ""),
            Block::Heading {
                level,
                text: heading,
            } => {
                let start = text.len();
                wrap(&mut text, heading, "", "");
                if *level == 1 {
                    let longest = text
                        .get(start..)
                        .unwrap_or("")
                        .lines()
                        .map(|line| line.chars().count())
                        .max();
                    text.push_str(&"-".repeat(longest.unwrap_or(0)));
                    text.push('\n');
                }
            }
            Block::List(entries) => entries
                .iter()
                .for_each(|entry| wrap(&mut text, &shown(entry), "- ", "  ")),
            Block::Table { head, rows, .. } => table(&mut text, head, rows),
            Block::Button { label: _, url } => {
                text.push_str(url);
                text.push('\n');
            }
            Block::Verbatim(verbatim) => {
                text.push_str(verbatim);
                text.push('\n');
            }
            Block::Space => {}
            Block::Signature(lines) => lines.iter().for_each(|line| wrap(&mut text, line, "", "")),
        }
        text.push('\n');
    }
    let end = text.trim_end().len();
    text.truncate(end);
    text.push('\n');
    text
}

fn shown(runs: &[Run]) -> String {
    words(runs).replace('\u{AD}', "")
}

/// Each row as a small entry: the first cell, then the others under their heads.
fn table(text: &mut String, head: &[Vec<Run>], rows: &[Vec<Vec<Run>>]) {
    for row in rows {
        let mut cells = head.iter().zip(row);
        if row.len() == 2 {
            let cells: Vec<String> = row.iter().map(|cell| shown(cell)).collect();
            wrap(text, &cells.join(": "), "- ", "  ");
            continue;
        }
        if let Some((_, first)) = cells.next() {
            wrap(text, &shown(first), "- ", "  ");
        }
        for (head, cell) in cells {
            let (head, cell) = (shown(head), shown(cell));
            if !cell.trim().is_empty() {
                wrap(text, &format!("{head}: {cell}"), "  ", "    ");
            }
        }
    }
}

/// Wraps at spaces; a word that is longer than the line stays whole, so that addresses can be followed.
fn wrap(text: &mut String, words: &str, first: &str, next: &str) {
    let mut indent = first;
    for line in words.split('\n') {
        let mut used = 0;
        for word in line.split([' ', '\t']).filter(|word| !word.is_empty()) {
            let length = word.chars().count();
            if used > 0 && used + 1 + length > WIDTH {
                text.push('\n');
                used = 0;
            }
            if used == 0 {
                text.push_str(indent);
                used = indent.chars().count();
                indent = next;
            } else {
                text.push(' ');
                used += 1;
            }
            text.push_str(word);
            used += length;
        }
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_short_and_addresses_whole() {
        let url = format!("https://a.example/{}", "x".repeat(90));
        let text = write(&[
            Block::Paragraph(vec![Run::plain("Wort ".repeat(60))]),
            Block::Button {
                label: "Öffnen".into(),
                url: url.clone(),
            },
            Block::List(vec![vec![Run::plain("lang ".repeat(40))]]),
        ]);
        assert!(
            text.lines()
                .filter(|line| !line.contains("https"))
                .all(|line| line.chars().count() <= WIDTH)
        );
        assert!(text.lines().any(|line| line == url));
        assert!(text.contains("\n- lang") && text.contains("\n  lang"));
    }
}
