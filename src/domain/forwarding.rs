//! A request for data that we hold for a customer: passed on to him, told to the person, never answered by us.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::dispatch::{Dispatch, MailFate};
use super::event::Event;
use super::ids::MessageId;
use super::item::{Item, ItemState};
use super::obstacle::Obstacle;
use super::private::Private;

/// One passing on to one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarding {
    /// To whom, by the customer's stable name.
    pub to: String,
    /// His name as it was then.
    pub name: String,
    /// Whether he may be named to the person.
    pub named: bool,
    /// What shows that it is his data; a third person is passed on to nobody else.
    pub holds: Private<String>,
    /// Whether all of it is his, so that nothing is left for us to answer.
    pub wholly: bool,
    /// The day.
    pub on: NaiveDate,
    /// How he was told.
    pub customer: Dispatch,
    /// How the person was told.
    pub person: Dispatch,
    /// What he told us to do.
    #[serde(default)]
    pub instructions: Vec<Instruction>,
}

/// A customer's instruction about the person's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    /// The day it came.
    pub on: NaiveDate,
    /// What it says.
    pub text: Private<String>,
    /// What became of it.
    pub outcome: Obeyed,
}

/// What became of an instruction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Obeyed {
    /// Still to be done.
    Open,
    /// Done.
    Done {
        /// The day.
        on: NaiveDate,
        /// What was done.
        what: Private<String>,
    },
    /// In our opinion it infringes the law: not done, the customer is asked (Art. 28(3) subpara. 2 GDPR).
    Doubted {
        /// The day.
        on: NaiveDate,
        /// The rule it may infringe.
        law: String,
        /// Why.
        because: Private<String>,
        /// How the customer was asked.
        asked: Dispatch,
    },
}

/// Whom a notice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The person who asked.
    Person,
    /// The customer.
    Customer,
}

impl Forwarding {
    /// Whether both messages have left.
    pub fn told(&self) -> bool {
        self.customer.told() && self.person.told()
    }

    /// Whether a letter to one of them has to be posted.
    pub fn to_post(&self) -> bool {
        self.customer.to_post() || self.person.to_post()
    }

    /// The instructions that nobody has carried out or doubted.
    /// The oldest instruction of a customer that nobody has carried out or doubted.
    pub fn open_instructions(&self) -> usize {
        let open = |instruction: &&Instruction| instruction.outcome == Obeyed::Open;
        self.instructions.iter().filter(open).count()
    }
}

impl Case {
    /// Passes the request on. Whatever we hold for a customer is his to decide: nothing may be decided or searched
    /// as our own before, unless a part of it is our own.
    pub fn forward(&self, forwarding: Forwarding) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        if self.items.is_empty() {
            return Err(Obstacle::NoRight);
        }
        if forwarding.holds.reveal().trim().is_empty() {
            return Err(Obstacle::Empty("holds"));
        }
        if self.forwarded.iter().any(|one| one.to == forwarding.to) {
            return Err(Obstacle::ForwardedAlready);
        }
        let begun = |item: &&Item| item.decision().is_some();
        if let Some(item) = self.items.iter().find(begun).filter(|_| forwarding.wholly) {
            return Err(Obstacle::NotInState { right: item.right });
        }
        Ok(vec![Event::Forwarded {
            forwarding: Box::new(forwarding),
        }])
    }

    /// A notice on paper was posted.
    pub fn forwarding_posted(
        &self,
        to: &str,
        side: Side,
        on: NaiveDate,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        let forwarding = self.forwarding(to)?;
        let notice = match side {
            Side::Person => &forwarding.person,
            Side::Customer => &forwarding.customer,
        };
        if !notice.to_post() {
            return Ok(vec![]);
        }
        if on < forwarding.on || on > today {
            return Err(Obstacle::Empty("posted"));
        }
        Ok(vec![Event::ForwardingPosted {
            to: to.to_owned(),
            side,
            on,
        }])
    }

    /// The customer said what is to be done with the data.
    pub fn instructed(
        &self,
        to: &str,
        text: &str,
        on: NaiveDate,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.must_be_open()?;
        let forwarding = self.forwarding(to)?;
        if text.trim().is_empty() {
            return Err(Obstacle::Empty("instruction"));
        }
        if on < forwarding.on || on > today {
            return Err(Obstacle::Empty("instructed-on"));
        }
        Ok(vec![Event::Instructed {
            to: to.to_owned(),
            instruction: Instruction {
                on,
                text: text.trim().into(),
                outcome: Obeyed::Open,
            },
        }])
    }

    /// The oldest open instruction was carried out.
    pub fn obey(
        &self,
        to: &str,
        what: &str,
        on: NaiveDate,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        let instruction = self.open_instruction(to)?;
        if what.trim().is_empty() {
            return Err(Obstacle::Empty("obeyed"));
        }
        if on < instruction.on || on > today {
            return Err(Obstacle::Empty("obeyed-on"));
        }
        Ok(vec![Event::InstructionSettled {
            to: to.to_owned(),
            outcome: Obeyed::Done {
                on,
                what: what.trim().into(),
            },
        }])
    }

    /// The oldest open instruction is doubted: nothing is done until the customer has answered.
    pub fn doubt_instruction(
        &self,
        to: &str,
        (law, because): (&str, &str),
        asked: Dispatch,
        today: NaiveDate,
    ) -> Result<Vec<Event>, Obstacle> {
        self.open_instruction(to)?;
        if law.trim().is_empty() || because.trim().is_empty() {
            return Err(Obstacle::Empty("doubted"));
        }
        asked.complete(self.intake.received, today)?;
        Ok(vec![Event::InstructionSettled {
            to: to.to_owned(),
            outcome: Obeyed::Doubted {
                on: today,
                law: law.trim().to_owned(),
                because: because.trim().into(),
                asked,
            },
        }])
    }

    /// The passing on to this customer.
    pub fn forwarding(&self, to: &str) -> Result<&Forwarding, Obstacle> {
        let found = self.forwarded.iter().find(|one| one.to == to);
        found.ok_or(Obstacle::NotForwarded)
    }

    /// The oldest instruction of a customer that nobody has carried out or doubted.
    pub fn open_instruction(&self, to: &str) -> Result<&Instruction, Obstacle> {
        self.must_be_open()?;
        let open = |instruction: &&Instruction| instruction.outcome == Obeyed::Open;
        let found = self.forwarding(to)?.instructions.iter().find(open);
        found.ok_or(Obstacle::NoInstruction)
    }

    /// Whether both messages of every passing on have left.
    pub fn all_told(&self) -> bool {
        self.forwarded.iter().all(Forwarding::told)
    }

    pub(super) fn take_forwarding(&mut self, forwarding: &Forwarding) {
        self.forwarded.push(forwarding.clone());
        self.end_as_forwarded();
    }

    pub(super) fn take_posted(&mut self, to: &str, side: Side, on: NaiveDate) {
        for one in self.forwarded.iter_mut().filter(|one| one.to == to) {
            let notice = match side {
                Side::Person => &mut one.person,
                Side::Customer => &mut one.customer,
            };
            *notice = Dispatch::Paper { posted: Some(on) };
        }
        self.end_as_forwarded();
    }

    /// A mail left, or was refused for good: what waits for it goes on, or comes back to a person.
    pub(super) fn mail_settled(&mut self, message: MessageId, fate: MailFate) {
        let mut ours = false;
        for one in &mut self.forwarded {
            ours |= one.customer.settle(message, fate);
            ours |= one.person.settle(message, fate);
            for instruction in &mut one.instructions {
                if let Obeyed::Doubted { asked, .. } = &mut instruction.outcome {
                    ours |= asked.settle(message, fate);
                }
            }
        }
        if let Some(written) = &mut self.misdirection {
            ours |= written.told.settle(message, fate);
        }
        match fate {
            _ if !ours => {}
            MailFate::Failed => self.unread = true,
            _ => self.end_as_forwarded(),
        }
    }

    pub(super) fn take_instruction(&mut self, to: &str, instruction: &Instruction) {
        for one in self.forwarded.iter_mut().filter(|one| one.to == to) {
            one.instructions.push(instruction.clone());
        }
    }

    pub(super) fn settle_instruction(&mut self, to: &str, outcome: &Obeyed) {
        let instructions = self.forwarded.iter_mut().filter(|one| one.to == to);
        let open = |instruction: &&mut Instruction| instruction.outcome == Obeyed::Open;
        if let Some(instruction) = instructions
            .flat_map(|one| &mut one.instructions)
            .find(open)
        {
            instruction.outcome = outcome.clone();
        }
    }

    /// Only when both know of it is a right answered by passing it on.
    fn end_as_forwarded(&mut self) {
        let all_theirs = self.forwarded.iter().rev().find(|one| one.wholly);
        let Some((to, on)) = all_theirs.map(|one| (one.name.clone(), one.on)) else {
            return;
        };
        if !self.all_told() {
            return;
        }
        for item in self.items.iter_mut().filter(|item| !item.ended()) {
            item.state = ItemState::Forwarded {
                on,
                to: to.as_str().into(),
            };
        }
    }
}
