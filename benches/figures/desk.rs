//! The clerk's pages, through the doors with a session: the first page of the queue, and a name.

use std::path::Path;

use rechtzeitig::casework::clerks::Introduction;
use rechtzeitig::domain::scope::{Actor, Role};

use crate::client::Client;
use crate::crowd::{self, Fared};
use crate::table::Table;
use crate::{Extent, Failure, equipment, people, submissions};

const REQUESTS: u64 = 1_000;
const WARM: u64 = 200;

/// Measures with few cases and with many.
pub fn measure(
    table: &mut Table,
    extent: &Extent,
    stored: &Path,
    folder: &Path,
) -> Result<(), Failure> {
    let few = folder.join("few");
    crate::here(submissions::fill(&few, 1_000))?;
    println!("the desk with 1,000 cases …");
    let small = look(&few)?;
    println!("the desk with {} cases …", extent.cases);
    let many = folder.join("many");
    equipment::copy(stored, &many)?;
    let large = look(&many)?;
    for ((name, small), (_, large)) in small.iter().zip(&large) {
        table.note(&format!("{name}, 1,000 cases: p50"), small.wait(0.5), " ms");
        table.below("  p99", 15.0, small.wait(0.99), " ms");
        table.note(
            &format!("{name}, {} cases: p50", extent.cases),
            large.wait(0.5),
            " ms",
        );
        table.below("  p99", 15.0, large.wait(0.99), " ms");
        table.at_most(
            "  p50 as a multiple of that at 1,000",
            1.5,
            large.wait(0.5) / small.wait(0.5),
            "",
        );
    }
    Ok(())
}

fn look(folder: &Path) -> Result<Vec<(&'static str, Fared)>, Failure> {
    crate::here(async {
        let doors = equipment::open(folder)?;
        let cookie = cookie(&doors, "ida@kontor.example").await?;
        let search = format!("/desk?q={}", people::FREQUENT);
        let mut fared = Vec::new();
        for (name, path) in [
            ("queue, first page", "/desk"),
            ("search of a name of 1 in 100", search.as_str()),
        ] {
            ask(&doors, path, &cookie, WARM, 10).await?;
            fared.push((name, ask(&doors, path, &cookie, REQUESTS, 10).await?));
        }
        doors.close().await?;
        Ok(fared)
    })
}

/// The session of a new clerk.
pub async fn cookie(doors: &equipment::Doors, email: &str) -> Result<String, Failure> {
    let house = doors
        .office
        .first_house()
        .ok_or("no controller")?
        .controller
        .id;
    let (_, link) = doors
        .office
        .take_on(&Actor::house(), "Ida Amt", email, &[(house, Role::Handler)])
        .await?;
    let given = Introduction {
        name: String::new(),
        email: String::new(),
        password: "lang genug für hier".to_owned(),
        code: String::new(),
    };
    let session = doors.office.introduce(&link, given).await?;
    Ok(format!("desk={}", session.text()))
}

/// Asks for a page over and over; it must have at least so many links to cases.
pub async fn ask(
    doors: &equipment::Doors,
    path: &str,
    cookie: &str,
    count: u64,
    links: usize,
) -> Result<Fared, Failure> {
    let address = doors.address;
    crowd::call(1, 0, count, || {
        let (mut line, path, cookie) = (None, path.to_owned(), cookie.to_owned());
        async move |_| {
            let client = match &mut line {
                Some(client) => client,
                none => none.insert(Client::open(address).await?),
            };
            let answer = client.get(&path, &cookie).await?;
            let lines = String::from_utf8_lossy(&answer.body)
                .matches("/desk/cases/")
                .count();
            match (answer.status, lines) {
                (200, found) if found >= links => Ok(()),
                (status, lines) => {
                    Err(format!("{path}: status {status}, {lines} links to cases").into())
                }
            }
        }
    })
    .await
}
