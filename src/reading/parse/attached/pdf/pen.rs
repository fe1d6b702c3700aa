//! Where the writing stands on a page, sign after sign.

use hayro_font::{
    Font, FontGlyph, UNITS_PER_EM,
    hayro_cmap::BfString,
    hayro_syntax::object::{Array, Object, String as PdfString},
    kurbo::{Affine, Point, Vec2},
};

use super::layout::{Layout, Spot};

#[derive(Clone)]
pub struct State<'a> {
    pub page: Affine,
    pub font: Option<Font<'a>>,
    pub size: f64,
    pub letter_gap: f64,
    pub word_gap: f64,
    pub stretch: f64,
    pub leading: f64,
    pub rise: f64,
}

impl State<'_> {
    pub fn new(page: Affine) -> Self {
        Self {
            page,
            font: None,
            size: 1.0,
            letter_gap: 0.0,
            word_gap: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

/// The text position and where its line began.
#[derive(Default, Clone, Copy)]
pub struct Pen {
    pub text: Affine,
    pub line: Affine,
}

impl Pen {
    pub fn next_line(&mut self, x: f64, y: f64) {
        self.line *= Affine::translate((x, y));
        self.text = self.line;
    }
}

pub fn show_all(pieces: &Array<'_>, state: &State<'_>, pen: &mut Pen, layout: &mut Layout) {
    for piece in pieces.iter::<Object<'_>>() {
        match piece {
            Object::String(text) => show(&text, state, pen, layout),
            Object::Number(by) => {
                let by = -by.as_f64() / 1000.0 * state.size * state.stretch;
                pen.text *= Affine::translate((by, 0.0));
            }
            _ => {}
        }
    }
}

pub fn show(text: &PdfString<'_>, state: &State<'_>, pen: &mut Pen, layout: &mut Layout) {
    let Some(font) = &state.font else { return };
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() && !layout.is_full() {
        let (code, length) = font.read_code(bytes, at);
        at += length.max(1);
        let glyph = font.glyph(font.map_code(code), code);
        let known = match &glyph {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        let advance = advance(font, code, length, state);
        let placed = state.page * pen.text * Affine::translate((0.0, state.rise));
        let step = if font.is_horizontal() {
            Vec2::new(advance, 0.0)
        } else {
            Vec2::new(0.0, -state.size)
        };
        let spot = spot(placed, step, state.size);
        if let Some(spot) = spot {
            match known {
                Some(BfString::Char(c)) => layout.put(
                    readable(c)
                        .map(|c| c.encode_utf8(&mut [0; 4]).to_owned())
                        .as_deref(),
                    spot,
                ),
                Some(BfString::String(text)) => layout.put(Some(&text), spot),
                None => layout.put(None, spot),
            }
        }
        pen.text *= Affine::translate(step);
    }
}

fn advance(font: &Font<'_>, code: u32, length: usize, state: &State<'_>) -> f64 {
    // the standard fonts may come without their widths: half of the height is near enough to tell words apart
    let width = match font.code_advance(code).x {
        width if width > 0.0 => width,
        _ => 500.0,
    };
    let word = if length == 1 && code == 32 {
        state.word_gap
    } else {
        0.0
    };
    (width / f64::from(UNITS_PER_EM) * state.size + state.letter_gap + word) * state.stretch
}

/// Where the sign stands, seen along its own direction.
fn spot(placed: Affine, step: Vec2, size: f64) -> Option<Spot> {
    let (from, to) = (placed * Point::ZERO, placed * step.to_point());
    let along = to - from;
    let length = along.hypot();
    let up = placed * Point::new(0.0, size.abs()) - from;
    if !(length.is_finite() && from.x.is_finite() && from.y.is_finite() && up.hypot().is_finite()) {
        return None;
    }
    let unit = if length > 1e-6 {
        along / length
    } else {
        Vec2::new(1.0, 0.0)
    };
    let degrees = unit.atan2().to_degrees().round();
    #[expect(clippy::cast_possible_truncation, reason = "degrees of a circle")]
    let turn = degrees as i32;
    let start = from.to_vec2();
    Some(Spot {
        from: start.dot(unit),
        to: start.dot(unit) + length,
        height: start.cross(unit),
        size: up.hypot(),
        turn,
    })
}

/// Private signs (icons, bullets of symbol fonts) are no letters.
fn readable(c: char) -> Option<char> {
    match c {
        '\u{f0b7}' | '\u{f0a7}' => Some('•'),
        '\u{f020}' => Some(' '),
        // a hyphen that fonts name so, although it is seen
        '\u{ad}' => Some('-'),
        '\0' | '\u{fffd}' | '\u{e000}'..='\u{f8ff}' => None,
        c => Some(c),
    }
}
