//! Who received the data is told what became of them: by mail from here, with the server's word as the proof.

use rechtzeitig::casework::Error;
use rechtzeitig::casework::recipients::Telling;
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::intake::Channel;
use rechtzeitig::domain::notice::Told;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use super::companies::{by_letter, entered, office_of};
use crate::support::office::{Office, after, day};
use crate::support::people::{Clerk, Subject};
use crate::support::smtp::Behaviour;

/// Where the register says that the operator of the card index is reached.
pub const CARDS: &str = "privacy@wuerfelwerk.example";

/// An erasure of what a processor and another controller had.
pub async fn erased(office: &Office, clerk: &Clerk, person: &Subject) -> CaseId {
    let wish = by_letter(person, &[Right::Erasure]);
    let case = entered(office, clerk, (Channel::Email, office.today()), wish).await;
    clerk.confirms_identity(office, case).await;
    clerk.finds(office, case, "Chatbot", "Zwei Gespräche").await;
    clerk
        .finds(office, case, "Kundenkartei", "Ein Kontakt")
        .await;
    clerk.finds_nothing_else(office, case).await;
    let granted = Decision::granted("Alles ist gelöscht.");
    clerk.decides(office, case, Right::Erasure, granted).await;
    let done = clerk
        .carries_out(office, case, Right::Erasure, "Kundenkartei", "gelöscht")
        .await;
    let names: Vec<&str> = done
        .case
        .notices
        .iter()
        .map(|it| it.recipient.as_str())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    office.jobs_run().await;
    case
}

pub async fn number_of(office: &Office, clerk: &Clerk, case: CaseId, name: &str) -> usize {
    let (known, _) = clerk.sees(office, case).await;
    let at = known
        .notices
        .iter()
        .position(|it| it.recipient.starts_with(name));
    at.expect("a recipient") + 1
}

pub async fn data_house() -> Office {
    office_of("datenhof").await
}

#[tokio::test]
async fn art_19_a_mail_that_the_server_takes_tells_and_one_that_comes_back_opens_the_task_again() {
    let office = data_house().await;
    let vera = office.clerk("Vera Rundruf", Role::Decider).await;
    let kai = office.subject("Kai Weitergabe", "kai@post-k1.example");
    let case = erased(&office, &vera, &kai).await;
    let cards = number_of(&office, &vera, case, "Würfelwerk").await;
    let chat = number_of(&office, &vera, case, "Plaudergeist").await;

    // What people tell a chatbot may be special data: no open mail says a word of it.
    let (_, seen) = vera.sees(&office, case).await;
    let mail = |to: &str| Telling::Mail(to.into());
    let special = vec![(chat, mail("privacy@plaudergeist.example"))];
    let refused = office
        .tell_recipients(&vera.scope, case, seen, special)
        .await;
    assert!(
        matches!(refused, Err(Error::Obstacle(Obstacle::SpecialByMail))),
        "{refused:?}"
    );
    office.sink.behave_next([Behaviour::NotAtAll]);
    let all = vec![
        (cards, mail(CARDS)),
        (
            chat,
            Telling::Settled(Told::Told {
                on: office.today(),
                proof: "Brief vom selben Tag".into(),
            }),
        ),
    ];
    office
        .tell_recipients(&vera.scope, case, seen, all)
        .await
        .unwrap();
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.items[0].state_code(), "notify", "queued is not told");
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    assert!(matches!(
        known.notices[cards - 1].told,
        Told::Returned { .. }
    ));
    assert_eq!(known.items[0].state_code(), "notify");

    let again = vec![(cards, mail(CARDS))];
    office
        .tell_recipients(&vera.scope, case, seen, again)
        .await
        .unwrap();
    office.jobs_run().await;
    let sent = office.last_mail_to(CARDS);
    assert!(!sent.subject.contains("Weitergabe") && !sent.subject.contains("kai@"));
    assert!(sent.text.contains("weisen Sie an"), "{}", sent.text);
    assert!(sent.text.contains("kai@post-k1.example"), "{}", sent.text);
    assert!(
        !sent.text.contains("Kai Weitergabe"),
        "one key finds the record"
    );
    assert!(
        !sent.text.contains("/status/"),
        "the link to her case is hers"
    );
    let (known, _) = vera.sees(&office, case).await;
    assert!(matches!(known.notices[cards - 1].told, Told::Mailed { .. }));
    assert_eq!(known.items[0].state_code(), "review");

    let preview = office.preview(&vera.scope, case).await.unwrap();
    assert!(
        preview.printed.text.contains("Würfelwerk"),
        "{}",
        preview.printed.text
    );
    vera.releases(&office, case, Way::Post).await;
    let (_, seen) = vera.sees(&office, case).await;
    let posted = office.posted(&vera.scope, case, seen, office.today()).await;
    posted.expect("posted");
    office.days_pass(4);
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    assert!(known.closed.is_some());
    // Days later the mail comes back: the case is open again and stays so until the recipient is told.
    office
        .recipient_bounced(&vera.scope, case, seen, cards)
        .await
        .unwrap();
    let (known, seen) = vera.sees(&office, case).await;
    assert_eq!((known.closed, known.untold()), (None, 1));
    let early = office.close(&vera.scope, case, seen).await;
    assert!(
        matches!(
            early,
            Err(Error::Obstacle(Obstacle::NoticesOpen { open: 1 }))
        ),
        "{early:?}"
    );
}

#[tokio::test]
async fn art_19_recipients_that_nobody_told_stand_in_the_digest_and_in_the_list() {
    let office = data_house().await;
    let vera = office.clerk("Vera Erinnerung", Role::Decider).await;
    let ute = office.subject("Ute Umlauf", "ute@post-k2.example");
    let case = erased(&office, &vera, &ute).await;
    office
        .assign(&vera.scope, case, None, Some(vera.id))
        .await
        .unwrap();
    let untold = office.untold_recipients(&vera.scope).await.unwrap();
    assert_eq!((untold.len(), untold[0].open), (1, 2));
    let due = untold[0].due;
    office.jobs_run().await;
    let before = office.mails_to(&vera.email).len();
    office.it_becomes(after(due, 1));
    office.jobs_run().await;
    let mails = office.mails_to(&vera.email);
    assert_eq!(mails.len(), before + 1);
    let digest = mails.last().unwrap();
    assert!(
        digest.text.contains("2 Empfänger zu benachrichtigen"),
        "{}",
        digest.text
    );
    assert!(
        digest
            .text
            .contains(&format!("/desk/cases/{case}/recipients"))
    );
    assert!(!digest.text.contains("Würfelwerk") && !digest.text.contains("Umlauf"));

    vera.tells_recipients(&office, case).await;
    assert!(
        office
            .untold_recipients(&vera.scope)
            .await
            .unwrap()
            .is_empty()
    );
    office.it_becomes(day("2026-03-14"));
}
