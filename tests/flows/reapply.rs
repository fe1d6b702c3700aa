//! A connected system comes back from an old copy: what was erased there is erased again, and nothing else.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::acted::proven;
use rechtzeitig::casework::reapplying::{Return, Since};
use rechtzeitig::domain::decision::Done;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::source::Fate;

use crate::support::office::Office;
use crate::support::people::Clerk;
use crate::support::shop::{self, agreed_to_erase, connected, searched};

const CONNECTION: &str = "kundenbereich";

/// How everything that went stands now, each with what it is over there.
async fn returns(
    office: &Office,
    vera: &Clerk,
    since: &Since,
    really: bool,
) -> Vec<(String, Return)> {
    let mut all = Vec::new();
    for gone in &since.records {
        let now = office
            .erase_again(&vera.scope, office.company(), gone, really)
            .await
            .unwrap();
        all.push((
            format!("{} {}", gone.seen[0].kind, gone.seen[0].id.reveal()),
            now,
        ));
    }
    all
}

fn codes(all: &[(String, Return)]) -> Vec<(&str, &str)> {
    all.iter()
        .map(|(what, now)| (what.as_str(), now.code()))
        .collect()
}

#[tokio::test]
async fn art_17_1_what_a_restore_brings_back_is_erased_again_and_who_is_another_stays() {
    let (office, shop, vera, anna) = connected().await;
    let backup = office.folder().join("backup.db");
    std::fs::copy(shop::path(&office), &backup).unwrap();
    let day_of_backup = office.today();

    office.days_pass(3);
    let case = searched(&office, &vera, &anna, &[Right::Erasure]).await;
    agreed_to_erase(&office, &vera, case).await;
    let (_, seen) = vera.sees(&office, case).await;
    office
        .act_there(&vera.scope, case, seen, Right::Erasure)
        .await
        .unwrap();
    office.jobs_run().await;
    assert_eq!(shop::rows(&shop, "orders"), 1);

    // The record of it starts from what was read back; what she did beside that is her own line.
    let (known, seen) = vera.sees(&office, case).await;
    let task = known
        .collection
        .tasks
        .iter()
        .find(|task| task.slug == "shop")
        .unwrap();
    let told = proven(&known, Right::Erasure, task.system).unwrap();
    assert!(told.contains("3 Einträge gelöscht"), "{told}");
    let done = |what: &str| Done {
        system: task.name.clone(),
        what: what.to_owned().into(),
        on: office.today(),
    };
    let both = vec![done(&told), done("Liste auf dem Tresen geschreddert")];
    office
        .carry_out(&vera.scope, case, seen, Right::Erasure, both)
        .await
        .unwrap();

    // The old copy is put back; meanwhile the key of one order was given to something else.
    drop(shop);
    std::fs::copy(&backup, shop::path(&office)).unwrap();
    let shop = rusqlite::Connection::open(shop::path(&office)).unwrap();
    shop.execute(
        "UPDATE orders SET customer = 48, what = 'Wanduhr' WHERE id = 901",
        [],
    )
    .unwrap();

    let company = office.company();
    let since = office
        .gone_since(&vera.scope, (company, CONNECTION), day_of_backup)
        .await
        .unwrap();
    let by_hand: Vec<&str> = since
        .by_hand
        .iter()
        .map(|it| it.what.reveal().as_str())
        .collect();
    assert_eq!(by_hand, ["Liste auf dem Tresen geschreddert"]);

    let foreseen = returns(&office, &vera, &since, false).await;
    let expected = [
        ("orders 900", "back"),
        ("orders 901", "differs"),
        ("customers 47", "back"),
    ];
    assert_eq!(codes(&foreseen), expected);
    let rows = || (shop::rows(&shop, "customers"), shop::rows(&shop, "orders"));
    assert_eq!(rows(), (3, 3), "a preview changes nothing");

    let ended = returns(&office, &vera, &since, true).await;
    let expected = [
        ("orders 900", "gone"),
        ("orders 901", "differs"),
        ("customers 47", "gone"),
    ];
    assert_eq!(codes(&ended), expected);
    let (_, Return::Ended(last)) = &ended[2] else {
        panic!("{ended:?}");
    };
    assert_eq!((last.fate, last.leftovers[0].days), (Fate::Gone, Some(14)));
    assert_eq!(rows(), (2, 2));
    let written = "SELECT count(*) AS count FROM event WHERE kind = 'erasure.reapplied'";
    assert_eq!(office.number_of(written).await, 3);

    // Once more: what is away stays away, and the log says nothing of it again.
    let again = returns(&office, &vera, &since, true).await;
    let expected = [
        ("orders 900", "away"),
        ("orders 901", "differs"),
        ("customers 47", "away"),
    ];
    assert_eq!(codes(&again), expected);
    assert_eq!(office.number_of(written).await, 4);
    assert!(again[1].1.left() && !again[0].1.left());

    // The system of the register means the same; another day and another name do not.
    let by_system = office
        .gone_since(&vera.scope, (company, "shop"), day_of_backup)
        .await;
    assert_eq!(by_system.unwrap().records.len(), 3);
    let later = office.today() + chrono::Days::new(1);
    let none = office
        .gone_since(&vera.scope, (company, CONNECTION), later)
        .await
        .unwrap();
    assert!(none.records.is_empty() && none.by_hand.is_empty());
    let nowhere = office
        .gone_since(&vera.scope, (company, "nirgends"), later)
        .await;
    assert!(matches!(
        nowhere,
        Err(Error::Obstacle(Obstacle::NotConnected))
    ));
}
