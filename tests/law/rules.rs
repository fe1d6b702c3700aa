//! The rules, by article. What is added here needs a test named after it, and a file in which it stands.

/// What the program makes of an article.
#[derive(Debug)]
pub struct Rule {
    /// How the names of its tests begin.
    pub prefix: &'static str,
    /// The article.
    pub article: &'static str,
    /// The rule in words.
    pub says: &'static str,
    /// The files in which it stands.
    pub stands: &'static [&'static str],
}

const fn rule(
    prefix: &'static str,
    article: &'static str,
    says: &'static str,
    stands: &'static [&'static str],
) -> Rule {
    Rule {
        prefix,
        article,
        says,
        stands,
    }
}

/// All rules, in the order of the law.
pub const RULES: &[Rule] = &[
    rule(
        "art_5_1_c",
        "Art. 5(1)(c) GDPR",
        "A proof is no more than the doubt needs, no routine, and destroyed once it is weighed",
        &[
            "src/domain/identity/doubt.rs",
            "src/domain/identity/proof.rs",
        ],
    ),
    rule(
        "art_5_1_e",
        "Art. 5(1)(e) GDPR",
        "What is kept has a rule that can be counted, and goes when it is over",
        &["src/domain/law/kept.rs", "src/domain/law/period.rs"],
    ),
    rule(
        "art_9",
        "Art. 9(2) GDPR",
        "Special categories need one of the cases of paragraph 2",
        &["src/domain/question.rs"],
    ),
    rule(
        "art_11",
        "Art. 11(2) GDPR",
        "Data that belong to nobody who can be told: Art. 15 to 20 end, with what would help",
        &["src/domain/identity/proof.rs"],
    ),
    rule(
        "art_12_3",
        "Art. 12(3) GDPR",
        "One month from receipt; extended only inside it, with reasons, once; late answers say why",
        &["src/domain/deadline.rs", "src/domain/term.rs"],
    ),
    rule(
        "art_12_4",
        "Art. 12(4) GDPR",
        "No no without its ground, the authority and the court",
        &["src/domain/decision.rs", "config/law.toml"],
    ),
    rule(
        "art_12_5",
        "Art. 12(5) GDPR",
        "Unfounded or excessive: two written elements with evidence, never by a rule alone",
        &["src/domain/weighing.rs", "config/law.toml"],
    ),
    rule(
        "art_12_6",
        "Art. 12(6) GDPR",
        "Proof of identity only on a reasonable doubt, by the weakest means that suffices",
        &[
            "src/domain/identity.rs",
            "src/domain/identity/ladder.rs",
            "src/domain/identity/on_file.rs",
        ],
    ),
    rule(
        "art_15",
        "Art. 15(1) GDPR",
        "Access: every system is asked, the answer says all of (a) to (h)",
        &["src/domain/collection.rs", "src/letters/check/mod.rs"],
    ),
    rule(
        "art_15_1_d",
        "Art. 15(1)(d) GDPR",
        "A period or its criteria for each category",
        &["src/domain/register.rs", "src/domain/question.rs"],
    ),
    rule(
        "art_15_4",
        "Art. 15(4) GDPR",
        "What touches the rights of others is made illegible, and the answer says so",
        &["src/domain/judgement.rs"],
    ),
    rule(
        "art_17",
        "Art. 17 GDPR",
        "Each category is judged on its own; three questions before anything is erased",
        &["src/domain/judgement.rs", "src/domain/weighing.rs"],
    ),
    rule(
        "art_17_1",
        "Art. 17(1) GDPR",
        "Anonymous is only what nobody can undo; somebody says how",
        &["src/domain/judgement.rs"],
    ),
    rule(
        "art_17_3",
        "Art. 17(3) GDPR, sec. 35 BDSG",
        "Exceptions from erasure, each with what must be written and until when",
        &["config/law.toml"],
    ),
    rule(
        "art_18",
        "Art. 18 GDPR",
        "Restriction acts at once; the answer goes to a proven person only",
        &["src/domain/right.rs", "src/domain/item.rs"],
    ),
    rule(
        "art_19",
        "Art. 19 GDPR",
        "Each recipient is told before the answer leaves",
        &["src/domain/register.rs"],
    ),
    rule(
        "art_21_1",
        "Art. 21(1) GDPR",
        "An objection is refused only on grounds that compel, demonstrated",
        &["src/domain/weighing.rs"],
    ),
    rule(
        "art_21_2",
        "Art. 21(2) GDPR",
        "Objection to direct marketing: absolute, no ground against it",
        &["src/domain/right.rs", "config/law.toml"],
    ),
    rule(
        "art_21_3",
        "Art. 21(3) GDPR",
        "Marketing stops at once, in every sending system; service mails are told apart",
        &["src/domain/register.rs", "src/domain/right.rs"],
    ),
    rule(
        "art_38_1",
        "Art. 38(1) GDPR",
        "The data protection officer, where there is one, is heard before a no",
        &["src/domain/weighing.rs"],
    ),
    rule(
        "art_44",
        "Art. 44 GDPR",
        "Whether data leave the EEA follows from their country, the operator's seat and who works for it",
        &["src/domain/register.rs"],
    ),
    rule(
        "art_46",
        "Art. 46 GDPR",
        "Outside of the EEA and adequate countries a guarantee is owed",
        &["src/domain/law.rs", "src/domain/question.rs"],
    ),
    rule(
        "art_77",
        "Art. 77 GDPR",
        "The authority by the seat of the controller",
        &["src/domain/law.rs", "config/law.toml"],
    ),
    rule(
        "art_97_sec_19a_egao",
        "Art. 97 sec. 19a(2) EGAO",
        "Eight years for vouchers whose older period still ran on 1 January 2025",
        &["src/domain/law/kept.rs", "config/law.toml"],
    ),
    rule(
        "sec_257_hgb",
        "sec. 257 HGB",
        "Books ten years, commercial letters six, from the end of the calendar year",
        &["src/domain/law/kept.rs", "config/law.toml"],
    ),
    rule(
        "sec_147_ao",
        "sec. 147 AO",
        "Vouchers eight years (banks ten), other tax documents six; not while the tax is open",
        &["src/domain/law/kept.rs", "config/law.toml"],
    ),
    rule(
        "sec_31_owig",
        "sec. 31(2) no. 1 OWiG, secs. 195, 199 BGB",
        "The case file goes on 1 January of the closing year and four",
        &["src/domain/law/kept.rs", "config/law.toml"],
    ),
    rule(
        "sec_61b_arbgg",
        "sec. 15(4) AGG, sec. 61b ArbGG",
        "Applicants: so many months after the rejection",
        &["src/domain/law/kept.rs", "config/law.toml"],
    ),
    rule(
        "rec_63",
        "Recital 63 GDPR",
        "A question about the scope holds up only what gives out data",
        &["src/domain/deadline/pause.rs"],
    ),
];
