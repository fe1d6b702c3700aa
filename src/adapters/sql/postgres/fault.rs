//! What PostgreSQL says when it does not do as asked: codes and names of its schema, never its words.

use std::time::Duration;

use tokio::time::timeout;
use tokio_postgres::Error;

use crate::adapters::sql::line::slow;
use crate::ports::source::{Fault, Mishap};

/// Waits for an answer, and not for ever.
pub async fn within<T>(
    patience: Duration,
    asked: impl Future<Output = Result<T, Error>>,
) -> Result<T, Mishap> {
    // The server ends its work first and says so; this is for one that says nothing any more.
    let patience = patience.saturating_add(Duration::from_secs(1));
    timeout(patience, asked)
        .await
        .map_err(|_| slow())?
        .map_err(|error| failed(&error))
}

/// What the server says in words may hold values of rows: its code is told, and the name of what is in the way.
pub fn failed(error: &Error) -> Mishap {
    let Some(server) = error.as_db_error() else {
        let said = error.to_string().to_lowercase();
        return if said.contains("tls") || said.contains("certificate") {
            Mishap::new(Fault::Insecure, "the line cannot be protected")
        } else if said.contains("timed out") || said.contains("timeout") {
            slow()
        } else if said.contains("password") || said.contains("authentication") {
            Mishap::new(Fault::Unauthorized, "the role needs a key")
        } else if said.contains("connecting to server") {
            Mishap::new(Fault::Unreachable, "no line")
        } else if error.is_closed() || said.contains("communicating") {
            Mishap::new(Fault::HalfAnswer, "the line broke")
        } else {
            Mishap::new(Fault::Unreadable, "an answer of another shape")
        };
    };
    let code = server.code().code();
    let mut detail = format!("sqlstate {code}");
    let of_schema = [
        ("table", server.table()),
        ("constraint", server.constraint()),
    ];
    for (what, name) in of_schema {
        if let Some(name) = name {
            detail.push_str(&format!(", {what} {name}"));
        }
    }
    Mishap::new(meaning(code), detail)
}

/// The way of failing that an SQLSTATE means.
fn meaning(code: &str) -> Fault {
    match code {
        "42501" => Fault::Forbidden,
        "42P01" | "42703" | "42883" | "3F000" | "42704" => Fault::Unknown,
        "57014" => Fault::Slow,
        "55P03" | "53300" | "57P03" => Fault::Busy,
        "25006" | "3D000" | "0A000" => Fault::Misconfigured,
        _ => match code.get(..2).unwrap_or_default() {
            "28" => Fault::Unauthorized,
            "08" => Fault::HalfAnswer,
            "40" => Fault::Conflict,
            "23" | "P0" | "44" | "27" => Fault::Refused,
            "42" => Fault::Misconfigured,
            "22" => Fault::Unreadable,
            _ => Fault::Broken,
        },
    }
}
