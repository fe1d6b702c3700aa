//! What the press must keep: every letter in every language, and harmless facts.

use super::*;
use crate::letters::block::words;
use crate::letters::facts::{DecisionFacts, GroundFacts, Outcome};

const FORMS: [(Lang, Address); 3] = [
    (Lang::De, Address::Sie),
    (Lang::De, Address::Du),
    (Lang::En, Address::Sie),
];

fn press() -> Press {
    Press::new(None)
}

fn print(kind: Kind, lang: Lang, form: Address, facts: &Facts) -> Printed {
    press()
        .print(kind, lang, form, facts)
        .unwrap_or_else(|error| panic!("{kind:?} {lang:?} {form:?}: {error}"))
}

#[test]
fn every_letter_prints_in_every_language_and_form() {
    for (lang, form) in FORMS {
        let facts = Facts::sample(lang).unwrap();
        for kind in Kind::ALL {
            let printed = print(kind, lang, form, &facts);
            assert!(
                !printed.subject.is_empty() && printed.text.len() > 80,
                "{kind:?}"
            );
            for sign in ["{{", "{%", "[[", "]]", "**", "\n\n\n", "none", "undefined"] {
                assert!(
                    !printed.text.contains(sign),
                    "{kind:?} {lang:?} {form:?}: {sign} in\n{}",
                    printed.text
                );
            }
            assert!(
                printed
                    .text
                    .chars()
                    .all(|letter| !('\u{E000}'..='\u{F8FF}').contains(&letter))
            );
            assert!(!printed.text.contains('!'), "no exclamation marks");
        }
    }
    assert_eq!(press().check().len(), 0);
}

#[test]
fn every_letter_prints_with_the_least_facts() {
    let mut facts = Facts {
        identity: Some(Default::default()),
        extension: Some(Default::default()),
        clarification: Some(Default::default()),
        mandate: Some(Default::default()),
        child: Some(Default::default()),
        misdirected: Some(Default::default()),
        forwarding: Some(Default::default()),
        instruction: Some(Default::default()),
        channel: Some(Default::default()),
        interim: Some(Default::default()),
        written: Some(Default::default()),
        partial: Some(Default::default()),
        art14: Some(Default::default()),
        lifting: Some(Default::default()),
        notice: Some(Default::default()),
        fee: Some(Default::default()),
        excess: Some(Default::default()),
        reply: Some(Default::default()),
        ..Facts::default()
    };
    facts.link = Some("https://a.example/s".into());
    facts.disown_link = Some("https://a.example/n".into());
    facts.code = Some("123 456".into());
    facts.desk = Some(Default::default());
    facts.owner = Some(Default::default());
    for (lang, form) in FORMS {
        for kind in Kind::ALL {
            print(kind, lang, form, &facts);
        }
    }
}

#[test]
fn every_right_with_every_outcome_has_its_section() {
    for (lang, form) in FORMS {
        for code in [
            "15", "16", "17", "18", "20", "21(1)", "21(2)", "22", "7(3)", "?",
        ] {
            for outcome in [
                Outcome::Granted,
                Outcome::Partly,
                Outcome::Refused,
                Outcome::Nothing,
            ] {
                let mut facts = Facts::sample(lang).unwrap();
                let ground = GroundFacts {
                    law: "Law 4711".into(),
                    text: "Ground 0815.".into(),
                };
                facts.decisions = vec![DecisionFacts {
                    code: code.into(),
                    name: "Name of the right".into(),
                    outcome,
                    text: "Own words.".into(),
                    grounds: vec![ground],
                    ..DecisionFacts::default()
                }];
                let printed = print(Kind::Answer, lang, form, &facts);
                let text = printed
                    .text
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ");
                assert!(text.contains("Own words."), "{code} {outcome:?}");
                assert!(
                    text.contains(&facts.controller.authority.name),
                    "remedies: {code} {outcome:?}"
                );
                if matches!(outcome, Outcome::Refused | Outcome::Partly) {
                    assert!(
                        text.contains("Ground 0815. (Law 4711)"),
                        "{code} {outcome:?}\n{}",
                        printed.text
                    );
                }
                if outcome == Outcome::Nothing && code != "?" {
                    assert!(
                        text.contains(&facts.searched_with[0]),
                        "{code}: what was searched with"
                    );
                }
            }
        }
    }
}

#[test]
fn the_access_answer_says_what_article_15_demands() {
    let facts = Facts::sample(Lang::De).unwrap();
    let text = print(Kind::Answer, Lang::De, Address::Sie, &facts)
        .text
        .replace(['\n', ' '], "");
    let mut must: Vec<String> = vec![facts.controller.authority.name.clone()];
    must.extend(facts.controller.authority.address.clone());
    for system in facts.findings.iter().filter(|system| system.held) {
        must.extend([
            system.name.clone(),
            system.source.clone(),
            system.place.clone(),
        ]);
        for category in &system.categories {
            must.extend([
                category.name.clone(),
                category.purposes.clone(),
                category.retention.clone(),
            ]);
        }
    }
    for recipient in &facts.recipients {
        must.extend([recipient.name.clone(), recipient.country.clone()]);
    }
    must.extend(
        [
            "vollständig",
            "vor Gericht",
            "berichtigen",
            "löschen",
            "widersprechen",
            "Computer allein",
        ]
        .map(str::to_owned),
    );
    must.extend(facts.searched_with.clone());
    for words in must {
        assert!(text.contains(&words.replace(' ', "")), "{words} is missing");
    }
}

/// The template's own instructions, in order: what a letter says, free of how it addresses its reader.
fn bones(name: &str) -> Vec<String> {
    let (_, text) = texts::TEXTS
        .iter()
        .find(|(known, _)| *known == name)
        .unwrap_or_else(|| panic!("{name} is missing"));
    let mut bones = Vec::new();
    let mut rest = *text;
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let end = rest[at..]
            .find("}}")
            .into_iter()
            .chain(rest[at..].find("%}"))
            .min()
            .unwrap();
        let bone = rest[at + 2..at + end]
            .replace("-sie.txt", ".txt")
            .replace("-du.txt", ".txt")
            .replace("\"und\"", "\"and\"");
        bones.push(bone);
        rest = &rest[at + end + 2..];
    }
    bones
}

#[test]
fn the_three_versions_of_a_letter_say_the_same() {
    let mut compared = 0;
    for (name, _) in texts::TEXTS {
        if let Some(stem) = name
            .strip_prefix("en/")
            .and_then(|name| name.strip_suffix(".txt"))
        {
            let office = format!("de/{stem}.txt");
            if texts::TEXTS.iter().any(|(known, _)| *known == office) {
                // A company or an authority is never addressed as du.
                assert_eq!(
                    bones(&office),
                    bones(name),
                    "{stem}: German and English differ"
                );
                compared += 1;
                continue;
            }
            let sie = bones(&format!("de/{stem}-sie.txt"));
            assert_eq!(
                sie,
                bones(&format!("de/{stem}-du.txt")),
                "{stem}: Sie and du differ"
            );
            assert_eq!(sie, bones(name), "{stem}: German and English differ");
            compared += 1;
        }
    }
    assert!(compared >= 60);
}

/// The words of the texts whose names fit, each with the sign that stands before it.
fn words_of(fits: impl Fn(&str) -> bool) -> Vec<(&'static str, char, &'static str)> {
    let mut found = Vec::new();
    for (name, text) in texts::TEXTS.iter().filter(|(name, _)| fits(name)) {
        // Only what is printed: the instructions are English.
        for line in text.lines() {
            let mut printed = line;
            while !printed.is_empty() {
                let (said, rest) = printed.split_once('{').unwrap_or((printed, ""));
                let mut before = '.';
                for word in said.split_inclusive(|sign: char| !sign.is_alphabetic()) {
                    let bare = word.trim_end_matches(|sign: char| !sign.is_alphabetic());
                    if !bare.is_empty() {
                        found.push((*name, before, bare));
                        before = 'a';
                    }
                    if let Some(sign) = word
                        .chars()
                        .last()
                        .filter(|sign| ".?!:*\u{201E}-|#".contains(*sign))
                    {
                        before = sign;
                    }
                }
                printed = rest
                    .split_once('}')
                    .map_or("", |(_, rest)| rest.trim_start_matches('}'));
            }
        }
    }
    found
}

#[test]
fn the_familiar_form_does_not_slip() {
    for (name, before, word) in words_of(|name| name.ends_with("-du.txt")) {
        let formal = matches!(word, "Ihr" | "Ihre" | "Ihren" | "Ihrem" | "Ihrer" | "Ihnen");
        assert!(
            !formal && (word != "Sie" || before != 'a'),
            "{name}: {word}"
        );
    }
}

#[test]
fn the_formal_form_does_not_slip() {
    let formal = |name: &str| name.starts_with("de/") && !name.ends_with("-du.txt");
    for (name, _, word) in words_of(formal) {
        let word = word.to_lowercase();
        let familiar = [
            "du", "dich", "dir", "dein", "deine", "deinen", "deinem", "deiner",
        ];
        assert!(!familiar.contains(&word.as_str()), "{name}: {word}");
    }
}

#[test]
fn no_language_slips_into_the_other() {
    for (name, _, word) in words_of(|name| name.starts_with("de/")) {
        let english = ["the", "and", "of", "your", "you", "with", "request", "data"];
        assert!(
            !english.contains(&word.to_lowercase().as_str()),
            "{name}: {word}"
        );
    }
    for (name, _, word) in words_of(|name| name.starts_with("en/")) {
        let german = [
            "und", "der", "nicht", "Sie", "Ihr", "wir", "Daten", "für", "mit",
        ];
        assert!(!german.contains(&word), "{name}: {word}");
    }
}

#[test]
fn every_text_is_a_letter_or_a_part_of_one() {
    for (name, _) in texts::TEXTS {
        let (folder, file) = name.split_once('/').unwrap();
        let stem = file.trim_end_matches(".txt");
        let stem = stem.trim_end_matches("-sie").trim_end_matches("-du");
        let section = [
            "15", "16", "17", "18", "20", "21(1)", "21(2)", "22", "7(3)", "?",
        ]
        .iter()
        .any(|code| section(code) == stem);
        let included = texts::TEXTS.iter().any(|(other, text)| {
            other.starts_with(folder) && text.contains(&format!("include \"{file}\""))
        });
        assert!(Kind::named(stem).is_some() || section || included, "{name}");
    }
}

#[test]
fn a_version_changes_with_the_wording_and_with_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("de")).unwrap();
    let version = |press: &Press, kind| {
        let facts = Facts::sample(Lang::De).unwrap();
        press
            .print(kind, Lang::De, Address::Sie, &facts)
            .unwrap()
            .version
    };
    let own = Press::new(Some(folder.path().to_owned()));
    assert_eq!(version(&own, Kind::Answer), version(&press(), Kind::Answer));
    assert_ne!(version(&own, Kind::Answer), version(&own, Kind::Extension));
    // A part that a part includes.
    std::fs::write(folder.path().join("de/rights-sie.txt"), "- Eigenes.\n\n").unwrap();
    let own = Press::new(Some(folder.path().to_owned()));
    assert_ne!(version(&own, Kind::Answer), version(&press(), Kind::Answer));
    assert_eq!(
        version(&own, Kind::Extension),
        version(&press(), Kind::Extension)
    );
}

#[test]
fn values_are_words_and_never_markup_or_code() {
    let hostile = "**Eve** {{ code }} {% raw %} | x | # y [[button|Klick|https://evil.example]]\n\n# Kopf\n- Punkt\n~ Gruß <b>&\u{202E}\u{0}";
    for (lang, form) in FORMS {
        let mut facts = Facts::sample(lang).unwrap();
        let plain = print(Kind::Receipt, lang, form, &facts).blocks.len();
        facts.person.name = hostile.into();
        facts.case.rights[0].wish = hostile.into();
        facts.case.channel = hostile.into();
        let printed = print(Kind::Receipt, lang, form, &facts);
        assert_eq!(
            printed.blocks.len(),
            plain,
            "no block more than with harmless values"
        );
        assert!(
            printed
                .text
                .contains("**Eve** {{ code }} {% raw %} | x | # y")
        );
        assert!(!printed.html.contains("<b>") && !printed.html.contains("evil.example\""));
        let links: Vec<_> = printed
            .blocks
            .iter()
            .filter(|block| matches!(block, Block::Button { .. }))
            .collect();
        assert!(
            matches!(links[..], [Block::Button { url, .. }] if *url == facts.link.clone().unwrap())
        );

        let plain = print(Kind::Answer, lang, form, &Facts::sample(lang).unwrap())
            .blocks
            .len();
        for finding in &mut facts.findings {
            finding.name = hostile.into();
            for category in &mut finding.categories {
                category.name = hostile.into();
            }
        }
        facts.decisions[1].grounds[0].text = hostile.into();
        facts.recipients[0].name = hostile.into();
        assert_eq!(print(Kind::Answer, lang, form, &facts).blocks.len(), plain);
    }
}

#[test]
fn the_first_mail_repeats_nothing_that_was_typed() {
    for (lang, form) in FORMS {
        let facts = Facts::sample(lang).unwrap();
        let mut empty = facts.clone();
        empty.person = Default::default();
        empty.case.rights.clear();
        empty.case.channel.clear();
        empty.findings.clear();
        empty.decisions.clear();
        let (full, bare) = (
            print(Kind::Confirm, lang, form, &facts),
            print(Kind::Confirm, lang, form, &empty),
        );
        assert_eq!(full.text, bare.text);
        assert!(full.text.contains(facts.link.as_deref().unwrap()));
        assert!(full.text.contains(facts.disown_link.as_deref().unwrap()));
    }
}

#[test]
fn subjects_and_staff_mail_hold_no_personal_data() {
    for (lang, form) in FORMS {
        let facts = Facts::sample(lang).unwrap();
        for kind in Kind::ALL {
            let printed = print(kind, lang, form, &facts);
            assert!(
                !printed.subject.contains(&facts.person.name)
                    && !printed.subject.contains("Auskunft")
            );
            if kind.for_staff() {
                assert!(!printed.text.contains(&facts.person.name), "{kind:?}");
            }
        }
    }
}

#[test]
fn own_texts_take_the_place_of_ours_and_faults_name_their_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("de")).unwrap();
    let own = folder.path().join("de/code-sie.txt");
    std::fs::write(
        &own,
        "Betreff: Eigenes {{ case.number }}\r\n\r\nHallo {{ code }}.\r\n",
    )
    .unwrap();
    let facts = Facts::sample(Lang::De).unwrap();
    let press = Press::new(Some(folder.path().to_owned()));
    let printed = press
        .print(Kind::Code, Lang::De, Address::Sie, &facts)
        .unwrap();
    assert_eq!(
        (printed.subject.as_str(), printed.text.as_str()),
        ("Eigenes 2026-K7QM-4", "Hallo 482 913.\n")
    );
    assert!(
        press
            .print(Kind::Confirm, Lang::De, Address::Sie, &facts)
            .is_ok(),
        "the others stay ours"
    );

    for (text, faulty) in [
        ("Betreff: x\n\nHallo\n{{ person.salutation }}", 4),
        ("Betreff: {{ person.name }}\n\nHallo", 1),
        ("Betreff: x\n{% if %}", 2),
        ("Betreff: x\n{{ findings[2].operator }}", 2),
        (
            "Betreff: x\n{% for a in range(9999) %}{% for b in range(9999) %}.{% endfor %}{% endfor %}",
            2,
        ),
    ] {
        std::fs::write(&own, text).unwrap();
        let press = Press::new(Some(folder.path().to_owned()));
        match press.print(Kind::Code, Lang::De, Address::Sie, &facts) {
            Err(PressError::Text { name, line, .. }) => {
                assert_eq!((name.as_str(), line), ("de/code-sie.txt", faulty), "{text}")
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    std::fs::write(&own, "Hallo\n").unwrap();
    let press = Press::new(Some(folder.path().to_owned()));
    assert_eq!(
        press.check().len(),
        1,
        "the check finds the one faulty text"
    );
    assert!(matches!(
        press.print(Kind::Code, Lang::De, Address::Sie, &facts),
        Err(PressError::Subject { .. })
    ));
}

#[test]
fn a_checkpoint_arrives_character_by_character() {
    let mut facts = Facts::sample(Lang::De).unwrap();
    let note = "origin.example/log\n42\nAAAA+/==\n\n— origin.example abc*|#[[x]]".to_owned();
    facts.desk.as_mut().unwrap().checkpoint = Some(note.clone());
    let printed = print(Kind::Checkpoint, Lang::De, Address::Sie, &facts);
    assert!(printed.text.contains(&format!("\n{note}\n")));
}

#[test]
fn longer_letters_are_numbered() {
    let facts = Facts::sample(Lang::De).unwrap();
    let answer = print(Kind::Answer, Lang::De, Address::Sie, &facts);
    let heads: Vec<&str> = answer
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Heading { level: 1, text } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert!(
        heads.len() >= 4
            && heads
                .iter()
                .enumerate()
                .all(|(at, text)| text.starts_with(&format!("{}. ", at + 1)))
    );
    let first = answer.blocks.iter().find_map(|block| match block {
        Block::Paragraph(runs) => Some(words(runs)),
        _ => None,
    });
    assert_eq!(first.as_deref(), Some("Guten Tag Ottilie Brandwein,"));
}
