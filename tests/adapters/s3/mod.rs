//! S3-compatible storage against a server of ours that checks every signature and plays versions, markers and locks.

mod bucket;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::StreamExt;
use rechtzeitig::adapters::Limits;
use rechtzeitig::adapters::s3::{S3, Settings};
use rechtzeitig::domain::identifier::{Identifier, SearchKey};
use rechtzeitig::domain::source::{Caution, Fate, Manner, Record, RecordRef, SideEffect, Tie};
use rechtzeitig::ports::clock::SystemClock;
use rechtzeitig::ports::source::{Fault, Means, Mishap, Need, Source};
use tempfile::TempDir;

use super::conformance::{self, ANNA, NEAR, email, find, name};
use bucket::{Bucket, ERASER, Kind, READER};

const PREFIXES: &str = r#"
[[prefix]]
pattern = "kontakte/{email}/"
category = "contact"
[[prefix]]
pattern = "kunden/{number}/akte/"
origin = "provided"
[[prefix]]
pattern = "bewerber/{name}/"
"#;

fn source_with(bucket: &Bucket, head: &str, keys: [&str; 2]) -> Result<S3, Mishap> {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("reading"), keys[0]).unwrap();
    std::fs::write(folder.path().join("writing"), keys[1]).unwrap();
    let text = format!(
        "address = {:?}\nregion = \"eu-mitte\"\nbucket = \"kunden\"\n{head}\n\
         reading = {{ access_key = {:?}, key = {{ file = {:?} }} }}\n{PREFIXES}",
        bucket.theatre.url(),
        READER.0,
        folder.path().join("reading"),
    );
    let text = text.replace(
        "WRITING",
        &format!(
            "{{ access_key = {:?}, key = {{ file = {:?} }} }}",
            ERASER.0,
            folder.path().join("writing")
        ),
    );
    let settings: Settings = toml::from_str(&text).unwrap();
    let limits = Limits {
        patience: Duration::from_secs(1),
        largest: 4 * 1024 * 1024,
        ..Limits::default()
    };
    S3::new(&settings, &limits, Arc::new(SystemClock))
}

fn source(bucket: &Bucket) -> S3 {
    let head = "writing = WRITING\ntag = { name = \"dsgvo\", value = \"gesperrt & zu\" }";
    source_with(bucket, head, [READER.1, ERASER.1]).unwrap()
}

fn number(text: &str) -> Identifier {
    Identifier::new(SearchKey::Number, text).unwrap()
}

fn furnish(bucket: &Bucket) {
    for address in NEAR.iter().chain(&[ANNA, conformance::CANARY]) {
        bucket.put(
            &format!("kontakte/{}/brief.pdf", address.to_lowercase()),
            b"ein Brief",
        );
    }
    for customer in ["K-1", "K-10", "K-2"] {
        bucket.put(
            &format!("kunden/{customer}/akte/vertrag.pdf"),
            b"erste Fassung",
        );
        bucket.put(
            &format!("kunden/{customer}/akte/vertrag.pdf"),
            b"zweite Fassung",
        );
        bucket.put(&format!("kunden/{customer}/akte/foto.jpg"), b"bild");
        bucket.mark(&format!("kunden/{customer}/akte/foto.jpg"));
    }
    bucket.put("bewerber/Anna Beispiel/lebenslauf.pdf", b"geboren");
    bucket.put("bewerber/Anna Beispielhaft/lebenslauf.pdf", b"geboren");
}

fn record<'r>(records: &'r [Record], part: &str) -> &'r Record {
    records
        .iter()
        .find(|it| it.reference.id.reveal().contains(part))
        .unwrap()
}

fn reference(records: &[Record], key: &str) -> RecordRef {
    let mut found = records.iter().filter(|it| it.reference.id.reveal() == key);
    found.next().unwrap().reference.clone()
}

async fn copied(source: &S3, record: &Record, at: usize) -> Result<Vec<u8>, Mishap> {
    let mut pieces = source
        .copies()
        .unwrap()
        .fetch(&record.reference, &record.files[at]);
    let mut copy = Vec::new();
    while let Some(piece) = pieces.next().await {
        copy.extend(piece?);
    }
    Ok(copy)
}

#[tokio::test]
async fn she_is_found_below_her_prefix_and_nobody_else() {
    let bucket = Bucket::open().await;
    furnish(&bucket);
    let source = source(&bucket);
    assert_eq!(
        conformance::finds_her_and_nobody_else(&source).await.len(),
        1
    );
    conformance::takes_wildcards_as_letters(&source).await;
    conformance::says_that_there_is_nothing(&source).await;
    conformance::asks_nothing_without_an_identifier(&source).await;
    // K-1 is not K-10, however it is typed; all its versions come with it, over several pages.
    for typed in ["K-1", "k-1"] {
        let (records, search) = find(&source, &[number(typed)]).await.unwrap();
        assert_eq!(records.len(), 2, "{typed}");
        assert_eq!(
            (search.asked[0].place.as_str(), search.asked[0].hits),
            ("kunden/{number}/akte/", 2)
        );
        assert!(records.iter().all(|it| matches!(
            it.tie,
            Tie::Exact {
                by: SearchKey::Number,
                ..
            }
        )));
        assert_eq!(record(&records, "vertrag").files.len(), 2);
    }
    let (records, _) = find(&source, &[name("Anna Beispiel")]).await.unwrap();
    assert_eq!(records.len(), 1);
    assert!(matches!(
        records[0].tie,
        Tie::Candidate {
            by: SearchKey::Name,
            ..
        }
    ));
    let writes = bucket.theatre.writes();
    assert!(writes.is_empty());
}

#[tokio::test]
async fn every_mood_is_told_apart() {
    let bucket = Bucket::open().await;
    let source = source(&bucket);
    conformance::bears_every_mood(&bucket.theatre, &source).await;
}

#[tokio::test]
async fn what_looks_deleted_is_found_and_every_version_can_be_copied() {
    let bucket = Bucket::open().await;
    furnish(&bucket);
    let source = source(&bucket);
    let (records, _) = find(&source, &[number("K-1")]).await.unwrap();
    let photo = record(&records, "foto");
    assert_eq!(photo.cautions, [Caution::Archived]);
    assert_eq!(copied(&source, photo, 0).await.unwrap(), b"bild");
    let contract = record(&records, "vertrag");
    assert_eq!(
        copied(&source, contract, 0).await.unwrap(),
        b"zweite Fassung"
    );
    assert_eq!(
        copied(&source, contract, 1).await.unwrap(),
        b"erste Fassung"
    );
}

#[tokio::test]
async fn a_large_file_comes_in_ranges_of_one_version() {
    let bucket = Bucket::open().await;
    let bytes: Vec<u8> = (0..9_000_000_u32)
        .map(|at| (at >> 7).to_le_bytes()[0])
        .collect();
    bucket.put("kunden/K-1/akte/film.bin", &bytes);
    let source = source(&bucket);
    let (records, _) = find(&source, &[number("K-1")]).await.unwrap();
    bucket.put("kunden/K-1/akte/film.bin", b"neu");
    assert!(copied(&source, &records[0], 0).await.unwrap() == bytes);
    let ranges = bucket
        .theatre
        .heard()
        .iter()
        .filter(|it| !it.header("range").is_empty())
        .count();
    assert_eq!(ranges, 3);
    bucket.set(|state| state.kind = Kind::IgnoresRange);
    let fault = copied(&source, &records[0], 0).await.unwrap_err().fault;
    assert!(
        matches!(fault, Fault::Conflict | Fault::TooLarge),
        "{fault:?}"
    );
}

#[tokio::test]
async fn every_version_and_every_marker_goes_by_its_number() {
    let bucket = Bucket::open().await;
    furnish(&bucket);
    let source = source(&bucket);
    let (records, _) = find(&source, &[number("K-1")]).await.unwrap();
    let contract = record(&records, "vertrag").reference.clone();
    let preview = source
        .erases()
        .unwrap()
        .preview(&contract, Manner::Erase)
        .await
        .unwrap();
    let takes = SideEffect::Takes {
        kind: "versions".into(),
        count: 2,
    };
    assert_eq!(preview.effects, [takes, SideEffect::Final]);
    assert!(bucket.theatre.writes().is_empty());
    for record in &records {
        conformance::erases_once(&source, &record.reference, Manner::Erase).await;
    }
    for write in bucket.theatre.writes() {
        assert!(
            write.asked("versionId").is_some_and(|id| !id.is_empty()),
            "{}",
            write.target
        );
    }
    let left = bucket.keys();
    assert!(
        left.iter().all(|key| !key.starts_with("kunden/K-1/")),
        "{left:?}"
    );
    assert_eq!(
        left.iter()
            .filter(|key| key.starts_with("kunden/K-10/"))
            .count(),
        4
    );
    let (records, _) = find(&source, &[number("K-1")]).await.unwrap();
    assert!(records.is_empty());
}

#[tokio::test]
async fn a_key_that_begins_another_key_takes_nothing_of_it() {
    let bucket = Bucket::open().await;
    bucket.put("kunden/K-1/akte/brief", b"1");
    bucket.put("kunden/K-1/akte/brief.pdf", b"2");
    let source = source(&bucket);
    let (records, _) = find(&source, &[number("K-1")]).await.unwrap();
    let record = reference(&records, "kunden/K-1/akte/brief");
    source
        .erases()
        .unwrap()
        .erase(&record, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(bucket.keys(), ["kunden/K-1/akte/brief.pdf"]);
    // What lies below no declared prefix is nobody's.
    bucket.put("intern/gehalt.csv", b"3");
    for key in [
        "intern/gehalt.csv",
        "kunden/K-1/akte/",
        "kunden//akte/x",
        "",
    ] {
        let record = RecordRef::new("object", key);
        let erased = source.erases().unwrap().erase(&record, Manner::Erase).await;
        assert_eq!(erased.unwrap_err().fault, Fault::Missing, "{key}");
    }
    assert_eq!(bucket.keys().len(), 2);
}

#[tokio::test]
async fn what_was_written_since_it_was_found_is_not_erased_unseen() {
    let bucket = Bucket::open().await;
    furnish(&bucket);
    let source = source(&bucket);
    let key = "kunden/K-1/akte/vertrag.pdf";
    let (records, _) = find(&source, &[number("K-1")]).await.unwrap();
    let contract = reference(&records, key);
    bucket.put(key, b"dritte Fassung");
    let erases = source.erases().unwrap();
    for record in [contract, RecordRef::new("object", key)] {
        let mishap = erases.erase(&record, Manner::Erase).await.unwrap_err();
        assert_eq!(mishap.fault, Fault::Conflict);
    }
    assert!(bucket.theatre.writes().is_empty());
    let (records, _) = find(&source, &[number("K-1")]).await.unwrap();
    let outcome = erases.erase(&reference(&records, key), Manner::Erase).await;
    assert_eq!(outcome.unwrap().fate, Fate::Gone);
}

#[tokio::test]
async fn what_is_locked_is_kept_and_said() {
    let bucket = Bucket::open().await;
    furnish(&bucket);
    bucket.set(|state| {
        let old = state
            .stored
            .iter_mut()
            .rfind(|it| it.key == "kunden/K-1/akte/vertrag.pdf")
            .unwrap();
        old.locked = true;
    });
    let source = source(&bucket);
    let (records, _) = find(&source, &[number("K-1")]).await.unwrap();
    let contract = reference(&records, "kunden/K-1/akte/vertrag.pdf");
    let preview = source
        .erases()
        .unwrap()
        .preview(&contract, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(
        (preview.fate, preview.why.as_str()),
        (Fate::Kept, "retention until 2999-01-01")
    );
    for _ in 0..2 {
        let outcome = source
            .erases()
            .unwrap()
            .erase(&contract, Manner::Erase)
            .await
            .unwrap();
        assert_eq!(outcome.fate, Fate::Kept);
        assert!(outcome.leftovers.iter().any(|it| it.count == Some(1)));
    }
}

#[tokio::test]
async fn what_is_said_to_be_gone_and_is_not_is_told() {
    let bucket = Bucket::open().await;
    furnish(&bucket);
    bucket.set(|state| state.kind = Kind::Forgets);
    let source = source(&bucket);
    let (records, _) = find(&source, &[number("K-1")]).await.unwrap();
    let contract = reference(&records, "kunden/K-1/akte/vertrag.pdf");
    let erased = source
        .erases()
        .unwrap()
        .erase(&contract, Manner::Erase)
        .await;
    assert_eq!(erased.unwrap_err().fault, Fault::NotWritten);
    let anonymous = source
        .erases()
        .unwrap()
        .erase(&contract, Manner::Anonymise)
        .await;
    assert_eq!(anonymous.unwrap_err().fault, Fault::Unknown);
}

#[tokio::test]
async fn names_with_every_sign_are_asked_for_as_they_are() {
    let bucket = Bucket::open().await;
    let keys = [
        "kunden/K-1/akte/Brief + Anlage (1) & ü~'*!.pdf",
        "kunden/K-1/akte/100%41 = ?x#y;@,$:[].txt",
        "kunden/K-1/akte//leer//stelle.txt",
        "kunden/K-1/akte/\u{1F600} \\ \"^`{|}<>.txt",
        "kunden/K-1/akte/ . /a",
    ];
    for key in keys {
        bucket.put(key, key.as_bytes());
    }
    let source = source(&bucket);
    let (records, _) = find(&source, &[number("K-1")]).await.unwrap();
    assert_eq!(records.len(), keys.len());
    for record in &records {
        let key = record.reference.id.reveal();
        assert_eq!(
            copied(&source, record, 0).await.unwrap(),
            key.as_bytes(),
            "{key}"
        );
        let outcome = source
            .erases()
            .unwrap()
            .erase(&record.reference, Manner::Erase)
            .await
            .unwrap();
        assert_eq!(outcome.fate, Fate::Gone, "{key}");
    }
    assert!(bucket.keys().is_empty());
    // A storage that does not encode, though asked to.
    bucket.put("kunden/K-1/akte/a+b & %41.txt", b"x");
    bucket.set(|state| state.kind = Kind::NotEncoded);
    let (records, _) = find(&source, &[number("K-1")]).await.unwrap();
    assert_eq!(
        records[0].reference.id.reveal(),
        "kunden/K-1/akte/a+b & %41.txt"
    );
    // A step is no name: it would lead elsewhere.
    bucket.put("kunden/K-1/akte/../../K-2/x", b"x");
    let mut record = RecordRef::new("object", "kunden/K-1/akte/../../K-2/x");
    record.version = records[0].reference.version.clone();
    let erased = source.erases().unwrap().erase(&record, Manner::Erase).await;
    assert_eq!(erased.unwrap_err().fault, Fault::NoIdentifier);
    let (records, search) = find(&source, &[number("K/../2"), number("a/b")])
        .await
        .unwrap();
    assert!(records.is_empty() && search.asked.is_empty());
}

#[tokio::test]
async fn a_tag_marks_a_restriction_on_every_version_and_spares_the_others() {
    let bucket = Bucket::open().await;
    furnish(&bucket);
    bucket.set(|state| {
        for stored in &mut state.stored {
            stored.tags = "<Tagging><TagSet><Tag><Key>projekt</Key><Value>a&amp;b</Value></Tag></TagSet></Tagging>".into();
        }
    });
    let source = source(&bucket);
    let contract = RecordRef::new("object", "kunden/K-1/akte/vertrag.pdf");
    for (restricted, fate) in [
        (true, Fate::Restricted),
        (true, Fate::Restricted),
        (false, Fate::Free),
    ] {
        let outcome = source
            .restricts()
            .unwrap()
            .restrict(&contract, restricted)
            .await
            .unwrap();
        assert_eq!(outcome.fate, fate);
        bucket.set(|state| {
            for stored in state.stored.iter().filter(|it| !it.marker) {
                let marked = stored
                    .tags
                    .contains("<Key>dsgvo</Key><Value>gesperrt &amp; zu</Value>");
                assert_eq!(
                    marked,
                    restricted && stored.key == "kunden/K-1/akte/vertrag.pdf",
                    "{}",
                    stored.key
                );
                assert!(stored.tags.contains("projekt</Key><Value>a&amp;b"));
            }
        });
    }
    assert_eq!(bucket.theatre.writes().len(), 4, "a repeat writes nothing");
    // The only tag of an object.
    bucket.put("kunden/K-1/akte/neu.txt", b"neu");
    let record = RecordRef::new("object", "kunden/K-1/akte/neu.txt");
    for (restricted, fate) in [(true, Fate::Restricted), (false, Fate::Free)] {
        let outcome = source
            .restricts()
            .unwrap()
            .restrict(&record, restricted)
            .await
            .unwrap();
        assert_eq!(outcome.fate, fate);
    }
    assert!(
        bucket
            .keys()
            .contains(&"kunden/K-1/akte/neu.txt".to_owned())
    );
}

#[tokio::test]
async fn a_storage_without_versions_is_searched_and_erased_too() {
    let bucket = Bucket::open().await;
    bucket.set(|state| state.kind = Kind::Plain);
    for at in 0..7 {
        bucket.put(&format!("kunden/K-1/akte/{at}.txt"), b"text");
    }
    let source = source(&bucket);
    let (records, _) = find(&source, &[number("K-1")]).await.unwrap();
    assert_eq!(records.len(), 7);
    assert_eq!(copied(&source, &records[0], 0).await.unwrap(), b"text");
    // Without versions a file can become another one between the search and the copy.
    bucket.set(|state| state.stored[0].bytes = b"text, und mehr davon".to_vec());
    let fault = copied(&source, &records[0], 0).await.unwrap_err().fault;
    assert_eq!(fault, Fault::Conflict);
    conformance::erases_once(&source, &records[0].reference, Manner::Erase).await;
    assert_eq!(bucket.keys().len(), 6);
}

#[tokio::test]
async fn a_list_that_lies_is_told() {
    let bucket = Bucket::open().await;
    furnish(&bucket);
    let source = source(&bucket);
    let entities = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><ListVersionsResult>&b;</ListVersionsResult>";
    let open = "<ListVersionsResult><IsTruncated>false</IsTruncated><Version><Key>kunden/K-1";
    let silent = "<ListVersionsResult><Name>kunden</Name></ListVersionsResult>";
    let other = "<ListAllMyBucketsResult><IsTruncated>false</IsTruncated></ListAllMyBucketsResult>";
    let huge = format!("<ListVersionsResult>{}", " ".repeat(5 * 1024 * 1024));
    let says = |text: &str| Kind::Says(text.to_owned());
    for (kind, faults) in [
        (Kind::IgnoresPrefix, &[Fault::Flooded][..]),
        (Kind::Circle, &[Fault::Flooded]),
        (Kind::Endless, &[Fault::Flooded]),
        (says(entities), &[Fault::Unreadable]),
        (says(open), &[Fault::HalfAnswer]),
        (says(silent), &[Fault::Unreadable]),
        (says(other), &[Fault::Unreadable]),
        (says(&huge), &[Fault::TooLarge]),
    ] {
        bucket.set(|state| state.kind = kind.clone());
        let found = find(&source, &[number("K-99")]).await;
        let Err(mishap) = found else {
            panic!("{kind:?} was believed");
        };
        assert!(faults.contains(&mishap.fault), "{mishap:?}");
        assert!(!mishap.detail.contains("K-99"));
    }
}

#[tokio::test]
async fn a_clock_that_goes_wrong_is_put_right_and_a_wrong_key_is_told() {
    let bucket = Bucket::open().await;
    furnish(&bucket);
    for hours in [-3, 5] {
        bucket.set(|state| state.ahead = TimeDelta::hours(hours));
        let source = source(&bucket);
        bucket.theatre.forget();
        let (records, _) = find(&source, &[email(ANNA)]).await.unwrap();
        assert_eq!(records.len(), 1);
        let asked = bucket.theatre.heard().len();
        find(&source, &[email(ANNA)]).await.unwrap();
        assert_eq!(
            bucket.theatre.heard().len(),
            2 * asked - 1,
            "it is put right once"
        );
    }
    let wrong = source_with(&bucket, "", ["falsch", "falsch"]).unwrap();
    let mishap = find(&wrong, &[email(ANNA)]).await.unwrap_err();
    bucket.set(|state| state.ahead = TimeDelta::zero());
    assert_eq!(mishap.fault, Fault::Unauthorized);
}

#[tokio::test]
async fn a_check_tries_rights_on_what_does_not_exist() {
    let bucket = Bucket::open().await;
    furnish(&bucket);
    assert_eq!(source(&bucket).check().await.unwrap().needs, []);
    let before = bucket.keys().len();
    bucket.set(|state| state.mighty = true);
    let needs = source(&bucket).check().await.unwrap().needs;
    assert_eq!(needs, [Need::TooMighty("DeleteObjectVersion".into())]);
    let reading = source_with(&bucket, "", [READER.1, ""]).unwrap();
    assert!(
        reading
            .check()
            .await
            .unwrap()
            .needs
            .contains(&Need::SecondCredential)
    );
    assert!(reading.erases().is_none() && reading.restricts().is_none());
    assert_eq!(reading.profile().abilities.erase, Means::Hand);
    assert_eq!(bucket.keys().len(), before);
    for heard in bucket.theatre.heard() {
        assert!(
            !heard.target.contains("K-1") && !heard.target.contains("kontakte"),
            "{}",
            heard.target
        );
    }
}

#[test]
fn a_prefix_that_would_be_anothers_too_is_refused() {
    let of = |pattern: &str| {
        let key = std::env::temp_dir().join(format!("s3-prefix-{}", std::process::id()));
        std::fs::write(&key, "geheim").unwrap();
        let text = format!(
            "address = \"https://objects.example\"\nbucket = \"kunden\"\nreading = {{ access_key = \"a\", key = {{ file = {key:?} }} }}\n\
             [[prefix]]\npattern = {pattern:?}"
        );
        let settings: Settings = toml::from_str(&text).unwrap();
        S3::new(&settings, &Limits::default(), Arc::new(SystemClock)).map(drop)
    };
    of("bewerber/{name}/").unwrap();
    of("a/{number}-akte/x/").unwrap();
    for pattern in [
        "bewerber/{name}",
        "bewerber/",
        "",
        "/{email}/",
        "{email}/{number}/",
        "{mail}/",
        "{ip}/",
        "{email}",
        "a}/{email}/",
    ] {
        assert_eq!(
            of(pattern).unwrap_err().fault,
            Fault::Misconfigured,
            "{pattern}"
        );
    }
}
