//! Descriptions as texts: those that come with the program are sound, and what is missing in one is named with what helps.

use rechtzeitig::adapters::declared::{Declared, Gap, OneOrMany, SHIPPED, Settings, blank, read};
use rechtzeitig::ports::source::Fault;

use super::{Said, Theatre, limits, try_described};

fn keys(text: &str) -> Vec<String> {
    read(text)
        .err()
        .unwrap_or_default()
        .into_iter()
        .map(|it| it.key)
        .collect()
}

#[test]
fn what_comes_with_the_program_is_sound_and_holds_no_key() {
    for (name, text) in SHIPPED {
        if let Err(gaps) = read(text) {
            let lines: Vec<String> = gaps.iter().map(Gap::to_string).collect();
            panic!("{name}:\n{}", lines.join("\n"));
        }
        assert!(
            text.lines().all(|line| line.chars().count() <= 240),
            "{name}"
        );
        assert!(text.starts_with("# "), "{name} says what it is");
    }
}

#[test]
fn a_blank_description_is_sound_and_stays_so_with_all_its_suggestions() {
    let text = blank("Muster \"CRM\"");
    assert!(text.contains("title = \"Muster CRM\""));
    assert!(read(&text).is_ok(), "{:?}", keys(&text));
    // All commented suggestions taken: only what excludes each other stays out.
    let apart = [
        "#values",
        "#header",
        "#prefix",
        "#query",
        "#token_address",
        "#scope",
        "#send",
    ];
    let all: String = text
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest)
                if !rest.starts_with(' ') && !apart.iter().any(|it| line.starts_with(it)) =>
            {
                format!("{rest}\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let told = read(&all)
        .map(|_| ())
        .map_err(|gaps| gaps.iter().map(Gap::to_string).collect::<Vec<_>>());
    assert_eq!(told, Ok(()), "{all}");
}

#[test]
fn an_empty_description_is_told_everything_at_once() {
    let keys = keys("");
    for key in [
        "title",
        "address",
        "hosts",
        "login.kind",
        "check",
        "place",
        "leftovers",
    ] {
        assert!(keys.contains(&key.to_owned()), "{key} in {keys:?}");
    }
}

#[test]
fn an_unknown_key_is_no_description() {
    let gaps = read("titel = 'x'").unwrap_err();
    assert!(gaps[0].what.contains("titel"), "{gaps:?}");
    assert!(!gaps[0].helps.is_empty());
}

/// The sound blank with one thing changed.
fn with(from: &str, to: &str) -> Vec<String> {
    let text = blank("X");
    assert!(text.contains(from), "{from}");
    keys(&text.replacen(from, to, 1))
}

#[test]
fn what_would_be_dangerous_is_named() {
    for (from, to, key) in [
        (
            "match = { email = [\"/email\"] }",
            "",
            "place.contacts.match.email",
        ),
        ("claims = \"contains\"", "", "place.contacts.find.claims"),
        ("email = \"{email}\", ", "", "place.contacts.find.email"),
        (
            "email = \"{email}\"",
            "email = \"{mail}\"",
            "place.contacts.find",
        ),
        (
            "page = \"{page}\"",
            "page = \"1\"",
            "place.contacts.find.paging",
        ),
        ("at = \"/error\" }", "}", "place.contacts.read.nobody"),
        (
            "path = \"/contacts/{id}\"",
            "path = \"/contacts\"",
            "place.contacts.read",
        ),
        (
            "path = \"/contacts\"",
            "path = \"/contacts//all\"",
            "place.contacts.find.path",
        ),
        (
            "path = \"/contacts\"",
            "path = \"/contacts?all=1\"",
            "place.contacts.find.path",
        ),
        (
            "hosts = [\"api.system.example\"]",
            "hosts = [\"other.example\"]",
            "hosts",
        ),
        (
            "id = \"/id\"\nmatch",
            "id = \"id\"\nmatch",
            "place.contacts.id",
        ),
        ("kind = \"bearer\"", "kind = \"header\"", "login.header"),
        ("category = \"contact\"", "", "place.contacts.category"),
        (
            "\nrecords = \"/data\"",
            "\nrecords = \"data\"",
            "place.contacts.find.records",
        ),
    ] {
        let keys = with(from, to);
        assert!(keys.contains(&key.to_owned()), "{from} -> {to}: {keys:?}");
    }
}

#[test]
fn what_hangs_on_others_says_on_which_one() {
    let below = |more: &str, find: &str| {
        keys(&format!(
            "{}\n[[place]]\nkind = 'notes'\nof = 'contacts'\ncategory = 'note'\nid = '/id'\n{more}\n[[place.find]]\n{find}",
            blank("X")
        ))
    };
    // A filter that is not understood would lay everybody's notes beside hers.
    let filter = "path = '/notes'\nquery = { contact = '{parent}' }";
    assert_eq!(below("", filter), ["place.notes.above"]);
    assert_eq!(below("above = '/contact'", filter), [""; 0]);
    assert_eq!(below("match = { email = ['/email'] }", filter), [""; 0]);
    assert_eq!(below("", "path = '/contacts/{parent}/notes'"), [""; 0]);
    assert_eq!(below("above = 'contact'", filter), ["place.notes.above"]);
    let contacts = "kind = \"contacts\"";
    let nowhere = blank("X").replacen(contacts, &format!("{contacts}\nabove = \"/x\""), 1);
    assert_eq!(keys(&nowhere), ["place.contacts.above"]);
    // Asked for by an address too, and below others: it must be the same record both times.
    let both = format!(
        "{filter}\n[[place.find]]\nby = ['email']\nclaims = 'exact'\npath = '/notes'\nquery = {{ mail = '{{email}}' }}"
    );
    let match_ = "above = '/contact'\nmatch = { email = ['/email'] }";
    assert_eq!(below(match_, &both), ["place.notes.read"]);
    let read = |path: &str| format!("{both}\n[place.read]\npath = '{path}'");
    assert_eq!(below(match_, &read("/notes/{id}")), [""; 0]);
    assert_eq!(
        below(match_, &read("/contacts/{parent}/notes/{id}")),
        ["place.notes.read"]
    );
}

#[test]
fn erasing_without_a_key_in_the_path_without_a_limit_or_without_reading_is_refused() {
    let erase = |text: &str| {
        keys(&blank("X").replacen("#[place.erase]\n", &format!("[place.erase]\n{text}\n"), 1))
    };
    assert!(
        erase("most = 1\nsteps = [{ method = 'DELETE', path = '/groups/7/receivers' }]")
            .contains(&"place.contacts.erase.steps".to_owned())
    );
    assert!(
        erase("steps = [{ method = 'DELETE', path = '/contacts/{id}' }]")
            .contains(&"place.contacts.erase.most".to_owned())
    );
    assert!(
        erase("most = 1\nsteps = [{ path = '/contacts/{id}' }]")
            .contains(&"place.contacts.erase.steps.method".to_owned())
    );
    assert!(
        erase(
            "most = 1\nmanner = 'anonymise'\nsteps = [{ method = 'PUT', path = '/contacts/{id}' }]"
        )
        .contains(&"place.contacts.erase.empty".to_owned())
    );
    assert!(erase("most = 1\nsteps = [{ method = 'DELETE', path = '/contacts/{id}' }]").is_empty());
    let unread = blank("X").replacen("[place.read]", "[place.erase]\nmost = 1\nsteps = [{ method = 'DELETE', path = '/c/{id}' }]\n[[place.find]]\nby = ['email']", 1);
    assert!(keys(&unread).contains(&"place.contacts.read".to_owned()));
}

#[tokio::test]
async fn settings_that_cannot_work_say_which_key() {
    let theatre = Theatre::open(|_| Said::json(200, serde_json::json!([]))).await;
    let text = blank("X");
    let said = |change: fn(&mut Settings)| {
        let mishap = try_described(&text, &theatre, change).err().unwrap();
        assert_eq!(mishap.fault, Fault::Misconfigured);
        mishap.detail
    };
    assert!(said(|it| it.shipped = Some("cleverreach".into())).contains("either"));
    assert!(said(|it| it.reading = None).contains("reading.key"));
    assert!(said(|it| it.address = Some("http://api.system.example".into())).contains("clear"));
    assert!(
        said(|it| {
            it.values.insert("x".into(), OneOrMany::One("1".into()));
        })
        .contains("values.x")
    );
    assert!(
        said(|it| {
            it.expected.insert("groups".into(), vec!["a".into()]);
        })
        .contains("expected.groups")
    );
    let unknown = Settings {
        shipped: Some("nothing".into()),
        ..Settings::default()
    };
    let mishap = Declared::new(&unknown, &limits()).err().unwrap();
    assert!(mishap.detail.contains("cleverreach"), "{mishap}");
    let missing = Settings {
        shipped: Some("meetergo".into()),
        ..Settings::default()
    };
    assert!(
        Declared::new(&missing, &limits())
            .err()
            .unwrap()
            .detail
            .contains("values.since")
    );
}

#[test]
fn settings_are_read_from_toml() {
    let settings: Settings = toml::from_str(
        "shipped = 'graph'\nreading = { key = { env = 'X' }, user = 'client' }\nvalues = { tenant = 't', mailboxes = ['a', 'b'] }\nexpected = { folders = ['Partner'] }",
    )
    .unwrap();
    assert!(matches!(&settings.values["mailboxes"], OneOrMany::Many(list) if list.len() == 2));
    assert!(toml::from_str::<Settings>("shiped = 'graph'").is_err());
}

#[test]
fn the_descriptions_in_the_manual_are_sound() {
    let manual = include_str!("../../../docs/sources.md");
    let blocks: Vec<&str> = manual
        .split("```toml\n")
        .skip(1)
        .filter_map(|it| it.split("```").next())
        .collect();
    let described: Vec<&&str> = blocks
        .iter()
        .filter(|it| it.lines().any(|line| line.starts_with("title = \"")))
        .collect();
    assert!(!described.is_empty(), "the worked example is gone");
    for block in described {
        assert_eq!(keys(block), Vec::<String>::new(), "{block}");
    }
    for block in &blocks {
        assert!(toml::from_str::<toml::Table>(block).is_ok(), "{block}");
    }
    for (name, _) in SHIPPED {
        assert!(
            manual.contains(&format!("| `{name}` |")),
            "{name} is not in the manual"
        );
    }
}
