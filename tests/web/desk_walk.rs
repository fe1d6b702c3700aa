//! Every address of the desk, tried by everybody: without a session, in each role, and from another controller.

use chrono::TimeDelta;
use rechtzeitig::casework::FilePurpose;
use rechtzeitig::casework::filing::Upload;
use rechtzeitig::domain::decision::{Decision, Ground, Remainder};
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::web::office::acts::Kind;
use rechtzeitig::web::{account, admin, office as desk};

use super::desk::Door;
use crate::support::office::Office;
use crate::support::people::Clerk;

/// What the addresses are about: something of the company.
struct Place {
    case: String,
    file: String,
    controller: String,
    system: String,
    clerk: String,
    followup: String,
    mail: String,
}

async fn place(office: &Office, vera: &Clerk) -> Place {
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-w1.example");
    let case = johanna
        .asks_and_confirms(office, &[Right::Access])
        .await
        .case;
    let upload = Upload {
        name: "scan.txt".to_owned().into(),
        media_type: "text/plain".into(),
        bytes: b"Schachtelhalm".to_vec(),
    };
    let files = office
        .file_for_case(office.company(), Some(case), FilePurpose::Note, &[upload])
        .await
        .expect("a sealed file");
    let file = files[0].id();
    office
        .note(&vera.scope, case, 0, "Notiz", files)
        .await
        .expect("a note");
    let system = office
        .systems(&vera.scope, office.company())
        .await
        .expect("a register")[0]
        .id;
    Place {
        case: case.to_string(),
        file: file.to_string(),
        controller: office.company().to_string(),
        system: system.to_string(),
        clerk: vera.id.to_string(),
        followup: follow_up(office, vera).await,
        mail: mail(office, vera).await,
    }
}

/// A mail that waits for a person, with a formatted text and a file.
async fn mail(office: &Office, vera: &Clerk) -> String {
    let raw = b"From: Sven Utland <sven@post-w3.example>\r\nSubject: Hej\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n\
        --B\r\nContent-Type: text/html\r\n\r\n<p>Jag vill veta vad ni har om mig.</p>\r\n\
        --B\r\nContent-Type: image/png; name=bild.png\r\n\r\nx\r\n--B--\r\n";
    let taken = office
        .hand_in_mail(&vera.scope, office.company(), raw.to_vec())
        .await
        .expect("a mail that is kept");
    office.jobs_run().await;
    taken[0].to_string()
}

/// Something that comes back on a day.
async fn follow_up(office: &Office, vera: &Clerk) -> String {
    let keeps = office.subject("Karl Bleibtnoch", "karl@post-w2.example");
    let case = keeps
        .asks_and_confirms(office, &[Right::Erasure])
        .await
        .case;
    vera.confirms_identity(office, case).await;
    vera.finds(office, case, "Warenwirtschaft", "Rechnung")
        .await;
    vera.finds_nothing_else(office, case).await;
    let ground = Ground::new("§ 147 AO", "Rechnung vom Mai 2024").unwrap();
    let until = "2032-12-31".parse().ok();
    let rest = Remainder::new("Rechnung", ground.clone(), until);
    let partly = Decision::partly("", vec![ground], vec![rest]).unwrap();
    vera.decides(office, case, Right::Erasure, partly).await;
    vera.carries_out(
        office,
        case,
        Right::Erasure,
        "Warenwirtschaft",
        "Konto entfernt",
    )
    .await;
    let (days, since) = (TimeDelta::days(2200), office.now());
    office.clock.advance(days);
    let all = office.follow_ups(&vera.scope).await.unwrap();
    office.clock.set(since);
    all.first().expect("a follow-up").1.id.to_string()
}

/// Every address with something in its braces; an act's address becomes one for each act.
fn addresses(place: &Place) -> Vec<(&'static str, String)> {
    let all = desk::ROUTES
        .iter()
        .chain(&admin::ROUTES)
        .chain(&account::ROUTES);
    let mut addresses = Vec::new();
    for (method, pattern) in all {
        let path = pattern
            .replace("{case}", &place.case)
            .replace("{file}", &place.file)
            .replace("{message}", "17")
            .replace("{mail}", &place.mail)
            .replace("{part}", "1")
            .replace("{notice}", "1")
            .replace("{controller}", &place.controller)
            .replace("{ledger}", &place.controller)
            .replace("{system}", &place.system)
            .replace("{clerk}", &place.clerk)
            .replace("{finding}", "17")
            .replace("{at}", "0")
            .replace("{page}", "0")
            .replace("{followup}", &place.followup)
            .replace("{token}", "AAAAAAAAAAAAAAAAAAAAAA");
        if path.contains("{act}") {
            addresses.extend(Kind::ALL.map(|kind| (*method, path.replace("{act}", kind.code()))));
        } else {
            addresses.push((*method, path));
        }
    }
    addresses
}

/// What is open to strangers: the door, and what a secret in the path opens.
fn outside(path: &str) -> bool {
    path == "/sign-in" || path.starts_with("/welcome/") || path.starts_with("/feed/")
}

/// Whether the address is about something that belongs to the company.
fn of_the_company(path: &str, place: &Place) -> bool {
    let ids = [
        &place.case,
        &place.file,
        &place.system,
        &place.clerk,
        &place.followup,
        &place.mail,
        &place.controller,
    ];
    path.split('/')
        .skip(2)
        .any(|part| ids.iter().any(|id| *id == part))
        || path.contains("/inbox/")
}

#[actix_web::test]
async fn without_a_session_every_page_leads_to_the_door_and_no_form_is_taken() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Aktenberg", Role::Admin).await;
    let place = place(&office, &vera).await;
    let door = Door::of(&office).await;
    let stranger = door.stranger();
    let before = office
        .number_of("SELECT count(*) AS count FROM event")
        .await;
    for (method, path) in addresses(&place) {
        if outside(&path) {
            continue;
        }
        if method == "GET" {
            let answer = stranger.looks(&path).await;
            assert_eq!(answer.status, 303, "{path}");
            assert!(
                answer.to.starts_with("/sign-in?to=/"),
                "{path} leads to {}",
                answer.to
            );
        } else {
            let answer = stranger.sends_bare(&path, &[("csrf", "x")]).await;
            assert_eq!(answer.status, 401, "{path}");
            answer
                .says("Ihre Sitzung ist beendet")
                .never_says("Beispielhuber");
        }
    }
    for secret in [
        "/welcome/AAAAAAAAAAAAAAAAAAAAAA",
        "/feed/AAAAAAAAAAAAAAAAAAAAAA",
        "/welcome/x",
    ] {
        stranger.looks(secret).await.is(410);
    }
    assert_eq!(
        office
            .number_of("SELECT count(*) AS count FROM event")
            .await,
        before
    );
}

#[actix_web::test]
async fn nothing_of_another_controller_is_there_even_for_its_administrator() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Aktenberg", Role::Admin).await;
    let place = place(&office, &vera).await;
    let konrad = office
        .clerk_of("Konrad Tausendfach", &[(office.trader(), Role::Admin)])
        .await;
    let door = Door::of(&office).await;
    let konrad = door.clerk(&office, &konrad).await;
    let before = office
        .number_of("SELECT count(*) AS count FROM event")
        .await;
    for (method, path) in addresses(&place) {
        if outside(&path) || path == "/sign-out" {
            continue;
        }
        let answer = if method == "GET" {
            konrad.looks(&path).await
        } else if of_the_company(&path, &place) {
            konrad.sends(&path, &[]).await
        } else {
            continue;
        };
        if of_the_company(&path, &place) {
            assert_eq!(answer.status, 404, "{method} {path}:\n{}", answer.text);
        } else {
            assert_eq!(answer.status, 200, "{method} {path}:\n{}", answer.text);
        }
        answer
            .never_says("Beispielhuber")
            .never_says("Schachtelhalm")
            .never_says("Vera Aktenberg")
            .never_says("Warenwirtschaft");
    }
    assert_eq!(
        office
            .number_of("SELECT count(*) AS count FROM event")
            .await,
        before
    );
}

#[actix_web::test]
async fn each_role_sees_its_pages_and_a_look_changes_nothing() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Aktenberg", Role::Admin).await;
    let place = place(&office, &vera).await;
    let door = Door::of(&office).await;
    for role in Role::ALL {
        let clerk = office.clerk(&format!("Kim {}", role.code()), role).await;
        let visitor = door.clerk(&office, &clerk).await;
        let before = office
            .number_of("SELECT count(*) AS count FROM event")
            .await;
        for (method, path) in addresses(&place) {
            if outside(&path) || method != "GET" {
                continue;
            }
            let answer = visitor.looks(&path).await;
            let least = least(&path);
            let expected = match &path {
                // The case is new: there is no letter yet.
                path if path.ends_with("letter.pdf") && role >= Role::Handler => 404,
                // Nothing is connected, so nothing was found.
                path if path.contains("/findings/17") && role >= Role::Handler => 404,
                // A whole file is taken out by who decides, or by who audits.
                path if path.ends_with("/dossier") && role == Role::Handler => 403,
                _ if role >= least => 200,
                _ => 403,
            };
            assert_eq!(
                answer.status, expected,
                "{role:?} looks at {path}:\n{}",
                answer.text
            );
        }
        assert_eq!(
            office
                .number_of("SELECT count(*) AS count FROM event")
                .await,
            before,
            "a look changed something"
        );
    }
}

#[actix_web::test]
async fn an_act_needs_its_role_and_the_token_of_the_session() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Aktenberg", Role::Admin).await;
    let place = place(&office, &vera).await;
    let door = Door::of(&office).await;
    let auditor = office.clerk("Pia Prüfung", Role::Auditor).await;
    let auditor = door.clerk(&office, &auditor).await;
    let admin = door.clerk(&office, &vera).await;
    let before = office
        .number_of("SELECT count(*) AS count FROM event")
        .await;
    for (method, path) in addresses(&place) {
        if method == "GET" || outside(&path) {
            continue;
        }
        admin
            .sends_bare(&path, &[("csrf", &auditor.csrf)])
            .await
            .is(403);
        admin.sends_bare(&path, &[]).await.is(403);
        let own = path.starts_with("/account") || path == "/sign-out" || path.contains("/ledger/");
        // Looked up or taken out by a form, so that neither stands in an address; nothing of a case changes.
        let own = own || path == "/desk/suppression" || path.ends_with("/dossier");
        if !own {
            let answer = auditor
                .sends(
                    &path,
                    &[("seen", "1"), ("told", "0"), ("note", "x"), ("text", "x")],
                )
                .await;
            // A message that does not exist is not there for anybody.
            let expected = if path.contains("/inbox/") { 404 } else { 403 };
            assert_eq!(
                answer.status, expected,
                "an auditor sends {path}:\n{}",
                answer.text
            );
        }
    }
    assert_eq!(
        office
            .number_of("SELECT count(*) AS count FROM event")
            .await,
        before
    );
}

#[actix_web::test]
async fn every_page_with_personal_data_leaves_one_line_in_the_access_log() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Aktenberg", Role::Admin).await;
    let place = place(&office, &vera).await;
    let door = Door::of(&office).await;
    let visitor = door.clerk(&office, &vera).await;
    let looks = async || {
        office
            .number_of("SELECT count(*) AS count FROM access")
            .await
    };
    for path in [
        "/desk".to_owned(),
        format!("/desk/cases/{}", place.case),
        format!("/desk/cases/{}/identity", place.case),
        format!("/desk/files/{}", place.file),
        "/desk/mail".to_owned(),
        format!("/desk/mail/{}", place.mail),
    ] {
        let before = looks().await;
        visitor.looks(&path).await.is(200);
        assert_eq!(looks().await, before + 1, "{path}");
    }
}

/// The least role that may look at a page.
fn least(path: &str) -> Role {
    let last = path.rsplit('/').next().unwrap_or_default();
    if path.contains("/cases/")
        && let Some(kind) = Kind::from_code(last)
    {
        return kind.least();
    }
    // What connected systems hold is for who works on the case.
    if path.ends_with("/systems") || path.ends_with("/progress") || path.contains("/findings") {
        return Role::Handler;
    }
    if path.starts_with("/desk/house") || path.starts_with("/desk/register/") {
        return Role::Admin;
    }
    if path.ends_with("/acting") || path.ends_with("/desk/sources") {
        return Role::Handler;
    }
    if path.starts_with("/desk/new") || path.ends_with("letter.pdf") {
        return Role::Handler;
    }
    Role::Auditor
}
