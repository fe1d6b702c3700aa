//! What becomes of each category of data: the rows of the form, read with what the law and the register propose.

use chrono::NaiveDate;

use crate::casework::Error;
use crate::casework::said::Said;
use crate::domain::case::Case;
use crate::domain::collection::{Outcome, Task};
use crate::domain::decision::Ground;
use crate::domain::ids::SystemId;
use crate::domain::judgement::{End, Judgement, Treatment};
use crate::domain::lang::Lang;
use crate::domain::law::{Duty, Effect, GroundEntry, LawBook, Period, Sector};
use crate::domain::obstacle::Obstacle;
use crate::domain::register::{Category, System};
use crate::domain::right::Right;
use crate::web::form::Posted;
use crate::web::office::act::day;
use crate::words::{deciding, desk, measures, periods};

/// What proposals are made from.
pub struct Rules<'a> {
    /// The book of law.
    pub book: &'a LawBook,
    /// For whom years are counted.
    pub sector: Sector,
    /// The language of the case, in which the person will read it.
    pub lang: Lang,
    /// The register.
    pub systems: &'a [System],
    /// Today.
    pub today: NaiveDate,
    /// What was said of findings one by one.
    pub said: &'a [Said],
}

/// One category as the form shows it.
pub struct Line {
    /// The beginning of its fields' names.
    pub slug: String,
    /// Which data.
    pub what: String,
    /// The same with its system.
    pub full: String,
    /// What the register knows of it.
    pub known: String,
    /// What should be heeded here.
    pub heed: String,
    /// What was chosen.
    pub chosen: Treatment,
    /// The ground's code.
    pub ground: String,
    /// Another provision, typed.
    pub law: String,
    /// The facts.
    pub facts: String,
    /// What must be written down for the ground.
    pub needs: String,
    /// The day of the voucher.
    pub dated: String,
    /// The last day.
    pub until: String,
    /// Or the event.
    pub event: String,
    /// How, or who may use it for what.
    pub how: String,
    /// By which the record is found again.
    pub record: String,
    /// How the last day was counted.
    pub reckoned: String,
    system: SystemId,
    name: String,
    category: String,
}

/// The categories of one system.
pub struct Place {
    /// Its number.
    pub system: SystemId,
    /// Its name.
    pub name: String,
    /// What was found.
    pub found: String,
    /// How many files were found.
    pub files: usize,
    /// The field of the version that takes the find's place.
    pub version: String,
    /// What was typed as that version.
    pub text: String,
    /// Whether it is shown open.
    pub open: bool,
    /// Its categories.
    pub lines: Vec<Line>,
}

/// The grounds that may be named for a category.
pub fn grounds(book: &LawBook, right: Right) -> Vec<(String, String)> {
    // What is about the whole request is no ground for a part of it.
    const WHOLE: [&str; 5] = [
        "unfounded",
        "excessive",
        "not-identifiable",
        "identity-not-shown",
        "not-controller",
    ];
    let fits = |ground: &&GroundEntry| {
        let effect = match right {
            Right::Erasure => matches!(ground.effect, Effect::Keep | Effect::Restrict),
            _ => matches!(ground.effect, Effect::Redact | Effect::Refuse),
        };
        effect && !WHOLE.contains(&ground.code.as_str())
    };
    let fitting = book.grounds_for(right).filter(fits);
    fitting
        .map(|it| (it.code.clone(), measures::ground(it)))
        .collect()
}

impl Rules<'_> {
    fn category(&self, system: SystemId, name: &str) -> Option<&Category> {
        let system = self.systems.iter().find(|it| it.id == system)?;
        system.categories.iter().find(|it| it.name == name)
    }

    /// The last day that a rule gives for a record of a day, and why it is that.
    fn reckon(&self, period: Option<Period>, dated: &str) -> Option<(NaiveDate, String)> {
        let kept = self.book.kept(period?, day(dated)?, self.sector).ok()?;
        let because = periods::because_kept(&kept, Lang::De);
        Some((kept.erasable_from.pred_opt()?, because))
    }

    /// The rule of a category, from its ground or else from the register.
    fn period(&self, ground: Option<&GroundEntry>, known: Option<&Category>) -> Option<Period> {
        let by_ground = ground.and_then(|it| it.duty).map(Period::Duty);
        by_ground.or_else(|| known.and_then(|it| it.period))
    }
}

fn duty_of(period: Option<Period>) -> Option<Duty> {
    match period {
        Some(Period::Duty(duty)) => Some(duty),
        _ => None,
    }
}

/// Consent or contract, as registers quote them; only then the right to take data along applies (Art. 20(1) GDPR).
fn portable(basis: &str) -> bool {
    let basis: String = basis.chars().filter(|c| !c.is_whitespace()).collect();
    let basis = basis.to_lowercase();
    let quoted = ["(a)", "(b)", "buchst.a", "buchst.b", "lit.a", "lit.b"];
    quoted.iter().any(|it| basis.contains(it))
        || basis.contains("einwillig")
        || basis.contains("vertrag")
}

impl Line {
    fn read(
        posted: Option<&Posted>,
        (slug, right): (String, Right),
        (task, category): (&Task, &str),
        rules: &Rules<'_>,
    ) -> Line {
        let typed = |field: &str| match posted {
            Some(posted) => posted.get(&format!("{slug}-{field}")).trim().to_owned(),
            None => String::new(),
        };
        let known = rules.category(task.system, category);
        let wished = Treatment::open_to(right)
            .first()
            .copied()
            .unwrap_or(Treatment::Disclose);
        let chosen = Treatment::from_code(&typed("do"))
            .filter(|it| Treatment::open_to(right).contains(it))
            .unwrap_or(wished);
        let ruled = known.and_then(|it| it.period);
        let mut line = Line {
            what: match category {
                "" => deciding::ALL_OF_IT.to_owned(),
                name => name.to_owned(),
            },
            full: String::new(),
            known: told(known),
            heed: heed(right, known, ruled, rules),
            chosen,
            ground: typed("ground"),
            law: typed("law"),
            facts: typed("facts"),
            needs: String::new(),
            dated: typed("dated"),
            until: typed("until"),
            event: typed("event"),
            how: typed("how"),
            record: typed("record"),
            reckoned: String::new(),
            system: task.system,
            name: task.name.clone(),
            category: category.to_owned(),
            slug,
        };
        if posted.is_none() {
            // Where the register knows the duty, its ground stands ready.
            let by_duty = |it: &&GroundEntry| it.duty.is_some() && it.duty == duty_of(ruled);
            let ready = rules.book.grounds_for(right).find(by_duty);
            line.ground = ready.map(|it| it.code.clone()).unwrap_or_default();
            let open = |it: &&Said| Treatment::open_to(right).contains(&it.treatment);
            let of_it = |it: &&Said| it.system == task.system && it.category == category;
            if let Some(said) = rules.said.iter().filter(of_it).find(open) {
                line.begin_with(said, right, rules);
            }
        }
        line.full = line.bare().what();
        if posted.is_some() && chosen != wished {
            line.propose(rules, known);
        }
        line
    }

    /// Begins with what was said of the findings: the person is told what happened to them.
    fn begin_with(&mut self, said: &Said, right: Right, rules: &Rules<'_>) {
        self.chosen = said.treatment;
        if let Some(ground) = &said.reason.ground {
            let same = |it: &&GroundEntry| {
                [rules.lang, Lang::De]
                    .iter()
                    .any(|lang| it.law.of(*lang) == ground.law)
            };
            match rules.book.grounds_for(right).find(same) {
                Some(entry) => self.ground.clone_from(&entry.code),
                None => {
                    self.ground.clear();
                    self.law.clone_from(&ground.law);
                }
            }
            self.facts.clone_from(ground.facts.reveal());
        }
        match &said.reason.end {
            Some(End::Day(day)) => self.until = day.to_string(),
            Some(End::Event(event)) => self.event.clone_from(event),
            None => {}
        }
        self.how.clone_from(said.reason.how.reveal());
    }

    /// Fills what is empty with what law and register propose; the clerk reads it before she decides.
    fn propose(&mut self, rules: &Rules<'_>, known: Option<&Category>) {
        let entry = rules.book.ground(&self.ground);
        if let Some(entry) = entry {
            self.needs.clone_from(&entry.needs.de);
            if self.facts.is_empty() && self.chosen.denies() {
                entry.text.of(rules.lang).clone_into(&mut self.facts);
            }
        }
        if !self.chosen.stays() {
            return;
        }
        let period = rules.period(entry, known);
        if let Some((last, because)) = rules.reckon(period, &self.dated) {
            self.reckoned = because;
            if self.until.is_empty() && self.event.is_empty() {
                self.until = last.to_string();
            }
        }
        if let (Some(Period::Until(until)), true, true) =
            (period, self.until.is_empty(), self.event.is_empty())
        {
            periods::until(until, rules.lang).clone_into(&mut self.event);
        }
        if let (Treatment::Restrict, true, Some(duty)) =
            (self.chosen, self.how.is_empty(), duty_of(period))
        {
            measures::usual_uses(duty, rules.lang).clone_into(&mut self.how);
        }
    }

    fn bare(&self) -> Judgement {
        Judgement {
            system: self.system,
            name: self.name.clone(),
            category: self.category.clone(),
            treatment: self.chosen,
            ground: None,
            end: None,
            how: String::new().into(),
            record: String::new().into(),
        }
    }

    /// Whether something else than the wish was chosen or written.
    pub fn touched(&self) -> bool {
        self.chosen.denies() || self.chosen == Treatment::Anonymise
    }

    /// What the line decides.
    fn judgement(&self, rules: &Rules<'_>) -> Result<Judgement, Obstacle> {
        let what = || self.full.clone();
        let mut judged = self.bare();
        if self.touched() && self.chosen != Treatment::Redact && self.chosen != Treatment::Withhold
        {
            judged.how = self.how.clone().into();
        }
        if !self.chosen.denies() {
            judged.complete()?;
            return Ok(judged);
        }
        let law = match rules.book.ground(&self.ground) {
            Some(entry) => entry.law.of(rules.lang),
            None => self.law.as_str(),
        };
        judged.ground = Ground::new(law, &self.facts).ok();
        if judged.ground.is_some() && self.facts.contains('…') {
            return Err(Obstacle::TextUnfinished { what: what() });
        }
        if self.chosen.stays() {
            judged.record = self.record.clone().into();
            judged.end = match (day(&self.until), self.event.as_str()) {
                (Some(last), _) => Some(End::Day(last)),
                (None, "") => None,
                (None, event) => Some(End::Event(event.to_owned())),
            };
            if judged
                .end
                .as_ref()
                .and_then(End::day)
                .is_some_and(|last| last < rules.today)
            {
                return Err(Obstacle::EndOver { what: what() });
            }
        }
        judged.complete()?;
        Ok(judged)
    }
}

fn told(known: Option<&Category>) -> String {
    let Some(known) = known else {
        return String::new();
    };
    let parts = [&known.purposes, &known.basis, &known.retention];
    let parts: Vec<&str> = parts
        .into_iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" · ")
}

/// What a clerk should think of at this category.
fn heed(
    right: Right,
    known: Option<&Category>,
    ruled: Option<Period>,
    rules: &Rules<'_>,
) -> String {
    let elsewhere = |it: &Category| !it.basis.trim().is_empty() && !portable(&it.basis);
    match (right, ruled) {
        (Right::Portability, _) if known.is_some_and(elsewhere) => {
            deciding::NOT_PORTABLE.to_owned()
        }
        (Right::Portability, _) => deciding::PROVIDED_ONLY.to_owned(),
        (Right::Erasure, Some(Period::Duty(duty))) => {
            let rule = periods::period(Period::Duty(duty), rules.book, Lang::De);
            deciding::kept_by_register(&rule)
        }
        _ => String::new(),
    }
}

/// What can become of a category, with its words.
pub fn treatments(right: Right) -> Vec<(&'static str, &'static str)> {
    let open = Treatment::open_to(right).iter();
    open.map(|it| (it.code(), desk::treatment(*it))).collect()
}

/// The rows of a right, one place for each system where something was found.
pub fn places(
    case: &Case,
    (slug, right): (&str, Right),
    posted: Option<&Posted>,
    rules: &Rules<'_>,
) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (at, (task, category)) in case.to_judge(right).enumerate() {
        let name = (format!("{slug}-c{at}"), right);
        let line = Line::read(posted, name, (task, category), rules);
        match places.iter_mut().find(|place| place.system == task.system) {
            Some(place) => place.lines.push(line),
            None => places.push(place(task, slug, posted, line)),
        }
    }
    let few = places.iter().map(|place| place.lines.len()).sum::<usize>() <= 4;
    for place in &mut places {
        place.open = few || place.lines.iter().any(Line::touched);
    }
    places
}

fn place(task: &Task, slug: &str, posted: Option<&Posted>, line: Line) -> Place {
    let (found, files) = match task.outcome() {
        Some(Outcome::Found { text, files }) => (text.reveal().clone(), files.len()),
        _ => (String::new(), 0),
    };
    let version = format!("{slug}-v{}", task.system);
    let typed = posted.map(|posted| posted.get(&format!("{version}-text")).to_owned());
    Place {
        system: task.system,
        name: task.name.clone(),
        found,
        files,
        text: typed.unwrap_or_default(),
        version,
        open: false,
        lines: vec![line],
    }
}

/// What the rows decide.
pub fn judgements(places: &[Place], rules: &Rules<'_>) -> Result<Vec<Judgement>, Error> {
    let lines = places.iter().flat_map(|place| &place.lines);
    let judged: Result<Vec<Judgement>, Obstacle> =
        lines.map(|line| line.judgement(rules)).collect();
    Ok(judged?)
}
