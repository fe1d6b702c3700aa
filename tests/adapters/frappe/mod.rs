//! Frappe CRM on Frappe 15 and 16, played by a server of our own.

mod acting;
mod changing;
mod finding;
mod schema;
mod site;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use rechtzeitig::adapters::Limits;
use rechtzeitig::adapters::frappe::{Frappe, Settings};
use rechtzeitig::adapters::secret::KeyPlace;
use rechtzeitig::domain::source::{Record, RecordRef};
use rechtzeitig::ports::source::Mishap;

use super::conformance::{ANNA, CANARY, NEAR};
use super::theatre::Theatre;
use site::Site;

/// Both versions.
const BOTH: [u8; 2] = [15, 16];
const LEAD: &str = "CRM-LEAD-2026-00001";
const DEAL: &str = "CRM-DEAL-2026-00001";
const SHARED: &str = "CRM-DEAL-2026-00002";

/// Anna, wherever a CRM has her.
fn plant_anna(site: &Site) {
    site.plant("CRM Lead", LEAD, json!({
        "first_name": "Anna", "last_name": "Beispiel", "email": ANNA, "mobile_no": "+49 170 5550123", "status": "New",
        "organization": "Beispiel Gartenbau", "image": "/files/anna.png", "custom_birth_name": "Muster",
        "custom_restricted": 0,
    }));
    site.plant("Contact", "Anna Beispiel", json!({
        "first_name": "Anna", "last_name": "Beispiel", "custom_restricted": 0,
        "email_ids": [{"email_id": "anna@privat.example", "is_primary": 1}, {"email_id": ANNA, "is_primary": 0}],
        "phone_nos": [{"phone": "0170/555 01 23", "is_primary_mobile_no": 1}],
    }));
    site.plant("Contact", "Bernd Muster", json!({
        "first_name": "Bernd", "last_name": "Muster", "email_ids": [{"email_id": "bernd@muster.example", "is_primary": 1}],
    }));
    site.plant("CRM Deal", DEAL, json!({
        "first_name": "Anna", "last_name": "Beispiel", "lead_name": "Anna Beispiel", "email": ANNA, "lead": LEAD,
        "mobile_no": "0170 5550123", "organization": "Beispiel Gartenbau", "status": "Qualification",
        "contacts": [{"contact": "Anna Beispiel", "is_primary": 1}],
    }));
    site.plant("CRM Deal", SHARED, json!({
        "first_name": "Bernd", "lead_name": "Bernd Muster", "email": "bernd@muster.example", "status": "Won",
        "contacts": [{"contact": "Bernd Muster", "is_primary": 1}, {"contact": "Anna Beispiel"}],
    }));
    site.plant(
        "CRM Organization",
        "Beispiel Gartenbau",
        json!({"organization_name": "Beispiel Gartenbau"}),
    );
    site.plant("Communication", "mail1", json!({
        "sender": ANNA, "recipients": "verkauf@firma.example", "subject": "Angebot", "content": "<p>Bitte</p>",
        "reference_doctype": "CRM Lead", "reference_name": LEAD, "sent_or_received": "Received",
        "communication_date": "2026-01-15 12:00:00",
    }));
    site.plant("Communication", "mail2", json!({
        "sender": "verkauf@firma.example", "recipients": "bernd@muster.example",
        "cc": format!("\"Beispiel, Anna\" <{ANNA}>"), "subject": "Termin", "sent_or_received": "Sent",
    }));
    site.plant("Communication", "mail3", json!({
        "sender": "verkauf@firma.example", "recipients": "anna@privat.example", "subject": "Nur über die Verknüpfung",
        "timeline_links": [{"link_doctype": "Contact", "link_name": "Anna Beispiel"}],
    }));
    site.plant("Comment", "com1", json!({
        "comment_type": "Comment", "content": "ruft gern an", "reference_doctype": "CRM Lead", "reference_name": LEAD,
    }));
    site.plant("FCRM Note", "note1", json!({
        "title": "Gespräch", "content": "<b>Garten</b>", "reference_doctype": "CRM Deal", "reference_docname": DEAL,
    }));
    site.plant(
        "CRM Task",
        7,
        json!({
            "title": "Zurückrufen", "reference_doctype": "CRM Lead", "reference_docname": LEAD,
        }),
    );
    site.plant("CRM Call Log", "call1", json!({
        "from": "+491705550123", "to": "+493012345", "type": "Incoming", "recording_url": "https://tel.example/1",
    }));
    site.plant(
        "Address",
        "Anna Beispiel-Billing",
        json!({
            "address_title": "Anna Beispiel", "address_line1": "Gartenweg 1", "city": "Ulm",
            "links": [{"link_doctype": "Contact", "link_name": "Anna Beispiel"}],
        }),
    );
    site.plant("File", "file1", json!({
        "file_name": "Ausweis Anna.pdf", "file_url": "/private/files/Ausweis Anna #1.pdf", "is_private": 1, "file_size": 9,
        "attached_to_doctype": "CRM Lead", "attached_to_name": LEAD,
    }));
    site.plant(
        "File",
        "file2",
        json!({"file_name": "anna.png", "file_url": "/files/anna.png", "file_size": 4}),
    );
    site.held().bytes.insert(
        "/private/files/Ausweis Anna #1.pdf".into(),
        b"%PDF-1.4\n".to_vec(),
    );
    site.held()
        .bytes
        .insert("/files/anna.png".into(), b"\x89PNG".to_vec());
    site.plant(
        "ToDo",
        "todo1",
        json!({"description": "Lead", "reference_type": "CRM Lead", "reference_name": LEAD}),
    );
    site.plant("Event", "event1", json!({
        "subject": "Besuch", "event_participants": [{"reference_doctype": "Contact", "reference_docname": "Anna Beispiel"}],
    }));
    site.plant(
        "Email Queue",
        "queue1",
        json!({"sender": "verkauf@firma.example", "recipients": [{"recipient": ANNA}]}),
    );
    site.plant(
        "Email Group Member",
        "member1",
        json!({"email": ANNA, "email_group": "Rundbrief", "unsubscribed": 0}),
    );
    site.plant(
        "Personal Data Deletion Request",
        "PDR-1",
        json!({"email": ANNA, "status": "Pending Verification"}),
    );
    let changed = json!({"changed": [["email", ANNA.to_lowercase(), ANNA]]}).to_string();
    site.plant(
        "Version",
        "ver1",
        json!({"ref_doctype": "CRM Lead", "docname": LEAD, "data": changed}),
    );
    let gone =
        json!({"name": "CRM-LEAD-2024-00009", "email": ANNA, "first_name": "Anna"}).to_string();
    site.plant(
        "Deleted Document",
        "del1",
        json!({
            "deleted_doctype": "CRM Lead", "deleted_name": "CRM-LEAD-2024-00009", "data": gone,
        }),
    );
    let comment =
        json!({"reference_doctype": "CRM Lead", "reference_name": LEAD, "content": "alt"})
            .to_string();
    site.plant(
        "Deleted Document",
        "del2",
        json!({"deleted_doctype": "Comment", "deleted_name": "x1", "data": comment}),
    );
}

/// People who are nearly her.
fn plant_others(site: &Site) {
    let addresses = NEAR
        .iter()
        .copied()
        .chain([CANARY, "anna.beispíel@example.org"]);
    for (address, count) in addresses.zip(10..) {
        site.plant("CRM Lead", format!("CRM-LEAD-2026-000{count}"), json!({
            "first_name": "Anna", "last_name": "Beispielmann", "email": address, "mobile_no": "+49 170 5550124",
        }));
        site.plant("Contact", format!("Anna Beispiel-{count}"), json!({
            "first_name": "Anna", "last_name": "Beispielmann", "email_ids": [{"email_id": address, "is_primary": 1}],
        }));
        let reference = format!("Anna Beispiel-{count}");
        site.plant("Comment", format!("other{count}"), json!({
            "content": "von einer anderen", "reference_doctype": "Contact", "reference_name": reference,
        }));
        site.plant("Communication", format!("mail{count}"), json!({
            "sender": address, "recipients": format!("Verkauf <verkauf@firma.example>, {address}"),
        }));
        let data = json!({"changed": [["email", "", address]]}).to_string();
        site.plant(
            "Version",
            format!("ver{count}"),
            json!({"ref_doctype": "Contact", "docname": reference, "data": data}),
        );
    }
}

fn settings(
    theatre: &Theatre,
    folder: &tempfile::TempDir,
    reads: &str,
    erases: Option<&str>,
) -> Settings {
    let key = |user: &str| {
        let path = folder.path().join(user);
        std::fs::write(&path, format!("{user}:geheim\n")).unwrap();
        KeyPlace::File(path)
    };
    Settings {
        address: theatre.url(),
        site: Some("crm.firma.example".into()),
        ca_file: None,
        key: key(reads),
        erasing_key: erases.map(key),
        at_least: BTreeMap::new(),
        time_zone: None,
        without: Vec::new(),
        restrict_field: Some("custom_restricted".into()),
    }
}

fn limits() -> Limits {
    Limits {
        patience: Duration::from_secs(1),
        largest: 4 * 1024 * 1024,
        ..Limits::default()
    }
}

/// A played site and an adapter that talks to it.
struct Stage {
    site: Site,
    theatre: Theatre,
    frappe: Frappe,
}

async fn stage(version: u8, reads: &str, erases: Option<&str>) -> Stage {
    let site = Site::new(version);
    let theatre = site.open().await;
    let folder = tempfile::tempdir().unwrap();
    let frappe = Frappe::new(&settings(&theatre, &folder, reads, erases), &limits()).unwrap();
    Stage {
        site,
        theatre,
        frappe,
    }
}

/// With Anna and those who are nearly her, read by whom it should be.
async fn full(version: u8) -> Stage {
    let stage = stage(version, "leser", Some("loescher")).await;
    plant_anna(&stage.site);
    plant_others(&stage.site);
    stage
}

/// With Anna and Bernd alone, so that what is left of her can be seen.
async fn alone(version: u8) -> Stage {
    let stage = stage(version, "leser", Some("loescher")).await;
    plant_anna(&stage.site);
    stage
}

fn of<'a>(records: &'a [Record], kind: &str, id: &str) -> &'a Record {
    let mut found = records
        .iter()
        .filter(|it| it.reference.kind == kind && it.reference.id.reveal() == id);
    found
        .next()
        .unwrap_or_else(|| panic!("{kind} {id} was not found"))
}

fn ids(records: &[Record], kind: &str) -> Vec<String> {
    let found = records.iter().filter(|it| it.reference.kind == kind);
    found.map(|it| it.reference.id.reveal().clone()).collect()
}

fn field(record: &Record, name: &str) -> String {
    let mut found = record.fields.iter().filter(|it| it.name == name);
    found
        .next()
        .map(|it| it.value.reveal().clone())
        .unwrap_or_default()
}

/// The reference of a record as it stands now.
fn now(site: &Site, kind: &str, id: &str) -> RecordRef {
    let mut reference = RecordRef::new(kind, id);
    reference.version = site
        .get(kind, id)
        .and_then(|row| Some(row.get("modified")?.as_str()?.to_owned()));
    reference
}

fn silent(mishap: &Mishap) {
    let said = format!("{mishap} {mishap:?}").to_lowercase();
    assert!(
        !said.contains("beispiel") && !said.contains("traceback"),
        "{said}"
    );
}
