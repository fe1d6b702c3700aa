//! How many entries of a log can be verified in a second, on one core, in each form of export.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use rechtzeitig::ledger::{Chain, Entry, ExportWriter, Format, Report, SigningKey, verify};

use crate::Failure;
use crate::table::Table;

const ENTRIES: u32 = 300_000;

/// Measures appending and verifying.
pub fn measure(table: &mut Table) -> Result<(), Failure> {
    let key = SigningKey::from_seed("rechtzeitig.example/ledger/bench", &[7; 32])?;
    let begun = Instant::now();
    let mut chain = Chain::new();
    let log: Vec<Entry> = (0..ENTRIES)
        .map(|number| append(&mut chain, number))
        .collect::<Result<_, _>>()?;
    table.note("ledger: entries appended a second", rate(begun), "");

    for (name, format) in [
        (
            "ledger: entries verified a second, JSON Lines",
            Format::JsonLines,
        ),
        ("ledger: entries verified a second, CSV", Format::Csv),
    ] {
        let mut export = ExportWriter::new(Vec::new(), format)?;
        for entry in &log {
            export.entry(entry)?;
        }
        let export = export.finish(&key.sign(chain.size(), chain.root()))?;
        let begun = Instant::now();
        let report = verify(export.as_slice(), key.verify_key(), &[])?;
        table.at_least(name, 300_000.0, rate(begun), "");
        if let Report::Broken(finding) = report {
            return Err(finding.message.into());
        }
    }
    Ok(())
}

fn append(chain: &mut Chain, number: u32) -> Result<Entry, rechtzeitig::ledger::Error> {
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

fn rate(begun: Instant) -> f64 {
    f64::from(ENTRIES) / begun.elapsed().as_secs_f64()
}
