//! The power goes while connected systems are asked, and while what was decided is done in them. Everybody is found once
//! and whole, ended once and whole, and what is told of it is true.

use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng, rngs::StdRng};
use rechtzeitig::app::App;
use rechtzeitig::casework::decision::Verdict;
use rechtzeitig::casework::intake::{Submission, Wish};
use rechtzeitig::casework::register::RegisterFile;
use rechtzeitig::casework::{Office, Token};
use rechtzeitig::domain::decision::Decision;
use rechtzeitig::domain::identity::{Finding, Method};
use rechtzeitig::domain::ids::CaseId;
use rechtzeitig::domain::intake::{OnBehalf, ReplyBy};
use rechtzeitig::domain::lang::Lang;
use rechtzeitig::domain::look::Point;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::{Actor, Role, Scope};
use rechtzeitig::domain::source::Fate;
use rechtzeitig::domain::weighing::Weighing;
use rechtzeitig::ports::SystemClock;
use rechtzeitig::settings::Settings;
use rechtzeitig::storage::runs::RunState;

use super::program::Program;
use crate::support::smtp::{Manner, Sink};
use crate::support::{Store, shop};

const PEOPLE: u32 = 24;
const ORDERS: u32 = 6;
const CUTS: usize = 8;
/// What takes longer has stopped.
const PATIENCE: Duration = Duration::from_secs(120);

const REGISTER: &str = r#"
[[system]]
slug = "shop"
name = "Ladenkonto"
role = "internal"
place = "Hamburg"
contact = "Laden"
source = "von Ihnen selbst"
keys = ["email"]
[[system.categories]]
name = "Zugangsdaten und Anschriften"
purposes = "Betrieb des Kundenkontos"
basis = "Art. 6(1)(b)"
retention = "bis zur Löschung des Kontos"
"#;

fn address(number: u32) -> String {
    format!("person.{number}@post-k9.example")
}

/// Whoever asks, and what is held on her.
fn fill(shop: &rusqlite::Connection) {
    for number in 0..PEOPLE {
        let id = 1_000 + number;
        shop.execute(
            "INSERT INTO customers VALUES (?1, ?2, ?3, NULL, NULL, '2024-05-01 10:00:00')",
            rusqlite::params![i64::from(id), format!("Person {number}"), address(number)],
        )
        .unwrap();
        for order in 0..ORDERS {
            shop.execute(
                "INSERT INTO orders VALUES (?1, ?2, 'Leuchte', '2024-06-01 12:00:00')",
                rusqlite::params![i64::from(id * 100 + order), i64::from(id)],
            )
            .unwrap();
        }
    }
}

struct Desk {
    office: Arc<Office>,
    vera: Scope,
    ada: Scope,
}

impl Desk {
    async fn sit_down(program: &Program) -> Desk {
        let settings = Settings::load_with(&program.config(), []).unwrap();
        let app = App::build(settings, Arc::new(SystemClock)).await.unwrap();
        let office = app.office;
        let house = office.first_house().unwrap().controller.id;
        let register = RegisterFile::read(REGISTER).unwrap();
        office
            .import_register(&Scope::of_house(house), house, register)
            .await
            .unwrap();
        let roles = [(house, Role::Decider)];
        let mut scopes = Vec::new();
        for (name, email) in [
            ("Vera Akt", "vera@kontor.example"),
            ("Ada Amt", "ada@kontor.example"),
        ] {
            let hired = office.take_on(&Actor::house(), name, email, &roles).await;
            let (id, _) = hired.unwrap();
            let all = office.colleagues().await.unwrap();
            let actor = all.into_iter().find(|it| it.id == id).unwrap().actor;
            scopes.push(Scope::of_clerk(id, actor, roles.to_vec()));
        }
        let ada = scopes.pop().unwrap();
        Desk {
            vera: scopes.pop().unwrap(),
            office,
            ada,
        }
    }

    /// A request to erase, of somebody who has signed: the search begins.
    async fn takes_in(&self, number: u32) -> CaseId {
        let wish = Wish {
            rights: vec![Right::Erasure],
            text: "Bitte löschen Sie alles.".to_owned().into(),
            lang: Lang::De,
            on_behalf: OnBehalf::Own,
            name: format!("Person {number}").into(),
            data_subject: None,
            email: Some(address(number).into()),
            address: None,
            hints: None,
            reply_by: ReplyBy::Portal,
            copy_first: None,
            shared_mailbox: Some(false),
        };
        let form = Submission {
            form: Token::generate(),
            wish,
            with_files: false,
            suspicious: false,
        };
        let case = self.office.submit("kontor", form).await.unwrap().case;
        let (_, seen) = self.office.open(&self.vera, case).await.unwrap();
        let signed = Finding {
            doubt: "Das Formular nennt keine Nummer".to_owned(),
            ..Finding::sufficient(Method::SignedLetter)
        };
        let known = self.office.weigh_identity(&self.vera, case, seen, signed);
        known.await.unwrap();
        case
    }

    /// Decides that all of it goes; a second pair of eyes looks; machines are told to do it.
    async fn has_erased(&self, case: CaseId) {
        let (known, seen) = self.office.open(&self.vera, case).await.unwrap();
        let verdict = Verdict {
            right: Right::Erasure,
            decision: Decision::granted(""),
            weighing: Weighing::as_wished(&known, Right::Erasure),
            done: vec![],
        };
        let decided = self.office.decide(&self.vera, case, seen, vec![verdict]);
        decided.await.unwrap();
        let (_, seen) = self.office.open(&self.ada, case).await.unwrap();
        let points = &Point::BEFORE_ERASURE;
        let looked = self
            .office
            .look(&self.ada, case, seen, Right::Erasure, points);
        looked.await.unwrap();
        let (_, seen) = self.office.open(&self.vera, case).await.unwrap();
        let begun = self
            .office
            .act_there(&self.vera, case, seen, Right::Erasure);
        begun.await.unwrap();
    }

    /// Waits until the program is through with all of them.
    async fn waits(&self, cases: &[CaseId], erased: bool) {
        let begun = Instant::now();
        for case in cases {
            loop {
                let (known, _) = self.office.open(&self.vera, *case).await.unwrap();
                let open = match erased {
                    false => self
                        .office
                        .progress(&self.vera, &known)
                        .await
                        .unwrap()
                        .iter()
                        .any(|it| !matches!(it.run.state(), Ok(RunState::Done))),
                    true => self
                        .office
                        .underway(&self.vera, *case)
                        .await
                        .unwrap()
                        .iter()
                        .any(|it| !matches!(it.run.state(), Ok(RunState::Done))),
                };
                if !open {
                    break;
                }
                assert!(begun.elapsed() < PATIENCE, "{case} stays open");
                // The program is another process and tells nobody here how far it is; one can only look.
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// Starts the program and cuts it off, again and again; then lets it run.
fn cut(program: &mut Program, dice: &mut StdRng) {
    for _ in 0..CUTS {
        program.start();
        // Not a wait for anything: the moment of the cut is what the dice are for.
        sleep(Duration::from_millis(dice.random_range(5..120)));
        program.kill();
    }
    program.start();
}

#[test]
fn a_case_that_collects_itself_and_ends_what_was_decided_survives_every_cut() {
    if Store::chosen() != Store::Sqlite {
        return;
    }
    let seed = super::seed();
    eprintln!("RECHTZEITIG_TEST_SEED={seed} repeats the moments of these cuts");
    let mut dice = StdRng::seed_from_u64(seed);
    let sink = Sink::open(Manner::default());
    let mut program = Program::installed(sink.port());
    program.connects(shop::CONNECTED);
    let shop = shop::found_at(&program.folder().join("shop.db"));
    fill(&shop);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let desk = runtime.block_on(Desk::sit_down(&program));
    let mut cases = Vec::new();
    for number in 0..PEOPLE {
        cases.push(runtime.block_on(desk.takes_in(number)));
    }

    cut(&mut program, &mut dice);
    runtime.block_on(desk.waits(&cases, false));
    for case in &cases {
        runtime.block_on(async {
            let heaps = desk.office.heaps(&desk.vera, *case).await.unwrap();
            let held: Vec<_> = heaps
                .iter()
                .map(|it| (it.category.as_str(), it.held))
                .collect();
            assert_eq!(
                held,
                [("account", 1), ("order", u64::from(ORDERS))],
                "{case}"
            );
            let (known, _) = desk.office.open(&desk.vera, *case).await.unwrap();
            assert!(known.collection.tasks[0].answered_by_machine(), "{case}");
        });
    }
    program.kill();

    for case in &cases {
        runtime.block_on(desk.has_erased(*case));
    }
    cut(&mut program, &mut dice);
    runtime.block_on(desk.waits(&cases, true));
    for case in &cases {
        let (known, _) = runtime
            .block_on(desk.office.open(&desk.vera, *case))
            .unwrap();
        let acted = &known.acted[0];
        assert_eq!(
            (acted.fates.as_slice(), acted.failed),
            (&[(Fate::Gone, 1 + u64::from(ORDERS))][..], 0),
            "{case}"
        );
    }
    assert_eq!(
        (shop::rows(&shop, "customers"), shop::rows(&shop, "orders")),
        (3, 3)
    );
    program.kill();
}
