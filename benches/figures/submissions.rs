//! Durable submissions: validated, sealed, indexed, ledgered, with their letters in the outbox; first the
//! office's act alone, then through the doors, then the very same rows written bare.

use std::path::Path;
use std::sync::Arc;

use rechtzeitig::casework::Office;

use crate::client::Client;
use crate::crowd::{self, Fared};
use crate::table::Table;
use crate::{Extent, Failure};
use crate::{bare, equipment, people, threads};

const CALLERS: usize = 16;

/// Fills a folder with this many cases.
pub async fn fill(folder: &Path, cases: u64) -> Result<(), Failure> {
    equipment::install(folder)?;
    let (office, _) = equipment::office(folder).await?;
    let filled = submit(&office, 64, 0, cases).await?;
    while office.chain().await? > 0 {}
    println!("  filled {cases} cases at {:.0} a second", filled.rate());
    Ok(())
}

/// Measures.
pub fn measure(
    table: &mut Table,
    extent: &Extent,
    stored: &Path,
    folder: &Path,
) -> Result<(), Failure> {
    let (alone, doors, bare_folder) = (
        folder.join("alone"),
        folder.join("doors"),
        folder.join("bare"),
    );
    for to in [&alone, &doors, &bare_folder] {
        equipment::copy(stored, to)?;
    }
    let (warm, count) = (extent.submissions / 10, extent.submissions);
    let first = extent.cases + warm;

    println!("submissions, the office alone …");
    let (fared, group) = crate::here(async {
        let (office, _) = equipment::office(&alone).await?;
        submit(&office, CALLERS, extent.cases, warm).await?;
        let commits = office.store.commits();
        let fared = submit(&office, CALLERS, first, count).await?;
        Ok::<_, Failure>((fared, per_commit(count, office.store.commits() - commits)))
    })?;
    table.note(
        "submissions a second, office alone, 16 callers",
        fared.rate(),
        "",
    );
    table.note("  p99", fared.wait(0.99), " ms");
    table.note("  submissions in a commit", group, "");

    println!("submissions through the doors …");
    let (fared, group, spent) = crate::here(async {
        let doors = equipment::open(&doors)?;
        post(&doors, extent.cases, warm).await?;
        let (commits, before) = (doors.office.store.commits(), threads::cost());
        let fared = post(&doors, first, count).await?;
        let spent = threads::between(&before, &threads::cost());
        let group = per_commit(count, doors.office.store.commits() - commits);
        doors.close().await?;
        Ok::<_, Failure>((fared, group, spent))
    })?;

    println!("the same rows, bare …");
    let left = bare::read_back(&doors.join("rechtzeitig.db"), i64::try_from(count)?)?;
    let (rows, bytes) = bare::extent(&left);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small number"
    )]
    let size = group.round() as usize;
    let bare = bare::write(&bare_folder.join("rechtzeitig.db"), &left, size)?;

    table.at_least(
        "durable submissions a second, 16 connections",
        1500.0,
        fared.rate(),
        "",
    );
    table.at_least(
        "  as a share of the same rows written bare",
        0.5,
        fared.rate() / bare,
        "",
    );
    table.note("  the same rows, ready sealed, bare: a second", bare, "");
    table.note("  p50", fared.wait(0.5), " ms");
    table.below("  p99", 25.0, fared.wait(0.99), " ms");
    table.note("  the slowest", fared.wait(1.0), " ms");
    table.note("  submissions in a commit, in the mean", group, "");
    table.note("  rows of a submission, search tokens among them", rows, "");
    table.note("  sealed bytes of a submission", bytes, "");
    for (name, spent) in spent {
        if spent / count as f64 >= 0.5 {
            table.note(
                &format!("  CPU of a submission, threads {name}"),
                spent / count as f64,
                " us",
            );
        }
    }
    Ok(())
}

fn per_commit(count: u64, commits: u64) -> f64 {
    count as f64 / commits.max(1) as f64
}

async fn submit(
    office: &Arc<Office>,
    callers: usize,
    from: u64,
    count: u64,
) -> Result<Fared, Failure> {
    crowd::call(callers, from, count, || {
        let office = Arc::clone(office);
        async move |number| {
            office.submit(equipment::SLUG, people::form(number)).await?;
            Ok(())
        }
    })
    .await
}

/// Posts forms whose keys were handed out before, as to people who have typed for a while.
async fn post(doors: &equipment::Doors, from: u64, count: u64) -> Result<Fared, Failure> {
    let controller = doors
        .office
        .first_house()
        .ok_or("no controller")?
        .controller
        .id;
    let keys: Arc<Vec<String>> = Arc::new(
        (0..count)
            .map(|_| doors.office.form_key(controller))
            .collect(),
    );
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    let address = doors.address;
    crowd::call(CALLERS, from, count, || {
        let (keys, mut line) = (Arc::clone(&keys), None);
        async move |number: u64| {
            let client = match &mut line {
                Some(client) => client,
                none => none.insert(Client::open(address).await?),
            };
            let key = keys.get(usize::try_from(number - from)?).ok_or("no key")?;
            let (name, email) = people::person(number);
            let words = people::words(number);
            // Each person from an address of her own, as the proxy tells it; the limits are on.
            let asker = format!(
                "10.{}.{}.{}",
                number >> 16 & 255,
                number >> 8 & 255,
                number & 255
            );
            let fields = [
                ("step", "check"),
                ("form_key", key.as_str()),
                ("wish", "15"),
                ("wish", "17"),
                ("words", words.as_str()),
                ("order", "copy"),
                ("whom", "own"),
                ("name", name.as_str()),
                ("other_name", ""),
                ("reply", "portal"),
                ("email", email.as_str()),
                ("address", ""),
                ("also", ""),
                ("homepage", ""),
            ];
            let answer = client
                .post(
                    &format!("/{}/request", equipment::SLUG),
                    &asker,
                    "",
                    &fields,
                )
                .await?;
            match answer.status {
                303 => Ok(()),
                other => Err(format!("{other}: {}", String::from_utf8_lossy(&answer.body)).into()),
            }
        }
    })
    .await
}
