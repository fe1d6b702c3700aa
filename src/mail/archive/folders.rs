//! The folders of an account: which are searched, which stay shut, and which only show messages of others.

use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response};
use base64::Engine;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use unicode_normalization::UnicodeNormalization;

use super::super::imap::command::{Command, Quoted};
use super::super::imap::line::Line;
use super::super::imap::mishap::Step;
use super::lines::office;
use crate::ports::source::{Fault, Mishap};

/// More folders are no account.
const MOST: usize = 20_000;

/// A folder that can be opened.
#[derive(Clone)]
pub(super) struct Folder {
    /// As the server writes it.
    pub raw: String,
    /// For commands.
    pub quoted: Quoted,
    /// As people write it, with `/` between its levels.
    pub name: String,
    /// What it is for, as the server says.
    pub part: Part,
}

/// What a folder is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Usual,
    Junk,
    Trash,
    /// All messages, or those with a mark: each lies in another folder too.
    View,
}

/// What there is.
#[derive(Default)]
pub(super) struct Survey {
    /// To be searched, views last.
    pub open: Vec<Folder>,
    /// Shut by the settings.
    pub closed: Vec<String>,
    /// Names that no command can carry.
    pub unreadable: Vec<String>,
    /// Whether the server speaks as Gmail does.
    pub gmail: bool,
    /// Expected and not in sight.
    pub unseen: Vec<String>,
    /// Whether what is deleted must go through the bin, because elsewhere only a label is taken off.
    pub through_trash: bool,
}

impl Survey {
    /// The bin.
    pub fn trash(&self) -> Option<&Folder> {
        self.open.iter().find(|folder| folder.part == Part::Trash)
    }

    /// Whether some folders only show messages of others.
    pub fn has_views(&self) -> bool {
        self.open.iter().any(|folder| folder.part == Part::View)
    }
}

/// Lists everything.
pub(super) async fn survey(
    line: &mut Line,
    closed: &[String],
    expected: &[String],
) -> Result<Survey, Mishap> {
    let command = Command::new("LIST \"\" \"*\"");
    let command = match line.offers("SPECIAL-USE") && line.offers("LIST-EXTENDED") {
        true => command.word("RETURN (SPECIAL-USE)"),
        false => command,
    };
    let mut listed = Vec::new();
    line.talk(Step::Open, command, |answer| {
        if let Response::MailboxData(MailboxDatum::List(one)) = answer
            && listed.len() <= MOST
        {
            let has = |wanted: &str| {
                one.name_attributes.iter().any(|it| match it {
                    NameAttribute::Extension(name) => name.eq_ignore_ascii_case(wanted),
                    _ => false,
                })
            };
            let part = if one.name_attributes.contains(&NameAttribute::All)
                || one.name_attributes.contains(&NameAttribute::Flagged)
            {
                Part::View
            } else if one.name_attributes.contains(&NameAttribute::Trash) {
                Part::Trash
            } else if one.name_attributes.contains(&NameAttribute::Junk) {
                Part::Junk
            } else {
                Part::Usual
            };
            listed.push(Listed {
                raw: unescaped(&one.name),
                delimiter: one.delimiter.as_ref().map(|it| unescaped(it)),
                all: one.name_attributes.contains(&NameAttribute::All),
                holds: !one.name_attributes.contains(&NameAttribute::NoSelect)
                    && !has("\\NonExistent"),
                part,
            });
        }
    })
    .await
    .map_err(|it| office(&it))?;
    if listed.len() > MOST {
        return Err(Mishap::new(
            Fault::Flooded,
            format!("more than {MOST} folders"),
        ));
    }
    let gmail = line.offers("X-GM-EXT-1");
    Ok(sorted(listed, gmail, closed, expected))
}

struct Listed {
    raw: String,
    delimiter: Option<String>,
    all: bool,
    holds: bool,
    part: Part,
}

impl Listed {
    fn name(&self) -> String {
        let name = plain(&self.raw);
        match self.delimiter.as_deref() {
            None | Some("" | "/") => name,
            Some(delimiter) => name.replace(delimiter, "/"),
        }
    }
}

fn sorted(listed: Vec<Listed>, gmail: bool, closed: &[String], expected: &[String]) -> Survey {
    let mut survey = Survey {
        gmail,
        ..Survey::default()
    };
    // The bridge of Proton has these two shelves, which hold nothing themselves.
    let shelf = |name: &str| listed.iter().any(|it| !it.holds && it.name() == name);
    let proton = !gmail && shelf("Labels") && shelf("Folders");
    survey.through_trash = gmail || proton;
    let mut all_in_sight = false;
    let mut names = Vec::new();
    for one in &listed {
        let name = one.name();
        names.push(folded(&name));
        if !one.holds {
            continue;
        }
        if is_closed(&name, closed) {
            survey.closed.push(name);
            continue;
        }
        all_in_sight |= one.all;
        let Some(quoted) = Quoted::ascii(&one.raw) else {
            survey.unreadable.push(name);
            continue;
        };
        let label = proton && name.starts_with("Labels/");
        survey.open.push(Folder {
            raw: one.raw.clone(),
            quoted,
            part: if label { Part::View } else { one.part },
            name,
        });
    }
    if gmail && all_in_sight {
        // Every label is a folder there, and every message is in this one, in the bin or among the junk.
        let all = |folder: &Folder| listed.iter().any(|it| it.all && it.raw == folder.raw);
        survey
            .open
            .retain(|it| all(it) || matches!(it.part, Part::Junk | Part::Trash));
        for folder in &mut survey.open {
            if folder.part == Part::View {
                folder.part = Part::Usual;
            }
        }
    } else if gmail {
        survey.unseen.push("\\All".into());
    } else if !survey.closed.is_empty() {
        // A view of everything would show what lies in the folders that stay shut.
        survey
            .open
            .retain(|it| it.part != Part::View || (proton && it.name.starts_with("Labels/")));
    }
    survey.open.sort_by_key(|it| it.part == Part::View);
    survey.unseen.extend(
        expected
            .iter()
            .filter(|it| !names.contains(&folded(it)))
            .cloned(),
    );
    survey
}

/// Whether a folder, or one above it, is to stay shut.
pub(super) fn is_closed(name: &str, patterns: &[String]) -> bool {
    let name = folded(name);
    let mut above = String::new();
    name.split('/').any(|piece| {
        if !above.is_empty() {
            above.push('/');
        }
        above.push_str(piece);
        patterns
            .iter()
            .map(|it| folded(it))
            .any(|it| fits(&it, piece) || fits(&it, &above))
    })
}

/// Whether a text fits a pattern in which `*` stands for any letters.
fn fits(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = rest.get(at + piece.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

fn folded(text: &str) -> String {
    text.trim()
        .nfc()
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

/// The library leaves the marks in that a quoted name has before its quotes.
fn unescaped(name: &str) -> String {
    name.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// A folder's name in letters (RFC 3501, 5.1.3). What is no such writing stays as it is.
pub(super) fn plain(raw: &str) -> String {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let base64 = GeneralPurpose::new(&IMAP_MUTF7, lenient);
    let mut name = String::new();
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        name.push_str(before);
        let Some((run, behind)) = after.split_once('-') else {
            return raw.to_owned();
        };
        if run.is_empty() {
            name.push('&');
        } else {
            let units = base64.decode(run).ok().map(|bytes| {
                let pairs = bytes.chunks(2).map(|pair| match pair {
                    [high, low] => u16::from_be_bytes([*high, *low]),
                    _ => 0xFFFD,
                });
                pairs.collect::<Vec<u16>>()
            });
            match units.and_then(|it| String::from_utf16(&it).ok()) {
                Some(letters) => name.push_str(&letters),
                None => return raw.to_owned(),
            }
        }
        rest = behind;
    }
    name.push_str(rest);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_servers_write_them() {
        for (raw, name) in [
            ("INBOX", "INBOX"),
            ("B&APw-cher", "B\u{fc}cher"),
            ("&ZeVnLIqe-", "\u{65e5}\u{672c}\u{8a9e}"),
            ("Post&2D3c7A-", "Post\u{1f4ec}"),
            ("A &- B", "A & B"),
            ("R&D", "R&D"),
            ("&2D0-", "&2D0-"),
        ] {
            assert_eq!(plain(raw), name);
        }
    }

    #[test]
    fn a_shut_folder_shuts_what_lies_below_it() {
        let closed = [
            "*Works Council*".to_owned(),
            "Private".into(),
            "HR/Secret*".into(),
        ];
        for name in [
            "Private",
            "INBOX/private",
            "private/letters",
            "The works council 2024/a",
            "HR/Secrets/x",
        ] {
            assert!(is_closed(name, &closed), "{name}");
        }
        for name in ["INBOX", "Privateer", "HR", "HR/Open", "Secrets"] {
            assert!(!is_closed(name, &closed), "{name}");
        }
    }

    fn listed(raw: &str, part: Part, all: bool, holds: bool) -> Listed {
        Listed {
            raw: raw.into(),
            delimiter: Some("/".into()),
            all,
            holds,
            part,
        }
    }

    fn names(survey: &Survey) -> Vec<&str> {
        survey.open.iter().map(|it| it.name.as_str()).collect()
    }

    #[test]
    fn of_gmail_only_the_folder_of_all_messages_is_searched_with_bin_and_junk() {
        let gmail = || {
            vec![
                listed("INBOX", Part::Usual, false, true),
                listed("Customers", Part::Usual, false, true),
                listed("[Gmail]", Part::Usual, false, false),
                listed("[Gmail]/Alle Nachrichten", Part::View, true, true),
                listed("[Gmail]/Markiert", Part::View, false, true),
                listed("[Gmail]/Papierkorb", Part::Trash, false, true),
                listed("[Gmail]/Spam", Part::Junk, false, true),
            ]
        };
        let survey = sorted(gmail(), true, &[], &[]);
        assert_eq!(
            names(&survey),
            [
                "[Gmail]/Alle Nachrichten",
                "[Gmail]/Papierkorb",
                "[Gmail]/Spam"
            ]
        );
        assert!(!survey.has_views() && survey.through_trash);
        // Hidden from IMAP by the account's owner: everything else is searched, and that is said.
        let mut hidden = gmail();
        hidden.retain(|it| !it.all);
        let survey = sorted(hidden, true, &[], &[]);
        assert_eq!(survey.unseen, ["\\All"]);
        assert!(names(&survey).contains(&"Customers"));
    }

    #[test]
    fn labels_of_proton_come_last_and_a_view_of_everything_never_beside_a_shut_folder() {
        let proton = || {
            vec![
                listed("All Mail", Part::View, true, true),
                listed("Labels", Part::Usual, false, false),
                listed("Labels/Urgent", Part::Usual, false, true),
                listed("Folders", Part::Usual, false, false),
                listed("Folders/Private", Part::Usual, false, true),
                listed("INBOX", Part::Usual, false, true),
            ]
        };
        let survey = sorted(proton(), false, &[], &[]);
        assert_eq!(
            names(&survey),
            ["Folders/Private", "INBOX", "All Mail", "Labels/Urgent"]
        );
        let survey = sorted(
            proton(),
            false,
            &["private".into()],
            &["Archive/2019".into()],
        );
        assert_eq!(names(&survey), ["INBOX", "Labels/Urgent"]);
        assert_eq!(survey.closed, ["Folders/Private"]);
        assert_eq!(survey.unseen, ["Archive/2019"]);
    }
}
