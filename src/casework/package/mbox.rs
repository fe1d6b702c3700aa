//! Messages one after the other in one file, as mail programs take them in (MBOX, in its form `mboxrd`).

use std::io::{self, BufRead, Read};

/// A message as it stands in an MBOX: a line before it, and a mark before every line of it that looks like one.
pub(super) struct Folded<R> {
    inner: R,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

/// A line is read in parts of this size.
const PART: u64 = 64 * 1024;

impl<R: BufRead> Folded<R> {
    /// The message that a reader gives; `date` is when it is from, as the line before it says.
    pub(super) fn of(inner: R, date: &str) -> Folded<R> {
        Folded {
            inner,
            ready: format!("From MAILER-DAEMON {date}\n").into_bytes(),
            at: 0,
            ended: false,
        }
    }

    fn more(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.at = 0;
        let mut line = Vec::new();
        let read = (&mut self.inner).take(PART).read_until(b'\n', &mut line)?;
        if read == 0 {
            self.ended = true;
            self.ready.extend_from_slice(b"\n\n");
            return Ok(());
        }
        // The rest of a line that is longer than a part begins with no mark of its own; it hardly says "From ".
        let bare = line
            .iter()
            .position(|byte| *byte != b'>')
            .unwrap_or(line.len());
        if line
            .get(bare..)
            .is_some_and(|rest| rest.starts_with(b"From "))
        {
            self.ready.push(b'>');
        }
        match line.strip_suffix(b"\r\n") {
            Some(bare) => {
                self.ready.extend_from_slice(bare);
                self.ready.push(b'\n');
            }
            None => self.ready.append(&mut line),
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Folded<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.ready.len() {
            if self.ended {
                return Ok(0);
            }
            self.more()?;
        }
        let rest = self.ready.get(self.at..).unwrap_or_default();
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
    use super::*;

    #[test]
    fn a_line_that_looks_like_the_next_message_is_marked_and_the_rest_stays() {
        let mail: &[u8] = b"Subject: x\r\n\r\nFrom here on\r\n>From there\r\nno From here\r\nend";
        let mut out = String::new();
        Folded::of(mail, "Mon Mar  2 11:00:00 2026")
            .read_to_string(&mut out)
            .unwrap();
        assert_eq!(
            out,
            "From MAILER-DAEMON Mon Mar  2 11:00:00 2026\nSubject: x\n\n>From here on\n>>From there\nno From here\nend\n\n"
        );
    }
}
