//! Where Frappe CRM keeps what it knows of a person: doctypes, by which fields they are found, and in which order they
//! can be erased.

use crate::ports::source::Origin;

/// A doctype and what of it concerns a person.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The doctype.
    pub doctype: &'static str,
    /// The category of data.
    pub category: &'static str,
    /// In which order erasing works: what links comes before what it links to.
    pub rank: u8,
    /// Who the data come from.
    pub origin: Origin,
    /// Whether a single reading gives more than a list: it has child tables.
    pub whole: bool,
    /// Fields with one address, or several.
    pub mail: &'static [&'static str],
    /// Fields with a number.
    pub phone: &'static [&'static str],
    /// Fields with a name.
    pub name: &'static [&'static str],
    /// Longer texts that may mention her.
    pub texts: &'static [&'static str],
    /// Fields that say of what it hangs: the doctype and the name.
    pub hangs: Option<(&'static str, &'static str)>,
    /// What a list calls it.
    pub title: &'static [&'static str],
    /// What is shown first.
    pub first: &'static [&'static str],
}

const NOWHERE: Place = Place {
    doctype: "",
    category: "other",
    rank: 10,
    origin: Origin::Unknown,
    whole: false,
    mail: &[],
    phone: &[],
    name: &[],
    texts: &[],
    hangs: None,
    title: &[],
    first: &[],
};

/// Without these nothing is known of the CRM; if one is closed, the search has failed.
pub const CORE: [&str; 3] = ["CRM Lead", "CRM Deal", "Contact"];

/// Everything that is asked.
pub static PLACES: [Place; 24] = [
    Place {
        doctype: "CRM Lead",
        category: "lead",
        rank: 50,
        whole: true,
        mail: &["email"],
        phone: &["mobile_no", "phone"],
        name: &["lead_name"],
        title: &["lead_name", "email"],
        first: &[
            "lead_name",
            "first_name",
            "last_name",
            "email",
            "mobile_no",
            "phone",
        ],
        ..NOWHERE
    },
    Place {
        doctype: "Contact",
        category: "contact",
        rank: 50,
        whole: true,
        name: &["full_name"],
        title: &["full_name"],
        first: &[
            "full_name",
            "first_name",
            "last_name",
            "email_id",
            "mobile_no",
            "phone",
        ],
        ..NOWHERE
    },
    Place {
        doctype: "CRM Deal",
        category: "deal",
        rank: 20,
        whole: true,
        mail: &["email"],
        phone: &["mobile_no", "phone"],
        name: &["lead_name"],
        title: &["lead_name", "organization"],
        first: &[
            "lead_name",
            "organization",
            "first_name",
            "last_name",
            "email",
            "mobile_no",
        ],
        ..NOWHERE
    },
    Place {
        doctype: "CRM Organization",
        rank: 70,
        title: &["organization_name"],
        first: &["organization_name", "website"],
        ..NOWHERE
    },
    Place {
        doctype: "Address",
        category: "contact",
        whole: true,
        mail: &["email_id"],
        phone: &["phone"],
        title: &["address_title"],
        first: &[
            "address_title",
            "address_line1",
            "address_line2",
            "pincode",
            "city",
        ],
        ..NOWHERE
    },
    Place {
        doctype: "Communication",
        category: "message",
        rank: 30,
        mail: &["sender", "recipients", "cc", "bcc"],
        phone: &["phone_no"],
        hangs: Some(("reference_doctype", "reference_name")),
        title: &["subject"],
        first: &[
            "subject",
            "sender",
            "recipients",
            "cc",
            "bcc",
            "communication_date",
            "content",
        ],
        ..NOWHERE
    },
    Place {
        doctype: "CRM Call Log",
        category: "call",
        origin: Origin::Observed,
        phone: &["from", "to"],
        hangs: Some(("reference_doctype", "reference_docname")),
        title: &["type"],
        first: &[
            "type",
            "from",
            "to",
            "start_time",
            "duration",
            "recording_url",
        ],
        ..NOWHERE
    },
    Place {
        doctype: "FCRM Note",
        category: "note",
        origin: Origin::Derived,
        texts: &["title", "content"],
        hangs: Some(("reference_doctype", "reference_docname")),
        title: &["title"],
        first: &["title", "content"],
        ..NOWHERE
    },
    Place {
        doctype: "CRM Task",
        category: "task",
        origin: Origin::Derived,
        texts: &["title", "description"],
        hangs: Some(("reference_doctype", "reference_docname")),
        title: &["title"],
        first: &["title", "description", "due_date"],
        ..NOWHERE
    },
    Place {
        doctype: "Comment",
        category: "note",
        rank: 60,
        origin: Origin::Derived,
        texts: &["content"],
        hangs: Some(("reference_doctype", "reference_name")),
        title: &["subject", "comment_type"],
        first: &["comment_type", "content"],
        ..NOWHERE
    },
    Place {
        doctype: "File",
        category: "file",
        rank: 60,
        hangs: Some(("attached_to_doctype", "attached_to_name")),
        title: &["file_name"],
        first: &["file_name", "file_size", "attached_to_doctype"],
        ..NOWHERE
    },
    Place {
        doctype: "ToDo",
        category: "task",
        origin: Origin::Derived,
        texts: &["description"],
        hangs: Some(("reference_type", "reference_name")),
        title: &["description"],
        first: &["description", "date"],
        ..NOWHERE
    },
    Place {
        doctype: "Event",
        category: "appointment",
        whole: true,
        title: &["subject"],
        first: &["subject", "starts_on", "ends_on", "description"],
        ..NOWHERE
    },
    Place {
        doctype: "CRM Notification",
        category: "activity",
        origin: Origin::Derived,
        hangs: Some(("reference_doctype", "reference_name")),
        title: &["type"],
        first: &["type", "notification_text", "message"],
        ..NOWHERE
    },
    Place {
        doctype: "Notification Log",
        category: "activity",
        origin: Origin::Derived,
        hangs: Some(("document_type", "document_name")),
        title: &["type"],
        first: &["subject", "email_content"],
        ..NOWHERE
    },
    Place {
        doctype: "WhatsApp Message",
        category: "message",
        phone: &["from", "to"],
        hangs: Some(("reference_doctype", "reference_name")),
        title: &["type"],
        first: &["type", "from", "to", "message"],
        ..NOWHERE
    },
    Place {
        doctype: "Email Queue",
        category: "mail",
        whole: true,
        title: &["status"],
        first: &["sender", "status", "message"],
        ..NOWHERE
    },
    Place {
        doctype: "Email Group Member",
        category: "newsletter",
        rank: 60,
        mail: &["email"],
        title: &["email_group"],
        first: &["email", "email_group", "unsubscribed"],
        ..NOWHERE
    },
    Place {
        doctype: "Email Unsubscribe",
        category: "consent",
        rank: 99,
        mail: &["email"],
        title: &["email"],
        first: &[
            "email",
            "global_unsubscribe",
            "reference_doctype",
            "reference_name",
        ],
        ..NOWHERE
    },
    Place {
        doctype: "User",
        category: "account",
        rank: 95,
        mail: &["name", "email"],
        phone: &["mobile_no", "phone"],
        title: &["full_name"],
        first: &[
            "full_name",
            "email",
            "enabled",
            "user_type",
            "last_login",
            "last_ip",
        ],
        ..NOWHERE
    },
    Place {
        doctype: "Personal Data Deletion Request",
        rank: 95,
        mail: &["email"],
        title: &["status"],
        first: &["email", "status"],
        ..NOWHERE
    },
    Place {
        doctype: "Personal Data Download Request",
        rank: 95,
        mail: &["user"],
        title: &["user_name"],
        first: &["user", "user_name"],
        ..NOWHERE
    },
    Place {
        doctype: "Version",
        category: "history",
        rank: 80,
        origin: Origin::Derived,
        hangs: Some(("ref_doctype", "docname")),
        title: &["ref_doctype"],
        first: &["ref_doctype", "data"],
        ..NOWHERE
    },
    Place {
        doctype: "Deleted Document",
        category: "history",
        rank: 90,
        origin: Origin::Derived,
        hangs: Some(("deleted_doctype", "deleted_name")),
        title: &["deleted_doctype"],
        first: &["deleted_doctype", "data"],
        ..NOWHERE
    },
];

/// Her row in a deal of others: it is hers, the deal is not.
pub static DEAL_ROW: Place = Place {
    doctype: "CRM Contacts",
    category: "deal",
    rank: 20,
    title: &["full_name"],
    first: &[
        "full_name",
        "contact",
        "email",
        "mobile_no",
        "phone",
        "deal",
        "organization",
    ],
    ..NOWHERE
};

/// The place of a doctype.
pub fn place(doctype: &str) -> Option<&'static Place> {
    let mut places = PLACES.iter().chain(std::iter::once(&DEAL_ROW));
    places.find(|place| place.doctype == doctype)
}

/// A child table with addresses or numbers of people.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The doctype of its rows.
    pub rows: &'static str,
    /// In whose records they stand.
    pub parent: &'static str,
    /// As which field.
    pub field: &'static str,
    /// Fields with an address.
    pub mail: &'static [&'static str],
    /// Fields with a number.
    pub phone: &'static [&'static str],
}

/// Where a record's own fields do not say it: a contact's addresses are a table, and so is everybody in a deal.
pub const TABLES: [Table; 5] = [
    Table {
        rows: "Contact Email",
        parent: "Contact",
        field: "email_ids",
        mail: &["email_id"],
        phone: &[],
    },
    Table {
        rows: "Contact Phone",
        parent: "Contact",
        field: "phone_nos",
        mail: &[],
        phone: &["phone"],
    },
    Table {
        rows: "CRM Contacts",
        parent: "CRM Deal",
        field: "contacts",
        mail: &["email"],
        phone: &["mobile_no", "phone"],
    },
    Table {
        rows: "Email Queue Recipient",
        parent: "Email Queue",
        field: "recipients",
        mail: &["recipient"],
        phone: &[],
    },
    Table {
        rows: "Event Participants",
        parent: "Event",
        field: "event_participants",
        mail: &["email"],
        phone: &[],
    },
];

/// Child tables by which records hang on others: rows, parent, the doctype and the name of the other.
pub const TIES: [(&str, &str, &str, &str); 4] = [
    (
        "Communication Link",
        "Communication",
        "link_doctype",
        "link_name",
    ),
    ("Dynamic Link", "CRM Call Log", "link_doctype", "link_name"),
    ("Dynamic Link", "Address", "link_doctype", "link_name"),
    (
        "Event Participants",
        "Event",
        "reference_doctype",
        "reference_docname",
    ),
];
