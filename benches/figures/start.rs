//! The program as a whole: how soon it is ready, and how much memory it holds then.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failure;
use crate::client::Client;
use crate::table::Table;

const STARTS: usize = 5;

/// Starts the demo over and over.
pub fn measure(table: &mut Table, folder: &Path) -> Result<(), Failure> {
    let folder = folder.join("demo");
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let demo = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rechtzeitig"));
        command
            .arg("demo")
            .arg("--folder")
            .arg(&folder)
            .arg("--listen")
            .arg(address.to_string())
            .args(more);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        command
    };
    let begun = Instant::now();
    ready(demo(&[]).spawn()?, address, begun).and_then(|(mut child, _)| Ok(child.kill()?))?;
    table.note(
        "demo: first start, with filling its folder",
        begun.elapsed().as_secs_f64() * 1e3,
        " ms",
    );

    let (mut soonest, mut slowest, mut most) = (f64::MAX, 0.0_f64, 0.0_f64);
    for _ in 0..STARTS {
        let begun = Instant::now();
        let (mut child, after) = ready(demo(&[]).spawn()?, address, begun)?;
        soonest = soonest.min(after);
        slowest = slowest.max(after);
        std::thread::sleep(Duration::from_secs(2));
        most = most.max(memory(child.id())?);
        child.kill()?;
        child.wait()?;
    }
    table.note(
        "demo: start until /readyz says yes, the quickest of 5",
        soonest,
        " ms",
    );
    table.below("  the slowest", 300.0, slowest, " ms");
    table.below(
        "demo: VmRSS 2 s after that, the largest of 5",
        40.0,
        most,
        " MB",
    );
    Ok(())
}

/// Waits until it says that it is ready; milliseconds since `begun`.
fn ready(
    mut child: Child,
    address: std::net::SocketAddr,
    begun: Instant,
) -> Result<(Child, f64), Failure> {
    let said = child.stdout.take().ok_or("it says nothing")?;
    let mut lines = BufReader::new(said).lines();
    if !lines.any(|line| line.is_ok_and(|line| line.starts_with("listening on "))) {
        child.wait()?;
        return Err("the demo ended at its start".into());
    }
    std::thread::spawn(move || lines.for_each(drop));
    let status = crate::here(async {
        Ok(Client::open(address)
            .await?
            .get("/readyz", "")
            .await?
            .status)
    })?;
    if status != 200 {
        return Err(format!("/readyz says {status}").into());
    }
    Ok((child, begun.elapsed().as_secs_f64() * 1e3))
}

/// VmRSS in megabytes.
pub fn memory(process: u32) -> Result<f64, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .ok_or("no VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}
