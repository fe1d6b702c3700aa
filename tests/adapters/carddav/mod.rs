//! Address books on a real server, and on servers that filter badly or answer to harm.

mod played;
mod radicale;
mod real;

use std::time::Duration;

use rechtzeitig::adapters::Limits;
use rechtzeitig::adapters::carddav::{CardDav, Settings};
use rechtzeitig::ports::source::Record;

/// Books below this address; `more` is TOML.
fn carddav(address: &str, user: &str, more: &str) -> CardDav {
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), radicale::PASSWORD).unwrap();
    let key = key.path().display();
    let account = |role: &str, user: &str| {
        format!("{role} = {{ user = '{user}', key = {{ file = '{key}' }} }}\n")
    };
    let mut settings = format!("address = '{address}'\n{more}\n{}", account("eraser", user));
    if !more.contains("reader") {
        settings.push_str(&account("reader", user));
    } else {
        settings = settings.replace(
            "READER",
            &format!(
                "{{ user = '{}', key = {{ file = '{key}' }} }}",
                radicale::READER
            ),
        );
    }
    let settings: Settings = toml::from_str(&settings).unwrap();
    let limits = Limits {
        patience: Duration::from_secs(1),
        largest: 4 * 1024 * 1024,
        ..Limits::default()
    };
    CardDav::new(&settings, &limits).unwrap()
}

fn titles(records: &[Record]) -> Vec<&str> {
    let mut titles: Vec<&str> = records
        .iter()
        .map(|it| it.title.reveal().as_str())
        .collect();
    titles.sort_unstable();
    titles
}

fn field<'a>(record: &'a Record, name: &str) -> &'a str {
    let mut fields = record.fields.iter();
    fields
        .find(|it| it.name == name)
        .map_or("", |it| it.value.reveal().as_str())
}
