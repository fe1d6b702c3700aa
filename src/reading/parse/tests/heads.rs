//! Heads: names, addresses, subjects and dates as programs and people write them.

use super::{bytes, mail};

#[test]
fn an_umlaut_cut_between_two_words_is_whole_again() {
    let message =
        mail("From: a@b.example\nSubject: =?utf-8?B?TMO2c2NodW5nIMO=?=\n =?utf-8?B?vA==?=\n\n.");
    assert_eq!(message.subject, "Löschung ü");
    let message = mail("From: a@b.example\nSubject: =?UTF-8?Q?L=C3?= =?utf-8?Q?=B6schung?=\n\n.");
    assert_eq!(message.subject, "Löschung");
}

#[test]
fn base64_cut_without_regard_to_its_groups_is_read() {
    // "Löschung meiner Daten" coded once, then cut after the seventh sign
    let message = mail(
        "From: a@b.example\nSubject: =?utf-8?B?TMO2c2N?= =?utf-8?B?odW5nIG1laW5lciBEYXRlbg==?=\n\n.",
    );
    assert_eq!(message.subject, "Löschung meiner Daten");
}

#[test]
fn raw_letters_of_any_kind_stand_in_heads() {
    assert_eq!(
        bytes(b"From: J\xf6rg M\xfc\xdfig <j@b.example>\nSubject: L\xf6schung\n\n.").from[0].name,
        "Jörg Müßig"
    );
    assert_eq!(
        bytes("From: Jörg <j@b.example>\nSubject: Löschung\n\n.".as_bytes()).subject,
        "Löschung"
    );
    assert_eq!(
        mail("From: a@b.example\nSubject: =?iso-8859-1*de?Q?Gr=FC=DFe?= an Sie\n\n.").subject,
        "Grüße an Sie"
    );
    assert_eq!(
        mail("From: a@b.example\nSubject: =?utf-8?Q?Anfrage mit Blanks?=\n\n.").subject,
        "Anfrage mit Blanks"
    );
    assert_eq!(
        mail("From: a@b.example\nSubject: 5 =? 3 und =?kaputt\n\n.").subject,
        "5 =? 3 und =?kaputt"
    );
}

#[test]
fn addresses_are_found_whatever_stands_around_them() {
    let list = |field: &str| {
        mail(&format!("To: {field}\n\n."))
            .to
            .into_iter()
            .map(|to| (to.name, to.email))
            .collect::<Vec<_>>()
    };
    let one = |name: &str, email: &str| vec![(name.to_owned(), email.to_owned())];
    assert_eq!(
        list("\"Silva, Ana\" <ana@b.example>"),
        one("Silva, Ana", "ana@b.example")
    );
    assert_eq!(
        list("ana@b.example (Ana Silva)"),
        one("Ana Silva", "ana@b.example")
    );
    assert_eq!(
        list("'Ana Silva' <Ana@B.EXAMPLE>"),
        one("Ana Silva", "Ana@b.example")
    );
    assert_eq!(
        list("Ana Silva <ana@b.example"),
        one("Ana Silva", "ana@b.example")
    );
    assert_eq!(
        list("Ana Silva ana@b.example"),
        one("Ana Silva", "ana@b.example")
    );
    assert_eq!(
        list("Ana [mailto:ana@b.example]"),
        one("Ana", "ana@b.example")
    );
    assert_eq!(list("<mailto:ana@b.example>"), one("", "ana@b.example"));
    assert_eq!(
        list("=?utf-8?Q?M=C3=BCller,_J=C3=B6rg?= <j@b.example>"),
        one("Müller, Jörg", "j@b.example")
    );
    assert_eq!(
        list("=?utf-8?B?SsO2cmcgPGpAYi5leGFtcGxlPg==?="),
        one("Jörg", "j@b.example")
    );
    assert_eq!(
        list("\"=?utf-8?Q?J=C3=B6rg?=\" <j@b.example>"),
        one("Jörg", "j@b.example")
    );
    assert_eq!(list("a@xn--mller-kva.example"), one("", "a@müller.example"));
    assert_eq!(
        list("<@relay.example:ana@b.example>"),
        one("", "ana@b.example")
    );
    assert_eq!(list("Ana Silva"), one("Ana Silva", ""));
    assert_eq!(list("undisclosed-recipients:;"), vec![]);
    assert_eq!(
        list("Kreis: a@b.example, B <b@b.example>; c@b.example").len(),
        3
    );
    assert_eq!(list("a@b.example; b@b.example").len(), 2);
    assert_eq!(
        list("\"erika@person.test\" <mallory@boese.example>"),
        one("erika@person.test", "mallory@boese.example")
    );
}

#[test]
fn a_field_that_comes_twice_loses_nothing() {
    let message = mail(
        "From: a@b.example\nTo: x@c.example\nTo: y@c.example\nSubject:\nSubject: Auskunft\n\nText",
    );
    assert_eq!(message.to.len(), 2);
    assert_eq!(message.subject, "Auskunft");
    assert_eq!(message.plain(), "Text");
}

#[test]
fn heads_are_read_with_their_usual_faults() {
    // bare LF, a byte order mark, the line of a mailbox, blanks before the colon, a continuation without its blank
    let message = bytes(b"\xef\xbb\xbfFrom a@b.example Thu Oct  1 10:00:00 2026\nFrom : a@b.example\nSubject: Anfrage zu\nmeinen Daten\nTo: x@c.example\n\nText");
    assert_eq!(message.from[0].email, "a@b.example");
    assert_eq!(message.subject, "Anfrage zu meinen Daten");
    assert_eq!(message.to[0].email, "x@c.example");
    assert_eq!(message.plain(), "Text");
    // the empty line between head and text is missing
    let message = mail("From: a@b.example\nSubject: x\nBitte löschen Sie alles\nMax");
    assert_eq!(message.plain(), "Bitte löschen Sie alles\nMax");
    // a line of blanks ends the head too
    assert_eq!(mail("From: a@b.example\n  \nText").plain(), "Text");
    // an old Mac
    assert_eq!(
        bytes(b"From: a@b.example\rSubject: x\r\rText").plain(),
        "Text"
    );
}

#[test]
fn a_file_in_wide_characters_is_read() {
    let text = "From: a@b.example\r\nSubject: Löschung\r\n\r\nGrüße";
    let little: Vec<u8> = [0xfeff]
        .into_iter()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(bytes(&little).subject, "Löschung");
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(bytes(&big).plain(), "Grüße");
}

#[test]
fn text_without_a_head_is_a_message_all_the_same() {
    let message =
        bytes("Sehr geehrte Damen und Herren,\nbitte löschen Sie meine Daten.\n".as_bytes());
    assert!(message.plain().starts_with("Sehr geehrte"));
    assert_eq!(message.troubles, ["no-mail-head"]);
    let message = bytes("Von: Max Muster <max@kunde.example>\nGesendet: Donnerstag, 1. Oktober 2026 10:04\nAn: support@firma.test\nCc: x@firma.test\nBetreff: Auskunft\n\nBitte um Auskunft.".as_bytes());
    assert_eq!(message.from[0].email, "max@kunde.example");
    assert_eq!(message.subject, "Auskunft");
    assert_eq!(message.plain(), "Bitte um Auskunft.");
    assert_eq!(
        message.date.expect("a date").to_rfc3339(),
        "2026-10-01T10:04:00+02:00"
    );
    let prose = "An: alle\n\nhallo";
    assert_eq!(bytes(prose.as_bytes()).plain(), prose);
}

#[test]
fn nothing_is_made_of_nothing() {
    assert!(super::super::parse(b"").is_none());
    assert!(super::super::parse(b" \r\n \n").is_none());
    assert!(super::super::parse(&[0, 1, 2, 3, 0, 0, 7, 8, 9].repeat(100)).is_none());
}

#[test]
fn trace_lines_say_who_took_the_message_and_when() {
    let message = mail(
        "Return-Path: <>\nDelivered-To: datenschutz+b-42@firma.test\nX-Original-To: ds@firma.test\n\
         Received: from mail.firma.test\n by mail.firma.test (Dovecot) with LMTP\n id abc; Fri, 02 Oct 2026 00:10:00 +0200\n\
         Received: from mx.gmx.example (mx.gmx.example [192.0.2.1])\n\tby MX.Firma.TEST (Postfix) with ESMTPS id 4X for\n\t<Datenschutz@Firma.test>; Thu, 1 Oct 2026 23:59:59 +0200 (CEST)\n\
         Received: (qmail 123 invoked by uid 0); 1 Oct 2026 21:59:00 -0000\nFrom: a@b.example\n\n.",
    );
    assert_eq!(
        message.delivered_to,
        ["datenschutz+b-42@firma.test", "ds@firma.test"]
    );
    assert!(message.machine.null_return_path);
    assert_eq!(message.return_path, None);
    assert_eq!(message.received.len(), 3);
    assert_eq!(message.received[1].by, "mx.firma.test");
    assert_eq!(message.received[1].from, "mx.gmx.example");
    assert_eq!(
        message.received[1].envelope_to.as_deref(),
        Some("Datenschutz@firma.test")
    );
    assert_eq!(
        message.received[2].at.expect("a date").to_rfc3339(),
        "2026-10-01T21:59:00+00:00"
    );
}

#[test]
fn machines_are_known_by_their_first_word() {
    let message = mail(
        "From: a@b.example\nAuto-Submitted: auto-replied (vacation)\nPrecedence: Bulk\nX-Auto-Response-Suppress: All\nList-Id: <x>\nX-Spam-Flag: YES\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\n.\n--x--",
    );
    assert_eq!(
        message.machine.auto_submitted.as_deref(),
        Some("auto-replied")
    );
    assert_eq!(message.machine.precedence.as_deref(), Some("bulk"));
    assert!(message.machine.list && !message.machine.list_unsubscribe && message.machine.spam);
    assert_eq!(
        message.machine.report_type.as_deref(),
        Some("delivery-status")
    );
    assert!(
        !mail("From: a@b.example\nX-Autoreply: no\nX-Spam-Status: No, score=1\n\n.")
            .machine
            .spam
    );
}

#[test]
fn message_ids_lose_their_brackets_only() {
    let message = mail(
        "From: a@b.example\nMessage-ID: <a.1@b.example>\nIn-Reply-To: <x@c.example> (Nachricht vom Montag)\nReferences: <t1@d.example>\n\t<t2@d.example><t1@d.example>\n\n.",
    );
    assert_eq!(message.message_id.as_deref(), Some("a.1@b.example"));
    assert_eq!(message.in_reply_to, ["x@c.example"]);
    assert_eq!(message.references, ["t1@d.example", "t2@d.example"]);
}
