//! Articles of the GDPR that a sentence cites: "Art. 15 und 17 DSGVO", "Articles 15, 20", "§ 34 BDSG", "Art. 15-22".

use super::mark::Mark;
use super::prose::{Prose, Sentence};

/// Articles cited in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// The right.
    pub mark: Mark,
    /// The words, from the word for "article" to the last number.
    pub words: std::ops::Range<usize>,
    /// Named in a range or a long list, as people do who tell of rights and do not ask.
    pub in_passing: bool,
}

/// Words for "article", folded.
const ARTICLE: &[&str] = &[
    "art",
    "arts",
    "artikel",
    "artikels",
    "artikeln",
    "article",
    "articles",
    "articulo",
    "articulos",
    "articolo",
    "articoli",
    "artigo",
    "artigos",
    "artykul",
    "artykulu",
    "artykulem",
    "clanek",
    "clanku",
    "clankem",
    "cl",
    "articolul",
    "articolului",
    "articolele",
    "artt",
    "artigo",
    "artikelen",
    "artikkel",
];
/// Words for "paragraph", after which the paragraph's number stands.
const PARAGRAPH: &[&str] = &[
    "abs",
    "absatz",
    "para",
    "paragraph",
    "paragraphs",
    "par",
    "lid",
    "ust",
    "ustep",
    "odst",
    "odstavec",
    "odstavce",
    "alin",
    "al",
    "alinea",
    "apartado",
    "apdo",
    "comma",
    "paragrafo",
    "paragrafos",
    "paragraphe",
    "n",
    "nr",
    "alineatul",
    "numero",
];
/// Words and letters that may stand between two numbers of a list.
const BETWEEN: &[&str] = &[
    "und",
    "u",
    "and",
    "et",
    "y",
    "e",
    "ed",
    "en",
    "oraz",
    "i",
    "a",
    "si",
    "sowie",
    "or",
    "oder",
    "ou",
    "o",
    "of",
    "sau",
    "nebo",
    "v",
    "m",
    "ivm",
    "lit",
    "buchst",
    "buchstabe",
    "satz",
    "s",
    "hs",
    "ff",
    "f",
    "1",
    "let",
    "letter",
    "lettera",
    "letra",
    "litera",
    "pism",
    "pismeno",
    "art",
    "artikel",
    "article",
    "verbindung",
    "mit",
    "in",
    "dsgvo",
    "gdpr",
    "rgpd",
    "as",
    "well",
    "lub",
    "nn",
    "der",
    "ds",
    "gvo",
    "b",
    "c",
    "d",
    "g",
    "h",
];
/// Words that make a range of two numbers.
const RANGE: &[&str] = &[
    "bis", "to", "a", "al", "tot", "do", "az", "pana", "till", "through", "ate", "la", "t",
];

/// The articles that a sentence cites.
pub fn cited(prose: &Prose, sentence: &Sentence) -> Vec<Cited> {
    let mut out: Vec<Cited> = Vec::new();
    let mut index = sentence.words.start;
    while index < sentence.words.end {
        let key = prose.words.key(index);
        if ARTICLE.contains(&key) {
            index = list(prose, sentence, index, &mut out).max(index + 1);
            continue;
        }
        // § 34 and § 35 of the act before 2018 stood for access and for erasure
        if matches!(key, "34" | "35")
            && (1..4).any(|ahead| prose.words.key(index + ahead) == "bdsg")
        {
            let mark = if key == "34" {
                Mark::Access
            } else {
                Mark::Erasure
            };
            out.push(Cited {
                mark,
                words: index..index + 1,
                in_passing: false,
            });
        }
        index += 1;
    }
    out
}

/// Reads the numbers behind a word for "article"; gives the place behind them.
fn list(prose: &Prose, sentence: &Sentence, start: usize, out: &mut Vec<Cited>) -> usize {
    let mut numbers: Vec<(u32, Option<u32>)> = Vec::new();
    let mut range = false;
    let mut index = start + 1;
    let mut end = start + 1;
    while index < sentence.words.end {
        let key = prose.words.key(index);
        let between = gap(prose, index);
        if PARAGRAPH.contains(&key) && number(prose.words.key(index + 1)).is_some() {
            if let (Some(last), Some(paragraph)) =
                (numbers.last_mut(), number(prose.words.key(index + 1)))
            {
                last.1.get_or_insert(paragraph);
            }
            index += 2;
            end = index;
        } else if let Some(value) = number(key) {
            let bracket = between.contains('(') && between.trim().len() <= 1;
            if bracket || roman(key).is_some() {
                if let Some(last) = numbers.last_mut() {
                    last.1.get_or_insert(value);
                }
            } else if value > 99 {
                break;
            } else {
                range |= between.contains(['-', '–', '—']) && !numbers.is_empty()
                    || index > start + 1
                        && RANGE.contains(&prose.words.key(index - 1))
                        && spans(&numbers, value);
                numbers.push((value, None));
            }
            index += 1;
            end = index;
        } else if let Some(paragraph) =
            roman(key).filter(|_| !numbers.is_empty() && upper(prose, index))
        {
            if let Some(last) = numbers.last_mut() {
                last.1.get_or_insert(paragraph);
            }
            index += 1;
        } else if BETWEEN.contains(&key) || RANGE.contains(&key) || key.len() == 1 {
            index += 1;
        } else {
            break;
        }
        if numbers.is_empty() && index > start + 2 {
            break;
        }
    }
    let rights = numbers
        .iter()
        .filter(|(value, _)| (15..=22).contains(value))
        .count();
    let in_passing = range || rights > 4;
    for (article, paragraph) in numbers {
        if let Some(mark) = right(article, paragraph) {
            out.push(Cited {
                mark,
                words: start..end,
                in_passing,
            });
        }
    }
    end
}

/// `15 bis 22` spans; `7 a 3` of another language's "and" does not.
fn spans(numbers: &[(u32, Option<u32>)], value: u32) -> bool {
    numbers.last().is_some_and(|(last, _)| value > *last + 2)
}

fn right(article: u32, paragraph: Option<u32>) -> Option<Mark> {
    match (article, paragraph) {
        (15, _) => Some(Mark::Access),
        (16, _) => Some(Mark::Rectification),
        (17, _) => Some(Mark::Erasure),
        (18, _) => Some(Mark::Restriction),
        (20, _) => Some(Mark::Portability),
        (21, Some(1)) => Some(Mark::Objection),
        (21, Some(2 | 3)) => Some(Mark::MarketingObjection),
        (21, _) => Some(Mark::AnyObjection),
        (22, _) => Some(Mark::HumanReview),
        (7, Some(3)) => Some(Mark::Withdrawal),
        _ => None,
    }
}

fn number(key: &str) -> Option<u32> {
    if key.len() > 3 {
        None
    } else {
        key.parse().ok()
    }
}

fn roman(key: &str) -> Option<u32> {
    match key {
        "i" => Some(1),
        "ii" => Some(2),
        "iii" => Some(3),
        _ => None,
    }
}

fn upper(prose: &Prose, index: usize) -> bool {
    prose
        .text
        .get(prose.words.at(index))
        .is_some_and(|word| word.chars().all(char::is_uppercase))
}

/// What stands between a word and the one before it.
fn gap<'a>(prose: &Prose<'a>, index: usize) -> &'a str {
    let Some(before) = index.checked_sub(1) else {
        return "";
    };
    prose
        .text
        .get(prose.words.at(before).end..prose.words.at(index).start)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
