//! The phrases as their files have them: each line with its mark, its weight, its pattern and a sentence that shows it.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use super::class::{ClassId, Classes};
use super::fold::fold;
use super::mark::{Mark, Reach};
use super::naming::Maker;
use super::pattern::Pattern;

/// The data files, each with the code of its language.
const FILES: &[(&str, &str)] = &[
    ("de", include_str!("../../config/reading/de.toml")),
    ("en", include_str!("../../config/reading/en.toml")),
    ("fr", include_str!("../../config/reading/fr.toml")),
    ("es", include_str!("../../config/reading/es.toml")),
    ("it", include_str!("../../config/reading/it.toml")),
    ("nl", include_str!("../../config/reading/nl.toml")),
    ("pt", include_str!("../../config/reading/pt.toml")),
    ("pl", include_str!("../../config/reading/pl.toml")),
    ("cs", include_str!("../../config/reading/cs.toml")),
    ("ro", include_str!("../../config/reading/ro.toml")),
];

/// Words of one sense in every language.
const SENSES: &str = include_str!("../../config/reading/senses.toml");

/// Lines for all languages, put together from classes that each language defines.
const FRAMES: &str = include_str!("../../config/reading/frames.toml");

/// A phrase as its file has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// What it is a sign of.
    mark: String,
    /// How strong; ten is sure.
    #[serde(default)]
    weight: i32,
    /// How much stronger where the message speaks of data protection.
    #[serde(default)]
    lift: i32,
    /// How much stronger where the message speaks of the writer's own data.
    #[serde(default)]
    own: i32,
    /// How much stronger where the message speaks of advertising.
    #[serde(default)]
    ads: i32,
    /// It may only describe the data that something else is to be done with: "all that you hold about me".
    #[serde(default)]
    clause: bool,
    /// A pattern.
    words: String,
    /// A sentence that it must find.
    #[serde(default)]
    says: String,
    /// The same in German, for a line of all languages.
    #[serde(default)]
    de: String,
    /// And in English.
    #[serde(default)]
    en: String,
    /// Which rights a counter-sign speaks against; all if empty.
    #[serde(default)]
    against: Vec<String>,
    /// Whether a counter-sign weakens its sentence (default) or the message.
    #[serde(default)]
    reach: Reach,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    classes: HashMap<String, String>,
    #[serde(default)]
    forgive: String,
    /// Words that count in small letters only.
    #[serde(default)]
    small: String,
    #[serde(default)]
    phrases: Vec<Line>,
}

/// A phrase ready to be found.
#[derive(Debug)]
pub struct Phrase {
    /// What it is a sign of.
    pub mark: Mark,
    /// How strong; ten is sure.
    pub weight: i32,
    /// How much stronger in a message about data protection.
    pub lift: i32,
    /// How much stronger in a message about the writer's own data.
    pub own: i32,
    /// How much stronger in a message about advertising.
    pub ads: i32,
    /// It gives way to another right in its sentence.
    pub clause: bool,
    /// Which marks it weakens, if it is a counter-sign; all rights if empty.
    pub against: Vec<Mark>,
    /// How far it weakens.
    pub reach: Reach,
    /// The language of its file.
    pub language: &'static str,
    /// The sentence that shows it.
    pub says: String,
    /// The pattern as written.
    pub written: String,
    /// The pattern as read.
    pub pattern: Pattern,
}

/// All phrases with the classes that their words belong to, and what was wrong with the files.
#[derive(Debug, Default)]
pub struct Phrasebook {
    /// Every phrase.
    pub phrases: Vec<Phrase>,
    /// What finds the classes of a word.
    pub classes: Classes,
    /// Words that count in small letters only, folded.
    pub small: HashSet<String>,
    /// How many classes there are.
    pub count: usize,
    /// The classes that every language defines, by name without their `f_`.
    pub names: Vec<String>,
    /// Which class is which of these, in which language.
    pub named: HashMap<ClassId, Vec<(&'static str, u16)>>,
    /// Faulty lines; a test keeps it empty.
    pub faults: Vec<String>,
}

impl Phrasebook {
    /// Reads the house's own files.
    pub fn read() -> Phrasebook {
        Phrasebook::of(FILES)
    }

    fn of(files: &[(&'static str, &str)]) -> Phrasebook {
        let mut book = Phrasebook::default();
        let mut maker = Maker::default();
        let mut forgiven = Vec::new();
        for (language, text) in files {
            let file: File = match toml::from_str(text) {
                Ok(file) => file,
                Err(error) => {
                    book.faults.push(format!("{language}: {error}"));
                    continue;
                }
            };
            for (name, words) in file.classes {
                maker.named.insert(format!("{language}@{name}"), words);
            }
            book.small.extend(file.small.split_whitespace().map(fold));
            forgiven.extend(file.forgive.split_whitespace().map(fold));
            for line in file.phrases {
                match phrase(language, line, &mut maker) {
                    Ok(phrase) => book.phrases.push(phrase),
                    Err(fault) => book.faults.push(format!("{language}: {fault}")),
                }
            }
        }
        book.frames(files, &mut maker);
        book.name_classes(files, &mut maker);
        for word in forgiven {
            maker.classes.forgive(&word);
        }
        book.classes = maker.classes;
        book.count = maker.ids.len();
        book
    }

    /// The classes that weights of words are told by: those of the frames and the senses.
    fn name_classes(&mut self, files: &[(&'static str, &str)], maker: &mut Maker) {
        match toml::from_str::<HashMap<String, HashMap<String, String>>>(SENSES) {
            Ok(senses) => {
                for (name, languages) in senses {
                    for (language, words) in languages {
                        let known = maker.named.get(&format!("{language}@f_{name}"));
                        let all = format!("{} {words}", known.map_or("", String::as_str));
                        maker.named.insert(format!("{language}@sense_{name}"), all);
                    }
                }
            }
            Err(error) => self.faults.push(format!("senses: {error}")),
        }
        let mut names: Vec<String> = maker
            .named
            .keys()
            .filter_map(|key| key.split_once("@f_").or_else(|| key.split_once("@sense_")))
            .map(|(_, name)| name.to_owned())
            .collect();
        names.sort();
        names.dedup();
        for (number, name) in names.iter().enumerate() {
            let Ok(number) = u16::try_from(number) else {
                break;
            };
            for (language, _) in files {
                let sense = format!("sense_{name}");
                let known = maker.named.contains_key(&format!("{language}@{sense}"));
                let class = if known { sense } else { format!("f_{name}") };
                match maker.class_of(language, &format!("@{class}")) {
                    Ok(id) => self.named.entry(id).or_default().push((language, number)),
                    Err(fault) => self.faults.push(format!("{language}: {fault}")),
                }
            }
        }
        self.names = names;
    }

    /// The lines of all languages, once for each.
    fn frames(&mut self, files: &[(&'static str, &str)], maker: &mut Maker) {
        let file: File = match toml::from_str(FRAMES) {
            Ok(file) => file,
            Err(error) => {
                self.faults.push(format!("frames: {error}"));
                return;
            }
        };
        for line in file.phrases {
            for (language, _) in files {
                for (number, words) in selves(&line.words).into_iter().enumerate() {
                    // the sentence shows the first form; the other is the same with "about me"
                    let says = match *language {
                        "de" if number == 0 => line.de.clone(),
                        "en" if number == 0 => line.en.clone(),
                        _ => String::new(),
                    };
                    match phrase(
                        language,
                        Line {
                            says,
                            words,
                            ..line.clone()
                        },
                        maker,
                    ) {
                        Ok(phrase) => self.phrases.push(phrase),
                        Err(fault) => self.faults.push(format!("{language}: {fault}")),
                    }
                }
            }
        }
    }
}

/// A line about the writer in its two forms: "my …" and "… about me".
fn selves(words: &str) -> Vec<String> {
    let mut out = vec![words.replace("@f_self", "@f_mine")];
    if words.split_whitespace().any(|item| item == "@f_self") {
        out.push(words.replace("@f_self", "@f_about ~2 @f_oblique"));
    }
    out
}

fn phrase(language: &'static str, line: Line, maker: &mut Maker) -> Result<Phrase, String> {
    let pattern = Pattern::read(&line.words, &mut |item| maker.class_of(language, item))
        .map_err(|fault| format!("'{}': {fault}", line.words))?;
    let mark = Mark::from_code(&line.mark)
        .ok_or_else(|| format!("'{}': no mark '{}'", line.words, line.mark))?;
    let against = line
        .against
        .iter()
        .map(|code| {
            Mark::from_code(code).ok_or_else(|| format!("'{}': no mark '{code}'", line.words))
        })
        .collect::<Result<_, _>>()?;
    Ok(Phrase {
        mark,
        weight: line.weight,
        lift: line.lift,
        own: line.own,
        ads: line.ads,
        clause: line.clause,
        against,
        reach: line.reach,
        language,
        says: line.says,
        written: line.words,
        pattern,
    })
}
