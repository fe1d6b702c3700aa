//! Sealed files: a scan or a data package in locked pieces of 64 KiB, readable from any byte on.
//!
//! Header (magic, format, key version, 19 bytes of nonce), then the pieces, each with its number
//! and a mark on the last in its nonce (the STREAM construction). A piece that was changed, moved,
//! left out or put behind the last does not open; a file cut between two pieces lacks the mark.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};

use chacha20poly1305::{AeadInOut, Tag, XChaCha20Poly1305};
use zeroize::Zeroizing;

use super::chance;
use super::error::SealError;
use super::keys::Key;

const MAGIC: [u8; 4] = *b"RZSF";
const FORMAT: u8 = 1;
const HEADER: usize = 4 + 1 + 2 + 19;
const TAG: usize = 16;
/// Plain bytes in each piece but the last.
const CHUNK: usize = 64 * 1024;

/// How many bytes a file takes once sealed; `None` past 2^32 pieces (256 TiB).
#[must_use]
pub fn sealed_size(plain: u64) -> Option<u64> {
    let pieces = plain.div_ceil(CHUNK as u64).max(1);
    u32::try_from(pieces).ok()?;
    plain.checked_add(pieces * TAG as u64 + HEADER as u64)
}

/// How many bytes a sealed file of this size holds. Taken on trust: only opening proves it.
///
/// # Errors
/// [`SealError::Short`] for a size that no sealed file has, [`SealError::TooLong`] past 256 TiB.
pub fn plain_size(sealed: u64) -> Result<u64, SealError> {
    let body = sealed.checked_sub(HEADER as u64).ok_or(SealError::Short)?;
    let pieces = body.div_ceil((CHUNK + TAG) as u64).max(1);
    u32::try_from(pieces).map_err(|_| SealError::TooLong)?;
    let plain = body
        .checked_sub(pieces * TAG as u64)
        .ok_or(SealError::Short)?;
    // Only an empty file has an empty piece.
    (sealed_size(plain) == Some(sealed))
        .then_some(plain)
        .ok_or(SealError::Short)
}

fn nonce(header: &[u8; HEADER], number: u32, last: bool) -> [u8; 24] {
    let [_, _, _, _, _, _, _, prefix @ ..] = header;
    let mut nonce = [0; 24];
    {
        let [start @ .., a, b, c, d, mark] = &mut nonce;
        *start = *prefix;
        [*a, *b, *c, *d] = number.to_be_bytes();
        *mark = u8::from(last);
    }
    nonce
}

/// Seals what is written to it. Holds one piece in memory. [`SealWriter::finish`] is needed: a file
/// without its last mark does not open.
pub struct SealWriter<W: Write> {
    inner: W,
    cipher: XChaCha20Poly1305,
    header: [u8; HEADER],
    /// Number of the next piece; `None` once writing broke off.
    next: Option<u32>,
    buffer: Zeroizing<Vec<u8>>,
    written: u64,
}

impl<W: Write> SealWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// Those of `inner`.
    pub fn new(mut inner: W, key: &Key) -> io::Result<Self> {
        let mut header = [0; HEADER];
        {
            let [m0, m1, m2, m3, format, high, low, prefix @ ..] = &mut header;
            [*m0, *m1, *m2, *m3] = MAGIC;
            *format = FORMAT;
            [*high, *low] = key.version().to_be_bytes();
            *prefix = chance::bytes();
        }
        inner.write_all(&header)?;
        let buffer = Zeroizing::new(Vec::with_capacity(CHUNK));
        Ok(Self {
            inner,
            cipher: key.cipher(),
            header,
            next: Some(0),
            buffer,
            written: 0,
        })
    }

    /// Seals the last piece and hands back what was written to, with the number of plain bytes.
    ///
    /// # Errors
    /// Those of `inner`.
    pub fn finish(mut self) -> io::Result<(W, u64)> {
        self.emit(true)?;
        self.inner.flush()?;
        Ok((self.inner, self.written))
    }

    fn emit(&mut self, last: bool) -> io::Result<()> {
        // Taken out first: after a failed write the buffer is no longer plain and must not go twice.
        let number = self
            .next
            .take()
            .ok_or_else(|| io::Error::other("sealing broke off before"))?;
        let nonce = nonce(&self.header, number, last);
        let tag = self
            .cipher
            .encrypt_inout_detached(
                (&nonce).into(),
                &self.header,
                self.buffer.as_mut_slice().into(),
            )
            .map_err(|_| SealError::TooLong)?;
        self.inner.write_all(&self.buffer)?;
        self.inner.write_all(&tag)?;
        self.buffer.clear();
        self.next = number.checked_add(1);
        Ok(())
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, plain: &[u8]) -> io::Result<usize> {
        // A full piece waits until more comes; only then is it known not to be the last.
        if self.buffer.len() == CHUNK && !plain.is_empty() {
            self.emit(false)?;
        }
        let room = CHUNK.saturating_sub(self.buffer.len()).min(plain.len());
        let (taken, _) = plain.split_at_checked(room).unwrap_or((plain, &[]));
        self.buffer.extend_from_slice(taken);
        self.written = self.written.saturating_add(taken.len() as u64);
        Ok(taken.len())
    }

    /// A begun piece cannot leave before it is full or the last; this flushes those that have left.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> fmt::Debug for SealWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealWriter")
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}

/// Reads a sealed file, in order or from any byte on. Holds one piece in memory.
pub struct SealReader<R: Read + Seek> {
    inner: R,
    cipher: XChaCha20Poly1305,
    header: [u8; HEADER],
    size: u64,
    position: u64,
    /// Number of the piece in the buffer.
    held: Option<u32>,
    buffer: Zeroizing<Vec<u8>>,
}

impl<R: Read + Seek> SealReader<R> {
    /// Checks the header and opens the last piece: from here on the length is proven, whichever
    /// part is read.
    ///
    /// # Errors
    /// [`SealError::Format`], [`SealError::KeyVersion`], [`SealError::Short`],
    /// [`SealError::Damaged`], or those of `inner`.
    pub fn open(mut inner: R, key: &Key) -> Result<Self, SealError> {
        let header = read_header(&mut inner)?;
        let version = header_version(&header)?;
        if version != key.version() {
            return Err(SealError::KeyVersion(version));
        }
        let size = plain_size(inner.seek(SeekFrom::End(0))?)?;
        let buffer = Zeroizing::new(Vec::new());
        let mut reader = Self {
            inner,
            cipher: key.cipher(),
            header,
            size,
            position: 0,
            held: None,
            buffer,
        };
        reader.hold(reader.last_piece()?)?;
        Ok(reader)
    }

    /// Number of plain bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads `length` bytes from `start` on, or what there is of them. The position of reading in
    /// order stands behind them afterwards.
    ///
    /// # Errors
    /// As [`SealReader::open`]; [`SealError::TooLong`] if the range does not fit into memory.
    pub fn range(&mut self, start: u64, length: u64) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let length = length.min(self.size.saturating_sub(start));
        let capacity = usize::try_from(length).map_err(|_| SealError::TooLong)?;
        let mut out = Zeroizing::new(Vec::with_capacity(capacity));
        self.position = start;
        while out.len() < capacity {
            let wanted = capacity.saturating_sub(out.len());
            let piece = self.rest_of_piece()?;
            let piece = piece.get(..wanted).unwrap_or(piece);
            let taken = piece.len() as u64;
            out.extend_from_slice(piece);
            self.position = self.position.saturating_add(taken);
        }
        Ok(out)
    }

    fn last_piece(&self) -> Result<u32, SealError> {
        u32::try_from(self.size.saturating_sub(1) / CHUNK as u64).map_err(|_| SealError::TooLong)
    }

    /// Plain bytes from the position to the end of its piece; empty only at the end of the file.
    fn rest_of_piece(&mut self) -> Result<&[u8], SealError> {
        if self.position >= self.size {
            return Ok(&[]);
        }
        let number = u32::try_from(self.position / CHUNK as u64).map_err(|_| SealError::TooLong)?;
        let skip = usize::try_from(self.position % CHUNK as u64).map_err(|_| SealError::TooLong)?;
        self.hold(number)?;
        self.buffer
            .get(skip..)
            .filter(|rest| !rest.is_empty())
            .ok_or(SealError::Damaged)
    }

    fn hold(&mut self, number: u32) -> Result<(), SealError> {
        if self.held == Some(number) {
            return Ok(());
        }
        self.held = None;
        let start = u64::from(number) * CHUNK as u64;
        let plain = self.size.saturating_sub(start).min(CHUNK as u64);
        let plain = usize::try_from(plain).map_err(|_| SealError::TooLong)?;
        self.inner.seek(SeekFrom::Start(
            HEADER as u64 + u64::from(number) * (CHUNK + TAG) as u64,
        ))?;
        self.buffer.resize(plain + TAG, 0);
        self.inner.read_exact(&mut self.buffer)?;
        let last = number == self.last_piece()?;
        let nonce = nonce(&self.header, number, last);
        let (text, tag) = self
            .buffer
            .split_last_chunk_mut::<TAG>()
            .ok_or(SealError::Short)?;
        self.cipher
            .decrypt_inout_detached((&nonce).into(), &self.header, text.into(), &Tag::from(*tag))
            .map_err(|_| SealError::Damaged)?;
        self.buffer.truncate(plain);
        self.held = Some(number);
        Ok(())
    }
}

fn read_header(inner: &mut (impl Read + Seek)) -> Result<[u8; HEADER], SealError> {
    let mut header = [0; HEADER];
    inner.seek(SeekFrom::Start(0))?;
    inner
        .read_exact(&mut header)
        .map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => SealError::Short,
            _ => SealError::Io(error),
        })?;
    Ok(header)
}

fn header_version(header: &[u8; HEADER]) -> Result<u16, SealError> {
    let [m0, m1, m2, m3, format, high, low, ..] = header;
    if [*m0, *m1, *m2, *m3] != MAGIC {
        return Err(SealError::Format(0));
    }
    if *format != FORMAT {
        return Err(SealError::Format(*format));
    }
    Ok(u16::from_be_bytes([*high, *low]))
}

impl<R: Read + Seek> Read for SealReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let piece = self.rest_of_piece()?;
        let taken = piece.len().min(out.len());
        for (to, from) in out.iter_mut().zip(piece) {
            *to = *from;
        }
        self.position = self.position.saturating_add(taken as u64);
        Ok(taken)
    }
}

impl<R: Read + Seek> Seek for SealReader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

impl<R: Read + Seek> fmt::Debug for SealReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealReader")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "stream/tests.rs"]
mod tests;
