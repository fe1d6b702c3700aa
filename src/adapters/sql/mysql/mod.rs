//! Speaks with MySQL and MariaDB: tables that cannot take anything back are refused, and rows are counted as they are
//! met, not as they differ.

mod fault;
mod session;

use std::time::Duration;

use futures_util::future::BoxFuture;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, OptsBuilder, SslOpts, TxOpts};
use tokio::time::timeout;

use super::line::{As, Engine, Line, Session, here, no_writer, slow};
use super::settings::{Role, Server};
use crate::adapters::Limits;
use crate::adapters::secret::KeyPlace;
use crate::ports::source::Mishap;
use fault::{failed, within};
use session::MysqlSession;

/// A MySQL or MariaDB.
pub struct Mysql {
    reader: Opts,
    writer: Option<Opts>,
    limits: Limits,
}

impl Mysql {
    /// Reads the keys and prepares the line.
    pub fn new(server: &Server, writing: Option<&Role>, limits: &Limits) -> Result<Mysql, Mishap> {
        let socket = server.host.starts_with('/').then(|| server.host.clone());
        let tls =
            (!here(&server.host) || server.ca_file.is_some()).then(|| match &server.ca_file {
                None => SslOpts::default(),
                Some(path) => SslOpts::default()
                    .with_disable_built_in_roots(true)
                    .with_root_certs(vec![path.clone().into()]),
            });
        let of = |user: &str, key: Option<&KeyPlace>| -> Result<Opts, Mishap> {
            let key = key.map(KeyPlace::read).transpose()?;
            Ok(OptsBuilder::default()
                .ip_or_hostname(if socket.is_some() { "localhost" } else { &server.host })
                .tcp_port(server.port.unwrap_or(3306))
                .socket(socket.clone())
                .prefer_socket(socket.is_some())
                .db_name(Some(&server.name))
                .user(Some(user))
                .pass(key.map(|key| key.reveal().to_owned()))
                .ssl_opts(tls.clone())
                // Otherwise a row that is already as it shall be would not be counted.
                .client_found_rows(true)
                .stmt_cache_size(0)
                .init(vec![
                    "SET NAMES utf8mb4, time_zone = '+00:00', SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')",
                ])
                .into())
        };
        Ok(Mysql {
            reader: of(&server.user, server.key.as_ref())?,
            writer: match writing {
                Some(role) => Some(of(&role.user, role.key.as_ref())?),
                None => None,
            },
            limits: limits.clone(),
        })
    }

    async fn connect(&self, role: As) -> Result<MysqlLine, Mishap> {
        let opts = match role {
            As::Reader => &self.reader,
            As::Writer => self.writer.as_ref().ok_or_else(no_writer)?,
        };
        self.limits.pace.turn().await;
        let patience = self.limits.patience;
        let connecting = timeout(
            patience.min(Duration::from_secs(10)),
            Conn::new(opts.clone()),
        );
        let mut conn = connecting
            .await
            .map_err(|_| slow())?
            .map_err(|error| failed(&error))?;
        // The two servers name the same bound differently, and each refuses the other's name. It holds for the whole
        // time in which rows come; each of them is waited for no longer than the patience.
        let whole = match role {
            As::Reader => patience.saturating_mul(10),
            As::Writer => patience,
        };
        let bounds = [
            format!("SET SESSION max_statement_time = {}", whole.as_secs_f64()),
            format!("SET SESSION max_execution_time = {}", whole.as_millis()),
        ];
        for bound in bounds {
            timeout(patience, conn.query_drop(bound))
                .await
                .map_err(|_| slow())?
                .ok();
        }
        let lock = format!(
            "SET SESSION innodb_lock_wait_timeout = {}",
            patience.as_secs().clamp(1, 60)
        );
        within(patience, conn.query_drop(lock)).await?;
        Ok(MysqlLine {
            conn,
            role,
            patience,
        })
    }
}

impl Engine for Mysql {
    fn line(&self, role: As) -> BoxFuture<'_, Result<Box<dyn Line>, Mishap>> {
        Box::pin(async move { Ok(Box::new(self.connect(role).await?) as Box<dyn Line>) })
    }
}

struct MysqlLine {
    conn: Conn,
    role: As,
    patience: Duration,
}

impl Line for MysqlLine {
    fn version(&mut self) -> BoxFuture<'_, Result<String, Mishap>> {
        Box::pin(async {
            let version: Option<String> =
                within(self.patience, self.conn.query_first("SELECT VERSION()")).await?;
            Ok(version.unwrap_or_default())
        })
    }

    fn begin(&mut self) -> BoxFuture<'_, Result<Box<dyn Session + '_>, Mishap>> {
        Box::pin(async {
            let patience = self.patience;
            let mut rigid = Vec::new();
            if self.role == As::Writer {
                rigid = within(
                    patience,
                    self.conn.query(
                        "SELECT t.table_name FROM information_schema.tables t \
                         JOIN information_schema.engines e ON e.engine = t.engine \
                         WHERE t.table_schema = DATABASE() AND e.transactions <> 'YES'",
                    ),
                )
                .await?;
            }
            let mut how = TxOpts::default();
            how.with_readonly(self.role == As::Reader)
                .with_consistent_snapshot(self.role == As::Reader);
            let transaction = within(patience, self.conn.start_transaction(how)).await?;
            Ok(Box::new(MysqlSession {
                transaction,
                rigid,
                patience,
            }) as Box<dyn Session + '_>)
        })
    }
}
