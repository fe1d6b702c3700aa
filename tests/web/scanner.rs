//! Files and the scanner: what does harm is handed out by no page and taken in by none, and what nobody could look into
//! is called so or kept back.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rechtzeitig::casework::filing::Upload;
use rechtzeitig::casework::{Error, FilePurpose, Token};
use rechtzeitig::clamav;
use rechtzeitig::domain::ids::IncomingId;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::ports::scanner::Scanner;

use super::desk::Door;
use crate::support::clamd::{self, Clamd, LARGEST, MALWARE, MALWARE_NAME};
use crate::support::door;
use crate::support::office::Office;
use crate::support::people::Clerk;

fn section(socket: &std::path::Path, when_away: &str) -> String {
    format!(
        "[scanner]\nclamd = \"{}\"\nwhen_away = \"{when_away}\"",
        socket.display()
    )
}

/// A mail with a harmless file, one with the scanner's sentence in it, and one that it does not take.
async fn mail(office: &Office, clerk: &Clerk) -> IncomingId {
    let mut raw = String::from(
        "From: Sven Utland <sven@post.example>\r\nSubject: Hej\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n\
         --B\r\n\r\nJag vill veta vad ni har om mig.\r\n",
    );
    let large = vec![b'x'; LARGEST + 1];
    let bad = [b"Anrede. ".as_slice(), MALWARE].concat();
    for (name, content) in [
        ("brief.txt", b"harmlos".as_slice()),
        ("rechnung.pdf", &bad),
        ("film.mp4", &large),
    ] {
        raw.push_str(&format!(
            "--B\r\nContent-Type: application/octet-stream; name={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            BASE64_STANDARD.encode(content)
        ));
    }
    raw.push_str("--B--\r\n");
    let taken = office
        .hand_in_mail(&clerk.scope, office.company(), raw.into_bytes())
        .await
        .unwrap();
    office.jobs_run().await;
    taken[0]
}

fn upload(bytes: &[u8]) -> Upload {
    Upload {
        name: "scan.pdf".to_owned().into(),
        media_type: "application/pdf".to_owned(),
        bytes: bytes.to_vec(),
    }
}

#[actix_web::test]
async fn what_does_harm_is_handed_out_by_no_page_and_taken_in_by_none() {
    if !clamd::available() {
        return;
    }
    let scanner = Clamd::start();
    let office =
        Office::open_with(|plan| plan.scanner = section(&scanner.socket(), "refuse")).await;
    let door = Door::of(&office).await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let hans = door.clerk(&office, &helper).await;
    let id = mail(&office, &helper).await;

    let page = hans.looks(&format!("/desk/mail/{id}")).await;
    page.is(200).says("auf Schadprogramme geprüft, bevor");
    let part = async |number: usize| hans.looks(&format!("/desk/mail/{id}/part/{number}")).await;
    let good = part(1).await;
    assert_eq!(good.is(200).text, "harmlos");
    assert!(
        good.header("content-disposition")
            .starts_with("attachment; filename=\"brief.txt\"")
    );
    let bad = part(2).await;
    bad.is(422).says("Schadprogramm").says(MALWARE_NAME);
    bad.never_says("Dieser Satz");
    part(3)
        .await
        .is(422)
        .says("größer, als der Virenscanner annimmt");
    // The original is evidence and stays to be had.
    let original = page.text.split("/desk/files/").nth(1).unwrap();
    let original = original.split('"').next().unwrap();
    let whole = hans.looks(&format!("/desk/files/{original}")).await;
    whole.is(200).says("Subject: Hej");

    // A clerk's upload with the same content is not taken.
    let nina = office.subject("Nina Nachbar", "nina@post-k1.example");
    let case = nina.asks_and_confirms(&office, &[Right::Access]).await.case;
    let given = office
        .file_for_case(
            office.company(),
            Some(case),
            FilePurpose::Note,
            &[upload(MALWARE)],
        )
        .await;
    assert!(
        matches!(given, Err(Error::Obstacle(Obstacle::MalwareGiven { .. }))),
        "{given:?}"
    );

    // The public's neither; what is harmless beside it is.
    let form = Token::generate();
    let uploads = vec![upload(b"harmlos"), upload(MALWARE)];
    let left_out = office.keep_uploads("kontor", &form, uploads).await.unwrap();
    assert_eq!(left_out, 1);
    assert_eq!(office.uploads_of("kontor", &form).await.unwrap().len(), 1);
}

#[actix_web::test]
async fn a_person_is_told_that_her_file_was_not_taken_and_all_else_was() {
    if !clamd::available() {
        return;
    }
    let scanner = Clamd::start();
    let office =
        Office::open_with(|plan| plan.scanner = section(&scanner.socket(), "refuse")).await;
    let door = door::Door::open(&office);
    let page = door.get("/kontor/request/all");
    let with = [
        ("wish", "15"),
        ("name", "Johanna"),
        ("email", "johanna@post-s1.example"),
    ];
    let form = super::filled(&page, &with, "send");
    let files: [(&str, &[u8]); 2] = [("brief.txt", b"harmlos"), ("rechnung.pdf", MALWARE)];
    let told = door.post_files("/kontor/request/all", &super::as_pairs(&form), &files);
    assert!(told.text().contains("Schadprogramm"), "{}", told.text());
    assert!(told.text().contains("brief.txt") && !told.text().contains("rechnung.pdf"));
    // Without it the request goes its way.
    let sent = super::send(&door, "/kontor/request/all", &told, &with, "send");
    assert_eq!(sent.status, 303);
}

#[actix_web::test]
async fn what_nobody_could_look_into_is_kept_back_or_called_so_as_the_operator_chose() {
    let mut office =
        Office::open_with(|plan| plan.scanner = section("/nowhere/ctl".as_ref(), "refuse")).await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let id = mail(&office, &helper).await;
    {
        let door = Door::of(&office).await;
        let hans = door.clerk(&office, &helper).await;
        let page = hans.looks(&format!("/desk/mail/{id}")).await;
        page.is(200).says("werden erst wieder herausgegeben");
        let part = hans.looks(&format!("/desk/mail/{id}/part/1")).await;
        part.is(422).says("Virenscanner antwortet nicht");
        part.never_says("harmlos");
    }
    // What comes in waits for no scanner.
    let form = Token::generate();
    let kept = office
        .keep_uploads("kontor", &form, vec![upload(b"x")])
        .await;
    assert_eq!(kept.unwrap(), 0);
    assert_eq!(office.uploads_of("kontor", &form).await.unwrap().len(), 1);

    office
        .restart_with(|plan| plan.scanner = section("/nowhere/ctl".as_ref(), "allow"))
        .await;
    let door = Door::of(&office).await;
    let second = office.clerk("Kim Ablage", Role::Handler).await;
    let kim = door.clerk(&office, &second).await;
    let page = kim.looks(&format!("/desk/mail/{id}")).await;
    page.is(200).says("Anhänge werden ungeprüft herausgegeben");
    let part = kim.looks(&format!("/desk/mail/{id}/part/1")).await;
    assert_eq!(part.is(200).text, "harmlos");
    let name = part.header("content-disposition");
    assert!(name.contains("ungepr%C3%BCft-brief.txt"), "{name}");
}

#[actix_web::test]
async fn a_real_scanner_knows_the_pattern_and_says_what_is_too_large() {
    if !clamd::available() {
        return;
    }
    let mut running = Clamd::start();
    let settings = clamav::Settings {
        clamd: running.socket().display().to_string(),
        when_away: clamav::WhenAway::Refuse,
        seconds: 20,
    };
    let scanner = clamav::Clamd::new(&settings).unwrap();
    assert_eq!(scanner.check().await, Ok(()));
    running.stop();
    assert_eq!(scanner.check().await.unwrap_err().code, "scanner-away");
}
