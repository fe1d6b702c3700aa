//! The world failed: is it worth another try, or does a person have to look?

/// Why something outside the program did not happen. It decides whether the job is repeated.
///
/// `why` is shown to clerks and written to the log; it holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// A repeat may succeed: the other side is away, busy, or wrongly configured.
    #[error("not now: {why}")]
    Later {
        /// What went wrong, in one line, without personal data.
        why: String,
    },
    /// A repeat of the very same thing fails again: it belongs into a person's inbox.
    #[error("not at all: {why}")]
    Never {
        /// What went wrong, in one line, without personal data.
        why: String,
    },
}

impl Trouble {
    /// Trouble that a repeat may heal.
    pub fn later(why: impl Into<String>) -> Self {
        Self::Later { why: why.into() }
    }

    /// Trouble that no repeat heals.
    pub fn never(why: impl Into<String>) -> Self {
        Self::Never { why: why.into() }
    }

    /// What went wrong, in one line, without personal data.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Self::Later { why } | Self::Never { why } => why,
        }
    }

    /// Whether the same thing is worth another try.
    #[must_use]
    pub fn may_heal(&self) -> bool {
        matches!(self, Self::Later { .. })
    }
}
