//! The company: what people wrote, and how far the clerks came.

use anyhow::Context;

use super::{Stage, person};
use crate::casework::decision::Verdict;
use crate::casework::desk::Deed;
use crate::casework::identity::Question;
use crate::casework::intake::{Submission, Wish};
use crate::domain::decision::{Decision, Done, Ground, Remainder};
use crate::domain::delivery::Way;
use crate::domain::identity::Method;
use crate::domain::ids::{CaseId, ControllerId};
use crate::domain::intake::{Channel, OnBehalf, ReplyBy};
use crate::domain::lang::Lang;
use crate::domain::right::Right;
use crate::domain::scope::{Role, Scope};
use crate::seal::chance::Token;

const PATH: &str = "musterwolle";
const SHOP: (&str, &str) = (
    "Onlineshop",
    "Kundenkonto seit 2021: Name, Anschrift, E-Mail-Adresse\nBestellung 10417 vom 12. Mai 2025: Sockenwolle, sechs Knäuel\nBestellung 11982 vom 3. Februar 2026: Rundstricknadel",
);
const LETTERS: (&str, &str) = (
    "Newsletter",
    "Anmeldung am 12. Mai 2025, bestätigt am selben Tag; drei Ausgaben geöffnet",
);
const BOOKS: (&str, &str) = (
    "Warenwirtschaft und Buchhaltung",
    "Rechnungen 2025-10417 und 2026-11982, beide bezahlt",
);

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
    half_searched(stage, house).await?;
    refused_with_ground(stage, house).await?;
    paused(stage, house).await?;
    replied(stage, house).await?;
    small_ones(stage, house).await
}

async fn granted_access(stage: &Stage<'_>, case: CaseId, by: &Scope) -> anyhow::Result<()> {
    let (_, seen) = stage.open(by, case).await?;
    let decision = Decision::granted("Die Kopie Ihrer Daten liegt diesem Schreiben bei.");
    let verdict = Verdict {
        right: Right::Access,
        decision,
        done: vec![],
    };
    stage.office.decide(by, case, seen, vec![verdict]).await?;
    Ok(())
}

async fn release(stage: &Stage<'_>, case: CaseId, by: &Scope, way: Way) -> anyhow::Result<()> {
    let (_, seen) = stage.open(by, case).await?;
    stage.office.release(by, case, seen, way).await?;
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
        .searched(&stage.tilda, case, 99, &[SHOP, BOOKS, LETTERS])
        .await?;
    Ok(case)
}

async fn fetched_and_closed(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = person(
        "Hedda Falkner",
        &[Right::Access],
        "Ich möchte wissen, was Sie über mich gespeichert haben.",
    );
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
        .and_then(|answer| answer.released())
        .map(|released| (released.letter, released.package));
    let (letter, package) = files.context("nothing was released")?;
    for file in [Some(letter), package].into_iter().flatten() {
        stage.office.fetched(case, file).await?;
    }
    Ok(())
}

async fn overdue(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    stage.at(41, 16);
    let text =
        "Ich verlange Auskunft nach Art. 15 DSGVO, insbesondere über die Empfänger meiner Daten.";
    let case = stage
        .form(PATH, person("Quirin Bachmeier", &[Right::Access], text))
        .await?
        .case;
    stage.confirms(house, case).await?;
    stage.at(38, 10);
    stage
        .known(&stage.tilda, case, Method::AddressOnFile, "")
        .await?;
    stage.at(30, 15);
    stage.searched(&stage.tilda, case, 5, &[SHOP]).await?;
    stage.at(2, 9);
    stage
        .office
        .note(
            &stage.tilda,
            case,
            "Paketdienst und Bonusring haben trotz Erinnerung nicht geantwortet.",
            vec![],
        )
        .await?;
    stage.mail_goes().await
}

async fn extended(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = Wish {
        lang: Lang::En,
        ..person(
            "Sverre Lindqvist",
            &[Right::Access, Right::Portability],
            "Please send me a copy of everything you hold about me, and my orders in a format I can use elsewhere.",
        )
    };
    stage.at(27, 8);
    let case = stage.form(PATH, wish).await?.case;
    stage.confirms(house, case).await?;
    stage.at(26, 13);
    stage
        .known(&stage.tilda, case, Method::ConfirmedLink, "")
        .await?;
    stage.at(20, 13);
    stage.searched(&stage.tilda, case, 3, &[SHOP]).await?;
    stage.at(4, 11);
    let (_, seen) = stage.open(&stage.jonas, case).await?;
    let reasons = "The orders of twelve years lie in an archive that has to be read in by hand.";
    stage
        .office
        .extend(&stage.jonas, case, seen, reasons, None)
        .await?;
    stage.mail_goes().await
}

async fn sent(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = person("Imke Osterloh", &[Right::Access], "Bitte um Auskunft.");
    let case = access(stage, house, wish, 24).await?;
    stage.at(9, 14);
    granted_access(stage, case, &stage.jonas).await?;
    stage.at(1, 15);
    release(stage, case, &stage.mara, Way::Portal).await?;
    stage.mail_goes().await
}

async fn underway(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = Wish {
        address: Some("Am Anger 7\n86999 Musterstadt".into()),
        reply_by: ReplyBy::Post,
        ..person(
            "Anselm Weißhaupt",
            &[Right::Access],
            "Bitte schicken Sie mir die Auskunft mit der Post.",
        )
    };
    let case = access(stage, house, wish, 19).await?;
    stage.at(6, 14);
    granted_access(stage, case, &stage.jonas).await?;
    stage.at(1, 16);
    // Printed and released; the envelope lies on the desk.
    release(stage, case, &stage.mara, Way::Post).await
}

async fn ready_for_release(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let case = access(
        stage,
        house,
        person(
            "Vesna Petrović",
            &[Right::Access],
            "Was wissen Sie über mich?",
        ),
        17,
    )
    .await?;
    stage.at(3, 14);
    granted_access(stage, case, &stage.jonas).await
}

async fn to_decide(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = Wish {
        copy_first: Some(true),
        ..person(
            "Tjark Möhring",
            &[Right::Access, Right::Erasure],
            "Erst hätte ich gern eine Kopie, danach bitte alles löschen.",
        )
    };
    access(stage, house, wish, 14).await?;
    Ok(())
}

async fn to_carry_out(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = person(
        "Ylva Nachtigall",
        &[Right::Erasure],
        "Bitte löschen Sie mein Konto und alles, was dazugehört.",
    );
    let case = access(stage, house, wish, 12).await?;
    stage.at(5, 10);
    let (_, seen) = stage.open(&stage.jonas, case).await?;
    let kept = Remainder {
        what: String::from("Rechnungen 2025-10417 und 2026-11982"),
        ground: Ground::new(
            "Art. 17(3)(b) GDPR, § 147 AO",
            "Rechnungen sind acht Jahre aufzubewahren.",
        )
        .ok()
        .context("a ground")?,
        until: chrono::NaiveDate::from_ymd_opt(2034, 12, 31),
    };
    let decision = Decision::partly(
        "Konto, Bestellungen und Newsletter werden gelöscht.",
        vec![kept.ground.clone()],
        vec![kept],
    )
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
                done: vec![],
            }],
        )
        .await?;
    Ok(())
}

async fn half_searched(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    stage.at(10, 18);
    let wish = Wish {
        hints: Some("Kundennummer 004711, früher Gerlach".into()),
        ..person(
            "Ronja Kaltenbach",
            &[Right::Access],
            "Auskunft und Kopie bitte.",
        )
    };
    let case = stage.form(PATH, wish).await?.case;
    stage.at(9, 8);
    stage.confirms(house, case).await?;
    stage.at(8, 10);
    stage
        .known(
            &stage.tilda,
            case,
            Method::Knowledge,
            "Anschrift im Konto weicht ab",
        )
        .await?;
    stage.at(7, 11);
    stage.searched(&stage.tilda, case, 4, &[SHOP, BOOKS]).await
}

async fn refused_with_ground(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    let wish = Wish {
        address: Some("Lindenhof 2\n86999 Musterstadt".into()),
        email: None,
        reply_by: ReplyBy::Post,
        ..person(
            "Bogdan Reuß",
            &[Right::Rectification],
            "Der Betrag auf Rechnung 2026-11982 ist falsch, bitte ändern.",
        )
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
            "Der Brief nennt keine Kundennummer",
        )
        .await?;
    stage.at(10, 9);
    stage.searched(&stage.tilda, case, 99, &[BOOKS]).await?;
    stage.at(9, 9);
    let (_, seen) = stage.open(&stage.jonas, case).await?;
    let ground = Ground::new(
        "Art. 16 GDPR",
        "Der Betrag ist richtig; er enthält die Versandkosten von 4,90 Euro.",
    )
    .ok()
    .context("a ground")?;
    let decision = Decision::refused(vec![ground]).ok().context("a decision")?;
    stage
        .office
        .decide(
            &stage.jonas,
            case,
            seen,
            vec![Verdict {
                right: Right::Rectification,
                decision,
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
        .form(
            PATH,
            person(
                "Carla Steinbrück",
                &[Right::Access],
                "Bitte Auskunft zu meinem Konto.",
            ),
        )
        .await?
        .case;
    stage.at(6, 7);
    stage.confirms(house, case).await?;
    stage.at(6, 10);
    let (_, seen) = stage.open(&stage.tilda, case).await?;
    let question = Question {
        method: Method::Knowledge,
        doubt: String::from(
            "Unter diesem Namen gibt es zwei Konten; die Adresse dieser Mail steht bei keinem davon.",
        ),
        suffices: String::from("die Nummer einer Ihrer letzten Bestellungen"),
        pause: true,
    };
    stage
        .office
        .ask_identity(&stage.tilda, case, seen, question)
        .await?;
    stage.mail_goes().await
}

async fn replied(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    stage.at(6, 12);
    let sent = stage
        .form(
            PATH,
            person(
                "Emre Demirkan",
                &[Right::Access],
                "Ich hätte gern eine Auskunft.",
            ),
        )
        .await?;
    stage.confirms(house, sent.case).await?;
    stage.at(5, 9);
    stage
        .known(&stage.tilda, sent.case, Method::AddressOnFile, "")
        .await?;
    stage.at(1, 19);
    stage
        .office
        .hear(
            &sent.status,
            "Mir ist eingefallen: Bestellt habe ich auch unter emre@altes-postfach.example.",
            vec![],
        )
        .await?;
    stage.mail_goes().await
}

/// What stands at the beginning, and what ends quickly.
async fn small_ones(stage: &Stage<'_>, house: ControllerId) -> anyhow::Result<()> {
    // Taken back.
    stage.at(15, 12);
    let case = stage
        .form(
            PATH,
            person("Doro Pahlke", &[Right::Erasure], "Alles löschen bitte!"),
        )
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
            "Per Mail: möchte doch Kundin bleiben.",
        )
        .await?;
    let (_, seen) = stage.open(&stage.tilda, case).await?;
    stage.office.close(&stage.tilda, case, seen).await?;

    // "That wasn't me."
    stage.at(5, 15);
    let case = stage
        .form(
            PATH,
            person(
                "Nuri Yıldız",
                &[Right::Access],
                "Ich will meine Daten sehen.",
            ),
        )
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
                    from_outside: true,
                    ..Deed::from(case.disown()?)
                })
            },
        )
        .await?;

    // By telephone: no more advertising.
    stage.at(2, 10);
    let wish = Wish {
        hints: Some("Kundennummer 008812".into()),
        ..person(
            "Ulla Eberlein",
            &[Right::MarketingObjection],
            "Möchte keine Werbung mehr bekommen.",
        )
    };
    let case = stage
        .entered(&stage.tilda, house, Channel::Phone, stage.day(2), wish)
        .await?;
    let (_, seen) = stage.open(&stage.tilda, case).await?;
    stage.office.begin_search(&stage.tilda, case, seen).await?;
    stage.at(1, 10);
    let (_, seen) = stage.open(&stage.jonas, case).await?;
    let done = Done {
        system: String::from("Newsletter"),
        what: "Adresse auf die Sperrliste gesetzt".into(),
        on: stage.day(1),
    };
    let decision = Decision::granted("Sie bekommen von uns keine Werbung mehr.");
    stage
        .office
        .decide(
            &stage.jonas,
            case,
            seen,
            vec![Verdict {
                right: Right::MarketingObjection,
                decision,
                done: vec![done],
            }],
        )
        .await?;

    // Nothing ticked, only told.
    stage.at(3, 20);
    let text = "Seit ich einmal Wolle gekauft habe, bekomme ich von überall Kataloge. Wer hat meine Adresse weitergegeben, und wie werde ich das los?";
    let case = stage
        .form(PATH, person("Gesa Harms", &[], text))
        .await?
        .case;
    stage.confirms(house, case).await?;

    // A parent for a child.
    stage.at(2, 17);
    let wish = Wish {
        on_behalf: OnBehalf::Child,
        data_subject: Some("Mika Saathoff".into()),
        shared_mailbox: Some(true),
        ..person(
            "Rike Saathoff",
            &[Right::Erasure],
            "Mein Sohn (12) hat ein Konto angelegt. Bitte löschen.",
        )
    };
    let case = stage.form("garnkiste", wish).await?.case;
    stage.confirms(house, case).await?;

    // Marks of a robot: sorted apart, not thrown away.
    stage.at(1, 3);
    let wish = person(
        "Web Ranking Team",
        &[Right::Access],
        "Dear Sir or Madam, improve your ranking today!",
    );
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
        .form(
            PATH,
            person(
                "Leif Cordes",
                &[Right::Erasure],
                "Bitte mein Konto löschen.",
            ),
        )
        .await?
        .case;
    stage.confirms(house, case).await?;
    stage.at(0, 6);
    stage
        .form(
            PATH,
            person(
                "Selin Karaman",
                &[Right::Access],
                "Ich möchte eine Kopie meiner Daten.",
            ),
        )
        .await?;
    stage.mail_goes().await
}
