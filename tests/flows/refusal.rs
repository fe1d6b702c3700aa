//! A no, and what the law wants it to say.

use rechtzeitig::casework::Error;
use rechtzeitig::domain::decision::{Decision, Ground, Remainder};
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::{Office, day};

#[tokio::test]
async fn a_refusal_names_its_ground_the_authority_and_the_court() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Neinsager", Role::Decider).await;
    let rita = office.subject("Rita Rechnungsfeld", "rita@post-r1.example");
    let case = rita
        .asks_and_confirms(&office, &[Right::Erasure])
        .await
        .case;
    vera.confirms_identity(&office, case).await;
    vera.finds(&office, case, "Warenwirtschaft", "Rechnung 2024-17")
        .await;
    vera.finds_nothing_else(&office, case).await;
    let ground = Ground::new(
        "Art. 17(3)(b) DSGVO, § 147 AO",
        "Die Rechnung 2024-17 müssen wir noch vorlegen können.",
    );
    vera.decides(
        &office,
        case,
        Right::Erasure,
        Decision::refused("", vec![ground.unwrap()]).unwrap(),
    )
    .await;

    let letter = office
        .preview(&vera.scope, case)
        .await
        .unwrap()
        .printed
        .text;
    let letter = letter.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "§ 147 AO",
        "Die Rechnung 2024-17 müssen wir noch vorlegen können",
        "Aufsicht für den Datenschutz im Musterland",
        "Amtsplatz 1",
        "vor Gericht",
    ] {
        assert!(letter.contains(said), "{said} is missing in:\n{letter}");
    }
    vera.releases(&office, case, Way::Portal).await;
    office.jobs_run().await;
    assert!(
        office
            .answer_page(&rita.link(&office, "answer"))
            .await
            .unwrap()
            .good
    );
}

#[tokio::test]
async fn what_stays_is_named_with_its_end() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Teilweise", Role::Decider).await;
    let tom = office.subject("Tom Teilstück", "tom@post-r2.example");
    let case = tom.asks_and_confirms(&office, &[Right::Erasure]).await.case;
    vera.confirms_identity(&office, case).await;
    vera.finds(&office, case, "Warenwirtschaft", "Rechnung 2024-18")
        .await;
    vera.finds_nothing_else(&office, case).await;
    let ground = Ground::new("§ 147 AO", "Rechnungen sind aufzubewahren.").unwrap();
    let stays = Remainder::new("Rechnung 2024-18", ground.clone(), Some(day("2032-12-31")));
    let decision = Decision::partly("Das Übrige ist entfernt.", vec![ground], vec![stays]).unwrap();
    vera.decides(&office, case, Right::Erasure, decision).await;

    let (_, seen) = vera.sees(&office, case).await;
    let early = office
        .release(
            &vera.scope,
            case,
            seen,
            Way::Portal,
            &rechtzeitig::domain::look::Point::BEFORE_SENDING,
        )
        .await;
    assert!(
        matches!(
            early,
            Err(Error::Obstacle(Obstacle::SecondLookOpen {
                right: Right::Erasure
            }))
        ),
        "{early:?}"
    );
    vera.carries_out(
        &office,
        case,
        Right::Erasure,
        "Warenwirtschaft",
        "Stammdaten entfernt",
    )
    .await;
    let letter = office
        .preview(&vera.scope, case)
        .await
        .unwrap()
        .printed
        .text;
    assert!(
        letter.contains("Rechnung 2024-18") && letter.contains("31. Dezember 2032"),
        "{letter}"
    );
    vera.releases(&office, case, Way::Portal).await;
    office.jobs_run().await;
}

#[tokio::test]
async fn art_15_1_what_the_register_lacks_keeps_the_letter_in_the_house_unless_a_reason_is_written()
{
    let office = Office::open().await;
    let chief = office.clerk("Vera Registra", Role::Admin).await;
    let company = office.company();
    let mut entry = office
        .register(&chief.scope, company)
        .await
        .unwrap()
        .into_iter()
        .find(|entry| entry.system.slug == "erp")
        .unwrap();
    entry.system.categories[0].retention = String::new();
    office
        .put_system(&chief.scope, company, entry)
        .await
        .unwrap();

    let lena = office.subject("Lena Lückenfeld", "lena@post-r3.example");
    let case = lena.asks_and_confirms(&office, &[Right::Access]).await.case;
    chief.confirms_identity(&office, case).await;
    chief
        .finds(&office, case, "Warenwirtschaft", "Bestellung")
        .await;
    chief.finds_nothing_else(&office, case).await;
    chief
        .decides(&office, case, Right::Access, Decision::granted("Anbei."))
        .await;
    // Whoever decided alone looks again on the next morning.
    office.days_pass(1);
    let (_, seen) = chief.sees(&office, case).await;
    let second = crate::support::people::colleague(&office);
    let held = office
        .release(
            &second,
            case,
            seen,
            Way::Portal,
            &rechtzeitig::domain::look::Point::BEFORE_SENDING,
        )
        .await;
    let Err(Error::Obstacle(Obstacle::LetterIncomplete { gaps })) = held else {
        panic!("{held:?}")
    };
    assert!(
        gaps.iter()
            .any(|gap| gap.contains("Warenwirtschaft") || gap.contains("Bestellungen")),
        "{gaps:?}"
    );

    // A reason lets it go, and stands in the file beside what was missing.
    let preview = office.preview(&chief.scope, case).await.unwrap();
    assert!(!preview.barred);
    let because = "Die Frist legt die Leitung erst im Mai fest.";
    office
        .release_despite(
            &chief.scope,
            case,
            seen,
            Way::Portal,
            &rechtzeitig::domain::look::Point::BEFORE_SENDING,
            because,
        )
        .await
        .unwrap();
    let (known, _) = chief.sees(&office, case).await;
    let released = known.answers[0].released();
    let lacking = released.lacking.as_ref().unwrap();
    assert_eq!(lacking.because.reveal(), because);
    assert_eq!(lacking.gaps.len(), gaps.len());
    assert_eq!(released.texts, preview.printed.version);
    office.jobs_run().await;
}
