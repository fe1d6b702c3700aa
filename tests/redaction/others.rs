//! Third persons in texts as people write them: how many of them are highlighted, and how much of what is highlighted
//! is one. The texts and the marks in them stand in `tests/data/redaction/others.txt`.

use rechtzeitig::domain::identifier::{Identifier, SearchKey};
use rechtzeitig::redaction::others::{Kind, Known, others};
use rechtzeitig::redaction::spans::Span;

const TABLE: &str = include_str!("../data/redaction/others.txt");

/// She is Anna Beispiel throughout; the house is Kontor.
fn known() -> Known {
    let hers = [
        (SearchKey::Name, "Anna Beispiel"),
        (SearchKey::Name, "Anna Früher"),
        (SearchKey::Email, "anna@post.example"),
        (SearchKey::Phone, "+49 170 5550123"),
        (SearchKey::Number, "DE02120300000000202051"),
        (SearchKey::Address, "Lindenweg 4, 12345 Musterstadt"),
    ];
    Known {
        hers: hers
            .iter()
            .map(|(kind, text)| Identifier::new(*kind, text).unwrap())
            .collect(),
        house: vec!["kontor.example".to_owned()],
    }
}

/// A text without its marks, and where they were: `[[` and `]]` around each third person.
fn example(marked: &str) -> (String, Vec<Span>) {
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut rest = marked;
    while let Some((before, inner)) = rest.split_once("[[") {
        let (inner, after) = inner.split_once("]]").expect("a mark is closed");
        text.push_str(before);
        spans.push(Span::new(text.len(), text.len() + inner.len()));
        text.push_str(inner);
        rest = after;
    }
    text.push_str(rest);
    (text, spans)
}

fn examples() -> Vec<(String, Vec<Span>)> {
    TABLE
        .split("\n%%\n")
        .map(|text| example(text.trim_matches('\n')))
        .collect()
}

#[test]
fn nearly_all_third_persons_are_highlighted_and_hardly_anything_else() {
    let known = known();
    let (mut wanted, mut hit, mut told, mut right) = (0_u32, 0_u32, 0_u32, 0_u32);
    let mut faults = Vec::new();
    let examples = examples();
    assert!(examples.len() >= 60, "{}", examples.len());
    for (text, spans) in &examples {
        let found: Vec<Span> = others(text, &known)
            .into_iter()
            .map(|other| other.span)
            .collect();
        for span in spans {
            wanted += 1;
            // covered as a whole, by one or by several
            let letters = span.from..span.to;
            let covered = text[letters.clone()].char_indices().all(|(at, letter)| {
                !letter.is_alphanumeric()
                    || found
                        .iter()
                        .any(|it| it.from <= span.from + at && span.from + at < it.to)
            });
            hit += u32::from(covered);
            if !covered {
                faults.push(format!("missed {:?} in {text:?}", &text[letters]));
            }
        }
        for span in &found {
            told += 1;
            let good = spans.iter().any(|it| it.meets(*span));
            right += u32::from(good);
            if !good {
                faults.push(format!(
                    "wrongly {:?} in {text:?}",
                    &text[span.from..span.to]
                ));
            }
        }
    }
    let (recall, precision) = (
        f64::from(hit) / f64::from(wanted),
        f64::from(right) / f64::from(told),
    );
    eprintln!(
        "{} texts, {wanted} third persons: recall {recall:.3}, precision {precision:.3}",
        examples.len()
    );
    faults.iter().for_each(|fault| eprintln!("{fault}"));
    assert!(
        recall >= 0.95 && precision >= 0.95,
        "recall {recall:.3}, precision {precision:.3}\n{}",
        faults.join("\n")
    );
}

#[test]
fn each_mark_says_what_it_is() {
    let text = "Karl Muster, Eichenweg 7, 54321 Dorf, karl@dritte.example, 0171 5559876, DE89 3704 0044 0532 0130 00";
    let kinds: Vec<Kind> = others(text, &known())
        .into_iter()
        .map(|other| other.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            Kind::Name,
            Kind::Street,
            Kind::Email,
            Kind::Phone,
            Kind::Account
        ]
    );
}

#[test]
fn what_is_hers_or_of_the_house_is_no_third_person() {
    for text in [
        "Anna Beispiel, anna@post.example, 0170 5550123",
        "Frau Beispiel (geb. Früher), Lindenweg 4, 12345 Musterstadt",
        "IBAN DE02 1203 0000 0000 2020 51",
        "hilfe@kontor.example und hilfe@mail.kontor.example",
        "noreply@versand.example",
    ] {
        assert_eq!(others(text, &known()), [], "{text}");
    }
    let text = "anna@post.example.dritte.example, x@nichtkontor.example, johanna@post.example, 0170 55501234";
    assert_eq!(others(text, &known()).len(), 4, "near misses are others");
}

#[test]
fn a_long_text_is_looked_through_quickly() {
    let text = TABLE.repeat(60);
    let begun = std::time::Instant::now();
    let count = others(&text, &known()).len();
    eprintln!("{count} in {} kB: {:?}", text.len() / 1024, begun.elapsed());
    assert!(begun.elapsed() < std::time::Duration::from_secs(10));
}
