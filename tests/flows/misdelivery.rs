//! An answer in the wrong hands, a late one, a complaint: what the office does when something went wrong.

use chrono::TimeDelta;
use rechtzeitig::casework::{Error, MessageState};
use rechtzeitig::domain::aftermath::Forum;
use rechtzeitig::domain::breach::{BreachStep, Origin, Report, Told};
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::{Delivery, Way};
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::intake::{Mailbox, PartyRole};
use rechtzeitig::domain::look::{Looker, Point, Second};
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::stage::Stage;

use crate::support::office::Office;
use crate::support::people::{Clerk, Subject};

async fn answered(office: &Office, clerk: &Clerk, person: &Subject) -> CaseId {
    let case = person
        .asks_and_confirms(office, &[Right::Access])
        .await
        .case;
    clerk.answers_access(office, case).await;
    office.jobs_run().await;
    case
}

fn report() -> Report {
    Report {
        nature: "Die Auskunft lag in einem fremden Postfach.".into(),
        categories: "Kundin; Name, Anschrift, eine Bestellung".into(),
        numbers: "eine Person, ein Datensatz".into(),
        contact: "dsb@kontor.example".into(),
        consequences: "Ein Fremder kennt eine Bestellung.".into(),
        measures: "Links beendet, um Löschung gebeten.".into(),
    }
}

#[tokio::test]
async fn art_33_1_an_answer_to_the_wrong_person_ends_its_links_stops_the_post_and_starts_72_hours()
{
    let office = Office::open().await;
    let vera = office.clerk("Vera Schrecksekunde", Role::Decider).await;
    let hans = office.clerk("Hans Hinweisgeber", Role::Handler).await;
    let wilma = office.subject("Wilma Verwechselt", "wilma@post-m1.example");
    let receipt = wilma.asks_and_confirms(&office, &[Right::Access]).await;
    let case = receipt.case;
    vera.answers_access(&office, case).await;
    office.jobs_run().await;
    let answer = wilma.link(&office, "answer");
    let pass = wilma.opens_answer(&office, &answer).await;
    let page = office.answer_page(&answer).await.unwrap();
    let letter = page.letter;
    office.answer_file(&answer, &pass, letter).await.unwrap();
    office.fetched(case, letter).await.unwrap();
    office.days_pass(1);
    // Something waits in the outbox when the mistake is noticed.
    let (known, seen) = vera.sees(&office, case).await;
    assert!(known.closed.is_some());
    office
        .reopen(&vera.scope, case, seen, "Rückfrage")
        .await
        .unwrap();
    let (_, seen) = vera.sees(&office, case).await;
    office
        .say(&vera.scope, case, seen, "Wir melden uns.".into())
        .await
        .unwrap();
    let mails = wilma.mails(&office).len();

    let aware = office.now() - TimeDelta::hours(2);
    let (_, seen) = hans.sees(&office, case).await;
    let told = office
        .misdelivered(
            &hans.scope,
            case,
            seen,
            1,
            (
                aware,
                "Ein Namensvetter hat angerufen, er habe fremde Daten bekommen.",
            ),
        )
        .await
        .unwrap();

    assert!(matches!(
        office.answer_page(&answer).await,
        Err(Error::Link)
    ));
    assert!(office.answer_file(&answer, &pass, letter).await.is_err());
    assert!(office.status(&receipt.status).await.is_err());
    office.jobs_run().await;
    assert_eq!(wilma.mails(&office).len(), mails, "nothing more leaves");
    let file = office.case_file(&vera.scope, case).await.unwrap();
    let stopped = file
        .messages
        .iter()
        .filter(|message| message.state == MessageState::Withheld);
    assert_eq!(stopped.count(), 1);

    let slip = &told.case.aftermath.misdelivered[0];
    assert_eq!(slip.to.reveal(), "wilma@post-m1.example");
    assert_eq!(slip.files.len(), 2, "letter and package left");
    assert_eq!(slip.fetched.len(), 1);
    assert_eq!(slip.fetched[0].0, letter);
    assert!(matches!(told.case.answers[0], Delivery::Bounced { .. }));
    assert!(matches!(told.case.mailbox, Mailbox::Disowned { .. }));
    assert_eq!(told.case.due(), file.case.due(), "the first clock stands");
    // To the same mailbox nothing can leave again, and who she is has to be looked at anew.
    let (known, _) = vera.sees(&office, case).await;
    let looker = Looker {
        actor: vera.scope.actor(),
        rule: Second::Oneself,
        today: office.today(),
    };
    let again = known.may_release(Way::Portal, &looker);
    assert_eq!(again, Err(Obstacle::IdentityOpen));

    let open = office.open_breaches(&vera.scope).await.unwrap();
    assert_eq!((open.len(), open[0].case), (1, case));
    assert_eq!(open[0].due, aware + TimeDelta::hours(72));
    let first = office.mails_to(&vera.email);
    assert_eq!(first.len(), 1, "the decider hears of it at once");
    assert!(
        first[0].text.contains("noch 70 Stunden"),
        "{}",
        first[0].text
    );
    assert!(office.mails_to(&hans.email).is_empty());
    for (hours, mails) in [(20, 1), (4, 2), (24, 3), (20, 4), (12, 5), (12, 5)] {
        office.minutes_pass(hours * 60);
        office.jobs_run().await;
        assert_eq!(
            office
                .mails_to(&vera.email)
                .iter()
                .filter(|mail| mail.text.contains("Datenpanne"))
                .count(),
            mails
        );
    }
}

#[tokio::test]
async fn art_33_3_a_breach_is_described_decided_by_a_decider_and_closed_when_all_is_there() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Meldepflicht", Role::Decider).await;
    let hans = office.clerk("Hans Helferlein", Role::Handler).await;
    let petra = office.subject("Petra Panne", "petra@post-m2.example");
    let case = answered(&office, &vera, &petra).await;
    let (_, seen) = hans.sees(&office, case).await;
    office
        .report_breach(
            &hans.scope,
            case,
            seen,
            (office.now(), Origin::Message),
            "Ein USB-Stick fehlt.",
        )
        .await
        .unwrap();
    let (known, seen) = vera.sees(&office, case).await;
    assert!(known.held());
    let closed = office.close(&vera.scope, case, seen).await;
    assert!(matches!(closed, Err(Error::Obstacle(Obstacle::BreachOpen))));
    let no = || Told::No {
        because: "Der Stick war verschlüsselt.".into(),
    };
    let step = |told| BreachStep::Authority { told };
    let early = office
        .decide_breach(&vera.scope, case, seen, 1, step(no()))
        .await;
    assert!(matches!(
        early,
        Err(Error::Obstacle(Obstacle::BreachIncomplete { .. }))
    ));
    let forbidden = office
        .decide_breach(&hans.scope, case, seen, 1, step(no()))
        .await;
    assert!(matches!(
        forbidden,
        Err(Error::Obstacle(Obstacle::RoleLacking { .. }))
    ));
    office
        .describe_breach(&hans.scope, case, seen, 1, report())
        .await
        .unwrap();
    let seen = vera.sees(&office, case).await.1;
    office
        .decide_breach(&vera.scope, case, seen, 1, step(no()))
        .await
        .unwrap();
    let seen = vera.sees(&office, case).await.1;
    office
        .decide_breach(
            &vera.scope,
            case,
            seen,
            1,
            BreachStep::Persons { told: no() },
        )
        .await
        .unwrap();
    let seen = vera.sees(&office, case).await.1;
    let at = office.now();
    office
        .decide_breach(&vera.scope, case, seen, 1, BreachStep::Closed { at })
        .await
        .unwrap();
    assert!(office.open_breaches(&vera.scope).await.unwrap().is_empty());
    let (known, seen) = vera.sees(&office, case).await;
    assert!(!known.held());
    office.close(&vera.scope, case, seen).await.unwrap();
}

#[tokio::test]
async fn art_77_a_complaint_takes_a_closed_case_up_again_with_its_first_clock_overdue() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Beschwerdefest", Role::Decider).await;
    let rosa = office.subject("Rosa Rügt", "rosa@post-m3.example");
    let case = answered(&office, &vera, &rosa).await;
    office.days_pass(4);
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    assert!(known.closed.is_some());
    let due = known.due();
    office.days_pass(60);
    office
        .complain(
            &vera.scope,
            case,
            seen,
            (office.today(), Forum::Authority),
            "Es fehlten die Empfänger.",
        )
        .await
        .unwrap();
    let (known, seen) = vera.sees(&office, case).await;
    assert!(known.closed.is_none() && known.reopened && known.unread);
    assert_eq!(known.due(), due);
    assert!(known.due() < office.today(), "overdue, and shown so");
    // Neither a download nor a quiet time ends it, and the file is held.
    office.days_pass(200);
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert!(known.closed.is_none() && known.aftermath.destroyed.is_empty());
    let _ = seen;
}

#[tokio::test]
async fn art_12_3_an_overdue_answer_leaves_with_the_reason_and_not_without() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Verspätet", Role::Decider).await;
    let lena = office.subject("Lena Langewarten", "lena@post-m4.example");
    let case = lena.asks_and_confirms(&office, &[Right::Access]).await.case;
    vera.confirms_identity(&office, case).await;
    vera.finds_nothing_else(&office, case).await;
    vera.decides(&office, case, Right::Access, Decision::nothing_held(""))
        .await;
    office.days_pass(45);
    let (known, seen) = vera.sees(&office, case).await;
    let due = known.due();
    let tried = office
        .release(&vera.scope, case, seen, Way::Portal, &Point::BEFORE_SENDING)
        .await;
    assert!(matches!(
        tried,
        Err(Error::Obstacle(Obstacle::LateUnexplained))
    ));
    let why = "Ihr Antrag lag zwei Wochen in einer anderen Abteilung. Das tut uns leid.";
    office
        .explain_lateness(&vera.scope, case, seen, why)
        .await
        .unwrap();
    let preview = office.preview(&vera.scope, case).await.unwrap();
    let words: String = preview
        .printed
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(words.contains(why), "{}", preview.printed.text);
    vera.releases(&office, case, Way::Portal).await;
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.due(), due, "never reset");
}

#[tokio::test]
async fn a_letter_that_comes_back_after_the_end_takes_the_case_up_again() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Irrläufer", Role::Decider).await;
    let udo = office.subject("Udo Unbekanntverzogen", "udo@post-m5.example");
    let case = answered(&office, &vera, &udo).await;
    office.days_pass(4);
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    assert!(known.closed.is_some());
    office
        .returned(&vera.scope, case, seen, 1, office.today())
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert!(known.closed.is_none() && known.unread);
    assert_eq!(known.stage(), Stage::Review);
}

#[tokio::test]
async fn a_letter_in_the_wrong_envelope_leaves_her_links_to_the_right_person() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Kuvertfalsch", Role::Decider).await;
    let ines = office.subject("Ines Imumschlag", "ines@post-m6.example");
    let receipt = ines.asks_and_confirms(&office, &[Right::Access]).await;
    let case = receipt.case;
    let (_, seen) = vera.sees(&office, case).await;
    office
        .set_address(
            &vera.scope,
            case,
            seen,
            (PartyRole::Requester, "Ackerweg 2\n65183 Wiesbaden"),
        )
        .await
        .unwrap();
    vera.confirms_identity(&office, case).await;
    vera.finds_nothing_else(&office, case).await;
    vera.decides(&office, case, Right::Access, Decision::nothing_held(""))
        .await;
    vera.releases(&office, case, Way::Post).await;
    let (_, seen) = vera.sees(&office, case).await;
    let at_home = office
        .misdelivered(
            &vera.scope,
            case,
            seen,
            1,
            (office.now(), "Noch auf dem Tisch."),
        )
        .await;
    assert!(matches!(
        at_home,
        Err(Error::Obstacle(Obstacle::NothingSent))
    ));
    office
        .posted(&vera.scope, case, seen, office.today())
        .await
        .unwrap();
    let (_, seen) = vera.sees(&office, case).await;
    office
        .misdelivered(
            &vera.scope,
            case,
            seen,
            1,
            (office.now(), "Falscher Umschlag."),
        )
        .await
        .unwrap();
    assert!(office.status(&receipt.status).await.is_ok());
    let (known, _) = vera.sees(&office, case).await;
    assert!(known.identity.confirmed().is_ok());
    // It can be put into the right envelope at once.
    vera.releases(&office, case, Way::Post).await;
}
