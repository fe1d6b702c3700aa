//! The counter: pages for the person who asks. No cookie, no script, nothing that a GET changes.

pub mod draft;
pub mod fault;

pub mod accessibility;
pub mod answer;
pub mod confirm;
pub mod error;
pub mod gone;
pub mod home;
pub mod privacy;
pub mod request;
pub mod status;

use actix_web::web;

/// The counter's routes.
pub fn configure(_pages: &mut web::ServiceConfig) {}
