//! Looks at a file before it is opened for painting: what is encrypted, unfolds without end or is broken stays closed.

use crate::reading::parse::parse;
use crate::redaction::Withheld;

/// Bytes of a PDF.
pub(super) const BYTES: usize = 20 * 1024 * 1024;

/// The reading of mail screens a PDF before it reads its words; what it refuses is refused here.
pub(super) fn screened(bytes: &[u8]) -> Result<(), Withheld> {
    if bytes.len() > BYTES {
        return Err(Withheld::TooLarge);
    }
    let start = bytes.get(..bytes.len().min(1_024)).unwrap_or_default();
    if memchr::memmem::find(start, b"%PDF-").is_none() {
        return Err(Withheld::Unreadable);
    }
    let message = parse(bytes).ok_or(Withheld::Unreadable)?;
    for trouble in message.troubles {
        match trouble {
            "encrypted" => return Err(Withheld::Encrypted),
            "pdf-too-large" => return Err(Withheld::TooLarge),
            "pdf-unreadable" => return Err(Withheld::Unreadable),
            _ => {}
        }
    }
    Ok(())
}
