//! One finding: all it says in plain words, what of it belongs to others, and what is made black.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::findings::Sheet;
use crate::casework::{Error, Office};
use crate::domain::finding::{Blackening, Stretch};
use crate::domain::ids::{CaseId, FindingId};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::domain::source::Nature;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::{Act, seen};
use crate::web::office::acts::Kind;
use crate::web::office::findings::{self, address, said, system_name, when};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::{desk, size, sources};

/// A field as the page shows it.
struct Shown {
    number: usize,
    label: String,
    /// Its name over there, where that is another word.
    bare: String,
    /// In pieces: the text, and whether it is black.
    pieces: Vec<(String, bool)>,
    /// Whether all of it is black.
    black: bool,
    /// What of it was typed as black, line by line.
    typed: String,
    long: bool,
}

struct Attached {
    number: usize,
    name: String,
    size: String,
    black: bool,
}

#[derive(Template)]
#[template(path = "office/finding.html")]
struct Page {
    p: Desk,
    act: Act,
    sheet: Sheet,
    system: String,
    category: String,
    tie: String,
    cautions: Vec<String>,
    said: Vec<&'static str>,
    fields: Vec<Shown>,
    files: Vec<Attached>,
    grounds: Vec<(String, String)>,
    back: String,
    when: String,
    done: bool,
}

/// The stretches of a text where these words stand, whole or in part, in any case.
fn stretches(text: &str, words: &str) -> Vec<Stretch> {
    let mut found = Vec::new();
    for word in words.lines().map(str::trim).filter(|word| !word.is_empty()) {
        for (from, part) in text.match_indices(word) {
            found.push(Stretch {
                from,
                to: from + part.len(),
            });
        }
    }
    found.sort();
    let mut merged: Vec<Stretch> = Vec::new();
    for stretch in found {
        match merged.last_mut() {
            Some(last) if stretch.from <= last.to => last.to = last.to.max(stretch.to),
            _ => merged.push(stretch),
        }
    }
    merged
}

/// A text in pieces, with what is black between them.
fn pieces(text: &str, parts: &[Stretch]) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for part in parts {
        if let Some(before) = text.get(at..part.from).filter(|it| !it.is_empty()) {
            pieces.push((before.to_owned(), false));
        }
        if let Some(black) = text.get(part.from..part.to) {
            pieces.push((black.to_owned(), true));
        }
        at = part.to;
    }
    if let Some(rest) = text.get(at..).filter(|it| !it.is_empty()) {
        pieces.push((rest.to_owned(), false));
    }
    pieces
}

fn fields(sheet: &Sheet, act: &Act) -> Vec<Shown> {
    let black = &sheet.mark.black;
    let shown = sheet
        .record
        .fields
        .iter()
        .enumerate()
        .map(|(number, field)| {
            let whole = black
                .iter()
                .any(|it| matches!(it, Blackening::Field { field } if *field == number));
            let parts = black
                .iter()
                .find_map(|it| match it {
                    Blackening::Parts { field, parts } if *field == number => {
                        Some(parts.as_slice())
                    }
                    _ => None,
                })
                .unwrap_or_default();
            let text = field.value.reveal();
            let mut words: Vec<&str> = Vec::new();
            for part in parts {
                if let Some(word) = text
                    .get(part.from..part.to)
                    .filter(|it| !words.contains(it))
                {
                    words.push(word);
                }
            }
            let label = sources::field(&field.name, field.label.as_deref(), Lang::De);
            Shown {
                number,
                bare: match field.name.eq_ignore_ascii_case(&label) {
                    true => String::new(),
                    false => field.name.clone(),
                },
                label,
                pieces: pieces(text, parts),
                black: act.chosen(&format!("black-{number}"), "yes", whole),
                typed: act.value(&format!("words-{number}"), words.join("\n")),
                long: field.nature != Nature::Plain || text.len() > 120,
            }
        });
    shown.collect()
}

async fn page(
    office: &Office,
    session: &Session,
    act: Act,
    id: FindingId,
    done: bool,
) -> Result<Page, Problem> {
    let case = act.case().id;
    let sheet = office.sheet(&session.scope, case, id).await?;
    let mut said: Vec<&'static str> = [sheet.shown.giving, sheet.shown.ending]
        .into_iter()
        .flatten()
        .map(desk::treatment)
        .collect();
    said.extend(sheet.shown.fate.map(|fate| sources::fate(fate, Lang::De)));
    let files = sheet.record.files.iter().enumerate();
    Ok(Page {
        p: session.desk(office, Room::Cases).await?,
        system: system_name(act.case(), sheet.heap.system),
        category: sources::category(&sheet.heap.category, Lang::De),
        tie: sources::tie(&sheet.record.tie),
        cautions: sheet.record.cautions.iter().map(sources::caution).collect(),
        said,
        fields: fields(&sheet, &act),
        files: files
            .map(|(number, file)| Attached {
                number,
                name: file.name.reveal().clone(),
                size: file
                    .size
                    .map(|bytes| size::size(bytes, Lang::De))
                    .unwrap_or_default(),
                black: act.chosen(
                    &format!("file-{number}"),
                    "yes",
                    sheet
                        .mark
                        .black
                        .iter()
                        .any(|it| matches!(it, Blackening::File { file } if *file == number)),
                ),
            })
            .collect(),
        grounds: findings::grounds(office, act.case()),
        back: address(case, &sheet.heap, None),
        when: sheet.record.at.map(when).unwrap_or_default(),
        sheet,
        act,
        done,
    })
}

/// The finding.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    at: web::Path<(CaseId, FindingId)>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let (case, id) = at.into_inner();
    let act = Act::open(&office, &session, case, Kind::Tasks).await?;
    let done = asked.iter().any(|(key, _)| key == "done");
    show(
        StatusCode::OK,
        &page(&office, &session, act, id, done).await?,
    )
}

/// What the form makes black.
fn black(sheet: &Sheet, posted: &Posted) -> Vec<Blackening> {
    let mut black = Vec::new();
    for (number, field) in sheet.record.fields.iter().enumerate() {
        if posted.get(&format!("black-{number}")) == "yes" {
            black.push(Blackening::Field { field: number });
            continue;
        }
        let parts = stretches(field.value.reveal(), posted.get(&format!("words-{number}")));
        if !parts.is_empty() {
            black.push(Blackening::Parts {
                field: number,
                parts,
            });
        }
    }
    for number in 0..sheet.record.files.len() {
        if posted.get(&format!("file-{number}")) == "yes" {
            black.push(Blackening::File { file: number });
        }
    }
    // Areas of pictures are kept: they are drawn on another page.
    let drawn = |it: &&Blackening| matches!(it, Blackening::Areas { .. });
    black.extend(sheet.mark.black.iter().filter(drawn).cloned());
    black
}

/// Makes parts of it black.
pub async fn act(
    signed: Signed,
    office: web::Data<Office>,
    at: web::Path<(CaseId, FindingId)>,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    let (case, id) = at.into_inner();
    let done = blacken(&office, &session, (case, id), &posted).await;
    match done {
        Ok(()) => Ok(see_other(&format!(
            "/desk/cases/{case}/findings/{id}?done=yes"
        ))),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            let mut act = Act::open(&office, &session, case, Kind::Tasks).await?;
            act.trouble = Some(said(&obstacle));
            act.typed = Some(posted);
            let page = page(&office, &session, act, id, false).await?;
            show(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

async fn blacken(
    office: &Office,
    session: &Session,
    (case, id): (CaseId, FindingId),
    posted: &Posted,
) -> Result<(), Error> {
    let sheet = office.sheet(&session.scope, case, id).await?;
    // Words that stand nowhere would be taken for done.
    for (number, field) in sheet.record.fields.iter().enumerate() {
        let typed = posted.get(&format!("words-{number}"));
        let lost =
            |word: &&str| !word.trim().is_empty() && !field.value.reveal().contains(word.trim());
        if typed.lines().any(|word| lost(&word)) {
            return Err(Obstacle::Empty("black-words").into());
        }
    }
    let black = black(&sheet, posted);
    let reason = findings::reason(office, posted)?;
    office
        .blacken(&session.scope, case, seen(posted), id, black, reason)
        .await
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_overlap_are_one_black_stretch() {
        let text = "Frau Erika Muster und Herr Muster";
        assert_eq!(
            stretches(text, "Erika Muster\nMuster\n\n nirgends "),
            [Stretch { from: 5, to: 17 }, Stretch { from: 27, to: 33 }]
        );
        let shown = pieces(text, &stretches(text, "Erika Muster"));
        assert_eq!(
            shown,
            [
                ("Frau ".to_owned(), false),
                ("Erika Muster".to_owned(), true),
                (" und Herr Muster".to_owned(), false)
            ]
        );
    }
}
