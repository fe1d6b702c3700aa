//! What every adapter must do, whatever it talks to. Each adapter's test plants the cast in its system and calls these.

use std::collections::HashSet;
use std::time::Duration;

use rechtzeitig::domain::identifier::{Identifier, SearchKey};
use rechtzeitig::domain::source::{Fate, Manner, Record, RecordRef, Search, Tie};
use rechtzeitig::ports::source::{Fault, Mishap, Source};

use super::theatre::{Mood, Theatre};

/// Whom everybody is looking for; systems hold her address in this spelling.
pub const ANNA: &str = "Anna.Beispiel@Example.org";
/// People who must never be taken for her.
pub const NEAR: [&str; 5] = [
    "johanna.beispiel@example.org",
    "anna.beispiel+shop@example.org",
    "anna.beispiel@example.org.fremd.example",
    "annaxbeispiel@example.org",
    "anna_beispiel@example.org",
];
/// Her number, in E.164 and as people write it.
pub const PHONE: (&str, &str) = ("+491705550123", "0170 555 01 23");
/// Her name.
pub const NAME: &str = "Anna Beispiel";
/// Whom every system must find before it may say that it is complete.
pub const CANARY: &str = "kanarie@example.org";

pub fn email(text: &str) -> Identifier {
    Identifier::new(SearchKey::Email, text).unwrap()
}

pub fn phone(text: &str) -> Identifier {
    Identifier::new(SearchKey::Phone, text).unwrap()
}

pub fn name(text: &str) -> Identifier {
    Identifier::new(SearchKey::Name, text).unwrap()
}

pub async fn find(
    source: &dyn Source,
    wanted: &[Identifier],
) -> Result<(Vec<Record>, Search), Mishap> {
    let mut basket = Vec::new();
    let search = source.finds().unwrap().find(wanted, &mut basket).await?;
    Ok((basket, search))
}

/// Whether a value of the record holds the text.
pub fn holds(record: &Record, text: &str) -> bool {
    let text = text.to_lowercase();
    record
        .fields
        .iter()
        .any(|field| field.value.reveal().to_lowercase().contains(&text))
}

/// Asked in another case than it is stored, exactly her records come, and nobody else's; each once; every question is
/// said; hits by her address are called exact.
pub async fn finds_her_and_nobody_else(source: &dyn Source) -> Vec<Record> {
    let (records, search) = find(source, &[email("ANNA.beispiel@example.ORG")])
        .await
        .unwrap();
    assert!(!records.is_empty(), "she was not found");
    assert!(
        search.asked.iter().any(|asked| asked.hits > 0),
        "hits that no question led to: {search:?}"
    );
    assert!(
        records.iter().any(|record| matches!(
            record.tie,
            Tie::Exact {
                by: SearchKey::Email,
                ..
            }
        )),
        "nothing is tied to her by her address"
    );
    for record in &records {
        if let Tie::Exact { .. } = record.tie {
            for other in NEAR {
                assert!(
                    !holds(record, other),
                    "{other} was taken for her: {:?}",
                    record.reference.kind
                );
            }
        }
        assert!(!record.reference.id.reveal().is_empty());
        assert!(!record.category.is_empty());
    }
    let mut seen = HashSet::new();
    for record in &records {
        assert!(
            seen.insert(record.reference.clone()),
            "laid down twice: {}",
            record.reference.kind
        );
    }
    records
}

/// Whoever is a near miss of somebody is not found by the other's address; wildcards are letters.
pub async fn takes_wildcards_as_letters(source: &dyn Source) {
    for wild in [
        "anna%@example.org",
        "%@example.org",
        "anna_beispie_@example.org",
        "*@example.org",
    ] {
        let Some(wanted) = Identifier::new(SearchKey::Email, wild) else {
            continue;
        };
        let (records, _) = find(source, &[wanted]).await.unwrap();
        let exact = records
            .iter()
            .filter(|it| matches!(it.tie, Tie::Exact { .. }));
        assert_eq!(exact.count(), 0, "{wild} found somebody");
    }
}

/// Nobody by that address: the questions are there, and no record.
pub async fn says_that_there_is_nothing(source: &dyn Source) {
    let (records, search) = find(source, &[email("niemand@example.org")]).await.unwrap();
    assert!(records.is_empty(), "{} records of nobody", records.len());
    assert!(
        !search.asked.is_empty(),
        "an empty answer without a question is no answer"
    );
    assert!(search.asked.iter().all(|asked| asked.hits == 0));
}

/// Without anything to search by nothing is asked, and no call is made that might mean everybody.
pub async fn asks_nothing_without_an_identifier(source: &dyn Source) {
    let (records, search) = match find(source, &[]).await {
        Ok(found) => found,
        Err(mishap) => {
            assert_eq!(mishap.fault, Fault::NoIdentifier);
            return;
        }
    };
    assert!(records.is_empty() && search.asked.is_empty());
}

/// Every bad mood of an HTTP server is told apart, and nothing is claimed in any of them. The source's patience must be
/// short (a second), and its largest answer small (some megabytes).
pub async fn bears_every_mood(theatre: &Theatre, source: &dyn Source) {
    let wanted = [email("anna.beispiel@example.org")];
    let moods = [
        (Mood::Status(401), &[Fault::Unauthorized][..]),
        (
            Mood::Status(403),
            &[Fault::Forbidden, Fault::SwitchedOff, Fault::Unauthorized],
        ),
        (
            Mood::Status(404),
            &[Fault::Missing, Fault::Unknown, Fault::Misconfigured],
        ),
        (Mood::Status(409), &[Fault::Conflict]),
        (Mood::Status(417), &[Fault::Refused, Fault::Unknown]),
        (Mood::Status(422), &[Fault::Refused, Fault::Unknown]),
        (Mood::Busy(1), &[Fault::Busy]),
        (Mood::Status(500), &[Fault::Broken]),
        (Mood::Status(502), &[Fault::Broken]),
        (Mood::Status(503), &[Fault::Broken, Fault::Busy]),
        (Mood::Redirect, &[Fault::Redirected, Fault::Unknown]),
        (Mood::LoginPage, &[Fault::Unreadable]),
        (Mood::Nothing, &[Fault::Unreadable, Fault::HalfAnswer]),
        (Mood::Nonsense, &[Fault::Unreadable]),
        (Mood::Half, &[Fault::HalfAnswer]),
        (Mood::Endless, &[Fault::TooLarge, Fault::Slow]),
        (Mood::Hang, &[Fault::Slow]),
    ];
    for (mood, faults) in moods {
        theatre.mood(mood.clone());
        theatre.forget();
        let found = find(source, &wanted).await;
        let Err(mishap) = found else {
            panic!("{mood:?} was taken for an answer");
        };
        assert!(faults.contains(&mishap.fault), "{mood:?} became {mishap:?}");
        if let Mood::Busy(seconds) = mood {
            assert_eq!(mishap.wait, Some(Duration::from_secs(seconds)));
        }
        assert!(!theatre.heard().is_empty(), "{mood:?}: nobody was asked");
        for said in [mishap.to_string(), format!("{mishap:?}")] {
            assert!(
                !said.to_lowercase().contains("beispiel"),
                "a name in an error: {said}"
            );
        }
    }
    theatre.mood(Mood::Good);
}

/// A preview changes nothing; what is erased is gone when it is looked for again; done twice it is done once.
pub async fn erases_once(source: &dyn Source, record: &RecordRef, manner: Manner) {
    let erases = source.erases().unwrap();
    let preview = erases.preview(record, manner).await.unwrap();
    let first = erases.erase(record, manner).await.unwrap();
    assert_eq!(
        first.fate, preview.fate,
        "the preview promised something else"
    );
    let again = erases.erase(record, manner).await.unwrap();
    assert!(
        matches!(again.fate, Fate::Gone | Fate::Anonymous),
        "{again:?}"
    );
}
