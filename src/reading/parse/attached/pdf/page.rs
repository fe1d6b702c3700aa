//! Follows the writing on a page: which signs, in which font, at which place.

use std::sync::Arc;

use hayro_font::{
    CMapResolverFn, Font, FontCache, FontQuery, FontResolverFn,
    hayro_syntax::{
        content::{TypedIter, ops::TypedInstruction},
        object::{Dict, Name, Object, Stream},
        page::{Page, Resources},
    },
    kurbo::Affine,
};

use super::{
    layout::Layout,
    pen::{Pen, State, show, show_all},
};

/// Forms inside forms.
const DEPTH: usize = 10;
/// States that are kept one above the other.
const STATES: usize = 200;
const INSTRUCTIONS: usize = 3_000_000;
const STREAM_BYTES: usize = 64 * 1024 * 1024;

/// What is left of the work that one file may cost.
pub struct Budget {
    instructions: usize,
    bytes: usize,
}

impl Budget {
    pub fn new() -> Self {
        Self {
            instructions: INSTRUCTIONS,
            bytes: STREAM_BYTES,
        }
    }

    pub fn is_spent(&self) -> bool {
        self.instructions == 0 || self.bytes == 0
    }

    /// The content of a stream, as long as the whole stays bearable.
    fn open(&mut self, stream: &Stream<'_>) -> Option<Vec<u8>> {
        if self.bytes == 0 {
            return None;
        }
        let data = stream.decoded_data().ok()?.into_owned();
        self.bytes = self.bytes.saturating_sub(data.len().max(1_000));
        Some(data)
    }
}

/// The fonts of one file, each loaded once.
pub struct Fonts<'a> {
    cache: FontCache<'a>,
    programs: FontResolverFn,
    cmaps: CMapResolverFn,
}

impl<'a> Fonts<'a> {
    pub fn new() -> Self {
        let programs: FontResolverFn = Arc::new(|query| {
            Some(match query {
                FontQuery::Standard(font) => font.get_font_data(),
                FontQuery::Fallback(query) => query.pick_standard_font().get_font_data(),
            })
        });
        Self {
            cache: FontCache::new(),
            programs,
            cmaps: Arc::new(|_| None),
        }
    }

    fn get(&self, dict: &Dict<'a>) -> Option<Font<'a>> {
        self.cache.font(dict, &self.programs, &self.cmaps)
    }
}

pub fn read<'a>(page: &Page<'a>, fonts: &Fonts<'a>, budget: &mut Budget, layout: &mut Layout) {
    // the streams of a page are one text, cut anywhere
    let mut content = Vec::new();
    match page.raw().get::<Object<'_>>("Contents") {
        Some(Object::Stream(stream)) => content = budget.open(&stream).unwrap_or_default(),
        Some(Object::Array(list)) => {
            for stream in list.iter::<Stream<'_>>() {
                content.extend(budget.open(&stream).unwrap_or_default());
                content.push(b'\n');
            }
        }
        _ => return,
    }
    let [a, b, c, d, e, f] = page.initial_transform(false).as_coeffs();
    let writing = Writing {
        fonts,
        resources: page.resources(),
        above: None,
    };
    writing.follow(
        &content,
        State::new(Affine::new([a, b, c, d, e, f])),
        0,
        budget,
        layout,
    );
}

struct Writing<'f, 'a> {
    fonts: &'f Fonts<'a>,
    resources: &'f Resources<'a>,
    /// Those of the form or page that drew this one: some forms have none of their own.
    above: Option<&'f Resources<'a>>,
}

impl<'a> Writing<'_, 'a> {
    fn follow(
        &self,
        content: &[u8],
        mut state: State<'a>,
        depth: usize,
        budget: &mut Budget,
        layout: &mut Layout,
    ) {
        let mut kept: Vec<State<'a>> = Vec::new();
        let mut pen = Pen::default();
        let mut instructions = TypedIter::new(content);
        while let Some(instruction) = instructions.next() {
            budget.instructions = budget.instructions.saturating_sub(1);
            if budget.is_spent() || layout.is_full() {
                return;
            }
            match instruction {
                TypedInstruction::SaveState(_) if kept.len() < STATES => kept.push(state.clone()),
                TypedInstruction::RestoreState(_) => state = kept.pop().unwrap_or(state),
                TypedInstruction::Transform(m) => {
                    state.page *= Affine::new([
                        m.0.as_f64(),
                        m.1.as_f64(),
                        m.2.as_f64(),
                        m.3.as_f64(),
                        m.4.as_f64(),
                        m.5.as_f64(),
                    ])
                }
                TypedInstruction::BeginText(_) => pen = Pen::default(),
                TypedInstruction::SetTextMatrix(m) => {
                    pen.line = Affine::new([
                        m.0.as_f64(),
                        m.1.as_f64(),
                        m.2.as_f64(),
                        m.3.as_f64(),
                        m.4.as_f64(),
                        m.5.as_f64(),
                    ]);
                    pen.text = pen.line;
                }
                TypedInstruction::TextFont(font) => {
                    state.font = self.font(font.0);
                    state.size = font.1.as_f64();
                }
                TypedInstruction::CharacterSpacing(gap) => state.letter_gap = gap.0.as_f64(),
                TypedInstruction::WordSpacing(gap) => state.word_gap = gap.0.as_f64(),
                TypedInstruction::HorizontalScaling(percent) => {
                    state.stretch = percent.0.as_f64() / 100.0
                }
                TypedInstruction::TextLeading(leading) => state.leading = leading.0.as_f64(),
                TypedInstruction::TextRise(rise) => state.rise = rise.0.as_f64(),
                TypedInstruction::NextLine(by) => pen.next_line(by.0.as_f64(), by.1.as_f64()),
                TypedInstruction::NextLineAndSetLeading(by) => {
                    state.leading = -by.1.as_f64();
                    pen.next_line(by.0.as_f64(), by.1.as_f64());
                }
                TypedInstruction::NextLineUsingLeading(_) => pen.next_line(0.0, -state.leading),
                TypedInstruction::ShowText(text) => show(text.0, &state, &mut pen, layout),
                TypedInstruction::NextLineAndShowText(text) => {
                    pen.next_line(0.0, -state.leading);
                    show(text.0, &state, &mut pen, layout);
                }
                TypedInstruction::ShowTextWithParameters(text) => {
                    (state.word_gap, state.letter_gap) = (text.0.as_f64(), text.1.as_f64());
                    pen.next_line(0.0, -state.leading);
                    show(text.2, &state, &mut pen, layout);
                }
                TypedInstruction::ShowTexts(pieces) => show_all(pieces.0, &state, &mut pen, layout),
                TypedInstruction::XObject(name) if depth < DEPTH => {
                    self.form(name.0, &state, depth, budget, layout)
                }
                _ => {}
            }
        }
    }

    fn font(&self, name: &Name<'_>) -> Option<Font<'a>> {
        let dict = self
            .resources
            .get_font(name)
            .or_else(|| self.above?.get_font(name))?;
        self.fonts.get(&dict)
    }

    fn form(
        &self,
        name: &Name<'_>,
        state: &State<'a>,
        depth: usize,
        budget: &mut Budget,
        layout: &mut Layout,
    ) {
        let Some(stream) = self
            .resources
            .get_x_object(name)
            .or_else(|| self.above?.get_x_object(name))
        else {
            return;
        };
        let dict = stream.dict();
        if dict
            .get::<Name<'_>>("Subtype")
            .is_none_or(|kind| kind.as_str() != "Form")
        {
            return;
        }
        let Some(content) = budget.open(&stream) else {
            return;
        };
        let matrix = dict
            .get::<[f64; 6]>("Matrix")
            .map_or(Affine::IDENTITY, Affine::new);
        let mut inner = state.clone();
        inner.page *= matrix;
        let own = dict.get::<Dict<'a>>("Resources").map(Resources::new);
        let resources = own.as_ref().unwrap_or(self.resources);
        let writing = Writing {
            fonts: self.fonts,
            resources,
            above: Some(self.resources),
        };
        writing.follow(&content, inner, depth + 1, budget, layout);
    }
}
