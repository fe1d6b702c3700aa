//! What an operator writes down about a system that nobody wrote an adapter for: the keys of the TOML file.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::Value;

use crate::adapters::spelling::Spelling;
use crate::domain::identifier::SearchKey;
use crate::ports::source::{Fault, Leftover, Manner, Origin};

/// A system that speaks JSON over HTTP. What must be there and is not is told by [`super::gaps()`], not by the parser:
/// then all of it is told at once, and with what helps.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Description {
    /// What people call the system.
    pub title: String,
    /// The address below which all requests lie.
    pub address: String,
    /// The only hosts that are ever spoken to, with their port where it is not the usual one.
    pub hosts: Vec<String>,
    /// Values that differ from one installation to the next and must be set there: `{account}` in a request.
    pub values: Vec<String>,
    /// How one signs in.
    pub login: Login,
    /// What makes an answer a good one, where nothing else is said at the request.
    pub answer: AnswerRule,
    /// How to see that the system is reachable and the credential good, without reading anybody's data.
    pub check: Option<Check>,
    /// Things of the system over which a search must walk, such as groups or folders: no persons.
    pub lists: BTreeMap<String, List>,
    /// What it holds on people.
    pub place: Vec<Place>,
    /// Its list of whom nothing is sent to.
    pub suppress: Option<SuppressRule>,
    /// What neither a machine nor a person does here: `rectify`, `erase`, `restrict`, `suppress`.
    pub never: Vec<String>,
    /// Copies that the interface does not reach.
    #[serde(alias = "leftover")]
    pub leftovers: Vec<Leftover>,
}

/// How one signs in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Login {
    /// `bearer`, `basic`, `header`, `query`, `oauth2` or `none`.
    pub kind: LoginKind,
    /// For `header`: the name of the header.
    pub header: String,
    /// For `header`: what stands before the key, such as `Token `.
    pub prefix: String,
    /// For `query`: the name of the parameter. Only where nothing else is possible, for addresses end up in logs.
    pub query: String,
    /// For `oauth2`: where the token is fetched.
    pub token_address: String,
    /// For `oauth2`: what is asked for.
    pub scope: String,
    /// For `oauth2`: whether client and secret travel in the head (`basic`) or in the body (`body`).
    pub send: Sending,
}

/// The ways of signing in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoginKind {
    /// Nothing was said.
    #[default]
    Unsaid,
    /// No key at all.
    None,
    /// `Authorization: Bearer …`.
    Bearer,
    /// A user and a password.
    Basic,
    /// A header of its own.
    Header,
    /// A parameter of the query.
    Query,
    /// OAuth 2 client credentials.
    Oauth2,
}

/// Where client and secret travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sending {
    /// In the head.
    #[default]
    Basic,
    /// In the body.
    Body,
}

/// A short value to compare with.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Short {
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

/// What makes an answer a good one, beside a status of success.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerRule {
    /// Places that must be there.
    pub needs: Vec<String>,
    /// Places that must not be there or must hold nothing: lists of errors.
    pub fails: Vec<String>,
    /// What certain answers mean.
    pub faults: Vec<FaultRule>,
}

/// What a certain answer means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The way of failing.
    pub fault: Fault,
    /// With this status.
    pub status: Option<u16>,
    /// With something at this place …
    pub at: Option<String>,
    /// … that is this …
    pub is: Option<Short>,
    /// … or holds this, in any case.
    pub holds: Option<String>,
}

/// By what an answer is recognised.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mark {
    /// One of these statuses.
    pub status: Vec<u16>,
    /// Something at this place of the body …
    pub at: String,
    /// … that is this.
    pub is: Option<Short>,
}

/// One request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Request {
    /// For a search: by what. The blank of the same name takes it.
    pub by: Vec<SearchKey>,
    /// For a search: in which spellings it is asked.
    pub spelling: Vec<Spelling>,
    /// For a search: what the server promises.
    pub claims: Claims,
    /// Lists or values over which it walks; the blank of the same name takes each.
    pub each: Vec<String>,
    /// `GET` where nothing is said.
    pub method: Option<String>,
    /// The path with blanks; each piece of it is encoded for itself.
    pub path: String,
    /// Parameters with blanks.
    pub query: BTreeMap<String, String>,
    /// Headers with blanks.
    pub headers: BTreeMap<String, String>,
    /// A JSON body with blanks in its texts.
    pub body: Option<Value>,
    /// Where the records lie in the answer.
    pub records: String,
    /// Whether one record lies there and not a list.
    pub single: bool,
    /// The answer that means: there is nobody.
    pub nobody: Option<Mark>,
    /// The answer that means: I do not reach that far back.
    pub capped: Option<Mark>,
    /// For a step of erasing: statuses that mean that it was gone already.
    pub gone: Vec<u16>,
    /// What makes its answer a good one, instead of what holds for all.
    pub answer: Option<AnswerRule>,
    /// How one gets to the next page.
    pub paging: Option<Paging>,
    /// If the answer only says that the work has begun: how one waits for it.
    pub job: Option<Job>,
}

/// What the server promises about what it answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Claims {
    /// Nothing was said.
    #[default]
    Unsaid,
    /// Only records with exactly this value.
    Exact,
    /// Only records that hold the text somewhere.
    Contains,
    /// Nothing: it lists everybody, and we pick.
    Everything,
}

/// How one gets to the next page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Paging {
    /// `page`, `offset`, `cursor`, `next` or `header`.
    pub kind: PagingKind,
    /// For `page` and `offset`: the first number.
    pub first: u64,
    /// `{limit}` of the request.
    pub limit: Option<u64>,
    /// For `cursor`: where the next cursor lies. For `next`: where the address of the next page lies.
    pub at: String,
    /// For `header`: a header that holds the next cursor; without it the `Link` header is read.
    pub header: String,
    /// Where it says whether there is more.
    pub more: String,
    /// Where it says how many there are: fewer are a doubt.
    pub total: String,
    /// The system gives no more than so many, whatever is asked.
    pub cap: Option<u64>,
    /// Whether a page that is not full is the last one. Only where the system keeps to the size that it is asked for.
    pub short_ends: bool,
}

/// The ways of paging.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PagingKind {
    /// Nothing was said.
    #[default]
    Unsaid,
    /// Pages have numbers: `{page}`.
    Page,
    /// So many are left out: `{offset}`.
    Offset,
    /// The body holds a mark for the next page: `{cursor}`.
    Cursor,
    /// The body holds the address of the next page.
    Next,
    /// A header holds it.
    Header,
}

/// Work that goes on over there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Job {
    /// Where the first answer names the work: `{job}` in the path.
    pub id: String,
    /// Where one looks.
    pub path: String,
    /// Where it says how far it is.
    pub at: String,
    /// What stands there when it is done.
    pub done: Vec<String>,
    /// What stands there when it failed.
    pub failed: Vec<String>,
    /// How often one looks before it is left for later.
    pub tries: u32,
    /// Seconds between two looks.
    pub seconds: u64,
    /// Where the result is fetched; without it the last look holds it.
    pub result: Option<String>,
}

/// How to see that all is well.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Check {
    /// A request that reads nobody's data.
    pub ask: Request,
    /// Where the version lies.
    pub version: String,
    /// Why even the reading credential may do too much, if the system knows no smaller one.
    pub mighty: String,
}

/// Things over which a search walks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct List {
    /// How they are listed.
    pub ask: Request,
    /// Where the key of one lies.
    pub id: String,
    /// Where its name lies, for what is expected to be seen.
    pub name: String,
    /// How those below one are listed: `{above}` is its key.
    pub below: Option<Request>,
}

/// One kind of record.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Place {
    /// What it is called over there.
    pub kind: String,
    /// Which category of data.
    pub category: String,
    /// The kind of record on which it hangs; `{parent}` is that one's key.
    pub of: Option<String>,
    /// Where it says itself on which record it hangs: compared with `{parent}`, so that a filter that was not understood
    /// brings nobody else's.
    pub above: String,
    /// Where its key lies.
    pub id: String,
    /// Which fields make it hers, compared by ourselves, by kind of identifier.
    #[serde(rename = "match")]
    pub matches: HashMap<SearchKey, Vec<String>>,
    /// Texts in which she may be mentioned: a candidate, never a proof.
    pub mentions: Vec<String>,
    /// Whether the other side cuts IP addresses.
    pub masked: bool,
    /// Where its time lies.
    pub time: String,
    /// Where its title lies, the first that holds something.
    pub title: Vec<String>,
    /// Names of the important fields, shown first.
    pub first: Vec<String>,
    /// Names of fields that are nobody's data and not shown; all below them too.
    pub hide: Vec<String>,
    /// Names of longer texts.
    pub text: Vec<String>,
    /// Names of fields in HTML.
    pub html: Vec<String>,
    /// Where the data come from.
    pub origin: Origin,
    /// What must be known before anything is done to any of them.
    pub cautions: Vec<String>,
    /// What must be known where something stands at a place.
    pub caution_if: Vec<CautionIf>,
    /// Fields with further identifiers of hers.
    pub propose: HashMap<SearchKey, Vec<String>>,
    /// In which order erasing works, the smaller first.
    pub rank: u8,
    /// How it is found.
    pub find: Vec<Request>,
    /// How one of them is read again by its key, `{id}`: without it nothing is written.
    pub read: Option<Request>,
    /// Files that hang on it.
    pub files: Option<Files>,
    /// How it is put right, by field.
    pub rectify: Vec<RectifyRule>,
    /// How it ends.
    pub erase: Option<EraseRule>,
    /// How it is restricted.
    pub restrict: Option<RestrictRule>,
}

/// A caution for some records.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CautionIf {
    /// Which.
    pub caution: String,
    /// Where something stands …
    pub at: String,
    /// … that is one of these; nothing: that is there at all.
    #[serde(default)]
    pub is: Vec<Short>,
}

/// Files that hang on a record.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    /// Where they lie in the record.
    pub at: String,
    /// Where the key of one lies.
    pub id: String,
    /// Where its name lies.
    pub name: String,
    /// What it is, where the record does not say.
    pub media_type: String,
    /// How its bytes are fetched: `{file}` is its key.
    pub fetch: Option<Request>,
    /// Or: the record holds a whole address, on one of the hosts, and no key is sent there.
    pub link: bool,
}

/// How some fields are put right.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RectifyRule {
    /// Which fields.
    pub fields: Vec<String>,
    /// Where in the body the new values are put, by their names.
    pub into: Option<String>,
    /// The request. `{new}` is the new value where there is one field.
    pub write: Request,
}

/// How a record ends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EraseRule {
    /// Whether it goes (`erase`) or stays without saying anything of anybody (`anonymise`).
    pub manner: Option<Manner>,
    /// What is sent, in this order.
    pub steps: Vec<Request>,
    /// The most requests that one record may need: more, and nothing is sent.
    pub most: Option<u32>,
    /// What keeps it: if such a question has an answer, it stays.
    pub keeps: Vec<KeepRule>,
    /// What is sent instead when it is kept.
    pub instead: Vec<Request>,
    /// Places that are empty once it is anonymous, or once that was done instead.
    pub empty: Vec<String>,
    /// Whether she is entered into the list of whom nothing is sent to before.
    pub suppress_first: bool,
    /// Whether it vanishes only after a while.
    pub later: bool,
    /// What is set off: `final`, `mail: …`, `webhook: …`.
    pub effects: Vec<String>,
    /// What is left.
    #[serde(alias = "leftover")]
    pub leftovers: Vec<Leftover>,
}

/// What keeps a record.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeepRule {
    /// Why, in a word.
    pub why: String,
    /// If this finds anything, it is kept.
    pub ask: Request,
}

/// How a record is restricted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RestrictRule {
    /// Where the mark lies.
    pub at: String,
    /// What stands there when it is restricted.
    pub is: Option<Short>,
    /// Sets it.
    pub on: Request,
    /// Lifts it.
    pub off: Option<Request>,
}

/// The list of whom nothing is sent to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuppressRule {
    /// By what.
    pub by: SearchKey,
    /// Enters.
    pub write: Request,
    /// Looks whether it stands there.
    pub read: Request,
    /// Where the identifier lies in what was read.
    pub at: String,
}

impl Short {
    /// Whether a value is this one.
    #[must_use]
    pub fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Short::Bool(mine), Value::Bool(theirs)) => mine == theirs,
            (Short::Number(mine), Value::Number(theirs)) => theirs.as_i64() == Some(*mine),
            // Some systems write `"0"` where they mean 0.
            (Short::Number(mine), Value::String(theirs)) => theirs.trim() == mine.to_string(),
            (Short::Text(mine), Value::String(theirs)) => mine == theirs,
            (Short::Text(mine), Value::Number(theirs)) => *mine == theirs.to_string(),
            _ => false,
        }
    }
}

impl Request {
    /// The method, in capitals.
    #[must_use]
    pub fn verb(&self) -> String {
        self.method.as_deref().unwrap_or("GET").to_ascii_uppercase()
    }
}

impl Description {
    /// The place of that kind.
    #[must_use]
    pub fn of_kind(&self, kind: &str) -> Option<&Place> {
        self.place.iter().find(|place| place.kind == kind)
    }
}
