//! Telling recipients by the forms of the desk.

use rechtzeitig::domain::scope::Role;

use super::desk::Door;
use crate::flows::recipients::{CARDS, data_house, erased, number_of};

#[actix_web::test]
async fn what_was_typed_for_a_recipient_stays_and_the_mail_leaves_by_the_form_alone() {
    let office = data_house().await;
    let door = Door::of(&office).await;
    let clerk = office.clerk("Vera Formular", Role::Decider).await;
    let ole = office.subject("Ole Oberfläche", "ole@post-k3.example");
    let case = erased(&office, &clerk, &ole).await;
    let cards = number_of(&office, &clerk, case, "Würfelwerk").await;
    let vera = door.clerk(&office, &clerk).await;
    let page = format!("/desk/cases/{case}/recipients");
    vera.looks("/desk/followups").await.is(200).says(&page);
    vera.looks(&page).await.is(200).says(CARDS);

    let (told, to) = (format!("told-{cards}"), format!("to-{cards}"));
    let wrong = [(told.as_str(), "mail"), (to.as_str(), "nirgendwo")];
    let back = vera.acts(&page, &wrong).await;
    back.is(422)
        .says("nirgendwo")
        .says("id=\"told-to\"")
        .says("E-Mail-Adresse des Empfängers");
    let right = [(told.as_str(), "mail"), (to.as_str(), CARDS)];
    vera.acts(&page, &right).await.is(303);
    vera.looks(&page).await.is(200).says("ist unterwegs");
    office.jobs_run().await;
    vera.looks(&page).await.is(200).says("per E-Mail").says("bounced:");
    let bounced = format!("bounced:{cards}");
    vera.acts(&page, &[("do", bounced.as_str())]).await.is(303);
    vera.looks(&page).await.is(200).says("kam nicht an");
}
