//! The way from the root to a file, in steps that cannot leave it, and how it is written down.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// The names of the folders from the root on, and of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Trail(Vec<OsString>);

impl Trail {
    /// One step further. A name from a listing is a step; what leads elsewhere is none.
    #[must_use]
    pub fn then(&self, name: &OsStr) -> Option<Trail> {
        let bytes = name.as_bytes();
        if bytes.is_empty() || bytes == b"." || bytes == b".." {
            return None;
        }
        if bytes.contains(&b'/') || bytes.contains(&0) {
            return None;
        }
        let mut steps = self.0.clone();
        steps.push(name.to_owned());
        Some(Trail(steps))
    }

    /// A way as it was written by [`Trail::written`].
    #[must_use]
    pub fn read(text: &str) -> Option<Trail> {
        let mut trail = Trail::default();
        for step in text.split('/') {
            trail = trail.then(&OsString::from_vec(unquoted(step)?))?;
        }
        Some(trail)
    }

    /// A way below a folder as somebody else names it, with either kind of slash; none, if it would lead out.
    #[must_use]
    pub fn below(folder: &Trail, named: &str) -> Option<Trail> {
        let mut trail = folder.clone();
        let named = named
            .trim()
            .trim_start_matches("./")
            .trim_start_matches(".\\");
        for step in named.trim_end_matches(['/', '\\']).split(['/', '\\']) {
            trail = trail.then(OsStr::new(step))?;
        }
        Some(trail)
    }

    /// The way as text: names that are no Unicode, and percent signs, are written in percent signs.
    #[must_use]
    pub fn written(&self) -> String {
        let steps: Vec<String> = self.0.iter().map(|step| quoted(step.as_bytes())).collect();
        steps.join("/")
    }

    /// The steps.
    #[must_use]
    pub fn steps(&self) -> &[OsString] {
        &self.0
    }

    /// The name at its end.
    #[must_use]
    pub fn name(&self) -> &OsStr {
        self.0.last().map_or(OsStr::new(""), OsString::as_os_str)
    }

    /// The folder in which it ends.
    #[must_use]
    pub fn folder(&self) -> Trail {
        let mut steps = self.0.clone();
        steps.pop();
        Trail(steps)
    }

    /// Whether it lies below the other, or is the other.
    #[must_use]
    pub fn lies_below(&self, other: &Trail) -> bool {
        self.0.starts_with(&other.0)
    }
}

/// A name for the eye: what is no Unicode is read as Windows writes it.
#[must_use]
pub fn shown(name: &OsStr) -> String {
    match name.to_str() {
        Some(text) => text.to_owned(),
        None => encoding_rs::WINDOWS_1252
            .decode(name.as_bytes())
            .0
            .into_owned(),
    }
}

fn quoted(bytes: &[u8]) -> String {
    let sound = std::str::from_utf8(bytes).ok();
    if let Some(text) =
        sound.filter(|it| !it.contains(|c: char| c == '%' || c == '#' || c.is_control()))
    {
        return text.to_owned();
    }
    let mut out = String::new();
    for &byte in bytes {
        match byte {
            b'%' | b'#' | 0..=31 | 127..=255 => out.push_str(&format!("%{byte:02X}")),
            plain => out.push(char::from(plain)),
        }
    }
    out
}

fn unquoted(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_never_leads_out() {
        for text in [
            "../etc/passwd",
            "/etc",
            "a//b",
            "a/./b",
            "a/%2E%2E/b",
            "a/b%2Fc",
            "a%00",
            "%zz",
            "",
            "a/%",
        ] {
            assert_eq!(Trail::read(text), None, "{text}");
        }
        let folder = Trail::read("gobd").unwrap();
        for text in ["..\\kunden.csv", "/kunden.csv", "a/../../b", "C:\\..", ""] {
            assert_eq!(Trail::below(&folder, text), None, "{text}");
        }
        assert_eq!(
            Trail::below(&folder, ".\\2025\\k.csv").unwrap().written(),
            "gobd/2025/k.csv"
        );
    }

    #[test]
    fn names_that_are_no_unicode_come_back_as_they_were() {
        let name = OsString::from_vec(b"M\xfcller 100%#.txt".to_vec());
        let trail = Trail::default().then(&name).unwrap();
        assert_eq!(trail.written(), "M%FCller 100%25%23.txt");
        assert_eq!(Trail::read(&trail.written()), Some(trail));
        assert_eq!(shown(&name), "Müller 100%#.txt");
    }
}
