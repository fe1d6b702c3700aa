//! Lines to the server that are kept for the next question, a few at once; and what a broken talk means to the office.

use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::super::imap::line::{Line, Way};
use super::super::imap::mishap::{self as talk, Cause, Step};
use crate::ports::source::{Fault, Mishap};

/// Servers count the lines of an account; mail programs want theirs too.
const AT_ONCE: usize = 3;
/// A line that rested for longer is tried before it is used.
const RESTED: Duration = Duration::from_secs(20);

/// The lines of one account.
pub(super) struct Lines {
    way: Way,
    kept: Mutex<Vec<Line>>,
    seats: Semaphore,
}

/// A line in use. It is kept for others only if it is given back: one that was dropped in the middle of an answer is
/// closed with it.
pub(super) struct Held<'a> {
    pub line: Line,
    lines: &'a Lines,
    _seat: SemaphorePermit<'a>,
}

impl Lines {
    pub fn new(way: Way) -> Lines {
        Lines {
            way,
            kept: Mutex::default(),
            seats: Semaphore::new(AT_ONCE),
        }
    }

    /// A line that is signed in.
    pub async fn take(&self) -> Result<Held<'_>, Mishap> {
        let seat = self
            .seats
            .acquire()
            .await
            .map_err(|_| Mishap::new(Fault::Unreachable, "no line"))?;
        let kept = self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        if let Some(mut line) = kept
            && (line.rested() < RESTED || line.greet().await.is_ok())
        {
            return Ok(Held {
                line,
                lines: self,
                _seat: seat,
            });
        }
        let secret = self.way.proof.read().await.map_err(|it| office(&it))?;
        let line = Line::open(&self.way, &secret)
            .await
            .map_err(|it| office(&it))?;
        Ok(Held {
            line,
            lines: self,
            _seat: seat,
        })
    }
}

impl Held<'_> {
    /// Keeps the line for the next question.
    pub fn give_back(self) {
        let Held { line, lines, .. } = self;
        lines
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
    }
}

/// The library that reads the server's answers falls over at a few that no server should give.
pub(super) async fn unharmed<T>(
    talk: impl Future<Output = Result<T, Mishap>>,
) -> Result<T, Mishap> {
    let done = AssertUnwindSafe(talk).catch_unwind().await;
    done.unwrap_or_else(|_| {
        Err(Mishap::new(
            Fault::Unreadable,
            "the server's answer cannot be read",
        ))
    })
}

/// Whether the server said no, and the line can go on.
pub(super) fn is_no(mishap: &talk::Mishap) -> bool {
    matches!(mishap.cause, Cause::No { .. }) && mishap.leaves_the_line_whole()
}

/// What a broken talk is to the office. The server's own words may hold an address: only the step is told.
pub(super) fn office(mishap: &talk::Mishap) -> Mishap {
    let at = match mishap.step {
        Step::Connect => "connect",
        Step::Encrypt => "encrypt",
        Step::LogIn => "log in",
        Step::Open => "open a folder",
        Step::Read => "read",
        Step::Settle => "change",
        Step::Wait => "wait",
        Step::File => "file",
    };
    let fault = match (&mishap.cause, mishap.step) {
        (Cause::Silence, _) => Fault::Slow,
        (Cause::Broken(_), Step::Connect) => Fault::Unreachable,
        (Cause::Broken(_), Step::Encrypt) | (Cause::Certificate(_) | Cause::NotOffered, _) => {
            Fault::Insecure
        }
        (Cause::Broken(_), _) => Fault::HalfAnswer,
        (Cause::No { .. }, Step::LogIn) if mishap.judges_the_proof() => Fault::Unauthorized,
        (Cause::No { .. }, Step::LogIn | Step::Connect) => Fault::Busy,
        (Cause::No { .. }, _) => Fault::Refused,
        (Cause::Garbled("the server sends more than was asked for"), _) => Fault::TooLarge,
        (Cause::Garbled(_), _) => Fault::Unreadable,
        (Cause::NoMechanism(_), _) => Fault::Misconfigured,
        (Cause::Latched | Cause::StaleToken(_) | Cause::NoToken(_), _) => Fault::Unauthorized,
        (Cause::Unchanged, _) => Fault::NotWritten,
        (Cause::Unable(_), _) => Fault::Forbidden,
    };
    Mishap::new(fault, format!("IMAP, {at}"))
}
