//! Walks through all that a page draws before it is painted: how much work it is, whether its letters can be had, and
//! where each of them stands.

use std::any::Any;
use std::collections::HashMap;
use std::panic::resume_unwind;
use std::time::{Duration, Instant};

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::pattern::{Pattern, TilingPattern};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect, Vec2};

use super::peek;
use crate::redaction::Withheld;

/// Things that a page draws, those inside of its patterns and masks included.
const THINGS: u64 = 1_000_000;
/// How often a page may be painted over as a whole.
const COVERS: f64 = 2_000.0;
/// Groups inside of each other.
const GROUPS: usize = 40;
/// Masks of one page.
const MASKS: u64 = 400;
/// Tiles of one pattern side by side in one cell of it.
const TILES: f64 = 8.0;
/// Points of all pictures of a page.
const PICTURES: u64 = 300_000_000;
/// Letters whose place is kept.
const SIGNS: usize = 200_000;
/// A glyph is drawn in a square of so many units.
const EM: f64 = 1_000.0;
/// Lighter than this nobody tells a letter from paper.
const PALE: f32 = 0.97;

/// A letter and its place in points of print, from the upper left corner of the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sign {
    pub text: String,
    /// Left, top, right, bottom.
    pub place: [f64; 4],
    pub line: Run,
}

/// Where a letter stands along its line, seen in the direction of the writing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run {
    pub from: f64,
    pub to: f64,
    /// How high the line lies.
    pub foot: f64,
    pub size: f64,
    /// The direction, in degrees.
    pub turn: f64,
}

impl Run {
    fn of(placed: Affine, wide: f64) -> Run {
        let (from, to) = (
            (placed * Point::ZERO).to_vec2(),
            (placed * Point::new(wide, 0.0)).to_vec2(),
        );
        let along = to - from;
        let unit = if along.hypot() > 1e-6 {
            along / along.hypot()
        } else {
            Vec2::new(1.0, 0.0)
        };
        let [.., c, d, _, _] = placed.as_coeffs();
        Run {
            from: from.dot(unit),
            to: to.dot(unit),
            foot: from.cross(unit),
            size: c.hypot(d) * EM,
            turn: unit.atan2().to_degrees().round(),
        }
    }

    /// Whether another letter stands on the same line.
    pub fn is_level_with(self, other: Run) -> bool {
        let size = self.size.max(other.size).max(0.1);
        (self.turn - other.turn).abs() < 1.5 && (self.foot - other.foot).abs() < size * 0.35
    }
}

/// What a page draws.
pub(super) struct Survey {
    target: Rect,
    pub signs: Vec<Sign>,
    /// Letters that somebody is meant to see.
    pub visible: usize,
    /// Those of them that have no form.
    pub formless: usize,
    things: u64,
    covers: f64,
    groups: usize,
    masks: u64,
    pictures: u64,
    /// Inside of patterns and masks nothing is read.
    inside: usize,
    formed: HashMap<u128, bool>,
    begun: Instant,
    patience: Duration,
}

/// Thrown out of the walk when it has to end.
struct Stop(Withheld);

/// Why a walk was ended, if it was.
pub(super) fn stopped(thrown: &(dyn Any + Send)) -> Option<Withheld> {
    thrown.downcast_ref::<Stop>().map(|stop| stop.0)
}

/// Ends the walk: the interpreter knows no other way to be stopped. Nothing is printed, and the caller catches it.
fn stop(why: Withheld) -> ! {
    resume_unwind(Box::new(Stop(why)))
}

impl Survey {
    pub fn new(width: f64, height: f64, patience: Duration) -> Survey {
        Survey {
            target: Rect::new(0.0, 0.0, width, height),
            signs: Vec::new(),
            visible: 0,
            formless: 0,
            things: 0,
            covers: 0.0,
            groups: 0,
            masks: 0,
            pictures: 0,
            inside: 0,
            formed: HashMap::new(),
            begun: Instant::now(),
            patience,
        }
    }

    fn thing(&mut self) {
        self.things += 1;
        if self.things > THINGS {
            stop(Withheld::TooMuch);
        }
        if self.things.is_multiple_of(256) && self.begun.elapsed() > self.patience {
            stop(Withheld::TooSlow);
        }
    }

    /// Counts how much of the page is painted over.
    fn cover(&mut self, area: Rect) {
        let seen = area.intersect(self.target);
        let share = seen.width().max(0.0) * seen.height().max(0.0) / self.target.area().max(1.0);
        self.covers += if share.is_finite() { share } else { 1.0 };
        if self.covers > COVERS {
            stop(Withheld::TooMuch);
        }
    }

    fn props<'a>(&mut self, paint: &Paint<'a>, mask: Option<&SoftMask<'a>>) {
        self.thing();
        if let Paint::Pattern(pattern) = paint
            && let Pattern::Tiling(tiles) = pattern.as_ref()
        {
            self.tiles(tiles);
        }
        self.mask(mask);
    }

    fn tiles(&mut self, tiles: &TilingPattern<'_>) {
        let count = |cell: f64, step: f32| (cell / f64::from(step.abs())).abs();
        let (across, down) = (
            count(tiles.bbox.width(), tiles.x_step),
            count(tiles.bbox.height(), tiles.y_step),
        );
        if !(across <= TILES && down <= TILES) {
            stop(Withheld::TooMuch);
        }
        self.cover(self.target);
        self.within(|survey| {
            tiles.interpret(&mut Inner(survey), Affine::IDENTITY, false);
        });
    }

    fn mask(&mut self, mask: Option<&SoftMask<'_>>) {
        let Some(mask) = mask else { return };
        self.masks += 1;
        if self.masks > MASKS {
            // the painter makes each mask once, yet each is looked up and laid on
            return;
        }
        self.within(|survey| mask.interpret(&mut Inner(survey)));
    }

    fn within(&mut self, walk: impl FnOnce(&mut Survey)) {
        self.inside += 1;
        if self.inside > GROUPS {
            stop(Withheld::TooMuch);
        }
        walk(self);
        self.inside -= 1;
    }

    fn sign(&mut self, glyph: &Glyph<'_>, placed: Affine, seen: bool) {
        let text = match glyph.as_unicode() {
            Some(BfString::Char(letter)) => letter.to_string(),
            Some(BfString::String(text)) => text,
            None => String::new(),
        };
        let wide = match glyph {
            Glyph::Outline(glyph) => glyph.advance_width(),
            Glyph::Type3(glyph) => glyph.advance_width(),
        };
        let wide = wide
            .map(f64::from)
            .filter(|wide| *wide > 0.0 && wide.is_finite())
            .unwrap_or(EM / 2.0);
        let corners = [
            (0.0, -0.25 * EM),
            (wide, -0.25 * EM),
            (0.0, 0.95 * EM),
            (wide, 0.95 * EM),
        ]
        .map(|(x, y)| placed * Point::new(x, y));
        if corners
            .iter()
            .any(|point| !point.x.is_finite() || !point.y.is_finite())
        {
            return;
        }
        let edge = |pick: fn(&Point) -> f64, choose: fn(f64, f64) -> f64, start: f64| {
            corners.iter().map(pick).fold(start, choose)
        };
        let place = [
            edge(|p| p.x, f64::min, f64::INFINITY),
            edge(|p| p.y, f64::min, f64::INFINITY),
            edge(|p| p.x, f64::max, f64::NEG_INFINITY),
            edge(|p| p.y, f64::max, f64::NEG_INFINITY),
        ];
        let [left, top, right, bottom] = place;
        let on_page = left < self.target.x1 && right > 0.0 && top < self.target.y1 && bottom > 0.0;
        if seen && on_page && !text.trim().is_empty() {
            self.visible += 1;
            self.formless += usize::from(!self.has_form(glyph));
        }
        if on_page && self.signs.len() < SIGNS {
            self.signs.push(Sign {
                text,
                place,
                line: Run::of(placed, wide),
            });
        }
    }

    fn has_form(&mut self, glyph: &Glyph<'_>) -> bool {
        match glyph {
            Glyph::Outline(glyph) => *self
                .formed
                .entry(glyph.identifier().cache_key())
                .or_insert_with(|| !glyph.outline().elements().is_empty()),
            Glyph::Type3(_) => true,
        }
    }

    fn draws_letters<'a>(
        &mut self,
        run: &GlyphRun<'_, 'a>,
        props: &DrawProps<'a>,
        mode: &DrawMode,
    ) {
        self.props(&props.paint, props.soft_mask.as_ref());
        let seen = !matches!(mode, DrawMode::Invisible) && !is_pale(&props.paint);
        for glyph in run.glyphs() {
            self.thing();
            let placed = props.transform * glyph.transform();
            if self.inside == 0 {
                self.sign(glyph, placed, seen);
            }
            if let Glyph::Type3(drawn) = &**glyph {
                self.within(|survey| {
                    drawn.interpret(
                        &mut Inner(survey),
                        props.transform,
                        glyph.transform(),
                        &props.paint,
                    );
                });
            }
        }
    }

    fn draws_path<'a>(
        &mut self,
        path: &BezPath,
        transform: Affine,
        paint: &Paint<'a>,
        mask: Option<&SoftMask<'a>>,
    ) {
        self.props(paint, mask);
        self.cover(transform.transform_rect_bbox(bounds(path)));
    }

    fn draws_picture(
        &mut self,
        image: &Image<'_, '_>,
        transform: Affine,
        mask: Option<&SoftMask<'_>>,
    ) {
        self.thing();
        self.mask(mask);
        let told = (image.width(), image.height());
        let points = match image {
            Image::Stencil(stencil) => peek::points(stencil.stream(), told),
            Image::Raster(raster) => peek::points(raster.stream(), told),
        };
        self.pictures = self.pictures.saturating_add(points);
        if points > super::POINTS || self.pictures > PICTURES {
            stop(Withheld::TooLarge);
        }
        self.cover(transform.transform_rect_bbox(Rect::new(
            0.0,
            0.0,
            f64::from(told.0),
            f64::from(told.1),
        )));
    }

    fn opens_group(&mut self, mask: Option<&SoftMask<'_>>) {
        self.thing();
        self.groups += 1;
        if self.groups > GROUPS {
            stop(Withheld::TooMuch);
        }
        self.mask(mask);
        self.cover(self.target);
    }
}

fn is_pale(paint: &Paint<'_>) -> bool {
    match paint {
        Paint::Color(color) => {
            let [red, green, blue, cover] = color.to_rgba().components();
            cover < 1.0 - PALE || red.min(green).min(blue) > PALE
        }
        Paint::Pattern(_) => false,
    }
}

fn bounds(path: &BezPath) -> Rect {
    let mut bounds: Option<Rect> = None;
    let mut add = |point: Point| {
        let here = Rect::from_points(point, point);
        bounds = Some(bounds.map_or(here, |all| all.union(here)));
    };
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(a) | PathEl::LineTo(a) => add(a),
            PathEl::QuadTo(a, b) => [a, b].into_iter().for_each(&mut add),
            PathEl::CurveTo(a, b, c) => [a, b, c].into_iter().for_each(&mut add),
            PathEl::ClosePath => {}
        }
    }
    bounds.unwrap_or(Rect::ZERO)
}

/// The walk as the interpreter sees it; a type of its own, so that walks inside of walks are of the same kind.
pub(super) struct Inner<'s>(pub &'s mut Survey);

impl<'a> Device<'a> for Inner<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, _: &DrawMode) {
        self.0.draws_path(
            path,
            props.transform,
            &props.paint,
            props.soft_mask.as_ref(),
        );
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.0.thing();
    }

    fn push_transparency_group(&mut self, _: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        self.0.opens_group(mask.as_ref());
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.0.draws_letters(run, &props, mode);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.0
            .draws_picture(&image, props.transform, props.soft_mask.as_ref());
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {
        self.0.groups = self.0.groups.saturating_sub(1);
    }
}
