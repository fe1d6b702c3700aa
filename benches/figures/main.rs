//! The figures of the house, measured on a release build: `cargo bench [-- NAME… [--cases N] [--submissions N]]`.
//! Names: submissions, parts, letter, ledger. Without a name, all.

#![expect(clippy::print_stdout, reason = "a bench tells its figures")]

mod bare;
mod crowd;
mod equipment;
mod ledger;
mod letter;
mod parts;
mod people;
mod submissions;
mod table;
mod threads;

/// Whatever goes wrong ends the run.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How much is measured.
pub struct Extent {
    /// Cases that are stored before.
    pub cases: u64,
    /// Submissions that are counted.
    pub submissions: u64,
}

fn number(name: &str, default: u64) -> u64 {
    let mut words = std::env::args().skip_while(|word| word != name).skip(1);
    words.next().and_then(|word| word.parse().ok()).unwrap_or(default)
}

fn main() -> Result<(), Failure> {
    let extent = Extent { cases: number("--cases", 100_000), submissions: number("--submissions", 20_000) };
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| ["submissions", "parts", "letter", "ledger"].contains(&word.as_str()))
        .collect();
    let wanted = |name: &str| named.is_empty() || named.iter().any(|word| word == name);
    let keep = std::env::args().any(|word| word == "--keep");
    let folder = tempfile::Builder::new().prefix("rechtzeitig-bench").disable_cleanup(keep).tempdir()?;
    let mut table = table::Table::default();
    if wanted("parts") {
        parts::measure(&mut table)?;
    }
    if wanted("submissions") {
        submissions::measure(&mut table, &extent, folder.path())?;
    }
    if wanted("ledger") {
        ledger::measure(&mut table)?;
    }
    if wanted("letter") {
        letter::measure(&mut table)?;
    }
    table.print();
    Ok(())
}
