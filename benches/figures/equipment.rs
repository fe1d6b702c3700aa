//! An installation for measuring, and its doors: the real program, put together as `serve` does it.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rechtzeitig::app::App;
use rechtzeitig::casework::Office;
use rechtzeitig::ports::SystemClock;
use rechtzeitig::seal::MasterKeys;
use rechtzeitig::settings::Settings;
use rechtzeitig::web::server;

use crate::Failure;

/// The controller's path.
pub const SLUG: &str = "kontor";

/// Makes a folder with configuration and keys.
pub fn install(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder.join("keys"))?;
    std::fs::write(
        folder.join("keys/master.key"),
        MasterKeys::generate_file_text().as_bytes(),
    )?;
    let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let config = format!(
        r#"
[server]
listen = "{listen}"
trusted_proxies = ["127.0.0.1"]
[desk]
second_factor = false
[[controller]]
slug = "{SLUG}"
name = "Kontor Nordlicht GmbH"
address = ["Hafenweg 1", "20000 Hamburg"]
email = "datenschutz@kontor.example"
public_url = "http://{listen}"
place = "DE-HH"
[controller.authority]
name = "Aufsicht"
address = ["Amtsweg 1", "20000 Hamburg"]
web = "https://aufsicht.example"
"#
    );
    std::fs::write(folder.join("rechtzeitig.toml"), config)?;
    Ok(())
}

/// The same installation once more, with all that is stored.
pub fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(to.join("keys"))?;
    for file in ["rechtzeitig.toml", "keys/master.key", "rechtzeitig.db"] {
        std::fs::copy(from.join(file), to.join(file))?;
    }
    Ok(())
}

/// Puts the program of a folder together.
pub async fn office(folder: &Path) -> Result<(Arc<Office>, Settings), Failure> {
    let settings = Settings::load_with(&folder.join("rechtzeitig.toml"), [])?;
    let app = App::build(settings, Arc::new(SystemClock)).await?;
    Ok((app.office, app.settings))
}

/// The program at work on threads of its own. The log is chained once a second, as the timers do it.
pub struct Doors {
    /// The office behind them.
    pub office: Arc<Office>,
    /// Where they are.
    pub address: SocketAddr,
    handle: actix_web::dev::ServerHandle,
    thread: std::thread::JoinHandle<Result<(), Failure>>,
}

/// Opens the doors of the program in this folder.
pub fn open(folder: &Path) -> Result<Doors, Failure> {
    let (tell, told) = std::sync::mpsc::channel();
    let folder = folder.to_owned();
    let thread = std::thread::Builder::new()
        .name("server".to_owned())
        .spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let (office, settings) = office(&folder).await?;
                let server = server::bind(Arc::clone(&office), &settings.server.doors())?;
                tell.send((Arc::clone(&office), settings.listen(), server.handle()))?;
                actix_web::rt::spawn(async move {
                    loop {
                        if !matches!(office.chain().await, Ok(1..)) {
                            tokio::time::sleep(Duration::from_secs(1)).await;
                        }
                    }
                });
                Ok(server.await?)
            })
        })?;
    let (office, address, handle) = told.recv().map_err(|_| "the doors stay shut")?;
    Ok(Doors {
        office,
        address,
        handle,
        thread,
    })
}

impl Doors {
    /// Closes them.
    pub async fn close(self) -> Result<(), Failure> {
        drop(self.office);
        self.handle.stop(true).await;
        self.thread.join().map_err(|_| "the server fell over")?
    }
}
