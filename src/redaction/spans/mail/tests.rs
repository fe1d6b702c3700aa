//! A message with a secret in every corner leaves without it.

use super::*;
use crate::redaction::others::{Known, others};

const RAW: &str = "Return-Path: <karl.geheim@dritte.example>\r\n\
Received: from karl-geheim.dritte.example by mx.kontor.example for <karl.geheim@dritte.example>; Thu, 1 Oct 2026 10:00:00 +0200\r\n\
Bcc: karl.geheim@dritte.example\r\n\
X-Originating-User: Karl Geheim\r\n\
Message-ID: <1@karl.geheim.example>\r\n\
DKIM-Signature: v=1; d=karl.geheim.example\r\n\
From: Karl Geheim <karl.geheim@dritte.example>\r\n\
To: Anna Beispiel <anna@post.example>,\r\n =?utf-8?Q?J=C3=B6rg_Amt?= <post@kontor.example>\r\n\
Cc: \"Geheim, Karl\" <karl.geheim@dritte.example>\r\n\
Subject: =?utf-8?Q?Brief_f=C3=BCr_Karl_Geheim?=\r\n\
Date: Thu, 1 Oct 2026 10:00:00 +0200\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=A\r\n\
\r\n\
--A\r\n\
Content-Type: multipart/alternative; boundary=B\r\n\
\r\n\
--B\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
\r\n\
Guten Tag Karl Geheim, anbei.\r\n\
--B\r\n\
Content-Type: text/html; charset=utf-8\r\n\
\r\n\
<p>Guten Tag <b>Karl</b> <i>Geheim</i>, anbei.</p><!-- Karl Geheim --><img src='https://x.example/?karl.geheim'>\r\n\
--B--\r\n\
--A\r\n\
Content-Type: application/pdf; name=\"Karl Geheim.pdf\"\r\n\
Content-Disposition: attachment; filename=\"Karl Geheim.pdf\"\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
S2FybCBHZWhlaW0=\r\n\
--A\r\n\
Content-Type: text/csv; name=liste.csv\r\n\
Content-Disposition: attachment; filename=liste.csv\r\n\
\r\n\
a;b\r\n\
--A\r\n\
Content-Type: message/rfc822\r\n\
\r\n\
From: Karl Geheim <karl.geheim@dritte.example>\r\n\
Subject: innen\r\n\
\r\n\
Karl Geheim\r\n\
--A--\r\n";

fn spans_of(words: &str, what: &str) -> Vec<Span> {
    text::occurrences(words, &[what])
}

fn marks(draft: &Draft) -> Marks {
    let hers = |party: &Party| !party.email.starts_with("karl");
    Marks {
        parties: (0..draft.parties.len())
            .filter(|at| !hers(&draft.parties[*at]))
            .collect(),
        subject: spans_of(&draft.subject, "Karl Geheim"),
        bodies: draft
            .bodies
            .iter()
            .enumerate()
            .map(|(at, body)| (at, spans_of(body.words(), "Karl Geheim")))
            .collect(),
        files: draft
            .files
            .iter()
            .map(|file| {
                let fate = match file.media_type.as_str() {
                    "application/pdf" => File::Replaced {
                        name: "brief.pdf".to_owned(),
                        media_type: "application/pdf".to_owned(),
                        bytes: b"%PDF-".to_vec(),
                    },
                    "text/csv" => File::Kept { name: None },
                    _ => File::Dropped,
                };
                (file.number, fate)
            })
            .collect(),
        words: vec![],
    }
}

/// Whether the bytes speak of him, in any coding that mail knows.
fn speaks(raw: &[u8]) -> bool {
    let mut all = String::from_utf8_lossy(raw).to_lowercase();
    if let Some(message) = parse(raw) {
        all.push_str(&format!("{message:?}").to_lowercase());
    }
    let inside = contents(raw);
    for file in &inside.files {
        all.push_str(&format!("{file:?}").to_lowercase());
        let (_, bytes) = taken_out(raw, file.number).unwrap();
        all.push_str(&String::from_utf8_lossy(&bytes).to_lowercase());
    }
    all.push_str(&inside.page.unwrap_or_default().to_lowercase());
    all.contains("karl") || all.contains("geheim")
}

#[test]
fn what_was_marked_is_nowhere_in_the_new_message() {
    let draft = Draft::read(RAW.as_bytes()).unwrap();
    assert!(speaks(RAW.as_bytes()));
    assert_eq!(
        draft.bodies.len(),
        1,
        "the plain twin says nothing of its own"
    );
    assert_eq!(draft.files.len(), 3);
    let out = draft.redacted(RAW.as_bytes(), &marks(&draft)).unwrap();
    assert!(!speaks(&out), "{}", String::from_utf8_lossy(&out));
    let text = String::from_utf8(out.clone()).unwrap();
    for field in [
        "Received",
        "Bcc",
        "X-",
        "Message-ID",
        "DKIM",
        "Return-Path",
        "multipart/alternative",
    ] {
        assert!(!text.contains(field), "{field}");
    }
    let read = parse(&out).unwrap();
    assert_eq!(read.subject, "Brief für █████");
    assert_eq!(read.from[0].name, BLOCK);
    assert_eq!(read.to[0].email, "anna@post.example");
    assert_eq!(read.to[1].name, "Jörg Amt");
    assert_eq!(read.date, parse(RAW.as_bytes()).unwrap().date);
    let names: Vec<_> = contents(&out)
        .files
        .into_iter()
        .map(|file| file.name.unwrap())
        .collect();
    assert_eq!(names, ["brief.pdf", "liste.csv"]);
    assert_eq!(taken_out(&out, 2).unwrap().1.trim_ascii(), b"a;b");
}

#[test]
fn a_plain_text_that_says_more_than_its_twin_stays_and_is_redacted_for_itself() {
    let raw = RAW.replace(
        "anbei.\r\n--B\r\n",
        "anbei, nur hier: Karl Geheim\r\n--B\r\n",
    );
    let draft = Draft::read(raw.as_bytes()).unwrap();
    assert_eq!(draft.bodies.len(), 2);
    let out = draft.redacted(raw.as_bytes(), &marks(&draft)).unwrap();
    assert!(!speaks(&out));
    assert!(String::from_utf8(out).unwrap().contains("nur hier"));
}

#[test]
fn a_file_without_a_word_on_it_lets_nothing_out() {
    let draft = Draft::read(RAW.as_bytes()).unwrap();
    let mut marks = marks(&draft);
    marks.files.remove(&2);
    assert_eq!(
        draft.redacted(RAW.as_bytes(), &marks),
        Err(Withheld::Misfit)
    );
    let mut marks = self::marks(&draft);
    marks.bodies.insert(0, vec![Span::new(0, 100_000)]);
    assert_eq!(
        draft.redacted(RAW.as_bytes(), &marks),
        Err(Withheld::Misfit)
    );
}

#[test]
fn what_cannot_be_looked_at_is_withheld() {
    let secret = "From: a@b.example\r\nContent-Type: multipart/encrypted; boundary=A\r\n\r\n--A\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--A\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--A--\r\n";
    assert_eq!(
        Draft::read(secret.as_bytes()).unwrap_err(),
        Withheld::Encrypted
    );
    assert_eq!(
        Draft::read(b"\x00\x01\x02").unwrap_err(),
        Withheld::Unreadable
    );
    assert_eq!(
        Draft::read(b"just words\n").unwrap_err(),
        Withheld::Unreadable
    );
}

#[test]
fn long_lines_and_all_letters_come_through() {
    let line = "Größe = 3 € ".repeat(40);
    let raw = format!(
        "From: a@b.example\r\nSubject: s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{line}\r\n.\r\nFrom x\r\n"
    );
    let draft = Draft::read(raw.as_bytes()).unwrap();
    let out = draft.redacted(raw.as_bytes(), &Marks::default()).unwrap();
    assert!(
        out.split(|byte| *byte == b'\n')
            .all(|line| line.len() <= 77 && line.is_ascii())
    );
    assert_eq!(
        Draft::read(&out).unwrap().bodies[0].words().trim(),
        draft.bodies[0].words().trim()
    );
}

#[test]
fn third_persons_in_a_message_are_found_in_its_words() {
    let draft = Draft::read(RAW.as_bytes()).unwrap();
    let found = others(draft.bodies[0].words(), &Known::default());
    assert!(!found.is_empty());
}
