//! One `[[controller]]` of the configuration: whom the office works for.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::file::looks_like_address;
use super::problem::Problem;
use super::source::{SourceSection, SourceSettings};
use crate::domain::calendar::{Calendar, Place};
use crate::domain::channels::Channels;
use crate::domain::controller::{AddressForm, Authority, Controller, ProofManners};
use crate::domain::customer::Customer;
use crate::domain::identity::Method;
use crate::domain::ids::ControllerId;
use crate::domain::intake::Channel;
use crate::domain::lang::Lang;
use crate::domain::law::{LawBook, Sector};
use crate::mail::{MailboxSettings, SmtpSettings};

/// A controller as it is configured. Its number is given when it is met for the first time.
#[derive(Debug, Clone)]
pub struct ControllerSettings {
    /// What letters, pages and dates need; the id is 0 until the database has given one.
    pub controller: Controller,
    /// Its own mail server.
    pub mail: Option<SmtpSettings>,
    /// The mailboxes in which its requests come in.
    pub mailboxes: Vec<MailboxSettings>,
    /// The systems that are connected.
    pub sources: Vec<SourceSettings>,
}

/// Paths that lead to rooms of the program and to no controller.
const TAKEN: [&str; 19] = [
    "account",
    "advertising",
    "answer",
    "assets",
    "brand",
    "confirm",
    "desk",
    "disown",
    "favicon.ico",
    "feed",
    "healthz",
    "readyz",
    "robots.txt",
    "sign-in",
    "sign-out",
    "status",
    "stop",
    "task",
    "welcome",
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ControllerSection {
    slug: String,
    name: String,
    short: Option<String>,
    address: Vec<String>,
    email: String,
    phone: Option<String>,
    officer: Option<String>,
    imprint: Option<String>,
    public_url: String,
    place: String,
    authority: Option<Authority>,
    #[serde(default)]
    sector: Sector,
    policy_date: Option<NaiveDate>,
    #[serde(default = "both")]
    languages: Vec<Lang>,
    #[serde(default)]
    form: AddressForm,
    colour: Option<String>,
    #[serde(default)]
    brands: Vec<String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    four_eyes: bool,
    #[serde(default = "a_month")]
    download_days: u16,
    copy_days: Option<u16>,
    fallback_email: Option<String>,
    #[serde(default = "usual_methods")]
    identity_methods: Vec<Method>,
    #[serde(default = "two_weeks")]
    identity_reminder_days: u16,
    automated: Option<String>,
    automated_by: Option<String>,
    automated_on: Option<NaiveDate>,
    #[serde(default)]
    channels: Channels,
    #[serde(default)]
    customers: Vec<Customer>,
    mail: Option<SmtpSettings>,
    #[serde(default)]
    mailbox: Vec<MailboxSettings>,
    #[serde(default)]
    pub(super) source: Vec<SourceSection>,
}

fn both() -> Vec<Lang> {
    Lang::ALL.to_vec()
}

fn usual_methods() -> Vec<Method> {
    Method::USUAL.to_vec()
}

fn two_weeks() -> u16 {
    14
}

fn a_month() -> u16 {
    30
}

/// Days after which a copy is destroyed, where nothing else is written.
const A_QUARTER: u16 = 90;

impl ControllerSection {
    /// Checks one controller; `number` counts from 0, as the environment does.
    pub(super) fn check(
        self,
        number: usize,
        calendar: &Calendar,
        law: &LawBook,
        problems: &mut Vec<Problem>,
    ) -> ControllerSettings {
        let mut wrong = |key: &str, what: &str, remedy: &str| {
            problems.push(Problem::of(
                format!("controller[{number}].{key}"),
                what,
                remedy,
            ));
        };
        if !is_path(&self.slug) {
            wrong(
                "slug",
                "must be 1 to 40 small letters, digits or hyphens",
                "it becomes part of addresses, as in `kontor`",
            );
        }
        for path in &self.paths {
            if !is_path(path) {
                wrong(
                    "paths",
                    "must be small letters, digits or hyphens each",
                    "they become addresses of the form",
                );
            }
        }
        for path in self.paths.iter().chain([&self.slug]) {
            if TAKEN.contains(&path.as_str()) {
                wrong(
                    "slug",
                    &format!("'{path}' is an address of the program itself"),
                    "choose another one",
                );
            }
        }
        if self.name.trim().is_empty() {
            wrong(
                "name",
                "is empty",
                "write the full legal name (Art. 13(1)(a) GDPR)",
            );
        }
        if self.address.iter().all(|line| line.trim().is_empty()) {
            wrong(
                "address",
                "is empty",
                "write street and town, one line each",
            );
        }
        if !looks_like_address(&self.email) {
            wrong(
                "email",
                "is no e-mail address",
                "name the address for questions of data protection",
            );
        }
        if self
            .fallback_email
            .as_deref()
            .is_some_and(|address| !looks_like_address(address))
        {
            wrong(
                "fallback_email",
                "is no e-mail address",
                "name one, or take the key out to use `email`",
            );
        }
        let public_url = self.public_url.trim_end_matches('/').to_owned();
        if !is_web_address(&public_url) {
            wrong(
                "public_url",
                "is no web address",
                "write where people reach the pages, as in https://anfragen.example",
            );
        }
        let page = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        if self.imprint.as_ref().is_some_and(|url| !page(url)) {
            wrong(
                "imprint",
                "is no web address",
                "write the whole address, as in https://firma.example/impressum",
            );
        }
        let place = calendar.place(&self.place).unwrap_or_else(|error| {
            wrong(
                "place",
                &error.to_string(),
                "write a Land such as DE-HE, with a municipal addition where one applies",
            );
            Place::nationwide()
        });
        // By the seat, unless the controller names another one.
        let by_seat = || law.authority(&place).map(|entry| entry.named());
        let authority = self.authority.or_else(by_seat).unwrap_or_default();
        if authority.name.trim().is_empty() {
            wrong(
                "authority.name",
                "is empty",
                "every refusal must name the authority (Art. 12(4) GDPR); with a Land as `place` it is known",
            );
        }
        if authority.address.iter().all(|line| line.trim().is_empty()) {
            wrong(
                "authority.address",
                "is empty",
                "letters say where to complain; without it no answer can leave",
            );
        }
        if self.languages.is_empty() {
            wrong("languages", "is empty", "write [\"de\"], [\"en\"] or both");
        }
        if let Some(colour) = &self.colour
            && !(colour.len() == 7
                && colour
                    .strip_prefix('#')
                    .is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit())))
        {
            wrong(
                "colour",
                "is no colour",
                "write six digits, as in \"#0b5c6a\"",
            );
        }
        if !(1..=365).contains(&self.download_days) {
            wrong("download_days", "must be 1 to 365", "30 is the default");
        }
        for (at, customer) in self.customers.iter().enumerate() {
            let before = self.customers.iter().take(at);
            if !is_path(&customer.slug) || before.clone().any(|one| one.slug == customer.slug) {
                wrong(
                    "customers.slug",
                    "must be small letters, digits or hyphens, and each of its own",
                    "cases keep it as the customer's name in files",
                );
            }
            if customer.name.trim().is_empty() || !customer.reachable() {
                wrong(
                    "customers",
                    "has no name, or neither `email` nor `address`",
                    "requests are passed on to it there (Art. 28(3)(e) GDPR)",
                );
            }
        }
        let both = |channel| self.channels.invited.contains(channel);
        if self.channels.excluded.iter().any(both) {
            wrong(
                "channels",
                "invites a way that it excludes",
                "name each way once",
            );
        }
        if self.channels.excluded.contains(&Channel::Form) {
            wrong(
                "channels.excluded",
                "names the form of this program",
                "take it out; the form is always there",
            );
        }
        if !self.channels.excluded.is_empty() && self.channels.sentence.trim().is_empty() {
            wrong(
                "channels.sentence",
                "is empty",
                "write what is said to who asks by a way that is not offered",
            );
        }
        if self.identity_methods.is_empty() {
            wrong(
                "identity_methods",
                "is empty",
                "name at least one way to prove who one is, such as \"knowledge\"",
            );
        }
        if !(5..=25).contains(&self.identity_reminder_days) {
            wrong(
                "identity_reminder_days",
                "must be 5 to 25",
                "14 is the default",
            );
        }
        let copy_days = self.copy_days.unwrap_or(A_QUARTER.max(self.download_days));
        if copy_days < self.download_days || copy_days > 1095 {
            wrong(
                "copy_days",
                "must be at least `download_days` and at most 1095",
                "90 is the default; the copy is destroyed after so many days",
            );
        }
        for (at, mailbox) in self.mailbox.iter().enumerate() {
            let mut before = self.mailbox.iter().take(at);
            if before.any(|one| one.name == mailbox.name) {
                wrong(
                    "mailbox.name",
                    "is that of another mailbox",
                    "name each differently; where reading stands is kept under it",
                );
            }
        }
        let mut languages = self.languages;
        let mut seen = Vec::new();
        languages.retain(|lang| {
            let new = !seen.contains(lang);
            seen.push(*lang);
            new
        });
        ControllerSettings {
            controller: Controller {
                id: ControllerId(0),
                short: self
                    .short
                    .filter(|short| !short.trim().is_empty())
                    .unwrap_or_else(|| self.name.clone()),
                slug: self.slug,
                name: self.name,
                address: self.address,
                fallback_email: self.fallback_email.unwrap_or_else(|| self.email.clone()),
                email: self.email,
                phone: self.phone,
                officer: self.officer,
                imprint: self.imprint,
                public_url,
                place,
                authority,
                languages,
                form: self.form,
                colour: self.colour,
                brands: self.brands,
                paths: self.paths,
                four_eyes: self.four_eyes,
                proof: ProofManners {
                    methods: self.identity_methods,
                    remind_after: self.identity_reminder_days,
                },
                download_days: self.download_days,
                copy_days,
                automated: self.automated,
                automated_by: self.automated_by,
                automated_on: self.automated_on,
                policy_date: self.policy_date,
                sector: self.sector,
                channels: self.channels,
                customers: self.customers,
            },
            mail: self.mail,
            mailboxes: self.mailbox,
            sources: Vec::new(),
        }
    }
}

pub(super) fn is_path(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !text.starts_with('-')
}

fn is_web_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || "/?#\"<>".contains(c))
    })
}

/// No two controllers share a path, and all are reached by https or none is: a session's cookie is good
/// for all of them.
pub(super) fn apart(controllers: &[ControllerSettings], problems: &mut Vec<Problem>) {
    let plain = |settings: &ControllerSettings| settings.controller.public_url.starts_with("http:");
    let first = controllers.first().map(plain);
    for (number, settings) in controllers.iter().enumerate() {
        if Some(plain(settings)) != first {
            problems.push(Problem::of(
                format!("controller[{number}].public_url"),
                "is reached by http and another controller by https".to_owned(),
                "give all controllers https, or none while you try things out",
            ));
        }
    }
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, settings) in controllers.iter().enumerate() {
        let controller = &settings.controller;
        for path in controller.paths.iter().chain([&controller.slug]) {
            if let Some(owner) = owners.insert(path, number) {
                problems.push(Problem::of(
                    format!("controller[{number}]"),
                    format!("the path '{path}' leads to controller[{owner}] already"),
                    "give each path to one controller only",
                ));
            }
        }
    }
}
