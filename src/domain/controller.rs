//! The controller (Art. 4(7) GDPR) as the office needs to know it: names, place, authority, manners.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::Place;
use super::channels::Channels;
use super::customer::Customer;
use super::identity::Method;
use super::ids::ControllerId;
use super::lang::Lang;
use super::law::Sector;

/// How the public is addressed in German.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AddressForm {
    /// Formal.
    #[default]
    Sie,
    /// Familiar.
    Du,
}

/// A supervisory authority (Art. 77 GDPR), with where it can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// Its full name.
    pub name: String,
    /// Postal address, one line each.
    #[serde(default)]
    pub address: Vec<String>,
    /// Its web address.
    #[serde(default)]
    pub web: String,
}

/// How a controller lets people prove who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofManners {
    /// The methods on offer, beside the weakest that suffices.
    pub methods: Vec<Method>,
    /// Days after which a person who was asked is reminded, once.
    pub remind_after: u16,
}

impl Default for ProofManners {
    fn default() -> Self {
        ProofManners {
            methods: Method::USUAL.to_vec(),
            remind_after: 14,
        }
    }
}

/// One controller with all that letters, pages and dates need of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Controller {
    /// Its number in this installation.
    pub id: ControllerId,
    /// Its path and its name in files: lower-case letters, digits, hyphens.
    pub slug: String,
    /// The legal name.
    pub name: String,
    /// A short name for mail subjects and the queue's column.
    pub short: String,
    /// Postal address, one line each.
    pub address: Vec<String>,
    /// Where people write about data protection.
    pub email: String,
    /// A telephone number, if one is offered.
    pub phone: Option<String>,
    /// Contact of the data protection officer, where there is one (Art. 37 GDPR).
    pub officer: Option<String>,
    /// Web address of the imprint, which every page for the public links (§ 5 DDG).
    pub imprint: Option<String>,
    /// Where pages are reached from outside, without a slash at the end.
    pub public_url: String,
    /// Place for public holidays (`Art. 2(1) Reg. 1182/71`).
    pub place: Place,
    /// The supervisory authority by seat.
    pub authority: Authority,
    /// Languages offered at the counter; the first one is the default.
    pub languages: Vec<Lang>,
    /// Sie or du.
    pub form: AddressForm,
    /// Accent colour as `#rrggbb`; contrast is corrected, not obeyed.
    pub colour: Option<String>,
    /// Names of brands and products that belong to it.
    pub brands: Vec<String>,
    /// Other form paths that lead to it.
    pub paths: Vec<String>,
    /// Whether who decided may not release (four eyes).
    pub four_eyes: bool,
    /// How people prove who they are.
    pub proof: ProofManners,
    /// Days that an answer can be downloaded.
    pub download_days: u16,
    /// Days after which the copy of an answer is destroyed here: the package and what was found.
    pub copy_days: u16,
    /// Where staff mail goes when a case has no assignee.
    pub fallback_email: String,
    /// Sentence on automated decisions (Art. 22, 15(1)(h) GDPR): "none" or what takes place.
    pub automated: Option<String>,
    /// Who stands for that sentence.
    pub automated_by: Option<String>,
    /// When it was last looked at.
    pub automated_on: Option<NaiveDate>,
    /// The date of the published privacy policy.
    pub policy_date: Option<NaiveDate>,
    /// For whom statutory periods are counted: banks keep vouchers longer.
    pub sector: Sector,
    /// Which ways to ask are invited, and which are not offered.
    pub channels: Channels,
    /// For whom we process; who asks about such data is passed on to them.
    pub customers: Vec<Customer>,
}

impl Controller {
    /// The customer of this stable name.
    pub fn customer(&self, slug: &str) -> Option<&Customer> {
        self.customers.iter().find(|customer| customer.slug == slug)
    }
}
