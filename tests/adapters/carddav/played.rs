//! Servers that filter badly, lie, or answer to harm.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use rechtzeitig::ports::source::{Change, Doubt, Fate, Fault, Manner, Source};

use super::super::conformance::{self, ANNA, NEAR, email, find, phone};
use super::super::theatre::{Heard, Said, Theatre};
use super::{carddav, titles};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    /// Takes `equals` for `contains`.
    IgnoresMatchType,
    /// Answers every question with the whole book.
    IgnoresFilter,
    /// Names places and no cards.
    NamesOnly,
    /// Knows no letters beyond ASCII in other cases.
    AsciiOnly,
    /// Has more than it tells.
    Truncates,
    /// Marks that never fit exactly.
    WeakMarks,
    /// No marks at all.
    NoMarks,
    /// Says yes and does nothing.
    Lies,
    /// The card changes right before it is written.
    Races,
    /// A place on another host.
    OtherHost,
    /// Entities.
    Entities,
    /// A card that is none.
    Garbled,
    /// A book that nobody may read.
    Forbidden,
    /// The address is known under `.well-known` only.
    WellKnown,
}

struct Book {
    way: Way,
    cards: BTreeMap<String, (u32, String)>,
}

const BOOK: &str = "/dav/books/office/customers/";

fn card(email: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\nFN:{email}\r\nEMAIL:{email}\r\nEND:VCARD\r\n")
}

async fn open(way: Way, emails: &[&str]) -> (Theatre, Arc<Mutex<Book>>) {
    let cards = emails
        .iter()
        .enumerate()
        .map(|(number, it)| (format!("{BOOK}{number}.vcf"), (1, card(it))));
    let book = Arc::new(Mutex::new(Book {
        way,
        cards: cards.collect(),
    }));
    let kept = book.clone();
    (
        Theatre::open(move |heard| play(&mut kept.lock().unwrap(), heard)).await,
        book,
    )
}

fn many(inner: &str) -> Said {
    let body = format!(
        "<?xml version=\"1.0\"?><d:multistatus xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:carddav\">{inner}</d:multistatus>"
    );
    Said::of(207, "application/xml", body.into_bytes())
}

fn place(href: &str, props: &str) -> String {
    format!(
        "<d:response><d:href>{href}</d:href><d:propstat><d:prop>{props}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    )
}

fn mark(way: Way, version: u32) -> String {
    match way {
        Way::WeakMarks => format!("W/\"{version}\""),
        _ => format!("\"{version}\""),
    }
}

fn play(book: &mut Book, heard: &Heard) -> Said {
    let way = book.way;
    let start = if way == Way::WellKnown {
        "/hidden/"
    } else {
        "/dav/"
    };
    match (heard.method.as_str(), heard.path.as_str()) {
        ("GET", "/.well-known/carddav") if way == Way::WellKnown => {
            Said::of(301, "text/plain", vec![]).with("location", "/hidden/")
        }
        ("PROPFIND", path) if path == start => many(&place(
            path,
            "<d:current-user-principal><d:href>/dav/principals/office/</d:href></d:current-user-principal>",
        )),
        ("PROPFIND", "/dav/principals/office/") => many(&place(
            &heard.path,
            "<c:addressbook-home-set><d:href>/dav/books/office/</d:href></c:addressbook-home-set><d:group-membership>\
             <d:href>/dav/principals/sales/</d:href></d:group-membership>",
        )),
        ("PROPFIND", "/dav/principals/sales/") => Said::html(403, "no"),
        ("PROPFIND", "/dav/books/office/") => {
            let name = "<d:resourcetype><d:collection/><c:addressbook/></d:resourcetype><d:displayname>Customers</d:displayname>";
            let entity = if way == Way::Entities {
                "<!DOCTYPE a [<!ENTITY b \"c\">]>"
            } else {
                ""
            };
            let said = many(&format!(
                "{}{}",
                place(
                    "/dav/books/office/",
                    "<d:resourcetype><d:collection/></d:resourcetype>"
                ),
                place(BOOK, name)
            ));
            Said::of(
                207,
                "application/xml",
                [entity.as_bytes(), &said.body].concat(),
            )
        }
        ("PROPFIND", path) => match book.cards.get(path) {
            Some((version, _)) => many(&place(
                path,
                &format!("<d:getetag>{}</d:getetag>", mark(way, *version)),
            )),
            None => Said::html(404, "no"),
        },
        ("REPORT", BOOK) => report(book, &heard.text()),
        ("GET", path) => match book.cards.get(path) {
            None => Said::html(404, "no"),
            Some((version, text)) => {
                let said = Said::of(200, "text/vcard", text.clone().into_bytes());
                let said = if way == Way::NoMarks {
                    said
                } else {
                    said.with("etag", &mark(way, *version))
                };
                if way == Way::Races {
                    book.cards.get_mut(path).unwrap().0 += 1;
                }
                said
            }
        },
        ("PUT" | "DELETE", path) => {
            let Some((version, _)) = book.cards.get(path) else {
                return Said::html(404, "no");
            };
            let wanted = heard.header("if-match");
            if !wanted.is_empty() && wanted != format!("\"{version}\"") {
                return Said::html(412, "no");
            }
            if way == Way::Lies {
                return Said::of(204, "text/plain", vec![]);
            }
            let version = version + 1;
            match heard.method.as_str() {
                "PUT" => drop(book.cards.insert(path.to_owned(), (version, heard.text()))),
                _ => drop(book.cards.remove(path)),
            }
            Said::of(204, "text/plain", vec![])
        }
        _ => Said::html(404, "no"),
    }
}

fn report(book: &Book, asked: &str) -> Said {
    let way = book.way;
    if way == Way::Forbidden || (way == Way::AsciiOnly && asked.contains("i;unicode-casemap")) {
        return Said::html(403, "supported-collation");
    }
    let wanted: Vec<String> = asked
        .split("</c:text-match>")
        .filter_map(|it| it.rsplit_once('>'))
        .map(|it| it.1.to_lowercase())
        .collect();
    let mut told = String::new();
    for (href, (version, text)) in &book.cards {
        let emails: Vec<String> = text
            .lines()
            .filter_map(|it| it.strip_prefix("EMAIL:"))
            .map(str::to_lowercase)
            .collect();
        let fits = emails.iter().any(|email| {
            wanted.iter().any(|it| {
                !it.is_empty()
                    && match way {
                        Way::IgnoresMatchType => email.contains(it.as_str()),
                        _ => email == it,
                    }
            })
        });
        if !fits && way != Way::IgnoresFilter {
            continue;
        }
        let text = if way == Way::Garbled {
            "BEGIN:VCARD"
        } else {
            text.as_str()
        };
        let data = format!("<c:address-data>{text}</c:address-data>");
        let etag = format!("<d:getetag>{}</d:getetag>", mark(way, *version));
        let props = match way {
            Way::NamesOnly => etag,
            Way::NoMarks => data,
            _ => format!("{etag}{data}"),
        };
        let href = if way == Way::OtherHost {
            format!("http://192.0.2.1{href}")
        } else {
            href.clone()
        };
        told.push_str(&place(&href, &props));
    }
    if way == Way::Truncates {
        told.push_str(&format!("<d:response><d:href>{BOOK}</d:href><d:status>HTTP/1.1 507 Insufficient Storage</d:status></d:response>"));
    }
    many(&told)
}

fn cast() -> Vec<&'static str> {
    [&[ANNA, "kanarie@example.org"][..], &NEAR[..]].concat()
}

#[tokio::test]
async fn whatever_a_server_makes_of_a_filter_only_she_is_found() {
    for way in [
        Way::IgnoresMatchType,
        Way::IgnoresFilter,
        Way::NamesOnly,
        Way::AsciiOnly,
        Way::WellKnown,
        Way::WeakMarks,
        Way::NoMarks,
    ] {
        let (theatre, _) = open(way, &cast()).await;
        let source = carddav(&format!("{}/dav", theatre.url()), "office", "");
        assert_eq!(
            titles(&conformance::finds_her_and_nobody_else(&source).await),
            [ANNA],
            "{way:?}"
        );
        conformance::takes_wildcards_as_letters(&source).await;
        conformance::says_that_there_is_nothing(&source).await;
        theatre.forget();
        conformance::asks_nothing_without_an_identifier(&source).await;
        assert!(theatre.heard().is_empty());
    }
}

#[tokio::test]
async fn a_search_by_number_is_never_called_whole() {
    let (theatre, book) = open(Way::IgnoresFilter, &cast()).await;
    for (number, (_, text)) in book.lock().unwrap().cards.values_mut().enumerate() {
        *text = text.replace(
            "END:VCARD",
            &format!("TEL:0170 55501 2 {number}\r\nEND:VCARD"),
        );
    }
    let source = carddav(&format!("{}/dav", theatre.url()), "office", "");
    // Only a server that ignores the filter gives out what is grouped so: a good one looks for `23` and finds none.
    let (records, search) = find(&source, &[phone("+491705550123")]).await.unwrap();
    assert_eq!(records.len(), 1);
    assert!(search.doubts.contains(&Doubt::LowerBound));
    let (_, search) = find(&source, &[email(ANNA)]).await.unwrap();
    assert!(!search.doubts.contains(&Doubt::LowerBound));
}

#[tokio::test]
async fn a_server_that_gives_its_whole_book_to_every_question_is_not_believed() {
    let crowd: Vec<String> = (0..60)
        .map(|number| format!("p{number}@post.example"))
        .collect();
    let mut crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
    crowd.push(ANNA);
    let (theatre, _) = open(Way::IgnoresFilter, &crowd).await;
    let source = carddav(&format!("{}/dav/", theatre.url()), "office", "");
    assert_eq!(
        find(&source, &[email(ANNA)]).await.unwrap_err().fault,
        Fault::Flooded
    );
    // Who takes equal for alike has only misunderstood, however many there are.
    let alike: Vec<String> = (0..60).map(|number| format!("x{number}{ANNA}")).collect();
    let alike: Vec<&str> = alike.iter().map(String::as_str).chain([ANNA]).collect();
    let (theatre, _) = open(Way::IgnoresMatchType, &alike).await;
    let source = carddav(&format!("{}/dav/", theatre.url()), "office", "");
    assert_eq!(
        titles(&find(&source, &[email(ANNA)]).await.unwrap().0),
        [ANNA]
    );
}

#[tokio::test]
async fn every_mood_is_borne() {
    let (theatre, _) = open(Way::AsciiOnly, &cast()).await;
    let source = carddav(&format!("{}/dav/", theatre.url()), "office", "");
    conformance::bears_every_mood(&theatre, &source).await;
}

#[tokio::test]
async fn answers_made_to_harm_are_refused_and_what_is_left_out_is_said() {
    for (way, fault) in [
        (Way::OtherHost, Fault::Unreadable),
        (Way::Entities, Fault::Unreadable),
        (Way::Forbidden, Fault::Forbidden),
    ] {
        let (theatre, _) = open(way, &cast()).await;
        let source = carddav(&format!("{}/dav/", theatre.url()), "office", "");
        assert_eq!(
            find(&source, &[email(ANNA)]).await.unwrap_err().fault,
            fault,
            "{way:?}"
        );
    }
    for (way, doubt) in [
        (Way::Truncates, Doubt::Capped("Customers".into())),
        (
            Way::Garbled,
            Doubt::Garbled {
                place: "Customers".into(),
                count: 1,
            },
        ),
    ] {
        let (theatre, _) = open(way, &cast()).await;
        let source = carddav(&format!("{}/dav/", theatre.url()), "office", "");
        let (_, search) = find(&source, &[email(ANNA)]).await.unwrap();
        assert!(
            search.doubts.contains(&doubt),
            "{way:?}: {:?}",
            search.doubts
        );
    }
}

#[tokio::test]
async fn a_yes_is_not_believed_before_it_was_read_back() {
    for (way, fault) in [
        (Way::Lies, Fault::NotWritten),
        (Way::Races, Fault::Conflict),
    ] {
        let (theatre, book) = open(way, &[ANNA]).await;
        let source = carddav(&format!("{}/dav/", theatre.url()), "office", "");
        let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
        let change = Change {
            field: "FN".into(),
            before: Some(ANNA.into()),
            after: "Anna".into(),
        };
        let written = source
            .rectifies()
            .unwrap()
            .rectify(&records[0].reference, std::slice::from_ref(&change))
            .await;
        assert_eq!(written.unwrap_err().fault, fault, "{way:?}");
        let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
        let gone = source
            .erases()
            .unwrap()
            .erase(&records[0].reference, Manner::Erase)
            .await;
        assert_eq!(gone.unwrap_err().fault, fault, "{way:?}");
        assert_eq!(book.lock().unwrap().cards.len(), 1);
    }
}

#[tokio::test]
async fn a_card_without_strong_marks_is_compared_by_ourselves() {
    for way in [Way::WeakMarks, Way::NoMarks] {
        let (theatre, book) = open(way, &[ANNA]).await;
        let source = carddav(&format!("{}/dav/", theatre.url()), "office", "");
        let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
        let record = &records[0].reference;
        let path = record.id.reveal().clone();
        let before = book.lock().unwrap().cards[&path].clone();
        book.lock()
            .unwrap()
            .cards
            .insert(path.clone(), (9, card("otto@example.org")));
        let erases = source.erases().unwrap();
        assert_eq!(
            erases.erase(record, Manner::Erase).await.unwrap_err().fault,
            Fault::Conflict,
            "{way:?}"
        );
        book.lock().unwrap().cards.insert(path, before);
        assert_eq!(
            erases.erase(record, Manner::Erase).await.unwrap().fate,
            Fate::Gone,
            "{way:?}"
        );
        assert!(book.lock().unwrap().cards.is_empty());
    }
}
