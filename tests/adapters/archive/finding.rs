//! Finding: every folder, exact addresses, mentions as candidates, and what was not seen is said.

use rechtzeitig::domain::identifier::SearchKey;
use rechtzeitig::ports::source::{Caution, Doubt, Fault, Origin, Source, Tie};

use super::super::conformance::{self, ANNA, NEAR, email, find};
use super::{DAY, archive, copied, field, found, letter, makes, of, subjects, usual};
use crate::support::between::Between;
use crate::support::dovecot::{Dovecot, available};

/// Her letters and those of people who are nearly called so.
fn cast(dovecot: &Dovecot, user: &str) {
    let mut person = dovecot.person(user);
    person.receives(
        "INBOX",
        DAY,
        &letter(
            &format!("From: Anna <{ANNA}>\nTo: shop@kontor.example\nSubject: hers"),
            "Hello",
        ),
    );
    person.receives(
        "Sent",
        DAY,
        &letter(
            &format!("From: shop@kontor.example\nTo: \"Anna B.\" <{ANNA}>\nSubject: ours"),
            "Hello",
        ),
    );
    for near in NEAR {
        person.receives(
            "INBOX",
            DAY,
            &letter(
                &format!("From: {near}\nTo: shop@kontor.example\nSubject: near"),
                "Hello",
            ),
        );
    }
    person.receives(
        "INBOX",
        DAY,
        &letter(
            &format!(
                "From: \"{ANNA}\" <mallory@fremd.example>\nTo: shop@kontor.example\nSubject: forged"
            ),
            "Hello",
        ),
    );
    person.receives(
        "INBOX",
        DAY,
        &letter(
            "From: kanarie@example.org\nTo: shop@kontor.example\nSubject: bird",
            "Hello",
        ),
    );
}

#[tokio::test]
async fn every_rule_that_holds_for_all_systems_holds_for_a_mailbox() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    cast(&dovecot, "archive-rules");
    let source = usual(&dovecot, "archive-rules");
    let records = conformance::finds_her_and_nobody_else(&source).await;
    assert_eq!(subjects(&records), ["forged", "hers", "ours"]);
    let forged = records
        .iter()
        .find(|it| it.title.reveal() == "forged")
        .unwrap();
    assert!(
        matches!(
            forged.tie,
            Tie::Candidate {
                by: SearchKey::Email,
                ..
            }
        ),
        "a display name is no address"
    );
    conformance::takes_wildcards_as_letters(&source).await;
    conformance::says_that_there_is_nothing(&source).await;
    conformance::asks_nothing_without_an_identifier(&source).await;
}

#[tokio::test]
async fn a_record_says_what_a_clerk_needs_and_nothing_is_marked_as_read() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    cast(&dovecot, "archive-record");
    let source = usual(&dovecot, "archive-record");
    let (records, search) = find(&source, &[email(ANNA)]).await.unwrap();
    let hers = records
        .iter()
        .find(|it| it.title.reveal() == "hers")
        .unwrap();
    assert_eq!(
        hers.tie,
        Tie::Exact {
            by: SearchKey::Email,
            field: "From".into()
        }
    );
    assert_eq!(
        (hers.origin, hers.category.as_str()),
        (Origin::Provided, "mail")
    );
    assert_eq!(hers.at.unwrap().to_rfc3339(), "2026-03-02T07:00:00+00:00");
    assert_eq!(field(hers, "Folder"), "INBOX");
    assert_eq!(hers.files[0].media_type, "message/rfc822");
    assert!(
        hers.reference.id.reveal().starts_with("INBOX;UIDVALIDITY="),
        "{}",
        hers.reference.id.reveal()
    );
    assert!(
        records
            .iter()
            .any(|it| it.title.reveal() == "ours" && it.origin == Origin::Others)
    );
    // Her own name for herself is proposed; that of the office for her is not.
    let proposed: Vec<&str> = search
        .proposals
        .iter()
        .map(|it| it.identifier.value.reveal().as_str())
        .collect();
    assert_eq!(proposed, ["Anna"]);
    assert!(search.doubts.contains(&Doubt::LowerBound));
    let raw = copied(&source, hers).await.unwrap();
    assert!(raw.starts_with(b"From: Anna") && raw.len() as u64 == hers.files[0].size.unwrap());
    let flags = dovecot.person("archive-record").flags("INBOX").join(" ");
    assert!(!flags.contains("\\Seen"), "{flags}");
}

#[tokio::test]
async fn every_folder_is_searched_whatever_it_is_called_and_what_has_no_messages_is_skipped() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-folders");
    makes(
        &mut person,
        &[
            "Only/Below",
            "B&APw-cher",
            "R&-D",
            "Quote \\\"s\\\" 100%",
            "Empty",
        ],
    );
    for (number, folder) in [
        "INBOX",
        "Only/Below",
        "B&APw-cher",
        "R&-D",
        "Quote \\\"s\\\" 100%",
    ]
    .iter()
    .enumerate()
    {
        person.receives(
            folder,
            DAY,
            &letter(&format!("From: anna@post.example\nSubject: s{number}"), "x"),
        );
    }
    let (records, search) = find(
        &usual(&dovecot, "archive-folders"),
        &[email("anna@post.example")],
    )
    .await
    .unwrap();
    assert_eq!(subjects(&records), ["s0", "s1", "s2", "s3", "s4"]);
    let mut folders: Vec<&str> = records.iter().map(|it| field(it, "Folder")).collect();
    folders.sort_unstable();
    assert_eq!(
        folders,
        [
            "B\u{fc}cher",
            "INBOX",
            "Only/Below",
            "Quote \"s\" 100%",
            "R&D"
        ]
    );
    let asked = |place: &str| {
        search
            .asked
            .iter()
            .find(|it| it.place == place)
            .map(|it| it.hits)
    };
    assert_eq!(
        (asked("Empty"), asked("INBOX"), asked("Only")),
        (Some(0), Some(1), None)
    );
    // Each of them is found again by its reference.
    let source = usual(&dovecot, "archive-folders");
    for record in &records {
        assert!(
            copied(&source, record).await.is_ok(),
            "{}",
            field(record, "Folder")
        );
    }
}

#[tokio::test]
async fn whoever_stands_in_any_field_for_persons_is_found_and_two_senders_are_two() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-fields");
    let heads = [
        "From: shop@kontor.example\nCc: x@y.example,\n\tAnna <ANNA@POST.EXAMPLE>\nSubject: cc",
        "From: shop@kontor.example\nBcc: anna@post.example\nSubject: bcc",
        "From: list@kontor.example\nReply-To: anna@post.example\nSubject: reply",
        "From: list@kontor.example\nSender: anna@post.example\nSubject: sender",
        "From: other@kontor.example\nFrom: anna@post.example\nSubject: two",
        "From: shop@kontor.example\nTo: friends: anna@post.example, b@post.example;\nSubject: group",
        "From: shop@kontor.example\nTo: undisclosed-recipients:;\nSubject: none",
    ];
    for head in heads {
        person.receives("INBOX", DAY, &letter(head, "x"));
    }
    let source = usual(&dovecot, "archive-fields");
    let records = found(&source, &[email("anna@post.example")]).await;
    assert_eq!(
        subjects(&records),
        ["bcc", "cc", "group", "reply", "sender", "two"]
    );
    assert!(records.iter().all(|it| matches!(it.tie, Tie::Exact { .. })));
    let group = records
        .iter()
        .find(|it| it.title.reveal() == "group")
        .unwrap();
    assert!(group.cautions.contains(&Caution::Others));
}

#[tokio::test]
async fn an_address_with_umlauts_is_found_in_all_its_writings_also_where_no_server_takes_umlauts() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-umlauts");
    person.receives(
        "INBOX",
        DAY,
        &letter("From: info@xn--mller-kva.example\nSubject: puny", "x"),
    );
    person.receives(
        "INBOX",
        DAY,
        &letter("From: info@m\u{fc}ller.example\nSubject: raw", "x"),
    );
    person.receives(
        "INBOX",
        DAY,
        &letter("From: info@ller.example\nSubject: near", "x"),
    );
    let wanted = [email("Info@M\u{fc}ller.example")];
    let source = usual(&dovecot, "archive-umlauts");
    assert_eq!(subjects(&found(&source, &wanted).await), ["puny", "raw"]);
    let between = Between::before(dovecot.port()).await;
    between.change("LITERAL+", "LITERALX");
    let source = archive(between.port(), "archive-umlauts", "").unwrap();
    assert_eq!(subjects(&found(&source, &wanted).await), ["puny", "raw"]);
    assert!(!between.heard("CHARSET") && between.heard("ller.example"));
}

#[tokio::test]
async fn mentions_are_candidates_and_another_s_address_that_holds_hers_is_none() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-texts");
    let from = "From: shop@kontor.example\nSubject: ";
    person.receives(
        "INBOX",
        DAY,
        &letter(&format!("{from}address"), "Ask anna@post.example, please."),
    );
    person.receives(
        "INBOX",
        DAY,
        &letter(&format!("{from}near"), "Ask johanna@post.example, please."),
    );
    person.receives(
        "INBOX",
        DAY,
        &letter(
            &format!("{from}name"),
            "The order of\r\nAnna Beispiel is late.",
        ),
    );
    person.receives(
        "INBOX",
        DAY,
        &letter(&format!("{from}turned"), "Beispiel, Anna: late"),
    );
    person.receives(
        "INBOX",
        DAY,
        &letter(&format!("{from}number"), "Call 01705550123 now"),
    );
    let encoded = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\nSubject: encoded";
    person.receives(
        "INBOX",
        DAY,
        &letter(encoded, "QXNrIGFubmFAcG9zdC5leGFtcGxlIG5vdw=="),
    );
    let source = usual(&dovecot, "archive-texts");
    let wanted = [
        email("anna@post.example"),
        of(SearchKey::Name, "Anna Beispiel"),
        of(SearchKey::Phone, "+49 170 5550123"),
    ];
    let (records, search) = find(&source, &wanted).await.unwrap();
    assert_eq!(
        subjects(&records),
        ["address", "encoded", "name", "number", "turned"]
    );
    assert!(
        records
            .iter()
            .all(|it| matches!(it.tie, Tie::Candidate { .. }))
    );
    for by in [SearchKey::Email, SearchKey::Name, SearchKey::Phone] {
        assert!(
            search
                .asked
                .iter()
                .any(|it| it.place == "INBOX (TEXT)" && it.by == Some(by) && it.hits > 0),
            "{by:?}"
        );
    }
    let heads_only = archive(dovecot.port(), "archive-texts", "texts = false").unwrap();
    let (records, search) = find(&heads_only, &wanted).await.unwrap();
    assert!(records.is_empty() && !search.doubts.contains(&Doubt::LowerBound));
    assert_eq!(heads_only.profile().keys, [SearchKey::Email]);
}

#[tokio::test]
async fn what_is_encrypted_is_said_not_to_have_been_read() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-sealed");
    let head =
        "From: x@post.example\nSubject: sealed\nContent-Type: multipart/encrypted; boundary=b";
    person.receives(
        "INBOX",
        DAY,
        &letter(head, "--b\r\n\r\nVersion: 1\r\n--b--"),
    );
    let (_, search) = find(
        &usual(&dovecot, "archive-sealed"),
        &[email("anna@post.example")],
    )
    .await
    .unwrap();
    assert!(
        search.doubts.contains(&Doubt::Garbled {
            place: "INBOX".into(),
            count: 1
        }),
        "{:?}",
        search.doubts
    );
}

#[tokio::test]
async fn three_hundred_addresses_fit_into_lines_that_servers_take() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-many");
    person.receives(
        "INBOX",
        DAY,
        &letter(
            "From: somebody-with-a-long-name-299@post.example\nSubject: last",
            "x",
        ),
    );
    let wanted: Vec<_> = (0..300)
        .map(|number| email(&format!("somebody-with-a-long-name-{number}@post.example")))
        .collect();
    let source = archive(dovecot.port(), "archive-many", "texts = false").unwrap();
    assert_eq!(subjects(&found(&source, &wanted).await), ["last"]);
}

#[tokio::test]
async fn strange_messages_neither_stop_the_search_nor_are_lost() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-strange");
    let received = "Received: from a by b; Mon, 2 Mar 2026 08:00:00 +0100\n".repeat(40);
    person.receives(
        "INBOX",
        DAY,
        &letter(
            &format!("{received}From: anna@post.example\nSubject: forty"),
            "x",
        ),
    );
    person.receives(
        "INBOX",
        DAY,
        &letter(
            "From: anna@post.example\nDate: Fri, 31 Dec 2099 23:59:59 +0000\nSubject: 2099",
            "x",
        ),
    );
    person.receives(
        "INBOX",
        DAY,
        b"From: \"M\xfcller\" <anna@post.example>\r\nSubject: bytes\r\n\r\nx\r\n",
    );
    person.receives("INBOX", DAY, b"nothing at all");
    person.receives(
        "INBOX",
        DAY,
        &letter(
            "From: Anna \"broken <anna@post.example>\nSubject: quote",
            "x",
        ),
    );
    let crowd = (0..20_000)
        .map(|number| format!(" p{number}@post.example,\n"))
        .collect::<String>();
    person.receives(
        "INBOX",
        DAY,
        &letter(
            &format!("From: anna@post.example\nTo:{crowd} z@post.example\nSubject: crowd"),
            "x",
        ),
    );
    let (records, search) = find(
        &usual(&dovecot, "archive-strange"),
        &[email("anna@post.example")],
    )
    .await
    .unwrap();
    assert_eq!(records.len(), 5, "{:?}", subjects(&records));
    let late = records
        .iter()
        .find(|it| it.title.reveal() == "2099")
        .unwrap();
    assert_eq!(late.at.unwrap().to_rfc3339(), "2026-03-02T07:00:00+00:00");
    assert!(
        search.doubts.contains(&Doubt::Garbled {
            place: "INBOX".into(),
            count: 1
        }),
        "a head that was cut is said"
    );
}

#[tokio::test]
async fn a_large_message_comes_whole_and_one_above_the_limit_not_at_all() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let mut person = dovecot.person("archive-large");
    let text: String = (0..40_000)
        .map(|line| format!("line {line:06} of a long letter, with some more words in it\r\n"))
        .collect();
    let large = letter("From: anna@post.example\nSubject: large", &text);
    assert!(large.len() > 2 * 1024 * 1024);
    person.receives("INBOX", DAY, &large);
    person.receives(
        "INBOX",
        DAY,
        &letter("From: anna@post.example\nSubject: larger", &text.repeat(3)),
    );
    let source = usual(&dovecot, "archive-large");
    let records = found(&source, &[email("anna@post.example")]).await;
    let of = |subject: &str| {
        records
            .iter()
            .find(|it| it.title.reveal() == subject)
            .unwrap()
    };
    assert!(copied(&source, of("large")).await.unwrap() == large);
    assert_eq!(
        copied(&source, of("larger")).await.unwrap_err().fault,
        Fault::TooLarge
    );
}

#[tokio::test]
async fn a_line_that_breaks_anywhere_is_never_taken_for_no_more() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    cast(&dovecot, "archive-breaks");
    let between = Between::before(dovecot.port()).await;
    let all = {
        let source = archive(between.port(), "archive-breaks", "").unwrap();
        found(&source, &[email(ANNA)]).await.len()
    };
    let mut broken = 0;
    for cut in (40..12_000).step_by(211) {
        between.cut_after(Some(cut));
        let source = archive(between.port(), "archive-breaks", "").unwrap();
        match find(&source, &[email(ANNA)]).await {
            Ok((records, _)) => assert_eq!(records.len(), all, "cut after {cut}"),
            Err(mishap) => {
                assert!(
                    mishap.fault.may_heal() || mishap.fault == Fault::Unreadable,
                    "{cut}: {mishap}"
                );
                assert!(!mishap.to_string().to_lowercase().contains("beispiel"));
                broken += 1;
            }
        }
    }
    assert!(broken > 10, "{broken} searches broke");
}

#[tokio::test]
async fn a_wrong_password_says_so_without_the_name_or_the_password() {
    if !available() {
        return;
    }
    let dovecot = Dovecot::shared();
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), "falsch").unwrap();
    let more = format!(
        "host = '127.0.0.1'\nport = {}\nsecurity = 'none'\nreader = {{ user = 'archive-wrong', key = {{ file = '{}' }} }}",
        dovecot.port(),
        key.path().display()
    );
    let settings = toml::from_str(&more).unwrap();
    let source = rechtzeitig::mail::archive::ImapArchive::new(
        &settings,
        std::time::Duration::from_secs(10),
        1000,
    )
    .unwrap();
    let mishap = find(&source, &[email(ANNA)]).await.unwrap_err();
    assert_eq!(mishap.fault, Fault::Unauthorized);
    let said = format!("{mishap} {mishap:?} {settings:?}");
    assert!(
        !said.contains("falsch") && !mishap.to_string().contains("archive-wrong"),
        "{said}"
    );
    assert!(source.erases().is_none() && source.restricts().is_none());
}
