//! Many callers at once, each waiting for its answer before it calls again; and how long each waited.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::Failure;

/// How a crowd fared.
pub struct Fared {
    /// From the first call to the last answer.
    pub took: Duration,
    /// How long each waited, the shortest first.
    pub waits: Vec<Duration>,
}

impl Fared {
    /// Answers in a second.
    pub fn rate(&self) -> f64 {
        self.waits.len() as f64 / self.took.as_secs_f64()
    }

    /// The wait that this share of all did not exceed, in milliseconds.
    pub fn wait(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in the list"
        )]
        let at =
            ((self.waits.len() as f64 * share) as usize).min(self.waits.len().saturating_sub(1));
        self.waits
            .get(at)
            .map_or(0.0, |wait| wait.as_secs_f64() * 1e3)
    }
}

/// Lets `callers` make `calls` together; each call is told its number, counted from `from`.
pub async fn call<C, F>(callers: usize, from: u64, calls: u64, caller: C) -> Result<Fared, Failure>
where
    C: Fn() -> F,
    F: AsyncFnMut(u64) -> Result<(), Failure> + 'static,
{
    let next = Arc::new(AtomicU64::new(from));
    let begun = Instant::now();
    let here = tokio::task::LocalSet::new();
    let waits = here
        .run_until(gather(callers, next, from + calls, caller))
        .await?;
    Ok(Fared {
        took: begun.elapsed(),
        waits,
    })
}

async fn gather<C, F>(
    callers: usize,
    next: Arc<AtomicU64>,
    end: u64,
    caller: C,
) -> Result<Vec<Duration>, Failure>
where
    C: Fn() -> F,
    F: AsyncFnMut(u64) -> Result<(), Failure> + 'static,
{
    let mut crowd = tokio::task::JoinSet::new();
    for _ in 0..callers {
        let (next, mut call) = (Arc::clone(&next), caller());
        crowd.spawn_local(async move {
            let mut waits = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return Ok::<_, Failure>(waits);
                }
                let asked = Instant::now();
                call(number).await?;
                waits.push(asked.elapsed());
            }
        });
    }
    let mut waits = Vec::new();
    while let Some(done) = crowd.join_next().await {
        waits.extend(done??);
    }
    waits.sort_unstable();
    Ok(waits)
}
