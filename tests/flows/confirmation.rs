//! The first mail, and what its link does: control of a mailbox, nothing more.

use rechtzeitig::casework::{Error, MessageState, Token};
use rechtzeitig::domain::intake::Mailbox;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::letterbox::Mail;
use crate::support::office::Office;
use crate::support::people::form;

/// A mail without what differs from case to case: number and tokens.
fn bare(mail: &Mail, number: &str) -> (String, String, Option<String>) {
    let tokens = ["confirm", "disown"].map(|page| mail.token(page).text());
    let bare = |text: &str| {
        let text = text.replace(number, "NUMBER");
        tokens
            .iter()
            .fold(text, |text, token| text.replace(token, "TOKEN"))
    };
    (
        bare(&mail.subject),
        bare(&mail.text),
        mail.html.as_deref().map(bare),
    )
}

#[tokio::test]
async fn a_known_and_an_unknown_person_get_the_same() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Confirmata", Role::Decider).await;
    let known = office.subject("Klara Kennichsdorf", "klara@post-c1.example");
    let before = known.asks_and_confirms(&office, &[Right::Access]).await;
    vera.answers_access(&office, before.case).await;
    office.jobs_run().await;
    office.days_pass(1);

    let stranger = office.subject("Frida Fremdwerk", "frida@post-c1.example");
    let (mut told, mut mails) = (vec![], vec![]);
    for person in [&known, &stranger] {
        let receipt = person.asks(&office, &[Right::Access]).await;
        let rows = |table| {
            office.number_of(format!(
                "SELECT count(*) AS count FROM {table} WHERE case_id = {}",
                receipt.case
            ))
        };
        told.push((
            receipt.due,
            receipt.mailed,
            rows("message").await,
            rows("event").await,
            rows("link").await,
        ));
        office.jobs_run().await;
        mails.push(bare(person.mails(&office).last().unwrap(), &receipt.number));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(mails[0], mails[1]);
}

#[tokio::test]
async fn that_wasn_t_me_deletes_nothing_and_calls_a_person() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Disownia", Role::Handler).await;
    let victim = office.subject("Olaf Opferstein", "olaf@post-c2.example");
    let receipt = victim.asks(&office, &[Right::Erasure]).await;
    office.jobs_run().await;
    let notices = office.mails_to("buero@kontor.example").len();

    let link = victim.link(&office, "disown");
    office.disown(&link).await.unwrap();
    office.jobs_run().await;
    let (case, _) = vera.sees(&office, receipt.case).await;
    assert!(matches!(case.mailbox, Mailbox::Disowned { .. }) && case.unread);
    assert_eq!(case.rights(), [Right::Erasure]);
    assert_eq!(office.mails_to("buero@kontor.example").len(), notices + 1);
    // Pressed twice it changes nothing, and it cannot be confirmed any more.
    assert!(!office.disown(&link).await.unwrap().changed);
    let late = office.confirm_mailbox(&link).await;
    assert!(
        matches!(late, Err(Error::Obstacle(Obstacle::LinkSpent))),
        "{late:?}"
    );
    assert_eq!(
        victim.mails(&office).len(),
        1,
        "nothing more goes to that mailbox"
    );
}

#[tokio::test]
async fn an_unproven_address_gets_one_mail_a_day_whoever_asks_how_often() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Sparsam", Role::Handler).await;
    let pestered = office.subject("Paula Pechlein", "paula@post-c3.example");
    pestered.asks(&office, &[Right::Access]).await;
    let mut wish = pestered.wish(&[Right::Erasure]);
    wish.name = "Jemand Anders".to_owned().into();
    wish.email = Some("PAULA@Post-C3.example".to_owned().into());
    let second = pestered.sends(&office, wish).await;
    office.jobs_run().await;
    assert_eq!(pestered.mails(&office).len(), 1);

    let file = office.case_file(&vera.scope, second.case).await.unwrap();
    let kept = file
        .messages
        .iter()
        .find(|message| message.kind == "confirm")
        .unwrap();
    assert_eq!(kept.state, MessageState::Withheld);
    // Another controller is another sender.
    office
        .submit("fliesen", form(pestered.wish(&[Right::Access])))
        .await
        .unwrap();
    office.jobs_run().await;
    assert_eq!(pestered.mails(&office).len(), 2);
    office.days_pass(1);
    pestered.asks(&office, &[Right::Access]).await;
    office.jobs_run().await;
    assert_eq!(pestered.mails(&office).len(), 3);
}

#[tokio::test]
async fn a_second_click_files_nothing_twice() {
    let office = Office::open().await;
    let eager = office.subject("Emil Eilebrecht", "emil@post-c4.example");
    let submission = form(eager.wish(&[Right::Access]));
    let (one, other) = tokio::join!(
        office.submit("kontor", submission.clone()),
        office.submit("kontor", submission.clone())
    );
    let (one, other) = (one.unwrap(), other.unwrap());
    let reloaded = office.submit("kontor", submission).await.unwrap();
    assert_eq!((&one.number, one.case), (&other.number, other.case));
    assert_eq!(
        (one.number, one.status.digest()),
        (reloaded.number, reloaded.status.digest())
    );
    office.jobs_run().await;
    assert_eq!(
        office
            .number_of("SELECT count(*) AS count FROM cases")
            .await,
        1
    );
    assert_eq!(eager.mails(&office).len(), 1);
    assert_eq!(office.mails_to("buero@kontor.example").len(), 1);
}

#[tokio::test]
async fn a_link_opens_its_own_page_while_it_is_good_and_looking_changes_nothing() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Linksen", Role::Handler).await;
    let luise = office.subject("Luise Linkmann", "luise@post-c5.example");
    let receipt = luise.asks(&office, &[Right::Access]).await;
    office.jobs_run().await;
    let link = luise.link(&office, "confirm");

    // A scanner opens what it finds.
    for _ in 0..3 {
        assert_eq!(office.mailbox_link(&link).await.unwrap().0, receipt.case);
        office.status(&receipt.status).await.unwrap();
    }
    let (case, revision) = vera.sees(&office, receipt.case).await;
    assert_eq!((case.mailbox, revision), (Mailbox::Unproven, 1));

    let spent = |tried: Result<_, Error>| matches!(tried, Err(Error::Link));
    assert!(
        spent(office.confirm_mailbox(&receipt.status).await),
        "another page's link"
    );
    assert!(
        spent(office.confirm_mailbox(&Token::generate()).await),
        "a guess"
    );
    assert!(matches!(office.status(&link).await, Err(Error::Link)));
    assert!(matches!(office.answer_page(&link).await, Err(Error::Link)));
    assert!(matches!(office.feed(&link).await, Err(Error::Link)));
    assert!(matches!(office.welcome(&link).await, Err(Error::Link)));
    assert!(matches!(office.session(&link).await, Err(Error::NotFound)));
    office.days_pass(61);
    assert!(spent(office.confirm_mailbox(&link).await), "too old");

    office.revoke_status(&receipt.status).await.unwrap();
    assert!(matches!(
        office.status(&receipt.status).await,
        Err(Error::Link)
    ));
    let next = luise.asks(&office, &[Right::Access]).await;
    office.jobs_run().await;
    let link = luise.link(&office, "confirm");
    office.revoke_links(&vera.scope, next.case).await.unwrap();
    assert!(spent(office.confirm_mailbox(&link).await), "revoked");
    assert!(matches!(
        office.status(&next.status).await,
        Err(Error::Link)
    ));
}
