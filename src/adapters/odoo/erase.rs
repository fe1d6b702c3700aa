//! Erases one record: looked at again right before, compared with the state in which it was found, deleted alone, and
//! read back.

use futures_util::future::BoxFuture;

use super::Odoo;
use super::models::{UNKNOWN, USER};
use super::place::InHand;
use super::plan::Plan;
use super::refusal::Refusal;
use super::row::Row;
use super::site::is_name;
use crate::ports::source::{Erase, Fate, Fault, Manner, Mishap, Outcome, Preview, RecordRef};

impl Erase for Odoo {
    fn preview<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Preview, Mishap>> {
        Box::pin(async move {
            if self.is_unforeseen(record) {
                return Ok(Preview {
                    there: true,
                    fate: Fate::Kept,
                    why: UNKNOWN.to_owned(),
                    effects: Vec::new(),
                    leftovers: Vec::new(),
                });
            }
            let hand = self.in_hand(record).await?;
            match &hand.row {
                Some(row) => Ok(self.plan(&hand, row, manner).await?.preview),
                None => Ok(Preview {
                    there: false,
                    fate: Fate::Gone,
                    why: "read: no such record".to_owned(),
                    effects: Vec::new(),
                    leftovers: Vec::new(),
                }),
            }
        })
    }

    fn erase<'a>(
        &'a self,
        record: &'a RecordRef,
        manner: Manner,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(async move { Ok(self.end(record, manner).await?) })
    }
}

impl Odoo {
    /// Whether only the site told of the model: nothing is done to it from here.
    fn is_unforeseen(&self, record: &RecordRef) -> bool {
        is_name(&record.kind) && !self.models().iter().any(|model| model.name == record.kind)
    }

    async fn end(&self, record: &RecordRef, manner: Manner) -> Result<Outcome, Refusal> {
        if self.is_unforeseen(record) {
            return Ok(Outcome::new(Fate::Kept, UNKNOWN));
        }
        let hand = self.in_hand(record).await?;
        let Some(row) = &hand.row else {
            return Ok(Outcome::new(Fate::Gone, "read: no such record"));
        };
        let plan = self.plan(&hand, row, manner).await?;
        let done = hand.is_blank(row);
        match plan.preview.fate {
            Fate::Kept => return Ok(Outcome::new(Fate::Kept, plan.preview.why)),
            Fate::Anonymous if done => {
                self.forget_history(&hand).await?;
                return Ok(Outcome::new(Fate::Anonymous, "read: emptied before")
                    .leaving(plan.preview.leftovers));
            }
            _ => {}
        }
        // Who wrote into it meanwhile may have made it somebody else's; and what bears no time says nothing of whose it
        // is. What we emptied ourselves is nobody's.
        let seen = record.version.as_deref();
        if (seen.is_none() || seen != row.text("write_date")) && !done {
            return Err(Mishap::new(
                Fault::Conflict,
                format!("{}: written since it was found", hand.model.name),
            )
            .into());
        }
        match plan.preview.fate {
            Fate::Gone => self.delete(&hand, row, plan).await,
            _ => self.empty(&hand, plan).await,
        }
    }

    async fn delete(&self, hand: &InHand, row: &Row, plan: Plan) -> Result<Outcome, Refusal> {
        let (name, id) = (hand.model.name.as_str(), hand.id);
        // Odoo refuses to let go of an account that is active.
        let portal = name == USER && !row.is_archived();
        let deleted = match portal {
            true => {
                hand.site
                    .wire
                    .write(name, id, serde_json::json!({"active": false}))
                    .await
            }
            false => Ok(()),
        };
        let deleted = match deleted {
            Ok(()) => hand.site.wire.unlink(name, id).await,
            no => no,
        };
        match deleted {
            Ok(()) => {}
            Err(refusal) if refusal.mishap.fault == Fault::Missing => {}
            Err(refusal) if refusal.is_rule() && plan.may_blank => {
                return self.empty(hand, plan).await;
            }
            Err(refusal) if refusal.is_rule() => return Ok(Outcome::new(Fate::Kept, refusal.name)),
            Err(refusal) => return Err(refusal),
        }
        match hand.again(&["id".to_owned()]).await? {
            None => Ok(
                Outcome::new(Fate::Gone, "read: no such record").leaving(plan.preview.leftovers)
            ),
            Some(_) => Err(Mishap::new(Fault::NotWritten, format!("{name}: still there")).into()),
        }
    }
}
