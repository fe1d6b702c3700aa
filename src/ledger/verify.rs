//! Checks an export against a public key, and names the first entry that is not as it was signed.
//!
//! Each entry keeps the hash of the one before, and the signed root covers them all. A broken link
//! alone does not say which of its two ends was touched; the links that follow and the signed root do.

use std::io::{self, BufRead};

use super::{
    Checkpoint, Code, Doubt, Finding, Frontier, Hash, Intact, NO_ENTRY, Report, VerifyKey,
    line::Link,
    rows::{Row, Rows, Stop},
};

/// Checks an export of either format. Reads it once, in memory that does not grow with it, and
/// answers for every byte of it. `earlier` are checkpoints that were kept elsewhere: the file must
/// extend each of them.
///
/// # Errors
/// Those of the reader. Whatever is wrong with what it reads is a [`Report`].
pub fn verify(reader: impl BufRead, key: &VerifyKey, earlier: &[Checkpoint]) -> io::Result<Report> {
    match Walk::through(reader, key, earlier) {
        Ok(intact) => Ok(Report::Intact(intact)),
        Err(Stop::Found(finding)) => Ok(Report::Broken(finding)),
        Err(Stop::Read(error)) => Err(error),
    }
}

/// How far the check has come.
struct Walk<'a, R> {
    rows: Rows<R>,
    key: &'a VerifyKey,
    /// Ascending by size; those before `extended` are extended by the file.
    earlier: Vec<&'a Checkpoint>,
    extended: usize,
    /// All entries but the last one read: whether that is as it was, its successor will tell.
    tree: Frontier,
    /// Number of entries accepted.
    seq: u64,
    /// Hash of the last entry, and of the one before.
    head: Hash,
    before: Hash,
}

impl<'a, R: BufRead> Walk<'a, R> {
    fn through(reader: R, key: &'a VerifyKey, earlier: &'a [Checkpoint]) -> Result<Intact, Stop> {
        let mut earlier: Vec<&Checkpoint> = earlier.iter().collect();
        earlier.sort_by_key(|checkpoint| checkpoint.size);
        for checkpoint in &earlier {
            checkpoint.verify(key).map_err(|doubt| {
                let message = format!(
                    "The earlier checkpoint of size {} is not to be believed: {doubt}.",
                    checkpoint.size
                );
                Finding {
                    code: Code::EarlierSignature,
                    entry: None,
                    message,
                }
            })?;
        }
        let rows = Rows::open(reader)?;
        let tree = Frontier::new();
        Walk {
            rows,
            key,
            earlier,
            extended: 0,
            tree,
            seq: 0,
            head: NO_ENTRY,
            before: NO_ENTRY,
        }
        .walk()
    }

    fn walk(mut self) -> Result<Intact, Stop> {
        self.compare_earlier()?;
        loop {
            match self.rows.next()? {
                Row::Entry(link) if link.seq != self.seq => {
                    return Err(self.misnumbered(link)?.into());
                }
                Row::Entry(link) if link.prev != self.head => {
                    return Err(self.unlinked(link)?.into());
                }
                Row::Entry(link) => self.accept(link)?,
                Row::Checkpoint(checkpoint) => return Ok(self.close(checkpoint)?),
                Row::End => {
                    let message = format!(
                        "The file ends after {} entries, without a checkpoint.",
                        self.seq
                    );
                    return Err(self.found(Code::NoCheckpoint, self.seq, message).into());
                }
                Row::Unreadable(finding) => return Err(finding.into()),
            }
        }
    }

    /// The entry fits the one before, and thereby vouches for it: that one enters the tree.
    fn accept(&mut self, link: Link) -> Result<(), Finding> {
        if self.seq > 0 {
            self.tree.append(self.head);
            self.compare_earlier()?;
        }
        self.before = self.head;
        self.head = link.hash;
        self.seq += 1;
        Ok(())
    }

    /// Compares the tree with the earlier checkpoints of its size.
    fn compare_earlier(&mut self) -> Result<(), Finding> {
        while let Some(checkpoint) = self.earlier.get(self.extended) {
            if checkpoint.size != self.tree.size() {
                break;
            }
            if checkpoint.root != self.tree.root() {
                let size = checkpoint.size;
                let message = format!(
                    "The checkpoint of size {size} is not extended by this file: {}",
                    self.rewritten(size)
                );
                return Err(Finding {
                    code: Code::NotExtended,
                    entry: self.only_suspect(size),
                    message,
                });
            }
            self.extended += 1;
        }
        Ok(())
    }

    /// All entries are read and chained: is it these that were signed?
    fn close(mut self, checkpoint: Checkpoint) -> Result<Intact, Finding> {
        checkpoint.verify(self.key).map_err(|doubt| {
            let code = match doubt {
                Doubt::Origin => Code::ForeignOrigin,
                Doubt::Key => Code::ForeignKey,
                Doubt::Signature => Code::Signature,
            };
            Finding {
                code,
                entry: None,
                message: format!("The checkpoint at the end is not to be believed: {doubt}."),
            }
        })?;
        let (size, here) = (checkpoint.size, self.seq);
        if size > here {
            let message = format!(
                "Entry {here} is missing: {size} entries were signed, the file ends after {here}."
            );
            return Err(self.found(Code::Missing, here, message));
        }
        if size < here {
            let message = format!(
                "{} is not covered: the checkpoint signs {size} entries, the file holds {here}.",
                self.place(size)
            );
            return Err(self.found(Code::Unsigned, size, message));
        }
        if here > 0 {
            self.tree.append(self.head);
        }
        if self.tree.root() != checkpoint.root {
            return Err(self.unsigned_root(size));
        }
        self.compare_earlier()?;
        if let Some(beyond) = self.earlier.get(self.extended) {
            let message = format!(
                "The checkpoint of size {} is not extended by this file, which ends after {here} entries.",
                beyond.size
            );
            return Err(self.found(Code::NotExtended, here, message));
        }
        Ok(Intact {
            earlier: self
                .earlier
                .iter()
                .map(|checkpoint| checkpoint.size)
                .collect(),
            checkpoint,
        })
    }

    /// The chain holds, and is yet not the signed one. Only the last entry can be changed without
    /// breaking a link, unless all links behind a change were made anew.
    fn unsigned_root(&self, size: u64) -> Finding {
        let Some(last) = size.checked_sub(1) else {
            let message = "The signed root is not that of a log without entries.".to_owned();
            return Finding {
                code: Code::Rewritten,
                entry: None,
                message,
            };
        };
        if self.only_suspect(size).is_some() {
            let message = format!(
                "{} was changed: with it the signed root is not met.",
                self.place(last)
            );
            return self.found(Code::Changed, last, message);
        }
        let message = format!(
            "The signed root is not met although the chain holds. Either the last, {}, was changed, \
             or entries were rewritten and all that follow chained anew: {}",
            self.place(last).to_lowercase(),
            self.rewritten(size)
        );
        self.found(Code::Rewritten, last, message)
    }

    /// An entry with another number stands where entry `seq` is due. That place is the first bad
    /// one; what stands there and behind it tells what was done.
    fn misnumbered(&mut self, stray: Link) -> Result<Finding, Stop> {
        let (due, found) = (self.seq, stray.seq);
        let place = self.place(due);
        let next = self.rows.next()?;
        let copy_of_last = due.checked_sub(1) == Some(found) && stray.prev == self.before;
        let finding = match next {
            // The log goes on behind the stray one: so it was the stray one's twin that was put in.
            Row::Entry(after)
                if copy_of_last
                    && after.seq == due
                    && after.prev == stray.hash
                    && after.prev != self.head =>
            {
                self.twin(found)
            }
            Row::Checkpoint(checkpoint)
                if copy_of_last
                    && stray.hash != self.head
                    && self.signs(&checkpoint, stray.hash) =>
            {
                self.twin(found)
            }
            Row::Entry(after) if after.seq == due && due.checked_add(1) == Some(found) => {
                let message =
                    format!("{place}: entry {found} stands before entry {due}; they were swapped.");
                self.found(Code::Order, due, message)
            }
            Row::Entry(after) if after.seq == due => {
                let message =
                    format!("{place}: an entry numbered {found} was put in before entry {due}.");
                self.found(Code::Inserted, due, message)
            }
            _ if stray.prev == self.head => {
                let message = format!("{place} was changed: its number now is {found}.");
                self.found(Code::Changed, due, message)
            }
            Row::Entry(after) if due.checked_add(1) == Some(after.seq) => {
                let message = format!("{place}: entry {found} stands in the place of entry {due}.");
                self.found(Code::Order, due, message)
            }
            _ if found > due => {
                let message = format!(
                    "Entry {due} is missing: entry {found} stands in its place, in line {}.",
                    self.rows.line_of(due)
                );
                self.found(Code::Missing, due, message)
            }
            _ => {
                let message = format!(
                    "{place}: an entry numbered {found} was put in where entry {due} is due."
                );
                self.found(Code::Inserted, due, message)
            }
        };
        Ok(finding)
    }

    fn twin(&self, entry: u64) -> Finding {
        let message = format!(
            "{}: a second entry of this number was put in before it.",
            self.place(entry)
        );
        self.found(Code::Inserted, entry, message)
    }

    /// Whether the checkpoint is sound and signs the tree with this one leaf more.
    fn signs(&self, checkpoint: &Checkpoint, leaf: Hash) -> bool {
        let mut tree = self.tree.clone();
        tree.append(leaf);
        self.sound(checkpoint, &tree)
    }

    fn sound(&self, checkpoint: &Checkpoint, tree: &Frontier) -> bool {
        checkpoint.verify(self.key).is_ok()
            && checkpoint.size == tree.size()
            && checkpoint.root == tree.root()
    }

    /// Entry `seq` does not keep the hash of the one before it. Which of the two was touched?
    ///
    /// Three suppositions are followed to the end of the file, each taking an entry's true hash from
    /// its successor: the former was changed, this one was changed, this one was put in. The one that
    /// meets the signed root is proven. If none does, the next link must decide.
    fn unlinked(&mut self, stray: Link) -> Result<Finding, Stop> {
        let this = self.seq;
        let Some(former) = this.checked_sub(1) else {
            if let Row::Entry(after) = self.rows.next()?
                && after.prev == NO_ENTRY
            {
                let message = format!(
                    "{} was put in: the entry behind it is the first.",
                    self.place(this)
                );
                return Ok(self.found(Code::Inserted, this, message));
            }
            let message = format!(
                "{} was changed: it is the first, but names an entry before it.",
                self.place(this)
            );
            return Ok(self.found(Code::Changed, this, message));
        };
        let mut if_former = self.tree.clone();
        if_former.append(stray.prev);
        let mut if_this = self.tree.clone();
        if_this.append(self.head);
        let mut if_put_in = if_this.clone();

        let mut hash = stray.hash;
        let mut next_link = None;
        let checkpoint = loop {
            match self.rows.next()? {
                Row::Entry(link) => {
                    if_former.append(link.prev);
                    if_this.append(link.prev);
                    if next_link.is_some() {
                        if_put_in.append(link.prev);
                    }
                    next_link = next_link.or(Some(link.prev));
                    hash = link.hash;
                }
                Row::Checkpoint(checkpoint) => break Some(checkpoint),
                Row::End | Row::Unreadable(_) => break None,
            }
        };
        if_former.append(hash);
        if_this.append(hash);
        if next_link.is_some() {
            if_put_in.append(hash);
        }

        let signed = checkpoint
            .as_ref()
            .is_some_and(|checkpoint| checkpoint.verify(self.key).is_ok());
        let proves = |tree: &Frontier| {
            checkpoint
                .as_ref()
                .is_some_and(|checkpoint| self.sound(checkpoint, tree))
        };
        let (was, proven) = if proves(&if_former) {
            (Was::FormerChanged, true)
        } else if proves(&if_put_in) {
            (Was::PutIn, true)
        } else if proves(&if_this) {
            (Was::Changed, true)
        } else if stray.prev == self.before {
            (Was::FormerPutIn, false)
        } else if next_link == Some(stray.hash) || (next_link.is_none() && !signed) {
            (Was::FormerChanged, false)
        } else if next_link == Some(self.head) {
            (Was::PutIn, false)
        } else {
            (Was::Changed, false)
        };
        Ok(self.broken_link(was, former, this, signed && !proven))
    }

    fn broken_link(&self, was: Was, former: u64, this: u64, more: bool) -> Finding {
        let (code, entry, what) = match was {
            Was::FormerChanged => (
                Code::Changed,
                former,
                format!("was changed: entry {this} keeps another hash of it"),
            ),
            Was::Changed => (
                Code::Changed,
                this,
                format!("was changed: it does not keep the hash of entry {former}"),
            ),
            Was::FormerPutIn => (
                Code::Inserted,
                former,
                format!("was put in: entry {this} follows the entry before it"),
            ),
            Was::PutIn => (
                Code::Inserted,
                this,
                format!("was put in: the entry behind it follows entry {former}"),
            ),
        };
        let mut message = format!("{} {what}.", self.place(entry));
        if more {
            message.push_str(" Whether it is the only one, the file does not tell: ");
            message.push_str(&self.rewritten(entry));
        }
        self.found(code, entry, message)
    }

    /// Up to where the earlier checkpoints vouch for the entries, as a sentence.
    fn rewritten(&self, end: u64) -> String {
        match (self.vouched(), end.checked_sub(1)) {
            (0, _) => format!(
                "entries before {end} may have been rewritten; earlier checkpoints would tell from where."
            ),
            (from, Some(last)) if from <= last => {
                format!(
                    "entries before {from} are as once signed, entries from {from} to {last} may be rewritten."
                )
            }
            (from, _) => {
                format!("entries before {from} are as once signed, later ones may be rewritten.")
            }
        }
    }

    /// The one entry that can be bad among those before `end`, if earlier checkpoints leave but one.
    fn only_suspect(&self, end: u64) -> Option<u64> {
        end.checked_sub(1).filter(|last| *last == self.vouched())
    }

    /// Number of entries, from the first, that an earlier checkpoint has confirmed.
    fn vouched(&self) -> u64 {
        self.extended
            .checked_sub(1)
            .and_then(|last| self.earlier.get(last))
            .map_or(0, |checkpoint| checkpoint.size)
    }

    fn place(&self, entry: u64) -> String {
        format!("Entry {entry} (line {})", self.rows.line_of(entry))
    }

    fn found(&self, code: Code, entry: u64, message: String) -> Finding {
        Finding {
            code,
            entry: Some(entry),
            message,
        }
    }
}

/// What a broken link comes from.
enum Was {
    FormerChanged,
    FormerPutIn,
    Changed,
    PutIn,
}
