//! A connected system, as the office sees it: what it can do, what it found, what was done there and read back.
//!
//! An adapter is stateless: it talks and translates. It compares every hit by [`Identifier::is`] before it lays it
//! down, pages to the end, says what it could not see, and never claims what it has not read back.

mod mishap;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

pub use mishap::Mishap;

pub use crate::domain::source::{
    Asked, Caution, Change, Doubt, Fate, Fault, Field, FileRef, Health, Leftover, LeftoverKind,
    Manner, Nature, Need, Origin, Outcome, Preview, Proposal, Record, RecordRef, Search,
    SideEffect, Tie,
};

use crate::domain::identifier::{Identifier, SearchKey};

/// By whom something is done in a system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Means {
    /// By the adapter.
    Machine,
    /// By a person, who gets a task.
    Hand,
    /// Not at all.
    #[default]
    Not,
}

/// What a configured system can do; what is not configured (a second credential, a permission) is by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Abilities {
    /// Looking for a person.
    pub find: Means,
    /// Copies of files that hang on records.
    pub copy: Means,
    /// Art. 16 GDPR.
    pub rectify: Means,
    /// Art. 17 GDPR, by taking away or by making anonymous.
    pub erase: Means,
    /// Art. 18 GDPR.
    pub restrict: Means,
    /// Art. 21 GDPR: no more advertising.
    pub suppress: Means,
}

/// What a configured system is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Which adapter: `odoo`, `zammad`, `sql`.
    pub adapter: &'static str,
    /// What it can do.
    pub abilities: Abilities,
    /// What it can be searched by.
    pub keys: Vec<SearchKey>,
    /// Copies that it knows it does not reach: backups, logs.
    pub leftovers: Vec<Leftover>,
}

/// A connected system. Each ability is a trait of its own; what is not there is by hand or not at all.
pub trait Source: Send + Sync {
    /// What it is and can.
    fn profile(&self) -> Profile;

    /// Tries whether it is reachable and the rights suffice. Reads nobody's data.
    fn check(&self) -> BoxFuture<'_, Result<Health, Mishap>>;

    /// Looking for a person.
    fn finds(&self) -> Option<&dyn Find> {
        None
    }

    /// Copies of files.
    fn copies(&self) -> Option<&dyn Copies> {
        None
    }

    /// Putting right.
    fn rectifies(&self) -> Option<&dyn Rectify> {
        None
    }

    /// Erasing.
    fn erases(&self) -> Option<&dyn Erase> {
        None
    }

    /// Restricting.
    fn restricts(&self) -> Option<&dyn Restrict> {
        None
    }

    /// No more advertising.
    fn suppresses(&self) -> Option<&dyn Suppress> {
        None
    }
}

/// Where records are laid as they are found: nobody holds all of them at once.
pub trait Basket: Send {
    /// Takes one record; on an error the search ends with it.
    fn lay(&mut self, record: Record) -> BoxFuture<'_, Result<(), Mishap>>;
}

impl Basket for Vec<Record> {
    fn lay(&mut self, record: Record) -> BoxFuture<'_, Result<(), Mishap>> {
        self.push(record);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Looks for a person.
pub trait Find: Send + Sync {
    /// Lays everything into the basket that the system holds on whoever has these identifiers, each record once. What
    /// cannot be searched by any of them is said in [`Search::asked`]: nothing was asked then, and nothing is claimed.
    ///
    /// # Errors
    /// [`Mishap`]: what lies in the basket until then is not all.
    fn find<'a>(
        &'a self,
        wanted: &'a [Identifier],
        basket: &'a mut dyn Basket,
    ) -> BoxFuture<'a, Result<Search, Mishap>>;
}

/// The bytes of a file, piece by piece.
pub type Pieces<'a> = BoxStream<'a, Result<Vec<u8>, Mishap>>;

/// Copies files that hang on records.
pub trait Copies: Send + Sync {
    /// The bytes of one file. A stream that ends without an error is whole.
    fn fetch<'a>(&'a self, record: &'a RecordRef, file: &'a FileRef) -> Pieces<'a>;
}

/// Puts right what is wrong (Art. 16 GDPR).
pub trait Rectify: Send + Sync {
    /// Writes the changes into one record, reads them back, and says what stands there now. Done twice it is done once.
    ///
    /// # Errors
    /// [`Mishap`]; what was written is not known then, and a repeat looks first.
    fn rectify<'a>(
        &'a self,
        record: &'a RecordRef,
        changes: &'a [Change],
    ) -> BoxFuture<'a, Result<Outcome, Mishap>>;
}

/// Erases (Art. 17 GDPR).
pub trait Erase: Send + Sync {
    /// What would go and what would stay. Changes nothing.
    ///
    /// # Errors
    /// [`Mishap`].
    fn preview<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Preview, Mishap>>;

    /// Erases one record and reads back. Done twice it is done once: what is gone already is gone. What goes on by
    /// itself in the other system for a while is [`Fault::UnderWay`]; the repeat looks how far it is.
    ///
    /// # Errors
    /// [`Mishap`]; whether it went is not known then, and a repeat looks first.
    fn erase<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>>;
}

/// Restricts (Art. 18 GDPR).
pub trait Restrict: Send + Sync {
    /// Marks one record as restricted, or lifts the mark, and reads back.
    ///
    /// # Errors
    /// [`Mishap`].
    fn restrict<'a>(
        &'a self,
        record: &'a RecordRef,
        restricted: bool,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>>;
}

/// Ends advertising (Art. 21(3) GDPR).
pub trait Suppress: Send + Sync {
    /// Enters the address into the system's own list of whom nothing is sent to, and reads back. It stays there when
    /// the person is erased.
    ///
    /// # Errors
    /// [`Mishap`].
    fn suppress<'a>(&'a self, wanted: &'a Identifier) -> BoxFuture<'a, Result<Outcome, Mishap>>;
}
