//! What was made illegible is looked for in every corner of what leaves, and third persons in texts as people write them.

mod documents;
mod figures;
mod mutated;
mod others;
mod paper;
mod pictures;
