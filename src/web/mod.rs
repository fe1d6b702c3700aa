//! HTTP: the counter for the public, the desk for the clerks. A page is a pair, `review.rs` and `review.html`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::web as routes;

pub mod account;
pub mod admin;
pub mod assets;
pub mod brand;
pub mod error;
pub mod form;
pub mod gate;
pub mod headers;
pub mod health;
pub mod layout;
pub mod limits;
pub mod office;
pub mod page;
pub mod public;
pub mod server;
pub mod voice;

pub use error::Problem;
pub use form::Posted;
pub use gate::Gate;

/// Where the doors are and who is believed at them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Address and port.
    pub listen: SocketAddr,
    /// Threads that serve requests.
    pub workers: usize,
    /// Proxies whose word about the caller's address is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            workers: 2,
            trusted_proxies: Vec::new(),
        }
    }
}

/// All routes of the house. The counter comes last: its first part of the path is a controller's name.
pub fn configure(pages: &mut routes::ServiceConfig) {
    assets::configure(pages);
    health::configure(pages);
    account::configure(pages);
    admin::configure(pages);
    office::configure(pages);
    public::configure(pages);
}
