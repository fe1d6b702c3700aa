//! The case: one person and one receipt. It says what an act would do, or what stands against it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::advertising::AdvertisingStop;
use super::aftermath::Aftermath;
use super::collection::{Collection, TaskState};
use super::deadline::{PauseKind, received_day};
use super::decision::{Decided, Decision, Done};
use super::delivery::{Delivery, Way};
use super::dispatch::MailFate;
use super::elsewhere::Owed;
use super::event::Event;
use super::execution::Acted;
use super::followup::Followed;
use super::forwarding::Forwarding;
use super::identity::{Identity, Proof};
use super::ids::{CaseId, ClerkId, ControllerId, FileId, SystemId};
use super::intake::{Intake, Mailbox, Party, PartyRole};
use super::item::{Item, ItemState};
use super::known::Known;
use super::letter::Letter;
use super::matter::{Inquiry, Matter};
use super::misdirection::Misdirection;
use super::notice::{Notice, Told};
use super::obstacle::Obstacle;
use super::preserve::Secured;
use super::private::Private;
use super::register::SearchKey;
use super::right::Right;
use super::scope::Actor;
use super::sifting::Sifted;
use super::stage::{Stage, Turn};
use super::standing::Standing;
use super::term::Term;
use super::ties::{Tie, Ties};
use super::unsent::Unsent;
use super::weighing::Weighing;

/// A case with everything that the office knows of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// To whom the request was put.
    pub controller: ControllerId,
    /// Its number as people quote it; never a credential.
    pub number: String,
    /// What arrived.
    pub intake: Intake,
    /// Who is in it.
    pub parties: Vec<Party>,
    /// What is asked for.
    pub items: Vec<Item>,
    /// The reckoning that holds for the case as such; each item has its own.
    pub term: Term,
    /// What the mailbox is worth.
    pub mailbox: Mailbox,
    /// How far the proof of identity is.
    pub identity: Identity,
    /// What was asked for it, and what the person brought.
    #[serde(default)]
    pub proof: Proof,
    /// The search.
    pub collection: Collection,
    /// What else she may be searched by, beside what she wrote.
    #[serde(default)]
    pub identifiers: Vec<Known>,
    /// The answers and their ways; more than one where the copy goes before the erasure.
    pub answers: Vec<Delivery>,
    /// What machines did in connected systems, each their latest word.
    #[serde(default)]
    pub acted: Vec<Acted>,
    /// What was said of whole heaps of findings.
    #[serde(default)]
    pub sifted: Vec<Sifted>,
    /// Who works on it.
    pub assignee: Option<ClerkId>,
    /// Sorted apart as suspicious.
    pub apart: bool,
    /// Who decided what, and when; four eyes look here.
    pub decided: BTreeMap<Right, Decided>,
    /// What was weighed for each decision.
    #[serde(default)]
    pub weighed: BTreeMap<Right, Weighing>,
    /// What was secured before it would have been gone.
    #[serde(default)]
    pub secured: BTreeMap<SystemId, Secured>,
    /// Who has to be told what became of the data they received.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// Since when the person wants to know who received the data (Art. 19 sentence 2 GDPR).
    #[serde(default)]
    pub asked_recipients: Option<NaiveDate>,
    /// Questions to the person that have not left yet.
    #[serde(default)]
    pub unsent: Vec<Unsent>,
    /// What was told the person beside the answers, and when it left.
    #[serde(default)]
    pub letters: Vec<Letter>,
    /// Who has to be told that her data came from elsewhere (Art. 14 GDPR).
    #[serde(default)]
    pub owed: Vec<Owed>,
    /// What was done for an item before it was taken up again; it stays done.
    pub done_before: BTreeMap<Right, Vec<Done>>,
    /// Whether a message of the person waits to be read.
    pub unread: bool,
    /// The day it was closed.
    pub closed: Option<NaiveDate>,
    /// Taken up again since the last answer was released: then no download and no quiet time ends it.
    pub reopened: bool,
    /// By what right somebody writes, once a clerk settled it.
    #[serde(default)]
    pub standing: Option<Standing>,
    /// To whom it was passed on.
    #[serde(default)]
    pub forwarded: Vec<Forwarding>,
    /// The end as not for us, as long as its letter has not left.
    #[serde(default)]
    pub misdirection: Option<Misdirection>,
    /// How far the answer to an authority is.
    #[serde(default)]
    pub inquiry: Inquiry,
    /// Which other cases belong to it.
    #[serde(default)]
    pub ties: Ties,
    /// Whether only deciders see it.
    #[serde(default)]
    pub confidential: bool,
    /// Advertising that was stopped by itself.
    #[serde(default)]
    pub advertising: Option<AdvertisingStop>,
    /// What happened after the answer.
    #[serde(default)]
    pub aftermath: Aftermath,
}

impl Case {
    /// A new case from its first event; `None` when the event is another one.
    pub fn open(
        id: CaseId,
        controller: ControllerId,
        number: String,
        event: &Event,
    ) -> Option<Case> {
        let Event::Opened {
            intake,
            parties,
            rights,
            term,
            ..
        } = event
        else {
            return None;
        };
        let requester = parties
            .iter()
            .find(|party| party.role == PartyRole::Requester);
        let mailbox = match requester.and_then(|party| party.email.as_ref()) {
            // Nobody asks an authority to press a button.
            Some(_) if matches!(intake.matter, Matter::Authority { .. }) => Mailbox::None,
            Some(_) => match intake.arrival.proven {
                Some(at) => Mailbox::Confirmed { at },
                None => Mailbox::Unproven,
            },
            None => Mailbox::None,
        };
        Some(Case {
            id,
            controller,
            number,
            apart: intake.suspicious,
            intake: (**intake).clone(),
            parties: parties.clone(),
            items: rights
                .iter()
                .map(|right| Item::new(*right, (**term).clone()))
                .collect(),
            term: (**term).clone(),
            mailbox,
            identity: Identity::Open,
            proof: Proof::default(),
            collection: Collection::default(),
            identifiers: vec![],
            sifted: vec![],
            acted: vec![],
            answers: vec![],
            assignee: None,
            decided: BTreeMap::new(),
            weighed: BTreeMap::new(),
            secured: BTreeMap::new(),
            notices: vec![],
            asked_recipients: None,
            unsent: vec![],
            letters: vec![],
            owed: vec![],
            done_before: BTreeMap::new(),
            unread: false,
            closed: None,
            reopened: false,
            standing: None,
            forwarded: vec![],
            misdirection: None,
            inquiry: Inquiry::default(),
            ties: Ties::default(),
            confidential: false,
            advertising: None,
            aftermath: Aftermath::default(),
        })
    }

    /// Who wrote.
    pub fn requester(&self) -> Option<&Party> {
        self.parties
            .iter()
            .find(|party| party.role == PartyRole::Requester)
    }

    /// Whose data it is about.
    pub fn data_subject(&self) -> Option<&Party> {
        self.parties
            .iter()
            .find(|party| party.role == PartyRole::DataSubject)
            .or_else(|| self.requester())
    }

    /// The item of this right.
    pub fn item(&self, right: Right) -> Option<&Item> {
        self.items.iter().find(|item| item.right == right)
    }

    /// The rights asked for.
    pub fn rights(&self) -> Vec<Right> {
        self.items.iter().map(|item| item.right).collect()
    }

    /// By what the person can be searched, as far as it is known.
    pub fn known_keys(&self) -> Vec<SearchKey> {
        let mut keys: Vec<SearchKey> = Vec::new();
        for identifier in self.identifiers() {
            if !keys.contains(&identifier.kind) {
                keys.push(identifier.kind);
            }
        }
        // What she wrote in her own words may be anything; a person reads it.
        if self.parties.iter().any(|party| party.hints.is_some()) {
            for kind in [
                SearchKey::Number,
                SearchKey::Phone,
                SearchKey::Handle,
                SearchKey::Ip,
            ] {
                if !keys.contains(&kind) {
                    keys.push(kind);
                }
            }
        }
        keys
    }

    /// Where the case stands as a whole.
    pub fn stage(&self) -> Stage {
        if self.closed.is_some() {
            return Stage::Done;
        }
        let open = self.unanswered();
        if open.is_empty() && !self.answers.is_empty() {
            return Stage::Delivery;
        }
        if open.is_empty() && !self.items.is_empty() {
            return Stage::Review;
        }
        let asked = matches!(self.identity, Identity::Asked { .. });
        let ready = self.answerable();
        if ready.iter().any(|item| !asked || !item.tells()) {
            return Stage::Review;
        }
        // What never waits is not held up by the question who it is.
        let urgent = |item: &&&Item| {
            item.right.never_waits() && !matches!(item.state, ItemState::Review { .. })
        };
        let held_up = asked && !self.collection.begun;
        if held_up && !open.iter().any(|item| urgent(&item)) {
            return Stage::Identity;
        }
        let counts = open.iter().filter(|item| !held_up || urgent(item));
        let lowest = counts.map(|item| match item.state {
            ItemState::New | ItemState::Triage => Stage::New,
            ItemState::Identity | ItemState::Clarify => Stage::Identity,
            ItemState::Search => Stage::Search,
            ItemState::Decide => Stage::Decide,
            ItemState::Look { .. } | ItemState::Act { .. } | ItemState::Notify { .. } => Stage::Act,
            _ => Stage::Review,
        });
        lowest.min().unwrap_or(Stage::New)
    }

    /// Whose turn it is.
    pub fn turn(&self) -> Turn {
        if self.unread || (self.reopened && self.stage() == Stage::Delivery) {
            return Turn::Office;
        }
        let underway = |way: Way| {
            let this = |answer: &Delivery| answer.underway() && answer.released().way == way;
            self.answers.iter().any(this)
        };
        match self.stage() {
            Stage::Done => Turn::Nobody,
            // She cannot answer what lies here.
            Stage::Identity if self.unsent(PauseKind::Identity).is_some_and(Unsent::lies) => {
                Turn::Office
            }
            Stage::Identity if matches!(self.identity, Identity::Asked { .. }) => Turn::Person,
            Stage::Delivery if underway(Way::Post) => Turn::Office,
            Stage::Delivery if underway(Way::Portal) => Turn::Post,
            Stage::Delivery if matches!(self.answers.last(), Some(Delivery::Sent { .. })) => {
                Turn::Person
            }
            _ => Turn::Office,
        }
    }

    /// The obstacle, if the case is closed.
    pub fn must_be_open(&self) -> Result<(), Obstacle> {
        if self.closed.is_some() {
            Err(Obstacle::Closed)
        } else {
            Ok(())
        }
    }

    /// Lets an event take effect.
    pub fn apply(&mut self, event: &Event, at: DateTime<Utc>, actor: &Actor) {
        match event {
            Event::Opened { .. }
            | Event::Said { .. }
            | Event::Noted { .. }
            | Event::FileDestroyed { .. }
            | Event::LetterMade { .. } => {}
            Event::QuestionWritten { .. } | Event::QuestionPosted { .. } => {
                self.apply_unsent(event, at);
            }
            Event::MailFailed { message } => {
                self.apply_letter(event, at);
                self.apply_unsent(event, at);
                self.mail_settled(*message, MailFate::Failed);
            }
            Event::LetterReleased { .. }
            | Event::LetterPosted { .. }
            | Event::FeeAnswered { .. } => self.apply_letter(event, at),
            Event::MailSent { message } => {
                self.apply_letter(event, at);
                self.apply_unsent(event, at);
                let on = received_day(at);
                self.mail_settled(*message, MailFate::Left { on });
            }
            Event::MailboxConfirmed => self.mailbox = Mailbox::Confirmed { at },
            Event::Disowned => {
                self.mailbox = Mailbox::Disowned { at };
                self.unread = true;
            }
            Event::AdvertisingStopped { .. } | Event::AdvertisingResumed { .. } => {
                self.apply_advertising(event);
            }
            Event::SortedApart { apart } => self.apart = *apart,
            Event::RightsUnderstood { rights, terms } => self.take_rights(rights, terms),
            Event::Assigned { to } => self.assignee = *to,
            Event::ContactSet { of, address } => {
                let meant = |party: &&mut Party| party.role == *of;
                if let Some(party) = self.parties.iter_mut().find(meant) {
                    party.address = Some(address.clone());
                }
            }
            Event::ReceiptCorrected {
                correction, terms, ..
            } => {
                self.intake.received = correction.new;
                self.intake.arrival.corrections.push(correction.clone());
                self.take_terms(terms);
            }
            Event::ConfidentialSet { confidential } => self.confidential = *confidential,
            Event::Tied { case, tie } => self.ties.set(*case, *tie),
            Event::StandingSet { standing } => self.standing = Some((**standing).clone()),
            Event::Forwarded { forwarding } => self.take_forwarding(forwarding),
            Event::ForwardingPosted { to, side, on } => self.take_posted(to, *side, *on),
            Event::Instructed { to, instruction } => self.take_instruction(to, instruction),
            Event::InstructionSettled { to, outcome } => self.settle_instruction(to, outcome),
            Event::OfficerAsked { on } => self.inquiry.officer = Some(*on),
            Event::AuthorityAnswered { on, .. } => self.inquiry.answered = Some(*on),
            Event::Heard { .. } => self.unread = true,
            Event::IdentityAsked {
                on, doubt, method, ..
            } => {
                self.apply_proof(event);
                self.identity = Identity::Asked {
                    on: *on,
                    doubt: doubt.clone(),
                    method: *method,
                };
                self.move_items(
                    |item| {
                        !item.right.never_waits()
                            && matches!(item.state, ItemState::New | ItemState::Triage)
                    },
                    ItemState::Identity,
                );
            }
            Event::IdentityReminded { .. }
            | Event::ProofGiven { .. }
            | Event::ProofDestroyed { .. }
            | Event::NotIdentified { .. } => self.apply_proof(event),
            Event::CodeMade { .. }
            | Event::CodePosted { .. }
            | Event::CodeEntered
            | Event::CodeLocked => self.apply_code(event),
            Event::IdentityWeighed { identity } => {
                self.apply_unsent(event, at);
                self.identity = identity.clone();
                if let Identity::Confirmed { on_file, .. } = identity {
                    self.proof.on_file.clone_from(on_file);
                }
                self.move_items(
                    |item| matches!(item.state, ItemState::Identity),
                    ItemState::Triage,
                );
            }
            Event::Paused { terms, pause } => {
                self.take_terms(terms);
                if pause.kind == PauseKind::Scope {
                    self.move_items(asks_for_much, ItemState::Clarify);
                }
            }
            Event::Resumed { terms, .. } => {
                self.take_terms(terms);
                if self.waiting(Some(PauseKind::Scope)).next().is_none() {
                    self.clarified();
                }
            }
            Event::Extended { terms, .. } | Event::Recomputed { terms, .. } => {
                self.take_terms(terms);
            }
            Event::Secured { system, secured } => {
                let earlier = self.secured.remove(system);
                let secured = secured.clone().after(earlier);
                // What was answered before it was secured is added to.
                for task in &mut self.collection.tasks {
                    if let TaskState::Answered { outcome, .. } = &mut task.state
                        && task.system == *system
                    {
                        *outcome = secured.beside(outcome.clone());
                    }
                }
                self.secured.insert(*system, secured);
            }
            Event::SearchBegun { tasks } => {
                self.collection = Collection {
                    begun: true,
                    tasks: tasks.clone(),
                    searched: vec![],
                    cut_short: None,
                };
                let next = if tasks.is_empty() {
                    ItemState::Decide
                } else {
                    ItemState::Search
                };
                self.move_items(
                    |item| {
                        !item.right.never_waits()
                            && matches!(
                                item.state,
                                ItemState::New
                                    | ItemState::Triage
                                    | ItemState::Identity
                                    | ItemState::Clarify
                            )
                    },
                    next,
                );
            }
            Event::TaskAnswered { system, outcome } => {
                for task in self
                    .collection
                    .tasks
                    .iter_mut()
                    .filter(|task| task.system == *system)
                {
                    task.settle(outcome, at, actor);
                }
                if self.collection.open() == 0 {
                    // Nothing is missing any more, so nothing was cut short.
                    self.collection.cut_short = None;
                    self.move_items(
                        |item| matches!(item.state, ItemState::Search),
                        ItemState::Decide,
                    );
                }
            }
            Event::OwnerAsked { .. }
            | Event::OwnerReminded { .. }
            | Event::OwnerOverdue { .. }
            | Event::QuestionEnded { .. } => self.apply_asking(event),
            Event::IdentifierNamed { .. }
            | Event::IdentifierSettled { .. }
            | Event::SourceSearched { .. } => self.apply_known(event),
            Event::ActedThere { acted } => self.apply_acted(acted),
            Event::FindingsSifted {
                sifted, all: true, ..
            } => self.apply_sifted(sifted),
            Event::CandidatesSettled {
                heap,
                hers: false,
                count,
            } => self.collection.takes_away(heap, *count),
            Event::FindingsSifted { .. }
            | Event::FindingCorrected { .. }
            | Event::CandidatesSettled { .. } => {}
            Event::SearchCutShort { because } => {
                self.collection.cut_short = Some(because.clone());
                self.move_items(
                    |item| matches!(item.state, ItemState::Search),
                    ItemState::Decide,
                );
            }
            Event::Decided {
                right,
                decision,
                weighing,
            } => {
                self.weighed.insert(*right, (**weighing).clone());
                let by = actor.clone();
                self.decided.insert(*right, Decided { by, at });
                let acts = decision.to_carry_out() && !right.discloses();
                self.set_item(*right, |_| {
                    let decision = decision.clone();
                    if acts && *right == Right::Erasure {
                        ItemState::Look { decision }
                    } else if acts {
                        ItemState::Act { decision }
                    } else {
                        ItemState::Review {
                            decision,
                            done: vec![],
                        }
                    }
                });
            }
            Event::LookedAt { right } => self.set_item(*right, |state| match state {
                ItemState::Look { decision } => ItemState::Act {
                    decision: decision.clone(),
                },
                other => other.clone(),
            }),
            Event::CarriedOut {
                right,
                done,
                notices,
            } => {
                self.notices.extend(notices.iter().cloned());
                let mut all = self.done_before.remove(right).unwrap_or_default();
                all.extend(done.iter().cloned());
                self.set_item(*right, |state| match state {
                    ItemState::Act { decision } => ItemState::Notify {
                        decision: decision.clone(),
                        done: all.clone(),
                    },
                    other => other.clone(),
                });
                self.told_all(*right);
            }
            Event::RecipientAdded { notice } => {
                self.notices.push(notice.clone());
                self.tells_again(notice.right);
            }
            Event::RecipientsAsked { on } => self.asked_recipients = Some(*on),
            Event::RecipientTold { notice, told } => {
                let notice = notice
                    .checked_sub(1)
                    .and_then(|at| self.notices.get_mut(at));
                if let Some(notice) = notice {
                    notice.told = told.clone();
                    let right = notice.right;
                    if matches!(told, Told::Returned { .. }) {
                        self.tells_again(right);
                    }
                    self.told_all(right);
                }
            }
            Event::FollowedUp {
                right,
                what,
                followed,
            } => {
                self.apply_letter(event, at);
                // What is owed to somebody else belongs to no item.
                if !self.owed.iter().any(|owed| owed.what == *what) {
                    self.followed_up(*right, followed);
                }
            }
            Event::InformationOwed { owed } => self.owed.push((**owed).clone()),
            Event::Reconsidered { right } => {
                self.apply_letter(event, at);
                self.take_up_again(*right);
            }
            Event::Withdrawn { rights, on, note } => {
                for right in rights {
                    self.keep_done(*right);
                    self.set_item(*right, |_| ItemState::Withdrawn {
                        on: *on,
                        note: note.clone(),
                    });
                }
            }
            Event::MisdirectionWritten { misdirection } => {
                self.misdirection = Some((**misdirection).clone());
            }
            Event::Misdirected { on, note, .. } => {
                self.misdirection = None;
                let open = self.items.iter().filter(|item| !item.ended());
                for right in open.map(|item| item.right).collect::<Vec<_>>() {
                    self.keep_done(right);
                }
                for item in self.items.iter_mut().filter(|item| !item.ended()) {
                    item.state = ItemState::Misdirected {
                        on: *on,
                        note: note.clone(),
                    };
                }
            }
            Event::Duplicate { of } => {
                self.ties.set(*of, Tie::Repeat);
                for item in self.items.iter_mut().filter(|item| !item.ended()) {
                    item.state = ItemState::Duplicate { of: *of };
                }
            }
            Event::Released { released } => {
                // Who answers it after all has made it the office's own.
                self.misdirection = None;
                self.answers.push(Delivery::Underway {
                    released: (**released).clone(),
                });
                self.unread = false;
                self.reopened = false;
            }
            Event::AnswerSent { answer, on } => self.answer_left(*answer, *on),
            Event::Fetched { file, on } => self.answer_arrived(*file, *on),
            Event::Recalled { answer, on, .. } => {
                if let Some(answer) = self.answer_mut(*answer) {
                    let (released, on) = (answer.released().clone(), *on);
                    *answer = Delivery::Recalled { released, on };
                }
            }
            Event::Bounced { answer, on } => self.answer_came_back(*answer, *on),
            Event::Closed { on } => {
                self.apply_unsent(event, at);
                self.closed = Some(*on);
                self.end_questions();
                self.settle_items(*on);
            }
            Event::Reopened { .. } => {
                self.closed = None;
                self.reopened = true;
                self.wait_for_proof_again();
            }
            Event::Complained { .. }
            | Event::LateExplained { .. }
            | Event::HoldSet { .. }
            | Event::HoldLifted { .. }
            | Event::CopiesDestroyed { .. }
            | Event::Misdelivered { .. }
            | Event::Breach { .. } => self.apply_aftermath(event, at),
        }
    }

    /// An act of a clerk on the case also means that what came in was read.
    pub fn seen_by_office(&mut self) {
        self.unread = false;
    }

    fn answer_mut(&mut self, number: usize) -> Option<&mut Delivery> {
        number
            .checked_sub(1)
            .and_then(|at| self.answers.get_mut(at))
    }

    fn answer_left(&mut self, number: usize, on: NaiveDate) {
        let Some(answer) = self.answer_mut(number) else {
            return;
        };
        let (Delivery::Underway { released } | Delivery::Bounced { released, .. }) = answer else {
            return;
        };
        let released = released.clone();
        let (rights, part) = (released.rights.clone(), released.part);
        *answer = Delivery::Sent { released, on };
        if part {
            return self.stay_open(&rights);
        }
        for right in rights {
            self.set_item(right, |state| match state {
                ItemState::Review { decision, done } => ItemState::Sent {
                    decision: decision.clone(),
                    done: done.clone(),
                    on,
                },
                other => other.clone(),
            });
        }
    }

    /// A part of the answer left: what it was about is searched on and decided again.
    fn stay_open(&mut self, rights: &[Right]) {
        self.collection.cut_short = None;
        for right in rights {
            self.decided.remove(right);
            let fresh = self.fresh(*right);
            self.set_item(*right, |_| fresh.clone());
        }
    }

    fn answer_arrived(&mut self, file: FileId, on: NaiveDate) {
        let answer = self
            .answers
            .iter_mut()
            .find(|answer| answer.released().names(file));
        if let Some(answer) = answer
            && let Delivery::Sent { released, on: sent } = answer
        {
            *answer = Delivery::Arrived {
                released: released.clone(),
                sent: *sent,
                on,
            };
        }
    }

    /// What came back answers nothing: its items wait for another way.
    pub(super) fn answer_came_back(&mut self, number: usize, on: NaiveDate) {
        let Some(answer) = self.answer_mut(number) else {
            return;
        };
        let released = answer.released().clone();
        let rights = released.rights.clone();
        *answer = Delivery::Bounced { released, on };
        self.unread = true;
        for right in rights {
            self.set_item(right, |state| match state {
                ItemState::Sent { decision, done, .. }
                | ItemState::Done { decision, done, .. }
                | ItemState::FollowUp { decision, done, .. } => ItemState::Review {
                    decision: decision.clone(),
                    done: done.clone(),
                },
                other => other.clone(),
            });
        }
    }

    /// The scope is known; the items go on where the others are.
    fn clarified(&mut self) {
        for item in &mut self.items {
            if item.state == ItemState::Clarify {
                item.state = ItemState::Triage;
            }
        }
        for right in self.rights() {
            if matches!(
                self.item(right).map(|item| &item.state),
                Some(ItemState::Triage)
            ) {
                let fresh = self.fresh(right);
                self.set_item(right, |_| fresh.clone());
            }
        }
    }

    /// One more has to be told before the answer is looked at.
    fn tells_again(&mut self, right: Right) {
        self.set_item(right, |state| match state {
            ItemState::Review { decision, done } => ItemState::Notify {
                decision: decision.clone(),
                done: done.clone(),
            },
            other => other.clone(),
        });
    }

    /// Once every recipient of a right's data is told, its answer can be looked at.
    fn told_all(&mut self, right: Right) {
        if self.open_notices(right).next().is_some() {
            return;
        }
        self.set_item(right, |state| match state {
            ItemState::Notify { decision, done } => ItemState::Review {
                decision: decision.clone(),
                done: done.clone(),
            },
            other => other.clone(),
        });
    }

    /// At the end of the case what was sent is done, or waits for the day on which its rest comes back.
    fn settle_items(&mut self, closed: NaiveDate) {
        for right in self.rights() {
            let rest = self.comes_back(right).first().copied();
            self.set_item(right, |state| match state {
                ItemState::Sent { decision, done, .. } => at_rest(decision, done, rest, closed),
                other => other.clone(),
            });
        }
    }

    /// A rest was dealt with: the item is done, or waits for the next day.
    fn followed_up(&mut self, right: Right, followed: &Followed) {
        let days = self.comes_back(right);
        self.set_item(right, |state| {
            let ItemState::FollowUp { decision, done, on } = state else {
                return state.clone();
            };
            let next = || days.iter().copied().find(|day| day > on);
            match followed {
                Followed::Postponed { to, .. } => at_rest(decision, done, Some(*to), *to),
                Followed::Done { on: day, .. } => at_rest(decision, done, next(), *day),
            }
        });
    }

    /// What was done stays done, whatever becomes of its item.
    fn keep_done(&mut self, right: Right) {
        let done = self.item(right).map(|item| item.done().to_vec());
        if let Some(done) = done.filter(|done| !done.is_empty()) {
            self.done_before.entry(right).or_default().extend(done);
        }
    }

    fn take_up_again(&mut self, right: Right) {
        self.keep_done(right);
        if right.discloses() {
            self.search_destroyed_anew();
        }
        let fresh = self.fresh(right);
        self.set_item(right, |_| fresh.clone());
    }

    /// Where an item begins that joins the case now.
    fn fresh(&self, right: Right) -> ItemState {
        if right.never_waits() {
            return ItemState::Triage;
        }
        let searched = self.collection.open() == 0 || self.collection.cut_short.is_some();
        match (self.collection.begun, searched) {
            (false, _) => ItemState::Triage,
            (true, true) => ItemState::Decide,
            (true, false) => ItemState::Search,
        }
    }

    fn take_rights(&mut self, rights: &[Right], terms: &[(Right, Term)]) {
        self.items.retain(|item| rights.contains(&item.right));
        for right in rights {
            if self.item(*right).is_none() {
                let state = self.fresh(*right);
                let own = terms.iter().find(|(of, _)| of == right);
                let term = own.map_or(&self.term, |(_, term)| term).clone();
                self.items.push(Item {
                    right: *right,
                    state,
                    term,
                });
            }
        }
        self.items.sort_by_key(|item| item.right);
    }

    fn move_items(&mut self, from: impl Fn(&Item) -> bool, to: ItemState) {
        for item in self.items.iter_mut().filter(|item| from(item)) {
            item.state = to.clone();
        }
    }

    fn set_item(&mut self, right: Right, next: impl Fn(&ItemState) -> ItemState) {
        for item in self.items.iter_mut().filter(|item| item.right == right) {
            item.state = next(&item.state);
        }
    }

    /// The name under which lists show the case.
    pub fn display_name(&self) -> Private<String> {
        self.data_subject()
            .map(|party| party.name.clone())
            .unwrap_or_default()
    }
}

/// Done on this day, or waiting for the one on which a rest comes back.
fn at_rest(
    decision: &Decision,
    done: &[Done],
    rest: Option<NaiveDate>,
    on: NaiveDate,
) -> ItemState {
    let (decision, done) = (decision.clone(), done.to_vec());
    match rest {
        Some(on) => ItemState::FollowUp { decision, done, on },
        None => ItemState::Done { decision, done, on },
    }
}

/// What is large enough that one may ask which part is meant (Recital 63 GDPR).
fn asks_for_much(item: &Item) -> bool {
    item.right.discloses()
        && matches!(
            item.state,
            ItemState::New | ItemState::Triage | ItemState::Identity | ItemState::Search
        )
}

#[cfg(test)]
pub(super) mod tests;
