//! What letters to recipients of data and to authorities must hold (Art. 17(2), 19, 28(3), 31 GDPR).

use super::{Gaps, blank, some};
use crate::letters::facts::Facts;
use crate::letters::press::Kind;

pub(super) fn notice(gaps: &mut Gaps, kind: Kind, facts: &Facts) {
    let notice = facts.notice.clone().unwrap_or_default();
    let incomplete = [
        &notice.recipient,
        &notice.act,
        &notice.record,
        &notice.on,
        &notice.basis,
        &notice.expected,
        &notice.until,
    ]
    .into_iter()
    .any(|text| blank(text))
        || !some(&notice.data);
    gaps.add(incomplete, "gap-notice", &notice.recipient);
    gaps.add(
        kind == Kind::PublicNotice && !some(&notice.links),
        "gap-public",
        &notice.recipient,
    );
}

pub(super) fn reply(gaps: &mut Gaps, facts: &Facts) {
    let enough = facts.reply.as_ref().is_some_and(|it| {
        !blank(&it.reference)
            && !blank(&it.letter_of)
            && !blank(&it.statement)
            && some(&it.enclosures)
    });
    gaps.add(!enough, "gap-reply", "");
}
