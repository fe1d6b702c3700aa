//! What happened in the demo's office so far: clerks, registers, and a case in every stage, each brought
//! there by the same acts as any other, with the clock put back to its day.

mod musterwolle;
mod schreinerei;

use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::Berlin;
use futures_util::future::BoxFuture;

use super::people::say;
use crate::casework::Office;
use crate::casework::clerks::Introduction;
use crate::casework::collection::TaskAnswer;
use crate::casework::desk::Deed;
use crate::casework::intake::{Entry, Receipt, Submission, Wish};
use crate::casework::outbox::Fate;
use crate::casework::register::RegisterFile;
use crate::domain::arrival::Arrival;
use crate::domain::case::Case;
use crate::domain::collection::Outcome as Answer;
use crate::domain::identity::{AddressKind, Finding, Method, OnFile, Owner};
use crate::domain::ids::{CaseId, ClerkId, ControllerId};
use crate::domain::intake::{Channel, OnBehalf, ReplyBy};
use crate::domain::lang::Lang;
use crate::domain::matter::Matter;
use crate::domain::right::Right;
use crate::domain::scope::{Actor, Role, Scope};
use crate::ports::{Accepted, Clock, Defect, FixedClock, Parcel, Post, Trouble};
use crate::seal::chance::{self, Token};
use crate::storage::clerks;

/// A mail server that takes everything and sends nothing.
#[derive(Debug)]
pub(super) struct Pretended;

impl Post for Pretended {
    fn send<'a>(&'a self, _: &'a Parcel) -> BoxFuture<'a, Result<Accepted, Trouble>> {
        Box::pin(async {
            Ok(Accepted {
                response: String::new(),
            })
        })
    }

    fn check(&self) -> BoxFuture<'_, Result<(), Defect>> {
        Box::pin(async { Ok(()) })
    }
}

/// The office with its clock and its people.
struct Stage<'a> {
    office: &'a Arc<Office>,
    clock: &'a FixedClock,
    now: DateTime<Utc>,
    /// Works for both controllers and may do everything.
    mara: Scope,
    /// Decides for the company.
    jonas: Scope,
    /// Works on cases of the company.
    tilda: Scope,
}

/// Lets everything happen; gives back the logins as text for people.
pub(super) async fn tell(office: &Arc<Office>, clock: &FixedClock) -> anyhow::Result<String> {
    let now = clock.now();
    clock.set(now - TimeDelta::days(120));
    let [company, trader] =
        [0, 1].map(|at| office.houses().get(at).map(|house| house.controller.id));
    let (company, trader) = (company.context("no company")?, trader.context("no trader")?);
    for (controller, text) in [
        (
            company,
            include_str!("../../../config/demo/musterwolle.toml"),
        ),
        (
            trader,
            include_str!("../../../config/demo/schreinerei.toml"),
        ),
    ] {
        let systems = RegisterFile::read(text)?;
        office
            .import_register(&Scope::of_house(controller), controller, systems)
            .await?;
    }
    let password = format!(
        "{}-{}",
        chance::case_number_tail(1),
        chance::case_number_tail(2)
    )
    .to_lowercase();
    let mut logins =
        String::from("sign in with one of these; the password is the same for all of them\n");
    logins.push_str(&format!("      {password}\n"));
    let mut staff = Vec::new();
    for (name, mail, does, roles) in [
        (
            "Mara Ellerbrook",
            "mara",
            "admin of both controllers",
            vec![(company, Role::Admin), (trader, Role::Admin)],
        ),
        (
            "Jonas Wiebold",
            "jonas",
            "decides for the company",
            vec![(company, Role::Decider)],
        ),
        (
            "Tilda Brauns",
            "tilda",
            "works on cases of the company",
            vec![(company, Role::Handler)],
        ),
        (
            "Ole Hansing",
            "ole",
            "reads cases and the log of the company",
            vec![(company, Role::Auditor)],
        ),
    ] {
        let email = format!("{mail}@musterwolle.example");
        staff.push(employ(office, name, &email, &password, roles).await?);
        logins.push_str(&format!("      {email:<28} {does}\n"));
    }
    let [mara, jonas, tilda, _] = <[Scope; 4]>::try_from(staff).ok().context("four clerks")?;
    let stage = Stage {
        office,
        clock,
        now,
        mara,
        jonas,
        tilda,
    };
    musterwolle::happen(&stage, company).await?;
    schreinerei::happen(&stage, trader).await?;
    clock.set(now);
    Ok(logins)
}

async fn employ(
    office: &Office,
    name: &str,
    email: &str,
    password: &str,
    roles: Vec<(ControllerId, Role)>,
) -> anyhow::Result<Scope> {
    let (id, link): (ClerkId, Token) = office.take_on(&Actor::house(), name, email, &roles).await?;
    let given = Introduction {
        name: name.to_owned(),
        email: email.to_owned(),
        password: password.to_owned(),
        code: String::new(),
    };
    office.introduce(&link, given).await?;
    let clerk = office
        .store
        .read(move |conn| clerks::by_id(conn, id))
        .await?
        .clerk;
    Ok(Scope::of_clerk(id, clerk.actor, roles))
}

/// Somebody who asks for something.
fn person(key: &str, rights: &[Right]) -> Wish {
    let name = say(&format!("{key}.name"));
    Wish {
        rights: rights.to_vec(),
        text: say(&format!("{key}.text")).into(),
        lang: Lang::De,
        on_behalf: OnBehalf::Own,
        name: name.into(),
        data_subject: None,
        email: Some(format!("{key}@post.example").into()),
        address: None,
        hints: None,
        reply_by: ReplyBy::Portal,
        copy_first: None,
        shared_mailbox: None,
    }
}

impl Stage<'_> {
    /// Puts the clock to this hour of a day in the past, in Germany; never later than now.
    fn at(&self, days_ago: i64, hour: u32) {
        let day = self.day(days_ago);
        let moment = day
            .and_hms_opt(
                hour,
                u32::try_from(days_ago.rem_euclid(60)).unwrap_or(0),
                17,
            )
            .and_then(|local| Berlin.from_local_datetime(&local).earliest())
            .map_or(self.now, |moment| moment.with_timezone(&Utc));
        self.clock.set(moment.min(self.now));
    }

    /// The day so many days ago.
    fn day(&self, days_ago: i64) -> NaiveDate {
        (self.now - TimeDelta::days(days_ago))
            .with_timezone(&Berlin)
            .date_naive()
    }

    /// A form comes in.
    async fn form(&self, path: &str, wish: Wish) -> anyhow::Result<Receipt> {
        let submission = Submission {
            form: Token::generate(),
            wish,
            with_files: false,
            suspicious: false,
        };
        Ok(self.office.submit(path, submission).await?)
    }

    /// A request comes in by another way and is entered.
    async fn entered(
        &self,
        by: &Scope,
        controller: ControllerId,
        channel: Channel,
        received: NaiveDate,
        wish: Wish,
    ) -> anyhow::Result<CaseId> {
        let entry = Entry {
            form: Token::generate(),
            controller,
            channel,
            received,
            arrival: Arrival::default(),
            matter: Matter::Request,
            confidential: false,
            wish,
            files: vec![],
        };
        Ok(self.office.enter(by, entry).await?.case)
    }

    /// The person presses the button of the first mail.
    async fn confirms(&self, controller: ControllerId, case: CaseId) -> anyhow::Result<()> {
        self.mail_goes().await?;
        self.office
            .act(
                &Scope::of_public(controller),
                case,
                None,
                Role::Handler,
                |case, _| {
                    Ok(Deed {
                        ..Deed::from(case.confirm_mailbox()?)
                    })
                },
            )
            .await?;
        self.mail_goes().await
    }

    /// What lies in the outbox goes.
    async fn mail_goes(&self) -> anyhow::Result<()> {
        loop {
            let outgoing = self.office.take_outgoing(16).await?;
            if outgoing.is_empty() {
                return Ok(());
            }
            for message in &outgoing {
                self.office.settle(message, Fate::Accepted).await?;
            }
        }
    }

    async fn open(&self, by: &Scope, case: CaseId) -> anyhow::Result<(Case, i64)> {
        Ok(self.office.open(by, case).await?)
    }

    /// A clerk takes the case and says how the person is known; the search begins.
    async fn known(
        &self,
        by: &Scope,
        case: CaseId,
        method: Method,
        doubt: &str,
    ) -> anyhow::Result<()> {
        if self.open(by, case).await?.0.assignee.is_none() {
            self.office.assign(by, case, None, by.clerk()).await?;
        }
        let by_mailbox = matches!(method, Method::AddressOnFile | Method::ConfirmedLink);
        let received = self.open(by, case).await?.0.intake.received;
        let finding = Finding {
            doubt: doubt.to_owned(),
            note: String::from(say("said.matches")),
            on_file: by_mailbox.then(|| OnFile {
                kind: AddressKind::Mailbox,
                system: String::from(say("shop.system")),
                since: received - Days::new(400),
                owner: Owner::Person,
                made_by_request: false,
                address: None,
            }),
            ..Finding::sufficient(method)
        };
        let (_, seen) = self.open(by, case).await?;
        self.office.weigh_identity(by, case, seen, finding).await?;
        Ok(())
    }

    /// So many open systems are searched; `found` names those that hold something.
    async fn searched(
        &self,
        by: &Scope,
        case: CaseId,
        at_most: usize,
        found: &[&str],
    ) -> anyhow::Result<()> {
        let (state, seen) = self.open(by, case).await?;
        let answers = state
            .collection
            .tasks
            .iter()
            .filter(|task| task.open())
            .take(at_most)
            .map(|task| TaskAnswer {
                system: task.system,
                outcome: match found
                    .iter()
                    .find(|key| say(&format!("{key}.system")) == task.name)
                {
                    Some(key) => Answer::Found {
                        text: say(&format!("{key}.text")).into(),
                        files: vec![],
                    },
                    None => Answer::Nothing {
                        text: say("said.searched").into(),
                    },
                },
            })
            .collect();
        self.office
            .answer_tasks(by, case, seen, answers, vec![])
            .await?;
        Ok(())
    }
}
