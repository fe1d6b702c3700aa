//! What an answer lacked when it was released, and why the decider let it go.

use serde::{Deserialize, Serialize};

use super::obstacle::Obstacle;
use super::private::Private;

/// An answer that left without something that the law demands. The dossier shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// What is missing, as the sentences that the decider read.
    pub gaps: Vec<Private<String>>,
    /// Why it left all the same; never empty.
    pub because: Private<String>,
}

impl Lacking {
    /// What is known of an answer that is to leave: nothing is missing, or somebody says why it leaves anyway.
    ///
    /// `barred` is what no reason helps against: identity, remedies, the controller.
    ///
    /// # Errors
    /// Something barred is missing, or anything is and no reason is given.
    pub fn weigh(
        barred: Vec<String>,
        gaps: Vec<String>,
        because: &str,
    ) -> Result<Option<Lacking>, Obstacle> {
        let because = because.trim();
        if !barred.is_empty() {
            return Err(Obstacle::LetterIncomplete { gaps: barred });
        }
        if gaps.is_empty() {
            return Ok(None);
        }
        if because.is_empty() {
            return Err(Obstacle::LetterIncomplete { gaps });
        }
        Ok(Some(Lacking {
            gaps: gaps.into_iter().map(Into::into).collect(),
            because: because.into(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn art_12_4_no_reason_helps_where_remedies_are_missing() {
        let barred = || vec!["no authority".to_owned()];
        let gaps = || vec!["no period".to_owned()];
        assert!(Lacking::weigh(barred(), gaps(), "because").is_err());
        assert!(Lacking::weigh(vec![], gaps(), "  ").is_err());
        assert_eq!(Lacking::weigh(vec![], vec![], "because"), Ok(None));
        let lacking = Lacking::weigh(vec![], gaps(), " because ")
            .unwrap()
            .unwrap();
        assert_eq!(lacking.because.reveal(), "because");
        assert_eq!(lacking.gaps.len(), 1);
    }
}
