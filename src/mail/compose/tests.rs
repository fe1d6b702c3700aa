//! What stands on the wire when names are long, foreign or hostile.

use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use super::*;
use crate::ports::message_id;

fn parcel() -> Parcel {
    let from = Address::new("Kontor Nordlicht GmbH", "datenschutz@kontor.example");
    Parcel::letter(
        message_id("k3J9x", &from),
        "2026-03-01T08:09:10Z".parse().unwrap(),
        from,
        Address::new("Ida Fröhlich", "ida@post.example"),
        "Ihr Antrag vom 1. März",
        "Guten Tag,\nwir prüfen das.\n",
    )
}

fn bytes(parcel: &Parcel) -> String {
    String::from_utf8(compose(parcel).unwrap().formatted()).unwrap()
}

/// Headers as a mail program sees them: unfolded, encoded words read.
fn headers(wire: &str) -> Vec<(String, String)> {
    let head = wire.split("\r\n\r\n").next().unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let pairs = unfolded
        .split("\r\n")
        .map(|line| line.split_once(": ").unwrap());
    pairs
        .map(|(name, value)| (name.to_owned(), read(value)))
        .collect()
}

fn header(wire: &str, name: &str) -> String {
    let mut found = headers(wire)
        .into_iter()
        .filter(|(n, _)| n.eq_ignore_ascii_case(name));
    let value = found.next().unwrap_or_else(|| panic!("no {name}")).1;
    assert_eq!(found.next(), None, "{name} twice");
    value
}

fn read(value: &str) -> String {
    let joined = value.replace("?= =?utf-8?b?", "?==?utf-8?b?");
    let mut text = String::new();
    let mut rest = joined.as_str();
    while let Some((before, after)) = rest.split_once("=?utf-8?b?") {
        let (word, after) = after.split_once("?=").unwrap();
        text.push_str(before);
        text.push_str(&String::from_utf8(STANDARD.decode(word).unwrap()).unwrap());
        rest = after;
    }
    text + rest
}

#[test]
fn the_same_parcel_is_the_same_bytes() {
    let mut parcel = parcel();
    parcel.html = Some("<p>Guten Tag</p>".into());
    parcel.attachments = vec![Attachment {
        name: "a.csv".into(),
        media_type: "text/csv".into(),
        bytes: b"a\n.\n".to_vec(),
    }];
    assert_eq!(bytes(&parcel), bytes(&parcel.clone()));
    assert_eq!(
        header(&bytes(&parcel), "Message-ID"),
        "<k3J9x@kontor.example>"
    );
    assert_eq!(
        header(&bytes(&parcel), "Date"),
        "Sun, 01 Mar 2026 08:09:10 +0000"
    );
}

#[test]
fn words_and_names_come_out_as_written() {
    let wire = bytes(&parcel());
    assert!(wire.is_ascii());
    assert_eq!(header(&wire, "Subject"), "Ihr Antrag vom 1. März");
    assert_eq!(header(&wire, "To"), "Ida Fröhlich <ida@post.example>");
    assert_eq!(
        header(&wire, "From"),
        "\"Kontor Nordlicht GmbH\" <datenschutz@kontor.example>"
    );
    assert!(wire.contains("wir pr=C3=BCfen das.\r\n"), "{wire}");
}

#[test]
fn quotes_and_commas_in_a_name_make_no_second_recipient() {
    let mut parcel = parcel();
    parcel.to.name = r#"Fröhlich, Ida "Idchen" <boese@fremd.example>, \"#.into();
    let message = compose(&parcel).unwrap();
    let to: Vec<String> = message
        .envelope()
        .to()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(to, ["ida@post.example"]);
    let raw = String::from_utf8(message.formatted()).unwrap();
    let line = raw.split("\r\n").find(|l| l.starts_with("To: ")).unwrap();
    assert!(
        !line.contains("boese"),
        "must be encoded, not written out: {line}"
    );
    assert!(header(&raw, "To").ends_with("<ida@post.example>"));
    parcel.to.name = r#"Ida "Idchen" Ohm"#.into();
    assert!(bytes(&parcel).contains(r#"To: "Ida \"Idchen\" Ohm" <ida@post.example>"#));
}

#[test]
fn text_and_html_are_alternatives_and_files_stand_beside_them() {
    let mut parcel = parcel();
    parcel.html = Some("<p>Grüße</p>".into());
    let wire = bytes(&parcel);
    assert!(header(&wire, "Content-Type").starts_with("multipart/alternative; boundary="));
    let (plain, html) = (
        wire.find("text/plain").unwrap(),
        wire.find("text/html").unwrap(),
    );
    assert!(plain < html, "programs show the last part they can");

    parcel.attachments.push(Attachment {
        name: "../../Auskunft für \"Ida\"\r\n.pdf".into(),
        media_type: "application/pdf".into(),
        bytes: vec![0, 200, 13, 10, 46, 13, 10],
    });
    let wire = bytes(&parcel);
    assert!(header(&wire, "Content-Type").starts_with("multipart/mixed; boundary="));
    assert!(wire.contains(&STANDARD.encode([0, 200, 13, 10, 46, 13, 10])));
    assert!(wire.contains("multipart/alternative"));
    assert!(!wire.contains("../"), "{wire}");
    assert!(wire.contains("f%C3%BCr"), "{wire}");
}

#[test]
fn automatic_mail_says_so() {
    let mut parcel = parcel();
    assert!(!bytes(&parcel).contains("Auto-Submitted"));
    parcel.automatic = true;
    let wire = bytes(&parcel);
    assert_eq!(header(&wire, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&wire, "X-Auto-Response-Suppress"), "All");
    assert!(!wire.contains("Precedence"));
}

#[test]
fn a_thread_and_a_return_path_are_kept() {
    let mut parcel = parcel();
    parcel.in_reply_to = Some("<b@post.example>".into());
    parcel.references = vec!["<a@post.example>".into(), "<b@post.example>".into()];
    parcel.reply_to = Some(Address::new("", "akte+7@kontor.example"));
    parcel.envelope_from = Some("ruecklauf+7@kontor.example".into());
    let message = compose(&parcel).unwrap();
    assert_eq!(
        message.envelope().from().unwrap().to_string(),
        "ruecklauf+7@kontor.example"
    );
    let wire = String::from_utf8(message.formatted()).unwrap();
    assert_eq!(
        header(&wire, "References"),
        "<a@post.example> <b@post.example>"
    );
    assert_eq!(header(&wire, "In-Reply-To"), "<b@post.example>");
    assert_eq!(header(&wire, "Reply-To"), "akte+7@kontor.example");
    assert!(!wire.contains("ruecklauf"));
}

#[test]
fn domains_with_umlauts_go_out_as_the_wire_wants_them() {
    let mut parcel = parcel();
    parcel.to.email = "ida@büro.example".into();
    let message = compose(&parcel).unwrap();
    assert_eq!(
        message.envelope().to().first().unwrap().to_string(),
        "ida@xn--bro-hoa.example"
    );
    assert!(message.formatted().is_ascii());
}

#[test]
fn addresses_and_ids_with_breaks_in_them_are_refused() {
    let hostile = [
        "",
        "@",
        "ida",
        "ida@",
        "@post.example",
        "ida@post.example\r\nBcc: x@y.example",
        "ida@post.example\nBcc: x@y.example",
        "\"a\r\nb\"@post.example",
        "ida@post.example> SIZE=1",
        "ida@post.example, x@y.example",
        "i da@post.example",
        "ida@post.example\0",
        "<ida@post.example>",
    ];
    for text in hostile {
        let mut at_to = parcel();
        at_to.to.email = text.into();
        assert_eq!(
            compose(&at_to).unwrap_err(),
            Uncomposable::Address("recipient"),
            "{text:?}"
        );
        let mut at_return = parcel();
        at_return.envelope_from = Some(text.into());
        assert_eq!(
            compose(&at_return).unwrap_err(),
            Uncomposable::Address("return path"),
            "{text:?}"
        );
    }
    for text in [
        "",
        "x",
        "<x>",
        "<x@y",
        "<x@y>\r\nBcc: z@y.example",
        "<x@y> <z@y>",
        "<x@y\n>",
        "<ü@y>",
    ] {
        let mut id = parcel();
        id.message_id = text.into();
        assert_eq!(
            compose(&id).unwrap_err(),
            Uncomposable::Id("Message-ID"),
            "{text:?}"
        );
        let mut thread = parcel();
        thread.references = vec![text.into()];
        assert_eq!(
            compose(&thread).unwrap_err(),
            Uncomposable::Id("References"),
            "{text:?}"
        );
    }
    for text in [
        "",
        "pdf",
        "text/plain\r\nX: y",
        "text/plain; a=\"\r\nX: y\"",
    ] {
        let mut kind = parcel();
        kind.attachments = vec![Attachment {
            name: "a".into(),
            media_type: text.into(),
            bytes: vec![],
        }];
        assert_eq!(
            compose(&kind).unwrap_err(),
            Uncomposable::MediaType,
            "{text:?}"
        );
    }
}

#[test]
fn a_date_that_mail_cannot_write_is_refused() {
    for far in ["1969-12-31T23:59:59Z", "+12000-01-01T00:00:00Z"] {
        let mut parcel = parcel();
        parcel.date = far.parse().unwrap();
        assert_eq!(compose(&parcel).unwrap_err(), Uncomposable::Date);
    }
}

#[test]
fn a_refusal_repeats_nothing_personal() {
    let mut parcel = parcel();
    parcel.to.email = "ida froehlich@post.example".into();
    assert!(!compose(&parcel).unwrap_err().to_string().contains("ida"));
}

proptest! {
    /// Whatever stands in names, subject and text: the same headers, short lines, no lone CR or LF.
    #[test]
    fn no_text_breaks_out_of_its_place(
        name in any::<String>(), subject in "(?s).{0,400}", text in any::<String>(),
        hostile in prop::sample::select(vec!["\r\nBcc: x@y.example\r\n", "\n.\n", "\r.\r", "=?utf-8?q?=0ABcc?=", "\u{2028}X: y", "--=_ak3J9xkontorexample--"]),
    ) {
        let mut tried = parcel();
        tried.to.name = format!("{name}{hostile}{name}");
        tried.from.name = format!("{hostile}{name}");
        tried.subject = format!("{subject}{hostile}{}", "ö".repeat(300));
        tried.text = format!("{text}{hostile}{text}");
        tried.html = Some(format!("{hostile}{text}"));
        tried.attachments =
            vec![Attachment { name: format!("{name}{hostile}"), media_type: "text/plain".into(), bytes: text.clone().into_bytes() }];
        let wire = bytes(&tried);
        let names: Vec<String> = headers(&wire).into_iter().map(|(n, _)| n).collect();
        prop_assert_eq!(names, ["Date", "Message-ID", "From", "To", "Subject", "MIME-Version", "Content-Type"]);
        prop_assert_eq!(wire.matches("\r\n--=_mk3J9xkontorexample").count(), 3);
        prop_assert_eq!(wire.matches("\r\n--=_ak3J9xkontorexample").count(), 3);
        for line in wire.split("\r\n") {
            prop_assert!(line.len() <= 998 && line.is_ascii(), "{}", line);
            prop_assert!(!line.contains(['\r', '\n']), "{:?}", line);
        }
    }
}
