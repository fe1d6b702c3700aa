//! What a card is to the office, and a place in a group.

use super::books::Book;
use super::card::Card;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{Caution, Field, FileRef, Nature, Origin, Record, RecordRef, Tie};

/// The kind of a card.
pub(super) const CARD: &str = "card";
/// The kind of a place in a group; its key is that of the group's card, `#`, and the name of hers.
pub(super) const MEMBER: &str = "member";
/// The key of the card itself among its files.
pub(super) const RAW: &str = "vcard";

/// A card as it is laid before a clerk.
pub(super) fn of(book: &Book, reference: RecordRef, card: &Card, tie: Tie) -> Record {
    let title = card
        .names()
        .into_iter()
        .next()
        .or_else(|| card.one("EMAIL"))
        .unwrap_or_default();
    let mut fields: Vec<Field> = Vec::new();
    for (name, value) in card.fields() {
        let nature = if name == "NOTE" {
            Nature::Text
        } else {
            Nature::Plain
        };
        fields.push(Field::plain(name, value).as_nature(nature));
    }
    fields.push(Field::plain("addressbook", &book.name));
    Record {
        reference,
        category: "contact".into(),
        title: title.into(),
        at: None,
        tie,
        origin: Origin::Unknown,
        fields,
        files: vec![FileRef {
            id: RAW.into(),
            name: "card.vcf".to_owned().into(),
            media_type: "text/vcard".into(),
            size: None,
        }],
        cautions: Vec::new(),
        rank: 20,
    }
}

/// Her place in a group: nobody else's is shown.
pub(super) fn of_group(
    book: &Book,
    mut reference: RecordRef,
    group: &Card,
    uid: &str,
    card: &str,
) -> Record {
    reference.kind = MEMBER.into();
    reference.id = format!("{}#{uid}", reference.id.reveal()).into();
    let title = group.one("FN").unwrap_or_default();
    Record {
        reference,
        category: "contact".into(),
        title: title.clone().into(),
        at: None,
        tie: Tie::Linked {
            kind: CARD.into(),
            id: card.to_owned().into(),
        },
        origin: Origin::Others,
        fields: vec![
            Field::plain("FN", title),
            Field::plain("MEMBER", uid),
            Field::plain("addressbook", &book.name),
        ],
        files: Vec::new(),
        cautions: vec![Caution::Others],
        rank: 10,
    }
}

/// What else she goes by.
pub(super) fn seen(card: &Card) -> Vec<Identifier> {
    let of = |kind: SearchKey, name: &str| {
        card.all(name)
            .into_iter()
            .filter_map(move |it| Identifier::new(kind, &it))
            .collect::<Vec<_>>()
    };
    let mut seen = of(SearchKey::Email, "EMAIL");
    seen.extend(of(SearchKey::Phone, "TEL"));
    seen.extend(of(SearchKey::Name, "FN"));
    seen
}
