//! Finding people again, though everything about them is sealed.

use rechtzeitig::casework::{Cursor, Filter};
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::Office;

#[tokio::test]
async fn a_person_is_found_by_beginnings_of_the_name_by_address_and_by_number() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Suchlauf", Role::Handler).await;
    let person = office.subject("Änne Großmüller-Straß", "aenne.gm@post-s1.example");
    let other = office.subject("Anton Großmann", "anton@post-s1.example");
    let receipt = person.asks(&office, &[Right::Access]).await;
    other.asks(&office, &[Right::Access]).await;
    let found = async |typed: &str| {
        let page = office.find(&vera.scope, typed, None, 10).await.unwrap();
        page.lines
            .iter()
            .map(|line| line.name.reveal().clone())
            .collect::<Vec<_>>()
    };
    let hers = ["Änne Großmüller-Straß"];
    for typed in [
        "großmü",
        "Grossmueller",
        "GROSSMULLER",
        "strass",
        "anne grossm",
        "Ænne",
        "AENNE.GM@post-s1.example",
        &receipt.number.to_lowercase(),
    ] {
        assert_eq!(found(typed).await, hers, "{typed}");
    }
    assert_eq!(found("Gro").await.len(), 2);
    for typed in [
        "müller",
        "gr",
        "aenne.gm",
        "anton grossmue",
        "",
        "2026-00000-0",
    ] {
        assert!(found(typed).await.is_empty(), "{typed}");
    }
    // Nothing of it lies open in the store.
    assert_eq!(
        office
            .number_of("SELECT count(*) AS count FROM search_token WHERE case_id IS NULL")
            .await,
        0
    );
    office.jobs_run().await;
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Seitenweise", Role::Handler).await;
    for number in 0..7 {
        office.days_pass(u64::from(number % 3 == 0));
        office
            .subject(
                &format!("Serie Gleichnam{number}"),
                &format!("serie{number}@post-s2.example"),
            )
            .asks(&office, &[Right::Access])
            .await;
    }
    let mut pages: Vec<Vec<(chrono::NaiveDate, i64)>> = vec![];
    for searched in [false, true] {
        let (mut all, mut after): (Vec<_>, Option<Cursor>) = (vec![], None);
        loop {
            let page = match searched {
                true => office.find(&vera.scope, "gleichn", after, 3).await.unwrap(),
                false => office
                    .queue(&vera.scope, Filter::default(), after, 3)
                    .await
                    .unwrap(),
            };
            assert!(page.lines.len() <= 3);
            all.extend(page.lines.iter().map(|line| (line.due, line.id.0)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        pages.push(all);
    }
    let mut sorted = pages[0].clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!((sorted.len(), &sorted), (7, &pages[0]));
    assert_eq!(pages[0], pages[1]);
    assert_eq!(
        office
            .count(&vera.scope, Filter::default(), 5)
            .await
            .unwrap(),
        5,
        "counting stops at the cap"
    );
    office.jobs_run().await;
}
