//! What is wrong with what a person typed: which field, which rule; the sentences stand in `fault.html`.

use askama::Template;

use crate::web::voice::Voice;

/// Most characters of a free text.
pub const WORDS_MAX: u64 = 10_000;
/// Most characters of a name or an e-mail address.
pub const NAME_MAX: u64 = 200;
/// Most characters of a postal address.
pub const ADDRESS_MAX: u64 = 500;
/// Most characters of what helps to find a person.
pub const ALSO_MAX: u64 = 1_000;

/// A rule that what was typed does not keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    NothingAsked,
    WordsTooLong,
    OrderMissing,
    NameMissing,
    NameTooLong,
    OtherNameMissing,
    OtherNameTooLong,
    EmailMissing,
    EmailWrong,
    AddressMissing,
    AddressTooLong,
    AlsoTooLong,
    FileTooBig,
    FileEmpty,
    /// The scanner found malware in it.
    FileHarmful,
    FilesTooMany,
    /// What was uploaded is no longer there (kept for two days).
    FilesLost,
    /// More files from one address than anybody sends.
    FilesPaused,
    MessageEmpty,
    MessageTooLong,
    /// More messages from one address than anybody writes.
    MessagesPaused,
    CodeMissing,
    CodeWrong,
    /// More codes tried from one address than anybody mistypes.
    CodePaused,
    /// The code for a proof is wrong, or out of use.
    ProofCodeWrong,
    AnswersMissing,
    FilesMissing,
    /// Somebody has to look first at what came.
    ProofFull,
    /// More from one address than anybody sends.
    ProofPaused,
    /// The owner of a system said nothing of what came out.
    OutcomeMissing,
    /// Nothing is said of what was found, and no file shows it.
    FoundMissing,
    /// Nothing is said of where was searched.
    SearchedMissing,
    /// Nothing is said of why it could not be done.
    BecauseMissing,
    /// Files with an answer that finds nothing.
    FilesUnexplained,
    /// The scanner found malware in what an owner uploaded.
    FindingHarmful,
    /// The page lay open for days, or its key is not ours.
    PageOld,
}

impl Fault {
    /// The field it belongs to: its `id` on the page.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::NothingAsked => "wish",
            Self::WordsTooLong => "words",
            Self::OrderMissing => "order",
            Self::NameMissing | Self::NameTooLong => "name",
            Self::OtherNameMissing | Self::OtherNameTooLong => "other_name",
            Self::EmailMissing | Self::EmailWrong => "email",
            Self::AddressMissing | Self::AddressTooLong => "address",
            Self::AlsoTooLong => "also",
            Self::FileTooBig
            | Self::FileEmpty
            | Self::FileHarmful
            | Self::FilesTooMany
            | Self::FilesLost
            | Self::FilesMissing
            | Self::FilesUnexplained
            | Self::FindingHarmful
            | Self::FilesPaused => "files",
            Self::OutcomeMissing => "outcome",
            Self::FoundMissing | Self::SearchedMissing | Self::BecauseMissing => "message",
            Self::AnswersMissing => "answers",
            Self::MessageEmpty | Self::MessageTooLong | Self::MessagesPaused => "message",
            Self::CodeMissing | Self::CodeWrong | Self::CodePaused | Self::ProofCodeWrong => "code",
            Self::PageOld | Self::ProofFull | Self::ProofPaused => "main",
        }
    }

    /// What is wrong and how to put it right, in the reader's language.
    #[must_use]
    pub fn say<'a>(&self, p: &'a Voice) -> Sentence<'a> {
        Sentence { p, fault: *self }
    }
}

/// The sentence for one fault.
#[derive(Template)]
#[template(path = "public/fault.html")]
pub struct Sentence<'a> {
    p: &'a Voice,
    fault: Fault,
}

/// All faults of one page, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Is there any? Then the title says so and the summary stands on top.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// The first fault of a field.
    #[must_use]
    pub fn at(&self, field: &str) -> Option<&Fault> {
        self.0.iter().find(|fault| fault.field() == field)
    }

    /// Ties a control or a group to its hint, its fault, or both, for those who listen.
    #[must_use]
    pub fn about(&self, field: &str, hint: bool) -> String {
        match (hint, self.at(field).is_some()) {
            (false, false) => String::new(),
            (true, false) => format!(" aria-describedby=\"{field}-hint\""),
            (false, true) => format!(" aria-describedby=\"{field}-error\""),
            (true, true) => format!(" aria-describedby=\"{field}-hint {field}-error\""),
        }
    }

    /// The same for a single control, which can also be marked as invalid.
    #[must_use]
    pub fn aria(&self, field: &str, hint: bool) -> String {
        let invalid = if self.at(field).is_some() {
            " aria-invalid=\"true\""
        } else {
            ""
        };
        self.about(field, hint) + invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;

    #[test]
    fn a_sentence_is_one_line_of_plain_text_in_both_languages() {
        for lang in [Lang::De, Lang::En] {
            let voice = Voice { lang, du: false };
            for fault in [
                Fault::NothingAsked,
                Fault::EmailWrong,
                Fault::WordsTooLong,
                Fault::PageOld,
                Fault::FileHarmful,
                Fault::FilesPaused,
                Fault::MessagesPaused,
                Fault::CodePaused,
                Fault::ProofCodeWrong,
                Fault::AnswersMissing,
                Fault::FilesMissing,
                Fault::ProofFull,
                Fault::ProofPaused,
                Fault::OutcomeMissing,
                Fault::FoundMissing,
                Fault::SearchedMissing,
                Fault::BecauseMissing,
                Fault::FilesUnexplained,
                Fault::FindingHarmful,
            ] {
                let said = fault.say(&voice).to_string();
                assert!(
                    said.ends_with('.') && !said.contains(['\n', '<', '&']),
                    "{said:?}"
                );
            }
        }
    }

    #[test]
    fn a_control_names_its_hint_before_its_fault() {
        let faults = Faults(vec![Fault::EmailWrong]);
        assert_eq!(
            faults.aria("email", true),
            " aria-describedby=\"email-hint email-error\" aria-invalid=\"true\""
        );
        assert_eq!(faults.aria("name", false), "");
    }
}
