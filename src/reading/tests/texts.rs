//! Labelled texts, and texts that nobody would write.

use super::*;

#[test]
fn nothing_falls_over_whatever_the_words_are() {
    // a small generator of strange texts, always the same
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let pieces = [
        "Von: ",
        "An:",
        "Betreff",
        ":",
        "\n",
        "> ",
        "Art. 15",
        "(",
        ")",
        "ß",
        "é\u{301}",
        "\u{200b}",
        "löschen",
        "Sie ",
        "meine Daten",
        "@",
        "a@b.c",
        "<",
        "\u{feff}",
        "-- \n",
        "Am 3.3. schrieb x:",
        "  ",
        "\t",
        "😀",
        "Mit freundlichen Grüßen\n",
        "日本",
        "§",
        "…",
        "Az.: ",
        "12/3",
        "-----Ursprüngliche Nachricht-----\n",
        "Name: ",
        "E-Mail: ",
        "'",
        "-",
        "İ",
        "ſ",
    ];
    for _ in 0..400 {
        let mut text = String::new();
        for _ in 0..(next() % 60) {
            let at = usize::try_from(next() % u64::try_from(pieces.len()).unwrap()).unwrap();
            text.push_str(pieces[at]);
        }
        let mut message = mail(1, &text, &text);
        message.from[0].name.clone_from(&text);
        if next() % 3 == 0 {
            message.from[0].email = "a@firma.test".into();
        }
        message.inner = if next() % 4 == 0 {
            vec![message.clone()]
        } else {
            Vec::new()
        };
        let _ = read("x", &message, &House::given(["firma.test"]));
        let _ = read("x", &message, &House::default());
    }
}

/// Labelled texts: rights (`-` for none, `?` for doubtful), text, subject; a kind may stand before the rights.
const TEXTS: [&str; 4] = [
    include_str!("../../../tests/data/mail/short/de.tsv"),
    include_str!("../../../tests/data/mail/short/en.tsv"),
    include_str!("../../../tests/data/mail/short/xx.tsv"),
    include_str!("../../../tests/data/mail/short/r3_neg.tsv"),
];

#[test]
fn labelled_texts_are_read_as_before() {
    let house = House::given(["firma.test"]);
    let (mut wanted, mut exact, mut lost, mut ordinary, mut wrong) =
        (0, 0, Vec::new(), 0, Vec::new());
    for line in TEXTS.iter().flat_map(|text| text.lines()) {
        let mut parts = line.split('\t');
        let (Some(label), Some(text)) = (parts.next(), parts.next()) else {
            continue;
        };
        let reading = read(
            "x",
            &mail(1, parts.next().unwrap_or_default(), text),
            &house,
        );
        let (verdict, _, rights) = told(&reading);
        match label {
            "-" => {
                ordinary += 1;
                if verdict == Verdict::Yes {
                    wrong.push(text);
                }
            }
            "?" => {}
            label => {
                wanted += 1;
                let mut expected: Vec<&str> = label.split(',').collect();
                let mut rights = rights;
                expected.sort_unstable();
                rights.sort_unstable();
                exact += usize::from(verdict == Verdict::Yes && rights == expected);
                if verdict == Verdict::No {
                    lost.push(text);
                }
            }
        }
    }
    // words weigh too, so that a few fall on the other side
    assert!(lost.len() * 100 <= wanted, "lost: {lost:#?}");
    assert!(wrong.len() * 100 <= ordinary * 4, "wrong: {wrong:#?}");
    assert!(
        ordinary > 150 && exact * 100 >= wanted * 90,
        "{exact} of {wanted}"
    );
}
