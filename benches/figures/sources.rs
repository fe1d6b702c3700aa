//! A case that collects itself, beside systems that hang and fail; a thousand cases at once; and ten thousand findings
//! on the clerk's page.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use rechtzeitig::casework::Office;
use rechtzeitig::casework::register::RegisterFile;
use rechtzeitig::domain::identity::{Finding, Method};
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::scope::{Actor, Role, Scope};
use rechtzeitig::jobs::sources::keep_asking;
use tokio::sync::watch;

use crate::crowd::Fared;
use crate::equipment::{SLUG, install, office, open};
use crate::start::memory;
use crate::systems::{self, Mood, OFTEN, Systems};
use crate::table::Table;
use crate::{Failure, desk, people};

/// The slowest of those that answer.
const SLOWEST: Duration = Duration::from_millis(500);
/// So many systems a case is spread over.
const AROUND: usize = 12;
/// So many systems all cases ask.
const SHARED: usize = 10;
/// What each of them bears in a minute.
const PER_MINUTE: u32 = 1_200;
/// What comes no further for so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures all three.
pub fn measure(table: &mut Table, folder: &Path, cases: u64) -> Result<(), Failure> {
    println!("a case over {AROUND} systems …");
    crate::here(beside(table, &folder.join("beside")))?;
    println!("{cases} cases over {SHARED} systems …");
    crate::here(crowded(table, &folder.join("crowded"), cases))?;
    println!("{OFTEN} findings …");
    crate::here(page(table, &folder.join("findings")))
}

/// Clerk and house of an office that is connected to so many systems.
async fn furnish(office: &Office, count: usize) -> Result<Scope, Failure> {
    let house = office.first_house().ok_or("no controller")?.controller.id;
    let register = RegisterFile::read(&systems::register(count))?;
    office
        .import_register(&Scope::of_house(house), house, register)
        .await?;
    let roles = [(house, Role::Decider)];
    let (id, _) = office
        .take_on(&Actor::house(), "Ida Amt", "ida@kontor.example", &roles)
        .await?;
    let known = office.colleagues().await?;
    let ida = known.into_iter().find(|it| it.id == id).ok_or("no clerk")?;
    Ok(Scope::of_clerk(id, ida.actor, roles.to_vec()))
}

/// A request of this person, by the form; the clerk finds that it is she, and the search begins.
async fn begin(office: &Office, ida: &Scope, number: u64) -> Result<CaseId, Failure> {
    let case = office.submit(SLUG, people::form(number)).await?.case;
    let (_, seen) = office.open(ida, case).await?;
    let finding = Finding {
        doubt: "Das Formular nennt keine Nummer".to_owned(),
        ..Finding::sufficient(Method::SignedLetter)
    };
    office.weigh_identity(ida, case, seen, finding).await?;
    Ok(case)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// So many searches stand like this.
async fn runs(office: &Office, state: &'static str) -> Result<u64, Failure> {
    let counted = office
        .store
        .read(move |conn| {
            let text = format!("SELECT count(*) AS count FROM source_run WHERE state = '{state}'");
            Ok(sql_query(text).get_result::<Count>(conn)?)
        })
        .await?;
    Ok(u64::try_from(counted.count)?)
}

/// Waits until so many searches are done, and says after how long since `begun`.
async fn done(office: &Office, wanted: u64, begun: Instant) -> Result<Duration, Failure> {
    let (mut before, mut moved) = (0, Instant::now());
    loop {
        let now = runs(office, "done").await?;
        if now >= wanted {
            return Ok(begun.elapsed());
        }
        if now != before {
            (before, moved) = (now, Instant::now());
        }
        if moved.elapsed() > PATIENCE {
            return Err(format!("{now} of {wanted} searches are done, and no more come").into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn beside(table: &mut Table, folder: &Path) -> Result<(), Failure> {
    let mut moods: Vec<Mood> = (0..AROUND - 3)
        .map(|at| Mood::Healthy(Duration::from_millis(40 * at as u64)))
        .collect();
    moods.extend([Mood::Healthy(SLOWEST), Mood::Hangs, Mood::Fails]);
    let systems = Systems::open(moods, None)?;
    install(folder)?;
    systems::connect(folder, systems.address, AROUND, None)?;
    let (office, _) = office(folder).await?;
    let ida = furnish(&office, AROUND).await?;
    let (end, ended) = watch::channel(false);
    let (mut slowest, mut last) = (Duration::ZERO, None);
    let asking = {
        let office = Arc::clone(&office);
        tokio::spawn(async move { keep_asking(&office, ended).await })
    };
    for number in 0..5 {
        let healthy = (AROUND as u64 - 2) * (number + 1);
        let case = begin(&office, &ida, number).await?;
        let took = done(&office, healthy, Instant::now()).await?;
        // The first also looks for the canary: an answer more.
        if number > 0 {
            slowest = slowest.max(took);
        }
        last = Some(case);
    }
    let (case, _) = office.open(&ida, last.ok_or("no case")?).await?;
    let stand = office.progress(&ida, &case).await?;
    let of = |name: &str| stand.iter().find(|it| it.run.source() == name);
    let hanging = of(&format!("s{}", AROUND - 2)).ok_or("the hanging one is not shown")?;
    let failing = of(&format!("s{}", AROUND - 1)).ok_or("the failing one is not shown")?;
    println!(
        "  the hanging one is {:?}, the failing one {:?} after {:?}",
        hanging.run.state()?,
        failing.run.state()?,
        failing.run.fault()
    );
    end.send(true)?;
    asking.await?;
    systems.close().await;
    table.at_most(
        "a case over 12 systems, one hangs, one fails: all healthy results after the slowest's time, the slowest of 4",
        100.0,
        slowest.saturating_sub(SLOWEST).as_secs_f64() * 1e3,
        " ms",
    );
    Ok(())
}

/// The server, ended when it is let go.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

async fn crowded(table: &mut Table, folder: &Path, cases: u64) -> Result<(), Failure> {
    let moods = vec![Mood::Healthy(Duration::from_millis(20)); SHARED];
    let systems = Systems::open(moods, None)?;
    install(folder)?;
    systems::connect(folder, systems.address, SHARED, Some(PER_MINUTE))?;
    let (office, settings) = office(folder).await?;
    let ida = furnish(&office, SHARED).await?;
    let house = office.first_house().ok_or("no controller")?.controller.id;
    office.pause_source(&ida, house, "").await?;
    for number in 0..cases {
        begin(&office, &ida, number).await?;
    }
    let server = Server(
        Command::new(env!("CARGO_BIN_EXE_rechtzeitig"))
            .arg("--config")
            .arg(folder.join("rechtzeitig.toml"))
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?,
    );
    let address = settings.listen();
    while std::net::TcpStream::connect(address).is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let process = server.0.id();
    let (tell, told) = std::sync::mpsc::channel::<()>();
    let watched = std::thread::spawn(move || {
        let mut most = 0.0_f64;
        while told.recv_timeout(Duration::from_millis(100)).is_err() {
            match memory(process) {
                Ok(now) => most = most.max(now),
                Err(_) => break,
            }
        }
        most
    });
    let begun = Instant::now();
    office.resume_source(&ida, house, "").await?;
    let took = done(&office, cases * SHARED as u64, begun).await?;
    tell.send(())?;
    let most = watched.join().map_err(|_| "nobody watched the memory")?;
    let allowed = cases as f64 * 60.0 / f64::from(PER_MINUTE);
    table.at_most(
        &format!("{cases} cases over {SHARED} systems at once, as a multiple of what {PER_MINUTE} calls a minute allow"),
        1.2,
        took.as_secs_f64() / allowed,
        "",
    );
    table.note(
        "  calls a case and system",
        systems.served() as f64 / (cases as f64 * SHARED as f64),
        "",
    );
    table.below("  the most memory meanwhile (VmRSS)", 150.0, most, " MB");
    drop(server);
    systems.close().await;
    Ok(())
}

async fn page(table: &mut Table, folder: &Path) -> Result<(), Failure> {
    let (_, often) = people::person(7);
    let systems = Systems::open(vec![Mood::Healthy(Duration::ZERO)], Some(often))?;
    install(folder)?;
    systems::connect(folder, systems.address, 1, None)?;
    let doors = open(folder)?;
    let ida = furnish(&doors.office, 1).await?;
    let (end, ended) = watch::channel(false);
    let asking = {
        let office = Arc::clone(&doors.office);
        tokio::spawn(async move { keep_asking(&office, ended).await })
    };
    let begun = Instant::now();
    let case = begin(&doors.office, &ida, 7).await?;
    let took = done(&doors.office, 1, begun).await?;
    end.send(true)?;
    asking.await?;
    table.note(
        "findings laid down a second, of one system",
        OFTEN as f64 / took.as_secs_f64(),
        "",
    );
    let cookie = desk::cookie(&doors, "jo@kontor.example").await?;
    let heaps = doors.office.heaps(&ida, case).await?;
    let heap = heaps.first().ok_or("nothing was found")?;
    let list = format!(
        "/desk/cases/{case}/findings?system={}&category={}",
        heap.system, heap.category
    );
    let overview = format!("/desk/cases/{case}/findings");
    for (name, path) in [("the heaps", overview), ("a list of a heap", list)] {
        desk::ask(&doors, &path, &cookie, 50, 1).await?;
        let fared: Fared = desk::ask(&doors, &path, &cookie, 500, 1).await?;
        table.below(
            &format!("{OFTEN} findings, {name}: p99"),
            50.0,
            fared.wait(0.99),
            " ms",
        );
        table.note("  p50", fared.wait(0.5), " ms");
    }
    doors.close().await?;
    systems.close().await;
    Ok(())
}
