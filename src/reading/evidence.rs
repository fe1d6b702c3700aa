//! What speaks for and against: how strong the phrases are, how the words sound, and the way a text came.

use super::cues::{QUESTIONS, RIGHTS_ASKED, Sums, question};
use super::heard::{Heard, best_other};
use super::judge::{ALONG, Judgement, RIGHTS, SURE};
use super::mark::Mark;

/// How a text came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Came {
    /// To many, or taken for spam.
    pub many: bool,
    /// By a machine.
    pub automatic: bool,
    /// Sent on by a colleague.
    pub sent_on: bool,
    /// By a form or helpdesk.
    pub form: bool,
    /// Written by somebody of the house.
    pub inside: bool,
    /// As an answer.
    pub answer: bool,
    /// In another language than German or English.
    pub abroad: bool,
    /// By somebody who has a person's name.
    pub person: bool,
}

/// A piece of evidence with how much there is of it.
pub type Evidence = (&'static str, f32);

fn points(score: i32) -> f32 {
    i16::try_from(score).map_or(0.0, f32::from)
}

fn part(score: f32, from: f32, to: f32) -> f32 {
    ((score - from) / (to - from)).clamp(0.0, 1.0)
}

pub(super) fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}

fn near(weight: f32) -> f32 {
    weight.clamp(-5.0, 5.0)
}

/// How much of a right was weakened by what speaks against it.
pub(super) fn weakened(judgement: &Judgement, of: impl Fn(Mark) -> bool) -> f32 {
    flag(
        judgement
            .signs
            .iter()
            .any(|sign| sign.against.is_some() && of(sign.mark)),
    )
}

/// What speaks for and against a request.
pub fn for_request(judgement: &Judgement, heard: &Heard, came: Came) -> Vec<Evidence> {
    let best = points(judgement.best());
    let says = |mark: Mark| flag(judgement.score(mark) >= SURE);
    let has = |mark: Mark| flag(judgement.has(mark));
    let article = judgement
        .signs
        .iter()
        .any(|sign| sign.phrase.is_none() && sign.weight >= ALONG);
    let first = |sums: &Sums| near(sums.first().copied().unwrap_or_default());
    let rights = |sums: &Sums| near(sums.iter().skip(1).copied().fold(f32::MIN, f32::max));
    let mut out = vec![
        ("bias", 1.0),
        ("phrase-weak", part(best, 0.0, 3.0)),
        ("phrase-fair", part(best, 3.0, 6.0)),
        ("phrase-sure", part(best, 6.0, 9.0)),
        ("several-rights", flag(judgement.rights(ALONG).len() > 3)),
        ("phrase-plain", part(best, 8.0, 10.0)),
        (
            "phrase-person",
            part(best, 3.0, 7.0) * flag(came.person && !came.inside),
        ),
        (
            "phrase-asking",
            part(best, 3.0, 7.0) * flag(judgement.has(Mark::Asking)),
        ),
        ("rights-unnamed", says(Mark::AnyRight)),
        ("weakened", weakened(judgement, |_| true)),
        ("weakened-wholly", weakened(judgement, |_| best < 3.0)),
        ("article", flag(article)),
        ("law", has(Mark::Law)),
        ("own-data", has(Mark::OwnData)),
        ("advertising", has(Mark::Advertising)),
        ("asking", has(Mark::Asking)),
        ("on-behalf", has(Mark::OnBehalf)),
        ("thanks", says(Mark::Thanks)),
        ("reminder", says(Mark::Reminder)),
        ("taken-back", says(Mark::TakenBack)),
        ("identity-answer", says(Mark::IdentityAnswer)),
        ("clarification-answer", says(Mark::ClarificationAnswer)),
        ("forwarding", says(Mark::Forwarding)),
        ("handed-on", says(Mark::HandedOn)),
        ("authority", says(Mark::Authority)),
        ("art19-notice", says(Mark::Notice)),
        ("auto-reply", says(Mark::AutoReply)),
        ("words", first(&heard.whole)),
        (
            "words-and-phrase",
            part(best, 3.0, 7.0) * first(&heard.whole),
        ),
        ("words-peak", first(&heard.peak)),
        ("words-right", rights(&heard.whole)),
        ("many", flag(came.many)),
        ("automatic", flag(came.automatic)),
        ("sent-on", flag(came.sent_on)),
        ("form", flag(came.form)),
        ("inside", flag(came.inside)),
        ("answer", flag(came.answer)),
        ("abroad", flag(came.abroad)),
        ("abroad-words", flag(came.abroad) * first(&heard.whole)),
        ("person", flag(came.person)),
    ];
    // the phrases of one right are surer than those of another
    out.extend(RIGHTS_ASKED.filter_map(|place| {
        let code = QUESTIONS.get(place)?;
        let mark = Mark::from_code(code)?;
        Some((*code, part(points(judgement.score(mark)), 0.0, 8.0)))
    }));
    out
}

/// What speaks for and against one right; the name of the right itself is the last piece.
pub fn for_right(judgement: &Judgement, heard: &Heard, mark: Mark) -> Vec<Evidence> {
    let own = points(judgement.score(mark));
    let other = RIGHTS
        .iter()
        .filter(|other| **other != mark && **other != Mark::AnyRight)
        .map(|other| judgement.score(*other))
        .max()
        .unwrap_or(0);
    let place = question(mark).unwrap_or_default();
    let of = |sums: &Sums| near(sums.get(place).copied().unwrap_or_default());
    let ahead = |sums: &Sums| near(of(sums) - near(best_other(sums, place)));
    let article = judgement
        .signs
        .iter()
        .any(|sign| sign.phrase.is_none() && sign.mark == mark && sign.weight >= ALONG);
    vec![
        ("phrase-weak", part(own, 0.0, 3.0)),
        ("phrase-fair", part(own, 3.0, 6.0)),
        ("phrase-sure", part(own, 6.0, 9.0)),
        ("other-fair", part(points(other), 3.0, 6.0)),
        ("other-sure", part(points(other), 6.0, 9.0)),
        ("weakened", weakened(judgement, |of| of == mark)),
        (
            "weakened-wholly",
            weakened(judgement, |of| of == mark && own < 3.0),
        ),
        ("article", flag(article)),
        ("words", of(&heard.whole)),
        ("words-peak", of(&heard.peak)),
        ("words-ahead", ahead(&heard.whole)),
        ("words-lead", of(&heard.lead)),
        ("words-crest", of(&heard.crest)),
        (QUESTIONS.get(place).copied().unwrap_or_default(), 1.0),
    ]
}

/// What speaks for and against a kind of message; the name of the kind itself is the last piece.
pub fn for_kind(judgement: &Judgement, heard: &Heard, came: Came, mark: Mark) -> Vec<Evidence> {
    let own = points(judgement.score(mark));
    let place = question(mark).unwrap_or_default();
    let of = |sums: &Sums| near(sums.get(place).copied().unwrap_or_default());
    let best = points(judgement.best());
    let answers = mark == Mark::IdentityAnswer || mark == Mark::ClarificationAnswer;
    vec![
        ("phrase-fair", part(own, 0.0, 6.0)),
        ("phrase-sure", part(own, 6.0, 9.0)),
        ("right-sure", part(best, 3.0, 8.0)),
        ("words", of(&heard.whole)),
        ("words-crest", of(&heard.crest)),
        (
            "words-ahead",
            near(of(&heard.whole) - near(best_other(&heard.whole, place))),
        ),
        (
            "words-request",
            near(heard.whole.first().copied().unwrap_or_default()),
        ),
        ("answer-to-question", flag(came.answer && answers)),
        ("answer", flag(came.answer && !answers)),
        (
            "office",
            flag(!came.person && matches!(mark, Mark::Forwarding | Mark::Authority)),
        ),
        (
            "person",
            flag(came.person && matches!(mark, Mark::Forwarding | Mark::Authority)),
        ),
        ("inside", flag(came.inside)),
        (QUESTIONS.get(place).copied().unwrap_or_default(), 1.0),
    ]
}
