//! What the form understands and what it asks to be put right.

use super::*;

fn draft(fields: &[(&'static str, &'static str)]) -> Draft {
    Draft::read(fields.iter().copied())
}

#[test]
fn nothing_need_be_ticked_if_there_is_text() {
    assert_eq!(
        draft(&[]).faults(Step::Wish),
        Faults(vec![Fault::NothingAsked])
    );
    assert!(
        !draft(&[("words", "Was wissen Sie?")])
            .faults(Step::Wish)
            .any()
    );
    assert!(!draft(&[("wish", "15")]).faults(Step::Wish).any());
    assert!(draft(&[("words", " \r\n ")]).faults(Step::Wish).any());
}

#[test]
fn copy_and_erasure_together_ask_for_the_order() {
    let both = [
        ("wish", "17"),
        ("wish", "15"),
        ("wish", "15"),
        ("wish", "99"),
    ];
    let asked = draft(&both);
    assert_eq!(asked.wishes, [Right::Access, Right::Erasure]);
    assert_eq!(asked.faults(Step::Order), Faults(vec![Fault::OrderMissing]));
    assert!(!draft(&[("wish", "17")]).faults(Step::Order).any());
    assert!(
        !draft(&[("wish", "15"), ("wish", "17"), ("order", "copy")])
            .faults(Step::Order)
            .any()
    );
}

#[test]
fn an_answer_by_mail_needs_an_address_of_mail_and_by_post_one_of_paper() {
    let me = ("name", "Mira Beispiel");
    assert_eq!(
        draft(&[me]).faults(Step::Person),
        Faults(vec![Fault::EmailMissing])
    );
    assert_eq!(
        draft(&[me, ("email", "mira@")]).faults(Step::Person),
        Faults(vec![Fault::EmailWrong])
    );
    assert!(
        !draft(&[me, ("email", " mira@example.org ")])
            .faults(Step::Person)
            .any()
    );
    let post = ("reply", "post");
    assert_eq!(
        draft(&[me, post]).faults(Step::Person),
        Faults(vec![Fault::AddressMissing])
    );
    assert!(
        !draft(&[me, post, ("address", "Weg 1\r\n12345 Ort")])
            .faults(Step::Person)
            .any()
    );
}

#[test]
fn who_writes_for_another_names_the_other() {
    let child = [
        ("name", "Mira"),
        ("email", "mira@example.org"),
        ("whom", "child"),
    ];
    assert_eq!(
        draft(&child).faults(Step::Person),
        Faults(vec![Fault::OtherNameMissing])
    );
}

#[test]
fn limits_count_characters_and_not_bytes() {
    let umlauts = "ü".repeat(usize::try_from(NAME_MAX).unwrap());
    let fits = Draft {
        name: umlauts.clone(),
        email: "a@example.org".into(),
        ..Draft::default()
    };
    assert!(!fits.faults(Step::Person).any());
    let over = Draft {
        name: umlauts + "ü",
        ..fits
    };
    assert_eq!(over.faults(Step::Person), Faults(vec![Fault::NameTooLong]));
}

#[test]
fn what_cannot_be_seen_is_dropped_and_lines_stay_lines() {
    let typed = draft(&[
        ("name", "Mi\u{202e}ra\r\nBcc: x"),
        ("words", "a\r\nb\u{0}\rc"),
    ]);
    assert_eq!(typed.name, "Mira  Bcc: x");
    assert_eq!(typed.words, "a\nb\nc");
}

#[test]
fn the_last_step_finds_what_any_step_before_would_have_found() {
    let found = draft(&[("wish", "15"), ("wish", "17")]).faults(Step::Check);
    assert_eq!(
        found.0,
        [Fault::OrderMissing, Fault::NameMissing, Fault::EmailMissing]
    );
}

#[test]
fn a_log_learns_nothing_of_who_asks() {
    let typed = draft(&[
        ("name", "Mira Beispiel"),
        ("wish", "15"),
        ("words", "geheim"),
    ]);
    let logged = format!("{typed:?}");
    assert!(logged.contains("Access") && !logged.contains("Mira") && !logged.contains("geheim"));
}
