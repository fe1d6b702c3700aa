//! The letter to somebody who received data: filled from the case, proved, ready to be sent or posted.

use super::error::Error;
use super::facts;
use super::office::Office;
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::intake::Party;
use crate::domain::lang::Lang;
use crate::domain::notice::{Expected, Notice};
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::{Role, Scope};
use crate::letters::facts::{Facts, NoticeFacts, PersonFacts};
use crate::letters::pdf::print_sheet;
use crate::letters::press::{Address, Kind};
use crate::letters::{check, prove};
use crate::words::dates::long_date;
use crate::words::{recipients as words, terms};

/// Recipients are written to in the language of the house.
const LANG: Lang = Lang::De;

impl Office {
    /// The letter to the recipient of this number, as PDF; nothing is stored and nothing leaves.
    pub async fn recipient_letter(
        &self,
        scope: &Scope,
        id: CaseId,
        number: usize,
    ) -> Result<Vec<u8>, Error> {
        let (case, _, key) = self.open_with_key(scope, id).await?;
        scope.demand(case.controller, Role::Handler)?;
        let house = self.house(case.controller)?;
        let notice = number
            .checked_sub(1)
            .and_then(|at| case.notices.get(at))
            .ok_or(Obstacle::UnknownTask)?;
        let kind = match notice.expected {
            Expected::Instruct => Kind::RecipientInstruction,
            Expected::Notify => Kind::RecipientNotice,
            Expected::TakeDown => Kind::PublicNotice,
        };
        let mut facts = facts::of_case(house, &case, &key, LANG, self.today());
        facts.notice = Some(of_notice(&case, notice));
        // Neither the requester's address nor the link to her case is any business of a recipient.
        facts.person = PersonFacts::default();
        facts.link = None;
        self.proved(kind, &facts, notice)
    }

    fn proved(&self, kind: Kind, facts: &Facts, notice: &Notice) -> Result<Vec<u8>, Error> {
        let printed = self.press.print(kind, LANG, Address::Sie, facts)?;
        let mut gaps = check(kind, facts);
        gaps.extend(prove(&printed, facts));
        if !gaps.is_empty() {
            let gaps = gaps.iter().map(|gap| gap.words(LANG)).collect();
            return Err(Obstacle::LetterIncomplete { gaps }.into());
        }
        let window = vec![notice.recipient.clone(), notice.contact.clone()];
        let sheet = printed.sheet(facts, LANG, window, self.now());
        print_sheet(&sheet)
            .map(|sheets| sheets.pdf)
            .map_err(|_| Error::Fault("the letter cannot be laid out"))
    }
}

fn of_notice(case: &Case, notice: &Notice) -> NoticeFacts {
    let item = case.item(notice.right);
    let done = item.and_then(|item| item.done().iter().map(|done| done.on).min());
    NoticeFacts {
        recipient: notice.recipient.clone(),
        act: terms::right_name(notice.right, LANG).to_owned(),
        data: vec![notice.what.clone()],
        record: case
            .data_subject()
            .map(|party| record(party, notice.expected))
            .unwrap_or_default(),
        on: done.map(|day| long_date(day, LANG)).unwrap_or_default(),
        basis: words::basis(notice.right, LANG).to_owned(),
        expected: words::expectation(notice.right, notice.expected, LANG).to_owned(),
        until: long_date(notice.due, LANG),
        links: match notice.expected {
            Expected::TakeDown => vec![notice.what.clone()],
            _ => vec![],
        },
    }
}

/// What finds the record, and no more than that: one key, the narrowest that is known.
fn record(party: &Party, expected: Expected) -> String {
    let keys = [&party.email, &party.hints];
    keys.into_iter()
        .flatten()
        // What is public is found by the name under which it stands there.
        .filter(|_| expected != Expected::TakeDown)
        .map(|key| key.reveal().trim())
        .find(|key| !key.is_empty())
        .unwrap_or(party.name.reveal())
        .to_owned()
}
