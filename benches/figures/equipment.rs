//! An office for measuring: one controller, keys of its own, SQLite in a folder.

use std::path::Path;
use std::sync::Arc;

use rechtzeitig::casework::Office;
use rechtzeitig::casework::office::{House, INSTALLATION, Manners};
use rechtzeitig::domain::calendar::{Calendar, Place};
use rechtzeitig::domain::controller::{AddressForm, Authority, Controller};
use rechtzeitig::domain::ids::ControllerId;
use rechtzeitig::domain::lang::Lang;
use rechtzeitig::ledger::SigningKey;
use rechtzeitig::letters::press::Press;
use rechtzeitig::ports::SystemClock;
use rechtzeitig::seal::{ControllerKeys, Index};
use rechtzeitig::storage::controllers::{self, Known};
use rechtzeitig::storage::files::Files;
use rechtzeitig::storage::{Settings, Store, ledgers};

use crate::Failure;

pub struct Equipment {
    keys: ControllerKeys,
    own: ControllerKeys,
}

impl Equipment {
    pub fn new() -> Equipment {
        Equipment { keys: ControllerKeys::generate(), own: ControllerKeys::generate() }
    }

    pub async fn office(&self, folder: &Path) -> Result<Office, Failure> {
        let id = ControllerId(1);
        let store = Store::open(&Settings::Sqlite(folder.join("rechtzeitig.db")))?;
        let files = Files::open(folder.join("files"))?;
        let signing = SigningKey::from_seed("rechtzeitig/bench", self.keys.sign.newest().expose())?;
        let own_signing = SigningKey::from_seed("rechtzeitig/own", self.own.sign.newest().expose())?;
        let (a, b) = (signing.verify_key().to_string(), own_signing.verify_key().to_string());
        if store.read(controllers::all).await?.is_empty() {
            store
                .write(move |conn| {
                    let known = Known { id, slug: "kontor".into(), place: "DE-BE".into(), calendar_version: "1".into() };
                    controllers::insert(conn, &known, chrono::DateTime::UNIX_EPOCH)?;
                    ledgers::found(conn, id, "rechtzeitig/bench", &a)?;
                    ledgers::found(conn, INSTALLATION, "rechtzeitig/own", &b)
                })
                .await?;
        }
        let controller = Controller {
            id,
            slug: "kontor".into(),
            name: "Kontor Nordlicht GmbH".into(),
            short: "Kontor".into(),
            address: vec!["Hafenweg 1".into(), "20000 Hamburg".into()],
            email: "datenschutz@kontor.example".into(),
            phone: None,
            officer: None,
            public_url: "http://127.0.0.1".into(),
            place: Place::parse("DE-BE")?,
            authority: Authority::default(),
            languages: vec![Lang::De],
            form: AddressForm::Sie,
            colour: None,
            brands: vec![],
            paths: vec![],
            four_eyes: false,
            download_days: 30,
            fallback_email: "team@kontor.example".into(),
            automated: None,
        };
        let index = Index::new(self.keys.index.newest(), id.0);
        let house = House { controller, keys: self.keys.clone(), index, signing, has_post: false };
        let manners = Manners {
            second_factor: false,
            session_hours: 12,
            upload_limit: 1,
            upload_count: 1,
            digest_hour: 7,
            checkpoint_email: None,
            feeds: false,
        };
        Ok(Office::new(
            store,
            files,
            Arc::new(SystemClock),
            Arc::new(Calendar::shipped().clone()),
            Press::new(None),
            (self.own.clone(), own_signing),
            manners,
            vec![house],
        ))
    }
}
