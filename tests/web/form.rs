//! The form at the counter: nothing typed is lost, nothing is filed twice, and no robot is sent away.

use rechtzeitig::domain::scope::Role;

use super::{as_pairs, filled, send, whole};
use crate::support::door::{Answer, Door};
use crate::support::office::Office;

const FORM: &str = "/kontor/request";

async fn cases(office: &Office) -> i64 {
    office
        .number_of("SELECT count(*) AS count FROM cases")
        .await
}

fn error_page(page: &Answer, field: &str) {
    assert_eq!(page.status, 422);
    let text = page.text();
    assert!(
        text.contains("<title>Fehler: ") && text.contains(&format!("<a href=\"#{field}\">")),
        "{text}"
    );
}

#[tokio::test]
async fn four_steps_keep_all_that_was_typed_and_file_one_request() {
    let office = Office::open().await;
    let door = Door::open(&office);
    office.keep_secret("Johanna Beispielhuber");

    let wish = door.get(FORM);
    let nothing = send(&door, FORM, &wish, &[], "next");
    error_page(&nothing, "wish");

    // Both wishes, so the order is asked.
    let fields = filled(&nothing, &[("words", "Zeile 1\nZeile <2>")], "next");
    let mut fields = as_pairs(&fields);
    fields.extend([("wish", "15"), ("wish", "17")]);
    let order = door.post(FORM, &fields);
    assert!(order.text().contains("Erst die Kopie, dann löschen?"));
    let person = send(&door, FORM, &order, &[("order", "copy")], "next");
    assert!(
        person.text().contains("Schritt 2 von 4"),
        "{}",
        person.text()
    );

    // A wrong address, with a file: both stay.
    let typed = filled(
        &person,
        &[("name", "Johanna Beispielhuber"), ("email", "johanna@")],
        "next",
    );
    let wrong = door.post_files(FORM, &as_pairs(&typed), &[("vertrag.txt", b"Inhalt")]);
    error_page(&wrong, "email");
    assert_eq!(
        (wrong.field("name").as_str(), wrong.field("email").as_str()),
        ("Johanna Beispielhuber", "johanna@")
    );
    assert!(wrong.text().contains("vertrag.txt") && wrong.text().contains("6 Byte"));

    // One more file, which is taken out again; the other language, and back to German.
    let typed = filled(&wrong, &[("email", "johanna@post-a1.example")], "attach");
    let two = door.post_files(FORM, &as_pairs(&typed), &[("falsch.txt", b"x")]);
    let id = two
        .text()
        .split("value=\"remove:")
        .nth(2)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let one = send(&door, FORM, &two, &[], &format!("remove:{id}"));
    assert!(one.text().contains("vertrag.txt") && !one.text().contains("falsch.txt"));
    let english = send(&door, FORM, &one, &[], "lang:en");
    assert!(english.text().contains("Step 2 of 4") && english.text().contains("vertrag.txt"));
    let german = send(&door, FORM, &english, &[], "lang:de");

    let check = send(&door, FORM, &german, &[], "next");
    let text = check.text();
    assert!(
        text.contains("Schritt 3 von 4")
            && text.contains("Zeile &#60;2&#62;")
            && text.contains("vertrag.txt")
    );
    assert!(text.contains("Donnerstag, 2. April 2026"), "{text}");
    let back = send(&door, FORM, &check, &[], "back");
    assert_eq!(back.field("name"), "Johanna Beispielhuber");
    assert_eq!(
        cases(&office).await,
        0,
        "nothing is filed before the last button"
    );

    let sent = send(&door, FORM, &check, &[], "send");
    let again = send(&door, FORM, &check, &[], "send");
    assert_eq!(
        sent.location(),
        again.location(),
        "a second click shows the same receipt"
    );
    for _ in 0..2 {
        let receipt = door.get(sent.location()).text();
        assert!(receipt.contains("Schritt 4 von 4") && receipt.contains("johanna@post-a1.example"));
    }
    assert_eq!(cases(&office).await, 1);
    assert_eq!(
        office
            .number_of("SELECT count(*) AS count FROM file WHERE case_id IS NOT NULL")
            .await,
        1
    );
    office.minutes_pass(61);
    assert!(
        !door.get(sent.location()).text().contains("johanna@"),
        "later the address is nearly hidden"
    );
}

#[tokio::test]
async fn a_form_that_lay_open_for_days_is_shown_again_and_then_taken() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let form = whole(&door, "kontor", "johanna@post-a2.example");
    office.minutes_pass(47 * 60);
    assert_eq!(
        door.post("/kontor/request/all", &as_pairs(&form)).status,
        303,
        "two days are no time limit"
    );

    let form = whole(&door, "kontor", "johanna@post-a2.example");
    office.minutes_pass(49 * 60);
    let shown = door.post("/kontor/request/all", &as_pairs(&form));
    error_page(&shown, "main");
    assert_eq!(shown.field("name"), "Johanna Beispielhuber");
    assert_ne!(
        shown.field("form_key"),
        form.iter().find(|(name, _)| name == "form_key").unwrap().1
    );
    assert_eq!(cases(&office).await, 1);
    assert_eq!(
        send(&door, "/kontor/request/all", &shown, &[], "send").status,
        303
    );
    assert_eq!(cases(&office).await, 2);

    // One of another controller, and one that was made up.
    let foreign = door.get("/fliesen/request").field("form_key");
    for forged in [foreign.as_str(), "", "AAAA", "ÄÄ"] {
        let mut form = whole(&door, "kontor", "johanna@post-a2.example");
        form.iter_mut()
            .filter(|(name, _)| name == "form_key")
            .for_each(|(_, value)| *value = forged.into());
        error_page(&door.post("/kontor/request/all", &as_pairs(&form)), "main");
    }
    assert_eq!(cases(&office).await, 2);
}

#[tokio::test]
async fn robots_are_sorted_apart_and_never_sent_away() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let vera = office.clerk("Vera Aktenberg", Role::Handler).await;
    let suspicious = async || {
        let sorted = "SELECT count(*) AS count FROM cases WHERE apart";
        let (all, apart) = (cases(&office).await, office.number_of(sorted).await);
        (all, apart)
    };
    let path = "/kontor/request/all";
    let slow = |email: &str| {
        let form = whole(&door, "kontor", email);
        office.minutes_pass(1);
        form
    };
    door.post(path, &as_pairs(&slow("a@post-a3.example")))
        .location();
    assert_eq!(
        suspicious().await,
        (1, 0),
        "somebody who takes a minute is a person"
    );

    door.post(
        path,
        &as_pairs(&whole(&door, "kontor", "b@post-a3.example")),
    )
    .location();
    assert_eq!(suspicious().await, (2, 1), "in no time");

    let mut trapped = slow("c@post-a3.example");
    trapped
        .iter_mut()
        .filter(|(name, _)| name == "homepage")
        .for_each(|(_, value)| *value = "http://spam.example".into());
    door.post(path, &as_pairs(&trapped)).location();
    assert_eq!(suspicious().await, (3, 2), "the field that nobody sees");

    for nth in 0..12 {
        door.post(path, &as_pairs(&slow(&format!("d{nth}@post-a3.example"))))
            .location();
    }
    let (all, apart) = suspicious().await;
    assert_eq!(all, 15);
    assert!(
        (7..=10).contains(&apart),
        "more than ten a minute from one address: {apart}"
    );
    drop(vera);
}

#[tokio::test]
async fn who_is_known_and_who_is_not_cannot_be_told_apart() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let page = |email: &str| {
        let form = whole(&door, "kontor", email);
        let sent = door.post("/kontor/request/all", &as_pairs(&form));
        let token = sent.location().rsplit('/').next().unwrap().to_owned();
        let text = door.get(sent.location()).text();
        let number = text
            .split("<dd>")
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .to_owned();
        text.replace(&token, "TOKEN")
            .replace(&number, "NUMBER")
            .replace(email, "EMAIL")
    };
    let first = page("johanna@post-a4.example");
    assert_eq!(
        first,
        page("johanna@post-a4.example"),
        "here for the second time"
    );
    assert_eq!(first, page("fremd@post-a4.example"));
}

#[tokio::test]
async fn too_large_and_too_many_files_are_told_and_all_else_is_kept() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let page = door.get("/kontor/request/all");
    let with = [
        ("wish", "15"),
        ("name", "Johanna"),
        ("email", "johanna@post-a5.example"),
    ];
    let form = filled(&page, &with, "send");
    let large = vec![b'x'; 26 * 1024 * 1024];
    let told = door.post_files(
        "/kontor/request/all",
        &as_pairs(&form),
        &[("gross.txt", &large), ("klein.txt", b"x")],
    );
    error_page(&told, "files");
    assert!(told.text().contains("klein.txt") && !told.text().contains("gross.txt"));
    assert_eq!(told.field("name"), "Johanna");

    let many: Vec<(String, Vec<u8>)> = (0..12)
        .map(|nth| (format!("{nth}.txt"), vec![b'x'; nth + 2]))
        .collect();
    let many: Vec<(&str, &[u8])> = many
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    let form = filled(&told, &with, "send");
    let told = door.post_files("/kontor/request/all", &as_pairs(&form), &many);
    error_page(&told, "files");
    assert_eq!(told.text().matches("value=\"remove:").count(), 10);
    assert_eq!(cases(&office).await, 0);
    assert_eq!(
        send(&door, "/kontor/request/all", &told, &with, "send").status,
        303
    );
    assert_eq!(
        office
            .number_of("SELECT count(*) AS count FROM file WHERE case_id IS NOT NULL")
            .await,
        10
    );
}

#[tokio::test]
async fn sixty_files_an_hour_are_enough_and_the_request_goes_without_more() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let with = [
        ("wish", "15"),
        ("name", "Johanna"),
        ("email", "johanna@post-a6.example"),
    ];
    for form in 0..7 {
        let page = door.get("/kontor/request/all");
        let names: Vec<String> = (0..10).map(|nth| format!("{form}-{nth}.txt")).collect();
        let files: Vec<(&str, &[u8])> = names
            .iter()
            .map(|name| (name.as_str(), b"x".as_slice()))
            .collect();
        let fields = filled(&page, &with, "attach");
        let told = door.post_files("/kontor/request/all", &as_pairs(&fields), &files);
        let kept = told.text().matches("value=\"remove:").count();
        if form < 6 {
            assert_eq!((told.status, kept), (200, 10));
            continue;
        }
        assert_eq!(kept, 0);
        error_page(&told, "files");
        assert!(told.text().contains("in einer Stunde"));
        let sent = send(&door, "/kontor/request/all", &told, &with, "send");
        assert_eq!(sent.status, 303, "nobody is sent away for that");
    }
}

#[tokio::test]
async fn an_answer_by_post_needs_no_mail_and_files_no_address_of_mail() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let page = door.get("/fliesen/request/all?lang=en");
    let post = [
        ("words", "Please help"),
        ("name", "Johanna"),
        ("reply", "post"),
        ("email", "read@by-another.example"),
        ("address", "Weg 1\n12345 Ort"),
    ];
    let sent = send(&door, "/fliesen/request/all?lang=en", &page, &post, "send");
    assert!(sent.location().ends_with("?lang=en"));
    let receipt = door.get(sent.location()).text();
    assert!(
        receipt.contains("Our answer comes by post") && !receipt.contains("@"),
        "{receipt}"
    );
    office.jobs_run().await;
    assert!(office.mails_to("read@by-another.example").is_empty());
}
