//! A source file as the house test reads it: its tokens with their lines, without comments and without test code.

/// What the rules look at; numbers and lifetimes are of no interest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Word(String),
    /// The text between the quotes, escapes as written.
    Text(String),
    Sign(char),
}

impl Token {
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own == word)
    }

    pub fn is_sign(&self, sign: char) -> bool {
        *self == Self::Sign(sign)
    }
}

/// A token and the line on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub line: usize,
    pub token: Token,
}

/// The tokens of the program proper, and the names of the modules that are only built for tests.
#[derive(Debug, Default)]
pub struct Source {
    pub tokens: Vec<Placed>,
    pub test_modules: Vec<String>,
}

impl Source {
    pub fn read(code: &str) -> Self {
        let mut source = Self::default();
        let tokens = tokens(code);
        let mut at = 0;
        while at < tokens.len() {
            if !is_test_mark(&tokens[at..]) {
                source.tokens.push(tokens[at].clone());
                at += 1;
                continue;
            }
            let end = end_of_item(&tokens, at);
            let name = tokens[at..end].windows(3).find_map(|three| {
                match (&three[0].token, &three[1].token, &three[2].token) {
                    (Token::Word(word), Token::Word(name), Token::Sign(';')) if word == "mod" => {
                        Some(name.clone())
                    }
                    _ => None,
                }
            });
            source.test_modules.extend(name);
            at = end;
        }
        source
    }
}

/// `#[cfg(test)]`, `#[cfg(all(test, ..))]` or `#[test]`; `cfg(not(test))` is the program.
fn is_test_mark(tokens: &[Placed]) -> bool {
    let words: Vec<&Token> = tokens.iter().take(6).map(|placed| &placed.token).collect();
    let [hash, bracket, rest @ ..] = words.as_slice() else {
        return false;
    };
    if !hash.is_sign('#') || !bracket.is_sign('[') {
        return false;
    }
    match rest {
        [first, end, ..] if first.is_word("test") => end.is_sign(']'),
        [first, _, second, ..] if first.is_word("cfg") && second.is_word("test") => true,
        [first, _, second, _, ..] if first.is_word("cfg") && second.is_word("all") => tokens
            .get(6)
            .is_some_and(|placed| placed.token.is_word("test")),
        _ => false,
    }
}

/// Behind the item that begins at `at` with an attribute: a `;`, or the `}` that closes its first `{`.
fn end_of_item(tokens: &[Placed], at: usize) -> usize {
    let mut open = 0_usize;
    for (place, placed) in tokens.iter().enumerate().skip(at) {
        match placed.token {
            Token::Sign('{' | '(' | '[') => open += 1,
            Token::Sign(sign @ ('}' | ')' | ']')) => {
                open = open.saturating_sub(1);
                if open == 0 && sign == '}' {
                    return place + 1;
                }
            }
            Token::Sign(';') if open == 0 => return place + 1,
            _ => {}
        }
    }
    tokens.len()
}

fn tokens(code: &str) -> Vec<Placed> {
    let code: Vec<char> = code.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < code.len() {
        let (token, end) = next(&code, at);
        if let Some(token) = token {
            found.push(Placed { line, token });
        }
        line += code[at..end].iter().filter(|sign| **sign == '\n').count();
        at = end;
    }
    found
}

/// The token at `at`, none for what is skipped, and where the next begins.
fn next(code: &[char], at: usize) -> (Option<Token>, usize) {
    let sign = code[at];
    let after = code.get(at + 1).copied().unwrap_or(' ');
    if sign == '/' && after == '/' {
        return (
            None,
            code.len().min(
                at + code[at..]
                    .iter()
                    .position(|c| *c == '\n')
                    .unwrap_or(code.len()),
            ),
        );
    }
    if sign == '/' && after == '*' {
        return (None, end_of_comment(code, at));
    }
    if sign == '"' {
        return quoted(code, at);
    }
    if sign.is_alphabetic() || sign == '_' {
        let end = end_of_word(code, at);
        let word: String = code[at..end].iter().collect();
        let hashes = code[end..].iter().take_while(|c| **c == '#').count();
        let raw =
            matches!(word.as_str(), "r" | "br" | "cr") && code.get(end + hashes) == Some(&'"');
        if raw {
            return raw_text(code, end + hashes + 1, hashes);
        }
        if matches!(word.as_str(), "b" | "c") && code.get(end) == Some(&'"') {
            return quoted(code, end);
        }
        return (Some(Token::Word(word)), end);
    }
    if sign.is_ascii_digit() {
        return (None, end_of_word(code, at));
    }
    if sign == '\'' {
        return (None, end_of_char(code, at));
    }
    (
        if sign.is_whitespace() {
            None
        } else {
            Some(Token::Sign(sign))
        },
        at + 1,
    )
}

fn end_of_word(code: &[char], at: usize) -> usize {
    at + code[at..]
        .iter()
        .take_while(|c| c.is_alphanumeric() || **c == '_')
        .count()
}

fn end_of_comment(code: &[char], at: usize) -> usize {
    let (mut depth, mut end) = (0_usize, at);
    while end < code.len() {
        match (code[end], code.get(end + 1)) {
            ('/', Some('*')) => (depth, end) = (depth + 1, end + 2),
            ('*', Some('/')) => (depth, end) = (depth - 1, end + 2),
            _ => end += 1,
        }
        if depth == 0 {
            return end;
        }
    }
    end.min(code.len())
}

fn quoted(code: &[char], at: usize) -> (Option<Token>, usize) {
    let mut end = at + 1;
    while end < code.len() && code[end] != '"' {
        end += if code[end] == '\\' { 2 } else { 1 };
    }
    let end = end.min(code.len());
    (
        Some(Token::Text(code[at + 1..end].iter().collect())),
        (end + 1).min(code.len()),
    )
}

fn raw_text(code: &[char], from: usize, hashes: usize) -> (Option<Token>, usize) {
    let closes = |at: usize| {
        code[at] == '"'
            && code[at + 1..]
                .iter()
                .take(hashes)
                .filter(|c| **c == '#')
                .count()
                == hashes
    };
    let end = (from..code.len())
        .find(|at| closes(*at))
        .unwrap_or(code.len());
    (
        Some(Token::Text(code[from..end].iter().collect())),
        (end + 1 + hashes).min(code.len()),
    )
}

/// A character or a lifetime; both are of no interest, but a quote in `'"'` must not open a text.
fn end_of_char(code: &[char], at: usize) -> usize {
    match (code.get(at + 1), code.get(at + 2)) {
        (Some('\\'), _) => {
            let close = code
                .iter()
                .skip(at + 3)
                .position(|c| *c == '\'')
                .map_or(code.len(), |far| at + 3 + far);
            (close + 1).min(code.len())
        }
        (Some(_), Some('\'')) => at + 3,
        _ => end_of_word(code, at + 1),
    }
}

#[test]
fn comments_and_test_code_are_left_out() {
    let code = "//! use crate::a;\nfn f() {} /* crate::b /* c */ */\n#[cfg(test)]\nmod tests { fn g() { \"}\"; } }\n\
                #[test] fn h() { one(); }\n#[cfg(test)]\n#[rustfmt::skip]\npub mod samples;\nfn last<'a>(c: char) -> bool { c == '\"' }";
    let source = Source::read(code);
    let words: Vec<&str> = source
        .tokens
        .iter()
        .filter_map(|placed| match &placed.token {
            Token::Word(word) => Some(word.as_str()),
            Token::Text(_) | Token::Sign(_) => None,
        })
        .collect();
    assert_eq!(words, ["fn", "f", "fn", "last", "c", "char", "bool", "c"]);
    assert_eq!(source.test_modules, ["samples"]);
    assert_eq!(source.tokens.last().map(|placed| placed.line), Some(9));
}

#[test]
fn texts_are_read_in_every_spelling() {
    let source = Source::read(r####"f("a\"b", r#"c"d"#, b"e", '\'', '\u{e4}', "g")"####);
    let texts: Vec<&str> = source
        .tokens
        .iter()
        .filter_map(|placed| match &placed.token {
            Token::Text(text) => Some(text.as_str()),
            Token::Word(_) | Token::Sign(_) => None,
        })
        .collect();
    assert_eq!(texts, ["a\\\"b", "c\"d", "e", "g"]);
}

#[test]
fn the_program_without_tests_is_the_program() {
    assert!(
        Source::read("#[cfg(not(test))] fn f() {}")
            .test_modules
            .is_empty()
    );
    assert!(
        !Source::read("#[cfg(not(test))] fn f() {}")
            .tokens
            .is_empty()
    );
    assert!(
        Source::read("#[cfg(all(test, unix))] fn f() {}")
            .tokens
            .is_empty()
    );
}
