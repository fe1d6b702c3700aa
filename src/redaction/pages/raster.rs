//! A page in points of red, green and blue; what is black in it is black in whatever is made of it.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use super::area::Area;
use crate::redaction::{Misfit, Withheld};

/// How closely a photograph is kept.
const JPEG_QUALITY: u8 = 88;

/// A picture without anything behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raster {
    pub width: usize,
    pub height: usize,
    /// Three bytes for each point, row by row.
    pub points: Vec<u8>,
}

impl Raster {
    /// Of points that were painted upon white, with a fourth byte that says nothing any more.
    pub fn painted(width: usize, height: usize, painted: &[u8]) -> Raster {
        let mut points = Vec::with_capacity(width * height * 3);
        for point in painted.chunks_exact(4) {
            points.extend(point.iter().take(3));
        }
        points.resize(width * height * 3, 255);
        Raster {
            width,
            height,
            points,
        }
    }

    /// Of points with a fourth byte that says how much they cover, laid upon white: what stands in points that nobody
    /// sees is gone with this.
    pub fn on_white(width: usize, height: usize, covering: &[u8]) -> Raster {
        let mut points = Vec::with_capacity(width * height * 3);
        for point in covering.chunks_exact(4) {
            if let [red, green, blue, cover] = point {
                let (cover, ground) = (u16::from(*cover), 255 - u16::from(*cover));
                for value in [red, green, blue] {
                    points.push(
                        u8::try_from((u16::from(*value) * cover + 255 * ground) / 255)
                            .unwrap_or(255),
                    );
                }
            }
        }
        points.resize(width * height * 3, 255);
        Raster {
            width,
            height,
            points,
        }
    }

    /// Makes the area black.
    pub fn black(&mut self, area: Area) -> Result<(), Misfit> {
        let place = area.points(self.width, self.height)?;
        for row in place.rows {
            let from = (row * self.width + place.columns.start) * 3;
            let to = (row * self.width + place.columns.end) * 3;
            self.points.get_mut(from..to).ok_or(Misfit)?.fill(0);
        }
        Ok(())
    }

    /// Of one colour all over.
    pub fn is_blank(&self) -> bool {
        let first = self.points.get(..3).unwrap_or_default();
        self.points.chunks_exact(3).all(|point| point == first)
    }

    /// One byte for each point, if it has no colours.
    pub fn grey(&self) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(self.points.len() / 3);
        for point in self.points.chunks_exact(3) {
            match point {
                [red, green, blue] if red == green && green == blue => out.push(*red),
                _ => return None,
            }
        }
        Some(out)
    }

    /// As PNG, with nothing but the points in it.
    pub fn png(&self) -> Result<Vec<u8>, Withheld> {
        let mut out = Vec::new();
        let encoder =
            PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Adaptive);
        let (width, height) = self.size()?;
        match self.grey() {
            Some(grey) => encoder.write_image(&grey, width, height, ExtendedColorType::L8),
            None => encoder.write_image(&self.points, width, height, ExtendedColorType::Rgb8),
        }
        .map_err(|_| Withheld::Unreadable)?;
        Ok(out)
    }

    /// As JPEG, with nothing but the points in it.
    pub fn jpeg(&self) -> Result<Vec<u8>, Withheld> {
        let mut out = Cursor::new(Vec::new());
        let (width, height) = self.size()?;
        JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)
            .encode(&self.points, width, height, ExtendedColorType::Rgb8)
            .map_err(|_| Withheld::Unreadable)?;
        Ok(out.into_inner())
    }

    fn size(&self) -> Result<(u32, u32), Withheld> {
        let part = |value: usize| u32::try_from(value).map_err(|_| Withheld::TooLarge);
        Ok((part(self.width)?, part(self.height)?))
    }
}
