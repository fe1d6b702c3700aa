//! The queue: what is due, whose turn it is, and the way to the next act.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{Datelike, Days, NaiveDate};

use crate::casework::{Cursor, Filter, Line, Office};
use crate::domain::deadline::Period;
use crate::domain::ids::{CaseId, ClerkId, ControllerId};
use crate::domain::lang::Lang;
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::domain::stage::{Stage, Turn};
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::acts::Kind;
use crate::web::office::line::{Due, Row, age};
use crate::web::office::session::{Session, encoded};
use crate::web::page::show;
use crate::words::{aftermath, because, desk, register, terms};

/// Lines on a page.
const PAGE: usize = 50;
/// Lines of a page of what was searched for: who searches looks for one person.
const FOUND: usize = 25;
/// Counts stop here; no page counts a table.
const CAP: i64 = 1000;

/// The lists of the queue, in the order of their tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Open,
    Mine,
    Nobody,
    Week,
    Overdue,
    Person,
    Apart,
    Closed,
}

impl Tab {
    const ALL: [Tab; 8] = [
        Tab::Open,
        Tab::Mine,
        Tab::Nobody,
        Tab::Week,
        Tab::Overdue,
        Tab::Person,
        Tab::Apart,
        Tab::Closed,
    ];

    fn code(self) -> &'static str {
        match self {
            Tab::Open => "open",
            Tab::Mine => "mine",
            Tab::Nobody => "nobody",
            Tab::Week => "week",
            Tab::Overdue => "overdue",
            Tab::Person => "person",
            Tab::Apart => "apart",
            Tab::Closed => "closed",
        }
    }

    fn filter(self, clerk: Option<ClerkId>, today: NaiveDate) -> Filter {
        let filter = Filter::default();
        let sunday = Days::new(u64::from(6 - today.weekday().num_days_from_monday()));
        match self {
            Tab::Open => filter,
            Tab::Mine => Filter {
                assignee: Some(clerk),
                ..filter
            },
            Tab::Nobody => Filter {
                assignee: Some(None),
                ..filter
            },
            Tab::Week => Filter {
                due_by: today.checked_add_days(sunday),
                ..filter
            },
            Tab::Overdue => Filter {
                due_by: today.pred_opt(),
                ..filter
            },
            Tab::Person => Filter {
                turn: Some(Turn::Person),
                ..filter
            },
            Tab::Apart => Filter {
                apart: true,
                ..filter
            },
            Tab::Closed => Filter {
                closed: true,
                newest: true,
                ..filter
            },
        }
    }
}

struct TabShown {
    tab: Tab,
    count: String,
    now: bool,
}

impl TabShown {
    fn href(&self) -> String {
        match self.tab {
            Tab::Open => "/desk".to_owned(),
            other => format!("/desk?tab={}", other.code()),
        }
    }
}

/// An entry of a list of choices.
struct Choice {
    value: String,
    name: String,
    now: bool,
}

/// A breach whose hours run.
struct BreachShown {
    case: CaseId,
    number: String,
    words: String,
    over: bool,
}

#[derive(Template)]
#[template(path = "office/queue.html")]
struct Queue {
    p: Desk,
    /// What counts in hours stands above what counts in days.
    breaches: Vec<BreachShown>,
    tabs: Vec<TabShown>,
    tab: Tab,
    rows: Vec<Row>,
    several: bool,
    may_enter: bool,
    /// How many questions on the register are open, in words.
    open: String,
    typed: String,
    turns: Vec<Choice>,
    stages: Vec<Choice>,
    rights: Vec<Choice>,
    clerks: Vec<Choice>,
    controllers: Vec<Choice>,
    sorts: Vec<Choice>,
    filtered: bool,
    first: Option<String>,
    next: Option<String>,
}

/// What stands in the address.
struct Asked(Vec<(String, String)>);

impl Asked {
    fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// The same address with another place to start from.
    fn from(&self, after: Option<Cursor>) -> String {
        let kept = self
            .0
            .iter()
            .filter(|(key, value)| key != "after" && !value.is_empty());
        let mut parts: Vec<String> = kept
            .map(|(key, value)| format!("{}={}", encoded(key), encoded(value)))
            .collect();
        parts.extend(after.map(|cursor| format!("after={}_{}", cursor.due, cursor.id)));
        if parts.is_empty() {
            "/desk".to_owned()
        } else {
            format!("/desk?{}", parts.join("&"))
        }
    }

    fn after(&self) -> Option<Cursor> {
        let (due, id) = self.get("after").split_once('_')?;
        Some(Cursor {
            due: due.parse().ok()?,
            id: CaseId(id.parse().ok()?),
        })
    }
}

/// The queue, or what was searched for.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let asked = Asked(asked.into_inner());
    let (today, scope) = (office.today(), &session.scope);
    let tab = Tab::ALL
        .into_iter()
        .find(|tab| tab.code() == asked.get("tab"))
        .unwrap_or(Tab::Open);
    let filter = narrowed(tab.filter(scope.clerk(), today), &asked);
    let typed = asked.get("q").to_owned();
    let page = if typed.is_empty() {
        office
            .queue(scope, filter.clone(), asked.after(), PAGE)
            .await?
    } else {
        office.find(scope, &typed, asked.after(), FOUND).await?
    };
    let filters = Tab::ALL
        .map(|tab| tab.filter(scope.clerk(), today))
        .to_vec();
    let counts = office.counts(scope, filters, CAP).await?;
    let colleagues = office.colleagues().await?;
    let name = |id: Option<ClerkId>| {
        let known = id.and_then(|id| colleagues.iter().find(|clerk| clerk.id == id));
        known.map(|clerk| clerk.name.clone()).unwrap_or_default()
    };
    let several = scope.controllers().len() > 1;
    let mut rows = Vec::with_capacity(page.lines.len());
    for line in page.lines {
        let house = office.house(line.controller)?;
        rows.push(Row {
            due: Due::of(line.due, today),
            assignee: name(line.assignee),
            controller: if several {
                house.controller.short.clone()
            } else {
                String::new()
            },
            age: age(line.received, line.closed.unwrap_or(today)),
            reason: reason(&office, &line)?,
            line,
        });
    }
    let tabs = Tab::ALL
        .into_iter()
        .zip(counts)
        .map(|(one, count)| TabShown {
            tab: one,
            count: counted(count),
            now: one == tab && typed.is_empty(),
        })
        .collect();
    let open = if tab == Tab::Open && typed.is_empty() {
        open_questions(&office, &session).await?
    } else {
        String::new()
    };
    office.note_look(scope, None, "queue").await?;
    let mut people = vec![(
        "none".to_owned(),
        terms::turn(Turn::Nobody, Lang::De).to_owned(),
    )];
    for (clerk, _, _) in office.staff(scope).await? {
        if !people.iter().any(|(id, _)| *id == clerk.id.to_string()) {
            people.push((clerk.id.to_string(), clerk.name));
        }
    }
    let places = scope.controllers().into_iter().filter_map(|id| {
        let house = office.house(id).ok()?;
        Some((id.to_string(), house.controller.short.clone()))
    });
    let now = office.now();
    let running = office.open_breaches(scope).await?;
    let breaches = running
        .into_iter()
        .map(|line| {
            let hours = (line.due - now).num_seconds().div_euclid(3600);
            BreachShown {
                case: line.case,
                number: line.number,
                words: match line.told {
                    true => aftermath::authority_decided().to_owned(),
                    false => aftermath::hours_left(hours),
                },
                over: hours < 0 && !line.told,
            }
        })
        .collect();
    let queue = Queue {
        p: session.desk(&office, Room::Cases).await?,
        breaches,
        tabs,
        tab,
        several,
        may_enter: scope.anywhere(Role::Handler),
        open,
        turns: choices(
            &asked,
            "turn",
            [Turn::Office, Turn::Person, Turn::Post]
                .map(|it| (it.code().to_owned(), terms::turn(it, Lang::De).to_owned())),
        ),
        stages: choices(
            &asked,
            "stage",
            Stage::ALL.map(|it| (it.code().to_owned(), terms::stage(it, Lang::De).to_owned())),
        ),
        rights: choices(
            &asked,
            "right",
            Right::ALL.map(|it| {
                (
                    it.code().to_owned(),
                    terms::right_short(it, Lang::De).to_owned(),
                )
            }),
        ),
        clerks: choices(&asked, "assignee", people),
        controllers: choices(&asked, "controller", places),
        sorts: choices(
            &asked,
            "sort",
            ["due", "newest"].map(|code| (code.to_owned(), desk::sort(code).to_owned())),
        ),
        filtered: ["turn", "stage", "right", "assignee", "controller"]
            .iter()
            .any(|name| !asked.get(name).is_empty()),
        first: asked.after().map(|_| asked.from(None)),
        next: page.next.map(|cursor| asked.from(Some(cursor))),
        typed,
        rows,
    };
    show(StatusCode::OK, &queue)
}

/// How many questions are open, for those who can answer them; nothing where none is.
async fn open_questions(office: &Office, session: &Session) -> Result<String, Problem> {
    let mut open = 0;
    for id in session.scope.controllers() {
        if session.may(id, Role::Admin) {
            open += office.questions(&session.scope, id).await?.len();
        }
    }
    Ok(if open == 0 {
        String::new()
    } else {
        register::questions_open(open)
    })
}

/// The list of a tab, narrowed by what stands in the address.
fn narrowed(filter: Filter, asked: &Asked) -> Filter {
    Filter {
        turn: Turn::from_code(asked.get("turn")).or(filter.turn),
        stage: Stage::from_code(asked.get("stage")).or(filter.stage),
        right: Right::from_code(asked.get("right")).or(filter.right),
        assignee: match asked.get("assignee") {
            "" => filter.assignee,
            "none" => Some(None),
            id => id.parse::<ClerkId>().ok().map(Some).or(filter.assignee),
        },
        controller: asked
            .get("controller")
            .parse::<ControllerId>()
            .ok()
            .or(filter.controller),
        newest: match asked.get("sort") {
            "newest" => true,
            "due" => false,
            _ => filter.newest,
        },
        ..filter
    }
}

fn choices(
    asked: &Asked,
    name: &str,
    of: impl IntoIterator<Item = (String, String)>,
) -> Vec<Choice> {
    let now = asked.get(name);
    of.into_iter()
        .map(|(value, name)| Choice {
            now: value == now,
            value,
            name,
        })
        .collect()
}

fn counted(count: i64) -> String {
    if count >= CAP {
        format!("{}+", CAP - 1)
    } else {
        count.to_string()
    }
}

/// Why a case is due on its day: reckoned anew from the day of receipt; where that gives another day,
/// the clock was stopped or the period extended, and the case itself tells how.
fn reason(office: &Office, line: &Line) -> Result<(String, String), Problem> {
    let place = office.house(line.controller)?.controller.place.clone();
    let plain = Period::on(line.received, place)
        .deadline(&office.calendar)
        .ok();
    Ok(match plain.filter(|plain| plain.current_due == line.due) {
        Some(plain) => (
            desk::short_because(&plain).to_owned(),
            because::because(&plain, Lang::De),
        ),
        None => (desk::moved_because().to_owned(), String::new()),
    })
}
