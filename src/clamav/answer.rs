//! What clamd says of a file.

use crate::ports::scanner::{Seen, Unseen};

/// Letters of a name or an answer that are kept.
const SHOWN: usize = 100;

/// Only a plain yes is a yes.
pub fn read(said: &[u8]) -> Result<Seen, Unseen> {
    let said = shown(said);
    let rest = said.strip_prefix("stream: ").unwrap_or(&said);
    if rest == "OK" && said.len() > rest.len() {
        return Ok(Seen::Nothing);
    }
    if let Some(name) = rest.strip_suffix(" FOUND") {
        return Ok(Seen::Malware(name.to_owned()));
    }
    if said.contains("size limit exceeded") {
        return Err(Unseen::TooLarge);
    }
    Err(Unseen::Unclear(said))
}

/// As it can stand on a page and in a log.
pub fn shown(said: &[u8]) -> String {
    said.iter()
        .map(|byte| char::from(*byte))
        .filter(|c| c.is_ascii_graphic() || *c == ' ')
        .take(SHOWN)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The pattern by which scanners are tried (EICAR). It does nothing; it stands here turned around, for this program is
/// no malware either.
pub fn test_pattern() -> Vec<u8> {
    br"*H+H$!ELIF-TSET-SURIVITNA-DRADNATS-RACIE$}7)CC7)^P(45XZP\4[PA@%P!O5X"
        .iter()
        .rev()
        .copied()
        .collect()
}
