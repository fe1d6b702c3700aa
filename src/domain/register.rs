//! The register of systems and recipients: what is searched, and what the answer must say.

use serde::{Deserialize, Serialize};

use super::ids::SystemId;

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

/// What a system can be searched by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchKey {
    /// E-mail address.
    Email,
    /// Name.
    Name,
    /// Postal address.
    Address,
    /// Telephone number.
    Phone,
    /// Customer, contract, ticket or licence number.
    Number,
    /// IP address with a time.
    Ip,
    /// A handle or account name.
    Handle,
}

impl SearchKey {
    /// Every key, in the order of a choice list.
    pub const ALL: [SearchKey; 7] = [
        SearchKey::Email,
        SearchKey::Name,
        SearchKey::Address,
        SearchKey::Phone,
        SearchKey::Number,
        SearchKey::Ip,
        SearchKey::Handle,
    ];

    /// Its name in files and forms.
    pub fn code(self) -> &'static str {
        match self {
            SearchKey::Email => "email",
            SearchKey::Name => "name",
            SearchKey::Address => "address",
            SearchKey::Phone => "phone",
            SearchKey::Number => "number",
            SearchKey::Ip => "ip",
            SearchKey::Handle => "handle",
        }
    }

    /// The key of that name.
    pub fn from_code(code: &str) -> Option<SearchKey> {
        SearchKey::ALL.into_iter().find(|key| key.code() == code)
    }
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
    /// How long, or by which criterion.
    #[serde(default)]
    pub retention: String,
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
    /// Place of the data and, where different, seat of the operator.
    #[serde(default)]
    pub place: String,
    /// Whether data go to a third country (Art. 44 GDPR).
    #[serde(default)]
    pub third_country: bool,
    /// The guarantee for it (Art. 46 GDPR), such as standard clauses.
    #[serde(default)]
    pub guarantee: String,
    /// Whom to ask, and where.
    #[serde(default)]
    pub contact: String,
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
}

impl System {
    fn unnumbered() -> SystemId {
        SystemId(0)
    }

    /// What is still missing before an answer can be complete; stable codes, R59.
    pub fn gaps(&self) -> Vec<&'static str> {
        let mut gaps = Vec::new();
        if self
            .holds_nothing
            .as_ref()
            .is_some_and(|why| !why.trim().is_empty())
        {
            return gaps;
        }
        if self.categories.is_empty() {
            gaps.push("categories");
        }
        if self
            .categories
            .iter()
            .any(|category| category.purposes.trim().is_empty())
        {
            gaps.push("purposes");
        }
        if self
            .categories
            .iter()
            .any(|category| category.retention.trim().is_empty())
        {
            gaps.push("retention");
        }
        if self.third_country && self.guarantee.trim().is_empty() {
            gaps.push("guarantee");
        }
        if self.role != SystemRole::Internal && self.operator.trim().is_empty() {
            gaps.push("operator");
        }
        if self.role != SystemRole::Internal && self.contact.trim().is_empty() {
            gaps.push("contact");
        }
        gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system() -> System {
        System {
            id: SystemId(1),
            slug: "crm".into(),
            name: "CRM".into(),
            operator: String::new(),
            role: SystemRole::Internal,
            place: String::new(),
            third_country: false,
            guarantee: String::new(),
            contact: String::new(),
            source: String::new(),
            keys: vec![],
            categories: vec![],
            holds_nothing: None,
            marketing: false,
        }
    }

    #[test]
    fn a_system_that_holds_nothing_has_no_gaps_and_one_without_categories_has() {
        assert_eq!(system().gaps(), vec!["categories"]);
        let empty = System {
            holds_nothing: Some("keine Protokolle".into()),
            ..system()
        };
        assert!(empty.gaps().is_empty());
    }

    #[test]
    fn a_third_country_without_a_guarantee_is_a_gap() {
        let cdn = System {
            role: SystemRole::Processor,
            third_country: true,
            operator: "Netz AG".into(),
            contact: "post@netz.example".into(),
            categories: vec![Category {
                name: "IP".into(),
                purposes: "Betrieb".into(),
                basis: String::new(),
                retention: "7 Tage".into(),
            }],
            ..system()
        };
        assert_eq!(cdn.gaps(), vec!["guarantee"]);
    }
}
