//! A mailbox read as a whole: what belongs together, what is new, what is said again.

use std::collections::HashMap;

use super::alone::alone;
use super::arrival::House;
use super::draft::{Draft, draft};
use super::follow::{Question, follow_up, same_words, speaks_of_earlier};
use super::judge::SURE;
use super::mark::Mark;
use super::message::Message;
use super::offices::{forwarding, official};
use super::settled::Settled;
use super::told::told;
use super::verdict::{Kind, Reading, Verdict};

/// Reads one message by itself.
pub fn read(file: &str, message: &Message, house: &House) -> Reading {
    let drafts = vec![Some(draft(file, message, house))];
    settle_all(&drafts)
        .into_iter()
        .next()
        .unwrap_or_else(|| Reading::unreadable(file))
}

/// Reads the files of one mailbox; a file without a message could not be read.
pub fn read_mailbox(files: &[(String, Option<Message>)], house: &House) -> Vec<Reading> {
    let drafts: Vec<Option<Draft>> = files
        .iter()
        .map(|(file, message)| message.as_ref().map(|message| draft(file, message, house)))
        .collect();
    let mut readings = settle_all(&drafts);
    for (reading, (file, _)) in readings.iter_mut().zip(files) {
        reading.file.clone_from(file);
    }
    readings
}

fn settle_all(drafts: &[Option<Draft>]) -> Vec<Reading> {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|index| {
        drafts
            .get(*index)
            .and_then(Option::as_ref)
            .and_then(|draft| draft.at)
    });
    let mut box_ = Mailbox::new(drafts);
    for index in order {
        box_.settle(index);
    }
    drafts
        .iter()
        .enumerate()
        .map(|(index, draft)| match (draft, box_.settled.get(&index)) {
            (Some(draft), Some(settled)) => {
                let root = settled.root.and_then(|root| drafts.get(root)?.as_ref());
                told(draft, settled, root)
            }
            _ => Reading::unreadable(""),
        })
        .collect()
}

struct Mailbox<'a> {
    drafts: &'a [Option<Draft>],
    ids: HashMap<&'a str, usize>,
    settled: HashMap<usize, Settled>,
    by_digest: HashMap<(String, &'a str), usize>,
    by_sender: HashMap<String, Vec<usize>>,
    by_reference: HashMap<&'a str, usize>,
    by_subject: HashMap<String, usize>,
}

impl<'a> Mailbox<'a> {
    fn new(drafts: &'a [Option<Draft>]) -> Mailbox<'a> {
        let mut ids = HashMap::new();
        for (index, draft) in drafts.iter().enumerate() {
            if let Some(id) = draft.as_ref().and_then(|draft| draft.id.as_deref()) {
                ids.entry(id).or_insert(index);
            }
        }
        Mailbox {
            drafts,
            ids,
            settled: HashMap::new(),
            by_digest: HashMap::new(),
            by_sender: HashMap::new(),
            by_reference: HashMap::new(),
            by_subject: HashMap::new(),
        }
    }

    fn draft(&self, index: usize) -> Option<&'a Draft> {
        self.drafts.get(index).and_then(Option::as_ref)
    }

    fn settle(&mut self, index: usize) {
        let Some(draft) = self.draft(index) else {
            return;
        };
        let settled = self.judged(index, draft);
        let carries = settled.verdict == Verdict::Yes
            && matches!(
                settled.kind,
                Kind::Request
                    | Kind::Reminder
                    | Kind::Forwarding
                    | Kind::ClarificationAnswer
                    | Kind::IdentityAnswer
            );
        if carries {
            let sender = draft.requester.email.to_lowercase();
            if draft.digest.len() >= 12 {
                self.by_digest
                    .entry((sender.clone(), draft.digest.as_str()))
                    .or_insert(index);
            }
            if settled.kind == Kind::Request || settled.root.is_none() {
                if !sender.is_empty() {
                    self.by_sender.entry(sender).or_default().push(index);
                }
                if let Some(subject) = &draft.data_subject {
                    self.by_subject.entry(subject.clone()).or_insert(index);
                }
                if let Some(reference) = draft.reference.as_deref() {
                    self.by_reference.entry(reference).or_insert(index);
                }
            }
        }
        self.settled.insert(index, settled);
    }

    fn judged(&self, index: usize, draft: &Draft) -> Settled {
        if let Some((kind, because)) = &draft.machine {
            return match kind {
                Kind::ObjectionByMachine if because.starts_with("an abuse report") => Settled::new(
                    Verdict::Unclear,
                    *kind,
                    vec![Mark::MarketingObjection],
                    because.clone(),
                ),
                Kind::ObjectionByMachine => Settled::new(
                    Verdict::Yes,
                    *kind,
                    vec![Mark::MarketingObjection],
                    because.clone(),
                ),
                // who only has the words of a machine may be a person
                Kind::AutoReply
                    if draft.asked().verdict == Verdict::Yes
                        && (draft.own.best() >= SURE || !because.starts_with("the headers")) =>
                {
                    Settled::new(
                        Verdict::Unclear,
                        *kind,
                        draft.asked().rights.clone(),
                        because.clone(),
                    )
                }
                _ => Settled::new(Verdict::No, *kind, Vec::new(), because.clone()),
            };
        }
        let thread = self.thread_of(index, draft);
        if draft.outgoing {
            return Settled::new(
                Verdict::No,
                Kind::Other,
                Vec::new(),
                "the house wrote it to the outside",
            )
            .belonging(thread);
        }
        if let Some(settled) = official(draft).or_else(|| forwarding(draft)) {
            return settled.belonging(thread);
        }
        let root = thread.or_else(|| self.root_by_sender(draft));
        if let Some(root) = root
            && let (Some(first), Some(first_draft)) = (self.settled.get(&root), self.draft(root))
            && let Some(settled) = follow_up(
                draft,
                first,
                first_draft,
                self.question(draft),
                thread.is_some(),
            )
        {
            return settled.belonging(Some(root));
        }
        let settled = alone(draft, self.question(draft));
        let known = self
            .by_sender
            .get(&draft.requester.email.to_lowercase())
            .and_then(|earlier| earlier.last());
        if let Some(known) = known.filter(|_| {
            settled.verdict == Verdict::No && !draft.bulk && !draft.own.has(Mark::Thanks)
        }) {
            return Settled::new(
                Verdict::Unclear,
                Kind::Other,
                Vec::new(),
                "by a person whose request came before",
            )
            .belonging(Some(*known));
        }
        settled
    }

    /// The request that the headers say it belongs to.
    fn thread_of(&self, index: usize, draft: &Draft) -> Option<usize> {
        draft.answers.iter().find_map(|id| {
            let parent = *self.ids.get(id.as_str())?;
            if parent == index {
                return None;
            }
            let settled = self.settled.get(&parent)?;
            settled.root.or_else(|| {
                (settled.verdict == Verdict::Yes
                    || settled.verdict == Verdict::Unclear && !settled.rights.is_empty())
                .then_some(parent)
            })
        })
    }

    /// The request that the same person made before, if this message says that there is one.
    fn root_by_sender(&self, draft: &Draft) -> Option<usize> {
        let sender = draft.requester.email.to_lowercase();
        if let Some(same) = self.by_digest.get(&(sender.clone(), draft.digest.as_str())) {
            return self
                .settled
                .get(same)
                .and_then(|settled| settled.root)
                .or(Some(*same));
        }
        if let Some(same) = self
            .by_sender
            .get(&sender)
            .into_iter()
            .flatten()
            .find(|earlier| {
                self.draft(**earlier)
                    .is_some_and(|earlier| same_words(draft, earlier))
            })
        {
            return Some(*same);
        }
        if !(speaks_of_earlier(draft)) {
            return None;
        }
        let by_reference = draft
            .reference
            .as_deref()
            .and_then(|reference| self.by_reference.get(reference))
            .copied();
        let by_name = self
            .by_subject
            .get(&draft.requester.name)
            .copied()
            .filter(|_| !draft.requester.name.is_empty());
        by_reference.or(by_name).or_else(|| {
            let earlier = self.by_sender.get(&sender)?;
            let named = draft.own.named();
            earlier
                .iter()
                .rev()
                .find(|index| {
                    self.settled.get(index).is_some_and(|settled| {
                        named.iter().any(|mark| settled.rights.contains(mark))
                    })
                })
                .or_else(|| earlier.last())
                .copied()
        })
    }

    fn question(&self, draft: &Draft) -> Question {
        Question {
            identity: self.was_asked(draft, Mark::AskedIdentity),
            scope: self.was_asked(draft, Mark::AskedScope),
        }
    }

    /// Whether the house asked this in the message that this one answers, or in what it quotes.
    fn was_asked(&self, draft: &Draft, mark: Mark) -> bool {
        let parent = draft
            .answers
            .iter()
            .find_map(|id| self.draft(*self.ids.get(id.as_str())?));
        parent.is_some_and(|parent| parent.outgoing && parent.own.score(mark) >= SURE)
            || draft.below(true).score(mark) >= SURE
            || draft.below(false).score(mark) >= SURE
    }
}
