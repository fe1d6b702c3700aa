//! What a configuration file may say, and what is said about one that does not work.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

const EXAMPLE: &str = include_str!("../../config/example.toml");

/// Keys that are sections of their own, explained as such.
const SECTIONS: [&str; 16] = [
    "mail",
    "mailbox",
    "authority",
    "channels",
    "customers",
    "source",
    "odoo",
    "frappe",
    "zammad",
    "mautic",
    "declared",
    "imap",
    "sql",
    "files",
    "s3",
    "carddav",
];

fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rechtzeitig.toml");
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn load(text: &str, environment: &[(&str, &str)]) -> Result<Settings, String> {
    let (_folder, path) = written(text);
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::load_with(&path, environment).map_err(|error| error.to_string())
}

#[test]
fn the_example_can_be_worked_with_and_holds_the_defaults() {
    let (folder, path) = written(EXAMPLE);
    let settings = Settings::load_with(&path, []).unwrap();
    assert_eq!(settings.server, Server::default());
    assert_eq!(settings.desk, Desk::default());
    assert_eq!(settings.uploads, Uploads::default());
    assert_eq!(settings.log, Log::default());
    assert!(settings.mail.is_none());
    assert_eq!(settings.controllers.len(), 1);
    assert_eq!(
        settings.keys,
        Keys::File(folder.path().join("keys/master.key"))
    );
    assert_eq!(
        settings.store,
        storage::Settings::Sqlite(folder.path().join("rechtzeitig.db"))
    );
    assert_eq!(settings.files, folder.path().join("files"));
}

#[test]
fn the_example_names_every_key_and_its_commented_keys_can_be_taken_in() {
    for described in KEYS {
        let there = EXAMPLE.lines().any(|line| {
            let line = line.trim_start_matches('#');
            line.split_once('=')
                .is_some_and(|(name, _)| name.trim_end() == described.key)
        });
        assert!(
            there,
            "config/example.toml does not show {}.{}",
            described.section, described.key
        );
    }
    // A commented key is written `#key = value`, prose `# Prose`.
    let all: String = EXAMPLE
        .lines()
        .map(|line| {
            format!(
                "{}\n",
                line.strip_prefix('#')
                    .filter(|rest| !rest.starts_with(' '))
                    .unwrap_or(line)
            )
        })
        .collect();
    let said = load(&all, &[]).map(|_| ()).unwrap_err();
    // Taken in all at once the alternatives exclude each other; nothing else may be wrong.
    assert!(
        !said.contains("unknown field") && !said.contains("invalid type") && !said.contains("TOML"),
        "{said}"
    );
}

#[test]
fn the_described_keys_are_those_of_the_sections() {
    let controller = EXAMPLE.split_once("[[controller]]").unwrap().1;
    for (section, text) in [
        ("server", "[server]\nstray = 1".to_owned()),
        ("store", "[store]\nstray = 1".to_owned()),
        ("files", "[files]\nstray = 1".to_owned()),
        ("keys", "[keys]\nstray = 1".to_owned()),
        ("mail", "[mail]\nstray = 1".to_owned()),
        ("desk", "[desk]\nstray = 1".to_owned()),
        ("uploads", "[uploads]\nstray = 1".to_owned()),
        ("ledger", "[ledger]\nstray = 1".to_owned()),
        ("log", "[log]\nstray = 1".to_owned()),
        ("calendar", "[calendar]\nstray = 1".to_owned()),
        ("law", "[law]\nstray = 1".to_owned()),
        ("letters", "[letters]\nstray = 1".to_owned()),
        (
            "controller",
            format!("[[controller]]\nstray = 1\n{controller}"),
        ),
        (
            "controller.authority",
            "[[controller]]\n[controller.authority]\nstray = 1".to_owned(),
        ),
        (
            "controller.channels",
            "[[controller]]\n[controller.channels]\nstray = 1".to_owned(),
        ),
        (
            "controller.customers",
            "[[controller]]\n[[controller.customers]]\nstray = 1".to_owned(),
        ),
        (
            "controller.mailbox",
            "[[controller]]\n[[controller.mailbox]]\nstray = 1".to_owned(),
        ),
        (
            "controller.source",
            "[[controller]]\n[[controller.source]]\nstray = 1".to_owned(),
        ),
    ] {
        let said = load(&text, &[]).map(|_| ()).unwrap_err();
        let list = said
            .split_once("expected")
            .unwrap_or_else(|| panic!("{section}: {said}"))
            .1;
        let list = list.lines().next().unwrap();
        let taken: BTreeSet<&str> = list
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|key| !SECTIONS.contains(key))
            .collect();
        let described: BTreeSet<&str> = KEYS
            .iter()
            .filter(|key| key.section == section)
            .map(|key| key.key)
            .collect();
        assert_eq!(taken, described, "{section}");
    }
}

#[test]
fn what_the_page_on_sources_shows_can_be_taken_in() {
    let page = include_str!("../../docs/sources.md");
    let blocks = page.split("```toml\n").skip(1);
    let blocks: Vec<&str> = blocks
        .filter_map(|block| block.split("```").next())
        .collect();
    let sections = blocks
        .iter()
        .filter(|it| it.contains("[[controller.source]]"));
    let mut kinds = BTreeSet::new();
    for section in sections {
        // Commented keys are meant to be taken in, too.
        let whole: String = section
            .lines()
            .map(|line| {
                format!(
                    "{}\n",
                    line.strip_prefix('#')
                        .filter(|rest| !rest.starts_with(' '))
                        .unwrap_or(line)
                )
            })
            .collect();
        for text in [*section, whole.as_str()] {
            let settings = load(&format!("{EXAMPLE}\n{text}"), &[]);
            let settings = settings.unwrap_or_else(|error| panic!("{error}\n{text}"));
            let kind = format!("{:?}", settings.controllers[0].sources[0].adapter);
            kinds.insert(kind.split('(').next().unwrap().to_owned());
        }
    }
    assert_eq!(kinds.len(), 10, "an adapter is not shown: {kinds:?}");
}

/// The keys that an error names: "unknown field `stray`, expected one of `a`, `b`".
fn expected(said: &str) -> Vec<&str> {
    let line = said.lines().find(|line| line.contains("expected"));
    let list = line
        .and_then(|line| line.split_once("expected"))
        .unwrap_or_else(|| panic!("it names no keys: {said}"))
        .1;
    // `leftover` is read for what is written `leftovers`; one spelling on the page is enough.
    let keys = list.split('`').skip(1).step_by(2);
    keys.filter(|key| *key != "leftover").collect()
}

/// The part of the page on sources below a heading, up to the next one of its kind.
fn part<'a>(page: &'a str, heading: &str) -> &'a str {
    let level = heading.split(' ').next().unwrap();
    let begins = page
        .find(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("there is no {heading}"))
        + 1;
    let rest = &page[begins..];
    let ends = rest.find(&format!("\n{level} "));
    &rest[..ends.unwrap_or(rest.len())]
}

/// A stray key in each table of each language: what its error expects is all that the table knows.
const STRAY: [(&str, &[&str]); 11] = [
    (
        "Odoo",
        &[
            "odoo = { stray = 1 }",
            "odoo = { reader = { stray = 1 } }",
            "odoo = { also = [{ stray = 1 }] }",
            "odoo = { reader = { key = { stray = 1 } } }",
        ],
    ),
    ("Frappe CRM", &["frappe = { stray = 1 }"]),
    ("Zammad", &["zammad = { stray = 1 }"]),
    (
        "Mautic",
        &[
            "mautic = { stray = 1 }",
            "mautic = { login = { stray = 1 } }",
            "mautic = { login = { basic = { stray = 1 } } }",
            "mautic = { login = { client = { stray = 1 } } }",
        ],
    ),
    (
        "Mail archives (IMAP)",
        &[
            "imap = { stray = 1 }",
            "imap = { security = \"stray\" }",
            "imap = { reader = { stray = 1 } }",
            "imap = { reader = { key = { stray = 1 } } }",
            "imap = { permission = { stray = 1 } }",
        ],
    ),
    (
        "Address books (CardDAV)",
        &[
            "carddav = { stray = 1 }",
            "carddav = { reader = { stray = 1 } }",
        ],
    ),
    (
        "Your own databases (SQL)",
        &[
            "sql = { stray = 1 }",
            "sql = { database = { engine = \"stray\" } }",
            "sql = { database = { engine = \"postgres\", stray = 1 } }",
            "sql = { database = { engine = \"mysql\", stray = 1 } }",
            "sql = { database = { engine = \"sqlite\", stray = 1 } }",
            "sql = { writing = { stray = 1 } }",
            "sql = { place = [{ stray = 1 }] }",
            "sql = { place = [{ exact = { stray = 1 } }] }",
            "sql = { place = [{ follows = { stray = 1 } }] }",
            "sql = { place = [{ origin = \"stray\" }] }",
            "sql = { place = [{ cautions = [{ is = \"stray\" }] }] }",
            "sql = { place = [{ files = { scan = { stray = 1 } } }] }",
            "sql = { place = [{ erase = [{ stray = 1 }] }] }",
            "sql = { place = [{ restrict = { stray = 1 } }] }",
            "sql = { suppress = { stray = 1 } }",
            "sql = { leftovers = [{ kind = \"stray\" }] }",
        ],
    ),
    (
        "Files",
        &[
            "files = { stray = 1 }",
            "files = { logs = [{ stray = 1 }] }",
            "files = { tables = [{ stray = 1 }] }",
            "files = { tables = [{ identity = [{ stray = 1 }] }] }",
            "files = { tables = [{ date = { stray = 1 } }] }",
            "files = { tables = [{ erase = { stray = 1 } }] }",
            "files = { datev = [{ stray = 1 }] }",
            "files = { gobd = [{ stray = 1 }] }",
            "files = { gobd = [{ identity = [{ stray = 1 }] }] }",
            "files = { folders = [{ stray = 1 }] }",
            "files = { folders = [{ index = { stray = 1 } }] }",
            "files = { leftovers = [{ stray = 1 }] }",
        ],
    ),
    (
        "Object storage (S3)",
        &[
            "s3 = { stray = 1 }",
            "s3 = { style = \"stray\" }",
            "s3 = { reading = { stray = 1 } }",
            "s3 = { prefix = [{ stray = 1 }] }",
            "s3 = { tag = { stray = 1 } }",
        ],
    ),
    (
        "The section",
        &[
            "derived = [{ stray = 1 }]",
            "derived = [{ digest = \"stray\" }]",
            "derived = [{ spelling = \"stray\" }]",
            "derived = [{ written = \"stray\" }]",
            "derived = [{ secret = { stray = 1 } }]",
        ],
    ),
    (
        "An unknown system in an hour",
        &[
            "declared = { stray = 1 }",
            "declared = { reading = { stray = 1 } }",
        ],
    ),
];

/// The same in a description.
const STRAY_IN_A_DESCRIPTION: [&str; 24] = [
    "stray = 1",
    "login = { stray = 1 }",
    "login = { kind = \"stray\" }",
    "answer = { stray = 1 }",
    "answer = { faults = [{ stray = 1 }] }",
    "check = { stray = 1 }",
    "check = { ask = { stray = 1 } }",
    "check = { ask = { nobody = { stray = 1 } } }",
    "check = { ask = { claims = \"stray\" } }",
    "check = { ask = { spelling = [\"stray\"] } }",
    "check = { ask = { paging = { stray = 1 } } }",
    "check = { ask = { paging = { kind = \"stray\" } } }",
    "check = { ask = { job = { stray = 1 } } }",
    "lists = { groups = { stray = 1 } }",
    "place = [{ stray = 1 }]",
    "place = [{ caution_if = [{ stray = 1 }] }]",
    "place = [{ files = { stray = 1 } }]",
    "place = [{ rectify = [{ stray = 1 }] }]",
    "place = [{ erase = { stray = 1 } }]",
    "place = [{ erase = { manner = \"stray\" } }]",
    "place = [{ erase = { keeps = [{ stray = 1 }] } }]",
    "place = [{ restrict = { stray = 1 } }]",
    "suppress = { stray = 1 }",
    "leftovers = [{ kind = \"stray\" }]",
];

#[test]
fn the_page_on_sources_names_every_key_of_every_language() {
    let page = include_str!("../../docs/sources.md");
    let all = ["## What holds for all of them", "## The section"]
        .map(|heading| part(page, heading))
        .concat();
    let mut missing = BTreeSet::new();
    let mut look = |heading: &str, tables: &str, said: &str| {
        let there = format!("{all}{}", part(page, heading));
        let prose: String = there.split("```").step_by(2).collect();
        for key in expected(said) {
            // A name in code, alone or as a part of it. What only an example shows is not explained.
            let written = prose.split('`').skip(1).step_by(2).any(|code| {
                code.split(|it: char| !it.is_alphanumeric() && it != '_' && it != '-')
                    .any(|word| word == key)
            });
            if !written && !["unsaid", "unknown"].contains(&key) {
                missing.insert(format!("{heading}: {key} ({tables})"));
            }
        }
    };
    for (heading, tables) in STRAY {
        for table in tables {
            let text = format!("{EXAMPLE}\n[[controller.source]]\nname = \"a\"\n{table}\n");
            let said = load(&text, &[]).map(|_| ()).unwrap_err();
            look(&format!("## {heading}"), table, &said);
        }
    }
    for table in STRAY_IN_A_DESCRIPTION {
        let said = toml::from_str::<crate::adapters::declared::Description>(table).unwrap_err();
        look("### The keys of a description", table, said.message());
    }
    assert!(missing.is_empty(), "docs/sources.md lacks {missing:#?}");
}

#[test]
fn what_is_left_is_named_in_either_spelling() {
    for spelling in ["leftover", "leftovers"] {
        for table in ["files", "sql", "s3"] {
            let begins = match table {
                "files" => "root = \"/srv\"".to_owned(),
                "sql" => {
                    "database = { engine = \"sqlite\", path = \"a.db\" }\nplace = []".to_owned()
                }
                _ => "address = \"https://a.example\"\nbucket = \"b\"\nprefix = []\n\
                      reading = { access_key = \"A\", key = { env = \"A\" } }"
                    .to_owned(),
            };
            let text = format!(
                "{EXAMPLE}\n[[controller.source]]\nname = \"a\"\n[controller.source.{table}]\n{begins}\n\
                 [[controller.source.{table}.{spelling}]]\nkind = \"backup\"\nplace = \"tapes\"\n"
            );
            let settings = load(&text, &[]).unwrap_or_else(|said| panic!("{said}"));
            let adapter = format!("{:?}", settings.controllers[0].sources[0].adapter);
            assert!(adapter.contains("tapes"), "{spelling}: {adapter}");
        }
    }
}

#[test]
fn the_page_on_configuration_is_fresh() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    if std::env::var_os("RENEW").is_some() {
        fs::write(&page, markdown()).unwrap();
    }
    let written = fs::read_to_string(page).unwrap_or_default();
    assert!(
        written == markdown(),
        "docs/configuration.md is stale: RENEW=1 cargo test --lib the_page_on_configuration"
    );
}

#[test]
fn an_unknown_key_is_named_with_file_line_and_what_would_be_known() {
    let said = load("[server]\nlisten = '127.0.0.1:1'\nlissen = 'x'\n", &[])
        .map(|_| ())
        .unwrap_err();
    for part in [
        "rechtzeitig.toml",
        "line 3",
        "`lissen`",
        "`listen`",
        "docs/configuration.md",
    ] {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once_with_what_helps() {
    let text = EXAMPLE
        .replace("place = \"DE-HE\"", "place = \"DE-XX\"")
        .replace("slug = \"example\"", "slug = \"Desk!\"")
        .replace("[desk]", "[desk]\ndigest_hour = 24");
    let said = load(&text, &[]).map(|_| ()).unwrap_err();
    for part in [
        "3 to put right",
        "controller[0].place",
        "controller[0].slug",
        "desk.digest_hour",
    ] {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }
}

#[test]
fn art_77_without_an_authority_the_one_of_the_land_is_named() {
    let (before, _) = EXAMPLE
        .split_once("# The supervisory authority by your seat")
        .unwrap();
    let settings = load(&before.replace("\"DE-HE\"", "\"DE-BY+augsburg\""), &[]).unwrap();
    let authority = &settings.controllers[0].controller.authority;
    assert_eq!(
        authority.name,
        "Bayerisches Landesamt für Datenschutzaufsicht"
    );
    assert_eq!(authority.address, ["Promenade 18", "91522 Ansbach"]);
    let nowhere = load(&before.replace("\"DE-HE\"", "\"DE\""), &[])
        .map(|_| ())
        .unwrap_err();
    assert!(nowhere.contains("authority.name"), "{nowhere}");
}

#[test]
fn an_own_book_of_law_goes_before_the_shipped_one_and_a_bad_one_is_named() {
    let (folder, path) = written(&EXAMPLE.replace("#file = \"law.toml\"", "file = \"law.toml\""));
    let said = Settings::load_with(&path, []).unwrap_err().to_string();
    assert!(
        said.contains("law.file") && said.contains("law.toml"),
        "{said}"
    );
    let own = include_str!("../../config/law.toml").replace("\"2026-1\"", "\"own\"");
    fs::write(folder.path().join("law.toml"), own).unwrap();
    assert_eq!(Settings::load_with(&path, []).unwrap().law.version(), "own");
}

#[test]
fn the_environment_goes_before_the_file() {
    let settings = load(
        EXAMPLE,
        &[
            ("RECHTZEITIG__SERVER__LISTEN", "0.0.0.0:9000"),
            ("RECHTZEITIG__SERVER__WORKERS", "3"),
            ("RECHTZEITIG__DESK__SECOND_FACTOR", "false"),
            ("RECHTZEITIG__CONTROLLER__0__NAME", "Kontor Ährenfeld"),
            ("RECHTZEITIG__MAIL__HOST", "mail.example"),
            ("RECHTZEITIG_OTHER", "not ours"),
        ],
    )
    .unwrap();
    assert_eq!(settings.listen().to_string(), "0.0.0.0:9000");
    assert_eq!(
        (settings.server.workers, settings.desk.second_factor),
        (3, false)
    );
    assert_eq!(settings.controllers[0].controller.name, "Kontor Ährenfeld");
    assert_eq!(settings.mail.unwrap().host, "mail.example");
    for (name, value) in [
        ("RECHTZEITIG__SERVER__LISSEN", "x"),
        ("RECHTZEITIG__CONTROLLER__7__NAME", "x"),
        ("RECHTZEITIG__SERVER__WORKERS", "many"),
    ] {
        assert!(load(EXAMPLE, &[(name, value)]).is_err(), "{name}");
    }
}

#[test]
fn secrets_come_from_files_and_variables_and_never_show() {
    let (folder, path) = written(&format!(
        "[store]\npostgres_env = 'PG_URL'\n[mail]\nhost = 'mail.example'\nuser = 'kontor'\npassword_file = 'smtp.pw'\n{}",
        &EXAMPLE[EXAMPLE.find("[[controller]]").unwrap()..]
    ));
    let environment = || [("PG_URL".to_owned(), "postgres://u:sesam@db/x".to_owned())];
    let said = Settings::load_with(&path, environment())
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("mail.password_file") && said.contains("smtp.pw"),
        "{said}"
    );
    fs::write(folder.path().join("smtp.pw"), "geheim\n").unwrap();
    let settings = Settings::load_with(&path, environment()).unwrap();
    assert_eq!(
        settings.store,
        storage::Settings::Postgres("postgres://u:sesam@db/x".into())
    );
    assert!(settings.mail.as_ref().unwrap().password.is_some());
    let shown = format!("{settings:?}");
    assert!(
        !shown.contains("geheim") && !shown.contains("sesam"),
        "{shown}"
    );
}

#[test]
fn two_controllers_never_share_a_path() {
    let controller = &EXAMPLE[EXAMPLE.find("[[controller]]").unwrap()..];
    let said = load(&format!("{controller}\n{controller}"), &[])
        .map(|_| ())
        .unwrap_err();
    assert!(
        said.contains("the path 'example' leads to controller[0] already"),
        "{said}"
    );
}

#[test]
fn nothing_found_names_the_verbs_that_help() {
    let said = SettingsError::Nowhere.to_string();
    assert!(
        said.contains("init") && said.contains("demo") && said.contains("--config"),
        "{said}"
    );
}
