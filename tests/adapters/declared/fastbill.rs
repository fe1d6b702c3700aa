//! FastBill: an unfiltered list is refused, errors come with 200, and a customer with invoices is kept.

use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt;
use serde_json::{Value, json};

use rechtzeitig::adapters::declared::Settings;
use rechtzeitig::domain::identifier::{Identifier, SearchKey};
use rechtzeitig::ports::source::{Caution, Fate, Fault, LeftoverKind, Manner, Need, Source, Tie};

use super::conformance::{self, ANNA, CANARY, NEAR, email};
use super::{Heard, Said, Theatre, of_kind, open, reference, shipped, value};

#[derive(Default)]
struct World {
    customers: Vec<Value>,
    invoices: Vec<Value>,
    contacts: Vec<Value>,
    /// Lists invoices whosever they are.
    everybodys_invoices: bool,
    /// Has forgotten what TERM is.
    unfiltered: bool,
    address: String,
}

type Shared = Arc<Mutex<World>>;

fn customer(id: u64, address: &str) -> Value {
    json!({"CUSTOMER_ID": id.to_string(), "CUSTOMER_NUMBER": format!("K-{id}"), "FIRST_NAME": "Anna", "LAST_NAME": "Beispiel",
           "EMAIL": address, "EMAIL_CC": "", "PHONE": "0170 5550123", "COMMENT": "ruft gern an", "CREATED": "2024-02-03 10:00:00"})
}

fn play(shared: &Shared, heard: &Heard) -> Said {
    if heard.path.starts_with("/files/") {
        assert_eq!(
            heard.header("authorization"),
            "",
            "the key goes to nobody's file server"
        );
        return Said::of(200, "application/pdf", b"%PDF-1.4 invoice".to_vec());
    }
    if !heard.header("authorization").starts_with("Basic ") {
        return Said::json(401, json!({}));
    }
    let mut world = shared.lock().unwrap();
    let asked = heard.json();
    let filter = &asked["FILTER"];
    let limit = asked["LIMIT"].as_u64().unwrap_or(10).min(100) as usize;
    let offset = usize::try_from(asked["OFFSET"].as_u64().unwrap_or(0)).unwrap();
    let text = |name: &str| filter[name].as_str().unwrap_or_default().to_lowercase();
    let page = |found: Vec<&Value>| -> Vec<Value> {
        found
            .into_iter()
            .skip(offset)
            .take(limit)
            .cloned()
            .collect()
    };
    let is = |value: &Value, name: &str, key: &str| {
        text(key).is_empty()
            || value[name]
                .as_str()
                .is_some_and(|it| it.to_lowercase() == text(key))
    };
    let said = match asked["SERVICE"].as_str().unwrap_or_default() {
        "template.get" => json!({"TEMPLATES": []}),
        "customer.get" => {
            let holds = |it: &&Value| {
                is(it, "CUSTOMER_ID", "CUSTOMER_ID")
                    && is(it, "CUSTOMER_NUMBER", "CUSTOMER_NUMBER")
                    && (world.unfiltered || it.to_string().to_lowercase().contains(&text("TERM")))
            };
            json!({"CUSTOMERS": page(world.customers.iter().filter(holds).collect())})
        }
        "invoice.get" => {
            let holds = |it: &&Value| {
                (world.everybodys_invoices || is(it, "CUSTOMER_ID", "CUSTOMER_ID"))
                    && is(it, "INVOICE_ID", "INVOICE_ID")
            };
            json!({"INVOICES": page(world.invoices.iter().filter(holds).collect())})
        }
        "contact.get" => {
            let holds = |it: &&Value| {
                is(it, "CUSTOMER_ID", "CUSTOMER_ID")
                    && is(it, "CONTACT_ID", "CONTACT_ID")
                    && it.to_string().to_lowercase().contains(&text("TERM"))
            };
            json!({"CONTACTS": page(world.contacts.iter().filter(holds).collect())})
        }
        "customer.update" => {
            let data = asked["DATA"].as_object().unwrap().clone();
            for it in world
                .customers
                .iter_mut()
                .filter(|it| it["CUSTOMER_ID"] == data["CUSTOMER_ID"])
            {
                for (name, value) in &data {
                    it[name] = value.clone();
                }
            }
            json!({"STATUS": "success"})
        }
        "customer.delete" => {
            let id = asked["DATA"]["CUSTOMER_ID"].clone();
            if world.invoices.iter().any(|it| it["CUSTOMER_ID"] == id) {
                json!({"ERRORS": ["This customer has invoices"]})
            } else {
                world.customers.retain(|it| it["CUSTOMER_ID"] != id);
                json!({"STATUS": "success"})
            }
        }
        _ => json!({"ERRORS": ["unknown service"]}),
    };
    Said::json(200, json!({"REQUEST": asked, "RESPONSE": said}))
}

async fn stage() -> (Theatre, Shared, Settings) {
    let mut world = World::default();
    // More than one page of people who share a word with her, and she is the last of them.
    for id in 100..330 {
        world
            .customers
            .push(customer(id, &format!("kunde{id}@example.org")));
        world.customers.last_mut().unwrap()["COMMENT"] =
            json!("geworben von anna.beispiel@example.org");
    }
    for (id, address) in (1..).zip(NEAR.into_iter().chain([CANARY, ANNA])) {
        world.customers.push(customer(id, address));
    }
    let shared: Shared = Arc::new(Mutex::new(world));
    let playing = Arc::clone(&shared);
    let theatre = Theatre::open(move |heard| play(&playing, heard)).await;
    {
        let mut world = shared.lock().unwrap();
        world.address = theatre.url();
        let link = format!("{}/files/R-1.pdf?key=geheim", theatre.url());
        world.invoices = vec![
            json!({"INVOICE_ID": "70", "CUSTOMER_ID": "7", "INVOICE_NUMBER": "R-1", "INVOICE_DATE": "2025-01-02", "DOCUMENT_URL": link}),
            json!({"INVOICE_ID": "71", "CUSTOMER_ID": "100", "INVOICE_NUMBER": "R-2", "INVOICE_DATE": "2025-01-03", "DOCUMENT_URL": ""}),
        ];
    }
    let settings = shipped("fastbill", &theatre, "/api/1.0/api.php", &[]);
    (theatre, shared, settings)
}

#[tokio::test]
async fn it_finds_her_behind_pages_of_others_and_takes_none_of_them() {
    let (theatre, _, settings) = stage().await;
    let source = open(&settings);
    let records = conformance::finds_her_and_nobody_else(&source).await;
    let kinds: Vec<&str> = records
        .iter()
        .map(|it| it.reference.kind.as_str())
        .collect();
    assert_eq!(kinds, ["customers", "invoices"]);
    assert_eq!(value(&records[0], "CUSTOMER_NUMBER"), "K-7");
    assert_eq!(records[1].cautions, [Caution::Retained]);
    assert_eq!(
        value(&records[1], "DOCUMENT_URL"),
        "",
        "whoever has the address has the invoice"
    );
    assert!(theatre.heard().len() > 4, "all pages");
    conformance::takes_wildcards_as_letters(&source).await;
    conformance::says_that_there_is_nothing(&source).await;
    conformance::asks_nothing_without_an_identifier(&source).await;
    let number = Identifier::new(SearchKey::Number, "K-7").unwrap();
    let (records, search) = conformance::find(&source, &[number]).await.unwrap();
    assert_eq!(of_kind(&records, "customers").reference.id.reveal(), "7");
    assert!(
        search
            .proposals
            .iter()
            .all(|it| it.identifier.kind == SearchKey::Phone)
    );
}

#[tokio::test]
async fn it_bears_every_mood() {
    let (theatre, _, settings) = stage().await;
    conformance::bears_every_mood(&theatre, &open(&settings)).await;
}

#[tokio::test]
async fn a_filter_that_was_not_understood_is_no_answer() {
    let (_theatre, shared, settings) = stage().await;
    shared.lock().unwrap().unfiltered = true;
    let source = open(&settings);
    let mishap = conformance::find(&source, &[email("niemand@example.org")])
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Flooded);
}

#[tokio::test]
async fn invoices_of_others_are_never_hers_though_the_filter_is_not_understood() {
    let (_theatre, shared, settings) = stage().await;
    shared.lock().unwrap().everybodys_invoices = true;
    let source = open(&settings);
    let (records, _) = conformance::find(&source, &[email(ANNA)]).await.unwrap();
    let invoices: Vec<&str> = records
        .iter()
        .filter(|it| it.reference.kind == "invoices")
        .map(|it| it.reference.id.reveal().as_str())
        .collect();
    assert_eq!(invoices.len(), 1, "{invoices:?}");
    assert_eq!(
        value(of_kind(&records, "invoices"), "INVOICE_NUMBER"),
        "R-1"
    );
    for id in 200..210 {
        let invoice = json!({"INVOICE_ID": id.to_string(), "CUSTOMER_ID": id.to_string()});
        shared.lock().unwrap().invoices.push(invoice);
    }
    let mishap = conformance::find(&source, &[email(ANNA)])
        .await
        .unwrap_err();
    assert_eq!(mishap.fault, Fault::Flooded);
}

#[tokio::test]
async fn she_is_found_as_a_person_in_a_company_and_her_colleagues_are_not() {
    let (_theatre, shared, settings) = stage().await;
    let contact = |id: u64, customer: u64, address: &str, copy: &str| {
        json!({"CONTACT_ID": id.to_string(), "CUSTOMER_ID": customer.to_string(), "LAST_NAME": "Beispiel",
               "EMAIL": address, "EMAIL_CC": copy})
    };
    {
        let mut world = shared.lock().unwrap();
        // Of a company whose own address is another one.
        world.contacts.push(contact(90, 150, ANNA, ""));
        world.contacts.push(contact(92, 7, ANNA, ""));
        let copies = format!("chef@example.org, {ANNA}");
        world
            .contacts
            .push(contact(97, 151, "chef@example.org", &copies));
        for id in 200..210 {
            let colleague = format!("kollege{id}@example.org");
            world.contacts.push(contact(id, 7, &colleague, ""));
        }
        for (id, field, text) in [
            ("160", "PAYMENT_MAIL_ADDRESS", ANNA),
            (
                "161",
                "EMAIL_CC",
                "buch@example.org, anna.beispiel@example.org",
            ),
        ] {
            let mut customers = world.customers.iter_mut();
            let it = customers.find(|it| it["CUSTOMER_ID"] == id).unwrap();
            it[field] = json!(text);
        }
    }
    let source = open(&settings);
    let (records, search) = conformance::find(&source, &[email(ANNA)]).await.unwrap();
    let told = |kind: &str| -> Vec<(&str, &str)> {
        let of_kind = records.iter().filter(|it| it.reference.kind == kind);
        let tie = |it: &Tie| match it {
            Tie::Exact { .. } => "exact",
            Tie::Linked { .. } => "linked",
            Tie::Candidate { .. } => "candidate",
        };
        let mut told: Vec<_> = of_kind
            .map(|it| (it.reference.id.reveal().as_str(), tie(&it.tie)))
            .collect();
        told.sort_unstable();
        told
    };
    assert_eq!(
        told("contacts"),
        [("90", "exact"), ("92", "linked"), ("97", "candidate")]
    );
    // Who only gets the mails is not the customer: a person says whose the record is.
    assert_eq!(
        told("customers"),
        [("160", "candidate"), ("161", "candidate"), ("7", "exact")]
    );
    let by_address = search
        .asked
        .iter()
        .find(|it| it.place == "contacts" && it.by == Some(SearchKey::Email));
    assert_eq!(by_address.map(|it| it.hits), Some(3));
    assert!(
        source.profile().leftovers.iter().any(|it| {
            it.kind == LeftoverKind::Closed && it.place.contains("recurring invoices")
        })
    );
}

#[tokio::test]
async fn errors_that_come_with_200_are_errors() {
    let (_theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let (records, _) = conformance::find(&source, &[email(CANARY)]).await.unwrap();
    let found = reference(&records, "customers");
    // Nobody knew of the invoice when it was asked; the system says no with 200.
    let invoice = json!({"INVOICE_ID": "72", "CUSTOMER_ID": "6 ", "INVOICE_NUMBER": "R-3"});
    shared.lock().unwrap().invoices.push(invoice);
    shared.lock().unwrap().invoices[2]["CUSTOMER_ID"] = json!("6");
    let outcome = source
        .erases()
        .unwrap()
        .erase(&found, Manner::Erase)
        .await
        .unwrap();
    assert_eq!(outcome.fate, Fate::Kept);
    let bad = super::described(
        &include_str!("../../../config/sources/fastbill.toml")
            .replace("customer.get", "customer.find")
            .replace("kind = \"basic\"", "kind = \"basic\" # "),
        &_theatre,
    );
    let mishap = conformance::find(&bad, &[email(ANNA)]).await.unwrap_err();
    assert_eq!(mishap.fault, Fault::Refused);
    assert!(
        !mishap.to_string().contains("unknown service"),
        "no text of an answer in an error"
    );
}

#[tokio::test]
async fn sec_147_ao_a_customer_with_invoices_is_kept_and_emptied_of_what_no_invoice_needs() {
    let (theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let (records, _) = conformance::find(&source, &[email(ANNA)]).await.unwrap();
    let found = reference(&records, "customers");
    let erases = source.erases().unwrap();
    let preview = erases.preview(&found, Manner::Erase).await.unwrap();
    assert_eq!(
        (preview.fate, preview.why.as_str()),
        (Fate::Kept, "invoices")
    );
    let outcome = erases.erase(&found, Manner::Erase).await.unwrap();
    assert_eq!(outcome.fate, Fate::Kept);
    let kept = |shared: &Shared| {
        shared
            .lock()
            .unwrap()
            .customers
            .iter()
            .find(|it| it["CUSTOMER_ID"] == "7")
            .cloned()
    };
    let now = kept(&shared).unwrap();
    assert_eq!(
        (now["PHONE"].as_str(), now["COMMENT"].as_str()),
        (Some(""), Some(""))
    );
    assert_eq!(now["EMAIL"], ANNA);
    assert!(
        theatre
            .heard()
            .iter()
            .all(|it| it.json()["SERVICE"] != "customer.delete")
    );
    theatre.forget();
    assert_eq!(
        erases.erase(&found, Manner::Erase).await.unwrap().fate,
        Fate::Kept
    );
    assert!(
        theatre
            .heard()
            .iter()
            .all(|it| it.json()["SERVICE"] != "customer.update"),
        "once"
    );
    // Her invoice cannot be erased by this system at all.
    let invoice = reference(&records, "invoices");
    assert_eq!(
        erases.erase(&invoice, Manner::Erase).await.unwrap().fate,
        Fate::Kept
    );
}

#[tokio::test]
async fn a_customer_without_invoices_goes() {
    let (_theatre, shared, settings) = stage().await;
    let source = open(&settings);
    // Nothing is left in her that could be emptied: that is no reason to keep her.
    for it in shared
        .lock()
        .unwrap()
        .customers
        .iter_mut()
        .filter(|it| it["EMAIL"] == CANARY)
    {
        it["PHONE"] = json!("");
        it["COMMENT"] = json!("");
    }
    let (records, _) = conformance::find(&source, &[email(CANARY)]).await.unwrap();
    conformance::erases_once(&source, &reference(&records, "customers"), Manner::Erase).await;
    assert!(
        shared
            .lock()
            .unwrap()
            .customers
            .iter()
            .all(|it| it["EMAIL"] != CANARY)
    );
    assert_eq!(shared.lock().unwrap().customers.len(), 236);
}

#[tokio::test]
async fn a_reference_that_the_system_answers_with_others_erases_nobody() {
    let (_theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let (records, _) = conformance::find(&source, &[email(CANARY)]).await.unwrap();
    let mut found = reference(&records, "customers");
    shared
        .lock()
        .unwrap()
        .customers
        .retain(|it| it["CUSTOMER_ID"] != "6");
    // The filter is forgotten: the first ten customers come.
    found.id = "6".into();
    for it in &mut shared.lock().unwrap().customers {
        it["CUSTOMER_ID"] = json!(format!("{} ", it["CUSTOMER_ID"].as_str().unwrap()));
    }
    assert_eq!(
        source
            .erases()
            .unwrap()
            .erase(&found, Manner::Erase)
            .await
            .unwrap()
            .fate,
        Fate::Gone
    );
    assert_eq!(shared.lock().unwrap().customers.len(), 236);
}

#[tokio::test]
async fn the_pdf_of_an_invoice_is_fetched_without_the_key_and_only_from_a_declared_host() {
    let (_theatre, shared, settings) = stage().await;
    let source = open(&settings);
    let (records, _) = conformance::find(&source, &[email(ANNA)]).await.unwrap();
    let invoice = of_kind(&records, "invoices");
    let file = &invoice.files[0];
    assert_eq!(
        (file.name.reveal().as_str(), file.media_type.as_str()),
        ("R-1", "application/pdf")
    );
    let fetch = || {
        source
            .copies()
            .unwrap()
            .fetch(&invoice.reference, file)
            .try_concat()
    };
    assert_eq!(fetch().await.unwrap(), b"%PDF-1.4 invoice");
    shared.lock().unwrap().invoices[0]["DOCUMENT_URL"] = json!("http://127.0.0.1:9/files/R-1.pdf");
    assert_eq!(fetch().await.unwrap_err().fault, Fault::Redirected);
}

#[tokio::test]
async fn one_key_that_may_do_everything_is_said() {
    let (_theatre, _, settings) = stage().await;
    let health = open(&settings).check().await.unwrap();
    assert!(
        matches!(health.needs.as_slice(), [Need::TooMighty(_)]),
        "{health:?}"
    );
}
