//! A case from the queue to its answer, by the forms alone; and what the forms do when something stands against them.

use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::desk::Door;
use crate::support::office::Office;

#[actix_web::test]
async fn nothing_held_takes_five_pages_from_the_queue_to_the_release() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let vera = door.clerk(&office, &vera).await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-b1.example");
    let receipt = johanna.asks_and_confirms(&office, &[Right::Erasure]).await;

    let queue = vera.looks("/desk").await;
    queue
        .is(200)
        .says("Johanna Beispielhuber")
        .says("Löschung")
        .says(&format!("/desk/cases/{}/identity", receipt.case));

    let case = format!("/desk/cases/{}", receipt.case);
    let identity = [
        ("method", "address-on-file"),
        ("result", "yes"),
        ("note", "Adresse seit 2023 im System"),
    ];
    let then = vera.acts(&format!("{case}/identity"), &identity).await;
    assert_eq!(
        then.is(303).to,
        format!("{case}/tasks?done=identity"),
        "straight on to the systems"
    );

    let page = vera.looks(&then.to).await;
    page.is(200)
        .says("Die Prüfung der Identität ist festgehalten");
    let tasks: Vec<String> = page
        .text
        .split("name=\"text-")
        .skip(1)
        .filter_map(|rest| rest.split('"').next().map(|id| format!("outcome-{id}")))
        .collect();
    assert!(tasks.len() > 2, "a field for every system: {tasks:?}");
    let answers: Vec<(&str, &str)> = tasks
        .iter()
        .map(|name| (name.as_str(), "nothing"))
        .collect();
    let then = vera.acts(&format!("{case}/tasks"), &answers).await;
    assert_eq!(then.is(303).to, format!("{case}/decision?done=tasks"));

    let then = vera
        .acts(&format!("{case}/decision"), &[("17-is", "nothing")])
        .await;
    assert_eq!(then.is(303).to, format!("{case}/release?done=decision"));

    let preview = vera.looks(&then.to).await;
    preview
        .is(200)
        .says("johanna@post-b1.example")
        .says(&receipt.number);
    let pdf = vera.looks(&format!("{case}/letter.pdf")).await;
    assert!(pdf.is(200).text.starts_with("%PDF") && pdf.kind == "application/pdf");
    vera.acts(&format!("{case}/release"), &[("way", "portal")])
        .await
        .is(303);

    office.jobs_run().await;
    let page = vera.looks(&case).await;
    page.is(200)
        .says("Die Antwort ist versendet")
        .says("keine Daten vorhanden");
    assert!(
        johanna
            .mails(&office)
            .iter()
            .any(|mail| mail.url("answer").is_some())
    );
}

#[actix_web::test]
async fn an_erasure_is_decided_and_carried_out_on_one_form() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-b2.example");
    let receipt = johanna.asks_and_confirms(&office, &[Right::Erasure]).await;
    vera.confirms_identity(&office, receipt.case).await;
    vera.finds(&office, receipt.case, "Warenwirtschaft", "Stammdaten")
        .await;
    vera.finds_nothing_else(&office, receipt.case).await;
    let visitor = door.clerk(&office, &vera).await;
    let case = format!("/desk/cases/{}", receipt.case);

    let fields = [
        ("17-is", "granted"),
        ("17-system-0", "Warenwirtschaft"),
        ("17-done-0", "on"),
        ("17-what-0", "gelöscht"),
        ("17-on-0", "2026-03-02"),
    ];
    let then = visitor.acts(&format!("{case}/decision"), &fields).await;
    assert_eq!(
        then.is(303).to,
        format!("{case}/release?done=decision"),
        "nothing is left to carry out"
    );
    visitor
        .looks(&case)
        .await
        .says("umgesetzt in Warenwirtschaft");
}

#[actix_web::test]
async fn a_refusal_without_a_ground_keeps_what_was_typed() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-b3.example");
    let receipt = johanna.asks_and_confirms(&office, &[Right::Erasure]).await;
    vera.confirms_identity(&office, receipt.case).await;
    vera.finds_nothing_else(&office, receipt.case).await;
    let visitor = door.clerk(&office, &vera).await;

    let path = format!("/desk/cases/{}/decision", receipt.case);
    let again = visitor
        .acts(
            &path,
            &[
                ("17-is", "refused"),
                ("17-law-0", "§ 147 AO"),
                ("17-text", "Guten Tag"),
            ],
        )
        .await;
    again
        .is(422)
        .says("<title>Fehler: ")
        .says("§ 147 AO")
        .says("Guten Tag")
        .says("Ein Nein braucht einen Grund");
    let more = visitor
        .acts(
            &path,
            &[
                ("17-is", "refused"),
                ("17-law-0", "§ 147 AO"),
                ("rows", "1"),
                ("do", "more"),
            ],
        )
        .await;
    more.is(200).says("17-law-1").says("§ 147 AO");
}

#[actix_web::test]
async fn of_two_clerks_the_second_is_told_what_changed_and_loses_nothing() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let first = office.clerk("Vera Aktenberg", Role::Decider).await;
    let second = office.clerk("Kim Ablage", Role::Handler).await;
    let (vera, kim) = (
        door.clerk(&office, &first).await,
        door.clerk(&office, &second).await,
    );
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-b4.example");
    let receipt = johanna.asks_and_confirms(&office, &[Right::Access]).await;
    let path = format!("/desk/cases/{}/identity", receipt.case);

    let opened = kim.looks(&path).await;
    vera.acts(&path, &[("method", "address-on-file"), ("result", "yes")])
        .await
        .is(303);

    let (seen, told) = (opened.hidden("seen"), opened.hidden("told"));
    let typed = [
        ("seen", seen.as_str()),
        ("told", told.as_str()),
        ("method", "confirmed-link"),
        ("result", "yes"),
        ("note", "Kims eigene Worte"),
    ];
    let conflict = kim.sends(&path, &typed).await;
    conflict
        .is(409)
        .says("Der Vorgang wurde inzwischen geändert")
        .says("Identität bestätigt: Schreibt von der hinterlegten Adresse")
        .says("Vera Aktenberg")
        .says("Kims eigene Worte");

    // The page carries the new revision: sent once more, it is taken.
    let fresh = [
        ("seen", conflict.hidden("seen")),
        ("told", conflict.hidden("told")),
    ];
    assert_ne!(fresh[0].1, seen);
    let again = [
        ("seen", fresh[0].1.as_str()),
        ("told", fresh[1].1.as_str()),
        ("method", "confirmed-link"),
        ("result", "yes"),
        ("note", "Kims eigene Worte"),
    ];
    kim.sends(&path, &again).await.is(303);
    vera.looks(&format!("/desk/cases/{}", receipt.case))
        .await
        .says("Kims eigene Worte");
}

#[actix_web::test]
async fn a_letter_is_entered_with_its_real_day_of_receipt() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Handler).await;
    let vera = door.clerk(&office, &vera).await;
    office.keep_secret("Albrecht Papierfreund");
    vera.looks("/desk/new")
        .await
        .is(200)
        .says("Antrag eintragen");
    let fields = [
        ("channel", "letter"),
        ("received", "2026-02-20"),
        ("name", "Albrecht Papierfreund"),
        ("address", "Steg 3\r\n65183 Wiesbaden"),
        ("rights", "15"),
    ];
    let then = vera.sends("/desk/new", &fields).await;
    let case = vera.looks(&then.is(303).to).await;
    case.is(200)
        .says("Albrecht Papierfreund")
        .says("Freitag, 20. März 2026")
        .says("per Brief");
    let tomorrow = [
        ("channel", "letter"),
        ("received", "2026-03-03"),
        ("name", "A"),
        ("rights", "15"),
    ];
    vera.sends("/desk/new", &tomorrow)
        .await
        .is(422)
        .says("liegt in der Zukunft");
}

#[actix_web::test]
async fn one_signs_in_with_password_and_code_and_out_again() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let clerk = office.clerk("Vera Aktenberg", Role::Handler).await;
    let secret = office
        .welcome(&clerk.welcome)
        .await
        .unwrap()
        .secret
        .expect("a second factor");
    door.clerk(&office, &clerk).await;
    office.minutes_pass(2);
    let code = crate::support::people::totp_code(&secret, office.now());
    let stranger = door.stranger();
    let form = |password, code| {
        [
            ("email", "vera.aktenberg@kontor.example"),
            ("password", password),
            ("code", code),
            ("to", "/desk/deadline"),
        ]
    };

    for (password, code) in [
        ("falsch", code.as_str()),
        (super::desk::PASSWORD, "000000"),
        (super::desk::PASSWORD, ""),
    ] {
        let refused = stranger.sends_bare("/sign-in", &form(password, code)).await;
        refused
            .is(422)
            .says("Adresse, Passwort oder Code stimmt nicht");
        assert_eq!(refused.cookie, None);
    }
    let inside = stranger
        .sends_bare("/sign-in", &form(super::desk::PASSWORD, &code))
        .await;
    assert_eq!(inside.is(303).to, "/desk/deadline");
    let cookie = inside.cookie.expect("a session");
    assert!(cookie.starts_with("__Host-desk="), "{cookie}");
    let again = stranger
        .sends_bare("/sign-in", &form(super::desk::PASSWORD, &code))
        .await;
    again.is(422);

    let mut vera = door.stranger();
    vera.cookie = cookie;
    let page = vera.looks("/desk").await;
    vera.csrf = page.is(200).hidden("csrf");
    vera.sends_bare("/sign-out", &[("csrf", "wrong")])
        .await
        .is(403);
    vera.sends("/sign-out", &[]).await.is(303);
    assert!(
        vera.looks("/desk")
            .await
            .is(303)
            .to
            .starts_with("/sign-in?to=")
    );
}

#[actix_web::test]
async fn many_tries_on_one_account_have_to_wait() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let form = [
            ("email", "niemand@kontor.example"),
            ("password", "geraten"),
            ("code", ""),
        ];
        statuses.push(door.stranger().sends_bare("/sign-in", &form).await.status);
    }
    assert_eq!(statuses.first(), Some(&422));
    assert_eq!(statuses.last(), Some(&429));
}
