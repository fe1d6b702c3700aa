//! The company: what people wrote, and how far the clerks came.

use anyhow::Context;

use super::{Stage, person};
use crate::casework::decision::Verdict;
use crate::casework::desk::Deed;
use crate::casework::identity::Question;
use crate::casework::intake::{Submission, Wish};
use crate::cli::demo::people::say;
use crate::domain::decision::{Decision, Done, Ground};
use crate::domain::delivery::Way;
use crate::domain::identity::{Ask, Knowledge, Method};
use crate::domain::ids::{CaseId, ControllerId};
use crate::domain::intake::{Channel, OnBehalf, ReplyBy};
use crate::domain::judgement::{End, Judgement, Treatment};
use crate::domain::lang::Lang;
use crate::domain::look::Point;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::domain::weighing::Weighing;
use crate::seal::chance::Token;

const PATH: &str = "musterwolle";
/// Everything, the oldest first.
pub(super) async fn happen(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    fetched_and_closed(stage, house).await?;
    overdue(stage, house).await?;
    extended(stage, house).await?;
    sent(stage, house).await?;
    underway(stage, house).await?;
    ready_for_release(stage, house).await?;
    to_decide(stage, house).await?;
    to_carry_out(stage, house).await?;
    to_look_at(stage, house).await?;
    half_searched(stage, house).await?;
    refused_with_ground(stage, house).await?;
    paused(stage, house).await?;
    replied(stage, house).await?;
    small_ones(stage, house).await
}

async fn granted_access(stage: &Stage<'_>, case: CaseId, by: &Scope) -> anyhow::Result<()> {
    let (known, seen) = stage.open(by, case).await?;
    let decision = Decision::granted(say("said.copy-enclosed"));
    let verdict = Verdict {
        right: Right::Access,
        decision,
        weighing: Weighing::as_wished(&known, Right::Access),
        done: vec![],
    };
    stage.office.decide(by, case, seen, vec![verdict]).await?;
    Ok(())
}

async fn release(stage: &Stage<'_>, case: CaseId, by: &Scope, way: Way) -> anyhow::Result<()> {
    let (_, seen) = stage.open(by, case).await?;
    stage
        .office
        .release(by, case, seen, way, &Point::BEFORE_SENDING)
        .await?;
    Ok(())
}

/// An access request on its way from the form to the decision.
async fn access(
    stage: &Stage<'_>,
    house: ControllerId,
    wish: Wish,
    days_ago: i64,
) -> anyhow::Result<CaseId> {
    stage.at(days_ago, 9);
    let case = stage.form(PATH, wish).await?.case;
    stage.at(days_ago, 10);
    stage.confirms(house, case).await?;
    stage.at(days_ago - 1, 9);
    stage
        .known(&stage.tilda, case, Method::AddressOnFile, "")
        .await?;
    stage.at(days_ago - 3, 11);
    stage
        .searched(&stage.tilda, case, 99, &["shop", "books", "letters"])
        .await?;
    Ok(case)
}

async fn fetched_and_closed(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = person("hedda", &[Right::Access]);
    let case = access(stage, house, wish, 52).await?;
    stage.at(44, 14);
    granted_access(stage, case, &stage.jonas).await?;
    stage.at(43, 9);
    release(stage, case, &stage.mara, Way::Portal).await?;
    stage.mail_goes().await?;
    stage.at(42, 20);
    let (state, _) = stage.open(&stage.tilda, case).await?;
    let files = state
        .answers
        .last()
        .map(|answer| answer.released())
        .map(|released| (released.letter, released.package));
    let (letter, package) = files.context("nothing was released")?;
    for file in [Some(letter), package].into_iter().flatten() {
        stage.office.fetched(case, file).await?;
    }
    Ok(())
}

async fn overdue(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    stage.at(41, 16);
    let case = stage
        .form(PATH, person("quirin", &[Right::Access]))
        .await?
        .case;
    stage.confirms(house, case).await?;
    stage.at(38, 10);
    stage
        .known(&stage.tilda, case, Method::AddressOnFile, "")
        .await?;
    stage.at(30, 15);
    stage.searched(&stage.tilda, case, 5, &["shop"]).await?;
    stage.at(2, 9);
    stage
        .office
        .note(&stage.tilda, case, 0, say("quirin.note"), vec![])
        .await?;
    stage.mail_goes().await
}

async fn extended(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = Wish {
        lang: Lang::En,
        ..person("sverre", &[Right::Access, Right::Portability])
    };
    stage.at(27, 8);
    let case = stage.form(PATH, wish).await?.case;
    stage.confirms(house, case).await?;
    stage.at(26, 13);
    stage
        .known(&stage.tilda, case, Method::ConfirmedLink, "")
        .await?;
    stage.at(20, 13);
    stage.searched(&stage.tilda, case, 3, &["shop"]).await?;
    stage.at(4, 11);
    let (_, seen) = stage.open(&stage.jonas, case).await?;
    let reasons = say("sverre.extension");
    stage
        .office
        .extend(&stage.jonas, case, seen, &[], reasons, None)
        .await?;
    stage.mail_goes().await
}

async fn sent(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = person("imke", &[Right::Access]);
    let case = access(stage, house, wish, 24).await?;
    stage.at(9, 14);
    granted_access(stage, case, &stage.jonas).await?;
    stage.at(1, 15);
    release(stage, case, &stage.mara, Way::Portal).await?;
    stage.mail_goes().await
}

async fn underway(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = Wish {
        address: Some(say("anselm.address").into()),
        reply_by: ReplyBy::Post,
        ..person("anselm", &[Right::Access])
    };
    let case = access(stage, house, wish, 19).await?;
    stage.at(6, 14);
    granted_access(stage, case, &stage.jonas).await?;
    stage.at(1, 16);
    // Printed and released; the envelope lies on the desk.
    release(stage, case, &stage.mara, Way::Post).await
}

async fn ready_for_release(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let case = access(stage, house, person("vesna", &[Right::Access]), 17).await?;
    stage.at(3, 14);
    granted_access(stage, case, &stage.jonas).await
}

async fn to_decide(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = Wish {
        copy_first: Some(true),
        ..person("tjark", &[Right::Access, Right::Erasure])
    };
    access(stage, house, wish, 14).await?;
    Ok(())
}

async fn to_look_at(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = person("ylva", &[Right::Erasure]);
    let case = access(stage, house, wish, 12).await?;
    stage.at(5, 10);
    erase_all_but_the_books(stage, case).await
}

async fn to_carry_out(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = person("runa", &[Right::Erasure]);
    let case = access(stage, house, wish, 13).await?;
    stage.at(6, 10);
    erase_all_but_the_books(stage, case).await?;
    stage.at(5, 9);
    let (_, seen) = stage.open(&stage.mara, case).await?;
    let look = &Point::BEFORE_ERASURE;
    stage
        .office
        .look(&stage.mara, case, seen, Right::Erasure, look)
        .await?;
    Ok(())
}

async fn erase_all_but_the_books(stage: &Stage<'_>, case: CaseId) -> anyhow::Result<()> {
    let (known, seen) = stage.open(&stage.jonas, case).await?;
    let ground = Ground::new(say("ylva.law"), say("ylva.ground"));
    let ground = ground.ok().context("a ground")?;
    let mut weighing = Weighing::as_wished(&known, Right::Erasure);
    if let Some(check) = &mut weighing.three_way {
        check.duty.stands = true;
    }
    // What the books hold stays until the law lets it go: vouchers of 2026 eight years, letters six.
    let books = weighing
        .judgements
        .iter_mut()
        .filter(|judgement| judgement.name == say("books.system"));
    for (judgement, year) in books.zip([2034, 2032]) {
        judgement.treatment = Treatment::Restrict;
        judgement.ground = Some(ground.clone());
        judgement.record = "Kundennummer 20417".to_owned().into();
        judgement.end = chrono::NaiveDate::from_ymd_opt(year, 12, 31).map(End::Day);
    }
    let remains = weighing
        .judgements
        .iter()
        .filter_map(Judgement::remainder)
        .collect();
    let decision = Decision::partly(say("ylva.decision"), vec![ground], remains)
        .ok()
        .context("a decision")?;
    stage
        .office
        .decide(
            &stage.jonas,
            case,
            seen,
            vec![Verdict {
                right: Right::Erasure,
                decision,
                weighing,
                done: vec![],
            }],
        )
        .await?;
    Ok(())
}

async fn half_searched(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    stage.at(10, 18);
    let wish = Wish {
        hints: Some(say("ronja.hints").into()),
        ..person("ronja", &[Right::Access])
    };
    let case = stage.form(PATH, wish).await?.case;
    stage.at(9, 8);
    stage.confirms(house, case).await?;
    stage.at(8, 10);
    stage
        .known(&stage.tilda, case, Method::Knowledge, say("ronja.doubt"))
        .await?;
    stage.at(7, 11);
    stage
        .searched(&stage.tilda, case, 4, &["shop", "books"])
        .await
}

async fn refused_with_ground(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = Wish {
        address: Some(say("bogdan.address").into()),
        email: None,
        reply_by: ReplyBy::Post,
        ..person("bogdan", &[Right::Rectification])
    };
    stage.at(11, 11);
    let case = stage
        .entered(&stage.tilda, house, Channel::Letter, stage.day(12), wish)
        .await?;
    stage
        .known(
            &stage.tilda,
            case,
            Method::SignedLetter,
            say("bogdan.doubt"),
        )
        .await?;
    stage.at(10, 9);
    stage.searched(&stage.tilda, case, 99, &["books"]).await?;
    stage.at(9, 9);
    let (_, seen) = stage.open(&stage.jonas, case).await?;
    let ground = Ground::new(say("bogdan.law"), say("bogdan.ground"))
        .ok()
        .context("a ground")?;
    let decision = Decision::refused("", vec![ground])
        .ok()
        .context("a decision")?;
    stage
        .office
        .decide(
            &stage.jonas,
            case,
            seen,
            vec![Verdict {
                right: Right::Rectification,
                decision,
                weighing: Weighing {
                    officer: Some(say("bogdan.officer").into()),
                    ..Weighing::default()
                },
                done: vec![],
            }],
        )
        .await?;
    stage.at(8, 9);
    release(stage, case, &stage.mara, Way::Post).await?;
    stage.at(8, 16);
    let (_, seen) = stage.open(&stage.tilda, case).await?;
    stage
        .office
        .posted(&stage.tilda, case, seen, stage.day(8))
        .await?;
    stage.at(4, 10);
    let (_, seen) = stage.open(&stage.tilda, case).await?;
    stage.office.close(&stage.tilda, case, seen).await?;
    Ok(())
}

async fn paused(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    stage.at(7, 21);
    let case = stage
        .form(PATH, person("carla", &[Right::Access]))
        .await?
        .case;
    stage.at(6, 7);
    stage.confirms(house, case).await?;
    stage.at(6, 10);
    let (_, seen) = stage.open(&stage.tilda, case).await?;
    let question = Question {
        ask: Ask {
            means: vec![Method::Knowledge],
            keys: vec![Knowledge::CustomerNumber],
            doubt: String::from(say("carla.doubt")),
            pause: true,
            ..Ask::default()
        },
        suffices: String::from(say("carla.suffices")),
    };
    stage
        .office
        .ask_identity(&stage.tilda, case, seen, question)
        .await?;
    stage.mail_goes().await
}

async fn replied(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    stage.at(6, 12);
    let sent = stage.form(PATH, person("emre", &[Right::Access])).await?;
    stage.confirms(house, sent.case).await?;
    stage.at(5, 9);
    stage
        .known(&stage.tilda, sent.case, Method::AddressOnFile, "")
        .await?;
    stage.at(1, 19);
    stage
        .office
        .hear(&sent.status, say("emre.reply"), vec![])
        .await?;
    stage.mail_goes().await
}

/// What stands at the beginning, and what ends quickly.
async fn small_ones(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    // Taken back.
    stage.at(15, 12);
    let case = stage
        .form(PATH, person("doro", &[Right::Erasure]))
        .await?
        .case;
    stage.confirms(house, case).await?;
    stage.at(13, 12);
    let (_, seen) = stage.open(&stage.tilda, case).await?;
    stage
        .office
        .withdraw(
            &stage.tilda,
            case,
            seen,
            &[Right::Erasure],
            say("doro.taken-back"),
        )
        .await?;
    let (_, seen) = stage.open(&stage.tilda, case).await?;
    stage.office.close(&stage.tilda, case, seen).await?;

    // "That wasn't me."
    stage.at(5, 15);
    let case = stage
        .form(PATH, person("nuri", &[Right::Access]))
        .await?
        .case;
    stage.mail_goes().await?;
    stage.at(4, 8);
    stage
        .office
        .act(
            &Scope::of_public(house),
            case,
            None,
            Role::Handler,
            |case, _| {
                Ok(Deed {
                    ..Deed::from(case.disown()?)
                })
            },
        )
        .await?;

    // By telephone: no more advertising.
    stage.at(2, 10);
    let wish = Wish {
        hints: Some(say("ulla.hints").into()),
        ..person("ulla", &[Right::MarketingObjection])
    };
    let case = stage
        .entered(&stage.tilda, house, Channel::Phone, stage.day(2), wish)
        .await?;
    let (_, seen) = stage.open(&stage.tilda, case).await?;
    stage.office.begin_search(&stage.tilda, case, seen).await?;
    stage.at(1, 10);
    let (_, seen) = stage.open(&stage.jonas, case).await?;
    let done = Done {
        system: String::from(say("letters.system")),
        what: say("ulla.done").into(),
        on: stage.day(1),
    };
    let decision = Decision::granted(say("ulla.decision"));
    stage
        .office
        .decide(
            &stage.jonas,
            case,
            seen,
            vec![Verdict {
                right: Right::MarketingObjection,
                decision,
                weighing: Weighing::default(),
                done: vec![done],
            }],
        )
        .await?;

    // Nothing ticked, only told.
    stage.at(3, 20);
    let case = stage.form(PATH, person("gesa", &[])).await?.case;
    stage.confirms(house, case).await?;

    // A parent for a child.
    stage.at(2, 17);
    let wish = Wish {
        on_behalf: OnBehalf::Child,
        data_subject: Some(say("rike.child").into()),
        shared_mailbox: Some(true),
        ..person("rike", &[Right::Erasure])
    };
    let case = stage.form("garnkiste", wish).await?.case;
    stage.confirms(house, case).await?;

    // Marks of a robot: sorted apart, not thrown away.
    stage.at(1, 3);
    let wish = person("robot", &[Right::Access]);
    stage
        .office
        .submit(
            PATH,
            Submission {
                form: Token::generate(),
                wish,
                with_files: false,
                suspicious: true,
            },
        )
        .await?;

    // Yesterday, confirmed; and today, not yet.
    stage.at(1, 13);
    let case = stage
        .form(PATH, person("leif", &[Right::Erasure]))
        .await?
        .case;
    stage.confirms(house, case).await?;
    stage.at(0, 6);
    stage.form(PATH, person("selin", &[Right::Access])).await?;
    stage.mail_goes().await
}
