//! No more advertising to the very address that asked: at once, without asking back, told, and undone by its owner.

use rechtzeitig::casework::Error;
use rechtzeitig::domain::incoming::IncomingState;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::Office;
use crate::support::people::Clerk;

fn mail(from: &str, body: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: datenschutz@kontor.example\r\nSubject: Newsletter\r\nMessage-ID: <{}@post.example>\r\n\
         Date: Mon, 2 Mar 2026 08:00:00 +0100\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n",
        body.len()
    )
    .into_bytes()
}

const STOP: &str = "Guten Tag, bitte schicken Sie mir keine Werbung mehr. Ich widerspreche der Nutzung meiner Daten für Werbung.";

async fn taken(office: &Office, clerk: &Clerk, raw: Vec<u8>) {
    office
        .hand_in_mail(&clerk.scope, office.company(), raw)
        .await
        .unwrap();
    office.jobs_run().await;
}

async fn listed(office: &Office, clerk: &Clerk, address: &str) -> bool {
    let entries = office
        .suppressed(&clerk.scope, office.company(), address)
        .await
        .unwrap();
    entries
        .iter()
        .any(|(right, _)| *right == Right::MarketingObjection)
}

#[tokio::test]
async fn art_21_3_who_wants_no_advertising_is_taken_off_at_once_and_told_how_to_undo_it() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    taken(
        &office,
        &vera,
        mail("Willi Werbung <willi@post.example>", STOP),
    )
    .await;
    assert!(listed(&office, &vera, "willi@post.example").await);
    let mails = office.mails_to("willi@post.example");
    assert_eq!(mails.len(), 1, "nobody is asked to confirm anything");
    let told = &mails[0];
    assert!(told.text.contains("Sperrliste"), "{}", told.text);
    assert!(!told.text.contains("Willi"), "nothing that was typed");
    assert!(!told.subject.contains("Werbung"), "{}", told.subject);

    let laid = office
        .mails(&vera.scope, IncomingState::Case, 5)
        .await
        .unwrap();
    let case = laid[0].case.unwrap();
    let token = told.token("advertising");
    let undone = office.resume_advertising(&token).await.unwrap();
    assert!(undone.changed && undone.case.unread);
    assert!(!listed(&office, &vera, "willi@post.example").await);
    // A second press is the first one.
    assert!(!office.resume_advertising(&token).await.unwrap().changed);
    let (known, _) = vera.sees(&office, case).await;
    assert!(known.advertising.unwrap().undone.is_some());
}

#[tokio::test]
async fn art_21_3_only_the_address_that_wrote_is_taken_off() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    // A colleague hands on what somebody asked on the phone: a person looks, the one inside wrote nothing herself.
    let body = "Bitte keine Werbung mehr an diese Kundin.\n\n-------- Weitergeleitete Nachricht --------\nVon: Inge Innen <inge@post.example>\nDatum: 2. März 2026 08:00\nBetreff: Werbung\nAn: info@kontor.example\n\nIch möchte keine Werbung mehr bekommen. Inge Innen";
    taken(
        &office,
        &vera,
        mail("Kai Kollege <kai@kontor.example>", body),
    )
    .await;
    assert!(!listed(&office, &vera, "inge@post.example").await);
    assert!(!listed(&office, &vera, "kai@kontor.example").await);
    // What else is asked for waits for a person.
    let both = "Bitte keine Werbung mehr, und löschen Sie alle Daten, die Sie über mich gespeichert haben (Art. 17 DSGVO).";
    taken(
        &office,
        &vera,
        mail("Beate Beides <beate@post.example>", both),
    )
    .await;
    assert!(listed(&office, &vera, "beate@post.example").await);
    let laid = office
        .mails(&vera.scope, IncomingState::Case, 5)
        .await
        .unwrap();
    let hers = laid
        .iter()
        .find(|it| it.understood.email.reveal() == "beate@post.example");
    let (case, _) = vera.sees(&office, hers.unwrap().case.unwrap()).await;
    let erasure = case.item(Right::Erasure).unwrap();
    assert!(!erasure.ended() && case.closed.is_none());
    // For the erasure the mailbox is to be proven; the first mail asks for that.
    let mails = office.mails_to("beate@post.example");
    assert!(mails.iter().any(|it| it.url("disown").is_some()));
}

#[tokio::test]
async fn art_21_3_one_click_in_a_newsletter_is_enough_and_the_second_does_nothing() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let url = office
        .stop_url(&vera.scope, office.company(), "klara@post.example")
        .unwrap();
    assert!(!url.reveal().contains("klara"), "{}", url.reveal());
    let link = url.reveal().rsplit('/').next().unwrap().to_owned();
    for _ in 0..2 {
        let controller = office.stop_by_click(&link).await.unwrap();
        assert_eq!(controller, office.company());
    }
    office.jobs_run().await;
    assert!(listed(&office, &vera, "klara@post.example").await);
    assert_eq!(office.mails_to("klara@post.example").len(), 1);
    let cases = office
        .number_of("SELECT count(*) AS count FROM cases")
        .await;
    assert_eq!(cases, 1);
    // Another house's link, or one that was touched, opens nothing.
    let (_, sealed) = link.split_once('.').unwrap();
    let forged = format!("{}.{sealed}", office.trader());
    for wrong in [forged.as_str(), "1.AAAA", "x", ""] {
        assert!(matches!(
            office.stop_by_click(wrong).await,
            Err(Error::Link)
        ));
    }
}
