//! One `match` from promised work to the act that does it.

use chrono::TimeDelta;

use crate::casework::{Error, Office};
use crate::domain::ids::ControllerId;
use crate::storage::jobs::{self, JobRow};

/// How long a node may hold a piece of work.
const LEASE_MINUTES: i64 = 30;
/// So many pieces are taken at a time.
const PORTION: i64 = 8;

/// Does work that is due, one portion; says how much there was.
pub async fn run_due(office: &Office) -> Result<usize, Error> {
    let now = office.now();
    let lease = now + TimeDelta::minutes(LEASE_MINUTES);
    let due = office
        .store
        .write(move |conn| jobs::claim(conn, now, lease, PORTION))
        .await?;
    let count = due.len();
    for job in due {
        let id = job.id;
        match run(office, &job).await {
            Ok(()) => office.store.write(move |conn| jobs::done(conn, id)).await?,
            Err(error) => {
                tracing::error!(job = %job.kind, %error, "promised work failed and will be tried again");
                let again = office.now() + TimeDelta::minutes(1_i64 << job.attempts.clamp(0, 8));
                let why = error.to_string();
                office
                    .store
                    .write(move |conn| jobs::again(conn, id, again, &why))
                    .await?;
            }
        }
    }
    Ok(count)
}

async fn run(office: &Office, job: &JobRow) -> Result<(), Error> {
    match job.kind.as_str() {
        "digest" => office.promise_digests().await.map(|_| ()),
        "close-quiet" => office.close_quiet().await.map(|_| ()),
        "reviews" => office.raise_reviews().await.map(|_| ()),
        "remind-proofs" => office.remind_of_proofs().await.map(|_| ()),
        "clear-proofs" => office.clear_proofs().await.map(|_| ()),
        "clear-out" => office.clear_out().await.map(|_| ()),
        "shred-mail" => office.shred_mail().await.map(|_| ()),
        "breaches" => office.remind_of_breaches().await.map(|_| ()),
        "sweep" => office.sweep().await,
        "free-runs" => office.free_runs().await.map(|_| ()),
        "remind-owner" => office.remind_owner(&job.payload).await,
        "owner-overdue" => office.tell_of_silence(&job.payload).await,
        "recompute" => {
            let controller = job
                .payload
                .parse::<ControllerId>()
                .map_err(|_| Error::Fault("recompute whom?"))?;
            office.recompute(controller).await.map(|_| ())
        }
        _ => Err(Error::Fault("work of an unknown kind")),
    }
}
