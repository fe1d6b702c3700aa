//! What was ordered, in words: the cases of a restriction, corrections, a human look, what became of a category.

use super::dates::long_date;
use super::desk;
use super::periods::plain_date;
use crate::domain::judgement::{End, Judgement, Treatment};
use crate::domain::lang::Lang;
use crate::domain::law::{Duty, GroundEntry};
use crate::domain::measure::{Correction, Measure, Occasion, Transferred};

/// Which of the four cases of Art. 18(1) GDPR, as the person reads it.
pub fn occasion(occasion: Occasion, lang: Lang) -> &'static str {
    match (occasion, lang) {
        (Occasion::Disputed, Lang::De) => {
            "Grund: Ob die Daten richtig sind, ist bestritten und wird geprüft (Art. 18 Abs. 1 Buchst. a DSGVO)."
        }
        (Occasion::Disputed, Lang::En) => {
            "Reason: whether the data are correct is disputed and is being checked (Art. 18(1)(a) GDPR)."
        }
        (Occasion::Unlawful, Lang::De) => {
            "Grund: Die Daten hätten nicht verarbeitet werden dürfen; gewünscht ist, sie nicht zu löschen, sondern nur nicht mehr zu nutzen (Art. 18 Abs. 1 Buchst. b DSGVO)."
        }
        (Occasion::Unlawful, Lang::En) => {
            "Reason: the data should not have been processed, and the wish is not to erase them but to stop their use (Art. 18(1)(b) GDPR)."
        }
        (Occasion::Claims, Lang::De) => {
            "Grund: Wir brauchen die Daten nicht mehr, für Rechtsansprüche werden sie aber noch gebraucht (Art. 18 Abs. 1 Buchst. c DSGVO)."
        }
        (Occasion::Claims, Lang::En) => {
            "Reason: we no longer need the data, but they are still needed for legal claims (Art. 18(1)(c) GDPR)."
        }
        (Occasion::Objected, Lang::De) => {
            "Grund: Es ist Widerspruch eingelegt, und noch wird geprüft, welche Gründe überwiegen (Art. 18 Abs. 1 Buchst. d DSGVO)."
        }
        (Occasion::Objected, Lang::En) => {
            "Reason: there is an objection, and which grounds override is still being weighed (Art. 18(1)(d) GDPR)."
        }
    }
}

/// The four cases as a clerk chooses among them.
pub fn occasion_choice(occasion: Occasion) -> (&'static str, &'static str) {
    match occasion {
        Occasion::Disputed => (
            "Die Person sagt, die Daten seien falsch",
            "Buchst. a: so lange, wie wir das prüfen.",
        ),
        Occasion::Unlawful => (
            "Wir durften die Daten nicht verarbeiten, die Person will aber keine Löschung",
            "Buchst. b.",
        ),
        Occasion::Claims => (
            "Wir brauchen die Daten nicht mehr, die Person aber für Rechtsansprüche",
            "Buchst. c.",
        ),
        Occasion::Objected => (
            "Die Person hat Widerspruch eingelegt, wir wägen noch ab",
            "Buchst. d: bis feststeht, wessen Gründe überwiegen.",
        ),
    }
}

/// What usually ends a restriction of this case.
pub fn usual_end(occasion: Occasion, lang: Lang) -> &'static str {
    match (occasion, lang) {
        (Occasion::Disputed, Lang::De) => "bis geprüft ist, ob die Daten richtig sind",
        (Occasion::Disputed, Lang::En) => "until it is checked whether the data are correct",
        (Occasion::Unlawful, Lang::De) => "bis die Löschung gewünscht wird",
        (Occasion::Unlawful, Lang::En) => "until erasure is wished",
        (Occasion::Claims, Lang::De) => "bis die Rechtsansprüche erledigt sind",
        (Occasion::Claims, Lang::En) => "until the legal claims are settled",
        (Occasion::Objected, Lang::De) => "bis über den Widerspruch entschieden ist",
        (Occasion::Objected, Lang::En) => "until the objection is decided",
    }
}

/// What a restriction usually means.
pub fn usual_effect(lang: Lang) -> &'static str {
    match lang {
        Lang::De => "Im Alltag nutzen wir die Daten nicht mehr.",
        Lang::En => "We no longer use the data in daily work.",
    }
}

/// What ends it: `Freitag, 31. Dezember 2032` or the event.
pub fn end(end: &End, lang: Lang) -> String {
    match end {
        End::Day(day) => long_date(*day, lang),
        End::Event(event) => event.clone(),
    }
}

/// How a restriction ends, as a sentence.
pub fn restriction_ends(end: &End, lang: Lang) -> String {
    match (end, lang) {
        (End::Day(day), Lang::De) => format!(
            "Die Einschränkung gilt bis einschließlich {}.",
            long_date(*day, lang)
        ),
        (End::Day(day), Lang::En) => {
            format!(
                "The restriction holds until and including {}.",
                long_date(*day, lang)
            )
        }
        (End::Event(event), Lang::De) => {
            format!(
                "Die Einschränkung gilt, {}.",
                event.trim().trim_end_matches('.')
            )
        }
        (End::Event(event), Lang::En) => {
            format!(
                "The restriction holds {}.",
                event.trim().trim_end_matches('.')
            )
        }
    }
}

fn corrected(it: &Correction, lang: Lang) -> String {
    let (what, old, new) = (
        it.what.trim(),
        it.old.reveal().trim(),
        it.new.reveal().trim(),
    );
    match (old.is_empty(), lang) {
        (true, Lang::De) => format!("{what}: ergänzt um „{new}“."),
        (true, Lang::En) => format!("{what}: \"{new}\" was added."),
        (false, Lang::De) => format!("{what}: bisher „{old}“, jetzt „{new}“."),
        (false, Lang::En) => format!("{what}: \"{old}\" before, \"{new}\" now."),
    }
}

/// What was ordered, as paragraphs of the answer.
pub fn measure(measure: &Measure, lang: Lang) -> String {
    let lines: Vec<String> = match measure {
        Measure::Correct {
            corrections,
            counter_note,
        } => {
            let note = counter_note.reveal().trim();
            let noted = (!note.is_empty()).then(|| match lang {
                Lang::De => format!("Als Gegendarstellung haben wir dazu vermerkt: {note}"),
                Lang::En => format!("We have noted beside it as your own statement: {note}"),
            });
            let all = corrections.iter().map(|it| corrected(it, lang));
            all.chain(noted).collect()
        }
        Measure::Restrict {
            occasion: of,
            effect,
            ..
        } => vec![
            occasion(*of, lang).to_owned(),
            effect.reveal().trim().to_owned(),
        ],
        // The letter has a place of its own for it.
        Measure::Transfer { .. } => vec![],
        Measure::Review {
            reviewer,
            view,
            result,
        } => {
            let (by, heard) = match lang {
                Lang::De => ("Geprüft hat", "Berücksichtigt wurde dabei"),
                Lang::En => ("It was reviewed by", "Taken into account was"),
            };
            vec![
                format!("{by}: {}.", reviewer.reveal().trim().trim_end_matches('.')),
                format!("{heard}: {}", view.reveal().trim()),
                result.reveal().trim().to_owned(),
            ]
        }
    };
    lines.join("\n\n")
}

/// What became of a direct transfer to another controller, as the answer says it (Art. 20(2) GDPR).
pub fn transfer(measure: Option<&Measure>, lang: Lang) -> String {
    let Some(Measure::Transfer { to, outcome }) = measure else {
        return match lang {
            Lang::De => {
                "Eine direkte Übermittlung an einen anderen Verantwortlichen war nicht gewünscht."
                    .to_owned()
            }
            Lang::En => "A direct transfer to another controller was not asked for.".to_owned(),
        };
    };
    let to = to.reveal().trim();
    match (outcome, lang) {
        (Transferred::Done { on }, Lang::De) => format!(
            "Am {} haben wir diese Daten auch direkt an {to} übermittelt.",
            long_date(*on, lang)
        ),
        (Transferred::Done { on }, Lang::En) => format!(
            "On {} we also transferred these data directly to {to}.",
            long_date(*on, lang)
        ),
        (Transferred::Unfeasible { because }, Lang::De) => format!(
            "Direkt an {to} übermitteln konnten wir die Daten nicht, weil es technisch nicht möglich ist: {}",
            because.reveal().trim()
        ),
        (Transferred::Unfeasible { because }, Lang::En) => format!(
            "We could not transfer the data directly to {to}, because it is technically not feasible: {}",
            because.reveal().trim()
        ),
    }
}

/// Who may usually use what a duty keeps, for what.
pub fn usual_uses(duty: Duty, lang: Lang) -> &'static str {
    match (duty, lang) {
        (Duty::CaseFile, Lang::De) => {
            "nur die Datenschutzstelle, um richtiges Handeln nachzuweisen"
        }
        (Duty::CaseFile, Lang::En) => "only the privacy team, to prove that it acted rightly",
        (_, Lang::De) => "nur die Buchhaltung, für Prüfungen der Finanzbehörden",
        (_, Lang::En) => "only the accounting department, for audits of the tax authorities",
    }
}

/// Who may use what is kept without being restricted.
pub fn kept_uses(lang: Lang) -> &'static str {
    match lang {
        Lang::De => "wir selbst, allein aus diesem Grund",
        Lang::En => "we ourselves, for this reason alone",
    }
}

/// What happened to a category in a copy, for the list of what was left out.
pub fn left_out(treatment: Treatment, law: &str, lang: Lang) -> String {
    match (treatment, lang) {
        (Treatment::Redact, Lang::De) => format!("zum Teil unkenntlich gemacht ({law})"),
        (Treatment::Redact, Lang::En) => format!("made illegible in part ({law})"),
        (_, Lang::De) => format!("nicht enthalten ({law})"),
        (_, Lang::En) => format!("not included ({law})"),
    }
}

/// What is to be done with the categories of one system, to start the record of it from.
pub fn work(judged: &[&Judgement], lang: Lang) -> String {
    let done = judged.iter().filter_map(|it| {
        let act = match (it.treatment, lang) {
            (Treatment::Erase, Lang::De) => "gelöscht",
            (Treatment::Erase, Lang::En) => "erased",
            (Treatment::Anonymise, Lang::De) => "anonymisiert",
            (Treatment::Anonymise, Lang::En) => "made anonymous",
            (Treatment::Restrict, Lang::De) => "eingeschränkt",
            (Treatment::Restrict, Lang::En) => "restricted",
            _ => return None,
        };
        Some(match it.category.trim() {
            "" => act.to_owned(),
            category => format!("{category}: {act}"),
        })
    });
    done.collect::<Vec<_>>().join("; ")
}

/// What a judgement says, in one line for the desk.
pub fn judged(it: &Judgement) -> String {
    let what = desk::treatment(it.treatment);
    match &it.end {
        Some(End::Day(day)) => format!("{what}, bis {}", plain_date(*day, Lang::De)),
        Some(End::Event(event)) => format!("{what}, {event}"),
        None => what.to_owned(),
    }
}

/// A ground as a choice: what it is about, and where it stands.
pub fn ground(entry: &GroundEntry) -> String {
    let law = entry.law.of(Lang::De);
    let public = if entry.public_bodies {
        ", nur öffentliche Stellen"
    } else {
        ""
    };
    match entry.short.trim() {
        "" => format!("{law}{public}"),
        short => format!("{short} ({law}{public})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SystemId;

    #[test]
    fn art_16_the_answer_says_old_and_new_and_the_own_statement() {
        let text = |text: &str| text.to_owned().into();
        let corrected = Measure::Correct {
            corrections: vec![
                Correction {
                    what: "Anschrift".into(),
                    old: text("Weg 1"),
                    new: text("Steg 3"),
                },
                Correction {
                    what: "Titel".into(),
                    old: text(""),
                    new: text("Dr."),
                },
            ],
            counter_note: text("war nie in Verzug"),
        };
        assert_eq!(
            measure(&corrected, Lang::De),
            "Anschrift: bisher „Weg 1“, jetzt „Steg 3“.\n\nTitel: ergänzt um „Dr.“.\n\nAls Gegendarstellung haben wir dazu vermerkt: war nie in Verzug"
        );
    }

    #[test]
    fn art_18_every_case_and_every_end_is_a_sentence_in_both_languages() {
        for lang in [Lang::De, Lang::En] {
            for it in Occasion::ALL {
                assert!(occasion(it, lang).contains("18"));
                let ends = restriction_ends(&End::Event(usual_end(it, lang).into()), lang);
                assert!(ends.ends_with('.') && !ends.contains(".."), "{ends}");
            }
        }
        let day = End::Day("2026-05-04".parse().unwrap());
        assert!(restriction_ends(&day, Lang::De).contains("4. Mai 2026"));
    }

    #[test]
    fn art_17_the_record_of_an_erasure_starts_from_what_was_decided_for_each_category() {
        let judged = |category: &str, treatment| Judgement {
            system: SystemId(1),
            name: "Laden".into(),
            category: category.into(),
            treatment,
            ground: None,
            end: None,
            how: String::new().into(),
            record: String::new().into(),
        };
        let all = [
            judged("Konto", Treatment::Erase),
            judged("Rechnungen", Treatment::Restrict),
            judged("Bewertungen", Treatment::Keep),
        ];
        let all: Vec<&Judgement> = all.iter().collect();
        assert_eq!(
            work(&all, Lang::De),
            "Konto: gelöscht; Rechnungen: eingeschränkt"
        );
    }
}
