//! Understanding mail: from a message to what it asks, by whom, about whom, since when, and what that rests on.

pub mod arrival;
pub mod date;
pub mod message;
pub mod parse;

pub mod alone;
pub mod article;
pub mod asker;
pub mod asking;
pub mod balance;
pub mod body;
pub mod class;
pub mod cues;
pub mod draft;
pub mod evidence;
pub mod fold;
pub mod follow;
pub mod form;
pub mod heads;
pub mod headwords;
pub mod heard;
pub mod judge;
pub mod layers;
pub mod letter;
pub mod lexicon;
pub mod machine;
pub mod mailbox;
pub mod mark;
pub mod naming;
pub mod offices;
pub mod pattern;
pub mod people;
pub mod person;
pub mod phrasebook;
pub mod prefix;
pub mod principal;
pub mod prose;
pub mod redacted;
pub mod reference;
pub mod settled;
pub mod sign;
pub mod signature;
pub mod told;
pub mod tongue;
pub mod verdict;
pub mod wording;
pub mod written;

#[cfg(test)]
mod tests;
