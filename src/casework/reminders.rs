//! Reminding before anything is late: one digest a day and person, and a calendar feed.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::error::Error;
use super::office::{House, Office};
use super::outbox;
use crate::domain::ids::ClerkId;
use crate::domain::lang::Lang;
use crate::domain::reminder::{Rhythm, Watch};
use crate::domain::right::{Pace, Right};
use crate::domain::scope::{Role, Scope};
use crate::domain::stage::Stage;
use crate::letters::facts::DeskLine;
use crate::seal::chance::Token;
use crate::storage::cases::{self, Cursor, Filter, Line};
use crate::storage::links::{self, LinkRow, Purpose};
use crate::storage::messages::{self, Body, MessageRow};
use crate::storage::{StoreError, clerks, controllers};
use crate::words::dates::{days_left, long_date};
use crate::words::terms;

/// The earliest reading lies at most so many days before the date itself; nothing further off is due.
const AHEAD: u64 = 25;
/// So many lines are read at a time.
const PORTION: i64 = 500;
/// Whom a digest goes to: a clerk, or the fallback address of a controller.
type Recipient = (Option<ClerkId>, i64);

/// Where the day of the last digest is remembered.
const LAST: &str = "digest.last";

impl Office {
    /// Promises today's digests. A day that was missed is made up for in today's, once.
    pub async fn promise_digests(&self) -> Result<usize, Error> {
        let today = self.today();
        let last = self
            .store
            .read(|conn| controllers::setting(conn, LAST))
            .await?;
        let last = last
            .and_then(|day| day.parse::<NaiveDate>().ok())
            .filter(|day| *day < today);
        let since = last.or_else(|| today.pred_opt()).unwrap_or(today);
        let staff = self.store.read(clerks::all).await?;
        let mut letters: BTreeMap<Recipient, Vec<(NaiveDate, DeskLine)>> = BTreeMap::new();
        for house in self.houses() {
            let fallback = staff
                .iter()
                .find(|clerk| {
                    !clerk.left
                        && clerk
                            .email
                            .eq_ignore_ascii_case(&house.controller.fallback_email)
                })
                .map(|clerk| clerk.id);
            for line in self.lines_to_watch(house, today).await? {
                if !self.is_due(house, &line, since, today)? {
                    continue;
                }
                let present = line
                    .assignee
                    .filter(|id| staff.iter().any(|clerk| clerk.id == *id && !clerk.left));
                let to = present.or(fallback);
                // Somebody who works for several controllers gets one digest for all of them.
                let by = if to.is_some() {
                    0
                } else {
                    house.controller.id.0
                };
                letters
                    .entry((to, by))
                    .or_default()
                    .push((line.due, desk_line(house, &line, today)));
            }
        }
        let mut rows = Vec::with_capacity(letters.len());
        for ((clerk, by), mut lines) in letters {
            lines.sort_by_key(|(due, _)| *due);
            let lines: Vec<DeskLine> = lines.into_iter().map(|(_, line)| line).collect();
            rows.push(self.digest(clerk, by, &lines, today)?);
        }
        let count = rows.len();
        self.store
            .write(move |conn| {
                for row in &rows {
                    messages::promise(conn, row)?;
                }
                controllers::set(conn, LAST, &today.to_string())
            })
            .await?;
        Ok(count)
    }

    fn digest(
        &self,
        clerk: Option<ClerkId>,
        by: i64,
        lines: &[DeskLine],
        today: NaiveDate,
    ) -> Result<MessageRow, Error> {
        let house = self
            .houses()
            .iter()
            .find(|house| by == 0 || house.controller.id.0 == by)
            .ok_or(Error::Fault("a digest without a controller"))?;
        let whom = clerk.map_or_else(|| format!("fallback.{by}"), |clerk| clerk.to_string());
        let mut body = Body::default();
        let lines = serde_json::to_string(lines).map_err(|_| Error::Fault("digest lines"))?;
        body.vars.insert("lines".into(), lines.into());
        outbox::house_mail(
            self,
            house,
            "digest",
            clerk,
            format!("digest:{whom}:{today}"),
            &body,
        )
    }

    async fn lines_to_watch(&self, house: &House, today: NaiveDate) -> Result<Vec<Line>, Error> {
        let scope = Scope::of_house(house.controller.id);
        let until = today.checked_add_days(Days::new(AHEAD));
        let mut watched = Vec::new();
        for apart in [false, true] {
            let mut after: Option<Cursor> = None;
            loop {
                let (reach, filter) = (
                    scope.clone(),
                    Filter {
                        apart,
                        due_by: None,
                        ..Filter::default()
                    },
                );
                let rows = self
                    .store
                    .read(move |conn| cases::page(conn, &reach, &filter, after, PORTION))
                    .await?;
                let full = rows.len() >= usize::try_from(PORTION).unwrap_or(usize::MAX);
                for row in rows {
                    let line = row.unopened()?;
                    after = Some(Cursor {
                        due: line.due,
                        id: line.id,
                    });
                    // What is far off still counts where a right has a target of its own.
                    if line.stage < Stage::Delivery
                        && (Some(line.due) <= until || own_rhythm(&line).is_some())
                    {
                        watched.push(line);
                    }
                }
                if !full {
                    break;
                }
            }
        }
        Ok(watched)
    }

    fn is_due(
        &self,
        house: &House,
        line: &Line,
        since: NaiveDate,
        today: NaiveDate,
    ) -> Result<bool, Error> {
        let place = &house.controller.place;
        let calendar = &self.calendar;
        let outside = |_| Error::Fault("a date outside the table of holidays");
        let month = Watch::new(line.earliest, Rhythm::Month, calendar, place).map_err(outside)?;
        if month.due_since(Some(since), today).is_some() {
            return Ok(true);
        }
        let Some(rhythm) = own_rhythm(line) else {
            return Ok(false);
        };
        let Some(target) = rhythm
            .target(line.received, calendar, place)
            .map_err(outside)?
        else {
            return Ok(false);
        };
        let own = Watch::new(target, rhythm, calendar, place).map_err(outside)?;
        Ok(own.due_since(Some(since), today).is_some())
    }

    // ---- the calendar feed

    /// Gives a clerk a link to a feed of dates; an earlier one ends.
    pub async fn give_feed(&self, scope: &Scope) -> Result<Token, Error> {
        let clerk = scope.clerk().ok_or(Error::NotFound)?;
        if !self.manners.feeds {
            return Err(Error::NotFound);
        }
        let controller = *scope.controllers().first().ok_or(Error::NotFound)?;
        let token = Token::generate();
        let now = self.now();
        let row =
            LinkRow::new(token.digest(), Purpose::Feed, controller, now, None).for_clerk(clerk);
        self.store
            .write(move |conn| {
                links::revoke_of_clerk(conn, clerk, Purpose::Feed, now)?;
                links::insert(conn, &row)
            })
            .await?;
        Ok(token)
    }

    /// Ends the feed.
    pub async fn end_feed(&self, scope: &Scope) -> Result<(), Error> {
        let clerk = scope.clerk().ok_or(Error::NotFound)?;
        let now = self.now();
        Ok(self
            .store
            .write(move |conn| links::revoke_of_clerk(conn, clerk, Purpose::Feed, now))
            .await?)
    }

    /// Whether a feed is out.
    pub async fn has_feed(&self, scope: &Scope) -> Result<bool, Error> {
        let clerk = scope.clerk().ok_or(Error::NotFound)?;
        Ok(self
            .store
            .read(move |conn| links::out_for_clerk(conn, clerk, Purpose::Feed))
            .await?)
    }

    /// The feed behind a token: number, right, date and link of open cases; no personal data.
    pub async fn feed(&self, token: &Token) -> Result<String, Error> {
        if !self.manners.feeds {
            return Err(Error::Link);
        }
        let digest = token.digest();
        let link = match self
            .store
            .read(move |conn| links::find(conn, &digest, Purpose::Feed))
            .await
        {
            Err(StoreError::NotFound) => return Err(Error::Link),
            other => other?,
        };
        let clerk = link
            .clerk()
            .filter(|_| link.good_at(self.now()))
            .ok_or(Error::Link)?;
        let (credentials, memberships) = self
            .store
            .read(move |conn| {
                Ok((
                    clerks::by_id(conn, clerk)?,
                    clerks::memberships(conn, clerk)?,
                ))
            })
            .await?;
        if credentials.clerk.left {
            return Err(Error::Link);
        }
        let scope = Scope::of_clerk(clerk, credentials.clerk.actor, memberships);
        let page = self.queue(&scope, Filter::default(), None, 500).await?;
        let mut text = String::from(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Rechtzeitig//DE\r\nCALSCALE:GREGORIAN\r\n",
        );
        let stamp = self.now().format("%Y%m%dT%H%M%SZ");
        for line in page
            .lines
            .iter()
            .filter(|line| line.stage < Stage::Delivery)
        {
            let house = self.house(line.controller)?;
            let next = line.due.succ_opt().unwrap_or(line.due);
            let rights: Vec<&str> = line
                .rights
                .iter()
                .map(|right| terms::right_short(*right, Lang::De))
                .collect();
            text.push_str(&format!(
                "BEGIN:VEVENT\r\nUID:{}@{}\r\nDTSTAMP:{stamp}\r\nDTSTART;VALUE=DATE:{}\r\nDTEND;VALUE=DATE:{}\r\n\
                 SUMMARY:{} {}\r\nURL:{}/desk/cases/{}\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n",
                line.id,
                house.controller.slug,
                line.due.format("%Y%m%d"),
                next.format("%Y%m%d"),
                line.number,
                rights.join("\\, "),
                house.controller.public_url,
                line.id,
            ));
        }
        text.push_str("END:VCALENDAR\r\n");
        Ok(text)
    }

    /// The clerks to whom a case of this controller can be handed.
    pub async fn assignable(
        &self,
        scope: &Scope,
        controller: crate::domain::ids::ControllerId,
    ) -> Result<Vec<clerks::Clerk>, Error> {
        let reach = scope.clone();
        let all = self
            .store
            .read(move |conn| clerks::colleagues(conn, &reach))
            .await?;
        Ok(all
            .into_iter()
            .filter(|(clerk, of, role)| *of == controller && *role >= Role::Handler && !clerk.left)
            .map(|(clerk, _, _)| clerk)
            .collect())
    }
}

fn desk_line(house: &House, line: &Line, today: NaiveDate) -> DeskLine {
    let rights: Vec<&str> = line
        .rights
        .iter()
        .map(|right| terms::right_short(*right, Lang::De))
        .collect();
    DeskLine {
        number: line.number.clone(),
        right: rights.join(", "),
        due: long_date(line.due, Lang::De),
        left: days_left(today, line.due, Lang::De),
        link: format!("{}/desk/cases/{}", house.controller.public_url, line.id),
    }
}

/// The shortest rhythm of its rights beside the month, while the case is still before the act.
fn own_rhythm(line: &Line) -> Option<Rhythm> {
    if line.stage >= Stage::Review {
        return None;
    }
    let paces = line.rights.iter().map(|right| Right::pace(*right));
    let mut shortest = None;
    for pace in paces {
        let rhythm = match pace {
            Pace::NextWorkingDay => Rhythm::AtOnce,
            Pace::Days(7) => Rhythm::Week,
            Pace::Days(_) => Rhythm::Fortnight,
            Pace::Month => continue,
        };
        let rank = |rhythm: &Rhythm| match rhythm {
            Rhythm::AtOnce => 0,
            Rhythm::Week => 1,
            Rhythm::Fortnight => 2,
            Rhythm::Month => 3,
        };
        if shortest
            .as_ref()
            .is_none_or(|known| rank(&rhythm) < rank(known))
        {
            shortest = Some(rhythm);
        }
    }
    shortest
}
