//! A request for data that we hold for a customer: passed on, told to both, and never answered by us.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::forwarding::{Obeying, Passing};
use rechtzeitig::casework::slips::How;
use rechtzeitig::domain::forwarding::Obeyed;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::Office;

fn passing(holds: &str, person: How) -> Passing {
    Passing {
        to: "kunde".into(),
        holds: holds.into(),
        wholly: true,
        customer: How::Mail,
        person,
    }
}

#[tokio::test]
async fn art_28_3_a_request_is_passed_on_with_both_notices_and_a_doubted_instruction_asks_back() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Weiterleit", Role::Handler).await;
    let jan = office.subject("Jan Fremddaten", "jan@post-f1.example");
    let case = jan.asks_and_confirms(&office, &[Right::Erasure]).await.case;
    let before = jan.mails(&office).len();
    let (_, seen) = vera.sees(&office, case).await;
    let unsaid = office
        .forward(&vera.scope, case, seen, passing(" ", How::Mail))
        .await;
    assert!(
        matches!(unsaid, Err(Error::Obstacle(Obstacle::Empty("holds")))),
        "{unsaid:?}"
    );
    let held = "sein Kundenportal";
    office
        .forward(&vera.scope, case, seen, passing(held, How::Mail))
        .await
        .unwrap();
    let (known, seen) = vera.sees(&office, case).await;
    assert_eq!(known.items[0].state_code(), "forwarded");
    office.jobs_run().await;
    let told = office.last_mail_to("datenschutz@musterbau.example");
    assert!(told.text.contains("Jan Fremddaten"), "{}", told.text);
    let mail = office.last_mail_to(&jan.email);
    assert_eq!(jan.mails(&office).len(), before + 1);
    assert!(mail.text.contains("Musterbau"), "{}", mail.text);

    let today = office.today();
    office
        .instructed(&vera.scope, case, seen, "kunde", ("Alles löschen.", today))
        .await
        .unwrap();
    let (_, seen) = vera.sees(&office, case).await;
    let doubted = Obeying::Doubted(
        "Art. 17 Abs. 3 lit. b DSGVO".into(),
        "Rechnungen sind noch aufzubewahren.".into(),
        How::Mail,
    );
    office
        .settle_instruction(&vera.scope, case, seen, "kunde", doubted)
        .await
        .unwrap();
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    let outcome = &known.forwarded[0].instructions[0].outcome;
    assert!(matches!(outcome, Obeyed::Doubted { .. }), "{outcome:?}");
    let asked = office.last_mail_to("datenschutz@musterbau.example");
    assert!(asked.text.contains("Rechnungen"), "{}", asked.text);
}

#[tokio::test]
async fn it_is_forwarded_only_when_the_letter_to_the_person_was_posted() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Papierweg", Role::Handler).await;
    let ida = office.subject("Ida Papier", "ida@post-f2.example");
    let case = ida.asks(&office, &[Right::Access]).await.case;
    let (_, seen) = vera.sees(&office, case).await;
    office
        .forward(&vera.scope, case, seen, passing("Portal", How::Paper))
        .await
        .unwrap();
    let (known, seen) = vera.sees(&office, case).await;
    assert_ne!(known.items[0].state_code(), "forwarded");
    let side = rechtzeitig::domain::forwarding::Side::Person;
    office
        .forwarding_posted(&vera.scope, case, seen, ("kunde", side), office.today())
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.items[0].state_code(), "forwarded");
    office.jobs_run().await;
}
