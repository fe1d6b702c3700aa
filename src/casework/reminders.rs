//! Reminding before anything is late: one digest a day and person, and a calendar feed.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::error::Error;
use super::followup;
use super::office::{House, INSTALLATION, Office};
use super::outbox;
use crate::domain::deadline::add_months;
use crate::domain::delivery::Delivery;
use crate::domain::followup::Due;
use crate::domain::ids::{ClerkId, ControllerId};
use crate::domain::lang::Lang;
use crate::domain::notice;
use crate::domain::reminder::{Rhythm, Watch};
use crate::domain::scope::{Role, Scope};
use crate::domain::stage::Stage;
use crate::letters::facts::DeskLine;
use crate::seal::chance::Token;
use crate::storage::cases::{self, Cursor, Filter, Line};
use crate::storage::clerks::Clerk;
use crate::storage::events;
use crate::storage::links::{self, LinkRow, Purpose};
use crate::storage::messages::{self, Body, MessageRow};
use crate::storage::recipients::RecipientLine;
use crate::storage::{StoreError, clerks, controllers};
use crate::words::dates::{days_left, long_date};
use crate::words::{desk, mailroom, recipients, terms};

/// The first reminder comes fourteen days before the earliest reading; nothing further off is due.
const AHEAD: u64 = 20;
/// A mail that is unclear is looked at within so many working days.
const MAIL_DAYS: u32 = 2;
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
        let staff = self.staff_now().await?;
        let mut letters: BTreeMap<Recipient, Vec<(NaiveDate, ControllerId, DeskLine)>> =
            BTreeMap::new();
        for house in self.houses() {
            for line in self.lines_to_watch(house, today).await? {
                // What cannot be reckoned is better named once too often, and must not silence the rest.
                let due = self.is_due(house, &line, since, today).await;
                if let Err(error) = &due {
                    tracing::warn!(case = %line.id, %error, "it cannot be told whether this is due");
                }
                if !due.unwrap_or(true) {
                    continue;
                }
                let to = recipient(&staff, house, line.assignee);
                // Somebody who works for several controllers gets one digest for all of them.
                let by = if to.is_some() {
                    0
                } else {
                    house.controller.id.0
                };
                letters.entry((to, by)).or_default().push((
                    line.due,
                    house.controller.id,
                    desk_line(house, &line, today),
                ));
            }
        }
        for house in self.houses() {
            for due in self.follow_ups_ahead(house).await? {
                if is_announced(due.on, since, today) {
                    let to = recipient(&staff, house, None);
                    let by = if to.is_some() {
                        0
                    } else {
                        house.controller.id.0
                    };
                    let line = follow_up_line(house, &due, today);
                    let lines = letters.entry((to, by)).or_default();
                    lines.push((due.on, house.controller.id, line));
                }
            }
        }
        for house in self.houses() {
            let scope = Scope::of_house(house.controller.id);
            for untold in self.untold_recipients(&scope).await? {
                if notice::announced(untold.due, since, today) {
                    let to = recipient(&staff, house, untold.assignee);
                    let by = if to.is_some() {
                        0
                    } else {
                        house.controller.id.0
                    };
                    let line = recipient_line(house, &untold, today);
                    let lines = letters.entry((to, by)).or_default();
                    lines.push((untold.due, house.controller.id, line));
                }
            }
        }
        for house in self.houses() {
            if let Some((since, line)) = self.mail_line_due(house, today).await? {
                let to = recipient(&staff, house, None);
                let by = if to.is_some() {
                    0
                } else {
                    house.controller.id.0
                };
                let lines = letters.entry((to, by)).or_default();
                lines.push((since, house.controller.id, line));
            }
        }
        let mut rows = Vec::with_capacity(letters.len());
        for ((clerk, by), mut lines) in letters {
            let house = self.sender(lines.iter().map(|(_, controller, _)| *controller))?;
            lines.sort_by_key(|(due, _, _)| *due);
            let lines: Vec<DeskLine> = lines.into_iter().map(|(_, _, line)| line).collect();
            rows.push(self.digest(clerk, by, house, &lines, today)?);
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

    /// The mails that a person should have looked at by now: the oldest has waited for two working days.
    async fn mail_line_due(
        &self,
        house: &House,
        today: NaiveDate,
    ) -> Result<Option<(NaiveDate, DeskLine)>, Error> {
        let scope = Scope::of_house(house.controller.id);
        let Some((oldest, waiting)) = self.mails_waiting_since(&scope).await? else {
            return Ok(None);
        };
        let calendar = &self.calendar;
        let noticed = calendar.working_days_after(oldest, &house.controller.place, MAIL_DAYS);
        // Beyond the table of holidays it is better named once too often.
        if noticed.is_ok_and(|day| day > today) {
            return Ok(None);
        }
        // If a request is among them, its month runs from the day on which the house had it.
        let due = add_months(oldest, 1);
        let line = DeskLine {
            number: mailroom::WAITING.to_owned(),
            right: mailroom::waiting(waiting, oldest),
            due: long_date(due, Lang::De),
            left: days_left(today, due, Lang::De),
            link: format!("{}/desk/mail", house.controller.public_url),
        };
        Ok(Some((oldest, line)))
    }

    /// Who works here now, and for which controllers.
    async fn staff_now(&self) -> Result<Vec<(Clerk, ControllerId, Role)>, Error> {
        let all: Vec<ControllerId> = self
            .houses()
            .iter()
            .map(|house| house.controller.id)
            .collect();
        Ok(self
            .store
            .read(move |conn| clerks::present(conn, &all))
            .await?)
    }

    /// By whose mail server and in whose name a digest goes: the first of the controllers whose cases stand
    /// in it that has one. No other controller hears of them.
    fn sender(&self, of: impl Iterator<Item = ControllerId> + Clone) -> Result<&House, Error> {
        let mut own = self
            .houses()
            .iter()
            .filter(move |house| of.clone().any(|id| id == house.controller.id));
        let first = own.clone().next();
        own.find(|house| house.has_post)
            .or(first)
            .ok_or(Error::Fault("a digest without a controller"))
    }

    fn digest(
        &self,
        clerk: Option<ClerkId>,
        by: i64,
        house: &House,
        lines: &[DeskLine],
        today: NaiveDate,
    ) -> Result<MessageRow, Error> {
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
            let lines = self.open_lines(&scope, apart).await?;
            // What is far off still counts where a right has a target of its own. A pause moves the
            // date and not its earliest reading, and it is the reading that is reminded of.
            watched.extend(lines.into_iter().filter(|line| {
                line.stage <= Stage::Delivery
                    && (Some(line.earliest) <= until
                        || line.stage == Stage::Identity
                        || !own_rhythms(line).is_empty())
            }));
        }
        Ok(watched)
    }

    /// All open cases in reach, without their names.
    async fn open_lines(&self, scope: &Scope, apart: bool) -> Result<Vec<Line>, Error> {
        let mut lines = Vec::new();
        let mut after: Option<Cursor> = None;
        loop {
            let reach = scope.clone();
            let filter = Filter {
                apart,
                ..Filter::default()
            };
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
                lines.push(line);
            }
            if !full {
                return Ok(lines);
            }
        }
    }

    async fn is_due(
        &self,
        house: &House,
        line: &Line,
        since: NaiveDate,
        today: NaiveDate,
    ) -> Result<bool, Error> {
        if line.stage == Stage::Identity
            && self.proof_wants_a_clerk(line.controller, line.id).await?
        {
            return Ok(true);
        }
        let place = &house.controller.place;
        let calendar = &self.calendar;
        let outside = |_| Error::Fault("a date outside the table of holidays");
        let month = Watch::new(line.earliest, Rhythm::Month, calendar, place).map_err(outside)?;
        if month.due_since(Some(since), today).is_some() {
            // A released letter that nobody posted, or a mail that does not get out, is no answer yet.
            return match line.stage {
                Stage::Delivery => self.lies_here(line).await,
                _ => Ok(true),
            };
        }
        for rhythm in own_rhythms(line) {
            let Some(target) = rhythm
                .target(line.received, calendar, place)
                .map_err(outside)?
            else {
                continue;
            };
            let own = Watch::new(target, rhythm, calendar, place).map_err(outside)?;
            // The line knows all rights of the case, answered or not; only what is still owed presses.
            // Few cases come so far, so they are opened.
            if own.due_since(Some(since), today).is_some() && self.owes(line, rhythm).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether an answer was released and has not left the house.
    async fn lies_here(&self, line: &Line) -> Result<bool, Error> {
        let scope = Scope::of_house(line.controller);
        let (case, _) = self.open(&scope, line.id).await?;
        Ok(case.answers.iter().any(Delivery::underway))
    }

    /// Whether anything of this rhythm is not decided yet.
    async fn owes(&self, line: &Line, rhythm: Rhythm) -> Result<bool, Error> {
        let scope = Scope::of_house(line.controller);
        let (case, _) = self.open(&scope, line.id).await?;
        Ok(case
            .items
            .iter()
            .filter(|item| item.right.rhythm() == rhythm)
            .any(|item| item.decision().is_none()))
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
        let noted = self.noted(scope, INSTALLATION, "feed.given", &scope.actor().0);
        self.store
            .write(move |conn| {
                links::revoke_of_clerk(conn, clerk, Purpose::Feed, now)?;
                links::insert(conn, &row)?;
                events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?;
        Ok(token)
    }

    /// Ends the feed.
    pub async fn end_feed(&self, scope: &Scope) -> Result<(), Error> {
        let clerk = scope.clerk().ok_or(Error::NotFound)?;
        let now = self.now();
        let noted = self.noted(scope, INSTALLATION, "feed.ended", &scope.actor().0);
        Ok(self
            .store
            .write(move |conn| {
                links::revoke_of_clerk(conn, clerk, Purpose::Feed, now)?;
                events::insert(conn, std::slice::from_ref(&noted))
            })
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
        // Only controllers that are configured are served, here as at the desk.
        let served = memberships
            .into_iter()
            .filter(|(id, _)| self.house(*id).is_ok());
        let scope = Scope::of_clerk(clerk, credentials.clerk.actor, served.collect());
        let mut text = String::from(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Rechtzeitig//DE\r\nCALSCALE:GREGORIAN\r\n",
        );
        let stamp = self.now().format("%Y%m%dT%H%M%SZ");
        let lines = self.open_lines(&scope, false).await?;
        for line in lines.iter().filter(|line| line.stage < Stage::Delivery) {
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
        controller: ControllerId,
        least: Role,
    ) -> Result<Vec<Clerk>, Error> {
        let reach = scope.clone();
        let all = self
            .store
            .read(move |conn| clerks::colleagues(conn, &reach))
            .await?;
        Ok(all
            .into_iter()
            .filter(|(clerk, of, role)| *of == controller && *role >= least && !clerk.left)
            .map(|(clerk, _, _)| clerk)
            .collect())
    }
}

/// Whose digest a line stands in: its assignee's, as long as she works for this controller; else the
/// clerk's behind the fallback address, if it is one's; else it goes to that address.
/// Nobody has what comes back in hand; it goes where new requests go.
fn follow_up_line(house: &House, due: &Due, today: NaiveDate) -> DeskLine {
    let number = match due.what.case_number.as_str() {
        "" => desk::errand(due.what.errand).to_owned(),
        number => number.to_owned(),
    };
    DeskLine {
        number,
        right: format!("Wiedervorlage: {}", desk::errand(due.what.errand)),
        due: long_date(due.on, Lang::De),
        left: days_left(today, due.on, Lang::De),
        link: format!("{}/desk/followups/{}", house.controller.public_url, due.id),
    }
}

fn recipient_line(house: &House, untold: &RecipientLine, today: NaiveDate) -> DeskLine {
    DeskLine {
        number: untold.number.clone(),
        right: recipients::untold(untold.open),
        due: long_date(untold.due, Lang::De),
        left: days_left(today, untold.due, Lang::De),
        link: format!(
            "{}/desk/cases/{}/recipients",
            house.controller.public_url, untold.case
        ),
    }
}

/// Whether something that comes back is announced since the last digest: a fortnight and a week before, on its day,
/// and on every day after that.
fn is_announced(on: NaiveDate, since: NaiveDate, today: NaiveDate) -> bool {
    let days = [followup::AHEAD, 7, 0];
    let mut told = days
        .iter()
        .filter_map(|days| on.checked_sub_days(Days::new(*days)));
    today >= on || told.any(|day| day > since && day <= today)
}

fn recipient(
    staff: &[(Clerk, ControllerId, Role)],
    house: &House,
    assignee: Option<ClerkId>,
) -> Option<ClerkId> {
    let mut here = staff
        .iter()
        .filter(|(_, controller, _)| *controller == house.controller.id)
        .map(|(clerk, _, _)| clerk);
    let fallback = &house.controller.fallback_email;
    here.clone()
        .find(|clerk| Some(clerk.id) == assignee)
        .or_else(|| here.find(|clerk| clerk.email.eq_ignore_ascii_case(fallback)))
        .map(|clerk| clerk.id)
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

/// The rhythms of its rights beside the month, while the case is still before the act.
fn own_rhythms(line: &Line) -> Vec<Rhythm> {
    if line.stage >= Stage::Review {
        return vec![];
    }
    let rhythms = line.rights.iter().map(|right| right.rhythm());
    rhythms.filter(|rhythm| *rhythm != Rhythm::Month).collect()
}
