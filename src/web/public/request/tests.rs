//! What the steps of the form show and keep.

use super::*;
use crate::domain::lang::Lang;
use crate::web::public::fault::Fault;
use crate::web::voice::Voice;

fn full() -> Draft {
    Draft::read([
        ("form_key", "k1"),
        ("wish", "15"),
        ("wish", "17"),
        ("words", "Zeile 1\n\"Zeile\" <2>"),
        ("order", "copy"),
        ("whom", "child"),
        ("name", "Mira Müller"),
        ("other_name", "Tom O'Neill & Co"),
        ("reply", "post"),
        ("email", "mira@example.org"),
        ("address", "Weg 1\n12345 Ort"),
        ("shared", "yes"),
        ("also", "früher Maier"),
    ])
}

const LIMITS: Limits = Limits {
    files: 5,
    bytes: 10_000_000,
};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 4, 7).unwrap()
}

fn pages(voice: Voice, draft: &Draft, faults: &Faults) -> Vec<String> {
    let p = || Counter {
        voice,
        slug: "muster".into(),
        posted: true,
        ..Counter::default()
    };
    let faults = || faults.clone();
    vec![
        WishPage {
            p: p(),
            step: Step::Wish,
            draft,
            faults: faults(),
        }
        .render()
        .unwrap(),
        OrderPage {
            p: p(),
            step: Step::Order,
            draft,
            faults: faults(),
        }
        .render()
        .unwrap(),
        PersonPage {
            p: p(),
            step: Step::Person,
            draft,
            faults: faults(),
            files: &[],
            limits: LIMITS,
        }
        .render()
        .unwrap(),
        CheckPage {
            p: p(),
            step: Step::Check,
            draft,
            faults: faults(),
            files: &[],
            due: day(),
        }
        .render()
        .unwrap(),
        AllPage {
            p: p(),
            step: Step::All,
            draft,
            faults: faults(),
            files: &[],
            limits: LIMITS,
            due: day(),
        }
        .render()
        .unwrap(),
    ]
}

fn unescaped(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
}

/// What a browser would send back from this page without a change.
fn posted(html: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        Some(unescaped(tag[at..].split('"').next().unwrap()))
    };
    let mut fields = Vec::new();
    for piece in html.split("<input ").skip(1) {
        let tag = format!(" {}", piece.split('>').next().unwrap());
        let ticks = tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"");
        if tag.contains("type=\"file\"") || (ticks && !tag.contains(" checked")) {
            continue;
        }
        fields.push((
            attribute(&tag, "name").unwrap(),
            attribute(&tag, "value").unwrap_or_default(),
        ));
    }
    for piece in html.split("<textarea ").skip(1) {
        let (tag, rest) = piece.split_once('>').unwrap();
        let value = rest.split("</textarea>").next().unwrap();
        let value = value.strip_prefix('\n').unwrap_or(value);
        fields.push((
            attribute(&format!(" {tag}"), "name").unwrap(),
            unescaped(value),
        ));
    }
    fields
}

#[test]
fn every_step_carries_along_all_that_was_typed() {
    for draft in [
        full(),
        Draft {
            form_key: "k2".into(),
            words: "nur Text".into(),
            ..Draft::default()
        },
    ] {
        for (nth, html) in pages(Voice::default(), &draft, &Faults::default())
            .iter()
            .enumerate()
        {
            let fields = posted(html);
            let back = Draft::read(fields.iter().map(|(n, v)| (n.as_str(), v.as_str())));
            assert!(back == draft, "page {nth}: {fields:?}");
        }
    }
}

#[test]
fn a_fault_is_told_in_title_summary_and_beside_its_field() {
    let faults = Faults(vec![Fault::EmailWrong]);
    for (lang, word) in [(Lang::De, "<title>Fehler: "), (Lang::En, "<title>Error: ")] {
        let html = &pages(Voice { lang, du: false }, &full(), &faults)[2];
        assert!(html.contains(word));
        assert!(html.contains("role=\"alert\"") && html.contains("<a href=\"#email\">"));
        assert!(html.contains("id=\"email\"") && html.contains("id=\"email-error\""));
        assert!(html.contains("aria-describedby=\"email-hint email-error\" aria-invalid=\"true\""));
    }
}

#[test]
fn what_was_typed_stays_text() {
    for html in pages(Voice::default(), &full(), &Faults::default()) {
        assert!(!html.contains("<2>"));
        assert!(
            !html.contains(" style=") && !html.contains("<script") && !html.contains(" onclick")
        );
    }
}

#[test]
fn an_english_page_holds_no_german_and_a_page_with_du_no_sie() {
    for html in pages(
        Voice {
            lang: Lang::En,
            du: false,
        },
        &Draft::default(),
        &Faults::default(),
    ) {
        for word in [" Sie ", " und ", "möchte", "Weiter"] {
            assert!(!html.contains(word), "{word} in {html}");
        }
    }
    for html in pages(
        Voice {
            lang: Lang::De,
            du: true,
        },
        &Draft::default(),
        &Faults::default(),
    ) {
        for word in ["Ihre", "Ihnen", " Sie "] {
            let at = html.find(word);
            assert_eq!(
                at,
                None,
                "{word}: {:?}",
                at.and_then(|at| html.get(at.saturating_sub(60)..at + 60))
            );
        }
    }
}
