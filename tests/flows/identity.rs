//! Who is it? Codes, answers and papers that prove it, what becomes of them, and the end without a proof.

use std::path::PathBuf;

use rechtzeitig::casework::filing::Upload;
use rechtzeitig::casework::identity::Question;
use rechtzeitig::casework::reading::PublicStage;
use rechtzeitig::casework::{Error, Token};
use rechtzeitig::domain::deadline::ClockObstacle;
use rechtzeitig::domain::event::Event;
use rechtzeitig::domain::identity::{
    AddressKind, Ask, Finding, Identity, Knowledge, Method, OnFile, ProofObstacle, Unidentified,
};
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::item::ItemState;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::{Office, day};
use crate::support::people::{Clerk, on_file};

fn question(means: &[Method]) -> Question {
    Question {
        ask: Ask {
            means: means.to_vec(),
            keys: vec![Knowledge::CustomerNumber],
            doubt: "Die Adresse dieser Mail kennen wir nicht.".into(),
            pause: true,
            ..Ask::default()
        },
        suffices: String::new(),
    }
}

async fn asks(clerk: &Clerk, office: &Office, case: CaseId, question: Question) {
    let (_, seen) = clerk.sees(office, case).await;
    office
        .ask_identity(&clerk.scope, case, seen, question)
        .await
        .expect("a question");
    office.jobs_run().await;
}

fn mailbox(address: &str) -> OnFile {
    OnFile {
        address: Some(address.to_owned().into()),
        ..on_file()
    }
}

/// Every sealed file on the disk.
fn on_disk(office: &Office) -> Vec<PathBuf> {
    fn walk(folder: PathBuf, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned());
            match path.is_dir() {
                true => walk(path, found),
                false if name.is_some_and(|name| name.len() == 32) => found.push(path),
                false => {}
            }
        }
    }
    let mut found = vec![];
    walk(office.folder(), &mut found);
    found
}

async fn rows(office: &Office, case: CaseId) -> i64 {
    let sql = format!("SELECT count(*) AS count FROM file WHERE case_id = {case}");
    office.number_of(sql).await
}

#[tokio::test]
async fn art_12_6_a_code_to_the_mailbox_on_file_proves_it_and_wrong_tries_lock_only_the_code() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Codewort", Role::Decider).await;
    let nora = office.subject("Nora Neuadress", "nora@neu-i1.example");
    office.keep_secret("nora@alt-i1.example");
    let receipt = nora.asks_and_confirms(&office, &[Right::Access]).await;
    let case = receipt.case;
    asks(
        &vera,
        &office,
        case,
        question(&[Method::ConfirmedLink, Method::Knowledge]),
    )
    .await;

    let makes = async || {
        let (_, seen) = vera.sees(&office, case).await;
        office
            .make_code(&vera.scope, case, seen, mailbox("nora@alt-i1.example"))
            .await
            .expect("a code");
        office.jobs_run().await;
        office.last_mail_to("nora@alt-i1.example").code()
    };
    let first = makes().await;
    assert!(
        office
            .mails_to(&nora.email)
            .iter()
            .all(|mail| !mail.text.contains(&first))
    );
    let wrong = if first == "000000" {
        "000001"
    } else {
        "000000"
    };
    for _ in 0..5 {
        let tried = office.try_proof_code(&receipt.status, wrong).await;
        assert!(matches!(tried, Err(Error::Code)), "{tried:?}");
    }
    let locked = office.try_proof_code(&receipt.status, &first).await;
    assert!(matches!(locked, Err(Error::Code)), "{locked:?}");
    let (known, _) = vera.sees(&office, case).await;
    assert!(
        matches!(known.identity, Identity::Asked { .. }) && known.closed.is_none() && known.unread
    );
    assert!(
        office.proof_page(&receipt.status).await.unwrap().is_some(),
        "the other ways are open"
    );

    office.days_pass(6);
    let second = makes().await;
    assert!(
        office
            .try_proof_code(&receipt.status, &first)
            .await
            .is_err()
            || first == second
    );
    office
        .try_proof_code(&receipt.status, &second)
        .await
        .expect("the right code");
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(
        known.identity.confirmed().unwrap().method(),
        Method::ConfirmedLink
    );
    assert!(known.collection.begun);
    // Six days of pause on 2 April.
    assert_eq!(known.due(), day("2026-04-08"));
    assert!(office.proof_page(&receipt.status).await.unwrap().is_none());
    assert!(
        office
            .try_proof_code(&receipt.status, &second)
            .await
            .is_err(),
        "once"
    );
    office.jobs_run().await;
}

#[tokio::test]
async fn art_12_6_a_code_by_letter_is_printed_once_and_gone_from_the_house_when_posted() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Briefkopf", Role::Decider).await;
    let olga = office.subject("Olga Ortsfest", "olga@neu-i2.example");
    let receipt = olga.asks_and_confirms(&office, &[Right::Access]).await;
    let case = receipt.case;
    let demand = Question {
        ask: Ask {
            because: "Die Kundennummer steht auf jedem Brief.".into(),
            ..question(&[Method::CodeByPost]).ask
        },
        suffices: String::new(),
    };
    asks(&vera, &office, case, demand).await;
    let (_, seen) = vera.sees(&office, case).await;
    let postal = OnFile {
        kind: AddressKind::Postal,
        address: Some("Feldweg 1\n65183 Wiesbaden".to_owned().into()),
        ..on_file()
    };
    let young = OnFile {
        since: office.today(),
        ..postal.clone()
    };
    let refused = office.make_code(&vera.scope, case, seen, young).await;
    assert!(
        matches!(
            refused,
            Err(Error::Obstacle(Obstacle::Proof(
                ProofObstacle::RecordTooYoung { .. }
            )))
        ),
        "{refused:?}"
    );
    let before = on_disk(&office);
    let made = office
        .make_code(&vera.scope, case, seen, postal)
        .await
        .unwrap();
    let letter = made.case.proof.code.unwrap().letter.unwrap();
    let pdf = crate::support::people::bytes(office.open_file(&vera.scope, letter).await.unwrap());
    assert!(pdf.starts_with(b"%PDF"));
    assert_eq!(on_disk(&office).len(), before.len() + 1);
    let (_, seen) = vera.sees(&office, case).await;
    office
        .code_posted(&vera.scope, case, seen, office.today())
        .await
        .unwrap();
    assert_eq!(on_disk(&office), before);
    assert_eq!(rows(&office, case).await, 0);
    let (_, seen) = vera.sees(&office, case).await;
    assert!(
        office
            .code_posted(&vera.scope, case, seen, office.today())
            .await
            .is_err()
    );
    office.jobs_run().await;
}

#[tokio::test]
async fn art_5_1_c_answers_are_shown_for_one_comparison_and_kept_nowhere() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Vergleich", Role::Decider).await;
    let karl = office.subject("Karl Kennzahl", "karl@post-i3.example");
    let receipt = karl.asks_and_confirms(&office, &[Right::Access]).await;
    let case = receipt.case;
    asks(&vera, &office, case, question(&[Method::Knowledge])).await;
    let before = on_disk(&office);
    let nothing = office
        .give_answers(
            &receipt.status,
            &Token::generate(),
            &[(Knowledge::CustomerNumber, " ".into())],
        )
        .await;
    assert!(
        matches!(nothing, Err(Error::Obstacle(Obstacle::Empty(_)))),
        "{nothing:?}"
    );
    let form = Token::generate();
    office.days_pass(2);
    for _ in 0..2 {
        let answers = [(Knowledge::CustomerNumber, "K-4711-geheim".to_owned())];
        office
            .give_answers(&receipt.status, &form, &answers)
            .await
            .unwrap();
    }
    let (known, seen) = vera.sees(&office, case).await;
    assert_eq!((known.proof.given.len(), known.unread), (1, true));
    let brought = office.brought(&vera.scope, &known).await.unwrap();
    let answers = brought[0].answers.as_ref().unwrap();
    assert_eq!(answers.reveal(), "Kundennummer: K-4711-geheim");

    office.days_pass(3);
    let outcome = office
        .weigh_identity(
            &vera.scope,
            case,
            seen,
            Finding::sufficient(Method::Knowledge),
        )
        .await
        .unwrap();
    // Two days, and not five: the office's own delay is no part of the pause. 4 April is Holy Saturday.
    assert_eq!(outcome.case.due(), day("2026-04-07"));
    assert_eq!((on_disk(&office), rows(&office, case).await), (before, 0));
    let file = office.case_file(&vera.scope, case).await.unwrap();
    let told = format!(
        "{:?}",
        file.timeline
            .iter()
            .map(|it| serde_json::to_string(&it.event).unwrap())
            .collect::<Vec<_>>()
    );
    assert!(!told.contains("4711"), "{told}");
    office.jobs_run().await;
}

#[tokio::test]
async fn art_5_1_c_a_paper_that_nobody_weighs_is_gone_after_two_weeks_and_the_log_still_holds() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Ferienzeit", Role::Decider).await;
    let uwe = office.subject("Uwe Unterschrift", "uwe@post-i4.example");
    let receipt = uwe.asks_and_confirms(&office, &[Right::Access]).await;
    let case = receipt.case;
    let mut signed = question(&[Method::SignedLetter, Method::Knowledge]);
    signed.ask.doubt = "Zu diesem Namen gibt es zwei Konten.".into();
    asks(&vera, &office, case, signed).await;
    let before = on_disk(&office);
    let form = Token::generate();
    let upload = Upload {
        name: "unterschrift.png".to_owned().into(),
        media_type: "image/png".into(),
        bytes: vec![7; 2000],
    };
    office
        .keep_uploads("kontor", &form, vec![upload])
        .await
        .unwrap();
    office
        .give_papers(&receipt.status, &form, Method::SignedLetter)
        .await
        .unwrap();
    office
        .give_papers(&receipt.status, &form, Method::SignedLetter)
        .await
        .unwrap();
    assert_eq!(rows(&office, case).await, 1, "sent twice it is here once");
    office.days_pass(13);
    office.jobs_run().await;
    assert_eq!(rows(&office, case).await, 1);
    office.days_pass(1);
    office.jobs_run().await;
    assert_eq!((rows(&office, case).await, on_disk(&office)), (0, before));
    let file = office.case_file(&vera.scope, case).await.unwrap();
    let kinds: Vec<&str> = file.timeline.iter().map(|it| it.event.kind()).collect();
    assert!(
        kinds.contains(&"identity.proof-given") && kinds.contains(&"identity.proof-destroyed"),
        "{kinds:?}"
    );
}

#[tokio::test]
async fn art_5_1_c_a_copy_that_nobody_asked_for_is_destroyed_by_itself() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Schredder", Role::Handler).await;
    let ines = office.subject("Ines Ungefragt", "ines@post-i5.example");
    let receipt = ines.asks_and_confirms(&office, &[Right::Access]).await;
    let case = receipt.case;
    let form = Token::generate();
    let upload = Upload {
        name: "ausweis.jpg".to_owned().into(),
        media_type: "image/jpeg".into(),
        bytes: vec![1; 500],
    };
    office
        .keep_uploads("kontor", &form, vec![upload])
        .await
        .unwrap();
    office
        .hear_form(&receipt.status, &form, "Anbei mein Ausweis")
        .await
        .unwrap();
    let id = office.case_file(&vera.scope, case).await.unwrap().files[0].id;
    let (_, seen) = vera.sees(&office, case).await;
    let silent = office
        .destroy_file(&vera.scope, case, seen, (id, " "))
        .await;
    assert!(
        matches!(silent, Err(Error::Obstacle(Obstacle::Empty("because")))),
        "{silent:?}"
    );
    office
        .destroy_file(
            &vera.scope,
            case,
            seen,
            (id, "ungefragt geschickte Ausweiskopie"),
        )
        .await
        .unwrap();
    assert_eq!((on_disk(&office).len(), rows(&office, case).await), (0, 0));
    assert!(matches!(
        office.open_file(&vera.scope, id).await,
        Err(Error::NotFound | Error::Store(_))
    ));
    office.jobs_run().await;
}

#[tokio::test]
async fn art_12_4_whoever_does_not_answer_is_reminded_once_and_gets_reasons_and_remedies() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Geduldig", Role::Decider).await;
    let hilde = office.clerk("Hilde Hilfreich", Role::Handler).await;
    let stella = office.subject("Stella Stillfried", "stella@post-i6.example");
    let receipt = stella.asks_and_confirms(&office, &[Right::Access]).await;
    let case = receipt.case;
    asks(&vera, &office, case, question(&[Method::Knowledge])).await;
    let mails = stella.mails(&office).len();
    office.days_pass(13);
    office.jobs_run().await;
    assert_eq!(stella.mails(&office).len(), mails);
    office.days_pass(1);
    office.jobs_run().await;
    office.days_pass(1);
    office.jobs_run().await;
    assert_eq!(stella.mails(&office).len(), mails + 1, "one reminder");
    let mail = office.last_mail_to(&stella.email);
    assert!(
        mail.text.contains("Ihre Kundennummer") && mail.text.contains("30. März 2026"),
        "{}",
        mail.text
    );

    let end = async |clerk: &Clerk| {
        let (_, seen) = clerk.sees(&office, case).await;
        let because = (
            Unidentified::Silent,
            "Der Antrag lässt nicht erkennen, von wem er kommt.",
        );
        office
            .not_identified(&clerk.scope, case, seen, because)
            .await
    };
    let early = end(&vera).await;
    assert!(
        matches!(
            early,
            Err(Error::Obstacle(Obstacle::Proof(ProofObstacle::StillTime(
                _
            ))))
        ),
        "{early:?}"
    );
    office.it_becomes(day("2026-03-30"));
    office.jobs_run().await;
    let lesser = end(&hilde).await;
    assert!(
        matches!(lesser, Err(Error::Obstacle(Obstacle::RoleLacking { .. }))),
        "{lesser:?}"
    );
    let ended = end(&vera).await.unwrap().case;
    assert!(ended.closed.is_some());
    assert!(matches!(
        ended.items[0].state,
        ItemState::NotIdentified { .. }
    ));
    office.jobs_run().await;
    let mail = office.last_mail_to(&stella.email).text;
    for said in [
        "Aufsicht für den Datenschutz im Musterland",
        "Art. 12 Abs. 4",
        "Ihre Kundennummer",
    ] {
        assert!(mail.contains(said), "{said} is missing in {mail}");
    }
    let status = office.status(&receipt.status).await.unwrap();
    assert!(status.ended && status.stage == PublicStage::NeedsYou);

    office.it_becomes(day("2026-04-20"));
    let answers = [(Knowledge::CustomerNumber, "4711".to_owned())];
    office
        .give_answers(&receipt.status, &Token::generate(), &answers)
        .await
        .unwrap();
    let (known, seen) = vera.sees(&office, case).await;
    assert!(known.closed.is_none() && known.unread);
    assert_eq!(
        known.earliest(),
        day("2026-04-02"),
        "the first clock stands"
    );
    office
        .weigh_identity(
            &vera.scope,
            case,
            seen,
            Finding::sufficient(Method::Knowledge),
        )
        .await
        .unwrap();
    office.jobs_run().await;
}

#[tokio::test]
async fn art_11_data_without_a_person_end_with_what_would_help() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Keks", Role::Decider).await;
    let ivo = office.subject("Ivo Ipwald", "ivo@post-i7.example");
    let case = ivo.asks_and_confirms(&office, &[Right::Access]).await.case;
    let (_, seen) = vera.sees(&office, case).await;
    let because = "Wir speichern nur eine IP-Adresse. Mit Tag und Uhrzeit könnten wir suchen.";
    office
        .not_identified(
            &vera.scope,
            case,
            seen,
            (Unidentified::Unidentifiable, because),
        )
        .await
        .unwrap();
    office.jobs_run().await;
    let mail = office.last_mail_to(&ivo.email).text;
    assert!(
        mail.contains("Art. 11 Abs. 2") && mail.contains("Tag und Uhrzeit"),
        "{mail}"
    );
}

#[tokio::test]
async fn art_5_1_c_the_same_words_in_every_case_stop_no_clock() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Schablone", Role::Decider).await;
    let mut last = None;
    for (name, email) in [
        ("Anna Erstfall", "anna@post-i8.example"),
        ("Bea Zweitfall", "bea@post-i8.example"),
        ("Cleo Drittfall", "cleo@post-i8.example"),
    ] {
        let person = office.subject(name, email);
        let case = person
            .asks_and_confirms(&office, &[Right::Access])
            .await
            .case;
        let (_, seen) = vera.sees(&office, case).await;
        let asked = office
            .ask_identity(&vera.scope, case, seen, question(&[Method::Knowledge]))
            .await;
        last = Some((case, asked));
    }
    let (case, asked) = last.unwrap();
    assert!(
        matches!(
            asked,
            Err(Error::Obstacle(Obstacle::Proof(ProofObstacle::Routine {
                others: 2
            })))
        ),
        "{asked:?}"
    );
    let mut unpaused = question(&[Method::Knowledge]);
    unpaused.ask.pause = false;
    unpaused.ask.anyway = true;
    asks(&vera, &office, case, unpaused).await;
    let (known, _) = vera.sees(&office, case).await;
    assert!(known.waiting(None).next().is_none(), "the clock goes on");
}

#[tokio::test]
async fn art_12_6_a_late_question_stops_no_clock() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Trödel", Role::Decider).await;
    let lena = office.subject("Lena Liegengeblieben", "lena@post-i9.example");
    let case = lena.asks_and_confirms(&office, &[Right::Access]).await.case;
    office.days_pass(8);
    let (_, seen) = vera.sees(&office, case).await;
    let late = office
        .ask_identity(&vera.scope, case, seen, question(&[Method::Knowledge]))
        .await;
    assert!(
        matches!(
            late,
            Err(Error::Obstacle(Obstacle::Clock(
                ClockObstacle::AskedTooLate { .. }
            )))
        ),
        "{late:?}"
    );
    let mut unpaused = question(&[Method::Knowledge]);
    unpaused.ask.pause = false;
    asks(&vera, &office, case, unpaused).await;
    let timeline = office.case_file(&vera.scope, case).await.unwrap().timeline;
    let late = timeline.iter().any(|it| {
        matches!(&it.event, Event::IdentityAsked { cautions, .. }
            if cautions.contains(&rechtzeitig::domain::identity::Caution::Late))
    });
    assert!(late, "that it was late is kept");
}

#[tokio::test]
async fn art_12_6_a_part_of_an_answer_rests_the_clock_only_if_it_is_asked_for_again_at_once() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Nachfrage", Role::Decider).await;
    for (name, email, lies, rests) in [
        ("Pit Prompt", "pit@post-i10.example", 1, true),
        ("Sina Späterfall", "sina@post-i10.example", 9, false),
    ] {
        let person = office.subject(name, email);
        let receipt = person.asks_and_confirms(&office, &[Right::Access]).await;
        let mut own = question(&[Method::Knowledge]);
        own.ask.doubt = format!("Die Adresse {} steht bei zwei Kundinnen.", rests);
        asks(&vera, &office, receipt.case, own).await;
        office.days_pass(2);
        let answers = [(Knowledge::CustomerNumber, "47".to_owned())];
        office
            .give_answers(&receipt.status, &Token::generate(), &answers)
            .await
            .unwrap();
        office.days_pass(lies);
        let (_, seen) = vera.sees(&office, receipt.case).await;
        let missing = "Die Nummer hat vier Ziffern; zwei fehlen.";
        let again = office
            .ask_again(&vera.scope, receipt.case, seen, missing, None)
            .await
            .unwrap();
        office.jobs_run().await;
        assert_eq!(again.case.waiting(None).next().is_some(), rests, "{name}");
        assert!(office.last_mail_to(email).text.contains(missing));
        assert!(again.case.proof.given.is_empty());
    }
}
