//! `docs/law.md`: which article is which rule, where it stands, and which tests are named after it.

mod rules;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rules::{RULES, Rule};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of program and tests.
fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join("src"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The tests of a source that are named after an article; a function without the mark of a test is none.
fn named(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut marked = false;
    for line in code.lines().map(str::trim) {
        if line.starts_with("#[") {
            marked |= line.contains("test");
            continue;
        }
        let name = line
            .trim_start_matches("pub ")
            .trim_start_matches("async ")
            .strip_prefix("fn ")
            .and_then(|rest| rest.split('(').next());
        if let Some(name) = name.filter(|_| marked)
            && ["art_", "sec_", "rec_"]
                .iter()
                .any(|head| name.starts_with(head))
        {
            names.push(name.to_owned());
        }
        // An attribute may be followed by another one or by a comment.
        marked &= line.is_empty() || line.starts_with("//");
    }
    names
}

/// The rule that a test proves: the one with the longest beginning of its name.
fn rule_of(name: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .filter(|rule| {
            name.strip_prefix(rule.prefix)
                .is_some_and(|rest| rest.starts_with('_'))
        })
        .max_by_key(|rule| rule.prefix.len())
}

/// The rest of a name as a sentence.
fn sentence(name: &str, rule: &Rule) -> String {
    let rest = name.strip_prefix(rule.prefix).unwrap_or(name);
    rest.trim_start_matches('_').replace('_', " ")
}

/// The tests of each rule as sentence and file, and those that no rule knows.
#[derive(Default)]
struct Proven {
    by_rule: BTreeMap<&'static str, Vec<(String, String)>>,
    further: Vec<(String, String)>,
}

fn proven() -> Proven {
    let mut proven = Proven::default();
    for path in sources() {
        let code = std::fs::read_to_string(&path).unwrap();
        let file = path
            .strip_prefix(root())
            .unwrap()
            .to_string_lossy()
            .into_owned();
        for name in named(&code) {
            match rule_of(&name) {
                Some(rule) => proven
                    .by_rule
                    .entry(rule.prefix)
                    .or_default()
                    .push((sentence(&name, rule), file.clone())),
                None => proven.further.push((name, file.clone())),
            }
        }
    }
    proven
}

fn page(proven: &Proven) -> String {
    let mut text = String::from(
        "<!-- Written from tests/law/rules.rs and the names of the tests; a test says when it is stale and how to renew it. -->\n\
         # Article, rule, test\n\n\
         What the program makes of the law, where that stands, and the tests named after the article. It shows how the program\n\
         was built and is no legal advice: whether a rule is right for a case is decided by the controller, who may ask a lawyer.\n\
         Rule texts, grounds, periods and authorities are data with a version and a day: [`config/law.toml`](../config/law.toml).\n\n\
         | article | rule | where | tests |\n|---|---|---|---|\n",
    );
    for rule in RULES {
        let tests: Vec<String> = proven
            .by_rule
            .get(rule.prefix)
            .into_iter()
            .flatten()
            .map(|(sentence, file)| format!("{sentence} (`{file}`)"))
            .collect();
        let places: Vec<String> = rule.stands.iter().map(|file| format!("`{file}`")).collect();
        text.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            rule.article,
            rule.says,
            places.join("<br>"),
            tests.join("<br>")
        ));
    }
    if !proven.further.is_empty() {
        text.push_str("\n## Further tests named after an article\n\n");
        for (name, file) in &proven.further {
            text.push_str(&format!("- `{name}` (`{file}`)\n"));
        }
    }
    text
}

#[test]
fn every_rule_has_its_test_and_stands_where_it_says() {
    let by_rule = proven().by_rule;
    let bare: Vec<&str> = RULES
        .iter()
        .map(|rule| rule.prefix)
        .filter(|prefix| !by_rule.contains_key(prefix))
        .collect();
    assert!(bare.is_empty(), "rules without a test: {}", bare.join(", "));
    for rule in RULES {
        for file in rule.stands {
            assert!(root().join(file).exists(), "{}: no {file}", rule.article);
        }
    }
}

#[test]
fn the_page_on_the_law_is_fresh() {
    let file = root().join("docs/law.md");
    let page = page(&proven());
    if std::env::var_os("RENEW").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == page,
        "docs/law.md is stale: RENEW=1 cargo test the_page_on_the_law"
    );
}

#[test]
fn a_test_is_found_by_its_mark_and_its_name() {
    let code = "#[test]\nfn art_12_3_it_holds() {}\nfn art_12_3_no_test() {}\n\
        #[actix_web::test]\nasync fn sec_147_ao_it_holds() {}\n#[test]\nfn other() {}\n";
    assert_eq!(named(code), ["art_12_3_it_holds", "sec_147_ao_it_holds"]);
    assert_eq!(rule_of("art_12_3_it_holds").unwrap().prefix, "art_12_3");
    assert!(rule_of("art_1234_it_holds").is_none());
}
