//! Tables on paper: columns fitted to what they hold, the head repeated on every page, rows kept whole where they can be.

use std::borrow::Cow;

use super::PdfError;
use super::din5008::{LEFT, MEASURE};
use super::page::{Branch, Flow, Role};
use super::text::{Line, Setter};
use crate::letters::block::Run;

const SIZE: f32 = 9.0;
const LEADING: f32 = 12.5;
const HEAD_SIZE: f32 = 8.5;
const PAD_X: f32 = 7.0;
const PAD_Y: f32 = 3.5;
const HEAVY: f32 = 0.8;
const LIGHT: f32 = 0.35;

type Cells = [Vec<Run>];

/// Sets one table at the cursor.
pub(super) fn table(
    flow: &mut Flow,
    setter: &mut Setter,
    head: &Cells,
    rows: &[Vec<Vec<Run>>],
    weights: &[u16],
) -> Result<(), PdfError> {
    let widths = columns(setter, head, rows, weights)?;
    let set_head = cells(setter, head, &widths, true)?;
    let head_height = height(&set_head);
    let mut table = Branch::new(Role::Table);
    let mut body = Branch::new(Role::Rows);

    let first = rows
        .first()
        .map(|row| cells(setter, row, &widths, false))
        .transpose()?;
    let first_height = first
        .as_ref()
        .map_or(0.0, |row| height(row).min(6.0 * LEADING));
    flow.need(head_height + first_height);
    let mut part = Branch::new(Role::Head);
    let mut row = Branch::new(Role::Row);
    draw(
        flow,
        set_head,
        head,
        &widths,
        Some((&mut row, Role::HeadCell)),
        0.0,
    );
    part.push(row);
    table.push(part);
    rule(flow, HEAVY, 0);

    for row in rows {
        let row = &even(row, head.len());
        let mut rest = cells(setter, row, &widths, false)?;
        let mut branch = Branch::new(Role::Row);
        branch.kids.extend(
            row.iter()
                .map(|_| super::page::Kid::Branch(Branch::new(Role::Cell))),
        );
        let full = Flow::full_room() - head_height - 4.0;
        if height(&rest) > flow.room() && (height(&rest) <= full || flow.room() < 4.0 * LEADING) {
            turn(flow, setter, head, &widths)?;
        }
        // A row higher than a page is cut between its lines.
        loop {
            let fits = lines_in(flow.room() - 2.0 * PAD_Y);
            let more = rest.iter().any(|cell| cell.len() > fits);
            let rests: Vec<Vec<Line>> = rest
                .iter_mut()
                .map(|cell| cell.split_off(fits.min(cell.len())))
                .collect();
            fill(flow, rest, row, &widths, &mut branch);
            rest = rests;
            if !more {
                break;
            }
            turn(flow, setter, head, &widths)?;
        }
        rule(flow, LIGHT, 150);
        body.push(branch);
    }
    table.push(body);
    flow.tree.push(table);
    flow.y += 8.0;
    Ok(())
}

/// A row with as many cells as the head.
fn even(row: &[Vec<Run>], count: usize) -> Cow<'_, Cells> {
    if row.len() == count {
        return Cow::Borrowed(row);
    }
    let mut row = row.to_vec();
    row.resize(count, Vec::new());
    Cow::Owned(row)
}

fn lines_in(height: f32) -> usize {
    let mut lines = 1_usize;
    let mut used = 2.0 * LEADING;
    while used <= height + 0.1 {
        lines += 1;
        used += LEADING;
    }
    lines
}

/// A fresh page that begins with the head once more, as furniture: it was read aloud already.
fn turn(
    flow: &mut Flow,
    setter: &mut Setter,
    head: &Cells,
    widths: &[f32],
) -> Result<(), PdfError> {
    flow.turn();
    let set = cells(setter, head, widths, true)?;
    draw(flow, set, head, widths, None, 0.0);
    rule(flow, HEAVY, 0);
    Ok(())
}

fn rule(flow: &mut Flow, weight: f32, grey: u8) {
    let y = flow.y;
    flow.rule((LEFT, y), (LEFT + MEASURE, y), weight, grey);
}

fn cells(
    setter: &mut Setter,
    row: &Cells,
    widths: &[f32],
    bold: bool,
) -> Result<Vec<Vec<Line>>, PdfError> {
    let size = if bold { HEAD_SIZE } else { SIZE };
    let last = widths.len().saturating_sub(1);
    row.iter()
        .zip(widths)
        .enumerate()
        .map(|(at, (cell, width))| {
            let width = width - if at == last { 0.0 } else { PAD_X };
            // An empty cell would vanish from the tags and shift its neighbours.
            let blank = cell.iter().all(|run| run.text.trim().is_empty());
            if blank {
                setter.lines(&[Run::plain("–")], bold, size, width)
            } else {
                setter.lines(cell, bold, size, width)
            }
        })
        .collect()
}

fn height(row: &[Vec<Line>]) -> f32 {
    let lines = row.iter().map(Vec::len).max().unwrap_or(0).max(1);
    f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) * LEADING + 2.0 * PAD_Y
}

/// Draws a whole head row; with a parent it is read aloud, without one it is furniture.
fn draw(
    flow: &mut Flow,
    row: Vec<Vec<Line>>,
    words: &Cells,
    widths: &[f32],
    parent: Option<(&mut Branch, Role)>,
    offset: f32,
) {
    let total = height(&row);
    let top = flow.y + PAD_Y + offset;
    let mut x = LEFT;
    let (mut parent, role) = match parent {
        Some((branch, role)) => (Some(branch), role),
        None => (None, Role::Cell),
    };
    for ((lines, runs), width) in row.into_iter().zip(words).zip(widths) {
        let mut cell = Branch::new(role.clone());
        let mut baseline = top + LEADING * 0.74;
        for line in lines {
            if parent.is_some() {
                flow.line(line, runs, x, baseline, &mut cell);
            } else {
                let page = flow.page();
                let mut at = x;
                for piece in line.pieces {
                    let wide = piece.width;
                    flow.furniture(
                        page,
                        piece,
                        at,
                        baseline,
                        krilla::tagging::ArtifactType::PaginationOther,
                    );
                    at += wide;
                }
            }
            baseline += LEADING;
        }
        if let Some(parent) = parent.as_deref_mut() {
            parent.push(cell);
        }
        x += width;
    }
    flow.y += total;
}

/// Draws the lines of a row that fit and hangs them into the row's cells.
fn fill(flow: &mut Flow, row: Vec<Vec<Line>>, words: &Cells, widths: &[f32], branch: &mut Branch) {
    let total = height(&row);
    let top = flow.y + PAD_Y;
    let mut x = LEFT;
    for (((lines, runs), width), kid) in
        row.into_iter().zip(words).zip(widths).zip(&mut branch.kids)
    {
        let super::page::Kid::Branch(cell) = kid else {
            continue;
        };
        let mut baseline = top + LEADING * 0.74;
        for line in lines {
            flow.line(line, runs, x, baseline, cell);
            baseline += LEADING;
        }
        x += width;
    }
    flow.y += total;
}

/// Shares the measure out: every column gets its longest word, the rest goes where there is most text.
fn columns(
    setter: &mut Setter,
    head: &Cells,
    rows: &[Vec<Vec<Run>>],
    weights: &[u16],
) -> Result<Vec<f32>, PdfError> {
    let count = head.len().max(1);
    if weights.len() == count {
        let sum: f32 = weights.iter().map(|weight| f32::from(*weight)).sum();
        if sum > 0.0 {
            return Ok(weights
                .iter()
                .map(|weight| MEASURE * f32::from(*weight) / sum)
                .collect());
        }
    }
    let mut least = vec![0.0_f32; count];
    let mut most = vec![0.0_f32; count];
    // A sample suffices for the widths; a table of thousands of rows is not measured twice.
    let sample = rows.iter().take(60).map(|row| (row.as_slice(), false));
    for (row, bold) in std::iter::once((head, true)).chain(sample) {
        let size = if bold { HEAD_SIZE } else { SIZE };
        for ((cell, least), most) in row.iter().zip(&mut least).zip(&mut most) {
            let (word, whole) = setter.extent(cell, bold, size)?;
            *least = least.max(word + PAD_X + 1.0);
            *most = most.max(whole + PAD_X + 1.0);
        }
    }
    let cap = MEASURE * 0.4;
    for width in &mut least {
        *width = width.min(cap);
    }
    let needed: f32 = least.iter().sum();
    if needed >= MEASURE {
        return Ok(least
            .into_iter()
            .map(|width| width * MEASURE / needed)
            .collect());
    }
    let wished: f32 = most.iter().sum();
    if wished <= MEASURE {
        let spare = (MEASURE - wished) / f32::from(u16::try_from(count).unwrap_or(1));
        return Ok(most.into_iter().map(|width| width + spare).collect());
    }
    // Square roots keep one talkative column from starving the others.
    let appetite: Vec<f32> = most
        .iter()
        .zip(&least)
        .map(|(most, least)| (most - least).max(0.0).sqrt())
        .collect();
    let hunger: f32 = appetite.iter().sum::<f32>().max(0.001);
    Ok(least
        .iter()
        .zip(&appetite)
        .map(|(least, wish)| least + (MEASURE - needed) * wish / hunger)
        .collect())
}
