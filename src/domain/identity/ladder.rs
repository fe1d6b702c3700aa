//! The ladder: how strong a proof the harm of a mistake demands, and the weakest method that reaches it.

use serde::{Deserialize, Serialize};

use super::method::Method;
use super::on_file::{AddressKind, OnFile, is_role};
use crate::domain::case::Case;
use crate::domain::intake::{Channel, Mailbox};
use crate::domain::register::{SearchKey, System};
use crate::domain::right::Right;

/// What makes a mistake worse than the right alone tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Gravity {
    /// Data under Art. 9 GDPR or on payments are concerned.
    pub sensitive: bool,
    /// The same message names another address for the answer than the one on file.
    pub moved: bool,
}

/// The steps of the ladder that are in proportion, the lowest and the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Less would not suffice.
    pub least: u8,
    /// More would be too much.
    pub most: u8,
}

impl Span {
    /// Whether a step lies in it.
    pub fn holds(self, rung: u8) -> bool {
        (self.least..=self.most).contains(&rung)
    }
}

/// How strong a proof a right demands: scaled by what a mistake would do (Art. 12(6), 5(1)(c) GDPR).
#[must_use]
pub fn span_of(right: Right, gravity: Gravity) -> Span {
    let (least, most) = match right {
        Right::MarketingObjection | Right::Withdrawal | Right::Restriction => {
            return Span { least: 1, most: 1 };
        }
        // The wrong erasure harms, too.
        Right::Rectification | Right::Erasure | Right::Objection => (1, 3),
        Right::Access | Right::Portability | Right::HumanReview if gravity.sensitive => (3, 7),
        Right::Access | Right::Portability | Right::HumanReview => (2, 4),
    };
    // Who changes the address first and then asks for the data is the usual thief.
    let least = match gravity.moved {
        true => u8::max(least + 1, 3),
        false => least,
    };
    Span {
        least,
        most: most.max(least + 1),
    }
}

/// Why a method is proposed, or why a weaker one is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// What a mistake with this right would do.
    Harm(Right),
    /// Sensitive data are concerned.
    Sensitive,
    /// The answer shall go to another address than the one on file.
    Moved,
    /// No e-mail address, or its owner denies the request.
    NoMailbox,
    /// A post or several people sit behind the mailbox.
    NotHersAlone,
    /// It came by a way that shows no address.
    NoSender,
    /// The systems are keyed by numbers that the person knows.
    NumbersHeld,
    /// The systems hold postal addresses.
    AddressesHeld,
    /// Nothing weaker is offered.
    NothingWeaker,
}

/// The weakest method that suffices, and why it is this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The method.
    pub method: Method,
    /// The steps that are in proportion.
    pub span: Span,
    /// The reasons, in the order in which they count.
    pub because: Vec<Because>,
}

/// What a method is in this case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The weakest that suffices.
    Proposed,
    /// In proportion as well.
    Fits,
    /// Less than the harm demands.
    TooWeak,
    /// More than the harm demands.
    TooHard,
    /// It cannot work here: the mailbox is not hers alone, or no system knows such numbers.
    Useless,
}

impl Case {
    /// The steps that are in proportion: the right with the most to lose decides.
    #[must_use]
    pub fn span(&self, gravity: Gravity) -> Span {
        let spans = self
            .items
            .iter()
            .filter(|item| !item.ended())
            .map(|item| span_of(item.right, gravity));
        spans
            .reduce(|one, other| Span {
                least: one.least.max(other.least),
                most: one.most.max(other.most),
            })
            .unwrap_or(Span { least: 1, most: 3 })
    }

    /// The weakest of the offered methods that suffices here, with its reasons.
    #[must_use]
    pub fn propose(&self, systems: &[System], offered: &[Method], gravity: Gravity) -> Proposal {
        self.weakest(systems, offered, gravity, false)
    }

    /// The weakest method that a question can ask for: what address and mailbox show by themselves lies behind it.
    #[must_use]
    pub fn propose_question(
        &self,
        systems: &[System],
        offered: &[Method],
        gravity: Gravity,
    ) -> Proposal {
        self.weakest(systems, offered, gravity, true)
    }

    fn weakest(
        &self,
        systems: &[System],
        offered: &[Method],
        gravity: Gravity,
        asked: bool,
    ) -> Proposal {
        let span = self.span(gravity);
        let mut because: Vec<Because> = Vec::new();
        let gravest = self
            .items
            .iter()
            .filter(|item| !item.ended())
            .max_by_key(|item| span_of(item.right, gravity).least);
        because.extend(gravest.map(|item| Because::Harm(item.right)));
        because.extend(gravity.sensitive.then_some(Because::Sensitive));
        because.extend(gravity.moved.then_some(Because::Moved));
        let usable = |method: &Method| {
            offered.contains(method)
                && (method.needs_doubt() || !asked)
                && self.strength(*method, None) >= span.least
                && self.useless(*method, systems).is_none()
        };
        let method = Method::ALL.into_iter().find(usable);
        if !asked && method.is_none_or(|method| method > Method::Portal) {
            because.extend(self.useless(Method::ConfirmedLink, systems));
        }
        match method {
            Some(Method::Knowledge) => because.push(Because::NumbersHeld),
            Some(Method::CodeByPost) => because.push(Because::AddressesHeld),
            Some(Method::SignedLetter | Method::CardSeen | Method::BlackenedCopy) | None => {
                because.push(Because::NothingWeaker);
            }
            _ => {}
        }
        Proposal {
            // Somebody can always come or sign, whatever is offered beside.
            method: method.unwrap_or(Method::SignedLetter),
            span,
            because,
        }
    }

    /// What each offered method is here, the weakest first.
    #[must_use]
    pub fn ladder(
        &self,
        systems: &[System],
        offered: &[Method],
        gravity: Gravity,
    ) -> Vec<(Method, Fit)> {
        let proposal = self.propose(systems, offered, gravity);
        let fit = |method: Method| match self.strength(method, None) {
            _ if method == proposal.method => Fit::Proposed,
            _ if self.useless(method, systems).is_some() => Fit::Useless,
            rung if rung < proposal.span.least => Fit::TooWeak,
            rung if rung > proposal.span.most => Fit::TooHard,
            _ => Fit::Fits,
        };
        let known = Method::ALL
            .into_iter()
            .filter(|method| offered.contains(method) || *method == proposal.method);
        known.map(|method| (method, fit(method))).collect()
    }

    /// The step that a method reaches here. An answer to a mailbox whose link was opened is worth that link, and
    /// one by letter to the address on file what a code by letter is.
    #[must_use]
    pub fn strength(&self, method: Method, evidence: Option<&OnFile>) -> u8 {
        let postal = match evidence {
            Some(on_file) => on_file.kind == AddressKind::Postal,
            None => matches!(self.intake.channel, Channel::Letter | Channel::Fax),
        };
        match method {
            Method::AddressOnFile if postal => Method::CodeByPost.rung(),
            Method::AddressOnFile if matches!(self.mailbox, Mailbox::Confirmed { .. }) => {
                Method::ConfirmedLink.rung()
            }
            other => other.rung(),
        }
    }

    /// Why a method cannot work in this case, as far as that is known beforehand.
    fn useless(&self, method: Method, systems: &[System]) -> Option<Because> {
        let email = self.requester().and_then(|party| party.email.as_ref());
        let alone = email.is_some_and(|email| !is_role(email.reveal()))
            && self.intake.shared_mailbox != Some(true);
        let keyed = |keys: &[SearchKey]| {
            let keyed = |system: &&System| {
                system.keys.is_empty() || keys.iter().any(|key| system.keys.contains(key))
            };
            systems
                .iter()
                .filter(|system| system.holds_nothing.is_none())
                .any(|system| keyed(&system))
        };
        match method {
            Method::AddressOnFile => match self.intake.channel {
                Channel::Email if !alone => Some(Because::NotHersAlone),
                Channel::Email | Channel::Letter | Channel::Fax => None,
                _ => Some(Because::NoSender),
            },
            Method::ConfirmedLink => match self.mailbox {
                Mailbox::None | Mailbox::Disowned { .. } => Some(Because::NoMailbox),
                _ => (!alone).then_some(Because::NotHersAlone),
            },
            Method::Knowledge => {
                (!keyed(&[SearchKey::Number, SearchKey::Handle])).then_some(Because::NothingWeaker)
            }
            Method::CodeByPost => {
                (!keyed(&[SearchKey::Address, SearchKey::Name, SearchKey::Number]))
                    .then_some(Because::NothingWeaker)
            }
            Method::CallBack => (!keyed(&[SearchKey::Phone])).then_some(Because::NothingWeaker),
            Method::Portal | Method::SignedLetter | Method::CardSeen | Method::BlackenedCopy => {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn art_12_6_the_proof_grows_with_the_harm_of_a_mistake() {
        let plain = Gravity::default();
        let sensitive = Gravity {
            sensitive: true,
            moved: false,
        };
        let moved = Gravity {
            sensitive: false,
            moved: true,
        };
        for (right, gravity, least, most) in [
            (Right::MarketingObjection, plain, 1, 1),
            (Right::Withdrawal, sensitive, 1, 1),
            (Right::Restriction, moved, 1, 1),
            (Right::Rectification, plain, 1, 3),
            (Right::Rectification, moved, 3, 4),
            (Right::Erasure, plain, 1, 3),
            (Right::Erasure, moved, 3, 4),
            (Right::Access, plain, 2, 4),
            (Right::Access, moved, 3, 4),
            (Right::Access, sensitive, 3, 7),
            (
                Right::Access,
                Gravity {
                    sensitive: true,
                    moved: true,
                },
                4,
                7,
            ),
            (Right::Portability, plain, 2, 4),
        ] {
            assert_eq!(
                span_of(right, gravity),
                Span { least, most },
                "{right:?} {gravity:?}"
            );
        }
    }
}
