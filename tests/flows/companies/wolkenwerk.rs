//! Mail becomes tickets by itself; to stop measuring and to erase what was measured are two acts.

use chrono::Days;
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::intake::Channel;
use rechtzeitig::domain::notice::Expected;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::{by_letter, entered, office_of, tells_recipients};

#[tokio::test]
async fn a_ticket_keeps_its_day_and_withdrawal_and_erasure_are_two_acts() {
    let office = office_of("wolkenwerk").await;
    let vera = office.clerk("Vera Ticketfund", Role::Decider).await;
    let tom = office.subject("Tom Ticketschreiber", "tom@post-c0.example");
    // The ticket lay in the helpdesk for a week before somebody saw what it is.
    let received = office.today();
    office.days_pass(7);
    let wish = by_letter(&tom, &[Right::Withdrawal, Right::Erasure]);
    let case = entered(&office, &vera, (Channel::Helpdesk, received), wish).await;
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.intake.received, received);
    assert!(known.due() <= received.checked_add_days(Days::new(35)).unwrap());

    // The consent is gone at once, and nobody asks who it is.
    let granted = Decision::granted("Wir messen Ihre Aufrufe nicht mehr.");
    vera.decides(&office, case, Right::Withdrawal, granted)
        .await;
    let place = "Kampagnen und Reichweite";
    vera.carries_out(&office, case, Right::Withdrawal, place, "Messung beendet")
        .await;
    let first = vera.releases(&office, case, Way::Post).await;
    assert_eq!(first.case.answers[0].released().rights, [Right::Withdrawal]);
    assert!(first.case.identity.confirmed().is_err());
    assert!(!first.case.item(Right::Erasure).unwrap().ended());

    // What was measured before is an item of its own, and needs a proof and a second look.
    vera.confirms_identity(&office, case).await;
    vera.finds(&office, case, place, "Aufrufe aus zwei Jahren")
        .await;
    vera.finds(&office, case, "Support", "Drei Tickets, eines davon dieses")
        .await;
    vera.finds_nothing_else(&office, case).await;
    let granted = Decision::granted("Die Aufzeichnungen sind gelöscht.");
    vera.decides(&office, case, Right::Erasure, granted).await;
    let done = vera
        .carries_out(&office, case, Right::Erasure, place, "Profil gelöscht")
        .await;
    // The company runs both systems itself, on the servers of a host: that one is instructed for its copies.
    let told: Vec<(&str, Expected)> = done
        .case
        .notices
        .iter()
        .map(|notice| (notice.recipient.as_str(), notice.expected))
        .collect();
    let host = ("Gleisbett Cloud, Inc.", Expected::Instruct);
    assert_eq!(told, [host, host]);
    tells_recipients(&office, &vera, case).await;
    let second = vera.releases(&office, case, Way::Post).await;
    assert_eq!(second.case.answers[1].released().rights, [Right::Erasure]);
    office.jobs_run().await;
}
