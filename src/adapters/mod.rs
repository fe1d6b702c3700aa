//! Talks to connected systems: each adapter speaks one language and translates it; nothing is kept here.

pub mod carddav;
pub mod declared;
pub mod derived;
pub mod files;
pub mod frappe;
pub mod http;
pub mod mautic;
pub mod odoo;
pub mod pace;
pub mod s3;
pub mod secret;
pub mod spelling;
pub mod sql;
pub mod zammad;

use std::sync::Arc;
use std::time::Duration;

use pace::Pace;

/// What every adapter is held to, whatever it talks to.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long one answer may take.
    pub patience: Duration,
    /// Bytes of one answer that is taken into memory as a whole.
    pub largest: u64,
    /// Bytes of one file that is copied.
    pub largest_file: u64,
    /// The line in which all calls to this system stand.
    pub pace: Arc<Pace>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            patience: Duration::from_secs(60),
            largest: 32 * 1024 * 1024,
            largest_file: 1024 * 1024 * 1024,
            pace: Arc::new(Pace::per_minute(None)),
        }
    }
}
