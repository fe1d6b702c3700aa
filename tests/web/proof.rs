//! The page on which a person shows that the request is hers, and the desk's pages on it.

use rechtzeitig::casework::identity::Question;
use rechtzeitig::casework::intake::Receipt;
use rechtzeitig::domain::identity::{Ask, Identity, Knowledge, Method};
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::{filled, send};
use crate::support::axe::assert_accessible;
use crate::support::browser::{self, Browser};
use crate::support::door::Door;
use crate::support::office::Office;
use crate::support::people::{Clerk, on_file};

async fn asked(office: &Office, clerk: &Clerk, email: &str, means: &[Method]) -> Receipt {
    let person = office.subject("Johanna Beispielhuber", email);
    let receipt = person.asks_and_confirms(office, &[Right::Access]).await;
    let (_, seen) = clerk.sees(office, receipt.case).await;
    let question = Question {
        ask: Ask {
            means: means.to_vec(),
            keys: vec![Knowledge::CustomerNumber, Knowledge::ContractDate],
            doubt: "Zu diesem Namen gibt es zwei Konten.".into(),
            ..Ask::default()
        },
        suffices: String::new(),
    };
    office
        .ask_identity(&clerk.scope, receipt.case, seen, question)
        .await
        .expect("a question");
    office.jobs_run().await;
    receipt
}

#[tokio::test]
async fn a_person_reads_why_and_answers_without_javascript() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let vera = office.clerk("Vera Fragehof", Role::Decider).await;
    let means = [Method::Knowledge, Method::SignedLetter];
    let receipt = asked(&office, &vera, "johanna@post-p1.example", &means).await;
    let status = format!("/status/{}", receipt.status.text());
    let path = format!("{status}/proof");
    assert!(door.get(&status).text().contains(&path));

    let page = door.get(&path);
    let text = page.text();
    for said in [
        "Zu diesem Namen gibt es zwei Konten.",
        "Kundennummer",
        "Datum eines Vertrags",
        "vernichten",
        "keine Ausweiskopie",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    assert!(!text.contains("<script"), "no script at the counter");
    let empty = send(&door, &path, &page, &[], "answers");
    assert_eq!(empty.status, 422);
    assert!(
        empty.text().contains("<a href=\"#answers\">"),
        "{}",
        empty.text()
    );

    let no_file = send(
        &door,
        &path,
        &page,
        &[("customer-number", "K-77")],
        "papers",
    );
    assert_eq!(no_file.status, 422);
    assert_eq!(
        no_file.field("customer-number"),
        "K-77",
        "what was typed stays"
    );
    let done = send(
        &door,
        &path,
        &page,
        &[("customer-number", "K-77")],
        "answers",
    );
    assert!(
        door.get(done.location())
            .text()
            .contains("Ihre Angabe ist bei uns")
    );
    let (case, _) = vera.sees(&office, receipt.case).await;
    assert_eq!(case.proof.given.len(), 1);

    // A file is sealed, shown, and handed in.
    let fields = filled(&door.get(&path), &[], "papers");
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let sent = door.post_files(&path, &fields, &[("blatt.txt", b"Unterschrift")]);
    assert_eq!(sent.location(), format!("{path}?given=1"));
    let (case, _) = vera.sees(&office, receipt.case).await;
    assert_eq!(case.proof.given.len(), 2);
    office.jobs_run().await;
}

#[tokio::test]
async fn a_wrong_code_says_the_same_whatever_is_wrong() {
    let office = Office::open().await;
    let door = Door::open(&office);
    let vera = office.clerk("Vera Kodehof", Role::Decider).await;
    let means = [Method::ConfirmedLink, Method::Knowledge];
    let receipt = asked(&office, &vera, "johanna@post-p2.example", &means).await;
    let path = format!("/status/{}/proof", receipt.status.text());
    let none = send(
        &door,
        &path,
        &door.get(&path),
        &[("code", "123456")],
        "code",
    );
    let (_, seen) = vera.sees(&office, receipt.case).await;
    let on_file = rechtzeitig::domain::identity::OnFile {
        address: Some("johanna@alt-p2.example".to_owned().into()),
        ..on_file()
    };
    office
        .make_code(&vera.scope, receipt.case, seen, on_file)
        .await
        .unwrap();
    office.jobs_run().await;
    let code = office.last_mail_to("johanna@alt-p2.example").code();
    let wrong = if code == "111111" { "222222" } else { "111111" };
    let page = door.get(&path);
    let tried = send(&door, &path, &page, &[("code", wrong)], "code");
    let sentence = "Der Code stimmt nicht oder gilt nicht mehr.";
    assert_eq!((none.status, tried.status), (422, 422));
    assert!(none.text().contains(sentence) && tried.text().contains(sentence));

    let right = send(&door, &path, &page, &[("code", &code)], "code");
    assert!(
        door.get(right.location())
            .text()
            .contains("Danke, das genügt")
    );
    let (case, _) = vera.sees(&office, receipt.case).await;
    assert!(matches!(case.identity, Identity::Confirmed { .. }));
    assert!(
        door.get(&path)
            .text()
            .contains("brauchen wir nichts von Ihnen")
    );
    office.jobs_run().await;
}

#[tokio::test]
async fn the_page_of_a_proof_holds_up_to_axe_and_fits_a_phone() {
    if !browser::available() {
        return;
    }
    let office = Office::open().await;
    let door = Door::open(&office);
    let vera = office.clerk("Vera Achsenhof", Role::Decider).await;
    let means = [
        Method::ConfirmedLink,
        Method::Knowledge,
        Method::CodeByPost,
        Method::SignedLetter,
        Method::CardSeen,
    ];
    let receipt = asked(&office, &vera, "johanna@post-p3.example", &means).await;
    let page = Browser::phone().open().await;
    for lang in ["de", "en"] {
        let path = format!("/status/{}/proof?lang={lang}", receipt.status.text());
        page.goto(&door.url(&path)).await.unwrap();
        page.picture(&format!("proof-{lang}")).await;
        assert!(!page.overflows().await, "{lang} can be scrolled sideways");
        assert_accessible(&page, &format!("proof in {lang}")).await;
    }
    office.jobs_run().await;
}
