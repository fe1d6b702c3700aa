//! The pages of the mail that came in: handed in as a file, looked at beside its proposal, accepted, corrected, dismissed.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use fantoccini::Locator;
use rechtzeitig::domain::ids::IncomingId;
use rechtzeitig::domain::incoming::IncomingState;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::desk::Door;
use super::desk_browser::{open, sit_down};
use crate::support::axe::assert_accessible;
use crate::support::browser::{self, Browser};
use crate::support::office::Office;
use crate::support::people::Clerk;

const HEJ: &[u8] = b"From: Sven Utland <sven@post.example>\r\nSubject: Hej <script>alert(1)</script>\r\n\r\nJag vill veta \
                     vad ni har om mig. <img src=x onerror=alert(1)>\r\n";

#[actix_web::test]
async fn a_mail_that_nobody_understands_is_shown_and_accepted_with_what_a_person_says() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let hans = door.clerk(&office, &helper).await;
    hans.looks("/desk/mail")
        .await
        .is(200)
        .says("Nichts zu prüfen");
    let none = hans.sends("/desk/mail", &[]).await;
    none.is(422).says("mail-error");
    office
        .hand_in_mail(&helper.scope, office.company(), HEJ.to_vec())
        .await
        .unwrap();
    office.jobs_run().await;
    let waiting = office
        .mails(&helper.scope, IncomingState::Unclear, 10)
        .await
        .unwrap();
    let page = format!("/desk/mail/{}", waiting[0].id);
    hans.looks("/desk/mail").await.is(200).says(&page);
    let shown = hans.looks(&page).await;
    shown.is(200).says("Jag vill veta");
    assert!(!shown.text.contains("<script>alert"), "{}", shown.text);
    assert!(!shown.text.contains("<img src=x"), "{}", shown.text);

    let wrong = [
        ("do", "open"),
        ("rights", "15"),
        ("name", ""),
        ("received", "2026-03-02"),
    ];
    let back = hans.sends(&page, &wrong).await;
    back.is(422).says("name-error");
    let right = [
        ("do", "open"),
        ("rights", "15"),
        ("rights", "17"),
        ("name", "Sven Utland"),
        ("email", "sven@post.example"),
        ("received", "2026-02-27"),
        ("lang", "en"),
        ("on-behalf", "own"),
    ];
    let done = hans.sends(&page, &right).await;
    let to = done.is(303).to.clone();
    assert!(to.starts_with("/desk/cases/"), "{to}");
    hans.looks(&to).await.is(200).says("Sven Utland");
    let id = to.rsplit('/').next().unwrap().parse().unwrap();
    let (case, _) = helper.sees(&office, id).await;
    assert_eq!(case.intake.received, "2026-02-27".parse().unwrap());
    assert!(case.item(Right::Access).is_some() && case.item(Right::Erasure).is_some());
    // Sent again it leads to the same case.
    assert_eq!(hans.sends(&page, &right).await.is(303).to, to);
}

#[actix_web::test]
async fn a_mail_is_laid_into_a_case_by_its_number_or_dismissed() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let hans = door.clerk(&office, &helper).await;
    let nina = office.subject("Nina Nachbar", "nina@post-k1.example");
    let case = nina.asks_and_confirms(&office, &[Right::Access]).await.case;
    let number = helper.sees(&office, case).await.0.number.clone();
    for other in ["Hej ett", "Hej tva"] {
        let raw =
            format!("From: Sven <sven@post.example>\r\nSubject: {other}\r\n\r\nJag vill veta.\r\n");
        office
            .hand_in_mail(&helper.scope, office.company(), raw.into_bytes())
            .await
            .unwrap();
    }
    office.jobs_run().await;
    let waiting = office
        .mails(&helper.scope, IncomingState::Unclear, 10)
        .await
        .unwrap();
    let [first, second] = waiting.as_slice() else {
        panic!("{waiting:?}");
    };
    let page = format!("/desk/mail/{}", first.id);
    let wrong = hans
        .sends(&page, &[("do", "join"), ("number", "2026-ZZZZZ-9")])
        .await;
    wrong.is(422).says("first-error");
    let done = hans
        .sends(&page, &[("do", "join"), ("number", &number)])
        .await;
    assert_eq!(done.is(303).to, format!("/desk/cases/{case}"));
    hans.looks(&done.to)
        .await
        .is(200)
        .says("Diese Adresse gehört nicht zur Person");
    let page = format!("/desk/mail/{}", second.id);
    let done = hans.sends(&page, &[("do", "nothing")]).await;
    hans.looks(&done.is(303).to)
        .await
        .is(200)
        .says("kein Antrag");
    assert_eq!(office.waiting(&helper.scope, 10).await.unwrap(), 0);
}

#[actix_web::test]
async fn what_only_deciders_see_is_hidden_on_the_pile_too() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let chief = office.clerk("Vera Entscheid", Role::Decider).await;
    let (hans, vera) = (
        door.clerk(&office, &helper).await,
        door.clerk(&office, &chief).await,
    );
    office
        .hand_in_mail(&helper.scope, office.company(), HEJ.to_vec())
        .await
        .unwrap();
    office.jobs_run().await;
    let waiting = office
        .mails(&helper.scope, IncomingState::Unclear, 10)
        .await
        .unwrap();
    let page = format!("/desk/mail/{}", waiting[0].id);
    let closed_off = [
        ("do", "open"),
        ("rights", "15"),
        ("name", "Sven Utland"),
        ("received", "2026-02-27"),
        ("lang", "de"),
        ("on-behalf", "own"),
        ("confidential", "yes"),
    ];
    assert_eq!(hans.sends(&page, &closed_off).await.is(303).to, "/desk");
    let pile = "/desk/mail?pile=case";
    let seen = hans.looks(pile).await;
    assert!(!seen.is(200).text.contains("sven@post.example"));
    hans.looks(&page).await.is(404);
    vera.looks(pile).await.is(200).says("sven@post.example");
}

/// Takes in a message and has it read.
async fn taken(office: &Office, clerk: &Clerk, raw: &str) -> IncomingId {
    let raw = raw.replace('\n', "\r\n").into_bytes();
    let taken = office.hand_in_mail(&clerk.scope, office.company(), raw);
    let taken = taken.await.expect("a mail that is kept");
    office.jobs_run().await;
    taken[0]
}

const WITH_FILES: &str = "From: Sven Utland <sven@post.example>\nSubject: Hej\nContent-Type: multipart/mixed; boundary=B\n\n\
    --B\nContent-Type: multipart/alternative; boundary=A\n\n--A\n\nJag vill veta vad ni har om mig.\n\
    --A\nContent-Type: text/html; charset=utf-8\n\n<h1>Hej</h1><p onclick=alert(1)>Jag <b>vill</b> veta vad ni har om mig.<script>alert(1)</script>\n--A--\n\
    --B\nContent-Type: text/html; name=\"../Sidan \u{202e}lmth.exe\"\nContent-Disposition: inline; filename*=utf-8''..%2FSidan%20%E2%80%AElmth.exe\n\n<script>alert(2)</script>\n\
    --B\nContent-Type: message/rfc822\n\nFrom: a@b.example\nSubject: Inre\n\nText\n\
    --B\nContent-Type: application/ms-tnef\n\nTNEF\n--B--\n";

#[actix_web::test]
async fn what_came_with_a_mail_is_a_download_of_no_kind_and_never_shown() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let hans = door.clerk(&office, &helper).await;
    let id = taken(&office, &helper, WITH_FILES).await;
    let page = hans.looks(&format!("/desk/mail/{id}")).await;
    page.is(200)
        .says("Sidan lmth.exe")
        .says("Das ist ein Programm")
        .says("Inre.eml")
        .says("Outlook-Anlage")
        .says("Niemand prüft die Anhänge");
    let file = hans.looks(&format!("/desk/mail/{id}/part/1")).await;
    assert_eq!(file.is(200).text, "<script>alert(2)</script>");
    assert_eq!(file.kind, "application/octet-stream");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(
        file.header("content-security-policy"),
        "sandbox; default-src 'none'"
    );
    let name = file.header("content-disposition");
    assert!(
        name.starts_with("attachment; filename=\"Sidan lmth.exe\""),
        "{name}"
    );
    let inner = hans.looks(&format!("/desk/mail/{id}/part/2")).await;
    inner.is(200).says("Subject: Inre");
    let tnef = hans.looks(&format!("/desk/mail/{id}/part/3")).await;
    assert_eq!(tnef.is(200).text, "TNEF");
    assert!(tnef.header("content-disposition").contains("Anhang-3"));
    for other in ["0", "4", "18446744073709551615", "-1", "x"] {
        hans.looks(&format!("/desk/mail/{id}/part/{other}"))
            .await
            .is(404);
    }
    // Each of them is written down as a look.
    let looks = "SELECT count(*) AS count FROM access WHERE page = 'mail-file'";
    assert_eq!(office.number_of(looks).await, 3);
}

#[actix_web::test]
async fn a_formatted_text_is_shown_in_few_elements_behind_a_wall_of_its_own() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let hans = door.clerk(&office, &helper).await;
    let id = taken(&office, &helper, WITH_FILES).await;
    let desk = hans.looks(&format!("/desk/mail/{id}")).await;
    desk.is(200)
        .says(&format!(
            "<iframe class=\"mail\" sandbox src=\"/desk/mail/{id}/page\" title="
        ))
        .says("Als reiner Text");
    let page = hans.looks(&format!("/desk/mail/{id}/page")).await;
    page.is(200)
        .says("<h1>Hej</h1><p>Jag <b>vill</b> veta vad ni har om mig.</p>")
        .never_says("alert");
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("sandbox; default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(policy.ends_with("frame-ancestors 'self'"), "{policy}");
    assert!(
        !policy.contains("unsafe") && !policy.contains("allow-"),
        "{policy}"
    );
    assert_eq!(page.header("referrer-policy"), "no-referrer");

    let plain =
        "From: Sven <sven@post.example>\nSubject: Hej\n\nJag vill veta vad ni har om mig.\n";
    let plain = taken(&office, &helper, plain).await;
    hans.looks(&format!("/desk/mail/{plain}/page"))
        .await
        .is(404);
    hans.looks(&format!("/desk/mail/{plain}"))
        .await
        .is(200)
        .never_says("<iframe");
    let twofold = "From: Sven <sven@post.example>\nSubject: Hej igen\nContent-Type: multipart/alternative; boundary=A\n\n\
        --A\n\nSchicken Sie nichts, ich bin zufrieden mit allem.\n--A\nContent-Type: text/html\n\n<p>Jag vill veta vad ni har om mig och mina barn.\n--A--\n";
    let twofold = taken(&office, &helper, twofold).await;
    let both = hans.looks(&format!("/desk/mail/{twofold}")).await;
    both.is(200)
        .says("Reiner Text: er sagt etwas anderes")
        .says("ich bin zufrieden");
}

#[actix_web::test]
async fn who_may_not_see_the_case_gets_none_of_its_mail_in_parts() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let chief = office.clerk("Vera Entscheid", Role::Decider).await;
    let (hans, vera) = (
        door.clerk(&office, &helper).await,
        door.clerk(&office, &chief).await,
    );
    let id = taken(&office, &helper, WITH_FILES).await;
    let page = format!("/desk/mail/{id}");
    let closed_off = [
        ("do", "open"),
        ("rights", "15"),
        ("name", "Sven Utland"),
        ("received", "2026-02-27"),
        ("lang", "de"),
        ("on-behalf", "own"),
        ("confidential", "yes"),
    ];
    hans.sends(&page, &closed_off).await.is(303);
    for part in ["page", "part/1", "part/99"] {
        hans.looks(&format!("{page}/{part}")).await.is(404);
    }
    vera.looks(&format!("{page}/part/1")).await.is(200);
    let pile = vera.looks("/desk/mail?pile=case").await;
    let case = pile.text.split("/desk/cases/").nth(1).unwrap();
    let case = case.split('"').next().unwrap();
    // The case leads back to the mail with its files.
    let case = vera.looks(&format!("/desk/cases/{case}")).await;
    case.is(200).says(&page).says("E-Mail mit Anhängen ansehen");
}

/// A place on the Internet that writes down what is asked of it.
struct Trap {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Trap {
    fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its number").port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let book = Arc::clone(&asked);
        std::thread::spawn(move || {
            for line in listener.incoming() {
                let Ok(mut line) = line else { continue };
                let book = Arc::clone(&book);
                std::thread::spawn(move || {
                    let mut said = [0; 1024];
                    let read = line.read(&mut said).unwrap_or(0);
                    let said = String::from_utf8_lossy(&said[..read]);
                    let said = said
                        .lines()
                        .next()
                        .unwrap_or("a line and no word")
                        .to_owned();
                    book.lock().expect("a book").push(said);
                    let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
                    line.write_all(answer).ok();
                });
            }
        });
        Self { port, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("a book").clone()
    }
}

#[actix_web::test]
async fn no_request_leaves_the_page_of_a_hostile_mail_and_no_script_runs() {
    if !browser::available() {
        return;
    }
    let office = Office::open().await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let trap = Trap::set();
    let out = format!("http://127.0.0.1:{}", trap.port);
    let html = format!(
        "<html><head><base href={out}/><meta http-equiv=refresh content='0;url={out}/refresh'><link rel=stylesheet href={out}/css>\
         <style>@import url({out}/import);body{{background:url({out}/style)}}</style><script src={out}/js></script></head>\
         <body background={out}/body onload=\"top.document.title='boese'\"><h1>Hej</h1><p style='background:url({out}/inline)'>Jag vill veta vad ni har om mig, alltså allting.</p>\
         <img src={out}/img srcset='{out}/set 2x' onerror=\"top.document.title='boese'\"><video poster={out}/poster><source src={out}/video></video>\
         <iframe src={out}/frame></iframe><object data={out}/object></object><embed src={out}/embed>\
         <svg><image href={out}/svg /><script>top.document.title='boese'</script></svg><link rel=prefetch href={out}/prefetch><link rel=dns-prefetch href={out}>\
         <script>top.document.title='boese';document.title='boese';fetch('{out}/fetch')</script>\
         <form action={out}/form><input name=a autofocus onfocus=\"top.document.title='boese'\"><button>Senden</button></form>\
         <table><tr><td>en rad</td><td>en annan</td></tr></table><blockquote>som jag skrev</blockquote>\
         <p><a href={out}/click ping={out}/ping>Din bank</a></p></body></html>"
    );
    let raw = format!(
        "From: Sven <sven@post.example>\nSubject: Hej\nContent-Type: text/html; charset=utf-8\n\n{html}\n"
    );
    let id = taken(&office, &helper, &raw).await;
    let (serve, cookie) = open(&office).await;
    let base = format!("http://localhost:{}", serve.addr().port());
    for (name, browser) in [
        ("wide-light", Browser::desk()),
        ("wide-dark", Browser::desk().dark()),
        ("narrow-light", Browser::phone()),
        ("narrow-dark", Browser::phone().dark()),
    ] {
        let window = browser.open().await;
        sit_down(&window, &base, &cookie).await;
        let page = format!("{base}/desk/mail/{id}");
        window.goto(&page).await.expect("the mail");
        window.picture(&format!("mail-hostile-{name}")).await;
        assert!(!window.overflows().await, "{name}");
        assert_accessible(&window, name).await;
        let title = window.title().await.expect("a title");
        assert!(title.contains("Hej") && !title.contains("boese"), "{title}");

        window
            .goto(&format!("{page}/page"))
            .await
            .expect("its formatted text");
        let title = window.title().await.expect("a title");
        assert_eq!(title, "Formatierte Fassung der E-Mail");
        let text = window.find(Locator::Css("body")).await.expect("a body");
        let text = text.text().await.expect("its words");
        assert!(text.contains("alltså allting"), "{text}");
        assert!(text.contains("Din bank [127.0.0.1]"), "{text}");
        window.picture(&format!("mail-page-{name}")).await;
        // Not even a line was opened.
        assert_eq!(trap.asked(), Vec::<String>::new(), "{name}");
    }
    // A link leads nowhere from here, also for who follows it. Browsers may open a line when the button goes down;
    // nothing is said on it.
    let window = Browser::desk().open().await;
    sit_down(&window, &base, &cookie).await;
    let alone = format!("{base}/desk/mail/{id}/page");
    window.goto(&alone).await.expect("the formatted text");
    let link = Locator::LinkText("Din bank [127.0.0.1]");
    let link = window.find(link).await.expect("the link");
    link.click().await.expect("a click");
    let at = window.current_url().await.expect("an address");
    assert_eq!(at.as_str(), alone);
    assert_eq!(window.windows().await.expect("all windows").len(), 1);
    let said = |asked: Vec<String>| asked.into_iter().find(|it| it.contains("HTTP"));
    assert_eq!(said(trap.asked()), None);
    // The trap works.
    window.goto(&format!("{out}/caught")).await.ok();
    let caught = said(trap.asked()).expect("somebody who came");
    assert!(caught.contains("/caught"), "{caught}");
    serve.stop().await;
}
