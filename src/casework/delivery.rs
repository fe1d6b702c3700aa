//! The answer: printed, looked at, released, and fetched by the person with a fresh code.

use std::io::Read;

use chrono::{DateTime, TimeDelta, Utc};
use subtle::ConstantTimeEq;

use super::desk::{Deed, Outcome, Undone};
use super::error::Error;
use super::filing::OpenFile;
use super::links::{CaseLink, code_digest};
use super::office::{House, Office};
use super::package::Extent;
use super::reading::masked;
use super::{facts, outbox};
use crate::domain::case::Case;
use crate::domain::delivery::{Released, Way};
use crate::domain::ids::{CaseId, FileId};
use crate::domain::intake::PartyRole;
use crate::domain::lacking::Lacking;
use crate::domain::lang::Lang;
use crate::domain::look::{self, Looker, Point};
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::letters::check::{Gap, check, prove};
use crate::letters::facts::{Facts, PackageFacts};
use crate::letters::pdf::{Sheets, print_sheet};
use crate::letters::press::{Kind, Printed};
use crate::seal::Key;
use crate::seal::chance::{self, Token};
use crate::storage::events;
use crate::storage::filing::{self, FilePurpose, FileRow};
use crate::storage::links::{self, LinkRow, NewCode, Purpose};
use crate::storage::messages;
use crate::storage::{StoreError, cases};
use crate::words::package as words;
use crate::words::terms;

/// A code is good for so long.
pub const CODE_MINUTES: i64 = 15;
/// And for so many tries.
const CODE_TRIES: i32 = 5;
/// A fresh code is sent at most so often.
const CODE_PAUSE: i64 = 60;
/// And so many a day: who has the link but not the mailbox can neither fill it nor guess for long.
const CODES_A_DAY: i64 = 10;
/// After the right code, downloads are open for so long.
const PASS_MINUTES: i64 = 60;

/// The answer as it would leave now.
pub struct Preview {
    /// The case.
    pub case: Case,
    /// The revision it was printed from.
    pub revision: i64,
    /// The letter.
    pub printed: Printed,
    /// The letter as PDF, with what could not be printed.
    pub sheets: Sheets,
    /// What the law demands and the letter lacks, as sentences with where to fill it.
    pub gaps: Vec<String>,
    /// Whether something is among them that no reason helps against.
    pub barred: bool,
    /// The way that the person wished, if it is open.
    pub way: Option<Way>,
    /// To whom it would go by each way that is open.
    pub recipients: Vec<(Way, String)>,
    /// What stands against the release, if anything.
    pub obstacle: Option<Obstacle>,
    /// What of hers the package holds, if data are enclosed.
    pub package: Option<String>,
    /// Files that belong to the package and are not here yet.
    pub missing: usize,
}

/// What lies behind the link of an answer.
#[derive(Debug, Clone)]
pub struct AnswerPage {
    /// The case's number.
    pub number: String,
    /// The language of the case.
    pub lang: Lang,
    /// Until when the link holds.
    pub expires: Option<DateTime<Utc>>,
    /// Whether it holds now.
    pub good: bool,
    /// Whether the files are still there, so that it can be renewed.
    pub renewable: bool,
    /// The letter.
    pub letter: FileId,
    /// Its size, unless it is gone.
    pub letter_size: Option<u64>,
    /// The package beside it and its size.
    pub package: Option<(FileId, u64)>,
    /// Whether data lay beside it once and were destroyed since.
    pub package_gone: bool,
    /// Where the code goes, nearly hidden.
    pub mailbox: String,
    /// Whose answer it is.
    pub controller: crate::domain::ids::ControllerId,
}

impl Office {
    /// Prints the next answer for looking at it; nothing is stored.
    pub async fn preview(&self, scope: &Scope, id: CaseId) -> Result<Preview, Error> {
        let (case, revision, key) = self.open_with_key(scope, id).await?;
        let house = self.house(case.controller)?;
        let systems = self.systems(scope, case.controller).await?;
        let extent = self.package_extent((scope, &case, &key)).await?;
        let (facts, printed) = self.answer(house, &case, &key, &systems, extent)?;
        let sheets = self.sheets(&case, &facts, &printed)?;
        let gaps = gaps(&facts, &printed);
        let barred = gaps.iter().any(|gap| !gap.overridable());
        let gaps = gaps.iter().map(|gap| gap.words(Lang::De)).collect();
        let way = case.proposed_way();
        let looker = Looker {
            actor: scope.actor(),
            rule: self.second(case.controller).await?,
            today: self.today(),
        };
        let obstacle = case.may_release(way.unwrap_or(Way::Post), &looker).err();
        let recipients = [Way::Portal, Way::Post]
            .into_iter()
            .filter_map(|way| recipient(&case, way).map(|text| (way, text)))
            .collect();
        Ok(Preview {
            case,
            revision,
            printed,
            sheets,
            gaps,
            barred,
            way,
            recipients,
            obstacle,
            package: extent.map(|it| words::contents(it.entries, it.files, Lang::De)),
            missing: extent.map_or(0, |extent| extent.missing),
        })
    }

    fn answer(
        &self,
        house: &House,
        case: &Case,
        key: &Key,
        systems: &[crate::domain::register::System],
        extent: Option<Extent>,
    ) -> Result<(Facts, Printed), Error> {
        let lang = case.intake.lang;
        let package = extent.map(|extent| PackageFacts {
            contents: words::contents(extent.entries, extent.files, lang),
            gaps: words::gaps(extent.black, extent.left_out, lang),
            format: Some(terms::package_format(lang).to_owned()),
            checksum: None,
        });
        let facts = facts::of_answer(
            house,
            case,
            key,
            (systems, &self.law),
            package,
            self.today(),
        );
        let kind = match (case.answers_in_part(), case.answers_excess()) {
            (true, _) => Kind::PartialAnswer,
            (false, true) => Kind::ExcessRefusal,
            (false, false) => Kind::Answer,
        };
        let printed = self
            .press
            .print(kind, lang, house.controller.form, &facts)?;
        Ok((facts, printed))
    }

    fn sheets(&self, case: &Case, facts: &Facts, printed: &Printed) -> Result<Sheets, Error> {
        let mut window = vec![facts.person.name.clone()];
        window.extend(facts.person.address.iter().cloned());
        let sheet = printed.sheet(facts, case.intake.lang, window, self.now());
        print_sheet(&sheet).map_err(|_| Error::Fault("the letter cannot be laid out"))
    }

    /// Releases the next answer: what was seen on the preview of `seen` goes to this recipient by this way.
    pub async fn release(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        way: Way,
        ticked: &[Point],
    ) -> Result<Outcome, Error> {
        self.release_despite(scope, id, seen, way, ticked, "").await
    }

    /// The same, although the letter lacks something, for a written reason that the dossier shows. No reason
    /// helps without identity, remedies or the controller.
    pub async fn release_despite(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        way: Way,
        ticked: &[Point],
        because: &str,
    ) -> Result<Outcome, Error> {
        let (case, revision, key) = self.open_with_key(scope, id).await?;
        scope.demand(case.controller, Role::Decider)?;
        if revision != seen {
            return Err(Obstacle::ChangedMeanwhile { revision }.into());
        }
        let house = self.house(case.controller)?;
        let rule = self.second(case.controller).await?;
        let looker = Looker {
            actor: scope.actor(),
            rule,
            today: self.today(),
        };
        case.may_release(way, &looker)?;
        look::all_ticked(&Point::BEFORE_SENDING, ticked)?;
        if case.lateness_unexplained(self.today()) {
            return Err(Obstacle::LateUnexplained.into());
        }
        let systems = self.systems(scope, case.controller).await?;
        let extent = self.package_extent((scope, &case, &key)).await?;
        if extent.is_some() {
            self.all_said(scope, id).await?;
        }
        let open = extent.map_or(0, |extent| extent.missing);
        if open > 0 && because.trim().is_empty() {
            return Err(Obstacle::CopiesOpen { open }.into());
        }
        let (facts, printed) = self.answer(house, &case, &key, &systems, extent)?;
        let words = |gaps: &[Gap]| gaps.iter().map(|gap| gap.words(Lang::De)).collect();
        let (soft, barred): (Vec<Gap>, Vec<Gap>) = gaps(&facts, &printed)
            .into_iter()
            .partition(Gap::overridable);
        let mut soft: Vec<String> = words(&soft);
        soft.extend((open > 0).then(|| words::missing(open)));
        let lacking = Lacking::weigh(words(&barred), soft, because)?;
        let pdf = self.sheets(&case, &facts, &printed)?.pdf;
        let name = format!("{}.pdf", case.number);
        let letter = self
            .put_file(
                house,
                Some(id),
                None,
                FilePurpose::Letter,
                (&name.into(), "application/pdf"),
                pdf.clone(),
            )
            .await?;
        let name = format!("{}.html", case.number);
        let page = self
            .put_file(
                house,
                Some(id),
                None,
                FilePurpose::Letter,
                (&name.into(), "text/html"),
                printed.page().into(),
            )
            .await?;
        let (letter_id, page_id) = (letter.id(), page.id());
        let mut files = vec![letter, page];
        if extent.is_some() {
            let all = (scope, &case, &key);
            files.push(self.package(all, pdf, &printed.text).await?);
        }
        let rights: Vec<Right> = case.answerable().iter().map(|item| item.right).collect();
        let released = Released {
            rights,
            at: self.now(),
            by: scope.actor().clone(),
            way,
            recipient: recipient(&case, way)
                .ok_or(Obstacle::NoWayOfDelivery)?
                .into(),
            letter: letter_id,
            page: Some(page_id),
            package: files.get(2).map(FileRow::id),
            part: case.answers_in_part(),
            ticked: ticked.to_vec(),
            texts: printed.version.clone(),
            lacking,
        };
        let days = TimeDelta::days(i64::from(house.controller.download_days));
        self.act(scope, id, Some(seen), Role::Decider, |case, moment| {
            let events = case.release(released.clone(), rule, moment.today)?;
            let token = CaseLink::Answer(case.answers.len() + 1).token(moment.key);
            let until = Some(moment.now + days);
            let link = LinkRow::new(
                token.digest(),
                Purpose::Answer,
                case.controller,
                moment.now,
                until,
            );
            Ok(Deed {
                links: if way == Way::Portal {
                    vec![link.for_case(id)]
                } else {
                    vec![]
                },
                files: files.clone(),
                ..Deed::from(events)
            })
        })
        .await
    }

    /// Where a letter reaches the person.
    pub async fn set_address(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        (of, address): (PartyRole, &str),
    ) -> Result<Outcome, Error> {
        self.act(scope, id, Some(seen), Role::Handler, |case, _| {
            Ok(case.set_address(of, address)?.into())
        })
        .await
    }

    /// The printed answer was posted on this day.
    pub async fn posted(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        on: chrono::NaiveDate,
    ) -> Result<Outcome, Error> {
        self.act(scope, id, Some(seen), Role::Handler, |case, moment| {
            Ok(case.posted(on, moment.today)?.into())
        })
        .await
    }

    /// Calls an answer back that was released and has not left: its link opens nothing any more, its mail stays in the
    /// house. What the mail server has in its hands at this moment leads nowhere.
    pub async fn recall(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        answer: usize,
        because: &str,
    ) -> Result<Outcome, Error> {
        self.act(scope, id, Some(seen), Role::Decider, |case, moment| {
            let undone = Undone {
                link: Some(CaseLink::Answer(answer).token(moment.key).digest()),
                promise: Some(outbox::answer_ready(id, answer)),
                ..Undone::default()
            };
            Ok(Deed {
                undone,
                ..Deed::from(case.recall(answer, because, moment.today)?)
            })
        })
        .await
    }

    /// An answer that had left came back; it can be released again, by another way.
    pub async fn returned(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        answer: usize,
        on: chrono::NaiveDate,
    ) -> Result<Outcome, Error> {
        self.act(scope, id, Some(seen), Role::Handler, |case, moment| {
            if on > moment.today {
                return Err(Obstacle::Empty("returned-on").into());
            }
            Ok(case.returned(answer, on)?.into())
        })
        .await
    }

    // ---- the person fetches it

    /// The page behind the link of an answer, good or expired; it says nothing of the content.
    pub async fn answer_page(&self, token: &Token) -> Result<AnswerPage, Error> {
        let link = self.answer_link(token).await?;
        let (case, _, _, released) = self.answer_of(&link, token).await?;
        let reach = Scope::of_public(link.controller());
        let enclosed = released.package.is_some();
        let (letter, package) = self
            .store
            .read(move |conn| {
                let mut sized = |file| match filing::load(conn, &reach, file) {
                    Ok(row) => Ok(Some((file, row.size()))),
                    Err(StoreError::NotFound) => Ok(None),
                    Err(other) => Err(other),
                };
                let package = released.package.map(&mut sized).transpose()?.flatten();
                Ok((sized(released.letter)?, package))
            })
            .await?;
        Ok(AnswerPage {
            number: case.number.clone(),
            lang: case.intake.lang,
            expires: link.expires_at(),
            good: link.good_at(self.now()),
            renewable: letter.is_some(),
            letter: released.letter,
            letter_size: letter.map(|(_, size)| size),
            package_gone: enclosed && package.is_none(),
            package,
            mailbox: masked(released.recipient.reveal()),
            controller: link.controller(),
        })
    }

    async fn answer_link(&self, token: &Token) -> Result<LinkRow, Error> {
        let digest = token.digest();
        match self
            .store
            .read(move |conn| links::find(conn, &digest, Purpose::Answer))
            .await
        {
            // An expired link can be renewed, one that was ended opens nothing any more.
            Ok(link) if link.revoked() => Err(Error::Link),
            Err(StoreError::NotFound) => Err(Error::Link),
            other => Ok(other?),
        }
    }

    async fn answer_of(
        &self,
        link: &LinkRow,
        token: &Token,
    ) -> Result<(Case, Scope, Key, Released), Error> {
        let scope = Scope::of_public(link.controller());
        let (case, _, key) = self
            .open_with_key(&scope, link.case().ok_or(Error::Link)?)
            .await?;
        let digest = token.digest();
        let number = (1..=case.answers.len())
            .find(|number| CaseLink::Answer(*number).token(&key).digest() == digest);
        let released = number
            .and_then(|number| case.answers.get(number - 1))
            .map(|answer| answer.released().clone())
            .ok_or(Error::Link)?;
        Ok((case, scope, key, released))
    }

    /// Makes an expired link good again, as long as the files are there.
    pub async fn renew_answer(&self, token: &Token) -> Result<(), Error> {
        let page = self.answer_page(token).await?;
        if !page.renewable {
            return Err(Error::Link);
        }
        let link = self.answer_link(token).await?;
        let (case, scope, _, _) = self.answer_of(&link, token).await?;
        let days = TimeDelta::days(i64::from(
            self.house(link.controller())?.controller.download_days,
        ));
        let now = self.now();
        let row = LinkRow::new(
            token.digest(),
            Purpose::Answer,
            link.controller(),
            now,
            Some(now + days),
        );
        let noted = self.noted(
            &scope,
            case.controller,
            "answer.renewed",
            &case.id.to_string(),
        );
        Ok(self
            .store
            .write(move |conn| {
                links::renew(conn, &row)?;
                events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?)
    }

    /// Sends a fresh code to the proven mailbox.
    pub async fn send_code(&self, token: &Token) -> Result<(), Error> {
        let link = self.answer_link(token).await?;
        if !link.good_at(self.now()) {
            return Err(Error::Link);
        }
        let (case, scope, key, _) = self.answer_of(&link, token).await?;
        let now = self.now();
        let (id, day) = (case.id, now - TimeDelta::days(1));
        let sent = self
            .store
            .read(move |conn| messages::count_since(conn, id, "code", day))
            .await?;
        if sent >= CODES_A_DAY {
            return Err(Error::TooOften);
        }
        let code = chance::code6();
        let until = now + TimeDelta::minutes(CODE_MINUTES);
        let fresh = NewCode {
            link: token.digest(),
            digest: code_digest(&key, &token.digest(), &code),
            until,
            recent: until - TimeDelta::seconds(CODE_PAUSE),
        };
        // The code and its mail are one write: none is kept that never leaves, and of two clicks at once
        // one code is good and mailed.
        let told = self
            .act(&scope, id, None, Role::Handler, |case, moment| {
                Ok(Deed {
                    messages: vec![outbox::code(moment, case, &code)?],
                    code: Some(fresh.clone()),
                    noted: Some("answer.code"),
                    ..Deed::default()
                })
            })
            .await;
        match told {
            Ok(_) => Ok(()),
            Err(Error::Store(StoreError::Taken)) => Err(Error::TooOften),
            Err(other) => Err(other),
        }
    }

    /// Tries a code; the right one gives a pass for downloading.
    pub async fn try_code(&self, token: &Token, typed: &str) -> Result<Token, Error> {
        let link = self.answer_link(token).await?;
        let now = self.now();
        if !link.good_at(now) {
            return Err(Error::Link);
        }
        let (case, scope, key, _) = self.answer_of(&link, token).await?;
        let digest = token.digest();
        let Some((kept, until, _)) = link.code() else {
            return Err(Error::Code);
        };
        // Counted before it is judged: tries side by side count as well.
        let tries = self
            .store
            .write(move |conn| links::count_try(conn, &digest))
            .await?;
        if tries > CODE_TRIES || until < now {
            self.store
                .write(move |conn| links::spend_code(conn, &digest))
                .await?;
            return Err(Error::Code);
        }
        let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
        if !bool::from(code_digest(&key, &digest, &typed).ct_eq(kept)) {
            return Err(Error::Code);
        }
        let pass = Token::generate();
        let row = LinkRow::new(
            pass.digest(),
            Purpose::Pass,
            link.controller(),
            now,
            Some(now + TimeDelta::minutes(PASS_MINUTES)),
        )
        .for_case(link.case().ok_or(Error::Link)?)
        .under(digest);
        let noted = self.noted(
            &scope,
            case.controller,
            "answer.opened",
            &case.id.to_string(),
        );
        self.store
            .write(move |conn| {
                links::spend_code(conn, &digest)?;
                links::insert(conn, &row)?;
                events::insert(conn, std::slice::from_ref(&noted))
            })
            .await?;
        Ok(pass)
    }

    /// Opens a file of the answer for somebody with a pass.
    pub async fn answer_file(
        &self,
        answer: &Token,
        pass: &Token,
        file: FileId,
    ) -> Result<(OpenFile, CaseId), Error> {
        let (case, scope) = self.case_link(pass, Purpose::Pass).await?;
        let link = self.answer_link(answer).await?;
        let digest = pass.digest();
        let row = self
            .store
            .read(move |conn| links::find(conn, &digest, Purpose::Pass))
            .await?;
        if row.parent() != Some(answer.digest()) || link.revoked() {
            return Err(Error::Link);
        }
        let (_, _, _, released) = self.answer_of(&link, answer).await?;
        if ![Some(released.letter), released.page, released.package].contains(&Some(file)) {
            return Err(Error::NotFound);
        }
        Ok((self.open_file(&scope, file).await?, case))
    }

    /// The words of the letter as they were released, as HTML without a style of its own.
    pub async fn answer_letter(
        &self,
        answer: &Token,
        pass: &Token,
    ) -> Result<Private<String>, Error> {
        let link = self.answer_link(answer).await?;
        let (_, _, _, released) = self.answer_of(&link, answer).await?;
        let Some(page) = released.page else {
            return Ok(String::new().into());
        };
        let (mut file, _) = self.answer_file(answer, pass, page).await?;
        let mut text = String::new();
        file.reader
            .read_to_string(&mut text)
            .map_err(|_| Error::Fault("the letter cannot be read"))?;
        Ok(text.into())
    }

    /// A download was completed; only those count.
    pub async fn fetched(&self, case: CaseId, file: FileId) -> Result<Outcome, Error> {
        let controller = self
            .store
            .read(move |conn| cases::controller_of(conn, case))
            .await?;
        let scope = Scope::of_public(controller);
        self.act(&scope, case, None, Role::Handler, |case, moment| {
            Ok(Deed {
                ..Deed::from(case.fetched(file, moment.today))
            })
        })
        .await
    }
}

/// What the letter lacks: on its facts, and in its print, where an operator's own wording may have dropped it.
fn gaps(facts: &Facts, printed: &Printed) -> Vec<Gap> {
    let mut gaps = check(printed.kind, facts);
    gaps.extend(prove(printed, facts));
    gaps
}

fn recipient(case: &Case, way: Way) -> Option<String> {
    let party = case.addressee()?;
    match way {
        Way::Portal => party.email.as_ref().map(|email| email.reveal().clone()),
        Way::Post => party
            .address
            .as_ref()
            .map(|address| format!("{}\n{}", party.name.reveal(), address.reveal())),
    }
}
