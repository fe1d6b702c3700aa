//! Articles in sentences.

use super::*;

fn marks(text: &str) -> Vec<&'static str> {
    let prose = Prose::of(text);
    prose
        .sentences
        .iter()
        .flat_map(|sentence| cited(&prose, sentence))
        .map(|cited| {
            if cited.in_passing {
                "…"
            } else {
                cited.mark.code()
            }
        })
        .collect()
}

#[test]
fn lists_and_paragraphs_are_read() {
    assert_eq!(marks("gemäß Art. 15 Abs. 1 und 3 DSGVO"), ["15"]);
    assert_eq!(
        marks("nach Art. 17 und Art. 21 Abs. 2 DSGVO"),
        ["17", "21(2)"]
    );
    assert_eq!(marks("nach Art. 17 und 21 Abs. 2 DS-GVO"), ["17", "21(2)"]);
    assert_eq!(marks("under Articles 15 and 20 GDPR"), ["15", "20"]);
    assert_eq!(
        marks("Art. 21 II DSGVO, Art. 7(3) GDPR, article 21(1)"),
        ["21(2)", "7(3)", "21(1)"]
    );
    assert_eq!(marks("Auskunft nach § 34 BDSG"), ["15"]);
    assert_eq!(
        marks("artículo 17 del RGPD; l'article 15 du RGPD; art. 15 ust. 1 RODO"),
        ["17", "15", "15"]
    );
    assert_eq!(
        marks("Artikel 4711 aus dem Katalog, Art. Nr. 17"),
        Vec::<&str>::new()
    );
}

#[test]
fn ranges_are_in_passing() {
    assert_eq!(marks("Ihre Rechte nach Art. 15-22 DSGVO"), ["…", "…"]);
    assert_eq!(marks("Rechte aus Art. 15 bis 22 DSGVO"), ["…", "…"]);
    assert_eq!(
        marks("Art. 15, 16, 17, 18, 20, 21 DSGVO").first(),
        Some(&"…")
    );
}
