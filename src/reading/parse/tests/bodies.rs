//! Bodies: characters, parts, and texts inside texts.

use super::{bytes, mail};

#[test]
fn wrong_charsets_do_not_spoil_umlauts() {
    let body = |charset: &str, text: &[u8]| {
        bytes(
            &[
                format!("From: a@b.example\nContent-Type: text/plain; charset={charset}\n\n")
                    .as_bytes(),
                text,
            ]
            .concat(),
        )
        .plain()
        .to_owned()
    };
    assert_eq!(body("us-ascii", b"Gr\xfc\xdfe"), "Grüße");
    assert_eq!(body("us-ascii", "Grüße".as_bytes()), "Grüße");
    assert_eq!(body("iso-8859-1", b"\x84so\x93 5 \x80 \x96"), "„so“ 5 € –");
    assert_eq!(body("iso-8859-1", "Grüße".as_bytes()), "Grüße");
    assert_eq!(body("utf-8", b"Gr\xfc\xdfe"), "Grüße");
    assert_eq!(body("\"UTF8\"", "Grüße".as_bytes()), "Grüße");
    assert_eq!(body("x-unknown", b"Gr\xfc\xdfe"), "Grüße");
    assert_eq!(
        body("windows-1250", b"\x9e\xe1dost o v\xfdmaz"),
        "žádost o výmaz"
    );
    assert_eq!(
        body("iso-8859-2", b"usuni\xeacie danych"),
        "usunięcie danych"
    );
    assert_eq!(body("utf-7", b"L+APY-schung +- mehr"), "Löschung + mehr");
    assert_eq!(
        bytes(b"From: a@b.example\n\nGr\xfc\xdfe und Gr\xc3\xbc\xc3\x9fe").plain(),
        "Grüße und Grüße"
    );
}

#[test]
fn letters_that_a_mac_takes_apart_are_put_together() {
    assert_eq!(
        bytes("From: a@b.example\n\nLo\u{308}schung\u{a0}der Da\u{ad}ten\u{200b}".as_bytes())
            .plain(),
        "Löschung der Daten"
    );
}

#[test]
fn transfer_codings_are_read_with_their_faults() {
    let body = |coding: &str, text: &str| {
        bytes(
            format!("From: a@b.example\nContent-Transfer-Encoding: {coding}\n\n{text}").as_bytes(),
        )
        .plain()
        .to_owned()
    };
    assert_eq!(
        body("quoted-printable", "L=C3=B6sch=\nung = 5 =ZZ  \nEnde"),
        "Löschung = 5 =ZZ\nEnde"
    );
    assert_eq!(body("BASE64", "TMO2c2No\r\ndW5n"), "Löschung");
    assert_eq!(
        body("base64", "Das ist gar kein Base64, sondern Text."),
        "Das ist gar kein Base64, sondern Text."
    );
    assert_eq!(
        body("7bit", "Bitte l=C3=B6schen Sie, Gr=C3=BC=C3=9Fe"),
        "Bitte löschen Sie, Grüße"
    );
    assert_eq!(body("8bit", "a=b und c=d"), "a=b und c=d");
}

#[test]
fn flowed_lines_are_joined_and_quotations_kept() {
    let message = mail(
        "From: a@b.example\nContent-Type: text/plain; format=flowed\n\nDies ist \nein Satz.\n> Zitat das \n> weitergeht\n Von hier\n-- \nMax",
    );
    assert_eq!(
        message.plain(),
        "Dies ist ein Satz.\n> Zitat das weitergeht\nVon hier\n--\nMax"
    );
}

#[test]
fn both_forms_of_a_letter_are_kept_and_compared() {
    let both = |plain: &str, html: &str| {
        mail(&format!(
            "From: a@b.example\nContent-Type: multipart/alternative; boundary=A\n\nvorher\n--A\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n--A\nContent-Type: text/html; charset=utf-8\n\n{html}\n--A--\n"
        ))
    };
    let message = both(
        "Bitte löschen Sie meine Daten.",
        "<p>Bitte <b>l&ouml;schen</b> Sie meine Daten.</p>",
    );
    assert_eq!(
        (message.plain(), message.html()),
        (
            "Bitte löschen Sie meine Daten.",
            "Bitte löschen Sie meine Daten."
        )
    );
    assert!(message.troubles.is_empty());
    let message = both(
        "Ihr Programm zeigt kein HTML.",
        "<p>Bitte senden Sie mir eine Auskunft nach Artikel 15.</p>",
    );
    assert_eq!(message.troubles, ["plain-and-html-differ"]);
}

#[test]
fn broken_multiparts_still_give_their_text() {
    // the closing line is missing
    assert_eq!(
        mail("From: a@b.example\nContent-Type: multipart/mixed; boundary=\"A\"\n\n--A\n\nText")
            .plain(),
        "Text"
    );
    // the boundary of the head does not occur
    let message = mail(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=\"falsch\"\n\n--richtig123\nContent-Type: text/plain\n\nText\n--richtig123--",
    );
    assert_eq!(message.plain(), "Text");
    // no parts at all
    let message = mail("From: a@b.example\nContent-Type: multipart/mixed; boundary=A\n\nNur Text");
    assert_eq!(message.plain(), "Nur Text");
    assert_eq!(message.troubles, ["broken-multipart"]);
    // one boundary begins like the other
    let message = mail(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=A\n\n--A\nContent-Type: multipart/alternative; boundary=AB\n\n--AB\n\nEins\n--AB--\n--A\n\nZwei\n--A--",
    );
    assert_eq!(message.plain(), "Eins\n\nZwei");
}

#[test]
fn signed_text_is_read_and_encrypted_text_is_said() {
    let message = mail(
        "From: a@b.example\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nBitte löschen.\n- - Max\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n",
    );
    assert_eq!(message.plain(), "Bitte löschen.\n- Max");
    let message = mail(
        "From: a@b.example\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----",
    );
    assert_eq!(message.troubles, ["encrypted"]);
    let message = mail(
        "From: a@b.example\nContent-Type: multipart/encrypted; boundary=P\n\n--P\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--P\nContent-Type: application/octet-stream; name=x.asc\n\nabc\n--P--",
    );
    assert_eq!(
        (message.troubles, message.opaque),
        (vec!["encrypted"], vec!["x.asc".to_owned()])
    );
    let message = mail(
        "From: a@b.example\nContent-Type: multipart/signed; boundary=S\n\n--S\nContent-Type: text/plain\n\nSigniert\n--S\nContent-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\nMIAG\n--S--",
    );
    assert_eq!(message.plain(), "Signiert");
    assert!(message.opaque.is_empty() && message.troubles.is_empty());
}

#[test]
fn a_letter_inside_its_signature_is_read() {
    // signed-data with the content in pieces, as Outlook writes it
    let inner = b"Content-Type: text/plain; charset=utf-8\r\n\r\nBitte um Auskunft";
    let (first, second) = inner.split_at(20);
    let mut der = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80".to_vec();
    for piece in [first, second] {
        der.extend([0x04, u8::try_from(piece.len()).expect("short")]);
        der.extend(piece);
    }
    der.extend([0, 0, 0, 0, 0, 0]);
    let message = super::with_file(
        "smime.p7m",
        "application/pkcs7-mime; smime-type=signed-data",
        &der,
    );
    assert_eq!(message.plain(), "Siehe Anhang\n\nBitte um Auskunft");
    assert!(message.troubles.is_empty());
    let message = super::with_file(
        "smime.p7m",
        "application/pkcs7-mime; smime-type=enveloped-data",
        b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x80",
    );
    assert_eq!(
        (message.troubles, message.opaque),
        (vec!["encrypted"], vec!["smime.p7m".to_owned()])
    );
}

#[test]
fn files_in_the_running_text_are_taken_out() {
    let message = mail("From: a@b.example\n\nHallo\nbegin 644 brief.txt\n#0V%T\n`\nend\nGruß\n");
    assert_eq!(message.plain(), "Hallo\n\nGruß");
    assert_eq!(message.attached("brief.txt"), "Cat");
    let prose = "Hallo\nbegin 644 als Zahl im Text, der ganz gewöhnlich weitergeht und länger ist\nund weiter geht\nend";
    assert!(
        mail(&format!("From: a@b.example\n\n{prose}"))
            .plain()
            .contains("weitergeht")
    );
}

#[test]
fn html_called_plain_is_read_as_html() {
    let message = mail(
        "From: a@b.example\nContent-Type: text/plain\n\n<html><body><p>Bitte l&ouml;schen</p></body></html>",
    );
    assert_eq!(message.html(), "Bitte löschen");
}

#[test]
fn messages_are_nested_only_so_deep() {
    let deep = "Content-Type: message/rfc822\n\n".repeat(5_000);
    let message = mail(&format!(
        "From: a@b.example\n{deep}From: x@y.example\n\nText"
    ));
    let mut depth = 0;
    let mut at = &message;
    while let Some(inner) = at.inner.first() {
        depth += 1;
        at = inner;
    }
    assert!(depth <= super::super::bounds::DEPTH + 1);
    let wide = "--A\n\nx\n".repeat(20_000);
    let message = mail(&format!(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=A\n\n{wide}--A--"
    ));
    assert!(message.troubles.contains(&"too-many-parts"));
}
