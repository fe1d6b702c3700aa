//! The sole trader: small cases, by letter and across the counter.

use super::{Stage, person};
use crate::casework::decision::Verdict;
use crate::casework::intake::Wish;
use crate::cli::demo::people::say;
use crate::domain::decision::{Decision, Done};
use crate::domain::delivery::Way;
use crate::domain::identity::Method;
use crate::domain::ids::ControllerId;
use crate::domain::intake::{Channel, ReplyBy};
use crate::domain::look::Point;
use crate::domain::right::Right;
use crate::domain::weighing::Weighing;

/// Everything, the oldest first.
pub(super) async fn happen(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    nothing_held(stage, house).await?;
    by_letter(stage, house).await?;
    in_person(stage, house).await?;
    stage.at(2, 19);
    let case = stage
        .form("schreinerei", person("merle", &[Right::Access]))
        .await?
        .case;
    stage.confirms(house, case).await?;
    Ok(())
}

/// Nobody of that name was ever a customer: answered by post and closed.
async fn nothing_held(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let by = &stage.mara;
    let wish = Wish {
        email: None,
        address: Some(say("keno.address").into()),
        reply_by: ReplyBy::Post,
        ..person("keno", &[Right::Access])
    };
    stage.at(30, 10);
    let case = stage
        .entered(by, house, Channel::Letter, stage.day(31), wish)
        .await?;
    stage
        .known(by, case, Method::SignedLetter, say("keno.doubt"))
        .await?;
    stage.searched(by, case, 99, &[]).await?;
    let (_, seen) = stage.open(by, case).await?;
    let decision = Decision::nothing_held(say("keno.decision"));
    stage
        .office
        .decide(
            by,
            case,
            seen,
            vec![Verdict {
                right: Right::Access,
                decision,
                weighing: Weighing::default(),
                done: vec![],
            }],
        )
        .await?;
    let (_, seen) = stage.open(by, case).await?;
    stage.at(29, 8);
    stage
        .office
        .release(by, case, seen, Way::Post, &Point::BEFORE_SENDING)
        .await?;
    stage.at(29, 17);
    let (_, seen) = stage.open(by, case).await?;
    stage.office.posted(by, case, seen, stage.day(29)).await?;
    stage.at(25, 9);
    let (_, seen) = stage.open(by, case).await?;
    stage.office.close(by, case, seen).await?;
    Ok(())
}

async fn by_letter(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let by = &stage.mara;
    let wish = Wish {
        email: None,
        address: Some(say("thea.address").into()),
        reply_by: ReplyBy::Post,
        ..person("thea", &[Right::Erasure])
    };
    stage.at(8, 8);
    let case = stage
        .entered(by, house, Channel::Letter, stage.day(9), wish)
        .await?;
    stage
        .known(by, case, Method::SignedLetter, say("thea.doubt"))
        .await?;
    stage.at(6, 18);
    stage.searched(by, case, 99, &["photos"]).await?;
    let (known, seen) = stage.open(by, case).await?;
    let done = Done {
        system: String::from(say("photos.system")),
        what: say("thea.done").into(),
        on: stage.day(5),
    };
    let decision = Decision::granted(say("thea.decision"));
    stage
        .office
        .decide(
            by,
            case,
            seen,
            vec![Verdict {
                right: Right::Erasure,
                decision,
                weighing: Weighing::as_wished(&known, Right::Erasure),
                done: vec![],
            }],
        )
        .await?;
    // Alone in the workshop: a night lies between the decision and the act.
    stage.at(5, 8);
    let (_, seen) = stage.open(by, case).await?;
    let looked = stage
        .office
        .look(by, case, seen, Right::Erasure, &Point::BEFORE_ERASURE)
        .await?;
    let work = vec![done];
    stage
        .office
        .carry_out(by, case, looked.revision, Right::Erasure, work)
        .await?;
    Ok(())
}

async fn in_person(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let by = &stage.mara;
    let wish = person("lale", &[Right::Rectification]);
    stage.at(4, 16);
    let case = stage
        .entered(by, house, Channel::InPerson, stage.day(4), wish)
        .await?;
    stage
        .known(by, case, Method::CardSeen, say("lale.doubt"))
        .await?;
    stage.searched(by, case, 2, &["bills"]).await
}
