//! `rechtzeitig healthz`: asks the running server whether it is alive; for the health check of a container.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::settings::Settings;

/// Ask the running server whether it is alive; exit code 0 if it is.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Longer than this nobody alive takes.
const PATIENCE: Duration = Duration::from_secs(4);

/// Runs the verb.
///
/// # Errors
/// If the server cannot be reached or says anything but 200.
pub fn run(config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let address = reachable(Settings::find(config)?.listen());
    let status = ask(address, "/healthz").with_context(|| format!("http://{address}/healthz"))?;
    if status != 200 {
        bail!("http://{address}/healthz answers {status}");
    }
    writeln!(out, "alive")?;
    Ok(ExitCode::SUCCESS)
}

/// Who listens on all addresses is asked on this machine's own.
pub(super) fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The status that a page answers.
fn ask(address: SocketAddr, page: &str) -> anyhow::Result<u16> {
    let mut line = TcpStream::connect_timeout(&address, PATIENCE)?;
    line.set_read_timeout(Some(PATIENCE))?;
    line.set_write_timeout(Some(PATIENCE))?;
    write!(
        line,
        "GET {page} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut head = [0; 12];
    line.read_exact(&mut head)?;
    std::str::from_utf8(&head)
        .ok()
        .and_then(|head| head.strip_prefix("HTTP/1.")?.get(2..)?.parse().ok())
        .context("that is no answer in HTTP")
}
