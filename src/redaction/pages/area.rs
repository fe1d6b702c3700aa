//! An area of a page, in parts of its width and height: the same in the preview, in any size, and in what leaves.

use serde::{Deserialize, Serialize};

use crate::redaction::Misfit;

/// The right and the lower edge.
pub const WHOLE: u16 = 10_000;

/// An area of a page as it is seen, in ten-thousandths of its width and height, from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Area {
    /// Its left edge.
    pub left: u16,
    /// Its upper edge.
    pub top: u16,
    /// Its right edge.
    pub right: u16,
    /// Its lower edge.
    pub bottom: u16,
}

impl Area {
    /// The whole page.
    pub const PAGE: Area = Area {
        left: 0,
        top: 0,
        right: WHOLE,
        bottom: WHOLE,
    };

    /// An area, if it is one of a page.
    #[must_use]
    pub fn new(left: u16, top: u16, right: u16, bottom: u16) -> Option<Area> {
        let area = Area {
            left,
            top,
            right,
            bottom,
        };
        area.is_sound().then_some(area)
    }

    fn is_sound(self) -> bool {
        self.left < self.right
            && self.top < self.bottom
            && self.right <= WHOLE
            && self.bottom <= WHOLE
    }

    /// The area around a place in points of a page of this size; none, if it lies outside or is no place at all.
    pub(super) fn around(place: [f64; 4], size: (f64, f64)) -> Option<Area> {
        let part = |value: f64, whole: f64| {
            let share = (value / whole).clamp(0.0, 1.0) * f64::from(WHOLE);
            share.is_finite().then_some(share)
        };
        let [left, top, right, bottom] = place;
        Area::new(
            whole_number(part(left, size.0)?.floor()),
            whole_number(part(top, size.1)?.floor()),
            whole_number(part(right, size.0)?.ceil()),
            whole_number(part(bottom, size.1)?.ceil()),
        )
    }

    /// Both and what lies between.
    pub(super) fn with(self, other: Area) -> Area {
        Area {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// The columns and rows of points that it covers, with one more on each side, so that no soft edge stays.
    pub(super) fn points(self, width: usize, height: usize) -> Result<Points, Misfit> {
        if !self.is_sound() {
            return Err(Misfit);
        }
        let below = |part: u16, whole: usize| {
            (usize::from(part) * whole / usize::from(WHOLE)).saturating_sub(1)
        };
        let above = |part: u16, whole: usize| {
            ((usize::from(part) * whole).div_ceil(usize::from(WHOLE)) + 1).min(whole)
        };
        Ok(Points {
            columns: below(self.left, width)..above(self.right, width),
            rows: below(self.top, height)..above(self.bottom, height),
        })
    }
}

/// Columns and rows of points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Points {
    pub columns: std::ops::Range<usize>,
    pub rows: std::ops::Range<usize>,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of ten thousand, clamped before"
)]
fn whole_number(share: f64) -> u16 {
    share as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_covers_a_point_more_than_it_was_drawn() {
        let points = Area::new(1_000, 2_500, 2_000, 5_000)
            .unwrap()
            .points(100, 40)
            .unwrap();
        assert_eq!((points.columns, points.rows), (9..21, 9..21));
        let all = Area::PAGE.points(100, 40).unwrap();
        assert_eq!((all.columns, all.rows), (0..100, 0..40));
    }

    #[test]
    fn what_is_no_area_of_a_page_fits_nowhere() {
        assert_eq!(Area::new(5, 5, 5, 6), None);
        assert_eq!(Area::new(0, 0, 10_001, 6), None);
        let turned = Area {
            left: 9,
            top: 0,
            right: 3,
            bottom: 5,
        };
        assert_eq!(turned.points(10, 10), Err(Misfit));
    }
}
