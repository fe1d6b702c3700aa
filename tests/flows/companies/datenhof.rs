//! Brands under one roof, processors that are instructed, and recipients that decide for themselves.

use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::intake::Channel;
use rechtzeitig::domain::notice::Expected;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::{by_letter, entered, office_of, tells_recipients};

#[tokio::test]
async fn an_objection_to_advertising_is_done_without_a_proof_for_all_brands() {
    let office = office_of("datenhof").await;
    let vera = office.clerk("Vera Markendach", Role::Decider).await;
    let ida = office.subject("Ida Ruhewunsch", "ida@post-c1.example");
    let brands = &office.house(office.company()).unwrap().controller.brands;
    assert_eq!(brands.len(), 3);
    assert_eq!(
        office.house_at("hofladen").unwrap().controller.id,
        office.company(),
        "a brand's path leads to the company"
    );
    let wish = by_letter(&ida, &[Right::MarketingObjection]);
    let case = entered(&office, &vera, (Channel::Email, office.today()), wish).await;
    let granted = Decision::granted("Sie erhalten von keiner unserer Marken mehr Werbung.");
    vera.decides(&office, case, Right::MarketingObjection, granted)
        .await;
    vera.carries_out(
        &office,
        case,
        Right::MarketingObjection,
        "Werbung und Akquise",
        "aus allen Verteilern genommen und gesperrt",
    )
    .await;
    let released = vera.releases(&office, case, Way::Post).await;
    assert!(released.case.identity.confirmed().is_err());
    office.jobs_run().await;
}

#[tokio::test]
async fn art_19_a_processor_is_instructed_and_an_independent_controller_notified() {
    let office = office_of("datenhof").await;
    let vera = office.clerk("Vera Empfaenger", Role::Decider).await;
    let kai = office.subject("Kai Plaudertasche", "kai@post-c2.example");
    let wish = by_letter(&kai, &[Right::Erasure]);
    let case = entered(&office, &vera, (Channel::Email, office.today()), wish).await;
    vera.confirms_identity(&office, case).await;
    vera.finds(&office, case, "Chatbot", "Zwei Gespräche").await;
    vera.finds(&office, case, "Kundenkartei", "Ein Kontakt")
        .await;
    vera.finds_nothing_else(&office, case).await;
    let granted = Decision::granted("Alles ist gelöscht.");
    vera.decides(&office, case, Right::Erasure, granted).await;
    let done = vera
        .carries_out(&office, case, Right::Erasure, "Kundenkartei", "gelöscht")
        .await;
    let mut told: Vec<(&str, Expected)> = done
        .case
        .notices
        .iter()
        .map(|notice| (notice.recipient.as_str(), notice.expected))
        .collect();
    told.sort_by_key(|(name, _)| *name);
    assert_eq!(
        told,
        [
            ("Plaudergeist, L.L.C.", Expected::Notify),
            ("Würfelwerk Technologies Pvt. Ltd.", Expected::Instruct),
        ]
    );
    assert!(
        office.preview(&vera.scope, case).await.is_err()
            || !done.case.notices.iter().all(|notice| !notice.open())
    );
    tells_recipients(&office, &vera, case).await;
    vera.releases(&office, case, Way::Post).await;
    office.jobs_run().await;
}
