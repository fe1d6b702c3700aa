//! Which letters the bytes of a table are: UTF-8, Windows' own, or what a mark at the beginning says.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How a file's letters are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Letters {
    /// Nobody said: a field that is sound UTF-8 is UTF-8, any other is Windows-1252.
    Guessed,
    /// Declared, or marked at the beginning.
    Known(&'static Encoding),
}

impl Letters {
    /// An encoding by its name, such as `utf-8` or `windows-1252`.
    #[must_use]
    pub fn named(name: &str) -> Option<Letters> {
        // Windows calls it cp1252.
        let name = if name.eq_ignore_ascii_case("cp1252") {
            "windows-1252"
        } else {
            name
        };
        Encoding::for_label(name.as_bytes()).map(Letters::Known)
    }

    /// The text of a field; none, if these bytes are no text in this encoding.
    #[must_use]
    pub fn text(self, bytes: &[u8]) -> Option<String> {
        match (self, std::str::from_utf8(bytes)) {
            (Letters::Guessed, Ok(text)) => Some(text.to_owned()),
            (Letters::Guessed, Err(_)) => Some(WINDOWS_1252.decode(bytes).0.into_owned()),
            (Letters::Known(encoding), _) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map(Into::into),
        }
    }
}

/// Whether the file is written in two bytes a letter, as spreadsheets call "Unicode text"; and how long the mark is.
#[must_use]
pub fn mark(head: &[u8]) -> Option<(&'static Encoding, usize)> {
    match head {
        [0xef, 0xbb, 0xbf, ..] => Some((UTF_8, 3)),
        [0xff, 0xfe, ..] => Some((UTF_16LE, 2)),
        [0xfe, 0xff, ..] => Some((UTF_16BE, 2)),
        _ => None,
    }
}

/// Puts two-byte letters into UTF-8 on the way, and takes the mark away.
pub struct Plain<R> {
    from: R,
    decoder: Option<Decoder>,
    head: Vec<u8>,
    raw: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    done: bool,
}

impl<R: Read> Plain<R> {
    /// Looks at the beginning; what it says is returned beside.
    pub fn of(mut from: R) -> io::Result<(Plain<R>, Option<&'static Encoding>)> {
        let mut head = Vec::with_capacity(3);
        (&mut from).take(3).read_to_end(&mut head)?;
        let marked = mark(&head);
        let rest = head.split_off(marked.map_or(0, |(_, length)| length));
        let decoder = marked
            .filter(|(encoding, _)| *encoding != UTF_8)
            .map(|(encoding, _)| encoding.new_decoder_without_bom_handling());
        let plain = Plain {
            from,
            decoder,
            head: rest,
            raw: Vec::new(),
            ready: Vec::new(),
            at: 0,
            done: false,
        };
        Ok((plain, marked.map(|(encoding, _)| encoding)))
    }

    fn raw(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.head.is_empty() {
            return self.from.read(into);
        }
        let taken = self.head.len().min(into.len());
        let rest = self.head.split_off(taken);
        if let Some(place) = into.get_mut(..taken) {
            place.copy_from_slice(&self.head);
        }
        self.head = rest;
        Ok(taken)
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut raw = std::mem::take(&mut self.raw);
        raw.resize(65_536, 0);
        let read = self.raw(&mut raw)?;
        self.done = read == 0;
        self.ready.clear();
        self.at = 0;
        if let Some(decoder) = &mut self.decoder {
            let input = raw.get(..read).unwrap_or_default();
            let most = decoder
                .max_utf8_buffer_length(read)
                .unwrap_or(read.saturating_mul(4))
                .max(16);
            self.ready.resize(most, 0);
            let (result, _, written, _) = decoder.decode_to_utf8(input, &mut self.ready, self.done);
            debug_assert!(matches!(result, CoderResult::InputEmpty));
            self.ready.truncate(written);
        }
        self.raw = raw;
        Ok(())
    }
}

impl<R: Read> Read for Plain<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            return self.raw(into);
        }
        while self.at == self.ready.len() && !self.done {
            self.refill()?;
        }
        let ready = self.ready.get(self.at..).unwrap_or_default();
        let taken = ready.len().min(into.len());
        if let (Some(place), Some(piece)) = (into.get_mut(..taken), ready.get(..taken)) {
            place.copy_from_slice(piece);
        }
        self.at += taken;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_what_its_bytes_say() {
        assert_eq!(
            Letters::Guessed.text("Müller".as_bytes()).unwrap(),
            "Müller"
        );
        assert_eq!(
            Letters::Guessed.text(b"M\xfcller \x80").unwrap(),
            "Müller €"
        );
        assert_eq!(
            Letters::named("cp1252")
                .unwrap()
                .text(b"M\xfcller")
                .unwrap(),
            "Müller"
        );
        assert_eq!(Letters::named("utf-8").unwrap().text(b"M\xfcller"), None);
        assert_eq!(Letters::named("klingon"), None);
    }

    #[test]
    fn two_byte_letters_become_one_text() {
        let text = "Name;Ort\r\nMüller 😀;Köln\r\n".repeat(9_000);
        for (mark, bytes) in [
            (
                vec![0xff, 0xfe],
                text.encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect::<Vec<_>>(),
            ),
            (
                vec![0xfe, 0xff],
                text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            ),
            (vec![0xef, 0xbb, 0xbf], text.clone().into_bytes()),
            (vec![], text.clone().into_bytes()),
        ] {
            let all: Vec<u8> = mark.into_iter().chain(bytes).collect();
            let mut read = String::new();
            Plain::of(all.as_slice())
                .unwrap()
                .0
                .read_to_string(&mut read)
                .unwrap();
            assert!(read == text);
        }
    }
}
