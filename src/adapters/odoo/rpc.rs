//! The old tongue, JSON-RPC: one address, everything in the body, and status 200 for good and for bad.

use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::wire::unreadable;
use crate::adapters::http::{Answer, Call};

/// An answer of JSON-RPC. A method that returns nothing answers with neither a result nor an error.
#[derive(Deserialize)]
struct Reply {
    jsonrpc: String,
    id: Option<i64>,
    #[serde(default)]
    result: Value,
    error: Option<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default)]
    data: FailureOf,
}

#[derive(Default, Deserialize)]
struct FailureOf {
    #[serde(default)]
    name: String,
}

/// The number of every call; each stands on a line of its own.
const CALL: i64 = 1;

/// A call of JSON-RPC.
pub fn call(service: &str, method: &str, args: Value) -> Call {
    Call::post(&["jsonrpc"]).json(&json!({
        "jsonrpc": "2.0",
        "method": "call",
        "id": CALL,
        "params": {"service": service, "method": method, "args": args},
    }))
}

/// What a call of JSON-RPC came to; its status is 200 even when it failed.
pub fn reply(answer: &Answer) -> Result<Value, Refusal> {
    match answer.status {
        200 => unwrapped(answer.json()?, answer.status),
        _ => Err(Refusal::of(answer)),
    }
}

/// The result in an answer.
pub fn unwrapped(said: Value, status: u16) -> Result<Value, Refusal> {
    let reply: Reply = serde_json::from_value(said).map_err(|_| unreadable("JSON-RPC"))?;
    if reply.jsonrpc != "2.0" || reply.id != Some(CALL) {
        return Err(unreadable("JSON-RPC: an answer to another call"));
    }
    match reply.error {
        Some(failure) => Err(Refusal::named(&failure.data.name, status)),
        None => Ok(reply.result),
    }
}
