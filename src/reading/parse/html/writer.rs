//! Puts words into lines, lines into paragraphs, and marks the quoted ones.

/// Outlook's own line between a mail and the one below it, in its plain text.
pub const DIVIDER: &str = "________________________________";

/// Longer cells are paragraphs of a layout.
const CELL: usize = 120;

pub struct Writer {
    out: String,
    line: String,
    /// A blank waits: it is written only between two words of one line.
    blank: bool,
    /// An empty line is wanted before the next one, as deep in quotations as this.
    gap: Option<usize>,
    /// Where the lines of the open cell begin.
    cell: Option<usize>,
    depth: usize,
    chars: usize,
    most: usize,
}

impl Writer {
    pub fn new(most: usize) -> Self {
        Self {
            out: String::new(),
            line: String::new(),
            blank: false,
            gap: None,
            cell: None,
            depth: 0,
            chars: 0,
            most,
        }
    }

    pub fn is_full(&self) -> bool {
        self.chars >= self.most
    }

    /// Text whose blanks and line ends are only blanks.
    pub fn flowing(&mut self, text: &str) {
        for c in text.chars() {
            if matches!(c, ' ' | '\n' | '\r' | '\t' | '\u{c}') {
                self.blank |= !self.line.is_empty();
                continue;
            }
            if !c.is_ascii() && super::super::plain::is_invisible(c) || c.is_control() {
                continue;
            }
            let c = if !c.is_ascii() && c.is_whitespace() {
                ' '
            } else {
                c
            };
            if std::mem::take(&mut self.blank) && !self.line.ends_with('\t') {
                self.line.push(' ');
            }
            self.line.push(c);
            self.chars += 1;
        }
    }

    pub fn verbatim(&mut self, text: &str) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.line_break();
            }
            for c in line
                .chars()
                .filter(|c| !c.is_control() && !super::super::plain::is_invisible(*c))
            {
                self.line.push(c);
                self.chars += 1;
            }
        }
    }

    /// `<br>`: an empty line if nothing stands in this one.
    pub fn line_break(&mut self) {
        if self.line.trim().is_empty() && !self.out.is_empty() {
            self.want_gap();
            self.line.clear();
            self.blank = false;
        } else {
            self.end_line();
        }
    }

    /// A block begins or ends; `apart` wants an empty line.
    pub fn block(&mut self, apart: bool) {
        self.end_line();
        if apart {
            self.want_gap();
        }
    }

    fn want_gap(&mut self) {
        if !self.out.is_empty() {
            self.gap = Some(self.gap.map_or(self.depth, |gap| gap.min(self.depth)));
        }
    }

    pub fn rule(&mut self) {
        self.end_line();
        self.line.push_str("---");
        self.end_line();
    }

    pub fn divider(&mut self) {
        self.end_line();
        if !self.out.trim_end().ends_with(DIVIDER) {
            self.want_gap();
            self.line.push_str(DIVIDER);
            self.end_line();
        }
    }

    pub fn item(&mut self, depth: usize, number: Option<u32>) {
        self.end_line();
        self.line.extend(std::iter::repeat_n("  ", depth));
        match number {
            Some(number) => self.line.push_str(&format!("{number}. ")),
            None => self.line.push_str("- "),
        }
        self.blank = false;
    }

    /// A row begins or ends.
    pub fn row(&mut self) {
        self.cell = None;
    }

    pub fn cell(&mut self) {
        if self.line.trim().is_empty() {
            self.take_back();
        }
        if !self.line.trim().is_empty() && !self.line.ends_with('\t') {
            self.line.push('\t');
        }
        self.blank = false;
        self.cell = Some(self.out.len());
    }

    /// `Name:` and `Max` are one line of a form, also where each cell holds a paragraph of its own.
    fn take_back(&mut self) {
        let marks = "> ".repeat(self.depth.min(20));
        let Some((from, lines)) = self
            .cell
            .and_then(|from| Some((from, self.out.get(from..)?)))
        else {
            return;
        };
        let mut written = lines
            .split_inclusive('\n')
            .filter(|line| !line.trim_matches([' ', '>', '\n']).is_empty());
        let (Some(only), None) = (written.next(), written.next()) else {
            return;
        };
        let Some(text) = only
            .strip_prefix(marks.as_str())
            .filter(|text| text.len() <= CELL)
        else {
            return;
        };
        let text = text.trim_end().to_owned();
        let start = from + lines.len() - only.len();
        if self.out.get(start..) == Some(only) {
            self.out.truncate(start);
            self.line = text;
            self.gap = None;
        }
    }

    pub fn quote_deeper(&mut self) {
        self.end_line();
        self.depth = self.depth.saturating_add(1);
    }

    pub fn quote_shallower(&mut self) {
        self.end_line();
        self.depth = self.depth.saturating_sub(1);
    }

    /// Where the text of a link begins.
    pub fn mark(&self) -> usize {
        self.line.len()
    }

    /// The address behind a name, if the name does not say it.
    pub fn address_unless_said(&mut self, address: &str, mark: usize) {
        let said = self.line.get(mark..).unwrap_or(&self.line).to_lowercase();
        if !said.contains(&address.to_lowercase()) && !self.out.ends_with(&format!("{address}\n")) {
            self.flowing(" <");
            self.flowing(address);
            self.flowing(">");
        }
    }

    fn end_line(&mut self) {
        self.blank = false;
        let line = std::mem::take(&mut self.line);
        let text = line.trim_end();
        if text.trim().is_empty() || text.trim() == "-" {
            return;
        }
        let marks = "> ".repeat(self.depth.min(20));
        if let Some(depth) = self.gap.take() {
            self.out
                .push_str(marks.get(..depth.min(20) * 2).unwrap_or(&marks).trim_end());
            self.out.push('\n');
        }
        self.out.push_str(&marks);
        self.out.push_str(text);
        self.out.push('\n');
    }

    pub fn finish(mut self) -> String {
        self.end_line();
        self.out.truncate(self.out.trim_end().len());
        super::super::plain::composed(self.out)
    }
}
