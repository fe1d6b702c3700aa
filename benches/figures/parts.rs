//! What one submission costs before it is written, part by part, on one core.

use std::hint::black_box;
use std::time::Instant;

use rechtzeitig::domain::calendar::{Calendar, Place};
use rechtzeitig::domain::case::Case;
use rechtzeitig::domain::deadline::{Period, received_day};
use rechtzeitig::domain::event::Event;
use rechtzeitig::domain::ids::{CaseId, ControllerId, MessageId};
use rechtzeitig::domain::intake::{Channel, Intake, Party, PartyRole};
use rechtzeitig::domain::scope::Actor;
use rechtzeitig::domain::term::Term;
use rechtzeitig::ports::{Clock, SystemClock};
use rechtzeitig::seal::{ControllerKeys, Index, chance};
use rechtzeitig::storage::cases::{self, CaseRow};
use rechtzeitig::storage::events::EventRow;
use rechtzeitig::storage::messages::{Body, Draft, MessageRow, MessageState};

use crate::Failure;
use crate::people;
use crate::table::Table;

const ROUNDS: u32 = 5_000;

/// Measures each part.
pub fn measure(table: &mut Table) -> Result<(), Failure> {
    let (calendar, place) = (Calendar::shipped(), Place::parse("DE-BE")?);
    let now = SystemClock.now();
    let reckon = || Term::reckon(Period::at(now, place.clone()), calendar).map_err(|_| "no dates");
    let wish = people::form(7).wish;
    let opened = Event::Opened {
        intake: Box::new(Intake {
            received: received_day(now),
            recorded_at: now,
            channel: Channel::Form,
            lang: wish.lang,
            on_behalf: wish.on_behalf,
            text: wish.text.clone(),
            copy_first: wish.copy_first,
            shared_mailbox: wish.shared_mailbox,
            reply_by: wish.reply_by,
            suspicious: false,
            arrival: Default::default(),
            matter: Default::default(),
        }),
        parties: vec![Party {
            role: PartyRole::Requester,
            name: wish.name.clone(),
            email: wish.email.clone(),
            address: None,
            hints: None,
        }],
        rights: wish.rights.clone(),
        term: Box::new(reckon()?),
        files: vec![],
    };
    let keys = ControllerKeys::generate();
    let index = Index::new(keys.index.newest(), 1);
    let (id, house) = (CaseId(1), ControllerId(1));
    let case = Case::open(id, house, chance::case_number(2026), &opened).ok_or("not an opening")?;
    let (key, wrapped) = cases::new_key(id, &keys);
    let (name, email) = people::person(7);
    let tokens = || {
        let mut tokens = index.name_tokens(&name);
        tokens.push(index.email_token(&email));
        (tokens, index.address_digest(&email))
    };
    let message = |number: i64, body: &Body| {
        let draft = Draft {
            id: MessageId(number),
            controller: house,
            case: Some(id),
            clerk: None,
            kind: "confirm".to_owned(),
            state: MessageState::Queued,
            next_at: Some(now),
            promise: Some(String::from("confirm")),
            message_id: String::from("<0@kontor.example>"),
        };
        MessageRow::seal(draft, body, &key, now)
    };
    let body = Body {
        to: Some(email.as_str().into()),
        ..Body::default()
    };
    let actor = Actor(String::from("public"));

    table.note(
        "part: dates reckoned, with their because",
        each(reckon),
        " us",
    );
    table.note(
        "part: key drawn and wrapped, number drawn",
        each(|| (cases::new_key(id, &keys), chance::case_number(2026))),
        " us",
    );
    table.note("part: hashes of the index", each(tokens), " us");
    let json = each(|| {
        (
            serde_json::to_vec(&case),
            serde_json::to_vec(&opened),
            serde_json::to_vec(&body),
        )
    });
    table.note("part: JSON of case, event and mails", json, " us");
    let case_row = each(|| CaseRow::seal(&case, 1, (&key, wrapped.clone()), now));
    let event_row = each(|| EventRow::seal(1, house, id, &opened, &key, now, &actor));
    let mails = each(|| (message(1, &body), message(2, &Body::default())));
    table.note("part: case row sealed, with its JSON", case_row, " us");
    table.note(
        "part: event row sealed and hashed for the ledger, with its JSON",
        event_row,
        " us",
    );
    table.note(
        "part: two outbox rows sealed, with their JSON",
        mails,
        " us",
    );
    Ok(())
}

fn each<T>(mut act: impl FnMut() -> T) -> f64 {
    for _ in 0..ROUNDS / 10 {
        black_box(act());
    }
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        black_box(act());
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
}
