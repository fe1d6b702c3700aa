//! The pages of the letters beside the answer: written, looked at, released; what was typed stays.

use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::desk::Door;
use crate::support::office::Office;

#[actix_web::test]
async fn a_word_in_between_is_looked_at_before_it_can_be_released() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let karla = office.subject("Karla Wartenoch", "karla@post-v1.example");
    let case: CaseId = karla
        .asks_and_confirms(&office, &[Right::Access])
        .await
        .case;
    let visitor = door.clerk(&office, &vera).await;
    let path = format!("/desk/cases/{case}/interim-notice");
    visitor
        .looks(&path)
        .await
        .is(200)
        .says("Zwischenstand schreiben")
        .says("karla@post-v1.example")
        .never_says("name=\"mark\"");
    let typed = vec![
        ("interim-done", "Wir haben im Laden gesucht."),
        ("interim-open", "das Archiv"),
        ("letter-way", "mail"),
    ];
    // Released without a look: nothing leaves, and the letter stands there.
    let unseen = visitor.acts(&path, &typed).await;
    unseen
        .is(422)
        .says("Sehen Sie sich den Brief zuerst an")
        .says("Wir haben im Laden gesucht.");
    // A day beyond the period is named at its field, and what was typed stays.
    let late = [
        typed.clone(),
        vec![("interim-by", "2027-01-01"), ("do", "more:look")],
    ];
    visitor
        .acts(&path, &late.concat())
        .await
        .is(422)
        .says("href=\"#interim-by\"")
        .says("das Archiv");
    let look = [typed.clone(), vec![("do", "more:look")]].concat();
    let shown = visitor.acts(&path, &look).await;
    shown.is(200).says("So geht der Brief hinaus");
    let pdf = [typed.clone(), vec![("do", "more:pdf")]].concat();
    let paper = visitor.acts(&path, &pdf).await;
    paper.is(200);
    assert_eq!(paper.kind, "application/pdf");
    let mark = shown.hidden("mark");
    // Changed after the look it is another letter.
    let changed = [
        ("interim-done", "Wir haben nichts getan."),
        ("interim-open", "das Archiv"),
        ("letter-way", "mail"),
        ("mark", mark.as_str()),
    ];
    visitor
        .acts(&path, &changed)
        .await
        .is(422)
        .says("Sehen Sie sich den Brief zuerst an");
    let release = [typed, vec![("mark", mark.as_str())]].concat();
    visitor.acts(&path, &release).await.is(303);
    visitor
        .looks(&format!("/desk/cases/{case}"))
        .await
        .says("Zwischenstand, freigegeben per E-Mail");
}

#[actix_web::test]
async fn art_14_a_printed_notice_waits_on_the_case_until_its_posting_is_entered() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let karla = office.subject("Karla Nenntandere", "karla@post-v2.example");
    let case: CaseId = karla
        .asks_and_confirms(&office, &[Right::Access])
        .await
        .case;
    let visitor = door.clerk(&office, &vera).await;
    let home = format!("/desk/cases/{case}");
    let noted = [
        ("owed-whom", "Nora Nebenan"),
        ("owed-obtained", "2026-03-02"),
    ];
    let owed = format!("{home}/art14-owed");
    let nobody = [("owed-whom", " "), ("owed-obtained", "2026-03-02")];
    visitor
        .acts(&owed, &nobody)
        .await
        .is(422)
        .says("href=\"#owed-whom\"");
    visitor.acts(&owed, &noted).await.is(303);

    let path = format!("{home}/art14-notice");
    let page = visitor.looks(&path).await;
    page.is(200).says("Nora Nebenan").says("Ladenkonto");
    let systems = office.systems(&vera.scope, office.company()).await.unwrap();
    let held = systems.iter().find(|it| it.name == "Ladenkonto").unwrap();
    let system = held.id.to_string();
    let typed = vec![
        ("owed", "0"),
        ("art14-name", "Nora Nebenan"),
        ("art14-address", "Steg 3\n20459 Hamburg"),
        ("art14-obtained", "2026-03-02"),
        ("art14-occasion", "Ein Antrag nennt auch Sie."),
        ("art14-source", "eine Kundin"),
        ("art14-systems", system.as_str()),
        ("letter-way", "post"),
    ];
    let look = [typed.clone(), vec![("do", "more:look")]].concat();
    let shown = visitor.acts(&path, &look).await;
    shown.is(200).says("Wir haben Daten über Sie erhalten");
    let mark = shown.hidden("mark");
    let release = [typed, vec![("mark", mark.as_str())]].concat();
    visitor.acts(&path, &release).await.is(303);
    visitor
        .looks(&home)
        .await
        .says("Ein Brief wartet auf die Post");
    let follow_ups = office.follow_ups(&vera.scope).await.unwrap();
    let (_, due) = follow_ups.first().expect("noted");
    let follow_up = format!("/desk/followups/{}", due.id);
    visitor
        .looks(&follow_up)
        .await
        .says("gedruckt, noch nicht zur Post gegeben");
    let posted = [("letter", "1"), ("letter-posted", "2026-03-02")];
    let posting = format!("{home}/letter-posted");
    visitor.looks(&posting).await.is(200).says("Steg 3");
    visitor.acts(&posting, &posted).await.is(303);
    visitor
        .looks(&home)
        .await
        .never_says("Ein Brief wartet auf die Post");
    visitor
        .looks(&follow_up)
        .await
        .says("zur Post gegeben am Montag, 2. März 2026");
}

#[actix_web::test]
async fn every_choice_on_the_pages_of_letters_and_complaints_says_what_it_is() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let karla = office.subject("Karla Wartenoch", "karla@post-v9.example");
    let case: CaseId = karla
        .asks_and_confirms(&office, &[Right::Access])
        .await
        .case;
    let visitor = door.clerk(&office, &vera).await;
    for (page, choice) in [
        ("fee-notice", "Auskunft</label>"),
        ("complaint", "oder kündigt es an</label>"),
    ] {
        let path = format!("/desk/cases/{case}/{page}");
        visitor
            .looks(&path)
            .await
            .is(200)
            .says(choice)
            .never_says(">right</label>")
            .never_says(">forum</label>");
    }
}
