//! How many entries a second can be appended, and verified in each form of export, on one core.
//!
//! `cargo bench --bench ledger [-- ENTRIES]`

#![expect(clippy::print_stdout, reason = "a bench tells its figures")]

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use rechtzeitig::ledger::{Chain, Entry, Error, ExportWriter, Format, Report, SigningKey, verify};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let entries = std::env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(300_000_u32);
    let key = SigningKey::from_seed("rechtzeitig.example/ledger/bench", &[7; 32])?;

    let begun = Instant::now();
    let mut chain = Chain::new();
    let log: Vec<Entry> = (0..entries)
        .map(|number| append(&mut chain, number))
        .collect::<Result<_, _>>()?;
    tell("append", entries, begun);

    for (name, format) in [
        ("verify json lines", Format::JsonLines),
        ("verify csv", Format::Csv),
    ] {
        let mut export = ExportWriter::new(Vec::new(), format)?;
        for entry in &log {
            export.entry(entry)?;
        }
        let export = export.finish(&key.sign(chain.size(), chain.root()))?;
        let begun = Instant::now();
        let report = verify(export.as_slice(), key.verify_key(), &[])?;
        tell(name, entries, begun);
        if let Report::Broken(finding) = report {
            return Err(finding.message.into());
        }
    }
    Ok(())
}

fn append(chain: &mut Chain, number: u32) -> Result<Entry, Error> {
    let at = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::milliseconds(i64::from(number) * 977);
    let subject = format!("case:{:032x}", u128::from(number) * 0x9e37_79b9_7f4a_7c15);
    chain.append(
        at,
        "item.decided",
        subject,
        format!("clerk:{:032x}", number % 40),
        [9; 32],
    )
}

fn tell(what: &str, entries: u32, begun: Instant) {
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{what}: {entries} entries in {seconds:.3} s, {:.0} a second",
        f64::from(entries) / seconds
    );
}
