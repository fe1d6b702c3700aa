//! Names in a package: safe in every file system, short, none twice, and none that leads out of its folder.

use std::collections::HashSet;

/// Letters of a name; a path in a package stays below what Windows bears.
const LONGEST: usize = 80;
/// Letters of the ending that a shortened name keeps.
const ENDING: usize = 10;
/// Names that Windows keeps for its devices.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// A name that is safe in every file system and cannot lead out of a folder.
pub(in crate::casework) fn safe_name(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(
            |c| match c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') {
                true => c,
                false => '_',
            },
        )
        .collect();
    let safe = shortened(safe.trim_matches(['.', ' ']));
    let stem = safe.split('.').next().unwrap_or_default();
    let bare = stem
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .to_lowercase();
    match safe.is_empty() || (DEVICES.contains(&bare.as_str()) && stem.len() <= 4) {
        true => format!("_{safe}"),
        false => safe,
    }
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let ending = match name.rsplit_once('.') {
        Some((_, ending)) if ending.chars().count() <= ENDING => format!(".{ending}"),
        _ => String::new(),
    };
    let kept: String = name
        .chars()
        .take(LONGEST - ending.chars().count())
        .collect();
    format!("{}{ending}", kept.trim_end_matches(['.', ' ']))
}

/// A path in a folder that is not taken yet, whatever the case of its letters.
pub(in crate::casework) fn unique(taken: &mut HashSet<String>, folder: &str, name: &str) -> String {
    let mut path = format!("{folder}/{name}");
    let mut number = 2;
    while !taken.insert(path.to_lowercase()) {
        path = format!("{folder}/{number}-{name}");
        number += 1;
    }
    path
}

/// The path as a link in a page names it.
pub(super) fn href(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_') {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_package_cannot_lead_out_of_it_and_do_not_collide() {
        assert_eq!(safe_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(safe_name(".."), "_");
        assert_eq!(safe_name("C:\\x\u{202e}gpj.exe"), "C__x_gpj.exe");
        assert_eq!(safe_name("nul.txt"), "_nul.txt");
        assert_eq!(safe_name("COM1"), "_COM1");
        assert_eq!(safe_name("Conrad.pdf"), "Conrad.pdf");
        let mut taken = HashSet::new();
        assert_eq!(unique(&mut taken, "CRM", "a.txt"), "CRM/a.txt");
        assert_eq!(unique(&mut taken, "CRM", "A.TXT"), "CRM/2-A.TXT");
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = safe_name(&format!("{}.pdf", "ä".repeat(300)));
        assert_eq!(name.chars().count(), LONGEST);
        assert!(name.ends_with("ä.pdf"));
        assert_eq!(href("Häuser/a b.pdf"), "H%C3%A4user/a%20b.pdf");
    }
}
