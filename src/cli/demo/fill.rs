//! Many cases, through the same intake, sealing and writing as any form that is sent.

use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::people::{below, name, one_of, say};
use crate::casework::Office;
use crate::casework::intake::{Submission, Wish};
use crate::domain::intake::{OnBehalf, ReplyBy};
use crate::domain::lang::Lang;
use crate::domain::right::Right;
use crate::ports::{Clock, FixedClock};
use crate::seal::chance::Token;

/// So many are sent at the same moment: the writer then commits them in groups.
const AT_ONCE: u32 = 512;
/// They came in over so many days; none of them is overdue yet.
const DAYS: i64 = 26;

const TEXTS: [&str; 4] = ["many.what", "many.erase", "many.whence", "many.moved"];

/// Fills in so many cases, spread over the last weeks.
pub(super) async fn fill(
    office: &Arc<Office>,
    clock: &FixedClock,
    count: u32,
) -> anyhow::Result<()> {
    let now = clock.now();
    let begin = now - TimeDelta::days(DAYS);
    let paths: Vec<String> = office
        .houses()
        .iter()
        .map(|house| house.controller.slug.clone())
        .collect();
    let mut sent = 0;
    while sent < count {
        let share = TimeDelta::days(DAYS) * i32::try_from(sent / AT_ONCE).unwrap_or(i32::MAX)
            / i32::try_from(count.div_ceil(AT_ONCE)).unwrap_or(i32::MAX);
        clock.set(begin + share);
        let mut batch: FuturesUnordered<_> = (0..AT_ONCE.min(count - sent))
            .map(|_| {
                // Nine in ten write to the larger house.
                let path = if below(10) > 0 {
                    paths.first()
                } else {
                    paths.last()
                };
                let (office, path) = (Arc::clone(office), path.cloned().unwrap_or_default());
                tokio::spawn(async move { office.submit(&path, somebody()).await })
            })
            .collect();
        while let Some(done) = batch.next().await {
            done??;
            sent += 1;
        }
    }
    clock.set(now);
    for ledger in office.ledgers() {
        office.chain_wholly(ledger).await?;
    }
    Ok(())
}

fn somebody() -> Submission {
    let rights = [
        Right::Access,
        Right::Access,
        Right::Erasure,
        Right::Rectification,
        Right::MarketingObjection,
    ];
    let number = below(1_000_000);
    Submission {
        form: Token::generate(),
        wish: Wish {
            rights: vec![
                rights
                    .get(below(rights.len()))
                    .copied()
                    .unwrap_or(Right::Access),
            ],
            text: say(one_of(&TEXTS, "many.what")).into(),
            lang: if below(10) == 0 { Lang::En } else { Lang::De },
            on_behalf: OnBehalf::Own,
            name: name().into(),
            data_subject: None,
            email: Some(format!("person{number}-{}@post.example", below(1_000_000)).into()),
            address: Some(
                format!(
                    "Beispielweg {}\n{:05} Musterstadt",
                    1 + below(200),
                    10_000 + below(89_999)
                )
                .into(),
            ),
            hints: Some(format!("Kundennummer {number:06}").into()),
            reply_by: ReplyBy::Portal,
            copy_first: None,
            shared_mailbox: None,
        },
        with_files: false,
        suspicious: false,
    }
}
