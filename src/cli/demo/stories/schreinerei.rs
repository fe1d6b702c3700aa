//! The sole trader: small cases, by letter and across the counter.

use super::{Stage, person};
use crate::casework::decision::Verdict;
use crate::casework::intake::Wish;
use crate::domain::decision::{Decision, Done};
use crate::domain::delivery::Way;
use crate::domain::identity::Method;
use crate::domain::ids::ControllerId;
use crate::domain::intake::{Channel, ReplyBy};
use crate::domain::right::Right;

/// Everything, the oldest first.
pub(super) async fn happen(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    nothing_held(stage, house).await?;
    by_letter(stage, house).await?;
    in_person(stage, house).await?;
    stage.at(2, 19);
    let case = stage
        .form(
            "schreinerei",
            person(
                "Merle Uhlig",
                &[Right::Access],
                "Hast du noch Fotos von unserer Küche?",
            ),
        )
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
        address: Some("Hinterm Deich 9\n35999 Beispielhausen".into()),
        reply_by: ReplyBy::Post,
        ..person(
            "Keno Vahrenkamp",
            &[Right::Access],
            "Ich bitte um Auskunft, ob Daten über mich gespeichert sind.",
        )
    };
    stage.at(30, 10);
    let case = stage
        .entered(by, house, Channel::Letter, stage.day(31), wish)
        .await?;
    stage
        .known(by, case, Method::SignedLetter, "unbekannter Absender")
        .await?;
    stage.searched(by, case, 99, &[]).await?;
    let (_, seen) = stage.open(by, case).await?;
    let decision = Decision::nothing_held(
        "Zu deiner Person ist bei mir nichts gespeichert, außer diesem Schriftwechsel.",
    );
    stage
        .office
        .decide(
            by,
            case,
            seen,
            vec![Verdict {
                right: Right::Access,
                decision,
                done: vec![],
            }],
        )
        .await?;
    let (_, seen) = stage.open(by, case).await?;
    stage.office.release(by, case, seen, Way::Post).await?;
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
        address: Some("Mühlgasse 14\n35999 Beispielhausen".into()),
        reply_by: ReplyBy::Post,
        ..person(
            "Thea Groth",
            &[Right::Erasure],
            "Bitte nehmen Sie die Fotos meines Schranks aus Ihrer Mappe.",
        )
    };
    stage.at(8, 8);
    let case = stage
        .entered(by, house, Channel::Letter, stage.day(9), wish)
        .await?;
    stage
        .known(
            by,
            case,
            Method::SignedLetter,
            "Unterschrift mit dem Auftrag verglichen",
        )
        .await?;
    stage.at(6, 18);
    stage
        .searched(
            by,
            case,
            99,
            &[(
                "Fotomappe fertiger Arbeiten",
                "Zwei Fotos des Einbauschranks von 2023",
            )],
        )
        .await?;
    let (_, seen) = stage.open(by, case).await?;
    let done = Done {
        system: String::from("Fotomappe fertiger Arbeiten"),
        what: "beide Fotos vernichtet".into(),
        on: stage.day(6),
    };
    let decision = Decision::granted("Die Fotos sind aus der Mappe genommen und vernichtet.");
    stage
        .office
        .decide(
            by,
            case,
            seen,
            vec![Verdict {
                right: Right::Erasure,
                decision,
                done: vec![done],
            }],
        )
        .await?;
    Ok(())
}

async fn in_person(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let by = &stage.mara;
    let wish = person(
        "Lale Ahlers",
        &[Right::Rectification],
        "Ist umgezogen, neue Anschrift: Birkenallee 5.",
    );
    stage.at(4, 16);
    let case = stage
        .entered(by, house, Channel::InPerson, stage.day(4), wish)
        .await?;
    stage
        .known(by, case, Method::CardSeen, "persönlich nicht bekannt")
        .await?;
    stage
        .searched(
            by,
            case,
            2,
            &[(
                "Rechnungsprogramm",
                "Auftrag 2024-031 mit der alten Anschrift",
            )],
        )
        .await
}
