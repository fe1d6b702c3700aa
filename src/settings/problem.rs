//! What is wrong with a configuration: which file, which key, and what helps.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The key, such as `server.listen`.
    pub key: String,
    /// What is wrong with it.
    pub what: String,
    /// What helps.
    pub remedy: String,
}

impl Problem {
    /// A problem of this key.
    pub fn of(
        key: impl Into<String>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Problem {
        Problem {
            key: key.into(),
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.key, self.what, self.remedy)
    }
}

/// Why there is no configuration to work with.
#[derive(Debug)]
pub enum SettingsError {
    /// No file was named and none lies at the usual places.
    Nowhere,
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It is no TOML, holds an unknown key, or a value of the wrong kind.
    Form {
        /// The file.
        path: PathBuf,
        /// Where and what.
        said: String,
    },
    /// It can be read, but cannot be worked with.
    Wrong {
        /// The file.
        path: PathBuf,
        /// Everything that was found.
        problems: Vec<Problem>,
    },
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingsError::Nowhere => write!(
                f,
                "no configuration: neither {} exists; name one with --config FILE, \
                 write a new one with `rechtzeitig init`, or look around with `rechtzeitig demo`",
                super::USUAL_PLACES.join(" nor ")
            ),
            SettingsError::Unreadable { path, error } => write!(
                f,
                "{}: {error}; name another file with --config FILE, or write one with `rechtzeitig init`",
                path.display()
            ),
            SettingsError::Form { path, said } => write!(
                f,
                "{}: {}\nEvery key is explained in docs/configuration.md",
                path.display(),
                said.trim_end()
            ),
            SettingsError::Wrong { path, problems } => {
                write!(f, "{}: {} to put right", path.display(), problems.len())?;
                for problem in problems {
                    write!(f, "\n  {problem}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for SettingsError {}
