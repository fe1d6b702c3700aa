//! What MySQL and MariaDB say when they do not do as asked: numbers and names of the schema, never their words.

use std::time::Duration;

use mysql_async::{DriverError, Error, IoError};
use tokio::time::timeout;

use crate::adapters::sql::line::slow;
use crate::ports::source::{Fault, Mishap};

/// Waits for an answer, and not for ever.
pub async fn within<T>(
    patience: Duration,
    asked: impl Future<Output = Result<T, Error>>,
) -> Result<T, Mishap> {
    let patience = patience.saturating_add(Duration::from_secs(1));
    timeout(patience, asked)
        .await
        .map_err(|_| slow())?
        .map_err(|error| failed(&error))
}

/// What the server says in words holds values of rows: its number is told.
pub fn failed(error: &Error) -> Mishap {
    match error {
        Error::Server(server) => {
            let fault = meaning(server.code);
            let mut detail = format!("error {}, sqlstate {}", server.code, server.state);
            if let Some(name) = constraint(&server.message) {
                detail.push_str(&format!(", constraint {name}"));
            }
            Mishap::new(fault, detail)
        }
        Error::Io(IoError::Tls(_)) => Mishap::new(Fault::Insecure, "the line cannot be protected"),
        Error::Io(IoError::Io(error)) => match error.kind() {
            std::io::ErrorKind::TimedOut => slow(),
            std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::ConnectionReset => {
                Mishap::new(Fault::HalfAnswer, "the line broke")
            }
            // A certificate that is not trusted comes as an error of the line.
            std::io::ErrorKind::InvalidData => {
                Mishap::new(Fault::Insecure, "the line cannot be protected")
            }
            _ => Mishap::new(Fault::Unreachable, "no line"),
        },
        Error::Driver(DriverError::ConnectionClosed) => {
            Mishap::new(Fault::HalfAnswer, "the line broke")
        }
        Error::Driver(DriverError::NoClientSslFlagFromServer) => {
            Mishap::new(Fault::Insecure, "the server cannot protect the line")
        }
        Error::Url(_) => Mishap::new(Fault::Misconfigured, "address"),
        Error::Driver(_) | Error::Other(_) => {
            Mishap::new(Fault::Unreadable, "an answer of another shape")
        }
    }
}

/// The name of the foreign key that is in the way.
fn constraint(message: &str) -> Option<&str> {
    let (_, after) = message.split_once("CONSTRAINT `")?;
    after.split_once('`').map(|(name, _)| name)
}

fn meaning(code: u16) -> Fault {
    match code {
        1044 | 1142 | 1143 | 1227 | 1370 => Fault::Forbidden,
        1045 | 1698 | 1862 | 3118 => Fault::Unauthorized,
        1040 | 1203 | 1226 => Fault::Busy,
        1049 => Fault::Misconfigured,
        1054 | 1146 | 1305 => Fault::Unknown,
        1205 | 1213 => Fault::Conflict,
        1317 | 1969 | 3024 => Fault::Slow,
        // A trigger or a rule says no.
        1048 | 1062 | 1216 | 1217 | 1364 | 1451 | 1452 | 1644 | 3819 | 4025 => Fault::Refused,
        1060 | 1064 | 1137 | 1149 | 1290 | 1792 => Fault::Misconfigured,
        1264 | 1265 | 1292 | 1366 | 1406 => Fault::Unreadable,
        _ => Fault::Broken,
    }
}
