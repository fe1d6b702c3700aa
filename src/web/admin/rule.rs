//! A rule on how long as two fields of a form: which rule, and the number that some of them need.

use crate::domain::law::{Duty, Period, Span, Until};
use crate::words::register::rule;

/// What stands in the two fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// Which rule; empty for none.
    pub code: String,
    /// Its number, as it was typed.
    pub count: String,
}

/// Rules that need a number, in the order of the list.
const COUNTED: [&str; 8] = [
    "log",
    "after-d",
    "after-m",
    "after-y",
    "applicant-m",
    "year-end",
    "review-m",
    "review-y",
];

/// The number lacks, or the rule is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lacking;

impl Rule {
    /// The rule that the fields mean; none where nothing is chosen.
    pub fn period(&self) -> Result<Option<Period>, Lacking> {
        let text = match self.code.split_once('-') {
            _ if self.code.is_empty() => return Ok(None),
            _ if self.code == "log" => format!("log:{}", self.count),
            _ if self.code == "year-end" => format!("year-end:{}", self.count),
            Some((kind @ ("after" | "applicant" | "review"), unit)) => {
                format!("{kind}:{}{unit}", self.count)
            }
            _ => self.code.clone(),
        };
        text.parse().map(Some).map_err(|_| Lacking)
    }

    /// The list to choose from: code, words, whether it is chosen. What the list cannot say stays as it is.
    pub fn choices(&self) -> Vec<(String, String, bool)> {
        let mut codes = vec![""];
        codes.extend(Duty::ALL.map(Duty::code));
        codes.extend(Until::ALL.map(Until::code));
        codes.extend(COUNTED);
        let known = codes.contains(&self.code.as_str());
        let mut choices: Vec<(String, String, bool)> = codes
            .into_iter()
            .map(|code| (code.to_owned(), rule(code).to_owned(), code == self.code))
            .collect();
        if !known {
            choices.push((self.code.clone(), self.code.clone(), true));
        }
        choices
    }

    /// Whether the trouble is with the number of this line.
    pub fn is_at(&self, at: &str, line: &usize) -> bool {
        at == format!("count-{line}")
    }
}

/// The fields for a rule that is stored.
pub fn rule_of(period: Option<Period>) -> Rule {
    let (code, count) = match period {
        None => (String::new(), String::new()),
        Some(Period::Log(days)) => (String::from("log"), days.to_string()),
        Some(Period::YearEnd(years)) => (String::from("year-end"), years.to_string()),
        Some(Period::After(span)) => spanned("after", span),
        Some(Period::Applicant(span)) => spanned("applicant", span),
        Some(Period::Review(span)) => spanned("review", span),
        Some(other @ (Period::Duty(_) | Period::Until(_))) => (other.to_string(), String::new()),
    };
    Rule { code, count }
}

fn spanned(kind: &str, span: Span) -> (String, String) {
    let (count, unit) = match span {
        Span::Days(count) => (count, "d"),
        Span::Months(count) => (count, "m"),
        Span::Years(count) => (count, "y"),
    };
    (format!("{kind}-{unit}"), count.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_goes_through_the_form_and_back() {
        for text in [
            "voucher",
            "account",
            "log:30",
            "year-end:3",
            "after:14d",
            "after:24m",
            "applicant:3m",
            "applicant:90d",
            "review:2y",
        ] {
            let period: Period = text.parse().unwrap();
            let rule = rule_of(Some(period));
            assert_eq!(rule.period(), Ok(Some(period)), "{text}");
            let chosen = rule
                .choices()
                .into_iter()
                .filter(|(_, _, now)| *now)
                .count();
            assert_eq!(chosen, 1, "{text}");
        }
        assert_eq!(rule_of(None).period(), Ok(None));
    }

    #[test]
    fn a_rule_without_its_number_is_a_slip() {
        for count in ["", "viele", "0", "3m"] {
            let rule = Rule {
                code: "log".into(),
                count: count.into(),
            };
            assert_eq!(rule.period(), Err(Lacking), "{count}");
        }
    }
}
