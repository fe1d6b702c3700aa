//! Bounces, receipts and complaints.

use super::mail;

#[test]
fn a_delivery_report_names_recipient_and_message() {
    let message = mail(
        "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=D\n\n--D\n\nLeider nicht.\n--D\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.example\n\nOriginal-Recipient: rfc822;weg@kunde.example\nFinal-Recipient: rfc822;alias@kunde.example\nAction: failed\nStatus: 5.1.1 (unknown)\n\n\
         Final-Recipient: rfc822; spaet@kunde.example\nAction: Delayed\nStatus: 4.4.1\n\n--D\nContent-Type: message/rfc822\n\nFrom: ds@firma.test\nMessage-ID: <antwort-9@firma.test>\n\nIhre Auskunft\n--D--",
    );
    let said: Vec<_> = message
        .reports
        .iter()
        .map(|report| {
            (
                report.action.as_str(),
                report.status.as_str(),
                report.recipient.as_str(),
                report.about.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            (
                "failed",
                "5.1.1",
                "weg@kunde.example",
                Some("antwort-9@firma.test")
            ),
            (
                "delayed",
                "4.4.1",
                "spaet@kunde.example",
                Some("antwort-9@firma.test")
            )
        ]
    );
    assert_eq!(
        message.returned.expect("the original").plain(),
        "Ihre Auskunft"
    );
    assert!(message.inner.is_empty());
}

#[test]
fn a_read_receipt_says_what_was_done() {
    let message = mail(
        "From: e@person.test\nContent-Type: multipart/report; report-type=disposition-notification; boundary=R\n\n--R\n\nGelesen\n--R\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;e@person.test\nOriginal-Message-ID: <a-9@firma.test>\nDisposition: manual-action/MDN-sent-manually; displayed\n--R--",
    );
    assert_eq!(
        (
            message.reports[0].action.as_str(),
            message.reports[0].about.as_deref()
        ),
        ("displayed", Some("a-9@firma.test"))
    );
}

#[test]
fn old_bounces_are_read_by_their_words() {
    // qmail
    let message = mail(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: ds@firma.test\nSubject: failure notice\n\nHi. This is the qmail-send program at mx.example.\n\n<weg@kunde.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n\
         --- Below this line is a copy of the message.\n\nReturn-Path: <ds@firma.test>\nMessage-ID: <a-1@firma.test>\nFrom: ds@firma.test\nTo: weg@kunde.example\nSubject: Ihre Auskunft\n\nText",
    );
    assert_eq!(message.reports.len(), 1);
    assert_eq!(
        (
            message.reports[0].action.as_str(),
            message.reports[0].status.as_str(),
            message.reports[0].recipient.as_str()
        ),
        ("failed", "5.1.1", "weg@kunde.example")
    );
    assert_eq!(message.reports[0].about.as_deref(), Some("a-1@firma.test"));
    // Exim
    let message = mail(
        "From: Mail Delivery System <Mailer-Daemon@host.example>\nX-Failed-Recipients: weg@kunde.example\nAuto-Submitted: auto-replied\nSubject: Mail delivery failed: returning message to sender\n\n  weg@kunde.example\n    550 Unrouteable address\n\n------ This is a copy of the message, including all the headers. ------\n\nFrom: ds@firma.test\nMessage-ID: <a-2@firma.test>\n\nx",
    );
    assert_eq!(
        (
            message.reports[0].status.as_str(),
            message.reports[0].about.as_deref()
        ),
        ("5.0.0", Some("a-2@firma.test"))
    );
    // in German, of a postmaster
    let message = mail(
        "From: postmaster@exchange.example\nSubject: Unzustellbar: Ihre Auskunft\n\nFehler bei der Nachrichtenzustellung an folgende Empfänger:\nweg@kunde.example\nDie E-Mail-Adresse wurde nicht gefunden. 550 5.1.10",
    );
    assert_eq!(
        (
            message.reports[0].action.as_str(),
            message.reports[0].status.as_str(),
            message.reports[0].recipient.as_str()
        ),
        ("failed", "5.1.10", "weg@kunde.example")
    );
    // not yet
    let message = mail(
        "From: MAILER-DAEMON@mx.example\nSubject: Delayed Mail (still being retried)\n\n<x@kunde.example>: connection timed out. Your message will be retried.",
    );
    assert_eq!(message.reports[0].action, "delayed");
}

#[test]
fn people_who_write_of_delivery_are_no_robots() {
    let message = mail(
        "Return-Path: <>\nFrom: jörg@kunde.example\nSubject: Paket nicht zugestellt, bitte Daten löschen\n\nBitte löschen Sie meine Daten.",
    );
    assert!(message.reports.is_empty());
    let message = mail(
        "From: max@kunde.example\nSubject: Undelivered Mail?\n\nmy mail could not be delivered, please erase my data. 550 5.1.1 weg@kunde.example",
    );
    assert!(message.reports.is_empty());
}

#[test]
fn a_complaint_brings_the_message_back() {
    let message = mail(
        "From: fbl@isp.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=F\n\n--F\n\nAbuse\n--F\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n--F\nContent-Type: message/rfc822\n\nFrom: news@firma.test\nSubject: Newsletter\n\nx\n--F--",
    );
    assert_eq!(
        message.returned.expect("the original").subject,
        "Newsletter"
    );
    assert!(message.reports.is_empty());
}
