//! Who lives in that Odoo.

use serde_json::json;

use super::super::conformance::{ANNA, NAME, NEAR, PHONE};
use super::world::World;

/// The numbers of what is hers.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    pub anna: i64,
    pub old: i64,
    pub delivery: i64,
    pub near: Vec<i64>,
    pub lost: i64,
    pub by_phone: i64,
    pub by_link: i64,
    pub in_copy: i64,
    pub contact: i64,
    pub written: i64,
    pub mailed: i64,
    pub mention: i64,
    pub on_her: i64,
    pub file: i64,
    pub sent_file: i64,
    pub event: i64,
    pub bank: i64,
    pub invoice: i64,
    pub order: i64,
    pub user: i64,
}

/// Bytes of her file.
pub const FILE: &[u8] = b"%PDF-1.7 an offer \x00\x01\x02\xff and more of it, over and over";

pub fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A whole office full.
pub fn everybody(world: &mut World) -> Cast {
    // The first company has the number that accounts are members of.
    world.companies = vec![world.plant("res.company", json!({"name": "Muster GmbH"}))];
    let company = world.companies[0];
    for user in world.ids("res.users") {
        world.set("res.users", user, "company_ids", json!([company]));
    }
    let tag = world.plant("res.partner.category", json!({"name": "VIP"}));
    let germany = world.plant("res.country", json!({"name": "Deutschland"}));
    let employer = world.plant(
        "res.partner",
        json!({"name": "Fremde AG", "is_company": true, "phone": "030 1234567"}),
    );
    let anna = world.plant(
        "res.partner",
        json!({"name": NAME, "email": ANNA, "phone": PHONE.1, "street": "Lindenweg 7", "country_id": germany,
            "comment": "<p>ruft gern an</p>", "category_id": [tag], "image_1920": base64(b"picture"), "parent_id": employer,
            "type": "contact", "ref": "K-4711", "company_id": company, "x_hobby": "Segeln"}),
    );
    let old = world.plant(
        "res.partner",
        json!({"name": NAME, "email": "\"Beispiel, Anna\" <anna.beispiel@example.org>", "active": false}),
    );
    let delivery = world.plant(
        "res.partner",
        json!({"name": "Lieferung", "street": "Hafen 3", "parent_id": anna, "type": "delivery"}),
    );
    let near = NEAR.map(|email| {
        world.plant(
            "res.partner",
            json!({"name": "Jemand Anderes", "email": email, "type": "contact"}),
        )
    });
    world.plant(
        "res.partner",
        json!({"name": "Kanarie Vogel", "email": "kanarie@example.org"}),
    );
    let lead = |world: &mut World, values| world.plant("crm.lead", values);
    let lost = lead(
        world,
        json!({"name": "Interesse von Anna", "contact_name": NAME, "email_from": format!("Anna Beispiel <{ANNA}>"),
            "active": false, "type": "lead"}),
    );
    let by_phone = lead(
        world,
        json!({"name": "Rückruf", "phone": "+49 (0)170 5550123", "type": "opportunity"}),
    );
    let by_link = lead(
        world,
        json!({"name": "Folgegeschäft", "partner_id": anna, "contact_name": NAME, "email_from": ANNA,
        "phone": PHONE.1, "street": "Lindenweg 7"}),
    );
    let in_copy = lead(
        world,
        json!({"name": "Fremdes", "email_from": NEAR[0], "email_cc": format!("{}, {ANNA}", NEAR[0])}),
    );
    lead(
        world,
        json!({"name": "Von Johanna", "email_from": NEAR[0], "phone": "+49 170 5550124"}),
    );
    let list = world.plant("mailing.list", json!({"name": "Neues"}));
    let contact = world.plant(
        "mailing.contact",
        json!({"name": NAME, "email": ANNA, "list_ids": [list]}),
    );
    let subscription = if world.version >= 17 {
        "mailing.subscription"
    } else {
        "mailing.contact.subscription"
    };
    world.plant(
        subscription,
        json!({"contact_id": contact, "list_id": list, "opt_out": false}),
    );
    world.plant(
        "mailing.trace",
        json!({"email": "anna.beispiel@example.org", "trace_status": "open",
        "model": "mailing.contact", "res_id": contact}),
    );
    world.plant(
        "mailing.trace",
        json!({"email": NEAR[0], "trace_status": "open"}),
    );
    let message = |world: &mut World, values| world.plant("mail.message", values);
    let on_her = message(
        world,
        json!({"model": "res.partner", "res_id": anna, "body": "<p>Notiz</p>", "is_internal": true,
        "message_type": "comment", "date": "2026-03-01 09:30:00"}),
    );
    let sent_file = world.plant(
        "ir.attachment",
        json!({"name": "Bild.png", "mimetype": "image/png", "datas": base64(b"png"),
        "file_size": 3, "type": "binary"}),
    );
    let written = message(
        world,
        json!({"model": "res.partner", "res_id": near[0], "author_id": anna, "email_from": ANNA,
        "body": "<p>Hallo Johanna</p>", "message_type": "email", "attachment_ids": [sent_file], "partner_ids": [near[0]]}),
    );
    let mailed = message(
        world,
        json!({"email_from": "\"Anna\" <anna.beispiel@EXAMPLE.org>", "body": "<p>Frage</p>",
        "message_type": "email", "subject": "Frage"}),
    );
    let mention = message(
        world,
        json!({"body": "<p>Bitte +491705550123 anrufen</p>", "message_type": "comment",
        "model": "res.partner", "res_id": near[1]}),
    );
    message(
        world,
        json!({"body": "<p>Bitte +4917055501234 anrufen</p>", "model": "res.partner", "res_id": near[1]}),
    );
    message(
        world,
        json!({"email_from": "Johanna <johanna.beispiel@example.org>", "body": "<p>Fremd</p>"}),
    );
    world.plant(
        "mail.tracking.value",
        json!({"mail_message_id": on_her, "old_value_char": "Anna Vorher", "new_value_char": NAME}),
    );
    let file = world.plant(
        "ir.attachment",
        json!({"name": "Angebot.pdf", "mimetype": "application/pdf", "datas": base64(FILE),
        "file_size": FILE.len(), "type": "binary", "res_model": "res.partner", "res_id": anna}),
    );
    world.plant("ir.attachment", json!({"name": "Fremd.pdf", "type": "binary", "res_model": "res.partner", "res_id": near[0]}));
    world.plant(
        "mail.activity",
        json!({"summary": "Anrufen", "res_model": "crm.lead", "res_id": lost}),
    );
    let event = world.plant(
        "calendar.event",
        json!({"name": "Beratung", "partner_ids": [anna, near[2]],
        "description": "<p>mit Anna</p>", "start": "2026-04-01 08:00:00"}),
    );
    world.plant(
        "calendar.attendee",
        json!({"event_id": event, "partner_id": anna, "email": ANNA, "common_name": NAME}),
    );
    let bank = world.plant(
        "res.partner.bank",
        json!({"acc_number": "DE02 1203 0000 0000 2020 51", "partner_id": anna,
        "acc_holder_name": NAME, "active": false}),
    );
    let invoice = world.plant("account.move", json!({"name": "RE/2026/0001", "state": "posted", "posted_before": true,
        "move_type": "out_invoice", "partner_id": anna, "commercial_partner_id": employer, "invoice_date": "2026-02-03"}));
    let order = world.plant(
        "sale.order",
        json!({"name": "S00017", "state": "draft", "partner_id": anna,
        "partner_shipping_id": delivery, "note": "<p>bitte bald</p>"}),
    );
    let user = world.plant(
        "res.users",
        json!({"login": ANNA, "name": NAME, "share": true, "partner_id": anna}),
    );
    world.plant(
        "helpdesk.ticket",
        json!({"name": "Hilfe", "partner_id": anna, "description": "<p>geht nicht</p>"}),
    );
    world.plant(
        "helpdesk.ticket",
        json!({"name": "Hilfe", "partner_email": ANNA}),
    );
    let model = world.plant("ir.model", json!({"transient": false}));
    world.plant(
        "ir.model.fields",
        json!({"relation": "res.partner", "model": "helpdesk.ticket", "name": "partner_id",
        "ttype": "many2one", "store": true, "model_id": model}),
    );
    Cast {
        anna,
        old,
        delivery,
        near: near.to_vec(),
        lost,
        by_phone,
        by_link,
        in_copy,
        contact,
        written,
        mailed,
        mention,
        on_her,
        file,
        sent_file,
        event,
        bank,
        invoice,
        order,
        user,
    }
}
