//! Names as people spell them, and whether they meet.

use super::*;

fn index() -> Index {
    Index::new(&Key::from_bytes(1, [5; 32]), 1)
}

fn finds(typed: &str, name: &str) -> bool {
    let stored = index().name_hashes(name);
    let query = index().query_hashes(Kind::Name, typed);
    !query.is_empty() && query.iter().all(|hash| stored.contains(hash))
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
    assert!(
        finds(&endless, &endless) && index().name_hashes(&endless).len() == LONGEST - SHORTEST + 1
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
fn a_common_submission_takes_few_hashes() {
    assert_eq!(index().name_hashes("Erika Mustermann").len(), 3 + 8);
    assert_eq!(index().name_hashes("Jan Jan").len(), 1);
}

#[test]
fn addresses_and_numbers_are_found_whole() {
    let index = index();
    assert_eq!(
        index.email_hash(" Erika@Example.ORG "),
        index.email_hash("erika@example.org")
    );
    assert_eq!(
        index.query_hashes(Kind::Email, "ERIKA@example.org"),
        [index.email_hash("erika@example.org")]
    );
    assert_ne!(
        index.email_hash("erika@example.org"),
        index.email_hash("erika@example.com")
    );
    assert_eq!(
        index.address_digest("Erika@example.org"),
        index.address_digest("erika@EXAMPLE.org")
    );
    assert_eq!(
        index.number_hash("KD 12-34 a"),
        index.number_hash("kd1234A")
    );
    let number = super::super::chance::case_number(2026);
    assert_eq!(
        index.number_hash(&number.to_lowercase().replace('-', " ")),
        index.number_hash(&number)
    );
    assert!(
        index.query_hashes(Kind::Email, "  ").is_empty()
            && index.query_hashes(Kind::Number, "-").is_empty()
    );
}

#[test]
fn kinds_controllers_and_keys_have_hashes_of_their_own() {
    let index = index();
    let others = [
        Index::new(&Key::from_bytes(1, [5; 32]), 2),
        Index::new(&Key::from_bytes(1, [6; 32]), 1),
    ];
    for other in others {
        assert_ne!(other.name_hashes("muster"), index.name_hashes("muster"));
        assert_ne!(
            other.address_digest("a@example.org"),
            index.address_digest("a@example.org")
        );
    }
    let one = index.query_hashes(Kind::Name, "4711");
    assert_ne!(one, index.query_hashes(Kind::Number, "4711"));
    assert_ne!(one, index.query_hashes(Kind::Email, "4711"));
    assert_eq!(format!("{index:?}"), "Index(controller 1, v1, …)");
}

/// Hashes from the first version. If this fails, people who were indexed before are no longer found:
/// a changed spelling or hash needs a new version of the index key and a rebuilt index.
#[test]
fn what_the_first_version_indexed_is_still_found() {
    let index = index();
    assert_eq!(
        index.name_hashes("Müll"),
        [
            -3_986_826_180_937_220_945,
            3_231_367_348_566_603_643,
            4_508_784_689_455_845_674
        ]
    );
    assert_eq!(
        index.email_hash("a@example.org"),
        -5_430_228_522_683_074_299
    );
    assert_eq!(index.number_hash("KD1"), 5_885_291_418_908_934_146);
    assert_eq!(
        index.address_digest("a@example.org")[..4],
        [0x55, 0x57, 0xac, 0x0f]
    );
}
