//! One finding: all it says in plain words, what of it belongs to others, and what is made black.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::findings::Sheet;
use crate::casework::package::sheets::{Reading, black_words, left, merged, one_line, standing};
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
use crate::web::office::correcting::{Correcting, correcting};
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
    /// Words that are black elsewhere in the finding and still stand here.
    left: Vec<String>,
    /// The name of the field of the form with the words of it that are made black.
    name: String,
    /// Whether all of it is black.
    black: bool,
    /// What of it was typed as black, line by line.
    typed: String,
    long: bool,
}

/// A piece of a text: its words, the class of its mark, and what the mark says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its words.
    pub words: String,
    /// The class of its mark; empty where it has none.
    pub class: &'static str,
    /// What its mark says.
    pub title: &'static str,
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
    /// How many words of it are black.
    words: usize,
}

#[derive(Template)]
#[template(path = "office/finding.html")]
pub(super) struct Page {
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
    /// What of it is put right, where somebody asked for that.
    correcting: Option<Correcting>,
}

impl Page {
    /// Whether words that are black still stand in another field.
    fn still(&self) -> bool {
        self.fields.iter().any(|field| !field.left.is_empty())
    }
}

/// The stretches of a text where these words stand: as they are, whole or in part, and in any spelling as whole words.
fn stretches(text: &str, words: &str) -> Vec<Stretch> {
    merged(
        words
            .lines()
            .flat_map(|word| standing(text, word))
            .collect(),
    )
}

/// A text in pieces, with what is black between them, and what seems to belong to others.
pub(super) fn pieces(
    text: &str,
    black: &[Stretch],
    others: &[(Stretch, &'static str)],
) -> Vec<Piece> {
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
    let hidden = black_words(sheet);
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
        // A line of the form is a line: a name that runs over two of the text is one here, and is found as one.
        let mut words: Vec<String> = Vec::new();
        for part in parts.iter().filter_map(|it| text.get(it.from..it.to)) {
            let word = one_line(part);
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let label = sources::field(&field.name, field.label.as_deref(), Lang::De);
        let pieces = pieces(text, parts, &reading.others);
        let others = match whole {
            true => Vec::new(),
            false => strange(&pieces),
        };
        Shown {
            number,
            bare: match field.name.eq_ignore_ascii_case(&label) {
                true => String::new(),
                false => field.name.clone(),
            },
            label,
            pieces,
            others,
            left: match whole {
                true => Vec::new(),
                false => left(text, &hidden, parts),
            },
            name: format!("words-{number}"),
            black: act.chosen(&format!("black-{number}"), "yes", whole),
            typed: act.value(&format!("words-{number}"), words.join("\n")),
            long: field.nature != Nature::Plain || text.len() > 120,
        }
    });
    shown.collect()
}

/// The pieces that seem to belong to others, each once and as a line.
pub(super) fn strange(pieces: &[Piece]) -> Vec<String> {
    let mut others: Vec<String> = Vec::new();
    for piece in pieces.iter().filter(|piece| piece.class == "other") {
        let words = one_line(&piece.words);
        if !others.contains(&words) {
            others.push(words);
        }
    }
    others
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
    said.extend(sheet.shown.correction.map(sources::correction));
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
                words: words_of(&sheet, number),
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
        correcting: correcting(&act, &sheet, None),
        sheet,
        act,
        done,
        missed,
    })
}

/// The finding once more, with what was typed to put it right and could not be kept.
pub(super) async fn corrected(
    office: &Office,
    session: &Session,
    act: Act,
    id: FindingId,
    posted: &Posted,
) -> Result<Page, Problem> {
    let mut page = page(office, session, act, id, (false, "")).await?;
    page.correcting = correcting(&page.act, &page.sheet, Some(posted));
    Ok(page)
}

fn areas_of(sheet: &Sheet, number: usize) -> usize {
    let of_it = sheet.mark.black.iter().map(|it| match it {
        Blackening::Areas { file, areas } if *file == number => areas.len(),
        _ => 0,
    });
    of_it.sum()
}

fn words_of(sheet: &Sheet, number: usize) -> usize {
    let of_it = sheet.mark.black.iter().map(|it| match it {
        Blackening::Words { file, words } if *file == number => words.len(),
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
    // What is black in files is kept: it is marked on another page.
    let drawn =
        |it: &&Blackening| matches!(it, Blackening::Areas { .. } | Blackening::Words { .. });
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
    let mut wrong = None;
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
        _ => {
            wrong = lost(&office, &session, (case, id), &posted).await?;
            match wrong {
                Some(_) => Err(Obstacle::Empty("black-words").into()),
                None => blacken(&office, &session, (case, id), &posted).await,
            }
        }
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{home}?done=yes"))),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            let mut act = Act::open(&office, &session, case, Kind::Tasks).await?;
            let mut trouble = said(&obstacle);
            if let Some(field) = wrong {
                trouble.at = format!("words-{field}");
            }
            act.trouble = Some(trouble);
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
        // A line of the form is a line: what runs over two stands in one, and is found over two.
        let word = one_line(
            reading
                .words
                .get(stretch.from..stretch.to)
                .unwrap_or_default(),
        );
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    posted.put(&name, words.join("\n"));
    Ok(())
}

/// The first field for which words were typed that stand nowhere in it: they would be taken for done.
async fn lost(
    office: &Office,
    session: &Session,
    (case, id): (CaseId, FindingId),
    posted: &Posted,
) -> Result<Option<usize>, Error> {
    let sheet = office.sheet(&session.scope, case, id).await?;
    let readings = office.readings(&session.scope, case, &sheet).await?;
    let lost = |(number, reading): &(usize, &Reading)| {
        let mut typed = posted.get(&format!("words-{number}")).lines();
        typed.any(|word| !word.trim().is_empty() && standing(&reading.words, word).is_empty())
    };
    let first = readings.iter().enumerate().find(lost);
    Ok(first.map(|(number, _)| number))
}

async fn blacken(
    office: &Office,
    session: &Session,
    (case, id): (CaseId, FindingId),
    posted: &Posted,
) -> Result<(), Error> {
    let sheet = office.sheet(&session.scope, case, id).await?;
    let readings = office.readings(&session.scope, case, &sheet).await?;
    let black = black(&sheet, &readings, posted);
    let reason = reason(office, session, (case, &sheet), posted).await?;
    office
        .blacken(&session.scope, case, seen(posted), id, black, reason)
        .await
        .map(|_| ())
}

/// Why it is black, as it is chosen now, else as it was before.
pub(super) async fn reason(
    office: &Office,
    session: &Session,
    (case, sheet): (CaseId, &Sheet),
    posted: &Posted,
) -> Result<Reason, Error> {
    let lang = office.open(&session.scope, case).await?.0.intake.lang;
    let chosen = findings::reason(office, posted, lang)?;
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
        let spelt = "Erika  MUSTER\nMuster";
        let text_of = |it: &Stretch| spelt[it.from..it.to].to_owned();
        let found: Vec<String> = stretches(spelt, "erika muster")
            .iter()
            .map(text_of)
            .collect();
        assert_eq!(found, ["Erika  MUSTER"]);
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
