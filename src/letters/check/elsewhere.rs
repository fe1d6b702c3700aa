//! What letters on requests that belong elsewhere must hold (Art. 28(3) GDPR).

use super::{Gaps, blank, some};
use crate::letters::facts::Facts;
use crate::letters::press::Kind;

pub(super) fn elsewhere(gaps: &mut Gaps, kind: Kind, facts: &Facts) {
    match kind {
        Kind::ExcludedChannel => {
            let enough = facts
                .channel
                .as_ref()
                .is_some_and(|it| !blank(&it.name) && !blank(&it.sentence) && some(&it.instead));
            gaps.add(!enough, "gap-channel", "");
            gaps.add(blank(&facts.case.due), "gap-due", "");
        }
        Kind::NotController => {
            // Where nobody can be named, the letter says whom one usually asks.
            gaps.add(facts.misdirected.is_none(), "gap-elsewhere", "");
        }
        Kind::ForwardedPerson => gaps.add(not_forwarded(facts), "gap-forwarding", ""),
        Kind::ForwardedCustomer => {
            gaps.add(not_forwarded(facts), "gap-forwarding", "");
            gaps.add(
                blank(&facts.person.name) || facts.case.rights.is_empty(),
                "gap-requester",
                "",
            );
            let help = facts.forwarding.as_ref().is_some_and(|it| some(&it.help));
            gaps.add(!help, "gap-help", "");
        }
        Kind::DoubtedInstruction => {
            let enough = facts.instruction.as_ref().is_some_and(|it| {
                !blank(&it.given_on) && !blank(&it.what) && !blank(&it.law) && !blank(&it.doubt)
            });
            gaps.add(!enough, "gap-instruction", "");
        }
        _ => {}
    }
}

fn not_forwarded(facts: &Facts) -> bool {
    facts.forwarding.as_ref().is_none_or(|it| blank(&it.on))
}
