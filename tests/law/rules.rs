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
        "art_4_7",
        "Art. 4(7) GDPR",
        "Who runs the software is the controller of what is in it",
        &["src/domain/misdirection.rs"],
    ),
    rule(
        "art_5_1_e",
        "Art. 5(1)(e) GDPR",
        "What is kept has a rule that can be counted, and goes when it is over",
        &["src/domain/law/kept.rs", "src/domain/law/period.rs"],
    ),
    rule(
        "art_8",
        "Art. 8 GDPR",
        "The line of sixteen is about consent to services and takes no right from anybody",
        &["src/domain/standing.rs"],
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
        "art_11_2",
        "Art. 11(2) GDPR",
        "Who cannot be identified is told what would help",
        &["src/letters/check/rules.rs"],
    ),
    rule(
        "art_12_2",
        "Art. 12(2) GDPR",
        "No way of asking is closed: what comes by one that is not offered counts",
        &["src/domain/channels.rs", "src/domain/arrival.rs"],
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
        "Unfounded or excessive: two written elements with evidence, never by a rule alone; a fee is told and agreed to before",
        &[
            "src/domain/weighing.rs",
            "src/domain/fee.rs",
            "config/law.toml",
        ],
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
        "art_14",
        "Art. 14 GDPR",
        "A person whose data came from elsewhere is told within a month: source, purposes, periods, rights",
        &["src/domain/elsewhere.rs"],
    ),
    rule(
        "art_14_2",
        "Art. 14 GDPR",
        "A notice to whom the data came about from elsewhere",
        &["src/letters/check/rules.rs"],
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
        "art_16",
        "Art. 16 GDPR",
        "A correction says what stood there, what stands there now, and the person's own statement",
        &["src/domain/measure.rs", "src/words/measures.rs"],
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
        "art_18_3",
        "Art. 18(3) GDPR",
        "A restriction ends only after the person was told, and not before the day that the notice names",
        &["src/domain/lifting.rs"],
    ),
    rule(
        "art_19",
        "Art. 19 GDPR",
        "Each recipient is told before the answer leaves",
        &["src/domain/notice.rs", "src/domain/notice/owed.rs"],
    ),
    rule(
        "art_17_2",
        "Art. 17(2) GDPR",
        "Each place where erased data were public, and search engines, are told",
        &["src/domain/notice/owed.rs"],
    ),
    rule(
        "art_20_2",
        "Art. 20(2) GDPR",
        "The answer says whether the data went straight to another controller, or why that is not feasible",
        &["src/domain/measure.rs", "src/letters/check/answer.rs"],
    ),
    rule(
        "art_28_4",
        "Art. 28(4) GDPR",
        "Who works for a processor is instructed through it",
        &["src/domain/notice/owed.rs"],
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
        "art_28_3",
        "Art. 28(3)(e) GDPR",
        "What belongs to a customer is forwarded, with both notices",
        &["src/domain/forwarding.rs", "src/letters/check/rules.rs"],
    ),
    rule(
        "art_22_3",
        "Art. 22(3) GDPR",
        "A person looked at it, heard the data subject, and says what came of it",
        &["src/domain/measure.rs"],
    ),
    rule(
        "art_31",
        "Art. 31 GDPR",
        "A letter of an authority has the date that it sets",
        &["src/domain/matter.rs"],
    ),
    rule(
        "art_33_1",
        "Art. 33(1) GDPR",
        "72 hours from knowledge, over weekends and holidays; a late notice says why",
        &["src/domain/breach.rs"],
    ),
    rule(
        "art_33_3",
        "Art. 33(3) GDPR",
        "Every part of the notice is asked for; a decider decides",
        &["src/domain/breach.rs"],
    ),
    rule(
        "art_33_5",
        "Art. 33(5) GDPR",
        "A breach is recorded with its facts and its day",
        &["src/domain/breach.rs"],
    ),
    rule(
        "art_34",
        "Art. 34 GDPR",
        "Nothing is closed before it is decided whether the persons are told",
        &["src/domain/breach.rs"],
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
        "art_58_1",
        "Art. 58(1) GDPR",
        "One file for the authority, with the letters as they were sent",
        &["src/casework/dossier.rs"],
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
        "sec_35_3_bdsg",
        "sec. 35(3) BDSG",
        "What had to stay comes back on its day, and goes only after a fresh look",
        &["src/domain/followup.rs"],
    ),
    rule(
        "sec_174_bgb",
        "sec. 174 BGB by analogy",
        "A mandate without its original is rejected at once or not at all",
        &["src/domain/mandate.rs"],
    ),
    rule(
        "sec_1815_bgb",
        "sec. 1815 BGB",
        "A guardian's task area must cover the request",
        &["src/domain/standing.rs"],
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
        "rec_27",
        "Recital 27 GDPR",
        "The dead, companies and others without a right: a short letter that discloses nothing",
        &["src/domain/misdirection.rs", "src/domain/standing.rs"],
    ),
    rule(
        "rec_63",
        "Recital 63 GDPR",
        "A question about the scope holds up only what gives out data",
        &["src/domain/deadline/pause.rs"],
    ),
];
