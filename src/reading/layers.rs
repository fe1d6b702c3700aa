//! What the writer wrote and what only stands below: quotations of all mail programs and forwarded messages, one layer each.

use super::heads::{Head, head_at, seam, wrote_at};

/// A message or what is quoted in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// What stood above it; none for the writer's own text or where nothing was said.
    pub head: Option<Head>,
    /// It was set in as a whole, below the line of a forward.
    pub forwarded: bool,
    /// Its text.
    pub text: String,
}

/// A mail that is quoted more often than this is not taken further apart.
const DEEPEST: usize = 12;

/// The writer's own text first, then what is quoted, the newest first.
pub fn layers(text: &str) -> Vec<Layer> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Vec::new();
    split(&lines, None, false, 0, &mut out);
    out
}

fn split(lines: &[&str], head: Option<Head>, forwarded: bool, depth: usize, out: &mut Vec<Layer>) {
    let place = out.len();
    out.push(Layer {
        head,
        forwarded,
        text: String::new(),
    });
    let mut own = String::new();
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let rest = lines.get(index..).unwrap_or_default();
        if depth < DEEPEST {
            if line.starts_with('>') || line.trim_start().starts_with("> ") {
                let count = rest.iter().take_while(|line| quoted(line)).count().max(1);
                let inner: Vec<String> =
                    rest.iter().take(count).map(|line| unquoted(line)).collect();
                let inner: Vec<&str> = inner.iter().map(String::as_str).collect();
                split(&inner, None, false, depth + 1, out);
                index += count;
                continue;
            }
            if let Some((head, taken)) = wrote_at(rest) {
                let below = rest.get(taken..).unwrap_or_default();
                let blank = below
                    .iter()
                    .take_while(|line| line.trim().is_empty())
                    .count();
                let marked = below.get(blank..).unwrap_or_default();
                let count = marked
                    .iter()
                    .take_while(|line| quoted(line) || line.trim().is_empty())
                    .count();
                if count > 0 && marked.first().is_some_and(|line| quoted(line)) {
                    let inner: Vec<String> = marked
                        .iter()
                        .take(count)
                        .map(|line| unquoted(line))
                        .collect();
                    let inner: Vec<&str> = inner.iter().map(String::as_str).collect();
                    split(&inner, Some(head), false, depth + 1, out);
                    index += taken + blank + count;
                    continue;
                }
                // nothing is marked: all that follows is the quotation
                split(below, Some(head), false, depth + 1, out);
                break;
            }
            if let Some(is_forward) = seam(line) {
                let below = rest.get(1..).unwrap_or_default();
                let blank = below
                    .iter()
                    .take_while(|line| line.trim().is_empty() || line.trim() == ">")
                    .count();
                let below = below.get(blank..).unwrap_or_default();
                let unmarked: Vec<String> =
                    below.iter().take(16).map(|line| unquoted(line)).collect();
                let marked = below.first().is_some_and(|line| quoted(line));
                let top: Vec<&str> = if marked {
                    unmarked.iter().map(String::as_str).collect()
                } else {
                    below.to_vec()
                };
                if let Some((head, taken)) = head_at(&top) {
                    if marked {
                        let count = below
                            .iter()
                            .take_while(|line| quoted(line) || line.trim().is_empty())
                            .count();
                        let inner: Vec<String> = below
                            .iter()
                            .take(count)
                            .skip(taken)
                            .map(|line| unquoted(line))
                            .collect();
                        let inner: Vec<&str> = inner.iter().map(String::as_str).collect();
                        split(&inner, Some(head), is_forward, depth + 1, out);
                        index += 1 + blank + count;
                        continue;
                    }
                    split(
                        below.get(taken..).unwrap_or_default(),
                        Some(head),
                        is_forward,
                        depth + 1,
                        out,
                    );
                    break;
                }
                if is_forward || line.trim_start().starts_with('-') {
                    split(below, None, is_forward, depth + 1, out);
                    break;
                }
            }
            if may_be_head(line)
                && let Some((head, taken)) = head_at(rest)
                && (index > 0 || depth > 0 || taken > 2)
            {
                split(
                    rest.get(taken..).unwrap_or_default(),
                    Some(head),
                    forwarded_below(&own),
                    depth + 1,
                    out,
                );
                break;
            }
        }
        if !rule(line) {
            own.push_str(line);
            own.push('\n');
        } else {
            own.push('\n');
        }
        index += 1;
    }
    if let Some(layer) = out.get_mut(place) {
        layer.text = own;
    }
}

/// A head without a seam is a reply's or a forward's; only an empty text above it tells the forward.
fn forwarded_below(own: &str) -> bool {
    own.trim().is_empty()
}

fn may_be_head(line: &str) -> bool {
    line.find([':', '：']).is_some_and(|at| at <= 26)
}

fn quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

fn unquoted(line: &str) -> String {
    let line = line.trim_start();
    let line = line.strip_prefix('>').unwrap_or(line);
    line.strip_prefix(' ').unwrap_or(line).to_owned()
}

/// A line of underscores or equal signs.
fn rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 8 && line.chars().all(|c| matches!(c, '_' | '=' | '*' | '~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(String, String)> {
        layers(text)
            .into_iter()
            .map(|layer| {
                (
                    layer.head.map(|head| head.from.email).unwrap_or_default(),
                    layer.text.split_whitespace().collect::<Vec<_>>().join(" "),
                )
            })
            .collect()
    }

    #[test]
    fn an_answer_is_parted_from_what_it_answers() {
        assert_eq!(
            texts(
                "Hallo,\nnein.\n\nAm 03.03.2025 um 10:12 schrieb Firma <info@firma.test>:\n> Wirklich?\n>\n> > Ganz alt\n\nPS: doch"
            ),
            [
                (String::new(), "Hallo, nein. PS: doch".to_owned()),
                ("info@firma.test".to_owned(), "Wirklich?".to_owned()),
                (String::new(), "Ganz alt".to_owned())
            ]
        );
    }

    #[test]
    fn a_forward_keeps_its_head() {
        let found = layers(
            "Zur Info\n\n________________________________\nVon: Max <max@post.example>\nGesendet: Montag, 3. März 2025 10:12\nAn: info@firma.test\nBetreff: Auskunft\n\nWas wissen Sie über mich?\n",
        );
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].head.as_ref().unwrap().subject, "Auskunft");
        assert_eq!(found[1].text.trim(), "Was wissen Sie über mich?");
    }
}
