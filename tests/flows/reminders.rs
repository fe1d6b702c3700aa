//! Before anything is late: one digest a day and person, promised once, and a calendar that says little.

use rechtzeitig::casework::Error;
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::intake::ReplyBy;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::{Office, after, day};

/// The days on which this address got a mail while the days passed, each worked twice.
async fn days_with_mail(office: &mut Office, address: &str, from: &str, to: &str) -> Vec<String> {
    let mut days = vec![];
    let mut today = day(from);
    while today <= day(to) {
        office.it_becomes(today);
        let before = office.mails_to(address).len();
        office.jobs_run().await;
        if today == day(from) {
            office.restart().await;
        }
        office.jobs_run().await;
        let fresh = office.mails_to(address).len() - before;
        assert!(fresh <= 1, "{fresh} on {today}");
        if fresh == 1 {
            days.push(today.to_string());
        }
        today = after(today, 1);
    }
    days
}

#[tokio::test]
async fn the_digest_comes_14_7_and_3_days_before_on_the_last_working_day_and_daily_when_overdue() {
    let mut office = Office::open().await;
    let vera = office.clerk("Vera Terminsache", Role::Decider).await;
    let uwe = office.subject("Uwe Uhrzeiger", "uwe@post-d1.example");
    let receipt = uwe.asks(&office, &[Right::Access]).await;
    office
        .assign(&vera.scope, receipt.case, None, Some(vera.id))
        .await
        .unwrap();
    office.jobs_run().await;

    // Due on 2 April, a Thursday.
    let days = days_with_mail(&mut office, &vera.email, "2026-03-18", "2026-04-04").await;
    assert_eq!(
        days,
        [
            "2026-03-19",
            "2026-03-26",
            "2026-03-30",
            "2026-04-01",
            "2026-04-03",
            "2026-04-04"
        ]
    );
    let digest = office.last_mail_to(&vera.email);
    assert!(
        digest.text.contains(&receipt.number)
            && digest
                .text
                .contains(&format!("/desk/cases/{}", receipt.case)),
        "{}",
        digest.text
    );
    assert!(
        !digest.text.contains("Uhrzeiger") && !digest.text.contains(&uwe.email),
        "{}",
        digest.text
    );

    // Answered, it is silent.
    vera.confirms_identity(&office, receipt.case).await;
    vera.finds_nothing_else(&office, receipt.case).await;
    vera.decides(
        &office,
        receipt.case,
        Right::Access,
        Decision::nothing_held("Nichts."),
    )
    .await;
    office
        .confirm_mailbox(&uwe.link(&office, "confirm"))
        .await
        .unwrap();
    vera.releases(&office, receipt.case, Way::Portal).await;
    office.jobs_run().await;
    let before = office.mails_to(&vera.email).len();
    office.it_becomes(day("2026-04-05"));
    office.jobs_run().await;
    assert_eq!(office.mails_to(&vera.email).len(), before);
}

#[tokio::test]
async fn a_day_that_was_missed_is_made_up_once() {
    let mut office = Office::open().await;
    let fallback = "buero@kontor.example";
    let mia = office.subject("Mia Missentag", "mia@post-d2.example");
    mia.asks(&office, &[Right::Access]).await;
    office.jobs_run().await;
    office.it_becomes(day("2026-03-17"));
    office.jobs_run().await;
    // The machine stood still on the 19th. Nobody has taken the case on: the fallback hears of it.
    assert_eq!(
        days_with_mail(&mut office, fallback, "2026-03-23", "2026-03-25").await,
        ["2026-03-23"]
    );
    // Even if it stood for weeks.
    assert_eq!(
        days_with_mail(&mut office, fallback, "2026-04-20", "2026-04-20").await,
        ["2026-04-20"]
    );
}

#[tokio::test]
async fn a_shorter_target_reminds_in_its_own_rhythm_and_one_digest_serves_all_controllers() {
    let mut office = Office::open().await;
    let (company, trader) = (office.company(), office.trader());
    let both = office
        .clerk_of(
            "Berta Beidehaus",
            &[(company, Role::Decider), (trader, Role::Decider)],
        )
        .await;
    let ben = office.subject("Ben Baldweg", "ben@post-d3.example");
    let erasure = ben.asks(&office, &[Right::Erasure]).await;
    let mut wish = ben.wish(&[Right::Erasure]);
    wish.text = "Lösch mich bitte.".to_owned().into();
    let second = office
        .submit("fliesen", crate::support::people::form(wish))
        .await
        .unwrap();
    for case in [erasure.case, second.case] {
        office
            .assign(&both.scope, case, None, Some(both.id))
            .await
            .unwrap();
    }
    office.jobs_run().await;
    // Fourteen days from 2 March: 16 March, a Monday.
    let days = days_with_mail(&mut office, &both.email, "2026-03-03", "2026-03-16").await;
    assert_eq!(days, ["2026-03-09", "2026-03-13"]);
    let digest = office.last_mail_to(&both.email);
    assert!(
        digest.text.contains(&erasure.number) && digest.text.contains(&second.number),
        "{}",
        digest.text
    );
}

#[tokio::test]
async fn two_nodes_promise_one_digest() {
    let office = Office::open().await;
    let other = office.another_node().await;
    office
        .subject("Doro Doppelknoten", "doro@post-d4.example")
        .asks(&office, &[Right::Access])
        .await;
    office.jobs_run().await;
    office.it_becomes(day("2026-03-19"));
    let exits = other.exits().await.unwrap();
    let (_, ran) = tokio::join!(
        office.jobs_run(),
        rechtzeitig::jobs::runner::run_once(&other.office, &exits)
    );
    ran.unwrap();
    office.jobs_run().await;
    assert_eq!(
        office
            .number_of("SELECT count(*) AS count FROM message WHERE kind = 'digest'")
            .await,
        1
    );
    assert_eq!(
        office.mails_to("buero@kontor.example").len(),
        2,
        "the notice and the digest"
    );
}

#[tokio::test]
async fn the_calendar_holds_no_personal_data_and_ends_when_revoked() {
    let mut office = Office::open().await;
    let vera = office.clerk("Vera Kalenda", Role::Handler).await;
    let kai = office.subject("Kai Kalenderblatt", "kai@post-d5.example");
    let receipt = kai.asks(&office, &[Right::Access, Right::Erasure]).await;
    let foreign = office
        .submit(
            "fliesen",
            crate::support::people::form(kai.wish(&[Right::Access])),
        )
        .await
        .unwrap();
    office.jobs_run().await;

    assert!(!office.has_feed(&vera.scope).await.unwrap());
    let first = office.give_feed(&vera.scope).await.unwrap();
    let token = office.give_feed(&vera.scope).await.unwrap();
    assert!(
        matches!(office.feed(&first).await, Err(Error::Link)),
        "a new one ends the one before"
    );
    let feed = office.feed(&token).await.unwrap();
    assert!(
        feed.contains(&receipt.number) && feed.contains("DTSTART;VALUE=DATE:20260402"),
        "{feed}"
    );
    assert!(
        !feed.contains("Kalenderblatt")
            && !feed.contains("post-d5")
            && !feed.contains(&foreign.number),
        "{feed}"
    );
    assert!(office.has_feed(&vera.scope).await.unwrap());
    office.end_feed(&vera.scope).await.unwrap();
    assert!(matches!(office.feed(&token).await, Err(Error::Link)));

    let token = office.give_feed(&vera.scope).await.unwrap();
    office.restart_with(|plan| plan.feeds = false).await;
    assert!(
        matches!(office.feed(&token).await, Err(Error::Link)),
        "switched off"
    );
    assert!(office.give_feed(&vera.scope).await.is_err());
}

#[tokio::test]
async fn a_pause_that_is_over_silences_no_reminder_of_the_earliest_reading() {
    let mut office = Office::open().await;
    let vera = office.clerk("Vera Pausenzeit", Role::Decider).await;
    let paul = office.subject("Paul Pausenbrot", "paul@post-d6.example");
    let receipt = paul.asks_and_confirms(&office, &[Right::Access]).await;
    let case = receipt.case;
    office
        .assign(&vera.scope, case, None, Some(vera.id))
        .await
        .unwrap();
    office.it_becomes(day("2026-03-05"));
    vera.asks_for_proof(&office, case, true).await.unwrap();
    office.jobs_run().await;
    office.it_becomes(day("2026-03-25"));
    vera.confirms_identity(&office, case).await;
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert!(known.due() > day("2026-04-20"), "{}", known.due());
    assert_eq!(known.earliest(), day("2026-04-02"));
    assert_eq!(
        days_with_mail(&mut office, &vera.email, "2026-03-26", "2026-04-03").await,
        ["2026-03-26", "2026-03-30", "2026-04-01", "2026-04-03"]
    );
}

#[tokio::test]
async fn a_letter_that_nobody_posts_is_reminded_of_until_it_is_posted() {
    let mut office = Office::open().await;
    let vera = office.clerk("Vera Liegenlassen", Role::Decider).await;
    let bodo = office.subject("Bodo Briefkasten", "bodo@post-d9.example");
    let mut wish = bodo.wish(&[Right::Access]);
    wish.email = None;
    wish.address = Some("Dorfstraße 12\n35037 Marburg".to_owned().into());
    wish.reply_by = ReplyBy::Post;
    let case = bodo.sends(&office, wish).await.case;
    office
        .assign(&vera.scope, case, None, Some(vera.id))
        .await
        .unwrap();
    vera.confirms_identity(&office, case).await;
    vera.finds_nothing_else(&office, case).await;
    let decision = Decision::nothing_held("Wir haben nichts.");
    vera.decides(&office, case, Right::Access, decision).await;
    vera.releases(&office, case, Way::Post).await;
    office.jobs_run().await;
    assert_eq!(
        days_with_mail(&mut office, &vera.email, "2026-03-26", "2026-04-03").await,
        ["2026-03-26", "2026-03-30", "2026-04-01", "2026-04-03"]
    );
    let (_, seen) = vera.sees(&office, case).await;
    office
        .posted(&vera.scope, case, seen, office.today())
        .await
        .unwrap();
    let none: [&str; 0] = [];
    assert_eq!(
        days_with_mail(&mut office, &vera.email, "2026-04-04", "2026-04-06").await,
        none
    );
}

#[tokio::test]
async fn a_digest_comes_from_the_controller_whose_cases_stand_in_it() {
    let office = Office::open().await;
    let trader = office.trader();
    let konrad = office
        .clerk_of("Konrad Kleinbetrieb", &[(trader, Role::Decider)])
        .await;
    let tina = office.subject("Tina Teilhaber", "tina@post-d7.example");
    let wish = crate::support::people::form(tina.wish(&[Right::Access]));
    let case = office.submit("fliesen", wish).await.unwrap().case;
    office
        .assign(&konrad.scope, case, None, Some(konrad.id))
        .await
        .unwrap();
    office.jobs_run().await;
    office.it_becomes(day("2026-03-19"));
    office.jobs_run().await;
    let digest = office.last_mail_to(&konrad.email);
    assert!(
        digest.raw.contains("post@fliesen.example") && !digest.raw.contains("Kontor Nordlicht"),
        "{}",
        digest.raw
    );
}

#[tokio::test]
async fn who_lost_her_role_is_told_nothing_more_and_the_fallback_hears_it() {
    let office = Office::open().await;
    let company = office.company();
    let chief = office.clerk("Clara Chefin", Role::Admin).await;
    let vera = office
        .clerk_of(
            "Vera Vormals",
            &[(company, Role::Handler), (office.trader(), Role::Handler)],
        )
        .await;
    let rosa = office.subject("Rosa Rollenlos", "rosa@post-d8.example");
    let receipt = rosa.asks_and_confirms(&office, &[Right::Access]).await;
    office
        .assign(&vera.scope, receipt.case, None, Some(vera.id))
        .await
        .unwrap();
    office.jobs_run().await;
    office
        .set_role(&chief.scope, vera.id, company, None)
        .await
        .unwrap();
    let heard = |address: &str| office.mails_to(address).len();
    let before = (heard(&vera.email), heard("buero@kontor.example"));

    office
        .hear(&receipt.status, "Ist da jemand?", vec![])
        .await
        .unwrap();
    office.jobs_run().await;
    office.it_becomes(day("2026-03-19"));
    office.jobs_run().await;
    assert_eq!(
        (heard(&vera.email), heard("buero@kontor.example")),
        (before.0, before.1 + 2),
        "the notice and the digest"
    );
}

#[tokio::test]
async fn what_is_decided_presses_no_more_though_the_case_goes_on() {
    let mut office = Office::open().await;
    let vera = office.clerk("Vera Werbestopp", Role::Decider).await;
    let wanda = office.subject("Wanda Werbefrei", "wanda@post-d9.example");
    let rights = [Right::MarketingObjection, Right::Erasure];
    let case = wanda.asks_and_confirms(&office, &rights).await.case;
    office
        .assign(&vera.scope, case, None, Some(vera.id))
        .await
        .unwrap();
    let still = office.subject("Stella Stillstand", "stella@post-d9.example");
    let other = still.asks_and_confirms(&office, &rights).await.case;
    office.jobs_run().await;
    vera.confirms_identity(&office, case).await;
    vera.decides(
        &office,
        case,
        Right::MarketingObjection,
        Decision::granted("Keine Werbung mehr."),
    )
    .await;
    office.jobs_run().await;
    // The erasure has fourteen days: its own reminders come, and no others.
    assert_eq!(
        days_with_mail(&mut office, &vera.email, "2026-03-03", "2026-03-16").await,
        ["2026-03-09", "2026-03-13"]
    );
    let digest = office.last_mail_to("buero@kontor.example");
    assert!(
        digest.text.contains(&format!("/desk/cases/{other}")),
        "what is still owed cries every day: {}",
        digest.text
    );
}

#[tokio::test]
async fn the_calendar_goes_on_when_a_controller_is_no_longer_served() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Restbestand", Role::Handler).await;
    let rita = office.subject("Rita Restposten", "rita@post-d10.example");
    let receipt = rita.asks(&office, &[Right::Access]).await;
    let token = office.give_feed(&vera.scope).await.unwrap();
    office
        .behind_its_back(
            "INSERT INTO controller SELECT 77, 'vormals', place, calendar_version, created_at FROM controller WHERE id = 1",
        )
        .await;
    office
        .behind_its_back(format!(
            "INSERT INTO membership VALUES ({}, 77, 'handler')",
            vera.id
        ))
        .await;
    assert!(office.feed(&token).await.unwrap().contains(&receipt.number));
}
