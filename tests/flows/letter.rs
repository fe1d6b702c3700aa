//! A request on paper: entered with its real day, answered by post.

use rechtzeitig::casework::filing::Upload;
use rechtzeitig::casework::intake::Entry;
use rechtzeitig::casework::{Error, FilePurpose, Token};
use rechtzeitig::domain::arrival::Arrival;
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::delivery::{Delivery, Way};
use rechtzeitig::domain::intake::{Channel, ReplyBy};
use rechtzeitig::domain::matter::Matter;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::stage::Stage;

use crate::support::office::{Office, day};
use crate::support::people::bytes;

#[tokio::test]
async fn a_letter_with_a_scan_is_answered_by_post_and_closes_after_three_quiet_days() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Briefling", Role::Decider).await;
    let bruno = office.subject("Bruno Briefkast", "nobody@post-l1.example");
    office.keep_secret("Dorfstraße 12");
    let mut wish = bruno.wish(&[Right::Access]);
    wish.email = None;
    wish.address = Some("Dorfstraße 12\n35037 Marburg".to_owned().into());
    wish.reply_by = ReplyBy::Post;
    let scan = Upload {
        name: "brief von bruno.pdf".to_owned().into(),
        media_type: "application/pdf".into(),
        bytes: b"%PDF scanned".repeat(9000),
    };
    let files = office
        .file_for_case(
            office.company(),
            None,
            FilePurpose::Attachment,
            std::slice::from_ref(&scan),
        )
        .await
        .unwrap();
    let entry = Entry {
        form: Token::generate(),
        controller: office.company(),
        channel: Channel::Letter,
        received: day("2026-02-27"),
        arrival: Arrival::default(),
        matter: Matter::Request,
        confidential: false,
        wish,
        files,
    };
    let tomorrow = Entry {
        received: day("2026-03-03"),
        ..entry.clone()
    };
    let early = office.enter(&vera.scope, tomorrow).await;
    assert!(
        matches!(early, Err(Error::Obstacle(Obstacle::ReceivedInFuture))),
        "{early:?}"
    );

    let receipt = office.enter(&vera.scope, entry.clone()).await.unwrap();
    let again = office.enter(&vera.scope, entry).await.unwrap();
    assert_eq!(
        (again.case, again.number),
        (receipt.case, receipt.number.clone()),
        "a second click"
    );
    assert_eq!(
        receipt.due,
        day("2026-03-27"),
        "from the real day of receipt"
    );
    let case = receipt.case;
    let file = office.case_file(&vera.scope, case).await.unwrap();
    assert_eq!((file.files.len(), file.case.assignee), (1, Some(vera.id)));
    assert_eq!(
        bytes(
            office
                .open_file(&vera.scope, file.files[0].id)
                .await
                .unwrap()
        ),
        scan.bytes
    );

    vera.confirms_identity(&office, case).await;
    vera.finds_nothing_else(&office, case).await;
    vera.decides(
        &office,
        case,
        Right::Access,
        Decision::nothing_held("Wir haben nichts."),
    )
    .await;
    let preview = office.preview(&vera.scope, case).await.unwrap();
    assert_eq!(preview.recipients.len(), 1, "only by post");
    assert!(
        preview.recipients[0].1.contains("Dorfstraße 12")
            && preview.sheets.pdf.starts_with(b"%PDF")
    );
    let by_mail = office
        .release(
            &vera.scope,
            case,
            preview.revision,
            Way::Portal,
            &rechtzeitig::domain::look::Point::BEFORE_SENDING,
        )
        .await;
    assert!(
        matches!(by_mail, Err(Error::Obstacle(Obstacle::MailboxUnproven))),
        "{by_mail:?}"
    );
    vera.releases(&office, case, Way::Post).await;
    office.jobs_run().await;
    let (known, seen) = vera.sees(&office, case).await;
    assert!(
        matches!(known.answers[0], Delivery::Underway { .. }),
        "until somebody has posted it"
    );
    office
        .posted(&vera.scope, case, seen, office.today())
        .await
        .unwrap();

    for (days, stage) in [(2, Stage::Delivery), (1, Stage::Done)] {
        office.days_pass(days);
        office.jobs_run().await;
        assert_eq!(vera.sees(&office, case).await.0.stage(), stage);
    }
    assert!(bruno.mails(&office).is_empty());
}

#[tokio::test]
async fn who_called_and_gave_a_mailbox_can_be_answered_there_once_it_is_confirmed() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Hörmuschel", Role::Decider).await;
    let anke = office.subject("Anke Anruferin", "anke@post-l2.example");
    let entry = Entry {
        form: Token::generate(),
        controller: office.company(),
        channel: Channel::Phone,
        received: day("2026-03-02"),
        arrival: Arrival::default(),
        matter: Matter::Request,
        confidential: false,
        wish: anke.wish(&[Right::Access]),
        files: vec![],
    };
    let receipt = office.enter(&vera.scope, entry).await.unwrap();
    office.jobs_run().await;
    anke.confirms(&office).await;
    vera.answers_access(&office, receipt.case).await;
    office.jobs_run().await;
    let answer = anke.link(&office, "answer");
    assert!(office.answer_page(&answer).await.unwrap().good);
}

#[tokio::test]
async fn a_part_of_the_answer_leaves_with_what_is_missing_and_the_case_stays_open() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Teilstück", Role::Decider).await;
    let tomke = office.subject("Tomke Teilweise", "tomke@post-l3.example");
    let case = tomke
        .asks_and_confirms(&office, &[Right::Access])
        .await
        .case;
    vera.confirms_identity(&office, case).await;
    vera.finds(&office, case, "Warenwirtschaft", "Eine Bestellung")
        .await;
    let (_, seen) = vera.sees(&office, case).await;
    office
        .cut_short(&vera.scope, case, seen, "Der Betreiber antwortet nicht.")
        .await
        .unwrap();
    vera.decides(&office, case, Right::Access, Decision::granted(""))
        .await;
    let preview = office.preview(&vera.scope, case).await.unwrap();
    let text = &preview
        .printed
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        text.contains("ein Teil unserer Antwort")
            && text.contains("Der Betreiber antwortet nicht."),
        "{text}"
    );
    assert!(!text.contains("vollständig"), "{text}");
    vera.releases(&office, case, Way::Portal).await;
    office.jobs_run().await;
    let letter = office
        .answer_page(&tomke.link(&office, "answer"))
        .await
        .unwrap()
        .letter;
    office.fetched(case, letter).await.unwrap();
    office.days_pass(5);
    office.jobs_run().await;
    let (known, _) = vera.sees(&office, case).await;
    assert_eq!(known.closed, None, "the rest is promised");
    assert_eq!(known.item(Right::Access).unwrap().state_code(), "search");
    assert_eq!(known.due(), known.term.due(), "by the first clock");

    // The rest comes: now it is complete, and says so.
    vera.finds_nothing_else(&office, case).await;
    vera.decides(&office, case, Right::Access, Decision::granted(""))
        .await;
    let preview = office.preview(&vera.scope, case).await.unwrap();
    assert!(
        preview.printed.text.contains("vollständig"),
        "{}",
        preview.printed.text
    );
    vera.releases(&office, case, Way::Portal).await;
}
