//! Posts that are too large, cut off, in the wrong letters, from elsewhere, or made to break something.

use std::io::Read;

use super::{as_pairs, whole};
use crate::support::door::{Answer, Door};
use crate::support::office::Office;

const ALL: &str = "/kontor/request/all";

async fn nothing_filed(office: &Office) {
    assert_eq!(
        office
            .number_of("SELECT count(*) AS count FROM cases")
            .await,
        0
    );
}

fn a_page(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}\n{}", answer.head, answer.text());
    let text = answer.text();
    assert!(
        text.contains("lang=\"de\"") && text.contains("lang=\"en\""),
        "{text}"
    );
}

#[tokio::test]
async fn what_cannot_be_read_gets_a_page_that_says_so() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let plain = "Content-Type: application/x-www-form-urlencoded\r\n";
    let packed = "Content-Type: multipart/form-data; boundary=x\r\n";
    a_page(&door.ask("POST", ALL, plain, b"name=%E4&do=send"), 400);
    a_page(&door.ask("POST", ALL, plain, b"name=\xff"), 400);
    a_page(
        &door.ask(
            "POST",
            ALL,
            packed,
            b"--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\ncut",
        ),
        400,
    );
    a_page(&door.ask("POST", ALL, packed, b"no boundary anywhere"), 400);
    a_page(
        &door.ask("POST", ALL, "Content-Type: multipart/form-data\r\n", b"x"),
        400,
    );
    a_page(
        &door.ask("POST", ALL, "Content-Type: application/json\r\n", b"{}"),
        415,
    );
    a_page(&door.ask("POST", ALL, plain, &[b'a'; 4_000_000]), 413);
    let head = "POST /kontor/request/all HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 99999999999\r\n\r\n";
    a_page(&door.say(head.as_bytes()), 413);
    nothing_filed(&office).await;
}

#[tokio::test]
async fn thousands_of_fields_and_signs_that_cannot_be_seen_do_no_harm() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let mut form = whole(&door, "kontor", "johanna@post-d1.example");
    form.iter_mut()
        .filter(|(name, _)| name == "name")
        .for_each(|(_, value)| *value = "Jo\0hanna\u{202e}\r\nBcc: x".into());
    form.extend((0..5_000).map(|nth| (format!("unknown{nth}"), "x".to_owned())));
    let sent = door.post(ALL, &as_pairs(&form));
    assert!(
        door.get(sent.location())
            .text()
            .contains("Ihr Antrag ist bei uns")
    );
    office.jobs_run().await;
    assert!(
        !office
            .last_mail_to("johanna@post-d1.example")
            .raw
            .contains("Bcc: x")
    );
}

#[tokio::test]
async fn only_our_own_pages_may_post() {
    let office = Office::open().await;
    let door = Door::open(&office);
    for lines in [
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Origin: https://elsewhere.example\r\n",
        "Cookie: session=1\r\n",
    ] {
        a_page(&door.ask("POST", ALL, lines, b"do=send"), 403);
    }
    for lines in [
        "Sec-Fetch-Site: same-origin\r\n",
        "Origin: https://anfragen.kontor.example\r\n",
        "",
    ] {
        assert_eq!(
            door.ask("POST", ALL, lines, b"do=send").status,
            422,
            "{lines}"
        );
    }
    nothing_filed(&office).await;
}

#[tokio::test]
async fn every_answer_wears_the_same_protection() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let answers = [
        door.get("/kontor/request"),
        door.get("/nowhere/at/all"),
        door.get("/assets/style.css"),
        door.ask("PUT", "/kontor/request", "", b""),
        door.post("/kontor/request", &[]),
        door.get("/status/x"),
        door.ask("POST", ALL, "Sec-Fetch-Site: cross-site\r\n", b""),
    ];
    assert_eq!(
        answers
            .iter()
            .map(|answer| answer.status)
            .collect::<Vec<_>>(),
        [200, 404, 404, 405, 422, 410, 403]
    );
    for answer in &answers {
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            Some("same-origin")
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(
            answer.header("strict-transport-security").is_some(),
            "the house is reached by https"
        );
        assert!(answer.header("server").is_none() && answer.header("set-cookie").is_none());
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8")
        );
    }
    let style = door.get(rechtzeitig::web::assets::style());
    assert!(
        style
            .header("cache-control")
            .is_some_and(|cache| cache.contains("immutable"))
    );
}

#[tokio::test]
async fn who_says_nothing_is_hung_up_on() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let mut line = door.line();
    std::io::Write::write_all(&mut line, b"GET /healthz HT").unwrap();
    let mut heard = Vec::new();
    line.read_to_end(&mut heard)
        .expect("an end within the limit");
    assert!(
        heard.is_empty() || heard.starts_with(b"HTTP/1.1 408"),
        "{}",
        String::from_utf8_lossy(&heard)
    );
}
