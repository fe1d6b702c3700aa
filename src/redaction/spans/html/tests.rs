//! Words over element borders, links, and what nobody sees.

use super::*;

fn spans_of(words: &str, what: &[&str]) -> Vec<Span> {
    what.iter()
        .map(|what| {
            let from = words
                .find(what)
                .unwrap_or_else(|| panic!("{what} in {words:?}"));
            Span::new(from, from + what.len())
        })
        .collect()
}

fn redacted(source: &str, what: &[&str]) -> String {
    let page = Page::read(source).unwrap();
    page.redacted(&spans_of(page.words(), what)).unwrap()
}

#[test]
fn a_name_over_several_elements_is_one() {
    let out = redacted(
        "<p>Hallo <b>Ka</b><i>rl</i>\n  <u>Mu&szlig;ter</u>, gut?</p>",
        &["Karl Mußter"],
    );
    assert_eq!(
        out,
        "<p>Hallo <b><span class=\"redacted\">█████</span></b><i></i><u></u>, gut?</p>"
    );
}

#[test]
fn what_nobody_sees_is_gone_before_anything_is_redacted() {
    let source = "<!-- Karl --><script>Karl()</script><style>.k{}</style><p title=Karl style='x:Karl'>da</p>\
                  <div style='display:none'>Karl</div><img src='https://x.example/Karl.png' alt='Karl'>\
                  <p data-x=Karl id=Karl class=Karl>dort</p><iframe src=//Karl.example></iframe>";
    let page = Page::read(source).unwrap();
    assert_eq!(
        page.words().split_whitespace().collect::<Vec<_>>(),
        ["da", "dort"]
    );
    assert!(!page.redacted(&[]).unwrap().contains("Karl"));
}

#[test]
fn a_link_that_was_touched_or_speaks_of_it_leads_nowhere() {
    let source = "<a href='mailto:karl@dritte.test'>Karl</a> <a href='https://x.example/k%61rl/a?b'>hier</a> \
                  <a href='https://x.example/weg?fuer=a2FybA#karl'>dort</a>";
    let page = Page::read(source).unwrap();
    let out = page
        .redacted(&spans_of(page.words(), &["Karl", "[karl@dritte.test]"]))
        .unwrap();
    assert!(
        !out.to_lowercase().contains("karl") && !out.contains("k%61rl"),
        "{out}"
    );
    assert!(out.contains("href=\"https://x.example/weg\""), "{out}");
    assert!(!out.contains("a2FybA"), "{out}");
}

#[test]
fn what_looks_like_markup_stays_words() {
    let out = redacted(
        "<p>1 &lt; 2 &amp;amp; &quot;Karl&quot; &lt;script&gt;</p>",
        &["Karl"],
    );
    assert_eq!(
        out,
        "<p>1 &lt; 2 &amp;amp; &quot;<span class=\"redacted\">█████</span>&quot; &lt;script&gt;</p>"
    );
}

#[test]
fn cells_and_lines_stand_apart_in_the_words() {
    let page = Page::read("<table><tr><td>Anna<td>Karl</table><p>a<br>b<pre>c\n  d</pre>").unwrap();
    assert_eq!(page.words().trim(), "Anna\tKarl\na\nb\nc\n  d");
}

#[test]
fn a_clerk_sees_the_marks_and_the_words_under_them() {
    let page = Page::read("<p>Von <b>Ka</b>rl an <i>Anna</i></p>").unwrap();
    let spans = spans_of(page.words(), &["Karl"]);
    let out = page.marked(&[(spans[0], "name")]).unwrap();
    assert_eq!(
        out,
        "<p>Von <b><mark class=\"name\">Ka</mark></b><mark class=\"name\">rl</mark> an <i>Anna</i></p>"
    );
}

#[test]
fn a_mark_that_fits_nowhere_yields_no_page() {
    let page = Page::read("<p>Karl</p>").unwrap();
    assert_eq!(page.redacted(&[Span::new(0, 900)]), Err(Misfit));
    assert_eq!(page.marked(&[(Span::new(900, 901), "name")]), Err(Misfit));
}

#[test]
fn no_link_leads_to_a_place_that_is_named_by_words_that_are_black_elsewhere() {
    let source = "<p><a href=\"https://firma.example/kontakt/karl-m%C3%BCster\">Kontakt</a> <a href=\"https://firma.example/preise\">Preise</a></p>";
    let page = Page::read(source).unwrap();
    let out = page.without(&[], &["Karl Müster"]).unwrap();
    assert!(!out.contains("karl") && out.contains("Kontakt"), "{out}");
    assert!(
        out.contains("href=\"https://firma.example/preise\""),
        "{out}"
    );
    assert!(page.redacted(&[]).unwrap().contains("karl-m"), "{out}");
}
