//! The register of systems and recipients: what is searched, and what the answer must say.

use serde::{Deserialize, Serialize};

use super::ids::SystemId;
use super::law::{LawBook, Period, Span};
use super::owner::SystemOwner;

pub use super::identifier::SearchKey;

/// What a system's operator is to the controller; it decides what can be asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SystemRole {
    /// Run by the controller itself.
    Internal,
    /// Art. 28 GDPR: is instructed.
    Processor,
    /// Another controller: is notified (Art. 19 GDPR), cannot be instructed.
    IndependentController,
    /// Art. 26 GDPR.
    Joint,
}

impl SystemRole {
    /// Every role, in the order of a choice list.
    pub const ALL: [SystemRole; 4] = [
        SystemRole::Internal,
        SystemRole::Processor,
        SystemRole::IndependentController,
        SystemRole::Joint,
    ];

    /// Its name in files and forms.
    pub fn code(self) -> &'static str {
        match self {
            SystemRole::Internal => "internal",
            SystemRole::Processor => "processor",
            SystemRole::IndependentController => "independent-controller",
            SystemRole::Joint => "joint",
        }
    }

    /// The role of that name.
    pub fn from_code(code: &str) -> Option<SystemRole> {
        SystemRole::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// What sort of system it is; it decides what is asked first and what runs out while a case is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SystemKind {
    /// Anything else.
    #[default]
    Other,
    /// Website or shop.
    Website,
    /// Log of a server or an application; it runs out by itself.
    Log,
    /// Content network or cache before a site.
    Cdn,
    /// Backups; they are overwritten by their own cycle.
    Backup,
    /// Mailboxes.
    Mail,
    /// Customers and prospects.
    Crm,
    /// Tickets.
    Helpdesk,
    /// Accounts, portals, licences.
    Accounts,
    /// Newsletters and other mailings.
    Mailing,
    /// Measuring of use.
    Analytics,
    /// Telephone system and call list.
    Telephone,
    /// Recordings of sound or picture; they run out by themselves.
    Recording,
    /// Chat and chatbots.
    Chat,
    /// Booking of appointments.
    Booking,
    /// Invoices, books, payments.
    Accounting,
    /// Applications for jobs.
    Applications,
    /// Files and storage.
    Storage,
    /// Posts of others, shown in public.
    Social,
    /// Paper.
    Paper,
    /// A recipient to whom data are handed on.
    Recipient,
}

impl SystemKind {
    /// Every kind, in the order of a choice list.
    pub const ALL: [SystemKind; 21] = [
        SystemKind::Website,
        SystemKind::Log,
        SystemKind::Cdn,
        SystemKind::Backup,
        SystemKind::Mail,
        SystemKind::Crm,
        SystemKind::Helpdesk,
        SystemKind::Accounts,
        SystemKind::Mailing,
        SystemKind::Analytics,
        SystemKind::Telephone,
        SystemKind::Recording,
        SystemKind::Chat,
        SystemKind::Booking,
        SystemKind::Accounting,
        SystemKind::Applications,
        SystemKind::Storage,
        SystemKind::Social,
        SystemKind::Paper,
        SystemKind::Recipient,
        SystemKind::Other,
    ];

    /// Its name in files and forms.
    pub fn code(self) -> &'static str {
        match self {
            SystemKind::Other => "other",
            SystemKind::Website => "website",
            SystemKind::Log => "log",
            SystemKind::Cdn => "cdn",
            SystemKind::Backup => "backup",
            SystemKind::Mail => "mail",
            SystemKind::Crm => "crm",
            SystemKind::Helpdesk => "helpdesk",
            SystemKind::Accounts => "accounts",
            SystemKind::Mailing => "mailing",
            SystemKind::Analytics => "analytics",
            SystemKind::Telephone => "telephone",
            SystemKind::Recording => "recording",
            SystemKind::Chat => "chat",
            SystemKind::Booking => "booking",
            SystemKind::Accounting => "accounting",
            SystemKind::Applications => "applications",
            SystemKind::Storage => "storage",
            SystemKind::Social => "social",
            SystemKind::Paper => "paper",
            SystemKind::Recipient => "recipient",
        }
    }

    /// The kind of that name.
    pub fn from_code(code: &str) -> Option<SystemKind> {
        SystemKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// How long a copy in a backup lives on after the original is erased.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// After so many days the last copy is overwritten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
    /// The rule in words, or that there is no backup.
    #[serde(default)]
    pub text: String,
}

/// Who works for the operator of a system (Art. 28(2), (4) GDPR).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubProcessor {
    /// Its name.
    pub name: String,
    /// Its country.
    #[serde(default)]
    pub country: String,
    /// What it does.
    #[serde(default)]
    pub task: String,
}

impl SubProcessor {
    /// Whether it works in a country for which a guarantee is owed (Art. 44 GDPR).
    pub fn abroad(&self, law: &LawBook) -> bool {
        abroad(&self.country, law)
    }
}

fn abroad(country: &str, law: &LawBook) -> bool {
    !country.trim().is_empty() && !law.needs_no_guarantee(country)
}

/// A category of data in a system: the row of Art. 15(1)(a), (b), (d) GDPR.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Which data, in plain words.
    pub name: String,
    /// What for.
    #[serde(default)]
    pub purposes: String,
    /// Legal basis, such as `Art. 6(1)(b)`.
    #[serde(default)]
    pub basis: String,
    /// How long, or by which criterion, in words.
    #[serde(default)]
    pub retention: String,
    /// The same as a rule that can be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Whether these are special categories (Art. 9 GDPR).
    #[serde(default, skip_serializing_if = "is_false")]
    pub special: bool,
}

/// One system or recipient of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Its number; given when it is stored.
    #[serde(skip, default = "System::unnumbered")]
    pub id: SystemId,
    /// Its stable name in files.
    pub slug: String,
    /// What it is called in the office.
    pub name: String,
    /// Who runs it (recipient by name, C-154/21); empty when the controller does.
    #[serde(default)]
    pub operator: String,
    /// What the operator is to the controller.
    pub role: SystemRole,
    /// What sort of system it is.
    #[serde(default)]
    pub kind: SystemKind,
    /// Where the data lie, as the answer says it.
    #[serde(default)]
    pub place: String,
    /// The country where they lie.
    #[serde(default)]
    pub country: String,
    /// The country where the operator, or the company that owns it, has its seat.
    #[serde(default)]
    pub seat: String,
    /// Whether data go to a third country (Art. 44 GDPR).
    #[serde(default)]
    pub third_country: bool,
    /// The guarantee for it (Art. 46 GDPR), such as standard clauses.
    #[serde(default)]
    pub guarantee: String,
    /// The contract with a processor, or the arrangement of joint controllers (Art. 28(3), 26(1) GDPR).
    #[serde(default)]
    pub agreement: String,
    /// Whom to ask, and where.
    #[serde(default)]
    pub contact: String,
    /// Whom the search asks where no machine can: her mail address. Without one the clerks answer themselves.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// Her name, for the desk.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner_name: String,
    /// Where the data come from, if not from the person (Art. 15(1)(g) GDPR).
    #[serde(default)]
    pub source: String,
    /// What it can be searched by; empty means by anything.
    #[serde(default)]
    pub keys: Vec<SearchKey>,
    /// The categories of data it holds.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// Why it holds nothing personal; then it is never searched and answers by this sentence.
    #[serde(default)]
    pub holds_nothing: Option<String>,
    /// Whether advertising is sent from it (Art. 21(3) GDPR acts here).
    #[serde(default)]
    pub marketing: bool,
    /// Whether service mails are kept apart from advertising there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_apart: Option<bool>,
    /// To which other systems data are copied, by their stable names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies_to: Vec<String>,
    /// Where data are shown in public (Art. 17(2) GDPR): pages, screens, caches. Search engines need not be named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public: Vec<String>,
    /// How long copies live on in backups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<Backup>,
    /// Who works for the operator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sub_processors: Vec<SubProcessor>,
}

fn is_false(it: &bool) -> bool {
    !it
}

impl Default for System {
    fn default() -> System {
        System {
            id: System::unnumbered(),
            slug: String::new(),
            name: String::new(),
            operator: String::new(),
            role: SystemRole::Internal,
            kind: SystemKind::default(),
            place: String::new(),
            country: String::new(),
            seat: String::new(),
            third_country: false,
            guarantee: String::new(),
            agreement: String::new(),
            contact: String::new(),
            owner: String::new(),
            owner_name: String::new(),
            source: String::new(),
            keys: Vec::new(),
            categories: Vec::new(),
            holds_nothing: None,
            marketing: false,
            service_apart: None,
            copies_to: Vec::new(),
            public: Vec::new(),
            backup: None,
            sub_processors: Vec::new(),
        }
    }
}

impl System {
    fn unnumbered() -> SystemId {
        SystemId(0)
    }

    /// Who answers for it, if a mail address is named.
    pub fn who_answers(&self) -> Option<SystemOwner> {
        SystemOwner::new(&self.owner, &self.owner_name)
    }

    /// Whether what stands there as the owner's address is none.
    pub fn owner_is_no_address(&self) -> bool {
        !self.owner.trim().is_empty() && self.who_answers().is_none()
    }

    /// The reason why it holds nothing personal, if it says one.
    pub fn nothing(&self) -> Option<&str> {
        self.holds_nothing
            .as_deref()
            .filter(|why| !why.trim().is_empty())
    }

    /// Whether data leave the EEA and the adequate countries, or may: then a guarantee is owed (Art. 44 GDPR).
    pub fn leaves(&self, law: &LawBook) -> bool {
        self.sends_abroad(law) || self.sub_processors.iter().any(|sub| sub.abroad(law))
    }

    /// The same of the operator alone, without who works for it.
    pub fn sends_abroad(&self, law: &LawBook) -> bool {
        self.third_country || abroad(&self.country, law) || abroad(&self.seat, law)
    }

    /// The days after which the shortest-lived data in it are gone, where a rule says so: what is asked
    /// for must be secured before (logs, recordings, mail that is deleted by itself).
    pub fn runs_out_after(&self) -> Option<u16> {
        self.categories
            .iter()
            .filter_map(|category| match category.period? {
                Period::Log(days) => Some(days),
                Period::After(Span::Days(days)) => Some(days),
                Period::After(Span::Months(months)) | Period::Applicant(Span::Months(months)) => {
                    months.checked_mul(28)
                }
                _ => None,
            })
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_reads_back_with_all_that_is_known_of_it() {
        let text = r#"
            slug = "crm"
            name = "CRM"
            role = "processor"
            kind = "crm"
            country = "Deutschland"
            seat = "Indien"
            owner = "karla@kontor.example"
            owner_name = "Karla Keller"
            copies_to = ["backup"]
            public = ["Pressespiegel"]
            backup = { days = 21, text = "wird ueberschrieben" }
            sub_processors = [{ name = "Rechenwerk AG", country = "Irland" }]
            service_apart = true
            [[categories]]
            name = "Anfragen"
            period = "review:2y"
            special = true
        "#;
        let system: System = toml::from_str(text).unwrap();
        let written = toml::to_string_pretty(&system).unwrap();
        assert_eq!(toml::from_str::<System>(&written).unwrap(), system);
        let stored = serde_json::to_string(&system).unwrap();
        assert_eq!(serde_json::from_str::<System>(&stored).unwrap(), system);
        assert!(toml::from_str::<System>(&text.replace("review:2y", "rewiev:2y")).is_err());
    }

    #[test]
    fn art_44_data_leave_where_they_lie_abroad_or_the_operator_sits_there() {
        let law = LawBook::shipped();
        let at = |country: &str, seat: &str| System {
            country: country.into(),
            seat: seat.into(),
            ..System::default()
        };
        assert!(!at("Niederlande", "Deutschland").leaves(law));
        assert!(!at("", "").leaves(law));
        assert!(at("Niederlande", "USA").leaves(law));
        assert!(at("Indien", "").leaves(law));
    }

    #[test]
    fn what_runs_out_first_is_known_in_days() {
        let holds = |period: &str| System {
            categories: vec![Category {
                period: Some(period.parse().unwrap()),
                ..Category::default()
            }],
            ..System::default()
        };
        assert_eq!(holds("log:7").runs_out_after(), Some(7));
        assert_eq!(holds("after:14d").runs_out_after(), Some(14));
        assert_eq!(holds("after:1m").runs_out_after(), Some(28));
        assert_eq!(holds("voucher").runs_out_after(), None);
    }
}
