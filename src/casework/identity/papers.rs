//! The letters of a proof on paper, and the papers that the person brings.

use std::io::Read;

use chrono::NaiveDate;

use super::super::error::Error;
use super::super::facts;
use super::super::office::{House, Office};
use super::Question;
use crate::domain::case::Case;
use crate::domain::identity::{Method, OnFile, Unidentified};
use crate::domain::ids::FileId;
use crate::domain::private::Private;
use crate::domain::scope::Scope;
use crate::letters::facts::{Facts, IdentityFacts};
use crate::letters::pdf::print_sheet;
use crate::letters::press::Kind;
use crate::seal::Key;
use crate::storage::StoreError;
use crate::storage::filing::{self, FilePurpose, FileRow};
use crate::words::dates::long_date;
use crate::words::proof;

/// Most bytes of an answer that is shown.
const SHOWN: u64 = 16 * 1024;

/// Something the person brought, for the one who weighs it.
#[derive(Debug, Clone)]
pub struct Brought {
    /// The day.
    pub on: NaiveDate,
    /// Which of the means it is.
    pub method: Method,
    /// Her answers, if that is what she brought.
    pub answers: Option<Private<String>>,
    /// Files to look at.
    pub files: Vec<(FileId, Private<String>, u64)>,
}

/// What asks for a proof.
pub(super) fn demand(
    house: &House,
    case: &Case,
    key: &Key,
    today: NaiveDate,
    question: &Question,
    means: &[String],
) -> Facts {
    Facts {
        identity: Some(IdentityFacts {
            doubt: question.ask.doubt.trim().to_owned(),
            means: means.to_vec(),
            paused: question.ask.pause,
            copy: question.ask.means.contains(&Method::BlackenedCopy),
            ..IdentityFacts::default()
        }),
        ..facts::of_case(house, case, key, case.intake.lang, today)
    }
}

/// What asks a second time.
pub(in crate::casework) fn reminder(
    house: &House,
    case: &Case,
    key: &Key,
    today: NaiveDate,
) -> Facts {
    let lang = case.intake.lang;
    Facts {
        identity: asked(house, case, Some(long_date(case.closes_on(today), lang))),
        ..facts::of_case(house, case, key, lang, today)
    }
}

/// What closes a case in which nobody knows who it is.
pub(in crate::casework) fn end(
    house: &House,
    case: &Case,
    key: &Key,
    today: NaiveDate,
    because: &str,
) -> Facts {
    let known = asked(house, case, None);
    let identity = IdentityFacts {
        // The reason why it is closed stands where the doubt stood.
        doubt: because.trim().to_owned(),
        ..known.unwrap_or_default()
    };
    Facts {
        identity: Some(identity),
        ..facts::of_case(house, case, key, case.intake.lang, today)
    }
}

fn asked(house: &House, case: &Case, until: Option<String>) -> Option<IdentityFacts> {
    let (lang, form) = (case.intake.lang, house.controller.form);
    let asked = case.proof.asked.as_ref()?;
    Some(IdentityFacts {
        doubt: asked.doubt.reveal().clone(),
        means: proof::means(&asked.means, &asked.keys, lang, form, ""),
        paused: case.term.deadline.waiting_since.is_some(),
        copy: asked.means.contains(&Method::BlackenedCopy),
        asked_on: Some(long_date(asked.first, lang)),
        until,
    })
}

/// What carries a code to the address on file, and to no other.
pub(super) fn code(
    house: &House,
    case: &Case,
    key: &Key,
    today: NaiveDate,
    on_file: &OnFile,
    code: &str,
    until: NaiveDate,
) -> Facts {
    let lang = case.intake.lang;
    let mut facts = facts::of_case(house, case, key, lang, today);
    facts.person.address = on_file
        .address
        .iter()
        .flat_map(|address| {
            address
                .reveal()
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    facts.link = facts.link.map(|status| format!("{status}/proof"));
    facts.code = Some(code.to_owned());
    facts.expiry = Some(long_date(until, lang));
    facts
}

/// The letter that ends a case for this cause.
pub(in crate::casework) fn ending(cause: Unidentified) -> &'static str {
    match cause {
        Unidentified::Silent | Unidentified::Insufficient => "not_identified",
        Unidentified::Unidentifiable => "not_identifiable",
    }
}

impl Office {
    /// Prints a letter that a person posts.
    pub(super) fn print_paper(
        &self,
        house: &House,
        case: &Case,
        stem: &str,
        facts: &Facts,
    ) -> Result<Vec<u8>, Error> {
        let kind = Kind::named(stem).ok_or(Error::Fault("a letter of an unknown kind"))?;
        let lang = case.intake.lang;
        let printed = self.press.print(kind, lang, house.controller.form, facts)?;
        let mut window = vec![facts.person.name.clone()];
        window.extend(facts.person.address.iter().cloned());
        let sheet = printed.sheet(facts, lang, window, self.now());
        let sheets =
            print_sheet(&sheet).map_err(|_| Error::Fault("the letter cannot be laid out"))?;
        Ok(sheets.pdf)
    }

    /// The same, kept with the case.
    pub(super) async fn paper(
        &self,
        house: &House,
        case: &Case,
        stem: &str,
        facts: &Facts,
    ) -> Result<FileRow, Error> {
        let pdf = self.print_paper(house, case, stem, facts)?;
        let name = format!("{}-{}.pdf", case.number, stem.replace('_', "-")).into();
        self.put_file(
            house,
            Some(case.id),
            None,
            FilePurpose::Letter,
            (&name, "application/pdf"),
            pdf,
        )
        .await
    }

    /// What the person brought, opened for whoever weighs it. It is shown there and nowhere else.
    pub async fn brought(&self, scope: &Scope, case: &Case) -> Result<Vec<Brought>, Error> {
        let house = self.house(case.controller)?;
        let mut all = Vec::new();
        for given in &case.proof.given {
            let mut brought = Brought {
                on: given.on,
                method: given.method,
                answers: None,
                files: vec![],
            };
            for id in &given.files {
                let (reach, id) = (scope.clone(), *id);
                let row = match self
                    .store
                    .read(move |conn| filing::load(conn, &reach, id))
                    .await
                {
                    Err(StoreError::NotFound) => continue,
                    other => other?,
                };
                if given.method == Method::Knowledge {
                    let mut text = String::new();
                    self.open_row(row)?
                        .reader
                        .take(SHOWN)
                        .read_to_string(&mut text)
                        .map_err(|_| Error::Fault("an answer cannot be read"))?;
                    brought.answers = Some(text.into());
                } else {
                    brought
                        .files
                        .push((row.id(), row.name(&house.keys)?, row.size()));
                }
            }
            all.push(brought);
        }
        Ok(all)
    }
}
