//! How long something is kept, as one word: `voucher`, `log:30`, `applicant:3m`, `account`, `review:2y`.

use std::fmt;
use std::str::FromStr;

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A period that the law counts from the end of a calendar year; how many years is data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// Vouchers and invoices.
    Voucher,
    /// Books, inventories, annual accounts, procedure documentation.
    Book,
    /// Commercial letters received and sent.
    CommercialLetter,
    /// Other documents that matter for tax.
    TaxDocument,
    /// The office's own file of a case.
    CaseFile,
}

impl Duty {
    /// Every one, in the order of a choice list.
    pub const ALL: [Duty; 5] = [
        Duty::Voucher,
        Duty::Book,
        Duty::CommercialLetter,
        Duty::TaxDocument,
        Duty::CaseFile,
    ];

    /// Its name in files and forms.
    pub fn code(self) -> &'static str {
        match self {
            Duty::Voucher => "voucher",
            Duty::Book => "book",
            Duty::CommercialLetter => "commercial-letter",
            Duty::TaxDocument => "tax-document",
            Duty::CaseFile => "case-file",
        }
    }
}

/// For whom the years are counted; banks, insurers and investment firms keep vouchers longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sector {
    /// Everybody else.
    #[default]
    General,
    /// Banks, insurers, investment firms.
    Bank,
}

/// A sector that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown sector '{0}': general or bank")]
pub struct UnknownSector(pub String);

impl FromStr for Sector {
    type Err = UnknownSector;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "general" => Ok(Sector::General),
            "bank" => Ok(Sector::Bank),
            _ => Err(UnknownSector(text.to_owned())),
        }
    }
}

impl fmt::Display for Sector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Sector::General => "general",
            Sector::Bank => "bank",
        })
    }
}

/// A length of time, written `30d`, `3m`, `2y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    /// So many days.
    Days(u16),
    /// So many months.
    Months(u16),
    /// So many years.
    Years(u16),
}

impl Span {
    /// The last day of the span that an event begins: the day of the event is not counted, and months
    /// end on the day of the same number or on the month's last (§§ 187(1), 188 BGB).
    pub fn last_day(self, event: NaiveDate) -> Option<NaiveDate> {
        match self {
            Span::Days(days) => event.checked_add_days(Days::new(days.into())),
            Span::Months(months) => event.checked_add_months(Months::new(months.into())),
            Span::Years(years) => {
                event.checked_add_months(Months::new(u32::from(years).checked_mul(12)?))
            }
        }
    }

    fn parse(text: &str) -> Option<Span> {
        let unit = text.chars().next_back()?;
        let count = text.get(..text.len() - unit.len_utf8())?;
        let count: u16 = digits(count)?;
        match unit {
            'd' => Some(Span::Days(count)),
            'm' => Some(Span::Months(count)),
            'y' => Some(Span::Years(count)),
            _ => None,
        }
    }
}

/// A number from 1 to 9999, without a sign.
fn digits(text: &str) -> Option<u16> {
    let plain = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|count| plain && *count > 0)
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Span::Days(count) => write!(f, "{count}d"),
            Span::Months(count) => write!(f, "{count}m"),
            Span::Years(count) => write!(f, "{count}y"),
        }
    }
}

/// What ends a period that has no length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Until {
    /// The account is deleted.
    Account,
    /// The contract ends.
    Contract,
    /// The matter is dealt with.
    Handled,
    /// The service is booked in the accounts.
    Booked,
    /// The person objects.
    Objection,
    /// The person withdraws the consent.
    Withdrawal,
    /// The session ends.
    Session,
    /// The day that the person chose.
    Chosen,
}

impl Until {
    /// Every one, in the order of a choice list.
    pub const ALL: [Until; 8] = [
        Until::Account,
        Until::Contract,
        Until::Handled,
        Until::Booked,
        Until::Objection,
        Until::Withdrawal,
        Until::Session,
        Until::Chosen,
    ];

    /// Its name in files and forms.
    pub fn code(self) -> &'static str {
        match self {
            Until::Account => "account",
            Until::Contract => "contract",
            Until::Handled => "handled",
            Until::Booked => "booked",
            Until::Objection => "objection",
            Until::Withdrawal => "withdrawal",
            Until::Session => "session",
            Until::Chosen => "chosen",
        }
    }
}

/// How long a category of data is kept, as a rule that can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    /// By a duty, from the end of a calendar year.
    Duty(Duty),
    /// So long after an applicant got the rejection: `applicant:3m`.
    Applicant(Span),
    /// So many days after a line of a log was written: `log:30`.
    Log(u16),
    /// So long after the event: `after:24m`.
    After(Span),
    /// So many years from the end of the calendar year, without a duty: `year-end:3`.
    YearEnd(u16),
    /// Until something happens: `account`, `booked`, `objection`.
    Until(Until),
    /// Looked at again after so long; nothing ends by itself: `review:2y`.
    Review(Span),
}

/// Why a period cannot be read or counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// No such kind.
    #[error(
        "unknown kind '{0}'; there are voucher, book, commercial-letter, tax-document, case-file, applicant:3m, \
         log:30, after:24m, year-end:3, account, contract, handled, booked, objection, withdrawal, session, chosen, \
         review:2y"
    )]
    Unknown(String),
    /// The book of law has no such duty.
    #[error("the book of law says nothing on '{0}'")]
    NotInBook(&'static str),
    /// The day lies beyond what can be counted.
    #[error("no day can be counted from {0}")]
    OutOfRange(NaiveDate),
    /// A review sets a day for a look, and frees nothing.
    #[error("'{0}' sets a day for a look and frees nothing")]
    OnlyReview(Period),
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let unknown = || PeriodError::Unknown(text.to_owned());
        if let Some(duty) = Duty::ALL.into_iter().find(|duty| duty.code() == text) {
            return Ok(Period::Duty(duty));
        }
        if let Some(until) = Until::ALL.into_iter().find(|until| until.code() == text) {
            return Ok(Period::Until(until));
        }
        let (kind, length) = text.split_once(':').ok_or_else(unknown)?;
        let days = || digits(length.strip_suffix('d').unwrap_or(length)).ok_or_else(unknown);
        let span = || Span::parse(length).ok_or_else(unknown);
        match kind {
            "applicant" => span().map(Period::Applicant),
            "log" => days().map(Period::Log),
            "after" => span().map(Period::After),
            "year-end" => digits(length.strip_suffix('y').unwrap_or(length))
                .map(Period::YearEnd)
                .ok_or_else(unknown),
            "review" => span().map(Period::Review),
            _ => Err(unknown()),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Duty(duty) => f.write_str(duty.code()),
            Period::Until(until) => f.write_str(until.code()),
            Period::Applicant(span) => write!(f, "applicant:{span}"),
            Period::Log(days) => write!(f, "log:{days}"),
            Period::After(span) => write!(f, "after:{span}"),
            Period::YearEnd(years) => write!(f, "year-end:{years}"),
            Period::Review(span) => write!(f, "review:{span}"),
        }
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}
