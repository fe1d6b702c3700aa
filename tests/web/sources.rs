//! The connections at the desk: looked at, tried, switched off; and what machines do, shown before and told after.

use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::sifting::Heap;

use super::desk::{Door, Visitor};
use crate::support::office::Office;
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
        .says("suchen, Dateien kopieren, berichtigen, löschen")
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
    let (office, shop, vera, anna) = shop::connected().await;
    let door = Door::of(&office).await;
    let desk = door.clerk(&office, &vera).await;
    let case = shop::searched(&office, &vera, &anna, &[Right::Erasure]).await;
    shop::agreed_to_erase(&office, &vera, case).await;

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
    let (office, shop, vera, anna) = shop::connected().await;
    let door = Door::of(&office).await;
    let desk = door.clerk(&office, &vera).await;
    let case = shop::searched(&office, &vera, &anna, &[Right::Erasure]).await;
    shop::agreed_to_erase(&office, &vera, case).await;

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

#[actix_web::test]
async fn what_is_wrong_with_a_trial_is_said_on_top_and_at_its_field() {
    let office = Office::open_with(|plan| plan.sources = shop::CONNECTED.into()).await;
    shop::found(&office);
    let door = Door::of(&office).await;
    let admin = office.clerk("Ada Verwaltung", Role::Admin).await;
    let admin = door.clerk(&office, &admin).await;
    let at = format!("{}:kundenbereich", office.company());
    let mail = ("email", "anna.beispiel@post-a2.example");
    let ip = ("ip", "203.0.113.7");
    for (fields, field, words) in [
        (vec![], "email", "Geben Sie ein, womit gesucht werden soll."),
        (vec![("email", "  ")], "email", "Geben Sie ein, womit"),
        (vec![mail, ("phone", "keine")], "phone", "keine dieser Art"),
        (vec![ip], "from", "nur mit Anfang und Ende"),
        (
            vec![ip, ("from", "01.02.2026 14:00"), ("to", "gestern")],
            "to",
            "nur mit Anfang und Ende",
        ),
        (
            vec![ip, ("from", "01.02.2026 14:00"), ("to", "01.02.2026 13:00")],
            "to",
            "nur mit Anfang und Ende",
        ),
        // Whoever types a time means it.
        (
            vec![mail, ("from", "01.02.2026 14:00")],
            "ip",
            "zu der dieser Zeitraum gehört",
        ),
    ] {
        let mut all = vec![("where", at.as_str()), ("do", "find")];
        all.extend(fields);
        let page = admin.sends("/desk/sources", &all).await;
        page.is(422)
            .says("<title>Fehler: ")
            .says(&format!("<li><a href=\"#{field}\">"))
            .says(&format!("id=\"{field}-error\""))
            .says(&format!("<input id=\"{field}\""))
            .says(words);
        let top = page.text.find("class=\"errors\" role=\"alert\"").unwrap();
        assert!(top < page.text.find("<h1>").unwrap(), "{field}");
        if ["ip", "from", "to"].contains(&field) {
            page.says("<details open><summary>IP-Adresse");
        }
    }
}

/// The office, the page of its clerk, and a case of Anna's about this, with her identity settled and the systems asked.
async fn searched<'a>(office: &Office, door: &'a Door, right: Right) -> (Visitor<'a>, CaseId) {
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let desk = door.clerk(office, &vera).await;
    let anna = office.subject("Anna Beispiel", "anna.beispiel@post-a2.example");
    let case = anna.asks_and_confirms(office, &[right]).await.case;
    vera.confirms_identity(office, case).await;
    office.jobs_run().await;
    (desk, case)
}

#[actix_web::test]
async fn who_says_something_on_a_later_page_of_a_heap_stays_on_it() {
    let office = Office::open_with(|plan| plan.sources = shop::CONNECTED.into()).await;
    let shop = shop::found(&office);
    for order in 1000..1070 {
        shop.execute(
            "INSERT INTO orders VALUES (?1, 47, 'Schirm Nummer ' || ?1, '2025-03-01 12:00:00')",
            [order],
        )
        .unwrap();
    }
    let door = Door::of(&office).await;
    let (desk, case) = searched(&office, &door, Right::Access).await;
    let home = format!("/desk/cases/{case}/findings");
    let heaps = desk.looks(&home).await;
    let links = |text: &str| -> Vec<String> {
        let begins = format!("href=\"{home}?system=");
        let found = text.split(&begins).skip(1);
        found
            .map(|rest| {
                let rest = rest.split('"').next().unwrap().replace("&#38;", "&");
                format!("{home}?system={}", rest.replace("&amp;", "&"))
            })
            .collect()
    };
    let list = links(&heaps.text)
        .into_iter()
        .find(|it| it.ends_with("category=order"))
        .expect("the heap of the orders");
    let first = desk.looks(&list).await;
    first.is(200).says("Weitere Funde");
    let next = links(&first.text)
        .into_iter()
        .find(|it| it.contains("&after="))
        .expect("the next page");
    let second = desk.looks(&next).await;
    second.is(200).never_says("Weitere Funde");
    let ids = |text: &str| -> Vec<String> {
        let found = text.split("name=\"finding\" value=\"").skip(1);
        found
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    let (here, before) = (ids(&second.text), ids(&first.text));
    assert_eq!((before.len(), here.len()), (50, 22));

    let (system, category, after, seen) = (
        second.hidden("system"),
        second.hidden("category"),
        second.hidden("after"),
        second.hidden("seen"),
    );
    let form = [
        ("system", system.as_str()),
        ("category", category.as_str()),
        ("after", after.as_str()),
        ("seen", seen.as_str()),
        ("which", "some"),
        ("treatment", "withhold"),
    ];
    // Without its ground it does not go, and what was ticked is still there.
    let mut ticked = form.to_vec();
    ticked.push(("finding", &here[3]));
    let wrong = desk.sends(&home, &ticked).await;
    wrong
        .is(422)
        .says(&format!("value=\"{}\" checked", here[3]));
    assert_eq!(ids(&wrong.text), here);

    // Nobody was ticked: the summary leads to the choice, and the choice says so.
    let mut none = form.to_vec();
    none.extend([("law", "Art. 15 Abs. 4 DSGVO"), ("facts", "Gehört anderen")]);
    let answer = desk.sends(&home, &none).await;
    answer
        .is(422)
        .says("<li><a href=\"#which\">Kreuzen Sie mindestens einen Fund an")
        .says("<fieldset class=\"sheet wrong\" id=\"which\">")
        .says("id=\"which-error\"");
    assert_eq!(ids(&answer.text), here);

    none.push(("finding", &here[3]));
    let done = desk.sends(&home, &none).await;
    done.is(303);
    assert!(
        done.to.contains(&format!("after={after}")),
        "she lands elsewhere: {}",
        done.to
    );
    assert_eq!(ids(&desk.looks(&done.to).await.text), here);
}

#[actix_web::test]
async fn nobody_says_that_all_is_done_while_a_system_has_not_answered() {
    let office = Office::open_with(|plan| plan.sources = shop::CONNECTED.into()).await;
    shop::found(&office);
    let vera = office.clerk("Vera Pausiert", Role::Decider).await;
    let house = (office.company(), "kundenbereich");
    office
        .pause_source(&vera.scope, house.0, house.1)
        .await
        .unwrap();
    let door = Door::of(&office).await;
    let (desk, case) = searched(&office, &door, Right::Access).await;
    let all = "Jedes gefragte System hat geantwortet.";
    let not_all = "Noch nicht jedes System hat geantwortet.";
    for page in ["systems", "progress"] {
        desk.looks(&format!("/desk/cases/{case}/{page}"))
            .await
            .is(200)
            .says("angehalten")
            .says(not_all)
            .never_says(all);
    }
    office
        .resume_source(&vera.scope, house.0, house.1)
        .await
        .unwrap();
    office.jobs_run().await;
    desk.looks(&format!("/desk/cases/{case}/systems"))
        .await
        .is(200)
        .says(all)
        .never_says(not_all);
}

#[actix_web::test]
async fn what_would_be_asked_is_shown_before_anybody_is_asked() {
    let astray = shop::CONNECTED
        .replace("kundenbereich", "lager")
        .replace("system = \"shop\"", "system = \"verschrieben\"");
    let office =
        Office::open_with(|plan| plan.sources = format!("{}{astray}", shop::CONNECTED)).await;
    shop::found(&office);
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let door = Door::of(&office).await;
    let desk = door.clerk(&office, &vera).await;
    let anna = office.subject("Anna Beispiel", "anna.beispiel@post-a2.example");
    let case = anna.asks_and_confirms(&office, &[Right::Access]).await.case;
    let (systems, tasks) = (
        format!("/desk/cases/{case}/systems"),
        format!("/desk/cases/{case}/tasks"),
    );
    desk.looks(&tasks)
        .await
        .says(&format!("href=\"{systems}\">Was gefragt würde"));
    let page = desk.looks(&systems).await;
    page.is(200)
        .says("Noch wird niemand gefragt.")
        .says("<small class=\"soft\">kundenbereich</small></th><td>E-Mail-Adresse: anna.beispiel@post-a2.example</td>")
        .says("Damit kann keines von ihnen suchen: Name Anna Beispiel")
        .says("Hier sehen Menschen nach")
        .says("Sachbearbeitung")
        .says("würden nie gefragt: lager.")
        .never_says("Kein angeschlossenes System")
        .never_says("angehalten");
    // A system that answers by itself is nobody's task.
    let people = page.text.split("Hier sehen Menschen nach").last().unwrap();
    assert!(!people.contains("Ladenkonto"), "{people}");
    office
        .pause_source(&vera.scope, office.company(), "")
        .await
        .unwrap();
    desk.looks(&systems).await.says("angehalten");
    office
        .resume_source(&vera.scope, office.company(), "")
        .await
        .unwrap();

    office.jobs_run().await;
    for count in [
        "SELECT count(*) AS count FROM source_run",
        "SELECT count(*) AS count FROM finding",
    ] {
        assert_eq!(office.number_of(count).await, 0, "{count}");
    }
    vera.confirms_identity(&office, case).await;
    office.jobs_run().await;
    desk.looks(&systems)
        .await
        .is(200)
        .never_says("Noch wird niemand gefragt.")
        .says("Funde sichten");
}

#[actix_web::test]
async fn art_16_what_is_right_is_typed_beside_what_stands_there_and_written_after_the_decision() {
    let (office, shop, vera, anna) = shop::connected().await;
    let door = Door::of(&office).await;
    let desk = door.clerk(&office, &vera).await;
    let case = shop::searched(&office, &vera, &anna, &[Right::Rectification]).await;
    vera.finds_nothing_else(&office, case).await;

    let heaps = office.heaps(&vera.scope, case).await.unwrap();
    let heap = heaps
        .iter()
        .find(|heap| heap.category == "account")
        .unwrap();
    let heap = Heap {
        system: heap.system,
        category: heap.category.clone(),
    };
    let leaf = office.leaf(&vera.scope, case, &heap, None).await.unwrap();
    let id = leaf.shown[0].id;
    let sheet = office.sheet(&vera.scope, case, id).await.unwrap();
    let mut fields = sheet.record.fields.iter();
    let number = fields.position(|field| field.name == "phone").unwrap();
    let page = format!("/desk/cases/{case}/findings/{id}");
    let (form, field) = (format!("{page}/correct"), format!("right-{number}"));

    desk.looks(&page)
        .await
        .is(200)
        .says("Telefon: Richtig ist")
        .says("Dort steht: „+491705550123“")
        .says("Hier wird noch nichts geändert")
        .never_says("Vorgemerkt ist");
    let right = "+49 170 5550199";
    office.keep_secret(right);
    let stale = [("seen", "1"), (field.as_str(), right)];
    desk.sends(&form, &stale)
        .await
        .is(422)
        .says("inzwischen geändert")
        .says("value=\"+49 170 5550199\"");

    let now = async || desk.looks(&page).await.hidden("seen");
    let seen = now().await;
    desk.sends(&form, &[("seen", seen.as_str()), (field.as_str(), right)])
        .await
        .is(303);
    desk.looks(&page)
        .await
        .says("Vorgemerkt ist")
        .says("Telefon: „+491705550123“ wird „+49 170 5550199“")
        .says("value=\"+49 170 5550199\"");
    let list = format!(
        "/desk/cases/{case}/findings?system={}&category=account",
        heap.system
    );
    desk.looks(&list).await.is(200).says("zu berichtigen");
    let seen = now().await;
    desk.sends(&form, &[("seen", seen.as_str()), (field.as_str(), "")])
        .await
        .is(303);
    desk.looks(&page).await.never_says("Vorgemerkt ist");
    let seen = now().await;
    desk.sends(&form, &[("seen", seen.as_str()), (field.as_str(), right)])
        .await
        .is(303);

    // What was said at the finding need not be typed again to decide.
    desk.looks(&format!("/desk/cases/{case}/decision"))
        .await
        .is(200)
        .says("value=\"Telefon\"")
        .says("value=\"+491705550123\"")
        .says("value=\"+49 170 5550199\"");
    vera.decides(&office, case, Right::Rectification, Decision::granted(""))
        .await;
    desk.looks(&page)
        .await
        .is(200)
        .says("Über die Berichtigung ist entschieden")
        .never_says("Richtig ist");
    let seen = now().await;
    desk.sends(&form, &[("seen", seen.as_str()), (field.as_str(), "0")])
        .await
        .is(422)
        .says("ist entschieden");

    let (page, acting) = (
        format!("/desk/cases/{case}/execution"),
        format!("/desk/cases/{case}/acting"),
    );
    desk.sends(&acting, &[("do", "preview:16")])
        .await
        .is(200)
        .says("Telefon: „+491705550123“ wird „+49 170 5550199“")
        .says("wird berichtigt");
    assert_eq!(shop::phone(&shop, 47).unwrap(), "+491705550123");
    let seen = desk.looks(&page).await.hidden("seen");
    desk.sends(&acting, &[("seen", seen.as_str()), ("do", "act:16")])
        .await
        .is(303);
    office.jobs_run().await;
    assert_eq!(shop::phone(&shop, 47).unwrap(), right);
    desk.looks(&page)
        .await
        .is(200)
        .says("1 Eintrag berichtigt")
        .says("nachgelesen</span>");
}

#[actix_web::test]
async fn nothing_is_put_right_where_nobody_asked_for_it() {
    let (office, _shop, vera, anna) = shop::connected().await;
    let door = Door::of(&office).await;
    let desk = door.clerk(&office, &vera).await;
    let case = shop::searched(&office, &vera, &anna, &[Right::Access]).await;
    let heaps = office.heaps(&vera.scope, case).await.unwrap();
    let heap = Heap {
        system: heaps[0].system,
        category: heaps[0].category.clone(),
    };
    let leaf = office.leaf(&vera.scope, case, &heap, None).await.unwrap();
    let page = format!("/desk/cases/{case}/findings/{}", leaf.shown[0].id);
    let shown = desk.looks(&page).await;
    shown.is(200).never_says("Richtig ist");
    let seen = shown.hidden("seen");
    let typed = [("seen", seen.as_str()), ("right-0", "anders")];
    desk.sends(&format!("{page}/correct"), &typed).await.is(422);
    desk.looks(&page).await.never_says("zu berichtigen");
}
