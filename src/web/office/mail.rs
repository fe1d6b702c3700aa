//! The mail that came in: what waits for a person, what became of the rest, and one mail beside what was understood.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::intake::{Entry, Wish};
use crate::casework::mailroom::{Accepted, MailFile, MailLine};
use crate::casework::scanning::Lookout;
use crate::casework::{Error, Office};
use crate::domain::arrival::Arrival;
use crate::domain::ids::{CaseId, FileId, IncomingId};
use crate::domain::incoming::IncomingState;
use crate::domain::intake::{Channel, OnBehalf, ReplyBy};
use crate::domain::lang::Lang;
use crate::domain::matter::Matter;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;
use crate::domain::scope::Role;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::{Desk, Room};
use crate::web::office::act::day;
use crate::web::office::acts::rights;
use crate::web::office::entry::{controller, key, onward, some};
use crate::web::office::mail_parts::PartLine;
use crate::web::office::session::Session;
use crate::web::office::signed::Signed;
use crate::web::office::story::day_of;
use crate::web::page::{see_other, show};
use crate::words::{mailroom, obstacles, size, terms};

/// Lines on a pile; who has more of them has another worry.
const LINES: i64 = 200;
/// The piles, as the tabs name them.
const PILES: [IncomingState; 4] = [
    IncomingState::Unclear,
    IncomingState::Unreadable,
    IncomingState::Case,
    IncomingState::No,
];

struct Line {
    id: IncomingId,
    day: String,
    from: String,
    subject: String,
    proposal: String,
    case: Option<CaseId>,
}

impl Line {
    fn of(mail: &MailLine) -> Line {
        let said = |text: &str, empty: &str| match text.trim() {
            "" => empty.to_owned(),
            text => text.to_owned(),
        };
        Line {
            id: mail.id,
            day: day_of(mail.arrived),
            from: said(mail.understood.from.reveal(), "unbekannt"),
            subject: said(mail.understood.subject.reveal(), "(ohne Betreff)"),
            proposal: mailroom::proposal(&mail.understood),
            case: mail.case,
        }
    }
}

struct Pile {
    code: &'static str,
    name: &'static str,
    now: bool,
}

#[derive(Template)]
#[template(path = "office/mails.html")]
struct Page {
    p: Desk,
    piles: Vec<Pile>,
    now: IncomingState,
    lines: Vec<Line>,
    /// Mailboxes that cannot be read now, with the reason.
    broken: Vec<(String, String)>,
    may_enter: bool,
    several: Vec<(String, String)>,
    done: String,
    typed: Posted,
    trouble: String,
}

async fn page(
    office: &Office,
    session: &Session,
    now: IncomingState,
    done: String,
    (typed, obstacle): (Posted, Option<&Obstacle>),
) -> Result<HttpResponse, Problem> {
    let mails = office.mails(&session.scope, now, LINES).await?;
    // Names and subjects stand on it.
    office.note_look(&session.scope, None, "mails").await?;
    let mut several = Vec::new();
    for id in session.scope.controllers() {
        if session.may(id, Role::Handler) {
            several.push((id.to_string(), office.house(id)?.controller.name.clone()));
        }
    }
    let page = Page {
        p: session.desk(office, Room::Inbox).await?,
        piles: PILES
            .map(|state| Pile {
                code: state.code(),
                name: mailroom::pile(state),
                now: state == now,
            })
            .into(),
        now,
        lines: mails.iter().map(Line::of).collect(),
        broken: office.mailbox_troubles(&session.scope).await?,
        may_enter: session.scope.anywhere(Role::Handler),
        several,
        done,
        typed,
        trouble: obstacle.map(obstacles::obstacle).unwrap_or_default(),
    };
    let status = match obstacle {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    show(status, &page)
}

/// A pile.
pub async fn look(
    session: Session,
    office: web::Data<Office>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let get = |name: &str| asked.iter().find(|(key, _)| key == name);
    let pile = get("pile").and_then(|(_, code)| IncomingState::from_code(code));
    let now = pile.filter(|it| PILES.contains(it));
    let done = get("done").map_or("", |(_, done)| done.as_str()).to_owned();
    let now = now.unwrap_or(IncomingState::Unclear);
    page(&office, &session, now, done, (Posted::default(), None)).await
}

/// Takes in messages as files.
pub async fn hand_in(signed: Signed, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    session.demand_anywhere(Role::Handler)?;
    match handed_in(&office, &session, &posted).await {
        Ok(()) => Ok(see_other("/desk/mail?done=taken")),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            let now = IncomingState::Unclear;
            page(
                &office,
                &session,
                now,
                String::new(),
                (posted, Some(&obstacle)),
            )
            .await
        }
        Err(other) => Err(other.into()),
    }
}

async fn handed_in(office: &Office, session: &Session, posted: &Posted) -> Result<(), Error> {
    if !posted.left_out.is_empty() || posted.files.is_empty() {
        return Err(Obstacle::Empty("mail").into());
    }
    let controller = controller(session, posted)?;
    for file in &posted.files {
        office
            .hand_in_mail(&session.scope, controller, file.bytes.clone())
            .await?;
    }
    Ok(())
}

#[derive(Template)]
#[template(path = "office/mail.html")]
struct One {
    p: Desk,
    line: Line,
    pile: &'static str,
    /// Whether a person can still say what it is.
    open: bool,
    may_enter: bool,
    verdict: &'static str,
    reasons: Vec<String>,
    warnings: Vec<&'static str>,
    /// Whose signature holds, in words; empty: none.
    signed: String,
    text: String,
    formatted: String,
    attached: Vec<(String, String)>,
    opaque: Vec<String>,
    parts: Vec<PartLine>,
    more: bool,
    /// Whether there is a formatted text to be shown.
    page: bool,
    lookout: Lookout,
    original: Option<FileId>,
    size: String,
    rights: Vec<(&'static str, &'static str)>,
    today: String,
    key: String,
    typed: Posted,
    proposed: Option<Entry>,
    trouble: String,
    at: String,
}

impl One {
    /// As typed, or as it was understood.
    fn value(&self, name: &str) -> String {
        if !self.typed.is_empty() {
            return self.typed.get(name).to_owned();
        }
        let Some(entry) = &self.proposed else {
            return String::new();
        };
        let wish = &entry.wish;
        let shown = |text: &Option<crate::domain::private::Private<String>>| {
            text.as_ref()
                .map(|it| it.reveal().clone())
                .unwrap_or_default()
        };
        match name {
            "name" => wish.name.reveal().clone(),
            "email" => shown(&wish.email),
            "data-subject" => shown(&wish.data_subject),
            "hints" => shown(&wish.hints),
            "received" => entry.received.to_string(),
            _ => String::new(),
        }
    }

    fn chosen(&self, name: &str, value: &str) -> bool {
        if !self.typed.is_empty() {
            return self.typed.all(name).any(|given| given == value);
        }
        let Some(entry) = &self.proposed else {
            return matches!((name, value), ("lang", "de") | ("on-behalf", "own"));
        };
        match name {
            "rights" => entry.wish.rights.iter().any(|it| it.code() == value),
            "lang" => entry.wish.lang.code() == value,
            "on-behalf" => entry.wish.on_behalf.code() == value,
            _ => false,
        }
    }

    fn wrong(&self, name: &str) -> bool {
        self.at == name
    }
}

async fn one_page(
    office: &Office,
    session: &Session,
    id: IncomingId,
    (typed, obstacle): (Posted, Option<&Obstacle>),
) -> Result<HttpResponse, Problem> {
    let mail = office.mail(&session.scope, id).await?;
    let of = (mail.line.controller, mail.line.case);
    office.note_look_at(&session.scope, of, "mail").await?;
    let MailFile {
        line,
        text,
        formatted,
        attached,
        opaque,
        contents,
        troubles,
        original,
        size,
        proposal,
    } = mail;
    let (status, at) = match obstacle {
        Some(Obstacle::Empty(what)) => (StatusCode::UNPROCESSABLE_ENTITY, (*what).to_owned()),
        Some(Obstacle::NoRight) => (StatusCode::UNPROCESSABLE_ENTITY, "rights".to_owned()),
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, "received".to_owned()),
        None => (StatusCode::OK, String::new()),
    };
    let page = One {
        p: session.desk(office, Room::Inbox).await?,
        pile: mailroom::pile(line.state),
        open: line.state.open() && original.is_some(),
        may_enter: session.may(line.controller, Role::Handler),
        verdict: mailroom::verdict(line.understood.verdict),
        reasons: line
            .understood
            .because
            .iter()
            .map(|it| mailroom::reason(it))
            .collect(),
        warnings: troubles
            .iter()
            .filter_map(|it| mailroom::trouble(it))
            .collect(),
        signed: line
            .understood
            .signed_by
            .as_deref()
            .map(mailroom::signed_by)
            .unwrap_or_default(),
        text: text.reveal().clone(),
        formatted: formatted.map(|it| it.reveal().clone()).unwrap_or_default(),
        attached: attached
            .iter()
            .map(|(name, text)| (name.reveal().clone(), text.reveal().clone()))
            .collect(),
        parts: contents.parts.iter().map(PartLine::of).collect(),
        more: contents.more,
        page: contents.formatted,
        lookout: office.lookout().await,
        opaque: opaque.iter().map(|it| it.reveal().clone()).collect(),
        original,
        size: size::size(size, Lang::De),
        rights: Right::ALL
            .map(|right| (right.code(), terms::right_name(right, Lang::De)))
            .to_vec(),
        today: office.today().to_string(),
        key: key(&typed).text(),
        typed,
        proposed: proposal,
        trouble: obstacle.map(obstacles::obstacle).unwrap_or_default(),
        at,
        line: Line::of(&line),
    };
    show(status, &page)
}

/// One mail.
pub async fn one(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<IncomingId>,
) -> Result<HttpResponse, Problem> {
    let id = address.into_inner();
    one_page(&office, &session, id, (Posted::default(), None)).await
}

/// What a person says it is.
pub async fn say(
    signed: Signed,
    office: web::Data<Office>,
    address: web::Path<IncomingId>,
) -> Result<HttpResponse, Problem> {
    let Signed { session, posted } = signed;
    let id = address.into_inner();
    match said(&office, &session, id, &posted).await {
        Ok(to) => Ok(see_other(&to)),
        Err(Error::Obstacle(obstacle @ Obstacle::RoleLacking { .. })) => Err(obstacle.into()),
        Err(Error::Obstacle(obstacle)) => {
            one_page(&office, &session, id, (posted, Some(&obstacle))).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn said(
    office: &Office,
    session: &Session,
    id: IncomingId,
    posted: &Posted,
) -> Result<String, Error> {
    let mail = office.mail(&session.scope, id).await?;
    let controller = mail.line.controller;
    session.scope.demand(controller, Role::Handler)?;
    let (what, confidential) = match posted.pressed().0 {
        "nothing" => (Accepted::Nothing, false),
        "join" => (Accepted::Part(posted.get("number").to_owned()), false),
        _ => {
            let entry = entry(posted, &mail)?;
            let confidential = entry.confidential;
            (Accepted::Request(Box::new(entry)), confidential)
        }
    };
    let case = office.say_of_mail(&session.scope, id, what).await?;
    Ok(match case {
        Some(case) => onward(session, controller, confidential, case),
        None => "/desk/mail?done=dismissed".to_owned(),
    })
}

fn entry(posted: &Posted, mail: &MailFile) -> Result<Entry, Error> {
    let email = some(posted.get("email"));
    if email.as_ref().is_some_and(|it| !it.reveal().contains('@')) {
        return Err(Obstacle::Empty("email").into());
    }
    let text = mail.proposal.as_ref().map(|it| it.wish.text.clone());
    let wish = Wish {
        rights: rights(posted),
        text: text.unwrap_or_default(),
        lang: posted.get("lang").parse().unwrap_or(Lang::De),
        on_behalf: OnBehalf::from_code(posted.get("on-behalf")).unwrap_or_default(),
        name: posted.get("name").trim().into(),
        data_subject: some(posted.get("data-subject")),
        email,
        address: None,
        hints: some(posted.get("hints")),
        reply_by: ReplyBy::Portal,
        copy_first: Some(true),
        shared_mailbox: None,
    };
    if wish.name.reveal().is_empty() {
        return Err(Obstacle::Empty("name").into());
    }
    if wish.rights.is_empty() && wish.text.reveal().trim().is_empty() {
        return Err(Obstacle::Empty("rights").into());
    }
    Ok(Entry {
        form: key(posted),
        controller: mail.line.controller,
        channel: Channel::Email,
        received: day(posted.get("received")).ok_or(Obstacle::Empty("received"))?,
        arrival: Arrival::default(),
        matter: Matter::Request,
        confidential: posted.ticked("confidential"),
        wish,
        files: vec![],
    })
}
