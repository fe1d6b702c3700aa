//! What a message is that belongs to an earlier request: reminder, duplicate, answer to our question, withdrawal, or a new request.

use std::collections::HashSet;

use super::draft::Draft;
use super::judge::{ALONG, SURE};
use super::mark::Mark;
use super::settled::Settled;
use super::verdict::{Kind, Verdict};

/// What the house asked in the message that is answered.
#[derive(Debug, Clone, Copy, Default)]
pub struct Question {
    /// Who the person is.
    pub identity: bool,
    /// What is wanted.
    pub scope: bool,
}

/// Settles a message that belongs to an earlier request.
pub fn follow_up(
    draft: &Draft,
    first: &Settled,
    first_draft: &Draft,
    question: Question,
    threaded: bool,
) -> Option<Settled> {
    let rights = first.rights.clone();
    let belongs = format!("belongs to {}", first_draft.file);
    let says = |mark: Mark, least: i32| draft.own.score(mark) >= least || draft.sounds(mark);
    let reminds = says(Mark::Reminder, SURE);
    if same_words(draft, first_draft) && !reminds {
        return Some(Settled::new(
            Verdict::Yes,
            Kind::Duplicate,
            rights,
            format!("the same words by the same person again; {belongs}"),
        ));
    }
    if says(Mark::TakenBack, SURE) && (!says(Mark::Thanks, SURE) || says(Mark::TakenBack, 9)) {
        return Some(Settled::new(
            Verdict::Yes,
            Kind::Withdrawal,
            rights,
            format!("the request is taken back; {belongs}"),
        ));
    }
    // what answers our question or presses for an answer asks anew only in clear phrases
    let weighed = draft.asked();
    let answers = question.identity || question.scope || reminds;
    let plainly = weighed.plainly && !weighed.guessed && !answers;
    let asked: Vec<Mark> = weighed
        .surely()
        .into_iter()
        .filter(|mark| plainly || draft.own.score(*mark) >= ALONG)
        .collect();
    let new: Vec<Mark> = asked
        .iter()
        .copied()
        .filter(|mark| !rights.contains(mark))
        .collect();
    if !new.is_empty() {
        return Some(Settled::new(
            Verdict::Yes,
            Kind::Request,
            new,
            format!("asks for more than before; {belongs}"),
        ));
    }
    let Question { identity, scope } = question;
    let (proves, explains) = (
        says(Mark::IdentityAnswer, SURE),
        says(Mark::ClarificationAnswer, SURE),
    );
    let kind = if reminds && (!proves || !identity && says(Mark::Reminder, SURE + 2)) {
        Kind::Reminder
    } else if proves && (identity || !explains)
        || identity && !scope && !explains && !says(Mark::Thanks, SURE)
    {
        Kind::IdentityAnswer
    } else if scope || explains {
        Kind::ClarificationAnswer
    } else if proves {
        Kind::IdentityAnswer
    } else if says(Mark::Thanks, SURE) {
        return Some(Settled::new(
            Verdict::No,
            Kind::Other,
            Vec::new(),
            format!("only thanks; {belongs}"),
        ));
    } else if !asked.is_empty() {
        Kind::Reminder
    } else if threaded
        && draft
            .letter
            .below
            .iter()
            .any(|layer| layer.text.contains('?'))
    {
        // whatever was asked, this is the answer
        Kind::ClarificationAnswer
    } else if threaded {
        return Some(Settled::new(
            Verdict::Unclear,
            Kind::Other,
            rights,
            format!("an answer without a clear wish; {belongs}"),
        ));
    } else {
        return None;
    };
    Some(Settled::new(Verdict::Yes, kind, rights, belongs))
}

/// The message itself says that something went before.
pub fn speaks_of_earlier(draft: &Draft) -> bool {
    [
        Mark::Reminder,
        Mark::TakenBack,
        Mark::IdentityAnswer,
        Mark::ClarificationAnswer,
    ]
    .iter()
    .any(|mark| draft.own.score(*mark) >= SURE)
        || draft.letter.is_reply
}

/// The same text, give or take a greeting.
pub fn same_words(one: &Draft, other: &Draft) -> bool {
    if one.digest.len() < 12
        || !one
            .requester
            .email
            .eq_ignore_ascii_case(&other.requester.email)
    {
        return false;
    }
    if one.digest == other.digest {
        return true;
    }
    let set = |text: &str| {
        text.split(' ')
            .map(str::to_owned)
            .collect::<HashSet<String>>()
    };
    let (a, b) = (set(&one.digest), set(&other.digest));
    let common = a.intersection(&b).count();
    let all = a.union(&b).count();
    let small = a.len().min(b.len());
    // the same words with a line of excuse above them
    common * 100 >= all * 85 || small >= 12 && common * 100 >= small * 85 && all * 10 <= small * 20
}
