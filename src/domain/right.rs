//! What a person can ask for: the rights of Art. 15 to 22 and 7(3) GDPR.

use serde::{Deserialize, Serialize};

use super::reminder::Rhythm;

/// A right of the data subject; an item of a case is one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Right {
    /// Art. 15 GDPR: to know what is held, and a copy of it.
    #[serde(rename = "15")]
    Access,
    /// Art. 16 GDPR: to have what is wrong put right.
    #[serde(rename = "16")]
    Rectification,
    /// Art. 17 GDPR: to have data erased.
    #[serde(rename = "17")]
    Erasure,
    /// Art. 18 GDPR: to have data kept but not used.
    #[serde(rename = "18")]
    Restriction,
    /// Art. 20 GDPR: to take along what was provided.
    #[serde(rename = "20")]
    Portability,
    /// Art. 21(1) GDPR: to object for reasons of one's own situation.
    #[serde(rename = "21(1)")]
    Objection,
    /// Art. 21(2) GDPR: to object to direct marketing; absolute.
    #[serde(rename = "21(2)")]
    MarketingObjection,
    /// Art. 22 GDPR: to have a person look at an automated decision.
    #[serde(rename = "22")]
    HumanReview,
    /// Art. 7(3) GDPR: to withdraw consent.
    #[serde(rename = "7(3)")]
    Withdrawal,
}

impl Right {
    /// Every right, in the order of the law's articles with the withdrawal last.
    pub const ALL: [Right; 9] = [
        Right::Access,
        Right::Rectification,
        Right::Erasure,
        Right::Restriction,
        Right::Portability,
        Right::Objection,
        Right::MarketingObjection,
        Right::HumanReview,
        Right::Withdrawal,
    ];

    /// The article as the office writes it: `15`, `21(2)`, `7(3)`.
    pub fn code(self) -> &'static str {
        match self {
            Right::Access => "15",
            Right::Rectification => "16",
            Right::Erasure => "17",
            Right::Restriction => "18",
            Right::Portability => "20",
            Right::Objection => "21(1)",
            Right::MarketingObjection => "21(2)",
            Right::HumanReview => "22",
            Right::Withdrawal => "7(3)",
        }
    }

    /// The right with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Right> {
        Right::ALL.into_iter().find(|right| right.code() == code)
    }

    /// One bit per right, for the queue's filter.
    pub fn bit(self) -> i32 {
        match self {
            Right::Access => 1,
            Right::Rectification => 1 << 1,
            Right::Erasure => 1 << 2,
            Right::Restriction => 1 << 3,
            Right::Portability => 1 << 4,
            Right::Objection => 1 << 5,
            Right::MarketingObjection => 1 << 6,
            Right::HumanReview => 1 << 7,
            Right::Withdrawal => 1 << 8,
        }
    }

    /// The rights whose bits are set.
    pub fn from_bits(bits: i32) -> Vec<Right> {
        Right::ALL
            .into_iter()
            .filter(|right| bits & right.bit() != 0)
            .collect()
    }

    /// Whether the answer gives data out (then a proof of identity stands before it).
    pub fn discloses(self) -> bool {
        matches!(self, Right::Access | Right::Portability)
    }

    /// Whether the act changes or destroys data.
    pub fn alters(self) -> bool {
        matches!(self, Right::Rectification | Right::Erasure)
    }

    /// Whether recipients are told of the act (Art. 19 GDPR).
    pub fn is_told_on(self) -> bool {
        matches!(
            self,
            Right::Rectification | Right::Erasure | Right::Restriction
        )
    }

    /// Whether the act never waits for a proof of identity where the address on file writes. What the answer
    /// to it may tell is another question: [`Right::answered_unproven`].
    pub fn never_waits(self) -> bool {
        matches!(
            self,
            Right::MarketingObjection | Right::Withdrawal | Right::Restriction
        )
    }

    /// Whether the answer itself needs no proof either: it says nothing beside the very address that wrote.
    pub fn answered_unproven(self) -> bool {
        matches!(self, Right::MarketingObjection | Right::Withdrawal)
    }

    /// The target for the act itself; product policy beside the month of Art. 12(3) GDPR.
    pub fn rhythm(self) -> Rhythm {
        match self {
            Right::MarketingObjection | Right::Withdrawal | Right::Restriction => Rhythm::AtOnce,
            Right::Rectification => Rhythm::Week,
            Right::Erasure | Right::Objection => Rhythm::Fortnight,
            Right::Access | Right::Portability | Right::HumanReview => Rhythm::Month,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Right;

    #[test]
    fn every_right_has_its_own_code_and_bit_and_is_found_by_them() {
        let mut bits = 0;
        for right in Right::ALL {
            assert_eq!(Right::from_code(right.code()), Some(right));
            assert_eq!(bits & right.bit(), 0);
            bits |= right.bit();
        }
        assert_eq!(Right::from_bits(bits), Right::ALL.to_vec());
        assert_eq!(Right::from_code("13"), None);
    }
}
