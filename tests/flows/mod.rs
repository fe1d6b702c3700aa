//! Stories, from the form to the answer, told in acts of the office.

mod access;
mod answers;
mod clock;
mod companies;
mod confirmation;
mod conversation;
mod dossier;
mod erasure;
mod followups;
mod forwarded;
mod identity;
mod letter;
mod letters_in;
mod misdelivery;
mod persons;
mod post;
mod preserve;
mod queue;
mod refusal;
mod reminders;
mod retention;
mod returned;
mod same_person;
mod sign_in;
mod together;
mod weighing;
