//! The places of a folder as they were declared, and whether the declarations can work.

use chrono_tz::Tz;

use super::folders;
use super::pattern::Pattern;
use super::settings::{Column, Datev, Folder, Gobd, Log, Settings, Table};
use super::text::Letters;
use super::trail::Trail;
use super::{datev, logs};
use crate::domain::identifier::SearchKey;
use crate::ports::source::{Fault, Mishap};

/// What kind of files lie in a place.
#[derive(Clone, Debug)]
pub enum Kind {
    Log(Log),
    Table(Table),
    Datev(Datev),
    Gobd(Gobd),
    Folder(Folder),
}

/// A place.
#[derive(Clone, Debug)]
pub struct Area {
    /// As the operator calls it.
    pub name: String,
    /// Where its files lie.
    pub pattern: Pattern,
    /// What they are.
    pub kind: Kind,
}

impl Area {
    /// By what it can be searched.
    #[must_use]
    pub fn keys(&self) -> Vec<SearchKey> {
        match &self.kind {
            Kind::Log(_) => logs::KEYS.to_vec(),
            Kind::Datev(_) => datev::KEYS.to_vec(),
            Kind::Table(table) => table.identity.iter().map(|it| it.by).collect(),
            Kind::Gobd(gobd) => gobd.identity.iter().map(|it| it.by).collect(),
            Kind::Folder(folder) => folders::keys(folder, &self.pattern),
        }
    }

    /// Whether something may be taken away here by the adapter.
    #[must_use]
    pub fn erases(&self) -> bool {
        matches!(
            &self.kind,
            Kind::Table(Table { erase: Some(_), .. }) | Kind::Folder(Folder { erase: true, .. })
        )
    }
}

/// The places that were declared.
///
/// # Errors
/// [`Fault::Misconfigured`], which names the place.
pub fn areas(settings: &Settings) -> Result<Vec<Area>, Mishap> {
    let mut all: Vec<Area> = Vec::new();
    let mut add = |name: &str, path: &str, kind: Kind| {
        if name.trim().is_empty() || all.iter().any(|it| it.name == name) {
            return Err(wrong(name, "each place needs a name of its own"));
        }
        let pattern = Pattern::read(path).map_err(|why| wrong(name, &format!("path: {why}")))?;
        if !matches!(kind, Kind::Folder(_)) && !pattern.holes().is_empty() {
            return Err(wrong(name, "path: `{…}` belongs to folders alone"));
        }
        sound(name, &kind, &pattern)?;
        all.push(Area {
            name: name.to_owned(),
            pattern,
            kind,
        });
        Ok(())
    };
    for it in &settings.logs {
        add(&it.name, &it.path, Kind::Log(it.clone()))?;
    }
    for it in &settings.tables {
        add(&it.name, &it.path, Kind::Table(it.clone()))?;
    }
    for it in &settings.datev {
        add(&it.name, &it.path, Kind::Datev(it.clone()))?;
    }
    for it in &settings.gobd {
        add(&it.name, &it.path, Kind::Gobd(it.clone()))?;
    }
    for it in &settings.folders {
        add(&it.name, &it.path, Kind::Folder(it.clone()))?;
    }
    match all.is_empty() {
        true => Err(Mishap::new(Fault::Misconfigured, "no place is declared")),
        false => Ok(all),
    }
}

fn sound(name: &str, kind: &Kind, pattern: &Pattern) -> Result<(), Mishap> {
    let nobody = "identity: say where people stand";
    match kind {
        Kind::Log(_) | Kind::Datev(_) => Ok(()),
        Kind::Gobd(gobd) if gobd.identity.is_empty() => Err(wrong(name, nobody)),
        Kind::Gobd(_) => Ok(()),
        Kind::Table(table) => {
            let used = table.identity.iter().map(|it| &it.column);
            let used = used
                .chain(&table.key)
                .chain(&table.title)
                .chain(table.date.as_ref().map(|it| &it.column));
            columns(name, used, table.header)?;
            if table.identity.is_empty() {
                return Err(wrong(name, nobody));
            }
            if table
                .encoding
                .as_deref()
                .is_some_and(|it| Letters::named(it).is_none())
            {
                return Err(wrong(name, "encoding: not known"));
            }
            if table
                .separator
                .is_some_and(|it| !it.is_ascii() || it == '"')
            {
                return Err(wrong(name, "separator: one plain sign"));
            }
            if table
                .date
                .as_ref()
                .is_some_and(|it| it.zone.parse::<Tz>().is_err())
            {
                return Err(wrong(name, "date.zone: not known"));
            }
            if table.area_code.is_some() && table.bare_country {
                return Err(wrong(name, "area_code and bare_country exclude each other"));
            }
            match &table.erase {
                Some(erase) if erase.rows == 0 => Err(wrong(name, "erase.rows: at least 1")),
                _ => Ok(()),
            }
        }
        Kind::Folder(folder) => {
            if let Some(index) = &folder.index {
                columns(
                    name,
                    index
                        .identity
                        .iter()
                        .map(|it| &it.column)
                        .chain([&index.file]),
                    index.header,
                )?;
                if index.identity.is_empty() || Trail::read(&index.path).is_none() {
                    return Err(wrong(
                        name,
                        "index: a path below the root, and where people stand",
                    ));
                }
            }
            match pattern.holes().is_empty() && folder.index.is_none() && !folder.content {
                true => Err(wrong(
                    name,
                    "nothing says whose a file is: `{…}` in the path, index, or content",
                )),
                false => Ok(()),
            }
        }
    }
}

fn columns<'a>(
    name: &str,
    used: impl Iterator<Item = &'a Column>,
    header: bool,
) -> Result<(), Mishap> {
    for column in used {
        match column {
            Column::Place(0) => return Err(wrong(name, "columns are counted from 1")),
            Column::Name(_) if !header => {
                return Err(wrong(
                    name,
                    "without a header columns have places and no names",
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

fn wrong(name: &str, why: &str) -> Mishap {
    Mishap::new(Fault::Misconfigured, format!("{name}: {why}"))
}
