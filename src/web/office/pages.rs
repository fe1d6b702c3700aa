//! The pages of a file that hangs on a finding, as they would leave, and the areas of them that are made black.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::findings::Sheet;
use crate::casework::package::sheets::Sight;
use crate::casework::{Error, Office};
use crate::domain::finding::{Area, Blackening};
use crate::domain::ids::{CaseId, FindingId};
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::{Act, seen};
use crate::web::office::acts::Kind;
use crate::web::office::finding::reason;
use crate::web::office::findings::{self, said};
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::office::wording;
use crate::web::page::{see_other, show};
use crate::words::package;

/// The four sides of an area in the form, with their words.
const SIDES: [(&str, &str); 4] = package::SIDES;
/// Areas of one page.
const MOST: usize = 60;

/// An area as a line of the form: its sides in percent, as they are typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Line {
    sides: [String; 4],
}

#[derive(Template)]
#[template(path = "office/pages.html")]
struct Page {
    p: Desk,
    act: Act,
    name: String,
    /// Where the finding is, and this file of it.
    back: String,
    here: String,
    /// The page that is shown, from one, and how many there are.
    page: u32,
    pages: u32,
    /// Why nothing is shown.
    trouble: &'static str,
    lines: Vec<Line>,
    /// What is drawn over the page: left, top, width, height.
    areas: Vec<Area>,
    grounds: Vec<(String, String)>,
    ground: String,
    done: bool,
}

impl Page {
    fn sides(&self) -> [(&'static str, &'static str); 4] {
        SIDES
    }
}

/// Ten-thousandths as percent: 1250 is 12,5.
fn percent(part: u16) -> String {
    let (whole, rest) = (part / 100, part % 100);
    match rest {
        0 => whole.to_string(),
        rest => format!("{whole}.{rest:02}")
            .trim_end_matches('0')
            .to_owned(),
    }
}

/// Percent as ten-thousandths, with a comma or a point.
fn part(text: &str) -> Option<u16> {
    let text = text.trim().trim_end_matches('%').trim().replace(',', ".");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.chars().all(|it| it.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(rest) {
        return None;
    }
    let hundredths: String = rest.chars().chain("00".chars()).take(2).collect();
    let whole: u16 = whole.parse().ok()?;
    whole
        .checked_mul(100)?
        .checked_add(hundredths.parse().ok()?)
}

impl Line {
    fn of(area: &Area) -> Line {
        Line {
            sides: [area.left, area.top, area.width, area.height].map(percent),
        }
    }

    fn typed(posted: &Posted, number: usize) -> Line {
        Line {
            sides: SIDES.map(|(side, _)| posted.get(&format!("{side}-{number}")).trim().to_owned()),
        }
    }

    fn is_empty(&self) -> bool {
        self.sides.iter().all(String::is_empty)
    }

    fn area(&self, page: u32) -> Option<Area> {
        let [left, top, width, height] = &self.sides;
        let area = Area {
            page,
            left: part(left)?,
            top: part(top)?,
            width: part(width)?,
            height: part(height)?,
        };
        area.is_sound().then_some(area)
    }
}

/// What was typed, without empty lines.
fn typed(posted: &Posted) -> Vec<Line> {
    let lines = (0..MOST).map(|number| Line::typed(posted, number));
    lines.filter(|line| !line.is_empty()).collect()
}

/// The page of a file: its pages, or its words.
async fn answer(
    office: &Office,
    session: &Session,
    act: Act,
    (id, at, page): (FindingId, usize, u32),
    (status, done): (StatusCode, bool),
) -> Result<HttpResponse, Problem> {
    let case = act.case().id;
    let sheet = office.sheet(&session.scope, case, id).await?;
    let back = format!("{}/findings/{id}", act.home());
    let (sight, trouble) = match office.sight(&session.scope, (case, &sheet), at).await? {
        Ok(Sight::Pages(sight)) => (Some(sight), ""),
        Ok(Sight::Words(words)) => {
            let page = wording::page(office, session, act, (&sheet, at), *words, done).await?;
            return show(status, &page);
        }
        Err(code) => (None, package::unshown(code)),
    };
    let pages = sight.as_ref().map_or(0, |it| it.pages);
    let page = page.clamp(1, pages.max(1));
    let kept: Vec<Line> = sight
        .iter()
        .flat_map(|it| &it.areas)
        .filter(|area| area.page + 1 == page)
        .map(Line::of)
        .collect();
    let mut lines = match &act.typed {
        Some(posted) => typed(posted),
        None => kept,
    };
    let areas = lines
        .iter()
        .filter_map(|line| line.area(page - 1))
        .collect();
    lines.extend(vec![Line::default(); 2]);
    lines.truncate(MOST);
    let file = sheet.record.files.get(at);
    let page = Page {
        p: session.desk(office, Room::Cases).await?,
        name: file
            .map(|file| file.name.reveal().clone())
            .unwrap_or_default(),
        here: format!("{back}/files/{at}"),
        back,
        page,
        pages,
        trouble,
        lines,
        areas,
        grounds: findings::grounds(office, act.case()),
        ground: sheet
            .mark
            .giving
            .ground
            .as_ref()
            .map(|it| it.law.clone())
            .unwrap_or_default(),
        act,
        done,
    };
    show(status, &page)
}

fn asked_page(asked: &[(String, String)]) -> u32 {
    let page = asked.iter().find(|(key, _)| key == "page");
    page.and_then(|(_, page)| page.parse().ok()).unwrap_or(1)
}

/// A page of the file.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    at: web::Path<(CaseId, FindingId, usize)>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let (case, id, file) = at.into_inner();
    let act = Act::open(&office, &session, case, Kind::Tasks).await?;
    let done = asked.iter().any(|(key, _)| key == "done");
    let place = (id, file, asked_page(&asked));
    answer(&office, &session, act, place, (StatusCode::OK, done)).await
}

/// The picture of a page, from one.
pub async fn picture(
    session: Session,
    office: web::Data<Office>,
    at: web::Path<(CaseId, FindingId, usize, u32)>,
) -> Result<HttpResponse, Problem> {
    let (case, id, file, page) = at.into_inner();
    let (known, _) = office.open(&session.scope, case).await?;
    session.scope.demand(known.controller, Role::Handler)?;
    let sheet = office.sheet(&session.scope, case, id).await?;
    let number = page.checked_sub(1).ok_or_else(Problem::not_found)?;
    let drawn = office
        .page_picture(&session.scope, (case, &sheet), (file, number), false)
        .await?;
    office
        .note_look(&session.scope, Some(&known), "file")
        .await?;
    match drawn {
        Ok(png) => Ok(HttpResponse::Ok()
            .content_type("image/png")
            .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(png)),
        Err(_) => Err(Problem::not_found()),
    }
}

/// Makes areas of the page black, or draws what was typed without keeping it.
pub async fn act(
    signed: Signed,
    office: web::Data<Office>,
    at: web::Path<(CaseId, FindingId, usize)>,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    let (case, id, file) = at.into_inner();
    if posted.get("of") == "words" {
        return wording::act(&session, &office, (case, id, file), posted).await;
    }
    let shown = posted.get("page").parse().unwrap_or(1);
    let here = format!("/desk/cases/{case}/findings/{id}/files/{file}");
    let done = match posted.pressed().0 {
        "draw" => None,
        _ => Some(blacken(&office, &session, (case, id, file, shown), &posted).await),
    };
    let mut act = match done {
        Some(Ok(())) => return Ok(see_other(&format!("{here}?page={shown}&done=yes"))),
        Some(Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. }))) => {
            return Err(obstacle.into());
        }
        Some(Err(Error::Obstacle(obstacle))) => {
            let mut act = Act::open(&office, &session, case, Kind::Tasks).await?;
            act.trouble = Some(said(&obstacle));
            act
        }
        Some(Err(other)) => return Err(other.into()),
        None => Act::open(&office, &session, case, Kind::Tasks).await?,
    };
    let status = match act.trouble.is_some() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    act.typed = Some(posted);
    answer(&office, &session, act, (id, file, shown), (status, false)).await
}

async fn blacken(
    office: &Office,
    session: &Session,
    (case, id, file, page): (CaseId, FindingId, usize, u32),
    posted: &Posted,
) -> Result<(), Error> {
    let sheet = office.sheet(&session.scope, case, id).await?;
    let number = page.checked_sub(1).ok_or(Error::NotFound)?;
    let known = office.sight(&session.scope, (case, &sheet), file).await?;
    // An area on a page that nobody could see would cover nothing.
    let pages = match known {
        Ok(Sight::Pages(known)) => known.pages,
        _ => 0,
    };
    if number >= pages {
        return Err(Error::NotFound);
    }
    let lines = typed(posted);
    let here: Option<Vec<Area>> = lines.iter().map(|line| line.area(number)).collect();
    let here = here.ok_or(Obstacle::Empty("area"))?;
    let black = with_areas(&sheet, (file, number), here);
    let reason = reason(office, session, (case, &sheet), posted).await?;
    office
        .blacken(&session.scope, case, seen(posted), id, black, reason)
        .await
        .map(|_| ())
}

/// What is black of the finding, with other areas on one page of a file.
fn with_areas(sheet: &Sheet, (at, page): (usize, u32), here: Vec<Area>) -> Vec<Blackening> {
    let mut areas = Vec::new();
    let mut black = Vec::new();
    for known in &sheet.mark.black {
        match known {
            Blackening::Areas { file, areas: more } if *file == at => {
                areas.extend(more.iter().filter(|area| area.page != page).copied());
            }
            other => black.push(other.clone()),
        }
    }
    areas.extend(here);
    if !areas.is_empty() {
        black.push(Blackening::Areas { file: at, areas });
    }
    black
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_is_read_with_comma_or_point_and_written_shortly() {
        for (text, value) in [
            ("12,5", 1_250),
            ("0", 0),
            ("100", 10_000),
            ("7.25 %", 725),
            ("33.333", 3_333),
        ] {
            assert_eq!(part(text), Some(value), "{text}");
        }
        for text in ["", "-1", "1e3", "999", "x", "1,2,3"] {
            let read = part(text).filter(|value| *value <= Area::WHOLE);
            assert_eq!(read, None, "{text}");
        }
        assert_eq!(
            [percent(1_250), percent(725), percent(10_000), percent(5)],
            ["12.5", "7.25", "100", "0.05"]
        );
    }

    #[test]
    fn a_line_that_leaves_the_page_is_no_area() {
        let line = |sides: [&str; 4]| Line {
            sides: sides.map(str::to_owned),
        };
        assert!(line(["10", "10", "90", "5"]).area(0).is_some());
        assert!(line(["10", "10", "90,01", "5"]).area(0).is_none());
        assert!(line(["10", "10", "0", "5"]).area(0).is_none());
        assert!(line(["10", "", "5", "5"]).area(0).is_none());
    }
}
