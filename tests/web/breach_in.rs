//! A breach of security that a message reports, entered from the desk without a case.

use rechtzeitig::domain::breach::{Breach, BreachStep, Origin, Report, Told};
use rechtzeitig::domain::matter::Matter;
use rechtzeitig::domain::scope::Role;

use super::desk::Door;
use crate::support::office::Office;

#[actix_web::test]
async fn art_33_1_a_reported_breach_needs_no_case_and_its_72_hours_run_at_once() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let chief = office.clerk("Vera Entscheid", Role::Decider).await;
    let helper = office.clerk("Hans Postfach", Role::Handler).await;
    let hans = door.clerk(&office, &helper).await;
    hans.looks("/desk/new")
        .await
        .is(200)
        .says("/desk/new/breach");
    let page = hans.looks("/desk/new/breach").await;
    page.is(200);
    let key = page.hidden("key");
    let told = "Im Postfach liegt eine Liste fremder Kunden.";
    let unknown = [
        ("key", key.as_str()),
        ("channel", "email"),
        ("aware-on", "2099-01-01"),
        ("aware-at", "08:00"),
        ("name", "Nele Nachbarin"),
        ("note", told),
    ];
    let back = hans.sends("/desk/new/breach", &unknown).await;
    back.is(422)
        .says(told)
        .says("Nele Nachbarin")
        .says("aware-error");

    let today = office.today().to_string();
    let fields = [
        ("key", key.as_str()),
        ("channel", "email"),
        ("aware-on", today.as_str()),
        ("aware-at", "00:01"),
        ("name", "Nele Nachbarin"),
        ("note", told),
    ];
    let done = hans.sends("/desk/new/breach", &fields).await;
    let to = done.is(303).to.clone();
    hans.looks(&to).await.is(200).says("Die 72 Stunden laufen");
    let again = hans.sends("/desk/new/breach", &fields).await;
    assert_eq!(again.is(303).to, to, "a second click opens nothing new");
    hans.looks("/desk").await.is(200).says("Datenpanne");

    let lines = office.open_breaches(&chief.scope).await.unwrap();
    assert_eq!(lines.len(), 1);
    let case = lines[0].case;
    let (known, seen) = chief.sees(&office, case).await;
    let breach: &Breach = &known.aftermath.breaches[0];
    assert_eq!(breach.origin, Origin::Message);
    assert!(matches!(known.intake.matter, Matter::Breach { .. }));
    assert!((breach.due() - breach.aware).num_hours() == 72);
    let page = format!("/desk/cases/{case}");
    hans.looks(&page)
        .await
        .is(200)
        .says("Datenpanne bearbeiten");
    office.jobs_run().await;
    assert!(
        !office.mails_to(&chief.email).is_empty(),
        "who decides hears of it at once"
    );

    // Open hours keep the case open; what is decided and written down closes both.
    assert!(office.close(&chief.scope, case, seen).await.is_err());
    let report = Report {
        nature: told.into(),
        categories: "Kunden; Namen und Anschriften".into(),
        numbers: "etwa vierzig".into(),
        contact: "Datenschutz".into(),
        consequences: "Fremde kennen Anschriften.".into(),
        measures: "Liste gelöscht, Versand geprüft.".into(),
    };
    let mut seen = office
        .describe_breach(&helper.scope, case, seen, 1, report)
        .await
        .unwrap()
        .revision;
    let yes = || Told::Yes {
        at: office.now(),
        how: "Online-Meldung 4".into(),
        late: None,
    };
    for step in [
        BreachStep::Authority { told: yes() },
        BreachStep::Persons { told: yes() },
        BreachStep::Closed { at: office.now() },
    ] {
        let stepped = office.decide_breach(&chief.scope, case, seen, 1, step);
        seen = stepped.await.unwrap().revision;
    }
    hans.looks(&page).await.is(200);
    let closed = office.close(&chief.scope, case, seen).await.unwrap();
    assert!(closed.case.closed.is_some());
}
