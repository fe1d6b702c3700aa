//! Systems that know a person by a digest of her address: a member's page under its MD5, a list with a column of hashes.

use std::sync::Arc;

use rechtzeitig::adapters::Limits;
use rechtzeitig::adapters::derived::{Derived, RecipeSettings};
use rechtzeitig::adapters::files::Files;
use rechtzeitig::domain::identifier::SearchKey;
use rechtzeitig::ports::source::{Fault, Source, Tie};
use serde_json::json;

use super::conformance::{self, ANNA, email};
use super::declared::described;
use super::theatre::{Said, Theatre};

fn recipes(text: &str) -> Vec<RecipeSettings> {
    vec![toml::from_str(text).unwrap()]
}

const MEMBERS: &str = r#"
title = 'T'
address = 'https://api.system.example'
hosts = ['api.system.example']
[login]
kind = 'bearer'
[check]
ask = { path = '/ping' }
[[leftovers]]
kind = 'backup'
place = 'backups'
[[place]]
kind = "members"
category = "newsletter"
id = "/id"
match = { email = ["/email"] }
[[place.find]]
by = ['derived']
claims = 'exact'
path = '/members/{derived}'
single = true
nobody = { status = [404], at = '/error', is = 'nobody' }
"#;

/// Under the digest of Anna's address lies Anna; under Bert's somebody else, as after a mistake over there.
#[tokio::test]
async fn a_page_under_a_digest_is_hers_when_her_address_stands_on_it() {
    let theatre = Theatre::open(|heard| match heard.pieces().as_slice() {
        ["members", "fed1a07c67a9d67d75f315ae2a278415"] => {
            Said::json(200, json!({"id": 7, "email": "Anna.Beispiel@Example.org"}))
        }
        ["members", "ecc333b410f0d29e0cda308569705c04"] => {
            Said::json(200, json!({"id": 8, "email": "carl@example.org"}))
        }
        _ => Said::json(404, json!({"error": "nobody"})),
    })
    .await;
    let inner: Arc<dyn Source> = Arc::new(described(MEMBERS, &theatre));
    let source = Derived::over(inner, &recipes("from = 'email'\ndigest = 'md5'")).unwrap();
    assert_eq!(source.profile().keys, [SearchKey::Email]);
    let (records, search) =
        conformance::find(source.as_ref(), &[email("ANNA.Beispiel@example.org")])
            .await
            .unwrap();
    assert_eq!(records.len(), 1);
    assert!(matches!(
        &records[0].tie,
        Tie::Exact {
            by: SearchKey::Email,
            ..
        }
    ));
    assert_eq!(search.asked[0].by, Some(SearchKey::Derived));
    // Her address never travels; its digest does.
    assert!(
        theatre
            .heard()
            .iter()
            .all(|it| !it.target.contains('@') && !it.target.contains("%40"))
    );
    for other in ["bert@example.org", "niemand@example.org"] {
        let (records, search) = conformance::find(source.as_ref(), &[email(other)])
            .await
            .unwrap();
        assert!(records.is_empty() && search.asked[0].hits == 0, "{other}");
    }
}

/// A list of whom nothing is sent to, by SHA-256, some of it in capital letters.
#[tokio::test]
async fn a_column_of_hashes_is_compared_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let hers = "8b28d1eb34e60c80f898ed57e8b7b964935f31e5728f165192ff95e7ca47f477";
    let list = format!(
        "hash;seit\n{};2024-01-02\n{hers}00;2024-01-03\n{};2024-01-04\n",
        hers.to_uppercase(),
        "c970f45b43e274d7709caa3780cc80afa781c1c7f3e39998bfd9cb232d34b82f"
    );
    std::fs::write(folder.path().join("sperre.csv"), list).unwrap();
    let settings = format!(
        "root = '{}'\n[[tables]]\nname = 'sperre'\npath = 'sperre.csv'\ncategory = 'consent'\nidentity = [{{ column = 'hash', by = 'derived' }}]\n",
        folder.path().display()
    );
    let inner = Files::new(&toml::from_str(&settings).unwrap(), &Limits::default()).unwrap();
    let source = Derived::over(
        Arc::new(inner),
        &recipes("from = 'email'\ndigest = 'sha256'"),
    )
    .unwrap();
    let (records, search) = conformance::find(source.as_ref(), &[email(ANNA)])
        .await
        .unwrap();
    assert_eq!(records.len(), 1, "{search:?}");
    assert!(conformance::holds(&records[0], "2024-01-02"));
    assert!(matches!(
        &records[0].tie,
        Tie::Exact {
            by: SearchKey::Derived,
            ..
        }
    ));
    assert!(
        search.proposals.is_empty(),
        "a hash is no key to anything else"
    );
}

#[tokio::test]
async fn a_recipe_without_a_place_and_a_place_without_a_recipe_are_refused() {
    let theatre = Theatre::open(|_| Said::json(200, json!({}))).await;
    let plain = MEMBERS
        .replace("'derived'", "'email'")
        .replace("{derived}", "{email}");
    for (text, settings, why) in [
        (MEMBERS, vec![], "no recipe"),
        (
            plain.as_str(),
            recipes("from = 'email'\ndigest = 'md5'"),
            "nothing asks by it",
        ),
    ] {
        let inner: Arc<dyn Source> = Arc::new(described(text, &theatre));
        let mishap = Derived::over(inner, &settings).err().unwrap();
        assert_eq!(mishap.fault, Fault::Misconfigured);
        assert!(mishap.detail.contains(why), "{}", mishap.detail);
    }
}
