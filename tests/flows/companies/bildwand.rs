//! Nothing is logged, and that is an answer; advertising ends and service mails go on.

use rechtzeitig::casework::forwarding::{Obeying, Passing};
use rechtzeitig::casework::slips::How;
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::intake::Channel;
use rechtzeitig::domain::notice::{Expected, Told};
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

#[tokio::test]
async fn art_28_3_the_author_of_a_post_is_passed_on_only_to_the_customer_who_shows_it() {
    let office = office_of("bildwand").await;
    let vera = office.clerk("Vera Bühnenbild", Role::Handler).await;
    let lou = office.subject("Lou Beitragend", "lou@post-c11.example");
    let wish = by_letter(&lou, &[Right::Erasure]);
    let case = entered(&office, &vera, (Channel::Email, office.today()), wish).await;
    let (_, seen) = vera.sees(&office, case).await;
    let passing = Passing {
        to: "stadtwerk".into(),
        holds: "Der Beitrag steht auf der Bühne des Stadtwerks.".into(),
        wholly: true,
        customer: How::Mail,
        person: How::Mail,
    };
    office
        .forward(&vera.scope, case, seen, passing)
        .await
        .unwrap();
    office.jobs_run().await;
    let told = office.last_mail_to("datenschutz@stadtwerk.example");
    assert!(told.text.contains("Lou Beitragend"), "{}", told.text);
    assert!(office.mails_to("haus@museum.example").is_empty());
    let mine = office.last_mail_to(&lou.email);
    assert!(
        !mine.text.contains("Stadtwerk"),
        "the contract does not let us name the customer: {}",
        mine.text
    );
    let (known, seen) = vera.sees(&office, case).await;
    assert_eq!(known.items[0].state_code(), "forwarded");

    let today = office.today();
    let order = ("Beitrag von den Schirmen nehmen.", today);
    office
        .instructed(&vera.scope, case, seen, "stadtwerk", order)
        .await
        .unwrap();
    let (_, seen) = vera.sees(&office, case).await;
    let done = Obeying::Done(today, "Beitrag entfernt, Zwischenspeicher geleert".into());
    office
        .settle_instruction(&vera.scope, case, seen, "stadtwerk", done)
        .await
        .unwrap();
}

#[tokio::test]
async fn art_17_2_what_was_shown_in_public_is_taken_down_there_and_search_engines_are_told() {
    let office = office_of("bildwand").await;
    let vera = office.clerk("Vera Abgebaut", Role::Decider).await;
    let kim = office.subject("Kim Bildrand", "kim@post-c12.example");
    let wish = by_letter(&kim, &[Right::Erasure]);
    let case = entered(&office, &vera, (Channel::Email, office.today()), wish).await;
    vera.confirms_identity(&office, case).await;
    let place = "Eigene Auslieferung mit Zwischenspeicher";
    vera.finds(&office, case, place, "Drei Bilder").await;
    vera.finds_nothing_else(&office, case).await;
    let granted = Decision::granted("Die Bilder sind gelöscht.");
    vera.decides(&office, case, Right::Erasure, granted).await;
    let done = vera
        .carries_out(&office, case, Right::Erasure, place, "gelöscht")
        .await;
    let expected: Vec<(&str, Expected)> = done
        .case
        .notices
        .iter()
        .map(|notice| (notice.recipient.as_str(), notice.expected))
        .collect();
    assert_eq!(
        expected,
        [
            ("Zwischenspeicher der Bilder", Expected::TakeDown),
            ("", Expected::TakeDown)
        ]
    );
    let today = office.today();
    let told = vec![
        (
            1,
            Told::DoneThere {
                on: today,
                proof: "Zwischenspeicher geleert".into(),
            },
        ),
        (
            2,
            Told::Told {
                on: today,
                proof: "Formular der Suchmaschine, Vorgang 12".into(),
            },
        ),
    ];
    office
        .tell(&vera.scope, case, done.revision, told)
        .await
        .unwrap();
    // She asks who had them: then the place that nobody had to tell is named as well.
    let text = async || {
        let preview = office.preview(&vera.scope, case).await.unwrap();
        let words: Vec<&str> = preview.printed.text.split_whitespace().collect();
        words.join(" ")
    };
    let before = text().await;
    assert!(before.contains("Suchmaschinen und andere"), "{before}");
    assert!(!before.contains("Zwischenspeicher der Bilder"), "{before}");
    let (_, seen) = vera.sees(&office, case).await;
    office
        .ask_recipients(&vera.scope, case, seen, today)
        .await
        .unwrap();
    let after = text().await;
    assert!(after.contains("Zwischenspeicher der Bilder"), "{after}");
    vera.releases(&office, case, Way::Post).await;
    office.jobs_run().await;
}
