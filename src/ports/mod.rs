//! What lies outside the program, as the office sees it: the post, the mailbox, the scanner, connected
//! systems, the clock, the anchor.

pub mod anchor;
pub mod clock;
pub mod mailbox;
pub mod post;
pub mod scanner;
pub mod source;
pub mod trouble;

pub use anchor::{Anchor, FileAnchor};
pub use clock::{Clock, FixedClock, SystemClock};
pub use mailbox::{Fetched, Mailbox, Portion, Stand};
pub use post::{Accepted, Address, Attachment, Defect, Parcel, Post, message_id};
pub use trouble::Trouble;
