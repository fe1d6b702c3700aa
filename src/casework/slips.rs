//! Short letters of a kind of their own: to people who write for others, to customers, to who is not ours to answer.
//! By mail, or as a sheet that somebody posts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::desk::Moment;
use super::error::Error;
use super::facts;
use super::office::{House, Office};
use super::outbox;
use crate::domain::case::Case;
use crate::domain::customer::Customer;
use crate::domain::dispatch::Dispatch;
use crate::domain::event::Event;
use crate::domain::forwarding::Forwarding;
use crate::domain::ids::CaseId;
use crate::domain::intake::{Channel, Mailbox};
use crate::domain::lang::Lang;
use crate::domain::mandate::Mandate;
use crate::domain::misdirection::WhyNot;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::scope::Scope;
use crate::domain::standing::Standing;
use crate::letters::check::check;
use crate::letters::facts::{
    ChildFacts, Facts, ForwardingFacts, InstructionFacts, MandateFacts, MisdirectedFacts,
    NoticeFacts, PersonFacts,
};
use crate::letters::press::Kind;
use crate::storage::messages::MessageRow;
use crate::words::dates::long_date;
use crate::words::persons;

/// How somebody is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// By mail, if there is a mailbox that may be written to.
    Mail,
    /// On paper, which left on this day.
    Posted(NaiveDate),
    /// On paper, which lies on the desk.
    Paper,
    /// Not at all, for this reason.
    Waived(String),
}

/// Which letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slip {
    /// The full acknowledgement on paper.
    Receipt,
    /// Nothing is owed.
    NotForUs(WhyNot),
    /// The power of attorney is missing or does not cover it.
    MandateDemand,
    /// It is rejected, because of this.
    MandateRejected(String),
    /// To a parent: what is needed.
    Parent,
    /// To a child that is old enough: what do you think?
    Child,
    /// To the person: passed on.
    ForwardedPerson(Box<Forwarding>),
    /// To the customer: a request came.
    ForwardedCustomer(Box<Forwarding>, Box<Customer>),
    /// To the customer: an instruction is doubted.
    Doubted {
        /// The customer.
        customer: Box<Customer>,
        /// The day of the instruction.
        given: NaiveDate,
        /// What it says.
        what: Private<String>,
        /// The rule it may infringe.
        law: String,
        /// Why.
        doubt: String,
    },
}

/// What a letter says beyond the case; kept with the message until it is printed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SlipFacts {
    /// Who is written to, if that is not who wrote.
    person: Option<PersonFacts>,
    misdirected: Option<MisdirectedFacts>,
    forwarding: Option<ForwardingFacts>,
    instruction: Option<InstructionFacts>,
    mandate: Option<MandateFacts>,
    child: Option<ChildFacts>,
    notice: Option<NoticeFacts>,
}

impl SlipFacts {
    /// What a recipient of data is told. Neither the requester's address nor the link to her case is any business
    /// of his.
    pub fn of_notice(notice: NoticeFacts) -> SlipFacts {
        SlipFacts {
            person: Some(PersonFacts::default()),
            notice: Some(notice),
            ..SlipFacts::default()
        }
    }

    /// Lays it over what every letter of the case says.
    pub fn over(self, facts: Facts) -> Facts {
        let own = self.person.is_none() && self.notice.is_none();
        Facts {
            person: self.person.unwrap_or_else(|| facts.person.clone()),
            misdirected: self.misdirected,
            forwarding: self.forwarding,
            instruction: self.instruction,
            mandate: self.mandate,
            child: self.child,
            // Who is written to instead of the requester has no business with the link to her case.
            link: facts.link.filter(|_| own),
            notice: self.notice,
            ..facts
        }
    }
}

fn principal(case: &Case) -> String {
    case.data_subject()
        .map(|party| party.name.reveal().clone())
        .unwrap_or_default()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn company(customer: &Customer) -> PersonFacts {
    PersonFacts {
        name: customer.name.clone(),
        address: customer.address.clone(),
    }
}

impl Slip {
    /// Which of the letters it is.
    pub fn kind(&self) -> Kind {
        match self {
            Slip::Receipt => Kind::ReceiptPost,
            Slip::NotForUs(why) => match why {
                WhyNot::NotController | WhyNot::Elsewhere => Kind::NotController,
                WhyNot::NoRequest => Kind::NotARequest,
                WhyNot::LegalPerson => Kind::LegalPerson,
                WhyNot::Bereaved => Kind::Deceased,
                WhyNot::InsolvencyAdministrator | WhyNot::ThirdParty => Kind::ThirdParty,
                WhyNot::Authority => Kind::PublicBody,
            },
            Slip::MandateDemand => Kind::MandateDemand,
            Slip::MandateRejected(_) => Kind::MandateRejected,
            Slip::Parent => Kind::ParentLetter,
            Slip::Child => Kind::ChildView,
            Slip::ForwardedPerson(_) => Kind::ForwardedPerson,
            Slip::ForwardedCustomer(..) => Kind::ForwardedCustomer,
            Slip::Doubted { .. } => Kind::DoubtedInstruction,
        }
    }

    fn says(&self, case: &Case, lang: Lang) -> SlipFacts {
        let none = SlipFacts::default();
        match self {
            Slip::Receipt => none,
            Slip::NotForUs(why) => SlipFacts {
                misdirected: Some(MisdirectedFacts {
                    about: match why {
                        WhyNot::Elsewhere => Some(persons::elsewhere(lang).to_owned()),
                        WhyNot::InsolvencyAdministrator => {
                            Some(persons::insolvency(lang).to_owned())
                        }
                        _ => None,
                    },
                    ..MisdirectedFacts::default()
                }),
                ..none
            },
            Slip::MandateDemand => SlipFacts {
                mandate: Some(MandateFacts {
                    principal: principal(case),
                    lacks: persons::mandate_lacks(&case.standing(), lang).to_owned(),
                    suffices: vec![persons::mandate_suffices(&case.standing(), lang).to_owned()],
                    until: None,
                }),
                ..none
            },
            Slip::MandateRejected(because) => SlipFacts {
                mandate: Some(MandateFacts {
                    principal: principal(case),
                    lacks: because.clone(),
                    suffices: vec![persons::original_suffices(lang).to_owned()],
                    until: None,
                }),
                ..none
            },
            Slip::Parent | Slip::Child => {
                let standing = case.standing();
                let shown = matches!(standing, Standing::Parent { shown: Some(_), .. });
                let child = ChildFacts {
                    name: principal(case),
                    parent: case
                        .requester()
                        .map(|party| party.name.reveal().clone())
                        .unwrap_or_default(),
                    means: match shown {
                        true => vec![],
                        false => vec![persons::parenthood(lang).to_owned()],
                    },
                    asked: standing.asks_child(case.intake.received),
                    until: None,
                };
                let to_child = || PersonFacts {
                    name: principal(case),
                    address: case
                        .data_subject()
                        .and_then(|party| party.address.as_ref())
                        .map(|address| lines(address.reveal()))
                        .unwrap_or_default(),
                };
                SlipFacts {
                    person: (*self == Slip::Child).then(to_child),
                    child: Some(child),
                    ..none
                }
            }
            Slip::ForwardedPerson(forwarding) => SlipFacts {
                forwarding: Some(ForwardingFacts {
                    to: forwarding.named.then(|| forwarding.name.clone()),
                    on: long_date(forwarding.on, lang),
                    ..ForwardingFacts::default()
                }),
                ..none
            },
            Slip::ForwardedCustomer(forwarding, _) => SlipFacts {
                // The letter names the person; the window is the customer's.
                person: Some(PersonFacts {
                    name: principal(case),
                    address: vec![],
                }),
                forwarding: Some(ForwardingFacts {
                    to: forwarding.named.then(|| forwarding.name.clone()),
                    on: long_date(forwarding.on, lang),
                    due: Some(long_date(case.due(), lang)),
                    help: vec![persons::help(lang).to_owned()],
                    ..ForwardingFacts::default()
                }),
                ..none
            },
            Slip::Doubted {
                customer,
                given,
                what,
                law,
                doubt,
            } => SlipFacts {
                person: Some(company(customer)),
                instruction: Some(InstructionFacts {
                    given_on: long_date(*given, lang),
                    what: what.reveal().clone(),
                    law: law.clone(),
                    doubt: doubt.clone(),
                    until: None,
                }),
                ..none
            },
        }
    }

    fn customer(&self) -> Option<&Customer> {
        match self {
            Slip::ForwardedCustomer(_, customer) | Slip::Doubted { customer, .. } => Some(customer),
            _ => None,
        }
    }

    fn lang(&self, case: &Case) -> Lang {
        match self.customer() {
            Some(_) => Lang::De,
            None => case.intake.lang,
        }
    }

    /// The letter of this name, as far as the case has one.
    pub fn named(code: &str, case: &Case) -> Option<Slip> {
        Some(match code {
            "" | "receipt" => Slip::Receipt,
            "mandate-demand" => Slip::MandateDemand,
            "mandate-rejected" => match case.standing() {
                Standing::Agent {
                    mandate: Mandate::Rejected { because, .. },
                    ..
                } => Slip::MandateRejected(because.reveal().clone()),
                _ => return None,
            },
            "parent" => Slip::Parent,
            "child" => Slip::Child,
            why => Slip::NotForUs(WhyNot::from_code(why)?),
        })
    }
}

/// Whether mail may go to who wrote: the mailbox is proven, or the request came from it.
pub fn writable(case: &Case) -> bool {
    let known =
        matches!(case.mailbox, Mailbox::Confirmed { .. }) || case.intake.channel == Channel::Email;
    known && case.requester().is_some_and(|party| party.email.is_some())
}

/// The letter as a message of the outbox.
pub(super) fn mail(moment: &Moment<'_>, case: &Case, slip: &Slip) -> Result<MessageRow, Error> {
    let to = match slip.customer() {
        Some(customer) if customer.email.trim().is_empty() => None,
        Some(customer) => Some((
            Private::from(customer.email.trim()),
            Private::from(customer.name.as_str()),
        )),
        None if writable(case) => case
            .requester()
            .and_then(|party| Some((party.email.clone()?, party.name.clone()))),
        None => return Err(Obstacle::MailboxUnproven.into()),
    };
    let to = to.ok_or(Obstacle::NoWayOfDelivery)?;
    let facts = slip.says(case, slip.lang(case));
    let whole = facts.clone().over(facts::of_case(
        moment.house,
        case,
        moment.key,
        slip.lang(case),
        moment.today,
    ));
    let gaps = check(slip.kind(), &whole);
    if !gaps.is_empty() {
        let gaps = gaps.iter().map(|gap| gap.words(Lang::De)).collect();
        return Err(Obstacle::LetterIncomplete { gaps }.into());
    }
    let facts = serde_json::to_string(&facts).map_err(|_| Error::Fault("a slip's facts"))?;
    outbox::slip(moment, case, slip.kind().stem(), to, facts)
}

/// What an act does to tell somebody: how it went, and what leaves the house for it.
pub(super) fn tell(
    moment: &Moment<'_>,
    case: &Case,
    slip: &Slip,
    how: &How,
) -> Result<(Dispatch, Option<MessageRow>), Error> {
    Ok(match how {
        // What waits for the mail would wait for ever.
        How::Mail if !moment.house.has_post => return Err(Obstacle::NoMailServer.into()),
        How::Mail => {
            let row = mail(moment, case, slip)?;
            (Dispatch::queued(row.id()), Some(row))
        }
        How::Posted(on) => (Dispatch::Paper { posted: Some(*on) }, None),
        How::Paper => (Dispatch::Paper { posted: None }, None),
        How::Waived(because) => (
            Dispatch::Waived {
                because: because.trim().into(),
            },
            None,
        ),
    })
}

/// What the story says of a mail that an act sent.
pub(super) fn said(row: Option<&MessageRow>) -> Option<Event> {
    row.map(|row| Event::Said { message: row.id() })
}

impl Office {
    /// A letter as a sheet to look at or to post; nothing is stored.
    pub async fn slip_sheet(
        &self,
        scope: &Scope,
        id: CaseId,
        slip: impl Fn(&Case, &House) -> Result<Slip, Error>,
    ) -> Result<Vec<u8>, Error> {
        let (case, _, key) = self.open_with_key(scope, id).await?;
        let house = self.house(case.controller)?;
        let slip = slip(&case, house)?;
        let lang = slip.lang(&case);
        let facts =
            slip.says(&case, lang)
                .over(facts::of_case(house, &case, &key, lang, self.today()));
        let form = house.controller.form;
        let printed = self.press.print(slip.kind(), lang, form, &facts)?;
        let to = match &slip {
            Slip::ForwardedCustomer(_, customer) => company(customer),
            _ => facts.person.clone(),
        };
        let mut window = vec![to.name];
        window.extend(to.address);
        let sheet = printed.sheet(&facts, lang, window, self.now());
        let sheets = crate::letters::pdf::print_sheet(&sheet)
            .map_err(|_| Error::Fault("the letter cannot be laid out"))?;
        Ok(sheets.pdf)
    }
}
