//! Rich text: the words without the formatting.

use crate::reading::parse::{bounds, charset, transfer};

/// Groups inside each other that are followed.
const DEPTH: usize = 400;

/// Groups whose content is no text of the document.
const SKIP: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "objdata",
    "themedata",
    "colorschememapping",
    "datastore",
    "latentstyles",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "generator",
    "xmlnstbl",
    "filetbl",
    "revtbl",
    "fldinst",
    "nonshppict",
    "mmathPr",
    "bkmkstart",
    "bkmkend",
    "pntext",
    "pntxtb",
    "pntxta",
    "listtext",
    "htmltag",
    "mhtmltag",
    "private",
    "wgrffmtfilter",
    "falt",
    "panose",
];

#[derive(Clone, Copy)]
struct Group {
    skipped: bool,
    /// Bytes that stand in for a character given by number.
    stand_in: usize,
}

/// The text of a document; what is broken in it is passed over.
pub fn text(bytes: &[u8]) -> String {
    let mut reader = Reader {
        rest: bytes,
        out: String::new(),
        held: Vec::new(),
        page: "windows-1252".to_owned(),
        groups: vec![Group {
            skipped: false,
            stand_in: 1,
        }],
        pass_over: 0,
        surrogate: None,
    };
    while reader.step() && reader.out.len() < bounds::TEXT_CHARS * 2 {}
    reader.settle();
    reader.out
}

struct Reader<'a> {
    rest: &'a [u8],
    out: String,
    /// Bytes of the document's own code page that wait for their neighbours.
    held: Vec<u8>,
    page: String,
    groups: Vec<Group>,
    pass_over: usize,
    surrogate: Option<u16>,
}

impl Reader<'_> {
    fn step(&mut self) -> bool {
        let Some((first, rest)) = self.rest.split_first() else {
            return false;
        };
        self.rest = rest;
        match first {
            b'{' => {
                self.settle();
                let group = self.group();
                if self.groups.len() < DEPTH {
                    self.groups.push(group);
                }
            }
            b'}' => {
                self.settle();
                if self.groups.len() > 1 {
                    self.groups.pop();
                }
            }
            b'\\' => self.control(),
            b'\r' | b'\n' => {}
            byte => self.byte(*byte),
        }
        true
    }

    fn group(&self) -> Group {
        self.groups.last().copied().unwrap_or(Group {
            skipped: false,
            stand_in: 1,
        })
    }

    fn byte(&mut self, byte: u8) {
        if self.pass_over > 0 {
            self.pass_over -= 1;
        } else if !self.group().skipped {
            self.held.push(byte);
        }
    }

    fn settle(&mut self) {
        if !self.held.is_empty() {
            self.out
                .push_str(&charset::decode(&self.held, Some(&self.page)));
            self.held.clear();
        }
    }

    fn sign(&mut self, sign: &str) {
        if !self.group().skipped {
            self.settle();
            self.out.push_str(sign);
        }
    }

    fn control(&mut self) {
        let Some((first, rest)) = self.rest.split_first() else {
            return;
        };
        if first.is_ascii_alphabetic() {
            let length = self
                .rest
                .iter()
                .take(40)
                .take_while(|byte| byte.is_ascii_alphabetic())
                .count();
            let (word, rest) = self.rest.split_at(length);
            let digits = rest
                .iter()
                .take(11)
                .enumerate()
                .take_while(|(at, byte)| byte.is_ascii_digit() || (*at == 0 && **byte == b'-'))
                .count();
            let (number, rest) = rest.split_at(digits);
            self.rest = rest.strip_prefix(b" ").unwrap_or(rest);
            let number = std::str::from_utf8(number)
                .ok()
                .and_then(|text| text.parse::<i32>().ok());
            self.word(std::str::from_utf8(word).unwrap_or_default(), number);
            return;
        }
        self.rest = rest;
        match first {
            b'\'' => {
                if let [high, low, rest @ ..] = self.rest
                    && let (Some(high), Some(low)) = (transfer::hex(*high), transfer::hex(*low))
                {
                    self.rest = rest;
                    self.byte(high << 4 | low);
                }
            }
            // a group that a reader may leave out: what this one does not know is left out
            b'*' => {
                if let Some(group) = self.groups.last_mut() {
                    group.skipped = true;
                }
            }
            b'~' => self.sign(" "),
            b'_' => self.sign("-"),
            b'\\' | b'{' | b'}' => self.byte(*first),
            b'\r' | b'\n' => self.sign("\n"),
            _ => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        match word {
            "par" | "line" | "sect" | "page" | "row" => self.sign("\n"),
            "tab" | "cell" | "nestcell" => self.sign("\t"),
            "emdash" => self.sign("—"),
            "endash" => self.sign("–"),
            "lquote" => self.sign("‘"),
            "rquote" => self.sign("’"),
            "ldblquote" => self.sign("“"),
            "rdblquote" => self.sign("”"),
            "bullet" => self.sign("•"),
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => {
                if let (Some(group), Some(count)) = (
                    self.groups.last_mut(),
                    number.and_then(|count| usize::try_from(count).ok()),
                ) {
                    group.stand_in = count.min(20);
                }
            }
            "ansicpg" => {
                if let Some(page) = number {
                    self.settle();
                    self.page = format!("windows-{page}");
                }
            }
            "mac" => self.page = "macintosh".to_owned(),
            "bin" => {
                let length = number
                    .and_then(|count| usize::try_from(count).ok())
                    .unwrap_or(0);
                self.rest = self.rest.get(length..).unwrap_or_default();
            }
            // a field's own content is wanted even inside what is marked as optional
            "fldrslt" | "shptxt" => {
                if let Some(group) = self.groups.last_mut()
                    && word == "fldrslt"
                {
                    group.skipped = false;
                }
            }
            word if SKIP.contains(&word) => {
                if let Some(group) = self.groups.last_mut() {
                    group.skipped = true;
                }
            }
            _ => {}
        }
    }

    fn unicode(&mut self, number: i32) {
        let group = self.group();
        self.pass_over = group.stand_in;
        if group.skipped {
            return;
        }
        self.settle();
        let Ok(unit) = u16::try_from(number & 0xffff) else {
            return;
        };
        let units: Vec<u16> = self.surrogate.take().into_iter().chain([unit]).collect();
        if (0xd800..0xdc00).contains(&unit) {
            self.surrogate = Some(unit);
            return;
        }
        self.out
            .extend(char::decode_utf16(units).filter_map(Result::ok));
    }
}
