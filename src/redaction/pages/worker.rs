//! Paints pages in a thread of its own, with a time for each. A page that does not come to an end is left behind, and
//! when too many were, nothing more is begun.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use hayro::hayro_syntax::{LoadPdfError, Pdf};

use super::PAGES;
use super::painter::{Painted, Wanted, paint};
use crate::redaction::Withheld;

/// A thread that never ends holds a core and the file; more than these are not left behind.
const LEFT_BEHIND: usize = 2;
/// Things are followed by recursion.
const STACK: usize = 64 * 1024 * 1024;

static LEFT: AtomicUsize = AtomicUsize::new(0);

const RUNNING: u8 = 0;
const GIVEN_UP: u8 = 1;
const DONE: u8 = 2;

/// What a worker says.
enum Word {
    Opened(Result<usize, Withheld>),
    Page(Result<Painted, Withheld>),
}

/// A file whose pages are painted one after the other, beginning with any.
pub(super) struct Work {
    bytes: Arc<Vec<u8>>,
    wanted: Wanted,
    patience: Duration,
    /// The page that comes next.
    next: usize,
    pages: usize,
    /// Behind the last page that is asked for.
    end: usize,
    worker: Worker,
}

struct Worker {
    words: Receiver<Word>,
    state: Arc<AtomicU8>,
}

impl Work {
    /// Opens the file; of the pages wanted, `from` is the first, counted from 0, and there are `many`. No other is painted.
    pub fn begin(
        bytes: Arc<Vec<u8>>,
        (from, many): (usize, usize),
        wanted: Wanted,
        patience: Duration,
    ) -> Result<Work, Withheld> {
        let end = from.saturating_add(many);
        let (worker, pages) = Worker::start(&bytes, from..end, wanted, patience)?;
        Ok(Work {
            bytes,
            wanted,
            patience,
            next: from,
            pages,
            end: end.min(pages),
            worker,
        })
    }

    pub fn pages(&self) -> usize {
        self.pages
    }

    /// The next page; nothing behind the last.
    pub fn next(&mut self) -> Option<Result<Painted, Withheld>> {
        if self.next >= self.end {
            return None;
        }
        self.next += 1;
        // the walk before the painting keeps the time itself; this is for what it cannot see
        let answer = match self.worker.words.recv_timeout(self.patience * 2) {
            Ok(Word::Page(answer)) => return Some(answer),
            Ok(Word::Opened(_)) | Err(RecvTimeoutError::Disconnected) => Withheld::Unreadable,
            Err(RecvTimeoutError::Timeout) => {
                self.worker.give_up();
                Withheld::TooSlow
            }
        };
        if self.next < self.end {
            let rest = self.next..self.end;
            match Worker::start(&self.bytes, rest, self.wanted, self.patience) {
                Ok((worker, _)) => self.worker = worker,
                Err(why) => {
                    self.end = self.next;
                    return Some(Err(if answer == Withheld::TooSlow {
                        answer
                    } else {
                        why
                    }));
                }
            }
        }
        Some(Err(answer))
    }
}

impl Worker {
    fn start(
        bytes: &Arc<Vec<u8>>,
        asked: Range<usize>,
        wanted: Wanted,
        patience: Duration,
    ) -> Result<(Worker, usize), Withheld> {
        if LEFT.load(Ordering::Acquire) >= LEFT_BEHIND {
            return Err(Withheld::Busy);
        }
        // a page is handed over before the next is painted: two are in memory at most
        let (say, words) = sync_channel(0);
        let state = Arc::new(AtomicU8::new(RUNNING));
        let (own, bytes) = (Arc::clone(&state), Arc::clone(bytes));
        let running = move || {
            work(bytes, asked, wanted, patience, &say);
            if own.swap(DONE, Ordering::AcqRel) == GIVEN_UP {
                LEFT.fetch_sub(1, Ordering::AcqRel);
            }
        };
        let thread = thread::Builder::new()
            .name("pages".to_owned())
            .stack_size(STACK)
            .spawn(running);
        thread.map_err(|_| Withheld::Busy)?;
        let worker = Worker { words, state };
        match worker.words.recv_timeout(patience) {
            Ok(Word::Opened(Ok(pages))) if pages > PAGES => Err(Withheld::TooManyPages),
            Ok(Word::Opened(Ok(pages))) => Ok((worker, pages)),
            Ok(Word::Opened(Err(why))) => Err(why),
            Err(RecvTimeoutError::Timeout) => {
                worker.give_up();
                Err(Withheld::TooSlow)
            }
            _ => Err(Withheld::Unreadable),
        }
    }

    fn give_up(&self) {
        let still =
            self.state
                .compare_exchange(RUNNING, GIVEN_UP, Ordering::AcqRel, Ordering::Acquire);
        if still.is_ok() {
            LEFT.fetch_add(1, Ordering::AcqRel);
        }
    }
}

/// What happens in the thread. Nobody listening any more is its end.
fn work(
    bytes: Arc<Vec<u8>>,
    asked: Range<usize>,
    wanted: Wanted,
    patience: Duration,
    say: &SyncSender<Word>,
) {
    let opened = std::panic::catch_unwind(|| Pdf::new(bytes));
    let pdf = match opened {
        Ok(Ok(pdf)) => pdf,
        Ok(Err(LoadPdfError::Decryption(_))) => {
            let _ = say.send(Word::Opened(Err(Withheld::Encrypted)));
            return;
        }
        _ => {
            let _ = say.send(Word::Opened(Err(Withheld::Unreadable)));
            return;
        }
    };
    let pages = pdf.pages();
    if say.send(Word::Opened(Ok(pages.len()))).is_err() || pages.len() > PAGES {
        return;
    }
    for page in pages.iter().skip(asked.start).take(asked.len()) {
        if say.send(Word::Page(paint(page, wanted, patience))).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages that hold nothing, so many.
    fn pages(many: usize) -> Arc<Vec<u8>> {
        let mut file = b"%PDF-1.4\n".to_vec();
        let kids: String = (0..many).map(|at| format!("{} 0 R ", at + 3)).collect();
        let mut objects = vec![
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            format!("<< /Type /Pages /Kids [{kids}] /Count {many} >>"),
        ];
        let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 20 20] >>";
        objects.extend(vec![page.to_owned(); many]);
        let mut places = Vec::new();
        for (at, object) in objects.iter().enumerate() {
            places.push(file.len());
            file.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).bytes());
        }
        let table = file.len();
        file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
        for place in &places {
            file.extend(format!("{place:010} 00000 n \n").bytes());
        }
        let size = places.len() + 1;
        file.extend(
            format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes(),
        );
        Arc::new(file)
    }

    #[test]
    fn who_asks_for_one_page_has_one_painted_and_no_other() {
        let patience = Duration::from_secs(10);
        let mut work = Work::begin(pages(3), (1, 1), Wanted::Picture(72), patience).unwrap();
        assert_eq!(work.pages(), 3);
        assert!(work.next().unwrap().is_ok());
        assert!(work.next().is_none());
        // Its thread has nothing more to say: it is at its end and paints nothing that nobody waits for.
        let after = work.worker.words.recv_timeout(patience);
        assert!(matches!(after, Err(RecvTimeoutError::Disconnected)));
    }
}
