//! Whatever the bytes are, the parser ends and says something.

use proptest::prelude::*;

use crate::{
    reading::arrival::{House, received_day},
    reading::parse::{parse, split_mbox},
};

const SEEDS: &[&str] = &[
    "From: =?utf-8?Q?J=C3=B6rg?= <j@b.example>\nSubject: =?utf-8?B?TMO2c2NodW5n?=\nDate: Thu, 1 Oct 2026 10:00:00 +0200\nReceived: from a by b (c) for <d@e.test>; Thu, 1 Oct 2026 10:00:00 +0200\nContent-Type: multipart/mixed; boundary=\"B\"\n\n--B\nContent-Type: text/plain; format=flowed; charset=utf-7\n\nHallo \n> x +APY-\nbegin 644 a\n#0V%T\nend\n--B\nContent-Type: message/rfc822\n\nFrom: x@y.example\n\nText\n--B\nContent-Type: application/rtf\n\n{\\rtf1 \\u252?\\'fc{\\*\\x y}\\bin3 abc}\n--B--\n",
    "From: a@b.example\nContent-Type: text/html\n\n<style>.a{display:none}</style><table><tr><td class=a>x</td><td style='color:#fff;background:red'>&uuml;&#128;<blockquote type=cite><ul><li>y</ul></blockquote><a href='mailto:x@y.example'>z</a><!-- c --></table>",
    "Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nSubject: failure notice\nContent-Type: multipart/report; boundary=D\n\n--D\n\nw\n--D\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\n--D\nContent-Type: text/rfc822-headers\n\nMessage-ID: <x@y.example>\n--D--\n",
    "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>\nendobj\n4 0 obj\n<</Length 40>>\nstream\nBT /F1 12 Tf 72 700 Td (Text) Tj ET\nendstream\nendobj\ntrailer\n<</Root 1 0 R>>\n",
    "From a@b Thu Oct  1 10:00:00 2026\nFrom: a@b.example\n\n>From x\n\nFrom c@d Thu Oct  1 10:00:00 2026\nSubject: y\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: x\n\n- - z\n",
];

fn look_at(raw: &[u8]) {
    if let Some(message) = parse(raw) {
        let _ = received_day(&message, &House::default());
    }
    split_mbox(raw).iter().for_each(|one| {
        let _ = parse(one);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_at_all_do_no_harm(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        look_at(&raw);
    }

    #[test]
    fn any_text_behind_a_head_does_no_harm(field in "[ -~äöü\u{300}€\r\n\t<>\"@;=?]{0,200}", body in "\\PC{0,300}", kind in "(text/plain|text/html|multipart/mixed; boundary=A|message/rfc822|application/rtf|message/delivery-status)") {
        look_at(format!("From: {field}\nSubject: {field}\nDate: {field}\nContent-Type: {kind}\n\n{body}").as_bytes());
    }

    #[test]
    fn torn_and_stitched_messages_do_no_harm(seed in 0..SEEDS.len(), other in 0..SEEDS.len(), cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..12)) {
        let mut raw = SEEDS[seed].as_bytes().to_vec();
        let stitch = SEEDS[other].as_bytes();
        for (at, to, byte, how) in cuts {
            if raw.is_empty() {
                break;
            }
            let at = at.index(raw.len());
            match how {
                0 => raw[at] = byte,
                1 => { raw.drain(at..(at + usize::from(byte)).min(raw.len())); }
                2 => { let from = to.index(stitch.len()); raw.splice(at..at, stitch[from..].iter().copied().take(200)); }
                _ => raw.truncate(at),
            }
        }
        look_at(&raw);
    }
}
