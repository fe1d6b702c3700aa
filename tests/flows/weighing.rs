//! An erasure of which a part has to wait: invoices until the law lets them go, a licence until it is returned.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::decision::Verdict;
use rechtzeitig::domain::decision::Ground;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::judgement::{End, Treatment};
use rechtzeitig::domain::lang::Lang;
use rechtzeitig::domain::law::{LawBook, Period, Sector};
use rechtzeitig::domain::look::Point;
use rechtzeitig::domain::notice::Told;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::weighing::Weighing;

use crate::support::office::{Office, day};
use crate::support::people::Clerk;

/// What is found: invoices, an account with a licence, an address for the newsletter.
async fn found(office: &Office, vera: &Clerk, rights: &[Right], email: &str) -> CaseId {
    let lydia = office.subject("Lydia Lizenzfeld", email);
    let case = lydia.asks_and_confirms(office, rights).await.case;
    vera.confirms_identity(office, case).await;
    for (system, text) in [
        ("Warenwirtschaft", "Rechnung vom 3. Februar 2026"),
        (
            "Ladenkonto",
            "Konto mit einer Lizenz, dazu eine Notiz über Frau Nachbar",
        ),
        ("Rundbrief", "Adresse im Verteiler"),
    ] {
        vera.finds(office, case, system, text).await;
    }
    vera.finds_nothing_else(office, case).await;
    case
}

/// Sets what becomes of all that lies in a system.
fn treat(
    weighing: &mut Weighing,
    name: &str,
    treatment: Treatment,
    ground: Ground,
    end: Option<End>,
) {
    let mut judged = weighing.judgements.iter_mut();
    let judged = judged.find(|it| it.name == name).expect("a find there");
    judged.treatment = treatment;
    judged.ground = Some(ground);
    judged.end = end;
}

fn by_the_book(code: &str, facts: &str) -> Ground {
    let entry = LawBook::shipped().ground(code).expect("a ground");
    Ground::new(entry.law.of(Lang::De), facts).expect("law and facts")
}

#[tokio::test]
async fn sec_147_ao_invoices_stay_restricted_to_the_day_and_the_letter_says_all_of_it() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Abwägung", Role::Decider).await;
    let kim = office.clerk("Kim Zweitblick", Role::Decider).await;
    let case = found(&office, &vera, &[Right::Erasure], "lydia@post-w1.example").await;

    let (known, seen) = vera.sees(&office, case).await;
    let voucher = LawBook::shipped().ground("vouchers").unwrap().duty.unwrap();
    let kept = LawBook::shipped()
        .kept(Period::Duty(voucher), day("2026-02-03"), Sector::General)
        .unwrap();
    let last = kept.erasable_from.pred_opt().unwrap();
    assert_eq!(last, day("2034-12-31"));
    let mut weighing = Weighing::as_wished(&known, Right::Erasure);
    let duty = by_the_book(
        "vouchers",
        "Die Rechnung vom 3. Februar 2026 müssen wir aufbewahren.",
    );
    treat(
        &mut weighing,
        "Warenwirtschaft",
        Treatment::Restrict,
        duty,
        Some(End::Day(last)),
    );
    weighing.judgements[0].how = "nur die Buchhaltung, für die Steuerprüfung"
        .to_owned()
        .into();
    weighing.judgements[0].record = "Rechnung 2026-118".to_owned().into();
    let claim = by_the_book("legal-claims", "Die Lizenz ist noch nicht zurückgegeben.");
    let returned = End::Event("bis die Lizenz zurückgegeben ist".into());
    treat(
        &mut weighing,
        "Ladenkonto",
        Treatment::Keep,
        claim,
        Some(returned),
    );
    let verdict = |weighing: &Weighing| Verdict {
        right: Right::Erasure,
        decision: weighing
            .outcome("Die Adresse für den Rundbrief ist fort.")
            .unwrap(),
        weighing: weighing.clone(),
        done: vec![],
    };
    // What stays must be answered for by one of the three questions.
    let open = office
        .decide(&vera.scope, case, seen, vec![verdict(&weighing)])
        .await;
    assert!(
        matches!(open, Err(Error::Obstacle(Obstacle::ChecksOpen))),
        "{open:?}"
    );
    if let Some(check) = &mut weighing.three_way {
        check.duty.stands = true;
        check.duty.why = "Rechnungen".to_owned().into();
        check.claims.stands = true;
        check.claims.why = "die Lizenz".to_owned().into();
    }
    office
        .decide(&vera.scope, case, seen, vec![verdict(&weighing)])
        .await
        .expect("a decision");

    // Who decided looks again tomorrow; a colleague looks at once.
    let (_, seen) = vera.sees(&office, case).await;
    let points = Point::BEFORE_ERASURE;
    let own = office
        .look(&vera.scope, case, seen, Right::Erasure, &points)
        .await;
    assert!(
        matches!(own, Err(Error::Obstacle(Obstacle::NextMorning))),
        "{own:?}"
    );
    let looked = office
        .look(&kim.scope, case, seen, Right::Erasure, &points)
        .await;
    let seen = looked.expect("a second look").revision;
    let done = |system: &str, what: &str| rechtzeitig::domain::decision::Done {
        system: system.into(),
        what: what.to_owned().into(),
        on: office.today(),
    };
    let done = vec![
        done(
            "Warenwirtschaft",
            "Bestellungen und Rechnungen: eingeschränkt",
        ),
        done("Rundbrief", "Adresse und Öffnungen: gelöscht"),
    ];
    office
        .carry_out(&vera.scope, case, seen, Right::Erasure, done)
        .await
        .expect("carried out");

    // Told is who runs the newsletter; where the licence stays as it is, there is nothing to tell.
    let (known, seen) = vera.sees(&office, case).await;
    let owed: Vec<&str> = known
        .notices
        .iter()
        .map(|it| it.recipient.as_str())
        .collect();
    assert_eq!(owed, ["Postvogel Inc."]);
    let told = Told::Told {
        on: office.today(),
        proof: "Antwort vom selben Tag".to_owned().into(),
    };
    office
        .tell(&vera.scope, case, seen, vec![(1, told)])
        .await
        .expect("told");

    let preview = office.preview(&vera.scope, case).await.unwrap();
    assert_eq!(preview.gaps, Vec::<String>::new());
    let letter = preview
        .printed
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    for said in [
        "31. Dezember 2034",
        "§ 147 Abs. 1 Nr. 4 AO",
        "nur die Buchhaltung, für die Steuerprüfung",
        "bis die Lizenz zurückgegeben ist",
        "Adresse und Öffnungen: gelöscht",
        "Postvogel Inc.",
        "Aufsicht für den Datenschutz im Musterland",
        "vor Gericht",
    ] {
        assert!(letter.contains(said), "{said} is missing in:\n{letter}");
    }
    vera.releases(&office, case, Way::Portal).await;
    office.jobs_run().await;
    // On the first of January after it comes back by itself.
    let (known, _) = vera.sees(&office, case).await;
    let days: Vec<_> = known
        .follow_ups(Right::Erasure)
        .into_iter()
        .map(|it| it.0)
        .collect();
    assert_eq!(days, [day("2035-01-01")]);
}

#[tokio::test]
async fn art_15_4_what_is_withheld_is_neither_in_the_copy_nor_in_the_letter() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Schwärzung", Role::Decider).await;
    let case = found(&office, &vera, &[Right::Access], "lydia@post-w2.example").await;
    let (known, seen) = vera.sees(&office, case).await;
    let mut weighing = Weighing::as_wished(&known, Right::Access);
    let others = by_the_book(
        "rights-of-others",
        "Eine Notiz betrifft eine andere Person.",
    );
    treat(
        &mut weighing,
        "Ladenkonto",
        Treatment::Redact,
        others.clone(),
        None,
    );
    treat(
        &mut weighing,
        "Rundbrief",
        Treatment::Withhold,
        others,
        None,
    );
    let verdict = |weighing: &Weighing| Verdict {
        right: Right::Access,
        decision: weighing.outcome("").unwrap(),
        weighing: weighing.clone(),
        done: vec![],
    };
    let lacking = office
        .decide(&vera.scope, case, seen, vec![verdict(&weighing)])
        .await;
    assert!(
        matches!(&lacking, Err(Error::Obstacle(Obstacle::VersionLacking { system })) if system == "Ladenkonto"),
        "{lacking:?}"
    );
    let account = weighing
        .judgements
        .iter()
        .find(|it| it.name == "Ladenkonto")
        .unwrap();
    weighing
        .versions
        .push(rechtzeitig::domain::enclosure::Version {
            system: account.system,
            text: "Konto mit einer Lizenz".to_owned().into(),
            files: vec![],
        });
    office
        .decide(&vera.scope, case, seen, vec![verdict(&weighing)])
        .await
        .expect("a decision");

    let preview = office.preview(&vera.scope, case).await.unwrap();
    assert_eq!(preview.gaps, Vec::<String>::new());
    let letter = preview
        .printed
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(letter.contains("Konto mit einer Lizenz"), "{letter}");
    for hidden in ["Frau Nachbar", "Adresse im Verteiler"] {
        assert!(!letter.contains(hidden), "{hidden} stands in:\n{letter}");
    }
    assert!(letter.contains("Was wir weggelassen haben"), "{letter}");
    assert_eq!(
        preview.package.as_deref(),
        Some("2 Einträge"),
        "the invoice and the version, and nothing of the newsletter"
    );
}

#[tokio::test]
async fn art_18_a_restriction_says_its_case_its_effect_and_its_end() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Sperre", Role::Decider).await;
    let case = found(
        &office,
        &vera,
        &[Right::Restriction],
        "lydia@post-w3.example",
    )
    .await;
    let yes = rechtzeitig::domain::decision::Decision::granted("");
    vera.decides(&office, case, Right::Restriction, yes).await;
    vera.carries_out(&office, case, Right::Restriction, "Ladenkonto", "gesperrt")
        .await;
    let (known, mut seen) = vera.sees(&office, case).await;
    let open: Vec<usize> = known
        .open_notices(Right::Restriction)
        .map(|it| it.0)
        .collect();
    for number in open {
        let told = Told::Told {
            on: office.today(),
            proof: "Ticket".to_owned().into(),
        };
        let told = office
            .tell(&vera.scope, case, seen, vec![(number, told)])
            .await;
        seen = told.expect("told").revision;
    }
    let preview = office.preview(&vera.scope, case).await.unwrap();
    assert_eq!(preview.gaps, Vec::<String>::new());
    let letter = preview
        .printed
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    for said in [
        "Art. 18 Abs. 1 Buchst. a DSGVO",
        "Die Daten werden nur noch gespeichert.",
        "bis geprüft ist, ob die Daten richtig sind",
        "Regalwerk Hosting GmbH",
    ] {
        assert!(letter.contains(said), "{said} is missing in:\n{letter}");
    }
}
