//! The book of law as the program uses it: periods, grounds, authorities, with version and day.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::casework::Office;
use crate::domain::lang::Lang;
use crate::domain::law::GroundEntry;
use crate::domain::right::Right;
use crate::web::error::Problem;
use crate::web::layout::{Desk, Room};
use crate::web::office::session::Session;
use crate::web::page::show;
use crate::words::dates::short_date;
use crate::words::{register, terms};

struct Duty {
    code: &'static str,
    name: String,
    years: u8,
    bank: Option<u8>,
    law: String,
    heed: String,
}

struct Ground {
    law: String,
    effect: &'static str,
    needs: String,
    text: String,
}

struct Grounds {
    right: &'static str,
    code: &'static str,
    grounds: Vec<Ground>,
}

struct Authority {
    name: String,
    address: String,
    web: String,
    bodies: &'static str,
}

struct Old {
    find: String,
    instead: String,
}

#[derive(Template)]
#[template(path = "admin/law.html")]
struct Page {
    p: Desk,
    version: String,
    as_of: String,
    duties: Vec<Duty>,
    rights: Vec<Grounds>,
    outdated: Vec<Old>,
    authorities: Vec<Authority>,
}

/// The whole book.
pub async fn look(session: Session, office: web::Data<Office>) -> Result<HttpResponse, Problem> {
    let law = &office.law;
    let shown = |ground: &GroundEntry| Ground {
        law: ground.law.de.clone(),
        effect: register::effect(ground.effect),
        needs: ground.needs.de.clone(),
        text: ground.text.de.clone(),
    };
    let page = Page {
        p: session.desk(&office, Room::Register).await?,
        version: law.version().to_owned(),
        as_of: short_date(law.as_of(), Lang::De),
        duties: law
            .duties()
            .iter()
            .map(|duty| Duty {
                code: duty.code.code(),
                name: duty.name.de.clone(),
                years: duty.years,
                bank: duty.bank.filter(|years| *years != duty.years),
                law: duty.law.de.clone(),
                heed: duty.heed.de.clone(),
            })
            .collect(),
        rights: Right::ALL
            .into_iter()
            .map(|right| Grounds {
                right: terms::right_name(right, Lang::De),
                code: right.code(),
                grounds: law.grounds_for(right).map(shown).collect(),
            })
            .collect(),
        outdated: law
            .outdated()
            .iter()
            .map(|entry| Old {
                find: entry.find.join(", "),
                instead: entry.instead.de.clone(),
            })
            .collect(),
        authorities: law
            .authorities()
            .iter()
            .map(|entry| Authority {
                name: entry.name.clone(),
                address: entry.address.join(", "),
                web: entry.web.clone(),
                bodies: register::bodies(entry.bodies, entry.land.is_empty()),
            })
            .collect(),
    };
    show(StatusCode::OK, &page)
}
