//! The copy of her data in plain words: its front page, its tables, and what is not in it and why.

use crate::domain::lang::Lang;
use crate::domain::source::Origin;

/// The words of a package in one language.
#[derive(Debug, Clone, Copy)]
pub struct Texts {
    /// The title of a copy (Art. 15(3) GDPR).
    pub copy: &'static str,
    /// The title of what can be taken elsewhere (Art. 20 GDPR).
    pub portable: &'static str,
    /// What a package for taking elsewhere holds.
    pub portable_is: &'static str,
    /// Before the case's number.
    pub case: &'static str,
    /// Before who gives it.
    pub from: &'static str,
    /// Before when it was made.
    pub made: &'static str,
    /// The heading over the letter.
    pub letter: &'static str,
    /// The link to the letter on paper.
    pub letter_pdf: &'static str,
    /// The link to the same words as text.
    pub letter_text: &'static str,
    /// How to read the package.
    pub how: &'static str,
    /// Before when a system was asked.
    pub asked: &'static str,
    /// The link to the entries as a table.
    pub table: &'static str,
    /// The link to the entries as data.
    pub data: &'static str,
    /// The link to what the office wrote down.
    pub written: &'static str,
    /// The heading over what is not in it.
    pub withheld: &'static str,
    /// The sentence under it.
    pub withheld_is: &'static str,
    /// The heading over files that lie there otherwise than they were.
    pub odd: &'static str,
    /// The head of the ground's column.
    pub ground: &'static str,
    /// The head of the number's column.
    pub many: &'static str,
    /// The head of the system's column.
    pub system: &'static str,
    /// The head of the category's column.
    pub category: &'static str,
    /// The head of a date's column.
    pub date: &'static str,
    /// The head of the title's column.
    pub title: &'static str,
    /// The head of the files' column.
    pub files: &'static str,
    /// The link back to the front page.
    pub back: &'static str,
    /// The link to the next page.
    pub next: &'static str,
    /// The link to the page before.
    pub before: &'static str,
    /// The line at the end of the front page.
    pub hashes: &'static str,
    /// That something of an entry is black.
    pub black: &'static str,
}

const DE: Texts = Texts {
    copy: "Kopie der Daten",
    portable: "Daten zum Mitnehmen",
    portable_is: "Diese Daten wurden bereitgestellt oder bei der Nutzung aufgezeichnet (Art. 20 DSGVO). Ein anderer Anbieter kann sie einlesen; schema.json beschreibt ihren Aufbau.",
    case: "Vorgang",
    from: "Von",
    made: "Zusammengestellt am",
    letter: "Das Schreiben dazu",
    letter_pdf: "Schreiben als PDF",
    letter_text: "Schreiben als Text",
    how: "Jedes System hat einen Ordner. Die Seiten hier lassen sich ohne Internet lesen. Dieselben Daten liegen daneben als Tabelle (CSV) und für Programme (JSON).",
    asked: "Durchsucht am",
    table: "als Tabelle (CSV)",
    data: "alles aus diesem System für Programme (JSON)",
    written: "von Hand zusammengestellt",
    withheld: "Was nicht dabei ist",
    withheld_is: "Diese Einträge wurden nicht mitgegeben:",
    odd: "Dateien, die fehlen oder geschwärzt sind",
    ground: "Grund",
    many: "Anzahl",
    system: "System",
    category: "Art der Daten",
    date: "Datum",
    title: "Bezeichnung",
    files: "Dateien",
    back: "Zur Übersicht",
    next: "Weitere Einträge",
    before: "Vorige Einträge",
    hashes: "index.json nennt zu jeder Datei dieses Pakets Größe und Prüfsumme (SHA-256).",
    black: "Teile sind geschwärzt oder weggelassen.",
};

const EN: Texts = Texts {
    copy: "Copy of the data",
    portable: "Data to take along",
    portable_is: "These data were provided, or recorded while something was used (Art. 20 GDPR). Another provider can read them; schema.json describes their structure.",
    case: "Case",
    from: "From",
    made: "Put together on",
    letter: "The letter",
    letter_pdf: "Letter as PDF",
    letter_text: "Letter as text",
    how: "Each system has a folder. These pages can be read without the internet. The same data lie beside them as a table (CSV) and for programs (JSON).",
    asked: "Searched on",
    table: "as a table (CSV)",
    data: "everything from this system for programs (JSON)",
    written: "put together by hand",
    withheld: "What is not included",
    withheld_is: "These entries are not included:",
    odd: "Files that are missing or blackened",
    ground: "Ground",
    many: "Number",
    system: "System",
    category: "Kind of data",
    date: "Date",
    title: "Title",
    files: "Files",
    back: "To the overview",
    next: "More entries",
    before: "Previous entries",
    hashes: "index.json gives the size and checksum (SHA-256) of every file in this package.",
    black: "Parts are blackened or left out.",
};

/// The words in the language of the case.
#[must_use]
pub fn texts(lang: Lang) -> &'static Texts {
    match lang {
        Lang::De => &DE,
        Lang::En => &EN,
    }
}

/// The folder for what can be taken elsewhere, where it lies beside a copy.
#[must_use]
pub fn portable_folder(lang: Lang) -> &'static str {
    match lang {
        Lang::De => "mitnehmen",
        Lang::En => "portable",
    }
}

/// How many entries a category has.
#[must_use]
pub fn entries(many: u64, lang: Lang) -> String {
    match (lang, many) {
        (Lang::De, 1) => "1 Eintrag".into(),
        (Lang::De, many) => format!("{many} Einträge"),
        (Lang::En, 1) => "1 entry".into(),
        (Lang::En, many) => format!("{many} entries"),
    }
}

/// Where data come from.
#[must_use]
pub fn origin(origin: Origin, lang: Lang) -> Option<&'static str> {
    Some(match (origin, lang) {
        (Origin::Provided, Lang::De) => "von der Person angegeben",
        (Origin::Provided, Lang::En) => "provided by the person",
        (Origin::Observed, Lang::De) => "bei der Nutzung aufgezeichnet",
        (Origin::Observed, Lang::En) => "recorded during use",
        (Origin::Derived, Lang::De) => "von uns erstellt",
        (Origin::Derived, Lang::En) => "made by us",
        (Origin::Others, Lang::De) => "von anderen erhalten",
        (Origin::Others, Lang::En) => "received from others",
        (Origin::Unknown, _) => return None,
    })
}

/// That a person left a file out.
#[must_use]
pub fn left_out(lang: Lang) -> String {
    match lang {
        Lang::De => "nicht mitgegeben".into(),
        Lang::En => "not included".into(),
    }
}

/// That a file could not be fetched.
#[must_use]
pub fn not_fetched(lang: Lang) -> String {
    match lang {
        Lang::De => "konnte aus dem System nicht geholt werden".into(),
        Lang::En => "could not be fetched from the system".into(),
    }
}

/// That a file could not be made black for sure.
#[must_use]
pub fn not_blackened(lang: Lang) -> String {
    match lang {
        Lang::De => "nicht mitgegeben, weil sich darin nicht sicher schwärzen lässt, was sonst geschwärzt ist".into(),
        Lang::En => "not included, because what is blackened elsewhere cannot be blackened in it for sure".into(),
    }
}

/// That a file has black areas, and so many pages that are black as a whole.
#[must_use]
pub fn blackened(pages: usize, lang: Lang) -> String {
    match (lang, pages) {
        (Lang::De, 0) => "mit geschwärzten Stellen".into(),
        (Lang::De, 1) => "mit geschwärzten Stellen; eine Seite ließ sich nicht sicher zeigen und ist ganz schwarz".into(),
        (Lang::De, many) => {
            format!("mit geschwärzten Stellen; {many} Seiten ließen sich nicht sicher zeigen und sind ganz schwarz")
        }
        (Lang::En, 0) => "with blackened parts".into(),
        (Lang::En, 1) => "with blackened parts; one page could not be shown for sure and is all black".into(),
        (Lang::En, many) => {
            format!("with blackened parts; {many} pages could not be shown for sure and are all black")
        }
    }
}

/// That a message has black words and none of its files.
#[must_use]
pub fn stripped(lang: Lang) -> String {
    match lang {
        Lang::De => "mit geschwärzten Worten und ohne ihre Anhänge".into(),
        Lang::En => "with blackened words and without its attachments".into(),
    }
}

/// What of her lies in a package: entries of systems and what was written down for her, and files.
#[must_use]
pub fn contents(entries: u64, files: u64, lang: Lang) -> String {
    let (none, and, words) = match lang {
        Lang::De => (
            "keine Einträge",
            "und",
            ["Eintrag", "Einträge", "Datei", "Dateien"],
        ),
        Lang::En => ("no entries", "and", ["entry", "entries", "file", "files"]),
    };
    let [entry, more_entries, file, more_files] = words;
    let said = |many: u64, one: &str, more: &str| match many {
        0 => None,
        1 => Some(format!("1 {one}")),
        many => Some(format!("{many} {more}")),
    };
    match (
        said(entries, entry, more_entries),
        said(files, file, more_files),
    ) {
        (Some(entries), Some(files)) => format!("{entries} {and} {files}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => none.to_owned(),
    }
}

/// What of her data does not lie in a package as it is held; none, where all of it does.
#[must_use]
pub fn gaps(black: u64, left_out: u64, lang: Lang) -> Option<String> {
    let black = match (black, lang) {
        (0, _) => None,
        (1, Lang::De) => Some("in 1 Eintrag ist etwas geschwärzt".to_owned()),
        (many, Lang::De) => Some(format!("in {many} Einträgen ist etwas geschwärzt")),
        (1, Lang::En) => Some("something is blackened in 1 entry".to_owned()),
        (many, Lang::En) => Some(format!("something is blackened in {many} entries")),
    };
    let left_out = match (left_out, lang) {
        (0, _) => None,
        (1, Lang::De) => Some("1 Eintrag liegt nicht bei".to_owned()),
        (many, Lang::De) => Some(format!("{many} Einträge liegen nicht bei")),
        (1, Lang::En) => Some("1 entry is not enclosed".to_owned()),
        (many, Lang::En) => Some(format!("{many} entries are not enclosed")),
    };
    let both: Vec<String> = black.into_iter().chain(left_out).collect();
    (!both.is_empty()).then(|| match lang {
        Lang::De => format!(
            "Nicht alles ist darin: {}. Die Gründe stehen in der Kopie.",
            both.join(", ")
        ),
        Lang::En => format!(
            "Not all of it is in there: {}. The reasons stand in the copy.",
            both.join(", ")
        ),
    })
}

/// That files are not here yet, for the clerk who wants to let the answer go.
#[must_use]
pub fn missing(open: usize) -> String {
    match open {
        1 => "Eine Datei, die zur Kopie gehört, ist noch nicht geholt.".into(),
        open => format!("{open} Dateien, die zur Kopie gehören, sind noch nicht geholt."),
    }
}

/// What a schema says of itself and of its parts, for who programs against it.
#[must_use]
pub fn schema_of(part: &str, lang: Lang) -> &'static str {
    match (part, lang) {
        ("all", Lang::De) => "Aufbau der Dateien daten.json und der Tabellen (CSV) in diesem Paket",
        ("all", Lang::En) => {
            "Structure of the files daten.json and of the tables (CSV) in this package"
        }
        ("origin", Lang::De) => {
            "provided: von der Person angegeben; observed: bei der Nutzung aufgezeichnet"
        }
        ("origin", Lang::En) => "provided: given by the person; observed: recorded during use",
        ("date", Lang::De) => {
            "Zeitpunkt des Eintrags in UTC (RFC 3339), wenn das System einen nennt"
        }
        ("date", Lang::En) => "time of the entry in UTC (RFC 3339), if the system gives one",
        ("name", Lang::De) => "Name des Feldes im System",
        ("name", Lang::En) => "name of the field in the system",
        ("label", Lang::De) => "Name des Feldes in einfachen Worten",
        ("label", Lang::En) => "name of the field in plain words",
        ("table", Lang::De) => {
            "Text in UTF-8 mit Kopfzeile; Werte, die eine Tabelle ausrechnen würde, beginnen mit einem Apostroph"
        }
        ("table", Lang::En) => {
            "text in UTF-8 with a head row; values that a spreadsheet would calculate begin with an apostrophe"
        }
        ("mbox", Lang::De) => "E-Mails als MBOX (mboxrd)",
        (_, Lang::De) => "Pfad der Datei im Paket",
        ("mbox", Lang::En) => "e-mails as MBOX (mboxrd)",
        (_, Lang::En) => "path of the file in the package",
    }
}

/// Why a page cannot be shown or blackened, for the clerk.
#[must_use]
pub fn unshown(code: &str) -> &'static str {
    match code {
        "misfit" => "Diese Seite gibt es nicht.",
        "encrypted" => {
            "Die Datei ist verschlüsselt. Lassen Sie sie weg, oder geben Sie eine geschwärzte Fassung von Hand bei."
        }
        "too-large" | "too-many-pages" => {
            "Die Datei ist zum Schwärzen zu groß. Lassen Sie sie weg, oder geben Sie eine geschwärzte Fassung von Hand bei."
        }
        "busy" | "too-slow" => {
            "Die Seite ließ sich in der Zeit nicht darstellen. Versuchen Sie es später noch einmal."
        }
        "font" | "picture" | "field" | "blank" => {
            "Diese Seite lässt sich nicht sicher darstellen; geschwärzt ginge sie ganz schwarz hinaus."
        }
        "form" => {
            "Diese Datei lässt sich hier nicht schwärzen. Sobald in diesem Fund etwas schwarz ist, bleibt sie zurück; sonst geht sie ganz hinaus."
        }
        "frames" => {
            "Die Datei enthält mehrere Bilder. Lassen Sie sie weg, oder geben Sie eine geschwärzte Fassung von Hand bei."
        }
        _ => {
            "Die Datei ist weder Text noch PDF noch ein Bild, das sich hier schwärzen ließe. Sie können sie ganz weglassen."
        }
    }
}

/// By what somebody else seems to be meant.
#[must_use]
pub fn other_person(code: &str) -> &'static str {
    match code {
        "email" => "E-Mail-Adresse einer anderen Person?",
        "phone" => "Telefonnummer einer anderen Person?",
        "account" => "Konto einer anderen Person?",
        "street" => "Anschrift einer anderen Person?",
        _ => "Name einer anderen Person?",
    }
}

/// What a part of a file of words is, for the clerk.
#[must_use]
pub fn passage(part: &str) -> &'static str {
    match part {
        "from" => "Von",
        "reply-to" => "Antwort an",
        "to" => "An",
        "cc" => "Kopie an",
        "subject" => "Betreff",
        "body" => "Nachricht",
        "files" => "Anhänge der Nachricht",
        "table" => "Tabelle",
        _ => "Text",
    }
}

/// That a file of words does not leave at all, for the clerk.
#[must_use]
pub fn stays(code: &str) -> &'static str {
    match code {
        "too-large" => {
            "Zum Schwärzen ist die Datei zu groß. Weil in diesem Fund etwas schwarz ist, bleibt sie zurück."
        }
        "too-much" => {
            "In diesem Fund ist ein langer Text ganz schwarz. Ob er auch in dieser Datei steht, lässt sich nicht sicher sagen: Sie bleibt zurück. Schwärzen Sie statt des ganzen Textes einzelne Worte, dann geht sie ohne diese hinaus."
        }
        _ => {
            "Ein Wort, das schwarz ist, ließe sich in dieser Datei nicht überall entfernen. So, wie es jetzt ist, bleibt sie zurück."
        }
    }
}

/// What is said of words that are made black.
pub const BLACK: &str = "geschwärzt";

/// The four sides of an area in a form, with their words.
pub const SIDES: [(&str, &str); 4] = [
    ("left", "links"),
    ("top", "oben"),
    ("width", "Breite"),
    ("height", "Höhe"),
];
