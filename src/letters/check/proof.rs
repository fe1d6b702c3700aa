//! Proves on the print what [`check`](super::check) proves on the facts: an operator's own wording may say it
//! differently, but it may not drop it.

use super::Gap;
use crate::domain::lang::Lang;
use crate::letters::facts::{DecisionFacts, Facts, Outcome, RecipientFacts, SystemFacts};
use crate::letters::phrases::phrase;
use crate::letters::press::{Audience, Kind, Printed};

/// Which mandatory elements the wording of this letter dropped, although the facts hold them.
#[must_use]
pub fn prove(printed: &Printed, facts: &Facts) -> Vec<Gap> {
    if printed.kind.audience() == Audience::Staff {
        return vec![];
    }
    let mut proof = Proof {
        squeezed: squeeze(&printed.text),
        spaced: space(&printed.text),
        lang: printed.lang,
        file: &printed.file,
        lost: vec![],
    };
    everywhere(&mut proof, printed, facts);
    if printed.kind.names_remedies() {
        remedies(&mut proof, facts);
    }
    demanded(&mut proof, printed.kind, facts);
    proof.lost
}

/// What was printed, in two forms that no wrapping and no markup can disturb.
struct Proof<'a> {
    /// Letters and digits only.
    squeezed: String,
    /// Words parted by one space each, with a space at either end.
    spaced: String,
    lang: Lang,
    file: &'a str,
    lost: Vec<Gap>,
}

/// Letters and digits of a text, in small letters.
fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|sign| sign.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words of a text in small letters, parted by one space.
fn space(text: &str) -> String {
    let words = text.split(|sign: char| !sign.is_alphanumeric() && sign != '\u{AD}');
    let words = words.filter(|word| !word.is_empty());
    let words: Vec<String> = words
        .map(|word| word.replace('\u{AD}', "").to_lowercase())
        .collect();
    format!(" {} ", words.join(" "))
}

impl Proof<'_> {
    fn lose(&mut self, code: &'static str, about: &str) {
        let gap = Gap {
            code,
            about: about.to_owned(),
            file: Some(self.file.to_owned()),
        };
        if !self.lost.contains(&gap) {
            self.lost.push(gap);
        }
    }

    /// A fact has to be printed.
    fn says(&mut self, code: &'static str, fact: &str) {
        if !self.squeezed.contains(&squeeze(fact)) {
            self.lose(code, fact);
        }
    }

    fn says_all<'f>(&mut self, code: &'static str, facts: impl IntoIterator<Item = &'f String>) {
        for fact in facts {
            self.says(code, fact);
        }
    }

    /// One of the words that mark an element has to occur.
    fn marks(&mut self, code: &'static str, mark: &'static str) {
        if !self.marked(mark) {
            let marks = phrase(self.lang, mark).replace(" | ", " / ");
            self.lose(code, &marks);
        }
    }

    fn marked(&self, mark: &'static str) -> bool {
        phrase(self.lang, mark)
            .split(" | ")
            .any(|words| self.spaced.contains(&format!(" {}", space(words).trim())))
    }
}

fn everywhere(proof: &mut Proof<'_>, printed: &Printed, facts: &Facts) {
    proof.says("gap-controller", &facts.controller.name);
    if !printed.subject.contains(&facts.case.number) {
        proof.says("gap-case", &facts.case.number);
    }
}

fn remedies(proof: &mut Proof<'_>, facts: &Facts) {
    let authority = &facts.controller.authority;
    proof.says("gap-authority", &authority.name);
    proof.says_all("gap-authority", &authority.address);
    proof.marks("gap-complaint", "mark-complaint");
    proof.marks("gap-court", "mark-court");
}

fn demanded(proof: &mut Proof<'_>, kind: Kind, facts: &Facts) {
    match kind {
        Kind::Confirm | Kind::AdvertisingStopped => {
            proof.says_all("gap-link", facts.link.iter().chain(&facts.disown_link));
            proof.says("gap-due", &facts.case.due);
        }
        Kind::Receipt | Kind::ReceiptPost => {
            proof.says("gap-due", &facts.case.due);
            proof.says("gap-case", &facts.case.received_on);
            for right in &facts.case.rights {
                proof.says("gap-case", &right.name);
            }
        }
        Kind::AnswerReady => proof.says_all("gap-link", &facts.link),
        Kind::Letter => {
            let words = facts.written.iter().flat_map(|it| it.words.lines());
            let words: Vec<String> = words
                .filter(|line| !line.trim().is_empty())
                .map(str::to_owned)
                .collect();
            proof.says_all("gap-words", &words);
        }
        Kind::Code => proof.says_all("gap-code", &facts.code),
        Kind::IdentityCode => proof.says_all("gap-code", facts.code.iter().chain(&facts.expiry)),
        Kind::IdentityDemand
        | Kind::IdentityReminder
        | Kind::NotIdentified
        | Kind::NotIdentifiable => identity(proof, kind, facts),
        Kind::Clarification => clarification(proof, facts),
        Kind::MandateDemand | Kind::MandateRejected => mandate(proof, kind, facts),
        Kind::ParentLetter | Kind::ChildView => {
            let child = facts.child.clone().unwrap_or_default();
            proof.says("gap-child", &child.name);
            match kind {
                Kind::ChildView => proof.says("gap-child", &child.parent),
                _ => {
                    proof.says_all("gap-child", &child.means);
                    proof.says("gap-clock", &facts.case.due);
                    proof.marks("gap-silence", "mark-silence");
                }
            }
        }
        Kind::ThirdParty | Kind::PublicBody => proof.marks("gap-silence", "mark-silence"),
        Kind::NotController => {
            let elsewhere = facts.misdirected.clone().unwrap_or_default();
            proof.says_all(
                "gap-elsewhere",
                elsewhere.about.iter().chain(&elsewhere.instead),
            );
        }
        Kind::NotARequest | Kind::Deceased | Kind::LegalPerson => {
            let elsewhere = facts.misdirected.clone().unwrap_or_default();
            proof.says_all(
                "gap-elsewhere",
                elsewhere.passed_to.iter().chain(&elsewhere.instead),
            );
        }
        Kind::ExcludedChannel => {
            let channel = facts.channel.clone().unwrap_or_default();
            proof.says("gap-channel", &channel.sentence);
            proof.says_all("gap-channel", &channel.instead);
            proof.says("gap-due", &facts.case.due);
        }
        Kind::ForwardedPerson | Kind::ForwardedCustomer => forwarding(proof, kind, facts),
        Kind::DoubtedInstruction => {
            let it = facts.instruction.clone().unwrap_or_default();
            proof.says_all(
                "gap-instruction",
                [&it.given_on, &it.what, &it.law, &it.doubt],
            );
        }
        Kind::Extension => {
            let it = facts.extension.clone().unwrap_or_default();
            proof.says("gap-extension", &it.until);
            proof.says_all("gap-extension", &it.reasons);
        }
        Kind::InterimNotice => {
            let it = facts.interim.clone().unwrap_or_default();
            proof.says_all("gap-interim", it.done.iter().chain(&it.open));
            proof.says("gap-due", &facts.case.due);
            claims_no_all(proof);
        }
        Kind::PartialAnswer => part(proof, facts),
        Kind::Answer => {
            for decision in &facts.decisions {
                self::decision(proof, decision, facts);
            }
        }
        Kind::FeeNotice => {
            let it = facts.fee.clone().unwrap_or_default();
            proof.says_all("gap-fee", [&it.amount, &it.costs, &it.why]);
            proof.marks("gap-fee", "mark-before");
        }
        Kind::ExcessRefusal => {
            let it = facts.excess.clone().unwrap_or_default();
            proof.says_all("gap-excess", [&it.objective, &it.intention]);
            proof.says_all("gap-excess", &it.evidence);
        }
        Kind::LiftingNotice => {
            let it = facts.lifting.clone().unwrap_or_default();
            proof.says_all("gap-lifting", [&it.from, &it.why]);
            proof.says_all("gap-lifting", &it.data);
        }
        Kind::Art14Notice => from_elsewhere(proof, facts),
        Kind::RecipientInstruction
        | Kind::RecipientNotice
        | Kind::PublicNotice
        | Kind::WithdrawalNotice => notice(proof, kind, facts),
        Kind::AuthorityReply => {
            let it = facts.reply.clone().unwrap_or_default();
            proof.says_all("gap-reply", [&it.reference, &it.letter_of, &it.statement]);
            proof.says_all("gap-reply", &it.enclosures);
        }
        Kind::OwnerTask
        | Kind::OwnerReminder
        | Kind::OwnerCode
        | Kind::Notice
        | Kind::Digest
        | Kind::Checkpoint => {}
    }
}

fn identity(proof: &mut Proof<'_>, kind: Kind, facts: &Facts) {
    let it = facts.identity.clone().unwrap_or_default();
    proof.says("gap-identity", &it.doubt);
    proof.says_all("gap-identity", &it.means);
    match kind {
        Kind::IdentityDemand | Kind::IdentityReminder => {
            proof.marks("gap-id-copy", "mark-id-copy");
            proof.says("gap-clock", &facts.case.due);
        }
        Kind::NotIdentified => {
            proof.marks("gap-silence", "mark-silence");
            proof.marks("gap-resume", "mark-resume");
        }
        _ => {}
    }
    if matches!(kind, Kind::IdentityReminder | Kind::NotIdentified) {
        proof.says_all("gap-asked", &it.asked_on);
    }
}

fn clarification(proof: &mut Proof<'_>, facts: &Facts) {
    let it = facts.clarification.clone().unwrap_or_default();
    proof.says("gap-clarification", &it.amount);
    proof.says_all("gap-clarification", &it.areas);
    proof.marks("gap-insist", "mark-insist");
    proof.says("gap-clock", &facts.case.due);
}

fn mandate(proof: &mut Proof<'_>, kind: Kind, facts: &Facts) {
    let it = facts.mandate.clone().unwrap_or_default();
    proof.says_all("gap-mandate", [&it.principal, &it.lacks]);
    proof.says_all("gap-mandate", &it.suffices);
    proof.marks("gap-silence", "mark-silence");
    if kind == Kind::MandateDemand {
        proof.says("gap-clock", &facts.case.due);
    }
}

fn forwarding(proof: &mut Proof<'_>, kind: Kind, facts: &Facts) {
    let it = facts.forwarding.clone().unwrap_or_default();
    proof.says("gap-forwarding", &it.on);
    match kind {
        Kind::ForwardedCustomer => {
            proof.says("gap-requester", &facts.person.name);
            proof.says_all("gap-requester", facts.case.rights.iter().map(|it| &it.name));
            proof.says("gap-case", &facts.case.received_on);
            proof.says_all("gap-help", &it.help);
            proof.says_all("gap-clock", &it.due);
        }
        _ => proof.says_all("gap-forwarding", &it.to),
    }
}

fn part(proof: &mut Proof<'_>, facts: &Facts) {
    let it = facts.partial.clone().unwrap_or_default();
    proof.says_all("gap-enclosed", &it.enclosed);
    for missing in &it.missing {
        proof.says_all("gap-missing", [&missing.what, &missing.why]);
        proof.says_all("gap-missing", &missing.until);
    }
    proof.marks("gap-completeness", "mark-part");
    proof.says("gap-due", &facts.case.due);
    claims_no_all(proof);
    held(proof, facts);
}

/// What is not the whole answer does not say that it is.
fn claims_no_all(proof: &mut Proof<'_>) {
    if proof.marked("mark-claims-all") {
        proof.lose("gap-claims-all", phrase(proof.lang, "mark-claims-all"));
    }
}

fn decision(proof: &mut Proof<'_>, decision: &DecisionFacts, facts: &Facts) {
    if matches!(decision.outcome, Outcome::Refused | Outcome::Partly) {
        for ground in &decision.grounds {
            proof.says_all("gap-grounds", [&ground.law, &ground.text]);
        }
    }
    for paragraph in decision.text.split("\n\n") {
        proof.says("gap-own-words", paragraph);
    }
    if decision.outcome == Outcome::Nothing {
        proof.says_all("gap-searched", &facts.searched_with);
        // Where there is no consent or no automated decision, further identifiers change nothing.
        if !matches!(decision.code.as_str(), "7(3)" | "22") {
            proof.marks("gap-more", "mark-more");
        }
        return;
    }
    for remain in &decision.remains {
        proof.says_all("gap-remains", [&remain.what, &remain.why]);
        proof.says_all("gap-remains-end", &remain.until);
        proof.says_all("gap-remains", &remain.uses);
    }
    proof.says_all("gap-told", &decision.told);
    proof.says_all("gap-backups", &decision.backups);
    if decision.outcome == Outcome::Refused {
        return;
    }
    for done in &decision.done {
        proof.says_all("gap-done", [&done.system, &done.what, &done.when]);
    }
    match decision.code.as_str() {
        "15" => access(proof, facts),
        "18" => {
            proof.says_all("gap-from", &decision.from);
            proof.says_all("gap-ends", &decision.ends);
            proof.marks("gap-before-lifting", "mark-before-lifting");
        }
        "20" => {
            let format = facts.package.as_ref().and_then(|it| it.format.as_ref());
            proof.says_all("gap-format", format);
            proof.says_all("gap-transfer", &decision.ends);
            proof.marks("gap-stays", "mark-stays");
        }
        "21(1)" => proof.says_all("gap-from", &decision.from),
        "21(2)" => {
            proof.says_all("gap-from", &decision.from);
            proof.marks("gap-block-list", "mark-block-list");
            proof.marks("gap-in-print", "mark-in-print");
        }
        "7(3)" => {
            proof.says_all("gap-from", &decision.from);
            proof.marks("gap-lawful", "mark-lawful");
        }
        _ => {}
    }
}

/// Art. 15(1)(a) to (h), (2) GDPR.
fn access(proof: &mut Proof<'_>, facts: &Facts) {
    held(proof, facts);
    recipients(proof, &facts.recipients);
    automated(proof, facts);
    rights(proof);
    for left in &facts.left_out {
        proof.says_all("gap-left-out", [&left.what, &left.why]);
    }
    proof.marks(
        "gap-completeness",
        if facts.complete {
            "mark-complete"
        } else {
            "mark-part"
        },
    );
    if facts.complete {
        proof.says_all("gap-searched", &facts.searched_with);
    }
}

fn held(proof: &mut Proof<'_>, facts: &Facts) {
    for system in facts.findings.iter().filter(|system| system.held) {
        self::system(proof, system);
    }
}

fn system(proof: &mut Proof<'_>, system: &SystemFacts) {
    proof.says("gap-findings", &system.name);
    proof.says("gap-source", &system.source);
    proof.says("gap-place", &system.place);
    proof.says_all("gap-guarantee", &system.guarantee);
    for category in &system.categories {
        proof.says("gap-category", &category.name);
        proof.says("gap-purposes", &category.purposes);
        proof.says("gap-retention", &category.retention);
    }
}

fn recipients(proof: &mut Proof<'_>, recipients: &[RecipientFacts]) {
    for recipient in recipients {
        proof.says_all("gap-recipient", [&recipient.name, &recipient.country]);
        proof.says_all("gap-guarantee", &recipient.guarantee);
    }
}

fn automated(proof: &mut Proof<'_>, facts: &Facts) {
    match &facts.automated {
        Some(text) => proof.says("gap-automated", text),
        None => proof.marks("gap-automated", "mark-automated"),
    }
}

fn rights(proof: &mut Proof<'_>) {
    for mark in ["mark-correct", "mark-erase", "mark-restrict", "mark-object"] {
        proof.marks("gap-rights", mark);
    }
}

/// Art. 14(1), (2) GDPR.
fn from_elsewhere(proof: &mut Proof<'_>, facts: &Facts) {
    let it = facts.art14.clone().unwrap_or_default();
    proof.says("gap-art14", &it.occasion);
    proof.says("gap-source", &it.source);
    proof.says_all("gap-interests", &it.interests);
    for category in &it.categories {
        proof.says("gap-category", &category.name);
        proof.says("gap-purposes", &category.purposes);
        proof.says("gap-retention", &category.retention);
    }
    recipients(proof, &facts.recipients);
    automated(proof, facts);
    rights(proof);
}

fn notice(proof: &mut Proof<'_>, kind: Kind, facts: &Facts) {
    let it = facts.notice.clone().unwrap_or_default();
    proof.says_all(
        "gap-notice",
        [
            &it.act,
            &it.record,
            &it.on,
            &it.basis,
            &it.expected,
            &it.until,
        ],
    );
    proof.says_all("gap-notice", &it.data);
    if kind == Kind::PublicNotice {
        proof.says_all("gap-public", &it.links);
    }
    proof.marks("gap-confidential", "mark-confidential");
}
