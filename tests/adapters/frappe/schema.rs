//! What a Frappe site knows: doctypes, columns, tables, who may do what.

use super::site::State;

/// Doctypes whose changes are written down.
pub const TRACKED: [&str; 5] = [
    "CRM Lead",
    "CRM Deal",
    "FCRM Note",
    "Communication",
    "Comment",
];

const OWN: [&str; 6] = [
    "name",
    "owner",
    "creation",
    "modified",
    "modified_by",
    "docstatus",
];

fn fields(doctype: &str) -> &'static str {
    match doctype {
        "CRM Lead" => {
            "salutation first_name middle_name last_name lead_name gender email mobile_no phone job_title organization website image lost_notes facebook_lead_id status lead_owner"
        }
        "Contact" => {
            "salutation first_name middle_name last_name full_name designation company_name image user unsubscribed department"
        }
        "CRM Deal" => {
            "first_name last_name email mobile_no phone lead_name job_title next_step lost_notes lead organization status annual_revenue"
        }
        "CRM Organization" => "organization_name website address",
        "Communication" => {
            "sender recipients cc bcc subject content text_content sender_full_name phone_no reference_doctype reference_name communication_date sent_or_received"
        }
        "Comment" => "content comment_type subject reference_doctype reference_name",
        "File" => {
            "file_name file_url file_size is_private is_folder attached_to_doctype attached_to_name content_hash"
        }
        "FCRM Note" => "title content reference_doctype reference_docname",
        "CRM Task" => "title description due_date reference_doctype reference_docname status",
        "CRM Call Log" => {
            "from to type start_time duration recording_url reference_doctype reference_docname"
        }
        "Address" => "address_title address_type address_line1 city pincode phone email_id",
        "ToDo" => "description date reference_type reference_name",
        "Event" => "subject starts_on ends_on description",
        "CRM Notification" => "type notification_text message reference_doctype reference_name",
        "Notification Log" => "type subject email_content document_type document_name",
        "WhatsApp Message" => "type from to message reference_doctype reference_name",
        "Email Queue" => "sender status message",
        "Email Group Member" => "email email_group unsubscribed",
        "Email Unsubscribe" => "email global_unsubscribe reference_doctype reference_name",
        "User" => "email full_name mobile_no phone enabled api_key last_ip",
        "Personal Data Deletion Request" => "email status",
        "Personal Data Download Request" => "user user_name",
        "Version" => "ref_doctype docname data",
        "Deleted Document" => "deleted_doctype deleted_name data restored",
        "Contact Email" => "email_id is_primary",
        "Contact Phone" => "phone is_primary_phone is_primary_mobile_no",
        "CRM Contacts" => "contact full_name email mobile_no phone is_primary",
        "Email Queue Recipient" => "recipient status",
        "Event Participants" => "reference_doctype reference_docname email",
        "Communication Link" | "Dynamic Link" => "link_doctype link_name link_title",
        _ => "",
    }
}

pub fn columns(doctype: &str) -> Vec<&'static str> {
    let fields: Vec<_> = fields(doctype).split_whitespace().collect();
    if fields.is_empty() {
        return fields;
    }
    let parents: &[&str] = if is_table(doctype) {
        &["parent", "parenttype", "parentfield", "idx"]
    } else {
        &[]
    };
    // Worked out by the site from its tables; there, but not written by a change.
    OWN.iter().chain(parents).copied().chain(fields).collect()
}

pub fn is_table(doctype: &str) -> bool {
    matches!(
        doctype,
        "Contact Email"
            | "Contact Phone"
            | "CRM Contacts"
            | "Email Queue Recipient"
            | "Event Participants"
            | "Communication Link"
            | "Dynamic Link"
    )
}

pub fn tables(doctype: &str) -> &'static [(&'static str, &'static str)] {
    match doctype {
        "Contact" => &[
            ("email_ids", "Contact Email"),
            ("phone_nos", "Contact Phone"),
        ],
        "CRM Deal" => &[("contacts", "CRM Contacts")],
        "Email Queue" => &[("recipients", "Email Queue Recipient")],
        "Event" => &[("event_participants", "Event Participants")],
        "Communication" => &[("timeline_links", "Communication Link")],
        "Address" | "CRM Call Log" => &[("links", "Dynamic Link")],
        _ => &[],
    }
}

pub fn hangs(doctype: &str) -> (&'static str, &'static str) {
    match doctype {
        "File" => ("attached_to_doctype", "attached_to_name"),
        "FCRM Note" | "CRM Task" | "CRM Call Log" => ("reference_doctype", "reference_docname"),
        "ToDo" => ("reference_type", "reference_name"),
        "Version" => ("ref_doctype", "docname"),
        _ => ("reference_doctype", "reference_name"),
    }
}

pub fn roles(user: &str) -> Vec<&'static str> {
    match user {
        "leser" => vec!["Sales Manager", "DSR Reader"],
        "loescher" => vec!["Sales Manager", "DSR Operator"],
        "chef" => vec!["Sales Manager"],
        "system" => vec!["System Manager"],
        "rolle" => vec!["DSR Operator"],
        _ => vec!["Sales User"],
    }
}

/// Without the right role leads and deals are not forbidden in lists, but not there.
pub fn hides(user: &str, doctype: &str) -> bool {
    let seers = ["Sales Manager", "System Manager"];
    matches!(doctype, "CRM Lead" | "CRM Deal" | "CRM Contacts")
        && !roles(user).iter().any(|it| seers.contains(it))
}

/// Whose own leads are in sight of whom the others are hidden from.
pub fn owns(user: &str, doctype: &str, name: &str) -> bool {
    user == "eigene" && doctype == "CRM Lead" && name == super::LEAD
}

pub fn may(state: &State, user: &str, doctype: &str, act: &str) -> bool {
    roles(user)
        .iter()
        .any(|role| role_may(state, role, doctype, act))
}

fn role_may(state: &State, role: &str, doctype: &str, act: &str) -> bool {
    let crm = [
        "CRM Lead",
        "CRM Deal",
        "FCRM Note",
        "CRM Task",
        "CRM Call Log",
    ]
    .contains(&doctype);
    let usual = crm
        || [
            "Contact",
            "CRM Organization",
            "Communication",
            "Address",
            "File",
            "ToDo",
            "Event",
            "CRM Notification",
            "Notification Log",
        ]
        .contains(&doctype);
    match (role, act) {
        ("Sales User" | "Sales Manager", "read" | "write" | "create") => usual,
        ("Sales User" | "Sales Manager", "delete") => crm,
        ("DSR Reader", "read") => true,
        ("DSR Operator", "delete") => match doctype {
            "Version" => state.history_right,
            _ => [
                "Contact",
                "Communication",
                "Comment",
                "File",
                "Address",
                "Deleted Document",
                "Email Group Member",
                "ToDo",
                "Email Queue",
                "Event",
                "Notification Log",
                "CRM Notification",
                "CRM Organization",
            ]
            .contains(&doctype),
        },
        ("DSR Operator", "create") => doctype == "Email Unsubscribe",
        ("DSR Operator", "write") => doctype == "Email Group Member",
        // Full rights on leads and deals, and yet none of them in sight.
        ("DSR Operator", "read") => {
            crm || [
                "Comment",
                "Version",
                "Deleted Document",
                "Email Group Member",
                "Contact",
                "Communication",
                "File",
                "Address",
                "Email Queue",
            ]
            .contains(&doctype)
        }
        ("System Manager", "read") => true,
        ("System Manager", "write" | "create" | "delete") => {
            !matches!(doctype, "Version" | "Email Group Member")
        }
        _ => false,
    }
}
