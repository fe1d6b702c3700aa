//! Files that old programs laid into the running text: `begin 644 name`, lines of code, `end`.

use super::{attached, bounds::Budget, gather::Gathered, transfer};

/// Files in one text.
const FILES: usize = 20;

/// The text without them; they are read as attachments.
pub fn taken_out(text: String, out: &mut Gathered, budget: &mut Budget) -> String {
    if !text.contains("begin ") || !text.contains("\nend") {
        return text;
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.as_str();
    for _ in 0..FILES {
        let Some((before, name, code, after)) = first_file(rest) else {
            break;
        };
        kept.push_str(before);
        attached::loose(name, &transfer::uu(code.as_bytes()), out, budget);
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// The files in a text, each with its name.
pub fn files(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    if !text.contains("begin ") || !text.contains("\nend") {
        return files;
    }
    let mut rest = text;
    while files.len() < FILES
        && let Some((_, name, code, after)) = first_file(rest)
    {
        files.push((name.to_owned(), transfer::uu(code.as_bytes())));
        rest = after;
    }
    files
}

/// What stands before, the file's name, its lines, and what stands behind.
fn first_file(text: &str) -> Option<(&str, &str, &str, &str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(name) = begin(line.trim_end()) {
            let (before, from) = text.split_at(at);
            let code = from.get(line.len()..)?;
            let (code, after) = code.split_once("\nend")?;
            // prose that begins a line with "begin 123 " has no code below it
            let coded = code.lines().take(3).all(|line| {
                line.trim_end().len() <= 62
                    && line
                        .bytes()
                        .all(|byte| (32..=96).contains(&byte) || byte == b'\r')
            });
            return coded.then_some((before, name, code, after));
        }
        at += line.len();
    }
    None
}

fn begin(line: &str) -> Option<&str> {
    let (mode, name) = line.strip_prefix("begin ")?.split_once(' ')?;
    ((3..=4).contains(&mode.len())
        && mode.bytes().all(|byte| (b'0'..=b'7').contains(&byte))
        && !name.trim().is_empty())
    .then(|| name.trim())
}
