//! Plain text made fit for reading: one kind of line end, no signs that only hide words, flowed lines joined.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Signs that nobody sees and that cut words in two.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Composed letters: a Mac writes `u` and two dots.
pub fn composed(text: String) -> String {
    // nothing before the combining marks can be uncomposed
    let simple = text
        .chars()
        .all(|c| c < '\u{300}' || ('\u{2010}'..='\u{20ac}').contains(&c));
    if simple || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        text
    } else {
        text.nfc().collect()
    }
}

/// LF as line end, blanks of every width as blanks, nothing invisible, no blank line ends, no more than two empty lines in a row.
pub fn tidy(text: &str, most_chars: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most_chars.saturating_mul(2)));
    let mut chars = text.chars().take(most_chars).peekable();
    let mut empty = 0_u8;
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                while out.ends_with([' ', '\t']) {
                    out.pop();
                }
                empty = if out.is_empty() || out.ends_with('\n') {
                    empty.saturating_add(1)
                } else {
                    0
                };
                if empty <= 2 && !out.is_empty() {
                    out.push('\n');
                }
            }
            '\t' | ' '..='~' => out.push(c),
            c if is_invisible(c) || c.is_control() => {}
            c if c.is_whitespace() => out.push(' '),
            // ligatures of printed text
            '\u{fb00}'..='\u{fb06}' => out.push_str(ligature(c)),
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    composed(out)
}

fn ligature(c: char) -> &'static str {
    match c {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        _ => "st",
    }
}

/// RFC 3676: lines that end in a blank go on in the next one of the same quotation.
pub fn unflowed(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let rest = line.get(depth..).unwrap_or_default();
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        let signature = rest == "-- ";
        if open.is_some_and(|of| of != depth || signature) {
            out.push('\n');
            open = None;
        }
        if open.is_none() && depth > 0 {
            out.extend(std::iter::repeat_n('>', depth));
            out.push(' ');
        }
        let flows = rest.ends_with(' ') && !signature;
        out.push_str(if flows && delsp {
            rest.strip_suffix(' ').unwrap_or(rest)
        } else {
            rest
        });
        if flows {
            open = Some(depth);
        } else {
            out.push('\n');
            open = None;
        }
    }
    out
}
