//! What comes back by itself: the list, the fresh look on the day, done or put off. It outlives its case.

use chrono::{Datelike, Days, NaiveDate};

use super::desk::{Deed, Moment};
use super::error::Error;
use super::office::{House, Office};
use crate::domain::case::Case;
use crate::domain::elsewhere;
use crate::domain::event::Event;
use crate::domain::followup::{Due, Errand, FollowUp, Followed, FreshCheck};
use crate::domain::ids::{CaseId, ControllerId, FollowUpId};
use crate::domain::lifting::{self, Announced};
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::storage::followups::{self, FollowUpRow};
use crate::storage::{Conn, StoreError, events};

/// So many are shown at once.
const SHOWN: i64 = 200;
/// They are announced so many days before.
pub const AHEAD: u64 = 14;

/// What an event changes in what is promised for later days; written together with it.
pub(super) enum Promised {
    /// All that a right of a case promises from now on.
    Anew {
        of: (ControllerId, CaseId, Right),
        rows: Vec<FollowUpRow>,
    },
    /// One thing more that is owed.
    Owed(FollowUpRow),
}

impl Promised {
    pub(super) fn write(&self, conn: &mut Conn) -> Result<(), StoreError> {
        match self {
            Promised::Anew { of, rows } => followups::renew(conn, *of, rows),
            Promised::Owed(row) => followups::enter_owed(conn, row),
        }
    }
}

/// What stays until a day comes back on it; what is decided anew promises anew.
pub(super) fn promised(
    moment: &Moment<'_>,
    case: &Case,
    event: &Event,
) -> Result<Option<Promised>, Error> {
    let right = match event {
        Event::CarriedOut { right, .. } | Event::Reconsidered { right } => *right,
        Event::InformationOwed { owed } => {
            let what = FollowUp {
                case_number: case.number.clone(),
                right: Right::Access,
                system: None,
                what: owed.what.clone(),
                record: String::new().into(),
                ground: String::new(),
                errand: Errand::Inform,
            };
            let row = FollowUpRow::seal_owed(
                moment.office.next_id(),
                (case.controller, case.id),
                (owed.due, &case.owed.len().to_string()),
                &what,
                moment.house.keys.wrap.newest(),
            )?;
            return Ok(Some(Promised::Owed(row)));
        }
        // A no goes straight to its answer, and may have an end, too.
        Event::Decided {
            right, decision, ..
        } if !decision.to_carry_out() => *right,
        _ => return Ok(None),
    };
    let of = (case.controller, case.id, right);
    let mut rows = vec![];
    for (at, (day, what)) in case.follow_ups(right).into_iter().enumerate() {
        rows.push(FollowUpRow::seal(
            moment.office.next_id(),
            (case.controller, case.id),
            (day, &at.to_string()),
            &what,
            moment.house.keys.wrap.newest(),
        )?);
    }
    Ok(Some(Promised::Anew { of, rows }))
}

/// What a clerk found on the day.
#[derive(Debug, Clone)]
pub enum Finding {
    /// Nothing stands against it, and it was done.
    Done {
        /// The fresh look.
        check: FreshCheck,
        /// When it was done.
        on: NaiveDate,
        /// How that is known.
        proof: Private<String>,
        /// When a notice of the end of a restriction was posted that was written elsewhere (Art. 18(3) GDPR).
        told_on: Option<NaiveDate>,
    },
    /// Nothing has to be done: an exception of the law holds (Art. 14(5) GDPR).
    Needless {
        /// Which one, and why.
        because: Private<String>,
    },
    /// Something stands against it.
    Later {
        /// The new day.
        to: NaiveDate,
        /// What stands against it.
        because: Private<String>,
    },
}

impl Finding {
    /// What comes of it, or what is missing.
    fn judged(
        self,
        due: &Due,
        (announced, informed): (Option<Announced>, Option<NaiveDate>),
        today: NaiveDate,
    ) -> Result<Followed, Obstacle> {
        let blank = |text: &Private<String>| text.reveal().trim().is_empty();
        match self {
            Finding::Later { because, .. } if blank(&because) => Err(Obstacle::Empty("because")),
            Finding::Later { to, .. } if to <= today => Err(Obstacle::Empty("to")),
            Finding::Later { to, because } => Ok(Followed::Postponed { to, because }),
            Finding::Needless { .. } if due.what.errand != Errand::Inform => {
                Err(Obstacle::Empty("outcome"))
            }
            Finding::Needless { because } if blank(&because) => Err(Obstacle::Empty("because")),
            Finding::Needless { because } => Ok(Followed::Done {
                on: today,
                proof: because,
                told_on: None,
            }),
            Finding::Done { proof, .. } if blank(&proof) => Err(Obstacle::Empty("proof")),
            Finding::Done { on, .. } if on > today => Err(Obstacle::Empty("followed-on")),
            Finding::Done {
                check,
                on,
                proof,
                told_on,
            } => {
                match due.what.errand {
                    Errand::Erase if due.on > on => return Err(Obstacle::Empty("followed-early")),
                    Errand::Erase => check.clear()?,
                    // What left from here counts before what somebody says.
                    Errand::Lift => {
                        let elsewhere = told_on.map(|on| Announced { on, from: None });
                        lifting::may_end(announced.or(elsewhere), on)?;
                    }
                    Errand::Inform => elsewhere::may_settle(informed.or(told_on), on)?,
                    Errand::Review => {}
                }
                let told_on = told_on.filter(|_| announced.is_none() && informed.is_none());
                Ok(Followed::Done { on, proof, told_on })
            }
        }
    }
}

impl Office {
    /// What comes back in all houses in reach within the next year, the earliest first.
    pub async fn follow_ups(&self, scope: &Scope) -> Result<Vec<(ControllerId, Due)>, Error> {
        let today = self.today();
        let year = today.with_year(today.year() + 1).unwrap_or(today);
        let mut all = vec![];
        for controller in scope.controllers() {
            let house = self.house(controller)?;
            all.extend(self.coming(scope, house, year).await?);
        }
        all.sort_by_key(|(_, due)| (due.on, due.id));
        Ok(all)
    }

    async fn coming(
        &self,
        scope: &Scope,
        house: &House,
        day: NaiveDate,
    ) -> Result<Vec<(ControllerId, Due)>, Error> {
        let (reach, controller) = (scope.clone(), house.controller.id);
        let rows = self
            .store
            .read(move |conn| followups::until(conn, &reach, controller, day, SHOWN))
            .await?;
        let open = |row: FollowUpRow| Ok((controller, row.open(&house.keys)?));
        rows.into_iter().map(open).collect()
    }

    /// What is due within the next days, for reminding.
    pub(super) async fn follow_ups_ahead(&self, house: &House) -> Result<Vec<Due>, Error> {
        let scope = Scope::of_house(house.controller.id);
        let day = self.today().checked_add_days(Days::new(AHEAD));
        let rows = self
            .coming(&scope, house, day.unwrap_or_else(|| self.today()))
            .await?;
        Ok(rows.into_iter().map(|(_, due)| due).collect())
    }

    /// One of them, with the case that promised it while that is still there.
    pub async fn follow_up(
        &self,
        scope: &Scope,
        id: FollowUpId,
    ) -> Result<(Due, ControllerId, Option<CaseId>), Error> {
        let reach = scope.clone();
        let row = self
            .store
            .read(move |conn| followups::load(conn, &reach, id))
            .await?;
        let due = row.open(&self.house(row.controller())?.keys)?;
        let case = match row.case() {
            Some(case) => match self.open(scope, case).await {
                Ok(_) => Some(case),
                Err(Error::NotFound | Error::Store(StoreError::NotFound)) => None,
                Err(other) => return Err(other),
            },
            None => None,
        };
        Ok((due, row.controller(), case))
    }

    /// Records what a fresh look on the day found: it is done, or it comes back later with a reason.
    pub async fn follow_up_seen(
        &self,
        scope: &Scope,
        id: FollowUpId,
        finding: Finding,
    ) -> Result<Followed, Error> {
        let (due, controller, case) = self.follow_up(scope, id).await?;
        let least = match finding {
            Finding::Done { .. } => Role::Handler,
            Finding::Needless { .. } | Finding::Later { .. } => Role::Decider,
        };
        scope.demand(controller, least)?;
        let told = match case {
            Some(case) => {
                let (case, _) = self.open(scope, case).await?;
                let what = &due.what.what;
                (case.announced(what), case.informed(what))
            }
            None => (None, None),
        };
        let followed = finding.judged(&due, told, self.today())?;
        let again = match &followed {
            Followed::Postponed { to, .. } => Some(*to),
            // A review of the register is entered anew, with the register's own span.
            Followed::Done { .. } => None,
        };
        let reach = scope.clone();
        let row = self
            .store
            .read(move |conn| followups::load(conn, &reach, id))
            .await?;
        let noted = self.noted(scope, controller, "followup.seen", &id.to_string());
        match case {
            Some(case) => {
                let done = matches!(followed, Followed::Done { .. });
                self.act(scope, case, None, least, |case, _| {
                    if done && due.what.errand == Errand::Erase && case.held() {
                        return Err(Obstacle::ErasureHeld.into());
                    }
                    Ok(Deed {
                        follow_up: Some((row.clone(), again)),
                        ..Deed::from(vec![Event::FollowedUp {
                            right: due.what.right,
                            what: due.what.what.clone(),
                            followed: followed.clone(),
                        }])
                    })
                })
                .await?;
            }
            None => {
                self.store
                    .write(move |conn| {
                        followups::settle(conn, &row, again)?;
                        events::insert(conn, std::slice::from_ref(&noted))
                    })
                    .await?;
            }
        }
        Ok(followed)
    }

    /// Enters the reviews that the register asks for ("look again after two years"), each once.
    pub async fn raise_reviews(&self) -> Result<usize, Error> {
        let mut raised = 0;
        let today = self.today();
        for house in self.houses() {
            let scope = Scope::of_house(house.controller.id);
            for system in self.systems(&scope, house.controller.id).await? {
                for category in &system.categories {
                    let Some(day) = category.period.and_then(|it| it.review_on(today)) else {
                        continue;
                    };
                    let what = FollowUp {
                        case_number: String::new(),
                        right: Right::Erasure,
                        system: Some(system.id),
                        what: format!("{}: {}", system.name, category.name),
                        record: String::new().into(),
                        ground: String::new(),
                        errand: Errand::Review,
                    };
                    let row = FollowUpRow::seal(
                        self.next_id(),
                        (house.controller.id, CaseId(0)),
                        (day, &format!("review:{}:{}", system.slug, category.name)),
                        &what,
                        house.keys.wrap.newest(),
                    )?;
                    let new = self
                        .store
                        .write(move |conn| followups::enter_review(conn, &row))
                        .await?;
                    raised += usize::from(new);
                }
            }
        }
        Ok(raised)
    }
}
