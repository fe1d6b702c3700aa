//! Words that are written often: kept on their page, put into a message, sent with it.

use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::desk::Door;
use crate::support::office::Office;

#[actix_web::test]
async fn a_snippet_is_kept_put_into_a_message_and_sent_with_its_gaps_filled() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let clerk = office.clerk("Vera Vielschreib", Role::Handler).await;
    let desk = door.clerk(&office, &clerk).await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-b11.example");
    let receipt = johanna.asks_and_confirms(&office, &[Right::Access]).await;
    let company = office.company().to_string();

    let nameless = [
        ("controller", company.as_str()),
        ("lang", "de"),
        ("words", "Geduld bitte."),
    ];
    desk.sends("/desk/snippets", &nameless)
        .await
        .is(422)
        .says("Geben Sie einen Namen")
        .says("Geduld bitte.");
    let mut kept = nameless.to_vec();
    kept[2] = ("words", "Zu {Vorgang}: Wir melden uns bis {Frist}.");
    kept.push(("name", "Bald"));
    desk.sends("/desk/snippets", &kept).await.is(303);
    desk.sends("/desk/snippets", &kept)
        .await
        .is(422)
        .says("Diesen Namen gibt es schon");
    desk.looks("/desk/snippets").await.is(200).says("Bald");

    let page = format!("/desk/cases/{}/message", receipt.case);
    let shown = desk.looks(&page).await;
    shown.is(200).says(">Bald</option>");
    let (case, _) = clerk.sees(&office, receipt.case).await;
    let typed = [
        ("text", "Danke für die Karte."),
        ("snippet", "0"),
        ("do", "insert"),
    ];
    let before = office.mails_to(&johanna.email).len();
    let put = desk.acts(&page, &typed).await;
    put.is(200)
        .says("Danke für die Karte.")
        .says(&format!("Zu {}: Wir melden uns bis", case.number));
    office.jobs_run().await;
    assert_eq!(
        office.mails_to(&johanna.email).len(),
        before,
        "nothing is sent by it"
    );

    let text = format!("Danke für die Karte.\n\nZu {}: bald.", case.number);
    let sent = [("text", text.as_str())];
    desk.acts(&page, &sent).await.is(303);
    office.jobs_run().await;
    let mail = office.last_mail_to(&johanna.email);
    assert!(mail.text.contains("Danke für die Karte."), "{}", mail.text);
    assert!(
        mail.url("status").is_some(),
        "the way to the case: {}",
        mail.text
    );
}
