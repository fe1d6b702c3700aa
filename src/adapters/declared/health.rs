//! Tries a described system without reading anybody's data: reachable, what is in sight, what is missing.

use super::Declared;
use super::lists::Shelf;
use super::pointer;
use super::wire::Said;
use crate::ports::source::{Fault, Health, Mishap, Need};

impl Declared {
    pub(super) async fn health(&self) -> Result<Health, Mishap> {
        let mut health = Health::default();
        let Some(check) = &self.description.check else {
            return Err(Mishap::new(Fault::Misconfigured, "check is not there"));
        };
        let mut shelf = Shelf::default();
        let scopes = self
            .scopes(&check.ask.each, &self.values, &mut shelf)
            .await?;
        for scope in &scopes {
            let said = self.reading.send(&check.ask, scope).await?;
            if let (Said::Something(body, _), false) = (said, check.version.is_empty()) {
                health.version = pointer::texts(&check.version, &body)
                    .into_iter()
                    .next()
                    .unwrap_or_default();
            }
        }
        if !check.mighty.is_empty() {
            health.needs.push(Need::TooMighty(check.mighty.clone()));
        }
        for name in self.description.lists.keys() {
            match self.listed_all(name, &mut shelf).await {
                Ok(count) => health.in_sight.push((name.clone(), count)),
                // A list of one person's things is none of the system's.
                Err(mishap) if mishap.fault == Fault::NoIdentifier => {}
                Err(mishap) if mishap.fault == Fault::Forbidden => {
                    health.needs.push(Need::Read(name.clone()))
                }
                Err(mishap) => return Err(mishap),
            }
        }
        health
            .needs
            .extend(self.unseen(&shelf).into_iter().map(Need::Group));
        let writes = self.description.suppress.is_some()
            || self.any(|it| it.erase.is_some() || it.restrict.is_some() || !it.rectify.is_empty());
        match &self.writing {
            None if writes => health.needs.push(Need::SecondCredential),
            Some(wire) if writes => {
                for scope in &scopes {
                    match wire.send(&check.ask, scope).await {
                        Ok(_) => {}
                        Err(mishap)
                            if matches!(mishap.fault, Fault::Unauthorized | Fault::Forbidden) =>
                        {
                            health.needs.push(Need::Write("destructive".to_owned()));
                            break;
                        }
                        Err(mishap) => return Err(mishap),
                    }
                }
            }
            _ => {}
        }
        Ok(health)
    }
}
