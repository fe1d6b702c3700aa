//! The pages of a letter before they are painted, the order in which they are read aloud, and the painting.

use std::num::NonZeroU16;

use krilla::Document;
use krilla::action::LinkAction;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope, Tag,
    TagGroup, TagKind, TagTree,
};

use super::text::{self, Line, Piece};
use super::{PdfError, din5008};
use crate::letters::block::Run;

/// A number under which the marks of one stretch of content are collected.
pub(super) type Leaf = usize;

/// What lies on a page.
pub(super) enum Item {
    /// Text; without a leaf it is page furniture that is not read aloud.
    Text {
        x: f32,
        y: f32,
        piece: Piece,
        leaf: Option<Leaf>,
        furniture: ArtifactType,
    },
    /// A straight line; always furniture.
    Rule {
        from: (f32, f32),
        to: (f32, f32),
        weight: f32,
        grey: u8,
    },
    /// A spot that leads to an address.
    Link {
        area: (f32, f32, f32, f32),
        url: String,
        leaf: Leaf,
    },
}

/// What a part of the letter is to a reader who does not see it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Role {
    Paragraph,
    Heading(u16, String),
    List,
    Entry,
    Bullet,
    Body,
    Table,
    Head,
    Rows,
    Row,
    HeadCell,
    Cell,
    Strong,
    Link(String),
}

/// A part of the letter with what it is made of, in reading order.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) role: Role,
    pub(super) kids: Vec<Kid>,
}

/// Either a part or the number of a stretch of content.
#[derive(Debug)]
pub(super) enum Kid {
    Branch(Branch),
    Leaf(Leaf),
}

impl Branch {
    pub(super) fn new(role: Role) -> Self {
        Self {
            role,
            kids: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, branch: Branch) {
        self.kids.push(Kid::Branch(branch));
    }
}

/// A heading's place, for the outline.
pub(super) struct Mark {
    pub(super) text: String,
    pub(super) page: usize,
    pub(super) y: f32,
}

/// The letter in the making: pages, the cursor, and the tree of its parts.
pub(super) struct Flow {
    pub(super) pages: Vec<Vec<Item>>,
    pub(super) tree: Vec<Branch>,
    pub(super) marks: Vec<Mark>,
    /// Top of what comes next, in points from the top of the page.
    pub(super) y: f32,
    leaves: usize,
    /// Where the first page's text must end; its footer is higher than the others'.
    first_bottom: f32,
}

impl Flow {
    pub(super) fn new(first_bottom: f32) -> Self {
        Self {
            pages: vec![Vec::new()],
            tree: Vec::new(),
            marks: Vec::new(),
            y: 0.0,
            leaves: 0,
            first_bottom,
        }
    }

    /// Index of the page that is being filled.
    pub(super) fn page(&self) -> usize {
        self.pages.len().saturating_sub(1)
    }

    fn bottom(&self) -> f32 {
        if self.pages.len() == 1 {
            self.first_bottom
        } else {
            din5008::LATER_BOTTOM
        }
    }

    /// Height left on this page.
    pub(super) fn room(&self) -> f32 {
        self.bottom() - self.y
    }

    /// Height of a page of its own.
    pub(super) fn full_room() -> f32 {
        din5008::LATER_BOTTOM - din5008::LATER_TOP
    }

    /// Goes on to a fresh page.
    pub(super) fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = din5008::LATER_TOP;
    }

    /// Goes on to a fresh page unless `height` still fits, or nothing would be gained.
    pub(super) fn need(&mut self, height: f32) {
        let fresh = self.pages.len() > 1 && self.y <= din5008::LATER_TOP + 1.0;
        if height > self.room() && !fresh {
            self.turn();
        }
    }

    pub(super) fn leaf(&mut self) -> Leaf {
        let leaf = self.leaves;
        self.leaves += 1;
        leaf
    }

    pub(super) fn put(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.push(item);
        }
    }

    pub(super) fn rule(&mut self, from: (f32, f32), to: (f32, f32), weight: f32, grey: u8) {
        self.put(Item::Rule {
            from,
            to,
            weight,
            grey,
        });
    }

    /// Puts one line down with its baseline at `baseline` and hangs its pieces into `parent`.
    pub(super) fn line(
        &mut self,
        line: Line,
        runs: &[Run],
        x: f32,
        baseline: f32,
        parent: &mut Branch,
    ) {
        let mut x = x;
        for piece in line.pieces {
            let (width, size, run) = (piece.width, piece.style.size, runs.get(piece.style.run));
            let leaf = self.leaf();
            let mut kids = vec![Kid::Leaf(leaf)];
            let link = run.and_then(|run| run.link.clone());
            if let Some(url) = &link {
                let spot = self.leaf();
                kids.insert(0, Kid::Leaf(spot));
                let area = (
                    x,
                    baseline - size * 0.9,
                    x + width.max(1.0),
                    baseline + size * 0.25,
                );
                self.put(Item::Link {
                    area,
                    url: url.clone(),
                    leaf: spot,
                });
                self.rule((x, baseline + 1.5), (x + width, baseline + 1.5), 0.4, 90);
            }
            self.put(Item::Text {
                x,
                y: baseline,
                piece,
                leaf: Some(leaf),
                furniture: ArtifactType::Other,
            });
            hang(parent, link, run.is_some_and(|run| run.bold), kids);
            x += width;
        }
    }

    /// Puts a piece down on an earlier page and hangs it into `parent`.
    pub(super) fn put_on(
        &mut self,
        page: usize,
        piece: Piece,
        x: f32,
        y: f32,
        parent: &mut Branch,
    ) {
        let leaf = self.leaf();
        if let Some(page) = self.pages.get_mut(page) {
            page.push(Item::Text {
                x,
                y,
                piece,
                leaf: Some(leaf),
                furniture: ArtifactType::Other,
            });
            parent.kids.push(Kid::Leaf(leaf));
        }
    }

    /// Puts furniture down: text that is seen on the page but is no part of what is read aloud.
    pub(super) fn furniture(
        &mut self,
        page: usize,
        piece: Piece,
        x: f32,
        y: f32,
        kind: ArtifactType,
    ) {
        if let Some(page) = self.pages.get_mut(page) {
            page.push(Item::Text {
                x,
                y,
                piece,
                leaf: None,
                furniture: kind,
            });
        }
    }
}

/// Hangs pieces of one link or one bold stretch together, also over the end of a line.
fn hang(parent: &mut Branch, link: Option<String>, bold: bool, kids: Vec<Kid>) {
    let role = match link {
        Some(url) => Role::Link(url),
        None if bold => Role::Strong,
        None => return parent.kids.extend(kids),
    };
    match parent.kids.last_mut() {
        Some(Kid::Branch(last)) if last.role == role => last.kids.extend(kids),
        _ => parent.push(Branch { role, kids }),
    }
}

/// Paints all pages and answers the tree of what is on them.
pub(super) fn paint(flow: Flow, document: &mut Document) -> Result<TagTree, PdfError> {
    let mut marks: Vec<Option<Identifier>> = vec![None; flow.leaves];
    for items in flow.pages {
        let settings =
            PageSettings::from_wh(din5008::WIDTH, din5008::HEIGHT).ok_or(PdfError::Layout)?;
        let mut page = document.start_page_with(settings);
        let mut links = Vec::new();
        let mut surface = page.surface();
        for item in items {
            match item {
                Item::Text {
                    x,
                    y,
                    piece,
                    leaf,
                    furniture,
                } => {
                    let tag = match leaf {
                        Some(_) => ContentTag::Span(SpanTag::empty()),
                        None => ContentTag::Artifact(Artifact::with_kind(furniture)),
                    };
                    let identifier = surface.start_tagged(tag);
                    surface.set_stroke(None);
                    surface.set_fill(Some(ink(0)));
                    let font = text::face(piece.style.bold)?.font.clone();
                    let at = Point::from_xy(x, y);
                    surface.draw_glyphs(
                        at,
                        &piece.glyphs,
                        font,
                        &piece.text,
                        piece.style.size,
                        false,
                    );
                    surface.end_tagged();
                    if let Some(mark) = leaf.and_then(|leaf| marks.get_mut(leaf)) {
                        *mark = Some(identifier);
                    }
                }
                Item::Rule {
                    from,
                    to,
                    weight,
                    grey,
                } => {
                    let mut path = PathBuilder::new();
                    path.move_to(from.0, from.1);
                    path.line_to(to.0, to.1);
                    let path = path.finish().ok_or(PdfError::Layout)?;
                    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
                        ArtifactType::Layout,
                    )));
                    surface.set_fill(None);
                    surface.set_stroke(Some(Stroke {
                        paint: luma::Color::new(grey).into(),
                        width: weight,
                        ..Stroke::default()
                    }));
                    surface.draw_path(&path);
                    surface.end_tagged();
                }
                Item::Link { area, url, leaf } => links.push((area, url, leaf)),
            }
        }
        surface.finish();
        for ((left, top, right, bottom), url, leaf) in links {
            let area = Rect::from_ltrb(left, top, right, bottom).ok_or(PdfError::Layout)?;
            let target = Target::Action(LinkAction::new(url.clone()).into());
            let link = Annotation::new_link(LinkAnnotation::new(area, target), Some(url));
            let identifier = page.add_tagged_annotation(link);
            if let Some(mark) = marks.get_mut(leaf) {
                *mark = Some(identifier);
            }
        }
        page.finish();
    }
    let mut tree = TagTree::new();
    for branch in flow.tree {
        tree.push(group(branch, &marks));
    }
    Ok(tree)
}

fn ink(grey: u8) -> Fill {
    Fill {
        paint: luma::Color::new(grey).into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::default(),
    }
}

fn group(branch: Branch, marks: &[Option<Identifier>]) -> TagGroup {
    let tag: TagKind = match branch.role {
        Role::Paragraph => Tag::P.into(),
        Role::Heading(level, title) => Tag::Hn(
            NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN),
            Some(title),
        )
        .into(),
        Role::List => Tag::L(ListNumbering::Disc).into(),
        Role::Entry => Tag::LI.into(),
        Role::Bullet => Tag::Lbl.into(),
        Role::Body => Tag::LBody.into(),
        Role::Table => Tag::Table.into(),
        Role::Head => Tag::THead.into(),
        Role::Rows => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
        Role::Cell => Tag::TD.into(),
        Role::Strong => Tag::Strong.into(),
        Role::Link(_) => Tag::Link.into(),
    };
    let mut group = TagGroup::new(tag);
    for kid in branch.kids {
        match kid {
            Kid::Branch(branch) => group.push(self::group(branch, marks)),
            Kid::Leaf(leaf) => {
                if let Some(identifier) = marks.get(leaf).copied().flatten() {
                    group.push(identifier);
                }
            }
        }
    }
    group
}
