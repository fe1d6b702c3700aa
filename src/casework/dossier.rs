//! The file for the authority: one document, the same as data, and the letters as they were sent.

use std::collections::HashSet;
use std::io::{Cursor, Read, Write};

use chrono_tz::Europe::Berlin;
use zip::write::SimpleFileOptions;

use super::error::Error;
use super::facts;
use super::office::{Office, blocking};
use super::outbox::hex;
use super::package::names::{safe_name, unique};
use super::reading::CaseFile;
use crate::domain::case::Case;
use crate::domain::deadline::received_day;
use crate::domain::decision::Decision;
use crate::domain::delivery::Delivery;
use crate::domain::ids::{CaseId, ClerkId, ControllerId, SystemId};
use crate::domain::item::Item;
use crate::domain::lang::Lang;
use crate::domain::notice::Told;
use crate::domain::scope::{Actor, Role, Scope};
use crate::letters::block::{Block, Run};
use crate::letters::facts::Facts;
use crate::letters::pdf::{Sender, Sheet, print_sheet};
use crate::storage::clerks::Clerk;
use crate::storage::events::{self, EventRow, Happened};
use crate::storage::filing::{FilePurpose, FileRow};
use crate::storage::messages::{self, MessageRow, MessageState};
use crate::words::dossier::{self as words, column, heading};
use crate::words::{aftermath, because, desk, size, terms, timeline};

const DE: Lang = Lang::De;

/// A file ready to be handed over.
pub struct Dossier {
    /// Its name.
    pub name: String,
    /// The archive.
    pub zip: Vec<u8>,
}

/// The names that the story needs.
struct People {
    clerks: Vec<Clerk>,
    systems: Vec<(SystemId, String)>,
}

impl People {
    fn actor(&self, actor: &Actor) -> String {
        let known = self.clerks.iter().find(|clerk| clerk.actor == *actor);
        let mut owned = self.systems.iter();
        let owned = owned.find(|(system, _)| actor.owned() == Some(*system));
        if let Some((_, system)) = owned {
            return crate::words::owners::actor(system);
        }
        words::actor(
            known.map_or("", |clerk| clerk.name.as_str()),
            *actor == Actor::public(),
        )
    }
}

impl timeline::Names for People {
    fn clerk(&self, id: ClerkId) -> String {
        let known = self.clerks.iter().find(|clerk| clerk.id == id);
        known.map_or_else(|| id.to_string(), |clerk| clerk.name.clone())
    }

    fn system(&self, id: SystemId) -> String {
        let known = self.systems.iter().find(|(system, _)| *system == id);
        known.map_or_else(|| id.to_string(), |(_, name)| name.clone())
    }
}

/// All that the file is made from.
struct Material {
    file: CaseFile,
    people: People,
    messages: Vec<MessageRow>,
    files: Vec<(FileRow, String, Option<String>)>,
    entries: Vec<EventRow>,
    origin: String,
    note: String,
}

impl Office {
    /// Whether somebody may take a whole file out: who decides, and who audits.
    pub fn may_export(&self, scope: &Scope, controller: ControllerId) -> bool {
        !matches!(scope.role(controller), None | Some(Role::Handler))
    }

    /// Puts the file of a case together. That it was taken out is recorded first, so that it stands in it.
    pub async fn dossier(&self, scope: &Scope, id: CaseId) -> Result<Dossier, Error> {
        let (case, _) = self.open(scope, id).await?;
        if !self.may_export(scope, case.controller) {
            scope.demand(case.controller, Role::Decider)?;
        }
        let ledger = case.controller;
        self.record(ledger, "case.exported", &id.to_string(), b"", scope.actor())
            .await?;
        self.chain_wholly(ledger).await?;
        self.checkpoint(ledger).await?;
        let material = self.material(scope, id).await?;
        let house = self.house(ledger)?;
        let (_, _, key) = self.open_with_key(scope, id).await?;
        let facts = facts::of_case(house, &material.file.case, &key, DE, self.today());
        let sheet = self.cover(&material, &facts, house.controller.officer.as_deref());
        let data = serde_json::to_vec_pretty(&data(&material))
            .map_err(|_| Error::Fault("the file cannot be written as data"))?;
        let mut letters = Vec::new();
        for (row, name, _) in &material.files {
            // As it was sent: the stored bytes, never printed anew.
            if row.purpose() == FilePurpose::Letter.code() && row.media_type() == "application/pdf"
            {
                letters.push((name.clone(), self.open_row(row.clone())?));
            }
        }
        let zip = blocking(move || {
            let pdf =
                print_sheet(&sheet).map_err(|_| Error::Fault("the file cannot be laid out"))?;
            let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
            let mut put = |path: &str, bytes: &[u8]| {
                zip.start_file(path, SimpleFileOptions::default())
                    .map_err(|_| Error::Fault("the file cannot be packed"))?;
                zip.write_all(bytes)
                    .map_err(|_| Error::Fault("the file cannot be written"))
            };
            put("akte.pdf", &pdf.pdf)?;
            put("akte.json", &data)?;
            let mut names = HashSet::new();
            for (name, mut open) in letters {
                let mut bytes = Vec::new();
                open.reader
                    .read_to_end(&mut bytes)
                    .map_err(|_| Error::Fault("a letter cannot be read"))?;
                put(&unique(&mut names, "schreiben", &safe_name(&name)), &bytes)?;
            }
            let packed = zip
                .finish()
                .map_err(|_| Error::Fault("the file cannot be packed"))?;
            Ok::<_, Error>(packed.into_inner())
        })
        .await??;
        Ok(Dossier {
            name: format!("akte-{}.zip", material.file.case.number),
            zip,
        })
    }

    /// The document: our head, no window, and what the sections say.
    fn cover(&self, material: &Material, facts: &Facts, officer: Option<&str>) -> Sheet {
        let us = &facts.controller;
        let mut lines = us.address.clone();
        lines.extend(us.phone.clone());
        lines.push(us.email.clone());
        let subject = words::subject(&facts.case.number);
        let values = [
            facts.case.number.clone(),
            facts.today.clone(),
            officer.unwrap_or(&us.email).to_owned(),
        ];
        Sheet {
            lang: DE,
            title: format!("{subject} – {}", us.short),
            sender: Sender {
                name: us.name.clone(),
                footer: std::iter::once(us.name.clone())
                    .chain(lines.iter().cloned())
                    .collect(),
                lines,
                return_address: String::new(),
            },
            recipient: vec![],
            info: words::info()
                .into_iter()
                .map(str::to_owned)
                .zip(values)
                .collect(),
            subject,
            blocks: self.blocks(material),
            created: self.now(),
        }
    }

    async fn material(&self, scope: &Scope, id: CaseId) -> Result<Material, Error> {
        let file = self.case_file(scope, id).await?;
        let house = self.house(file.case.controller)?;
        let ledger = file.case.controller;
        let reach = scope.clone();
        let (messages, entries, state, last) = self
            .store
            .read(move |conn| {
                Ok((
                    messages::of_case(conn, &reach, id)?,
                    events::timeline(conn, &reach, id)?,
                    crate::storage::ledgers::state(conn, ledger)?,
                    crate::storage::ledgers::last_checkpoint(conn, ledger)?,
                ))
            })
            .await?;
        let mut files = Vec::new();
        for (row, print) in self.fingerprints(scope, id).await? {
            let name = row.name(&house.keys)?.reveal().clone();
            files.push((row, name, print));
        }
        let systems = file.case.collection.tasks.iter();
        Ok(Material {
            people: People {
                clerks: self.colleagues().await?,
                systems: systems
                    .map(|task| (task.system, task.name.clone()))
                    .collect(),
            },
            file,
            messages,
            files,
            entries,
            origin: state.origin,
            note: last.map(|(_, _, note)| note).unwrap_or_default(),
        })
    }

    fn blocks(&self, material: &Material) -> Vec<Block> {
        let case = &material.file.case;
        let mut blocks = vec![paragraph(words::opening(self.today()))];
        section(&mut blocks, heading::OVERVIEW);
        blocks.push(list(
            words::overview(case)
                .into_iter()
                .map(|(label, value)| vec![Run::bold(format!("{label}: ")), Run::plain(value)])
                .collect(),
        ));
        section(&mut blocks, heading::PARTIES);
        blocks.push(parties(case));
        section(&mut blocks, heading::TIMELINE);
        blocks.push(story(material));
        section(&mut blocks, heading::PERIOD);
        period(&mut blocks, case);
        section(&mut blocks, heading::IDENTITY);
        blocks.extend(words::identity(&case.identity).into_iter().map(paragraph));
        section(&mut blocks, heading::SEARCH);
        search(&mut blocks, case);
        section(&mut blocks, heading::DECISIONS);
        decisions(&mut blocks, case);
        section(&mut blocks, heading::RECIPIENTS);
        blocks.push(recipients(material));
        section(&mut blocks, heading::MESSAGES);
        dispatch(&mut blocks, material);
        section(&mut blocks, heading::OVERRIDES);
        told(&mut blocks, material, words::departs);
        section(&mut blocks, heading::AFTERMATH);
        told(&mut blocks, material, words::afterwards);
        section(&mut blocks, heading::FILES);
        files(&mut blocks, material);
        section(&mut blocks, heading::LEDGER);
        let places = || material.entries.iter().filter_map(|row| row.entry().seq);
        blocks.push(paragraph(words::ledger(
            &material.origin,
            material.entries.len(),
            places().min(),
            places().max(),
        )));
        blocks.push(Block::Verbatim(material.note.clone()));
        blocks
    }
}

fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph(vec![Run::plain(text)])
}

fn list(entries: Vec<Vec<Run>>) -> Block {
    Block::List(entries)
}

fn section(blocks: &mut Vec<Block>, text: &str) {
    blocks.push(Block::Heading {
        level: 1,
        text: text.to_owned(),
    });
}

fn table<const N: usize>(head: [&str; N], widths: [u16; N], rows: Vec<[String; N]>) -> Block {
    let cell = |text: String| vec![Run::plain(text)];
    Block::Table {
        head: head.map(|text| cell(text.to_owned())).to_vec(),
        rows: rows.into_iter().map(|row| row.map(cell).to_vec()).collect(),
        widths: widths.to_vec(),
    }
}

fn parties(case: &Case) -> Block {
    let several = case.parties.len() > 1;
    let rows = case.parties.iter().map(|party| {
        let reach = [&party.email, &party.address, &party.hints];
        let reach: Vec<&str> = reach
            .into_iter()
            .flatten()
            .map(|text| text.reveal().as_str())
            .collect();
        [
            desk::party(party.role, several).to_owned(),
            party.name.reveal().clone(),
            reach.join("\n"),
        ]
    });
    table(column::PARTIES, [3, 3, 5], rows.collect())
}

/// A moment of the story, short enough for a narrow column.
fn when(at: chrono::DateTime<chrono::Utc>) -> String {
    let local = at.with_timezone(&Berlin);
    words::at(local.date_naive(), &local.format("%H:%M").to_string())
}

fn sentence(material: &Material, happened: &Happened) -> String {
    let what = timeline::sentence(&happened.event, &material.people);
    match timeline::detail(&happened.event) {
        Some(detail) => format!("{what}\n{detail}"),
        None => what,
    }
}

fn story(material: &Material) -> Block {
    let rows = material.file.timeline.iter().map(|happened| {
        [
            when(happened.at),
            material.people.actor(&happened.actor),
            sentence(material, happened),
        ]
    });
    table(column::TIMELINE, [3, 3, 9], rows.collect())
}

/// The day on which the first answer to an item left that did not come back.
fn answered_on(case: &Case, item: &Item) -> Option<chrono::NaiveDate> {
    let answers = case.answers.iter();
    answers
        .filter(|answer| answer.released().rights.contains(&item.right))
        .filter_map(Delivery::left_on)
        .min()
}

fn period(blocks: &mut Vec<Block>, case: &Case) {
    for item in &case.items {
        blocks.push(Block::Heading {
            level: 2,
            text: words::item(item),
        });
        blocks.push(paragraph(because::because(&item.term.deadline, DE)));
        blocks.push(paragraph(words::punctual(
            answered_on(case, item),
            item.term.due(),
        )));
    }
    if let Some(late) = &case.aftermath.late {
        blocks.push(paragraph(late.reveal().clone()));
    }
}

fn search(blocks: &mut Vec<Block>, case: &Case) {
    if case.collection.tasks.is_empty() {
        blocks.push(paragraph(words::none()));
        return;
    }
    let rows = case.collection.tasks.iter().map(|task| {
        use crate::domain::collection::Outcome;
        let note = match task.outcome() {
            // What was found is the copy; here it counts that something was.
            None | Some(Outcome::Found { .. } | Outcome::NoMatchingKey) => String::new(),
            Some(Outcome::Nothing { text } | Outcome::NotPossible { because: text }) => {
                text.reveal().clone()
            }
        };
        [
            task.name.clone(),
            task.outcome()
                .map(|outcome| terms::outcome(outcome, DE).to_owned())
                .unwrap_or_default(),
            note,
        ]
    });
    blocks.push(table(column::SEARCH, [4, 4, 6], rows.collect()));
}

fn decisions(blocks: &mut Vec<Block>, case: &Case) {
    for item in &case.items {
        blocks.push(Block::Heading {
            level: 2,
            text: words::item(item),
        });
        let Some(decision) = item.decision() else {
            blocks.push(paragraph(match item.ended() {
                true => desk::item_state(item.state_code()).to_owned(),
                false => words::undecided().to_owned(),
            }));
            continue;
        };
        blocks.push(Block::Paragraph(vec![Run::bold(desk::decision(
            decision.code(),
        ))]));
        let mut lines = Vec::new();
        let (text, grounds, remains): (_, &[_], &[_]) = match decision {
            Decision::Granted { text } | Decision::NothingHeld { text } => (text, &[], &[]),
            Decision::Refused { text, grounds } => (text, grounds, &[]),
            Decision::Partly {
                text,
                grounds,
                remains,
            } => (text, grounds, remains),
        };
        if !text.reveal().is_empty() {
            blocks.push(paragraph(text.reveal().clone()));
        }
        for ground in grounds {
            lines.push(format!("{}: {}", ground.law, ground.facts.reveal()));
        }
        for rest in remains {
            let why = format!("{}: {}", rest.ground.law, rest.ground.facts.reveal());
            lines.push(words::remains(&rest.what, &why, rest.until));
        }
        for done in item.done() {
            lines.push(words::done(&done.system, done.what.reveal(), done.on));
        }
        if !lines.is_empty() {
            let entries = lines.into_iter().map(|line| vec![Run::plain(line)]);
            blocks.push(list(entries.collect()));
        }
    }
}

/// Who received the data: what he was told, when, and how that is proven or why it was left undone.
fn recipients(material: &Material) -> Block {
    let rows = material.file.case.notices.iter().map(|notice| {
        [
            words::recipient(notice),
            words::told_of(notice),
            words::telling(notice),
            recipient_proof(material, &notice.told),
        ]
    });
    let rows: Vec<_> = rows.collect();
    match rows.is_empty() {
        true => paragraph(words::none()),
        false => table(column::RECIPIENTS, [4, 5, 4, 5], rows),
    }
}

fn recipient_proof(material: &Material, told: &Told) -> String {
    match told {
        Told::Open => String::new(),
        Told::Told { proof: words, .. }
        | Told::DoneThere { proof: words, .. }
        | Told::Impossible { because: words }
        | Told::Disproportionate { because: words } => words.reveal().clone(),
        Told::Underway { message, to }
        | Told::Mailed { message, to, .. }
        | Told::Returned { message, to, .. } => {
            let mail = material.messages.iter().find(|row| row.id() == *message);
            let proof = mail.map(|row| words::proof(row.message_id(), mailed_at(row)));
            format!("{}\n{}", to.reveal(), proof.unwrap_or_default())
        }
    }
}

/// When the mail server took it.
fn mailed_at(row: &MessageRow) -> Option<String> {
    let sent = matches!(row.state(), Ok(MessageState::Sent));
    row.settled_at().filter(|_| sent).map(when)
}

fn dispatch(blocks: &mut Vec<Block>, material: &Material) {
    let case = &material.file.case;
    let answers = case.answers.iter().zip(1..).map(|(answer, number)| {
        let by = material.people.actor(&answer.released().by);
        vec![Run::plain(words::answer(number, answer, &by))]
    });
    let letters = case.letters.iter().map(|letter| {
        let by = material.people.actor(&letter.by);
        vec![Run::plain(words::letter(letter, &by))]
    });
    let left: Vec<_> = answers.chain(letters).collect();
    if !left.is_empty() {
        blocks.push(list(left));
    }
    let rows = material.messages.iter().filter_map(|row| {
        if row.kind().starts_with("notice-") {
            return None;
        }
        let state = row.state().ok()?;
        let settled = mailed_at(row);
        Some([
            when(row.created_at()),
            desk::message(row.kind()).to_owned(),
            match row.trouble() {
                super::desk::STOPPED => aftermath::stopped().to_owned(),
                trouble => desk::message_state(state.code(), trouble).to_owned(),
            },
            words::proof(row.message_id(), settled),
        ])
    });
    let rows: Vec<_> = rows.collect();
    match rows.is_empty() {
        true => blocks.push(paragraph(words::none())),
        false => blocks.push(table(column::MESSAGES, [3, 4, 3, 6], rows)),
    }
}

fn told(
    blocks: &mut Vec<Block>,
    material: &Material,
    which: fn(&crate::domain::event::Event) -> bool,
) {
    let lines = material
        .file
        .timeline
        .iter()
        .filter(|happened| which(&happened.event));
    let lines: Vec<Vec<Run>> = lines
        .map(|happened| {
            vec![
                Run::bold(format!(
                    "{}, {}: ",
                    when(happened.at),
                    material.people.actor(&happened.actor)
                )),
                Run::plain(sentence(material, happened)),
            ]
        })
        .collect();
    blocks.push(match lines.is_empty() {
        true => paragraph(words::none()),
        false => list(lines),
    });
}

/// A long hash in parts that a line may break between.
fn grouped(hash: &str) -> String {
    let letters: Vec<char> = hash.chars().collect();
    let groups: Vec<String> = letters
        .chunks(8)
        .map(|part| part.iter().collect())
        .collect();
    groups.join(" ")
}

fn files(blocks: &mut Vec<Block>, material: &Material) {
    let rows = material.files.iter().map(|(row, name, print)| {
        [
            name.clone(),
            desk::file_purpose(row.purpose()).to_owned(),
            size::size(row.size(), DE),
            print.as_deref().map(grouped).unwrap_or_default(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    blocks.push(match rows.is_empty() {
        true => paragraph(words::none()),
        false => table(column::FILES, [4, 3, 2, 6], rows),
    });
}

/// The same for machines: nothing is left out but the secrets of links.
fn data(material: &Material) -> serde_json::Value {
    let CaseFile {
        case,
        timeline,
        messages,
        ..
    } = &material.file;
    let events = timeline.iter().map(|happened| {
        serde_json::json!({
            "at": happened.at,
            "day": received_day(happened.at),
            "actor": happened.actor,
            "name": material.people.actor(&happened.actor),
            "event": happened.event,
        })
    });
    let said = messages.iter().zip(&material.messages).map(|(shown, row)| {
        serde_json::json!({
            "id": shown.id,
            "kind": shown.kind,
            "at": shown.at,
            "state": shown.state.code(),
            "settled_at": row.settled_at(),
            "message_id": row.message_id(),
            "to": shown.body.to,
            "subject": shown.body.subject,
            "text": shown.body.text,
            "files": shown.body.files,
        })
    });
    let files = material.files.iter().map(|(row, name, print)| {
        serde_json::json!({
            "id": row.id(),
            "name": name,
            "purpose": row.purpose(),
            "media_type": row.media_type(),
            "size": row.size(),
            "filed_at": row.created_at(),
            "sha256": print,
            "sealed_sha256": hex(row.sha256()),
        })
    });
    let entries = material.entries.iter().map(|row| {
        let entry = row.entry();
        serde_json::json!({
            "seq": entry.seq,
            "at": entry.at,
            "kind": entry.kind,
            "actor": entry.actor,
            "payload_sha256": hex(entry.payload_hash),
        })
    });
    let recipients = case.notices.iter().zip(1..).map(|(notice, number)| {
        serde_json::json!({
            "number": number,
            "recipient": words::recipient(notice),
            "right": notice.right,
            "what": notice.what,
            "public": notice.public,
            "expected": notice.expected,
            "due": notice.due,
            "settled": !notice.open(),
            "told": notice.told,
            "proof": recipient_proof(material, &notice.told),
        })
    });
    serde_json::json!({
        "format": "rechtzeitig-dossier-1",
        "case": case,
        "timeline": events.collect::<Vec<_>>(),
        "recipients": recipients.collect::<Vec<_>>(),
        "messages": said.collect::<Vec<_>>(),
        "files": files.collect::<Vec<_>>(),
        "ledger": {
            "origin": material.origin,
            "checkpoint": material.note,
            "entries": entries.collect::<Vec<_>>(),
        },
    })
}
