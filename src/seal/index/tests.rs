//! Names as people spell them, and whether they meet.

use super::*;

/// The words of a text in the one spelling of the index, at most eight.
fn normalise(text: &str) -> Vec<String> {
    words(text)
        .into_iter()
        .map(|word| word.letters.into_iter().collect())
        .collect()
}

fn index() -> Index {
    Index::new(&Key::from_bytes(1, [5; 32]), 1)
}

fn finds(typed: &str, name: &str) -> bool {
    let stored = index().name_tokens(name);
    let sought = index().sought(Kind::Name, typed);
    !sought.is_empty()
        && sought.iter().all(|sought| {
            stored
                .iter()
                .any(|one| one.hash == sought.hash && one.longer.contains(&sought.longer))
        })
}

#[test]
fn spellings_of_one_name_meet() {
    for (spellings, folded) in [
        (
            &[
                "Müller",
                "Mueller",
                "MÜLLER",
                "Mu\u{308}ller",
                "Muller",
                "mu\u{ad}eller",
            ][..],
            "muller",
        ),
        (&["Łukasz", "LUKASZ", "ŁUKASZ"], "lukasz"),
        (&["Søren", "Soeren", "Sören", "SØREN"], "soren"),
        (
            &["İstanbul", "istanbul", "ISTANBUL", "Istanbul", "ıstanbul"],
            "istanbul",
        ),
        (&["Weiß", "WEISS", "WEIẞ", "weiss"], "weiss"),
        (&["Bäcker", "Baecker", "Ba\u{308}cker", "Bæcker"], "backer"),
        (&["Lüers", "Lueers"], "luers"),
        (&["Özdemir", "Oezdemir", "Ozdemir"], "ozdemir"),
        (&["André", "Andre\u{301}", "ANDRÉ"], "andre"),
        (&["Citroën", "Citroen"], "citron"),
        (&["Ngọc", "Ngoc"], "ngoc"),
        (&["Þór", "Thor"], "thor"),
        (&["Οδυσσεύς", "ΟΔΥΣΣΕΥΣ"], "οδυσσευσ"),
        (&["ﬁlip", "Filip"], "filip"),
    ] {
        for spelling in spellings {
            assert_eq!(normalise(spelling), [folded], "{spelling}");
        }
    }
}

#[test]
fn a_text_falls_into_words() {
    assert_eq!(
        normalise("Dr. Anna-Lena  van der Berg"),
        ["dr", "anna", "lena", "van", "der", "berg"]
    );
    assert_eq!(normalise("J. O’Neill"), ["neill"]);
    assert_eq!(normalise("李 小龙 3M"), ["李", "小龙", "3m"]);
    assert_eq!(normalise("X"), ["x"]);
    assert!(normalise(" .-, ").is_empty());
    assert_eq!(normalise("aa bb cc dd ff gg hh ii jj kk").len(), WORDS);
}

#[test]
fn a_name_is_found_by_each_beginning_from_three_letters_on() {
    for typed in [
        "Mus",
        "must",
        "Mustermann",
        "Erika",
        "eri",
        "erika MUSTER",
        "muster erika",
        "E. Muster",
    ] {
        assert!(finds(typed, "Erika Mustermann"), "{typed}");
    }
    for typed in [
        "mu",
        "ustermann",
        "Mustermannn",
        "erikam",
        "erika schmidt",
        "",
        "-",
    ] {
        assert!(!finds(typed, "Erika Mustermann"), "{typed}");
    }
    for name in ["Müller", "Mueller"] {
        for typed in ["Mue", "Mül", "mull", "MUELL", "Mü", "Mu\u{308}lle"] {
            assert!(finds(typed, name), "{typed} in {name}");
        }
    }
    for (typed, name) in [
        ("Ng", "Thi Ng"),
        ("Li", "Li Wei"),
        ("Oez", "Özdemir"),
        ("Baue", "Bauer"),
        ("Michae", "Michael"),
    ] {
        assert!(finds(typed, name), "{typed} in {name}");
    }
    let endless = "Abcdefghijklmnopqrstuvwxyz".repeat(3);
    assert!(finds(&endless, &endless));
    let tokens = index().name_tokens(&endless);
    assert_eq!(tokens.len(), 2);
    assert_eq!(
        tokens.iter().map(|one| one.longer.len()).sum::<usize>(),
        8 * (LONGEST - STEM)
    );
}

#[test]
fn folding_keeps_every_beginning_a_beginning() {
    for name in [
        "Müeller",
        "Goethe",
        "Łæøß",
        "Queen",
        "Aeoelue",
        "Zoë",
        "Großmann",
        "Bœuf",
        "Noël",
    ] {
        let whole = normalise(name).concat();
        for (at, _) in name.char_indices().skip(1) {
            let begun = normalise(&name[..at]).concat();
            assert!(whole.starts_with(&begun), "{begun} of {whole}");
        }
    }
}

#[test]
fn a_common_submission_takes_few_tokens() {
    assert_eq!(index().name_tokens("Erika Mustermann").len(), 2 + 2);
    assert_eq!(index().name_tokens("Jan Jan").len(), 1);
}

#[test]
fn words_that_begin_alike_share_their_tokens() {
    let name = "Anna Annabell Annaba Annabell";
    assert_eq!(index().name_tokens(name).len(), 2);
    for typed in ["anna", "annab", "annaba", "annabe", "annabell"] {
        assert!(finds(typed, name), "{typed}");
    }
    assert!(!finds("annabi", name));
}

#[test]
fn addresses_and_numbers_are_found_whole() {
    let index = index();
    assert_eq!(
        index.email_token(" Erika@Example.ORG "),
        index.email_token("erika@example.org")
    );
    assert_eq!(
        index.sought(Kind::Email, "ERIKA@example.org"),
        [index.email_token("erika@example.org")]
    );
    assert_ne!(
        index.email_token("erika@example.org"),
        index.email_token("erika@example.com")
    );
    assert_eq!(
        index.address_digest("Erika@example.org"),
        index.address_digest("erika@EXAMPLE.org")
    );
    assert!(index.sought(Kind::Email, "  ").is_empty());
}

#[test]
fn kinds_controllers_and_keys_have_hashes_of_their_own() {
    let index = index();
    let others = [
        Index::new(&Key::from_bytes(1, [5; 32]), 2),
        Index::new(&Key::from_bytes(1, [6; 32]), 1),
    ];
    for other in others {
        assert_ne!(other.name_tokens("muster"), index.name_tokens("muster"));
        assert_ne!(
            other.address_digest("a@example.org"),
            index.address_digest("a@example.org")
        );
    }
    let one = index.sought(Kind::Name, "4711");
    assert_ne!(one, index.sought(Kind::Email, "4711"));
    assert_eq!(format!("{index:?}"), "Index(controller 1, v1, …)");
}

/// Hashes from the first version. If this fails, people who were indexed before are no longer found:
/// a changed spelling or hash needs a new version of the index key and a rebuilt index.
#[test]
fn what_the_first_version_indexed_is_still_found() {
    let index = index();
    let tokens = index.name_tokens("Mülle");
    assert_eq!(
        tokens.iter().map(|token| token.hash).collect::<Vec<_>>(),
        [
            -3_986_826_180_937_220_945,
            3_231_367_348_566_603_643,
            4_508_784_689_455_845_674
        ]
    );
    assert_eq!(
        tokens
            .iter()
            .map(|token| token.longer.as_str())
            .collect::<Vec<_>>(),
        ["", "", "1246bd1e"]
    );
    assert_eq!(
        index.email_token("a@example.org").hash,
        -5_430_228_522_683_074_299
    );
    assert_eq!(
        index.address_digest("a@example.org")[..4],
        [0x55, 0x57, 0xac, 0x0f]
    );
}

#[test]
fn the_same_words_meet_whatever_their_stops() {
    let index = Index::new(&Key::generate(1), 1);
    let one = index.words_token("Die Adresse steht bei zwei Kundinnen.");
    assert_eq!(
        one,
        index.words_token("  die adresse steht, bei zwei KUNDINNEN ")
    );
    assert_ne!(
        one,
        index.words_token("Die Adresse steht bei drei Kundinnen.")
    );
    assert_ne!(
        one,
        index.words_token("Die Adresse steht bei zweiKundinnen.")
    );
}
