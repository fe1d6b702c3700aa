//! What is told beside the answer: a word in between, and a notice to somebody whose data came with the case.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::followup::Finding;
use rechtzeitig::casework::letter::{By, Draft};
use rechtzeitig::domain::elsewhere::Elsewhere;
use rechtzeitig::domain::followup::{Errand, FreshCheck};
use rechtzeitig::domain::interim::Interim;
use rechtzeitig::domain::lang::Lang;
use rechtzeitig::domain::letter::About;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::{Office, day};

fn words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

#[tokio::test]
async fn art_12_3_a_word_in_between_leaves_the_date_and_the_item_as_they_are() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Zwischenstand", Role::Handler).await;
    let karla = office.subject("Karla Wartenoch", "karla@post-t1.example");
    let case = karla.asks_and_confirms(&office, &[Right::Access]).await;
    let case = case.case;
    vera.confirms_identity(&office, case).await;
    vera.finds(&office, case, "Ladenkonto", "Konto").await;
    let (before, seen) = vera.sees(&office, case).await;
    let draft = |by: Option<&str>| Draft {
        about: About::Interim(Interim {
            done: "Wir haben ein System geprüft.".to_owned().into(),
            open: "das Archiv\ndie Durchsicht".to_owned().into(),
            by: by.map(day),
        }),
        by: Some(By::Mail),
    };
    // Nothing is promised beyond the period.
    let late = draft(Some("2026-05-04"));
    let late = office.see_letter(&vera.scope, case, &late).await.err();
    assert!(
        matches!(late, Some(Error::Obstacle(Obstacle::Empty("interim-by")))),
        "{late:?}"
    );
    let draft = draft(Some("2026-03-20"));
    let letter = office.see_letter(&vera.scope, case, &draft).await.unwrap();
    assert_eq!(letter.gaps, Vec::<String>::new());
    office
        .release_letter(&vera.scope, case, seen, &draft, &letter.mark)
        .await
        .expect("released");
    office.jobs_run().await;
    let mails = karla.mails(&office);
    let said = words(&mails.last().expect("a mail").text);
    for part in [
        "das Archiv",
        "20. März 2026",
        "Das ist noch nicht die Antwort",
    ] {
        assert!(said.contains(part), "{part} is missing in {said}");
    }
    let (after, _) = vera.sees(&office, case).await;
    assert_eq!(after.items, before.items, "no clock and no state moved");
    assert_eq!(after.letters.len(), 1);
    assert_eq!(after.letters[0].left, Some(office.today()));
}

#[tokio::test]
async fn art_14_somebody_whose_data_came_with_the_case_is_told_within_a_month() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Dritte", Role::Decider).await;
    let karla = office.subject("Karla Nenntandere", "karla@post-t2.example");
    let nora = office.subject("Nora Nebenan", "nora@post-t2.example");
    let case = karla.asks_and_confirms(&office, &[Right::Access]).await;
    let case = case.case;
    let (known, seen) = vera.sees(&office, case).await;
    let whom = "Nora Nebenan, steht im Anhang".to_owned();
    let owed = (whom.into(), known.intake.received);
    let noted = office.owe_information(&vera.scope, case, seen, owed).await;
    let noted = noted.expect("noted");
    let owed = noted.case.owed[0].clone();
    // 2 April is a Thursday; Good Friday is the day after.
    assert_eq!(owed.due, day("2026-04-02"));

    // What is decided on the case's own rights forgets nothing of it.
    vera.answers_access(&office, case).await;
    let all = office.follow_ups(&vera.scope).await.unwrap();
    let (_, due) = all.first().expect("it comes back");
    assert_eq!((due.on, due.what.errand), (owed.due, Errand::Inform));
    assert!(!due.what.what.contains("Nora"), "a follow-up names nobody");

    let done = || Finding::Done {
        check: FreshCheck::default(),
        on: office.today(),
        proof: "E-Mail".to_owned().into(),
        told_on: None,
    };
    let seen = |finding| office.follow_up_seen(&vera.scope, due.id, finding);
    let open = seen(done()).await;
    assert!(
        matches!(
            open,
            Err(Error::Obstacle(Obstacle::Empty("informed-before")))
        ),
        "{open:?}"
    );

    let systems = office.systems(&vera.scope, office.company()).await.unwrap();
    let held = systems.iter().find(|it| it.name == "Ladenkonto").unwrap();
    let text = |text: &str| text.to_owned().into();
    let draft = Draft {
        about: About::Elsewhere(Elsewhere {
            owed: Some(owed.what.clone()),
            name: text("Nora Nebenan"),
            address: text(""),
            email: text("nora@post-t2.example"),
            lang: Lang::De,
            obtained: owed.obtained,
            occasion: text("Ein Antrag einer Kundin nennt auch Sie."),
            source: text("eine Kundin; keine öffentliche Quelle"),
            systems: vec![held.id],
            interests: text(""),
        }),
        by: Some(By::Mail),
    };
    let letter = office.see_letter(&vera.scope, case, &draft).await.unwrap();
    assert_eq!(letter.gaps, Vec::<String>::new());
    let (_, revision) = vera.sees(&office, case).await;
    office
        .release_letter(&vera.scope, case, revision, &draft, &letter.mark)
        .await
        .expect("released");
    assert!(seen(done()).await.is_err(), "released is not sent");
    office.jobs_run().await;

    let mails = nora.mails(&office);
    let mail = mails.last().expect("the notice");
    let said = words(&mail.text);
    let category = &held.categories[0];
    for part in [
        "eine Kundin; keine öffentliche Quelle",
        category.name.as_str(),
        category.retention.as_str(),
        held.operator.as_str(),
        "Aufsicht für den Datenschutz im Musterland",
    ] {
        assert!(said.contains(&words(part)), "{part} is missing in {said}");
    }
    // She learns neither who asked nor the way to that case.
    for hidden in ["Nenntandere", "karla@", "/status/"] {
        assert!(!said.contains(hidden), "{hidden} stands in {said}");
    }
    seen(done()).await.expect("settled");
    assert!(office.follow_ups(&vera.scope).await.unwrap().is_empty());
}

#[tokio::test]
async fn art_14_5_an_exception_is_written_down_by_who_decides() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Ausnahme", Role::Decider).await;
    let hans = office.clerk("Hans Bearbeiter", Role::Handler).await;
    let karla = office.subject("Karla Nenntauch", "karla@post-t3.example");
    let case = karla.asks_and_confirms(&office, &[Right::Access]).await;
    let case = case.case;
    let (known, seen) = vera.sees(&office, case).await;
    let owed = ("Nora".to_owned().into(), known.intake.received);
    let noted = office.owe_information(&hans.scope, case, seen, owed).await;
    noted.expect("noted");
    let all = office.follow_ups(&vera.scope).await.unwrap();
    let (_, due) = all.first().expect("it comes back");
    let needless = |because: &str| Finding::Needless {
        because: because.to_owned().into(),
    };
    let why = "Sie weiß es, sie hat es selbst angekündigt";
    let his = office.follow_up_seen(&hans.scope, due.id, needless(why));
    assert!(his.await.is_err(), "a handler does not decide that");
    let bare = office.follow_up_seen(&vera.scope, due.id, needless(" "));
    assert!(bare.await.is_err(), "no exception without a reason");
    let done = office.follow_up_seen(&vera.scope, due.id, needless(why));
    done.await.expect("settled");
    assert!(office.follow_ups(&vera.scope).await.unwrap().is_empty());
}
