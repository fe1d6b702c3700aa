//! Mails that a contact form or a helpdesk writes: labelled lines, with the person inside.

use chrono::{DateTime, FixedOffset};

use super::date::quoted_date;
use super::heads::{email_in, folded};
use super::people::{Field, people};

/// What the lines of a form or a ticket tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// What the person wrote.
    pub message: String,
    /// What it is about.
    pub subject: String,
    /// When it came in.
    pub at: Option<DateTime<FixedOffset>>,
    /// The customer's number.
    pub number: String,
    /// How many different labels were found.
    pub labels: usize,
}

/// Reads labelled lines; whether it is a form the caller decides.
pub fn form(text: &str) -> Form {
    let mut form = Form::default();
    let (mut first, mut last) = (String::new(), String::new());
    let mut open: Option<Field> = None;
    let mut seen: Vec<Field> = Vec::new();
    let mut free = String::new();
    for line in text.lines() {
        let bare = line
            .trim()
            .trim_start_matches(['*', '-', '•', '>', '|'])
            .trim();
        if let Some((field, value)) = labelled(bare) {
            if open == Some(Field::Message)
                && field != Field::Message
                && !value.is_empty()
                && seen.contains(&field)
            {
                // a label inside the person's own words
                push_line(&mut form.message, line);
                continue;
            }
            if !seen.contains(&field) {
                seen.push(field);
            }
            open = Some(field);
            if !value.is_empty() {
                take(&mut form, &mut first, &mut last, field, value);
                if field != Field::Message {
                    open = None;
                }
            }
            continue;
        }
        match open {
            Some(Field::Message) => push_line(&mut form.message, line),
            Some(field) if !bare.is_empty() => {
                take(&mut form, &mut first, &mut last, field, bare);
                open = None;
            }
            Some(_) => {}
            None => push_line(&mut free, line),
        }
    }
    if form.name.is_empty() {
        form.name = format!("{first} {last}").trim().to_owned();
    } else if !last.is_empty() && !form.name.contains(' ') {
        form.name = format!("{} {last}", form.name);
    }
    if form.message.trim().is_empty() {
        form.message = free;
    }
    form.labels = seen.len();
    form
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line.trim_end());
    text.push('\n');
}

fn take(form: &mut Form, first: &mut String, last: &mut String, field: Field, value: &str) {
    let value = value.trim();
    match field {
        Field::Name => {
            let email = email_in(value);
            let name = value
                .split(['<', '(', '['])
                .next()
                .unwrap_or_default()
                .trim()
                .trim_matches(['"', '\'']);
            if form.name.is_empty() && !name.contains('@') {
                form.name = name.to_owned();
            }
            if let Some(email) = email
                && form.email.is_empty()
            {
                form.email = email;
            }
        }
        Field::First => *first = value.to_owned(),
        Field::Last => *last = value.to_owned(),
        Field::Email => {
            if let Some(email) = email_in(value)
                && form.email.is_empty()
            {
                form.email = email;
            }
        }
        Field::Message => push_line(&mut form.message, value),
        Field::Subject => form.subject = value.to_owned(),
        Field::At => form.at = quoted_date(value).or(form.at),
        Field::Number => form.number = value.to_owned(),
    }
}

/// `Label: value` with a known label; also `Label` alone, and cells parted by a tab.
fn labelled(line: &str) -> Option<(Field, &str)> {
    let cut = line.find([':', '\t', '：']).filter(|at| *at <= 40)?;
    let name = folded(line.get(..cut)?);
    let field = people().labels.get(&name).copied()?;
    let value = line.get(cut..)?;
    let value = value
        .trim_start_matches([':', '\t', '：', ' ', '*'])
        .trim_end_matches('*');
    Some((field, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_form_is_read() {
        let form = form(
            "Neue Nachricht über das Kontaktformular\n\nVorname: Max\nNachname: Muster\nE-Mail: max@post.example\nBetreff: Frage\nNachricht:\nWoher haben Sie\nmeine Adresse?\n",
        );
        assert_eq!(
            (form.name.as_str(), form.email.as_str()),
            ("Max Muster", "max@post.example")
        );
        assert_eq!(form.message, "Woher haben Sie\nmeine Adresse?\n");
        assert_eq!(form.labels, 5);
    }

    #[test]
    fn a_ticket_is_read() {
        let form = form(
            "Ticket#2025031 \nVon: Max Muster <max@post.example>\nErstellt am: 03.03.2025 22:10\n\nBitte alles löschen.\n",
        );
        assert_eq!(
            (form.name.as_str(), form.email.as_str()),
            ("Max Muster", "max@post.example")
        );
        assert!(form.at.is_some() && form.message.contains("Bitte alles löschen."));
    }
}
