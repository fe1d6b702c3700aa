//! What is missing before a letter may leave: each kind's mandatory content, on the facts and in the print.

mod answer;
mod elsewhere;
mod identity;
mod proof;
mod recipients;
mod rules;
mod samples;

use super::facts::Facts;
use super::phrases::phrase;
use super::press::{Audience, Kind};
use crate::domain::lang::Lang;

pub use proof::prove;
pub use rules::{RULES, Rule, rule};
pub use samples::{demanded, variants};

/// Something mandatory that a letter does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// A stable name, such as `gap-retention`.
    pub code: &'static str,
    /// What it concerns: a system, a right, a category; in the print, the words that are missing. May be empty.
    pub about: String,
    /// The file whose wording lost it; none where the facts do not hold it.
    pub file: Option<String>,
}

impl Gap {
    /// What is missing and where to put it right, as one sentence.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let code = match self.file {
            Some(_) => "gap-unprinted",
            None => self.code,
        };
        phrase(lang, code)
            .replace("{file}", self.file.as_deref().unwrap_or_default())
            .replace("{about}", &self.about)
            .trim_start()
            .to_owned()
    }

    /// Whether a decider may release without it, with a written reason. Never without identity, remedies and
    /// the controller.
    #[must_use]
    pub fn overridable(&self) -> bool {
        rule(self.code).is_some_and(|rule| rule.overridable)
    }
}

/// Gaps as they are found.
struct Gaps(Vec<Gap>);

impl Gaps {
    fn add(&mut self, missing: bool, code: &'static str, about: &str) {
        if missing {
            self.0.push(Gap {
                code,
                about: about.to_owned(),
                file: None,
            });
        }
    }
}

/// What a letter of this kind still lacks; empty: it may go.
#[must_use]
pub fn check(kind: Kind, facts: &Facts) -> Vec<Gap> {
    let mut gaps = Gaps(Vec::new());
    if kind.audience() != Audience::Staff {
        everywhere(&mut gaps, facts);
    }
    if kind.names_remedies() {
        authority(&mut gaps, facts);
    }
    match kind {
        Kind::Answer => answer::answer(&mut gaps, facts),
        Kind::PartialAnswer => answer::part(&mut gaps, facts),
        Kind::Art14Notice => answer::from_elsewhere(&mut gaps, facts),
        Kind::LiftingNotice => answer::lifting(&mut gaps, facts),
        Kind::FeeNotice => answer::fee(&mut gaps, facts),
        Kind::ExcessRefusal => answer::excess(&mut gaps, facts),
        Kind::Receipt | Kind::ReceiptPost => gaps.add(blank(&facts.case.due), "gap-due", ""),
        Kind::Extension => {
            let it = facts.extension.as_ref();
            let enough = it.is_some_and(|it| !blank(&it.until) && some(&it.reasons));
            gaps.add(!enough, "gap-extension", "");
        }
        Kind::InterimNotice => {
            let enough = facts
                .interim
                .as_ref()
                .is_some_and(|it| some(&it.done) || some(&it.open));
            gaps.add(!enough, "gap-interim", "");
            gaps.add(blank(&facts.case.due), "gap-due", "");
        }
        Kind::Confirm | Kind::AdvertisingStopped => gaps.add(
            absent(&facts.link) || absent(&facts.disown_link),
            "gap-link",
            "",
        ),
        Kind::AnswerReady => gaps.add(absent(&facts.link), "gap-link", ""),
        Kind::Letter => gaps.add(
            facts.written.as_ref().is_none_or(|it| blank(&it.words)),
            "gap-words",
            "",
        ),
        Kind::Code => gaps.add(absent(&facts.code), "gap-code", ""),
        Kind::IdentityDemand
        | Kind::IdentityReminder
        | Kind::IdentityCode
        | Kind::NotIdentified
        | Kind::NotIdentifiable
        | Kind::Clarification
        | Kind::MandateDemand
        | Kind::MandateRejected
        | Kind::ParentLetter
        | Kind::ChildView => identity::identity(&mut gaps, kind, facts),
        Kind::ExcludedChannel
        | Kind::NotController
        | Kind::ForwardedPerson
        | Kind::ForwardedCustomer
        | Kind::DoubtedInstruction => elsewhere::elsewhere(&mut gaps, kind, facts),
        Kind::RecipientInstruction
        | Kind::RecipientNotice
        | Kind::PublicNotice
        | Kind::WithdrawalNotice => recipients::notice(&mut gaps, kind, facts),
        Kind::AuthorityReply => recipients::reply(&mut gaps, facts),
        Kind::NotARequest
        | Kind::ThirdParty
        | Kind::Deceased
        | Kind::LegalPerson
        | Kind::PublicBody
        | Kind::OwnerTask
        | Kind::OwnerReminder
        | Kind::OwnerCode
        | Kind::Notice
        | Kind::Digest
        | Kind::Checkpoint => {}
    }
    gaps.0
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn absent(text: &Option<String>) -> bool {
    text.as_deref().is_none_or(blank)
}

/// Whether at least one of them says something.
fn some(texts: &[String]) -> bool {
    texts.iter().any(|text| !blank(text))
}

fn everywhere(gaps: &mut Gaps, facts: &Facts) {
    let controller = &facts.controller;
    let incomplete =
        blank(&controller.name) || !some(&controller.address) || blank(&controller.email);
    gaps.add(incomplete, "gap-controller", "");
    let numbered = !blank(&facts.case.number) && !blank(&facts.case.received_on);
    gaps.add(!numbered, "gap-case", "");
}

/// Art. 12(4), 15(1)(f) GDPR: where to complain.
fn authority(gaps: &mut Gaps, facts: &Facts) {
    let authority = &facts.controller.authority;
    gaps.add(
        blank(&authority.name) || !some(&authority.address),
        "gap-authority",
        "",
    );
}

#[cfg(test)]
mod tests;
