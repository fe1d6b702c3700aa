//! Colours, as far as it takes to know writing from its ground.

pub type Colour = (u8, u8, u8);

pub const WHITE: Colour = (255, 255, 255);

/// `#fff`, `#ffffff`, `rgb(255, 255, 255)`, a few names; `None` is a colour that is not known.
pub fn colour(text: &str) -> Option<Colour> {
    let text = text
        .trim()
        .trim_end_matches("!important")
        .trim()
        .to_ascii_lowercase();
    if let Some(digits) = text.strip_prefix('#') {
        return hex(digits);
    }
    if let Some(list) = text
        .strip_prefix("rgb(")
        .or_else(|| text.strip_prefix("rgba("))
    {
        let mut values = list
            .trim_end_matches(')')
            .split([',', ' ', '/'])
            .filter(|part| !part.is_empty());
        let mut next = || -> Option<u8> {
            let part = values.next()?;
            match part.strip_suffix('%') {
                Some(percent) => percent
                    .parse::<u16>()
                    .ok()
                    .and_then(|value| u8::try_from(value.min(100) * 255 / 100).ok()),
                None => part
                    .split('.')
                    .next()?
                    .parse::<u16>()
                    .ok()
                    .and_then(|value| u8::try_from(value.min(255)).ok()),
            }
        };
        return Some((next()?, next()?, next()?));
    }
    match text.as_str() {
        "white" | "window" => Some(WHITE),
        "black" | "windowtext" => Some((0, 0, 0)),
        "snow" => Some((255, 250, 250)),
        "ivory" => Some((255, 255, 240)),
        "ghostwhite" => Some((248, 248, 255)),
        "whitesmoke" => Some((245, 245, 245)),
        _ => hex(&text),
    }
}

fn hex(digits: &str) -> Option<Colour> {
    let value = u32::from_str_radix(digits, 16).ok()?;
    let [_, r, g, b] = value.to_be_bytes();
    match digits.len() {
        6 => Some((r, g, b)),
        3 => {
            let [.., high, low] = value.to_be_bytes();
            Some(((high & 15) * 17, (low >> 4) * 17, (low & 15) * 17))
        }
        _ => None,
    }
}

/// No eye tells them apart.
pub fn same(a: Colour, b: Colour) -> bool {
    a.0.abs_diff(b.0) <= 3 && a.1.abs_diff(b.1) <= 3 && a.2.abs_diff(b.2) <= 3
}
