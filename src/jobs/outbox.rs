//! Sends what lies in the outbox, and lays checkpoints down outside of the database.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;

use super::mailboxes::LetterBox;
use super::runner::Exits;
use crate::casework::outbox::{Fate, Outgoing};
use crate::casework::{Error, Office};
use crate::ports::Anchor;
use crate::ports::trouble::Trouble;

/// So many messages are taken at a time, and sent side by side.
const PORTION: i64 = 16;
/// So often a copy is tried to be filed.
const COPY_TRIES: usize = 3;
/// The pause between these tries.
const COPY_PAUSE: Duration = Duration::from_secs(30);

/// Sends all that is due now.
pub async fn send_due(office: &Office, exits: &Exits) -> Result<(), Error> {
    loop {
        let ready = office.take_outgoing(PORTION).await?;
        if ready.is_empty() {
            return Ok(());
        }
        for settled in join_all(ready.iter().map(|outgoing| send(office, exits, outgoing))).await {
            settled?;
        }
    }
}

async fn send(office: &Office, exits: &Exits, outgoing: &Outgoing) -> Result<(), Error> {
    let fate = match exits.posts.get(&outgoing.controller) {
        None => Fate::NoServer,
        Some(post) => match post.send(&outgoing.parcel).await {
            Ok(_) => Fate::Accepted,
            Err(Trouble::Later { why }) => Fate::Later(why),
            Err(Trouble::Never { why }) => Fate::Never(why),
        },
    };
    if fate != Fate::Accepted {
        tracing::warn!(message = %outgoing.id, ?fate, "a message was not sent");
    }
    if fate == Fate::Accepted {
        file_copies(exits, outgoing);
    }
    office.settle(outgoing, fate).await
}

/// Files a copy in the mailboxes of the controller that keep some. The letter has left; that its copy cannot be filed is
/// said in the log and changes nothing.
fn file_copies(exits: &Exits, outgoing: &Outgoing) {
    let post = exits.posts.get(&outgoing.controller);
    let Some(raw) = post
        .filter(|_| outgoing.leaves_the_house())
        .and_then(|post| post.on_the_wire(&outgoing.parcel))
    else {
        return;
    };
    let own = |it: &&LetterBox| it.controller == outgoing.controller;
    for letter_box in exits.mailboxes.iter().filter(own) {
        let mailbox = Arc::clone(&letter_box.mailbox);
        let (id, raw) = (outgoing.parcel.message_id.clone(), raw.clone());
        tokio::spawn(async move {
            for _ in 0..COPY_TRIES {
                match mailbox.file_copy(&id, &raw).await {
                    Ok(()) => return,
                    Err(trouble) if trouble.may_heal() => tokio::time::sleep(COPY_PAUSE).await,
                    Err(trouble) => {
                        tracing::warn!(
                            mailbox = mailbox.name(),
                            why = trouble.why(),
                            "a copy was not filed"
                        );
                        return;
                    }
                }
            }
            tracing::warn!(mailbox = mailbox.name(), "a copy was not filed");
        });
    }
}

/// Signs what is new in every ledger and lets the checkpoints leave the house.
pub async fn publish_checkpoints(office: &Office, exits: &Exits) -> Result<(), Error> {
    for ledger in office.ledgers() {
        office.checkpoint(ledger).await?;
        let (origin, notes) = office.unpublished(ledger).await?;
        for (size, note) in notes {
            if let Some(anchor) = &exits.anchor
                && let Err(trouble) = lay_down(anchor, &origin, &note, office.now()).await
            {
                tracing::error!(%origin, size, why = trouble.why(), "a checkpoint cannot be laid down");
                break;
            }
            office.published(ledger, size, &note).await?;
        }
    }
    Ok(())
}

/// The disk is waited for on a thread of its own: all timers share this one.
async fn lay_down(
    anchor: &Arc<dyn Anchor>,
    origin: &str,
    note: &str,
    now: DateTime<Utc>,
) -> Result<(), Trouble> {
    let (anchor, origin, note) = (Arc::clone(anchor), origin.to_owned(), note.to_owned());
    tokio::task::spawn_blocking(move || anchor.publish(&origin, &note, now))
        .await
        .unwrap_or_else(|_| {
            Err(Trouble::Later {
                why: "a worker died".into(),
            })
        })
}
