//! Letters of offices and other firms: authorities, other controllers, and who passes on what a person asked.

use super::balance::Asked;
use super::draft::Draft;
use super::judge::{DOUBT, SURE};
use super::mark::Mark;
use super::person::is_whole;
use super::settled::Settled;
use super::verdict::{Kind, Verdict};

/// What a complaint is called, as the words are compared.
const COMPLAINTS: [&str; 13] = [
    "beschwer",
    "eingabe",
    "complain",
    "plainte",
    "reclamation",
    "reclamacion",
    "reclamo",
    "klacht",
    "queixa",
    "reclamacao",
    "skarg",
    "stiznost",
    "planger",
];

/// Authorities and other controllers.
pub fn official(draft: &Draft) -> Option<Settled> {
    let own = &draft.own;
    let authority = own.score(Mark::Authority);
    if authority >= 8 || authority >= DOUBT && draft.sounds(Mark::Authority) {
        let named = own.named();
        let about_somebody =
            draft.data_subject.is_some() || COMPLAINTS.iter().any(|it| draft.digest.contains(it));
        // a complaint is somebody's matter, even where its words are not understood
        let (verdict, rights) = match (about_somebody, named.is_empty()) {
            (true, false) => (Verdict::Yes, named),
            (true, true) => (Verdict::Unclear, draft.asked().rights.clone()),
            (false, _) if draft.asked().verdict == Verdict::Yes => {
                (Verdict::Unclear, draft.asked().rights.clone())
            }
            (false, _) => (Verdict::No, Vec::new()),
        };
        return Some(Settled::new(
            verdict,
            Kind::Authority,
            rights,
            "a supervisory authority writes",
        ));
    }
    // who names Art. 19 tells; who only says that something was erased may be a person who asks
    let told = own.score(Mark::Notice);
    let asks = own.best() >= SURE && own.has(Mark::OwnData) || is_whole(&draft.letter.from.name);
    if told >= 10 || told >= 8 && !asks {
        return Some(Settled::new(
            Verdict::Yes,
            Kind::Notice,
            own.named(),
            "another controller tells of its act",
        ));
    }
    None
}

/// Another organisation passes on what a person asked.
pub fn forwarding(draft: &Draft) -> Option<Settled> {
    let phrase = draft.own.score(Mark::Forwarding) >= SURE;
    let says = draft.sounds(Mark::Forwarding) || phrase && draft.carried.is_some();
    let inner_rights = draft.asked_inside().map(Asked::surely).unwrap_or_default();
    let same = draft.letter.carried.as_ref().is_some_and(|inner| {
        !inner.from.email.is_empty()
            && inner
                .from
                .email
                .eq_ignore_ascii_case(&draft.letter.from.email)
    });
    if !inner_rights.is_empty() && !same && (says || draft.asked().verdict != Verdict::Yes) {
        return Some(Settled::new(
            Verdict::Yes,
            Kind::Forwarding,
            inner_rights,
            "somebody else passes a person's request on",
        ));
    }
    if says {
        let quoted = draft.asked_below(false).surely();
        let own = draft.asked().surely();
        let named = if !quoted.is_empty() {
            quoted
        } else if !own.is_empty() {
            own
        } else {
            draft.own.named()
        };
        if !named.is_empty() && draft.asked().verdict != Verdict::No {
            let verdict = if phrase {
                Verdict::Yes
            } else {
                draft.asked().verdict
            };
            return Some(Settled::new(
                verdict,
                Kind::Forwarding,
                named,
                "another organisation passes a person's request on",
            ));
        }
    }
    None
}
