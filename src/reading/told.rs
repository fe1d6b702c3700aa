//! A reading as it is told: the settled result with everything that it rests on.

use super::draft::Draft;
use super::judge::Where;
use super::letter::Way;
use super::mark::Mark;
use super::person::is_whole;
use super::settled::Settled;
use super::verdict::{Reading, Requester, Verdict};
use crate::domain::right::Right;

/// More signs than a person would read are left out.
const MOST: usize = 14;

/// Tells what was settled.
pub fn told(draft: &Draft, settled: &Settled, root: Option<&Draft>) -> Reading {
    let mut because = settled.because.clone();
    match draft.letter.way {
        Way::Colleague => {
            because.push("a colleague sent it on; the person inside is the one who asks".to_owned())
        }
        Way::Form => because.push(
            "a form or helpdesk wrote it down; the person inside is the one who asks".to_owned(),
        ),
        Way::Direct => {}
    }
    let shown = if draft
        .carried
        .as_ref()
        .is_some_and(|inner| inner.best() > draft.own.best())
    {
        draft.carried.as_ref()
    } else {
        None
    };
    let signs = draft
        .own
        .signs
        .iter()
        .chain(shown.into_iter().flat_map(|inner| &inner.signs));
    for sign in signs {
        let tells = sign.mark.is_right()
            || !matches!(
                sign.mark,
                Mark::Law | Mark::OwnData | Mark::Advertising | Mark::Asking | Mark::Thanks
            );
        if !tells || because.len() >= MOST || sign.weight == 0 && sign.against.is_none() {
            continue;
        }
        let line = match &sign.against {
            Some(against) => format!(
                "{}: “{}” in {}, weakened by “{against}”",
                sign.mark.code(),
                sign.quote,
                place(&sign.place)
            ),
            None => format!(
                "{}: “{}” in {}",
                sign.mark.code(),
                sign.quote,
                place(&sign.place)
            ),
        };
        if !because.contains(&line) {
            because.push(line);
        }
    }
    if draft.day.is_some() {
        because.push(format!("day of receipt by {}", draft.day_because));
    }
    for what in &draft.unread {
        because.push(format!("not read: {what}"));
    }
    let no = settled.verdict == Verdict::No;
    let mut rights: Vec<Right> = settled
        .rights
        .iter()
        .filter_map(|mark| Right::from_code(mark.code()))
        .collect();
    rights.sort();
    rights.dedup();
    Reading {
        file: draft.file.clone(),
        is_request: settled.verdict,
        kind: settled.kind,
        rights,
        language: draft.language.clone(),
        requester: (!no).then(|| named(draft, root)),
        data_subject: draft
            .data_subject
            .clone()
            .or_else(|| {
                root.filter(|root| same_side(draft, root))
                    .and_then(|root| root.data_subject.clone())
            })
            .filter(|_| !no),
        reference: draft.reference.clone().filter(|_| !no),
        received_date: draft.day,
        because,
    }
}

/// The same person, or the same office by its sign.
fn same_side(draft: &Draft, root: &Draft) -> bool {
    let mail = !draft.requester.email.is_empty()
        && draft
            .requester
            .email
            .eq_ignore_ascii_case(&root.requester.email);
    mail || draft.reference.is_some() && draft.reference == root.reference
}

/// Who signed with a letter or two before is known by the whole name from the request.
fn named(draft: &Draft, root: Option<&Draft>) -> Requester {
    let mut requester = draft.requester.clone();
    if let Some(root) = root
        && !requester.email.is_empty()
        && requester.email.eq_ignore_ascii_case(&root.requester.email)
        && !is_whole(&requester.name)
        && is_whole(&root.requester.name)
    {
        requester.name.clone_from(&root.requester.name);
    }
    requester
}

fn place(place: &Where) -> String {
    match place {
        Where::Subject => "the subject".to_owned(),
        Where::Body => "the text".to_owned(),
        Where::Quoted => "the quoted text".to_owned(),
        Where::Attachment(name) => format!("the attachment {name}"),
    }
}
