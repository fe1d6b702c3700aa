//! A file of a finding that is made of words: what it says, what of it belongs to others, and the words that are made
//! black in it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::casework::findings::Sheet;
use crate::casework::package::sheets::{Sight, Wording};
use crate::casework::{Error, Office};
use crate::domain::finding::Blackening;
use crate::domain::ids::{CaseId, FindingId};
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::{Act, seen};
use crate::web::office::acts::Kind;
use crate::web::office::finding::{Piece, pieces, reason, strange};
use crate::web::office::findings::{self, said};
use crate::web::office::session::Session;
use crate::web::page::{see_other, show};
use crate::words::package;

/// A part of the file as the page shows it.
struct Part {
    number: usize,
    label: &'static str,
    pieces: Vec<Piece>,
}

/// The page of a file that is made of words.
#[derive(Template)]
#[template(path = "office/wording.html")]
pub(super) struct Page {
    p: Desk,
    act: Act,
    name: String,
    /// Where the finding is, and this file of it.
    back: String,
    here: String,
    parts: Vec<Part>,
    /// Whether files hang on it that go along unseen.
    attached: bool,
    /// Words that seem to belong to others, each once.
    others: Vec<String>,
    typed: String,
    cut: bool,
    /// That it does not leave as it is marked now, and why.
    stays: &'static str,
    grounds: Vec<(String, String)>,
    ground: String,
    done: bool,
}

/// The file by its words.
pub(super) async fn page(
    office: &Office,
    session: &Session,
    act: Act,
    (sheet, at): (&Sheet, usize),
    words: Wording,
    done: bool,
) -> Result<Page, Problem> {
    session.scope.demand(act.case().controller, Role::Handler)?;
    office
        .note_look(&session.scope, Some(act.case()), "file")
        .await?;
    let back = format!("{}/findings/{}", act.home(), sheet.shown.id);
    let file = sheet.record.files.get(at);
    let parts: Vec<Part> = words
        .parts
        .iter()
        .enumerate()
        .map(|(number, (part, reading, black))| Part {
            number,
            label: package::passage(part),
            pieces: pieces(&reading.words, black, &reading.others),
        })
        .collect();
    let mut others: Vec<String> = Vec::new();
    for word in parts.iter().flat_map(|part| strange(&part.pieces)) {
        if !others.contains(&word) {
            others.push(word);
        }
    }
    let ground = sheet.mark.giving.ground.as_ref();
    Ok(Page {
        p: session.desk(office, Room::Cases).await?,
        name: file
            .map(|file| file.name.reveal().clone())
            .unwrap_or_default(),
        here: format!("{back}/files/{at}"),
        back,
        attached: words.parts.iter().any(|(part, ..)| *part == "files"),
        parts,
        others,
        typed: act.value("words", words.words.join("\n")),
        cut: words.cut,
        stays: words.stays.map(package::stays).unwrap_or_default(),
        grounds: findings::grounds(office, act.case()),
        ground: ground.map(|it| it.law.clone()).unwrap_or_default(),
        act,
        done,
    })
}

/// Makes words of the file black, or proposes those that seem to belong to others.
pub(super) async fn act(
    session: &Session,
    office: &Office,
    (case, id, at): (CaseId, FindingId, usize),
    mut posted: Posted,
) -> Result<HttpResponse, Problem> {
    let here = format!("/desk/cases/{case}/findings/{id}/files/{at}");
    let sheet = office.sheet(&session.scope, case, id).await?;
    let sight = office.sight(&session.scope, (case, &sheet), at).await?;
    let Ok(Sight::Words(words)) = sight else {
        return Err(Problem::not_found());
    };
    let mut act = Act::open(office, session, case, Kind::Tasks).await?;
    let mut status = StatusCode::OK;
    if posted.pressed().0 == "others" {
        propose(&words, &mut posted);
    } else {
        match blacken(office, session, (case, id), (&sheet, at, &*words), &posted).await {
            Ok(()) => return Ok(see_other(&format!("{here}?done=yes"))),
            Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => {
                return Err(obstacle.into());
            }
            Err(Error::Obstacle(obstacle)) => {
                let mut trouble = said(&obstacle);
                if obstacle == Obstacle::Empty("black-words") {
                    trouble.at = "words".to_owned();
                }
                act.trouble = Some(trouble);
                status = StatusCode::UNPROCESSABLE_ENTITY;
            }
            Err(other) => return Err(other.into()),
        }
    }
    act.typed = Some(posted);
    let page = page(office, session, act, (&sheet, at), *words, false).await?;
    show(status, &page)
}

/// Writes the words of others into the form, behind what was typed; nothing is kept yet.
fn propose(words: &Wording, posted: &mut Posted) {
    let mut all: Vec<String> = lines(posted);
    for (_, reading, black) in &words.parts {
        for word in strange(&pieces(&reading.words, black, &reading.others)) {
            if !all.contains(&word) {
                all.push(word);
            }
        }
    }
    posted.put("words", all.join("\n"));
}

fn lines(posted: &Posted) -> Vec<String> {
    let typed = posted.get("words").lines().map(str::trim);
    let typed = typed.filter(|word| !word.is_empty());
    typed.map(str::to_owned).collect()
}

async fn blacken(
    office: &Office,
    session: &Session,
    (case, id): (CaseId, FindingId),
    (sheet, at, words): (&Sheet, usize, &Wording),
    posted: &Posted,
) -> Result<(), Error> {
    let typed = lines(posted);
    // Words that stand nowhere would be taken for done; what is longer than the page cannot be told.
    if !words.cut && typed.iter().any(|word| !words.says(word)) {
        return Err(Obstacle::Empty("black-words").into());
    }
    let of_it = |it: &&Blackening| !matches!(it, Blackening::Words { file, .. } if *file == at);
    let mut black: Vec<Blackening> = sheet.mark.black.iter().filter(of_it).cloned().collect();
    if !typed.is_empty() {
        black.push(Blackening::Words {
            file: at,
            words: typed.into_iter().map(Into::into).collect(),
        });
    }
    let reason = reason(office, session, (case, sheet), posted).await?;
    office
        .blacken(&session.scope, case, seen(posted), id, black, reason)
        .await
        .map(|_| ())
}
