//! The letter's HTML twin: the same words, no pictures, nothing loaded from elsewhere.

use std::fmt::Write as _;

use crate::domain::lang::Lang;
use crate::letters::block::{Block, Run};

const BODY: &str = "margin:0;padding:24px;background:#ffffff;color:#1a1a1a;font-family:Inter,'Segoe UI',Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5";
const BUTTON: &str = "display:inline-block;padding:12px 20px;background:#1d4f91;color:#ffffff;font-weight:600;text-decoration:none;border-radius:4px";
const CELL: &str =
    "text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-bottom:1px solid #d0d0d0";

/// Writes blocks as one page of HTML.
pub(super) fn write(lang: Lang, subject: &str, blocks: &[Block]) -> String {
    let lang = lang.code();
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\n<body style=\"{BODY}\">\n<div style=\"max-width:640px\">\n",
        escaped(subject)
    );
    for block in blocks {
        write_block(&mut html, block);
    }
    html.push_str("</div>\n</body></html>\n");
    html
}

/// Writes blocks as a part of another page: without a style of its own, the subject as its heading.
pub(super) fn page(subject: &str, blocks: &[Block]) -> String {
    let mut html = String::new();
    for block in blocks {
        write_block(&mut html, block);
    }
    // One level down, below the subject; deeper ones first, so that none goes down twice.
    let html = unstyled(&html)
        .replace("<h3>", "<h4>")
        .replace("</h3>", "</h4>")
        .replace("<h2>", "<h3>")
        .replace("</h2>", "</h3>")
        // A letter may hold several tables: as a group none of them claims to be a landmark of the page.
        .replace(
            "<table>",
            "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"letter-subject\"><table class=\"blocks\">",
        )
        .replace("</table>", "</table></div>");
    format!(
        "<h2 id=\"letter-subject\">{}</h2>\n{html}",
        escaped(subject)
    )
}

/// Takes out the style attributes. In words no bare quotation mark stands, so none of them is touched.
fn unstyled(html: &str) -> String {
    let mut parts = html.split(" style=\"");
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        bare.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
    }
    bare
}

fn write_block(html: &mut String, block: &Block) {
    // Writing to a String cannot fail.
    let _ = match block {
        Block::Paragraph(runs) => {
            writeln!(html, "<p style=\"margin:0 0 16px\">{}</p>", inline(runs))
        }
        Block::Heading { level, text } => {
            let (tag, size) = if *level == 1 { ("h2", 19) } else { ("h3", 17) };
            writeln!(
                html,
                "<{tag} style=\"margin:28px 0 8px;font-size:{size}px;line-height:1.3\">{}</{tag}>",
                escaped(text)
            )
        }
        Block::List(entries) => {
            let items: String = entries
                .iter()
                .map(|entry| format!("<li>{}</li>", inline(entry)))
                .collect();
            writeln!(
                html,
                "<ul style=\"margin:0 0 16px;padding-left:24px\">{items}</ul>"
            )
        }
        Block::Table { head, rows, .. } => {
            let cell = |tag: &str, runs: &[Run]| {
                format!(
                    "<{tag} style=\"{CELL}\">{}</{}>",
                    inline(runs),
                    tag.get(..2).unwrap_or(tag)
                )
            };
            // On a narrow screen a row stands as a block, each value behind the head of its column.
            let named = |(at, runs): (usize, &Vec<Run>)| {
                let words = head.get(at).filter(|_| at > 0).map(|it| plain(it));
                match words {
                    Some(words) => cell(&format!("td data-head=\"{words}\""), runs),
                    None => cell("td", runs),
                }
            };
            let rows: String = rows
                .iter()
                .map(|row| {
                    let cells: String = row.iter().enumerate().map(named).collect();
                    format!("<tr>{cells}</tr>")
                })
                .collect();
            let head: String = head
                .iter()
                .map(|runs| cell("th scope=\"col\"", runs))
                .collect();
            writeln!(
                html,
                "<table style=\"border-collapse:collapse;margin:0 0 16px;font-size:15px\"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            )
        }
        Block::Button { label, url } if super::web_address(url) => writeln!(
            html,
            "<p style=\"margin:0 0 8px\"><a href=\"{0}\" style=\"{BUTTON}\">{1}</a></p>\n<p style=\"margin:0 0 16px;font-size:14px;word-break:break-all\">{0}</p>",
            escaped(url),
            escaped(label)
        ),
        Block::Button { label, url } => writeln!(
            html,
            "<p style=\"margin:0 0 16px\">{}: {}</p>",
            escaped(label),
            escaped(url)
        ),
        Block::Verbatim(text) => writeln!(
            html,
            "<pre style=\"margin:0 0 16px;white-space:pre-wrap;word-break:break-all\">{}</pre>",
            escaped(text)
        ),
        Block::Space => Ok(()),
        Block::Signature(lines) => {
            let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
            writeln!(
                html,
                "<p style=\"margin:24px 0 16px\">{}</p>",
                lines.join("<br>")
            )
        }
    };
}

/// The words alone, as an attribute takes them.
fn plain(runs: &[Run]) -> String {
    runs.iter().map(|run| escaped(&run.text)).collect()
}

fn inline(runs: &[Run]) -> String {
    let mut html = String::new();
    for run in runs {
        let text = escaped(&run.text).replace('\n', "<br>");
        match &run.link {
            Some(url) if super::web_address(url) => {
                let _ = write!(
                    html,
                    "<a href=\"{}\" style=\"color:#1d4f91\">{text}</a>",
                    escaped(url)
                );
            }
            _ if run.bold => {
                let _ = write!(html, "<strong>{text}</strong>");
            }
            _ => html.push_str(&text),
        }
    }
    html
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\u{AD}' => html.push_str("&shy;"),
            _ => html.push(letter),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_escaped_and_only_web_addresses_are_links() {
        let hostile = "<script>\"'&";
        let html = write(
            Lang::De,
            hostile,
            &[
                Block::Paragraph(vec![Run::plain(hostile)]),
                Block::Button {
                    label: hostile.into(),
                    url: "javascript:alert(1)".into(),
                },
                Block::Button {
                    label: "Gut".into(),
                    url: "https://a.example/?a=1&b=\"".into(),
                },
            ],
        );
        assert!(!html.contains("<script>") && !html.contains("href=\"javascript"));
        assert!(html.contains("href=\"https://a.example/?a=1&amp;b=&quot;\""));
        assert!(!html.contains("<img") && !html.contains("src="));
    }

    #[test]
    fn as_part_of_a_page_it_has_no_style_and_its_headings_stand_below_the_subject() {
        let html = page(
            "Antwort <1>",
            &[
                Block::Heading {
                    level: 1,
                    text: "Eins style=\"x\"".into(),
                },
                Block::Heading {
                    level: 2,
                    text: "Zwei".into(),
                },
                Block::Paragraph(vec![Run::plain("Satz")]),
            ],
        );
        assert_eq!(
            html,
            "<h2 id=\"letter-subject\">Antwort &lt;1&gt;</h2>\n<h3>Eins style=&quot;x&quot;</h3>\n\
             <h4>Zwei</h4>\n<p>Satz</p>\n"
        );
    }
}
