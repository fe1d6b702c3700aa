//! Runs what connected systems are asked: each connection for itself and no faster than it bears, so that one that hangs
//! holds up nobody else.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::casework::connected::Connected;
use crate::casework::search::lease;
use crate::casework::{Error, Office};
use crate::domain::ids::ControllerId;
use crate::domain::scope::Scope;
use crate::storage::runs::{self, RunKind, RunRow};

/// What waits for its time is looked for so often; what is promised now is heard of at once.
const TURN: Duration = Duration::from_secs(1);
/// So many questions are under way at most, over all connections.
const AT_ONCE: usize = 64;

/// Which connection.
type Which = (ControllerId, String);

/// Runs until `ended` says so; what is under way is broken off then, and taken up by the next start.
pub async fn keep_asking(office: &Arc<Office>, mut ended: watch::Receiver<bool>) {
    let mut under_way: JoinSet<Which> = JoinSet::new();
    let mut busy: HashMap<Which, usize> = HashMap::new();
    loop {
        match start_due(office, &mut under_way, &mut busy).await {
            Ok(()) => {}
            Err(error) => {
                tracing::error!(%error, "connected systems could not be asked and will be")
            }
        }
        tokio::select! {
            () = office.wake.notified() => {}
            () = tokio::time::sleep(TURN) => {}
            Some(done) = under_way.join_next() => {
                if let Ok(which) = done {
                    leave(&mut busy, &which);
                }
            }
            changed = ended.changed() => {
                if changed.is_err() || *ended.borrow() {
                    return;
                }
            }
        }
        while let Some(done) = under_way.try_join_next() {
            if let Ok(which) = done {
                leave(&mut busy, &which);
            }
        }
    }
}

fn leave(busy: &mut HashMap<Which, usize>, which: &Which) {
    if let Some(many) = busy.get_mut(which) {
        *many = many.saturating_sub(1);
    }
}

async fn start_due(
    office: &Arc<Office>,
    under_way: &mut JoinSet<Which>,
    busy: &mut HashMap<Which, usize>,
) -> Result<(), Error> {
    for (connected, free) in open_lines(office, busy).await? {
        let free = free.min(AT_ONCE.saturating_sub(under_way.len()));
        if free == 0 {
            continue;
        }
        let which = (connected.controller, connected.name.clone());
        for run in claim(office, &connected, free).await? {
            *busy.entry(which.clone()).or_default() += 1;
            let (office, which) = (Arc::clone(office), which.clone());
            under_way.spawn(async move {
                // What falls over on our side ends this question and none of the others.
                let asked = AssertUnwindSafe(go(&office, &run)).catch_unwind().await;
                if asked.is_err() {
                    broke_down(&office, &run).await;
                }
                which
            });
        }
    }
    Ok(())
}

/// The connections that bear one more question now, and how many.
async fn open_lines(
    office: &Office,
    busy: &HashMap<Which, usize>,
) -> Result<Vec<(Connected, usize)>, Error> {
    let mut open = Vec::new();
    for house in office.houses() {
        let controller = house.controller.id;
        if office.connected_to(controller).next().is_none() {
            continue;
        }
        let paused = office
            .paused_sources(&Scope::of_house(controller), controller)
            .await?;
        for connected in office.connected_to(controller) {
            let off = |it: &runs::Paused| it.source.is_empty() || it.source == connected.name;
            let which = (controller, connected.name.clone());
            let free = connected
                .at_once
                .saturating_sub(busy.get(&which).copied().unwrap_or(0));
            if free > 0 && !paused.iter().any(off) {
                open.push((connected.clone(), free));
            }
        }
    }
    Ok(open)
}

async fn claim(office: &Office, connected: &Connected, free: usize) -> Result<Vec<RunRow>, Error> {
    let now = office.now();
    let (controller, source) = (connected.controller, connected.name.clone());
    let until = lease(now, connected);
    let limit = i64::try_from(free).unwrap_or(1);
    // Looking is cheap and disturbs nobody; the one writer is asked only when there is something.
    let name = source.clone();
    let due = office
        .store
        .read(move |conn| runs::due(conn, controller, &name, now))
        .await?;
    if !due {
        return Ok(vec![]);
    }
    Ok(office
        .store
        .write(move |conn| runs::claim(conn, (controller, &source), now, until, limit))
        .await?)
}

async fn broke_down(office: &Office, run: &RunRow) {
    tracing::error!(
        source = run.source(),
        "a question to a connected system fell over on our side"
    );
    if let Err(error) = office.fell_over(run).await {
        tracing::error!(%error, "what fell over could not be written down");
    }
}

async fn go(office: &Office, run: &RunRow) {
    let done = match run.kind() {
        Ok(RunKind::Find) => office.look_there(run).await,
        Ok(RunKind::Act) => office.do_there(run).await,
        Ok(RunKind::Copy) => office.copy_there(run).await,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = done {
        tracing::error!(source = run.source(), %error, "a question to a connected system went wrong on our side");
    }
}

/// Everything that is due, one after the other, until nothing is: for whoever drives the office by hand.
pub async fn ask_all(office: &Office) -> Result<(), Error> {
    loop {
        let mut any = false;
        for (connected, free) in open_lines(office, &HashMap::new()).await? {
            let runs = claim(office, &connected, free).await?;
            any |= !runs.is_empty();
            futures_util::future::join_all(runs.iter().map(|run| go(office, run))).await;
        }
        if !any {
            return Ok(());
        }
    }
}
