//! Data that go straight to another controller, or do not, and the letter that says which (Art. 20(2) GDPR).

use rechtzeitig::casework::collection::TaskAnswer;
use rechtzeitig::casework::decision::Verdict;
use rechtzeitig::casework::filing::Upload;
use rechtzeitig::casework::{FilePurpose, FileRow};
use rechtzeitig::domain::collection::Outcome;
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::measure::{Measure, Transferred};
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;

use crate::support::office::Office;
use crate::support::people::weighed;

#[tokio::test]
async fn art_20_2_the_letter_says_what_became_of_the_direct_transfer() {
    let office = Office::open().await;
    let vera = office.clerk("Vera Umzug", Role::Decider).await;
    for (address, outcome, said) in [
        (
            "uli@post-u1.example",
            Some(Transferred::Done { on: office.today() }),
            "auch direkt an Neubank AG übermittelt",
        ),
        (
            "uli@post-u2.example",
            Some(Transferred::Unfeasible {
                because: "Neubank AG nimmt keine Dateien an.".into(),
            }),
            "technisch nicht möglich ist: Neubank AG nimmt keine Dateien an.",
        ),
        (
            "uli@post-u3.example",
            None,
            "an einen anderen Verantwortlichen war nicht gewünscht",
        ),
    ] {
        let uli = office.subject("Uli Umzug", address);
        let case = uli
            .asks_and_confirms(&office, &[Right::Portability])
            .await
            .case;
        let begun = vera.confirms_identity(&office, case).await;
        let system = begun.case.collection.tasks[0].system;
        let upload = Upload {
            name: "konto.json".to_owned().into(),
            media_type: "application/json".into(),
            bytes: b"{\"konto\": 17}".to_vec(),
        };
        let files = office
            .file_for_case(
                office.company(),
                Some(case),
                FilePurpose::Finding,
                &[upload],
            )
            .await
            .unwrap();
        let outcome_of_search = Outcome::Found {
            text: "Kundenkonto".into(),
            files: files.iter().map(FileRow::id).collect(),
        };
        let answer = TaskAnswer {
            system,
            outcome: outcome_of_search,
        };
        office
            .answer_tasks(&vera.scope, case, begun.revision, vec![answer], files)
            .await
            .unwrap();
        vera.finds_nothing_else(&office, case).await;
        let (known, seen) = vera.sees(&office, case).await;
        let decision = Decision::granted("");
        let mut weighing = weighed(&known, Right::Portability, &decision);
        weighing.measure = outcome.map(|outcome| Measure::Transfer {
            to: "Neubank AG".into(),
            outcome,
        });
        let verdict = Verdict {
            right: Right::Portability,
            decision,
            weighing,
            done: vec![],
        };
        office
            .decide(&vera.scope, case, seen, vec![verdict])
            .await
            .unwrap();
        let preview = office.preview(&vera.scope, case).await.unwrap();
        assert_eq!(preview.gaps, Vec::<String>::new());
        let words: Vec<&str> = preview.printed.text.split_whitespace().collect();
        assert!(words.join(" ").contains(said), "{}", preview.printed.text);
    }
}
