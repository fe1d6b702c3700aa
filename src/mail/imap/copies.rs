//! Copies of what we sent, filed where the office looks for sent mail; each once.

use async_imap::imap_proto::{AttributeValue, MailboxDatum, NameAttribute, Response};

use super::command::{Command, Quoted, UidSet};
use super::line::Line;
use super::mishap::{Cause, Mishap, Step};

/// Where copies are filed.
pub(super) enum Sent {
    Nowhere,
    /// In the folder that the server calls that of sent mail.
    Auto,
    Named(Quoted),
}

/// Heads that one search may bring; one is enough, but a server may find what only contains the id.
const HEADS: usize = 50;

/// Files the copy, unless it lies there already.
pub(super) async fn file(
    line: &mut Line,
    sent: &Sent,
    message_id: &str,
    raw: &[u8],
) -> Result<(), Mishap> {
    let folder = match sent {
        Sent::Nowhere => return Ok(()),
        Sent::Named(folder) => folder.clone(),
        Sent::Auto => sent_folder(line).await?,
    };
    let Some(id) = Quoted::ascii(message_id).filter(|_| message_id.len() > 2) else {
        let what = "the Message-ID of the letter is none";
        return Err(Mishap::new(Step::File, Cause::Unable(what)));
    };
    match line.open_folder(&folder, false).await {
        Ok(opened) if opened.exists == 0 => {}
        Ok(_) => {
            if lies_there(line, &id, message_id).await? {
                return Ok(());
            }
        }
        // Named, but not there yet: it is made as soon as there is something to put into it.
        Err(Mishap {
            cause: Cause::No { .. },
            ..
        }) if matches!(sent, Sent::Named(_)) => {}
        Err(mishap) => return Err(mishap),
    }
    match line.append(&folder, raw).await {
        Err(Mishap {
            cause: Cause::No { create: true, .. },
            ..
        }) => {
            let command = Command::new("CREATE").text(&folder);
            line.talk(Step::File, command, |_| {}).await?;
            line.append(&folder, raw).await
        }
        filed => filed,
    }
}

/// Asks the server which folder is that of sent mail (RFC 6154).
async fn sent_folder(line: &mut Line) -> Result<Quoted, Mishap> {
    if let Some(known) = &line.sent {
        return Ok(known.clone());
    }
    let command = Command::new("LIST \"\" \"*\"");
    let command = if line.offers("SPECIAL-USE") && line.offers("LIST-EXTENDED") {
        command.word("RETURN (SPECIAL-USE)")
    } else {
        command
    };
    let mut found = None;
    line.talk(Step::File, command, |answer| {
        if let Response::MailboxData(MailboxDatum::List(folder)) = answer
            && found.is_none()
            && folder.name_attributes.contains(&NameAttribute::Sent)
            && !folder.name_attributes.contains(&NameAttribute::NoSelect)
        {
            // The name comes as the server writes it, so it goes back unchanged.
            found = Quoted::ascii(&folder.name);
        }
    })
    .await?;
    let Some(folder) = found else {
        let what = "the server names no folder for sent mail: write its name into sent_folder";
        return Err(Mishap::new(Step::File, Cause::Unable(what)));
    };
    line.sent = Some(folder.clone());
    Ok(folder)
}

/// Whether a message with this very id is in the open folder. Servers search for a part of the
/// text, some of them badly: the heads are read and compared.
async fn lies_there(line: &mut Line, id: &Quoted, message_id: &str) -> Result<bool, Mishap> {
    let mut found = Vec::new();
    let command = Command::new("UID SEARCH HEADER MESSAGE-ID").text(id);
    line.talk(Step::File, command, |answer| {
        if let Response::MailboxData(MailboxDatum::Search(uids)) = answer {
            found.extend_from_slice(uids);
        }
    })
    .await?;
    found.sort_unstable();
    found.dedup();
    let newest = found.len().saturating_sub(HEADS);
    let found = found.split_off(newest);
    if found.is_empty() {
        return Ok(false);
    }
    let mut there = false;
    let command = Command::new("UID FETCH")
        .set(&UidSet::of(&found))
        .word("(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])");
    line.talk(Step::File, command, |answer| {
        if let Response::Fetch(_, told) = answer {
            there |= told.iter().any(|value| match value {
                AttributeValue::BodySection {
                    data: Some(data), ..
                } => is_of(data, message_id),
                _ => false,
            });
        }
    })
    .await?;
    Ok(there)
}

/// Whether this one field of a head, folded or not, is that id.
fn is_of(field: &[u8], message_id: &str) -> bool {
    let field = String::from_utf8_lossy(field);
    field
        .split_once(':')
        .is_some_and(|(_, value)| value.trim() == message_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_whole_field_and_no_part_of_it() {
        let id = "<1@kontor.example>";
        assert!(is_of(b"Message-ID: <1@kontor.example>\r\n\r\n", id));
        assert!(is_of(b"message-id:\r\n <1@kontor.example>\r\n\r\n", id));
        assert!(!is_of(b"Message-ID: <1@kontor.example>x\r\n\r\n", id));
        assert!(!is_of(b"\r\n", id));
    }
}
