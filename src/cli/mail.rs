//! `rechtzeitig mail`: what the house understands of mail, which needs no configuration and no database; and taking mail
//! in from files, so that no mailbox is needed.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::casework::Error;
use crate::domain::scope::Scope;
use crate::reading::arrival::House;
use crate::reading::mailbox::read_mailbox;
use crate::reading::message::Message;
use crate::reading::parse::{parse, split_mbox};
use crate::reading::verdict::{Reading, Verdict};

/// The largest file that is read; a mailbox of years is read from the server, not from one file.
const FILE_BYTES: u64 = 512 * 1024 * 1024;
/// More than so many are not counted.
const WAITING: i64 = 100_000;

/// What the house understands of mail
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: MailVerb,
}

#[derive(Debug, clap::Subcommand)]
enum MailVerb {
    Read(ReadArgs),
    Import(ImportArgs),
    Examples(ExamplesArgs),
}

/// Print the examples that were kept, one JSON object per line: what the program took a mail for, and what a person said.
///
/// They are kept only where `desk.keep_examples` is set, without names, addresses and numbers, for six months.
#[derive(Debug, clap::Args)]
struct ExamplesArgs {
    /// For which controller, if there are several
    #[arg(long, value_name = "SLUG")]
    controller: Option<String>,
}

/// Take messages in from files as if they had come by a mailbox: requests become cases, what is unclear waits at the desk.
///
/// What was taken before is known again and opens nothing twice.
#[derive(Debug, clap::Args)]
struct ImportArgs {
    /// For which controller, if there are several
    #[arg(long, value_name = "SLUG")]
    controller: Option<String>,
    /// Messages (.eml) or mailboxes (.mbox)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// Read messages and say of each whether it is a request, for what, by whom, since when, and what that rests on.
///
/// The files of one call are one mailbox: a reminder takes the rights of the message that it belongs to. Nothing is
/// stored and nothing is sent.
#[derive(Debug, clap::Args)]
struct ReadArgs {
    /// One JSON object per line, in the order of the files
    #[arg(long)]
    json: bool,
    /// Domains of the house. Else that of each message's topmost recipient
    #[arg(long, value_name = "DOMAIN…", value_delimiter = ',', action = clap::ArgAction::Append)]
    house: Vec<String>,
    /// Messages (.eml) or mailboxes (.mbox)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

impl ReadArgs {
    /// The house's domains and the files: after `--house` several domains may stand in a row, and what comes after
    /// the last of them is the first file.
    fn sorted(&self) -> (House, &[PathBuf]) {
        let mut domains = self.house.clone();
        let mut files = self.files.as_slice();
        while let ([first, rest @ ..], false) = (files, domains.is_empty()) {
            let Some(domain) = domain(first).filter(|_| !rest.is_empty()) else {
                break;
            };
            domains.push(domain.to_owned());
            files = rest;
        }
        (House::given(&domains), files)
    }
}

/// What reads like a domain and is no file.
fn domain(path: &Path) -> Option<&str> {
    let text = path.to_str()?;
    let letters = |it: char| it.is_alphanumeric() || matches!(it, '.' | '-');
    let said = text.contains('.') && text.chars().all(letters);
    let mail = ["eml", "mbox", "msg", "txt"];
    let ending = path.extension().and_then(|it| it.to_str());
    (said && !ending.is_some_and(|it| mail.contains(&it)) && !path.exists()).then_some(text)
}

/// Runs the verb.
pub fn run(args: &Args, config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    match &args.verb {
        MailVerb::Read(args) => read(args, out),
        MailVerb::Import(args) => super::wait_for(import(args, config, out)),
        MailVerb::Examples(args) => super::wait_for(examples(args, config, out)),
    }
}

async fn import(
    args: &ImportArgs,
    config: Option<&Path>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let app = super::built(config).await?;
    let office = &app.office;
    let controller = super::house(office, args.controller.as_deref())?
        .controller
        .id;
    let scope = Scope::of_house(controller);
    let mut failed = false;
    for file in &args.files {
        let name = file.display();
        match bytes(file) {
            Ok(raw) => {
                let taken = office.hand_in_mail(&scope, controller, raw).await;
                match taken {
                    Ok(ids) => writeln!(out, "{name}: {} taken", ids.len())?,
                    Err(Error::Obstacle(_)) => writeln!(out, "{name}: nothing in it")?,
                    Err(other) => return Err(other.into()),
                }
            }
            Err(why) => {
                failed = true;
                writeln!(out, "{name}: {why}")?;
            }
        }
    }
    while office.read_mail().await? > 0 {}
    let waiting = office.mails_waiting(&scope, WAITING).await?;
    writeln!(out, "{waiting} waiting for a person, see /desk/mail")?;
    Ok(match failed {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

async fn examples(
    args: &ExamplesArgs,
    config: Option<&Path>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let app = super::built(config).await?;
    let office = &app.office;
    let controller = super::house(office, args.controller.as_deref())?
        .controller
        .id;
    let scope = Scope::of_house(controller);
    for example in office.examples(&scope, controller).await? {
        serde_json::to_writer(&mut *out, &example)?;
        writeln!(out)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn read(args: &ReadArgs, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let (house, files) = args.sorted();
    let mut messages = Vec::new();
    for file in files {
        messages.extend(taken_apart(file));
    }
    let mut out = BufWriter::new(out);
    for reading in read_mailbox(&messages, &house) {
        if args.json {
            serde_json::to_writer(&mut out, &reading)?;
            writeln!(out)?;
        } else {
            tell(&reading, &mut out)?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The messages of a file under the names by which they are told; what cannot be read stays in the list.
fn taken_apart(file: &Path) -> Vec<(String, Option<Message>)> {
    let name = file.display().to_string();
    let Ok(raw) = bytes(file) else {
        return vec![(name, None)];
    };
    match split_mbox(&raw).as_slice() {
        [] | [_] => vec![(name, parse(&raw))],
        several => several
            .iter()
            .zip(1..)
            .map(|(raw, at)| (format!("{name}#{at}"), parse(raw)))
            .collect(),
    }
}

fn bytes(file: &Path) -> io::Result<Vec<u8>> {
    let size = fs::metadata(file)?.len();
    if size > FILE_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut raw = Vec::new();
    File::open(file)?.take(FILE_BYTES).read_to_end(&mut raw)?;
    Ok(raw)
}

/// For people.
fn tell(reading: &Reading, out: &mut impl Write) -> io::Result<()> {
    let verdict = match reading.is_request {
        Verdict::Yes => "yes",
        Verdict::No => "no",
        Verdict::Unclear => "unclear",
    };
    let rights: Vec<&str> = reading.rights.iter().map(|right| right.code()).collect();
    writeln!(out, "{}: {verdict} {}", reading.file, rights.join(" "))?;
    if let Some(day) = reading.received_date {
        writeln!(out, "  received: {day}")?;
    }
    for because in &reading.because {
        writeln!(out, "  because: {because}")?;
    }
    Ok(())
}
