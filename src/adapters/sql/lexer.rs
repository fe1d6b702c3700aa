//! Reads the text of a declared statement sign by sign: what is in quotes, comments and casts is no parameter.

use super::named::{Dialect, Parameter, Piece};

/// Takes a text apart.
pub fn pieces(text: &str, dialect: Dialect) -> Result<Vec<Piece>, String> {
    let mut reader = Reader {
        rest: text.trim(),
        before: ' ',
        text: String::new(),
        pieces: Vec::new(),
        dialect,
    };
    reader.read()?;
    let Reader {
        mut pieces, text, ..
    } = reader;
    pieces.push(Piece::Text(text.trim_end().to_owned()));
    Ok(pieces)
}

struct Reader<'a> {
    rest: &'a str,
    before: char,
    text: String,
    pieces: Vec<Piece>,
    dialect: Dialect,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), String> {
        while let Some(letter) = self.rest.chars().next() {
            if self.skips()? {
                continue;
            }
            let after = self.rest.get(1..).unwrap_or_default();
            match letter {
                // The end; nothing may follow, or a second statement would hide there.
                ';' => {
                    self.rest = after.trim_start();
                    if !self.rest.is_empty() && !self.comment()? {
                        return Err("more than one statement".to_owned());
                    }
                }
                // A cast, an assignment: never a parameter.
                ':' if after.starts_with([':', '=']) => self.take(2),
                ':' if !self.before.is_alphanumeric() && self.before != '_' => {
                    self.parameter(after)?
                }
                '?' if self.dialect != Dialect::Postgres => return Err(nameless("?")),
                '$' if self.dialect != Dialect::Mysql && !inner(self.before) => {
                    return Err(nameless("$"));
                }
                '@' if self.dialect == Dialect::Sqlite => return Err(nameless("@")),
                _ => self.take(letter.len_utf8()),
            }
        }
        Ok(())
    }

    fn parameter(&mut self, after: &str) -> Result<(), String> {
        let name: String = after.chars().take_while(|&letter| inner(letter)).collect();
        if name.is_empty() || name.starts_with(|letter: char| letter.is_ascii_digit()) {
            self.take(1);
            return Ok(());
        }
        let parameter =
            Parameter::named(&name).ok_or_else(|| format!("nobody knows the parameter :{name}"))?;
        self.pieces
            .push(Piece::Text(std::mem::take(&mut self.text)));
        self.pieces.push(Piece::Parameter(parameter));
        self.rest = self.rest.get(name.len() + 1..).unwrap_or_default();
        self.before = 'p';
        Ok(())
    }

    /// Goes past what is quoted or a comment, if one begins here.
    fn skips(&mut self) -> Result<bool, String> {
        if self.comment()? {
            return Ok(true);
        }
        let mysql = self.dialect == Dialect::Mysql;
        let escaped = mysql
            || (self.dialect == Dialect::Postgres
                && self.rest.starts_with('\'')
                && matches!(self.before, 'e' | 'E')
                && !self.text.chars().rev().nth(1).is_some_and(inner));
        let end = match self.rest.chars().next() {
            Some('\'') => quoted(self.rest, '\'', escaped),
            Some('"') => quoted(self.rest, '"', mysql),
            Some('`') if self.dialect != Dialect::Postgres => quoted(self.rest, '`', false),
            Some('[') if self.dialect == Dialect::Sqlite => self.rest.find(']').map(|at| at + 1),
            Some('$') if self.dialect == Dialect::Postgres && !inner(self.before) => {
                match dollar(self.rest) {
                    None => return Ok(false),
                    Some(tag) => {
                        let body = self.rest.get(tag.len()..).unwrap_or_default();
                        body.find(tag).map(|at| at + 2 * tag.len())
                    }
                }
            }
            _ => return Ok(false),
        };
        self.take(end.ok_or("a quote is not closed")?);
        Ok(true)
    }

    /// A comment is left out: what stands in it is nothing to the server, but for MySQL, which runs some of them.
    fn comment(&mut self) -> Result<bool, String> {
        let mysql = self.dialect == Dialect::Mysql;
        let end = if self.rest.starts_with("/*") {
            if mysql && self.rest.starts_with("/*!") || self.rest.starts_with("/*M!") {
                return Err("a comment that MySQL runs".to_owned());
            }
            let end = match self.dialect {
                Dialect::Postgres => nested(self.rest),
                Dialect::Mysql | Dialect::Sqlite => self
                    .rest
                    .get(2..)
                    .and_then(|it| it.find("*/"))
                    .map(|at| at + 4),
            };
            end.ok_or("a comment is not closed")?
        } else if self.dashes() || (mysql && self.rest.starts_with('#')) {
            self.rest.find('\n').unwrap_or(self.rest.len())
        } else {
            return Ok(false);
        };
        self.rest = self.rest.get(end..).unwrap_or_default();
        self.text.push(' ');
        self.before = ' ';
        Ok(true)
    }

    fn dashes(&self) -> bool {
        let Some(after) = self.rest.strip_prefix("--") else {
            return false;
        };
        // To MySQL `5--3` is a sum.
        self.dialect != Dialect::Mysql || after.is_empty() || after.starts_with(char::is_whitespace)
    }

    fn take(&mut self, bytes: usize) {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.text.push_str(taken);
        self.before = taken.chars().next_back().unwrap_or(' ');
        self.rest = rest;
    }
}

fn nameless(sign: &str) -> String {
    format!("{sign}: parameters have names, such as :email")
}

fn inner(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Where the quotes that open here close; a doubled one is a part of what is quoted.
fn quoted(text: &str, quote: char, escapes: bool) -> Option<usize> {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if escapes && letter == '\\' {
            letters.next();
        } else if letter == quote {
            match letters.peek() {
                Some(&(_, next)) if next == quote => {
                    letters.next();
                }
                _ => return Some(at + quote.len_utf8()),
            }
        }
    }
    None
}

/// `$$` or `$tag$` at the beginning.
fn dollar(text: &str) -> Option<&str> {
    let end = text.get(1..)?.find('$')? + 2;
    let tag = text.get(..end)?;
    let name = tag.trim_matches('$');
    let sound =
        name.chars().all(inner) && !name.starts_with(|letter: char| letter.is_ascii_digit());
    sound.then_some(tag)
}

/// Where a comment ends in which others may lie.
fn nested(text: &str) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0_usize);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}
