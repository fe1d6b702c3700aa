//! Connections as operators and clerks read them: what each can do, what is missing, whether what was erased came back.

use super::remarks::remark;
use super::sources::{self, Going};
use super::terms;
use crate::domain::identifier::SearchKey;
use crate::domain::lang::Lang;
use crate::domain::source::{Asked, Doubt, Fate, Fault, Need, Preview, Tie};

fn pick(lang: Lang, de: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::De => de,
        Lang::En => en,
    }
}

/// The name of an adapter.
pub fn adapter(code: &str, lang: Lang) -> String {
    let known = match code {
        "odoo" => "Odoo",
        "frappe" => "Frappe CRM",
        "zammad" => "Zammad",
        "mautic" => "Mautic",
        "imap" => pick(lang, "Mailarchiv (IMAP)", "mail archive (IMAP)"),
        "sql" => pick(lang, "Datenbank (SQL)", "database (SQL)"),
        "files" => pick(lang, "Dateien und Ordner", "files and folders"),
        "s3" => pick(lang, "Objektspeicher (S3)", "object storage (S3)"),
        "carddav" => pick(lang, "Adressbücher (CardDAV)", "address books (CardDAV)"),
        "declared" => pick(lang, "beschriebene Schnittstelle", "described interface"),
        other => return other.to_owned(),
    };
    known.to_owned()
}

/// What a connection can do.
pub fn ability(code: &str, lang: Lang) -> &'static str {
    match code {
        "find" => pick(lang, "suchen", "find"),
        "copy" => pick(lang, "Dateien kopieren", "copy files"),
        "rectify" => pick(lang, "berichtigen", "put right"),
        "erase" => pick(lang, "löschen", "erase"),
        "restrict" => pick(lang, "einschränken", "restrict"),
        "suppress" => pick(lang, "für Werbung sperren", "bar from advertising"),
        _ => "",
    }
}

/// Several abilities in a line.
pub fn abilities(codes: &[&str], lang: Lang) -> String {
    match codes.is_empty() {
        true => pick(lang, "nichts", "nothing").to_owned(),
        false => codes
            .iter()
            .map(|code| ability(code, lang))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// By what a system can be searched, in a line.
pub fn keys(keys: &[SearchKey], lang: Lang) -> String {
    match keys.is_empty() {
        true => pick(lang, "nichts", "nothing").to_owned(),
        false => keys
            .iter()
            .map(|key| terms::search_key(*key, lang))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// What is missing for the work.
pub fn need(need: &Need, lang: Lang) -> String {
    match (need, lang) {
        (Need::Read(place), Lang::De) => format!("Dem Lese-Zugang fehlt das Recht auf {place}."),
        (Need::Read(place), Lang::En) => {
            format!("The reading credential lacks the right to {place}.")
        }
        (Need::Write(place), Lang::De) => {
            format!("Dem zweiten Zugang fehlt das Recht auf {place}.")
        }
        (Need::Write(place), Lang::En) => {
            format!("The second credential lacks the right to {place}.")
        }
        (Need::SecondCredential, Lang::De) => {
            "Ein zweiter Zugang zum Löschen ist nicht eingerichtet; gelöscht wird von Hand.".into()
        }
        (Need::SecondCredential, Lang::En) => {
            "There is no second credential for erasing; that is done by hand.".into()
        }
        (Need::TooMighty(what), Lang::De) => {
            format!("Der Lese-Zugang darf mehr, als er soll: {what}.")
        }
        (Need::TooMighty(what), Lang::En) => {
            format!("The reading credential may do more than it should: {what}.")
        }
        (Need::Group(name), Lang::De) => format!("Nicht einsehbar: {name}."),
        (Need::Group(name), Lang::En) => format!("Not in sight: {name}."),
        (Need::Setting(name), Lang::De) => format!("Einstellung dort prüfen: {name}."),
        (Need::Setting(name), Lang::En) => format!("Look at the setting over there: {name}."),
        (Need::Module(name), Lang::De) => format!("Nicht vorhanden: {name}."),
        (Need::Module(name), Lang::En) => format!("Not there: {name}."),
        (Need::Expires(day), Lang::De) => format!("Der Zugang endet am {day}."),
        (Need::Expires(day), Lang::En) => format!("The credential ends on {day}."),
    }
}

/// Why something did not work when somebody tried it, and what helps.
pub fn fault(fault: Fault, lang: Lang) -> &'static str {
    let (de, en) = match fault {
        Fault::Unreachable => (
            "Das System ist nicht erreichbar.",
            "The system cannot be reached.",
        ),
        Fault::Slow => (
            "Das System hat nicht rechtzeitig geantwortet.",
            "The system did not answer in time.",
        ),
        Fault::Busy => (
            "Das System bittet um Geduld; später noch einmal versuchen.",
            "The system asks for patience; try again later.",
        ),
        Fault::Broken => (
            "Im System ist ein Fehler aufgetreten.",
            "The system failed.",
        ),
        Fault::HalfAnswer => ("Die Antwort brach ab.", "The answer broke off."),
        Fault::UnderWay => (
            "Das System arbeitet noch daran.",
            "The system is still at it.",
        ),
        Fault::Conflict => (
            "Der Datensatz wurde inzwischen geändert.",
            "The record was changed meanwhile.",
        ),
        Fault::Insecure => (
            sources::fault(fault),
            "The line cannot be protected: have the certificate looked at.",
        ),
        Fault::Unauthorized => (
            sources::fault(fault),
            "The credential is not accepted; have it renewed.",
        ),
        Fault::Forbidden => (
            sources::fault(fault),
            "The credential lacks a right; have it given.",
        ),
        Fault::SwitchedOff => (
            sources::fault(fault),
            "The interface is switched off over there.",
        ),
        Fault::Missing => (
            sources::fault(fault),
            "There is nothing at this address; have the setting looked at.",
        ),
        Fault::Refused => (sources::fault(fault), "A rule of the system forbids it."),
        Fault::Redirected => (
            sources::fault(fault),
            "The system sends us elsewhere, and we do not follow; have the address looked at.",
        ),
        Fault::Unreadable => (
            sources::fault(fault),
            "The answer cannot be read. Is it the right system, in the right version?",
        ),
        Fault::TooLarge => (sources::fault(fault), "The answer is larger than is taken."),
        Fault::Flooded => (
            sources::fault(fault),
            "The system sent data of people nobody asked for; nothing of it was kept.",
        ),
        Fault::NotWritten => (
            sources::fault(fault),
            "What is read back is not what was written.",
        ),
        Fault::TooMany => (
            sources::fault(fault),
            "More records would have changed than may; nothing was changed.",
        ),
        Fault::Unknown => (
            sources::fault(fault),
            "The system knows no such thing: another version or a missing module.",
        ),
        Fault::NoIdentifier => (
            sources::fault(fault),
            "Nothing is known that it could be searched by.",
        ),
        Fault::Misconfigured => (
            sources::fault(fault),
            "The settings cannot work; have them looked at.",
        ),
    };
    pick(lang, de, en)
}

/// Why an answer may not be all.
pub fn doubt(doubt: &Doubt, lang: Lang) -> String {
    if lang == Lang::De {
        return sources::doubt(doubt);
    }
    match doubt {
        Doubt::CanaryLost => {
            "The canary was not found: rights or the index are not what they were.".into()
        }
        Doubt::NoCanary => "There is no canary that shows that the search is complete.".into(),
        Doubt::Unseen(what) => format!("Not in sight: {}.", what.join(", ")),
        Doubt::Engine => "The search engine over there may lag or be empty.".into(),
        Doubt::LowerBound => {
            "A search in texts does not find all: pictures and packed files stay unread.".into()
        }
        Doubt::Closed(place) => format!("Not searched: {place}."),
        Doubt::Capped(place) => format!("The system gives no more: {place}."),
        Doubt::Garbled { place, count } => format!("{place}: {count} could not be read."),
        Doubt::Masked(place) => format!("Shortened over there, and nobody's: {place}."),
    }
}

/// Whether the canary was found, by its code.
pub fn canary(code: &str, lang: Lang) -> &'static str {
    match code {
        "found" => pick(
            lang,
            "Die Testperson wurde gefunden.",
            "The canary was found.",
        ),
        "lost" => pick(
            lang,
            "Die Testperson wurde nicht gefunden: Rechte oder Suchindex stimmen dort nicht mehr.",
            "The canary was not found: rights or the index are not what they were.",
        ),
        "none" => pick(
            lang,
            "Es ist keine Testperson eingetragen; niemand kann sagen, dass die Suche vollständig ist.",
            "No canary is named; nobody can say that a search is complete.",
        ),
        "failed" => pick(
            lang,
            "Nach der Testperson konnte nicht gesucht werden.",
            "The canary could not be looked for.",
        ),
        _ => pick(
            lang,
            "Nach der Testperson wurde nicht gesucht.",
            "The canary was not looked for.",
        ),
    }
}

/// That a connection answers, with its version where it names one.
pub fn reachable(version: &str, lang: Lang) -> String {
    match (version.trim(), lang) {
        ("", Lang::De) => "erreichbar".into(),
        ("", Lang::En) => "reachable".into(),
        (version, Lang::De) => format!("erreichbar, Version {version}"),
        (version, Lang::En) => format!("reachable, version {version}"),
    }
}

/// So many records of a place are in sight.
pub fn in_sight(place: &str, many: u64, lang: Lang) -> String {
    match lang {
        Lang::De => format!("{}: {many} in Sicht", remark(place, lang)),
        Lang::En => format!("{}: {many} in sight", remark(place, lang)),
    }
}

/// One question, and what came out of it.
pub fn asked(asked: &Asked, lang: Lang) -> String {
    let by = match asked.by {
        Some(key) => terms::search_key(key, lang),
        None => pick(lang, "was daran hängt", "what hangs on it"),
    };
    match lang {
        Lang::De => format!("{} ({by}): {} Treffer", asked.place, asked.hits),
        Lang::En => format!("{} ({by}): {} found", asked.place, asked.hits),
    }
}

/// That nothing of what was given can be asked there.
pub fn nothing_to_ask(lang: Lang) -> &'static str {
    pick(
        lang,
        "Mit diesen Angaben kann dort nicht gesucht werden. Es wurde nichts gefragt.",
        "It cannot be searched by any of these. Nothing was asked.",
    )
}

/// How many were found.
pub fn found(many: u64, lang: Lang) -> String {
    match (many, lang) {
        (0, Lang::De) => "Nichts gefunden.".into(),
        (1, Lang::De) => "1 Datensatz gefunden.".into(),
        (many, Lang::De) => format!("{many} Datensätze gefunden."),
        (0, Lang::En) => "Nothing found.".into(),
        (1, Lang::En) => "1 record found.".into(),
        (many, Lang::En) => format!("{many} records found."),
    }
}

/// Why a record is hers.
pub fn tie(tie: &Tie, lang: Lang) -> String {
    match (tie, lang) {
        (tie, Lang::De) => sources::tie(tie),
        (Tie::Exact { by, field }, Lang::En) => {
            format!("{} is the same in {field}", terms::search_key(*by, lang))
        }
        (Tie::Linked { kind, .. }, Lang::En) => format!("hangs on one of her records ({kind})"),
        (Tie::Candidate { by, field }, Lang::En) => {
            format!(
                "a hint only: {} occurs in {field}",
                terms::search_key(*by, lang)
            )
        }
    }
}

/// How a record stands after a restore, by its code in the ledger.
pub fn returned(code: &str) -> &'static str {
    match code {
        "back" => "wieder da; würde erneut gelöscht",
        "back-anonymous" => "wieder da; würde erneut anonymisiert",
        "away" => "nicht da",
        "gone" => "war wieder da; erneut gelöscht und nachgelesen",
        "anonymous" => "war wieder da; erneut anonymisiert und nachgelesen",
        "kept" => "wird dort behalten; bitte nachsehen",
        "differs" => "dort steht etwas anderes als damals; bitte nachsehen",
        _ => "ging nicht; später erneut versuchen",
    }
}

/// The columns of the table after a restore.
pub const RETURNED: [&str; 5] = ["gelöscht am", "Vorgang", "Verbindung", "Datensatz", "Stand"];

/// Above the lines that a person has to do.
pub const BY_HAND: &str = "Von Hand gelöscht; bitte dort nachsehen:";

/// What stands in counts below the table.
pub fn summed(done: &[(&str, usize)], really: bool, left: usize) -> String {
    let mut lines: Vec<String> = done
        .iter()
        .filter(|(_, many)| *many > 0)
        .map(|(code, many)| format!("{many}  {}", returned(code)))
        .collect();
    if lines.is_empty() {
        lines.push("Seit diesem Tag wurde hier nichts von einer Maschine gelöscht.".into());
    }
    if !really {
        lines.push(
            "Das war die Vorschau; nichts wurde geändert. Mit --do wird erneut gelöscht.".into(),
        );
    }
    match left {
        0 => {}
        1 => lines.push("1 Zeile bleibt zu tun.".into()),
        left => lines.push(format!("{left} Zeilen bleiben zu tun.")),
    }
    lines.join("\n")
}

/// Marks beside the lines of a check: as it should be, worth knowing, in the way.
pub const GOOD: &str = "gut";
/// Worth knowing.
pub const NOTE: &str = "Hinweis";
/// In the way.
pub const BAD: &str = "fehlt";

/// How far a machine is with what was decided.
pub fn acting(going: Going) -> &'static str {
    match going {
        Going::Running => "arbeitet gerade",
        other => sources::going(other),
    }
}

/// What would become of a record.
pub fn foreseen(preview: &Preview) -> String {
    let why = remark(&preview.why, Lang::De);
    let then = match (preview.there, preview.fate) {
        (false, _) => return "nichts mehr zu tun".to_owned(),
        (_, Fate::Kept) if why.is_empty() => return "bleibt; bitte von Hand nachsehen".to_owned(),
        (_, Fate::Kept) => return format!("bleibt: {why}"),
        (_, fate) => format!("wird {}", sources::fate(fate, Lang::De)),
    };
    match why.is_empty() {
        true => then,
        false => format!("{then} ({why})"),
    }
}
