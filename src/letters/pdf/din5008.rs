//! The measures of a German business letter, DIN 5008 form B, and what stands around its text.

use krilla::tagging::ArtifactType;

use super::page::{Branch, Flow, Role};
use super::text::{Line, Setter, Style};
use super::{PdfError, Sheet};
use crate::letters::block::Run;
use crate::letters::phrases::phrase;

/// Points in a millimetre.
pub(super) const MM: f32 = 72.0 / 25.4;

/// A4.
pub(super) const WIDTH: f32 = 210.0 * MM;
pub(super) const HEIGHT: f32 = 297.0 * MM;

/// The text stands between these.
pub(super) const LEFT: f32 = 25.0 * MM;
pub(super) const RIGHT: f32 = 190.0 * MM;
pub(super) const MEASURE: f32 = RIGHT - LEFT;

/// Later pages begin and end here.
pub(super) const LATER_TOP: f32 = 32.0 * MM;
pub(super) const LATER_BOTTOM: f32 = 274.0 * MM;

/// Form B: the address field is 85 mm x 45 mm, 20 mm from the left and 45 mm from the top;
/// its upper 17.7 mm hold the return address and remarks, its lower 27.3 mm six lines of address.
const RETURN_BASELINE: f32 = (45.0 + 17.7 - 2.0) * MM;
const ADDRESS_TOP: f32 = (45.0 + 17.7) * MM;
const ADDRESS_MEASURE: f32 = 80.0 * MM;
const ADDRESS_HEIGHT: f32 = 27.3 * MM;
/// Lines of the address field by DIN 5008, and how many find room in smaller type.
const ADDRESS_LINES: usize = 6;
const ADDRESS_MOST: usize = 9;

const INFO_LEFT: f32 = 125.0 * MM;
const INFO_TOP: f32 = 50.0 * MM;
const INFO_MEASURE: f32 = 75.0 * MM;
const INFO_LABEL: f32 = 25.0 * MM;
const INFO_BOTTOM: f32 = 90.0 * MM;

/// The subject stands 8.46 mm under the address field.
pub(super) const SUBJECT_TOP: f32 = 98.46 * MM;

const FOLDS: [f32; 2] = [105.0 * MM, 210.0 * MM];
const HOLE: f32 = 148.5 * MM;

const SMALL: f32 = 7.5;
const LABEL: f32 = 8.0;
const ADDRESS: f32 = 10.0;
const ADDRESS_SMALL: f32 = 8.0;
const HEAD_NAME: f32 = 14.0;

const FOOT_LINE: f32 = 9.6;
const FOOT_LOWEST: f32 = 286.0 * MM;

fn style(size: f32, bold: bool) -> Style {
    Style { bold, size, run: 0 }
}

/// How many lines the controller's footer takes when set in columns.
fn foot_columns(sheet: &Sheet) -> Vec<&[String]> {
    let lines = &sheet.sender.footer;
    let per = lines.len().div_ceil(3).max(1);
    lines.chunks(per).collect()
}

/// Where the text of the first page must end.
pub(super) fn first_bottom(sheet: &Sheet) -> f32 {
    let lines = foot_columns(sheet)
        .iter()
        .map(|column| column.len())
        .max()
        .unwrap_or(0);
    foot_top(lines) - 9.0 * MM
}

fn foot_top(lines: usize) -> f32 {
    let lines = f32::from(u16::try_from(lines).unwrap_or(u16::MAX));
    (FOOT_LOWEST - lines * FOOT_LINE).min(LATER_BOTTOM + 9.0 * MM)
}

/// Everything above the subject on the first page.
pub(super) fn head(flow: &mut Flow, setter: &mut Setter, sheet: &Sheet) -> Result<(), PdfError> {
    marks(flow);
    letterhead(flow, setter, sheet)?;
    window(flow, setter, sheet)?;
    information(flow, setter, sheet)
}

fn marks(flow: &mut Flow) {
    for y in FOLDS {
        flow.rule((5.0 * MM, y), (9.0 * MM, y), 0.4, 130);
    }
    flow.rule((5.0 * MM, HOLE), (11.0 * MM, HOLE), 0.4, 130);
}

fn letterhead(flow: &mut Flow, setter: &mut Setter, sheet: &Sheet) -> Result<(), PdfError> {
    let mut part = Branch::new(Role::Paragraph);
    let name = [Run::plain(&sheet.sender.name)];
    let mut baseline = 22.0 * MM;
    for line in setter
        .lines(&name, true, HEAD_NAME, MEASURE)?
        .into_iter()
        .take(2)
    {
        flow.line(line, &name, LEFT, baseline, &mut part);
        baseline += HEAD_NAME * 1.3;
    }
    flow.tree.push(part);
    if !sheet.sender.lines.is_empty() {
        let mut part = Branch::new(Role::Paragraph);
        let runs = [Run::plain(sheet.sender.lines.join(" · "))];
        for line in setter
            .lines(&runs, false, LABEL, MEASURE)?
            .into_iter()
            .take(2)
        {
            flow.line(line, &runs, LEFT, baseline - 2.0, &mut part);
            baseline += LABEL * 1.4;
        }
        flow.tree.push(part);
    }
    Ok(())
}

/// The address behind the envelope's window, under the return address.
fn window(flow: &mut Flow, setter: &mut Setter, sheet: &Sheet) -> Result<(), PdfError> {
    if sheet.recipient.is_empty() {
        return Ok(());
    }
    let mut size = SMALL;
    let mut back = setter.piece(&sheet.sender.return_address, style(size, false))?;
    while back.width > ADDRESS_MEASURE && size > 6.0 {
        size -= 0.25;
        back = setter.piece(&sheet.sender.return_address, style(size, false))?;
    }
    let width = back.width.min(ADDRESS_MEASURE);
    flow.furniture(0, back, LEFT, RETURN_BASELINE, ArtifactType::Header);
    flow.rule(
        (LEFT, RETURN_BASELINE + 2.2),
        (LEFT + width, RETURN_BASELINE + 2.2),
        0.35,
        90,
    );

    let mut part = Branch::new(Role::Paragraph);
    let mut set = address(setter, sheet, ADDRESS)?;
    if set.len() > ADDRESS_LINES {
        set = address(setter, sheet, ADDRESS_SMALL)?;
    }
    let lines = set.len().clamp(ADDRESS_LINES, ADDRESS_MOST);
    setter.window_full |= set.len() > lines;
    let leading = ADDRESS_HEIGHT / f32::from(u8::try_from(lines).unwrap_or(u8::MAX));
    let mut baseline = ADDRESS_TOP + leading * 0.78;
    let runs = [Run::default()];
    for line in set.into_iter().take(lines) {
        flow.line(line, &runs, LEFT, baseline, &mut part);
        baseline += leading;
    }
    flow.tree.push(part);
    Ok(())
}

fn address(setter: &mut Setter, sheet: &Sheet, size: f32) -> Result<Vec<Line>, PdfError> {
    let mut set = Vec::new();
    for line in &sheet.recipient {
        let runs = vec![Run::plain(format!("{line}\n"))];
        set.extend(setter.lines(&runs, false, size, ADDRESS_MEASURE)?);
    }
    Ok(set)
}

/// The block at the right: our sign, the date, what it answers.
fn information(flow: &mut Flow, setter: &mut Setter, sheet: &Sheet) -> Result<(), PdfError> {
    let mut baseline = INFO_TOP + LABEL;
    for (label, value) in &sheet.info {
        if baseline > INFO_BOTTOM {
            break;
        }
        let mut part = Branch::new(Role::Paragraph);
        let runs = [Run::plain(format!("{label}: "))];
        for line in setter
            .lines(&runs, false, LABEL, INFO_LABEL)?
            .into_iter()
            .take(1)
        {
            flow.line(line, &runs, INFO_LEFT, baseline, &mut part);
        }
        let runs = [Run::plain(value)];
        let lines = setter.lines(&runs, false, 9.0, INFO_MEASURE - INFO_LABEL)?;
        for (index, line) in lines.into_iter().enumerate() {
            if index > 0 {
                baseline += 11.5;
            }
            flow.line(line, &runs, INFO_LEFT + INFO_LABEL, baseline, &mut part);
        }
        flow.tree.push(part);
        baseline += 14.0;
    }
    Ok(())
}

/// Page numbers, the controller's footer, and the head of later pages.
pub(super) fn furniture(
    flow: &mut Flow,
    setter: &mut Setter,
    sheet: &Sheet,
) -> Result<(), PdfError> {
    let pages = flow.pages.len();
    let columns = foot_columns(sheet);
    let lines = columns.iter().map(|column| column.len()).max().unwrap_or(0);
    let foot = foot_top(lines);
    for page in 0..pages {
        let count = phrase(sheet.lang, "page-of")
            .replace("{page}", &(page + 1).to_string())
            .replace("{pages}", &pages.to_string());
        let number = setter.piece(&count, style(LABEL, false))?;
        let y = if page == 0 {
            foot - 4.5 * MM
        } else {
            FOOT_LOWEST
        };
        let x = RIGHT - number.width;
        flow.furniture(page, number, x, y, ArtifactType::Footer);
        if page > 0 {
            later_head(flow, setter, sheet, page)?;
        }
    }
    let gap = 6.0 * MM;
    let count = f32::from(u16::try_from(columns.len().max(1)).unwrap_or(1));
    let measure = (MEASURE - gap * (count - 1.0)) / count;
    let mut x = LEFT;
    let size = foot_size(setter, &columns, measure)?;
    for column in columns {
        let mut y = foot + FOOT_LINE * 0.6;
        // Whom to turn to is read aloud, once and at the end.
        let mut part = Branch::new(Role::Paragraph);
        for line in column {
            // With a space, else its last word and the next line's first would be read as one.
            let piece = setter.piece(&format!("{line} "), style(size, false))?;
            flow.put_on(0, piece, x, y, &mut part);
            y += FOOT_LINE;
        }
        flow.tree.push(part);
        x += measure + gap;
    }
    Ok(())
}

/// One size for the whole foot, small enough for its longest line.
fn foot_size(setter: &mut Setter, columns: &[&[String]], measure: f32) -> Result<f32, PdfError> {
    let mut size = SMALL;
    for line in columns.iter().copied().flatten() {
        let width = setter.piece(line, style(SMALL, false))?.width;
        if width > measure {
            size = size.min(SMALL * measure / width);
        }
    }
    Ok(size.max(5.0))
}

fn later_head(
    flow: &mut Flow,
    setter: &mut Setter,
    sheet: &Sheet,
    page: usize,
) -> Result<(), PdfError> {
    let name = setter.lines(
        &[Run::plain(&sheet.sender.name)],
        true,
        LABEL,
        MEASURE * 0.55,
    )?;
    for piece in name.into_iter().take(1).flat_map(|line| line.pieces) {
        flow.furniture(page, piece, LEFT, 20.0 * MM, ArtifactType::Header);
    }
    let words: Vec<&str> = sheet
        .info
        .iter()
        .take(2)
        .map(|(_, value)| value.as_str())
        .collect();
    let piece = setter.piece(&words.join(" · "), style(LABEL, false))?;
    let x = RIGHT - piece.width;
    flow.furniture(page, piece, x, 20.0 * MM, ArtifactType::Header);
    Ok(())
}
