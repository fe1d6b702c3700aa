//! The way to the answer: a link, a fresh code, a pass, and what does not open it.

use rechtzeitig::casework::{Error, Token};
use rechtzeitig::domain::delivery::Delivery;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::Office;
use crate::support::people::{Clerk, Subject};

async fn answered(office: &Office, clerk: &Clerk, person: &Subject) -> Token {
    let case = person
        .asks_and_confirms(office, &[Right::Access])
        .await
        .case;
    clerk.answers_access(office, case).await;
    office.jobs_run().await;
    person.link(office, "answer")
}

#[tokio::test]
async fn a_code_is_tried_five_times_and_lasts_a_quarter_of_an_hour() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Codewort", Role::Decider).await;
    let cora = office.subject("Cora Codefeld", "cora@post-w1.example");
    let answer = answered(&office, &vera, &cora).await;
    let wrong = |code: &str| if code == "000000" { "000001" } else { "000000" };
    let refused = |tried: Result<Token, Error>| matches!(tried, Err(Error::Code));
    assert!(
        refused(office.try_code(&answer, "123456").await),
        "none was sent yet"
    );

    office.send_code(&answer).await.unwrap();
    assert!(matches!(
        office.send_code(&answer).await,
        Err(Error::TooOften)
    ));
    office.jobs_run().await;
    let code = office.last_mail_to(&cora.email).code();
    for _ in 0..5 {
        assert!(refused(office.try_code(&answer, wrong(&code)).await));
    }
    assert!(
        refused(office.try_code(&answer, &code).await),
        "the sixth try, though right"
    );

    office.minutes_pass(2);
    office.send_code(&answer).await.unwrap();
    office.jobs_run().await;
    let next = office.last_mail_to(&cora.email).code();
    office.minutes_pass(16);
    assert!(refused(office.try_code(&answer, &next).await), "too late");

    office.send_code(&answer).await.unwrap();
    office.jobs_run().await;
    let last = office.last_mail_to(&cora.email).code();
    assert!(refused(office.try_code(&answer, wrong(&last)).await));
    let spaced = format!("{} {}", &last[..3], &last[3..]);
    office.try_code(&answer, &spaced).await.unwrap();
    assert!(
        refused(office.try_code(&answer, &last).await),
        "a code is used once"
    );
}

#[tokio::test]
async fn a_pass_opens_its_own_answer_for_an_hour() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Passkontrolle", Role::Decider).await;
    let (ada, eva) = (
        office.subject("Ada Anrecht", "ada@post-w2.example"),
        office.subject("Eva Eigentum", "eva@post-w2.example"),
    );
    let (hers, other) = (
        answered(&office, &vera, &ada).await,
        answered(&office, &vera, &eva).await,
    );
    let pass = ada.opens_answer(&office, &hers).await;
    let (letter, foreign) = (
        office.answer_page(&hers).await.unwrap().letter,
        office.answer_page(&other).await.unwrap().letter,
    );

    assert!(office.answer_file(&hers, &pass, letter).await.is_ok());
    assert!(
        matches!(
            office.answer_file(&other, &pass, foreign).await,
            Err(Error::Link)
        ),
        "another case's answer"
    );
    assert!(
        matches!(
            office.answer_file(&hers, &pass, foreign).await,
            Err(Error::NotFound)
        ),
        "another case's file"
    );
    assert!(
        matches!(
            office.answer_file(&hers, &hers, letter).await,
            Err(Error::Link)
        ),
        "no pass"
    );
    assert!(
        matches!(
            office.answer_file(&hers, &Token::generate(), letter).await,
            Err(Error::Link)
        ),
        "a guess"
    );
    office.minutes_pass(61);
    assert!(
        matches!(
            office.answer_file(&hers, &pass, letter).await,
            Err(Error::Link)
        ),
        "too old"
    );
}

#[tokio::test]
async fn an_answer_ends_after_thirty_days_can_be_renewed_and_only_whole_downloads_count() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Verfall", Role::Decider).await;
    let ina = office.subject("Ina Irgendwann", "ina@post-w3.example");
    let answer = answered(&office, &vera, &ina).await;
    let pass = ina.opens_answer(&office, &answer).await;
    let page = office.answer_page(&answer).await.unwrap();
    drop(
        office
            .answer_file(&answer, &pass, page.letter)
            .await
            .unwrap(),
    );
    let case = office.by_number(&vera.scope, &page.number).await.unwrap()[0];
    let begun = vera.sees(&office, case).await.0;
    assert!(
        matches!(begun.answers[0], Delivery::Sent { .. }),
        "begun is not fetched"
    );

    office.days_pass(31);
    let page = office.answer_page(&answer).await.unwrap();
    assert!(!page.good && page.renewable);
    assert!(matches!(office.send_code(&answer).await, Err(Error::Link)));
    office.renew_answer(&answer).await.unwrap();
    let pass = ina.opens_answer(&office, &answer).await;
    assert!(
        office
            .answer_file(&answer, &pass, page.letter)
            .await
            .is_ok()
    );

    office.revoke_links(&vera.scope, case).await.unwrap();
    assert!(
        matches!(
            office.answer_file(&answer, &pass, page.letter).await,
            Err(Error::Link)
        ),
        "pass and answer end"
    );
    assert!(
        matches!(office.renew_answer(&answer).await, Err(Error::Link)),
        "what was revoked is not renewed"
    );
    assert!(
        matches!(office.answer_page(&answer).await, Err(Error::Link)),
        "its page is gone, too"
    );
}

#[tokio::test]
async fn codes_wished_for_at_once_are_one_and_there_are_few_a_day() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Codeflut", Role::Decider).await;
    let carl = office.subject("Carl Codeflut", "carl@post-w9.example");
    let answer = answered(&office, &vera, &carl).await;
    let before = carl.mails(&office).len();
    let (one, other) = tokio::join!(office.send_code(&answer), office.send_code(&answer));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    office.jobs_run().await;
    assert_eq!(carl.mails(&office).len(), before + 1);
    for _ in 1..10 {
        office.minutes_pass(2);
        office.send_code(&answer).await.unwrap();
    }
    office.minutes_pass(2);
    let more = office.send_code(&answer).await;
    assert!(matches!(more, Err(Error::TooOften)), "{more:?}");
    // They leave side by side, so the last one is asked for alone.
    office.jobs_run().await;
    office.days_pass(1);
    office.send_code(&answer).await.unwrap();
    office.jobs_run().await;
    let code = office.last_mail_to(&carl.email).code();
    office.try_code(&answer, &code).await.unwrap();
}
