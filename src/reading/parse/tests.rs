//! Messages as they come in, and what must be read from them.

mod arrivals;
mod attachments;
mod bodies;
mod chaos;
mod enclosed;
mod heads;
mod pages;
mod reports;
mod shown;

use crate::reading::message::{Message, Place};

/// Parses text with its line ends as the wire has them.
fn mail(raw: &str) -> Message {
    super::parse(raw.replace('\n', "\r\n").as_bytes()).expect("a message")
}

fn bytes(raw: &[u8]) -> Message {
    super::parse(raw).expect("a message")
}

impl Message {
    fn at(&self, place: &Place) -> &str {
        self.texts
            .iter()
            .find(|text| text.place == *place)
            .map_or("", |text| &text.text)
    }

    fn plain(&self) -> &str {
        self.at(&Place::Plain)
    }

    fn html(&self) -> &str {
        self.at(&Place::Html)
    }

    fn attached(&self, name: &str) -> &str {
        self.at(&Place::Attachment(name.to_owned()))
    }
}

/// A page of HTML as the body of a message.
fn page(html: &str) -> Message {
    bytes(format!("From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n{html}").as_bytes())
}

/// A file in a message, as most programs send it.
fn with_file(name: &str, kind: &str, content: &[u8]) -> Message {
    use base64::Engine;
    let coded = base64::engine::general_purpose::STANDARD.encode(content);
    bytes(
        format!(
            "From: a@b.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nSiehe Anhang\n--B\n\
             Content-Type: {kind}; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{coded}\n--B--\n"
        )
        .as_bytes(),
    )
}
