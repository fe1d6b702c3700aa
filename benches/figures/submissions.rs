//! Durable submissions: validated, sealed, indexed, ledgered, with their letters in the outbox.

use std::path::Path;
use std::sync::Arc;

use rechtzeitig::casework::Office;

use crate::bare;
use crate::crowd;
use crate::equipment::Equipment;
use crate::people;
use crate::table::Table;
use crate::threads;
use crate::{Extent, Failure};

const CALLERS: usize = 16;

/// Measures the office's own act, and the same rows written bare.
pub fn measure(table: &mut Table, extent: &Extent, folder: &Path) -> Result<(), Failure> {
    let equipment = Equipment::new();
    let (before, ours, bare) = (folder.join("before"), folder.join("ours"), folder.join("bare"));
    for each in [&before, &ours, &bare] {
        std::fs::create_dir_all(each)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("office")
        .enable_all()
        .build()?;
    let stored = extent.cases;
    println!("filling {stored} cases …");
    runtime.block_on(async {
        let office = Arc::new(equipment.office(&before).await?);
        let filled = submit(&office, 64, 0, stored).await?;
        println!("filled at {:.0} a second", filled.rate());
        while office.chain().await? > 0 {}
        Ok::<_, Failure>(())
    })?;
    for to in [&ours, &bare] {
        std::fs::copy(before.join("rechtzeitig.db"), to.join("rechtzeitig.db"))?;
    }
    println!("database {:.0} MB", std::fs::metadata(before.join("rechtzeitig.db"))?.len() as f64 / 1e6);
    let (fared, spent, commits) = runtime.block_on(async {
        let office = Arc::new(equipment.office(&ours).await?);
        submit(&office, CALLERS, stored, extent.submissions / 10).await?;
        let (first, groups) = (stored + extent.submissions / 10, office.store.commits());
        let spent = threads::cost();
        let fared = submit(&office, CALLERS, first, extent.submissions).await?;
        Ok::<_, Failure>((fared, threads::between(&spent, &threads::cost()), office.store.commits() - groups))
    })?;
    let count = fared.waits.len() as f64;
    let group = count / commits.max(1) as f64;
    println!("submissions by 16 callers: {:.0}/s, p50 {:.2} ms, p99 {:.2} ms, max {:.1} ms, group {group:.1}",
        fared.rate(), fared.wait(0.5), fared.wait(0.99), fared.wait(1.0));
    for (name, spent) in spent {
        println!("  {name}: {:.0} us per submission", spent / count);
    }
    let left = bare::read_back(&ours.join("rechtzeitig.db"), i64::try_from(extent.submissions)?)?;
    let (rows, bytes) = bare::extent(&left);
    println!("rows {rows:.1}, sealed bytes {bytes:.0}");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
    let bare = bare::write(&bare.join("rechtzeitig.db"), &left, group.round() as usize)?;
    println!("bare: {bare:.0}/s in groups of {group:.0}");
    table.at_least("submissions a second, office alone", 1500.0, fared.rate(), "");
    table.at_least("  as a share of the bare rate", 0.5, fared.rate() / bare, "");
    table.below("  p99", 25.0, fared.wait(0.99), " ms");
    table.note("  mean group", group, "");
    table.note("bare rows of a submission a second", bare, "");
    Ok(())
}

async fn submit(office: &Arc<Office>, callers: usize, from: u64, count: u64) -> Result<crowd::Fared, Failure> {
    crowd::call(callers, from, count, || {
        let office = Arc::clone(office);
        move |number| {
            let office = Arc::clone(&office);
            async move {
                office.submit("kontor", people::form(number)).await?;
                Ok(())
            }
        }
    })
    .await
}
