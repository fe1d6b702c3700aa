//! A case collects itself: connected systems are asked, what they hold is sifted, decided, and ended there.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::acted::proven;
use rechtzeitig::casework::acting::Wanted;
use rechtzeitig::casework::decision::Verdict;
use rechtzeitig::casework::findings::Which;
use rechtzeitig::domain::collection::{Outcome as Answer, TaskState};
use rechtzeitig::domain::decision::{Decision, Ground};
use rechtzeitig::domain::finding::{Blackening, Correction, Reason, Stretch};
use rechtzeitig::domain::identifier::{Identifier, SearchKey};
use rechtzeitig::domain::ids::{CaseId, FindingId};
use rechtzeitig::domain::judgement::{End, Treatment};
use rechtzeitig::domain::look::Point;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::{Actor, Role};
use rechtzeitig::domain::sifting::Heap;
use rechtzeitig::domain::source::{Fate, Tie};
use rechtzeitig::domain::weighing::Weighing;

use crate::support::office::Office;
use crate::support::people::{Clerk, colleague};
use crate::support::shop::{self, agreed_to_erase, connected, heap, searched};

#[tokio::test]
async fn a_connected_system_is_asked_as_soon_as_the_person_is_known_and_answers_for_itself() {
    let (office, _shop, vera, anna) = connected().await;
    let case = searched(&office, &vera, &anna, &[Right::Access]).await;

    let (known, _) = vera.sees(&office, case).await;
    let task = known
        .collection
        .tasks
        .iter()
        .find(|task| task.slug == "shop")
        .unwrap();
    let TaskState::Answered { outcome, by, .. } = &task.state else {
        panic!("nobody answered: {:?}", known.collection.searched);
    };
    assert_eq!(*by, Actor::house());
    let Answer::Found { text, .. } = outcome else {
        panic!("nothing found");
    };
    assert!(
        text.reveal().contains("Zugangsdaten und Anschriften: 1"),
        "{}",
        text.reveal()
    );
    assert!(
        text.reveal().contains("customers"),
        "it says where it looked: {}",
        text.reveal()
    );

    let orders = heap(&office, &vera, case, "order").await;
    let leaf = office.leaf(&vera.scope, case, &orders, None).await.unwrap();
    let titles: Vec<&str> = leaf
        .shown
        .iter()
        .map(|it| it.heading.title.reveal().as_str())
        .collect();
    assert_eq!(titles, ["Stehleuchte Modell 7", "Leuchtmittel, vier Stück"]);
    assert!(
        leaf.shown
            .iter()
            .all(|it| matches!(it.heading.tie, Tie::Linked { .. }))
    );

    // What stands in the record beside what was asked for is proposed, not searched.
    let proposed: Vec<_> = known
        .proposed()
        .map(|it| it.identifier.value.reveal().clone())
        .collect();
    assert!(
        proposed.is_empty() || proposed == ["+491705550123"],
        "{proposed:?}"
    );
}

#[tokio::test]
async fn a_search_that_is_repeated_finds_what_is_new_and_keeps_what_was_said() {
    let (office, shop, vera, anna) = connected().await;
    let case = searched(&office, &vera, &anna, &[Right::Access]).await;
    let orders = heap(&office, &vera, case, "order").await;
    let leaf = office.leaf(&vera.scope, case, &orders, None).await.unwrap();
    let reason = Reason {
        ground: Some(Ground::new("Art. 15(4)", "gehört anderen").unwrap()),
        ..Reason::default()
    };
    let (_, seen) = vera.sees(&office, case).await;
    let first = Which::These(vec![leaf.shown[0].id]);
    let withheld = (Treatment::Withhold, reason);
    office
        .sift(&vera.scope, case, seen, orders.clone(), first, withheld)
        .await
        .unwrap();

    shop.execute(
        "INSERT INTO orders VALUES (903, 47, 'Lampenschirm', '2026-02-01 12:00:00')",
        [],
    )
    .unwrap();
    office
        .ask_again_there(&vera.scope, case, "kundenbereich")
        .await
        .unwrap();
    office.jobs_run().await;
    let leaf = office.leaf(&vera.scope, case, &orders, None).await.unwrap();
    let said: Vec<_> = leaf.shown.iter().map(|it| it.giving).collect();
    assert_eq!(said, [Some(Treatment::Withhold), None, None]);
}

#[tokio::test]
async fn without_its_canary_a_system_never_says_that_it_is_all() {
    let (office, shop, vera, anna) = connected().await;
    shop.execute("DELETE FROM customers WHERE id = 1", [])
        .unwrap();
    let case = searched(&office, &vera, &anna, &[Right::Access]).await;
    let (known, _) = vera.sees(&office, case).await;
    let task = known
        .collection
        .tasks
        .iter()
        .find(|task| task.slug == "shop")
        .unwrap();
    assert!(task.open(), "a person has to look");
    assert_eq!(
        known.collection.searched.len(),
        1,
        "what was found lies there all the same"
    );
}

#[tokio::test]
async fn a_system_that_is_away_is_never_no_data_and_answers_when_it_is_back() {
    let (office, shop, vera, anna) = connected().await;
    drop(shop);
    let hidden = office.folder().join("elsewhere.db");
    std::fs::rename(shop::path(&office), &hidden).unwrap();
    let case = searched(&office, &vera, &anna, &[Right::Access]).await;
    let (known, _) = vera.sees(&office, case).await;
    assert!(known.collection.searched.is_empty());
    let task = known
        .collection
        .tasks
        .iter()
        .find(|task| task.slug == "shop")
        .unwrap();
    assert!(task.open());
    let progress = office.progress(&vera.scope, &known).await.unwrap();
    assert!(
        !progress[0].run.fault().is_empty(),
        "the page says what is wrong"
    );

    std::fs::rename(&hidden, shop::path(&office)).unwrap();
    office
        .ask_again_there(&vera.scope, case, "kundenbereich")
        .await
        .unwrap();
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.collection.searched[0].laid(), 3);
}

#[tokio::test]
async fn a_system_that_is_switched_off_is_asked_when_it_is_on_again() {
    let (office, _shop, vera, anna) = connected().await;
    office
        .pause_source(&vera.scope, office.company(), "kundenbereich")
        .await
        .unwrap();
    let case = searched(&office, &vera, &anna, &[Right::Access]).await;
    let (known, _) = vera.sees(&office, case).await;
    assert!(known.collection.searched.is_empty());
    assert!(office.progress(&vera.scope, &known).await.unwrap()[0].paused);
    office
        .resume_source(&vera.scope, office.company(), "kundenbereich")
        .await
        .unwrap();
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.collection.searched.len(), 1);
}

#[tokio::test]
async fn another_address_of_hers_is_searched_once_somebody_says_why_it_is_hers() {
    let (office, shop, vera, anna) = connected().await;
    shop.execute(
        "INSERT INTO customers VALUES (49, 'A. Früher', 'a.frueher@post-a2.example', NULL, NULL, '2019-01-01 08:00:00')",
        [],
    )
    .unwrap();
    let case = searched(&office, &vera, &anna, &[Right::Access]).await;
    let (_, seen) = vera.sees(&office, case).await;
    let earlier = Identifier::new(SearchKey::Email, "a.frueher@post-a2.example").unwrap();
    let role = Identifier::new(SearchKey::Email, "info@post-a2.example").unwrap();
    let refused = office
        .name_identifier(&vera.scope, case, seen, (role, "steht im Kopf"))
        .await;
    assert!(matches!(
        refused,
        Err(Error::Obstacle(Obstacle::NobodysKey))
    ));
    office.keep_secret("a.frueher@post-a2.example");
    office
        .name_identifier(
            &vera.scope,
            case,
            seen,
            (earlier, "so stand sie im Vertrag von 2019"),
        )
        .await
        .unwrap();
    office.jobs_run().await;
    let accounts = heap(&office, &vera, case, "account").await;
    let leaf = office
        .leaf(&vera.scope, case, &accounts, None)
        .await
        .unwrap();
    assert_eq!(leaf.shown.len(), 2);
}

#[tokio::test]
async fn art_15_4_words_of_others_are_made_black_and_the_original_stays_as_it_was() {
    let (office, _shop, vera, anna) = connected().await;
    let case = searched(&office, &vera, &anna, &[Right::Access]).await;
    let accounts = heap(&office, &vera, case, "account").await;
    let leaf = office
        .leaf(&vera.scope, case, &accounts, None)
        .await
        .unwrap();
    let id = leaf.shown[0].id;
    let sheet = office.sheet(&vera.scope, case, id).await.unwrap();
    let (number, field) = sheet
        .record
        .fields
        .iter()
        .enumerate()
        .find(|(_, field)| field.value.reveal().contains("Bert Nachbar"))
        .unwrap();
    let from = field.value.reveal().find("Bert").unwrap();
    let parts = vec![Stretch {
        from,
        to: from + "Bert Nachbar".len(),
    }];
    let black = vec![Blackening::Parts {
        field: number,
        parts,
    }];
    let (_, seen) = vera.sees(&office, case).await;
    let without = office
        .blacken(
            &vera.scope,
            case,
            seen,
            id,
            black.clone(),
            Reason::default(),
        )
        .await;
    assert!(matches!(
        without,
        Err(Error::Obstacle(Obstacle::GroundLacking))
    ));
    let reason = Reason {
        ground: Some(Ground::new("Art. 15(4)", "Name eines anderen").unwrap()),
        ..Reason::default()
    };
    office
        .blacken(&vera.scope, case, seen, id, black, reason)
        .await
        .unwrap();
    let after = office.sheet(&vera.scope, case, id).await.unwrap();
    assert_eq!(after.shown.giving, Some(Treatment::Redact));
    assert_eq!(after.record, sheet.record);
}

#[tokio::test]
async fn what_turns_out_to_be_somebody_elses_is_told_as_nothing_found() {
    let by_name = "SELECT id, name, email, phone, note, created FROM customers WHERE name = :name";
    let sources = shop::CONNECTED.replacen(
        "find = [\"SELECT id, name, email",
        &format!("find = [\"{by_name}\", \"SELECT id, name, email"),
        1,
    );
    let office = Office::open_with(|plan| plan.sources = sources).await;
    let _shop = shop::found(&office);
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    // There is a customer of her name; it is another person.
    let namesake = office.subject("Johanna Beispiel", "johanna@post-a3.example");
    let case = searched(&office, &vera, &namesake, &[Right::Access]).await;
    vera.finds_nothing_else(&office, case).await;
    let account = heap(&office, &vera, case, "account").await;
    let answer = async || {
        let (known, seen) = vera.sees(&office, case).await;
        let mut tasks = known.collection.tasks.iter();
        let task = tasks.find(|task| task.slug == "shop").unwrap();
        (task.found(), task.outcome().cloned(), seen)
    };
    let (found, _, seen) = answer().await;
    assert!(found, "somebody must look first");
    let leaf = office.leaf(&vera.scope, case, &account, None).await;
    let ticked = Which::These(vec![leaf.unwrap().shown[0].id]);
    office
        .settle_candidates(&vera.scope, case, seen, account, ticked, false)
        .await
        .unwrap();
    let (found, outcome, _) = answer().await;
    assert!(!found, "{outcome:?}");
    let Some(Answer::Nothing { text }) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        text.reveal().contains("Nichts gefunden."),
        "{}",
        text.reveal()
    );
}

#[tokio::test]
async fn art_15_4_the_decision_begins_with_what_was_said_of_the_findings_and_the_letter_tells_it() {
    let (office, _shop, vera, anna) = connected().await;
    let case = searched(&office, &vera, &anna, &[Right::Access]).await;
    vera.finds_nothing_else(&office, case).await;
    let orders = heap(&office, &vera, case, "order").await;
    let leaf = office.leaf(&vera.scope, case, &orders, None).await.unwrap();
    let none = office.said_of_findings(&vera.scope, case).await.unwrap();
    assert!(none.is_empty(), "{none:?}");
    let reason = Reason {
        ground: Some(Ground::new("Art. 15 Abs. 4 DSGVO", "gehört anderen").unwrap()),
        ..Reason::default()
    };
    let (_, seen) = vera.sees(&office, case).await;
    let first = Which::These(vec![leaf.shown[0].id]);
    let withheld = (Treatment::Withhold, reason);
    office
        .sift(&vera.scope, case, seen, orders.clone(), first, withheld)
        .await
        .unwrap();
    let said = office.said_of_findings(&vera.scope, case).await.unwrap();
    let [one] = said.as_slice() else {
        panic!("of one category something was said: {said:?}");
    };
    assert_eq!(
        (one.system, one.treatment),
        (orders.system, Treatment::Redact),
        "the other order is given"
    );
    let ground = one.reason.ground.as_ref().unwrap();
    assert_eq!(ground.law, "Art. 15 Abs. 4 DSGVO");

    vera.decides(&office, case, Right::Access, Decision::granted(""))
        .await;
    let preview = office.preview(&vera.scope, case).await.unwrap();
    let letter = preview.printed.text.split_whitespace().collect::<Vec<_>>();
    let letter = letter.join(" ");
    for words in [
        "2 Einträge",
        "Nicht alles ist darin: 1 Eintrag liegt nicht bei.",
        "Weggelassen haben wir nur, was oben genannt ist.",
    ] {
        assert!(letter.contains(words), "{words} lacks in:\n{letter}");
    }
    assert!(!letter.contains("customers"), "{letter}");
}

#[tokio::test]
async fn art_17_1_what_is_decided_is_done_over_there_and_read_back_and_only_to_her() {
    let (office, shop, vera, anna) = connected().await;
    let case = searched(&office, &vera, &anna, &[Right::Erasure]).await;
    vera.finds_nothing_else(&office, case).await;
    let (_, seen) = vera.sees(&office, case).await;
    let early = office
        .act_there(&vera.scope, case, seen, Right::Erasure)
        .await;
    assert!(
        matches!(early, Err(Error::Obstacle(Obstacle::NotInState { .. }))),
        "{early:?}"
    );
    vera.decides(&office, case, Right::Erasure, Decision::granted(""))
        .await;
    let (_, seen) = vera.sees(&office, case).await;
    let unseen = office
        .act_there(&vera.scope, case, seen, Right::Erasure)
        .await;
    assert!(matches!(
        unseen,
        Err(Error::Obstacle(Obstacle::SecondLookOpen { .. }))
    ));
    let (_, seen) = vera.sees(&office, case).await;
    office
        .look(
            &colleague(&office),
            case,
            seen,
            Right::Erasure,
            &Point::BEFORE_ERASURE,
        )
        .await
        .unwrap();

    let steps = office
        .steps(&vera.scope, case, Right::Erasure)
        .await
        .unwrap();
    assert_eq!(steps.len(), 3);
    assert!(
        steps
            .iter()
            .all(|step| step.preview.as_ref().is_ok_and(|it| it.fate == Fate::Gone))
    );
    assert_eq!(shop::rows(&shop, "orders"), 3, "a preview changes nothing");

    let (_, seen) = vera.sees(&office, case).await;
    let blindly = office
        .act_there(&vera.scope, case, seen - 1, Right::Erasure)
        .await;
    assert!(matches!(
        blindly,
        Err(Error::Obstacle(Obstacle::ChangedMeanwhile { .. }))
    ));
    office
        .act_there(&vera.scope, case, seen, Right::Erasure)
        .await
        .unwrap();
    office.jobs_run().await;
    assert_eq!(
        (shop::rows(&shop, "customers"), shop::rows(&shop, "orders")),
        (2, 1)
    );
    let (known, _) = vera.sees(&office, case).await;
    let acted = &known.acted[0];
    assert_eq!(
        (acted.fates.as_slice(), acted.failed),
        (&[(Fate::Gone, 3)][..], 0)
    );
    assert_eq!(
        acted.leftovers[0].days,
        Some(14),
        "the dump of the night is named"
    );
}

#[tokio::test]
async fn what_ends_over_there_is_not_changed_behind_the_decision() {
    let (office, shop, vera, anna) = connected().await;
    let case = searched(&office, &vera, &anna, &[Right::Erasure]).await;
    vera.finds_nothing_else(&office, case).await;
    let orders = heap(&office, &vera, case, "order").await;
    let kept = Reason {
        ground: Some(Ground::new("§ 147 AO", "Rechnungen").unwrap()),
        end: Some(End::Day(office.today() + chrono::Days::new(900))),
        ..Reason::default()
    };
    let (_, seen) = vera.sees(&office, case).await;
    let all = (Treatment::Keep, kept);
    office
        .sift(&vera.scope, case, seen, orders.clone(), Which::All, all)
        .await
        .unwrap();
    vera.decides(&office, case, Right::Erasure, Decision::granted(""))
        .await;
    let helper = office.clerk("Hanna Mithilfe", Role::Handler).await;
    let (_, seen) = vera.sees(&office, case).await;
    let erase = (Treatment::Erase, Reason::default());
    let behind = office.sift(&helper.scope, case, seen, orders, Which::All, erase);
    assert!(matches!(
        behind.await,
        Err(Error::Obstacle(Obstacle::DecidedAlready {
            right: Right::Erasure
        }))
    ));
    assert_eq!(shop::rows(&shop, "orders"), 3);
}

#[tokio::test]
async fn who_looked_before_something_was_sifted_looks_again_before_acting_on_it() {
    let (office, _shop, vera, anna) = connected().await;
    let case = searched(&office, &vera, &anna, &[Right::Access]).await;
    let orders = heap(&office, &vera, case, "order").await;
    let (_, seen) = vera.sees(&office, case).await;
    let leaf = office.leaf(&vera.scope, case, &orders, None).await.unwrap();
    let (first, second) = (leaf.shown[0].id, leaf.shown[1].id);
    let withheld = Reason {
        ground: Some(Ground::new("Art. 15(4)", "gehört anderen").unwrap()),
        ..Reason::default()
    };
    let one = Which::These(vec![first]);
    office
        .sift(
            &vera.scope,
            case,
            seen,
            orders.clone(),
            one,
            (Treatment::Withhold, withheld),
        )
        .await
        .unwrap();
    let given = || (Treatment::Disclose, Reason::default());
    let stale = office.sift(&vera.scope, case, seen, orders.clone(), Which::All, given());
    assert!(matches!(
        stale.await,
        Err(Error::Obstacle(Obstacle::ChangedMeanwhile { .. }))
    ));

    // What is said of all reaches those of which nothing was said singly.
    let (_, seen) = vera.sees(&office, case).await;
    office
        .sift(&vera.scope, case, seen, orders.clone(), Which::All, given())
        .await
        .unwrap();
    let leaf = office.leaf(&vera.scope, case, &orders, None).await.unwrap();
    let of = |id| leaf.shown.iter().find(|it| it.id == id).unwrap().giving;
    assert_eq!(
        (of(first), of(second)),
        (Some(Treatment::Withhold), Some(Treatment::Disclose))
    );

    // And what is hers beyond doubt is not taken away as somebody else's.
    let (_, seen) = vera.sees(&office, case).await;
    let ticked = Which::These(vec![first]);
    let taken = office.settle_candidates(&vera.scope, case, seen, orders, ticked, false);
    assert!(matches!(
        taken.await,
        Err(Error::Obstacle(Obstacle::NoCandidate))
    ));
}

#[tokio::test]
async fn what_anybody_may_write_beside_a_name_is_searched_by_only_after_somebody_said_so() {
    let (office, _shop, vera, mut anna) = connected().await;
    anna.hints = Some("johanna.beispiel@post-a2.example".to_owned());
    let case = searched(&office, &vera, &anna, &[Right::Access]).await;
    let (known, _) = vera.sees(&office, case).await;
    assert!(
        known
            .identifiers()
            .iter()
            .all(|it| it.value.reveal() != "johanna.beispiel@post-a2.example")
    );
    let proposed: Vec<_> = known
        .proposed()
        .map(|it| it.identifier.value.reveal().clone())
        .collect();
    assert!(
        proposed.contains(&"johanna.beispiel@post-a2.example".to_owned()),
        "{proposed:?}"
    );
    let accounts = heap(&office, &vera, case, "account").await;
    let leaf = office.leaf(&vera.scope, case, &accounts, None).await;
    assert_eq!(leaf.unwrap().shown.len(), 1, "hers alone");
}

#[tokio::test]
async fn nothing_is_decided_on_an_answer_from_before_the_last_identifier_was_accepted() {
    let (office, shop, vera, anna) = connected().await;
    let case = searched(&office, &vera, &anna, &[Right::Access]).await;
    vera.finds_nothing_else(&office, case).await;
    drop(shop);
    let hidden = office.folder().join("elsewhere.db");
    std::fs::rename(shop::path(&office), &hidden).unwrap();
    let (_, seen) = vera.sees(&office, case).await;
    let earlier = Identifier::new(SearchKey::Email, "anna.frueher@post-a2.example").unwrap();
    office
        .name_identifier(&vera.scope, case, seen, (earlier, "steht auf der Rechnung"))
        .await
        .unwrap();
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    let verdict = || Verdict {
        right: Right::Access,
        decision: Decision::granted("Eine Kopie liegt bei."),
        weighing: Weighing::as_wished(&known, Right::Access),
        done: vec![],
    };
    let early = office.decide(&vera.scope, case, seen, vec![verdict()]);
    assert!(matches!(
        early.await,
        Err(Error::Obstacle(Obstacle::TasksOpen { open: 1 }))
    ));

    std::fs::rename(&hidden, shop::path(&office)).unwrap();
    office
        .ask_again_there(&vera.scope, case, "kundenbereich")
        .await
        .unwrap();
    office.jobs_run().await;
    let (_, seen) = vera.sees(&office, case).await;
    office
        .decide(&vera.scope, case, seen, vec![verdict()])
        .await
        .unwrap();
}

#[tokio::test]
async fn a_canary_that_was_found_vouches_for_ten_minutes_and_no_longer() {
    let (office, shop, vera, anna) = connected().await;
    let answered = async |case: CaseId| {
        let (known, _) = vera.sees(&office, case).await;
        let mut tasks = known.collection.tasks.iter();
        !tasks.find(|task| task.slug == "shop").unwrap().open()
    };
    let first = searched(&office, &vera, &anna, &[Right::Access]).await;
    assert!(answered(first).await);
    shop.execute("DELETE FROM customers WHERE id = 1", [])
        .unwrap();
    let berta = office.subject("Berta Ohnekonto", "berta@post-b7.example");
    assert!(answered(searched(&office, &vera, &berta, &[Right::Access]).await).await);
    office.minutes_pass(11);
    let carla = office.subject("Carla Ohnekonto", "carla@post-c7.example");
    let late = searched(&office, &vera, &carla, &[Right::Access]).await;
    assert!(!answered(late).await, "a person has to look");
}

/// The finding with her telephone, and where in its record that stands.
async fn telephone(office: &Office, vera: &Clerk, case: CaseId) -> (Heap, FindingId, usize) {
    let accounts = heap(office, vera, case, "account").await;
    let leaf = office
        .leaf(&vera.scope, case, &accounts, None)
        .await
        .unwrap();
    let id = leaf.shown[0].id;
    let sheet = office.sheet(&vera.scope, case, id).await.unwrap();
    let mut fields = sheet.record.fields.iter();
    let number = fields.position(|field| field.name == "phone").unwrap();
    (accounts, id, number)
}

#[tokio::test]
async fn art_16_a_wrong_number_is_put_right_over_there_read_back_and_told() {
    let (office, shop, vera, anna) = connected().await;
    shop.execute(
        "UPDATE customers SET phone = '+491705550123' WHERE id = 48",
        [],
    )
    .unwrap();
    let rights = [Right::Rectification, Right::Erasure];
    let case = searched(&office, &vera, &anna, &rights).await;
    vera.finds_nothing_else(&office, case).await;
    let (accounts, id, number) = telephone(&office, &vera, case).await;
    office.keep_secret("+491705550199");
    let right = [(number, " +491705550199 ".to_owned())];
    let say = async |typed: &[(usize, String)]| {
        let (_, seen) = vera.sees(&office, case).await;
        office.correct(&vera.scope, case, seen, id, typed).await
    };
    assert!(say(&right).await.unwrap().changed);
    assert!(!say(&right).await.unwrap().changed, "said already");
    let nowhere = say(&[(99, "x".to_owned())]).await;
    assert!(matches!(nowhere, Err(Error::NotFound)));

    vera.decides(&office, case, Right::Rectification, Decision::granted(""))
        .await;
    assert!(matches!(
        say(&[]).await,
        Err(Error::Obstacle(Obstacle::DecidedAlready {
            right: Right::Rectification
        }))
    ));
    let steps = office
        .steps(&vera.scope, case, Right::Rectification)
        .await
        .unwrap();
    let [step] = steps.as_slice() else {
        panic!("only what is wrong: {steps:?}");
    };
    let Wanted::Correct(changes) = &step.wanted else {
        panic!("not put right: {:?}", step.wanted);
    };
    assert_eq!((step.id, changes[0].1.field.as_str()), (id, "phone"));
    assert_eq!(step.preview.as_ref().unwrap().fate, Fate::Changed);
    assert_eq!(shop::phone(&shop, 47).unwrap(), "+491705550123");

    let (_, seen) = vera.sees(&office, case).await;
    office
        .act_there(&vera.scope, case, seen, Right::Rectification)
        .await
        .unwrap();
    office.jobs_run().await;
    assert_eq!(shop::phone(&shop, 47).unwrap(), "+491705550199");
    assert_eq!(
        shop::phone(&shop, 48).unwrap(),
        "+491705550123",
        "the neighbour's stays"
    );
    let (known, _) = vera.sees(&office, case).await;
    let acted = &known.acted[0];
    assert_eq!(
        (acted.fates.as_slice(), acted.failed),
        (&[(Fate::Changed, 1)][..], 0)
    );
    assert_eq!(
        proven(&known, Right::Rectification, accounts.system).as_deref(),
        Some("1 Eintrag berichtigt")
    );
    let sheet = office.sheet(&vera.scope, case, id).await.unwrap();
    assert_eq!(
        sheet.shown.correction,
        Some(Correction::Done(Fate::Changed))
    );
    assert!(!sheet.mark.seen.is_empty());
    assert_eq!(sheet.shown.fate, None, "how it ends is another matter");
    let told = "SELECT count(*) AS count FROM event WHERE kind = 'review.corrected'";
    assert_eq!(office.number_of(told).await, 1);
}

#[tokio::test]
async fn art_16_what_changed_over_there_meanwhile_is_not_written_over() {
    let (office, shop, vera, anna) = connected().await;
    let case = searched(&office, &vera, &anna, &[Right::Rectification]).await;
    vera.finds_nothing_else(&office, case).await;
    let (accounts, id, number) = telephone(&office, &vera, case).await;
    let (_, seen) = vera.sees(&office, case).await;
    let right = [(number, "+491705550199".to_owned())];
    office
        .correct(&vera.scope, case, seen, id, &right)
        .await
        .unwrap();
    vera.decides(&office, case, Right::Rectification, Decision::granted(""))
        .await;
    shop.execute(
        "UPDATE customers SET phone = '+491705550777' WHERE id = 47",
        [],
    )
    .unwrap();
    let (_, seen) = vera.sees(&office, case).await;
    office
        .act_there(&vera.scope, case, seen, Right::Rectification)
        .await
        .unwrap();
    office.jobs_run().await;
    assert_eq!(shop::phone(&shop, 47).unwrap(), "+491705550777");
    let (known, _) = vera.sees(&office, case).await;
    let acted = known.acted.last().unwrap();
    assert_eq!((acted.fates.len(), acted.failed), (0, 1));
    assert_eq!(proven(&known, Right::Rectification, accounts.system), None);
    let sheet = office.sheet(&vera.scope, case, id).await.unwrap();
    assert_eq!(sheet.shown.correction, Some(Correction::Open));
}

#[tokio::test]
async fn what_is_found_after_the_decision_is_decided_before_machines_act() {
    let (office, shop, vera, anna) = connected().await;
    let case = searched(&office, &vera, &anna, &[Right::Erasure]).await;
    agreed_to_erase(&office, &vera, case).await;
    shop.execute(
        "INSERT INTO orders VALUES (904, 47, 'Lampenschirm', '2026-02-01 12:00:00')",
        [],
    )
    .unwrap();
    office
        .ask_again_there(&vera.scope, case, "kundenbereich")
        .await
        .unwrap();
    office.jobs_run().await;
    let (_, seen) = vera.sees(&office, case).await;
    let early = office.act_there(&vera.scope, case, seen, Right::Erasure);
    assert!(matches!(
        early.await,
        Err(Error::Obstacle(Obstacle::FindingsOpen { open: 1 }))
    ));
    assert_eq!(shop::rows(&shop, "orders"), 4);
}
