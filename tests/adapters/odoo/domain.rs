//! Odoo's conditions as Odoo reads them: wildcards alive, `=` by the letter, archived records out of sight.

use serde_json::Value;

use super::world::{No, World};

/// A pattern of LIKE in small letters, with its escapes.
pub fn like(pattern: &str, text: &str) -> bool {
    // Some letter, one that is any, or any number of any.
    enum Piece {
        Letter(char),
        One,
        Many,
    }
    let mut pieces = Vec::new();
    let mut letters = pattern.chars().flat_map(char::to_lowercase);
    while let Some(letter) = letters.next() {
        pieces.push(match letter {
            '%' => Piece::Many,
            '_' => Piece::One,
            '\\' => Piece::Letter(letters.next().unwrap_or('\\')),
            letter => Piece::Letter(letter),
        });
    }
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let (mut at, mut piece, mut back) = (0, 0, None);
    loop {
        match pieces.get(piece) {
            Some(Piece::Many) => {
                back = Some((piece + 1, at));
                piece += 1;
            }
            None if at == text.len() => return true,
            Some(Piece::One) if at < text.len() => (at, piece) = (at + 1, piece + 1),
            Some(Piece::Letter(letter)) if text.get(at) == Some(letter) => {
                (at, piece) = (at + 1, piece + 1)
            }
            _ => match back {
                Some((after, from)) if from < text.len() => {
                    back = Some((after, from + 1));
                    (piece, at) = (after, from + 1);
                }
                _ => return false,
            },
        }
    }
}

fn squeezed(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|it| it.is_ascii_digit() || *it == '+')
        .collect();
    match text.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => text,
    }
}

impl World {
    /// Whether a record fits.
    pub fn fits(&self, model: &str, id: i64, domain: &Value) -> Result<bool, No> {
        let items = domain.as_array().cloned().unwrap_or_default();
        let mut at = 0;
        let mut all = true;
        while at < items.len() {
            all &= self.one(model, id, &items, &mut at)?;
        }
        Ok(all)
    }

    fn one(&self, model: &str, id: i64, items: &[Value], at: &mut usize) -> Result<bool, No> {
        let item = items
            .get(*at)
            .ok_or_else(|| No::named("builtins.ValueError", 500))?;
        *at += 1;
        match item.as_str() {
            Some("&") => {
                let (one, other) = (
                    self.one(model, id, items, at)?,
                    self.one(model, id, items, at)?,
                );
                Ok(one && other)
            }
            Some("|") => {
                let (one, other) = (
                    self.one(model, id, items, at)?,
                    self.one(model, id, items, at)?,
                );
                Ok(one || other)
            }
            Some("!") => Ok(!self.one(model, id, items, at)?),
            _ => self.condition(model, id, item),
        }
    }

    fn condition(&self, model: &str, id: i64, item: &Value) -> Result<bool, No> {
        let (path, operator, wanted) = (
            item[0].as_str().unwrap(),
            item[1].as_str().unwrap(),
            &item[2],
        );
        if let Some((first, rest)) = path.split_once('.') {
            let to = self
                .relation(model, first)
                .ok_or_else(|| No::named("builtins.ValueError", 500))?;
            return match self.link(model, id, first) {
                Some(other) => {
                    self.condition(&to, other, &serde_json::json!([rest, operator, wanted]))
                }
                None => Ok(false),
            };
        }
        if path == "phone_mobile_search" {
            let wanted = squeezed(wanted.as_str().unwrap());
            if wanted.len() < 3 {
                return Err(No::named("odoo.exceptions.UserError", 422));
            }
            return Ok(["phone", "mobile"].iter().any(|field| {
                let text = self.value(model, id, field);
                text.as_str().is_some_and(|text| squeezed(text) == wanted)
            }));
        }
        if path != "id" && !self.has(model, path) {
            return Err(No::named("builtins.ValueError", 500));
        }
        let value = match path {
            "id" => Value::from(id),
            _ => self.value(model, id, path),
        };
        let text = value.as_str().unwrap_or_default();
        let asked = wanted.as_str().unwrap_or_default();
        let holds = |wanted: &Value| match &value {
            Value::Array(ids) => ids.contains(wanted),
            value => value == wanted,
        };
        Ok(match operator {
            "=" => holds(wanted),
            "!=" => !holds(wanted),
            "in" => wanted.as_array().unwrap().iter().any(holds),
            "not in" => !wanted.as_array().unwrap().iter().any(holds),
            ">" => value.as_i64() > wanted.as_i64(),
            "ilike" => like(&format!("%{asked}%"), text),
            "=ilike" => like(asked, text),
            _ => return Err(No::named("builtins.ValueError", 500)),
        })
    }
}
