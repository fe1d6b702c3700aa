//! Why a wish is not met: grounds from the book of law, the signs of abuse, the three questions, the balance.

use crate::domain::case::Case;
use crate::domain::decision::Ground;
use crate::domain::lang::Lang;
use crate::domain::law::{Effect, GroundEntry, LawBook};
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::right::Right;
use crate::domain::weighing::{Balance, Check, Excess, ThreeWay};
use crate::web::form::Posted;
use crate::web::office::decision::categories::Rules;
use crate::words::measures;

/// Rows for reasons that a form has at most.
pub const MOST_ROWS: usize = 20;

/// The grounds of Art. 12(5) GDPR; they have a section of their own and are never proposed.
const EXCESS: [&str; 2] = ["unfounded", "excessive"];

/// A row for a reason.
pub struct Row {
    /// Its number.
    pub at: usize,
    /// The ground's code.
    pub ground: String,
    /// Another provision, typed.
    pub law: String,
    /// The facts.
    pub facts: String,
    /// What must be written down for the ground.
    pub needs: String,
}

/// The grounds that may be named for a no to the whole wish.
pub fn grounds(book: &LawBook, right: Right) -> Vec<(String, String)> {
    let fits = |it: &&GroundEntry| {
        !matches!(it.effect, Effect::Use | Effect::Fee) && !EXCESS.contains(&it.code.as_str())
    };
    let fitting = book.grounds_for(right).filter(fits);
    fitting
        .map(|it| (it.code.clone(), measures::ground(it)))
        .collect()
}

/// The rows of an item, with the proposed words where a ground was chosen and nothing written.
pub fn rows(posted: Option<&Posted>, slug: &str, count: usize, rules: &Rules<'_>) -> Vec<Row> {
    let row = |at: usize| {
        let typed = |name: &str| {
            let typed = posted.map(|it| it.get(&format!("{slug}-{name}-{at}")).trim().to_owned());
            typed.unwrap_or_default()
        };
        let mut row = Row {
            at,
            ground: typed("ground"),
            law: typed("law"),
            facts: typed("facts"),
            needs: String::new(),
        };
        if let Some(entry) = rules.book.ground(&row.ground) {
            row.needs.clone_from(&entry.needs.de);
            if row.facts.is_empty() {
                entry.text.of(rules.lang).clone_into(&mut row.facts);
            }
        }
        row
    };
    (0..count).map(row).collect()
}

/// The reasons that were written.
pub fn reasons(posted: &Posted, slug: &str, rules: &Rules<'_>) -> Result<Vec<Ground>, Obstacle> {
    let mut grounds = Vec::new();
    for row in rows(Some(posted), slug, MOST_ROWS, rules) {
        let law = match rules.book.ground(&row.ground) {
            Some(entry) => entry.law.of(rules.lang),
            None => row.law.as_str(),
        };
        if law.is_empty() && row.facts.is_empty() {
            continue;
        }
        let ground = Ground::new(law, &row.facts)?;
        if row.facts.contains('…') {
            return Err(Obstacle::TextUnfinished { what: ground.law });
        }
        grounds.push(ground);
    }
    Ok(grounds)
}

fn text(posted: &Posted, slug: &str, name: &str) -> Private<String> {
    posted.get(&format!("{slug}-{name}")).trim().into()
}

/// The three questions before an erasure; none unless each is answered with its reason.
pub fn three_way(posted: &Posted, slug: &str) -> Option<ThreeWay> {
    let check = |name: &str| {
        let stands = match posted.get(&format!("{slug}-{name}")) {
            "yes" => true,
            "no" => false,
            _ => return None,
        };
        let why = text(posted, slug, &format!("{name}-why"));
        (!why.reveal().is_empty()).then_some(Check { stands, why })
    };
    Some(ThreeWay {
        overriding: check("overriding")?,
        duty: check("duty")?,
        claims: check("claims")?,
    })
}

/// The balance of an objection.
pub fn balance(posted: &Posted, slug: &str) -> Balance {
    Balance {
        situation: text(posted, slug, "situation"),
        grounds: text(posted, slug, "compelling"),
    }
}

/// The compelling grounds as the person reads them.
pub fn compelling(balance: &Balance, rules: &Rules<'_>) -> Option<Ground> {
    let entry = rules.book.ground("compelling-grounds")?;
    Ground::new(entry.law.of(rules.lang), balance.grounds.reveal()).ok()
}

/// The signs of abuse, if the section was filled, and the ground that a refusal rests on.
pub fn excess(
    posted: &Posted,
    slug: &str,
    (case, right): (&Case, Right),
    rules: &Rules<'_>,
) -> Result<Option<(Excess, Option<Ground>)>, Obstacle> {
    let code = posted.get(&format!("{slug}-excess"));
    let Some(entry) = rules
        .book
        .ground(code)
        .filter(|it| EXCESS.contains(&it.code.as_str()))
    else {
        return Ok(None);
    };
    let charged = posted.get(&format!("{slug}-after")) == "fee";
    let fee = match charged {
        true => Some(case.fee_agreed(right)?.amount.clone()),
        false => None,
    };
    let excess = Excess {
        objective: text(posted, slug, "objective"),
        subjective: text(posted, slug, "subjective"),
        evidence: text(posted, slug, "evidence"),
        fee,
    };
    let proofs = match rules.lang {
        Lang::De => "Belege",
        Lang::En => "Evidence",
    };
    let parts = [&excess.objective, &excess.subjective, &excess.evidence];
    if parts.iter().any(|part| part.reveal().is_empty()) {
        return Err(Obstacle::ExcessUnproven);
    }
    let [objective, subjective, evidence] = parts.map(|part| part.reveal().as_str());
    let facts = format!("{objective} {subjective} {proofs}: {evidence}");
    let ground = Ground::new(entry.law.of(rules.lang), &facts)?;
    Ok(Some((excess, (!charged).then_some(ground))))
}
