//! What a phrase is a sign of: a right, a kind of message, what it speaks of, or that it is none of these.

use serde::Deserialize;

/// What a phrase is a sign of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// Art. 15.
    Access,
    /// Art. 16.
    Rectification,
    /// Art. 17.
    Erasure,
    /// Art. 18.
    Restriction,
    /// Art. 20.
    Portability,
    /// Art. 21 without saying against what; advertising in the message decides.
    AnyObjection,
    /// Art. 21(1).
    Objection,
    /// Art. 21(2).
    MarketingObjection,
    /// Art. 22.
    HumanReview,
    /// Art. 7(3).
    Withdrawal,
    /// The rights are wielded without being named: "my rights under the GDPR".
    AnyRight,
    /// It speaks of data protection.
    Law,
    /// It speaks of the writer's own data.
    OwnData,
    /// It speaks of advertising that the writer gets.
    Advertising,
    /// It presses for an answer to an earlier request.
    Reminder,
    /// It takes an earlier request back.
    TakenBack,
    /// It brings what was asked for to tell the person.
    IdentityAnswer,
    /// It says what the request is about, because that was asked.
    ClarificationAnswer,
    /// It only thanks, or confirms.
    Thanks,
    /// It hands on somebody else's message.
    HandedOn,
    /// Another organisation passes a person's request on.
    Forwarding,
    /// Another controller tells of its rectification, erasure or restriction.
    Notice,
    /// A supervisory authority writes.
    Authority,
    /// An absence note or a receipt by machine.
    AutoReply,
    /// Mail that came back, in words.
    Bounce,
    /// We asked who the person is.
    AskedIdentity,
    /// We asked what is wanted.
    AskedScope,
    /// A wish or demand is voiced.
    Asking,
    /// Somebody acts for another.
    OnBehalf,
    /// A counter-sign.
    Bait,
}

impl Mark {
    const CODES: &'static [(&'static str, Mark)] = &[
        ("15", Mark::Access),
        ("16", Mark::Rectification),
        ("17", Mark::Erasure),
        ("18", Mark::Restriction),
        ("20", Mark::Portability),
        ("21", Mark::AnyObjection),
        ("21(1)", Mark::Objection),
        ("21(2)", Mark::MarketingObjection),
        ("22", Mark::HumanReview),
        ("7(3)", Mark::Withdrawal),
        ("right", Mark::AnyRight),
        ("law", Mark::Law),
        ("own-data", Mark::OwnData),
        ("advertising", Mark::Advertising),
        ("reminder", Mark::Reminder),
        ("taken-back", Mark::TakenBack),
        ("identity-answer", Mark::IdentityAnswer),
        ("clarification-answer", Mark::ClarificationAnswer),
        ("thanks", Mark::Thanks),
        ("handed-on", Mark::HandedOn),
        ("forwarding", Mark::Forwarding),
        ("art19-notice", Mark::Notice),
        ("authority", Mark::Authority),
        ("auto-reply", Mark::AutoReply),
        ("bounce", Mark::Bounce),
        ("asked-identity", Mark::AskedIdentity),
        ("asked-scope", Mark::AskedScope),
        ("asking", Mark::Asking),
        ("on-behalf", Mark::OnBehalf),
        ("bait", Mark::Bait),
    ];

    /// The mark with this name in the data files.
    pub fn from_code(code: &str) -> Option<Mark> {
        Mark::CODES
            .iter()
            .find(|(name, _)| *name == code)
            .map(|(_, mark)| *mark)
    }

    /// Its name in the data files.
    pub fn code(self) -> &'static str {
        Mark::CODES
            .iter()
            .find(|(_, mark)| *mark == self)
            .map_or("", |(name, _)| name)
    }

    /// Whether it is a right.
    pub fn is_right(self) -> bool {
        self <= Mark::AnyRight
    }
}

/// How far a counter-sign weakens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// What stands in its own sentence.
    #[default]
    Sentence,
    /// What stands anywhere in the message.
    Message,
}
