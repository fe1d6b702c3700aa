//! Tears, stitches and repeats messages, and hands them to parser and reading: `cargo run --release -- MINUTES SEED FOLDER…`
//!
//! The folders hold messages and documents to begin with. The same seed gives the same inputs. A panic or a slow
//! answer leaves its input as a file in the present folder and ends the run; the file is then read with
//! `cargo run --release -- read FILE`.

mod mutation;

use std::{
    env, fs,
    io::{self, Write},
    panic,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use mutation::{Dice, mutated};
use rechtzeitig::{
    reading::arrival::House,
    reading::mailbox::read,
    reading::parse::{contents, parse, shown, split_mbox, taken_out},
};

/// Nobody waits longer for one message of less than half a megabyte.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a message goes through.
fn target(raw: &[u8]) {
    if let Some(message) = parse(raw) {
        let _ = read("", &message, &House::default());
    }
    for one in split_mbox(raw) {
        let _ = parse(&one);
    }
    let held = contents(raw);
    if let Some(last) = held.files.last() {
        let _ = taken_out(raw, last.number);
    }
    if let Some(page) = held.page {
        let _ = shown(&page);
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [verb, files @ ..] if verb == "read" => {
            files
                .iter()
                .filter_map(|file| fs::read(file).ok())
                .for_each(|raw| target(&raw));
            ExitCode::SUCCESS
        }
        [minutes, seed, folders @ ..] => match (minutes.parse(), seed.parse()) {
            (Ok(minutes), Ok(seed)) => run(minutes, seed, folders),
            _ => usage(),
        },
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    let _ = writeln!(io::stderr(), "MINUTES SEED FOLDER… | read FILE…");
    ExitCode::FAILURE
}

fn run(minutes: u64, seed: u64, folders: &[String]) -> ExitCode {
    let mut seeds = Vec::new();
    folders
        .iter()
        .for_each(|folder| collect(Path::new(folder), &mut seeds));
    let documents: Vec<Vec<u8>> = seeds
        .iter()
        .filter(|seed| {
            seed.starts_with(b"%PDF") || seed.starts_with(b"PK") || seed.starts_with(b"{\\rtf")
        })
        .map(|seed| enclosed(seed))
        .collect();
    seeds.extend(documents);
    let (mut dice, start) = (Dice::new(seed), Instant::now());
    let (mut runs, mut slowest) = (0_u64, Duration::ZERO);
    while start.elapsed() < Duration::from_secs(minutes * 60) {
        let input = mutated(&mut dice, &seeds);
        let before = Instant::now();
        let fell = panic::catch_unwind(|| target(&input)).is_err();
        let took = before.elapsed();
        slowest = slowest.max(took);
        runs += 1;
        if fell || took > PATIENCE {
            let name = format!("{}-{seed}-{runs}.bin", if fell { "panic" } else { "slow" });
            let kept = fs::write(&name, &input).is_ok();
            let _ = writeln!(
                io::stdout(),
                "{name} after {runs} runs, {took:?}, kept: {kept}"
            );
            return ExitCode::FAILURE;
        }
    }
    let _ = writeln!(
        io::stdout(),
        "{runs} runs from {} seeds, slowest {slowest:?}",
        seeds.len()
    );
    ExitCode::SUCCESS
}

/// A document as the body of a message, as it stands.
fn enclosed(document: &[u8]) -> Vec<u8> {
    [
        b"From: a@b.example\nContent-Type: application/octet-stream; name=a\n\n".as_slice(),
        document,
    ]
    .concat()
}

fn collect(path: &Path, seeds: &mut Vec<Vec<u8>>) {
    if let Ok(folder) = fs::read_dir(path) {
        let mut inside: Vec<_> = folder.flatten().map(|entry| entry.path()).collect();
        // the same seed gives the same inputs on every machine
        inside.sort();
        inside.iter().for_each(|path| collect(path, seeds));
    } else if let Ok(bytes) = fs::read(path)
        && bytes.len() < 300_000
    {
        seeds.push(bytes);
    }
}
