//! Nothing leads out of the root: no link, however it is laid, and nothing that is no file is opened.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rechtzeitig::adapters::Limits;
use rechtzeitig::adapters::files::{Files, Settings};
use rechtzeitig::domain::source::Doubt;
use rechtzeitig::ports::source::Source;

use super::super::conformance::email;
use super::{House, said};

const SAYS: &str = "[[folders]]\nname = \"cards\"\npath = \"cards/**\"\ncontent = true\n[[tables]]\nname = \"t\"\npath = \"t/*.csv\"\ncategory = \"contact\"\nidentity = [{ column = 1, by = \"email\" }]\n";

#[tokio::test]
async fn links_are_not_followed_and_that_is_said() {
    let outside = tempfile::TempDir::new().unwrap();
    std::fs::write(outside.path().join("a.csv"), "Mail\nanna@example.org\n").unwrap();
    let house = House::of(SAYS);
    house.put("cards/x.txt", "-").put("t/b.csv", "Mail\n");
    symlink(outside.path().join("a.csv"), house.path("t/a.csv")).unwrap();
    symlink(outside.path(), house.path("cards/out")).unwrap();
    symlink("loop", house.path("cards/loop")).unwrap();
    let (records, search) = house.find(&[email("anna@example.org")]).await;
    assert!(records.is_empty(), "{:?}", said(&records[0], "path"));
    for place in ["cards", "t"] {
        assert!(
            search.doubts.contains(&Doubt::Closed(place.into())),
            "{:?}",
            search.doubts
        );
    }
}

#[tokio::test]
async fn a_folder_on_the_way_that_is_a_link_leads_nowhere() {
    let outside = tempfile::TempDir::new().unwrap();
    std::fs::write(outside.path().join("a.csv"), "Mail\nanna@example.org\n").unwrap();
    let house = House::of(SAYS);
    symlink(outside.path(), house.path("t")).unwrap();
    house.put("cards/x.txt", "-");
    let (records, search) = house.find(&[email("anna@example.org")]).await;
    assert!(records.is_empty() && search.doubts.contains(&Doubt::Closed("t".into())));
}

#[tokio::test]
async fn a_link_that_is_put_there_at_the_last_moment_leads_nowhere() {
    let outside = tempfile::TempDir::new().unwrap();
    std::fs::create_dir(outside.path().join("t")).unwrap();
    std::fs::write(outside.path().join("t/a.csv"), "Mail\nanna@example.org\n").unwrap();
    let house = House::of(SAYS);
    house.put("t/a.csv", "Mail\n").put("cards/x.txt", "-");
    let (real, aside, target) = (
        house.path("t"),
        house.path("aside"),
        outside.path().join("t"),
    );
    let stop = Arc::new(AtomicBool::new(false));
    let ending = stop.clone();
    let swapping = std::thread::spawn(move || {
        while !ending.load(Ordering::Relaxed) {
            std::fs::rename(&real, &aside).unwrap();
            symlink(&target, &real).unwrap();
            std::fs::remove_file(&real).unwrap();
            std::fs::rename(&aside, &real).unwrap();
        }
    });
    let files = house.files();
    let mut found = 0;
    for _ in 0..300 {
        let (records, _) = super::super::conformance::find(&files, &[email("anna@example.org")])
            .await
            .unwrap();
        found += records.len();
    }
    stop.store(true, Ordering::Relaxed);
    swapping.join().unwrap();
    assert_eq!(found, 0, "a file outside the root was read");
}

#[tokio::test]
async fn pipes_and_sockets_hold_nobody() {
    let house = House::of(SAYS);
    house
        .put("cards/anna@example.org.txt", "-")
        .put("t/b.csv", "Mail\n");
    let made = Command::new("mkfifo")
        .arg(house.path("t/a.csv"))
        .status()
        .unwrap();
    assert!(made.success());
    let _listener = UnixListener::bind(house.path("cards/anna@example.org.sock")).unwrap();
    let (records, _) = house.find(&[email("anna@example.org")]).await;
    assert_eq!(records.len(), 1);
}

#[tokio::test]
async fn a_folder_that_may_not_be_read_is_said_and_the_rest_is_found() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let house = House::of(SAYS);
    house
        .put("cards/anna@example.org.txt", "-")
        .put("t/b.csv", "Mail\n")
        .put("cards/closed/x.txt", "-");
    std::fs::set_permissions(
        house.path("cards/closed"),
        std::fs::Permissions::from_mode(0o0),
    )
    .unwrap();
    if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
        // Nothing is closed to root; a nest too deep is closed to everybody.
        let deep = "d/".repeat(40);
        house.put(&format!("cards/{deep}x.txt"), "-");
    }
    let (records, search) = house.find(&[email("anna@example.org")]).await;
    std::fs::set_permissions(
        house.path("cards/closed"),
        std::fs::Permissions::from_mode(0o700),
    )
    .unwrap();
    assert_eq!(records.len(), 1);
    assert!(search.doubts.contains(&Doubt::Closed("cards".into())));
}

#[tokio::test]
async fn another_file_system_below_the_root_is_not_entered() {
    let says = "root = \"/\"\n[[logs]]\nname = \"p\"\npath = \"proc/version\"\ndays = 1\n";
    let settings: Settings = toml::from_str(says).unwrap();
    let files = Files::new(&settings, &Limits::default()).unwrap();
    let found = super::super::conformance::find(&files, &[email("anna@example.org")]).await;
    let (_, search) = found.unwrap();
    assert_eq!(search.doubts, [Doubt::Closed("p".into())]);
    assert_eq!(files.check().await.unwrap().in_sight, [("p".into(), 0)]);
}
