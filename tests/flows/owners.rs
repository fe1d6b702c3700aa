//! People as a source: who answers for a system is asked by a link of her own, reminded once, and missed once.

use rechtzeitig::casework::filing::Upload;
use rechtzeitig::casework::owners::visit::Said;
use rechtzeitig::casework::{Error, RegisterEntry, Token};
use rechtzeitig::domain::collection::{Outcome as Answer, Task, TaskState};
use rechtzeitig::domain::identifier::SearchKey;
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::register::System;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::{Actor, Role, Scope};

use crate::support::letterbox::Mail;
use crate::support::office::{Office, after, day};
use crate::support::people::{Clerk, Subject, bytes};

const KARLA: &str = "karla.keller@post-o1.example";
const ANSWERED: &str = "SELECT count(*) AS count FROM event WHERE kind = 'collection.answered'";

/// The register names who answers for a system.
async fn owned(office: &Office, slug: &str, email: &str) {
    let house = Scope::of_house(office.company());
    let register = office.register(&house, office.company()).await.unwrap();
    let entry = register
        .into_iter()
        .find(|it| it.system.slug == slug)
        .unwrap();
    let system = System {
        owner: email.into(),
        owner_name: "Karla Keller".into(),
        ..entry.system.clone()
    };
    let entry = RegisterEntry { system, ..entry };
    office
        .put_system(&house, office.company(), entry)
        .await
        .unwrap();
}

/// The office, a clerk, and somebody whose case is searched: the owner of this system is asked.
async fn asked(slug: &str) -> (Office, Clerk, Subject, CaseId) {
    let office = Office::open().await;
    office.keep_secret(KARLA);
    owned(&office, slug, KARLA).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-o2.example");
    let case = johanna
        .asks_and_confirms(&office, &[Right::Access])
        .await
        .case;
    vera.confirms_identity(&office, case).await;
    office.jobs_run().await;
    (office, vera, johanna, case)
}

fn karlas(office: &Office) -> Vec<Mail> {
    office.mails_to(KARLA)
}

fn link(office: &Office) -> Token {
    let mails = karlas(office);
    let mail = mails.iter().rev().find(|mail| mail.url("task").is_some());
    let token = mail.expect("a mail with a link").token("task");
    office.keep_secret(&token.text());
    token
}

async fn code(office: &Office, link: &Token) -> String {
    office
        .send_owner_code(link)
        .await
        .expect("a code on its way");
    office.jobs_run().await;
    karlas(office).pop().expect("a mail").code()
}

/// Opens the link as its owner does.
async fn opened(office: &Office, link: &Token) -> Token {
    let code = code(office, link).await;
    office
        .try_owner_code(link, &code)
        .await
        .expect("the right code")
}

async fn task(office: &Office, vera: &Clerk, case: CaseId, slug: &str) -> Task {
    let (known, _) = vera.sees(office, case).await;
    let mut tasks = known.collection.tasks.into_iter();
    tasks.find(|task| task.slug == slug).unwrap()
}

fn found(text: &str) -> Said {
    Said::Found(text.to_owned().into())
}

#[tokio::test]
async fn with_the_search_the_owner_is_asked_by_a_mail_that_names_nobody() {
    let (office, vera, johanna, case) = asked("erp").await;
    let mails = karlas(&office);
    assert_eq!(mails.len(), 1);
    let (known, _) = vera.sees(&office, case).await;
    let mail = &mails[0];
    assert_eq!(
        mail.subject,
        format!(
            "Bitte nachsehen: Warenwirtschaft – Vorgang {}",
            known.number
        )
    );
    assert!(mail.text.contains("12. März 2026"), "{}", mail.text);
    for part in [&mail.subject, &mail.text, mail.html.as_ref().unwrap()] {
        for said in ["Johanna", "Beispielhuber", &johanna.email, "Auskunft"] {
            assert!(!part.contains(said), "{said} in:\n{part}");
        }
    }
    // Systems without an owner stay with the clerks.
    assert!(task(&office, &vera, case, "shop").await.asking.is_none());
}

#[tokio::test]
async fn the_link_shows_nothing_before_the_code_and_a_code_allows_five_tries() {
    let (office, vera, _, case) = asked("shop").await;
    let link = link(&office);
    let door = office.owner_doorstep(&link).await.unwrap();
    assert_eq!(
        (door.system.as_str(), door.mailbox.as_str()),
        ("Ladenkonto", "k…@post-o1.example")
    );
    let no_pass = office.owners_task(&link, &Token::generate()).await;
    assert!(matches!(no_pass, Err(Error::Code)));

    let first = code(&office, &link).await;
    assert!(!karlas(&office).pop().unwrap().subject.contains(&first));
    // One a minute.
    assert!(matches!(
        office.send_owner_code(&link).await,
        Err(Error::TooOften)
    ));
    let wrong = if first == "000000" {
        "000001"
    } else {
        "000000"
    };
    for _ in 0..5 {
        assert!(matches!(
            office.try_owner_code(&link, wrong).await,
            Err(Error::Code)
        ));
    }
    // The sixth is one too many, right or not.
    assert!(matches!(
        office.try_owner_code(&link, &first).await,
        Err(Error::Code)
    ));
    assert!(matches!(
        office.try_owner_code(&link, &first).await,
        Err(Error::Code)
    ));
    office.minutes_pass(2);
    let pass = opened(&office, &link).await;

    let shown = office.owners_task(&link, &pass).await.unwrap();
    let kinds: Vec<SearchKey> = shown.identifiers.iter().map(|it| it.kind).collect();
    assert_eq!(
        kinds,
        [SearchKey::Email],
        "the account is searched by the address alone"
    );
    assert_eq!(shown.categories, ["Zugangsdaten und Anschriften"]);
    // A pass opens its own link and only for a while.
    assert!(matches!(
        office.owners_task(&Token::generate(), &pass).await,
        Err(Error::Link)
    ));
    office.minutes_pass(10 * 60);
    assert!(matches!(
        office.owners_task(&link, &pass).await,
        Err(Error::Code)
    ));
    assert!(task(&office, &vera, case, "shop").await.open());
}

#[tokio::test]
async fn a_day_has_ten_codes_for_one_link() {
    let (office, ..) = asked("erp").await;
    let link = link(&office);
    for _ in 0..10 {
        office.send_owner_code(&link).await.expect("one of ten");
        office.minutes_pass(2);
    }
    assert!(matches!(
        office.send_owner_code(&link).await,
        Err(Error::TooOften)
    ));
    office.days_pass(1);
    office.send_owner_code(&link).await.expect("another day");
}

#[tokio::test]
async fn an_answer_with_a_file_lies_in_the_case_once_and_ends_the_link() {
    let (office, vera, _, case) = asked("erp").await;
    let link = link(&office);
    let pass = opened(&office, &link).await;
    let form = Token::generate();
    let upload = Upload {
        name: "rechnung.txt".to_owned().into(),
        media_type: "text/plain".into(),
        bytes: b"Stehleuchte Modell 7".to_vec(),
    };
    office
        .keep_uploads("kontor", &form, vec![upload])
        .await
        .unwrap();
    let tokens = (&link, &pass);
    let nothing = Said::Nothing("gesucht mit der Adresse".to_owned().into());
    let unexplained = office.answer_as_owner(tokens, &form, nothing).await;
    assert!(matches!(
        unexplained,
        Err(Error::Obstacle(Obstacle::Empty("files")))
    ));

    // Two clicks at once, and one more after a fright.
    let (one, two) = tokio::join!(
        office.answer_as_owner(tokens, &form, found("eine Rechnung")),
        office.answer_as_owner(tokens, &form, found("eine Rechnung")),
    );
    assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
    office
        .answer_as_owner(tokens, &form, found("eine Rechnung"))
        .await
        .unwrap();
    assert_eq!(office.number_of(ANSWERED).await, 1);

    let answered = task(&office, &vera, case, "erp").await;
    let TaskState::Answered { outcome, by, .. } = &answered.state else {
        panic!("not answered");
    };
    assert_eq!(*by, Actor::owner(answered.system));
    let Answer::Found { text, files } = outcome else {
        panic!("nothing found");
    };
    assert_eq!((text.reveal().as_str(), files.len()), ("eine Rechnung", 1));
    let file = office.open_file(&vera.scope, files[0]).await.unwrap();
    assert_eq!(bytes(file), b"Stehleuchte Modell 7");
    let kept =
        "SELECT count(*) AS count FROM file WHERE purpose = 'finding' AND case_id IS NOT NULL";
    assert_eq!(office.number_of(kept).await, 1);

    // Another form, later, from the same page.
    let other = Token::generate();
    let late = office
        .answer_as_owner(tokens, &other, found("noch etwas"))
        .await;
    assert!(matches!(late, Err(Error::Link)));
    assert!(matches!(
        office.owner_doorstep(&link).await,
        Err(Error::Link)
    ));
    assert!(matches!(
        office.send_owner_code(&link).await,
        Err(Error::Link)
    ));
    let live =
        "SELECT count(*) AS count FROM link WHERE purpose LIKE 'owner%' AND revoked_at IS NULL";
    assert_eq!(office.number_of(live).await, 0);
}

#[tokio::test]
async fn nothing_found_says_where_was_searched_and_not_possible_says_why() {
    let (office, vera, _, case) = asked("erp").await;
    let link = link(&office);
    let pass = opened(&office, &link).await;
    let (tokens, form) = ((&link, &pass), Token::generate());
    let empty = || " ".to_owned().into();
    for (said, lacks) in [
        (Said::Nothing(empty()), "searched"),
        (Said::NotPossible(empty()), "because"),
        (Said::Found(empty()), "found"),
    ] {
        let answered = office.answer_as_owner(tokens, &form, said).await;
        assert!(matches!(answered, Err(Error::Obstacle(Obstacle::Empty(what))) if what == lacks));
    }
    let why = Said::NotPossible("Die Anlage löscht nach sieben Tagen.".to_owned().into());
    office.answer_as_owner(tokens, &form, why).await.unwrap();
    let task = task(&office, &vera, case, "erp").await;
    assert!(matches!(task.outcome(), Some(Answer::NotPossible { .. })));
}

#[tokio::test]
async fn a_question_that_is_taken_back_or_answered_by_a_clerk_opens_nothing_and_a_fresh_one_does() {
    let (office, vera, _, case) = asked("erp").await;
    let first = link(&office);
    let pass = opened(&office, &first).await;
    let system = task(&office, &vera, case, "erp").await.system;
    let (_, seen) = vera.sees(&office, case).await;
    office
        .end_question(&vera.scope, case, seen, system)
        .await
        .unwrap();
    assert!(matches!(
        office.owner_doorstep(&first).await,
        Err(Error::Link)
    ));
    let late = office
        .answer_as_owner((&first, &pass), &Token::generate(), found("x"))
        .await;
    assert!(matches!(late, Err(Error::Link)));

    let (_, seen) = vera.sees(&office, case).await;
    let again = office.end_question(&vera.scope, case, seen, system).await;
    assert!(matches!(again, Err(Error::Obstacle(Obstacle::NobodyAsked))));
    office
        .ask_owner(&vera.scope, case, seen, system)
        .await
        .unwrap();
    office.jobs_run().await;
    let second = link(&office);
    assert_ne!(first.text(), second.text());
    assert!(matches!(
        office.owner_doorstep(&first).await,
        Err(Error::Link)
    ));
    office
        .owner_doorstep(&second)
        .await
        .expect("the fresh link");

    // A question that is still in the outbox when the clerk answers herself stays in the house.
    let before = karlas(&office).len();
    let (_, seen) = vera.sees(&office, case).await;
    office
        .ask_owner(&vera.scope, case, seen, system)
        .await
        .unwrap();
    let nothing = Answer::Nothing {
        text: "selbst nachgesehen".to_owned().into(),
    };
    vera.answers(&office, case, "Warenwirtschaft", nothing)
        .await;
    office.jobs_run().await;
    assert_eq!(karlas(&office).len(), before);
    assert!(matches!(
        office.owner_doorstep(&second).await,
        Err(Error::Link)
    ));

    // Asked once more, what was said before stands until she answers.
    let (_, seen) = vera.sees(&office, case).await;
    office
        .ask_owner(&vera.scope, case, seen, system)
        .await
        .unwrap();
    office.jobs_run().await;
    assert!(task(&office, &vera, case, "erp").await.open());
    office
        .owner_doorstep(&link(&office))
        .await
        .expect("the fourth link");
}

#[tokio::test]
async fn with_the_case_its_questions_end() {
    let (office, vera, _, case) = asked("erp").await;
    let link = link(&office);
    let (_, seen) = vera.sees(&office, case).await;
    office
        .withdraw(&vera.scope, case, seen, &[Right::Access], "per Telefon")
        .await
        .unwrap();
    let (known, seen) = vera.sees(&office, case).await;
    if known.closed.is_none() {
        office.close(&vera.scope, case, seen).await.unwrap();
    }
    assert!(matches!(
        office.owner_doorstep(&link).await,
        Err(Error::Link)
    ));
    // Its errands find nothing to do.
    office.days_pass(12);
    office.jobs_run().await;
    assert_eq!(karlas(&office).len(), 1);
}

#[tokio::test]
async fn the_link_ends_a_week_after_the_case_was_due() {
    let (office, ..) = asked("erp").await;
    let link = link(&office);
    office.it_becomes(day("2026-04-09"));
    office.owner_doorstep(&link).await.expect("a week of grace");
    office.it_becomes(day("2026-04-10"));
    assert!(matches!(
        office.owner_doorstep(&link).await,
        Err(Error::Link)
    ));
}

#[tokio::test]
async fn the_owner_is_reminded_once_and_the_office_told_once() {
    let (mut office, vera, johanna, case) = asked("erp").await;
    office
        .assign(&vera.scope, case, None, Some(vera.id))
        .await
        .unwrap();
    let (mut reminded, mut told) = (vec![], vec![]);
    let silent = |office: &Office| {
        let mut mails = office.mails_to(&vera.email);
        mails.retain(|mail| mail.subject.starts_with("Warenwirtschaft: keine Antwort"));
        mails
    };
    let mut today = day("2026-03-03");
    while today <= day("2026-03-20") {
        office.it_becomes(today);
        let before = (karlas(&office).len(), silent(&office).len());
        office.jobs_run().await;
        if today == day("2026-03-11") {
            office.restart().await;
        }
        office.jobs_run().await;
        if karlas(&office).len() > before.0 {
            reminded.push(today.to_string());
        }
        if silent(&office).len() > before.1 {
            told.push(today.to_string());
        }
        today = after(today, 1);
    }
    // Due on the twelfth.
    assert_eq!(
        (reminded, told),
        (vec!["2026-03-11".to_owned()], vec!["2026-03-13".to_owned()])
    );
    assert_eq!((karlas(&office).len(), silent(&office).len()), (2, 1));
    let reminder = karlas(&office).pop().unwrap();
    assert_eq!(
        reminder.token("task").text(),
        karlas(&office)[0].token("task").text()
    );
    for mail in [&reminder, &silent(&office)[0]] {
        assert!(!mail.text.contains("Beispielhuber") && !mail.text.contains(&johanna.email));
    }
    assert!(
        silent(&office)[0]
            .text
            .contains(&format!("/desk/cases/{case}/tasks"))
    );
}

#[tokio::test]
async fn who_answered_in_time_is_not_reminded() {
    let (office, ..) = asked("erp").await;
    let link = link(&office);
    let pass = opened(&office, &link).await;
    office
        .answer_as_owner((&link, &pass), &Token::generate(), found("zwei Rechnungen"))
        .await
        .unwrap();
    let before = karlas(&office).len();
    for _ in 0..14 {
        office.days_pass(1);
        office.jobs_run().await;
    }
    assert_eq!(karlas(&office).len(), before);
    let told = office.mails_to("buero@kontor.example");
    assert!(
        !told
            .iter()
            .any(|mail| mail.subject.contains("keine Antwort"))
    );
}

#[tokio::test]
async fn no_other_link_opens_a_task_and_its_link_opens_nothing_else() {
    let office = Office::open().await;
    owned(&office, "erp", KARLA).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-o2.example");
    let receipt = johanna.asks_and_confirms(&office, &[Right::Access]).await;
    vera.confirms_identity(&office, receipt.case).await;
    office.jobs_run().await;
    let link = link(&office);
    assert!(matches!(
        office.owner_doorstep(&receipt.status).await,
        Err(Error::Link)
    ));
    assert!(matches!(office.status(&link).await, Err(Error::Link)));
    assert!(office.answer_page(&link).await.is_err());

    // Whoever works for somebody else neither asks nor takes back.
    let konrad = office
        .clerk_of("Konrad Tausendfach", &[(office.trader(), Role::Admin)])
        .await;
    let pia = office.clerk("Pia Prüfung", Role::Auditor).await;
    let system = task(&office, &vera, receipt.case, "erp").await.system;
    let (_, seen) = vera.sees(&office, receipt.case).await;
    let foreign = office
        .ask_owner(&konrad.scope, receipt.case, seen, system)
        .await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    let foreign = office
        .end_question(&konrad.scope, receipt.case, seen, system)
        .await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    let auditor = office
        .ask_owner(&pia.scope, receipt.case, seen, system)
        .await;
    assert!(matches!(
        auditor,
        Err(Error::Obstacle(Obstacle::RoleLacking { .. }))
    ));
}

#[tokio::test]
async fn whom_nothing_is_known_for_to_search_by_nobody_is_asked() {
    let (office, vera, _, case) = asked("akten").await;
    assert!(karlas(&office).is_empty());
    let task = task(&office, &vera, case, "akten").await;
    assert!(task.asking.is_none() && task.open());
    let (_, seen) = vera.sees(&office, case).await;
    let asked = office.ask_owner(&vera.scope, case, seen, task.system).await;
    assert!(matches!(
        asked,
        Err(Error::Obstacle(Obstacle::NoKeyForOwner))
    ));
    let (_, seen) = vera.sees(&office, case).await;
    let (known, _) = vera.sees(&office, case).await;
    let shop = known
        .collection
        .tasks
        .iter()
        .find(|it| it.slug == "shop")
        .unwrap();
    let nobody = office.ask_owner(&vera.scope, case, seen, shop.system).await;
    assert!(matches!(
        nobody,
        Err(Error::Obstacle(Obstacle::OwnerUnknown))
    ));
}
