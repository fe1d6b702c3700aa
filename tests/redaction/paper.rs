//! Documents that hold a secret in every place where a PDF can.

use std::fmt::Write;
use std::io::Read;

use flate2::read::ZlibDecoder;
use flate2::{Compression, write::ZlibEncoder};

/// What nobody is to find.
pub const SECRET: &str = "Quastenflosser";
/// Which stays.
pub const PLAIN: &str = "Marmelade";

/// Objects of a PDF, written one after the other.
#[derive(Default)]
pub struct Paper {
    out: Vec<u8>,
    places: Vec<(usize, usize)>,
}

impl Paper {
    pub fn new() -> Paper {
        Paper {
            out: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(),
            places: Vec::new(),
        }
    }

    pub fn object(&mut self, number: usize, body: &str) -> &mut Paper {
        self.places.push((number, self.out.len()));
        self.out
            .extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
        self
    }

    pub fn stream(&mut self, number: usize, head: &str, content: &[u8]) -> &mut Paper {
        self.places.push((number, self.out.len()));
        self.out.extend(
            format!(
                "{number} 0 obj\n<<{head}/Length {}>>\nstream\n",
                content.len()
            )
            .bytes(),
        );
        self.out.extend(content);
        self.out.extend(b"\nendstream\nendobj\n");
        self
    }

    pub fn packed(&mut self, number: usize, head: &str, content: &[u8]) -> &mut Paper {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
        std::io::Write::write_all(&mut packer, content).unwrap();
        self.stream(
            number,
            &format!("{head}/Filter/FlateDecode"),
            &packer.finish().unwrap(),
        )
    }

    /// Ends a state of the file; what is written behind it is a later one.
    pub fn end(&mut self, trailer: &str) -> &mut Paper {
        let table = self.out.len();
        let mut text = "xref\n".to_owned();
        for (number, at) in std::mem::take(&mut self.places) {
            let _ = write!(text, "{number} 1\n{at:010} 00000 n \n");
        }
        let _ = write!(text, "trailer\n<<{trailer}>>\nstartxref\n{table}\n%%EOF\n");
        self.out.extend(text.bytes());
        self
    }

    pub fn table(&self) -> usize {
        memchr::memmem::rfind(&self.out, b"xref\n").map_or(0, |at| {
            match self.out[..at].ends_with(b"start") {
                true => memchr::memmem::rfind(&self.out[..at - 5], b"xref\n").unwrap_or(0),
                false => at,
            }
        })
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.out.clone()
    }
}

/// Text at a place, in points from the lower left corner.
pub fn text(x: u32, y: u32, words: &str) -> String {
    format!("BT /F1 14 Tf {x} {y} Td ({words}) Tj ET\n")
}

/// One page with the secret in its words, in words that nobody sees, in layers, a note, a field, a file, in what
/// programs wrote about it, and in an earlier state of the file.
pub fn full_of_secrets() -> Vec<u8> {
    let mut paper = Paper::new();
    let seen = [
        text(72, 760, PLAIN),
        text(72, 700, &format!("Guten Tag {SECRET}, wie geht es?")),
        format!("1 1 1 rg {} 0 0 0 rg\n", text(72, 640, SECRET)),
        format!("BT 3 Tr /F1 14 Tf 72 610 Td ({SECRET}) Tj 0 Tr ET\n"),
        format!("/OC /Off BDC {} EMC\n", text(72, 580, SECRET)),
        format!(
            "/OC /On BDC {} EMC\n",
            text(72, 540, &format!("Ebene {SECRET}"))
        ),
        text(72, 480, PLAIN),
    ]
    .concat();
    let look = format!("q /F1 12 Tf BT /F1 12 Tf 2 6 Td ({SECRET}) Tj ET Q");
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 4 0 R>>>>";
    paper
        .object(
            1,
            &format!(
                "<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R/Lang(de)/Names<</EmbeddedFiles<</Names[({SECRET}.txt) 8 0 R]>>>>\
                 /AcroForm<</Fields[11 0 R]>>/OCProperties<</OCGs[12 0 R 13 0 R]/D<</ON[13 0 R]/OFF[12 0 R]>>>>\
                 /Outlines<</Count 1/First 15 0 R/Last 15 0 R>>>>"
            ),
        )
        .object(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
        .object(
            3,
            &format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Annots[10 0 R 11 0 R]/PieceInfo<</X({SECRET})>>\
                 /Resources<</Font<</F1 4 0 R>>/Properties<</Off 12 0 R/On 13 0 R>>>>>>"
            ),
        )
        .object(4, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
        .packed(5, "", text(72, 400, &format!("Frueher stand hier {SECRET}")).as_bytes())
        .stream(6, "/Type/Metadata/Subtype/XML", format!("<x:xmpmeta><dc:title>{SECRET}</dc:title></x:xmpmeta>").as_bytes())
        .object(7, &format!("<</Title({SECRET})/Author({SECRET})/Producer(x)>>"))
        .object(8, &format!("<</Type/Filespec/F({SECRET}.txt)/EF<</F 9 0 R>>>>"))
        .packed(9, "/Type/EmbeddedFile", SECRET.as_bytes())
        .object(
            10,
            &format!("<</Type/Annot/Subtype/FreeText/Rect[72 300 272 320]/Contents({SECRET})/AP<</N 14 0 R>>/DA(/F1 12 Tf)>>"),
        )
        .object(
            11,
            &format!(
                "<</Type/Annot/Subtype/Widget/FT/Tx/T(Feld)/V({SECRET})/DV({SECRET})/Rect[72 260 272 280]/P 3 0 R/AP<</N 14 0 R>>>>"
            ),
        )
        .object(12, &format!("<</Type/OCG/Name({SECRET})>>"))
        .object(13, "<</Type/OCG/Name(an)>>")
        .stream(14, form, look.as_bytes())
        .object(15, &format!("<</Title({SECRET})/Parent 1 0 R>>"))
        .end("/Size 16/Root 1 0 R/Info 7 0 R");
    let before = paper.table();
    // the later state writes other words upon the page; the earlier ones still lie in the file
    paper
        .packed(5, "", seen.as_bytes())
        .end(&format!("/Size 16/Root 1 0 R/Info 7 0 R/Prev {before}"));
    paper.bytes()
}

/// A plain document of so many pages with some lines on each.
pub fn letter(pages: usize) -> Vec<u8> {
    let mut paper = Paper::new();
    let kids: Vec<String> = (0..pages)
        .map(|page| format!("{} 0 R", 4 + page * 2))
        .collect();
    paper
        .object(1, "<</Type/Catalog/Pages 2 0 R>>")
        .object(
            2,
            &format!("<</Type/Pages/Kids[{}]/Count {pages}>>", kids.join(" ")),
        )
        .object(
            3,
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        );
    for page in 0..pages {
        let mut lines = String::new();
        for line in 0..45 {
            lines.push_str(&text(
                60,
                800 - line * 16,
                &format!("Zeile {line} auf Seite {page}: {PLAIN} und mehr davon, {SECRET} auch"),
            ));
        }
        paper
            .object(
                4 + page * 2,
                &format!(
                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R/Resources<</Font<</F1 3 0 R>>>>>>",
                    5 + page * 2
                ),
            )
            .packed(5 + page * 2, "", lines.as_bytes());
    }
    paper.end(&format!("/Size {}/Root 1 0 R", 4 + pages * 2));
    paper.bytes()
}

/// A page that draws what is given, with further objects from number 5 on.
pub fn page(content: &str, resources: &str, more: &[(usize, &str, &[u8])]) -> Vec<u8> {
    let mut paper = Paper::new();
    paper
        .object(1, "<</Type/Catalog/Pages 2 0 R>>")
        .object(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
        .object(
            3,
            &format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<{resources}>>>>"),
        )
        .stream(4, "", content.as_bytes());
    for (number, head, bytes) in more {
        paper.stream(*number, head, bytes);
    }
    paper.end(&format!("/Size {}/Root 1 0 R", 5 + more.len()));
    paper.bytes()
}

/// Everything that the bytes say when they are unpacked: the file itself and each of its streams.
pub fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut all = bytes.to_vec();
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        let data = bytes[at + 6..]
            .strip_prefix(b"\r")
            .unwrap_or(&bytes[at + 6..]);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let mut out = Vec::new();
        let _ = ZlibDecoder::new(data).take(64 << 20).read_to_end(&mut out);
        all.extend(out);
    }
    all
}

/// Whether bytes speak of the secret, in letters of one or two bytes, forwards, as hexadecimal digits.
pub fn speaks(bytes: &[u8]) -> bool {
    let low = bytes.to_ascii_lowercase();
    let secret = SECRET.to_ascii_lowercase();
    let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let little: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    [secret.as_bytes(), &wide, &little, hex.as_bytes()]
        .iter()
        .any(|form| memchr::memmem::find(&low, form).is_some())
}

/// The bytes with one thing in the place of another.
pub fn swapped(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = memchr::memmem::find(bytes, from.as_bytes()).unwrap();
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}
