//! No more advertising to the very address that asked: by a mail, or by the one click that a newsletter offers
//! (RFC 8058). Done at once and told to that address; whose it is undoes it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::desk::{Deed, Outcome};
use super::error::Error;
use super::intake::{Entry, Wish};
use super::office::Office;
use crate::domain::advertising::stops_by_itself;
use crate::domain::arrival::Arrival;
use crate::domain::event::Event;
use crate::domain::ids::ControllerId;
use crate::domain::incoming::Understood;
use crate::domain::intake::{Channel, OnBehalf, ReplyBy};
use crate::domain::matter::Matter;
use crate::domain::private::Private;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::reading::message::Message;
use crate::seal::chance::Token;
use crate::seal::{self, Place};
use crate::storage::links::Purpose;

/// The place for which addresses in links are sealed: nothing else opens as one.
fn place(controller: ControllerId) -> Place<'static> {
    Place {
        table: "advertising",
        column: "stop_link",
        id: controller.0,
    }
}

impl Office {
    /// What a mail brings with it when it opens a case: no more advertising to the address that wrote, if it asks for that.
    pub(super) fn stop_of(&self, message: &Message, understood: &Understood) -> Option<Event> {
        let wrote: Vec<&str> = message.from.iter().map(|it| it.email.as_str()).collect();
        stops_by_itself(understood, &wrote).then(|| Event::AdvertisingStopped {
            since: self.today(),
        })
    }

    /// The link for a newsletter that goes to this address.
    pub fn stop_url(
        &self,
        scope: &Scope,
        controller: ControllerId,
        address: &str,
    ) -> Result<Private<String>, Error> {
        scope.demand(controller, Role::Handler)?;
        let house = self.house(controller)?;
        let sealed = seal::seal(
            house.keys.wrap.newest(),
            place(controller),
            address.trim().as_bytes(),
        );
        let text = URL_SAFE_NO_PAD.encode(sealed);
        let base = &house.controller.public_url;
        Ok(format!("{base}/stop/{controller}.{text}").into())
    }

    /// Whose newsletter a link belongs to, and the address that stands in it.
    pub fn stop_link(&self, link: &str) -> Result<(ControllerId, Private<String>), Error> {
        let (controller, text) = link.split_once('.').ok_or(Error::Link)?;
        let controller: ControllerId = controller.parse().map_err(|_| Error::Link)?;
        let house = self.house(controller).map_err(|_| Error::Link)?;
        let sealed = URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::Link)?;
        let key = house.keys.wrap.key_for(&sealed).map_err(|_| Error::Link)?;
        let plain = seal::open(key, place(controller), &sealed).map_err(|_| Error::Link)?;
        let address = std::str::from_utf8(&plain).map_err(|_| Error::Link)?;
        Ok((controller, address.to_owned().into()))
    }

    /// The one click. Clicked again, by a person or by her mail program, it is done already.
    pub async fn stop_by_click(&self, link: &str) -> Result<ControllerId, Error> {
        let (controller, address) = self.stop_link(link)?;
        let scope = Scope::of_house(controller);
        let listed = self
            .suppressed(&scope, controller, address.reveal())
            .await?;
        let objected = |(right, _): &(Right, _)| *right == Right::MarketingObjection;
        if listed.iter().any(objected) {
            return Ok(controller);
        }
        let house = self.house(controller)?;
        let today = self.today();
        let entry = Entry {
            form: house.form_of(&format!("stop:{}:{today}", address.reveal())),
            controller,
            channel: Channel::Email,
            received: today,
            arrival: Arrival::default(),
            matter: Matter::Request,
            confidential: false,
            wish: Wish {
                rights: vec![Right::MarketingObjection],
                text: Private::default(),
                lang: house
                    .controller
                    .languages
                    .first()
                    .copied()
                    .unwrap_or_default(),
                on_behalf: OnBehalf::Own,
                name: address.clone(),
                data_subject: None,
                email: Some(address),
                address: None,
                hints: None,
                reply_by: ReplyBy::Portal,
                copy_first: None,
                shared_mailbox: None,
            },
            files: vec![],
        };
        let stop = Event::AdvertisingStopped { since: today };
        self.enter_with(&scope, entry, Some(stop)).await?;
        Ok(controller)
    }

    /// The button behind the link of the mail that told of it: "undo this".
    pub async fn resume_advertising(&self, token: &Token) -> Result<Outcome, Error> {
        let (case, scope) = self.case_link(token, Purpose::Mailbox).await?;
        self.act(&scope, case, None, Role::Handler, |case, moment| {
            Ok(Deed::from(case.resume_advertising(moment.today)?))
        })
        .await
    }
}
