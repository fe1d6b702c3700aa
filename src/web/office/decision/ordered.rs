//! What is ordered where it is not about categories: a correction, a restriction, a look by a person.

use chrono::NaiveDate;

use crate::domain::judgement::End;
use crate::domain::lang::Lang;
use crate::domain::measure::{Correction, Measure, Occasion, Transferred};
use crate::domain::private::Private;
use crate::domain::right::Right;
use crate::web::form::Posted;
use crate::web::office::act::day;
use crate::web::office::decision::reasons::MOST_ROWS;
use crate::words::measures;

/// The cases of a restriction as choices: code, words, hint.
pub fn occasions() -> [(&'static str, &'static str, &'static str); 4] {
    Occasion::ALL.map(|it| {
        let (words, hint) = measures::occasion_choice(it);
        (it.code(), words, hint)
    })
}

/// What the form orders for a right, if it orders anything.
pub fn measure(posted: &Posted, (slug, right): (&str, Right), lang: Lang) -> Option<Measure> {
    let text =
        |name: &str| -> Private<String> { posted.get(&format!("{slug}-{name}")).trim().into() };
    match right {
        Right::Rectification => {
            let corrections = corrections(posted, slug);
            let counter_note = text("counter-note");
            let said = !corrections.is_empty() || !counter_note.reveal().is_empty();
            said.then_some(Measure::Correct {
                corrections,
                counter_note,
            })
        }
        Right::Restriction => {
            let occasion = Occasion::from_code(posted.get(&format!("{slug}-occasion")))?;
            let event = match text("ends").reveal().as_str() {
                "" => measures::usual_end(occasion, lang).to_owned(),
                event => event.to_owned(),
            };
            Some(Measure::Restrict {
                occasion,
                effect: text("effect"),
                end: day(posted.get(&format!("{slug}-ends-on")))
                    .map_or(End::Event(event), End::Day),
            })
        }
        Right::Portability => {
            let outcome = match text("transfer").reveal().as_str() {
                // A day that is missing is no day to come: it cannot have been done then.
                "done" => Transferred::Done {
                    on: day(text("transfer-on").reveal()).unwrap_or(NaiveDate::MAX),
                },
                "unfeasible" => Transferred::Unfeasible {
                    because: text("transfer-because"),
                },
                _ => return None,
            };
            Some(Measure::Transfer {
                to: text("transfer-to"),
                outcome,
            })
        }
        Right::HumanReview => Some(Measure::Review {
            reviewer: text("reviewer"),
            view: text("view"),
            result: text("result"),
        }),
        _ => None,
    }
}

fn corrections(posted: &Posted, slug: &str) -> Vec<Correction> {
    let field = |name: &str, at: usize| posted.get(&format!("{slug}-{name}-{at}")).trim();
    (0..MOST_ROWS)
        .map(|at| Correction {
            what: field("entry", at).to_owned(),
            old: field("old", at).into(),
            new: field("new", at).into(),
        })
        .filter(|it| {
            let parts = [it.what.as_str(), it.old.reveal(), it.new.reveal()];
            parts.iter().any(|part| !part.is_empty())
        })
        .collect()
}
