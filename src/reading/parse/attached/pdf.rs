//! The text layer of a PDF, line by line, and what was filled into its form.

mod form;
mod layout;
mod page;
mod pen;
mod screen;
mod tokens;

use std::{panic::AssertUnwindSafe, thread};

use hayro_font::hayro_syntax::{LoadPdfError, Pdf};

use super::Gathered;
use layout::Layout;

/// Larger files are pictures of paper.
const FILE_BYTES: usize = 20 * 1024 * 1024;
/// Pages that are read.
const PAGES: usize = 200;
/// Deeply nested objects are followed by recursion.
const STACK: usize = 16 * 1024 * 1024;

/// The text, or `None` when there is none: a scan, an encrypted file, or one that looks like an attack.
pub fn text(bytes: &[u8], out: &mut Gathered) -> Option<String> {
    match in_own_thread(bytes) {
        Ok(text) => Some(text),
        Err(why) => {
            out.trouble(why);
            None
        }
    }
}

/// The reading crate is robust, yet a file from a stranger may end its thread, and no more than that.
fn in_own_thread(bytes: &[u8]) -> Result<String, &'static str> {
    if bytes.len() > FILE_BYTES {
        return Err("pdf-too-large");
    }
    screen::screen(bytes)?;
    let bytes = bytes.to_vec();
    let reader = thread::Builder::new()
        .name("pdf".to_owned())
        .stack_size(STACK);
    let reading = reader.spawn(move || std::panic::catch_unwind(AssertUnwindSafe(|| read(bytes))));
    match reading.map(thread::JoinHandle::join) {
        Ok(Ok(Ok(text))) => text,
        _ => Err("pdf-unreadable"),
    }
}

fn read(bytes: Vec<u8>) -> Result<String, &'static str> {
    let pdf = match Pdf::new(bytes) {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(_)) => return Err("encrypted"),
        Err(_) => return Err("pdf-unreadable"),
    };
    let fonts = page::Fonts::new();
    let mut budget = page::Budget::new();
    let mut layout = Layout::default();
    for page in pdf.pages().iter().take(PAGES) {
        page::read(page, &fonts, &mut budget, &mut layout);
        form::read(page, &mut layout);
        layout.end_page();
        if budget.is_spent() {
            break;
        }
    }
    let text = layout.finish();
    if text.trim().is_empty() {
        Err("pdf-without-text")
    } else {
        Ok(text)
    }
}
