//! Telephone, fax and post: an objection said on the phone counts, a messenger text counts, applicants have their clock.

use rechtzeitig::casework::forwarding::{Obeying, Passing};
use rechtzeitig::casework::slips::How;
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::forwarding::{Obeyed, Side};
use rechtzeitig::domain::intake::Channel;
use rechtzeitig::domain::law::{LawBook, Sector};
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::{by_letter, entered, office_of};

#[tokio::test]
async fn an_objection_said_during_a_call_makes_the_call_list_anonymous() {
    let office = office_of("neckarnetz").await;
    let vera = office.clerk("Vera Rufnummer", Role::Decider).await;
    let uwe = office.subject("Uwe Ruftan", "uwe@post-c3.example");
    let house = office.house(office.company()).unwrap();
    assert!(
        house
            .controller
            .channels
            .on_the_phone
            .contains("keine Auskunft"),
        "what a caller is told"
    );
    let wish = by_letter(&uwe, &[Right::Objection]);
    let case = entered(&office, &vera, (Channel::Phone, office.today()), wish).await;
    vera.confirms_identity(&office, case).await;
    let list = "Telefonanlage mit Anrufliste";
    vera.finds(&office, case, list, "Zwei Anrufe im Februar")
        .await;
    vera.finds_nothing_else(&office, case).await;
    let granted = Decision::granted("Ihre Einträge in der Anrufliste sind anonymisiert.");
    vera.decides(&office, case, Right::Objection, granted).await;
    vera.carries_out(
        &office,
        case,
        Right::Objection,
        list,
        "Einträge anonymisiert",
    )
    .await;
    let preview = office.preview(&vera.scope, case).await.unwrap();
    assert!(
        preview.printed.text.contains("Einträge anonymisiert"),
        "{}",
        preview.printed.text
    );
    vera.releases(&office, case, Way::Post).await;
    office.jobs_run().await;
}

#[tokio::test]
async fn art_12_2_a_messenger_text_counts_although_messengers_are_not_offered() {
    let office = office_of("neckarnetz").await;
    let vera = office.clerk("Vera Kurznachricht", Role::Handler).await;
    let ela = office.subject("Ela Kurztext", "ela@post-c4.example");
    let wish = by_letter(&ela, &[Right::Access]);
    let case = entered(&office, &vera, (Channel::Messenger, office.today()), wish).await;
    let (known, _) = vera.sees(&office, case).await;
    assert!(known.intake.arrival.excluded);
    assert!(known.due() > office.today(), "the month runs all the same");
    office.jobs_run().await;
}

#[tokio::test]
async fn sec_61b_arbgg_the_register_knows_when_an_applicants_documents_go() {
    let office = office_of("neckarnetz").await;
    let admin = office.clerk("Vera Personalakte", Role::Admin).await;
    let systems = office
        .systems(&admin.scope, office.company())
        .await
        .unwrap();
    let applications = systems
        .iter()
        .find(|system| system.slug == "bewerbungen")
        .unwrap();
    let period = applications.categories[0].period.unwrap();
    let rejected = "2026-03-05".parse().unwrap();
    let kept = LawBook::shipped().kept(period, rejected, Sector::General);
    assert_eq!(kept.unwrap().erasable_from, "2026-06-06".parse().unwrap());
    // What is gone first must be secured first: the log of the web servers, after seven days.
    let first = systems
        .iter()
        .filter_map(|system| Some((system.runs_out_after()?, system.slug.as_str())))
        .min();
    assert_eq!(first, Some((7, "weblogs")));
}

#[tokio::test]
async fn art_28_3_a_request_about_hosted_data_goes_to_the_customer_and_both_are_told() {
    let office = office_of("neckarnetz").await;
    let vera = office.clerk("Vera Durchreich", Role::Handler).await;
    let ben = office.subject("Ben Hofkunde", "ben@post-c9.example");
    let wish = by_letter(&ben, &[Right::Erasure]);
    let case = entered(&office, &vera, (Channel::Fax, office.today()), wish).await;
    let systems = office.systems(&vera.scope, office.company()).await.unwrap();
    let hosted = systems
        .iter()
        .find(|it| it.slug == "kundenhosting")
        .unwrap();
    assert!(
        hosted
            .nothing()
            .unwrap()
            .contains("leiten wir an sie weiter")
    );
    let (_, seen) = vera.sees(&office, case).await;
    let passing = Passing {
        to: "hofmarkt".into(),
        holds: "Er nennt ein Postfach bei hofmarkt.example.".into(),
        wholly: true,
        customer: How::Mail,
        person: How::Paper,
    };
    office
        .forward(&vera.scope, case, seen, passing)
        .await
        .unwrap();
    office.jobs_run().await;
    let told = office.last_mail_to("datenschutz@hofmarkt.example");
    assert!(told.text.contains("Ben Hofkunde"), "{}", told.text);
    assert!(!told.subject.contains("Hofkunde"), "{}", told.subject);
    // Until his letter is in the post, it is not forwarded: both notices are owed.
    let (known, seen) = vera.sees(&office, case).await;
    assert_ne!(known.items[0].state_code(), "forwarded");
    office
        .forwarding_posted(
            &vera.scope,
            case,
            seen,
            ("hofmarkt", Side::Person),
            office.today(),
        )
        .await
        .unwrap();
    let (known, seen) = vera.sees(&office, case).await;
    assert_eq!(known.items[0].state_code(), "forwarded");

    // The customer decides, and only then something is done.
    let today = office.today();
    let order = ("Bitte das Postfach löschen.", today);
    office
        .instructed(&vera.scope, case, seen, "hofmarkt", order)
        .await
        .unwrap();
    let (_, seen) = vera.sees(&office, case).await;
    let done = Obeying::Done(today, "Postfach und Weiterleitung gelöscht".into());
    office
        .settle_instruction(&vera.scope, case, seen, "hofmarkt", done)
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, case).await;
    let outcome = &known.forwarded[0].instructions[0].outcome;
    assert!(matches!(outcome, Obeyed::Done { .. }), "{outcome:?}");
}

#[tokio::test]
async fn art_15_1_c_the_answer_names_the_partners_who_got_the_address() {
    let office = office_of("neckarnetz").await;
    let vera = office.clerk("Vera Lieferweg", Role::Decider).await;
    let eva = office.subject("Eva Paketpost", "eva@post-c10.example");
    let wish = by_letter(&eva, &[Right::Access]);
    let case = entered(&office, &vera, (Channel::Letter, office.today()), wish).await;
    vera.confirms_identity(&office, case).await;
    let partners = "Großhandel, Hersteller und Paketdienst";
    vera.finds(&office, case, partners, "Eine Lieferung im Februar")
        .await;
    vera.finds_nothing_else(&office, case).await;
    let granted = Decision::granted("Eine Kopie liegt bei.");
    vera.decides(&office, case, Right::Access, granted).await;
    let preview = office.preview(&vera.scope, case).await.unwrap();
    let words: Vec<&str> = preview.printed.text.split_whitespace().collect();
    assert!(
        words.join(" ").contains("Paketbote Beispiel GmbH"),
        "{}",
        preview.printed.text
    );
}
