//! Telling those who received data (Art. 19, 17(2) GDPR): by mail from here, by a letter that somebody posts, or why not.

use chrono::NaiveDate;

use super::desk::{Deed, Moment, Outcome};
use super::error::Error;
use super::facts;
use super::office::Office;
use super::outbox;
use super::slips::{self, SlipFacts};
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, SystemId};
use crate::domain::intake::Party;
use crate::domain::lang::Lang;
use crate::domain::notice::{Expected, Notice, Told};
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::register::System;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::letters::facts::{Facts, NoticeFacts};
use crate::letters::pdf::print_sheet;
use crate::letters::press::{Address, Kind, Printed};
use crate::letters::{check, prove};
use crate::storage::messages::MessageRow;
use crate::storage::recipients::{self, RecipientLine};
use crate::words::dates::long_date;
use crate::words::{recipients as words, terms};

/// Recipients are written to in the language of the house.
const LANG: Lang = Lang::De;
/// So many cases with recipients to be told are listed at once.
const MOST: i64 = 500;

/// What is done about one recipient.
#[derive(Debug, Clone)]
pub enum Telling {
    /// Told by mail from here, at this address.
    Mail(Private<String>),
    /// Settled otherwise: told, done, or why not.
    Settled(Told),
}

/// Which letter tells it.
fn kind(expected: Expected) -> Kind {
    match expected {
        Expected::Instruct => Kind::RecipientInstruction,
        Expected::Notify => Kind::RecipientNotice,
        Expected::TakeDown => Kind::PublicNotice,
    }
}

/// Whether a system holds special categories of data (Art. 9 GDPR).
fn special(systems: &[System], id: SystemId) -> bool {
    let system = systems.iter().find(|system| system.id == id);
    system.is_some_and(|system| system.categories.iter().any(|category| category.special))
}

impl Office {
    /// Tells recipients by mail, or records that they were told, or why not.
    pub async fn tell_recipients(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        tellings: Vec<(usize, Telling)>,
    ) -> Result<Outcome, Error> {
        if tellings.is_empty() {
            return Err(Obstacle::Empty("told").into());
        }
        let controller = self.controller_of(scope, case).await?;
        let systems = self.systems(scope, controller).await?;
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let mut deed = Deed::default();
            for (number, telling) in &tellings {
                match telling {
                    Telling::Settled(told) => {
                        let events = case.tell(*number, told.clone(), moment.today)?;
                        deed.events.extend(events);
                    }
                    Telling::Mail(to) => {
                        let special = special(&systems, case.notice(*number)?.system);
                        let notice = case.may_mail(*number, to.reveal(), special)?;
                        let row = self.notice_mail(moment, case, notice, to)?;
                        deed.events
                            .extend(case.mails(*number, to.reveal(), row.id()));
                        deed.events.extend(slips::said(Some(&row)));
                        deed.messages.push(row);
                    }
                }
            }
            Ok(deed)
        })
        .await
    }

    /// Records that recipients were told what became of the data, or why not.
    pub async fn tell(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        told: Vec<(usize, Told)>,
    ) -> Result<Outcome, Error> {
        let told = told.into_iter();
        let tellings = told.map(|(number, told)| (number, Telling::Settled(told)));
        self.tell_recipients(scope, case, seen, tellings.collect())
            .await
    }

    /// The person asked who received the data.
    pub async fn ask_recipients(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        on: NaiveDate,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            Ok(case.ask_recipients(on, moment.today)?.into())
        })
        .await
    }

    /// A mail to a recipient came back, as a clerk says.
    pub async fn recipient_bounced(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        number: usize,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            Ok(case.recipient_bounced(number, moment.today)?.into())
        })
        .await
    }

    /// Adds a recipient that the register does not know.
    pub async fn add_recipient(
        &self,
        scope: &Scope,
        case: CaseId,
        seen: i64,
        right: Right,
        (recipient, contact): (&str, &str),
        expected: Expected,
        what: &str,
    ) -> Result<Outcome, Error> {
        self.act(scope, case, Some(seen), Role::Handler, |case, moment| {
            let whom = (recipient, contact);
            Ok(case
                .add_recipient(right, whom, expected, what, moment.today)?
                .into())
        })
        .await
    }

    /// The cases in reach in which recipients still have to be told, the most urgent first.
    pub async fn untold_recipients(&self, scope: &Scope) -> Result<Vec<RecipientLine>, Error> {
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| recipients::open(conn, &reach, MOST))
            .await?)
    }

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
        let notice = case.notice(number)?;
        let whole = facts::of_case(house, &case, &key, LANG, self.today());
        let said = of_notice(&case, notice);
        let window = vec![said.recipient.clone(), notice.contact.clone()];
        let facts = SlipFacts::of_notice(said).over(whole);
        let printed = self.proved(notice, &facts)?;
        let sheet = printed.sheet(&facts, LANG, window, self.now());
        print_sheet(&sheet)
            .map(|sheets| sheets.pdf)
            .map_err(|_| Error::Fault("the letter cannot be laid out"))
    }

    /// The same letter as a mail. It is proven before it is queued; printed again when it leaves.
    fn notice_mail(
        &self,
        moment: &Moment<'_>,
        case: &Case,
        notice: &Notice,
        to: &Private<String>,
    ) -> Result<MessageRow, Error> {
        let whole = facts::of_case(moment.house, case, moment.key, LANG, moment.today);
        let said = SlipFacts::of_notice(of_notice(case, notice));
        self.proved(notice, &said.clone().over(whole))?;
        let said = serde_json::to_string(&said).map_err(|_| Error::Fault("a notice's facts"))?;
        let name = addressee(notice);
        let to = (Private::from(to.reveal().trim()), Private::from(name));
        outbox::slip(moment, case, kind(notice.expected).stem(), to, said)
    }

    fn proved(&self, notice: &Notice, facts: &Facts) -> Result<Printed, Error> {
        let kind = kind(notice.expected);
        let printed = self.press.print(kind, LANG, Address::Sie, facts)?;
        let mut gaps = check(kind, facts);
        gaps.extend(prove(&printed, facts));
        if !gaps.is_empty() {
            let gaps = gaps.iter().map(|gap| gap.words(LANG)).collect();
            return Err(Obstacle::LetterIncomplete { gaps }.into());
        }
        Ok(printed)
    }
}

/// Whom the letter is addressed to: a sub-processor is reached through the processor.
fn addressee(notice: &Notice) -> String {
    match notice.through.as_str() {
        "" => words::name(notice, LANG),
        through => through.to_owned(),
    }
}

/// What is expected; of a processor with a helper, that he passes it on.
fn expectation(notice: &Notice) -> String {
    let own = words::expectation(notice.right, notice.expected, LANG).to_owned();
    match notice.through.is_empty() {
        true => own,
        false => format!("{own}\n\n{}", words::passes_on(&notice.recipient, LANG)),
    }
}

fn of_notice(case: &Case, notice: &Notice) -> NoticeFacts {
    let item = case.item(notice.right);
    let done = item.and_then(|item| item.done().iter().map(|done| done.on).min());
    NoticeFacts {
        recipient: addressee(notice),
        act: terms::right_name(notice.right, LANG).to_owned(),
        data: vec![notice.what.clone()],
        record: case
            .data_subject()
            .map(|party| record(party, notice.expected))
            .unwrap_or_default(),
        on: done.map(|day| long_date(day, LANG)).unwrap_or_default(),
        basis: words::basis(notice.right, LANG).to_owned(),
        expected: expectation(notice),
        until: long_date(notice.due, LANG),
        links: match notice.expected {
            Expected::TakeDown if notice.public.is_empty() => vec![notice.what.clone()],
            Expected::TakeDown => notice.public.clone(),
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
