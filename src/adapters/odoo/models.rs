//! Where the data of one person lie in an Odoo: the models, by what each is found, what of it is hers, and how it ends.
//! Which of them a site has is asked of the site.

use crate::ports::source::Origin;

/// The models with an address of their own: everything else is found from them.
pub const PARTNER: &str = "res.partner";
pub const LEAD: &str = "crm.lead";
pub const USER: &str = "res.users";
pub const MESSAGE: &str = "mail.message";
pub const ATTACHMENT: &str = "ir.attachment";
pub const TRACKING: &str = "mail.tracking.value";
pub const BANK: &str = "res.partner.bank";
pub const ORDER: &str = "sale.order";
pub const MOVE: &str = "account.move";
pub const EVENT: &str = "calendar.event";
pub const CONTACT: &str = "mailing.contact";
/// What lists call the entries of a mailing list: the second since 17, the first before.
pub const SUBSCRIPTIONS: [&str; 2] = ["mailing.subscription", "mailing.contact.subscription"];

/// How a record of a model ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is deleted; what a rule over there keeps is kept.
    Delete,
    /// It is deleted, or made anonymous where a rule over there keeps it.
    DeleteOrBlank,
    /// It stays, and why.
    Keep(&'static str),
}

/// How a record hangs on another one: two fields name its model and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hang {
    pub model: &'static str,
    pub id: &'static str,
}

/// Why a record of a model stays of which only the site told.
pub const UNKNOWN: &str = "a model that is not known here; a person decides over there";

/// One model.
#[derive(Clone, Debug)]
pub struct Model {
    pub name: String,
    pub category: String,
    pub origin: Origin,
    /// In which order erasing works: the smaller first.
    pub rank: u8,
    /// What a list calls a record: the first of these that is not empty.
    pub title: Vec<String>,
    /// When it is from: the first of these that is not empty.
    pub at: Vec<String>,
    /// What is read of it, the important ones first.
    pub fields: Vec<String>,
    pub email: Vec<String>,
    pub phone: Vec<String>,
    pub number: Vec<String>,
    pub handle: Vec<String>,
    pub person: Vec<String>,
    /// Free texts that may mention her.
    pub texts: Vec<String>,
    /// Fields that lead to records that are hers, with their model.
    pub links: Vec<(String, String)>,
    pub hangs: Option<Hang>,
    pub ending: Ending,
    /// What is emptied when it is made anonymous.
    pub blank: Vec<String>,
    /// Needs an administrator's key.
    pub closed: bool,
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

impl Model {
    /// A model with what is read of it; the first field is what a list calls it.
    pub fn new(name: &str, category: &str, rank: u8, fields: &str) -> Model {
        let fields = words(fields);
        Model {
            name: name.to_owned(),
            category: category.to_owned(),
            origin: Origin::Unknown,
            rank,
            title: fields
                .first()
                .cloned()
                .into_iter()
                .chain(words("display_name"))
                .collect(),
            at: words("create_date"),
            fields,
            email: Vec::new(),
            phone: Vec::new(),
            number: Vec::new(),
            handle: Vec::new(),
            person: Vec::new(),
            texts: Vec::new(),
            links: Vec::new(),
            hangs: None,
            ending: Ending::Delete,
            blank: Vec::new(),
            closed: false,
        }
    }

    /// By which addresses, numbers and names it is found.
    pub fn found_by(mut self, email: &str, phone: &str, person: &str) -> Model {
        (self.email, self.phone, self.person) = (words(email), words(phone), words(person));
        self
    }

    /// By which fields it leads to a record of another model.
    pub fn linked(mut self, fields: &str, to: &str) -> Model {
        self.links.extend(
            words(fields)
                .into_iter()
                .map(|field| (field, to.to_owned())),
        );
        self
    }

    fn numbered(mut self, number: &str) -> Model {
        self.number = words(number);
        self
    }

    fn hanging(mut self, hangs: Hang) -> Model {
        self.hangs = Some(hangs);
        self
    }

    fn mentions(mut self, texts: &str) -> Model {
        self.texts = words(texts);
        self
    }

    fn from(mut self, origin: Origin) -> Model {
        self.origin = origin;
        self
    }

    fn dated(mut self, at: &str) -> Model {
        self.at = words(at);
        self
    }

    pub fn ends(mut self, ending: Ending) -> Model {
        self.ending = ending;
        self
    }

    fn blanking(mut self, blank: &str) -> Model {
        self.blank = words(blank);
        self
    }

    fn closed(mut self) -> Model {
        self.closed = true;
        self
    }

    /// Whether it can be found without another record.
    pub fn has_door(&self) -> bool {
        let doors = [
            &self.email,
            &self.phone,
            &self.number,
            &self.handle,
            &self.person,
        ];
        doors.iter().any(|fields| !fields.is_empty())
    }
}

const PLACE: &str = "street street2 zip city state_id country_id";

/// All models, in the order in which they are asked.
pub fn table() -> Vec<Model> {
    [contacts(), trade(), post(), visits()].concat()
}

fn contacts() -> Vec<Model> {
    let partner = "name email phone mobile title function website comment vat company_registry ref barcode \
        image_1920 lang tz category_id company_name parent_id type is_company peppol_endpoint sale_warn_msg";
    let lead = "name contact_name partner_name email_from email_cc phone mobile title function website description \
        referred partner_id type stage_id tag_ids lost_reason_id";
    vec![
        Model::new(PARTNER, "contact", 70, &format!("{partner} {PLACE}"))
            .found_by("email_normalized email", "phone_sanitized phone mobile", "name")
            .numbered("ref barcode company_registry vat")
            .from(Origin::Provided)
            .ends(Ending::DeleteOrBlank)
            .blanking(&format!(
                "email phone mobile title function website comment vat company_registry ref barcode image_1920 \
                 category_id company_name parent_id peppol_endpoint sale_warn_msg {PLACE}"
            )),
        Model::new(LEAD, "lead", 10, &format!("{lead} {PLACE}"))
            .found_by("email_normalized email_from email_cc", "phone_sanitized phone mobile", "contact_name")
            .linked("partner_id", PARTNER)
            .from(Origin::Provided)
            .ends(Ending::DeleteOrBlank)
            .blanking(&format!(
                "contact_name partner_name email_from email_cc phone mobile title function website description \
                 referred partner_id {PLACE}"
            )),
        Model::new(USER, "account", 58, "login name signature login_date share partner_id").by_handle("login")
            .linked("partner_id", PARTNER)
            .from(Origin::Provided),
        Model::new(CONTACT, "newsletter", 40, "name email company_name country_id tag_ids list_ids")
            .found_by("email_normalized email", "phone_sanitized mobile", "name")
            .from(Origin::Provided),
    ]
}

fn trade() -> Vec<Model> {
    vec![
        Model::new(
            ORDER,
            "order",
            50,
            "name state date_order amount_total client_order_ref note signed_by signed_on signature partner_id \
             partner_invoice_id partner_shipping_id",
        )
        .numbered("name")
        .linked("partner_id partner_invoice_id partner_shipping_id", PARTNER)
        .dated("date_order create_date")
        .from(Origin::Provided)
        .blanking("note signed_by signature client_order_ref"),
        Model::new(
            MOVE,
            "invoice",
            52,
            "name move_type state payment_state invoice_date amount_total ref narration partner_id \
             invoice_partner_display_name partner_shipping_id",
        )
        .numbered("name")
        .linked("partner_id commercial_partner_id partner_shipping_id", PARTNER)
        .dated("invoice_date date create_date"),
        Model::new(BANK, "payment", 55, "acc_number acc_holder_name bank_id partner_id")
            .linked("partner_id", PARTNER)
            .from(Origin::Provided),
        Model::new("payment.transaction", "payment", 56, "reference state amount partner_id partner_name partner_email \
             partner_phone partner_address partner_zip partner_city")
            .found_by("partner_email", "partner_phone", "")
            .linked("partner_id", PARTNER)
            .ends(Ending::Keep("payment.transaction: evidence of a payment")),
        Model::new("payment.token", "payment", 57, "display_name provider_id partner_id")
            .linked("partner_id", PARTNER),
    ]
}

fn post() -> Vec<Model> {
    vec![
        Model::new(
            MESSAGE,
            "message",
            20,
            "subject body email_from reply_to date message_type is_internal author_id partner_ids model res_id \
             attachment_ids",
        )
        .found_by("email_from", "", "")
        .linked("author_id partner_ids", PARTNER)
        .hanging(Hang { model: "model", id: "res_id" })
        .mentions("body")
        .dated("date create_date")
        .ends(Ending::DeleteOrBlank)
        .blanking("subject email_from reply_to author_id partner_ids"),
        Model::new("mail.activity", "task", 22, "summary note date_deadline activity_type_id res_model res_id")
            .hanging(Hang { model: "res_model", id: "res_id" })
            .from(Origin::Derived),
        Model::new(
            TRACKING,
            "history",
            80,
            "old_value_char new_value_char old_value_text new_value_text field_id field field_desc mail_message_id",
        )
        .found_by("old_value_char new_value_char", "", "")
        .linked("mail_message_id", MESSAGE)
        .from(Origin::Derived)
        .closed(),
        Model::new(
            ATTACHMENT,
            "file",
            30,
            "name description mimetype file_size url type res_model res_id",
        )
        .hanging(Hang { model: "res_model", id: "res_id" }),
        Model::new("mail.mail", "mail", 24, "subject body_html email_from email_to email_cc state")
            .found_by("email_to email_cc", "", "")
            .linked("recipient_ids", PARTNER)
            .closed(),
        Model::new("sms.sms", "message", 24, "body number state partner_id")
            .found_by("", "number", "")
            .linked("partner_id", PARTNER)
            .closed(),
        Model::new(
            "snailmail.letter",
            "message",
            24,
            "display_name street street2 zip city state_id country_id partner_id state",
        )
        .linked("partner_id", PARTNER),
        Model::new(EVENT, "appointment", 45, "name description location start stop partner_ids user_id")
            .linked("partner_ids", PARTNER)
            .mentions("description")
            .dated("start create_date")
            .blanking("description location"),
        Model::new("calendar.attendee", "appointment", 44, "common_name email state event_id partner_id")
            .found_by("email", "", "")
            .linked("partner_id", PARTNER),
        Model::new("discuss.channel.member", "message", 26, "display_name channel_id partner_id last_seen_dt")
            .linked("partner_id", PARTNER)
            .from(Origin::Observed),
        Model::new("mail.channel.member", "message", 26, "display_name channel_id partner_id last_seen_dt")
            .linked("partner_id", PARTNER)
            .from(Origin::Observed),
        Model::new("mail.guest", "message", 62, "name email country_id lang timezone").found_by("email", "", ""),
    ]
}

fn visits() -> Vec<Model> {
    let subscription = |name| {
        Model::new(
            name,
            "consent",
            38,
            "display_name list_id opt_out opt_out_datetime contact_id",
        )
        .linked("contact_id", CONTACT)
    };
    vec![
        subscription(SUBSCRIPTIONS[0]),
        subscription(SUBSCRIPTIONS[1]),
        Model::new(
            "mailing.trace",
            "activity",
            39,
            "email trace_status sent_datetime open_datetime reply_datetime links_click_datetime mass_mailing_id model \
             res_id",
        )
        .found_by("email", "", "")
        .hanging(Hang { model: "model", id: "res_id" })
        .dated("sent_datetime create_date")
        .from(Origin::Observed),
        Model::new("mail.blacklist", "consent", 255, "email")
            .found_by("email", "", "")
            .ends(Ending::Keep("mail.blacklist: it is the objection")),
        Model::new("phone.blacklist", "consent", 255, "number")
            .found_by("", "number", "")
            .ends(Ending::Keep("phone.blacklist: it is the objection"))
            .closed(),
        Model::new("website.visitor", "activity", 42, "display_name name last_connection_datetime visit_count lang_id \
             country_id timezone partner_id")
            .linked("partner_id", PARTNER)
            .from(Origin::Observed),
        Model::new("res.users.log", "log", 59, "create_date create_uid")
            .linked("create_uid", USER)
            .from(Origin::Observed)
            .closed(),
    ]
}

impl Model {
    /// By which name of an account it is found.
    pub fn by_handle(mut self, handle: &str) -> Model {
        self.handle = words(handle);
        self.email = words(handle);
        self
    }

    /// A model that the settings or the site name, of which little is known: it is shown, and ended by a person.
    pub fn other(name: &str, category: &str) -> Model {
        Model::new(name, category, 65, "display_name").ends(Ending::Keep(UNKNOWN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::source::Record;

    #[test]
    fn every_model_has_a_category_with_a_name_and_a_way_to_be_found() {
        for model in table() {
            assert!(
                Record::CATEGORIES.contains(&model.category.as_str()),
                "{}",
                model.name
            );
            assert!(
                model.has_door() || !model.links.is_empty() || model.hangs.is_some(),
                "{}",
                model.name
            );
            assert!(!model.title.is_empty() && !model.fields.is_empty());
        }
    }

    #[test]
    fn the_contact_goes_after_all_that_hangs_on_it_and_the_history_after_the_contact() {
        let rank = |name: &str| {
            table()
                .iter()
                .find(|model| model.name == name)
                .unwrap()
                .rank
        };
        let order = [
            LEAD, MESSAGE, ATTACHMENT, CONTACT, EVENT, ORDER, BANK, USER, PARTNER, TRACKING,
        ];
        assert!(order.windows(2).all(|pair| rank(pair[0]) < rank(pair[1])));
    }
}
