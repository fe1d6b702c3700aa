//! In which language a text is written, by its letters and its small words.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::fold::{Words, fold, words};

#[derive(Deserialize)]
struct File {
    small: HashMap<String, String>,
    letters: HashMap<String, String>,
}

/// The languages that have phrases of their own.
pub const KNOWN: [&str; 10] = ["de", "en", "fr", "es", "it", "nl", "pt", "pl", "cs", "ro"];

#[derive(Default)]
struct Tongues {
    codes: Vec<&'static str>,
    /// A small word with the languages that have it.
    small: HashMap<String, Vec<usize>>,
    letters: HashMap<char, Vec<String>>,
}

/// Every code that can be told.
const CODES: [&str; 29] = [
    "de", "en", "fr", "es", "it", "nl", "pt", "pl", "cs", "ro", "sv", "da", "no", "fi", "hu", "tr",
    "sk", "hr", "sl", "lt", "lv", "et", "sq", "id", "vi", "ca", "mt", "ga", "eu",
];

static TONGUES: LazyLock<Tongues> = LazyLock::new(|| tongues().unwrap_or_default());

fn tongues() -> Option<Tongues> {
    let file: File = toml::from_str(include_str!("../../config/reading/tongues.toml")).ok()?;
    let mut out = Tongues {
        codes: CODES.to_vec(),
        ..Tongues::default()
    };
    for (index, code) in CODES.iter().enumerate() {
        for word in file
            .small
            .get(*code)
            .map(String::as_str)
            .unwrap_or_default()
            .split_whitespace()
        {
            let list = out.small.entry(fold(word)).or_default();
            if !list.contains(&index) {
                list.push(index);
            }
        }
    }
    for (code, letters) in file.letters {
        for letter in letters.chars() {
            out.letters.entry(letter).or_default().push(code.clone());
        }
    }
    Some(out)
}

/// The language of a text; none if it has no words.
pub fn tongue(text: &str) -> Option<&'static str> {
    if let Some(code) = script(text) {
        return Some(code);
    }
    let sums = sums(&words(text), text)?;
    let (best, sum) = sums.into_iter().max_by_key(|(_, sum)| *sum)?;
    (sum > 0).then_some(best)
}

/// The languages whose phrases may stand in a text; all of them if it is too short to tell.
pub fn likely(words: &Words, text: &str) -> Vec<&'static str> {
    let Some(sums) = sums(words, text) else {
        return KNOWN.to_vec();
    };
    let top = sums.iter().map(|(_, sum)| *sum).max().unwrap_or(0);
    if top < 120 {
        return KNOWN.to_vec();
    }
    sums.iter()
        .filter(|(_, sum)| *sum * 5 >= top * 2)
        .map(|(code, _)| *code)
        .collect()
}

/// How much of a text each language claims, by its small words and letters.
fn sums(words: &Words, text: &str) -> Option<Vec<(&'static str, u32)>> {
    let mut sums = [0_u32; CODES.len()];
    let mut seen = 0_u32;
    for key in words.keys().take(1500) {
        if key.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        seen += 1;
        if let Some(list) = TONGUES.small.get(key) {
            // a word that few languages have tells more
            let share = match list.len() {
                1 => 12,
                2 => 6,
                3 => 4,
                _ => 2,
            };
            for index in list {
                if let Some(sum) = sums.get_mut(*index) {
                    *sum += share;
                }
            }
        }
    }
    if seen == 0 {
        return None;
    }
    let special = special(text);
    Some(
        TONGUES
            .codes
            .iter()
            .zip(sums)
            .map(|(code, sum)| {
                // the ten languages of the house's phrases first: the others only if they clearly win
                let weighed = if KNOWN.contains(code) {
                    sum * 5
                } else {
                    sum * 4
                };
                let own = u32::try_from(special.iter().filter(|known| *known == code).count())
                    .unwrap_or(0);
                (*code, weighed + own * 6)
            })
            .rev()
            .collect(),
    )
}

/// Languages of which a letter stands in the text that the others lack.
fn special(text: &str) -> Vec<&'static str> {
    let mut out = Vec::new();
    for c in text.chars().take(4000).filter(|c| !c.is_ascii()) {
        let codes: &[&'static str] = match c {
            'ß' => &["de"],
            'ñ' | '¿' | '¡' => &["es"],
            'ã' | 'õ' => &["pt"],
            'ł' | 'ż' | 'ź' | 'ś' | 'ń' | 'ą' => &["pl"],
            'ę' => &["pl", "lt"],
            'ř' | 'ů' | 'ě' => &["cs"],
            'ţ' | 'ț' | 'ș' => &["ro"],
            'ă' => &["ro", "vi"],
            'ş' | 'ğ' | 'ı' | 'İ' => &["tr"],
            'ő' | 'ű' => &["hu"],
            'å' => &["sv", "da", "no"],
            'ø' | 'æ' => &["da", "no"],
            'ľ' | 'ĺ' | 'ŕ' | 'ô' => &["sk"],
            'đ' => &["hr", "vi"],
            'ė' | 'ų' | 'į' => &["lt"],
            'ā' | 'ē' | 'ī' | 'ņ' | 'ļ' | 'ķ' => &["lv"],
            _ => &[],
        };
        for code in codes {
            out.push(*code);
        }
        if out.len() > 40 {
            break;
        }
    }
    out
}

/// The language of a script of its own.
fn script(text: &str) -> Option<&'static str> {
    let (
        mut latin,
        mut greek,
        mut cyrillic,
        mut arabic,
        mut hebrew,
        mut han,
        mut kana,
        mut hangul,
        mut thai,
        mut deva,
        mut georgian,
        mut armenian,
    ) = (
        0_u32, 0_u32, 0_u32, 0_u32, 0_u32, 0_u32, 0_u32, 0_u32, 0_u32, 0_u32, 0_u32, 0_u32,
    );
    for c in text.chars().take(8000) {
        match c {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => latin += 1,
            '\u{370}'..='\u{3ff}' => greek += 1,
            '\u{400}'..='\u{52f}' => cyrillic += 1,
            '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => arabic += 1,
            '\u{590}'..='\u{5ff}' => hebrew += 1,
            '\u{4e00}'..='\u{9fff}' => han += 3,
            '\u{3040}'..='\u{30ff}' => kana += 3,
            '\u{ac00}'..='\u{d7af}' => hangul += 3,
            '\u{e00}'..='\u{e7f}' => thai += 1,
            '\u{900}'..='\u{97f}' => deva += 1,
            '\u{10a0}'..='\u{10ff}' => georgian += 1,
            '\u{530}'..='\u{58f}' => armenian += 1,
            _ => {}
        }
    }
    let scripts = [
        (greek, "el"),
        (cyrillic, "ru"),
        (arabic, "ar"),
        (hebrew, "he"),
        (han + kana, "zh"),
        (hangul, "ko"),
        (thai, "th"),
        (deva, "hi"),
        (georgian, "ka"),
        (armenian, "hy"),
    ];
    let (count, code) = scripts.into_iter().max_by_key(|(count, _)| *count)?;
    if count < 4 || count < latin {
        return None;
    }
    Some(match code {
        "zh" if kana * 5 > han => "ja",
        "ru" => letters_of(text, &["uk", "be", "sr", "mk", "bg"]).unwrap_or("ru"),
        "ar" => letters_of(text, &["ur", "fa"]).unwrap_or("ar"),
        other => other,
    })
}

/// The language whose own letters stand in the text most.
fn letters_of(text: &str, codes: &[&'static str]) -> Option<&'static str> {
    let mut best: Option<(usize, &'static str)> = None;
    // ы, э and ё are Russian and nothing else here; without them ъ tells Bulgarian
    let russian = text
        .to_lowercase()
        .chars()
        .filter(|c| matches!(c, 'ы' | 'э' | 'ё'))
        .count();
    for code in codes {
        let count = text
            .to_lowercase()
            .chars()
            .filter(|c| {
                TONGUES
                    .letters
                    .get(c)
                    .is_some_and(|list| list.iter().any(|known| known == code))
            })
            .count();
        let enough = if *code == "bg" {
            count > 1 && russian == 0
        } else {
            count > russian
        };
        if enough && best.is_none_or(|(top, _)| count > top) {
            best = Some((count, code));
        }
    }
    best.map(|(_, code)| code)
}

#[cfg(test)]
mod tests;
