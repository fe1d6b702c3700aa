//! One finding: all it says in plain words, what of it belongs to others, and what is made black.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::findings::Sheet;
use crate::casework::package::sheets::Reading;
use crate::casework::{Error, Office};
use crate::domain::finding::{Blackening, Reason, Stretch};
use crate::domain::ids::{CaseId, FindingId};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::domain::source::{Fault, Nature};
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::{Act, seen};
use crate::web::office::acts::Kind;
use crate::web::office::findings::{self, address, said, system_name, when};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::{desk, package, size, sources};

/// A field as the page shows it.
struct Shown {
    number: usize,
    label: String,
    /// Its name over there, where that is another word.
    bare: String,
    /// In pieces: the text, the class of its mark, and what the mark says.
    pieces: Vec<Piece>,
    /// Words that seem to belong to others, each once.
    others: Vec<String>,
    /// Whether all of it is black.
    black: bool,
    /// What of it was typed as black, line by line.
    typed: String,
    long: bool,
}

/// A piece of a text: its words, the class of its mark, and what the mark says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    words: String,
    class: &'static str,
    title: &'static str,
}

struct Attached {
    number: usize,
    name: String,
    size: String,
    black: bool,
    /// Whether a copy of it is here.
    here: bool,
    /// How many areas of it are black.
    areas: usize,
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
    /// Why a file did not come, if one was asked for.
    missed: &'static str,
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

/// A text in pieces, with what is black between them, and what seems to belong to others.
fn pieces(text: &str, black: &[Stretch], others: &[(Stretch, &'static str)]) -> Vec<Piece> {
    let mut marks: Vec<(Stretch, &'static str, &'static str)> = black
        .iter()
        .map(|it| (*it, "black", package::BLACK))
        .collect();
    let free = |it: &Stretch| {
        !black
            .iter()
            .any(|known| known.from < it.to && it.from < known.to)
    };
    let strange = others.iter().filter(|(stretch, _)| free(stretch));
    marks.extend(strange.map(|(stretch, code)| (*stretch, "other", package::other_person(code))));
    marks.sort();
    let mut pieces = Vec::new();
    let mut push = |words: Option<&str>, class, title| {
        let words = words.filter(|it| !it.is_empty());
        pieces.extend(words.map(|words| Piece {
            words: words.to_owned(),
            class,
            title,
        }));
    };
    let mut at = 0;
    for (stretch, class, title) in marks {
        push(text.get(at..stretch.from), "", "");
        push(text.get(stretch.from..stretch.to), class, title);
        at = stretch.to;
    }
    push(text.get(at..), "", "");
    pieces
}

fn fields(sheet: &Sheet, readings: &[Reading], act: &Act) -> Vec<Shown> {
    let black = &sheet.mark.black;
    let read = sheet.record.fields.iter().zip(readings).enumerate();
    let shown = read.map(|(number, (field, reading))| {
        let whole = black
            .iter()
            .any(|it| matches!(it, Blackening::Field { field } if *field == number));
        let parts = black
            .iter()
            .find_map(|it| match it {
                Blackening::Parts { field, parts } if *field == number => Some(parts.as_slice()),
                _ => None,
            })
            .unwrap_or_default();
        let text = reading.words.as_str();
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
        let pieces = pieces(text, parts, &reading.others);
        let mut others: Vec<String> = Vec::new();
        for piece in pieces
            .iter()
            .filter(|piece| piece.class == "other" && !whole)
        {
            if !others.contains(&piece.words) {
                others.push(piece.words.clone());
            }
        }
        Shown {
            number,
            bare: match field.name.eq_ignore_ascii_case(&label) {
                true => String::new(),
                false => field.name.clone(),
            },
            label,
            pieces,
            others,
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
    (done, missed): (bool, &'static str),
) -> Result<Page, Problem> {
    let case = act.case().id;
    let sheet = office.sheet(&session.scope, case, id).await?;
    let readings = office.readings(&session.scope, case, &sheet).await?;
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
        fields: fields(&sheet, &readings, &act),
        files: files
            .map(|(number, file)| Attached {
                number,
                name: file.name.reveal().clone(),
                size: file
                    .size
                    .map(|bytes| size::size(bytes, Lang::De))
                    .unwrap_or_default(),
                here: sheet.mark.copies.get(number).is_some_and(Option::is_some),
                areas: areas_of(&sheet, number),
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
        missed,
    })
}

fn areas_of(sheet: &Sheet, number: usize) -> usize {
    let of_it = sheet.mark.black.iter().map(|it| match it {
        Blackening::Areas { file, areas } if *file == number => areas.len(),
        _ => 0,
    });
    of_it.sum()
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
    let missed = asked.iter().find(|(key, _)| key == "missed");
    let missed = missed
        .and_then(|(_, code)| Fault::from_code(code))
        .map(sources::fault);
    let said = (done, missed.unwrap_or_default());
    show(
        StatusCode::OK,
        &page(&office, &session, act, id, said).await?,
    )
}

/// What the form makes black.
fn black(sheet: &Sheet, readings: &[Reading], posted: &Posted) -> Vec<Blackening> {
    let mut black = Vec::new();
    for (number, reading) in readings.iter().enumerate() {
        if posted.get(&format!("black-{number}")) == "yes" {
            black.push(Blackening::Field { field: number });
            continue;
        }
        let parts = stretches(&reading.words, posted.get(&format!("words-{number}")));
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

/// Makes parts of it black, fetches a file of it, or proposes the words that seem to belong to others.
pub async fn act(
    signed: Signed,
    office: web::Data<Office>,
    at: web::Path<(CaseId, FindingId)>,
) -> Result<HttpResponse, Problem> {
    let Signed {
        session,
        mut posted,
    } = signed;
    session.demand_anywhere(Role::Handler)?;
    let (case, id) = at.into_inner();
    let home = format!("/desk/cases/{case}/findings/{id}");
    let number = |text: &str| text.parse::<usize>().map_err(|_| Problem::not_found());
    let done = match posted.pressed() {
        ("fetch", at) => match office
            .copy_of(&session.scope, case, (id, number(at)?))
            .await
        {
            Ok(Ok(_)) => return Ok(see_other(&format!("{home}#files"))),
            Ok(Err(mishap)) => {
                let code = mishap.fault.code();
                return Ok(see_other(&format!("{home}?missed={code}#files")));
            }
            Err(error) => Err(error),
        },
        ("others", field) => {
            let field = number(field)?;
            propose(&office, &session, (case, id), field, &mut posted).await?;
            let mut act = Act::open(&office, &session, case, Kind::Tasks).await?;
            act.typed = Some(posted);
            let page = page(&office, &session, act, id, (false, "")).await?;
            return show(StatusCode::OK, &page);
        }
        _ => blacken(&office, &session, (case, id), &posted).await,
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{home}?done=yes"))),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            let mut act = Act::open(&office, &session, case, Kind::Tasks).await?;
            act.trouble = Some(said(&obstacle));
            act.typed = Some(posted);
            let page = page(&office, &session, act, id, (false, "")).await?;
            show(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// Writes the words of others into the form, behind what was typed; nothing is kept yet.
async fn propose(
    office: &Office,
    session: &Session,
    (case, id): (CaseId, FindingId),
    field: usize,
    posted: &mut Posted,
) -> Result<(), Error> {
    let sheet = office.sheet(&session.scope, case, id).await?;
    let readings = office.readings(&session.scope, case, &sheet).await?;
    let Some(reading) = readings.get(field) else {
        return Err(Error::NotFound);
    };
    let name = format!("words-{field}");
    let mut words: Vec<String> = posted.get(&name).lines().map(str::to_owned).collect();
    words.retain(|word| !word.trim().is_empty());
    for (stretch, _) in &reading.others {
        // A line of the form is a line: what runs over two is written as two.
        for word in reading
            .words
            .get(stretch.from..stretch.to)
            .unwrap_or_default()
            .lines()
        {
            if !word.trim().is_empty() && !words.iter().any(|known| known == word.trim()) {
                words.push(word.trim().to_owned());
            }
        }
    }
    posted.put(&name, words.join("\n"));
    Ok(())
}

async fn blacken(
    office: &Office,
    session: &Session,
    (case, id): (CaseId, FindingId),
    posted: &Posted,
) -> Result<(), Error> {
    let sheet = office.sheet(&session.scope, case, id).await?;
    let readings = office.readings(&session.scope, case, &sheet).await?;
    // Words that stand nowhere would be taken for done.
    for (number, reading) in readings.iter().enumerate() {
        let typed = posted.get(&format!("words-{number}"));
        let lost = |word: &&str| !word.trim().is_empty() && !reading.words.contains(word.trim());
        if typed.lines().any(|word| lost(&word)) {
            return Err(Obstacle::Empty("black-words").into());
        }
    }
    let black = black(&sheet, &readings, posted);
    let reason = reason(office, &sheet, posted)?;
    office
        .blacken(&session.scope, case, seen(posted), id, black, reason)
        .await
        .map(|_| ())
}

/// Why it is black, as it is chosen now, else as it was before.
pub(super) fn reason(office: &Office, sheet: &Sheet, posted: &Posted) -> Result<Reason, Obstacle> {
    let chosen = findings::reason(office, posted)?;
    Ok(match chosen.ground {
        None => sheet.mark.giving.clone(),
        Some(_) => chosen,
    })
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
        let others = [
            (Stretch { from: 5, to: 10 }, "name"),
            (Stretch { from: 27, to: 33 }, "name"),
        ];
        let shown = pieces(text, &stretches(text, "Erika Muster"), &others);
        let shown: Vec<(&str, &str)> = shown
            .iter()
            .map(|it| (it.words.as_str(), it.class))
            .collect();
        assert_eq!(
            shown,
            [
                ("Frau ", ""),
                ("Erika Muster", "black"),
                (" und Herr ", ""),
                ("Muster", "other")
            ]
        );
    }
}
