//! Mail that comes in: a plain request becomes a case, doubt waits for a person, and nothing is taken twice.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::mailroom::{Accepted, MailLine};
use rechtzeitig::domain::delivery::Delivery;
use rechtzeitig::domain::incoming::IncomingState;
use rechtzeitig::domain::intake::Channel;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::{Office, day};
use crate::support::people::Clerk;

/// A message as a mail program writes it.
fn mail(from: &str, subject: &str, more: &str, body: &str) -> Vec<u8> {
    let head = format!(
        "Received: from mx.post.example (mx.post.example [192.0.2.7]) by mail.kontor.example for \
         <datenschutz@kontor.example>; Fri, 27 Feb 2026 23:30:00 +0000\r\n\
         From: {from}\r\nTo: datenschutz@kontor.example\r\nSubject: {subject}\r\n\
         Date: Sat, 28 Feb 2026 00:29:00 +0100\r\nMIME-Version: 1.0\r\n{more}\
         Content-Type: text/plain; charset=utf-8\r\n\r\n"
    );
    format!("{head}{}\r\n", body.replace('\n', "\r\n")).into_bytes()
}

const ASKS: &str = "Guten Tag,\n\nich bitte um Auskunft nach Art. 15 DSGVO, welche Daten Sie über mich \
                    gespeichert haben.\n\nMit freundlichen Grüßen\nPia Postfach";

async fn taken(office: &Office, clerk: &Clerk, raw: Vec<u8>) {
    office
        .hand_in_mail(&clerk.scope, office.company(), raw)
        .await
        .unwrap();
    office.jobs_run().await;
}

async fn pile(office: &Office, clerk: &Clerk, state: IncomingState) -> Vec<MailLine> {
    office.mails(&clerk.scope, state, 50).await.unwrap()
}

#[tokio::test]
async fn art_12_3_a_request_by_mail_becomes_a_case_with_the_day_on_which_the_house_had_it() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    office.keep_secret("Pia Postfach");
    office.keep_secret("pia@post.example");
    let raw = mail(
        "Pia Postfach <pia@post.example>",
        "Auskunft",
        "Message-ID: <1@post.example>\r\n",
        ASKS,
    );
    taken(&office, &vera, raw.clone()).await;

    let laid = pile(&office, &vera, IncomingState::Case).await;
    assert_eq!(laid.len(), 1, "{laid:?}");
    let id = laid[0].case.unwrap();
    let (case, _) = vera.sees(&office, id).await;
    assert_eq!(case.intake.channel, Channel::Email);
    // Half past eleven at night in London is the next day in Berlin.
    assert_eq!(case.intake.received, day("2026-02-28"));
    assert!(case.item(Right::Access).is_some());
    let person = case.requester().unwrap();
    assert_eq!(person.name.reveal(), "Pia Postfach");
    assert!(case.intake.text.reveal().contains("Art. 15 DSGVO"));
    let first = office.last_mail_to("pia@post.example");
    assert!(first.url("confirm").is_some(), "{}", first.text);
    assert!(first.raw.contains("Auto-Submitted: auto-"), "{}", first.raw);
    assert!(
        first.raw.contains("In-Reply-To: <1@post.example>"),
        "{}",
        first.raw
    );

    // The same message from another folder opens nothing.
    taken(&office, &vera, raw).await;
    let again = pile(&office, &vera, IncomingState::No).await;
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].understood.because[0], "taken-before");
    assert_eq!(pile(&office, &vera, IncomingState::Case).await.len(), 1);
}

#[tokio::test]
async fn an_id_that_cannot_stand_in_a_head_holds_up_no_letter() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let odd = mail(
        "Pia Postfach <pia@post.example>",
        "Auskunft",
        "Message-ID: <eins zwei\u{e4}@post.example>\r\n",
        ASKS,
    );
    taken(&office, &vera, odd).await;
    let first = office.last_mail_to("pia@post.example");
    assert!(!first.raw.contains("In-Reply-To"), "{}", first.raw);
}

#[tokio::test]
async fn what_answers_our_mail_joins_its_case_and_a_stranger_is_named() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let first = mail(
        "Pia Postfach <pia@post.example>",
        "Auskunft",
        "Message-ID: <1@post.example>\r\n",
        ASKS,
    );
    taken(&office, &vera, first).await;
    let case = pile(&office, &vera, IncomingState::Case).await[0]
        .case
        .unwrap();
    let ours = office.last_mail_to("pia@post.example").message_id;
    let thread = |id: u8| format!("Message-ID: <{id}@post.example>\r\nIn-Reply-To: {ours}\r\n");

    let body = "Danke. Meine Kundennummer ist 4711.\n\nPia Postfach";
    let from = "Pia Postfach <pia@post.example>";
    taken(
        &office,
        &vera,
        mail(from, "AW: Ihr Antrag", &thread(2), body),
    )
    .await;
    let other = "Mario Fremd <mario@anderswo.example>";
    let body = "Bitte senden Sie die Antwort künftig an diese Adresse.";
    taken(
        &office,
        &vera,
        mail(other, "AW: Ihr Antrag", &thread(3), body),
    )
    .await;

    let laid = pile(&office, &vera, IncomingState::Case).await;
    assert_eq!(laid.len(), 3);
    assert!(laid.iter().all(|it| it.case == Some(case)));
    let file = office.case_file(&vera.scope, case).await.unwrap();
    let heard: Vec<_> = file
        .messages
        .iter()
        .filter(|message| message.kind == "reply")
        .map(|it| (it.body.text.reveal().clone(), it.body.from.clone()))
        .collect();
    assert_eq!(heard.len(), 2, "{heard:?}");
    assert!(heard[0].0.contains("4711") && heard[0].1.is_none());
    let stranger = heard[1].1.as_ref().unwrap();
    assert_eq!(stranger.reveal(), "mario@anderswo.example");
    // He changes no address.
    let person = file.case.requester().unwrap();
    assert_eq!(person.email.as_ref().unwrap().reveal(), "pia@post.example");
}

#[tokio::test]
async fn what_is_unclear_waits_until_a_person_says_what_it_is() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let body = "Jag vill veta vad ni har om mig i era system. Tack på förhand.\n\nSven Utland";
    let raw = mail("Sven Utland <sven@post.example>", "Hej", "", body);
    taken(&office, &vera, raw).await;
    let waiting = pile(&office, &vera, IncomingState::Unclear).await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(office.waiting(&vera.scope, 10).await.unwrap(), 1);
    assert!(office.mails_to("sven@post.example").is_empty());
    // Who should look is told after two working days: Monday's on Wednesday.
    let told = |office: &Office| {
        let mails = office.mails_to("buero@kontor.example");
        mails
            .iter()
            .filter(|it| it.text.contains("wartet seit"))
            .count()
    };
    office.days_pass(1);
    office.jobs_run().await;
    assert_eq!(told(&office), 0);
    office.days_pass(1);
    office.jobs_run().await;
    assert_eq!(told(&office), 1);

    let mail = office.mail(&vera.scope, waiting[0].id).await.unwrap();
    assert!(mail.text.reveal().contains("Jag vill veta"));
    let mut entry = mail.proposal.unwrap();
    entry.wish.rights = vec![Right::Access];
    let said = Accepted::Request(Box::new(entry));
    let case = office
        .say_of_mail(&vera.scope, waiting[0].id, said.clone())
        .await
        .unwrap()
        .unwrap();
    // A second click is the first one.
    let again = office
        .say_of_mail(&vera.scope, waiting[0].id, said)
        .await
        .unwrap();
    assert_eq!(again, Some(case));
    let (case, _) = vera.sees(&office, case).await;
    assert_eq!(case.intake.received, day("2026-02-28"));
    assert_eq!(office.waiting(&vera.scope, 10).await.unwrap(), 0);
}

#[tokio::test]
async fn art_5_1_e_what_asks_for_nothing_is_shredded_after_two_weeks() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let body = "Guten Tag,\n\nanbei unsere Rechnung 2026-114 über 59,50 Euro.\n\nPapier Blatt KG";
    let raw = mail(
        "Papier Blatt KG <rechnung@blatt.example>",
        "Rechnung 2026-114",
        "",
        body,
    );
    taken(&office, &vera, raw).await;
    let left = pile(&office, &vera, IncomingState::No).await;
    assert_eq!(left.len(), 1);
    assert!(office.mails_to("rechnung@blatt.example").is_empty());

    office.days_pass(13);
    office.jobs_run().await;
    assert_eq!(pile(&office, &vera, IncomingState::No).await.len(), 1);
    office.days_pass(2);
    office.jobs_run().await;
    assert!(pile(&office, &vera, IncomingState::No).await.is_empty());
    let gone = pile(&office, &vera, IncomingState::Gone).await;
    assert_eq!(gone.len(), 1);
    let kept = format!("{:?}", gone[0].understood.because);
    assert!(!kept.contains("Rechnung"), "{kept}");
    let mail = office.mail(&vera.scope, left[0].id).await.unwrap();
    assert!(mail.original.is_none() && mail.text.reveal().is_empty());
    let late = office
        .say_of_mail(
            &vera.scope,
            left[0].id,
            Accepted::Part("2026-XXXXX-X".into()),
        )
        .await;
    assert!(matches!(late, Err(Error::Obstacle(Obstacle::MailShredded))));
    let files = office.number_of("SELECT count(*) AS count FROM file").await;
    assert_eq!(files, 0);
}

#[tokio::test]
async fn a_robot_opens_nothing_and_hears_nothing() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let auto = "Auto-Submitted: auto-replied (vacation)\r\n";
    let body =
        "Ich bin bis 9. März nicht im Haus. Ihre Auskunft nach Art. 15 DSGVO lese ich danach.";
    let raw = mail("Ada Abwesend <ada@post.example>", "Abwesend", auto, body);
    taken(&office, &vera, raw).await;
    assert!(pile(&office, &vera, IncomingState::Case).await.is_empty());
    assert!(office.mails_to("ada@post.example").is_empty());
    assert_eq!(pile(&office, &vera, IncomingState::No).await.len(), 1);
}

#[tokio::test]
async fn what_comes_from_our_own_address_opens_nothing_by_itself() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    for own in ["datenschutz@kontor.example", "buero+neu@kontor.example"] {
        let raw = mail(own, &format!("Auskunft {own}"), "", ASKS);
        taken(&office, &vera, raw).await;
        let bare = own.replace("+neu", "");
        assert!(
            office
                .mails_to(own)
                .iter()
                .all(|it| it.url("confirm").is_none()),
            "{own}"
        );
        assert!(
            office
                .mails_to(&bare)
                .iter()
                .all(|it| it.url("confirm").is_none())
        );
    }
    assert!(pile(&office, &vera, IncomingState::Case).await.is_empty());
}

#[tokio::test]
async fn what_is_no_mail_goes_to_a_person_with_the_original() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let ole = office.clerk("Ole Nurleser", Role::Auditor).await;
    let raw = vec![0xff, 0xfe, 0x00, 0x01, 0x80, 0x81];
    let refused = office
        .hand_in_mail(&ole.scope, office.company(), raw.clone())
        .await;
    assert!(matches!(
        refused,
        Err(Error::Obstacle(Obstacle::RoleLacking { .. }))
    ));
    taken(&office, &vera, raw).await;
    let unread = pile(&office, &vera, IncomingState::Unreadable).await.len()
        + pile(&office, &vera, IncomingState::Unclear).await.len();
    assert_eq!(unread, 1);
}

#[tokio::test]
async fn art_12_3_an_answer_that_comes_back_is_no_answer() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Decider).await;
    let nina = office.subject("Nina Nichtda", "nina@post-m1.example");
    let case = nina.asks_and_confirms(&office, &[Right::Access]).await.case;
    vera.answers_access(&office, case).await;
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert!(matches!(known.answers[0], Delivery::Sent { .. }));
    let ready = office.last_mail_to("nina@post-m1.example");
    let report = |number: u8, action: &str, about: &str| {
        format!(
            "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.kontor.example>\r\n\
             To: datenschutz@kontor.example\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n\
             Date: Mon, 2 Mar 2026 11:00:00 +0100\r\nMessage-ID: <{number}.report@mx.kontor.example>\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\r\n\r\n\
             --B\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n\r\n\
             --B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.kontor.example\r\n\r\n\
             Final-Recipient: rfc822; nina@post-m1.example\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n\
             --B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\nSubject: x\r\n\r\n--B--\r\n"
        )
        .into_bytes()
    };
    // Nobody's message, and one that only waits, change nothing.
    taken(
        &office,
        &vera,
        report(1, "failed", "<strange@elsewhere.example>"),
    )
    .await;
    taken(&office, &vera, report(2, "delayed", &ready.message_id)).await;
    let (same, _) = vera.sees(&office, case).await;
    assert!(matches!(same.answers[0], Delivery::Sent { .. }));

    taken(&office, &vera, report(3, "failed", &ready.message_id)).await;
    let (again, _) = vera.sees(&office, case).await;
    assert!(matches!(again.answers[0], Delivery::Bounced { .. }));
    assert_eq!(again.due(), known.due(), "with its first clock");
    let troubled = office.troubled(&vera.scope, 10).await.unwrap();
    assert_eq!(troubled.len(), 1);
    assert_eq!(troubled[0].0.trouble, "came back 5.1.1");
    let notices = office.mails_to(&vera.email).len();
    // A second report of the same message is no news.
    taken(&office, &vera, report(4, "failed", &ready.message_id)).await;
    assert_eq!(office.mails_to(&vera.email).len(), notices);
}

#[tokio::test]
async fn two_clerks_who_say_different_things_at_once_make_one_case_of_a_mail() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let hans = office.clerk("Hans Mitleser", Role::Handler).await;
    let nina = office.subject("Nina Nichtda", "nina@post-m2.example");
    let case = nina.asks_and_confirms(&office, &[Right::Access]).await.case;
    let number = vera.sees(&office, case).await.0.number.clone();
    let body = "Jag vill veta vad ni har om mig.";
    taken(
        &office,
        &vera,
        mail("Sven <sven@post.example>", "Hej", "", body),
    )
    .await;
    let id = pile(&office, &vera, IncomingState::Unclear).await[0].id;
    let entry = office
        .mail(&vera.scope, id)
        .await
        .unwrap()
        .proposal
        .unwrap();
    let (one, two) = tokio::join!(
        office.say_of_mail(&vera.scope, id, Accepted::Request(Box::new(entry))),
        office.say_of_mail(&hans.scope, id, Accepted::Part(number)),
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert!(one.is_some());
    assert_eq!(one, two, "both are led to where it lies");
    let dismissed = office.say_of_mail(&hans.scope, id, Accepted::Nothing).await;
    assert_eq!(dismissed.unwrap(), one);
}

/// A mail to another address than the usual one.
fn to(address: &str, raw: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(raw)
        .replace("To: datenschutz@kontor.example", &format!("To: {address}"))
        .into_bytes()
}

fn reply_to(raw: &str) -> String {
    let line = raw.lines().find(|line| line.starts_with("Reply-To:"));
    let line = line.unwrap_or_else(|| panic!("no Reply-To in\n{raw}"));
    let (_, address) = line.rsplit_once('<').unwrap();
    address.trim_end_matches(['>', '\r']).to_owned()
}

#[tokio::test]
async fn an_answer_finds_its_case_by_the_address_alone_and_so_does_an_old_bounce() {
    let office = Office::open_with(|plan| plan.plus_address = true).await;
    let vera = office.clerk("Vera Poststelle", Role::Decider).await;
    let from = "Pia Postfach <pia@post.example>";
    let asks = mail(from, "Auskunft", "Message-ID: <1@post.example>\r\n", ASKS);
    taken(&office, &vera, asks).await;
    let first = office.last_mail_to("pia@post.example");
    let back = reply_to(&first.raw);
    assert!(back.starts_with("datenschutz+"), "{back}");
    let case = pile(&office, &vera, IncomingState::Case).await[0]
        .case
        .unwrap();

    // No thread, another sender, no number: the address alone says where it belongs, and proves nothing.
    let body = "Ich schreibe vom Telefon meiner Schwester. Meine Kundennummer ist 4711.";
    let other = mail("Ulla Schwester <ulla@post.example>", "Hallo", "", body);
    taken(&office, &vera, to(&back, &other)).await;
    let file = office.case_file(&vera.scope, case).await.unwrap();
    let heard: Vec<_> = file
        .messages
        .iter()
        .filter(|it| it.kind == "reply")
        .collect();
    assert_eq!(heard.len(), 1, "{heard:?}");
    let stranger = heard[0].body.from.as_ref().unwrap();
    assert_eq!(stranger.reveal(), "ulla@post.example");

    // An old server tells in words alone that the message came back.
    let report = format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.post.example\r\nTo: {back}\r\nSubject: failure notice\r\n\
         Date: Mon, 2 Mar 2026 11:00:00 +0100\r\nMessage-ID: <r1@mx.post.example>\r\n\r\n\
         Hi. This is the qmail-send program at mx.post.example.\r\nI'm afraid I wasn't able to deliver your message to the \
         following addresses.\r\nThis is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n\
         <pia@post.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n"
    );
    taken(&office, &vera, report.into_bytes()).await;
    let troubled = office.troubled(&vera.scope, 10).await.unwrap();
    assert_eq!(troubled.len(), 1);
    assert!(
        troubled[0].0.trouble.starts_with("came back"),
        "{:?}",
        troubled[0].0.trouble
    );
}

#[tokio::test]
async fn what_waits_on_the_way_and_what_a_program_answered_is_told_and_changes_nothing() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let from = "Pia Postfach <pia@post.example>";
    let asks = mail(from, "Auskunft", "Message-ID: <1@post.example>\r\n", ASKS);
    taken(&office, &vera, asks).await;
    let case = pile(&office, &vera, IncomingState::Case).await[0]
        .case
        .unwrap();
    let ours = office.last_mail_to("pia@post.example").message_id;
    let trouble = async || {
        let file = office.case_file(&vera.scope, case).await.unwrap();
        let first = file
            .messages
            .iter()
            .find(|it| it.kind == "confirm")
            .unwrap();
        (first.state.code(), first.trouble.clone())
    };
    assert_eq!(trouble().await, ("sent", String::new()));
    let report = format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.kontor.example\r\nTo: datenschutz@kontor.example\r\n\
         Subject: Delayed Mail (still being retried)\r\nMIME-Version: 1.0\r\nDate: Mon, 2 Mar 2026 11:00:00 +0100\r\n\
         Message-ID: <d1@mx.kontor.example>\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\r\n\r\n\
         --B\r\nContent-Type: text/plain\r\n\r\nThis is the mail system. Your message could not be delivered for four hours.\r\n\r\n\
         --B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.kontor.example\r\n\r\n\
         Final-Recipient: rfc822; pia@post.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n\
         --B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {ours}\r\nSubject: x\r\n\r\n--B--\r\n"
    );
    taken(&office, &vera, report.into_bytes()).await;
    assert_eq!(trouble().await, ("sent", "delayed".to_owned()));
    let away = format!("Auto-Submitted: auto-replied (vacation)\r\nIn-Reply-To: {ours}\r\n");
    let body = "Ich bin bis 9. März nicht im Haus.";
    taken(
        &office,
        &vera,
        mail(from, "Abwesend: Ihr Antrag", &away, body),
    )
    .await;
    assert_eq!(trouble().await, ("sent", "answered-by-machine".to_owned()));
    let file = office.case_file(&vera.scope, case).await.unwrap();
    assert!(
        file.messages.iter().all(|it| it.kind != "reply"),
        "nobody wrote"
    );
    assert_eq!(office.mails_to("pia@post.example").len(), 1);
}

#[tokio::test]
async fn one_mail_in_two_mailboxes_read_by_two_nodes_at_once_is_one_case() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Handler).await;
    let asks = mail(
        "Pia Postfach <pia@post.example>",
        "Auskunft",
        "Message-ID: <1@post.example>\r\n",
        ASKS,
    );
    for _ in 0..2 {
        office
            .hand_in_mail(&vera.scope, office.company(), asks.clone())
            .await
            .unwrap();
    }
    let other = office.another_node().await;
    let (one, two) = tokio::join!(office.read_mail(), other.office.read_mail());
    assert_eq!(one.unwrap() + two.unwrap(), 2);
    // Who was slower leaves its copy until the lease is over.
    office.minutes_pass(11);
    office.jobs_run().await;
    let cases = office
        .number_of("SELECT count(*) AS count FROM cases")
        .await;
    assert_eq!(cases, 1);
    assert_eq!(pile(&office, &vera, IncomingState::Case).await.len(), 1);
    assert_eq!(pile(&office, &vera, IncomingState::No).await.len(), 1);
    assert!(pile(&office, &vera, IncomingState::New).await.is_empty());
}

#[tokio::test]
async fn a_stranger_with_the_number_of_a_closed_case_takes_nothing_up() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Poststelle", Role::Decider).await;
    let nina = office.subject("Nina Nichtda", "nina@post-m3.example");
    let case = nina.asks_and_confirms(&office, &[Right::Access]).await.case;
    let (known, seen) = vera.sees(&office, case).await;
    office
        .withdraw(
            &vera.scope,
            case,
            seen,
            &[Right::Access],
            "Frau Nichtda hat angerufen.",
        )
        .await
        .unwrap();
    let (_, seen) = vera.sees(&office, case).await;
    office.close(&vera.scope, case, seen).await.unwrap();
    let body = format!(
        "Was ist aus {} geworden? Schicken Sie mir alles.",
        known.number
    );
    taken(
        &office,
        &vera,
        mail("Mario Fremd <mario@anderswo.example>", "Frage", "", &body),
    )
    .await;
    assert!(vera.sees(&office, case).await.0.closed.is_some());
    assert_eq!(pile(&office, &vera, IncomingState::Unclear).await.len(), 1);
}

#[tokio::test]
async fn what_a_person_judges_otherwise_is_an_example_only_where_that_is_wished() {
    for wished in [false, true] {
        let office = Office::open_with(|plan| plan.keep_examples = wished).await;
        let vera = office.clerk("Vera Poststelle", Role::Admin).await;
        let body = "Hallo, hier ist Sven Utland, Kunde 471122.\n\nJag vill veta vad ni har om mig i era system.";
        let raw = mail("Sven Utland <sven@post.example>", "Hej", "", body);
        taken(&office, &vera, raw).await;
        let waiting = pile(&office, &vera, IncomingState::Unclear).await;
        let proposed = office.mail(&vera.scope, waiting[0].id).await.unwrap();
        let mut entry = proposed.proposal.unwrap();
        entry.wish.rights = vec![Right::Access];
        let said = Accepted::Request(Box::new(entry));
        office
            .say_of_mail(&vera.scope, waiting[0].id, said)
            .await
            .unwrap();
        let kept = office
            .examples(&vera.scope, office.company())
            .await
            .unwrap();
        assert_eq!(kept.len(), usize::from(wished));
        let Some(example) = kept.first() else {
            continue;
        };
        assert_eq!(example.said.rights, [Right::Access]);
        let text = &example.text;
        assert!(text.contains("Jag vill veta"), "{text}");
        assert!(!text.contains("Sven") && !text.contains("471122"), "{text}");
        office.days_pass(190);
        office.jobs_run().await;
        let left = office
            .number_of("SELECT count(*) AS count FROM example")
            .await;
        assert_eq!(left, 0, "half a year is over");
    }
}
