//! Paints one page as it is seen, or says why that cannot be trusted.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hayro::hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, InterpreterWarning, interpret_page,
};
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use super::raster::Raster;
use super::survey::{Inner, Survey, stopped};
use crate::redaction::Withheld;

/// A page is painted in at most so many points; a larger one is painted more coarsely.
const POINTS: f64 = 16_000_000.0;
/// Points per inch below which nobody reads a page.
const COARSEST: f64 = 50.0;
/// Points of print in an inch.
const INCH: f64 = 72.0;
/// Fields and notes of one page.
const NOTES: usize = 2_000;

/// What is wanted of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Its picture, in points per inch.
    Picture(u16),
    /// Where its letters stand.
    Letters,
}

/// A page as it is seen.
pub(super) struct Painted {
    /// Its width and height in points of print.
    pub size: (f32, f32),
    pub raster: Option<Raster>,
    pub signs: Vec<super::survey::Sign>,
}

/// What the interpreter could not do.
#[derive(Default)]
struct Warned {
    font: AtomicBool,
    picture: AtomicBool,
}

pub(super) fn paint(
    page: &Page<'_>,
    wanted: Wanted,
    patience: Duration,
) -> Result<Painted, Withheld> {
    // whatever goes wrong with one page ends with it
    match catch_unwind(AssertUnwindSafe(|| painted(page, wanted, patience))) {
        Ok(done) => done,
        Err(thrown) => Err(stopped(thrown.as_ref()).unwrap_or(Withheld::Unreadable)),
    }
}

fn painted(page: &Page<'_>, wanted: Wanted, patience: Duration) -> Result<Painted, Withheld> {
    let size = page.render_dimensions();
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    if !(width >= 1.0 && height >= 1.0 && width * height < 1e9) {
        return Err(Withheld::TooLarge);
    }
    let warned = Arc::new(Warned::default());
    let told = Arc::clone(&warned);
    let settings = InterpreterSettings {
        warning_sink: Arc::new(move |warning| match warning {
            InterpreterWarning::UnsupportedFont => told.font.store(true, Ordering::Relaxed),
            InterpreterWarning::ImageDecodeFailure => told.picture.store(true, Ordering::Relaxed),
            // boxes that are not ticked often have no look; fields that are filled in are looked at below
            _ => {}
        }),
        ..InterpreterSettings::default()
    };
    let survey = walked(page, &settings, (width, height), patience);
    if warned.font.load(Ordering::Relaxed)
        || survey.formless >= 3 && survey.formless * 5 > survey.visible
    {
        return Err(Withheld::Font);
    }
    if has_unseen_field(page) {
        return Err(Withheld::Field);
    }
    let raster = match wanted {
        Wanted::Picture(dpi) => Some(picture(page, &settings, (width, height), dpi)?),
        Wanted::Letters => None,
    };
    if warned.font.load(Ordering::Relaxed) {
        return Err(Withheld::Font);
    }
    if warned.picture.load(Ordering::Relaxed) {
        return Err(Withheld::Picture);
    }
    if survey.visible > 0 && raster.as_ref().is_some_and(Raster::is_blank) {
        return Err(Withheld::Blank);
    }
    Ok(Painted {
        size,
        raster,
        signs: survey.signs,
    })
}

fn walked(
    page: &Page<'_>,
    settings: &InterpreterSettings,
    size: (f64, f64),
    patience: Duration,
) -> Survey {
    let mut survey = Survey::new(size.0, size.1, patience);
    let cache = InterpreterCache::new();
    let [a, b, c, d, e, f] = page.initial_transform(true).as_coeffs();
    let mut context = Context::new(
        Affine::new([a, b, c, d, e, f]),
        Rect::new(0.0, 0.0, size.0, size.1),
        &cache,
        page.xref(),
        settings.clone(),
    );
    interpret_page(page, &mut context, &mut Inner(&mut survey));
    survey
}

fn picture(
    page: &Page<'_>,
    settings: &InterpreterSettings,
    size: (f64, f64),
    dpi: u16,
) -> Result<Raster, Withheld> {
    let (width, height) = size;
    let most = (POINTS / (width * height))
        .sqrt()
        .min(60_000.0 / width.max(height));
    let scale = (f64::from(dpi) / INCH).min(most);
    if scale * INCH < COARSEST.min(f64::from(dpi)) {
        return Err(Withheld::TooLarge);
    }
    // a cache for each page: what one page unpacked does not stay for the next hundred
    let cache = RenderCache::new();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a factor between one and ten"
    )]
    let scale = scale as f32;
    let map = render(
        page,
        &cache,
        settings,
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        },
    );
    let (width, height) = (usize::from(map.width()), usize::from(map.height()));
    if width == 0 || height == 0 {
        return Err(Withheld::Unreadable);
    }
    Ok(Raster::painted(width, height, map.data_as_u8_slice()))
}

/// A field with words in it and without a look: programs make one up when they show it, and the painter does not.
fn has_unseen_field(page: &Page<'_>) -> bool {
    let Some(list) = page.raw().get::<Array<'_>>("Annots") else {
        return false;
    };
    list.iter::<Dict<'_>>().take(NOTES).any(|note| {
        let parent = note.get::<Dict<'_>>("Parent");
        let kind = note
            .get::<Name<'_>>("FT")
            .or_else(|| parent.as_ref()?.get::<Name<'_>>("FT"));
        let value = note
            .get::<Object<'_>>("V")
            .or_else(|| parent.as_ref()?.get::<Object<'_>>("V"));
        let hidden = note.get::<u32>("F").unwrap_or(0) & 0b10_0010 != 0;
        let looks = note.get::<Dict<'_>>("AP").is_some_and(|looks| {
            looks.get::<Stream<'_>>("N").is_some() || looks.get::<Dict<'_>>("N").is_some()
        });
        let filled = match value {
            Some(Object::String(text)) => !text.as_bytes().is_empty(),
            Some(Object::Array(_) | Object::Stream(_)) => true,
            _ => false,
        };
        let writes = kind.is_some_and(|kind| matches!(kind.as_str(), "Tx" | "Ch"));
        writes && filled && !looks && !hidden
    })
}
