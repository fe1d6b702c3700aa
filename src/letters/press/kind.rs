//! The letters: which there are, whom they address and when they are sent.

use serde::{Deserialize, Serialize};

/// To whom a letter speaks; it decides on the form of address and the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// A person; German in Sie or du, or English.
    Person,
    /// A company, a law firm or an authority; German in Sie only, or English.
    Office,
    /// The people at the desk; German, without a form of address.
    Staff,
}

/// One list from which the letters, their files and the page on them are made.
macro_rules! kinds {
    ($($kind:ident $stem:literal $audience:ident $when:literal,)*) => {
        /// Which letter.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind {
            $(#[doc = $when] $kind,)*
        }

        impl Kind {
            /// Every letter.
            pub const ALL: [Kind; [$($stem),*].len()] = [$(Kind::$kind),*];

            /// The beginning of its file's name.
            #[must_use]
            pub fn stem(self) -> &'static str {
                match self { $(Kind::$kind => $stem,)* }
            }

            /// To whom it speaks.
            #[must_use]
            pub fn audience(self) -> Audience {
                match self { $(Kind::$kind => Audience::$audience,)* }
            }

            /// When it is sent.
            #[must_use]
            pub fn when(self) -> &'static str {
                match self { $(Kind::$kind => $when,)* }
            }
        }
    };
}

kinds! {
    Confirm "confirm" Person "The first mail to an unproven address: fixed words, nothing that the requester typed.",
    AdvertisingStopped "advertising_stopped" Person "No more advertising goes to the address that asked; done by itself, and how to undo it (Art. 21(3) GDPR).",
    Receipt "receipt" Person "The full acknowledgement, by mail.",
    ReceiptPost "receipt_post" Person "The full acknowledgement, by post.",
    ExcludedChannel "excluded_channel" Person "A request came by a channel that the controller does not want; it counts all the same.",
    NotARequest "not_a_request" Person "A letter that asks for none of the rights.",
    NotController "not_controller" Person "Somebody else is responsible: a customer runs our software, we hold nothing.",
    ThirdParty "third_party" Person "Somebody asks about another person without a right: a spouse, a relative, a neighbour.",
    Deceased "deceased" Person "Somebody asks about a person who has died.",
    LegalPerson "legal_person" Office "A company asks for data about itself.",
    PublicBody "public_body" Office "Police or another public body asks for data about a person.",
    MandateDemand "mandate_demand" Office "Somebody acts for the person; the power of attorney is missing or does not cover it.",
    MandateRejected "mandate_rejected" Office "The declaration is rejected at once because the power of attorney was not enclosed in the original (§ 174 BGB).",
    ParentLetter "parent_letter" Person "To a parent who asks for a child: how the custody can be shown, and that the child is asked.",
    ChildView "child_view" Person "To a child who is old enough: a parent asks, what do you think?",
    ForwardedPerson "forwarded_person" Person "We are only the processor; the request was passed to the controller.",
    ForwardedCustomer "forwarded_customer" Office "To the customer for whom we process: a request came to us (Art. 28(3)(e) GDPR).",
    DoubtedInstruction "doubted_instruction" Office "To the customer: an instruction may infringe the law (Art. 28(3) GDPR).",
    IdentityDemand "identity_demand" Person "Asks for a proof of identity (Art. 12(6) GDPR).",
    IdentityReminder "identity_reminder" Person "Asks for the proof a second and last time.",
    IdentityCode "identity_code" Person "A code by post to the address on file.",
    NotIdentified "not_identified" Person "Closes a case because the identity was not shown (Art. 12(4), (6) GDPR).",
    NotIdentifiable "not_identifiable" Person "The data cannot be matched to a person (Art. 11(2) GDPR).",
    Clarification "clarification" Person "Asks to narrow a request that concerns a great deal of data (Rec. 63 GDPR).",
    Extension "extension" Person "A longer period (Art. 12(3) GDPR).",
    InterimNotice "interim_notice" Person "How far the work is; no answer yet.",
    PartialAnswer "partial_answer" Person "A part of the answer; names what is missing, why, and by when it comes.",
    Answer "answer" Person "The answer, one section per decided right.",
    AnswerReady "answer_ready" Person "The answer lies ready; nothing of its content.",
    Code "code" Person "A fresh code for the download.",
    Letter "letter" Person "A message in a clerk's own words.",
    FeeNotice "fee_notice" Person "A fee that would be asked, told before anything is done (Art. 12(5), 15(3) GDPR).",
    ExcessRefusal "excess_refusal" Person "A request is refused as manifestly unfounded or excessive (Art. 12(5) GDPR).",
    LiftingNotice "lifting_notice" Person "A restriction will be lifted (Art. 18(3) GDPR); leaves before the day.",
    Art14Notice "art14_notice" Person "To a person whose data came from elsewhere (Art. 14 GDPR).",
    RecipientInstruction "recipient_instruction" Office "To a processor: an instruction to rectify, erase or restrict (Art. 19, 28(3)(a) GDPR).",
    RecipientNotice "recipient_notice" Office "To an independent controller who received the data (Art. 19 GDPR).",
    PublicNotice "public_notice" Office "To a controller of published data: links and copies are to go (Art. 17(2) GDPR).",
    WithdrawalNotice "withdrawal_notice" Office "To recipients: consent is withdrawn or the person objects; they must stop too.",
    AuthorityReply "authority_reply" Office "Goes with the documents to a supervisory authority (Art. 31, 58 GDPR).",
    OwnerTask "owner_task" Staff "To the owner of a system that no machine can be asked about: a task in a case; names nobody.",
    OwnerReminder "owner_reminder" Staff "To the same, the day before the answer is due.",
    OwnerCode "owner_code" Staff "To the same: the code that opens the task.",
    Notice "notice" Staff "To staff: something happened in a case.",
    Digest "digest" Staff "To staff: what is due, once a day.",
    Checkpoint "checkpoint" Staff "To a chosen address: the log's newest checkpoint.",
}

impl Kind {
    /// Whether it goes to staff; such mail is in German and knows no form of address.
    #[must_use]
    pub fn for_staff(self) -> bool {
        self.audience() == Audience::Staff
    }

    /// Whether it says where to complain and that a court is open: every no, and whatever may feel like one
    /// (Art. 12(4) GDPR).
    #[must_use]
    pub fn names_remedies(self) -> bool {
        matches!(
            self,
            Kind::Answer
                | Kind::PartialAnswer
                | Kind::Extension
                | Kind::NotARequest
                | Kind::NotController
                | Kind::ThirdParty
                | Kind::MandateRejected
                | Kind::NotIdentified
                | Kind::NotIdentifiable
                | Kind::FeeNotice
                | Kind::ExcessRefusal
                | Kind::LiftingNotice
                | Kind::Art14Notice
        )
    }

    /// Whether it goes to a company that we work with: a customer, a processor, another recipient of data.
    #[must_use]
    pub fn is_between_houses(self) -> bool {
        matches!(
            self,
            Kind::ForwardedCustomer
                | Kind::DoubtedInstruction
                | Kind::RecipientInstruction
                | Kind::RecipientNotice
                | Kind::PublicNotice
        )
    }

    /// The letter whose file begins so.
    #[must_use]
    pub fn named(stem: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.stem() == stem)
    }
}
