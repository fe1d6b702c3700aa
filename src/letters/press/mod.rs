//! Turns a template and facts into a letter: subject, plain text, HTML, and blocks for paper.

mod html;
mod kind;
mod markup;
mod plain;
mod texts;
mod version;

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, ErrorKind, UndefinedBehavior};

use super::block::Block;
use super::check;
use super::facts::Facts;
use super::pdf::{Sender, Sheet, web_address};
use super::phrases::phrase;
/// How a German letter addresses its reader.
pub use crate::domain::controller::AddressForm as Address;
use crate::domain::lang::Lang;
pub use kind::{Audience, Kind};

/// Work that one text may cost; an answer on hundreds of systems needs a fraction of it.
const FUEL: u64 = 2_000_000;

/// A letter in every form but paper; [`Printed::sheet`] leads there.
#[derive(Debug, Clone)]
pub struct Printed {
    /// Which letter it is.
    pub kind: Kind,
    /// Its language.
    pub lang: Lang,
    /// The file of its wording: `de/answer-sie.txt`.
    pub file: String,
    /// The version of its wording: a digest over the texts, the operator's own among them.
    pub version: String,
    /// One line, without personal data.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same words as HTML.
    pub html: String,
    /// The same words as blocks.
    pub blocks: Vec<Block>,
}

/// Why a letter could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    /// The text is faulty, or names a fact that is missing.
    #[error("letter text {name}, line {line}: {reason}")]
    Text {
        /// Which file.
        name: String,
        /// Which line of it.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// The first line is no subject.
    #[error("letter text {name}: the first line must be the subject")]
    Subject {
        /// Which file.
        name: String,
    },
    /// The wording leaves out what the law demands.
    #[error("letter text {name}: {} is dropped: {about}", check::rule(code).map_or(*code, |rule| rule.demands))]
    Dropped {
        /// Which file.
        name: String,
        /// The gap's stable name.
        code: &'static str,
        /// The words that are missing.
        about: String,
    },
    /// The facts could not be read.
    #[error("the letter's facts cannot be read: {0}")]
    Facts(String),
}

/// Holds the texts and prints from them.
pub struct Press {
    texts: Environment<'static>,
}

impl std::fmt::Debug for Press {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Press").finish_non_exhaustive()
    }
}

impl Press {
    /// A press with the built-in texts; files below `overrides` take the place of those of the same name.
    #[must_use]
    pub fn new(overrides: Option<PathBuf>) -> Self {
        let mut texts = Environment::new();
        texts.set_undefined_behavior(UndefinedBehavior::Strict);
        texts.set_fuel(Some(FUEL));
        texts.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .build()
                .unwrap_or_default(),
        );
        texts.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        texts.set_path_join_callback(|name, from| match from.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{name}").into(),
            None => name.into(),
        });
        texts.set_loader(move |name| texts::load(overrides.as_deref(), name));
        // A fact that is absent must be asked for before it is written: "none" is never printed.
        texts.set_formatter(|out, state, value| {
            if value.is_none() {
                return Err(minijinja::Error::new(
                    ErrorKind::UndefinedError,
                    "an absent fact is printed",
                ));
            }
            minijinja::escape_formatter(out, state, value)
        });
        texts.add_filter("paragraphs", |text: String| markup::paragraphs(&text));
        texts.add_filter("listed", listed);
        Self { texts }
    }

    /// Prints one letter.
    ///
    /// # Errors
    /// [`PressError`], if a text is faulty or names a fact that is missing.
    pub fn print(
        &self,
        kind: Kind,
        lang: Lang,
        form: Address,
        facts: &Facts,
    ) -> Result<Printed, PressError> {
        let (lang, name) = file(kind, lang, form);
        let version = version::of(&self.texts, &name, facts);
        let facts = guarded(facts)?;
        let source = texts::source(&self.texts, &name).map_err(|error| fault(&name, &error))?;
        let (first, rest) = source.split_once('\n').unwrap_or((&source, ""));
        let subject = first
            .split_once(':')
            .filter(|(label, _)| matches!(label.trim(), "Betreff" | "Subject"))
            .map(|(_, subject)| subject.trim())
            .ok_or_else(|| PressError::Subject { name: name.clone() })?;
        let subject = self
            .texts
            .render_named_str(&name, subject, public_facts(&facts))
            .map_err(|error| fault(&name, &error))?;
        // An empty first line keeps the line numbers of faults right.
        let body = self
            .texts
            .render_named_str(&name, &format!("\n{rest}"), &facts)
            .map_err(|error| fault(&name, &error))?;
        let subject = markup::one_line(&subject);
        let mut blocks = markup::parse(&body);
        number(&mut blocks);
        Ok(Printed {
            kind,
            lang,
            file: name,
            version,
            text: plain::write(&blocks),
            html: html::write(lang, &subject, &blocks),
            subject,
            blocks,
        })
    }

    /// Prints every letter in every language, form and shape with sample facts, proves that no wording dropped
    /// what the law demands, and answers what failed.
    #[must_use]
    pub fn check(&self) -> Vec<PressError> {
        let mut faults = Vec::new();
        for lang in Lang::ALL {
            let sample = match Facts::sample(lang) {
                Ok(sample) => sample,
                Err(error) => {
                    faults.push(PressError::Facts(error.to_string()));
                    continue;
                }
            };
            for kind in Kind::ALL {
                for form in forms(kind, lang) {
                    faults.extend(self.try_out(kind, lang, form, &sample));
                }
            }
        }
        faults
    }

    /// What is wrong with one wording, each fault once.
    fn try_out(&self, kind: Kind, lang: Lang, form: Address, sample: &Facts) -> Vec<PressError> {
        let mut faults: Vec<PressError> = Vec::new();
        for facts in check::variants(kind, sample) {
            let printed = match self.print(kind, lang, form, &facts) {
                Ok(printed) => printed,
                // A text that cannot be read fails in every shape alike.
                Err(error) => return vec![error],
            };
            for gap in check::prove(&printed, &facts) {
                let known = faults.iter().any(|fault| {
                    matches!(fault, PressError::Dropped { code, about, .. }
                        if *code == gap.code && *about == gap.about)
                });
                if !known {
                    faults.push(PressError::Dropped {
                        name: printed.file.clone(),
                        code: gap.code,
                        about: gap.about,
                    });
                }
            }
        }
        faults
    }
}

/// The forms of address in which a letter exists.
fn forms(kind: Kind, lang: Lang) -> Vec<Address> {
    match (kind.audience(), lang) {
        (Audience::Person, Lang::De) => vec![Address::Sie, Address::Du],
        (Audience::Staff, Lang::En) => vec![],
        _ => vec![Address::Sie],
    }
}

impl Printed {
    /// The letter as a part of a page of ours, for reading on a screen.
    #[must_use]
    pub fn page(&self) -> String {
        html::page(&self.subject, &self.blocks)
    }

    /// The letter on paper; an empty `recipient` leaves the window empty.
    #[must_use]
    pub fn sheet(
        &self,
        facts: &Facts,
        lang: Lang,
        recipient: Vec<String>,
        created: DateTime<Utc>,
    ) -> Sheet {
        let controller = &facts.controller;
        let mut lines = controller.address.clone();
        lines.extend(controller.phone.clone());
        lines.push(controller.email.clone());
        let mut footer = vec![controller.name.clone()];
        footer.extend(controller.address.iter().cloned());
        footer.push(controller.email.clone());
        footer.extend(controller.phone.clone());
        footer.extend(controller.privacy_contact.clone());
        footer.push(controller.art13_url.clone());
        let mut back = vec![controller.name.clone()];
        back.extend(controller.address.iter().cloned());
        let empty = String::new();
        let reply = facts.reply.as_ref();
        let (theirs, their_day) = match self.kind {
            Kind::AuthorityReply => ("letter-of", reply.map_or(&empty, |it| &it.letter_of)),
            Kind::RecipientInstruction
            | Kind::RecipientNotice
            | Kind::PublicNotice
            | Kind::WithdrawalNotice
            | Kind::ForwardedCustomer
            | Kind::Art14Notice
            | Kind::ChildView => ("letter-of", &empty),
            Kind::DoubtedInstruction
            | Kind::NotARequest
            | Kind::ThirdParty
            | Kind::Deceased
            | Kind::LegalPerson
            | Kind::PublicBody
            | Kind::MandateDemand
            | Kind::MandateRejected => ("letter-of", &facts.case.received_on),
            _ => ("request-of", &facts.case.received_on),
        };
        let their_sign = reply
            .filter(|_| self.kind == Kind::AuthorityReply)
            .map_or(&empty, |it| &it.reference);
        let info = [
            ("your-sign", their_sign),
            ("our-sign", &facts.case.number),
            ("date", &facts.today),
            (theirs, their_day),
            ("contact", &controller.email),
        ];
        Sheet {
            lang,
            title: format!("{} – {}", self.subject, controller.short),
            sender: Sender {
                name: controller.name.clone(),
                lines: without_blank(lines),
                footer: without_blank(footer),
                return_address: without_blank(back).join(" · "),
            },
            recipient: without_blank(recipient),
            info: info
                .into_iter()
                .filter(|(_, value)| !value.trim().is_empty())
                .map(|(label, value)| (phrase(lang, label).to_owned(), value.clone()))
                .collect(),
            subject: self.subject.clone(),
            blocks: self.blocks.clone(),
            created,
        }
    }
}

/// The parts that a letter's wording includes, by the names of their English files without ending.
#[must_use]
pub fn parts(kind: Kind) -> std::collections::BTreeSet<String> {
    let (_, name) = file(kind, Lang::En, Address::Sie);
    version::parts(&name)
}

fn without_blank(mut lines: Vec<String>) -> Vec<String> {
    lines.retain(|line| !line.trim().is_empty());
    lines
}

fn file(kind: Kind, lang: Lang, form: Address) -> (Lang, String) {
    let stem = kind.stem();
    match (kind.audience(), lang, form) {
        (Audience::Staff, _, _) | (Audience::Office, Lang::De, _) => {
            (Lang::De, format!("de/{stem}.txt"))
        }
        (Audience::Person, Lang::De, Address::Sie) => (lang, format!("de/{stem}-sie.txt")),
        (Audience::Person, Lang::De, Address::Du) => (lang, format!("de/{stem}-du.txt")),
        (_, Lang::En, _) => (lang, format!("en/{stem}.txt")),
    }
}

fn fault(name: &str, error: &minijinja::Error) -> PressError {
    let mut reason = error.to_string();
    let mut cause = std::error::Error::source(error);
    let (mut name, mut line) = (
        error.name().unwrap_or(name).to_owned(),
        error.line().unwrap_or(1),
    );
    while let Some(next) = cause {
        // The innermost fault names the file that has to be mended.
        if let Some(inner) = next.downcast_ref::<minijinja::Error>() {
            name = inner.name().unwrap_or(&name).to_owned();
            line = inner.line().unwrap_or(line);
        }
        reason = next.to_string();
        cause = next.source();
    }
    PressError::Text { name, line, reason }
}

/// The facts with every word made harmless for the markup.
fn guarded(facts: &Facts) -> Result<Value, PressError> {
    let mut facts =
        serde_json::to_value(facts).map_err(|error| PressError::Facts(error.to_string()))?;
    if let Some(decisions) = facts
        .get_mut("decisions")
        .and_then(serde_json::Value::as_array_mut)
    {
        for decision in decisions {
            let code = decision
                .get("code")
                .and_then(serde_json::Value::as_str)
                .unwrap_or("");
            let section = section(code);
            if let Some(decision) = decision.as_object_mut() {
                decision.insert("section".to_owned(), section.into());
            }
        }
    }
    Ok(guard(facts))
}

/// The file that tells what came of a right.
fn section(code: &str) -> &'static str {
    match code {
        "15" => "access",
        "16" => "rectification",
        "17" => "erasure",
        "18" => "restriction",
        "20" => "portability",
        "21(1)" => "objection",
        "21(2)" => "marketing",
        "22" => "human_review",
        "7(3)" => "withdrawal",
        _ => "other",
    }
}

fn guard(fact: serde_json::Value) -> Value {
    match fact {
        serde_json::Value::Null => Value::from(()),
        serde_json::Value::Bool(truth) => Value::from(truth),
        serde_json::Value::Number(number) => number
            .as_i64()
            .map_or(Value::from(number.as_f64().unwrap_or(0.0)), Value::from),
        serde_json::Value::String(text) => Value::from(markup::guard(&text)),
        serde_json::Value::Array(items) => items.into_iter().map(guard).collect(),
        serde_json::Value::Object(fields) => {
            Value::from_pairs(fields.into_iter().map(|(name, fact)| (name, guard(fact))))
        }
    }
}

/// What a subject may name: it travels and is shown in the open, so no personal data.
fn public_facts(facts: &Value) -> Value {
    let part = |name: &str, field: &str| {
        facts
            .get_attr(name)
            .and_then(|part| part.get_attr(field))
            .unwrap_or(Value::UNDEFINED)
    };
    let lines = part("desk", "lines");
    let count = if lines.kind() == ValueKind::Seq {
        lines.len()
    } else {
        None
    };
    minijinja::context! {
        case => minijinja::context! { number => part("case", "number") },
        controller => minijinja::context! { short => part("controller", "short") },
        owner => minijinja::context! { system => part("owner", "system") },
        desk => minijinja::context! { event => part("desk", "event"), count => count.unwrap_or(0) },
    }
}

/// "a, b und c"; the word is the template's.
fn listed(items: Vec<String>, word: String) -> String {
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, before)) => format!("{} {word} {last}", before.join(", ")),
    }
}

/// Numbers the sections of a longer letter.
fn number(blocks: &mut [Block]) {
    let sections = blocks
        .iter()
        .filter(|block| matches!(block, Block::Heading { level: 1, .. }))
        .count();
    if sections < 4 {
        return;
    }
    let mut at = 0;
    for block in blocks {
        if let Block::Heading { level: 1, text } = block {
            at += 1;
            *text = format!("{at}. {text}");
        }
    }
}

#[cfg(test)]
mod tests;
