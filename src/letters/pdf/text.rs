//! Type for the printed page: the fonts, the shaping of words, the breaking of lines.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::ttf_parser::Tag;
use rustybuzz::{Direction, Feature, ShapePlan, UnicodeBuffer, script};

use super::PdfError;
use crate::letters::block::Run;

/// Stands where a letter has no picture in our font.
const REPLACEMENT: char = '\u{25A1}';
const SOFT_HYPHEN: char = '\u{AD}';
const NARROW_SPACE: char = '\u{202F}';

static REGULAR: &[u8] = include_bytes!("../fonts/inter-400.otf");
static SEMIBOLD: &[u8] = include_bytes!("../fonts/inter-600.otf");
static FACES: OnceLock<Option<Faces>> = OnceLock::new();

struct Faces {
    regular: Face,
    semibold: Face,
}

/// One weight of the type, ready to shape and to print.
pub(super) struct Face {
    pub(super) font: Font,
    shaper: rustybuzz::Face<'static>,
    plan: ShapePlan,
    units: f32,
}

impl Face {
    fn read(data: &'static [u8]) -> Option<Self> {
        let font = Font::new(data.into(), 0)?;
        let shaper = rustybuzz::Face::from_slice(data, 0)?;
        // Figures of one width, so that dates and amounts stand under each other.
        let features = [
            Feature::new(Tag::from_bytes(b"tnum"), 1, ..),
            Feature::new(Tag::from_bytes(b"calt"), 0, ..),
        ];
        let plan = ShapePlan::new(
            &shaper,
            Direction::LeftToRight,
            Some(script::LATIN),
            None,
            &features,
        );
        let units = font.units_per_em();
        Some(Self {
            font,
            shaper,
            plan,
            units,
        })
    }

    fn has(&self, letter: char) -> bool {
        self.shaper.glyph_index(letter).is_some()
    }
}

/// The face of a weight; parsed once for the life of the program.
pub(super) fn face(bold: bool) -> Result<&'static Face, PdfError> {
    let faces = FACES
        .get_or_init(|| {
            Some(Faces {
                regular: Face::read(REGULAR)?,
                semibold: Face::read(SEMIBOLD)?,
            })
        })
        .as_ref()
        .ok_or(PdfError::Font)?;
    Ok(if bold {
        &faces.semibold
    } else {
        &faces.regular
    })
}

/// How a stretch of text looks, and to which run it belongs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub(super) bold: bool,
    pub(super) size: f32,
    /// Index of the run in its paragraph; two neighbours of one look but of two runs stay two.
    pub(super) run: usize,
}

/// Text that is drawn in one go.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) style: Style,
    pub(super) text: String,
    pub(super) glyphs: Vec<KrillaGlyph>,
    pub(super) width: f32,
}

/// One line of pieces.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) pieces: Vec<Piece>,
    /// Width without the space at its end.
    pub(super) width: f32,
}

/// What follows an atom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// A space, at which a line may end.
    Space,
    /// Nothing, yet a line may end here (after a hyphen or a slash).
    Break,
    /// Nothing, and if a line ends here a hyphen is written.
    Hyphen,
    /// Nothing; the next atom stays on this line.
    Stuck,
    /// The end of a line.
    Line,
}

struct Atom {
    piece: Piece,
    after: After,
}

/// A stretch as it was shaped, at a size of one point.
#[derive(Debug)]
struct Shaped {
    text: String,
    glyphs: Vec<KrillaGlyph>,
    width: f32,
}

/// Sets text and remembers what it could not print.
#[derive(Debug, Default)]
pub(super) struct Setter {
    /// Letters without a picture.
    pub(super) missing: BTreeSet<char>,
    /// Whether the recipient's address has more lines than the envelope's window.
    pub(super) window_full: bool,
    /// What was shaped before, by weight: in a letter most words come again, and the cells of a table
    /// are measured before they are set.
    shaped: [HashMap<String, Shaped>; 2],
}

impl Setter {
    /// Shapes a stretch of text without line breaks.
    pub(super) fn piece(&mut self, text: &str, style: Style) -> Result<Piece, PdfError> {
        let [regular, bold] = &self.shaped;
        let known = if style.bold { bold } else { regular };
        if let Some(shaped) = known.get(text) {
            return Ok(shaped.piece(style));
        }
        let shaped = self.shape(text, face(style.bold)?);
        let piece = shaped.piece(style);
        let [regular, bold] = &mut self.shaped;
        let known = if style.bold { bold } else { regular };
        known.insert(text.to_owned(), shaped);
        Ok(piece)
    }

    fn shape(&mut self, text: &str, face: &Face) -> Shaped {
        let text = self.drawable(text, face);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(script::LATIN);
        let shaped = rustybuzz::shape_with_plan(&face.shaper, &face.plan, buffer);
        let starts: Vec<usize> = shaped
            .glyph_infos()
            .iter()
            .map(|info| usize::try_from(info.cluster).unwrap_or(0))
            .collect();
        let mut glyphs = Vec::with_capacity(starts.len());
        let mut width = 0.0;
        for (at, (info, position)) in shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .enumerate()
        {
            let start = starts.get(at).copied().unwrap_or(0);
            let end = starts
                .iter()
                .skip(at)
                .copied()
                .find(|next| *next > start)
                .unwrap_or(text.len());
            let em = |value: i32| units(value) / face.units;
            width += em(position.x_advance);
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                em(position.x_advance),
                em(position.x_offset),
                em(position.y_offset),
                em(position.y_advance),
                start..end,
                None,
            ));
        }
        Shaped {
            text,
            glyphs,
            width,
        }
    }

    /// What the face can draw: control and direction marks fall away, unknown letters become a box.
    fn drawable(&mut self, text: &str, face: &Face) -> String {
        let mut drawn = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '\t' | '\n' => drawn.push(' '),
                _ if invisible(letter) => {}
                _ if face.has(letter) => drawn.push(letter),
                '\u{2011}' | '\u{2212}' if face.has('-') => drawn.push('-'),
                NARROW_SPACE | '\u{A0}' => drawn.push(' '),
                _ if letter.is_whitespace() => drawn.push(' '),
                _ => {
                    self.missing.insert(letter);
                    drawn.push(if face.has(REPLACEMENT) {
                        REPLACEMENT
                    } else {
                        '?'
                    });
                }
            }
        }
        drawn
    }

    /// Breaks runs into lines of at most `measure` points.
    pub(super) fn lines(
        &mut self,
        runs: &[Run],
        bold: bool,
        size: f32,
        measure: f32,
    ) -> Result<Vec<Line>, PdfError> {
        let atoms = self.atoms(runs, bold, size)?;
        let mut lines = Vec::new();
        let mut line = Line::default();
        let mut pending = 0.0;
        let mut rest = atoms.into_iter().peekable();
        while rest.peek().is_some() {
            let mut unit: Vec<Atom> = Vec::new();
            for atom in rest.by_ref() {
                let stuck = atom.after == After::Stuck;
                unit.push(atom);
                if !stuck {
                    break;
                }
            }
            let Some(after) = unit.last().map(|atom| atom.after) else {
                break;
            };
            let width: f32 = unit.iter().map(|atom| atom.piece.width).sum();
            let hyphen = if after == After::Hyphen {
                self.hyphen_width(size, bold)?
            } else {
                0.0
            };
            if !line.pieces.is_empty() && line.width + pending + width + hyphen > measure {
                self.close(&mut line, &mut lines)?;
                pending = 0.0;
            }
            if width > measure {
                for atom in unit {
                    self.force(atom, measure, &mut line, &mut lines, &mut pending)?;
                }
            } else {
                for atom in unit {
                    join(&mut line, atom.piece, &mut pending);
                }
            }
            match after {
                After::Space => pending = self.space(&mut line)?,
                After::Hyphen => {
                    if let Some(piece) = line.pieces.last_mut() {
                        piece.text.push(SOFT_HYPHEN);
                    }
                }
                After::Line => {
                    self.space(&mut line)?;
                    lines.push(std::mem::take(&mut line));
                    pending = 0.0;
                }
                After::Break | After::Stuck => {}
            }
        }
        if !line.pieces.is_empty() {
            lines.push(line);
        }
        Ok(lines)
    }

    /// Width of the longest stretch that should not be broken, and of the whole without breaks.
    pub(super) fn extent(
        &mut self,
        runs: &[Run],
        bold: bool,
        size: f32,
    ) -> Result<(f32, f32), PdfError> {
        let (mut widest, mut unit, mut whole, mut longest) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
        for atom in self.atoms(runs, bold, size)? {
            unit += atom.piece.width;
            whole += atom.piece.width;
            match atom.after {
                After::Stuck => {}
                After::Space => {
                    whole += size * 0.3;
                    widest = widest.max(std::mem::take(&mut unit));
                }
                After::Break => widest = widest.max(std::mem::take(&mut unit)),
                After::Hyphen => widest = widest.max(std::mem::take(&mut unit) + size * 0.5),
                After::Line => {
                    widest = widest.max(std::mem::take(&mut unit));
                    longest = longest.max(std::mem::take(&mut whole));
                }
            }
        }
        Ok((widest.max(unit), longest.max(whole)))
    }

    /// Writes the hyphen where a line ends at a soft one, and puts the line away.
    fn close(&mut self, line: &mut Line, lines: &mut Vec<Line>) -> Result<(), PdfError> {
        let ended = std::mem::take(line);
        let mut ended = ended;
        if let Some(last) = ended.pieces.last_mut()
            && last.text.ends_with(SOFT_HYPHEN)
        {
            let start = last.text.len() - SOFT_HYPHEN.len_utf8();
            let hyphen = self.piece("-", last.style)?;
            for mut glyph in hyphen.glyphs {
                glyph.text_range = start..last.text.len();
                last.glyphs.push(glyph);
            }
            last.width += hyphen.width;
            ended.width += hyphen.width;
        }
        lines.push(ended);
        Ok(())
    }

    fn hyphen_width(&mut self, size: f32, bold: bool) -> Result<f32, PdfError> {
        Ok(self.piece("-", Style { bold, size, run: 0 })?.width)
    }

    /// Appends a space to the last piece and says how wide it is; it does not count for the width yet.
    fn space(&mut self, line: &mut Line) -> Result<f32, PdfError> {
        let Some(last) = line.pieces.last_mut() else {
            return Ok(0.0);
        };
        let space = self.piece(" ", last.style)?;
        append(last, &space);
        Ok(space.width)
    }

    /// Breaks a stretch that is wider than the measure: after signs of an address, else anywhere with a hyphen.
    fn force(
        &mut self,
        atom: Atom,
        measure: f32,
        line: &mut Line,
        lines: &mut Vec<Line>,
        pending: &mut f32,
    ) -> Result<(), PdfError> {
        let style = atom.piece.style;
        let mut rest = atom.piece.text.as_str();
        while !rest.is_empty() {
            let room = measure - line.width - *pending;
            let whole = self.piece(rest, style)?;
            if whole.width <= room {
                join(line, whole, pending);
                return Ok(());
            }
            let hyphen = self.hyphen_width(style.size, style.bold)?;
            let cut = cut_within(&whole, room - hyphen);
            let (head, tail) = rest.split_at(cut);
            if head.is_empty() {
                if line.pieces.is_empty() {
                    // Not even one letter fits: draw it all the same rather than for ever.
                    join(line, whole, pending);
                    return Ok(());
                }
            } else {
                let natural = head.ends_with(|end: char| !end.is_alphanumeric());
                let part = if natural
                    || atom.piece.text.contains("://")
                    || atom.piece.text.contains('@')
                {
                    self.piece(head, style)?
                } else {
                    let mut part = self.piece(head, style)?;
                    part.text.push(SOFT_HYPHEN);
                    part
                };
                join(line, part, pending);
            }
            self.close(line, lines)?;
            *pending = 0.0;
            rest = tail;
        }
        Ok(())
    }

    fn atoms(&mut self, runs: &[Run], bold: bool, size: f32) -> Result<Vec<Atom>, PdfError> {
        let mut atoms: Vec<Atom> = Vec::new();
        for (run, words) in runs.iter().enumerate() {
            let style = Style {
                bold: bold || words.bold,
                size,
                run,
            };
            let mut rest = words.text.as_str();
            while let Some((text, after, tail)) = next_atom(rest) {
                if text.is_empty() {
                    // A space or break that opens a run belongs to what stands before it.
                    match atoms.last_mut() {
                        Some(last) if last.after == After::Stuck => last.after = after,
                        Some(last) if after == After::Line && last.after != After::Line => {
                            last.after = after
                        }
                        _ => {}
                    }
                } else {
                    atoms.push(Atom {
                        piece: self.piece(text, style)?,
                        after,
                    });
                }
                rest = tail;
            }
        }
        Ok(atoms)
    }
}

impl Shaped {
    fn piece(&self, style: Style) -> Piece {
        Piece {
            style,
            text: self.text.clone(),
            glyphs: self.glyphs.clone(),
            width: self.width * style.size,
        }
    }
}

fn units(value: i32) -> f32 {
    // Advances of a font lie far within 16 bits.
    i16::try_from(value).map_or(0.0, f32::from)
}

fn invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}')
}

fn append(piece: &mut Piece, more: &Piece) {
    let offset = piece.text.len();
    piece.text.push_str(&more.text);
    piece.width += more.width;
    piece
        .glyphs
        .extend(more.glyphs.iter().cloned().map(|mut glyph| {
            glyph.text_range = glyph.text_range.start + offset..glyph.text_range.end + offset;
            glyph
        }));
}

fn join(line: &mut Line, piece: Piece, pending: &mut f32) {
    line.width += std::mem::take(pending) + piece.width;
    match line.pieces.last_mut() {
        Some(last) if last.style == piece.style => append(last, &piece),
        _ => line.pieces.push(piece),
    }
}

/// Where to cut so that the head is at most `room` wide; signs that part an address are preferred.
fn cut_within(piece: &Piece, room: f32) -> usize {
    let (mut width, mut cut, mut sign) = (0.0, 0, 0);
    for glyph in &piece.glyphs {
        width += glyph.x_advance * piece.style.size;
        if width > room {
            break;
        }
        cut = glyph.text_range.end;
        if piece
            .text
            .get(glyph.text_range.clone())
            .is_some_and(|part| part.ends_with(['/', '?', '&', '=', '-', '.', '_', '@', ',']))
        {
            sign = cut;
        }
    }
    if sign * 2 > cut { sign } else { cut }
}

/// The next stretch, what follows it, and the rest.
fn next_atom(rest: &str) -> Option<(&str, After, &str)> {
    if rest.is_empty() {
        return None;
    }
    let mut letters = rest.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, letter)) = letters.next() {
        let tail = rest.get(at + letter.len_utf8()..).unwrap_or("");
        let head = rest.get(..at).unwrap_or("");
        match letter {
            '\n' => return Some((head, After::Line, tail)),
            ' ' | '\t' | '\u{2009}' => {
                if clings(head, tail) {
                    before = letter;
                    continue;
                }
                return Some((head, After::Space, tail.trim_start_matches([' ', '\t'])));
            }
            SOFT_HYPHEN => {
                return Some((
                    head,
                    if head.is_empty() {
                        After::Stuck
                    } else {
                        After::Hyphen
                    },
                    tail,
                ));
            }
            '-' | '\u{2013}' | '/' => {
                let followed = letters.peek().is_some_and(|(_, next)| next.is_alphabetic());
                let head = rest.get(..at + letter.len_utf8()).unwrap_or("");
                // "E-" or "EU-" alone at the end of a line would puzzle.
                if before.is_alphanumeric() && followed && head.chars().count() > 3 {
                    return Some((head, After::Break, tail));
                }
            }
            _ => {}
        }
        before = letter;
    }
    Some((rest, After::Stuck, ""))
}

/// Whether the words around a space belong together: "Art. 15", "§ 34", "lit. b".
fn clings(head: &str, tail: &str) -> bool {
    let figure = tail.starts_with(|next: char| next.is_ascii_digit());
    let numbered = ["Art.", "Abs.", "Nr.", "§", "§§"]
        .iter()
        .any(|sign| head.ends_with(sign));
    figure && numbered || head.ends_with("lit.")
}
