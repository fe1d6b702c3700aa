//! Speaks with PostgreSQL. Every value comes as the text that the server itself makes of it, so that no type of its
//! own, of an extension or of the house is misread.

mod fault;
mod session;

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, Error, IsolationLevel, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::line::{As, Engine, Line, Session, here, no_writer, slow};
use super::settings::{Role, Server};
use crate::adapters::secret::{KeyPlace, Secret};
use crate::adapters::{Limits, http};
use crate::ports::source::{Fault, Mishap};
use fault::{failed, within};
use session::PostgresSession;

/// A PostgreSQL.
pub struct Postgres {
    reader: Config,
    writer: Option<Config>,
    tls: Option<MakeRustlsConnect>,
    limits: Limits,
}

impl Postgres {
    /// Reads the keys and prepares the line.
    pub fn new(
        server: &Server,
        writing: Option<&Role>,
        limits: &Limits,
    ) -> Result<Postgres, Mishap> {
        let tls = match here(&server.host) && server.ca_file.is_none() {
            true => None,
            false => {
                let trust = http::tls(server.ca_file.as_ref());
                Some(MakeRustlsConnect::new(
                    trust.map_err(|what| Mishap::new(Fault::Misconfigured, what))?,
                ))
            }
        };
        let mut common = Config::new();
        common
            .host(&server.host)
            .port(server.port.unwrap_or(5432))
            .dbname(&server.name)
            .application_name("rechtzeitig")
            .connect_timeout(limits.patience.min(Duration::from_secs(10)))
            .ssl_mode(if tls.is_some() {
                SslMode::Require
            } else {
                SslMode::Disable
            });
        let of = |user: &str, key: Option<Secret>| {
            let mut config = common.clone();
            config.user(user);
            if let Some(key) = key {
                config.password(key.reveal());
            }
            config
        };
        let read = |key: &Option<KeyPlace>| key.as_ref().map(KeyPlace::read).transpose();
        Ok(Postgres {
            reader: of(&server.user, read(&server.key)?),
            writer: match writing {
                Some(role) => Some(of(&role.user, read(&role.key)?)),
                None => None,
            },
            tls,
            limits: limits.clone(),
        })
    }

    async fn connect(&self, role: As) -> Result<PostgresLine, Mishap> {
        let config = match role {
            As::Reader => &self.reader,
            As::Writer => self.writer.as_ref().ok_or_else(no_writer)?,
        };
        self.limits.pace.turn().await;
        // The handshake has no patience of its own.
        let connected = timeout(self.limits.patience, async {
            Ok(match &self.tls {
                None => {
                    let (client, connection) = config.connect(NoTls).await?;
                    (client, tokio::spawn(drop_result(connection)))
                }
                Some(tls) => {
                    let (client, connection) = config.connect(tls.clone()).await?;
                    (client, tokio::spawn(drop_result(connection)))
                }
            })
        });
        let (client, connection) = connected
            .await
            .map_err(|_| slow())?
            .map_err(|error: Error| failed(&error))?;
        let line = PostgresLine {
            client,
            connection,
            role,
            patience: self.limits.patience,
        };
        let settings = format!(
            "SET statement_timeout = {0}; SET lock_timeout = {0}; SET idle_in_transaction_session_timeout = {1}; \
             SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'; \
             SET standard_conforming_strings = on",
            self.limits.patience.as_millis(),
            // Longer than the clerk's side needs to lay down one fetch.
            self.limits.patience.as_millis().saturating_mul(10)
        );
        within(self.limits.patience, line.client.batch_execute(&settings)).await?;
        Ok(line)
    }
}

async fn drop_result<F: Future<Output = Result<(), Error>>>(connection: F) {
    // What broke is said to whoever waits for an answer.
    connection.await.ok();
}

impl Engine for Postgres {
    fn line(&self, role: As) -> BoxFuture<'_, Result<Box<dyn Line>, Mishap>> {
        Box::pin(async move { Ok(Box::new(self.connect(role).await?) as Box<dyn Line>) })
    }
}

struct PostgresLine {
    client: Client,
    connection: JoinHandle<()>,
    role: As,
    patience: Duration,
}

impl Drop for PostgresLine {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

impl Line for PostgresLine {
    fn version(&mut self) -> BoxFuture<'_, Result<String, Mishap>> {
        Box::pin(async {
            let row = within(
                self.patience,
                self.client.query_one("SHOW server_version", &[]),
            )
            .await?;
            let version: String = row.try_get(0).map_err(|error| failed(&error))?;
            Ok(format!("PostgreSQL {version}"))
        })
    }

    fn begin(&mut self) -> BoxFuture<'_, Result<Box<dyn Session + '_>, Mishap>> {
        Box::pin(async {
            let (patience, reads) = (self.patience, self.role == As::Reader);
            let isolation = match reads {
                // One picture over all statements of a search.
                true => IsolationLevel::RepeatableRead,
                false => IsolationLevel::ReadCommitted,
            };
            let begun = self
                .client
                .build_transaction()
                .read_only(reads)
                .isolation_level(isolation);
            let transaction = within(patience, begun.start()).await?;
            Ok(Box::new(PostgresSession {
                transaction,
                patience,
            }) as Box<dyn Session + '_>)
        })
    }
}
