//! What the files of a mail are called at the desk, what they are, and which of them to beware of.

/// The ending of a name, in small letters.
fn ending(name: &str) -> String {
    name.rsplit_once('.')
        .map(|(_, ending)| ending.trim().to_lowercase())
        .unwrap_or_default()
}

/// What a file is called: as the sender does, else by its number, with an ending by which a program knows it.
pub fn name(given: Option<&str>, number: usize, media_type: &str) -> String {
    if let Some(given) = given {
        return given.to_owned();
    }
    let ending = match media_type {
        "application/pdf" => ".pdf",
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/gif" => ".gif",
        "text/plain" => ".txt",
        "text/calendar" => ".ics",
        "application/zip" => ".zip",
        "message/rfc822" => ".eml",
        _ => "",
    };
    format!("Anhang-{number}{ending}")
}

/// What kind of file it says it is: by its name, else by what the sender tells.
pub fn kind(given: Option<&str>, media_type: &str, in_text: bool) -> &'static str {
    if in_text {
        return "Bild aus dem Text";
    }
    match ending(given.unwrap_or_default()).as_str() {
        "pdf" => "PDF-Datei",
        "doc" | "docx" | "docm" | "dotx" | "odt" | "rtf" | "pages" => "Textdokument",
        "xls" | "xlsx" | "xlsm" | "ods" | "csv" | "numbers" => "Tabelle",
        "ppt" | "pptx" | "pptm" | "odp" => "Präsentation",
        "jpg" | "jpeg" | "png" | "gif" | "webp" | "heic" | "tif" | "tiff" | "bmp" | "svg" => "Bild",
        "txt" | "md" | "log" => "Text",
        "htm" | "html" | "xhtml" | "mht" => "Webseite",
        "eml" | "msg" => "E-Mail",
        "zip" | "rar" | "7z" | "gz" | "tgz" | "tar" | "bz2" | "xz" | "cab" => "Archiv",
        "dat" if media_type.contains("tnef") => "Outlook-Anlage (winmail.dat)",
        "mp3" | "wav" | "ogg" | "m4a" => "Tonaufnahme",
        "mp4" | "mov" | "avi" | "mkv" | "webm" => "Film",
        "ics" => "Termin",
        "vcf" => "Visitenkarte",
        "p7s" | "asc" | "sig" => "Signatur",
        "p7m" | "pgp" | "gpg" => "Verschlüsselte Datei",
        other if is_program(other) => "Programm",
        _ => by_type(media_type),
    }
}

fn by_type(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => "PDF-Datei",
        "message/rfc822" | "message/global" => "E-Mail",
        "application/zip" | "application/x-zip-compressed" => "Archiv",
        "text/html" => "Webseite",
        "text/calendar" => "Termin",
        "text/vcard" | "text/x-vcard" => "Visitenkarte",
        other => match other.split('/').next() {
            Some("image") => "Bild",
            Some("audio") => "Tonaufnahme",
            Some("video") => "Film",
            Some("text") => "Text",
            _ if other.contains("tnef") => "Outlook-Anlage (winmail.dat)",
            _ if other.ends_with("signature") => "Signatur",
            _ => "Datei",
        },
    }
}

fn is_program(ending: &str) -> bool {
    matches!(
        ending,
        "exe"
            | "com"
            | "scr"
            | "pif"
            | "bat"
            | "cmd"
            | "ps1"
            | "vbs"
            | "vbe"
            | "js"
            | "jse"
            | "wsf"
            | "hta"
            | "msi"
            | "jar"
            | "lnk"
            | "url"
            | "reg"
            | "dll"
            | "cpl"
            | "iso"
            | "img"
            | "vhd"
            | "apk"
            | "app"
            | "dmg"
            | "sh"
            | "desktop"
            | "one"
            | "chm"
    )
}

/// What to mind before opening a file of this name; empty if nothing.
pub fn beware(given: Option<&str>) -> &'static str {
    match ending(given.unwrap_or_default()).as_str() {
        ending if is_program(ending) => {
            "Das ist ein Programm. Öffnen Sie es nicht; mit einem Antrag hat es nichts zu tun."
        }
        "docm" | "xlsm" | "pptm" | "doc" | "xls" | "ppt" => {
            "Kann Makros enthalten. Lassen Sie sie nicht zu."
        }
        "htm" | "html" | "xhtml" | "mht" | "svg" => {
            "Kann beim Öffnen etwas nachladen. Geben Sie dort nirgends ein Kennwort ein."
        }
        _ => "",
    }
}

/// The name of a file that should have been looked into for malware and was not.
pub fn unchecked(name: &str) -> String {
    format!("ungeprüft-{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_name_gets_one_by_its_number() {
        assert_eq!(name(None, 3, "application/pdf"), "Anhang-3.pdf");
        assert_eq!(name(None, 1, "application/x-sonst"), "Anhang-1");
        assert_eq!(name(Some("Vollmacht.pdf"), 2, "image/png"), "Vollmacht.pdf");
    }

    #[test]
    fn the_name_says_more_of_a_file_than_the_sender_does() {
        assert_eq!(kind(Some("a.exe"), "image/png", false), "Programm");
        assert_eq!(
            kind(Some("a.PDF"), "application/octet-stream", false),
            "PDF-Datei"
        );
        assert_eq!(kind(None, "image/jpeg", false), "Bild");
        assert_eq!(
            kind(Some("logo.png"), "image/png", true),
            "Bild aus dem Text"
        );
        assert!(!beware(Some("Rechnung.pdf.exe")).is_empty());
        assert!(beware(Some("Rechnung.pdf")).is_empty() && beware(None).is_empty());
    }
}
