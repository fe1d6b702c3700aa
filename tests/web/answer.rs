//! Fetching the answer: a fresh code, the letter to read, downloads that count only when they arrive.

use std::io::{Read, Write};

use rechtzeitig::casework::FilePurpose;
use rechtzeitig::casework::collection::TaskAnswer;
use rechtzeitig::casework::filing::Upload;
use rechtzeitig::domain::collection::Outcome;
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::door::{Answer, Door};
use crate::support::office::Office;
use crate::support::people::Subject;

const FETCHED: &str = "SELECT count(*) AS count FROM event WHERE kind = 'delivery.fetched'";

/// Until the server has noted so many downloads; it does so beside the connection.
async fn noted(office: &Office, downloads: i64) {
    for _ in 0..500 {
        if office.number_of(FETCHED).await == downloads {
            return;
        }
        // The server tells nobody that it noted one; one can only look.
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!(
        "{} downloads noted instead of {downloads}",
        office.number_of(FETCHED).await
    );
}

async fn answered(office: &Office, subject: &Subject) -> String {
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let receipt = subject.asks_and_confirms(office, &[Right::Access]).await;
    vera.answers_access(office, receipt.case).await;
    office.jobs_run().await;
    let answer = subject.link(office, "answer").text();
    office.keep_secret(&answer);
    format!("/answer/{answer}")
}

async fn code(office: &Office, subject: &Subject) -> String {
    office.jobs_run().await;
    subject.mails(office).last().expect("a mail").code()
}

fn actions(page: &Answer) -> Vec<String> {
    let text = page.text();
    text.split("action=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .filter(|path| path.contains("/file/"))
        .collect()
}

#[tokio::test]
async fn the_letter_is_read_and_the_package_fetched_after_a_fresh_code() {
    let office = Office::open().await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-c1.example");
    let path = answered(&office, &johanna).await;
    let door = Door::open(&office);

    let closed = door.get(&path).text();
    assert!(
        closed.contains("j…@post-c1.example")
            && !closed.contains("Beispielhuber")
            && !closed.contains("Leuchte")
    );
    let sent = door.post(&path, &[("do", "code")]);
    assert_eq!(sent.location(), format!("{path}?code=1"));
    let first = code(&office, &johanna).await;
    // A second one within the minute is not sent, and the page is the same.
    assert_eq!(
        door.post(&path, &[("do", "code")]).location(),
        sent.location()
    );
    assert_eq!(code(&office, &johanna).await, first);

    let wrong = if first == "000000" {
        "000001"
    } else {
        "000000"
    };
    for (typed, words) in [
        ("", "Geben Sie den Code ein"),
        (wrong, "Der Code stimmt nicht"),
    ] {
        let page = door.post(&path, &[("do", "open"), ("code", typed)]);
        assert!(
            page.status == 422 && page.text().contains(words),
            "{}",
            page.text()
        );
    }
    let open = door.post(
        &path,
        &[
            ("do", "open"),
            ("code", &format!("{} {}", &first[..3], &first[3..])),
        ],
    );
    let text = open.text();
    assert!(
        open.status == 200
            && text.contains("id=\"letter-subject\"")
            && text.contains("Leuchte Modell 7"),
        "{text}"
    );
    assert!(!text.contains(" style="));
    let pass = open.field("pass");
    office.keep_secret(&pass);
    assert_eq!(
        door.post(&path, &[("do", "open"), ("code", &first)]).status,
        422,
        "a code opens once"
    );

    let files = actions(&open);
    assert_eq!(files.len(), 2);
    assert_eq!(
        office.number_of(FETCHED).await,
        0,
        "reading the page is no download"
    );
    assert_eq!(door.get(&files[0]).status, 405);
    assert_eq!(
        door.post(&files[0], &[]).location(),
        path,
        "no pass, back to the code"
    );
    assert_eq!(
        door.post(&files[0], &[("pass", "AAECAwQFBgcICQoLDA0ODw")])
            .location(),
        path
    );
    assert_eq!(
        door.post(&format!("{path}/file/1"), &[("pass", &pass)])
            .status,
        404
    );

    let letter = door.post(&files[0], &[("pass", &pass)]);
    assert_eq!(letter.header("content-type"), Some("application/pdf"));
    assert!(
        letter
            .header("content-disposition")
            .unwrap()
            .starts_with("attachment; filename=\"2026-")
    );
    assert!(
        letter.body.starts_with(b"%PDF")
            && letter.header("content-length").unwrap() == letter.body.len().to_string()
    );
    noted(&office, 1).await;
    let package = door.post(&files[1], &[("pass", &pass)]);
    assert!(package.body.starts_with(b"PK"));
    noted(&office, 2).await;

    office.minutes_pass(61);
    assert_eq!(
        door.post(&files[0], &[("pass", &pass)]).location(),
        path,
        "after an hour a new code is needed"
    );
}

#[tokio::test]
async fn a_download_that_breaks_off_does_not_count() {
    let office = Office::open().await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-c2.example");
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let receipt = johanna.asks_and_confirms(&office, &[Right::Access]).await;
    vera.confirms_identity(&office, receipt.case).await;
    // What does not compress, and more of it than fits between the server and a caller who does not read.
    let mut drawn = 1_u64;
    let bytes: Vec<u8> = std::iter::repeat_with(|| {
        drawn = drawn
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        drawn.to_be_bytes()[0]
    })
    .take(14_000_000)
    .collect();
    let upload = Upload {
        name: "auszug.bin".to_owned().into(),
        media_type: String::new(),
        bytes,
    };
    let files = office
        .file_for_case(
            office.company(),
            Some(receipt.case),
            FilePurpose::Finding,
            &[upload],
        )
        .await
        .unwrap();
    let (case, seen) = vera.sees(&office, receipt.case).await;
    let task = case
        .collection
        .tasks
        .iter()
        .find(|task| task.name == "Warenwirtschaft")
        .unwrap();
    let found = Outcome::Found {
        text: "Auszug".to_owned().into(),
        files: vec![files[0].id()],
    };
    let answer = TaskAnswer {
        system: task.system,
        outcome: found,
    };
    office
        .answer_tasks(&vera.scope, receipt.case, seen, vec![answer], files)
        .await
        .unwrap();
    vera.finds_nothing_else(&office, receipt.case).await;
    vera.decides(
        &office,
        receipt.case,
        Right::Access,
        Decision::Granted {
            text: "".to_owned().into(),
        },
    )
    .await;
    vera.releases(&office, receipt.case, Way::Portal).await;
    office.jobs_run().await;
    let answer = johanna.link(&office, "answer");
    let pass = johanna.opens_answer(&office, &answer).await.text();
    let page = office.answer_page(&answer).await.unwrap();
    let (package, size) = page.package.unwrap();
    assert!(size > 13_000_000, "{size}");
    let door = Door::open(&office);
    let path = format!("/answer/{}/file/{}", answer.text(), package.0);

    let body = format!("pass={pass}");
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut line = door.line();
    line.write_all(request.as_bytes()).unwrap();
    line.read_exact(&mut [0; 1000]).unwrap();
    drop(line);
    // The whole one afterwards is noted, and it is the only one.
    let whole = door.post(&path, &[("pass", &pass)]);
    assert_eq!(whole.body.len() as u64, size);
    noted(&office, 1).await;
}

#[tokio::test]
async fn an_answer_whose_time_is_over_can_be_made_ready_again() {
    let office = Office::open().await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-c3.example");
    let path = answered(&office, &johanna).await;
    office.days_pass(31);
    let door = Door::open(&office);
    assert!(
        door.get(&path)
            .text()
            .contains("Die Zeit zum Abholen ist vorbei")
    );
    assert!(
        door.post(&path, &[("do", "code")])
            .text()
            .contains("Die Zeit zum Abholen ist vorbei")
    );
    door.post(&path, &[("do", "renew")]).location();
    assert!(door.get(&path).text().contains("Ihre Antwort liegt bereit"));
}

#[tokio::test]
async fn five_wrong_codes_spend_it_and_the_right_one_comes_too_late() {
    let office = Office::open().await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-c4.example");
    let path = answered(&office, &johanna).await;
    let door = Door::open(&office);
    door.post(&path, &[("do", "code")]).location();
    let right = code(&office, &johanna).await;
    let wrong = if right == "000000" {
        "000001"
    } else {
        "000000"
    };
    for _ in 0..5 {
        assert_eq!(
            door.post(&path, &[("do", "open"), ("code", wrong)]).status,
            422
        );
    }
    assert_eq!(
        door.post(&path, &[("do", "open"), ("code", &right)]).status,
        422
    );
    office.minutes_pass(2);
    door.post(&path, &[("do", "code")]).location();
    let fresh = code(&office, &johanna).await;
    assert_eq!(
        door.post(&path, &[("do", "open"), ("code", &fresh)]).status,
        200,
        "nobody is locked out"
    );
}
