//! Addresses for a mailing: each with its link, and without those that want none.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use super::{command, text, well};

fn fed(at: &Path, words: &[&str], input: &str) -> String {
    let mut child = command(at, words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    text(&output.stdout)
}

#[test]
fn art_21_3_who_wants_no_advertising_is_left_out_of_a_mailing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    well(at, &["demo", "--fill-only"]);
    let house = ["--controller", "schreinerei"];
    let list = "ida@post.example\n\nno address\nWilli@Post.example\n";
    let links = fed(at, &[&["advertising", "links"][..], &house].concat(), list);
    assert_eq!(links.lines().count(), 2, "{links}");
    for line in links.lines() {
        let (address, link) = line.split_once('\t').unwrap();
        assert!(
            link.contains("/stop/") && !link.contains("post.example"),
            "{line}"
        );
        assert!(list.contains(address));
    }
    let clean = |input: &str| fed(at, &[&["advertising", "clean"][..], &house].concat(), input);
    assert_eq!(clean(list), "ida@post.example\nWilli@Post.example\n");

    let mail = "From: Willi Werbung <willi@post.example>\r\nTo: info@schreinerei.example\r\nSubject: Werbung\r\n\
                Message-ID: <1@post.example>\r\nDate: Mon, 2 Mar 2026 08:00:00 +0100\r\n\r\n\
                Guten Tag, bitte schicken Sie mir keine Werbung mehr. Ich widerspreche der Nutzung meiner Daten fuer Werbung.\r\n";
    fs::write(at.join("stop.eml"), mail).unwrap();
    well(
        at,
        &[&["mail", "import"][..], &house, &["stop.eml"]].concat(),
    );
    assert_eq!(clean(list), "ida@post.example\n");
}
