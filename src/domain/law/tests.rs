//! The periods of the law to the day, and what a book must hold.

use super::*;
use crate::domain::calendar::Land;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn free(kind: &str, dated: &str, sector: Sector) -> NaiveDate {
    LawBook::shipped()
        .kept(kind.parse().unwrap(), day(dated), sector)
        .unwrap()
        .erasable_from
}

fn table(kind: &str, sector: Sector, rows: &[(&str, &str)]) {
    for (dated, from) in rows {
        assert_eq!(free(kind, dated, sector), day(from), "{kind} of {dated}");
    }
}

#[test]
fn sec_147_ao_a_voucher_is_kept_eight_years_from_the_end_of_its_calendar_year() {
    table(
        "voucher",
        Sector::General,
        &[
            ("2017-01-01", "2026-01-01"),
            ("2017-05-04", "2026-01-01"),
            ("2017-12-31", "2026-01-01"),
            ("2018-02-28", "2027-01-01"),
            ("2024-02-29", "2033-01-01"),
            ("2026-06-30", "2035-01-01"),
        ],
    );
}

#[test]
fn art_97_sec_19a_egao_what_still_ran_on_1_january_2025_follows_the_shorter_period() {
    table(
        "voucher",
        Sector::General,
        &[
            // Ten years had ended with 2024 at the latest: the older rule, to its own day.
            ("2000-03-01", "2011-01-01"),
            ("2012-12-31", "2023-01-01"),
            ("2013-01-01", "2024-01-01"),
            ("2013-12-31", "2024-01-01"),
            ("2014-01-01", "2025-01-01"),
            ("2014-12-31", "2025-01-01"),
            // Still running then: eight years, but nothing was free before the rule was there.
            ("2015-01-01", "2025-01-01"),
            ("2015-12-31", "2025-01-01"),
            ("2016-01-01", "2025-01-01"),
            ("2016-12-31", "2025-01-01"),
            ("2017-01-01", "2026-01-01"),
        ],
    );
    let why = |dated: &str| {
        LawBook::shipped()
            .kept(Period::Duty(Duty::Voucher), day(dated), Sector::General)
            .unwrap()
            .because
    };
    assert!(matches!(
        why("2014-06-01"),
        Because::CalendarYears { years: 10, .. }
    ));
    assert!(matches!(
        why("2015-06-01"),
        Because::FreedByChange { years: 8, .. }
    ));
    assert!(matches!(
        why("2016-06-01"),
        Because::CalendarYears { years: 8, .. } | Because::FreedByChange { .. }
    ));
    assert!(matches!(
        why("2017-06-01"),
        Because::CalendarYears { years: 8, .. }
    ));
}

#[test]
fn sec_147_ao_banks_and_insurers_keep_vouchers_for_ten_years() {
    table(
        "voucher",
        Sector::Bank,
        &[
            ("2013-12-31", "2024-01-01"),
            ("2014-05-04", "2025-01-01"),
            ("2015-05-04", "2026-01-01"),
            ("2016-05-04", "2027-01-01"),
            ("2017-05-04", "2028-01-01"),
            ("2026-05-04", "2037-01-01"),
        ],
    );
    for kind in ["book", "commercial-letter", "tax-document", "case-file"] {
        assert_eq!(
            free(kind, "2017-05-04", Sector::Bank),
            free(kind, "2017-05-04", Sector::General),
            "{kind}"
        );
    }
}

#[test]
fn sec_257_hgb_books_are_kept_ten_years_and_commercial_letters_six() {
    table(
        "book",
        Sector::General,
        &[
            ("2013-12-31", "2024-01-01"),
            ("2014-01-01", "2025-01-01"),
            ("2017-05-04", "2028-01-01"),
        ],
    );
    table(
        "commercial-letter",
        Sector::General,
        &[
            ("2017-05-04", "2024-01-01"),
            ("2018-12-31", "2025-01-01"),
            ("2019-01-01", "2026-01-01"),
        ],
    );
}

#[test]
fn sec_147_ao_other_documents_that_matter_for_tax_are_kept_six_years() {
    table(
        "tax-document",
        Sector::General,
        &[("2017-05-04", "2024-01-01"), ("2020-02-29", "2027-01-01")],
    );
}

#[test]
fn sec_31_owig_a_case_file_goes_on_1_january_of_the_closing_year_and_four() {
    table(
        "case-file",
        Sector::General,
        &[("2026-01-01", "2030-01-01"), ("2026-12-31", "2030-01-01")],
    );
}

#[test]
fn sec_61b_arbgg_an_applicants_documents_go_so_many_months_after_the_rejection() {
    table(
        "applicant:3m",
        Sector::General,
        &[
            ("2026-03-05", "2026-06-06"),
            // The month's last day where the number is missing, and never the day before.
            ("2025-11-30", "2026-03-01"),
            ("2026-01-31", "2026-05-01"),
            ("2023-11-30", "2024-03-01"),
        ],
    );
    table(
        "applicant:6m",
        Sector::General,
        &[("2026-03-05", "2026-09-06")],
    );
}

#[test]
fn art_5_1_e_a_line_of_a_log_is_free_once_its_days_are_over() {
    table(
        "log:30",
        Sector::General,
        &[("2026-03-01", "2026-04-01"), ("2024-02-01", "2024-03-03")],
    );
    table("log:7", Sector::General, &[("2025-12-28", "2026-01-05")]);
    table("log:14d", Sector::General, &[("2026-03-01", "2026-03-16")]);
}

#[test]
fn art_5_1_e_every_other_rule_of_a_register_can_be_counted() {
    table(
        "after:24m",
        Sector::General,
        &[("2024-02-29", "2026-03-01")],
    );
    table(
        "after:12m",
        Sector::General,
        &[("2026-03-05", "2027-03-06")],
    );
    table(
        "year-end:3",
        Sector::General,
        &[("2026-03-05", "2030-01-01")],
    );
    for until in Until::ALL {
        table(
            until.code(),
            Sector::General,
            &[("2026-03-05", "2026-03-05")],
        );
    }
}

#[test]
fn a_review_names_a_day_and_frees_nothing() {
    let review: Period = "review:2y".parse().unwrap();
    assert_eq!(review.review_on(day("2026-03-05")), Some(day("2028-03-05")));
    assert_eq!(
        LawBook::shipped().kept(review, day("2026-03-05"), Sector::General),
        Err(PeriodError::OnlyReview(review))
    );
    assert_eq!(Period::Log(30).review_on(day("2026-03-05")), None);
}

#[test]
fn a_period_is_read_back_as_it_was_written_and_a_slip_is_none() {
    for text in [
        "voucher",
        "book",
        "commercial-letter",
        "tax-document",
        "case-file",
        "applicant:3m",
        "log:30",
        "after:24m",
        "after:14d",
        "year-end:3",
        "account",
        "contract",
        "handled",
        "booked",
        "objection",
        "withdrawal",
        "session",
        "chosen",
        "review:2y",
    ] {
        let period: Period = text.parse().unwrap();
        assert_eq!(period.to_string(), text);
        assert_eq!(
            serde_json::from_str::<Period>(&serde_json::to_string(&period).unwrap()).unwrap(),
            period
        );
    }
    for slip in [
        "",
        "vouchers",
        "Voucher",
        "log",
        "log:",
        "log:0",
        "log:-3",
        "log:+3",
        "log:3m",
        "log:99999",
        "applicant:3",
        "applicant:m",
        "applicant:3w",
        "applicant:3é",
        "review:",
        "year-end:x",
        "voucher:8",
    ] {
        assert!(
            matches!(slip.parse::<Period>(), Err(PeriodError::Unknown(_))),
            "{slip}"
        );
    }
}

#[test]
fn a_day_beyond_the_calendar_is_an_error_and_no_date() {
    for kind in ["voucher", "applicant:3m", "log:30", "year-end:3"] {
        assert!(
            LawBook::shipped()
                .kept(kind.parse().unwrap(), NaiveDate::MAX, Sector::General)
                .is_err(),
            "{kind}"
        );
    }
}

#[test]
fn art_77_every_land_has_its_authority_and_bavarian_companies_have_their_own() {
    let book = LawBook::shipped();
    for land in Land::ALL {
        let entry = book.authority(&Place::of(land)).unwrap();
        assert!(
            entry.address.len() >= 2 && entry.web.starts_with("https://"),
            "{}",
            entry.name
        );
    }
    assert_eq!(
        book.authority(&Place::of(Land::Bavaria)).unwrap().name,
        "Bayerisches Landesamt für Datenschutzaufsicht"
    );
    assert_eq!(book.authority(&Place::nationwide()), None);
    assert!(book.authorities().iter().any(|entry| entry.land.is_empty()));
}

#[test]
fn art_12_4_for_every_right_there_are_grounds_that_say_what_must_be_written() {
    let book = LawBook::shipped();
    for right in Right::ALL {
        assert!(book.grounds_for(right).count() > 0, "{}", right.code());
    }
}

#[test]
fn art_21_2_no_ground_in_the_book_refuses_an_objection_to_marketing() {
    let refusing: Vec<&str> = LawBook::shipped()
        .grounds_for(Right::MarketingObjection)
        .filter(|ground| ground.effect == Effect::Refuse && ground.code != "not-controller")
        .map(|ground| ground.code.as_str())
        .collect();
    assert_eq!(refusing, Vec::<&str>::new());
}

#[test]
fn art_17_3_each_exception_is_in_the_book_and_those_with_a_duty_give_a_last_day() {
    let book = LawBook::shipped();
    for letter in ["a", "b", "c", "d", "e"] {
        let law = format!("Art. 17(3)({letter}) GDPR");
        assert!(
            book.grounds()
                .iter()
                .any(|ground| ground.law.en.contains(&law)),
            "{law}"
        );
    }
    for ground in book.grounds().iter().filter(|ground| ground.duty.is_some()) {
        assert_eq!(ground.effect, Effect::Restrict, "{}", ground.code);
        assert!(ground.rights.contains(&Right::Erasure));
    }
    for paragraph in ["35(1)", "35(2)", "35(3)"] {
        assert!(
            book.grounds()
                .iter()
                .any(|ground| ground.law.en.contains(paragraph))
        );
    }
}

#[test]
fn outdated_law_is_found_as_words_and_not_inside_of_others() {
    let book = LawBook::shipped();
    let found = |text: &str| -> Vec<String> {
        book.outdated_in(text)
            .into_iter()
            .map(|(entry, _)| entry.code.clone())
            .collect()
    };
    assert_eq!(found("nach dem EU-US privacy  shield"), ["privacy-shield"]);
    assert_eq!(found("Verzeichnisse (§\u{a0}105 TKG)"), ["tkg-105"]);
    assert_eq!(found("6–10 Jahre"), ["six-to-ten-years"]);
    assert_eq!(found("§ 13 TMG, TTDSG"), ["ttdsg", "tmg"]);
    assert_eq!(
        found("EU-Standardvertragsklauseln 2010/87/EU"),
        ["old-clauses"]
    );
    assert!(found("Data Privacy Framework, HTMG, § 25 TDDDG, acht Jahre (§ 147 AO)").is_empty());
}

#[test]
fn art_46_a_guarantee_is_needed_outside_of_the_eea_and_adequate_countries() {
    let book = LawBook::shipped();
    for fine in [
        "Deutschland",
        "Niederlande",
        "Schweiz",
        "Deutschland, Irland",
        "EU",
    ] {
        assert!(book.needs_no_guarantee(fine), "{fine}");
    }
    for open in [
        "",
        "USA",
        "Indien",
        "Niederlande, USA",
        "Deutschland und USA",
        "irgendwo",
    ] {
        assert!(!book.needs_no_guarantee(open), "{open}");
    }
}

#[test]
fn a_book_that_lacks_something_is_refused_by_name() {
    let shipped = include_str!("../../../config/law.toml");
    let wrong = |text: &str| LawBook::parse(text).unwrap_err().to_string();
    assert!(wrong("").contains("version"));
    assert!(wrong(&shipped.replace("code = \"book\"", "code = \"voucher\"")).contains("voucher"));
    assert!(wrong(&shipped.replace("code = \"books\"", "code = \"vouchers\"")).contains("twice"));
    assert!(wrong(&shipped.replace("years = 8\n", "years = 0\n")).contains("years"));
    assert!(wrong(&shipped.replace("land = \"BW\"", "land = \"XX\"")).contains("XX"));
    assert!(wrong(&format!("{shipped}\n[extra]\na = 1\n")).contains("extra"));
}
