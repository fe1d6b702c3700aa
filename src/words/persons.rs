//! Who writes for whom, in words: standings, what is missing, ties between cases, ends without an answer. German only.

use super::dates::long_date;
use crate::domain::dispatch::{Dispatch, MailFate};
use crate::domain::forwarding::{Obeyed, Side};
use crate::domain::lang::Lang;
use crate::domain::mandate::{Mandate, Trade};
use crate::domain::misdirection::{Misdirection, WhyNot};
use crate::domain::standing::{Lack, Standing};
use crate::domain::ties::Tie;

const DE: Lang = Lang::De;

/// By what right somebody writes, as a short label.
pub fn standing(code: &str) -> &'static str {
    match code {
        "own" => "für sich selbst",
        "parent" => "Mutter oder Vater für ein Kind",
        "agent" => "mit Vollmacht: Kanzlei, App, Angehörige",
        "guardian" => "rechtliche Betreuung",
        "insolvency-administrator" => "Insolvenzverwaltung",
        "bereaved" => "Angehörige oder Erben einer verstorbenen Person",
        "legal-person" => "Firma oder Verein für sich selbst",
        "third-party" => "jemand anderes ohne Vollmacht",
        _ => "Polizei oder andere Behörde",
    }
}

/// What to do with it; one line under the choice.
pub fn standing_hint(code: &str) -> &'static str {
    match code {
        "own" => {
            "Die Person, um deren Daten es geht, schreibt selbst. Auch Jugendliche dürfen das."
        }
        "parent" => {
            "Ein Elternteil genügt. Ab 14 Jahren zählt, was das Kind selbst möchte. Die Grenze von 16 Jahren gilt nur für die Einwilligung in Online-Dienste."
        }
        "agent" => {
            "Die Antwort geht an die vertretene Person, wenn die Vollmacht nichts anderes klar sagt. Folgen Sie keinem Link zum Hochladen."
        }
        "guardian" => {
            "Auf dem Ausweis der Betreuung steht ein Aufgabenkreis. Er muss zum Antrag passen."
        }
        "insolvency-administrator" => {
            "Das Auskunftsrecht geht nicht auf die Insolvenzverwaltung über. Nichts herausgeben, kurz antworten."
        }
        "bereaved" => {
            "Die DSGVO gilt nicht für Verstorbene. Erben können Rechte aus dem Vertrag haben; das läuft außerhalb dieses Vorgangs."
        }
        "legal-person" => {
            "Eine Firma hat kein Recht nach Art. 15, ihre Ansprechpersonen schon. Freundlich darauf hinweisen."
        }
        "third-party" => {
            "Ehepartner, Nachbarn, Arbeitgeber: ohne Vollmacht keine Auskunft, auch nicht, ob es Daten gibt."
        }
        _ => {
            "Eine Behörde braucht eine eigene Rechtsgrundlage. Ohne sie nichts herausgeben, auch nicht, ob es Daten gibt."
        }
    }
}

/// What an agent is.
pub fn trade(trade: Trade) -> &'static str {
    match trade {
        Trade::Lawyer => "Kanzlei",
        Trade::App => "App oder Portal",
        Trade::Other => "Angehörige, Freunde, Verband",
    }
}

/// What is missing, and what would help.
pub fn lack(lack: Lack) -> String {
    match lack {
        Lack::ChildsAge => "Es fehlt das Geburtsjahr des Kindes. Tragen Sie es unter „Wer schreibt?“ ein.".into(),
        Lack::Parenthood => "Woran zeigt sich, dass ein Elternteil schreibt? Halten Sie es unter „Wer schreibt?“ fest; ein Nachweis ist nur bei Zweifeln nötig.".into(),
        Lack::ChildGrown => "Das Kind ist volljährig. Die Eltern brauchen eine Vollmacht, oder das Kind schreibt selbst.".into(),
        Lack::ChildsView => "Das Kind ist 14 oder älter. Halten Sie unter „Wer schreibt?“ fest, was es selbst möchte, bevor eine Antwort hinausgeht.".into(),
        Lack::Mandate => "Es liegt keine Vollmacht vor. Bitten Sie darum, und halten Sie unter „Wer schreibt?“ fest, was sie umfasst.".into(),
        Lack::MandateScope => "Die Vollmacht umfasst diesen Antrag nicht. Bitten Sie um eine, die ihn nennt.".into(),
        Lack::MandateRejected => "Die Vollmacht ist zurückgewiesen. Kommt das Original, halten Sie es unter „Wer schreibt?“ fest.".into(),
        Lack::Certificate => "Es liegt kein Ausweis über die Betreuung vor. Bitten Sie um den Ausweis der Betreuung, und halten Sie unter „Wer schreibt?“ den Aufgabenkreis fest.".into(),
        Lack::TaskArea => "Der Aufgabenkreis der Betreuung passt nicht zum Antrag. Fragen Sie nach, oder wenden Sie sich an die Person selbst.".into(),
        Lack::NoRight(why) => format!("{}. Hier gibt es nichts herauszugeben; antworten Sie kurz über „Nicht für uns“.", why_not(why)),
    }
}

/// Why nothing is owed, as a label that can begin a sentence.
pub fn why_not(why: WhyNot) -> &'static str {
    match why {
        WhyNot::NotController => "Die Daten liegen in Software, die jemand anderes betreibt",
        WhyNot::Elsewhere => "Der Antrag meint ein anderes Unternehmen",
        WhyNot::NoRequest => "Kein Antrag einer betroffenen Person",
        WhyNot::LegalPerson => "Eine Firma schreibt für sich selbst",
        WhyNot::Bereaved => "Es geht um eine verstorbene Person",
        WhyNot::InsolvencyAdministrator => "Die Insolvenzverwaltung fragt",
        WhyNot::ThirdParty => "Jemand anderes fragt ohne Vollmacht",
        WhyNot::Authority => "Eine Behörde fragt ohne eigene Rechtsgrundlage",
    }
}

/// What another case is to this one.
pub fn tie(tie: Tie) -> &'static str {
    match tie {
        Tie::From => "entstanden aus",
        Tie::Other => "andere Person aus derselben Nachricht",
        Tie::Next => "späterer Antrag derselben Person",
        Tie::Repeat => "dasselbe Anliegen noch einmal",
        Tie::Same => "dieselbe Person",
        Tie::Different => "andere Person trotz gleicher Angaben",
    }
}

/// Whom a notice is for.
pub fn side(side: Side) -> &'static str {
    match side {
        Side::Person => "Nachricht an die Person",
        Side::Customer => "Nachricht an den Kunden",
    }
}

/// That the end as not for us waits for its letter.
pub fn misdirection(written: &Misdirection) -> &'static str {
    match written.told.to_post() {
        true => {
            "Die kurze Antwort ließ sich nicht per E-Mail zustellen; der Vorgang ist noch offen. Geben Sie sie als Brief zur Post und tragen Sie das unter „Nicht für uns“ ein."
        }
        false => {
            "Die kurze Antwort ist noch nicht versendet. Der Vorgang endet, sobald die E-Mail hinausgegangen ist."
        }
    }
}

/// How somebody was told.
pub fn dispatch(way: &Dispatch) -> String {
    match way {
        Dispatch::Mailed { fate, .. } => match fate {
            MailFate::Unknown => "per E-Mail".into(),
            MailFate::Queued => "per E-Mail im Postausgang".into(),
            MailFate::Left { on } => format!("per E-Mail am {}", long_date(*on, DE)),
            MailFate::Failed => "per E-Mail nicht zustellbar, ein Brief muss hinaus".into(),
        },
        Dispatch::Paper { posted: Some(on) } => format!("per Post am {}", long_date(*on, DE)),
        Dispatch::Paper { posted: None } => "Brief liegt noch im Haus".into(),
        Dispatch::Waived { because } => format!("nicht geschrieben: {}", because.reveal()),
    }
}

/// How a standing was settled, in one sentence for the story.
pub fn standing_set(standing: &Standing) -> String {
    match standing {
        Standing::Agent {
            mandate: Mandate::Rejected { late, .. },
            ..
        } => format!(
            "Vollmacht zurückgewiesen, weil das Original fehlt. Die Frist läuft weiter.{}",
            if *late {
                " Später als drei Arbeitstage; das ist angreifbar."
            } else {
                ""
            }
        ),
        Standing::Agent {
            mandate: Mandate::Shown {
                covers, original, ..
            },
            ..
        } => format!(
            "Vollmacht angesehen, {}: Sie umfasst den Antrag{}.",
            if *original {
                "im Original"
            } else {
                "als Kopie"
            },
            if *covers { "" } else { " nicht" }
        ),
        Standing::Guardian {
            certificate: Some(certificate),
        } => format!(
            "Ausweis der Betreuung angesehen. Der Aufgabenkreis passt{}.",
            if certificate.covers { "" } else { " nicht" }
        ),
        Standing::Parent { view: Some(_), .. } => {
            "Festgehalten: ein Elternteil schreibt, und was das Kind selbst möchte.".into()
        }
        other => format!("Wer schreibt: {}.", self::standing(other.code())),
    }
}

/// The words that were written with it.
pub fn standing_detail(standing: &Standing) -> String {
    let lines: Vec<String> = match standing {
        Standing::Parent { shown, view, .. } => {
            let shown = shown.iter().map(|seen| seen.note.reveal().clone());
            let view = view
                .iter()
                .map(|seen| format!("Das Kind: {}", seen.note.reveal()));
            shown.chain(view).collect()
        }
        Standing::Agent { mandate, .. } => match mandate {
            Mandate::Open => vec![],
            Mandate::Shown { note, .. } => vec![note.reveal().clone()],
            Mandate::Rejected { because, .. } => vec![because.reveal().clone()],
        },
        Standing::Guardian {
            certificate: Some(certificate),
        } => vec![format!("Aufgabenkreis: {}", certificate.tasks.reveal())],
        _ => vec![],
    };
    lines.join("\n")
}

/// What became of a customer's instruction.
pub fn obeyed(outcome: &Obeyed) -> String {
    match outcome {
        Obeyed::Open => "offen".into(),
        Obeyed::Done { on, what } => {
            format!("ausgeführt am {}: {}", long_date(*on, DE), what.reveal())
        }
        Obeyed::Doubted {
            on, law, because, ..
        } => format!(
            "angezweifelt, Kunde gefragt am {} ({law}): {}",
            long_date(*on, DE),
            because.reveal()
        ),
    }
}

fn pick(lang: Lang, de: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::De => de,
        Lang::En => en,
    }
}

/// In a letter: another house is meant.
pub fn elsewhere(lang: Lang) -> &'static str {
    pick(
        lang,
        "Der Antrag meint ein anderes Unternehmen. Mit dessen Daten haben wir nichts zu tun.",
        "The request is meant for another company. We have nothing to do with its data.",
    )
}

/// In a letter: an insolvency administrator asks; the right does not pass to him.
pub fn insolvency(lang: Lang) -> &'static str {
    pick(
        lang,
        "Das Auskunftsrecht nach Art. 15 DSGVO steht nur der betroffenen Person zu und geht nicht auf die Insolvenzverwaltung über. Deshalb geben wir keine Auskunft. Ansprüche auf Auskunft nach anderen Gesetzen bleiben unberührt.",
        "The right of access under Art. 15 GDPR belongs to the data subject alone and does not pass to an insolvency administrator. We therefore give no information. Claims to information under other laws are not affected.",
    )
}

/// In a letter: what a mandate lacks.
pub fn mandate_lacks(standing: &Standing, lang: Lang) -> &'static str {
    match standing {
        Standing::Agent {
            mandate: Mandate::Shown { covers: false, .. },
            ..
        } => pick(
            lang,
            "Die Vollmacht, die uns vorliegt, umfasst diesen Antrag nicht.",
            "The power of attorney that we have does not cover this request.",
        ),
        Standing::Guardian { certificate: None } => pick(
            lang,
            "Ein Ausweis über die Betreuung liegt uns nicht vor.",
            "We have not seen the guardian’s certificate.",
        ),
        Standing::Guardian { .. } => pick(
            lang,
            "Der Aufgabenkreis im Ausweis der Betreuung umfasst diesen Antrag nicht.",
            "The tasks named in the guardian’s certificate do not cover this request.",
        ),
        _ => pick(
            lang,
            "Eine Vollmacht liegt uns nicht vor.",
            "We have not seen a power of attorney.",
        ),
    }
}

/// In a letter: what would show it.
pub fn mandate_suffices(standing: &Standing, lang: Lang) -> &'static str {
    match standing {
        Standing::Guardian { .. } => pick(
            lang,
            "eine Kopie des Betreuerausweises, auf der der Aufgabenkreis zu lesen ist",
            "a copy of the guardian’s certificate on which the tasks can be read",
        ),
        _ => pick(
            lang,
            "eine Vollmacht, von der Person unterschrieben, die diesen Antrag nennt",
            "a power of attorney, signed by the person, that names this request",
        ),
    }
}

/// In a letter: what is missing is the original.
pub fn original_suffices(lang: Lang) -> &'static str {
    pick(
        lang,
        "die Vollmacht im Original, mit Unterschrift der Person",
        "the original power of attorney with the person’s signature",
    )
}

/// In a letter to a parent: what would show it.
pub fn parenthood(lang: Lang) -> &'static str {
    pick(
        lang,
        "eine Nachricht aus dem Postfach, das wir zum Kind gespeichert haben, oder ein Schreiben der Schule oder Krankenkasse, das die Sorge oder Elternschaft zeigt (alles andere geschwärzt)",
        "a message from the mailbox that we hold for the child, or a letter of school or health insurance that shows custody or parenthood (with all else blackened)",
    )
}

/// In a letter to a customer: what we offer.
pub fn help(lang: Lang) -> &'static str {
    pick(
        lang,
        "die Daten heraussuchen, ausleiten, berichtigen oder löschen, sobald Sie uns dazu anweisen",
        "find, export, correct or erase the data as soon as you instruct us",
    )
}

/// What is said to a caller where the controller has no sentence of its own.
pub const ON_THE_PHONE: &str = "Ich nehme Ihr Anliegen auf. Am Telefon kann ich Ihnen dazu keine Auskunft geben und auch nicht sagen, ob wir Daten haben, weil ich nicht prüfen kann, wer anruft. Sie bekommen unsere Antwort schriftlich.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lack_says_what_would_help() {
        for why in WhyNot::ALL {
            assert!(lack(Lack::NoRight(why)).contains("Nicht für uns"));
        }
        assert!(lack(Lack::Mandate).contains("Vollmacht"));
        assert!(lack(Lack::ChildsView).contains("selbst"));
    }
}
