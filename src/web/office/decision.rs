//! Deciding: all items of a case on one form. What becomes of each category makes the outcome; what was carried
//! out already may be written down with it.

mod categories;
mod ordered;
mod reasons;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::casework::decision::Verdict;
use crate::casework::desk::Outcome;
use crate::casework::said::Said;
use crate::casework::{Error, FilePurpose, FileRow, Office};
use crate::domain::case::Case;
use crate::domain::decision::Decision;
use crate::domain::enclosure::Version;
use crate::domain::ids::CaseId;
use crate::domain::item::{Item, ItemState};
use crate::domain::judgement::{End, Treatment};
use crate::domain::lang::Lang;
use crate::domain::law::LawBook;
use crate::domain::measure::{Correction, Measure, Transferred};
use crate::domain::obstacle::Obstacle;
use crate::domain::register::System;
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::domain::weighing::{ThreeWay, Weighing};
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, seen};
use crate::web::office::acts::Kind;
use crate::web::office::execution::{Work, done, slug};
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::{deciding, letters, measures, terms};

use categories::{Place, Rules};
use reasons::{MOST_ROWS, Row};

/// Rows for reasons and corrections that a fresh form has.
const ROWS: usize = 1;

/// One item as the form shows it.
pub struct Point {
    /// Its name in the form.
    pub slug: String,
    /// The right.
    pub right: Right,
    /// Its name.
    pub name: &'static str,
    /// What the person wishes.
    pub wish: &'static str,
    /// How it can be decided.
    pub choices: Vec<(&'static str, &'static str)>,
    /// How it is decided unless somebody chooses otherwise.
    pub usual: &'static str,
    /// What was found, system by system, if it is judged.
    pub places: Vec<Place>,
    /// What can become of a category.
    pub treatments: Vec<(&'static str, &'static str)>,
    /// The grounds for a category.
    pub partial: Vec<(String, String)>,
    /// The grounds for a no.
    pub grounds: Vec<(String, String)>,
    /// The rows for reasons.
    pub rows: Vec<Row>,
    /// What was said at findings of what is to be put right.
    pub noted: Vec<Correction>,
    /// What was done in the systems already, if it may be written down here.
    pub work: Option<Work>,
    /// Whether a data protection officer is asked before a no.
    pub officer: bool,
    /// The fee that was told, in words; empty: none.
    pub fee: String,
}

impl Point {
    fn refusable(&self) -> bool {
        !self.right.answered_unproven()
    }

    fn erases(&self) -> bool {
        self.right == Right::Erasure
    }

    fn discloses(&self) -> bool {
        self.right.discloses()
    }

    fn objects(&self) -> bool {
        self.right == Right::Objection
    }

    /// What stands at first in a row of what is put right.
    fn noted(&self, name: &str, at: &usize) -> &str {
        self.noted.get(*at).map_or("", |noted| match name {
            "entry" => &noted.what,
            "old" => noted.old.reveal(),
            _ => noted.new.reveal(),
        })
    }

    fn restricts(&self) -> bool {
        self.right == Right::Restriction
    }

    fn rectifies(&self) -> bool {
        self.right == Right::Rectification
    }

    fn hands_over(&self) -> bool {
        self.right == Right::Portability
    }

    fn reviews(&self) -> bool {
        self.right == Right::HumanReview
    }

    fn count(&self) -> usize {
        self.places.iter().map(|place| place.lines.len()).sum()
    }

    /// How it stands on the form: as typed, or as it is usual.
    fn chosen<'a>(&self, posted: Option<&'a Posted>) -> &'a str {
        posted.map_or("", |posted| posted.get(&format!("{}-is", self.slug)))
    }
}

#[derive(Template)]
#[template(path = "office/decision.html")]
struct Page {
    p: Desk,
    act: Act,
    points: Vec<Point>,
    rows: usize,
    /// Art. 17 GDPR is asked for, too.
    erasure_asked: bool,
    /// Art. 18 GDPR is asked for, too.
    restriction_asked: bool,
    /// What a restriction usually means, in the language of the case.
    effect: &'static str,
    /// The proposed text was asked for; then it is shown where to look.
    proposed: bool,
}

impl Page {
    fn occasions(&self) -> [(&'static str, &'static str, &'static str); 4] {
        ordered::occasions()
    }

    fn questions(&self) -> [(&'static str, &'static str, &'static str); 3] {
        deciding::QUESTIONS
    }
}

impl Act {
    /// What was typed in a field of an item, or what stands there at first.
    pub fn of_or(&self, slug: &str, name: impl AsRef<str>, otherwise: &str) -> String {
        self.value(&format!("{slug}-{}", name.as_ref()), otherwise)
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
        self.chosen(&format!("{}-is", point.slug), code, point.usual == code)
    }

    /// Whether a choice of an item is taken.
    pub fn takes(&self, slug: &str, name: &str, code: &str) -> bool {
        self.chosen(&format!("{slug}-{name}"), code, false)
    }

    /// Whether this field of an item is the one that is wrong.
    pub fn wrong_in(&self, slug: &str, name: impl AsRef<str>) -> bool {
        self.wrong(&format!("{slug}-{}", name.as_ref()))
    }

    /// Today, as a field for days takes it.
    pub fn today_text(&self) -> String {
        self.today.to_string()
    }
}

fn open(item: &&Item, case: &Case) -> bool {
    !item.ended() && item.decision().is_none() && !case.released_rights().contains(&item.right)
}

/// How an item can be decided: what the judgements make of it is not chosen twice.
fn choices(right: Right, judged: bool, alone: bool) -> Vec<(&'static str, &'static str)> {
    let absolute = right.answered_unproven();
    let mut codes = match absolute {
        true => vec!["granted"],
        false => vec!["granted", "partly", "refused"],
    };
    if !judged {
        codes.push("nothing");
    }
    if !alone {
        codes.push("");
    }
    let named = |code| (code, deciding::choice(code, judged, absolute));
    codes.into_iter().map(named).collect()
}

fn touched(places: &[Place]) -> bool {
    let mut lines = places.iter().flat_map(|place| &place.lines);
    lines.any(|line| line.touched())
}

/// What stands on the form at first.
fn usual(item: &Item, case: &Case, judged: bool) -> &'static str {
    let ready = item.right.never_waits() || item.state == ItemState::Decide;
    let searched = case.collection.begun && case.collection.open() == 0;
    match (ready, judged) {
        (false, _) => "",
        (true, true) => "granted",
        (true, false) if item.right.answered_unproven() => "granted",
        (true, false) if !Treatment::open_to(item.right).is_empty() && searched => "nothing",
        (true, false) => "",
    }
}

fn rules<'a>(
    office: &'a Office,
    case: &Case,
    (systems, said): (&'a [System], &'a [Said]),
) -> Result<(Rules<'a>, bool), Error> {
    let controller = &office.house(case.controller)?.controller;
    let officer = controller.officer.as_ref();
    let rules = Rules {
        book: &office.law,
        sector: controller.sector,
        lang: case.intake.lang,
        systems,
        today: office.today(),
        said,
    };
    Ok((rules, officer.is_some_and(|it| !it.trim().is_empty())))
}

pub(super) async fn page(
    office: &Office,
    session: &Session,
    p: Desk,
    mut act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let systems = office
        .systems(&session.scope, act.case().controller)
        .await?;
    let pressed = act.typed.as_ref().map(|posted| posted.pressed());
    let (more, proposed) = match pressed {
        Some(("more", "proposal")) => (0, true),
        Some(("more", _)) => (1, false),
        _ => (0, false),
    };
    let rows = act.value("rows", "").parse().unwrap_or(ROWS) + more;
    let rows = rows.clamp(ROWS, MOST_ROWS);
    let case = act.case();
    let rectified = case.item(Right::Rectification);
    let noted = match rectified.filter(|it| act.typed.is_none() && open(it, case)) {
        Some(_) => {
            office
                .noted_corrections(&session.scope, case.id, MOST_ROWS)
                .await?
        }
        None => Vec::new(),
    };
    let rows = rows.max(noted.len());
    let said = match act.typed {
        None => office.said_of_findings(&session.scope, case.id).await?,
        Some(_) => Vec::new(),
    };
    let (rules, officer) = rules(office, case, (&systems, &said))?;
    let posted = act.typed.as_ref();
    let waiting = case.items.iter().filter(|item| open(item, case));
    let alone = waiting.clone().count() < 2;
    let points: Vec<Point> = waiting
        .map(|item| {
            let (right, slug) = (item.right, slug(item.right));
            let places = categories::places(case, (&slug, right), posted, &rules);
            let judged = !places.is_empty();
            Point {
                right,
                name: terms::right_name(right, Lang::De),
                wish: terms::right_wish(right, Lang::De),
                choices: choices(right, judged, alone),
                // What was said of single findings is decided category by category.
                usual: match usual(item, case, judged) {
                    "granted" if posted.is_none() && touched(&places) => "partly",
                    usual => usual,
                },
                treatments: categories::treatments(right),
                partial: categories::grounds(rules.book, right),
                grounds: reasons::grounds(rules.book, right),
                rows: reasons::rows(posted, &slug, rows, &rules),
                noted: match right {
                    Right::Rectification => noted.clone(),
                    _ => Vec::new(),
                },
                // Before an erasure somebody looks a second time, so nothing can be done yet.
                work: (!right.discloses() && right != Right::Erasure)
                    .then(|| Work::of(case, right, &systems)),
                officer,
                fee: case
                    .fee(right)
                    .map(|(_, letter, fee)| letters::fee(letter, fee))
                    .unwrap_or_default(),
                places,
                slug,
            }
        })
        .collect();
    let at = act
        .trouble
        .as_ref()
        .and_then(|trouble| anchor(&trouble.obstacle, &points, posted));
    let effect = measures::usual_effect(rules.lang);
    let erasure_asked = case.item(Right::Erasure).is_some();
    let restriction_asked = case.item(Right::Restriction).is_some();
    if let (Some(trouble), Some(at)) = (act.trouble.as_mut(), at) {
        trouble.at = at;
    }
    show(
        status,
        &Page {
            p,
            act,
            points,
            rows,
            erasure_asked,
            restriction_asked,
            effect,
            proposed,
        },
    )
}

/// The field to go to, by what stands against the decision.
fn anchor(obstacle: &Obstacle, points: &[Point], posted: Option<&Posted>) -> Option<String> {
    let lines = || {
        let decided = points.iter().filter(|it| !it.places.is_empty());
        decided.flat_map(|it| &it.places).flat_map(|it| &it.lines)
    };
    let line = |what: &String, field: &str, fits: fn(&Treatment) -> bool| {
        let found = lines().find(|it| it.full == *what && fits(&it.chosen));
        found.map(|it| format!("{}-{field}", it.slug))
    };
    let point = |fits: &dyn Fn(&&Point) -> bool, field: &str| {
        let found = points.iter().find(|it| fits(it));
        found.map(|it| format!("{}-{field}", it.slug))
    };
    let of = |right: Right, field: &str| point(&|it| it.right == right, field);
    let chosen = |code: &'static str| move |it: &&Point| it.chosen(posted) == code;
    match obstacle {
        Obstacle::CategoryOpen { what } => line(what, "do", |_| true),
        Obstacle::CategoryUngrounded { what } => line(what, "ground", |it| it.denies()),
        Obstacle::EndLacking { what } | Obstacle::EndOver { what } => {
            line(what, "until", |it| it.stays())
        }
        Obstacle::RecordLacking { what } => line(what, "record", |it| it.stays()),
        Obstacle::HowLacking { what } => line(what, "how", |it| *it == Treatment::Anonymise),
        Obstacle::TextUnfinished { what } => line(what, "facts", |it| it.denies()).or_else(|| {
            let gap = |row: &&Row| row.facts.contains('…');
            points.iter().find_map(|it| {
                let row = it.rows.iter().find(gap)?;
                Some(format!("{}-facts-{}", it.slug, row.at))
            })
        }),
        Obstacle::VersionLacking { system } => points.iter().find_map(|it| {
            let place = it.places.iter().find(|place| place.name == *system)?;
            it.discloses().then(|| format!("{}-text", place.version))
        }),
        Obstacle::ChecksOpen | Obstacle::ChecksIgnored => of(Right::Erasure, "checks"),
        Obstacle::BalanceLacking => of(Right::Objection, "compelling"),
        Obstacle::ExcessUnproven => point(&|it| excessive(it, posted), "objective"),
        Obstacle::FeeUntold { right } | Obstacle::FeeNotAgreed { right } => of(*right, "fee"),
        Obstacle::Empty("excess") => point(&|it| excessive(it, posted), "is"),
        Obstacle::OfficerUnheard => {
            let excess = || point(&|it| excessive(it, posted), "officer");
            point(&chosen("refused"), "officer")
                .or_else(excess)
                .or_else(|| point(&chosen("partly"), "officer"))
        }
        Obstacle::GroundLacking => {
            point(&chosen("refused"), "ground-0").or_else(|| point(&chosen("partly"), "ground-0"))
        }
        Obstacle::MeasureLacking { right } => of(*right, "measure"),
        Obstacle::NotInFull { right }
        | Obstacle::DoneAlready { right }
        | Obstacle::Absolute(right) => of(*right, "is"),
        _ => None,
    }
}

fn excessive(point: &Point, posted: Option<&Posted>) -> bool {
    let code = posted.map_or("", |posted| posted.get(&format!("{}-excess", point.slug)));
    !code.is_empty()
}

/// Whether something was written for a right: without a choice it must not get lost.
fn written(posted: &Posted, slug: &str) -> bool {
    const FIELDS: [&str; 5] = ["text", "facts", "law", "why", "objective"];
    posted.pairs().any(|(name, value)| {
        let field = name
            .strip_prefix(slug)
            .and_then(|rest| rest.strip_prefix('-'));
        let named = |field: &str| field.split('-').any(|part| FIELDS.contains(&part));
        !value.trim().is_empty() && field.is_some_and(named)
    })
}

/// What the form decides on a right, and the systems whose find goes out in a version; nothing if no choice was
/// made.
fn verdict(
    posted: &Posted,
    case: &Case,
    right: Right,
    rules: &Rules<'_>,
) -> Result<Option<Verdict>, Error> {
    let slug = slug(right);
    let text = posted.get(&format!("{slug}-text"));
    let choice = posted.get(&format!("{slug}-is"));
    let mut weighing = Weighing::default();
    let officer = posted.get(&format!("{slug}-officer")).trim();
    weighing.officer = (!officer.is_empty()).then(|| officer.into());
    if right == Right::Objection {
        weighing.balance = Some(reasons::balance(posted, &slug));
    }
    let excess = reasons::excess(posted, &slug, (case, right), rules)?;
    let abuse = excess.as_ref().and_then(|(_, ground)| ground.clone());
    weighing.excess = excess.map(|(excess, _)| excess);
    if abuse.is_some() && choice != "refused" {
        return Err(Obstacle::Empty("excess").into());
    }
    let places = categories::places(case, (&slug, right), Some(posted), rules);
    let acts = matches!(choice, "granted" | "partly");
    if acts {
        weighing.judgements = categories::judgements(&places, rules)?;
        weighing.three_way = match (right, places.is_empty()) {
            (Right::Erasure, true) => Some(ThreeWay::default()),
            (Right::Erasure, false) => reasons::three_way(posted, &slug),
            _ => None,
        };
    }
    if acts || choice == "refused" {
        weighing.measure = ordered::measure(posted, (&slug, right), rules.lang);
        // A no orders nothing but the note of the person's own view.
        if choice == "refused" && !matches!(weighing.measure, Some(Measure::Correct { .. })) {
            weighing.measure = None;
        }
    }
    let no = || {
        let mut grounds = reasons::reasons(posted, &slug, rules)?;
        grounds.extend(abuse.clone());
        let balance = weighing.balance.as_ref().filter(|_| grounds.is_empty());
        grounds.extend(balance.and_then(|it| reasons::compelling(it, rules)));
        Ok::<_, Obstacle>(grounds)
    };
    let decision = match choice {
        "granted" => Decision::granted(text),
        "partly" if !places.is_empty() => weighing.outcome(text)?,
        "partly" => Decision::partly(text, no()?, vec![])?,
        "refused" => Decision::refused(text, no()?)?,
        "nothing" => Decision::nothing_held(text),
        _ if written(posted, &slug) => return Err(Obstacle::Empty("decision").into()),
        _ => return Ok(None),
    };
    let done = if decision.to_carry_out() && right != Right::Erasure {
        done(posted, right)?
    } else {
        vec![]
    };
    Ok(Some(Verdict {
        right,
        decision,
        weighing,
        done,
    }))
}

/// The versions that go out in place of what was found.
async fn versions(
    office: &Office,
    case: &Case,
    posted: &Posted,
    verdict: &mut Verdict,
) -> Result<Vec<FileRow>, Error> {
    let mut files = Vec::new();
    if !verdict.right.discloses() {
        return Ok(files);
    }
    let slug = slug(verdict.right);
    for task in case.collection.tasks.iter().filter(|task| task.found()) {
        if !verdict.weighing.in_part(task.system) {
            continue;
        }
        let field = format!("{slug}-v{}", task.system);
        let uploads = posted.files_of(&format!("{field}-files"));
        let kept = office
            .file_for_case(
                case.controller,
                Some(case.id),
                FilePurpose::Finding,
                &uploads,
            )
            .await?;
        verdict.weighing.versions.push(Version {
            system: task.system,
            text: posted.get(&format!("{field}-text")).trim().into(),
            files: kept.iter().map(FileRow::id).collect(),
        });
        files.extend(kept);
    }
    Ok(files)
}

pub(super) async fn perform(
    office: &Office,
    session: &Session,
    id: CaseId,
    posted: &Posted,
) -> Result<Outcome, Error> {
    let (case, _) = office.open(&session.scope, id).await?;
    session.scope.demand(case.controller, Role::Decider)?;
    let systems = office.systems(&session.scope, case.controller).await?;
    let (rules, _) = rules(office, &case, (&systems, &[]))?;
    let mut verdicts = Vec::new();
    for item in case.items.iter().filter(|item| open(item, &case)) {
        verdicts.extend(verdict(posted, &case, item.right, &rules)?);
    }
    if verdicts.is_empty() {
        return Err(Obstacle::Empty("decision").into());
    }
    // A day outside of receipt and today is a slip of the pen.
    let slip = verdicts
        .iter()
        .flat_map(|verdict| &verdict.done)
        .any(|done| done.on > rules.today || done.on < case.intake.received);
    if slip {
        return Err(Obstacle::Empty("done-on").into());
    }
    if verdicts.iter().any(|verdict| not_yet(verdict, &rules)) {
        return Err(Obstacle::MeasureLacking {
            right: Right::Portability,
        }
        .into());
    }
    if verdicts.iter().any(|verdict| ends_over(verdict, &rules)) {
        return Err(Obstacle::MeasureLacking {
            right: Right::Restriction,
        }
        .into());
    }
    let mut files = Vec::new();
    for verdict in &mut verdicts {
        files.extend(versions(office, &case, posted, verdict).await?);
    }
    office
        .decide_with(&session.scope, id, seen(posted), verdicts, files)
        .await
}

/// Whether a transfer is said to be done on a day to come.
fn not_yet(verdict: &Verdict, rules: &Rules<'_>) -> bool {
    match &verdict.weighing.measure {
        Some(Measure::Transfer {
            outcome: Transferred::Done { on },
            ..
        }) => *on > rules.today,
        _ => false,
    }
}

/// Whether a restriction would have ended before it began.
fn ends_over(verdict: &Verdict, rules: &Rules<'_>) -> bool {
    match &verdict.weighing.measure {
        Some(Measure::Restrict {
            end: End::Day(day), ..
        }) => *day < rules.today,
        _ => false,
    }
}

/// The grounds that may be named for a part of what is asked for.
pub(super) fn partial_grounds(book: &LawBook, right: Right) -> Vec<(String, String)> {
    categories::grounds(book, right)
}
