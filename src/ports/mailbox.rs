//! The letter box: mail that came in for a controller, taken out in portions and settled once it is kept.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::Trouble;

/// How far a mailbox was read. The default, two zeroes, stands before the very first reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stand {
    /// The numbering that the server uses (UIDVALIDITY). Another one means that all numbers are
    /// forgotten, as after a restore: what is read then may have been read before.
    pub validity: u32,
    /// The first number that was not yet taken (UID).
    pub next: u32,
}

/// One message as the server keeps it. With account and folder, `validity` and `uid` name it for ever.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The numbering in which `uid` counts.
    pub validity: u32,
    /// The number of the message.
    pub uid: u32,
    /// When the server took the message in (INTERNALDATE): the day of receipt, whatever `Date` says.
    pub arrived: DateTime<Utc>,
    /// The size of the whole message in bytes, as the server counts.
    pub size: u64,
    /// The message as received, or its head only: see `whole`.
    pub raw: Vec<u8>,
    /// Whether `raw` is all of it. A message above the limit, or one that the server again and again
    /// fails to give, comes with its head only or with nothing, so that a person hears of it and
    /// looks for herself.
    pub whole: bool,
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetched")
            .field("validity", &self.validity)
            .field("uid", &self.uid)
            .field("arrived", &self.arrived)
            .field("size", &self.size)
            .field("whole", &self.whole)
            .finish_non_exhaustive()
    }
}

/// What one reading brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Portion {
    /// Where the mailbox stands when these messages are kept. It moves on over messages that are
    /// not for us (too old, gone meanwhile), so it counts even if `messages` is empty.
    pub stand: Stand,
    /// In the order of their numbers.
    pub messages: Vec<Fetched>,
    /// Whether more waits already.
    pub more: bool,
}

/// A folder of a mail account in which requests come in.
pub trait Mailbox: Send + Sync {
    /// As configured; no personal data.
    fn name(&self) -> &str;

    /// Takes what has come since `stand`: at most 64 messages and about 16 MB of them. Marks
    /// nothing as read and moves nothing, so a portion that could not be kept comes again.
    ///
    /// # Errors
    /// [`Trouble::Later`] if the line broke or the server is busy; [`Trouble::Never`] if trying
    /// again changes nothing and may lock the account, as with a wrong password.
    fn fetch<'a>(&'a self, stand: Stand) -> BoxFuture<'a, Result<Portion, Trouble>>;

    /// Does with messages that are kept what the configuration says: nothing, a mark, or a move to
    /// another folder. May be repeated: messages that are gone are settled.
    ///
    /// # Errors
    /// As [`Mailbox::fetch`]; also if the server said yes and did nothing.
    fn settle<'a>(&'a self, validity: u32, uids: &'a [u32]) -> BoxFuture<'a, Result<(), Trouble>>;

    /// Waits until something may have come, or the time is over; [`Mailbox::fetch`] tells which.
    ///
    /// # Errors
    /// As [`Mailbox::fetch`].
    fn wait<'a>(&'a self, at_most: Duration) -> BoxFuture<'a, Result<(), Trouble>>;

    /// Files a copy of a letter that left, unless one with its `Message-ID` (angle brackets
    /// included) lies there already. Does nothing where no folder for copies is configured.
    ///
    /// # Errors
    /// As [`Mailbox::fetch`].
    fn file_copy<'a>(
        &'a self,
        message_id: &'a str,
        raw: &'a [u8],
    ) -> BoxFuture<'a, Result<(), Trouble>>;
}
