//! Connected systems for measuring: some that answer after a while, one that never does, one that always fails. They
//! speak JSON over HTTP from threads of their own, and are described to the program as any other system is.

use std::fmt::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, web};
use serde::Deserialize;
use serde_json::json;

use crate::Failure;

/// Who is held by all of them.
pub const CANARY: &str = "kanarie@kontor.example";
/// How many records one who is held often has in each.
pub const OFTEN: u64 = 10_000;

/// How a system behaves.
#[derive(Clone, Copy)]
pub enum Mood {
    /// It answers after so long.
    Healthy(Duration),
    /// It takes the question and says nothing.
    Hangs,
    /// It is broken.
    Fails,
}

/// The systems at work.
pub struct Systems {
    /// Where they are.
    pub address: SocketAddr,
    served: Arc<AtomicU64>,
    handle: actix_web::dev::ServerHandle,
}

struct Behind {
    moods: Vec<Mood>,
    often: Option<String>,
    served: Arc<AtomicU64>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    email: String,
    #[serde(default)]
    page: u64,
    #[serde(default)]
    limit: u64,
}

impl Systems {
    /// Opens them; whoever has the address `often` is held [`OFTEN`] times, everybody else once.
    pub fn open(moods: Vec<Mood>, often: Option<String>) -> Result<Systems, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let served = Arc::new(AtomicU64::new(0));
        let behind = web::Data::new(Behind {
            moods,
            often,
            served: Arc::clone(&served),
        });
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::Builder::new()
            .name("systems".to_owned())
            .spawn(move || {
                actix_web::rt::System::new().block_on(async move {
                    let server = HttpServer::new(move || {
                        App::new()
                            .app_data(behind.clone())
                            .route("/{system}/search", web::get().to(search))
                    })
                    .workers(1)
                    .shutdown_timeout(0)
                    .listen(listener)?
                    .run();
                    tell.send(server.handle()).map_err(std::io::Error::other)?;
                    server.await
                })
            })?;
        let handle = told.recv().map_err(|_| "the systems stay shut")?;
        Ok(Systems {
            address,
            served,
            handle,
        })
    }

    /// So many questions were answered so far.
    pub fn served(&self) -> u64 {
        self.served.load(Ordering::Relaxed)
    }

    /// Closes them.
    pub async fn close(self) {
        self.handle.stop(false).await;
    }
}

async fn search(
    behind: web::Data<Behind>,
    system: web::Path<usize>,
    asked: web::Query<Asked>,
) -> HttpResponse {
    match behind.moods.get(*system) {
        Some(Mood::Healthy(wait)) => tokio::time::sleep(*wait).await,
        Some(Mood::Hangs) => std::future::pending().await,
        Some(Mood::Fails) => return HttpResponse::InternalServerError().finish(),
        None => return HttpResponse::NotFound().finish(),
    }
    let total = match behind.often.as_ref() == Some(&asked.email) {
        true => OFTEN,
        false => 1,
    };
    let from = asked.page.saturating_sub(1) * asked.limit;
    let records: Vec<_> = (from..total.min(from + asked.limit))
        .map(|at| {
            json!({
                "id": format!("{}-{at}", asked.email),
                "email": asked.email,
                "subject": format!("Vorgang {at}"),
                "at": "2026-03-02T09:00:00Z",
                "note": "Hat nach der Lieferzeit einer Stehleuchte gefragt; Rückruf am Nachmittag, Herr Nachbar weiß Bescheid.",
            })
        })
        .collect();
    behind.served.fetch_add(1, Ordering::Relaxed);
    HttpResponse::Ok().json(json!({ "data": records, "total": total }))
}

/// Describes so many of them in the folder of an installation, and connects them.
pub fn connect(
    folder: &Path,
    address: SocketAddr,
    count: usize,
    per_minute: Option<u32>,
) -> Result<(), Failure> {
    let config = folder.join("rechtzeitig.toml");
    let mut text = std::fs::read_to_string(&config)?;
    let pace = per_minute.map_or_else(String::new, |calls| format!("per_minute = {calls}\n"));
    for at in 0..count {
        let description = format!(
            r#"title = "System {at}"
address = "http://{address}/{at}"
hosts = ["{address}"]
[login]
kind = "none"
[check]
ask = {{ path = "/search" }}
[[place]]
kind = "entry"
category = "contact"
id = "/id"
match = {{ email = ["/email"] }}
title = ["/subject"]
time = "/at"
text = ["note"]
origin = "provided"
[[place.find]]
by = ["email"]
claims = "everything"
path = "/search"
records = "/data"
query = {{ email = "{{email}}", page = "{{page}}", limit = "{{limit}}" }}
paging = {{ kind = "page", first = 1, limit = 500, total = "/total" }}
[[leftovers]]
kind = "backup"
place = "backups"
days = 14
"#
        );
        std::fs::write(folder.join(format!("system-{at}.toml")), description)?;
        write!(
            text,
            "\n[[controller.source]]\nname = \"s{at}\"\ncanary = \"{CANARY}\"\nat_once = 4\n{pace}\
             [controller.source.declared]\nfile = \"system-{at}.toml\"\n"
        )?;
    }
    Ok(std::fs::write(config, text)?)
}

/// The register that names them.
pub fn register(count: usize) -> String {
    (0..count)
        .map(|at| {
            format!(
                "[[system]]\nslug = \"s{at}\"\nname = \"System {at}\"\nrole = \"internal\"\nplace = \"Hamburg\"\n\
                 contact = \"Haus\"\nsource = \"von Ihnen selbst\"\nkeys = [\"email\"]\n[[system.categories]]\n\
                 name = \"Anfragen\"\npurposes = \"Beratung\"\nbasis = \"Art. 6(1)(b)\"\nretention = \"zwei Jahre\"\n"
            )
        })
        .collect()
}
