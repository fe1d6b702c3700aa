//! What adapters remark in short terms of their own, in plain words: why something stays, what was not reached, what is in
//! sight. What a system or its operator named stays as it is.

use crate::domain::lang::Lang;

const REMARKS: &[(&str, &str, &str)] = &[
    ("by-hand", "das geht nur von Hand", "by hand only"),
    ("by hand", "das geht nur von Hand", "by hand only"),
    (
        "lifted by hand",
        "wird von Hand aufgehoben",
        "lifted by hand",
    ),
    ("retained", "muss aufbewahrt werden", "must be kept"),
    ("not there", "nicht mehr da", "not there any more"),
    (
        "erasing is not declared here",
        "Löschen ist hier nicht eingerichtet",
        "erasing is not set up here",
    ),
    (
        "it goes with its customer only",
        "geht nur mit dem Kunden",
        "goes with its customer only",
    ),
    (
        "it goes with its contact only",
        "geht nur mit dem Kontakt",
        "goes with its contact only",
    ),
    (
        "the api does not erase it",
        "die Schnittstelle löscht das nicht",
        "the interface does not erase it",
    ),
    (
        "zammad makes nobody anonymous",
        "Zammad anonymisiert nicht",
        "Zammad makes nobody anonymous",
    ),
    (
        "the api makes nobody anonymous",
        "die Schnittstelle anonymisiert nicht",
        "the interface makes nobody anonymous",
    ),
    ("mail server", "Mailserver", "mail server"),
    (
        "mail programs, telephones, mailboxes of other recipients",
        "Mailprogramme, Telefone, Postfächer anderer Empfänger",
        "mail programs, telephones, mailboxes of other recipients",
    ),
    (
        "telephones and mail programs that keep a copy of the book",
        "Telefone und Mailprogramme mit einer Kopie des Adressbuchs",
        "telephones and mail programs that keep a copy of the book",
    ),
    (
        "address book server",
        "Server der Adressbücher",
        "address book server",
    ),
    ("server log", "Protokoll des Servers", "server log"),
    (
        "copies in other folders",
        "Kopien in anderen Ordnern",
        "copies in other folders",
    ),
    (
        "backups of the site",
        "Sicherungskopien der Seite",
        "backups of the site",
    ),
    (
        "database, filestore",
        "Datenbank und Dateiablage",
        "database, filestore",
    ),
    ("filestore", "Dateiablage", "filestore"),
    (
        "incomplete multipart uploads",
        "abgebrochene Uploads",
        "incomplete multipart uploads",
    ),
    ("backup", "Sicherung", "backup"),
    ("folders", "Ordner", "folders"),
    ("closed folders", "Ordner ohne Einsicht", "closed folders"),
    ("messages", "Nachrichten", "messages"),
    ("mailboxes", "Postfächer", "mailboxes"),
    ("address books", "Adressbücher", "address books"),
    ("contacts", "Kontakte", "contacts"),
    ("groups", "Gruppen", "groups"),
    ("forms", "Formulare", "forms"),
];

/// The remark in plain words; unchanged, if it is none of ours.
pub fn remark(text: &str, lang: Lang) -> String {
    let known = REMARKS.iter().find(|(code, _, _)| *code == text);
    let until = text.strip_prefix("retained until ");
    let days = text
        .strip_prefix("rotation after ")
        .and_then(|it| it.strip_suffix(" days"));
    match (known, until, days, lang) {
        (Some((_, de, _)), _, _, Lang::De) => (*de).to_owned(),
        (Some((_, _, en)), _, _, Lang::En) => (*en).to_owned(),
        (_, Some(day), _, Lang::De) => format!("muss bis {day} aufbewahrt werden"),
        (_, Some(day), _, Lang::En) => format!("must be kept until {day}"),
        (_, _, Some(days), Lang::De) => format!("wird nach {days} Tagen vom Server entfernt"),
        (_, _, Some(days), Lang::En) => format!("removed by the server after {days} days"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_adapters_say_is_told_in_plain_words_and_names_stay() {
        for (text, told) in [
            ("by-hand", "das geht nur von Hand"),
            (
                "rotation after 14 days",
                "wird nach 14 Tagen vom Server entfernt",
            ),
            (
                "retained until 2032-12-31",
                "muss bis 2032-12-31 aufbewahrt werden",
            ),
            ("closed folders", "Ordner ohne Einsicht"),
            ("Google Vault", "Google Vault"),
            ("nightly dump", "nightly dump"),
        ] {
            assert_eq!(remark(text, Lang::De), told);
        }
    }
}
