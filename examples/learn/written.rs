//! The weights as the files have them.

use std::fmt::Write;

use rechtzeitig::reading::cues::QUESTIONS;

use super::machine::Line;
use super::made_of::digest_of_all;
use super::scores::Scale;
use super::thresholds::Thresholds;

fn hundredths(weight: f32) -> String {
    format!("{:.0}", f64::from(weight) * 100.0)
}

/// `cues.toml`.
pub fn cues(lines: &[Line], names: &[String]) -> String {
    let mut out = format!(
        "# Weights of words, in hundredths: for a wish about one's own data, for each right and each kind of message. What the traits\n\
         # are is told in README.md beside this file. Made by `cargo run --release --example learn -- write`; do not edit.\n\
         \n\
         # the texts, labels and phrases that these were reckoned from\n\
         made-of = \"{}\"\n",
        digest_of_all()
    );
    for (question, line) in QUESTIONS.iter().zip(lines) {
        let mut words: Vec<(f32, &str)> = line
            .weights
            .iter()
            .copied()
            .zip(names.iter().map(String::as_str))
            .filter(|(weight, _)| hundredths(*weight) != "0" && hundredths(*weight) != "-0")
            .collect();
        words.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
        let _ = write!(
            out,
            "\n[\"{question}\"]\nbias = {}\nwords = \"\"\"\n",
            hundredths(line.bias)
        );
        for (weight, name) in words {
            let _ = writeln!(out, "{name} {}", hundredths(weight));
        }
        out.push_str("\"\"\"\n");
    }
    out
}

/// `balance.toml`.
pub fn balance(scales: [&Scale; 3], at: Thresholds) -> String {
    let mut out = format!(
        "# What each piece of evidence adds to the score of a request, of a single right and of a kind. The pieces are told in README.md\n\
         # beside this file. Made by `cargo run --release --example learn -- write`; do not edit.\n\
         \n\
         yes = {:.1}\nunclear = {:.1}\nright = {:.1}\nproposed = {:.1}\nkind = {:.1}\n",
        at.yes,
        at.unclear,
        at.right,
        at.right - 0.5,
        at.kind
    );
    for (table, scale) in ["request", "rights", "kinds"].iter().zip(scales) {
        let _ = write!(out, "\n[{table}]\n");
        let bias = scale.weights.first().copied().unwrap_or_default();
        for (name, weight) in scale.names.iter().zip(&scale.weights) {
            // what stands for no evidence belongs to the name of each right and kind
            let named = *table != "request" && QUESTIONS.contains(name);
            let weight = if named { weight + bias } else { *weight };
            if *table == "request" || *name != "bias" {
                let _ = writeln!(out, "\"{name}\" = {weight:.2}");
            }
        }
    }
    out
}
