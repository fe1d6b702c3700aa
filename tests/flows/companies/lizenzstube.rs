//! One person does it all: a list and a night stand for the second pair of eyes, and licences outlive the account.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::decision::Verdict;
use rechtzeitig::casework::slips::How;
use rechtzeitig::domain::decision::{Decision, Ground, Remainder};
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::intake::Channel;
use rechtzeitig::domain::judgement::{End, Treatment};
use rechtzeitig::domain::look::Point;
use rechtzeitig::domain::misdirection::WhyNot;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::weighing::Weighing;

use super::{by_letter, entered, office_of};

const REASON: &str =
    "Der Schlüssel bleibt gespeichert, damit er nicht ein zweites Mal verkauft wird";

#[tokio::test]
async fn alone_an_erasure_waits_for_the_next_morning_and_licences_stay_with_their_reason() {
    let office = office_of("lizenzstube").await;
    let ansgar = office.clerk("Ansgar Erfunden", Role::Admin).await;
    let lea = office.subject("Lea Kontoaus", "lea@post-c7.example");
    let wish = by_letter(&lea, &[Right::Erasure]);
    let case = entered(&office, &ansgar, (Channel::Email, office.today()), wish).await;
    ansgar.confirms_identity(&office, case).await;
    ansgar
        .finds(&office, case, "Kundenbereich", "Ein Konto")
        .await;
    let licences = "Lizenzen und Aktivierung";
    ansgar.finds(&office, case, licences, "Ein Schlüssel").await;
    ansgar.finds_nothing_else(&office, case).await;

    let (known, seen) = ansgar.sees(&office, case).await;
    let until = "2029-01-01".parse().unwrap();
    let ground = || Ground::new("Art. 17 Abs. 3 Buchst. e DSGVO", REASON).unwrap();
    let mut weighing = Weighing::as_wished(&known, Right::Erasure);
    for judged in &mut weighing.judgements {
        if judged.name == licences {
            judged.treatment = Treatment::Keep;
            judged.ground = Some(ground());
            judged.end = Some(End::Day(until));
        }
    }
    if let Some(check) = &mut weighing.three_way {
        check.claims.stands = true;
        check.claims.why = REASON.to_owned().into();
    }
    let remains = vec![Remainder::new(licences, ground(), Some(until))];
    let decision = Decision::partly("Ihr Konto ist gelöscht.", vec![], remains).unwrap();
    let verdict = Verdict {
        right: Right::Erasure,
        decision,
        weighing,
        done: vec![],
    };
    let decided = office
        .decide(&ansgar.scope, case, seen, vec![verdict])
        .await
        .unwrap();

    let look = async |seen| {
        office
            .look(
                &ansgar.scope,
                case,
                seen,
                Right::Erasure,
                &Point::BEFORE_ERASURE,
            )
            .await
    };
    let early = look(decided.revision).await;
    assert!(
        matches!(early, Err(Error::Obstacle(Obstacle::NextMorning))),
        "{early:?}"
    );
    office.days_pass(1);
    look(decided.revision).await.expect("the next morning");
    ansgar
        .carries_out(
            &office,
            case,
            Right::Erasure,
            "Kundenbereich",
            "Konto gelöscht",
        )
        .await;
    let preview = office.preview(&ansgar.scope, case).await.unwrap();
    let words: Vec<&str> = preview.printed.text.split_whitespace().collect();
    assert!(words.join(" ").contains(REASON), "{}", preview.printed.text);
    ansgar.releases(&office, case, Way::Post).await;
    office.jobs_run().await;
}

#[tokio::test]
async fn art_4_7_who_runs_the_software_is_the_controller_of_what_is_in_it() {
    let office = office_of("lizenzstube").await;
    let ansgar = office.clerk("Ansgar Erfunden", Role::Admin).await;
    let rolf = office.subject("Rolf Fremdkunde", "rolf@post-c8.example");
    let wish = by_letter(&rolf, &[Right::Access]);
    let case = entered(&office, &ansgar, (Channel::Letter, office.today()), wish).await;
    let (_, seen) = ansgar.sees(&office, case).await;
    let why = (
        WhyNot::NotController,
        "Die Daten liegen bei seinem Händler.",
    );
    let told = How::Posted(office.today());
    let ended = office
        .misdirected(&ansgar.scope, case, seen, why, told)
        .await
        .unwrap();
    assert!(ended.case.items.iter().all(|item| item.ended()));
    office.jobs_run().await;
}
