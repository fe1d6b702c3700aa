//! The power goes at any moment. What was accepted stays, what was promised arrives, and only what was
//! just leaving the house may leave it twice, as the same letter.

mod collecting;
mod people;
mod program;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    thread::{sleep, spawn},
    time::{Duration, Instant},
};

use rand::{Rng, SeedableRng, rngs::StdRng};
use rechtzeitig::{
    app::App, casework::Filter, domain::scope::Scope, ports::SystemClock, seal::chance,
    settings::Settings,
};

use crate::support::{
    Store,
    smtp::{Caught, Manner, Sink},
};
use people::Street;
use program::Program;

/// So many letters are handed to the mail server side by side, hence may be in flight.
const SIDE_BY_SIDE: usize = 16;
const PEOPLE: usize = 4;
/// New forms in one round.
const FORMS: usize = 24;

#[test]
fn nothing_accepted_is_lost_and_nothing_promised_when_the_power_goes() {
    if Store::chosen() != Store::Sqlite {
        // With PostgreSQL there may be other nodes: what a dead one had taken is free when its lease ends.
        return;
    }
    let (seed, rounds) = (seed(), rounds());
    eprintln!("RECHTZEITIG_TEST_SEED={seed} repeats the moments of these {rounds} rounds");
    let mut dice = StdRng::seed_from_u64(seed);
    let sink = Sink::open(Manner::default());
    let mut program = Program::installed(sink.port());
    let street = Arc::new(Street::default());
    let people: Vec<_> = (0..PEOPLE)
        .map(|_| {
            let (street, port) = (Arc::clone(&street), program.port);
            spawn(move || street.come(port))
        })
        .collect();

    for round in 0..rounds {
        if round % 10 == 9 {
            // Cut off while it starts, too.
            program.start_blindly();
            sleep(Duration::from_millis(dice.random_range(0..150)));
            program.kill();
        }
        program.start();
        street.open(FORMS);
        sleep(Duration::from_millis(dice.random_range(5..400)));
        program.kill();
        street.shut();
    }

    program.start();
    street.open(FORMS);
    street.last_round();
    for person in people {
        person.join().unwrap();
    }
    let accepted = street.accepted();
    let letters = promised_letters(&sink, 2 * accepted.len());
    program.kill();

    check_letters(&letters, &accepted, rounds + rounds / 10);
    check_store(&program, &accepted);
    check_log(&program, accepted.len());
    let again = accepted.iter().filter(|request| request.posts > 1).count();
    eprintln!(
        "{} requests accepted, {again} of them after a form was sent again; {} letters, {} of them repeats",
        accepted.len(),
        letters.len(),
        letters.len() - 2 * accepted.len(),
    );
    assert!(
        accepted.len() >= rounds,
        "too little happened to prove anything"
    );
}

fn seed() -> u64 {
    std::env::var("RECHTZEITIG_TEST_SEED").map_or_else(
        |_| u64::from_be_bytes(chance::bytes()),
        |text| text.parse().unwrap(),
    )
}

fn rounds() -> usize {
    let strict = ["CI", "RECHTZEITIG_TEST_STRICT"]
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    std::env::var("RECHTZEITIG_TEST_CRASHES")
        .map_or(if strict { 50 } else { 5 }, |text| text.parse().unwrap())
}

fn id(letter: &Caught) -> String {
    letter.header("message-id").expect("every letter has an id")
}

/// Waits until so many different letters have come.
fn promised_letters(sink: &Sink, different: usize) -> Vec<Caught> {
    let begun = Instant::now();
    loop {
        let letters = sink.messages();
        let ids: BTreeSet<String> = letters.iter().map(id).collect();
        if ids.len() >= different {
            return letters;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(120),
            "{} of {different} letters came",
            ids.len()
        );
        sink.wait_blocking(letters.len() + 1);
    }
}

fn check_letters(letters: &[Caught], accepted: &[people::Accepted], kills: usize) {
    let mut by_id: BTreeMap<String, Vec<&Caught>> = BTreeMap::new();
    for letter in letters {
        by_id.entry(id(letter)).or_default().push(letter);
    }
    for (id, same) in &by_id {
        assert!(same.len() <= 1 + kills, "{id} came {} times", same.len());
        assert!(
            same.iter().all(|letter| letter.raw == same[0].raw),
            "{id} came with different contents"
        );
    }
    let repeats = letters.len() - by_id.len();
    assert!(
        repeats <= SIDE_BY_SIDE * kills,
        "{repeats} letters were repeated by {kills} power cuts"
    );

    let mut to: BTreeMap<&str, usize> = BTreeMap::new();
    for same in by_id.values() {
        for address in &same[0].to {
            *to.entry(address.as_str()).or_default() += 1;
        }
    }
    for request in accepted {
        assert_eq!(
            to.remove(request.email.as_str()),
            Some(1),
            "first mails to {}",
            request.email
        );
    }
    assert_eq!(
        to.remove("team@kontor.example"),
        Some(accepted.len()),
        "notices to staff"
    );
    assert!(to.is_empty(), "letters that nobody promised: {to:?}");
}

/// Each accepted request is there once, under the number that its sender was told, and no other is.
fn check_store(program: &Program, accepted: &[people::Accepted]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let settings = Settings::load_with(&program.config(), []).unwrap();
        let app = App::build(settings, Arc::new(SystemClock)).await.unwrap();
        let scope = Scope::of_house(app.office.first_house().unwrap().controller.id);
        for request in accepted {
            let found = app
                .office
                .find(&scope, &request.email, None, 10)
                .await
                .unwrap();
            let numbers: Vec<&str> = found
                .lines
                .iter()
                .map(|line| line.number.as_str())
                .collect();
            assert_eq!(numbers, [request.number.as_str()], "{}", request.email);
        }
        let mut all = 0;
        // People who fill in forms within moments are sorted apart, and filed all the same.
        for apart in [false, true] {
            let filter = Filter {
                apart,
                ..Filter::default()
            };
            all += app.office.count(&scope, filter, 1_000_000).await.unwrap();
        }
        assert_eq!(usize::try_from(all).unwrap(), accepted.len());
    });
}

/// The log is whole, and every case's opening stands in it.
fn check_log(program: &Program, cases: usize) {
    let file = program.folder().join("ledger.jsonl");
    let key = program.verb(&["ledger", "key"]);
    program.verb(&["ledger", "export", "--out", file.to_str().unwrap()]);
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.matches("\"case.opened\"").count(), cases);
    let verdict = program.verb(&[
        "ledger",
        "verify",
        file.to_str().unwrap(),
        "--key",
        key.trim(),
    ]);
    assert!(verdict.contains("intact"), "{verdict}");
}
