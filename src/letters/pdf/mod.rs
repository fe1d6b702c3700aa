//! The printed letter: DIN 5008 form B, tagged, as PDF/A-2a and PDF/UA-1. The one place that knows the PDF library.

mod din5008;
mod page;
mod table;
mod text;

use chrono::{DateTime, Datelike, Timelike, Utc};
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::{self, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::{Document, SerializeSettings};

use self::din5008::{LEFT, MEASURE};
use self::page::{Branch, Flow, Kid, Mark, Role};
use self::text::{Line, Setter};
use super::block::{Block, Run};
use crate::domain::lang::Lang;

const BODY: f32 = 10.0;
const LEADING: f32 = 14.5;
const AFTER: f32 = 7.5;
const SUBJECT: f32 = 12.0;
const BULLET: f32 = 12.0;
/// A paragraph of so many lines is kept with the table or list that it introduces.
const SHORT: f32 = 6.0;

/// Who writes, as the letter's head and foot show it.
#[derive(Debug, Clone, Default)]
pub struct Sender {
    /// The name at the top.
    pub name: String,
    /// What stands under it: address, telephone.
    pub lines: Vec<String>,
    /// The foot of the first page, set in up to three columns.
    pub footer: Vec<String>,
    /// The one line above the recipient, behind the window.
    pub return_address: String,
}

/// Everything that is on a letter.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The language it is read aloud in.
    pub lang: Lang,
    /// The document's title.
    pub title: String,
    /// Who writes.
    pub sender: Sender,
    /// The lines behind the window; empty if the letter does not go by post.
    pub recipient: Vec<String>,
    /// The information block at the right, label and value.
    pub info: Vec<(String, String)>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub blocks: Vec<Block>,
    /// When it was made.
    pub created: DateTime<Utc>,
}

/// A printed letter.
#[derive(Debug, Clone)]
pub struct Sheets {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Letters that our type cannot draw; a box stands in their place.
    pub missing: Vec<char>,
    /// Whether lines of the recipient's address found no room in the envelope's window.
    pub window_full: bool,
}

/// Why a letter could not be printed: each is a fault of ours, none of the text's.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PdfError {
    /// The type that is built in could not be read.
    #[error("the built-in type cannot be read")]
    Font,
    /// A measure came out impossible.
    #[error("the letter's layout came out impossible")]
    Layout,
    /// The library refused to write the file.
    #[error("the letter could not be written as PDF: {0}")]
    Write(String),
}

/// Prints a letter.
///
/// # Errors
/// [`PdfError`], if the file would not be valid; whatever the text holds, it is printed.
pub fn print_sheet(sheet: &Sheet) -> Result<Sheets, PdfError> {
    let (flow, setter) = compose(sheet)?;
    write(flow, setter, sheet)
}

/// Lays the letter out on its pages.
fn compose(sheet: &Sheet) -> Result<(Flow, Setter), PdfError> {
    let mut setter = Setter::default();
    let mut flow = Flow::new(din5008::first_bottom(sheet));
    din5008::head(&mut flow, &mut setter, sheet)?;
    flow.y = din5008::SUBJECT_TOP;
    heading(&mut flow, &mut setter, &sheet.subject, 1, 0.0)?;
    flow.y += 6.0;
    let mut depth = 0;
    for (at, block) in sheet.blocks.iter().enumerate() {
        let keep = kept_with(&mut setter, &sheet.blocks, at)?;
        if let Block::Heading { level, .. } = block {
            // No level is skipped, whatever an operator's own text does.
            depth = (*level).min(depth + 1);
        }
        set(&mut flow, &mut setter, block, depth, keep)?;
    }
    din5008::furniture(&mut flow, &mut setter, sheet)?;
    Ok((flow, setter))
}

fn write(mut flow: Flow, setter: Setter, sheet: &Sheet) -> Result<Sheets, PdfError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PdfError::Write(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let pages = flow.pages.len();
    let mut outline = Outline::new();
    for mark in std::mem::take(&mut flow.marks) {
        let place = XyzDestination::new(mark.page, Point::from_xy(LEFT, mark.y));
        outline.push_child(OutlineNode::new(mark.text, place));
    }
    let tree = page::paint(flow, &mut document)?;
    document.set_tag_tree(tree);
    document.set_outline(outline);
    document.set_metadata(metadata(sheet));
    let pdf = document
        .finish()
        .map_err(|error| PdfError::Write(format!("{error:?}")))?;
    Ok(Sheets {
        pdf,
        pages,
        window_full: setter.window_full,
        missing: setter.missing.into_iter().collect(),
    })
}

fn metadata(sheet: &Sheet) -> Metadata {
    let at = sheet.created;
    let part = |value: u32| u8::try_from(value).unwrap_or(1);
    let date = metadata::DateTime::new(u16::try_from(at.year()).unwrap_or(2000))
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    let title = if sheet.title.trim().is_empty() {
        &sheet.sender.name
    } else {
        &sheet.title
    };
    let title = if title.trim().is_empty() {
        "–"
    } else {
        title
    };
    Metadata::new()
        .title(shown(title))
        .authors(vec![shown(&sheet.sender.name)])
        .language(match sheet.lang {
            Lang::De => "de-DE".to_owned(),
            Lang::En => "en-GB".to_owned(),
        })
        .creation_date(date)
}

/// A value for titles and the outline: one line, without control characters, of bounded length.
fn shown(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control() && *letter != '\u{AD}')
        .take(300)
        .collect()
}

/// Height of what follows a block and must begin on the same page: a heading or an introduction does not stay behind alone.
fn kept_with(setter: &mut Setter, blocks: &[Block], at: usize) -> Result<f32, PdfError> {
    let Some(next) = blocks.get(at + 1) else {
        return Ok(0.0);
    };
    let follows = matches!(
        (blocks.get(at), next),
        (Some(Block::Heading { .. }), _)
            | (
                Some(Block::Paragraph(_)),
                Block::List(_) | Block::Table { .. } | Block::Signature(_)
            )
    );
    if !follows {
        return Ok(0.0);
    }
    Ok(AFTER
        + match next {
            Block::Heading { .. } => 2.0 * LEADING + kept_with(setter, blocks, at + 1)?,
            Block::Paragraph(runs) => {
                let lines = count(setter.lines(runs, false, BODY, MEASURE)?.len());
                match kept_with(setter, blocks, at + 1)? {
                    more if more > 0.0 && lines <= SHORT => lines * LEADING + more,
                    _ => lines.min(3.0) * LEADING,
                }
            }
            Block::Table { .. } => 6.0 * LEADING,
            Block::Signature(lines) => count(lines.len()) * LEADING + 4.0,
            _ => 3.0 * LEADING,
        })
}

fn set(
    flow: &mut Flow,
    setter: &mut Setter,
    block: &Block,
    depth: u8,
    keep: f32,
) -> Result<(), PdfError> {
    match block {
        Block::Paragraph(runs) => paragraph(flow, setter, runs, keep),
        Block::Heading { level: _, text } => {
            flow.y += if depth == 1 { 7.0 } else { 3.0 };
            heading(flow, setter, text, u16::from(depth) + 1, keep)
        }
        Block::List(entries) => list(flow, setter, entries),
        Block::Table { head, rows, widths } => table::table(flow, setter, head, rows, widths),
        Block::Button { label: _, url } => {
            // On paper a button is its address; the sentence before it says what it is for.
            let runs = [Run {
                text: url.clone(),
                bold: false,
                link: web_address(url).then(|| url.clone()),
            }];
            paragraph(flow, setter, &runs, 0.0)
        }
        Block::Verbatim(text) => paragraph(flow, setter, &[Run::plain(text)], 0.0),
        Block::Space => {
            flow.y += LEADING / 2.0;
            Ok(())
        }
        Block::Signature(lines) => {
            flow.y += 4.0;
            let runs = [Run::plain(lines.join("\n"))];
            let set = setter.lines(&runs, false, BODY, MEASURE)?;
            flow.need(count(set.len()) * LEADING);
            place(flow, set, &runs, LEFT, Role::Paragraph);
            Ok(())
        }
    }
}

/// Only these may be clicked; anything else is printed as words.
pub(in crate::letters) fn web_address(url: &str) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
        && !url.contains(|sign: char| sign.is_whitespace() || sign.is_control())
}

fn count(lines: usize) -> f32 {
    f32::from(u16::try_from(lines).unwrap_or(u16::MAX))
}

fn heading(
    flow: &mut Flow,
    setter: &mut Setter,
    text: &str,
    level: u16,
    keep: f32,
) -> Result<(), PdfError> {
    let size = match level {
        1 => SUBJECT,
        2 => 11.0,
        _ => BODY,
    };
    let leading = size * 1.35;
    let runs = [Run::plain(text)];
    let lines = setter.lines(&runs, true, size, MEASURE)?;
    if lines.is_empty() {
        return Ok(());
    }
    flow.need(count(lines.len()) * leading + keep);
    if level <= 2 {
        flow.marks.push(Mark {
            text: shown(text),
            page: flow.page(),
            y: flow.y,
        });
    }
    let mut branch = Branch::new(Role::Heading(level, shown(text)));
    for line in lines {
        flow.y += leading;
        let baseline = flow.y - leading * 0.28;
        flow.line(line, &runs, LEFT, baseline, &mut branch);
    }
    flow.y += 3.5;
    flow.tree.push(branch);
    Ok(())
}

/// A paragraph; never one line alone at the foot or the head of a page.
fn paragraph(
    flow: &mut Flow,
    setter: &mut Setter,
    runs: &[Run],
    keep: f32,
) -> Result<(), PdfError> {
    let lines = setter.lines(runs, false, BODY, MEASURE)?;
    if lines.is_empty() {
        return Ok(());
    }
    if keep > 0.0 && count(lines.len()) <= SHORT {
        flow.need(count(lines.len()) * LEADING + keep);
    }
    let branch = broken(flow, lines, runs, LEFT);
    flow.tree.push(branch);
    flow.y += AFTER;
    Ok(())
}

fn place(flow: &mut Flow, lines: Vec<Line>, runs: &[Run], x: f32, role: Role) {
    let mut branch = Branch::new(role);
    for line in lines {
        flow.y += LEADING;
        let baseline = flow.y - LEADING * 0.28;
        flow.line(line, runs, x, baseline, &mut branch);
    }
    flow.tree.push(branch);
}

/// Lays lines over as many pages as they need, at least two together.
fn broken(flow: &mut Flow, lines: Vec<Line>, runs: &[Run], x: f32) -> Branch {
    let mut branch = Branch::new(Role::Paragraph);
    let total = lines.len();
    for (at, line) in lines.into_iter().enumerate() {
        let left = total - at;
        let together = if (at == 0 && total <= 3) || left == 3 && total == 3 {
            total
        } else if at == 0 || left == 2 {
            2
        } else {
            1
        };
        flow.need(count(together) * LEADING);
        flow.y += LEADING;
        let baseline = flow.y - LEADING * 0.28;
        flow.line(line, runs, x, baseline, &mut branch);
    }
    branch
}

fn list(flow: &mut Flow, setter: &mut Setter, entries: &[Vec<Run>]) -> Result<(), PdfError> {
    let mut list = Branch::new(Role::List);
    let bullet = [Run::plain("–")];
    for runs in entries {
        let lines = setter.lines(runs, false, BODY, MEASURE - BULLET)?;
        if lines.is_empty() {
            continue;
        }
        flow.need(count(lines.len().min(3)) * LEADING);
        let mut entry = Branch::new(Role::Entry);
        let mut label = Branch::new(Role::Bullet);
        for mark in setter.lines(&bullet, false, BODY, BULLET)? {
            let baseline = flow.y + LEADING * 0.72;
            flow.line(mark, &bullet, LEFT, baseline, &mut label);
        }
        let mut body = broken(flow, lines, runs, LEFT + BULLET);
        body.role = Role::Body;
        entry.push(label);
        entry.kids.push(Kid::Branch(body));
        list.push(entry);
        flow.y += 2.5;
    }
    if !list.kids.is_empty() {
        flow.tree.push(list);
    }
    flow.y += AFTER - 2.5;
    Ok(())
}

#[cfg(test)]
mod tests;
