//! Writes a PDF that holds pictures and nothing else: no words, no names, no dates. The same pictures make the same file.

use std::io::{self, Write};

use flate2::{Compression, write::ZlibEncoder};

use super::raster::Raster;

/// Objects of one page: itself, what it draws, its picture.
const PER_PAGE: usize = 3;

/// A PDF that is being written, page by page; only one page is ever in memory.
pub(super) struct Printer<W: Write> {
    out: W,
    /// Bytes written.
    at: u64,
    /// Where each object begins, those of the pages only, in their order.
    places: Vec<u64>,
}

impl<W: Write> Printer<W> {
    pub fn new(out: W) -> io::Result<Printer<W>> {
        let mut printer = Printer {
            out,
            at: 0,
            places: Vec::new(),
        };
        // the bytes behind the percent sign tell programs that the file is not text
        printer.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")?;
        Ok(printer)
    }

    /// A page of this size in points of print (1/72 inch).
    pub fn page(&mut self, picture: &Raster, size: (f32, f32)) -> io::Result<()> {
        let first = 3 + self.places.len();
        let (width, height) = size;
        let content = format!("q {width:.3} 0 0 {height:.3} 0 0 cm /P Do Q");
        self.object(
            first,
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:.3} {height:.3}]/Contents {} 0 R/Resources<</XObject<</P {} 0 R>>>>>>",
                first + 1,
                first + 2
            )
            .as_bytes(),
        )?;
        self.stream(first + 1, "", content.as_bytes())?;
        let packed = Packed::of(picture)?;
        let head = format!(
            "/Type/XObject/Subtype/Image/Width {}/Height {}/ColorSpace/{}/BitsPerComponent 8{}",
            picture.width, picture.height, packed.colours, packed.filter
        );
        self.stream(first + 2, &head, &packed.bytes)
    }

    /// Writes the end of the file.
    pub fn finish(mut self) -> io::Result<W> {
        let pages = self.places.len() / PER_PAGE;
        let kids: Vec<String> = (0..pages)
            .map(|page| format!("{} 0 R", 3 + page * PER_PAGE))
            .collect();
        let catalog = self.at;
        self.write(b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n")?;
        let tree = self.at;
        self.write(
            format!(
                "2 0 obj\n<</Type/Pages/Kids[{}]/Count {pages}>>\nendobj\n",
                kids.join(" ")
            )
            .as_bytes(),
        )?;
        let table = self.at;
        let mut text = format!("xref\n0 {}\n0000000000 65535 f \n", self.places.len() + 3);
        for place in [catalog, tree].iter().chain(&self.places) {
            text.push_str(&format!("{place:010} 00000 n \n"));
        }
        text.push_str(&format!(
            "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n",
            self.places.len() + 3
        ));
        self.write(text.as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn object(&mut self, number: usize, body: &[u8]) -> io::Result<()> {
        self.places.push(self.at);
        self.write(format!("{number} 0 obj\n").as_bytes())?;
        self.write(body)?;
        self.write(b"\nendobj\n")
    }

    fn stream(&mut self, number: usize, head: &str, bytes: &[u8]) -> io::Result<()> {
        self.places.push(self.at);
        self.write(
            format!(
                "{number} 0 obj\n<<{head}/Length {}>>\nstream\n",
                bytes.len()
            )
            .as_bytes(),
        )?;
        self.write(bytes)?;
        self.write(b"\nendstream\nendobj\n")
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }
}

/// A picture as a PDF holds it.
struct Packed {
    colours: &'static str,
    filter: String,
    bytes: Vec<u8>,
}

impl Packed {
    /// Without loss where that is small, as it is with writing; as a photograph where it is one.
    fn of(picture: &Raster) -> io::Result<Packed> {
        let grey = picture.grey();
        let (colours, wide, points) = match &grey {
            Some(grey) => ("DeviceGray", 1, grey),
            None => ("DeviceRGB", 3, &picture.points),
        };
        let flat = deflated(points, picture.width * wide, wide)?;
        if flat.len() > points.len() / 4
            && let Ok(photo) = picture.jpeg()
            && photo.len() < flat.len() / 2
        {
            return Ok(Packed {
                colours: "DeviceRGB",
                filter: "/Filter/DCTDecode".to_owned(),
                bytes: photo,
            });
        }
        let filter = format!(
            "/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors {wide}/BitsPerComponent 8/Columns {}>>",
            picture.width
        );
        Ok(Packed {
            colours,
            filter,
            bytes: flat,
        })
    }
}

/// Each row as the difference to the one above, which is nothing over most of a page.
fn deflated(points: &[u8], row: usize, wide: usize) -> io::Result<Vec<u8>> {
    let mut out = ZlibEncoder::new(Vec::new(), Compression::new(5));
    let empty = vec![0; row];
    let mut above = empty.as_slice();
    let mut line = Vec::with_capacity(row + 1);
    for now in points.chunks_exact(row.max(1)) {
        line.clear();
        if now == above || !is_busy(now, wide) {
            line.push(2);
            line.extend(
                now.iter()
                    .zip(above)
                    .map(|(this, other)| this.wrapping_sub(*other)),
            );
        } else {
            line.push(1);
            line.extend(now.iter().take(wide));
            line.extend(
                now.iter()
                    .skip(wide)
                    .zip(now)
                    .map(|(this, other)| this.wrapping_sub(*other)),
            );
        }
        out.write_all(&line)?;
        above = now;
    }
    out.finish()
}

/// Whether hardly two points side by side are equal: a photograph.
fn is_busy(row: &[u8], wide: usize) -> bool {
    let equal = row
        .iter()
        .skip(wide)
        .zip(row)
        .filter(|(this, other)| this == other)
        .count();
    equal * 3 < row.len()
}
