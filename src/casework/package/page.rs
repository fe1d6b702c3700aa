//! The pages of a package: they open from any folder without a network and without a program, by screen reader as well.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Berlin;

use super::copies::Told;
use super::given::{Given, Value};
use super::names::href;
use crate::domain::lang::Lang;
use crate::words::dates::long_date;
use crate::words::package::{self as words, Texts, texts};
use crate::words::sources;

/// So many entries stand on one page.
pub(super) const ENTRIES: usize = 500;

/// Colours with enough contrast, light and dark, and no wider than a small screen.
const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1b1b1f;--soft:#55555f;--line:#c9c9d1;--paper:#fff;--link:#0b4fa8}\
@media(prefers-color-scheme:dark){:root{--ink:#ececf1;--soft:#b5b5c0;--line:#4a4a55;--paper:#17171b;--link:#9cc3ff}}\
body{font:1rem/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:52rem;margin:0 auto;padding:1.25rem}\
a{color:var(--link)}h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2rem}h3{font-size:1.05rem;margin-bottom:.25rem}\
article{border-top:1px solid var(--line);padding:.25rem 0 .75rem}dl{margin:.5rem 0}dt{color:var(--soft);font-size:.9rem}\
dd{margin:0 0 .5rem;white-space:pre-wrap;overflow-wrap:anywhere}.soft{color:var(--soft)}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;vertical-align:top;border-bottom:1px solid var(--line);padding:.35rem .6rem .35rem 0;overflow-wrap:anywhere}\
@media print{body{max-width:none}}";

/// A text as a page shows it; signs that nobody sees stay out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(letter),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// A link to an entry of the package, from a page so many folders below its root.
pub(super) fn link(path: &str, depth: usize, name: &str) -> String {
    format!(
        "<a href=\"{}{}\">{}</a>",
        "../".repeat(depth),
        href(path),
        escaped(name)
    )
}

/// When something was, in the language and the time of the country.
pub(super) fn when(at: DateTime<Utc>, lang: Lang) -> String {
    let local = at.with_timezone(&Berlin);
    format!(
        "{}, {}",
        long_date(local.date_naive(), lang),
        local.format("%H:%M")
    )
}

/// The beginning of a page.
pub(super) fn head(lang: Lang, title: &str) -> String {
    let code = match lang {
        Lang::De => "de",
        Lang::En => "en",
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\n\
         <title>{}</title><style>{STYLE}</style></head><body><main>\n<h1>{}</h1>\n",
        escaped(title),
        escaped(title)
    )
}

/// The end of a page.
pub(super) const TAIL: &str = "</main></body></html>\n";

/// What is to be told of a file, in words.
pub(super) fn told(told: Told, lang: Lang) -> String {
    match told {
        Told::LeftOut => words::left_out(lang),
        Told::Missing => words::not_fetched(lang),
        Told::Withheld(_) => words::not_blackened(lang),
        Told::Black => words::blackened(0, lang),
        Told::Pages(many) => words::blackened(many, lang),
        Told::Words => words::blackened(0, lang),
        Told::Stripped => words::stripped(lang),
    }
}

/// Where a page of a category leads on and back.
pub(super) fn turns(lang: Lang, depth: usize, before: Option<&str>, next: Option<&str>) -> String {
    let said = texts(lang);
    let mut out = format!("<nav><p>{}", link("index.html", depth, said.back));
    if let Some(path) = before {
        out.push_str(&format!(" · {}", link(path, depth, said.before)));
    }
    if let Some(path) = next {
        out.push_str(&format!(" · {}", link(path, depth, said.next)));
    }
    out.push_str("</p></nav>\n");
    out
}

/// One finding, with its files: each its name, where it lies, and what is to be told about it.
pub(super) fn entry(
    given: &Given,
    number: usize,
    (depth, lang): (usize, Lang),
    files: &[(String, Option<String>, Option<Told>)],
) -> String {
    let said = texts(lang);
    let title = given
        .title
        .as_deref()
        .map(str::trim)
        .filter(|title| !title.is_empty());
    let title = title.map_or_else(|| format!("{number}"), |title| format!("{number}. {title}"));
    let mut out = format!("<article>\n<h2>{}</h2>\n", escaped(&title));
    let mut below = Vec::new();
    below.extend(given.at.map(|at| when(at, lang)));
    below.extend(words::origin(given.origin, lang).map(str::to_owned));
    if given.black {
        below.push(said.black.to_owned());
    }
    if let Some(ground) = &given.ground {
        below.push(format!(
            "{}: {}: {}",
            said.ground,
            ground.law,
            ground.facts.reveal()
        ));
    }
    if !below.is_empty() {
        out.push_str(&format!(
            "<p class=\"soft\">{}</p>\n",
            escaped(&below.join(" · "))
        ));
    }
    out.push_str("<dl>\n");
    for value in given
        .values
        .iter()
        .filter(|value| !shown(value).trim().is_empty())
    {
        let name = sources::field(&value.name, value.label.as_deref(), lang);
        out.push_str(&format!(
            "<dt>{}</dt><dd>{}</dd>\n",
            escaped(&name),
            escaped(shown(value).trim_end())
        ));
    }
    if !files.is_empty() {
        out.push_str(&format!("<dt>{}</dt><dd>", said.files));
        let lines: Vec<String> = files.iter().map(|file| line(file, depth, lang)).collect();
        out.push_str(&lines.join("\n"));
        out.push_str("</dd>\n");
    }
    out.push_str("</dl></article>\n");
    out
}

fn shown(value: &Value) -> &str {
    match value.words.is_empty() {
        true => &value.value,
        false => &value.words,
    }
}

/// One file as a line.
pub(super) fn line(
    (name, path, why): &(String, Option<String>, Option<Told>),
    depth: usize,
    lang: Lang,
) -> String {
    let named = match path {
        Some(path) => link(path, depth, name),
        None => escaped(name),
    };
    match why {
        Some(why) => format!("{named} ({})", escaped(&told(*why, lang))),
        None => named,
    }
}

/// What the front page says at its top.
pub(super) fn opening(
    said: &Texts,
    (number, house): (&str, &str),
    made: &str,
    how: &str,
) -> String {
    format!(
        "<p>{how}</p>\n<dl><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl>\n",
        said.case,
        escaped(number),
        said.from,
        escaped(house),
        said.made,
        escaped(made)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decision::Ground;
    use crate::domain::ids::FindingId;
    use crate::domain::source::Origin;

    #[test]
    fn art_12_4_what_is_black_is_told_with_the_ground_that_was_chosen_and_with_no_other() {
        let mut given = Given {
            id: FindingId(1),
            kind: "note".into(),
            key: None,
            title: None,
            at: None,
            origin: Origin::Unknown,
            values: vec![],
            files: vec![],
            black: true,
            ground: None,
        };
        let bare = entry(&given, 1, (0, Lang::De), &[]);
        assert!(
            bare.contains("geschwärzt") && !bare.contains("Person"),
            "{bare}"
        );
        let secret = Ground::new("§ 2 GeschGehG", "Einkaufspreise").unwrap();
        given.ground = Some(secret);
        let page = entry(&given, 1, (0, Lang::De), &[]);
        assert!(
            page.contains("Grund: § 2 GeschGehG: Einkaufspreise"),
            "{page}"
        );
    }

    #[test]
    fn what_was_found_is_text_on_the_page_and_never_a_part_of_it() {
        let given = Given {
            id: FindingId(1),
            kind: "note".into(),
            key: None,
            title: Some("</h2><script>x</script>".into()),
            at: Some("2026-03-02T11:00:00Z".parse().unwrap()),
            origin: Origin::Provided,
            values: vec![Value {
                name: "email".into(),
                label: None,
                value: "<img src=x>\u{7}".into(),
                words: "<img src=x>\u{7}".into(),
                black: false,
            }],
            files: vec![],
            black: false,
            ground: None,
        };
        let file = (
            "a\"b".to_owned(),
            Some("CRM/ä b.pdf".to_owned()),
            Some(Told::Pages(2)),
        );
        let page = entry(&given, 3, (1, Lang::De), &[file]);
        assert!(
            !page.contains("<script>") && !page.contains("<img"),
            "{page}"
        );
        assert!(
            page.contains("E-Mail-Adresse") && page.contains("2. März 2026, 12:00"),
            "{page}"
        );
        assert!(
            page.contains("href=\"../CRM/%C3%A4%20b.pdf\">a&quot;b</a> (mit geschwärzten"),
            "{page}"
        );
        let page = head(Lang::En, "A & B");
        assert!(page.contains("lang=\"en\"") && page.contains("<title>A &amp; B</title>"));
    }
}
