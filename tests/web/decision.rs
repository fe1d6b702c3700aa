//! The page of decisions: category by category, with proposals, and nothing typed is lost.

use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::judgement::{End, Treatment};
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::desk::Door;
use crate::support::office::{Office, day};
use crate::support::people::Clerk;

/// A case in which two systems found something.
async fn found(office: &Office, vera: &Clerk, rights: &[Right], email: &str) -> String {
    let johanna = office.subject("Johanna Beispielhuber", email);
    let case = johanna.asks_and_confirms(office, rights).await.case;
    vera.confirms_identity(office, case).await;
    vera.finds(office, case, "Warenwirtschaft", "Rechnung vom 5. Mai 2024")
        .await;
    vera.finds(office, case, "Rundbrief", "Adresse im Verteiler")
        .await;
    vera.finds_nothing_else(office, case).await;
    case.to_string()
}

/// The three questions, answered.
const CHECKED: [(&str, &str); 6] = [
    ("17-overriding", "no"),
    ("17-overriding-why", "nichts bekannt"),
    ("17-duty", "yes"),
    ("17-duty-why", "eine Rechnung aus 2024"),
    ("17-claims", "no"),
    ("17-claims-why", "kein Streit"),
];

#[actix_web::test]
async fn sec_147_ao_the_page_counts_the_last_day_from_the_day_of_the_voucher() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let case = found(&office, &vera, &[Right::Erasure], "johanna@post-u1.example").await;
    let visitor = door.clerk(&office, &vera).await;
    let path = format!("/desk/cases/{case}/decision");
    visitor
        .looks(&path)
        .await
        .is(200)
        .says("Alles wie gewünscht")
        .says("Drei Fragen vor der Löschung")
        .says("Rechnungen und Belege")
        .never_says("17-done-0");

    let mut typed = vec![
        ("17-is", "partly"),
        ("17-c0-do", "restrict"),
        ("17-c0-ground", "vouchers"),
        ("17-c0-dated", "2024-05-05"),
        ("17-c1-do", "erase"),
    ];
    let proposed = [typed.clone(), vec![("do", "more:proposal")]].concat();
    visitor
        .acts(&path, &proposed)
        .await
        .is(200)
        .says("festgehalten ist noch nichts")
        .says("value=\"2032-12-31\"")
        .says("acht Jahre ab dem Ende des Kalenderjahres 2024")
        .says("Rechnungen und Buchungsbelege müssen wir acht Jahre")
        .says("nur die Buchhaltung");

    // Without the three questions nothing is decided, and all that was typed stands there.
    visitor
        .acts(&path, &typed)
        .await
        .is(422)
        .says("Beantworten Sie vor der Löschung die drei Fragen")
        .says("href=\"#17-checks\"")
        .says("value=\"2024-05-05\"");
    typed.extend(CHECKED);
    // The file is gone before the invoices are: whose they are must be known without it.
    visitor
        .acts(&path, &typed)
        .await
        .is(422)
        .says("bleibt länger als dieser Vorgang")
        .says("href=\"#17-c0-record\"");
    typed.push(("17-c0-record", "Kundennummer 4711"));
    visitor.acts(&path, &typed).await.is(303);

    let id = case.parse().expect("an id");
    let (known, _) = vera.sees(&office, id).await;
    let item = known.item(Right::Erasure).unwrap();
    assert_eq!(item.state_code(), "second-look");
    let Some(Decision::Partly { remains, .. }) = item.decision() else {
        panic!("{item:?}");
    };
    assert_eq!(remains[0].until, Some(day("2032-12-31")));
    assert!(remains[0].restricted);
    let judged = &known.weighed[&Right::Erasure].judgements;
    assert_eq!(judged[0].end, Some(End::Day(day("2032-12-31"))));
    assert_eq!(judged[1].treatment, Treatment::Erase);

    // The second look shows what stays; the record of the act starts from what was decided.
    let look = format!("/desk/cases/{case}/second-look");
    visitor
        .looks(&look)
        .await
        .is(200)
        .says("bis 31. Dezember 2032");
    let kim = office.clerk("Kim Zweitblick", Role::Decider).await;
    let kim = door.clerk(&office, &kim).await;
    let ticks = [
        ("right", "17"),
        ("ticked", "only-this-person"),
        ("ticked", "nothing-stands"),
    ];
    kim.acts(&look, &ticks).await.is(303);
    visitor
        .looks(&format!("/desk/cases/{case}/execution"))
        .await
        .is(200)
        .says("Bestellungen und Rechnungen: eingeschränkt")
        .says("Adresse und Öffnungen: gelöscht");
}

#[actix_web::test]
async fn art_12_4_an_error_goes_to_its_category_and_keeps_what_was_typed() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let case = found(&office, &vera, &[Right::Erasure], "johanna@post-u2.example").await;
    let visitor = door.clerk(&office, &vera).await;
    let path = format!("/desk/cases/{case}/decision");
    let with = |fields: &[(&'static str, &'static str)]| {
        let mut all = vec![("17-is", "partly")];
        all.extend(CHECKED);
        all.extend_from_slice(fields);
        all
    };
    let denied = [("17-c1-do", "keep"), ("17-c1-event", "bis sie gebucht ist")];
    let back = visitor.acts(&path, &with(&denied)).await;
    back.is(422)
        .says("href=\"#17-c1-ground\"")
        .says("bis sie gebucht ist");
    let endless = [
        ("17-c1-do", "keep"),
        ("17-c1-law", "§ 1 Muster"),
        ("17-c1-facts", "wird noch gebraucht"),
    ];
    let back = visitor.acts(&path, &with(&endless)).await;
    back.is(422)
        .says("href=\"#17-c1-until\"")
        .says("wird noch gebraucht");
    let unfinished = [
        ("17-c1-do", "restrict"),
        ("17-c1-ground", "legal-claims"),
        ("17-c1-event", "bis zum Urteil"),
    ];
    let back = visitor.acts(&path, &with(&unfinished)).await;
    back.is(422)
        .says("href=\"#17-c1-facts\"")
        .says("stehen noch Lücken");
    let masked = [("17-c0-do", "anonymise")];
    let back = visitor.acts(&path, &with(&masked)).await;
    back.is(422).says("href=\"#17-c0-how\"");
    let over = [
        ("17-c0-do", "restrict"),
        ("17-c0-ground", "vouchers"),
        ("17-c0-dated", "2014-05-05"),
    ];
    let back = visitor.acts(&path, &with(&over)).await;
    back.is(422)
        .says("href=\"#17-c0-until\"")
        .says("schon vorbei");
    // All as wished beside something that is not.
    let mut fields = with(&[
        ("17-c0-do", "restrict"),
        ("17-c0-ground", "vouchers"),
        ("17-c0-dated", "2024-05-05"),
    ]);
    fields[0] = ("17-is", "granted");
    let back = visitor.acts(&path, &fields).await;
    back.is(422).says("href=\"#17-is\"");
    let (known, _) = vera.sees(&office, case.parse().expect("an id")).await;
    assert!(known.item(Right::Erasure).unwrap().decision().is_none());
}

#[actix_web::test]
async fn art_15_4_a_redacted_version_takes_the_place_of_the_find() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let case = found(&office, &vera, &[Right::Access], "johanna@post-u3.example").await;
    let visitor = door.clerk(&office, &vera).await;
    let path = format!("/desk/cases/{case}/decision");
    let mut typed = vec![
        ("15-is", "partly"),
        ("15-c0-do", "redact"),
        ("15-c0-ground", "rights-of-others"),
        ("15-c0-facts", "Eine Zeile betrifft eine andere Person."),
    ];
    let back = visitor.acts(&path, &typed).await;
    back.is(422)
        .says("Aus „Warenwirtschaft“ geht nur ein Teil hinaus");
    let version = back.text.split("name=\"15-v").nth(1).unwrap();
    let version = format!("15-v{}", version.split('"').next().unwrap());
    assert!(version.ends_with("-text"), "{version}");
    typed.push((version.as_str(), "eine Rechnung, eine Zeile geschwärzt"));
    visitor.acts(&path, &typed).await.is(303);
    let (known, _) = vera.sees(&office, case.parse().expect("an id")).await;
    let weighing = &known.weighed[&Right::Access];
    let text = weighing.versions[0].text.reveal();
    assert_eq!(text, "eine Rechnung, eine Zeile geschwärzt");
}

#[actix_web::test]
async fn art_21_1_a_refused_objection_rests_on_the_grounds_that_were_weighed() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let rights = [
        Right::Objection,
        Right::Restriction,
        Right::Rectification,
        Right::HumanReview,
    ];
    let case = found(&office, &vera, &rights, "johanna@post-u4.example").await;
    let visitor = door.clerk(&office, &vera).await;
    let path = format!("/desk/cases/{case}/decision");
    let mut typed = vec![
        ("21-1-is", "refused"),
        ("21-1-officer", "keine Bedenken"),
        ("18-is", "granted"),
        ("18-occasion", "objected"),
        ("18-effect", "Nur gespeichert."),
        ("16-is", "granted"),
        ("16-entry-0", "Anschrift"),
        ("16-old-0", "Weg 1"),
        ("16-new-0", "Steg 3"),
        ("22-is", ""),
    ];
    let back = visitor.acts(&path, &typed).await;
    back.is(422)
        .says("Ein Nein braucht einen Grund")
        .says("Steg 3");
    typed.extend([
        ("21-1-situation", "Umzug wegen Bedrohung"),
        ("21-1-compelling", "Abwehr eines laufenden Angriffs"),
    ]);
    visitor.acts(&path, &typed).await.is(303);
    let (known, _) = vera.sees(&office, case.parse().expect("an id")).await;
    let Some(Decision::Refused { grounds, .. }) = known.item(Right::Objection).unwrap().decision()
    else {
        panic!("a no");
    };
    assert!(grounds[0].law.starts_with("Art. 21 Abs. 1"));
    assert_eq!(grounds[0].facts.reveal(), "Abwehr eines laufenden Angriffs");
    assert!(known.weighed[&Right::Restriction].measure.is_some());
    assert!(
        known.item(Right::HumanReview).unwrap().decision().is_none(),
        "left for later"
    );

    let typed = [("22-is", "granted"), ("22-reviewer", "die Leiterin")];
    let back = visitor.acts(&path, &typed).await;
    back.is(422)
        .says("href=\"#22-measure\"")
        .says("die Leiterin");
}

#[actix_web::test]
async fn art_12_5_abuse_is_never_proposed_and_takes_two_elements_and_evidence() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let case = found(&office, &vera, &[Right::Access], "johanna@post-u5.example").await;
    let visitor = door.clerk(&office, &vera).await;
    let path = format!("/desk/cases/{case}/decision");
    let page = visitor.looks(&path).await;
    page.never_says("<option value=\"excessive\"")
        .never_says("<option value=\"unfounded\"");
    let mut typed = vec![
        ("15-is", "refused"),
        ("15-officer", "gehört"),
        ("15-excess", "excessive"),
        ("15-objective", "fordert Geld statt Auskunft"),
    ];
    let back = visitor.acts(&path, &typed).await;
    back.is(422)
        .says("href=\"#15-objective\"")
        .says("fordert Geld statt Auskunft");
    typed.extend([
        ("15-subjective", "kündigt an, nur stören zu wollen"),
        ("15-evidence", "Schreiben vom 3. März"),
    ]);
    visitor.acts(&path, &typed).await.is(303);
    let (known, _) = vera.sees(&office, case.parse().expect("an id")).await;
    let Some(Decision::Refused { grounds, .. }) = known.item(Right::Access).unwrap().decision()
    else {
        panic!("a no");
    };
    assert!(grounds[0].law.contains("Art. 12 Abs. 5"));
    assert!(
        grounds[0]
            .facts
            .reveal()
            .contains("Belege: Schreiben vom 3. März")
    );
}
