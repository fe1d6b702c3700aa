//! What recurs: each day's digests, closings and tidying are promised once, by whichever node is first.

use chrono::{NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Berlin;

use crate::casework::{Error, Office};
use crate::storage::jobs;

/// Promises today's work. A day on which nothing ran is made up for by the next one's.
pub async fn promise(office: &Office) -> Result<(), Error> {
    let today = office.today();
    let digest = at(today, office.manners.digest_hour);
    let works = [
        ("digest", digest),
        ("close-quiet", at(today, 4)),
        ("clear-out", at(today, 2)),
        ("reviews", at(today, 3)),
        ("shred-mail", at(today, 2)),
        ("sweep", at(today, 3)),
        ("clear-proofs", at(today, 3)),
        ("remind-proofs", at(today, 9)),
    ];
    // Where hours count, a day is too long: looked at once in every hour.
    let now = office.now();
    let hour = now.format("%Y-%m-%dT%H").to_string();
    let ids: Vec<i64> = works.iter().map(|_| office.next_id()).collect();
    let (hourly, freed) = (office.next_id(), office.next_id());
    office
        .store
        .write(move |conn| {
            for ((kind, when), id) in works.iter().zip(&ids) {
                jobs::promise(conn, *id, kind, "", &format!("{kind}:{today}"), *when)?;
            }
            jobs::promise(
                conn,
                freed,
                "free-runs",
                "",
                &format!("free-runs:{hour}"),
                now,
            )?;
            jobs::promise(
                conn,
                hourly,
                "breaches",
                "",
                &format!("breaches:{hour}"),
                now,
            )?;
            Ok(())
        })
        .await?;
    Ok(())
}

/// This hour of this day in Germany; where the clocks skip it, the hour after.
fn at(day: NaiveDate, hour: u32) -> chrono::DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour.min(23), 0, 0).unwrap_or_default();
    let local = day.and_time(time);
    match Berlin.from_local_datetime(&local).earliest() {
        Some(moment) => moment.with_timezone(&Utc),
        None => Utc.from_utc_datetime(&local),
    }
}
