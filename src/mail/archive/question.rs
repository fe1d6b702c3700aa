//! What the server is asked: which messages may be hers. It only sorts out; who is meant is compared afterwards.

use std::collections::BTreeSet;

use async_imap::imap_proto::{MailboxDatum, Response};
use unicode_normalization::UnicodeNormalization;

use super::super::imap::command::{Command, Letters, Quoted};
use super::super::imap::line::{Line, Opened};
use super::super::imap::mishap::{Mishap, Step};
use super::lines::is_no;
use crate::domain::identifier::{Identifier, SearchKey, e164};

/// Servers take lines of 8,192 bytes (RFC 7162, 4); some room for the tag.
const LONGEST: usize = 7_900;
/// Fewer letters than these sort nothing out.
const SHORTEST: usize = 3;

/// One thing that may fit a message.
#[derive(Clone)]
pub(super) struct Criterion {
    words: &'static str,
    text: String,
}

/// What a search brought.
#[derive(Default)]
pub(super) struct Found {
    /// The numbers.
    pub uids: BTreeSet<u32>,
    /// Whether some were found by a part of what was wanted.
    pub loose: bool,
    /// Whether something could not be asked at all.
    pub lost: bool,
}

/// The fields that servers search by a name of their own, and those that they search like any other.
const FIELDS: [&str; 6] = [
    "FROM",
    "TO",
    "CC",
    "BCC",
    "HEADER Reply-To",
    "HEADER Sender",
];

/// Every way in which an identifier may be written in a message.
pub(super) fn spellings(wanted: &Identifier) -> Vec<Identifier> {
    let given = wanted.value.reveal().clone();
    let mut texts = vec![given.clone()];
    match wanted.kind {
        SearchKey::Email => {
            let canonical = wanted.canonical();
            if let Some((local, domain)) = canonical.rsplit_once('@') {
                texts = vec![canonical.clone()];
                texts.extend(
                    idna::domain_to_ascii(domain)
                        .ok()
                        .map(|domain| format!("{local}@{domain}")),
                );
            }
        }
        SearchKey::Phone => {
            if let Some(number) = e164(&given) {
                let digits = number.trim_start_matches('+');
                texts.push(format!("00{digits}"));
                texts.extend(digits.strip_prefix("49").map(|inland| format!("0{inland}")));
                texts.push(number);
            }
        }
        SearchKey::Name => {
            // Registers turn names round, and machines without umlauts write them in two letters.
            texts.extend(
                given
                    .rsplit_once(' ')
                    .map(|(first, last)| format!("{last}, {first}")),
            );
            let plain = [
                ("\u{e4}", "ae"),
                ("\u{f6}", "oe"),
                ("\u{fc}", "ue"),
                ("\u{df}", "ss"),
            ];
            let spelled = |text: &String| {
                let text = text.nfc().flat_map(char::to_lowercase).collect::<String>();
                plain
                    .iter()
                    .fold(text, |text, (letter, pair)| text.replace(letter, pair))
            };
            let spelled: Vec<String> = texts.iter().map(spelled).collect();
            texts.extend(spelled);
        }
        _ => {}
    }
    let mut known = BTreeSet::new();
    texts.retain(|it| known.insert(it.to_lowercase()));
    texts
        .into_iter()
        .map(|text| Identifier {
            value: text.into(),
            ..wanted.clone()
        })
        .collect()
}

/// Who wrote to whom.
pub(super) fn by_address(wanted: &Identifier, gmail: bool) -> Vec<Criterion> {
    let mut criteria = Vec::new();
    for spelling in spellings(wanted) {
        let text = spelling.value.reveal();
        criteria.extend(FIELDS.map(|words| Criterion {
            words,
            text: text.clone(),
        }));
        let plain = |letter: char| letter.is_ascii_alphanumeric() || ".@_+-".contains(letter);
        if gmail && text.chars().all(plain) {
            let text = format!("{{from:{text} to:{text} cc:{text} bcc:{text}}}");
            criteria.push(Criterion {
                words: "X-GM-RAW",
                text,
            });
        }
    }
    criteria
}

/// Anywhere in a message.
pub(super) fn by_text(wanted: &Identifier) -> Vec<Criterion> {
    spellings(wanted)
        .into_iter()
        .map(|it| Criterion {
            words: "TEXT",
            text: it.value.reveal().clone(),
        })
        .collect()
}

/// Messages that are closed to a search in texts.
pub(super) fn encrypted() -> Vec<Criterion> {
    let kinds = [
        "multipart/encrypted",
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
    ];
    kinds
        .map(|it| Criterion {
            words: "HEADER Content-Type",
            text: it.into(),
        })
        .to_vec()
}

/// Asks for all messages of the open folder to which one of these fits.
pub(super) async fn search(
    line: &mut Line,
    opened: &Opened,
    criteria: &[Criterion],
) -> Result<Found, Mishap> {
    let mut found = Found::default();
    if opened.exists == 0 {
        return Ok(found);
    }
    let (mut plain, mut beyond): (Vec<Criterion>, Vec<Criterion>) =
        criteria.iter().cloned().partition(|it| it.text.is_ascii());
    if !line.offers("LITERAL+") && !line.offers("LITERAL-") {
        loosen(&mut beyond, &mut plain, &mut found);
    }
    // What the server does not take in letters beyond ASCII is asked for by its longest piece within.
    for batch in batches(&beyond) {
        match ask(line, batch, false, &mut found).await {
            Err(refused) if is_no(&refused) => loosen(&mut batch.to_vec(), &mut plain, &mut found),
            asked => asked?,
        }
    }
    for batch in batches(&plain) {
        match ask(line, batch, true, &mut found).await {
            // Some servers knew no OR.
            Err(refused) if is_no(&refused) && batch.len() > 1 => {
                for one in batch {
                    ask(line, std::slice::from_ref(one), true, &mut found).await?;
                }
            }
            asked => asked?,
        }
    }
    if let Some(next) = opened.next {
        found.uids.retain(|&uid| uid < next);
    }
    found.uids.remove(&0);
    Ok(found)
}

fn loosen(beyond: &mut Vec<Criterion>, plain: &mut Vec<Criterion>, found: &mut Found) {
    for mut one in beyond.drain(..) {
        let runs = one
            .text
            .split(|letter: char| !letter.is_ascii() || letter.is_ascii_control());
        let longest = runs
            .map(str::trim)
            .max_by_key(|it| it.len())
            .unwrap_or_default();
        if longest.len() < SHORTEST {
            found.lost = true;
            continue;
        }
        one.text = longest.to_owned();
        found.loose = true;
        plain.push(one);
    }
}

/// As many at once as a line holds.
fn batches(criteria: &[Criterion]) -> Vec<&[Criterion]> {
    let mut batches = Vec::new();
    let mut rest = criteria;
    while !rest.is_empty() {
        let mut bytes = 40;
        let fits = rest.iter().take_while(|it| {
            bytes += it.words.len() + it.text.len() * 2 + 16;
            bytes < LONGEST
        });
        let (batch, behind) = rest.split_at(fits.count().max(1));
        batches.push(batch);
        rest = behind;
    }
    batches
}

async fn ask(
    line: &mut Line,
    batch: &[Criterion],
    ascii: bool,
    found: &mut Found,
) -> Result<(), Mishap> {
    let mut command = Command::new(if ascii {
        "UID SEARCH"
    } else {
        "UID SEARCH CHARSET UTF-8"
    });
    for _ in 1..batch.len() {
        command = command.word("OR");
    }
    for one in batch {
        command = command.word(one.words);
        let (quoted, letters) = (Quoted::ascii(&one.text), Letters::of(&one.text));
        command = match (quoted, letters) {
            (Some(text), _) => command.text(&text),
            (None, Some(text)) => command.letters(&text),
            // With a control character in it nothing is anybody's.
            (None, None) => return Ok(()),
        };
    }
    line.talk(Step::Read, command, |answer| {
        if let Response::MailboxData(MailboxDatum::Search(uids)) = answer {
            found.uids.extend(uids);
        }
    })
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_looked_for_as_it_may_be_written() {
        let phone = Identifier::new(SearchKey::Phone, "0170 555 01 23").unwrap();
        let texts: Vec<String> = spellings(&phone)
            .iter()
            .map(|it| it.value.reveal().clone())
            .collect();
        assert_eq!(
            texts,
            [
                "0170 555 01 23",
                "00491705550123",
                "01705550123",
                "+491705550123"
            ]
        );
    }

    #[test]
    fn an_address_with_umlauts_is_looked_for_in_both_writings_of_its_domain() {
        let address = Identifier::new(SearchKey::Email, "Info@M\u{fc}ller.example").unwrap();
        let texts: Vec<String> = spellings(&address)
            .iter()
            .map(|it| it.value.reveal().clone())
            .collect();
        assert_eq!(
            texts,
            ["info@m\u{fc}ller.example", "info@xn--mller-kva.example"]
        );
    }

    #[test]
    fn no_line_is_longer_than_servers_take() {
        let criteria: Vec<Criterion> = (0..900)
            .map(|number| Criterion {
                words: "HEADER Reply-To",
                text: format!("person-{number}@post.example"),
            })
            .collect();
        let batches = batches(&criteria);
        assert!(batches.len() > 5);
        assert_eq!(batches.iter().map(|it| it.len()).sum::<usize>(), 900);
        for batch in batches {
            let bytes: usize = batch
                .iter()
                .map(|it| it.words.len() + it.text.len() + 7)
                .sum();
            assert!(bytes < 8_192 && !batch.is_empty());
        }
    }
}
