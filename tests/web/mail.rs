//! The pages of the mail that came in: handed in as a file, looked at beside its proposal, accepted, corrected, dismissed.

use rechtzeitig::domain::incoming::IncomingState;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::desk::Door;
use crate::support::office::Office;

const HEJ: &[u8] = b"From: Sven Utland <sven@post.example>\r\nSubject: Hej <script>alert(1)</script>\r\n\r\nJag vill veta \
                     vad ni har om mig. <img src=x onerror=alert(1)>\r\n";

#[actix_web::test]
async fn a_mail_that_nobody_understands_is_shown_and_accepted_with_what_a_person_says() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let hans = door.clerk(&office, &helper).await;
    hans.looks("/desk/mail")
        .await
        .is(200)
        .says("Nichts zu prüfen");
    let none = hans.sends("/desk/mail", &[]).await;
    none.is(422).says("mail-error");
    office
        .hand_in_mail(&helper.scope, office.company(), HEJ.to_vec())
        .await
        .unwrap();
    office.jobs_run().await;
    let waiting = office
        .mails(&helper.scope, IncomingState::Unclear, 10)
        .await
        .unwrap();
    let page = format!("/desk/mail/{}", waiting[0].id);
    hans.looks("/desk/mail").await.is(200).says(&page);
    let shown = hans.looks(&page).await;
    shown.is(200).says("Jag vill veta");
    assert!(!shown.text.contains("<script>alert"), "{}", shown.text);
    assert!(!shown.text.contains("<img src=x"), "{}", shown.text);

    let wrong = [
        ("do", "open"),
        ("rights", "15"),
        ("name", ""),
        ("received", "2026-03-02"),
    ];
    let back = hans.sends(&page, &wrong).await;
    back.is(422).says("name-error");
    let right = [
        ("do", "open"),
        ("rights", "15"),
        ("rights", "17"),
        ("name", "Sven Utland"),
        ("email", "sven@post.example"),
        ("received", "2026-02-27"),
        ("lang", "en"),
        ("on-behalf", "own"),
    ];
    let done = hans.sends(&page, &right).await;
    let to = done.is(303).to.clone();
    assert!(to.starts_with("/desk/cases/"), "{to}");
    hans.looks(&to).await.is(200).says("Sven Utland");
    let id = to.rsplit('/').next().unwrap().parse().unwrap();
    let (case, _) = helper.sees(&office, id).await;
    assert_eq!(case.intake.received, "2026-02-27".parse().unwrap());
    assert!(case.item(Right::Access).is_some() && case.item(Right::Erasure).is_some());
    // Sent again it leads to the same case.
    assert_eq!(hans.sends(&page, &right).await.is(303).to, to);
}

#[actix_web::test]
async fn a_mail_is_laid_into_a_case_by_its_number_or_dismissed() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let hans = door.clerk(&office, &helper).await;
    let nina = office.subject("Nina Nachbar", "nina@post-k1.example");
    let case = nina.asks_and_confirms(&office, &[Right::Access]).await.case;
    let number = helper.sees(&office, case).await.0.number.clone();
    for other in ["Hej ett", "Hej tva"] {
        let raw =
            format!("From: Sven <sven@post.example>\r\nSubject: {other}\r\n\r\nJag vill veta.\r\n");
        office
            .hand_in_mail(&helper.scope, office.company(), raw.into_bytes())
            .await
            .unwrap();
    }
    office.jobs_run().await;
    let waiting = office
        .mails(&helper.scope, IncomingState::Unclear, 10)
        .await
        .unwrap();
    let [first, second] = waiting.as_slice() else {
        panic!("{waiting:?}");
    };
    let page = format!("/desk/mail/{}", first.id);
    let wrong = hans
        .sends(&page, &[("do", "join"), ("number", "2026-ZZZZZ-9")])
        .await;
    wrong.is(422).says("first-error");
    let done = hans
        .sends(&page, &[("do", "join"), ("number", &number)])
        .await;
    assert_eq!(done.is(303).to, format!("/desk/cases/{case}"));
    hans.looks(&done.to)
        .await
        .is(200)
        .says("Diese Adresse gehört nicht zur Person");
    let page = format!("/desk/mail/{}", second.id);
    let done = hans.sends(&page, &[("do", "nothing")]).await;
    hans.looks(&done.is(303).to)
        .await
        .is(200)
        .says("kein Antrag");
    assert_eq!(office.waiting(&helper.scope, 10).await.unwrap(), 0);
}

#[actix_web::test]
async fn what_only_deciders_see_is_hidden_on_the_pile_too() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let chief = office.clerk("Vera Entscheid", Role::Decider).await;
    let (hans, vera) = (
        door.clerk(&office, &helper).await,
        door.clerk(&office, &chief).await,
    );
    office
        .hand_in_mail(&helper.scope, office.company(), HEJ.to_vec())
        .await
        .unwrap();
    office.jobs_run().await;
    let waiting = office
        .mails(&helper.scope, IncomingState::Unclear, 10)
        .await
        .unwrap();
    let page = format!("/desk/mail/{}", waiting[0].id);
    let closed_off = [
        ("do", "open"),
        ("rights", "15"),
        ("name", "Sven Utland"),
        ("received", "2026-02-27"),
        ("lang", "de"),
        ("on-behalf", "own"),
        ("confidential", "yes"),
    ];
    assert_eq!(hans.sends(&page, &closed_off).await.is(303).to, "/desk");
    let pile = "/desk/mail?pile=case";
    let seen = hans.looks(pile).await;
    assert!(!seen.is(200).text.contains("sven@post.example"));
    hans.looks(&page).await.is(404);
    vera.looks(pile).await.is(200).says("sven@post.example");
}
