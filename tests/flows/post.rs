//! The outbox when the world is unkind: no mail server, one that refuses, one that hangs up.

use rechtzeitig::casework::MessageState;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::Office;
use crate::support::smtp::Behaviour;

#[tokio::test]
async fn without_a_mail_server_letters_are_held_and_leave_when_there_is_one() {
    let mut office = Office::open_with(|plan| plan.mail = false).await;
    let vera = office.clerk("Vera Warteraum", Role::Handler).await;
    let hans = office.subject("Hans Haltestelle", "hans@post-p1.example");
    let receipt = hans.asks(&office, &[Right::Access]).await;
    office.jobs_run().await;
    let troubled = office.troubled(&vera.scope, 10).await.unwrap();
    assert_eq!(troubled.len(), 2, "the first mail and the notice");
    assert!(
        troubled
            .iter()
            .all(|(shown, case)| shown.state == MessageState::Held && *case == Some(receipt.case))
    );

    office.days_pass(1);
    office.restart_with(|plan| plan.mail = true).await;
    office.jobs_run().await;
    assert_eq!(
        (
            hans.mails(&office).len(),
            office.mails_to("buero@kontor.example").len()
        ),
        (1, 1)
    );
    assert!(office.troubled(&vera.scope, 10).await.unwrap().is_empty());
    hans.confirms(&office).await;
}

#[tokio::test]
async fn a_refusal_for_good_lies_with_a_person_who_is_told() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Rückläufer", Role::Handler).await;
    let auditor = office.clerk("Arno Prüfblick", Role::Auditor).await;
    let ursel = office.subject("Ursel Unzustellbar", "ursel@post-p2.example");
    let receipt = ursel.asks(&office, &[Right::Access]).await;
    office
        .assign(&vera.scope, receipt.case, None, Some(vera.id))
        .await
        .unwrap();
    // Both mails are refused; the one to staff must not cry for ever.
    office
        .sink
        .behave_next([Behaviour::NotAtAll, Behaviour::NotAtAll]);
    office.jobs_run().await;
    office.jobs_run().await;
    assert!(ursel.mails(&office).is_empty());

    let file = office.case_file(&vera.scope, receipt.case).await.unwrap();
    let failed = file
        .messages
        .iter()
        .find(|message| message.kind == "confirm")
        .unwrap();
    assert_eq!(failed.state, MessageState::Failed);
    assert!(
        !failed.trouble.is_empty() && !failed.trouble.contains("ursel"),
        "{}",
        failed.trouble
    );
    assert_eq!(
        file.messages
            .iter()
            .filter(|message| message.kind == "notice-trouble")
            .count(),
        1
    );
    assert_eq!(office.mails_to(&vera.email).len(), 1, "told once");

    assert!(office.send_again(&auditor.scope, failed.id).await.is_err());
    office.send_again(&vera.scope, failed.id).await.unwrap();
    office.jobs_run().await;
    assert_eq!(ursel.mails(&office).len(), 1);
}

#[tokio::test]
async fn a_server_that_is_away_gets_the_same_letter_later() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Geduldig", Role::Handler).await;
    let gero = office.subject("Gero Geduldsspiel", "gero@post-p3.example");
    office.sink.behave(Behaviour::Away);
    let case = gero.asks(&office, &[Right::Access]).await.case;
    office.jobs_run().await;
    let state = async |kind: &str| {
        let file = office.case_file(&vera.scope, case).await.unwrap();
        file.messages
            .into_iter()
            .find(|message| message.kind == kind)
            .map(|message| (message.state, message.next_at))
            .unwrap()
    };
    let (waits, next) = state("confirm").await;
    assert_eq!(waits, MessageState::InFlight);
    assert!(next.unwrap() > office.now());

    // It took the letter and hung up before it said so: the repeat carries the same name.
    office.sink.behave(Behaviour::LoseTheReply);
    office.minutes_pass(3);
    office.jobs_run().await;
    office.sink.behave(Behaviour::Accept);
    assert_eq!(gero.mails(&office).len(), 1);
    assert_eq!(state("confirm").await.0, MessageState::InFlight);
    office.minutes_pass(10);
    office.jobs_run().await;
    let mails = gero.mails(&office);
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].message_id, mails[1].message_id);
    assert_eq!(mails[0].raw, mails[1].raw, "the same letter to the byte");
    assert_eq!(state("confirm").await, (MessageState::Sent, None));
    gero.confirms(&office).await;
}

#[tokio::test]
async fn two_nodes_send_each_letter_once() {
    let office = Office::open().await;
    let other = office.another_node().await;
    for number in 0..6 {
        office
            .subject(
                &format!("Vielzahl Nummer{number}"),
                &format!("viele{number}@post-p4.example"),
            )
            .asks(&office, &[Right::Access])
            .await;
    }
    let exits = other.exits().await.unwrap();
    let (_, sent) = tokio::join!(
        office.jobs_run(),
        rechtzeitig::jobs::runner::run_once(&other.office, &exits)
    );
    sent.unwrap();
    office.jobs_run().await;
    for number in 0..6 {
        assert_eq!(
            office
                .mails_to(&format!("viele{number}@post-p4.example"))
                .len(),
            1,
            "{number}"
        );
    }
    assert_eq!(office.mails_to("buero@kontor.example").len(), 6);
}

#[tokio::test]
async fn a_letter_in_flight_at_a_crash_leaves_again_under_its_own_name() {
    let mut office = Office::open().await;
    let otto = office.subject("Otto Obenauf", "otto@post-p5.example");
    otto.asks(&office, &[Right::Access]).await;
    let taken = office.take_outgoing(10).await.unwrap();
    assert_eq!(taken.len(), 2);
    let mine = taken
        .iter()
        .find(|taken| taken.parcel.to.email == otto.email)
        .unwrap();
    let name = mine.parcel.message_id.clone();
    drop(taken);
    office.restart().await;
    office.minutes_pass(11);
    office.jobs_run().await;
    let mails = otto.mails(&office);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].message_id, name);
    otto.confirms(&office).await;
}

#[tokio::test]
async fn first_mails_that_were_held_for_days_leave_one_a_day() {
    let mut office = Office::open_with(|plan| plan.mail = false).await;
    let vera = office.clerk("Vera Stauabbau", Role::Handler).await;
    let pia = office.subject("Pia Postberg", "pia@post-p9.example");
    for _ in 0..3 {
        pia.asks(&office, &[Right::Access]).await;
        office.days_pass(1);
    }
    office.restart_with(|plan| plan.mail = true).await;
    office.jobs_run().await;
    assert_eq!(pia.mails(&office).len(), 1, "three days, one address");

    let withheld = async || {
        let page = office.queue(
            &vera.scope,
            rechtzeitig::casework::Filter::default(),
            None,
            9,
        );
        let mut kept = vec![];
        for line in page.await.unwrap().lines {
            let file = office.case_file(&vera.scope, line.id).await.unwrap();
            kept.extend(
                file.messages
                    .into_iter()
                    .filter(|message| message.state == MessageState::Withheld)
                    .map(|message| message.id),
            );
        }
        kept
    };
    let kept = withheld().await;
    assert_eq!(kept.len(), 2);
    for (days, mails) in [(0, 1), (1, 2)] {
        office.days_pass(days);
        for message in &kept {
            let _ = office.send_again(&vera.scope, *message).await;
        }
        office.jobs_run().await;
        assert_eq!(pia.mails(&office).len(), mails, "asked for by hand");
    }
    assert_eq!(withheld().await.len(), 1);
}

#[tokio::test]
async fn a_house_whose_address_has_an_umlaut_sends_mail() {
    let office = Office::open_with(|plan| plan.sender = "datenschutz@büro.example").await;
    let ulla = office.subject("Ulla Umlaut", "ulla@post-p10.example");
    ulla.asks(&office, &[Right::Access]).await;
    office.jobs_run().await;
    let mails = ulla.mails(&office);
    assert_eq!(mails.len(), 1);
    assert!(mails[0].raw.is_ascii() && mails[0].message_id.contains("xn--bro-hoa.example"));
    ulla.confirms(&office).await;
}
