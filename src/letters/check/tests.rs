//! Each missing element is noticed, and the sample lacks none.

use super::*;
use crate::letters::facts::{Outcome, RemainFacts};
use crate::letters::press::{Address, Press, PressError};

fn codes(kind: Kind, facts: &Facts) -> Vec<&'static str> {
    check(kind, facts).into_iter().map(|gap| gap.code).collect()
}

#[test]
fn the_samples_lack_nothing() {
    for lang in [Lang::De, Lang::En] {
        let facts = Facts::sample(lang).unwrap();
        for kind in Kind::ALL {
            assert_eq!(check(kind, &facts), [], "{kind:?} {lang:?}");
        }
    }
}

#[test]
fn each_missing_element_is_named() {
    type Spoil = fn(&mut Facts);
    let spoilt: [(&str, Spoil); 17] = [
        ("gap-controller", |facts| facts.controller.address.clear()),
        ("gap-authority", |facts| {
            facts.controller.authority.address.clear()
        }),
        ("gap-case", |facts| facts.case.received_on.clear()),
        ("gap-decisions", |facts| facts.decisions.clear()),
        ("gap-grounds", |facts| {
            facts.decisions.iter_mut().for_each(|decision| {
                decision.grounds.clear();
                decision.remains.clear();
            })
        }),
        ("gap-findings", |facts| facts.findings.clear()),
        ("gap-categories", |facts| {
            facts.findings[0].categories.clear()
        }),
        ("gap-purposes", |facts| {
            facts.findings[0].categories[0].purposes.clear()
        }),
        ("gap-retention", |facts| {
            facts.findings[0].categories[0].retention.clear()
        }),
        ("gap-source", |facts| facts.findings[0].source.clear()),
        ("gap-recipient", |facts| facts.recipients[0].name.clear()),
        ("gap-operator", |facts| facts.recipients.clear()),
        ("gap-copy", |facts| facts.package = None),
        ("gap-completeness", |facts| facts.complete = false),
        ("gap-searched", |facts| facts.searched_with.clear()),
        ("gap-done", |facts| {
            facts
                .decisions
                .iter_mut()
                .for_each(|decision| decision.done.clear())
        }),
        ("gap-from", |facts| {
            facts
                .decisions
                .iter_mut()
                .for_each(|decision| decision.from = None)
        }),
    ];
    for (code, spoil) in spoilt {
        let mut facts = Facts::sample(Lang::De).unwrap();
        spoil(&mut facts);
        assert!(
            codes(Kind::Answer, &facts).contains(&code),
            "{code} is not noticed"
        );
    }
}

#[test]
fn a_part_on_purpose_and_a_rest_with_its_reason_may_go() {
    let mut facts = Facts::sample(Lang::De).unwrap();
    facts.complete = false;
    facts.part = true;
    for decision in &mut facts.decisions {
        decision.grounds.clear();
        decision.outcome = Outcome::Partly;
        decision.remains = vec![RemainFacts {
            what: "Rechnungen".into(),
            why: "aufzubewahren (§ 147 AO)".into(),
            ..RemainFacts::default()
        }];
    }
    let codes = codes(Kind::Answer, &facts);
    assert!(
        !codes.contains(&"gap-completeness") && !codes.contains(&"gap-grounds"),
        "{codes:?}"
    );
}

#[test]
fn every_gap_has_its_sentence() {
    for rule in RULES {
        for lang in Lang::ALL {
            assert_ne!(phrase(lang, rule.code), rule.code);
        }
    }
}

/// Facts as they would be, with one thing changed.
fn changed(change: impl Fn(&mut Facts)) -> Facts {
    let mut facts = Facts::sample(Lang::De).unwrap();
    change(&mut facts);
    facts
}

/// What the built-in German wording loses of these facts.
fn lost(kind: Kind, facts: &Facts) -> Vec<&'static str> {
    let press = Press::new(None);
    let printed = press.print(kind, Lang::De, Address::Sie, facts).unwrap();
    prove(&printed, facts)
        .into_iter()
        .map(|gap| gap.code)
        .collect()
}

#[test]
fn art_12_4_every_no_names_the_authority_and_the_court() {
    let press = Press::new(None);
    for (lang, form) in [
        (Lang::De, Address::Sie),
        (Lang::De, Address::Du),
        (Lang::En, Address::Sie),
    ] {
        let facts = Facts::sample(lang).unwrap();
        for kind in Kind::ALL.into_iter().filter(|kind| kind.names_remedies()) {
            let text = press.print(kind, lang, form, &facts).unwrap().text;
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for said in [
                facts.controller.authority.name.as_str(),
                facts.controller.authority.address[0].as_str(),
                if lang == Lang::De {
                    "beschwer"
                } else {
                    "complain"
                },
                if lang == Lang::De { "Gericht" } else { "court" },
            ] {
                assert!(text.contains(said), "{kind:?} {lang:?} {form:?}: {said}");
            }
        }
    }
    let without = changed(|facts| facts.controller.authority.address.clear());
    for kind in Kind::ALL.into_iter().filter(|kind| kind.names_remedies()) {
        let gaps = check(kind, &without);
        let gap = gaps.iter().find(|gap| gap.code == "gap-authority");
        assert!(gap.is_some_and(|gap| !gap.overridable()), "{kind:?}");
    }
}

#[test]
fn art_15_1_c_a_recipient_without_a_name_or_a_processor_that_is_none_holds_the_answer_up() {
    let nameless = changed(|facts| facts.recipients[0].name.clear());
    assert!(codes(Kind::Answer, &nameless).contains(&"gap-recipient"));
    let missing = changed(|facts| facts.recipients.clear());
    assert!(codes(Kind::Answer, &missing).contains(&"gap-operator"));
}

#[test]
fn art_15_1_d_criteria_are_a_period_and_silence_is_none() {
    let criteria = changed(|facts| {
        facts.findings[0].categories[0].retention = "bis zum Ende der Kundenbeziehung".into();
    });
    assert_eq!(codes(Kind::Answer, &criteria), Vec::<&str>::new());
    let silence = changed(|facts| facts.findings[0].categories[0].retention = " ".into());
    let gaps = check(Kind::Answer, &silence);
    assert_eq!(gaps.len(), 1);
    let words = gaps[0].words(Lang::De);
    for said in ["Kundenverwaltung: Name", "Speicherdauer", "Verzeichnis"] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(gaps[0].overridable());
}

#[test]
fn art_15_1_h_that_there_are_no_automated_decisions_is_said() {
    assert_eq!(
        lost(Kind::Answer, &changed(|facts| facts.automated = None)),
        Vec::<&str>::new()
    );
    let own = own_wording("de/automated-sie.txt", "");
    assert!(
        own.contains(&("de/answer-sie.txt".to_owned(), "gap-automated")),
        "{own:?}"
    );
}

#[test]
fn art_15_2_a_third_country_needs_its_guarantee() {
    let bare = changed(|facts| {
        for recipient in &mut facts.recipients {
            recipient.guarantee = None;
        }
        facts.findings[1].guarantee = None;
    });
    let gaps = check(Kind::Answer, &bare);
    let about: Vec<&str> = gaps
        .iter()
        .filter(|gap| gap.code == "gap-guarantee")
        .map(|gap| gap.about.as_str())
        .collect();
    assert_eq!(
        about,
        ["Rundbrief", "Brieftaube Versanddienste AG"],
        "and nobody in Germany"
    );
}

#[test]
fn art_15_1_a_part_names_what_is_missing_why_and_by_when() {
    for spoil in [
        |facts: &mut Facts| facts.partial.as_mut().unwrap().missing.clear(),
        |facts: &mut Facts| facts.partial.as_mut().unwrap().missing[0].why.clear(),
        |facts: &mut Facts| facts.partial.as_mut().unwrap().missing[0].until = None,
    ] {
        assert!(codes(Kind::PartialAnswer, &changed(spoil)).contains(&"gap-missing"));
    }
}

#[test]
fn art_12_3_a_word_in_between_never_claims_to_be_the_whole_answer() {
    let own = own_wording(
        "de/interim_notice-sie.txt",
        "Betreff: Stand {{ case.number }}\n\nUnsere Antwort ist vollständig, bis auf das Archiv.\n",
    );
    assert!(own.contains(&("de/interim_notice-sie.txt".to_owned(), "gap-claims-all")));
}

#[test]
fn art_15_1_a_part_never_claims_to_be_all() {
    let own = own_wording(
        "de/partial_answer-sie.txt",
        "Betreff: Antwort {{ case.number }}\n\nNach unserer Kenntnis vollständig ist ein Teil.\n",
    );
    assert!(own.contains(&("de/partial_answer-sie.txt".to_owned(), "gap-claims-all")));
    for lang in Lang::ALL {
        let facts = Facts::sample(lang).unwrap();
        let printed = Press::new(None)
            .print(Kind::PartialAnswer, lang, Address::Du, &facts)
            .unwrap();
        assert_eq!(prove(&printed, &facts), []);
    }
}

#[test]
fn art_5_1_e_what_stays_says_until_when_by_a_date_or_an_event() {
    let event = changed(|facts| {
        facts.decisions[1].remains[0].until = Some("bis der Rechtsstreit beendet ist".into());
    });
    assert_eq!(codes(Kind::Answer, &event), Vec::<&str>::new());
    let open = changed(|facts| facts.decisions[1].remains[0].until = None);
    assert_eq!(codes(Kind::Answer, &open), ["gap-remains-end"]);
}

#[test]
fn art_12_5_a_refusal_needs_both_elements_and_evidence_and_a_fee_its_costs() {
    for spoil in [
        |facts: &mut Facts| facts.excess.as_mut().unwrap().objective.clear(),
        |facts: &mut Facts| facts.excess.as_mut().unwrap().intention.clear(),
        |facts: &mut Facts| facts.excess.as_mut().unwrap().evidence.clear(),
    ] {
        assert_eq!(codes(Kind::ExcessRefusal, &changed(spoil)), ["gap-excess"]);
    }
    let free = changed(|facts| facts.fee.as_mut().unwrap().costs.clear());
    assert_eq!(codes(Kind::FeeNotice, &free), ["gap-fee"]);
}

#[test]
fn art_12_6_a_demand_names_the_doubt_and_what_would_settle_it() {
    for kind in [
        Kind::IdentityDemand,
        Kind::IdentityReminder,
        Kind::NotIdentified,
    ] {
        let facts = changed(|facts| facts.identity.as_mut().unwrap().doubt.clear());
        let gaps = check(kind, &facts);
        assert_eq!(gaps[0].code, "gap-identity");
        assert!(!gaps[0].overridable());
    }
    let copy = changed(|facts| facts.identity.as_mut().unwrap().copy = true);
    assert_eq!(lost(Kind::IdentityDemand, &copy), Vec::<&str>::new());
}

#[test]
fn art_11_2_what_would_help_is_told_and_why_it_does_not_work_must_be() {
    let helpless = changed(|facts| facts.identity.as_mut().unwrap().means.clear());
    assert_eq!(codes(Kind::NotIdentifiable, &helpless), Vec::<&str>::new());
    let silent = changed(|facts| facts.identity = None);
    assert_eq!(codes(Kind::NotIdentifiable, &silent), ["gap-identity"]);
}

#[test]
fn rec_63_a_question_on_the_scope_says_that_everything_may_be_asked_for() {
    let own = own_wording(
        "de/clarification-du.txt",
        "Betreff: Frage {{ case.number }}\n\n{{ clarification.amount }} {% for area in clarification.areas %}{{ area }}, {% endfor %}{{ case.due }} {{ controller.name }}\n",
    );
    assert_eq!(own, [("de/clarification-du.txt".to_owned(), "gap-insist")]);
}

#[test]
fn art_14_2_a_notice_names_source_interests_period_and_rights() {
    let facts = changed(|facts| facts.art14.as_mut().unwrap().source.clear());
    assert_eq!(codes(Kind::Art14Notice, &facts), ["gap-source"]);
    let facts = changed(|facts| {
        facts.art14.as_mut().unwrap().categories[0]
            .retention
            .clear()
    });
    assert_eq!(codes(Kind::Art14Notice, &facts), ["gap-retention"]);
    assert_eq!(
        lost(Kind::Art14Notice, &changed(|_| {})),
        Vec::<&str>::new()
    );
    let own = own_wording("de/rights-sie.txt", "Keine.");
    assert!(own.contains(&("de/art14_notice-sie.txt".to_owned(), "gap-rights")));
}

#[test]
fn art_18_3_a_lifting_is_told_with_its_day_and_its_reason() {
    let facts = changed(|facts| facts.lifting.as_mut().unwrap().from.clear());
    assert_eq!(codes(Kind::LiftingNotice, &facts), ["gap-lifting"]);
}

#[test]
fn art_19_a_notice_says_which_act_which_data_and_what_is_expected() {
    for kind in [
        Kind::RecipientInstruction,
        Kind::RecipientNotice,
        Kind::PublicNotice,
        Kind::WithdrawalNotice,
    ] {
        for spoil in [
            |facts: &mut Facts| facts.notice.as_mut().unwrap().act.clear(),
            |facts: &mut Facts| facts.notice.as_mut().unwrap().data.clear(),
            |facts: &mut Facts| facts.notice.as_mut().unwrap().expected.clear(),
            |facts: &mut Facts| facts.notice.as_mut().unwrap().until.clear(),
        ] {
            assert_eq!(codes(kind, &changed(spoil)), ["gap-notice"], "{kind:?}");
        }
        // No more than finds the record: neither the person's address nor why she asked.
        let facts = Facts::sample(Lang::De).unwrap();
        let printed = Press::new(None)
            .print(kind, Lang::De, Address::Sie, &facts)
            .unwrap();
        assert!(!printed.text.contains(&facts.person.address[0]));
        assert!(!printed.text.contains(&facts.person.name));
    }
}

#[test]
fn art_17_2_a_notice_on_public_data_names_the_addresses() {
    let facts = changed(|facts| facts.notice.as_mut().unwrap().links.clear());
    assert_eq!(codes(Kind::PublicNotice, &facts), ["gap-public"]);
    assert_eq!(codes(Kind::RecipientNotice, &facts), Vec::<&str>::new());
}

#[test]
fn art_28_3_a_forwarded_request_names_person_rights_day_and_help() {
    let facts = changed(|facts| facts.person.name.clear());
    assert_eq!(codes(Kind::ForwardedCustomer, &facts), ["gap-requester"]);
    let facts = changed(|facts| facts.forwarding.as_mut().unwrap().help.clear());
    assert_eq!(codes(Kind::ForwardedCustomer, &facts), ["gap-help"]);
    let facts = changed(|facts| facts.instruction.as_mut().unwrap().law.clear());
    assert_eq!(codes(Kind::DoubtedInstruction, &facts), ["gap-instruction"]);
}

#[test]
fn sec_174_bgb_a_rejection_says_what_is_missing_and_does_not_decide() {
    let facts = Facts::sample(Lang::De).unwrap();
    let press = Press::new(None);
    let text = press
        .print(Kind::MandateRejected, Lang::De, Address::Sie, &facts)
        .unwrap()
        .text;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "§ 174",
        "unverzüglich",
        "nicht entschieden",
        "Ottilie Brandwein",
    ] {
        assert!(text.contains(said), "{said}");
    }
}

#[test]
fn art_12_6_before_a_proof_no_letter_says_whether_data_are_held() {
    let press = Press::new(None);
    for kind in [
        Kind::ThirdParty,
        Kind::PublicBody,
        Kind::MandateDemand,
        Kind::MandateRejected,
        Kind::NotIdentified,
        Kind::NotIdentifiable,
        Kind::IdentityDemand,
        Kind::IdentityReminder,
        Kind::IdentityCode,
        Kind::ForwardedPerson,
        Kind::NotController,
        Kind::ParentLetter,
        Kind::ChildView,
        Kind::ExcludedChannel,
    ] {
        let full = Facts::sample(Lang::De).unwrap();
        let mut bare = full.clone();
        bare.findings.clear();
        bare.recipients.clear();
        bare.decisions.clear();
        bare.searched_with.clear();
        bare.package = None;
        for form in [Address::Sie, Address::Du] {
            let [full, bare] =
                [&full, &bare].map(|facts| press.print(kind, Lang::De, form, facts).unwrap().text);
            assert_eq!(full, bare, "{kind:?}");
        }
    }
}

#[test]
fn no_reason_helps_without_identity_remedies_or_the_controller() {
    for code in [
        "gap-controller",
        "gap-authority",
        "gap-court",
        "gap-complaint",
        "gap-identity",
        "gap-claims-all",
    ] {
        assert!(!rule(code).unwrap().overridable, "{code}");
    }
    for code in ["gap-retention", "gap-source", "gap-guarantee", "gap-copy"] {
        assert!(rule(code).unwrap().overridable, "{code}");
    }
}

#[test]
fn every_rule_is_demanded_of_some_letter() {
    let demanded: std::collections::BTreeSet<&str> =
        Kind::ALL.into_iter().flat_map(demanded).collect();
    let idle: Vec<&str> = RULES
        .iter()
        .map(|rule| rule.code)
        .filter(|code| !demanded.contains(code))
        .collect();
    assert_eq!(idle, Vec::<&str>::new());
}

#[test]
fn the_built_in_wordings_drop_nothing() {
    let faults: Vec<String> = Press::new(None)
        .check()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

/// What the check says of one own wording: file and code of each element that it drops.
fn own_wording(name: &str, text: &str) -> Vec<(String, &'static str)> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
    let press = Press::new(Some(folder.path().to_owned()));
    let faults = press.check().into_iter().map(|fault| match fault {
        PressError::Dropped { name, code, .. } => (name, code),
        other => panic!("{other}"),
    });
    let mut faults: Vec<_> = faults.collect();
    faults.dedup();
    faults
}

#[test]
fn an_own_wording_that_drops_the_court_is_told_with_its_file() {
    let own = own_wording(
        "en/remedies.txt",
        "Complain to {{ controller.authority.name }}, {{ controller.authority.address | join(\", \") }}.\n\n",
    );
    assert!(own.contains(&("en/answer.txt".to_owned(), "gap-court")));
    assert!(own.contains(&("en/extension.txt".to_owned(), "gap-court")));
    assert!(
        own.iter()
            .all(|(file, code)| file.starts_with("en/") && *code == "gap-court")
    );
}

#[test]
fn art_20_2_the_answer_says_what_became_of_a_direct_transfer() {
    let mut facts = Facts::sample(Lang::De).unwrap();
    let mut handed = facts.decisions[0].clone();
    handed.code = "20".into();
    facts.decisions = vec![handed];
    assert_eq!(codes(Kind::Answer, &facts), ["gap-transfer"]);
    let done = "Am 4. März 2026 haben wir diese Daten auch direkt an Neubank AG übermittelt.";
    facts.decisions[0].ends = Some(done.into());
    assert_eq!(codes(Kind::Answer, &facts), Vec::<&str>::new());
    let press = Press::new(None);
    let printed = press
        .print(Kind::Answer, Lang::De, Address::Sie, &facts)
        .unwrap();
    let words: Vec<&str> = printed.text.split_whitespace().collect();
    assert!(words.join(" ").contains(done), "{}", printed.text);
}

#[test]
fn art_15_1_where_nobody_searches_is_never_told_as_searched() {
    let mut facts = Facts::sample(Lang::De).unwrap();
    facts.decisions.truncate(1);
    facts.decisions[0].outcome = Outcome::Nothing;
    facts.left_out.clear();
    for finding in &mut facts.findings {
        finding.held = false;
    }
    let last = facts.findings.last_mut().unwrap();
    last.never_searched = true;
    last.note = Some("Gezählt wird ohne Bezug zu Personen.".into());
    let name = last.name.clone();
    for lang in [Lang::De, Lang::En] {
        let press = Press::new(None);
        let printed = press
            .print(Kind::Answer, lang, Address::Sie, &facts)
            .unwrap();
        let marks = match lang {
            Lang::De => ("Gesucht haben wir in", "Nicht gesucht haben wir hier"),
            Lang::En => ("We searched in", "We did not search here"),
        };
        let (_, rest) = printed.text.split_once(marks.0).unwrap();
        let (searched, silent) = rest.split_once(marks.1).unwrap();
        assert!(!searched.contains(&name), "{}", printed.text);
        assert!(silent.contains(&name) && silent.contains("ohne Bezug"));
    }
    // A search that took place nowhere is none.
    for finding in &mut facts.findings {
        finding.never_searched = true;
    }
    assert!(codes(Kind::Answer, &facts).contains(&"gap-searched"));
}
