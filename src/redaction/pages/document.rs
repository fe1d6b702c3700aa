//! A PDF, redacted: each of its pages as a picture with the areas black in it.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use thiserror::Error;

use super::area::Area;
use super::painter::{Painted, Wanted};
use super::printer::Printer;
use super::raster::Raster;
use super::screen::screened;
use super::worker::Work;
use super::{DPI, PAGES};
use crate::redaction::Withheld;

/// How long one page may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a document may take.
const DOCUMENT: Duration = Duration::from_secs(600);
/// A page that could not even be measured becomes one of A4.
const A4: (f32, f32) = (595.28, 841.89);

/// Why no document came out.
#[derive(Debug, Error)]
pub enum Trouble {
    /// It is withheld as a whole.
    #[error("withheld: {0}")]
    Withheld(#[from] Withheld),
    /// It could not be written.
    #[error("the redacted document could not be written")]
    Write(#[from] io::Error),
}

/// What came out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many pages it has, as many as before.
    pub pages: usize,
    /// Pages, counted from 0, that are black as a whole because they could not be shown, and why. A document with such
    /// pages is not sent before a person has looked at them.
    pub withheld: Vec<(usize, Withheld)>,
}

/// Writes the document anew as pictures, with these areas of its pages, counted from 0, black.
///
/// # Errors
/// When the document as a whole is withheld, a mark lies on no page, or writing fails. What was written until then is
/// no document and is thrown away by the caller.
pub fn redacted<W: Write>(
    bytes: &[u8],
    marks: &BTreeMap<usize, Vec<Area>>,
    out: W,
) -> Result<Outcome, Trouble> {
    screened(bytes)?;
    let mut work = Work::begin(
        Arc::new(bytes.to_vec()),
        (0, PAGES),
        Wanted::Picture(DPI),
        PATIENCE,
    )?;
    let pages = work.pages();
    if pages == 0 {
        return Err(Withheld::Unreadable.into());
    }
    if marks.keys().any(|page| *page >= pages) {
        return Err(Withheld::Misfit.into());
    }
    let begun = Instant::now();
    let mut printer = Printer::new(out)?;
    let mut outcome = Outcome {
        pages,
        withheld: Vec::new(),
    };
    let mut size = A4;
    for at in 0..pages {
        let painted = match begun.elapsed() > DOCUMENT {
            true => Err(Withheld::TooSlow),
            false => work.next().unwrap_or(Err(Withheld::Busy)),
        };
        let page = painted.and_then(|painted| {
            blacked(
                painted,
                marks.get(&at).map(Vec::as_slice).unwrap_or_default(),
            )
        });
        match page {
            Ok((raster, own)) => {
                printer.page(&raster, own)?;
                size = own;
            }
            Err(Withheld::Misfit) => return Err(Withheld::Misfit.into()),
            Err(why) => {
                outcome.withheld.push((at, why));
                printer.page(&all_black(), size)?;
            }
        }
    }
    printer.finish()?;
    Ok(outcome)
}

fn blacked(painted: Painted, areas: &[Area]) -> Result<(Raster, (f32, f32)), Withheld> {
    let mut raster = painted.raster.ok_or(Withheld::Unreadable)?;
    for area in areas {
        raster.black(*area)?;
    }
    Ok((raster, painted.size))
}

/// In the place of a page that is withheld.
fn all_black() -> Raster {
    Raster {
        width: 8,
        height: 8,
        points: vec![0; 8 * 8 * 3],
    }
}

/// How many pages a document has.
///
/// # Errors
/// When it is withheld as a whole.
pub fn size(bytes: &[u8]) -> Result<usize, Withheld> {
    screened(bytes)?;
    Ok(Work::begin(Arc::new(bytes.to_vec()), (0, 0), Wanted::Letters, PATIENCE)?.pages())
}

/// One page, counted from 0, as PNG, just as it would leave, with these areas black.
///
/// # Errors
/// When the page is withheld, or there is none of this number.
pub fn preview(bytes: &[u8], page: usize, dpi: u16, areas: &[Area]) -> Result<Vec<u8>, Withheld> {
    screened(bytes)?;
    let mut work = Work::begin(
        Arc::new(bytes.to_vec()),
        (page, 1),
        Wanted::Picture(dpi.clamp(20, 300)),
        PATIENCE,
    )?;
    let painted = work.next().ok_or(Withheld::Misfit)??;
    blacked(painted, areas)?.0.png()
}
