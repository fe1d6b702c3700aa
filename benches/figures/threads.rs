//! What each kind of thread of this process has cost so far.

use std::collections::BTreeMap;
use std::fs;

/// Microseconds on a processor by the thread's name, its number cut off.
pub fn cost() -> BTreeMap<String, f64> {
    let mut cost = BTreeMap::new();
    for task in fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten()
    {
        let (Ok(name), Ok(spent)) = (
            fs::read_to_string(task.path().join("comm")),
            fs::read_to_string(task.path().join("schedstat")),
        ) else {
            continue;
        };
        let name = name
            .trim()
            .trim_end_matches(|c: char| c.is_ascii_digit() || c == ':' || c == '-')
            .to_owned();
        let spent: f64 = spent
            .split_whitespace()
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(0.0);
        *cost.entry(name).or_insert(0.0) += spent / 1e3;
    }
    cost
}

/// What was spent between two looks, by name.
pub fn between(
    before: &BTreeMap<String, f64>,
    after: &BTreeMap<String, f64>,
) -> BTreeMap<String, f64> {
    after
        .iter()
        .map(|(name, spent)| {
            (
                name.clone(),
                (spent - before.get(name).copied().unwrap_or(0.0)).max(0.0),
            )
        })
        .collect()
}
