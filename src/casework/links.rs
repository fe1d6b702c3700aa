//! The links of a case: their tokens are made from the case's key, so that a later mail can repeat a
//! link of which the database keeps the digest only.

use ring::hmac;

use crate::domain::ids::SystemId;
use crate::domain::private::Private;
use crate::seal::Key;
use crate::seal::chance::Token;

/// Which link of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CaseLink {
    /// Confirm, or "that wasn't me".
    Mailbox,
    /// The status page.
    Status,
    /// The answer of this number.
    Answer(usize),
    /// The question of this number to the owner of this system.
    Owner(SystemId, u32),
    /// The code of this number that went to the address on file. No page lies behind it.
    Code(u32),
}

impl CaseLink {
    /// The token of this link.
    pub fn token(self, key: &Key) -> Token {
        let label = match self {
            CaseLink::Mailbox => "link.mailbox".to_owned(),
            CaseLink::Status => "link.status".to_owned(),
            CaseLink::Answer(number) => format!("link.answer.{number}"),
            CaseLink::Owner(system, number) => format!("link.owner.{system}.{number}"),
            CaseLink::Code(number) => format!("link.code.{number}"),
        };
        let tag = hmac::sign(
            &hmac::Key::new(hmac::HMAC_SHA256, key.expose()),
            label.as_bytes(),
        );
        let mut half = [0; 16];
        for (to, from) in half.iter_mut().zip(tag.as_ref()) {
            *to = *from;
        }
        Token::from_bytes(half)
    }

    /// The address of the page behind it.
    pub fn url(self, key: &Key, public_url: &str) -> Private<String> {
        format!("{public_url}{}", self.path(key)).into()
    }

    /// The same within this server.
    pub fn path(self, key: &Key) -> String {
        let page = match self {
            CaseLink::Mailbox => "confirm",
            // The code is entered on the status page.
            CaseLink::Status | CaseLink::Code(_) => "status",
            CaseLink::Answer(_) => "answer",
            CaseLink::Owner(..) => "task",
        };
        format!("/{page}/{}", self.token(key).text())
    }
}

/// The digest of a six-digit code, bound to the link that it opens and to the case's key.
pub(super) fn code_digest(key: &Key, link: &[u8; 32], code: &str) -> Vec<u8> {
    let mut text = b"code.".to_vec();
    text.extend_from_slice(link);
    text.extend_from_slice(code.as_bytes());
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.expose()), &text)
        .as_ref()
        .to_vec()
}
