//! The case number on every letter: `2026-7K3QF-M`, made to be read out on the telephone.
//!
//! Year, five random characters, one check character. The check finds every single wrong
//! character and every swap of neighbours. A number is a name, never a credential.

/// Characters that look alike on paper are left out: 0 O, 1 I L. 31 remain, a prime, which is what
/// lets one check character catch all swaps.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const MODULUS: u32 = 31;

/// How many different characters a tail may have.
pub(super) const LETTERS: u32 = MODULUS;
/// Characters in the random part.
pub(super) const TAIL: usize = 5;

/// The character of this value; values past the end begin again.
pub(super) fn letter(value: u32) -> char {
    ALPHABET
        .iter()
        .zip(0..)
        .find(|(_, at)| *at == value % MODULUS)
        .map_or('?', |(letter, _)| char::from(*letter))
}

/// Value of a character in the sum. Years hold 0 and 1, which the alphabet lacks; they take the
/// values of two letters, with which no year can hold them confused.
fn value(character: char) -> Option<u32> {
    match character {
        '0' => Some(8),
        '1' => Some(9),
        _ => ALPHABET
            .iter()
            .zip(0..)
            .find(|(letter, _)| char::from(**letter) == character)
            .map(|(_, at)| at),
    }
}

/// Sum over all places, each with a weight of its own: 2, 3, 4 and so on.
fn weighted(characters: impl Iterator<Item = char>) -> Option<u32> {
    characters.zip(2..).try_fold(0, |sum, (character, weight)| {
        Some((sum + value(character)? * weight) % MODULUS)
    })
}

/// The check character for a year and a tail; `None` if the tail holds a foreign character.
pub(super) fn check_character(year: i32, tail: &str) -> Option<char> {
    let sum = weighted(format!("{year:04}").chars().chain(tail.chars()))?;
    Some(letter(MODULUS - sum))
}

/// Brings what a person typed or dictated into the written form: capitals, no blanks, hyphens in
/// their places. `None` if it is not a case number or its check character does not fit.
#[must_use]
pub fn tidy(typed: &str) -> Option<String> {
    let plain: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '/' | '.'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if plain.len() != 10 || !plain.is_ascii() {
        return None;
    }
    let (year, rest) = plain.split_at_checked(4)?;
    let (tail, check) = rest.split_at_checked(TAIL)?;
    let number = format!("{year}-{tail}-{check}");
    check_number(&number).then_some(number)
}

/// Whether this is a case number in its written form whose check character fits.
#[must_use]
pub fn check_number(number: &str) -> bool {
    let mut parts = number.split('-');
    let (Some(year), Some(tail), Some(check), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let shaped = year.len() == 4
        && year.bytes().all(|b| b.is_ascii_digit())
        && tail.len() == TAIL
        && check.len() == 1
        && tail
            .bytes()
            .chain(check.bytes())
            .all(|b| ALPHABET.contains(&b));
    shaped
        && year
            .parse()
            .ok()
            .and_then(|year| check_character(year, tail))
            .is_some_and(|fits| check.starts_with(fits))
}

#[cfg(test)]
mod tests {
    use super::super::chance;
    use super::*;

    fn many() -> Vec<String> {
        (0..200)
            .map(|n| chance::case_number(1999 + n % 40))
            .collect()
    }

    #[test]
    fn a_drawn_number_has_its_form_and_fits() {
        for number in many() {
            assert!(number.len() == 12 && check_number(&number), "{number}");
            assert_eq!(tidy(&number.to_lowercase().replace('-', " ")), Some(number));
        }
        assert!(!check_number("") && !check_number("2026-7K3QF") && !check_number("2026-7K3QF-MM"));
        assert!(tidy("2026 7K3QÄ M").is_none());
    }

    #[test]
    fn every_single_wrong_character_is_noticed() {
        for number in many() {
            for (at, original) in number.char_indices().filter(|(_, c)| *c != '-') {
                for wrong in ('0'..='9').chain('A'..='Z').filter(|c| *c != original) {
                    let mut typed = number.clone();
                    typed.replace_range(at..=at, &wrong.to_string());
                    assert!(!check_number(&typed), "{typed} for {number}");
                }
            }
        }
    }

    #[test]
    fn every_swap_of_neighbours_is_noticed() {
        for number in many() {
            let plain: Vec<char> = number.chars().filter(|c| *c != '-').collect();
            for at in 0..plain.len() - 1 {
                let mut swapped = plain.clone();
                swapped.swap(at, at + 1);
                let typed: String = swapped.iter().collect();
                assert!(
                    swapped == plain || tidy(&typed).is_none(),
                    "{typed} for {number}"
                );
            }
        }
    }
}
