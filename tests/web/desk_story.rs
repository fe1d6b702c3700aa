//! A case from the queue to its answer, by the forms alone; and what the forms do when something stands against them.

use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::desk::Door;
use crate::support::office::Office;

#[actix_web::test]
async fn what_was_typed_without_a_choice_comes_back_and_changes_nothing() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Halbfertig", Role::Decider).await;
    let desk = door.clerk(&office, &vera).await;
    let johanna = office.subject("Johanna Beispielhuber", "johanna@post-b7.example");
    let receipt = johanna.asks_and_confirms(&office, &[Right::Erasure]).await;
    vera.confirms_identity(&office, receipt.case).await;
    let case = format!("/desk/cases/{}", receipt.case);

    let tasks = desk.looks(&format!("{case}/tasks")).await;
    let system = tasks.text.split("name=\"text-").nth(1).unwrap();
    let system = system.split('"').next().unwrap();
    let text = format!("text-{system}");
    let written = [(text.as_str(), "zwei Bestellungen aus 2024")];
    let back = desk.acts(&format!("{case}/tasks"), &written).await;
    back.is(422)
        .says("zwei Bestellungen aus 2024")
        .says("Wählen Sie zu jedem Text");

    let reason = [("17-law-0", "§ 147 AO"), ("17-facts-0", "Rechnungen")];
    let back = desk.acts(&format!("{case}/decision"), &reason).await;
    back.is(422).says("§ 147 AO").says("Rechnungen");
    let (still, _) = vera.sees(&office, receipt.case).await;
    assert!(still.item(Right::Erasure).unwrap().decision().is_none());
}

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
        ("kind", "mailbox"),
        ("system", "Warenwirtschaft"),
        ("since", "2024-05-03"),
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
    // The letter was decided today by herself: a colleague looks a second time.
    let second = office.clerk("Kim Zweitblick", Role::Decider).await;
    let second = door.clerk(&office, &second).await;
    let looked = [
        ("way", "portal"),
        ("ticked", "recipient"),
        ("ticked", "third-parties"),
        ("ticked", "words"),
    ];
    let release = format!("{case}/release");
    vera.acts(&release, &looked)
        .await
        .is(422)
        .says("Schlafen Sie eine Nacht");
    second
        .acts(&release, &looked[..3])
        .await
        .is(422)
        .says("Haken Sie jeden Punkt");
    second.acts(&release, &looked).await.is(303);

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
async fn an_erasure_goes_from_the_decision_by_the_second_look_to_the_systems() {
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
        ("17-overriding", "no"),
        ("17-overriding-why", "nichts bekannt"),
        ("17-duty", "no"),
        ("17-duty-why", "nie etwas bestellt"),
        ("17-claims", "no"),
        ("17-claims-why", "kein Streit"),
    ];
    let then = visitor.acts(&format!("{case}/decision"), &fields).await;
    assert_eq!(then.is(303).to, format!("{case}/second-look?done=decision"));
    let looked = [
        ("right", "17"),
        ("ticked", "only-this-person"),
        ("ticked", "nothing-stands"),
    ];
    let path = format!("{case}/second-look");
    visitor
        .acts(&path, &looked)
        .await
        .is(422)
        .says("Schlafen Sie eine Nacht");
    let second = office.clerk("Kim Zweitblick", Role::Decider).await;
    let second = door.clerk(&office, &second).await;
    let then = second.acts(&path, &looked).await;
    assert_eq!(
        then.is(303).to,
        format!("{case}/execution?done=second-look")
    );
    let done = [
        ("17-system-0", "Warenwirtschaft"),
        ("17-done-0", "on"),
        ("17-what-0", "gelöscht"),
        ("17-on-0", "2026-03-02"),
    ];
    let then = visitor.acts(&format!("{case}/execution"), &done).await;
    assert_eq!(then.is(303).to, format!("{case}/release?done=execution"));
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
    vera.acts(
        &path,
        &[
            ("method", "address-on-file"),
            ("kind", "mailbox"),
            ("system", "Warenwirtschaft"),
            ("since", "2024-05-03"),
            ("result", "yes"),
        ],
    )
    .await
    .is(303);

    let (seen, told) = (opened.hidden("seen"), opened.hidden("told"));
    let typed = [
        ("seen", seen.as_str()),
        ("told", told.as_str()),
        ("method", "confirmed-link"),
        ("kind", "mailbox"),
        ("system", "Warenwirtschaft"),
        ("since", "2024-05-03"),
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
        ("kind", "mailbox"),
        ("system", "Warenwirtschaft"),
        ("since", "2024-05-03"),
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

#[actix_web::test]
async fn the_first_link_makes_the_first_clerk_once() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let link = office.first_link().await.unwrap();
    let path = format!("/welcome/{}", link.text());
    let stranger = door.stranger();
    let page = stranger.looks(&path).await;
    page.is(200)
        .says("Sie sind die erste Person hier")
        .says("<svg");
    let secret = office
        .welcome(&link)
        .await
        .unwrap()
        .secret
        .expect("a second factor");
    let code = crate::support::people::totp_code(&secret, office.now());
    let form = |password, code| {
        [
            ("name", "Erste Person"),
            ("email", "erste@kontor.example"),
            ("password", password),
            ("code", code),
        ]
    };
    stranger
        .sends_bare(&path, &form("kurz", &code))
        .await
        .is(422)
        .says("mindestens zwölf Zeichen");
    stranger
        .sends_bare(&path, &form(super::desk::PASSWORD, "000000"))
        .await
        .is(422)
        .says("Der Code passt nicht");
    let inside = stranger
        .sends_bare(&path, &form(super::desk::PASSWORD, &code))
        .await;
    assert_eq!(inside.is(303).to, "/desk");
    let mut first = door.stranger();
    first.cookie = inside.cookie.expect("a session");
    first
        .looks("/desk/house")
        .await
        .is(200)
        .says("Erste Person")
        .says("Verwaltung");
    stranger.looks(&path).await.is(410);
}

#[actix_web::test]
async fn the_register_is_kept_by_its_pages() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let vera = office.clerk("Vera Aktenberg", Role::Admin).await;
    let vera = door.clerk(&office, &vera).await;
    let base = format!("/desk/register/{}", office.company());
    let fields = [
        ("seen", "0"),
        ("name", "Gäste & Besuche"),
        ("role", "internal"),
        ("category-0", "Namen im Besucherbuch"),
        ("purposes-0", "Hausrecht"),
    ];
    vera.sends(&format!("{base}/new"), &fields).await.is(303);
    let list = vera.looks("/desk/register").await;
    list.is(200)
        .says("Gäste &#38; Besuche")
        .says("Speicherdauer");
    vera.looks("/desk/questions")
        .await
        .is(200)
        .says("Wie lange werden sie gespeichert");
    vera.sends(&format!("{base}/new"), &fields)
        .await
        .is(422)
        .says("Diesen Kurznamen gibt es");

    let toml =
        "[[system]]\nslug = \"gaeste-besuche\"\nname = \"Besucherbuch\"\nrole = \"internal\"\n";
    vera.sends(&format!("{base}/import"), &[("text", "[[system]")])
        .await
        .is(422)
        .says("lässt sich nicht lesen");
    let preview = vera
        .sends(
            &format!("{base}/import"),
            &[("text", toml), ("do", "preview")],
        )
        .await;
    preview.is(200).says("Besucherbuch");
    vera.looks("/desk/register")
        .await
        .never_says("Besucherbuch</a>");
    vera.sends(
        &format!("{base}/import"),
        &[("text", toml), ("do", "import")],
    )
    .await
    .is(303);
    vera.looks("/desk/register").await.says("Besucherbuch</a>");
}

#[actix_web::test]
async fn an_auditor_takes_the_log_away_and_anybody_can_check_it() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let pia = office.clerk("Pia Prüfung", Role::Auditor).await;
    let pia = door.clerk(&office, &pia).await;
    office
        .subject("Johanna Beispielhuber", "johanna@post-l1.example")
        .asks(&office, &[Right::Access])
        .await;
    let company = office.company();
    pia.looks("/desk/ledger")
        .await
        .is(200)
        .says("Öffentlicher Schlüssel")
        .never_says("Installation: Zugänge");
    let export = pia
        .sends(
            &format!("/desk/ledger/{company}/export"),
            &[("format", "jsonl")],
        )
        .await;
    export.is(200).says("case.opened").says("ledger.exported");
    let key = office.standing(company).await.unwrap().verify_key;
    let key = rechtzeitig::ledger::VerifyKey::parse(&key).unwrap();
    let report = rechtzeitig::ledger::verify(export.text.as_bytes(), &key, &[]).unwrap();
    assert!(
        matches!(report, rechtzeitig::ledger::Report::Intact(_)),
        "{report:?}"
    );
    pia.sends("/desk/ledger/0/export", &[("format", "jsonl")])
        .await
        .is(404);
}

#[actix_web::test]
async fn an_administrator_of_one_controller_cannot_take_over_a_clerk_of_two() {
    let office = Office::open().await;
    let door = Door::of(&office).await;
    let both = [
        (office.company(), Role::Handler),
        (office.trader(), Role::Admin),
    ];
    let both = office.clerk_of("Bea Beidseitig", &both).await;
    let vera = office.clerk("Vera Aktenberg", Role::Admin).await;
    let vera = door.clerk(&office, &vera).await;
    let page = format!("/desk/house/clerks/{}", both.id);
    vera.looks(&page)
        .await
        .is(200)
        .never_says("Neu einrichten")
        .never_says("Fliesen");
    for act in ["reset", "leave"] {
        vera.sends(&format!("{page}/{act}"), &[]).await.is(403);
    }
    let role = format!("role-{}", office.company());
    vera.sends(&format!("{page}/roles"), &[(role.as_str(), "auditor")])
        .await
        .is(303);
    let staff = office.staff(&house_scope(&office)).await.unwrap();
    let roles: Vec<Role> = staff
        .iter()
        .filter(|(clerk, _, _)| clerk.id == both.id)
        .map(|(_, _, role)| *role)
        .collect();
    assert_eq!(roles, [Role::Auditor]);
}

fn house_scope(office: &Office) -> rechtzeitig::domain::scope::Scope {
    rechtzeitig::domain::scope::Scope::of_house(office.company())
}
