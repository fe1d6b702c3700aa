//! What would become of a record: what keeps it over there is looked up before anybody tries, for Odoo refuses in three
//! ways and anonymises posted invoices together with their customer.

use super::Odoo;
use super::domain::Domain;
use super::models::{
    ATTACHMENT, BANK, Ending, LEAD, MESSAGE, MOVE, ORDER, PARTNER, TRACKING, USER,
};
use super::place::InHand;
use super::refusal::Refusal;
use super::row::Row;
use crate::ports::source::{Fate, Leftover, LeftoverKind, Manner, Preview, SideEffect};

/// What leads to a contact and does not let it go; bookkeeping is asked for on its own.
const RESTRICTING: [(&str, &[&str]); 5] = [
    (
        ORDER,
        &["partner_id", "partner_invoice_id", "partner_shipping_id"],
    ),
    ("payment.transaction", &["partner_id"]),
    ("payment.token", &["partner_id"]),
    ("snailmail.letter", &["partner_id"]),
    (USER, &["partner_id"]),
];

/// A plan for one record.
pub struct Plan {
    pub preview: Preview,
    /// Whether it may be made anonymous if Odoo will not delete it.
    pub may_blank: bool,
}

impl Plan {
    fn of(fate: Fate, why: impl Into<String>) -> Plan {
        let mut effects = Vec::new();
        if fate != Fate::Kept {
            effects.push(SideEffect::Final);
        }
        Plan {
            preview: Preview {
                there: true,
                fate,
                why: why.into(),
                effects,
                leftovers: Vec::new(),
            },
            may_blank: false,
        }
    }
}

impl Odoo {
    /// What would become of the record in hand. Changes nothing.
    pub(super) async fn plan(
        &self,
        hand: &InHand,
        row: &Row,
        manner: Manner,
    ) -> Result<Plan, Refusal> {
        let model = &hand.model;
        let state = row.text("state").unwrap_or_default();
        let plan = match (model.ending, model.name.as_str(), manner) {
            (Ending::Keep(why), _, _) => Plan::of(Fate::Kept, why),
            (_, PARTNER, _) => self.plan_contact(hand, manner).await?,
            // Somebody who works there: her account ends with her work and not by a request alone.
            (_, USER, _) if !row.is("share") => Plan::of(Fate::Kept, "res.users: an internal user"),
            (_, MOVE, Manner::Erase) if state != "draft" || row.is("posted_before") => {
                Plan::of(Fate::Kept, format!("account.move: state {}", code(state)))
            }
            // The paper of an invoice is kept as long as the invoice.
            (_, ATTACHMENT, _) if row.text("res_model") == Some(MOVE) => {
                Plan::of(Fate::Kept, "ir.attachment: of account.move")
            }
            (_, ORDER, Manner::Erase) if !matches!(state, "draft" | "cancel") => {
                Plan::of(Fate::Kept, format!("sale.order: state {}", code(state)))
            }
            (_, _, Manner::Anonymise) if model.blank.is_empty() => Plan::of(
                Fate::Kept,
                format!("{}: nothing in it can be emptied", model.name),
            ),
            (_, _, Manner::Anonymise) => Plan::of(Fate::Anonymous, ""),
            (ending, _, Manner::Erase) => {
                let mut plan = Plan::of(Fate::Gone, "");
                plan.may_blank = ending == Ending::DeleteOrBlank;
                plan
            }
        };
        self.with_files(hand, plan).await
    }

    async fn plan_contact(&self, hand: &InHand, manner: Manner) -> Result<Plan, Refusal> {
        let (site, id) = (&hand.site, hand.id);
        let active = Domain::on("active", "=", true);
        if let Some(users @ 1..) = self
            .leading(site, USER, &["partner_id"], id, Some(active))
            .await?
        {
            return Ok(Plan::of(Fate::Kept, format!("res.users: {users} active")));
        }
        let of_move = ["partner_id", "commercial_partner_id", "partner_shipping_id"];
        let posted = Domain::on("state", "!=", "draft");
        let posted = self.leading(site, MOVE, &of_move, id, Some(posted)).await?;
        if let Some(posted @ 1..) = posted
            && !self.invoices_archived
        {
            return Ok(Plan::of(
                Fate::Kept,
                format!("account.move: {posted} posted, they print the contact as it is"),
            ));
        }
        let mut keeps = Vec::new();
        if let Some(moves @ 1..) = self.leading(site, MOVE, &of_move[..2], id, None).await? {
            keeps.push(format!("account.move: {moves}"));
        }
        for (model, fields) in RESTRICTING {
            if let Some(count @ 1..) = self.leading(site, model, fields, id, None).await? {
                keeps.push(format!("{model}: {count}"));
            }
        }
        let mut plan = match (manner, posted) {
            // Whether posted invoices print this contact is not to be seen.
            (Manner::Anonymise, None) => Plan::of(Fate::Kept, "account.move: may not be read"),
            (Manner::Anonymise, Some(_)) => Plan::of(Fate::Anonymous, keeps.join(", ")),
            (Manner::Erase, None) if !keeps.is_empty() => Plan::of(
                Fate::Kept,
                format!("{}; account.move: may not be read", keeps.join(", ")),
            ),
            (Manner::Erase, _) if !keeps.is_empty() => Plan::of(Fate::Anonymous, keeps.join(", ")),
            (Manner::Erase, _) => Plan::of(Fate::Gone, ""),
        };
        plan.may_blank = posted.is_some();
        self.left_by_contact(hand, &mut plan).await?;
        Ok(plan)
    }

    /// What a contact leaves behind when it goes: what it wrote elsewhere, copies in leads, addresses below it.
    async fn left_by_contact(&self, hand: &InHand, plan: &mut Plan) -> Result<(), Refusal> {
        let (site, id) = (&hand.site, hand.id);
        let own = Domain::on("model", "=", PARTNER).and(Domain::on("res_id", "=", id));
        let written = self
            .leading(site, MESSAGE, &["author_id"], id, None)
            .await?
            .unwrap_or(0);
        let here = self
            .leading(site, MESSAGE, &["author_id"], id, Some(own))
            .await?
            .unwrap_or(0);
        let blank = Domain::on("body", "=", super::blank::TEXT);
        let blanked = self
            .leading(site, MESSAGE, &["author_id"], id, Some(blank))
            .await?
            .unwrap_or(0);
        let elsewhere = written.saturating_sub(here).saturating_sub(blanked);
        let leads = self
            .leading(site, LEAD, &["partner_id"], id, None)
            .await?
            .unwrap_or(0);
        let below = self
            .leading(site, PARTNER, &["parent_id"], id, None)
            .await?
            .unwrap_or(0);
        let banks = self
            .leading(site, BANK, &["partner_id"], id, None)
            .await?
            .unwrap_or(0);
        let left = |kind, place: &str, count| Leftover {
            count: Some(count),
            ..Leftover::new(kind, place)
        };
        for (kind, place, count) in [
            (LeftoverKind::Mentions, MESSAGE, elsewhere),
            (LeftoverKind::Other, LEAD, leads),
            (LeftoverKind::Other, "res.partner.parent_id", below),
        ] {
            if count > 0 {
                plan.preview.leftovers.push(left(kind, place, count));
            }
        }
        match plan.preview.fate {
            Fate::Gone => plan
                .preview
                .effects
                .extend((banks > 0).then(|| takes(BANK, banks))),
            Fate::Anonymous if banks > 0 => {
                plan.preview
                    .leftovers
                    .push(left(LeftoverKind::Other, BANK, banks));
            }
            _ => {}
        }
        Ok(())
    }

    /// What goes along with a record, and the files, of which the bytes stay until the night.
    async fn with_files(&self, hand: &InHand, mut plan: Plan) -> Result<Plan, Refusal> {
        let name = hand.model.name.as_str();
        let mut files = u64::from(name == ATTACHMENT);
        if plan.preview.fate == Fate::Gone && matches!(name, PARTNER | LEAD | ORDER) {
            let messages = self.hanging_on(hand, MESSAGE, ("model", "res_id")).await?;
            files = self
                .hanging_on(hand, ATTACHMENT, ("res_model", "res_id"))
                .await?;
            for (kind, count) in [(MESSAGE, messages), (ATTACHMENT, files)] {
                if count > 0 {
                    plan.preview.effects.push(takes(kind, count));
                }
            }
        }
        if plan.preview.fate == Fate::Gone && files > 0 {
            plan.preview.leftovers.push(Leftover {
                days: Some(1),
                ..Leftover::new(LeftoverKind::Files, "filestore")
            });
        }
        // The old values of what is emptied stay in the history, which an administrator alone reaches.
        if plan.preview.fate == Fate::Anonymous
            && self.administrator.is_none()
            && matches!(name, PARTNER | LEAD)
        {
            plan.preview
                .leftovers
                .push(Leftover::new(LeftoverKind::History, TRACKING));
        }
        Ok(plan)
    }
}

fn takes(kind: &str, count: u64) -> SideEffect {
    SideEffect::Takes {
        kind: kind.to_owned(),
        count,
    }
}

/// A state as Odoo names it; anything may stand in a field of a site's own.
pub fn code(state: &str) -> String {
    state
        .chars()
        .filter(|letter| letter.is_ascii_lowercase() || *letter == '_')
        .take(20)
        .collect()
}
