//! The files of a message: which there are, what they are called, and that each can be had alone.

use base64::Engine;

use crate::reading::parse::{Contents, bounds, contents, taken_out};

fn raw(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

fn coded(content: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(content)
}

/// A message of these parts, each with its head.
fn mixed(parts: &[&str]) -> Vec<u8> {
    let mut text = String::from(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=\"B\"\n\n--B\n\nGuten Tag\n",
    );
    for part in parts {
        text.push_str("--B\n");
        text.push_str(part);
        text.push('\n');
    }
    text.push_str("--B--\n");
    raw(&text)
}

/// The names in their order; every file can be taken out under its number and is as long as was said.
#[track_caller]
fn names(raw: &[u8]) -> Vec<String> {
    let list = contents(raw);
    for (at, file) in list.files.iter().enumerate() {
        assert_eq!(file.number, at + 1);
        let (same, bytes) = taken_out(raw, file.number).expect("a file that was listed");
        assert_eq!((&same, bytes.len()), (file, file.size));
    }
    assert_eq!(taken_out(raw, list.files.len() + 1), None);
    assert_eq!(taken_out(raw, 0), None);
    list.files
        .into_iter()
        .map(|file| file.name.unwrap_or_else(|| "-".to_owned()))
        .collect()
}

#[test]
fn a_file_is_listed_with_name_kind_and_size_and_taken_out_as_it_was_sent() {
    let content = b"%PDF-1.4 \x00\xff\r\n.\r\nend";
    let part = format!(
        "Content-Type: Application/PDF; name=alt.pdf\nContent-Disposition: attachment; filename=\"Vollmacht.pdf\"\n\
         Content-Transfer-Encoding: base64\n\n{}",
        coded(content)
    );
    let raw = mixed(&[&part]);
    let list = contents(&raw);
    let [file] = list.files.as_slice() else {
        panic!("{list:?}");
    };
    assert_eq!(file.name.as_deref(), Some("Vollmacht.pdf"));
    assert_eq!(file.media_type, "application/pdf");
    assert_eq!((file.size, file.too_large), (content.len(), false));
    assert_eq!((list.more, &list.page), (false, &None));
    assert_eq!(taken_out(&raw, 1).unwrap().1, content);
}

#[test]
fn names_are_read_in_every_form_in_which_programs_write_them() {
    let raw = mixed(&[
        "Content-Type: image/png\nContent-Disposition: attachment; filename*=UTF-8''%C3%9Cbersicht%20M%C3%A4rz.png\n\nx",
        "Content-Type: image/png\nContent-Disposition: attachment; filename*0*=iso-8859-1''Gr%FC; filename*1*=%DFe; filename*2=.png\n\nx",
        "Content-Type: application/zip; name=\"=?utf-8?B?w4RyZ2VyLnppcA==?=\"\n\nx",
        "Content-Type: application/zip\nContent-Disposition: attachment; filename=\"=?iso-8859-1?Q?Stra=DFe?= =?iso-8859-1?Q?_1.zip?=\"\n\nx",
        "Content-Type: application/octet-stream; name=Konto\u{fc}bersicht.xls\n\nx",
        "Content-Type: application/octet-stream\n\nx",
        "Content-Type: application/octet-stream; name=\"\"\n\nx",
    ]);
    assert_eq!(
        names(&raw),
        [
            "Übersicht März.png",
            "Grüße.png",
            "Ärger.zip",
            "Straße 1.zip",
            "Kontoübersicht.xls",
            "-",
            "-"
        ]
    );
}

#[test]
fn a_name_cannot_pretend_to_be_another() {
    let named = |name: &str| {
        let part = format!(
            "Content-Type: application/octet-stream\nContent-Disposition: attachment; filename*=utf-8''{name}\n\nx"
        );
        names(&mixed(&[&part])).remove(0)
    };
    // turned around by a sign that cannot be seen: Rechnung_fdp.exe
    assert_eq!(named("Rechnung%E2%80%AEfdp.exe"), "Rechnungfdp.exe");
    assert_eq!(named("..%2F..%2Fetc%2Fpasswd"), "passwd");
    assert_eq!(named("C%3A%5CTemp%5Cbrief.doc"), "brief.doc");
    assert_eq!(named("a%0D%0ASet-Cookie%3A%20x.txt"), "a Set-Cookie_ x.txt");
    assert_eq!(named("bild.png%E2%80%8B.exe%20.%20"), "bild.png.exe");
    assert_eq!(named(".htaccess"), "htaccess");
    assert_eq!(named("..."), "-");
    let long = named(&format!("{}.pdf.exe", "x".repeat(170)));
    assert!(
        long.ends_with("….exe") && long.chars().count() < 121,
        "{long}"
    );
}

#[test]
fn parts_inside_of_parts_are_found_in_their_order() {
    let text = "From: a@b.example\nContent-Type: multipart/mixed; boundary=A\n\n--A\nContent-Type: multipart/related; boundary=R\n\n\
        --R\nContent-Type: multipart/alternative; boundary=T\n\n--T\n\nText\n--T\nContent-Type: text/html\n\n<p>Text <img src=cid:1></p>\n--T--\n\
        --R\nContent-Type: image/gif; name=punkt.gif\nContent-ID: <1>\nContent-Disposition: inline\n\nGIF89a\n--R--\n\
        --A\nContent-Type: text/plain; name=notiz.txt\n\nnotiert\n\
        --A\nContent-Type: application/ms-tnef; name=winmail.dat\n\n\u{1}\u{2}\n\
        --A\nContent-Type: application/zip\nContent-Disposition: attachment; filename=alles.zip\n\nPK\n--A--\n";
    let raw = raw(text);
    assert_eq!(
        names(&raw),
        ["punkt.gif", "notiz.txt", "winmail.dat", "alles.zip"]
    );
    let list = contents(&raw);
    assert!(list.files[0].in_text && !list.files[3].in_text);
    assert!(list.page.unwrap().contains("<p>Text"));
}

#[test]
fn a_message_inside_is_one_file_and_its_own_files_stay_in_it() {
    let inner = "From: c@d.example\nSubject: =?utf-8?Q?Antrag_auf_L=C3=B6schung?=\nContent-Type: multipart/mixed; boundary=I\n\n\
        --I\n\nText\n--I\nContent-Type: image/png; name=innen.png\n\nx\n--I--\n";
    let raw = mixed(&[
        &format!("Content-Type: message/rfc822\n\n{inner}"),
        "Content-Type: message/rfc822; name=weiter\n\nFrom: x@y.example\n\nText",
        "Content-Type: message/rfc822\n\nFrom: x@y.example\n\nText",
    ]);
    assert_eq!(names(&raw), ["Antrag auf Löschung.eml", "weiter.eml", "-"]);
    let (_, bytes) = taken_out(&raw, 1).unwrap();
    assert!(String::from_utf8(bytes).unwrap().contains("innen.png"));
}

#[test]
fn what_reports_say_is_no_file_and_what_came_back_is() {
    let raw = raw(
        "From: MAILER-DAEMON@b.example\nContent-Type: multipart/report; boundary=D\n\n--D\n\nKam nicht an\n\
         --D\nContent-Type: message/delivery-status\n\nAction: failed\n--D\nContent-Type: message/rfc822\n\nFrom: a@b.example\nSubject: Frage\n\nText\n--D--\n",
    );
    assert_eq!(names(&raw), ["Frage.eml"]);
}

#[test]
fn base64_with_rubbish_in_it_is_decoded_as_mail_programs_do() {
    let lines = "QUJDREVG\n".repeat(20);
    let part = format!(
        "Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\n {lines}*!\n====\n{lines}R0g=\n"
    );
    let (_, bytes) = taken_out(&mixed(&[&part]), 1).unwrap();
    assert_eq!(bytes, ["ABCDEF".repeat(40).as_bytes(), b"GH"].concat());
}

#[test]
fn files_that_old_programs_laid_into_the_text_are_files_too() {
    let raw = raw("From: a@b.example\n\nAnbei.\n\nbegin 644 alt.dat\n#0V%T\n`\nend\n\nGruss\n");
    assert_eq!(names(&raw), ["alt.dat"]);
    assert_eq!(taken_out(&raw, 1).unwrap().1, b"Cat");
}

#[test]
fn very_many_very_deep_and_very_large_ones_are_cut_off_and_that_is_said() {
    let one = "Content-Type: image/png; name=a.png\n\nx";
    let list = contents(&mixed(&vec![one; bounds::FILES + 1]));
    assert!(list.more && list.files.len() == bounds::FILES);
    assert_eq!(
        taken_out(&mixed(&vec![one; bounds::FILES + 1]), bounds::FILES + 1),
        None
    );

    let mut deep = String::from("From: a@b.example\n");
    for at in 0..40 {
        deep.push_str(&format!(
            "Content-Type: multipart/mixed; boundary=B{at}\n\n--B{at}\n"
        ));
    }
    deep.push_str(one);
    let list = contents(&raw(&deep));
    assert!(list.more && list.files.is_empty());

    let large = coded(&vec![7; bounds::ATTACHMENT_BYTES + 1]);
    let part = format!(
        "Content-Type: video/mp4; name=film.mp4\nContent-Transfer-Encoding: base64\n\n{large}"
    );
    let raw = mixed(&[&part, one]);
    let list = contents(&raw);
    assert!(list.files[0].too_large && list.files[0].size > bounds::ATTACHMENT_BYTES);
    assert_eq!(taken_out(&raw, 1), None);
    assert_eq!(taken_out(&raw, 2).unwrap().1, b"x");
}

#[test]
fn what_is_no_message_has_no_files() {
    assert_eq!(contents(b"%PDF-1.4"), Contents::default());
    assert_eq!(contents(b""), Contents::default());
    assert_eq!(taken_out(b"\0\x01", 1), None);
}
