//! What the queue sorts and filters by says the same as the case.

use rechtzeitig::casework::Filter;
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::Office;

#[tokio::test]
async fn a_case_that_is_handed_back_is_nobodys_again() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Zurückgabe", Role::Handler).await;
    let nele = office.subject("Nele Niemandes", "nele@post-q1.example");
    let case = nele.asks(&office, &[Right::Access]).await.case;
    let nobodys = || Filter {
        assignee: Some(None),
        ..Filter::default()
    };
    for (to, free) in [(Some(vera.id), 0), (None, 1)] {
        office.assign(&vera.scope, case, None, to).await.unwrap();
        assert_eq!(
            office.count(&vera.scope, nobodys(), 9).await.unwrap(),
            free,
            "with {to:?}"
        );
    }
    let page = office.queue(&vera.scope, nobodys(), None, 9).await.unwrap();
    assert_eq!(page.lines[0].assignee, None);
}

#[tokio::test]
async fn a_case_that_is_taken_up_again_is_open_in_the_queue() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Wiedervorlage", Role::Decider).await;
    let willi = office.subject("Willi Wiederkehr", "willi@post-q2.example");
    let receipt = willi.asks_and_confirms(&office, &[Right::Access]).await;
    let case = receipt.case;
    vera.confirms_identity(&office, case).await;
    vera.finds_nothing_else(&office, case).await;
    vera.decides(
        &office,
        case,
        Right::Access,
        Decision::nothing_held("Nichts."),
    )
    .await;
    vera.releases(&office, case, Way::Portal).await;
    office.jobs_run().await;
    let (_, seen) = vera.sees(&office, case).await;
    office.close(&vera.scope, case, seen).await.unwrap();

    office
        .hear(&receipt.status, "Da fehlt noch etwas.", vec![])
        .await
        .unwrap();
    let page = office.queue(&vera.scope, Filter::default(), None, 9).await;
    let lines = page.unwrap().lines;
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].closed, lines[0].unread), (None, true));
}
