//! Databases of one's own, each rule on SQLite, on a real PostgreSQL and on a real MariaDB.

mod acting;
mod benches;
mod engines;
mod finding;

/// The same test on each of the three.
macro_rules! on_each {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(bench) = super::super::benches::Bench::sqlite().await {
                    super::$name(bench).await;
                }
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(bench) = super::super::benches::Bench::postgres().await {
                    super::$name(bench).await;
                }
            })+
        }
        mod mariadb {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(bench) = super::super::benches::Bench::mariadb().await {
                    super::$name(bench).await;
                }
            })+
        }
    };
}
use on_each;
