//! Letters on the command line: named, shown with invented facts, and own wordings proved.

use std::fs;

use super::{run, text, well};

#[test]
fn a_letter_is_shown_as_text_and_as_pdf_without_a_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let named = well(at, &["letters", "list"]);
    for letter in ["answer", "art14_notice", "recipient_notice", "child_view"] {
        assert!(
            named.lines().any(|line| line.starts_with(letter)),
            "{letter}"
        );
    }
    let shown = well(
        at,
        &["letters", "preview", "not_identified", "--form", "du"],
    );
    assert!(shown.contains("deinen Antrag"), "{shown}");
    let said = well(
        at,
        &[
            "letters",
            "preview",
            "answer",
            "--lang",
            "en",
            "--out",
            "answer.pdf",
        ],
    );
    assert!(said.contains("answer.pdf (wording "), "{said}");
    assert!(
        fs::read(at.join("answer.pdf"))
            .unwrap()
            .starts_with(b"%PDF")
    );
}

#[test]
fn art_12_4_an_own_wording_without_the_court_is_told_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    well(at, &["init"]);
    fs::create_dir_all(at.join("own/de")).unwrap();
    fs::write(
        at.join("own/de/remedies-sie.txt"),
        "Beschwerde: {{ controller.authority.name }}, {{ controller.authority.address | join(\", \") }}.\n\n",
    )
    .unwrap();
    let file = at.join("rechtzeitig.toml");
    let settings = fs::read_to_string(&file).unwrap();
    let settings = settings.replace("[letters]", "[letters]\noverrides = \"own\"");
    fs::write(&file, settings).unwrap();
    let checked = run(at, &["letters", "check"]);
    let said = text(&checked.stdout);
    assert!(!checked.status.success(), "{said}");
    assert!(
        said.contains("de/answer-sie.txt: the way to court is dropped"),
        "{said}"
    );
    assert!(!said.contains("de/answer-du.txt"), "{said}");
}
