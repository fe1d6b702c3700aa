//! Telling recipients by the forms of the desk.

use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::desk::Door;
use crate::support::office::Office;

const PARTNER: &str = "datenschutz@lieferdienst.example";

#[actix_web::test]
async fn what_was_typed_for_a_recipient_stays_and_the_mail_leaves_by_the_form_alone() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let clerk = office.clerk("Vera Formular", Role::Decider).await;
    let ole = office.subject("Ole Oberfläche", "ole@post-k3.example");
    let case = ole.asks_and_confirms(&office, &[Right::Erasure]).await.case;
    clerk.confirms_identity(&office, case).await;
    let place = "Warenwirtschaft";
    clerk.finds(&office, case, place, "Zwei Bestellungen").await;
    clerk.finds_nothing_else(&office, case).await;
    let granted = Decision::granted("Alles ist gelöscht.");
    clerk.decides(&office, case, Right::Erasure, granted).await;
    let done = clerk
        .carries_out(&office, case, Right::Erasure, place, "gelöscht")
        .await;
    let number = done.case.notices.len() + 1;
    let vera = door.clerk(&office, &clerk).await;
    let page = format!("/desk/cases/{case}/recipients");
    let partner = [
        ("right", "17"),
        ("recipient", "Lieferdienst Beispiel KG"),
        ("contact", PARTNER),
        ("what", "Lieferanschrift"),
        ("expected", "notify"),
    ];
    let add = format!("/desk/cases/{case}/add-recipient");
    vera.acts(&add, &partner).await.is(303);
    vera.looks("/desk/followups").await.is(200).says(&page);
    vera.looks(&page).await.is(200).says(PARTNER);

    let (told, to) = (format!("told-{number}"), format!("to-{number}"));
    let wrong = [(told.as_str(), "mail"), (to.as_str(), "nirgendwo")];
    let back = vera.acts(&page, &wrong).await;
    back.is(422)
        .says("nirgendwo")
        .says("id=\"told-to\"")
        .says("E-Mail-Adresse des Empfängers");
    let right = [(told.as_str(), "mail"), (to.as_str(), PARTNER)];
    vera.acts(&page, &right).await.is(303);
    vera.looks(&page).await.is(200).says("ist unterwegs");
    office.jobs_run().await;
    let mail = office.last_mail_to(PARTNER);
    assert!(mail.text.contains("ole@post-k3.example"), "{}", mail.text);
    vera.looks(&page)
        .await
        .is(200)
        .says("per E-Mail")
        .says("bounced:");
    let bounced = format!("bounced:{number}");
    vera.acts(&page, &[("do", bounced.as_str())]).await.is(303);
    vera.looks(&page).await.is(200).says("kam nicht an");
}
