//! What lies before the office from connected systems: the heaps, the list of one heap, and what becomes of many at once.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Berlin;

use crate::casework::findings::{Counted, Leaf, Shown, Which};
use crate::casework::{Error, Office};
use crate::domain::case::Case;
use crate::domain::decision::Ground;
use crate::domain::finding::Reason;
use crate::domain::ids::{CaseId, FindingId, SystemId};
use crate::domain::judgement::{End, Treatment};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::Role;
use crate::domain::sifting::Heap;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::{Act, Trouble, day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::session::{Session, encoded};
use crate::web::office::signed::Signed;
use crate::web::page::{see_other, show};
use crate::words::{desk, obstacles, sources};

/// A heap as the overview shows it.
struct Line {
    heap: Heap,
    /// The category in plain words.
    name: String,
    held: u64,
    /// How many only look like hers.
    candidates: u64,
    /// What was said of them, with how many.
    said: Vec<(String, u64)>,
    /// The address of its list.
    at: String,
}

/// The heaps of one system.
struct Place {
    name: String,
    lines: Vec<Line>,
}

/// The list of one heap.
struct List {
    heap: Heap,
    system: String,
    name: String,
    leaf: Leaf,
    candidates: u64,
    rest: u64,
    /// After which finding this page of the list begins: who says something on it stays on it.
    after: Option<FindingId>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "office/findings.html")]
struct Page {
    p: Desk,
    act: Act,
    places: Vec<Place>,
    list: Option<List>,
    treatments: Vec<(&'static str, String, bool)>,
    grounds: Vec<(String, String)>,
    done: bool,
}

impl Page {
    fn caution(&self, shown: &Shown) -> Vec<String> {
        shown
            .heading
            .cautions
            .iter()
            .map(sources::caution)
            .collect()
    }

    fn tie(&self, shown: &Shown) -> String {
        sources::tie(&shown.heading.tie)
    }

    fn said(&self, shown: &Shown) -> Vec<&'static str> {
        let mut said: Vec<&'static str> = [shown.giving, shown.ending]
            .into_iter()
            .flatten()
            .map(desk::treatment)
            .collect();
        said.extend(shown.fate.map(|fate| sources::fate(fate, Lang::De)));
        said.extend(shown.correction.map(sources::correction));
        said
    }

    fn when(&self, at: &DateTime<Utc>) -> String {
        when(*at)
    }

    fn ticked(&self, id: &FindingId) -> bool {
        self.act.chosen("finding", &id.to_string(), false)
    }
}

/// A moment as lists show it.
pub(super) fn when(at: DateTime<Utc>) -> String {
    at.with_timezone(&Berlin)
        .format("%d.%m.%Y, %H:%M")
        .to_string()
}

/// The address of a heap's list.
pub(super) fn address(case: CaseId, heap: &Heap, after: Option<FindingId>) -> String {
    let mut at = format!(
        "/desk/cases/{case}/findings?system={}&category={}",
        heap.system,
        encoded(&heap.category)
    );
    if let Some(after) = after {
        at.push_str(&format!("&after={after}"));
    }
    at
}

/// The name of a system as the case knows it.
pub(super) fn system_name(case: &Case, system: SystemId) -> String {
    let task = case
        .collection
        .tasks
        .iter()
        .find(|task| task.system == system);
    task.map_or_else(|| system.to_string(), |task| task.name.clone())
}

/// What may be chosen in this case: its code, its words, and whether it says what she is given.
pub(super) fn treatments(case: &Case) -> Vec<(&'static str, String, bool)> {
    let rights = case.rights();
    Treatment::ALL
        .into_iter()
        .filter(|it| *it != Treatment::Redact)
        .filter(|it| {
            rights
                .iter()
                .any(|right| Treatment::open_to(*right).contains(it))
        })
        .map(|it| (it.code(), desk::treatment(it).to_owned(), it.gives()))
        .collect()
}

/// The grounds that fit a right of the case.
pub(super) fn grounds(office: &Office, case: &Case) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for right in case.rights() {
        for ground in super::decision::partial_grounds(&office.law, right) {
            if !all.contains(&ground) {
                all.push(ground);
            }
        }
    }
    all
}

/// Why and until when, as the form says it.
pub(super) fn reason(office: &Office, posted: &Posted, lang: Lang) -> Result<Reason, Obstacle> {
    let (code, law) = (posted.get("ground"), posted.get("law").trim());
    let entry = office.law.ground(code);
    let law = match (law, entry) {
        ("", Some(entry)) => entry.law.of(lang).to_owned(),
        (law, _) => law.to_owned(),
    };
    let facts = match (posted.get("facts").trim(), entry) {
        // What the usual sentence leaves to be named at its end shows at the finding itself.
        ("", Some(entry)) => match entry.text.of(lang).strip_suffix(": …") {
            Some(sentence) => format!("{sentence}."),
            None => entry.text.of(lang).to_owned(),
        },
        (facts, _) => facts.to_owned(),
    };
    let ground = match law.is_empty() && facts.is_empty() {
        true => None,
        false => Some(Ground::new(&law, &facts)?),
    };
    // The person reads it: a usual sentence with a gap in it says nothing of this case.
    if facts.contains('…') {
        return Err(Obstacle::TextUnfinished { what: law });
    }
    let (until, event) = (posted.get("until").trim(), posted.get("event").trim());
    let end = match (until, event) {
        ("", "") => None,
        ("", event) => Some(End::Event(event.to_owned())),
        (until, _) => Some(End::Day(day(until).ok_or(Obstacle::Empty("until"))?)),
    };
    Ok(Reason {
        ground,
        end,
        how: posted.get("how").trim().into(),
    })
}

fn places(case: &Case, counted: &[Counted]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut last = None;
    for count in counted {
        if last != Some(count.system) {
            places.push(Place {
                name: system_name(case, count.system),
                lines: Vec::new(),
            });
            last = Some(count.system);
        }
        let Some(place) = places.last_mut() else {
            continue;
        };
        let heap = Heap {
            system: count.system,
            category: count.category.clone(),
        };
        if place.lines.last().is_none_or(|line| line.heap != heap) {
            place.lines.push(Line {
                name: sources::category(&heap.category, Lang::De),
                at: address(case.id, &heap, None),
                heap,
                held: 0,
                candidates: 0,
                said: Vec::new(),
            });
        }
        let Some(line) = place.lines.last_mut() else {
            continue;
        };
        line.held += count.held;
        if count.candidates {
            line.candidates += count.held;
        }
        for treatment in [count.giving, count.ending].into_iter().flatten() {
            let words = desk::treatment(treatment);
            match line.said.iter_mut().find(|(known, _)| known == words) {
                Some((_, many)) => *many += count.held,
                None => line.said.push((words.to_owned(), count.held)),
            }
        }
    }
    places
}

async fn page(
    office: &Office,
    session: &Session,
    act: Act,
    wanted: Option<(Heap, Option<FindingId>)>,
    done: bool,
) -> Result<Page, Problem> {
    let id = act.case().id;
    let counted = office.heaps(&session.scope, id).await?;
    let list = match wanted {
        None => None,
        Some((heap, after)) => {
            let leaf = office.leaf(&session.scope, id, &heap, after).await?;
            let of = |candidates: bool| {
                counted
                    .iter()
                    .filter(|it| it.system == heap.system && it.category == heap.category)
                    .filter(|it| it.candidates == candidates)
                    .map(|it| it.held)
                    .sum()
            };
            Some(List {
                system: system_name(act.case(), heap.system),
                name: sources::category(&heap.category, Lang::De),
                next: leaf.next.map(|next| address(id, &heap, Some(next))),
                candidates: of(true),
                rest: of(false),
                after,
                heap,
                leaf,
            })
        }
    };
    Ok(Page {
        p: session.desk(office, Room::Cases).await?,
        places: places(act.case(), &counted),
        treatments: treatments(act.case()),
        grounds: grounds(office, act.case()),
        list,
        act,
        done,
    })
}

fn heap_of(get: impl Fn(&str) -> String) -> Option<(Heap, Option<FindingId>)> {
    let system = get("system").parse().ok()?;
    let category = get("category");
    Some((Heap { system, category }, get("after").parse().ok()))
}

/// The heaps, or the list of one.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    case: web::Path<CaseId>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let act = Act::open(&office, &session, case.into_inner(), Kind::Tasks).await?;
    let get = |name: &str| {
        let found = asked.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let done = get("done") == "yes";
    let page = page(&office, &session, act, heap_of(get), done).await?;
    show(StatusCode::OK, &page)
}

/// Says what becomes of some of a heap, or of all of it.
pub async fn act(
    signed: Signed,
    office: web::Data<Office>,
    case: web::Path<CaseId>,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    let id = case.into_inner();
    let (heap, after) =
        heap_of(|name| posted.get(name).to_owned()).ok_or_else(Problem::not_found)?;
    match sift(&office, &session, id, heap.clone(), &posted).await {
        Ok(()) => Ok(see_other(&format!(
            "{}&done=yes",
            address(id, &heap, after)
        ))),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            let mut act = Act::open(&office, &session, id, Kind::Tasks).await?;
            act.trouble = Some(said(&obstacle));
            act.typed = Some(posted);
            let page = page(&office, &session, act, Some((heap, after)), false).await?;
            show(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// What stood against it, said at its field.
pub(super) fn said(obstacle: &Obstacle) -> Trouble {
    Trouble {
        sentence: obstacles::obstacle(obstacle),
        at: match obstacle {
            Obstacle::GroundLacking | Obstacle::TextUnfinished { .. } => "facts",
            // No single box is at fault, but the choice as a whole.
            Obstacle::Empty("finding") => "which",
            Obstacle::Empty(field) => field,
            _ => "form",
        }
        .to_owned(),
        changed: matches!(obstacle, Obstacle::ChangedMeanwhile { .. }),
        since: vec![],
        files_lost: false,
        obstacle: obstacle.clone(),
    }
}

async fn sift(
    office: &Office,
    session: &Session,
    id: CaseId,
    heap: Heap,
    posted: &Posted,
) -> Result<(), Error> {
    let which = match posted.get("which") {
        "all" => Which::All,
        _ => Which::These(
            posted
                .all("finding")
                .filter_map(|it| it.parse().ok())
                .collect(),
        ),
    };
    let (scope, seen) = (&session.scope, seen(posted));
    let done = match posted.get("treatment") {
        "hers" => {
            office
                .settle_candidates(scope, id, seen, heap, which, true)
                .await
        }
        "not-hers" => {
            office
                .settle_candidates(scope, id, seen, heap, which, false)
                .await
        }
        code => {
            let treatment = Treatment::from_code(code).ok_or(Obstacle::Empty("treatment"))?;
            let lang = office.open(scope, id).await?.0.intake.lang;
            let reason = reason(office, posted, lang)?;
            office
                .sift(scope, id, seen, heap, which, (treatment, reason))
                .await
        }
    };
    done.map(|_| ())
}
