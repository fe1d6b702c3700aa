//! Reads files of any size line by line in little memory: packed ones too, but no bombs, and no line without an end.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use memchr::memchr;

/// A line longer than this is no entry of anything.
pub const LONGEST: usize = 1024 * 1024;
const CHUNK: usize = 256 * 1024;
/// Logs pack to a tenth, monotonous ones to a hundredth; what unpacks to more was made to fill us.
const SWELLS: u64 = 250;
const FREE: u64 = 16 * 1024 * 1024;

/// Shows the reader's life to whoever waits for it, and lets them end it.
#[derive(Debug, Default)]
pub struct Pulse {
    read: AtomicU64,
    over: AtomicBool,
}

impl Pulse {
    /// Bytes read so far, and steps done.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Nobody waits any more.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// Something was done; an error, if nobody waits any more.
    pub fn beat(&self, bytes: usize) -> io::Result<()> {
        self.read.fetch_add(bytes as u64 + 1, Ordering::Relaxed);
        match self.over.load(Ordering::Relaxed) {
            true => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
            false => Ok(()),
        }
    }
}

/// How a file is packed, by its first bytes and not by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packed {
    Not,
    Gzip,
    /// In a way that we do not read.
    Otherwise,
}

/// How an open file is packed; it stands at its beginning afterwards.
pub fn packed(file: &mut File) -> io::Result<Packed> {
    let mut head = Vec::with_capacity(6);
    file.by_ref().take(6).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(match head.as_slice() {
        [0x1f, 0x8b, ..] => Packed::Gzip,
        // xz, zstd, bzip2, zip.
        [0xfd, b'7', b'z', b'X', b'Z', _]
        | [0x28, 0xb5, 0x2f, 0xfd, ..]
        | [b'B', b'Z', b'h', b'1'..=b'9', ..]
        | [b'P', b'K', 3, 4, ..] => Packed::Otherwise,
        _ => Packed::Not,
    })
}

/// The bytes of a file, unpacked, at most so many.
pub struct Bytes<'a> {
    from: Box<dyn Read + 'a>,
    pulse: &'a Pulse,
    left: u64,
    /// Whether there was more than we take.
    capped: Rc<Cell<bool>>,
}

impl<'a> Bytes<'a> {
    /// A file, of which at most `most` bytes are taken.
    pub fn of(file: File, packed: Packed, most: u64, pulse: &'a Pulse) -> io::Result<Bytes<'a>> {
        let size = file.metadata()?.len();
        let (from, left): (Box<dyn Read>, u64) = match packed {
            Packed::Gzip => {
                let swollen = size.saturating_mul(SWELLS).saturating_add(FREE);
                (
                    Box::new(MultiGzDecoder::new(BufReader::with_capacity(65_536, file))),
                    most.min(swollen),
                )
            }
            _ => (Box::new(file), most),
        };
        Ok(Bytes {
            from,
            pulse,
            left,
            capped: Rc::default(),
        })
    }

    /// Tells afterwards whether there was more than we took.
    pub fn capped(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.capped)
    }
}

impl Read for Bytes<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            // One byte more tells the end from a cut.
            let more = self.from.read(&mut [0])?;
            self.capped.set(self.capped.get() || more > 0);
            return Ok(0);
        }
        let most = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(into.len());
        let read = self.from.read(into.get_mut(..most).unwrap_or_default())?;
        self.left = self.left.saturating_sub(read as u64);
        self.pulse.beat(read)?;
        Ok(read)
    }
}

/// A line without its end.
#[derive(Debug, PartialEq)]
pub enum Line<'a> {
    /// The line, and whether it was ended: the last of a file that grows may not be.
    Whole(&'a [u8], bool),
    /// Longer than [`LONGEST`]; it was skipped.
    TooLong,
}

/// Lines, one after the other.
pub struct Lines<R> {
    from: R,
    chunk: Vec<u8>,
    at: usize,
    filled: usize,
    long: Vec<u8>,
    before: u64,
    begun: u64,
    holes: bool,
}

impl<R: Read> Lines<R> {
    /// The lines of something.
    pub fn of(from: R) -> Lines<R> {
        Lines {
            from,
            chunk: vec![0; CHUNK],
            at: 0,
            filled: 0,
            long: Vec::new(),
            before: 0,
            begun: 0,
            holes: false,
        }
    }

    /// The same over the holes in a log: one that was cut while somebody wrote into it begins with zeros.
    #[must_use]
    pub fn over_holes(mut self) -> Lines<R> {
        self.holes = true;
        self
    }

    /// From which byte to which the last line reached, its end with it.
    pub fn place(&self) -> (u64, u64) {
        (self.begun, self.before + self.at as u64)
    }

    /// The next line.
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.long.clear();
        let mut too_long = false;
        loop {
            if self.at == self.filled {
                self.before += self.filled as u64;
                self.at = 0;
                self.filled = 0;
                self.filled = match self.from.read(&mut self.chunk) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read?,
                };
                if self.filled == 0 {
                    return Ok(match (too_long, self.long.is_empty()) {
                        (true, _) => Some(Line::TooLong),
                        (false, true) => None,
                        (false, false) => Some(Line::Whole(&self.long, false)),
                    });
                }
            }
            if self.long.is_empty() && !too_long {
                if self.holes {
                    self.skip_holes();
                }
                self.begun = self.before + self.at as u64;
            }
            let begin = self.at;
            let rest = self.chunk.get(begin..self.filled).unwrap_or_default();
            let found = memchr(b'\n', rest);
            let piece = rest.get(..found.unwrap_or(rest.len())).unwrap_or_default();
            self.at = begin + found.map_or(rest.len(), |end| end + 1);
            too_long |= self.long.len() + piece.len() > LONGEST;
            match (found.is_some(), too_long) {
                (true, true) => return Ok(Some(Line::TooLong)),
                (false, true) => self.long.clear(),
                (false, false) => self.long.extend_from_slice(piece),
                (true, false) if self.long.is_empty() => {
                    let end = begin + piece.len();
                    return Ok(self
                        .chunk
                        .get(begin..end)
                        .map(|line| Line::Whole(line, true)));
                }
                (true, false) => {
                    self.long.extend_from_slice(piece);
                    return Ok(Some(Line::Whole(&self.long, true)));
                }
            }
        }
    }

    fn skip_holes(&mut self) {
        let rest = self.chunk.get(self.at..self.filled).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| **byte == 0).count();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<String> {
        let mut lines = Lines::of(bytes).over_holes();
        let mut out = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            out.push(match line {
                Line::Whole(line, true) => String::from_utf8_lossy(line).into_owned(),
                Line::Whole(line, false) => format!("{}…", String::from_utf8_lossy(line)),
                Line::TooLong => "too long".to_owned(),
            });
        }
        out
    }

    #[test]
    fn lines_are_whole_whatever_their_length() {
        let long = "x".repeat(CHUNK + 5);
        assert_eq!(
            read(format!("a\n\n{long}\nb").as_bytes()),
            ["a", "", &long, "b…"]
        );
        assert_eq!(read(b""), Vec::<String>::new());
    }

    #[test]
    fn a_line_without_an_end_is_skipped_and_the_next_one_read() {
        let mut bytes = vec![b'x'; LONGEST + 1];
        bytes.extend_from_slice(b"\nb\n");
        assert_eq!(read(&bytes), ["too long", "b"]);
        assert_eq!(read(&vec![b'x'; 3 * LONGEST]), ["too long"]);
    }

    #[test]
    fn a_hole_before_a_line_is_no_part_of_it() {
        let mut bytes = vec![0; 3 * LONGEST];
        bytes.extend_from_slice(b"a\nb\n");
        assert_eq!(read(&bytes), ["a", "b"]);
    }
}
