//! Files that come along: letters in them are read, everything else is named.

use std::io::Write;

use super::{bytes, mail, with_file};
use crate::reading::parse::split_mbox;

fn packed(members: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        archive
            .start_file(
                *name,
                zip::write::SimpleFileOptions::default()
                    .compression_method(zip::CompressionMethod::Deflated),
            )
            .expect("a member");
        archive.write_all(content.as_bytes()).expect("content");
    }
    archive.finish().expect("an archive").into_inner()
}

fn folded(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).expect("content");
    encoder.finish().expect("zlib")
}

/// One page in Helvetica with the given content stream.
fn pdf(filter: &str, content: &[u8]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n\
        3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>\nendobj\n\
        5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>\nendobj\n"
        .to_vec();
    out.extend(format!("4 0 obj\n<</Length {}{filter}>>\nstream\n", content.len()).as_bytes());
    out.extend(content);
    out.extend(b"\nendstream\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n");
    out
}

const LETTER: &[u8] = b"BT /F1 12 Tf 72 700 Td (Sehr geehrte Damen und Herren,) Tj 0 -16 Td (bitte l\\366schen Sie meine Da-) Tj 0 -16 Td (ten, Gr\\374\\337e \\200) Tj ET BT /F1 12 Tf 72 600 Td [(Aus) -20 (kunft) -600 (sofort)] TJ ET";

#[test]
fn the_text_of_a_pdf_is_read_line_by_line() {
    let want =
        "Sehr geehrte Damen und Herren,\nbitte löschen Sie meine Daten, Grüße €\n\nAuskunft sofort";
    let message = with_file("Antrag.pdf", "application/pdf", &pdf("", LETTER));
    assert_eq!(message.attached("Antrag.pdf"), want);
    let message = with_file(
        "scan 1.PDF",
        "application/octet-stream",
        &pdf("/Filter/FlateDecode", &folded(LETTER)),
    );
    assert_eq!(message.attached("scan 1.PDF"), want);
    assert!(message.opaque.is_empty());
}

#[test]
fn a_pdf_without_text_stays_closed_and_says_why() {
    let message = with_file("Scan.pdf", "application/pdf", &pdf("", b"q Q"));
    assert_eq!(
        (message.opaque, message.troubles),
        (vec!["Scan.pdf".to_owned()], vec!["pdf-without-text"])
    );
    let message = with_file(
        "kaputt.pdf",
        "application/pdf",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n",
    );
    assert_eq!(
        (message.opaque, message.troubles),
        (vec!["kaputt.pdf".to_owned()], vec!["pdf-unreadable"])
    );
    let message = with_file(
        "zu.pdf",
        "application/pdf",
        b"%PDF-1.4\ntrailer<</Encrypt 9 0 R>>\n%%EOF\n",
    );
    assert_eq!(message.troubles, ["encrypted"]);
}

#[test]
fn a_pdf_that_unfolds_without_end_is_not_opened() {
    let bomb = folded(&vec![b' '; 140 * 1024 * 1024]);
    for filter in [
        "/Filter/FlateDecode",
        "/Filter[/FlateDecode]",
        "/F#69lter /F#6cateDecode",
    ] {
        let message = with_file("b.pdf", "application/pdf", &pdf(filter, &bomb));
        assert_eq!(message.opaque, ["b.pdf"], "{filter}");
    }
    let twice = folded(&folded(&vec![b' '; 1_000_000]));
    for filter in [
        "/Filter[/FlateDecode/FlateDecode]",
        "/Filter 9 0 R",
        "/Filter/LZWDecode/F/FlateDecode",
        "%\n/Filter/FlateDecode",
        "/X(\n4 0 obj<</A %)/Filter/FlateDecode",
    ] {
        let message = with_file("b.pdf", "application/pdf", &pdf(filter, &twice));
        assert_eq!(message.troubles, ["pdf-unreadable"], "{filter}");
    }
}

#[test]
fn documents_give_their_text() {
    let docx = packed(&[
        (
            "word/document.xml",
            "<w:document><w:body><w:p><w:r><w:t>Kündi</w:t></w:r><w:r><w:t xml:space=\"preserve\">gung </w:t></w:r><w:del><w:r><w:delText>weg</w:delText></w:r></w:del><w:r><w:instrText>DATE</w:instrText></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Name</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>M &amp; M</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t>Ende</w:t><w:br/><w:t>Max</w:t></w:r></w:p></w:body></w:document>",
        ),
        (
            "word/header1.xml",
            "<w:hdr><w:p><w:r><w:t>Max Muster, Ort</w:t></w:r></w:p></w:hdr>",
        ),
    ]);
    assert_eq!(
        with_file("a.docx", "application/octet-stream", &docx).attached("a.docx"),
        "Max Muster, Ort\n\nKündigung\nName\tM & M\nEnde\nMax"
    );
    let odt = packed(&[
        ("META-INF/manifest.xml", "<x/>"),
        (
            "content.xml",
            "<office:document-content><office:automatic-styles><a>weg</a></office:automatic-styles><office:body><text:h>Antrag</text:h><text:p>Ich <text:span>bitte</text:span><text:s/>um<text:line-break/>Auskunft</text:p></office:body></office:document-content>",
        ),
    ]);
    assert_eq!(
        with_file("a.odt", "application/vnd.oasis.opendocument.text", &odt).attached("a.odt"),
        "Antrag\nIch bitte um\nAuskunft"
    );
    let rtf = br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator Word;}\f0 Bitte l\'f6schen\par Gr\u252?\'dfe \{so\} \u8364\'80{\field{\*\fldinst HYPERLINK x}{\fldrslt hier}}}";
    assert_eq!(
        with_file("a.rtf", "application/rtf", rtf).attached("a.rtf"),
        "Bitte löschen\nGrüße {so} €hier"
    );
    assert_eq!(
        with_file("a.csv", "text/csv", "Name;Größe".as_bytes()).attached("a.csv"),
        "Name;Größe"
    );
    assert_eq!(
        with_file("a.html", "text/html", "<p>Bitte l&ouml;schen".as_bytes()).attached("a.html"),
        "Bitte löschen"
    );
    let wide: Vec<u8> = "\u{feff}Grüße"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        with_file("a.txt", "text/plain", &wide).attached("a.txt"),
        "Grüße"
    );
}

#[test]
fn a_document_that_unfolds_without_end_is_cut() {
    let long = format!("<w:p><w:t>{}</w:t></w:p>", "a ".repeat(20_000_000));
    let message = with_file(
        "a.docx",
        "application/octet-stream",
        &packed(&[("word/document.xml", &long)]),
    );
    assert!(message.attached("a.docx").len() <= 400_000);
}

#[test]
fn words_are_read_under_any_name() {
    let message = with_file(
        "Antrag",
        "application/octet-stream",
        "Bitte löschen Sie meine Daten.".as_bytes(),
    );
    assert_eq!(message.attached("Antrag"), "Bitte löschen Sie meine Daten.");
    assert_eq!(
        with_file(
            "key.asc",
            "application/octet-stream",
            b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc def"
        )
        .opaque,
        ["key.asc"]
    );
}

#[test]
fn what_holds_no_text_is_named() {
    let message = with_file(
        "../../etc/winmail.dat",
        "application/ms-tnef",
        b"\x78\x9f\x3e\x22\x01\x00",
    );
    assert_eq!(message.opaque, ["winmail.dat"]);
    assert_eq!(
        with_file("foto.jpg", "image/jpeg", b"\xff\xd8\xff\xe0").opaque,
        ["foto.jpg"]
    );
    assert_eq!(
        with_file("a.zip", "application/zip", &packed(&[("x.txt", "Text")])).opaque,
        ["a.zip"]
    );
    assert_eq!(
        with_file(
            "brief.doc",
            "application/msword",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        )
        .opaque,
        ["brief.doc"]
    );
}

#[test]
fn file_names_are_read_in_every_spelling() {
    let name = |head: &str| {
        mail(&format!("From: a@b.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\n{head}\n\nx\n--B--")).opaque
    };
    assert_eq!(
        name(
            "Content-Type: image/png\nContent-Disposition: attachment;\n filename*0*=utf-8''Vollmacht%20f%C3%BCr;\n filename*1*=%20Erika%20%E2%82%AC.png"
        ),
        ["Vollmacht für Erika €.png"]
    );
    assert_eq!(
        name("Content-Type: image/png; name=\"=?utf-8?Q?K=C3=BCndigung.png?=\""),
        ["Kündigung.png"]
    );
    assert_eq!(
        name("Content-Type: image/png; name=mein bild.png"),
        ["mein bild.png"]
    );
    assert_eq!(
        name(
            "Content-Type: image/png\nContent-Disposition: attachment; filename=\"C:\\Scans\\bild.png\""
        ),
        ["bild.png"]
    );
    assert_eq!(
        name(
            "Content-Type: image/png; name=\"falsch.png\"\nContent-Disposition: attachment; filename=\"a\"; filename*=UTF-8''%C3%A4.png"
        ),
        ["ä.png"]
    );
}

#[test]
fn messages_inside_are_messages() {
    let message = mail(
        "From: kollege@firma.test\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nzur Bearbeitung\n--B\nContent-Type: message/rfc822\n\nFrom: max@kunde.example\nSubject: Auskunft\nDate: Thu, 1 Oct 2026 10:00:00 +0200\n\nBitte um Auskunft\n--B--",
    );
    assert_eq!(message.inner[0].from[0].email, "max@kunde.example");
    assert_eq!(message.inner[0].plain(), "Bitte um Auskunft");
    let eml = b"From: max@kunde.example\r\nSubject: =?utf-8?Q?L=C3=B6schung?=\r\n\r\nText";
    assert_eq!(
        with_file("Anfrage.eml", "application/octet-stream", eml).inner[0].subject,
        "Löschung"
    );
    let digest = mail(
        "From: l@b.example\nContent-Type: multipart/digest; boundary=B\n\n--B\n\nFrom: a@b.example\nSubject: eins\n\nx\n--B\n\nFrom: c@b.example\n\ny\n--B--",
    );
    assert_eq!(digest.inner.len(), 2);
}

#[test]
fn a_document_alone_is_read_too() {
    let message = bytes(&pdf("", LETTER));
    assert!(message.attached("").contains("löschen"));
    assert!(
        bytes(b"{\\rtf1 Bitte um Auskunft}")
            .attached("")
            .contains("Auskunft")
    );
}

#[test]
fn a_mailbox_file_is_cut_at_its_own_lines_only() {
    let one = "From: a@b.example\n\nText\n>From hier an\n>>From dort\n\nFrom hier geht es weiter ohne Uhrzeit\nEnde\n";
    let raw = format!(
        "From a@b.example Thu Oct  1 10:00:00 2026\n{one}\nFrom - Thu Oct  1 11:00:00 2026\nSubject: zwei\n\ny\n"
    );
    let messages = split_mbox(raw.as_bytes());
    assert_eq!(messages.len(), 2);
    assert_eq!(
        String::from_utf8_lossy(&messages[0]),
        "From: a@b.example\n\nText\nFrom hier an\n>From dort\n\nFrom hier geht es weiter ohne Uhrzeit\nEnde\n"
    );
    assert!(messages[1].starts_with(b"Subject: zwei"));
    assert_eq!(split_mbox(b"From: a@b.example\n\nx").len(), 1);
    assert!(split_mbox(b"").is_empty());
}
