//! What the page of decisions says: how an item can be decided, the three questions, what to heed. German only.

/// How an item is decided, as a choice. Where categories are judged, the outcome follows from them.
pub fn choice(code: &str, judged: bool, absolute: bool) -> &'static str {
    match (code, judged) {
        ("granted", _) if absolute => "Sofort umsetzen",
        ("granted", true) => "Alles wie gewünscht",
        ("granted", false) => "Erfüllen",
        ("partly", true) => "Je Kategorie entscheiden",
        ("partly", false) => "Teilweise erfüllen",
        ("refused", _) => "Ablehnen",
        ("nothing", _) => "Keine Daten vorhanden",
        _ => "Noch nicht entscheiden",
    }
}

/// The three questions before an erasure: code, question, example (Art. 17(3) GDPR).
pub const QUESTIONS: [(&str, &str, &str); 3] = [
    (
        "overriding",
        "Wiegt etwas schwerer als der Wunsch?",
        "Zum Beispiel freie Meinung, öffentliches Interesse, Forschung (Art. 17 Abs. 3 Buchst. a, c, d).",
    ),
    (
        "duty",
        "Verpflichtet ein Gesetz zum Aufbewahren?",
        "Zum Beispiel Rechnungen nach HGB und AO (Buchst. b).",
    ),
    (
        "claims",
        "Werden die Daten für Rechtsansprüche gebraucht?",
        "Ein bestimmter Streit; dass es einen geben könnte, genügt nicht (Buchst. e).",
    ),
];

/// All that a system holds, where the register names no categories.
pub const ALL_OF_IT: &str = "Alle Daten in diesem System";

/// At a category whose basis is neither consent nor contract (Art. 20(1)(a) GDPR).
pub const NOT_PORTABLE: &str = "Nach dem Verzeichnis weder Einwilligung noch Vertrag: muss nach Art. 20 nicht mitgegeben werden.";

/// At any other category that is taken along.
pub const PROVIDED_ONLY: &str = "Nur was die Person selbst gegeben oder durch Nutzung erzeugt hat, nicht was Sie daraus abgeleitet haben.";

/// At a category that the register says must be kept.
pub fn kept_by_register(rule: &str) -> String {
    format!("Nach dem Verzeichnis aufzubewahren: {rule}. Prüfen Sie, was davon noch läuft.")
}
