//! What a message is that belongs to no other of the mailbox.

use super::draft::Draft;
use super::follow::Question;
use super::judge::{ALONG, DOUBT, SURE};
use super::letter::Way;
use super::mark::Mark;
use super::settled::Settled;
use super::verdict::{Kind, Verdict};

/// With fewer words than these nothing is said.
const FEW: usize = 5;

/// A message that belongs to none of the mailbox.
pub fn alone(draft: &Draft, question: Question) -> Settled {
    let own = &draft.own;
    let says = |mark: Mark| own.score(mark) >= SURE;
    let weighed = draft.asked();
    let mut asked = weighed.surely();
    let named = own.named();
    let speaks_of_law = own.has(Mark::Law)
        || own
            .signs
            .iter()
            .any(|sign| sign.mark.is_right() && sign.language.is_none());
    let mut quoted = draft.below(false).clone();
    if let Some(carried) = draft
        .carried
        .as_ref()
        .filter(|carried| carried.best() > quoted.best())
    {
        quoted = carried.clone();
    }
    let quoted_rights = || {
        let below = draft.asked_below(false).surely();
        if below.is_empty() && quoted.best() >= SURE {
            quoted.rights(ALONG)
        } else {
            below
        }
    };
    let answers = draft.letter.is_reply || !draft.letter.below.is_empty();
    let fallback = |own: &[Mark]| -> Vec<Mark> {
        if !own.is_empty() {
            return own.to_vec();
        }
        let quoted = quoted_rights();
        if quoted.is_empty() {
            draft.below(true).named()
        } else {
            quoted
        }
    };
    // a kind that only the words tell is as sure as that anything is asked; an answer to somebody belongs somewhere
    let may = weighed.verdict != Verdict::No;
    let told = |mark: Mark| {
        if says(mark) || draft.letter.is_reply {
            Verdict::Yes
        } else {
            weighed.verdict
        }
    };
    let consent = own.score(Mark::Withdrawal) >= SURE;
    if draft.sounds(Mark::TakenBack) && may && !consent {
        let rights = fallback(if named.is_empty() { &asked } else { &named });
        return Settled::new(
            told(Mark::TakenBack),
            Kind::Withdrawal,
            rights,
            "an earlier request is taken back",
        );
    }
    // what asks by itself is a reminder only if it plainly says so
    let reminds = draft.sounds(Mark::Reminder) && may
        || asked.is_empty() && says(Mark::Reminder) && !named.is_empty() && speaks_of_law;
    if reminds {
        let rights = if asked.is_empty() {
            fallback(&named)
        } else {
            asked
        };
        return Settled::new(
            told(Mark::Reminder),
            Kind::Reminder,
            rights,
            "presses for the answer to an earlier request",
        );
    }
    // an answer to our question says little that a phrase would find
    let Question { identity, scope } = question;
    let (identity, scope) = (identity && answers, scope && answers);
    let phrased = own.rights(ALONG);
    // what asks in plain phrases answers nothing, unless it says so
    let plain = own.best() > SURE + 1;
    let sounds = |mark: Mark| draft.sounds(mark) && may && (!plain || says(mark));
    let proves = sounds(Mark::IdentityAnswer)
        || identity && phrased.is_empty() && (says(Mark::IdentityAnswer) || !scope);
    if proves && !says(Mark::Thanks) {
        let verdict = if identity {
            Verdict::Yes
        } else {
            told(Mark::IdentityAnswer)
        };
        return Settled::new(
            verdict,
            Kind::IdentityAnswer,
            fallback(&phrased),
            "answers our question who the person is",
        );
    }
    let asked_for = scope && phrased.is_empty();
    let explains = sounds(Mark::ClarificationAnswer) || asked_for;
    if explains && !says(Mark::Thanks) {
        let rights = fallback(if phrased.is_empty() { &asked } else { &phrased });
        let verdict = if asked_for {
            Verdict::Yes
        } else {
            told(Mark::ClarificationAnswer)
        };
        return Settled::new(
            verdict,
            Kind::ClarificationAnswer,
            rights,
            "answers our question what is wanted",
        );
    }
    if own.score(Mark::AnyRight) >= SURE && own.rights(ALONG).is_empty() && weighed.guessed {
        // rights are wielded without a name
        return Settled::new(
            Verdict::Unclear,
            Kind::Request,
            Vec::new(),
            "speaks of rights and names none",
        );
    }
    if !asked.is_empty() {
        // mail to many and spam need more than one good sign
        if draft.foreign || (draft.bulk || draft.spam) && own.best() < 8 {
            return Settled::new(
                Verdict::Unclear,
                Kind::Other,
                asked,
                "looks like a request in mail to many",
            );
        }
        let machine = draft.letter.automatic && draft.letter.way == Way::Direct;
        let ours = draft.house.has_address(&draft.letter.from.email);
        let nobody = draft.requester.name.is_empty() && draft.requester.email.is_empty();
        if machine && (ours && nobody || !ours && !speaks_of_law) {
            return Settled::new(
                Verdict::Unclear,
                Kind::Other,
                asked,
                "a machine wrote down what somebody may ask for",
            );
        }
        asked.sort();
        return Settled::new(
            Verdict::Yes,
            Kind::Request,
            asked,
            weighed.told("asks for a right"),
        );
    }
    if words_of(draft) == 0 && draft.letter.is_reply {
        return Settled::new(
            Verdict::Unclear,
            Kind::Other,
            Vec::new(),
            "an answer without words of its own",
        );
    }
    // the words stand below: "siehe unten", or nothing at all above
    let empty = draft.letter.text.split_whitespace().count() < 25;
    if empty && !draft.letter.below.is_empty() && !says(Mark::Thanks) && own_words_below(draft) {
        let below = quoted_rights();
        if !below.is_empty() {
            return Settled::new(
                Verdict::Yes,
                Kind::Request,
                below,
                "the request stands in the text below",
            );
        }
    }
    doubtful(draft)
}

/// What is no clear request: doubtful for many reasons, or none at all.
fn doubtful(draft: &Draft) -> Settled {
    let own = &draft.own;
    let person = !(draft.bulk || draft.spam);
    let asked = draft.asked();
    if !draft.understood() && person {
        return Settled::new(
            Verdict::Unclear,
            Kind::Other,
            own.rights(DOUBT),
            "a language that is not read here",
        );
    }
    if asked.verdict != Verdict::No {
        return Settled::new(
            Verdict::Unclear,
            Kind::Other,
            asked.rights.clone(),
            asked.told("may be a request"),
        );
    }
    if draft
        .unread
        .iter()
        .any(|what| what.contains("encrypt") || what.contains("locked"))
    {
        return Settled::new(
            Verdict::Unclear,
            Kind::Other,
            Vec::new(),
            "locked or encrypted: a person has to open it",
        );
    }
    let words = draft.letter.text.split_whitespace().count();
    if !draft.unread.is_empty() && person && (words < 12 || own.has(Mark::Law)) {
        return Settled::new(
            Verdict::Unclear,
            Kind::Other,
            Vec::new(),
            "what matters may stand in an attachment that has no text",
        );
    }
    // A no needs something to rest on: a sender, or words.
    if draft.letter.from.email.is_empty() && words_of(draft) < FEW {
        return Settled::new(
            Verdict::Unclear,
            Kind::Other,
            Vec::new(),
            "neither a sender nor words",
        );
    }
    Settled::new(
        Verdict::No,
        Kind::Other,
        Vec::new(),
        "neither phrases nor words sound like a request",
    )
}

fn words_of(draft: &Draft) -> usize {
    draft
        .letter
        .text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphabetic))
        .count()
}

/// The quoted words are the writer's own, or nobody's.
fn own_words_below(draft: &Draft) -> bool {
    !draft.letter.below.iter().any(|layer| draft.ours(layer))
        && draft.letter.below.iter().all(|layer| {
            layer.head.as_ref().is_none_or(|head| {
                head.from.email.is_empty()
                    || head
                        .from
                        .email
                        .eq_ignore_ascii_case(&draft.letter.from.email)
            })
        })
}
