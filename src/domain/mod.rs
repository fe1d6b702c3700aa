//! The law and the case: pure functions and values; no I/O, no clock, no randomness.

#![deny(missing_docs)]

pub mod arrival;
pub mod calendar;
pub mod case;
pub mod channels;
pub mod collection;
pub mod controller;
pub mod customer;
pub mod deadline;
pub mod decision;
pub mod delivery;
pub mod dispatch;
pub mod event;
pub mod execution;
pub mod followup;
pub mod forwarding;
pub mod identity;
pub mod ids;
pub mod intake;
pub mod item;
pub mod job;
pub mod judgement;
pub mod lacking;
pub mod lang;
pub mod law;
pub mod look;
pub mod mandate;
pub mod matter;
pub mod misdirection;
pub mod notice;
pub mod obstacle;
pub mod preserve;
pub mod private;
pub mod question;
pub mod register;
pub mod reminder;
pub mod retention;
pub mod right;
pub mod scope;
pub mod stage;
pub mod standing;
pub mod term;
pub mod ties;
pub mod weighing;
