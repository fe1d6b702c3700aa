//! What stands in a letter, free of any medium: the one list from which text, HTML and paper are made.

use serde::{Deserialize, Serialize};

/// A stretch of text in one style.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Run {
    /// The words; `\n` is a line break within the paragraph, U+00AD a place to hyphenate.
    pub text: String,
    /// Whether it stands out.
    pub bold: bool,
    /// Where it leads, if it is a link.
    pub link: Option<String>,
}

impl Run {
    /// Plain words.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Words that stand out.
    #[must_use]
    pub fn bold(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            bold: true,
            link: None,
        }
    }
}

/// The words of several runs without their style.
#[must_use]
pub fn words(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

/// One thing in a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Run>),
    /// A heading; level 1 is a section of the letter, level 2 a part of it.
    Heading {
        /// 1 or 2.
        level: u8,
        /// Its words.
        text: String,
    },
    /// A list, one entry per item.
    List(Vec<Vec<Run>>),
    /// A table with one head row.
    Table {
        /// The head of each column.
        head: Vec<Vec<Run>>,
        /// The rows; each has as many cells as the head.
        rows: Vec<Vec<Vec<Run>>>,
        /// Relative widths of the columns; empty: fitted to their content.
        widths: Vec<u16>,
    },
    /// A link that asks for an act: a button in HTML, the bare address elsewhere.
    Button {
        /// What the button says.
        label: String,
        /// Where it leads.
        url: String,
    },
    /// Text that must arrive character by character, such as a signed note.
    Verbatim(String),
    /// Half a line of white.
    Space,
    /// The closing lines, kept together.
    Signature(Vec<String>),
}
