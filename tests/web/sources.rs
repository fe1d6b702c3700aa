//! The connections at the desk: looked at, tried, switched off; and what machines do, shown before and told after.

use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::look::Point;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::desk::Door;
use crate::support::office::Office;
use crate::support::people::colleague;
use crate::support::shop;

#[actix_web::test]
async fn a_connection_is_checked_switched_off_and_on_and_tried_without_keeping_anything() {
    let office = Office::open_with(|plan| plan.sources = shop::CONNECTED.into()).await;
    let lost = shop::found(&office);
    let door = Door::of(&office).await;
    let handler = office.clerk("Vera Sachgemäß", Role::Handler).await;
    let handler = door.clerk(&office, &handler).await;
    let admin = office.clerk("Ada Verwaltung", Role::Admin).await;
    let admin = door.clerk(&office, &admin).await;
    let company = office.company().to_string();
    let house = ("controller", company.as_str());

    handler.looks("/desk").await.says("href=\"/desk/sources\"");
    handler
        .looks("/desk/sources")
        .await
        .is(200)
        .says("kundenbereich")
        .says("Datenbank (SQL)")
        .says("suchen, Dateien kopieren, löschen")
        .never_says("Ausprobieren");
    let check = [house, ("do", "check:kundenbereich")];
    handler
        .sends("/desk/sources", &check)
        .await
        .is(200)
        .says("customers: 3 in Sicht")
        .says("Die Testperson wurde gefunden.")
        .never_says("Anna");
    lost.execute("DELETE FROM customers WHERE id = 1", [])
        .unwrap();
    let answer = handler.sends("/desk/sources", &check).await;
    answer.is(200).says("Die Testperson wurde nicht gefunden");

    handler
        .sends("/desk/sources", &[house, ("do", "pause:kundenbereich")])
        .await
        .is(303);
    handler.looks("/desk/sources").await.says("angehalten");
    handler
        .sends("/desk/sources", &[house, ("do", "pause:")])
        .await
        .is(303);
    handler
        .looks("/desk/sources")
        .await
        .says("Alle Systeme sind angehalten");
    for on in ["resume:", "resume:kundenbereich"] {
        handler
            .sends("/desk/sources", &[house, ("do", on)])
            .await
            .is(303);
    }
    handler
        .looks("/desk/sources")
        .await
        .never_says("angehalten");

    let at = format!("{company}:kundenbereich");
    let find = [
        ("where", at.as_str()),
        ("email", "anna.beispiel@post-a2.example"),
        ("do", "find"),
    ];
    handler.sends("/desk/sources", &find).await.is(403);
    admin.looks("/desk/sources").await.says("Ausprobieren");
    admin
        .sends("/desk/sources", &find)
        .await
        .is(200)
        .says("3 Datensätze gefunden.")
        .says("Stehleuchte Modell 7")
        .says("Nichts davon wurde gespeichert.")
        .never_says("Johanna");
    let empty = [
        ("where", at.as_str()),
        ("email", "keine Adresse"),
        ("do", "find"),
    ];
    admin
        .sends("/desk/sources", &empty)
        .await
        .is(422)
        .says("keine Adresse");
    let count = |sql: &'static str| office.number_of(sql);
    assert_eq!(
        count("SELECT count(*) AS count FROM event WHERE kind = 'source.asked'").await,
        1
    );
    assert_eq!(count("SELECT count(*) AS count FROM finding").await, 0);
}

#[actix_web::test]
async fn what_machines_would_do_is_shown_done_and_told_as_it_was_read_back() {
    let office = Office::open_with(|plan| plan.sources = shop::CONNECTED.into()).await;
    let shop = shop::found(&office);
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let desk = door.clerk(&office, &vera).await;
    let anna = office.subject("Anna Beispiel", "anna.beispiel@post-a2.example");
    let case = anna
        .asks_and_confirms(&office, &[Right::Erasure])
        .await
        .case;
    vera.confirms_identity(&office, case).await;
    office.jobs_run().await;
    vera.finds_nothing_else(&office, case).await;
    vera.decides(&office, case, Right::Erasure, Decision::granted(""))
        .await;
    let (_, seen) = vera.sees(&office, case).await;
    let points = &Point::BEFORE_ERASURE;
    office
        .look(&colleague(&office), case, seen, Right::Erasure, points)
        .await
        .unwrap();

    let (page, acting) = (
        format!("/desk/cases/{case}/execution"),
        format!("/desk/cases/{case}/acting"),
    );
    desk.looks(&page)
        .await
        .is(200)
        .says("Vorschau: was geschehen würde")
        .never_says("Stehleuchte");
    desk.sends(&acting, &[("do", "preview:17")])
        .await
        .is(200)
        .says("Stehleuchte Modell 7")
        .says("wird gelöscht")
        .says("Jetzt in den angeschlossenen Systemen ausführen");
    assert_eq!(shop::rows(&shop, "orders"), 3, "a preview changes nothing");

    let handler = office.clerk("Hanna Nurlesend", Role::Handler).await;
    let handler = door.clerk(&office, &handler).await;
    let seen = desk.looks(&page).await.hidden("seen");
    let now = [("seen", seen.as_str()), ("do", "act:17")];
    handler.sends(&acting, &now).await.is(403);
    let blindly = [("seen", "1"), ("do", "act:17")];
    desk.sends(&acting, &blindly).await.is(422);
    desk.sends(&acting, &now).await.is(303);
    desk.looks(&acting).await.is(200).says("data-moving");
    office.jobs_run().await;
    assert_eq!(shop::rows(&shop, "orders"), 1);
    desk.looks(&acting)
        .await
        .is(200)
        .says("Fertig.")
        .never_says("data-moving");
    desk.looks(&page)
        .await
        .is(200)
        .says("3 Einträge gelöscht")
        .says("nach 14 Tagen von selbst weg")
        .says("nachgelesen</span>");
}

#[actix_web::test]
async fn a_system_that_refuses_is_said_in_words_and_tried_again_from_the_page() {
    let office = Office::open_with(|plan| plan.sources = shop::CONNECTED.into()).await;
    let shop = shop::found(&office);
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let desk = door.clerk(&office, &vera).await;
    let anna = office.subject("Anna Beispiel", "anna.beispiel@post-a2.example");
    let case = anna
        .asks_and_confirms(&office, &[Right::Erasure])
        .await
        .case;
    vera.confirms_identity(&office, case).await;
    office.jobs_run().await;
    vera.finds_nothing_else(&office, case).await;
    vera.decides(&office, case, Right::Erasure, Decision::granted(""))
        .await;
    let (_, seen) = vera.sees(&office, case).await;
    let points = &Point::BEFORE_ERASURE;
    office
        .look(&colleague(&office), case, seen, Right::Erasure, points)
        .await
        .unwrap();

    // Somebody moved the database away.
    drop(shop);
    let hidden = office.folder().join("elsewhere.db");
    std::fs::rename(shop::path(&office), &hidden).unwrap();
    let (page, acting) = (
        format!("/desk/cases/{case}/execution"),
        format!("/desk/cases/{case}/acting"),
    );
    let seen = desk.looks(&page).await.hidden("seen");
    let now = [("seen", seen.as_str()), ("do", "act:17")];
    desk.sends(&acting, &now).await.is(303);
    office.jobs_run().await;
    let shown = desk.looks(&page).await;
    shown
        .is(200)
        .says("Erneut versuchen")
        .never_says("3 Einträge gelöscht");

    std::fs::rename(&hidden, shop::path(&office)).unwrap();
    desk.sends(&acting, &[("do", "again:17:kundenbereich")])
        .await
        .is(303);
    office.jobs_run().await;
    desk.looks(&page).await.is(200).says("3 Einträge gelöscht");
}
