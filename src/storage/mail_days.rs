//! How much mail a program sent to an address on a day, of its own accord.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::{Conn, on_each};
use super::error::StoreError;
use super::schema::mail_day;
use crate::domain::ids::ControllerId;

/// Counts one mail more; says whether it is still within `most`. What is beyond is not counted.
pub fn count(
    conn: &mut Conn,
    controller: ControllerId,
    digest: &[u8; 32],
    day: NaiveDate,
    most: i32,
) -> Result<bool, StoreError> {
    let of_day = mail_day::table.find((controller.0, digest.to_vec(), day));
    let sent: Option<i32> = of_day.select(mail_day::sent).first(conn).optional()?;
    if sent.unwrap_or(0) >= most {
        return Ok(false);
    }
    on_each!(conn, |inner| diesel::insert_into(mail_day::table)
        .values((
            mail_day::controller_id.eq(controller.0),
            mail_day::digest.eq(digest.to_vec()),
            mail_day::day.eq(day),
            mail_day::sent.eq(1),
        ))
        .on_conflict((mail_day::controller_id, mail_day::digest, mail_day::day))
        .do_update()
        .set(mail_day::sent.eq(mail_day::sent + 1))
        .execute(inner))?;
    Ok(true)
}

/// Forgets the counts of days before this one.
pub fn forget(conn: &mut Conn, before: NaiveDate) -> Result<usize, StoreError> {
    Ok(diesel::delete(mail_day::table.filter(mail_day::day.lt(before))).execute(conn)?)
}
