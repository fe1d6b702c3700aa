//! The people at the desk: welcoming them, letting them in, letting them go.

use std::sync::Arc;

use chrono::TimeDelta;

use super::error::Error;
use super::office::{INSTALLATION, Office, blocking};
use super::outbox::hex;
use crate::domain::ids::{ClerkId, ControllerId};
use crate::domain::obstacle::Obstacle;
use crate::domain::scope::{Actor, Role, Scope};
use crate::seal::chance::{self, Token};
use crate::seal::totp::TotpSecret;
use crate::seal::{Place, open, password, seal};
use crate::storage::clerks::{self, Clerk, Credentials};
use crate::storage::events::{self, EventRow};
use crate::storage::links::{self, LinkRow, Purpose};
use crate::storage::{Conn, StoreError};

/// A welcome link is good for so long.
const WELCOME_DAYS: i64 = 7;
/// Shorter passwords are refused (ASVS 2.1.1).
pub const PASSWORD_LENGTH: usize = 12;
/// A session's last use is noted at most so often.
const TOUCH_MINUTES: i64 = 5;

/// What came of signing in.
pub enum SignedIn {
    /// In; the session's token for the cookie.
    Session(Token),
    /// Password right, but there is no second factor yet: this link sets one up.
    SetUp(Token),
    /// Password right so far as it goes: the code of the second factor is missing or wrong. Said only
    /// together with "address, password or code", so that it tells a stranger nothing.
    Refused,
}

/// What the page behind a welcome link needs.
pub struct Welcome {
    /// Who is welcomed; nobody yet for the first clerk.
    pub clerk: Option<Clerk>,
    /// The secret of the second factor, made from the link; `None` where none is wanted.
    pub secret: Option<TotpSecret>,
}

/// What somebody fills in on the page behind a welcome link.
#[derive(Debug, Clone)]
pub struct Introduction {
    /// Name; used for the first clerk only.
    pub name: String,
    /// E-mail; used for the first clerk only.
    pub email: String,
    /// The chosen password.
    pub password: String,
    /// A code of the second factor, where one is wanted.
    pub code: String,
}

fn totp_place(clerk: ClerkId) -> Place<'static> {
    Place {
        table: "clerk",
        column: "totp_sealed",
        id: clerk.0,
    }
}

fn fold(email: &str) -> String {
    crate::seal::index::fold_address(email)
}

impl Office {
    fn house_event(&self, kind: &str, subject: &str, actor: &Actor) -> EventRow {
        EventRow::of_house(
            self.next_id(),
            INSTALLATION,
            kind,
            subject,
            b"",
            self.now(),
            actor,
        )
    }

    /// Whether nobody works here yet.
    pub async fn is_empty(&self) -> Result<bool, Error> {
        Ok(!self.store.read(clerks::any).await?)
    }

    /// A one-time link that makes the first clerk.
    pub async fn first_link(&self) -> Result<Token, Error> {
        let token = Token::generate();
        let now = self.now();
        let row = LinkRow::new(
            token.digest(),
            Purpose::Welcome,
            INSTALLATION,
            now,
            Some(now + TimeDelta::days(WELCOME_DAYS)),
        );
        self.store
            .write(move |conn| links::insert(conn, &row))
            .await?;
        Ok(token)
    }

    /// Takes on a clerk; the link lets her choose a password.
    pub async fn take_on(
        &self,
        actor: &Actor,
        name: &str,
        email: &str,
        roles: &[(ControllerId, Role)],
    ) -> Result<(ClerkId, Token), Error> {
        let (name, email) = (name.trim().to_owned(), fold(email));
        if name.is_empty() || !email.contains('@') {
            return Err(Obstacle::Empty("name").into());
        }
        let clerk = Clerk {
            id: ClerkId(self.next_id()),
            actor: Actor(hex(&chance::bytes::<8>())),
            name,
            email,
            left: false,
        };
        let (id, roles, now) = (clerk.id, roles.to_vec(), self.now());
        let event = self.house_event("clerk.added", &clerk.actor.0, actor);
        self.store
            .write(move |conn| {
                clerks::insert(conn, &clerk, "", now)?;
                for (controller, role) in &roles {
                    clerks::set_role(conn, clerk.id, *controller, Some(*role))?;
                }
                events::insert(conn, std::slice::from_ref(&event))
            })
            .await?;
        Ok((id, self.welcome_link(id).await?))
    }

    async fn welcome_link(&self, clerk: ClerkId) -> Result<Token, Error> {
        let token = Token::generate();
        let now = self.now();
        let until = now + TimeDelta::days(WELCOME_DAYS);
        let row = LinkRow::new(
            token.digest(),
            Purpose::Welcome,
            INSTALLATION,
            now,
            Some(until),
        )
        .for_clerk(clerk);
        self.store
            .write(move |conn| {
                links::revoke_of_clerk(conn, clerk, Purpose::Welcome, now)?;
                links::insert(conn, &row)
            })
            .await?;
        Ok(token)
    }

    /// Starts a clerk's access anew: sessions end, password and second factor are void.
    pub async fn reset(&self, actor: &Actor, clerk: ClerkId) -> Result<Token, Error> {
        let known = self
            .store
            .read(move |conn| clerks::by_id(conn, clerk))
            .await?
            .clerk;
        let event = self.house_event("clerk.reset", &known.actor.0, actor);
        self.store
            .write(move |conn| {
                clerks::set_password(conn, clerk, "")?;
                clerks::set_totp(conn, clerk, None)?;
                clerks::end_sessions(conn, clerk, None)?;
                events::insert(conn, std::slice::from_ref(&event))
            })
            .await?;
        self.welcome_link(clerk).await
    }

    /// A clerk leaves.
    pub async fn let_go(&self, actor: &Actor, clerk: ClerkId) -> Result<(), Error> {
        let known = self
            .store
            .read(move |conn| clerks::by_id(conn, clerk))
            .await?
            .clerk;
        let event = self.house_event("clerk.left", &known.actor.0, actor);
        let now = self.now();
        self.store
            .write(move |conn| {
                clerks::leave(conn, clerk, now)?;
                links::revoke_of_clerk(conn, clerk, Purpose::Feed, now)?;
                links::revoke_of_clerk(conn, clerk, Purpose::Welcome, now)?;
                events::insert(conn, std::slice::from_ref(&event))
            })
            .await?;
        Ok(())
    }

    /// Gives a clerk a role for a controller, or takes it.
    pub async fn set_role(
        &self,
        scope: &Scope,
        clerk: ClerkId,
        controller: ControllerId,
        role: Option<Role>,
    ) -> Result<(), Error> {
        scope.demand(controller, Role::Admin)?;
        let known = self
            .store
            .read(move |conn| clerks::by_id(conn, clerk))
            .await?
            .clerk;
        let event = self.house_event("clerk.role", &known.actor.0, scope.actor());
        Ok(self
            .store
            .write(move |conn| {
                clerks::set_role(conn, clerk, controller, role)?;
                events::insert(conn, std::slice::from_ref(&event))
            })
            .await?)
    }

    async fn welcome_row(&self, token: &Token) -> Result<LinkRow, Error> {
        let digest = token.digest();
        match self
            .store
            .read(move |conn| links::find(conn, &digest, Purpose::Welcome))
            .await
        {
            Err(StoreError::NotFound) => Err(Error::Link),
            Err(other) => Err(other.into()),
            Ok(link) if link.good_at(self.now()) => Ok(link),
            Ok(_) => Err(Error::Link),
        }
    }

    /// The secret that a welcome link stands for: made from it, so that looking at the page keeps nothing.
    fn secret_of(&self, token: &Token) -> Result<TotpSecret, Error> {
        let key = ring::hmac::Key::new(
            ring::hmac::HMAC_SHA256,
            self.own_keys.index.newest().expose(),
        );
        let tag = ring::hmac::sign(&key, &token.digest());
        let bytes = tag.as_ref().get(..20).ok_or(Error::Fault("short tag"))?;
        Ok(TotpSecret::from_bytes(bytes)?)
    }

    /// The page behind a welcome link.
    pub async fn welcome(&self, token: &Token) -> Result<Welcome, Error> {
        let link = self.welcome_row(token).await?;
        let clerk = match link.clerk() {
            Some(id) => Some(
                self.store
                    .read(move |conn| clerks::by_id(conn, id))
                    .await?
                    .clerk,
            ),
            None if self.is_empty().await? => None,
            // Somebody was first already; the link has done its work.
            None => return Err(Error::Link),
        };
        let secret = if self.manners.second_factor {
            Some(self.secret_of(token)?)
        } else {
            None
        };
        Ok(Welcome { clerk, secret })
    }

    /// Chooses a password (and a second factor) behind a welcome link, and signs in.
    pub async fn introduce(&self, token: &Token, given: Introduction) -> Result<Token, Error> {
        let Welcome { clerk, secret } = self.welcome(token).await?;
        if given.password.chars().count() < PASSWORD_LENGTH {
            return Err(Obstacle::Empty("password").into());
        }
        let now = self.now();
        let step = match &secret {
            Some(secret) => Some(
                secret
                    .verify(&given.code, now.timestamp(), None)
                    .ok_or(Error::Code)?,
            ),
            None => None,
        };
        let hash = blocking(move || password::hash(&given.password)).await??;
        let (first, clerk) = match clerk {
            Some(clerk) => (false, clerk),
            None => {
                let (name, email) = (given.name.trim().to_owned(), fold(&given.email));
                if name.is_empty() {
                    return Err(Obstacle::Empty("name").into());
                }
                if !email.contains('@') {
                    return Err(Obstacle::Empty("email").into());
                }
                let actor = Actor(hex(&chance::bytes::<8>()));
                (
                    true,
                    Clerk {
                        id: ClerkId(self.next_id()),
                        actor,
                        name,
                        email,
                        left: false,
                    },
                )
            }
        };
        let sealed = secret.map(|secret| {
            seal(
                self.own_keys.wrap.newest(),
                totp_place(clerk.id),
                secret.expose(),
            )
        });
        let session = Token::generate();
        let until = now + TimeDelta::hours(self.manners.session_hours);
        let (link, key) = (token.digest(), session.digest());
        let controllers: Vec<ControllerId> = self
            .houses()
            .iter()
            .map(|house| house.controller.id)
            .collect();
        let events = [
            self.house_event("clerk.introduced", &clerk.actor.0, &clerk.actor),
            self.house_event("clerk.signed-in", &clerk.actor.0, &clerk.actor),
        ];
        let introduced = self
            .store
            .write(move |conn| {
                // Spent first: of two clicks one goes on, and whoever comes later chooses nothing.
                if links::revoke(conn, &link, now)? == 0 {
                    return Err(StoreError::Stale);
                }
                if first {
                    if clerks::any(conn)? {
                        return Err(StoreError::Stale);
                    }
                    clerks::insert(conn, &clerk, &hash, now)?;
                    for controller in &controllers {
                        clerks::set_role(conn, clerk.id, *controller, Some(Role::Admin))?;
                    }
                }
                clerks::set_password(conn, clerk.id, &hash)?;
                if let Some(sealed) = &sealed {
                    clerks::set_totp(conn, clerk.id, Some(sealed))?;
                }
                if let Some(step) = step {
                    clerks::use_totp(conn, clerk.id, step)?;
                }
                clerks::begin_session(conn, &key, clerk.id, now, until)?;
                events::insert(conn, &events)
            })
            .await;
        match introduced {
            Ok(()) => Ok(session),
            Err(StoreError::Stale) => Err(Error::Link),
            Err(other) => Err(other.into()),
        }
    }

    /// Signs in. Whether address, password or code was wrong is not said, and costs the same time.
    pub async fn sign_in(&self, email: &str, typed: &str, code: &str) -> Result<SignedIn, Error> {
        let email = fold(email);
        let known = self
            .store
            .read(move |conn| clerks::by_email(conn, &email))
            .await?;
        let known = known.filter(|known| !known.clerk.left);
        let stored = known
            .as_ref()
            .map(|known| known.password.clone())
            .filter(|hash| !hash.is_empty());
        let typed = typed.to_owned();
        let right = blocking(move || password::verify(&typed, stored.as_deref())).await?;
        let Some(known) = known.filter(|_| right) else {
            return Ok(SignedIn::Refused);
        };
        if self.manners.second_factor && known.totp_sealed.is_none() {
            return Ok(SignedIn::SetUp(self.welcome_link(known.clerk.id).await?));
        }
        let Some(step) = self.check_code(&known, code)? else {
            // Nobody waits for the log: the time would tell that the password was right.
            let actor = known.clerk.actor.clone();
            let event = self.house_event("clerk.code-refused", &actor.0, &actor);
            let store = Arc::clone(&self.store);
            tokio::spawn(async move {
                let noted = store
                    .write(move |conn| events::insert(conn, std::slice::from_ref(&event)))
                    .await;
                if let Err(error) = noted {
                    tracing::error!(%error, "a refused code was not noted");
                }
            });
            return Ok(SignedIn::Refused);
        };
        let token = Token::generate();
        let (now, key, id) = (self.now(), token.digest(), known.clerk.id);
        let until = now + TimeDelta::hours(self.manners.session_hours);
        let event = self.house_event("clerk.signed-in", &known.clerk.actor.0, &known.clerk.actor);
        let begun = self
            .store
            .write(move |conn: &mut Conn| {
                if step > 0 {
                    clerks::use_totp(conn, id, step)?;
                }
                clerks::begin_session(conn, &key, id, now, until)?;
                events::insert(conn, std::slice::from_ref(&event))
            })
            .await;
        match begun {
            Ok(()) => Ok(SignedIn::Session(token)),
            // The code was used before.
            Err(StoreError::Stale) => Ok(SignedIn::Refused),
            Err(other) => Err(other.into()),
        }
    }

    /// The step of the right code; 0 where the clerk has no second factor and none is demanded.
    fn check_code(&self, known: &Credentials, code: &str) -> Result<Option<i64>, Error> {
        let Some(sealed) = &known.totp_sealed else {
            return Ok(Some(0));
        };
        let key = self.own_keys.wrap.key_for(sealed)?;
        let secret = TotpSecret::from_bytes(&open(key, totp_place(known.clerk.id), sealed)?)?;
        Ok(secret.verify(code, self.now().timestamp(), Some(known.totp_step)))
    }

    /// Whose session this is, and what she may.
    pub async fn session(&self, token: &Token) -> Result<(Clerk, Scope), Error> {
        let (digest, now) = (token.digest(), self.now());
        let (clerk, scope, seen) = self
            .store
            .read(move |conn| clerks::session_scope(conn, &digest, now))
            .await?;
        if now - seen > TimeDelta::minutes(TOUCH_MINUTES) {
            let until = now + TimeDelta::hours(self.manners.session_hours);
            self.store
                .write(move |conn| clerks::touch_session(conn, &digest, now, until))
                .await?;
        }
        // Only controllers that are configured are served.
        let served = |id: &ControllerId| self.house(*id).is_ok();
        let memberships = scope
            .controllers()
            .into_iter()
            .filter(served)
            .filter_map(|id| scope.role(id).map(|role| (id, role)));
        let scope = Scope::of_clerk(clerk.id, clerk.actor.clone(), memberships.collect());
        Ok((clerk, scope))
    }

    /// Ends this session.
    pub async fn sign_out(&self, token: &Token) -> Result<(), Error> {
        let digest = token.digest();
        Ok(self
            .store
            .write(move |conn| clerks::end_session(conn, &digest))
            .await?)
    }

    /// Ends all other sessions of the clerk.
    pub async fn sign_out_elsewhere(&self, scope: &Scope, this: &Token) -> Result<usize, Error> {
        let clerk = scope.clerk().ok_or(Error::NotFound)?;
        let digest = this.digest();
        Ok(self
            .store
            .write(move |conn| clerks::end_sessions(conn, clerk, Some(&digest)))
            .await?)
    }

    /// Changes one's own password; all other sessions end.
    pub async fn change_password(
        &self,
        scope: &Scope,
        this: &Token,
        old: &str,
        new: &str,
    ) -> Result<(), Error> {
        let clerk = scope.clerk().ok_or(Error::NotFound)?;
        if new.chars().count() < PASSWORD_LENGTH {
            return Err(Obstacle::Empty("password").into());
        }
        let known = self
            .store
            .read(move |conn| clerks::by_id(conn, clerk))
            .await?;
        let (old, new) = (old.to_owned(), new.to_owned());
        let right = blocking(move || password::verify(&old, Some(&known.password))).await?;
        if !right {
            return Err(Error::Code);
        }
        let hash = blocking(move || password::hash(&new)).await??;
        let digest = this.digest();
        let event = self.house_event("clerk.password", &scope.actor().0, scope.actor());
        Ok(self
            .store
            .write(move |conn| {
                clerks::set_password(conn, clerk, &hash)?;
                clerks::end_sessions(conn, clerk, Some(&digest))?;
                events::insert(conn, std::slice::from_ref(&event))
            })
            .await?)
    }
}

/// Forms and people, as the pages of the desk need them.
impl Office {
    /// The token that every form of a session carries; made from the session's own, which no other site knows.
    pub fn form_token(&self, session: &Token) -> String {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, session.text().as_bytes());
        hex(ring::hmac::sign(&key, b"form").as_ref())
    }

    /// Whether a form carries the token of its session; takes the same time for every wrong one.
    pub fn form_token_right(&self, session: &Token, given: &str) -> bool {
        use subtle::ConstantTimeEq;
        self.form_token(session)
            .as_bytes()
            .ct_eq(given.as_bytes())
            .into()
    }

    /// The square that an authenticator app reads, as a picture.
    pub fn square(&self, secret: &TotpSecret, account: &str) -> Result<String, Error> {
        let uri = secret.uri("Rechtzeitig", account)?;
        Ok(crate::seal::qr::svg(&uri, crate::words::desk::square())?)
    }

    /// Everybody who works for the controllers in reach, with the roles.
    pub async fn staff(&self, scope: &Scope) -> Result<Vec<(Clerk, ControllerId, Role)>, Error> {
        let reach = scope.clone();
        Ok(self
            .store
            .read(move |conn| clerks::colleagues(conn, &reach))
            .await?)
    }

    /// Who may start a clerk's access anew or end it: an administrator of every controller that she works
    /// for. Less would let the one of one controller take over the access to another.
    pub async fn may_manage(&self, scope: &Scope, clerk: ClerkId) -> Result<Clerk, Error> {
        let (known, roles) = self
            .store
            .read(move |conn| {
                Ok((
                    clerks::by_id(conn, clerk)?.clerk,
                    clerks::memberships(conn, clerk)?,
                ))
            })
            .await?;
        if !scope.anywhere(Role::Admin)
            || !(roles.is_empty() || roles.iter().any(|(id, _)| scope.covers(*id)))
        {
            return Err(Error::NotFound);
        }
        for (controller, _) in roles {
            scope.demand(controller, Role::Admin)?;
        }
        Ok(known)
    }
}
