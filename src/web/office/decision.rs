//! Deciding: all items of a case on one form, and what was carried out already with it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::casework::decision::Verdict;
use crate::casework::desk::Outcome;
use crate::casework::{Error, Office};
use crate::domain::case::Case;
use crate::domain::decision::{Decision, Ground, Remainder};
use crate::domain::ids::CaseId;
use crate::domain::item::Item;
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::domain::weighing::Weighing;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, day, seen};
use crate::web::office::acts::Kind;
use crate::web::office::execution::{Work, done, slug};
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::terms;

/// Rows for reasons and for what remains that a fresh form has.
const ROWS: usize = 1;
/// And at most.
const MOST_ROWS: usize = 20;

/// One item as the form shows it.
pub struct Point {
    /// Its name in the form.
    pub slug: String,
    /// The right.
    pub name: &'static str,
    /// What the person wishes.
    pub wish: &'static str,
    /// What is to be done in the systems, if the right demands it.
    pub work: Option<Work>,
    /// Whether its letter can say what remains.
    pub remains: bool,
    /// The rows for reasons and rests.
    pub rows: std::ops::Range<usize>,
}

#[derive(Template)]
#[template(path = "office/decision.html")]
struct Page {
    p: Desk,
    act: Act,
    points: Vec<Point>,
    rows: usize,
}

impl Act {
    /// What was typed in a field of an item, or what stands there at first.
    pub fn of_or(&self, slug: &str, name: &str, otherwise: &str) -> String {
        self.value(&format!("{slug}-{name}"), otherwise)
    }

    /// What was typed in a row of an item.
    pub fn row(&self, slug: &str, name: &str, at: &usize) -> String {
        self.value(&format!("{slug}-{name}-{at}"), "")
    }

    /// What was typed in a row of an item, or what stands there at first.
    pub fn row_or(&self, slug: &str, name: &str, at: &usize, otherwise: impl AsRef<str>) -> String {
        self.value(&format!("{slug}-{name}-{at}"), otherwise)
    }

    /// Whether a row of an item is ticked.
    pub fn row_ticked(&self, slug: &str, name: &str, at: &usize) -> bool {
        self.typed
            .as_ref()
            .is_some_and(|posted| posted.ticked(&format!("{slug}-{name}-{at}")))
    }

    /// Whether an item is decided in this way on the form.
    pub fn decides(&self, point: &Point, code: &str) -> bool {
        self.chosen(&format!("{}-is", point.slug), code, false)
    }

    /// Today, as a field for days takes it.
    pub fn today_text(&self) -> String {
        self.today.to_string()
    }
}

fn open(item: &&Item, case: &Case) -> bool {
    !item.ended() && item.decision().is_none() && !case.released_rights().contains(&item.right)
}

pub(super) async fn page(
    office: &Office,
    session: &Session,
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let systems = office
        .systems(&session.scope, act.case().controller)
        .await?;
    let more = act
        .typed
        .as_ref()
        .is_some_and(|posted| posted.pressed().0 == "more");
    let rows = act.value("rows", "").parse().unwrap_or(ROWS) + usize::from(more);
    let rows = rows.clamp(ROWS, MOST_ROWS);
    let points = act
        .case()
        .items
        .iter()
        .filter(|item| open(item, act.case()))
        .map(|item| Point {
            slug: slug(item.right),
            name: terms::right_name(item.right, Lang::De),
            wish: terms::right_wish(item.right, Lang::De),
            work: (!item.right.discloses()).then(|| Work::of(act.case(), item.right, &systems)),
            remains: matches!(
                item.right,
                Right::Erasure | Right::Objection | Right::Withdrawal
            ),
            rows: 0..rows,
        })
        .collect();
    show(
        status,
        &Page {
            p,
            act,
            points,
            rows,
        },
    )
}

fn grounds(posted: &Posted, slug: &str) -> Result<Vec<Ground>, Obstacle> {
    let mut grounds = Vec::new();
    for at in 0..MOST_ROWS {
        let law = posted.get(&format!("{slug}-law-{at}")).trim();
        let facts = posted.get(&format!("{slug}-facts-{at}")).trim();
        if !law.is_empty() || !facts.is_empty() {
            grounds.push(Ground::new(law, facts)?);
        }
    }
    Ok(grounds)
}

fn remains(posted: &Posted, slug: &str) -> Result<Vec<Remainder>, Obstacle> {
    let mut remains = Vec::new();
    for at in 0..MOST_ROWS {
        let field = |name: &str| posted.get(&format!("{slug}-{name}-{at}")).trim();
        let (what, until) = (field("rest"), field("until"));
        if what.is_empty() {
            let rest = [until, field("rest-law"), field("rest-facts")];
            if rest.iter().any(|typed| !typed.is_empty()) {
                return Err(Obstacle::Empty("rest"));
            }
            continue;
        }
        let until = match until {
            "" => None,
            text => Some(day(text).ok_or(Obstacle::Empty("until"))?),
        };
        let ground = Ground::new(field("rest-law"), field("rest-facts"))?;
        remains.push(Remainder::new(what, ground, until));
    }
    Ok(remains)
}

/// Whether reasons or rests were written for a right: without a choice they must not get lost.
fn written(posted: &Posted, slug: &str) -> bool {
    let fields = ["law", "facts", "rest", "until", "rest-law", "rest-facts"];
    posted.pairs().any(|(name, value)| {
        let field = name
            .strip_prefix(slug)
            .and_then(|rest| rest.strip_prefix('-'));
        !value.trim().is_empty()
            && field
                .and_then(|field| field.rsplit_once('-'))
                .is_some_and(|(field, _)| fields.contains(&field))
    })
}

/// What the form decides on a right; nothing if no choice was made.
fn verdict(posted: &Posted, case: &Case, right: Right) -> Result<Option<Verdict>, Error> {
    let slug = slug(right);
    let text = posted.get(&format!("{slug}-text"));
    let decision = match posted.get(&format!("{slug}-is")) {
        "granted" => Decision::granted(text),
        "partly" => Decision::partly(text, grounds(posted, &slug)?, remains(posted, &slug)?)?,
        "refused" => Decision::refused(text, grounds(posted, &slug)?)?,
        "nothing" => Decision::nothing_held(text),
        _ if written(posted, &slug) => return Err(Obstacle::Empty("decision").into()),
        _ => return Ok(None),
    };
    let done = if decision.to_carry_out() {
        done(posted, right)?
    } else {
        vec![]
    };
    Ok(Some(Verdict {
        right,
        decision,
        weighing: Weighing::as_wished(case, right),
        done,
    }))
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    id: CaseId,
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (case, _) = office.open(&session.scope, id).await?;
    session.scope.demand(case.controller, Role::Decider)?;
    let mut verdicts = Vec::new();
    for item in case.items.iter().filter(|item| open(item, &case)) {
        verdicts.extend(verdict(posted, &case, item.right)?);
    }
    if verdicts.is_empty() {
        return Err(Obstacle::Empty("decision").into());
    }
    // A day outside of receipt and today is a slip of the pen.
    let today = office.today();
    let slip = verdicts
        .iter()
        .flat_map(|verdict| &verdict.done)
        .any(|done| done.on > today || done.on < case.intake.received);
    if slip {
        return Err(Obstacle::Empty("done-on").into());
    }
    office
        .decide(&session.scope, id, seen(posted), verdicts)
        .await
}
