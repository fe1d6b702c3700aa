//! A mail as it came in: what was understood of it, and what becomes of it before it belongs to a case.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::ids::CaseId;
use super::private::Private;
use super::right::Right;

/// Days after which what is not for us is shredded: the tracker is no second archive.
pub const KEPT: i64 = 14;

/// Whether somebody asks for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It belongs to a case, or opens one.
    Yes,
    /// Nothing is asked of us.
    No,
    /// A person has to look.
    #[default]
    Unclear,
}

/// How far a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IncomingState {
    /// Taken and kept, not read yet.
    New,
    /// Waits for a person, with a proposal.
    Unclear,
    /// Could not be read; waits for a person.
    Unreadable,
    /// Nothing is asked of us; shredded after two weeks.
    No,
    /// Lies in a case.
    Case,
    /// Shredded: place, digest and reasons are left.
    Gone,
}

impl IncomingState {
    /// Every state.
    pub const ALL: [IncomingState; 6] = [
        IncomingState::New,
        IncomingState::Unclear,
        IncomingState::Unreadable,
        IncomingState::No,
        IncomingState::Case,
        IncomingState::Gone,
    ];

    /// Its name in storage and addresses.
    pub fn code(self) -> &'static str {
        match self {
            IncomingState::New => "new",
            IncomingState::Unclear => "unclear",
            IncomingState::Unreadable => "unreadable",
            IncomingState::No => "no",
            IncomingState::Case => "case",
            IncomingState::Gone => "gone",
        }
    }

    /// The state of that name.
    pub fn from_code(code: &str) -> Option<IncomingState> {
        IncomingState::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Whether a person can still say what it is.
    pub fn open(self) -> bool {
        !matches!(self, IncomingState::Case | IncomingState::Gone)
    }
}

/// What was understood of a mail; a proposal until a person or a clear case says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understood {
    /// Whether somebody asks for something.
    pub verdict: Verdict,
    /// What kind of mail it is; a code.
    pub kind: String,
    /// What is asked for.
    pub rights: Vec<Right>,
    /// In which language; ISO 639-1.
    pub language: Option<String>,
    /// Who asks.
    pub name: Private<String>,
    /// Where she is reached.
    pub email: Private<String>,
    /// Whose data it is about, if that is somebody else.
    pub data_subject: Option<Private<String>>,
    /// Her sign, or the number that she is to us.
    pub reference: Option<Private<String>>,
    /// The day on which the house had it.
    pub received: Option<NaiveDate>,
    /// What all of it rests on.
    pub because: Vec<String>,
    /// Who sent it, as the mail says.
    pub from: Private<String>,
    /// Its subject.
    pub subject: Private<String>,
    /// The domain whose signature our own mail server found to hold; a hint at who wrote, and no proof.
    #[serde(default)]
    pub signed_by: Option<String>,
    /// Its Message-ID, so that an answer keeps the thread.
    #[serde(default)]
    pub message_id: Private<String>,
}

impl Understood {
    /// What may stay when the mail itself is shredded: verdict, kind and reasons, and nothing of a person.
    #[must_use]
    pub fn stripped(self) -> Understood {
        // A reason quotes the words it rests on, and these may be a name.
        let unquoted = |reason: String| {
            let before = reason.split('“').next().unwrap_or_default();
            let words = before.split_whitespace().filter(|word| !word.contains('@'));
            let words: Vec<&str> = words.collect();
            words.join(" ").trim_end_matches(':').to_owned()
        };
        Understood {
            verdict: self.verdict,
            kind: self.kind,
            because: self.because.into_iter().map(unquoted).collect(),
            ..Understood::default()
        }
    }
}

/// A case that a mail belongs to, and by what that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belongs {
    /// Which case.
    pub case: CaseId,
    /// By what.
    pub by: Thread,
    /// The sender is nobody of the case, as far as addresses tell: it discloses nothing and changes no address.
    pub differs: bool,
    /// The case is closed.
    pub closed: bool,
    /// What of the rights asked for the case does not have.
    pub adds: Vec<Right>,
}

/// By what a mail is known to belong to a case. All of it can be forged: it joins, and proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Thread {
    /// It came to the address that one message of ours was sent from.
    Token,
    /// It answers a message of ours.
    Reply,
    /// It names the number of the case.
    Number,
    /// The same address has a case open.
    Sender,
}

/// What becomes of a mail without a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destiny {
    /// It opens a case.
    Open,
    /// It joins a case that runs.
    Join(Belongs),
    /// A person looks.
    Wait,
    /// Nothing is asked of us.
    Leave,
}

/// What becomes of a mail that was read. Unclear goes to a person; what a machine wrote opens nothing; only the
/// plain request of a person opens a case by itself.
pub fn destiny(understood: &Understood, belongs: Option<Belongs>, taken_before: bool) -> Destiny {
    if taken_before {
        return Destiny::Leave;
    }
    let answers = |it: &Belongs| it.by != Thread::Sender;
    match (understood.kind.as_str(), belongs) {
        ("bounce" | "auto-reply", _) => Destiny::Leave,
        // Somebody else's letters need a form of their own: who has to be told, what falls due.
        ("authority" | "art19-notice" | "forwarding", _) => Destiny::Wait,
        // A mail program took its owner off a list: she wrote, and the one thing that it asks is done by itself.
        ("objection-by-machine", None) if understood.verdict == Verdict::Yes => Destiny::Open,
        // What is new in an old thread has a clock of its own.
        ("request" | "objection-by-machine", Some(it)) if !it.adds.is_empty() => {
            match understood.verdict {
                Verdict::Yes => Destiny::Open,
                _ => Destiny::Join(it),
            }
        }
        // A stranger takes up nothing that is done; whether it is one a person sees.
        (_, Some(it)) if it.closed && it.differs => Destiny::Wait,
        // Who answers us is heard, whatever it is about.
        (_, Some(it)) if answers(&it) => Destiny::Join(it),
        (_, Some(it)) if understood.verdict == Verdict::Yes => Destiny::Join(it),
        ("request", None) if understood.verdict == Verdict::Yes => Destiny::Open,
        (_, _) if understood.verdict == Verdict::No => Destiny::Leave,
        // Asks for what it speaks of as asked before: we do not know of it.
        _ => Destiny::Wait,
    }
}

/// The first day on which a mail that asks for nothing is shredded.
pub fn shredded_from(judged: NaiveDate) -> NaiveDate {
    judged
        .checked_add_signed(TimeDelta::days(KEPT))
        .unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn art_5_1_e_a_mail_that_asks_for_nothing_is_kept_two_weeks_and_leaves_no_name() {
        let judged = "2026-02-20".parse().unwrap();
        assert_eq!(shredded_from(judged), "2026-03-06".parse().unwrap());
        let understood = Understood {
            verdict: Verdict::No,
            kind: "other".to_owned(),
            name: "Nora Nebenan".to_owned().into(),
            from: "nora@post.example".to_owned().into(),
            subject: "Frage von Nora".to_owned().into(),
            because: vec![
                "own-data: “Nora Nebenan” in the text".to_owned(),
                "a report: failed 5.1.1 nora@post.example".to_owned(),
            ],
            ..Understood::default()
        };
        let left = understood.stripped();
        let said = serde_json::to_string(&left).unwrap();
        assert!(!said.contains("Nora") && !said.contains("nora"), "{said}");
        assert_eq!(left.because, ["own-data", "a report: failed 5.1.1"]);
    }

    #[test]
    fn art_12_3_a_plain_request_opens_a_case_and_all_doubt_goes_to_a_person() {
        let mail = |verdict, kind: &str| Understood {
            verdict,
            kind: kind.to_owned(),
            ..Understood::default()
        };
        let known = |by, adds: &[Right]| {
            Some(Belongs {
                case: CaseId(7),
                by,
                differs: false,
                closed: false,
                adds: adds.to_vec(),
            })
        };
        let (reply, sender) = (known(Thread::Reply, &[]), known(Thread::Sender, &[]));
        let stranger = |closed| {
            known(Thread::Number, &[]).map(|it| Belongs {
                differs: true,
                closed,
                ..it
            })
        };
        let join = |belongs: &Option<Belongs>| Destiny::Join(belongs.clone().unwrap());
        let newer = known(Thread::Reply, &[Right::Erasure]);
        use Verdict::{No, Unclear, Yes};
        let table = [
            (Yes, "request", None, Destiny::Open),
            (Yes, "request", reply.clone(), join(&reply)),
            (Yes, "request", newer.clone(), Destiny::Open),
            (Unclear, "request", newer.clone(), join(&newer)),
            (Yes, "request", sender.clone(), join(&sender)),
            (Yes, "reminder", sender.clone(), join(&sender)),
            (Yes, "reminder", None, Destiny::Wait),
            (No, "other", reply.clone(), join(&reply)),
            (No, "other", sender.clone(), Destiny::Leave),
            (Unclear, "other", sender.clone(), Destiny::Wait),
            (Unclear, "request", None, Destiny::Wait),
            (No, "other", None, Destiny::Leave),
            (No, "bounce", reply.clone(), Destiny::Leave),
            (No, "auto-reply", None, Destiny::Leave),
            (Yes, "authority", reply.clone(), Destiny::Wait),
            (Yes, "art19-notice", None, Destiny::Wait),
            (Yes, "forwarding", None, Destiny::Wait),
            (Yes, "objection-by-machine", None, Destiny::Open),
            (Unclear, "objection-by-machine", None, Destiny::Wait),
            (No, "other", stranger(false), join(&stranger(false))),
            (No, "other", stranger(true), Destiny::Wait),
        ];
        for (verdict, kind, belongs, becomes) in table {
            let read = mail(verdict, kind);
            let told = format!("{verdict:?} {kind} {belongs:?}");
            assert_eq!(destiny(&read, belongs, false), becomes, "{told}");
        }
        assert_eq!(destiny(&mail(Yes, "request"), None, true), Destiny::Leave);
    }

    #[test]
    fn every_state_is_found_by_its_name() {
        for state in IncomingState::ALL {
            assert_eq!(IncomingState::from_code(state.code()), Some(state));
        }
        assert_eq!(IncomingState::from_code("lost"), None);
    }
}
