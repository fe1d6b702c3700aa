//! The ways of proof, from an answer to the address on file up to the last step.

use serde::{Deserialize, Serialize};

/// A way of proof; the weakest that suffices is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Written from the address or account on file; the answer goes back there.
    AddressOnFile,
    /// Link or code confirmed from the mailbox on file.
    ConfirmedLink,
    /// Signed in at the customer's account.
    Portal,
    /// Customer, ticket or licence number, date of contract.
    Knowledge,
    /// Code by letter to the address on file.
    CodeByPost,
    /// Called back on the number on file.
    CallBack,
    /// Signature compared.
    SignedLetter,
    /// Identity card seen, not copied.
    CardSeen,
    /// Blackened copy, destroyed after the check; the last step.
    BlackenedCopy,
}

impl Method {
    /// Every method, the weakest first.
    pub const ALL: [Method; 9] = [
        Method::AddressOnFile,
        Method::ConfirmedLink,
        Method::Portal,
        Method::Knowledge,
        Method::CodeByPost,
        Method::CallBack,
        Method::SignedLetter,
        Method::CardSeen,
        Method::BlackenedCopy,
    ];

    /// What a controller offers that has said nothing else: no copies, and nothing that needs more than paper and mail.
    pub const USUAL: [Method; 6] = [
        Method::AddressOnFile,
        Method::ConfirmedLink,
        Method::Knowledge,
        Method::CodeByPost,
        Method::SignedLetter,
        Method::CardSeen,
    ];

    /// Its name in storage and forms.
    pub fn code(self) -> &'static str {
        match self {
            Method::AddressOnFile => "address-on-file",
            Method::ConfirmedLink => "confirmed-link",
            Method::Portal => "portal",
            Method::Knowledge => "knowledge",
            Method::CodeByPost => "code-by-post",
            Method::CallBack => "call-back",
            Method::SignedLetter => "signed-letter",
            Method::CardSeen => "card-seen",
            Method::BlackenedCopy => "blackened-copy",
        }
    }

    /// The method of that name.
    pub fn from_code(code: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.code() == code)
    }

    /// Whether it is more than what the person does anyway and so needs a written doubt before it.
    pub fn needs_doubt(self) -> bool {
        !matches!(
            self,
            Method::AddressOnFile | Method::ConfirmedLink | Method::Portal
        )
    }

    /// Its step of the ladder, 1 to 8; 6 (eID, video) is not offered.
    pub fn rung(self) -> u8 {
        match self {
            Method::AddressOnFile => 1,
            Method::ConfirmedLink | Method::Portal => 2,
            Method::Knowledge => 3,
            Method::CodeByPost | Method::CallBack => 4,
            Method::SignedLetter => 5,
            Method::CardSeen => 7,
            Method::BlackenedCopy => 8,
        }
    }
}

/// What a controller's registers can ask a person for. Only which of them were asked is kept, never the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Knowledge {
    /// The customer number.
    CustomerNumber,
    /// The number of a ticket, an order or an invoice.
    TicketNumber,
    /// The last characters of a licence key.
    LicenceEnd,
    /// The date of a contract or an order.
    ContractDate,
}

impl Knowledge {
    /// Every question, in the order of a choice list.
    pub const ALL: [Knowledge; 4] = [
        Knowledge::CustomerNumber,
        Knowledge::TicketNumber,
        Knowledge::LicenceEnd,
        Knowledge::ContractDate,
    ];

    /// Its name in storage and forms.
    pub fn code(self) -> &'static str {
        match self {
            Knowledge::CustomerNumber => "customer-number",
            Knowledge::TicketNumber => "ticket-number",
            Knowledge::LicenceEnd => "licence-end",
            Knowledge::ContractDate => "contract-date",
        }
    }

    /// The question of that name.
    pub fn from_code(code: &str) -> Option<Knowledge> {
        Knowledge::ALL.into_iter().find(|key| key.code() == code)
    }
}
