//! Who works here: the first link, the second factor, sessions that end.

use rechtzeitig::casework::clerks::{Introduction, SignedIn};
use rechtzeitig::casework::{Error, Token};
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::scope::{Actor, Role};

use crate::support::office::Office;
use crate::support::people::totp_code;

const PASSWORD: &str = "drei Lampen am Kai";

async fn introduces(
    office: &Office,
    link: &Token,
    name: &str,
    email: &str,
    password: &str,
) -> Result<Token, Error> {
    let secret = office.welcome(link).await?.secret.expect("a second factor");
    let code = totp_code(&secret, office.now());
    office
        .introduce(
            link,
            Introduction {
                name: name.into(),
                email: email.into(),
                password: password.into(),
                code,
            },
        )
        .await
}

fn session(signed: Result<SignedIn, Error>) -> Option<Token> {
    match signed.expect("an answer") {
        SignedIn::Session(token) => Some(token),
        SignedIn::SetUp(_) | SignedIn::Refused => None,
    }
}

#[tokio::test]
async fn the_first_link_makes_one_clerk_and_a_code_is_good_once() {
    let office = Office::open().await;
    office.keep_secret("Erika Erstling");
    office.keep_secret(PASSWORD);
    assert!(office.is_empty().await.unwrap());
    let (link, rival) = (
        office.first_link().await.unwrap(),
        office.first_link().await.unwrap(),
    );
    let short = introduces(
        &office,
        &link,
        "Erika Erstling",
        "erika@kontor.example",
        "kurz",
    )
    .await;
    assert!(matches!(
        short,
        Err(Error::Obstacle(Obstacle::Empty("password")))
    ));
    let secret = office.welcome(&link).await.unwrap().secret.unwrap();
    let token = introduces(
        &office,
        &link,
        "Erika Erstling",
        "Erika@Kontor.example",
        PASSWORD,
    )
    .await
    .unwrap();
    let (clerk, scope) = office.session(&token).await.unwrap();
    assert_eq!(
        (
            clerk.email.as_str(),
            scope.role(office.company()),
            scope.role(office.trader())
        ),
        ("erika@kontor.example", Some(Role::Admin), Some(Role::Admin))
    );
    for spent in [&link, &rival] {
        assert!(matches!(
            introduces(&office, spent, "Zweite", "zweite@kontor.example", PASSWORD).await,
            Err(Error::Link)
        ));
    }

    // The code of the introduction was used; the next half minute brings another.
    let code = totp_code(&secret, office.now());
    assert!(
        session(
            office
                .sign_in("erika@kontor.example", PASSWORD, &code)
                .await
        )
        .is_none(),
        "a replay"
    );
    office.minutes_pass(1);
    let code = totp_code(&secret, office.now());
    assert!(
        session(
            office
                .sign_in("erika@kontor.example", "falsches Kennwort", &code)
                .await
        )
        .is_none()
    );
    assert!(
        session(
            office
                .sign_in("erika@kontor.example", PASSWORD, "000000")
                .await
        )
        .is_none()
    );
    assert!(
        session(
            office
                .sign_in("niemand@kontor.example", PASSWORD, &code)
                .await
        )
        .is_none()
    );
    let second = session(
        office
            .sign_in("ERIKA@kontor.example", PASSWORD, &code)
            .await,
    )
    .expect("in");
    assert!(
        session(
            office
                .sign_in("erika@kontor.example", PASSWORD, &code)
                .await
        )
        .is_none(),
        "a replay"
    );

    // Sessions end: here, elsewhere, and by themselves.
    assert_eq!(office.sign_out_elsewhere(&scope, &second).await.unwrap(), 1);
    assert!(matches!(office.session(&token).await, Err(Error::NotFound)));
    for _ in 0..2 {
        office.minutes_pass(11 * 60);
        assert!(office.session(&second).await.is_ok(), "in use");
    }
    office.minutes_pass(12 * 60 + 1);
    assert!(
        matches!(office.session(&second).await, Err(Error::NotFound)),
        "unused for a day's work"
    );
    office.jobs_run().await;
}

#[tokio::test]
async fn the_name_of_somebody_who_left_is_forgotten_after_two_years() {
    let office = Office::open().await;
    let berta = office.clerk("Berta Vergessmich", Role::Handler).await;
    office.let_go(&Actor::house(), berta.id).await.unwrap();
    let named = "SELECT count(*) AS count FROM clerk WHERE name = 'Berta Vergessmich'";
    office.sweep().await.unwrap();
    assert_eq!(office.number_of(named).await, 1, "still read in the log");
    office.days_pass(2 * 365 + 1);
    office.sweep().await.unwrap();
    assert_eq!(office.number_of(named).await, 0);
    let somebody = "SELECT count(*) AS count FROM clerk WHERE name = '' AND password = ''";
    assert_eq!(office.number_of(somebody).await, 1);
}

#[tokio::test]
async fn a_second_clerk_is_welcomed_and_let_go() {
    let office = Office::open().await;
    let berta = office.clerk("Berta Bleibtreu", Role::Handler).await;
    let old = berta.welcome;
    let welcome = office.reset(&Actor::house(), berta.id).await.unwrap();
    assert!(
        matches!(office.welcome(&old).await, Err(Error::Link)),
        "a new link ends the one before"
    );
    let token = introduces(
        &office,
        &welcome,
        "another name",
        "other@kontor.example",
        PASSWORD,
    )
    .await
    .unwrap();
    let (clerk, scope) = office.session(&token).await.unwrap();
    assert_eq!(
        (clerk.id, clerk.name.as_str(), &scope),
        (berta.id, "Berta Bleibtreu", &berta.scope)
    );
    assert!(
        matches!(
            introduces(&office, &welcome, "", "", PASSWORD).await,
            Err(Error::Link)
        ),
        "used"
    );
    office.sign_out(&token).await.unwrap();
    assert!(matches!(office.session(&token).await, Err(Error::NotFound)));

    let feed = office.give_feed(&scope).await.unwrap();
    office.let_go(&Actor::house(), berta.id).await.unwrap();
    assert!(matches!(office.feed(&feed).await, Err(Error::Link)));
    assert!(session(office.sign_in(&berta.email, PASSWORD, "123456").await).is_none());

    let late = office.clerk("Spät Dran", Role::Handler).await;
    office.days_pass(8);
    assert!(
        matches!(office.welcome(&late.welcome).await, Err(Error::Link)),
        "a week"
    );
    office.jobs_run().await;
}

#[tokio::test]
async fn without_a_second_factor_the_password_alone_lets_in_and_a_change_ends_other_sessions() {
    let office = Office::open_with(|plan| plan.second_factor = false).await;
    let link = office.first_link().await.unwrap();
    assert!(office.welcome(&link).await.unwrap().secret.is_none());
    let given = Introduction {
        name: "Solo Sorglos".into(),
        email: "solo@kontor.example".into(),
        password: PASSWORD.into(),
        code: String::new(),
    };
    let here = office.introduce(&link, given).await.unwrap();
    let there = session(office.sign_in("solo@kontor.example", PASSWORD, "").await).expect("in");
    let (_, scope) = office.session(&here).await.unwrap();
    let wrong = office
        .change_password(&scope, &here, "nicht das alte", "ein neues Kennwort")
        .await;
    assert!(matches!(wrong, Err(Error::Code)));
    office
        .change_password(&scope, &here, PASSWORD, "ein neues Kennwort")
        .await
        .unwrap();
    assert!(office.session(&here).await.is_ok());
    assert!(matches!(office.session(&there).await, Err(Error::NotFound)));
    assert!(session(office.sign_in("solo@kontor.example", PASSWORD, "").await).is_none());
    office.jobs_run().await;
}

#[tokio::test]
async fn a_welcome_link_that_is_used_twice_at_once_lets_one_in() {
    let office = Office::open_with(|plan| plan.second_factor = false).await;
    let link = office.first_link().await.unwrap();
    let chooses = |password: &str| {
        office.introduce(
            &link,
            Introduction {
                name: "Erna Eilig".into(),
                email: "erna@kontor.example".into(),
                password: password.into(),
                code: String::new(),
            },
        )
    };
    let (one, other) = tokio::join!(chooses(PASSWORD), chooses("vier Lampen am Kai"));
    let (let_in, turned_away) = match (one, other) {
        (Ok(token), Err(error)) | (Err(error), Ok(token)) => (token, error),
        both => panic!("{both:?}"),
    };
    assert!(matches!(turned_away, Error::Link), "{turned_away:?}");
    assert!(office.session(&let_in).await.is_ok());
    assert_eq!(office.colleagues().await.unwrap().len(), 1);
}
