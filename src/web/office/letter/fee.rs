//! A fee before it is charged (Art. 12(5), 15(3) GDPR), and what the person says to it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use chrono::{Days, NaiveDate};

use crate::domain::case::Case;
use crate::domain::fee::{Charge, Consent, Fee, FeeAnswer};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::right::Right;
use crate::web::error::Problem;
use crate::web::form::Posted;
use crate::web::layout::Desk;
use crate::web::office::act::{Act, day};
use crate::web::office::acts::Kind;
use crate::web::page::show;
use crate::words::{letters, terms};

/// The person has so many days to answer, unless somebody chooses otherwise.
const USUAL_DAYS: u64 = 10;

/// What the form begins with.
pub struct Form {
    /// The items for which a fee could be told.
    pub items: Vec<(&'static str, &'static str)>,
    /// The last day of the period.
    pub due: NaiveDate,
    /// The proposed day for the answer; empty: none fits.
    pub until: String,
}

pub fn blank(case: &Case, today: NaiveDate) -> (Form, Fee) {
    let items = case.chargeable();
    let items = items.map(|item| (item.right.code(), terms::right_name(item.right, Lang::De)));
    let due = case.due();
    let last = due.pred_opt().unwrap_or(due);
    let until = today
        .checked_add_days(Days::new(USUAL_DAYS))
        .unwrap_or(today);
    let until = until.min(last);
    let form = Form {
        items: items.collect(),
        due,
        until: match until > today {
            true => until.to_string(),
            false => String::new(),
        },
    };
    let about = Fee {
        right: Right::Access,
        amount: String::new().into(),
        costs: String::new().into(),
        charge: Charge::Copies {
            why: String::new().into(),
        },
        free: String::new().into(),
        until,
        answer: None,
    };
    (form, about)
}

pub fn typed(posted: &Posted) -> Result<Fee, Obstacle> {
    let text = |name: &str| Private::from(posted.get(name).trim());
    let charge = match posted.get("fee-for") {
        "copies" => Charge::Copies {
            why: text("fee-why"),
        },
        _ => Charge::Excess {
            objective: text("fee-objective"),
            subjective: text("fee-subjective"),
            evidence: text("fee-evidence"),
        },
    };
    Ok(Fee {
        right: Right::from_code(posted.get("right")).ok_or(Obstacle::NoRight)?,
        amount: text("fee-amount"),
        costs: text("fee-costs"),
        charge,
        free: text("fee-free"),
        until: day(posted.get("fee-until")).ok_or(Obstacle::Empty("fee-until"))?,
        answer: None,
    })
}

/// What the form says of the person's answer.
pub fn answer(posted: &Posted) -> Result<(Right, FeeAnswer), Obstacle> {
    let right = Right::from_code(posted.get("right")).ok_or(Obstacle::NoRight)?;
    let consent = Consent::from_code(posted.get("fee-consent"));
    let answer = FeeAnswer {
        consent: consent.ok_or(Obstacle::Empty("fee-consent"))?,
        on: day(posted.get("fee-on")).ok_or(Obstacle::Empty("fee-on"))?,
        note: posted.get("fee-note").trim().into(),
    };
    Ok((right, answer))
}

/// A fee that waits for an answer.
pub struct Told {
    /// The right's code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// How much, and told when.
    pub words: String,
}

impl Act {
    /// Whether a fee could be told for an item.
    pub fn chargeable(&self) -> bool {
        self.case().chargeable().next().is_some()
    }

    /// The fees that were told and to which the person has neither agreed nor said no.
    pub fn fees_open(&self) -> Vec<Told> {
        let open = |fee: &Fee| {
            let answer = fee.answer.as_ref();
            answer.is_none_or(|it| it.consent == Consent::Silent)
        };
        let items = self.case().items.iter().filter(|item| !item.ended());
        let told = items.filter_map(|item| self.case().fee(item.right));
        let told = told.filter(|(_, letter, fee)| letter.left.is_some() && open(fee));
        told.map(|(_, letter, fee)| Told {
            code: fee.right.code(),
            name: terms::right_name(fee.right, Lang::De),
            words: letters::fee(letter, fee),
        })
        .collect()
    }
}

#[derive(Template)]
#[template(path = "office/fee_answer.html")]
struct Page {
    p: Desk,
    act: Act,
}

pub(in crate::web::office) fn answered(
    p: Desk,
    act: Act,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    show(status, &Page { p, act })
}
