//! With Radicale.

use futures_util::StreamExt;
use rechtzeitig::domain::identifier::SearchKey;
use rechtzeitig::ports::source::{Caution, Change, Doubt, Fate, Fault, Manner, Need, Source, Tie};

use super::super::conformance::{self, ANNA, NAME, NEAR, PHONE, email, find, name, phone};
use super::radicale::{PASSWORD, Radicale, available};
use super::{carddav, field, titles};

fn change(field: &str, before: &str, after: &str) -> Change {
    let before = Some(before.to_owned().into()).filter(|_| !before.is_empty());
    Change {
        field: field.into(),
        before,
        after: after.to_owned().into(),
    }
}

#[tokio::test]
async fn every_rule_that_holds_for_all_systems_holds_for_address_books() {
    if !available() {
        return;
    }
    let radicale = Radicale::shared();
    let user = "u-find";
    for book in ["customers", "suppliers"] {
        radicale.book(user, book).await;
    }
    radicale
        .card(
            user,
            "customers/anna.vcf",
            &format!(
                "FN:{NAME}\nN:Beispiel;Anna;;;\nEMAIL;TYPE=HOME:{ANNA}\nTEL:{}",
                PHONE.1
            ),
        )
        .await;
    radicale
        .card(
            user,
            "suppliers/anna 2.vcf",
            &format!("FN:Beispiel GmbH\nitem1.EMAIL:office@example.org\nitem2.EMAIL:{ANNA}"),
        )
        .await;
    for (number, near) in NEAR.iter().enumerate() {
        radicale
            .card(
                user,
                &format!("customers/near-{number}.vcf"),
                &format!("FN:Near {number}\nEMAIL:{near}"),
            )
            .await;
    }
    radicale
        .card(
            user,
            "customers/bird.vcf",
            "FN:Bird\nEMAIL:kanarie@example.org",
        )
        .await;
    let source = carddav(
        &radicale.url(),
        user,
        "expected = ['customers', 'partners']",
    );
    let records = conformance::finds_her_and_nobody_else(&source).await;
    assert_eq!(titles(&records), [NAME, "Beispiel GmbH"]);
    conformance::takes_wildcards_as_letters(&source).await;
    conformance::says_that_there_is_nothing(&source).await;
    conformance::asks_nothing_without_an_identifier(&source).await;
    let (_, search) = find(&source, &[email(ANNA)]).await.unwrap();
    assert!(
        search
            .doubts
            .contains(&Doubt::Unseen(vec!["partners".into()]))
    );
    let proposed: Vec<SearchKey> = search
        .proposals
        .iter()
        .map(|it| it.identifier.kind)
        .collect();
    assert!(
        proposed.contains(&SearchKey::Phone) && proposed.contains(&SearchKey::Name),
        "{proposed:?}"
    );
    let hers = records.iter().find(|it| it.title.reveal() == NAME).unwrap();
    assert_eq!(
        (field(hers, "EMAIL"), field(hers, "addressbook")),
        (ANNA, "customers")
    );
    let pieces: Vec<_> = source
        .copies()
        .unwrap()
        .fetch(&hers.reference, &hers.files[0])
        .collect()
        .await;
    let whole: Vec<u8> = pieces.into_iter().flat_map(Result::unwrap).collect();
    assert!(String::from_utf8(whole).unwrap().starts_with("BEGIN:VCARD"));
}

#[tokio::test]
async fn a_number_is_found_however_it_is_written_and_a_name_is_a_candidate() {
    if !available() {
        return;
    }
    let radicale = Radicale::shared();
    let user = "u-phones";
    radicale.book(user, "book").await;
    for (number, tel) in [
        "0170 555-0123",
        "+49 (0)170 5550123",
        "0049 170 555 01 23",
        "tel:+491705550123",
    ]
    .iter()
    .enumerate()
    {
        radicale
            .card(
                user,
                &format!("book/{number}.vcf"),
                &format!("FN:P{number}\nTEL;TYPE=CELL:{tel}"),
            )
            .await;
    }
    radicale
        .card(user, "book/near.vcf", "FN:Near\nTEL:0171 5550123")
        .await;
    radicale
        .card(
            user,
            "book/name.vcf",
            "FN:J\u{f6}rg M\u{fc}ller\nN:M\u{fc}ller;J\u{f6}rg;;;",
        )
        .await;
    radicale
        .card(user, "book/turned.vcf", "FN:Mueller\\, Joerg\nN:;;;;")
        .await;
    radicale
        .card(
            user,
            "book/longer.vcf",
            "FN:J\u{f6}rg M\u{fc}llermann\nN:;;;;",
        )
        .await;
    let source = carddav(&radicale.url(), user, "");
    let (records, _) = find(&source, &[phone(PHONE.1)]).await.unwrap();
    assert_eq!(titles(&records), ["P0", "P1", "P2", "P3"]);
    assert!(records.iter().all(|it| matches!(
        it.tie,
        Tie::Exact {
            by: SearchKey::Phone,
            ..
        }
    )));
    let (records, _) = find(&source, &[name("J\u{f6}rg M\u{fc}ller")])
        .await
        .unwrap();
    assert_eq!(
        titles(&records),
        ["J\u{f6}rg M\u{fc}ller", "Mueller, Joerg"]
    );
    assert!(
        records
            .iter()
            .all(|it| matches!(it.tie, Tie::Candidate { .. }))
    );
}

#[tokio::test]
async fn a_card_goes_once_and_one_that_changed_meanwhile_stays() {
    if !available() {
        return;
    }
    let radicale = Radicale::shared();
    let user = "u-end";
    radicale.book(user, "book").await;
    for card in ["one", "two"] {
        radicale
            .card(
                user,
                &format!("book/{card}.vcf"),
                &format!("FN:{card}\nEMAIL:{ANNA}"),
            )
            .await;
    }
    let source = carddav(&radicale.url(), user, "");
    let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
    let of = |title: &str| {
        records
            .iter()
            .find(|it| it.title.reveal() == title)
            .unwrap()
            .reference
            .clone()
    };
    conformance::erases_once(&source, &of("one"), Manner::Erase).await;
    radicale
        .card(
            user,
            "book/two.vcf",
            &format!("FN:two\nEMAIL:{ANNA}\nNOTE:somebody wrote this"),
        )
        .await;
    let refused = source
        .erases()
        .unwrap()
        .erase(&of("two"), Manner::Erase)
        .await
        .unwrap_err();
    assert_eq!(refused.fault, Fault::Conflict);
    let again = source
        .rectifies()
        .unwrap()
        .rectify(&of("two"), &[change("FN", "two", "three")])
        .await
        .unwrap_err();
    assert_eq!(again.fault, Fault::Conflict);
    let refused = source
        .erases()
        .unwrap()
        .erase(&of("two"), Manner::Anonymise)
        .await
        .unwrap_err();
    assert_eq!(refused.fault, Fault::Refused);
    assert_eq!(
        titles(&find(&source, &[email(ANNA)]).await.unwrap().0),
        ["two"]
    );
    // A whole book is no card, whatever a record says.
    for id in ["/u-end/book/", "/u-end/book", "/u-end/", "/"] {
        let mut book = of("two");
        book.id = id.to_owned().into();
        let done = source.erases().unwrap().erase(&book, Manner::Erase).await;
        assert!(done.is_err(), "{id}: {done:?}");
    }
    assert_eq!(
        titles(&find(&source, &[email(ANNA)]).await.unwrap().0),
        ["two"]
    );
}

#[tokio::test]
async fn one_value_is_put_right_and_everything_else_stays() {
    if !available() {
        return;
    }
    let radicale = Radicale::shared();
    let user = "u-right";
    radicale.book(user, "book").await;
    let lines = format!(
        "FN:Anna\nN:Beispiel;Anna;;;\nEMAIL:{ANNA}\nEMAIL:old@example.org\nTEL:1\nX-OWN;A=b:c\nNOTE:a\\, b\nPHOTO;ENCODING=b;TYPE=JPEG:AAAA"
    );
    radicale.card(user, "book/a.vcf", &lines).await;
    let source = carddav(&radicale.url(), user, "");
    let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
    let changes = [
        change("EMAIL", "old@example.org", "new@example.org"),
        change("N", "Beispiel;Anna;;;", "Muster;Anna;;;"),
    ];
    let record = &records[0].reference;
    let rectifies = source.rectifies().unwrap();
    assert_eq!(
        rectifies.rectify(record, &changes).await.unwrap().fate,
        Fate::Changed
    );
    assert_eq!(
        rectifies.rectify(record, &changes).await.unwrap().fate,
        Fate::Changed,
        "twice is once"
    );
    let now = radicale.does(user, "GET", "/u-right/book/a.vcf", "").await;
    let now = String::from_utf8(now.bytes().to_vec()).unwrap();
    for line in [
        "EMAIL:new@example.org",
        "N:Muster;Anna;;;",
        "TEL:1",
        "X-OWN;A=b:c",
        "NOTE:a\\, b",
        "PHOTO;ENCODING=b;TYPE=JPEG:AAAA",
    ] {
        assert!(now.contains(line), "{line}: {now}");
    }
    assert!(!now.contains("old@") && now.contains(ANNA));
    let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
    for (name, before, after) in [
        ("UID", "a", "b"),
        ("FN", "Anna", ""),
        ("A:B", "", "x"),
        ("END", "", "VCARD"),
    ] {
        let refused = rectifies
            .rectify(&records[0].reference, &[change(name, before, after)])
            .await
            .unwrap_err();
        assert_eq!(refused.fault, Fault::Refused, "{name}");
    }
    let other = rectifies
        .rectify(&records[0].reference, &[change("TEL", "2", "3")])
        .await
        .unwrap_err();
    assert_eq!(
        other.fault,
        Fault::Conflict,
        "what was decided on is not there any more"
    );
}

#[tokio::test]
async fn a_place_in_a_group_is_hers_and_the_group_is_not() {
    if !available() {
        return;
    }
    let radicale = Radicale::shared();
    let user = "u-group";
    radicale.book(user, "book").await;
    radicale
        .card(user, "book/anna-1.vcf", &format!("FN:Anna\nEMAIL:{ANNA}"))
        .await;
    let member = "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:";
    radicale.card(user, "book/choir.vcf", &format!("FN:Choir\nX-ADDRESSBOOKSERVER-KIND:group\n{member}anna-1\n{member}anna-12\n{member}otto")).await;
    let source = carddav(&radicale.url(), user, "");
    let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
    let place = records
        .iter()
        .find(|it| it.title.reveal() == "Choir")
        .unwrap();
    assert!(matches!(place.tie, Tie::Linked { .. }) && place.cautions.contains(&Caution::Others));
    assert!(
        place.rank
            < records
                .iter()
                .find(|it| it.title.reveal() == "Anna")
                .unwrap()
                .rank
    );
    assert!(
        !place
            .fields
            .iter()
            .any(|it| it.value.reveal().contains("otto"))
    );
    conformance::erases_once(&source, &place.reference, Manner::Erase).await;
    let now = radicale
        .does(user, "GET", "/u-group/book/choir.vcf", "")
        .await;
    let now = String::from_utf8(now.bytes().to_vec()).unwrap();
    assert!(
        now.contains("urn:uuid:otto")
            && now.contains("urn:uuid:anna-12")
            && !now.contains("urn:uuid:anna-1\r"),
        "{now}"
    );
}

#[tokio::test]
async fn a_shared_book_is_read_by_one_who_may_only_read() {
    if !available() {
        return;
    }
    let radicale = Radicale::shared();
    let user = "u-read";
    radicale.book(user, "shared").await;
    radicale
        .card(user, "shared/a.vcf", &format!("FN:Anna\nEMAIL:{ANNA}"))
        .await;
    // `reader = READER` becomes the account that may only read; it sees no book as its own.
    let source = carddav(
        &radicale.url(),
        user,
        "reader = READER\nbooks = ['/u-read/shared/']\nexpected = ['shared']",
    );
    let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
    assert_eq!(titles(&records), ["Anna"]);
    let health = source.check().await.unwrap();
    assert_eq!(
        (health.needs, health.in_sight),
        (vec![], vec![("address books".into(), 1)])
    );
    let mighty = carddav(&radicale.url(), user, "expected = ['attic']")
        .check()
        .await
        .unwrap();
    assert_eq!(
        mighty.needs,
        [
            Need::Group("attic".into()),
            Need::TooMighty("shared".into())
        ]
    );
    source
        .erases()
        .unwrap()
        .erase(&records[0].reference, Manner::Erase)
        .await
        .unwrap();
    assert!(find(&source, &[email(ANNA)]).await.unwrap().0.is_empty());
    let blind = carddav(&radicale.url(), user, "reader = READER");
    assert_eq!(
        find(&blind, &[email(ANNA)]).await.unwrap_err().fault,
        Fault::Forbidden,
        "no book is no answer"
    );
    let stranger = carddav(&radicale.url(), "u-nobody", "");
    let mishap = find(&stranger, &[email(ANNA)]).await.unwrap_err();
    assert_eq!(mishap.fault, Fault::Unauthorized);
    assert!(!mishap.to_string().contains(PASSWORD) && !mishap.to_string().contains("u-nobody"));
}

#[tokio::test]
async fn a_card_that_changed_between_our_look_and_our_writing_stays() {
    if !available() {
        return;
    }
    let radicale = Radicale::shared();
    let user = "u-etag";
    radicale.book(user, "book").await;
    radicale
        .card(user, "book/a.vcf", &format!("FN:Anna\nEMAIL:{ANNA}"))
        .await;
    // What the server says to a mark that is not its own any more.
    let gone = radicale
        .does(user, "GET", "/u-etag/book/none.vcf", "")
        .await;
    assert_eq!(gone.status, 404);
    let source = carddav(&radicale.url(), user, "");
    let (mut records, _) = find(&source, &[email(ANNA)]).await.unwrap();
    let mut record = records.remove(0).reference;
    record.version = Some("\"another\"".into());
    assert_eq!(
        source
            .erases()
            .unwrap()
            .erase(&record, Manner::Erase)
            .await
            .unwrap_err()
            .fault,
        Fault::Conflict
    );
    record.version = None;
    assert_eq!(
        source
            .erases()
            .unwrap()
            .erase(&record, Manner::Erase)
            .await
            .unwrap_err()
            .fault,
        Fault::Conflict
    );
}
