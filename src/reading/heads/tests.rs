//! Heads of forwarded and answered mail.

use super::*;

#[test]
fn heads_of_many_programs_are_read() {
    for text in [
        "Von: Max Muster <max@post.example>\nGesendet: Montag, 3. März 2025 10:12\nAn: info@firma.test\nBetreff: Auskunft",
        "*Von:* Max Muster <max@post.example>\n*Gesendet:* Montag, 3. März 2025 10:12\n*An:* info@firma.test\n*Betreff:* Auskunft",
        "Gesendet: Montag, 03. März 2025 um 10:12 Uhr\nVon: \"Max Muster\" <max@post.example>\nAn: info@firma.test\nBetreff: Auskunft",
        "Betreff: \tAuskunft\nDatum: \tMon, 3 Mar 2025 10:12:00 +0100\nVon: \tMax Muster <max@post.example>\nAn: \tinfo@firma.test",
        "From: Max Muster [mailto:max@post.example]\nSent: Monday, March 3, 2025 10:12 AM\nTo: info@firma.test\nSubject: Auskunft",
        "De : Max Muster <max@post.example>\nEnvoyé : lundi 3 mars 2025 10:12\nÀ : info@firma.test\nObjet : Auskunft",
    ] {
        let lines: Vec<&str> = text.lines().collect();
        let (head, taken) = head_at(&lines).unwrap();
        assert_eq!(taken, 4, "{text}");
        assert_eq!(
            (head.from.name.as_str(), head.from.email.as_str()),
            ("Max Muster", "max@post.example"),
            "{text}"
        );
        assert_eq!(
            head.at.unwrap().date_naive().to_string(),
            "2025-03-03",
            "{text}"
        );
        assert_eq!(head.subject, "Auskunft", "{text}");
    }
    assert!(head_at(&["Von: hier bis dort"]).is_none());
}

#[test]
fn lines_of_attribution_are_read() {
    for text in [
        "Am 03.03.2025 um 10:12 schrieb Max Muster <max@post.example>:",
        "Am Mo., 3. März 2025 um 10:12 Uhr schrieb Max Muster <\nmax@post.example>:",
        "On Mon, Mar 3, 2025 at 10:12 AM Max Muster <max@post.example> wrote:",
        "Le lun. 3 mars 2025 à 10:12, Max Muster <max@post.example> a écrit :",
        "W dniu 3.03.2025 o 10:12, Max Muster <max@post.example> pisze:",
    ] {
        let lines: Vec<&str> = text.lines().collect();
        let (head, _) = wrote_at(&lines).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(head.from.email, "max@post.example", "{text}");
        assert_eq!(head.from.name, "Max Muster", "{text}");
    }
    assert!(wrote_at(&["Am Montag schrieb ich Ihnen dieses:"]).is_none());
}

#[test]
fn seams_are_seen() {
    assert_eq!(seam("-----Ursprüngliche Nachricht-----"), Some(false));
    assert_eq!(seam("---------- Forwarded message ---------"), Some(true));
    assert_eq!(seam("Anfang der weitergeleiteten Nachricht:"), Some(true));
    assert_eq!(seam("Die weitergeleitete Nachricht war leer."), None);
}
