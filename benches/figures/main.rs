//! The figures of the house, measured on a release build: `cargo bench [-- NAME… [--cases N] [--submissions N]]`.
//! Names: parts, submissions, desk, start, letter, ledger, mailbox (`--mails N`), sources (`--runs N`); without one, all. `--keep` keeps the databases.

#![expect(clippy::print_stdout, reason = "a bench tells its figures")]

mod bare;
mod client;
mod crowd;
mod desk;
mod equipment;
mod ledger;
mod letter;
mod mailbox;
mod parts;
mod people;
mod sources;
mod start;
mod submissions;
mod systems;
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

const NAMES: [&str; 8] = [
    "parts",
    "submissions",
    "desk",
    "start",
    "letter",
    "ledger",
    "mailbox",
    "sources",
];

fn number(name: &str, default: u64) -> u64 {
    let mut words = std::env::args().skip_while(|word| word != name).skip(1);
    words
        .next()
        .and_then(|word| word.parse().ok())
        .unwrap_or(default)
}

/// Runs what the load tool does, on this one thread.
pub fn here<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

fn main() -> Result<(), Failure> {
    let extent = Extent {
        cases: number("--cases", 100_000),
        submissions: number("--submissions", 20_000),
    };
    let said: Vec<String> = std::env::args().skip(1).collect();
    let named = said.iter().any(|word| NAMES.contains(&word.as_str()));
    let wanted = |name: &str| !named || said.iter().any(|word| word == name);
    let keep = said.iter().any(|word| word == "--keep");
    let folder = tempfile::Builder::new()
        .prefix("rechtzeitig-bench")
        .disable_cleanup(keep)
        .tempdir()?;
    let (folder, mut table) = (folder.path(), table::Table::default());

    if wanted("submissions") || wanted("desk") {
        let stored = folder.join("stored");
        here(submissions::fill(&stored, extent.cases))?;
        if wanted("submissions") {
            submissions::measure(&mut table, &extent, &stored, folder)?;
        }
        if wanted("desk") {
            desk::measure(&mut table, &extent, &stored, folder)?;
        }
    }
    if wanted("parts") {
        parts::measure(&mut table)?;
    }
    if wanted("letter") {
        letter::measure(&mut table)?;
    }
    if wanted("ledger") {
        ledger::measure(&mut table)?;
    }
    if wanted("start") {
        start::measure(&mut table, folder)?;
    }
    if wanted("mailbox") {
        mailbox::measure(&mut table, folder, number("--mails", 20_000))?;
    }
    if wanted("sources") {
        sources::measure(&mut table, folder, number("--runs", 1_000))?;
    }
    table.print();
    Ok(())
}
