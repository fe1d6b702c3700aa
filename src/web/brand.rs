//! A controller's own colour. It is a wish: what would be unreadable is corrected, not obeyed.

/// Grounds on which the accent stands as text, from `style.css`: paper, sheet and tint.
const LIGHT: [Colour; 2] = [Colour(0xf6, 0xf5, 0xf2), Colour(0xff, 0xff, 0xff)];
const DARK: [Colour; 2] = [Colour(0x14, 0x15, 0x18), Colour(0x1d, 0x1f, 0x23)];
/// Shares of the accent in the tint behind chosen cards, as in `style.css`.
const LIGHT_TINT: f64 = 0.08;
const DARK_TINT: f64 = 0.12;
/// WCAG 2.2, 1.4.3: contrast of text.
const TEXT: f64 = 4.5;

/// A colour of the screen: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(u8, u8, u8);

const BLACK: Colour = Colour(0, 0, 0);
const WHITE: Colour = Colour(0xff, 0xff, 0xff);

impl Colour {
    /// Reads `#0b5c6a`, `0b5c6a` or `#abc`; `None` for anything else.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        let digits = hex.trim().trim_start_matches('#');
        let value: Vec<u8> = digits
            .chars()
            .map(|digit| {
                digit
                    .to_digit(16)
                    .and_then(|value| u8::try_from(value).ok())
            })
            .collect::<Option<_>>()?;
        match value.as_slice() {
            [r, g, b] => Some(Self(r * 17, g * 17, b * 17)),
            [r, s, g, h, b, c] => Some(Self(r * 16 + s, g * 16 + h, b * 16 + c)),
            _ => None,
        }
    }

    /// Relative luminance (WCAG 2.2), 0 for black to 1 for white.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast between two colours, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// This colour with `share` of another mixed in.
    fn mixed(self, other: Self, share: f64) -> Self {
        let mix = |a: u8, b: u8| {
            let value = f64::from(a) * (1.0 - share) + f64::from(b) * share;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a mean of two bytes lies between them"
            )]
            let byte = value.round() as u8;
            byte
        };
        Self(
            mix(self.0, other.0),
            mix(self.1, other.1),
            mix(self.2, other.2),
        )
    }

    /// The nearest shade towards `end` that can be read on both grounds and on its own tint.
    fn readable(self, grounds: [Self; 2], tint: f64, end: Self) -> Self {
        (0..=100)
            .map(|percent| self.mixed(end, f64::from(percent) / 100.0))
            .find(|shade| {
                let tinted = grounds.map(|ground| ground.mixed(*shade, tint));
                grounds
                    .into_iter()
                    .chain(tinted)
                    .all(|ground| shade.contrast(ground) >= TEXT)
            })
            .unwrap_or(end)
    }

    /// What is written on this colour: white if it can be read, else black.
    fn ink(self) -> Self {
        if self.contrast(WHITE) >= TEXT {
            WHITE
        } else {
            BLACK
        }
    }

    fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// The style sheet that puts a controller's colour in the place of the house's, for light and for
/// dark screens; empty if the wish is no colour. On paper all is black.
#[must_use]
pub fn accent_css(hex: &str) -> String {
    let Some(wish) = Colour::parse(hex) else {
        return String::new();
    };
    let light = wish.readable(LIGHT, LIGHT_TINT, BLACK);
    let dark = wish.readable(DARK, DARK_TINT, WHITE);
    let set = |shade: Colour| {
        format!(
            ":root{{--accent:{};--on-accent:{}}}",
            shade.css(),
            shade.ink().css()
        )
    };
    format!(
        "@media screen{{{}}}\n@media screen and (prefers-color-scheme:dark){{{}}}\n",
        set(light),
        set(dark)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(css: &str, line: usize, token: &str) -> Colour {
        let line = css.lines().nth(line).unwrap();
        let at = line.find(&format!("{token}:")).unwrap() + token.len() + 1;
        Colour::parse(&line[at..at + 7]).unwrap()
    }

    #[test]
    fn whatever_is_wished_for_can_be_read() {
        for wish in [
            "#ffff00", "#000000", "#ffffff", "#e2001a", "#0b5c6a", "#808080", "#39ff14", "#00f",
        ] {
            let css = accent_css(wish);
            for (line, grounds, tint) in [(0, LIGHT, LIGHT_TINT), (1, DARK, DARK_TINT)] {
                let (accent, on) = (
                    value(&css, line, "--accent"),
                    value(&css, line, "--on-accent"),
                );
                for ground in grounds {
                    assert!(accent.contrast(ground) >= TEXT, "{wish}: {css}");
                    assert!(
                        accent.contrast(ground.mixed(accent, tint)) >= TEXT,
                        "{wish}: {css}"
                    );
                }
                assert!(accent.contrast(on) >= TEXT, "{wish}: {css}");
            }
        }
    }

    #[test]
    fn a_good_colour_is_left_as_it_is() {
        assert!(accent_css("#0b5c6a").starts_with("@media screen{:root{--accent:#0b5c6a;"));
    }

    #[test]
    fn what_is_no_colour_changes_nothing_and_smuggles_nothing_in() {
        for wish in [
            "",
            "red",
            "#12345",
            "#1234567",
            "}body{display:none",
            "#äöü",
        ] {
            assert_eq!(accent_css(wish), "");
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 1e-9);
        assert!((Colour(0x76, 0x76, 0x76).contrast(WHITE) - 4.54).abs() < 0.01);
    }
}
