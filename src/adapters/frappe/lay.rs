//! Lays down what was found, each once, with what must be known of it; and remembers where it leads.

use super::find::Hunt;
use super::places::{DEAL_ROW, Place};
use super::translate::{propose, record};
use super::wire::{Row, closed, key, rows, text};
use crate::domain::identifier::SearchKey;
use crate::ports::source::{Caution, Doubt, Mishap, Record, Tie};

impl Hunt<'_> {
    /// Takes a record that a list showed.
    pub async fn take_row(
        &mut self,
        place: &'static Place,
        row: Row,
        tie: Tie,
    ) -> Result<(), Mishap> {
        let Some(name) = key(&row) else { return Ok(()) };
        match place.whole {
            true => self.take(place, &name, tie, &[]).await,
            false => self.lay(place, &row, tie, &[]).await.map(drop),
        }
    }

    /// Reads a record and takes it. One that went since the list was made is not there.
    pub async fn take(
        &mut self,
        place: &'static Place,
        name: &str,
        tie: Tie,
        more: &[Caution],
    ) -> Result<(), Mishap> {
        if self.seen.contains(&(place.doctype, name.to_owned())) {
            return Ok(());
        }
        let row = match self.wire.read(place.doctype, name).await {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(()),
            Err(mishap) if closed(&mishap) => {
                self.search.doubt(Doubt::Closed(place.doctype.to_owned()));
                return Ok(());
            }
            Err(mishap) => return Err(mishap),
        };
        match place.doctype {
            "CRM Deal" => self.take_deal(place, &row, tie).await,
            _ => self.lay(place, &row, tie, more).await.map(drop),
        }
    }

    /// A deal holds copies of people. Where it is somebody else's and she is one of several, only her row is hers.
    async fn take_deal(
        &mut self,
        place: &'static Place,
        deal: &Row,
        tie: Tie,
    ) -> Result<(), Mishap> {
        let hers = |row: &Row| {
            let mut own = ["email", "mobile_no", "phone"]
                .iter()
                .filter_map(|field| text(row, field));
            own.any(|text| {
                self.wanted
                    .iter()
                    .any(|it| it.kind != SearchKey::Name && it.is(&text))
            })
        };
        let mine: Vec<&Row> = rows(deal, "contacts")
            .filter(|row| {
                hers(row) || text(row, "contact").is_some_and(|it| self.contacts.contains(&it))
            })
            .collect();
        let others = rows(deal, "contacts").count() > mine.len();
        let theirs = !hers(deal)
            && ["email", "mobile_no"]
                .iter()
                .any(|field| text(deal, field).is_some());
        let by_lead = matches!(&tie, Tie::Linked { kind, .. } if kind == "CRM Lead");
        let leads: Vec<String> = mine.iter().filter_map(|row| text(row, "contact")).collect();
        let mut relations = Vec::new();
        let Some(name) = key(deal) else { return Ok(()) };
        let linked = || Tie::Linked {
            kind: "CRM Deal".to_owned(),
            id: name.clone().into(),
        };
        relations.extend(
            leads
                .into_iter()
                .map(|contact| ("Contact", contact, linked())),
        );
        if !by_lead && (theirs || (others && !hers(deal))) {
            let mine: Vec<Row> = mine.into_iter().cloned().collect();
            for mut row in mine {
                row.insert("deal".to_owned(), name.clone().into());
                row.insert(
                    "organization".to_owned(),
                    deal.get("organization").cloned().unwrap_or_default(),
                );
                self.lay(&DEAL_ROW, &row, tie.clone(), &[]).await?;
            }
        } else {
            if hers(deal) {
                relations.extend(text(deal, "lead").map(|lead| ("CRM Lead", lead, linked())));
            }
            let more: &[Caution] = if others || theirs {
                &[Caution::Others]
            } else {
                &[]
            };
            self.lay(place, deal, tie, more).await?;
        }
        self.relations.extend(relations);
        Ok(())
    }

    /// Lays a record down, once; whether it was new.
    pub async fn lay(
        &mut self,
        place: &'static Place,
        row: &Row,
        tie: Tie,
        more: &[Caution],
    ) -> Result<bool, Mishap> {
        let candidate = matches!(tie, Tie::Candidate { .. });
        let sure = matches!(tie, Tie::Exact { .. });
        let Some(record) = record(place, row, tie, self.zone) else {
            return Ok(false);
        };
        let mut record: Record = record;
        let name = record.reference.id.reveal().clone();
        if !self.seen.insert((place.doctype, name.clone())) {
            return Ok(false);
        }
        record.cautions.extend(more.iter().cloned());
        if !candidate {
            self.remember(place, row, &name);
            if sure || place.doctype == "Contact" {
                propose(&mut self.search, self.wanted, place, row, &record.reference);
            }
        }
        self.basket.lay(record).await?;
        Ok(true)
    }

    fn remember(&mut self, place: &'static Place, row: &Row, name: &str) {
        self.laid.push((place.doctype, name.to_owned()));
        if place.doctype == "Contact" {
            self.contacts.insert(name.to_owned());
        }
        if let Some(url) = text(row, "image").filter(|url| url.starts_with('/')) {
            self.pictures.insert(url, (place.doctype, name.to_owned()));
        }
        let person = text(row, "full_name").or_else(|| text(row, "lead_name"));
        let firm = text(row, "organization").or_else(|| text(row, "company_name"));
        if let (Some(firm), Some(person)) = (firm, person)
            && !self.firms.iter().any(|(known, _)| *known == firm)
        {
            self.firms.push((firm, person));
        }
    }
}
