//! Looks at a row before and after an act, runs the statements of one, and counts the rows that each of them met.

use super::Sql;
use super::line::{As, Row, Session};
use super::named::{Parameter, Statement, Values};
use super::plan::{Place, Step};
use super::settings::Rows;
use crate::ports::source::{Fault, Manner, Mishap, RecordRef};

impl Place {
    /// The statement that reads one row.
    pub fn reading(&self) -> Result<&Statement, Mishap> {
        let missing = || {
            Mishap::new(
                Fault::Unknown,
                format!("place {}: `read` is not declared", self.name),
            )
        };
        self.read.as_ref().ok_or_else(missing)
    }

    /// The row as it stands there now.
    pub async fn look(
        &self,
        session: &mut dyn Session,
        record: &RecordRef,
    ) -> Result<Option<Row>, Mishap> {
        let values = Values::from([(Parameter::Id, record.id.reveal().clone())]);
        let read = self.reading()?;
        let bound = read.bound(&values).ok_or_else(nobody)?;
        let mut rows: Vec<Row> = Vec::new();
        session.rows(read, &bound, &mut rows).await?;
        if rows.len() > 1 {
            return Err(Mishap::new(
                Fault::TooMany,
                format!("place {}: {} rows", self.name, rows.len()),
            ));
        }
        let Some(row) = rows.pop() else {
            return Ok(None);
        };
        self.complete(&row)?;
        // To a database that compares loosely another key may be the same.
        match self.id(&row)? == record.id.reveal() {
            true => Ok(Some(row)),
            false => Err(Mishap::new(
                Fault::Conflict,
                format!("place {}: another row", self.name),
            )),
        }
    }

    /// Whether the row is still the one that was laid before the clerk.
    pub fn still(&self, row: &Row, record: &RecordRef) -> Result<(), Mishap> {
        match record.version.as_deref() == Some(self.state(row).as_str()) {
            true => Ok(()),
            false => Err(Mishap::new(
                Fault::Conflict,
                format!("place {}: whose the row is has changed", self.name),
            )),
        }
    }

    /// The statements of an act.
    pub fn steps_of(&self, manner: Manner) -> Result<&[Step], Mishap> {
        let steps = match manner {
            Manner::Erase => &self.erase,
            Manner::Anonymise => &self.anonymise,
        };
        match steps.is_empty() {
            false => Ok(steps),
            true => Err(Mishap::new(
                Fault::Unknown,
                format!("place {}: no statement for it", self.name),
            )),
        }
    }

    /// What the statements of an act may use of the row.
    pub fn values(&self, row: &Row, record: &RecordRef) -> Values {
        let mut values = Values::from([(Parameter::Id, record.id.reveal().clone())]);
        for (&key, columns) in &self.settings.exact {
            if let Some(value) = columns.all().iter().find_map(|column| row.text(column)) {
                values.insert(Parameter::Key(key), value.to_owned());
            }
        }
        values
    }

    /// Whether nothing of what tied the row to her stands there any more.
    pub fn forgets(&self, before: &Row, after: &Row) -> bool {
        let same = |column: &&str| {
            before.text(column).is_some() && before.text(column) == after.text(column)
        };
        let identity = |column: &&str| {
            self.settings
                .follows
                .as_ref()
                .is_none_or(|it| it.column != **column)
        };
        !self
            .ties()
            .iter()
            .filter(|column| identity(column))
            .any(same)
    }
}

/// An empty identifier means everybody.
pub fn nobody() -> Mishap {
    Mishap::new(Fault::NoIdentifier, "nothing to go by")
}

/// What stands there is not what was written.
pub fn not_written(what: &str) -> Mishap {
    Mishap::new(Fault::NotWritten, what.to_owned())
}

/// Runs the statements; so many rows each of them met.
pub async fn run<'s>(
    session: &mut dyn Session,
    steps: &'s [Step],
    values: &Values,
) -> Result<Vec<(&'s Step, u64)>, Mishap> {
    let mut met = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        let rows = match step.statement.bound(values) {
            Some(bound) => session.change(&step.statement, &bound).await?,
            // Without its identifier it is not run, and so meets nothing.
            None => 0,
        };
        let (least, most) = match step.rows {
            Rows::Exactly(rows) => (rows, rows),
            Rows::Between { least, most } => (least, most),
        };
        let detail = format!(
            "statement {}: {rows} rows and not {least} to {most}",
            place + 1
        );
        if rows > most {
            return Err(Mishap::new(Fault::TooMany, detail));
        }
        if rows < least {
            return Err(not_written(&detail));
        }
        met.push((step, rows));
    }
    Ok(met)
}

impl Sql {
    /// Another line and another role: what stands there for everybody.
    pub async fn read_back(
        &self,
        place: &Place,
        record: &RecordRef,
    ) -> Result<Option<Row>, Mishap> {
        let mut line = self.engine.line(As::Reader).await?;
        let mut session = line.begin().await?;
        let row = place.look(session.as_mut(), record).await?;
        session.end(false).await?;
        Ok(row)
    }
}
