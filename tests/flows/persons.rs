//! Somebody writes for somebody else: what is asked before anything of the person leaves.

use rechtzeitig::casework::Error;
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::intake::{OnBehalf, PartyRole};
use rechtzeitig::domain::look::{Looker, Second};
use rechtzeitig::domain::mandate::{AnswerTo, Mandate, Trade};
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::standing::{Lack, Seen, Standing};
use rechtzeitig::domain::weighing::Weighing;

use crate::support::office::{Office, day};
use crate::support::people::Clerk;

fn looker<'a>(office: &Office, vera: &'a Clerk) -> Looker<'a> {
    Looker {
        actor: vera.scope.actor(),
        rule: Second::Oneself,
        today: office.today(),
    }
}

fn agent(mandate: Mandate) -> Standing {
    Standing::Agent {
        by: Trade::App,
        mandate,
        answer_to: AnswerTo::Person,
    }
}

#[tokio::test]
async fn an_app_gets_nothing_before_its_mandate_and_the_answer_goes_to_the_person() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Vollmacht", Role::Decider).await;
    let app = office.subject("Datenheld App", "anfragen@app-p1.example");
    let mut wish = app.wish(&[Right::Access]);
    wish.on_behalf = OnBehalf::Represented;
    wish.data_subject = Some("Paula Person".to_owned().into());
    let case = app.sends(&office, wish).await.case;
    office.jobs_run().await;
    app.confirms(&office).await;
    vera.confirms_identity(&office, case).await;
    vera.finds_nothing_else(&office, case).await;
    let (known, _) = vera.sees(&office, case).await;
    let early = known.decide(
        Right::Access,
        Decision::nothing_held(""),
        Weighing::default(),
        false,
    );
    assert_eq!(early, Err(Obstacle::StandingOpen(Lack::Mandate)));

    let (_, seen) = vera.sees(&office, case).await;
    let mandate = Mandate::Shown {
        on: office.today(),
        original: false,
        covers: true,
        note: "nennt Art. 15".into(),
    };
    office
        .set_standing(&vera.scope, case, seen, agent(mandate))
        .await
        .unwrap();
    vera.decides(&office, case, Right::Access, Decision::nothing_held(""))
        .await;
    let (known, seen) = vera.sees(&office, case).await;
    let upload = known.may_release(Way::Portal, &looker(&office, &vera));
    assert_eq!(upload, Err(Obstacle::AnswerToPerson));
    assert_eq!(known.proposed_way(), None);
    let home = (PartyRole::DataSubject, "Ufer 3\n35037 Marburg");
    office
        .set_address(&vera.scope, case, seen, home)
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.proposed_way(), Some(Way::Post));
    office.jobs_run().await;
}

#[tokio::test]
async fn sec_174_bgb_a_mandate_is_rejected_at_once_or_not_at_all() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Urkunde", Role::Decider).await;
    let firm = office.subject("Kanzlei Streit", "post@kanzlei-p2.example");
    let mut wish = firm.wish(&[Right::Access]);
    wish.on_behalf = OnBehalf::Represented;
    let case = firm.sends(&office, wish).await.case;
    let due = vera.sees(&office, case).await.0.due();
    office.days_pass(8);
    let (_, seen) = vera.sees(&office, case).await;
    let late = office
        .reject_mandate(&vera.scope, case, seen, "kein Original", day("2026-03-02"))
        .await;
    assert!(
        matches!(late, Err(Error::Obstacle(Obstacle::MandateTooLate { last })) if last == day("2026-03-09")),
        "{late:?}"
    );

    let other = office.subject("Kanzlei Frieden", "post@kanzlei-p3.example");
    let mut wish = other.wish(&[Right::Access]);
    wish.on_behalf = OnBehalf::Represented;
    let fresh = other.sends(&office, wish).await.case;
    let (_, seen) = vera.sees(&office, fresh).await;
    office
        .reject_mandate(&vera.scope, fresh, seen, "kein Original", office.today())
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, fresh).await;
    let lack = Lack::MandateRejected;
    assert_eq!(known.standing_settled(), Err(Obstacle::StandingOpen(lack)));
    assert!(known.due() > due, "its own month, which runs on");
    office.jobs_run().await;
}

#[tokio::test]
async fn an_answer_about_a_child_of_fourteen_waits_for_its_own_view() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Kindeswohl", Role::Decider).await;
    let mother = office.subject("Martha Mutter", "martha@post-p4.example");
    let mut wish = mother.wish(&[Right::Access]);
    wish.on_behalf = OnBehalf::Child;
    wish.data_subject = Some("Kim Kind".to_owned().into());
    let case = mother.sends(&office, wish).await.case;
    office.jobs_run().await;
    mother.confirms(&office).await;
    vera.confirms_identity(&office, case).await;
    vera.finds_nothing_else(&office, case).await;
    let told = |note: &str| Seen::noted(note, day("2026-03-02"), "shown").ok();
    let parent = |view: Option<Seen>| Standing::Parent {
        born: Some(2011),
        shown: told("Elternkonto"),
        view,
    };
    let (_, seen) = vera.sees(&office, case).await;
    office
        .set_standing(&vera.scope, case, seen, parent(None))
        .await
        .unwrap();
    vera.decides(&office, case, Right::Access, Decision::nothing_held(""))
        .await;
    let (known, seen) = vera.sees(&office, case).await;
    let early = known.may_release(Way::Portal, &looker(&office, &vera));
    assert_eq!(early, Err(Obstacle::StandingOpen(Lack::ChildsView)));
    office
        .set_standing(&vera.scope, case, seen, parent(told("ist einverstanden")))
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, case).await;
    let heard = known.may_release(Way::Portal, &looker(&office, &vera));
    assert_ne!(heard, Err(Obstacle::StandingOpen(Lack::ChildsView)));
    office.jobs_run().await;
}
