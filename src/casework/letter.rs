//! The letters beside the answer: filled from case, register and what the clerk wrote, looked at, released, and sent
//! by mail or printed for the post. What was seen is what leaves.

use chrono::NaiveDate;

use super::desk::{Deed, Outcome};
use super::error::Error;
use super::office::{House, Office};
use super::{disclosed, facts};
use super::{outbox, slips};
use crate::domain::case::Case;
use crate::domain::deadline::Period;
use crate::domain::elsewhere::{Elsewhere, Owed};
use crate::domain::event::Event;
use crate::domain::fee::{Charge, Fee, FeeAnswer};
use crate::domain::ids::{CaseId, ControllerId};
use crate::domain::intake::Mailbox;
use crate::domain::lang::Lang;
use crate::domain::letter::{About, Carrier, Letter};
use crate::domain::lifting::Lifting;
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::register::System;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::domain::term::Term;
use crate::letters::facts::{Art14Facts, Facts, FeeFacts, InterimFacts, LiftingFacts, PersonFacts};
use crate::letters::pdf::{Sheets, print_sheet};
use crate::letters::press::{Kind, Printed};
use crate::letters::{check, prove};
use crate::seal::Key;
use crate::storage::filing::FilePurpose;
use crate::words::dates::long_date;
use crate::words::letters as words;

/// By which way a letter leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// As a mail.
    Mail,
    /// On paper.
    Post,
}

/// A letter as a clerk has written it so far.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What it says.
    pub about: About,
    /// How it shall leave; none chosen yet.
    pub by: Option<By>,
}

/// A letter as it would leave now.
pub struct Seen {
    /// The letter.
    pub printed: Printed,
    /// The letter as PDF, with what could not be printed.
    pub sheets: Sheets,
    /// What the law demands and it lacks, as sentences.
    pub gaps: Vec<String>,
    /// What tells this letter from any other: it comes back with the release.
    pub mark: String,
}

/// To whom a letter can go.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// The mailbox, if one may be written to.
    pub mail: Option<Private<String>>,
    /// Name and postal address, if there is one.
    pub post: Option<Private<String>>,
    name: Private<String>,
}

impl Reach {
    fn of(case: &Case, about: &About) -> Reach {
        let (party, mail) = match about {
            // It says that data are held: it goes where an answer may go.
            About::Lifting(_) => (
                case.addressee(),
                matches!(case.mailbox, Mailbox::Confirmed { .. })
                    && !case.standing().answers_person(),
            ),
            // It says nothing of what is held: it goes to who wrote.
            About::Fee(_) | About::Interim(_) => (case.requester(), slips::writable(case)),
            About::Elsewhere(it) => return Reach::typed(it),
        };
        let Some(party) = party else {
            return Reach::default();
        };
        let posted = party.address.as_ref();
        Reach {
            mail: party.email.clone().filter(|_| mail),
            post: posted.map(|it| format!("{}\n{}", party.name.reveal(), it.reveal()).into()),
            name: party.name.clone(),
        }
    }

    /// Somebody who is no party of the case.
    fn typed(it: &Elsewhere) -> Reach {
        let post = some(&it.address).map(|it_goes| format!("{}\n{it_goes}", it.name.reveal()));
        Reach {
            mail: some(&it.email).map(Private::from),
            post: post.map(Private::from),
            name: it.name.clone(),
        }
    }

    fn to(&self, by: By) -> Result<Private<String>, Obstacle> {
        match by {
            By::Mail => self.mail.clone().ok_or(Obstacle::MailboxUnproven),
            By::Post => self.post.clone().ok_or(Obstacle::NoWayOfDelivery),
        }
    }
}

fn kind(about: &About) -> Kind {
    match about {
        About::Lifting(_) => Kind::LiftingNotice,
        About::Fee(_) => Kind::FeeNotice,
        About::Interim(_) => Kind::InterimNotice,
        About::Elsewhere(_) => Kind::Art14Notice,
    }
}

/// The least role that may release it.
fn least(about: &About) -> Role {
    match about {
        About::Lifting(_) | About::Fee(_) => Role::Decider,
        About::Interim(_) | About::Elsewhere(_) => Role::Handler,
    }
}

/// The lines that say something.
fn lines(text: &Private<String>) -> Vec<String> {
    let lines = text.reveal().lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn some(text: &Private<String>) -> Option<String> {
    let text = text.reveal().trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn lifting(it: &Lifting, lang: Lang) -> LiftingFacts {
    LiftingFacts {
        data: lines(&it.data),
        since: long_date(it.since, lang),
        from: long_date(it.from, lang),
        why: it.why.reveal().trim().to_owned(),
        then: some(&it.then),
    }
}

fn fee(it: &Fee, lang: Lang) -> FeeFacts {
    let why: Vec<&str> = match &it.charge {
        Charge::Excess {
            objective,
            subjective,
            evidence,
        } => [objective, subjective, evidence]
            .map(|part| part.reveal().trim())
            .to_vec(),
        Charge::Copies { why } => vec![why.reveal().trim()],
    };
    FeeFacts {
        amount: it.amount.reveal().trim().to_owned(),
        costs: it.costs.reveal().trim().to_owned(),
        why: why.join("\n\n"),
        copies: matches!(it.charge, Charge::Copies { .. }),
        free: some(&it.free),
        until: Some(long_date(it.until, lang)),
    }
}

fn elsewhere<'a>(it: &Elsewhere, held: impl Iterator<Item = &'a System>) -> Art14Facts {
    let categories = held.flat_map(|system| facts::categories(system, None));
    Art14Facts {
        occasion: it.occasion.reveal().trim().to_owned(),
        source: it.source.reveal().trim().to_owned(),
        categories: categories.collect(),
        interests: some(&it.interests),
    }
}

fn mark(printed: &Printed) -> String {
    let words = format!("{}\n{}", printed.subject, printed.text);
    let digest = ring::digest::digest(&ring::digest::SHA256, words.as_bytes());
    outbox::hex(digest.as_ref())
}

impl Office {
    fn write(
        &self,
        house: &House,
        (case, key): (&Case, &Key),
        about: &About,
        systems: &[System],
    ) -> Result<(Facts, Printed), Error> {
        let lang = match about {
            About::Elsewhere(it) => it.lang,
            _ => case.intake.lang,
        };
        let mut facts = facts::of_case(house, case, key, lang, self.today());
        match about {
            About::Lifting(it) => {
                facts.lifting = Some(lifting(it, lang));
                facts.person = facts::person(case.addressee());
            }
            About::Fee(it) => facts.fee = Some(fee(it, lang)),
            About::Interim(it) => {
                facts.interim = Some(InterimFacts {
                    done: lines(&it.done),
                    open: lines(&it.open),
                    by: it.by.map(|day| long_date(day, lang)),
                });
            }
            About::Elsewhere(it) => {
                let held = systems
                    .iter()
                    .filter(|system| it.systems.contains(&system.id));
                let systems: Vec<&System> = held.clone().collect();
                facts.recipients = disclosed::of_systems(&systems, &self.law, lang);
                facts.automated = facts::automated(house);
                facts.art14 = Some(elsewhere(it, held));
                // Neither who asked nor the way to her case is any business of hers.
                facts.link = None;
                facts.person = PersonFacts {
                    name: it.name.reveal().trim().to_owned(),
                    address: lines(&it.address),
                };
            }
        }
        let printed = self
            .press
            .print(kind(about), lang, house.controller.form, &facts)?;
        Ok((facts, printed))
    }

    fn lay_out(&self, facts: &Facts, printed: &Printed) -> Result<Sheets, Error> {
        let PersonFacts { name, address } = &facts.person;
        let window = [name].into_iter().chain(address).cloned().collect();
        let sheet = printed.sheet(facts, printed.lang, window, self.now());
        print_sheet(&sheet).map_err(|_| Error::Fault("the letter cannot be laid out"))
    }

    /// To whom a letter of this content could go.
    pub fn reach(&self, case: &Case, about: &About) -> Reach {
        Reach::of(case, about)
    }

    /// Prints a letter for looking at it; nothing is stored.
    pub async fn see_letter(
        &self,
        scope: &Scope,
        id: CaseId,
        draft: &Draft,
    ) -> Result<Seen, Error> {
        let (case, _, key) = self.open_with_key(scope, id).await?;
        scope.demand(case.controller, least(&draft.about))?;
        case.may_say(&draft.about, self.today())?;
        let house = self.house(case.controller)?;
        let systems = self.systems(scope, case.controller).await?;
        let (facts, printed) = self.write(house, (&case, &key), &draft.about, &systems)?;
        let mut gaps = check(printed.kind, &facts);
        gaps.extend(prove(&printed, &facts));
        Ok(Seen {
            sheets: self.lay_out(&facts, &printed)?,
            gaps: gaps.iter().map(|gap| gap.words(Lang::De)).collect(),
            mark: mark(&printed),
            printed,
        })
    }

    /// Releases the letter that was seen: `marked` is what its preview said of it. By mail it counts when the mail
    /// server has taken it, on paper on the day of its posting.
    pub async fn release_letter(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        draft: &Draft,
        marked: &str,
    ) -> Result<Outcome, Error> {
        let preview = self.see_letter(scope, id, draft).await?;
        if !preview.gaps.is_empty() {
            let gaps = preview.gaps;
            return Err(Obstacle::LetterIncomplete { gaps }.into());
        }
        if preview.mark != marked {
            return Err(Obstacle::LetterUnseen.into());
        }
        let by = draft.by.ok_or(Obstacle::Empty("letter-way"))?;
        let (case, _) = self.open(scope, id).await?;
        let house = self.house(case.controller)?;
        let reach = Reach::of(&case, &draft.about);
        let to = reach.to(by).map_err(|obstacle| match &draft.about {
            // Here the address stands on the form itself.
            About::Elsewhere(_) if by == By::Mail => Obstacle::Empty("art14-email"),
            About::Elsewhere(_) => Obstacle::Empty("art14-address"),
            _ => obstacle,
        })?;
        if by == By::Mail && !house.has_post {
            return Err(Obstacle::NoMailServer.into());
        }
        let file = match by {
            By::Mail => None,
            By::Post => {
                let name = format!("{}.pdf", case.number).into();
                let name = (&name, "application/pdf");
                let pdf = preview.sheets.pdf;
                let purpose = FilePurpose::Letter;
                Some(
                    self.put_file(house, Some(id), None, purpose, name, pdf)
                        .await?,
                )
            }
        };
        let printed = preview.printed;
        let least = least(&draft.about);
        self.act(scope, id, Some(seen), least, |case, moment| {
            let (carrier, message) = match &file {
                Some(file) => (Carrier::Post { file: file.id() }, None),
                None => {
                    let to = (to.clone(), reach.name.clone());
                    let row = outbox::printed(moment, case, to, &printed)?;
                    (Carrier::Mail { message: row.id() }, Some(row))
                }
            };
            let letter = Letter {
                about: draft.about.clone(),
                at: moment.now,
                by: scope.actor().clone(),
                to: to.clone(),
                carrier,
                texts: printed.version.clone(),
                left: None,
            };
            Ok(Deed {
                messages: message.into_iter().collect(),
                files: file.iter().cloned().collect(),
                ..Deed::from(case.release_letter(letter, moment.today)?)
            })
        })
        .await
    }

    /// By when a person is told whose data came on this day.
    pub fn inform_by(
        &self,
        controller: ControllerId,
        obtained: NaiveDate,
    ) -> Result<NaiveDate, Error> {
        let place = self.house(controller)?.controller.place.clone();
        let period = Period::on(obtained, place);
        Ok(Term::reckon(period, &self.calendar)?.due())
    }

    /// Notes that somebody has to be told that her data came from elsewhere; it comes back on its day.
    pub async fn owe_information(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        (whom, obtained): (Private<String>, NaiveDate),
    ) -> Result<Outcome, Error> {
        self.act(scope, id, Some(seen), Role::Handler, |case, moment| {
            let owed = Owed {
                what: words::owed(case.owed.len() + 1),
                whom: whom.clone(),
                obtained,
                due: moment.office.inform_by(case.controller, obtained)?,
            };
            Ok(case.owe(owed, moment.today)?.into())
        })
        .await
    }

    /// What the person said to a fee.
    pub async fn answer_fee(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        (right, answer): (Right, FeeAnswer),
    ) -> Result<Outcome, Error> {
        self.act(scope, id, Some(seen), Role::Handler, |case, moment| {
            let events = case.answer_fee(right, answer.clone(), moment.today)?;
            Ok(events.into())
        })
        .await
    }

    /// A printed letter was posted on this day.
    pub async fn letter_posted(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        (number, on): (usize, NaiveDate),
    ) -> Result<Outcome, Error> {
        self.act(scope, id, Some(seen), Role::Handler, |case, moment| {
            let posted: Vec<Event> = case.letter_posted(number, on, moment.today)?;
            Ok(posted.into())
        })
        .await
    }
}
