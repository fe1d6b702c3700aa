//! The built-in letter texts, and the operator's own in their place.

use std::path::Path;

use minijinja::{Environment, Error, ErrorKind};

macro_rules! texts {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../texts/", $name)))),*]
    };
}

/// Every text by name.
pub(super) const TEXTS: &[(&str, &str)] = texts![
    "de/access-du.txt",
    "de/access-sie.txt",
    "de/answer-du.txt",
    "de/answer-sie.txt",
    "de/answer_ready-du.txt",
    "de/answer_ready-sie.txt",
    "de/checkpoint.txt",
    "de/closing-du.txt",
    "de/closing-sie.txt",
    "de/code-du.txt",
    "de/code-sie.txt",
    "de/confirm-du.txt",
    "de/confirm-sie.txt",
    "de/contact-du.txt",
    "de/contact-sie.txt",
    "de/digest.txt",
    "de/done-du.txt",
    "de/done-sie.txt",
    "de/erasure-du.txt",
    "de/erasure-sie.txt",
    "de/extension-du.txt",
    "de/extension-sie.txt",
    "de/greeting-du.txt",
    "de/greeting-sie.txt",
    "de/grounds-du.txt",
    "de/grounds-sie.txt",
    "de/human_review-du.txt",
    "de/human_review-sie.txt",
    "de/identity_demand-du.txt",
    "de/identity_demand-sie.txt",
    "de/marketing-du.txt",
    "de/marketing-sie.txt",
    "de/nothing-du.txt",
    "de/nothing-sie.txt",
    "de/notice.txt",
    "de/objection-du.txt",
    "de/objection-sie.txt",
    "de/other-du.txt",
    "de/other-sie.txt",
    "de/portability-du.txt",
    "de/portability-sie.txt",
    "de/receipt-du.txt",
    "de/receipt-sie.txt",
    "de/receipt_post-du.txt",
    "de/receipt_post-sie.txt",
    "de/received-du.txt",
    "de/received-sie.txt",
    "de/rectification-du.txt",
    "de/rectification-sie.txt",
    "de/remains-du.txt",
    "de/remains-sie.txt",
    "de/remedies-du.txt",
    "de/remedies-sie.txt",
    "de/restriction-du.txt",
    "de/restriction-sie.txt",
    "de/searched-du.txt",
    "de/searched-sie.txt",
    "de/told-du.txt",
    "de/told-sie.txt",
    "de/withdrawal-du.txt",
    "de/withdrawal-sie.txt",
    "en/access.txt",
    "en/answer.txt",
    "en/answer_ready.txt",
    "en/closing.txt",
    "en/code.txt",
    "en/confirm.txt",
    "en/contact.txt",
    "en/done.txt",
    "en/erasure.txt",
    "en/extension.txt",
    "en/greeting.txt",
    "en/grounds.txt",
    "en/human_review.txt",
    "en/identity_demand.txt",
    "en/marketing.txt",
    "en/nothing.txt",
    "en/objection.txt",
    "en/other.txt",
    "en/portability.txt",
    "en/receipt.txt",
    "en/receipt_post.txt",
    "en/received.txt",
    "en/rectification.txt",
    "en/remains.txt",
    "en/remedies.txt",
    "en/restriction.txt",
    "en/searched.txt",
    "en/told.txt",
    "en/withdrawal.txt",
];

/// The text of that name: the operator's own, else ours.
pub(super) fn load(overrides: Option<&Path>, name: &str) -> Result<Option<String>, Error> {
    let Some((_, ours)) = TEXTS.iter().find(|(ours, _)| *ours == name) else {
        return Ok(None);
    };
    // Only names that we know are looked for, so no name can lead out of the folder.
    if let Some(folder) = overrides {
        match std::fs::read_to_string(folder.join(name)) {
            Ok(own) => {
                return Ok(Some(
                    own.replace("\r\n", "\n")
                        .trim_start_matches('\u{FEFF}')
                        .to_owned(),
                ));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(Error::new(
                    ErrorKind::InvalidOperation,
                    format!("cannot be read: {error}"),
                ));
            }
        }
    }
    Ok(Some((*ours).to_owned()))
}

/// The source of a text as it was loaded.
pub(super) fn source(texts: &Environment<'_>, name: &str) -> Result<String, Error> {
    Ok(texts.get_template(name)?.source().to_owned())
}
