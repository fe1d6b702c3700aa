//! The acts of the office and the walls around them.

mod finding;
mod walls;
