//! The acts of the office and the walls around them.

mod examples;
mod finding;
mod walls;
