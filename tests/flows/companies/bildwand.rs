//! Nothing is logged, and that is an answer; advertising ends and service mails go on.

use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::intake::Channel;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::{by_letter, entered, office_of};

#[tokio::test]
async fn a_system_without_logs_is_never_searched_and_says_why() {
    let office = office_of("bildwand").await;
    let vera = office.clerk("Vera Protokollfrei", Role::Decider).await;
    let jan = office.subject("Jan Fragtnach", "jan@post-c5.example");
    let wish = by_letter(&jan, &[Right::Access]);
    let case = entered(&office, &vera, (Channel::Fax, office.today()), wish).await;
    let begun = vera.confirms_identity(&office, case).await;
    let asked: Vec<&str> = begun
        .case
        .collection
        .tasks
        .iter()
        .map(|task| task.name.as_str())
        .collect();
    assert!(!asked.contains(&"Webserver") && !asked.contains(&"Widgets"));
    assert!(asked.contains(&"Bühnen der Kunden mit Beiträgen aus sozialen Netzwerken"));
    vera.finds_nothing_else(&office, case).await;
    let nothing = Decision::nothing_held("Wir haben nichts gefunden.");
    vera.decides(&office, case, Right::Access, nothing).await;
    let systems = office.systems(&vera.scope, office.company()).await.unwrap();
    let silent = systems.iter().find(|it| it.slug == "webserver").unwrap();
    let why = silent.nothing().unwrap();
    assert!(why.contains("abgeschaltet"));
    // The letter claims no search there, and gives the reason instead.
    let preview = office.preview(&vera.scope, case).await.unwrap();
    let words: Vec<&str> = preview.printed.text.split_whitespace().collect();
    let text = words.join(" ");
    let (searched, silent) = text.split_once("Nicht gesucht haben wir hier").unwrap();
    assert!(!searched.contains("Webserver"), "{text}");
    assert!(
        silent.contains("Webserver") && silent.contains(why),
        "{text}"
    );
    vera.releases(&office, case, Way::Post).await;
    office.jobs_run().await;
}

#[tokio::test]
async fn who_objects_to_advertising_still_gets_service_mails() {
    let office = office_of("bildwand").await;
    let vera = office.clerk("Vera Dienstmail", Role::Decider).await;
    let mia = office.subject("Mia Neuigkeit", "mia@post-c6.example");
    let systems = office.systems(&vera.scope, office.company()).await.unwrap();
    let mailing = systems.iter().find(|system| system.marketing).unwrap();
    assert_eq!(mailing.service_apart, Some(true));
    let wish = by_letter(&mia, &[Right::MarketingObjection]);
    let case = entered(&office, &vera, (Channel::Email, office.today()), wish).await;
    let granted = Decision::granted(
        "Hinweise auf Neuerungen erhalten Sie nicht mehr. Mitteilungen, ohne die der Dienst nicht geht, kommen weiter.",
    );
    vera.decides(&office, case, Right::MarketingObjection, granted)
        .await;
    vera.carries_out(
        &office,
        case,
        Right::MarketingObjection,
        &mailing.name,
        "nur aus der Liste für Neuerungen genommen und dort gesperrt",
    )
    .await;
    let preview = office.preview(&vera.scope, case).await.unwrap();
    assert!(
        preview.printed.text.contains("kommen weiter"),
        "{}",
        preview.printed.text
    );
    vera.releases(&office, case, Way::Post).await;
    office.jobs_run().await;
}
