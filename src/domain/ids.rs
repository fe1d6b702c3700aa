//! The names by which the office's things are told apart.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    };
}

id!(
    /// One controller of the installation (Art. 4(7) GDPR).
    ControllerId
);
id!(
    /// One case: one person and one receipt.
    CaseId
);
id!(
    /// One person who works at the desk.
    ClerkId
);
id!(
    /// One message, in or out, of whatever kind.
    MessageId
);
id!(
    /// One mail as it came in, before it belongs to a case.
    IncomingId
);
id!(
    /// One sealed file.
    FileId
);
id!(
    /// One thing that a system holds on a person.
    FindingId
);
id!(
    /// One thing that comes back on a day.
    FollowUpId
);
id!(
    /// Some words that are written often.
    SnippetId
);
id!(
    /// One entry of the register of systems and recipients.
    SystemId
);
