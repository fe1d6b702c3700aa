//! The demo: fills its folder once, starts again with the same, and throws away nothing else.

use std::fs;

use super::{Running, command, free_address, run, status, text, well};

#[test]
fn the_demo_is_filled_once_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let address = free_address();
    let listen = address.to_string();
    let mut first = Running::start(command(at, &["demo", "--listen", &listen]));
    let said = first.says("all of it lies in");
    for part in [
        "/musterwolle",
        "/schreinerei",
        "/desk",
        "mara@musterwolle.example",
        "ole@musterwolle.example",
    ] {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }
    assert_eq!(status(address, "/readyz"), 200);
    first.stop();

    let key = well(at, &["ledger", "key"]);
    let address = free_address();
    let mut second = Running::start(command(at, &["demo", "--listen", &address.to_string()]));
    let again = second.says("all of it lies in");
    assert!(again.contains(said.split_once("sign in").unwrap().1));
    assert!(again.contains(&format!("form  http://{address}/musterwolle")));
    assert_eq!(status(address, "/readyz"), 200);
    second.stop();
    assert_eq!(well(at, &["ledger", "key"]), key);

    // Every other verb finds the demo's configuration by itself.
    let checked = well(at, &["check"]);
    assert!(
        checked.contains("the tables are up to date") && !checked.contains("register,"),
        "{checked}"
    );
    well(at, &["demo", "--fresh", "--fill-only", "--listen", &listen]);
    assert_ne!(well(at, &["ledger", "key"]), key);
}

#[test]
fn more_cases_are_filled_in_up_to_the_number_wished() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let before = {
        well(at, &["demo", "--fill-only"]);
        well(at, &["ledger", "export"])
            .lines()
            .filter(|line| line.contains("case.opened"))
            .count()
    };
    let filled = || {
        let lines = ["musterwolle", "schreinerei"].map(|slug| {
            let log = well(at, &["ledger", "export", "--controller", slug]);
            log.lines()
                .filter(|line| line.contains("case.opened"))
                .count()
        });
        lines.iter().sum::<usize>()
    };
    let stories = filled();
    assert!(before < stories);
    assert!(well(at, &["demo", "--fill-only", "--cases", "700"]).contains("filled in 700 cases"));
    assert_eq!(filled(), stories + 700);
    assert_eq!(well(at, &["demo", "--fill-only", "--cases", "700"]), "");
    assert_eq!(filled(), stories + 700);
}

#[test]
fn a_folder_that_is_no_demo_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    well(at, &["init"]);
    let output = run(at, &["demo", "--fresh", "--fill-only", "--folder", "."]);
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("was not written by the demo"));
    assert!(at.join("keys/master.key").exists());
    assert_eq!(fs::read_dir(at).unwrap().count(), 2);
}

#[test]
fn a_register_leaves_and_comes_back_unchanged_and_each_change_is_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    well(at, &["demo", "--fill-only"]);
    let register = well(at, &["register", "export", "--controller", "schreinerei"]);
    let file = at.join("register.toml");
    fs::write(&file, &register).unwrap();
    let import = || {
        well(
            at,
            &[
                "register",
                "import",
                "register.toml",
                "--controller",
                "schreinerei",
            ],
        )
    };
    assert_eq!(
        import(),
        "unchanged  3\nopen       2 questions, see /desk/questions\n"
    );
    fs::write(
        &file,
        register
            .replace("Fotomappe fertiger Arbeiten", "Fotomappe")
            .replace("slug = \"postfach\"", "slug = \"post\""),
    )
    .unwrap();
    assert_eq!(
        import(),
        "new        post\nchanged    fotomappe\nunchanged  1\nopen       2 questions, see /desk/questions\n"
    );
    let log = well(at, &["ledger", "export", "--controller", "schreinerei"]);
    assert!(
        log.contains("register.changed") && log.matches("register.added").count() == 4,
        "{log}"
    );
    assert!(
        !run(at, &["register", "export"]).status.success(),
        "there are two controllers"
    );
}
