//! The person writes on the status page.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::conversation::Writing;
use rechtzeitig::casework::filing::Upload;
use rechtzeitig::casework::{FilePurpose, Token};
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::stage::{Stage, Turn};

use crate::support::office::Office;
use crate::support::people::bytes;

#[tokio::test]
async fn what_she_writes_is_told_to_who_works_on_it() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Zuhörer", Role::Handler).await;
    let dora = office.subject("Dora Dialogi", "dora@post-g1.example");
    office.keep_secret("eine zweite Adresse");
    let receipt = dora.asks_and_confirms(&office, &[Right::Access]).await;
    office
        .assign(&vera.scope, receipt.case, None, Some(vera.id))
        .await
        .unwrap();
    office.jobs_run().await;
    let before = office.mails_to(&vera.email).len();

    let empty = office.hear(&receipt.status, "  ", vec![]).await;
    assert!(
        matches!(empty, Err(Error::Obstacle(Obstacle::Empty("text")))),
        "{empty:?}"
    );
    assert!(matches!(
        office.hear(&Token::generate(), "Hallo", vec![]).await,
        Err(Error::Link)
    ));
    let photo = Upload {
        name: "beleg.jpg".to_owned().into(),
        media_type: "image/jpeg".into(),
        bytes: vec![7; 70_000],
    };
    let files = office
        .file_for_case(
            office.company(),
            None,
            FilePurpose::Attachment,
            std::slice::from_ref(&photo),
        )
        .await
        .unwrap();
    office
        .hear(&receipt.status, "Ich habe eine zweite Adresse.", files)
        .await
        .unwrap();
    office.jobs_run().await;

    let notices = office.mails_to(&vera.email);
    assert_eq!(notices.len(), before + 1);
    let notice = notices.last().unwrap();
    assert!(
        notice.text.contains(&receipt.number) && notice.text.contains("/desk/cases/"),
        "{}",
        notice.text
    );
    assert!(
        !notice.raw.contains("Dialogi") && !notice.text.contains("zweite Adresse"),
        "{}",
        notice.text
    );
    let file = office.case_file(&vera.scope, receipt.case).await.unwrap();
    assert!(file.case.unread && file.case.turn() == Turn::Office);
    let reply = file
        .messages
        .iter()
        .find(|message| message.kind == "reply")
        .unwrap();
    assert_eq!(reply.body.text.reveal(), "Ich habe eine zweite Adresse.");
    assert_eq!(
        bytes(
            office
                .open_file(&vera.scope, reply.body.files[0])
                .await
                .unwrap()
        ),
        photo.bytes
    );

    let (_, seen) = vera.sees(&office, receipt.case).await;
    let answered = office
        .say(
            &vera.scope,
            receipt.case,
            seen,
            "Danke, wir sehen nach.".into(),
        )
        .await
        .unwrap();
    assert!(!answered.case.unread);
    office.jobs_run().await;
    assert!(
        office
            .last_mail_to(&dora.email)
            .text
            .contains("Danke, wir sehen nach.")
    );
}

#[tokio::test]
async fn a_closed_case_opens_again_with_its_first_clock() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Wiederauf", Role::Decider).await;
    let rosa = office.subject("Rosa Rückfrage", "rosa@post-g2.example");
    let receipt = rosa.asks_and_confirms(&office, &[Right::Access]).await;
    vera.answers_access(&office, receipt.case).await;
    office.jobs_run().await;
    let letter = office
        .answer_page(&rosa.link(&office, "answer"))
        .await
        .unwrap()
        .letter;
    office.fetched(receipt.case, letter).await.unwrap();
    assert_eq!(
        vera.sees(&office, receipt.case).await.0.stage(),
        Stage::Done
    );
    let (_, seen) = vera.sees(&office, receipt.case).await;
    let shut = office
        .understand(&vera.scope, receipt.case, seen, &[Right::Erasure])
        .await;
    assert!(
        matches!(shut, Err(Error::Obstacle(Obstacle::Closed))),
        "{shut:?}"
    );

    office.days_pass(5);
    office
        .hear(&receipt.status, "Da fehlt etwas.", vec![])
        .await
        .unwrap();
    let (case, _) = vera.sees(&office, receipt.case).await;
    assert_eq!((case.closed, case.due()), (None, receipt.due));
    assert_eq!(case.turn(), Turn::Office);
    office.jobs_run().await;
}

#[tokio::test]
async fn a_second_click_writes_to_the_person_once_and_a_reminder_later_again() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Doppelklick", Role::Handler).await;
    let dirk = office.subject("Dirk Doppelpost", "dirk@post-g9.example");
    let receipt = dirk.asks_and_confirms(&office, &[Right::Access]).await;
    let text = "Welche Kundennummer haben Sie?";
    office.keep_secret(text);
    let (_, seen) = vera.sees(&office, receipt.case).await;
    let before = dirk.mails(&office).len();
    let say = |seen| office.say(&vera.scope, receipt.case, seen, text.into());
    let (one, other) = tokio::join!(say(seen), say(seen));
    assert_eq!(
        [one.unwrap().changed, other.unwrap().changed]
            .iter()
            .filter(|changed| **changed)
            .count(),
        1
    );
    let late = say(seen).await.unwrap();
    assert!(!late.changed, "the page of before, sent once more");
    office.jobs_run().await;
    assert_eq!(dirk.mails(&office).len(), before + 1);
    let stranger = office
        .say(&vera.scope, receipt.case, seen, "Etwas anderes.".into())
        .await;
    assert!(
        matches!(
            stranger,
            Err(Error::Obstacle(Obstacle::ChangedMeanwhile { .. }))
        ),
        "who did not see that something was said is told: {stranger:?}"
    );

    say(late.revision).await.unwrap();
    office.jobs_run().await;
    assert_eq!(dirk.mails(&office).len(), before + 2);
}

#[tokio::test]
async fn a_second_click_on_a_note_notes_it_once_and_the_next_day_again() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Notizblock", Role::Handler).await;
    let nora = office.subject("Nora Nichterreicht", "nora@post-g4.example");
    let case = nora.asks_and_confirms(&office, &[Right::Access]).await.case;
    let note = |told| office.note(&vera.scope, case, told, "nicht erreicht", vec![]);
    let (one, other) = tokio::join!(note(3), note(3));
    assert_ne!(one.unwrap().changed, other.unwrap().changed);
    assert!(
        note(4).await.unwrap().changed,
        "from a page that shows the first"
    );
}

#[tokio::test]
async fn what_came_in_meanwhile_is_not_read_by_an_act_that_did_not_see_it() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Ungelesen", Role::Handler).await;
    let mona = office.subject("Mona Meldesich", "mona@post-g3.example");
    let receipt = mona.asks_and_confirms(&office, &[Right::Access]).await;
    office
        .hear(&receipt.status, "Noch etwas.", vec![])
        .await
        .unwrap();
    let (_, seen) = vera.sees(&office, receipt.case).await;
    office
        .assign(&vera.scope, receipt.case, None, Some(vera.id))
        .await
        .unwrap();
    assert!(vera.sees(&office, receipt.case).await.0.unread);
    let (_, later) = vera.sees(&office, receipt.case).await;
    office
        .hear(&receipt.status, "Und noch etwas.", vec![])
        .await
        .unwrap();
    for stale in [seen, later] {
        let blind = office
            .say(&vera.scope, receipt.case, stale, "Danke.".into())
            .await;
        assert!(
            matches!(
                blind,
                Err(Error::Obstacle(Obstacle::ChangedMeanwhile { .. }))
            ),
            "{blind:?}"
        );
    }
    office
        .note(&vera.scope, receipt.case, 0, "gelesen", vec![])
        .await
        .unwrap();
    assert!(!vera.sees(&office, receipt.case).await.0.unread);
    office.jobs_run().await;
}

#[tokio::test]
async fn a_clerk_answers_with_the_question_below_and_a_form_beside() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Meister", Role::Handler).await;
    let dora = office.subject("Dora Dialog", "dora@post-k1.example");
    let receipt = dora.asks_and_confirms(&office, &[Right::Access]).await;
    let token = office.last_mail_to(&dora.email).token("status");
    office
        .hear(&token, "Welches Formular brauche ich?", vec![])
        .await
        .unwrap();
    let upload = Upload {
        name: "Formular.pdf".to_owned().into(),
        media_type: "application/pdf".into(),
        bytes: b"%PDF-1.7 leer".to_vec(),
    };
    let writing = async |harmless| {
        let files = office
            .file_for_case(
                office.company(),
                Some(receipt.case),
                FilePurpose::Enclosure,
                std::slice::from_ref(&upload),
            )
            .await
            .unwrap();
        Writing {
            text: "hier ist es.\n\nBitte *nicht* unterschreiben.".into(),
            quotes: true,
            files: files
                .into_iter()
                .map(|row| (row, "Formular.pdf".to_owned()))
                .collect(),
            harmless,
        }
    };
    let (_, seen) = vera.sees(&office, receipt.case).await;
    let refused = office
        .say(&vera.scope, receipt.case, seen, writing(false).await)
        .await;
    assert!(matches!(
        refused,
        Err(Error::Obstacle(Obstacle::Empty("harmless")))
    ));
    office
        .say(&vera.scope, receipt.case, seen, writing(true).await)
        .await
        .unwrap();
    office.jobs_run().await;
    let mail = office.last_mail_to(&dora.email);
    for words in [
        "Guten Tag Dora Dialog,",
        "hier ist es.",
        "Bitte *nicht* unterschreiben.",
        "Formular.pdf",
        "Ihre Nachricht vom",
        "Welches Formular brauche ich?",
    ] {
        assert!(mail.text.contains(words), "{words} in {}", mail.text);
    }
    assert!(mail.url("status").is_some(), "{}", mail.text);
    assert!(!mail.raw.contains("Auto-Submitted"), "a person wrote");
    assert!(
        mail.raw.contains("filename=\"Formular.pdf\""),
        "{}",
        mail.raw
    );
    assert!(
        mail.raw.contains("JVBERi0xLjcgbGVlcg=="),
        "the file itself: {}",
        mail.raw
    );
}

#[tokio::test]
async fn of_its_own_accord_a_program_writes_to_an_address_so_often_a_day_and_no_more() {
    let office = Office::open_with(|plan| plan.mails_per_day = 1).await;
    let vera = office.clerk("Vera Meister", Role::Handler).await;
    let viola = office.subject("Viola Viel", "viola@post-k2.example");
    let receipt = viola.asks(&office, &[Right::Access]).await;
    office.jobs_run().await;
    let link = viola.link(&office, "confirm");
    office.confirm_mailbox(&link).await.unwrap();
    office.jobs_run().await;
    assert_eq!(office.mails_to(&viola.email).len(), 1);
    // What a person writes or lets go is not held up.
    let (_, seen) = vera.sees(&office, receipt.case).await;
    office
        .say(&vera.scope, receipt.case, seen, "Wir sehen nach.".into())
        .await
        .unwrap();
    office.jobs_run().await;
    assert_eq!(office.mails_to(&viola.email).len(), 2);
    let file = office.case_file(&vera.scope, receipt.case).await.unwrap();
    let waits = file
        .messages
        .iter()
        .find(|it| it.kind == "receipt")
        .unwrap();
    assert_eq!(
        (waits.state.code(), waits.trouble.as_str()),
        ("queued", "enough-today")
    );
    office.days_pass(1);
    office.jobs_run().await;
    assert_eq!(office.mails_to(&viola.email).len(), 3);
}
