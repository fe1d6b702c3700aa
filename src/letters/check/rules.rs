//! What a letter must hold: each element with the provision that demands it, and whether a decider may do without.

/// An element that the law, or this house, demands of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The stable name of its gap.
    pub code: &'static str,
    /// The provision.
    pub article: &'static str,
    /// What it demands.
    pub demands: &'static str,
    /// Whether a decider may release without it, with a written reason.
    pub overridable: bool,
}

const fn may(code: &'static str, article: &'static str, demands: &'static str) -> Rule {
    Rule {
        code,
        article,
        demands,
        overridable: true,
    }
}

/// Identity, remedies, the controller, and what must never be said: no reason helps.
const fn never(code: &'static str, article: &'static str, demands: &'static str) -> Rule {
    Rule {
        code,
        article,
        demands,
        overridable: false,
    }
}

/// Every element that is proved.
pub const RULES: [Rule; 68] = [
    never(
        "gap-controller",
        "Art. 12(1), 13(1)(a)",
        "the controller with name, address and e-mail address",
    ),
    never(
        "gap-authority",
        "Art. 12(4), 15(1)(f)",
        "the supervisory authority with its address",
    ),
    never("gap-court", "Art. 12(4), 79", "the way to court"),
    never("gap-complaint", "Art. 12(4), 77", "the right to complain"),
    may(
        "gap-case",
        "Art. 5(2)",
        "the case number and the day of receipt",
    ),
    may("gap-due", "Art. 12(3)", "the day by which the answer comes"),
    may(
        "gap-link",
        "Art. 12(2)",
        "the link that the message is about",
    ),
    never("gap-code", "Art. 12(6)", "the code and until when it holds"),
    never(
        "gap-identity",
        "Art. 12(6)",
        "the concrete doubt and what would settle it",
    ),
    may(
        "gap-id-copy",
        "Art. 5(1)(c), § 20 PAuswG",
        "that no copy of an identity document is wanted, or how to blacken it",
    ),
    may("gap-asked", "Art. 12(4)", "when the proof was asked for"),
    may(
        "gap-resume",
        "Art. 11(2), 12(2)",
        "that the matter can be taken up again at any time",
    ),
    may(
        "gap-clarification",
        "Rec. 63",
        "that a great deal is held, and the areas to choose from",
    ),
    may(
        "gap-insist",
        "Rec. 63",
        "that everything may be insisted on",
    ),
    may(
        "gap-clock",
        "Art. 12(3)",
        "what the question means for the period",
    ),
    never(
        "gap-mandate",
        "§§ 164, 174 BGB",
        "what the mandate lacks and what would suffice",
    ),
    never(
        "gap-child",
        "Art. 12(2), 6(1)(f)",
        "the child and the parent by name",
    ),
    never(
        "gap-silence",
        "Art. 12(6), 32",
        "that nothing is said on whether data are held",
    ),
    may("gap-elsewhere", "Art. 12(2)", "whom to turn to instead"),
    may(
        "gap-channel",
        "Art. 12(2)",
        "the controller's sentence on the channel, and the channels that are open",
    ),
    may(
        "gap-forwarding",
        "Art. 28(3)(e)",
        "the day on which it was passed on",
    ),
    never(
        "gap-requester",
        "Art. 28(3)(e)",
        "the person and the rights that are exercised",
    ),
    may(
        "gap-help",
        "Art. 28(3)(e)",
        "the help that the processor offers",
    ),
    may(
        "gap-instruction",
        "Art. 28(3)",
        "the instruction, the provision it may infringe, and the doubt",
    ),
    may(
        "gap-extension",
        "Art. 12(3)",
        "the new date and the concrete reasons",
    ),
    may("gap-words", "Art. 12(1)", "the words that were written"),
    may("gap-interim", "Art. 12(1)", "what is done and what is open"),
    may(
        "gap-missing",
        "Art. 12(3), (4)",
        "what is missing, why, and by when it comes",
    ),
    may("gap-enclosed", "Art. 15(3)", "what is enclosed"),
    never(
        "gap-claims-all",
        "Art. 15(1)",
        "no word that it is complete",
    ),
    may(
        "gap-decisions",
        "Art. 12(3)",
        "a decision on what was asked for",
    ),
    may(
        "gap-grounds",
        "Art. 12(4)",
        "the reasons of a no: the provision and why it applies here",
    ),
    may("gap-findings", "Art. 15(1)", "what was found"),
    may("gap-categories", "Art. 15(1)(b)", "the categories of data"),
    may("gap-category", "Art. 15(1)(b)", "a name for each category"),
    may(
        "gap-purposes",
        "Art. 15(1)(a)",
        "the purposes of each category",
    ),
    may(
        "gap-retention",
        "Art. 15(1)(d)",
        "the period of each category, or its criteria",
    ),
    may("gap-source", "Art. 15(1)(g)", "the source"),
    may("gap-place", "Art. 15(1)(c)", "the place of each system"),
    may(
        "gap-recipient",
        "Art. 15(1)(c)",
        "the recipients by name, with their country",
    ),
    may(
        "gap-operator",
        "Art. 4(9), 15(1)(c)",
        "whoever runs a system, among the recipients",
    ),
    may(
        "gap-guarantee",
        "Art. 15(2), 46",
        "the guarantee for each third country",
    ),
    may(
        "gap-rights",
        "Art. 15(1)(e)",
        "the rights to rectification, erasure, restriction and objection",
    ),
    may(
        "gap-automated",
        "Art. 15(1)(h)",
        "automated decisions, or that there are none",
    ),
    may("gap-copy", "Art. 15(3)", "the copy of the data"),
    may(
        "gap-completeness",
        "Art. 15(1)",
        "the statement that the answer is complete, or that it is a part",
    ),
    may(
        "gap-searched",
        "Art. 15(1)",
        "what was searched, and with which proven identifiers",
    ),
    may(
        "gap-more",
        "Art. 12(2)",
        "the offer to search with further identifiers",
    ),
    may(
        "gap-left-out",
        "Art. 15(4), 12(4)",
        "what was left out, and why",
    ),
    may("gap-done", "Art. 12(3)", "what was done, where and when"),
    may("gap-remains", "Art. 17(3), 18", "what remains, and why"),
    may(
        "gap-remains-end",
        "Art. 5(1)(e)",
        "until when it remains: a date, or what has to happen first",
    ),
    may("gap-from", "Art. 12(3)", "from when it holds"),
    may(
        "gap-before-lifting",
        "Art. 18(3)",
        "that the person is told before the restriction is lifted",
    ),
    may(
        "gap-block-list",
        "Art. 21(3)",
        "the entry that keeps advertising away, and what may still arrive",
    ),
    may(
        "gap-lawful",
        "Art. 7(3)",
        "that what came before stays lawful",
    ),
    may(
        "gap-format",
        "Art. 20(1)",
        "the data in a machine-readable format",
    ),
    may(
        "gap-transfer",
        "Art. 20(2)",
        "whether the data went straight to another controller, or why not",
    ),
    may(
        "gap-stays",
        "Art. 20(3)",
        "that the data are not erased by being handed over",
    ),
    may("gap-lifting", "Art. 18(3)", "which data, from when and why"),
    may(
        "gap-art14",
        "Art. 14(1), (2)",
        "how it came about, and which data",
    ),
    may(
        "gap-interests",
        "Art. 14(2)(b)",
        "the legitimate interests, where they are the basis",
    ),
    may(
        "gap-notice",
        "Art. 19, 17(2)",
        "who, which act, which data, since when, on which basis, what is expected and by when",
    ),
    may("gap-public", "Art. 17(2)", "where the data are public"),
    may(
        "gap-confidential",
        "Art. 5(1)(f)",
        "that the letter is confidential",
    ),
    may(
        "gap-fee",
        "Art. 12(5)(a), 15(3)",
        "how much, how it comes about and why, told before",
    ),
    may(
        "gap-excess",
        "Art. 12(5)(b)",
        "both elements, what happened and what was intended, with evidence",
    ),
    may(
        "gap-reply",
        "Art. 31, 58(1)",
        "the authority's reference, the statement and the enclosures",
    ),
];

/// The rule behind a gap.
#[must_use]
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}
