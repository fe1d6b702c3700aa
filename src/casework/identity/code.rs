//! The code to the address on file: made, carried there, and brought back.

use chrono::{Days, NaiveDate};
use subtle::ConstantTimeEq;

use super::super::desk::{Deed, Outcome};
use super::super::error::Error;
use super::super::links::{CaseLink, code_digest};
use super::super::office::Office;
use super::super::outbox;
use super::{and_on_it_runs, papers, systems_of};
use crate::domain::deadline::received_day;
use crate::domain::identity::{AddressKind, CODE_DAYS, CODE_TRIES, OnFile};
use crate::domain::ids::CaseId;
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::{Role, Scope};
use crate::seal::chance::{self, Token};
use crate::storage::StoreError;
use crate::storage::filing::FilePurpose;
use crate::storage::links::{self, LinkRow, Purpose};

impl Office {
    /// Makes a code for the address on file: a letter to print, or a mail to the mailbox that stands there. Only its
    /// keyed digest is kept.
    pub async fn make_code(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        on_file: OnFile,
    ) -> Result<Outcome, Error> {
        let (case, _, key) = self.open_with_key(scope, id).await?;
        scope.demand(case.controller, Role::Handler)?;
        let house = self.house(case.controller)?;
        // Before a letter is printed: whether a code may go there at all.
        case.make_code(on_file.clone(), None, self.today())?;
        let code = chance::code6();
        let link = CaseLink::Code(case.next_code()).token(&key).digest();
        let digest = code_digest(&key, &link, &code);
        let until = self
            .today()
            .checked_add_days(Days::new(CODE_DAYS))
            .unwrap_or(self.today());
        let letter = match on_file.kind {
            AddressKind::Postal => {
                let facts = papers::code(house, &case, &key, self.today(), &on_file, &code, until);
                let paper = self.print_paper(house, &case, "identity_code", &facts)?;
                let name = format!("{}.pdf", case.number).into();
                Some(
                    self.put_file(
                        house,
                        Some(id),
                        None,
                        FilePurpose::Proof,
                        (&name, "application/pdf"),
                        paper,
                    )
                    .await?,
                )
            }
            _ => None,
        };
        self.act(scope, id, Some(seen), Role::Handler, |case, moment| {
            let file = letter.as_ref().map(|row| row.id());
            let mut deed = Deed::from(case.make_code(on_file.clone(), file, moment.today)?);
            let row = LinkRow::new(
                link,
                Purpose::Proof,
                case.controller,
                moment.now,
                Some(
                    moment.now
                        + chrono::TimeDelta::days(i64::try_from(CODE_DAYS).unwrap_or(21) + 1),
                ),
            );
            let counts =
                moment.now + chrono::TimeDelta::days(i64::try_from(CODE_DAYS).unwrap_or(21) + 1);
            deed.links
                .push(row.for_case(id).with_code(digest.clone(), counts));
            // The letter of the code before is worthless, too.
            let before = case.proof.code.as_ref().and_then(|code| code.letter);
            if let Some(file) = before {
                let gone = crate::domain::event::Event::ProofDestroyed { files: vec![file] };
                deed.events.insert(0, gone);
            }
            deed.files.extend(letter.clone());
            if on_file.kind == AddressKind::Mailbox {
                if !moment.house.has_post {
                    return Err(Obstacle::NoMailServer.into());
                }
                deed.messages
                    .push(outbox::proof_code(moment, case, &on_file, &code, until)?);
            }
            Ok(deed)
        })
        .await
    }

    /// The letter with the code was posted; the copy that lies here is destroyed.
    pub async fn code_posted(
        &self,
        scope: &Scope,
        id: CaseId,
        seen: i64,
        on: NaiveDate,
    ) -> Result<Outcome, Error> {
        self.act(scope, id, Some(seen), Role::Handler, |case, moment| {
            Ok(case.code_posted(on, moment.today)?.into())
        })
        .await
    }

    /// The person enters the code on the status page.
    pub async fn try_proof_code(&self, token: &Token, typed: &str) -> Result<(), Error> {
        let (id, scope) = self.case_link(token, Purpose::Status).await?;
        self.try_code_of(&scope, id, typed, self.today()).await
    }

    /// A clerk enters the code from a reply that came on this day.
    pub async fn enter_proof_code(
        &self,
        scope: &Scope,
        id: CaseId,
        typed: &str,
        arrived: NaiveDate,
    ) -> Result<Outcome, Error> {
        let (case, _) = self.open(scope, id).await?;
        scope.demand(case.controller, Role::Handler)?;
        if arrived > self.today() {
            return Err(Obstacle::Empty("arrived").into());
        }
        match self.try_code_of(scope, id, typed, arrived).await {
            Err(Error::Code) => {
                Err(Obstacle::Proof(crate::domain::identity::ProofObstacle::CodeWrong).into())
            }
            other => other,
        }?;
        let (case, revision) = self.open(scope, id).await?;
        Ok(Outcome {
            case,
            revision,
            changed: true,
        })
    }

    /// One answer for wrong, old, locked and none; a wrong try touches this code and nothing else of the case.
    async fn try_code_of(
        &self,
        scope: &Scope,
        id: CaseId,
        typed: &str,
        arrived: NaiveDate,
    ) -> Result<(), Error> {
        let (case, _, key) = self.open_with_key(scope, id).await?;
        let number = case.proof.code.as_ref().map_or(1, |code| code.number);
        let link = CaseLink::Code(number).token(&key).digest();
        // Counted before it is judged: tries side by side count as well.
        let counted = self
            .store
            .write(move |conn| {
                let tries = links::count_try(conn, &link)?;
                Ok((tries, links::find(conn, &link, Purpose::Proof)?))
            })
            .await;
        let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
        let digest = code_digest(&key, &link, &typed);
        let (tries, row) = match counted {
            Err(StoreError::NotFound) => return Err(Error::Code),
            other => other?,
        };
        let right = row
            .code()
            .is_some_and(|(kept, _, _)| bool::from(digest.ct_eq(kept)));
        let good = row.good_at(self.now())
            && case
                .proof
                .code
                .as_ref()
                .is_some_and(|code| code.good(self.today()));
        if right && good && tries <= CODE_TRIES {
            let systems = systems_of(self, scope, case.controller).await?;
            let fits = self
                .act(scope, id, None, Role::Handler, |case, moment| {
                    let events = case.code_fits(&systems, moment.today)?;
                    let on = arrived.max(received_day(row.created_at()));
                    Ok(and_on_it_runs(case, moment, events, on)?.into())
                })
                .await;
            return match fits {
                Ok(_) => Ok(()),
                // Entered a moment ago, or withdrawn.
                Err(Error::Obstacle(_)) => Err(Error::Code),
                Err(other) => Err(other),
            };
        }
        if tries == CODE_TRIES {
            self.act(scope, id, None, Role::Handler, |case, _| {
                Ok(case.lock_code().into())
            })
            .await?;
        }
        Err(Error::Code)
    }
}
