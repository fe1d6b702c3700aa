//! Several people on one case: told of each other, and kept from what is not theirs.

use rechtzeitig::casework::Error;
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::Office;

#[tokio::test]
async fn of_two_clerks_the_second_is_told_and_nothing_is_overwritten() {
    let office = Office::open().await;
    let anna = office.clerk("Anna Gleichzeit", Role::Handler).await;
    let bert = office.clerk("Bert Gleichzeit", Role::Handler).await;
    let zoe = office.subject("Zoe Zweifach", "zoe@post-t1.example");
    let case = zoe.asks(&office, &[Right::Access]).await.case;
    let (_, seen) = anna.sees(&office, case).await;

    office
        .understand(&anna.scope, case, seen, &[Right::Access, Right::Erasure])
        .await
        .unwrap();
    let second = office
        .understand(&bert.scope, case, seen, &[Right::Rectification])
        .await;
    let Err(Error::Obstacle(Obstacle::ChangedMeanwhile { revision })) = second else {
        panic!("{second:?}")
    };
    let (known, now) = bert.sees(&office, case).await;
    assert_eq!(
        (known.rights(), now),
        (vec![Right::Access, Right::Erasure], revision)
    );

    // At the same instant, too, exactly one wins.
    let (one, other) = tokio::join!(
        office.understand(&anna.scope, case, now, &[Right::Portability]),
        office.understand(&bert.scope, case, now, &[Right::Restriction])
    );
    let told = [&one, &other]
        .iter()
        .filter(|tried| {
            matches!(
                tried,
                Err(Error::Obstacle(Obstacle::ChangedMeanwhile { .. }))
            )
        })
        .count();
    assert_eq!(told, 1, "{one:?} {other:?}");
    let rights = one.or(other).unwrap().case.rights();
    assert_eq!(anna.sees(&office, case).await.0.rights(), rights);

    // What left by mail meanwhile disturbs nobody.
    let (_, seen) = anna.sees(&office, case).await;
    office.jobs_run().await;
    office
        .understand(&anna.scope, case, seen, &[Right::Access])
        .await
        .unwrap();
}

#[tokio::test]
async fn who_decided_does_not_release_where_four_eyes_are_wanted() {
    let office = Office::open_with(|plan| plan.four_eyes = true).await;
    let vera = office.clerk("Vera Vieraugen", Role::Decider).await;
    let wolf = office.clerk("Wolf Vieraugen", Role::Decider).await;
    let ole = office.subject("Ole Obacht", "ole@post-t2.example");
    let case = ole.asks_and_confirms(&office, &[Right::Access]).await.case;
    vera.confirms_identity(&office, case).await;
    vera.finds_nothing_else(&office, case).await;
    vera.decides(
        &office,
        case,
        Right::Access,
        Decision::nothing_held("Nichts."),
    )
    .await;

    let preview = office.preview(&vera.scope, case).await.unwrap();
    assert_eq!(preview.obstacle, Some(Obstacle::FourEyes));
    let alone = office
        .release(
            &vera.scope,
            case,
            preview.revision,
            Way::Portal,
            &rechtzeitig::domain::look::Point::BEFORE_SENDING,
        )
        .await;
    assert!(
        matches!(alone, Err(Error::Obstacle(Obstacle::FourEyes))),
        "{alone:?}"
    );
    wolf.releases(&office, case, Way::Portal).await;
    office.jobs_run().await;
    assert!(
        office
            .answer_page(&ole.link(&office, "answer"))
            .await
            .unwrap()
            .good
    );
}
