//! Keeps the timers going until the program ends. What is promised lies in the database; a timer that
//! fails says so in the log and comes again.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

pub use super::mailboxes::LetterBox;
pub use super::outbox::publish_checkpoints;
use super::{mailboxes, outbox, run, schedule, sources};
use crate::casework::{Error, Office};
use crate::domain::ids::ControllerId;
use crate::ports::anchor::Anchor;
use crate::ports::post::Post;
use crate::storage::{incoming, jobs, messages, runs};

/// The ways out of the house, and the letter boxes.
#[derive(Default)]
pub struct Exits {
    /// The mail server of each controller that has one.
    pub posts: HashMap<ControllerId, Arc<dyn Post>>,
    /// Where checkpoints are laid down outside of the database.
    pub anchor: Option<Arc<dyn Anchor>>,
    /// The mailboxes in which requests come in.
    pub mailboxes: Vec<LetterBox>,
}

/// The tail of the log is at most so old.
const CHAIN: Duration = Duration::from_secs(1);
/// The outbox is looked at so often.
const OUTBOX: Duration = Duration::from_secs(1);
/// Mail that was taken is looked at so often.
const MAIL: Duration = Duration::from_secs(1);
/// Promised work is looked at so often.
const WORK: Duration = Duration::from_secs(5);
/// A checkpoint leaves the house so often, if there is anything new.
const CHECKPOINT: Duration = Duration::from_secs(900);

/// Runs until `ended` says so; what is under way is finished first.
pub async fn run(office: Arc<Office>, exits: Exits, ended: watch::Receiver<bool>) {
    let exits = Arc::new(exits);
    if let Err(error) = take_back(&office).await {
        tracing::error!(%error, "what the last run had taken stays locked until its lease ends");
    }
    let chain = every(CHAIN, ended.clone(), || async {
        // As long as there is more than one portion, go on at once.
        while office.chain().await? > 0 {}
        Ok(())
    });
    let send = every(OUTBOX, ended.clone(), || outbox::send_due(&office, &exits));
    let mail = every(MAIL, ended.clone(), || mailboxes::place(&office));
    let boxes = exits
        .mailboxes
        .iter()
        .map(|it| mailboxes::keep_reading(&office, it, ended.clone()));
    let boxes = futures_util::future::join_all(boxes);
    let work = every(WORK, ended.clone(), || async {
        schedule::promise(&office).await?;
        run::run_due(&office).await.map(|_| ())
    });
    let ask = sources::keep_asking(&office, ended.clone());
    let anchor = every(CHECKPOINT, ended, || publish_checkpoints(&office, &exits));
    tokio::join!(chain, send, mail, boxes, work, ask, anchor);
}

/// One turn of all timers, until nothing is due any more: for whoever drives the office by hand.
pub async fn run_once(office: &Office, exits: &Exits) -> Result<(), Error> {
    schedule::promise(office).await?;
    mailboxes::read_all(office, exits).await?;
    mailboxes::place(office).await?;
    while run::run_due(office).await? > 0 {}
    sources::ask_all(office).await?;
    outbox::send_due(office, exits).await?;
    while office.chain().await? > 0 {}
    Ok(())
}

/// A run that was cut off has left messages and work locked. Where nobody else can hold them, they are
/// free at once.
async fn take_back(office: &Office) -> Result<(), Error> {
    if office.store.alone() {
        let now = office.now();
        let freed = office
            .store
            .write(move |conn| {
                Ok(messages::free_leases(conn, now)?
                    + jobs::free_leases(conn)?
                    + runs::free_leases(conn, None)?
                    + incoming::free_leases(conn)?)
            })
            .await?;
        if freed > 0 {
            tracing::info!(freed, "took back what the last run had left under way");
        }
    }
    Ok(())
}

async fn every<F, Fut>(pause: Duration, mut ended: watch::Receiver<bool>, work: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<(), Error>>,
{
    loop {
        if let Err(error) = work().await {
            tracing::error!(%error, "a timer failed and will come again");
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            changed = ended.changed() => {
                if changed.is_err() || *ended.borrow() {
                    return;
                }
            }
        }
        if *ended.borrow() {
            return;
        }
    }
}
