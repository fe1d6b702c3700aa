//! How much of a message is looked at: what a careful colleague would read, and far less than what an attacker would send.

/// Multiparts and messages inside each other.
pub const DEPTH: usize = 12;
/// Parts of one message, those of the messages inside it included.
pub const PARTS: usize = 400;
/// Fields of one head.
pub const FIELDS: usize = 1_500;
/// Bytes of one field.
pub const FIELD_BYTES: usize = 64 * 1024;
/// Bytes of one encoded word: many times what the standard allows.
pub const WORD_BYTES: usize = 4 * 1024;
/// Bytes of one head.
pub const HEAD_BYTES: usize = 1024 * 1024;
/// Addresses of one field.
pub const ADDRESSES: usize = 1_000;
/// `Received` lines.
pub const RECEIVED: usize = 200;
/// Message-IDs of one field.
pub const IDS: usize = 300;
/// Characters of one text.
pub const TEXT_CHARS: usize = 400_000;
/// Characters of all texts of a message, those of the messages inside it included.
pub const ALL_CHARS: usize = 2_000_000;
/// Bytes of an encoded text part that are decoded: HTML may be much longer than its text.
pub const TEXT_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of an attachment (decoded) whose text is looked for.
pub const ATTACHMENT_BYTES: usize = 30 * 1024 * 1024;
/// Bytes that one packed document may unfold to.
pub const UNPACKED_BYTES: u64 = 16 * 1024 * 1024;
/// Files of a message that can be taken out one by one.
pub const FILES: usize = 100;
/// Bytes of formatted text, as it was sent, that are made fit to be shown.
pub const PAGE_BYTES: usize = 1024 * 1024;
/// Recipients that reports speak of.
pub const REPORTS: usize = 200;
/// Names of files that stay closed.
pub const OPAQUE: usize = 400;

/// What is left of the bounds while one message is read.
#[derive(Debug)]
pub struct Budget {
    parts: usize,
    chars: usize,
}

impl Budget {
    pub fn new() -> Self {
        Self {
            parts: PARTS,
            chars: ALL_CHARS,
        }
    }

    /// Takes one part; `false` when there were too many.
    pub fn take_part(&mut self) -> bool {
        let left = self.parts > 0;
        self.parts = self.parts.saturating_sub(1);
        left
    }

    /// How long the next text may be.
    pub fn chars_left(&self) -> usize {
        self.chars.min(TEXT_CHARS)
    }

    pub fn take_chars(&mut self, chars: usize) {
        self.chars = self.chars.saturating_sub(chars);
    }
}
