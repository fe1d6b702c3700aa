//! Formatted text that is shown: what may stay, and that of what is hostile nothing does.

use proptest::prelude::*;

use crate::reading::parse::{bounds, shown};

fn html(source: &str) -> String {
    shown(source).html
}

#[test]
fn words_keep_their_order_and_weight() {
    let page = "<html><head><title>T</title><style>p{color:red}</style></head><body><h1>Antrag</h1><p>Bitte <b>löschen</b> Sie<br>alles.\
        <p>Danke<ul><li>eins<li>zwei</ul><table><tr><td colspan=2>a</td><td>b</table><blockquote>alt</blockquote></body></html>";
    assert_eq!(
        html(page),
        "<h1>Antrag</h1><p>Bitte <b>löschen</b> Sie<br>alles.</p><p>Danke</p><ul><li>eins</li><li>zwei</li></ul>\
         <table><tbody><tr><td colspan=\"2\">a</td><td>b</td></tr></tbody></table><blockquote>alt</blockquote>"
    );
    assert_eq!(
        html("3 < 4 &amp; 5 > 4 <3"),
        "3 &lt; 4 &amp; 5 &gt; 4 &lt;3"
    );
    assert_eq!(
        html("<center>a</center><form>b</form>"),
        "<div>a</div><div>b</div>"
    );
}

#[test]
fn a_link_says_where_it_leads_unless_its_words_do() {
    let rel = "target=\"_blank\" rel=\"noopener noreferrer nofollow\"";
    let cases = [
        (
            "<a href='https://boese.example/x'>Ihre Bank</a>",
            "Ihre Bank <span class=\"to\">[boese.example]</span>",
        ),
        (
            "<a href='https://boese.example/'>https://bank.example/</a>",
            "https://bank.example/ <span class=\"to\">[boese.example]</span>",
        ),
        (
            "<a href='https://bank.example/a'>bank.example</a>",
            "bank.example",
        ),
        (
            "<a href='https://bank.example/a'>https://bank.example/b?c</a>",
            "https://bank.example/b?c",
        ),
        (
            "<a href='https://boese.example/'>https://bank.example/?boese.example</a>",
            "https://bank.example/?boese.example <span class=\"to\">[boese.example]</span>",
        ),
        (
            "<a href='https://bank.example@boese.example/'>https://bank.example@boese.example/</a>",
            "https://bank.example@boese.example/ <span class=\"to\">[boese.example]</span>",
        ),
        (
            "<a href='https://b\u{e4}nk.example/'>bank.example</a>",
            "bank.example <span class=\"to\">[xn--bnk-qla.example]</span>",
        ),
        (
            "<a href='https://boese.example/'><img src=x alt=Bank></a>",
            " <span class=\"to\">[boese.example]</span>",
        ),
        (
            "<a href='mailto:a@b.example?subject=x&bcc=c@d.example'>Schreiben</a>",
            "Schreiben <span class=\"to\">[a@b.example]</span>",
        ),
        (
            "<a href='mailto:a@b.example'>a@b.example</a>",
            "a@b.example",
        ),
    ];
    for (source, inner) in cases {
        let shown = html(source);
        assert!(shown.ends_with(&format!("{rel}>{inner}</a>")), "{shown}");
        assert!(!shown.contains("bcc"), "{shown}");
    }
}

/// Every tag and attribute that may come out.
fn assert_harmless(source: &str) {
    let out = html(source);
    let mut rest = out.as_str();
    let mut open = Vec::new();
    while let Some((_, tag)) = rest.split_once('<') {
        let (tag, after) = tag
            .split_once('>')
            .unwrap_or_else(|| panic!("an open end: {out}"));
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{out}");
            continue;
        }
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(shown::may_stand(name), "{name} from {source}: {out}");
        if !matches!(name, "br" | "hr") {
            open.push(name);
        }
        while !attributes.is_empty() {
            let (key, value) = attributes
                .split_once("=\"")
                .expect("an attribute with a value");
            let (value, next) = value.split_once('"').expect("its end");
            attributes = next.trim_start();
            let fits = match (name, key) {
                ("a", "href") => ["http://", "https://", "mailto:"]
                    .iter()
                    .any(|scheme| value.starts_with(scheme)),
                ("a", "target") => value == "_blank",
                ("a", "rel") => value == "noopener noreferrer nofollow",
                ("span", "class") => value == "to",
                (_, "dir") => matches!(value, "ltr" | "rtl" | "auto"),
                ("td" | "th", "colspan" | "rowspan") => {
                    value.parse::<u16>().is_ok_and(|it| it <= 100)
                }
                _ => false,
            };
            assert!(fits, "{name} {key}={value} from {source}: {out}");
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "{out}");
}

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<SCRIPT/x>alert(1)",
    "<img src=x onerror=alert(1)>",
    "<img src=https://zaehler.example/1.gif>",
    "<p onclick=alert(1) style='background:url(https://zaehler.example/2)' class=to id=main>x</p>",
    "<style>@import 'https://zaehler.example/3';p{background:url(//zaehler.example)}</style>",
    "<style><img src='</style><img src=x onerror=alert(1)//'>",
    "<link rel=stylesheet href=https://zaehler.example/4><base href=https://boese.example/><a href=x>y</a>",
    "<meta http-equiv=refresh content='0;url=https://boese.example/'>",
    "<form action=https://boese.example/><input name=passwort><button formaction=javascript:alert(1)>Anmelden</button></form>",
    "<object data=https://boese.example/x.swf></object><embed src=x><applet code=x></applet>",
    "<iframe src=https://boese.example/></iframe><iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<svg><script>alert(1)</script></svg><svg onload=alert(1)><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\"></xmp>",
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<template><script>alert(1)</script></template><noembed><img src=x></noembed>",
    "<!--><script>alert(1)</script>--><!-- <!-- --> <script>alert(1)</script> -->",
    "<!--[if IE]><script>alert(1)</script><![endif]--><![CDATA[<script>alert(1)</script>]]>",
    "<a href=javascript:alert(1)>a</a><a href=' java\tscript:alert(1)'>b</a><a href='&#106;avascript:alert(1)'>c</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>a</a><a href=vbscript:x>b</a><a href=file:///etc/passwd>c</a>",
    "<a href=//boese.example>a</a><a href=/desk/house>b</a><a href='https:boese'>c</a><a href='mailto:\"><script>@x'>d</a>",
    "<a href='https://x.example/\"><script>alert(1)</script>'>a</a><a href='https://x.example/?<b>&quot; onclick=alert(1)'>b</a>",
    "<a href=https://x.example><b>offen <a href=https://y.example>zwei",
    "<table><a href=https://x.example><tr><td>x</a></table><b><p>y</b>z</p>",
    "<td colspan=999999 rowspan=-1>x<td colspan='2\" onclick=\"x'>y",
    "<p dir='rtl\" onclick=\"alert(1)'>x</p><p dir=RTL>y",
    "<plaintext><script>alert(1)</script>",
    "<select><option><style></select><script>alert(1)</script></style>",
    "<div <p <b \"'>x</div><p/onclick=alert(1)/>y<b\0>z</b>",
    "<isindex prompt=x action=https://boese.example><keygen><marquee onstart=alert(1)>x</marquee>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script><?php echo 1 ?>",
    "<span class=to>[bank.example]</span>",
];

#[test]
fn of_what_is_hostile_nothing_comes_out_but_words() {
    for source in HOSTILE {
        assert_harmless(source);
        let out = html(source);
        for part in [
            "<script",
            "onerror=\"",
            "<img",
            "<svg",
            "<style",
            "zaehler.example",
        ] {
            assert!(!out.contains(part), "{part} from {source}: {out}");
        }
        // what was made fit is fit: a second reading finds nothing else in it
        assert_harmless(&out);
    }
    assert_harmless(&HOSTILE.concat());
    // only we say where a link leads
    assert!(!html("<span class=to>[bank.example]</span>").contains("class"));
}

#[test]
fn what_nobody_would_see_is_not_shown() {
    assert_eq!(
        html("<p>a<span style='display:none'>b <a href=https://x.example>c</a></span>d</p>"),
        "<p>ad</p>"
    );
}

#[test]
fn a_page_that_is_too_long_is_cut_and_one_that_is_too_deep_read_in_time() {
    assert!(!shown("<p>x").cut);
    let long = "ä".repeat(bounds::PAGE_BYTES);
    let cut = shown(&long);
    assert!(cut.cut && cut.html.len() <= bounds::PAGE_BYTES);
    for piece in [
        "<div>",
        "<b>x",
        "<ul><li>",
        "<table><td>",
        "<a href=http://x.example>x",
        "</p>",
        "<div><b dir=ltr></div>x",
        "<font><p>",
    ] {
        let deep = piece.repeat(bounds::PAGE_BYTES / piece.len());
        let begun = std::time::Instant::now();
        assert_harmless(&deep);
        assert!(
            begun.elapsed().as_secs() < 20,
            "{piece}: {:?}",
            begun.elapsed()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_stitched_together_does_no_harm(pieces in proptest::collection::vec((0..HOSTILE.len(), any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6), noise in "[<>\"'=/ a-z&;!-]{0,40}") {
        let mut source = noise;
        for (which, from, to) in pieces {
            let piece: Vec<char> = HOSTILE[which].chars().collect();
            let (from, to) = (from.index(piece.len()), to.index(piece.len()));
            source.extend(&piece[from.min(to)..=from.max(to)]);
        }
        assert_harmless(&source);
    }
}
