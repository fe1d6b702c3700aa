//! Talks to mail servers: composes a parcel into a message and hands it over by SMTP, and takes what
//! came in out of a mailbox by IMAP.

pub mod archive;
mod compose;
mod imap;
mod mishap;
mod session;
mod settings;
mod smtp;
mod trust;

pub use compose::{Uncomposable, compose};
pub use imap::{After, ImapMailbox, MailboxSettings, MailboxSettingsError};
pub use settings::{Password, Patience, Security, SettingsError, SmtpSettings};
pub use smtp::SmtpPost;
