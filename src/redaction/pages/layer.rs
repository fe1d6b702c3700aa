//! The words of a page with the place of each, so that what is found in the words can be proposed as areas. A help only:
//! words that are drawn as pictures are not among them.

use std::sync::Arc;
use std::time::Duration;

use super::area::Area;
use super::painter::Wanted;
use super::screen::screened;
use super::survey::{Run, Sign};
use super::worker::Work;
use crate::redaction::Withheld;
use crate::redaction::spans::Span;

const PATIENCE: Duration = Duration::from_secs(10);

/// The words of a page, seen or not: the words that lie behind a scan are among them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layer {
    text: String,
    /// Where each letter begins in the text, and its place.
    places: Vec<(usize, Area, Run)>,
}

impl Layer {
    /// The words in the order in which they are drawn; spans count their bytes.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The areas of a span, one for each of its lines.
    #[must_use]
    pub fn areas(&self, span: Span) -> Vec<Area> {
        let first = self.places.partition_point(|(at, ..)| *at < span.from);
        let mut out: Vec<(Area, Run)> = Vec::new();
        for (_, area, run) in self
            .places
            .iter()
            .skip(first)
            .take_while(|(at, ..)| *at < span.to)
        {
            match out.last_mut() {
                Some((last, line)) if line.is_level_with(*run) => *last = last.with(*area),
                _ => out.push((*area, *run)),
            }
        }
        out.into_iter().map(|(area, _)| area).collect()
    }

    fn of(signs: &[Sign], size: (f64, f64)) -> Layer {
        let mut layer = Layer::default();
        let mut before: Option<&Sign> = None;
        for sign in signs {
            if let Some(last) = before {
                let gap = sign.line.from - last.line.to;
                if !last.line.is_level_with(sign.line) || gap < -2.0 * sign.line.size.max(1.0) {
                    layer.part('\n');
                } else if gap > sign.line.size * 0.17 {
                    layer.part(' ');
                }
            }
            before = Some(sign);
            if sign.text.trim().is_empty() {
                layer.part(' ');
                continue;
            }
            if let Some(area) = Area::around(sign.place, size) {
                layer.places.push((layer.text.len(), area, sign.line));
                layer.text.push_str(&sign.text);
            }
        }
        layer
    }

    fn part(&mut self, sign: char) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.text.push(sign);
        }
    }
}

/// The words of a page, counted from 0, and their places.
///
/// # Errors
/// When the page is withheld, or there is none of this number.
pub fn layer(bytes: &[u8], page: usize) -> Result<Layer, Withheld> {
    screened(bytes)?;
    let mut work = Work::begin(
        Arc::new(bytes.to_vec()),
        (page, 1),
        Wanted::Letters,
        PATIENCE,
    )?;
    let painted = work.next().ok_or(Withheld::Misfit)??;
    let size = (f64::from(painted.size.0), f64::from(painted.size.1));
    Ok(Layer::of(&painted.signs, size))
}
