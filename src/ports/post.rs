//! The post office: a parcel goes out, and an answer comes back whether it was taken.

use std::fmt;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::Trouble;

/// A name and an e-mail address. Both are personal data, so neither shows in logs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The name as a person writes it; may be empty.
    pub name: String,
    /// The bare address, `local@domain`.
    pub email: String,
}

impl Address {
    /// An address with the name of its owner.
    pub fn new(name: impl Into<String>, email: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            email: email.into(),
        }
    }

    /// The bare address with its domain as the wire wants it (`xn--…` for umlauts), or `None` if
    /// it has no domain, or one that cannot be written so.
    #[must_use]
    pub fn on_the_wire(&self) -> Option<String> {
        let (local, domain) = self.email.trim().rsplit_once('@')?;
        let domain = idna::domain_to_ascii(domain)
            .ok()
            .filter(|d| !d.is_empty())?;
        (!local.is_empty()).then(|| format!("{local}@{domain}"))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// A file that goes along with a mail.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The name the recipient sees; cleaned of paths and control characters on the way out.
    pub name: String,
    /// For example `application/pdf`.
    pub media_type: String,
    /// The content; base64 where a parcel is written down.
    #[serde(with = "bytes_as_text")]
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Attachment({}, {} bytes)",
            self.media_type,
            self.bytes.len()
        )
    }
}

/// One mail to one person, complete: the same parcel is always the same bytes on the wire.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Our own id with its angle brackets (see [`message_id`]). A repeat carries the same, so that
    /// the recipient's server and ours can tell a second copy from a second letter.
    pub message_id: String,
    /// When the letter was promised; becomes the `Date` of every attempt.
    pub date: DateTime<Utc>,
    /// Who writes.
    pub from: Address,
    /// Where answers go, if not to `from`.
    pub reply_to: Option<Address>,
    /// The one recipient; there is no Cc and no Bcc in this house.
    pub to: Address,
    /// Where bounces go, if not to `from`: a bare address.
    pub envelope_from: Option<String>,
    /// The subject line.
    pub subject: String,
    /// The words, as plain text.
    pub text: String,
    /// The same words as HTML.
    pub html: Option<String>,
    /// Files that go along.
    pub attachments: Vec<Attachment>,
    /// Written by the machine and not by a person: asks holiday replies to stay silent (RFC 3834).
    pub automatic: bool,
    /// The `Message-ID` this answers.
    pub in_reply_to: Option<String>,
    /// The thread so far, oldest first.
    pub references: Vec<String>,
}

impl Parcel {
    /// A plain mail of text; what else it needs is set on the fields.
    pub fn letter(
        message_id: impl Into<String>,
        date: DateTime<Utc>,
        from: Address,
        to: Address,
        subject: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            message_id: message_id.into(),
            date,
            from,
            reply_to: None,
            to,
            envelope_from: None,
            subject: subject.into(),
            text: text.into(),
            html: None,
            attachments: Vec::new(),
            automatic: false,
            in_reply_to: None,
            references: Vec::new(),
        }
    }
}

impl fmt::Debug for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parcel")
            .field("message_id", &self.message_id)
            .field("attachments", &self.attachments.len())
            .finish_non_exhaustive()
    }
}

/// Builds our own `Message-ID`: `<random@domain of the sender>`. `random` comes from the house's
/// source of chance; whatever in it is neither letter nor digit is left out.
#[must_use]
pub fn message_id(random: &str, from: &Address) -> String {
    let local: String = random.chars().filter(char::is_ascii_alphanumeric).collect();
    let wire = from.on_the_wire();
    let domain = wire
        .as_deref()
        .and_then(|a| a.rsplit_once('@'))
        .map_or("localhost", |(_, d)| d);
    format!("<{local}@{domain}>")
}

/// The longest part before the at sign (RFC 5321, 4.5.3.1.1).
const LOCAL: usize = 64;
/// Letters of the part of our ids that chance gave.
const CHANCE: usize = 32;

/// The address to which the answer to one message comes, and its report if it comes back: the sender's, with the part of
/// the message's id that nobody can guess behind a plus. Nothing, where that would not be an address.
#[must_use]
pub fn answer_address(message_id: &str, sender: &Address) -> Option<String> {
    let wire = sender.on_the_wire()?;
    let (local, domain) = wire.rsplit_once('@')?;
    let (token, _) = message_id.trim_matches(['<', '>']).split_once('@')?;
    let fits = is_token(token) && local.len() + 1 + token.len() <= LOCAL;
    fits.then(|| format!("{local}+{token}@{domain}"))
}

/// The id of the message that mail to this address answers; nothing for any other address.
#[must_use]
pub fn answered_by(address: &str) -> Option<String> {
    let wire = Address::new("", address).on_the_wire()?;
    let (local, domain) = wire.rsplit_once('@')?;
    let (_, token) = local.rsplit_once('+')?;
    // Some servers write all of an address in small letters, and some in capitals.
    let token = token.to_ascii_lowercase();
    is_token(&token).then(|| format!("<{token}@{domain}>"))
}

fn is_token(text: &str) -> bool {
    text.len() == CHANCE
        && text
            .bytes()
            .all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

/// The next server took the mail over. That is sending, not receipt: a bounce may still come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The server's own words, kept as evidence; addresses and names are struck out.
    pub response: String,
}

/// Whether this can stand in a head as a Message-ID: angle brackets, an at sign between them, and nothing that ends a
/// line or the id itself.
#[must_use]
pub fn is_message_id(id: &str) -> bool {
    let inner = id.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let fits = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>');
    inner.is_some_and(|it| it.len() < 250 && it.contains('@') && it.chars().all(fits))
}

/// What is wrong with the way out, and what the operator can do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} ({code}). {remedy}")]
pub struct Defect {
    /// A stable code, for example `mail-login`.
    pub code: &'static str,
    /// What was seen, without personal data and without secrets.
    pub what: String,
    /// What would help.
    pub remedy: &'static str,
}

/// Something that carries mail.
pub trait Post: Send + Sync {
    /// Hands one parcel over.
    ///
    /// # Errors
    /// [`Trouble::Later`] if the way is blocked or the outcome is not known: the same parcel is
    /// to be sent again. [`Trouble::Never`] if this parcel was refused for good.
    fn send<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<Accepted, Trouble>>;

    /// The parcel as it stands on the wire, for a copy that is filed; nothing, if this post keeps none.
    fn on_the_wire(&self, _parcel: &Parcel) -> Option<Vec<u8>> {
        None
    }

    /// Walks the whole way up to the door and sends nothing.
    ///
    /// # Errors
    /// The first [`Defect`] on the way.
    fn check(&self) -> BoxFuture<'_, Result<(), Defect>>;
}

mod bytes_as_text {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        STANDARD
            .decode(String::deserialize(from)?)
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parcel() -> Parcel {
        let from = Address::new("Büro", "datenschutz@kontor.example");
        let to = Address::new("Ida Fröhlich", "ida@post.example");
        let id = message_id("a1-b2", &from);
        let mut parcel = Parcel::letter(
            id,
            DateTime::UNIX_EPOCH,
            from,
            to,
            "Ihr Antrag",
            "Guten Tag",
        );
        parcel.attachments.push(Attachment {
            name: "Auskunft.pdf".into(),
            media_type: "application/pdf".into(),
            bytes: vec![0, 159, 255],
        });
        parcel
    }

    #[test]
    fn a_message_id_hangs_on_the_senders_domain() {
        assert_eq!(parcel().message_id, "<a1b2@kontor.example>");
        let umlaut = Address::new("", "post@büro.example");
        assert_eq!(
            message_id("x>\r\nBcc: y", &umlaut),
            "<xBccy@xn--bro-hoa.example>"
        );
    }

    #[test]
    fn an_answer_finds_its_message_by_the_address_alone() {
        let sender = Address::new("Büro", "datenschutz@büro.example");
        let id = message_id("00ff00ff00ff00ff00ff00ff00ff00ff", &sender);
        let back = answer_address(&id, &sender).unwrap();
        assert_eq!(
            back,
            "datenschutz+00ff00ff00ff00ff00ff00ff00ff00ff@xn--bro-hoa.example"
        );
        assert_eq!(answered_by(&back), Some(id.clone()));
        assert_eq!(answered_by(&back.to_uppercase()), Some(id.clone()));
        let shown = "datenschutz+00ff00ff00ff00ff00ff00ff00ff00ff@büro.example";
        assert_eq!(answered_by(shown), Some(id.clone()));
        for other in [
            "datenschutz@büro.example",
            "datenschutz+werbung@büro.example",
            "no address",
        ] {
            assert_eq!(answered_by(other), None, "{other}");
        }
        let long = Address::new("", format!("{}@büro.example", "d".repeat(40)));
        assert_eq!(answer_address(&id, &long), None);
        assert_eq!(answer_address("<kurz@büro.example>", &sender), None);
    }

    #[test]
    fn a_parcel_survives_being_written_down() {
        let text = serde_json::to_string(&parcel()).unwrap();
        assert_eq!(serde_json::from_str::<Parcel>(&text).unwrap(), parcel());
    }

    #[test]
    fn nothing_personal_shows_in_the_log() {
        let shown = format!(
            "{:?} {:?} {:?}",
            parcel(),
            parcel().to,
            parcel().attachments
        );
        for word in ["ida", "Ida", "Fröhlich", "Antrag", "Guten", "Auskunft"] {
            assert!(!shown.contains(word), "{word} in {shown}");
        }
    }
}
