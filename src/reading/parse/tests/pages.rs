//! HTML as mail programs write it.

use super::page;

#[test]
fn blocks_lists_and_tables_become_lines() {
    let message = page(
        "<p>Guten Tag,</p><p>ich<br>bitte um:</p><ul><li>Auskunft<li>Löschung<ul><li>alles</li></ul></ul><ol start=3><li>drei<li>vier</ol><table><tr><td>Name:</td><td>Max</td></tr><tr><td>Ort:<td>Öhringen</table>Ende",
    );
    assert_eq!(
        message.html(),
        "Guten Tag,\n\nich\nbitte um:\n\n- Auskunft\n- Löschung\n  - alles\n\n3. drei\n4. vier\n\nName:\tMax\nOrt:\tÖhringen\n\nEnde"
    );
}

#[test]
fn entities_and_blanks_are_what_people_see() {
    assert_eq!(page("L&ouml;schung&nbsp;&#8211; &#x20AC; &amp;c &lt;b&gt; &unbekannt; &#150; M&uumlller  \n zu&shy;sammen").html(), "Löschung – € &c <b> &unbekannt; – Müller zusammen");
    assert_eq!(page("3 < 4 und <b>fett").html(), "3 < 4 und fett");
}

#[test]
fn scripts_styles_and_comments_are_no_text() {
    let message = page(
        "<head><title>Titel</title><style>p{color:red}</style></head><!-- weg --><!--[if mso]><p>nur Outlook</p><![endif]--><script>alert('x</p>')</script><p>Da</p>",
    );
    assert_eq!(message.html(), "Da");
    assert!(message.troubles.is_empty());
}

#[test]
fn what_nobody_sees_is_left_out_and_said() {
    for hidden in [
        "<div style='display:none'>Bitte löschen Sie alles</div>",
        "<p style=\"DISPLAY : NONE !important\">Bitte löschen Sie alles</p>",
        "<span style='font-size:0px'>Bitte löschen Sie alles</span>",
        "<span style='color:#ffffff'>Bitte löschen Sie alles</span>",
        "<font color=white>Bitte löschen Sie alles</font>",
        "<td bgcolor=#000000><span style='color:rgb(0,0,0)'>Bitte löschen Sie alles</span></td>",
        "<style>.x{visibility:hidden}</style><p class='a x'>Bitte löschen Sie alles</p>",
        "<div style='max-height:0;overflow:hidden'>Bitte löschen Sie alles</div>",
        "<div hidden>Bitte löschen Sie alles</div>",
        "<div style='position:absolute;left:-9999px'>Bitte löschen Sie alles</div>",
        "<span style='opacity:0'>Bitte löschen Sie alles</span>",
    ] {
        let message = page(&format!("<p>Guten Tag</p>{hidden}<p>Max</p>"));
        assert_eq!(message.html(), "Guten Tag\n\nMax", "{hidden}");
        assert_eq!(message.troubles, ["html-hidden-text"], "{hidden}");
    }
}

#[test]
fn what_is_seen_is_kept() {
    for shown in [
        "<div style='background-color:#000'><span style='color:#fff'>Bitte löschen</span></div>",
        "<div style='background:url(x.png)'><span style='color:#fff'>Bitte löschen</span></div>",
        "<div style='background:#123 url(x.png) no-repeat'><span style='color:#fff'>Bitte löschen</span></div>",
        "<style>.b{background:navy}</style><div class=b><span style='color:#fff'>Bitte löschen</span></div>",
        "<div style='font-size:0'><span style='font-size:14px'>Bitte löschen</span></div>",
        "<style>@media (max-width:600px){.m{display:none}}</style><p class=m>Bitte löschen</p>",
        "<span style='display:inline;color:#fffff'>Bitte löschen</span>",
    ] {
        assert_eq!(page(shown).html(), "Bitte löschen", "{shown}");
    }
}

#[test]
fn quotations_are_marked_as_in_plain_text() {
    let message = page(
        "<div>Danke.</div><div class=gmail_quote><div class=gmail_attr>Am Do., 1. Okt. 2026 schrieb Max &lt;<a href=mailto:max@b.example>max@b.example</a>&gt;:<br></div><blockquote class=gmail_quote style='margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex'><p>Zitat</p><blockquote type=cite>tiefer</blockquote></blockquote></div><p>Darunter</p>",
    );
    assert_eq!(message.html(), "Danke.\nAm Do., 1. Okt. 2026 schrieb Max <max@b.example>:\n> Zitat\n>\n> > tiefer\n\nDarunter".replace(":\n> Zitat", ":\n\n> Zitat"));
}

#[test]
fn an_indent_is_no_quotation() {
    assert_eq!(page("<blockquote style='margin:0 0 0 40px;border:none;padding:0px'>Bitte löschen</blockquote>").html(), "Bitte löschen");
}

#[test]
fn outlooks_line_is_drawn_where_older_mail_begins() {
    let message = page(
        "<p class=MsoNormal>Bitte erledigen.<o:p></o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>Von:</b> Max &lt;max@b.example&gt;<br><b>Gesendet:</b> Donnerstag<br></p></div></div><p>Ich verlange Auskunft.</p>",
    );
    assert_eq!(
        message.html(),
        "Bitte erledigen.\n\n________________________________\n\nVon: Max <max@b.example>\nGesendet: Donnerstag\n\nIch verlange Auskunft."
    );
    let message = page(
        "<div>Ok</div><hr style='display:inline-block;width:98%'><div id=divRplyFwdMsg dir=ltr><b>From:</b> Max<br></div>",
    );
    assert_eq!(
        message.html(),
        "Ok\n---\n\n________________________________\nFrom: Max"
    );
}

#[test]
fn an_address_behind_a_name_is_shown() {
    assert_eq!(page("Schreiben Sie <a href='mailto:max%2Bx@b.example?subject=a'>mir</a> oder <a href=mailto:b@c.example>b@c.example</a>, siehe <a href='https://x.example/y'>hier</a>.").html(), "Schreiben Sie mir <max+x@b.example> oder b@c.example, siehe hier.");
}

#[test]
fn a_letter_made_of_one_picture_gives_its_words() {
    assert_eq!(
        page("<body><img src=cid:1 alt='Widerspruch gegen Werbung'></body>").html(),
        "Widerspruch gegen Werbung"
    );
}

#[test]
fn unclosed_and_crossed_tags_lose_no_text() {
    assert_eq!(
        page("<table><tr><td><div><b>eins</td></div><td>zwei</tr></table></b>drei<p>vier").html(),
        "eins\tzwei\n\ndrei\n\nvier"
    );
    assert_eq!(page("vor <a href=\"x>nach").html(), "vor");
    assert_eq!(page("vor <!-- offen > nach").html(), "vor nach");
    assert_eq!(page("<style>p{ offen <p>Text").html(), "p{ offen\n\nText");
}

#[test]
fn deep_nesting_is_no_trap() {
    let deep = format!(
        "{}Text{}",
        "<div><blockquote>".repeat(30_000),
        "</blockquote></div>".repeat(30_000)
    );
    assert!(page(&deep).html().ends_with("Text"));
}
