//! The text of a header: unfolded, with RFC 2047 words decoded, also where they are cut in the middle of a character.

use super::{bounds, charset, transfer};

/// The value of an unstructured field, on one line.
pub fn header_text(raw: &[u8]) -> String {
    let raw = raw.get(..bounds::FIELD_BYTES).unwrap_or(raw);
    tidy(&decode_words(&unfold(raw)))
}

/// Line ends inside a field are folding: the blank behind them stays.
pub fn unfold(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    for (index, line) in raw.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // a continuation that lost its blank
        if index > 0 && !matches!(line.first(), Some(b' ' | b'\t')) {
            out.push(b' ');
        }
        out.extend_from_slice(line);
    }
    out
}

/// Blanks collapsed, control characters out.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !super::plain::is_invisible(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    super::plain::composed(out)
}

/// Words of one run are decoded together: mailers cut UTF-8 sequences between two of them.
pub fn decode_words(line: &[u8]) -> String {
    let mut out = String::with_capacity(line.len());
    let mut run: Option<Run<'_>> = None;
    let mut plain_from = 0;
    let mut at = 0;
    while let Some(found) = line
        .get(at..)
        .and_then(|rest| memchr::memmem::find(rest, b"=?"))
    {
        let start = at + found;
        let Some(word) = line.get(start..).and_then(Word::read) else {
            at = start + 2;
            continue;
        };
        let between = line.get(plain_from..start).unwrap_or_default();
        if !(run.is_some() && between.iter().all(u8::is_ascii_whitespace)) {
            Run::close(run.take(), &mut out);
            out.push_str(&charset::guess(between));
        }
        if run
            .as_ref()
            .is_some_and(|run| !run.charset.eq_ignore_ascii_case(word.charset))
        {
            Run::close(run.take(), &mut out);
        }
        let length = word.length;
        run.get_or_insert_with(|| Run {
            charset: word.charset,
            bytes: Vec::new(),
            signs: Vec::new(),
        })
        .add(&word);
        at = start + length;
        plain_from = at;
    }
    Run::close(run, &mut out);
    out.push_str(&charset::guess(line.get(plain_from..).unwrap_or_default()));
    out
}

struct Word<'a> {
    charset: &'a [u8],
    base64: bool,
    text: &'a [u8],
    length: usize,
}

impl<'a> Word<'a> {
    /// `=?charset*language?B?text?=`
    fn read(from: &'a [u8]) -> Option<Self> {
        let rest = from.strip_prefix(b"=?")?;
        let mark = memchr::memchr(b'?', rest.get(..rest.len().min(60))?)?;
        let (charset, rest) = rest.split_at(mark);
        if charset.is_empty() || charset.iter().any(|byte| byte.is_ascii_whitespace()) {
            return None;
        }
        let charset = charset
            .split(|byte| *byte == b'*')
            .next()
            .unwrap_or(charset);
        let [b'?', kind, b'?', text @ ..] = rest else {
            return None;
        };
        let base64 = match kind {
            b'B' | b'b' => true,
            b'Q' | b'q' => false,
            _ => return None,
        };
        let end = memchr::memmem::find(text.get(..bounds::WORD_BYTES).unwrap_or(text), b"?=")?;
        let length = from.len() - text.len() + end + 2;
        Some(Self {
            charset,
            base64,
            text: text.get(..end)?,
            length,
        })
    }
}

struct Run<'a> {
    charset: &'a [u8],
    bytes: Vec<u8>,
    /// Base64 that waits: some mailers cut it between two words without regard to its groups of four.
    signs: Vec<u8>,
}

impl<'a> Run<'a> {
    fn add(&mut self, word: &Word<'a>) {
        if !word.base64 {
            self.settle();
            self.bytes.extend(transfer::q_word(word.text));
            return;
        }
        let padding = word.text.iter().filter(|byte| **byte == b'=').count();
        let (held, new) = (
            transfer::base64_signs(&self.signs),
            transfer::base64_signs(word.text) + padding,
        );
        let cut =
            held % 4 == 1 || (held % 4 != 0 && new % 4 != 0 && (held + new).is_multiple_of(4));
        if !cut || self.signs.contains(&b'=') {
            self.settle();
        }
        self.signs.extend_from_slice(word.text);
    }

    fn settle(&mut self) {
        let decoded = transfer::base64(&self.signs);
        self.bytes.extend(decoded);
        self.signs.clear();
    }

    fn close(run: Option<Self>, out: &mut String) {
        if let Some(mut run) = run {
            run.settle();
            out.push_str(&charset::decode(
                &run.bytes,
                std::str::from_utf8(run.charset).ok(),
            ));
        }
    }
}
