//! Talks SMTP: composes a parcel into a message and hands it to the next server.

mod compose;
mod mishap;
mod session;
mod settings;
mod smtp;

pub use compose::{Uncomposable, compose};
pub use settings::{Password, Patience, Security, SettingsError, SmtpSettings};
pub use smtp::SmtpPost;
