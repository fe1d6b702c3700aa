//! Nobody acts beyond her role, and nobody sees another controller's cases.

use rechtzeitig::casework::collection::TaskAnswer;
use rechtzeitig::casework::decision::Verdict;
use rechtzeitig::casework::filing::Upload;
use rechtzeitig::casework::forwarding::{Obeying, Passing};
use rechtzeitig::casework::identity::Question;
use rechtzeitig::casework::intake::Entry;
use rechtzeitig::casework::slips::How;
use rechtzeitig::casework::ties::{Anew, OtherPerson};
use rechtzeitig::casework::{Error, FilePurpose, Filter, Token};
use rechtzeitig::domain::aftermath::Forum;
use rechtzeitig::domain::arrival::Arrival;
use rechtzeitig::domain::breach::{BreachStep, Origin, Report};
use rechtzeitig::domain::collection::Outcome as Answer;
use rechtzeitig::domain::deadline::{Demand, PauseKind};
use rechtzeitig::domain::decision::{Decision, Done};
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::forwarding::Side;
use rechtzeitig::domain::identity::{Ask, Method};
use rechtzeitig::domain::ids::{CaseId, FileId, MessageId};
use rechtzeitig::domain::intake::Channel;
use rechtzeitig::domain::intake::PartyRole;
use rechtzeitig::domain::matter::Matter;
use rechtzeitig::domain::misdirection::WhyNot;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::register::System;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::{Role, Scope};
use rechtzeitig::domain::standing::Standing;
use rechtzeitig::domain::ties::Tie;

use crate::support::office::{Office, day};
use crate::support::people::{Clerk, Subject, known_address};

/// A case of the company with a file, a failed mail and a running search.
struct Ground {
    office: Office,
    person: Subject,
    case: CaseId,
    file: FileId,
    mail: MessageId,
    own: Clerk,
}

impl Ground {
    async fn laid() -> Self {
        let office = Office::open().await;
        let own = office.clerk("Olga Ortskundig", Role::Admin).await;
        let person = office.subject("Gustav Grenzstein", "gustav@post-v1.example");
        let case = person
            .asks_and_confirms(&office, &[Right::Access, Right::Erasure])
            .await
            .case;
        own.confirms_identity(&office, case).await;
        let scan = Upload {
            name: "a.txt".to_owned().into(),
            media_type: "text/plain".into(),
            bytes: vec![1],
        };
        let files = office
            .file_for_case(office.company(), Some(case), FilePurpose::Note, &[scan])
            .await
            .unwrap();
        let file = files[0].id();
        office
            .note(&own.scope, case, 0, "mit Anlage", files)
            .await
            .unwrap();
        let mail = office.case_file(&own.scope, case).await.unwrap().messages[0].id;
        office.jobs_run().await;
        let failed = format!("UPDATE message SET state = 'failed' WHERE id = {mail}");
        office.behind_its_back(failed).await;
        Self {
            office,
            person,
            case,
            file,
            mail,
            own,
        }
    }

    /// What would show if anything had been done: rows of every kind that an act writes.
    async fn traces(&self) -> Vec<i64> {
        let mut traces = vec![self.own.sees(&self.office, self.case).await.1];
        for table in [
            "cases",
            "event",
            "message",
            "link WHERE revoked_at IS NULL",
            "file",
            "register_entry",
            "membership",
        ] {
            traces.push(
                self.office
                    .number_of(format!("SELECT count(*) AS count FROM {table}"))
                    .await,
            );
        }
        traces
    }

    fn system(&self) -> System {
        toml::from_str("slug = \"neu\"\nname = \"Neues\"\nrole = \"internal\"").unwrap()
    }

    /// Every act that takes a scope and changes something, with the least role that may do it.
    async fn tries(&self, scope: &Scope) -> Vec<(&'static str, Role, Result<(), Error>)> {
        let Self { office, case, .. } = self;
        let (case, company) = (*case, office.company());
        let (known, seen) = self.own.sees(office, case).await;
        let system = known.collection.tasks[0].system;
        let entry = Entry {
            form: Token::generate(),
            controller: company,
            channel: Channel::Phone,
            received: office.today(),
            arrival: Arrival::default(),
            matter: Matter::Request,
            confidential: false,
            wish: self.person.wish(&[Right::Access]),
            files: vec![],
        };
        let question = Question {
            ask: Ask {
                means: vec![Method::SignedLetter],
                doubt: "Der Name steht bei zwei Kundinnen".into(),
                because: "es gibt keine Nummern".into(),
                ..Ask::default()
            },
            suffices: String::new(),
        };
        let demand = Demand {
            kind: PauseKind::Scope,
            asked: office.today(),
            cause: office.today(),
            doubt: "viel".into(),
            suffices: "wenig".into(),
            proportionate: true,
            never_waits: false,
        };
        let answer = TaskAnswer {
            system,
            outcome: Answer::Nothing {
                text: "leer".to_owned().into(),
            },
        };
        let verdict = Verdict {
            right: Right::Access,
            decision: Decision::granted("ja"),
            weighing: rechtzeitig::domain::weighing::Weighing::default(),
            done: vec![],
        };
        let done = Done {
            system: "CRM".into(),
            what: "weg".to_owned().into(),
            on: office.today(),
        };
        let register = office.register(&self.own.scope, company).await.unwrap();
        let mut tried = Vec::new();
        // On the heap: all acts side by side in one future are more than a test's stack holds.
        macro_rules! tries {
            ($($name:literal $least:ident $act:expr;)*) => { $(tried.push(($name, Role::$least, Box::pin($act).await.map(|_| ())));)* };
        }
        tries! {
            "enter" Handler office.enter(scope, entry);
            "understand" Handler office.understand(scope, case, seen, &[Right::Portability]);
            "assign" Handler office.assign(scope, case, None, Some(self.own.id));
            "sort_apart" Handler office.sort_apart(scope, case, None, true);
            "note" Handler office.note(scope, case, 0, "Notiz", vec![]);
            "say" Handler office.say(scope, case, seen, "Hallo".into());
            "weigh_identity" Handler office.weigh_identity(scope, case, seen, known_address());
            "ask_identity" Handler office.ask_identity(scope, case, seen, question);
            "begin_search" Handler office.begin_search(scope, case, seen);
            "answer_tasks" Handler office.answer_tasks(scope, case, seen, vec![answer], vec![]);
            "ask_owner" Handler office.ask_owner(scope, case, seen, system);
            "end_question" Handler office.end_question(scope, case, seen, system);
            "close_unsearchable" Handler office.close_unsearchable(scope, case, seen);
            "cut_short" Decider office.cut_short(scope, case, seen, "genug");
            "pause" Handler office.pause(scope, case, seen, demand);
            "resume" Handler office.resume(scope, case, seen, None, office.today());
            "extend" Decider office.extend(scope, case, seen, &[], "viel Arbeit", None);
            "decide" Decider office.decide(scope, case, seen, vec![verdict]);
            "carry_out" Handler office.carry_out(scope, case, seen, Right::Erasure, vec![done]);
            "reconsider" Decider office.reconsider(scope, case, seen, Right::Access);
            "withdraw" Handler office.withdraw(scope, case, seen, &[Right::Erasure], "per Telefon");
            "misdirected" Decider office.misdirected(scope, case, seen, (WhyNot::Elsewhere, "nicht wir"), waived());
            "set_standing" Handler office.set_standing(scope, case, seen, Standing::ThirdParty);
            "reject_mandate" Decider office.reject_mandate(scope, case, seen, "kein Original", office.today());
            "correct_receipt" Decider office.correct_receipt(scope, case, seen, office.today().pred_opt().unwrap(), "Stempel");
            "set_confidential" Decider office.set_confidential(scope, case, seen, true);
            "ask_officer" Handler office.ask_officer(scope, case, seen, office.today());
            "answer_authority" Decider office.answer_authority(scope, case, seen, (office.today(), "Akte"), vec![]);
            "forward" Handler office.forward(scope, case, seen, passing());
            "forwarding_posted" Handler office.forwarding_posted(scope, case, seen, ("kunde", Side::Person), office.today());
            "instructed" Handler office.instructed(scope, case, seen, "kunde", ("löschen", office.today()));
            "settle_instruction" Handler office.settle_instruction(scope, case, seen, "kunde", Obeying::Done(office.today(), "weg".into()));
            "tie" Handler office.tie(scope, case, seen, case, Tie::Same);
            "end_as_repeat" Handler office.end_as_repeat(scope, case, seen, case, "");
            "split" Handler office.split(scope, case, seen, other_person());
            "take_anew" Handler office.take_anew(scope, case, seen, anew(office.today()));
            "release" Decider office.release(scope, case, seen, Way::Portal, &rechtzeitig::domain::look::Point::BEFORE_SENDING);
            "recipient_letter" Handler office.recipient_letter(scope, case, 1);
            "posted" Handler office.posted(scope, case, seen, office.today());
            "recall" Decider office.recall(scope, case, seen, 1, "falsch");
            "question_posted" Handler office.question_posted(scope, case, seen, office.today());
            "set_address" Handler office.set_address(scope, case, seen, (PartyRole::Requester, "Feldweg 1"));
            "returned" Handler office.returned(scope, case, seen, 1, office.today());
            "close" Handler office.close(scope, case, seen);
            "reopen" Handler office.reopen(scope, case, seen, "doch");
            "hold" Decider office.hold(scope, case, seen, "Streit");
            "lift" Decider office.lift(scope, case, seen, 1, "vorbei");
            "complain" Handler office.complain(scope, case, seen, (office.today(), Forum::Us), "zu langsam");
            "explain_lateness" Handler office.explain_lateness(scope, case, seen, "Umzug");
            "misdelivered" Handler office.misdelivered(scope, case, seen, 1, (office.now(), "falsch"));
            "report_breach" Handler office.report_breach(scope, case, seen, (office.now(), Origin::Office), "Stick weg");
            "describe_breach" Handler office.describe_breach(scope, case, seen, 1, Report::default());
            "decide_breach" Decider office.decide_breach(scope, case, seen, 1, BreachStep::Closed { at: office.now() });
            "suppress" Handler office.suppress(scope, company, "a@post-v9.example", Right::Withdrawal);
            "revoke_links" Handler office.revoke_links(scope, case);
            "send_again" Handler office.send_again(scope, self.mail);
            "put_system" Admin office.put_system(scope, company, rechtzeitig::casework::RegisterEntry { system: self.system(), position: 9, revision: 0 });
            "remove_system" Admin office.remove_system(scope, company, register[0].system.id);
            "import_register" Admin office.import_register(scope, company, vec![self.system()]);
            "set_role" Admin office.set_role(scope, self.own.id, company, None);
        }
        tried
    }
}

fn waived() -> How {
    How::Waived("Werbung".into())
}

fn passing() -> Passing {
    Passing {
        to: "kunde".into(),
        holds: "sein Portal".into(),
        wholly: true,
        customer: How::Paper,
        person: How::Paper,
    }
}

fn other_person() -> OtherPerson {
    OtherPerson {
        name: "Zweite Person".into(),
        email: None,
        address: None,
        rights: vec![Right::Access],
    }
}

fn anew(received: chrono::NaiveDate) -> Anew {
    Anew {
        received,
        rights: vec![Right::Access],
        text: "noch etwas".into(),
    }
}

fn shut(tried: &Result<(), Error>) -> bool {
    matches!(
        tried,
        Err(Error::NotFound | Error::Obstacle(Obstacle::RoleLacking { .. }))
    )
}

#[tokio::test]
async fn the_admin_of_another_controller_finds_nothing_and_changes_nothing() {
    let ground = Ground::laid().await;
    let office = &ground.office;
    let foreign = office
        .clerk_of("Frauke Fremdhaus", &[(office.trader(), Role::Admin)])
        .await;
    let before = ground.traces().await;
    for (act, _, tried) in ground.tries(&foreign.scope).await {
        assert!(shut(&tried), "{act}: {tried:?}");
    }
    assert_eq!(ground.traces().await, before);

    let (scope, case, company) = (&foreign.scope, ground.case, office.company());
    let not_found = |tried: Result<(), Error>| matches!(tried, Err(Error::NotFound));
    assert!(not_found(office.open(scope, case).await.map(|_| ())));
    assert!(not_found(office.case_file(scope, case).await.map(|_| ())));
    assert!(not_found(office.preview(scope, case).await.map(|_| ())));
    assert!(not_found(office.status_url(scope, case).await.map(|_| ())));
    assert!(not_found(
        office.open_file(scope, ground.file).await.map(|_| ())
    ));
    let number = ground.own.sees(office, case).await.0.number;
    assert!(office.by_number(scope, &number).await.unwrap().is_empty());
    for typed in ["Grenzstein", "gustav@post-v1.example", &number] {
        assert!(
            office
                .find(scope, typed, None, 10)
                .await
                .unwrap()
                .lines
                .is_empty(),
            "{typed}"
        );
        assert_eq!(
            office
                .find(&ground.own.scope, typed, None, 10)
                .await
                .unwrap()
                .lines
                .len(),
            1,
            "{typed}"
        );
    }
    let asked = Filter {
        controller: Some(company),
        ..Filter::default()
    };
    for filter in [Filter::default(), asked] {
        assert!(
            office
                .queue(scope, filter.clone(), None, 10)
                .await
                .unwrap()
                .lines
                .is_empty()
        );
        assert_eq!(office.count(scope, filter, 100).await.unwrap(), 0);
    }
    assert!(office.troubled(scope, 10).await.unwrap().is_empty());
    let counts = office.counts(scope, vec![Filter::default()], 10).await;
    assert_eq!(counts.unwrap(), [0]);
    assert_eq!(office.waiting(scope, 10).await.unwrap(), 0);
    let own = &ground.own;
    assert_eq!(office.waiting(&own.scope, 10).await.unwrap(), 1);
    let staff = office.staff(scope).await.unwrap();
    assert_eq!(staff.len(), 1, "herself");
    assert!(not_found(
        office.may_manage(scope, own.id).await.map(|_| ())
    ));
    assert!(office.may_manage(scope, foreign.id).await.is_ok());
    let register = office.register(scope, company).await;
    assert!(register.is_err() || register.is_ok_and(|entries| entries.is_empty()));
    assert!(
        office
            .assignable(scope, company, Role::Handler)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn each_role_stops_at_its_own_acts() {
    for role in [Role::Auditor, Role::Handler, Role::Decider] {
        let ground = Ground::laid().await;
        let clerk = ground.office.clerk("Rolf Rollengrenz", role).await;
        let before = ground.traces().await;
        let tried = ground.tries(&clerk.scope).await;
        let (lesser, allowed): (Vec<_>, Vec<_>) =
            tried.into_iter().partition(|(_, least, _)| *least > role);
        assert!(lesser.len() > 3);
        for (act, least, tried) in lesser {
            assert!(
                matches!(tried, Err(Error::Obstacle(Obstacle::RoleLacking { least: said })) if said == least),
                "{role:?} {act}: {tried:?}"
            );
        }
        for (act, _, tried) in allowed {
            assert!(!shut(&tried), "{role:?} {act}: {tried:?}");
        }
        if role == Role::Auditor {
            assert_eq!(ground.traces().await, before, "looks and touches nothing");
            let looked = ground.office.case_file(&clerk.scope, ground.case).await;
            assert!(looked.is_ok());
        }
        ground.office.jobs_run().await;
    }
}

#[tokio::test]
async fn a_role_here_is_no_role_there() {
    let ground = Ground::laid().await;
    let office = &ground.office;
    let both = [
        (office.company(), Role::Auditor),
        (office.trader(), Role::Admin),
    ];
    let mixed = office.clerk_of("Mika Mischrolle", &both).await;
    let before = ground.traces().await;
    for (act, _, tried) in ground.tries(&mixed.scope).await {
        assert!(shut(&tried), "{act}: {tried:?}");
    }
    assert_eq!(ground.traces().await, before);
    assert!(
        office.case_file(&mixed.scope, ground.case).await.is_ok(),
        "an auditor may look"
    );
    assert_eq!(
        office
            .queue(&mixed.scope, Filter::default(), None, 10)
            .await
            .unwrap()
            .lines[0]
            .due,
        day("2026-04-02")
    );
}
