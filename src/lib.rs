//! Rechtzeitig: requests of data subjects, from arrival to answer, in time and provably.
//!
//! The rooms stand in the order of their floors, the ground floor first; imports only fall.

/// The law and the case: pure functions and values.
pub mod domain;
/// The log an outsider can check: Merkle tree, signed checkpoints, verification.
pub mod ledger;
/// Envelope encryption: a key per case, sealed files, blind index, shredding.
pub mod seal;
/// Code term and the law's German term.
pub mod words;

/// What lies outside the program: post, clock, anchor.
pub mod ports;
/// Takes messages apart and says what they ask, by whom, since when, and what that rests on.
pub mod reading;
/// diesel on both databases; one file per table family.
pub mod storage;

/// Talks to connected systems and translates what they say.
pub mod adapters;
/// Asks ClamAV whether a file does harm.
pub mod clamav;
/// Prints what leaves the house: letters, mails, PDF.
pub mod letters;
/// Talks to mail servers: SMTP and IMAP.
pub mod mail;
/// Makes black what belongs to others: in texts, tables, mails, pages and pictures.
pub mod redaction;

/// The office's acts; the desk is the only way to change a case.
pub mod casework;

/// Claims due jobs, runs them, and says what recurs.
pub mod jobs;
/// HTTP: the counter for the public, the desk for the clerks.
pub mod web;

/// Reads the configuration file, the environment and the secret files.
pub mod settings;

/// Builds every room once and hands it down.
pub mod app;

/// The verbs of the command line.
pub mod cli;
