//! Access logs: an address counts with its time, a user by the name taken down, a mail address as a whole.

use std::io::Write;
use std::time::Duration;

use rechtzeitig::adapters::Limits;
use rechtzeitig::domain::identifier::SearchKey;
use rechtzeitig::domain::source::{Caution, Doubt, Fate, LeftoverKind, Manner, Origin, Tie};
use rechtzeitig::ports::source::Source;

use super::super::conformance::{self, email};
use super::{House, garbled, gz, ip, of, said};

const SAYS: &str = "[[logs]]\nname = \"web\"\npath = \"access.log*\"\ndays = 14\n";

fn line(host: &str, user: &str, time: &str, request: &str) -> String {
    format!(
        "{host} - {user} [22/Nov/2026:{time} +0100] \"{request}\" 200 512 \"-\" \"Mozilla/5.0\"\n"
    )
}

fn get(host: &str, time: &str) -> String {
    line(host, "-", time, "GET / HTTP/1.1")
}

#[tokio::test]
async fn an_address_counts_in_its_time_only_and_without_a_time_not_at_all() {
    let house = House::of(SAYS);
    let lines = [
        get("192.0.2.7", "09:59:59"),
        get("192.0.2.7", "10:00:00"),
        get("192.0.2.70", "10:00:00"),
        get("192.0.2.7", "10:00:01"),
    ];
    house.put("access.log", lines.concat());
    // The log counts an hour ahead of us.
    let hers = ip("192.0.2.7", "2026-11-22T09:00:00Z", "2026-11-22T09:00:00Z");
    let (records, search) = house.find(&[hers]).await;
    assert_eq!(records.len(), 1);
    assert_eq!(
        said(&records[0], "time_local"),
        "22/Nov/2026:10:00:00 +0100"
    );
    assert_eq!(
        records[0].tie,
        Tie::Exact {
            by: SearchKey::Ip,
            field: "remote_addr".into()
        }
    );
    assert_eq!(
        (records[0].origin, records[0].category.as_str()),
        (Origin::Observed, "log")
    );
    assert!(records[0].cautions.contains(&Caution::Shared));
    assert_eq!(search.asked[0].hits, 1);
    let (records, search) = house.find(&[of(SearchKey::Ip, "192.0.2.7")]).await;
    assert!(
        records.is_empty() && search.asked.is_empty(),
        "an address without a time was searched"
    );
}

#[tokio::test]
async fn every_form_of_an_address_and_of_a_log_is_read() {
    let house = House::of(SAYS);
    let hosts = [
        "2001:db8:0:0::7",
        "[2001:DB8::7]",
        "2001:db8::70",
        "2001:db8::7",
        "shop.example:443 2001:db8::7",
        "[2001:db8::7]:40312",
    ];
    let mut lines: Vec<String> = hosts
        .iter()
        .enumerate()
        .map(|(at, host)| get(host, &format!("10:00:0{at}")))
        .collect();
    // The common form ends with the bytes; others have fields of their own at the end.
    lines.push("2001:db8::7 - - [22/Nov/2026:10:00:07 +0100] \"GET / HTTP/1.1\" 304 -\n".into());
    lines.push(
        get("2001:db8::7", "10:00:08")
            .replace("\"Mozilla/5.0\"\n", "\"UA\" \"203.0.113.1\" 0.004\r\n"),
    );
    house.put("access.log", lines.concat());
    let (records, search) = house
        .find(&[ip(
            "2001:db8::7",
            "2026-11-22T08:00:00Z",
            "2026-11-22T10:00:00Z",
        )])
        .await;
    assert_eq!(records.len(), 7);
    assert_eq!(garbled(&search), 0);
    assert!(
        records
            .iter()
            .any(|it| said(it, "host") == "shop.example:443")
    );
    assert!(
        records
            .iter()
            .any(|it| said(it, "other") == "\"203.0.113.1\" 0.004")
    );
}

#[tokio::test]
async fn a_user_is_found_by_the_name_taken_down_whatever_else_it_says() {
    let house = House::of(SAYS);
    let lines = [
        line("203.0.113.1", "anna.b", "10:00:00", "GET / HTTP/1.1"),
        line("203.0.113.1", "johanna.b", "10:00:00", "GET / HTTP/1.1"),
        line(
            "203.0.113.1",
            "Anna.Beispiel@example.org",
            "10:00:00",
            "GET / HTTP/1.1",
        ),
        line(
            "203.0.113.1",
            "j\\xC3\\xB6rg [01/Jan/2026:x]",
            "10:00:00",
            "GET / HTTP/1.1",
        ),
        line(
            "203.0.113.1",
            "ein \\x22Name\\x22",
            "10:00:00",
            "GET / HTTP/1.1",
        ),
    ];
    house.put("access.log", lines.concat());
    let found = async |wanted| house.find(&[wanted]).await.0;
    assert_eq!(found(of(SearchKey::Handle, "anna.b")).await.len(), 1);
    assert_eq!(found(email("anna.beispiel@example.org")).await.len(), 1);
    assert_eq!(
        found(of(SearchKey::Handle, "jörg [01/Jan/2026:x]"))
            .await
            .len(),
        1
    );
    assert_eq!(found(of(SearchKey::Handle, "ein \"Name\"")).await.len(), 1);
    assert!(found(of(SearchKey::Handle, "ein")).await.is_empty());
}

#[tokio::test]
async fn an_address_in_a_link_counts_as_a_whole_however_it_is_written() {
    let house = House::of(SAYS);
    let hers = [
        "GET /off?email=Anna.Beispiel%40Example.org HTTP/1.1",
        "GET /off?a=1&e=anna.beispiel@example.org&b=2 HTTP/1.1",
        "GET /off?u=%2Fx&e=anna.beispiel%2540example.org HTTP/1.1",
        "GET /off/anna.beispiel%40example.org/yes HTTP/1.1",
        "GET /off?anna.beispiel@example.org HTTP/1.1",
    ];
    let others = [
        "GET /off?e=johanna.beispiel%40example.org HTTP/1.1",
        "GET /off?e=anna.beispiel%2Bshop%40example.org HTTP/1.1",
        "GET /off?e=anna.beispiel%40example.org.fremd.example HTTP/1.1",
        "GET /off?e=%40 HTTP/1.1",
        "GET /off?e=% HTTP/1.1",
        "\\x16\\x03\\x01@",
    ];
    let lines = hers
        .iter()
        .chain(&others)
        .map(|it| line("203.0.113.1", "-", "10:00:00", it));
    let referred = line("203.0.113.1", "-", "10:00:01", "GET /x HTTP/1.1").replace(
        "\"-\"",
        "\"https://shop.example/?e=anna.beispiel%40example.org\"",
    );
    house.put("access.log", lines.collect::<String>() + &referred);
    let (records, search) = house.find(&[email("anna.beispiel@example.org")]).await;
    assert_eq!(
        records.len(),
        hers.len() + 1,
        "{:?}",
        records
            .iter()
            .map(|it| said(it, "request"))
            .collect::<Vec<_>>()
    );
    assert_eq!(garbled(&search), 0);
    // Who asked may be somebody else: her address stands in the link, not her line.
    assert!(
        records
            .iter()
            .all(|it| it.cautions.contains(&Caution::Others))
    );
    let plus = house
        .find(&[email("anna.beispiel+shop@example.org")])
        .await
        .0;
    assert_eq!(plus.len(), 1);
}

#[tokio::test]
async fn a_clerk_who_looked_her_up_is_somebody_else() {
    let house = House::of(SAYS);
    let looked = line(
        "192.0.2.7",
        "verwaltung",
        "10:00:00",
        "GET /crm?q=anna%40example.org HTTP/1.1",
    );
    let herself = line(
        "192.0.2.7",
        "-",
        "10:00:00",
        "GET /login?u=anna%40example.org HTTP/1.1",
    );
    house.put("access.log", looked + &herself);
    let wanted = [
        email("anna@example.org"),
        ip("192.0.2.7", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"),
    ];
    let (records, _) = house.find(&wanted).await;
    let others: Vec<bool> = records
        .iter()
        .map(|it| it.cautions.contains(&Caution::Others))
        .collect();
    assert_eq!(others, [true, false]);
}

#[tokio::test]
async fn rotated_packed_copied_and_linked_files_are_one_log() {
    let house = House::of(SAYS);
    let (one, two, three) = (
        get("192.0.2.7", "10:00:01"),
        get("192.0.2.7", "10:00:02"),
        get("192.0.2.7", "10:00:03"),
    );
    // Two members in one packed file, as when logs are put together; the same line twice in one file is two visits.
    let packed = [gz(one.as_bytes()), gz(one.as_bytes())].concat();
    house
        .put("access.log", &three)
        .put("access.log.1", &two)
        .put("access.log.2.gz", packed);
    // A copy that was made while the log was cut, and a second name for it.
    house.put("access.log.old", &two);
    std::fs::hard_link(house.path("access.log.1"), house.path("access.log.same")).unwrap();
    std::os::unix::fs::symlink("access.log", house.path("access.log.current")).unwrap();
    let (records, search) = house
        .find(&[ip(
            "192.0.2.7",
            "2026-11-22T08:00:00Z",
            "2026-11-22T10:00:00Z",
        )])
        .await;
    assert_eq!(records.len(), 4);
    assert!(search.doubts.is_empty(), "{:?}", search.doubts);
}

#[tokio::test]
async fn files_that_are_rotated_while_we_read_are_read() {
    let house = House::of(SAYS);
    let filler = get("203.0.113.1", "09:00:00").repeat(20_000);
    house.put("access.log", filler.clone() + &get("192.0.2.7", "10:00:00"));
    house.put("access.log.1", filler);
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (log, older, ending) = (
        house.path("access.log"),
        house.path("access.log.1"),
        stop.clone(),
    );
    let rotating = std::thread::spawn(move || {
        let mut turn = 0;
        while !ending.load(std::sync::atomic::Ordering::Relaxed) && turn < 200 {
            turn += 1;
            // As logrotate does it: rename, make anew, pack the older one.
            let content = std::fs::read(&log).unwrap();
            std::fs::rename(&log, &older).unwrap();
            std::fs::write(&log, content).unwrap();
            std::thread::yield_now();
        }
    });
    let wanted = [ip(
        "192.0.2.7",
        "2026-11-22T08:00:00Z",
        "2026-11-22T10:00:00Z",
    )];
    let (records, _) = house.find(&wanted).await;
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    rotating.join().unwrap();
    assert_eq!(records.len(), 1, "the line was lost or counted twice");
}

#[tokio::test]
async fn lines_that_are_no_entries_are_counted_and_the_last_one_may_be_in_the_making() {
    let house = House::of(SAYS);
    let good = get("192.0.2.7", "10:00:00");
    let mut bytes = vec![0; 70_000];
    bytes.extend_from_slice(good.as_bytes());
    bytes.extend_from_slice(b"rubbish\n\n\xff\xfe\n");
    bytes.extend(std::iter::repeat_n(b'x', 1_100_000));
    bytes.extend_from_slice(b"\n192.0.2.7 - - [31/Feb/2026:10:00:00 +0100] \"GET / HTTP/1.1\" 200 1\n192.0.2.7 - - [22/Nov");
    house.put("access.log", bytes);
    let (records, search) = house
        .find(&[ip(
            "192.0.2.7",
            "2026-11-22T08:00:00Z",
            "2026-11-22T10:00:00Z",
        )])
        .await;
    assert_eq!(records.len(), 1);
    assert_eq!(garbled(&search), 4);
}

#[tokio::test]
async fn packed_files_that_are_broken_foreign_or_bombs_end_nothing() {
    let house = House::of(SAYS);
    let lines = get("192.0.2.7", "10:00:00") + &get("203.0.113.1", "10:00:00").repeat(5_000);
    let whole = gz(lines.as_bytes());
    house.put("access.log.2.gz", &whole[..whole.len() - 20]);
    house.put("access.log.3.xz", b"\xfd7zXZ\0rest");
    house.put("access.log.4.gz", gz(&vec![0; 40 * 1024 * 1024]));
    house.put("access.log", get("192.0.2.7", "10:00:01"));
    let (records, search) = house
        .find(&[ip(
            "192.0.2.7",
            "2026-11-22T08:00:00Z",
            "2026-11-22T10:00:00Z",
        )])
        .await;
    assert_eq!(records.len(), 2);
    assert_eq!(garbled(&search), 1);
    assert!(search.doubts.contains(&Doubt::Closed("web".into())));
    assert!(
        search.doubts.contains(&Doubt::Capped("web".into())),
        "{:?}",
        search.doubts
    );
}

#[tokio::test]
async fn shortened_addresses_and_those_of_the_own_front_find_nobody_and_that_is_said() {
    let wanted = [ip(
        "192.0.2.7",
        "2026-11-22T08:00:00Z",
        "2026-11-22T10:00:00Z",
    )];
    for (host, masked) in [
        ("192.0.2.0", true),
        ("2001:db8:1:2::", true),
        ("10.0.0.3", true),
        ("a1b2c3d4e5", true),
        ("198.51.100.23", false),
    ] {
        let house = House::of(SAYS);
        house.put("access.log", get(host, "10:00:00").repeat(20));
        let (records, search) = house.find(&wanted).await;
        assert!(records.is_empty());
        assert_eq!(
            search.doubts.contains(&Doubt::Masked("web".into())),
            masked,
            "{host}"
        );
    }
    let house = House::of(&format!("{SAYS}masked = true\n"));
    house.put("access.log", get("198.51.100.23", "10:00:00"));
    assert!(
        house
            .find(&wanted)
            .await
            .1
            .doubts
            .contains(&Doubt::Masked("web".into()))
    );
    // In one's own network the addresses are those of people.
    let house = House::of(SAYS);
    house.put("access.log", get("10.0.0.3", "10:00:00").repeat(20));
    let (records, search) = house
        .find(&[ip(
            "10.0.0.3",
            "2026-11-22T08:00:00Z",
            "2026-11-22T10:00:00Z",
        )])
        .await;
    assert_eq!((records.len(), search.doubts.len()), (20, 0));
}

#[tokio::test]
async fn a_place_without_files_is_not_empty_but_closed_and_caps_are_said() {
    let house = House::of(SAYS);
    let wanted = [email("anna@example.org")];
    assert_eq!(
        house.find(&wanted).await.1.doubts,
        [Doubt::Closed("web".into())]
    );
    let house = House::of(&format!("most_findings = 2\n{SAYS}"));
    house.put(
        "access.log",
        line(
            "203.0.113.1",
            "-",
            "10:00:00",
            "GET /?a=anna@example.org HTTP/1.1",
        )
        .repeat(9),
    );
    let (records, search) = house.find(&wanted).await;
    assert_eq!(
        (records.len(), search.doubts),
        (2, vec![Doubt::Capped("web".into())])
    );
    let house = House::of(&format!("most_files = 1\nmost_bytes = 300\n{SAYS}"));
    house
        .put("access.log", get("203.0.113.1", "10:00:00").repeat(9))
        .put("access.log.1", "");
    assert_eq!(
        house.find(&wanted).await.1.doubts,
        [Doubt::Capped("web".into())]
    );
}

#[tokio::test]
async fn nothing_is_taken_out_of_a_log() {
    let house = House::of(SAYS);
    let lines = line(
        "203.0.113.1",
        "-",
        "10:00:00",
        "GET /?a=anna@example.org HTTP/1.1",
    );
    house.put("access.log", &lines);
    let files = house.files();
    let (records, _) = conformance::find(&files, &[email("anna@example.org")])
        .await
        .unwrap();
    for manner in [Manner::Erase, Manner::Anonymise] {
        let erases = files.erases().unwrap();
        let preview = erases.preview(&records[0].reference, manner).await.unwrap();
        let outcome = erases.erase(&records[0].reference, manner).await.unwrap();
        assert_eq!((preview.fate, outcome.fate), (Fate::Kept, Fate::Kept));
        assert_eq!(outcome.leftovers, preview.leftovers);
        assert_eq!(
            (outcome.leftovers[0].kind, outcome.leftovers[0].days),
            (LeftoverKind::Log, Some(14))
        );
    }
    assert_eq!(
        std::fs::read_to_string(house.path("access.log")).unwrap(),
        lines
    );
}

#[tokio::test]
async fn who_reads_but_finds_nothing_is_not_slow() {
    let house = House::of(SAYS);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let block = get("203.0.113.1", "10:00:00").repeat(10_000);
    for _ in 0..60 {
        packed.write_all(block.as_bytes()).unwrap();
    }
    house.put("access.log.gz", packed.finish().unwrap());
    let files = house.files_within(&Limits {
        patience: Duration::from_millis(500),
        ..Limits::default()
    });
    let found = conformance::find(&files, &[email("anna@example.org")]).await;
    assert!(found.is_ok(), "{found:?}");
}

#[test]
fn who_is_not_waited_for_any_more_ends() {
    let house = House::of(SAYS);
    // A hundred gigabytes of a hole: nobody sees the end of it.
    let log = std::fs::File::create(house.path("access.log")).unwrap();
    log.set_len(100 << 30).unwrap();
    let files = house.files();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let wanted = [email("anna@example.org")];
    let left = runtime.block_on(async {
        tokio::time::timeout(
            Duration::from_millis(50),
            conformance::find(&files, &wanted),
        )
        .await
    });
    assert!(left.is_err());
    // Waits for every reader.
    drop(runtime);
}
