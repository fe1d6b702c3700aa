//! How long a page takes; printed, and held to a bound that only a fault would break.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rechtzeitig::redaction::pages::redacted;

use super::paper::letter;

#[test]
fn a_page_of_writing_is_redacted_within_seconds() {
    let bytes = letter(5);
    let begun = Instant::now();
    let mut out = Vec::new();
    redacted(&bytes, &BTreeMap::new(), &mut out).unwrap();
    let each = begun.elapsed() / 5;
    eprintln!("{each:?} for a page, {} kB", out.len() / 5 / 1024);
    assert!(each < Duration::from_secs(30), "{each:?}");
}
