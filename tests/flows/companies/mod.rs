//! One story for each company of `config/examples`: what is peculiar to a house of that kind.

mod bildwand;
mod datenhof;
mod lizenzstube;
mod neckarnetz;
mod wolkenwerk;

use chrono::NaiveDate;
use rechtzeitig::casework::Token;
use rechtzeitig::casework::desk::Outcome;
use rechtzeitig::casework::intake::{Entry, Wish};
use rechtzeitig::domain::arrival::Arrival;
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::intake::{Channel, ReplyBy};
use rechtzeitig::domain::matter::Matter;
use rechtzeitig::domain::notice::Told;
use rechtzeitig::domain::right::Right;

use crate::support::office::Office;
use crate::support::people::{Clerk, Subject};

/// The office of one of the five companies.
pub(super) async fn office_of(name: &'static str) -> Office {
    Office::open_with(|plan| plan.example = Some(name)).await
}

/// A wish that is answered by letter.
pub(super) fn by_letter(person: &Subject, rights: &[Right]) -> Wish {
    Wish {
        address: Some("Musterweg 1\n12345 Musterort".to_owned().into()),
        reply_by: ReplyBy::Post,
        ..person.wish(rights)
    }
}

/// Somebody at the desk writes down what came in.
pub(super) async fn entered(
    office: &Office,
    clerk: &Clerk,
    (channel, received): (Channel, NaiveDate),
    wish: Wish,
) -> CaseId {
    let entry = Entry {
        form: Token::generate(),
        controller: office.company(),
        channel,
        received,
        arrival: Arrival::default(),
        matter: Matter::Request,
        confidential: false,
        wish,
        files: vec![],
    };
    let receipt = office.enter(&clerk.scope, entry).await;
    receipt.expect("a case").case
}

/// Every recipient that is still to be told is told, today.
async fn tells_recipients(office: &Office, clerk: &Clerk, case: CaseId) -> Outcome {
    let (known, seen) = clerk.sees(office, case).await;
    let told = || Told::Told {
        on: office.today(),
        proof: "Antwort vom selben Tag".to_owned().into(),
    };
    let open: Vec<(usize, Told)> = (1..=known.notices.len())
        .map(|number| (number, told()))
        .collect();
    let done = office.tell(&clerk.scope, case, seen, open).await;
    done.expect("told recipients")
}
