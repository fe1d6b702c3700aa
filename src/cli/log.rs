//! What the program writes about itself while it runs: to standard error, as text or as JSON.

use std::io::{self, IsTerminal};

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

use crate::settings::Log;

/// Begins to write the log, to standard error. A second call changes nothing.
pub(super) fn begin(settings: &Log) {
    // The filter was tried when the settings were read.
    let filter = settings
        .filter
        .parse()
        .unwrap_or_else(|_| Targets::new().with_default(Level::INFO));
    let lines = fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    let lines = if settings.json {
        lines.json().boxed()
    } else {
        lines.boxed()
    };
    let _ = registry().with(lines.with_filter(filter)).try_init();
}
