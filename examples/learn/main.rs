//! Reckons the weights of words and of evidence from the labelled texts, and tells how well each text is read by what the others teach.
//!
//! `cargo run --release --example learn` tells the figures, `-- list` the mistakes too, `-- write` writes `config/reading/cues.toml` and
//! `balance.toml`, `-- check` fails if these are not what the texts give.

mod figures;
mod labelled;
mod machine;
mod made_of;
mod sample;
mod scores;
mod thresholds;
mod words;
mod written;

use std::io::{Write, stdout};
use std::process::ExitCode;

use rechtzeitig::reading::cues::QUESTIONS;
use rechtzeitig::reading::heard::Heard;

use figures::Figures;
use machine::Line;
use sample::{PARTS, Texts};
use scores::{of_kinds, of_request, of_rights};
use words::words;

fn lines(texts: &Texts, without: Option<usize>) -> Vec<Line> {
    QUESTIONS
        .iter()
        .map(|question| words(texts, question, without))
        .collect()
}

/// How every text sounds to weights that were reckoned without its part.
fn heard(texts: &Texts) -> Vec<Heard> {
    let mut out = vec![Heard::default(); texts.samples.len()];
    for part in 0..PARTS {
        let lines = lines(texts, Some(part));
        for (sample, heard) in texts.samples.iter().zip(&mut out) {
            if sample.part == part {
                *heard = texts.heard(sample, &lines);
            }
        }
    }
    out
}

fn main() -> ExitCode {
    let what = std::env::args().nth(1).unwrap_or_default();
    let texts = Texts::of(&labelled::labelled());
    let heard = heard(&texts);
    let samples = &texts.samples;
    let (request, rights, kinds) = (
        of_request(samples, &heard),
        of_rights(samples, &heard),
        of_kinds(samples, &heard),
    );
    let figures = Figures::of(samples, [&request, &rights, &kinds]);
    let mut out = figures.told();
    if what == "list" {
        out += &figures.mistakes();
    }
    let mut fits = true;
    if matches!(what.as_str(), "write" | "check") {
        let files = [
            (
                "cues.toml",
                written::cues(&lines(&texts, None), &texts.names),
            ),
            (
                "balance.toml",
                written::balance(
                    [&request.scale, &rights.scale, &kinds.scale],
                    figures.thresholds,
                ),
            ),
        ];
        for (name, content) in files {
            let path = made_of::weights().join(name);
            let is = std::fs::read_to_string(&path).unwrap_or_default();
            let done = match what.as_str() {
                "write" => std::fs::write(&path, &content).is_ok(),
                _ => is == content,
            };
            let word = match (what.as_str(), done) {
                ("write", true) => "written",
                ("write", false) => "could not be written",
                (_, true) => "is what the texts give",
                (_, false) => "is not what the texts give",
            };
            out += &format!("{name} {word}\n");
            fits &= done;
        }
    }
    let told = stdout().write_all(out.as_bytes()).is_ok();
    if fits && told {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
