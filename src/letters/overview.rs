//! The page on the letters, `docs/letters.md`: made from the list of letters and the rules that prove them.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::check::{demanded, rule};
use super::press::{Audience, Kind, parts};

/// The page, as it has to stand in `docs/letters.md`.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::from(
        "<!-- Written from src/letters/; a test says when it is stale and how to renew it. -->\n\
         # Letters\n\n\
         Every message that leaves the house, when it is sent, what it must hold, and which files hold its wording. The program\n\
         proves each element before a letter leaves: on the facts of the case, and on the print, so that a wording of your own\n\
         cannot drop one. What is missing is named with the place where it is filled in. A decider may release without an\n\
         element and says why in writing; the dossier shows it. Where an element is marked **always**, no reason helps.\n\n\
         `config/letters/README.md` says how a wording is written. `rechtzeitig letters preview KIND` shows one,\n\
         `rechtzeitig letters check` proves yours. The texts are drafts for your own check; they are no legal advice.\n\n\
         | letter | to | when |\n|---|---|---|\n",
    );
    for kind in Kind::ALL {
        let to = match kind.audience() {
            Audience::Person => "a person",
            Audience::Office => "a company or authority",
            Audience::Staff => "staff",
        };
        let _ = writeln!(
            page,
            "| [`{stem}`](#{stem}) | {to} | {} |",
            kind.when(),
            stem = kind.stem()
        );
    }
    for kind in Kind::ALL {
        letter(&mut page, kind);
    }
    page
}

fn letter(page: &mut String, kind: Kind) {
    let files: Vec<String> = match kind.audience() {
        Audience::Person => ["de/{}-sie.txt", "de/{}-du.txt", "en/{}.txt"].as_slice(),
        Audience::Office => &["de/{}.txt", "en/{}.txt"],
        Audience::Staff => &["de/{}.txt"],
    }
    .iter()
    .map(|name| format!("`{}`", name.replace("{}", kind.stem())))
    .collect();
    let _ = write!(
        page,
        "\n## {}\n\n{}\n\nFiles: {}",
        kind.stem(),
        kind.when(),
        files.join(", ")
    );
    let parts: BTreeSet<String> = parts(kind);
    if !parts.is_empty() {
        let parts: Vec<String> = parts.iter().map(|part| format!("`{part}`")).collect();
        let _ = write!(page, "; includes {}", parts.join(", "));
    }
    page.push_str(".\n");
    let rules: Vec<_> = demanded(kind).into_iter().filter_map(rule).collect();
    if rules.is_empty() {
        return;
    }
    page.push_str("\nMust hold:\n\n");
    for rule in rules {
        let always = if rule.overridable { "" } else { ", **always**" };
        let _ = writeln!(page, "- {} ({}){always}", rule.demands, rule.article);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_on_the_letters_is_fresh() {
        let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/letters.md");
        if std::env::var_os("RENEW").is_some() {
            std::fs::write(&page, markdown()).unwrap();
        }
        let written = std::fs::read_to_string(page).unwrap_or_default();
        assert!(
            written == markdown(),
            "docs/letters.md is stale: RENEW=1 cargo test --lib the_page_on_the_letters"
        );
    }
}
