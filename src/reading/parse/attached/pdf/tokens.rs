//! The signs of a PDF dictionary, no more than it takes to know what a stream is packed with.

use crate::reading::parse::transfer;

pub enum Token {
    Open,
    Close,
    /// Begins, or ends.
    Array(bool),
    Name(Vec<u8>),
    Other,
    Broken,
}

pub struct Tokens<'a> {
    pub rest: &'a [u8],
}

impl Tokens<'_> {
    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.rest = self.rest.trim_ascii_start();
        self.rest = self
            .rest
            .get(
                self.rest
                    .iter()
                    .take_while(|byte| matches!(byte, 0 | b' ' | b'\t' | b'\r' | b'\n' | 0x0c))
                    .count()..,
            )
            .unwrap_or_default();
        Some(match self.rest {
            [] => return None,
            [b'<', b'<', ..] => {
                self.skip(2);
                Token::Open
            }
            [b'>', b'>', ..] => {
                self.skip(2);
                Token::Close
            }
            [b'<', ..] => {
                let Some(end) = memchr::memchr(b'>', self.rest) else {
                    return Some(self.broken());
                };
                self.skip(end + 1);
                Token::Other
            }
            [b'[', ..] => {
                self.skip(1);
                Token::Array(true)
            }
            [b']', ..] => {
                self.skip(1);
                Token::Array(false)
            }
            [b'(', ..] => self.string(),
            [b'/', rest @ ..] => {
                let length = rest.iter().take_while(|byte| is_regular(**byte)).count();
                let name = rest.get(..length).unwrap_or_default();
                let name = name_bytes(name);
                self.skip(length + 1);
                Token::Name(name)
            }
            [byte, ..] if is_regular(*byte) => {
                let length = self
                    .rest
                    .iter()
                    .take_while(|byte| is_regular(**byte))
                    .count();
                self.skip(length);
                Token::Other
            }
            _ => self.broken(),
        })
    }
}

impl Tokens<'_> {
    fn broken(&mut self) -> Token {
        self.rest = &[];
        Token::Broken
    }

    fn string(&mut self) -> Token {
        let (mut depth, mut escaped) = (0_u32, false);
        for (at, byte) in self.rest.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        self.skip(at + 1);
                        return Token::Other;
                    }
                }
                _ => {}
            }
        }
        self.broken()
    }
}

fn is_regular(byte: u8) -> bool {
    !matches!(
        byte,
        0 | b' '
            | b'\t'
            | b'\r'
            | b'\n'
            | 0x0c
            | b'('
            | b')'
            | b'<'
            | b'>'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'/'
            | b'%'
    )
}

/// `#46late` is a way to write `Flate`.
fn name_bytes(name: &[u8]) -> Vec<u8> {
    let percent: Vec<u8> = name
        .iter()
        .map(|byte| if *byte == b'#' { b'%' } else { *byte })
        .collect();
    transfer::percent(&percent)
}
