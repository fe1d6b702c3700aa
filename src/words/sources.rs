//! Connected systems in plain words: categories of data, names of fields, why a search may not be all, why something did
//! not work and what helps.

use super::remarks::remark;
use super::terms;
use crate::domain::collection::Searched;
use crate::domain::execution::Acted;
use crate::domain::finding::Correction;
use crate::domain::judgement::Treatment;
use crate::domain::lang::Lang;
use crate::domain::source::{
    Caution, Change, Doubt, Fate, Fault, Leftover, LeftoverKind, SideEffect, Tie,
};

const DE: Lang = Lang::De;

fn pick(lang: Lang, de: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::De => de,
        Lang::En => en,
    }
}

fn count(many: u64, one: &str, more: &str) -> String {
    match many {
        1 => format!("1 {one}"),
        many => format!("{many} {more}"),
    }
}

/// A category of data, as a heading.
pub fn category(code: &str, lang: Lang) -> String {
    let known = match code {
        "contact" => pick(lang, "Kontaktdaten", "Contact details"),
        "account" => pick(lang, "Benutzerkonto", "User account"),
        "lead" => pick(lang, "Interessentendaten", "Sales leads"),
        "deal" => pick(lang, "Angebote und Verkaufschancen", "Deals"),
        "ticket" => pick(lang, "Support-Anfragen", "Support requests"),
        "message" => pick(lang, "Nachrichten", "Messages"),
        "mail" => pick(lang, "E-Mails", "E-mails"),
        "note" => pick(lang, "Notizen", "Notes"),
        "call" => pick(lang, "Anrufe", "Calls"),
        "appointment" => pick(lang, "Termine", "Appointments"),
        "task" => pick(lang, "Aufgaben", "Tasks"),
        "file" => pick(lang, "Dateien", "Files"),
        "order" => pick(lang, "Bestellungen", "Orders"),
        "invoice" => pick(lang, "Rechnungen", "Invoices"),
        "payment" => pick(lang, "Zahlungen", "Payments"),
        "licence" => pick(lang, "Lizenzen", "Licences"),
        "newsletter" => pick(lang, "Newsletter", "Newsletter"),
        "consent" => pick(
            lang,
            "Einwilligungen und Widersprüche",
            "Consents and objections",
        ),
        "activity" => pick(lang, "Nutzung und Klicks", "Use and clicks"),
        "log" => pick(lang, "Protokolle", "Logs"),
        "history" => pick(lang, "Änderungsverlauf", "History of changes"),
        "other" => pick(lang, "Sonstiges", "Other"),
        own => return own.to_owned(),
    };
    known.to_owned()
}

/// Fields under the names that systems give them, in plain words; several systems share most of them.
const FIELDS: &[(&str, &str, &str)] = &[
    ("name", "Name", "Name"),
    ("display_name", "Anzeigename", "Display name"),
    ("full_name", "Name", "Name"),
    ("first_name", "Vorname", "First name"),
    ("firstname", "Vorname", "First name"),
    ("middle_name", "Zweiter Vorname", "Middle name"),
    ("last_name", "Nachname", "Last name"),
    ("lastname", "Nachname", "Last name"),
    ("salutation", "Anrede", "Salutation"),
    ("title", "Titel", "Title"),
    ("gender", "Geschlecht", "Gender"),
    ("birthday", "Geburtstag", "Birthday"),
    ("date_of_birth", "Geburtsdatum", "Date of birth"),
    ("email", "E-Mail-Adresse", "E-mail address"),
    ("email_from", "E-Mail-Adresse", "E-mail address"),
    ("email_id", "E-Mail-Adresse", "E-mail address"),
    ("email_cc", "Weitere Empfänger", "Other recipients"),
    ("email_normalized", "E-Mail-Adresse", "E-mail address"),
    ("phone", "Telefon", "Telephone"),
    ("phone_sanitized", "Telefon", "Telephone"),
    ("mobile", "Mobiltelefon", "Mobile phone"),
    ("mobile_no", "Mobiltelefon", "Mobile phone"),
    ("fax", "Fax", "Fax"),
    ("street", "Straße", "Street"),
    ("street2", "Adresszusatz", "Address line 2"),
    ("address", "Anschrift", "Postal address"),
    ("address_line1", "Straße", "Street"),
    ("address_line2", "Adresszusatz", "Address line 2"),
    ("zip", "Postleitzahl", "Postcode"),
    ("zipcode", "Postleitzahl", "Postcode"),
    ("pincode", "Postleitzahl", "Postcode"),
    ("city", "Ort", "City"),
    ("state", "Bundesland", "State"),
    ("state_id", "Bundesland", "State"),
    ("country", "Land", "Country"),
    ("country_id", "Land", "Country"),
    ("company", "Firma", "Company"),
    ("company_name", "Firma", "Company"),
    ("organization", "Organisation", "Organisation"),
    ("organisation", "Organisation", "Organisation"),
    ("function", "Position", "Position"),
    ("job_title", "Position", "Position"),
    ("department", "Abteilung", "Department"),
    ("website", "Website", "Website"),
    ("web", "Website", "Website"),
    ("comment", "Bemerkung", "Comment"),
    ("note", "Notiz", "Note"),
    ("description", "Beschreibung", "Description"),
    ("vat", "USt-IdNr.", "VAT number"),
    ("ref", "Kundennummer", "Customer number"),
    ("number", "Nummer", "Number"),
    ("customer_number", "Kundennummer", "Customer number"),
    ("login", "Benutzername", "User name"),
    ("username", "Benutzername", "User name"),
    ("lang", "Sprache", "Language"),
    ("language", "Sprache", "Language"),
    ("tz", "Zeitzone", "Time zone"),
    ("subject", "Betreff", "Subject"),
    ("body", "Text", "Text"),
    ("content", "Inhalt", "Content"),
    ("from", "Von", "From"),
    ("to", "An", "To"),
    ("cc", "Kopie an", "Copied to"),
    ("bcc", "Blindkopie an", "Blind copied to"),
    ("sender", "Absender", "Sender"),
    ("recipients", "Empfänger", "Recipients"),
    ("reply_to", "Antwort an", "Reply to"),
    ("date", "Datum", "Date"),
    ("created_at", "Angelegt am", "Created on"),
    ("create_date", "Angelegt am", "Created on"),
    ("creation", "Angelegt am", "Created on"),
    ("updated_at", "Geändert am", "Changed on"),
    ("write_date", "Geändert am", "Changed on"),
    ("modified", "Geändert am", "Changed on"),
    ("last_login", "Letzte Anmeldung", "Last sign-in"),
    ("last_seen", "Zuletzt gesehen", "Last seen"),
    ("state_name", "Stand", "State"),
    ("status", "Stand", "Status"),
    ("priority", "Dringlichkeit", "Priority"),
    ("tags", "Schlagwörter", "Tags"),
    ("segments", "Zielgruppen", "Segments"),
    ("campaigns", "Kampagnen", "Campaigns"),
    ("points", "Punkte", "Points"),
    ("ip", "IP-Adresse", "IP address"),
    ("ip_address", "IP-Adresse", "IP address"),
    ("user_agent", "Browser", "Browser"),
    ("referer", "Kam von", "Referrer"),
    ("url", "Adresse der Seite", "Page address"),
    ("request", "Aufgerufen", "Requested"),
    ("bytes", "Größe der Antwort", "Bytes sent"),
    ("duration", "Dauer", "Duration"),
    ("caller", "Anrufer", "Caller"),
    ("callee", "Angerufener", "Called"),
    ("amount", "Betrag", "Amount"),
    ("amount_total", "Betrag", "Amount"),
    ("currency", "Währung", "Currency"),
    ("iban", "IBAN", "IBAN"),
    ("acc_number", "Kontonummer", "Account number"),
    ("acc_holder_name", "Kontoinhaber", "Account holder"),
    ("invoice_date", "Rechnungsdatum", "Invoice date"),
    ("source", "Quelle", "Source"),
    ("start", "Beginn", "Begins"),
    ("stop", "Ende", "Ends"),
    ("location", "Ort", "Place"),
    ("filename", "Dateiname", "File name"),
    ("path", "Ablageort", "Path"),
    ("size", "Größe", "Size"),
    ("folder", "Ordner", "Folder"),
    ("message_id", "Nachrichten-Kennung", "Message id"),
    ("doNotContact", "Kein Kontakt erwünscht", "Do not contact"),
    ("unsubscribed", "Abgemeldet", "Unsubscribed"),
    ("registered", "Angemeldet am", "Registered on"),
    ("activated", "Bestätigt am", "Confirmed on"),
    ("deactivated", "Abgemeldet am", "Deactivated on"),
];

/// The name of a field in plain words: ours, else what the other system calls it, else its bare name.
pub fn field(name: &str, label: Option<&str>, lang: Lang) -> String {
    let bare = name.rsplit('.').next().unwrap_or(name);
    let known = FIELDS
        .iter()
        .find(|(code, _, _)| code.eq_ignore_ascii_case(bare));
    match (known, label.map(str::trim).filter(|it| !it.is_empty())) {
        (Some((_, de, en)), _) => pick(lang, de, en).to_owned(),
        (None, Some(label)) => label.to_owned(),
        (None, None) => {
            let mut words = bare.replace(['_', '-'], " ");
            if let Some(first) = words.get_mut(0..1) {
                first.make_ascii_uppercase();
            }
            words
        }
    }
}

/// Where an identifier comes from that she wrote herself.
pub const WRITTEN: &str = "in der Anfrage genannt";

/// Something that was hers for a time.
pub fn within(value: &str, from: &str, to: &str) -> String {
    format!("{value} ({from} bis {to})")
}

/// Why a record is hers.
pub fn tie(tie: &Tie) -> String {
    match tie {
        Tie::Exact { by, field: at } => format!(
            "{} stimmt genau überein (Feld {})",
            terms::search_key(*by, DE),
            field(at, None, DE)
        ),
        Tie::Linked { kind, .. } => format!("hängt an einem Datensatz der Person ({kind})"),
        Tie::Candidate { by, field: at } => format!(
            "nur ein Anhalt: {} kommt vor (Feld {})",
            terms::search_key(*by, DE),
            field(at, None, DE)
        ),
    }
}

/// What must be known before anything is done to a record.
pub fn caution(caution: &Caution) -> String {
    match caution {
        Caution::Staff => "Konto einer Person, die dort arbeitet".into(),
        Caution::Shared => "mehrere Personen teilen sich diese Angabe".into(),
        Caution::Retained => "muss dort aufbewahrt werden".into(),
        Caution::Others => "andere Personen kommen darin vor".into(),
        Caution::Open => "noch nicht abgeschlossen".into(),
        Caution::Acts => "eine Änderung löst dort etwas aus, etwa eine Mail".into(),
        Caution::Archived => "dort archiviert oder gelöscht, aber noch vorhanden".into(),
        Caution::Merged => "aus mehreren zusammengeführt".into(),
        Caution::Other(what) => what.clone(),
    }
}

/// Why an answer may not be all.
pub fn doubt(doubt: &Doubt) -> String {
    match doubt {
        Doubt::CanaryLost => {
            "Die Testperson wurde nicht gefunden: Rechte oder Suchindex stimmen dort nicht mehr.".into()
        }
        Doubt::NoCanary => "Es gibt keine Testperson, an der sich zeigt, dass die Suche vollständig ist.".into(),
        Doubt::Unseen(what) => format!("Nicht einsehbar: {}.", what.join(", ")),
        Doubt::Engine => "Die Suchmaschine dort kann hinterherhinken oder leer sein.".into(),
        Doubt::LowerBound => {
            "Die Suche in Texten findet nicht alles: was in Bildern oder gepackten Dateien steht, bleibt verborgen."
                .into()
        }
        Doubt::Closed(place) => format!("Nicht durchsucht: {place}."),
        Doubt::Capped(place) => format!("Das System gibt nicht mehr heraus: {place}."),
        Doubt::Garbled { place, count: many } => {
            format!("{place}: {} nicht zu lesen.", count(*many, "Eintrag war", "Einträge waren"))
        }
        Doubt::Masked(place) => format!("Dort gekürzt gespeichert und niemandem zuzuordnen: {place}."),
    }
}

/// Why something did not work, and what helps.
pub fn fault(fault: Fault) -> &'static str {
    match fault {
        Fault::Unreachable => "Das System ist nicht erreichbar. Es wird weiter versucht.",
        Fault::Insecure => "Die Leitung lässt sich nicht schützen: Zertifikat prüfen lassen.",
        Fault::Slow => "Das System hat nicht rechtzeitig geantwortet. Es wird weiter versucht.",
        Fault::Busy => "Das System bittet um Geduld. Es wird später weiter versucht.",
        Fault::Broken => "Im System ist ein Fehler aufgetreten. Es wird weiter versucht.",
        Fault::HalfAnswer => "Die Antwort brach ab. Es wird weiter versucht.",
        Fault::UnderWay => "Das System arbeitet noch daran. Es wird nachgesehen.",
        Fault::Unauthorized => "Der Zugang wird nicht angenommen. Den Schlüssel erneuern lassen.",
        Fault::Forbidden => {
            "Dem Zugang fehlt ein Recht. Das Recht geben lassen, dann erneut versuchen."
        }
        Fault::SwitchedOff => {
            "Die Schnittstelle ist dort abgeschaltet. Einschalten lassen, dann erneut versuchen."
        }
        Fault::Missing => "Dort ist nichts unter dieser Adresse. Die Einstellung prüfen lassen.",
        Fault::Conflict => "Der Datensatz wurde inzwischen geändert. Es wird neu gelesen.",
        Fault::Refused => "Eine Regel des Systems verbietet das. Bitte dort nachsehen.",
        Fault::Redirected => {
            "Das System leitet anderswohin; dem wird nicht gefolgt. Die Adresse prüfen lassen."
        }
        Fault::Unreadable => {
            "Die Antwort ist nicht zu lesen. Ist es das richtige System und die richtige Version?"
        }
        Fault::TooLarge => "Die Antwort ist größer, als angenommen wird. Bitte von Hand nachsehen.",
        Fault::Flooded => {
            "Das System hat Daten von Leuten geschickt, nach denen niemand gefragt hat. Nichts davon wurde behalten."
        }
        Fault::NotWritten => "Nach dem Schreiben steht dort etwas anderes. Bitte dort nachsehen.",
        Fault::TooMany => {
            "Es hätten sich mehr Datensätze geändert, als erlaubt sind. Nichts wurde geändert."
        }
        Fault::Unknown => "Das System kennt das nicht: andere Version oder ein fehlendes Modul.",
        Fault::NoIdentifier => "Es ist nichts bekannt, womit sich dort suchen ließe.",
        Fault::Misconfigured => "Die Einstellungen können nicht stimmen. Bitte prüfen lassen.",
    }
}

/// How far a question to a connected system is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Going {
    /// It waits for its turn.
    Waiting,
    /// It did not work and is tried again.
    Again,
    /// The system is switched off.
    Paused,
    /// It is under way.
    Running,
    /// It is done.
    Done,
    /// Nothing that is known of the person is a key to it.
    Unasked,
    /// It was ended.
    Stopped,
    /// A person has to look.
    Stuck,
}

/// How far a question is, in a word or two.
pub fn going(going: Going) -> &'static str {
    match going {
        Going::Waiting => "wartet",
        Going::Again => "wird erneut versucht",
        Going::Paused => "angehalten",
        Going::Running => "sucht gerade",
        Going::Done => "fertig",
        Going::Unasked => "nicht gefragt",
        Going::Stopped => "beendet",
        Going::Stuck => "braucht Hilfe",
    }
}

/// Why a system was not asked, and what helps.
pub const NO_KEY: &str = "Mit den Angaben zur Person lässt sich dort nicht suchen. Nennen Sie unten eine, mit der es geht, oder sehen Sie selbst nach.";

/// When it is tried again.
pub fn next_try(at: &str) -> String {
    format!("Nächster Versuch: {at}.")
}

/// What became of a record.
pub fn fate(fate: Fate, lang: Lang) -> &'static str {
    match fate {
        Fate::Gone => pick(lang, "gelöscht", "erased"),
        Fate::Anonymous => pick(lang, "anonymisiert", "made anonymous"),
        Fate::Changed => pick(lang, "berichtigt", "put right"),
        Fate::Restricted => pick(lang, "eingeschränkt", "restricted"),
        Fate::Free => pick(lang, "nicht mehr eingeschränkt", "no longer restricted"),
        Fate::Suppressed => pick(lang, "für Werbung gesperrt", "barred from advertising"),
        Fate::Kept => pick(lang, "behalten", "kept"),
    }
}

/// A copy that the interface does not reach.
pub fn leftover(kind: LeftoverKind) -> &'static str {
    match kind {
        LeftoverKind::Backup => "Sicherungskopien",
        LeftoverKind::Log => "Protokolldateien",
        LeftoverKind::Index => "Suchindex",
        LeftoverKind::Files => "Dateien, die ein nächtlicher Lauf entfernt",
        LeftoverKind::Mentions => "Texte anderer, in denen die Person vorkommt",
        LeftoverKind::History => "Änderungsverlauf mit alten Werten",
        LeftoverKind::Statistics => "Statistiken",
        LeftoverKind::Queue => "Warteschlange für Mails",
        LeftoverKind::Downstream => "Kopien in einem nachgelagerten System",
        LeftoverKind::Closed => "Datensätze, die nur die Systemverwaltung erreicht",
        LeftoverKind::Other => "Weitere Kopien",
    }
}

/// What an act sets off.
pub fn effect(effect: &SideEffect) -> String {
    match effect {
        SideEffect::Mail(whom) => format!("Jemand bekommt eine Mail: {whom}."),
        SideEffect::Webhook(what) => format!("Ein anderes System wird benachrichtigt: {what}."),
        SideEffect::Takes { kind, count: many } => {
            format!("Mit ihm gehen {many} weitere ({kind}).")
        }
        SideEffect::Final => "Das lässt sich weder anhalten noch zurücknehmen.".into(),
    }
}

/// That a connected system was asked, for the story of the case.
pub fn searched(system: &str, searched: &Searched) -> String {
    let kinds = by(&[searched], DE);
    let found = match searched.laid() {
        0 => "nichts gefunden".to_owned(),
        many => count(many, "Eintrag gefunden", "Einträge gefunden"),
    };
    let mut text = format!("{system} wurde durchsucht ({kinds}): {found}.");
    for doubt in &searched.doubts {
        text.push(' ');
        text.push_str(&self::doubt(doubt));
    }
    text
}

/// What was done in a connected system, as it was read back.
pub fn acted(system: &str, acted: &Acted) -> String {
    let mut parts: Vec<String> = acted
        .fates
        .iter()
        .filter(|(_, many)| *many > 0)
        .map(|(fate, many)| {
            format!(
                "{} {}",
                count(*many, "Eintrag", "Einträge"),
                self::fate(*fate, DE)
            )
        })
        .collect();
    if acted.failed > 0 {
        parts.push(format!(
            "{} nicht, bitte nachsehen",
            count(acted.failed, "Eintrag", "Einträge")
        ));
    }
    let done = match parts.is_empty() {
        true => "nichts zu tun".to_owned(),
        false => parts.join(", "),
    };
    let mut text = format!("{system} ({}): {done}.", acted.source);
    for leftover in &acted.leftovers {
        text.push(' ');
        text.push_str(&left(leftover));
    }
    text
}

/// What machines did in one system, as it was read back, for the record and the answer; nothing, if they did nothing there.
pub fn proven(acted: &[&Acted], lang: Lang) -> Option<String> {
    let told = fates(acted, |fate| fate != Fate::Kept, lang);
    (!told.is_empty()).then_some(told)
}

/// The same with what was kept, and with what did not work; empty, if there was nothing to do.
pub fn read_back(acted: &[&Acted], lang: Lang) -> String {
    let mut told = fates(acted, |_| true, lang);
    let failed: u64 = acted.iter().map(|it| it.failed).sum();
    if failed > 0 {
        if !told.is_empty() {
            told.push_str(", ");
        }
        told.push_str(&match lang {
            Lang::De => format!("{} offen", count(failed, "Eintrag", "Einträge")),
            Lang::En => format!("{} open", count(failed, "record", "records")),
        });
    }
    told
}

/// Fates with their numbers, summed over connections.
fn fates(acted: &[&Acted], tells: impl Fn(Fate) -> bool, lang: Lang) -> String {
    let mut sums: Vec<(Fate, u64)> = Vec::new();
    for (fate, many) in acted.iter().flat_map(|it| &it.fates) {
        if *many == 0 || !tells(*fate) {
            continue;
        }
        match sums.iter_mut().find(|(it, _)| it == fate) {
            Some((_, sum)) => *sum += many,
            None => sums.push((*fate, *many)),
        }
    }
    let told = sums.iter().map(|(fate, many)| {
        let counted = match lang {
            Lang::De => count(*many, "Eintrag", "Einträge"),
            Lang::En => count(*many, "record", "records"),
        };
        format!("{counted} {}", self::fate(*fate, lang))
    });
    told.collect::<Vec<_>>().join(", ")
}

/// A copy that was not reached, as a sentence.
pub fn left(leftover: &Leftover) -> String {
    let many = leftover
        .count
        .map(|many| format!(" ({many})"))
        .unwrap_or_default();
    let end = match leftover.days {
        Some(days) => format!("; nach {days} Tagen von selbst weg"),
        None => String::new(),
    };
    format!(
        "Nicht erreicht: {}{many}, {}{end}.",
        self::leftover(leftover.kind),
        remark(&leftover.place, DE)
    )
}

/// That a clerk said what becomes of findings.
pub fn sifted(system: &str, code: &str, treatment: Treatment, many: u64) -> String {
    format!(
        "{system}, {}: {} gesichtet, {}.",
        category(code, DE),
        count(many, "Fund", "Funde"),
        super::desk::treatment(treatment)
    )
}

/// That a clerk said what of a finding is to be put right.
pub fn corrected(system: &str, code: &str, many: u64) -> String {
    let what = match many {
        0 => "Berichtigung eines Fundes zurückgenommen".to_owned(),
        many => format!(
            "{} eines Fundes zur Berichtigung vorgemerkt",
            count(many, "Angabe", "Angaben")
        ),
    };
    format!("{system}, {}: {what}.", category(code, DE))
}

/// One value that is put right: of which field, what stands there, what shall stand there.
pub fn change(label: &str, change: &Change) -> String {
    let before = change.before.as_ref().map(|it| it.reveal().as_str());
    match before.unwrap_or_default() {
        "" => format!("{label}: „{}“ kommt hinzu", change.after.reveal()),
        before => format!("{label}: „{before}“ wird „{}“", change.after.reveal()),
    }
}

/// How far a finding is put right, in a word or two.
pub fn correction(correction: Correction) -> &'static str {
    match correction {
        Correction::Open => "zu berichtigen",
        Correction::Done(done) => fate(done, DE),
    }
}

/// That a clerk said whether what looked like hers is hers.
pub fn settled(system: &str, code: &str, hers: bool, many: u64) -> String {
    let what = match (hers, many) {
        (true, 1) => "er gehört zur Person",
        (true, _) => "sie gehören zur Person",
        (false, 1) => "er gehört nicht zur Person und wurde entfernt",
        (false, _) => "sie gehören nicht zur Person und wurden entfernt",
    };
    format!(
        "{system}, {}: {} geprüft, {what}.",
        category(code, DE),
        count(many, "Anhalt", "Anhalte")
    )
}

/// By which kinds of identifiers systems were searched.
fn by(all: &[&Searched], lang: Lang) -> String {
    let mut kinds: Vec<&str> = Vec::new();
    for key in all
        .iter()
        .flat_map(|it| &it.asked)
        .filter_map(|asked| asked.by)
    {
        let kind = terms::search_key(key, lang);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    match kinds.is_empty() {
        true => pick(lang, "nichts, was bekannt ist", "nothing that is known").to_owned(),
        false => kinds.join(", "),
    }
}

/// What a search found, by category and number; none, where it found nothing.
fn held(all: &[&Searched], lang: Lang) -> Option<String> {
    let name = |code: &str, name: &str| match name == category(code, DE) {
        true => category(code, lang),
        // The register's own word.
        false => name.to_owned(),
    };
    let held: Vec<String> = all
        .iter()
        .flat_map(|searched| &searched.held)
        .filter(|held| held.count > 0)
        .map(|held| format!("{}: {}", name(&held.category, &held.name), held.count))
        .collect();
    (!held.is_empty()).then(|| held.join(", "))
}

/// What the person is told of a search: what was found and by what she was looked for. Where in a system that was, by the
/// system's own names, stands in the file.
pub fn told(all: &[&Searched], lang: Lang) -> String {
    let by = by(all, lang);
    match (held(all, lang), lang) {
        (Some(held), Lang::De) => format!("{held}. Gesucht mit: {by}."),
        (Some(held), Lang::En) => format!("{held}. Searched by: {by}."),
        (None, Lang::De) => format!("Gesucht mit: {by}."),
        (None, Lang::En) => format!("Searched by: {by}."),
    }
}

/// What a machine says for a system, as a person would write it into the form: where it looked and what came out.
pub fn answer(all: &[Searched]) -> String {
    let mut lines = Vec::new();
    for searched in all {
        let places: Vec<&str> = {
            let mut seen: Vec<&str> = Vec::new();
            for asked in &searched.asked {
                if !seen.contains(&asked.place.as_str()) {
                    seen.push(&asked.place);
                }
            }
            seen
        };
        let named = match places.len() {
            0 => "nirgends".to_owned(),
            1..=6 => places.join(", "),
            many => format!(
                "{} und {} weitere",
                places
                    .iter()
                    .take(5)
                    .copied()
                    .collect::<Vec<_>>()
                    .join(", "),
                many - 5
            ),
        };
        lines.push(format!("Durchsucht: {named}; mit {}.", by(&[searched], DE)));
        lines.extend(searched.doubts.iter().map(doubt));
    }
    lines.push(match held(&all.iter().collect::<Vec<_>>(), DE) {
        None => "Nichts gefunden.".to_owned(),
        Some(held) => format!("Gefunden: {held}."),
    });
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::ids::SystemId;
    use crate::domain::right::Right;

    #[test]
    fn what_was_kept_is_told_where_it_is_read_back_and_never_as_done() {
        let acted = |fates: &[(Fate, u64)], failed| Acted {
            system: SystemId(1),
            source: "kurse".to_owned(),
            right: Right::Erasure,
            at: DateTime::UNIX_EPOCH,
            fates: fates.to_vec(),
            failed,
            leftovers: vec![],
        };
        let (one, other) = (
            acted(&[(Fate::Gone, 1), (Fate::Kept, 3)], 0),
            acted(&[(Fate::Kept, 1)], 2),
        );
        let both = [&one, &other];
        let told = read_back(&both, Lang::De);
        assert!(
            told.starts_with("1 Eintrag gelöscht, 4 Einträge "),
            "{told}"
        );
        assert!(told.ends_with(", 2 Einträge offen"), "{told}");
        assert_eq!(
            proven(&both, Lang::De).as_deref(),
            Some("1 Eintrag gelöscht")
        );
        assert_eq!(proven(&[&other], Lang::De), None);
    }
}
