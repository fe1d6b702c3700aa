//! What letters on identity, scope and those who act for others must hold (Art. 11, 12(6) GDPR, Rec. 63).

use super::{Gaps, absent, blank, some};
use crate::letters::facts::Facts;
use crate::letters::press::Kind;

pub(super) fn identity(gaps: &mut Gaps, kind: Kind, facts: &Facts) {
    let doubt = facts.identity.as_ref().is_some_and(|it| !blank(&it.doubt));
    let means = facts.identity.as_ref().is_some_and(|it| some(&it.means));
    let asked = facts
        .identity
        .as_ref()
        .is_some_and(|it| !absent(&it.asked_on));
    match kind {
        Kind::IdentityDemand | Kind::IdentityReminder => {
            gaps.add(!doubt || !means, "gap-identity", "");
            gaps.add(kind == Kind::IdentityReminder && !asked, "gap-asked", "");
        }
        Kind::IdentityCode => {
            gaps.add(absent(&facts.code) || absent(&facts.expiry), "gap-code", "")
        }
        Kind::NotIdentified => {
            gaps.add(!doubt || !means, "gap-identity", "");
            gaps.add(!asked, "gap-asked", "");
        }
        // What would help is told if it is known (Art. 11(2) GDPR); why it does not work always.
        Kind::NotIdentifiable => gaps.add(!doubt, "gap-identity", ""),
        Kind::Clarification => {
            let enough = facts
                .clarification
                .as_ref()
                .is_some_and(|it| !blank(&it.amount) && some(&it.areas));
            gaps.add(!enough, "gap-clarification", "");
        }
        Kind::MandateDemand | Kind::MandateRejected => {
            let enough = facts
                .mandate
                .as_ref()
                .is_some_and(|it| !blank(&it.principal) && !blank(&it.lacks) && some(&it.suffices));
            gaps.add(!enough, "gap-mandate", "");
        }
        Kind::ParentLetter | Kind::ChildView => {
            let enough = facts
                .child
                .as_ref()
                .is_some_and(|it| !blank(&it.name) && !blank(&it.parent));
            gaps.add(!enough, "gap-child", "");
        }
        _ => {}
    }
    let clock = matches!(
        kind,
        Kind::IdentityDemand
            | Kind::IdentityReminder
            | Kind::Clarification
            | Kind::MandateDemand
            | Kind::ParentLetter
    );
    gaps.add(clock && blank(&facts.case.due), "gap-clock", "");
}
