//! Dates, and the day on which a message came into the house.

use super::mail;
use crate::reading::{
    arrival::{Because, House, received_day},
    date::{header_date, quoted_date},
};

#[test]
fn dates_of_headers_are_read_as_programs_write_them() {
    let read = |text: &str| header_date(text).map(|at| at.to_rfc3339());
    for text in [
        "Thu, 1 Oct 2026 10:00:00 +0200",
        "1 Oct 2026 10:00:00 +0200",
        "Thu,01 Oct 26 10:00:00 +0200 (CEST)",
        "Thu, 1-Oct-2026 10:00:00 +0200",
        "Thu Oct  1 10:00:00 2026 +0200",
        "2026-10-01T10:00:00+02:00",
        "Thu, 1 Oct 2026 10:00:00 CEST",
        "Do, 1 Okt 2026 10:00:00 +0200",
        "Thu, 01 Oct 2026 10:00 +02:00",
        "(gestern) Thu, 1 Oct 2026 10:00:00 +0200",
    ] {
        assert_eq!(
            read(text).as_deref(),
            Some("2026-10-01T10:00:00+02:00"),
            "{text}"
        );
    }
    assert_eq!(
        read("Thu, 1 Oct 2026 10:00:00 GMT").as_deref(),
        Some("2026-10-01T10:00:00+00:00")
    );
    assert_eq!(
        read("Thu, 1 Oct 2026 10:00:00 -0730").as_deref(),
        Some("2026-10-01T10:00:00-07:30")
    );
    for text in [
        "gestern um drei",
        "",
        "32 Oct 2026 10:00:00",
        "Thu, 1 Okt",
        "99999999999999999999",
        "1/1",
        "-",
        "+",
        "\u{feff}",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn dates_of_quoted_heads_are_read_in_many_languages() {
    let read = |text: &str| quoted_date(text).map(|at| at.to_rfc3339());
    for text in [
        "Donnerstag, 1. Oktober 2026 10:04",
        "Do., 1. Okt. 2026 um 10:04 Uhr",
        "Thursday, October 1, 2026 10:04 AM",
        "01.10.2026 10:04",
        "01.10.26, 10:04",
        "1.10.2026 um 10.04 Uhr",
        "jeudi 1 octobre 2026 10:04",
        "jueves, 1 de octubre de 2026 10:04",
        "giovedì 1 ottobre 2026 10:04",
        "donderdag 1 oktober 2026 10:04",
        "quinta-feira, 1 de outubro de 2026 10:04",
        "czwartek, 1 października 2026 10:04",
        "čtvrtek 1. října 2026 10:04",
        "joi, 1 octombrie 2026 10:04",
        "10/1/2026 10:04 AM",
    ] {
        assert_eq!(
            read(text).as_deref(),
            Some("2026-10-01T10:04:00+02:00"),
            "{text}"
        );
    }
    assert_eq!(
        read("mar. 6 oct. 2026 10:04").as_deref(),
        Some("2026-10-06T10:04:00+02:00")
    );
    assert_eq!(
        read("Montag, 2. März 2026 10:04").as_deref(),
        Some("2026-03-02T10:04:00+01:00")
    );
    assert_eq!(
        read("Tue, Jul 7, 2026 at 3:04 PM").as_deref(),
        Some("2026-07-07T15:04:00+02:00")
    );
    assert_eq!(read("Donnerstag"), None);
}

fn day(head: &str, house: &[&str]) -> (String, &'static str) {
    let (day, because) =
        received_day(&mail(&format!("{head}\n\n.")), &House::given(house)).expect("a day");
    let because = match because {
        Because::TakenByHouse { .. } => "house",
        Because::TakenByLast { .. } => "last",
        Because::Dated { .. } => "date",
    };
    (day.to_string(), because)
}

#[test]
fn the_houses_first_line_counts_in_berlin() {
    let head = "Received: from mx.firma.test by mail.firma.test; Mon, 5 Oct 2026 09:00:00 +0200\nReceived: from out.gmx.example by mx.firma.test for <ds@firma.test>; Thu, 1 Oct 2026 22:30:00 +0000\n\
                Received: from pc by out.gmx.example; Thu, 1 Oct 2026 20:00:00 +0000\nDate: Wed, 30 Sep 2026 10:00:00 +0200\nTo: ds@firma.test\nFrom: a@gmx.example";
    assert_eq!(
        day(head, &["firma.test"]),
        ("2026-10-02".to_owned(), "house")
    );
    assert_eq!(day(head, &[]), ("2026-10-02".to_owned(), "house"));
    assert_eq!(
        day(head, &["andere.test", "post.firma.test"]),
        ("2026-10-02".to_owned(), "house")
    );
}

#[test]
fn a_line_that_a_stranger_added_below_does_not_count() {
    let head = "Received: from x by mx.firma.test; Thu, 1 Oct 2026 10:00:00 +0200\nReceived: from y by boese.example; Thu, 1 Oct 2026 09:00:00 +0200\nReceived: from z by mx.firma.test; Sat, 1 Aug 2026 09:00:00 +0200\nTo: ds@firma.test\nFrom: a@boese.example";
    assert_eq!(day(head, &["firma.test"]).0, "2026-10-01");
}

#[test]
fn without_the_houses_line_the_senders_date_counts_unless_it_cannot_be() {
    let head = |date: &str| {
        format!(
            "Received: from x by mx.hoster.example; Thu, 1 Oct 2026 10:00:00 +0200\nDate: {date}\nTo: ds@firma.test\nFrom: a@b.example"
        )
    };
    assert_eq!(
        day(&head("Wed, 30 Sep 2026 23:30:00 +0000"), &["firma.test"]),
        ("2026-10-01".to_owned(), "date")
    );
    assert_eq!(
        day(&head("Tue, 29 Sep 2026 12:00:00 +0000"), &["firma.test"]),
        ("2026-09-29".to_owned(), "date")
    );
    for absurd in [
        "Fri, 31 Dec 2099 23:59:59 -1200",
        "Thu, 1 Jan 1970 00:00:00 +0000",
        "gestern",
    ] {
        assert_eq!(
            day(&head(absurd), &["firma.test"]),
            ("2026-10-01".to_owned(), "last"),
            "{absurd}"
        );
    }
    assert!(
        received_day(
            &mail("From: a@b.example\nDate: gestern\n\n."),
            &House::default()
        )
        .is_none()
    );
}

#[test]
fn a_hosters_line_for_an_address_of_the_house_is_the_houses() {
    let head = "Received: from x by mx.hoster.example for <ds@firma.test>; Thu, 1 Oct 2026 10:00:00 +0200\nDate: Mon, 28 Sep 2026 10:00:00 +0200\nTo: ds@firma.test\nFrom: a@b.example";
    assert_eq!(day(head, &[]), ("2026-10-01".to_owned(), "house"));
}

#[test]
fn a_house_knows_its_own_and_no_namesakes() {
    let house = House::given(["Firma.test", "@laden.example", ""]);
    assert!(house.has_address("x@firma.test") && house.has_address("x@shop.laden.example"));
    assert!(
        !house.has_address("x@meinefirma.test")
            && !house.has_address("x@firma.test.example")
            && !house.has_address("firma.test")
    );
    assert_eq!(
        House::of(&mail("To: A <a@firma.test>, b@laden.example\n\n.")).domains(),
        ["firma.test"]
    );
}
