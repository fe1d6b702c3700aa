//! From who writes to who reads, piece by piece: neither waits for the whole, and neither runs far ahead.

use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Bytes that cross at a time.
pub(super) const PIECE: usize = 64 * 1024;
/// Pieces that wait between the two.
pub(super) const WAITING: usize = 4;

/// A bridge: what goes into the one end comes out at the other.
pub(super) fn bridge() -> (Inlet, Outlet) {
    let (sender, receiver) = sync_channel(WAITING);
    let inlet = Inlet {
        sender,
        filling: Vec::with_capacity(PIECE),
    };
    let outlet = Outlet {
        receiver,
        piece: Vec::new(),
        at: 0,
        ended: false,
    };
    (inlet, outlet)
}

/// The end that is written to. Dropped without [`Inlet::finish`], the other end breaks: half a file is none.
pub(super) struct Inlet {
    sender: SyncSender<Option<Vec<u8>>>,
    filling: Vec<u8>,
}

impl Inlet {
    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.filling, Vec::with_capacity(PIECE));
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.sender.send(Some(piece)).map_err(gone)
    }

    /// Says that this was all.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if !self.filling.is_empty() {
            self.send()?;
        }
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.sender.send(None).map_err(gone)
    }
}

impl Write for Inlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PIECE.saturating_sub(self.filling.len()).max(1);
        let taken = bytes.get(..room.min(bytes.len())).unwrap_or_default();
        self.filling.extend_from_slice(taken);
        if self.filling.len() >= PIECE {
            self.send()?;
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The end that is read from.
pub(super) struct Outlet {
    receiver: Receiver<Option<Vec<u8>>>,
    piece: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Read for Outlet {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.piece.len() {
            if self.ended {
                return Ok(0);
            }
            match self.receiver.recv() {
                Ok(Some(piece)) => (self.piece, self.at) = (piece, 0),
                Ok(None) => self.ended = true,
                Err(_) => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let rest = self.piece.get(self.at..).unwrap_or_default();
        let many = rest.len().min(to.len());
        if let (Some(to), Some(from)) = (to.get_mut(..many), rest.get(..many)) {
            to.copy_from_slice(from);
        }
        self.at += many;
        Ok(many)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn what_goes_in_comes_out_whole_whatever_its_pieces() {
        let all: Vec<u8> = (0..=250_u8).cycle().take(PIECE * 7 + 13).collect();
        let (mut inlet, mut outlet) = bridge();
        let sent = all.clone();
        let writing = thread::spawn(move || {
            for piece in sent.chunks(1_777) {
                inlet.write_all(piece).unwrap();
            }
            inlet.finish().unwrap();
        });
        let mut came = Vec::new();
        outlet.read_to_end(&mut came).unwrap();
        writing.join().unwrap();
        assert!(came == all);
    }

    #[test]
    fn half_a_file_is_an_error_and_no_end() {
        let (mut inlet, mut outlet) = bridge();
        inlet.write_all(b"half").unwrap();
        drop(inlet);
        let broken = outlet.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(broken.kind(), io::ErrorKind::UnexpectedEof);
        let (mut inlet, outlet) = bridge();
        drop(outlet);
        assert!(inlet.write_all(&vec![0; PIECE * 2]).is_err());
    }
}
