//! What a message is to the office: its head in fields, the whole of it as a file.

use super::folders::{Folder, Part};
use super::head::Party;
use super::place::Place;
use super::slips::Slip;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{Caution, Field, FileRef, Origin, Record, Tie};

/// The key of the message itself among its files.
pub(super) const RAW: &str = "raw";
/// More of a field is for the file.
const LONGEST: usize = 4_000;

/// A message as it is laid before a clerk.
pub(super) fn of(
    folder: &Folder,
    validity: u32,
    slip: &Slip,
    tie: Tie,
    wanted: &[Identifier],
) -> Record {
    let place = Place {
        folder: folder.raw.clone(),
        validity,
        uid: slip.uid,
    };
    let head = &slip.head;
    let subject = head.readable("Subject").unwrap_or_default();
    let mut fields = vec![Field::plain("Subject", short(&subject))];
    for name in [
        "From",
        "Sender",
        "Reply-To",
        "To",
        "Cc",
        "Bcc",
        "Date",
        "Message-ID",
    ] {
        fields.extend(
            head.readable(name)
                .map(|value| Field::plain(name, short(&value))),
        );
    }
    fields.push(Field::plain("Folder", &folder.name));
    Record {
        reference: place.reference(&slip.look),
        category: "mail".into(),
        title: subject.into(),
        // The day on which it came, for the one in the head is the sender's to invent.
        at: slip.at,
        tie,
        origin: match wrote(slip, wanted) {
            true => Origin::Provided,
            false => Origin::Others,
        },
        fields,
        files: vec![FileRef {
            id: RAW.into(),
            name: format!("{}-{}.eml", validity, slip.uid).into(),
            media_type: "message/rfc822".into(),
            size: Some(slip.look.size.into()),
        }],
        cautions: cautions(folder, slip, wanted),
        rank: 10,
    }
}

/// What else she goes by: the name in front of her own address, and where she wants answers to.
pub(super) fn seen(slip: &Slip, wanted: &[Identifier]) -> Vec<Identifier> {
    if !wrote(slip, wanted) {
        return Vec::new();
    }
    let names = slip
        .head
        .parties("From")
        .into_iter()
        .filter(|it| is_hers(it, wanted))
        .map(|it| (SearchKey::Name, it.name));
    let answers = slip
        .head
        .parties("Reply-To")
        .into_iter()
        .map(|it| (SearchKey::Email, it.address));
    // A name that is an address is no name.
    let proper =
        |(kind, text): &(SearchKey, String)| *kind != SearchKey::Name || !text.contains('@');
    names
        .chain(answers)
        .filter(proper)
        .filter_map(|(kind, text)| Identifier::new(kind, &text))
        .collect()
}

fn is_hers(party: &Party, wanted: &[Identifier]) -> bool {
    wanted
        .iter()
        .any(|it| it.kind == SearchKey::Email && it.is(&party.address))
}

/// Whether she is the only one who is named as its sender.
fn wrote(slip: &Slip, wanted: &[Identifier]) -> bool {
    let from = slip.head.parties("From");
    !from.is_empty() && from.iter().all(|it| is_hers(it, wanted))
}

fn cautions(folder: &Folder, slip: &Slip, wanted: &[Identifier]) -> Vec<Caution> {
    let mut cautions = Vec::new();
    let named = ["From", "To", "Cc", "Bcc"]
        .into_iter()
        .flat_map(|it| slip.head.parties(it));
    let mut others: Vec<String> = named
        .filter(|it| !is_hers(it, wanted))
        .map(|it| it.address.to_lowercase())
        .collect();
    others.sort_unstable();
    others.dedup();
    // One of them is the office itself.
    if others.len() > 1 {
        cautions.push(Caution::Others);
    }
    if slip.deleted || folder.part == Part::Trash {
        cautions.push(Caution::Archived);
    }
    if slip.draft {
        cautions.push(Caution::Open);
    }
    cautions
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}\u{2026}", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
