//! From parcel to message: what stands on the wire, byte for byte the same at every attempt.

use std::time::SystemTime;

use lettre::{
    Address as Wire, Message,
    address::Envelope,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{
            ContentDisposition, ContentTransferEncoding, ContentType, Date, HeaderName, HeaderValue,
        },
    },
};

use crate::ports::post::is_message_id;
use crate::ports::{Address, Attachment, Parcel};

/// Lines of a header may not pass 998 bytes, and nobody reads a subject that long.
const SUBJECT: usize = 200;
const NAME: usize = 120;

/// Why a parcel cannot become a message. Says which part, never what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Uncomposable {
    /// An address that is none.
    #[error("the address of the {0} is not one that mail can be sent to")]
    Address(&'static str),
    /// A message id with anything in it that could end the header.
    #[error("the {0} holds something that is no message id")]
    Id(&'static str),
    /// A media type that is none.
    #[error("the media type of an attachment is not one")]
    MediaType,
    /// A date that mail cannot write.
    #[error("the date of the letter lies outside of 1970 to 9998")]
    Date,
    /// What the library refuses although we did not.
    #[error("the message cannot be put together")]
    Whole,
}

/// Puts the message together. Line breaks and other control characters in names, the subject and
/// file names become spaces; in addresses, ids and media types they are refused, because there no
/// honest hand writes them.
///
/// # Errors
/// The part that cannot be sent.
pub fn compose(parcel: &Parcel) -> Result<Message, Uncomposable> {
    let from = mailbox(&parcel.from, "sender")?;
    let to = mailbox(&parcel.to, "recipient")?;
    let returns = match &parcel.envelope_from {
        Some(address) => wire(&Address::new("", address.as_str()), "return path")?,
        None => from.email.clone(),
    };
    let envelope =
        Envelope::new(Some(returns), vec![to.email.clone()]).map_err(|_| Uncomposable::Whole)?;

    let mut message = Message::builder()
        .envelope(envelope)
        .header(Date::new(date(parcel)?))
        .message_id(Some(id(&parcel.message_id, "Message-ID")?.to_owned()))
        .from(from)
        .to(to)
        .subject(subject(&parcel.subject));
    if let Some(reply_to) = &parcel.reply_to {
        message = message.reply_to(mailbox(reply_to, "reply-to")?);
    }
    if let Some(answered) = &parcel.in_reply_to {
        message = message.in_reply_to(id(answered, "In-Reply-To")?.to_owned());
    }
    if !parcel.references.is_empty() {
        let thread: Result<Vec<&str>, _> = parcel
            .references
            .iter()
            .map(|one| id(one, "References"))
            .collect();
        message = message.references(thread?.join(" "));
    }
    if parcel.automatic {
        // No `Precedence`: it was never standardised, and some servers let such mail wait.
        message = message.raw_header(raw("Auto-Submitted", "auto-generated"));
        message = message.raw_header(raw("X-Auto-Response-Suppress", "All"));
    }
    body(message, parcel)
}

fn body(
    message: lettre::message::MessageBuilder,
    parcel: &Parcel,
) -> Result<Message, Uncomposable> {
    let plain = words(&parcel.text, ContentType::TEXT_PLAIN)?;
    let twin = match &parcel.html {
        Some(html) => Some(words(html, ContentType::TEXT_HTML)?),
        None => None,
    };
    if parcel.attachments.is_empty() {
        return match twin {
            None => message.singlepart(plain),
            Some(html) => message.multipart(both(parcel, plain, html)),
        }
        .map_err(|_| Uncomposable::Whole);
    }
    let mixed = MultiPart::mixed().boundary(boundary(parcel, 'm'));
    let mut mixed = match twin {
        None => mixed.singlepart(plain),
        Some(html) => mixed.multipart(both(parcel, plain, html)),
    };
    for attachment in &parcel.attachments {
        mixed = mixed.singlepart(file(attachment)?);
    }
    message.multipart(mixed).map_err(|_| Uncomposable::Whole)
}

fn both(parcel: &Parcel, plain: SinglePart, html: SinglePart) -> MultiPart {
    MultiPart::alternative()
        .boundary(boundary(parcel, 'a'))
        .singlepart(plain)
        .singlepart(html)
}

/// `=_` can stand neither in quoted-printable nor in base64, which is all that our parts use.
fn boundary(parcel: &Parcel, which: char) -> String {
    let id: String = parcel
        .message_id
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(40)
        .collect();
    format!("=_{which}{id}")
}

fn words(text: &str, kind: ContentType) -> Result<SinglePart, Uncomposable> {
    // A lone CR would be a line end to some servers and none to others.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let body = Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| Uncomposable::Whole)?;
    Ok(SinglePart::builder().header(kind).body(body))
}

fn file(attachment: &Attachment) -> Result<SinglePart, Uncomposable> {
    let media_type = &attachment.media_type;
    let kind = media_type
        .chars()
        .all(|c| c.is_ascii_graphic() || c == ' ')
        .then(|| ContentType::parse(media_type).ok())
        .flatten()
        .ok_or(Uncomposable::MediaType)?;
    let bytes = attachment.bytes.clone();
    let body = Body::new_with_encoding(bytes, ContentTransferEncoding::Base64)
        .map_err(|_| Uncomposable::Whole)?;
    let disposition = ContentDisposition::attachment(&file_name(&attachment.name));
    Ok(SinglePart::builder()
        .header(disposition)
        .header(kind)
        .body(body))
}

fn date(parcel: &Parcel) -> Result<SystemTime, Uncomposable> {
    // The library falls over outside of these years.
    let seconds = parcel.date.timestamp();
    if (0..253_370_764_800).contains(&seconds) {
        Ok(parcel.date.into())
    } else {
        Err(Uncomposable::Date)
    }
}

fn mailbox(who: &Address, part: &'static str) -> Result<Mailbox, Uncomposable> {
    let name = one_line(&who.name, NAME);
    Ok(Mailbox::new(
        (!name.is_empty()).then_some(name),
        wire(who, part)?,
    ))
}

fn wire(who: &Address, part: &'static str) -> Result<Wire, Uncomposable> {
    let refused = Uncomposable::Address(part);
    let bare = who.on_the_wire().ok_or(refused)?;
    let breaks_out = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '(' | ')' | ',' | ';' | ':' | '\\')
    };
    if bare.len() > 254 || bare.contains(breaks_out) {
        return Err(refused);
    }
    bare.parse().map_err(|_| refused)
}

fn id<'a>(id: &'a str, part: &'static str) -> Result<&'a str, Uncomposable> {
    match is_message_id(id) {
        true => Ok(id),
        false => Err(Uncomposable::Id(part)),
    }
}

fn subject(subject: &str) -> String {
    // What looks like an encoded word would be decoded at the other end into something else.
    one_line(subject, SUBJECT).replace("=?", "= ?")
}

/// Control characters, line separators and marks that turn the writing direction become spaces.
fn one_line(text: &str, longest: usize) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if disturbs(c) { ' ' } else { c })
        .collect();
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let mut cut: String = line.chars().take(longest.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

fn file_name(name: &str) -> String {
    let flat: String = name
        .chars()
        .map(|c| {
            if matches!(c, '/' | '\\' | ':' | '"' | '*' | '?' | '<' | '>' | '|') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let flat = one_line(&flat, usize::MAX);
    let flat = flat.trim_start_matches('.');
    let (stem, ending) = match flat.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 8 => (stem, format!(".{ending}")),
        _ => (flat, String::new()),
    };
    let stem = one_line(stem, NAME);
    if stem.is_empty() {
        format!("datei{ending}")
    } else {
        format!("{stem}{ending}")
    }
}

fn disturbs(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

#[cfg(test)]
mod tests;
