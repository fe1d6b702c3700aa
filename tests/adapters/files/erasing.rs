//! What is taken away is what was found, is gone afterwards, and nothing else is touched.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

use rechtzeitig::domain::identifier::SearchKey;
use rechtzeitig::domain::source::{Fate, Leftover, LeftoverKind, Manner};
use rechtzeitig::ports::source::{Fault, Mishap, Outcome, Preview, RecordRef, Source};

use super::super::conformance::{self, email, name};
use super::{House, gz, of};

const FOLDERS: &str = "[[folders]]\nname = \"applicants\"\npath = \"bewerber/{name}/**\"\nerase = true\n[[leftovers]]\nkind = \"backup\"\nplace = \"nightly\"\ndays = 30\n";
const TABLE: &str = r#"
[[tables]]
name = "customers"
path = "*.csv"
category = "contact"
identity = [{ column = "Mail", by = "email" }]
key = "Nr"
erase = { rows = 1 }
"#;

async fn hers(house: &House) -> RecordRef {
    let wanted = [email("anna@example.org"), name("Anna Beispiel")];
    house.find(&wanted).await.0.remove(0).reference
}

async fn erase(house: &House, record: &RecordRef) -> Result<Outcome, Mishap> {
    house
        .files()
        .erases()
        .unwrap()
        .erase(record, Manner::Erase)
        .await
}

async fn preview(house: &House, record: &RecordRef) -> Result<Preview, Mishap> {
    house
        .files()
        .erases()
        .unwrap()
        .preview(record, Manner::Erase)
        .await
}

#[tokio::test]
async fn a_file_goes_once_and_her_empty_folder_with_it() {
    let house = House::of(FOLDERS);
    house
        .put("bewerber/Anna Beispiel/a/cv.pdf", "x")
        .put("bewerber/Otto/cv.pdf", "y");
    let record = hers(&house).await;
    conformance::erases_once(&house.files(), &record, Manner::Erase).await;
    assert!(
        !house.path("bewerber/Anna Beispiel").exists()
            && house.path("bewerber/Otto/cv.pdf").exists()
    );
    let left = erase(&house, &record).await.unwrap().leftovers;
    assert!(left.contains(&Leftover {
        days: Some(30),
        ..Leftover::new(LeftoverKind::Backup, "nightly")
    }));
}

#[tokio::test]
async fn a_folder_that_is_not_empty_stays() {
    let house = House::of(FOLDERS);
    house
        .put("bewerber/Anna Beispiel/cv.pdf", "x")
        .put("bewerber/Anna Beispiel/foto.jpg", "x");
    let record = hers(&house).await;
    erase(&house, &record).await.unwrap();
    assert!(house.path("bewerber/Anna Beispiel/foto.jpg").exists());
}

#[tokio::test]
async fn a_file_that_is_not_what_was_found_or_is_open_stays() {
    let house = House::of(FOLDERS);
    house.put("bewerber/Anna Beispiel/Vertrag.docx", "x");
    let record = hers(&house).await;
    for sign in ["~$Vertrag.docx", "~$rtrag.docx", ".~lock.Vertrag.docx#"] {
        let path = format!("bewerber/Anna Beispiel/{sign}");
        house.put(&path, "Erika");
        assert_eq!(
            erase(&house, &record).await.unwrap_err().fault,
            Fault::Conflict,
            "{sign}"
        );
        assert_eq!(
            preview(&house, &record).await.unwrap_err().fault,
            Fault::Conflict,
            "{sign}"
        );
        std::fs::remove_file(house.path(&path)).unwrap();
    }
    let held = std::fs::File::open(house.path("bewerber/Anna Beispiel/Vertrag.docx")).unwrap();
    held.lock().unwrap();
    assert_eq!(
        erase(&house, &record).await.unwrap_err().fault,
        Fault::Conflict
    );
    held.unlock().unwrap();
    house.put("bewerber/Anna Beispiel/Vertrag.docx", "of another size");
    assert_eq!(
        erase(&house, &record).await.unwrap_err().fault,
        Fault::Conflict
    );
    let blind = RecordRef {
        version: None,
        ..record
    };
    assert_eq!(
        erase(&house, &blind).await.unwrap_err().fault,
        Fault::Conflict
    );
    assert!(house.path("bewerber/Anna Beispiel/Vertrag.docx").exists());
}

#[tokio::test]
async fn a_link_in_the_place_of_her_file_takes_nothing_with_it() {
    let house = House::of(FOLDERS);
    house
        .put("bewerber/Anna Beispiel/cv.pdf", "x")
        .put("geheim.txt", "secret");
    let record = hers(&house).await;
    std::fs::remove_file(house.path("bewerber/Anna Beispiel/cv.pdf")).unwrap();
    std::os::unix::fs::symlink(
        house.path("geheim.txt"),
        house.path("bewerber/Anna Beispiel/cv.pdf"),
    )
    .unwrap();
    assert_eq!(
        erase(&house, &record).await.unwrap_err().fault,
        Fault::Forbidden
    );
    assert!(house.path("geheim.txt").exists());
}

#[tokio::test]
async fn other_names_of_a_file_and_bins_are_left_and_said() {
    let house = House::of(FOLDERS);
    house
        .put("bewerber/Anna Beispiel/cv.pdf", "x")
        .put("#recycle/old.pdf", "x");
    std::fs::hard_link(
        house.path("bewerber/Anna Beispiel/cv.pdf"),
        house.path("copy.pdf"),
    )
    .unwrap();
    let record = hers(&house).await;
    let said = preview(&house, &record).await.unwrap().leftovers;
    assert!(
        said.contains(&Leftover {
            count: Some(1),
            ..Leftover::new(LeftoverKind::Files, "applicants")
        }),
        "{said:?}"
    );
    assert!(
        said.contains(&Leftover::new(LeftoverKind::Backup, "#recycle")),
        "{said:?}"
    );
    assert_eq!(erase(&house, &record).await.unwrap().leftovers, said);
}

#[tokio::test]
async fn what_is_not_declared_is_kept_and_becomes_a_task() {
    let house = House::of(&format!("{}{TABLE}", FOLDERS.replace("erase = true\n", "")));
    house.put("bewerber/Anna Beispiel/cv.pdf", "x");
    let (records, _) = house.find(&[name("Anna Beispiel")]).await;
    let outcome = erase(&house, &records[0].reference).await.unwrap();
    assert_eq!((outcome.fate, outcome.leftovers.len()), (Fate::Kept, 1));
    assert!(house.path("bewerber/Anna Beispiel/cv.pdf").exists());
}

#[tokio::test]
async fn keys_that_were_not_made_here_reach_nothing() {
    let house = House::of(&format!("{FOLDERS}{TABLE}"));
    house
        .put("geheim.txt", "secret")
        .put("a.csv", "Nr;Mail\n1;anna@example.org\n");
    for (kind, id) in [
        ("applicants", "geheim.txt"),
        ("applicants", "bewerber/../geheim.txt"),
        ("applicants", ""),
        ("customers", "a.csv"),
        ("customers", "a.csv#"),
        ("customers", "geheim.txt#0123"),
        ("nowhere", "a.csv"),
    ] {
        let mishap = erase(&house, &RecordRef::new(kind, id)).await.unwrap_err();
        assert!(
            matches!(mishap.fault, Fault::Unknown | Fault::NoIdentifier),
            "{id}: {mishap:?}"
        );
    }
    assert!(house.path("geheim.txt").exists() && house.path("a.csv").exists());
}

#[tokio::test]
async fn a_row_goes_once_and_every_other_byte_stays() {
    let house = House::of(TABLE);
    let before = b"\xef\xbb\xbfNr;Mail;Text\r\n\r\n1;otto@example.org;\"a\r\nb\"\r\n2;Anna@example.org;\"zwei\r\nZeilen\"\r\n3;x@example.org;\"offen\r\n4;y@example.org;M\xfcller";
    house.put("a.csv", before);
    std::fs::set_permissions(house.path("a.csv"), std::fs::Permissions::from_mode(0o640)).unwrap();
    let root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    if root {
        chown(house.path("a.csv"), Some(12_345), Some(23_456)).unwrap();
    }
    let record = hers(&house).await;
    conformance::erases_once(&house.files(), &record, Manner::Erase).await;
    let after = std::fs::read(house.path("a.csv")).unwrap();
    assert_eq!(after, b"\xef\xbb\xbfNr;Mail;Text\r\n\r\n1;otto@example.org;\"a\r\nb\"\r\n3;x@example.org;\"offen\r\n4;y@example.org;M\xfcller");
    let meta = std::fs::metadata(house.path("a.csv")).unwrap();
    assert_eq!(meta.mode() & 0o7777, 0o640);
    assert!(!root || (meta.uid(), meta.gid()) == (12_345, 23_456));
    let names: Vec<_> = std::fs::read_dir(house.root.path())
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    assert_eq!(names, ["a.csv"], "a copy was left beside");
}

#[tokio::test]
async fn a_last_row_without_an_end_and_a_first_one_go_too() {
    for (before, after) in [
        ("Mail;Nr\nanna@example.org;1", "Mail;Nr\n"),
        (
            "Mail;Nr\nanna@example.org;1\nb@example.org;2",
            "Mail;Nr\nb@example.org;2",
        ),
    ] {
        let house = House::of(TABLE);
        house.put("a.csv", before);
        let record = hers(&house).await;
        erase(&house, &record).await.unwrap();
        assert_eq!(std::fs::read_to_string(house.path("a.csv")).unwrap(), after);
    }
}

#[tokio::test]
async fn more_rows_than_were_declared_and_rows_that_changed_stay() {
    let house = House::of(TABLE);
    house.put("a.csv", "Nr;Mail\n1;anna@example.org\n1;anna@example.org\n");
    let record = hers(&house).await;
    assert_eq!(
        preview(&house, &record).await.unwrap_err().fault,
        Fault::TooMany
    );
    assert_eq!(
        erase(&house, &record).await.unwrap_err().fault,
        Fault::TooMany
    );
    house.put("a.csv", "Nr;Mail\n1;anna.neu@example.org\n");
    assert_eq!(
        erase(&house, &record).await.unwrap_err().fault,
        Fault::Conflict
    );
    assert_eq!(
        std::fs::read_to_string(house.path("a.csv")).unwrap(),
        "Nr;Mail\n1;anna.neu@example.org\n"
    );
}

#[tokio::test]
async fn a_table_that_is_packed_recoded_or_held_by_somebody_stays() {
    let text = "Nr;Mail\n1;anna@example.org\n";
    let two: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for bytes in [gz(text.as_bytes()), two] {
        let house = House::of(TABLE);
        house.put("a.csv", &bytes);
        let record = hers(&house).await;
        assert_eq!(
            erase(&house, &record).await.unwrap_err().fault,
            Fault::Refused
        );
        assert_eq!(std::fs::read(house.path("a.csv")).unwrap(), bytes);
    }
    let house = House::of(TABLE);
    house.put("a.csv", text);
    let record = hers(&house).await;
    let held = std::fs::File::open(house.path("a.csv")).unwrap();
    held.lock().unwrap();
    assert_eq!(
        erase(&house, &record).await.unwrap_err().fault,
        Fault::Conflict
    );
    let anonymised = house
        .files()
        .erases()
        .unwrap()
        .erase(&record, Manner::Anonymise)
        .await;
    assert_eq!(anonymised.unwrap_err().fault, Fault::Unknown);
}

#[tokio::test]
async fn what_a_power_cut_left_beside_is_cleared_away() {
    let house = House::of(TABLE);
    house.put("a.csv", "Nr;Mail\n1;anna@example.org\n2;b@example.org\n");
    let record = hers(&house).await;
    let digest = ring::digest::digest(&ring::digest::SHA256, b"a.csv");
    let mark: String = digest.as_ref()[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    house.put(&format!(".rechtzeitig-{mark}"), "half of it");
    erase(&house, &record).await.unwrap();
    assert!(!house.path(&format!(".rechtzeitig-{mark}")).exists());
    assert_eq!(
        std::fs::read_to_string(house.path("a.csv")).unwrap(),
        "Nr;Mail\n2;b@example.org\n"
    );
}

#[tokio::test]
async fn rows_that_others_add_meanwhile_are_not_lost() {
    let house = House::of(&TABLE.replace("key = \"Nr\"\n", ""));
    let others: String = (0..2_000)
        .map(|at| format!("{at};o{at}@example.org\n"))
        .collect();
    house.put("a.csv", format!("Nr;Mail\n9999;anna@example.org\n{others}"));
    let record = hers(&house).await;
    let path = house.path("a.csv");
    let adding = std::thread::spawn(move || {
        for at in 0..300 {
            use std::io::Write;
            let mut file = std::fs::OpenOptions::new()
                .append(true)
                .open(&path)
                .unwrap();
            // A well-behaved program holds the file while it writes.
            file.lock().unwrap();
            let now = std::fs::metadata(&path).unwrap();
            let mine = file.metadata().unwrap();
            if (now.ino(), now.dev()) == (mine.ino(), mine.dev()) {
                writeln!(file, "{};neu@example.org", 10_000 + at).unwrap();
            }
        }
    });
    let mut done = false;
    for _ in 0..2_000 {
        match erase(&house, &record).await {
            Ok(outcome) => {
                assert_eq!(outcome.fate, Fate::Gone);
                done = true;
                break;
            }
            Err(mishap) => assert!(
                matches!(mishap.fault, Fault::Conflict | Fault::NotWritten),
                "{mishap:?}"
            ),
        }
    }
    adding.join().unwrap();
    assert!(done, "it never went");
    let left = house
        .find(&[of(SearchKey::Email, "o1999@example.org")])
        .await
        .0
        .len();
    assert_eq!(left, 1);
    assert!(house.find(&[email("anna@example.org")]).await.0.is_empty());
}
