//! The story of a case, one German sentence for each thing that happened. For the desk.

use super::dates::long_date;
use super::{desk, letters, owners, persons, proof, recipients, sources, terms};
use crate::domain::collection::Outcome;
use crate::domain::decision::{Decision, Ground};
use crate::domain::delivery::Way;
use crate::domain::event::Event;
use crate::domain::followup::Followed;
use crate::domain::identity::Identity;
use crate::domain::ids::{ClerkId, SystemId};
use crate::domain::known::{Standing, Whence};
use crate::domain::lang::Lang;
use crate::domain::notice::Told;
use crate::domain::preserve::Secured;
use crate::domain::right::Right;

const DE: Lang = Lang::De;

/// The names that a sentence needs and an event does not carry.
pub trait Names {
    /// The clerk's name.
    fn clerk(&self, id: ClerkId) -> String;
    /// The system's name.
    fn system(&self, id: SystemId) -> String;
}

/// What happened, in one sentence or two.
pub fn sentence(event: &Event, names: &impl Names) -> String {
    match event {
        Event::Opened {
            intake,
            rights,
            term,
            ..
        } => format!(
            "Antrag eingegangen {}: {}. Die Antwort ist am {} fällig.",
            terms::channel(intake.channel, DE),
            rights_or_text(rights),
            long_date(term.due(), DE)
        ),
        Event::MailboxConfirmed => "Die Person hat das Postfach bestätigt.".into(),
        Event::Disowned => {
            "Aus dem Postfach kam: „Das war ich nicht.“ Jemand anderes hat diese Adresse angegeben."
                .into()
        }
        Event::AdvertisingStopped { .. } => "Die Adresse, die geschrieben hat, steht auf der Sperrliste: von selbst, ohne Nachfrage. Wer die Adresse besitzt, kann es rückgängig machen.".into(),
        Event::AdvertisingResumed { .. } => "Die Sperre der Adresse gegen Werbung ist aufgehoben: Aus dem Postfach kam, dass sie nicht gewollt war.".into(),
        Event::SortedApart { apart: true } => "Getrennt sortiert. Die Frist läuft weiter.".into(),
        Event::SortedApart { apart: false } => "Zurück in die Liste der offenen Vorgänge.".into(),
        Event::RightsUnderstood { rights, .. } => {
            format!("Verstanden als: {}.", rights_or_text(rights))
        }
        Event::Assigned { to: Some(clerk) } => format!("Zugewiesen an {}.", names.clerk(*clerk)),
        Event::Assigned { to: None } => "Zurückgegeben: niemandem zugewiesen.".into(),
        Event::ContactSet { .. } => "Anschrift für Briefe festgehalten.".into(),
        Event::ReceiptCorrected {
            correction,
            terms,
            lost,
        } => format!(
            "Tag des Eingangs berichtigt: statt {} jetzt {}. Die Antwort ist am {} fällig.{}",
            long_date(correction.old, DE),
            long_date(correction.new, DE),
            long_date(terms.due(), DE),
            not_extended(lost)
        ),
        Event::ConfidentialSet { confidential: true } => {
            "Vertraulich: Nur wer entscheidet, sieht diesen Vorgang.".into()
        }
        Event::ConfidentialSet { .. } => "Nicht mehr vertraulich.".into(),
        Event::Tied { tie, .. } => format!(
            "Verbunden mit einem anderen Vorgang: {}.",
            persons::tie(*tie)
        ),
        Event::StandingSet { standing } => persons::standing_set(standing),
        Event::Forwarded { forwarding } => format!(
            "{} an {}. {}: {}. {}: {}.",
            match forwarding.told() {
                true => "Weitergeleitet",
                false => "Weiterleitung begonnen",
            },
            forwarding.name,
            persons::side(crate::domain::forwarding::Side::Customer),
            persons::dispatch(&forwarding.customer),
            persons::side(crate::domain::forwarding::Side::Person),
            persons::dispatch(&forwarding.person)
        ),
        Event::ForwardingPosted { side, on, .. } => {
            format!(
                "{}: zur Post gegeben am {}.",
                persons::side(*side),
                long_date(*on, DE)
            )
        }
        Event::Instructed { .. } => "Weisung des Kunden erhalten.".into(),
        Event::InstructionSettled { outcome, .. } => match outcome {
            crate::domain::forwarding::Obeyed::Doubted { .. } => {
                "Weisung angezweifelt, der Kunde ist gefragt. Bis zur Antwort geschieht nichts."
                    .into()
            }
            _ => "Weisung des Kunden ausgeführt.".into(),
        },
        Event::OfficerAsked { on } => format!(
            "Datenschutzbeauftragte oder Datenschutzbeauftragter einbezogen am {}.",
            long_date(*on, DE)
        ),
        Event::AuthorityAnswered { on, .. } => {
            format!("Der Behörde geantwortet am {}.", long_date(*on, DE))
        }
        Event::Heard { .. } => "Nachricht der Person.".into(),
        Event::Said { .. } => "Nachricht an die Person.".into(),
        Event::Noted { .. } => "Interne Notiz.".into(),
        Event::IdentityAsked { method, .. } => {
            format!(
                "Um einen Nachweis der Identität gebeten: {}.",
                terms::method(*method, DE)
            )
        }
        Event::IdentityReminded { .. } => "An den Nachweis erinnert.".into(),
        Event::ProofGiven { method, .. } => {
            format!("Nachweis der Person: {}.", proof::brought(*method))
        }
        Event::ProofDestroyed { .. } => {
            "Nachweis vernichtet: Datei, Schlüssel und Inhalt sind weg.".into()
        }
        Event::CodeMade { code } => format!(
            "Code an die hinterlegte {} erstellt, gültig bis {}.",
            proof::address_kind(code.on_file.kind),
            long_date(code.until, DE)
        ),
        Event::CodePosted { on } => format!("Brief mit dem Code am {} zur Post gegeben.", long_date(*on, DE)),
        Event::CodeEntered => "Der Code kam zurück und stimmt.".into(),
        Event::CodeLocked => {
            "Der Code wurde fünfmal falsch eingegeben und gilt nicht mehr. Der Vorgang ist davon nicht berührt.".into()
        }
        Event::IdentityWeighed { identity } => weighed(identity),
        Event::NotIdentified { rights, cause, .. } => format!(
            "{}: {}.",
            proof::unidentified(*cause).0,
            rights_or_text(rights)
        ),
        Event::LetterMade { .. } => "Brief gedruckt, zum Versand per Post.".into(),
        Event::FileDestroyed { .. } => "Eine Datei der Person wurde vernichtet.".into(),
        Event::QuestionWritten { question } => match question.answered {
            Some(_) => "Die Nachfrage ist noch nicht versendet. Geht sie nicht hinaus, läuft die Frist seit der Antwort.".into(),
            None => "Die Frage ist noch nicht versendet. Bis dahin läuft die Frist.".into(),
        },
        Event::QuestionPosted { on, .. } => {
            format!("Frage am {} zur Post gegeben.", long_date(*on, DE))
        }
        Event::Paused { pause, .. } => {
            format!(
                "Die Frist ruht seit {}, bis eine ausreichende Antwort da ist.{}",
                long_date(pause.asked, DE),
                if pause.late {
                    " Gefragt wurde später als drei Arbeitstage nach dem Anlass; das ist angreifbar."
                } else {
                    ""
                }
            )
        }
        Event::Resumed { on, terms } => format!(
            "Ausreichende Antwort am {}. Die Frist läuft wieder und endet am {}.",
            long_date(*on, DE),
            long_date(terms.due(), DE)
        ),
        Event::Extended {
            rights,
            extension,
            terms,
        } => format!(
            "Frist verlängert bis {}{}. Mitgeteilt am {}.",
            long_date(terms.due(), DE),
            for_rights(rights),
            long_date(extension.notice_sent_on, DE)
        ),
        Event::Recomputed { old, new, .. } if old == new => format!(
            "Mit neuer Feiertagstabelle oder neuem Ort geprüft: Die Frist bleibt {}.",
            long_date(*new, DE)
        ),
        Event::Recomputed { old, new, lost, .. } => format!(
            "Frist neu berechnet, weil sich Ort oder Feiertage geändert haben: statt {} jetzt {}.{}",
            long_date(*old, DE),
            long_date(*new, DE),
            not_extended(lost)
        ),
        Event::Secured { system, secured } => match secured {
            Secured::Done { .. } => format!(
                "{}: gesichert, bevor es von selbst gelöscht wird.",
                names.system(*system)
            ),
            Secured::Needless { .. } => format!("{}: nichts zu sichern.", names.system(*system)),
        },
        Event::SearchBegun { tasks } => match tasks.len() {
            0 => "Suche begonnen. Im Verzeichnis steht kein System, das gefragt werden müsste."
                .into(),
            1 => "Suche begonnen: ein System ist zu prüfen.".into(),
            many => format!("Suche begonnen: {many} Systeme sind zu prüfen."),
        },
        Event::TaskAnswered { system, outcome } => answered(&names.system(*system), outcome),
        Event::OwnerAsked { system, asking } => owners::asked(&names.system(*system), asking),
        Event::OwnerReminded { system, .. } => owners::reminded(&names.system(*system)),
        Event::OwnerOverdue { system, .. } => owners::overdue(&names.system(*system)),
        Event::QuestionEnded { system } => owners::ended(&names.system(*system)),
        Event::SearchCutShort { .. } => "Suche beendet, obwohl Systeme offen sind.".into(),
        Event::IdentifierNamed { known } => {
            let what = terms::search_key(known.identifier.kind, Lang::De);
            match (&known.whence, known.standing) {
                (Whence::Record { system, .. }, _) => format!(
                    "In {} stand noch eine Angabe zur Person: {what}. Ob sie stimmt, sagt ein Mensch.",
                    names.system(*system)
                ),
                (_, Standing::Proposed) => {
                    format!("In der Anfrage steht noch eine Angabe: {what}. Ob sie stimmt, sagt ein Mensch.")
                }
                _ => format!("Es wird auch gesucht mit: {what}."),
            }
        }
        Event::IdentifierSettled { kind, accepted, .. } => {
            let what = terms::search_key(*kind, Lang::De);
            match accepted {
                true => format!("Gefundene Angabe gehört der Person: {what}. Es wird damit gesucht."),
                false => format!("Gefundene Angabe gehört nicht der Person allein: {what}."),
            }
        }
        Event::ActedThere { acted } => sources::acted(&names.system(acted.system), acted),
        Event::FindingsSifted { sifted, count, .. } => sources::sifted(
            &names.system(sifted.heap.system),
            &sifted.heap.category,
            sifted.treatment,
            *count,
        ),
        Event::FindingCorrected { heap, count } => {
            sources::corrected(&names.system(heap.system), &heap.category, *count)
        }
        Event::CandidatesSettled { heap, hers, count } => {
            sources::settled(&names.system(heap.system), &heap.category, *hers, *count)
        }
        Event::SourceSearched { searched } => sources::searched(&names.system(searched.system), searched),
        Event::Decided {
            right, decision, ..
        } => {
            format!(
                "{}: {}.",
                terms::right_name(*right, DE),
                desk::decision(decision.code())
            )
        }
        Event::LookedAt { right } => format!(
            "{}: zum zweiten Mal geprüft, die Umsetzung ist frei.",
            terms::right_name(*right, DE)
        ),
        Event::RecipientAdded { notice } => format!("Empfänger ergänzt: {}.", recipients::name(notice, DE)),
        Event::RecipientsAsked { .. } => "Die Person fragt, wer die Daten erhalten hat.".to_owned(),
        Event::RecipientTold { told, .. } => desk::told(told),
        Event::FollowedUp { what, followed, .. } => desk::followed(what, followed),
        Event::CarriedOut { right, done, .. } => {
            let places: Vec<&str> = done.iter().map(|done| done.system.as_str()).collect();
            match places.as_slice() {
                [] => format!("{}: umgesetzt.", terms::right_name(*right, DE)),
                places => format!(
                    "{}: umgesetzt in {}.",
                    terms::right_name(*right, DE),
                    places.join(", ")
                ),
            }
        }
        Event::Reconsidered { right } => format!(
            "{}: wieder zur Entscheidung.",
            terms::right_name(*right, DE)
        ),
        Event::Withdrawn { rights, .. } => {
            format!("Von der Person zurückgenommen: {}.", rights_or_text(rights))
        }
        Event::MisdirectionWritten { misdirection } => format!(
            "Nicht für uns: {}. Der Vorgang endet, wenn die Antwort hinausgegangen ist.",
            persons::why_not(misdirection.why)
        ),
        Event::Misdirected { why, told, .. } => {
            let why = why.map_or("Kein Antrag einer betroffenen Person", persons::why_not);
            let told = told
                .as_ref()
                .map(|told| format!(" Antwort {}.", persons::dispatch(told)));
            format!("Nicht für uns: {why}.{}", told.unwrap_or_default())
        }
        Event::Duplicate { .. } => "Doppelt: Die Frist des früheren Vorgangs gilt.".into(),
        Event::FeeAnswered { answer, .. } => letters::consent(answer),
        Event::InformationOwed { owed } => letters::owes(owed),
        Event::LetterReleased { letter } => letters::released(letter),
        Event::LetterPosted { on, .. } => {
            format!("Brief am {} zur Post gegeben.", long_date(*on, DE))
        }
        Event::Released { released } => {
            let way = match released.way {
                Way::Portal => "Antwort freigegeben, zum Abruf mit Code.",
                Way::Post => "Antwort freigegeben, zum Versand per Post.",
            };
            match &released.lacking {
                None => way.into(),
                Some(lacking) => {
                    let gaps: Vec<&str> = lacking
                        .gaps
                        .iter()
                        .map(|gap| gap.reveal().as_str())
                        .collect();
                    format!(
                        "{way} Freigegeben, obwohl etwas fehlte: {} Grund: {}",
                        gaps.join(" "),
                        lacking.because.reveal()
                    )
                }
            }
        }
        Event::AnswerSent { on, .. } => format!(
            "Die Antwort hat das Haus am {} verlassen.",
            long_date(*on, DE)
        ),
        Event::Fetched { on, .. } => format!(
            "Die Person hat die Antwort am {} vollständig abgerufen.",
            long_date(*on, DE)
        ),
        Event::Recalled { on, .. } => format!(
            "Die Antwort wurde am {} zurückgezogen, bevor sie das Haus verließ.",
            long_date(*on, DE)
        ),
        Event::Bounced { on, .. } => format!("Die Antwort kam am {} zurück.", long_date(*on, DE)),
        Event::MailFailed { .. } => "Eine E-Mail ließ sich nicht zustellen.".into(),
        Event::MailSent { .. } => "Eine E-Mail wurde versendet.".into(),
        Event::Closed { .. } => "Vorgang abgeschlossen.".into(),
        Event::Reopened { .. } => "Vorgang wieder geöffnet. Die erste Frist gilt weiter.".into(),
        Event::Complained { .. }
        | Event::LateExplained { .. }
        | Event::HoldSet { .. }
        | Event::HoldLifted { .. }
        | Event::CopiesDestroyed { .. }
        | Event::Misdelivered { .. }
        | Event::Breach { .. } => super::aftermath::sentence(event),
    }
}

/// The words that were written with it: a reason, a note, what was found.
pub fn detail(event: &Event) -> Option<String> {
    let text = match event {
        Event::Opened { intake, .. } => intake.text.reveal().clone(),
        Event::Noted { text, .. } => text.reveal().clone(),
        Event::ReceiptCorrected { correction, .. } => correction.because.reveal().clone(),
        Event::StandingSet { standing } => persons::standing_detail(standing),
        Event::Forwarded { forwarding } => forwarding.holds.reveal().clone(),
        Event::Instructed { instruction, .. } => instruction.text.reveal().clone(),
        Event::InstructionSettled { outcome, .. } => persons::obeyed(outcome),
        Event::AuthorityAnswered { note, .. } => note.reveal().clone(),
        Event::IdentityAsked {
            doubt,
            because,
            cautions,
            ..
        } => lines(
            [format!("Zweifel: {}", doubt.reveal())]
                .into_iter()
                .chain(
                    because
                        .iter()
                        .map(|because| format!("Abweichung: {}", because.reveal())),
                )
                .chain(cautions.iter().map(|it| proof::caution(*it).to_owned())),
        ),
        Event::CodeMade { code } => proof::on_file(&code.on_file),
        Event::NotIdentified { because, .. } | Event::FileDestroyed { because, .. } => {
            because.reveal().clone()
        }
        Event::IdentityWeighed { identity } => seen(identity),
        Event::Extended { extension, .. } => extension.reasons.clone(),
        Event::Secured { secured, .. } => match secured {
            Secured::Done { note: words, .. } | Secured::Needless { because: words } => {
                words.reveal().clone()
            }
        },
        Event::TaskAnswered { outcome, .. } => match outcome {
            Outcome::Found { text, .. }
            | Outcome::Nothing { text }
            | Outcome::NotPossible { because: text } => text.reveal().clone(),
            Outcome::NoMatchingKey => String::new(),
        },
        Event::OwnerAsked { asking, .. } => owners::whom(&asking.owner),
        Event::IdentifierNamed { known } => known.identifier.value.reveal().clone(),
        Event::IdentifierSettled { value, .. } => value.reveal().clone(),
        Event::SearchCutShort { because } | Event::Recalled { because, .. } => {
            because.reveal().clone()
        }
        Event::FeeAnswered { answer, .. } => answer.note.reveal().clone(),
        Event::InformationOwed { owed } => owed.whom.reveal().clone(),
        Event::Decided { decision, .. } => decided(decision),
        Event::RecipientTold { told, .. } => match told {
            Told::Told { proof, .. } | Told::DoneThere { proof, .. } => proof.reveal().clone(),
            Told::Impossible { because } | Told::Disproportionate { because } => {
                because.reveal().clone()
            }
            Told::Underway { to, .. } | Told::Mailed { to, .. } | Told::Returned { to, .. } => {
                to.reveal().clone()
            }
            Told::Open => String::new(),
        },
        Event::FollowedUp { followed, .. } => match followed {
            Followed::Done { proof: words, .. } | Followed::Postponed { because: words, .. } => {
                words.reveal().clone()
            }
        },
        Event::CarriedOut { done, .. } => lines(done.iter().map(|done| {
            format!(
                "{}, {}: {}",
                done.system,
                long_date(done.on, DE),
                done.what.reveal()
            )
        })),
        Event::Withdrawn { note, .. } | Event::Misdirected { note, .. } => note.reveal().clone(),
        Event::Reopened { because } => terms::reopened(because.reveal(), DE).to_owned(),
        Event::Complained { .. }
        | Event::LateExplained { .. }
        | Event::HoldSet { .. }
        | Event::HoldLifted { .. }
        | Event::CopiesDestroyed { .. }
        | Event::Misdelivered { .. }
        | Event::Breach { .. } => super::aftermath::detail(event),
        _ => String::new(),
    };
    let text = text.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// For which rights, where it is not for all.
fn for_rights(rights: &[Right]) -> String {
    format!(" ({})", rights_or_text(rights))
}

/// What a reckoning says of extensions that fell with it.
fn not_extended(lost: &[Right]) -> String {
    match lost {
        [] => String::new(),
        lost => format!(
            " Die Verlängerung gilt nicht mehr{}: Ihre Mitteilung liegt jetzt nicht mehr im ersten Monat.",
            for_rights(lost)
        ),
    }
}

fn rights_or_text(rights: &[Right]) -> String {
    if rights.is_empty() {
        return "ohne Auswahl, nur in eigenen Worten".to_owned();
    }
    let names: Vec<&str> = rights
        .iter()
        .map(|right| terms::right_name(*right, DE))
        .collect();
    names.join(", ")
}

fn weighed(identity: &Identity) -> String {
    match identity {
        Identity::Open => "Die Identität ist wieder offen.".into(),
        Identity::Asked { .. } => "Um einen Nachweis gebeten.".into(),
        Identity::Confirmed { method, .. } => {
            format!("Identität bestätigt: {}.", terms::method(*method, DE))
        }
        Identity::Failed { method, .. } => {
            format!(
                "Identität nicht bestätigt. Geprüft wurde: {}.",
                terms::method(*method, DE)
            )
        }
    }
}

fn seen(identity: &Identity) -> String {
    match identity {
        Identity::Confirmed {
            doubt,
            note,
            on_file,
            because,
            ..
        } => lines(
            doubt
                .iter()
                .map(|doubt| format!("Zweifel: {}", doubt.reveal()))
                .chain(on_file.iter().map(proof::on_file))
                .chain(
                    because
                        .iter()
                        .map(|because| format!("Abweichung: {}", because.reveal())),
                )
                .chain((!note.reveal().is_empty()).then(|| note.reveal().clone())),
        ),
        Identity::Failed { reason, .. } => reason.reveal().clone(),
        _ => String::new(),
    }
}

fn answered(system: &str, outcome: &Outcome) -> String {
    format!("{system}: {}.", terms::outcome(outcome, DE))
}

fn ground(ground: &Ground) -> String {
    format!("{}: {}", ground.law, ground.facts.reveal())
}

fn decided(decision: &Decision) -> String {
    match decision {
        Decision::Granted { text } | Decision::NothingHeld { text } => text.reveal().clone(),
        Decision::Refused { text, grounds } => lines(
            (!text.reveal().is_empty())
                .then(|| text.reveal().clone())
                .into_iter()
                .chain(grounds.iter().map(ground)),
        ),
        Decision::Partly {
            text,
            grounds,
            remains,
        } => lines(
            (!text.reveal().is_empty())
                .then(|| text.reveal().clone())
                .into_iter()
                .chain(grounds.iter().map(ground))
                .chain(remains.iter().map(|rest| {
                    let until = rest
                        .until
                        .map(|day| format!(" bis {}", long_date(day, DE)))
                        .unwrap_or_default();
                    format!(
                        "Bleibt{until}: {} ({}, {})",
                        rest.what,
                        rest.ground.law,
                        rest.ground.facts.reveal()
                    )
                })),
        ),
    }
}

fn lines(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Calendar, Place};
    use crate::domain::deadline::Period;
    use crate::domain::decision::Ground;
    use crate::domain::term::Term;

    struct Nobody;
    impl Names for Nobody {
        fn clerk(&self, _: ClerkId) -> String {
            "Kim Muster".into()
        }
        fn system(&self, _: SystemId) -> String {
            "CRM".into()
        }
    }

    #[test]
    fn a_search_is_counted_in_words_that_fit_the_number() {
        let begun = |tasks| sentence(&Event::SearchBegun { tasks }, &Nobody);
        assert!(begun(vec![]).contains("kein System"));
        let answer = Event::TaskAnswered {
            system: SystemId(1),
            outcome: Outcome::NoMatchingKey,
        };
        assert_eq!(
            sentence(&answer, &Nobody),
            "CRM: mit den bekannten Angaben nicht durchsuchbar."
        );
        assert_eq!(detail(&answer), None);
    }

    #[test]
    fn a_date_that_stands_after_a_check_is_not_said_to_have_moved() {
        let period = Period::on("2026-03-02".parse().unwrap(), Place::nationwide());
        let term = Term::reckon(period, Calendar::shipped()).unwrap();
        let checked = Event::Recomputed {
            old: term.due(),
            new: term.due(),
            lost: vec![],
            terms: Box::new(crate::domain::term::Terms {
                base: term,
                items: std::collections::BTreeMap::new(),
            }),
        };
        let told = sentence(&checked, &Nobody);
        assert!(told.contains("bleibt Donnerstag, 2. April 2026"), "{told}");
    }

    #[test]
    fn a_refusal_tells_its_grounds() {
        let ground = Ground::new("§ 147 AO", "Rechnungen bis 2034").unwrap();
        let event = Event::Decided {
            right: Right::Erasure,
            decision: Decision::refused("", vec![ground]).unwrap(),
            weighing: Box::default(),
        };
        assert_eq!(sentence(&event, &Nobody), "Löschung: abgelehnt.");
        assert_eq!(
            detail(&event).as_deref(),
            Some("§ 147 AO: Rechnungen bis 2034")
        );
    }
}
