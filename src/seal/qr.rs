//! The square that a phone photographs, drawn as SVG by the house itself.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

use super::error::SealError;

/// Blank squares around the code that readers need.
const MARGIN: i32 = 4;

/// Draws a text as an SVG element with a title. It takes the text colour of its surroundings and
/// has no ground of its own: put it dark on light in either theme, since many readers fail at the
/// reverse.
///
/// # Errors
/// [`SealError::TooLong`] past some 2,300 bytes.
pub fn svg(text: &str, title: &str) -> Result<String, SealError> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| SealError::TooLong)?;
    let side = code.size() + 2 * MARGIN;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            // Neighbours in a row become one stroke: a third of the length.
            let run = (x..code.size())
                .take_while(|x| code.get_module(*x, y))
                .zip(1..)
                .last()
                .map_or(0, |(_, run)| run);
            if run > 0 {
                write!(path, "M{},{}h{run}v1h-{run}z", x + MARGIN, y + MARGIN)
                    .map_err(|_| SealError::Content)?;
            }
            x += run.max(1);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" \
         shape-rendering=\"crispEdges\"><title>{}</title><path fill=\"currentColor\" d=\"{path}\"/></svg>",
        escaped(title)
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fills the squares that a path's strokes cover.
    fn painted(svg: &str, side: usize) -> Vec<Vec<bool>> {
        let path = svg
            .split(" d=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let mut squares = vec![vec![false; side]; side];
        for stroke in path.split('M').skip(1) {
            let (start, rest) = stroke.split_once('h').unwrap();
            let (x, y) = start.split_once(',').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let run: usize = rest.split_once('v').unwrap().0.parse().unwrap();
            squares[y][x..x + run].fill(true);
        }
        squares
    }

    #[test]
    fn the_drawing_shows_the_code_square_by_square() {
        let text = "otpauth://totp/Muster:anna?secret=GEZDGNBVGY3TQOJQ";
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        let side = usize::try_from(code.size() + 8).unwrap();
        let squares = painted(&svg(text, "Code").unwrap(), side);
        for (row, y) in squares.iter().zip(-MARGIN..) {
            for (dark, x) in row.iter().zip(-MARGIN..) {
                assert_eq!(*dark, code.get_module(x, y), "{x},{y}");
            }
        }
    }

    #[test]
    fn the_title_cannot_break_out_and_too_much_is_refused() {
        let drawn = svg("a", "<script> & co").unwrap();
        assert!(
            drawn.contains("<title>&lt;script&gt; &amp; co</title>"),
            "{drawn}"
        );
        assert!(matches!(
            svg(&"x".repeat(3_000), ""),
            Err(SealError::TooLong)
        ));
    }
}
